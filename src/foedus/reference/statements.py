"""What Turtle files say, by subject and property, in the order of the files."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph as ox

from foedus.datasets import read_bytes
from foedus.names import shorten
from foedus.turtle import Node, members, node, parse, union

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"


class Statements:
    """All that some Turtle files say; `prefixes` are those that they declare."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._values: dict[str, dict[str, list[Node]]] = {}
        self._typed: dict[str, list[str]] = {}
        self._having: dict[str, dict[str, None]] = {}
        self.prefixes: dict[str, str] = {}
        for path in paths:
            self.prefixes.update(
                re.findall(r"(?m)^@prefix (\S*): <(\S+)>", read_bytes(path).decode("utf-8", "replace"))
            )
            for t in parse(path):
                values = self._values.setdefault(node(t.subject), {}).setdefault(t.predicate.value, [])
                self._having.setdefault(t.predicate.value, {})[node(t.subject)] = None
                if t.object not in values:
                    values.append(t.object)
                    if t.predicate.value == RDF + "type":
                        self._typed.setdefault(node(t.object), []).append(node(t.subject))

    def subjects(self) -> list[str]:
        """Everything of which something is said."""
        return list(self._values)

    def having(self, predicate: str) -> list[str]:
        """The subjects that have a property."""
        return list(self._having.get(predicate, ()))

    def about(self, subject: str) -> dict[str, list[Node]]:
        """All that is said of a subject, by property."""
        return self._values.get(subject, {})

    def of(self, subject: str, predicate: str) -> list[Node]:
        """The values of a property."""
        return self._values.get(subject, {}).get(predicate, [])

    def first(self, subject: str, predicate: str) -> Node | None:
        """The first value of a property."""
        return next(iter(self.of(subject, predicate)), None)

    def named(self, subject: str, predicate: str) -> list[str]:
        """The IRIs among the values of a property."""
        return [v.value for v in self.of(subject, predicate) if isinstance(v, ox.NamedNode)]

    def with_value(self, predicate: str, value: str) -> list[str]:
        """The subjects whose property has a value."""
        return [s for s in self.having(predicate) if value in map(node, self.of(s, predicate))]

    def text(self, subject: str, predicate: str, language: str = "en") -> str:
        """The first value in a language, English including what is of none; or nothing."""
        wanted = ("en", None) if language == "en" else (language,)
        found = (v for v in self.of(subject, predicate) if isinstance(v, ox.Literal) and v.language in wanted)
        return next((v.value for v in found), "")

    def label(self, subject: str, language: str = "en") -> str:
        """The label of a thing; where it has no English one, its name."""
        return self.text(subject, RDFS + "label", language) or (shorten(subject) if language == "en" else "")

    def typed(self, *classes: str) -> list[str]:
        """What is of one of these classes."""
        return list(dict.fromkeys(thing for class_ in classes for thing in self._typed.get(class_, [])))

    def members(self, head: Node | None) -> list[Node]:
        """The members of an RDF list."""
        return members(head, lambda at, prop: self.first(node(at), prop))

    def named_members(self, subject: str, predicate: str) -> list[str]:
        """The IRIs in the list that is the value of a property."""
        return [m.value for m in self.members(self.first(subject, predicate)) if isinstance(m, ox.NamedNode)]

    def classes(self, property_: str, relation: str) -> list[str]:
        """The classes that are the domain or the range of a property."""
        return [c for found in self.of(property_, RDFS + relation) for c in union(found, self.first)]
