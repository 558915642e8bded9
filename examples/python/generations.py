"""The generations of every container as a table: generations.py BACKUP..."""
import sys

import smscrypto

try:
    case = smscrypto.analyze(*sys.argv[1:])
except smscrypto.Error as error:
    sys.exit(f"generations.py: {error}")
for g in case.generations:
    print(g.container, g.number, g.state, g.size, smscrypto.time_format(g.created_ticks),
          g.machine_guid, sep="\t")
    for use, key in ("signature", g.signature), ("exchange", g.exchange):
        print("", use, f"{key.algorithm} {key.bits} {key.spki_sha256.hex()}" if key else "none",
              sep="\t")
