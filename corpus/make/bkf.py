"""NTBackup files: media of the Microsoft Tape Format, each with backup sets.

Written from the description of the format: blocks on a grid of 1,024 or 512 bytes, each with
its streams behind it, filemarks between the parts, times of one second in local time.
"""
import struct
from collections import namedtuple
from datetime import timedelta

import filetime
import lzs
from tree import File

_WINDOWS_NT, _NORMAL = 14, 0x4
_SOFT_FILEMARKS, _SUMMED, _VENDOR = 0x1, 0x20, 0x0CBE
_ON, _PARTS, _LAST_PART, _PACKED = 0x1, 0x2, 0x4, 0x10
_CONTINUED, _SPARSE, _LONG_NAME = 0x1, 0x8, 0x20000
_SOFTWARE = "Microsoft Windows NT Backup (NTBACKUP.EXE) Version 1.0 Rev. 3.41"

# A backup set: {path: File}, the first part of each path the letter of a drive or the name of
# a volume, a folder that is told for itself with "/" at its end; local time less UTC in quarter hours, None when the set does not tell it.
Set = namedtuple("Set", "files written zone method", defaults=(-20, _NORMAL))
# What the program that wrote the medium does: size of the logical block, texts of one byte,
# layout of what Windows adds, filemarks as blocks, SPAD behind the streams, catalogs.
Writer = namedtuple("Writer", "grid ansi system marks pads catalog",
                    defaults=(1024, False, 1, True, True, False))
# More about one file: attributes, security descriptor, {name: bytes} of alternate streams,
# [(place, bytes)] of a sparse file, sizes of the parts its data is cut into, compression, name
# in a stream of its own, bytes on the first medium.
More = namedtuple("More", "attributes rights streams runs parts packed long_name split",
                  defaults=(0x20, None, {}, None, None, False, False, None))


def bkf_file(files, name, machine, written, zone=-20):
    """A .bkf with one set."""
    return bkf_media([Set(files, written, zone)], name, machine)[0]


def bkf_media(sets, name, machine, more=None, writer=Writer()):
    """The media, mostly one; MORE is {(number of the set, path): More}."""
    return [bytes(body) for body in write(Tape(sets[0], more or {}, writer, name, machine), sets)]


def write(tape, sets):
    """All of it onto TAPE; its media."""
    tape.medium()
    for number, each in enumerate(sets, 1):
        tape.begin(number, each)
        for drive in sorted({path.split("/")[0] for path in each.files}):
            tape.volume(drive if " " in drive else drive + ":")
            tape.tree(drive, {path[len(drive) + 1:]: entry for path, entry in each.files.items()
                              if path.startswith(drive + "/")})
        tape.end()
    return tape.media


class Tape:
    new_body = bytearray

    def __init__(self, first, more, writer, name, machine):
        self.media, self.more, self.writer = [], more, writer
        self.name, self.machine = name, machine
        self.part, self.number = first, 1
        self.body = None
        self.control = self.folders = self.files = self.set_at = self.before = 0
        self.continued = 0
        self.drive = self.volume_name = self.folder = None

    # --- the parts of a medium ---------------------------------------------

    def medium(self):
        """A medium begins: the tape's own block."""
        self.body = self.new_body()
        self.media.append(self.body)
        self.set_at = 0
        writer = self.writer
        fixed = struct.pack("<IIHHHH", 0x51534D53, _SOFT_FILEMARKS if writer.marks else 0,
                            len(self.media), 0, writer.grid // 512 if writer.marks else 0, 0)
        tail = struct.pack("<HH", writer.grid, _VENDOR) + self._date(self.part.written) + b"\1"
        self._block(b"TAPE", 0, fixed, [self.name, "", "", _SOFTWARE], tail)
        self._filemark()

    def begin(self, number, part):
        """A set begins."""
        self.number, self.part = number, part
        self.control = self.folders = self.files = self.before = 0
        self._set()

    def _set(self):
        self.set_at = len(self.body)
        zone = 127 if self.part.zone is None else self.part.zone
        fixed = struct.pack("<IHHHH", self.part.method, 0, 0, _VENDOR, self.number)
        texts = ["Set created by hand", "", "", self.machine + "\\Administrator"]
        tail = struct.pack("<Q", self.set_at // self.writer.grid) + \
            self._date(self.part.written) + struct.pack("<BBBBB", 5, 0, zone & 0xFF, 0, 2)
        self._block(b"SSET", 0, fixed, texts, tail)

    def volume(self, device):
        """A drive."""
        self.volume_name = device
        self._numbered(b"VOLB", struct.pack("<I", 0x4), [device, "", self.machine],
                       self._date(self.part.written))

    def tree(self, drive, files):
        """Folder by folder, as the program walks: its files, then its folders."""
        self.drive = drive
        inside = {""}
        for path in files:
            parts = path.split("/")[:-1]
            inside.update("/".join(parts[:n]) for n in range(1, len(parts) + 1))
        for folder in sorted(inside, key=lambda path: path.split("/") if path else []):
            own = folder + "/" if folder else ""
            mine = {path: entry for path, entry in files.items()
                    if path.rpartition("/")[0] == folder and path != own}
            newest = max([entry.modified for entry in mine.values()], default=self.part.written)
            self.folders += 1
            self.folder = (folder, files.get(own, File(b"", newest)),
                           self.more.get((self.number, drive + "/" + own), More(0)))
            self._folder()
            for path in sorted(mine):
                self._file(path.rpartition("/")[2], mine[path],
                           self.more.get((self.number, drive + "/" + path), More()))

    def end(self):
        """The set's end, behind a filemark."""
        self._numbered(b"ESPB", b"", [], b"")
        self._filemark()
        fixed = struct.pack("<IIQQHH", self.part.method, 0, 0, 0, 0, self.number)
        if self.writer.catalog:
            self._block(b"ESET", 0, fixed, [], self._date(self.part.written),
                        streams=[(b"TFDD", 0, 0, self._catalog())])
        self._block(b"ESET", 0, fixed, [], self._date(self.part.written))
        self._filemark()

    def _catalog(self):
        """Records that repeat what the blocks say, on the grid, with their names as types."""
        record = struct.pack("<H4sHIQQiIBBBB", 1024, b"FILE", 1, 0, 5, 4, 0, 0, 14, 1, 2, 0)
        return bytes(self.writer.grid - 22 - len(self.body) % 4) + \
            record.ljust(self.writer.grid, b"\0") * 3

    # --- folders and files --------------------------------------------------

    def _folder(self):
        path, entry, more = self.folder
        name = path.replace("/", "\0") + "\0"
        is_long = len(name) > 400
        fixed = struct.pack("<I", _LONG_NAME if is_long else 0) + \
            self._times(entry.modified, entry.created or entry.modified) + \
            struct.pack("<I", self.folders)
        streams = [(b"PNAM", 0, 0, self._text(name))] if is_long else []
        self._numbered(b"DIRB", fixed, ["" if is_long else name], b"",
                       system=self._system(0x10 | more.attributes, 2),
                       streams=streams + list(self._streams(name, entry, more)))

    def _file(self, name, entry, more):
        self.files += 1
        fixed = struct.pack("<I", 0x800 | (_LONG_NAME if more.long_name else 0)) + \
            self._times(entry.modified, entry.created or entry.modified) + \
            struct.pack("<II", self.folders, self.files)
        names = ["" if more.long_name else name]
        system = self._system(more.attributes, 3)
        streams = list(self._streams(name, entry, more))
        if more.split is None:
            self._numbered(b"FILE", fixed, names, b"", len(entry.data), streams, system)
            return
        self._numbered(b"FILE", fixed, names, b"", len(entry.data), streams[:-1], system, False)
        self._split(streams[-1], more.split, lambda: self._numbered(
            b"FILE", fixed, names, b"", len(entry.data), [], system, False))

    @staticmethod
    def _streams(name, entry, more):
        """(id, attributes of the file system, of the tape, bytes) of each stream."""
        if more.long_name:
            yield b"FNAM", 0, 0, name.encode("utf-16-le")
        if more.rights:
            yield b"NACL", 0, _SUMMED, more.rights
        if more.runs is not None:
            yield b"STAN", _SPARSE, 0, b""
            for place, data in more.runs:
                yield b"SPAR", _SPARSE, _SUMMED, struct.pack("<Q", place) + data
        elif more.parts:
            at = 0
            for size in more.parts:
                last = _LAST_PART if at + size >= len(entry.data) else 0
                yield b"STAN", 0, _PARTS | last, entry.data[at:at + size]
                at += size
        elif more.packed:
            yield b"STAN", 0, _PACKED | _SUMMED, lzs.frames(entry.data)
        elif entry.data:
            yield b"STAN", 0, _SUMMED, entry.data
        for stream, data in more.streams.items():
            raw = stream.encode("utf-16-le")
            yield b"ADAT", 0, _SUMMED, struct.pack("<I", len(raw)) + raw + data

    def _split(self, stream, size, again):
        """The data of STREAM is cut at the end of a logical block; the medium ends there."""
        name, system, media, data = stream
        self._header(name, system, media, len(data))
        size += -(len(self.body) + size) % self.writer.grid
        self.body += data[:size]
        self._filemark()
        self._block(b"EOTM", 0, struct.pack("<Q", 0), [], b"")
        self._filemark()
        self.before += (len(self.body) - self.set_at) // self.writer.grid
        self.continued = _CONTINUED
        self.medium()
        self._set()
        self.control -= 3
        self.volume(self.volume_name)
        self._folder()
        again()
        self.continued = 0
        self._header(name, system, media | _ON, len(data) - size)
        self.body += bytes(-len(self.body) % self.writer.grid) + data[size:]
        self._stream(b"CSUM", _words(data))
        self._pad()

    # --- bytes --------------------------------------------------------------

    def _date(self, ticks):
        """14 bits year, 4 month, 5 day, 5 hour, 6 minute, 6 second, the highest bit first."""
        zone = -20 if self.part.zone is None else self.part.zone
        t = filetime.whole(ticks) + timedelta(minutes=15 * zone)
        bits = 0
        for value, width in ((t.year, 14), (t.month, 4), (t.day, 5), (t.hour, 5),
                             (t.minute, 6), (t.second, 6)):
            bits = bits << width | value
        return bits.to_bytes(5, "big")

    def _times(self, modified, created):
        return self._date(modified) + self._date(created) + bytes(5) + self._date(modified)

    def _text(self, text):
        return text.encode("cp1252" if self.writer.ansi else "utf-16-le")

    def _system(self, attributes, words):
        """What Windows adds: attributes, then a short name's place, then flags."""
        version = self.writer.system
        if version == 2:
            return struct.pack("<I", attributes).ljust(24, b"\0")
        size = {0: 4 if words == 2 else 12, 1: 8 if words == 2 else 16}[version]
        return struct.pack("<I", attributes).ljust(size, b"\0")

    def _numbered(self, kind, fixed, texts, tail, shown=0, streams=(), system=b"", pad=True):
        self.control += 1
        self._block(kind, self.control, fixed, texts, tail, shown, streams, system, pad)

    def _block(self, kind, control, fixed, texts, tail, shown=0, streams=(), system=b"", pad=True):
        """A block with its texts and streams, up to the next logical block."""
        at = 52 + len(fixed) + 4 * len(texts) + len(tail)
        system_at = (at + 3) // 4 * 4
        storage = bytes(system_at - at) + system
        at = system_at + len(system)
        places = b""
        for text in texts:
            raw = self._text(text)
            places += struct.pack("<HH", len(raw), at if raw else 0)
            storage += raw
            at += len(raw)
        size = (at + 3) // 4 * 4
        address = self.before + (len(self.body) - self.set_at) // self.writer.grid \
            if self.set_at and control else 0
        event = size if self.writer.pads or streams or not pad else -(-size // self.writer.grid) * \
            self.writer.grid
        head = kind + struct.pack("<IHBBQQHHIIIHHBB", self.continued, event, _WINDOWS_NT,
                                  self.writer.system, shown, address, 0, 0, 0, control, 0,
                                  len(system), system_at if system else 0,
                                  1 if self.writer.ansi else 2, 0)
        start = len(self.body)
        self.body += head + _sum(head) + fixed + places + tail + storage
        self.body += bytes(start + size - len(self.body))
        for name, of_system, media, data in streams:
            self._header(name, of_system, media, len(data))
            self.body += data
            if media & _SUMMED:
                self._stream(b"CSUM", _words(data))
        if pad:
            self._pad()

    def _header(self, name, system, media, size):
        self.body += bytes(-len(self.body) % 4)
        packed = lzs.ALGORITHM if media & _PACKED else 0
        head = name + struct.pack("<HHQHH", system, media, size, 0, packed)
        self.body += head + _sum(head)

    def _stream(self, name, data):
        self._header(name, 0, 0, len(data))
        self.body += data

    def _pad(self):
        """SPAD fills up the logical block, with a whole one where its header does not fit."""
        self.body += bytes(-len(self.body) % 4)
        if self.writer.pads:
            self._stream(b"SPAD", bytes(-(len(self.body) + 22) % self.writer.grid))
        else:
            self.body += bytes(-len(self.body) % self.writer.grid)

    def _filemark(self):
        grid = self.writer.grid
        if not self.writer.marks:
            return
        mark = b"SFMB" + struct.pack("<IHBBQQHHIIIHHBB", 0, grid, _WINDOWS_NT, 1, 0, 0, 0, 0, 0,
                                     0, 0, 0, 0, 0, 0)
        mark += _sum(mark) + struct.pack("<III", (grid - 72) // 8, 0, 0x48)
        self.body += mark.ljust(grid, b"\0")


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
