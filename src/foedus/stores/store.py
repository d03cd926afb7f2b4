"""What every triple store has in common: SPARQL 1.1 Query and Update, and what may be built from them.

A store whose own ways are better says so in a file of its own, by what it overrides.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import pyoxigraph as ox

from foedus.canonical import holds_blank
from foedus.credentials import without
from foedus.datasets import GRAPH, STAGING
from foedus.errors import RemoteError
from foedus.stores.http import Body, Connection, Refused, Transient

#: Graphs by name, each with its triples, which can be made anew for another attempt.
Graphs = Callable[[], Iterable[tuple[str, Iterable[ox.Triple]]]]

_COUNTS = f"""
SELECT ?g (COUNT(*) AS ?n) WHERE {{
  GRAPH ?g {{ ?s ?p ?o }}
  FILTER(STRSTARTS(STR(?g), "{GRAPH}") || STRSTARTS(STR(?g), "{STAGING}"))
}}
GROUP BY ?g
"""


class Store:
    """A server that speaks SPARQL 1.1 and of which nothing else is known; the other kinds derive from it.

    `url` is what the user gave. Attributes: `query_url` and `update_url`; `atomic`, whether an update request with
    several operations is carried out whole or not at all; `at_once`, whether `put_at_once` is, and for what; `holds`,
    the triples that a transaction should not exceed, None where their number does not matter.
    """

    #: Name for --store, and as it is written.
    name: ClassVar[str] = "generic"
    title: ClassVar[str] = "a SPARQL 1.1 server"
    #: Endings of URLs that lead to a service of the store, which are taken off to find the others.
    services: ClassVar[tuple[str, ...]] = ()
    #: "" where everything goes beside the old graphs; "first" where a first load is one request; "always" where any is.
    at_once: ClassVar[str] = ""
    atomic: ClassVar[bool] = False
    holds: ClassVar[int | None] = None
    #: Triples in one request, where a load takes several.
    batch: ClassVar[int] = 5_000

    def __init__(self, url: str, connection: Connection) -> None:
        self.url = url.rstrip("/")
        self.http = connection
        base = self.url
        for service in self.services:
            base = base.removesuffix(service)
        self.base = base
        self.query_url, self.update_url = self.urls()

    @classmethod
    def is_it(cls, url: str, headers: Mapping[str, str], connection: Connection) -> bool:
        """Whether the server at `url`, which answered with `headers`, says that it is of this kind."""
        return False

    def urls(self) -> tuple[str, str]:
        """Where queries and where updates are sent."""
        return self.url, self.url

    # Reading

    def select(self, query: str) -> list[dict[str, str]]:
        """The rows of a SELECT query, each a map from variable to the value's text; unbound ones are left out."""
        return [
            {name: term["value"] for name, term in row.items()} for row in self._results(query)["results"]["bindings"]
        ]

    def counts(self) -> dict[str, int]:
        """The number of triples in each graph of Foedus that stands there, and in each that is being loaded."""
        return {row["g"]: int(row["n"]) for row in self.select(_COUNTS) if "g" in row}

    def read(self, graph: str) -> Iterator[ox.Triple]:
        """The triples of a named graph as the server gives them back. Raises Transient where the answer breaks off."""
        return self._construct(graph, "application/n-triples, text/turtle;q=0.9, text/plain;q=0.5")

    def normal(self, literal: ox.Literal) -> ox.Literal:
        """A literal of ours or one that came back, so written that those of one value there are the same."""
        return literal

    # Writing

    def may_write(self) -> None:
        """Raise RemoteError where the server takes no updates: asked with one that changes nothing."""
        try:
            self.update(["INSERT DATA { }"])
        except Refused as error:
            raise RemoteError(
                f"the store takes no updates: {error.message}",
                where=error.where,
                todo=error.todo
                or "Check the URL and --store, and whether it is read-only or needs a password (FOEDUS_PASSWORD).",
            ) from error

    def update(self, operations: Sequence[str], *, again: bool = True) -> None:
        """Carry out the operations of a SPARQL update in one request."""
        text = " ;\n".join(operations)
        self.http.send("POST", self.update_url, headers=UPDATE, body=text.encode(), again=again).close()

    def add(self, graph: str, triples: Sequence[ox.Triple]) -> None:
        """Add `triples` to a graph; blank nodes that belong together stand in one call."""
        text = (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
        self.update([f"INSERT DATA {{ GRAPH <{graph}> {{\n{text}}} }}"])

    def put_at_once(self, graphs: Graphs, remove: Sequence[str]) -> None:
        """Put `graphs` in the place of the graphs `remove`, all or nothing.

        Only where `at_once` says so; with "first", `remove` is empty.
        """
        raise NotImplementedError

    def drop(self, graphs: Iterable[str]) -> None:
        """Remove graphs, whether they are there or not."""
        operations = self.dropping(graphs)
        if operations:
            self.update(operations)

    def dropping(self, graphs: Iterable[str]) -> list[str]:
        """The operations of an update that remove graphs."""
        return [f"DROP SILENT GRAPH <{graph}>" for graph in graphs]

    def moving(self, moves: Iterable[tuple[str, str]]) -> list[str]:
        """The operations of an update that put each first graph in the place of the second.

        Where a first one is not there, nothing may be lost of the second; most servers' MOVE then empties it.
        """
        return [
            operation
            for old, new in moves
            for operation in (
                f"DELETE {{ GRAPH <{new}> {{ ?s ?p ?o }} }}\n"
                f"WHERE {{ GRAPH <{new}> {{ ?s ?p ?o }} FILTER EXISTS {{ GRAPH <{old}> {{ ?a ?b ?c }} }} }}",
                f"INSERT {{ GRAPH <{new}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{old}> {{ ?s ?p ?o }} }}",
                f"DROP SILENT GRAPH <{old}>",
            )
        ]

    # Helpers

    def _construct(self, graph: str, accept: str) -> Iterator[ox.Triple]:
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        headers = {**_FORM, "Accept": accept}
        return self._parsed(
            self.http.send("POST", self.query_url, headers=headers, body=_form(query=query), stream=True)
        )

    def _results(self, query: str) -> dict[str, Any]:
        headers = {**_FORM, "Accept": "application/sparql-results+json"}

        def once() -> dict[str, Any]:
            response = self.http.send("POST", self.query_url, headers=headers, body=_form(query=query), stream=True)
            body = b"".join(self.http.pieces(response))
            try:
                found: dict[str, Any] = json.loads(body)
                if "boolean" not in found:
                    found["results"]["bindings"]
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise self._no_answer(response.headers.get("Content-Type", ""), body) from error
            return found

        return self.http.repeat(once)

    def _parsed(self, response: Any, form: ox.RdfFormat = ox.RdfFormat.N_TRIPLES) -> Iterator[ox.Triple]:
        kind = response.headers.get("Content-Type", "")
        if "turtle" in kind:
            form = ox.RdfFormat.TURTLE
        if "html" in kind or "json" in kind:
            with contextlib.closing(response):
                raise self._no_answer(kind, next(response.iter_content(80), b""))
        stream = _Readable(self.http.pieces(response))
        try:
            for quad in ox.parse(io.BufferedReader(stream, 1 << 16), format=form):
                yield quad.triple
        except SyntaxError as error:
            if stream.failure is not None:
                raise stream.failure from error
            raise RemoteError(
                f"what the server gives back is not RDF: {error.msg}", where=without(self.query_url)
            ) from error
        except Transient:
            raise
        except Exception as error:
            if stream.failure is not None:
                raise stream.failure from error
            raise

    def _no_answer(self, kind: str, body: bytes) -> RemoteError:
        beginning = body[:60].decode("utf-8", errors="replace").replace("\n", " ")
        return RemoteError(
            f"the answer is not of SPARQL but {kind or 'of no stated type'}: {beginning!r}",
            where=without(self.query_url),
            todo="Check that the URL is that of the store and not of its web page.",
        )


class QuadStore(Store):
    """A store that takes N-Quads at `quads_path` below its base, what is posted in one request as one transaction."""

    at_once = "first"
    atomic = True
    batch = 100_000
    quads_path: ClassVar[str]
    quads_type: ClassVar[str] = "application/n-quads"

    def add(self, graph: str, triples: Sequence[ox.Triple]) -> None:
        """See Store.add."""
        self.post(lambda: nquads(graph, triples))

    def put_at_once(self, graphs: Graphs, remove: Sequence[str]) -> None:
        """See Store.put_at_once."""
        self.post(lambda: all_nquads(graphs))

    def post(self, pieces: Body, encoding: str = "identity") -> None:
        """Post N-Quads, in the given encoding of HTTP, once."""
        headers = {"Content-Type": self.quads_type}
        if encoding != "identity":
            headers["Content-Encoding"] = encoding
        self.http.send("POST", self.base + self.quads_path, headers=headers, body=pieces, again=False).close()


class _Readable(io.RawIOBase):
    """Pieces as the binary file that a parser reads; keeps the error that ended them."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""
        self.failure: RemoteError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            while not self._held:
                self._held = next(self._pieces)
        except StopIteration:
            return 0
        except RemoteError as error:
            self.failure = error
            raise OSError(error.message) from error
        size = min(len(buffer), len(self._held))
        buffer[:size], self._held = self._held[:size], self._held[size:]
        return size


#: An update is the body itself: servers limit the size of forms.
UPDATE = {"Content-Type": "application/sparql-update; charset=UTF-8"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _form(**fields: str) -> bytes:
    from urllib.parse import urlencode

    return urlencode(fields).encode()


def batches(triples: Iterable[ox.Triple], size: int) -> Iterator[list[ox.Triple]]:
    """The triples of a graph, in lists of about `size`.

    Those that hold a blank node stand together and are not parted: its label is good for a request.
    """
    held: list[ox.Triple] = []
    for triple in triples:
        if len(held) >= size and not holds_blank(triple):
            yield held
            held = []
        held.append(triple)
    if held:
        yield held


def nquads(graph: str, triples: Iterable[ox.Triple], size: int = 20_000) -> Iterator[bytes]:
    """The triples of a graph as pieces of N-Quads, each of `size` lines."""
    end = f" <{graph}> .\n".encode()
    rest = iter(triples)
    while some := list(itertools.islice(rest, size)):
        # Quicker than quads would be; a line feed stands at the end of a line alone.
        yield (ox.serialize(some, format=ox.RdfFormat.N_TRIPLES) or b"").replace(b" .\n", end)


def all_nquads(graphs: Graphs) -> Iterator[bytes]:
    """All `graphs` as pieces of N-Quads."""
    for graph, triples in graphs():
        yield from nquads(graph, triples)
