"""RSA keys that come out the same on every machine."""
import hashlib
from collections import namedtuple

from prng import Prng

RsaKey = namedtuple("RsaKey", "bits n e d p q dp dq qinv")

_EXPONENT = 65537
_ROUNDS = 24
_SIEVE = [n for n in range(3, 2000, 2) if all(n % m for m in range(3, int(n ** 0.5) + 1, 2))]
_known = {}


def make_rsa(label, bits):
    """The RSA key of BITS bits that belongs to LABEL."""
    if (label, bits) not in _known:
        _known[label, bits] = _generate(Prng("rsa/%d/%s" % (bits, label)), bits)
    return _known[label, bits]


def spki_der(key):
    """SubjectPublicKeyInfo, the form whose SHA-256 names a key in this project."""
    import der                          # der needs no keys, so there is no circle
    return der.rsa_spki(key.n, key.e)


def fingerprint(key):
    """SHA-256 of the SubjectPublicKeyInfo as hex."""
    return hashlib.sha256(spki_der(key)).hexdigest()


def public_raw(key, number):
    """NUMBER to the public exponent, big-endian bytes of the modulus' size."""
    return pow(number, key.e, key.n).to_bytes(key.bits // 8, "big")


def private_raw(key, number):
    """NUMBER to the private exponent, big-endian bytes of the modulus' size."""
    return pow(number, key.d, key.n).to_bytes(key.bits // 8, "big")


def sign_pkcs1(key, digest_info):
    """RSASSA-PKCS1-v1_5 over a ready DigestInfo, big-endian."""
    fill = key.bits // 8 - 3 - len(digest_info)
    block = b"\0\1" + b"\xff" * fill + b"\0" + digest_info
    return private_raw(key, int.from_bytes(block, "big"))


def encrypt_pkcs1(key, data, prng):
    """RSAES-PKCS1-v1_5 with non-zero filling drawn from PRNG, big-endian."""
    fill = bytes(1 + prng.below(255) for _ in range(key.bits // 8 - 3 - len(data)))
    block = b"\0\2" + fill + b"\0" + data
    return public_raw(key, int.from_bytes(block, "big"))


def is_prime(number, prng):
    """Trial division, then Miller-Rabin."""
    if any(number % small == 0 for small in _SIEVE):
        return number in _SIEVE
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(number, 2 + prng.below(number - 3), odd, twos) for _ in range(_ROUNDS))


def _passes(number, base, odd, twos):
    power = pow(base, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False


def _prime(prng, bits):
    while True:
        number = prng.odd(bits)
        if number % _EXPONENT != 1 and is_prime(number, prng):
            return number


def _generate(prng, bits):
    p, q = _prime(prng, bits // 2), _prime(prng, bits // 2)
    if p < q:                           # p > q, as CryptoAPI writes them
        p, q = q, p
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    return RsaKey(bits, p * q, _EXPONENT, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
