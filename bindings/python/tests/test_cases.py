"""A case: what the incident's answers say must come out."""
import collections.abc
import datetime
import json
import os
import unittest

import smscrypto
from evidence import CONTAINER, CORPUS, SNAPSHOTS, ZIP, Test, answers, load, ticks


class Incident(Test):
    @classmethod
    def setUpClass(cls):
        cls.case = smscrypto.analyze(*SNAPSHOTS)
        cls.truth = answers()["generations"]

    @classmethod
    def tearDownClass(cls):
        del cls.case

    def same_keys(self, truth):
        """The generations that hold these keys; one a MachineGuid, the first one first."""
        known = [truth[name] and truth[name]["spki_sha256"] for name in ("signature", "exchange")]
        return [g for g in self.case.generations if g.file_hash == truth["file_hash"]
                and [k and k.spki_sha256.hex() for k in (g.signature, g.exchange)] == known]

    def test_generations(self):
        self.assertEqual(sum(len(self.same_keys(truth)) for truth in self.truth),
                         len(self.case.generations))
        for truth in self.truth:
            g = self.same_keys(truth)[0]
            self.assertEqual((g.container, g.number, g.size, g.machine_guid, g.modified_ticks),
                             (truth["container"], truth["number"], truth["size"],
                              truth["machine_guid"], ticks(truth["modified"])))
            for name in ("signature", "exchange"):
                key, known = getattr(g, name), truth[name]
                if key:
                    self.assertEqual((key.algorithm, key.bits), ("RSA", known["bits"]))
                    self.assertEqual((len(key.spki_sha1), key.public_blob[:1]), (20, b"\6"))
                    self.assertEqual(key.master_key, truth["master_key"])
                    self.assertIn(key.exportable, (True, False, None))

    def test_states(self):
        lacking = [g for g in self.case.generations if g.state == "incomplete"]
        self.assertEqual([(g.container, g.number, g.exchange) for g in lacking], [("SMS", 2, None)])
        self.assertIn("1,166" if "1,166" in lacking[0].change else "1166", lacking[0].change)

    def test_files(self):
        for truth in self.truth:
            files = {}
            for g in self.same_keys(truth):
                for file in g.files:
                    self.assertIsInstance(file, smscrypto.File)
                    self.assertIn(file.source, self.case.sources)
                    files.setdefault(file.source.label, set()).add(file.path)
            self.assertEqual(files, {day: set(paths) for day, paths in truth["places"].items()})

    def test_key_when(self):
        before = datetime.datetime(2005, 1, 1, tzinfo=datetime.timezone.utc)
        after = "2005-01-08T00:00Z"
        self.assertEqual(self.case.key_when("SMS", before).number, 1)
        self.assertEqual(self.case.key_when("SMS", after).number, 2)
        hashed = "19c5cf9c7b5dc9de3e548adb70398402"
        self.assertEqual(self.case.key_when(hashed, after), self.case.key_when("SMS", after))
        self.assertIsNone(self.case.key_when("SMS", ticks("1999-01-01T00:00:00.0000000Z")))
        self.assertIsNone(self.case.key_when("Küche", after))
        with self.assertRaises(ValueError):
            self.case.key_when("SMS", datetime.datetime(2005, 1, 1))

    def test_events(self):
        events = self.case.events
        times = [event.time for event in events if event.time]
        self.assertEqual(times, sorted(times))
        self.assertTrue(all(time.tzinfo for time in times))
        made = ticks(next(t["modified"] for t in self.truth
                          if (t["container"], t["number"]) == ("SMS", 2)))
        about = [e for e in events if e.time_ticks == made and e.generation
                 and e.generation.container == "SMS"]
        self.assertTrue(about)
        self.assertEqual(about[0].generation.number, 2)
        for event in events:
            self.assertTrue(event.kind and event.text and event.path)
            self.assertIn(event.source, self.case.sources)
            self.assertEqual(event.sources[0], event.source)
            self.assertTrue(event.local is None or event.local.tzinfo is None)

    def test_findings(self):
        findings = self.case.findings
        severities = [finding.severity for finding in findings]
        self.assertEqual(severities, sorted(severities, reverse=True))
        self.assertLessEqual({"K002", "K003"}, {finding.rule for finding in findings})
        self.assertTrue(all(f.advice and f.confidence for f in findings if f.rule[0] == "K"))

        for finding in findings:
            self.assertEqual(finding.refutation, smscrypto.rule_refutation(finding.rule))
            self.assertLessEqual(finding.severity, smscrypto.rule_severity(finding.rule))
        self.assertIsNone(smscrypto.rule_advice("K999"))

    def test_plan(self):
        plan = smscrypto.analyze(*SNAPSHOTS[:2]).plan
        self.assertEqual([step.number for step in plan], list(range(1, len(plan) + 1)))
        copies = [step for step in plan if step.action == "copy"]
        truth = {(t["container"], t["number"]): t for t in self.truth}
        for step in copies:
            made = truth[step.generation.container, step.generation.number]
            self.assertEqual(step.what, f"{step.source.label}/{made['places'][step.source.label][0]}")
            self.assertEqual(step.proof, "private-verified")
            self.assertIn(made["sha256"], step.check)
        self.assertEqual(len(copies), 6)
        self.assertIn('"type":"plan"', smscrypto.analyze(*SNAPSHOTS[:2]).write("plan", "jsonl"))
        self.assertEqual(len(smscrypto.analyze(SNAPSHOTS[0]).plan), 0)

    def test_records(self):
        formats = {record.format for record in self.case.records}
        self.assertIn("capi-container", formats)
        self.assertLessEqual(formats, set(smscrypto.formats()))

    def test_sources(self):
        for source, day in zip(self.case.sources, answers()["snapshots"].items()):
            self.assertEqual((source.label, source.machine_guid), (day[0], day[1]["machine_guid"]))
            self.assertTrue(source.computer and source.system)
        self.assertIsNone(smscrypto.open(ZIP).machine_guid)

    def test_views(self):
        events = self.case.events
        self.assertIsInstance(events, collections.abc.Sequence)
        listed = list(events)
        self.assertEqual(listed, [events[i] for i in range(len(events))])
        self.assertEqual(events[-1], listed[-1])
        self.assertEqual(events[2:9:3], listed[2:9:3])
        self.assertEqual(list(reversed(events)), listed[::-1])
        self.assertIn(listed[5], events)
        self.assertEqual(events.index(listed[5]), 5)
        self.assertEqual(len(set(listed)), len(listed))
        for wrong in (len(events), -len(events) - 1):
            with self.assertRaises(IndexError):
                events[wrong]
        self.assertIn("Event time=", repr(events))
        self.assertEqual(repr(smscrypto.analyze().events), "[]")

    def test_reprs(self):
        for thing in (self.case, self.case.events[0], self.case.findings[0],
                      self.case.generations[0], self.case.generations[0].exchange):
            self.assertRegex(repr(thing), r"^<smscrypto\.\w+ ")


class Evidence(Test):
    def test_labels(self):
        source = smscrypto.open(SNAPSHOTS[1])
        case = smscrypto.analyze(("früher", ZIP), ("later", source), SNAPSHOTS[2], (None, ZIP))
        self.assertEqual([s.label for s in case.sources],
                         ["früher", "later", os.path.basename(SNAPSHOTS[2]),
                          os.path.basename(ZIP)])
        self.assertEqual(case.sources[1], source)

    def test_zip_is_directory(self):
        def told(path):
            return [(g.container, g.number, g.state, g.size, g.exchange and g.exchange.spki_sha256)
                    for g in smscrypto.analyze(path).generations]
        self.assertEqual(told(ZIP), told(SNAPSHOTS[0]))

    def test_nothing(self):
        case = smscrypto.analyze()
        self.assertEqual((len(case.events), len(case.sources)), (0, 0))

    def test_secrets(self):
        known = json.loads(load(CORPUS, "SAMPLES.json"))["shared"]["master_key"]
        secret = f"master-key={known['guid']}:{known['key']}"
        for secrets in (secret, [secret], iter((secret,))):
            case = smscrypto.analyze(CONTAINER, secrets=secrets)
            self.assertEqual({case.generations[0].signature.proof,
                              case.generations[0].exchange.proof}, {"private-verified"})
        locked = smscrypto.analyze(CONTAINER).generations[0].exchange
        self.assertEqual(locked.proof, "locked")
        self.assertTrue(locked.reason)
        for wrong in ("", "master-key=x", "magic=5"):
            with self.assertRaises(smscrypto.Error) as caught:
                smscrypto.analyze(CONTAINER, secrets=[wrong])
            self.assertEqual(caught.exception.code, "arg")
        with self.assertRaises(TypeError):
            smscrypto.analyze(CONTAINER, secrets=[b"bytes"])

    def test_match(self):
        case = smscrypto.analyze(CONTAINER)
        key = case.generations[0].exchange
        found = case.match(load(CORPUS, "sms-aut", "mpkeyinformation.xml"), "page")
        self.assertEqual([match.role for match in found], ["mp-certificate", "trusted-root-key"])
        self.assertEqual((found[1].spki_sha256, found[1].key, found[1].evidence), (key.spki_sha256, "exchange", "page"))
        self.assertEqual(found[1].generation, case.generations[0])
        self.assertEqual(found[1].signer, case.generations[0])
        self.assertEqual(found[1].proof, "locked")
        nothing, = case.match(b"0" * 40)
        self.assertEqual((nothing.proof, nothing.generation, nothing.key), ("none", None, ""))
        with self.assertRaises(smscrypto.Error) as raised:
            case.match(b"nothing")
        self.assertEqual(raised.exception.code, "format")

    def test_decrypt(self):
        message = load(CORPUS, "cms", "plain.p7m")
        with self.assertRaises(smscrypto.Error) as raised:
            smscrypto.analyze(CONTAINER).match(message)[0].decrypt()
        self.assertEqual(raised.exception.code, "arg")

    def test_export(self):
        known = json.loads(load(CORPUS, "SAMPLES.json"))["shared"]["master_key"]
        secret = f"master-key={known['guid']}:{known['key']}"
        case = smscrypto.analyze(CONTAINER, secrets=secret, allow_export=True)
        g = case.generations[0]
        self.assertEqual(g.export("exchange", "blob", ""), load(CORPUS, "key-blob", "private-exchange"))
        self.assertEqual(g.export("signature", "pvk", ""), load(CORPUS, "pvk", "plain-signature.pvk"))
        self.assertTrue(g.export("exchange", "pem", "x").startswith(b"-----BEGIN ENCRYPTED"))
        locked = smscrypto.analyze(CONTAINER, allow_export=True).generations[0]
        refused = smscrypto.analyze(CONTAINER, secrets=secret, allow_export=False).generations[0]
        for code, of, wanted in (("crypto", locked, ("exchange", "pem", "x")),
                                 ("arg", refused, ("exchange", "pem", "x")),
                                 ("arg", g, ("exchange", "pem", None)), ("arg", g, ("exchange", "pfx", "x")),
                                 ("arg", g, ("both", "pem", "x")), ("arg", g, ("exchange", "blob", "x"))):
            with self.assertRaises(smscrypto.Error) as caught:
                of.export(*wanted)
            self.assertEqual(caught.exception.code, code)

    def test_wrong_evidence(self):
        for wrong in (5, None, ("a", 5), (5, ZIP), ("a", "b", "c")):
            with self.assertRaises((TypeError, ValueError)):
                smscrypto.analyze(wrong)


if __name__ == "__main__":
    unittest.main()
