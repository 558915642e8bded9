#!/usr/bin/python3
"""Sums meson's test logs to one closing line.

A program that counted no test at all has failed: Criterion without /proc runs none and says
that all went well.
"""
import argparse
import json
import os
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import namedtuple

Count = namedtuple("Count", "name passed failed skipped")


def points(log):
    """Test points of each program that speaks TAP: {name: [(failed, skipped), ...]}."""
    found = {}
    with open(log, encoding="utf-8", errors="replace") as text:
        # A test may print bytes that no XML may hold, and meson passes them on.
        clean = re.sub(r"[^\t\n\r -\ud7ff\ue000-\ufffd]", "?", text.read())
    for suite in ElementTree.fromstring(clean.partition("?>")[2]).iter("testsuite"):
        project, _, name = suite.get("name").partition(".")
        if name:
            found[name] = [(case.find("failure") is not None or case.find("error") is not None,
                            case.find("skipped") is not None)
                           for case in suite.findall("testcase")]
    return found


def count(test, of_test):
    """One program: its points, or itself as one when it does not speak TAP."""
    name, result = test["name"], test["result"]
    failed = sum(bad for bad, _ in of_test)
    skipped = sum(skip for _, skip in of_test)
    passed = len(of_test) - failed - skipped
    if result == "OK":
        return Count(name, passed if of_test else 1, failed, skipped)
    if result == "SKIP" and (of_test or "# SKIP" in test["stdout"] or test["returncode"] == 77):
        return Count(name, passed, failed, max(skipped, 1))
    return Count(name, passed, max(failed, 1), skipped)


def fold(build):
    """The programs of one build; a build without a log has failed."""
    logs = os.path.join(build, "meson-logs")
    try:
        with open(os.path.join(logs, "testlog.json"), encoding="utf-8") as lines:
            tests = [json.loads(line) for line in lines]
        of_tests = points(os.path.join(logs, "testlog.junit.xml"))
    except FileNotFoundError:
        return [Count(build, 0, 1, 0)]
    return [count(dict(test, stdout=test.get("stdout", "")), of_tests.get(test["name"], []))
            for test in tests]


def sanitizers(folder):
    """Each report that a sanitizer wrote is a failure."""
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as text:
            report = text.read()
        if report.strip():
            print("\n".join(report.splitlines()[:40]))
            yield Count(f"sanitizer report {name}", 0, 1, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", nargs="+", help="build folder of meson with its test log")
    parser.add_argument("--reports", default="", help="folder of the sanitizers' reports")
    parser.add_argument("--failed", action="append", default=[], help="a step that failed")
    args = parser.parse_args()
    rows = [row for build in args.build for row in fold(build)]
    rows += sanitizers(args.reports)
    rows += [Count(step, 0, 1, 0) for step in args.failed]
    for row in rows:
        if row.failed:
            print(f"FAILED  {row.name}: {row.failed} of {row.passed + row.failed + row.skipped}")
    passed, failed, skipped = (sum(getattr(row, of) for row in rows)
                               for of in ("passed", "failed", "skipped"))
    if skipped:
        print(f"{skipped} skipped")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
