"""Repeatable random bytes.

Every secret of the corpus is drawn from a stream that is named by a label, so
adding a new sample never changes the bytes of an old one.
"""
import hashlib
import uuid


class Prng:
    """A stream of bytes: SHA-256 of label and counter, block after block."""

    def __init__(self, label):
        self._seed = hashlib.sha256(b"libsmscrypto corpus 1\0" + label.encode()).digest()
        self._counter = 0
        self._left = b""

    def bytes(self, count):
        """The next COUNT bytes of the stream."""
        while len(self._left) < count:
            block = self._seed + self._counter.to_bytes(8, "little")
            self._left += hashlib.sha256(block).digest()
            self._counter += 1
        out, self._left = self._left[:count], self._left[count:]
        return out

    def below(self, limit):
        """A number from 0 to LIMIT - 1.  The bias of the modulo is harmless here."""
        return int.from_bytes(self.bytes(16), "little") % limit

    def pick(self, items):
        """One of ITEMS."""
        return items[self.below(len(items))]

    def guid(self):
        """A random (version 4) GUID as lower-case text."""
        return str(uuid.UUID(bytes=self.bytes(16), version=4))

    def odd(self, bits):
        """An odd number of exactly BITS bits whose two top bits are set."""
        number = int.from_bytes(self.bytes(bits // 8), "big")
        return number | (3 << (bits - 2)) | 1
