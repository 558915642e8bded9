"""What other readers of the tape format are known to get wrong, one test each, and the layouts
that writers other than the usual one leave.  The backups come from the corpus' own maker.

    reader      what it gets wrong                          test
    mtftar      sparse files are lost                       sparse, huge, spanned_sparse_run
                files without STAN are lost                 no_data_stream, spanned_empty
                layouts 0 and 2, odd sizes: wrong names     odd_system_data, Real.file_block
                huge sizes need another format              huge
                a catalog: endless loop                     catalog_is_no_block
                cut input: endless loop, crash              no_end_without_words
                front cut off: SIGSEGV                      front_cut_off
                either part of spanned media: endless loop  spanned_both_ways, medium_missing
                ANSI names                                  ansi_names
                PNAM: files in the folder before            path_in_a_stream
    go-mtf      PNAM, FNAM, variable length                 path_, name_in_a_stream, parts_are_joined
                cut input ends in silence                   no_end_without_words
                no recovery                                 recover_anywhere, unit source_bkf
                a filemark within data is data              spanned_both_ways
                ANSI names that are not ASCII               ansi_names
    both        CSUM is not checked                         checksum, checksum_over_two_media
    mtf-rs      a wrong checksum: panic                     unit source_bkf (damage of each sample)
    ntbkup      every other byte of Unicode                 volumes
                same names overwrite each other             same_names_in_two_sets, volume_lost
                data must be near its head                  header_far_from_data
                2 and 4 GB                                  huge
    ntbackup    no alternate streams, holes, spanning       sparse, spanned_*, streams_listed
    BackupReader  2 GB, packed sets, one volume a set       huge, packed, volumes
    users       the drive's block is lost                   volume_lost
                blocks of vendors                           Real.sql_server
                tapes of 16 KiB blocks, no filemarks        small_blocks_and_no_marks, tape_blocks
                rights                                      streams_listed, rights_behind_data
"""
import glob
import hashlib
import json
import os
import random
import struct
import subprocess
import sys
import unittest

from command import COMMAND, CORPUS, Case, smscrypto

sys.path[:0] = [os.path.join(CORPUS, "make"), os.path.join(os.path.dirname(__file__), os.pardir)]
sys.dont_write_bytecode = True
import bkf
from bkf import More, Set, Writer, bkf_file, bkf_media
import filetime
from holes import Holes, Zeros
from tree import File

SHARED = os.path.join(os.environ.get("SMSC_SHARED", ""), "bkf")
WRITTEN = filetime.utc("2004-12-28 22:00:04")
TIME = filetime.utc("2004-05-06 07:08:09")
NOISE = random.Random(4).randbytes(150_000)
FILES = {
    "C/a.txt": File(b"first", TIME),
    "C/dir/b.bin": File(NOISE[:5000], TIME),
    "C/dir/empty": File(b"", TIME),
    "C/dir/z.txt": File(b"last", TIME),
}


def sha(data):
    return hashlib.sha256(data).hexdigest()


def heads(data, size, grid):
    """Types of all that has a header's checksum over SIZE bytes, looked for on a grid."""
    for at in range(0, len(data) - size, grid):
        name = data[at:at + 4]
        if name.isalnum() and name.isupper():
            total = 0
            for (word,) in struct.iter_unpack("<H", data[at:at + size]):
                total ^= word
            if not total:
                yield name.decode()


def sums(files):
    return {path: sha(entry.data) for path, entry in files.items()}


class Faults(Case):
    def made(self, files=None, more=None, writer=Writer(), zone=-20, name="x.bkf"):
        media = bkf_media([Set(files or FILES, WRITTEN, zone)], name, "SRV",
                          {(1, path): m for path, m in (more or {}).items()}, writer)
        return self.write(name, media[0])

    @staticmethod
    def make_huge(path, sizes):
        """Holes of the file on disk are the data of its files."""
        files = {"C/h-%02d" % i: File(Zeros(size), TIME) for i, size in enumerate(sizes)}
        files |= {"C/after.txt": File(b"after", TIME), "C/h-far": File(Zeros(2 ** 32 + 100), TIME)}
        far = {(1, "C/h-far"): More(runs=[(0, b"a"), (2 ** 32 + 7, b"z")])}

        class Sparse(bkf.Tape):
            def new_body(self):
                return Holes(path)

        one = Set(files, WRITTEN)
        bkf.write(Sparse(one, far, Writer(), "x.bkf", "SRV"), [one])[0].close()

    def listed(self, *words, status=0):
        result = smscrypto("ls", "-f", "jsonl", "--hash", *words)
        self.assertStatus(result, status)
        return {row["path"]: row["sha256"] for row in result.rows("entry")
                if row["kind"] == "file"}, result

    def same(self, files, *words):
        found, result = self.listed(*words)
        self.assertEqual(found, sums(files))
        self.assertEqual(result.rows("finding"), [])

    def test_catalog_is_no_block(self):
        """Records of a catalog stand on the grid and are called FILE: others loop for ever."""
        self.same(FILES, self.made(writer=Writer(catalog=True)))

    def test_no_end_without_words(self):
        """Truncated input ends others silently, in a loop, or in a crash."""
        with open(self.made(), "rb") as held:
            data = held.read()
        for size in range(1024, len(data) - 2048, 1024):
            result = smscrypto("ls", "-f", "jsonl", self.write("cut.bkf", data[:size]))
            self.assertStatus(result, 0)
            self.assertTrue(result.rows("finding"), size)

    def test_front_cut_off(self):
        """Others die of SIGSEGV; here what is whole comes, marked as recovered."""
        with open(self.made(), "rb") as held:
            data = held.read()
        cut = self.write("cut.bkf", data[data.index(b"FILE") + 700:])
        rows = self.listed(cut)[1].rows("entry")
        self.assertEqual({row["path"].rpartition("/")[2] for row in rows},
                         {"dir", "b.bin", "empty", "z.txt"})
        self.assertTrue(all(row["recovered"] for row in rows))

    def test_recover_anywhere(self):
        """--recover finds a backup whatever stands before it and whatever the file is called."""
        with open(self.made(), "rb") as held:
            data = held.read()
        inside = self.write("disk.img", NOISE[:100_001] + data[5000:])
        self.assertEqual(len(self.listed(inside)[0]), 1)
        rows = self.listed("--recover", inside)[1].rows("entry")
        self.assertIn("z.txt", {row["path"].rpartition("/")[2] for row in rows})
        self.assertIn(sha(NOISE[:5000]), {row["sha256"] for row in rows})

    def test_spanned_both_ways(self):
        """A soft filemark before the end of a medium is data to others; order must not matter."""
        media = bkf_media([Set({**FILES, "C/dir/c.bin": File(NOISE, TIME)}, WRITTEN)], "x", "SRV",
                          {(1, "C/dir/c.bin"): More(split=60_000)})
        paths = [self.write("m%d.bkf" % i, m) for i, m in enumerate(media)]
        for order in (paths, paths[::-1]):
            self.same({**FILES, "C/dir/c.bin": File(NOISE, TIME)}, *order)

    def test_ansi_names(self):
        """Text of one byte in the machine's code page."""
        files = {"C/Größe/é.txt": File(b"1", TIME)}
        self.same(files, self.made(files, writer=Writer(ansi=True)))

    def test_odd_system_data(self):
        """Layouts 0 and 2 of what Windows adds: the name is not where a fixed layout has it."""
        for version in (0, 2):
            path = self.made(more={"C/a.txt": More(attributes=0x27)}, writer=Writer(system=version))
            self.same(FILES, path)
            rows = smscrypto("ls", "-f", "jsonl", path, "a.txt").rows("entry")
            self.assertEqual([row["attributes"] for row in rows], [0x27])

    def test_path_in_a_stream(self):
        """PNAM is ignored by others, so that files land in the folder before."""
        deep = "C/" + "/".join("component-number-%02d" % i for i in range(30)) + "/deep.txt"
        files = {**FILES, deep: File(b"down there", TIME)}
        self.same(files, self.made(files))

    def test_name_in_a_stream(self):
        name = "C/dir/" + "n" * 250
        files = {**FILES, name: File(b"long", TIME)}
        self.same(files, self.made(files, {name: More(long_name=True)}))

    def test_parts_are_joined(self):
        """Data of variable length in several streams is one file."""
        files = {**FILES, "C/dir/p.bin": File(NOISE[:30_000], TIME)}
        self.same(files, self.made(files, {"C/dir/p.bin": More(parts=[10_000, 1, 19_999])}))

    def test_sparse(self):
        """Holes are zeros, also the last one; 2 and 4 GiB are no limits."""
        data = b"a" * 100 + bytes(9900) + b"b" * 50 + bytes(2000)
        files = {"C/s": File(data, TIME)}
        self.same(files, self.made(files, {"C/s": More(runs=[(0, b"a" * 100), (10_000, b"b" * 50)])}))

    def test_huge(self):
        """Sizes of 2 and 4 GiB and around, as data and as the place of a sparse run."""
        sizes = [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1]
        path = self.path("x.bkf")
        self.make_huge(path, sizes)
        rows = smscrypto("ls", "-f", "jsonl", "--hash", path, "after.txt").rows("entry")
        listed = smscrypto("ls", "-f", "jsonl", path)
        self.assertEqual(listed.rows("finding"), [])
        self.assertEqual([row["size"] for row in listed.rows("entry") if "/h-" in row["path"]],
                         [*sizes, 2 ** 32 + 100])
        self.assertEqual([row["sha256"] for row in rows if row["path"] == "C/after.txt"], [sha(b"after")])

    def test_spanned_sparse_run(self):
        """A run of a sparse file goes on on the next medium, without its place again."""
        data = b"a" * 100 + bytes(9900) + NOISE[:40_000] + bytes(2000)
        self.spanned({"C/s": File(data, TIME)},
                     {"C/s": More(runs=[(0, b"a" * 100), (10_000, NOISE[:40_000])], split=9000)})

    def test_spanned_without_rest(self):
        """All of a file's data is on the first medium, which ends behind it."""
        files = {"C/a": File(b"1", TIME), "C/b": File(NOISE[:5000], TIME), "C/c": File(b"3", TIME)}
        data = bkf_media([Set(files, WRITTEN)], "x", "SRV")[0]
        size = 5000 + -(data.index(NOISE[:5000]) + 5000) % 1024
        files["C/b"] = File(NOISE[:size], TIME)
        self.spanned(files, {"C/b": More(split=size)})

    def test_spanned_empty(self):
        """Nothing but the rights of an empty file lies on two media."""
        files = {"C/a": File(b"1", TIME), "C/b": File(b"", TIME), "C/c": File(b"3", TIME)}
        self.spanned(files, {"C/b": More(rights=NOISE[:3000], split=1000)})

    def spanned(self, files, more):
        media = bkf_media([Set(files, WRITTEN)], "x", "SRV", {(1, path): m for path, m in more.items()})
        self.assertEqual(len(media), 2)
        paths = [self.write("m%d.bkf" % i, m) for i, m in enumerate(media)]
        for order in (paths, paths[::-1]):
            self.same(files, *order)

    def test_medium_missing(self):
        """Without the second of three media all is there that does not lie on it."""
        files = {"C/%d" % i: File(NOISE[i:i + 5000], TIME) for i in range(6)}
        media = bkf_media([Set(files, WRITTEN)], "x", "SRV",
                          {(1, "C/1"): More(split=2000), (1, "C/4"): More(split=2000)})
        self.assertEqual(len(media), 3)
        for order in ((0, 2), (2, 0)):
            found, result = self.listed(*[self.write("m%d.bkf" % i, media[i]) for i in order])
            for path in ("C/0", "C/5"):
                self.assertEqual(found[path], sha(files[path].data))
            self.assertTrue(result.rows("finding"))
            self.assertNotIn("C/3", found)

    def test_no_data_stream(self):
        """A file without STAN is empty, and there."""
        self.assertIn("C/dir/empty", self.listed(self.made())[0])

    def test_checksum(self):
        """Nobody else checks CSUM."""
        with open(self.made(), "rb") as held:
            data = bytearray(held.read())
        data[data.index(NOISE[:100]) + 1234] ^= 4
        result = self.listed(self.write("bad.bkf", data))[1]
        self.assertEqual([row["path"] for row in result.rows("finding")], ["C/dir/b.bin"])

    def test_checksum_over_two_media(self):
        """It covers both parts of a file."""
        media = [bytearray(m) for m in bkf_media(
            [Set({"C/c.bin": File(NOISE, TIME)}, WRITTEN)], "x", "SRV", {(1, "C/c.bin"): More(split=60_000)})]
        media[1][media[1].index(NOISE[-100:])] ^= 1
        result = self.listed(*[self.write("m%d.bkf" % i, m) for i, m in enumerate(media)])[1]
        self.assertEqual([row["path"] for row in result.rows("finding")], ["C/c.bin"])

    def test_header_far_from_data(self):
        """More than 1,024 bytes of streams may stand between a file's head and its data."""
        rights = struct.pack("<BBHIIII", 1, 0, 0x8004, 0, 0, 0, 20) + struct.pack(
            "<BBHHH", 2, 0, 8 + 90 * 20, 90, 0) + 90 * struct.pack(
            "<BBHIBB6sI", 0, 0, 20, 0x1200A9, 1, 1, b"\0\0\0\0\0\5", 11)
        path = self.made(more={"C/dir/b.bin": More(rights=rights)})
        self.same(FILES, path)
        rows = smscrypto("ls", "-f", "jsonl", path, "b.bin").rows("entry")
        self.assertEqual(rows[0]["sddl"], "D:" + "(A;;0x1200a9;;;AU)" * 90)

    def test_same_names_in_two_sets(self):
        """A flat dump writes one over the other."""
        sets = [Set({"C/a": File(b"full", TIME)}, WRITTEN), Set({"C/a": File(b"later", TIME)}, WRITTEN)]
        result = self.listed(self.write("x.bkf", bkf_media(sets, "x", "SRV")[0]))[1]
        self.assertEqual([(row["set"], row["path"], row["sha256"]) for row in result.rows("entry")
                          if row["kind"] == "file"],
                         [(1, "C/a", sha(b"full")), (2, "C/a", sha(b"later"))])

    def test_small_blocks_and_no_marks(self):
        """Logical blocks of 512, dumps of tapes without filemarks, writers without SPAD."""
        for writer in (Writer(grid=512), Writer(marks=False), Writer(grid=512, marks=False),
                       Writer(pads=False)):
            self.same(FILES, self.made(writer=writer))

    def test_packed(self):
        """LZS frames: stored, packed, and more than one of them."""
        text = b"".join(b"%d bottles of beer on the wall, " % i for i in range(9000))
        files = {"C/text": File(text, TIME), "C/noise": File(NOISE, TIME), "C/x": File(b"a" * 70_000, TIME)}
        packed = {path: More(packed=True) for path in files}
        path = self.made(files, packed)
        self.assertLess(os.stat(path).st_size, len(text))
        self.same(files, path)
        with open(path, "rb") as held:
            data = bytearray(held.read())
        data[data.index(b"FH") + 40] ^= 0x10
        result = self.listed(self.write("bad.bkf", data))[1]
        self.assertTrue(result.rows("finding"))

    def test_tape_blocks(self):
        """Physical blocks of 16 KiB, filled up with zeros behind the tape's head and before the end."""
        data = self.made(writer=Writer(marks=False))
        with open(data, "rb") as held:
            data = held.read()
        for name in (b"TAPE", b"ESPB"):
            at = data.index(name) + 1024
            data = data[:at] + bytes(-at % 16384) + data[at:]
        self.same(FILES, self.write("tape.bkf", data))

    def test_volumes(self):
        """Several in one set, each with its own folders; names in all of Unicode."""
        files = {"C/a/x": File(b"1", TIME), "D/a/x": File(b"2", TIME), "D/Größe/鍵/\U0001f511": File(b"3", TIME)}
        self.same(files, self.made(files))

    def test_volume_lost(self):
        """Without the block of the drive the folders still part files of one name."""
        files = {"C/a/x": File(b"1", TIME), "C/b/x": File(b"2", TIME)}
        with open(self.made(files), "rb") as held:
            data = held.read().replace(b"VOLB", b"XXXX")
        self.assertEqual(self.listed(self.write("lost.bkf", data))[0], {"a/x": sha(b"1"), "b/x": sha(b"2")})

    def test_streams_listed(self):
        """Each by its id and size; a checksum is right or wrong only when all it covers was read."""
        streams = self.streams(os.path.join(CORPUS, "bkf", "streams.bkf"))
        self.assertEqual(streams["C/rights"], [("NACL", 48, "checksum right"), ("STAN", 3120, "checksum right")])
        self.assertEqual([s[0] for s in streams["C/ads"]], ["STAN", "ADAT", "ADAT"])
        self.assertEqual(streams["C/ads"], streams["C/ads:\u00fc"])
        self.assertEqual(streams["C/parts"], [("STAN", n, "no checksum") for n in (1000, 1, 2119)])
        self.assertEqual([s[:2] for s in streams["C/holes"]], [("STAN", 0), ("SPAR", 9), ("SPAR", 9)])
        self.assertEqual(streams["C"], [])
        path = self.made({"C/b": File(NOISE, TIME)})
        for words, seen in (((), "checksum not verified"), (("--hash",), "checksum right")):
            self.assertEqual(self.streams(path, *words)["C/b"], [("STAN", 150_000, seen)])
        self.assertIn(b"  STAN 150000 (checksum not verified)\n", smscrypto("ls", "-v", path).out)
        self.assertIsNone(smscrypto("ls", "-f", "jsonl", path).rows("entry")[0]["streams"])

    def streams(self, *words):
        return {row["path"]: [(s["id"], s["size"], s["checksum"]) for s in row["streams"]]
                for row in smscrypto("ls", "-v", "-f", "jsonl", *words).rows("entry")}

    def test_rights_behind_data(self):
        """They are shown, too, though the data was passed before them."""
        class Late(bkf.Tape):
            def _streams(self, name, entry, more):
                return sorted(bkf.Tape._streams(name, entry, more), key=lambda s: s[0] == b"NACL")

        rights = struct.pack("<BBHIIII", 1, 0, 0x8004, 0, 0, 0, 20) + struct.pack(
            "<BBHHHBBHIBB6sI", 2, 0, 28, 1, 0, 0, 0, 20, 0x1F01FF, 1, 1, b"\0\0\0\0\0\5", 18)
        one = Set(FILES, WRITTEN)
        more = {(1, "C/dir/b.bin"): More(rights=rights), (1, "C/dir/"): More(0, rights)}
        path = self.write("x.bkf", bytes(bkf.write(Late(one, more, Writer(), "x", "SRV"), [one])[0]))
        words = ("ls", "-v", "-f", "jsonl")
        result = smscrypto(*words, path)
        self.assertEqual({row["path"]: row["sddl"] for row in result.rows("entry") if row["sddl"]},
                         {"C/dir": "D:(A;;FA;;;SY)", "C/dir/b.bin": "D:(A;;FA;;;SY)"})
        with open(path, "rb") as held:
            piped = subprocess.run([COMMAND, *words, "-"], input=held.read(), stdout=subprocess.PIPE,
                                   check=True, timeout=60)
        self.assertEqual(self.named(result.out, "x.bkf"), self.named(piped.stdout.decode(), "-"))

    def test_unknown_zone(self):
        """Local times are never made UTC by a guess."""
        rows = smscrypto("ls", "-f", "jsonl", self.made(zone=None)).rows("entry")
        self.assertTrue(all(row["slack"] >= 14 * 3600 * 10 ** 7 for row in rows))

    def test_pipe(self):
        """As it comes from the standard input or a FIFO: the same as from a file, damage included."""
        made = self.made(writer=Writer(catalog=True))
        names = sorted(glob.glob(os.path.join(CORPUS, "*", "*.bkf")))
        self.assertGreater(len(names), 12)
        for path in (made, *names):
            with self.subTest(path=path), open(path, "rb") as held:
                # The name of a file says what it is; a pipe has none.
                more = ("--recover",) if "front" in path else ()
                words = ("ls", "-v", "-f", "jsonl", "--hash", *more)
                whole = smscrypto(*words, path)
                piped = subprocess.run([COMMAND, *words, "-"], input=held.read(),
                                       stdout=subprocess.PIPE, check=True, timeout=60)
                self.assertEqual(self.named(whole.out, os.path.basename(path)),
                                 self.named(piped.stdout.decode(), "-"))
        fifo = self.path("fifo")
        os.mkfifo(fifo)
        with subprocess.Popen(["cp", made, fifo]):
            self.assertEqual(self.listed(fifo)[0], self.listed(made)[0])

    @staticmethod
    def named(lines, name):
        """Rows without the name of the source."""
        rows = [json.loads(line) for line in lines.splitlines()]
        return [{key: value for key, value in row.items() if value != name} for row in rows]

    def test_inspect(self):
        """Every kind of block and stream is named and counted."""
        path = self.made(writer=Writer(catalog=True))
        record, = smscrypto("inspect", "-f", "jsonl", path).rows("record")
        self.assertEqual(record["format"], "bkf")
        kinds = {field["name"]: field["value"]["fields"] for field in record["fields"]
                 if field["name"] in ("block_types", "stream_types")}
        counts = {f["name"]: f["value"] for group in kinds.values() for f in group}
        self.assertEqual(counts, {"TAPE": 1, "SFMB": 3, "SSET": 1, "VOLB": 1, "DIRB": 2, "FILE": 4,
                                  "ESPB": 1, "ESET": 2, "STAN": 3, "TFDD": 1})


@unittest.skipUnless(os.path.isdir(SHARED), "the real fragments are not there")
class Real(Case):
    def test_sql_server(self):
        """A real medium to its end, with blocks and streams of its vendor."""
        path = os.path.join(SHARED, "sqlserver-Northwind.bak")
        result = smscrypto("inspect", "-f", "jsonl", path)
        self.assertStatus(result, 0)
        record, = result.rows("record")
        self.assertEqual(result.rows("finding"), [])
        names = {group["name"]: {f["name"] for f in group["value"]["fields"]}
                 for group in record["fields"] if group["name"].endswith("_types")}
        with open(path, "rb") as held:
            data = held.read()
        self.assertEqual(names["block_types"], set(heads(data, 52, 1024)) - set(heads(data, 22, 2)))
        self.assertLessEqual(names["stream_types"], set(heads(data, 22, 2)))
        self.assertLessEqual({"RAID", "OTCP", "MQDA"}, names["stream_types"])

    def test_file_block(self):
        """The first 80 bytes of a real block, completed: its times, and what is missing of it."""
        with open(os.path.join(SHARED, "bkf-FILE-block-first80.bin"), "rb") as held:
            block = held.read()
        data = bytearray(bkf_file({"C/a": File(b"1234", TIME)}, "x.bkf", "SRV", WRITTEN))
        at, streams = data.index(b"FILE"), data.index(b"STAN")
        # Behind the 80 bytes is the place of its name, which is not known, and then the streams.
        made = block.ljust(int.from_bytes(block[8:10], "little"), b"\0")
        made += data[streams:data.index(b"SPAD", at)]
        head = b"SPAD" + struct.pack("<HHQHH", 0, 0, -(len(made) + 22) % 1024, 0, 0)
        made += head + bkf._sum(head)
        data[at:at + 1024] = made.ljust(1024, b"\0")
        result = smscrypto("ls", "-f", "jsonl", "--hash", self.write("x.bkf", data), "#file-0")
        self.assertEqual([(row["path"], row["modified"], row["created"], row["accessed"], row["sha256"])
                          for row in result.rows("entry")],
                         [("C/#file-0", "2014-09-26T06:29:51.0000000Z", "2008-06-17T16:11:23.0000000Z",
                           "2014-09-26T06:29:51.0000000Z", sha(b"1234"))])
        self.assertEqual(result.rows("finding"), [])

    def test_tape_block(self):
        path = os.path.join(SHARED, "ntbackup-nt5-tape-TAPE-block.bin")
        record, = smscrypto("inspect", "-f", "jsonl", path).rows("record")
        medium, = [f["value"]["fields"] for f in record["fields"] if f["name"] == "medium"]
        values = {f["name"]: f["value"] for f in medium}
        self.assertEqual(values["written"], "2001-09-28T10:44:15.0000000Z")
        self.assertEqual((values["block_size"], values["vendor"], values["catalog"]), (1024, 0x0CBE, 1))


if __name__ == "__main__":
    unittest.main()
