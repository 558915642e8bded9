"""Keys of the incident: master keys, and every generation of every container."""
from collections import namedtuple

import capi
import dpapi
import lsa
import story
from prng import Prng
from rsa_keys import make_rsa
from server_paths import KEPT_ASIDE, MACHINE_KEYS, PROTECT, SYSTEM_KEYS
from tree import File

# --- LSA and DPAPI secrets ---------------------------------------------------
BOOT_KEY = Prng("incident/boot-key").bytes(16)
LSA_KEY = Prng("incident/lsa-key").bytes(16)
MACHINE_HALF = Prng("incident/dpapi-system/machine").bytes(20)
USER_HALF = Prng("incident/dpapi-system/user").bytes(20)
DPAPI_SYSTEM = lsa.dpapi_system(MACHINE_HALF, USER_HALF)
# Set-up draws a first secret and replaces it before any master key exists.
OLD_DPAPI_SYSTEM = lsa.dpapi_system(Prng("incident/dpapi-system/old-machine").bytes(20),
                                    Prng("incident/dpapi-system/old-user").bytes(20))

HeldKey = namedtuple("HeldKey", "master made half folder")


def _master(label, made, half, folder):
    prng = Prng("incident/master-key/" + label)
    return HeldKey(dpapi.MasterKey(prng.guid(), prng.bytes(64)), made, half, folder)


# A master key serves for 90 days; the next protection after that makes a new one.
MASTER_KEYS = {
    "machine-1": _master("machine-1", story.eastern("2004-03-02 10:14:32.9531250"), "machine", ""),
    "machine-2": _master("machine-2", story.eastern("2004-06-22 11:05:18.8125000"), "machine", ""),
    "machine-3": _master("machine-3", story.eastern("2004-11-09 10:03:26.9218750"), "machine", ""),
    "user-1": _master("user-1", story.eastern("2004-03-02 10:31:11.7500000"), "user", "User/"),
}


def master_key_files():
    """Everything below Protect\\S-1-5-18; the same in all four snapshots."""
    files = {}
    for label, held in MASTER_KEYS.items():
        half = MACHINE_HALF if held.half == "machine" else USER_HALF
        data = dpapi.master_key_file(held.master, dpapi.system_prekey(half), story.SYSTEM_SID,
                                     Prng("incident/master-key-file/" + label))
        files[PROTECT + held.folder + held.master.guid] = File(data, held.made, held.made)
    for label, first in (("machine-3", "machine-1"), ("user-1", "user-1")):
        held = MASTER_KEYS[label]
        data = dpapi.preferred(held.master, held.made)
        files[PROTECT + held.folder + "Preferred"] = File(data, held.made, MASTER_KEYS[first].made)
    return files


# --- containers --------------------------------------------------------------
# number counts the generations of one container; signature and exchange are RSA
# keys or None; text names the file name's GUID.
Generation = namedtuple("Generation", "container number machine_guid signature exchange "
                                      "master folder created modified data")


def _generation(container, number, bits, kinds, master, created, modified,
                folder=MACHINE_KEYS, exportable=False):
    label = "incident/%s/%d" % (container, number)
    keys = {kind: make_rsa("%s/%s" % (label, kind), bits) for kind in kinds}
    # LocalSystem's own containers are protected for a user, not for the machine.
    flags = 0 if folder == SYSTEM_KEYS else dpapi.LOCAL_MACHINE
    pairs = {kind: capi.pair(key, MASTER_KEYS[master].master, Prng("%s/%s/pair" % (label, kind)),
                             exportable=exportable, flags=flags) for kind, key in keys.items()}
    guid = story.OLD_GUID if number == 1 else story.NEW_GUID
    return Generation(container, number, guid, keys.get("signature"), keys.get("exchange"),
                      master, folder, created, modified, capi.container(container, **pairs))


_BOTH, _SIGNATURE, _EXCHANGE = ("signature", "exchange"), ("signature",), ("exchange",)

GENERATIONS = [
    _generation(story.IIS, 1, 512, _BOTH, "machine-1", story.IIS_MADE, story.IIS_MADE),
    _generation(story.IIS_DCOM, 1, 512, _EXCHANGE, "machine-1",
                story.IIS_DCOM_MADE, story.IIS_DCOM_MADE),
    _generation(story.LOCAL_SYSTEM, 1, 512, _EXCHANGE, "user-1",
                story.LOCAL_SYSTEM_MADE, story.LOCAL_SYSTEM_MADE, SYSTEM_KEYS),
    _generation(story.SITE_SERVER, 1, 1024, _BOTH, "machine-1",
                story.SMS_INSTALLED, story.SMS_INSTALLED),
    _generation(story.WEB_CERTIFICATE, 1, 1024, _EXCHANGE, "machine-2",
                story.WEB_CERTIFICATE_MADE, story.WEB_CERTIFICATE_MADE, exportable=True),
    _generation(story.AGENT, 1, 1024, _BOTH, "machine-3", story.AGENT_MADE, story.SP1_UPGRADE),
    _generation(story.SITE_SERVER, 2, 1024, _BOTH, "machine-3",
                story.NEW_SITE_KEY, story.NEW_SITE_KEY),
    _generation(story.AGENT, 2, 1024, _SIGNATURE, "machine-3",
                story.NEW_AGENT_KEY, story.NEW_AGENT_KEY_DONE),
    _generation(story.IIS, 2, 512, _BOTH, "machine-3", story.IIS_REBUILT, story.IIS_REBUILT),
    _generation(story.IIS_DCOM, 2, 512, _EXCHANGE, "machine-3",
                story.IIS_DCOM_REBUILT, story.IIS_DCOM_REBUILT),
]


def generation(container, number):
    """One generation by its container's name and its number."""
    return next(g for g in GENERATIONS if (g.container, g.number) == (container, number))


def container_files(snapshot):
    """Every container file as it lay on the disk when SNAPSHOT was taken."""
    recovered = story.since(story.OLD_KEYS_BACK, snapshot)
    files = {}
    for gen in GENERATIONS:
        if not story.since(gen.created, snapshot):
            continue
        swapped = recovered and gen.container in (story.SITE_SERVER, story.AGENT)
        name = capi.file_name(gen.container, gen.machine_guid)
        folder = KEPT_ASIDE if swapped and gen.number == 2 else gen.folder
        files[folder + name] = File(gen.data, gen.modified, gen.created)
        if swapped and gen.number == 1:
            # A copy keeps its modification time and gets a new creation time.
            current = capi.file_name(gen.container, story.NEW_GUID)
            files[gen.folder + current] = File(gen.data, gen.modified, story.OLD_KEYS_BACK)
    return files


def places(gen):
    """{snapshot: [paths]} of the files that hold this generation's bytes."""
    found = {}
    for snapshot in story.SNAPSHOTS:
        paths = [p for p, f in container_files(snapshot).items() if f.data == gen.data]
        if paths:
            found[snapshot] = sorted(paths)
    return found
