"""Where the output goes, and what may stop it."""
import os
import signal
import subprocess
import time
import unittest

from command import COMMAND, CORPUS, Case, ccm, smscrypto


class OutputFile(Case):
    def setUp(self):
        super().setUp()
        self.log = self.write("in/a.log", ccm("one") + ccm("two"))
        self.expected = smscrypto("log", self.log).out

    def test_written(self):
        out = self.path("out.txt")
        result = smscrypto("log", self.log, "-o", out)
        self.assertStatus(result, 0)
        self.assertEqual(result.out, b"")
        with open(out, "rb") as written:
            self.assertEqual(written.read(), self.expected)
        self.assertEqual(sorted(os.listdir(self.folder)), ["in", "out.txt"])

    def test_mode_follows_the_umask(self):
        out = self.path("out.txt")
        smscrypto("log", self.log, "-o", out, preexec_fn=lambda: os.umask(0o027))
        self.assertEqual(os.stat(out).st_mode & 0o777, 0o640)

    def test_replaced_through_a_link(self):
        old = self.write("old.txt", b"old")
        link = self.path("link.txt")
        os.symlink("old.txt", link)
        self.assertStatus(smscrypto("log", self.log, "-o", link), 0)
        self.assertTrue(os.path.islink(link))
        with open(old, "rb") as written:
            self.assertEqual(written.read(), self.expected)

    def test_a_device_is_not_replaced(self):
        self.assertStatus(smscrypto("log", self.log, "-o", "/dev/null"), 0)
        self.assertFalse(os.path.isfile("/dev/null"))

    def test_dash_is_standard_output(self):
        self.assertEqual(smscrypto("log", self.log, "-o", "-").out, self.expected)

    def test_failure_leaves_the_old_file(self):
        out = self.write("out.txt", b"old")
        result = smscrypto("timeline", self.path("absent"), "-o", out)
        self.assertStatus(result, 3)
        with open(out, "rb") as kept:
            self.assertEqual(kept.read(), b"old")
        self.assertEqual(sorted(os.listdir(self.folder)), ["in", "out.txt"])

    def test_never_over_evidence(self):
        inside = self.path("in")
        os.symlink(self.log, self.path("link.log"))
        os.link(self.log, self.path("same.log"))
        os.symlink("in", self.path("way"))
        for words in (["log", self.log, "-o", self.log],
                      ["log", self.log, "-o", self.path("in", ".", "a.log")],
                      ["log", self.log, "-o", self.path("link.log")],
                      ["log", self.log, "-o", self.path("same.log")],
                      ["ls", inside, "-o", self.path("in", "list.txt")],
                      ["ls", f"x={inside}", "-o", self.path("in", "list.txt")],
                      ["ls", inside, "-o", self.path("way", "list.txt")],
                      ["timeline", self.folder, "-o", self.path("in", "list.txt")]):
            with self.subTest(words=words):
                result = smscrypto(*words)
                self.assertStatus(result, 2)
                self.assertSays(result, "evidence")
        self.assertStatus(smscrypto("ls", ".", "-o", "list.txt", cwd=inside), 2)
        with open(self.log, "rb") as kept:
            self.assertEqual(kept.read(), ccm("one") + ccm("two"))
        self.assertEqual(os.listdir(inside), ["a.log"])

    def test_beside_evidence_is_fine(self):
        self.assertStatus(smscrypto("ls", self.path("in"), "-o", self.path("in.txt")), 0)

    def test_places_that_cannot_be_written(self):
        for out in (self.path("absent", "out.txt"), self.path("in", "a.log", "x"), "/"):
            with self.subTest(out=out):
                result = smscrypto("log", self.log, "-o", out)
                self.assertStatus(result, 3)
                self.assertSays(result, out)


class Stopped(Case):
    def setUp(self):
        super().setUp()
        self.big = self.write("big.log", ccm("row") * 40000)

    def test_closed_pipe_is_quiet(self):
        for close_signal in (signal.SIG_DFL, signal.SIG_IGN):
            with subprocess.Popen([COMMAND, "log", self.big], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE,
                                  preexec_fn=lambda how=close_signal: signal.signal(signal.SIGPIPE, how)
                                  ) as run:
                self.assertIn(b"row", run.stdout.readline() + run.stdout.readline())
                run.stdout.close()
                self.assertEqual(run.stderr.read(), b"")
                self.assertEqual(run.wait(), 0)

    def test_closed_pipe_of_help(self):
        read, write = os.pipe()
        os.close(read)
        for words in (["help"], ["formats"], ["version"]):
            result = smscrypto(*words, stdout=write)
            self.assertStatus(result, 0)
            self.assertEqual(result.err, "")
        os.close(write)

    def test_full_disk(self):
        for words in (["log", self.big], ["help"], ["version"],
                      ["timeline", os.path.join(CORPUS, "incident-2005", "2004-12-28")]):
            with self.subTest(words=words), open("/dev/full", "wb") as full:
                result = smscrypto(*words, stdout=full)
                self.assertStatus(result, 3)
                self.assertSays(result, "standard output")

    def interrupt(self, *words):
        """Ctrl-C while the command waits for its reader."""
        with subprocess.Popen([COMMAND, *words], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, preexec_fn=self.like_a_shell) as run:
            self.assertTrue(run.stdout.read(1))
            time.sleep(0.2)
            run.send_signal(signal.SIGINT)
            run.stdout.read()
            return run.wait(timeout=60), run.stderr.read()

    @staticmethod
    def like_a_shell():
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    def test_interrupt(self):
        status, err = self.interrupt("log", self.big)
        self.assertEqual(status, -signal.SIGINT)
        self.assertEqual(err, b"")

    def test_interrupt_leaves_no_file(self):
        out = self.path("out.txt")
        with subprocess.Popen([COMMAND, "log", *[self.big] * 1000, "-o", out],
                              stderr=subprocess.PIPE, preexec_fn=self.like_a_shell) as run:
            while len(os.listdir(self.folder)) < 2:
                time.sleep(0.01)
            run.send_signal(signal.SIGINT)
            self.assertEqual(run.wait(timeout=60), -signal.SIGINT)
        self.assertEqual(os.listdir(self.folder), ["big.log"])


if __name__ == "__main__":
    unittest.main()
