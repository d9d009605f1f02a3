#!/usr/bin/env bash
# ci/run_campaigns.sh [SECONDS]: smtpspec fuzz against the plain reference server, for so long in each of its modes (20 by
# default), two at a time; LMTP, implicit TLS, a comparison with itself and two workers come along for a quarter of the
# time. Green: nothing is found, enough sessions were played to mean something, and no process is left behind.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${1:-20}
smtpspec=$PWD/build/release/smtpspec
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo "correct horse" >"$scratch/password"
login=alice:$scratch/password
serve="exec $smtpspec serve --port {port} --auth $login"

# NAME SECONDS OPTION...
campaign() {
  local name=$1 time=$2 status=0
  local log=$scratch/$name.log
  "$smtpspec" fuzz --seconds "$time" --output "$scratch/$name" --auth "$login" "${@:3}" >"$log" 2>&1 || status=$?
  local last sessions
  last=$(grep -a '^fuzz: ' "$log" | tail -n 1)
  sessions=$(sed -n 's/.* s, \([0-9]*\) sessions.*/\1/p' <<<"$last")
  if [[ $status -ne 0 || ${sessions:-0} -lt $((time * 10)) ]]; then
    cat "$log" "$scratch/$name"/findings/*.txt 2>/dev/null || true
    echo "$name: FAILED (exit $status, ${sessions:-no} sessions)"
    return 1
  fi
  echo "$name: ${last#fuzz: }"
}

waiting() { campaign lock-step "$seconds" --mode lock-step --spawn "$serve"; }

flooding() {
  local short=$(((seconds + 3) / 4)) failed=0
  campaign blast "$seconds" --mode blast --spawn "$serve" || failed=1
  campaign lmtp "$short" --spawn "$serve --protocol lmtp" --role lmtp || failed=1
  campaign tls "$short" --spawn "$serve --implicit-tls" --tls implicit || failed=1
  return $failed
}

grouping() {
  local short=$(((seconds + 3) / 4)) failed=0
  campaign grouped "$seconds" --mode grouped --spawn "$serve" || failed=1
  campaign against "$short" --against reference --spawn "$serve" || failed=1
  campaign workers "$short" --workers 2 --spawn "$serve" || failed=1
  return $failed
}

failed=0
flooding &
flood=$!
waiting || failed=1
grouping || failed=1
wait $flood || failed=1
# The name of our folder stands in the command line of each server that was started.
if pgrep -af -- "$scratch"; then
  echo "these were left behind"
  failed=1
fi
exit $failed
