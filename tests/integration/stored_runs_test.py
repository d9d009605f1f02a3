"""What needs no server: shards and their merge, comparison, waiver files, judging a stored run again, certificates.

Called by ctest with the program's path as first argument; smtpspec's own reference server is the only server.
"""
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SUITE = os.path.join(SOURCE, "scenarios")
CI_VARIABLES = ("CI_NODE_INDEX", "CI_NODE_TOTAL", "CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", "BUILDKITE_PARALLEL_JOB",
                "BUILDKITE_PARALLEL_JOB_COUNT", "SEMAPHORE_JOB_INDEX", "SEMAPHORE_JOB_COUNT", "JOB_COMPLETION_INDEX",
                "SMTPSPEC_SHARDS")


def run(*arguments, variables=None, **options):
    environment = {name: value for name, value in os.environ.items() if name not in CI_VARIABLES}
    return subprocess.run([PROGRAM, *arguments], capture_output=True, timeout=240, env={**environment, **(variables or {})},
                          **options)


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def store(record, path):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(record, file)


class Case(unittest.TestCase):
    PASSWORD = b"it computes with the password, which is not recorded"
    # A record holds 64 KiB of what was delivered, and these texts are longer.
    NOT_WHOLE = b"the messages of the mailbox are not kept whole"
    LONG = {b"smtp.content.large-text[text=dots]", b"smtp.content.large-eight-bit[text=dots]",
            b"smtp.delivery.middling-message"}

    def look_at_what_is_left(self, left):
        """`left`: ids of scenarios that cannot be judged again, with the reason."""
        self.assertEqual({reason for _, reason in left} - {self.PASSWORD, self.NOT_WHOLE}, set())
        self.assertEqual({name for name, reason in left if reason == self.NOT_WHOLE}, self.LONG)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def record(self, name, *options, code=0):
        result = run("run", "--seed", "7", "--report", "json:" + self.path(name), *options)
        self.assertEqual(result.returncode, code, result.stdout.decode() + result.stderr.decode())
        return self.path(name)


class Shards(Case):
    def shards(self, total, *options, code=0):
        return [self.record(f"{i}.json", "--shard", f"{i}/{total}", *options, code=code) for i in range(1, total + 1)]

    def test_merged_they_are_the_whole_run(self):
        whole = load(self.record("whole.json"))
        merged = self.path("merged.json")
        result = run("merge", *reversed(self.shards(3)), "--report", "json:" + merged)
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        merged = load(merged)
        for part in ("suite", "judged", "summary", "gate", "requirements", "target", "crashes"):
            self.assertEqual(merged[part], whole[part], part)
        def outcomes(record):
            return [(s["id"], s["verdict"], [(c["requirement"], c["outcome"]) for c in s["checks"]])
                    for s in record["scenarios"]]

        self.assertEqual(outcomes(merged), outcomes(whole))

    def test_a_missing_shard_and_one_of_another_suite_are_refused(self):
        files = self.shards(2, "--select", "smtp.quit.*")
        result = run("merge", files[0])
        self.assertEqual((result.returncode, result.stdout), (3, b""))
        self.assertIn(b"missing: 2/2", result.stderr)
        other = load(files[1])
        other["suite"]["digest"] = "0" * 64
        store(other, files[1])
        result = run("merge", *files)
        self.assertEqual(result.returncode, 3)
        self.assertIn(b"suite digests of shards 1 and 2 differ", result.stderr)

    def test_a_waiver_is_stale_if_no_shard_needs_it(self):
        waivers = self.path("w.toml")
        with open(waivers, "w", encoding="utf-8") as file:
            file.write('[[waiver]]\nscenario = "smtp.quit.answered"\nreason = "a reason"\n')
        files = self.shards(2, "--select", "smtp.quit.*", "--waivers", waivers)
        self.assertEqual(run("merge", *files).returncode, 3)
        result = run("merge", *files, "--waivers", waivers)
        self.assertEqual(result.returncode, 1, result.stdout.decode())
        self.assertIn(b"the waiver for smtp.quit.answered is stale", result.stderr)

    def test_the_variables_of_ci_systems(self):
        selection = ("--select", "smtp.quit.*")
        first = {s["id"] for s in load(self.record("first.json", "--shard", "1/2", *selection))["scenarios"]}
        for variables in ({"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "2"},
                          {"CIRCLE_NODE_INDEX": "0", "CIRCLE_NODE_TOTAL": "2"},
                          {"BUILDKITE_PARALLEL_JOB": "0", "BUILDKITE_PARALLEL_JOB_COUNT": "2"},
                          {"SEMAPHORE_JOB_INDEX": "1", "SEMAPHORE_JOB_COUNT": "2"},
                          {"JOB_COMPLETION_INDEX": "0", "SMTPSPEC_SHARDS": "2"}):
            path = self.path("auto.json")
            result = run("run", "--seed", "7", "--shard", "auto", *selection, "--report", "json:" + path,
                         variables=variables)
            self.assertEqual(result.returncode, 0, result.stderr.decode())
            self.assertEqual({s["id"] for s in load(path)["scenarios"]}, first, variables)

    def test_a_shard_that_nobody_names_is_never_green(self):
        for option, variables in (("auto", {}), ("0/2", {}), ("3/2", {}), ("2", {}), ("1/0", {}), ("-1/2", {}),
                                  ("auto", {"JOB_COMPLETION_INDEX": "0"}),
                                  ("auto", {"CI_NODE_INDEX": "0", "CI_NODE_TOTAL": "2"}),
                                  ("auto", {"CI_NODE_INDEX": "x", "CI_NODE_TOTAL": "2"}),
                                  ("auto", {"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "2", "JOB_COMPLETION_INDEX": "0",
                                            "SMTPSPEC_SHARDS": "2"})):
            self.assertEqual(run("run", "--shard", option, variables=variables).returncode, 3, (option, variables))


class Comparison(Case):
    def test_a_new_fail_is_red_and_a_fixed_one_is_not(self):
        good = self.record("good.json", "--select", "smtp.quit.*")
        bad = self.record("bad.json", "--select", "smtp.quit.*", "--defect", "quit-answered-250", code=1)
        self.assertEqual(run("diff", good, good).returncode, 0)
        result = run("diff", good, bad)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, rb"\Anewly failing: [0-9]+\n  smtp\.quit\.")
        result = run("diff", bad, good, "--format", "json")
        self.assertEqual(result.returncode, 0)
        document = json.loads(result.stdout)
        self.assertEqual(document["newly_failing"], [])
        self.assertIn("smtp.quit.answered", [change["id"] for change in document["fixed"]])

    def test_what_is_no_longer_judged_is_red_on_request(self):
        good = self.record("good.json", "--select", "smtp.quit.*")
        doubtful = load(good)
        doubtful["scenarios"][0]["verdict"] = "inconclusive"
        store(doubtful, self.path("doubtful.json"))
        self.assertEqual(run("diff", good, self.path("doubtful.json")).returncode, 0)
        self.assertEqual(run("diff", good, self.path("doubtful.json"), "--fail-on", "inconclusive").returncode, 2)

    def test_what_is_no_record_is_a_usage_error(self):
        good = self.record("good.json", "--select", "smtp.quit.*")
        self.assertEqual(run("diff", good, self.path("none.json")).returncode, 3)


class Waivers(Case):
    def test_the_file_is_of_no_use_until_the_reasons_are_filled_in(self):
        defect = ("--select", "smtp.quit.*", "--defect", "quit-answered-250")
        bad = self.record("bad.json", *defect, code=1)
        waivers = self.path("w.toml")
        self.assertEqual(run("waivers", bad, "--output", waivers, "--expires", "2999-12-31").returncode, 0)
        self.assertEqual(run("run", *defect, "--waivers", waivers).returncode, 3)
        with open(waivers, encoding="utf-8") as file:
            text = file.read()
        self.assertIn("expires = 2999-12-31\n", text)
        with open(waivers, "w", encoding="utf-8") as file:
            file.write(text.replace('reason = ""', 'reason = "an old client wants it"'))
        result = run("run", *defect, "--waivers", waivers)
        self.assertEqual(result.returncode, 0, result.stdout.decode())
        self.assertEqual(run("run", "--select", "smtp.quit.*", "--waivers", waivers).returncode, 1)
        with open(waivers, "w", encoding="utf-8") as file:
            file.write(text.replace('reason = ""', 'reason = "x"').replace("2999-12-31", "2020-12-31"))
        result = run("run", *defect, "--waivers", waivers)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"has expired", result.stderr)

    def test_a_file_that_is_there_is_left_alone(self):
        good = self.record("good.json", "--select", "smtp.quit.*")
        waivers = self.path("w.toml")
        with open(waivers, "w", encoding="utf-8") as file:
            file.write("# mine\n")
        self.assertEqual(run("waivers", good, "--output", waivers).returncode, 3)
        with open(waivers, encoding="utf-8") as file:
            self.assertEqual(file.read(), "# mine\n")


class Rejudging(Case):
    def test_every_recorded_conversation_comes_to_the_same_again(self):
        whole = self.record("whole.json")
        played = sum(s["verdict"] not in ("not_applicable", "skipped") for s in load(whole)["scenarios"])
        again = self.path("again.json")
        result = run("rejudge", whole, "--report", "json:" + again)
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        left = re.findall(rb"^  (\S+)\n      (.*)$", result.stdout, re.MULTILINE)
        self.look_at_what_is_left(left)
        self.assertLess(len(left), played / 50)
        self.assertIn(f"judged anew: {played - len(left)} of ".encode(), result.stdout)
        self.assertEqual([(s["id"], s["verdict"], s["checks"]) for s in load(again)["scenarios"]],
                         [(s["id"], s["verdict"], s["checks"]) for s in load(whole)["scenarios"]])

    def test_an_edited_scenario_changes_its_verdict_and_no_other(self):
        whole = self.record("whole.json")
        suite = self.path("suite")
        shutil.copytree(SUITE, suite)
        edited = os.path.join(suite, "rfc5321", "quit.smtp")
        with open(edited, encoding="utf-8") as file:
            text = file.read()
        changed = text.replace("  S: 221 [RFC5321-4.1.1.10-01] [RFC5321-4.2.3-04]",
                               "  S: 250 [RFC5321-4.1.1.10-01] [RFC5321-4.2.3-04]", 1)
        self.assertNotEqual(text, changed)
        with open(edited, "w", encoding="utf-8") as file:
            file.write(changed)
        again = self.path("again.json")
        result = run("rejudge", whole, "--suite", suite, "--report", "json:" + again)
        self.assertEqual(result.returncode, 1, result.stdout.decode())
        before = {s["id"]: s["verdict"] for s in load(whole)["scenarios"]}
        after = {s["id"]: s["verdict"] for s in load(again)["scenarios"]}
        self.assertEqual({i for i in before if before[i] != after[i]}, {"smtp.quit.answered"})

        # What the recording cannot tell is said, and not guessed.
        with open(edited, "w", encoding="utf-8") as file:
            file.write(text.replace('  use greet\n  C: QUIT\n', '  use greet\n  C: NOOP\n', 1))
        result = run("rejudge", whole, "--suite", suite)
        self.assertEqual(result.returncode, 0, result.stdout.decode())
        self.assertIn(b"smtp.quit.answered\n      the scenario sends 'NOOP\\r\\n' where 'QUIT\\r\\n' was sent",
                      result.stdout.replace(b"\\\\", b"\\"))


class Certificates(Case):
    def setUp(self):
        super().setUp()
        self.key, self.public = self.path("key.pem"), self.path("public.pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.key], check=True, capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-out", self.public], check=True)

    def certify(self, record, *options):
        return run("certify", "--record", record, "--key", self.key, "--output", self.path("bundle"), *options)

    def verify(self, *options):
        return run("verify", self.path("bundle"), "--key", self.public, *options)

    def whole_record(self):
        """A run of everything, but for the slow scenarios, which are made to not apply: they take minutes."""
        record = load(self.record("played.json", "--impact", "stress"))
        for scenario in record["scenarios"]:
            if scenario["verdict"] == "skipped":
                scenario["verdict"] = "not_applicable"
        store(record, self.path("edited.json"))
        path = self.path("whole.json")
        result = run("rejudge", self.path("edited.json"), "--report", "json:" + path)
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        return path

    def test_a_certificate_holds_and_any_altered_octet_is_found(self):
        result = self.certify(self.whole_record(), "--subject", PROGRAM)
        self.assertEqual(result.returncode, 0, result.stdout.decode() + result.stderr.decode())
        result = self.verify("--subject", PROGRAM)
        self.assertEqual(result.returncode, 0, result.stdout.decode() + result.stderr.decode())
        left = re.findall(rb"^  (\S+): (.*)$", result.stdout, re.MULTILINE)
        self.look_at_what_is_left(left)
        self.assertIn(f", {len(left)} could not be\n".encode(), result.stdout)
        self.assertTrue(result.stdout.endswith(b"the certificate holds\n"))
        self.assertEqual(self.verify("--subject", self.key).returncode, 1)
        self.check_sums_and_signature_by_others()
        bundle = self.path("bundle")
        names = [os.path.relpath(os.path.join(folder, name), bundle)
                 for folder, _, files in os.walk(bundle) for name in files]
        self.assertGreater(len(names), 50)
        for number, name in enumerate(sorted(names)):
            path = os.path.join(bundle, name)
            with open(path, "rb") as file:
                octets = file.read()
            at = (number * 7919) % len(octets)
            with open(path, "wb") as file:
                file.write(octets[:at] + bytes([octets[at] ^ 1 << number % 8]) + octets[at + 1:])
            result = self.verify()
            self.assertEqual(result.returncode, 1, name)
            self.assertIn(name.encode() + b": ", result.stdout)
            with open(path, "wb") as file:
                file.write(octets)
        with open(os.path.join(bundle, "more.txt"), "w", encoding="utf-8") as file:
            file.write("more")
        self.assertIn(b"more.txt: it is not part of the certificate", self.verify().stdout)
        os.remove(os.path.join(bundle, "more.txt"))
        os.remove(os.path.join(bundle, "badge.json"))
        self.assertIn(b"badge.json: it is missing", self.verify().stdout)

    def check_sums_and_signature_by_others(self):
        bundle = self.path("bundle")
        subprocess.run(["sha256sum", "--quiet", "--check", "manifest.sha256"], cwd=bundle, check=True)
        envelope = load(os.path.join(bundle, "attestation.dsse.json"))
        payload = base64.b64decode(envelope["payload"], validate=True)
        kind = envelope["payloadType"]
        with open(self.path("signed"), "wb") as file:
            file.write(f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload)
        with open(self.path("signature"), "wb") as file:
            file.write(base64.b64decode(envelope["signatures"][0]["sig"], validate=True))
        subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", self.public, "-in",
                        self.path("signed"), "-sigfile", self.path("signature")], check=True, capture_output=True)
        statement = json.loads(payload)
        self.assertEqual(statement["_type"], "https://in-toto.io/Statement/v1")
        self.assertEqual(statement["predicateType"], "https://in-toto.io/attestation/test-result/v0.1")
        self.assertEqual(statement["predicate"]["result"], "PASSED")

    def test_a_verdict_that_the_recording_does_not_bear_out_is_found_though_it_is_signed(self):
        path = self.whole_record()
        record = load(path)
        liar = next(s for s in record["scenarios"] if s["id"] == "smtp.quit.answered")
        for entry in liar["wire"]:
            if entry["direction"] == "S" and entry["octets"].startswith("221"):
                entry["octets"] = "2" + "50" + entry["octets"][3:]
        store(record, path)
        self.assertEqual(self.certify(path).returncode, 0)
        result = self.verify()
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"run.json: smtp.quit.answered: recorded as pass, judged anew as fail", result.stdout)

    def test_nothing_is_certified_that_leaves_something_out(self):
        record = self.record("part.json", "--select", "smtp.quit.*")
        result = self.certify(record)
        self.assertEqual(result.returncode, 2)
        self.assertIn(b"scenarios were selected", result.stderr)
        self.assertFalse(os.path.exists(self.path("bundle")))
        record = self.record("bad.json", "--impact", "stress", "--defect", "quit-answered-250", code=1)
        result = self.certify(record)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"the built-in server was told to misbehave", result.stderr)

    def test_a_record_from_which_scenarios_were_taken_is_not_certified(self):
        path = self.whole_record()
        record = load(path)
        gone = {s["id"] for s in record["scenarios"] if s["id"].startswith("starttls.injected")}
        record["scenarios"] = [s for s in record["scenarios"] if s["id"] not in gone]
        record["summary"]["pass"] -= len(gone)
        store(record, path)
        result = self.certify(path)
        self.assertEqual(result.returncode, 2, result.stderr.decode())
        self.assertIn(f"{len(gone)} scenarios of the suite are not in the record".encode(), result.stderr)
        self.assertFalse(os.path.exists(self.path("bundle")))

    def test_a_folder_that_cannot_be_written_is_told_before_the_run(self):
        os.mkdir(self.path("bundle"))
        with open(self.path("bundle/kept"), "w", encoding="ascii"):
            pass
        for folder in (self.path("bundle"), self.key, self.key + "/below"):
            result = run("certify", "--key", self.key, "--output", folder)
            self.assertEqual(result.returncode, 3, folder)
            self.assertEqual(result.stdout, b"")
            self.assertIn(b"smtpspec: --output: ", result.stderr)

    def test_another_key_does_not_verify(self):
        self.assertEqual(self.certify(self.whole_record()).returncode, 0)
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.key], check=True, capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-out", self.public], check=True)
        result = self.verify()
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"attestation.dsse.json: the signature is not that of the key", result.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
