"""The links that the graph records, with what it says of the things linked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from foedus.datasets import LINKS, NS, turtle_files
from foedus.turtle import Locator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from foedus.graph import Graph

#: Where the datatypes of codes begin.
NOTATION = NS + "notation/"
AUTHORITY = NS + "authority/"
_LINKS = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
PREFIX match: <https://w3id.org/foedus/ns/match/>
SELECT DISTINCT ?link ?thing ?target ?exact ?authority WHERE {
  ?link a foedus:Link ; foedus:linkedThing ?thing ; foedus:linkTarget ?target ; foedus:authority ?authority ;
    foedus:matchKind ?kind .
  BIND(?kind = match:exact AS ?exact)
}
ORDER BY ?authority ?thing ?target
"""
_CODES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?node ?code (DATATYPE(?code) AS ?type) WHERE { ?node skos:notation ?code }
"""
_NAMES = """
PREFIX match: <https://w3id.org/foedus/ns/match/>
PREFIX foedus: <https://w3id.org/foedus/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?name WHERE {
  ?link a foedus:Link ; foedus:linkedThing ?thing .
  { ?thing rdfs:label ?name } UNION { ?thing skos:altLabel ?name }
  UNION { ?link foedus:matchKind match:exact ; foedus:targetName ?name }
  UNION { ?link foedus:matchKind match:exact ; foedus:linkTarget/rdfs:label ?name }
}
"""
#: Of an event its own date; of an instrument the days of the events that conclude it.
_DATES = """
PREFIX event-type: <https://w3id.org/foedus/ns/event-type/>
PREFIX foedus: <https://w3id.org/foedus/ns/>
PREFIX precision: <https://w3id.org/foedus/ns/precision/>
SELECT DISTINCT ?thing ?date ?precision WHERE {
  ?link a foedus:Link ; foedus:linkedThing ?thing .
  { ?thing a foedus:Event ; foedus:date ?date ; foedus:datePrecision ?precision }
  UNION
  {
    ?thing a foedus:Instrument .
    ?event foedus:involves ?thing ; foedus:eventType event-type:conclusion ; foedus:date ?date ;
      foedus:datePrecision ?precision
  }
}
"""
_ENDPOINTS = """
PREFIX void: <http://rdfs.org/ns/void#>
SELECT DISTINCT ?authority ?endpoint WHERE { ?authority void:sparqlEndpoint ?endpoint }
"""

#: A code: the notation that it is of, such as "iso3166-1-alpha2", and its text.
Code = tuple[str, str]


class Link(NamedTuple):
    """A confirmed link: IRIs of itself, of the thing and of the target, the authority's name, its codes, file:line."""

    iri: str
    thing: str
    target: str
    exact: bool
    authority: str
    codes: tuple[Code, ...]
    where: str


class Known(NamedTuple):
    """What the graph says of a thing: its names, its codes, and its dates as far as they are known (YYYY[-MM[-DD]])."""

    names: tuple[str, ...]
    codes: tuple[Code, ...]
    dates: tuple[str, ...]


def links(graph: Graph) -> list[Link]:
    """The confirmed links, by authority, thing and target."""
    codes = _codes(graph)
    locator = Locator([f.path for f in turtle_files(graph.folder) if f.graph.startswith(LINKS)])
    found = []
    for row in graph.sparql(_LINKS):
        iri, thing, target, exact, authority = (str(term) for term in row.values())
        where = os.path.relpath(locator.line(iri) or graph.folder)
        name = authority.removeprefix(AUTHORITY)
        found.append(Link(iri, thing, target, exact == "true", name, tuple(codes.get(iri, ())), where))
    return found


def known(graph: Graph, things: Iterable[str]) -> dict[str, Known]:
    """What the graph says of the linked `things`."""
    codes = _codes(graph)
    names: dict[str, list[str]] = {}
    for row in graph.sparql(_NAMES):
        names.setdefault(str(row["thing"]), []).append(str(row["name"]))
    dates: dict[str, list[str]] = {}
    for row in graph.sparql(_DATES):
        length = {"year": 4, "month": 7}.get(str(row["precision"]).rpartition("/")[2], 10)
        dates.setdefault(str(row["thing"]), []).append(str(row["date"])[:length])
    return {
        thing: Known(
            tuple(sorted(set(names.get(thing, ())))), tuple(codes.get(thing, ())), tuple(sorted(dates.get(thing, ())))
        )
        for thing in things
    }


def endpoints(graph: Graph) -> dict[str, str]:
    """The SPARQL endpoint of each authority that has a public one."""
    return {str(r["authority"]).removeprefix(AUTHORITY): str(r["endpoint"]) for r in graph.sparql(_ENDPOINTS)}


def _codes(graph: Graph) -> dict[str, list[Code]]:
    found: dict[str, list[Code]] = {}
    for row in graph.sparql(_CODES):
        notation = str(row["type"])
        if notation.startswith(NOTATION):
            found.setdefault(str(row["node"]), []).append((notation.removeprefix(NOTATION), str(row["code"])))
    return {node: sorted(codes) for node, codes in found.items()}
