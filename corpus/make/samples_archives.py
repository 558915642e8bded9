"""Minimal archives: what names, times and nesting can look like."""
import zlib

from archive_tar import tar_gz
from archive_zip import Member, zip_members
from deflate import zeros
from filetime import utc
from sample import Sample
from tree import File

_TIME = utc("2004-05-06 07:08:09.1250000")
_MADE = utc("2004-03-02 09:41:17.5000000")
_DATA = b"a file inside\r\n"
_BOMB = 258 * 260112 + 1                # 64 MiB and a little
NESTED_DEPTH = 3


def samples():
    """Every sample of this file."""
    return _times() + _names() + _nested() + _damaged()


def _member(name, data=_DATA, **options):
    raw = name if isinstance(name, bytes) else name.encode("ascii")
    return Member(raw, data, _TIME, _MADE, **options)


def _s(name, data, expect, why, entries):
    return Sample("archives/" + name, data, expect, why, {"entries": entries})


def _times():
    name = ["file.txt"]

    def stamps(*kinds):
        return zip_members([_member("file.txt", times=kinds)])
    return [
        _s("dos-times.zip", stamps(), "1 entry; local time, two-second steps",
           "no extra field: the time has no zone", name),
        _s("unix-times.zip", stamps("ut"), "1 entry; UTC, whole seconds",
           "extra field 0x5455", name),
        _s("ntfs-times.zip", stamps("ntfs"), "1 entry; UTC, 100 ns, creation time",
           "extra field 0x000a", name),
        _s("both-times.zip", stamps("ut", "ntfs"), "1 entry; the finer time wins",
           "both extra fields", name),
        _s("times.tar.gz", tar_gz({"file.txt": File(_DATA, _TIME, _MADE)}),
           "1 entry; UTC, 100 ns, creation time", "pax records", name),
    ]


def _names():
    def one(file, names, expect, why, **options):
        data = zip_members([_member(name, **options) for name in names])
        told = [name if isinstance(name, str) else {"bytes": name.hex()} for name in names]
        return _s(file, data, expect, why, told)
    return [
        one("names-utf8.zip", ["Größe 鍵.txt".encode()], "1 entry; UTF-8", "flag bit 11",
            utf8=True),
        one("names-cp437.zip", ["Größe.txt".encode("cp437")], "1 entry",
            "the format's own code page"),
        one("names-cp850.zip", ["Übergröße Ø.txt".encode("cp850")], "1 entry",
            "the code page of Western European DOS"),
        one("names-traversal.zip", ["../../etc/x", "/abs", "C:/Windows/x", "a/../../b",
                                    "..\\..\\win", "good"],
            "6 entries; extraction writes inside its folder only", "names that lead outside"),
        one("names-same.zip", ["file.txt", "file.txt", "FILE.TXT"], "3 entries",
            "one name three times, once in capitals"),
        one("names-odd.zip", [b"nul\0inside", b"", b"new\nline", b"con", b"bad\xff\xfeutf8"],
            "5 entries; names printed safely", "names that break tables and shells"),
    ]


def _nested():
    inner = zip_members([_member("deep.txt", times=("ntfs",))])
    for level in range(NESTED_DEPTH - 1, 0, -1):
        inner = zip_members([_member("level%d.zip" % level, inner, times=("ntfs",))])
    bomb = zeros(_BOMB)
    crc = 0
    for _ in range(258):                # the bomb's size is 258 x 260,112 + 1
        crc = zlib.crc32(bytes(260112), crc)
    member = Member(b"zeros.bin", b"", _TIME, _MADE, (), False, bomb, _BOMB, zlib.crc32(b"\0", crc))
    lying = member._replace(size=1000)
    return [
        _s("nested.zip", inner, "deep.txt three levels down", "zip in zip in zip",
           ["level1.zip!/level2.zip!/deep.txt"]),
        _s("bomb.zip", zip_members([member]), "limit reached, no other harm",
           "64 KiB that unpack to 64 MiB", ["zeros.bin"]),
        _s("bomb-lying.zip", zip_members([lying]), "limit reached or size finding",
           "the same, but the directory says 1,000 bytes", ["zeros.bin"]),
    ]


def _damaged():
    whole = zip_members([_member("one.txt"), _member("two.txt")])
    wrong = zip_members([_member("one.txt", crc=0x12345678), _member("two.txt")])
    packed = tar_gz({"one.txt": File(_DATA, _TIME), "two.txt": File(_DATA, _TIME)})
    return [
        _s("bad-cut.zip", whole[:60], "1 entry or none; finding: truncated",
           "no directory at the end", ["one.txt"]),
        _s("bad-checksum.zip", wrong, "2 entries; finding: checksum of the first",
           "stored checksum wrong", ["one.txt", "two.txt"]),
        _s("bad-front.zip", b"MZ" + bytes(510) + whole, "2 entries",
           "bytes before the first header, as in a self-extractor", ["one.txt", "two.txt"]),
        _s("bad-cut.tar.gz", packed[:len(packed) // 2], "finding: truncated",
           "half of a gzip stream", []),
    ]
