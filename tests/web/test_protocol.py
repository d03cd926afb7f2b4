"""The W3C's tests of the SPARQL Protocol, of the service description and of the Graph Store Protocol, on a real server.

Their requests are sent as the manifests give them. Only the names of graphs are others, for ours come from the names of
files: http://kasei.us/2009/09/sparql/data/data1.rdf is data/data1.ttl here. The server only reads, so that updates and
writes are refused, and a graph that a test writes before it reads it stands there from the start, as often as it is
read: what the writes make of it is worked out here.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.query import Result, ResultRow
from rdflib.term import Node

from tests.conftest import ROOT
from tests.web.conftest import FORM, GRAPH, QUERY, Answer, Served, serving

QUERIES = [
    "query_post_form",
    "query_dataset_default_graphs_get",
    "query_dataset_default_graphs_post",
    "query_dataset_named_graphs_post",
    "query_dataset_named_graphs_get",
    "query_dataset_full",
    "query_multiple_dataset",
    "query_get",
    "query_content_type_select",
    "query_content_type_ask",
    "query_content_type_describe",
    "query_content_type_construct",
    "query_post_direct",
]
BAD_QUERIES = [
    "bad_query_method",
    "bad_multiple_queries",
    "bad_query_wrong_media_type",
    "bad_query_missing_form_type",
    "bad_query_missing_direct_type",
    "bad_query_non_utf8",
    "bad_query_syntax",
]
UPDATES = [
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
]
BAD_UPDATES = [
    "bad_update_get",
    "bad_multiple_updates",
    "bad_update_wrong_media_type",
    "bad_update_missing_form_type",
    "bad_update_non_utf8",
    "bad_update_syntax",
    "bad_update_dataset_conflict",
]
INDIRECT = [
    "put_get_repeat_indirect",
    "put_delete_get_delete_indirect",
    "post_get_post_get_indirect",
    "post_get_new_graph",
    "head_existing_indirect",
    "head_non_existing_indirect",
    "put_get_uri_pct_encoded_indirect",
    "put_get_uri_pct_encoded_twice",
]
DIRECT = ["put_get_repeat_direct", "put_delete_get_delete_direct", "post_get_post_get_direct", "head_existing_direct"]

BOOLEANS = ("application/sparql-results+xml", "application/sparql-results+json")
TABLES = (*BOOLEANS, "text/csv", "text/tab-separated-values")
TRIPLES = ("application/rdf+xml", "text/turtle", "application/n-triples")
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_HT = "http://www.w3.org/2011/http#"
_CNT = "http://www.w3.org/2011/content#"
_THEIRS = "http://kasei.us/2009/09/sparql/data/"
_STORE = "http://www.example/gsp/person/"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")


class Expected(NamedTuple):
    """What a manifest expects: one of these statuses (4 stands for 4xx), a boolean, a kind of results, a graph."""

    statuses: frozenset[int]
    boolean: bool | None = None
    format: str = ""
    media_type: str = ""
    body: str = ""

    def status(self, found: int) -> bool:
        return found in self.statuses or found // 100 in self.statuses


class Request(NamedTuple):
    """A request of a manifest."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    expected: Expected


STATUSES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
STATUSES |= {f"StatusCode{n}xx": n for n in (2, 3, 4)}


class Manifest:
    """The tests of a manifest, by the last part of their names, each with its requests and what it requires."""

    def __init__(self, path: Path) -> None:
        self._graph = Graph().parse(path, publicID="http://example.org/manifest")
        self.tests = {
            str(test).rpartition("#")[2]: [self._request(node) for node in self._requests(test)]
            for entries in self._graph.objects(predicate=URIRef(_MF + "entries"))
            for test in self._graph.items(entries)
        }
        self.requires = {
            str(test).rpartition("#")[2]: str(needed).rpartition("#")[2]
            for test, needed in self._graph.subject_objects(URIRef(_MF + "requires"))
        }

    def _requests(self, test: Node) -> list[Node]:
        action = self._graph.value(test, URIRef(_MF + "action"))
        return [] if action is None else list(self._graph.items(self._one(action, _HT + "requests")))

    def _request(self, node: Node) -> Request:
        found = self._one(node, _HT + "resp")
        statuses = {str(s).rpartition("#")[2] for s in self._graph.objects(found, URIRef(_MF + "expectedStatus"))}
        boolean = self._graph.value(found, URIRef(_MF + "expectedBoolean"))
        body = self._body(found)
        expected = Expected(
            frozenset(STATUSES[name] for name in statuses),
            boolean.toPython() if isinstance(boolean, Literal) else None,
            str(self._graph.value(found, URIRef(_MF + "expectedFormat")) or ""),
            self._headers(found).get("content-type", ""),
            body.decode() if body else "",
        )
        method, path = (str(self._one(node, _HT + name)) for name in ("methodName", "absolutePath"))
        return Request(method, path, self._headers(node), self._body(node), expected)

    def _headers(self, node: Node) -> dict[str, str]:
        listed = self._graph.value(node, URIRef(_HT + "headers"))
        found = list(self._graph.items(listed)) if listed is not None else []
        return {str(self._one(h, _HT + "fieldName")): str(self._one(h, _HT + "fieldValue")) for h in found}

    def _body(self, node: Node) -> bytes | None:
        body = self._graph.value(node, URIRef(_HT + "body"))
        if body is None:
            return None
        return str(self._one(body, _CNT + "chars")).encode(str(self._one(body, _CNT + "characterEncoding")))

    def _one(self, node: Node, predicate: str) -> Node:
        (found,) = self._graph.objects(node, URIRef(predicate))
        return found


@pytest.fixture(scope="session")
def w3c() -> Path:
    """The folder of the W3C's tests, which are not part of the repository."""
    for place in (os.environ.get("FOEDUS_W3C"), ROOT.parent / "shared" / "w3c-sparql-protocol"):
        if place and (Path(place) / "manifest.ttl").is_file():
            return Path(place)
    pytest.skip("the tests of the W3C are not here: set FOEDUS_W3C to their folder")


@pytest.fixture(scope="session")
def protocol(w3c: Path) -> Manifest:
    return Manifest(w3c / "manifest.ttl")


@pytest.fixture(scope="session")
def server(w3c: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of the three graphs of the protocol's tests."""
    place = tmp_path_factory.mktemp("protocol")
    (place / "data").mkdir()
    for n in (1, 2, 3):
        (place / "data" / f"data{n}.ttl").write_bytes((w3c / f"data{n}.nt").read_bytes())
    with serving(place) as found:
        yield found


def ours(text: str) -> str:
    """A query whose FROM names our graphs."""
    return re.sub(rf"(FROM (?:NAMED )?<){_THEIRS}(data\d)\.rdf>", rf"\1{GRAPH}\2>", text)


def form_of_ours(text: str) -> str:
    """A query string or a form whose parameters name our graphs; as it is, where they name none."""
    given = parse_qsl(text, keep_blank_values=True)
    renamed = [
        (name, ours(value) if name == "query" else re.sub(rf"^{_THEIRS}(data\d)\.rdf$", rf"{GRAPH}\1", value))
        for name, value in given
    ]
    return text if renamed == given else urlencode(renamed, quote_via=quote, safe="")


def send(server: Served, request: Request) -> Answer:
    path, mark, query = request.path.partition("?")
    body = request.body
    if body is not None and request.headers.get("content-type") == FORM:
        body = form_of_ours(body.decode()).encode()
    elif body is not None and request.headers.get("content-type") == QUERY:
        body = ours(body.decode()).encode()
    return server.ask(path + mark + form_of_ours(query), request.method, body, request.headers)


def results(answer: Answer) -> Result:
    return Result.parse(io.BytesIO(answer.body), content_type=answer.type)


def triples(answer: Answer) -> Graph:
    return Graph().parse(data=answer.body, format=answer.type)


def test_the_lists_here_are_those_of_the_manifest(protocol: Manifest) -> None:
    assert sorted(protocol.tests) == sorted([*QUERIES, *BAD_QUERIES, *UPDATES, *BAD_UPDATES])


@pytest.mark.parametrize("name", QUERIES)
def test_a_query(protocol: Manifest, server: Served, name: str) -> None:
    (request,) = protocol.tests[name]
    expected = request.expected
    answer = send(server, request)
    assert expected.status(answer.status), answer.text
    assert expected.format in ("boolean", "tabular", "RDF")
    if expected.format == "RDF":
        assert answer.type in TRIPLES
        assert len(triples(answer)) == (1 if name == "query_content_type_construct" else 0)
    else:
        assert answer.type in (BOOLEANS if expected.format == "boolean" else TABLES)
        assert results(answer).askAnswer is expected.boolean or name == "query_content_type_ask"
    if expected.format == "tabular":
        assert [row.asdict() for row in results(answer) if isinstance(row, ResultRow)] == [{"value": Literal(1)}]


@pytest.mark.parametrize("name", BAD_QUERIES)
def test_a_bad_query(protocol: Manifest, server: Served, name: str) -> None:
    (request,) = protocol.tests[name]
    answer = send(server, request)
    assert request.expected.status(answer.status), answer.text
    assert answer.status // 100 == 4 and answer.type == "text/plain"


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_is_refused_and_changes_nothing(protocol: Manifest, server: Served, name: str) -> None:
    request, *questions = protocol.tests[name]
    answer = send(server, request)
    assert answer.status == 403, answer.text
    assert "only reads" in answer.text
    assert len(questions) == (0 if name in ("update_post_form", "update_post_direct") else 1)
    for question in questions:
        answer = send(server, question)
        assert question.expected.status(answer.status), answer.text
        assert (question.expected.boolean, results(answer).askAnswer) == (True, False)


@pytest.mark.parametrize("name", BAD_UPDATES)
def test_a_bad_update(protocol: Manifest, server: Served, name: str) -> None:
    (request,) = protocol.tests[name]
    answer = send(server, request)
    assert request.expected.status(answer.status), answer.text
    assert answer.status // 100 == 4


# The service description


def test_the_tests_of_the_description_are_the_three_below(w3c: Path) -> None:
    manifest = Manifest(w3c / "service-description.ttl")
    assert sorted(manifest.tests) == ["conforms-to-schema", "has-endpoint-triple", "returns-rdf"]


@pytest.fixture(scope="module")
def described(server: Served) -> Graph:
    """The test returns-rdf: what a GET of the endpoint gives is RDF."""
    answer = server.ask("/sparql")
    assert (answer.status, answer.type) == (200, "text/turtle")
    return triples(answer)


def test_the_description_names_its_endpoint(described: Graph, server: Served) -> None:
    (service,) = described.subjects(SD.endpoint, URIRef(f"{server.url}/sparql"))
    assert (service, RDF.type, SD.Service) in described


def test_the_description_conforms_to_the_schema(described: Graph) -> None:
    """Domains and ranges, from the W3C's recommendation; classes of which it lists the members itself are given so."""
    kinds: dict[URIRef, tuple[URIRef | None, URIRef | tuple[URIRef, ...] | None]] = {
        SD.endpoint: (SD.Service, None),
        SD.supportedLanguage: (SD.Service, (SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update)),
        SD.feature: (
            SD.Service,
            (SD.DereferencesURIs, SD.UnionDefaultGraph, SD.RequiresDataset, SD.EmptyGraphs, SD.BasicFederatedQuery),
        ),
        SD.resultFormat: (SD.Service, None),
        SD.defaultDataset: (SD.Service, SD.Dataset),
        SD.defaultGraph: (SD.Dataset, SD.Graph),
        SD.namedGraph: (SD.Dataset, SD.NamedGraph),
        SD.name: (SD.NamedGraph, None),
        SD.graph: (SD.NamedGraph, SD.Graph),
    }
    used = {p for p in described.predicates() if isinstance(p, URIRef) and p.startswith(SD)}
    assert used == kinds.keys()
    for predicate, (domain, range) in kinds.items():
        for one, other in described.subject_objects(predicate):
            assert domain is None or (one, RDF.type, domain) in described
            assert isinstance(other, URIRef)
            assert range is None or (
                other in range if isinstance(range, tuple) else (other, RDF.type, range) in described
            )
    formats = {str(o).rpartition("/")[2] for o in described.objects(predicate=SD.resultFormat)}
    assert {"SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"} <= formats
    assert {"Turtle", "N-Triples", "JSON-LD"} <= formats
    assert {str(n) for n in described.objects(predicate=SD.name)} == {f"{GRAPH}data{n}" for n in (1, 2, 3)}


# The Graph Store Protocol


class Step(NamedTuple):
    """A request, and the graph as the writes before it leave it: None where there is none."""

    request: Request
    graph: Graph | None


class Store:
    """The tests of a manifest of the Graph Store Protocol, with what each request would find if it were written."""

    def __init__(self, path: Path) -> None:
        self.manifest = Manifest(path)
        self.steps = {name: list(_replayed(requests)) for name, requests in self.manifest.tests.items()}


def _replayed(requests: list[Request]) -> Iterator[Step]:
    held: dict[str, Graph] = {}
    for request in requests:
        name = unquote(request.path)
        if request.method == "PUT":
            held[name] = Graph()
        if request.method == "DELETE":
            held.pop(name, None)
        if request.method in ("PUT", "POST"):
            into = held.setdefault(name, Graph())
            for part in _parts(request):
                into.parse(data=part, format="turtle", publicID=_STORE)
        yield Step(request, Graph() + held[name] if name in held else None)


def _parts(request: Request) -> list[bytes]:
    assert request.body
    kind = request.headers["content-type"]
    if not kind.startswith("multipart/"):
        return [request.body]
    message = message_from_bytes(f"Content-Type: {kind}\n\n".encode() + request.body)
    return [payload for part in message.walk() if isinstance(payload := part.get_payload(decode=True), bytes)]


def _slug(test: str, number: int, name: str) -> str:
    return f"{test}-{number}-{name}"


def renamed(path: str, test: str, number: int) -> str:
    """A path of theirs as one of ours, encoded as it was: each request reads a graph of its own."""
    path = path.replace("/gsp", "/store", 1)
    for theirs, mine in ((_STORE, GRAPH), (quote(_STORE, safe=""), quote(GRAPH, safe=""))):
        path = path.replace(theirs, mine + _slug(test, number, ""))
    return path


@pytest.fixture(scope="session")
def indirect(w3c: Path) -> Store:
    return Store(w3c / "graph-store-protocol" / "manifest-indirect.ttl")


@pytest.fixture(scope="session")
def store(indirect: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of every graph that the tests read."""
    place = tmp_path_factory.mktemp("store")
    (place / "data").mkdir()
    for test, steps in indirect.steps.items():
        for number, (request, graph) in enumerate(steps):
            name = unquote(request.path).rpartition("/")[2]
            if test in INDIRECT and graph is not None and re.fullmatch(r"[\w.]+", name):
                graph.serialize(place / "data" / f"{_slug(test, number, name)}.ttl", "turtle")
    with serving(place) as found:
        yield found


def test_the_lists_here_are_those_of_the_store(w3c: Path, indirect: Store) -> None:
    assert sorted(indirect.steps) == sorted([*INDIRECT, "put_get_default"])
    direct = Manifest(w3c / "graph-store-protocol" / "manifest-direct.ttl")
    assert sorted(direct.tests) == sorted(DIRECT)
    assert all("DirectGraphIdentification" in needed for needed in direct.requires.values())


def check_read(server: Served, request: Request, path: str, graph: Graph | None) -> None:
    answer = server.ask(path, request.method, None, request.headers)
    assert request.expected.status(answer.status), (path, answer.text)
    assert (answer.status == 200) == (graph is not None)
    if request.expected.media_type:
        assert answer.headers["content-type"] == request.expected.media_type
    if request.expected.body:
        assert isomorphic(triples(answer), Graph().parse(data=request.expected.body, format="turtle"))


def check_refused(server: Served, request: Request, path: str) -> None:
    answer = server.ask(path, request.method, request.body, request.headers)
    assert answer.status == 405, (path, answer.text)
    assert "GET" in answer.headers["allow"] and request.method not in answer.headers["allow"]


@pytest.mark.parametrize("name", INDIRECT)
def test_reads_of_the_store_pass_and_writes_are_refused(indirect: Store, store: Served, name: str) -> None:
    for number, (request, graph) in enumerate(indirect.steps[name]):
        path = renamed(request.path, name, number)
        if request.method not in ("GET", "HEAD"):
            check_refused(store, request, path)
        elif "%2531" in path:  # no graph of ours can be called so: decoded twice, it would be the other one
            assert store.ask(path).status == 404
            assert store.ask(path.replace("%2531", "1").replace(f"-{number}-", "-2-")).status == 200
        elif "$LOCATION$" not in path:
            check_read(store, request, path, graph)


def test_the_default_graph_of_the_store(indirect: Store, tmp_path: Path) -> None:
    write, read = indirect.steps["put_get_default"]
    assert write.graph is not None and len(write.graph) == 4
    (tmp_path / "data").mkdir()
    write.graph.serialize(tmp_path / "data" / "only.ttl", "turtle")
    with serving(tmp_path) as found:
        check_refused(found, write.request, "/store?default")
        check_read(found, read.request, "/store?default", read.graph)


def test_a_graph_that_the_path_names_is_not_written(w3c: Path, store: Served) -> None:
    """Graphs are named by parameters alone here; so the reads of these tests, which require it, are not for us."""
    direct = Manifest(w3c / "graph-store-protocol" / "manifest-direct.ttl")
    writes = [r for requests in direct.tests.values() for r in requests if r.method not in ("GET", "HEAD")]
    assert len(writes) == 8
    for request in writes:
        answer = store.ask(request.path.replace("/gsp", "/store", 1), request.method, request.body, request.headers)
        assert answer.status == 405, answer.text
