"""The same evidence, the same bytes: in any zone and locale, out of any carrier."""
import json
import os
import unittest

from command import CORPUS, Case, smscrypto

INCIDENT = os.path.join(CORPUS, "incident-2005")
SNAPSHOTS = ("2004-12-28", "2005-01-07", "2005-01-09", "2005-01-12")
FORMATS = ("text", "jsonl", "csv", "bodyfile", "timesketch", "l2tcsv")


def packed():
    """(directory, archive) of each snapshot that is also there as an archive."""
    for name in sorted(os.listdir(INCIDENT)):
        for ending in (".zip", ".tar.gz", ".tgz", ".bkf"):
            folder = os.path.join(INCIDENT, name[:-len(ending)])
            if name.endswith(ending) and os.path.isdir(folder):
                yield folder, os.path.join(INCIDENT, name)


class Same(Case):
    def test_everywhere(self):
        elsewhere = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "tr_TR.UTF-8"}
        here = {"TZ": "America/New_York", "LC_ALL": "C.UTF-8"}
        for form in FORMATS:
            with self.subTest(form=form):
                words = ("timeline", "-f", form, *SNAPSHOTS)
                one = smscrypto(*words, cwd=INCIDENT, env=here)
                two = smscrypto(*words, cwd=INCIDENT, env=elsewhere)
                self.assertStatus(one, 0)
                self.assertTrue(one.out)
                self.assertEqual(one.out, two.out)
                self.assertEqual(one.err, two.err)

    def test_any_number_of_threads(self):
        runs = [smscrypto("report", "-f", "jsonl", "--threads", count, *SNAPSHOTS, cwd=INCIDENT)
                for count in ("1", "2", "7")]
        self.assertStatus(runs[0], 0)
        self.assertEqual({run.out for run in runs}, {runs[0].out})

    def test_twice(self):
        for words in (("keys", "-f", "jsonl"), ("ls", "-f", "jsonl", "--hash")):
            runs = [smscrypto(*words, "2005-01-07", cwd=INCIDENT).out for _ in range(2)]
            self.assertEqual(runs[0], runs[1])

    def test_carriers(self):
        pairs = list(packed())
        self.assertEqual(sorted(os.path.basename(archive).partition(".")[2]
                                for _, archive in pairs), ["bkf", "bkf", "tar.gz", "zip"])
        for folder, archive in pairs:
            with self.subTest(archive=archive):
                # The zip and the tar hold files alone.
                kinds = ("file", "folder") if archive.endswith(".bkf") else ("file",)
                self.assertEqual(self.contents(folder, kinds), self.contents(archive, kinds))
                self.assertEqual(self.keys(folder), self.keys(archive))
                self.assertEqual(self.log_events(folder), self.log_events(archive))

    def contents(self, source, kinds):
        rows = smscrypto("ls", "-f", "jsonl", "--hash", source).rows("entry")
        self.assertEqual(set(kinds), {row["kind"] for row in rows} & set(kinds))
        return sorted((row["kind"], row["path"], row["size"], row["sha256"]) for row in rows
                      if row["kind"] in kinds)

    def keys(self, source):
        """Without numbers: a tar tells when a file was made, which may part equal times."""
        rows = smscrypto("keys", "-f", "jsonl", f"x={source}").rows("generation")
        self.assertTrue(rows)
        return sorted(json.dumps([row[name] for name in (
            "container", "file_hash", "machine_guid", "state", "sources", "signature",
            "exchange")]) for row in rows)

    def log_events(self, source):
        """What the logs say; times of files have another clock in a zip."""
        rows = smscrypto("timeline", "-f", "jsonl", f"x={source}").rows("event")
        found = [(row["time"], row["kind"], row["text"], row["path"], row["offset"])
                 for row in rows if row["clock"].startswith("log")]
        self.assertTrue(found)
        return found

    def test_since_and_until(self):
        whole = smscrypto("timeline", "-f", "jsonl", *SNAPSHOTS, cwd=INCIDENT).rows("event")
        since, until = "2005-01-07T22:59:38Z", "2005-01-07T22:59:44Z"
        part = smscrypto("timeline", "-f", "jsonl", "--since", since, "--until", until,
                         *SNAPSHOTS, cwd=INCIDENT).rows("event")
        self.assertEqual(part, [row for row in whole
                                if row["time"] and since[:-1] <= row["time"] < until[:-1]])
        self.assertTrue(0 < len(part) < len(whole))


if __name__ == "__main__":
    unittest.main()
