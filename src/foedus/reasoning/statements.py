"""The graph cut into statements: axioms with the blank nodes that they are made of, and facts of one triple each.

A statement is what an explanation names: it stands or falls as a whole, and has a file and a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyoxigraph as ox

from foedus.datasets import DATASET, GRAPH, LINKS, STATISTICS, TurtleFile
from foedus.turtle import Lines, parse

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
#: Graphs that speak of other things than instruments and promises: of shapes, of codes, and of the dataset.
NOT_OWL = {GRAPH + "shapes", GRAPH + "notations", DATASET, STATISTICS}


class Statement(NamedTuple):
    """One axiom or one fact: its first triple, those that describe the blank nodes in it, and the file that holds it.

    `ordinal` counts, from 0, the axioms of a file that have no subject of their own, such as owl:AllDisjointClasses.
    """

    triple: ox.Triple
    within: tuple[ox.Triple, ...]
    path: str
    ordinal: int | None = None

    @property
    def triples(self) -> tuple[ox.Triple, ...]:
        """All its triples."""
        return (self.triple, *self.within)


def read(files: Iterable[TurtleFile]) -> list[Statement]:
    """The statements of `files` in their order, without shapes, links and the description of the dataset.

    Links are records of which nothing follows, and HermiT takes minutes over them. Raises InputError where a file
    cannot be read or is not Turtle.
    """
    return [s for file in files if _is_owl(file.graph) for s in _statements(file.path)]


def _is_owl(graph: str) -> bool:
    return graph not in NOT_OWL and not graph.startswith(LINKS)


def _statements(path: str) -> Iterator[Statement]:
    described: dict[ox.BlankNode, list[ox.Triple]] = {}
    roots: list[ox.Triple] = []
    inner: set[ox.BlankNode] = set()
    for triple in parse(path):
        if isinstance(triple.subject, ox.BlankNode):
            described.setdefault(triple.subject, []).append(triple)
        else:
            roots.append(triple)
        if isinstance(triple.object, ox.BlankNode):
            inner.add(triple.object)
    for triple in roots:
        yield Statement(triple, tuple(_tree(triple.object, described)), path)
    outer = (triples for subject, triples in described.items() if subject not in inner)
    for ordinal, (first, *rest) in enumerate(outer):
        within = [*_tree(first.object, described), *(t for r in rest for t in (r, *_tree(r.object, described)))]
        yield Statement(first, tuple(within), path, ordinal)


def _tree(start: object, described: dict[ox.BlankNode, list[ox.Triple]]) -> Iterator[ox.Triple]:
    """The triples that describe a blank node and those in it, each node once."""
    seen: set[object] = set()
    agenda = [start]
    while agenda:
        found = agenda.pop()
        if isinstance(found, ox.BlankNode) and found not in seen:
            seen.add(found)
            for triple in described.get(found, ()):
                yield triple
                agenda.append(triple.object)


class Places:
    """Finds the file and the line of statements; each file is read when it is first asked for."""

    def __init__(self) -> None:
        self._lines: dict[str, Lines] = {}

    def of(self, statement: Statement) -> str:
        """`file:line`, or the file where the line is not known."""
        if statement.path not in self._lines:
            self._lines[statement.path] = Lines(statement.path)
        lines = self._lines[statement.path]
        if statement.ordinal is not None:
            line = lines.anonymous[statement.ordinal] if statement.ordinal < len(lines.anonymous) else None
        else:
            line = lines.of(statement.triple)
        return f"{statement.path}:{line}" if line else statement.path
