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
from foedus.turtle import Lines, parse

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
    """What follows and is not kept in `files`, and what they keep that does not follow, a line each.

    Of a thing that is in both, the statements that differ; otherwise the thing alone. What is kept has file and line.
    """
    kept = {f.graph.removeprefix(INFERRED): f.path for f in files if f.graph.startswith(INFERRED)}
    held = {name: set(parse(path)) for name, path in kept.items()}
    found = {name: set(triples) for name, triples in derived.graphs.items()}
    subjects = {t.subject for triples in held.values() for t in triples} & {
        t.subject for triples in found.values() for t in triples
    }
    lines = {name: Lines(path) for name, path in kept.items() if held[name] - found.get(name, set())}

    def told(name: str, triple: ox.Triple, *, of_kept: bool) -> str:
        text = _term(triple.subject)
        if triple.subject in subjects:
            text += f" {_property(shorten(triple.predicate.value))} {_term(triple.object)}"
        path = kept.get(name, f"data/inferred/{name}.ttl")
        line = lines[name].of(triple) if of_kept else None
        return f"{text} ({path}:{line})" if line else f"{text} ({path})"

    def listed(more: dict[str, set[ox.Triple]], less: dict[str, set[ox.Triple]], *, of_kept: bool) -> list[str]:
        pairs = [(name, t) for name in more for t in more[name] - less.get(name, set())]
        whole = {(name, t.subject): t for name, t in sorted(pairs, key=str) if t.subject not in subjects}
        single = [(name, t) for name, t in pairs if t.subject in subjects]
        return sorted(told(name, t, of_kept=of_kept) for name, t in [*single, *((n, t) for (n, _), t in whole.items())])

    return listed(found, held, of_kept=False), listed(held, found, of_kept=True)


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
