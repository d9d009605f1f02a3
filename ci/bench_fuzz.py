#!/usr/bin/env python3
"""ci/bench_fuzz.py CLIENT HOST:PORT SEEDS RECORD: campaign and raw replay of its sessions in turn (tests/bench/fuzz), a warm-up
pair and five more; prints the rates and the CPU of each pair and the median of the ratios. For ci/bench.sh.

Each campaign writes a corpus of its own, as one of smtpspec fuzz does: without one libFuzzer writes into the first folder
of seeds, and every campaign begins with more of them than the one before. They are deleted when all is measured: where
many files were deleted a moment ago, some file systems take ten times as long to make others."""
import os
import statistics
import subprocess
import sys
import tempfile

PAIRS = 5
SESSIONS = 5000


def measure(*command):
    """Sessions a second, and microseconds of the client's CPU for each."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    words = dict(word.split("=") for word in process.stdout.read().split())
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"bench_fuzz: exit {process.returncode}: {' '.join(command)}")
    return float(words["sessions_per_second"]), 1e6 * (usage.ru_utime + usage.ru_stime) / int(words["sessions"])


def main(corpora):
    client, target, seeds, record = sys.argv[1:]
    ratios = []
    for seed in range(PAIRS + 1):
        corpus = os.path.join(corpora, str(seed))
        os.mkdir(corpus)
        rate, cpu = measure(client, "campaign", "--target", target, "--sessions", str(SESSIONS), "--seed", str(seed + 1),
                            "--seeds", seeds, "--corpus", corpus, record)
        raw_rate, raw_cpu = measure(client, "raw", "--target", target, record)
        if seed == 0:
            continue
        ratios.append(rate / raw_rate)
        print(f"campaign {rate:.0f} sessions/s, {cpu:.0f} us CPU each; raw {raw_rate:.0f}/s, {raw_cpu:.0f} us; "
              f"ratio {ratios[-1]:.2f}", flush=True)
    print(f"campaign/raw median {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}, {PAIRS} pairs)")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(folder)
