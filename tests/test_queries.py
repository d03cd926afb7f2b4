"""Every saved query: its answer against one written by hand from the documents, and the same answer everywhere."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import foedus
from foedus import catalog
from foedus.catalog import GROUPS, Catalog, SavedQuery
from foedus.datasets import home, turtle_files
from foedus.turtle import parse

EXPECTED = Path(__file__).parent / "expected"
SLUGS = Catalog(home()).local()


def rows(answer: foedus.Answer) -> list[dict[str, str]]:
    """An answer of any form as a list of rows, in the columns in which answers are written by hand."""
    if answer.form == "boolean":
        return [{"boolean": "true" if answer.boolean else "false"}]
    if answer.form == "graph":
        return relations(answer)
    return [{c: "" if t is None else t.value for c, t in row.items()} for row in answer]


def relations(answer: foedus.Answer) -> list[dict[str, str]]:
    triples = [q.triple for q in ox.parse(answer.triples.encode(), format=ox.RdfFormat.N_TRIPLES)]
    label = {t.subject: t.object.value for t in triples if t.predicate.value.endswith("#label")}
    return [
        {"name": label[t.subject], "giverName": label[t.object]}
        for t in triples
        if t.predicate.value.endswith("/committedBy")
    ]


def split(path: Path) -> tuple[str, dict[str, str], bool]:
    """`SLUG@NAME=VALUE.csv` is the answer of SLUG with that parameter, from the five documents alone.

    With `+texts` at the end it is that of the whole graph, with the primary texts.
    """
    stem = path.stem.removesuffix("+texts")
    slug, *pairs = stem.split("@")
    return slug, dict(pair.split("=") for pair in pairs), stem != path.stem


@pytest.mark.parametrize("path", sorted(EXPECTED.glob("*.csv")), ids=lambda p: p.stem)
def test_the_answer_is_the_one_written_by_hand(graph: foedus.Graph, documents: foedus.Graph, path: Path) -> None:
    slug, values, with_texts = split(path)
    reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    columns = reader.fieldnames or []
    expected = {tuple(row[c] for c in columns) for row in reader}
    found = {tuple(row[c] for c in columns) for row in rows((graph if with_texts else documents).run(slug, values))}
    assert sorted(found - expected) == [], "in the answer, and not expected"
    assert sorted(expected - found) == [], "expected, and not in the answer"


@pytest.fixture(scope="module")
def repeating() -> ox.Store:
    """The graph in named graphs alone: their union repeats a triple for each that it stands in, as on some servers."""
    store = ox.Store()
    for file in turtle_files(home()):
        name = ox.NamedNode(file.graph)
        store.extend(ox.Quad(t.subject, t.predicate, t.object, name) for t in parse(file.path))
    return store


@pytest.mark.parametrize("slug", SLUGS)
def test_a_triple_that_stands_in_two_graphs_is_answered_once(
    graph: foedus.Graph, repeating: ox.Store, slug: str
) -> None:
    found = repeating.query(catalog.bind(graph.catalog.get(slug), {}), use_default_graph_as_union=True)
    if not isinstance(found, ox.QuerySolutions):
        return
    names = [variable.value for variable in found.variables]
    answered, expected = (
        Counter(tuple(getattr(row[name], "value", None) for name in names) for row in answer)
        for answer in (found, graph.run(slug))
    )
    assert answered == expected


@pytest.mark.parametrize("slug", SLUGS)
def test_every_query_has_an_expected_answer(slug: str) -> None:
    assert (EXPECTED / f"{slug}.csv").exists() or (EXPECTED / f"{slug}+texts.csv").exists()


def test_there_are_enough_queries() -> None:
    found = Catalog(home()).all()
    assert len(found) >= 60
    assert {q.tags[0] for q in found} == set(GROUPS)
    assert "agreements-without-article-5" in SLUGS


#: Texts that are left out where rdflib is asked, whose time grows with their square; the two others are the shortest.
LEFT_OUT = ("text-european-union.ttl", "text-france.ttl", "text-germany.ttl", "text-united-states.ttl")


@pytest.fixture(scope="session")
def two_texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a graph with the texts of the United Kingdom and of Japan."""
    place = tmp_path_factory.mktemp("two-texts")
    for name in ("ontology", "data", "queries"):
        shutil.copytree(home() + f"/{name}", place / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return place


@pytest.fixture(scope="session")
def in_two_texts(two_texts: Path) -> Iterator[tuple[foedus.Graph, foedus.Graph]]:
    with foedus.open(str(two_texts)) as here, foedus.open(str(two_texts), engine="rdflib", timeout=120) as in_rdflib:
        yield here, in_rdflib


@pytest.fixture(scope="session")
def rdflib_documents(small: Path) -> Iterator[foedus.Graph]:
    with foedus.open(str(small), engine="rdflib", timeout=120) as found:
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_rdflib_gives_the_same_answer(
    request: pytest.FixtureRequest, graph: foedus.Graph, documents: foedus.Graph, slug: str
) -> None:
    """Of two texts where the question is put to the texts, else of the five documents."""
    if "texts" in graph.catalog.get(slug).tags:
        here, in_rdflib = request.getfixturevalue("in_two_texts")
    else:
        here, in_rdflib = documents, request.getfixturevalue("rdflib_documents")
    found = terms(in_rdflib.run(slug))
    assert found == terms(here.run(slug))


@pytest.mark.parametrize("slug", SLUGS)
def test_an_endpoint_gives_the_same_answer(graph: foedus.Graph, remote: foedus.Graph, slug: str) -> None:
    assert terms(remote.run(slug)) == terms(graph.run(slug))


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_one_source_gives_the_same_answer_on_every_engine(
    graph: foedus.Graph, rdflib_graph: foedus.Graph, remote: foedus.Graph, slug: str
) -> None:
    chosen = {"sources": ["landing-page"], "as_of": None}
    here = terms(graph.run(slug, **chosen))  # type: ignore[arg-type]
    assert terms(rdflib_graph.run(slug, **chosen)) == here  # type: ignore[arg-type]
    # Oxigraph's server forms the union of chosen graphs with duplicates, which sets of rows do not show.
    assert terms(remote.run(slug, **chosen)) == here  # type: ignore[arg-type]


def terms(answer: foedus.Answer) -> object:
    """What must be equal: the terms as they were written, rows as a set."""
    if answer.form == "rows":
        return answer.columns, {tuple(row.values()) for row in answer}
    return answer.boolean, answer.triples


def test_values_are_as_they_were_written(graph: foedus.Graph, rdflib_graph: foedus.Graph, remote: foedus.Graph) -> None:
    """Hours, days, months and years stand in the data in one form, and come back in it."""
    text = "SELECT DISTINCT ?v { ?s ?p ?v . FILTER(DATATYPE(?v) = <http://www.w3.org/2001/XMLSchema#duration>) }"
    for one in (graph, rdflib_graph, remote):
        assert {str(r["v"]) for r in one.sparql(text)} == {"P1D", "P60D", "P6M", "P10Y", "P15Y"}


@pytest.mark.parametrize("slug", SLUGS)
def test_the_order_is_total(graph: foedus.Graph, slug: str) -> None:
    """Two runs print the same bytes, so an answer can be diffed."""
    first = graph.run(slug)
    if first.form == "rows":
        assert [list(r.values()) for r in first] == [list(r.values()) for r in graph.run(slug)]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_row_is_traced_to_a_passage(graph: foedus.Graph, slug: str) -> None:
    """Rows of silence too: their passages are those that name the instrument and do not say."""
    for row in graph.run(slug, cite=True):
        assert row.passages, dict(row.items())


@pytest.mark.parametrize("query", Catalog(home()).all(), ids=lambda q: q.slug)
def test_a_query_has_a_group_and_says_what_a_careless_graph_gets_wrong(query: SavedQuery) -> None:
    assert query.question.endswith("?")
    assert query.description.endswith(".")
    assert query.tags[0] in GROUPS
    assert set(query.tags) <= set(GROUPS)
    assert query.pitfall.endswith(".")
    assert not re.search(r"[.?!] [A-Z]", query.pitfall), "one sentence"


def test_a_source_that_does_not_name_an_agreement_does_not_answer_for_it(graph: foedus.Graph) -> None:
    named = {str(r["name"]) for r in graph.run("instruments", sources=["vilnius-report"])}
    assert "Budapest Memorandum" in named
    assert "UK–Ukraine Agreement on Security Cooperation" not in named
