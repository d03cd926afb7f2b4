"""The endpoint on a real server: what it answers, in which form, what it refuses, and what no request can do to it."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import select
import socket
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import pytest
from rdflib import Dataset, Graph, Literal, URIRef

from foedus.lexer import significant
from foedus.web.capping import capped
from foedus.web.media import choose, takes_gzip
from tests.web.conftest import ENDLESS, FORM, GRAPH, GREEDY, PATTERNS, QUERY, RESULTS, Answer, Served

EX = "https://example.org/"
NAMES = f"SELECT ?s ?name {{ ?s <{EX}name> ?name }} ORDER BY ?s ?name"
#: The answer to NAMES: thing, value and language.
NAMED = [
    ("japan", 'Japan, "Nippon"\nof the East', ""),
    ("treaty", "Treaty", "en"),
    ("treaty", "Договір", "uk"),
    ("ukraine", "Ukraine", ""),
]
ALL = "CONSTRUCT WHERE { ?s ?p ?o }"
Triples = set[tuple[str, str, URIRef | Literal]]
TREATY_GRAPH: Triples = {
    ("treaty", "name", Literal("Treaty", "en")),
    ("treaty", "name", Literal("Договір", "uk")),
    ("treaty", "party", URIRef(EX + "ukraine")),
    ("treaty", "party", URIRef(EX + "japan")),
    ("treaty", "signed", Literal("2024-02-16")),
}
STATES_GRAPH: Triples = {
    ("ukraine", "name", Literal("Ukraine")),
    ("japan", "name", Literal('Japan, "Nippon"\nof the East')),
    ("treaty", "party", URIRef(EX + "japan")),
}
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
OPEN = "access-control-allow-origin"


def nodes(graph: Triples) -> set[tuple[object, object, object]]:
    return {(URIRef(EX + s), URIRef(EX + p), o) for s, p, o in graph}


def count(answer: Answer) -> int:
    assert answer.status == 200, answer.text
    return int(json.loads(answer.body)["results"]["bindings"][0]["n"]["value"])


def rows(answer: Answer) -> int:
    assert answer.status == 200, answer.text
    return len(json.loads(answer.body)["results"]["bindings"])


def refused(answer: Answer, status: int, *words: str) -> None:
    """A plain message for people, without anything of what went on inside, and open to other sites."""
    assert answer.status == status, answer.text
    assert answer.type == "text/plain"
    assert "Traceback" not in answer.text and ".py" not in answer.text
    assert answer.headers[OPEN] == "*"
    for word in words:
        assert word in answer.text


# Formats, each read by another's parser


def test_rows_as_json(server: Served) -> None:
    found = json.loads(server.query(NAMES, RESULTS).body)
    assert found["head"]["vars"] == ["s", "name"]
    assert [
        (r["s"]["value"].removeprefix(EX), r["name"]["value"], r["name"].get("xml:lang", ""))
        for r in found["results"]["bindings"]
    ] == NAMED


def test_rows_as_xml(server: Served) -> None:
    answer = server.query(NAMES, "application/sparql-results+xml")
    assert answer.type == "application/sparql-results+xml"
    space = "{http://www.w3.org/2005/sparql-results#}"
    root = ET.fromstring(answer.body)
    assert [v.get("name") for v in root.iter(space + "variable")] == ["s", "name"]
    found = []
    for row in root.iter(space + "result"):
        uri, literal = row.find(f".//{space}uri"), row.find(f".//{space}literal")
        assert uri is not None and uri.text and literal is not None and literal.text
        language = literal.get("{http://www.w3.org/XML/1998/namespace}lang", "")
        found.append((uri.text.removeprefix(EX), literal.text, language))
    assert found == NAMED


def test_rows_as_csv(server: Served) -> None:
    answer = server.query(NAMES, "text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    head, *found = csv.reader(io.StringIO(answer.text, newline=""))
    assert head == ["s", "name"]
    assert found == [[EX + thing, value] for thing, value, _ in NAMED]


def test_rows_as_tsv(server: Served) -> None:
    answer = server.query(NAMES, "text/tab-separated-values")
    assert answer.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    assert answer.text.splitlines() == [
        "?s\t?name",
        f'<{EX}japan>\t"Japan, \\"Nippon\\"\\nof the East"',
        f'<{EX}treaty>\t"Treaty"@en',
        f'<{EX}treaty>\t"Договір"@uk',
        f'<{EX}ukraine>\t"Ukraine"',
    ]


@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_a_graph_in_each_format(server: Served, media_type: str) -> None:
    answer = server.query(ALL, media_type)
    assert answer.type == media_type
    found = Graph().parse(data=answer.body, format=media_type)
    assert set(found) == nodes(TREATY_GRAPH | STATES_GRAPH)


@pytest.mark.parametrize("media_type", ["application/n-quads", "application/trig"])
def test_a_graph_in_formats_of_named_graphs(server: Served, media_type: str) -> None:
    answer = server.query(ALL, media_type)
    assert answer.type == media_type
    found = Dataset()
    found.parse(data=answer.body, format=media_type)
    assert {quad[:3] for quad in found.quads()} == nodes(TREATY_GRAPH | STATES_GRAPH)


def test_turtle_uses_prefixes_and_is_the_same_from_process_to_process(server: Served, strict: Served) -> None:
    types = "<https://w3id.org/foedus/ns/State>, <http://www.w3.org/2002/07/owl#Thing>"
    query = f"CONSTRUCT {{ ?s a {types} }} {{ ?s ?p 'Ukraine' }}"
    answers = [one.query(query, "text/turtle").text for one in (server, strict)]
    assert answers[0] == answers[1]
    assert answers[0].splitlines() == [
        "@prefix foedus: <https://w3id.org/foedus/ns/> .",
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .",
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .",
        "<https://example.org/ukraine> a owl:Thing , foedus:State .",
    ]


@pytest.mark.parametrize(
    ("query", "expected"), [("ASK { ?s ?p 'Ukraine' }", True), ("ASK { ?s ?p 'Atlantis' }", False)]
)
def test_a_boolean(server: Served, query: str, expected: bool) -> None:
    assert json.loads(server.query(query, RESULTS).body) == {"head": {}, "boolean": expected}
    found = ET.fromstring(server.query(query, "application/sparql-results+xml").body)
    assert found.findtext("{http://www.w3.org/2005/sparql-results#}boolean") == str(expected).lower()


def test_a_thing_described(server: Served) -> None:
    answer = server.query(f"DESCRIBE <{EX}ukraine>", "text/turtle")
    assert set(Graph().parse(data=answer.body, format="turtle")) == nodes({("ukraine", "name", Literal("Ukraine"))})


def test_blank_nodes_that_a_query_makes(server: Served) -> None:
    """One for each solution, of which the party has two names."""
    answer = server.query("CONSTRUCT { [] <x:of> ?s } { ?s <https://example.org/name> ?n }", "application/n-triples")
    found = list(Graph().parse(data=answer.body, format="nt"))
    assert len(found) == 4 and len({s for s, _, _ in found}) == 4


@pytest.mark.parametrize(
    ("query", "media_type", "word"),
    [
        ("CONSTRUCT { ?s ?p ?t } { ?s ?p ?o BIND(<<( ?s ?p ?o )>> AS ?t) }", "application/ld+json", "JSON-LD"),
        ("CONSTRUCT { ?s <urn:1> ?o } { ?s ?p ?o }", "application/rdf+xml", "<urn:1>"),
        (r'CONSTRUCT { ?s ?p "\u0001" } { ?s ?p ?o }', "application/rdf+xml", "control"),
        (r'SELECT ("a\u0000b" AS ?x) { }', "application/sparql-results+xml", "control"),
    ],
)
def test_what_a_format_cannot_hold_is_not_written_in_it(server: Served, query: str, media_type: str, word: str) -> None:
    refused(server.query(query, media_type), 406, word)
    assert server.query(query, "text/turtle, text/csv").status == 200


# Which format


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, RESULTS),
        ("", RESULTS),
        ("*/*", RESULTS),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv;q=0.1, text/tab-separated-values;q=0.9", "text/tab-separated-values"),
        ("text/csv; q=0.9, text/tab-separated-values; q=0.1", "text/csv"),
        ("text/csv;q=0.2,*/*;q=0.1", "text/csv"),
        ("*/*;q=0.9, text/csv", "text/csv"),
        ("text/*;q=0.9, application/sparql-results+json;q=0.5, text/xml;q=0", "text/csv"),
        ("application/sparql-results+json;q=0, application/json;q=0, */*", "application/sparql-results+xml"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", RESULTS),
        ("application/sparql-results+json; charset=utf-8", RESULTS),
        ("application/json", "application/json"),
        (";;,,/", RESULTS),
        ("text/csv;q=0", 406),
        ("text/html", 406),
        ("text/turtle", 406),
        ("*/*;q=0", 406),
    ],
)
def test_the_format_of_rows(server: Served, accept: str | None, expected: str | int) -> None:
    answer = server.query(NAMES, accept)
    if isinstance(expected, int):
        refused(answer, expected, "text/csv")
    else:
        assert (answer.status, answer.type) == (200, expected)
        assert "Accept" in answer.headers["vary"].split(", ")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/turtle"),
        ("*/*", "text/turtle"),
        ("text/plain", "text/plain"),
        ("application/*;q=0.5, text/turtle;q=0.4", "application/n-triples"),
        (
            'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted", text/turtle;q=0.5',
            "application/ld+json",
        ),
        ("text/turtle;q=0, text/*", "text/plain"),
        (RESULTS, 406),
        ("text/csv", 406),
    ],
)
def test_the_format_of_triples(server: Served, accept: str | None, expected: str | int) -> None:
    for path in (f"/sparql?query={quote(ALL)}", "/store?default", f"/store?graph={quote(GRAPH + 'states', safe='')}"):
        answer = server.ask(path, headers={"Accept": accept} if accept else {})
        if isinstance(expected, int):
            refused(answer, expected, "text/turtle")
        else:
            assert (answer.status, answer.type) == (200, expected)


def test_a_boolean_has_no_csv(server: Served) -> None:
    refused(server.query("ASK { }", "text/csv"), 406)


def test_several_headers_are_one(server: Served) -> None:
    head = f"GET /sparql?query={quote(NAMES)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    got = server.raw(f"{head}Accept: text/csv;q=0.5\r\nAccept: text/tab-separated-values\r\n\r\n".encode())
    assert b"content-type: text/tab-separated-values" in got


def test_choosing_a_format() -> None:
    offered = ["text/turtle", "application/n-triples", "text/html"]
    assert choose("", offered) == "text/turtle"
    assert choose("text/html", offered) == "text/html"
    assert choose("text/*;q=0.3, application/*;q=0.4", offered) == "application/n-triples"
    assert choose("text/turtle;q=0.3, text/*;q=0.5, application/*;q=0.4", offered) == "text/html"
    assert choose('text/html;level="1,2";q=0.1, text/turtle;q=0.2', offered) == "text/turtle"
    assert choose("text/turtle;q=0.001, application/n-triples;q=0.0015", offered) == "application/n-triples"
    assert choose("image/png", offered) is None
    assert choose("text/html;q=0", offered) is None


def test_taking_gzip() -> None:
    assert [takes_gzip(h) for h in ("gzip", "deflate, gzip;q=0.5", "x-gzip", "*", "GZIP", "*;q=0, gzip")] == [True] * 6
    assert [takes_gzip(h) for h in ("", "deflate", "gzip;q=0", "gzip; q=0.0", "*;q=0", "gzip;q=0, *")] == [False] * 6


# The protocol


def test_the_three_ways_to_ask(server: Served) -> None:
    answers = [
        server.query(NAMES),
        server.post(f"query={quote(NAMES)}", FORM),
        server.post(NAMES, QUERY),
        server.post(NAMES, "Application/SPARQL-Query; charset=UTF-8"),
        server.post(f"query={quote(NAMES)}", FORM + ";charset=utf-8"),
    ]
    assert [a.status for a in answers] == [200] * 5
    assert len({a.body for a in answers}) == 1 and rows(answers[0]) == 4


def test_letters_beyond_ascii(server: Served) -> None:
    query = "SELECT ?s { ?s ?p 'Договір'@uk }"
    assert [rows(server.query(query)), rows(server.post(query)), rows(server.post(f"query={quote(query)}", FORM))] == [
        1,
        1,
        1,
    ]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("", 7),
        (f"&default-graph-uri={GRAPH}treaty", 5),
        (f"&default-graph-uri={GRAPH}states", 3),
        (f"&default-graph-uri={GRAPH}states&default-graph-uri={GRAPH}treaty", 7),
        (f"&default-graph-uri={GRAPH}states&default-graph-uri={GRAPH}states", 3),
        (f"&default-graph-uri={GRAPH}nowhere", 0),
        ("&default-graph-uri=urn:elsewhere", 0),
        (f"&default-graph-uri={GRAPH}states&default-graph-uri={GRAPH}nowhere", 3),
        (f"&named-graph-uri={GRAPH}states", 0),
        ("&default-graph-uri=", 7),
    ],
)
def test_the_default_graph_of_the_request(server: Served, parameters: str, expected: int) -> None:
    assert count(server.query(COUNT, parameters=parameters)) == expected
    assert count(server.post(COUNT, path=f"/sparql?{parameters}")) == expected
    assert count(server.post(f"query={quote(COUNT)}{parameters}", FORM)) == expected


NAMED_COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("", 8),
        (f"&named-graph-uri={GRAPH}states", 3),
        (f"&named-graph-uri={GRAPH}states&named-graph-uri={GRAPH}treaty", 8),
        (f"&named-graph-uri={GRAPH}nowhere", 0),
        (f"&default-graph-uri={GRAPH}states", 0),
        (f"&default-graph-uri={GRAPH}states&named-graph-uri={GRAPH}treaty", 5),
    ],
)
def test_the_named_graphs_of_the_request(server: Served, parameters: str, expected: int) -> None:
    assert count(server.query(NAMED_COUNT, parameters=parameters)) == expected


@pytest.mark.parametrize(
    ("clause", "default", "named"),
    [
        (f"FROM <{GRAPH}treaty>", 5, 0),
        (f"FROM <{GRAPH}states> FROM <{GRAPH}treaty>", 7, 0),
        (f"FROM NAMED <{GRAPH}states>", 0, 3),
        (f"FROM <{GRAPH}treaty> FROM NAMED <{GRAPH}states>", 5, 3),
    ],
)
def test_the_dataset_of_the_query(server: Served, clause: str, default: int, named: int) -> None:
    assert count(server.query(COUNT.replace("{", clause + " {"))) == default
    assert count(server.query(NAMED_COUNT.replace("{", clause + " {", 1))) == named


def test_the_dataset_of_the_request_goes_before_that_of_the_query(server: Served) -> None:
    query = COUNT.replace("{", f"FROM <{GRAPH}treaty> FROM NAMED <{GRAPH}treaty> {{")
    assert count(server.query(query, parameters=f"&default-graph-uri={GRAPH}states")) == 3
    elsewhere = COUNT.replace("{", "FROM <http://elsewhere.example/g> {")
    assert count(server.query(elsewhere, parameters=f"&default-graph-uri={GRAPH}states")) == 3


def test_relative_iris_are_those_of_the_endpoint(server: Served) -> None:
    found = json.loads(server.query("SELECT (IRI('x') AS ?a) (<y> AS ?b) (<#z> AS ?c) { }").body)["results"][
        "bindings"
    ][0]
    assert {name: node["value"] for name, node in found.items()} == {
        "a": f"{server.url}/x",
        "b": f"{server.url}/y",
        "c": f"{server.url}/sparql#z",
    }
    same = f"ASK {{ FILTER(STR(<y>) = '{server.url}/y') }}"
    assert json.loads(server.query(same).body)["boolean"] is True
    assert rows(server.query(f"BASE <{EX}> SELECT * {{ <ukraine> ?p ?o }}")) == 1
    assert rows(server.query("SELECT * { <ukraine> ?p ?o }")) == 0


# What it refuses

REFUSED = {
    "an update": "INSERT DATA { <a:b> <a:b> <a:b> }",
    "LOAD": "LOAD <http://127.0.0.1:1/>",
    "LOAD INTO": f"LOAD SILENT <http://127.0.0.1:1/> INTO GRAPH <{GRAPH}treaty>",
    "CLEAR": "CLEAR ALL",
    "DELETE": "DELETE WHERE { ?s ?p ?o }",
    "one behind a query": "ASK { } ; DROP ALL",
    "SERVICE": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SERVICE SILENT": "SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "in small letters": "SELECT * { service <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "of a variable": "SELECT * { ?s ?p ?o . SERVICE ?s { ?a ?b ?c } }",
    "in an escape": r"SELECT * { SERV\u0049CE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "in a long escape": r"SELECT * { \U00000053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "behind what seems a string": r"SELECT * { BIND(\u0022\u0022 AS ?x) SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "as a prefix": "PREFIX service: <http://127.0.0.1:1/> SELECT * { service:x { ?s ?p ?o } }",
    "FROM elsewhere": "SELECT * FROM <http://127.0.0.1:1/> { ?s ?p ?o }",
    "FROM NAMED elsewhere": "SELECT * FROM NAMED <http://127.0.0.1:1/> { GRAPH ?g { ?s ?p ?o } }",
    "FROM of a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "FROM relative": "SELECT * FROM <treaty> { ?s ?p ?o }",
    "FROM by a prefix": "PREFIX e: <http://127.0.0.1:1/> SELECT * FROM e:x { ?s ?p ?o }",
    "FROM of no graph": f"SELECT * FROM <{GRAPH}nowhere> {{ ?s ?p ?o }}",
    "FROM in an escape": r"SELECT * FR\u004fM <http://127.0.0.1:1/> { ?s ?p ?o }",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_query_may_not(server: Served, name: str) -> None:
    for answer in (server.query(REFUSED[name]), server.post(REFUSED[name])):
        refused(answer, 403)
        assert "allow-service" not in answer.text and "`foedus" not in answer.text


def test_files_are_not_read_whatever_the_request_names(server: Served) -> None:
    refused(server.query("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", parameters="&default-graph-uri=urn:x"), 403)
    assert count(server.query(COUNT, parameters="&default-graph-uri=file:///etc/passwd")) == 0


def test_words_that_are_not_keywords_are_allowed(server: Served) -> None:
    query = "SELECT ?load { ?load ?insert 'Ukraine' FILTER(?insert != 'SERVICE FROM <x:y> DROP') } # DELETE LOAD"
    assert rows(server.query(query)) == 1


@pytest.mark.parametrize(
    ("method", "body", "media_type"),
    [("POST", "CLEAR ALL", "application/sparql-update"), ("POST", "update=CLEAR+ALL", FORM), ("GET", None, None)],
)
def test_an_update_by_its_own_way(server: Served, method: str, body: str | None, media_type: str | None) -> None:
    path = "/sparql" if body else "/sparql?update=CLEAR+ALL"
    headers = {"Content-Type": media_type} if media_type else {}
    refused(server.ask(path, method, body.encode() if body else None, headers), 403, "only reads")
    assert count(server.query(COUNT)) == 7


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT * {\n  ?s ?p }", ("2:3",)),
        ("SELECT * { ?s ?p ?o", ("1:20", "end of text")),
        ("SELECT *\n{ ?s ?p ?o", ("2:11", "end of text")),
        ("SELECT * { ?s ?p 'x }", ("1:18", "does not end")),
        ("SELECT * { ?s a nowhere:x }", ("1:17", "nowhere:")),
        ("SELECT *\n{ ?s ?p ?o } LIMIT x", ("2:20", "'x'")),
        ("SELECT * { ?s ?p ?o } LIMIT 1e3", ("1:30", "'e3'")),
        ("SELECT * { ?s ?p ?o } LIMIT -1", ("1:23", "LIMIT")),
        ("SELECT * { ?s ?p ?o } LIMIT 1 LIMIT 1", ("1:31", "LIMIT")),
        ("SELECT * { ?s ?p ?o } OFFSET", ("1:23", "OFFSET")),
        ("hello", ("1:1", "hello")),
        ("", ("no SPARQL query",)),
        ("\x00", ("no SPARQL query",)),
        ("SELECT * FROM { ?s ?p ?o }", ("1:10", "FROM")),
        (f"SELECT * {{ {'(' * 50_000} }}", ()),
        (f"SELECT * {'{' * 50_000} ?s ?p ?o {'}' * 50_000}", ("nested",)),
        (f"SELECT * {{ FILTER({'!' * 100_000}true) }}", ("nested",)),
    ],
)
def test_what_is_no_query(server: Served, query: str, words: Sequence[str]) -> None:
    answer = server.post(query)
    refused(answer, 400, *words)
    server.answers()


@pytest.mark.parametrize(
    ("path", "body", "media_type", "status"),
    [
        ("/sparql", None, None, 415),
        ("/sparql", "ASK { }", "text/plain", 415),
        ("/sparql", "query=ASK%20%7B%7D", "multipart/form-data", 415),
        ("/sparql", '{"query": "ASK { }"}', "application/json", 415),
        ("/sparql", "ASK { }", "application/sparql-query; charset=iso-8859-1", 415),
        ("/sparql", "ASK { }", 'application/sparql-query; charset="UTF-16"', 415),
        ("/sparql", "query=ASK+%7B%7D", FORM + "; charset=latin1", 415),
        ("/sparql", b"ASK { ?s ?p '\xe9' }", QUERY, 400),
        ("/sparql", b"query=ASK+%7B+%3Fs+%3Fp+%27%E9%27+%7D", FORM, 400),
        ("/sparql?query=ASK%7B%7D", "ASK { }", QUERY, 400),
        ("/sparql?query=ASK%7B%7D", "query=ASK+%7B%7D", FORM, 400),
        ("/sparql", "query=ASK+%7B%7D&query=ASK+%7B%7D", FORM, 400),
        ("/sparql", "nothing=here", FORM, 400),
        ("/sparql", "&".join(["a=b"] * 2000), FORM, 400),
        ("/sparql?default-graph-uri=not+an+iri", "ASK { }", QUERY, 400),
        ("/sparql?default-graph-uri=relative", "ASK { }", QUERY, 400),
        ("/sparql?named-graph-uri=http://x/%3E", "ASK { }", QUERY, 400),
    ],
)
def test_what_is_no_request(
    server: Served, path: str, body: str | bytes | None, media_type: str | None, status: int
) -> None:
    content = body.encode() if isinstance(body, str) else body or b""
    refused(server.ask(path, "POST", content, {"Content-Type": media_type} if media_type else {}), status)


def test_a_url_that_is_not_utf_8(server: Served) -> None:
    refused(server.ask("/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%27%E9%27%20%7D"), 400, "UTF-8")
    refused(server.ask("/%ff"), 400, "UTF-8")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/store", 400),
        ("/store?default&graph=urn:x", 400),
        ("/store?graph=urn:x&graph=urn:y", 400),
        ("/store?graph=urn:nowhere", 404),
        (f"/store?graph={GRAPH}nowhere", 404),
        ("/store?graph=", 404),
        ("/store?graph=file:///etc/passwd", 404),
    ],
)
def test_what_the_store_does_not_give(server: Served, path: str, status: int) -> None:
    refused(server.ask(path), status)


def test_what_the_store_gives(server: Served) -> None:
    for path, expected in (
        (f"/store?graph={GRAPH}treaty", TREATY_GRAPH),
        (f"/store?graph={quote(GRAPH + 'states', safe='')}", STATES_GRAPH),
        ("/store?default", TREATY_GRAPH | STATES_GRAPH),
        ("/store?default=", TREATY_GRAPH | STATES_GRAPH),
    ):
        assert set(Graph().parse(data=server.ask(path).body, format="turtle")) == nodes(expected)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods(server: Served, method: str) -> None:
    allowed = {
        "/sparql": "GET, HEAD, POST, OPTIONS",
        "/reconcile": "GET, HEAD, POST, OPTIONS",
        "/store?default": "GET, HEAD, OPTIONS",
        "/nowhere": "GET, HEAD, OPTIONS",
    }
    for path, methods in allowed.items():
        server.ask(path)  # whose answer is kept
        answer = server.ask(path, method)
        refused(answer, 405, "only reads")
        assert answer.headers["allow"] == methods


def test_a_post_where_nothing_is_posted(server: Served) -> None:
    answer = server.post("ASK { }", path="/store?default")
    refused(answer, 405)
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_an_unknown_path(server: Served) -> None:
    refused(server.ask("/nowhere", headers={"Accept": "*/*"}), 404, "/nowhere")


# HEAD, ETag, compression, other sites

LONG = f"SELECT * {{ VALUES ?x {{ {' '.join(map(str, range(2000)))} }} }}"


@pytest.mark.parametrize(
    "path", [f"/sparql?query={quote(NAMES)}", f"/sparql?query={quote(LONG)}", "/store?default", "/sparql"]
)
@pytest.mark.parametrize("coding", ["", "gzip"])
def test_head_tells_what_get_does(server: Served, path: str, coding: str) -> None:
    headers = {"Accept-Encoding": coding} if coding else {}
    head, get = server.ask(path, "HEAD", headers=headers), server.ask(path, headers=headers)
    assert (head.status, head.body) == (200, b"") and get.body
    one, other = ({k: v for k, v in a.headers.items() if k != "date"} for a in (head, get))
    assert one == other
    assert int(get.headers["content-length"]) == len(get.body)


def test_head_of_what_is_refused(server: Served) -> None:
    head, get = server.ask("/store?graph=urn:x", "HEAD"), server.ask("/store?graph=urn:x")
    assert (head.status, head.body, head.headers["content-length"]) == (404, b"", str(len(get.body)))


def test_compression(server: Served) -> None:
    plain, packed = server.query(LONG), server.query(LONG, accept_encoding="deflate, gzip")
    assert "content-encoding" not in plain.headers and packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body and len(packed.body) < len(plain.body) / 2
    for answer in (plain, packed):
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
    assert "content-encoding" not in server.query(LONG, accept_encoding="gzip;q=0, identity").headers
    assert "content-encoding" not in server.query(NAMES, accept_encoding="gzip").headers  # too short to be worth it


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_what_the_asker_has_is_not_sent_again(server: Served, coding: str) -> None:
    tag = server.query(LONG, accept_encoding=coding).headers["etag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = server.query(LONG, accept_encoding=coding, if_none_match=given)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", tag)
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
        assert answer.headers[OPEN] == "*"
    for given in ('"other"', tag.strip('"'), f'"x{tag[1:]}'):
        assert server.query(LONG, accept_encoding=coding, if_none_match=given).status == 200


def test_tags_differ_where_answers_do(server: Served) -> None:
    answers = [
        server.query(LONG),
        server.query(LONG, accept_encoding="gzip"),
        server.query(LONG, "text/csv"),
        server.query(NAMES),
        server.query(NAMES, "application/json"),
        server.query(NAMES, parameters=f"&default-graph-uri={GRAPH}states"),
    ]
    tags = [a.headers["etag"] for a in answers]
    assert len(set(tags)) == len(tags)
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)


@pytest.mark.parametrize("path", [f"/sparql?query={quote(NAMES)}", "/store?default", f"/store?graph={GRAPH}states"])
def test_the_tag_is_the_same_from_process_to_process(server: Served, strict: Served, path: str) -> None:
    assert server.ask(path).headers["etag"] == strict.ask(path).headers["etag"]


@pytest.mark.parametrize(
    "function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()", r"N\u004FW()", "now # (\n ()"]
)
def test_what_changes_is_not_kept(server: Served, function: str) -> None:
    query = f"SELECT ({function} AS ?x) {{ }}"
    one, other = server.query(query), server.query(query)
    assert one.body != other.body
    assert one.headers["cache-control"] == "no-store"
    for lasting in (NAMES, NAMES.replace("?s", "?known"), NAMES + " # as of now"):
        assert server.query(lasting).headers["cache-control"] == "no-cache"


def test_answers_that_are_kept_are_not_mixed_up(server: Served) -> None:
    """Requests that differ in one thing alone, each asked twice."""
    query = "SELECT ?s { ?s ?p 'Ukraine' }"
    asked: list[Callable[[], Answer]] = [
        lambda: server.query(query, RESULTS),
        lambda: server.query(query, "text/csv"),
        lambda: server.query(query, "text/csv", parameters=f"&default-graph-uri={GRAPH}treaty"),
        lambda: server.query(query + " ", "text/csv", parameters="&default-graph-uri=urn:x"),
        lambda: server.post(query, accept="text/csv"),
        lambda: server.post(query.replace("Ukraine", "Treaty"), accept="text/csv"),
        lambda: server.post(query, FORM, accept="text/csv"),
        lambda: server.post("", path=f"/sparql?query={quote(query)}", accept="text/csv"),
        lambda: server.ask(f"/sparql?query={quote(query)}", "HEAD", headers={"Accept": "text/csv"}),
        lambda: server.ask("/sparql", headers={"Accept": "text/turtle"}),
        lambda: server.ask("/sparql", "POST", b"", {"Accept": "text/turtle"}),
    ]
    first = [one() for one in asked]
    assert [a.status for a in first] == [200] * 6 + [400, 400, 200, 200, 415]
    assert [a.text for a in first[1:6]] == [f"s\r\n{EX}ukraine\r\n", "s\r\n", "s\r\n", f"s\r\n{EX}ukraine\r\n", "s\r\n"]
    for one, before in zip(reversed(asked), reversed(first), strict=True):
        again = one()
        assert (again.status, again.type, again.body) == (before.status, before.type, before.body)


def test_other_sites_may_ask(server: Served) -> None:
    for answer in (
        server.query(NAMES, origin="https://elsewhere.example"),
        server.query("SELECT", origin="https://elsewhere.example"),
        server.ask("/nowhere"),
        server.ask("/store?default", "PUT"),
        server.post("ASK { }", "text/plain"),
    ):
        assert answer.headers[OPEN] == "*"
        assert "Foedus-Truncated" in answer.headers["access-control-expose-headers"]
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        *((path, "GET, HEAD, POST, OPTIONS") for path in ("/sparql", "/uk/sparql", "/reconcile", "/reconcile/x", "*")),
        *((path, "GET, HEAD, OPTIONS") for path in ("/", "/store", "/queries/counts", "/sparqls", "/nowhere")),
    ],
)
def test_options(server: Served, path: str, allowed: str) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = server.ask(path, "OPTIONS", headers=asked | {"Access-Control-Request-Headers": "content-type"})
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers[OPEN] == "*" and answer.headers["access-control-allow-headers"] == "*"
    assert answer.headers["allow"] == answer.headers["access-control-allow-methods"] == allowed


# Limits

SEVEN = "{ VALUES ?x { 1 2 3 4 5 6 7 } }"


@pytest.mark.parametrize(
    ("query", "expected", "cut"),
    [
        (f"SELECT ?x {SEVEN}", 5, True),
        (f"SELECT ?x {SEVEN} # and no line after", 5, True),
        (f"SELECT ?x {SEVEN} LIMIT 6", 5, True),
        (f"SELECT ?x {SEVEN} LIMIT 5", 5, False),
        (f"SELECT ?x {SEVEN} LIMIT 4", 4, False),
        (f"SELECT ?x {SEVEN} LIMIT 0", 0, False),
        (f"SELECT ?x {SEVEN} LIMIT {'9' * 5000}", 5, True),
        (f"SELECT ?x {SEVEN} OFFSET 1", 5, True),
        (f"SELECT ?x {SEVEN} OFFSET 2", 5, False),
        (f"SELECT ?x {SEVEN} OFFSET 5 LIMIT 9", 2, False),
        (f"SELECT ?x {SEVEN} LIMIT 7 OFFSET 1", 5, True),
        (f"SELECT ?x {SEVEN} ORDER BY DESC(?x) # LIMIT 1", 5, True),
        (f"SELECT ?x {SEVEN} VALUES ?x {{ 1 2 3 }}", 3, False),
        (f"SELECT ?x {SEVEN} VALUES ?x {{ 1 2 3 4 5 6 }}", 5, True),
        (f"SELECT ?x {SEVEN} LIMIT 6 VALUES ?x {{ 1 2 3 4 5 6 }}", 5, True),
        (f"SELECT ?x {{ {{ SELECT ?x {SEVEN} LIMIT 3 }} }}", 3, False),
        (f"SELECT ?x {{ {{ SELECT ?x {SEVEN} LIMIT 6 }} }}", 5, True),
        (f"SELECT ?x {{ {{ SELECT ?x {SEVEN} LIMIT 6 }} }} LIMIT 2", 2, False),
        (f"SELECT (COUNT(?x) AS ?n) {SEVEN}", 1, False),
        (f"SELECT ?x {SEVEN} GROUP BY ?x HAVING (COUNT(*) > 0)", 5, True),
        (f"SELECT DISTINCT (1 AS ?y) {SEVEN}", 1, False),
        ("SELECT * { VALUES () { () () () () () () () } }", 5, True),
        ('SELECT ?x { VALUES ?x { "{{{{{{" "\\n\\n\\n\\n\\n\\n\\n" "<result><result>" "a\\"\\nb,\\r\\n" } }', 4, False),
    ],
)
@pytest.mark.parametrize(
    "media_type", [RESULTS, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"]
)
def test_no_more_rows_than_are_allowed(strict: Served, query: str, expected: int, cut: bool, media_type: str) -> None:
    answer = strict.post(query, accept=media_type)
    assert answer.status == 200, answer.text
    if media_type == RESULTS:
        found = len(json.loads(answer.body)["results"]["bindings"])
    elif media_type == "text/csv":
        found = len(list(csv.reader(io.StringIO(answer.text, newline="")))) - 1
    elif media_type == "text/tab-separated-values":
        found = answer.text.count("\n") - 1
    else:
        found = len(ET.fromstring(answer.body).findall(".//{http://www.w3.org/2005/sparql-results#}result"))
    assert (found, answer.headers["foedus-truncated"]) == (expected, "5" if cut else None)


def test_a_limit_that_is_not_a_number_is_no_limit() -> None:
    assert capped("SELECT * { } LIMIT 1e3", 5) == "SELECT * { } LIMIT 1e3\nLIMIT 5\n"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT * { ?s ?p ?o }\nLIMIT 5\n"),
        ("SELECT * { ?s ?p ?o } # LIMIT 3", "SELECT * { ?s ?p ?o } # LIMIT 3\nLIMIT 5\n"),
        ("SELECT * { ?s ?p ?o } limit 007", "SELECT * { ?s ?p ?o } limit 5"),
        ("SELECT * { ?s ?p ?o } LIMIT 000", "SELECT * { ?s ?p ?o } LIMIT 0"),
        ("SELECT * { ?s ?p 'LIMIT 3' }", "SELECT * { ?s ?p 'LIMIT 3' }\nLIMIT 5\n"),
        ("SELECT * { { SELECT * { } LIMIT 9 } }", "SELECT * { { SELECT * { } LIMIT 9 } }\nLIMIT 5\n"),
        ("SELECT * { } LIMIT 9 VALUES ?x { 1 }", "SELECT * { } LIMIT 5 VALUES ?x { 1 }"),
        ("SELECT * { } VALUES ?x { 1 }", "SELECT * { } \nLIMIT 5\nVALUES ?x { 1 }"),
    ],
)
def test_the_number_goes_into_the_query(query: str, expected: str) -> None:
    assert capped(query, 5) == expected
    assert significant(expected)


@pytest.mark.parametrize(
    ("query", "expected", "cut"),
    [
        (f"CONSTRUCT {{ <x:s> <x:p> ?x }} {SEVEN}", 5, True),
        (f"CONSTRUCT {{ <x:s> <x:p> ?x }} {SEVEN} LIMIT 5", 5, False),
        (f"CONSTRUCT {{ <x:s> <x:p> 1 }} {SEVEN}", 1, False),
        (f"DESCRIBE <{EX}treaty>", 5, False),
        (f"DESCRIBE <{EX}treaty> <{EX}ukraine>", 5, True),
    ],
)
def test_no_more_triples_than_are_allowed(strict: Served, query: str, expected: int, cut: bool) -> None:
    answer = strict.query(query, "application/n-triples")
    assert (answer.body.count(b"\n"), answer.headers["foedus-truncated"]) == (expected, "5" if cut else None)


@pytest.mark.parametrize("query", [ENDLESS, GREEDY, PATTERNS], ids=["endless", "greedy", "patterns"])
def test_the_time_limit_ends_the_work(hasty: Served, query: str) -> None:
    answer = hasty.post(query)
    refused(answer, 503, "Narrow the query")
    assert "time limit of 2 s" in answer.text or "more memory than is allowed" in answer.text
    assert answer.headers["retry-after"] == "5"
    hasty.answers()


def test_memory_is_limited(server: Served) -> None:
    """Ten million letters, of each of which ten thousand are made: the limit is met long before the one of time."""
    tens = [f"'{letter * 10_000}'" for letter in "bc"]
    query = f"SELECT (STRLEN(REPLACE(REPLACE('{'a' * 1000}', 'a', {tens[0]}), 'b', {tens[1]})) AS ?n) {{ }}"
    refused(server.post(query), 503, "more memory")
    server.answers()


def test_others_are_answered_while_some_take_for_ever(server: Served) -> None:
    with asking(server, *[f"{ENDLESS} # {n}" for n in range(3)]):
        server.answers()
        assert rows(server.query(NAMES + "# beside others")) == 4
    server.answers()


def posted(query: str) -> bytes:
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {QUERY}\r\nContent-Length: {len(query)}\r\n\r\n"
    return (head + query).encode()


@contextlib.contextmanager
def asking(server: Served, *queries: str) -> Iterator[None]:
    """Clients that ask, wait for no answer, and are gone in the end."""
    with contextlib.ExitStack() as stack:
        for query in queries:
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.sendall(posted(query))
        yield


def test_clients_that_go_leave_nothing_behind(server: Served) -> None:
    for _ in range(10):
        with asking(server, *[ENDLESS] * 10):
            pass
    answers: list[int] = []

    def ask() -> None:
        answers.append(rows(server.query(NAMES)))

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [4] * 10


# Requests that mean no good


def test_a_url_that_is_too_long(server: Served) -> None:
    assert server.query("ASK { } #" + "x" * 15_000).status == 200
    refused(server.query("ASK { } #" + "x" * 16_000), 414, "POST")
    assert server.post("ASK { } #" + "x" * 16_000).status == 200


def test_a_body_that_is_too_large(server: Served) -> None:
    assert server.post("ASK { } #" + "x" * 900_000).status == 200
    refused(server.post("ASK { } #" + "x" * 1_000_000), 413)
    server.answers()


def test_a_body_in_pieces_that_is_too_large(server: Served) -> None:
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {QUERY}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    small = b"5\r\nASK {\r\n2\r\n }\r\n0\r\n\r\n"
    got = server.raw(head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + small)
    assert got.endswith(b'{"head":{},"boolean":true}')
    got = server.raw(
        head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), *[b"8000\r\n" + b"x" * 0x8000 + b"\r\n"] * 40
    )
    assert got.startswith(b"HTTP/1.1 413 ")
    server.answers()


def test_a_body_that_is_announced_as_too_large_is_not_asked_for(server: Served) -> None:
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {QUERY}\r\nExpect: 100-continue\r\nConnection: close\r\n"
    assert server.raw(f"{head}Content-Length: 5000000\r\n\r\n".encode()).startswith(b"HTTP/1.1 413 ")
    assert server.raw(f"{head}Content-Length: 7\r\n\r\n".encode(), b"ASK { }").startswith(b"HTTP/1.1 100 ")


def test_a_body_that_does_not_come(hasty: Served) -> None:
    request = posted("ASK { }").replace(b"Host: x", b"Connection: close")
    assert hasty.raw(request[:-1]).startswith(b"HTTP/1.1 408 ")
    hasty.answers()


GET = f"GET /sparql?query={quote('ASK { }')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode()


@pytest.mark.parametrize("beginning", [b"", b"GET /sp", GET, GET + b"Accept: "])
def test_a_request_that_does_not_go_on(hasty: Served, beginning: bytes) -> None:
    assert hasty.raw(beginning) == b""
    hasty.answers()


def test_an_answer_that_is_not_read(hasty: Served) -> None:
    """Sixteen million letters, which no buffer holds, for a client that does not read: it is hung up on."""
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(20))
    query = f'SELECT ?x20 {{ BIND("aaaaaaaaaaaaaaaa" AS ?x0) {doubled} }}'
    assert len(hasty.post(query).body) > 1 << 24
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", hasty.port))
        connection.sendall(posted(query))
        waiting = select.poll()
        waiting.register(connection, 0)  # of all that may happen only the end is told
        assert waiting.poll(30_000)
    hasty.answers()


def test_requests_whose_answers_are_not_read(hasty: Served) -> None:
    with socket.socket() as connection:
        connection.connect(("127.0.0.1", hasty.port))
        with pytest.raises(ConnectionError):
            for _ in range(10_000):
                connection.sendall(posted("ASK { }") * 100)
    hasty.answers()


HOSTILE = {
    "garbage": b"\x00\x01\x02\x03\r\n\r\n",
    "a beginning of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 512,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no method": b" / HTTP/1.1\r\n\r\n",
    "an unknown method": b"FROB / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a null byte in the path": b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "bytes in the path": b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    "a null byte in a header": GET + b"Accept: a\x00b\r\n\r\n",
    "a header without a name": GET + b": x\r\n\r\n",
    "a folded header": GET + b"Accept: a\r\n b\r\n\r\n",
    "a length that is none": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
    "a length below nothing": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "two lengths": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "a length and pieces": b"POST /sparql HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a piece of no length": b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "another host to connect to": b"CONNECT elsewhere.example:80 HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_bytes_that_are_no_request(server: Served, name: str) -> None:
    assert server.raw(HOSTILE[name]).startswith(b"HTTP/1.1 400 ")
    server.answers()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (GET + b"X-Long: " + b"x" * 100_000, 431),
        (GET + b"".join(b"X-%d: x\r\n" % n for n in range(10_000)), 431),
        (GET + b"Accept: " + b"x" * 5000, 431),
        (GET.replace(b"?query", b"?" + b"x" * 50_000), 414),
    ],
    ids=["a long header", "10,000 headers", "a long header that matters", "a long URL"],
)
def test_what_is_too_long_before_the_body(strict: Served, request_: bytes, status: int) -> None:
    got = strict.raw(request_ + b"\r\n\r\n")
    assert got.startswith(f"HTTP/1.1 {status} ".encode()), got[:100]
    strict.answers()


def test_headers_that_do_not_end_are_not_kept(strict: Served) -> None:
    """They are cut off while they come: else they would fill the memory."""
    sent = 0
    with socket.create_connection(("127.0.0.1", strict.port)) as connection, pytest.raises(ConnectionError):
        connection.sendall(GET + b"X-Long: ")
        while sent < 100_000_000:
            sent += connection.send(b"x" * 100_000)
    assert sent < 100_000_000
    strict.answers()


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/%0d%0aX-Injected:%20x",
        "/id/actor/%0d%0aX-Injected:%20x",
        "/graph/states%0d%0aX-Injected:%20x",
        "/..%2f..%2fetc/passwd",
        "/../../etc/passwd",
        "/static/../../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/%2e%2e/pyproject.toml",
        "/static/..%5c..%5cetc",
        "/sparql/../../etc/passwd",
        "//elsewhere.example/",
        "http://elsewhere.example/nowhere",
        "/" + "a" * 15_000,
        "/" + "%41" * 5_000,
        "/sparql%00",
        "/%F0%9F%98%80",
        "/queries/..%2f..%2fdata%2ftreaty.ttl",
        "/store?graph=%00",
        "/store?graph=%0d%0aX-Injected:%20x",
        "/sparql?query=%00",
        "/?%00",
    ],
)
def test_paths_that_lead_nowhere(server: Served, path: str) -> None:
    got = server.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    head, _, body = got.partition(b"\r\n\r\n")
    assert head.startswith((b"HTTP/1.1 2", b"HTTP/1.1 3", b"HTTP/1.1 4")), got[:300]
    assert b"\r\nx-injected" not in head.lower() and b"elsewhere" not in head
    assert b"root:" not in body and b"[project]" not in body and b"@prefix : <https://example.org/>" not in body
    server.answers()


def test_requests_in_one_go_are_answered_in_order(server: Served) -> None:
    queries = [f"SELECT ({n} AS ?n) {{ }}" for n in range(20)]
    lines = [f"GET /sparql?query={quote(q)} HTTP/1.1\r\nHost: x\r\n" for q in queries]
    got = server.raw("\r\n".join([*lines, ""]).encode()[:-2] + b"Connection: close\r\n\r\n")
    assert [int(part.partition(b'"')[0]) for part in got.split(b'"value":"')[1:]] == list(range(20))


def test_an_upgrade_is_not_taken_up(server: Served) -> None:
    upgrade = b"Connection: upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"
    got = server.raw(GET.replace(b"Connection: close\r\n", upgrade))
    assert got.startswith(b"HTTP/1.1 200 ")
    server.answers()


def test_http_1_0(server: Served) -> None:
    got = server.raw(f"GET /sparql?query={quote('ASK { }')} HTTP/1.0\r\n\r\n".encode())
    assert got.startswith(b"HTTP/1.1 200 ") and got.endswith(b'{"head":{},"boolean":true}')


def test_nothing_of_a_request_but_what_matters_reaches_the_answer(server: Served) -> None:
    """Else answers that were kept could be made to differ for those who ask after."""
    plain = server.query(NAMES)
    odd = server.query(NAMES, x_forwarded_host="elsewhere.example", cookie="a=b", x_http_method_override="DELETE")
    assert (odd.status, odd.body, odd.headers["etag"]) == (plain.status, plain.body, plain.headers["etag"])


def test_nothing_is_told_of_what_runs_inside(server: Served, made: Path) -> None:
    for answer in (server.query(NAMES), server.ask("/nowhere"), server.query("SELECT {")):
        assert "server" not in answer.headers
        assert str(made) not in answer.text
