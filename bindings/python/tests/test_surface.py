"""What is there, what is said of it, and its types agree."""
import inspect
import os
import subprocess
import sys
import tempfile
import unittest

import smscrypto
from evidence import TOP, Test

CLASSES = [value for value in map(vars(smscrypto).get, smscrypto.__all__)
           if inspect.isclass(value)]


class Surface(Test):
    def test_all_is_all(self):
        public = {name for name, value in vars(smscrypto).items()
                  if not name.startswith("_") and not inspect.ismodule(value)}
        self.assertEqual(sorted(public), sorted(smscrypto.__all__))

    def test_everything_is_described(self):
        for name in smscrypto.__all__:
            thing = getattr(smscrypto, name)
            if not isinstance(thing, int):
                self.assertTrue(inspect.getdoc(thing), name)
        for kind in CLASSES:
            for name, member in vars(kind).items():
                if not name.startswith("_") and kind is not smscrypto.File:
                    self.assertTrue(inspect.getdoc(member), f"{kind.__name__}.{name}")

    def test_nothing_of_swig_is_left(self):
        for kind in CLASSES:
            self.assertFalse(hasattr(kind, "thisown") or hasattr(kind, "__swig_destroy__"))
            self.assertEqual(kind.__module__, "smscrypto")


class Types(Test):
    def test_stubs(self):
        folder = os.path.dirname(os.path.dirname(smscrypto.__file__))
        with tempfile.TemporaryDirectory() as away:
            done = subprocess.run([sys.executable, "-m", "mypy.stubtest", "smscrypto"], cwd=away,
                                  env=dict(os.environ, MYPYPATH=folder), capture_output=True,
                                  text=True, check=False)
        if "No module named" in done.stderr:
            self.skipTest("mypy is not installed")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_examples_are_well_typed(self):
        top = os.path.join(TOP, "examples", "python")
        folder = os.path.dirname(os.path.dirname(smscrypto.__file__))
        for name in sorted(os.listdir(top)):
            with tempfile.TemporaryDirectory() as away:
                done = subprocess.run(
                    [sys.executable, "-m", "mypy", "--strict", "--cache-dir", away,
                     os.path.join(top, name)], cwd=away, env=dict(os.environ, MYPYPATH=folder),
                    capture_output=True, text=True, check=False)
            if "No module named" in done.stderr:
                self.skipTest("mypy is not installed")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
