#!/usr/bin/python3
"""The five questions at the end of the incident's story, answered by one command; and honest,
weaker answers where pieces of the evidence are taken away."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

from evidence import COMMAND, Incident, answers

TRUTH = answers()
OLD, NEW = TRUTH["machine_guids"]["old"], TRUTH["machine_guids"]["new"]
STORE = "C/Documents and Settings/All Users/Application Data/Microsoft/Crypto/RSA/MachineKeys"
SITE, AGENT, IIS = "ca6f80c6495f318cbd7dddd0d9102cc2", "19c5cf9c7b5dc9de3e548adb70398402", \
                   "c2319c42033a5ca7f44e731bfd3fa2b5"
WORLD = None


def setUpModule():
    global WORLD  # pylint: disable=global-statement
    WORLD = Incident()


def tearDownModule():
    WORLD.close()


class Diagnosis:
    """What one run says."""

    def __init__(self, *words, path=None):
        done = subprocess.run([COMMAND, "diagnose", "-f", "jsonl", *words], cwd=path or WORLD.path,
                              capture_output=True, check=False)
        self.status = done.returncode
        self.error = done.stderr.decode()
        self.rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
        self.plan = [row for row in self.rows if row["type"] == "plan"]
        self.copies = {row["to"].rpartition("/")[2]: row for row in self.plan
                       if row["action"] == "copy" and row["generation"]}

    def findings(self, rule):
        return [row for row in self.rows if row["type"] == "finding" and row["rule"] == rule]

    def actions(self):
        return [row["action"] for row in self.plan]


def old_file(hash_):
    return f"{STORE}/{hash_}_{OLD}"


class FiveQuestions(unittest.TestCase):
    """After the first reboot, whatever the backups came in."""

    def asked(self):
        evidence = ("--with", "evidence/discarded-message.p7m", "--with", "client-CL01")
        for before, after in (("2004-12-28", "2005-01-07"), ("2004-12-28.zip", "2005-01-07.bkf")):
            yield Diagnosis(before, after, *evidence), after

    def test_what_happened(self):
        for said, after in self.asked():
            self.assertEqual(said.status, 1, said.error)
            (cause,) = said.findings("K020")
            self.assertEqual(cause["confidence"], "proved")
            self.assertIn("2005-01-07T22:57:46Z", cause["text"])
            self.assertIn(OLD, cause["text"])
            self.assertIn(NEW, cause["text"])
            self.assertEqual(cause["path"], f"{after}/C/WINNT/system32/config/SOFTWARE")

    def test_three_files_come_back_first(self):
        for said, _ in self.asked():
            copies = [row for row in said.plan if row["action"] == "copy"]
            self.assertEqual([row["to"] for row in copies[:3]],
                             [f"{STORE}/{hash_}_{NEW}" for hash_ in (IIS, SITE, AGENT)])
            for row in copies:
                self.assertTrue(row["from"].endswith(row["to"].rpartition("/")[2].replace(NEW, OLD)))
                self.assertEqual(row["proof"], "private-verified")

    def test_the_sums_of_the_files(self):
        said = Diagnosis("2004-12-28", "2005-01-07")
        for generation in TRUTH["generations"]:
            if generation["number"] == 1:
                row = said.copies[f"{generation['file_hash']}_{NEW}"]
                self.assertIn(generation["sha256"], row["check"])

    def test_whom_the_clients_trust(self):
        for said, _ in self.asked():
            found = {(row["text"].split()[0], row["generation"]["container"], row["generation"]["number"])
                     for row in said.findings("K007") + said.findings("K008")}
            self.assertEqual(found, {("trusted-root-key", "Microsoft Systems Management Server", 1),
                                     ("mp-certificate", "SMS", 1), ("message-recipient", "SMS", 1)})
            self.assertEqual(said.findings("K023"), [])

    def test_the_metabase(self):
        for said, after in self.asked():
            (found,) = said.findings("K009")
            self.assertIn("private-verified", found["text"])
            self.assertIn("not damaged", found["text"])
            self.assertEqual(found["generation"]["number"], 1)
            self.assertTrue(found["path"].startswith(after))

    def test_order_and_values(self):
        for said, _ in self.asked():
            order = said.actions()
            for first, then in (("backup", "stop"), ("stop", "copy"), ("copy", "start"), ("start", "reinstall"),
                                ("reinstall", "verify"), ("verify", "skip")):
                self.assertLess(order.index(first), order.index(then))
            values = {row["from"]: row["to"] for row in said.plan if row["action"] == "value"}
            with open(os.path.join(WORLD.path, "client-CL01", "TrustedRootKey.mof"), encoding="ascii") as mof:
                self.assertIn(f'TrustedRootKey = "{values["TrustedRootKey"]}"', mof.read())
            with open(os.path.join(WORLD.path, "evidence", "mpkeyinformation-2004-12-20.xml"),
                      encoding="ascii") as page:
                self.assertIn(f">{values['MPCertificate']}<", page.read())
            self.assertTrue(all(row["reason"] and row["check"] for row in said.plan))

    def test_signing_is_ruled_out(self):
        said = Diagnosis("2004-12-28", "2005-01-07", "2005-01-09")
        self.assertEqual(len(said.findings("K012")), 1)
        self.assertTrue(any("ClientKeyData" in row["from"] for row in said.plan if row["action"] == "skip"))


class Others(unittest.TestCase):
    def test_healthy(self):
        for source in ("2004-12-28", "2004-12-28.zip"):
            said = Diagnosis(source, "--with", "client-CL01")
            self.assertEqual(said.status, 0)
            self.assertEqual(said.plan, [])
            self.assertEqual({row["severity"] for row in said.rows if row["type"] == "finding"} - {0, 1}, set())

    def test_iis_was_rebuilt(self):
        said = Diagnosis("2004-12-28", "2005-01-07", "2005-01-09")
        self.assertNotIn(f"{IIS}_{NEW}", said.copies)
        (found,) = said.findings("K024")
        self.assertEqual(found["generation"]["number"], 2)
        self.assertIn(f"{SITE}_{NEW}", said.copies)

    def test_recovered(self):
        said = Diagnosis("2004-12-28", "2005-01-07", "2005-01-09", "2005-01-12", "--with", "client-CL01")
        self.assertEqual(said.status, 0)
        self.assertNotIn(f"{SITE}_{NEW}", said.copies)
        self.assertNotIn(f"{AGENT}_{NEW}", said.copies)
        self.assertEqual(len(said.findings("K023")), 2)

    def test_text_says_it_too(self):
        done = subprocess.run([COMMAND, "diagnose", "2004-12-28", "2005-01-07"], cwd=WORLD.path,
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 1)
        text = done.stdout.decode()
        self.assertTrue(text.startswith("!! K020"))
        self.assertIn("RECOVERY PLAN", text)


class Pieces(unittest.TestCase):
    """The same with pieces taken away: less is said, and how much less."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="smsc-pieces-")
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("2004-12-28", "2005-01-07"):
            shutil.copytree(os.path.join(WORLD.path, name), os.path.join(self.folder, name))

    def without(self, *parts):
        for name in ("2004-12-28", "2005-01-07"):
            for part in parts:
                path = os.path.join(self.folder, name, part)
                shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)

    def said(self, *words):
        return Diagnosis(*words, path=self.folder)

    def test_no_security_hive(self):
        self.without("C/WINNT/system32/config/SECURITY")
        said = self.said("2004-12-28", "2005-01-07")
        self.assertEqual(said.status, 1)
        self.assertEqual(said.actions()[0], "warn")
        self.assertEqual({row["proof"] for row in said.copies.values()}, {"locked"})
        self.assertIn(f"{AGENT}_{NEW}", said.copies)
        (found,) = said.findings("K009")
        self.assertIn("public-match", found["text"], "the metabase's signature needs no secret")

    def test_no_old_snapshot(self):
        said = self.said("2005-01-07")
        self.assertEqual(said.status, 1)
        self.assertEqual(said.findings("K020")[0]["confidence"], "likely")
        self.assertEqual({row["proof"] for row in said.copies.values()}, {"private-verified"})
        self.assertTrue(said.copies[f"{SITE}_{NEW}"]["from"].endswith(old_file(SITE)))

    def test_only_machine_keys(self):
        said = self.said(f"before=2004-12-28/{STORE}", f"after=2005-01-07/{STORE}")
        self.assertEqual(said.status, 1)
        self.assertEqual(said.actions()[:2], ["warn", "confirm"])
        self.assertEqual(said.findings("K001"), [])
        self.assertEqual(said.findings("K020")[0]["confidence"], "likely")
        self.assertEqual({row["proof"] for row in said.copies.values()}, {"locked"})
        self.assertIn(f"{AGENT}_{NEW}", said.copies)

    def test_only_logs(self):
        said = self.said("2005-01-07/C/SMS_CCM/Logs")
        self.assertEqual(said.plan, [])
        (found,) = said.findings("K021")
        self.assertEqual(found["confidence"], "likely")
        self.assertIn("0x8009200b", found["text"])

    def test_no_file_of_the_old_keys(self):
        for name in ("2004-12-28", "2005-01-07"):
            os.remove(os.path.join(self.folder, name, old_file(AGENT)))
        said = self.said("2005-01-07", "--with", os.path.join(WORLD.path, "client-CL01"))
        self.assertNotIn(f"{AGENT}_{NEW}", said.copies)
        self.assertTrue(any(row["text"].startswith("mp-certificate") for row in said.findings("K007")))


if __name__ == "__main__":
    unittest.main()
