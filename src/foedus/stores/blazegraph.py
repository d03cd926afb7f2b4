"""Blazegraph, whose URL is that of a namespace with named graphs, such as http://localhost:9999/blazegraph/namespace/kb.

It reads N-Quads as ASCII, so other letters are sent in escapes. What is posted to it is one transaction, and so is an
update request. Its default graph is the union of all graphs, so others see what is being loaded beside the old graphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from foedus.stores.http import Body, Connection
from foedus.stores.store import QuadStore

_OTHERS = re.compile(r"[^\x00-\x7F]")


class Blazegraph(QuadStore):
    """See the module."""

    name = "blazegraph"
    title = "Blazegraph"
    services = ("/sparql",)
    quads_path = "/sparql"
    quads_type = "text/x-nquads"

    @classmethod
    def is_it(cls, url: str, headers: Mapping[str, str], connection: Connection) -> bool:
        """See Store.is_it."""
        return "/blazegraph/" in url or "/bigdata/" in url

    def urls(self) -> tuple[str, str]:
        """See Store.urls."""
        return f"{self.base}/sparql", f"{self.base}/sparql"

    def read(self, graph: str) -> Iterator[ox.Triple]:
        """See Store.read: as Turtle, since its N-Triples are in an encoding that lacks most letters."""
        return self._construct(graph, "text/turtle")

    def post(self, pieces: Body, encoding: str = "identity") -> None:
        """See QuadStore.post."""
        super().post(lambda: map(_ascii, pieces()), encoding)


def _ascii(piece: bytes) -> bytes:
    """A piece of N-Quads with escapes (RDF 1.1 N-Quads, UCHAR) for the letters that ASCII lacks."""
    return _OTHERS.sub(lambda found: _escape(ord(found[0])), piece.decode()).encode("ascii")


def _escape(letter: int) -> str:
    return f"\\u{letter:04X}" if letter < 0x10000 else f"\\U{letter:08X}"
