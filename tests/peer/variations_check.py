#!/usr/bin/python3
"""Random variations of the incident before independent programs.

Each truth.json is a claim of the maker.  Here impacket opens the private keys,
hivex the hives and openssl the messages, and all must say what the truth says.
Prints TAP; what is not installed is skipped.
"""
import filecmp
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import corpus_peers as peers

MAKER = os.path.join(peers.CORPUS, "make", "variations.py")
COUNT = int(os.environ.get("SMSC_VARIATIONS", "12"))
KINDS = ("signature", "exchange")
CONFIG = peers.CONFIG + "/"


def make(folder, count, first=1):
    subprocess.run([sys.executable, MAKER, "--seed", "7", "--count", str(count), "--first",
                    str(first), "--out", folder], check=True)


class Variation:
    """One variation as a stranger finds it on the disk."""

    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "truth.json"), encoding="ascii") as held:
            self.truth = json.load(held)
        self.files = {}
        for source in self.truth["sources"]:
            label, path = source.split("=")
            if not path.endswith(".bkf"):       # no peer reads those
                self.files[label] = dict(self.entries(os.path.join(folder, path)))

    @staticmethod
    def entries(path):
        """(name, bytes) of each file of a snapshot."""
        if path.endswith(".zip"):
            with zipfile.ZipFile(path) as held:
                for name in held.namelist():
                    yield name, held.read(name)
            return
        for place, _, names in os.walk(path):
            for name in names:
                full = os.path.join(place, name)
                yield os.path.relpath(full, path), peers.read(full)

    def masters(self):
        return {guid: bytes.fromhex(key)
                for guid, key in self.truth["secrets"]["master_keys"].items()}


def public(parts, kind):
    return peers.spki_sha256(peers.numbers(parts[kind])) if parts[kind] else None


def private(parts, kind, masters):
    """The numbers of a private key; None when its MAC is wrong."""
    blob = peers.dpapi.DPAPI_BLOB(parts[kind + "_private"])
    try:
        plain = blob.decrypt(masters[peers.dpapi.bin_to_string(blob["GuidMasterKey"]).lower()])
    except ValueError:                  # it looks at the padding before the MAC
        return None
    return peers.numbers(plain) if plain else None


def whole(data):
    """True when the ten numbers of a container's head add up."""
    return 40 + sum(struct.unpack_from("<10I", data)[2:]) == len(data)


@peers.needs_impacket
class Variations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.held = tempfile.TemporaryDirectory()
        make(os.path.join(cls.held.name, "all"), COUNT)
        cls.cases = [Variation(os.path.join(cls.held.name, "all", "%04d" % (i + 1)))
                     for i in range(COUNT)]

    @classmethod
    def tearDownClass(cls):
        cls.held.cleanup()

    def container_files(self):
        """(case, generation, bytes) of every container file the truth names."""
        for case in self.cases:
            for row in case.truth["containers"].values():
                for gen in row["generations"]:
                    for label, path in gen["files"]:
                        if label in case.files:
                            yield case, gen, case.files[label][path]

    def test_every_file_is_named(self):
        """No container file is left out of the truth."""
        for case in self.cases:
            told = {(label, path) for row in case.truth["containers"].values()
                    for gen in row["generations"] for label, path in gen["files"]}
            found = {(label, path) for label, files in case.files.items() for path in files
                     if "/Crypto/RSA/" in path or "/KeyBackup/" in path}
            self.assertEqual({t for t in told if t[0] in case.files}, found, case.folder)

    def test_keys(self):
        """Each private key opens and fits, unless the truth says what is wrong with it."""
        seen = 0
        for case, gen, data in self.container_files():
            self.assertEqual(whole(data), gen["damage"] != "truncated")
            if not whole(data):
                continue
            parts, bad = peers.split(data), set()
            for kind in KINDS:
                self.assertEqual(public(parts, kind), gen[kind])
                if gen[kind]:
                    key = private(parts, kind, case.masters())
                    seen += 1
                    if key is None:
                        bad.add("flipped")
                    elif key["n"] != peers.numbers(parts[kind])["n"]:
                        bad.add("other key")
                    else:
                        self.assertEqual(key["p"] * key["q"], key["n"])
            self.assertEqual(bad, {gen["damage"]} - {None})
        self.assertGreater(seen, 10 * COUNT)

    def test_live(self):
        """What lies under the newest MachineGuid's name."""
        for case in self.cases:
            truth = case.truth
            files = case.files.get(truth["newest"])
            if files is None or not any("/Crypto/RSA/" in path for path in files):
                continue
            for name, row in truth["containers"].items():
                path = [p for p in files if "/Crypto/RSA/" in p and
                        p.endswith("_" + truth["guid_now"]) and files[p][40:].startswith(
                            name.encode("cp1252") + b"\0")]
                self.assertEqual(path, [row["live_file"]] if row["live"] else [])
                if path and whole(files[path[0]]):
                    parts = peers.split(files[path[0]])
                    self.assertEqual({k: public(parts, k) for k in KINDS}, row["live"])

    def test_master_keys(self):
        for case in self.cases:
            halves = [bytes.fromhex(case.truth["secrets"][h + "_half"])
                      for h in ("machine", "user")]
            for files in case.files.values():
                for path, data in files.items():
                    guid = os.path.basename(path)
                    if "/Protect/" in path and guid != "Preferred":
                        half = halves["/User/" in path]
                        self.assertEqual(peers.open_master_key(data, half),
                                         case.masters()[guid])

    def test_secrets(self):
        """secretsdump finds the halves of DPAPI_SYSTEM in the hives."""
        for case in self.cases:
            for files in case.files.values():
                if CONFIG + "SYSTEM" in files and CONFIG + "SECURITY" in files:
                    self.assertIn("dpapi_machinekey:0x%s\ndpapi_userkey:0x%s" % (
                        case.truth["secrets"]["machine_half"],
                        case.truth["secrets"]["user_half"]), self.dump(files))

    def dump(self, files):
        said = []
        with tempfile.TemporaryDirectory() as folder:
            for name in ("SYSTEM", "SECURITY"):
                with open(os.path.join(folder, name), "wb") as out:
                    out.write(files[CONFIG + name])
            boot = peers.secretsdump.LocalOperations(os.path.join(folder, "SYSTEM")).getBootKey()
            secrets = peers.secretsdump.LSASecrets(
                os.path.join(folder, "SECURITY"), boot, None, isRemote=False, history=False,
                perSecretCallback=lambda kind, text: said.append(text))
            secrets.dumpSecrets()
            secrets.finish()
        return said

    @peers.needs_hivex
    def test_machine_guid(self):
        """The value, and when its key was written: at the last change before the backup."""
        for case in self.cases:
            for label, files in case.files.items():
                if CONFIG + "SOFTWARE" not in files:
                    continue
                with tempfile.NamedTemporaryFile() as held:
                    held.write(files[CONFIG + "SOFTWARE"])
                    held.flush()
                    guid, time = self.guid_of(held.name)
                given = case.truth["given"][label]
                self.assertEqual(guid, given["machine_guid"])
                done = [r for r in case.truth["resets"] if r["time"] < given["taken"]]
                if done:
                    import filetime
                    self.assertEqual((guid, filetime.iso(time)),
                                     (done[-1]["to"], done[-1]["clock"]))

    @staticmethod
    def guid_of(path):
        handle = peers.hivex.Hivex(path)
        node = handle.root()
        for name in ("Microsoft", "Cryptography"):
            node = handle.node_get_child(node, name)
        value = handle.value_string(handle.node_get_value(node, "MachineGuid"))
        return value, handle.node_timestamp(node)

    @peers.needs_program("openssl")
    def test_messages(self):
        """A message opens with the private key of the generation it is said to be for."""
        import der
        from rsa_keys import RsaKey
        for case in self.cases:
            for message in case.truth["messages"]:
                keys = [private(peers.split(data), "exchange", case.masters())
                        for gen, data in self.holders(case, message)]
                for key in filter(None, keys):
                    pem = der.pem("PRIVATE KEY", der.rsa_pkcs8(RsaKey(**key)))
                    self.assertEqual(self.opened(case, message, pem), message["content"])

    @staticmethod
    def holders(case, message):
        return [(gen, case.files[label][path]) for row in case.truth["containers"].values()
                for gen in row["generations"] for label, path in gen["files"]
                if [label, path] in message["files"] and label in case.files and gen["intact"]]

    @staticmethod
    def opened(case, message, pem):
        import zlib
        with tempfile.NamedTemporaryFile("w") as held:
            held.write(pem)
            held.flush()
            body = peers.run("openssl", "cms", "-decrypt", "-inform", "DER", "-inkey", held.name,
                             "-in", os.path.join(case.folder, message["file"]))
        return zlib.decompress(body).decode("utf-16-le").rstrip("\0")

    def test_same_again(self):
        """One of them made alone is the same to the byte, with the same times."""
        again = os.path.join(self.held.name, "again")
        make(again, 1, first=COUNT)
        old, new = self.cases[-1].folder, os.path.join(again, "%04d" % COUNT)
        names = sorted(os.path.relpath(os.path.join(place, name), new)
                       for place, _, found in os.walk(new) for name in found)
        _, wrong, missing = filecmp.cmpfiles(old, new, names, shallow=False)
        self.assertEqual((wrong, missing), ([], []))
        for name in names:
            if name != "truth.json":
                self.assertEqual(os.stat(os.path.join(old, name)).st_mtime_ns,
                                 os.stat(os.path.join(new, name)).st_mtime_ns)


if __name__ == "__main__":
    unittest.main()
