"""Evidence in every bad state: a clear word with path and offset, and all that was readable."""
import glob
import gzip
import io
import os
import tarfile
import unittest
import zipfile

from command import CORPUS, Case, ccm, smscrypto

SNAPSHOT = os.path.join(CORPUS, "incident-2005", "2004-12-28")


def zipped(files, method=zipfile.ZIP_DEFLATED):
    """Bytes of a zip of {name: bytes}."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2005, 1, 7, 17, 59, 38)), data)
    return out.getvalue()


def container():
    """Path of one key container of the corpus."""
    found = sorted(glob.glob(os.path.join(SNAPSHOT, "**", "MachineKeys", "19c5cf9c*"),
                             recursive=True))
    return found[0]


class Absent(Case):
    def test_no_such_file(self):
        path = self.path("absent.zip")
        for command in ("timeline", "keys", "ls", "inspect", "log"):
            with self.subTest(command=command):
                result = smscrypto(command, path)
                self.assertStatus(result, 3)
                self.assertSays(result, path, "No such file")
                self.assertEqual(result.out, b"")

    def test_the_others_are_delivered(self):
        log = self.write("a.log", ccm("readable"))
        for command in ("log", "ls", "inspect"):
            with self.subTest(command=command):
                result = smscrypto(command, "-f", "jsonl", self.path("absent"), log)
                self.assertStatus(result, 3)
                self.assertTrue(result.rows())
        result = smscrypto("keys", "-f", "jsonl", self.path("absent"), SNAPSHOT)
        self.assertStatus(result, 3)
        self.assertTrue(result.rows("generation"))

    def test_no_such_entry(self):
        path = self.write("a.zip", zipped({"in/a.log": ccm("x")}))
        for command in ("inspect", "log"):
            result = smscrypto(command, path + "!/in/b.log")
            self.assertStatus(result, 3)
            self.assertSays(result, "a.zip!/in/b.log")


class Empty(Case):
    def test_empty_file(self):
        path = self.write("empty", b"")
        for command in ("timeline", "keys", "ls"):
            with self.subTest(command=command):
                self.assertStatus(smscrypto(command, path), 0)
        self.assertSays(smscrypto("keys", path), "nothing about keys was found")
        for command in ("inspect", "log"):
            with self.subTest(command=command):
                result = smscrypto(command, path)
                self.assertStatus(result, 3)
                self.assertSays(result, path)

    def test_empty_directory(self):
        for command in ("timeline", "keys", "ls"):
            result = smscrypto(command, "-f", "jsonl", self.folder)
            self.assertStatus(result, 0)
            self.assertEqual(result.rows("event") + result.rows("generation"), [])

    def test_directory_or_archive_is_no_file(self):
        archive = self.write("a.zip", zipped({"a.log": ccm("x")}))
        for path in (self.folder, archive):
            with self.subTest(path=path):
                result = smscrypto("inspect", path)
                self.assertStatus(result, 3)
                self.assertSays(result, path)

    def test_packed_alone(self):
        path = self.write("a.log.gz", gzip.compress(ccm("packed")))
        for command in ("inspect", "log"):
            self.assertStatus(smscrypto(command, path), 0)
        self.assertEqual(smscrypto("log", "-f", "jsonl", path).rows()[0]["text"], "packed")

    def test_a_file_that_no_format_knows(self):
        path = self.write("noise.bin", bytes(range(256)) * 4)
        for command in ("inspect", "log"):
            result = smscrypto(command, path)
            self.assertStatus(result, 3)
            self.assertSays(result, path)
        self.assertStatus(smscrypto("timeline", path), 0)


class Forbidden(Case):
    def setUp(self):
        super().setUp()
        self.write("good/a.log", ccm("readable"))
        os.chmod(self.path("good"), 0o755)

    def test_source(self):
        os.mkdir(self.path("closed"), 0o000)
        for command in ("timeline", "ls"):
            result = self.as_nobody(command, self.path("closed"))
            self.assertStatus(result, 3)
            self.assertSays(result, self.path("closed"), "Permission denied")

    def test_file(self):
        os.chmod(self.write("closed.log", ccm("x")), 0o000)
        for command in ("log", "inspect", "timeline", "ls"):
            result = self.as_nobody(command, self.path("closed.log"))
            self.assertStatus(result, 3)
            self.assertSays(result, self.path("closed.log"), "Permission denied")

    def test_folder_within(self):
        os.mkdir(self.path("good", "closed"), 0o000)
        result = self.as_nobody("ls", "-f", "jsonl", self.path("good"))
        self.assertStatus(result, 0)
        self.assertIn("a.log", [row["path"] for row in result.rows("entry")])
        self.assertEqual([row["rule"] for row in result.rows("finding")], ["D007"])
        self.assertIn("closed", result.rows("finding")[0]["path"])
        text = self.as_nobody("ls", self.path("good"))
        self.assertSays(text, "closed", "D007")

    def test_file_within(self):
        os.chmod(self.write("good/closed.log", ccm("x")), 0o000)
        result = self.as_nobody("timeline", "-f", "jsonl", self.path("good"))
        self.assertStatus(result, 0)
        self.assertIn("D007", [row["rule"] for row in result.rows("finding")])
        self.assertIn("D007", self.as_nobody("timeline", self.path("good")).err)
        self.assertEqual(self.as_nobody("timeline", "-q", self.path("good")).err, "")


class Archives(Case):
    def test_truncated_zip(self):
        data = zipped({f"{n}.log": ccm(f"row {n}") * 50 for n in range(20)}, zipfile.ZIP_STORED)
        path = self.write("cut.zip", data[:len(data) // 2])
        result = smscrypto("ls", "-f", "jsonl", path)
        self.assertStatus(result, 0)
        names = [row["path"] for row in result.rows("entry")]
        self.assertGreaterEqual(len(names), 9)
        self.assertIn("D006", [row["rule"] for row in result.rows("finding")])
        text = smscrypto("ls", path)
        self.assertSays(text, "cut.zip", "@", "D006")
        whole = smscrypto("log", "-f", "jsonl", f"{path}!/3.log")
        self.assertEqual(len(whole.rows("log")), 50)

    def test_zip_of_no_bytes(self):
        for data in (b"PK\x03\x04", b"PK\x05\x06" + bytes(10)):
            path = self.write("stub.zip", data)
            for command in ("ls", "timeline"):
                result = smscrypto(command, path)
                self.assertIn(result.status, (0, 3))
                self.assertSays(result)

    def test_bomb(self):
        path = self.path("bomb.zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("first.log", ccm("before"))
            with archive.open("bomb.bin", "w") as out:
                for _ in range(1 << 8):
                    out.write(bytes(1 << 20))
        self.assertLess(os.path.getsize(path), 1 << 20)
        for limit in (["--limit", "ratio=100"], ["--limit", "total=100M"]):
            with self.subTest(limit=limit):
                result = smscrypto("ls", "--hash", "-f", "jsonl", *limit, path)
                rows = {row["path"]: row for row in result.rows("entry")}
                self.assertIsNotNone(rows["first.log"]["sha256"])
                self.assertIsNone(rows["bomb.bin"]["sha256"])
                self.assertStatus(result, 3)
                self.assertSays(result, "bomb")

    def test_nested_without_end(self):
        data = zipped({"inner.log": ccm("deep")})
        for level in range(8):
            data = zipped({f"level{level}.zip": data}, zipfile.ZIP_STORED)
        path = self.write("deep.zip", data)
        result = smscrypto("ls", "-f", "jsonl", path)
        self.assertIn("D008", [row["rule"] for row in result.rows("finding")])
        deeper = smscrypto("ls", "-f", "jsonl", "--limit", "depth=20", path)
        self.assertTrue(any(row["path"].endswith("inner.log") for row in deeper.rows("entry")))

    def test_too_many_entries(self):
        path = self.write("many.zip", zipped({f"{n}.txt": b"" for n in range(50)}))
        result = smscrypto("ls", "-f", "jsonl", "--limit", "entries=10", path)
        self.assertEqual(len(result.rows("entry")), 10)
        self.assertTrue("D008" in [row["rule"] for row in result.rows("finding")]
                        or result.status == 3)

    def test_names_that_try_to_escape(self):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            for name in ("../../etc/passwd", "/absolute", "C:/Windows/x", "esc\x1b[31m"):
                member = tarfile.TarInfo(name)
                member.size = 1
                archive.addfile(member, io.BytesIO(b"x"))
        result = smscrypto("ls", self.write("escape.tar", out.getvalue()))
        self.assertStatus(result, 0)
        self.assertIn("../../etc/passwd", result.out.decode())
        self.assertNotIn(b"\x1b", result.out)

    def test_control_characters_in_messages(self):
        result = smscrypto("log", self.path("a\x1b[31m\nb"))
        self.assertStatus(result, 3)
        self.assertNotIn("\x1b", result.err)
        self.assertEqual(result.err.count("\n"), 1)


class Containers(Case):
    def test_cut_anywhere(self):
        with open(container(), "rb") as whole:
            data = whole.read()
        name = os.path.basename(container())
        for size in sorted({*range(0, 48), *range(48, len(data), 97), len(data) - 1}):
            with self.subTest(size=size):
                path = self.write(name, data[:size])
                result = smscrypto("inspect", "-f", "jsonl", path)
                self.assertIn(result.status, (0, 3))
                self.assertSays(result)
                if result.status == 3:
                    self.assertSays(result, path)
                    self.assertEqual(result.out, b"")
                    continue
                findings = result.rows("finding")
                self.assertTrue(findings)
                for finding in findings:
                    self.assertLessEqual(finding["offset"], size)

    def test_cut_in_text_is_said(self):
        with open(container(), "rb") as whole:
            data = whole.read()
        path = self.write(os.path.basename(container()), data[:700])
        result = smscrypto("inspect", path)
        self.assertStatus(result, 0)
        self.assertSays(result, path + "@", "D001")

    def test_in_an_archive(self):
        with open(container(), "rb") as whole:
            data = whole.read()
        archive = self.write("a.zip", zipped({"MachineKeys/key": data}))
        alone = smscrypto("inspect", "-f", "jsonl", container())
        self.assertStatus(alone, 0)
        inside = smscrypto("inspect", "-f", "jsonl", archive + "!/MachineKeys/key")
        self.assertStatus(inside, 0)
        self.assertEqual(len(inside.rows("record")), len(alone.rows("record")))


class Logs(Case):
    def test_torn_rows(self):
        path = self.write("torn.log", ccm("first")[20:] + ccm("second") + b"\0" * 100 +
                          ccm("third") + ccm("fourth")[:60])
        result = smscrypto("log", "-f", "jsonl", path)
        self.assertStatus(result, 0)
        texts = [row["text"] for row in result.rows("log")]
        self.assertIn("second", texts)
        self.assertIn("third", texts)
        self.assertTrue(result.rows("finding"))
        text = smscrypto("log", path)
        self.assertSays(text, path, "D005")

    def test_same_in_archive(self):
        rows = b"".join(ccm(f"row {n}", line=n) for n in range(100))
        log = self.write("a.log", rows)
        archive = self.write("a.zip", zipped({"logs/a.log": rows}))
        alone = smscrypto("log", "-f", "jsonl", log).rows("log")
        inside = smscrypto("log", "-f", "jsonl", archive + "!/logs/a.log").rows("log")
        for row in alone + inside:
            del row["path"]
        self.assertEqual(len(alone), 100)
        self.assertEqual(inside, alone)


if __name__ == "__main__":
    unittest.main()
