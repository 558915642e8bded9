"""Minimal samples of keys outside a container: key blobs, PVK files, CNG keys."""
import struct

import capi
import cng
import key_blobs
from dss_keys import make_dss
from key_blobs import AT_KEYEXCHANGE, AT_SIGNATURE, CALG_RSA_SIGN
from prng import Prng
from sample import Sample, flip, in_folder, patch, patch32
from sample_secrets import BIG, DOMAIN_KEY, EXCHANGE, MADE, MASTER, PASSWORD, SIGNATURE, rsa_facts


def samples():
    """Every sample of this file."""
    return _key_blobs() + _pvk_files() + _cng_files()


# --- key blobs and PVK ------------------------------------------------------

def _key_blobs():
    prng = Prng("sample/key-blob")
    dss = make_dss("sample")
    session = prng.bytes(24)
    public = key_blobs.public_blob(EXCHANGE)
    private = key_blobs.private_blob(EXCHANGE)
    one = in_folder("key-blob/")
    known = rsa_facts(EXCHANGE)
    return [
        one("public-exchange", public, "decodes", "PUBLICKEYBLOB, CALG_RSA_KEYX", known),
        one("public-signature", key_blobs.public_blob(SIGNATURE, CALG_RSA_SIGN), "decodes",
            "PUBLICKEYBLOB, CALG_RSA_SIGN", rsa_facts(SIGNATURE)),
        one("public-2048", key_blobs.public_blob(BIG), "decodes", "2048 bits", rsa_facts(BIG)),
        one("public.hex", public.hex().upper().encode(), "decodes",
            "the same key as hexadecimal text, as SMS keeps its trusted root key", known),
        one("private-exchange", private, "decodes; consistent", "PRIVATEKEYBLOB", known),
        one("simple-3des", key_blobs.simple_blob(EXCHANGE, session, key_blobs.CALG_3DES, prng),
            "decodes; unwraps", "SIMPLEBLOB, wrapped to the exchange key",
            {"session_key": session.hex(), "wrapped_to": known["spki_sha256"]}),
        one("dss-public", key_blobs.dss_public_blob(dss), "decodes", "DSS1, 512 bits",
            {"bits": 512, "y": "%0128x" % dss.y}),
        one("bad-cut", public[:100], "finding: truncated", "ends inside the modulus"),
        one("bad-bits", patch32(public, 12, 0xFFFFFFF8), "finding: truncated",
            "bit length past the end"),
        one("bad-type", patch(public, 0, b"\x0c"), "finding: unknown blob type", "type 12"),
        one("bad-private-factor", flip(private, 20 + 128 + 3),
            "decodes; finding: p times q is not n", "one bit of a prime"),
    ]


def _pvk_files():
    salt = Prng("sample/pvk").bytes(16)
    known = rsa_facts(EXCHANGE)
    secret = dict(known, password=PASSWORD)
    plain = key_blobs.pvk(EXCHANGE, AT_KEYEXCHANGE)
    one = in_folder("pvk/")
    return [
        one("plain-exchange.pvk", plain, "decodes", "no password", known),
        one("plain-signature.pvk", key_blobs.pvk(SIGNATURE, AT_SIGNATURE), "decodes",
            "key spec 2", rsa_facts(SIGNATURE)),
        one("rc4.pvk", key_blobs.pvk(EXCHANGE, AT_KEYEXCHANGE, PASSWORD, salt),
            "opens with " + PASSWORD, "RC4, 128 bits", secret),
        one("rc4-weak.pvk", key_blobs.pvk(EXCHANGE, AT_KEYEXCHANGE, PASSWORD, salt, weak=True),
            "opens with " + PASSWORD, "RC4, 40 bits and 11 zero bytes", secret),
        one("domain-backup.pvk", key_blobs.pvk(DOMAIN_KEY, AT_KEYEXCHANGE), "decodes",
            "opens dpapi-masterkey/domain-*", rsa_facts(DOMAIN_KEY)),
        one("bad-cut.pvk", plain[:60], "finding: truncated", "ends inside the blob"),
        one("bad-salt.pvk", patch32(plain, 16, 0xFFFFFFF0), "finding: salt past the end",
            "length that overflows when added"),
    ]


# --- CNG ---------------------------------------------------------------------

def _cng_files():
    clear = [(cng.PLAIN, "Modified", struct.pack("<Q", MADE)),
             (cng.PUBLIC_KEY, "", cng.bcrypt_rsa_public(BIG)),
             (cng.CREATOR, "", "corpus.exe\0".encode("utf-16-le"))]
    sealed = [(cng.EXPORT_POLICY, "Export Policy", struct.pack("<I", 0)),
              (cng.KEY_LENGTH, "", struct.pack("<I", 2048))]
    rsa = cng.key_file("Corpus CNG", MASTER, clear, sealed, cng.bcrypt_rsa_private(BIG),
                       Prng("sample/cng/rsa"))
    secret = Prng("sample/cng/secret").bytes(32)
    bare = cng.key_file("Corpus AES", MASTER, clear[:1], sealed[:1], cng.key_data_blob(secret),
                        Prng("sample/cng/aes"))
    return [
        Sample("cng-key/rsa-2048", rsa, "decodes; key consistent",
               "RSA key of the software provider",
               dict(rsa_facts(BIG), name="Corpus CNG",
                    file_hash=capi.name_hash_wide("Corpus CNG"))),
        Sample("cng-key/aes", bare, "decodes", "a symmetric key",
               {"name": "Corpus AES", "key": secret.hex(),
                "file_hash": capi.name_hash_wide("Corpus AES")}),
        Sample("cng-key/bad-cut", rsa[:400], "finding: truncated", "ends inside the properties"),
        Sample("cng-key/bad-property", patch32(rsa, 44 + 20, 0),
               "decodes; finding: property of no length",
               "a record that would make a reader stand still"),
    ]
