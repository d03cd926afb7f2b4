"""A statement in words: facts as Turtle, axioms in the Manchester syntax of OWL 2, names made short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from foedus import manchester
from foedus.datasets import NS, SOURCE
from foedus.names import shorten
from foedus.reasoning.statements import OWL, RDF, RDFS, Places, Statement
from foedus.turtle import Node, members

_FRAMES = {
    RDFS + "subClassOf": "SubClassOf",
    OWL + "equivalentClass": "EquivalentTo",
    OWL + "disjointWith": "DisjointWith",
    OWL + "complementOf": "EquivalentTo not",
    RDFS + "domain": "Domain",
    RDFS + "range": "Range",
    RDFS + "subPropertyOf": "SubPropertyOf",
    OWL + "inverseOf": "InverseOf",
    OWL + "propertyDisjointWith": "DisjointWith",
    OWL + "equivalentProperty": "EquivalentTo",
}


class Told(NamedTuple):
    """A statement for people: `file:line`, its words, and the passages that its file cites for what it is about."""

    where: str
    text: str
    passages: tuple[str, ...]


def tell(chosen: Sequence[Statement], statements: Iterable[Statement], places: Places) -> list[Told]:
    """Each of the `chosen` among `statements` for people, in their order; one that was only assumed is left out."""
    cited = _Citations(chosen, statements)
    return [Told(places.of(s), say(s, names(c for c in chosen if c is not s)), cited.of(s)) for s in chosen if s.path]


class _Citations:
    """The passages of the things that some statements are about."""

    def __init__(self, chosen: Iterable[Statement], statements: Iterable[Statement]) -> None:
        things = {s.triple.subject for s in chosen}
        self._cited: dict[tuple[object, str], list[object]] = {}
        self._values: dict[object, dict[str, str]] = {}
        for statement in statements:
            subject, predicate, value = statement.triple
            if predicate.value == NS + "hasCitation" and subject in things:
                self._cited.setdefault((subject, statement.path), []).append(value)
            elif predicate.value in (NS + "source", NS + "locator", NS + "phrase"):
                text = str(getattr(value, "value", value)).removeprefix(SOURCE)
                self._values.setdefault(subject, {})[predicate.value.removeprefix(NS)] = text

    def of(self, statement: Statement) -> tuple[str, ...]:
        found = (self._values.get(c, {}) for c in self._cited.get((statement.triple.subject, statement.path), ()))
        return tuple(f"{v['source']}, {v['locator']}: “{v['phrase']}”" for v in found if len(v) == 3)


def say(statement: Statement, involved: Iterable[str] = ()) -> str:
    """A statement in one line; of a long list of classes only those are named that are `involved` (short names)."""
    values: dict[tuple[Node, str], Node] = {}
    for t in statement.triples:
        values.setdefault((t.subject, t.predicate.value), t.object)

    def value(node: Node, prop: str) -> Node | None:
        return values.get((node, prop))

    def term(node: Node, *, nested: bool = False) -> str:
        tokens = manchester.tokens(node, value, nested=nested)
        return "".join(shorten(t.value) if isinstance(t, ox.NamedNode) else str(t) for t in tokens)

    triple = statement.triple
    if statement.ordinal is not None:
        every = [term(m, nested=True) for m in members(value(triple.subject, OWL + "members"), value)]
        wanted = [m for m in every if m in set(involved)] or every
        rest = f" and {len(every) - len(wanted)} more" if len(wanted) < len(every) else ""
        return f"{term(triple.object).removeprefix('owl:All')}: {', '.join(wanted)}{rest}"
    predicate = triple.predicate.value
    name = _FRAMES.get(predicate) or ("a" if predicate == RDF + "type" else shorten(predicate))
    return f"{term(triple.subject)} {name} {term(triple.object)}"


def names(statements: Iterable[Statement]) -> set[str]:
    """The short names of all that some statements speak of, but for the members of long lists."""
    triples = (t for s in statements if s.ordinal is None for t in s.triples)
    return {shorten(n.value) for t in triples for n in (t.subject, t.object) if isinstance(n, ox.NamedNode)}
