"""One thing is stated in many places; here they must agree: the header, the version map, the
exported symbols, the bindings, the pages, the change log and the version number."""
import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest

TOP = os.environ["SMSC_TOP"]
LIBRARY = os.environ["SMSC_LIBRARY"]
SWIG = os.environ.get("SMSC_SWIG")

# Header functions that no binding calls, and why.
UNBOUND = {
    "smsc_case_ref": "no call lends a case, so no proxy has to take one",
    "smsc_entry_ref": "no call lends an entry",
    "smsc_matches_ref": "no call lends matches",
    "smsc_log_ref": "no call lends a log; only the row iterator of Python takes one",
}


def read(*parts):
    with open(os.path.join(TOP, *parts), encoding="utf-8") as text:
        return text.read()


def squeeze(text):
    """One space between words, none around * and parentheses."""
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r" ?([*(),]) ?", r"\1", text)


def prototypes():
    """{name: squeezed prototype} of the header."""
    bare = re.sub(r"/\*.*?\*/", "", read("libsmscrypto", "smscrypto.h"), flags=re.S)
    found = re.findall(r"^SMSC_API\s+([^;]*?)(\w+)(\([^;]*\));", bare, re.M)
    return {name: squeeze(f"{result} {name}{arguments}") for result, name, arguments in found}


def map_nodes():
    """[(node, names)] of the version map, oldest first."""
    text = re.sub(r"/\*.*?\*/", "", read("libsmscrypto", "smscrypto.map"), flags=re.S)
    return [(node, re.findall(r"\b(smsc_\w+);", body))
            for node, body in re.findall(r"(\w+\.\w+)\s*\{(.*?)\}", text, re.S)]


def exported():
    out = subprocess.run(["nm", "-D", "--defined-only", LIBRARY], check=True,
                         capture_output=True, text=True).stdout
    rows = [line.split() for line in out.splitlines()]
    return {row[-1].partition("@")[0] for row in rows if row[-2] in "TDBRVW"}


def page_prototypes(page):
    """{name: squeezed prototype} of the .Ft and .Fn lines of one page's synopsis."""
    found, result = {}, None
    synopsis = page.partition(".Sh SYNOPSIS")[2].partition(".Sh DESCRIPTION")[0]
    for line in synopsis.splitlines():
        if line.startswith(".Ft "):
            result = line[4:].strip('"')
        elif line.startswith(".Fn "):
            name, _, arguments = line[4:].partition(" ")
            words = re.findall(r'"([^"]*)"', arguments)
            found[name] = squeeze(f"{result} {name}({','.join(words)})")
    return found


def pages():
    folder = os.path.join(TOP, "libsmscrypto", "man")
    return {name: read("libsmscrypto", "man", name) for name in sorted(os.listdir(folder))
            if name.endswith((".1", ".3"))}


class Names(unittest.TestCase):
    def test_map_has_what_the_header_has(self):
        names = [name for _, node in map_nodes() for name in node]
        self.assertEqual(len(names), len(set(names)), "a name stands twice")
        self.assertEqual(set(names), set(prototypes()))

    def test_map_is_sorted(self):
        for node, names in map_nodes():
            self.assertEqual(names, sorted(names), node)

    def test_exports_are_the_map(self):
        names = {name for _, node in map_nodes() for name in node}
        nodes = {node for node, _ in map_nodes()}
        self.assertEqual({name for name in exported() if name not in nodes}, names)

    def test_names_say_noun_and_verb(self):
        nouns = set(re.findall(r"typedef struct smsc_(\w+)\s+smsc_\w+;",
                               read("libsmscrypto", "smscrypto.h")))
        nouns |= {"format", "code", "rule", "knowledge", "time"}
        for name in prototypes():
            noun = name.split("_")[1]
            self.assertTrue(noun in nouns or name in ("smsc_version", "smsc_live_objects",
                                                      "smsc_decode", "smsc_decode_path",
                                                      "smsc_replay"), name)

    def test_every_object_can_be_given_back(self):
        names = prototypes()
        for name, prototype in names.items():
            made = re.match(r"smsc_(\w+)\*smsc_", prototype)
            if made and not name.endswith("_ref"):
                noun = made.group(1)
                self.assertTrue({f"smsc_{noun}_unref", f"smsc_{noun}_free"} & set(names), name)

    def test_err_stands_last(self):
        for name, prototype in prototypes().items():
            if "smsc_error**" in prototype:
                self.assertTrue(prototype.endswith("smsc_error**err)"), name)


class Pages(unittest.TestCase):
    def test_prototypes_are_equal(self):
        found = {}
        for page, text in pages().items():
            for name, prototype in page_prototypes(text).items():
                self.assertNotIn(name, found, f"{page}: in two pages")
                found[name] = prototype
        self.assertEqual(found, prototypes())

    def test_names_and_descriptions(self):
        for page, text in pages().items():
            if page.endswith(".1"):
                continue
            head = text.partition(".Sh LIBRARY")[0]
            names = set(re.findall(r"^\.Nm (smsc_\w+)", head, re.M))
            self.assertEqual(names, set(page_prototypes(text)), page)
            described = text.partition(".Sh DESCRIPTION")[2]
            for name in names:
                self.assertRegex(described, rf"\.(It )?Fn {name}\n", page)

    def test_cross_references(self):
        known = {page.rpartition(".")[0] for page in pages()} | set(prototypes())
        for page, text in pages().items():
            for name, section in re.findall(r"^\.Xr (\w+) (\d)", text, re.M):
                self.assertIn(name, known, page)
                self.assertTrue(section in "13", page)

    def test_findings_are_the_rules(self):
        told = re.findall(r"^\.It ([DK]\d{3})\n(.*)", pages()["smscrypto.1"], re.M)
        self.assertEqual(told, re.findall(r'^SMSC_RULE\((\w+), \d, "(.*?)"', read("libsmscrypto", "base", "rules.def"),
                                          re.M))

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed")
    def test_mandoc_has_no_complaint(self):
        paths = [os.path.join(TOP, "libsmscrypto", "man", page) for page in pages()]
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *paths],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.stdout, "")

    def test_installed(self):
        listed = re.findall(r"'([\w.]+\.[13])'", read("libsmscrypto", "man", "meson.build"))
        self.assertEqual(sorted(listed), sorted(pages()))


@unittest.skipUnless(SWIG, "no SWIG, no bindings")
class Bindings(unittest.TestCase):
    def called(self, language):
        """Names that SWIG's output and the glue beside it call."""
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "wrap.c")
            subprocess.run([SWIG, f"-{language}", f"-I{TOP}/libsmscrypto", f"-I{TOP}/bindings",
                            "-outdir", folder, "-o", out, f"{TOP}/bindings/smscrypto.i"],
                           check=True, capture_output=True)
            with open(out, encoding="utf-8") as text:
                found = text.read()
        for pattern in ("*.h", f"{language}/*.[chi]"):
            for path in glob.glob(os.path.join(TOP, "bindings", pattern)):
                found += read(path)
        return set(re.findall(r"\b(smsc_\w+)\s*\(", found))

    def test_every_function_is_bound(self):
        for language in ("python", "perl"):
            missing = set(prototypes()) - self.called(language) - set(UNBOUND)
            self.assertEqual(sorted(missing), [], language)

    def test_exceptions_are_needed(self):
        self.assertEqual(set(UNBOUND) - set(prototypes()), set())


class Version(unittest.TestCase):
    def setUp(self):
        header = read("libsmscrypto", "smscrypto.h")
        self.version = ".".join(re.search(rf"#define SMSC_VERSION_{part}\s+(\d+)", header).group(1)
                                for part in ("MAJOR", "MINOR", "PATCH"))

    def test_meson(self):
        self.assertIn(f"version: '{self.version}'", read("meson.build"))
        self.assertRegex(LIBRARY, rf"libsmscrypto\.so(\.{re.escape(self.version)})?$")

    def test_newest_node(self):
        self.assertEqual(map_nodes()[-1][0], "SMSCRYPTO_" + self.version.rpartition(".")[0])

    def test_change_log(self):
        entries = re.split(r"^## ", read("CHANGELOG.md"), flags=re.M)[1:]
        self.assertTrue(entries[0].startswith(self.version))
        for name in map_nodes()[-1][1]:
            self.assertRegex(entries[0], rf"\b{name}\b")

    def test_perl_and_python(self):
        for folder, _, names in os.walk(os.path.join(TOP, "bindings")):
            for name in names:
                if not name.endswith((".pod", ".pm", ".toml", ".i")):
                    continue
                text = read(folder, name)
                for found in re.findall(r"(?:VERSION\s*=\s*|^version\s*=\s*)['\"]([\d.]+)['\"]",
                                        text, re.M):
                    self.assertEqual(found, self.version, name)


if __name__ == "__main__":
    unittest.main()
