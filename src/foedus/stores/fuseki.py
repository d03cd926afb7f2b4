"""Apache Jena Fuseki, whose URL is that of a dataset, such as http://localhost:3030/ds.

An update request is one transaction, and so is what is posted to the dataset. But where a client dies after a whole
line of N-Quads, Fuseki takes what came so far for the whole and commits it. So they are sent compressed: of a gzip
stream that breaks off it takes nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

import pyoxigraph as ox

from foedus.stores.http import Connection
from foedus.stores.store import QuadStore


class Fuseki(QuadStore):
    """See the module."""

    name = "fuseki"
    title = "Apache Jena Fuseki"
    services = ("/query", "/sparql", "/update", "/data", "/get")
    quads_path = "/data"
    quads_headers: ClassVar[Mapping[str, str]] = {"Content-Type": "application/n-quads", "Content-Encoding": "gzip"}

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

    def encoded(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """See QuadStore.encoded."""
        packer = zlib.compressobj(1, wbits=zlib.MAX_WBITS | 16)
        for piece in pieces:
            yield packer.compress(piece)
        yield packer.flush()

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
