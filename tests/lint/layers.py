"""The rules of the house, read off the source: rooms, sizes, words that must not be there."""
import os
import re
import unittest

TOP = os.environ.get("SMSC_TOP") or os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
LIBRARY = os.path.join(TOP, "libsmscrypto")

# Which rooms a room may include.  Arrows point down: base <- format, crypto, source <-
# analysis <- report.
MAY = {
    "base": {"base"},
    "format": {"base", "format"},
    "crypto": {"base", "crypto"},
    "source": {"base", "source"},
    "analysis": {"base", "format", "crypto", "source", "analysis"},
    "report": {"base", "format", "crypto", "source", "analysis", "report"},
}
# A tape is a carrier and a format at once.
EXCEPT = {("source/bkf", "format/bkf")}
# Headers of other libraries, and the one room that may know them.
ONLY_IN = {r"openssl/.*": "crypto", r"archive(_entry)?\.h": "source"}
MAX_FILE, MAX_FUNCTION = 600, 120
MAX_HEADER = 900  # of the public header: its comments are the contract
CODE = (".c", ".h", ".cc", ".i", ".py", ".pl", ".pm", ".t", ".sh", ".def")
# Words that no file of the library may hold, and why.
FORBIDDEN = {
    r"\b(mktime|localtime|localtime_r|gmtime|strftime|tzset)\s*\(": "times depend on no zone",
    r"\b(setlocale|strtod|atoi|atol|strtok|sprintf|strcpy|strcat|alloca|gets)\s*\(":
        "depends on the locale, or writes without a limit",
    r"\b(printf|puts|putchar|perror)\s*\(": "a library does not talk",
    r"\bfprintf\s*\(\s*std(err|out)": "a library does not talk",
    r"\b(TODO|FIXME|XXX)\b": "an issue is the place for that",
    r"\bgetenv\s*\(": "the caller decides, not the environment",
    r"\b(socket|connect|getaddrinfo)\s*\(": "offline",
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
COMMENT = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.S)


def files(folder, endings=CODE):
    """Paths below a folder of the project that people wrote."""
    for place, folders, names in os.walk(os.path.join(TOP, folder)):
        folders[:] = sorted(f for f in folders
                            if not f.startswith(("build", ".git", ".local", "__pycache__")))
        for name in sorted(names):
            if name.endswith(endings):
                yield os.path.join(place, name)


def read(path):
    with open(path, encoding="utf-8", errors="replace") as text:
        return text.read()


def room(path):
    """"base" of libsmscrypto/base/x.h, "" of libsmscrypto/smscrypto.h, None outside."""
    relative = os.path.relpath(path, LIBRARY)
    return None if relative.startswith("..") else os.path.dirname(relative).split(os.sep)[0]


def short(path):
    return os.path.relpath(path, TOP)


def includes(path):
    """(quote, name) of each include line."""
    return INCLUDE.findall(read(path))


def target(path, name):
    """The file that a quoted include of `path` means, or None."""
    for base in (os.path.dirname(path), LIBRARY, TOP):
        found = os.path.normpath(os.path.join(base, name))
        if os.path.exists(found):
            return found
    return None


def bare(text):
    """C without comments and strings, lines kept."""
    return COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)


def functions(path):
    """(name line number, lines between the braces) of each function of a C file."""
    start = None
    for number, line in enumerate(read(path).splitlines(), 1):
        if line == "{":
            start = number
        elif line.startswith("}") and start is not None:
            yield start, number - start - 1
            start = None


class Layers(unittest.TestCase):
    def test_rooms(self):
        for path in files("libsmscrypto", (".c", ".h")):
            here = room(path)
            for quote, name in includes(path):
                there = room(target(path, name) or "/") if quote == '"' else None
                if quote == '"':
                    self.assertIsNotNone(there, f"{short(path)} includes {name}: not found")
                if there and not self.excepted(path, target(path, name)):
                    self.assertIn(there, MAY.get(here, set()), f"{short(path)} includes {name}")

    @staticmethod
    def excepted(path, included):
        one, two = (os.path.relpath(each, LIBRARY) for each in (path, included))
        return any(one.startswith(of) and two.startswith(what) for of, what in EXCEPT)

    def test_other_libraries(self):
        for path in files("libsmscrypto", (".c", ".h")):
            for quote, name in includes(path):
                for pattern, where in ONLY_IN.items():
                    if quote == "<" and re.fullmatch(pattern, name):
                        self.assertEqual(room(path), where, f"{short(path)} includes <{name}>")

    def test_public_header_needs_nothing(self):
        found = includes(os.path.join(LIBRARY, "smscrypto.h"))
        self.assertEqual(found, [("<", "stddef.h"), ("<", "stdint.h")])

    def test_outside_sees_only_the_public_header(self):
        for folder in ("examples", "bindings", "tests/consumer"):
            for path in files(folder, (".c", ".h", ".cc", ".i")):
                for quote, name in includes(path):
                    if quote == '"':
                        there = target(path, name)
                        self.assertTrue(there and room(there) is None,
                                        f"{short(path)} includes {name}")
                    else:
                        self.assertFalse(name.startswith(("base/", "format/", "source/",
                                                          "analysis/", "crypto/", "report/")))

    def test_sizes(self):
        for folder in ("libsmscrypto", "bindings", "examples", "tests", "corpus/make"):
            for path in files(folder):
                lines = read(path).count("\n")
                most = MAX_HEADER if short(path) == "libsmscrypto/smscrypto.h" else MAX_FILE
                self.assertLessEqual(lines, most, short(path))

    def test_functions(self):
        lengths = []
        for folder in ("libsmscrypto", "bindings", "examples", "tests"):
            for path in files(folder, (".c",)):
                for line, length in functions(path):
                    self.assertLessEqual(length, MAX_FUNCTION, f"{short(path)}:{line}")
                    lengths.append(length)
        lengths.sort()
        self.assertTrue(lengths)
        self.assertLessEqual(lengths[len(lengths) * 9 // 10], 40, "nine of ten functions")

    def test_words(self):
        for path in files("libsmscrypto", (".c", ".h")):
            text = read(path)
            for pattern, why in FORBIDDEN.items():
                found = re.search(pattern, text if "TODO" in pattern else bare(text))
                self.assertIsNone(found, f"{short(path)}: {found and found.group()}: {why}")

    def test_no_paths_of_one_machine(self):
        leak = re.compile(r"/(?:wor[k]|far[m]|roo[t]|home/[a-z]+)/|/tmp/[b]-")
        top = [os.path.join(TOP, name) for name in sorted(os.listdir(TOP))
               if os.path.isfile(os.path.join(TOP, name)) and name != ".git"]
        for path in top + [path for folder in ("libsmscrypto", "bindings", "examples", "tests",
                                               "corpus/make", ".ci")
                           for path in files(folder, "")]:
            if not path.endswith((".bin", ".zip", ".gz", ".pyc")):
                found = leak.search(read(path))
                self.assertIsNone(found, f"{short(path)}: {found and found.group()}")


if __name__ == "__main__":
    unittest.main()
