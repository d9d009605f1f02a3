"""What is installed beside the program: manual page, completions, the function for users of CTest, the workflow's step.

Called by ctest with the program's path and the folder of the generated files.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import textwrap
import unittest

FOLDER = pathlib.Path(sys.argv.pop(2))
PROGRAM = pathlib.Path(sys.argv.pop(1)).absolute()
SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)


def commands():
    """The subcommands that --help lists."""
    lines = run(PROGRAM, "--help").stdout.split("Subcommands:\n")[1].splitlines()
    return [line.split()[0] for line in lines if line.startswith("  ") and not line.startswith("   ")]


class ManualPage(unittest.TestCase):
    def test_it_is_set_without_a_warning(self):
        result = run("groff", "-man", "-Tutf8", "-ww", "-z", FOLDER / "smtpspec.1")
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_it_has_every_command(self):
        text = run("groff", "-man", "-Tascii", "-P-c", FOLDER / "smtpspec.1").stdout
        plain = run("col", "-b", input=text).stdout
        self.assertGreater(len(commands()), 8)
        for command in commands():
            self.assertIn(f"smtpspec {command}\n", plain)


class Completion(unittest.TestCase):
    def complete(self, *words):
        script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _smtpspec; printf "%s\\n" "${COMPREPLY[@]}"'
        result = run("bash", "-euc", script, "_", FOLDER / "smtpspec.bash", *words)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout.split()

    def test_bash_completes_commands_options_and_values(self):
        self.assertEqual(self.complete("smtpspec", "doc"), ["doctor"])
        self.assertEqual(self.complete("smtpspec", "run", "--unk"), ["--unknown-recipient"])
        self.assertEqual(self.complete("smtpspec", "run", "--role", ""), ["mx", "submission", "lmtp"])

    def test_bash_completes_a_file_where_nothing_else_is_due(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "waivers.toml").touch()
            self.assertEqual(self.complete("smtpspec", "run", "--waivers", f"{folder}/wai"), [f"{folder}/waivers.toml"])

    def test_the_other_shells_read_theirs(self):
        self.assertEqual(run("zsh", "-n", FOLDER / "_smtpspec").stderr, "")
        self.assertEqual(run("fish", "--no-execute", FOLDER / "smtpspec.fish").stderr, "")

    def test_fish_completes_values(self):
        script = f'source {FOLDER / "smtpspec.fish"}; complete -C "smtpspec run --tls "'
        lines = run("fish", "--no-config", "-c", script).stdout.splitlines()
        self.assertEqual({line.split("\t")[0] for line in lines}, {"none", "starttls", "implicit"})


class CtestFunction(unittest.TestCase):
    def test_a_defect_fails_and_the_plain_server_passes(self):
        with tempfile.TemporaryDirectory() as folder:
            project = pathlib.Path(folder)
            (project / "CMakeLists.txt").write_text(textwrap.dedent(f"""\
                cmake_minimum_required(VERSION 3.25)
                project(mymta NONE)
                enable_testing()
                find_package(smtpspec REQUIRED)
                smtpspec_add_conformance_test(good SPAWN "{PROGRAM} serve --port {{port}}" ARGS --select smtp.quit.*
                                              REPORT_FOLDER ${{CMAKE_BINARY_DIR}}/reports)
                smtpspec_add_conformance_test(bad SPAWN "{PROGRAM} serve --port {{port}} --defect quit-answered-250"
                                              ARGS --select smtp.quit.*)
                """))
            made = run("cmake", "-S", folder, "-B", f"{folder}/build", f"-Dsmtpspec_DIR={SOURCE / 'ci/cmake'}",
                       f"-Dsmtpspec_EXECUTABLE={PROGRAM}")
            self.assertEqual(made.returncode, 0, made.stderr)
            result = run("ctest", "--test-dir", f"{folder}/build")
            self.assertRegex(result.stdout, r"good \.+ +Passed")
            self.assertRegex(result.stdout, r"bad \.+\*\*\*Failed")
            for extension in ("json", "xml", "html"):
                self.assertTrue((project / "build/reports" / f"good.{extension}").stat().st_size > 0)

    def test_a_test_without_a_server_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "CMakeLists.txt").write_text(
                "cmake_minimum_required(VERSION 3.25)\nproject(mymta NONE)\nfind_package(smtpspec REQUIRED)\n"
                "smtpspec_add_conformance_test(none)\n")
            made = run("cmake", "-S", folder, "-B", f"{folder}/build", f"-Dsmtpspec_DIR={SOURCE / 'ci/cmake'}",
                       f"-Dsmtpspec_EXECUTABLE={PROGRAM}")
            self.assertNotEqual(made.returncode, 0)
            self.assertIn("SPAWN, TARGET or PROFILE", made.stderr)


class WorkflowStep(unittest.TestCase):
    def step(self, folder, **inputs):
        os.symlink(PROGRAM, f"{folder}/smtpspec")
        environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "RUNNER_TEMP": f"{folder}/temp",
                       "GITHUB_STEP_SUMMARY": f"{folder}/summary.md", "GITHUB_OUTPUT": f"{folder}/output", **inputs}
        return run(SOURCE / "ci/run_in_workflow.sh", env=environment)

    def test_a_fail_is_annotated_summarised_and_red(self):
        with tempfile.TemporaryDirectory() as folder:
            result = self.step(folder, SPAWN=f"{PROGRAM} serve --port {{port}} --defect quit-answered-250",
                               ARGUMENTS="--select\nsmtp.quit.*\n")
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertIn("::error", result.stdout)
            self.assertIn("smtp.quit", pathlib.Path(folder, "summary.md").read_text())
            outputs = dict(line.split("=", 1) for line in pathlib.Path(folder, "output").read_text().splitlines())
            for path in outputs.values():
                self.assertTrue(pathlib.Path(path).stat().st_size > 0)

    def test_an_unset_input_is_no_green_run(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.step(folder, SPAWN="").returncode, 3)


if __name__ == "__main__":
    unittest.main()
