"""Certificates and metabases, through the command: before the lists that others made of the same hives, the
answers of the incident, and openssl x509 on every certificate that is found."""
import csv
import datetime
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

COMMAND = os.environ["SMSC_COMMAND"]
CORPUS = pathlib.Path(os.environ["SMSC_CORPUS"])
SHARED = pathlib.Path(os.environ.get("SMSC_SHARED", "nowhere"))
INCIDENT = CORPUS / "incident-2005"


def run(command, *arguments):
    done = subprocess.run([COMMAND, command, "-f", "jsonl", *map(str, arguments)], capture_output=True,
                          check=False, stdin=subprocess.DEVNULL, timeout=120)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def certificates(*sources):
    return [row for row in run("certs", *sources) if row["type"] == "certificate"]


def bytes_at(root, place, size):
    with open(root / place["path"], "rb") as hive:
        hive.seek(place["offset"])
        return hive.read(size)


class Lists(unittest.TestCase):
    """CERTS.tsv of real hives, made by another program."""

    def compare(self, folder, hive):
        with open(SHARED / "hives" / folder / "CERTS.tsv", encoding="utf-8") as text:
            wanted = [row for row in csv.DictReader(text, delimiter="\t") if row["kind"] == "Certificates"]
        found = certificates(SHARED / "hives" / folder)
        places = {(p["store"], c["sha1"].upper()): (c, p) for c in found for p in c["places"] if p["path"] == hive}
        self.assertEqual(set(places), {(row["store"], row["sha1"]) for row in wanted})
        self.assertGreater(len(wanted), 5)
        for row in wanted:
            certificate, place = places[row["store"], row["sha1"]]
            size = int(re.search(r"\b32:(\d+)", row["props(id:len)"]).group(1))
            der = bytes_at(SHARED / "hives" / folder, place, size)
            self.assertEqual(hashlib.sha256(der).hexdigest(), row["sha256"])
            if certificate["store"] == row["store"]:
                self.assertEqual(certificate["friendly"], row["friendly"])

    @unittest.skipUnless((SHARED / "hives").is_dir(), "no shared evidence")
    def test_windows_xp(self):
        self.compare("xp-x86-hackfortress", "software")

    @unittest.skipUnless((SHARED / "hives").is_dir(), "no shared evidence")
    def test_windows_10_user(self):
        self.compare("certs", "ntuser_software_partial")

    @unittest.skipUnless((SHARED / "hives").is_dir(), "no shared evidence")
    def test_nothing_is_wrong_with_real_hives(self):
        for folder in ("xp-x86-hackfortress", "certs"):
            rules = {row["rule"] for row in run("keys", SHARED / "hives" / folder) if row["type"] == "finding"}
            self.assertFalse(rules & {"D001", "D002", "D003", "K006"}, folder)


class Links(unittest.TestCase):
    @unittest.skipUnless((SHARED / "capi").is_dir(), "no shared evidence")
    def test_a_real_container(self):
        found = certificates(SHARED / "capi" / "mimikatz-wiki-efs")
        self.assertEqual([c["sha1"] for c in found],
                         [hashlib.sha1((SHARED / "capi/mimikatz-wiki-efs/cert.der").read_bytes()).hexdigest()])
        self.assertEqual(found[0]["generation"]["file_hash"], "79e1ac78150e8bea8ad238e14d63145b")
        self.assertEqual(found[0]["key"], "exchange")

    def incident(self, answers, forms, found):
        """FORMS: the name of each snapshot to the operand it was read from."""
        found = {c["sha1"].upper(): c for c in found}
        for wanted in answers["certificates"]:
            certificate = found[wanted["thumbprint"]]
            self.assertEqual(certificate["store"], wanted["store"])
            self.assertEqual(certificate["friendly"], wanted["friendly_name"])
            self.assertEqual(certificate["generation"]["container"], wanted["container"])
            self.assertEqual(certificate["generation"]["number"], wanted["number"])
            self.assertEqual(certificate["key"], wanted["key"])
            self.assertEqual(certificate["spki_sha256"], wanted["spki_sha256"])
            self.assertEqual(certificate["not_before"][:19], wanted["not_before"][:19])
            sources = {p["source"] for p in certificate["places"]}
            self.assertEqual(sources, {forms[day] for day in wanted["in"]})

    def test_incident(self):
        answers = json.loads((INCIDENT / "ANSWERS.json").read_text())
        days = list(answers["snapshots"])
        self.incident(answers, {day: day for day in days}, certificates(*[INCIDENT / day for day in days]))

    def test_incident_in_archives(self):
        answers = json.loads((INCIDENT / "ANSWERS.json").read_text())
        operands, forms = [], {}
        for day in answers["snapshots"]:
            path = next(iter(sorted(INCIDENT.glob(day + ".*"))))
            operands.append(f"{day}={path}")
            forms[day] = day
        self.incident(answers, forms, certificates(*operands))

    def test_keyless(self):
        findings = [row for row in run("keys", INCIDENT / "2004-12-28", INCIDENT / "2005-01-07")
                    if row["type"] == "finding" and row["rule"] == "K006"]
        self.assertEqual(len(findings), 2)
        self.assertEqual({f["generation"]["container"] for f in findings},
                         {"SMS", "{ADCE1218-800F-4E0B-9926-257C64AD3412}"})
        healthy = [row for row in run("keys", INCIDENT / "2004-12-28") if row.get("rule") == "K006"]
        self.assertEqual(healthy, [])


class Metabase(unittest.TestCase):
    """Was metabase.bin damaged?  The incident's was not."""

    def findings(self, *sources):
        return [row for row in run("keys", *sources) if row["type"] == "finding" and row["rule"] == "K009"]

    def without(self, folder, day, *patterns):
        """A copy of a snapshot that lacks what matches one of PATTERNS."""
        copy = pathlib.Path(folder, day)
        shutil.copytree(INCIDENT / day, copy)
        for pattern in patterns:
            for path in copy.rglob(pattern):
                path.unlink()
        return copy

    def test_another_generation(self):
        for sources in ((INCIDENT / "2005-01-07",), (INCIDENT / "2005-01-07.bkf",),
                        (INCIDENT / "2004-12-28.zip", INCIDENT / "2005-01-07.bkf")):
            findings = self.findings(*sources)
            self.assertEqual(len(findings), 1, sources)
            found = findings[0]
            self.assertEqual((found["severity"], found["confidence"]), (3, "proved"))
            self.assertEqual((found["generation"]["container"], found["generation"]["number"]),
                             ("Microsoft Internet Information Server", 1))
            self.assertIn("(private-verified)", found["text"])
            self.assertIn("not damaged", found["text"])

    def test_healthy(self):
        for day in ("2004-12-28", "2005-01-09", "2005-01-12"):
            self.assertEqual(self.findings(INCIDENT / day), [], day)

    def test_no_longer_so(self):
        found = self.findings(INCIDENT / "2005-01-07", INCIDENT / "2005-01-09")
        self.assertEqual([f["severity"] for f in found], [1])
        self.assertIn("in 2005-01-09 the metabase has its key", found[0]["text"])

    def test_less_evidence(self):
        with tempfile.TemporaryDirectory() as folder:
            found = self.findings(self.without(folder, "2005-01-07", "SECURITY"))
            self.assertIn("(public-match)", found[0]["text"])
        with tempfile.TemporaryDirectory() as folder:
            old = self.without(folder, "2005-01-09", "c2319c42*_e287d070*", "MetaBase.bin")
            (path,) = old.rglob("restored.MD0")
            path.rename(path.parent.parent / "MetaBase.bin")
            found = self.findings(old)
            self.assertEqual([(f["severity"], f["confidence"]) for f in found], [(2, "likely")])
            self.assertIn("no generation of this evidence", found[0]["text"])
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.findings(self.without(folder, "2005-01-07", "SOFTWARE")), [])
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.findings(self.without(folder, "2005-01-07", "*_*-*-*-*")), [])


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class Openssl(unittest.TestCase):
    """Every certificate of the hives at hand, and what openssl says of it."""

    def ours(self):
        roots = [INCIDENT / "2005-01-07", SHARED / "hives" / "xp-x86-hackfortress", SHARED / "hives" / "certs",
                 SHARED / "capi" / "mimikatz-wiki-efs"]
        for root in filter(pathlib.Path.is_dir, roots):
            for certificate in certificates(root):
                yield certificate, bytes_at(root, certificate["places"][0], 65536)

    def test_fields(self):
        count = 0
        for certificate, der in self.ours():
            size = 4 + int.from_bytes(der[2:4], "big")
            self.assertEqual(der[:2], b"\x30\x82")
            der = der[:size]
            done = subprocess.run(
                ["openssl", "x509", "-inform", "DER", "-noout", "-serial", "-dates", "-fingerprint", "-sha1",
                 "-subject", "-issuer", "-pubkey", "-nameopt", "RFC2253,-esc_msb,sep_comma_plus_space"],
                input=der, capture_output=True, check=True)
            said = dict(line.split("=", 1) for line in done.stdout.decode("utf-8", "replace").splitlines()
                        if "=" in line)
            self.assertEqual(certificate["sha1"], said["sha1 Fingerprint"].replace(":", "").lower())
            serial = certificate["serial"]
            if serial[0] >= "8" and said["serial"].startswith("-"):
                serial = "-" + f"{256 ** (len(serial) // 2) - int(serial, 16):02x}"
            self.assertEqual(int(serial, 16), int(said["serial"], 16))
            self.assertEqual(certificate["subject"], said["subject"])
            self.assertEqual(certificate["issuer"], said["issuer"])
            for ours, theirs in (("not_before", "notBefore"), ("not_after", "notAfter")):
                when = datetime.datetime.strptime(said[theirs], "%b %d %H:%M:%S %Y GMT")
                self.assertEqual(certificate[ours][:19], when.isoformat())
            spki = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=done.stdout,
                                  capture_output=True, check=True).stdout
            self.assertEqual(certificate["spki_sha256"], hashlib.sha256(spki).hexdigest())
            count += 1
        self.assertGreaterEqual(count, 3)


if __name__ == "__main__":
    unittest.main()
