"""ZIP archives with full control over names, times and damage."""
import struct
import zlib
from collections import namedtuple

import filetime
from deflate import deflate

# name is bytes; packed is None for data that is to be deflated here, else ready
# DEFLATE data of `size` bytes; times lists the extra fields: "ut", "ntfs".
Member = namedtuple("Member", "name data modified created times utf8 packed size crc",
                    defaults=((), False, None, None, None))
_LOCAL, _CENTRAL, _END = 0x04034B50, 0x02014B50, 0x06054B50


def zip_file(files, times=("ut", "ntfs")):
    """A ZIP of {path: File}, sorted, without folders of its own."""
    members = []
    for path, entry in sorted(files.items()):
        ascii_name = path.isascii()
        members.append(Member(path.encode(), entry.data, entry.modified,
                              entry.created or entry.modified, times, not ascii_name))
    return zip_members(members)


def zip_members(members):
    """A ZIP of ready members."""
    body, directory = b"", b""
    for member in members:
        fields = _fields(member)
        packed = fields.pop("packed")
        central = _central(member, fields, len(body))
        body += _local(member, fields) + packed
        directory += central
    end = struct.pack("<I4H2IH", _END, 0, 0, len(members), len(members),
                      len(directory), len(body), 0)
    return body + directory + end


def _fields(member):
    packed = deflate(member.data) if member.packed is None else member.packed
    method = 8
    if member.packed is None and len(packed) >= len(member.data):
        method, packed = 0, member.data
    crc = zlib.crc32(member.data) if member.crc is None else member.crc
    size = len(member.data) if member.size is None else member.size
    flags = 0x800 if member.utf8 else 0
    common = struct.pack("<HHHHHIII", 20, flags, method, *_dos(member.modified),
                         crc, len(packed), size)
    return {"common": common, "packed": packed}


def _local(member, fields):
    extra = _extra(member, central=False)
    return struct.pack("<I", _LOCAL) + fields["common"] + \
        struct.pack("<HH", len(member.name), len(extra)) + member.name + extra


def _central(member, fields, offset):
    extra = _extra(member, central=True)
    tail = struct.pack("<5HII", len(member.name), len(extra), 0, 0, 0, 0x20, offset)
    # made by: DOS file attributes, version 2.0
    return struct.pack("<IH", _CENTRAL, 20) + fields["common"] + tail + member.name + extra


def _dos(ticks):
    """DOS time and date: local time of the machine that packs, two-second steps."""
    stamp, _, _ = filetime.local(ticks)
    time = stamp.hour << 11 | stamp.minute << 5 | stamp.second // 2
    return time, (stamp.year - 1980) << 9 | stamp.month << 5 | stamp.day


def _extra(member, central):
    out = b""
    if "ut" in member.times:
        out += _unix_times(member, central)
    if "ntfs" in member.times:
        stamps = struct.pack("<3Q", member.modified, member.modified, member.created)
        out += struct.pack("<HHIHH", 0x000A, 32, 0, 1, 24) + stamps
    return out


def _unix_times(member, central):
    """Whole seconds UTC; the central copy holds the modification time only."""
    seconds = [filetime.unix_seconds(t) for t in
               (member.modified, member.modified, member.created)]
    kept = seconds[:1] if central else seconds
    return struct.pack("<HHB", 0x5455, 1 + 4 * len(kept), 7) + \
        b"".join(struct.pack("<i", s) for s in kept)
