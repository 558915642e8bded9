"""The server's logs: ordinary days, and the lines that tell the incident."""
import filetime
import logs
import story
from log_history import LOG_MAX_HISTORY, LOG_MAX_SIZE, client_files, server_files
from logs import Row
from prng import Prng
from server_paths import CCM_LOGS, SITE_LOGS
from tree import File

_BEGIN = filetime.eastern("2004-12-27 06:02:11")
_END = filetime.eastern("2005-01-12 12:00:00")
_MINUTE = 60 * filetime.SECOND


def server_log_files(snapshot):
    """Every log of the server as it stood when SNAPSHOT was taken."""
    until = story.SNAPSHOTS[snapshot]
    files = {}
    for name, rows in _CLIENT_LOGS.items():
        files.update(client_files(CCM_LOGS, name, rows(), until, LOG_MAX_SIZE,
                                  LOG_MAX_HISTORY, logs.ccm))
    for name, rows in _SITE_LOGS.items():
        files.update(server_files(SITE_LOGS, name, rows(), until, 8000, logs.site_c, logs.RENAMED))
    files.update(_old_despooler_log())
    files.update(_mp_setup_log(until))
    return files


# --- CcmExec.log -------------------------------------------------------------

def ccm_exec():
    """Every record of the agent host, oldest first."""
    rows = _quiet_days(Prng("incident/logs/ccmexec"))
    rows = [row for row in rows if not _machine_down(row.time)]
    for begin, thread in _SERVICE_STARTS:
        rows += _service_start(begin, thread)
    rows += _certificate_maintenance() + _discarded()
    rows += [_exec(story.SHUTDOWN_1 - 2 * filetime.SECOND, "Stopping CCMEXEC service...", 1, 732),
             _exec(story.SHUTDOWN_2 - 2 * filetime.SECOND, "Stopping CCMEXEC service...", 1, 732)]
    return sorted(rows, key=lambda row: row.time)


# (first line of the service's start, thread)
_SERVICE_STARTS = [
    (_BEGIN, 1412),
    (story.CERTIFICATE_MAINTENANCE - 2 * filetime.SECOND, 1436),
    (filetime.eastern("2005-01-08 21:06:20.1560000"), 1428),
    (filetime.eastern("2005-01-09 16:08:44.9680000"), 2216),
    (filetime.eastern("2005-01-11 14:52:09.3120000"), 2340),
    (filetime.eastern("2005-01-11 15:31:15.5000000"), 2592),
]


def _exec(time, text, severity=1, thread=1412, file="ccmexec.cpp:412"):
    return Row(time, "CcmExec", severity, thread, file, text)


def _service_start(begin, thread):
    """The start of the service; certificate maintenance stands two seconds into it."""
    steps = [
        (0, "Starting CCMEXEC service...", "ccmexec.cpp:388"),
        (430, "Refresh CCM Identity using any registered identity stores", "init.cpp:203"),
        (2000, "Entering Certificate Maintenance", "init.cpp:231"),
        (7350, "Loading service settings.", "init.cpp:262"),
        (7880, "Completed phase 0 initialization.", "init.cpp:301"),
        (9410, "Completed phase 1 initialization.", "init.cpp:377"),
    ]
    return [_exec(begin + ms * 10_000, text, 1, thread, file) for ms, text, file in steps]


def _certificate_maintenance():
    """What the start of 7 January did to the signing certificate."""
    return [
        _exec(story.SIGN_FAILED, "CCMSignData failed (0x8009200b).", 3, 1436, "ccmcert.cpp:1207"),
        _exec(story.CREATING_CERTIFICATE, "Creating Signing Certificate...", 1, 1436,
              "ccmgencert.cpp:96"),
        _exec(story.CERTIFICATE_CREATED, "Successfully created certifcate", 1, 1436,
              "ccmgencert.cpp:158"),
    ]


def _discarded():
    """Encrypted inventory for which the private key was gone, until encryption ends."""
    prng = Prng("incident/logs/discarded")
    times = [story.CERTIFICATE_MAINTENANCE + (97 + 331 * i + prng.below(120)) * _MINUTE
             for i in range(15)]
    rows = [_discard(t, prng.pick(("MP_HinvEndpoint", "MP_SinvEndpoint")), prng.guid().upper(),
                     1200 + 4 * prng.below(900))
            for t in times if t < story.ENCRYPTION_OFF and not _machine_down(t)]
    return rows + [_discard(story.DISCARDED, "MP_HinvEndpoint", story.DISCARDED_MESSAGE, 3944)]


def _discard(time, queue, guid, thread):
    text = "EndpointMessage(Queue='%s', ID={%s}): Will be discarded (0x8009000d)." % (queue, guid)
    return _exec(time, text, 3, thread, "messagequeueproc.cpp:614")


def _quiet_days(prng):
    """The bed: something ordinary about once an hour."""
    rows, time = [], _BEGIN + 11 * _MINUTE
    while time < _END:
        make = prng.pick((_http_status, _http_status, _delivered, _system_task, _expired))
        rows.append(make(time, prng))
        time += (25 + prng.below(70)) * _MINUTE + prng.below(60_000) * 10_000
    return rows


def _http_status(time, prng):
    thread = 1200 + 4 * prng.below(900)
    text = "\n".join((
        "Raising event:", "", "instance of CCM_CcmHttp_Status", "{",
        '\tClientID = "GUID:%s";' % Prng("incident/server-client-id").guid().upper(),
        '\tDateTime = "%s.%03d000+000";' % (filetime.whole(time).strftime("%Y%m%d%H%M%S"),
                                            time % filetime.SECOND // 10_000),
        '\tHostName = "%s";' % story.SERVER, '\tHRESULT = "0x00000000";',
        "\tProcessID = 1484;", "\tStatusCode = 0;", "\tThreadID = %d;" % thread, "};", ""))
    return _exec(time, text, 1, thread, "event.cpp:525")


def _delivered(time, prng):
    text = "EndpointMessage(Queue='MP_DdrEndpoint', ID={%s}): Delivered successfully." % \
        prng.guid().upper()
    return _exec(time, text, 1, 1200 + 4 * prng.below(900), "messagequeueproc.cpp:571")


def _system_task(time, prng):
    return _exec(time, "Invoking system task 'CacheMaintenance'.", 1,
                 1200 + 4 * prng.below(900), "systemtask.cpp:118")


def _expired(time, prng):
    text = "OutgoingMessage(Queue='mp_[http]mp_locationmanager', ID={%s}): " \
           "Will be discarded (expired)." % prng.guid().upper()
    return _exec(time, text, 1, 1200 + 4 * prng.below(900), "messagequeueproc_outgoing.cpp:447")


def _machine_down(time):
    """True while no service writes: from a shutdown until the services are up."""
    margin = 3 * _MINUTE
    return story.SHUTDOWN_1 - margin < time < story.CERTIFICATE_MAINTENANCE + margin or \
        story.SHUTDOWN_2 - margin < time < story.BOOT_2 + 2 * margin


# --- endpoint logs of the management point -----------------------------------

def mp_ddr():
    """Discovery data is signed only: it arrives throughout."""
    return _endpoint("MP_DdrEndpoint", "ddrep.cpp:244", lambda time: True)


def mp_hinv():
    """Inventory is encrypted: silence from the reset until encryption is off."""
    return _endpoint("MP_HinvEndpoint", "hinvep.cpp:318",
                     lambda time: time < story.GUID_RESET or time > story.ENCRYPTION_OFF)


def _endpoint(component, file, works):
    prng, rows, time = Prng("incident/logs/" + component), [], _BEGIN
    while time < _END:
        time += (150 + prng.below(200)) * _MINUTE + prng.below(60_000) * 10_000
        if works(time) and not _machine_down(time):
            text = "%s task: report from client GUID:%s translated and handed to the site." % (
                component[3:7].upper().rstrip("E"), prng.guid().upper())
            rows.append(Row(time, component, 1, 1200 + 4 * prng.below(900), file, text))
    return rows


# --- site server logs --------------------------------------------------------

def hierarchy_manager():
    """hman.log: a daily round, and the reaction to the new key of 7 January."""
    rows = _rounds("SMS_HIERARCHY_MANAGER", 1904, 190, (
        "Waiting for file changes.~",
        "Processing site control file: Site %s~" % story.SITE,
        "Update the Sites table: Site=%s Parent=~" % story.SITE,
        "Site control images have been validated for site %s.~" % story.SITE))
    for time, what in ((story.NEW_SITE_KEY, "was not found; a new pair was made"),
                       (story.SERVICES_RESTARTED + 40 * filetime.SECOND, "was opened")):
        text = "The key pair of this site server %s.~" % what
        rows.append(Row(time + 2 * filetime.SECOND, "SMS_HIERARCHY_MANAGER", 1, 1904, "", text))
        rows.append(_status_message(time + 3 * filetime.SECOND))
    return sorted(rows, key=lambda row: row.time)


def _status_message(time):
    """A status message as the log repeats it, with the same time in UTC."""
    text = 'STATMSG: ID=3300 SEV=I LEV=M SOURCE="SMS Server" COMP="SMS_HIERARCHY_MANAGER" ' \
           'SYS=%s SITE=%s PID=1312 TID=1904 GMTDATE=%s ISTR0="" ISTR1="" NUMATTRS=0 LE=0X0' % (
               story.SERVER, story.SITE, logs.gmt_stamp(time))
    return Row(time, "SMS_HIERARCHY_MANAGER", 1, 1904, "", text)


def despooler():
    return _rounds("SMS_DESPOOLER", 2040, 300, (
        "Waiting for ready instruction file....~",
        "Verifying signature for instruction 0000q4gy.ins of type "
        "MICROSOFT|SMS|MINIJOBINSTRUCTION|PACKAGE~",
        "~CPublicKeyLookup::CPublicKeyLookup(\"%s\")~" % story.SITE,
        "Despooler successfully executed one instruction.~"))


def component_manager():
    return _rounds("SMS_SITE_COMPONENT_MANAGER", 1776, 120, (
        "Starting service...~",
        "Waiting for changes to the \"C:\\SMS\\inboxes\\sitectrl.box\" directory...~",
        "Polling the MP role on %s: online.~" % story.SERVER,
        "No components need to be reinstalled on %s.~" % story.SERVER))


def _rounds(component, thread, minutes, texts):
    """A service that says the same few things again and again."""
    prng, rows, time = Prng("incident/logs/" + component), [], _BEGIN
    while time < _END:
        time += (minutes // 2 + prng.below(minutes)) * _MINUTE
        for text in texts[:1 + prng.below(len(texts))]:
            time += (1 + prng.below(900)) * 100_000
            if not _machine_down(time):
                rows.append(Row(time, component, 1, thread, "", text))
    return rows


def _old_despooler_log():
    """Left by SMS 2.0, which stood on this server until SMS 2003 was installed."""
    prng, rows = Prng("incident/logs/sms20"), []
    time = filetime.eastern("2004-03-12 10:43:41.5470000")
    for _ in range(14):
        rows.append(Row(time, "SMS_DESPOOLER", 1, 212, "", prng.pick((
            "Waiting for ready instruction file....~", "Sleep for 300 seconds...~",
            "CPublicKeyLookup::GetNextKey() Getting Iteration: 1~"))))
        time += (300 + prng.below(40)) * filetime.SECOND
    data = b"".join(map(logs.site_b, rows)) + logs.RENAMED
    modified = filetime.eastern("2004-03-12 11:55:02.6250000")
    created = filetime.eastern("2004-03-02 11:20:45.0625000")
    return {SITE_LOGS + "despool20.lo_": File(data, modified, created)}


# --- MPSetup.log -------------------------------------------------------------

_MP_SETUPS = [(story.AGENT_MADE - 90 * filetime.SECOND, "Installing"),
              (story.SP1_UPGRADE - 60 * filetime.SECOND, "Upgrading"),
              (story.MP_REINSTALL_1, "Reinstalling"), (story.MP_REINSTALL_2, "Reinstalling")]


def _mp_setup_log(until):
    """Each run of the management point's set-up adds a paragraph."""
    lines = []
    for begin, verb in _MP_SETUPS:
        if begin < until:
            lines += [(begin, "===================================================="),
                      (begin, "SMSMP Setup Started...."),
                      (begin, "Parameters: C:\\SMS\\bin\\i386\\rolesetup.exe /install "
                              "/siteserver:%s SMSMP" % story.SERVER),
                      (begin + 2 * filetime.SECOND, "%s the SMSMP" % verb),
                      (begin + 3 * filetime.SECOND, "Passed OS version check."),
                      (begin + 4 * filetime.SECOND, "IIS Service is installed."),
                      (begin + 180 * filetime.SECOND, "mp.msi exited with return code: 0"),
                      (begin + 181 * filetime.SECOND, "Installation was successful.")]
    data = b"".join(logs.setup(Row(t, "", 1, 0, "", text)) for t, text in lines)
    return {SITE_LOGS + "MPSetup.log": File(data, lines[-1][0], _MP_SETUPS[0][0])}


_CLIENT_LOGS = {"CcmExec": ccm_exec, "MP_Ddr": mp_ddr, "MP_Hinv": mp_hinv}
_SITE_LOGS = {"hman": hierarchy_manager, "despool": despooler, "sitecomp": component_manager}
