#!/usr/bin/env bash
# ci/run_fuzzers.sh [--seed N|random] [SECONDS]: each in-process target (fuzz/targets) for so long, 10 by default, two at a
# time. Its seeds and regressions come first. What breaks a promise is left in build/fuzz/findings, and the run is red.
#
# The seed is 1 where nothing else is said, and then what an earlier run has learnt is not used either: a change is judged by
# the inputs that the one before it was judged by, and is not red because libFuzzer's dice fell on an old fault that day. That
# is for the night: --seed random tries other inputs each time, says which seed it was, and goes on from what it knows.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seed=1
if [[ ${1:-} == --seed ]]; then
  seed=${2:?--seed needs a number, or random}
  shift 2
fi
keeps_corpus=false
if [[ $seed == random ]]; then
  keeps_corpus=true
  seed=$((RANDOM << 15 | RANDOM))
  echo "seed $seed"
fi
# 0 is a random seed to libFuzzer.
[[ $seed =~ ^[1-9][0-9]*$ ]] || { echo "ci/run_fuzzers.sh: --seed takes a number from 1, or random" >&2; exit 3; }
seconds=${1:-10}
programs=build/fuzz/fuzz/targets
findings=build/fuzz/findings
mkdir -p "$findings"

run_target() {
  local name=$1 corpus=$findings/corpus/$1 folders=()
  $keeps_corpus || rm -rf "$corpus"
  mkdir -p "$corpus"
  for folder in "fuzz/corpus/$name" "fuzz/regressions/$name"; do [[ -d $folder ]] && folders+=("$folder"); done
  local options=(-seed="$seed" -max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=2048)
  options+=(-print_final_stats=1 -verbosity=0)
  # The session's input is text of its own form, mutated by our own mutator.
  [[ $name == server_session ]] || options+=(-dict=fuzz/dictionaries/smtp.dict)
  local log=$findings/$name.log
  if ! "$programs/fuzz_$name" "${options[@]}" -artifact_prefix="$findings/$name-" "$corpus" "${folders[@]}" >"$log" 2>&1; then
    tail -n 40 "$log"
    echo "fuzz_$name: FAILED; the input is in $findings, its place is fuzz/regressions/$name" >&2
    return 1
  fi
  awk -v name="$name" '/number_of_executed_units/ { runs = $2 } /average_exec_per_sec/ { rate = $2 }
    END { if (runs + 0 == 0) { print name ": nothing was run"; exit 1 } print "fuzz_" name ": " runs " runs, " rate "/s" }' "$log"
}

export -f run_target
export seconds seed keeps_corpus programs findings
find "$programs" -maxdepth 1 -type f -name 'fuzz_*' -executable -printf '%f\n' | sed 's/^fuzz_//' | sort |
  xargs -P 2 -I '{}' bash -c 'set -euo pipefail; run_target {}'
