"""The JSON-LD 1.1 context: short names for all classes and properties, so that a document need write no IRI of a term.

A name is only one thing in a context, and many vocabularies share theirs with a property. So there is no prefix for a
vocabulary: a concept is written `foedus:trigger/standing`, a thing of the data `thing:actor/ukraine`.
"""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox

from foedus.datasets import GRAPH, ID, NS
from foedus.names import PREFIXES
from foedus.reference.ontology import PROPERTY_KINDS, Ontology
from foedus.reference.statements import OWL, RDF, RDFS, SH, SKOS

_XSD = PREFIXES["xsd"]
_PREFIXES = ("dcterms", "foedus", "owl", "prov", "rdf", "rdfs", "skos", "xsd")
#: Properties that the ontology uses without declaring them.
_BESIDES = (RDFS + "label", RDFS + "comment", SKOS + "inScheme", SKOS + "notation")


def context(ontology: Ontology) -> str:
    """The context as JSON."""
    found: dict[str, Any] = {"@version": 1.1, "id": "@id", "type": "@type"}
    found.update((p, PREFIXES[p]) for p in _PREFIXES)
    found.update(graph=GRAPH, thing=ID)
    found.update((c[len(NS) :], "foedus:" + c[len(NS) :]) for c in ontology.classes)
    single = _single(ontology)
    found.update((p[len(NS) :], _definition(ontology, p, p in single)) for p in ontology.properties)
    declared = ontology.said.typed(*(OWL + kind for kind in PROPERTY_KINDS))
    for property_ in sorted({*declared, *_BESIDES} - set(ontology.properties)):
        short = ontology.short(property_)
        prefix, _, name = short.partition(":")
        if prefix in _PREFIXES:
            found[short if name in found else name] = _definition(ontology, property_, single=False)
    return json.dumps({"@context": found}, ensure_ascii=False, indent=2) + "\n"


def _definition(ontology: Ontology, property_: str, single: bool) -> dict[str, Any] | str:
    """How the values of a property are written: by range, or by use where it has none."""
    id = ontology.short(property_)
    ranges = ontology.ranges.get(property_, [])
    used = _used(ontology, property_)
    if OWL + "ObjectProperty" in ontology.said.named(property_, RDF + "type") or used == {"@id"}:
        return {"@id": id, "@type": "@id", **({} if single else {"@container": "@set"})}
    if ranges == [RDF + "langString"] or used == {"@language"}:
        return {"@id": id, "@container": "@language"}
    kinds = ranges if ranges and ranges != [RDFS + "Literal"] else list(used)
    if len(kinds) == 1 and kinds[0].startswith(_XSD) and kinds[0] != _XSD + "string":
        return {"@id": id, "@type": ontology.short(kinds[0])}
    return {"@id": id}


def _used(ontology: Ontology, property_: str) -> set[str]:
    """The kinds of the values that a property has in the files: things, texts in a language, or datatypes."""
    found = set()
    for said in (ontology.said, ontology.examples):
        for subject in said.having(property_):
            for value in said.of(subject, property_):
                if isinstance(value, ox.Literal):
                    found.add("@language" if value.language else value.datatype.value)
                else:
                    found.add("@id")
    return found


def _single(ontology: Ontology) -> set[str]:
    """The properties that a shape lets have one value at most."""
    said = ontology.said
    return {
        p
        for s in said.having(SH + "maxCount")
        if said.text(s, SH + "maxCount") == "1"
        for p in said.named(s, SH + "path")
    }
