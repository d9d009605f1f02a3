"""The matrix in a browser: two servers side by side, found by difference, opened to both conversations.

Called by ctest with the program and write_fixture.
"""
import os
import subprocess
import sys
import tempfile
import unittest

from browser import Browser
from page import assert_reads_everywhere

WRITE_FIXTURE = sys.argv.pop()
PROGRAM = sys.argv.pop()
FOLDER = tempfile.TemporaryDirectory()


def record(name, *options):
    path = os.path.join(FOLDER.name, name + ".json")
    subprocess.run([PROGRAM, "run", "--seed", "1", "--select", "smtp.rset.*", "--report", "json:" + path, *options],
                   capture_output=True, timeout=120, check=False)
    return f"{name}={path}"


def matrix(name, *records):
    path = os.path.join(FOLDER.name, name + ".html")
    subprocess.run([PROGRAM, "matrix", *records, "--output", path], check=True, timeout=60)
    return path


class TwoServers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = cls.enterClassContext(Browser())
        cls.page = matrix("two", record("sound"), record("broken", "--defect", "rset-keeps-recipients"))

    def setUp(self):
        self.browser.emulate(1400, 1000)
        self.browser.console()

    def tearDown(self):
        self.assertEqual(self.browser.console(), [])

    def shown(self, selector):
        return self.browser.script("return [...document.querySelectorAll(arguments[0])]"
                                   ".filter((row) => !row.closest('[hidden]')).map((row) => row.id)", selector)

    def test_the_difference_is_found_and_leads_to_both_conversations(self):
        self.browser.open(self.page)
        everything = self.shown(".rule")
        self.browser.click("[name=differ]")
        self.browser.wait("return location.hash === '#?differ=1'")
        different = self.shown(".rule")
        self.assertIn("r-RFC5321-4.1.1.5-01", different)
        self.assertLess(len(different), len(everything))
        self.browser.click("#r-RFC5321-4\\.1\\.1\\.5-01 summary")
        self.browser.click("#r-RFC5321-4\\.1\\.1\\.5-01 .scenario a.id")
        talk = self.browser.wait("const row = document.querySelector('.talks[open]'); return row && row.id")
        self.assertEqual(self.browser.script(
            "return [...document.getElementById(arguments[0]).querySelectorAll('.talk h4')].map((e) => e.textContent)", talk),
            ["sound pass", "broken fail"])
        self.assertTrue(self.browser.script("return document.querySelector('.talks[open] .at mark').checkVisibility()"))
        self.assertIn("differ=1", self.browser.script("return location.hash"))

    def test_one_run_can_be_asked_for(self):
        self.browser.open(self.page, "#?run=2&outcome=violated")
        self.assertIn("r-RFC5321-4.1.1.5-01", self.shown(".rule"))
        self.browser.open(self.page, "#?run=1&outcome=violated")
        self.assertEqual(self.shown(".rule"), [])

    def test_reads_on_a_telephone_and_in_the_dark(self):
        path = os.path.join(FOLDER.name, "hostile.json")
        subprocess.run([WRITE_FIXTURE, "hostile", "json", path], check=True, timeout=60)
        for page in (self.page, matrix("hostile", "a=" + path, "<b>=" + path)):
            assert_reads_everywhere(self, self.browser, page)


if __name__ == "__main__":
    unittest.main()
