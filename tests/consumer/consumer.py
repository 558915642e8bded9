"""The installation as a stranger meets it: from outside the tree, with pkg-config alone."""
import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest

TOP = os.environ["SMSC_TOP"]
BUILD = os.environ["SMSC_BUILD"]
PYTHON = os.environ["SMSC_PYTHON"]
PREFIX = os.environ["SMSC_PREFIX"]
INCIDENT = os.path.join(TOP, "corpus", "incident-2005")
SNAPSHOTS = [os.path.join(INCIDENT, name)
             for name in ("2004-12-28", "2005-01-07", "2005-01-09", "2005-01-12")]
# A block of the README that is code: its language and text.
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
# A block that shows output, and the command that writes it.  A line of "..." stands for any
# lines that were left out.
SHOWN = re.compile(r"^<!-- output of: (.*?) -->\n```text\n(.*?)^```$", re.M | re.S)


def one(pattern):
    """The only file of that pattern, or None."""
    found = glob.glob(pattern, recursive=True)
    return found[0] if found else None


class Consumer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="smscrypto-")
        cls.addClassCleanup(shutil.rmtree, cls.root, ignore_errors=True)
        cls.stage = os.path.join(cls.root, "stage")
        subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet",
                        "--destdir", cls.stage], check=True, capture_output=True)
        cls.away = os.path.join(cls.root, "away")
        os.mkdir(cls.away)
        prefix = cls.stage + PREFIX
        python = one(f"{prefix}/**/smscrypto.py") or one(f"{prefix}/**/smscrypto/__init__.py")
        perl = one(f"{prefix}/**/SMSCrypto.pm")
        cls.env = dict(os.environ, LC_ALL="C.UTF-8", PKG_CONFIG_SYSROOT_DIR=cls.stage,
                       PKG_CONFIG_PATH=os.path.dirname(one(f"{prefix}/**/libsmscrypto.pc")),
                       LD_LIBRARY_PATH=os.path.dirname(one(f"{prefix}/**/libsmscrypto.so")),
                       PATH=f"{prefix}/bin:{os.environ['PATH']}")
        if python:
            folder = os.path.dirname(python)
            if python.endswith("__init__.py"):
                folder = os.path.dirname(folder)
            cls.env["PYTHONPATH"] = folder
        if perl:
            cls.env["PERL5LIB"] = os.path.dirname(perl)
        cls.python, cls.perl = bool(python), bool(perl)

    def run_it(self, words, cwd=None, status=0):
        """Output of a program that is run outside the tree."""
        done = subprocess.run(words, cwd=cwd or self.away, env=self.env, capture_output=True,
                              text=True, check=False, timeout=120)
        self.assertEqual(done.returncode, status, f"{words}\n{done.stdout}{done.stderr}")
        return done.stdout

    def build(self, source):
        """Compiles one C file with what pkg-config says and nothing else."""
        program = os.path.join(self.away, os.path.basename(source).removesuffix(".c"))
        flags = self.run_it(["pkg-config", "--cflags", "--libs", "libsmscrypto"]).split()
        self.run_it(["cc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", source,
                     *flags, "-o", program])
        return program

    def examples(self, name):
        """Words that run the example of that name in each language."""
        yield [self.build(os.path.join(TOP, "examples", "c", name + ".c"))]
        if self.python:
            yield [PYTHON, os.path.join(TOP, "examples", "python", name + ".py")]
        if self.perl:
            yield ["perl", os.path.join(TOP, "examples", "perl", name + ".pl")]


class Installed(Consumer):
    def test_files(self):
        for name in ("include/smscrypto.h", "bin/smscrypto", "share/man/man1/smscrypto.1",
                     "share/man/man3/libsmscrypto.3", "share/man/man3/smsc_case.3"):
            path = f"{self.stage}{PREFIX}/{name}"
            self.assertTrue(os.path.exists(path) or os.path.exists(path + ".gz"), name)
        self.assertFalse(glob.glob(f"{self.stage}{PREFIX}/**/*.a", recursive=True))

    def test_command(self):
        out = self.run_it(["smscrypto", "version"])
        self.assertRegex(out, r"^smscrypto \d")

    def test_versions_agree(self):
        version = self.run_it(["pkg-config", "--modversion", "libsmscrypto"]).strip()
        self.assertEqual(self.run_it(["smscrypto", "version"]), f"smscrypto {version}\n")
        if self.python:
            self.assertEqual(self.run_it([PYTHON, "-c", "import smscrypto; "
                                          "print(smscrypto.version())"]).strip(), version)
        if self.perl:
            self.assertEqual(self.run_it(["perl", "-MSMSCrypto", "-e",
                                          "print SMSCrypto::version()"]), version)


class Examples(Consumer):
    """The same tasks in every language, with the same answer."""

    def test_timeline(self):
        outs = [self.run_it([*words, *SNAPSHOTS]) for words in self.examples("timeline")]
        self.assertIn("2005-01-07T22:59:38", outs[0])
        for out in outs[1:]:
            self.assertEqual(out, outs[0])

    def test_timeline_is_the_commands(self):
        out = self.run_it([*next(self.examples("timeline")), *SNAPSHOTS])
        rows = self.run_it(["smscrypto", "timeline", "-f", "csv", "-q", *SNAPSHOTS])
        self.assertEqual(out.count("\n"), rows.count("\n") - 1)

    def test_which_key(self):
        before, after = "2005-01-01", "2005-01-08"
        for when in (before, after):
            outs = [self.run_it([*words, "SMS", when, *SNAPSHOTS])
                    for words in self.examples("which_key")]
            self.assertRegex(outs[0], r"^SMS generation \d+, (in)?complete\n")
            for out in outs[1:]:
                self.assertEqual(out, outs[0])

    def test_generations(self):
        archive = os.path.join(INCIDENT, "2005-01-12.tar.gz")
        outs = [self.run_it([*words, *SNAPSHOTS, archive])
                for words in self.examples("generations")]
        self.assertRegex(outs[0], r"(?m)^SMS\t2\tincomplete\t1230\t")
        for out in outs[1:]:
            self.assertEqual(out, outs[0])

    def test_examples_are_short(self):
        for path in glob.glob(os.path.join(TOP, "examples", "*", "*.*")):
            if os.path.basename(os.path.dirname(path)) in ("c", "python", "perl"):
                with open(path, encoding="utf-8") as text:
                    self.assertLess(len(text.readlines()), 40, path)


class Readme(Consumer):
    def setUp(self):
        with open(os.path.join(TOP, "README.md"), encoding="utf-8") as text:
            self.text = text.read()

    def blocks(self, language):
        found = [code for name, code in BLOCK.findall(self.text) if name == language]
        self.assertTrue(found, language)
        return found

    def test_c(self):
        for number, code in enumerate(self.blocks("c")):
            source = os.path.join(self.away, f"readme{number}.c")
            with open(source, "w", encoding="utf-8") as out:
                out.write(code)
            self.assertIn("2005", self.run_it([self.build(source), *SNAPSHOTS]))

    def test_python(self):
        if not self.python:
            self.skipTest("no Python binding")
        for code in self.blocks("python"):
            self.assertIn("2005", self.run_it([PYTHON, "-c", code, *SNAPSHOTS]))

    def test_perl(self):
        if not self.perl:
            self.skipTest("no Perl binding")
        for code in self.blocks("perl"):
            self.assertIn("2005", self.run_it(["perl", "-e", code, *SNAPSHOTS]))

    def test_shell(self):
        for code in self.blocks("sh"):
            if "quickstart" in code or "tests/" in code:
                continue  # those two are the whole project
            for line in code.replace("\\\n", "").splitlines():
                self.assertTrue(self.run_it(["sh", "-ec", line], cwd=INCIDENT), line)

    def test_output_is_real(self):
        shown = SHOWN.findall(self.text)
        self.assertTrue(shown)
        for line, expected in shown:
            out = self.run_it(["sh", "-c", line], cwd=INCIDENT)
            pattern = "".join(r"(?:.*\n)*" if row == "..." else re.escape(row) + "\n"
                              for row in expected.splitlines())
            self.assertRegex(out, r"(?m)^" + pattern)

    def test_packages_are_the_list(self):
        listed = subprocess.run(["sh", os.path.join(TOP, "tests", "packages.sh"), "--list",
                                 "build"], check=True, capture_output=True, text=True).stdout
        for name in listed.split():
            self.assertRegex(self.text, rf"(?<![\w-]){re.escape(name)}(?![\w-])")

    def test_formats_are_the_list(self):
        for line in self.run_it(["smscrypto", "formats"]).splitlines():
            self.assertIn(f"`{line.split()[0]}`", self.text)


if __name__ == "__main__":
    unittest.main()
