#!/usr/bin/env bash
# The step of ci/github/conformance/action.yml. Reads SPAWN, TARGET, PROFILE, WAIVERS and ARGUMENTS (one a line); writes
# reports to RUNNER_TEMP/smtpspec, the page of the job to GITHUB_STEP_SUMMARY, and where the reports are to GITHUB_OUTPUT.
# Ends with the exit code of smtpspec run.
set -euo pipefail

if [[ -z ${SPAWN:-}${TARGET:-}${PROFILE:-} ]]; then
  echo "::error::smtpspec: spawn, target or profile has to name a server" >&2
  exit 3
fi
folder=$RUNNER_TEMP/smtpspec
mkdir -p "$folder"
command=(smtpspec run)
for option in SPAWN TARGET PROFILE WAIVERS; do
  [[ -z ${!option:-} ]] || command+=("--${option,,}" "${!option}")
done
while IFS= read -r argument; do
  [[ -z $argument ]] || command+=("$argument")
done <<<"${ARGUMENTS:-}"

status=0
"${command[@]}" --report "json:$folder/run.json" --report "junit:$folder/junit.xml" --report "html:$folder/report.html" \
  --report "markdown:$folder/summary.md" --report "github:$folder/annotations.txt" || status=$?
[[ ! -f $folder/annotations.txt ]] || cat "$folder/annotations.txt"
[[ ! -f $folder/summary.md ]] || cat "$folder/summary.md" >>"$GITHUB_STEP_SUMMARY"
{
  echo "record=$folder/run.json"
  echo "html=$folder/report.html"
} >>"$GITHUB_OUTPUT"
exit "$status"
