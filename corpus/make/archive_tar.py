"""TAR archives (pax) with times to the 100 ns and creation times."""
import filetime
from deflate import gzip


def tar_gz(files):
    """A gzip-packed pax archive of {path: File}, sorted, without folders."""
    return gzip(tar(files))


def tar(files):
    """A pax archive of {path: File}."""
    body = b"".join(_member(path, entry) for path, entry in sorted(files.items()))
    body += bytes(1024)
    return body + bytes(-len(body) % 10240)


def _member(path, entry):
    records = [("mtime", _decimal(entry.modified)), ("atime", _decimal(entry.modified))]
    if entry.created:
        records.append(("LIBARCHIVE.creationtime", _decimal(entry.created)))
    if len(path.encode()) > 100:
        records.append(("path", path))
    pax = b"".join(_record(key, value) for key, value in records)
    seconds = filetime.unix_seconds(entry.modified)
    short = path.encode()[-100:]
    return _block(b"PaxHeaders/" + short[-80:], len(pax), seconds, b"x") + _fill(pax) + \
        _block(short, len(entry.data), seconds, b"0") + _fill(entry.data)


def _decimal(ticks):
    """Seconds since 1970 with the shortest fraction."""
    text = "%d.%07d" % (filetime.unix_seconds(ticks), ticks % filetime.SECOND)
    return text.rstrip("0").rstrip(".")


def _record(key, value):
    """"<length> <key>=<value>\\n", where the length counts its own digits."""
    body = (" %s=%s\n" % (key, value)).encode()
    size = len(body) + 1
    while len(str(size)) + len(body) != size:
        size = len(str(size)) + len(body)
    return str(size).encode() + body


def _block(name, size, mtime, kind):
    fields = (name.ljust(100, b"\0"), b"0000644\0", b"0000000\0", b"0000000\0",
              b"%011o\0" % size, b"%011o\0" % mtime, b" " * 8, kind, bytes(100),
              b"ustar\0" + b"00", bytes(247))
    block = b"".join(fields)
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def _fill(data):
    return data + bytes(-len(data) % 512)
