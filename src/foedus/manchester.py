"""Class expressions in the Manchester syntax of OWL 2.

Source: OWL 2 Web Ontology Language, Manchester Syntax (second edition), section 2.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from foedus.turtle import Node, members

_OWL = "http://www.w3.org/2002/07/owl#"
_JOINED = {"intersectionOf": "and", "unionOf": "or"}
_QUANTIFIED = {"someValuesFrom": "some", "allValuesFrom": "only", "hasValue": "value"}
_COUNTED = {"minCardinality": "min", "maxCardinality": "max", "cardinality": "exactly"}

#: Gives the first value of a property of a node, named by its IRI, or None.
Value = Callable[[Node, str], Node | None]
#: A word or a bracket, or a name or a value that the reader is to write.
Token = str | ox.NamedNode | ox.Literal


def tokens(expression: Node, value: Value, *, nested: bool = False) -> Iterator[Token]:
    """The tokens of an expression, in brackets where it is `nested` in another and has more than one."""
    if isinstance(expression, ox.NamedNode | ox.Literal):
        yield expression
        return
    found = list(_construct(expression, value))
    yield from ["(", *found, ")"] if nested and len(found) > 1 else found


def operands(expression: Node, value: Value) -> tuple[str, list[Node]] | None:
    """The word that joins the parts of an intersection or a union, and these; None for another expression."""
    for construct, word in _JOINED.items():
        head = value(expression, _OWL + construct)
        if head is not None:
            return word, members(head, value)
    return None


def _construct(expression: Node, value: Value) -> Iterator[Token]:
    joined = operands(expression, value)
    if joined is not None:
        for number, part in enumerate(joined[1]):
            yield from [f" {joined[0]} "] if number else []
            yield from tokens(part, value, nested=True)
        return
    for construct, word in (("complementOf", "not "), ("inverseOf", "inverse ")):
        inner = value(expression, _OWL + construct)
        if inner is not None:
            yield word
            yield from tokens(inner, value, nested=True)
            return
    on = value(expression, _OWL + "onProperty")
    if on is not None:
        yield from _restriction(expression, on, value)
        return
    yield "{"
    for number, one in enumerate(members(value(expression, _OWL + "oneOf"), value)):
        yield from [", "] if number else []
        yield from tokens(one, value)
    yield "}"


def _restriction(expression: Node, on: Node, value: Value) -> Iterator[Token]:
    yield from tokens(on, value)
    for construct, word in _QUANTIFIED.items():
        filler = value(expression, _OWL + construct)
        if filler is not None:
            yield f" {word} "
            yield from tokens(filler, value, nested=True)
            return
    for construct, word in _COUNTED.items():
        qualified = f"qualified{construct[0].upper()}{construct[1:]}"
        number = value(expression, _OWL + construct) or value(expression, _OWL + qualified)
        if number is not None:
            yield f" {word} {getattr(number, 'value', number)}"
            of = value(expression, _OWL + "onClass")
            if of is not None:
                yield " "
                yield from tokens(of, value, nested=True)
            return
