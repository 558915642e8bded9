"""Sources and entries: directory, archive, memory."""
import os
import pathlib
import shutil
import tempfile
import unittest

import smscrypto
from evidence import CORPUS, SNAPSHOTS, ZIP, Test, load


def contents(source):
    return {entry.path: entry.read() for entry in source if entry.kind == "file"}


class Walks(Test):
    def test_directory(self):
        top = pathlib.Path(SNAPSHOTS[0])
        files = {str(path.relative_to(top)): path.read_bytes()
                 for path in top.rglob("*") if path.is_file()}
        self.assertEqual(contents(smscrypto.open(top)), files)
        folders = [entry for entry in smscrypto.open(top) if entry.kind == "folder"]
        self.assertEqual({entry.path for entry in folders},
                         {str(path.relative_to(top)) for path in top.rglob("*") if path.is_dir()})
        self.assertEqual({(entry.size, entry.read()) for entry in folders}, {(0, b"")})

    def test_zip_is_directory_is_memory(self):
        data = load(ZIP)
        directory = contents(smscrypto.open(SNAPSHOTS[0]))
        self.assertEqual(contents(smscrypto.open(ZIP)), directory)
        self.assertEqual(contents(smscrypto.memory("a.zip", data)), directory)

    def test_backup_is_directory(self):
        bkf = os.path.join(CORPUS, "incident-2005", "2005-01-07.bkf")
        self.assertEqual(contents(smscrypto.open(bkf)), contents(smscrypto.open(bkf[:-4])))
        kinds = [sorted((entry.path, entry.kind) for entry in smscrypto.open(path))
                 for path in (bkf, bkf[:-4])]
        self.assertEqual(*kinds)

    def test_sets_of_a_backup(self):
        source = smscrypto.open(os.path.join(CORPUS, "bkf", "two-sets.bkf"))
        self.assertEqual([(e.set, e.path, e.read(), e.attributes, e.recovered) for e in source],
                         [(1, "C", b"", 0x10, False), (1, "C/boot.ini", b"full", 0x20, False),
                          (2, "C", b"", 0x10, False), (2, "C/boot.ini", b"later", 0x20, False)])
        self.assertEqual([record["number"] for record in source.sets], [1, 2])
        self.assertEqual(source.sets[0]["user"], "SMSSRV01\\Administrator")
        second = smscrypto.open(os.path.join(CORPUS, "bkf", "two-sets.bkf#2"))
        self.assertEqual(contents(second), {"C/boot.ini": b"later"})

    def test_rights_of_a_backup(self):
        source = smscrypto.open(os.path.join(CORPUS, "bkf", "streams.bkf"))
        self.assertEqual({e.path: e.sddl for e in source if e.sddl}, {"C/rights": "D:(A;;FA;;;SY)"})

    def test_media_of_a_backup(self):
        one, two = (smscrypto.open(os.path.join(CORPUS, "bkf", "spanned-%d.bkf" % n)) for n in (1, 2))
        self.assertFalse(two.join(two))
        self.assertTrue(two.join(one))
        del one
        self.assertEqual(contents(two), {"C/a": b"first", "C/b": bytes(range(256)) * 20, "C/c": b"last"})
        self.assertEqual(len(two.findings), 0)

    def test_recovery(self):
        data = b"\1" * 100_001 + load(os.path.join(CORPUS, "bkf", "plain.bkf"))[1500:]
        self.assertEqual(len(contents(smscrypto.memory("disk.img", data))), 1)
        found = list(smscrypto.memory("disk.img", data, allow_recovery=True))
        self.assertEqual([entry.kind for entry in found].count("file"), 4)
        self.assertTrue(all(entry.recovered for entry in found))

    def test_every_loop_starts_anew(self):
        source = smscrypto.open(ZIP)
        first = [entry.path for entry in source]
        self.assertGreater(len(first), 10)
        self.assertEqual([entry.path for entry in source], first)

    def test_a_walk_within_a_walk_is_told(self):
        source = smscrypto.open(ZIP)
        with self.assertRaisesRegex(RuntimeError, "another walk"):
            for _ in source:
                next(iter(source))

    def test_names(self):
        names = [entry.path for entry in smscrypto.open(os.path.join(CORPUS, "archives", "names-utf8.zip"))]
        self.assertEqual(len(names), 1)
        self.assertFalse(names[0].isascii())

    def test_paths_of_any_kind(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("naïve-ü.zip", b"raw-\xff.zip"):
                path = os.path.join(os.fsencode(folder), os.fsencode(name))
                shutil.copy(ZIP, path)
                for form in (path, os.fsdecode(path), pathlib.Path(os.fsdecode(path))):
                    self.assertEqual(smscrypto.open(form).kind, "archive")
            self.assertIn(r"\xff", smscrypto.open(path).path)

    def test_members(self):
        source = smscrypto.open(ZIP)
        self.assertEqual((source.kind, source.path, source.label),
                         ("archive", ZIP, os.path.basename(ZIP)))
        entry = next(iter(source))
        self.assertEqual(entry.source, source)
        self.assertNotEqual(entry, source)
        self.assertEqual(len({entry.source, source}), 1)
        self.assertIn("Entry path=", repr(entry))
        self.assertIn("archive", repr(source))


class Times(Test):
    def test_of_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x")
            with open(path, "wb"):
                pass
            os.utime(path, ns=(0, 1105138778123456700))
            entry, = smscrypto.open(folder)
            self.assertEqual(entry.modified_ticks, 116444736000000000 + 11051387781234567)
            self.assertEqual(entry.modified.timestamp(), 1105138778.123456)
            self.assertEqual(entry.modified.utcoffset().total_seconds(), 0)
            self.assertEqual(entry.clock, "file-system")
            self.assertIsNone(entry.created)

    def test_local_ones(self):
        path = os.path.join(CORPUS, "archives", "dos-times.zip")
        here, = smscrypto.open(path)
        east, = smscrypto.open(path, zone="+01:00")
        self.assertEqual(here.clock, "archive-local")
        self.assertEqual(here.modified_ticks - east.modified_ticks,
                         3600 * smscrypto.TICKS_A_SECOND)
        self.assertGreater(here.slack, east.slack)


class Bytes(Test):
    def setUp(self):
        super().setUp()
        self.data = os.urandom(300_000) + bytes(1000)

    def tearDown(self):
        del self.data
        super().tearDown()

    def entry(self, **options):
        entry, = smscrypto.memory("bytes", self.data, **options)
        return entry

    def test_read(self):
        entry = self.entry()
        self.assertEqual(entry.read(10) + entry.read(0) + entry.read(), self.data)
        self.assertEqual(entry.read(), b"")
        entry.rewind()
        self.assertEqual(entry.read(1 << 40), self.data)
        self.assertEqual((entry.size, entry.bytes()), (len(self.data), self.data))

    def test_limit(self):
        entry = self.entry(max_stream=1000)
        for read in (entry.bytes, entry.read):
            with self.assertRaises(smscrypto.Error) as caught:
                read()
            self.assertEqual((caught.exception.code, caught.exception.path), ("limit", "bytes"))
        self.assertEqual(entry.read(2000), self.data[:2000])

    def test_memory_is_kept(self):
        data = bytearray(self.data)
        entry, = smscrypto.memory("bytes", data)
        with self.assertRaises(BufferError):
            data.clear()
        self.assertEqual(entry.read(), self.data)
        del entry
        data.clear()

    def test_wrong_arguments(self):
        entry = self.entry()
        for size in ("1", 1.5):
            with self.assertRaises(TypeError):
                entry.read(size)
        with self.assertRaises(TypeError):
            smscrypto.memory("x", "text")


class Closing(Test):
    def test_with(self):
        with smscrypto.open(ZIP) as source:
            entry = next(iter(source))
        with self.assertRaisesRegex(ValueError, "closed"):
            list(source)
        with self.assertRaisesRegex(ValueError, "closed"):
            source.path
        source.close()
        self.assertEqual(repr(source), "<smscrypto.Source closed>")
        self.assertTrue(entry.path and entry.read() is not None)

    def test_with_lets_exceptions_through(self):
        with self.assertRaises(ZeroDivisionError):
            with smscrypto.open(ZIP):
                1 / 0


class Damage(Test):
    def test_becomes_findings(self):
        source = smscrypto.open(os.path.join(CORPUS, "archives", "bad-checksum.zip"))
        list(source)
        for entry in source:
            entry.read()
        self.assertGreater(len(source.findings), 0)
        finding = source.findings[0]
        self.assertIn(finding.rule, smscrypto.rules())
        self.assertTrue(finding.text and finding.title and finding.path)
        self.assertIsNone(finding.generation)


if __name__ == "__main__":
    unittest.main()
