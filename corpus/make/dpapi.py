"""DPAPI: blobs, master-key files, and the file that names the preferred one.

A style is what a Windows version writes: cipher, hash and lengths.
"""
import hashlib
import hmac
import struct
import uuid
from collections import namedtuple

from ciphers import aes_cbc, des3_cbc, md4, pad, rc4
from filetime import DAY
from rsa_keys import encrypt_pkcs1

PROVIDER = uuid.UUID("df9d8cd0-1501-11d1-8c7a-00c04fc297eb").bytes_le
LOCAL_MACHINE = 4
EXPORT_FLAG_ENTROPY = b"Hj1diQ6kpUx7VC4m\0"

Style = namedtuple("Style", "cipher key_bits hash salt_size aux_size")
DES3_SHA1 = Style(0x6603, 168, "sha1", 16, 0)
AES_SHA512 = Style(0x6610, 256, "sha512", 32, 0)
RC4_40 = Style(0x6801, 40, "sha1", 16, 11)

_HASH_ID = {"sha1": 0x8004, "sha512": 0x800E}
MasterKey = namedtuple("MasterKey", "guid key")


def utf16(text):
    return text.encode("utf-16-le")


def counted(data):
    """Bytes behind their 32-bit length."""
    return struct.pack("<I", len(data)) + data


# --- blob --------------------------------------------------------------------

def protect(master, plain, prng, style=DES3_SHA1, entropy=b"", description="", flags=LOCAL_MACHINE):
    """A DPAPI blob that holds PLAIN under the master key MASTER."""
    digest = hashlib.new(style.hash)
    secret = hashlib.sha1(master.key).digest()
    salt, aux, nonce = (prng.bytes(n) for n in (style.salt_size, style.aux_size, style.salt_size))
    session = _mac(style.hash, secret, salt, entropy)
    signed = b"".join((
        struct.pack("<I", 1), uuid.UUID(master.guid).bytes_le, struct.pack("<I", flags),
        counted(utf16(description + "\0")),
        struct.pack("<II", style.cipher, style.key_bits), counted(salt), counted(aux),
        struct.pack("<II", _HASH_ID[style.hash], 8 * digest.digest_size), counted(nonce),
        counted(_encipher(style, session, aux, plain))))
    sign = _mac(style.hash, secret, nonce, entropy + signed)
    return struct.pack("<I", 1) + PROVIDER + signed + counted(sign)


def _mac(name, secret, nonce, tail):
    """SHA-512 blobs use a plain HMAC.  SHA-1 blobs add the tail to the outer hash."""
    if name != "sha1":
        return hmac.new(secret, nonce + tail, name).digest()
    inner = hashlib.sha1(_xor64(secret, 0x36) + nonce).digest()
    return hashlib.sha1(_xor64(secret, 0x5C) + inner + tail).digest()


def _encipher(style, session, aux, plain):
    if style.cipher == 0x6801:          # 40 derived bits, the rest is the aux field
        return rc4(session[:style.key_bits // 8] + aux, plain)
    if style.cipher == 0x6610:
        return aes_cbc(session[:32], bytes(16), pad(plain, 16))
    stretched = b"".join(hashlib.sha1(_xor64(session, x)).digest() for x in (0x36, 0x5C))
    return des3_cbc(stretched[:24], bytes(8), pad(plain, 8))


def _xor64(key, value):
    return bytes(byte ^ value for byte in key.ljust(64, b"\0"))


# --- master-key file ---------------------------------------------------------

Slot = namedtuple("Slot", "algorithm cipher hash rounds")
SLOT_3DES = Slot(0x8009, 0x6603, "sha1", 4000)
SLOT_AES = Slot(0x800E, 0x6610, "sha512", 8000)


def system_prekey(half):
    """LocalSystem: the raw half of DPAPI_SYSTEM."""
    return half


def password_prekey(password, sid, domain=False):
    """A user: SHA-1 (local) or MD4 (domain) of the password, then the SID."""
    secret = utf16(password)
    digest = md4(secret) if domain else hashlib.sha1(secret).digest()
    return hmac.new(digest, utf16(sid + "\0"), "sha1").digest()


def backup_prekey(sid, slot):
    """The local backup slot needs no secret but the SID."""
    return hashlib.new(slot.hash, utf16(sid + "\0")).digest()


def master_key_file(master, prekey, sid, prng, slot=SLOT_3DES, policy=6, domain_part=b""):
    """The file S-1-5-...\\<GUID>: main slot, backup slot, then either the empty
    credential-history part or the domain part."""
    backup = slot._replace(rounds=1 if slot is SLOT_3DES else slot.rounds)
    main_part = _slot(master.key, prekey, slot, prng)
    backup_part = _slot(prng.bytes(32), backup_prekey(sid, slot), backup, prng)
    history = b"" if domain_part else struct.pack("<I", 3) + bytes(16)
    parts = (main_part, backup_part, history, domain_part)
    head = struct.pack("<III72s8xI", 2, 0, 0, utf16(master.guid), policy)
    return head + struct.pack("<4Q", *map(len, parts)) + b"".join(parts)


def _slot(key, prekey, slot, prng):
    """One protected key: version, salt, rounds, algorithms, cipher text."""
    salt, inner = prng.bytes(16), prng.bytes(16)
    tag = hmac.new(hmac.new(prekey, inner, slot.hash).digest(), key, slot.hash).digest()
    plain = inner + tag
    key_size, block = (24, 8) if slot.cipher == 0x6603 else (32, 16)
    plain += bytes(-(len(plain) + len(key)) % block) + key
    material = _stretch(prekey, salt, slot, key_size + block)
    encrypt = des3_cbc if slot.cipher == 0x6603 else aes_cbc
    body = encrypt(material[:key_size], material[key_size:], plain)
    return struct.pack("<I16sIII", 2, salt, slot.rounds, slot.algorithm, slot.cipher) + body


def _stretch(secret, salt, slot, size):
    """DPAPI's own PBKDF2: each round is fed with the running XOR."""
    start, out, number = hmac.new(secret, digestmod=slot.hash), b"", 0
    while len(out) < size:
        number += 1
        total = int.from_bytes(_hmac(start, salt + struct.pack(">I", number)), "big")
        width = start.digest_size
        for _ in range(slot.rounds - 1):
            total ^= int.from_bytes(_hmac(start, total.to_bytes(width, "big")), "big")
        out += total.to_bytes(width, "big")
    return out[:size]


def _hmac(start, data):
    worker = start.copy()
    worker.update(data)
    return worker.digest()


def domain_part(master, key, key_guid, sid_bytes, prng):
    """The slot that the domain's RSA key opens: the master key and a support key
    that checks the account's SID."""
    support = prng.bytes(32)
    secret = encrypt_pkcs1(key, struct.pack("<II", 64, 32) + master.key + support, prng)[::-1]
    check = struct.pack("<II", 1, 32) + prng.bytes(32) + sid_bytes
    check += hashlib.sha1(check).digest()
    access = des3_cbc(support[:24], support[24:], check)
    head = struct.pack("<III", 2, len(secret), len(access)) + uuid.UUID(key_guid).bytes_le
    return head + secret + access


def sid_to_bytes(sid):
    """The binary form of S-1-5-..."""
    _, revision, authority, *rest = sid.split("-")
    return struct.pack("<BB", int(revision), len(rest)) + int(authority).to_bytes(6, "big") + \
        b"".join(struct.pack("<I", int(part)) for part in rest)


def preferred(master, made):
    """The file Preferred: which master key, and when it falls due (90 days)."""
    due = made + 90 * DAY
    return uuid.UUID(master.guid).bytes_le + struct.pack("<Q", due)
