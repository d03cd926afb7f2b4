"""What the endpoint says of itself: SPARQL 1.1 Service Description, with the VoID of the graph it answers from."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from foedus.datasets import DATASET
from foedus.names import PREFIXES

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_VOID = "http://rdfs.org/ns/void#"
_TYPE = PREFIXES["rdf"] + "type"
_RESULT_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
)


def description(url: str, graphs: Iterable[str], described: Iterable[ox.Triple], limits: str) -> list[ox.Triple]:
    """The description of the endpoint at `url` that answers from `graphs`, with the triples that describe the dataset.

    `limits` says in words how much may be asked.
    """
    dataset, default = f"{url}#dataset", f"{url}#default-graph"
    told: list[tuple[str, str, str]] = [
        (url, _TYPE, _SD + "Service"),
        (url, _SD + "endpoint", url),
        (url, _SD + "supportedLanguage", _SD + "SPARQL11Query"),
        (url, _SD + "feature", _SD + "UnionDefaultGraph"),
        *((url, _SD + "resultFormat", _FORMATS + name) for name in _RESULT_FORMATS),
        (url, _SD + "defaultDataset", dataset),
        (dataset, _TYPE, _SD + "Dataset"),
        (dataset, _SD + "defaultGraph", default),
        (default, _TYPE, _SD + "Graph"),
    ]
    here = set(graphs)
    for iri in sorted(here):
        named = f"{url}#{iri.rpartition('/')[2]}"
        told += [
            (dataset, _SD + "namedGraph", named),
            (named, _TYPE, _SD + "NamedGraph"),
            (named, _SD + "name", iri),
            (named, _SD + "graph", iri),
            (iri, _TYPE, _SD + "Graph"),
        ]
    triples = [ox.Triple(ox.NamedNode(s), ox.NamedNode(p), ox.NamedNode(o)) for s, p, o in told]
    comment = ox.NamedNode(PREFIXES["rdfs"] + "comment")
    triples.append(ox.Triple(ox.NamedNode(url), comment, ox.Literal(limits, language="en")))
    if DATASET in here:
        at = ox.Triple(ox.NamedNode(DATASET), ox.NamedNode(_VOID + "sparqlEndpoint"), ox.NamedNode(url))
        triples += [at, *described]
    return list(dict.fromkeys(triples))
