#!/usr/bin/env bash
# ci/run_puzzles.sh [--seeds N] [PUZZLE...]: does smtpspec fuzz find each planted bug (fuzz/puzzles/budgets.txt) within its
# budget, from each of N seeds (3 by default)? Does the scenario that it writes fail on the server with the bug, and pass on
# the one without?
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seeds=3
if [[ ${1:-} == --seeds ]]; then
  seeds=$2
  shift 2
fi
smtpspec=$PWD/build/release/smtpspec
puzzle_server=$PWD/build/release/fuzz/puzzles/puzzle_server
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# PUZZLE: how the server with its bug is started, and the one without.
with_bug() {
  if [[ $1 == serve:* ]]; then echo "exec $smtpspec serve --port {port} --defect ${1#serve:}"; else echo "exec $puzzle_server $1 {port}"; fi
}
without_bug() {
  if [[ $1 == serve:* ]]; then echo "exec $smtpspec serve --port {port}"; else echo "exec $puzzle_server none {port}"; fi
}

solve() {
  local puzzle=$1 oracle=$2 budget=$3 seed=$4 folder=$scratch/$1-$4 status=0
  "$smtpspec" fuzz --spawn "$(with_bug "$puzzle")" --sessions "$budget" --seconds 240 --seed "$seed" --first --no-suite \
    --hang-timeout 1 --output "$folder" >"$folder.log" 2>&1 || status=$?
  local found
  found=$(find "$folder/findings" -name "$oracle-*.smtp" 2>"/dev/null" | head -n 1)
  if [[ $status -ne 1 || -z $found ]]; then
    echo "$puzzle, seed $seed: NOT FOUND within $budget sessions (exit $status)"
    tail -n 5 "$folder.log"
    return 1
  fi
  local session bad=0 good=0
  session=$(sed -n 's/.*session \([0-9]*\)).*/\1/p' "$folder.log" | head -n 1)
  "$smtpspec" replay "$found" --spawn "$(with_bug "$puzzle")" --timeout 3 >"$folder.bad" 2>&1 || bad=$?
  "$smtpspec" replay "$found" --spawn "$(without_bug "$puzzle")" --timeout 3 >"$folder.good" 2>&1 || good=$?
  echo "$puzzle, seed $seed: $oracle in session $session of $budget; replay: $bad with the bug, $good without"
  if [[ $bad -ne 1 || $good -ne 0 ]]; then
    cat "$found"
    return 1
  fi
}

solved=0
while read -r puzzle oracle budget; do
  [[ -z $puzzle || $puzzle == \#* ]] && continue
  [[ $# -eq 0 || " $* " == *" $puzzle "* ]] || continue
  for ((seed = 1; seed <= seeds; ++seed)); do
    if solve "$puzzle" "$oracle" "$budget" "$seed"; then solved=$((solved + 1)); else failed=$((failed + 1)); fi
  done
done <fuzz/puzzles/budgets.txt
echo "$solved solved, $failed not"
[[ $failed -eq 0 && $solved -gt 0 ]]
