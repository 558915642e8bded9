"""How log files stand on a disk at a moment: the current file and the older ones
that a size limit has split off."""
from tree import File
import filetime

LOG_MAX_SIZE, LOG_MAX_HISTORY = 24000, 2


def client_files(folder, name, rows, until, limit, keep, write):
    """{path: File} of a CCM log.  A record that crosses LIMIT stays whole and ends
    its file, which is then named after an earlier modification; KEEP such files stay."""
    done, current = [], []
    for row in rows:
        if row.time >= until:
            break
        current.append(row)
        if sum(len(write(r)) for r in current) >= limit:
            done.append(current)
            current = []
    files = {}
    for part in done[-keep:]:
        # The stamp is the file's last known change, some records before its end.
        stamp, _, _ = filetime.local(part[-4].time)
        old = "%s-%s.log" % (name, stamp.strftime("%Y%m%d-%H%M%S"))
        files[folder + old] = _file(part, write, part[0].time)
    if current:
        files[folder + name + ".log"] = _file(current, write, rows[0].time)
    return files


def server_files(folder, name, rows, until, limit, write, marker):
    """The same for a site server log: one older file, ended by MARKER."""
    older, current, size = None, [], 0
    for row in rows:
        if row.time >= until:
            break
        current.append(row)
        size += len(write(row))
        if size >= limit:
            older, current, size = current, [], 0
    files = {}
    if older:
        entry = _file(older, write, older[0].time)
        files[folder + name + ".lo_"] = entry._replace(data=entry.data + marker)
    if current:
        files[folder + name + ".log"] = _file(current, write, current[0].time)
    return files


def _file(rows, write, created):
    data = b"".join(map(write, rows))
    # The last write reaches the disk a clock tick after the record's own time.
    tick = filetime.SECOND // 64
    return File(data, (rows[-1].time // tick + 1) * tick, created // tick * tick)
