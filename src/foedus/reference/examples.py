"""The made-up examples and counter-examples of a class, as small blocks of Turtle."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from foedus.datasets import NS
from foedus.names import shorten
from foedus.reference.blocks import Code, Inline, Inlines, Lines, joined
from foedus.reference.ontology import EXAMPLE, Ontology
from foedus.reference.statements import RDF, RDFS
from foedus.turtle import Node, node

EXAMPLE_OF = NS + "exampleOf"
COUNTER_EXAMPLE_OF = NS + "counterExampleOf"
#: What is told beside a block and not in it.
_TOLD = (RDFS + "label", RDFS + "comment", EXAMPLE_OF, COUNTER_EXAMPLE_OF)
_XSD = "http://www.w3.org/2001/XMLSchema#"


def block(ontology: Ontology, thing: str) -> Lines:
    """An example with those that it names, and with what speaks of it and is no example itself."""
    said = ontology.examples
    shown = [thing]
    for subject in said.subjects():
        judged = said.of(subject, EXAMPLE_OF) or said.of(subject, COUNTER_EXAMPLE_OF)
        if not judged and any(thing in map(node, values) for values in said.about(subject).values()):
            shown.append(subject)
    for subject in shown:  # grows as it goes
        for values in said.about(subject).values():
            shown += [v for v in map(node, values) if v.startswith(EXAMPLE) and v not in shown]
    lines: list[Inlines] = []
    for subject in shown:
        lines += [(), *_description(ontology, subject)] if lines else _description(ontology, subject)
    return Lines(tuple(lines), "turtle")


def _description(ontology: Ontology, subject: str) -> Iterator[Inlines]:
    told = [(p, values) for p, values in ontology.examples.about(subject).items() if p not in _TOLD]
    for number, (predicate, values) in enumerate(told):
        start: Inlines = ("    ",) if number else (ontology.link(subject), " ")
        verb: Inline = "a" if predicate == RDF + "type" else ontology.link(predicate)
        end = " ." if number == len(told) - 1 else " ;"
        yield (*start, verb, " ", *joined([_value(ontology, v) for v in values], " , "), end)


def _value(ontology: Ontology, value: Node) -> Inline:
    if not isinstance(value, ox.Literal):
        return ontology.link(node(value))
    kind = value.datatype.value
    if kind == _XSD + "integer":
        return Code(value.value)
    quoted = str(ox.Literal(value.value))
    if value.language:
        return Code(f"{quoted}@{value.language}")
    return Code(quoted if kind == _XSD + "string" else f"{quoted}^^{shorten(kind)}")
