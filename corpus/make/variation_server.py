"""A server whose containers, registry and logs change as a story goes on.

Times handed to a method are true; what the server writes down is its own clock's.
"""
import struct
from collections import namedtuple

import capi
import certificates
import dpapi
import rsa_keys
import story
from filetime import SECOND
from logs import Row
from prng import Prng
from server_paths import KEPT_ASIDE, MACHINE_KEYS, SYSTEM_KEYS
from variation_pool import Keys, secrets

TICK = SECOND // 64
KINDS = ("signature", "exchange")
# Container -> bits of its keys; all others have 1024.
_BITS = {story.IIS: 512, story.IIS_DCOM: 512, story.LOCAL_SYSTEM: 512, "TSSecKeySet1": 512}

# One content of one container: keys is {kind: RsaKey}, damage what is wrong with it,
# masters {kind: label of the master key}.
Generation = namedtuple("Generation", "container number keys guid data masters damage")
# A container file; times are the clock's.
Held = namedtuple("Held", "gen modified created")
Certificate = namedtuple("Certificate", "gen kind made der")
# What stood on the disk at one moment.
State = namedtuple("State", "name true taken guid guid_set files metabase certificates boots "
                            "rows wanted live")


class Clock:
    """The server's clock: true but for the spans (begin, end, error)."""

    def __init__(self, spans=()):
        self.spans = spans

    def shows(self, time):
        error = sum(error for begin, end, error in self.spans if begin <= time < end)
        return (time + error) // TICK * TICK


class Server:
    """What stands on the server now, and lists of what it did: written holds when each
    generation was first written, wanted the generation of each container that counts."""

    def __init__(self, label, dice, clock):
        self.label, self.dice, self.clock = label, dice, clock
        self.keys, self.secrets = Keys(dice), secrets(dice)
        self.name = "%s%02d" % (dice.pick(("SMSSRV", "SITE", "HQSMS", "SRV-SMS", "MP")),
                                dice.between(1, 40))
        self.site = "%s%02d" % (dice.pick("ABHKNPQX"), dice.below(100))
        self.guid, self.guid_set = "", 0
        self.files, self.boots, self.metabase = {}, [], None
        self.certificates, self.all_certificates = [], []
        self.rows, self.events, self.generations = {"CcmExec": [], "hman": []}, [], []
        self.wanted, self.written, self.resets, self.second_master = {}, {}, [], None

    # --- registry ----------------------------------------------------------

    def set_guid(self, time, guid, by):
        """A new MachineGuid; BY says who wrote it."""
        shown = self.clock.shows(time)
        if self.guid:
            self.resets.append({"from": self.guid, "to": guid, "true": time, "time": shown,
                                "by": by})
            self.note(time, "MachineGuid set by " + by, None)
        self.guid, self.guid_set = guid, shown

    def boot(self, down, up):
        """A restart; before UP the clock may be another one."""
        self.boots.append((self.clock.shows(down), self.clock.shows(up)))
        self.log(down - 2 * SECOND, "CcmExec", "Stopping CCMEXEC service...", "ccmexec.cpp:412")
        for after, text, file in ((70, "Starting CCMEXEC service...", "ccmexec.cpp:388"),
                                  (375, "Entering Certificate Maintenance", "init.cpp:231"),
                                  (382, "Loading service settings.", "init.cpp:262")):
            self.log(up + after * SECOND, "CcmExec", text, file)

    # --- containers --------------------------------------------------------

    def make(self, container, kinds, time, wanted=True):
        """A container with new keys of KINDS under the current name."""
        bits = _BITS.get(container, 1024)
        keys = {kind: self.keys.next(bits) for kind in kinds}
        gen = self.generation(container, keys, time)
        self.put(gen, time)
        if wanted:
            self.wanted[container] = gen
        self.note(time, "keys made", gen)
        return gen

    def generation(self, container, keys, time, damage=None, hidden=None):
        """A content of a container.  HIDDEN, {kind: key}, are the private keys where
        they are not those of KEYS."""
        number = self._next(container)
        label = "%s/%s/%d" % (self.label, container, number)
        master = self.master(container, time)
        pairs = {kind: self._pair(key, master, "%s/%s" % (label, kind), container)
                 for kind, key in keys.items()}
        for kind, key in (hidden or {}).items():
            other = self._pair(key, master, "%s/%s/other" % (label, kind), container)
            pairs[kind] = pairs[kind]._replace(private=other.private)
        gen = Generation(container, number, keys, self.guid, capi.container(container, **pairs),
                         {kind: master for kind in keys}, damage)
        self.generations.append(gen)
        return gen

    def _next(self, container):
        return 1 + sum(g.container == container for g in self.generations)

    def _pair(self, key, master, label, container):
        flags = 0 if container == story.LOCAL_SYSTEM else dpapi.LOCAL_MACHINE
        return capi.pair(key, self.secrets.masters[master], Prng(label), flags=flags)

    def master(self, container, time):
        """Label of the master key that protects what is written at TIME."""
        if container == story.LOCAL_SYSTEM:
            return "user-1"
        return "machine-2" if self.second_master and time >= self.second_master else "machine-1"

    def path(self, container, guid=None):
        folder = SYSTEM_KEYS if container == story.LOCAL_SYSTEM else MACHINE_KEYS
        return folder + capi.file_name(container, guid or self.guid)

    def live(self, container):
        """The file CryptoAPI finds, or None."""
        return self.files.get(self.path(container))

    def put(self, gen, time, modified=None, aside=False):
        """GEN under the current name.  A copy keeps its modification time; ASIDE keeps
        what it replaces in another folder."""
        path, shown = self.path(gen.container), self.clock.shows(time)
        old = self.files.get(path)
        if aside and old:
            self.files[KEPT_ASIDE + path.rsplit("/", 1)[1]] = old
        created = old.created if old and not aside else shown
        modified = shown if modified is None else modified
        self.written.setdefault((gen.container, gen.number), modified)
        self.files[path] = Held(gen, modified, created)

    def delete(self, container, time):
        gone = self.files.pop(self.path(container))
        self.note(time, "file deleted", gone.gen)

    def damage(self, path, how, kind, time):
        """Spoil one pair of a container file in place."""
        held = self.files[path]
        old = held.gen
        if how == "other key":
            hidden = {kind: self.keys.next(old.keys[kind].bits)}
            gen = self.generation(old.container, old.keys, time, how, hidden)
        else:
            gen = _spoilt(old, how, kind, self.dice)._replace(number=self._next(old.container))
            self.generations.append(gen)
        gen = gen._replace(guid=old.guid)
        self.generations[-1] = gen
        # A disk that loses a bit writes no time.
        modified = held.modified if how == "flipped" else self.clock.shows(time)
        self.files[path] = Held(gen, modified, held.created)
        self.note(time, "%s: %s" % (kind, how), gen)
        return gen

    def lose_pair(self, container, kind, time):
        """The same container without one of its pairs."""
        old = self.live(container).gen
        keys = {k: v for k, v in old.keys.items() if k != kind}
        gen = self.generation(container, keys, time)
        self.put(gen, time)
        self.note(time, kind + " pair lost", gen)

    # --- what hangs on containers -------------------------------------------

    def certify(self, gen, kind, time):
        """A new certificate of the agent; it takes the place of the last of its kind."""
        use = certificates.SIGNING_USE if kind == "signature" else certificates.ENCRYPTION_USE
        made = self.clock.shows(time)
        der = certificates.self_signed(
            gen.keys[kind], [self.name, "SMS"], use, made, 100,
            Prng("%s/certificate/%d/%s" % (self.label, gen.number, kind)))
        self.certificates = [c for c in self.certificates if c.kind != kind]
        self.certificates.append(Certificate(gen, kind, made, der))
        self.all_certificates.append((time, self.certificates[-1]))
        name = {"signature": "Signing", "exchange": "Encryption"}[kind]
        self.log(time - 2 * SECOND, "CcmExec", "Creating %s Certificate..." % name,
                 "ccmgencert.cpp:96")
        self.log(time, "CcmExec", "Successfully created certifcate", "ccmgencert.cpp:158")

    def write_metabase(self, time):
        """IIS saves its metabase with the keys it has."""
        self.metabase = (self.live(story.IIS).gen, self.clock.shows(time))

    # --- records -----------------------------------------------------------

    def log(self, time, name, text, file="", severity=1):
        thread = 1200 + 4 * self.dice.below(900)
        component = {"hman": "SMS_HIERARCHY_MANAGER"}.get(name, name)
        shown = self.clock.shows(time) // 10_000 * 10_000
        self.rows[name].append((time, Row(shown, component, severity, thread, file, text)))

    def note(self, time, what, gen):
        self.events.append((time, what, gen))

    def state(self, name, time):
        """Everything as a backup at TIME finds it."""
        rows = {log: [row for at, row in sorted(held, key=lambda r: r[0]) if at < time]
                for log, held in self.rows.items()}
        live = {container: self.live(container) for container in self.wanted}
        return State(name, time, self.clock.shows(time), self.guid, self.guid_set,
                     dict(self.files), self.metabase, list(self.certificates),
                     list(self.boots), rows, dict(self.wanted), live)


# --- damage ------------------------------------------------------------------

def _spoilt(gen, how, kind, dice):
    if how == "flipped":
        return gen._replace(data=_flip(gen.data, kind, dice), damage=how)
    # What stands behind the cut is gone, the public key of the other pair too.
    left = {k: gen.keys[k] for k in KINDS[:KINDS.index(kind) + 1] if k in gen.keys}
    return gen._replace(data=_cut(gen.data, kind), damage=how, keys=left)


def _private_part(data, kind):
    """(offset, size) of a pair's private key in a container file."""
    name, sig, sig_private, xchg, xchg_private, seed, sig_flag = struct.unpack_from("<7I", data, 8)
    at = 40 + name + seed + sig
    if kind == "signature":
        return at, sig_private
    return at + sig_private + sig_flag + xchg, xchg_private


def _cut(data, kind):
    """The file ends inside that private key."""
    at, size = _private_part(data, kind)
    return data[:at + size // 2]


def _flip(data, kind, dice):
    """One bit of the cipher text is another one; all lengths stay right."""
    at, size = _private_part(data, kind)
    place = at + size - 24 - 8 - dice.below(size // 3)
    return data[:place] + bytes([data[place] ^ 1 << dice.below(8)]) + data[place + 1:]


def public_keys(gen):
    """{kind: fingerprint or None}."""
    return {kind: rsa_keys.fingerprint(gen.keys[kind]) if kind in gen.keys else None
            for kind in KINDS}
