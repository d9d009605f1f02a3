#!/usr/bin/env bash
# ci/check.sh [--without-root-servers] [STAGE...]: this is CI. Without a stage: all of them, in this order.
#
#   packages   installs the Debian packages that are missing (ci/packages)
#   format     clang-format, every source
#   scripts    shellcheck, and the checkers check themselves
#   layers     who may include whom (ci/layers.txt)
#   docs       every requirement id and every file that a text names exists
#   build      preset release with all tests, warnings are errors; every header compiles by itself
#   tidy       .clang-tidy over the pure rooms
#   sanitize   unit tests under AddressSanitizer and UBSan (preset fuzz: clang, with assertions)
#   fuzz       the in-process fuzz targets for a short while (preset fuzz, ci/run_fuzzers.sh), the puzzles and the plain
#              reference server by smtpspec fuzz (ci/run_puzzles.sh, ci/run_campaigns.sh)
#   quickstart the suite against the built-in server, as a newcomer does it
#   package    the .deb and the .tgz, each used in a clean root of Debian (ci/test_package.sh; root)
#   matrix     the suite against every named defect of the built-in server
#   servers    the suite against real servers (ci/run_servers.sh; root), and their reports in a browser
#   tests      all other tests of preset release; last, so that the output ends with their count
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Where a compiler cache is used at all, it stays inside the tree.
export CCACHE_DIR=$PWD/build/ccache

all_stages=(packages format scripts layers docs build tidy sanitize fuzz quickstart package matrix servers tests)
pure_rooms='(harness/(base|wire|verdict|scenario|engine|server)|reports|fuzz/(mutator|oracles))'
# Test programs that the sanitizers run. Left out: those whose rooms start processes or wait for real time.
sanitized_tests=(test_base test_wire test_verdict test_scenario test_engine test_server test_reports test_transport test_fuzz)
server_options=()
has_root=true
jobs=$(nproc)

sources() { git ls-files -z --cached --others --exclude-standard -- '*.h' '*.cc'; }

stage_packages() { ci/install_packages.sh build test; }

stage_format() { sources | xargs -0 -n 40 -P "$jobs" clang-format-14 --dry-run -Werror; }

stage_scripts() {
  local scripts=(.ci/run .clusterfuzzlite/build.sh ci/*.sh)
  for file in ci/servers/*; do [[ -d $file ]] || scripts+=("$file"); done
  shellcheck "${scripts[@]}"
  ci/check_layers.py --self-test
  ci/check_docs.py --self-test
}

stage_layers() { ci/check_layers.py; }

stage_docs() { ci/check_docs.py; }

# A newcomer's build of the same preset may have left the tests out, or its warnings be.
configure_release() { cmake --preset release -DSMTPSPEC_BUILD_TESTS=ON -DSMTPSPEC_WERROR=ON; }

stage_build() {
  configure_release
  cmake --build --preset release
  cmake --build --preset release --target all_verify_interface_header_sets
}

stage_tidy() {
  [[ -f build/release/compile_commands.json ]] || configure_release
  # Sources only: what the build generates is no file of ours.
  run-clang-tidy-14 -quiet -p build/release -j "$jobs" -extra-arg=-Wno-unknown-warning-option \
    "^$PWD/$pure_rooms/(html/)?[a-z_]+\.cc\$" 2>&1 | { grep --line-buffered -vE '^(clang-tidy-14 |[0-9]+ warnings? generated|$)' || true; }
}

stage_sanitize() {
  cmake --preset fuzz
  local known targets=()
  known=$(cmake --build --preset fuzz --target help)
  for test in "${sanitized_tests[@]}"; do
    if grep -q "^$test: phony" <<<"$known"; then targets+=("$test"); fi
  done
  [[ ${#targets[@]} -gt 0 ]] || { echo "no test to sanitize" >&2; return 1; }
  cmake --build --preset fuzz --target "${targets[@]}"
  local program
  for test in "${targets[@]}"; do
    program=$(find build/fuzz -name "$test" -type f -executable)
    echo "$test"
    ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 "$program" --gtest_brief=1
  done
}

stage_fuzz() {
  cmake --preset fuzz
  cmake --build --preset fuzz
  ci/run_fuzzers.sh
  # The network side works with the programs of preset release.
  configure_release
  cmake --build --preset release --target smtpspec puzzle_server
  ci/run_puzzles.sh
  ci/run_campaigns.sh
}

stage_quickstart() { ci/quickstart.sh -DSMTPSPEC_BUILD_TESTS=ON -DSMTPSPEC_WERROR=ON; }

stage_package() {
  if $has_root; then ci/test_package.sh; else echo "left out on request: packages are NOT tested"; fi
}

stage_matrix() {
  configure_release
  cmake --build --preset release --target kill_matrix
  ctest --preset release -R '^KillMatrix$'
}

stage_servers() {
  ci/run_servers.sh "${server_options[@]}"
  PYTHONDONTWRITEBYTECODE=1 python3 tests/browser/published_pages.py build/servers/reports
}

stage_tests() { ctest --preset release -j "$jobs" -E '^KillMatrix$'; }

stages=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --without-root-servers)
      server_options+=("$1")
      has_root=false
      ;;
    *)
      if [[ " ${all_stages[*]} " != *" $1 "* ]]; then
        echo "ci/check.sh: no stage '$1'; there are: ${all_stages[*]}" >&2
        exit 3
      fi
      stages+=("$1")
      ;;
  esac
  shift
done
[[ ${#stages[@]} -gt 0 ]] || stages=("${all_stages[@]}")

running=
since=0
at_exit() {
  local status=$?
  [[ $status -eq 0 ]] || echo "== $running: FAILED after $((SECONDS - since)) s (exit $status)" >&2
}
trap at_exit EXIT
for running in "${stages[@]}"; do
  since=$SECONDS
  echo "== $running (after $SECONDS s)"
  "stage_$running"
  # After the tests nothing more is said: the output ends with ctest's own count.
  [[ $running == tests ]] || echo "== $running: ok, $((SECONDS - since)) s"
done
