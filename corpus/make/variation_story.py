"""What happens to a server in one variation: drawn, told step by step, and seen by
backups on the way."""
from collections import namedtuple

import story
from filetime import DAY, SECOND, utc
from variation_pool import Dice
from variation_server import Clock, Server

HOUR = 3600 * SECOND
BOTH, SIGNATURE, EXCHANGE = ("signature", "exchange"), ("signature",), ("exchange",)
_NETMON, _TERMINAL = "NetMon", "TSSecKeySet1"
_SITE_FIRST = (story.SITE_SERVER, story.AGENT)

# Moments of a story, all true times.
Times = namedtuple("Times", "installed sms upgraded before loss between second after back now")
# said is [(time, words)]; skew what befell the times of files later, or None.
Told = namedtuple("Told", "server clock times states said skew")


def tell(label):
    """The story of LABEL."""
    dice = Dice(label + "/story")
    times = _times(dice)
    kind = dice.weighted({"reset": 44, "two resets": 20, "loss": 26, "healthy": 10})
    clock, skew, odd = _clock(Dice(label + "/clock"), times)
    teller = _Teller(Server(label, Dice(label + "/server"), clock), dice, times)
    teller.healthy()
    {"reset": teller.reset, "two resets": teller.resets, "loss": teller.loss,
     "healthy": teller.quiet}[kind]()
    if kind != "healthy" and dice.chance(30):
        teller.recover()
    states = teller.run()
    return Told(teller.server, clock, times, states, sorted(teller.said) + odd, skew)


def _times(dice):
    loss = utc("2003-09-01 00:00:00") + dice.below(int(2.5 * 365 * 86400)) * SECOND
    installed = loss - dice.between(100, 400) * DAY - dice.below(86400) * SECOND
    sms = installed + dice.between(3, 20) * DAY + dice.below(30000) * SECOND
    upgraded = loss - dice.between(15, 60) * DAY
    second = loss + 3 * DAY + dice.below(86400) * SECOND
    after = loss + dice.between(6, 8) * DAY + dice.below(36000) * SECOND
    back = loss + dice.between(10, 12) * DAY
    return Times(installed, sms, upgraded, loss - dice.between(1, 10) * DAY - 7 * HOUR, loss,
                 loss + dice.between(3 * 60, 20 * 60) * 60 * SECOND, second, after, back,
                 back + DAY + dice.below(80000) * SECOND)


def _clock(dice, times):
    """(clock, what happens to a file's times later or None, words): most are right."""
    kind = dice.weighted({None: 75, "battery": 7, "wrong": 7, "future file": 4, "shifted": 4,
                          "copied": 3})
    hours = dice.pick((1, -1, 3, -5, 8, 12, -24 * 30, 24 * 365, -24 * 365 * 2, 24 * 365 * 3))
    if kind == "battery":
        begin = times.loss + 60 * SECOND        # while the machine is off
        span = begin, begin + dice.between(1, 300) * HOUR, utc("2000-01-01 00:00:00") - begin
        return Clock([span]), None, [(begin, "the clock fell back to 2000")]
    if kind == "wrong":
        begin = times.loss + dice.between(-290, 120) * HOUR
        end = begin + dice.between(12, 150) * HOUR
        words = "the clock was %d hours off" % hours
        return Clock([(begin, end, hours * HOUR)]), None, [(begin, words)]
    words = {"future file": "one container file is dated in the future",
             "shifted": "the files of one snapshot are dated %d hours off" % hours,
             "copied": "the files of one snapshot lost their times when they were copied"}
    return (Clock(), (kind, hours * HOUR), [(0, words[kind])]) if kind else (Clock(), None, [])


class _Teller:
    """Steps in the order they are thought of; run() does them in the order of time."""

    def __init__(self, server, dice, times):
        self.server, self.dice, self.times = server, dice, times
        self.steps, self.said, self.first_guid = [], [], dice.guid()
        self.containers = self._choose()
        self.backups = {"before": times.before, "between": times.between, "after": times.after}

    def at(self, time, do, *arguments):
        self.steps.append((time, len(self.steps), do, arguments))

    def say(self, time, words):
        self.said.append((time, words))

    def run(self):
        """The states that the backups saw, in order."""
        states = []
        for name, time in self.backups.items():
            self.at(time, lambda n=name, t=time: states.append(self.server.state(n, t)))
        for _, _, do, arguments in sorted(self.steps, key=lambda step: step[:2]):
            do(*arguments)
        return states

    # --- before ------------------------------------------------------------

    def _choose(self):
        """The containers of this server."""
        dice = self.dice
        chosen = [c for c, percent in ((story.SITE_SERVER, 93), (story.AGENT, 93),
                                       (story.IIS, 85), (story.LOCAL_SYSTEM, 50), (_NETMON, 20),
                                       (_TERMINAL, 25)) if dice.chance(percent)]
        if story.IIS in chosen and dice.chance(75):
            chosen.append(story.IIS_DCOM)
        if not set(chosen) & set(_SITE_FIRST):
            chosen.append(story.AGENT)
        if dice.chance(35):
            chosen.append("{%s}" % dice.guid().upper())
        return chosen

    def healthy(self):
        """Set-up, and an upgrade that writes the agent's container again."""
        server, times = self.server, self.times
        server.second_master = times.upgraded - SECOND
        self.at(times.installed + 844 * SECOND, server.set_guid, times.installed + 844 * SECOND,
                self.first_guid, "set-up")
        for number, container in enumerate(self.containers):
            time = times.installed + (1990 + 7 * number) * SECOND
            if container in _SITE_FIRST:
                time = times.sms + (0 if container == story.SITE_SERVER else 504 * SECOND)
            elif container.startswith("{"):
                time = times.sms + 2 * DAY
            kinds = BOTH if container in _SITE_FIRST + (story.IIS,) else EXCHANGE
            self.at(time, self._first, container, kinds, time)
        self.at(times.before - DAY, server.boot, times.before - DAY,
                times.before - DAY + 240 * SECOND)

    def _first(self, container, kinds, time):
        server = self.server
        gen = server.make(container, kinds, time)
        if container == story.IIS:
            server.write_metabase(time + self.dice.between(1, 60) * DAY)
        if container == story.AGENT:
            for kind in kinds:
                server.certify(gen, kind, time + 3 * SECOND)
            if self.dice.chance(50):
                server.written.pop((container, gen.number))
                server.put(gen, self.times.upgraded)

    def quiet(self):
        """A server without trouble; it may be restarted, and get a new container."""
        loss, server = self.times.loss, self.server
        self.at(loss, server.boot, loss, loss + 200 * SECOND)
        if self.dice.chance(40):
            name = "{%s}" % self.dice.guid().upper()
            self.at(loss + HOUR, server.make, name, EXCHANGE, loss + HOUR)
            self.say(loss + HOUR, "a new container was made")

    # --- the loss of the MachineGuid ----------------------------------------

    def reset(self):
        self._reset(self.times.loss, self.dice.guid())
        if self.dice.chance(20):
            self.say(self.times.second, "a container file was damaged too")
            self.at(self.times.second, self._damage_any)

    def resets(self):
        self._reset(self.times.loss, self.dice.guid(), first_of_two=True)
        if self.dice.chance(35):
            self._reset(self.times.second, self.first_guid, words="set back to the first at a "
                        "second restart")
        else:
            self._reset(self.times.second, self.dice.guid(), words="made anew a second time")

    def _reset(self, time, guid, words="made anew at a restart", first_of_two=False):
        server, dice = self.server, self.dice
        up = time + dice.between(120, 300) * SECOND
        reset = up + dice.between(30, 68) * SECOND
        self.say(reset, "the MachineGuid was " + words)
        self.at(time, server.boot, time, up)
        self.at(reset, server.set_guid, reset, guid, "reset")
        for container in self.containers:
            mode = self._mode(container)
            later = reset + dice.between(40, 100) * SECOND
            if container == story.IIS and mode:
                later = time + dice.between(5, 30 if first_of_two else 60) * HOUR
            self.at(later, self._remade, container, mode, later)

    def _mode(self, container):
        """Which keys a program makes when it does not find its container."""
        if container in _SITE_FIRST:
            return self.dice.weighted({BOTH: 40, SIGNATURE: 25, EXCHANGE: 12, (): 23})
        if container == story.IIS:
            return self.dice.weighted({"rebuilt": 45, "remade": 20, "": 35})
        return ()

    def _remade(self, container, mode, time):
        """A program starts and does not find its container under the current name."""
        server = self.server
        if server.live(container):
            return
        if container == story.IIS:
            if mode:
                self._remade_iis(mode == "rebuilt", time)
            return
        if container == story.AGENT:
            server.log(time - 4 * SECOND, "CcmExec", "CCMSignData failed (0x8009200b).",
                       "ccmcert.cpp:1207", 3)
        if not mode:
            return
        gen = server.make(container, mode, time, wanted=False)
        self.say(time, "%s was made anew with %s" % (container, _words(mode)))
        if container == story.AGENT:
            for kind in mode:
                server.certify(gen, kind, time + 3 * SECOND)
            if "exchange" not in mode:
                self._discarded(time)
        if container == story.SITE_SERVER:
            server.log(time + 2 * SECOND, "hman",
                       "The key pair of this site server was not found; a new pair was made.~")

    def _remade_iis(self, with_metabase, time):
        server = self.server
        server.make(story.IIS, BOTH, time, wanted=with_metabase)
        self.say(time, "IIS was given new keys and " + (
            "a new metabase" if with_metabase else "kept its old metabase"))
        if with_metabase:
            server.write_metabase(time + 312 * SECOND)
        if story.IIS_DCOM in self.containers and not server.live(story.IIS_DCOM):
            server.make(story.IIS_DCOM, EXCHANGE, time + SECOND)

    def _discarded(self, begin):
        for number in range(self.dice.between(1, 6)):
            text = "EndpointMessage(Queue='MP_HinvEndpoint', ID={%s}): Will be discarded " \
                   "(0x8009000d)." % self.dice.guid().upper()
            self.server.log(begin + (97 + 331 * number) * 60 * SECOND, "CcmExec", text,
                            "messagequeueproc.cpp:614", 3)

    # --- losses under one MachineGuid ---------------------------------------

    def loss(self):
        """One or two containers lose keys while the MachineGuid stays."""
        server, dice = self.server, self.dice
        time = dice.pick((self.times.loss, self.times.second))
        self.at(time, server.boot, time, time + 200 * SECOND)
        victims = dice.shuffled(c for c in self.containers if not c.startswith("{"))
        for container in victims[:dice.between(1, 2)]:
            time += dice.between(230, 900) * SECOND
            self.at(time, self._lose, container, time)

    def _lose(self, container, time):
        server, dice = self.server, self.dice
        kinds = [k for k in BOTH if k in server.live(container).gen.keys]
        how = dice.weighted({"deleted": 10, "remade": 18, "truncated": 22, "flipped": 22,
                             "other key": 22, "pair lost": 22 if len(kinds) == 2 else 0})
        self.say(time, "%s: %s" % (container, how))
        if how == "deleted":
            server.delete(container, time)
        elif how == "remade":
            server.delete(container, time)
            if container == story.IIS:
                self._remade_iis(dice.chance(50), time + 60 * SECOND)
            elif container in _SITE_FIRST:
                mode = dice.weighted({BOTH: 40, SIGNATURE: 35, EXCHANGE: 25})
                self._remade(container, mode, time + 60 * SECOND)
            else:
                server.make(container, kinds, time + 60 * SECOND, wanted=False)
        elif how == "pair lost":
            server.lose_pair(container, dice.pick(kinds), time)
        else:
            server.damage(server.path(container), how, dice.pick(kinds), time)

    def _damage_any(self):
        """Damage in one file, whichever MachineGuid it is named after."""
        server, dice = self.server, self.dice
        path = dice.pick(sorted(server.files))
        how = dice.pick(("truncated", "flipped", "other key"))
        kind = dice.pick([k for k in BOTH if k in server.files[path].gen.keys])
        server.damage(path, how, kind, self.times.second)

    # --- what an administrator does -----------------------------------------

    def recover(self):
        self.backups["now"] = self.times.now
        self.at(self.times.back, self._recover)

    def _recover(self):
        server, dice, time = self.server, self.dice, self.times.back
        if server.guid != self.first_guid and dice.chance(30):
            server.set_guid(time, self.first_guid, "administrator")
            self.say(time, "an administrator set the first MachineGuid back")
            return
        lost = [c for c, gen in server.wanted.items()
                if not server.live(c) or server.live(c).gen.data != gen.data]
        if not lost:
            return
        chosen = lost if dice.chance(60) else [dice.pick(lost)]
        self.say(time, "an administrator put back " + (
            "all old files" if chosen == lost else "the old file of " + chosen[0]))
        moves, aside = dice.chance(25), dice.chance(60)
        if server.wanted.get(story.IIS) and server.wanted[story.IIS].number > 1 and \
                story.IIS not in lost and dice.chance(25):
            self.say(time, "and the first IIS file by mistake")
            first = next(g for g in server.generations if g.container == story.IIS)
            self._copy_back(first, time - SECOND, moves, aside)
        for number, container in enumerate(chosen):
            self._copy_back(server.wanted[container], time + number * SECOND, moves, aside)

    def _copy_back(self, gen, time, moves, aside):
        server, container = self.server, gen.container
        old_path = server.path(container, gen.guid)
        modified = server.written[container, gen.number]
        server.put(gen, time, modified, aside)
        if moves and old_path != server.path(container):
            server.files.pop(old_path, None)
        server.note(time, "old file put back", gen)
        if container == story.AGENT:
            server.certify(gen, "signature", time + 900 * SECOND)


def _words(kinds):
    return "both pairs" if len(kinds) == 2 else "the %s pair only" % kinds[0]

