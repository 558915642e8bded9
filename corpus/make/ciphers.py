"""The old ciphers that Windows 2000 used, each as one plain function.

3DES and AES come from python3-cryptography.  RC4 and MD4 are written out, since
many systems switch them off.
"""
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

try:                                    # moved there in later releases
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
except ImportError:
    TripleDES = algorithms.TripleDES


def pad(data, block):
    """PKCS padding: 1 to BLOCK bytes that give their own count."""
    fill = block - len(data) % block
    return data + bytes([fill]) * fill


def des3_cbc(key, iv, data):
    """Encrypt whole blocks with 3DES in CBC mode."""
    return _encrypt(TripleDES(key), modes.CBC(iv), data)


def aes_cbc(key, iv, data):
    """Encrypt whole blocks with AES in CBC mode."""
    return _encrypt(algorithms.AES(key), modes.CBC(iv), data)


def des_block(key7, block):
    """Encrypt one block with single DES under a key of 7 bytes (56 bits)."""
    key = _spread(key7)
    return _encrypt(TripleDES(key * 3), modes.ECB(), block)


def rc4(key, data):
    """Encrypt or decrypt with RC4."""
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def md4(data):
    """MD4, the hash behind the NT password form."""
    length = struct.pack("<Q", 8 * len(data))
    data += b"\x80" + bytes((55 - len(data)) % 64) + length
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476]
    for at in range(0, len(data), 64):
        words = struct.unpack_from("<16I", data, at)
        state = [(a + b) & 0xFFFFFFFF for a, b in zip(state, _md4_block(state, words))]
    return struct.pack("<4I", *state)


_MD4_ROUNDS = (
    (lambda x, y, z: x & y | ~x & z, 0, range(16), (3, 7, 11, 19)),
    (lambda x, y, z: x & y | x & z | y & z, 0x5A827999,
     (0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), (3, 5, 9, 13)),
    (lambda x, y, z: x ^ y ^ z, 0x6ED9EBA1,
     (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15), (3, 9, 11, 15)),
)


def _md4_block(state, words):
    a, b, c, d = state
    for mix, constant, order, shifts in _MD4_ROUNDS:
        for step, index in enumerate(order):
            total = (a + mix(b, c, d) + words[index] + constant) & 0xFFFFFFFF
            shift = shifts[step % 4]
            a, b, c, d = d, (total << shift | total >> (32 - shift)) & 0xFFFFFFFF, b, c
    return a, b, c, d


def _encrypt(algorithm, mode, data):
    worker = Cipher(algorithm, mode).encryptor()
    return worker.update(data) + worker.finalize()


def _spread(key7):
    """Seven bits a byte, shifted left once: the low bit is DES's unused parity."""
    bits = int.from_bytes(key7, "big")
    return bytes((bits >> (49 - 7 * i) & 0x7F) << 1 for i in range(8))
