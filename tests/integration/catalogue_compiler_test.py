"""What stops the build when the requirement catalogue is wrong, by file and line.

Called by ctest with the compiler's path as first argument.
"""
import os
import subprocess
import sys
import tempfile
import unittest

COMPILER = sys.argv.pop(1)

REST = """
[[keyword]]
keyword = "SIZE"
rfc = 1870
registered = true
mail_line_increase = 26
rcpt_line_increase = 0
[[enhanced_status]]
code = "X.1.1"
meaning = "Bad mailbox"
rfc = 3463
[[reply]]
code = 250
meaning = "Done."
client = "Goes on."
documents = "RFC 5321"
"""


def requirement(name, extra=""):
    return (f'[[requirement]]\nid = "{name}"\nsection = "1"\nlevel = "MUST"\nrole = "server"\nsummary = "s"\n'
            f'observable = "wire"\nhow = "h"\n{extra}\n')


RULES = requirement("RFC1-1-01") + requirement("RFC1-1-02") + requirement("RFC1-1-03", 'same_as = "RFC1-1-01"') + REST


def compiled(untested):
    with tempfile.TemporaryDirectory() as folder:
        rules, reasons, out = (os.path.join(folder, name) for name in ("rules.toml", "untested.toml", "out.cc"))
        for path, text in ((rules, RULES), (reasons, untested)):
            with open(path, "w") as file:
                file.write(text)
        result = subprocess.run([COMPILER, out, rules, reasons], capture_output=True, text=True, timeout=60)
        if result.returncode != 0:
            return result.returncode, result.stderr.replace(folder + os.sep, "")
        with open(out) as file:
            return 0, file.read()


class Untested(unittest.TestCase):
    def refuses(self, untested, words):
        code, text = compiled(untested)
        self.assertEqual(code, 1, text)
        self.assertIn(words, text)

    def test_a_reason_may_be_given_for_several_requirements(self):
        code, text = compiled('[[untested]]\nrequirements = ["RFC1-1-02", "RFC1-1-01"]\nreason = "r"\n')
        self.assertEqual(code, 0, text)
        self.assertIn('    {"RFC1-1-01", "r"},\n    {"RFC1-1-02", "r"},\n', text)

    def test_an_unknown_id_is_refused(self):
        self.refuses('\n[[untested]]\nrequirement = "RFC1-1-09"\nreason = "r"\n',
                     "untested.toml:2: error: untested: the catalogue has no requirement RFC1-1-09")

    def test_an_id_given_twice_is_refused(self):
        self.refuses('[[untested]]\nrequirement = "RFC1-1-01"\nreason = "r"\n'
                     '[[untested]]\nrequirements = ["RFC1-1-01"]\nreason = "r"\n',
                     "untested.toml:4: error: RFC1-1-01 stands already at untested.toml:1")

    def test_a_missing_or_empty_reason_is_refused(self):
        for reason in ("", 'reason = ""\n', 'reason = "  "\n'):
            self.refuses('[[untested]]\nrequirement = "RFC1-1-01"\n' + reason, "without 'reason'")

    def test_a_reason_for_nothing_is_refused(self):
        self.refuses('[[untested]]\nrequirment = "RFC1-1-01"\nreason = "r"\n', "without 'requirement'")

    def test_a_repeated_duty_is_explained_where_it_counts(self):
        self.refuses('[[untested]]\nrequirement = "RFC1-1-03"\nreason = "r"\n', "repeats RFC1-1-01, which counts")


class ReplyCodes(unittest.TestCase):
    def test_what_a_client_does_has_to_be_said(self):
        code, text = compiled('[[reply]]\ncode = 251\nmeaning = "m"\ndocuments = "d"\n')
        self.assertEqual(code, 1, text)
        self.assertIn("untested.toml:1: error: a reply code without 'client'", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
