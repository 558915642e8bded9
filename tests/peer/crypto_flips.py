"""One flipped bit anywhere never yields a wrong key: it is refused, or it was a bit that
nothing depends on, and the key is right."""
import hashlib
import struct
import unittest

from crypto_peer import (CORPUS, FLAG_ENTROPY, VERIFIED, Case, Refused, blob_parts, cng_parts,
                         domain_parts, pairs, read, read_json, rsa_public, slot_parts, slots)

try:
    import dpapi
    import lsa
    from prng import Prng
except ImportError:
    dpapi = None
needs_makers = unittest.skipUnless(dpapi, "python3-cryptography is not installed")

COMMON = read_json(CORPUS, "SAMPLES.json")["shared"]
SHA1 = bytes.fromhex(COMMON["master_key"]["sha1"])


def flips(data, step=1):
    """Each copy with one bit turned, or each STEP-th."""
    for bit in range(0, 8 * len(data), step):
        bad = bytearray(data)
        bad[bit // 8] ^= 1 << bit % 8
        yield bit, bytes(bad)


class Flips(Case):

    def ask(self, op, *arguments):
        """The answer, or None when it was refused."""
        try:
            return self.tool.ask(op, arguments)
        except Refused as refused:
            self.assertTrue(str(refused), "refused without a reason")
            return None

    def never(self, what, data, right, tries, step=1):
        """TRIES(copy) is None or RIGHT for each copy of DATA; how many were refused."""
        refused = 0
        for bit, bad in flips(data, step):
            try:
                got = tries(bad)
            except struct.error:  # a length so wrong that nothing is there
                got = None
            refused += got is None
            if got is not None and got != right:
                self.fail("%s, bit %d: a wrong key" % (what, bit))
        return refused

    # --- blobs and containers ---

    def blob(self, raw, entropy=b""):
        return self.ask("blob", *blob_parts(raw), SHA1, entropy)

    def test_blobs(self):
        for name in ("3des", "3des-empty", "aes", "rc4-40"):
            raw = read(CORPUS, "dpapi-blob", name)
            refused = self.never(name, raw, self.blob(raw), self.blob)
            # All is signed but version and provider.
            self.assertEqual(refused, 8 * (len(raw) - 20))

    def test_container(self):
        for name, step in (("exchange-only", 1), ("aes-2048", 13), ("rc4-40", 11)):
            file = read(CORPUS, "capi-container", name)
            right = self.open_pair(file)
            self.assertIsNotNone(right)
            refused = self.never(name, file, right, self.open_pair, step)
            self.assertGreater(refused, 8 * len(file) // step * 0.8)

    def open_pair(self, file):
        """(private key, flag) when all of it holds and fits the public half."""
        public, private, flag = pairs(file)["exchange"]
        plain, flag = self.blob(private), self.blob(flag, FLAG_ENTROPY)
        if plain is None or flag is None or self.ask("rsa", plain, *rsa_public(public)) != VERIFIED:
            return None
        return plain, flag

    # --- plaintexts ---

    def test_rsa_numbers(self):
        public, private, _ = pairs(read(CORPUS, "capi-container/512-bit"))["exchange"]
        plain, m = self.blob(private), 64
        halves = [(28 + m + i * (m // 2 + 4), m // 2) for i in range(5)]
        used = {at + i for at, size in [(0, 4), (8, 4), (16, 4 + m)] + halves + [(48 + m + 5 * m // 2, m)]
                for i in range(size)}
        for bit, bad in flips(plain):
            state = self.ask("rsa", bad, *rsa_public(public))
            self.assertEqual(state != VERIFIED, bit // 8 in used, "bit %d" % bit)

    def test_rsa_public(self):
        public, private, _ = pairs(read(CORPUS, "capi-container/512-bit"))["exchange"]
        plain = self.blob(private)
        for bit, bad in flips(public[16:84]):
            self.assertNotEqual(self.ask("rsa", plain, *rsa_public(public[:16] + bad)), VERIFIED, bit)

    def test_dss(self):
        public, private, _ = pairs(read(CORPUS, "capi-container/dss"))["signature"]
        plain = self.blob(private)
        for bit, bad in flips(plain):
            self.assertNotEqual(self.ask("dsa", public, bad), VERIFIED, bit)
        for bit, bad in flips(public[52:]):
            self.assertNotEqual(self.ask("dsa", public[:52] + bad, plain), VERIFIED, bit)

    def test_cng(self):
        public, _, key = cng_parts(read(CORPUS, "cng-key/rsa-2048"))
        plain = self.ask("blob", *blob_parts(key), SHA1, b"xT5rZW5qVVbrvpuA\0")
        for bit, bad in flips(plain, 29):
            self.assertNotEqual((self.ask("cng", bad, public) or b"x")[:1], VERIFIED, bit)

    # --- master keys and LSA secrets ---

    def slot(self, slot, prekey):
        return self.ask("slot", *slot_parts(slot), prekey, 64)

    @needs_makers
    def test_master_key(self):
        """With few rounds, for there are many bits."""
        for slot in (dpapi.SLOT_3DES._replace(rounds=2), dpapi.SLOT_AES._replace(rounds=2)):
            r = Prng("flips/" + slot.hash)
            master, half = dpapi.MasterKey(r.guid(), r.bytes(64)), r.bytes(20)
            raw = slots(dpapi.master_key_file(master, half, "S-1-5-18", r, slot))[0]
            self.assertEqual(self.slot(raw, half), master.key)
            refused = self.never("slot", raw, master.key, lambda bad, half=half: self.slot(bad, half))
            self.assertEqual(refused, 8 * (len(raw) - 4))  # all but the version
            self.assertEqual(self.never("pre-key", half, master.key, lambda bad, raw=raw: self.slot(raw, bad)), 160)

    def test_real_rounds(self):
        """As Windows writes it."""
        file = read(CORPUS, "dpapi-masterkey/3des-machine")
        half, key = bytes.fromhex(COMMON["machine_half"]), bytes.fromhex(COMMON["master_key"]["key"])
        self.never("slot", slots(file)[0], key, lambda bad: self.slot(bad, half), 17)

    def test_domain_slot(self):
        backup = read(CORPUS, "pvk/domain-backup.pvk")
        slot = slots(read(CORPUS, "dpapi-masterkey/domain-3des"))[3]
        key = self.ask("domain", *domain_parts(slot), backup)
        refused = self.never("domain slot", slot[28:], key, lambda bad: self.ask(
            "domain", *domain_parts(slot[:28] + bad), backup), 7)
        self.assertEqual(refused, len(range(0, 8 * (len(slot) - 28), 7)))
        self.never("backup key", backup, key, lambda bad: self.ask("domain", *domain_parts(slot), bad), 61)

    @needs_makers
    def test_lsa(self):
        """LSA secrets have no check of their own: the master key's tag at the end tells."""
        r = Prng("flips/lsa")
        boot, key, half = r.bytes(16), r.bytes(16), r.bytes(20)
        master = dpapi.MasterKey(r.guid(), r.bytes(64))
        file = dpapi.master_key_file(master, half, "S-1-5-18", r, dpapi.SLOT_3DES._replace(rounds=1))
        policy, secret = lsa.policy_secret(boot, key, r), lsa.secret(key, lsa.dpapi_system(half, r.bytes(20)), r)

        def chain(boot_key, policy_value, value):
            lsa_key = self.ask("lsa5", policy_value, boot_key)
            plain = self.ask("secret5", value, lsa_key) if lsa_key else None
            return self.slot(slots(file)[0], plain[4:24]) if plain else None
        self.assertEqual(chain(boot, policy, secret), master.key)
        self.assertEqual(self.never("boot key", boot, master.key, lambda bad: chain(bad, policy, secret)), 128)
        self.never("policy", policy, master.key, lambda bad: chain(boot, bad, secret))
        self.never("secret", secret, master.key, lambda bad: chain(boot, policy, bad))

    @needs_makers
    def test_lsa_of_nt6(self):
        import crypto_random
        r = Prng("flips/lsa6")
        boot, key = r.bytes(16), r.bytes(32)
        policy, guid, _ = crypto_random.lsa_keys6(boot, key, r)
        secret = crypto_random.seal6(key, guid, hashlib.sha256(b"x").digest(), r)
        self.assertEqual(self.ask("lsa6", policy, boot), key)
        self.assertEqual(self.never("boot key", boot, key, lambda bad: self.ask("lsa6", policy, bad)), 128)
        self.assertEqual(self.never("key", key, None, lambda bad: self.ask("secret6", secret, bad)), 256)
