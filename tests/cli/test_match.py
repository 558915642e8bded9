"""match: evidence of every form against the incident, judged by the makers' answers; messages
that openssl encrypted."""
import hashlib
import json
import os
import subprocess
import unittest

from command import CORPUS, Case, smscrypto

INCIDENT = os.path.join(CORPUS, "incident-2005")
SNAPSHOTS = [os.path.join(INCIDENT, name) for name in ("2004-12-28", "2005-01-09")]
ENCRYPTION_OLD = os.path.join(INCIDENT, "evidence", "encryption-old.der")
SHARED = os.path.join(os.environ.get("SMSC_SHARED", ""), "capi", "mimikatz-wiki-efs")
CIPHERS = {"3DES": ["-des3"], "AES-128": ["-aes128"], "AES-256": ["-aes-256-cbc"],
           "RC2": ["-rc2", "-provider", "legacy", "-provider", "default"]}


def answers():
    with open(os.path.join(INCIDENT, "ANSWERS.json"), encoding="utf-8") as text:
        return json.load(text)


def load(*parts):
    with open(os.path.join(*parts), "rb") as file:
        return file.read()


class Match(Case):
    def ask(self, *pieces, sources=SNAPSHOTS):
        words = [word for piece in pieces for word in ("--with", piece)]
        return smscrypto("match", *sources, *words, "-f", "jsonl")

    def one(self, piece, role=None):
        rows = [row for row in self.ask(piece).rows("match") if role in (None, row["role"])]
        self.assertEqual(len(rows), 1, piece)
        return rows[0]

    def test_every_answer_of_the_makers(self):
        for path, truth in answers()["evidence"].items():
            wanted = truth.get("trusted_root_key") or truth["recipient"]
            role = "trusted-root-key" if "trusted_root_key" in truth else "message-recipient"
            row = self.one(os.path.join(INCIDENT, path), role)
            container = truth.get("container", "Microsoft Systems Management Server")
            self.assertEqual((row["spki_sha256"], row["container"], row["number"], row["key"], row["proof"]),
                             (wanted, container, truth["number"], "exchange", "private-verified"), path)
            self.assertTrue(row["files"])

    def test_a_page_is_proved_by_its_signature(self):
        page = load(INCIDENT, "evidence", "mpkeyinformation-2005-01-10.xml")
        rows = self.ask(self.write("page.xml", page)).rows("match")
        self.assertEqual([(row["signer"], row["signer_number"]) for row in rows],
                         [("Microsoft Systems Management Server", 2)] * 2)
        at = page.index(b"<TRUSTEDROOTKEY Signature=\"") + 27
        other = page[:at] + (b"0" if page[at:at + 1] != b"0" else b"1") + page[at + 1:]
        rows = self.ask(self.write("page.xml", other)).rows("match")
        self.assertEqual([row["signer_number"] for row in rows], [2, None])

    def test_forms_of_one_key(self):
        blob = next(row for row in smscrypto("keys", *SNAPSHOTS, "-f", "jsonl").rows("generation")
                    if row["container"] == "SMS" and row["number"] == 1)["exchange"]
        data = bytes.fromhex(blob["public_blob"])
        text = data.hex().upper()
        lines = ["%08x: %s  ." % (at, data[at:at + 16].hex(" ", 2)) for at in range(0, len(data), 16)]
        commas = ",".join("%02x" % byte for byte in data)
        forms = {
            "binary": data, "hex": text.encode(), "lower.csv": b"a,b\r\nx," + text.lower().encode() + b"\r\n",
            "wide.txt": ("TrustedRootKey : " + text).encode("utf-16"),
            "dump.txt": "\n".join(lines).encode(), "lines.txt": "\n".join(text[i:i + 64] for i in range(
                0, len(text), 64)).encode(),
            "a.reg": ("\"Key\"=hex:" + commas[:69] + "\\\r\n  " + commas[69:]).encode(),
            "OBJECTS.DATA": (b"\0\xff" * 50 + text.encode() + b"\0").ljust(8192, b"\0"),
            "wide.REP": b"\0\1\2" * 40 + text.encode("utf-16-le") + b"\0\0\0\xff",
            "site.pkc": b"\1\2\3\4" + data + b"\0", "mobileclient.tcf": b"[Site]\r\nSMSPublicRootKey=" + text.encode(),
        }
        for name, form in forms.items():
            row = self.one(self.write(name, form))
            self.assertEqual((row["container"], row["number"], row["key"]), ("SMS", 1, "exchange"), name)
        self.assertEqual(self.one(blob["spki_sha256"])["number"], 1)
        self.assertEqual(self.one(text)["number"], 1)

    def test_forms_of_one_certificate(self):
        der = load(ENCRYPTION_OLD)
        pem = subprocess.run(["openssl", "x509", "-inform", "DER"], input=der, capture_output=True, check=True).stdout
        thumb = hashlib.sha1(der).hexdigest()
        page = ("<MPCertificates><Certificate1/><Certificate2>%s</Certificate2></MPCertificates>" % der.hex())
        forms = {
            "a.der": der, "a.pem": pem, "a.hex": der.hex().encode(), "thumb.log": ("Thumbprint : %s\n" % thumb).encode(),
            "SMSCFG.INI": ("[Configuration]\r\nSMS Certificate Identifier=SMS;%s\r\n" % thumb).encode(),
            "mpcert2.xml": page.encode("utf-16"),
            "wire": b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<?xml version=\"1.0\"?>" + page.upper().encode(),
        }
        for name, form in forms.items():
            row = self.one(self.write(name, form))
            self.assertEqual((row["container"], row["number"], row["key"]), ("SMS", 1, "exchange"), name)
        self.assertEqual(self.one(thumb)["number"], 1)

    def test_status_and_reasons(self):
        result = self.ask("0" * 40)
        self.assertStatus(result, 1)
        self.assertIn("thumbprint " + "0" * 40, result.rows("match")[0]["text"])
        self.assertStatus(self.ask(self.write("nothing.txt", b"nothing here")), 3)
        self.assertStatus(self.ask(self.path("not-there")), 3)
        self.assertStatus(smscrypto("match", *SNAPSHOTS), 2)
        self.assertStatus(smscrypto("match", *SNAPSHOTS, "--with", "0" * 40, "--decrypt"), 2)
        self.assertStatus(smscrypto("match", *SNAPSHOTS, "--with", "0" * 40, "--with", ENCRYPTION_OLD), 0)

    @unittest.skipUnless(os.path.isdir(SHARED), "without the shared evidence")
    def test_a_real_certificate_finds_its_container(self):
        row = self.ask(os.path.join(SHARED, "cert.der"), sources=[SHARED]).rows("match")[0]
        self.assertTrue(row["path"].endswith("79e1ac78150e8bea8ad238e14d63145b_4f8e7ec6-a506-4d31-9d5a-1e4cbed4997b"))


class Messages(Case):
    def encrypt(self, name, content, certificate, *options):
        path = self.path(name)
        done = subprocess.run(["openssl", "cms", "-encrypt", "-binary", "-outform", "DER", "-out", path, *options,
                               "-recip", certificate], input=content, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return path

    def setUp(self):
        super().setUp()
        self.pem = self.path("old.pem")
        subprocess.run(["openssl", "x509", "-inform", "DER", "-in", ENCRYPTION_OLD, "-out", self.pem], check=True)

    def test_what_openssl_encrypts_is_decrypted(self):
        content = bytes(range(256)) * 40
        for name, options in CIPHERS.items():
            for form in ([], ["-stream", "-indef"]):
                message = self.encrypt("m", content, self.pem, *options, *form)
                out = self.path("out")
                result = smscrypto("match", *SNAPSHOTS, "--with", message, "--decrypt", "-o", out)
                self.assertStatus(result, 0)
                self.assertEqual(load(out), content, name)
                self.assertEqual(os.stat(out).st_mode & 0o777, 0o600)
                os.unlink(out)

    def test_the_discarded_message(self):
        out = self.path("out")
        message = os.path.join(INCIDENT, "evidence", "discarded-message.p7m")
        self.assertStatus(smscrypto("match", *SNAPSHOTS, "--with", message, "--decrypt", "-o", out), 0)
        truth = answers()["evidence"]["evidence/discarded-message.p7m"]["content"]
        self.assertEqual(load(out).decode("utf-16-le"), truth + "\0")

    def test_an_unknown_recipient_is_named(self):
        key, certificate = self.path("key.pem"), self.path("other.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout", key, "-out", certificate,
                        "-subj", "/CN=STRANGER", "-set_serial", "0x1234abcd"], check=True, capture_output=True)
        for form in ([], ["-keyid"]):
            message = self.encrypt("m", b"secret", certificate, *form)
            result = smscrypto("match", *SNAPSHOTS, "--with", message, "-f", "jsonl")
            self.assertStatus(result, 1)
            row, = result.rows("match")
            self.assertEqual((row["proof"], row["container"]), ("none", None))
            self.assertRegex(row["text"], "identifier" if form else "CN=STRANGER serial 1234abcd")
            out = self.path("out")
            self.assertStatus(smscrypto("match", *SNAPSHOTS, "--with", message, "--decrypt", "-o", out), 3)
            self.assertFalse(os.path.exists(out))

    def test_a_damaged_message_gives_nothing(self):
        message = load(self.encrypt("m", b"x" * 1000, self.pem, "-des3"))
        out = self.path("out")
        # In CBC a bit of the last block but one turns that bit of the padding, which is then
        # never right; a bit of the last block makes random padding, right once in 256 times.
        for at in (120, len(message) - 9):
            bad = self.write("bad", message[:at] + bytes([message[at] ^ 0x40]) + message[at + 1:])
            self.assertStatus(smscrypto("match", *SNAPSHOTS, "--with", bad, "--decrypt", "-o", out), 3)
            self.assertFalse(os.path.exists(out))


if __name__ == "__main__":
    unittest.main()
