"""Every event of some backups, in order of time: timeline.py BACKUP..."""
import sys

import smscrypto

try:
    case = smscrypto.analyze(*sys.argv[1:])
except smscrypto.Error as error:
    sys.exit(f"timeline.py: {error}")
for event in case.events:
    print(smscrypto.time_format(event.time_ticks), event.kind, event.text,
          f"{event.path}@{event.offset}", sep="\t")
