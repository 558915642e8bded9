"""CryptoAPI key containers: the file of one container, and its name."""
import hashlib
import struct
from collections import namedtuple

import dpapi
from key_blobs import bsafe_private, bsafe_public

Pair = namedtuple("Pair", "public private flag")
NO_PAIR = Pair(b"", b"", b"")


def name_hash(container):
    """First half of the file name: MD5 of the lower-case name, as four numbers."""
    return _digits(container.lower().encode("cp1252") + b"\0")


def name_hash_wide(container):
    """The same for CNG keys, which hash the UTF-16 form."""
    return _digits((container.lower() + "\0").encode("utf-16-le"))


def _digits(data):
    return "%08x%08x%08x%08x" % struct.unpack("<4I", hashlib.md5(data).digest())


def file_name(container, machine_guid):
    return "%s_%s" % (name_hash(container), machine_guid)


def pair(key, master, prng, style=dpapi.DES3_SHA1, exportable=False, description="",
         flags=dpapi.LOCAL_MACHINE):
    """One key pair.  Windows 2000 leaves the private key's description empty."""
    wide = style is dpapi.AES_SHA512
    private = dpapi.protect(master, bsafe_private(key, wide), prng, style,
                            description=description, flags=flags)
    flag = export_flag(master, prng, style, exportable, flags)
    return Pair(bsafe_public(key), private, flag)


def export_flag(master, prng, style, exportable, flags=dpapi.LOCAL_MACHINE):
    """The third part of a pair: 1 when the private key may leave the machine."""
    return dpapi.protect(master, struct.pack("<I", int(exportable)), prng, style,
                         dpapi.EXPORT_FLAG_ENTROPY, "Export Flag", flags)


def container(name, signature=NO_PAIR, exchange=NO_PAIR, version=2):
    """The container file.  The two flag sizes stand behind the hash size, so the
    order of the sizes is not the order of the parts."""
    name = name.encode("cp1252") + b"\0"
    seed = bytes(20)
    head = struct.pack("<10I", version, 0, len(name),
                       len(signature.public), len(signature.private),
                       len(exchange.public), len(exchange.private),
                       len(seed), len(signature.flag), len(exchange.flag))
    return head + name + seed + b"".join(signature) + b"".join(exchange)
