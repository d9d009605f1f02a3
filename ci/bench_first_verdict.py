#!/usr/bin/env python3
"""ci/bench_first_verdict.py PROGRAM: milliseconds from process start to the first verdict, built-in server."""
import statistics
import subprocess
import sys
import time

RUNS = 21


def measure(program):
    began = time.perf_counter()
    process = subprocess.Popen([program, "run", "-v", "--seed", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    process.stderr.readline()
    taken = (time.perf_counter() - began) * 1000
    process.stderr.read()
    process.wait()
    return taken


times = [measure(sys.argv[1]) for _ in range(RUNS)]
print(f"first verdict: median {statistics.median(times):.1f} ms ({min(times):.1f} to {max(times):.1f}, {RUNS} runs; goal 20)")
