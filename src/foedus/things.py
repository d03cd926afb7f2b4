"""One thing, and all that the graph says of it, told in sections.

The facts come from a handful of queries, whatever the thing: its own statements and those that name it, and the path of
the template for its kind to the nodes around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from foedus.answers import Passage
from foedus.around import Around, Fact, facts, full
from foedus.datasets import NS
from foedus.lookup import labels, preferred, resolve
from foedus.names import shorten
from foedus.sections import IN_HEAD, Page, Section
from foedus.templates import template

if TYPE_CHECKING:
    from foedus.graph import Graph

_ABOUT = """
SELECT DISTINCT ?way ?property ?other ?graph WHERE {
  { <%(iri)s> ?property ?other . BIND("out" AS ?way) OPTIONAL { GRAPH ?graph { <%(iri)s> ?property ?other } } }
  UNION
  { ?other ?property <%(iri)s> . BIND("in" AS ?way) OPTIONAL { GRAPH ?graph { ?other ?property <%(iri)s> } } }
}
"""
_AROUND = """
PREFIX f: <https://w3id.org/foedus/ns/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?node ?property ?other ?graph WHERE {
  <%(iri)s> %(path)s ?node .
  ?node ?property ?other .
  OPTIONAL { GRAPH ?graph { ?node ?property ?other } }
}
"""
_RESTING = """
PREFIX f: <https://w3id.org/foedus/ns/>
SELECT ?class (COUNT(DISTINCT ?node) AS ?number) WHERE {
  ?citation f:source <%(iri)s> . ?node f:hasCitation ?citation ; a ?class
} GROUP BY ?class
"""
_PASSAGES = """
SELECT ?thing WHERE { VALUES ?thing { <%s> } }
"""


class Thing(NamedTuple):
    """A thing with its names, its classes, what is said of it, in sections too, and the passages that support it."""

    iri: str
    label: str
    aliases: tuple[str, ...]
    classes: tuple[str, ...]
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    sections: tuple[Section, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The thing as plain lists and dictionaries, for JSON."""
        return {
            "iri": self.iri,
            "label": self.label,
            "aliases": list(self.aliases),
            "classes": list(self.classes),
            "facts": [
                {
                    "way": f.way,
                    "property": f.property,
                    "value" if f.way == "out" else "subject": f.other.value,
                    "label": f.other_label,
                    "sources": list(f.sources),
                }
                for f in self.facts
            ],
            "passages": [p._asdict() for p in self.passages],
            "sections": [
                {"heading": s.heading, "lines": [{**n._asdict(), "sources": list(n.sources)} for n in s.lines]}
                for s in self.sections
            ],
        }


def look_up(graph: Graph, name: str) -> Thing:
    """The thing called `name`. Raises UnknownName, with the nearest names, where none or more than one is."""
    rows = labels(graph)
    iri = resolve(name, rows)
    names = preferred(rows)
    said = facts(graph.sparql(_ABOUT % {"iri": iri}), names)
    head = [f for f in said if f.way == "out" and f.property in IN_HEAD]
    types = [f for f in head if f.property == full("rdf:type")]
    kinds = {f.other.value.removeprefix(NS) for f in types}
    found = template(kinds)
    around = Around(iri, names, said, graph.sparql(_AROUND % {"iri": iri, "path": f"({found.path})|^f:linkedThing"}))
    resting = graph.sparql(_RESTING % {"iri": iri}) if "Source" in kinds else ()
    page = Page(around, {str(r["class"]): int(str(r["number"])) for r in resting})
    found.tell(page)
    page.rest()
    label = names.get(iri, shorten(iri))
    return Thing(
        iri,
        label,
        tuple(sorted({f.other.value for f in head if f.other.kind == "literal"} - {label})),
        tuple(sorted(f.other_label for f in types)),
        tuple(f for f in said if f not in head),
        tuple(p for row in graph.sparql(_PASSAGES % iri, cite=True) for p in row.passages),
        tuple(page.sections),
    )
