"""smtpspec fuzz as a user calls it: what it finds, what it leaves behind, and that the same seed says the same.

Called by ctest with the program's path as first argument; smtpspec's own reference server is the only server.
"""
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = sys.argv.pop(1)
SERVE = "exec " + shlex.quote(PROGRAM) + " serve --port {port}"
BAD = SERVE + " --defect starttls-executes-injected-commands"


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, timeout=240, encoding="utf-8", errors="replace")


def has_engine():
    with tempfile.TemporaryDirectory() as folder:
        return run("fuzz", "--sessions", "1", "--no-suite", "--output", folder).returncode != 3


def files(*path):
    folder = os.path.join(*path)
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def servers_of(folder):
    """The command lines of processes that name the folder."""
    found = []
    for process in os.listdir("/proc"):
        try:
            with open(f"/proc/{process}/cmdline", "rb") as file:
                line = file.read().decode("utf-8", "replace")
        except OSError:
            continue
        if folder in line and "serve" in line:
            found.append(line)
    return found


@unittest.skipUnless(has_engine(), "built without libFuzzer's archive")
class Fuzz(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def fuzz(self, *options, output="out"):
        return run("fuzz", "--no-suite", "--minimize", "3", "--output", self.path(output), *options)

    def test_finds_tells_once_and_replays(self):
        report = self.path("run.json")
        found = self.fuzz("--spawn", BAD, "--sessions", "50", "--first", "--report", "json:" + report)
        self.assertEqual(found.returncode, 1, found.stderr)
        name = re.search(r"^(answered-in-tls-[0-9a-f]{8}): .*3/3 on a fresh server", found.stdout, re.M)
        self.assertTrue(name, found.stdout)
        scenario = os.path.join(self.path("out"), "findings", name.group(1) + ".smtp")
        self.assertEqual(run("replay", scenario, "--spawn", BAD).returncode, 1)
        self.assertEqual(run("replay", scenario, "--spawn", SERVE).returncode, 0)
        with open(report, encoding="utf-8") as file:
            record = json.load(file)
        verdicts = {one["id"]: one["verdict"] for one in record["scenarios"]}
        self.assertEqual(verdicts[name.group(1)], "fail")
        self.assertEqual(verdicts["server-died"], "pass")
        # The same folder goes on: what was told is not told again.
        again = self.fuzz("--spawn", BAD, "--sessions", "30")
        self.assertNotIn(name.group(1), again.stdout)
        self.assertEqual(again.returncode, 0, again.stdout)

    def test_same_seed_says_the_same(self):
        def inputs(seed, output):
            done = self.fuzz("--spawn", SERVE, "--sessions", "400", "--mode", "lock-step", "--seed", seed, output=output)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            return files(self.path(output), "corpus")

        first = inputs("5", "one")
        self.assertGreater(len(first), 50)
        self.assertEqual(first, inputs("5", "two"))
        self.assertNotEqual(first, inputs("6", "three"))

    def test_workers_share_what_they_find(self):
        found = self.fuzz("--spawn", BAD, "--workers", "2", "--sessions", "60")
        self.assertEqual(found.returncode, 1, found.stderr)
        told = re.findall(r"^(answered-in-tls-[0-9a-f]{8}): ", found.stdout, re.M)
        self.assertEqual(len(told), len(set(told)), "each once")
        self.assertIn(told[0] + ".smtp", files(self.path("out"), "findings"))
        sessions = int(re.findall(r" (\d+) sessions", found.stderr)[-1])
        self.assertEqual(sessions, 60)
        self.assertFalse(os.path.exists(os.path.join(self.path("out"), "claims")))

    def test_says_where_it_could_start_no_other_server(self):
        found = self.fuzz("--spawn", BAD, "--restart", "never", "--sessions", "50", "--first")
        self.assertRegex(found.stdout, r"(?m)^answered-in-tls-[0-9a-f]{8}: .*3/3 on the running server")
        self.assertIn(", 0 restarts", found.stderr)

    def test_refuses_workers_without_a_server_of_their_own(self):
        for target in (["--target", "127.0.0.1:1"], ["--spawn", "exec server -p 2525"]):
            refused = self.fuzz("--workers", "2", *target)
            self.assertEqual(refused.returncode, 3)
            self.assertIn("--workers", refused.stderr)

    def test_leaves_nothing_behind_when_it_is_interrupted(self):
        mark = self.path("mark")
        with open(mark, "w", encoding="utf-8") as file:
            file.write("secret\n")
        for workers in ("1", "2"):
            fuzz = subprocess.Popen([PROGRAM, "fuzz", "--no-suite", "--seconds", "60", "--workers", workers, "--output",
                                     self.path("out" + workers), "--spawn", SERVE + " --auth alice:" + mark],
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            deadline = time.monotonic() + 30
            while not servers_of(mark + "\0") and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(1)
            self.assertTrue(servers_of(mark), "it runs")
            fuzz.send_signal(signal.SIGINT)
            output, _ = fuzz.communicate(timeout=60)
            self.assertEqual(fuzz.returncode, 0, output)
            self.assertEqual(servers_of(mark), [])

    @unittest.skipUnless(shutil.which("cc"), "no C compiler")
    def test_takes_the_edges_of_an_instrumented_server(self):
        here = os.path.dirname(os.path.abspath(__file__))
        runtime = os.path.join(here, "..", "..", "fuzz", "coverage", "coverage.c")
        server = os.path.join(here, "instrumented_server.c")
        subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-c", runtime, "-o", self.path("coverage.o")], check=True)
        known = set(files("/dev/shm"))
        edges = {}
        for name, options in (("plain", []), ("instrumented", ["-fsanitize-coverage=trace-pc"])):
            subprocess.run(["cc", *options, "-c", server, "-o", self.path("server.o")], check=True)
            subprocess.run(["cc", self.path("server.o"), self.path("coverage.o"), "-o", self.path(name)], check=True)
            done = self.fuzz("--spawn", "exec " + self.path(name) + " {port}", "--sessions", "30", output=name + ".out")
            edges[name] = re.findall(r"(\d+) edges", done.stderr)
        self.assertEqual(edges["plain"], [])
        self.assertGreater(int(edges["instrumented"][-1]), 10)
        left = {name for name in set(files("/dev/shm")) - known if name.startswith("smtpspec-coverage-")}
        self.assertEqual({name for name in left if not self.is_used(name)}, set())

    @staticmethod
    def is_used(name):
        """Of another campaign that runs at the same time."""
        for process in os.listdir("/proc"):
            try:
                with open(f"/proc/{process}/maps", encoding="utf-8", errors="replace") as file:
                    if name in file.read():
                        return True
            except OSError:
                continue
        return False

    def test_says_why_there_is_nothing_to_fuzz(self):
        ended = self.fuzz("--spawn", "exec false {port}")
        self.assertEqual(ended.returncode, 4)
        self.assertIn("exited with code 1", ended.stderr)
        for options in (["--mode", "slow"], ["--restart", "sometimes"], ["--report", "nothing"]):
            self.assertEqual(self.fuzz(*options).returncode, 3)


if __name__ == "__main__":
    unittest.main()
