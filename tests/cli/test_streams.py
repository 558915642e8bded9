"""Logs far larger than memory: rows come, resident memory stays."""
import os
import unittest
import zipfile

from command import SANITIZED, Case, ccm, peak_kib, smscrypto

# SMSC_TEST_MIB=1024 runs the sizes that the contract names.
MIB = int(os.environ.get("SMSC_TEST_MIB", "16" if SANITIZED else "256"))
LIMIT_KIB = 64 * 1024


def block():
    """About one MiB of records."""
    row = ccm("Entering Certificate Maintenance " + "x" * 60)
    return row * ((1 << 20) // len(row))


class Streams(Case):
    def assertSmall(self, kib):
        if not SANITIZED:
            self.assertLess(kib, LIMIT_KIB)

    def test_log_in_a_zip(self):
        path = self.path("big.zip")
        data = block()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            with archive.open("logs/ccmexec.log", "w", force_zip64=True) as out:
                for _ in range(MIB):
                    out.write(data)
        kib, status = peak_kib("log", "-q", path + "!/logs/ccmexec.log")
        self.assertEqual(status, 0)
        self.assertSmall(kib)
        kib, status = peak_kib("timeline", "-q", path)
        self.assertEqual(status, 0)
        self.assertSmall(kib)

    def test_log_without_a_newline(self):
        path = self.write("flat.log", ccm("first"))
        chunk = b"y" * (1 << 20)
        with open(path, "ab") as out:
            for _ in range(MIB):
                out.write(chunk)
            out.write(b"\r\n" + ccm("last"))
        result = smscrypto("log", "-f", "jsonl", path)
        self.assertStatus(result, 0)
        self.assertEqual([row["text"] for row in result.rows("log")][0], "first")
        self.assertEqual([row["text"] for row in result.rows("log")][-1], "last")
        self.assertTrue(result.rows("finding"))
        kib, _ = peak_kib("log", "-q", path)
        self.assertSmall(kib)

    def test_record_without_an_end(self):
        path = self.write("open.log", ccm("first") + b"<![LOG[")
        with open(path, "ab") as out:
            out.truncate(MIB << 20)
        kib, status = peak_kib("log", "-q", path)
        self.assertEqual(status, 0)
        self.assertSmall(kib)
        result = smscrypto("log", "-f", "jsonl", path)
        self.assertEqual(result.rows("log")[0]["text"], "first")
        self.assertTrue(result.rows("finding"))


if __name__ == "__main__":
    unittest.main()
