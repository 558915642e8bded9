"""The crypto room before published vectors and the generated sets of the shared evidence."""
import base64
import hashlib
import struct

from crypto_peer import (CNG_KEY_ENTROPY, CNG_PROPERTIES_ENTROPY, FLAG_ENTROPY, SHARED, VERIFIED,
                         Case, blob_parts, blob_master, cng_parts, domain_parts, needs_shared,
                         pairs, read, read_json, rsa_public, slot_parts, slots)

CAPI = SHARED / "capi"


def utf16(text):
    return text.encode("utf-16-le")


def class_names(names):
    return utf16("".join(names[key] for key in ("JD", "Skew1", "GBG", "Data")))


@needs_shared
class Published(Case):
    """vectors.json: one test for each, added below."""

    def lsa(self, v, h):
        if "class_names" in v:
            self.assertEqual(self.tool.bootkey(class_names(v["class_names"])), h("bootkey"))
        nt6 = h("policy_key")[:4] == b"\0\0\0\1"
        key, secret = ("lsa6", "secret6") if nt6 else ("lsa5", "secret5")
        self.assertEqual(self.tool.ask(key, (h("policy_key"), h("bootkey"))), h("lsa_key"))
        for sealed, plain in (("dpapi_system_currval", "dpapi_system"), ("nlkm_currval", "nlkm")):
            if sealed in v:
                self.assertEqual(self.tool.ask(secret, (h(sealed), h("lsa_key"))), h(plain))

    def secret(self, v, h):
        value = struct.pack("<III", len(h("cipher")), 0, 0) + h("cipher")
        self.assertEqual(self.tool.secret5(value, h("lsa_key")), h("plain"))

    def blob(self, v, h):
        sha1 = hashlib.sha1(h("master_key")).digest()
        self.assertEqual(self.tool.blob(*blob_parts(h("blob")), sha1, h("entropy")), h("plain"))

    def user_key(self, v, h):
        prekey = self.tool.prekey({"sha1": 0, "md4": 1}[v["hash"]], utf16(v["password"]), utf16(v["sid"]))
        self.assertEqual(self.tool.slot(*slot_parts(slots(h("file"))[0]), prekey, 64), h("key"))

    def system_key(self, v, h):
        half = {"machine": slice(4, 24), "user": slice(24, 44)}[v["opened_by"]]
        slot = slot_parts(slots(h("file"))[0])
        self.assertEqual(self.tool.slot(*slot, h("dpapi_system")[half], 64), h("key"))

    def slot_text(self, v, h):
        """$DPAPImk$: no key is published, so that the tag alone has to tell."""
        context, sid, cipher, digest, rounds, salt, _, data = v["hash"].split("*")[1:]
        prekey = self.tool.prekey(int(context) - 1, utf16(v["password"]), utf16(sid))
        ids = {"sha1": 0x8009, "sha512": 0x800E, "des3": 0x6603, "aes256": 0x6610}
        parts = int(rounds), ids[digest], ids[cipher], bytes.fromhex(salt), bytes.fromhex(data)
        self.assertEqual(len(self.tool.slot(*parts, prekey, 64)), 64)
        self.refuses("does not open", "slot", *parts, prekey[1:] + b"\0", 64)


def add_published():
    kinds = {"lsa+blob": "lsa", "lsa_nt5": "lsa", "lsa_secret_nt5": "secret", "dpapi_blob": "blob",
             "masterkey_user": "user_key", "masterkey_system": "system_key",
             "masterkey_slot_text": "slot_text"}
    for v in read_json(CAPI / "vectors.json"):
        def test(self, v=v):
            getattr(self, kinds[v["kind"]])(v, lambda key: bytes.fromhex(v[key]))
        setattr(Published, "test_" + v["id"], test)


@needs_shared
class Generated(Case):
    """Each generated set, from the class names to both private keys; tests added below."""

    def check(self, folder):
        known = read_json(folder / "known.json")
        boot = self.tool.bootkey(class_names(known["class_names"]))
        self.assertEqual(boot.hex(), known["bootkey"])
        lsa = self.tool.lsa5(bytes.fromhex(known["lsa"]["PolSecretEncryptionKey"]), boot) \
            if "PolSecretEncryptionKey" in known["lsa"] else \
            self.tool.lsa6(bytes.fromhex(known["lsa"]["PolEKList"]), boot)
        sealed = bytes.fromhex(known["lsa"]["DPAPI_SYSTEM.CurrVal"])
        secret = self.tool.ask("secret5" if len(lsa) == 16 else "secret6", (sealed, lsa))
        self.assertEqual(secret.hex(), known["dpapi_system"])
        self.containers(folder, self.masters(folder, known, secret))

    def masters(self, folder, known, secret):
        """{GUID: SHA-1 of the key}"""
        opened = {}
        places = (("machine", secret[4:24], "S-1-5-18"), ("user", secret[24:44], "S-1-5-18/User"))
        for which, half, place in places:
            key = known[which + "_mk"]
            file = read(folder / "Protect" / place / key["guid"])
            self.assertEqual(self.tool.slot(*slot_parts(slots(file)[0]), half, 64).hex(), key["key"])
            opened[key["guid"]] = hashlib.sha1(bytes.fromhex(key["key"])).digest()
            self.backup(file, key)
        return opened

    def backup(self, file, key):
        slot = slot_parts(slots(file)[1])
        name = "sha512" if slot[1] == 0x800E else "sha1"
        prekey = hashlib.new(name, utf16("S-1-5-18\0")).digest()
        self.assertEqual(self.tool.slot(*slot, prekey, 32).hex(), key["local"])

    def containers(self, folder, masters):
        file = next((folder / "Crypto/RSA/MachineKeys").iterdir())
        for name, (public, private, flag) in pairs(file.read_bytes()).items():
            short = {"signature": "sig", "exchange": "xch"}[name]
            sha1 = masters[blob_master(private)]
            plain = self.tool.blob(*blob_parts(private), sha1, b"")
            self.assertEqual(plain, read(folder / "expected" / (short + ".rsa2")))
            self.assertEqual(self.tool.rsa(plain, *rsa_public(public)), VERIFIED)
            flag = self.tool.blob(*blob_parts(flag), masters[blob_master(flag)], FLAG_ENTROPY)
            self.assertIn(flag, (b"\0\0\0\0", b"\1\0\0\0"))


def add_generated():
    for folder in sorted((CAPI / "generated").iterdir()):
        def test(self, folder=folder):
            self.check(folder)
        setattr(Generated, "test_" + folder.name, test)


@needs_shared
class Real(Case):
    """Files of real machines with their known answers (capi/README.txt)."""

    def test_efs_container(self):
        """Password, master key, 2048-bit key, certificate."""
        folder = CAPI / "mimikatz-wiki-efs"
        prekey = self.tool.prekey(0, utf16("waza1234/"), utf16("S-1-5-21-494464150-3436831043-1864828003-1001"))
        file = read(next(folder.glob("1eccdbd2*")))
        key = self.tool.slot(*slot_parts(slots(file)[0]), prekey, 64)
        sha1 = hashlib.sha1(key).digest()
        self.assertEqual(sha1.hex(), "f2c9ea33a990c865e985c496fb8915445895d80b")
        public, private, flag = pairs(read(next(folder.glob("79e1ac78*"))))["exchange"]
        plain = self.tool.blob(*blob_parts(private), sha1, b"")
        self.assertEqual(plain, read(folder / "expected_private_plain.bin"))
        self.assertEqual(self.tool.rsa(plain, *rsa_public(public)), VERIFIED)
        self.assertIn(public[20:-8][::-1], read(folder / "cert.der"))
        self.assertEqual(self.tool.blob(*blob_parts(flag), sha1, FLAG_ENTROPY), b"\1\0\0\0")

    def test_domain_slot_version_2(self):
        folder = CAPI / "dsinternals"
        file = read(next(folder.glob("7fc19508*")))
        for form in (".pvk", ".bin"):
            backup = read(folder / ("domain_backupkey_efe756ec" + form))
            key = self.tool.domain(*domain_parts(slots(file)[3]), backup)
            self.assertEqual(hashlib.sha1(key).hexdigest(), "21de96b45e28f2057df85bb198ac6f63bc411899")
        local = hashlib.sha1(utf16("S-1-5-21-4534338-1127018997-2609994386-500\0")).digest()
        self.assertEqual(len(self.tool.slot(*slot_parts(slots(file)[1]), local, 32)), 32)

    def test_domain_slot_version_3(self):
        """The slot and the password give the same key."""
        file = read(CAPI / "nemesis/masterkey_domain.bin")
        backup = base64.b64decode(read_json(CAPI / "nemesis/backupkey.json")["key"])
        key = self.tool.domain(*domain_parts(slots(file)[3]), backup)
        self.assertTrue(key.hex().startswith("36bd60cb9e7e5243") and key.hex().endswith("6c411c85f5"))
        prekey = self.tool.prekey(2, utf16("Qwerty12345"), utf16("S-1-5-21-3821320868-1508310791-3575676346-1103"))
        self.assertEqual(self.tool.slot(*slot_parts(slots(file)[0]), prekey, 64), key)
        self.entropy_blobs(key)

    def entropy_blobs(self, key):
        sha1 = hashlib.sha1(key).digest()
        for name, entropy in (("with", b"\1\2\3\4\5"), ("without", b"")):
            blob = read(CAPI / "nemesis/blob_{}_entropy.bin".format(name))
            self.assertEqual(self.tool.blob(*blob_parts(blob), sha1, entropy).rstrip(b"\0"), b"test")

    def test_old_domain_key(self):
        folder = CAPI / "nemesis/old_format"
        file = read(next(folder.glob("ab998260*")))
        backup = base64.b64decode(read_json(folder / "dpapi_domain_backupkey.json")["domain_backupkey_b64"])
        key = self.tool.domain(*domain_parts(slots(file)[3]), backup)
        blob = read(folder / "dpapi_blob.bin")
        self.assertTrue(self.tool.blob(*blob_parts(blob), hashlib.sha1(key).digest(), b""))

    def test_cng_key(self):
        folder = CAPI / "nemesis"
        halves = bytes.fromhex("dcfd03644f501805c189e15e9367b01415dea75a4e25d96d26879ded571f5d48a6887455d28f66f5")
        keys = {}
        for name, half, sha1, local in (
                ("system", halves[:20], "b848ddc68f5250e5977bc52fd9671811ba3bc3b1", "5590f431"),
                ("systemuser", halves[20:], "8a6f191d551750fa51324a6b8f3afc7086658888", "d793d746")):
            main, backup = slots(read(folder / "masterkey_{}.bin".format(name)))[:2]
            keys[name] = hashlib.sha1(self.tool.slot(*slot_parts(main), half, 64)).digest()
            self.assertEqual(keys[name].hex(), sha1)
            prekey = hashlib.sha512(utf16("S-1-5-18\0")).digest()
            self.assertTrue(self.tool.slot(*slot_parts(backup), prekey, 32).hex().startswith(local))
        public, properties, key = cng_parts(read(next((folder / "v137after").glob("7096db7a*"))))
        plain = self.tool.blob(*blob_parts(key), keys["systemuser"], CNG_KEY_ENTROPY)
        self.assertEqual(plain.hex(), "4b44424d0100000020000000442ad62f22c9bc1bf2c9a67a4cfc5ac0"
                                      "d3b660b4e431f6b2232c8a730fbc1e21")
        self.assertEqual(self.tool.cng(plain, public), VERIFIED + b"symmetric")
        self.assertTrue(self.tool.blob(*blob_parts(properties), keys["systemuser"], CNG_PROPERTIES_ENTROPY))


if (CAPI / "vectors.json").exists():
    add_published()
    add_generated()
