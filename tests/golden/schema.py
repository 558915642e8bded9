"""Every kind of JSON line that the command writes, against the schema."""
import glob
import json
import os
import unittest

from evidence import SNAPSHOTS, Incident
from schema_check import Checker

LOGS = "2005-01-07/C/SMS_CCM/Logs/CcmExec.log", "2005-01-07/C/SMS/Logs/hman.log", \
    "2005-01-07/C/SMS/Logs/despool20.lo_", "forum/forum-post.txt"


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = Incident()
        cls.checker = Checker()

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def check(self, types, command, *words):
        lines = self.world.run(command, "-f", "jsonl", *words).decode().splitlines()
        for line in lines:
            self.assertEqual(self.checker.faults(line), [], line[:400])
        self.assertLessEqual(set(types), {json.loads(line)["type"] for line in lines})

    def test_keys(self):
        self.check(("generation", "finding"), "keys", *SNAPSHOTS)

    def test_timeline(self):
        self.check(("event",), "timeline", *SNAPSHOTS, "client-CL01", "forum")

    def test_entries(self):
        self.check(("entry",), "ls", "--hash", "2005-01-07", "2004-12-28.zip", "2005-01-12.tar.gz")

    def test_logs(self):
        self.check(("log",), "log", *LOGS)

    def test_records(self):
        for pattern in ("*/RSA/*/*", "*/Protect/*/*"):
            files = glob.glob(os.path.join(self.world.path, "2005-01-07/C/**", pattern),
                              recursive=True)
            files = [f for f in files if os.path.isfile(f)]
            self.assertTrue(files)
            self.check(("record",), "inspect", *files)

    def test_it_finds_faults(self):
        line = self.world.run("keys", "-f", "jsonl", "2005-01-07").decode().splitlines()[0]
        row = json.loads(line)
        for change in ({"number": 0}, {"number": None}, {"state": "fine"}, {"extra": 1}):
            self.assertTrue(self.checker.faults(json.dumps({**row, **change})))
        del row["change"]
        self.assertTrue(self.checker.faults(json.dumps(row)))
        self.assertTrue(self.checker.faults(json.dumps({"number": 1, "type": "generation"})))
        self.assertTrue(self.checker.faults("{"))


if __name__ == "__main__":
    unittest.main()
