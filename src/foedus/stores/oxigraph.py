"""The Oxigraph server, whose URL is that of its root, such as http://localhost:7878.

N-Quads that are posted to /store are one transaction, and so is an update request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from foedus.stores.http import Connection
from foedus.stores.store import QuadStore


class Oxigraph(QuadStore):
    """See the module."""

    name = "oxigraph"
    title = "Oxigraph"
    services = ("/query", "/update", "/store")
    quads_path = "/store"

    @classmethod
    def is_it(cls, url: str, headers: Mapping[str, str], connection: Connection) -> bool:
        """See Store.is_it."""
        return headers.get("Server", "").lower().startswith("oxigraph")

    def urls(self) -> tuple[str, str]:
        """See Store.urls."""
        return f"{self.base}/query", f"{self.base}/update"

    def read(self, graph: str) -> Iterator[ox.Triple]:
        """See Store.read."""
        response = self.http.send(
            "GET",
            f"{self.base}/store",
            params={"graph": graph},
            headers={"Accept": "application/n-triples"},
            stream=True,
        )
        return self._parsed(response)

    def moving(self, moves: Iterable[tuple[str, str]]) -> list[str]:
        """See Store.moving: MOVE fails, and all with it, where the first graph is not there."""
        return [f"MOVE GRAPH <{old}> TO GRAPH <{new}>" for old, new in moves]
