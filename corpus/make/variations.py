#!/usr/bin/python3
"""Random variations of the incident, each with its truth.

    variations.py --seed N --count N --out DIR [--first N]

writes DIR/0001, DIR/0002, ...: snapshots (folders, archives or backups), loose evidence
of a client, and truth.json.  The same seed and number give the same files.
"""
import argparse
import json
import os
import sys

sys.dont_write_bytecode = True

import variation_client
import variation_files
import variation_story
import variation_truth
from variation_files import Given
from variation_pool import Dice

_SUFFIX = {"folder": "", "zip": ".zip", "bkf": ".bkf"}


def variation(seed, number):
    """(story told, snapshots given in the order of the command line)."""
    label = "variations/%d/%d" % (seed, number)
    told = variation_story.tell(label)
    dice = Dice(label + "/given")
    states = told.states if dice.chance(45) else dice.some(told.states, least=1)
    missing, where = _missing(dice), dice.below(len(states) + 1)
    skewed = dice.below(len(states))
    labels = dice.shuffled("s%d" % (i + 1) for i in range(len(states)))
    given = []
    for index, state in enumerate(states):
        away = missing if where in (index, len(states)) else ()
        files = variation_files.given_files(told, state, away, told.skew and
                                            index == skewed)
        carrier = dice.weighted({"folder": 65, "zip": 20, "bkf": 15})
        given.append(Given(labels[index], labels[index] + _SUFFIX[carrier], carrier, state,
                           away, files))
    return told, dice.shuffled(given)


def _missing(dice):
    """What is taken away from one snapshot, or from all of them."""
    return dice.weighted({
        (): 50, ("SECURITY",): 7, ("SYSTEM",): 5, ("SOFTWARE",): 6, ("hives",): 5,
        ("master keys",): 6, ("first master key",): 5, ("logs",): 6, ("metabase",): 4,
        ("SOFTWARE", "logs"): 2, ("all but key files",): 4, ("all but logs",): 3})


def write(folder, seed, number):
    """One variation below FOLDER; its truth."""
    told, given = variation(seed, number)
    until = max(g.state.true for g in given)
    files, trusted, messages = variation_client.loose(told, until)
    for snapshot in given:
        variation_files.write(folder, snapshot, told.server)
    variation_files.write_timed(folder, files, None)
    answer = variation_truth.truth(told, given, trusted, messages)
    answer = {"number": number, "seed": seed, **answer, "loose": sorted(files)}
    with open(os.path.join(folder, "truth.json"), "w", encoding="ascii") as out:
        json.dump(answer, out, indent=1)
        out.write("\n")
    return answer


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=1, help="number of the first one")
    parser.add_argument("--out", required=True)
    wanted = parser.parse_args(arguments)
    for number in range(wanted.first, wanted.first + wanted.count):
        folder = os.path.join(wanted.out, "%04d" % number)
        os.makedirs(folder)
        write(folder, wanted.seed, number)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
