"""Derived triples as the Turtle files of `data/inferred/`: one a source, and one for what rests on several."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pyoxigraph as ox

from foedus.authoring.turtle import block, literal, prefixes
from foedus.datasets import INFERRED, TurtleFile, read_bytes, turtle_files
from foedus.export import write
from foedus.names import shorten
from foedus.reasoning.deriving import Derived
from foedus.turtle import parse

_HEAD = "# Derived by `foedus reason --write`, each with its rule and premises. Not to be edited.\n"
#: The order of the statements of a thing; all are told.
_ORDER = (
    "rdf:type", "rdfs:label", "foedus:classifies", "foedus:asClass", "foedus:outcomeFor", "foedus:outcomeOf",
    "foedus:outcome", "foedus:dates", "foedus:notBefore", "foedus:notAfter", "foedus:derivedBy", "foedus:summary",
    "prov:wasDerivedFrom", "foedus:hasCitation",
)  # fmt: skip


def texts(derived: Derived) -> dict[str, str]:
    """The content of each file, by the name of its graph without what all begin with."""
    return {name: _text(triples) for name, triples in sorted(derived.graphs.items())}


def differences(derived: Derived, files: Sequence[TurtleFile]) -> tuple[list[str], list[str]]:
    """The things of which more follows than `files` keep, and those of which they keep what does not follow."""
    held = {f.graph.removeprefix(INFERRED): set(parse(f.path)) for f in files if f.graph.startswith(INFERRED)}
    found = {name: set(triples) for name, triples in derived.graphs.items()}

    def told(more: dict[str, set[ox.Triple]], less: dict[str, set[ox.Triple]]) -> list[str]:
        pairs = {(name, t.subject) for name in more for t in more[name] - less.get(name, set())}
        return sorted(f"{_term(thing)} (data/inferred/{name}.ttl)" for name, thing in pairs)

    return told(found, held), told(held, found)


def put(derived: Derived, folder: str) -> list[str]:
    """Write the files that change, remove those of which nothing follows any more; the paths that were touched.

    Raises InputError where one cannot be written.
    """
    place = os.path.join(folder, "data", "inferred")
    os.makedirs(place, exist_ok=True)
    new = {os.path.join(place, f"{name}.ttl"): text.encode() for name, text in texts(derived).items()}
    touched = []
    for file in turtle_files(folder):
        if file.graph.startswith(INFERRED) and file.path not in new:
            os.remove(file.path)
            touched.append(file.path)
    for path, content in new.items():
        if not os.path.isfile(path) or read_bytes(path) != content:
            write(content, path)
            touched.append(path)
    return touched


def _text(triples: Sequence[ox.Triple]) -> str:
    things: dict[str, dict[str, set[str]]] = {}
    for triple in triples:
        values = things.setdefault(_term(triple.subject), {})
        values.setdefault(shorten(triple.predicate.value), set()).add(_term(triple.object))
    body = "\n".join(_block(thing, values) for thing, values in sorted(things.items()))
    return f"{prefixes(body)}\n{_HEAD}\n{body}"


def _block(thing: str, values: dict[str, set[str]]) -> str:
    told = ((_property(name), sorted(values[name], key=_general)) for name in sorted(values, key=_ORDER.index))
    return block(thing, told)


def _general(value: str) -> tuple[bool, str]:
    """The most general class stands first."""
    return value != "foedus:Derivation", value


def _property(name: str) -> str:
    return "a" if name == "rdf:type" else name


def _term(term: object) -> str:
    if isinstance(term, ox.Literal):
        mark = f"@{term.language}" if term.language else f"^^{shorten(term.datatype.value)}"
        return literal(term.value, mark)
    assert isinstance(term, ox.NamedNode)
    short = shorten(term.value)
    return f"<{term.value}>" if short == term.value else short
