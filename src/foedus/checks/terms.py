"""Names: every IRI of ours is described, every term declared, every property used between the classes it relates.

Domains and ranges are read here as constraints, which OWL does not do: a wrong property would otherwise make a reasoner
conclude a wrong class instead of saying that something is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from foedus.checks import Problem
from foedus.datasets import DATASET, GRAPH, ID, INFERRED, NS, SOURCE, STATISTICS, TurtleFile
from foedus.names import shorten
from foedus.turtle import Locator, Node, node, parse, union

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
ONTOLOGY = {GRAPH + name for name in ("core", "vocabularies", "features", "notations", "shapes", "alignments")}
_NOT_DATA = ONTOLOGY | {DATASET, STATISTICS}  # DCAT and VoID describe the dataset in terms of their own
_PROPERTIES = {_OWL + name for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
_ALWAYS = {_RDF + "type", _RDFS + "label", _RDFS + "comment"}


class _Ontology:
    """Declarations, superclasses, and the classes that each property's domain and range allow."""

    def __init__(self, triples: list[ox.Triple]) -> None:
        self.kinds: dict[str, set[str]] = {}
        self.defined: set[str] = set()
        self.parents: dict[str, set[str]] = {}
        self._next = {(node(t.subject), t.predicate.value): t.object for t in triples}
        self.domain: dict[str, set[str]] = {}
        self.range: dict[str, set[str]] = {}
        for t in triples:
            subject, predicate, value = node(t.subject), t.predicate.value, t.object
            if predicate == _RDF + "type":
                self.kinds.setdefault(subject, set()).add(node(value))
            elif predicate == _OWL + "equivalentClass":
                self.defined.add(subject)
            elif predicate == _RDFS + "subClassOf" and isinstance(value, ox.NamedNode):
                self.parents.setdefault(subject, set()).add(value.value)
            elif predicate == _RDFS + "domain":
                self.domain[subject] = self._classes(value)
            elif predicate == _RDFS + "range":
                self.range[subject] = self._classes(value)

    def _classes(self, value: Node) -> set[str]:
        """The class itself, or the members of an owl:unionOf."""
        return set(union(value, lambda subject, prop: self._next.get((subject, prop))))

    def above(self, classes: set[str]) -> set[str]:
        """`classes` and all their superclasses."""
        found, new = set(classes), set(classes)
        while new:
            new = {p for c in new for p in self.parents.get(c, ())} - found
            found |= new
        return found


def check(files: list[TurtleFile]) -> Iterator[Problem]:
    """The problems of names and terms in `files`, which make up a whole graph."""
    by_file = {file: list(parse(file.path)) for file in files}
    graph = _Graph(by_file)
    for file, triples in by_file.items():
        locator = Locator([file.path])
        seen: set[ox.Triple] = set()
        is_data = file.graph not in _NOT_DATA
        stated = set(triples)
        for t in triples:
            messages = list(graph.faults(t, is_data=is_data))
            if is_data and not messages:
                messages += graph.faults_in_file(t, stated, file.graph)
            if t in seen:
                messages.append("is stated twice")
            seen.add(t)
            for message in messages:
                subject, shown = node(t.subject), f"{shorten(t.predicate.value)} {shorten(node(t.object))}"
                yield Problem(locator.line(subject) or file.path, shorten(subject), f"{shown}: {message}")


class _Graph:
    """All triples together: what is described, and of which classes."""

    def __init__(self, by_file: dict[TurtleFile, list[ox.Triple]]) -> None:
        everything = [t for triples in by_file.values() for t in triples]
        self._ontology = _Ontology([t for f, triples in by_file.items() if f.graph in ONTOLOGY for t in triples])
        self._described = {node(t.subject) for t in everything}
        self._sources: dict[str, set[str]] = {}
        for t in everything:
            if t.predicate.value == NS + "source":
                self._sources.setdefault(node(t.subject), set()).add(node(t.object))
        self._types: dict[str, set[str]] = {}
        for t in everything:
            if t.predicate.value == _RDF + "type":
                self._types.setdefault(node(t.subject), set()).add(node(t.object))
        self._locator = Locator([f.path for f in by_file if f.graph in ONTOLOGY])
        self._closed = {thing: self._ontology.above(classes) for thing, classes in self._types.items()}

    def faults(self, t: ox.Triple, *, is_data: bool) -> Iterator[str]:
        """What is wrong with one triple."""
        if t.predicate.value == _OWL + "versionIRI":
            return
        named = [t.predicate, *([t.object] if isinstance(t.object, ox.NamedNode) else [])]
        dangling = [n.value for n in named if _is_ours(n.value) and n.value not in self._described]
        if dangling:
            yield f"<{dangling[0]}> is described nowhere"
        elif not is_data:
            return
        elif isinstance(t.subject, ox.BlankNode) or isinstance(t.object, ox.BlankNode):
            yield "data have no blank nodes, since nothing could cite them"
        elif t.predicate.value == _RDF + "type":
            yield from self._class_faults(t)
        else:
            yield from self._property_faults(t)

    def _class_faults(self, t: ox.Triple) -> Iterator[str]:
        class_ = node(t.object)
        if not class_.startswith("http://www.w3.org/") and _OWL + "Class" not in self._ontology.kinds.get(
            class_, set()
        ):
            yield "the class is not declared in the ontology"

    def faults_in_file(self, t: ox.Triple, stated: set[ox.Triple], graph: str) -> Iterator[str]:
        """What is wrong with one triple of the data in view of the rest of its file, which may be asked alone."""
        if graph.startswith(INFERRED):
            return  # what follows from a file stands in another, with what the reasoner makes of it
        if t.predicate.value == _RDF + "type" and node(t.object) in self._ontology.defined:
            yield "the class has a definition, so it follows or it does not: it is never asserted"
        elif t.predicate.value == _RDF + "type":
            above = self._ontology.parents.get(node(t.object), set())
            missing = {c for c in above if ox.Triple(t.subject, t.predicate, ox.NamedNode(c)) not in stated}
            if missing:
                yield f"{_list(missing)}, its superclass, is not stated too, so a store without inference misses it"
        elif t.predicate.value == NS + "hasCitation":
            own, cited = SOURCE + graph.removeprefix(GRAPH), self._sources.get(node(t.object), set())
            if own in self._described and own not in cited:
                yield "the passage is of another source than this file"

    def _place(self, term: str) -> str:
        """Where a term is described in the ontology."""
        return f"{shorten(term)}: {self._locator.line(term) or 'nowhere'}"

    def _property_faults(self, t: ox.Triple) -> Iterator[str]:
        """What a triple of the data does against the declaration of its property."""
        predicate, value = t.predicate.value, t.object
        kinds = self._ontology.kinds.get(predicate, set())
        if predicate not in _ALWAYS and not kinds & _PROPERTIES:
            yield "the property is not declared in the ontology"
            return
        if _OWL + "ObjectProperty" in kinds and isinstance(value, ox.Literal):
            yield "the property takes a thing and not a literal"
            return
        if _OWL + "DatatypeProperty" in kinds and not isinstance(value, ox.Literal):
            yield "the property takes a literal and not a thing"
            return
        domain, allowed = self._ontology.domain.get(predicate), self._ontology.range.get(predicate)
        if domain and not domain & self._closed.get(node(t.subject), set()):
            yield f"the property is one of {_list(domain)}, which this is not ({self._place(predicate)})"
        if not allowed:
            return
        if not isinstance(value, ox.Literal):
            if not allowed & self._closed.get(node(value), set()):
                yield f"the value is not one of {_list(allowed)} ({self._place(predicate)})"
        elif value.datatype.value not in allowed and _RDFS + "Literal" not in allowed:
            yield f"the value is of type {shorten(value.datatype.value)} and not {_list(allowed)}"


def _is_ours(iri: str) -> bool:
    return iri.startswith((NS, ID)) and iri not in (NS, ID)


def _list(iris: set[str]) -> str:
    return " or ".join(sorted(shorten(iri) for iri in iris))
