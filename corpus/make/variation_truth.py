"""What is true about a variation, and what its evidence cannot decide.

The truth comes from the story alone.  The doubt comes from what was handed over: it
says where an analyzer may say less than the truth, not what it should find.  All is
true as of the newest snapshot given; what happened later is left out.

truth.json:
  story, kind       one sentence; "healthy", "loss", "reset" or "two resets"
  sources           LABEL=PATH in the order of the command line
  loose             paths of the other evidence
  snapshots, newest labels in the order of true time, and the last of them
  given             {label: path, carrier, when it was taken, what was taken away}
  clock             spans of a wrong clock; skew: what befell the times of files later
  resets            changes of the MachineGuid: from, to, time (true), clock (as the
                    server wrote it), by, shown (both values stand in the evidence)
  guid_now          the MachineGuid of the newest snapshot
  containers        {name:
    live              fingerprints under the current name in the newest snapshot, as the
                      public keys say, or null where there is no such file
    live_intact       its private keys open and fit; live_damage says what is wrong
    generations       each content: keys, guid it was made under, intact, its files as
                      [snapshot, path] in the evidence
    wanted            the keys that others rely on: for IIS those of the metabase that is
                      in use, else the first ones; wanted_number is their generation
    wanted_present    an intact file with exactly these keys is in the evidence
    needs_restore     live is not wanted, or not intact
    openable          wanted_present, and the evidence opens its private keys
    seen              any file of the container is in the evidence
    doubt             which of live, live_intact, wanted, needs_restore, openable the
                      evidence cannot decide}
  clients_trust     each value a client holds: file, value, whose key it is, the files
                    that hold the key, and whether it is live
  messages          each message: recipient's key, serial number, the files that hold the
                    key, openable, and its text
  events            what happened, in order
  secrets           boot key, halves of DPAPI_SYSTEM, master keys
  doubt_allowed     every doubt of a container, and of the case: guid_now (no SOFTWARE in
                    the newest snapshot), resets (a value stands nowhere), times (clocks
                    or file times are wrong), order and newest (the snapshots' own times
                    do not stand in the true order)
"""
import filetime
import rsa_keys
import story
from filetime import SECOND
from server_paths import CONFIG, INETSRV, PROTECT
from variation_server import public_keys


def truth(told, given, trusted, messages):
    """Everything for truth.json; GIVEN is in the order of the command line."""
    return _Truth(told, given).all(trusted, messages)


class _Truth:
    def __init__(self, told, given):
        self.told, self.server = told, told.server
        self.given = sorted(given, key=lambda g: g.state.true)
        self.handed = given
        self.newest = self.given[-1]
        self.state = self.newest.state
        self.made = [gen for time, _, gen in self.server.events
                     if gen and time < self.state.true]
        self.case_doubt = self._case_doubt()

    def all(self, trusted, messages):
        containers = {name: self._container(name, trusted) for name in sorted(self.state.wanted)}
        doubt = set(self.case_doubt)
        for row in containers.values():
            doubt.update(row["doubt"])
        return {
            "story": self._story(), "kind": self._kind(),
            "server": self.server.name, "site": self.server.site,
            "clock": self._clock(),
            "sources": ["%s=%s" % (g.label, g.path) for g in self.handed],
            "snapshots": [g.label for g in self.given], "newest": self.newest.label,
            "given": {g.label: self._given(g) for g in self.given},
            "resets": self._resets(), "guid_now": self.state.guid,
            "containers": containers,
            "clients_trust": [self._trusted(value) for value in trusted],
            "messages": [self._message(message) for message in messages],
            "events": self._events(), "secrets": self._secrets(),
            "doubt_allowed": sorted(doubt),
        }

    # --- the case ----------------------------------------------------------

    def _story(self):
        said = [words for time, words in self.told.said if time < self.state.true]
        return "; ".join(said) or "nothing happened"

    def _kind(self):
        """What the newest snapshot can tell of."""
        resets = sum(r["by"] == "reset" for r in self._resets())
        if resets:
            return "reset" if resets == 1 else "two resets"
        harmless = ("keys made", "MachineGuid set by set-up", "old file put back")
        lost = any(what not in harmless and time < self.state.true
                   for time, what, _ in self.server.events)
        return "loss" if lost else "healthy"

    def _given(self, given):
        return {"path": given.path, "carrier": given.carrier, "moment": given.state.name,
                "taken": filetime.iso(given.state.true), "clock": filetime.iso(given.state.taken),
                "machine_guid": given.state.guid, "missing": list(given.missing)}

    def _clock(self):
        spans = [{"from": filetime.iso(b), "to": filetime.iso(e), "error_seconds": error // SECOND}
                 for b, e, error in self.told.clock.spans if b < self.state.true]
        return {"spans": spans, "skew": self.told.skew[0] if self.told.skew else None}

    def _resets(self):
        """Each change of the MachineGuid before the newest snapshot."""
        return [{"from": r["from"], "to": r["to"], "time": filetime.iso(r["true"]),
                 "clock": filetime.iso(r["time"]), "by": r["by"], "shown": self._shown(r)}
                for r in self.server.resets if r["true"] < self.state.true]

    def _shown(self, reset):
        """Both values stand in the evidence, as registry value or as suffix."""
        return all(any(self._names(g, reset[end]) for g in self.given) for end in ("from", "to"))

    @staticmethod
    def _names(given, guid):
        has_value = CONFIG + "SOFTWARE" in given.files and given.state.guid == guid
        return has_value or any(path.endswith("_" + guid) for path in given.files)

    def _events(self):
        return [{"time": filetime.iso(time), "what": what,
                 "container": gen.container if gen else None,
                 "number": gen.number if gen else None}
                for time, what, gen in sorted(self.server.events, key=lambda e: e[0])
                if time < self.state.true]

    def _secrets(self):
        held = self.server.secrets
        return {"boot_key": held.boot_key.hex(), "machine_half": held.machine.hex(),
                "user_half": held.user.hex(),
                "master_keys": {m.guid: m.key.hex() for m in held.masters.values()}}

    def _case_doubt(self):
        """Doubts about the case as a whole."""
        doubt = set()
        if CONFIG + "SOFTWARE" not in self.newest.files:
            doubt.add("guid_now")
        if any(not reset["shown"] for reset in self._resets()):
            doubt.add("resets")
        if any(b < self.state.true for b, _, _ in self.told.clock.spans) or self.told.skew:
            doubt.add("times")
        for seen in (self._latest, self._saved):
            moments = [seen(g) for g in self.given]
            if any(a >= b for a, b in zip(moments, moments[1:])):
                doubt.add("order")
            if any(moment >= moments[-1] for moment in moments[:-1]):
                doubt.add("newest")
        return doubt

    @staticmethod
    def _latest(given):
        """The newest time in a snapshot: what its age is known by."""
        if given.carrier == "bkf":
            return given.state.taken
        return max(entry.modified for entry in given.files.values())

    @classmethod
    def _saved(cls, given):
        """The newest time of a hive, or of anything where there is none."""
        return max((entry.modified for path, entry in given.files.items()
                    if path in (CONFIG + "SYSTEM", CONFIG + "SECURITY", CONFIG + "SOFTWARE")),
                   default=cls._latest(given))

    # --- containers --------------------------------------------------------

    def _container(self, name, trusted):
        held, wanted = self.state.live[name], self.state.wanted[name]
        live_keys = public_keys(held.gen) if held else None
        intact = bool(held) and held.gen.damage is None
        row = {
            "live": live_keys, "live_intact": intact,
            "live_damage": held.gen.damage if held else None,
            "live_file": self.server.path(name, self.state.guid) if held else None,
            "generations": self._generations(name),
            "wanted": public_keys(wanted), "wanted_number": wanted.number,
            "wanted_present": bool(self._whole(wanted)),
            "needs_restore": live_keys != public_keys(wanted) or not intact,
            "openable": self._openable(wanted),
            "seen": bool(self._files(lambda h: h.gen.container == name)),
        }
        row["doubt"] = sorted(self._doubt(name, row, trusted))
        return row

    def _generations(self, name):
        """Each content once, in the order of their making."""
        rows = []
        for gen in self.server.generations:
            if gen.container == name and gen in self.made:
                rows.append({**public_keys(gen), "number": gen.number, "guid": gen.guid,
                             "intact": gen.damage is None, "damage": gen.damage,
                             "master_keys": {k: self.server.secrets.masters[m].guid
                                             for k, m in gen.masters.items()},
                             "files": self._files(lambda h, g=gen: h.gen == g)})
        return rows

    def _files(self, test):
        """[snapshot, path] of each container file in the evidence that passes TEST."""
        return [[g.label, path] for g in self.given for path, held in sorted(g.state.files.items())
                if path in g.files and test(held)]

    def _openable(self, gen):
        """True when an intact file with these keys, the master keys it needs, and the
        hives that open those are all in the evidence."""
        return bool(self._whole(gen)) and self._has_secrets(gen)

    def _whole(self, gen):
        return self._files(lambda h: _same(h.gen, gen) and not h.gen.damage)

    def _has_secrets(self, gen):
        return self._has_hives() and all(self._has_master(label) for label in gen.masters.values())

    def _has_hives(self):
        return all(any(CONFIG + name in g.files for g in self.given)
                   for name in ("SYSTEM", "SECURITY"))

    def _has_master(self, label):
        guid = self.server.secrets.masters[label].guid
        return any(path.startswith(PROTECT) and path.endswith(guid)
                   for g in self.given for path in g.files)

    # --- doubt -------------------------------------------------------------

    def _doubt(self, name, row, trusted):
        doubt, wanted = set(), self.state.wanted[name]
        held = self.state.live[name]
        shown = any("/Crypto/RSA/" in path for path in self.newest.files)
        if not shown:
            doubt |= {"live", "live_intact", "wanted", "needs_restore"}
        if "guid_now" in self.case_doubt:
            doubt |= {"live", "live_intact", "needs_restore"}
        if "newest" in self.case_doubt and self._differs(name):
            doubt |= {"live", "live_intact", "wanted", "needs_restore"}
        if not self._wanted_shown(name, trusted):
            doubt |= {"wanted", "needs_restore"}
        if held and held.gen.damage in ("flipped", "other key") and \
                not self._has_secrets(held.gen):
            doubt |= {"live_intact", "needs_restore"}
        if row["openable"] and not any(
                all(CONFIG + hive in g.files for hive in ("SYSTEM", "SECURITY"))
                for g in self.given):
            doubt.add("openable")
        return doubt

    def _differs(self, name):
        """The snapshots given do not all show the same for this container."""
        views = {(g.state.guid, tuple(sorted(
            (path, h.gen.number) for path, h in g.state.files.items()
            if h.gen.container == name and path in g.files))) for g in self.given}
        return len(views) > 1

    def _wanted_shown(self, name, trusted):
        """The evidence tells which keys are wanted: the metabase for IIS; else clients
        who name these and no others, or age where it is known that old keys matter."""
        wanted = self.state.wanted[name]
        if name == story.IIS:
            if INETSRV + "MetaBase.bin" in self.newest.files:
                return bool(self._files(lambda h: _same(h.gen, wanted)))
        named = {value["gen"].number for value in trusted if value["gen"].container == name}
        if named:
            return named == {wanted.number} and \
                bool(self._files(lambda h: _same(h.gen, wanted)))
        seen = self._seen(name)
        if tuple(public_keys(wanted).values()) not in seen:
            return False
        if len(seen) == 1:
            return True
        old_matter = name in (story.SITE_SERVER, story.AGENT) or name.startswith("{")
        return old_matter and self._first_by_time(name, wanted, seen)

    def _seen(self, name):
        """{both fingerprints: oldest file time} of a container's files."""
        seen = {}
        for given in self.given:
            for path, held in given.state.files.items():
                if held.gen.container == name and path in given.files:
                    keys = tuple(public_keys(held.gen).values())
                    time = given.files[path].modified
                    seen[keys] = min(seen.get(keys, time), time)
        return seen

    def _first_by_time(self, name, wanted, seen):
        """One other content at most, and it is the younger one by its file or by the
        order of the snapshots."""
        if len(seen) > 2:
            return False
        mine = tuple(public_keys(wanted).values())
        others = [time for keys, time in seen.items() if keys != mine]
        if all(seen[mine] < time for time in others):
            return True
        first = self._first_with(name, mine)
        return "order" not in self.case_doubt and all(
            first < self._first_with(name, keys) for keys in seen if keys != mine)

    def _first_with(self, name, keys):
        return next(number for number, g in enumerate(self.given)
                    for path, h in g.state.files.items() if path in g.files
                    and h.gen.container == name and tuple(public_keys(h.gen).values()) == keys)

    # --- loose evidence ----------------------------------------------------

    def _trusted(self, value):
        gen, kind = value["gen"], value["key"]
        print_ = rsa_keys.fingerprint(gen.keys[kind])
        live = self.state.live.get(gen.container)
        return {"file": value["file"], "value": value["value"], "container": gen.container,
                "key": kind, "number": gen.number, "spki_sha256": print_,
                "files": self._files(lambda h: public_keys(h.gen)[kind] == print_),
                "live": bool(live) and public_keys(live.gen)[kind] == print_}

    def _message(self, message):
        gen = message["gen"]
        print_ = message["recipient"]
        holds = [] if gen is None else self._files(
            lambda h: public_keys(h.gen)["exchange"] == print_)
        whole = gen and self._files(lambda h: public_keys(h.gen)["exchange"] == print_
                                    and not h.gen.damage)
        return {"file": message["file"], "spki_sha256": print_, "serial": message["serial"],
                "container": gen.container if gen else None,
                "number": gen.number if gen else None, "files": holds,
                "openable": bool(whole) and self._has_secrets(gen),
                "content": message["content"]}


def _same(one, other):
    return public_keys(one) == public_keys(other)

