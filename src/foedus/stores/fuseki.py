"""Apache Jena Fuseki, whose URL is that of a dataset, such as http://localhost:3030/ds.

An update request is one transaction, and so is what is posted to the dataset. But where a client dies after a whole
line of N-Quads, Fuseki takes what came so far for the whole and commits it. So all at once is sent compressed: of a
gzip stream that breaks off it takes nothing. Versions before 4 know no compressed bodies and refuse it; what is sent
beside the old graphs is counted before it takes their place, and needs none.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from foedus.stores.http import Connection
from foedus.stores.store import Graphs, QuadStore, all_nquads


class Fuseki(QuadStore):
    """See the module."""

    name = "fuseki"
    title = "Apache Jena Fuseki"
    services = ("/query", "/sparql", "/update", "/data", "/get")
    quads_path = "/data"

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

    def put_at_once(self, graphs: Graphs, remove: Sequence[str]) -> None:
        """See Store.put_at_once, and the module for the compression."""
        self.post(lambda: _gzip(all_nquads(graphs)), "gzip")

    def moving(self, moves: Iterable[tuple[str, str]]) -> list[str]:
        """See Store.moving. MOVE and COPY lose triples in TDB2: they read the one graph while they write the other.

        CLEAR fails, and all with it, where the first graph is not there.
        """
        return [
            operation
            for old, new in moves
            for operation in (
                f"DROP SILENT GRAPH <{new}>",
                f"INSERT {{ GRAPH <{new}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{old}> {{ ?s ?p ?o }} }}",
                f"CLEAR GRAPH <{old}>",
            )
        ]


def _gzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(1, wbits=zlib.MAX_WBITS | 16)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()
