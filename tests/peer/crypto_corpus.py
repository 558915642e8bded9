"""The crypto room before the corpus, whose makers know every answer."""
import hashlib
import importlib
import unittest

from crypto_peer import (CNG_KEY_ENTROPY, CNG_PROPERTIES_ENTROPY, CORPUS, DAMAGED, FLAG_ENTROPY,
                         MISMATCH, VERIFIED, Case, blob_master, blob_parts, cng_parts,
                         domain_parts, pairs, read, read_json, rsa_public, slot_parts, slots)

INCIDENT = CORPUS / "incident-2005"
CONFIG = "C/WINNT/system32/config"
ANSWERS = read_json(INCIDENT, "ANSWERS.json")
ALL = read_json(CORPUS, "SAMPLES.json")
SAMPLES, COMMON = ALL["samples"], ALL["shared"]


def optional(name):
    """A module, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


hivex = optional("hivex")
serialization = optional("cryptography.hazmat.primitives.serialization")
keys_of = optional("cryptography.hazmat.primitives.asymmetric.rsa")


def utf16(text):
    return text.encode("utf-16-le")


def hive_value(handle, path):
    """The default value of a key."""
    node = handle.root()
    for name in path.split("\\"):
        node = handle.node_get_child(node, name)
    return handle.value_value(handle.node_get_value(node, ""))[1]


def same_key(plain, pem):
    """Are the numbers of a BSAFE structure those that the PEM file says?"""
    bits = int.from_bytes(plain[8:12], "little")
    places = ((20, bits // 8), (28 + bits // 8, bits // 16))
    n, p = (int.from_bytes(plain[at:at + size], "little") for at, size in places)
    numbers = serialization.load_pem_private_key(pem, None).private_numbers()
    return numbers.public_numbers.n == n and p in (numbers.p, numbers.q)


# --- the incident ------------------------------------------------------------

class Incident(Case):
    """From the class names of SYSTEM to every private key of every snapshot."""

    def test_boot_key(self):
        names = ANSWERS["secrets"]["class_names"]
        raw = utf16("".join(names[key] for key in ("JD", "Skew1", "GBG", "Data")))
        self.assertEqual(self.tool.bootkey(raw).hex(), ANSWERS["secrets"]["boot_key"])

    @unittest.skipUnless(hivex, "python3-hivex is not installed")
    def test_lsa_secrets(self):
        boot = bytes.fromhex(ANSWERS["secrets"]["boot_key"])
        for snapshot in ANSWERS["snapshots"]:
            handle = hivex.Hivex(str(INCIDENT / snapshot / CONFIG / "SECURITY"))
            key = self.tool.lsa5(hive_value(handle, "Policy\\PolSecretEncryptionKey"), boot)
            self.assertEqual(key.hex(), ANSWERS["secrets"]["lsa_key"])
            for name, want in ANSWERS["secrets"]["lsa_secrets"].items():
                for value, which in (("CurrVal", "current"), ("OldVal", "old")):
                    raw = hive_value(handle, "Policy\\Secrets\\%s\\%s" % (name, value))
                    if want[which]:
                        self.assertEqual(self.tool.secret5(raw, key).hex(), want[which])
            self.refuses("not of one machine", "lsa5",
                         hive_value(handle, "Policy\\PolSecretEncryptionKey"), boot[::-1])

    def masters(self, snapshot):
        """{GUID: SHA-1}; each key opens with its half and not with the other."""
        opened = {}
        for held in ANSWERS["master_keys"]:
            slot = slot_parts(slots(read(INCIDENT, snapshot, held["path"]))[0])
            for half in ("machine", "user"):
                prekey = bytes.fromhex(ANSWERS["secrets"][half + "_half"])
                if half == held["half"]:
                    key = self.tool.slot(*slot, prekey, 64)
                    self.assertEqual(key.hex(), held["key"])
                    opened[held["guid"]] = hashlib.sha1(key).digest()
                else:
                    self.refuses("does not open", "slot", *slot, prekey, 64)
        return opened

    def test_containers(self):
        for snapshot in ANSWERS["snapshots"]:
            masters = self.masters(snapshot)
            for g in ANSWERS["generations"]:
                for place in g["places"].get(snapshot, []):
                    with self.subTest(snapshot=snapshot, place=place):
                        self.container(pairs(read(INCIDENT, snapshot, place)), g, masters)

    def container(self, parts, g, masters):
        for name, (public, private, flag) in parts.items():
            self.assertEqual(bool(public), bool(g.get(name)))
            if not public:
                continue
            self.assertEqual(blob_master(private), g["master_key"])
            sha1 = masters[g["master_key"]]
            plain = self.tool.blob(*blob_parts(private), sha1, b"")
            self.assertEqual(self.tool.rsa(plain, *rsa_public(public)), VERIFIED)
            if serialization:
                self.assertTrue(same_key(plain, read(INCIDENT, g[name]["pem"])))
            flag = self.tool.blob(*blob_parts(flag), sha1, FLAG_ENTROPY)
            self.assertEqual(flag, bytes([g["exportable"], 0, 0, 0]))


# --- samples -----------------------------------------------------------------

class Samples(Case):
    """One structure or one damage each."""

    sha1 = bytes.fromhex(COMMON["master_key"]["sha1"])

    def prekeys(self, kind, fact):
        sid, password = utf16(COMMON["user_sid"]), utf16(COMMON["password"])
        if kind == "half":
            return bytes.fromhex(fact["half"])
        if kind.startswith("password"):
            return self.tool.prekey(int(kind == "password-domain"), password, sid)
        return bytes.fromhex(COMMON[kind.replace("-", "_")])

    def test_master_keys(self):
        count = 0
        for name, fact in SAMPLES.items():
            kind = fact.get("opens_with", "domain-backup-key")
            if name.startswith("dpapi-masterkey/") and kind != "domain-backup-key":
                with self.subTest(name):
                    slot = slot_parts(slots(read(CORPUS, name))[0])
                    key = self.tool.slot(*slot, self.prekeys(kind, fact), 64)
                    self.assertEqual(key.hex(), fact["key"])
                    self.refuses("does not open", "slot", *slot, bytes(20), 64)
                    count += 1
        self.assertGreaterEqual(count, 7)

    def test_domain_keys(self):
        for name in ("domain-3des", "domain-aes"):
            fact = SAMPLES["dpapi-masterkey/" + name]
            main, _, _, domain = slots(read(CORPUS, "dpapi-masterkey", name))
            backup = read(CORPUS, fact["backup_key"])
            self.assertEqual(self.tool.domain(*domain_parts(domain), backup).hex(), fact["key"])
            self.assertEqual(self.tool.slot(*slot_parts(main), self.prekeys("password-domain", fact), 64).hex(),
                             fact["key"])
            other = read(CORPUS, "pvk/plain-exchange.pvk")
            self.refuses("another length", "domain", *domain_parts(domain), other)
            self.refuses("locked with a password", "domain", *domain_parts(domain), read(CORPUS, "pvk/rc4.pvk"))
            self.refuses("ends early", "domain", *domain_parts(domain), read(CORPUS, "pvk/bad-cut.pvk"))

    def test_damaged_master_keys(self):
        half = bytes.fromhex(COMMON["machine_half"])
        for name, reason in (("bad-cipher-bit", "does not open"), ("bad-rounds", "out of the limit"),
                             ("bad-algorithm", "cipher 0x6699 unknown")):
            slot = slot_parts(slots(read(CORPUS, "dpapi-masterkey", name))[0])
            self.refuses(reason, "slot", *slot, half, 64)
        whole = slot_parts(slots(read(CORPUS, "dpapi-masterkey/bad-backup-cut"))[0])
        self.assertEqual(self.tool.slot(*whole, half, 64).hex(), COMMON["master_key"]["key"])

    def test_blobs(self):
        for name, fact in SAMPLES.items():
            if name.startswith("dpapi-blob/"):
                with self.subTest(name):
                    parts = blob_parts(read(CORPUS, name))
                    entropy = bytes.fromhex(fact["entropy"])
                    self.assertEqual(self.tool.blob(*parts, self.sha1, entropy).hex(), fact["plain"])
                    self.refuses("signature is wrong", "blob", *parts, self.sha1, entropy + b"x")
                    self.refuses("signature is wrong", "blob", *parts, bytes(20), entropy)

    def test_damaged_blobs(self):
        for name in ("bad-sign", "bad-cipher"):
            parts = blob_parts(read(CORPUS, "dpapi-blob", name))
            self.refuses("signature is wrong", "blob", *parts, self.sha1, b"")
            self.assertEqual(self.tool.damaged(*parts, self.sha1, b""), b"\1")
        good = blob_parts(read(CORPUS, "dpapi-blob/3des"))
        self.assertEqual(self.tool.damaged(*good, self.sha1, b""), b"\0")

    def test_containers(self):
        verified = 0
        for name, fact in SAMPLES.items():
            if name.startswith("capi-container/") and not name.endswith(("dss", "mismatch", "locked")):
                with self.subTest(name):
                    verified += self.container(pairs(read(CORPUS, name)), fact)
        self.assertGreaterEqual(verified, 10)

    def container(self, parts, fact):
        count = 0
        for public, private, flag in parts.values():
            if private:
                plain = self.tool.blob(*blob_parts(private), self.sha1, b"")
                self.assertEqual(self.tool.rsa(plain, *rsa_public(public)), VERIFIED)
                flag = self.tool.blob(*blob_parts(flag), self.sha1, FLAG_ENTROPY)
                self.assertEqual(flag, bytes([fact.get("exportable", False), 0, 0, 0]))
                count += 1
        return count

    def test_damaged_containers(self):
        public, private, _ = pairs(read(CORPUS, "capi-container/bad-mismatch"))["signature"]
        plain = self.tool.blob(*blob_parts(private), self.sha1, b"")
        self.assertEqual(self.tool.rsa(plain, *rsa_public(public)), MISMATCH)
        _, private, _ = pairs(read(CORPUS, "capi-container/bad-cipher-bit"))["signature"]
        self.refuses("signature is wrong", "blob", *blob_parts(private), self.sha1, b"")
        _, private, _ = pairs(read(CORPUS, "capi-container/locked"))["signature"]
        self.assertEqual(blob_master(private), SAMPLES["capi-container/locked"]["master_key"])
        self.refuses("signature is wrong", "blob", *blob_parts(private), self.sha1, b"")

    def test_dss_container(self):
        public, private, flag = pairs(read(CORPUS, "capi-container/dss"))["signature"]
        plain = self.tool.blob(*blob_parts(private), self.sha1, b"")
        self.assertEqual(plain[::-1].hex(), SAMPLES["capi-container/dss"]["x"])
        self.assertEqual(self.tool.dsa(public, plain), VERIFIED)
        self.assertEqual(self.tool.blob(*blob_parts(flag), self.sha1, FLAG_ENTROPY), bytes(4))
        other = bytes([plain[0] ^ 1]) + plain[1:]
        self.assertEqual(self.tool.dsa(public, other), MISMATCH)
        self.assertEqual(self.tool.dsa(public, b"\xff" * 20), DAMAGED)
        self.assertEqual(self.tool.dsa(public[:60], plain), DAMAGED)

    def test_cng_keys(self):
        for name, algorithm in (("rsa-2048", b"RSA"), ("aes", b"symmetric")):
            public, properties, key = cng_parts(read(CORPUS, "cng-key", name))
            plain = self.tool.blob(*blob_parts(key), self.sha1, CNG_KEY_ENTROPY)
            known = public if algorithm == b"RSA" else b""
            self.assertEqual(self.tool.cng(plain, known), VERIFIED + algorithm)
            self.assertTrue(self.tool.blob(*blob_parts(properties), self.sha1, CNG_PROPERTIES_ENTROPY))
        self.assertEqual(plain[12:].hex(), SAMPLES["cng-key/aes"]["key"])

    def test_rsa_of_cng(self):
        public, _, key = cng_parts(read(CORPUS, "cng-key/rsa-2048"))
        plain = self.tool.blob(*blob_parts(key), self.sha1, CNG_KEY_ENTROPY)
        other = public[:40] + bytes([public[40] ^ 1]) + public[41:]
        self.assertEqual(self.tool.cng(plain, other), MISMATCH + b"RSA")
        self.assertEqual(self.tool.cng(plain, b""), VERIFIED + b"RSA")
        bad = plain[:300] + bytes([plain[300] ^ 4]) + plain[301:]
        self.assertEqual(self.tool.cng(bad, public), DAMAGED + b"RSA")
        self.assertEqual(self.tool.cng(plain[:-1], public), DAMAGED + b"RSA")


@unittest.skipUnless(optional("cryptography"), "python3-cryptography is not installed")
class Curves(Case):
    """Keys on the NIST curves, made by another program, in CNG's form."""

    def blob(self, private, magic):
        size = (private.curve.key_size + 7) // 8
        numbers = private.private_numbers()
        point = numbers.public_numbers.x, numbers.public_numbers.y, numbers.private_value
        return magic + size.to_bytes(4, "little") + b"".join(n.to_bytes(size, "big") for n in point), size

    def test_curves(self):
        ec = importlib.import_module("cryptography.hazmat.primitives.asymmetric.ec")
        for curve, digit in ((ec.SECP256R1(), b"2"), (ec.SECP384R1(), b"4"), (ec.SECP521R1(), b"6")):
            for use, name in ((b"ECS", b"ECDSA"), (b"ECK", b"ECDH")):
                plain, size = self.blob(ec.generate_private_key(curve), use + digit)
                public = plain[:3] + bytes([plain[3] - 1]) + plain[4:8 + 2 * size]
                self.assertEqual(self.tool.cng(plain, public), VERIFIED + name)
                self.assertEqual(self.tool.cng(plain, b""), VERIFIED + name)
                other, _ = self.blob(ec.generate_private_key(curve), use + digit)
                self.assertEqual(self.tool.cng(other, public), MISMATCH + name)
                crossed = plain[:8 + 2 * size] + other[8 + 2 * size:]
                self.assertEqual(self.tool.cng(crossed, public), DAMAGED + name)
                self.assertEqual(self.tool.cng(plain[:8 + 2 * size] + bytes(size), public), DAMAGED + name)
                self.refuses("no CNG key", "cng", plain[:-1], public)
