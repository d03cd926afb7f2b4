"""Apache Jena Fuseki, whose URL is that of a dataset, such as http://localhost:3030/ds.

Its Graph Store Protocol takes N-Quads for the dataset as a whole, in one transaction; so is an update request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

from foedus.stores.http import Body, Connection
from foedus.stores.store import Store, nquads


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
        self._post(b"".join(nquads(quads)))

    def put_at_once(self, quads: Body, remove: Sequence[str]) -> None:
        """See Store.put_at_once."""
        self._post(quads)

    def _post(self, body: bytes | Body) -> None:
        headers = {"Content-Type": "application/n-quads"}
        self.http.send("POST", f"{self.base}/data", headers=headers, body=body, again=False).close()
