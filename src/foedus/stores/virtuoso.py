"""OpenLink Virtuoso, whose URL is that of its SPARQL endpoint, such as http://localhost:8890/sparql.

Its Graph Store Protocol takes a body in one piece only: one in chunks is taken for an empty one, and answered with
success. Operations of an update are carried out one after another, and those before one that fails stay done.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from foedus.catalog import XSD
from foedus.stores.durations import repaired
from foedus.stores.http import Connection
from foedus.stores.store import Store

_PAGE = 10_000
_DECIMAL = ox.NamedNode(XSD + "decimal")


class Virtuoso(Store):
    """See the module."""

    name = "virtuoso"
    title = "OpenLink Virtuoso"
    services = ("/sparql-graph-crud-auth", "/sparql-graph-crud", "/sparql-auth", "/sparql")
    batch = 50_000

    @classmethod
    def is_it(cls, url: str, headers: Mapping[str, str], connection: Connection) -> bool:
        """See Store.is_it."""
        return "virtuoso" in headers.get("Server", "").lower()

    def urls(self) -> tuple[str, str]:
        """See Store.urls: what is written with a password goes to services of its own."""
        suffix = "-auth" if self.http.has_credentials else ""
        self._graphs = f"{self.base}/sparql-graph-crud{suffix}"
        return f"{self.base}/sparql", f"{self.base}/sparql{suffix}"

    def read(self, graph: str) -> Iterator[ox.Triple]:
        """See Store.read: page by page, since answers are cut, at 10,000 rows as it comes, and do not say so."""
        count = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        whole = int(self.select(count)[0]["n"])
        read = 0
        while read < whole:
            query = f"SELECT ?s ?p ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} OFFSET {read} LIMIT {_PAGE}"
            rows = self._results(query)["results"]["bindings"]
            for row in rows:
                yield ox.Triple(_term(row["s"]), _iri(row["p"]["value"]), _term(row["o"]))
            read += len(rows)
            if not rows:
                return

    def normal(self, literal: ox.Literal) -> ox.Literal:
        """See Store.normal: durations come back as numbers, and large integers as decimals."""
        kind = literal.datatype.value
        if kind == XSD + "duration":
            return ox.Literal(repaired(literal.value), datatype=literal.datatype)
        return ox.Literal(literal.value, datatype=_DECIMAL) if kind == XSD + "integer" else literal

    def add(self, graph: str, triples: Sequence[ox.Triple]) -> None:
        """See Store.add."""
        body = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
        headers = {"Content-Type": "application/n-triples"}
        self.http.send("POST", self._graphs, params={"graph": graph}, headers=headers, body=body).close()


def _term(term: dict[str, str]) -> Any:
    """A term of a result in JSON; a blank node has one label in all answers."""
    value = term["value"]
    if term["type"] == "uri":
        return _iri(value)
    if term["type"] == "bnode":
        return ox.BlankNode(value.removeprefix("nodeID://"))
    if "xml:lang" in term:
        return ox.Literal(value, language=term["xml:lang"])
    return ox.Literal(value, datatype=ox.NamedNode(term["datatype"])) if "datatype" in term else ox.Literal(value)


def _iri(value: str) -> ox.NamedNode:
    """An IRI; what is none, as Virtuoso makes of some Turtle, in percent escapes, so that it differs and is shown."""
    try:
        return ox.NamedNode(value)
    except ValueError:
        return ox.NamedNode(urllib.parse.quote(value, safe=":/#?&=%;,+@!$'()*~"))
