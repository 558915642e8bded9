"""Pieces that name a public key: what clients trust, what the management point
told them, and a message that nobody could open."""
import hashlib

import certificates
import cms
import filetime
import incident_hives as hives
import incident_keys as keys
import key_blobs
import rsa_keys
import story
from deflate import zlib_stream
from prng import Prng
from tree import File

_CLIENT_INSTALLED = filetime.eastern("2004-03-17 10:02:33")
_PAGE_OLD = filetime.eastern("2004-12-20 09:14:02")
_PAGE_NEW = filetime.eastern("2005-01-10 13:40:55")


def server_files(snapshot):
    """The site's public key for client set-up; it follows the site server's key."""
    number, changed = next(
        (number, after) for after, number in ((story.SERVICES_RESTARTED, 1),
                                              (story.NEW_SITE_KEY, 2), (story.SMS_INSTALLED, 1))
        if story.since(after, snapshot))
    text = "[Site]\r\nSMSSITECODE=%s\r\nSMSPublicRootKey=%s\r\n" % (
        story.SITE, trusted_root_key(number))
    data = text.encode("ascii")
    return {"C/SMS/bin/i386/mobileclient.tcf": File(data, changed, story.SMS_INSTALLED)}


def client_files():
    """What CL01 trusts, as a WMI listing, and its own identity."""
    cert = _certificate("signing-renewed")
    listing = _instance("TrustedRootKey", TrustedRootKey=trusted_root_key(1)) + "\r\n" + \
        _instance("MPCertificate", MPCertificate=cert.der.hex().upper(), MPName=story.SERVER)
    config = ("[Configuration - Client Properties]\r\nSMS Unique Identifier=GUID:%s\r\n"
              "SMS Certificate Identifier=SMS;%s\r\n" % (
                  Prng("incident/client-id").guid().upper(),
                  hashlib.sha1(b"the client's own certificate").hexdigest().upper()))
    return {"TrustedRootKey.mof": File(listing.encode("ascii"), story.RECOVERED_BACKUP),
            "WINNT/SMSCFG.INI": File(config.encode("ascii"), _CLIENT_INSTALLED)}


def _instance(name, **properties):
    """One WMI instance as text."""
    lines = ['\t%s = "%s";' % item for item in properties.items()]
    return "\r\n".join(["instance of " + name, "{", *lines, "};", ""])


def loose_files():
    """Saved pages of the management point, and the discarded message."""
    return {
        "mpkeyinformation-2004-12-20.xml": File(_page(1, "signing-old"), _PAGE_OLD),
        "mpkeyinformation-2005-01-10.xml": File(_page(2, "signing-new"), _PAGE_NEW),
        "discarded-message.p7m": File(_message(), story.DISCARDED),
        "encryption-old.der": File(_certificate("encryption-old").der, story.SP1_UPGRADE),
    }


def answers():
    """Which generation each piece belongs to."""
    site = {n: rsa_keys.fingerprint(keys.generation(story.SITE_SERVER, n).exchange) for n in (1, 2)}
    agent = keys.generation(story.AGENT, 1)
    return {
        "client-CL01/TrustedRootKey.mof": {"trusted_root_key": site[1], "number": 1},
        "evidence/mpkeyinformation-2004-12-20.xml": {"trusted_root_key": site[1], "number": 1},
        "evidence/mpkeyinformation-2005-01-10.xml": {"trusted_root_key": site[2], "number": 2},
        "evidence/discarded-message.p7m": {
            "recipient": rsa_keys.fingerprint(agent.exchange), "container": story.AGENT,
            "number": 1, "content": _CONTENT},
    }


def trusted_root_key(number):
    """PUBLICKEYBLOB of the site server's exchange key as hexadecimal text."""
    return key_blobs.public_blob(keys.generation(story.SITE_SERVER, number).exchange).hex().upper()


def _certificate(label):
    return next(cert for cert in hives.CERTIFICATES if cert.label == label)


def _page(number, label):
    """The answer to .sms_aut?mpkeyinformation.  Each value is signed by the site."""
    values = (story.SERVER, story.SITE, *_signed(number, _certificate(label).der.hex().upper()),
              *_signed(number, trusted_root_key(number)))
    return ("<MPKEYINFORMATION><MACHINENAME>%s</MACHINENAME><SITECODE>%s</SITECODE>"
            "<MPCERTIFICATE Signature=\"%s\">%s</MPCERTIFICATE>"
            "<TRUSTEDROOTKEY Signature=\"%s\">%s</TRUSTEDROOTKEY></MPKEYINFORMATION>"
            % values).encode("ascii")


def _signed(number, text):
    """(signature, text): SHA-1 over UTF-16 with its NUL, in reverse byte order."""
    key = keys.generation(story.SITE_SERVER, number).exchange
    info = certificates.sha1_digest_info((text + "\0").encode("utf-16-le"))
    return rsa_keys.sign_pkcs1(key, info)[::-1].hex().upper(), text


_CONTENT = "<Report><ReportHeader><Identification><Machine><NetBIOSName>%s</NetBIOSName>" \
           "</Machine></Identification></ReportHeader></Report>" % story.CLIENT


def _message():
    """Packed inventory for the management point's old encryption certificate."""
    body = zlib_stream((_CONTENT + "\0").encode("utf-16-le"))
    cert = _certificate("encryption-old")
    return cms.enveloped(cert.der, cert.gen.exchange, body, Prng("incident/message"))
