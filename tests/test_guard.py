"""A query reads, in this graph, and nothing else; and keywords in disguise are found."""

from __future__ import annotations

import contextlib
import socket

import pytest

import foedus
from foedus.guard import check
from tests.conftest import shipped_graphs

GRAPH = "https://w3id.org/foedus/graph/core"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "# INSERT DATA in a comment\nASK { ?s ?p ?o }",
        "PREFIX load: <urn:load:> SELECT * { ?s load:LOAD ?o }",
        'SELECT * { ?s ?p "SERVICE <http://example.org/> { DELETE }" }',
        "SELECT * { <http://example.org/SERVICE/FROM/INSERT> ?p ?service }",
        'SELECT * { ?s ?p """a\nDROP ALL""" , \'LOAD\' }',
        "SELECT ?from ?insert { ?from ?insert ?delete . FILTER(?from < 3 && ?insert > 2) }",
        "describe <http://example.org/>",
    ],
)
def test_a_query_that_only_reads_is_let_through(query: str) -> None:
    assert check(query).form in ("SELECT", "ASK", "DESCRIBE")


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "INSERT"),
        ("PREFIX a: <urn:a>\nDELETE WHERE { ?s ?p ?o }", "DELETE"),
        ("# SELECT\nLOAD <file:///etc/hosts>", "LOAD"),
        ("CLEAR ALL", "CLEAR"),
        ("SELECT * { ?s ?p ?o } ; DROP ALL", "DROP"),
        ("\\u0049NSERT DATA { <urn:a> <urn:b> <urn:c> }", "INSERT"),
        ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * { ?s ?p ?o FILTER EXISTS { service silent ?x { ?s ?p ?o } } }", "SERVICE"),
        ("SELECT * { { SELECT * { SERV\\u0049CE <http://example.org/> { ?s ?p ?o } } } }", "SERVICE"),
        ("SELECT * { ?s ?p ?o FILTER(?o<?p&&?p>?o) SERVICE<urn:x>{} }", "SERVICE"),
        ("PREFIX : <http://x.example/> SELECT * { SERVICE:foo { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * { SERVICESILENT<http://x.example/> { ?s ?p ?o } }", "SERVICE"),
        ("PREFIX serviceex: <urn:x> SELECT * { SERVICEex:foo { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * { ?a ?b trueSERVICE <http://x.example/> { ?s ?p ?o } }", "SERVICE"),
        ('SELECT * { BIND("\\u0022 AS ?x) SERVICE <urn:x> { ?s ?p ?o } BIND(\\u0022" AS ?y) }', "SERVICE"),
        ("SELECT * { # \\u000A SERVICE <http://x.example/> { ?s ?p ?o }\n }", "SERVICE"),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", "FROM <file:///etc/passwd>"),
        ("SELECT * FROM NAMED <http://example.org/g> { ?s ?p ?o }", "FROM <http://example.org/g>"),
        ("PREFIX f: <file:///etc/> SELECT * FROM f:passwd { ?s ?p ?o }", "FROM <file:///etc/passwd>"),
        ("SELECT * FROM <passwd> { ?s ?p ?o }", "FROM <passwd>"),
    ],
)
def test_what_a_query_may_not_do_is_refused(query: str, word: str) -> None:
    with pytest.raises(foedus.QueryRefused) as caught:
        check(query, name="q.rq", graphs=shipped_graphs())
    assert word in caught.value.message
    assert str(caught.value.where).startswith("q.rq:")


def test_service_is_allowed_where_the_caller_allows_it() -> None:
    assert check("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", allow_service=True).form == "SELECT"


def test_a_file_is_not_read_even_where_any_graph_may_be_named() -> None:
    with pytest.raises(foedus.QueryRefused):
        check("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }")


def test_from_chooses_graphs_of_ours_and_each_triple_counts_once(
    graph: foedus.Graph, rdflib_graph: foedus.Graph
) -> None:
    pattern = "{ ?s a <http://www.w3.org/2002/07/owl#Class> }"
    text = f"SELECT (COUNT(*) AS ?n)\nFROM <{GRAPH}>\nFROM <{GRAPH}> WHERE {pattern}"
    checked = check(text, graphs=shipped_graphs())
    assert checked.default_graphs == (GRAPH, GRAPH)
    assert "FROM" not in checked.text
    assert checked.text.count("\n") == text.count("\n")  # lines in later messages stay right
    counts = set()
    for asked in (graph, rdflib_graph):
        counts.add(str(asked.sparql(text).rows[0]["n"]))
        assert not asked.sparql("ASK FROM NAMED <https://w3id.org/foedus/graph/core> { ?s ?p ?o }").boolean
    assert len(counts) == 1
    assert int(counts.pop()) > 40


@pytest.mark.parametrize("query", ["SELECT * { { \\u005cu0053ERVICE <urn:x> {} } }", "SELECT * FROMNAMED<urn:x> {}"])
def test_a_word_that_sparql_does_not_have_is_an_error(query: str) -> None:
    with pytest.raises(foedus.QuerySyntaxError, match=r"no word|cannot stand here"):
        check(query)


@pytest.mark.parametrize("engine", ["graph", "rdflib_graph"])
def test_no_disguise_reaches_a_server(request: pytest.FixtureRequest, engine: str) -> None:
    """A real server on loopback is named in every disguise, and nothing connects to it."""
    graph = request.getfixturevalue(engine)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        for start in ("SERVICE:x", f"SERVICESILENT<{url}>", f"trueSERVICE<{url}>", f"\\u005cu0053ERVICE<{url}>"):
            with pytest.raises(foedus.QueryError):
                graph.sparql(f"PREFIX : <{url}> SELECT * {{ {start} {{ ?s ?p ?o }} }}")
        with pytest.raises(BlockingIOError):
            server.accept()


def test_the_check_takes_time_in_step_with_the_query() -> None:
    """A hundred thousand letters and hyphens, or graphs, are looked at in a moment and not in a minute."""
    for text in ("SELECT * { " + "a-" * 50_000 + " }", "SELECT * " + f"FROM <{GRAPH}>\n" * 20_000 + "{ ?s ?p ?o }"):
        with contextlib.suppress(foedus.QueryError):
            check(text)


def test_no_query_at_all_is_said_to_be_none() -> None:
    for text in ("", "   # only a comment", "hello"):
        with pytest.raises(foedus.QuerySyntaxError):
            check(text)
