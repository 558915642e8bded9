"""Minimal samples of event logs."""
import struct

import evt
from evt import AUDIT_FAILURE, ERROR, INFORMATION, WARNING, Event
from filetime import SECOND, eastern
from sample import flip, patch, patch32, rows_in

_NOON = eastern("2005-01-10 12:00:00")
_HOST = "SMSSRV01"
_SYSTEM = evt.sid(5, 18)
_EVENTS = (
    Event(_NOON, "EventLog", 6005, INFORMATION, severity=0x80000000),
    Event(_NOON + 95 * SECOND, "W3SVC", 116, ERROR, ("/LM/W3SVC/",), b"\3\0\0\0"),
    Event(_NOON + 96 * SECOND, "Service Control Manager", 7023, ERROR,
          ("World Wide Web Publishing Service", "%%1008"), sid=_SYSTEM),
    Event(_NOON + 97 * SECOND, "Größe 鍵", 1, WARNING, ("", "two\r\n\tlines", ""), b"odd",
          category=3, sid=evt.sid(5, 21, 1, 2, 3, 500)),
    Event(_NOON + 98 * SECOND, "Security", 529, AUDIT_FAILURE, ("nobody", "", "3"),
          sid=_SYSTEM, category=2),
)
_RECORDS = evt.records(_EVENTS, _HOST)
_PLAIN = evt.write(_EVENTS, _HOST)
_STARTS = [evt.HEADER + sum(map(len, _RECORDS[:i])) for i in range(len(_RECORDS) + 1)]
_TAIL = _PLAIN[_STARTS[-1]:]


def samples():
    """Every sample of this file."""
    return _whole() + _rings() + _damaged()


def _log(records, **changes):
    """Header, RECORDS and end record; CHANGES are fields of the header."""
    body = b"".join(records)
    end, number = evt.HEADER + len(body), len(records) + 1
    fields = {"start": evt.HEADER, "end": end, "number": number, "oldest": 1, **changes}
    return evt.header(**fields) + body + evt.end_record(evt.HEADER, end, number, 1)


def _whole():
    stale = {"end": _STARTS[1], "number": 2, "flags": evt.DIRTY}
    cleared = evt.header(0x30, 0x30, 1, 0) + evt.end_record(0x30, 0x30, 1, 0) + \
        _PLAIN[0x30 + evt.END:]
    remnant = evt.end_record(0x30, _STARTS[-1], 6, 1)
    one = rows_in("evt/")
    return [
        one("plain.Evt", _PLAIN, "5 rows", "SIDs, empty strings, data of three bytes", 5),
        one("room.Evt", _PLAIN + bytes(500), "5 rows", "room behind the end record", 5),
        one("empty.Evt", evt.write((), _HOST) + bytes(100), "0 rows", "no event yet", 0),
        one("empty-old-end.Evt", evt.header(0x30, 0x30, 1, 0) + remnant, "0 rows",
            "an end record that stands elsewhere by itself: the header is right", 0),
        one("dirty.Evt", _log(_RECORDS, **stale), "5 rows",
            "a log in use: its header knows one event, its end record five", 5),
        one("cleared.Evt", cleared, "4 rows, all left behind",
            "a cleared log; the end record took the place of the first event", 4),
        one("piece.Evt", _PLAIN[_STARTS[1]:_STARTS[3]], "2 rows", "two events of a lost file", 2),
    ]


def _rings():
    many = [Event(_NOON + i * SECOND, "W3SVC", 100 + i, INFORMATION, ("x" * (i * 7 % 23),))
            for i in range(40)]
    one = rows_in("evt/")
    out = []
    # The last size leaves no room for a record at the end of the file.
    for name, size, why in (("ring-split.Evt", 2048, "an event goes round the end of the file"),
                            ("ring-fill.Evt", 2160, "27h where no event fits")):
        image, live = evt.ring(many, _HOST, size)
        out.append(one(name, image, "%d rows" % len(live), why, len(live)))
        dirty = patch32(patch32(image, 0x24, evt.DIRTY | evt.WRAPPED), 0x14, 0x30)
        out.append(one(name.replace("ring", "ring-dirty"), dirty, "%d rows" % len(live),
                       why + "; a log in use", len(live)))
    return out


def _damaged():
    third = patch32(_RECORDS[2], len(_RECORDS[2]) - 4, len(_RECORDS[2]) + 4)
    outside = patch32(_RECORDS[1], 0x34, 0x7FFFFFF0)
    strings = patch(_RECORDS[1], 0x1A, struct.pack("<H", 9))
    one = rows_in("evt/")
    return [
        one("bad-header.Evt", bytes(0x30) + _PLAIN[0x30:],
            "5 rows; finding: bytes before the first event", "a header of zeros", 5),
        one("bad-flipped-mark.Evt", flip(_PLAIN, _STARTS[2] + 4),
            "4 rows; finding: bytes that are no event", "one mark damaged", 4),
        one("bad-length.Evt", _log(_RECORDS[:2] + [third] + _RECORDS[3:]),
            "4 rows; finding: bytes that are no event", "its two lengths differ", 4),
        one("bad-gap.Evt", _log(_RECORDS[:1] + _RECORDS[3:]),
            "3 rows; finding: events 2 to 3 missing", "two events taken out", 3),
        one("bad-tail-torn.Evt", _PLAIN[:_STARTS[4] + 90],
            "4 rows; finding: no end record", "cut within the last event", 4),
        one("bad-end-moved.Evt", _log(_RECORDS, end=_STARTS[2]),
            "5 rows; finding: ends elsewhere than its header says",
            "a header that says it is up to date, and is not", 5),
        one("bad-data-outside.Evt", _log([_RECORDS[0], outside] + _RECORDS[2:]),
            "5 rows; finding: data outside of its event", "an offset far behind the end", 5),
        one("bad-strings.Evt", _log([_RECORDS[0], strings] + _RECORDS[2:]),
            "5 rows; finding: strings missing", "nine strings told, one there", 5),
        one("bad-inserted.Evt", _PLAIN[:_STARTS[2]] + b"?" + _PLAIN[_STARTS[2]:],
            "5 rows; finding: one byte is no event", "a byte too many: all later ones moved", 5),
    ]
