"""Minimal samples of DPAPI: blobs, master-key files, Preferred."""
import hashlib
import struct

import dpapi
from dpapi import AES_SHA512, DES3_SHA1, RC4_40
from filetime import DAY, iso
from prng import Prng
from sample import Sample, flip, in_folder, patch, patch32
from sample_secrets import (DOMAIN_KEY, MACHINE_HALF, MADE, MASTER, PASSWORD, USER_HALF, USER_SID,
                            master_key)


def samples():
    """Every sample of this file."""
    return _blobs() + _damaged_blobs() + _master_keys() + _damaged_master_keys() + _preferred()


# --- blobs -------------------------------------------------------------------

_PLAIN = b"All evidence is data."


def _blob(name, why, style=DES3_SHA1, entropy=b"", description="", plain=_PLAIN):
    data = dpapi.protect(MASTER, plain, Prng("sample/blob/" + name), style, entropy, description)
    return Sample("dpapi-blob/" + name, data, "decrypts", why,
                  {"plain": plain.hex(), "entropy": entropy.hex(), "description": description})


def _blobs():
    return [
        _blob("3des", "3DES and SHA-1, empty description"),
        _blob("3des-entropy", "legacy MAC: the tail goes into the outer hash",
              entropy=b"corpus entropy", description="with entropy"),
        _blob("3des-empty", "no plaintext: one block of filling", plain=b""),
        _blob("aes", "AES-256 and SHA-512", AES_SHA512, description="sample"),
        _blob("aes-entropy", "plain HMAC with entropy", AES_SHA512, b"corpus entropy"),
        _blob("rc4-40", "RC4-40 with 11 aux bytes; its key layout is inferred", RC4_40),
        _blob("description-utf16", "description outside Latin-1", description="Ключ 鍵 𝛑"),
    ]


def _damaged_blobs():
    good = _blob("3des", "").data
    bad = in_folder("dpapi-blob/bad-")
    return [
        bad("cut", good[:100], "finding: truncated", "ends inside the salt"),
        bad("sign", flip(good, len(good) - 1), "decodes; finding: MAC wrong", "last byte turned"),
        bad("guid", flip(good, 24), "decodes; locked", "names another master key"),
        bad("provider", flip(good, 4), "no DPAPI blob", "provider GUID damaged"),
        bad("version", patch32(good, 0, 2), "finding: unknown version", "first field"),
        bad("cipher", patch32(good, 50, 0x6699), "decodes; finding: unknown cipher",
            "an algorithm id that does not exist"),
        bad("length", patch32(good, 44, 0x7FFFFFFF), "finding: truncated",
            "length of the description past the end"),
        bad("trailing", good + b"more", "decodes; finding: 4 bytes left over", "longer file"),
    ]


# --- master keys -------------------------------------------------------------

def _master_file(name, prekey, sid, why, facts, **options):
    master = master_key(name) if name != "3des-machine" else MASTER
    data = dpapi.master_key_file(master, prekey, sid, Prng("sample/master-file/" + name), **options)
    facts = dict(facts, guid=master.guid, key=master.key.hex(),
                 sha1=hashlib.sha1(master.key).hexdigest())
    expect = "opens with " + facts["opens_with"]
    if facts["opens_with"].startswith("password"):
        expect += " " + PASSWORD
    return Sample("dpapi-masterkey/" + name, data, expect, why, facts)


def _master_keys():
    user = dpapi.password_prekey(PASSWORD, USER_SID)
    domain = dpapi.password_prekey(PASSWORD, USER_SID, domain=True)
    spent = Prng("sample/dpapi-system/old").bytes(20)
    many = dpapi.SLOT_AES._replace(rounds=8000)
    return [
        _master_file("3des-machine", MACHINE_HALF, "S-1-5-18", "388 bytes, machine half",
                     {"opens_with": "machine-half"}),
        _master_file("3des-user", USER_HALF, "S-1-5-18", "388 bytes, user half",
                     {"opens_with": "user-half"}),
        _master_file("aes-machine", MACHINE_HALF, "S-1-5-18", "468 bytes, AES and SHA-512",
                     {"opens_with": "machine-half"}, slot=many),
        _master_file("3des-old-secret", spent, "S-1-5-18", "opens only with an older secret",
                     {"opens_with": "half", "half": spent.hex()}),
        _master_file("password-local", user, USER_SID, "local user: SHA-1 of the password",
                     {"opens_with": "password"}, policy=5),
        _master_file("password-domain", domain, USER_SID, "domain user: MD4 of the password",
                     {"opens_with": "password-domain"}, policy=0),
        _domain_file("domain-3des", dpapi.SLOT_3DES._replace(rounds=18000), domain),
        _domain_file("domain-aes", dpapi.SLOT_AES._replace(rounds=2000), domain),
    ]


def _domain_file(name, slot, prekey):
    """A domain user's file: its last part opens with the domain's own RSA key."""
    key_guid = Prng("sample/domain-backup").guid()
    part = dpapi.domain_part(master_key(name), DOMAIN_KEY, key_guid, dpapi.sid_to_bytes(USER_SID),
                             Prng("sample/domain-part/" + name))
    facts = {"opens_with": "domain-backup-key", "backup_key_guid": key_guid,
             "backup_key": "pvk/domain-backup.pvk"}
    return _master_file(name, prekey, USER_SID, "with a slot for the domain's key", facts,
                        slot=slot, policy=0, domain_part=part)


def _damaged_master_keys():
    good = _master_keys()[0].data
    bad = in_folder("dpapi-masterkey/bad-")
    leftovers = patch(patch(good, 4, b"\x78\x56\x34\x12\xef\xcd\xab\x89"), 86, b"\xcc" * 6)
    return [
        Sample("dpapi-masterkey/leftovers", leftovers, "opens",
               "run-time remains in the fields that nobody reads",
               {"opens_with": "machine-half", "guid": MASTER.guid, "key": MASTER.key.hex()}),
        bad("header-cut", good[:127], "finding: truncated header", "127 of 128 bytes"),
        bad("slot-cut", good[:200], "finding: truncated in the main slot", "cut inside the key"),
        bad("backup-cut", good[:300], "opens; finding: truncated in the backup slot",
            "the part before is whole"),
        bad("rounds", patch32(good, 128 + 20, 0xFFFFFFFF), "finding: rounds over the limit",
            "hostile count must not cost hours"),
        bad("algorithm", patch32(good, 128 + 28, 0x6699), "finding: unknown cipher",
            "an algorithm id that does not exist"),
        bad("cipher-bit", flip(good, 200), "decodes; does not open", "one bit in the cipher text"),
        bad("guid-text", patch(good, 12, "ZZ".encode("utf-16-le")), "decodes; finding: no GUID",
            "the GUID is text and can be damaged like text"),
        bad("sizes", patch(good, 96, struct.pack("<4Q", 1 << 63, 1 << 63, 20, 0)),
            "finding: size past the end", "64-bit sizes whose sum wraps to a small number"),
    ]


def _preferred():
    good = dpapi.preferred(MASTER, MADE)
    due = {"guid": MASTER.guid, "made_plus_90_days": iso(MADE + 90 * DAY)}
    return [
        Sample("dpapi-preferred/good", good, "decodes", "24 bytes: GUID and due time", due),
        Sample("dpapi-preferred/bad-cut", good[:20], "finding: truncated", "20 of 24 bytes"),
    ]
