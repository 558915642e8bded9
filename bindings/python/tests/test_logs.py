"""Logs: rows in a stream."""
import datetime
import gzip
import os
import re
import tempfile
import unittest

import smscrypto
from evidence import CORPUS, INCIDENT, LOG, Test, load

CCM = os.path.join(INCIDENT, "2005-01-07", "C", "SMS_CCM", "Logs", "CcmExec.log")
# One CCM record, by its definition; times are civil, and UTC = civil + bias.
RECORD = re.compile(rb'<!\[LOG\[(.*?)\]LOG\]!><time="(\d+):(\d+):(\d+)\.(\d+)([+-]\d+)" '
                    rb'date="(\d+)-(\d+)-(\d+)" component="(.*?)" context="(.*?)" type="(\d)" '
                    rb'thread="(\d+)" file="(.*?):(\d+)">', re.S)


def truth():
    for m in RECORD.finditer(load(CCM)):
        text, hour, minute, second, milli, bias, month, day, year, component, context, kind, \
            thread, file, line = m.groups()
        local = datetime.datetime(int(year), int(month), int(day), int(hour), int(minute),
                                  int(second), int(milli) * 1000)
        utc = (local + datetime.timedelta(minutes=int(bias))).replace(tzinfo=datetime.timezone.utc)
        yield {"text": text.decode(), "time": utc, "local": local, "bias": int(bias),
               "component": component.decode(), "context": context.decode(),
               "severity": int(kind), "thread": int(thread), "file": file.decode(),
               "source_line": int(line), "offset": m.start(), "form": "ccm"}


class Rows(Test):
    def test_against_a_regular_expression(self):
        rows = list(smscrypto.logs(CCM))
        records = list(truth())
        self.assertEqual(len(rows), len(records))
        for row, record in zip(rows, records):
            self.assertEqual({name: getattr(row, name) for name in record}, record)
            self.assertEqual(row.time_ticks, smscrypto.ticks(row.time))

    def test_log(self):
        log = smscrypto.logs(CCM)
        self.assertEqual((log.format, log.path), ("ccm-log", CCM))
        first = next(log)
        self.assertEqual(sum(1 for _ in log) + 1, len(list(truth())))
        self.assertEqual(list(log), [])
        with self.assertRaises(StopIteration):
            next(log)
        self.assertEqual(first, next(smscrypto.logs(CCM)))

    def test_event(self):
        rows = list(smscrypto.logs(os.path.join(CORPUS, "evt/plain.Evt")))
        self.assertEqual([row.event_id for row in rows], [6005, 116, 7023, 1, 529])
        row = rows[3]
        self.assertEqual(row.strings, ("", "two\r\n\tlines", ""))
        self.assertEqual((row.data, row.sid, row.computer), (b"odd", "S-1-5-21-1-2-3-500", "SMSSRV01"))
        self.assertEqual((row.event_code, row.event_type, row.category, row.number), (0x80000001, 2, 3, 4))
        self.assertEqual((row.written, row.written_ticks), (row.time, row.time_ticks))
        self.assertIsNone(row.local)
        self.assertNotEqual(row, rows[2])
        text = next(smscrypto.logs(CCM))
        self.assertEqual((text.event_id, text.strings, text.data, text.written), (0, (), b"", None))

    def test_row(self):
        row = next(smscrypto.logs(CCM))
        self.assertEqual(row.asdict()["text"], row.text)
        self.assertEqual(len(row.asdict()), 27)
        self.assertIn(repr(row.text), repr(row))
        self.assertEqual(len({row, next(smscrypto.logs(CCM))}), 1)
        self.assertNotEqual(row, 5)
        with self.assertRaises(AttributeError):
            row.text = "x"

    def test_rows_outlive_the_log(self):
        texts = [row.text for row in smscrypto.logs(CCM)]
        rows = list(smscrypto.logs(CCM))
        self.assertEqual([row.text for row in rows], texts)

    def test_no_bias(self):
        rows = list(smscrypto.logs(os.path.join(CORPUS, "trace-text", "tabbed.txt")))
        self.assertEqual(len(rows), 3)
        for row in rows:
            self.assertEqual((row.time, row.time_ticks, row.bias), (None, 0, None))
            self.assertIsNone(row.local.tzinfo)

    def test_not_ascii(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x.log")
            record = load(CCM)[:RECORD.match(load(CCM)).end()]
            text = "Schlüssel \u20ac \U0001f511"
            with open(path, "wb") as file:
                file.write(RECORD.sub(record.replace(RECORD.match(record).group(1),
                                                     text.encode()), record) + b"\r\n")
            self.assertEqual([row.text for row in smscrypto.logs(path)], [text])


class Sources(Test):
    def test_an_entry(self):
        entry, = (e for e in smscrypto.open(os.path.join(INCIDENT, "2005-01-07"))
                  if e.path.endswith("/CcmExec.log"))
        self.assertEqual(list(smscrypto.logs(entry)), list(smscrypto.logs(CCM)))

    def test_packed(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x.log.gz")
            with gzip.open(path, "wb") as file:
                file.write(load(CCM))
            self.assertEqual(list(smscrypto.logs(path)), list(smscrypto.logs(CCM)))

    def test_no_log(self):
        path = os.path.join(CORPUS, "capi-container", "two-pairs")
        with self.assertRaises(smscrypto.Error) as caught:
            smscrypto.logs(path)
        self.assertEqual(caught.exception.code, "format")

    def test_with(self):
        with smscrypto.logs(LOG) as log:
            rows = iter(log)
        with self.assertRaisesRegex(ValueError, "closed"):
            next(log)
        self.assertEqual(len(list(rows)), 2)

    def test_damage(self):
        path = os.path.join(CORPUS, "sms-log", "bad-tail-torn.log")
        log = smscrypto.logs(path)
        self.assertEqual(len(list(log)), 1)
        self.assertGreater(len(log.findings), 0)
        self.assertLess(log.findings[0].offset, os.path.getsize(path))


if __name__ == "__main__":
    unittest.main()
