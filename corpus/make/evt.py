"""Event logs of NT 4 to 2003 (.Evt)."""
import struct
from collections import namedtuple

import filetime

ERROR, WARNING, INFORMATION = 1, 2, 4
_SEVERITY = {ERROR: 0xC0000000, WARNING: 0x80000000, INFORMATION: 0x40000000}
_MAX_SIZE = 0x80000

# id is the number that people see; strings fill the message's places; severity stands
# in the top bits of the stored id and normally follows the type.
Event = namedtuple("Event", "time source id type strings data category severity",
                   defaults=((), b"", 0, None))


def write(events, computer):
    """A log that was closed in order: header, records, end record."""
    body, start, number = b"", 0x30, 0
    for number, event in enumerate(events, 1):
        body += _record(number, event, computer)
    end, oldest = start + len(body), 1 if events else 0
    head = struct.pack("<I4s10I", 0x30, b"LfLe", 1, 1, start, end, number + 1, oldest,
                       _MAX_SIZE, 0, 7 * 86400, 0x30)
    tail = struct.pack("<10I", 0x28, 0x11111111, 0x22222222, 0x33333333, 0x44444444,
                       start, end, number + 1, oldest, 0x28)
    return head + body + tail


def _record(number, event, computer):
    text = "".join(s + "\0" for s in (event.source, computer)).encode("utf-16-le")
    text += bytes(-(0x38 + len(text)) % 4)
    strings = "".join(s + "\0" for s in event.strings).encode("utf-16-le")
    string_at = 0x38 + len(text)
    data_at = string_at + len(strings)
    length = data_at + len(event.data)
    fill = -length % 4
    length += fill + 4
    seconds = filetime.unix_seconds(event.time)
    full_id = event.id | (event.severity or _SEVERITY[event.type])
    head = struct.pack("<I4s4I4H6I", length, b"LfLe", number, seconds, seconds, full_id,
                       event.type, len(event.strings),
                       event.category, 0, 0, string_at, 0, string_at, len(event.data), data_at)
    return head + text + strings + event.data + bytes(fill) + struct.pack("<I", length)
