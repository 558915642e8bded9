"""Words and statuses: what is wrong use, and what is not."""
import os
import re
import unittest

from command import CORPUS, Case, ccm, smscrypto

COMMANDS = ("timeline", "diagnose", "keys", "certs", "match", "report", "export", "ls", "extract", "inspect",
            "log", "formats", "rules", "knowledge", "version", "help")


class Usage(Case):
    def test_knowledge(self):
        out = smscrypto("knowledge").out.decode()
        self.assertIn("L003  signing-failed (error), by CcmExec; the key in SMS\n      CCMSignData failed\n", out)
        self.assertGreaterEqual(len(re.findall(r"^[LV]\d{3}  ", out, re.M)), 138)

    def test_nothing_is_wrong_use(self):
        result = smscrypto()
        self.assertStatus(result, 2)
        self.assertEqual(result.out, b"")
        self.assertIn("usage: smscrypto COMMAND", result.err)

    def test_help_lists_every_command(self):
        for words in (["help"], ["--help"], ["-h"]):
            result = smscrypto(*words)
            self.assertStatus(result, 0)
            for name in COMMANDS:
                self.assertIn(name, result.out.decode())
            self.assertEqual(result.err, "")

    def test_help_of_one_command(self):
        for name in COMMANDS:
            result = smscrypto("help", name)
            self.assertStatus(result, 0)
            self.assertIn(f"usage: smscrypto {name}", result.out.decode())
            self.assertEqual(smscrypto(name, "--help").out, result.out)

    def test_unknown_commands(self):
        for name in ("nonsense", "reports", "unpack", "", "-x"):
            result = smscrypto(name, "x")
            self.assertStatus(result, 2)
            self.assertSays(result, "no such command", "smscrypto help")
            self.assertStatus(smscrypto("help", name or "nonsense"), 2)

    def test_version(self):
        for words in (["version"], ["--version"]):
            result = smscrypto(*words)
            self.assertStatus(result, 0)
            self.assertRegex(result.out.decode(), r"\Asmscrypto \d+\.\d+\.\d+\n\Z")

    def test_formats(self):
        result = smscrypto("formats")
        self.assertStatus(result, 0)
        names = [line.split()[0] for line in result.lines()]
        for name in ("capi-container", "dpapi-blob", "dpapi-masterkey", "dpapi-preferred",
                     "key-blob", "pvk", "cng-key", "ccm-log", "sms-log", "trace-text",
                     "setup-log", "update-log", "iis-log"):
            self.assertIn(name, names)
        self.assertEqual(len(names), len(set(names)))

    def test_wrong_options(self):
        log = self.write("a.log", ccm("x"))
        for words in (["timeline", "--nonsense", log], ["timeline", "-z", log],
                      ["timeline", log, "-f"], ["timeline", "-f", "html", log],
                      ["keys", "-f", "bodyfile", log], ["keys", "--since=2005-01-01", log],
                      ["ls", "-f", "csv", log], ["inspect", "-f", "csv", log],
                      ["log", "--hash", log], ["timeline", "--since", "yesterday", log],
                      ["timeline", "--until=", log], ["timeline", "--limit", "stream", log],
                      ["timeline", "--limit", "stream=0", log],
                      ["timeline", "--limit", "stream=-1", log],
                      ["timeline", "--limit", "stream=1X", log],
                      ["timeline", "--limit", "stream=99999999999999999999", log],
                      ["timeline", "--limit", "depth=4294967296", log],
                      ["timeline", "--limit", "colour=1", log],
                      ["timeline", "--codepage", "latin", log], ["timeline", "--threads", "0", log],
                      ["log", "--threads", "2", log],
                      ["timeline", "--color", "blue", log], ["timeline", "--quiet=1", log],
                      ["version", "--quiet"], ["version", "x"], ["help", "ls", "keys"]):
            with self.subTest(words=words):
                result = smscrypto(*words)
                self.assertStatus(result, 2)
                self.assertSays(result)
                self.assertNotEqual(result.err, "")
                self.assertEqual(result.out, b"")

    def test_values_that_the_library_refuses(self):
        log = self.write("a.log", ccm("x"))
        for words in (["--codepage", "9999"], ["--tz", "Mars/Olympus"]):
            for command in ("timeline", "keys", "ls", "log", "inspect"):
                with self.subTest(command=command, words=words):
                    result = smscrypto(command, *words, log)
                    self.assertStatus(result, 2)
                    self.assertSays(result)
                    self.assertNotEqual(result.err, "")

    def test_no_operand(self):
        for command in ("timeline", "keys", "ls", "inspect", "log"):
            result = smscrypto(command)
            self.assertStatus(result, 2)
            self.assertSays(result, f"usage: smscrypto {command}")

    def test_options_stand_anywhere(self):
        log = self.write("a.log", ccm("first") + ccm("second"))
        expected = smscrypto("log", "-f", "jsonl", "-q", log).out
        self.assertEqual(expected.count(b"\n"), 2)
        for words in (["log", log, "-f", "jsonl", "-q"], ["log", "-q", log, "-fjsonl"],
                      ["log", "-qfjsonl", log], ["log", "--format=jsonl", "--quiet", log],
                      ["log", "--format", "jsonl", log, "--quiet"],
                      ["log", "-qf", "jsonl", "--", log]):
            with self.subTest(words=words):
                result = smscrypto(*words)
                self.assertStatus(result, 0)
                self.assertEqual(result.out, expected)

    def test_two_dashes_end_the_options(self):
        self.write("-f", ccm("x"))
        result = smscrypto("log", "--", "-f", cwd=self.folder)
        self.assertStatus(result, 0)
        self.assertIn("x", result.out.decode())


class Names(Case):
    """NAME=PATH, and paths that only look like it."""

    def setUp(self):
        super().setUp()
        self.one = os.path.join(CORPUS, "incident-2005", "2004-12-28")

    def sources(self, operand, **more):
        result = smscrypto("ls", "-f", "jsonl", operand, **more)
        self.assertStatus(result, 0)
        return {row["source"] for row in result.rows("entry")}

    def test_a_name(self):
        self.write("d/file", b"x")
        self.assertEqual(self.sources(f"before={self.path('d')}"), {"before"})
        self.assertEqual(self.sources(self.path("d")), {"d"})

    def test_a_path_with_an_equals_sign(self):
        self.write("a=b/file", b"x")
        self.assertEqual(self.sources("a=b", cwd=self.folder), {"a=b"})
        self.assertEqual(self.sources(self.path("a=b")), {"a=b"})

    def test_names_reach_the_timeline(self):
        result = smscrypto("timeline", "-f", "jsonl", f"before={self.one}")
        self.assertStatus(result, 0)
        self.assertEqual({row["source"] for row in result.rows("event")}, {"before"})


class Colour(Case):
    def test_when(self):
        log = self.write("a.log", ccm("boom", severity=3))
        plain = smscrypto("log", log, env={"TERM": "xterm"}).out
        self.assertNotIn(b"\x1b", plain)
        always = smscrypto("log", "--color", "always", log, env={"NO_COLOR": "1"}).out
        self.assertIn(b"\x1b[", always)
        self.assertEqual(smscrypto("log", "--color=never", log).out, plain)
        rows = smscrypto("log", "--color=always", "-f", "jsonl", log).out
        self.assertNotIn(b"\x1b", rows)

    def test_terminal(self):
        log = self.write("a.log", ccm("boom", severity=3))
        self.assertIn(b"\x1b[", self.on_terminal(log, {"TERM": "xterm"}))
        self.assertNotIn(b"\x1b[", self.on_terminal(log, {"TERM": "xterm", "NO_COLOR": "1"}))
        self.assertNotIn(b"\x1b[", self.on_terminal(log, {"TERM": "dumb"}))

    def on_terminal(self, log, env):
        """What the command writes to a terminal."""
        try:
            master, slave = os.openpty()
        except OSError as error:
            self.skipTest(f"no terminal to be had: {error}")
        env = dict({"NO_COLOR": ""}, **env)
        result = smscrypto("log", log, env=env, stdout=slave)
        os.close(slave)
        out = os.read(master, 65536)
        os.close(master)
        self.assertStatus(result, 0)
        return out


if __name__ == "__main__":
    unittest.main()
