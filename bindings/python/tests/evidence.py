"""Where the evidence of the tests is, and what is true of it by other means than the library."""
import datetime
import gc
import json
import os
import re
import unittest

import smscrypto

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..", "..")
CORPUS = os.environ.get("SMSC_CORPUS", os.path.join(TOP, "corpus"))
INCIDENT = os.path.join(CORPUS, "incident-2005")
SNAPSHOTS = [os.path.join(INCIDENT, day)
             for day in ("2004-12-28", "2005-01-07", "2005-01-09", "2005-01-12")]
ZIP = os.path.join(INCIDENT, "2004-12-28.zip")
CONTAINER = os.path.join(CORPUS, "capi-container", "two-pairs")
LOG = os.path.join(CORPUS, "sms-log", "form-c.log")
TORN = os.path.join(CORPUS, "capi-container", "bad-private-cut")


def load(*parts):
    with open(os.path.join(*parts), "rb") as file:
        return file.read()


def answers():
    return json.loads(load(INCIDENT, "ANSWERS.json"))


def samples():
    return json.loads(load(CORPUS, "SAMPLES.json"))["samples"]


def ticks(text):
    """FILETIME ticks of '2005-01-07T22:59:38.1234567Z', by arithmetic of our own."""
    whole, digits = re.fullmatch(r"(.*)\.(\d{7})Z", text).groups()
    then = datetime.datetime.fromisoformat(whole) - datetime.datetime(1601, 1, 1)
    return (then.days * 86400 + then.seconds) * 10**7 + int(digits)


def resident():
    """Bytes of this process in memory."""
    return int(load("/proc/self/statm").split()[1]) * os.sysconf("SC_PAGESIZE")


class Test(unittest.TestCase):
    """A test after which as many objects live as before."""

    def setUp(self):
        gc.collect()
        self.live = smscrypto.live_objects()

    def tearDown(self):
        gc.collect()
        self.assertEqual(smscrypto.live_objects(), self.live, "objects were left behind")
