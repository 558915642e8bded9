"""A folder as a backup of NTBackup, by the maker of the corpus: tree_to_bkf.py DIR FILE."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["SMSC_CORPUS"], "make"))
sys.dont_write_bytecode = True
from bkf import bkf_file
from tree import File

EPOCH, TICKS = 116444736000000000, 10_000_000


def files(folder):
    """{path: File} of all below it, folders too, on drive C."""
    for place, folders, names in os.walk(folder):
        for name in names + folders:
            path = os.path.join(place, name)
            data = b""
            if name in names:
                with open(path, "rb") as held:
                    data = held.read()
            modified = EPOCH + os.stat(path).st_mtime_ns // 100
            yield "C/" + os.path.relpath(path, folder) + "/" * (name in folders), \
                File(data, modified, modified)


def main():
    folder, target = sys.argv[1:]
    found = dict(files(folder))
    with open(target, "wb") as out:
        out.write(bkf_file(found, "tree.bkf", "SRV", max(f.modified for f in found.values()), zone=-20))


if __name__ == "__main__":
    main()
