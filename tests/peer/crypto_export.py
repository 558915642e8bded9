"""Exported keys before openssl: every form is read by a program that did not write it."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from crypto_peer import (CNG_KEY_ENTROPY, CORPUS, SHARED, Case, blob_parts, cng_parts,
                         needs_shared, pairs, read, read_json)

SAMPLES = read_json(CORPUS, "SAMPLES.json")
SHA1 = bytes.fromhex(SAMPLES["shared"]["master_key"]["sha1"])
PASS = "correct horse Ä battery 鍵 staple"
LEGACY = ("-provider", "legacy", "-provider", "default")


def openssl(*arguments, data=b""):
    """(status, output, what it said)"""
    done = subprocess.run(("openssl",) + arguments, input=data, capture_output=True, check=False,
                          env=dict(os.environ, SMSC_PASS=PASS, SMSC_WRONG="wrong"))
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class Exporter(Case):

    def public(self, *arguments, data):
        """SubjectPublicKeyInfo of the key that openssl read."""
        status, out, said = openssl(*arguments, "-pubout", "-outform", "DER", data=data)
        self.assertEqual(status, 0, said)
        return out

    def export(self, kind, exchange, plain, public=b"", passphrase="", certificate=b""):
        return self.tool.export(kind.encode(), exchange, plain, public, passphrase.encode(), certificate)


class Export(Exporter):
    """What the corpus has."""

    def every_form(self, plain, spki, algorithm, public=b""):
        """All that one key can become; SPKI is the SHA-256 it must have afterwards."""
        def same(der):
            self.assertEqual(hashlib.sha256(der).hexdigest(), spki)
        program = {"RSA": "rsa", "DSS": "dsa"}[algorithm]
        pem = self.export("pem", 1, plain, public)
        self.assertTrue(pem.startswith(b"-----BEGIN PRIVATE KEY-----\n"))
        same(self.public("pkey", data=pem))
        if algorithm == "RSA":
            self.assertIn(b"Key is valid", openssl("pkey", "-check", "-noout", data=pem)[1])
        same(self.public(program, "-inform", "MSBLOB", data=self.export("blob", 1, plain, public)))
        same(self.public(program, "-inform", "PVK", data=self.export("pvk", 0, plain, public)))
        self.locked(plain, public, program, same)

    def locked(self, plain, public, program, same):
        pem = self.export("pem", 1, plain, public, PASS)
        self.assertTrue(pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
        same(self.public("pkey", "-passin", "env:SMSC_PASS", data=pem))
        self.assertNotEqual(openssl("pkey", "-passin", "env:SMSC_WRONG", "-noout", data=pem)[0], 0)
        said = openssl("asn1parse", data=pem)[1]
        for word in (b"PBES2", b"PBKDF2", b"hmacWithSHA256", b"aes-256-cbc", b"0927C0"):
            self.assertIn(word, said)
        pvk = self.export("pvk", 1, plain, public, PASS)
        same(self.public(program, "-inform", "PVK", *LEGACY, "-passin", "env:SMSC_PASS", data=pvk))
        self.assertNotEqual(openssl(program, "-inform", "PVK", *LEGACY, "-passin", "env:SMSC_WRONG",
                                    "-noout", data=pvk)[0], 0)
        # Nothing repeats: salts are random.
        self.assertNotEqual(self.export("pem", 1, plain, public, PASS), pem)
        self.assertNotEqual(self.export("pvk", 1, plain, public, PASS), pvk)

    def sample(self, name, side):
        public, private, _ = pairs(read(CORPUS, "capi-container", name))[side]
        return public, self.tool.blob(*blob_parts(private), SHA1, b"")

    def test_rsa(self):
        for name, side in (("512-bit", "exchange"), ("two-pairs", "signature"), ("aes-2048", "exchange")):
            with self.subTest(name):
                spki = SAMPLES["samples"]["capi-container/" + name][side]["spki_sha256"]
                self.every_form(self.sample(name, side)[1], spki, "RSA")

    def test_rsa_of_cng(self):
        """The numbers that CNG leaves out were computed."""
        key = cng_parts(read(CORPUS, "cng-key/rsa-2048"))[2]
        plain = self.tool.blob(*blob_parts(key), SHA1, CNG_KEY_ENTROPY)
        self.every_form(plain, SAMPLES["samples"]["cng-key/rsa-2048"]["spki_sha256"], "RSA")

    def test_dss(self):
        public, plain = self.sample("dss", "signature")
        y = bytes.fromhex(SAMPLES["samples"]["key-blob/dss-public"]["y"])
        spki = self.public("pkey", data=self.export("pem", 0, plain, public))
        self.assertIn(y, spki)
        self.every_form(plain, hashlib.sha256(spki).hexdigest(), "DSS", public)

    def test_blob_of_both_uses(self):
        """Byte for byte the PRIVATEKEYBLOB and PVK of the corpus' own maker."""
        _, plain = self.sample("two-pairs", "exchange")
        self.assertEqual(self.export("blob", 1, plain), read(CORPUS, "key-blob/private-exchange"))
        self.assertEqual(self.export("pvk", 1, plain), read(CORPUS, "pvk/plain-exchange.pvk"))
        _, plain = self.sample("two-pairs", "signature")
        self.assertEqual(self.export("pvk", 0, plain), read(CORPUS, "pvk/plain-signature.pvk"))

    def pfx(self, plain, exchange, passphrase):
        with tempfile.TemporaryDirectory() as folder:
            key, file = pathlib.Path(folder, "key.pem"), pathlib.Path(folder, "key.pfx")
            key.write_bytes(self.export("pem", exchange, plain))
            status, der, said = openssl("req", "-new", "-x509", "-key", str(key), "-subj", "/CN=test",
                                        "-days", "9", "-outform", "DER")
            self.assertEqual(status, 0, said)
            file.write_bytes(self.export("pfx", exchange, plain, b"", passphrase, der))
            return der, [openssl("pkcs12", "-in", str(file), "-passin", secret, "-nodes")
                         for secret in ("pass:" + passphrase, "env:SMSC_WRONG")]

    def test_pfx(self):
        for name, side, usage in (("two-pairs", "signature", "80"), ("two-pairs", "exchange", "10"),
                                  ("aes-2048", "exchange", "10")):
            _, plain = self.sample(name, side)
            for passphrase in ("plain", PASS):
                der, (right, wrong) = self.pfx(plain, int(side == "exchange"), passphrase)
                self.assertEqual(right[0], 0, right[2])
                self.assertNotEqual(wrong[0], 0)
                self.assertIn("X509v3 Key Usage: " + usage, right[1].decode())
                self.assertEqual(right[1].count(b"localKeyID"), 2)
                self.assertEqual(openssl("x509", "-outform", "DER", data=right[1])[1], der)
                spki = SAMPLES["samples"]["capi-container/" + name][side]["spki_sha256"]
                self.assertEqual(hashlib.sha256(self.public("pkey", data=right[1])).hexdigest(), spki)

    def test_pfx_refused(self):
        _, plain = self.sample("two-pairs", "exchange")
        self.refuses("needs a passphrase", "export", b"pfx", 1, plain, b"", b"", b"0")
        self.refuses("no UTF-8", "export", b"pfx", 1, plain, b"", b"\xff\xfe", b"0")


@needs_shared
class Generated(Exporter):
    """The sets of another generator, byte for byte."""

    def test_expected(self):
        for folder in sorted((SHARED / "capi/generated").iterdir()):
            for short, exchange in (("sig", 0), ("xch", 1)):
                with self.subTest(set=folder.name, key=short):
                    self.expected(folder / "expected", short, exchange)

    def expected(self, folder, short, exchange):
        plain = read(folder, short + ".rsa2")
        self.assertEqual(self.export("blob", exchange, plain), read(folder, short + ".privatekeyblob"))
        self.assertEqual(self.export("pvk", exchange, plain), read(folder, short + ".pvk"))
        ours, theirs = (openssl("pkey", "-text", "-noout", data=pem) for pem in
                        (self.export("pem", exchange, plain), read(folder, short + ".pem")))
        self.assertEqual(theirs[0], 0, theirs[2])
        self.assertEqual(ours, theirs)
