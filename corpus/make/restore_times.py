#!/usr/bin/python3
"""Give the files of the incident the times of the story.

git keeps no times.  Run without arguments after a checkout; the times come from
incident-2005/TIMES.tsv and are set to the nanosecond.  --print shows them only.
"""
import os
import sys
from datetime import datetime, timedelta

CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir)
INCIDENT = os.path.join(CORPUS, "incident-2005")


def nanoseconds(text):
    """Nanoseconds since 1970 of "2005-01-07T22:59:38.4062500Z"."""
    whole, fraction = text.rstrip("Z").split(".")
    seconds = (datetime.fromisoformat(whole) - datetime(1970, 1, 1)) // timedelta(seconds=1)
    return seconds * 1_000_000_000 + int(fraction.ljust(9, "0"))


def listed(root=INCIDENT):
    """(path, nanoseconds) of every line of TIMES.tsv."""
    with open(os.path.join(root, "TIMES.tsv"), encoding="utf-8") as table:
        next(table)
        for line in table:
            path, modified, _ = line.rstrip("\n").split("\t")
            yield os.path.join(root, path), nanoseconds(modified)


def restore(root=INCIDENT):
    """Set the times of every listed file; the number of files."""
    count = 0
    for path, stamp in listed(root):
        os.utime(path, ns=(stamp, stamp))
        count += 1
    return count


if __name__ == "__main__":
    if sys.argv[1:] == ["--print"]:
        for path, stamp in listed():
            print(stamp, os.path.relpath(path, INCIDENT))
    else:
        print("%d files" % restore())
