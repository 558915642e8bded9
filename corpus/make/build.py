#!/usr/bin/python3
"""Rebuild the corpus in place.

With --check, nothing is written: the corpus is rebuilt in memory and compared with
the files, byte for byte and in both directions.
"""
import json
import os
import sys

sys.dont_write_bytecode = True

import incident
import manifest
import restore_times
import sample_secrets
import samples_archives
import samples_bkf
import samples_capi
import samples_dpapi
import samples_evt
import samples_hives
import samples_keys
import samples_known
import samples_logs
import samples_metabase
import samples_trust
import tree

CORPUS = os.path.normpath(restore_times.CORPUS)
_SAMPLE_MAKERS = (samples_capi, samples_dpapi, samples_keys, samples_logs, samples_hives,
                  samples_archives, samples_bkf, samples_evt, samples_known, samples_trust,
                  samples_metabase)
# Written by hand, so no maker can rebuild them.
BY_HAND = ("README.md", ".gitattributes", "make/")


def all_files():
    """{path: File} of the whole corpus, manifest included."""
    samples = [(sample, "make/%s.py" % maker.__name__)
               for maker in _SAMPLE_MAKERS for sample in maker.samples()]
    files = {sample.path: tree.File(sample.data, 0) for sample, _ in samples}
    files.update(incident.build())
    facts = {sample.path: sample.facts for sample, _ in samples if sample.facts}
    answers = {"shared": sample_secrets.shared_facts(), "samples": facts}
    files["SAMPLES.json"] = tree.File((json.dumps(answers, indent=1) + "\n").encode(), 0)
    files["MANIFEST.tsv"] = tree.File(manifest.rows(files, samples), 0)
    return files


def on_disk():
    """Paths of all files below the corpus that a maker must account for."""
    found = set()
    for folder, _, names in os.walk(CORPUS):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), CORPUS)
            if not path.startswith(BY_HAND):
                found.add(path)
    return found


def check(files):
    """One line for each difference between FILES and the corpus on the disk."""
    there = on_disk()
    wrong = ["missing: " + path for path in sorted(set(files) - there)]
    wrong += ["not in the manifest: " + path for path in sorted(there - set(files))]
    for path in sorted(there & set(files)):
        with open(os.path.join(CORPUS, path), "rb") as held:
            if held.read() != files[path].data:
                wrong.append("differs: " + path)
    return wrong


def rebuild(files):
    """Write all files; take away what no maker makes any more."""
    for path in on_disk() - set(files):
        os.remove(os.path.join(CORPUS, path))
    tree.write(CORPUS, files)
    restore_times.restore()


def main(arguments):
    if arguments not in ([], ["--check"]):
        print("usage: build.py [--check]", file=sys.stderr)
        return 2
    files = all_files()
    if not arguments:
        rebuild(files)
        print("%d files, %d bytes" % (len(files), sum(len(f.data) for f in files.values())))
        return 0
    wrong = check(files)
    print("\n".join(wrong) if wrong else "%d files as they must be" % len(files))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
