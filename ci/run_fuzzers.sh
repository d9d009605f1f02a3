#!/usr/bin/env bash
# ci/run_fuzzers.sh [SECONDS]: each in-process target (fuzz/targets) for so long, 10 by default, two at a time. Its seeds and
# regressions come first. What breaks a promise is left in build/fuzz/findings, and the run is red.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${1:-10}
programs=build/fuzz/fuzz/targets
findings=build/fuzz/findings
mkdir -p "$findings"

run_target() {
  local name=$1 corpus=$findings/corpus/$1 folders=()
  mkdir -p "$corpus"
  for folder in "fuzz/corpus/$name" "fuzz/regressions/$name"; do [[ -d $folder ]] && folders+=("$folder"); done
  local options=(-max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0)
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
export seconds programs findings
find "$programs" -maxdepth 1 -type f -name 'fuzz_*' -executable -printf '%f\n' | sed 's/^fuzz_//' | sort |
  xargs -P 2 -I '{}' bash -c 'set -euo pipefail; run_target {}'
