"""Event logs by the command against known records, and against a reader written for this test.

The records of the real logs (*.records.tsv) come from another program.
"""
import csv
import json
import os
import pathlib
import random
import struct
import subprocess
import tempfile
import unittest

COMMAND = os.environ["SMSC_COMMAND"]
CORPUS = pathlib.Path(os.environ["SMSC_CORPUS"])
SHARED = pathlib.Path(os.environ.get("SMSC_SHARED", "../shared/data"))
EPOCH = 11644473600


def rows_of(path):
    out = subprocess.run([COMMAND, "log", "-f", "jsonl", path], capture_output=True, text=True).stdout
    rows = [json.loads(line) for line in out.splitlines()]
    return [row for row in rows if row["type"] == "log"]


def facts(row):
    """What a row of the command says, as read_record() has it."""
    e = row["event"]
    return (row["offset"], e["number"], row["ticks"] // 10**7 - EPOCH, e["written_ticks"] // 10**7 - EPOCH,
            e["code"], e["event_type"], e["category"], row["component"], e["computer"], e["sid"],
            e["strings"], e["data"] or "")


def sid_text(sid):
    if not sid:
        return ""
    parts = struct.unpack_from("<%dI" % sid[1], sid, 8)
    return "-".join(map(str, ("S", sid[0], int.from_bytes(sid[2:8], "big"), *parts)))


def texts(data, count):
    """COUNT texts, each up to its NUL."""
    out = []
    for _ in range(count):
        end = next(i for i in range(0, len(data), 2) if data[i:i + 2] == b"\0\0")
        out.append(data[:end].decode("utf-16-le"))
        data = data[end + 2:]
    return out


def read_record(offset, r):
    (_, _, number, made, written, code, kind, strings, category, _, _, string_at, sid_size, sid_at,
     size, data_at) = struct.unpack_from("<I4s4I4H6I", r)
    source, computer = texts(r[0x38:], 2)
    return (offset, number, made, written, code, kind, category, source, computer,
            sid_text(r[sid_at:sid_at + sid_size]), texts(r[string_at:], strings),
            r[data_at:data_at + size].hex())


def read_all(image):
    """Every whole record, also one that goes round the end of the file."""
    found, at = [], 0
    while (at := image.find(b"LfLe", at)) >= 0:
        start, at = at - 4, at + 1
        if start < 0:
            continue
        size = struct.unpack_from("<I", image, start)[0]
        record = (image[start:] + image[0x30:])[:size] if start + size > len(image) else image[start:start + size]
        if size < 0x38 or size % 4 or len(record) < size or len(image) - start < 0x38:
            continue
        if record[-4:] == record[:4]:
            found.append(read_record(start, record))
            at = start + size
    return found


class Known(unittest.TestCase):
    def test_records_of_real_logs(self):
        tables = sorted(SHARED.glob("hives/*/evt/*.records.tsv"))
        if not tables:
            self.skipTest("the shared evidence is not here")
        total = 0
        for table in tables:
            with open(table, newline="") as lines:
                want = [(int(w["offset"]), int(w["num"]), int(w["time_generated"]), int(w["time_written"]),
                         int(w["event_id_hex"], 16), int(w["type"]), int(w["category"]), w["source"],
                         w["computer"], sid_text(bytes.fromhex(w["sid_hex"])), json.loads(w["strings_json"]),
                         w["data_hex"]) for w in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
            got = [facts(row) for row in rows_of(str(table)[:-len(".records.tsv")]) if row["form"] == "evt"]
            self.assertEqual(got, want, table.name)
            total += len(want)
        self.assertGreater(total, 150)


class Made(unittest.TestCase):
    def test_samples(self):
        whole = [p for p in sorted((CORPUS / "evt").iterdir()) if "outside" not in p.name and "strings" not in p.name]
        self.assertGreater(len(whole), 15)
        for path in whole:
            self.assertEqual([facts(row) for row in rows_of(path)], read_all(path.read_bytes()), path.name)

    def test_left_behind(self):
        self.assertEqual({row["form"] for row in rows_of(CORPUS / "evt/cleared.Evt")}, {"evt-old"})
        for name in ("plain", "dirty", "room", "ring-split", "ring-fill", "ring-dirty-split"):
            self.assertEqual({row["form"] for row in rows_of(CORPUS / f"evt/{name}.Evt")}, {"evt"}, name)

    def test_logs_of_the_incident(self):
        logs = sorted((CORPUS / "incident-2005").rglob("*.Evt"))
        self.assertGreaterEqual(len(logs), 8)
        for path in logs:
            self.assertEqual([facts(row) for row in rows_of(path)], read_all(path.read_bytes()), path)

    def test_overwritten_places(self):
        """One file with many holes: what is whole is read, at its place."""
        numbers = random.Random(2005)
        image = bytearray((CORPUS / "evt/ring-split.Evt").read_bytes())
        for _ in range(40):
            holed = bytearray(image)
            for _ in range(numbers.randrange(1, 6)):
                at = numbers.randrange(0x30, len(holed) - 8)
                holed[at:at + 8] = bytes(8)
            with tempfile.NamedTemporaryFile(suffix=".Evt") as file:
                file.write(holed)
                file.flush()
                got = {(row["offset"], row["event"]["number"]) for row in rows_of(file.name)}
            self.assertLessEqual({(f[0], f[1]) for f in self.readable(bytes(holed))}, got)

    def readable(self, image):
        try:
            return read_all(image)
        except StopIteration:      # a text lost its NUL: not asked for here
            return []


if __name__ == "__main__":
    unittest.main()
