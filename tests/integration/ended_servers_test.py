"""Servers that the tool has started and that come to an end in a run: who ended them is told, the others are judged.

Called by ctest with the program's path as first argument.
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mortal_server.py")

SCENARIOS = "".join(
    f'scenario x.{verb.lower()}{number} "{verb} is answered"\n  checks RFC5321-4.1.1.9-01\n  S: 220\n  C: {{ehlo}} {{client}}\n'
    f"  S: 250\n  C: {verb}\n  S: 2xx [RFC5321-4.1.1.9-01]\n\n"
    for verb in ("NOOP", "HELP", "RSET") for number in (range(8) if verb == "NOOP" else (1,)))

PROFILE = "[limits]\nreply_timeout_ms = 700\n"


class EndedServer(unittest.TestCase):
    def run_against(self, *server, jobs=4):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("x.smtp", SCENARIOS), ("p.toml", PROFILE)):
                with open(os.path.join(folder, name), "w") as file:
                    file.write(text)
            record = os.path.join(folder, "r.json")
            command = " ".join(["exec", sys.executable, SERVER, "{port}", *server])
            result = subprocess.run([PROGRAM, "replay", os.path.join(folder, "x.smtp"), "--profile",
                                     os.path.join(folder, "p.toml"), "--spawn", command, "--jobs", str(jobs),
                                     "--report", f"json:{record}"], capture_output=True, timeout=100)
            self.assertTrue(os.path.exists(record), result.stderr.decode())
            with open(record) as file:
                return result, json.load(file)

    def verdicts(self, record):
        return {scenario["id"]: scenario["verdict"] for scenario in record["scenarios"]}

    def assert_only_help_ended_it(self, result, record, kind):
        told = result.stdout.decode()
        self.assertEqual(result.returncode, 1, told)
        crash, = record["crashes"]
        self.assertEqual((crash["scenario"], crash["confirmed"]), ("x.help1", True))
        self.assertIn(kind, crash["kind"])
        self.assertIn(f"CRASH {crash['kind']}", told)
        verdicts = self.verdicts(record)
        self.assertEqual(verdicts.pop("x.help1"), "fail")
        self.assertEqual(set(verdicts.values()), {"pass"}, verdicts)

    def test_one_that_dies_is_started_anew_and_the_culprit_found(self):
        self.assert_only_help_ended_it(*self.run_against("--dies-on", "HELP"), "SIGABRT")

    def test_one_that_hangs_is_started_anew_and_the_culprit_found(self):
        for jobs in (1, 4, 16):
            self.assert_only_help_ended_it(*self.run_against("--stops-on", "HELP", jobs=jobs), "hung: ")

    def test_one_that_hangs_and_takes_no_connection_is_no_other(self):
        self.assert_only_help_ended_it(*self.run_against("--stops-on", "HELP", "--backlog", "0"), "hung: ")

    def test_one_that_listens_no_more_has_hung(self):
        self.assert_only_help_ended_it(*self.run_against("--closes-on", "HELP"), "hung: ")

    def test_one_that_leaves_a_command_unanswered_and_greets_others_has_not_hung(self):
        result, record = self.run_against("--ignores", "HELP")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(record["crashes"], [])
        self.assertEqual(self.verdicts(record)["x.help1"], "fail")

    def test_one_that_serves_a_client_at_a_time_has_not_hung(self):
        for slow in ([], ["--greets-after", "0.3"]):
            result, record = self.run_against("--one-at-a-time", "--ignores", "HELP", *slow)
            self.assertEqual(record["crashes"], [])
            verdicts = self.verdicts(record)
            self.assertEqual(verdicts.pop("x.help1"), "fail")
            self.assertEqual(set(verdicts.values()), {"pass"}, verdicts)


if __name__ == "__main__":
    unittest.main(verbosity=2)
