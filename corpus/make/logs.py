"""Writers of the log formats: the CCM client's, the site server's three, set-up
logs, and the text that a viewer puts on the clipboard."""
from collections import namedtuple

import filetime

# severity: 0 plain, 1 information, 2 warning, 3 error
Row = namedtuple("Row", "time component severity thread file text")
RENAMED = b"<MAXIMUM LOG FILE SIZE REACHED - FILE RENAMED>\r\n"
_EASTERN = {300: "Eastern Standard Time", 240: "Eastern Daylight Time"}
_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def ccm(row):
    """One record of the CCM client, ANSI, lines ended by CR LF."""
    stamp, millis, bias = filetime.local(row.time)
    text = row.text.replace("\n", "\r\n")
    return ('<![LOG[%s]LOG]!><time="%s.%03d%+d" date="%s" component="%s" context="" '
            'type="%d" thread="%d" file="%s">\r\n' % (
                text, stamp.strftime("%H:%M:%S"), millis, bias, stamp.strftime("%m-%d-%Y"),
                row.component, row.severity, row.thread, row.file)).encode("cp1252")


def site_c(row):
    """One line of a site server log since SMS 2003."""
    stamp, millis, bias = filetime.local(row.time)
    when = "%s.%03d%+d" % (stamp.strftime("%m-%d-%Y %H:%M:%S"), millis, bias)
    return _site_line(row, when, "%d (0x%X)" % (row.thread, row.thread))


def site_b(row, zone=True):
    """One line of SMS 2.0; a server writes the zone's long name, a client none."""
    stamp, millis, bias = filetime.local(row.time)
    when = "%s.%03d %d" % (_asctime(stamp), millis, stamp.year)
    when += " " + _EASTERN[bias] if zone else ""
    return _site_line(row, when, "%d (0x%X)" % (row.thread, row.thread))


def site_a(row):
    """One line of SMS 1.x: no milliseconds, a tilde, a bare hexadecimal thread."""
    stamp, _, _ = filetime.local(row.time)
    return _site_line(row, "%s %d~" % (_asctime(stamp), stamp.year), "%X" % row.thread)


def gmt_stamp(ticks):
    """UTC as status messages write it: Fri Jan 07 22:58:58.328 2005."""
    stamp = filetime.whole(ticks)
    return "%s.%03d %d" % (_asctime(stamp), ticks % filetime.SECOND // 10_000, stamp.year)


def _asctime(stamp):
    """Www Mmm dd HH:MM:SS, English on every machine."""
    return "%s %s %02d %s" % (_DAYS[stamp.weekday()], _MONTHS[stamp.month - 1], stamp.day,
                              stamp.strftime("%H:%M:%S"))


def _site_line(row, when, thread):
    line = "%s  $$<%s><%s><thread=%s>\r\n" % (row.text, row.component, when, thread)
    return line.encode("cp1252")


def setup(row):
    """One line of a set-up log: local time, no bias."""
    stamp, _, _ = filetime.local(row.time)
    return ("<%s> %s\r\n" % (stamp.strftime("%m-%d-%Y %H:%M:%S"), row.text)).encode("cp1252")


def installer(row, side="s"):
    """One line of Windows Installer: a clock, and no date."""
    stamp, millis, _ = filetime.local(row.time)
    return "MSI (%s) (74:%02X) [%s:%03d]: %s\r\n" % (
        side, row.thread & 0xFF, stamp.strftime("%H:%M:%S"), millis, row.text)


def installer_frame(verb, ticks, rest=""):
    """Its first and its last line, which alone tell the date; the month is not padded."""
    stamp, _, _ = filetime.local(ticks)
    return "=== %s: %d/%d/%d  %s %s===\r\n" % (
        verb, stamp.month, stamp.day, stamp.year, stamp.strftime("%H:%M:%S"), rest)


def windows_update(row):
    """One line of WindowsUpdate.log: tabs, local time, the thread in hex."""
    stamp, millis, _ = filetime.local(row.time)
    return ("%s:%03d\t 940\t%x\t%s\t%s\r\n" % (
        stamp.strftime("%Y-%m-%d\t%H:%M:%S"), millis, row.thread, row.component,
        row.text)).encode("cp1252")


def windows_update_before(row, outcome):
    """One line of its forerunner: the time of day in local time and in UTC."""
    stamp, _, _ = filetime.local(row.time)
    return ("%s\t%s\t%s\t%s\t%s\r\n" % (
        stamp.strftime("%Y-%m-%d %H:%M:%S"), filetime.whole(row.time).strftime("%H:%M:%S"),
        outcome, row.component, row.text)).encode("cp1252")


def us_stamp(ticks):
    """The viewer's date and time in US form: 1/7/2005 5:59:38 PM."""
    stamp, _, _ = filetime.local(ticks)
    half = "AM" if stamp.hour < 12 else "PM"
    clock = "%d:%s" % ((stamp.hour + 11) % 12 + 1, stamp.strftime("%M:%S"))
    return "%d/%d/%d %s %s" % (stamp.month, stamp.day, stamp.year, clock, half)


def german_stamp(ticks):
    """The same in German form: 07.01.2005 17:59:38."""
    stamp, _, _ = filetime.local(ticks)
    return stamp.strftime("%d.%m.%Y %H:%M:%S")


def viewer(row, separator="\t", stamp=us_stamp, thread=True):
    """One line of the viewer's clipboard text."""
    parts = [row.text, row.component, stamp(row.time)]
    if thread:
        parts.append("%d (0x%04X)" % (row.thread, row.thread))
    return separator.join(parts)


def wrap(text, width):
    """Break a line at blanks like a mail program does, wherever they stand."""
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = line + " " + word if line else word
    return lines + [line]
