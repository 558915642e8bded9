"""Callbacks, signals and threads."""
import _thread
import os
import signal
import tempfile
import threading
import time
import unittest

import smscrypto
from evidence import INCIDENT, SNAPSHOTS, ZIP, Test, load

RECORDS = load(INCIDENT, "2005-01-07", "C", "SMS_CCM", "Logs", "CcmExec.log")


class Large(Test):
    """Evidence that takes a good while."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = os.path.join(folder.name, "CcmExec.log")
        with open(cls.path, "wb") as file:
            for _ in range(40_000_000 // len(RECORDS)):
                file.write(RECORDS)


class Progress(Test):
    def test_is_told(self):
        seen = []
        smscrypto.analyze(*SNAPSHOTS, progress=lambda *told: seen.append(told))
        self.assertGreater(len(seen), 0)
        for stage, done, total in seen:
            self.assertTrue(isinstance(stage, str) and stage)
            self.assertTrue(total == 0 or 0 <= done <= total)

    def test_what_it_returns_does_not_matter(self):
        for value in (True, False, None, 0, 1, "x"):
            smscrypto.analyze(ZIP, progress=lambda *told: value)

    def test_its_exception_comes_out(self):
        class Own(Exception):
            pass

        own = Own("stop")

        def progress(*told):
            raise own

        with self.assertRaises(Own) as caught:
            smscrypto.analyze(ZIP, progress=progress)
        self.assertIs(caught.exception, own)

    def test_wrong_number_of_arguments(self):
        with self.assertRaisesRegex(TypeError, "positional"):
            smscrypto.analyze(ZIP, progress=lambda: None)
        with self.assertRaisesRegex(TypeError, "function"):
            smscrypto.analyze(ZIP, progress=5)

    def test_with_an_open_source(self):
        seen = []
        with smscrypto.open(ZIP) as source:
            smscrypto.analyze(source, progress=lambda *told: seen.append(told))
        self.assertGreater(len(seen), 0)


class Signals(Large):
    def test_ctrl_c_in_the_callback(self):
        with self.assertRaises(KeyboardInterrupt):
            smscrypto.analyze(ZIP, progress=lambda *told: os.kill(os.getpid(), signal.SIGINT))

    def test_ctrl_c_without_one(self):
        timer = threading.Timer(0.1, _thread.interrupt_main)
        begin = time.monotonic()
        timer.start()
        with self.assertRaises(KeyboardInterrupt):
            smscrypto.analyze(*[self.path] * 50)
        self.assertLess(time.monotonic() - begin, 5)
        timer.join()


class Threads(Large):
    def test_others_run_meanwhile(self):
        turns = 0
        worker = threading.Thread(target=smscrypto.analyze, args=(self.path,))
        worker.start()
        while worker.is_alive():
            turns += 1
        self.assertGreater(turns, 10_000)

    def test_many_read_one_case(self):
        case = smscrypto.analyze(*SNAPSHOTS)
        expected = [(e.time, e.text, e.path) for e in case.events]
        wrong = []

        def read():
            for _ in range(20):
                if [(e.time, e.text, e.path) for e in case.events] != expected:
                    wrong.append("events")
                if len(case.write("timeline", "jsonl").splitlines()) != len(expected):
                    wrong.append("report")

        workers = [threading.Thread(target=read) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual(wrong, [])

    def test_many_analyze(self):
        found = []

        def work():
            for _ in range(5):
                found.append(len(smscrypto.analyze(*SNAPSHOTS).generations))

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual((len(found), len(set(found))), (20, 1))


if __name__ == "__main__":
    unittest.main()
