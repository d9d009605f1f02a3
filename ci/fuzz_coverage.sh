#!/usr/bin/env bash
# ci/fuzz_coverage.sh [--list] [--at-least PERCENT]: how much of the rooms wire and server the corpus of the in-process
# targets reaches: branches of Clang's source coverage, each with its two outcomes, and functions. What only defects reach is
# left out (ci/fuzz_coverage.py). --list names what is not reached. Needs clang-14 and llvm-14.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=build/coverage
seeds=$build/seeds
cmake --preset fuzz -B "$build" -DSMTPSPEC_SANITIZE= -DSMTPSPEC_COVERAGE_GUIDED=OFF -DSMTPSPEC_BUILD_TESTS=OFF \
  -DCMAKE_CXX_FLAGS="-fprofile-instr-generate -fcoverage-mapping" >/dev/null
cmake --build "$build" --target replay_targets write_seeds >"$build/build.log" || { tail -n 20 "$build/build.log" >&2 && exit 1; }

# Every scenario is a seed.
rm -rf "$seeds" "$build/profiles"
LLVM_PROFILE_FILE=/dev/null "$build/fuzz/targets/write_seeds" --settings scenarios "$seeds"
for corpus in fuzz/corpus/*; do
  name=${corpus##*/}
  inputs=("$corpus")
  [[ -d fuzz/regressions/$name ]] && inputs+=("fuzz/regressions/$name")
  [[ $name == server_session ]] && inputs+=("$seeds")
  LLVM_PROFILE_FILE=$build/profiles/$name.profraw "$build/fuzz/targets/replay_targets" "$name" "${inputs[@]}"
done
llvm-profdata-14 merge -o "$build/corpus.profdata" "$build"/profiles/*.profraw
llvm-cov-14 export -instr-profile "$build/corpus.profdata" "$build/fuzz/targets/replay_targets" harness/wire harness/server \
  >"$build/coverage.json"
ci/fuzz_coverage.py "$build/coverage.json" "$@"
