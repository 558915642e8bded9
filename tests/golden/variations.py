#!/usr/bin/python3
"""Random variations of the incident, each with its truth, against what diagnose says of them:
variations.py [--report] [SEED [COUNT]]

The truth is that of the maker, which knows what it did; it also tells which questions the
given evidence leaves open.  There an answer may differ, but it must not be called proved.
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

from evidence import COMMAND, CORPUS

SEED, COUNT = 2005, 200
MAKER = os.path.join(CORPUS, "make", "variations.py")


def made(folder, seed, count):
    """Paths of the variations, made anew below `folder`."""
    subprocess.run(["/usr/bin/python3", MAKER, "--seed", str(seed), "--count", str(count), "--out", folder],
                   check=True, stdout=subprocess.DEVNULL)
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.isdigit()]


def diagnosed(path, truth):
    loose = [word for name in truth["loose"] for word in ("--with", name)]
    done = subprocess.run([COMMAND, "diagnose", "-f", "jsonl", *truth["sources"], *loose], cwd=path,
                          capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise AssertionError(f"{path}: status {done.returncode}: {done.stderr.decode()}")
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return done.returncode, rows


class Answer:
    """What diagnose said of one container."""

    def __init__(self, rows, name):
        keys = {}
        for row in rows:
            if row["type"] == "generation" and row["container"] == name:
                keys[row["number"]] = {use: row[use] and row[use]["spki_sha256"]
                                       for use in ("signature", "exchange")}
        self.copy = self.search = None
        self.rules = collections.Counter()
        for row in rows:
            generation = row.get("generation") or {}
            if generation.get("container") != name:
                continue
            if row["type"] == "plan" and row["action"] == "copy" and row["proof"]:
                self.copy, self.keys = row, keys[generation["number"]]
            if row["type"] == "plan" and row["action"] == "search":
                self.search = row
            if row["type"] == "finding":
                self.rules[row["rule"], row["severity"]] += 1


def fault(truth, container, answer):
    """What is wrong with the answer, or None."""
    if container["needs_restore"] and container["wanted_present"]:
        if not answer.copy:
            return "nothing is brought back"
        if answer.keys != container["wanted"]:
            return "other keys are brought back"
        if not answer.copy["to"].endswith("_" + truth["guid_now"]):
            return "under another MachineGuid"
        if (answer.copy["proof"] == "private-verified") != container["openable"]:
            return f"proof {answer.copy['proof']}, openable {container['openable']}"
    elif container["needs_restore"]:
        if answer.copy and answer.copy["proof"] != "private-verified" and answer.keys == container["wanted"]:
            return None  # the damage is sealed with the key, and the plan says that nothing is proved
        if answer.copy:
            return "other keys are brought back than those that are missing"
        if not answer.search:
            return "nobody is told to search"
    elif answer.copy:
        return "something is brought back that need not be"
    return None


def judge(truth, name, rows):
    """(verdict, what): "right", "open" (wrong where the evidence leaves it open), "wrong"."""
    container = truth["containers"][name]
    what = fault(truth, container, Answer(rows, name))
    if not what:
        return "right", None
    doubts = {"wanted", "live", "needs_restore", "openable"} & set(container["doubt"])
    return ("open" if doubts else "wrong"), what


class Result:
    def __init__(self):
        self.found = []                      # (verdict, number, container, what, story)
        self.fired = collections.Counter()   # rule -> cases
        self.cases = 0

    def add(self, truth, rows):
        self.cases += 1
        self.fired.update({row["rule"] for row in rows if row["type"] == "finding"})
        for name, container in truth["containers"].items():
            if container["seen"]:
                verdict, what = judge(truth, name, rows)
                self.found.append((verdict, truth["number"], name, what, truth["story"]))


def judged(seed=SEED, count=COUNT):
    result = Result()
    with tempfile.TemporaryDirectory() as folder:
        for path in made(folder, seed, count):
            with open(os.path.join(path, "truth.json"), encoding="utf-8") as text:
                truth = json.load(text)
            result.add(truth, diagnosed(path, truth)[1])
    return result


def summary(found):
    counts = collections.Counter(row[0] for row in found)
    lines = [", ".join(f"{counts[v]} {v}" for v in ("right", "open", "wrong"))]
    lines += [f"{verdict:5} {number:4} {name}: {what} ({story})"
              for verdict, number, name, what, story in found if verdict != "right"]
    return "\n".join(lines)


class Variations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.result = judged()

    def test_every_container(self):
        found = self.result.found
        self.assertGreater(len(found), 2 * COUNT)
        self.assertEqual([row for row in found if row[0] == "wrong"], [], summary(found))

    def test_every_rule_fires_and_rests(self):
        # Other tests show these: a dirty hive, a renamed file, two boot keys, a file outside of the store,
        # a row beside its UTC, generations of a log.
        elsewhere = {"K010", "K015", "K017", "K026", "K027", "K028"}
        listed = subprocess.run([COMMAND, "rules"], capture_output=True, check=True).stdout.decode()
        rules = set(re.findall(r"^(K\d{3})  ", listed, re.M)) - elsewhere
        self.assertGreater(len(rules), 20)
        self.assertEqual({rule for rule in rules if not self.result.fired[rule]}, set(), "never fires")
        self.assertEqual({rule for rule in rules if self.result.fired[rule] == self.result.cases}, set(),
                         "always fires")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--report"]:
        print(summary(judged(*map(int, sys.argv[2:])).found))
    else:
        unittest.main()
