"""Minimal backups of NTBackup: one trait or one damage each."""
from bkf import bkf_file
from filetime import utc
from sample import Sample
from tree import File

_WRITTEN = utc("2004-12-28 22:00:04")
_TIME = utc("2004-05-06 07:08:09")
_MADE = utc("2004-03-02 09:41:17")
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
        _s("bad-checksum.bkf", whole[:data + 9] + b"?" + whole[data + 10:],
           "4 entries; finding: checksum of one", "one byte of a file turned"),
        _s("bad-block.bkf", whole.replace(b"FILE", b"FULE", 1),
           "3 entries; finding: where", "the block of the first file spoilt"),
        _s("bad-cut.bkf", whole[:data + 700], "finding: truncated", "cut within a file"),
        _s("bad-front.bkf", whole[1500:], "4 entries; finding", "the first 1,500 bytes are gone"),
    ]


def _backup(zone=-20):
    return bkf_file(_FILES, "sample.bkf", "SMSSRV01", _WRITTEN, zone)


def _s(name, data, expect, why):
    return Sample("bkf/" + name, data, expect, why, {})
