#!/usr/bin/python3
"""Outputs of the command on the incident, byte for byte: golden.py [--regold]

Each file beside this one is what its command printed when somebody had last looked at it;
answers.py says whether it is true, this whether it changed.
"""
import difflib
import os
import sys
import unittest

from evidence import HERE, SNAPSHOTS, Incident

EVENING = ("--since", "2005-01-07T22:50Z", "--until", "2005-01-08T01:10Z")
CONTAINER = ("2005-01-07/C/Documents and Settings/All Users/Application Data/Microsoft/Crypto/RSA/"
             "MachineKeys/19c5cf9c7b5dc9de3e548adb70398402_4cb61e09-8215-4fc4-9501-911290a11b4d")

# Expected output -> the words that make it.
COMMANDS = {
    "keys.txt": ("keys", *SNAPSHOTS),
    "keys.jsonl": ("keys", "-f", "jsonl", *SNAPSHOTS),
    "keys.csv": ("keys", "-f", "csv", *SNAPSHOTS),
    "keys-color.txt": ("keys", "--color", "always", "2005-01-07"),
    "evening.txt": ("timeline", *EVENING, *SNAPSHOTS),
    "evening-color.txt": ("timeline", "--color", "always", *EVENING, "2005-01-07"),
    "evening.jsonl": ("timeline", "-f", "jsonl", *EVENING, *SNAPSHOTS),
    "evening.csv": ("timeline", "-f", "csv", *EVENING, *SNAPSHOTS),
    "evening.body": ("timeline", "-f", "bodyfile", *EVENING, *SNAPSHOTS),
    "evening.timesketch.jsonl": ("timeline", "-f", "timesketch", *EVENING, *SNAPSHOTS),
    "evening.l2t.csv": ("timeline", "-f", "l2tcsv", *EVENING, *SNAPSHOTS),
    "forum.txt": ("timeline", "forum"),
    "inspect.txt": ("inspect", CONTAINER),
    "inspect.jsonl": ("inspect", "-f", "jsonl", CONTAINER),
    "ls.txt": ("ls", "2004-12-28"),
    "log.txt": ("log", "forum/forum-post.txt"),
}


def expected(name):
    with open(os.path.join(HERE, "expected", name), "rb") as text:
        return text.read()


class Golden(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = Incident()

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def compare(self, name):
        want, got = expected(name), self.world.run(*COMMANDS[name])
        if want == got:
            return
        lines = difflib.unified_diff(want.decode().splitlines(), got.decode().splitlines(),
                                     "expected/" + name, " ".join(COMMANDS[name]), lineterm="", n=0)
        self.fail("\n".join(line[:400] for line in list(lines)[:40]))


def add_tests():
    """One test a file, so that each failure has its name."""
    for name in COMMANDS:
        word = "test_" + "".join(c if c.isalnum() else "_" for c in name)
        setattr(Golden, word, lambda self, name=name: self.compare(name))


def regold():
    world = Incident()
    os.makedirs(os.path.join(HERE, "expected"), exist_ok=True)
    for name, words in COMMANDS.items():
        with open(os.path.join(HERE, "expected", name), "wb") as out:
            out.write(world.run(*words))
    world.close()


add_tests()
if __name__ == "__main__":
    if sys.argv[1:] == ["--regold"]:
        regold()
    else:
        unittest.main()
