"""Secrets and keys that the samples share; all are invented."""
import hashlib

import rsa_keys
from dpapi import MasterKey
from filetime import utc
from prng import Prng

MADE = utc("2004-05-06 07:08:09.1250000")
USER_SID = "S-1-5-21-1000000001-1000000002-1000000003-1001"
PASSWORD = "not-a-real-password"

SIGNATURE = rsa_keys.make_rsa("sample/signature", 1024)
EXCHANGE = rsa_keys.make_rsa("sample/exchange", 1024)
BIG = rsa_keys.make_rsa("sample/big", 2048)
SMALL = rsa_keys.make_rsa("sample/small", 512)
DOMAIN_KEY = rsa_keys.make_rsa("sample/domain-backup", 2048)


def master_key(label):
    """The master key that belongs to LABEL."""
    prng = Prng("sample/master/" + label)
    return MasterKey(prng.guid(), prng.bytes(64))


MASTER = master_key("samples")
MACHINE_HALF = Prng("sample/dpapi-system/machine").bytes(20)
USER_HALF = Prng("sample/dpapi-system/user").bytes(20)


def shared_facts():
    """What all of these samples have in common."""
    return {"master_key": {"guid": MASTER.guid, "key": MASTER.key.hex(),
                           "sha1": hashlib.sha1(MASTER.key).hexdigest()},
            "machine_half": MACHINE_HALF.hex(), "user_half": USER_HALF.hex(),
            "user_sid": USER_SID, "password": PASSWORD}


def rsa_facts(key):
    """What names an RSA key; None for no key."""
    return None if key is None else {"bits": key.bits, "spki_sha256": rsa_keys.fingerprint(key)}
