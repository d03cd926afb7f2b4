"""Eclipse RDF4J Server and what speaks its REST protocol; the URL is that of a repository.

Such as http://localhost:8080/rdf4j-server/repositories/foedus. Its default graph is the union of all graphs, in which a
triple of two graphs stands twice; so nothing goes beside the old graphs, but all into one transaction of the protocol's
own, which nobody sees before it is committed. It ends by itself where no request of it has ended for a minute, so it is
sent in many. The server's NativeStore holds a transaction in memory, with about 1.5 GB of heap for a million triples
(measured with 4.1.3), and does not end where it has less; so what is more than common heaps hold goes graph by graph.

Source: RDF4J REST API, version 12 of its protocol: transactions.
"""

from __future__ import annotations

import contextlib
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from foedus.errors import RemoteError
from foedus.stores.http import Connection, Transient
from foedus.stores.store import Graphs, QuadStore, batches, nquads


class Rdf4j(QuadStore):
    """See the module."""

    name = "rdf4j"
    title = "Eclipse RDF4J"
    services = ("/statements", "/rdf-graphs/service", "/rdf-graphs", "/contexts", "/size", "/transactions")
    at_once = "always"
    holds = 1_250_000
    batch = 250_000
    quads_path = "/statements"

    @classmethod
    def is_it(cls, url: str, headers: Mapping[str, str], connection: Connection) -> bool:
        """See Store.is_it."""
        root, found, _ = url.partition("/repositories/")
        if not found:
            return False
        with contextlib.suppress(RemoteError):
            return connection.send("GET", f"{root}/protocol").text.strip().isdecimal()
        return False

    def urls(self) -> tuple[str, str]:
        """See Store.urls."""
        return self.base, f"{self.base}/statements"

    def put_at_once(self, graphs: Graphs, remove: Sequence[str]) -> None:
        """See Store.put_at_once: one request is a transaction too, and faster."""
        if not remove:
            super().put_at_once(graphs, remove)
            return
        transaction = self._begin()
        try:
            text = " ;\n".join(self.dropping(remove))
            self._act(transaction, "UPDATE", text.encode(), "application/sparql-update")
            for body in self._bodies(graphs()):
                self._act(transaction, "ADD", body, "application/n-quads")
            self._commit(transaction)
        except BaseException:
            self._roll_back(transaction)
            raise

    def _bodies(self, graphs: Iterable[tuple[str, Iterable[ox.Triple]]]) -> Iterator[bytes]:
        """N-Quads of many graphs each: the fewer requests a transaction has, the fewer may fail."""
        held: list[bytes] = []
        number = 0
        for graph, triples in graphs:
            for some in batches(triples, self.batch):
                held += nquads(graph, some)
                number += len(some)
                if number >= self.batch:
                    yield b"".join(held)
                    held, number = [], 0
        if held:
            yield b"".join(held)

    def _begin(self) -> str:
        response = self.http.send("POST", f"{self.base}/transactions", headers={"Content-Length": "0"})
        response.close()
        # Behind a proxy the server may know itself by another address than ours.
        return f"{self.base}/transactions/{urllib.parse.urlsplit(response.headers['Location']).path.rpartition('/')[2]}"

    def _act(self, transaction: str, action: str, body: bytes, kind: str) -> None:
        params, headers = {"action": action}, {"Content-Type": kind}
        try:
            self.http.send("PUT", transaction, params=params, headers=headers, body=body, again=False).close()
        except Transient as error:
            error.sent = False  # nothing counts before it is committed
            raise

    def _commit(self, transaction: str) -> None:
        self.http.send("PUT", transaction, params={"action": "COMMIT"}, again=False).close()

    def _roll_back(self, transaction: str) -> None:
        with contextlib.suppress(RemoteError):  # the server does it by itself after a minute
            self.http.send("DELETE", transaction, again=False).close()


class GraphDb(Rdf4j):
    """Ontotext GraphDB, which speaks RDF4J's protocol. Not tried on a server."""

    name = "graphdb"
    title = "Ontotext GraphDB"

    @classmethod
    def is_it(cls, url: str, headers: Mapping[str, str], connection: Connection) -> bool:
        """See Store.is_it."""
        return "graphdb" in headers.get("Server", "").lower()
