"""The page of a vocabulary: all its concepts; those of features by their groups."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from foedus.datasets import NS
from foedus.reference.blocks import (
    Anchor,
    Block,
    Code,
    Facts,
    Foreign,
    Heading,
    Inlines,
    Link,
    Page,
    Table,
    capital,
    joined,
)
from foedus.reference.ontology import Ontology, scheme_name
from foedus.reference.questions import Question
from foedus.reference.statements import RDF, SKOS
from foedus.reference.term_pages import INDEX
from foedus.turtle import Node, node

IN_GROUP = NS + "inGroup"
_GROUPS = NS + "scheme/feature-group"
#: Properties of concepts that a page leaves out: group and order are those of the page, the words sought too many.
_LEFT_OUT = (IN_GROUP, NS + "position", NS + "searchTerm")


def vocabulary_pages(ontology: Ontology, asking: list[Question]) -> Iterator[Page]:
    """A page for each vocabulary."""
    for scheme in ontology.schemes:
        name = scheme_name(scheme)
        blocks = (Facts(tuple(_facts(ontology, scheme))), *_concepts(ontology, scheme, asking))
        yield Page(f"vocabularies/{name}", f"Vocabulary {name}", (INDEX,), blocks)


def _facts(ontology: Ontology, scheme: str) -> Iterator[tuple[str, Inlines]]:
    said = ontology.said
    yield "IRI", (Link(scheme, scheme),)
    yield "IRI of a concept", (Code(f"{NS}{scheme_name(scheme)}/NAME"),)
    yield "Label", (said.label(scheme),)
    if said.label(scheme, "uk"):
        yield "Label in Ukrainian", (Foreign(said.label(scheme, "uk"), "uk"),)
    for name, predicate in (("Definition", "definition"), ("Scope note", "scopeNote")):
        if said.text(scheme, SKOS + predicate):
            yield name, (said.text(scheme, SKOS + predicate),)
    yield "Concepts", (str(len(ontology.concepts(scheme))),)
    shared = {k for c in ontology.concepts(scheme) for k in _kinds(ontology, c)}
    if len(shared) == 1:
        yield "Class of each", (ontology.link(*shared),)
    takers = [ontology.link(p) for p in ontology.takers(scheme)]
    if takers:
        yield "Values of", joined(takers)


def by_group(ontology: Ontology) -> Iterator[tuple[str, list[str]]]:
    """The groups of features with their features, each in its order."""
    for group in ontology.concepts(_GROUPS):
        yield group, ontology.said.with_value(IN_GROUP, group)


def _concepts(ontology: Ontology, scheme: str, asking: list[Question]) -> Iterator[Block]:
    concepts = ontology.concepts(scheme)
    grouped = [(g, [c for c in members if c in concepts]) for g, members in by_group(ontology)]
    if not any(members for _, members in grouped):
        yield Heading(2, "Concepts")
        yield _table(ontology, concepts, asking)
        return
    for group, members in grouped:
        if members:
            yield Heading(2, capital(ontology.said.label(group)))
            yield _table(ontology, members, asking)


def _table(ontology: Ontology, concepts: list[str], asking: list[Question]) -> Table:
    """Concepts with their labels and definitions, and what else is said of any of them."""
    said = ontology.said
    more = list(dict.fromkeys(p for c in concepts for p in said.about(c) if p.startswith(NS) and p not in _LEFT_OUT))
    noted = [p for p in ("notation", "scopeNote") if any(said.of(c, SKOS + p) for c in concepts)]
    kinds = {c: _kinds(ontology, c) for c in concepts}
    differ = len(set(map(tuple, kinds.values()))) > 1
    rows = []
    for concept in concepts:
        own, queries = concept.rpartition("/")[2], [q.slug for q in asking if concept in q.terms]
        row: list[Inlines] = [
            (Anchor(own, Code(own)),),
            (said.label(concept),),
            (Foreign(said.label(concept, "uk"), "uk"),),
            (said.text(concept, SKOS + "definition"),),
            *([joined([ontology.link(k) for k in kinds[concept]])] if differ else []),
            *(joined([_value(ontology, v) for v in said.of(concept, p)]) for p in more),
            *((said.text(concept, SKOS + p),) for p in noted),
            joined([Link(Code(slug), f"queries/{slug}.rq") for slug in queries]),
        ]
        rows.append(tuple(row))
    head = ["name", "label", "in Ukrainian", "definition", *(["class"] if differ else [])]
    head += [said.label(p) for p in more] + [{"scopeNote": "scope note"}.get(p, p) for p in noted]
    return Table((*head, "saved queries"), tuple(rows))


def _kinds(ontology: Ontology, concept: str) -> list[str]:
    """The narrowest classes of a concept."""
    kinds = [k for k in ontology.said.named(concept, RDF + "type") if k in ontology.classes]
    wider = {above for k in kinds for above in ontology.above(k)}
    return [k for k in kinds if k not in wider]


def _value(ontology: Ontology, value: Node) -> str | Link | Code:
    return value.value if isinstance(value, ox.Literal) else ontology.link(node(value))
