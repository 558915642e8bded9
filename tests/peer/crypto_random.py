"""The crypto room and impacket on sets that are made anew each time.

SMSC_SETS is how many of each kind (8), SMSC_SEED repeats a run.  Whatever impacket says, the
answer is known, since the set was made here.  Its known faults are skipped by name:

  sha1-entropy     the session key of a SHA-1 blob with entropy is made in the newer form
  aes-sha1         it sets DES parity in a stretched AES key
  algorithm        it knows no RC4, single DES, AES-128, AES-192, MD5, SHA-256, SHA-384
  strong-password  it has no such argument
  domain-3         reads slot version 3 with the shorter head of version 2
"""
import hashlib
import hmac
import importlib
import os
import struct
import tempfile
import unittest
import uuid

from crypto_peer import FLAG_ENTROPY, VERIFIED, Case, blob_parts, pairs, rsa_public, slot_parts, slots


def optional(name):
    """A module, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


peer = optional("impacket.dpapi")
secretsdump = optional("impacket.examples.secretsdump")
primitives = optional("cryptography.hazmat.primitives.ciphers")
needs_impacket = unittest.skipUnless(peer and secretsdump, "impacket is not installed")
needs_cryptography = unittest.skipUnless(primitives, "python3-cryptography is not installed")
if primitives:
    import capi
    import ciphers
    import dpapi
    import hive
    import key_blobs
    import lsa
    from prng import Prng
    from rsa_keys import RsaKey, encrypt_pkcs1

SETS = int(os.environ.get("SMSC_SETS", "8"))
SEED = os.environ.get("SMSC_SEED") or os.urandom(8).hex()
print("# SMSC_SEED=" + SEED, flush=True)

# name: id, bytes of the key, of a block
CIPHERS = {"DES": (0x6601, 8, 8), "3DES": (0x6603, 24, 8), "AES-128": (0x660E, 16, 16),
           "AES-192": (0x660F, 24, 16), "AES-256": (0x6610, 32, 16), "RC4": (0x6801, 5, 1)}
HASHES = {"md5": 0x8003, "sha1": 0x8004, "sha256": 0x800C, "sha384": 0x800D, "sha512": 0x800E}


def prng(*label):
    return Prng("random/%s/%s" % (SEED, "/".join(map(str, label))))


def utf16(text):
    return text.encode("utf-16-le")


def xor_pad(key, digest, value):
    return bytes(byte ^ value for byte in key.ljust(hashlib.new(digest).block_size, b"\0"))


def encipher(cipher, key, plain):
    block = CIPHERS[cipher][2]
    if cipher == "RC4":
        return ciphers.rc4(key, plain)
    plain = ciphers.pad(plain, block)
    if cipher.startswith("AES"):
        return ciphers.aes_cbc(key, bytes(16), plain)
    return ciphers.des3_cbc(key * (3 if cipher == "DES" else 1), bytes(8), plain)


# --- blobs [capi-dpapi 4.1] --------------------------------------------------

class Blob:
    """A random blob of any cipher and hash, with everything that opens it."""

    def __init__(self, r):
        windows = r.below(2)                # or a pair that nobody has seen
        self.cipher, self.digest = r.pick([("3DES", "sha1"), ("AES-256", "sha512")]) if windows else \
            (r.pick(list(CIPHERS)), r.pick(list(HASHES)))
        if CIPHERS[self.cipher][1] > 2 * hashlib.new(self.digest).digest_size:
            self.digest = "sha1"
        self.legacy = self.digest == "sha1" or (self.digest != "sha512" and r.below(2))
        self.key = r.bytes(64)
        self.sha1 = hashlib.sha1(self.key).digest()
        self.entropy = r.pick([b"", b"", r.bytes(1 + r.below(90))])
        self.password = r.pick([b"", b"", b"", utf16("Pass%d" % r.below(100000))])
        self.plain = bytes(32 + r.below(95) for _ in range(r.below(200)))
        if self.cipher == "RC4":
            self.plain = self.plain.ljust(40, b"x")
        self.salt, self.nonce = r.bytes(r.pick([16, 32])), r.bytes(r.pick([16, 32]))
        self.aux = r.bytes(11) if self.cipher == "RC4" and r.below(2) else b""
        self.zeros = r.below(2)
        self.raw = self.make(r)

    def mac(self, head, tail):
        if not self.legacy:
            return hmac.new(self.sha1, head + tail, self.digest).digest()
        inner = hashlib.new(self.digest, xor_pad(self.sha1, self.digest, 0x36) + head).digest()
        return hashlib.new(self.digest, xor_pad(self.sha1, self.digest, 0x5C) + inner + tail).digest()

    def cipher_key(self):
        strong = hashlib.new(self.digest, self.password).digest() if self.password else b""
        key, size = self.mac(self.salt, self.entropy + strong), CIPHERS[self.cipher][1]
        if len(key) < size:
            key = b"".join(hashlib.new(self.digest, xor_pad(key, self.digest, x)).digest() for x in (0x36, 0x5C))
        key = key[:size]
        if self.cipher == "RC4":
            key += self.aux or bytes(11 * self.zeros)
        return key

    def make(self, r):
        number, size = CIPHERS[self.cipher][:2]
        counted = dpapi.counted
        signed = b"".join((
            struct.pack("<I", 1), r.bytes(16), struct.pack("<I", 4), counted(utf16("Random\0")),
            struct.pack("<II", number, 8 * size), counted(self.salt), counted(self.aux),
            struct.pack("<II", HASHES[self.digest], 8 * hashlib.new(self.digest).digest_size),
            counted(self.nonce), counted(encipher(self.cipher, self.cipher_key(), self.plain))))
        sign = self.mac(self.nonce, self.entropy + signed)
        return struct.pack("<I", 1) + dpapi.PROVIDER + signed + counted(sign)

    def fault(self):
        """Why impacket cannot open it, or None."""
        if self.password:
            return "strong-password"
        if self.cipher not in ("3DES", "AES-256") or self.digest not in ("sha1", "sha512"):
            return "algorithm"
        if self.digest == "sha1" and self.cipher == "AES-256":
            return "aes-sha1"
        return "sha1-entropy" if self.legacy and self.entropy else None


@needs_cryptography
class Blobs(Case):

    def test_blobs(self):
        compared = 0
        for i in range(10 * SETS):
            b = Blob(prng("blob", i))
            with self.subTest(i=i, cipher=b.cipher, digest=b.digest):
                parts = blob_parts(b.raw)
                self.assertEqual(self.tool.blob(*parts, b.sha1, b.entropy, b.password), b.plain)
                self.refuses("signature is wrong", "blob", *parts, b.sha1, b.entropy + b"1", b.password)
                self.other_password(b, parts)
                if peer and not b.fault():
                    self.assertEqual(peer.DPAPI_BLOB(b.raw).decrypt(b.key, b.entropy or None), b.plain)
                    compared += 1
        print("# blobs: %d, of them compared with impacket: %d" % (10 * SETS, compared), flush=True)

    def other_password(self, b, parts):
        """The signature does not tell; padding or form does, but for one in 256."""
        try:
            got = self.tool.blob(*parts, b.sha1, b.entropy, b.password + utf16("x"))
        except Exception as refused:
            self.assertRegex(str(refused), "password of its own|no known form")
        else:
            self.assertNotEqual(got, b.plain or None)


# --- master keys [capi-dpapi 5] ----------------------------------------------

@needs_cryptography
class MasterKeys(Case):

    def make(self, r):
        ids = r.pick([(0x8009, 0x6603, "sha1"), (0x8004, 0x6603, "sha1"), (0x800E, 0x6610, "sha512"),
                      (0x800E, 0x6603, "sha512"), (0x8009, 0x6610, "sha1")])
        slot = dpapi.Slot(*ids, 1 + r.below(r.pick([3, 100, 3000])))
        master = dpapi.MasterKey(r.guid(), r.bytes(64))
        sid = "S-1-5-21-%d-%d-%d-%d" % tuple(r.below(1 << 32) for _ in range(4))
        return slot, master, sid

    def test_master_keys(self):
        for i in range(2 * SETS):
            r = prng("master", i)
            slot, master, sid = self.make(r)
            with self.subTest(i=i, slot=slot):
                password = "".join(r.pick("aÄ鍵𝛑 1!") for _ in range(r.below(20)))
                self.system(r, slot, master)
                self.password(r, slot, master, sid, password)

    def check(self, file, prekey, key):
        parts = slot_parts(slots(file)[0])
        self.assertEqual(self.tool.slot(*parts, prekey, 64), key)
        self.refuses("does not open", "slot", *parts, prekey[::-1], 64)
        if peer:
            head = peer.MasterKeyFile(file)
            mk = peer.MasterKey(file[len(head):][:head["MasterKeyLen"]])
            self.assertEqual(mk.decrypt(prekey), key)

    def system(self, r, slot, master):
        half = r.bytes(20)
        self.check(dpapi.master_key_file(master, half, "S-1-5-18", r, slot), half, master.key)

    def password(self, r, slot, master, sid, password):
        for form in range(3):
            prekey = self.prekey(form, password, sid)
            self.assertEqual(self.tool.prekey(form, utf16(password), utf16(sid)), prekey)
            file = dpapi.master_key_file(master, prekey, sid, r, slot, policy=5)
            self.check(file, prekey, master.key)

    def prekey(self, form, password, sid):
        if form < 2:
            return dpapi.password_prekey(password, sid, domain=form == 1)
        first = hashlib.pbkdf2_hmac("sha256", ciphers.md4(utf16(password)), utf16(sid), 10000)
        protected = hashlib.pbkdf2_hmac("sha256", first, utf16(sid), 1)[:16]
        return hmac.new(protected, utf16(sid + "\0"), "sha1").digest()


# --- RSA: containers and domain slots ----------------------------------------

def random_rsa(bits):
    rsa = importlib.import_module("cryptography.hazmat.primitives.asymmetric.rsa")
    n = rsa.generate_private_key(65537, bits).private_numbers()
    return RsaKey(bits, n.public_numbers.n, n.public_numbers.e, n.d, n.p, n.q, n.dmp1, n.dmq1, n.iqmp)


@needs_cryptography
class Containers(Case):

    def test_containers(self):
        for i in range(SETS):
            r = prng("container", i)
            master = dpapi.MasterKey(r.guid(), r.bytes(64))
            style = r.pick([dpapi.DES3_SHA1, dpapi.AES_SHA512, dpapi.RC4_40])
            sides = [(random_rsa(r.pick([512, 1024, 2048])), r.below(2)) for _ in range(2)]
            made = [capi.pair(key, master, r, style, bool(flag), r.pick(["", "Export"])) for key, flag in sides]
            file = capi.container("Random %d" % i, *made)
            for (key, flag), parts in zip(sides, pairs(file).values()):
                with self.subTest(i=i, bits=key.bits, cipher=style.cipher):
                    self.pair(master, key, flag, parts, style)

    def pair(self, master, key, flag, parts, style):
        sha1 = hashlib.sha1(master.key).digest()
        plain = key_blobs.bsafe_private(key, style is dpapi.AES_SHA512)
        self.assertEqual(self.tool.blob(*blob_parts(parts[1]), sha1, b""), plain)
        self.assertEqual(self.tool.rsa(plain, *rsa_public(parts[0])), VERIFIED)
        self.assertEqual(self.tool.blob(*blob_parts(parts[2]), sha1, FLAG_ENTROPY), bytes([flag, 0, 0, 0]))
        if peer and style is not dpapi.RC4_40:
            self.assertEqual(peer.DPAPI_BLOB(parts[1]).decrypt(master.key), plain)

    def test_dss(self):
        """Keys by another program, in the form that a container has."""
        dsa = importlib.import_module("cryptography.hazmat.primitives.asymmetric.dsa")
        for bits in (1024, 1024, 2048):
            key = dsa.generate_private_key(bits).private_numbers()
            y, group = key.public_numbers.y, key.public_numbers.parameter_numbers
            m, q = bits // 8, (group.q.bit_length() + 7) // 8
            head = struct.pack("<BBHI4s4I", 7, 3, 0, 0x2200, b"DSS4", bits, 8 * q, 0, 8 * q) + b"\xff" * 24
            public = head + b"".join(n.to_bytes(size, "little")
                                     for n, size in ((group.p, m), (group.q, q), (group.g, m), (y, m)))
            self.assertEqual(self.tool.dsa(public, key.x.to_bytes(q, "little")), VERIFIED)

    def test_domain_slots(self):
        for i in range(max(2, SETS // 4)):
            r = prng("domain", i)
            backup, master = random_rsa(2048), r.bytes(64)
            pvk = key_blobs.pvk(backup, key_blobs.AT_KEYEXCHANGE)
            for version in (2, 3):
                secret, access = self.domain(version, backup, master, r)
                self.assertEqual(self.tool.domain(version, secret, access, pvk), master)
                self.damage(version, secret, access, pvk, r)
                if peer and version == 2:
                    self.assertEqual(self.impacket_domain(secret, pvk), master)

    def domain(self, version, backup, master, r):
        """EncryptedSecret and AccessCheck of MS-BKRP 2.2.2.1 to 2.2.2.4."""
        support = r.bytes(32 if version == 2 else 48)
        head = struct.pack("<II", 64, len(support))
        check = struct.pack("<II", 1, 32) + r.bytes(32) + dpapi.sid_to_bytes("S-1-5-21-1-2-3-%d" % r.below(5000))
        if version == 3:
            head += struct.pack("<II", 0x6610, 0x800E)
        check += bytes(-(len(check) + (20 if version == 2 else 64)) % (8 if version == 2 else 16))
        check += hashlib.new("sha1" if version == 2 else "sha512", check).digest()
        encrypt = ciphers.des3_cbc if version == 2 else ciphers.aes_cbc
        key = 24 if version == 2 else 32
        secret = encrypt_pkcs1(backup, head + master + support, r)[::-1]
        return secret, encrypt(support[:key], support[key:], check)

    def damage(self, version, secret, access, pvk, r):
        at = r.below(len(access))
        bad = access[:at] + bytes([access[at] ^ 1 << r.below(8)]) + access[at + 1:]
        self.refuses("access check is wrong", "domain", version, secret, bad, pvk)
        at = r.below(len(secret))
        bad = secret[:at] + bytes([secret[at] ^ 1 << r.below(8)]) + secret[at + 1:]
        self.refuses("does not open it", "domain", version, bad, access, pvk)
        self.refuses("version 4 ", "domain", 4, secret, access, pvk)

    def impacket_domain(self, secret, pvk):
        pkcs1 = importlib.import_module("Cryptodome.Cipher.PKCS1_v1_5")
        key = peer.privatekeyblob_to_pkcs1(peer.PRIVATE_KEY_BLOB(pvk[len(peer.PVK_FILE_HDR()):]))
        opened = peer.DPAPI_DOMAIN_RSA_MASTER_KEY(pkcs1.new(key).decrypt(secret[::-1], None))
        return opened["buffer"][:opened["cbMasterKey"]]


# --- LSA secrets [capi-dpapi 6] ----------------------------------------------

def seal6(key, key_guid, plain, r):
    salt = r.bytes(32)
    aes = hashlib.sha256(key + salt * 1000).digest()
    plain = struct.pack("<I", len(plain)) + bytes(12) + plain
    plain += bytes(-len(plain) % 16)
    body = b"".join(ciphers.aes_cbc(aes, bytes(16), plain[i:i + 16]) for i in range(0, len(plain), 16))
    return b"\0\0\0\1" + key_guid + struct.pack("<II", 3, 0) + salt + body


def lsa_keys6(boot, key, r):
    """PolEKList with the current key among others."""
    guids = [uuid.UUID(r.guid()).bytes_le for _ in range(1 + r.below(3))]
    entries = [(guid, r.bytes(32)) for guid in guids[1:]]
    entries.insert(r.below(len(entries) + 1), (guids[0], key))
    plain = struct.pack("<I", 3) + guids[0] + struct.pack("<II", 3, len(entries))
    plain += b"".join(guid + struct.pack("<II", 3, 32) + one for guid, one in entries)
    return seal6(boot, bytes(16), plain, r), guids[0], entries[0][1] == key


@needs_cryptography
class Lsa(Case):

    def test_secrets(self):
        for i in range(2 * SETS):
            r = prng("lsa", i)
            boot, secrets = r.bytes(16), {"DPAPI_SYSTEM": lsa.dpapi_system(r.bytes(20), r.bytes(20)),
                                          "NL$KM": b"\1" + r.bytes(r.below(100))}
            names = utf16("".join(lsa.class_names(boot).values()))
            self.assertEqual(self.tool.bootkey(names), boot)
            with self.subTest(i=i):
                self.check(i % 2 == 0, boot, secrets, r)

    def check(self, nt5, boot, secrets, r):
        key = r.bytes(16 if nt5 else 32)
        if nt5:
            policy, first = lsa.policy_secret(boot, key, r), True
            sealed = {name: lsa.secret(key, data, r) for name, data in secrets.items()}
        else:
            policy, guid, first = lsa_keys6(boot, key, r)
            sealed = {name: seal6(key, guid, data, r) for name, data in secrets.items()}
        suffix = "5" if nt5 else "6"
        self.assertEqual(self.tool.ask("lsa" + suffix, (policy, boot)), key)
        self.refuses("not of one machine", "lsa" + suffix, policy, boot[::-1])
        for name, data in secrets.items():
            self.assertEqual(self.tool.ask("secret" + suffix, (sealed[name], key)), data)
        # "There could be more than one LSA keys", says impacket, and takes the first.
        if secretsdump and first:
            said = self.impacket(nt5, boot, policy, sealed)
            self.assertIn("NL$KM:" + secrets["NL$KM"].hex(), said)
            halves = secrets["DPAPI_SYSTEM"][4:24].hex(), secrets["DPAPI_SYSTEM"][24:].hex()
            self.assertIn("dpapi_machinekey:0x%s\ndpapi_userkey:0x%s" % halves, said)

    def impacket(self, nt5, boot, policy, sealed):
        """Through a hive, since it reads nothing else."""
        kept = [hive.key(name, 1, hive.key("CurrVal", 1, hive.default(data))) for name, data in sealed.items()]
        name = "PolSecretEncryptionKey" if nt5 else "PolEKList"
        root = hive.key("SECURITY", 1, hive.key(
            "Policy", 1, hive.key("PolRevision", 1, hive.default(struct.pack("<HH", 5, 1))),
            hive.key(name, 1, hive.default(policy)), hive.key("Secrets", 1, *kept)))
        said = []
        with tempfile.NamedTemporaryFile() as file:
            file.write(hive.write(root, 1))
            file.flush()
            dump = secretsdump.LSASecrets(file.name, boot, None, isRemote=False, history=False,
                                          perSecretCallback=lambda kind, text: said.append(text))
            dump.dumpSecrets()
            dump.finish()
        return said
