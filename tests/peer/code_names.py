"""Error codes in rows of logs are called what impacket's tables of Microsoft's names call them."""
import json
import os
import subprocess
import tempfile
import unittest

try:
    from impacket import hresult_errors, system_errors
    NAMES = {**{code: name for code, (name, _) in hresult_errors.ERROR_MESSAGES.items()},
             **{code: name for code, (name, _) in system_errors.ERROR_MESSAGES.items()}}
except ImportError:
    NAMES = {}

COMMAND = os.environ["SMSC_COMMAND"]
ROW = ('<![LOG[error=0x%08x]LOG]!><time="17:59:38.406+300" date="01-07-2005" component="C" context="" '
       'type="3" thread="1" file="">\r\n')


def named(codes):
    """{code: name} of those that the command names in a row of a log."""
    with tempfile.NamedTemporaryFile("w", suffix=".log") as log:
        log.write("".join(ROW % code for code in codes))
        log.flush()
        out = subprocess.run([COMMAND, "log", "-f", "jsonl", log.name], capture_output=True, check=True).stdout
    rows = [json.loads(line) for line in out.splitlines()]
    return {int(code["code"], 16): code["name"] for row in rows for code in row["codes"] if code["name"]}


@unittest.skipUnless(NAMES, "impacket is not installed")
class Names(unittest.TestCase):
    def test_names(self):
        ours = named(sorted(NAMES))
        self.assertGreater(len(ours), 150)
        self.assertEqual(ours, {code: NAMES[code] for code in ours})


if __name__ == "__main__":
    unittest.main()
