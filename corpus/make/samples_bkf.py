"""Minimal backups of NTBackup: one trait or one damage each."""
import struct

from bkf import More, Set, Writer, bkf_file, bkf_media
from filetime import utc
from sample import Sample
from tree import File

_WRITTEN = utc("2004-12-28 22:00:04")
_TIME = utc("2004-05-06 07:08:09")
_MADE = utc("2004-03-02 09:41:17")
_ANSI = {
    "C/boot.ini": File(b"[boot loader]\r\n", _TIME, _MADE),
    "C/Größe/ärger.txt": File(b"one byte a letter\r\n", _TIME, _MADE),
    "C/Größe/empty.log": File(b"", _TIME, _MADE),
}
_FILES = {
    "C/boot.ini": File(b"[boot loader]\r\n", _TIME, _MADE),
    "C/WINNT/odd.bin": File(bytes(range(251)) * 9, _TIME, _MADE),
    "C/WINNT/empty.log": File(b"", _TIME, _MADE),
    "D/Größe 鍵.txt": File(b"a file inside\r\n", _TIME, _MADE),
}


def samples():
    """Every sample of this file."""
    whole = _backup()
    data = whole.index(bytes(range(251)))
    return [
        _s("plain.bkf", whole, "4 entries; UTC", "two drives, one empty file"),
        _s("no-zone.bkf", _backup(None), "4 entries; local time",
           "the set does not tell its zone"),
        _s("two-sets.bkf", _two_sets(), "2 entries of one path; sets 1 and 2", "two sets"),
        *_spanned(),
        _s("streams.bkf", _streams(), "9 entries; UTC",
           "alternate streams, rights, holes, parts, long names, LZS"),
        _s("old-layout.bkf", _one(writer=Writer(512, True, 0), files=_ANSI), "3 entries; UTC",
           "small blocks, one-byte text, layout 0"),
        _s("tape.bkf", _one(writer=Writer(1024, False, 2, False, True, True)), "4 entries; UTC",
           "the dump of a tape: no filemarks; layout 2, a catalog"),
        _s("no-spad.bkf", _one(writer=Writer(pads=False)), "4 entries; UTC",
           "zeros in place of padding, as MTF 1.0 has it"),
        _s("bad-checksum.bkf", whole[:data + 9] + b"?" + whole[data + 10:],
           "4 entries; finding: checksum of one", "one byte of a file turned"),
        _s("bad-block.bkf", whole.replace(b"FILE", b"FULE", 1),
           "3 entries; finding: where", "the block of the first file spoilt"),
        _s("bad-cut.bkf", whole[:data + 700], "finding: truncated", "cut within a file"),
        _s("bad-front.bkf", whole[1500:], "4 entries; finding", "the first 1,500 bytes are gone"),
    ]


def _backup(zone=-20):
    return bkf_file(_FILES, "sample.bkf", "SMSSRV01", _WRITTEN, zone)


def _one(more=None, writer=Writer(), files=None):
    keyed = {(1, path): each for path, each in (more or {}).items()}
    return b"".join(bkf_media([Set(files or _FILES, _WRITTEN)], "sample.bkf", "SMSSRV01", keyed, writer))


def _two_sets():
    sets = [Set({"C/boot.ini": File(text, _TIME)}, _WRITTEN) for text in (b"full", b"later")]
    return bkf_media(sets, "sample.bkf", "SMSSRV01")[0]


def _spanned():
    """The same as one file would be, but the second of three lies on two media."""
    files = {"C/a": File(b"first", _TIME), "C/b": File(bytes(range(256)) * 20, _TIME),
             "C/c": File(b"last", _TIME)}
    media = bkf_media([Set(files, _WRITTEN)], "sample.bkf", "SMSSRV01", {(1, "C/b"): More(split=2000)})
    return [_s("spanned-%d.bkf" % number, data, "finding: truncated; with the other 3 entries",
               "medium %d of 2" % number) for number, data in enumerate(media, 1)]


def _streams():
    rights = struct.pack("<BBHIIII", 1, 0, 0x8004, 0, 0, 0, 20) + struct.pack(
        "<BBHHHBBHIBB6sI", 2, 0, 28, 1, 0, 0, 0, 20, 0x1F01FF, 1, 1, b"\0\0\0\0\0\5", 18)
    text = bytes(range(97, 123)) * 120
    names = "ads holes parts packed rights".split()
    files = {"C/" + name: File(text, _TIME, _MADE) for name in names}
    files["C/holes"] = File(b"a" + bytes(5000) + b"b" + bytes(3000), _TIME)
    files["C/" + "n" * 255] = File(b"1", _TIME)
    files["C/" + "/".join("folder-%02d" % i for i in range(40)) + "/deep"] = File(b"2", _TIME)
    return _one({"C/ads": More(streams={":Zone.Identifier:$DATA": b"[ZoneTransfer]\r\n",
                                        ":\u00fc:$DATA": b"3"}, attributes=0x27),
                 "C/holes": More(runs=[(0, b"a"), (5001, b"b")], attributes=0x220),
                 "C/parts": More(parts=[1000, 1, 2119]), "C/packed": More(packed=True),
                 "C/rights": More(rights=rights), "C/" + "n" * 255: More(long_name=True)}, files=files)


def _s(name, data, expect, why):
    return Sample("bkf/" + name, data, expect, why, {})
