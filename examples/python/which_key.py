"""Which key did a container hold at a time, and which files hold it?

    which_key.py SMS 2005-01-07T22:00Z BACKUP...
"""
import sys

import smscrypto

container, when, *backups = sys.argv[1:]
try:
    generation = smscrypto.analyze(*backups).key_when(container, when)
except (smscrypto.Error, ValueError) as error:
    sys.exit(f"which_key.py: {error}")
if generation is None:
    print("not known")
    sys.exit(1)
print(f"{generation.container} generation {generation.number}, {generation.state}")
for file in generation.files:
    print(file.source.label, file.path, sep="\t")
