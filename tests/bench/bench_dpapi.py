#!/usr/bin/python3
"""bench_dpapi.py BENCH_DPAPI [SECONDS]: master keys opened a second, one core, beside impacket.

Each is the best of three turns that alternate, so that what else the machine does hits both.
"""
import json
import os
import pathlib
import subprocess
import sys
import time

CORPUS = pathlib.Path(os.environ.get("SMSC_CORPUS") or
                      pathlib.Path(__file__).resolve().parent.parent.parent / "corpus")
try:
    from impacket.dpapi import MasterKey, MasterKeyFile
except ImportError:
    MasterKey = None


def ours(bench, file, half, seconds):
    out = subprocess.run([bench, file, half, str(seconds)], check=True, capture_output=True).stdout
    rounds, times, taken = out.split()
    return int(rounds), int(times) / float(taken)


def impacket(raw, half, seconds):
    head = MasterKeyFile(raw)
    slot, times, start = raw[len(head):][:head["MasterKeyLen"]], 0, time.thread_time()
    while time.thread_time() - start < seconds:
        assert MasterKey(slot).decrypt(half)
        times += 1
    return times / (time.thread_time() - start)


def main():
    bench, seconds = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 2
    half = json.loads((CORPUS / "SAMPLES.json").read_text())["shared"]["machine_half"]
    print("%-14s %7s %12s %14s %6s" % ("key", "rounds", "keys/s", "impacket", "ratio"))
    for name in ("3des-machine", "aes-machine"):
        file, best, peer = CORPUS / "dpapi-masterkey" / name, 0, 0
        for _ in range(3):
            rounds, rate = ours(bench, str(file), half, seconds)
            best = max(best, rate)
            if MasterKey:
                peer = max(peer, impacket(file.read_bytes(), bytes.fromhex(half), seconds))
        print("%-14s %7d %12.0f %14s %6s" % (name, rounds, best, "%.2f" % peer if peer else "-",
                                             "%.0f" % (best / peer) if peer else "-"))


if __name__ == "__main__":
    main()
