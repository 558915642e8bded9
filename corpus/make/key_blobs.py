"""Key blobs of CryptoAPI: the documented ones, the BSAFE forms inside a
container, and PVK files.  All numbers are little-endian."""
import hashlib
import struct

from ciphers import rc4
from rsa_keys import encrypt_pkcs1

CALG_RSA_SIGN = 0x2400
CALG_RSA_KEYX = 0xA400
CALG_DSS_SIGN = 0x2200
CALG_RC4 = 0x6801
CALG_3DES = 0x6603
AT_KEYEXCHANGE, AT_SIGNATURE = 1, 2


def little(number, size):
    return number.to_bytes(size, "little")


def _private_fields(key):
    """p, q, dp, dq, qinv: the five half-length numbers in their usual order."""
    return key.p, key.q, key.dp, key.dq, key.qinv


# --- BSAFE forms: each number has zero padding behind it ---------------------

def _bsafe_head(key, magic):
    size = key.bits // 8
    return struct.pack("<4s4I", magic, size + 8, key.bits, size - 1, key.e)


def bsafe_public(key):
    """RSA1 as it stands in clear in a container: 28 bytes + the modulus."""
    return _bsafe_head(key, b"RSA1") + little(key.n, key.bits // 8 + 8)


def bsafe_private(key, wide=False):
    """RSA2, the plaintext of a private key.  It has room for a tenth half-length
    number that is never used; the 64-bit provider adds eight more bytes."""
    size = key.bits // 8
    halves = b"".join(little(part, size // 2 + 4) for part in _private_fields(key))
    used = _bsafe_head(key, b"RSA2") + little(key.n, size + 8) + halves + little(key.d, size + 8)
    return used + bytes(20 + 5 * (size + 8) - len(used) + (8 if wide else 0))


# --- documented blobs --------------------------------------------------------

def public_blob(key, algorithm=CALG_RSA_KEYX):
    """PUBLICKEYBLOB of an RSA key."""
    head = struct.pack("<BBHI4sII", 6, 2, 0, algorithm, b"RSA1", key.bits, key.e)
    return head + little(key.n, key.bits // 8)


def private_blob(key, algorithm=CALG_RSA_KEYX):
    """PRIVATEKEYBLOB of an RSA key."""
    size = key.bits // 8
    head = struct.pack("<BBHI4sII", 7, 2, 0, algorithm, b"RSA2", key.bits, key.e)
    halves = b"".join(little(part, size // 2) for part in _private_fields(key))
    return head + little(key.n, size) + halves + little(key.d, size)


def simple_blob(key, session_key, algorithm, prng):
    """SIMPLEBLOB: a session key wrapped to an RSA key.  Both the session key and
    the cipher block are stored in reverse byte order."""
    wrapped = encrypt_pkcs1(key, session_key[::-1], prng)[::-1]
    return struct.pack("<BBHII", 1, 2, 0, algorithm, CALG_RSA_KEYX) + wrapped


def dss_public_blob(key):
    """PUBLICKEYBLOB of a DSS key (DSS1), its seed given as unknown."""
    size = key.bits // 8
    head = struct.pack("<BBHI4sI", 6, 2, 0, CALG_DSS_SIGN, b"DSS1", key.bits)
    numbers = little(key.p, size) + little(key.q, 20) + little(key.g, size) + little(key.y, size)
    return head + numbers + b"\xff" * 24


def dss_container_head(key):
    """What one source reports as the clear part of a DSS container: a version 3
    PRIVATEKEYBLOB (DSS4) that ends before the private number."""
    size = key.bits // 8
    head = struct.pack("<BBHI4s4I", 7, 3, 0, CALG_DSS_SIGN, b"DSS4", key.bits, 160, 0, 160)
    numbers = little(key.p, size) + little(key.q, 20) + little(key.g, size) + little(key.y, size)
    return head + b"\xff" * 24 + numbers


# --- PVK ---------------------------------------------------------------------

def pvk(key, spec, password=None, salt=b"", weak=False):
    """A PVK file; with PASSWORD everything behind the 8-byte head is RC4."""
    algorithm = CALG_RSA_KEYX if spec == AT_KEYEXCHANGE else CALG_RSA_SIGN
    blob = private_blob(key, algorithm)
    if password is not None:
        digest = hashlib.sha1(salt + password.encode()).digest()
        rc4_key = digest[:5] + bytes(11) if weak else digest[:16]
        blob = blob[:8] + rc4(rc4_key, blob[8:])
    encryption = 0 if password is None else 1
    head = struct.pack("<6I", 0xB0B5F11E, 0, spec, encryption, len(salt), len(blob))
    return head + salt + blob
