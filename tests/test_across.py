"""Questions that cross over: SERVICE as it is answered here, and the saved queries that use it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

import foedus
from foedus.catalog import Catalog, SavedQuery
from foedus.datasets import home
from foedus.errors import QueryError, RemoteError
from foedus.federation import answered
from tests.conftest import Cli, assert_one_message, free_port

EXPECTED = Path(__file__).parent / "expected" / "across"
ACROSS = [query for query in Catalog(home()).all() if query.asks_others]
#: The slice that stands for each public endpoint.
PUBLIC = {
    "https://query.wikidata.org/sparql": "wikidata",
    "https://dbpedia.org/sparql": "dbpedia",
    "https://publications.europa.eu/webapi/rdf/sparql": "eu",
}


def endpoints(query: SavedQuery, slices: dict[str, str]) -> dict[str, str]:
    """The parameters of a query that name endpoints, with the slices in the place of the public ones."""
    return {p.name: slices[PUBLIC[p.default]] for p in query.parameters if p.default in PUBLIC}


@pytest.fixture(scope="module")
def in_rdflib(small: Path) -> Iterator[foedus.Graph]:
    with foedus.open(str(small), engine="rdflib", timeout=120) as found:
        yield found


@pytest.mark.parametrize("query", ACROSS, ids=lambda q: q.slug)
def test_the_answer_is_the_one_written_by_hand(whole: foedus.Graph, slices: dict[str, str], query: SavedQuery) -> None:
    with (EXPECTED / f"{query.slug}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = reader.fieldnames or []
        expected = sorted(tuple(row[c] for c in columns) for row in reader)
    answer = whole.run(query.slug, endpoints(query, slices), allow_service=True)
    assert sorted(tuple("" if (t := row[c]) is None else t.value for c in columns) for row in answer) == expected


@pytest.mark.parametrize("query", ACROSS, ids=lambda q: q.slug)
def test_rdflib_gives_the_same_answer(
    documents: foedus.Graph, in_rdflib: foedus.Graph, slices: dict[str, str], query: SavedQuery
) -> None:
    here, there = (
        {tuple(row.values()) for row in graph.run(query.slug, endpoints(query, slices), allow_service=True)}
        for graph in (documents, in_rdflib)
    )
    assert here == there


@pytest.mark.parametrize("query", ACROSS, ids=lambda q: q.slug)
def test_every_row_is_traced_to_a_passage(whole: foedus.Graph, slices: dict[str, str], query: SavedQuery) -> None:
    for row in whole.run(query.slug, endpoints(query, slices), cite=True, allow_service=True):
        assert row.passages, dict(row.items())


def test_there_are_enough_of_them_and_each_can_be_asked_elsewhere() -> None:
    assert len(ACROSS) >= 8
    for query in ACROSS:
        assert query.tags[0] == "across datasets"
        assert any(p.default in PUBLIC for p in query.parameters), query.slug
        assert "not tried live" in query.description


def test_nothing_is_asked_unless_it_is_allowed(cli: Cli) -> None:
    assert_one_message(cli("run", "populations-of-givers"), 2, "SERVICE", "--allow-service")


def test_the_command_asks_where_it_is_told_to(cli: Cli, slices: dict[str, str]) -> None:
    done = cli("run", "populations-of-givers", "--allow-service", "-p", f"endpoint={slices['wikidata']}")
    assert done.returncode == 0, done.stderr
    assert "Japan,124000001," in done.stdout


def test_another_holder_of_the_graph_asks_by_itself(
    remote: foedus.Graph, whole: foedus.Graph, slices: dict[str, str]
) -> None:
    """A server that holds the graph evaluates SERVICE as it likes; the answer is the same."""
    (query,) = [q for q in ACROSS if q.slug == "populations-of-givers"]
    here, there = (
        {tuple(row.values()) for row in graph.run(query.slug, endpoints(query, slices), allow_service=True)}
        for graph in (whole, remote)
    )
    assert here == there


def test_a_dead_endpoint_is_a_remote_failure(cli: Cli) -> None:
    url = f"http://127.0.0.1:{free_port()}/sparql"
    done = cli("run", "populations-of-givers", "--allow-service", "-p", f"endpoint={url}")
    assert_one_message(done, 3, "SERVICE failed", url)


def test_an_endpoint_that_is_none_is_said(cli: Cli) -> None:
    done = cli("run", "populations-of-givers", "--allow-service", "-p", "endpoint=ftp://example.org/")
    assert_one_message(done, 2, "ftp://example.org/", "an IRI such as https://query.wikidata.org")


def test_silent_gives_one_empty_solution(small: Path) -> None:
    query = f"SELECT * {{ BIND(1 AS ?x) SERVICE SILENT <http://127.0.0.1:{free_port()}/> {{ ?s ?p ?o }} }}"
    for engine in ("oxigraph", "rdflib"):
        with foedus.open(str(small), engine=engine) as graph:
            (row,) = graph.sparql(query, allow_service=True)
            assert {c: str(t) for c, t in row.items() if t is not None} == {"x": "1"}


def said(*rows: dict[str, dict[str, str]], names: tuple[str, ...] = ("x",)) -> bytes:
    import json

    return json.dumps({"head": {"vars": list(names)}, "results": {"bindings": list(rows)}}).encode()


def test_the_pattern_is_asked_by_itself_with_its_prefixes() -> None:
    asked: list[tuple[str, str]] = []

    def ask(url: str, query: str) -> bytes:
        asked.append((url, query))
        return said({"x": {"type": "uri", "value": "urn:a"}})

    query = (
        'PREFIX e: <http://e.example/> SELECT * { ?x a "}" SERVICE e:s { ?x e:p "{" # }\n } OPTIONAL { '
        'SERVICE <http://e.example/s> { ?x e:p "{" # }\n } } FILTER NOT EXISTS { service e:t { SERVICE e:u {} } } }'
    )
    found = answered(query, ask)
    pattern = '{ ?x e:p "{" # }\n }'
    prologue = "PREFIX e: <http://e.example/>\nSELECT * WHERE "
    assert asked == [
        ("http://e.example/s", prologue + pattern),
        ("http://e.example/t", prologue + "{ SERVICE e:u {} }"),
    ]
    group = "{ VALUES (?x) { (<urn:a>) } }"
    assert found == (
        f'PREFIX e: <http://e.example/> SELECT * {{ ?x a "}}" {group} OPTIONAL {{ {group} }} '
        f"FILTER NOT EXISTS {{ {group} }} }}"
    )


@pytest.mark.parametrize(
    ("term", "written"),
    [
        ({"type": "literal", "value": 'a"\\\n'}, r'"a\"\\\n"'),
        ({"type": "literal", "value": "a", "xml:lang": "uk"}, '"a"@uk'),
        ({"type": "typed-literal", "value": "1", "datatype": "urn:d"}, '"1"^^<urn:d>'),
        ({"type": "bnode", "value": "b0"}, "<urn:foedus:blank:0:b0>"),
    ],
)
def test_a_term_comes_back_as_it_is(term: dict[str, str], written: str) -> None:
    assert f"({written})" in answered("SELECT * { SERVICE <urn:e> { ?x ?y ?z } }", lambda *_: said({"x": term}))


def test_what_is_not_bound_stays_so() -> None:
    found = answered("SELECT * { SERVICE <urn:e> { ?x ?y ?z } }", lambda *_: said({}, names=("x", "y")))
    assert "VALUES (?x ?y) { (UNDEF UNDEF) }" in found


@pytest.mark.parametrize("value", ["not an iri", "urn:a> } DROP ALL #"])
def test_an_answer_cannot_become_part_of_the_query(value: str) -> None:
    with pytest.raises(RemoteError, match="no SPARQL result"):
        answered("SELECT * { SERVICE <urn:e> { ?x ?y ?z } }", lambda *_: said({"x": {"type": "uri", "value": value}}))


def test_an_endpoint_that_varies_is_refused() -> None:
    with pytest.raises(QueryError, match=r"\?e names no endpoint"):
        answered("SELECT * { ?s ?p ?e SERVICE ?e { ?x ?y ?z } }", lambda *_: said())


def test_a_password_is_not_told_to_whatever_a_query_names(
    cli: Cli, slices: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a password is an error wherever it would be used, and is none where another endpoint is asked."""
    monkeypatch.setenv("FOEDUS_USER", "somebody")
    assert_one_message(cli("run", "counts", "--endpoint", slices["wikidata"]), 2, "FOEDUS_PASSWORD")
    done = cli("run", "populations-of-givers", "--allow-service", "-p", f"endpoint={slices['wikidata']}")
    assert done.returncode == 0, done.stderr
