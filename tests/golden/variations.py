#!/usr/bin/python3
"""Random variations of the incident, each with its truth, against what diagnose says of them:
variations.py [--report] [SEED [COUNT]]

The truth is that of the maker, which knows what it did; it also tells which questions the
given evidence leaves open.  There an answer may differ, but it must not be called proved.
"""
import collections
import json
import os
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


def judge(truth, name, rows):
    """(verdict, what): "right", "open" (wrong where the evidence leaves it open), "wrong"."""
    container, answer = truth["containers"][name], Answer(rows, name)
    what = None
    if container["needs_restore"] and container["wanted_present"]:
        if not answer.copy:
            what = "nothing is brought back"
        elif answer.keys != container["wanted"]:
            what = "other keys are brought back"
        elif not answer.copy["to"].endswith("_" + truth["guid_now"]):
            what = "under another MachineGuid"
        elif (answer.copy["proof"] == "private-verified") != container["openable"]:
            what = f"proof {answer.copy['proof']}, openable {container['openable']}"
    elif container["needs_restore"]:
        if not answer.search and not answer.copy:
            what = "nobody is told to search"
        elif answer.copy:
            what = "other keys are brought back than those that are missing"
    elif answer.copy:
        what = "something is brought back that need not be"
    if not what:
        return "right", None
    doubts = {"wanted", "live", "needs_restore", "openable"} & set(container["doubt"])
    return ("open" if doubts else "wrong"), what


def judged(seed=SEED, count=COUNT):
    """[(verdict, number, container, what, story)] of every container."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for path in made(folder, seed, count):
            with open(os.path.join(path, "truth.json"), encoding="utf-8") as text:
                truth = json.load(text)
            _, rows = diagnosed(path, truth)
            for name in truth["containers"]:
                if truth["containers"][name]["seen"]:
                    verdict, what = judge(truth, name, rows)
                    found.append((verdict, truth["number"], name, what, truth["story"]))
    return found


def summary(found):
    counts = collections.Counter(row[0] for row in found)
    lines = [", ".join(f"{counts[v]} {v}" for v in ("right", "open", "wrong"))]
    lines += [f"{verdict:5} {number:4} {name}: {what} ({story})"
              for verdict, number, name, what, story in found if verdict != "right"]
    return "\n".join(lines)


class Variations(unittest.TestCase):
    def test_every_container(self):
        found = judged()
        wrong = [row for row in found if row[0] == "wrong"]
        self.assertGreater(len(found), 2 * COUNT)
        self.assertEqual(wrong, [], summary(found))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--report"]:
        print(summary(judged(*map(int, sys.argv[2:]))))
    else:
        unittest.main()
