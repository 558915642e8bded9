"""Pieces that name a public key: what clients trust, what the management point
told them, and a message that nobody could open."""
import hashlib

import filetime
import incident_hives as hives
import incident_keys as keys
import rsa_keys
import story
import trust
from prng import Prng
from server_paths import CLIENT_SETUP
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
    data = trust.client_setup(story.SITE, _root(number))
    return {CLIENT_SETUP: File(data, changed, story.SMS_INSTALLED)}


def client_files():
    """What CL01 trusts, as a WMI listing, and its own identity."""
    cert = _certificate("signing-renewed")
    listing = trust.instances(_root(1), cert.der, story.SERVER)
    config = ("[Configuration - Client Properties]\r\nSMS Unique Identifier=GUID:%s\r\n"
              "SMS Certificate Identifier=SMS;%s\r\n" % (
                  Prng("incident/client-id").guid().upper(),
                  hashlib.sha1(b"the client's own certificate").hexdigest().upper()))
    return {"TrustedRootKey.mof": File(listing, story.RECOVERED_BACKUP),
            "WINNT/SMSCFG.INI": File(config.encode("ascii"), _CLIENT_INSTALLED)}


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
    site = {n: rsa_keys.fingerprint(_root(n)) for n in (1, 2)}
    agent = keys.generation(story.AGENT, 1)
    return {
        "client-CL01/TrustedRootKey.mof": {"trusted_root_key": site[1], "number": 1},
        "evidence/mpkeyinformation-2004-12-20.xml": {"trusted_root_key": site[1], "number": 1},
        "evidence/mpkeyinformation-2005-01-10.xml": {"trusted_root_key": site[2], "number": 2},
        "evidence/discarded-message.p7m": {
            "recipient": rsa_keys.fingerprint(agent.exchange), "container": story.AGENT,
            "number": 1, "content": _CONTENT},
    }


def _root(number):
    """The trusted root key is the exchange key of the site server's container."""
    return keys.generation(story.SITE_SERVER, number).exchange


def _certificate(label):
    return next(cert for cert in hives.CERTIFICATES if cert.label == label)


def _page(number, label):
    return trust.page(story.SERVER, story.SITE, _root(number), _certificate(label).der)


_CONTENT = trust.inventory(story.CLIENT)


def _message():
    """Packed inventory for the management point's old encryption certificate."""
    cert = _certificate("encryption-old")
    return trust.message(cert.der, cert.gen.exchange, _CONTENT, Prng("incident/message"))
