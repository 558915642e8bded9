"""Values on their way between Python and C: text, bytes, times, options, errors."""
import datetime
import mmap
import pickle
import unittest

import smscrypto
from evidence import CONTAINER, LOG, Test, load, ticks

UTC = datetime.timezone.utc
STAMP = "2005-01-07T22:59:38.1234567Z"


class Times(Test):
    def test_ticks_are_exact(self):
        self.assertEqual(smscrypto.ticks(STAMP), ticks(STAMP))
        self.assertEqual(smscrypto.ticks(ticks(STAMP)), ticks(STAMP))
        self.assertEqual(smscrypto.time_format(ticks(STAMP)), STAMP)

    def test_datetimes_are_aware(self):
        when = smscrypto.time_parse(STAMP)
        self.assertEqual(when, datetime.datetime(2005, 1, 7, 22, 59, 38, 123456, UTC))
        self.assertEqual(smscrypto.ticks(when), ticks(STAMP) - 7)

    def test_any_zone(self):
        new_york = datetime.timezone(datetime.timedelta(hours=-5))
        when = datetime.datetime(2005, 1, 7, 17, 59, 38, tzinfo=new_york)
        self.assertEqual(smscrypto.time_format(when), "2005-01-07T22:59:38.0000000Z")

    def test_a_naive_time_is_refused(self):
        with self.assertRaisesRegex(ValueError, "zone"):
            smscrypto.ticks(datetime.datetime(2005, 1, 7))

    def test_what_is_no_time(self):
        self.assertIsNone(smscrypto.time_parse("yesterday"))
        with self.assertRaises(ValueError):
            smscrypto.ticks("yesterday")
        with self.assertRaises(TypeError):
            smscrypto.ticks(1.5)
        with self.assertRaises(OverflowError):
            smscrypto.ticks(1 << 64)
        self.assertEqual(smscrypto.time_format(0), "")
        self.assertEqual(smscrypto.time_format(2**63 - 1), "")


class Input(Test):
    def test_anything_with_a_buffer(self):
        data = load(CONTAINER)
        with mmap.mmap(-1, len(data)) as mapped:
            mapped.write(data)
            for form in (data, bytearray(data), memoryview(data), mapped):
                self.assertEqual(smscrypto.decode("x", form).format, "capi-container")

    def test_text_is_no_bytes(self):
        with self.assertRaises(TypeError):
            smscrypto.decode("x", "text")

    def test_nul(self):
        for call in (lambda: smscrypto.open("a\0b"), lambda: smscrypto.decode("a\0b", b""),
                     lambda: smscrypto.time_parse("2005\0")):
            with self.assertRaisesRegex(ValueError, "null"):
                call()

    def test_options(self):
        data = load(CONTAINER)
        self.assertEqual(smscrypto.decode("x", data, codepage=850, zone="+01:00",
                                          max_depth=None, threads=3).format, "capi-container")
        with self.assertRaisesRegex(TypeError, "no option 'zones'"):
            smscrypto.decode("x", data, zones="UTC")
        with self.assertRaises(OverflowError):
            smscrypto.decode("x", data, max_depth=1 << 32)
        with self.assertRaises(OverflowError):
            smscrypto.decode("x", data, max_stream=-1)
        with self.assertRaises(TypeError):
            smscrypto.decode("x", data, zone=5)
        for wrong in ({"zone": "Mars"}, {"codepage": 1}):
            with self.assertRaises(smscrypto.Error) as caught:
                smscrypto.decode("x", data, **wrong)
            self.assertEqual(caught.exception.code, "arg")

    def test_wrong_objects(self):
        record = smscrypto.decode("x", load(CONTAINER))
        report = smscrypto.Report("jsonl", print)
        for thing in (None, 5, record, "x"):
            with self.assertRaisesRegex(TypeError, "Case wanted"):
                report.findings(thing)


class Errors(Test):
    def test_members(self):
        with self.assertRaises(smscrypto.Error) as caught:
            smscrypto.decode("näme", b"nothing that anybody knows")
        error = caught.exception
        self.assertEqual((error.code, error.path), ("format", "näme"))
        self.assertTrue(str(error).startswith("näme: "))

    def test_text(self):
        error = smscrypto.Error("io", "lost", "a.zip", 7)
        self.assertEqual(str(error), "a.zip: lost (at byte 7)")
        again = pickle.loads(pickle.dumps(error))
        self.assertEqual((again.code, again.path, again.offset, str(again)),
                         ("io", "a.zip", 7, str(error)))

    def test_missing_file(self):
        for call in (smscrypto.open, smscrypto.logs, smscrypto.analyze):
            with self.assertRaises(smscrypto.Error) as caught:
                call("no-such-file-ü")
            self.assertEqual((caught.exception.code, caught.exception.path),
                             ("io", "no-such-file-ü"))


class Objects(Test):
    def test_nothing_can_be_changed(self):
        record = smscrypto.decode("x", load(CONTAINER))
        for name in ("path", "typo", "this"):
            with self.assertRaises(AttributeError):
                setattr(record, name, "x")

    def test_nothing_is_made_by_hand(self):
        for kind in (smscrypto.Case, smscrypto.Entry, smscrypto.Event, smscrypto.Row):
            with self.assertRaises(TypeError):
                kind()

    def test_nothing_is_pickled(self):
        for thing in (smscrypto.decode("x", load(CONTAINER)), smscrypto.logs(LOG)):
            with self.assertRaisesRegex(TypeError, "pickle"):
                pickle.dumps(thing)


class Names(Test):
    def test_codes(self):
        self.assertEqual(smscrypto.code_name(0x8009000d), "NTE_NO_KEY")
        self.assertTrue(smscrypto.code_meaning(0x8009000d))
        self.assertIsNone(smscrypto.code_name(0x12345678))
        with self.assertRaises(OverflowError):
            smscrypto.code_name(1 << 32)

    def test_formats_and_rules(self):
        self.assertIn("capi-container", smscrypto.formats())
        self.assertIn("K003", smscrypto.rules())
        self.assertTrue(all(smscrypto.formats().values()) and all(smscrypto.rules().values()))

    def test_knowledge(self):
        known = smscrypto.knowledge()
        self.assertEqual(known["L003"], "CCMSignData failed")
        self.assertGreaterEqual(len(known), 138)
        for name in known:
            self.assertTrue(smscrypto.knowledge_kind(name) and smscrypto.knowledge_meaning(name))
        self.assertEqual(smscrypto.knowledge_component("L003"), "CcmExec")
        self.assertEqual(smscrypto.knowledge_container("L003"), "SMS")
        self.assertEqual(smscrypto.knowledge_severity("L003"), 3)
        self.assertEqual(smscrypto.knowledge_severity("L000"), -1)
        self.assertIsNone(smscrypto.knowledge_meaning("L000"))

    def test_version(self):
        self.assertRegex(smscrypto.version(), r"^\d+\.\d+\.\d+$")
        self.assertEqual(smscrypto.__version__, smscrypto.version())


if __name__ == "__main__":
    unittest.main()
