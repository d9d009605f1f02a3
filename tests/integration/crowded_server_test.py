"""A server elsewhere that serves one client at a time: it is told once, and the run does as the server does.

Called by ctest with the program's path as first argument.
"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = sys.argv.pop(1)
SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mortal_server.py")

ONE = "".join(
    f'scenario x.one{number} "NOOP is answered"\n  checks RFC5321-4.1.1.9-01\n  S: 220\n  C: NOOP\n'
    "  S: 2xx [RFC5321-4.1.1.9-01]\n\n" for number in range(12))
TWO = "".join(
    f'scenario x.two{number} "NOOP is answered beside another client"\n  checks RFC5321-4.1.1.9-01\n  S: 220\n  connect 2\n'
    "  S2: 220\n  C2: NOOP\n  S2: 2xx [RFC5321-4.1.1.9-01]\n\n" for number in range(3))
GREETED = ('scenario x.greeted "The greeting is 220"\n  checks RFC5321-4.2.3-03\n  S: 220 [RFC5321-4.2.3-03]\n'
           "  C: NOOP\n  S: 2xx\n\n")

PROFILE = "[limits]\nreply_timeout_ms = 1000\n"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class CrowdedServer(unittest.TestCase):
    def serve(self, *options):
        self.port = free_port()
        server = subprocess.Popen([sys.executable, SERVER, str(self.port), "--one-at-a-time", *options])
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)
        self.fail("the server does not listen")

    def run_with(self, scenarios, jobs):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("x.smtp", scenarios), ("p.toml", PROFILE)):
                with open(os.path.join(folder, name), "w") as file:
                    file.write(text)
            record = os.path.join(folder, "r.json")
            result = subprocess.run([PROGRAM, "replay", os.path.join(folder, "x.smtp"), "--profile",
                                     os.path.join(folder, "p.toml"), "--target", f"127.0.0.1:{self.port}",
                                     "--jobs", str(jobs), "--report", f"json:{record}"], capture_output=True, timeout=100)
            with open(record) as file:
                return result.stderr.decode(), {s["id"]: s for s in json.load(file)["scenarios"]}

    def test_nobody_fails_who_was_not_greeted_because_of_others(self):
        # The last of six would be greeted behind 1.5 s.
        self.serve("--greets-after", "0.25")
        told, scenarios = self.run_with(GREETED + ONE, jobs=6)
        self.assertEqual({s["verdict"] for s in scenarios.values()}, {"pass"}, told)
        self.assertIn("greets some only when others have left", told)

    def test_what_needs_two_at_a_time_is_not_judged_and_the_reason_told_once(self):
        self.serve()
        for jobs in (1, 4):
            told, scenarios = self.run_with(ONE + TWO, jobs)
            for name, scenario in scenarios.items():
                if name.startswith("x.one"):
                    self.assertEqual(scenario["verdict"], "pass", told)
                    continue
                self.assertEqual((scenario["verdict"], scenario["cause"]), ("inconclusive", "rate-limit"), told)
                self.assertIn("the server serves one connection at a time, and this needs two", scenario["reason"])
            self.assertEqual(told.count("the server serves one connection at a time"), 1, told)
            # The first two proofs, and one try of each of the others.
            self.assertLessEqual(sum(s.get("attempts", 1) for n, s in scenarios.items() if n.startswith("x.two")), 6)


if __name__ == "__main__":
    unittest.main(verbosity=2)
