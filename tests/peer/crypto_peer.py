"""What the tests of the crypto room share: the tool at its pipe, and the layouts of
DPAPI files, read here a second time so that both ends cannot share a mistake."""
import json
import os
import pathlib
import struct
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
CORPUS = pathlib.Path(os.environ.get("SMSC_CORPUS", HERE.parent.parent / "corpus"))
SHARED = pathlib.Path(os.environ.get("SMSC_SHARED", HERE.parent.parent.parent / "shared/data"))
TOOL = os.environ.get("SMSC_CRYPTO_TOOL", "")
sys.path.insert(0, str(CORPUS / "make"))

needs_shared = unittest.skipUnless((SHARED / "capi/vectors.json").exists(),
                                   "the shared evidence is not there")
VERIFIED, MISMATCH, DAMAGED, UNCHECKED = (bytes([state]) for state in range(4))
FLAG_ENTROPY = b"Hj1diQ6kpUx7VC4m\0"
CNG_KEY_ENTROPY = b"xT5rZW5qVVbrvpuA\0"
CNG_PROPERTIES_ENTROPY = b"6jnkd5J3ZdQDtrsu\0"


class Refused(Exception):
    """The tool gave a reason instead of an answer."""


class Tool:
    """tool.op(arguments): bytes, or Refused.  Numbers go as four bytes, big-endian."""

    def __init__(self, path=TOOL):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def __getattr__(self, op):
        return lambda *arguments: self.ask(op, arguments)

    def ask(self, op, arguments):
        words = [a.to_bytes(4, "big").hex() if isinstance(a, int) else a.hex() for a in arguments]
        self.process.stdin.write(" ".join([op] + [word or "-" for word in words]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("the tool has died")
        if line.startswith("!"):
            raise Refused(line[2:].rstrip("\n"))
        return bytes.fromhex(line)

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait()


@unittest.skipUnless(TOOL, "SMSC_CRYPTO_TOOL is not set")
class Case(unittest.TestCase):
    """A test that has the tool; which must end well."""

    @classmethod
    def setUpClass(cls):
        cls.tool = Tool()

    @classmethod
    def tearDownClass(cls):
        status = cls.tool.close()
        if status:
            raise AssertionError("the tool ended with status %d" % status)

    def refuses(self, reason, op, *arguments):
        with self.assertRaisesRegex(Refused, reason):
            self.tool.ask(op, arguments)


class Cursor:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        self.at += count
        if self.at > len(self.data):
            raise struct.error("the data ends early")
        return self.data[self.at - count:self.at]

    def u32(self):
        return struct.unpack("<I", self.take(4))[0]

    def run(self):
        return self.take(self.u32())


def read(*parts):
    return pathlib.Path(*parts).read_bytes()


def read_json(*parts):
    return json.loads(pathlib.Path(*parts).read_text(encoding="utf-8"))


def guid_text(raw):
    return "%08x-%04x-%04x-%s-%s" % (*struct.unpack("<IHH", raw[:8]), raw[8:10].hex(), raw[10:].hex())


# --- DPAPI blobs -------------------------------------------------------------

def blob_parts(raw):
    """Arguments of the op "blob" as far as the blob has them."""
    c = Cursor(raw)
    c.take(20)
    start = c.at
    c.take(4 + 16 + 4)
    c.run()
    cipher, bits, salt, aux = c.u32(), c.u32(), c.run(), c.run()
    digest, _, nonce, data = c.u32(), c.u32(), c.run(), c.run()
    signed = raw[start:c.at]
    return cipher, bits, digest, salt, aux, nonce, data, c.run(), signed


def blob_master(raw):
    return guid_text(raw[24:40])


# --- master-key files --------------------------------------------------------

def slots(file):
    """The four parts: master key, backup key, history, domain key."""
    at, out = 128, []
    for size in struct.unpack_from("<4Q", file, 96):
        out.append(file[at:at + size])
        at += size
    return out


def slot_parts(slot):
    """Arguments of the op "slot" without pre-key and size."""
    rounds, digest, cipher = struct.unpack_from("<III", slot, 20)
    return rounds, digest, cipher, slot[4:20], slot[32:]


def domain_parts(slot):
    """Arguments of the op "domain" without the backup key."""
    version, secret, access = struct.unpack_from("<III", slot)
    return version, slot[28:28 + secret], slot[28 + secret:28 + secret + access]


# --- containers --------------------------------------------------------------

def pairs(container):
    """{"signature": (public, private, flag), "exchange": ...} of a container file."""
    sizes = struct.unpack_from("<10I", container)
    c = Cursor(container)
    c.take(40 + sizes[2] + sizes[7])
    return {name: tuple(c.take(sizes[i]) for i in places)
            for name, places in (("signature", (3, 4, 8)), ("exchange", (5, 6, 9)))}


def rsa_public(public):
    """Modulus (padded) and exponent of the clear half: arguments of the op "rsa"."""
    return public[20:], struct.unpack_from("<I", public, 16)[0]


def cng_parts(file):
    """(public key blob or empty, sealed properties, sealed key) of a CNG key file."""
    sizes = struct.unpack_from("<7I", file)
    c = Cursor(file)
    c.take(44 + sizes[2])
    clear, properties, key = c.take(sizes[4]), c.take(sizes[5]), c.take(sizes[6])
    public, at = b"", 0
    while at < len(clear):
        size, kind, _, name, value = struct.unpack_from("<5I", clear, at)
        if kind == 10:
            public = clear[at + 20 + name:at + 20 + name + value]
        at += size
    return public, properties, key
