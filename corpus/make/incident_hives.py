"""The server's registry at each snapshot."""
from collections import namedtuple

import capi
import certificates
import filetime
import hive
import incident_keys as keys
import server_hives
import story
from key_blobs import AT_KEYEXCHANGE, AT_SIGNATURE
from prng import Prng
from server_hives import HIVES
from server_paths import CONFIG
from tree import File

_PASSWORD_SET = filetime.eastern("2004-03-15 16:40:27.3906250")
_MACHINE = server_hives.Machine(
    "incident", story.SERVER, story.SITE, keys.BOOT_KEY, keys.LSA_KEY, story.INSTALLED,
    story.SETUP_SECRET, _PASSWORD_SET, filetime.eastern("2004-10-31 01:00:00"), story.IIS_MADE,
    story.SMS_INSTALLED, story.AGENT_MADE, story.SP1_UPGRADE)


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


def _system(snapshot):
    boot, shutdown = filetime.eastern("2004-12-27 05:58:40"), \
        filetime.eastern("2004-12-27 05:54:18.1093750")
    for down, up in ((story.SHUTDOWN_1, story.BOOT_1), (story.SHUTDOWN_2, story.BOOT_2)):
        if story.since(up, snapshot):
            shutdown, boot = down, up
    return server_hives.system(_MACHINE, shutdown, boot)


# name -> (current, its time, old, its time)
SECRETS = {
    "DPAPI_SYSTEM": (keys.DPAPI_SYSTEM, story.SECRET, keys.OLD_DPAPI_SYSTEM, story.SETUP_SECRET),
    "NL$KM": (Prng("incident/nlkm").bytes(64), story.SECRET, b"", story.SECRET),
    "_SC_MSSQLSERVER": ("Not-A-Real-Password-1!".encode("utf-16-le"), _PASSWORD_SET,
                        b"", _PASSWORD_SET),
}


def _security(_):
    return server_hives.security(_MACHINE, SECRETS)


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
    held = [(c.der, c.made, _blob(c)) for c in certificates_of(snapshot) if c.store == name]
    return server_hives.store(name, story.INSTALLED, held)


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
    seed = Prng("incident/rng/" + snapshot).bytes(80), story.SNAPSHOTS[snapshot]
    stores = [_store(name, snapshot) for name in ("MY", "SMS")]
    return server_hives.software(_MACHINE, guid, guid_time, seed, stores)
