#!/usr/bin/env bash
# ci/bench.sh SECTION...: measures, as ratios within one run. Absolute figures move with the machine and its load; what is
# compared is two things measured in turn, at least five pairs, by their median.
#
#   data           judging message octets and reply lines (bench_wire), beside memchr and a naive loop
#   first-verdict  from process start to the first verdict, built-in server
#   suite          the suite's wall time over its floor: the same conversations replayed by the bench client. Scenarios
#                  that no floor can be replayed for, such as those that wait for a mailbox, are in neither
#   throughput     mail sessions with every reply validated, beside smtp-source against the same smtp-sink
#   idle           memory of one idle session
#   fuzz           sessions of a campaign against the reference server, with engine, barrier and judgement, beside the same
#                  sessions on a bare epoll socket: one at a time on either side, and the client's CPU for each. And what
#                  the in-process target of the server's session does in a second of CPU
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

all_sections=(data first-verdict suite throughput idle fuzz)
build=build/bench

configure() {
  cmake --preset release -B "$build" -DSMTPSPEC_BUILD_BENCHMARKS=ON >/dev/null
}

section_data() {
  configure
  cmake --build "$build" --target bench_wire
  "$(find "$build" -name bench_wire -type f -executable)" --benchmark_repetitions=5 --benchmark_report_aggregates_only=true \
    --benchmark_enable_random_interleaving=true
}

programs() {
  configure
  cmake --build "$build" --target smtpspec bench_client
  smtpspec=$build/smtpspec
  bench_client=$(find "$build" -name bench_client -type f -executable)
}

free_port() { python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])'; }

# What a section starts ends with it.
started=()
stop_all() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  started=()
}
trap stop_all EXIT

# await_port PORT: until something listens there, ten seconds at most
await_port() {
  for _ in $(seq 200); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return 0; fi
    sleep 0.05
  done
  echo "ci/bench.sh: nothing listens on port $1" >&2
  return 1
}

section_first-verdict() {
  programs
  ci/bench_first_verdict.py "$smtpspec"
}

# The floor comes from the recorded conversations, not from the engine's own step times.
section_suite() {
  programs
  local port record=$build/suite.json left_out
  ci/servers/exim install
  port=$(free_port)
  ci/servers/exim start "$port"
  local run=("$smtpspec" run --profile ci/profiles/exim.toml --target "127.0.0.1:$port" --confirm 0 --jobs 16 --seed 1
    --report "json:$record")
  "${run[@]}" >/dev/null 2>&1 || true # the warm-up, which tells what cannot be replayed
  left_out=$("$bench_client" not-replayable "$record")
  for _ in 1 2 3 4 5; do
    "${run[@]}" --exclude "$left_out" >/dev/null 2>&1 || true
    "$bench_client" replay "$record" --target "127.0.0.1:$port" --jobs 16 >"$build/floor.txt"
    python3 - "$record" "$build/floor.txt" <<'PYTHON'
import json, sys
suite = json.load(open(sys.argv[1]))["duration_ms"] / 1000
floor = dict(word.split("=") for word in open(sys.argv[2]).read().split())
print(f"suite {suite:.3f} s  floor {float(floor['seconds']):.3f} s  suite/floor {suite / float(floor['seconds']):.2f}  "
      f"({floor['conversations']} conversations, {floor['left_out']} left out, {floor['diverged']} diverged)")
PYTHON
  done
  ci/servers/exim stop
}

section_throughput() {
  programs
  local tree=build/servers/installed/smtp-sink libraries port
  ci/servers/smtp-sink install
  libraries=$tree/usr/lib/postfix:$(echo "$tree"/usr/lib/*-linux-gnu)
  port=$(free_port)
  LD_LIBRARY_PATH=$libraries "$tree/usr/sbin/smtp-sink" -u nobody -h mail.example.org "127.0.0.1:$port" 1000 &
  started+=($!)
  await_port "$port"
  export LD_LIBRARY_PATH=$libraries
  local ours="$bench_client mail --target 127.0.0.1:$port --sessions 10000 --concurrency 50 --octets 1024"
  local peer="$tree/usr/sbin/smtp-source -s 50 -m 10000 -l 1024 -f load@example.org -t alice@example.org inet:127.0.0.1:$port"
  echo "A: every reply validated, B: smtp-source; a connection for each message"
  ci/bench_pairs.py "$ours" --vs "$peer"
  echo "A: as above, the envelope pipelined"
  ci/bench_pairs.py "$ours --pipelined" --vs "$peer"
  unset LD_LIBRARY_PATH
  stop_all
}

section_idle() {
  programs
  local port
  port=$(free_port)
  ulimit -n "$(ulimit -Hn)"  # ten thousand sessions on either side
  "$smtpspec" serve --port "$port" >/dev/null &
  started+=($!)
  await_port "$port"
  "$bench_client" idle --target "127.0.0.1:$port" --sessions 10000
  stop_all
}

section_fuzz() {
  configure
  cmake --build "$build" --target smtpspec bench_fuzz write_seeds
  local port client seeds=$build/fuzz-seeds record=$build/fuzz.record
  client=$(find "$build" -name bench_fuzz -type f -executable)
  rm -rf "$seeds"
  "$(find "$build" -name write_seeds -type f -executable)" scenarios "$seeds" >/dev/null
  port=$(free_port)
  "$build/smtpspec" serve --no-tls --port "$port" >/dev/null &
  started+=($!)
  await_port "$port"
  "$client" session fuzz/corpus/server_session
  ci/bench_fuzz.py "$client" "127.0.0.1:$port" "$seeds" "$record"
  stop_all
}

if [[ $# -eq 0 ]]; then
  echo "usage: ci/bench.sh SECTION...; there are: ${all_sections[*]}" >&2
  exit 3
fi
for section in "$@"; do
  if [[ " ${all_sections[*]} " != *" $section "* ]]; then
    echo "ci/bench.sh: no section '$section'; there are: ${all_sections[*]}" >&2
    exit 3
  fi
done
for section in "$@"; do
  echo "== $section"
  "section_$section"
done
