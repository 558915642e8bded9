"""A DSS (DSA) key pair of 512 bits, the size of the early base provider."""
from collections import namedtuple

from prng import Prng
from rsa_keys import is_prime

DssKey = namedtuple("DssKey", "bits p q g x y")


def make_dss(label, bits=512):
    """The key pair that belongs to LABEL: q divides p - 1, g has order q."""
    prng = Prng("dss/%d/%s" % (bits, label))
    q = _prime(prng, 160)
    while True:
        p = prng.odd(bits)
        p -= p % (2 * q) - 1
        if p.bit_length() == bits and is_prime(p, prng):
            break
    g = pow(2, (p - 1) // q, p)
    x = 1 + prng.below(q - 1)
    return DssKey(bits, p, q, g, x, pow(g, x, p))


def _prime(prng, bits):
    while True:
        number = prng.odd(bits)
        if is_prime(number, prng):
            return number
