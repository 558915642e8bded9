"""What the tests of the command share: running it, and making evidence."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

COMMAND = os.environ["SMSC_COMMAND"]
LIBRARY = os.environ["SMSC_LIBRARY"]
CORPUS = os.environ["SMSC_CORPUS"]
SANITIZED = os.environ.get("SMSC_SANITIZED") == "1"
NOBODY = 65534

# One record of a CCM log as the client writes it; bias 300 minutes west of Greenwich.
CCM = ('<![LOG[{text}]LOG]!><time="{time}+300" date="01-07-2005" component="CcmExec" '
       'context="" type="{type}" thread="2724" file="ccmexec.cpp:{line}">\r\n')


def ccm(text, time="17:59:38.406", severity=1, line=1):
    """Bytes of one record."""
    return CCM.format(text=text, time=time, type=severity, line=line).encode("ascii")


class Result:
    """Status, output and errors of one run."""

    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout
        self.err = done.stderr.decode("utf-8", "replace") if done.stderr is not None else ""

    def lines(self):
        return self.out.decode("utf-8").splitlines()

    def rows(self, kind=None):
        """JSON Lines, of one type when `kind` is given."""
        rows = [json.loads(line) for line in self.lines()]
        return [row for row in rows if kind in (None, row["type"])]


def smscrypto(*args, env=None, **more):
    """Runs the command; `env` adds to the environment."""
    settings = dict(os.environ, **(env or {}))
    more.setdefault("stdout", subprocess.PIPE)
    more.setdefault("timeout", 300)
    done = subprocess.run([more.pop("command", COMMAND), *map(str, args)], env=settings,
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, **more)
    return Result(done)


def peak_kib(*args):
    """(peak resident KiB, status) of one run whose output goes nowhere."""
    pid = os.posix_spawn(COMMAND, [COMMAND, *map(str, args)], os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    return usage.ru_maxrss, os.waitstatus_to_exitcode(status)


class Case(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="smscrypto-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, data):
        """A file in the folder; returns its path."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(data)
        return path

    def assertStatus(self, result, status):
        self.assertEqual(result.status, status, result.err)

    def assertSays(self, result, *words):
        """Errors have the form that scripts read, and hold the words."""
        for line in result.err.splitlines():
            self.assertTrue(line.startswith("smscrypto: ") or line.startswith("usage: "), line)
        for word in words:
            self.assertIn(word, result.err)

    def as_nobody(self, *args):
        """Runs a copy of the command without root's rights, which overrule permissions."""
        if os.geteuid() != 0:
            return smscrypto(*args)
        home = tempfile.mkdtemp(prefix="smscrypto-")
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        for folder in (home, self.folder):
            os.chmod(folder, 0o755)
        command = shutil.copy(COMMAND, home)
        shutil.copy(LIBRARY, os.path.join(home, "libsmscrypto.so.0"))
        return smscrypto(*args, command=command, env={"LD_LIBRARY_PATH": home},
                         user=NOBODY, group=NOBODY, extra_groups=[], cwd="/")
