"""Files of gigabytes that take no room: what the tests of backups write them with."""


class Zeros:
    """As many bytes, which are not there; their checksum is that of none."""

    def __init__(self, size):
        self.size = size

    def __len__(self):
        return self.size

    def __add__(self, other):
        return b""


class Holes:
    """A file that only grows, with holes where there are many zeros."""

    def __init__(self, path):
        self.file = open(path, "wb")
        self.size = 0

    def __len__(self):
        return self.size

    def __iadd__(self, data):
        if not isinstance(data, Zeros) and (len(data) < 4096 or data.strip(b"\0")):
            self.file.seek(self.size)
            self.file.write(data)
        self.size += len(data)
        return self

    def close(self):
        self.file.truncate(self.size)
        self.file.close()
