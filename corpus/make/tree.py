"""Files of an evidence tree, held in memory until they are written."""
import os
from collections import namedtuple

# modified and created are FILETIME ticks; created is None when it is not told.
File = namedtuple("File", "data modified created", defaults=(None,))


def write(root, files):
    """Write {path: File} below ROOT."""
    for path, entry in files.items():
        target = os.path.join(root, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as out:
            out.write(entry.data)


def below(folder, files):
    """The same files, with FOLDER before each path."""
    return {folder + "/" + path: entry for path, entry in files.items()}
