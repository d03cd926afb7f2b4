"""The made-up examples of `ontology/examples/`: what each must be by the definitions, and what it must not be."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from foedus.datasets import GRAPH, NS, TurtleFile
from foedus.names import shorten
from foedus.reasoning.deriving import defined
from foedus.reasoning.statements import Statement
from foedus.reasoning.tracing import TYPE, Trace
from foedus.turtle import paths_in


def example_files(folder: str) -> list[TurtleFile]:
    """The files of examples of a folder; they are no part of the graph."""
    place = os.path.join(folder, "ontology", "examples")
    return [TurtleFile(path, GRAPH + "examples") for path in paths_in([place])] if os.path.isdir(place) else []


def surprises(statements: Sequence[Statement], trace: Trace) -> Iterator[tuple[Statement, str, tuple[Statement, ...]]]:
    """Each example that is not what it is said to be: the statement that says so, what is wrong, and the premises."""
    for statement in statements:
        triple = statement.triple
        kind = triple.predicate.value.removeprefix(NS)
        if kind not in ("exampleOf", "counterExampleOf") or not isinstance(triple.object, ox.NamedNode):
            continue
        fact = (str(triple.subject), TYPE, str(triple.object))
        thing, class_ = shorten(str(triple.subject)[1:-1]), shorten(triple.object.value)
        if kind == "exampleOf" and not trace.holds(fact):
            own = (s for s in statements if s.triple.subject == triple.subject and s is not statement)
            said = tuple(s for s in own if str(s.triple.object).startswith("<") and not _marks(s))
            defining = tuple(s for s in statements if s.within and s.triple.subject == triple.object)
            yield statement, f"{thing} is an example of {class_}, but that does not follow", (*defining, *said)
        elif kind == "counterExampleOf" and fact in trace.steps:
            premises = tuple(trace.premises(trace.steps[fact]))
            yield statement, f"{thing} is a counter-example of {class_}, but it follows that it is one", premises


def _marks(statement: Statement) -> bool:
    return statement.triple.predicate.value in (NS + "exampleOf", NS + "counterExampleOf")


def classes(statements: Sequence[Statement], trace: Trace) -> dict[str, list[str]]:
    """The classes that each example is of by their definitions, by its slug; one that is of none is left out."""
    wanted = defined(statements)
    found: dict[str, list[str]] = {}
    for thing, prop, class_ in trace.steps:
        if prop == TYPE and class_ in wanted and thing.startswith(f"<{NS}example/"):
            found.setdefault(thing[1:-1].rpartition("/")[2], []).append(class_[1:-1].rpartition("/")[2])
    return {slug: sorted(found[slug]) for slug in sorted(found)}


def without(statements: Sequence[Statement]) -> list[str]:
    """The defined classes, as short names, that have no example or no counter-example."""
    said = {(s.triple.predicate.value.removeprefix(NS), str(s.triple.object)) for s in statements}
    kinds = ("exampleOf", "counterExampleOf")
    return sorted(shorten(c[1:-1]) for c in defined(statements) if any((kind, c) not in said for kind in kinds))
