"""A writer of registry hives (regf 1.3 as RegSaveKey leaves them, or 1.5).

A hive is described by Key and Value; write() lays the cells out.
"""
import struct
from dataclasses import dataclass, field

NONE, SZ, EXPAND_SZ, BINARY, DWORD, DWORD_BE, LINK, MULTI_SZ = range(8)
QWORD = 11
_NOWHERE = 0xFFFFFFFF
_PAGE = 4096
_SEGMENT = 16344


@dataclass
class Value:
    """One value; the default value has an empty name."""
    name: str
    type: int
    data: bytes


@dataclass
class Key:
    """One key.  lists says how its subkeys are listed: lf, lh, li, or ri (an index
    of lf lists of two)."""
    name: str
    time: int
    values: list = field(default_factory=list)
    keys: list = field(default_factory=list)
    class_name: str = ""
    lists: str = "lf"

    def walk(self, path=()):
        """Every (path, key) below and with this one; the root's path is empty."""
        yield path, self
        for key in self.keys:
            yield from key.walk(path + (key.name,))

    def find(self, path):
        """The key at a backslash path."""
        key = self
        for name in path.split("\\"):
            key = next(k for k in key.keys if k.name.lower() == name.lower())
        return key


def sz(name, text):
    return Value(name, SZ, (text + "\0").encode("utf-16-le"))


def multi_sz(name, texts):
    return Value(name, MULTI_SZ, ("\0".join(texts) + "\0\0").encode("utf-16-le"))


def dword(name, number):
    return Value(name, DWORD, struct.pack("<I", number & 0xFFFFFFFF))


def binary(name, data):
    return Value(name, BINARY, data)


def default(data, kind=NONE):
    """A default value; LSA uses the type NONE for its data."""
    return Value("", kind, data)


def key(name, time, *parts, class_name="", lists="lf"):
    """A key from its values and subkeys, subkeys sorted as the system sorts them."""
    keys = sorted((p for p in parts if isinstance(p, Key)), key=lambda k: k.name.upper())
    values = [p for p in parts if isinstance(p, Value)]
    return Key(name, time, values, keys, class_name, lists)


def write(root, written, minor=3, name=""):
    """The hive as bytes.  WRITTEN is the base block's own time."""
    cells = _Cells(written)
    security = cells.add(_security_cell(sum(1 for _ in root.walk())))
    top = _Writer(cells, security, minor).key(root, _NOWHERE)
    bins = cells.finish()
    return _base_block(top, len(bins), written, minor, name) + bins


# --- cells and bins ----------------------------------------------------------

class _Cells:
    """Bins of whole pages; a cell never crosses the end of its bin."""

    def __init__(self, written):
        self._data = bytearray()
        self._bin_end = 0
        self._written = written

    def reserve(self, size):
        """Room for a cell with SIZE bytes of data; the cell's offset."""
        need = (4 + size + 7) // 8 * 8
        if len(self._data) + need > self._bin_end:
            self._close_bin()
            self._open_bin(need)
        place = len(self._data)
        self._data += struct.pack("<i", -need) + bytes(need - 4)
        return place

    def store(self, place, data):
        self._data[place + 4:place + 4 + len(data)] = data

    def add(self, data):
        place = self.reserve(len(data))
        self.store(place, data)
        return place

    def finish(self):
        self._close_bin()
        return bytes(self._data)

    def _open_bin(self, need):
        size = (32 + need + _PAGE - 1) // _PAGE * _PAGE
        stamp = 0 if self._data else self._written
        self._bin_end = len(self._data) + size
        self._data += struct.pack("<4sII8xQ4x", b"hbin", len(self._data), size, stamp)

    def _close_bin(self):
        """One free cell takes what is left of the bin."""
        left = self._bin_end - len(self._data)
        if left:
            self._data += struct.pack("<i", left) + bytes(left - 4)


def _base_block(top, size, written, minor, name):
    head = struct.pack("<4sIIQ6I", b"regf", 1, 1, written, 1, minor, 0, 1, top, size)
    head += struct.pack("<I", 1) + name.encode("utf-16-le")[:64].ljust(64, b"\0")
    head = head.ljust(508, b"\0")
    check = 0
    for word in struct.unpack("<127I", head):
        check ^= word
    check = {0xFFFFFFFF: 0xFFFFFFFE, 0: 1}.get(check, check)
    return (head + struct.pack("<I", check)).ljust(_PAGE, b"\0")


# --- records -----------------------------------------------------------------

class _Writer:
    def __init__(self, cells, security, minor):
        self._cells, self._security, self._minor = cells, security, minor

    def key(self, node, parent):
        """Write a key and all below it; the offset of its cell."""
        name, narrow = _name(node.name)
        place = self._cells.reserve(0x4C + len(name))
        class_name = node.class_name.encode("utf-16-le")
        class_cell = self._cells.add(class_name) if class_name else _NOWHERE
        values = self._values(node.values)
        children = [self.key(child, place) for child in node.keys]
        subkeys = self._list(node, children)
        flags = (0x20 if narrow else 0) | (0x0C if parent == _NOWHERE else 0)
        above = 0 if parent == _NOWHERE else parent
        self._cells.store(place, b"nk" + struct.pack(
            "<HQ15I", flags, node.time, 0, above, len(children), 0, subkeys, _NOWHERE,
            len(node.values), values, self._security, class_cell, *_maxima(node), 0)
            + struct.pack("<HH", len(name), len(class_name)) + name)
        return place

    def _values(self, values):
        if not values:
            return _NOWHERE
        table = self._cells.reserve(4 * len(values))
        places = [self._value(value) for value in values]
        self._cells.store(table, struct.pack("<%dI" % len(places), *places))
        return table

    def _value(self, value):
        name, narrow = _name(value.name)
        place = self._cells.reserve(0x14 + len(name))
        size = len(value.data)
        if size <= 4:                   # data of up to four bytes stands in the offset
            data, size = int.from_bytes(value.data, "little"), size | 0x80000000
        elif size > _SEGMENT and self._minor >= 4:
            data = self._big_data(value.data)
        else:
            data = self._cells.add(value.data)
        flags = 1 if narrow and name else 0
        self._cells.store(place, b"vk" + struct.pack("<HIIIHH", len(name), size, data,
                                                     value.type, flags, 0) + name)
        return place

    def _big_data(self, data):
        pieces = [data[i:i + _SEGMENT] for i in range(0, len(data), _SEGMENT)]
        places = [self._cells.add(piece + bytes(4)) for piece in pieces]
        table = self._cells.add(struct.pack("<%dI" % len(places), *places))
        return self._cells.add(b"db" + struct.pack("<HI", len(places), table))

    def _list(self, node, places):
        if not places:
            return _NOWHERE
        if node.lists != "ri":
            return self._cells.add(_list_cell(node.lists, node.keys, places))
        parts = [self._cells.add(_list_cell("lf", node.keys[i:i + 2], places[i:i + 2]))
                 for i in range(0, len(places), 2)]
        return self._cells.add(b"ri" + struct.pack("<H%dI" % len(parts), len(parts), *parts))


def _list_cell(kind, keys, places):
    body = b""
    for child, place in zip(keys, places):
        body += struct.pack("<I", place) + _hint(kind, child.name)
    return kind.encode() + struct.pack("<H", len(places)) + body


def _hint(kind, name):
    """What stands beside an offset: four characters, a hash, or nothing."""
    if kind == "li":
        return b""
    if kind == "lh":
        total = 0
        for unit in name.upper():
            total = (total * 37 + ord(unit)) & 0xFFFFFFFF
        return struct.pack("<I", total)
    raw, narrow = _name(name)
    return raw[:4].ljust(4, b"\0") if narrow else bytes(4)


def _name(text):
    """(bytes, True if Latin-1); other names are UTF-16."""
    try:
        return text.encode("latin-1"), True
    except UnicodeEncodeError:
        return text.encode("utf-16-le"), False


def _maxima(node):
    """Longest subkey name, subkey class, value name (in UTF-16 bytes), value data."""
    return (max([2 * len(k.name) for k in node.keys], default=0),
            max([2 * len(k.class_name) for k in node.keys], default=0),
            max([2 * len(v.name) for v in node.values], default=0),
            max([len(v.data) for v in node.values], default=0))


# --- security ----------------------------------------------------------------

def security_descriptor():
    """Owner Administrators, group SYSTEM, full access for both."""
    system = struct.pack("<BB6sI", 1, 1, b"\0\0\0\0\0\5", 18)
    admins = struct.pack("<BB6sII", 1, 2, b"\0\0\0\0\0\5", 32, 544)
    rights = b"".join(struct.pack("<BBHI", 0, 2, 8 + len(sid), 0xF003F) + sid
                      for sid in (system, admins))
    acl = struct.pack("<BBHHH", 2, 0, 8 + len(rights), 2, 0) + rights
    owner = 20 + len(acl)
    return struct.pack("<BBH4I", 1, 0, 0x8004, owner, owner + len(admins), 0, 20) + \
        acl + admins + system


def _security_cell(users):
    """The only security cell points at itself in both directions: it is the first
    cell of the first bin."""
    body = security_descriptor()
    return b"sk" + struct.pack("<HIIII", 0, 32, 32, users, len(body)) + body
