"""JSON Lines: the members that scripts rely on, and the schema for all the rest."""
import glob
import json
import os
import re
import unittest

import jsonschema

from command import CORPUS, Case, ccm, smscrypto

INCIDENT = os.path.join(CORPUS, "incident-2005")
SNAPSHOTS = [os.path.join(INCIDENT, name)
             for name in ("2004-12-28", "2005-01-07", "2005-01-09", "2005-01-12")]
SCHEMAS = os.path.join(os.path.dirname(CORPUS), "libsmscrypto", "schema")
# Promised by the contract of the command, whatever the schema says.
PROMISED = {
    "generation": "container file_hash machine_guid number state sources signature exchange",
    "event": "time clock kind text source path offset",
    "finding": "rule severity title text path offset confidence",
    "entry": "source path size modified created accessed sha256",
    "log": "time local bias component thread severity text path offset",
}
KEY = "algorithm bits spki_sha256 proof exportable"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z\Z")


def schemas():
    """Every schema file, which describes one row."""
    found = []
    for path in sorted(glob.glob(os.path.join(SCHEMAS, "*.json"))):
        with open(path, encoding="utf-8") as text:
            found.append(json.load(text))
    return found


def values(row):
    """Every member name and value of a row, however deep."""
    if isinstance(row, dict):
        for name, value in row.items():
            yield name, value
            yield from values(value)
    elif isinstance(row, list):
        for value in row:
            yield from values(value)


class Rows(Case):
    @classmethod
    def setUpClass(cls):
        cls.validators = [jsonschema.Draft7Validator(schema) for schema in schemas()]

    def runs(self):
        """(words, the types that must come) of each command."""
        torn = self.write("torn.log", ccm("a") + b"junk\x80\xff\n" + ccm('quote " \\ back'))
        wrong = self.write("cut.zip", b"PK\x03\x04" + bytes(30))
        machine_keys = os.path.join(SNAPSHOTS[1], "**", "MachineKeys", "*")
        masters = os.path.join(SNAPSHOTS[1], "**", "Protect", "S-1-5-18", "*-*-*")
        files = [path for pattern in (machine_keys, masters)
                 for path in sorted(glob.glob(pattern, recursive=True))]
        logs = sorted(glob.glob(os.path.join(INCIDENT, "**", "*.lo[g_]"), recursive=True))
        logs = [path for path in logs if "LogFiles" not in path and "MPSetup" not in path]
        yield ["timeline", *SNAPSHOTS, torn], {"event"}
        yield ["timeline", wrong, self.folder], set()
        yield ["keys", *SNAPSHOTS], {"generation", "finding"}
        yield ["ls", SNAPSHOTS[0], self.folder], {"entry"}
        yield ["ls", "--hash", os.path.join(INCIDENT, "2004-12-28.zip")], {"entry"}
        yield ["inspect", *files], {"record"}
        yield ["log", torn, *logs], {"log", "finding"}

    def test_all(self):
        self.assertTrue(self.validators, "no schema")
        for words, types in self.runs():
            with self.subTest(command=words[0]):
                result = smscrypto(words[0], "-f", "jsonl", *words[1:])
                self.assertStatus(result, 0)
                rows = result.rows()
                self.assertLessEqual(types, {row["type"] for row in rows})
                for row, line in zip(rows, result.lines()):
                    self.check(row, line)

    def check(self, row, line):
        self.assertEqual(next(iter(row)), "type")
        for name in PROMISED.get(row["type"], "").split():
            self.assertIn(name, row, line)
        for name, value in values(row):
            self.assertRegex(name, r"\A[a-z][a-z0-9_]*\Z")
            if name == "sha256" and value is not None:
                self.assertRegex(value, r"\A[0-9a-f]{64}\Z")
        for name in ("time", "modified", "created", "accessed"):
            if row.get(name) is not None:
                self.assertRegex(row[name], TIME, line)
        if row["type"] == "generation":
            for pair in (row["signature"], row["exchange"]):
                self.assertTrue(pair is None or set(KEY.split()) <= set(pair), line)
        reasons = [next(validator.iter_errors(row), None) for validator in self.validators]
        self.assertIn(None, reasons, f"{line}\n{reasons[0]}")

    def test_a_row_that_is_none(self):
        for row in ({}, {"type": "nonsense"}, {"type": "event"}, []):
            for validator in self.validators:
                self.assertFalse(validator.is_valid(row), row)


if __name__ == "__main__":
    unittest.main()
