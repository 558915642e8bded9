"""Boot key, LSA key and every LSA secret of real and made hives against their known answers.

The answers of the real hives were found by other programs, those of the corpus are its maker's.
"""
import json
import os
import pathlib
import subprocess
import unittest

TOOL = os.environ["SMSC_LSA_TOOL"]
CORPUS = pathlib.Path(os.environ["SMSC_CORPUS"])
HIVES = pathlib.Path(os.environ.get("SMSC_SHARED", "../shared/data")) / "hives"


def read(system, security):
    """{"boot": hex, "lsa": hex}, {name: (current, old)}; None where there is no value."""
    lines = subprocess.run([TOOL, system, security], check=True, capture_output=True,
                           text=True).stdout.splitlines()
    keys = dict(line.split(" ") for line in lines[:2])
    secrets = {}
    for line in lines[2:]:
        name, current, old = line.split("\t")
        name = name.replace("\\x00", "\0")
        secrets[name] = tuple(None if text == "-" else text for text in (current, old))
    return keys, secrets


def value(answer, which):
    """Empty values and those that are not there both hold nothing."""
    return ((answer.get(which) or {}).get("hex")) or None


class Real(unittest.TestCase):
    def check(self, folder):
        found = list((HIVES / folder).rglob("ANSWERS.json"))
        if not found:
            self.skipTest("the shared evidence is not here")
        answers = json.loads(found[0].read_text())
        keys, secrets = read(found[0].with_name("system"), found[0].with_name("SECURITY"))
        self.assertEqual(keys, {"boot": answers["boot_key"], "lsa": answers["lsa_key"]})
        self.assertEqual(sorted(secrets), sorted(answers["secrets"]))
        for name, answer in answers["secrets"].items():
            self.assertEqual(secrets[name], (value(answer, "CurrVal"), value(answer, "OldVal")), name)

    def test_xp_x86(self):
        self.check("xp-x86-hackfortress")

    def test_nt52_x64(self):
        self.check("nt52-x64-winxp")


class Made(unittest.TestCase):
    def test_incident(self):
        answers = json.loads((CORPUS / "incident-2005/ANSWERS.json").read_text())
        text = json.dumps(answers).lower()
        for day in ("2004-12-28", "2005-01-07", "2005-01-09", "2005-01-12"):
            config = CORPUS / "incident-2005" / day / "C/WINNT/system32/config"
            keys, secrets = read(config / "SYSTEM", config / "SECURITY")
            current, old = secrets["DPAPI_SYSTEM"]
            for known in (keys["boot"], keys["lsa"], current[8:48], current[48:88], old[8:48], old[48:88]):
                self.assertIn(known, text, day)


if __name__ == "__main__":
    unittest.main()
