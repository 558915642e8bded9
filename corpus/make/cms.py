"""A CMS EnvelopedData message to one recipient, as CryptEncryptMessage makes it."""
import der
from ciphers import des3_cbc, pad
from rsa_keys import encrypt_pkcs1


def enveloped(certificate, key, content, prng):
    """CONTENT for the owner of CERTIFICATE (whose public key is KEY), 3DES."""
    secret, iv = prng.bytes(24), prng.bytes(8)
    cipher = der.sequence(der.oid("1.2.840.113549.3.7"), der.octets(iv))
    sealed = der.tlv(0x80, des3_cbc(secret, iv, pad(content, 8)))
    inner = der.sequence(der.oid("1.2.840.113549.1.7.1"), cipher, sealed)
    body = der.sequence(der.integer(0), der.set_of(_recipient(certificate, key, secret, prng)),
                        inner)
    return der.sequence(der.oid("1.2.840.113549.1.7.3"), der.explicit(0, body))


def _recipient(certificate, key, secret, prng):
    """The recipient is named by the certificate's issuer and serial number."""
    to_be_signed = der.children(der.children(certificate)[0])
    serial, issuer = to_be_signed[1], to_be_signed[3]
    algorithm = der.sequence(der.oid("1.2.840.113549.1.1.1"), der.NULL)
    return der.sequence(der.integer(0), der.sequence(issuer, serial), algorithm,
                        der.octets(encrypt_pkcs1(key, secret, prng)))
