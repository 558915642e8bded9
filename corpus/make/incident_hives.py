"""The server's registry at each snapshot."""
import struct
from collections import namedtuple

import capi
import certificates
import filetime
import hive
import incident_keys as keys
import incident_logs
import lsa
import story
from hive import binary, default, dword, key, multi_sz, sz
from key_blobs import AT_KEYEXCHANGE, AT_SIGNATURE
from prng import Prng
from tree import File

CONFIG = "C/WINNT/system32/config/"
HIVES = ("SYSTEM", "SECURITY", "SOFTWARE")


def hive_files(snapshot):
    """The three hives as the backup saved them, one after the other."""
    taken, files = story.SNAPSHOTS[snapshot], {}
    for number, name in enumerate(HIVES):
        saved = taken + number * filetime.SECOND // 4
        data = hive.write(model(name, snapshot), saved)
        files[CONFIG + name] = File(data, saved, story.INSTALLED)
    return files


def model(name, snapshot):
    """The keys and values of one hive, for the writer and for whoever checks it."""
    return {"SYSTEM": _system, "SECURITY": _security, "SOFTWARE": _software}[name](snapshot)


# --- SYSTEM ------------------------------------------------------------------

def _system(snapshot):
    boot, shutdown = filetime.eastern("2004-12-27 05:58:40"), \
        filetime.eastern("2004-12-27 05:54:18.1093750")
    for down, up in ((story.SHUTDOWN_1, story.BOOT_1), (story.SHUTDOWN_2, story.BOOT_2)):
        if story.since(up, snapshot):
            shutdown, boot = down, up
    return key(
        "$$$PROTO.HIV", boot,
        key("Select", boot, dword("Current", 1), dword("Default", 1), dword("Failed", 0),
            dword("LastKnownGood", 2)),
        _control_set("ControlSet001", boot, shutdown),
        _control_set("ControlSet002", boot, shutdown),
        key("MountedDevices", story.INSTALLED))


def _control_set(name, boot, shutdown):
    services = [_service(*row) for row in (
        ("CcmExec", "SMS Agent Host", "C:\\WINNT\\system32\\CCM\\CcmExec.exe"),
        ("IISADMIN", "IIS Admin Service", "C:\\WINNT\\system32\\inetsrv\\inetinfo.exe"),
        ("SMS_EXECUTIVE", "SMS_EXECUTIVE", "C:\\SMS\\bin\\i386\\smsexec.exe"),
        ("SMS_SITE_COMPONENT_MANAGER", "SMS_SITE_COMPONENT_MANAGER",
         "C:\\SMS\\bin\\i386\\sitecomp.exe"),
        ("W3SVC", "World Wide Web Publishing Service",
         "C:\\WINNT\\system32\\inetsrv\\inetinfo.exe"))]
    control = key(
        "Control", boot, sz("CurrentUser", "USERNAME"), dword("WaitToKillServiceTimeout", 20000),
        key("ComputerName", story.INSTALLED,
            key("ComputerName", story.INSTALLED, sz("ComputerName", story.SERVER))),
        _lsa_keys(boot),
        key("Nls", story.INSTALLED,
            key("CodePage", story.INSTALLED, sz("ACP", "1252"), sz("OEMCP", "437"))),
        key("ProductOptions", story.INSTALLED, sz("ProductType", "ServerNT")),
        _time_zone(),
        key("Windows", shutdown, hive.Value("Directory", hive.EXPAND_SZ,
                                            "%SystemRoot%\0".encode("utf-16-le")),
            dword("CSDVersion", 0x400), binary("ShutdownTime", struct.pack("<Q", shutdown))))
    return key(name, story.INSTALLED, control,
               key("Services", story.SMS_INSTALLED, *services, lists="ri"))


def _lsa_keys(boot):
    """The boot key hides in the class names of four keys."""
    parts = [key(name, story.INSTALLED, binary("Pattern", Prng("incident/" + name).bytes(64)),
                 class_name=text) for name, text in lsa.class_names(keys.BOOT_KEY).items()]
    return key("Lsa", boot, dword("restrictanonymous", 0),
               multi_sz("Notification Packages", ["FPNWCLNT", "RASSFM", "KDCSVC", "scecli"]),
               *parts)


def _time_zone():
    def start(month, week):
        """Year, month, week, hour, minute, second, millisecond, weekday."""
        return struct.pack("<8H", 0, month, week, 2, 0, 0, 0, 0)
    return key("TimeZoneInformation", filetime.eastern("2004-10-31 01:00:00"),
               dword("Bias", 300), sz("StandardName", "Eastern Standard Time"),
               dword("StandardBias", 0), binary("StandardStart", start(10, 5)),
               sz("DaylightName", "Eastern Daylight Time"), dword("DaylightBias", -60),
               binary("DaylightStart", start(4, 1)), dword("ActiveTimeBias", 300))


def _service(name, title, image):
    return key(name, story.SMS_INSTALLED, dword("Type", 0x10), dword("Start", 2),
               dword("ErrorControl", 1), hive.Value("ImagePath", hive.EXPAND_SZ,
                                                    (image + "\0").encode("utf-16-le")),
               sz("DisplayName", title), sz("ObjectName", "LocalSystem"))


# --- SECURITY ----------------------------------------------------------------

# name -> (current, its time, old, its time)
_PASSWORD_SET = filetime.eastern("2004-03-15 16:40:27.3906250")
SECRETS = {
    "DPAPI_SYSTEM": (keys.DPAPI_SYSTEM, story.SECRET, keys.OLD_DPAPI_SYSTEM, story.SETUP_SECRET),
    "NL$KM": (Prng("incident/nlkm").bytes(64), story.SECRET, b"", story.SECRET),
    "_SC_MSSQLSERVER": ("Not-A-Real-Password-1!".encode("utf-16-le"), _PASSWORD_SET,
                        b"", _PASSWORD_SET),
}


def _security(snapshot):
    prng = Prng("incident/security")
    policy = key(
        "Policy", story.INSTALLED,
        key("PolRevision", story.INSTALLED, default(struct.pack("<HH", 5, 1))),
        key("PolAcDmN", story.INSTALLED, default(_unicode_string(story.SERVER))),
        key("PolSecretEncryptionKey", story.SETUP_SECRET,
            default(lsa.policy_secret(keys.BOOT_KEY, keys.LSA_KEY, prng))),
        key("Secrets", _PASSWORD_SET, *(_secret(name, prng) for name in SECRETS)))
    return key("SECURITY", story.INSTALLED, policy, key("RXACT", story.INSTALLED,
                                                        default(struct.pack("<I", 1))))


def _unicode_string(text):
    raw = text.encode("utf-16-le")
    return struct.pack("<HHI", len(raw), len(raw) + 2, 8) + raw + bytes(2)


def _secret(name, prng):
    current, updated, old, old_updated = SECRETS[name]

    def seal(data):
        return lsa.secret(keys.LSA_KEY, data, prng) if data else b""
    return key(
        name, updated,
        key("CurrVal", updated, default(seal(current))),
        key("CupdTime", updated, default(struct.pack("<Q", updated))),
        key("OldVal", updated, default(seal(old))),
        key("OupdTime", updated, default(struct.pack("<Q", old_updated))),
        key("SecDesc", updated, default(hive.security_descriptor())))


# --- SOFTWARE ----------------------------------------------------------------

# store, friendly name, generation, which key, extended use, made, replaced
Certificate = namedtuple("Certificate", "label store title gen kind use made until der")


def _certificate(label, store, title, gen, kind, use, made, until=None):
    names = [story.SERVER, "SMS"] if store == "SMS" else ["www.hq1.corp.example"]
    years = 100 if store == "SMS" else 2
    made_der = certificates.self_signed(getattr(gen, kind), names, use, made, years,
                                        Prng("incident/certificate/" + label))
    return Certificate(label, store, title, gen, kind, use, made, until, made_der)


_OLD, _NEW = keys.generation(story.AGENT, 1), keys.generation(story.AGENT, 2)
_SIGNING = ("SMS Signing Certificate", certificates.SIGNING_USE)
CERTIFICATES = [
    _certificate("signing-old", "SMS", _SIGNING[0], _OLD, "signature", _SIGNING[1],
                 story.SP1_UPGRADE, story.CERTIFICATE_CREATED),
    _certificate("encryption-old", "SMS", "SMS Encryption Certificate", _OLD, "exchange",
                 certificates.ENCRYPTION_USE, story.SP1_UPGRADE),
    _certificate("signing-new", "SMS", _SIGNING[0], _NEW, "signature", _SIGNING[1],
                 story.CERTIFICATE_CREATED, story.SIGNING_RENEWED),
    _certificate("signing-renewed", "SMS", _SIGNING[0], _OLD, "signature", _SIGNING[1],
                 story.SIGNING_RENEWED),
    _certificate("web", "MY", "Intranet", keys.generation(story.WEB_CERTIFICATE, 1), "exchange",
                 certificates.SERVER_USE, story.WEB_CERTIFICATE_MADE),
]


def certificates_of(snapshot):
    """The certificates in the registry when SNAPSHOT was taken."""
    return [c for c in CERTIFICATES if story.since(c.made, snapshot)
            and not (c.until and story.since(c.until, snapshot))]


def _store(name, snapshot):
    """One certificate store; its time is that of its last change."""
    held = [c for c in certificates_of(snapshot) if c.store == name]
    changed = max(c.made for c in held)
    entries = [key(certificates.thumbprint(c.der), c.made, binary("Blob", _blob(c)))
               for c in held]
    return key(name, story.INSTALLED, key("Certificates", changed, *entries),
               key("CRLs", story.INSTALLED), key("CTLs", story.INSTALLED))


def _blob(cert):
    # The SMS certificates name their container; the other names its file.
    container = cert.gen.container
    if cert.store != "SMS":
        container = capi.file_name(container, cert.gen.machine_guid)
    spec = AT_SIGNATURE if cert.kind == "signature" else AT_KEYEXCHANGE
    return certificates.blob(cert.der, getattr(cert.gen, cert.kind), cert.title, container, spec)


def _software(snapshot):
    reset = story.since(story.GUID_RESET, snapshot)
    guid, guid_time = (story.NEW_GUID, story.GUID_RESET) if reset else \
        (story.OLD_GUID, story.MACHINE_GUID_MADE)
    microsoft = key(
        "Microsoft", story.SP1_UPGRADE,
        key("CCM", story.AGENT_MADE, key("Logging", story.AGENT_MADE, key(
            "@Global", story.AGENT_MADE, dword("LogLevel", 1),
            dword("LogMaxSize", incident_logs.LOG_MAX_SIZE),
            dword("LogMaxHistory", incident_logs.LOG_MAX_HISTORY)))),
        key("Cryptography", guid_time, sz("MachineGuid", guid),
            key("Defaults", story.INSTALLED), key("RNG", story.SNAPSHOTS[snapshot],
                binary("Seed", Prng("incident/rng/" + snapshot).bytes(80)))),
        key("InetMgr", story.IIS_MADE, key("Parameters", story.IIS_MADE)),
        _sms_key(),
        key("SystemCertificates", story.INSTALLED, _store("MY", snapshot),
            _store("SMS", snapshot)),
        key("Windows NT", story.INSTALLED, _current_version()),
        lists="lf")
    return key("$$$PROTO.HIV", story.INSTALLED, microsoft, key("Classes", story.INSTALLED))


def _sms_key():
    """A skeleton: the names that say which site and which version this is."""
    made, now = story.SMS_INSTALLED, story.SP1_UPGRADE
    return key("SMS", now,
               key("Identification", made, sz("Installation Directory", "C:\\SMS"),
                   sz("Server", story.SERVER), sz("Site Code", story.SITE),
                   sz("Site Server", story.SERVER)),
               key("MP", now, sz("MP Hostname", story.SERVER), dword("SSL", 0)),
               key("Setup", now, sz("Full Version", "2.50.3174.1018"),
                   sz("Service Pack", "1")))


def _current_version():
    return key("CurrentVersion", story.INSTALLED, sz("CurrentVersion", "5.0"),
               sz("CurrentBuildNumber", "2195"), sz("ProductName", "Microsoft Windows 2000"),
               sz("CSDVersion", "Service Pack 4"), sz("SystemRoot", "C:\\WINNT"),
               sz("RegisteredOwner", "Example"), sz("RegisteredOrganization", "Example Corp."),
               dword("InstallDate", filetime.unix_seconds(story.INSTALLED)))
