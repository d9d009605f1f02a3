#!/usr/bin/env bash
# ci/bench.sh SECTION...: measures, as ratios within one run. Absolute figures move with the machine and its load; what is
# compared is two things measured in turn, at least five pairs, by their median.
#
#   data           judging message octets and reply lines (bench_wire), beside memchr and a naive loop
#   first-verdict  from process start to the first verdict, built-in server
#   suite          the suite's wall time over its floor: the same conversations replayed by the bench client
#   throughput     mail sessions with every reply validated, beside smtp-source against the same smtp-sink
#   idle           memory of one idle session
#
# A section that cannot measure yet says so and fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

all_sections=(data first-verdict suite throughput idle)
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

if [[ $# -eq 0 ]]; then
  echo "usage: ci/bench.sh SECTION...; there are: ${all_sections[*]}" >&2
  exit 3
fi
for section in "$@"; do
  if [[ " ${all_sections[*]} " != *" $section "* ]]; then
    echo "ci/bench.sh: no section '$section'; there are: ${all_sections[*]}" >&2
    exit 3
  fi
  if ! declare -F "section_$section" >/dev/null; then
    echo "ci/bench.sh: section '$section' is not measured yet" >&2
    exit 4
  fi
done
for section in "$@"; do
  echo "== $section"
  "section_$section"
done
