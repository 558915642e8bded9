"""Minimal samples of the text logs."""
from filetime import SECOND, eastern
from logs import (Row, ccm, german_stamp, installer, installer_frame, setup, site_a, site_b,
                  site_c, viewer, windows_update, windows_update_before, wrap)
from sample import rows_in

_NOON = eastern("2005-01-07 12:00:00.2500000")
_FIRST = Row(_NOON, "CcmExec", 1, 1412, "init.cpp:231", "First message")
_SECOND = Row(_NOON + SECOND, "PolicyAgent_ReplyAssignments", 2, 99999, "", "Second message")
_THIRD = Row(_NOON + 2 * SECOND, "LocationServices", 3, 4, "lssecurity.cpp:1", "Third message")
_ROWS = (_FIRST, _SECOND, _THIRD)
_PLAIN = b"".join(map(ccm, _ROWS))
_SUMMER = Row(eastern("2005-07-01 12:00:00"), "CcmExec", 1, 1412, "init.cpp:231", "In summer")


def samples():
    """Every sample of this file."""
    return _ccm() + _damaged_ccm() + _site() + _viewer() + _setup() + _update() + _iis()


# --- CCM ---------------------------------------------------------------------

def _with(row, **changes):
    return ccm(row._replace(**changes))


def _ccm():
    dotnet = (b'<![LOG[No bias here]LOG]!><time="12:00:03.2500000" date="1-7-2005" '
              b'component="SCClient" context="" type="1" thread="1" file="">\r\n')
    context = ccm(_FIRST).replace(b'context=""', b'context="EXAMPLE\\user"')
    script = ccm(_FIRST).replace(b".250+300", b".000+000")
    one = rows_in("ccm-log/")
    quoted = _with(_FIRST, text='Say component="none" ]LOG] and <![LOG[ in one line')
    return [
        one("plain.log", _PLAIN, "3 rows", "all attributes, three severities", 3),
        one("multi-line.log", _with(_FIRST, text="One\n\ttwo\n\nfour") + ccm(_THIRD),
            "2 rows", "a message of four lines", 2),
        one("empty-message.log", _with(_FIRST, text="") + ccm(_THIRD), "2 rows",
            "a message of no bytes", 2),
        one("no-bias.log", ccm(_FIRST) + dotnet, "2 rows; second without bias",
            "seven digits and no bias, date without leading zeros", 2),
        one("east.log", ccm(_FIRST).replace(b"+300", b"-330"), "1 row, bias -330",
            "a zone east of Greenwich: UTC is earlier", 1),
        one("zero-bias.log", ccm(_FIRST).replace(b"+300", b"+00"), "1 row, bias 0",
            "zero prints as +00", 1),
        one("summer.log", ccm(_FIRST) + ccm(_SUMMER), "2 rows, biases 300 and 240",
            "standard and daylight time in one file", 2),
        one("script.log", script, "1 row", "a writer that always puts .000+000", 1),
        one("context.log", context, "1 row, context filled", "rare but real", 1),
        one("utf8-bom.log", b"\xef\xbb\xbf" + "Größe 鍵".join(
            _with(_FIRST, text="@").decode("cp1252").split("@")).encode(), "1 row",
            "UTF-8 with byte order mark", 1),
        one("ansi.log", _with(_FIRST, text="Größe – 5 €"), "1 row, code page 1252",
            "bytes that are no UTF-8", 1),
        one("header-in-message.log", quoted + ccm(_THIRD), "2 rows",
            "the message quotes parts of the format", 2),
        one("lf.log", _PLAIN.replace(b"\r\n", b"\n"), "3 rows", "lines end with LF", 3),
        one("cr.log", _PLAIN.replace(b"\r\n", b"\r"), "3 rows", "lines end with CR", 3),
        one("no-end.log", _PLAIN[:-2], "3 rows", "no line end behind the last record", 3),
        one("clock-jump.log", ccm(_FIRST) + ccm(_FIRST._replace(time=_NOON - 3600 * SECOND))
            + ccm(_THIRD), "3 rows in file order; finding: clock went back by an hour",
            "the clock was set while the service ran", 3),
        one("long.log", _with(_FIRST, text="x" * 60000), "1 row",
            "a message of 60,000 bytes", 1),
    ]


def _damaged_ccm():
    head, middle, tail = map(ccm, _ROWS)
    one = rows_in("ccm-log/")
    return [
        one("bad-head-torn.log", head[30:] + middle + tail,
            "2 rows; finding: text before the first record", "begins inside a record", 2),
        one("bad-tail-torn.log", head + middle + tail[:40],
            "2 rows; finding: record without its end", "ends inside a record", 2),
        one("bad-middle-torn.log", head + middle[:25] + b"\r\n" + tail,
            "2 rows; finding: record without its end", "a new record begins inside one", 2),
        one("bad-nul-tail.log", _PLAIN + bytes(512), "3 rows; finding: 512 zero bytes",
            "a file made longer than its text", 3),
        one("bad-date.log", head.replace(b"01-07-2005", b"13-40-2005") + tail,
            "2 rows; finding: first has no time", "a month and a day that do not exist", 2),
        one("bad-junk.log", head + b"free text\r\n" + tail,
            "2 rows; finding: text between records", "a line that belongs to no record", 2),
        one("bad-control.log", _with(_FIRST, text="a\x14b\x00c"), "1 row",
            "control bytes inside a message", 1),
        one("bad-attribute.log", head.replace(b'type="1"', b'type="x"') + tail,
            "2 rows; finding: type is no number", "an attribute that is not what it should be", 2),
        one("bad-no-thread.log", head.replace(b' thread="1412"', b"") + tail, "2 rows",
            "an attribute missing", 2),
    ]


# --- site server -------------------------------------------------------------

_SITE = Row(_NOON, "SMS_DESPOOLER", 1, 2040, "", "Waiting for ready instruction file....~")


def _site():
    line = site_c(_SITE)
    sql = site_c(_SITE._replace(text="*** [42000]: error one\r\nand its second line~"))
    spaced = site_b(_SITE._replace(component="Hardware Inventory Agent"), zone=False)
    statmsg = ('STATMSG: ID=500 SEV=I LEV=M SOURCE="SMS Server" COMP="SMS_DESPOOLER" SYS=SMSSRV01 '
               'SITE=HQ1 PID=1312 TID=2040 GMTDATE=Fri Jan 07 17:00:00.250 2005 ISTR0="" '
               'NUMATTRS=0 LE=0X0')
    one = rows_in("sms-log/")
    return [
        one("form-a.log", site_a(_SITE) * 2, "2 rows, form A", "SMS 1.x", 2),
        one("form-b.log", site_b(_SITE) + site_b(_SITE._replace(time=_SUMMER.time)),
            "2 rows, form B, biases 300 and 240", "SMS 2.0 server, long names of the zone", 2),
        one("form-b-client.log", spaced.replace(b" 2005>", b" 2005 >") + spaced,
            "2 rows, form B without zone", "SMS 2.0 client, component with blanks", 2),
        one("form-c.log", line * 2, "2 rows, form C", "SMS 2003", 2),
        one("form-c-zero.log", line.replace(b"+300", b"+00"), "1 row, bias 0", "zero bias", 1),
        one("all-forms.log", site_a(_SITE) + site_b(_SITE) + line, "3 rows",
            "the form is decided line by line", 3),
        one("renamed.lo_", line + b"<MAXIMUM LOG FILE SIZE REACHED - FILE RENAMED>\r\n",
            "1 record; marker known",
            "the last line of a full file; it is no record", 1),
        one("embedded-newline.log", sql + line, "2 rows", "an SQL error of two lines", 2),
        one("short-no-time.log", b"Text  $$<SMS_DESPOOLER>\r\n" + line,
            "2 rows; first without time", "time cut off by an editor", 2),
        one("short-no-thread.log", line.split(b"<thread")[0] + b"\r\n" + line,
            "2 rows; first without thread", "thread cut off", 2),
        one("one-dollar.log", line.replace(b"$$<", b"$<") + line, "2 rows",
            "a dollar lost in an article", 2),
        one("statmsg.log", site_c(_SITE._replace(text=statmsg)), "1 row; UTC confirmed",
            "a status message carries UTC and so proves the bias", 1),
        one("big-thread.log", site_b(_SITE._replace(thread=0xFFF3316F), zone=False), "1 row",
            "a thread number of Windows 9x", 1),
        one("bad-thread.log", line.replace(b"(0x7F8)", b"(0x7F9)"),
            "1 row; finding: thread's two forms differ", "one digit changed", 1),
        one("bad-tail-torn.log", line + line[:20], "1 row; finding: line without its end",
            "ends inside a message", 1),
        one("bad-stamp-torn.log", line + line[:60], "2 rows; second without time",
            "ends inside a time stamp", 2),
    ]


# --- text from a viewer ------------------------------------------------------

def _text(*lines):
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def _viewer():
    joined = " ".join(viewer(row, " ") for row in (_FIRST, _THIRD))
    german = [viewer(row, "\t", german_stamp) for row in _ROWS]
    narrow = [line for row in _ROWS for line in wrap(viewer(row, " "), 34)]
    old = [viewer(row, " ").replace("(0x0", "(0x") for row in (_FIRST, _FIRST)]
    split = viewer(_FIRST, "\t").split("\t")
    one = rows_in("trace-text/")
    return [
        one("tabbed.txt", _text(*(viewer(row) for row in _ROWS)), "3 rows",
            "clipboard text as it is", 3),
        one("collapsed.txt", _text(*(viewer(row, " ") for row in _ROWS)), "3 rows",
            "tabs turned to blanks by a mail program", 3),
        one("no-thread.txt", _text(*(viewer(row, " ", thread=False) for row in _ROWS)), "3 rows",
            "without the last column", 3),
        one("wrapped.txt", _text(*narrow), "3 rows", "broken at 34 columns, inside stamps too", 3),
        one("wrapped-72.txt", _text(*wrap(joined, 72)), "2 rows", "broken like Usenet does", 2),
        one("german.txt", _text(*german), "3 rows", "day before month", 3),
        one("ambiguous.txt", _text(viewer(_FIRST)), "1 row; day and month uncertain",
            "1/7 may be two dates", 1),
        one("old-thread.txt", _text(*old), "2 rows", "older viewer: thread without padding", 2),
        one("thread-below.txt", _text(" ".join(split[:3]), split[3], ""), "1 row",
            "thread on the next line", 1),
        one("in-prose.txt", _text("I looked at the log and saw this:", "",
                                  viewer(_FIRST, " "), "", "What does it mean?"), "1 row",
            "one record between sentences", 1),
    ]


def _setup():
    rows = [_FIRST, _SECOND]
    plain = b"".join(map(setup, rows))
    asctime = b"<Fri Jan 07 12:00:00 2005> First message\r\n"
    one = rows_in("setup-log/")
    return [
        one("plain.log", plain, "2 rows", "set-up log with local times", 2),
        one("no-blank.log", plain.replace(b"> ", b">"), "2 rows", "no blank after the bracket", 2),
        one("continued.log", setup(_FIRST) + b"goes on here\r\n" + setup(_SECOND), "2 rows",
            "a line without a time belongs to the one before", 2),
        one("asctime.log", asctime, "1 row", "form of weak evidence", 1),
        one("bad-date.log", plain.replace(b"<01-07", b"<13-40", 1), "2 rows; finding: first has no time",
            "a month and a day that do not exist", 2),
        one("bad-nul-tail.log", plain + bytes(512), "2 rows; finding: 512 zero bytes",
            "a file made longer than its text", 2),
    ] + _installer(one)


def _installer(one):
    night = eastern("2005-01-07 23:59:58.5000000")
    lines = (
        installer_frame("Verbose logging started", night, "Build type: SHIP UNICODE 2.00.2600.02 "),
        installer(_FIRST._replace(time=night, text="Resetting cached policy values")),
        installer(_FIRST._replace(time=night + SECOND, text="Product: SMS Management Point\n  1.0")),
        "Action start 0:00:01: INSTALL.\r\n",
        "Property(S): SMSSITECODE = HQ1\r\n",
        "Action ended 0:00:04: INSTALL. Return value 3.\r\n",
        installer_frame("Logging stopped", night + 6 * SECOND),
    )
    text = "".join(lines)
    return [
        one("installer.log", text.encode("ascii"), "7 rows; the last four after midnight",
            "a log of Windows Installer over midnight", 7),
        one("installer-utf16.log", b"\xff\xfe" + text.encode("utf-16-le"), "7 rows",
            "as Windows Installer writes it", 7),
        one("installer-german.log", text.replace("1/7/2005", "07.01.2005").encode("ascii"), "7 rows",
            "the date as another locale writes it", 7),
        one("installer-no-head.log", "".join(lines[1:4]).encode("ascii"), "3 rows without time",
            "its first line, which has the date, is lost", 3),
    ]


def _update():
    first = _FIRST._replace(component="Misc", text="=  Logging initialized (build: 5.8.0.2469, tz: -0500)  =")
    rows = [first, _THIRD._replace(component="Agent", text="WARNING: Failed to synchronize, error = 0x80072EE2")]
    printed = (b"2021/07/13 10:22:58.9553434 3696  8172  Shared          InitializeSus\r\n"
               b"2021/07/13 10:22:59.0000000 3696  8172  Agent           WU client version 10.0\r\n")
    one = rows_in("update-log/")
    return [
        one("plain.log", b"".join(map(windows_update, rows)), "2 rows, bias 300",
            "the first line tells the zone", 2),
        one("no-zone.log", windows_update(rows[1]), "1 row", "the zone is not told", 1),
        one("forerunner.log", windows_update_before(_FIRST._replace(component="IUCTL", text="Starting"), "Success")
            + windows_update_before(_SECOND._replace(component="IUENGINE", text="Failed (Error 0x80072EE7)"), "Error"),
            "2 rows, bias 300", "Windows Update.log: the time of day in local time and in UTC", 2),
        one("printed.log", printed, "2 rows", "as a later Windows prints it", 2),
        one("bad-line.log", b"cut off here\r\n" + printed, "2 rows; finding: text before the first record",
            "begins inside a record", 2),
    ]


# --- IIS ------------------------------------------------------------------------

_IIS_HEAD = "#Software: Microsoft Internet Information Services 5.0\n#Version: 1.0\n"
_IIS_DATED = "#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status cs(User-Agent)\n"


def _iis():
    dated = ("2005-01-07 22:59:41 192.0.2.79 GET /SMS_MP/.sms_aut MPLIST 500 ccmhttp\n",
             "2005-01-07 22:59:42 192.0.2.62 CCM_POST /ccm_system/request - 200 ccmhttp\n")
    undated = ("22:59:41 192.0.2.79 GET /SMS_MP/.sms_aut 500\n",
               "00:00:01 192.0.2.62 GET /SMS_MP/.sms_aut 200\n")
    six = ("#Fields: date time s-sitename s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
           "cs(User-Agent) sc-status sc-substatus sc-win32-status\n"
           "2005-01-07 23:01:00 W3SVC1 192.0.2.10 GET /SMS_MP/.sms_aut MPCERT 80 - 192.0.2.79 ccmhttp "
           "500 0 2148073494\n")
    begin = "#Date: 2005-01-07 22:59:38\n"
    head = _IIS_HEAD + begin
    undated_fields = "#Fields: time c-ip cs-method cs-uri-stem sc-status\n"
    ping = ("2005-01-07 22:59:44 192.0.2.62 GET /wutrack.bin V=1&U=0af2&C=au&A=i&I=&D=&P=5.1.a28.2&"
            "L=en-US&S=f&E=8024402c&M=&X=050107175944111 200 Industry+Update+Control\n")
    one = rows_in("iis-log/")

    def text(*lines):
        return "".join(lines).replace("\n", "\r\n").encode("ascii")
    return [
        one("plain.log", text(head, _IIS_DATED, *dated), "3 rows", "#Date is one: the service began", 3),
        one("no-date.log", text(head, undated_fields, *undated), "3 rows over midnight",
            "IIS 5 as it is set up: a time and no date", 3),
        one("other-fields.log", text(head, _IIS_DATED, dated[0], six), "3 rows",
            "other columns from the middle on", 3),
        one("restart.log", text(head, _IIS_DATED, dated[0], _IIS_HEAD, "#Date: 2005-01-07 23:10:02\n",
                                _IIS_DATED, dated[1]), "4 rows", "the service began twice", 4),
        one("ping.log", text(head, _IIS_DATED, ping), "2 rows", "a client of SUS tells a failure", 2),
        one("bad-head-torn.log", text(*dated)[9:] + text(head, _IIS_DATED, *dated),
            "4 rows; finding: a line cut", "begins inside a line", 4),
        one("bad-line.log", text(head, _IIS_DATED, dated[0], "GET /\n", dated[1]), "3 rows; finding: one line",
            "a line of other columns", 3),
        one("bad-nul-tail.log", text(head, _IIS_DATED, *dated) + bytes(512), "3 rows; finding: 512 zero bytes",
            "IIS makes its files longer before it writes", 3),
    ]
