"""A server's registry: what its three hives hold, for whoever tells a story."""
import struct
from collections import namedtuple

import certificates
import filetime
import hive
import lsa
from hive import binary, default, dword, key, multi_sz, sz
from log_history import LOG_MAX_HISTORY, LOG_MAX_SIZE
from prng import Prng

HIVES = ("SYSTEM", "SECURITY", "SOFTWARE")

# label begins the names of the random streams; the others but server, site and the
# two keys are times.
Machine = namedtuple("Machine", "label server site boot_key lsa_key installed setup_secret "
                                "password_set zone_set iis_made sms_made agent_made upgraded")

# --- SYSTEM ------------------------------------------------------------------

_SERVICES = (
    ("CcmExec", "SMS Agent Host", "C:\\WINNT\\system32\\CCM\\CcmExec.exe"),
    ("IISADMIN", "IIS Admin Service", "C:\\WINNT\\system32\\inetsrv\\inetinfo.exe"),
    ("SMS_EXECUTIVE", "SMS_EXECUTIVE", "C:\\SMS\\bin\\i386\\smsexec.exe"),
    ("SMS_SITE_COMPONENT_MANAGER", "SMS_SITE_COMPONENT_MANAGER",
     "C:\\SMS\\bin\\i386\\sitecomp.exe"),
    ("W3SVC", "World Wide Web Publishing Service",
     "C:\\WINNT\\system32\\inetsrv\\inetinfo.exe"))


def system(machine, shutdown, boot):
    """SYSTEM after a start at BOOT."""
    return key(
        "$$$PROTO.HIV", boot,
        key("Select", boot, dword("Current", 1), dword("Default", 1), dword("Failed", 0),
            dword("LastKnownGood", 2)),
        _control_set(machine, "ControlSet001", boot, shutdown),
        _control_set(machine, "ControlSet002", boot, shutdown),
        key("MountedDevices", machine.installed))


def _control_set(machine, name, boot, shutdown):
    made = machine.installed
    services = [_service(machine.sms_made, *row) for row in _SERVICES]
    control = key(
        "Control", boot, sz("CurrentUser", "USERNAME"), dword("WaitToKillServiceTimeout", 20000),
        key("ComputerName", made,
            key("ComputerName", made, sz("ComputerName", machine.server))),
        _lsa_keys(machine, boot),
        key("Nls", made, key("CodePage", made, sz("ACP", "1252"), sz("OEMCP", "437"))),
        key("ProductOptions", made, sz("ProductType", "ServerNT")),
        _time_zone(machine.zone_set),
        key("Windows", shutdown, hive.Value("Directory", hive.EXPAND_SZ,
                                            "%SystemRoot%\0".encode("utf-16-le")),
            dword("CSDVersion", 0x400), binary("ShutdownTime", struct.pack("<Q", shutdown))))
    return key(name, made, control, key("Services", machine.sms_made, *services, lists="ri"))


def _lsa_keys(machine, boot):
    """The boot key hides in the class names of four keys."""
    parts = [key(name, machine.installed,
                 binary("Pattern", Prng("%s/%s" % (machine.label, name)).bytes(64)),
                 class_name=text) for name, text in lsa.class_names(machine.boot_key).items()]
    return key("Lsa", boot, dword("restrictanonymous", 0),
               multi_sz("Notification Packages", ["FPNWCLNT", "RASSFM", "KDCSVC", "scecli"]),
               *parts)


def _time_zone(changed):
    def start(month, week):
        """Year, month, week, hour, minute, second, millisecond, weekday."""
        return struct.pack("<8H", 0, month, week, 2, 0, 0, 0, 0)
    return key("TimeZoneInformation", changed,
               dword("Bias", 300), sz("StandardName", "Eastern Standard Time"),
               dword("StandardBias", 0), binary("StandardStart", start(10, 5)),
               sz("DaylightName", "Eastern Daylight Time"), dword("DaylightBias", -60),
               binary("DaylightStart", start(4, 1)), dword("ActiveTimeBias", 300))


def _service(made, name, title, image):
    return key(name, made, dword("Type", 0x10), dword("Start", 2),
               dword("ErrorControl", 1), hive.Value("ImagePath", hive.EXPAND_SZ,
                                                    (image + "\0").encode("utf-16-le")),
               sz("DisplayName", title), sz("ObjectName", "LocalSystem"))


# --- SECURITY ----------------------------------------------------------------

def security(machine, secrets):
    """SECURITY; SECRETS is {name: (current, its time, old, its time)}."""
    prng = Prng(machine.label + "/security")
    made = machine.installed
    policy = key(
        "Policy", made,
        key("PolRevision", made, default(struct.pack("<HH", 5, 1))),
        key("PolAcDmN", made, default(_unicode_string(machine.server))),
        key("PolSecretEncryptionKey", machine.setup_secret,
            default(lsa.policy_secret(machine.boot_key, machine.lsa_key, prng))),
        key("Secrets", machine.password_set,
            *(_secret(machine.lsa_key, name, row, prng) for name, row in secrets.items())))
    return key("SECURITY", made, policy, key("RXACT", made, default(struct.pack("<I", 1))))


def _unicode_string(text):
    raw = text.encode("utf-16-le")
    return struct.pack("<HHI", len(raw), len(raw) + 2, 8) + raw + bytes(2)


def _secret(lsa_key, name, row, prng):
    current, updated, old, old_updated = row

    def seal(data):
        return lsa.secret(lsa_key, data, prng) if data else b""
    return key(
        name, updated,
        key("CurrVal", updated, default(seal(current))),
        key("CupdTime", updated, default(struct.pack("<Q", updated))),
        key("OldVal", updated, default(seal(old))),
        key("OupdTime", updated, default(struct.pack("<Q", old_updated))),
        key("SecDesc", updated, default(hive.security_descriptor())))


# --- SOFTWARE ----------------------------------------------------------------

def software(machine, guid, guid_set, random_seed, stores):
    """SOFTWARE with one MachineGuid; RANDOM_SEED is (bytes, time), STORES are keys."""
    seed, seeded = random_seed
    made, agent = machine.installed, machine.agent_made
    microsoft = key(
        "Microsoft", machine.upgraded,
        key("CCM", agent, key("Logging", agent, key(
            "@Global", agent, dword("LogLevel", 1), dword("LogMaxSize", LOG_MAX_SIZE),
            dword("LogMaxHistory", LOG_MAX_HISTORY)))),
        key("Cryptography", guid_set, sz("MachineGuid", guid),
            key("Defaults", made), key("RNG", seeded, binary("Seed", seed))),
        key("InetMgr", machine.iis_made, key("Parameters", machine.iis_made)),
        _sms_key(machine),
        key("SystemCertificates", made, *stores),
        key("Windows NT", made, _current_version(made)),
        lists="lf")
    return key("$$$PROTO.HIV", made, microsoft, key("Classes", made))


def store(name, made, entries):
    """A certificate store; its time is that of its last change.  ENTRIES are
    (certificate, time, blob)."""
    keys = [key(certificates.thumbprint(der), time, binary("Blob", blob))
            for der, time, blob in entries]
    changed = max((time for _, time, _ in entries), default=made)
    return key(name, made, key("Certificates", changed, *keys),
               key("CRLs", made), key("CTLs", made))


def _sms_key(machine):
    """A skeleton: the names that say which site and which version this is."""
    made, now = machine.sms_made, machine.upgraded
    return key("SMS", now,
               key("Identification", made, sz("Installation Directory", "C:\\SMS"),
                   sz("Server", machine.server), sz("Site Code", machine.site),
                   sz("Site Server", machine.server)),
               key("MP", now, sz("MP Hostname", machine.server), dword("SSL", 0)),
               key("Setup", now, sz("Full Version", "2.50.3174.1018"),
                   sz("Service Pack", "1")))


def _current_version(installed):
    return key("CurrentVersion", installed, sz("CurrentVersion", "5.0"),
               sz("CurrentBuildNumber", "2195"), sz("ProductName", "Microsoft Windows 2000"),
               sz("CSDVersion", "Service Pack 4"), sz("SystemRoot", "C:\\WINNT"),
               sz("RegisteredOwner", "Example"), sz("RegisteredOrganization", "Example Corp."),
               dword("InstallDate", filetime.unix_seconds(installed)))
