"""What is slow to make and says nothing about a story: RSA keys, and the secrets of
a machine with its master-key files.  A variation draws from a few of each."""
from collections import namedtuple
from functools import lru_cache

import dpapi
import lsa
import story
from prng import Prng
from rsa_keys import make_rsa

_KEYS = {512: 24, 1024: 32}
_MACHINES = 12
# Master keys of a machine, and which half of DPAPI_SYSTEM opens each.
HALVES = {"machine-1": "machine", "machine-2": "machine", "user-1": "user"}

# masters is {label: MasterKey}, files {label: bytes of its file}.
Secrets = namedtuple("Secrets", "boot_key lsa_key machine user masters files")


class Dice(Prng):
    """A stream with the draws a story needs."""

    def chance(self, percent):
        return self.below(100) < percent

    def between(self, low, high):
        """A number from LOW to HIGH, both possible."""
        return low + self.below(high - low + 1)

    def shuffled(self, items):
        left, out = list(items), []
        while left:
            out.append(left.pop(self.below(len(left))))
        return out

    def some(self, items, least=0):
        """At least LEAST of ITEMS, in their order."""
        items = list(items)
        chosen = self.shuffled(range(len(items)))[:self.between(least, len(items))]
        return [items[i] for i in sorted(chosen)]

    def weighted(self, choices):
        """A key of {choice: weight}."""
        left = self.below(sum(choices.values()))
        for choice, weight in choices.items():
            left -= weight
            if left < 0:
                return choice
        raise AssertionError("weights do not add up")


class Keys:
    """RSA keys; none is given twice to one server."""

    def __init__(self, dice):
        self._left = {bits: dice.shuffled(range(count)) for bits, count in _KEYS.items()}

    def next(self, bits):
        return make_rsa("variations/%d" % self._left[bits].pop(), bits)


def secrets(dice):
    """The secrets of one machine."""
    return _machine(dice.below(_MACHINES))


@lru_cache(maxsize=None)
def _machine(number):
    label = "variations/machine/%d/" % number
    prng = Prng(label)
    halves = {"machine": prng.bytes(20), "user": prng.bytes(20)}
    masters = {name: dpapi.MasterKey(prng.guid(), prng.bytes(64)) for name in HALVES}
    files = {name: dpapi.master_key_file(master, dpapi.system_prekey(halves[HALVES[name]]),
                                         story.SYSTEM_SID, Prng(label + name))
             for name, master in masters.items()}
    return Secrets(prng.bytes(16), prng.bytes(16), halves["machine"], halves["user"],
                   masters, files)


def dpapi_system(held):
    return lsa.dpapi_system(held.machine, held.user)
