"""Self-signed certificates as SMS makes them, and the registry's Blob around one."""
import hashlib
import struct

import der
import filetime
from key_blobs import AT_SIGNATURE
from rsa_keys import sign_pkcs1, spki_der

SIGNING_USE = "1.3.6.1.4.1.311.101"
ENCRYPTION_USE = "1.3.6.1.4.1.311.101.2"
SERVER_USE = "1.3.6.1.5.5.7.3.1"
PROVIDER = "Microsoft Enhanced Cryptographic Provider v1.0"
_SHA1_RSA = der.sequence(der.oid("1.2.840.113549.1.1.5"), der.NULL)
_SHA1_INFO = bytes.fromhex("3021300906052b0e03021a05000414")
_MACHINE_KEYSET = 0x20


def self_signed(key, common_names, use, not_before, years, prng):
    """A version 3 certificate with one extended key usage, DER."""
    name = der.sequence(*(der.set_of(der.sequence(der.oid("2.5.4.3"), der.printable(cn)))
                          for cn in common_names))
    begin = filetime.whole(not_before)
    validity = der.sequence(der.time(begin), der.time(begin.replace(year=begin.year + years)))
    usage = der.sequence(der.oid("2.5.29.37"), der.octets(der.sequence(der.oid(use))))
    serial = der.integer(int.from_bytes(prng.bytes(16), "big") >> 1)
    body = der.sequence(der.explicit(0, der.integer(2)), serial, _SHA1_RSA, name, validity, name,
                        spki_der(key), der.explicit(3, der.sequence(usage)))
    signature = sign_pkcs1(key, sha1_digest_info(body))
    return der.sequence(body, _SHA1_RSA, der.bits(signature))


def sha1_digest_info(data):
    return _SHA1_INFO + hashlib.sha1(data).digest()


def thumbprint(certificate):
    """SHA-1 of the certificate, upper-case: the name of its registry key."""
    return hashlib.sha1(certificate).hexdigest().upper()


def blob(certificate, key, friendly_name, container, spec=AT_SIGNATURE):
    """The value Blob: properties, then the certificate itself as property 32."""
    # SMS wrote one NUL too many into the friendly name.
    properties = [(2, key_provider(container, spec)),
                  (3, hashlib.sha1(certificate).digest()),
                  (4, hashlib.md5(certificate).digest()),
                  (11, (friendly_name + "\0\0").encode("utf-16-le")),
                  (20, hashlib.sha1(der.rsa_public(key.n, key.e)).digest()),
                  (32, certificate)]
    return b"".join(struct.pack("<3I", number, 1, len(data)) + data
                    for number, data in properties)


def key_provider(container, spec):
    """Property 2: which container of which provider holds the private key."""
    first = (container + "\0").encode("utf-16-le")
    second = (PROVIDER + "\0").encode("utf-16-le")
    head = struct.pack("<7I", 28, 28 + len(first), 1, _MACHINE_KEYSET, 0, 0, spec)
    return head + first + second
