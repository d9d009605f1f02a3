#!/usr/bin/env bash
# ci/run_puzzles.sh [--seeds N] [--replays N] [PUZZLE...]: does smtpspec fuzz find each planted bug (fuzz/puzzles/budgets.txt)
# within its budget, from each of N seeds (3 by default)? Does the scenario that it writes fail on the server with the bug
# (each of N replays, 1 by default; of 20 and more, one in twenty may miss it), and pass on the one without? Two at a time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seeds=3
replays=1
while [[ ${1:-} == --* ]]; do
  case $1 in
    --seeds) seeds=$2 ;;
    --replays) replays=$2 ;;
    *) echo "ci/run_puzzles.sh: no option $1" >&2; exit 3 ;;
  esac
  shift 2
done
smtpspec=$PWD/build/release/smtpspec
puzzle_server=$PWD/build/release/fuzz/puzzles/puzzle_server
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# PUZZLE: how the server with its bug is started, and the one without.
with_bug() {
  if [[ $1 == serve:* ]]; then echo "exec $smtpspec serve --port {port} --defect ${1#serve:}"; else echo "exec $puzzle_server $1 {port}"; fi
}
without_bug() {
  if [[ $1 == serve:* ]]; then echo "exec $smtpspec serve --port {port}"; else echo "exec $puzzle_server none {port}"; fi
}

# PUZZLE ORACLE BUDGET SEED: one line on what came of it, and its log where that is not good.
solve() {
  local puzzle=$1 oracle=$2 budget=$3 seed=$4 folder=$scratch/$1-$4 status=0
  "$smtpspec" fuzz --spawn "$(with_bug "$puzzle")" --sessions "$budget" --seconds 240 --seed "$seed" --first --no-suite \
    --hang-timeout 1 --minimize 5 --output "$folder" >"$folder.log" 2>&1 || status=$?
  local found
  found=$(find "$folder/findings" -name '*.smtp' 2>"/dev/null" | grep -E "/($oracle)-[^/]*\$" | head -n 1 || true)
  if [[ $status -ne 1 || -z $found ]]; then
    echo "$puzzle, seed $seed: NOT FOUND within $budget sessions (exit $status)"
    tail -n 5 "$folder.log"
    return 1
  fi
  local session seconds shown=0 bad good=0 plays=$replays
  # Memory grows with many sessions, and not with one: no replay can show it.
  [[ $oracle != memory-growth ]] || plays=0
  session=$(grep "^$(basename "$found" .smtp): " "$folder.log" | sed -n 's/.*session \([0-9]*\)).*/\1/p' | head -n 1)
  seconds=$(sed -n 's/^fuzz: \([0-9]*\) s,.*/\1/p' "$folder.log" | tail -n 1)
  for ((i = 0; i < plays; ++i)); do
    bad=0
    "$smtpspec" replay "$found" --spawn "$(with_bug "$puzzle")" --timeout 3 >"$folder.bad" 2>&1 || bad=$?
    if [[ $bad -eq 1 ]]; then shown=$((shown + 1)); fi
  done
  "$smtpspec" replay "$found" --spawn "$(without_bug "$puzzle")" --timeout 3 >"$folder.good" 2>&1 || good=$?
  echo "$puzzle, seed $seed: $(basename "$found" .smtp) in session $session of $budget, $seconds s; replayed $shown of $plays, without the bug exit $good"
  if [[ $shown -lt $((plays - plays / 20)) || $good -ne 0 ]]; then
    cat "$found"
    return 1
  fi
}

wanted=$*
list() {
  local puzzle oracle budget
  while read -r puzzle oracle budget; do
    [[ -z $puzzle || $puzzle == \#* ]] && continue
    [[ -z $wanted || " $wanted " == *" $puzzle "* ]] || continue
    for ((seed = 1; seed <= seeds; ++seed)); do echo "$puzzle $oracle $budget $seed"; done
  done <fuzz/puzzles/budgets.txt
}

export -f solve with_bug without_bug
export smtpspec puzzle_server scratch replays
[[ -n $(list) ]] || { echo "ci/run_puzzles.sh: no such puzzle" >&2; exit 3; }
list | xargs -P 2 -L 1 bash -c 'set -euo pipefail; solve "$@"' solve || { echo "not every puzzle is solved" >&2; exit 1; }
echo "$(list | wc -l) solved"
