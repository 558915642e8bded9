#!/usr/bin/python3
"""The corpus before independent programs.

The makers of the corpus and the library were written from one reference; here
impacket, hivex, openssl and bsdtar say whether the makers read it right.  Prints
TAP; what is not installed is skipped.
"""
import hashlib
import hmac
import importlib
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.environ.get("SMSC_CORPUS", os.path.join(HERE, os.pardir, os.pardir, "corpus"))
INCIDENT = os.path.join(CORPUS, "incident-2005")
sys.path.insert(0, os.path.join(CORPUS, "make"))


def optional(name):
    """A module, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


dpapi = optional("impacket.dpapi")
ntlm = optional("impacket.ntlm")
secretsdump = optional("impacket.examples.secretsdump")
hivex = optional("hivex")
needs_impacket = unittest.skipUnless(dpapi and secretsdump, "impacket is not installed")
needs_hivex = unittest.skipUnless(hivex, "python3-hivex is not installed")


def needs_program(name):
    return unittest.skipUnless(shutil.which(name), name + " is not installed")


def read(*path):
    with open(os.path.join(*path), "rb") as held:
        return held.read()


def run(*command, data=None):
    """Standard output of a program that must succeed."""
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    if done.returncode:
        raise AssertionError("%s: %s" % (" ".join(command), done.stderr.decode()[-500:]))
    return done.stdout


ANSWERS = json.loads(read(INCIDENT, "ANSWERS.json"))
SAMPLES = json.loads(read(CORPUS, "SAMPLES.json"))
SHARED = SAMPLES["shared"]
CONFIG = "C/WINNT/system32/config"
SNAPSHOTS = list(ANSWERS["snapshots"])


def sample(path):
    return read(CORPUS, path)


# --- LSA and master keys -----------------------------------------------------

@needs_impacket
class Secrets(unittest.TestCase):
    """impacket's secretsdump on SYSTEM and SECURITY of every snapshot."""

    def hive(self, snapshot, name):
        return os.path.join(INCIDENT, snapshot, CONFIG, name)

    def boot_key(self, snapshot):
        return secretsdump.LocalOperations(self.hive(snapshot, "SYSTEM")).getBootKey()

    def test_boot_key(self):
        for snapshot in SNAPSHOTS:
            self.assertEqual(self.boot_key(snapshot).hex(), ANSWERS["secrets"]["boot_key"])

    def test_secrets(self):
        for snapshot in SNAPSHOTS:
            said = self.dump(snapshot)
            halves = "dpapi_machinekey:0x%s\ndpapi_userkey:0x%s" % (
                ANSWERS["secrets"]["machine_half"], ANSWERS["secrets"]["user_half"])
            self.assertIn(halves, said)
            old = ANSWERS["secrets"]["dpapi_system_old"]
            self.assertIn("dpapi_machinekey:0x%s\ndpapi_userkey:0x%s" % (old[8:48], old[48:]), said)
            secrets = ANSWERS["secrets"]["lsa_secrets"]
            self.assertIn("NL$KM:" + secrets["NL$KM"]["current"], said)
            service = bytes.fromhex(secrets["_SC_MSSQLSERVER"]["current"]).decode("utf-16-le")
            self.assertTrue(any(service in text for text in said))

    def dump(self, snapshot):
        said = []
        secrets = secretsdump.LSASecrets(
            self.hive(snapshot, "SECURITY"), self.boot_key(snapshot), None, isRemote=False,
            history=True, perSecretCallback=lambda kind, text: said.append(text))
        secrets.dumpSecrets()
        secrets.finish()
        return said


def open_master_key(data, prekey):
    """impacket's opening of the main slot; None when the pre-key is wrong."""
    head = dpapi.MasterKeyFile(data)
    slot = data[len(head):][:head["MasterKeyLen"]]
    return dpapi.MasterKey(slot).decrypt(prekey)


@needs_impacket
class MasterKeys(unittest.TestCase):
    """Each master key opens with its own pre-key and with no other."""

    def test_incident(self):
        halves = {half: bytes.fromhex(ANSWERS["secrets"][half + "_half"])
                  for half in ("machine", "user")}
        for snapshot in SNAPSHOTS:
            for held in ANSWERS["master_keys"]:
                data = read(INCIDENT, snapshot, held["path"])
                for half, prekey in halves.items():
                    opened = open_master_key(data, prekey)
                    right = bytes.fromhex(held["key"]) if half == held["half"] else None
                    self.assertEqual(opened, right, (held["label"], half))

    def test_preferred(self):
        for snapshot in SNAPSHOTS:
            folder = os.path.join(INCIDENT, snapshot, "C/WINNT/system32/Microsoft/Protect/S-1-5-18")
            for label, place in (("machine-3", folder), ("user-1", os.path.join(folder, "User"))):
                held = next(m for m in ANSWERS["master_keys"] if m["label"] == label)
                raw = read(place, "Preferred")
                named = dpapi.bin_to_string(raw[:16]) if hasattr(dpapi, "bin_to_string") else ""
                self.assertEqual(named.lower(), held["guid"])

    def test_samples(self):
        for path, facts in SAMPLES["samples"].items():
            if path.startswith("dpapi-masterkey/"):
                opened = open_master_key(sample(path), self.prekey(facts))
                self.assertEqual(opened, bytes.fromhex(facts["key"]), path)

    def prekey(self, facts):
        way = facts["opens_with"]
        if way in ("machine-half", "user-half"):
            return bytes.fromhex(SHARED[way.replace("-", "_")])
        if way == "half":
            return bytes.fromhex(facts["half"])
        digest = hashlib.sha1(SHARED["password"].encode("utf-16-le")).digest()
        if way != "password":
            digest = ntlm.compute_nthash(SHARED["password"])
        return hmac.new(digest, (SHARED["user_sid"] + "\0").encode("utf-16-le"), "sha1").digest()

    def test_domain_slots(self):
        cipher = optional("Cryptodome.Cipher.PKCS1_v1_5") or optional("Crypto.Cipher.PKCS1_v1_5")
        for path in ("dpapi-masterkey/domain-3des", "dpapi-masterkey/domain-aes"):
            facts, data = SAMPLES["samples"][path], sample(path)
            head = dpapi.MasterKeyFile(data)
            slot = dpapi.DomainKey(data[len(data) - head["DomainKeyLen"]:])
            blob = dpapi.PRIVATE_KEY_BLOB(sample(facts["backup_key"])[24:])
            worker = cipher.new(dpapi.privatekeyblob_to_pkcs1(blob))
            plain = worker.decrypt(slot["SecretData"][::-1], None)
            secret = dpapi.DPAPI_DOMAIN_RSA_MASTER_KEY(plain)
            self.assertEqual(secret["buffer"][:secret["cbMasterKey"]].hex(), facts["key"])


# --- containers and blobs ----------------------------------------------------

PARTS = ("name", "seed", "signature", "signature_private", "signature_flag",
         "exchange", "exchange_private", "exchange_flag")


def split(data):
    """The parts of a container by its ten-number head."""
    sizes = struct.unpack_from("<10I", data)[2:]
    name, sig, sig_private, xchg, xchg_private, seed, sig_flag, xchg_flag = sizes
    parts, at = {}, 40
    for part, size in zip(PARTS, (name, seed, sig, sig_private, sig_flag,
                                  xchg, xchg_private, xchg_flag)):
        parts[part], at = data[at:at + size], at + size
    assert at == len(data), "sizes do not add up to the file"
    return parts


def numbers(plain):
    """bits, e, n and the private numbers of a BSAFE key, by name."""
    bits, _, exponent = struct.unpack_from("<3I", plain, 8)
    found, at = {"bits": bits, "e": exponent}, 20
    size = bits // 8
    fields = [("n", size + 8)] + [(f, size // 2 + 4) for f in ("p", "q", "dp", "dq", "qinv")]
    for field, width in fields + [("d", size + 8)]:
        found[field] = int.from_bytes(plain[at:at + width], "little")
        at += width
    return found


def spki_sha256(key):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    public = rsa.RSAPublicNumbers(key["e"], key["n"]).public_key()
    der = public.public_bytes(serialization.Encoding.DER,
                              serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


class PrivateKeys(unittest.TestCase):
    """Every private key decrypts, is a key, and fits the public one beside it."""

    def sound(self, parts, kind, master):
        """The numbers of one pair, after all checks."""
        public = numbers(parts[kind])
        plain = dpapi.DPAPI_BLOB(parts[kind + "_private"]).decrypt(master)
        self.assertEqual(plain[:4], b"RSA2")
        key = numbers(plain)
        self.assertEqual((key["n"], key["e"]), (public["n"], public["e"]))
        self.assertEqual(key["p"] * key["q"], key["n"])
        for prime, part in (("p", "dp"), ("q", "dq")):
            self.assertEqual(key["e"] * key[part] % (key[prime] - 1), 1)
            self.assertEqual(key["d"] % (key[prime] - 1), key[part])
        self.assertEqual(key["qinv"] * key["q"] % key["p"], 1)
        return key

    def expected(self, path):
        """(generation, master key) of a container file of the incident."""
        snapshot, inner = path.split("/", 1)
        gen = next(g for g in ANSWERS["generations"] if inner in g["places"].get(snapshot, ()))
        held = next(m for m in ANSWERS["master_keys"] if m["guid"] == gen["master_key"])
        return gen, bytes.fromhex(held["key"])

    @needs_impacket
    def test_incident(self):
        paths = sorted({snapshot + "/" + inner for gen in ANSWERS["generations"]
                        for snapshot, places in gen["places"].items() for inner in places})
        for path in paths:
            gen, master = self.expected(path)
            parts = split(read(INCIDENT, path))
            self.assertEqual(parts["name"], gen["container"].encode() + b"\0")
            for kind in ("signature", "exchange"):
                self.assertEqual(bool(parts[kind]), bool(gen[kind]), path)
                if gen[kind]:
                    key = self.sound(parts, kind, master)
                    self.assertEqual(spki_sha256(key), gen[kind]["spki_sha256"])

    @needs_impacket
    def test_samples(self):
        master = bytes.fromhex(SHARED["master_key"]["key"])
        for name in ("two-pairs", "signature-only", "exchange-only", "512-bit", "described",
                     "aes-2048", "localised", "name-1252", "same-keys-twice"):
            parts = split(sample("capi-container/" + name))
            facts = SAMPLES["samples"]["capi-container/" + name]
            for kind in ("signature", "exchange"):
                if facts[kind]:
                    key = self.sound(parts, kind, master)
                    self.assertEqual(spki_sha256(key), facts[kind]["spki_sha256"])

    @needs_impacket
    def test_mismatch_is_one(self):
        parts = split(sample("capi-container/bad-mismatch"))
        master = bytes.fromhex(SHARED["master_key"]["key"])
        plain = dpapi.DPAPI_BLOB(parts["signature_private"]).decrypt(master)
        self.assertNotEqual(numbers(plain)["n"], numbers(parts["signature"])["n"])

    def test_file_names(self):
        for gen in ANSWERS["generations"]:
            digest = hashlib.md5(gen["container"].lower().encode() + b"\0").digest()
            name = "%08x%08x%08x%08x" % struct.unpack("<4I", digest)
            self.assertEqual(gen["file_name"], name + "_" + gen["machine_guid"])

    def test_missing_pair(self):
        old, new = [g for g in ANSWERS["generations"] if g["container"] == "SMS"]
        self.assertEqual(old["size"] - new["size"], 1166)
        parts = split(read(INCIDENT, "2004-12-28", old["places"]["2004-12-28"][0]))
        sizes = [len(parts["exchange" + part]) for part in ("", "_private", "_flag")]
        self.assertEqual(sizes, [156, 842, 168])


@needs_impacket
class Blobs(unittest.TestCase):
    """Single blobs; RC4 and SHA-1 with entropy are beyond this peer."""

    def test_samples(self):
        master = bytes.fromhex(SHARED["master_key"]["key"])
        for name in ("3des", "3des-empty", "aes", "aes-entropy", "description-utf16"):
            facts = SAMPLES["samples"]["dpapi-blob/" + name]
            entropy = bytes.fromhex(facts["entropy"]) or None
            blob = dpapi.DPAPI_BLOB(sample("dpapi-blob/" + name))
            self.assertEqual(blob.decrypt(master, entropy), bytes.fromhex(facts["plain"]), name)

    def test_damaged(self):
        master = bytes.fromhex(SHARED["master_key"]["key"])
        self.assertIsNone(dpapi.DPAPI_BLOB(sample("dpapi-blob/bad-sign")).decrypt(master))

    def test_cng(self):
        data = sample("cng-key/rsa-2048")
        name, _, clear, sealed, private = struct.unpack_from("<5I", data, 8)
        blob = data[44 + name + clear + sealed:]
        self.assertEqual(len(blob), private)
        plain = dpapi.DPAPI_BLOB(blob).decrypt(bytes.fromhex(SHARED["master_key"]["key"]),
                                               b"xT5rZW5qVVbrvpuA\0")
        self.assertEqual(plain[:8], b"RSA2" + struct.pack("<I", 2048))


# --- hives -------------------------------------------------------------------

def walk(handle, node, path=()):
    """Every (path, last written, values) as hivex reads them."""
    values = [(handle.value_key(v), *handle.value_value(v)) for v in handle.node_values(node)]
    yield path, handle.node_timestamp(node), values
    for child in handle.node_children(node):
        yield from walk(handle, child, path + (handle.node_name(child),))


def model_rows(root):
    """The same from the maker's model."""
    return [(path, node.time, [(v.name, v.type, v.data) for v in node.values])
            for path, node in root.walk()]


class Hives(unittest.TestCase):
    """hivex sees the keys, times and values that the maker meant."""

    def incident(self):
        import incident_hives
        for snapshot in SNAPSHOTS:
            for name in incident_hives.HIVES:
                yield os.path.join(INCIDENT, snapshot, CONFIG, name), \
                    incident_hives.model(name, snapshot)

    def samples(self):
        import samples_hives
        for path, root in samples_hives.models().items():
            # hivex ends a name at its first NUL, so this one is not comparable.
            if path != "regf/names":
                yield os.path.join(CORPUS, path), root

    @needs_hivex
    def test_incident(self):
        self.compare(self.incident())

    @needs_hivex
    def test_samples(self):
        self.compare(self.samples())

    def compare(self, hives):
        for path, root in hives:
            handle = hivex.Hivex(path)
            self.assertEqual(list(walk(handle, handle.root())), model_rows(root), path)

    @needs_program("hivexml")
    def test_hivexml(self):
        for path, root in list(self.incident()) + list(self.samples()):
            if "every-kind" in path:    # a lone surrogate and an odd length are no XML
                continue
            tree = ElementTree.fromstring(run("hivexml", path))
            self.assertEqual(len(list(tree.iter("node"))), sum(1 for _ in root.walk()), path)

    @needs_hivex
    def test_counts(self):
        for snapshot in SNAPSHOTS:
            for name, keys in ANSWERS["snapshots"][snapshot]["hive_keys"].items():
                handle = hivex.Hivex(os.path.join(INCIDENT, snapshot, CONFIG, name))
                self.assertEqual(len(list(walk(handle, handle.root()))), keys)

    @needs_hivex
    def test_machine_guid(self):
        for snapshot in SNAPSHOTS:
            handle = hivex.Hivex(os.path.join(INCIDENT, snapshot, CONFIG, "SOFTWARE"))
            node = handle.root()
            for name in ("Microsoft", "Cryptography"):
                node = handle.node_get_child(node, name)
            value = handle.value_string(handle.node_get_value(node, "MachineGuid"))
            self.assertEqual(value, ANSWERS["snapshots"][snapshot]["machine_guid"])


# --- keys and certificates before openssl ------------------------------------

def openssl_modulus(form, data, *more):
    """The modulus that openssl reads from a key."""
    out = run("openssl", "rsa", "-inform", form, "-modulus", "-noout", *more, data=data)
    return int(out.decode().strip().split("=")[1], 16)


@needs_program("openssl")
class OpenSsl(unittest.TestCase):
    """openssl reads what a Windows program would have written."""

    def spki(self, form, data, *more):
        der = run("openssl", "rsa", "-inform", form, "-pubout", "-outform", "DER", *more, data=data)
        return hashlib.sha256(der).hexdigest()

    def test_pem(self):
        for gen in ANSWERS["generations"]:
            for kind in ("signature", "exchange"):
                if gen[kind]:
                    path = os.path.join(INCIDENT, gen[kind]["pem"])
                    self.assertIn(b"ok", run("openssl", "rsa", "-in", path, "-check", "-noout"))
                    self.assertEqual(self.spki("PEM", read(path)), gen[kind]["spki_sha256"])

    def test_pvk(self):
        for name in ("plain-exchange", "plain-signature", "domain-backup", "rc4", "rc4-weak"):
            facts = SAMPLES["samples"]["pvk/%s.pvk" % name]
            more = () if "password" not in facts else \
                ("-passin", "pass:" + facts["password"],
                 "-provider", "legacy", "-provider", "default")
            self.assertEqual(self.spki("PVK", sample("pvk/%s.pvk" % name), *more),
                             facts["spki_sha256"], name)

    def test_msblob(self):
        for name, more in (("public-exchange", ["-pubin"]), ("public-signature", ["-pubin"]),
                           ("public-2048", ["-pubin"]), ("private-exchange", [])):
            self.assertEqual(self.spki("MSBLOB", sample("key-blob/" + name), *more),
                             SAMPLES["samples"]["key-blob/" + name]["spki_sha256"], name)

    def test_msblob_dss(self):
        text = run("openssl", "dsa", "-inform", "MSBLOB", "-pubin", "-text", "-noout",
                   data=sample("key-blob/dss-public")).decode()
        y = "".join(text.split("pub:")[1].split("P:")[0].split()).replace(":", "")
        self.assertEqual(int(y, 16), int(SAMPLES["samples"]["key-blob/dss-public"]["y"], 16))

    def test_simple_blob(self):
        facts = SAMPLES["samples"]["key-blob/simple-3des"]
        with tempfile.NamedTemporaryFile() as key:
            key.write(run("openssl", "rsa", "-inform", "MSBLOB",
                          data=sample("key-blob/private-exchange")))
            key.flush()
            secret = run("openssl", "pkeyutl", "-decrypt", "-inkey", key.name,
                         data=sample("key-blob/simple-3des")[12:][::-1])
        self.assertEqual(secret[::-1].hex(), facts["session_key"])


def registry_certificates(snapshot):
    """{thumbprint: {property: data}} of SMS and MY as hivex reads them."""
    handle = hivex.Hivex(os.path.join(INCIDENT, snapshot, CONFIG, "SOFTWARE"))
    found = {}
    for path, _, values in walk(handle, handle.root()):
        if len(path) > 2 and path[-2] == "Certificates":
            properties, blob = {}, values[0][2]
            while blob:
                number, _, size = struct.unpack_from("<3I", blob)
                properties[number], blob = blob[12:12 + size], blob[12 + size:]
            found[path[-1]] = properties
    return found


@needs_program("openssl")
class Certificates(unittest.TestCase):
    """Self-signed certificates and what was encrypted to one."""

    @needs_hivex
    def test_registry(self):
        for snapshot in SNAPSHOTS:
            wanted = {c["thumbprint"]: c for c in ANSWERS["certificates"] if snapshot in c["in"]}
            found = registry_certificates(snapshot)
            self.assertEqual(sorted(found), sorted(wanted))
            for thumbprint, properties in found.items():
                self.assertEqual(properties[3].hex().upper(), thumbprint)
                self.check(properties[32], wanted[thumbprint])

    def check(self, certificate, cert):
        """Thumbprint, key and signature of one certificate."""
        self.assertEqual(hashlib.sha1(certificate).hexdigest().upper(), cert["thumbprint"])
        pem = run("openssl", "x509", "-inform", "DER", data=certificate)
        public = run("openssl", "x509", "-pubkey", "-noout", data=pem)
        der = run("openssl", "pkey", "-pubin", "-outform", "DER", data=public)
        self.assertEqual(hashlib.sha256(der).hexdigest(), cert["spki_sha256"])
        with tempfile.NamedTemporaryFile() as held:
            held.write(pem)
            held.flush()
            run("openssl", "verify", "-no_check_time", "-check_ss_sig", "-auth_level", "0",
                "-CAfile", held.name, held.name)

    def test_message(self):
        facts = ANSWERS["evidence"]["evidence/discarded-message.p7m"]
        pem = next(g["exchange"]["pem"] for g in ANSWERS["generations"]
                   if (g["container"], g["number"]) == (facts["container"], facts["number"]))
        body = run("openssl", "cms", "-decrypt", "-inform", "DER", "-inkey",
                   os.path.join(INCIDENT, pem), "-in",
                   os.path.join(INCIDENT, "evidence/discarded-message.p7m"))
        text = zlib.decompress(body).decode("utf-16-le").rstrip("\0")
        self.assertEqual(text, facts["content"])


# --- archives ----------------------------------------------------------------

def listed(snapshot):
    """{path: modified in nanoseconds} of a snapshot, from TIMES.tsv."""
    import restore_times
    root = os.path.join(INCIDENT, snapshot) + os.sep
    return {os.path.normpath(path)[len(os.path.normpath(root)) + 1:]: stamp
            for path, stamp in restore_times.listed(INCIDENT)
            if os.path.normpath(path).startswith(os.path.normpath(root) + os.sep)}


@needs_program("bsdtar")
class Archives(unittest.TestCase):
    """bsdtar and Python find the same tree in the archive as in the folder."""

    def names(self, path):
        return sorted(run("bsdtar", "-tf", path).decode().splitlines())

    def unpacked(self, archive, snapshot, exact):
        path = os.path.join(INCIDENT, archive)
        wanted = listed(snapshot)
        self.assertEqual(self.names(path), sorted(wanted))
        with tempfile.TemporaryDirectory() as folder:
            run("bsdtar", "-xf", path, "-C", folder)
            for name, stamp in wanted.items():
                place = os.path.join(folder, name)
                self.assertEqual(read(place), read(INCIDENT, snapshot, name), name)
                found = os.stat(place).st_mtime_ns
                self.assertEqual(found if exact else found // 10**9,
                                 stamp if exact else stamp // 10**9, name)

    def test_tar(self):
        self.unpacked("2005-01-12.tar.gz", "2005-01-12", exact=True)

    def test_zip(self):
        self.unpacked("2004-12-28.zip", "2004-12-28", exact=False)

    def test_sound_samples(self):
        for path, facts in SAMPLES["samples"].items():
            name = os.path.basename(path)
            if path.startswith("archives/") and name.startswith(("dos", "unix", "ntfs", "both",
                                                                 "times", "bad-front")):
                self.assertEqual(self.names(os.path.join(CORPUS, path)), sorted(facts["entries"]))


class ZipFiles(unittest.TestCase):
    """Python's own reader on the samples."""

    def test_crc(self):
        for name in ("dos-times", "unix-times", "ntfs-times", "both-times", "names-utf8",
                     "names-cp437", "names-cp850", "names-traversal", "nested", "bad-front"):
            with zipfile.ZipFile(os.path.join(CORPUS, "archives", name + ".zip")) as held:
                self.assertIsNone(held.testzip(), name)

    def test_bomb(self):
        path = os.path.join(CORPUS, "archives/bomb.zip")
        self.assertLess(os.path.getsize(path), 66000)
        with zipfile.ZipFile(path) as held:
            self.assertGreater(held.infolist()[0].file_size, 64 << 20)
            self.assertIsNone(held.testzip())

    def test_traversal_names(self):
        with zipfile.ZipFile(os.path.join(CORPUS, "archives/names-traversal.zip")) as held:
            self.assertIn("../../etc/x", held.namelist())


# --- the corpus itself -------------------------------------------------------

class Corpus(unittest.TestCase):
    """The files are what the makers make, and the manifest tells all of them."""

    def test_rebuild(self):
        run(sys.executable, os.path.join(CORPUS, "make/build.py"), "--check")

    def test_manifest(self):
        rows = [line.split("\t") for line in sample("MANIFEST.tsv").decode().splitlines()]
        self.assertTrue(all(len(row) == len(rows[0]) and all(row) for row in rows))
        for path, digest, *_ in rows[1:]:
            self.assertEqual(hashlib.sha256(sample(path)).hexdigest(), digest, path)

    def test_quoted_lines(self):
        post = read(INCIDENT, "forum/forum-post.txt").decode().splitlines()
        for line in QUOTED:
            self.assertIn(line, post)

    def test_small(self):
        size = sum(len(sample(line.split("\t")[0]))
                   for line in sample("MANIFEST.tsv").decode().splitlines()[1:])
        self.assertLess(size, 5 << 19)


QUOTED = """\
Entering Certificate Maintenance CcmExec 1/7/2005 5:59:38 PM
CCMSignData failed (0x8009200b). CcmExec 1/7/2005 5:59:40 PM
Creating Signing Certificate... CcmExec 1/7/2005 5:59:40 PM
Successfully created certifcate CcmExec 1/7/2005 5:59:43 PM
EndpointMessage(Queue='MP_HinvEndpoint', ID={CC96DB74-AD08-48DD-B422-0E06EC5A243C}): \
Will be discarded (0x8009000d). CcmExec 1/11/2005 10:12:16 AM 3944 (0x0F68)
""".splitlines()


if __name__ == "__main__":
    sys.path.insert(0, os.path.join(HERE, os.pardir))
    import tap
    sys.argv[1:] = [os.path.abspath(__file__)]
    sys.exit(tap.main())
