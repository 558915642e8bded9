"""The incident of the corpus as the tests of this folder see it, and the command on it."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
CORPUS = os.environ.get("SMSC_CORPUS") or os.path.join(TOP, "corpus")
COMMAND = os.environ.get("SMSC_COMMAND") or shutil.which("smscrypto")
SCHEMA = os.path.join(TOP, "libsmscrypto", "schema", "smscrypto.schema.json")
SNAPSHOTS = ("2004-12-28", "2005-01-07", "2005-01-09", "2005-01-12")


def incident(folder):
    """A copy of the incident below FOLDER, with the times of its story: git keeps none, and
    the tests do not touch the corpus.  A folder is as old as the newest thing in it."""
    sys.path.insert(0, os.path.join(CORPUS, "make"))
    sys.dont_write_bytecode = True
    import restore_times  # pylint: disable=import-outside-toplevel,import-error
    copy = os.path.join(folder, "incident-2005")
    shutil.copytree(os.path.join(CORPUS, "incident-2005"), copy)
    restore_times.restore(copy)
    for place, folders, names in os.walk(copy, topdown=False):
        stamp = max(os.stat(os.path.join(place, name)).st_mtime_ns for name in folders + names)
        os.utime(place, ns=(stamp, stamp))
    return copy


def answers():
    """What is true about it, from those who made it."""
    with open(os.path.join(CORPUS, "incident-2005", "ANSWERS.json"), encoding="utf-8") as text:
        return json.load(text)


class Incident:
    """One copy for all tests of a module."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="smsc-golden-")
        self.path = incident(self.folder)

    def close(self):
        shutil.rmtree(self.folder)

    def run(self, *words):
        """Output of one run within the incident, where paths are short."""
        done = subprocess.run([COMMAND, *words], cwd=self.path, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode:
            raise AssertionError(f"{words}: status {done.returncode}: {done.stderr.decode()}")
        return done.stdout

    def rows(self, *words):
        """The same as JSON Lines, read."""
        command, *rest = words
        return [json.loads(line) for line in self.run(command, "-f", "jsonl", *rest).splitlines()]
