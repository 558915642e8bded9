"""Reports: rows in, text out, into anything that takes it."""
import csv
import io
import json
import os
import tempfile
import unittest

import smscrypto
from evidence import CONTAINER, LOG, SNAPSHOTS, ZIP, Test, load


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


class Writing(Test):
    @classmethod
    def setUpClass(cls):
        cls.case = smscrypto.analyze(*SNAPSHOTS)

    @classmethod
    def tearDownClass(cls):
        del cls.case

    def test_jsonl(self):
        rows = lines(self.case.write("timeline", "jsonl"))
        self.assertEqual(len(rows), len(self.case.events))
        for row, event in zip(rows, self.case.events):
            self.assertEqual((row["type"], row["text"], row["kind"], row["offset"]),
                             ("event", event.text, event.kind, event.offset))
        for what in ("generations", "findings"):
            self.assertEqual(len(lines(self.case.write(what, "jsonl"))),
                             len(getattr(self.case, what)))
        self.assertEqual(len(lines(self.case.write("sources", "jsonl"))), len(SNAPSHOTS))

    def test_csv(self):
        rows = list(csv.reader(io.StringIO(self.case.write("generations", "csv"))))
        self.assertGreater(len(rows), len(self.case.generations))
        self.assertEqual(len({len(row) for row in rows}), 1)

    def test_every_format_tells_a_timeline(self):
        for format in ("text", "jsonl", "csv", "bodyfile", "timesketch", "l2tcsv"):
            self.assertTrue(self.case.write("timeline", format), format)

    def test_color(self):
        self.assertIn("\033[", self.case.write("findings", "text", color=True))
        self.assertNotIn("\033[", self.case.write("findings", "text"))

    def test_bounds(self):
        since, until = "2005-01-07", "2005-01-08"
        rows = lines(self.case.write("timeline", "jsonl", since=since, until=until))
        expected = [e for e in self.case.events
                    if smscrypto.ticks(since) <= e.time_ticks < smscrypto.ticks(until)]
        self.assertEqual([row["text"] for row in rows], [e.text for e in expected])
        self.assertGreater(len(rows), 0)

    def test_files_of_each_kind(self):
        text = self.case.write("timeline", "jsonl")
        chars, data = io.StringIO(), io.BytesIO()
        self.assertIsNone(self.case.write("timeline", "jsonl", chars))
        self.assertIsNone(self.case.write("timeline", "jsonl", data))
        self.assertEqual((chars.getvalue(), data.getvalue()), (text, text.encode()))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "out")
            for mode, more in (("w", {"encoding": "utf-8"}), ("wb", {})):
                with open(path, mode, **more) as file:
                    self.case.write("timeline", "jsonl", file)
                self.assertEqual(load(path), text.encode())
            with tempfile.NamedTemporaryFile() as file:
                self.case.write("timeline", "jsonl", file)

    def test_wrong_words(self):
        with self.assertRaises(ValueError):
            self.case.write("secrets", "jsonl")
        for what, format in (("timeline", "pdf"), ("findings", "bodyfile")):
            with self.assertRaises(smscrypto.Error) as caught:
                self.case.write(what, format)
            self.assertEqual(caught.exception.code, "arg")
        with self.assertRaises(AttributeError):
            self.case.write("timeline", "jsonl", 5)

    def test_full_disk(self):
        with self.assertRaises(OSError):
            with open("/dev/full", "wb", buffering=0) as file:
                self.case.write("timeline", "jsonl", file)


class Mixing(Test):
    def test_rows_of_every_kind(self):
        pieces = []
        report = smscrypto.Report("jsonl", pieces.append)
        case = smscrypto.analyze(*SNAPSHOTS)
        entry = next(iter(smscrypto.open(ZIP)))
        log = smscrypto.logs(LOG)
        rows = list(log)
        report.entry(entry)
        report.entry(entry, hash=True)
        report.record(smscrypto.decode("x", load(CONTAINER)))
        for row in rows:
            report.row(log, row)
        report.finding(case.findings[0])
        report.end()
        told = lines(b"".join(pieces))
        self.assertEqual([row["type"] for row in told],
                         ["entry", "entry", "record", "log", "log", "finding"])
        self.assertIsNone(told[0]["sha256"])
        self.assertEqual(len(told[1]["sha256"]), 64)
        self.assertEqual([row["text"] for row in told[3:5]], [row.text for row in rows])
        self.assertEqual([row["line"] for row in told[3:5]], [row.line for row in rows])

    def test_the_sink_may_fail(self):
        def sink(data):
            raise LookupError("no room")

        report = smscrypto.Report("jsonl", sink)
        with self.assertRaisesRegex(LookupError, "no room"):
            report.generations(smscrypto.analyze(ZIP))
            report.end()

    def test_the_sink_cannot_come_back(self):
        def sink(data):
            report.end()

        report = smscrypto.Report("jsonl", sink)
        with self.assertRaisesRegex(RuntimeError, "sink"):
            report.generations(smscrypto.analyze(ZIP))
            report.end()
        del sink
        report = None

    def test_wrong_sinks(self):
        for sink in (None, "file"):
            with self.assertRaises(TypeError):
                smscrypto.Report("jsonl", sink)
        with self.assertRaises(smscrypto.Error):
            smscrypto.Report("pdf", print)


if __name__ == "__main__":
    unittest.main()
