"""NTBackup files: a medium of the Microsoft Tape Format with one backup set.

Written from the description of the format: blocks of 1,024 bytes, each with its streams
behind it, soft filemarks between the parts, times of one second in local time.
"""
import struct
from datetime import timedelta

import filetime

_GRID = 1024
_WINDOWS_NT, _NORMAL, _UNICODE = 14, 0x4, 2
_SOFT_FILEMARKS, _SUMMED, _VENDOR = 0x1, 0x20, 0x0CBE
_QUARTER = 15 * 60 * filetime.SECOND
_SOFTWARE = "Microsoft Windows NT Backup (NTBACKUP.EXE) Version 1.0 Rev. 3.41"


def bkf_file(files, name, machine, written, zone=-20):
    """A .bkf of {path: File}; the first part of each path is the letter of the drive.
    ZONE is local time less UTC in quarter hours; None: the set does not tell it."""
    tape = _Tape(written, -20 if zone is None else zone)
    tape.medium(name)
    tape.set(machine, 127 if zone is None else zone)
    for drive in sorted({path.split("/")[0] for path in files}):
        tape.volume(drive + ":", machine)
        below = {path[len(drive) + 1:]: entry for path, entry in files.items()
                 if path.startswith(drive + "/")}
        tape.tree(below)
    tape.end()
    return bytes(tape.body)


class _Tape:
    def __init__(self, written, zone):
        self.body = bytearray()
        self.written, self.zone = written, zone
        self.control = self.folders = self.files = self.set_at = 0

    # --- the parts of a medium ---------------------------------------------

    def medium(self, name):
        """The tape's own block."""
        fixed = struct.pack("<IIHHHH", 0x51534D53, _SOFT_FILEMARKS, 1, 0, 2, 0)
        texts = [name, "", "", _SOFTWARE]
        tail = struct.pack("<HH", _GRID, _VENDOR) + self._date(self.written) + b"\1"
        self._block(b"TAPE", 0, fixed, texts, tail)
        self._filemark()

    def set(self, machine, zone):
        """The set's head."""
        self.set_at = len(self.body)
        fixed = struct.pack("<IHHHH", _NORMAL, 0, 0, _VENDOR, 1)
        texts = ["Set created by hand", "", "", machine + "\\Administrator"]
        tail = struct.pack("<Q", self.set_at // _GRID) + self._date(self.written) + \
            struct.pack("<BBBBB", 5, 0, zone & 0xFF, 0, 2)
        self._block(b"SSET", 0, fixed, texts, tail)

    def volume(self, device, machine):
        """A drive."""
        self._numbered(b"VOLB", struct.pack("<I", 0x4), [device, "", machine],
                       self._date(self.written))

    def tree(self, files):
        """Folder by folder, as the program walks: its files, then its folders."""
        inside = {""}
        for path in files:
            parts = path.split("/")[:-1]
            inside.update("/".join(parts[:n]) for n in range(1, len(parts) + 1))
        for folder in sorted(inside, key=lambda path: path.split("/") if path else []):
            mine = {path: entry for path, entry in files.items()
                    if path.rpartition("/")[0] == folder}
            self._folder(folder, max([entry.modified for entry in mine.values()],
                                     default=self.written))
            for path in sorted(mine):
                self._file(path.rpartition("/")[2], mine[path])

    def end(self):
        """The set's end, behind a filemark."""
        self._numbered(b"ESPB", b"", [], b"")
        self._filemark()
        self._block(b"ESET", 0, struct.pack("<IIQQHH", _NORMAL, 0, 0, 0, 0, 1), [],
                    self._date(self.written))
        self._filemark()

    # --- folders and files --------------------------------------------------

    def _folder(self, path, modified):
        self.folders += 1
        name = path.replace("/", "\0") + "\0"
        fixed = struct.pack("<I", 0) + self._times(modified, modified) + \
            struct.pack("<I", self.folders)
        self._numbered(b"DIRB", fixed, [name], b"", system=struct.pack("<IHH", 0x10, 0, 0))

    def _file(self, name, entry):
        self.files += 1
        fixed = struct.pack("<I", 0x800) + \
            self._times(entry.modified, entry.created or entry.modified) + \
            struct.pack("<II", self.folders, self.files)
        streams = [(b"STAN", entry.data)] if entry.data else []
        self._numbered(b"FILE", fixed, [name], b"", len(entry.data), streams,
                       struct.pack("<IHHHHI", 0x20, 0, 0, 0, 0, 0))

    # --- bytes --------------------------------------------------------------

    def _date(self, ticks):
        """14 bits year, 4 month, 5 day, 5 hour, 6 minute, 6 second, the highest bit first."""
        t = filetime.whole(ticks) + timedelta(minutes=15 * self.zone)
        bits = 0
        for value, width in ((t.year, 14), (t.month, 4), (t.day, 5), (t.hour, 5),
                             (t.minute, 6), (t.second, 6)):
            bits = bits << width | value
        return bits.to_bytes(5, "big")

    def _times(self, modified, created):
        return self._date(modified) + self._date(created) + bytes(5) + self._date(modified)

    def _numbered(self, kind, fixed, texts, tail, shown=0, streams=(), system=b""):
        self.control += 1
        self._block(kind, self.control, fixed, texts, tail, shown, streams, system)

    def _block(self, kind, control, fixed, texts, tail, shown=0, streams=(), system=b""):
        """A block with its texts and streams, up to the next logical block."""
        at = 52 + len(fixed) + 4 * len(texts) + len(tail)
        system_at = (at + 3) // 4 * 4
        storage = bytes(system_at - at) + system
        at = system_at + len(system)
        places = b""
        for text in texts:
            raw = text.encode("utf-16-le")
            places += struct.pack("<HH", len(raw), at if raw else 0)
            storage += raw
            at += len(raw)
        size = (at + 3) // 4 * 4
        address = (len(self.body) - self.set_at) // _GRID if self.set_at and control else 0
        head = kind + struct.pack("<IHBBQQHHIIIHHBB", 0, size, _WINDOWS_NT, 1, shown, address,
                                  0, 0, 0, control, 0, len(system),
                                  system_at if system else 0, _UNICODE, 0)
        start = len(self.body)
        self.body += head + _sum(head) + fixed + places + tail + storage
        self.body += bytes(start + size - len(self.body))
        for name, data in streams:
            self._stream(name, data, _SUMMED)
            self._stream(b"CSUM", _words(data))
        self._pad()

    def _stream(self, name, data, media=0):
        self.body += bytes(-len(self.body) % 4)
        head = name + struct.pack("<HHQHH", 0, media, len(data), 0, 0)
        self.body += head + _sum(head) + data

    def _pad(self):
        """SPAD fills up the logical block, with a whole one where its header does not fit."""
        self.body += bytes(-len(self.body) % 4)
        self._stream(b"SPAD", bytes(-(len(self.body) + 22) % _GRID))

    def _filemark(self):
        mark = b"SFMB" + struct.pack("<IHBBQQHHIIIHHBB", 0, _GRID, _WINDOWS_NT, 1, 0, 0, 0, 0, 0,
                                     0, 0, 0, 0, 0, 0)
        mark += _sum(mark) + struct.pack("<III", (_GRID - 72) // 8, 0, 0x48)
        self.body += mark.ljust(_GRID, b"\0")


def _sum(head):
    total = 0
    for (word,) in struct.iter_unpack("<H", head):
        total ^= word
    return struct.pack("<H", total)


def _words(data):
    total = 0
    for (word,) in struct.iter_unpack("<I", data + bytes(-len(data) % 4)):
        total ^= word
    return struct.pack("<I", total)
