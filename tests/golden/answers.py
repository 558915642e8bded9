"""What the command says about the incident, against what is true about it.

The truth is ANSWERS.json, which the makers of the corpus computed from their own values
without the library.
"""
import json
import os
import unittest

from evidence import SNAPSHOTS, Incident, answers

WORLD = None
TRUTH = answers()


def setUpModule():
    global WORLD  # pylint: disable=global-statement
    WORLD = Incident()


def tearDownModule():
    WORLD.close()


def of(rows, kind):
    return [row for row in rows if row["type"] == kind]


def moment(name):
    return TRUTH["events"][name]["utc"]


class Generations(unittest.TestCase):
    def setUp(self):
        self.rows = of(WORLD.rows("keys", *SNAPSHOTS), "generation")
        self.by_place = {(f["source"], f["path"]): row for row in self.rows for f in row["files"]}

    def test_every_file_is_in_one_generation_and_no_other_is(self):
        places = [(snapshot, path) for gen in TRUTH["generations"]
                  for snapshot, paths in gen["places"].items() for path in paths]
        files = [(f["source"], f["path"]) for row in self.rows for f in row["files"]]
        self.assertEqual(sorted(files), sorted(places))

    def test_what_each_file_holds(self):
        for gen in TRUTH["generations"]:
            for snapshot, paths in gen["places"].items():
                for path in paths:
                    with self.subTest(snapshot=snapshot, path=path):
                        self.check(self.by_place[snapshot, path], gen, path)

    def check(self, row, gen, path):
        self.assertEqual(row["container"], gen["container"])
        self.assertEqual(row["file_hash"], gen["file_hash"])
        self.assertEqual(row["machine_guid"], os.path.basename(path)[33:])
        self.assertEqual(row["size"], gen["size"])
        self.assertEqual(row["modified"], gen["modified"])
        for kind in ("signature", "exchange"):
            key, truth = row[kind], gen[kind]
            self.assertEqual(key is None, truth is None)
            if key:
                self.assertEqual((key["algorithm"], key["bits"], key["spki_sha256"]),
                                 ("RSA", truth["bits"], truth["spki_sha256"]))
                self.assertEqual(key["master_key"], gen["master_key"])
                self.assertEqual(key["proof"], "private-verified")
                self.assertEqual(key["exportable"], gen["exportable"])

    def test_numbers(self):
        for gen in TRUTH["generations"]:
            row = next(r for r in self.rows if r["container"] == gen["container"]
                       and r["number"] == gen["number"])
            self.assertEqual(row["machine_guid"], gen["machine_guid"])
            self.assertEqual(sorted(row["sources"]), sorted(gen["places"]))

    def test_restored_ones_come_last(self):
        again = [row for row in self.rows if row["number"] == 3]
        self.assertEqual([row["container"] for row in again],
                         ["Microsoft Systems Management Server", "SMS"])
        for row in again:
            self.assertEqual(row["machine_guid"], TRUTH["machine_guids"]["new"])
            self.assertEqual(row["change"], "the keys of generation 1 under another MachineGuid")
            self.assertEqual(row["sources"], ["2005-01-12"])

    def test_states_and_the_missing_pair(self):
        incomplete = [(row["container"], row["number"]) for row in self.rows
                      if row["state"] != "complete"]
        self.assertEqual(incomplete, [("SMS", 2)])
        row = next(r for r in self.rows if (r["container"], r["number"]) == ("SMS", 2))
        self.assertEqual(row["state"], "incomplete")
        self.assertIn(f"{TRUTH['missing_pair_bytes']:,} bytes smaller than generation 1: one "
                      "1024-bit AT_KEYEXCHANGE pair is missing: 156 + 842 + 168", row["change"])

    def test_a_tar_tells_when_the_copy_was_made(self):
        rows = of(WORLD.rows("keys", *SNAPSHOTS[:3], "x=2005-01-12.tar.gz"), "generation")
        row = next(r for r in rows if (r["container"], r["number"]) == ("SMS", 3))
        self.assertEqual(row["created"], moment("old_keys_back"))
        self.assertEqual(row["modified"], moment("sp1_upgrade"))


class Timeline(unittest.TestCase):
    def setUp(self):
        self.events = of(WORLD.rows("timeline", *SNAPSHOTS, "client-CL01"), "event")

    def one(self, time, kind, words):
        found = [e for e in self.events if e["time"] == time and e["kind"] == kind
                 and words in e["text"]]
        self.assertEqual(len(found), 1, (time, kind, words, len(found)))
        return found[0]

    def test_the_evening_in_order(self):
        told = [
            self.one(moment("new_site_key"), "key-file-written", "Systems Management Server"),
            self.one(moment("new_site_key"), "machine-guid-new", TRUTH["machine_guids"]["new"]),
            self.one(moment("certificate_maintenance"), "cert-maintenance", "Entering"),
            self.one(moment("sign_failed"), "signing-failed", "CCMSignData failed (0x8009200b)"),
            self.one(moment("creating_certificate"), "key-created", "Creating Signing"),
            self.one(moment("new_agent_key_done"), "key-pair-missing", "AT_KEYEXCHANGE"),
            self.one(moment("certificate_created"), "certificate-created", "certifcate"),
            self.one(moment("iis_rebuilt"), "key-replaced", "Internet Information Server"),
            self.one(moment("client_refuses"), "trust-changed", "Both the trusted key"),
            self.one(moment("discarded"), "message-discarded", TRUTH["discarded_message"]),
        ]
        self.assertEqual(told, sorted(told, key=self.events.index))

    def test_order_is_that_of_time(self):
        times = [e["ticks"] for e in self.events]
        self.assertEqual(times, sorted(times))

    def test_nothing_is_told_twice(self):
        told = [(e["time"], e["kind"], e["text"]) for e in self.events]
        self.assertEqual(len(told), len(set(told)))

    def test_places(self):
        """The bytes at each place begin the row that the event quotes."""
        for event in self.events:
            if not event["clock"].startswith("log"):
                continue
            if event["kind"] == "log-set":  # a conclusion, at its first row
                self.assertIn(os.path.basename(event["path"]), event["text"])
                continue
            if event["kind"] == "clock-bias":  # another
                self.assertEqual(event["text"], "the clock of SMSSRV01: bias +300 (UTC-05:00)")
                continue
            with open(os.path.join(WORLD.path, event["source"], event["path"]), "rb") as log:
                log.seek(event["offset"])
                found = log.read(2000)
            if event["path"].endswith(".Evt"):
                source = event["text"].rsplit(":")[0].rsplit(" ", 1)[0]
                self.assertEqual(found[4:8] + found[0x38:0x38 + 2 * len(source)],
                                 b"LfLe" + source.encode("utf-16-le"))
                continue
            found = " ".join(found.decode("latin-1").split())
            self.assertIn(event["text"][:60].removesuffix("..."), found[:200])

    def test_event_logs(self):
        """Starts, stops, the metabase that cannot be opened, and backups (the last one's end lies behind it)."""
        kinds = {}
        for event in self.events:
            if event["path"].endswith(".Evt"):
                kinds.setdefault(event["kind"], []).append(event)
        self.assertEqual({kind: len(events) for kind, events in kinds.items()},
                         {"boot": 3, "shutdown": 3, "metabase-unreadable": 2, "service-failed": 2, "backup": 7})
        for event in kinds["metabase-unreadable"]:
            self.assertIn("ERROR_PATH_NOT_FOUND", event["meaning"])
        for event in kinds["service-failed"]:
            self.assertIn("ERROR_NO_TOKEN", event["meaning"])

    def test_master_keys(self):
        for key in TRUTH["master_keys"]:
            event = self.one(key["made"], "master-key-written", key["guid"])
            self.assertEqual(event["path"], key["path"])

    def test_restored_within_the_snapshots(self):
        found = [e for e in self.events if e["kind"] == "container-restored"]
        self.assertEqual(len(found), 2)
        back = TRUTH["events"]["old_keys_back"]["ticks"]
        for event in found:
            self.assertLessEqual(event["ticks"] - event["slack"], back)
            self.assertGreaterEqual(event["ticks"] + event["slack"], back)

    def test_restored_to_the_tick_in_a_tar(self):
        events = of(WORLD.rows("timeline", *SNAPSHOTS[:3], "2005-01-12.tar.gz"), "event")
        found = [e["time"] for e in events if e["kind"] == "container-restored"]
        self.assertEqual(found, [moment("old_keys_back")] * 2)


class Findings(unittest.TestCase):
    def rules(self, *sources):
        rows = of(WORLD.rows("keys", *sources), "finding")
        return [(r["rule"], (r["generation"] or {}).get("container"), r["confidence"])
                for r in rows if r["rule"].startswith("K")]

    def of_containers(self, *sources):
        return [f for f in self.rules(*sources) if f[0] in ("K002", "K003", "K014", "K016")]

    def test_healthy(self):
        for source in ("2004-12-28", "2004-12-28.zip"):
            self.assertEqual([f[0] for f in self.rules(source)], ["K024"], "the metabase has its key")

    def test_all(self):
        twice = ["MS IIS DCOM Server", "Microsoft Internet Information Server",
                 "Microsoft Systems Management Server", "SMS"]
        # The keys of the other two are back, which K016 tells.
        expected = [("K002", name, "proved") for name in twice[:2]]
        expected += [("K003", "SMS", "proved")]
        expected += [("K014", name, "proved") for name in twice]
        expected += [("K016", name, "proved") for name in twice[2:]]
        self.assertEqual(self.of_containers(*SNAPSHOTS), expected)

    def test_one_snapshot_is_enough(self):
        found = self.of_containers("2005-01-07")
        self.assertEqual([f[0] for f in found], ["K002", "K002", "K003", "K014", "K014"])

    def test_evidence_of_the_missing_pair(self):
        rows = of(WORLD.rows("keys", *SNAPSHOTS), "finding")
        found = next(r for r in rows if r["rule"] == "K003")
        self.assertIn("1,166 bytes: 156 + 842 + 168", found["text"])
        with open(os.path.join(WORLD.path, found["path"]), "rb") as container:
            container.seek(found["offset"])
            self.assertEqual(container.read(4), bytes(4), "the size of the public key")


class Everywhere(unittest.TestCase):
    def test_carriers_agree(self):
        folder, archive = (of(WORLD.rows("keys", f"x={name}"), "generation")
                           for name in ("2004-12-28", "2004-12-28.zip"))
        for row in folder + archive:
            for name in list(row):
                if name.startswith(("created", "modified", "first_", "last_", "slack", "clock")):
                    del row[name]
        self.assertEqual(json.dumps(folder), json.dumps(archive))


if __name__ == "__main__":
    unittest.main()
