#!/usr/bin/env bash
# ci/run_servers.sh [--without-root-servers] [--twice] [--smtpspec PROGRAM] [SERVER...]
#
# Installs and starts real servers side by side on loopback and runs the suite against each. Green means: what the suite
# finds is exactly what ci/profiles/SERVER.expected.toml says, no more and no less. Reports go to build/servers/reports,
# SERVER.html for each and matrix.html for all of them side by side.
#   --without-root-servers   leave out those that need root and mount name spaces (said aloud, never by default)
#   --twice                  run each a second time; a verdict that differs is red
# Without names: five servers of SMTP and one of LMTP. The others of ci/profiles run when they are named.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

servers=()
left_out=()
smtpspec=build/release/smtpspec
has_root_servers=true
is_twice=false
run_limit_seconds=900
while [[ $# -gt 0 ]]; do
  case $1 in
    --without-root-servers) has_root_servers=false ;;
    --twice) is_twice=true ;;
    --smtpspec) smtpspec=${2:?--smtpspec needs a path}; shift ;;
    -*) echo "ci/run_servers.sh: unknown option $1" >&2; exit 3 ;;
    *) servers+=("$1") ;;
  esac
  shift
done
[[ ${#servers[@]} -gt 0 ]] || servers=(aiosmtpd smtp-server exim postfix opensmtpd dovecot-lmtp)

needs_root() { grep -q '\bbox_install\b' "ci/servers/$1"; }

for server in "${servers[@]}"; do
  if [[ ! -x ci/servers/$server ]]; then
    echo "ci/run_servers.sh: there is no ci/servers/$server" >&2
    exit 3
  fi
  if [[ ! -f ci/profiles/$server.toml ]]; then
    echo "ci/run_servers.sh: there is no ci/profiles/$server.toml to judge $server by" >&2
    exit 3
  fi
done
if ! $has_root_servers; then
  kept=()
  for server in "${servers[@]}"; do
    if needs_root "$server"; then left_out+=("$server"); else kept+=("$server"); fi
  done
  servers=("${kept[@]}")
fi
[[ ${#servers[@]} -gt 0 ]] || { echo "ci/run_servers.sh: no server is left to run" >&2; exit 2; }
if [[ ! -x $smtpspec ]]; then
  echo "ci/run_servers.sh: no program $smtpspec; build it first: cmake --workflow --preset release" >&2
  exit 4
fi

# Any state of the caller's would make the servers share one folder.
unset SMTPSPEC_SERVER_STATE
reports=build/servers/reports
mkdir -p "$reports"
started=()
stop_all() {
  for server in "${started[@]}"; do "ci/servers/$server" stop || true; done
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

installations=()
for server in "${servers[@]}"; do
  "ci/servers/$server" install &
  installations+=($!)
done
for installation in "${installations[@]}"; do wait "$installation"; done

# Ports that were all free at one moment: one for each server, and one for what it relays.
mapfile -t ports < <(python3 - $((2 * ${#servers[@]})) <<'PYTHON'
import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(each.getsockname()[1] for each in sockets), sep="\n")
PYTHON
)
for index in "${!servers[@]}"; do
  started+=("${servers[index]}")
  "ci/servers/${servers[index]}" start "${ports[index]}" "${ports[index + ${#servers[@]}]}"
done

play() { # SERVER PORT NEXT_HOP_PORT REPORT
  local relaying=()
  if grep -q '^\[next_hop\]' "ci/profiles/$1.toml"; then relaying=(--next-hop "127.0.0.1:$3"); fi
  timeout "$run_limit_seconds" "$smtpspec" run --profile "ci/profiles/$1.toml" --target "127.0.0.1:$2" "${relaying[@]}" \
    --waivers "ci/profiles/$1.expected.toml" --fail-on warn --report "json:$4.json" --report "junit:$4.xml" \
    --report "html:$4.html" >"$4.log" 2>&1
}

# Scenario ids with their verdicts, one a line: what two runs are compared by.
verdicts() {
  python3 -c 'import json, sys
for each in json.load(open(sys.argv[1]))["scenarios"]: print(each["id"], each["verdict"])' "$1"
}

# How much was left undecided of what applies, waived or not.
undecided() {
  python3 -c 'import json, sys
verdicts = [each["verdict"] for each in json.load(open(sys.argv[1]))["scenarios"]]
applicable = sum(each not in ("not_applicable", "skipped") for each in verdicts)
inconclusive = verdicts.count("inconclusive")
print(f"{inconclusive} of {applicable} applicable scenarios inconclusive ({100 * inconclusive / max(applicable, 1):.1f} %)")' "$1"
}

red=()
judge() { # SERVER PORT NEXT_HOP_PORT: prints one line, and the end of the log where it is red
  local server=$1 report=$reports/$1 status=0 fault=
  rm -f "$report".*
  play "$server" "$2" "$3" "$report" || status=$?
  if [[ $status -eq 124 ]]; then
    fault="not done after $run_limit_seconds s"
  elif [[ $status -ne 0 ]]; then
    fault="exit $status"
  elif ! xmllint --noout --schema ci/schema/junit-strict.xsd "$report.xml" 2>>"$report.log"; then
    fault="the JUnit report is not in the strict dialect"
  elif $is_twice; then
    play "$server" "$2" "$3" "$report.again" || fault="exit $? in the second run"
    if [[ -z $fault ]] && ! diff <(verdicts "$report.json") <(verdicts "$report.again.json") >>"$report.log"; then
      fault="two runs differ"
    fi
  fi
  local judged
  judged=$(grep -m1 'requirements judged' "$report.log" || true)
  if [[ -z $fault ]]; then
    printf '%-16s green  %s %s\n' "$server" "$judged" "$(undecided "$report.json")"
  else
    red+=("$server")
    printf '%-16s RED    %s; %s; whole log: %s\n' "$server" "$fault" "${judged:-nothing judged}" "$report.log"
    tail -40 "$report.log" | sed 's/^/    /'
    # 4: it was not reached, and its own log may tell why.
    if [[ $status -eq 4 ]]; then tail -40 "build/servers/state/$server/log" | sed 's/^/    its log: /' || true; fi
  fi
}

for index in "${!servers[@]}"; do
  judge "${servers[index]}" "${ports[index]}" "${ports[index + ${#servers[@]}]}"
done

records=()
for server in "${servers[@]}"; do
  if [[ -s $reports/$server.json ]]; then records+=("$server=$reports/$server.json"); fi
done
if [[ ${#records[@]} -gt 0 ]]; then
  "$smtpspec" matrix "${records[@]}" --output "$reports/matrix.html"
  echo "side by side: $reports/matrix.html"
fi

[[ ${#left_out[@]} -eq 0 ]] || echo "left out on request, NOT judged: ${left_out[*]}"
if [[ ${#red[@]} -gt 0 ]]; then
  echo "red: ${red[*]}" >&2
  exit 1
fi
