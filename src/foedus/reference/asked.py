"""What the SHACL shapes ask of the things of a class, and of the values of a property."""

from __future__ import annotations

from typing import NamedTuple

import pyoxigraph as ox

from foedus.reference.blocks import Inline, Inlines, joined
from foedus.reference.ontology import Ontology, scheme_name
from foedus.reference.statements import RDF, SH
from foedus.turtle import Node, node


class Asked(NamedTuple):
    """One thing that a shape asks: of which classes or of what has which properties, on which path, how often, why."""

    classes: tuple[str, ...]
    having: tuple[str, ...]
    path: Inlines
    terms: tuple[str, ...]
    number: str
    message: str


def asked(ontology: Ontology) -> list[Asked]:
    """All that the shapes ask, in their order."""
    found = []
    said = ontology.said
    for shape in said.typed(SH + "NodeShape"):
        classes = tuple(said.named(shape, SH + "targetClass"))
        having = tuple(said.named(shape, SH + "targetSubjectsOf"))
        if not classes and not having:
            continue
        for constraint in (*said.of(shape, SH + "property"), *said.of(shape, SH + "sparql")):
            name = node(constraint)
            path = said.first(name, SH + "path")
            shown, terms = _path(ontology, path) if path is not None else (("as a whole",), ())
            message = said.text(name, SH + "message") or _of_vocabulary(ontology, name)
            if message:
                found.append(Asked(classes, having, shown, terms, _number(ontology, name), message))
    return found


def _path(ontology: Ontology, path: Node) -> tuple[Inlines, tuple[str, ...]]:
    """A path to be shown, and the properties on it."""
    if isinstance(path, ox.NamedNode):
        short: Inline = "its class" if path.value == RDF + "type" else ontology.link(path.value)
        return (short,), (path.value,)
    inverse = ontology.said.first(node(path), SH + "inversePath")
    if inverse is not None:
        shown, terms = _path(ontology, inverse)
        return ("inverse ", *shown), terms
    options = ontology.said.named_members(node(path), SH + "alternativePath")
    return joined([ontology.link(p) for p in options], " or "), tuple(options)


def _number(ontology: Ontology, name: str) -> str:
    least, most = (ontology.said.text(name, SH + bound) for bound in ("minCount", "maxCount"))
    if least and least == most:
        return f"exactly {least}"
    return " and ".join(
        f"{word} {bound}" for word, bound in (("at least", least), ("at most", most)) if bound and bound != "0"
    )


def _of_vocabulary(ontology: Ontology, name: str) -> str:
    """What a constraint without a message asks, where it asks for a vocabulary."""
    paths = ontology.said.named(name, SH + "path")
    scheme = ontology.vocabulary(paths[0]) if paths and ontology.said.of(name, SH + "node") else None
    return f"is not a concept of the vocabulary {scheme_name(scheme)}" if scheme else ""
