"""The SPARQL endpoint: queries, the description of the service, and reads of the Graph Store Protocol.

Sources: SPARQL 1.1 Protocol; SPARQL 1.1 Service Description; SPARQL 1.1 Graph Store HTTP Protocol. Only reading is
offered: an update is refused with 403, and so is a query that asks another endpoint or names a graph that is not here.
A graph that only the protocol's parameters name, and that is not here, is an empty one: so the W3C's tests have it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import islice
from typing import NamedTuple

import pyoxigraph as ox

from foedus.datasets import EVERYTHING, Selection
from foedus.engines.embedded import EmbeddedEngine, Solved
from foedus.errors import QuerySyntaxError
from foedus.guard import check
from foedus.names import PREFIXES
from foedus.web.capping import capped
from foedus.web.media import choose
from foedus.web.messages import Refused, Request, Response, pairs

TURTLE = "text/turtle"
#: Media types of results, in order of preference, with the formats that they name.
RESULTS: dict[str, ox.QueryResultsFormat] = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS: dict[str, ox.RdfFormat] = {
    TURTLE: ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/xml": ox.RdfFormat.RDF_XML,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
}
_PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "void": "http://rdfs.org/ns/void#",
}
_QUERY = "application/sparql-query"
_FORM = "application/x-www-form-urlencoded"
_UPDATE = "application/sparql-update"
#: Told where an answer was cut: how many rows or triples it has.
TRUNCATED = "Foedus-Truncated"
_XML_NAME = re.compile(r"[^\W\d][\w.-]*\Z")  # which the end of a predicate has to be in RDF/XML
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
#: Functions whose value differs from call to call; a comment may stand before the bracket.
_CHANGING = re.compile(r"\b(?:NOW|RAND|(?:STR)?UUID|BNODE)(?:\s|#[^\r\n]*[\r\n])*\(", re.IGNORECASE)


class Operation(NamedTuple):
    """A query, and the dataset that the protocol gives it: None where it gives none."""

    query: str
    selection: Selection | None


class Endpoint:
    """Answers the requests of the SPARQL Protocol and of the Graph Store Protocol from one engine.

    `url` is that of the endpoint, as clients know it; `most` the number of rows or triples of one answer.
    """

    def __init__(self, engine: EmbeddedEngine, graphs: Collection[str], url: str, most: int) -> None:
        self._engine = engine
        self._graphs = graphs
        self._url = url
        self._most = most

    def answer(self, request: Request) -> Response:
        """The answer to a request that has a query; Refused where it is not as the protocol says."""
        return self._evaluate(read(request), request.header("accept"))

    def _evaluate(self, operation: Operation, accept: str) -> Response:
        graphs = None if operation.selection else self._graphs
        checked = check(operation.query, name="query", graphs=graphs)
        selection = operation.selection or Selection(checked.default_graphs, checked.named_graphs)
        if checked.form in ("CONSTRUCT", "DESCRIBE"):
            media_type = _chosen(accept, GRAPHS)
            body, cut = self._triples(checked.text, selection, GRAPHS[media_type])
        else:
            offered = dict(islice(RESULTS.items(), 5)) if checked.form == "ASK" else RESULTS
            media_type = _chosen(accept, offered)
            body, cut = self._results(checked.text, checked.form, selection, RESULTS[media_type])
        headers = [("Vary", "Accept")]
        if cut:
            headers.append((TRUNCATED, f"{self._most}"))
        lasting = not _CHANGING.search(checked.text)
        return Response(200, _with_charset(media_type), body, tuple(headers), lasting)

    def _results(
        self, query: str, form: str, selection: Selection, format: ox.QueryResultsFormat
    ) -> tuple[bytes, bool]:
        """The results, and whether there are more of them than may be given."""

        def write(result: Solved) -> bytes:
            assert not isinstance(result, ox.QueryTriples)
            body = result.serialize(format=format) or b""
            return _well_formed(body) if format == ox.QueryResultsFormat.XML else body

        if form == "ASK":
            return self._engine.answer(query, selection, write, self._url), False
        try:
            body = self._engine.answer(capped(query, self._most + 1), selection, write, self._url)
        except QuerySyntaxError:
            self._engine.answer(query, selection, lambda _: None, self._url)  # names the place in what was sent
            raise
        if _rows(body, format, self._most) > self._most:
            return self._engine.answer(capped(query, self._most), selection, write, self._url), True
        return body, False

    def _triples(self, query: str, selection: Selection, format: ox.RdfFormat) -> tuple[bytes, bool]:
        def write(result: Solved) -> list[ox.Triple]:
            assert isinstance(result, ox.QueryTriples)
            return list(islice(result, self._most + 1))

        found = self._engine.answer(query, selection, write, self._url)
        return serialised(found[: self._most], format), len(found) > self._most

    def graph(self, request: Request) -> Response:
        """The answer to a read of the Graph Store Protocol: the graph that `graph` names, or with `default` the union.

        Of the formats with named graphs only the triples are given.
        """
        given = request.parameters
        names = [value for name, value in given if name == "graph"]
        default = any(name == "default" for name, _ in given)
        if len(names) + default != 1:
            raise Refused(400, "one graph is to be named", todo="Add ?graph=IRI, or ?default for the union of all.")
        if names and names[0] not in self._graphs:
            raise Refused(404, f"no graph is called {names[0]}", todo="/sparql lists them.")
        selection = Selection((names[0],), ()) if names else EVERYTHING
        media_type = _chosen(request.header("accept"), GRAPHS)
        body = self.whole(selection, GRAPHS[media_type])
        return Response(200, _with_charset(media_type), body, (("Vary", "Accept"),))

    def whole(self, selection: Selection, format: ox.RdfFormat) -> bytes:
        """All triples of the default graph of a selection."""
        return self.construct("CONSTRUCT WHERE { ?s ?p ?o }", selection, format)

    def construct(
        self, query: str, selection: Selection = EVERYTHING, format: ox.RdfFormat = ox.RdfFormat.N_TRIPLES
    ) -> bytes:
        """The triples that a query of our own constructs."""

        def write(result: Solved) -> bytes:
            assert isinstance(result, ox.QueryTriples)
            return serialised(list(result), format)

        return self._engine.answer(query, selection, write)


def read(request: Request) -> Operation:
    """The query of a request and its dataset (SPARQL 1.1 Protocol, section 2.1). Raises Refused."""
    given = request.parameters
    if request.method == "POST":
        media_type = request.header("content-type").partition(";")[0].strip().lower()
        body = _decoded(request, media_type)
        if media_type == _FORM:
            given = [*given, *pairs(body)]
        elif media_type == _QUERY:
            given = [*given, ("query", body)]
    if any(name in ("update", "using-graph-uri", "using-named-graph-uri") for name, _ in given):
        raise _read_only()
    queries = [value for name, value in given if name == "query"]
    if len(queries) != 1:
        raise Refused(400, f"one query is to be given, not {len(queries) or 'none'}", todo="Send it as `query`.")
    default = tuple(dict.fromkeys(value for name, value in given if name == "default-graph-uri" and value))
    named = tuple(dict.fromkeys(value for name, value in given if name == "named-graph-uri" and value))
    for iri in (*default, *named):
        try:
            ox.NamedNode(iri)
        except ValueError:
            raise Refused(400, f"{iri[:200]!r} is no IRI of a graph") from None
    return Operation(queries[0], Selection(default, named) if default or named else None)


def _decoded(request: Request, media_type: str) -> str:
    if media_type == _UPDATE:
        raise _read_only()
    if media_type not in (_FORM, _QUERY):
        raise Refused(
            415, f"a query cannot be sent as {media_type or 'nothing named'}", todo=f"Send {_FORM} or {_QUERY}."
        )
    charset = request.header("content-type").lower().partition("charset=")[2].partition(";")[0].strip(' "')
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise Refused(415, f"the body is to be UTF-8, not {charset}")
    try:
        return request.body.decode()
    except UnicodeDecodeError:
        raise Refused(400, "the body is not UTF-8") from None


def serialised(triples: list[ox.Triple], format: ox.RdfFormat) -> bytes:
    """Triples in a format: the same bytes from process to process where they have no blank nodes.

    Raises Refused where the format cannot hold them.
    """
    if format == ox.RdfFormat.RDF_XML:
        nameless = next((t.predicate.value for t in triples if not _XML_NAME.search(t.predicate.value)), None)
        if nameless is not None:
            raise _unwritable(f"RDF/XML has no name for <{nameless}>")
    if format not in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG):
        try:
            body = ox.serialize(sorted(triples, key=str), format=format) or b""
        except (OSError, ValueError) as error:  # a triple in a triple
            raise _unwritable(str(error)) from None
        return _well_formed(body) if format == ox.RdfFormat.RDF_XML else body
    used = {n.value for t in triples for n in (t.subject, t.predicate, t.object) if isinstance(n, ox.NamedNode)}
    spaces = {iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in used}
    prefixes = {prefix: space for prefix, space in (PREFIXES | _PREFIXES).items() if space in spaces}
    lines = (ox.serialize(sorted(triples, key=str), format=format, prefixes=prefixes) or b"").split(b"\n")
    lines[: len(prefixes)] = sorted(lines[: len(prefixes)])  # Oxigraph declares them in no order
    return b"\n".join(lines)


def _well_formed(body: bytes) -> bytes:
    if _NOT_XML.search(body):
        raise _unwritable("XML cannot hold a control character that is in it")
    return body


def _unwritable(why: str) -> Refused:
    return Refused(406, f"the answer cannot be written in this format: {why[:500]}", todo="Ask for another one.")


def _rows(body: bytes, format: ox.QueryResultsFormat, most: int) -> int:
    """How many rows there are in results; where a glance tells that they are no more than `most`, up to that."""
    if format == ox.QueryResultsFormat.XML:
        return body.count(b"<result>")
    if format == ox.QueryResultsFormat.TSV:
        return body.count(b"\n") - 1
    if format == ox.QueryResultsFormat.CSV:
        return sum(unquoted.count(b"\n") for unquoted in body.split(b'"')[::2]) - 1
    if (objects := body.count(b"{")) <= most:
        return objects
    found = ox.parse_query_results(body, format=format)
    return 0 if isinstance(found, ox.QueryBoolean) else sum(1 for _ in found)


def _chosen(accept: str, offered: Collection[str]) -> str:
    media_type = choose(accept, list(offered))
    if media_type is None:
        raise Refused(406, "none of the formats asked for is offered", todo=f"Ask for {', '.join(offered)}.")
    return media_type


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _read_only() -> Refused:
    return Refused(403, "this endpoint only reads: updates are refused")
