"""What is installed for authors who fuzz their own server: the header, the library, the CMake function, the example.

Called by ctest with the build tree and the program's path; needs Clang 14 for the fuzzing itself.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(sys.argv.pop(2)).absolute()
BUILD = pathlib.Path(sys.argv.pop(1)).absolute()
SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLE = SOURCE / "ci/examples/fuzz_your_server"


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=400, errors="replace", **options)


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        installed = run("cmake", "--install", BUILD, "--component", "author", "--prefix", cls.root / "installed")
        assert installed.returncode == 0, installed.stderr

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def make(self, name, compiler):
        build = self.root / name
        made = run("cmake", "-S", EXAMPLE, "-B", build, f"-DCMAKE_CXX_COMPILER={compiler}",
                   f"-DCMAKE_PREFIX_PATH={self.root / 'installed'}", f"-Dsmtpspec_EXECUTABLE={PROGRAM}")
        self.assertEqual(made.returncode, 0, made.stderr)
        built = run("cmake", "--build", build, "-j2")
        self.assertEqual(built.returncode, 0, built.stdout + built.stderr)
        return build

    def test_the_header_is_c(self):
        source = self.root / "use.c"
        source.write_text("#include <smtpspec/fuzz.h>\n"
                          "static void see(const char *line, size_t count) { (void)line; (void)count; }\n"
                          "const smtpspec_server smtpspec_fuzzed_server = {.command = see};\n")
        result = run("cc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only",
                     f"-I{self.root / 'installed/include'}", source)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_every_scenario_is_a_seed(self):
        seeds = list((self.root / "installed/share/smtpspec/fuzz/seeds").iterdir())
        self.assertGreater(len(seeds), 500)
        for seed in seeds:
            self.assertTrue(seed.read_bytes().startswith(b"F1\n"), seed)

    @unittest.skipUnless(shutil.which("clang++-14"), "libFuzzer comes with Clang")
    def test_the_example_is_sound_and_its_mistakes_are_found(self):
        build = self.make("clang", "clang++-14")
        result = run("ctest", "--test-dir", build, "--output-on-failure", "-j2")
        self.assertRegex(result.stdout, r"fuzz_tiny \.+ +Passed")
        self.assertRegex(result.stdout, r"fuzz_long_name_overflows \.+\*\*\*Failed")
        self.assertRegex(result.stdout, r"fuzz_rset_keeps_recipients \.+\*\*\*Failed")
        self.assertIn("AddressSanitizer: stack-buffer-overflow", result.stdout)
        self.assertIn("smtpspec: state-kept: ", result.stdout)
        # What was found is kept in a form that can be read, and shows it again.
        for name in ("fuzz_long_name_overflows", "fuzz_rset_keeps_recipients"):
            finding, = (build / f"{name}.findings").glob("crash-*")
            self.assertTrue(re.search(rb"^C:", finding.read_bytes(), re.MULTILINE), finding)
            self.assertNotEqual(run(build / name, finding).returncode, 0)
            self.assertEqual(run(build / "fuzz_tiny", finding).returncode, 0)

    def test_without_libfuzzer_the_seeds_are_played(self):
        build = self.make("gcc", "g++")
        played = run(build / "fuzz_tiny", self.root / "installed/share/smtpspec/fuzz/seeds")
        self.assertEqual(played.returncode, 0, played.stderr[-2000:])
        self.assertRegex(played.stdout, r"^\d{3,} inputs, nothing found")
        failed = run(build / "fuzz_rset_keeps_recipients", self.root / "installed/share/smtpspec/fuzz/seeds")
        self.assertNotEqual(failed.returncode, 0)
        self.assertIn("smtpspec: state-kept: ", failed.stderr)


if __name__ == "__main__":
    unittest.main()
