"""extract: patterns, safe names, times, holes, and what it must never do."""
import os
import sys
import unittest

from command import CORPUS, Case, smscrypto

sys.path.insert(0, os.path.join(CORPUS, "make"))
sys.dont_write_bytecode = True
from bkf import More, Set, Writer, bkf_file, bkf_media
import filetime
from tree import File

WRITTEN = filetime.utc("2004-12-28 22:00:04")
TIME = filetime.utc("2004-05-06 07:08:09")
UNIX = 1083827289
FILES = {
    "C/boot.ini": File(b"[boot loader]\r\n", TIME),
    "C/WINNT/System32/config/SYSTEM": File(b"regf" * 300, TIME),
    "C/WINNT/repair/system": File(b"old", TIME),
    "C/WINNT/big.bin": File(b"a" + bytes(3_000_000) + b"z", TIME),
    "D/Größe.txt": File(b"1", TIME),
}


def tree(folder):
    """{path: bytes} of all files below a folder."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as held:
                found[os.path.relpath(path, folder)] = held.read()
    return found


class Extract(Case):
    def setUp(self):
        super().setUp()
        self.bkf = self.write("x.bkf", bkf_file(FILES, "x.bkf", "SRV", WRITTEN))

    def extract(self, *words):
        return smscrypto("extract", *words)

    def test_all(self):
        """Every file with its bytes, its time to the second, its holes."""
        result = self.extract(self.bkf, "-C", self.path("out"))
        self.assertStatus(result, 0)
        for path in FILES:
            self.assertEqual(os.stat(self.path("out", path)).st_mtime, UNIX, path)
            self.assertEqual(os.stat(self.path("out", path)).st_atime, UNIX, path)
        self.assertEqual(tree(self.path("out")), {path: f.data for path, f in FILES.items()})
        big = os.stat(self.path("out", "C/WINNT/big.bin"))
        self.assertLess(big.st_blocks * 512, 100_000)

    def test_folders(self):
        """Empty ones are made, too; all have their times, whatever was put into them."""
        folders = {"C/": TIME, "C/empty/": TIME + 10_000_000, "C/WINNT/": TIME + 20_000_000}
        files = FILES | {path: File(b"", modified) for path, modified in folders.items()}
        backup = self.write("f.bkf", bkf_media([Set(files, WRITTEN)], "f.bkf", "SRV",
                                               {(1, "C/empty/"): More(0x2)})[0])
        for _ in range(2):
            self.assertStatus(self.extract(backup, "-C", self.path("out"), "--force"), 0)
            for path, modified in folders.items():
                self.assertEqual(os.stat(self.path("out", path)).st_mtime - UNIX,
                                 (modified - TIME) // 10_000_000, path)
        self.assertEqual(os.listdir(self.path("out", "C/empty")), [])
        try:
            self.assertEqual(os.getxattr(self.path("out", "C/empty"), "user.DOSATTRIB"), b"0x12")
        except OSError:
            pass  # this file system keeps none
        only = self.path("only")
        self.assertStatus(self.extract(backup, "-C", only, "C/empty"), 0)
        self.assertEqual([names for names in os.walk(only)], [(only, ["C"], []), (only + "/C", ["empty"], []),
                                                              (only + "/C/empty", [], [])])

    def test_every_kind_of_source(self):
        """A directory and an archive give the same files as the backup of them."""
        out = self.path("bkf")
        self.assertStatus(self.extract(self.bkf, "-C", out), 0)
        os.system("cd '%s' && tar -cf ../x.tar . " % out)
        for name, source in (("dir", out), ("tar", self.path("x.tar"))):
            self.assertStatus(self.extract(source, "-C", self.path(name)), 0)
            self.assertEqual(tree(self.path(name)), tree(out))
            self.assertEqual(os.stat(self.path(name, "C/WINNT")).st_mtime,
                             os.stat(self.path("bkf", "C/WINNT")).st_mtime)
            self.assertEqual(os.stat(self.path(name, "C/boot.ini")).st_mtime, UNIX)

    def test_patterns(self):
        """In any case; '*' stays within a part, '**' does not; a folder means all in it."""
        rows = [
            (["boot.ini"], {"C/boot.ini"}),
            (["c/BOOT.INI"], {"C/boot.ini"}),
            (["c\\boot.ini"], {"C/boot.ini"}),
            (["**/system"], {"C/WINNT/System32/config/SYSTEM", "C/WINNT/repair/system"}),
            (["system"], {"C/WINNT/System32/config/SYSTEM", "C/WINNT/repair/system"}),
            (["*/winnt/repair"], {"C/WINNT/repair/system"}),
            (["C/WINNT/*"], {path for path in FILES if path.startswith("C/WINNT/")}),
            (["C/**/config/s?stem"], {"C/WINNT/System32/config/SYSTEM"}),
            (["gRÖSSE.txt", "größe.TXT"], {"D/Größe.txt"}),
            (["**"], set(FILES)),
        ]
        for number, (patterns, expected) in enumerate(rows):
            out = self.path("out%d" % number)
            result = self.extract(self.bkf, "-C", out, *patterns)
            self.assertEqual(set(tree(out)), expected, patterns)
            listed = smscrypto("ls", "-f", "jsonl", self.bkf, *patterns).rows("entry")
            self.assertEqual({row["path"] for row in listed if row["kind"] == "file"}, expected, patterns)
            self.assertEqual(result.status, 3 if "gRÖSSE.txt" in patterns else 0, result.err)

    def test_pattern_without_entry(self):
        """Silence would be taken for success."""
        result = self.extract(self.bkf, "-C", self.path("out"), "C/*.txt")
        self.assertStatus(result, 3)
        self.assertSays(result, "C/*.txt", "no entry fits")
        self.assertStatus(smscrypto("ls", self.bkf, "no-such-file"), 3)

    def test_never_over(self):
        """What is there stays, unless --force; the rest goes on."""
        self.write("out/C/boot.ini", b"mine")
        result = self.extract(self.bkf, "-C", self.path("out"))
        self.assertStatus(result, 3)
        self.assertSays(result, "C/boot.ini", "--force")
        found = tree(self.path("out"))
        self.assertEqual(found.pop("C/boot.ini"), b"mine")
        self.assertEqual(len(found), len(FILES) - 1)
        self.assertStatus(self.extract(self.bkf, "-C", self.path("out"), "--force"), 0)
        self.assertEqual(tree(self.path("out"))["C/boot.ini"], FILES["C/boot.ini"].data)

    def test_links_are_not_followed(self):
        """A link in the target folder leads nowhere, for a folder or a file, with force or not."""
        os.makedirs(self.path("out"))
        os.makedirs(self.path("elsewhere"))
        victim = self.write("elsewhere/victim", b"mine")
        os.symlink(self.path("elsewhere"), self.path("out", "C"))
        os.makedirs(self.path("out", "D"))
        os.symlink(victim, self.path("out", "D", "Größe.txt"))
        result = self.extract(self.bkf, "-C", self.path("out"), "--force")
        self.assertStatus(result, 3)
        self.assertEqual(tree(self.path("elsewhere")), {"victim": b"mine"})
        self.assertFalse(os.path.islink(self.path("out", "D", "Größe.txt")))

    def test_evil_names(self):
        """Names of the evidence never lead outside."""
        files = {"C/../../../evil": File(b"1", TIME), "C/a/..": File(b"2", TIME),
                 "C/x:y/nul": File(b"3", TIME), "C/-rf ": File(b"4", TIME)}
        bkf = self.write("evil.bkf", bkf_file(files, "evil.bkf", "SRV", WRITTEN))
        before = set(os.listdir(self.folder)) | {"out"}
        result = self.extract(bkf, "-C", self.path("out"))
        self.assertStatus(result, 0)
        self.assertEqual(sorted(tree(self.path("out")).values()), [b"1", b"2", b"3", b"4"])
        self.assertEqual(set(os.listdir(self.folder)), before)

    def test_one_bad_file(self):
        """It is said and the rest goes on."""
        data = bytearray(bkf_file(FILES, "x.bkf", "SRV", WRITTEN))
        data[data.index(b"regf")] ^= 1
        bad = self.write("bad.bkf", data)
        result = self.extract(bad, "-C", self.path("out"))
        self.assertStatus(result, 3)
        self.assertSays(result, "C/WINNT/System32/config/SYSTEM", "checksum")
        found = tree(self.path("out"))
        self.assertEqual(set(found), set(FILES))
        wrong = [path for path in FILES if found[path] != FILES[path].data]
        self.assertEqual(wrong, ["C/WINNT/System32/config/SYSTEM"])

    def test_not_into_evidence(self):
        self.assertStatus(self.extract(self.folder, "-C", self.path("out")), 2)
        self.assertFalse(os.path.exists(self.path("out")))

    def test_wants_a_folder(self):
        self.assertStatus(self.extract(self.bkf), 2)

    def test_sets_and_streams(self):
        """Sets do not fall on one another; alternate streams are files of their own."""
        more = {(1, "C/boot.ini"): More(streams={":note:$DATA": b"remember"}, attributes=0x26)}
        sets = [Set({"C/boot.ini": File(b"one", TIME)}, WRITTEN),
                Set({"C/boot.ini": File(b"two", TIME)}, WRITTEN)]
        bkf = self.write("two.bkf", bkf_media(sets, "two.bkf", "SRV", more)[0])
        self.assertStatus(self.extract(bkf, "-C", self.path("out")), 0)
        self.assertEqual(tree(self.path("out")), {
            "C/boot.ini": b"one", "C/boot.ini_note": b"remember", "#2/C/boot.ini": b"two"})
        try:
            kept = os.getxattr(self.path("out", "C/boot.ini"), "user.DOSATTRIB")
        except OSError:
            return
        self.assertEqual(kept, b"0x26")

    def test_several_sources(self):
        """Each below its label."""
        self.assertStatus(self.extract("a=" + self.bkf, "b=" + self.bkf + "#1", "-C",
                                       self.path("out"), "boot.ini"), 0)
        self.assertEqual(set(tree(self.path("out"))), {"a/C/boot.ini", "b/C/boot.ini"})

    def test_spanned(self):
        """A file that lies on two media is one, in whatever order they are given."""
        data = os.urandom(20_000)
        for writer in (Writer(), Writer(marks=False), Writer(grid=512)):
            media = bkf_media([Set({"C/a": File(b"first", TIME), "C/b": File(data, TIME),
                                    "C/c": File(b"last", TIME)}, WRITTEN)], "x", "SRV",
                              {(1, "C/b"): More(split=7000)}, writer)
            self.assertEqual(len(media), 2)
            paths = [self.write("m%d.bkf" % i, m) for i, m in enumerate(media)]
            for number, order in enumerate((paths, paths[::-1])):
                out = self.path("out-%s-%d" % (writer.grid * writer.marks, number))
                result = self.extract(*order, "-C", out)
                self.assertStatus(result, 0)
                self.assertEqual(result.err, "")
                self.assertEqual(tree(out), {"C/a": b"first", "C/b": data, "C/c": b"last"})
            half = self.extract(paths[0], "-C", self.path("half%d" % (writer.grid * writer.marks)))
            self.assertStatus(half, 3)
            self.assertSays(half, "C/b", "next medium")


if __name__ == "__main__":
    unittest.main()
