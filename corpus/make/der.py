"""A small DER writer: as much as keys, certificates and CMS need."""
import base64

NULL = b"\x05\x00"


def tlv(tag, body):
    """One element with a definite length."""
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    count = (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | count]) + size.to_bytes(count, "big") + body


def sequence(*parts):
    return tlv(0x30, b"".join(parts))


def set_of(*parts):
    return tlv(0x31, b"".join(sorted(parts)))


def integer(number):
    return tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octets(body):
    return tlv(0x04, body)


def bits(body):
    """A BIT STRING without unused bits."""
    return tlv(0x03, b"\0" + body)


def printable(text):
    return tlv(0x13, text.encode("ascii"))


def explicit(number, body):
    return tlv(0xA0 | number, body)


def oid(text):
    """OBJECT IDENTIFIER from its dotted form."""
    first, second, *rest = map(int, text.split("."))
    return tlv(0x06, b"".join(map(_base128, [40 * first + second] + rest)))


def time(stamp):
    """UTCTime until 2049, GeneralizedTime after it, as RFC 5280 asks for."""
    text = stamp.strftime("%Y%m%d%H%M%SZ")
    return tlv(0x17, text[2:].encode()) if stamp.year < 2050 else tlv(0x18, text.encode())


def rsa_public(n, e):
    return sequence(integer(n), integer(e))


def rsa_spki(n, e):
    algorithm = sequence(oid("1.2.840.113549.1.1.1"), NULL)
    return sequence(algorithm, bits(rsa_public(n, e)))


def rsa_pkcs8(key):
    """PrivateKeyInfo of an RSA key."""
    numbers = (0, key.n, key.e, key.d, key.p, key.q, key.dp, key.dq, key.qinv)
    algorithm = sequence(oid("1.2.840.113549.1.1.1"), NULL)
    return sequence(integer(0), algorithm, octets(sequence(*map(integer, numbers))))


def pem(label, body):
    """DER as PEM text."""
    text = base64.b64encode(body).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN %s-----" % label, *lines, "-----END %s-----" % label, ""])


def _base128(number):
    out = [number & 0x7F]
    while number > 0x7F:
        number >>= 7
        out.append(0x80 | number & 0x7F)
    return bytes(reversed(out))


def children(data):
    """The elements inside the first element of DATA, each with its head."""
    start, size = _head(data)
    body, parts = data[start:start + size], []
    while body:
        start, size = _head(body)
        parts.append(body[:start + size])
        body = body[start + size:]
    return parts


def _head(data):
    """(size of tag and length, size of the body) of an element."""
    if data[1] < 0x80:
        return 2, data[1]
    count = data[1] & 0x7F
    return 2 + count, int.from_bytes(data[2:2 + count], "big")
