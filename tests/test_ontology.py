"""The ontology: each file by itself, every term described and used, and definitions that a reasoner applies."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import owlready2
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SKOS

import foedus
from tests.conftest import ROOT

NS = "https://w3id.org/foedus/ns/"
MADE_UP = ROOT / "tests" / "data" / "made-up-article-5.ttl"
FILES = sorted((ROOT / "ontology").glob("*.ttl"))


@pytest.fixture(scope="module")
def core() -> rdflib.Graph:
    return rdflib.Graph().parse(ROOT / "ontology" / "core.ttl")


def terms(core: rdflib.Graph) -> Iterator[rdflib.URIRef]:
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in core.subjects(RDF.type, kind):
            if isinstance(term, rdflib.URIRef) and term.startswith(NS):
                yield term


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_each_file_opens_by_itself_in_other_tools(path: Path) -> None:
    graph = rdflib.Graph().parse(path)
    (ontology,) = graph.subjects(RDF.type, OWL.Ontology)
    assert graph.value(ontology, OWL.versionIRI)
    assert not list(graph.objects(None, OWL.imports))
    world = owlready2.World()
    triples = (quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    content = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    world.get_ontology("https://w3id.org/foedus/test").load(fileobj=io.BytesIO(content))
    if path.stem == "core":
        assert len(list(world.classes())) > 50


def test_every_term_is_described_in_both_languages(core: rdflib.Graph) -> None:
    for term in terms(core):
        languages = sorted(str(label.language) for label in core.objects(term, RDFS.label))  # type: ignore[attr-defined]
        assert languages == ["en", "uk"], term
        assert core.value(term, RDFS.isDefinedBy) == rdflib.URIRef(NS.rstrip("/")), term
        assert core.value(term, SKOS.example), term


def test_a_definition_is_one_sentence_that_begins_with_the_parent(core: rdflib.Graph) -> None:
    seen = set()
    for term in terms(core):
        (definition,) = core.objects(term, SKOS.definition)
        parents = [
            core.value(p, RDFS.label) for p in core.objects(term, RDFS.subClassOf) if isinstance(p, rdflib.URIRef)
        ]
        labels = [str(label) for p in core.objects(term, RDFS.subClassOf) for label in core.objects(p, RDFS.label)]
        is_class = (term, RDF.type, OWL.Class) in core
        starts = tuple(label.capitalize() for label in labels) if parents else ("Thing" if is_class else "Property")
        assert (
            str(definition)
            .lower()
            .startswith(tuple(s.lower() for s in ([starts] if isinstance(starts, str) else starts)))
        )
        assert str(definition).endswith(".")
        assert not re.search(r"\. [A-Z]", str(definition)), definition
        assert str(definition) not in seen
        seen.add(str(definition))


def test_every_term_is_used_by_a_query_or_a_shape(core: rdflib.Graph) -> None:
    text = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "queries").glob("*.rq"))
    text += "".join(p.read_text(encoding="utf-8") for p in (ROOT / "ontology" / "rules").glob("*.rq"))
    text += (ROOT / "ontology" / "shapes.ttl").read_text(encoding="utf-8")
    unused = [t for t in terms(core) if not re.search(rf"foedus:{t.removeprefix(NS)}\b", text)]
    assert unused == []


def test_facts_never_stand_in_the_ontology() -> None:
    for path in FILES:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            assert not str(quad.subject).startswith("<https://w3id.org/foedus/id/")


def test_every_other_name_says_who_uses_it() -> None:
    """In a union of the graphs an alternative label has lost its source; a designation of the same term keeps it."""
    ns = rdflib.Namespace(NS)
    for path in sorted((ROOT / "data").glob("*.ttl")):
        if path.stem == "actors":
            continue  # Ukrainian names, which are ours
        graph = rdflib.Graph().parse(path)
        for thing, name in graph.subject_objects(SKOS.altLabel):
            used = set(graph.subjects(ns["term"], rdflib.Literal(str(name))))
            assert used & set(graph.subjects(ns["designates"], thing)), (path.stem, thing, name)


def test_labels_of_things_never_stand_in_python() -> None:
    for path in (ROOT / "src").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for name in ("Zelensk", "Stoltenberg", "Vilnius", "Budapest", "Joint Declaration"):
            assert name not in text, path


TESTS = ("attackOnOne", "dutyToAssist", "armedForce", "binding")


@pytest.mark.parametrize(
    ("name", "verdict", "gives", "passed"),
    [
        ("whole", "present", "mutual defence, assistance", ("yes", "yes", "yes", "yes")),
        ("attack", "absent: its text was read through", "assistance", ("no", "yes", "yes", "yes")),
        ("duty", "absent: its text was read through", "assistance", ("yes", "no", "yes", "yes")),
        ("force", "absent: its text was read through", "assistance", ("yes", "yes", "no", "yes")),
        ("binding", "absent: its text was read through", "assistance", ("yes", "yes", "yes", "no")),
        ("disputed", "disputed", "none reported", ("not said", "not said", "not said", "disputed")),
        ("restraint", "the documents do not say", "negative assurance", ("not said",) * 4),
    ],
)
def test_the_answer_says_which_of_the_four_tests_fails(
    made_up: dict[str, dict[str, str]], name: str, verdict: str, gives: str, passed: tuple[str, ...]
) -> None:
    row = made_up[f"Made-up {name}"]
    assert (row["verdict"], row["gives"]) == (verdict, gives)
    assert tuple(row[test] for test in TESTS) == passed


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The rows of the saved query about the made-up instruments, by name."""
    import shutil

    folder = tmp_path_factory.mktemp("made-up")
    for part in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(MADE_UP, folder / "data")
    with foedus.open(str(folder)) as graph:
        rows = graph.run("agreements-without-article-5")
    return {str(r["name"]): {c: str(v) for c, v in r.items()} for r in rows if str(r["name"]).startswith("Made-up")}
