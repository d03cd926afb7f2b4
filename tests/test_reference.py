"""The reference: every term has one page, links resolve, the HTML is whole, the diagram and the JSON-LD context fit."""

from __future__ import annotations

import json
import posixpath
import re
import shutil
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.compare import isomorphic

from foedus.datasets import home
from foedus.reference.__main__ import main
from foedus.reference.blocks import Code, Page, Paragraph
from foedus.reference.html import html
from foedus.reference.made import files, html_files
from tests.conftest import ROOT

VOID = {"meta", "img", "link", "br"}
SVG = "{http://www.w3.org/2000/svg}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return files(home())


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    return html_files(home())


@pytest.fixture
def copy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the graph's folder that the command reads, with a folder for its pages."""
    monkeypatch.setenv("FOEDUS_FOLDER", str(folder))
    (folder / "docs").mkdir()
    return folder


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_term_has_one_page(made: dict[str, str]) -> None:
    core = (ROOT / "ontology" / "core.ttl").read_text(encoding="utf-8")
    declared = re.findall(r"^foedus:(\w+) a owl:(\w+)", core, re.MULTILINE)
    wanted = [f"docs/terms/{'classes' if k == 'Class' else 'properties'}/{name}.md" for name, k in declared]
    schemes = re.compile(r"^scheme:(\S+) a skos:ConceptScheme", re.MULTILINE)
    for name in ("vocabularies.ttl", "features.ttl"):
        found = schemes.findall((ROOT / "ontology" / name).read_text(encoding="utf-8"))
        wanted += [f"docs/terms/vocabularies/{scheme}.md" for scheme in found]
    pages = [path for path in made if path.startswith("docs/terms/") and path != "docs/terms/README.md"]
    assert sorted(pages) == sorted(wanted)
    assert len({path.lower() for path in made}) == len(made)  # also where a file system ignores case
    index = made["docs/terms/README.md"]
    assert all(f"]({posixpath.relpath(path, 'docs/terms')})" in index for path in pages)


def test_a_page_tells_all_of_its_term(made: dict[str, str]) -> None:
    page = made["docs/terms/classes/DutyToAssistCommitment.md"]
    for part in (
        "https://w3id.org/foedus/ns/DutyToAssistCommitment",
        "зобов'язання",
        "(trigger some AttackTrigger)",
        "(../properties/trigger.md)",
        "(../../../queries/",
        "## Questions that use it",
    ):
        assert part in page, part
    assert "and (inverse assesses some (Finding and " in made["docs/terms/classes/InstrumentReportedBinding.md"]
    vocabulary = made["docs/terms/vocabularies/force.md"]
    assert "| 14 |" in vocabulary  # the rank
    assert "обов" in vocabulary


def test_examples_and_counter_examples_stand_on_the_page(copy: Path) -> None:
    shutil.rmtree(copy / "ontology" / "examples", ignore_errors=True)
    name = "docs/terms/classes/ConsultationCommitment.md"
    assert "xamples" not in files(str(copy))[name]
    (copy / "ontology" / "examples").mkdir()
    (copy / "ontology" / "examples" / "some.ttl").write_text(
        """@prefix example: <https://w3id.org/foedus/ns/example/> .
        @prefix foedus: <https://w3id.org/foedus/ns/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        example:talks a foedus:Commitment ; rdfs:label "Talks"@en ; rdfs:comment "Only talks."@en ;
            foedus:verbAsWorded "will | \\"talk\\"" ; foedus:exampleOf foedus:ConsultationCommitment .
        example:whole a foedus:Guarantee ; foedus:comprises example:talks .
        example:arms a foedus:Commitment ; foedus:counterExampleOf foedus:ConsultationCommitment .
        """,
        encoding="utf-8",
    )
    page = files(str(copy))[name]
    example, counter = re.search(r"## Examples(.*)## Counter-examples(.*?)## ", page, re.DOTALL).groups()  # type: ignore[union-attr]
    assert "Talks. Only talks." in example
    assert 'example:talks a foedus:Commitment ;\n    foedus:verbAsWorded "will | \\"talk\\"" .' in example
    assert "example:whole a foedus:Guarantee ;" in example  # it speaks of the example and is none
    assert "example:arms a foedus:Commitment ." in counter


def test_links_in_markdown_resolve(made: dict[str, str]) -> None:
    number = 0
    for path, text in made.items():
        if not path.endswith(".md"):
            continue
        for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"(?s)```.*?```", "", text)):
            if target.startswith(("http:", "https:")):
                continue
            name, _, place = target.partition("#")
            found = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            assert found in made or (ROOT / found).is_file(), (path, target)
            assert not place or f'<a id="{place}"></a>' in made[found], (path, target)
            number += 1
    assert number > 3000


class Checker(HTMLParser):
    """Reads a page of HTML strictly: elements closed in their order, what is fetched, where links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.seen.append((tag, dict(attrs)))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def ids(self) -> list[str]:
        return [str(a["id"]) for _, a in self.seen if "id" in a]


def test_the_html_is_whole_and_fetches_nothing(site: dict[str, bytes]) -> None:
    pages = {path: Checker(content.decode()) for path, content in site.items() if path.endswith(".html")}
    assert len({path.lower() for path in site}) == len(site)
    assert len(pages) > 230
    for path, page in pages.items():
        tags = [tag for tag, _ in page.seen]
        assert {"script", "link", "iframe", "object", "form"}.isdisjoint(tags)
        assert site[path].startswith(b"<!DOCTYPE html>")
        assert b"url(" not in site[path]
        assert b"@import" not in site[path]
        assert page.headings[0] == 1
        assert page.headings.count(1) == 1
        assert all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False)), path
        assert len(set(page.ids())) == len(page.ids())
        assert next(a for tag, a in page.seen if tag == "html")["lang"] == "en"
        assert next(a for tag, a in page.seen if tag == "a")["href"] == "#content"
        assert all(a.get("scope") in ("col", "row") for tag, a in page.seen if tag == "th")
        for tag, attributes in page.seen:
            assert not any(name.startswith("on") for name in attributes)
            if tag == "img":
                assert attributes["alt"]
                assert ":" not in str(attributes["src"])
            for target in filter(None, (attributes.get("href"), attributes.get("src"))):
                if re.match(r"https?:", target):
                    assert tag == "a"  # only followed, never fetched
                    continue
                name, _, place = target.partition("#")
                found = posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) if name else path
                assert found in site, (path, target)
                assert not place or place in pages[found].ids(), (path, target)
    trigger = site["properties/trigger.html"].decode()
    assert '<span lang="uk">має тригер</span>' in trigger
    assert {"index.html", "context.jsonld", "core.svg", "core.ttl", "core.rdf", "core.nt", "core.jsonld"} <= set(site)


def test_html_escapes_what_it_is_told() -> None:
    sly = '<b onclick="x">&amp;'
    page = html(Page("classes/X", sly, (), (Paragraph((sly, Code(sly))),)), sly)
    assert "<b" not in page.replace("<body>", "")
    assert page.count("&lt;b onclick=&quot;x&quot;&gt;&amp;amp;") == 5


def test_every_syntax_of_the_site_holds_the_same_ontology(site: dict[str, bytes]) -> None:
    whole = rdflib.Graph().parse(data=site["alignments.ttl"], format="turtle")
    for ending, format in (("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")):
        assert isomorphic(rdflib.Graph().parse(data=site[f"alignments.{ending}"], format=format), whole)


def test_the_diagram_is_whole_and_in_both_languages(made: dict[str, str]) -> None:
    root = ET.fromstring(made["docs/core.svg"])
    assert root.get("role") == "img"
    ids = {e.get("id") for e in root.iter()}
    assert set(str(root.get("aria-labelledby")).split()) <= ids
    assert root[0].tag == SVG + "title"
    assert root[1].tag == SVG + "desc"
    texts = [(e.get(LANGUAGE), e.text) for e in root.iter(SVG + "text")]
    assert all(text for _, text in texts)
    for pair in (("en", "commitment"), ("uk", "зобов'язання"), ("en", "has clause"), ("uk", "має положення")):
        assert pair in texts
    assert sum(language == "en" for language, _ in texts) == sum(language == "uk" for language, _ in texts)
    assert "prefers-color-scheme: dark" in made["docs/core.svg"]
    assert "http" not in made["docs/core.svg"].replace("http://www.w3.org/2000/svg", "")


def test_the_diagram_draws_no_arrow_that_the_ontology_forbids(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    core = copy / "ontology" / "core.ttl"
    text = core.read_text(encoding="utf-8")
    start = text.index("foedus:creates a owl:ObjectProperty")
    changed = text[start:].replace("rdfs:range foedus:Commitment", "rdfs:range foedus:Source", 1)
    core.write_text(text[:start] + changed, encoding="utf-8")
    assert main([str(copy / "docs")]) == 2
    assert "creates from Clause to Commitment" in capsys.readouterr().err


# JSON-LD


def context(made: dict[str, str]) -> Any:
    return json.loads(made["ontology/context.jsonld"])["@context"]


def turtle(name: str) -> rdflib.Graph:
    return rdflib.Graph().parse(ROOT / "data" / name)


def about(graph: rdflib.Graph, thing: str) -> rdflib.Graph:
    found = rdflib.Graph()
    for triple in graph.triples((rdflib.URIRef("https://w3id.org/foedus/id/" + thing), None, None)):
        found.add(triple)
    assert len(found) > 4
    return found


def test_a_document_in_json_ld_says_what_the_turtle_says(made: dict[str, str]) -> None:
    said = turtle("text-united-kingdom.ttl")
    slug = "text-united-kingdom.i.scope.1.c1"
    commitment = about(said, f"commitment/{slug}")
    told = {str(p).rpartition("/")[2].rpartition("#")[2]: str(o) for _, p, o in commitment}
    document = {
        "@context": context(made),
        "@graph": [
            {
                "id": f"thing:commitment/{slug}",
                "type": "Commitment",
                "label": {"en": told["label"]},
                "comment": {"en": told["comment"]},
                "committedBy": ["thing:actor/united-kingdom", "thing:actor/ukraine"],
                "beneficiary": ["thing:actor/united-kingdom", "thing:actor/ukraine"],
                "trigger": "foedus:trigger/standing",
                "response": ["foedus:response/general-cooperation"],
                "verbAsWorded": "will continue to explore",
                "deonticForce": "foedus:force/will",
                "hedge": [f"thing:hedge/{slug}.effort", f"thing:hedge/{slug}.effort-2"],
                "summary": {"en": told["summary"]},
                "accordingTo": "thing:source/text-united-kingdom",
                "hasCitation": [f"thing:citation/{slug}"],
            },
            {
                "id": "thing:citation/text-united-kingdom.title",
                "type": "Citation",
                "source": "thing:source/text-united-kingdom",
                "locator": "title",
                "start": 21,
                "end": 256,
                "phrase": "AGREEMENT ON SECURITY CO-OPERATION",
            },
        ],
    }
    parsed = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    assert set(parsed) == set(commitment) | set(about(said, "citation/text-united-kingdom.title"))


def test_the_context_gives_values_their_types(made: dict[str, str]) -> None:
    document = {
        "@context": context(made),
        "id": "thing:event/made-up",
        "date": "2023-07-12",
        "timeLimit": "P1D",
        "amountValue": "60000000000",
        "summary": {"en": ["one", "two"], "uk": "три"},
        "basis": "foedus:basis/stated",
        "asClass": "foedus:Treaty",
        "altLabel": {"uk": "вигадана подія"},
    }
    ns, xsd = "https://w3id.org/foedus/ns/", rdflib.XSD
    parsed = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    assert {(str(p).removeprefix(ns), o) for _, p, o in parsed} == {
        ("date", rdflib.Literal("2023-07-12", datatype=xsd.date)),
        ("timeLimit", rdflib.Literal("P1D", datatype=xsd.duration)),
        ("amountValue", rdflib.Literal("60000000000", datatype=xsd.integer)),
        ("summary", rdflib.Literal("one", lang="en")),
        ("summary", rdflib.Literal("two", lang="en")),
        ("summary", rdflib.Literal("три", lang="uk")),
        ("basis", rdflib.URIRef(ns + "basis/stated")),
        ("asClass", rdflib.URIRef(ns + "Treaty")),
        (str(rdflib.SKOS.altLabel), rdflib.Literal("вигадана подія", lang="uk")),
    }


@pytest.mark.parametrize("name", ["vilnius-report.ttl", "derived.ttl", "text-japan.ttl"])
def test_what_is_written_with_the_context_is_read_back(made: dict[str, str], name: str) -> None:
    said = turtle(name)
    written = said.serialize(format="json-ld", context=context(made), auto_compact=False)
    assert "https://w3id.org/foedus/ns/summary" not in str(json.loads(written)["@graph"])  # short names are used
    assert set(rdflib.Graph().parse(data=written, format="json-ld")) == set(said)


# The command


def test_what_changes_in_the_ontology_shows_as_out_of_date(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs = str(copy / "docs")
    assert main([docs]) == 1
    assert main(["--write", docs]) == 0
    capsys.readouterr()
    assert main([docs]) == 0
    assert capsys.readouterr().out == ""
    replace(copy / "ontology" / "core.ttl", '"clause"@en , "положення"@uk', '"clause"@en , "стаття"@uk')
    assert main([docs]) == 1
    told = capsys.readouterr().out
    assert all(f"{name}: out of date" in told for name in ("classes/Clause.md", "terms/README.md", "core.svg"))
    assert "classes/Commitment.md" not in told


def test_a_page_of_a_term_that_is_gone_goes_too(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs = copy / "docs"
    assert main(["--write", str(docs)]) == 0
    gone = docs / "terms" / "classes" / "Gone.md"
    gone.write_text("# Gone\n", encoding="utf-8")
    assert main([str(docs)]) == 1
    assert f"{gone}: of no term" in capsys.readouterr().out
    assert main(["--write", str(docs)]) == 0
    assert not gone.exists()


def test_html_is_written_as_a_folder(tmp_path: Path, site: dict[str, bytes]) -> None:
    assert main(["--html", str(tmp_path / "docs")]) == 0
    written = {p.relative_to(tmp_path / "docs").as_posix(): p for p in (tmp_path / "docs").rglob("*") if p.is_file()}
    assert set(written) == set(site)
    assert all(path.read_bytes() == site[name] for name, path in written.items())


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--write", str(tmp_path / "none")]) == 2
    assert f"{tmp_path / 'none'}: no such folder" in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert main(["--html", str(tmp_path / "file")]) == 2
    assert str(tmp_path / "file") in capsys.readouterr().err
