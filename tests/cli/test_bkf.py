"""Backups of NTBackup: those of another maker, each with a list of what is in it."""
import datetime
import glob
import gzip
import json
import os
import shutil
import subprocess
import sys
import unittest

from command import CORPUS, Case, ccm, smscrypto

sys.path.insert(0, os.path.join(CORPUS, "make"))
sys.dont_write_bytecode = True
from bkf import More, Set, Writer, bkf_media
import incident
import story
from tree import File

MADE = os.path.join(os.environ.get("SMSC_SHARED", ""), "bkf", "made")
NOT_KNOWN = 127
HOURS_14 = 14 * 3600 * 10_000_000


def zones(data):
    """The zone byte of each set's block, found by its name on the grid."""
    return [int.from_bytes(data[at + 95:at + 96], "little", signed=True)
            for at in range(0, len(data), 512) if data[at:at + 4] == b"SSET"
            and not int.from_bytes(data[at + 4:at + 8], "little") & 1]


def utc(local, zone):
    """The time as the command prints it, of a local one."""
    if local is None:
        return None
    t = datetime.datetime.fromisoformat(local)
    if zone != NOT_KNOWN:
        t -= datetime.timedelta(minutes=15 * zone)
    return t.strftime("%Y-%m-%dT%H:%M:%S.0000000Z")


def expected(manifest, sets):
    """What `ls` must say: (set, path, kind, size or None, sha256, modified, created, accessed,
    unsure, attributes)."""
    for item in manifest:
        zone = sets[item["set"] - 1]
        path = (item["volume"].rstrip(":") + "/" + item["path"].replace("\\", "/")).rstrip("/")
        times = [utc(item["times_local"][name], zone) for name in "mca"]
        kind = "folder" if item["dir"] else "file"
        # That it is a folder is for the maker no attribute, but it writes it as one.
        same = (*times, zone == NOT_KNOWN and any(times), item["w32"] | (0x10 if item["dir"] else 0))
        yield (item["set"], path, kind, item.get("size", 0), item.get("sha256"), *same)
        for name, digest in item.get("ads", {}).items():
            yield (item["set"], path + name.removesuffix(":$DATA"), "file", None, digest, *same)


def listed(result, sizes):
    for row in result.rows("entry"):
        size = row["size"] if sizes.get(row["path"]) is not None else None
        yield (row["set"], row["path"], row["kind"], size, row["sha256"], row["modified"], row["created"],
               row["accessed"], row["slack"] >= HOURS_14, row["attributes"])


@unittest.skipUnless(os.path.isdir(MADE), "the backups of the other maker are not there")
class Made(Case):
    def test_manifests(self):
        """All of them; of what lies on two media both are given, in either order."""
        names = sorted(glob.glob(os.path.join(MADE, "*.manifest.json")))
        self.assertEqual(len(names), 8)
        for name in names:
            stem = name.removesuffix(".manifest.json")
            media = sorted(glob.glob(stem + ".[0-9].bkf")) or [stem]
            for order in (media, media[::-1]):
                with self.subTest(name=os.path.basename(name)):
                    self.check(order, media[0], name)

    def check(self, paths, first, manifest):
        with open(first, "rb") as held, open(manifest, encoding="utf-8") as told:
            truth = list(expected(json.load(told), zones(held.read())))
        result = smscrypto("ls", "-f", "jsonl", "--hash", *paths)
        sizes = {row[1]: row[3] for row in truth}
        self.assertEqual(sorted(truth, key=str), sorted(listed(result, sizes), key=str))
        self.assertStatus(result, 0)

    def test_sql_server(self):
        """A medium of another program: walked to its end, nothing of it is damaged."""
        path = os.path.join(MADE, os.pardir, "sqlserver-Northwind.bak")
        result = smscrypto("ls", "-f", "jsonl", path)
        self.assertStatus(result, 0)
        self.assertEqual((result.rows("entry"), result.err), ([], ""))


class Sets(Case):
    """Each set is a snapshot of its own."""

    def setUp(self):
        super().setUp()
        days = (("2005-01-07", story.EVENING_BACKUP), ("2005-01-09", story.SUNDAY_BACKUP))
        sets = [Set(incident.snapshot_files(day), written) for day, written in days]
        self.two = self.write("two.bkf", bkf_media(sets, "two.bkf", story.SERVER)[0])

    def test_as_two_files(self):
        """What two sets of one file tell is what two files of one set tell."""
        ones = ["%s=%s" % (label, os.path.join(CORPUS, "incident-2005", name))
                for label, name in (("two.bkf", "2005-01-07.bkf"), ("two.bkf#2", "2005-01-09.bkf"))]
        for command in ("timeline", "keys"):
            both = smscrypto(command, "-f", "jsonl", self.two)
            self.assertStatus(both, 0)
            self.assertTrue(both.rows())
            self.assertEqual(both.rows(), smscrypto(command, "-f", "jsonl", *ones).rows())

    def test_addresses(self):
        """The path of a set is its address without the number; with it, one set stands alone."""
        rows = smscrypto("ls", "-f", "jsonl", "--hash", self.two).rows("entry")
        self.assertEqual({row["set"] for row in rows}, {1, 2})
        second = smscrypto("ls", "-f", "jsonl", "--hash", self.two + "#2").rows("entry")
        self.assertEqual([(row["path"], row["sha256"]) for row in rows if row["set"] == 2],
                         [(row["path"], row["sha256"]) for row in second])
        self.assertEqual(len({row["safe_path"] for row in rows}), len(rows))
        path = next(row["path"] for row in second if "MachineKeys/" in row["path"])
        whole = smscrypto("inspect", "-f", "jsonl", self.two + "#2!/" + path)
        self.assertStatus(whole, 0)
        self.assertTrue(whole.rows("record"))
        self.assertStatus(smscrypto("ls", self.two + "#3"), 0)

    def test_within(self):
        """In a backup within an archive the set is part of the path."""
        os.system("tar -cf '%s' -C '%s' two.bkf" % (self.path("x.tar"), self.path("")))
        rows = smscrypto("ls", "-f", "jsonl", self.path("x.tar")).rows("entry")
        marks = {(row["path"].partition("!/")[0], row["set"]) for row in rows}
        self.assertEqual(marks, {("two.bkf", None), ("two.bkf", 1), ("two.bkf#2", 2)})


class Packed(Case):
    def test_in_tar(self):
        """Within an archive the backup is one stream: the same entries."""
        folder = os.path.join(CORPUS, "incident-2005")
        target = self.path("x.tar")
        os.system("tar -cf '%s' -C '%s' 2005-01-07.bkf" % (target, folder))
        for limit in ((), ("--limit", "stream=100000")):
            inner = smscrypto("ls", "-f", "jsonl", "--hash", *limit, target).rows("entry")
            outer = smscrypto("ls", "-f", "jsonl", "--hash",
                              os.path.join(folder, "2005-01-07.bkf")).rows("entry")
            mark = "2005-01-07.bkf!/"
            self.assertEqual([(row["path"].removeprefix(mark), row["sha256"]) for row in inner
                              if row["path"].startswith(mark)],
                             [(row["path"], row["sha256"]) for row in outer])


class Large(Case):
    """Of a large file not all of the head is read, but archives are known all the same."""

    def setUp(self):
        super().setUp()
        for name in ("within-1.bin", "within-2.bin"):
            self.write("tree/" + name, os.urandom(100_000))
        self.files = {"plain": os.urandom(300_000)}
        for name, kind in (("a.tar", "ustar"), ("a.zip", "zip"), ("a.iso", "iso9660")):
            made = subprocess.run(["bsdtar", "-cf", "-", "--format", kind, "-C", self.path("tree"),
                                   "within-1.bin", "within-2.bin"], check=True,
                                  stdout=subprocess.PIPE)
            self.files[name] = made.stdout
        backup = self.made("x.bkf")
        # Its first block in the second half of the head, off the grid.
        self.files["cut.bkf"] = bytes(40_001) + backup[1024:]
        self.backup = self.made("y.bkf")

    def made(self, name):
        files = {"C/" + path: File(data, story.EVENING_BACKUP) for path, data in self.files.items()}
        return bkf_media([Set(files, story.EVENING_BACKUP)], name, story.SERVER)[0]

    def test_as_in_a_folder(self):
        for name, data in self.files.items():
            self.write("folder/C/" + name, data)
        found = [sorted((row["path"], row["size"], row["sha256"])
                        for row in smscrypto("ls", "-f", "jsonl", "--hash", where).rows("entry"))
                 for where in (self.path("folder"), self.write("y.bkf", self.backup))]
        self.assertEqual(*found)
        self.assertEqual(len(found[0]), 1 + 5 + 3 * 2 + 5 + 3 * 2)

    def test_headers_alone(self):
        """A list does not take the data of large files: that it is damaged shows when read."""
        at = self.backup.rindex(self.files["plain"]) + 10_000
        spoiled = self.write("y.bkf", self.backup[:at] + b"spoiled" + self.backup[at + 7:])
        for options, rules in ((), []), (("--hash",), ["D006"]):
            rows = smscrypto("ls", "-f", "jsonl", *options, spoiled).rows("finding")
            self.assertEqual([row["rule"] for row in rows if row["path"] == "C/plain"], rules)


class Folder(Case):
    """Backups beside each other in one folder."""

    def setUp(self):
        super().setUp()
        for name in ("2004-12-28.zip", "2005-01-07.bkf"):
            os.makedirs(self.path("backups"), exist_ok=True)
            shutil.copy(os.path.join(CORPUS, "incident-2005", name), self.path("backups", name))

    def labels(self, *sources):
        return [row["label"] for row in smscrypto("report", "-f", "jsonl", *sources).rows("source")]

    def test_each_is_a_snapshot(self):
        apart = [self.path("backups", name) for name in ("2004-12-28.zip", "2005-01-07.bkf")]
        self.assertEqual(smscrypto("diagnose", "-f", "jsonl", self.path("backups")).out,
                         smscrypto("diagnose", "-f", "jsonl", *apart).out)

    def test_what_has_one_name_or_other_files_is_one_snapshot(self):
        self.assertEqual(self.labels("all=" + self.path("backups")), ["all"])
        self.write("backups/notes.txt", b"taken by hand")
        self.assertEqual(self.labels(self.path("backups")), ["backups"])

    def test_packed_logs_are_no_backups(self):
        for name in ("a.log.gz", "b.log.gz"):
            self.write("logs/" + name, gzip.compress(ccm("CCMSignData failed (0x8009200b)")))
        self.assertEqual(self.labels(self.path("logs")), ["logs"])


if __name__ == "__main__":
    unittest.main()
