#!/usr/bin/python3
"""The five questions at the end of the incident's story, answered by one command; and honest,
weaker answers where pieces of the evidence are taken away."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from evidence import COMMAND, CORPUS, Incident, answers

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

    def test_trust_in_a_registry(self):
        """A client's hive holds the root key in a value: found where it stands."""
        sys.path.insert(0, os.path.join(CORPUS, "make"))
        import hive  # pylint: disable=import-outside-toplevel,import-error
        with open(os.path.join(WORLD.path, "evidence", "mpkeyinformation-2004-12-20.xml"), encoding="ascii") as page:
            key = page.read().partition("<TRUSTEDROOTKEY")[2].partition(">")[2].partition("<")[0]
        when = 127500000000000000
        data = hive.write(hive.key("$$$PROTO.HIV", when, hive.key("Microsoft", when, hive.key(
            "SMS", when, hive.sz("TrustedRootKey", key)))), when, name="SOFTWARE")
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "SOFTWARE"), "wb") as out:
                out.write(data)
            said = Diagnosis("2004-12-28", "2005-01-07", "--with", os.path.join(folder, "SOFTWARE"))
        (found,) = said.findings("K007")
        self.assertTrue(found["text"].startswith("trusted-root-key"))
        self.assertEqual(data[found["offset"]:found["offset"] + 8], key[:4].encode("utf-16-le"))
        self.assertIn("names its key", said.copies[f"{SITE}_{NEW}"]["reason"])

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


class Copies(unittest.TestCase):
    """On copies of the evidence, to be changed."""

    names = ("2004-12-28", "2005-01-07")

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="smsc-pieces-")
        self.addCleanup(shutil.rmtree, self.folder)
        for name in self.names:
            shutil.copytree(os.path.join(WORLD.path, name), os.path.join(self.folder, name))

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def said(self, *words):
        return Diagnosis(*words, path=self.folder)


class Pieces(Copies):
    """The same with pieces taken away: less is said, and how much less."""

    def without(self, *parts):
        for name in ("2004-12-28", "2005-01-07"):
            for part in parts:
                path = os.path.join(self.folder, name, part)
                shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)

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


class Misleading(Copies):
    """Evidence that invites a wrong and dangerous answer."""

    names = ("2004-12-28", "2005-01-07", "2005-01-09", "2005-01-12")

    def test_a_loose_old_file_is_no_newer_backup(self):
        shutil.copy(self.path("2004-12-28", old_file(AGENT)), self.folder)
        os.utime(self.path(f"{AGENT}_{OLD}"))
        alone, beside = self.said("2005-01-09"), self.said("2005-01-09", f"{AGENT}_{OLD}")
        self.assertEqual(set(beside.copies), set(alone.copies))
        self.assertIn(f"{AGENT}_{NEW}", beside.copies)

    def test_an_old_folder_copied_today(self):
        shutil.copytree(self.path("2004-12-28", STORE), self.path("MachineKeys"), copy_function=shutil.copyfile)
        said = self.said("2005-01-09", "MachineKeys")
        self.assertEqual(said.status, 1)
        self.assertTrue(all(name.endswith(NEW) for name in said.copies))

    def test_copies_without_their_times(self):
        names = ("2005-01-09", "2005-01-07", "2004-12-28")  # the oldest is copied last
        for name in names:
            shutil.copytree(self.path(name), self.path("copy", name), copy_function=shutil.copyfile)
        said = self.said(*(f"copy/{name}" for name in names))
        self.assertEqual(said.status, 1)
        self.assertEqual({name for name in said.copies if name.startswith((SITE, AGENT, IIS))},
                         {f"{SITE}_{NEW}", f"{AGENT}_{NEW}"})

    def test_order_of_the_sources(self):
        first = self.said(*self.names[:3])
        for order in ((2, 1, 0), (1, 2, 0), (2, 0, 1)):
            other = self.said(*(self.names[i] for i in order))
            self.assertEqual({name: row["from"] for name, row in other.copies.items()},
                             {name: row["from"] for name, row in first.copies.items()})

    def test_keys_of_a_client(self):
        """Of a machine that no hive names, newer than the server's."""
        other = "11111111-2222-3333-4444-555555555555"
        store = self.path("client", "RSA", "MachineKeys")
        os.makedirs(store)
        shutil.copyfile(self.path("2005-01-07", f"{STORE}/{AGENT}_{NEW}"), f"{store}/{AGENT}_{other}")
        said = self.said("2004-12-28", "2005-01-07", "client")
        self.assertFalse([row for row in said.plan if other in row["to"] + row["from"]])
        self.assertIn(f"{SITE}_{NEW}", said.copies)

    def test_two_machines(self):
        maker = os.path.join(CORPUS, "make", "variations.py")
        subprocess.run(["/usr/bin/python3", maker, "--seed", "7", "--first", "1", "--count", "1", "--out",
                        self.path("other")], check=True, stdout=subprocess.DEVNULL)
        with open(self.path("other", "0001", "truth.json"), encoding="utf-8") as text:
            truth = json.load(text)
        self.assertFalse(any(c["needs_restore"] for c in truth["containers"].values()), "a healthy one")
        others = [f"other/0001/{given['path']}" for given in truth["given"].values()]
        mine, theirs, both = self.said(*self.names[:2]), self.said(*others), self.said(*self.names[:2], *others)
        self.assertEqual({name: row["from"] for name, row in both.copies.items()},
                         {name: row["from"] for name, row in mine.copies.items()})
        for rule in ("K002", "K003", "K014", "K016"):
            self.assertEqual(len(both.findings(rule)), len(mine.findings(rule) + theirs.findings(rule)), rule)

    def test_copies_of_what_a_client_holds(self):
        """Nobody is outvoted: the older keys are wanted however often a file names the newer ones."""
        page = os.path.join(WORLD.path, "client-CL01", "TrustedRootKey.mof")
        with open(os.path.join(WORLD.path, "evidence", "mpkeyinformation-2005-01-10.xml"), encoding="ascii") as xml:
            newer = xml.read().partition("<TRUSTEDROOTKEY")[2].partition(">")[2].partition("<")[0]
        words = []
        for name in ("a.txt", "b.txt", "c.txt"):
            with open(self.path(name), "w", encoding="ascii") as out:
                out.write(f"TrustedRootKey = {newer}\n")
            words += ["--with", name]
        said = self.said("2004-12-28", "2005-01-07", "--with", page, *words)
        self.assertEqual(said.copies[f"{SITE}_{NEW}"]["generation"]["number"], 1)

    def test_a_torn_metabase(self):
        os.truncate(self.path("2005-01-12", "C/WINNT/system32/inetsrv/MetaBase.bin"), 300)
        said = self.said(*self.names)
        self.assertEqual(said.findings("K022"), [])
        self.assertNotIn(f"{IIS}_{NEW}", said.copies)

    def test_a_healed_machine_by_itself(self):
        said = self.said("2005-01-12")
        self.assertEqual(said.status, 0)
        self.assertFalse(any("2004-03-16" in row["text"] for row in said.findings("K020")))

    def test_a_folder_of_backups(self):
        said = self.said(".")
        self.assertEqual(said.actions(), ["warn"])


class Wrecks(Copies):
    """Key files as crashes, copies and other systems leave them."""

    def test_a_file_without_content(self):
        path = self.path("2005-01-07", f"{STORE}/{AGENT}_{NEW}")
        for size in (0, 1230):
            os.truncate(path, 0)
            os.truncate(path, size)
            said = self.said(*self.names)
            self.assertEqual(said.findings("K003"), [])
            (found,) = said.findings("K018")
            self.assertIn(f"{size:,} bytes", found["text"])
            self.assertIn("its live file is of no use", said.copies[f"{AGENT}_{NEW}"]["reason"])
            self.assertTrue([row for row in said.plan if row["action"] == "set-aside" and AGENT in row["from"]])
        os.remove(self.path("2004-12-28", old_file(AGENT)))
        os.truncate(self.path("2005-01-07", old_file(AGENT)), 0)
        self.assertEqual(self.said(*self.names).findings("K022")[0]["generation"]["container"], "SMS")

    def test_a_container_without_any_file(self):
        """The metabase and the certificates of the same backup ask for it."""
        for hash_, name in ((IIS, "Microsoft Internet Information Server"), (AGENT, "SMS")):
            source = self.path(hash_)
            shutil.copytree(self.path("2004-12-28"), source)
            os.remove(os.path.join(source, old_file(hash_)))
            said = self.said(hash_)
            self.assertEqual(said.status, 1)
            (found,) = said.findings("K022")
            self.assertTrue(found["text"].startswith(f"{name}: "))
            self.assertEqual(said.actions(), ["search"])
            self.assertIn(hash_, said.plan[0]["from"])
            self.assertEqual(set(self.said("2004-12-28", hash_).copies), {f"{hash_}_{OLD}"}, "an older backup has it")

    def test_trusted_keys_that_no_file_has(self):
        for hash_ in (SITE, AGENT):
            os.remove(self.path("2005-01-07", old_file(hash_)))
        said = self.said("2005-01-07", "--with", os.path.join(WORLD.path, "client-CL01"))
        self.assertEqual({row["confidence"] for row in said.findings("K007")}, {"possible"})
        self.assertEqual({row["from"][-32:] for row in said.plan if row["action"] == "search"}, {SITE, AGENT})

    def test_a_public_half_that_nobody_takes(self):
        """The private key is intact, and CryptoAPI refuses the file all the same."""
        with open(self.path("2004-12-28", old_file(SITE)), "r+b") as file:
            data = file.read()
            file.seek(data.rindex(b"RSA1"))
            file.write(b"RSB1")
        said = self.said("2004-12-28", "--with", os.path.join(WORLD.path, "client-CL01"))
        self.assertEqual(said.status, 1)
        self.assertTrue(said.findings("K007")[0]["text"].startswith("trusted-root-key"))
        self.assertTrue(all(row["text"].startswith("mp-certificate") for row in said.findings("K023")))
        self.assertEqual(said.findings("K022")[0]["generation"]["container"], "Microsoft Systems Management Server")

    def test_names_in_lower_case(self):
        for place, _, files in os.walk(self.path("2005-01-07")):
            for name in files:
                path = os.path.join(place, name)
                lower = self.path("lower", os.path.relpath(path, self.path("2005-01-07")).lower())
                os.makedirs(os.path.dirname(lower), exist_ok=True)
                shutil.copy2(path, lower)
        self.assertEqual(set(self.said("lower").copies), set(self.said("2005-01-07").copies))
        self.assertEqual(set(self.said("2004-12-28", "lower").copies), set(self.said("2005-01-07").copies))

    def test_a_certificate_is_told_by_the_oldest_backup(self):
        shutil.copytree(os.path.join(WORLD.path, "2005-01-09"), self.path("2005-01-09"))
        for order in (("2005-01-07", "2005-01-09"), ("2005-01-09", "2005-01-07")):
            self.assertEqual({row["path"].partition("/")[0] for row in self.said(*order).findings("K006")
                              if "Encryption" in row["text"]}, {"2005-01-07"})

    def test_a_file_outside_of_its_folder(self):
        name = f"7a436fe806e483969f48a894af2fe9a1_{OLD}"
        for backup in self.names:
            os.makedirs(self.path(backup, "C/KeyBackup"))
            os.rename(self.path(backup, STORE, name), self.path(backup, "C/KeyBackup", name))
        for sources, fit in ((("2004-12-28",), "copied there, it would be found"),
                             (self.names, f"was in force before: it would be found as {name.replace(OLD, NEW)}")):
            said = self.said(*sources)
            (found,) = said.findings("K026")
            self.assertIn(fit, found["text"])
            self.assertIn("AT_KEYEXCHANGE private-verified", found["text"])
            self.assertFalse([copy for copy in said.copies if copy.startswith("7a43")])
        shutil.copytree(self.path("2004-12-28/C/KeyBackup"), self.path("loose/KeyBackup"))
        (alone,) = self.said("loose").findings("K026")
        self.assertIn("no backup of the folder", alone["text"])

    def test_two_folders_that_share_nothing(self):
        """Perhaps of two machines: a plan that depends on it says so first."""
        for name, (backup, guid) in {"a": ("2004-12-28", OLD), "b": ("2005-01-07", NEW)}.items():
            os.makedirs(self.path(name, "MachineKeys"))
            for hash_ in (SITE, AGENT):
                shutil.copy2(self.path(backup, STORE, f"{hash_}_{guid}"), self.path(name, "MachineKeys"))
        said = self.said("a", "b")
        self.assertEqual(said.findings("K020")[0]["confidence"], "possible")
        self.assertIn("one machine", [row["from"] for row in said.plan if row["action"] == "confirm"][0])

    def test_what_one_message_says(self):
        (alone,) = self.said("2005-01-07/C/SMS_CCM/Logs").findings("K012")
        (beside,) = self.said(*self.names).findings("K012")
        self.assertEqual((alone["confidence"], beside["confidence"]), ("possible", "likely"))


if __name__ == "__main__":
    unittest.main()
