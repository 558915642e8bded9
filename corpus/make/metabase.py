"""The protected values inside an IIS metabase.

Only these values are described in public; what surrounds them here is filling that
stands for the file's own records.
"""
import hashlib
import struct

from ciphers import rc4
from key_blobs import CALG_RC4, simple_blob
from rsa_keys import sign_pkcs1

_SESSION_KEY, _DATA = b"IcKb", b"IcDb"
_MD5_INFO = bytes.fromhex("3020300c06082a864886f70d020505000410")


def metabase(signature, exchange, secrets, prng):
    """A file with one session key, wrapped to EXCHANGE, and SECRETS under it.  All
    are signed with SIGNATURE."""
    session = prng.bytes(5)
    wrapped = simple_blob(exchange, session, CALG_RC4, prng)
    parts = [prng.bytes(196), _blob(_SESSION_KEY, wrapped, session, signature, prng)]
    for text in secrets:
        clear = bytes(4) + (text + "\0").encode("utf-16-le")
        # A 40-bit key is completed with eleven zero bytes.
        sealed = rc4(session + bytes(11), clear)
        parts += [prng.bytes(60 + 4 * prng.below(40)),
                  _blob(_DATA, sealed, clear, signature, prng)]
    return b"".join(parts) + prng.bytes(332)


def _blob(mark, body, clear, key, prng):
    """Mark, length, the two sizes, the body up to a multiple of 8, the signature."""
    sign = sign_pkcs1(key, _MD5_INFO + hashlib.md5(clear).digest())[::-1]
    data = struct.pack("<II", len(body), len(sign)) + body + prng.bytes(-len(body) % 8) + sign
    return mark + struct.pack("<I", len(data)) + data
