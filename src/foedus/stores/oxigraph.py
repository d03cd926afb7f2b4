"""The Oxigraph server, whose URL is that of its root, such as http://localhost:7878.

N-Quads that are posted to /store are one transaction, and so is an update request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from foedus.stores.http import Body, Connection
from foedus.stores.store import Store, nquads


class Oxigraph(Store):
    """See the module."""

    name = "oxigraph"
    title = "Oxigraph"
    services = ("/query", "/update", "/store")
    at_once = "first"
    atomic = True
    batch = 100_000

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

    def add(self, quads: list[ox.Quad]) -> None:
        """See Store.add."""
        self._post(b"".join(nquads(quads)))

    def put_at_once(self, quads: Callable[[], Iterable[ox.Quad]], remove: Sequence[str]) -> None:
        """See Store.put_at_once."""
        self._post(lambda: nquads(quads()))

    def moving(self, moves: Iterable[tuple[str, str]]) -> list[str]:
        """See Store.moving: MOVE fails, and all with it, where the first graph is not there."""
        return [f"MOVE GRAPH <{old}> TO GRAPH <{new}>" for old, new in moves]

    def _post(self, body: bytes | Body) -> None:
        headers = {"Content-Type": "application/n-quads"}
        self.http.send("POST", f"{self.base}/store", headers=headers, body=body, again=False).close()
