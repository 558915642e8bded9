"""LSA secrets of Windows 2000, XP and 2003."""
import hashlib
import struct

from ciphers import des_block, rc4

_PERMUTATION = (8, 5, 4, 2, 11, 9, 13, 3, 0, 6, 1, 12, 14, 10, 15, 7)
_POLICY_MARK = bytes.fromhex("803acef05f15d311b7e600805f48caeb")
BOOT_KEY_PARTS = ("JD", "Skew1", "GBG", "Data")


def class_names(boot_key):
    """The class names of the four keys that hide the boot key, in their order."""
    raw = bytearray(16)
    for place, source in enumerate(_PERMUTATION):
        raw[source] = boot_key[place]
    text = raw.hex()
    return dict(zip(BOOT_KEY_PARTS, (text[i:i + 8] for i in range(0, 32, 8))))


def policy_secret(boot_key, lsa_key, prng):
    """Policy\\PolSecretEncryptionKey: the LSA key under the boot key."""
    salt = prng.bytes(16)
    key = hashlib.md5(boot_key + salt * 1000).digest()
    body = rc4(key, _POLICY_MARK + lsa_key + prng.bytes(16))
    return struct.pack("<III", 1, 1, 0) + body + salt


def secret(lsa_key, data, prng):
    """Value of Policy\\Secrets\\<name>\\CurrVal on a 32-bit machine.  The third
    number is a pointer left over from memory."""
    plain = struct.pack("<II", len(data), 1) + data
    plain += bytes(-len(plain) % 8)
    out, at = b"", 0
    for start in range(0, len(plain), 8):
        out += des_block(lsa_key[at:at + 7], plain[start:start + 8])
        at += 7
        if len(lsa_key) - at < 7:
            at = len(lsa_key) - at
    pointer = int.from_bytes(prng.bytes(3), "little") & ~7
    return struct.pack("<III", len(out), len(out) | 0x20000000, pointer) + out


def dpapi_system(machine, user):
    """The plain secret DPAPI_SYSTEM."""
    return struct.pack("<I", 1) + machine + user
