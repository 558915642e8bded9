"""Minimal registry hives, and certificates as the registry holds them."""
import base64
import struct

import capi
import certificates
import hive
import incident_hives
import story
from filetime import utc
from hive import Value, binary, default, dword, key, multi_sz, sz
from key_blobs import AT_SIGNATURE
from prng import Prng
from sample import Sample, flip, in_folder, patch, patch32

_TIME = utc("2004-05-06 07:08:09.1250000")


def samples():
    """Every sample of this file."""
    return _good() + _damaged() + _certificates()


def models():
    """{path: root key} of the sound hives, for whoever checks them."""
    return {"regf/" + name: root for name, (root, *_rest) in _MODELS.items()}


def _every_kind():
    prng = Prng("sample/regf")
    return key("root", _TIME, default("default\0".encode("utf-16-le"), hive.SZ),
               sz("string", "text"), sz("empty string", ""), Value("no bytes", hive.SZ, b""),
               Value("expand", hive.EXPAND_SZ, "%TEMP%\0".encode("utf-16-le")),
               binary("binary", prng.bytes(100)), binary("binary of 1", b"\1"),
               binary("binary of 4", b"\1\2\3\4"), binary("binary of 5", b"\1\2\3\4\5"),
               dword("number", 0x12345678), Value("big-endian", hive.DWORD_BE, b"\x12\x34\x56\x78"),
               Value("link", hive.LINK, "\\Registry\\Machine".encode("utf-16-le")),
               multi_sz("list", ["one", "two", ""]),
               Value("resources", 8, bytes(16)),
               Value("quad", hive.QWORD, struct.pack("<Q", 1 << 40)),
               Value("type unknown", 0xDEADBEEF, b"data"),
               Value("no NUL", hive.SZ, "abc".encode("utf-16-le")),
               Value("odd length", hive.SZ, b"a\0b\0c"),
               Value("lone surrogate", hive.SZ, b"\x00\xd8x\0"))


def _children(count, kind):
    return key("root", _TIME, *(key("child %02d" % i, _TIME + i, dword("n", i))
                                for i in range(count)), lists=kind)


def _names():
    return key("root", _TIME, key("café", _TIME), key("Ключ", _TIME),
               key("with\0NUL", _TIME), sz("größe", "Größe"), sz("値", "value"),
               sz("a\0b", "NUL in the name"))


def _deep(levels):
    node = key("level %03d" % levels, _TIME)
    for level in range(levels - 1, 0, -1):
        node = key("level %03d" % level, _TIME, node)
    return key("root", _TIME, node)


# name -> (root, minor version, why)
_MODELS = {
    "class-name": (key("root", _TIME, key("JD", _TIME, class_name="0123abcd")), 3,
                   "class names hide the boot key"),
    "every-kind": (_every_kind(), 3, "one value of each type and of the lengths that matter"),
    "list-lf": (_children(5, "lf"), 3, "subkeys listed with four letters"),
    "list-lh": (_children(5, "lh"), 5, "subkeys listed with a hash"),
    "list-li": (_children(5, "li"), 3, "subkeys listed bare"),
    "list-ri": (_children(5, "ri"), 3, "an index of lists"),
    "names": (_names(), 3, "names outside ASCII, with NUL, and in UTF-16"),
    "big-value": (key("root", _TIME, binary("big", Prng("sample/big-value").bytes(17000))), 3,
                  "version 1.3 keeps a large value in one cell"),
    "big-data": (key("root", _TIME, binary("big", Prng("sample/big-value").bytes(17000))), 5,
                 "version 1.5 splits a large value"),
    "deep": (_deep(200), 3, "200 levels"),
    "empty": (key("root", _TIME), 3, "nothing but the root"),
}


def _good():
    return [Sample("regf/" + name, hive.write(root, _TIME, minor),
                   "decodes; %d keys, %d values" % _count(root), why,
                   dict(zip(("keys", "values"), _count(root))))
            for name, (root, minor, why) in _MODELS.items()]


def _count(root):
    nodes = [node for _, node in root.walk()]
    return len(nodes), sum(len(node.values) for node in nodes)


def _damaged():
    root = _children(5, "lf")
    good = hive.write(root, _TIME)
    base = 4096
    listing = good.index(b"lf\5\0")
    child = good.index(b"child 03") - 0x4C
    bad = in_folder("regf/bad-")
    top = struct.unpack_from("<I", good, 36)[0]
    return [
        bad("dirty", _checksum(patch32(good, 8, 2)), "decodes; finding: not written to the end",
            "sequence numbers differ"),
        bad("checksum", flip(good, 508), "decodes; finding: checksum of the base block",
            "checksum wrong, all else right"),
        bad("base-only", good[:base], "finding: no cells", "4,096 bytes"),
        bad("cut", good[:base + 700], "finding: shorter than its own size", "ends inside a bin"),
        bad("bin-magic", patch(good, base, b"xbin"), "decodes; finding: bin without its magic",
            "cells are found without it"),
        bad("loop", patch32(good, listing + 4, top), "4 of 5 subkeys; finding: loop",
            "a subkey list that leads back to the root"),
        bad("count", patch(good, listing + 2, b"\xff\xff"), "finding: list longer than its cell",
            "count of a list"),
        bad("child", patch(good, child, b"zz"), "4 of 5 subkeys; finding: key without its magic",
            "one key record overwritten"),
        bad("offset", patch32(good, listing + 4, 0x7FFFFFF0),
            "4 of 5 subkeys; finding: offset outside", "offset past the end"),
        bad("value-length", patch32(good, good.index(b"vk\1\0") + 4, 0x7FFFFFFF),
            "decodes; finding: value longer than its cell", "length of a value"),
        bad("name-length", patch(good, child + 0x48, b"\xff\x7f"),
            "finding: name longer than its cell", "length of a key's name"),
        bad("root", _checksum(patch32(good, 36, 0xFFFFFFFF)), "finding: no root",
            "root offset is none"),
    ]


def _checksum(data):
    """A damaged base block whose checksum was made right again."""
    check = 0
    for word in struct.unpack_from("<127I", data):
        check ^= word
    return patch32(data, 508, check)


# --- certificates ------------------------------------------------------------

def _certificates():
    cert = incident_hives.CERTIFICATES[0]
    other = incident_hives.CERTIFICATES[1]
    signing = getattr(cert.gen, cert.kind)
    blob = certificates.blob(cert.der, signing, cert.title, story.AGENT, AT_SIGNATURE)
    unique = certificates.blob(cert.der, signing, cert.title,
                               capi.file_name(cert.gen.container, cert.gen.machine_guid),
                               AT_SIGNATURE)
    facts = {"thumbprint": certificates.thumbprint(cert.der), "container": story.AGENT}
    store = b"\0\0\0\0CERT" + blob + bytes(12)

    def one(path, data, expect, why):
        return Sample(path, data, expect, why, facts)
    return [
        one("x509/signing.der", cert.der, "decodes", "self-signed, SHA-1, 1024 bits"),
        one("x509/two.pem", b"subject of the first\n" + _pem(cert.der) + b"\n" + _pem(other.der),
            "decodes; 2 certificates", "text around them"),
        one("x509/bad-cut.der", cert.der[:200], "finding: truncated", "ends inside the key"),
        one("cert-blob/signing", blob, "decodes; 6 properties",
            "the registry's form, friendly name with a NUL too many"),
        one("cert-blob/unique-name", unique, "decodes; container named by its file",
            "ties the certificate to one MachineGuid"),
        one("cert-blob/bad-cut", blob[:-100], "decodes; finding: truncated",
            "ends inside the certificate"),
        one("cert-blob/bad-thumbprint", flip(blob, blob.index(b"\3\0\0\0\1\0\0\0\x14\0\0\0") + 12),
            "decodes; finding: thumbprint does not fit", "a property that can be checked"),
        one("cert-store/one.sst", store, "decodes; 1 certificate", "serialized store"),
    ]


def _pem(certificate):
    lines = base64.encodebytes(certificate).replace(b"\n", b"\r\n")
    # encodebytes has lines of 76 digits; the usual 64 are no rule for who reads them.
    return b"-----BEGIN CERTIFICATE-----\r\n" + lines + b"-----END CERTIFICATE-----\r\n"
