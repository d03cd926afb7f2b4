"""How a server whose default graph is not the union of its named graphs is asked to make it so for one query.

Parameters of the SPARQL Protocol's request. The standard's own way is to name all graphs (default-graph-uri), for which
these servers take many times as long.
"""

from typing import NamedTuple


class Union(NamedTuple):
    """A parameter and its value; `hides` is whether GRAPH then finds just the graphs that are named as well."""

    parameter: str
    value: str
    hides: bool


UNIONS = (
    Union("default-graph-uri", "urn:x-arq:UnionGraph", hides=True),  # Apache Jena's own name for it
    Union("union-default-graph", "true", hides=False),  # of the Oxigraph server
)
