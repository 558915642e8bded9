#!/usr/bin/env python3
"""bench_logs.py BENCH_LOG [MEGABYTES [FILE...]]: how fast logs become rows and key events, beside
what else reads them.

All in one run, each the best of some runs in seconds of the processor (user and system, so that
others on the machine count little).  Limits of what is possible: `wc -l`, which looks at each byte
once, and `rg` with one fixed text.  Peers: one regular expression in Perl and in Python, and lnav
with a format for each log; they get the first 200 MB and a minute each.  FILEs are joined to one
more log.  SMSC_COMMAND adds the command itself, on the file, through a pipe and of a .gz, with its
memory, and a whole analysis with one thread and with all processors, also by the clock on the wall;
SMSC_PYTHON and SMSC_PERL (folders of the bindings) the loops over rows.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = 60                    # seconds for one run of a peer
SLOW_BYTES = 200_000_000      # and how much it gets

PERL = {
    "ccm": r'local $/; $_ = <STDIN>; my $n = 0; $n++ while /<!\[LOG\[(.*?)\]LOG\]!><time="([^"]*)" '
           r'date="([^"]*)" component="([^"]*)" context="([^"]*)" type="([^"]*)" thread="([^"]*)" '
           r'file="([^"]*)">/gs; print $n',
    "site": r'my $n = 0; while (<STDIN>) { $n++ if '
            r'/^(.*?) *\$\$<([^>]*)><([^>]*)><thread=(\d+) \(0x([0-9A-F]+)\)>/ } print $n',
}
PYTHON = {
    "ccm": r'import re, sys; print(sum(1 for _ in re.finditer(rb"<!\[LOG\[(.*?)\]LOG\]!><time=\"([^\"]*)\" '
           r'date=\"([^\"]*)\" component=\"([^\"]*)\" context=\"([^\"]*)\" type=\"([^\"]*)\" '
           r'thread=\"([^\"]*)\" file=\"([^\"]*)\">", sys.stdin.buffer.read(), re.S)))',
    "site": r'import re, sys; p = re.compile(rb"(.*?) *\$\$<([^>]*)><([^>]*)><thread=(\d+) '
            r'\(0x([0-9A-F]+)\)>"); print(sum(1 for s in sys.stdin.buffer if p.match(s)))',
}
# lnav wants one place for date and time: the text between them is part of the format.
LNAV = {
    "bench_ccm": {
        "title": "ccm", "description": "for measuring",
        "regex": {"std": {"pattern": r'^<!\[LOG\[(?<body>.*)\]LOG\]!><time="(?<timestamp>[0-9:.]+[+-]\d+" '
                          r'date="[0-9-]+)" component="(?<component>[^"]*)" context="(?<context>[^"]*)" '
                          r'type="(?<level>\d)" thread="(?<thread>\d+)" file="(?<file>[^"]*)">'}},
        "timestamp-format": ['%H:%M:%S.%L+300" date="%m-%d-%Y'],
        "level-field": "level", "level": {"error": "3", "warning": "2", "info": "1"},
        "value": {"component": {"kind": "string"}, "context": {"kind": "string"},
                  "thread": {"kind": "integer"}, "file": {"kind": "string"}},
        "sample": [{"line": '<![LOG[a]LOG]!><time="00:00:00.000+300" date="06-01-2005" component="C" '
                            'context="" type="1" thread="3594" file="a.cpp:2">'}]},
    "bench_site": {
        "title": "site", "description": "for measuring",
        "regex": {"std": {"pattern": r"^(?<body>.*?)\s*\$\$<(?<component>[^>]+)><(?<timestamp>[0-9-]+ [0-9:.]+)"
                          r"[+-]\d+><thread=(?<thread>\d+) \(0x[0-9A-F]+\)>"}},
        "timestamp-format": ["%m-%d-%Y %H:%M:%S.%L"],
        "value": {"component": {"kind": "string"}, "thread": {"kind": "integer"}},
        "sample": [{"line": "a~  $$<SMS_A><06-01-2005 00:00:00.000+300><thread=3470 (0xD8E)>"}]},
}
LOOP_PYTHON = "import sys, smscrypto\nn = 0\nfor row in smscrypto.logs(sys.argv[1]):\n    n += 1\nprint(n)"
LOOP_PERL = ("use SMSCrypto; my $log = SMSCrypto::logs($ARGV[0]); my $n = 0; "
             "while (my $row = $log->next) { $n++ } print $n")


def run(command, path, env):
    """(seconds of the processor, kilobytes, seconds on the wall, what it printed); None when its time was up."""
    with open(path, "rb") as given, tempfile.TemporaryFile() as out:
        start = time.monotonic()
        child = subprocess.Popen(["timeout", str(LIMIT)] + command, stdin=given, stdout=out,
                                 stderr=subprocess.DEVNULL, env={**os.environ, **env})
        _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode == 124:
            return None
        if child.returncode not in (0, 1):
            sys.exit("%s failed: %d" % (command[0], child.returncode))
        out.seek(0)
        return used.ru_utime + used.ru_stime, used.ru_maxrss, wall, out.read()


class Table:
    def __init__(self, log, path, runs):
        self.log, self.path, self.runs = log, path, runs
        self.speed = {}

    def row(self, name, command, path=None, env={}, rows=0, memory=False, size=0, wall=False):
        path = path or self.path
        size, best, most, least = size or os.path.getsize(path), None, 0, None
        for _ in range(self.runs):
            one = run(command, path, env)
            if one is None:
                print("%-6s %-30s not done in %d s" % (self.log, name, LIMIT))
                return
            best, most = min(best or one[0], one[0]) or 0.001, max(most, one[1])
            least = min(least or one[2], one[2])
        self.speed[name] = size / best
        wc = self.speed["wc -l"]
        print("%-6s %-30s %8.0f MB/s %7.3f of wc%s%s%s" % (
            self.log, name, size / best / 1e6, size / best / wc,
            " %6.2f M rows/s" % (rows / best / 1e6) if rows else "", " %6d KiB" % most if memory else "",
            " %8.0f MB/s on the wall" % (size / least / 1e6) if wall else ""))


def measure(bench, log, path, work, runs):
    t = Table(log, path, runs)
    slow, kind = path, "site" if log.startswith("site") else "ccm"
    t.row("wc -l", ["wc", "-l"])
    t.row("rows, all fields, UTC", [bench, path])
    t.row("key events", [bench, path, "keys"])
    rows = int(run([bench, path], path, {})[3].split()[0])
    if shutil.which("rg"):
        t.row("rg, one pattern", ["rg", "-c", "-F", "Creating Signing Certificate", path])
    command = os.environ.get("SMSC_COMMAND")
    if command:
        t.row("smscrypto log --count", [command, "log", "-q", "--count", path], memory=True)
        t.row("the same through a pipe", ["sh", "-c", 'cat | "$0" log -q --count -', command], memory=True)
        packed = path + ".gz"
        with open(packed, "wb") as out:
            subprocess.run(["gzip", "-1", "-c", path], stdout=out, check=True)
        t.row("the same of a .gz", [command, "log", "-q", "--count", packed], packed, memory=True,
              size=os.path.getsize(path))
        for threads in sorted({1, os.cpu_count() or 1}):
            t.row("smscrypto timeline, %d thread%s" % (threads, "s" * (threads > 1)),
                  [command, "timeline", "-q", "-f", "jsonl", "--threads", str(threads), path], memory=True, wall=True)
    for name, folder, loop in [("Python, for row in logs", "SMSC_PYTHON", ["/usr/bin/python3", "-c", LOOP_PYTHON]),
                               ("Perl, while next", "SMSC_PERL", ["perl", "-e", LOOP_PERL])]:
        if folder in os.environ:
            where = {"PYTHONPATH": os.environ[folder], "PERL5LIB": os.environ[folder]}
            t.row(name, loop + [path], env=where, rows=rows)
    if os.path.getsize(path) > SLOW_BYTES:
        slow = os.path.join(work, "slow")
        # Not in our own memory: what a child takes would be counted from there.
        with open(slow, "wb") as out:
            subprocess.run(["head", "-c", str(SLOW_BYTES), path], stdout=out, check=True)
    peers = [("perl, one regex", ["perl", "-e", PERL[kind]]),
             ("python, one regex", ["/usr/bin/python3", "-c", PYTHON[kind]])]
    if shutil.which("lnav") and "bench_" + log in LNAV:
        peers.append(("lnav, own format", ["lnav", "-n", "-q", "-I", work, "-c", ";SELECT count(*) FROM all_logs", slow]))
    for name, peer in peers:
        t.row(name, peer, slow, env={"HOME": work})
    done = [t.speed[name] for name, _ in peers if name in t.speed]
    if done:
        print("%-6s rows are %.1f times as fast as the fastest peer, key events %.1f times; rg is at %.2f of key events" % (
            log, t.speed["rows, all fields, UTC"] / max(done), t.speed["key events"] / max(done),
            t.speed.get("rg, one pattern", 0) / t.speed["key events"]))


def main():
    bench, megabytes = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
    runs = 1 if megabytes <= 10 else 3 if megabytes <= 500 else 2
    with tempfile.TemporaryDirectory() as work:
        os.makedirs(os.path.join(work, "formats", "bench"))
        with open(os.path.join(work, "formats", "bench", "bench.json"), "w") as out:
            json.dump(LNAV, out)
        logs = {}
        for log in ["ccm", "site", "site-b"]:
            logs[log] = os.path.join(work, log)
            subprocess.run([sys.executable, os.path.join(HERE, "make_logs.py"), log, str(megabytes), logs[log]], check=True)
        if len(sys.argv) > 3:
            logs["files"] = os.path.join(work, "files")
            some = b"".join(open(name, "rb").read() for name in sys.argv[3:])
            with open(logs["files"], "wb") as out:
                for _ in range(megabytes * 1_000_000 // len(some) + 1):
                    out.write(some)
        for log, path in logs.items():
            measure(bench, log, path, work, runs)


main()
