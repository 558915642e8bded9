"""One minimal sample: its bytes, what must come out, and why it is there."""
import struct
from collections import namedtuple

# facts: what tests need to know (secrets, plaintext, keys), ready for JSON.
Sample = namedtuple("Sample", "path data expect why facts", defaults=(None,))


def in_folder(prefix):
    """A maker of samples whose paths begin with PREFIX."""
    def make(name, data, expect, why, facts=None):
        return Sample(prefix + name, data, expect, why, facts)
    return make


def rows_in(prefix):
    """The same for logs, whose fact is the number of rows."""
    def make(name, data, expect, why, rows):
        return Sample(prefix + name, data, expect, why, {"rows": rows})
    return make


def patch(data, at, new):
    """DATA with the bytes at AT replaced."""
    return data[:at] + new + data[at + len(new):]


def patch32(data, at, number):
    """DATA with another 32-bit number at AT."""
    return patch(data, at, struct.pack("<I", number))


def flip(data, at):
    """DATA with one bit turned over."""
    return patch(data, at, bytes([data[at] ^ 1]))
