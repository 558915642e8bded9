#!/usr/bin/python3
"""The hive reader beside hivex, and beside digests that hivex and yarp agree on.

Every hive of the corpus and of the shared evidence, and damaged copies: what is the
same must be the same, and of what is damaged no less may be read.  Prints TAP.
"""
import glob
import hashlib
import importlib
import os
import random
import struct
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.environ.get("SMSC_CORPUS", os.path.join(HERE, os.pardir, os.pardir, "corpus"))
SHARED = os.path.join(os.environ.get("SMSC_SHARED", ""), "hives")
TOOL = os.environ["SMSC_HIVE_TOOL"]
MUTANTS = 400


def optional(name):
    """A module, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


hivex = optional("hivex")
needs_hivex = unittest.skipUnless(hivex, "python3-hivex is not installed")
needs_shared = unittest.skipUnless(os.path.isdir(SHARED), "the shared evidence is not there")


def hives():
    """Paths of all files that begin as a hive and are no log."""
    for folder in (CORPUS, SHARED):
        for path in sorted(glob.glob(os.path.join(folder, "**", "*"), recursive=True)):
            if os.path.isfile(path):
                with open(path, "rb") as held:
                    head = held.read(32)
                if head[:4] == b"regf" and head[28:32] in (b"\0\0\0\0", b"\2\0\0\0"):
                    yield path


def run(*arguments):
    """What the tool prints; it must end well and soon."""
    done = subprocess.run((TOOL,) + arguments, capture_output=True, check=True, timeout=120)
    return done.stdout.decode("utf-8")


def counts(paths):
    """(opened, keys, values, problems) of each file."""
    return [tuple(map(int, line.split("\t"))) for line in run("-c", *paths).splitlines()]


# --- hivex -------------------------------------------------------------------

def opened(path, **how):
    """A hivex handle, or None when it refuses the hive."""
    try:
        return hivex.Hivex(path, **how)
    except RuntimeError:
        return None


if hivex:
    # A handle that was never opened is "closed" when it goes, which prints a traceback.
    CLOSE = hivex.Hivex.__del__
    hivex.Hivex.__del__ = lambda self: CLOSE(self) if hasattr(self, "_o") else None


def asked(call, *arguments, otherwise=()):
    return call(*arguments)


def tried(call, *arguments, otherwise=()):
    """The answer, or something else where hivex cannot read on."""
    try:
        return call(*arguments)
    except RuntimeError:
        return otherwise


def walk(handle, ask):
    """Every (path, node) below and with the root, parents first, each node once."""
    seen, waiting = set(), [("", handle.root())]
    while waiting:
        path, node = waiting.pop()
        if node not in seen:
            seen.add(node)
            yield path, node
            waiting += [(path + "\\" + ask(handle.node_name, child, otherwise="?"), child)
                        for child in reversed(ask(handle.node_children, node))]


def dump(handle):
    """The lines that the tool prints."""
    for path, node in walk(handle, asked):
        yield "K\t%s\t%d" % (path, handle.node_timestamp(node))
        for value in handle.node_values(node):
            kind, data = handle.value_value(value)
            yield "V\t%s\t%s\t%d\t%d\t%s" % (path, handle.value_key(value), kind, len(data),
                                             hashlib.sha256(data).hexdigest())


def readable(path, **how):
    """(keys, values) that hivex reads of a damaged hive."""
    handle = opened(path, **how)
    if not handle:
        return 0, 0
    nodes = [node for _, node in walk(handle, tried)]
    values = [value for node in nodes for value in tried(handle.node_values, node)
              if tried(handle.value_value, value, otherwise=None) is not None]
    return len(nodes), len(values)


class Same(unittest.TestCase):
    @needs_hivex
    def test_hivex(self):
        compared = 0
        for path in hives():
            handle = opened(path)
            try:
                theirs = list(dump(handle)) if handle else None
            except RuntimeError:
                theirs = None
            if theirs is None:      # damaged beyond what hivex reads
                continue
            ours = run(path).split("\n")[:-1]
            self.assertEqual(len(ours), len(theirs), path)
            for mine, other in zip(ours, theirs):
                # hivex ends a name at its first NUL.
                if "\\x00" not in mine:
                    self.assertEqual(mine, other, path)
            compared += 1
        print("# %d hives equal to what hivex reads" % compared)
        self.assertGreaterEqual(compared, 20)

    @needs_shared
    def test_digests(self):
        with open(os.path.join(SHARED, "DIGESTS.tsv"), encoding="utf-8") as rows:
            listed = [row.rstrip("\n").split("\t") for row in rows]
        for name, keys, values, _, _, digest, *_ in listed:
            text = run(os.path.join(SHARED, name)).replace("\\x00", "\0")
            lines = sorted(text.split("\n")[:-1])
            self.assertEqual("keys %d" % sum(line[0] == "K" for line in lines), keys, name)
            self.assertEqual("values %d" % sum(line[0] == "V" for line in lines), values, name)
            found = hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()
            self.assertEqual("digest " + found, digest, name)
        print("# %d digests equal" % len(listed))

    @needs_shared
    def test_no_false_alarm(self):
        """A sound hive has no problem to tell."""
        with open(os.path.join(SHARED, "DIGESTS.tsv"), encoding="utf-8") as rows:
            names = [row.split("\t")[0] for row in rows]
        for name, (_, _, _, problems) in zip(names, counts([os.path.join(SHARED, n) for n in names])):
            self.assertEqual(problems, int(name.endswith("OldDirtyHive/OldDirtyHive")), name)

    @needs_hivex
    def test_no_less_of_what_is_damaged(self):
        for path in hives():
            if "bad-" in os.path.basename(path) or "malformed" in path:
                (_, keys, _, _), = counts([path])
                self.assertGreaterEqual(keys, readable(path)[0], path)


# --- damage ------------------------------------------------------------------

ODD = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def cells(data):
    """(place, size) of every cell in use."""
    at, end = 4096, 4096 + struct.unpack_from("<I", data, 40)[0]
    while at < end:
        size, cell = struct.unpack_from("<I", data, at + 8)[0], at + 32
        while cell < at + size:
            length = struct.unpack_from("<i", data, cell)[0]
            if length < 0:
                yield cell, -length
            cell += abs(length)
        at += size


def mutant(data, places, numbers):
    """1 to 16 fields of cells bent: a bit, any number, or one that breaks arithmetic."""
    bent = bytearray(data)
    for _ in range(numbers.randint(1, 16)):
        place, size = numbers.choice(places)
        width = numbers.choice((1, 2, 4))
        at, how = place + numbers.randrange(0, min(size, 84), width), numbers.randrange(3)
        if how == 0:
            bent[at] ^= 1 << numbers.randrange(8)
        else:
            value = numbers.getrandbits(32) if how == 1 else numbers.choice(ODD)
            bent[at:at + width] = value.to_bytes(4, "little")[:width]
    return bytes(bent)


@needs_hivex
class Damaged(unittest.TestCase):
    """How much of a damaged hive SECURITY is still read."""

    def setUp(self):
        path = os.path.join(SHARED, "xp-x86-hackfortress", "SECURITY")
        if not os.path.exists(path):
            path = os.path.join(CORPUS, "incident-2005/2005-01-07/C/WINNT/system32/config/SECURITY")
        with open(path, "rb") as held:
            self.data = held.read()
        (_, self.keys, self.values, _), = counts([path])

    def mutants(self, folder):
        places, numbers = list(cells(self.data)), random.Random(20050107)
        for i in range(MUTANTS):
            path = os.path.join(folder, str(i))
            with open(path, "wb") as out:
                out.write(mutant(self.data, places, numbers))
            yield path

    def share(self, name, read):
        keys = 100 * sum(min(k, self.keys) for k, _ in read) / self.keys / len(read)
        values = 100 * sum(min(v, self.values) for _, v in read) / self.values / len(read)
        print("# %-12s %d of %d mutants opened, %.1f %% of the keys, %.1f %% of the values" % (
            name, sum(k > 0 for k, _ in read), len(read), keys, values))
        return keys

    def test_mutants(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = list(self.mutants(folder))
            ours = self.share("libsmscrypto", [(k, v) for _, k, v, _ in counts(paths)])
            theirs = self.share("hivex", [readable(path) for path in paths])
            loose = self.share("hivex UNSAFE", [readable(path, unsafe=True) for path in paths])
        self.assertGreater(ours, 85)
        self.assertGreater(ours, max(theirs, loose))


if __name__ == "__main__":
    unittest.main()
