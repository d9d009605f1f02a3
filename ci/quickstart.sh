#!/usr/bin/env bash
# ci/quickstart.sh: from a fresh clone on Debian 12 to a conformance report. Installs what the build needs (root or sudo,
# only if something is missing), builds the program, and runs the suite against the built-in reference server.
# Exits as `smtpspec run` does: 0 only if the suite ran and its gate was met. Arguments are handed on to cmake.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

program=build/release/smtpspec
reports=build/quickstart

ci/install_packages.sh build
# A warning of another compiler must not stop a user.
cmake --preset release -DSMTPSPEC_BUILD_TESTS=OFF -DSMTPSPEC_WERROR=OFF "$@"
cmake --build --preset release --target smtpspec

rm -rf "$reports"
mkdir -p "$reports"
files=("$reports/run.json" "$reports/junit.xml" "$reports/report.html")
options=(--report "json:$reports/run.json" --report "junit:$reports/junit.xml" --report "html:$reports/report.html")

echo
status=0
"$program" run "${options[@]}" || status=$?
for file in "${files[@]}"; do
  [[ -s $file ]] && continue
  echo "ci/quickstart.sh: the run left no $file" >&2
  [[ $status -ne 0 ]] || status=4
done
if [[ $status -ne 0 ]]; then
  echo "ci/quickstart.sh: the run against the built-in server is not green (exit $status)" >&2
  exit "$status"
fi

echo
echo "Reports:"
printf '  %s\n' "${files[@]}"
echo "To read: xdg-open $reports/report.html"
cat <<TEXT

Now your own server (the addresses are mailboxes that exist, and that do not exist, on it):
  $program doctor --target HOST:PORT
  $program run --target HOST:PORT --sender you@your.domain --recipient you@your.domain \\
    --unknown-recipient nobody-here@your.domain --report html:report.html
  $program run --help
TEXT
