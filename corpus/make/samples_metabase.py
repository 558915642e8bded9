"""Minimal IIS metabases: the protected values in filling, and as digits in XML."""
import struct

import metabase
from prng import Prng
from sample import in_folder, patch32
from sample_secrets import EXCHANGE, SIGNATURE, SMALL, rsa_facts

_SECRETS = ("not-a-real-password", "x")
_XML = ('<?xml version ="1.0"?>\r\n<configuration>\r\n<MBProperty>\r\n<IIS_Global\tLocation ="."\r\n'
        '\t\tSessionKey="%s"\r\n\t>\r\n</IIS_Global>\r\n<IIsWebService\tLocation ="/LM/W3SVC"\r\n'
        '\t\tAnonymousUserPass="%s"\r\n\t>\r\n</IIsWebService>\r\n</MBProperty>\r\n</configuration>\r\n')


def samples():
    """Every sample of this file."""
    one = in_folder("metabase/")
    good = metabase.metabase(SIGNATURE, EXCHANGE, _SECRETS, Prng("sample/metabase"))
    key, value = good.index(b"IcKb"), good.index(b"IcDb")
    facts = {"signature": rsa_facts(SIGNATURE), "exchange": rsa_facts(EXCHANGE), "values": len(_SECRETS)}
    # The signature key of the base provider has 512 bits, and so has everything it signs.
    small = metabase.metabase(SMALL, SMALL, _SECRETS[:1], Prng("sample/metabase/small"))
    digits = [_value(good, at).hex() for at in (key, value)]
    return [
        one("plain.bin", good, "decodes; 1 session key, 2 values", "as on Windows 2000", facts),
        one("small.bin", small, "decodes; 1 session key, 1 value", "keys of 512 bits",
            {"signature": rsa_facts(SMALL), "exchange": rsa_facts(SMALL), "values": 1}),
        one("plain.xml", (_XML % tuple(digits)).encode("ascii"), "decodes; 1 session key, 1 value",
            "as on Windows Server 2003", {**facts, "values": 1}),
        one("bad-cut.bin", good[:value + 60], "decodes; finding: truncated", "ends inside a value", facts),
        one("bad-length.bin", patch32(good, value + 4, 0x7fffffff),
            "decodes; finding: lengths contradict each other", "length of the first value", facts),
        one("bad-cut.xml", (_XML % (digits[0], digits[1][:-10])).encode("ascii"),
            "decodes; finding: digits missing", "digits of a value end early", {**facts, "values": 1}),
    ]


def _value(data, at):
    return data[at:at + 8 + struct.unpack_from("<I", data, at + 4)[0]]
