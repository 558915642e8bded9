"""The whole way, through the command: evidence and secrets in, proofs and keys out, before
answers that the makers of the evidence wrote down, and before openssl."""
import hashlib
import json
import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import unittest
import uuid

COMMAND = os.environ["SMSC_COMMAND"]
CORPUS = pathlib.Path(os.environ["SMSC_CORPUS"])
SHARED = pathlib.Path(os.environ.get("SMSC_SHARED", "nowhere")) / "capi"
INCIDENT = CORPUS / "incident-2005"
USES = ("signature", "exchange")


def run(*arguments):
    return subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=120)


def rows(kind, *arguments):
    done = run("keys", "-f", "jsonl", *arguments)
    assert done.returncode == 0, done.stderr
    return [row for row in map(json.loads, done.stdout.splitlines()) if row["type"] == kind]


def generations(*arguments):
    return rows("generation", *arguments)


def openssl(*arguments, data):
    return subprocess.run(("openssl",) + arguments, input=data, capture_output=True, check=False)


def spki(pem, *more):
    done = openssl("pkey", "-pubout", "-outform", "DER", *more, data=pem)
    assert done.returncode == 0, done.stderr
    return hashlib.sha256(done.stdout).hexdigest()


def export(source, container, number, use, form, passphrase, *more):
    return run("export", source, "--container", container, "--generation", number, "--key", use,
               "-f", form, "--passphrase", passphrase, *more)


class Incident(unittest.TestCase):
    """Every private key of the incident, of which the answers have the PEM."""

    @classmethod
    def setUpClass(cls):
        cls.answers = json.loads((INCIDENT / "ANSWERS.json").read_text())
        cls.days = [INCIDENT / day for day in cls.answers["snapshots"]]

    def test_proof_and_flag(self):
        found = {(g["container"], g["number"]): g for g in generations(*self.days)}
        keys = 0
        for wanted in self.answers["generations"]:
            g = found.get((wanted["container"], wanted["number"]))
            self.assertIsNotNone(g, wanted)
            for use in USES:
                if not wanted[use]:
                    self.assertIsNone(g[use])
                    continue
                self.assertEqual(g[use]["proof"], "private-verified", g[use]["reason"])
                self.assertEqual(g[use]["exportable"], wanted["exportable"], wanted)
                self.assertEqual(g[use]["spki_sha256"], wanted[use]["spki_sha256"])
                keys += 1
        self.assertGreaterEqual(keys, 15)
        self.assertIn(True, [g["exportable"] for g in self.answers["generations"]])
        self.assertIn(False, [g["exportable"] for g in self.answers["generations"]])

    @unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
    def test_export(self):
        for wanted in self.answers["generations"]:
            for use in USES:
                if not wanted[use]:
                    continue
                day = INCIDENT / sorted(wanted["places"])[0]
                numbers = [g["number"] for g in generations(day) if g["container"] == wanted["container"]
                           and g["machine_guid"] == wanted["machine_guid"]]
                done = export(day, wanted["container"], numbers[0], use, "pem", "")
                self.assertEqual(done.returncode, 0, done.stderr)
                theirs = (INCIDENT / wanted[use]["pem"]).read_bytes()
                private = [openssl("pkey", "-outform", "DER", data=pem).stdout for pem in (done.stdout, theirs)]
                self.assertTrue(private[0])
                self.assertEqual(*private)

    def test_passphrase(self):
        with tempfile.TemporaryDirectory() as folder:
            words, out = pathlib.Path(folder, "words"), pathlib.Path(folder, "key.pem")
            words.write_text("correct horse\n")
            done = export(self.days[0], "SMS", 1, "exchange", "pem", f"@{words}", "-o", out)
            self.assertEqual((done.returncode, done.stdout), (0, b""), done.stderr)
            self.assertEqual(stat.S_IMODE(out.stat().st_mode), 0o600)
            wanted = next(g for g in self.answers["generations"] if (g["container"], g["number"]) == ("SMS", 1))
            self.assertEqual(spki(out.read_bytes(), "-passin", "pass:correct horse"), wanted["exchange"]["spki_sha256"])
            self.assertNotEqual(openssl("pkey", "-passin", "pass:no", data=out.read_bytes()).returncode, 0)

    def test_pfx(self):
        """The key with the certificate that the registry has for it, as openssl takes it apart."""
        wanted = next(c for c in self.answers["certificates"] if c["label"] == "encryption-old")
        for more, right in ((("-passin", "pass:wörter"), True), (("-passin", "pass:no"), False)):
            done = export(self.days[0], "SMS", 1, "exchange", "pfx", "wörter")
            self.assertEqual(done.returncode, 0, done.stderr)
            opened = openssl("pkcs12", "-legacy", "-nodes", *more, data=done.stdout)
            self.assertEqual(opened.returncode == 0, right, opened.stderr)
            if right:
                self.assertEqual(spki(opened.stdout), wanted["spki_sha256"])
                der = openssl("x509", "-outform", "DER", data=opened.stdout).stdout
                self.assertEqual(hashlib.sha1(der).hexdigest().upper(), wanted["thumbprint"])
        done = export(self.days[0], "SMS", 1, "exchange", "pfx", "")
        self.assertEqual((done.returncode, done.stdout), (3, b""))

    def test_refused(self):
        for status, reason, arguments in (
                (3, b"no such generation", ("SMS", 7, "exchange", "pem", "x")),
                (3, b"certificate", ("Microsoft Systems Management Server", 1, "exchange", "pfx", "x")),
                (3, b"cannot be encrypted", ("SMS", 1, "exchange", "blob", "x")),
                (2, b"evidence", ("SMS", 1, "exchange", "pem", "x", "-o", self.days[0] / "key"))):
            done = export(self.days[0], *arguments)
            self.assertEqual((done.returncode, done.stdout), (status, b""), arguments)
            self.assertIn(reason, done.stderr)
        self.assertEqual(run("export", self.days[0], "--container", "SMS", "--key", "exchange").returncode, 2)
        done = run("keys", self.days[0], "--secret", "dpapi-system=xyz")
        self.assertEqual(done.returncode, 2)
        self.assertNotIn(b"xyz", done.stderr)


def capi(*parts):
    return SHARED.joinpath(*parts)


@unittest.skipUnless(capi("generated").is_dir(), "the shared evidence is not there")
class Generated(unittest.TestCase):
    """The sets of another generator; DPAPI_SYSTEM is given, there are no hives."""

    def test_sets(self):
        for folder in sorted(capi("generated").iterdir()):
            with self.subTest(folder.name):
                self.one(folder, json.loads((folder / "known.json").read_text()))

    def one(self, folder, known):
        secret = ("--secret", "dpapi-system=" + known["dpapi_system"][8:])
        g = next(g for g in generations(folder, *secret) if g["signature"])
        for use, short in zip(USES, ("sig", "xch")):
            self.assertEqual(g[use]["proof"], "private-verified", g[use]["reason"])
            self.assertIsNotNone(g[use]["exportable"])
            for form, name in (("blob", "privatekeyblob"), ("pvk", "pvk")):
                done = export(folder, g["file_hash"], g["number"], use, form, "", *secret)
                self.assertEqual(done.stdout, (folder / "expected" / f"{short}.{name}").read_bytes(), done.stderr)
            pem = export(folder, g["file_hash"], g["number"], use, "pem", "", *secret).stdout
            ours, theirs = (openssl("rsa", "-traditional", data=data).stdout for data in
                            (pem, (folder / "expected" / f"{short}.pem").read_bytes()))
            self.assertTrue(ours)
            self.assertEqual(ours, theirs)


@unittest.skipUnless(capi("vectors.json").is_file(), "the shared evidence is not there")
class Real(unittest.TestCase):
    """Evidence of real machines, opened with the secrets that were published with it."""

    def test_mimikatz(self):
        secret = "password=S-1-5-21-494464150-3436831043-1864828003-1001:waza1234/"
        folder = capi("mimikatz-wiki-efs")
        g, = generations(folder, "--secret", secret)
        self.assertEqual((g["exchange"]["proof"], g["exchange"]["exportable"]), ("private-verified", True))
        pem = export(folder, g["file_hash"], 1, "exchange", "pem", "", "--secret", secret).stdout
        certificate = (folder / "cert.der").read_bytes()
        public = openssl("x509", "-inform", "DER", "-noout", "-pubkey", data=certificate).stdout
        self.assertTrue(public)
        self.assertEqual(openssl("pkey", "-pubout", data=pem).stdout, public)
        g, = generations(folder, "--secret", secret + "!")
        self.assertEqual(g["exchange"]["proof"], "locked")
        self.assertIn("the secret does not open it", g["exchange"]["reason"])

    def asking_for(self, guid, room):
        """A container whose blob asks for another master key than the one it was made with:
        where that opens, the signature is wrong, and where not, the key is locked."""
        file = next(p for p in capi("dsinternals").iterdir() if p.name.startswith("7015"))
        asked, other = (uuid.UUID(g).bytes_le for g in ("47070660-c259-4d90-8bc9-187605323450", guid))
        self.assertIn(asked, file.read_bytes())
        pathlib.Path(room, file.name).write_bytes(file.read_bytes().replace(asked, other))

    def opens(self, room, *secret):
        g, = generations(room, *secret)
        if g["exchange"]["proof"] == "private-damaged":
            self.assertEqual(g["exchange"]["reason"], "the signature is wrong")
            return True
        self.assertEqual(g["exchange"]["proof"], "locked")
        return False

    def test_domain_backup_key(self):
        guid = "7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5"
        with tempfile.TemporaryDirectory() as room:
            shutil.copy(capi("dsinternals", guid), room)
            self.asking_for(guid, room)
            for name in ("pvk", "bin"):
                key = capi("dsinternals", "domain_backupkey_efe756ec." + name)
                self.assertTrue(self.opens(room, "--secret", f"domain-backup-key=@{key}"), name)
            self.assertFalse(self.opens(room, "--secret", "dpapi-system=" + "00" * 40))
            self.assertFalse(self.opens(room))

    def test_windows_xp(self):
        """SYSTEM and SECURITY of one machine open its master key, with nothing given."""
        with tempfile.TemporaryDirectory() as room:
            shutil.copytree(capi("xp-itdaniher"), room, dirs_exist_ok=True)
            self.asking_for("9d49f756-836f-440d-ad29-2800129441ae", room)
            self.assertTrue(self.opens(room))
            os.unlink(pathlib.Path(room, "config", "system"))
            self.assertFalse(self.opens(room))


if __name__ == "__main__":
    unittest.main()
