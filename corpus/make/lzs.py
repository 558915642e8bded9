"""LZS, the one compression that the tape format knows (ANSI X3.241), in its frames.

A bit tells a byte (0 and its eight bits) from a copy (1, how far back, how long); far is seven
bits behind a 1 or eleven behind a 0, and seven zeros of the short form end it all.
"""
import struct

ALGORITHM = 0x0ABE
_FRAME = 62 * 1024
_FAR = 2047


def frames(data):
    """DATA as a run of frames, each with its header; what does not shrink is stored."""
    out, left = b"", len(data)
    for number, at in enumerate(range(0, len(data), _FRAME), 1):
        piece = data[at:at + _FRAME]
        packed = _packed(piece)
        body = packed if len(packed) < len(piece) else piece
        head = struct.pack("<HHQIIBB", 0x4846, 0x10, left, len(piece), len(body), number & 0xFF, 0)
        total = 0
        for (word,) in struct.iter_unpack("<H", head):
            total ^= word
        out += head + struct.pack("<H", total) + body
        left -= len(piece)
    return out


def _packed(data):
    bits, at, seen = [], 0, {}
    while at < len(data):
        place, size = _longest(data, at, seen)
        if size:
            back = at - place
            bits.append("11" + format(back, "07b") if back < 128 else "10" + format(back, "011b"))
            bits.append(_length(size))
        else:
            bits.append("0" + format(data[at], "08b"))
        for i in range(at, at + max(size, 1)):
            seen[data[i:i + 2]] = i
        at += max(size, 1)
    text = "".join(bits) + "110000000"
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big")


def _longest(data, at, seen):
    """Where the last two bytes like these stand, and how far they go on alike."""
    place, size = seen.get(data[at:at + 2]), 0
    if place is None or at - place > _FAR or at + 2 > len(data):
        return 0, 0
    while at + size < len(data) and data[place + size] == data[at + size]:
        size += 1
    return place, size


def _length(size):
    if size < 5:
        return format(size - 2, "02b")
    if size < 8:
        return format(size + 7, "04b")
    size -= 8
    return "1111" * (1 + size // 15) + format(size % 15, "04b")
