"""Times of the corpus: FILETIME ticks (100 ns since 1601-01-01 UTC) and back.

The story's machines stand in US Eastern time, so local times follow the rule of
those years: daylight time from the first Sunday of April to the last of October.
"""
from datetime import datetime, timedelta

SECOND = 10_000_000
DAY = 86400 * SECOND
_EPOCH = datetime(1601, 1, 1)
_STANDARD_BIAS = 300
_DAYLIGHT_BIAS = 240


def utc(text):
    """Ticks of "2005-01-07 22:59:38" or "2005-01-07 22:59:38.4062500"."""
    whole, _, fraction = text.partition(".")
    stamp = datetime.strptime(whole, "%Y-%m-%d %H:%M:%S")
    return _ticks(stamp) + int(fraction.ljust(7, "0") or "0")


def eastern(text):
    """Ticks of a local time given as in utc()."""
    stamp = datetime.strptime(text.partition(".")[0], "%Y-%m-%d %H:%M:%S")
    return utc(text) + bias_of_local(stamp) * 60 * SECOND


def iso(ticks):
    """ISO 8601 in UTC with seven decimals."""
    return whole(ticks).strftime("%Y-%m-%dT%H:%M:%S") + ".%07dZ" % (ticks % SECOND)


def from_iso(text):
    """The reverse of iso()."""
    return utc(text.rstrip("Z").replace("T", " "))


def whole(ticks):
    """The UTC datetime of TICKS without its fraction."""
    return _EPOCH + timedelta(seconds=ticks // SECOND)


def local(ticks):
    """(local datetime without fraction, milliseconds, bias in minutes)."""
    bias = bias_of_utc(whole(ticks))
    return (whole(ticks) - timedelta(minutes=bias), ticks % SECOND // 10_000, bias)


def unix_seconds(ticks):
    """Whole seconds since 1970."""
    return (whole(ticks) - datetime(1970, 1, 1)) // timedelta(seconds=1)


def unix_nanoseconds(ticks):
    """Nanoseconds since 1970, exact."""
    return unix_seconds(ticks) * 1_000_000_000 + ticks % SECOND * 100


def bias_of_local(stamp):
    """Minutes to add to a local time to get UTC."""
    begin = _sunday(stamp.year, 4, first=True)
    end = _sunday(stamp.year, 10, first=False)
    return _DAYLIGHT_BIAS if begin <= stamp < end else _STANDARD_BIAS


def bias_of_utc(stamp):
    """The bias in force at a UTC time."""
    return bias_of_local(stamp - timedelta(minutes=_STANDARD_BIAS))


def _ticks(stamp):
    return (stamp - _EPOCH) // timedelta(seconds=1) * SECOND


def _sunday(year, month, first):
    """02:00 on the first or last Sunday of a month."""
    day = datetime(year, month, 1 if first else 31, 2)
    while day.weekday() != 6:
        day += timedelta(days=1 if first else -1)
    return day
