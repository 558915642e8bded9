"""A small DEFLATE writer.

zlib's output differs between its versions and forks; archives of the corpus must
not.  Greedy matching and the fixed Huffman code are good enough for samples.
"""
import struct
import zlib

_MIN, _MAX, _WINDOW = 3, 258, 32768
_LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99,
            115, 131, 163, 195, 227, 258]
_LENGTH_BITS = [0] * 8 + [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4 + [5] * 4 + [0]
_DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025,
              1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577]
_DISTANCE_BITS = [0, 0] + [n // 2 for n in range(28)]


class BitWriter:
    """Bits into bytes, low bit first."""

    def __init__(self):
        self._out, self._held, self._count = bytearray(), 0, 0

    def bits(self, value, count):
        """The low COUNT bits of VALUE, low bit first."""
        self._held |= value << self._count
        self._count += count
        while self._count >= 8:
            self._out.append(self._held & 0xFF)
            self._held >>= 8
            self._count -= 8

    def code(self, value, count):
        """A Huffman code, which goes high bit first."""
        self.bits(int(format(value, "0%db" % count)[::-1], 2), count)

    def finish(self):
        """All bytes, the last one filled with zero bits."""
        if self._count:
            self.bits(0, 8 - self._count)
        return bytes(self._out)


def deflate(data):
    """One final block in the fixed code."""
    out = BitWriter()
    out.bits(1, 1)
    out.bits(1, 2)
    for literal, length, distance in _tokens(data):
        if length:
            _copy(out, length, distance)
        else:
            _symbol(out, literal)
    _symbol(out, 256)
    return out.finish()


def zeros(count):
    """COUNT zero bytes, a multiple of 258 plus 1, in two bits for each 258: a block
    whose own code has one-bit words for "copy 258" and "one byte back"."""
    out = BitWriter()
    out.bits(1, 1)
    out.bits(2, 2)
    out.bits(29, 5)                     # 286 length codes
    out.bits(0, 5)                      # 1 distance code
    _tiny_code_lengths(out)
    out.code(0b10, 2)                   # one zero byte as it is
    for _ in range((count - 1) // _MAX):
        out.code(0, 1)                  # copy 258 ...
        out.code(0, 1)                  # ... from one byte back
    out.code(0b11, 2)                   # end of block
    return out.finish()


def gzip(data, mtime=0):
    """A gzip member with a fixed head."""
    head = struct.pack("<BBBBIBB", 0x1F, 0x8B, 8, 0, mtime, 0, 255)
    return head + deflate(data) + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def zlib_stream(data):
    """A zlib stream (RFC 1950), as the messaging layer packs its bodies."""
    return b"\x78\x01" + deflate(data) + struct.pack(">I", zlib.adler32(data))


def _tiny_code_lengths(out):
    """The code for zeros(): byte 0 and end of block two bits, copy 258 one bit, the
    only distance one bit.  Lengths are themselves coded: 0 -> 00, 1 -> 01, 2 -> 10,
    18 (a long run of zeros) -> 11."""
    order = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1)
    out.bits(len(order) - 4, 4)
    for symbol in order:
        out.bits(2 if symbol in (0, 1, 2, 18) else 0, 3)
    def zero_run(count):
        out.code(0b11, 2)
        out.bits(count - 11, 7)

    out.code(0b10, 2)                   # 0: two bits
    zero_run(138)
    zero_run(117)                       # 1 to 255: unused
    out.code(0b10, 2)                   # 256: two bits
    zero_run(28)                        # 257 to 284: unused
    out.code(0b01, 2)                   # 285: one bit
    out.code(0b01, 2)                   # distance 0: one bit


def _tokens(data):
    """(literal, 0, 0) or (0, length, distance), longest recent match first."""
    chains, at = {}, 0
    while at < len(data):
        length, distance = _best(data, at, chains.get(data[at:at + _MIN], ()))
        yield (data[at], 0, 0) if not length else (0, length, distance)
        for place in range(at, at + (length or 1)):
            chains.setdefault(data[place:place + _MIN], []).append(place)
        at += length or 1


def _best(data, at, places):
    best, where = 0, 0
    limit = min(_MAX, len(data) - at)
    for place in reversed(places[-24:]):
        if limit < _MIN or at - place > _WINDOW:
            break
        length = _MIN
        while length < limit and data[place + length] == data[at + length]:
            length += 1
        if length > best:
            best, where = length, at - place
    return best, where


def _copy(out, length, distance):
    index = max(i for i, base in enumerate(_LENGTHS) if base <= length)
    _symbol(out, 257 + index)
    out.bits(length - _LENGTHS[index], _LENGTH_BITS[index])
    index = max(i for i, base in enumerate(_DISTANCES) if base <= distance)
    out.code(index, 5)
    out.bits(distance - _DISTANCES[index], _DISTANCE_BITS[index])


def _symbol(out, symbol):
    """The fixed code of RFC 1951, 3.2.6."""
    if symbol < 144:
        out.code(0x30 + symbol, 8)
    elif symbol < 256:
        out.code(0x190 + symbol - 144, 9)
    elif symbol < 280:
        out.code(symbol - 256, 7)
    else:
        out.code(0xC0 + symbol - 280, 8)
