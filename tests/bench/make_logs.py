#!/usr/bin/env python3
"""make_logs.py FORMAT MEGABYTES FILE: a log for measuring, the same on every run.

FORMAT is "ccm", "site", or "site-b" with dates as older servers write them.  The lengths of the messages, the share of those of several lines
and the number of components follow what real client logs show (median 74 bytes, 5.5 % of
several lines).  A block of some megabytes is made and repeated.
"""
import sys

COMPONENTS = ["PolicyAgent_ReplyAssignments", "CcmExec", "LocationServices", "StateMessage",
              "CIAgent", "InventoryAgent", "Scheduler", "DataTransferService", "MP_HinvManager"]
WORDS = ("policy message queue endpoint client request for the with reply stored state item of "
         "version failed to retrieve location content assignment completed waiting SMS_MP task "
         "{6D8B4F21-9C3E-4A75-B0D2-1F5E8C7A9B34} 0x80070005 C:\\WINDOWS\\system32\\CCM").split()
WEEK = "Sun Mon Tue Wed Thu Fri Sat".split()
SEED = 20050107


class Numbers:
    """The same numbers in every version of Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2 ** 64
        return (self.state >> 33) % n


def message(numbers):
    size = 20 + numbers.below(110)
    if numbers.below(40) == 0:
        size += numbers.below(900)
    words = []
    while size > 0:
        words.append(WORDS[numbers.below(len(WORDS))])
        size -= len(words[-1]) + 1
    if numbers.below(18) == 0:
        return "Raising event:\r\n\r\n" + "\r\n".join(words)
    return " ".join(words)


def clock(i):
    """Local time of record i: some fifty a second, days of June 2005."""
    ms = i * 20
    return (1 + ms // 86_400_000 % 28, ms // 3_600_000 % 24, ms // 60_000 % 60,
            ms // 1000 % 60, ms % 1000)


def ccm(i, numbers):
    day, hour, minute, second, ms = clock(i)
    component = COMPONENTS[numbers.below(len(COMPONENTS))]
    return ('<![LOG[%s]LOG]!><time="%02d:%02d:%02d.%03d+300" date="06-%02d-2005" component="%s" '
            'context="" type="%d" thread="%d" file="%s.cpp:%d">\r\n' % (
                message(numbers), hour, minute, second, ms, day, component,
                1 + numbers.below(3), 1000 + numbers.below(4000), component.lower(),
                numbers.below(3000)))


def site_record(stamp, numbers):
    component = "SMS_" + COMPONENTS[numbers.below(len(COMPONENTS))].upper()
    thread = 1000 + numbers.below(4000)
    return "%s~  $$<%s><%s><thread=%d (0x%X)>\r\n" % (message(numbers), component, stamp, thread, thread)


def site(i, numbers):
    return site_record("06-%02d-2005 %02d:%02d:%02d.%03d+300" % clock(i), numbers)


def site_b(i, numbers):
    """The fifth of June 2005 was a Sunday."""
    stamp = "%s Jun %02d %02d:%02d:%02d.%03d 2005 Eastern Standard Time"
    return site_record(stamp % (WEEK[(clock(i)[0] + 2) % 7], *clock(i)), numbers)


def main():
    make = {"ccm": ccm, "site": site, "site-b": site_b}[sys.argv[1]]
    wanted, numbers = int(sys.argv[2]) * 1_000_000, Numbers(SEED)
    block = "".join(make(i, numbers) for i in range(min(20_000, wanted // 100 + 1))).encode()
    with open(sys.argv[3], "wb") as out:
        for _ in range(max(1, wanted // len(block))):
            out.write(block)


main()
