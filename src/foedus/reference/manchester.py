"""The logical definition of a class, one part of an intersection a line, its names linked."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from foedus import manchester
from foedus.reference.blocks import Code, Inline, Inlines, Link, plain
from foedus.reference.ontology import Ontology
from foedus.turtle import Node, node


def lines(ontology: Ontology, expression: Node, indent: str = "") -> Iterator[Inlines]:
    """The lines of an expression."""

    def value(subject: Node, property: str) -> Node | None:
        return ontology.said.first(node(subject), property)

    def inline(tokens: Iterator[manchester.Token]) -> Iterator[Inline]:
        for token in tokens:
            yield _bare(ontology, token.value) if isinstance(token, ox.NamedNode) else str(token)

    joined = manchester.operands(expression, value)
    if joined is None:
        yield (indent, *inline(manchester.tokens(expression, value)))
        return
    word, parts = joined
    for number, part in enumerate(parts):
        yield (indent + (f"{word} " if number else ""), *inline(manchester.tokens(part, value, nested=True)))


def _bare(ontology: Ontology, iri: str) -> Inline:
    """A name without our own prefix, which is the empty one here."""
    found = ontology.link(iri)
    short = Code(plain(found).removeprefix("foedus:"))
    return Link(short, found.target) if isinstance(found, Link) else short
