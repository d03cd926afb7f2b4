"""The classes, properties, vocabularies and concepts of the ontology, and where the page of each is."""

from __future__ import annotations

import os
from functools import cached_property

from foedus.datasets import NS, turtle_files
from foedus.names import shorten
from foedus.reference.blocks import Code, Foreign, Inlines, Link
from foedus.reference.statements import OWL, RDF, RDFS, SH, SKOS, Statements
from foedus.turtle import node, paths_in

_SCHEME = NS + "scheme/"
EXAMPLE = NS + "example/"
PROPERTY_KINDS = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")


class Ontology:
    """The ontology in a folder, with the data beside it and the made-up examples where there are any."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.said = Statements(file.path for file in turtle_files(folder))
        place = os.path.join(folder, "ontology", "examples")
        self.examples = Statements(paths_in([place]) if os.path.isdir(place) else [])
        self.classes = [c for c in self.said.typed(OWL + "Class") if is_term(c)]
        self.properties = [p for p in self.said.typed(*(OWL + kind for kind in PROPERTY_KINDS)) if is_term(p)]
        self.schemes = self.said.typed(SKOS + "ConceptScheme")
        self._class_set = set(self.classes)
        self._parents = {
            c: [p for p in self.said.named(c, RDFS + "subClassOf") if p in self._class_set] for c in self.classes
        }
        self._property_set = set(self.properties)
        self._scheme_of = {
            concept: scheme
            for concept in self.said.typed(SKOS + "Concept")
            for scheme in self.said.named(concept, SKOS + "inScheme")
        }
        self.domains = {p: self.said.classes(p, "domain") for p in self.properties}
        self.ranges = {p: self.said.classes(p, "range") for p in self.properties}

    # Classes

    def parents(self, class_: str) -> list[str]:
        """The named classes of which a class is stated to be a kind."""
        return self._parents.get(class_, [])

    def children(self, class_: str) -> list[str]:
        """The classes that are stated to be kinds of a class."""
        return [c for c in self.classes if class_ in self.parents(c)]

    def above(self, class_: str) -> list[str]:
        """A class's superclasses, the nearest first."""
        found: list[str] = []
        level = self.parents(class_)
        while level:
            found += level
            level = list(dict.fromkeys(p for c in level for p in self.parents(c) if p not in found))
        return found

    def below(self, class_: str) -> list[str]:
        """All kinds of a class."""
        return [c for c in self.classes if class_ in self.above(c)]

    def is_derived(self, class_: str) -> bool:
        """Whether a class has a logical definition, so that it follows and is never stated."""
        return bool(self.said.of(class_, OWL + "equivalentClass"))

    def disjoint(self, class_: str) -> list[str]:
        """The classes that are stated to share nothing with a class."""
        found = self.said.named(class_, OWL + "disjointWith")
        found += self.said.with_value(OWL + "disjointWith", class_)
        for group in self.said.typed(OWL + "AllDisjointClasses"):
            members = [node(m) for head in self.said.of(group, OWL + "members") for m in self.said.members(head)]
            found += members if class_ in members else []
        return [c for c in dict.fromkeys(found) if c != class_]

    def is_annotation(self, property_: str) -> bool:
        """Whether a property is an annotation, from which nothing follows."""
        return OWL + "AnnotationProperty" in self.said.named(property_, RDF + "type")

    def starting(self, class_: str) -> list[str]:
        """The properties whose domain names a class."""
        return [p for p in self.properties if class_ in self.domains[p]]

    def leading(self, class_: str) -> list[str]:
        """The properties whose range names a class."""
        return [p for p in self.properties if class_ in self.ranges[p]]

    # Vocabularies

    @cached_property
    def _vocabularies(self) -> dict[str, str]:
        """The scheme from which the shapes let a property take its values, or in which they want those of a class."""
        within: dict[str, str] = {}
        for shape in self.said.typed(SH + "NodeShape"):
            for asked in map(node, self.said.of(shape, SH + "property")):
                if SKOS + "inScheme" in map(node, self.said.of(asked, SH + "path")):
                    for scheme in self.said.named(asked, SH + "hasValue"):
                        within[shape] = scheme
                        within.update((class_, scheme) for class_ in self.said.named(shape, SH + "targetClass"))
        for asked in self.said.having(SH + "path"):
            for path in self.said.named(asked, SH + "path"):
                for shape in self.said.named(asked, SH + "node"):
                    if shape in within:
                        within[path] = within[shape]
        return within

    def vocabulary(self, term: str) -> str | None:
        """The scheme of the concepts that a property takes as values, or that are of a class and all its scheme."""
        found = self._vocabularies.get(term)
        if found or term in self._class_set:
            return found
        return next((self._vocabularies[c] for c in self.ranges.get(term, []) if c in self._vocabularies), None)

    def concepts(self, scheme: str) -> list[str]:
        """The concepts of a scheme."""
        return [c for c, found in self._scheme_of.items() if found == scheme]

    def scheme_of(self, concept: str) -> str:
        """The scheme of a concept."""
        return self._scheme_of[concept]

    def concepts_of(self, class_: str) -> list[str]:
        """The concepts that are of a class or of a kind of it, or that are said to stand for it."""
        kinds = {class_, *self.below(class_)}
        return [c for c, (types, named) in self._of_concepts.items() if class_ in named or kinds & types]

    @cached_property
    def _of_concepts(self) -> dict[str, tuple[set[str], set[str]]]:
        """The classes of each concept, and what it names by a property of ours."""
        about = {c: self.said.about(c) for c in self._scheme_of}
        return {
            c: (
                set(self.said.named(c, RDF + "type")),
                {node(v) for p in said if p in self._property_set for v in said[p]},
            )
            for c, said in about.items()
        }

    def takers(self, scheme: str) -> list[str]:
        """The properties whose values are concepts of a scheme."""
        return [p for p in self.properties if self.vocabulary(p) == scheme]

    # Links

    def target(self, iri: str) -> str | None:
        """The page or the place in a page that tells of a term, or None."""
        name = iri.rpartition("/")[2]
        if iri in self._class_set:
            return f"classes/{name}"
        if iri in self._property_set:
            return f"properties/{name}"
        if iri in self._scheme_of:
            return f"vocabularies/{scheme_name(self._scheme_of[iri])}#{name}"
        return f"vocabularies/{name}" if iri in self.schemes else None

    def link(self, iri: str) -> Link | Code:
        """The short name of a term, leading to its page or, for a term of others, to its address."""
        target = self.target(iri)
        if target is None and iri.startswith(EXAMPLE):
            return Code("example:" + iri[len(EXAMPLE) :])
        shown = self.short(iri)
        if target is None and (shown == iri or iri.startswith(NS)):
            return Code(shown)
        return Link(Code(shown), target or iri)

    def short(self, iri: str) -> str:
        """The short name of a term, by our prefixes or those that the files declare."""
        short = shorten(iri)
        if short == iri:
            fitting = [p for p, base in self.said.prefixes.items() if iri.startswith(base) and iri != base]
            best = max(fitting, key=lambda p: len(self.said.prefixes[p]), default=None)
            short = iri if best is None else f"{best}:{iri[len(self.said.prefixes[best]) :]}"
        return short

    def labels(self, iri: str) -> Inlines:
        """The English label of a term and, after a dot, the Ukrainian one."""
        foreign = self.said.label(iri, "uk")
        return (self.said.label(iri), *((" · ", Foreign(foreign, "uk")) if foreign else ()))


def is_term(iri: str) -> bool:
    """Whether an IRI is one of a class or a property of ours."""
    return iri.startswith(NS) and "/" not in iri[len(NS) :]


def scheme_name(scheme: str) -> str:
    """The name of a vocabulary."""
    return scheme.removeprefix(_SCHEME)
