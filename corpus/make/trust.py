"""Pieces that name a public key: what clients keep, what a management point tells
them, and a message to it."""
import certificates
import cms
import key_blobs
import rsa_keys
from deflate import zlib_stream


def root_key(key):
    """PUBLICKEYBLOB of the site server's exchange key as hexadecimal text."""
    return key_blobs.public_blob(key).hex().upper()


def instances(root, certificate, server):
    """The client's two WMI instances as text."""
    text = _instance("TrustedRootKey", TrustedRootKey=root_key(root)) + "\r\n" + \
        _instance("MPCertificate", MPCertificate=certificate.hex().upper(), MPName=server)
    return text.encode("ascii")


def _instance(name, **properties):
    lines = ['\t%s = "%s";' % item for item in properties.items()]
    return "\r\n".join(["instance of " + name, "{", *lines, "};", ""])


def page(server, site, root, certificate):
    """The answer to .sms_aut?mpkeyinformation.  Each value is signed by the site."""
    values = (server, site, *_signed(root, certificate.hex().upper()),
              *_signed(root, root_key(root)))
    return ("<MPKEYINFORMATION><MACHINENAME>%s</MACHINENAME><SITECODE>%s</SITECODE>"
            "<MPCERTIFICATE Signature=\"%s\">%s</MPCERTIFICATE>"
            "<TRUSTEDROOTKEY Signature=\"%s\">%s</TRUSTEDROOTKEY></MPKEYINFORMATION>"
            % values).encode("ascii")


def _signed(key, text):
    """(signature, text): SHA-1 over UTF-16 with its NUL, in reverse byte order."""
    info = certificates.sha1_digest_info((text + "\0").encode("utf-16-le"))
    return rsa_keys.sign_pkcs1(key, info)[::-1].hex().upper(), text


def client_setup(site, root):
    """mobileclient.tcf: the site's public key for client set-up."""
    text = "[Site]\r\nSMSSITECODE=%s\r\nSMSPublicRootKey=%s\r\n" % (site, root_key(root))
    return text.encode("ascii")


def inventory(client):
    """The text of a hardware inventory."""
    return "<Report><ReportHeader><Identification><Machine><NetBIOSName>%s</NetBIOSName>" \
           "</Machine></Identification></ReportHeader></Report>" % client


def message(certificate, key, content, prng):
    """Packed CONTENT for the owner of CERTIFICATE, whose public key is KEY."""
    body = zlib_stream((content + "\0").encode("utf-16-le"))
    return cms.enveloped(certificate, key, body, prng)
