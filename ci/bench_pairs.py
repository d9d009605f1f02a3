#!/usr/bin/env python3
"""ci/bench_pairs.py [--pairs N] COMMAND_A --vs COMMAND_B: runs both in turn as whole processes, a warm-up pair first, and
prints the median of wall and CPU seconds for each and of the ratios A/B of the pairs. Exits 1 if a command fails."""
import argparse
import os
import shlex
import statistics
import subprocess
import sys
import time


def measure(command):
    began = time.perf_counter()
    process = subprocess.Popen(shlex.split(command), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"bench_pairs: exit {process.returncode}: {command}")
    return wall, usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("a")
    parser.add_argument("--vs", required=True)
    options = parser.parse_args()
    pairs = [(measure(options.a), measure(options.vs)) for _ in range(options.pairs + 1)][1:]
    for index, name in enumerate(("wall", "cpu")):
        a, b = ([pair[side][index] for pair in pairs] for side in (0, 1))
        ratios = [x / y for x, y in zip(a, b)]
        print(f"{name:4} A {statistics.median(a):.3f} s  B {statistics.median(b):.3f} s  "
              f"A/B median {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}, {len(ratios)} pairs)")


if __name__ == "__main__":
    main()
