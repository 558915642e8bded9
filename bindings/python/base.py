# base.py - what the classes below are made with.
import codecs as _codecs
import collections as _collections
import collections.abc as _abc
import io as _io
import sys as _sys


class Error(Exception):
    """A call failed: a caller's mistake, an I/O error or a limit, never damaged evidence.

    code    'nomem', 'arg', 'io', 'format', 'limit', 'crypto' or 'cancelled'
    path    the file it happened in, or None
    offset  byte in path, or None
    """

    def __init__(self, code, message, path=None, offset=None):
        super().__init__(message)
        self.code = code
        self.path = path
        self.offset = offset

    def __str__(self):
        where = f"{self.path}: " if self.path else ""
        at = "" if self.offset is None else f" (at byte {self.offset})"
        return f"{where}{self.args[0]}{at}"

    def __reduce__(self):
        return type(self), (self.code, self.args[0], self.path, self.offset)


class _View(_abc.Sequence):
    """A read-only view of a sequence; it keeps alive what the sequence is of."""

    __slots__ = ("_count", "_at")

    def __init__(self, count, at):
        self._count = count
        self._at = at

    def __len__(self):
        return self._count()

    def __iter__(self):
        return map(self._at, range(self._count()))

    def __getitem__(self, i):
        if isinstance(i, slice):
            return [self._at(j) for j in range(*i.indices(self._count()))]
        return self._at(range(self._count())[i])

    def __repr__(self):
        return f"[{', '.join(map(repr, self[:3]))}{', ...' if len(self) > 3 else ''}]"


def _view(name, doc):
    """A property that is the view over two methods, _<name>_count() and _<name>_at()."""
    count, at = f"_{name}_count", f"_{name}_at"
    return property(lambda self: _View(getattr(self, count), getattr(self, at)), doc=doc)


def _repr(*names):
    def __repr__(self):
        if self.this is None:
            return f"<smscrypto.{type(self).__name__} closed>"
        told = "".join(f" {name}={_told(getattr(self, name))}" for name in names)
        return f"<smscrypto.{type(self).__name__}{told}>"
    return __repr__


def _told(value):
    return f"'{value}'" if hasattr(value, "isoformat") else repr(value)


def _address(proxy):
    return id(proxy) if proxy.this is None else int(proxy.this)


def _fixed(self, name, value):
    if name == "this" and "this" not in vars(self):
        object.__setattr__(self, name, value)  # SWIG, as it makes the proxy
        return
    raise AttributeError(f"a {type(self).__name__} cannot be changed")


def _stays(self):
    raise TypeError(f"a {type(self).__name__} cannot be pickled: it belongs to this process")


class _Text:
    """The sink of write(): UTF-8 in, kept as text or put into a file of either kind."""

    def __init__(self, file):
        self.kept = []
        self.put = self.kept.append if file is None else file.write
        self.decode = _codecs.getincrementaldecoder("utf-8")().decode
        binary = isinstance(file, _io.BufferedIOBase) or "b" in str(getattr(file, "mode", ""))
        if binary and not isinstance(file, _io.TextIOBase):
            self.decode = bytes

    def __call__(self, data):
        self.put(self.decode(data))
