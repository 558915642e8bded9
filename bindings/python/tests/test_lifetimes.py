"""Any part may be the last that is left, in any order; memory stays flat."""
import gc
import os
import unittest
import weakref

import smscrypto
from evidence import CONTAINER, CORPUS, LOG, SNAPSHOTS, TORN, ZIP, Test, load, resident

CASE = (SNAPSHOTS[0], SNAPSHOTS[1])
PARTS = {
    "source": lambda c: c.sources[0],
    "entry of a source": lambda c: next(iter(c.sources[0])),
    "record": lambda c: c.records[0],
    "inner record": lambda c: next(f.value for r in c.records for f in r.fields
                                   if f.type == "record"),
    "generation": lambda c: c.generations[-1],
    "signature": lambda c: next(g.signature for g in c.generations if g.signature),
    "exchange": lambda c: next(g.exchange for g in c.generations if g.exchange),
    "file": lambda c: c.generations[0].files[0],
    "files": lambda c: c.generations[0].files,
    "event": lambda c: c.events[-1],
    "event's generation": lambda c: next(e.generation for e in c.events if e.generation),
    "event's source": lambda c: c.events[0].source,
    "finding": lambda c: c.findings[0],
    "finding's generation": lambda c: next(f.generation for f in c.findings if f.generation),
    "view": lambda c: c.events,
    "iterator": lambda c: iter(c.events),
    "key_when": lambda c: c.key_when("SMS", "2005-01-01"),
}


def use(thing):
    """Reads all that can be read."""
    repr(thing)
    for name in dir(thing):
        if not name.startswith("_"):
            getattr(thing, name)
    if hasattr(thing, "__iter__"):
        list(thing)


class LastOne(Test):
    def check(self, made, part):
        before = smscrypto.live_objects()
        whole = made()
        thing = part(whole)
        self.assertIsNotNone(thing)
        del whole
        gc.collect()
        self.assertGreater(smscrypto.live_objects(), before)
        use(thing)
        del thing
        gc.collect()
        self.assertEqual(smscrypto.live_objects(), before)

    def test_of_a_case(self):
        for name, part in PARTS.items():
            with self.subTest(name):
                self.check(lambda: smscrypto.analyze(*CASE), part)

    def test_of_a_record(self):
        torn = load(TORN)
        self.check(lambda: smscrypto.decode("x", torn), lambda r: r.findings[0])
        whole = load(CONTAINER)
        self.check(lambda: smscrypto.decode("x", whole),
                   lambda r: next(f.value for f in r.fields if f.type == "record"))

    def test_of_a_source(self):
        for open in (lambda: smscrypto.open(ZIP), lambda: smscrypto.open(SNAPSHOTS[0]),
                     lambda: smscrypto.memory("a.zip", load(ZIP))):
            self.check(open, lambda s: next(iter(s)))
            self.check(open, lambda s: list(s)[-1].source)
            self.check(open, lambda s: smscrypto.logs(
                next(e for e in s if e.path.endswith("CcmExec.log"))))

        def damaged():
            source = smscrypto.open(os.path.join(CORPUS, "archives", "bad-checksum.zip"))
            for entry in source:
                entry.read()
            return source
        self.check(damaged, lambda s: s.findings[0])

    def test_of_a_log(self):
        self.check(lambda: smscrypto.logs(LOG), iter)

        def torn():
            log = smscrypto.logs(os.path.join(CORPUS, "sms-log", "bad-tail-torn.log"))
            list(log)
            return log
        self.check(torn, lambda log: log.findings[0])

    def test_memory_of_a_case(self):
        class Data(bytearray):
            pass

        data = Data(load(ZIP))
        gone = weakref.ref(data)
        event = smscrypto.analyze(smscrypto.memory("a.zip", data)).events[0]
        del data
        gc.collect()
        self.assertIsNotNone(gone())
        use(event)
        del event
        gc.collect()
        self.assertIsNone(gone())

    def test_cycles(self):
        class Writer:
            def __init__(self):
                self.report = smscrypto.Report("jsonl", self.write)

            def write(self, data):
                self.data = data

        writer = Writer()
        writer.report.record(smscrypto.decode("x", load(CONTAINER)))
        writer.report.end()
        self.assertTrue(writer.data)
        gone = weakref.ref(writer)
        del writer
        gc.collect()
        self.assertIsNone(gone())

    def test_a_sink_lives_as_long_as_its_report(self):
        pieces = []
        report = smscrypto.Report("jsonl", lambda data: pieces.append(data))
        gc.collect()
        report.record(smscrypto.decode("x", load(CONTAINER)))
        report.end()
        self.assertTrue(pieces)


class Failures(Test):
    def test_leave_nothing(self):
        for call in (lambda: smscrypto.open("missing"), lambda: smscrypto.logs(CONTAINER),
                     lambda: smscrypto.decode("x", b"junk"), lambda: smscrypto.open(ZIP, zone="x"),
                     lambda: smscrypto.memory("x", b"", codepage=3),
                     lambda: smscrypto.analyze(ZIP, "missing"), lambda: smscrypto.Report("x", print)):
            before = smscrypto.live_objects()
            with self.assertRaises(smscrypto.Error):
                call()
            self.assertEqual(smscrypto.live_objects(), before)


class Loops(Test):
    ROUNDS = 6_000

    def flat(self, work, rounds=ROUNDS):
        for _ in range(rounds // 3):
            work()
        gc.collect()
        live, memory = smscrypto.live_objects(), resident()
        for _ in range(rounds):
            work()
        gc.collect()
        self.assertEqual(smscrypto.live_objects(), live)
        self.assertLess(resident() - memory, 1 << 20)

    def test_decode(self):
        data = load(CONTAINER)

        def work():
            record = smscrypto.decode("x", data)
            [field.value for field in record.fields]
        self.flat(work)

    def test_failed_calls(self):
        def work():
            try:
                smscrypto.decode("x", b"junk")
            except smscrypto.Error:
                pass
        self.flat(work)

    def test_members(self):
        case = smscrypto.analyze(ZIP)

        def work():
            for event in case.events[:2]:
                event.time, event.text, event.generation, event.source, event.local
            case.key_when("SMS", "2005-01-01").exchange
            case.generations[0].files[0]
        self.flat(work)

    def test_rows(self):
        self.flat(lambda: [row.asdict() for row in smscrypto.logs(LOG)], 600)

    def test_sources(self):
        data = load(ZIP)
        self.flat(lambda: [e.modified for e in smscrypto.memory("a.zip", data)], 200)

    def test_cases_and_reports(self):
        self.flat(lambda: smscrypto.analyze(CONTAINER).write("generations", "jsonl"), 600)


if __name__ == "__main__":
    unittest.main()
