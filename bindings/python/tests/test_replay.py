"""A dirty hive and its log."""
import struct
import unittest

import smscrypto


def base_block(primary, secondary, kind, bins=4096):
    block = bytearray(512)
    struct.pack_into("<4sIIQIIIIIII", block, 0, b"regf", primary, secondary, 0, 1, 3, kind, 1, 32, bins, 1)
    total = 0
    for word in struct.unpack("<127I", block[:508]):
        total ^= word
    struct.pack_into("<I", block, 508, total)
    return bytes(block)


class Replay(unittest.TestCase):
    """One page of eight is dirty: the second."""

    def setUp(self):
        bins = struct.pack("<4sII20x", b"hbin", 0, 4096) + bytes(4064)
        self.hive = base_block(2, 1, 0) + bytes(3584) + bins
        self.page = bytes(range(256)) * 2
        log = base_block(2, 2, 1) + b"DIRT" + bytes([2])
        self.log = log + bytes(-len(log) % 512) + self.page

    def test_page_is_laid_over(self):
        hive, record = smscrypto.replay("SYSTEM", self.hive, self.log)
        self.assertEqual(hive[4096 + 512:4096 + 1024], self.page)
        self.assertEqual(hive[4096 + 1024:], self.hive[4096 + 1024:])
        self.assertEqual((record["runs"], record["run"]["at"], record["run"]["bytes"]), (1, 4608, 512))
        self.assertEqual(record["changed"], 510)   # two bytes of the page are 0

    def test_log_of_another_hive(self):
        with self.assertRaises(smscrypto.Error) as caught:
            smscrypto.replay("SYSTEM", self.hive, self.log[:300])
        self.assertEqual(caught.exception.code, "format")


if __name__ == "__main__":
    unittest.main()
