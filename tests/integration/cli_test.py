"""The program as its users meet it: exit codes, diagnostics, reports, hostile targets.

Called by ctest with the program's path as first argument; smtpspec's own reference server is the only server.
"""
import base64
import json
import os
import re
import signal
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import garbage_server

PROGRAM = sys.argv.pop(1)
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(*arguments, **options):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, timeout=120, **options)


class Served:
    """`smtpspec serve` with these options, on a port of its own."""

    def __init__(self, *options):
        self.process = subprocess.Popen([PROGRAM, "serve", *options], stdout=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        self.address = line.removeprefix("listening on ").strip()

    def __enter__(self):
        return self.address

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stdout.close()


class ExitCodes(unittest.TestCase):
    def test_the_built_in_server_conforms_and_the_last_line_says_who_it_was(self):
        result = run("run", "--seed", "1")
        self.assertEqual(result.returncode, 0, result.stdout.decode())
        self.assertIn(b"built-in reference server", result.stdout.splitlines()[-1])

    def test_a_defect_is_a_fail_with_the_rule_and_a_way_to_see_it_again(self):
        result = run("run", "--defect", "quit-answered-250", "--select", "smtp.quit.*")
        self.assertEqual(result.returncode, 1, result.stdout.decode())
        self.assertIn(b"RFC 5321 section 4.1.1.10", result.stdout)
        again = re.search(rb"reproduce +(smtpspec run .*)", result.stdout)
        self.assertIsNotNone(again)
        self.assertIn(b"--defect quit-answered-250", again.group(1))

    def test_the_printed_reproduce_line_reproduces(self):
        result = run("run", "--defect", "quit-answered-250", "--select", "smtp.quit.*")
        line = re.search(rb"reproduce +smtpspec (run .*)", result.stdout).group(1).decode()
        again = subprocess.run(PROGRAM + " " + line, shell=True, capture_output=True, timeout=60)
        self.assertEqual(again.returncode, 1, again.stdout.decode())

    def test_a_profile_bounds_the_share_that_does_not_apply(self):
        with tempfile.TemporaryDirectory() as folder:
            profile = os.path.join(folder, "p.toml")
            for percent, code in ((1, 2), (90, 0)):
                with open(profile, "w") as file:
                    file.write(f"[limits]\nmaximum_not_applicable_percent = {percent}\n")
                result = run("run", "--profile", profile, "--impact", "probe")
                self.assertEqual(result.returncode, code, result.stdout.decode())
            self.assertRegex(result.stdout, rb"\nnot applicable: [0-9]+ scenarios: [0-9]+ not for the role mx; ")

    def test_what_is_selected_twice_is_either(self):
        result = run("list", "--select", "smtp.noop.accepted", "--select", "smtp.quit.*")
        self.assertEqual(result.returncode, 0, result.stdout.decode())
        for name in (b"smtp.noop.accepted", b"smtp.quit."):
            self.assertIn(name, result.stdout)

    def test_nothing_selected_is_never_green(self):
        self.assertEqual(run("run", "--select", "no.such.scenario").returncode, 2)

    def test_what_a_selection_was_meant_to_be_is_suggested(self):
        for option, meant in (("smtp.rest.*", "smtp.rset.*"), ("tag:smugling", "tag:smuggling"),
                              ("RFC5321-4.1.1.10-1", "RFC5321-4.1.1.10-01")):
            for command in ("run", "list"):
                result = run(command, "--select", option)
                self.assertEqual(result.returncode, 2, option)
                self.assertIn(f"did you mean '{meant}'?".encode(), result.stderr)
        # Beside a term that selects something it would make the run smaller, and is refused.
        result = run("run", "--select", "smtp.quit.*,smtp.rest.*")
        self.assertEqual(result.returncode, 3)
        self.assertIn(b"did you mean 'smtp.rset.*'?", result.stderr)

    def test_a_misspelt_command_or_option_is_a_usage_error_with_a_suggestion(self):
        for arguments, meant in ((("rnu",), "run"), (("run", "--selct", "x"), "--select"),
                                 (("run", "--reprot=json:x"), "--report")):
            result = run(*arguments)
            self.assertEqual(result.returncode, 3, arguments)
            self.assertIn(f"did you mean '{meant}'?".encode(), result.stderr)

    def test_a_report_that_cannot_be_written_is_told_before_the_run(self):
        with tempfile.TemporaryDirectory() as folder:
            blocked = os.path.join(folder, "file")
            with open(blocked, "w", encoding="ascii"):
                pass
            reports = ["juint:r.xml", "json", "json:" + folder, "json:" + os.path.join(folder, "no", "r.json"),
                       "json:" + os.path.join(blocked, "r.json")]
            arguments = [word for report in reports for word in ("--report", report)]
            result = run("run", "--select", "smtp.quit.*", *arguments)
            self.assertEqual(result.returncode, 3)
            self.assertEqual(result.stdout, b"")
            self.assertEqual(result.stderr.count(b"smtpspec: --report"), len(reports), result.stderr.decode())
            self.assertIn(b"did you mean 'junit'?", result.stderr)
            result = run("run", "--select", "smtp.quit.*", "--report", "json:" + blocked, "--report", "junit:" + blocked)
            self.assertEqual(result.returncode, 3)

    def test_the_help_names_every_report_format(self):
        known = re.search(rb"known are (.*);", run("run", "--report", "juint:x").stderr).group(1)
        self.assertIn(known, b" ".join(run("run", "--help").stdout.split()))

    def test_a_dead_target_is_never_green(self):
        result = run("run", "--target", "127.0.0.1:1")
        self.assertEqual(result.returncode, 4, result.stdout.decode())

    def test_an_empty_target_is_a_usage_error(self):
        for option in ("--target", "--spawn", "--profile"):
            self.assertEqual(run("run", option, "").returncode, 3, option)

    def test_a_mailbox_kind_that_is_misspelt_is_a_usage_error_with_a_suggestion(self):
        result = run("run", "--mailbox", "mbx:/var/mail/alice")
        self.assertEqual(result.returncode, 3)
        self.assertIn(b"did you mean 'mbox'?", result.stderr)

    def test_an_unknown_option_is_a_usage_error(self):
        self.assertEqual(run("run", "--tarot", "x").returncode, 3)

    def test_a_launch_that_fails_is_told_with_its_output(self):
        result = run("run", "--spawn", "echo no such config >&2; exit 7 # {port}")
        self.assertEqual(result.returncode, 4, result.stdout.decode())
        self.assertIn(b"no such config", result.stderr)

    def test_an_interrupted_run_still_reports_and_is_not_green(self):
        server = garbage_server.Server(garbage_server.silence)
        process = subprocess.Popen([PROGRAM, "run", "--target", server.address], stdout=subprocess.PIPE)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
        server.close()
        self.assertNotEqual(process.returncode, 0)
        self.assertIn(b"interrupted", output)


class Lmtp(unittest.TestCase):
    def test_the_built_in_server_conforms_and_most_of_the_suite_applies(self):
        with tempfile.TemporaryDirectory() as folder:
            record = os.path.join(folder, "r.json")
            result = run("run", "--role", "lmtp", "--report", "json:" + record)
            self.assertEqual(result.returncode, 0, result.stdout.decode())
            with open(record) as file:
                summary = json.load(file)["summary"]
        self.assertEqual((summary["fail"], summary["warn"], summary["inconclusive"]), (0, 0, 0))
        self.assertGreater(summary["pass"], 3 * summary["not_applicable"])
        reasons = {group["reason"]: group["scenarios"] for group in summary["not_applicable_reasons"]}
        self.assertEqual(sum(reasons.values()), summary["not_applicable"])
        self.assertGreater(reasons["not for the role lmtp"], 0)

    def test_one_reply_for_two_recipients_is_a_fail(self):
        result = run("run", "--role", "lmtp", "--defect", "lmtp-answers-once", "--select", "lmtp.data.same-twice",
                     "--timeout", "1", "--confirm", "0")
        self.assertEqual(result.returncode, 1, result.stdout.decode())
        self.assertIn(b"RFC 2033 section 4.2", result.stdout)

    def test_the_wrong_role_is_told(self):
        with Served("--protocol", "lmtp") as address:
            self.assertEqual(run("doctor", "--target", address, "--role", "lmtp").returncode, 0)
            doctor = run("doctor", "--target", address)
            self.assertEqual(doctor.returncode, 2, doctor.stdout.decode())
            self.assertIn(b"needs the role lmtp", doctor.stdout)
            mistaken = run("run", "--target", address, "--select", "smtp.mail.*")
            self.assertEqual(mistaken.returncode, 2, mistaken.stdout.decode())
            self.assertIn(b"needs the role lmtp", mistaken.stderr)


class Demands(unittest.TestCase):
    """A server that takes mail from those only who have logged in."""

    SELECTED = ("--select", "smtp.mail.*,smtp.data.*")

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.password = os.path.join(self.folder.name, "password")
        self.profile = os.path.join(self.folder.name, "server.toml")
        with open(self.password, "w") as file:
            file.write("secret\n")

    def run_against_it(self, profile):
        with open(self.profile, "w") as file:
            file.write('[addresses]\nrelay_recipient = "someone@relay-test.example"\n' + profile)
        with Served("--require-auth", "--auth", "alice:" + self.password) as address:
            return (run("run", "--profile", self.profile, "--target", address, *self.SELECTED),
                    run("doctor", "--profile", self.profile, "--target", address))

    def test_without_credentials_the_run_is_inconclusive_by_that_cause(self):
        result, doctor = self.run_against_it("")
        self.assertEqual(result.returncode, 2, result.stdout.decode())
        self.assertIn(b"auth-required", result.stdout)
        self.assertNotIn(b"\nFAIL", result.stdout)
        self.assertEqual(doctor.returncode, 2)
        self.assertIn(b"(auth-required)", doctor.stdout)

    def test_with_credentials_and_a_profile_that_says_so_everything_is_judged(self):
        result, _ = self.run_against_it('[auth]\nuser = "alice"\npassword_file = "password"\n'
                                        "[policy]\nauth_required = true\n")
        self.assertEqual(result.returncode, 0, result.stdout.decode())
        self.assertNotIn(b"auth-required", result.stdout)


class WithinTls(unittest.TestCase):
    def test_a_mechanism_that_comes_with_tls_is_looked_for_in_one_handshake(self):
        result = run("run", "--defect", "auth-plain-not-advertised-in-clear", "--select", "starttls.mechanisms-come-with-tls")
        self.assertIn(b"1 scenario in", result.stdout)
        self.assertIn(b": 1 pass", result.stdout)


class ImplicitTls(unittest.TestCase):
    def test_the_built_in_server_follows(self):
        result = run("run", "--tls", "implicit", "--select", "tls.*, smtp.noop.*")
        self.assertEqual(result.returncode, 0, result.stdout.decode())

    def test_nothing_that_is_said_of_clear_text_is_held_against_it(self):
        with tempfile.TemporaryDirectory() as folder, Served("--implicit-tls", "--maildir", folder) as address:
            result = run("run", "--target", address, "--tls", "implicit", "--recipient", "alice@example.org",
                         "--mailbox", "maildir:" + folder, "--select", "extension:STARTTLS, requiretls.*, tls.*",
                         "--fail-on", "warn", "--min-conclusive", "0")
            self.assertEqual(result.returncode, 0, result.stdout.decode())


class LoginIsAnsweredOddly(socketserver.StreamRequestHandler):
    """A server that has a control octet in its reply to the right password, and nowhere else."""

    RIGHT = base64.b64encode(b"\0alice\0topsecret-word")

    def handle(self):
        self.wfile.write(b"220 mail.example.org\r\n")
        while line := self.rfile.readline(65536).strip():
            word = line.upper()
            if word.startswith(b"EHLO"):
                self.wfile.write(b"250-mail.example.org\r\n250 AUTH PLAIN\r\n")
            elif word.startswith(b"AUTH PLAIN "):
                self.wfile.write(b"235 wel\x07come\r\n" if line.split()[-1] == self.RIGHT else b"535 no\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 mail.example.org\r\n")
                return
            else:
                self.wfile.write(b"500 what\r\n")


class PutsOffAtData(socketserver.StreamRequestHandler):
    """A server that takes every envelope, and puts those off whom it does not know when they come to DATA."""

    REPLIES = {b"EHLO": b"250 mail.example.org\r\n", b"DATA": b"451 4.7.1 Greylisted, try again later\r\n",
               b"QUIT": b"221 mail.example.org\r\n"}

    def handle(self):
        self.wfile.write(b"220 mail.example.org\r\n")
        while line := self.rfile.readline(65536):
            self.wfile.write(self.REPLIES.get(line[:4].upper(), b"250 ok\r\n"))


class Names(unittest.TestCase):
    def test_a_record_is_named_by_its_profile_the_file_or_nobody(self):
        with tempfile.TemporaryDirectory() as folder, Served() as address:
            record, profile = (os.path.join(folder, name) for name in ("r.json", "mine.toml"))
            for text, options, expected in (("", [], ""), ("", ["--profile", profile], profile),
                                            ('name = "mine"\n', ["--profile", profile], "mine")):
                with open(profile, "w", encoding="ascii") as file:
                    file.write(text)
                result = run("run", "--target", address, "--select", "smtp.quit.*", "--report", "json:" + record,
                             *options)
                self.assertEqual(result.returncode, 0, result.stderr.decode())
                with open(record, encoding="utf-8") as file:
                    self.assertEqual(json.load(file)["target"]["profile"], expected)


class Doctor(unittest.TestCase):
    def test_what_is_refused_only_at_data_is_told(self):
        server = self.enterContext(socketserver.ThreadingTCPServer(("127.0.0.1", 0), PutsOffAtData))
        server.daemon_threads = True
        server.handle_error = lambda *_: None
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        result = run("doctor", "--target", f"127.0.0.1:{server.server_address[1]}")
        self.assertEqual(result.returncode, 2, result.stdout.decode())
        told = [line for line in result.stdout.splitlines() if line.startswith(b"! ")]
        self.assertEqual(len(told), 1, result.stdout.decode())
        self.assertIn(b"(greylist)", told[0])

    def test_it_goes_as_far_as_data_and_delivers_nothing(self):
        with tempfile.TemporaryDirectory() as mail, Served("--maildir", mail) as address:
            result = run("doctor", "--target", address)
            self.assertEqual(result.returncode, 0, result.stdout.decode())
            self.assertRegex(result.stdout, rb"(?m)^data .* 354 ")
            self.assertFalse(any(files for _, _, files in os.walk(mail)))


class Fuzzing(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.server = self.enterContext(socketserver.ThreadingTCPServer(("127.0.0.1", 0), LoginIsAnsweredOddly))
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.shutdown)

    def test_a_finding_behind_a_login_holds_no_password_and_can_be_played(self):
        password, output, record = (os.path.join(self.folder, name) for name in ("password", "out", "r.json"))
        with open(password, "w", encoding="ascii") as file:
            file.write("topsecret-word\n")
        target = ["--target", f"127.0.0.1:{self.server.server_address[1]}", "--auth", "alice:" + password]
        result = run("fuzz", *target, "--seed", "1", "--seconds", "30", "--sessions", "200", "--output", output,
                     "--report", "json:" + record)
        if b"without libFuzzer" in result.stderr:
            self.skipTest("no libFuzzer")
        findings = [name for name in os.listdir(os.path.join(output, "findings")) if name.startswith("malformed-reply")]
        self.assertTrue(findings, result.stdout.decode())
        told = result.stdout + result.stderr
        for path in [record, *(os.path.join(output, "findings", name) for name in findings)]:
            with open(path, "rb") as file:
                told += file.read()
        for form in (b"topsecret", b"dG9wc2VjcmV0LXdvcm", b"RvcHNlY3JldC13b3Jk", b"0b3BzZWNyZXQtd29yZ"):
            self.assertNotIn(form, told)
        self.assertFalse(os.path.exists(os.path.join(output, "seeds")))
        self.assertEqual(os.stat(os.path.join(output, "corpus")).st_mode & 0o077, 0)
        scenario = next(name for name in findings if name.endswith(".smtp"))
        self.assertEqual(run("replay", os.path.join(output, "findings", scenario), *target).returncode, 1)


class Mailboxes(unittest.TestCase):
    SCENARIO = (b'scenario x.dots "Dots and From lines arrive as they were written"\n  checks RFC5321-4.5.2-03\n'
                b'  needs mailbox\n  impact deliver\n  use greet\n  use envelope\n  C: DATA\n  S: 354\n  C.\n'
                b'    Subject: {token}\n\n    .dot\n    From me\n  S: 250\n'
                b'  check delivered {recipient} within 10s as m\n'
                b'  check m body == ".dot\\r\\nFrom me\\r\\n" [RFC5321-4.5.2-03]\n')
    # Every message in new/, as an mbox that quotes.
    COMMAND = "for f in %s/*/new/*; do if [ -e $f ]; then echo From x; sed 's/^From />&/' $f; echo; fi; done"

    def test_a_message_is_followed_into_a_maildir_and_through_a_command(self):
        with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile(suffix=".smtp") as file:
            file.write(self.SCENARIO)
            file.flush()
            for mailbox in (f"maildir:{folder}", "command:" + self.COMMAND % folder):
                with Served("--maildir", folder) as address:
                    result = run("replay", file.name, "--target", address, "--mailbox", mailbox)
                self.assertEqual(result.returncode, 0, mailbox + result.stdout.decode())

    def test_a_mailbox_that_cannot_be_read_is_inconclusive_and_never_a_fail(self):
        with tempfile.NamedTemporaryFile(suffix=".smtp") as file, Served() as address:
            file.write(self.SCENARIO.replace(b"within 10s", b"within 1s"))
            file.flush()
            for mailbox in ("maildir:/nonexistent", "mbox:/nonexistent/mbox", "command:exit 3"):
                result = run("replay", file.name, "--target", address, "--mailbox", mailbox)
                self.assertEqual(result.returncode, 2, mailbox + result.stdout.decode())
                self.assertIn(b"the mailbox tells nothing: ", result.stdout)

    # Its second message is lost by a server with data-after-bdat-message-lost.
    TWO_MESSAGES = (b'scenario x.second "A message behind one in chunks arrives"\n  checks RFC5321-4.2.5-01\n'
                    b'  needs mailbox\n  impact deliver\n  use greet\n  use envelope\n'
                    b'  C| "BDAT 6 LAST\\r\\none.\\r\\n"\n  S: 250\n'
                    b'  use envelope\n  C: DATA\n  S: 354\n  C.\n    Subject: {token}\n\n    two\n  S: 250\n'
                    b'  check delivered {recipient} within 2s [RFC5321-4.2.5-01]\n')

    def replay_two_messages(self, mailbox, *serve):
        with tempfile.NamedTemporaryFile(suffix=".smtp") as file, Served(*serve) as address:
            file.write(self.TWO_MESSAGES)
            file.flush()
            return run("replay", file.name, "--target", address, "--mailbox", mailbox)

    def test_a_mailbox_that_is_not_the_recipients_is_inconclusive_and_never_a_fail(self):
        with tempfile.TemporaryDirectory() as mail, tempfile.TemporaryDirectory() as other:
            result = self.replay_two_messages(f"maildir:{other}", "--maildir", mail)
            self.assertEqual(result.returncode, 2, result.stdout.decode())
            self.assertIn(b"it is another's", result.stdout)

    def test_a_lost_message_is_a_fail_where_a_plain_one_arrives(self):
        with tempfile.TemporaryDirectory() as mail:
            self.assertEqual(self.replay_two_messages(f"maildir:{mail}", "--maildir", mail).returncode, 0)
            result = self.replay_two_messages(f"maildir:{mail}", "--maildir", mail,
                                              "--defect", "data-after-bdat-message-lost")
            self.assertEqual(result.returncode, 1, result.stdout.decode())

    def test_doctor_says_that_a_file_is_not_there(self):
        with Served() as address:
            result = run("doctor", "--target", address, "--mailbox", "mbox:/tmp/no-such-mbox")
            self.assertIn(b"there is no file '/tmp/no-such-mbox'", result.stdout)
            self.assertNotIn(b"can be read", result.stdout)

    def test_a_password_stands_in_no_command_line(self):
        result = run("run", "--mailbox", "imap:imap://alice:hunter2@localhost")
        self.assertEqual(result.returncode, 3)
        self.assertNotIn(b"hunter2", result.stdout + result.stderr)


class NextHop(unittest.TestCase):
    """What the server relays comes to the tool."""

    RELAY = f"exec {PROGRAM} serve --port {{port}} --relay-domain relay.example --relay-to {{next_hop}}"

    def run_relay(self, *options, command=RELAY):
        return run("run", "--spawn", command, "--select", "smtp.next-hop.*", "--confirm", "1", *options)

    def test_a_spawned_server_is_told_where_to_relay_to(self):
        with tempfile.NamedTemporaryFile(suffix=".toml") as profile:
            profile.write(b"[next_hop]\nretry_within_ms = 2000\n")
            profile.flush()
            result = self.run_relay("--profile", profile.name)
        self.assertEqual(result.returncode, 0, result.stdout.decode() + result.stderr.decode())
        self.assertRegex(result.stdout, rb"\n(\d\d) scenarios in [^:]*: \1 pass\n")

    def test_retries_are_judged_where_the_profile_says_how_soon_they_come(self):
        self.assertRegex(self.run_relay().stdout, rb"\nnot applicable: 2 scenarios: 2 how soon the server tries again ")

    def test_what_a_relay_changes_is_a_fail_and_can_be_judged_again(self):
        with tempfile.TemporaryDirectory() as folder:
            record = os.path.join(folder, "run.json")
            result = self.run_relay("--report", "json:" + record, command=self.RELAY + " --defect relay-removes-bcc")
            self.assertEqual(result.returncode, 1, result.stdout.decode())
            self.assertIn(b"RFC5321-3.6.3-06", result.stdout)
            self.assertEqual(run("rejudge", record).returncode, 1)
            with open(record, encoding="utf-8") as file:
                answers = [message["envelope"] for scenario in json.load(file)["scenarios"]
                           for entry in scenario["wire"] for message in entry.get("messages", [])]
            self.assertIn({"mail": "<sender@example.org>", "rcpt": ["<someone@relay.example>"]}, answers)

    def test_mail_that_goes_elsewhere_is_inconclusive(self):
        with (tempfile.NamedTemporaryFile(suffix=".toml") as profile,
              Served("--relay-domain", "relay.example", "--relay-to", "127.0.0.1:1") as address):
            profile.write(b"[mailbox]\ndelay_ms = 1200\n")
            profile.flush()
            result = run("run", "--target", address, "--profile", profile.name, "--next-hop", "127.0.0.1:0",
                         "--select", "smtp.next-hop.passed-on")
        self.assertEqual(result.returncode, 2, result.stdout.decode())
        self.assertIn(b"the mailbox tells nothing: ", result.stdout)

    def test_a_place_that_nobody_can_listen_at_is_a_usage_error(self):
        for place in ("127.0.0.1", "nowhere:25", "192.0.2.1:2526"):
            result = run("run", "--next-hop", place)
            self.assertEqual(result.returncode, 3, place + result.stdout.decode())
            self.assertIn(b"--next-hop: ", result.stderr)

    def test_a_recipient_whose_mail_is_for_the_mailbox_is_a_usage_error(self):
        result = run("run", "--next-hop", "127.0.0.1:0", "--next-hop-recipient", "me@EXAMPLE.org")
        self.assertEqual(result.returncode, 3, result.stdout.decode())
        self.assertIn(b"is for the mailbox", result.stderr)


class Diagnostics(unittest.TestCase):
    BAD = (b'scenario x.one "A title"\n  checks RFC5321-4.1.1.9-01\n  S: 220\n  pipline\n    C: NOOP\n'
           b'  C: MAIL FROM <{sendr}>\n  S: 250 [RFC5321-4.1.1.9-99]\n')

    def test_what_the_linter_finds_comes_with_the_syntax_in_the_order_of_the_lines(self):
        with tempfile.NamedTemporaryFile(suffix=".smtp") as file:
            file.write(self.BAD)
            file.flush()
            text = run("lint", file.name).stderr.decode()
        places = re.findall(re.escape(file.name) + r":(\d+):(\d+): error", text)
        self.assertEqual(places, [("4", "3"), ("6", "17"), ("7", "10")], text)

    def test_no_octet_of_a_file_reaches_the_terminal_as_it_is(self):
        with tempfile.NamedTemporaryFile(suffix=".smtp") as file:
            file.write(b'scenario x.one "\xe4"\n  C: NOOP \x1b]0;x\x07\n  S: 250 [\xff\x9b\x07]\n  \xc2\x9bx\n')
            file.flush()
            result = run("lint", file.name)
        self.assertEqual(result.returncode, 3)
        self.assertEqual(set(result.stderr) & (set(range(0x20)) | set(range(0x7f, 0x100))), {0x0a})

    def test_a_profile_is_told_by_line_and_column(self):
        with tempfile.NamedTemporaryFile(suffix=".toml") as file:
            for text, place, words in ((b"role = \n", ":1:", b"error"),
                                       (b'name = "\xc3\xa4" # \xc3\xb6\nrole = "mxx"\n', ":2:8: error", b"known are mx"),
                                       (b'[target]\nadress = "a:25"\n', ":2:1: error", b"did you mean 'address'?"),
                                       (b"[limits]\nmax_errors = true\n", ":2:14: error", b"whole number")):
                file.seek(0)
                file.truncate()
                file.write(text)
                file.flush()
                result = run("run", "--profile", file.name)
                self.assertEqual(result.returncode, 3, text)
                self.assertIn((file.name + place).encode(), result.stderr)
                self.assertTrue(result.stderr.startswith(file.name.encode()), result.stderr.decode())
                self.assertIn(words, result.stderr)

    def test_all_errors_of_a_file_come_at_once_with_place_caret_and_suggestion(self):
        with tempfile.NamedTemporaryFile(suffix=".smtp") as file:
            file.write(self.BAD)
            file.flush()
            for command in ("lint", "replay"):
                result = run(command, file.name)
                self.assertEqual(result.returncode, 3, command)
                text = result.stderr.decode()
                self.assertRegex(text, re.escape(file.name) + r":4:3: error: .*")
                self.assertIn("pipeline", text)
                self.assertRegex(text, r"\n +\^")


class Article(unittest.TestCase):
    TRANSCRIPT = os.path.join(SOURCE, "scenarios", "article", "2008-transcript.smtp")

    def test_the_transcript_passes_on_a_server_that_advertises_the_same(self):
        with Served("--imitate", "2008") as address:
            result = run("replay", self.TRANSCRIPT, "--target", address)
        self.assertEqual(result.returncode, 0, result.stdout.decode())

    def test_the_transcript_fails_where_an_extension_is_missing(self):
        with Served() as address:
            result = run("replay", self.TRANSCRIPT, "--target", address)
        self.assertEqual(result.returncode, 1, result.stdout.decode())
        self.assertIn(b"is not advertised", result.stdout)


class Reports(unittest.TestCase):
    def test_a_record_makes_the_reports_that_the_run_made(self):
        with tempfile.TemporaryDirectory() as folder:
            record, direct, later = (os.path.join(folder, name) for name in ("r.json", "direct.xml", "later.xml"))
            run("run", "--select", "smtp.quit.*", "--report", "json:" + record, "--report", "junit:" + direct)
            self.assertEqual(run("report", record, "--format", "junit", "--output", later).returncode, 0)
            with open(direct, "rb") as one, open(later, "rb") as other:
                self.assertEqual(one.read(), other.read())
            with open(record, "rb") as file:
                self.assertEqual(json.load(file)["schema"], "smtpspec-run/1")

    def test_records_stand_side_by_side_in_a_matrix(self):
        with tempfile.TemporaryDirectory() as folder:
            record, page = os.path.join(folder, "a=b.json"), os.path.join(folder, "matrix.html")
            run("run", "--select", "smtp.quit.*", "--report", "json:" + record)
            result = run("matrix", record, "mended=" + record, "--output", page)
            self.assertEqual(result.returncode, 0, result.stderr.decode())
            with open(page, encoding="utf-8") as file:
                text = file.read()
            self.assertIn(">mended<", text)
            self.assertNotIn(">a<", text)  # a file's name may hold '='
            self.assertIn(b"<!DOCTYPE html>", run("matrix", record).stdout)
            for arguments in ((), (os.path.join(folder, "none.json"),), (page,), (record, "--output", folder)):
                self.assertEqual(run("matrix", *arguments).returncode, 3, arguments)

    def test_no_password_stands_in_any_report(self):
        with tempfile.TemporaryDirectory() as folder:
            password, scenario, record = (os.path.join(folder, name) for name in ("password", "login.smtp", "r.json"))
            with open(password, "w") as file:
                file.write("topsecret-word\n")
            with open(scenario, "w") as file:
                file.write('scenario x.login "Login works"\n  use greet\n  auth PLAIN as user\n  C: NOOP\n  S: 250\n')
            with Served("--auth", "alice:" + password) as address:
                result = run("replay", scenario, "--target", address, "--auth", "alice:" + password, "-v",
                             "--report", "json:" + record)
            self.assertEqual(result.returncode, 0, result.stdout.decode() + result.stderr.decode())
            with open(record, "rb") as file:
                text = file.read() + result.stdout + result.stderr
            self.assertNotIn(b"topsecret-word", text)
            self.assertNotIn(b"AGFsaWNlAHRvcHNlY3JldC13b3Jk", text)

    def test_running_twice_gives_the_same_verdicts_in_any_order(self):
        verdicts = []
        for seed in ("1", "2"):
            with tempfile.NamedTemporaryFile() as file:
                run("run", "--shuffle", "--seed", seed, "--report", "json:" + file.name)
                verdicts.append({s["id"]: s["verdict"] for s in json.load(file)["scenarios"]})
        self.assertGreater(len(verdicts[0]), 80)
        self.assertEqual(verdicts[0], verdicts[1])


class Coverage(unittest.TestCase):
    def test_it_counts_the_same_in_every_format(self):
        document = json.loads(run("coverage", "--format", "json").stdout)
        summary = document["summary"]
        states = [entry["state"] for entry in document["requirements"]]
        self.assertEqual(len(states), summary["requirements"])
        for state in ("covered", "observed", "untested", "open"):
            self.assertEqual(states.count(state), summary[state], state)
        text = run("coverage").stdout.decode()
        page = run("coverage", "--format", "markdown").stdout.decode()
        counts = [str(summary[name]) for name in ("requirements", "covered", "observed", "untested", "open")]
        self.assertRegex(text, r"\nall +" + " +".join(counts) + " ")
        self.assertIn("\n| all | " + " | ".join(counts) + " | ", page)

    def test_it_lists_what_is_open_in_one_specification(self):
        result = run("coverage", "--open", "--spec", "rfc1845", "--format", "json")
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        document = json.loads(result.stdout)
        self.assertEqual([entry["name"] for entry in document["specifications"]], ["RFC 1845"])
        self.assertEqual({entry["state"] for entry in document["requirements"]}, {"open"})
        self.assertEqual(len(document["requirements"]), document["summary"]["open"])

    def test_it_adds_what_a_run_found(self):
        with tempfile.NamedTemporaryFile() as record:
            run("run", "--select", "smtp.quit.*", "--defect", "quit-answered-250", "--report", "json:" + record.name)
            document = json.loads(run("coverage", "--format", "json", "--record", record.name).stdout)
        outcomes = {entry["id"]: entry.get("outcome") for entry in document["requirements"]}
        self.assertEqual(outcomes["RFC5321-4.1.1.10-01"], "violated")
        self.assertEqual(outcomes["RFC5321-2.3.8-06"], "satisfied")
        self.assertGreaterEqual(document["outcomes"]["violated"], 1)

    def test_what_it_cannot_do_is_a_usage_error(self):
        for options in (("--format", "html"), ("--spec", "RFC 1"), ("--spec", ""), ("--record", "/nowhere.json"),
                        ("--suite", "/nowhere")):
            self.assertEqual(run("coverage", *options).returncode, 3, options)
        self.assertIn(b"RFC 5321", run("coverage", "--spec", "RFC 1").stderr)

    def test_explain_says_who_covers_a_requirement_or_why_nobody_does(self):
        # A repeated duty is covered where its primary is.
        self.assertIn(b"smtp.vrfy.", run("explain", "RFC5321-3.5.3-04").stdout)
        self.assertIn(b"wire.line-end", run("explain", "RFC5321-2.3.8-06").stdout)
        for line in run("explain", "wire.").stdout.decode().splitlines():
            result = run("explain", line.split()[0])
            self.assertEqual(result.returncode, 0, line)
            self.assertIn(line.split()[-1].encode(), result.stdout)
            self.assertRegex(result.stdout, "RFC \\d+ §[0-9.]+".encode())
        self.assertIn(b"did you mean 'wire.line-length'?", run("explain", "wire.line-lenght").stderr)
        self.assertRegex(run("explain", "RFC5321-4.1.2-10").stdout, rb"\nuntested +No command of the RFC uses")

    def test_explain_knows_the_words_of_the_protocol(self):
        starttls = run("explain", "starttls").stdout
        self.assertIn(b"STARTTLS  EHLO keyword  RFC 3207", starttls)
        self.assertRegex(starttls, rb"RFC3207-4-01 +IMPLIED .*\(\d+ scenarios?\)")
        self.assertRegex(starttls, rb"RFC3207-4-03 .*\(untested, with a reason\)")
        # A command or a parameter leads to the keyword that brings it.
        self.assertIn(b"CHUNKING  EHLO keyword", run("explain", "BDAT").stdout)
        self.assertIn(b"DSN  EHLO keyword", run("explain", "NOTIFY").stdout)
        login = run("explain", "535").stdout
        self.assertIn(b"535  reply code  RFC 4954", login)
        self.assertRegex(login, rb"\n    5\.7\.8 +credentials invalid")
        self.assertIn(b"RFC4954-4-19", login)
        self.assertIn(b"X.7.8  enhanced status code  RFC 4954", run("explain", "5.7.8").stdout)
        self.assertEqual(run("explain", "599").returncode, 3)


class HostileTargets(unittest.TestCase):
    """A clear verdict within the deadline, bounded memory, the documented exit code."""

    MEMORY_LIMIT_KIB = 64 * 1024

    def judge(self, kind, exit_code, words):
        server = garbage_server.Server(kind)
        began = time.monotonic()
        process = subprocess.Popen([PROGRAM, "run", "--target", server.address, "--timeout", "2"], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        output = process.stdout.read()
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        server.close()
        self.assertEqual(process.returncode, exit_code, output.decode())
        self.assertIn(words, output)
        self.assertLess(time.monotonic() - began, 30)
        self.assertLess(usage.ru_maxrss, self.MEMORY_LIMIT_KIB)
        self.assertNotIn(b"\x1b", output)

    def test_random_octets(self):
        self.judge(garbage_server.random_octets, 1, b"not SMTP")

    def test_an_endless_banner(self):
        self.judge(garbage_server.endless_banner, 1, b"greeting does not end")

    def test_an_endless_multi_line_greeting(self):
        self.judge(garbage_server.endless_multiline_greeting, 1, b"greeting does not end")

    def test_an_endless_reply_to_ehlo(self):
        self.judge(garbage_server.endless_ehlo_reply, 1, b"EHLO does not end")

    def test_an_octet_a_second(self):
        self.judge(garbage_server.an_octet_a_second, 4, b"too slow to be tested")

    def test_an_octet_a_second_once_the_run_has_begun(self):
        self.judge(garbage_server.SlowsDown(3), 2, b"the run was given up")

    def test_the_same_reply_to_everything(self):
        self.judge(garbage_server.answer_every_line, 1, b"violates")

    def test_an_immediate_close(self):
        self.judge(garbage_server.immediate_close, 4, b"connection closed where the greeting was due")

    def test_replies_without_end_behind_hello(self):
        self.judge(garbage_server.endless_lines_behind_hello, 1, b"violates")

    def test_tls_garbage(self):
        self.judge(garbage_server.tls_garbage, 1, b"not SMTP")

    def test_tls_that_is_none_is_told_once_and_is_the_cause_of_all_behind_it(self):
        server = garbage_server.Server(garbage_server.garbage_behind_starttls)
        with tempfile.TemporaryDirectory() as folder:
            report = os.path.join(folder, "run.json")
            result = run("run", "--target", server.address, "--timeout", "2", "--select", "starttls.*,tls.*",
                         "--report", "json:" + report)
            with open(report) as file:
                scenarios = json.load(file)["scenarios"]
        server.close()
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertEqual([each["id"] for each in scenarios if each["verdict"] == "fail"], ["starttls.handshake"])
        behind = {each["cause"] for each in scenarios if each["verdict"] == "inconclusive"}
        self.assertEqual(behind, {"tls-failed"})

    def test_a_web_server(self):
        self.judge(garbage_server.http_server, 4, b"no reply")

    def test_silence(self):
        self.judge(garbage_server.silence, 4, b"needs --tls implicit")


if __name__ == "__main__":
    unittest.main(verbosity=2)
