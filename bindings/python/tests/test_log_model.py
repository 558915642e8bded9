"""Logs against other readers: a regular expression over every record there is, and logs that
were damaged at random, of which a model here knows what must still come out."""
import datetime
import glob
import os
import random
import re
import unittest

import smscrypto
from evidence import CORPUS, TOP, Test, load

SHARED = os.path.join(TOP, "..", "shared", "data", "logs")
DAMAGES = int(os.environ.get("SMSC_DAMAGES", "500"))   # of each form; 5000 by hand

# One CCM record, by its definition; the bias may be missing.
RECORD = re.compile(
    rb'<!\[LOG\[((?:(?!<!\[LOG\[).)*?)\]LOG\]!><time="(\d+):(\d\d):(\d\d)\.(\d{1,7})([+-]\d{1,4})?" '
    rb'date="(\d+)-(\d+)-(\d{4})" component="([^"]*)" context="([^"]*)" type="(\d*)" '
    rb'thread="(\d*)" file="([^"]*)">', re.S)
EPOCH = datetime.datetime(1601, 1, 1)


def ticks(hour, minute, second, fraction, month, day, year):
    when = datetime.datetime(int(year), int(month), int(day), int(hour), int(minute), int(second)) - EPOCH
    return (when.days * 86400 + when.seconds) * 10**7 + int(fraction.ljust(7, b"0"))


def text_of(data):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None   # of a code page: the tests of text look at those


def records(data):
    """Members of each record in DATA."""
    for m in RECORD.finditer(data):
        text, hour, minute, second, fraction, bias, month, day, year, component, context, kind, \
            thread, file = m.groups()
        name, colon, line = file.rpartition(b":")
        if not colon or not line.isdigit():
            name, line = file, b"0"
        dummy = bias == b"+000" and not int(fraction)
        bias = None if bias is None or dummy else int(bias)
        local = ticks(hour, minute, second, fraction, month, day, year)
        yield {
            "text": text_of(text), "local_ticks": local, "bias": bias,
            "time_ticks": 0 if bias is None else local + bias * 60 * 10**7,
            "component": text_of(component), "context": text_of(context),
            "severity": int(kind or 0), "thread": int(thread or 0), "file": text_of(name),
            "source_line": int(line), "offset": m.start(), "length": m.end() - m.start(),
            "line": data.count(b"\n", 0, m.start()) + 1, "form": "ccm"}


def damaged_on_purpose(path):
    return "Busted" in path or "/bad-" in path or "smsts" in path


class Records(Test):
    def compare(self, paths):
        total = 0
        for path in paths:
            rows = {row.offset: row for row in smscrypto.logs(path)}
            found = 0
            for record in records(load(path)):
                row = rows.get(record["offset"])
                self.assertIsNotNone(row, "%s@%d" % (path, record["offset"]))
                for name, value in record.items():
                    if value is not None or name == "bias":
                        self.assertEqual(getattr(row, name), value, "%s@%d" % (path, row.offset))
                found += 1
            if not damaged_on_purpose(path):
                self.assertEqual(found, len(rows), path)
            total += found
        return total

    def test_corpus(self):
        paths = glob.glob(os.path.join(CORPUS, "ccm-log", "*.log"))
        self.assertGreater(self.compare(p for p in sorted(paths) if "bad-" not in p and "in-message" not in p), 25)

    def test_shared(self):
        paths = sorted(glob.glob(os.path.join(SHARED, "ccm", "*.log")))
        if not paths:
            self.skipTest("no shared logs")
        total = self.compare(paths)
        self.assertGreater(total, 25000)


# ---- damage ------------------------------------------------------------------------------

class Form:
    """A log of COUNT records: HEAD, then LINE(number) each; what must come of line N whole."""
    head = b""
    ends = True        # a record has a mark of its own at its end
    remains = None     # of a damaged record, that the next one may be told from it
    fields = ("local_ticks", "bias", "thread", "component")

    def line(self, number):
        raise NotImplementedError

    def text(self, number):
        return "message %d of this log" % number


class Ccm(Form):
    fields = Form.fields + ("severity", "context", "file", "source_line", "length")

    def line(self, number):
        return ('<![LOG[%s]LOG]!><time="17:59:38.%03d+300" date="01-07-2005" component="CcmExec" context="" '
                'type="1" thread="%d" file="init.cpp:%d">\r\n' % (self.text(number), number, number + 1, number)).encode()


class SiteA(Form):
    remains = b"<thread="

    def line(self, number):
        return ("%s  $$<SMS_DESPOOLER><Wed May 21 17:09:%02d 1997~><thread=%X>\r\n"
                % (self.text(number), number, number + 1)).encode()


class SiteB(SiteA):
    def line(self, number):
        return ("%s  $$<SMS_DESPOOLER><Fri Mar 26 10:43:41.%03d 1999 Eastern Standard Time><thread=%d (0x%X)>\r\n"
                % (self.text(number), number, number + 1, number + 1)).encode()


class SiteC(SiteA):
    def line(self, number):
        return ("%s  $$<SMS_DESPOOLER><01-07-2005 17:59:38.%03d+300><thread=%d (0x%X)>\r\n"
                % (self.text(number), number, number + 1, number + 1)).encode()


class Viewer(Form):
    remains = b"never"   # nothing tells a damaged line from the beginning of the next

    def line(self, number):
        return ("%s\tCcmExec\t1/7/2005 5:59:%02d PM\t%d (0x%04X)\r\n"
                % (self.text(number), number, number + 1, number + 1)).encode()


class Setup(Form):
    ends = False

    def line(self, number):
        return ("<01-07-2005 12:00:%02d> %s\r\n" % (number, self.text(number))).encode()


class Installer(Form):
    ends = False
    head = b"=== Verbose logging started: 1/7/2005  12:00:00  Build type: SHIP ===\r\n"

    def line(self, number):
        return ("MSI (s) (74:%02X) [12:00:%02d:%03d]: %s\r\n"
                % (number + 1, number, number, self.text(number))).encode()


class Update(Form):
    ends = False

    def line(self, number):
        return ("2005-01-07\t12:44:33:%03d\t 940\t%x\tAgent\t%s\r\n"
                % (number, number + 1, self.text(number))).encode()


class Iis(Form):
    head = b"#Software: Microsoft Internet Information Services 5.0\r\n#Fields: date time cs-method cs-uri-stem\r\n"
    remains = b"\r\n"

    def line(self, number):
        return ("2005-01-07 22:59:%02d GET /%s\r\n" % (number, self.text(number).replace(" ", "+"))).encode()


def damage(dice, line):
    """LINE, some of its bytes lost, changed, doubled or foreign; its line end may be, too."""
    line, at = bytearray(line), dice.randrange(len(line))
    size = dice.choice((1, 1, 2, 8, 40))
    piece = line[at:at + size]
    what = dice.randrange(5)
    if what == 0:
        del line[at:at + size]
    elif what == 1:
        line[at:at + size] = bytes(dice.randrange(256) for _ in piece)
    elif what == 2:
        line[at:at + size] = bytes(len(piece))
    elif what == 3:
        line[at:at] = bytes(dice.randrange(256) for _ in range(size))
    else:
        line[at] ^= 1 << dice.randrange(8)
    return bytes(line)


def read(data):
    source = smscrypto.memory("a.log", data)
    entry = next(iter(source))
    return {row.offset: row for row in smscrypto.logs(entry)}


class Damage(Test):
    COUNT = 8

    def check(self, form, numbers, lines, whole):
        """Every record of WHOLE that the damage before it cannot have reached is there."""
        rows = read(form.head + b"".join(lines))
        at = len(form.head)
        for number in numbers:
            before = lines[number - 1] if number else b"\n"
            apart = whole(number - 1) if number else True
            apart = apart or (before.endswith(b"\n") and not re.search(rb"[\r\n][^\n]", before) and
                              (form.remains is None or form.remains in before))
            if whole(number) and apart:
                row = rows.get(at)
                self.assertIsNotNone(row, "record %d at %d of %r" % (number, at, lines))
                want = self.truth[number]
                for name in form.fields:
                    self.assertEqual(getattr(row, name), getattr(want, name), (name, lines))
                last = number + 1 < len(lines) and whole(number + 1)
                if form.ends or last:
                    self.assertEqual(row.text, want.text, lines)
                else:
                    self.assertTrue(row.text.startswith(want.text), lines)
            at += len(lines[number])

    def run_form(self, form):
        dice = random.Random(20050107)
        good = [form.line(number) for number in range(self.COUNT)]
        self.truth = [row for _, row in sorted(read(form.head + b"".join(good)).items())][-self.COUNT:]
        self.assertEqual([form.text(n).replace(" ", "")[:9] in row.text.replace(" ", "").replace("+", "")
                          for n, row in enumerate(self.truth)], [True] * self.COUNT)
        for _ in range(DAMAGES):
            lines, hurt = list(good), set()
            for _ in range(dice.choice((1, 1, 2, 3))):
                number = dice.randrange(1, self.COUNT)
                lines[number] = damage(dice, lines[number])
                hurt.add(number)
            self.check(form, range(self.COUNT), lines, lambda n, hurt=hurt: n not in hurt)


def _test(form):
    return lambda self: self.run_form(form())


for _form in (Ccm, SiteA, SiteB, SiteC, Viewer, Setup, Installer, Update, Iis):
    setattr(Damage, "test_" + _form.__name__, _test(_form))


if __name__ == "__main__":
    unittest.main()
