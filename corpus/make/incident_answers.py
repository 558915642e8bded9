"""What is true about the incident, for tests: computed from the makers' values."""
import hashlib
from collections import OrderedDict

import capi
import certificates
import der
import filetime
import incident_evidence
import incident_hives as hives
import incident_keys as keys
import lsa
import rsa_keys
import story
from tree import File

_EVENTS = ("INSTALLED", "MACHINE_GUID_MADE", "IIS_MADE", "SMS_INSTALLED", "AGENT_MADE",
           "WEB_CERTIFICATE_MADE", "SP1_UPGRADE", "HEALTHY_BACKUP", "SHUTDOWN_1", "BOOT_1",
           "GUID_RESET", "NEW_SITE_KEY", "CERTIFICATE_MAINTENANCE", "SIGN_FAILED",
           "CREATING_CERTIFICATE", "NEW_AGENT_KEY", "NEW_AGENT_KEY_DONE", "CERTIFICATE_CREATED",
           "EVENING_BACKUP", "SHUTDOWN_2", "BOOT_2", "IIS_REBUILT", "MP_REINSTALL_1",
           "SUNDAY_BACKUP", "CLIENT_REFUSES", "DISCARDED", "ENCRYPTION_OFF", "OLD_KEYS_BACK",
           "SERVICES_RESTARTED", "MP_REINSTALL_2", "SIGNING_RENEWED", "CLIENT_ACCEPTS",
           "RECOVERED_BACKUP")


def answers():
    """Everything, ready for JSON; the order is fixed."""
    return OrderedDict([
        ("note", "All names and secrets are invented for this corpus."),
        ("server", story.SERVER), ("client", story.CLIENT), ("site_code", story.SITE),
        ("time_zone", {"bias": 300, "daylight_bias": -60}),
        ("machine_guids", {"old": story.OLD_GUID, "new": story.NEW_GUID}),
        ("secrets", _secrets()),
        ("master_keys", [_master_key(*item) for item in keys.MASTER_KEYS.items()]),
        ("generations", [_generation(gen) for gen in keys.GENERATIONS]),
        ("certificates", [_certificate(cert) for cert in hives.CERTIFICATES]),
        ("snapshots", {name: _snapshot(name) for name in story.SNAPSHOTS}),
        ("events", {name.lower(): _moment(getattr(story, name)) for name in _EVENTS}),
        ("evidence", incident_evidence.answers()),
        ("discarded_message", story.DISCARDED_MESSAGE),
        ("missing_pair_bytes", len(keys.generation(story.AGENT, 1).data)
         - len(keys.generation(story.AGENT, 2).data)),
    ])


def key_files():
    """Every private key as PKCS#8, named container hash - generation - which key."""
    files = {}
    for gen in keys.GENERATIONS:
        for kind, key in _keys_of(gen):
            text = der.pem("PRIVATE KEY", der.rsa_pkcs8(key))
            files[_key_path(gen, kind)] = File(text.encode(), story.RECOVERED_BACKUP)
    return files


def _keys_of(gen):
    return [(kind, getattr(gen, kind)) for kind in ("signature", "exchange") if getattr(gen, kind)]


def _key_path(gen, kind):
    return "keys/%s-%d-%s.pem" % (capi.name_hash(gen.container)[:4], gen.number, kind)


def _moment(ticks):
    stamp, millis, bias = filetime.local(ticks)
    return {"utc": filetime.iso(ticks), "ticks": ticks, "bias": bias,
            "local": stamp.strftime("%Y-%m-%d %H:%M:%S") + ".%03d" % millis}


def _secrets():
    return {
        "boot_key": keys.BOOT_KEY.hex(),
        "class_names": lsa.class_names(keys.BOOT_KEY),
        "lsa_key": keys.LSA_KEY.hex(),
        "dpapi_system": keys.DPAPI_SYSTEM.hex(),
        "dpapi_system_old": keys.OLD_DPAPI_SYSTEM.hex(),
        "machine_half": keys.MACHINE_HALF.hex(),
        "user_half": keys.USER_HALF.hex(),
        "lsa_secrets": {name: {"current": row[0].hex(), "updated": filetime.iso(row[1]),
                               "old": row[2].hex(), "old_updated": filetime.iso(row[3])}
                        for name, row in hives.SECRETS.items()},
    }


def _master_key(label, held):
    return {"label": label, "guid": held.master.guid, "half": held.half,
            "path": keys.PROTECT + held.folder + held.master.guid,
            "key": held.master.key.hex(), "sha1": hashlib.sha1(held.master.key).hexdigest(),
            "made": filetime.iso(held.made)}


def _generation(gen):
    out = {
        "container": gen.container, "number": gen.number,
        "file_hash": capi.name_hash(gen.container), "machine_guid": gen.machine_guid,
        "file_name": capi.file_name(gen.container, gen.machine_guid),
        "size": len(gen.data), "sha256": hashlib.sha256(gen.data).hexdigest(),
        "created": filetime.iso(gen.created), "modified": filetime.iso(gen.modified),
        "master_key": keys.MASTER_KEYS[gen.master].master.guid,
        "exportable": gen.container == story.WEB_CERTIFICATE,
        "signature": None, "exchange": None,
        "places": keys.places(gen),
    }
    for kind, key in _keys_of(gen):
        out[kind] = {"bits": key.bits, "spki_sha256": rsa_keys.fingerprint(key),
                     "pem": _key_path(gen, kind)}
    return out


def _certificate(cert):
    return {"label": cert.label, "store": cert.store, "friendly_name": cert.title,
            "thumbprint": certificates.thumbprint(cert.der),
            "sha256": hashlib.sha256(cert.der).hexdigest(),
            "container": cert.gen.container, "number": cert.gen.number, "key": cert.kind,
            "spki_sha256": rsa_keys.fingerprint(getattr(cert.gen, cert.kind)),
            "not_before": filetime.iso(cert.made),
            "in": [name for name in story.SNAPSHOTS if cert in hives.certificates_of(name)]}


def _snapshot(name):
    reset = story.since(story.GUID_RESET, name)
    software = hives.model("SOFTWARE", name)
    return {"taken": filetime.iso(story.SNAPSHOTS[name]),
            "machine_guid": story.NEW_GUID if reset else story.OLD_GUID,
            "machine_guid_key_written": filetime.iso(
                software.find("Microsoft\\Cryptography").time),
            "hive_keys": {h: sum(1 for _ in hives.model(h, name).walk()) for h in hives.HIVES},
            "hive_values": {h: sum(len(k.values) for _, k in hives.model(h, name).walk())
                            for h in hives.HIVES}}
