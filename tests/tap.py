#!/usr/bin/python3
"""Runs unittest files and tells meson about every test: tap.py FILE..."""
import importlib.util
import os
import sys
import unittest


class Tap(unittest.TestResult):
    """One line a test, as the Test Anything Protocol has it."""

    number = 0

    def line(self, word, test, note=""):
        self.number += 1
        print(f"{word} {self.number} - {test.id()}{note}", flush=True)

    def failed(self, test, err):
        self.line("not ok", test)
        for text in self._exc_info_to_string(err, test).splitlines():
            print("#", text, flush=True)

    def addSuccess(self, test):
        self.line("ok", test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.failed(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self.failed(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.failed(subtest, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line("ok", test, f" # SKIP {reason}")


def load(path):
    """The tests of one file, which may import its neighbours."""
    name = os.path.splitext(os.path.basename(path))[0]
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return unittest.defaultTestLoader.loadTestsFromModule(module)


def main():
    result = Tap()
    unittest.TestSuite(load(path) for path in sys.argv[1:]).run(result)
    print(f"1..{result.number}", flush=True)
    return 0 if result.wasSuccessful() and result.number else 1


if __name__ == "__main__":
    sys.exit(main())
