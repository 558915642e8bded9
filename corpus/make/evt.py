"""Event logs of NT 4 to 2003 (.Evt)."""
import struct
from collections import namedtuple

import filetime

ERROR, WARNING, INFORMATION, AUDIT_SUCCESS, AUDIT_FAILURE = 1, 2, 4, 8, 16
DIRTY, WRAPPED = 1, 2
HEADER, END, LEAST = 0x30, 0x28, 0x38
_SEVERITY = {ERROR: 0xC0000000, WARNING: 0x80000000, INFORMATION: 0x40000000,
             AUDIT_SUCCESS: 0, AUDIT_FAILURE: 0}
MAX_SIZE = 0x80000

# id is the number that people see; strings fill the message's places; severity stands
# in the top bits of the stored id and normally follows the type.
Event = namedtuple("Event", "time source id type strings data category severity sid",
                   defaults=((), b"", 0, None, b""))


def write(events, computer):
    """A log that was closed in order: header, records, end record."""
    body = b"".join(records(events, computer))
    start, end, number = HEADER, HEADER + len(body), len(events) + 1
    return header(start, end, number, 1 if events else 0) + body + \
        end_record(start, end, number, 1 if events else 0)


def records(events, computer, first=1):
    """The bytes of each event."""
    return [_record(number, event, computer) for number, event in enumerate(events, first)]


def header(start, end, number, oldest, flags=0, size=MAX_SIZE):
    """START and END are offsets, NUMBER is that of the next event."""
    return struct.pack("<I4s10I", HEADER, b"LfLe", 1, 1, start, end, number, oldest,
                       size, flags, 7 * 86400, HEADER)


def end_record(start, end, number, oldest):
    """What stands behind the newest event."""
    return struct.pack("<10I", END, 0x11111111, 0x22222222, 0x33333333, 0x44444444,
                       start, end, number, oldest, END)


def ring(events, computer, size):
    """A log of SIZE bytes that is full: new events stand where the oldest were."""
    image, at, live = bytearray(size), HEADER, []
    for number, record in enumerate(records(events, computer), 1):
        if size - at < LEAST:
            image[at:] = struct.pack("<I", 0x27) * ((size - at) // 4)
            at = HEADER
        begin, taken = at, set()
        for byte in record:
            if at == size:
                at = HEADER
            image[at] = byte
            taken.add(at)
            at += 1
        taken.update(range(at, at + END))
        live = [(a, n) for a, n in live if a not in taken] + [(begin, number)]
    if size - at < LEAST:
        image[at:] = struct.pack("<I", 0x27) * ((size - at) // 4)
        at = HEADER
    start, oldest = live[0]
    image[at:at + END] = end_record(start, at, len(events) + 1, oldest)
    image[:HEADER] = header(start, at, len(events) + 1, oldest, WRAPPED, size)
    return bytes(image), [number for _, number in live]


def sid(authority, *parts):
    """A security identifier."""
    return struct.pack("<BB", 1, len(parts)) + authority.to_bytes(6, "big") + \
        struct.pack("<%dI" % len(parts), *parts)


def _record(number, event, computer):
    text = "".join(s + "\0" for s in (event.source, computer)).encode("utf-16-le")
    text += bytes(-(0x38 + len(text)) % 4)
    sid_at = 0x38 + len(text)
    strings = "".join(s + "\0" for s in event.strings).encode("utf-16-le")
    string_at = sid_at + len(event.sid)
    data_at = string_at + len(strings)
    length = data_at + len(event.data)
    fill = -length % 4
    length += fill + 4
    seconds = filetime.unix_seconds(event.time)
    severity = _SEVERITY[event.type] if event.severity is None else event.severity
    head = struct.pack("<I4s4I4H6I", length, b"LfLe", number, seconds, seconds,
                       event.id | severity, event.type, len(event.strings),
                       event.category, 0, 0, string_at, len(event.sid), sid_at,
                       len(event.data), data_at)
    return head + text + event.sid + strings + event.data + bytes(fill) + \
        struct.pack("<I", length)
