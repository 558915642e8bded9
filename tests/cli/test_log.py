"""The log command: which rows, how many, from where."""
import csv
import gzip
import io
import os
import re
import subprocess
import tarfile
import unittest
import zipfile

from command import COMMAND, CORPUS, Case, ccm, smscrypto

SPELLINGS = ("0x8009000d", "8009000D", "2148073485", "-2146893811", "NTE_NO_KEY", "nte_no_key")


def texts(*words, data=None):
    """Texts of the rows that the log command gives, "-" for standard input."""
    done = subprocess.run([COMMAND, "log", "-f", "jsonl", *words], input=data or b"",
                          capture_output=True, check=True)
    return [line.split('"text":"')[1].split('"')[0] for line in done.stdout.decode().splitlines()
            if '"type":"log"' in line]


def named_gzip(name, data):
    """Packed by the name that it had then."""
    packed = io.BytesIO()
    with gzip.GzipFile(name, "wb", fileobj=packed) as file:
        file.write(data)
    return packed.getvalue()


class Log(Case):
    def setUp(self):
        super().setUp()
        self.log = self.write("a.log", b"".join((
            ccm("one failed (0x8009000D)", "17:59:38.000", 3), ccm("two", "18:00:00.000"),
            ccm("three: 2148073485", "18:00:01.000"), ccm("four {18009000d} 0x8009000dd", "18:00:02.000"),
            ccm("Creating Signing Certificate...", "18:00:03.000", 2),
            ccm("six error -2146893811.", "18:00:04.000"), ccm("seven, Error 64", "18:00:05.000"))))

    def test_times(self):
        self.assertEqual(texts("--since", "2005-01-07T23:00:04Z", "--until", "2005-01-07T23:00:05Z",
                               self.log), ["six error -2146893811."])
        local = self.write("local.log", b"<01-07-2005 12:00:00> a\r\n<01-07-2005 12:00:01> b\r\n")
        self.assertEqual(texts("--since", "2005-01-07T12:00:01Z", local), ["b"])
        bare = self.write("bare.log", b"a  $$<SMS_X_Y>\r\nb  $$<SMS_X_Y>\r\n")
        self.assertEqual(texts(bare), ["a", "b"])
        self.assertEqual(texts("--until", "2005-01-07", bare), [])

    def test_codes(self):
        for spelling in SPELLINGS:
            found = texts("--code", spelling, self.log)
            self.assertEqual([text.split()[0] for text in found], ["one", "three:", "six"], spelling)
        self.assertEqual(texts("--code", "64", self.log), ["seven, Error 64"])
        self.assertEqual(texts("--code=0x40", self.log), ["seven, Error 64"])
        for wrong in ("0", "x", "NTE_", "-", "99999999999", "0x123456789"):
            self.assertStatus(smscrypto("log", "--code", wrong, self.log), 2)

    def test_components_and_patterns(self):
        self.assertEqual(len(texts("--component", "CCMexec", self.log)), 7)
        self.assertEqual(len(texts("--component", "c*", self.log)), 7)
        self.assertEqual(texts("--component", "Exec", self.log), [])
        self.assertEqual(texts("--grep", "^t(wo|hree)", self.log), ["two", "three: 2148073485"])
        self.assertEqual(texts("--grep", "^t", "--code", "NTE_NO_KEY", self.log), ["three: 2148073485"])
        wrong = smscrypto("log", "--grep", "(", self.log)
        self.assertStatus(wrong, 2)
        self.assertSays(wrong, "no regular expression")

    def test_kinds(self):
        self.assertEqual(texts("--kind", "key-created", self.log), ["Creating Signing Certificate..."])
        self.assertEqual([text.split()[0] for text in texts("--kind", "key-*", self.log)],
                         ["one", "three:", "Creating", "six"])

    def test_counts(self):
        other = self.write("b.log", ccm("x"))
        result = smscrypto("log", "--count", self.log, other)
        self.assertEqual(result.out.decode(), f"7\t{self.log}\n1\t{other}\n")
        result = smscrypto("log", "--count", "--grep", "^t", self.log)
        self.assertEqual(result.out.decode(), f"2\t{self.log}\n")
        self.assertStatus(smscrypto("log", "--count", "-f", "csv", self.log), 2)

    def test_standard_input(self):
        with open(self.log, "rb") as log:
            data = log.read()
        self.assertEqual(texts("-", data=data), texts(self.log))
        self.assertEqual(texts("--grep", "two", "-", data=data), ["two"])
        self.assertStatus(smscrypto("log", "-"), 3)
        packed = self.write("a.log.gz", gzip.compress(data))
        self.assertEqual(texts(packed), texts(self.log))

    def test_columns(self):
        log = self.write("c.log", ccm("one", "17:59:38.123", 3) + b"".join((
            b'<![LOG[two]LOG]!><time="01:00:00.1234567" date="1-8-2005" component="A" context="" ',
            b'type="1" thread="1" file="">\r\n')))
        lines = smscrypto("log", log).lines()
        self.assertEqual(lines[0].split(), "TIME (UTC) LOCAL TIME BIAS COMPONENT TEXT".split())
        self.assertIn("2005-01-07 22:59:38.123 2005-01-07 17:59:38.123 +300 !! CcmExec ", lines[1].replace("   ", " "))
        self.assertTrue(lines[2].startswith("-  "))
        self.assertEqual(len({line.index(text) for line, text in zip(lines, ("TEXT", "one", "two"))}), 1)

    def test_codes_are_named(self):
        lines = smscrypto("log", self.log).lines()
        self.assertIn("one failed (0x8009000D)  (NTE_NO_KEY)  ", lines[1])
        self.assertIn("six error -2146893811.  (NTE_NO_KEY)  ", lines[6])
        self.assertNotIn("NTE", lines[2] + lines[4])
        rows = smscrypto("log", "-f", "jsonl", self.log).rows("log")
        self.assertEqual(rows[2]["codes"], [{"code": "0x8009000d", "name": "NTE_NO_KEY"}])
        self.assertEqual(rows[1]["codes"], [])
        cells = list(csv.DictReader(io.StringIO(smscrypto("log", "-f", "csv", self.log).out.decode())))
        self.assertEqual(cells[0]["codes"], "0x8009000d NTE_NO_KEY")

    def test_csv_has_all_of_an_event(self):
        log = os.path.join(CORPUS, "evt", "known.Evt")
        cells = list(csv.DictReader(io.StringIO(smscrypto("log", "-f", "csv", log).out.decode())))
        rows = smscrypto("log", "-f", "jsonl", log).rows("log")
        self.assertEqual(len(cells), len(rows))
        for cell, row in zip(cells, rows):
            event = row["event"]
            for name, member in (("event_id", "id"), ("event_code", "code"), ("number", "number"),
                                 ("event_type", "event_type"), ("category", "category")):
                self.assertEqual(int(cell[name]), event[member], name)
            for name in ("written", "computer", "sid"):
                self.assertEqual(cell[name], event[name])
            strings = "\n".join(event["strings"])
            self.assertIn(cell["strings"], (strings, "'" + strings))  # what looks like a formula is quoted
            self.assertEqual(cell["data"], event["data"] or "")
            for name in ("component", "text", "context", "file", "form", "path"):
                self.assertEqual(cell[name].removeprefix("'"), row[name])

    def test_colours(self):
        site = b"".join(b"%s  $$<SMS_X><01-07-2005 12:00:00.250+300><thread=1 (0x1)>\r\n" % text for text in (
            b"an Error", b"cannot, it FAILED", b"warning", b"failover", b"set ansi_warnings on", b"fine"))
        lines = smscrypto("log", "--color", "always", self.write("s.log", site)).lines()[1:]
        coloured = [re.search(r"\x1b\[\d+(?:;\d+)*m(an Error|cannot, it FAILED|warning|failover|set ansi.*|fine)\x1b", line)
                    is not None for line in lines]
        self.assertEqual(coloured, [True, True, True, False, False, False], lines)
        self.assertNotIn("\x1b", smscrypto("log", os.path.join(self.folder, "s.log")).out.decode())

    def test_generations_come_in_order(self):
        """By what is in them, for their names would put them otherwise."""
        newest = self.write("x.log", ccm("4", "20:00:00.000"))
        middle = self.write("x-20050107-000000.log", ccm("2", "18:00:00.000") + ccm("3", "19:00:00.000"))
        oldest = self.write("x-20050108-000000.log.gz", gzip.compress(ccm("1", "17:00:00.000")))
        other = self.write("y.log", ccm("y", "16:00:00.000"))
        for paths in ((newest, middle, oldest), (oldest, middle, newest), (middle, oldest, newest), (newest, oldest, middle)):
            self.assertEqual(texts(*paths), ["1", "2", "3", "4"], paths)
        self.assertEqual(texts(newest, other, middle), ["2", "3", "y", "4"])
        empty = self.write("x.lo_", b"nothing")
        self.assertStatus(smscrypto("log", newest, empty), 3)

    def test_folders_and_archives(self):
        """Each log in it, found by what is in it; sets in order, the rest where it stands."""
        logs = {"c/x.log": ccm("4", "20:00:00.000"), "c/x-20050107-000000.log": ccm("2", "18:00:00.000"),
                "c/x-20050108-000000.log.gz": named_gzip("x.log", ccm("1", "17:00:00.000")), "a.bin": ccm("0"),
                "c/note.txt": b"no log at all", "d/x.log": ccm("5")}
        names = {"0": "a.bin", "1": "c/x-20050108-000000.log.gz!/x.log",
                 "2": "c/x-20050107-000000.log", "4": "c/x.log", "5": "d/x.log"}
        folder = os.path.join(self.folder, "all")
        archive, loose = os.path.join(self.folder, "all.zip"), os.path.join(self.folder, "all.tar.gz")
        with zipfile.ZipFile(archive, "w") as zipped, tarfile.open(loose, "w:gz") as packed:
            for name, data in logs.items():
                os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(data)
                zipped.writestr(name, data)
                packed.add(os.path.join(folder, name), name)
        self.assertEqual(texts(folder), ["0", "1", "2", "4", "5"])
        self.assertEqual(texts(archive), ["1", "2", "4", "0", "5"])
        for source, between in ((folder + "/", ""), (archive, "!/"), (loose, "!/")):
            result = smscrypto("log", "-f", "jsonl", source)
            self.assertStatus(result, 0)
            self.assertEqual(result.err, "")
            self.assertEqual({row["text"]: row["path"] for row in result.rows("log")}, names)
            counts = smscrypto("log", "--count", source).out.decode().splitlines()
            self.assertEqual(sorted(counts), sorted(f"1\t{source}{between}{name}" for name in names.values()))
            for line in counts:
                self.assertStatus(smscrypto("log", "--count", line.split("\t")[1]), 0)
        self.assertEqual(texts(self.log, folder)[7:], ["0", "1", "2", "4", "5"])
        self.assertEqual(texts("--grep", "[45]", folder), ["4", "5"])
        # An archive in a folder is none of its logs, though its entries are not packed.
        with zipfile.ZipFile(os.path.join(folder, "d", "a.zip"), "w") as zipped:
            zipped.writestr("a.log", ccm("6"))
        self.assertEqual(texts(folder), ["0", "1", "2", "4", "6", "5"])
        none = smscrypto("log", os.path.join(CORPUS, "x509"))
        self.assertStatus(none, 3)
        self.assertSays(none, "there is no log in it")
        self.assertStatus(smscrypto("log", os.path.join(folder, "c", "note.txt")), 3)

    def test_many_generations(self):
        for i in range(300):
            self.write(f"m-20050107-{i:06}.log", ccm(str(299 - i), f"{17 + i % 2}:{i // 60:02}:{i % 60:02}.000"))
        found = texts(self.folder)[7:]
        self.assertEqual(len(found), 300)
        self.assertEqual(found, [str(299 - i) for i in sorted(range(300), key=lambda i: (i % 2, i))])

    def test_names_where_content_tells_nothing(self):
        bare = b"%s  $$<SMS_X_Y>\r\n"
        paths = [self.write("n.log", bare % b"3"), self.write("n-20050108-000000.log", bare % b"2"),
                 self.write("n-20050107-000000.log", bare % b"1")]
        self.assertEqual(texts(*paths), ["1", "2", "3"])

    def test_corpus_has_every_form(self):
        for folder in ("ccm-log", "sms-log", "trace-text", "setup-log", "update-log", "iis-log"):
            paths = [os.path.join(CORPUS, folder, name) for name in sorted(os.listdir(os.path.join(CORPUS, folder)))]
            rows = smscrypto("log", "-q", "-f", "jsonl", *paths).rows("log")
            counts = smscrypto("log", "-q", "--count", *paths).out.decode().splitlines()
            self.assertEqual([line.split("\t") for line in counts],
                             [[str(sum(row["path"] == path for row in rows)), path] for path in paths])


if __name__ == "__main__":
    unittest.main()
