"""The suite against the requirement catalogue, in both directions, and the page that says how far it has come.

Called by ctest with the program's path as first argument.
"""
import json
import os
import subprocess
import sys
import unittest

PROGRAM = sys.argv.pop(1)
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = os.path.join(SOURCE, "scenarios", "catalogue", "COVERAGE.md")


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=120)


class Suite(unittest.TestCase):
    def test_every_bound_requirement_stands_in_the_catalogue(self):
        # The linter refuses an id that does not, and one that no step is bound to.
        result = run("lint")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_no_requirement_is_explained_that_is_covered_after_all(self):
        requirements = json.loads(run("coverage", "--format", "json").stdout)["requirements"]
        explained = [entry for entry in requirements if "reason" in entry]
        self.assertGreater(len(explained), 0)
        covered = [f"{entry['id']}: {' '.join(entry['scenarios'])}" for entry in explained if entry["state"] != "untested"]
        self.assertEqual(covered, [], "take these out of scenarios/catalogue/untested.toml")

    def test_the_page_is_what_the_program_writes(self):
        with open(PAGE) as file:
            page = file.read()
        self.assertEqual(page.splitlines(), run("coverage", "--format", "markdown").stdout.splitlines(),
                         "write it anew: smtpspec coverage --format markdown > scenarios/catalogue/COVERAGE.md")


if __name__ == "__main__":
    unittest.main(verbosity=2)
