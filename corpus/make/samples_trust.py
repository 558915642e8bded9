"""Minimal samples of evidence that names public keys: pages, texts, messages, exports."""
import certificates
import cms
import der
import filetime
import key_blobs
import rsa_keys
from deflate import zlib_stream
from key_blobs import CALG_RSA_SIGN
from prng import Prng
from sample import Sample, in_folder
from sample_secrets import EXCHANGE, SIGNATURE, rsa_facts

_MADE = filetime.eastern("2004-11-09 10:03:27")
_KEY = key_blobs.public_blob(EXCHANGE)
_KEY_HEX = _KEY.hex().upper()
_SIGNING = certificates.self_signed(SIGNATURE, ("SERVER", "SMS"), certificates.SIGNING_USE, _MADE, 100,
                                    Prng("sample/trust/signing"))
_ENCRYPTION = certificates.self_signed(EXCHANGE, ("SERVER", "SMS"), certificates.ENCRYPTION_USE, _MADE, 100,
                                       Prng("sample/trust/encryption"))
_SIGNING_HEX, _ENCRYPTION_HEX = _SIGNING.hex().upper(), _ENCRYPTION.hex().upper()
_CLIENT = "GUID:" + Prng("sample/trust/client").guid().upper()
_BODY = "<Report><Machine>CL01</Machine></Report>\0".encode("utf-16-le")


def samples():
    """Every sample of this file."""
    return _pages() + _small_files() + _texts() + _messages() + _exports()


def _signed(text):
    """The signature of the site over a text, its low byte first."""
    info = certificates.sha1_digest_info((text + "\0").encode("utf-16-le"))
    return rsa_keys.sign_pkcs1(EXCHANGE, info)[::-1].hex().upper()


def _pages():
    one = in_folder("sms-aut/")
    known = rsa_facts(EXCHANGE)
    info = ("<MPKEYINFORMATION><MACHINENAME>SERVER</MACHINENAME><SITECODE>S01</SITECODE>"
            "<MPCERTIFICATE Signature=\"%s\">%s</MPCERTIFICATE>"
            "<TRUSTEDROOTKEY Signature=\"%s\">%s</TRUSTEDROOTKEY></MPKEYINFORMATION>"
            % (_signed(_SIGNING_HEX), _SIGNING_HEX, _signed(_KEY_HEX), _KEY_HEX))
    both = ("<MPCertificates><Certificate1>%s</Certificate1><Certificate2>%s</Certificate2></MPCertificates>"
            % (_SIGNING_HEX, _ENCRYPTION_HEX))
    servers = ("<MPList><MP Name=\"SERVER\" SiteCode=\"S01\"><FQDN>server.example</FQDN><Version>2500</Version></MP>"
               "<MP Name=\"OTHER\" SiteCode=\"S02\"></MP></MPList>")
    bomb = ("<!DOCTYPE a [<!ENTITY b \"%s\"><!ENTITY c \"&b;&b;&b;&b;\">]><TRUSTEDROOTKEY>&c;&c;</TRUSTEDROOTKEY>"
            % ("x" * 64))
    return [
        one("mpkeyinformation.xml", info.encode(), "decodes", "key and certificate, each signed by the site", known),
        one("mpcert.xml", ("<MPCertificate><Certificate>%s</Certificate></MPCertificate>"
                           % _SIGNING_HEX.lower()).encode(), "decodes", "lower-case digits"),
        one("mpcert2-utf16.xml", ("<?xml version=\"1.0\"?>" + both).encode("utf-16"), "decodes",
            "UTF-16 with a byte order mark"),
        one("mptrk-wire.txt", b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<TRUSTEDROOTKEY>\r\n  "
            + b"\r\n  ".join(_KEY_HEX[i:i + 64].encode() for i in range(0, len(_KEY_HEX), 64))
            + b"\r\n</TRUSTEDROOTKEY>", "decodes", "with HTTP headers; digits in lines", known),
        one("mplist.xml", servers.encode(), "decodes; two management points", "names no key"),
        one("x509data.xml", ("<X509Data><X509Certificate EncodingType=\"HexBinary\">%s</X509Certificate></X509Data>"
                             % _ENCRYPTION_HEX).encode(), "decodes", "site signing certificate"),
        one("bad-cut.xml", info.encode()[:-400], "finding: truncated", "ends within the root key"),
        one("bad-digits.xml", info.replace("0602000000A4", "0602X00000A4").encode(), "finding: no digits",
            "one letter that is no digit"),
        one("bad-entities.xml", bomb.encode(), "finding; nothing is expanded", "entities within entities"),
        one("bad-deep.xml", b"<TRUSTEDROOTKEY>" + b"<a>" * 500, "finding: truncated", "500 elements that never end"),
    ]


def _small_files():
    config = ("[Configuration - Client Properties]\r\nSMS Unique Identifier=%s\r\n"
              "SMS Certificate Identifier=SMS;%s\r\n" % (_CLIENT, certificates.thumbprint(_SIGNING)))
    site = "[Site]\r\nSMSSITECODE=S01\r\nSMSPublicRootKey=%s\r\n" % _KEY_HEX
    return [
        Sample("smscfg/SMSCFG.INI", config.encode(), "decodes", "identifier and thumbprint"),
        Sample("smscfg/wide.ini", config.encode("utf-16"), "decodes", "the same in UTF-16"),
        Sample("smscfg/bad-thumbprint.ini", config.encode()[:-6], "finding: 40 digits", "the thumbprint is cut"),
        Sample("tcf/mobileclient.tcf", site.encode(), "decodes", "the site's key", rsa_facts(EXCHANGE)),
        Sample("tcf/bad-cut.tcf", site.encode()[:-100], "finding: bytes missing", "the key is cut"),
        Sample("site-key/S01.pkc", b"\x01\0\0\0S01\0" + _KEY, "decodes; layout not proven",
               "a key behind a head of an invented form", rsa_facts(EXCHANGE)),
        Sample("site-key/S02.pkp", key_blobs.public_blob(SIGNATURE, CALG_RSA_SIGN).hex().encode(),
               "decodes; layout not proven", "digits", rsa_facts(SIGNATURE)),
    ]


def _dump(data):
    """As xxd prints it."""
    rows = []
    for at in range(0, len(data), 16):
        part = data[at:at + 16]
        rows.append("%08x: %-39s  %s\n" % (at, part.hex(" ", -2), "." * len(part)))
    return "".join(rows).encode()


def _texts():
    commas = ",".join("%02x" % byte for byte in _SIGNING)
    lines = "\\\r\n  ".join(commas[i:i + 75] for i in range(0, len(commas), 75))
    one = in_folder("trust-text/")
    query = "Node,MPCertificate,TrustedRootKey\r\nCL01,%s,%s\r\n" % (_SIGNING_HEX, _KEY_HEX)
    page = b"\0\0instance\xff" + _KEY_HEX.encode() + b"\0\0" + _SIGNING_HEX.encode() + b"\0\0"
    wide = b"\0\xff\0TrustedRootKey\0" + _KEY_HEX.encode("utf-16-le") + b"\0\0\0"
    return [
        one("query.csv", query.encode(), "decodes; a key and a certificate", "output of a WMI query", rsa_facts(EXCHANGE)),
        one("wide.txt", query.encode("utf-16"), "decodes; a key and a certificate", "the same in UTF-16"),
        one("store.reg", ("REGEDIT4\r\n\r\n\"Blob\"=hex:%s\r\n" % lines).encode(), "decodes; a certificate",
            "bytes with marks between, lines continued"),
        one("dump.txt", _dump(_KEY), "decodes; a key", "a dump with addresses and characters", rsa_facts(EXCHANGE)),
        one("bad-cut.txt", ("TrustedRootKey=" + _KEY_HEX[:-64] + "\r\n").encode(), "finding: bytes missing",
            "a key of which the last 32 bytes are gone"),
        Sample("wmi-carve/OBJECTS.DATA", page.rjust(5000, b"\xee").ljust(8192, b"\0"), "decodes; a key and a certificate",
               "a page of 8 KiB; values of one byte a character"),
        Sample("wmi-carve/CIM.REP", wide.rjust(900, b"\1"), "decodes; a key", "values in UTF-16"),
    ]


def _berish(message):
    """The same message with indefinite lengths and its content in two parts, as BER allows."""
    kind, wrapped = der.children(message)
    version, recipients, inner = der.children(der.children(wrapped)[0])
    content_type, algorithm, content = der.children(inner)
    body = content[2:] if content[1] < 0x80 else content[2 + (content[1] & 0x7F):]
    half = len(body) // 2
    end = b"\0\0"
    parts = b"\xa0\x80" + der.octets(body[:half]) + der.octets(body[half:]) + end
    inside = b"\x30\x80" + content_type + algorithm + parts + end
    return b"\x30\x80" + kind + b"\xa0\x80\x30\x80" + version + recipients + inside + end * 3


def _messages():
    plain = cms.enveloped(_ENCRYPTION, EXCHANGE, zlib_stream(_BODY), Prng("sample/trust/message"))
    one, post = in_folder("cms/"), in_folder("ccm-message/")
    header = ("<Msg SchemaVersion=\"1.1\"><ID>{%s}</ID><SourceID>%s</SourceID><SourceHost>CL01</SourceHost>"
              "<TargetEndpoint>MP_HinvEndpoint</TargetEndpoint><Hooks><Hook2 Name=\"clientauth\">"
              "<Property Name=\"PublicKey\">%s</Property></Hook2><Hook3 Name=\"zlib-compress\"/></Hooks>"
              "<Body Type=\"ByteRange\" Offset=\"0\" Length=\"100\"/></Msg>"
              % (Prng("sample/trust/id").guid().upper(), _CLIENT, key_blobs.public_blob(SIGNATURE).hex().upper()))
    mark = b"aAbBcCdDv1234567890VxXyYzZ"
    parts = (b"--" + mark + b"\r\nContent-Type: text/plain; charset=UTF-16\r\n\r\n" + header.encode("utf-16")
             + b"\r\n--" + mark + b"\r\nContent-Type: application/octet-stream\r\n\r\n%s\r\n--" + mark + b"--\r\n")
    packed = zlib_stream(_BODY)
    return [
        one("plain.p7m", plain, "decodes; one recipient", "DER", rsa_facts(EXCHANGE)),
        one("indefinite.p7m", _berish(plain), "decodes; one recipient", "BER: lengths not told, content in two parts"),
        one("pem.p7m", der.pem("PKCS7", plain).encode(), "decodes; one recipient", "PEM"),
        one("bad-cut.p7m", plain[:150], "finding: truncated", "ends within the encrypted key"),
        one("bad-open.p7m", bytes.fromhex("3080 06092a864886f70d010703 a080".replace(" ", "")) + b"\x30\x80" * 200,
            "finding: torn", "200 elements that never end"),
        post("post", parts.replace(b"%s", packed), "decodes; header and body", "as CCM_POST sends it; packed"),
        post("encrypted.msg", b"\x07\0\0\0" + header.encode("utf-16-le") + b"\0\0" + plain, "decodes; one recipient",
             "as a queue may keep it, layout not proven; encrypted"),
        post("packed-encrypted", header.encode() + b"\r\n" + zlib_stream(plain), "decodes; one recipient",
             "an encrypted message that was packed"),
        post("bad-no-body", header.encode("utf-16"), "finding: no body", "ends with its header"),
        post("bad-zlib", parts.replace(b"%s", packed[:20] + b"\xff" * 20), "finding: no body", "the packed bytes are spoilt"),
    ]


def _exports():
    one = in_folder("client-key-data/")
    row = (_CLIENT, "0x" + key_blobs.public_blob(SIGNATURE).hex().upper(), certificates.thumbprint(_SIGNING))
    return [
        one("named.csv", ("SMSID,PublicKey,Thumbprint\r\n" + ",".join(row) + "\r\n").encode(),
            "decodes; 1 row; layout not proven", "columns with names", rsa_facts(SIGNATURE)),
        one("bcp.txt", ("1\t" + "\t".join(row[:2]) + "\r\n").encode("utf-16"), "decodes; 1 row; layout not proven",
            "columns without names, UTF-16"),
        one("bad-cut.csv", ("SMSID,PublicKey\r\n%s,%s\r\n" % (row[0], row[1][:-33])).encode(), "finding",
            "digits are missing, one of a pair"),
    ]
