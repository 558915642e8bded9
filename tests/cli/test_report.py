"""report: a page that asks for nothing, says what the other formats say, and is shut whatever the
evidence holds; a picture that is sound XML."""
import os
import unittest
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

from command import CORPUS, Case, ccm, smscrypto

INCIDENT = os.path.join(CORPUS, "incident-2005")
SOURCES = [os.path.join(INCIDENT, name) for name in ("2004-12-28", "2005-01-09")]
VOID = {"meta", "br", "rect", "path", "circle"}
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "CCMSignData failed (0x8009200b) </td><script>alert(1)</script> <img src=x onerror='a' \"&amp;"


class Page(HTMLParser):
    """Every element, each closed in its order; text by section."""

    def __init__(self, page):
        super().__init__()
        self.open, self.seen, self.text, self.rows = [], [], [], {}
        self.section = None
        self.feed(page)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag == "section":
            self.section = dict(attrs)["aria-labelledby"]
        if tag in ("tr", "li", "article") and self.open[-1] != "thead":
            self.rows[self.section] = self.rows.get(self.section, 0) + 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data):
        self.text.append(data)


class Report(Case):
    def page(self, *sources):
        result = smscrypto("report", *sources)
        self.assertStatus(result, 0)
        return Page(result.out.decode())

    def assertAsksForNothing(self, page):
        self.assertFalse({tag for tag, _ in page.seen} & {"script", "img", "link", "iframe", "object", "form", "base"})
        for tag, attributes in page.seen:
            for name, value in attributes.items():
                self.assertFalse(name.startswith("on"), (tag, name))
                if name in ("href", "src", "xlink:href"):
                    self.assertTrue(value.startswith("#"), value)
        policies = [a["content"] for _, a in page.seen if a.get("http-equiv") == "Content-Security-Policy"]
        self.assertEqual(policies, ["default-src 'none'; style-src 'unsafe-inline'"])

    def test_the_page_says_what_the_rows_say(self):
        page = self.page(*SOURCES)
        self.assertAsksForNothing(page)
        rows = smscrypto("report", *SOURCES, "-f", "jsonl").rows()
        kinds = {kind: [row for row in rows if row["type"] == kind] for kind in
                 ("finding", "plan", "generation", "certificate", "event", "source")}
        kinds["event"] = [e for e in kinds["event"] if e["severity"] or not e["clock"].startswith("log")]
        self.assertEqual(page.rows, {kind: len(found) for kind, found in kinds.items()})
        text = "".join(page.text)
        for kind, names in {"finding": ("rule", "title", "text", "path"), "plan": ("action", "from", "to", "reason"),
                            "generation": ("container", "change"), "event": ("kind", "path"),
                            "certificate": ("subject",)}.items():
            for row in kinds[kind]:
                for name in names:
                    self.assertIn(" ".join((row[name] or "").split()), text)
        for generation in kinds["generation"]:
            for key in ("signature", "exchange"):
                if generation[key]:
                    self.assertIn(generation[key]["spki_sha256"], text)

    def test_evidence_cannot_write_the_page(self):
        folder = os.path.dirname(self.write("<b onclick=x>&'\"/a.log", ccm(HOSTILE)))
        page = self.page(os.path.dirname(folder), "<i>=" + folder)
        self.assertAsksForNothing(page)
        self.assertNotIn("b", {tag for tag, _ in page.seen})
        self.assertNotIn("i", {tag for tag, _ in page.seen})
        self.assertIn(HOSTILE, "".join(page.text))
        picture = smscrypto("report", os.path.dirname(folder), "-f", "svg")
        self.assertIn(HOSTILE, "".join(ElementTree.fromstring(picture.out).itertext()))

    def test_a_page_of_nothing_is_whole(self):
        os.mkdir(self.path("empty"))
        page = self.page(self.path("empty"))
        self.assertAsksForNothing(page)
        self.assertEqual(page.rows, {"source": 1})

    def test_the_picture_has_a_bar_for_each_generation(self):
        result = smscrypto("report", *SOURCES, "-f", "svg")
        self.assertStatus(result, 0)
        picture = ElementTree.fromstring(result.out)
        bars = [group.find(SVG + "title").text for group in picture.iter(SVG + "g") if group.find(SVG + "rect") is not None]
        generations = smscrypto("keys", *SOURCES, "-f", "jsonl").rows("generation")
        self.assertEqual(sorted(bar.split(" bytes")[0] for bar in bars),
                         sorted("%s: generation %d, %d" % (g["container"], g["number"], g["size"])
                                for g in generations))
        self.assertEqual(smscrypto("report", *SOURCES, "-f", "svg").out, result.out)

    def test_formats(self):
        for name in ("html", "svg", "text", "jsonl"):
            self.assertStatus(smscrypto("report", SOURCES[0], "-f", name), 0)
        self.assertStatus(smscrypto("report", SOURCES[0], "-f", "csv"), 2)


if __name__ == "__main__":
    unittest.main()
