"""The HTML report in a browser: what a reader does with it, and that nothing in it acts on a record's behalf.

Called by ctest with the program and write_fixture. The browser has no network; a report that needs one shows it here.
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


def fixture(name):
    path = os.path.join(FOLDER.name, name + ".html")
    subprocess.run([WRITE_FIXTURE, name, "html", path], check=True, timeout=60)
    return path


def run_of_a_broken_server():
    path = os.path.join(FOLDER.name, "run.html")
    result = subprocess.run([PROGRAM, "run", "--seed", "1", "--defect", "rset-keeps-recipients", "--select", "smtp.r*",
                             "--report", "html:" + path], capture_output=True, timeout=120)
    if result.returncode != 1:
        raise AssertionError(result.stdout.decode())
    return path


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = cls.enterClassContext(Browser())
        cls.plain, cls.hostile, cls.run_page = fixture("plain"), fixture("hostile"), run_of_a_broken_server()

    def setUp(self):
        self.browser.emulate(1400, 1000)
        self.browser.console()

    def tearDown(self):
        self.assertEqual(self.browser.console(), [])

    def shown(self, selector="[data-v]"):
        return self.browser.script("return [...document.querySelectorAll(arguments[0])]"
                                   ".filter((row) => !row.closest('[hidden]')).length", selector)

    def is_visible(self, selector):
        return self.browser.script("return document.querySelector(arguments[0]).checkVisibility()", selector)

    def found(self):
        return self.browser.script("return document.querySelector('output').value")


class AReader(Page):
    def test_is_told_first_what_came_of_it(self):
        self.browser.open(self.run_page)
        self.assertIn("The server does not conform: it fails",
                      self.browser.script("return document.querySelector('.conclusion').textContent"))
        self.assertGreater(self.shown(".conclusion"), 0)

    def test_finds_by_typing_and_the_address_keeps_it(self):
        self.browser.open(self.run_page)
        everything = self.shown()
        self.browser.press("/")
        self.browser.press("recipients")
        self.browser.wait("return location.hash === '#?q=recipients'")
        self.assertGreater(self.shown(), 0)
        self.assertLess(self.shown(), everything)
        found = self.found()
        self.browser.open(self.run_page, "#?q=recipients")
        self.assertEqual(self.found(), found)
        self.browser.press("/\ue00c")  # Escape
        self.browser.wait("return location.hash === '#?'")
        self.assertEqual(self.shown(), everything)

    def test_filters_by_verdict_level_and_extension(self):
        self.browser.open(self.plain, "#?verdict=fail")
        self.assertEqual(self.shown("#fail > div > .row"), 3)
        self.assertEqual(self.shown("#waived > div > .row"), 1)  # a fail, too, if an accepted one
        self.assertEqual(self.shown("#pass, #inconclusive, #warn"), 0)
        self.browser.script("const f = document.querySelector('.filters'); f.elements.ext.value = 'STARTTLS';"
                            "f.dispatchEvent(new Event('input'))")
        self.browser.wait("return location.hash === '#?verdict=fail&ext=STARTTLS'")
        self.assertEqual(self.shown("#fail > div > .row"), 1)
        self.assertEqual(self.found(), "1 of 22 scenarios, 1 of 8 rules")
        self.browser.click(".filters button")
        self.browser.wait("return location.hash === '#?'")
        self.assertEqual(self.found(), "22 scenarios, 8 rules")

    def test_searches_transcripts_when_asked_to(self):
        self.browser.open(self.plain, "#?q=relay+access")
        self.assertEqual(self.shown("[data-v]"), 0)
        self.browser.click("[name=wire]")
        self.browser.wait("return location.hash === '#?q=relay+access&wire=1'")
        self.assertEqual(self.shown("[data-v]"), 1)

    def test_unfolds_a_deviation_with_the_keyboard(self):
        self.browser.open(self.plain)
        row = "#s-smtp\\.vrfy\\.disabled"
        self.assertFalse(self.is_visible(row + " .wire"))
        self.browser.script("document.querySelector(arguments[0]).focus()", row + " > summary")
        self.browser.press("\ue007")  # Enter
        self.browser.wait("return document.querySelector(arguments[0]).checkVisibility()", row + " .wire")
        self.assertEqual(self.browser.script("return document.querySelector(arguments[0]).textContent", row + " mark"),
                         "502")
        self.browser.wait("return document.querySelector(arguments[0]) !== null", row + " .copy button")

    def test_follows_a_link_to_the_rule_and_to_the_next_scenario_and_back(self):
        self.browser.open(self.plain)
        self.browser.click("#s-smtp\\.starttls\\.injected-command dd a.id")
        self.browser.wait("return document.getElementById('r-RFC3207-4.2-01').open")
        self.assertEqual(self.browser.script("return location.hash"), "#r-RFC3207-4.2-01")
        self.browser.click("#r-RFC3207-4\\.2-01 .links a")
        self.browser.wait("return location.hash === '#s-smtp.starttls.injected-command'")
        self.browser.script("history.back()")
        self.browser.wait("return location.hash === '#r-RFC3207-4.2-01'")

    def test_a_link_wins_over_a_filter_that_would_hide_its_place(self):
        self.browser.open(self.plain, "#?verdict=warn&at=s-smtp.data.reply")
        self.assertTrue(self.is_visible("#s-smtp\\.data\\.reply .wire"))
        self.assertEqual(self.browser.script("return location.hash"), "#s-smtp.data.reply")

    def test_comes_from_a_number_to_what_it_counts(self):
        self.browser.open(self.plain)
        self.browser.click(".legend a[href*=violated]")
        self.browser.wait("return location.hash.includes('outcome=violated')")
        self.assertEqual(self.shown(".rule"), 3)

    def test_reads_on_a_telephone_and_in_the_dark(self):
        for page in (self.plain, self.hostile):
            assert_reads_everywhere(self, self.browser, page)


class AHostileServer(Page):
    def test_says_what_it_likes_and_nothing_happens(self):
        self.browser.open(self.hostile)
        self.assertEqual(self.browser.script("return document.scripts.length"), 1)
        self.assertEqual(self.browser.script("return document.querySelectorAll('img, iframe, object, form').length"), 1)
        self.assertIn("<script>alert(1)</script>", self.browser.script("return document.body.textContent"))

    def test_the_page_asks_nobody_for_anything(self):
        for page in (self.plain, self.hostile, self.run_page):
            self.browser.open(page)
            self.assertEqual(self.browser.script("return performance.getEntriesByType('resource').map((e) => e.name)"), [])

    def test_the_policy_would_stop_a_script_all_the_same(self):
        self.browser.open(self.plain)
        self.assertIsNone(self.browser.script(
            "const script = document.createElement('script'); script.textContent = 'window.owned = 1';"
            "document.body.append(script); return window.owned"))
        self.browser.wait("return true")
        messages = self.browser.console()
        self.assertEqual(len(messages), 1, messages)
        self.assertIn("Content Security Policy", messages[0])


if __name__ == "__main__":
    unittest.main()
