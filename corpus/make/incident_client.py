"""What a client and a newsgroup saw of the incident."""
import filetime
import logs
import story
from log_history import client_files
from logs import Row
from prng import Prng
from tree import File

CLIENT_LOGS = "WINNT/system32/CCM/Logs/"
_BEGIN = filetime.eastern("2005-01-03 08:04:12")


def client_files_now():
    """The client's folder as it was collected after the recovery."""
    return client_files(CLIENT_LOGS, "LocationServices", location_services(),
                        story.RECOVERED_BACKUP, 1 << 20, 2, logs.ccm)


def location_services():
    """LocationServices.log: refreshed every working morning, refused after the reset."""
    rows = []
    for day in (0, 1, 2, 3, 4):
        rows += _refresh(_BEGIN + day * filetime.DAY + 17 * day * filetime.SECOND)
    for minutes in (0, 61, 183, 425, 1490, 1611):
        rows += _refused(story.CLIENT_REFUSES + minutes * 60 * filetime.SECOND)
    rows += _refresh(story.CLIENT_ACCEPTS) + _persisted(story.CLIENT_ACCEPTS)
    return rows


def _line(time, text, severity=1, file="lssecurity.cpp:1127"):
    thread = 1500 + 4 * Prng("incident/client/%d" % (time // filetime.DAY)).below(700)
    return Row(time, "LocationServices", severity, thread, file, text)


def _refresh(time):
    prng = Prng("incident/client/refresh/%d" % time)
    time += prng.below(999) * 10_000
    return [
        _line(time, "Processing pending site assignment.", file="lsad.cpp:402"),
        _line(time + 1_560_000, "Current AD site of machine is Default-First-Site-Name",
              file="lsad.cpp:553"),
        _line(time + 3_120_000, "Refreshing trusted key information"),
    ]


def _refused(time):
    return _refresh(time - filetime.SECOND) + [
        _line(time, "Both the trusted key and the mp certificate have changed on server %s."
              % story.SERVER, 3, "lssecurity.cpp:1462"),
        _line(time + 160_000, "The client cannot validate the authentication information.", 3,
              "lssecurity.cpp:1471"),
        _line(time + 320_000, "Failed to refresh trusted key information.", 2,
              "lssecurity.cpp:1189"),
    ]


def _persisted(time):
    return [
        _line(time + 14_200_000, "Persisting the management point authentication information "
              "in WMI"),
        _line(time + 15_310_000, "Persisted Management Point Authentication Information locally"),
    ]


# --- the newsgroup -----------------------------------------------------------

_POST = """\
Subject: CryptoAPI trouble on an SMS 2003 site server
Date: Thu, 13 Jan 2005 21:40:00 -0500

This is what ccmexec.log on the site server says about the evening of the
reboot, and about the inventory of this week:

%s

The site server is Windows 2000, SMS 2003 SP1.  DDRs come in, inventory does
not.  Any idea what made it create a certificate?
"""


def forum_files():
    """The five lines as they were pasted: tabs turned to blanks, four without thread."""
    stamp = filetime.eastern("2005-01-13 21:40:00")
    rows = [(story.CERTIFICATE_MAINTENANCE, "Entering Certificate Maintenance", False),
            (story.SIGN_FAILED, "CCMSignData failed (0x8009200b).", False),
            (story.CREATING_CERTIFICATE, "Creating Signing Certificate...", False),
            (story.CERTIFICATE_CREATED, "Successfully created certifcate", False),
            (story.DISCARDED, "EndpointMessage(Queue='MP_HinvEndpoint', ID={%s}): "
             "Will be discarded (0x8009000d)." % story.DISCARDED_MESSAGE, True)]
    lines = [logs.viewer(Row(time, "CcmExec", 0, 3944, "", text), " ", thread=thread)
             for time, text, thread in rows]
    text = _POST % "\n".join(lines)
    return {"forum-post.txt": File(text.encode("ascii"), stamp, stamp)}
