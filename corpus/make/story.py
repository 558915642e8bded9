"""The cast and the clock of the January 2005 incident.

Names and secrets are invented; the course of events follows the public account.
Local times are US Eastern.  Fractions are multiples of 1/64 second, the tick of
the clock of those machines.
"""
from filetime import eastern
from prng import Prng

SERVER = "SMSSRV01"
CLIENT = "CL01"
SITE = "HQ1"
DOMAIN = "corp.example"
SYSTEM_SID = "S-1-5-18"

OLD_GUID = Prng("machine-guid/old").guid()
NEW_GUID = Prng("machine-guid/new").guid()

# --- containers --------------------------------------------------------------
SITE_SERVER = "Microsoft Systems Management Server"
AGENT = "SMS"
IIS = "Microsoft Internet Information Server"
IIS_DCOM = "MS IIS DCOM Server"
WEB_CERTIFICATE = "{%s}" % Prng("container/web-certificate").guid().upper()
LOCAL_SYSTEM = "SYSTEM"

# --- what happened -----------------------------------------------------------
INSTALLED = eastern("2004-03-02 09:41:17")
SETUP_SECRET = eastern("2004-03-02 09:51:38.5156250")
SECRET = eastern("2004-03-02 09:52:04.1093750")
MACHINE_GUID_MADE = eastern("2004-03-02 09:55:21.6875000")
IIS_MADE = eastern("2004-03-02 10:14:33.2187500")
IIS_DCOM_MADE = eastern("2004-03-02 10:14:35.8437500")
LOCAL_SYSTEM_MADE = eastern("2004-03-02 10:31:12.0156250")
SMS_INSTALLED = eastern("2004-03-16 14:22:41.4062500")
AGENT_MADE = eastern("2004-03-16 14:31:05.7812500")
WEB_CERTIFICATE_MADE = eastern("2004-06-22 11:05:19.1406250")
SP1_UPGRADE = eastern("2004-11-09 10:03:27.6562500")

HEALTHY_BACKUP = eastern("2004-12-28 22:00:04.5000000")

SHUTDOWN_1 = eastern("2005-01-07 17:49:52.3281250")
BOOT_1 = eastern("2005-01-07 17:53:20")
GUID_RESET = eastern("2005-01-07 17:57:46.9062500")
NEW_SITE_KEY = eastern("2005-01-07 17:58:55.3281250")
CERTIFICATE_MAINTENANCE = eastern("2005-01-07 17:59:38.4060000")
SIGN_FAILED = eastern("2005-01-07 17:59:40.2340000")
CREATING_CERTIFICATE = eastern("2005-01-07 17:59:40.2810000")
NEW_AGENT_KEY = eastern("2005-01-07 17:59:40.5625000")
NEW_AGENT_KEY_DONE = eastern("2005-01-07 17:59:43.0312500")
CERTIFICATE_CREATED = eastern("2005-01-07 17:59:43.0620000")
EVENING_BACKUP = eastern("2005-01-07 20:30:02.2500000")

SHUTDOWN_2 = eastern("2005-01-08 21:01:14.7031250")
BOOT_2 = eastern("2005-01-08 21:04:31")
IIS_REBUILT = eastern("2005-01-09 14:21:07.7187500")
IIS_DCOM_REBUILT = eastern("2005-01-09 14:21:08.9531250")
MP_REINSTALL_1 = eastern("2005-01-09 16:05:12")
SUNDAY_BACKUP = eastern("2005-01-09 19:15:03.7500000")

CLIENT_REFUSES = eastern("2005-01-10 08:12:44.5150000")
DISCARDED = eastern("2005-01-11 10:12:16.3430000")
DISCARDED_MESSAGE = "CC96DB74-AD08-48DD-B422-0E06EC5A243C"
ENCRYPTION_OFF = eastern("2005-01-11 11:20:31")
OLD_KEYS_BACK = eastern("2005-01-11 14:37:22.1718750")
SERVICES_RESTARTED = eastern("2005-01-11 14:52:06")
MP_REINSTALL_2 = eastern("2005-01-11 15:20:40")
SIGNING_RENEWED = eastern("2005-01-11 15:31:18.6406250")
CLIENT_ACCEPTS = eastern("2005-01-11 15:48:02.0460000")
RECOVERED_BACKUP = eastern("2005-01-12 07:00:03.1250000")

# Snapshot name -> the moment it was taken, in order.
SNAPSHOTS = {
    "2004-12-28": HEALTHY_BACKUP,
    "2005-01-07": EVENING_BACKUP,
    "2005-01-09": SUNDAY_BACKUP,
    "2005-01-12": RECOVERED_BACKUP,
}


def since(moment, snapshot):
    """True when SNAPSHOT was taken after MOMENT."""
    return SNAPSHOTS[snapshot] > moment
