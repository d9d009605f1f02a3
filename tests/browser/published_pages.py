"""published_pages.py FOLDER: the pages that ci/run_servers.sh made of real servers, used as a reader uses them.

Each report NAME.html is filtered, a deviation of it unfolded and its rule looked up; in matrix.html, where several servers
stand side by side, a difference leads to their conversations. Nothing is wider than a telephone, the console stays empty,
and nothing is asked of a network.
"""
import glob
import os
import sys
import unittest

from browser import Browser

FOLDER = sys.argv.pop()
REPORTS = sorted(set(glob.glob(os.path.join(FOLDER, "*.html"))) - {os.path.join(FOLDER, "matrix.html")})
SHOWN = ("return [...document.querySelectorAll(arguments[0])].filter((row) => !row.closest('[hidden]'))"
         ".map((row) => row.id)")
IN_VIEW = "const element = document.getElementById(arguments[0]); return element.open && element.checkVisibility()"


class Published(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = cls.enterClassContext(Browser())

    def setUp(self):
        self.browser.emulate(1400, 1000)
        self.browser.console()

    def look_about(self, page):
        self.assertEqual(self.browser.script("return performance.getEntriesByType('resource').map((e) => e.name)"), [], page)
        self.browser.emulate(360, 900)
        self.assertEqual(self.browser.script("return document.documentElement.scrollWidth"), 360, page)
        self.browser.emulate(1400, 1000)
        self.assertEqual(self.browser.console(), [], page)

    def test_reports(self):
        self.assertNotEqual(REPORTS, [])
        for page in REPORTS:
            with self.subTest(os.path.basename(page)):
                self.browser.open(page)
                everything = self.browser.script(SHOWN, "#waived > div > .row, #fail > div > .row, #warn > div > .row")
                self.browser.open(page, "#?verdict=fail")
                fails = self.browser.script(SHOWN, "#waived > div > .row, #fail > div > .row")
                self.assertNotEqual(fails, [], "no real server is without a fail")
                self.assertLess(len(fails), len(everything))
                summary = f"[id='{fails[0]}'] > summary"
                self.browser.script("document.querySelector(arguments[0]).scrollIntoView()", summary)
                self.browser.click(summary)
                self.browser.wait(IN_VIEW, fails[0])
                rule = self.browser.script("return document.querySelector(arguments[0]).hash.slice(1)",
                                           f"[id='{fails[0]}'] dd a.id")
                self.browser.click(f"[id='{fails[0]}'] dd a.id")
                self.browser.wait(IN_VIEW, rule)
                self.look_about(page)

    @unittest.skipIf(len(REPORTS) < 2, "one server has nobody to stand beside")
    def test_matrix(self):
        page = os.path.join(FOLDER, "matrix.html")
        self.browser.open(page)
        everything = self.browser.script(SHOWN, ".rule")
        self.browser.click("[name=differ]")
        self.browser.wait("return location.hash === '#?differ=1'")
        different = self.browser.script(SHOWN, ".rule")
        self.assertTrue(0 < len(different) < len(everything))
        self.browser.click(f"[id='{different[0]}'] summary")
        self.browser.click(f"[id='{different[0]}'] .scenario a.id")
        self.browser.wait("const talks = document.querySelector('.talks[open]');"
                          "return talks !== null && talks.querySelectorAll('.talk').length > 1")
        self.look_about(page)


if __name__ == "__main__":
    unittest.main()
