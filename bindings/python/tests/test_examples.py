"""The examples: the same task in Python and Perl has the same output."""
import os
import subprocess
import sys
import unittest

import smscrypto
from evidence import SNAPSHOTS, TOP, answers

EXAMPLES = os.path.join(TOP, "examples")
PERL = os.environ.get("SMSC_PERL")


def run(*words, status=0):
    done = subprocess.run(words, capture_output=True, check=False,
                          env=dict(os.environ, TZ="Asia/Tokyo", LC_ALL="C"))
    if done.returncode != status:
        raise AssertionError(f"{words}\n{done.stdout}{done.stderr}")
    return done.stdout.decode()


class Examples(unittest.TestCase):
    def both(self, name, *words, status=0):
        out = run(sys.executable, os.path.join(EXAMPLES, "python", name + ".py"), *words, status=status)
        if PERL:
            self.assertEqual(run(PERL, os.path.join(EXAMPLES, "perl", name + ".pl"), *words,
                                 status=status), out)
        return out

    def test_timeline(self):
        out = self.both("timeline", *SNAPSHOTS)
        self.assertEqual(len(out.splitlines()), len(smscrypto.analyze(*SNAPSHOTS).events))
        self.assertIn("\n2005-01-07T22:59:38.", out)

    def test_which_key(self):
        out = self.both("which_key", "SMS", "2005-01-01", *SNAPSHOTS)
        self.assertEqual(out.splitlines()[0], "SMS generation 1, complete")
        truth, = (g for g in answers()["generations"] if (g["container"], g["number"]) == ("SMS", 1))
        files = {f"{day}\t{path}" for day, paths in truth["places"].items() for path in paths
                 if path.endswith(truth["machine_guid"])}
        self.assertEqual(set(out.splitlines()[1:]), files)
        self.assertEqual(self.both("which_key", "none", "2005-01-01", *SNAPSHOTS, status=1),
                         "not known\n")

    def test_generations(self):
        out = self.both("generations", *SNAPSHOTS)
        for truth in answers()["generations"]:
            row = f"{truth['container']}\t{truth['number']}\t"
            self.assertIn(row, out)
            for key in (truth["signature"], truth["exchange"]):
                if key:
                    self.assertIn(f"RSA {key['bits']} {key['spki_sha256']}", out)

    def test_missing_evidence(self):
        for name in ("timeline.py", "generations.py"):
            done = subprocess.run([sys.executable, os.path.join(EXAMPLES, "python", name), "missing"],
                                  capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertRegex(done.stderr, rf"^{name}: missing: .*\n$")


if __name__ == "__main__":
    unittest.main()
