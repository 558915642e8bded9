"""Records: a mapping of names to values, each with the bytes it was read from."""
import collections.abc
import glob
import os
import unittest

import smscrypto
from evidence import CONTAINER, CORPUS, SNAPSHOTS, TORN, Test, answers, load, samples


def walk(record):
    """Every field, down to the leaves."""
    for field in record.fields:
        yield field
        if field.type == "record":
            yield from walk(field.value)


class Fields(Test):
    def test_say_which_bytes_they_are(self):
        seen = 0
        for path in glob.glob(os.path.join(CORPUS, "capi-container", "*")):
            data = load(path)
            try:
                record = smscrypto.decode(path, data)
            except smscrypto.Error:
                continue
            for field in walk(record):
                if field.bytes == 0:
                    continue  # derived from others
                raw = data[field.at:field.at + field.bytes]
                self.assertEqual(len(raw), field.bytes)
                if field.type == "bytes":
                    self.assertEqual(field.value, raw)
                elif field.type == "int" and field.bytes in (1, 2, 4):
                    self.assertIn(field.value, (int.from_bytes(raw, "little"),
                                                int.from_bytes(raw, "little", signed=True)))
                seen += 1
        self.assertGreater(seen, 1000)

    def test_members(self):
        field = smscrypto.decode("x", load(CONTAINER)).fields[0]
        self.assertIsInstance(field, smscrypto.Field)
        self.assertEqual(tuple(field)[:2], (field.name, field.value))
        self.assertTrue(field.name and field.meaning)
        self.assertEqual(field.at, 0)


class Mapping(Test):
    def setUp(self):
        super().setUp()
        self.record = smscrypto.decode("näme", load(CONTAINER))

    def tearDown(self):
        del self.record
        super().tearDown()

    def test_is_one(self):
        record = self.record
        self.assertIsInstance(record, collections.abc.Mapping)
        self.assertEqual((record.format, record.path), ("capi-container", "näme"))
        self.assertEqual(list(record), list(record.keys()))
        self.assertEqual(len(record), len(dict(record)))
        self.assertEqual(dict(record), dict(record.items()))
        self.assertEqual(list(record), list(dict.fromkeys(f.name for f in record.fields)))
        for name in record:
            self.assertEqual(record[name], record.field(name).value)

    def test_missing_names(self):
        with self.assertRaisesRegex(KeyError, "nothing"):
            self.record["nothing"]
        self.assertNotIn("nothing", self.record)
        self.assertNotIn(5, self.record)
        self.assertIsNone(self.record.get("nothing"))
        self.assertEqual(self.record.get("nothing", 7), 7)
        self.assertIsNone(self.record.field("nothing"))

    def test_dotted_names(self):
        inner = [field for field in self.record.fields if field.type == "record"]
        self.assertTrue(inner)
        for field in inner:
            for name in field.value:
                self.assertEqual(self.record[f"{field.name}.{name}"], field.value[name])

    def test_values_have_types(self):
        kinds = {"int": int, "text": str, "bytes": bytes, "record": smscrypto.Record}
        for field in walk(self.record):
            self.assertIsInstance(field.value, kinds[field.type])
            self.assertEqual(field.ticks is not None, field.type == "time")

    def test_what_is_in_it(self):
        truth = samples()["capi-container/two-pairs"]
        self.assertIn(truth["container"], [field.value for field in walk(self.record)])

    def test_views(self):
        fields = self.record.fields
        self.assertEqual(list(fields), [fields[i] for i in range(len(fields))])
        self.assertEqual(fields[-1], list(fields)[-1])
        self.assertEqual(fields[1:3], list(fields)[1:3])
        with self.assertRaises(IndexError):
            fields[len(fields)]


class Hives(Test):
    def test_one_key(self):
        data = load(SNAPSHOTS[1], "C", "WINNT", "system32", "config", "SOFTWARE")
        record = smscrypto.decode("SOFTWARE", data, r"Microsoft\Cryptography")
        guid = answers()["snapshots"]["2005-01-07"]["machine_guid"]
        self.assertIn(guid, [field.value for field in walk(record)])
        self.assertEqual(smscrypto.decode("SOFTWARE", data).format, record.format)
        for key, wrong, code in (("no such key", data, "arg"), ("", load(CONTAINER), "format")):
            with self.assertRaises(smscrypto.Error) as caught:
                smscrypto.decode("x", wrong, key=key)
            self.assertEqual(caught.exception.code, code)


class Names(Test):
    def test_not_ascii(self):
        truth = samples()["capi-container/name-1252"]["container"]
        self.assertFalse(truth.isascii())
        record = smscrypto.decode("x", load(CORPUS, "capi-container", "name-1252"))
        self.assertIn(truth, [field.value for field in walk(record)])

    def test_undecodable(self):
        record = smscrypto.decode(b"raw-\xff", load(CONTAINER))
        self.assertEqual(record.path, r"raw-\xff")


class Damage(Test):
    def test_keeps_what_was_read(self):
        data = load(TORN)
        record = smscrypto.decode("torn", data)
        self.assertGreater(len(record), 3)
        self.assertGreater(len(record.findings), 0)
        for finding in record.findings:
            self.assertLessEqual(finding.offset, len(data))
            self.assertEqual(finding.path, "torn")
            self.assertIn(finding.severity, range(4))

    def test_nothing_known(self):
        for data in (b"", b"\0" * 100, os.urandom(1000)):
            with self.assertRaises(smscrypto.Error) as caught:
                smscrypto.decode("junk", data)
            self.assertEqual((caught.exception.code, caught.exception.path), ("format", "junk"))

    def test_the_bytes_may_go(self):
        data = bytearray(load(CONTAINER))
        record = smscrypto.decode("x", data)
        before = [field.value for field in walk(record) if field.type != "record"]
        data[:] = b"\xff" * len(data)
        data.clear()
        self.assertEqual([f.value for f in walk(record) if f.type != "record"], before)


if __name__ == "__main__":
    unittest.main()
