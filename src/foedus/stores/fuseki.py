"""Apache Jena Fuseki, whose URL is that of a dataset, such as http://localhost:3030/ds.

An update request is one transaction, and so is what is posted to the dataset. But where a client dies after a whole
line of N-Quads, Fuseki takes what came so far for the whole and commits it. So a load in one request is sent as TriG,
which is not well-formed before the last brace of a graph, and no piece of it ends where a graph does.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from foedus.stores.http import Body, Connection
from foedus.stores.store import Store, nquads

_HELD = 16  # bytes: more than the closing brace of a graph, less than the IRI that stands before it


class Fuseki(Store):
    """See the module."""

    name = "fuseki"
    title = "Apache Jena Fuseki"
    services = ("/query", "/sparql", "/update", "/data", "/get")
    at_once = "first"
    atomic = True
    batch = 100_000

    @classmethod
    def is_it(cls, url: str, headers: Mapping[str, str], connection: Connection) -> bool:
        """See Store.is_it."""
        return "Fuseki-Request-Id" in headers or "fuseki" in headers.get("Server", "").lower()

    def urls(self) -> tuple[str, str]:
        """See Store.urls: both services have a name of their own wherever Fuseki was set up without more words."""
        return f"{self.base}/query", f"{self.base}/update"

    def read(self, graph: str) -> Iterator[ox.Triple]:
        """See Store.read."""
        url = f"{self.base}/data"
        response = self.http.send(
            "GET", url, params={"graph": graph}, headers={"Accept": "application/n-triples"}, stream=True
        )
        return self._parsed(response)

    def add(self, quads: list[ox.Quad]) -> None:
        """See Store.add."""
        self._post(b"".join(nquads(quads)), "application/n-quads")

    def put_at_once(self, quads: Callable[[], Iterable[ox.Quad]], remove: Sequence[str]) -> None:
        """See Store.put_at_once."""
        self._post(lambda: _unfinished(_trig(quads())), "application/trig")

    def _post(self, body: bytes | Body, kind: str) -> None:
        headers = {"Content-Type": kind}
        self.http.send("POST", f"{self.base}/data", headers=headers, body=body, again=False).close()


def _trig(quads: Iterable[ox.Quad]) -> Iterator[bytes]:
    """`quads`, which stand graph by graph, as pieces of TriG."""
    for graph, some in itertools.groupby(quads, lambda quad: quad.graph_name):
        yield f"{graph} {{\n".encode()
        while part := list(itertools.islice(some, 20_000)):
            yield ox.serialize((quad.triple for quad in part), format=ox.RdfFormat.N_TRIPLES) or b""
        yield b"}\n"


def _unfinished(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of which none but the last ends where a graph does: the end of each is held back."""
    held = b""
    for piece in pieces:
        held += piece
        if len(held) > _HELD:
            yield held[:-_HELD]
            held = held[-_HELD:]
    yield held
