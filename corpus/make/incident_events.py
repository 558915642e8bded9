"""The server's event logs, IIS logs and metabase."""
import evt
import filetime
import incident_keys as keys
import metabase
import story
from evt import ERROR, INFORMATION, Event
from prng import Prng
from server_paths import CONFIG, IIS_LOGS, INETSRV
from tree import File

_SECOND = filetime.SECOND


def event_files(snapshot):
    """Event logs, IIS logs and metabase as they were when SNAPSHOT was taken."""
    files = {}
    for name, events in (("SysEvent.Evt", _system()), ("AppEvent.Evt", _application())):
        seen = [e for e in sorted(events, key=lambda e: e.time) if story.since(e.time, snapshot)]
        changed = seen[-1].time // _SECOND * _SECOND
        files[CONFIG + name] = File(evt.write(seen, story.SERVER), changed, story.INSTALLED)
    files.update(_iis_logs(snapshot))
    files.update(_metabase(snapshot))
    return files


# --- event logs --------------------------------------------------------------

_BOOTS = [(filetime.eastern("2004-12-27 05:54:18"), filetime.eastern("2004-12-27 05:58:40"), True),
          (story.SHUTDOWN_1, story.BOOT_1, True), (story.SHUTDOWN_2, story.BOOT_2, False)]


def _system():
    """Starts and stops, and what failed after the second one."""
    events = []
    for down, up, iis_starts in _BOOTS:
        version = ("5.0.", "2195", "Service Pack 4", "Uniprocessor Free")
        events += [_own(down - 3 * _SECOND, 6006), _own(up + 20 * _SECOND, 6009, version),
                   _own(up + 20 * _SECOND, 6005)]
        if not iis_starts:
            events += _iis_failure(up + 95 * _SECOND)
    return events


def _own(time, number, strings=()):
    """The service's own events are information with the severity of a warning."""
    return Event(time, "EventLog", number, INFORMATION, strings, severity=0x80000000)


def _iis_failure(time):
    """The metabase's key is gone: the services end with ERROR_NO_TOKEN."""
    events = []
    for source, path, title in (
            ("W3SVC", "/LM/W3SVC/", "World Wide Web Publishing Service"),
            ("SMTPSVC", "/LM/SmtpSvc/", "Simple Mail Transport Protocol (SMTP)")):
        events += [Event(time, source, 116, ERROR, (path,), b"\3\0\0\0"),
                   Event(time + _SECOND, "Service Control Manager", 7023, ERROR, (title, "%%1008"))]
        time += 4 * _SECOND
    return events


def _application():
    """Each backup tells when it began and ended."""
    events = []
    for taken in story.SNAPSHOTS.values():
        for number, after, text in ((8018, -4, "Begin Operation"), (8000, -1, "'System State'"),
                                    (8001, 340, "'System State'"), (8019, 347, "End Operation")):
            events.append(Event(taken + after * _SECOND, "NTBackup", number, INFORMATION, (text,)))
    return events


# --- IIS ---------------------------------------------------------------------

_HEAD = """\
#Software: Microsoft Internet Information Services 5.0
#Version: 1.0
#Date: %s
#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status cs(User-Agent)
"""
_REQUESTS = ("GET /SMS_MP/.sms_aut mpkeyinformation", "GET /SMS_MP/.sms_aut MPLIST",
             "CCM_POST /ccm_system/request -", "CCM_POST /ccm_system/request -")
# (day of the file, first and last hour UTC, status of the answer)
_DAYS = [("2004-12-28", 13, 21, 200), ("2005-01-07", 13, 22, 200), ("2005-01-10", 13, 22, 200),
         ("2005-01-11", 13, 22, 200)]


def _iis_logs(snapshot):
    """Clients ask for keys and post messages; times are UTC."""
    files = {}
    for day, first, last, status in _DAYS:
        lines, time = [], filetime.utc("%s %02d:04:11" % (day, first))
        prng, begin = Prng("incident/iis/" + day), time
        while time < filetime.utc("%s %02d:50:00" % (day, last)) and story.since(time, snapshot):
            stamp = filetime.whole(time).strftime("%Y-%m-%d %H:%M:%S")
            request = prng.pick(_REQUESTS)
            lines.append("%s 192.0.2.%d %s %d ccmhttp" % (stamp, 20 + prng.below(60), request,
                                                          status))
            time += (600 + prng.below(2400)) * _SECOND
        if lines:
            head = _HEAD % filetime.whole(begin).strftime("%Y-%m-%d %H:%M:%S")
            data = (head + "\n".join(lines) + "\n").replace("\n", "\r\n").encode("ascii")
            files[IIS_LOGS + "ex%s.log" % day[2:].replace("-", "")] = File(data, time, begin)
    return files


# --- metabase ----------------------------------------------------------------

METABASE_SAVED = filetime.eastern("2004-12-20 03:00:17.4687500")
_SECRETS = ("Not-A-Real-Anonymous-Password", "Not-A-Real-Application-Password")


def metabase_file(number):
    """The metabase whose session key belongs to that generation of the IIS container."""
    gen = keys.generation(story.IIS, number)
    return metabase.metabase(gen.signature, gen.exchange, _SECRETS,
                             Prng("incident/metabase/%d" % number))


def _metabase(snapshot):
    """Rebuilding IIS wrote a new metabase; the old one was kept as a backup copy."""
    old = File(metabase_file(1), METABASE_SAVED, story.IIS_MADE)
    if not story.since(story.IIS_REBUILT, snapshot):
        return {INETSRV + "MetaBase.bin": old}
    saved = story.IIS_REBUILT + 312 * _SECOND
    return {INETSRV + "MetaBase.bin": File(metabase_file(2), saved, story.IIS_REBUILT),
            INETSRV + "MetaBack/restored.MD0": old._replace(created=story.IIS_REBUILT)}
