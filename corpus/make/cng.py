"""CNG key files: the successor of the container, seen on later systems."""
import struct

import dpapi
from dpapi import utf16

_PROPERTIES_ENTROPY = b"6jnkd5J3ZdQDtrsu\0"
_KEY_ENTROPY = b"xT5rZW5qVVbrvpuA\0"
PUBLIC_KEY, CREATOR, EXPORT_POLICY, KEY_LENGTH, PLAIN = 10, 32, 3, 7, 1


def key_file(name, master, public_properties, private_properties, plain, prng):
    """The file of one key."""
    name = utf16(name)
    clear = b"".join(_property(*item) for item in public_properties)
    sealed = dpapi.protect(master, b"".join(_property(*item) for item in private_properties),
                           prng, dpapi.AES_SHA512, _PROPERTIES_ENTROPY, "Private Key Properties")
    private = dpapi.protect(master, plain, prng, dpapi.AES_SHA512, _KEY_ENTROPY, "Private Key")
    head = struct.pack("<7I", 1, 0, len(name), 0x00010002, len(clear), len(sealed), len(private))
    return head + bytes(16) + name + clear + sealed + private


def _property(kind, name, value):
    name = utf16(name)
    return struct.pack("<5I", 20 + len(name) + len(value), kind, 0, len(name),
                       len(value)) + name + value


def bcrypt_rsa_public(key):
    """BCRYPT_RSAPUBLIC_BLOB: big-endian numbers behind their sizes."""
    return _bcrypt_rsa(b"RSA1", key, ())


def bcrypt_rsa_private(key):
    """BCRYPT_RSAPRIVATE_BLOB; its magic is that of the BSAFE form."""
    return _bcrypt_rsa(b"RSA2", key, (key.p, key.q))


def _bcrypt_rsa(magic, key, primes):
    size = key.bits // 8
    halves = [p.to_bytes(size // 2, "big") for p in primes]
    head = struct.pack("<4s5I", magic, key.bits, 3, size, *(len(h) for h in halves or (b"", b"")))
    return head + key.e.to_bytes(3, "big") + key.n.to_bytes(size, "big") + b"".join(halves)


def key_data_blob(secret):
    """BCRYPT_KEY_DATA_BLOB: a bare symmetric key."""
    return struct.pack("<4sII", b"KDBM", 1, len(secret)) + secret
