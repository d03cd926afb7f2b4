"""The reference of terms and of things, terms.md and things.md: `python -m foedus.reference [--write] FOLDER`.

All its text comes from the Turtle files; `make format` writes it and `make lint` says where it is out of date.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from foedus.datasets import NS, home, read_bytes, turtle_files
from foedus.errors import FoedusError
from foedus.export import write
from foedus.names import shorten
from foedus.turtle import node, parse, union

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_SH = "http://www.w3.org/ns/shacl#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
#: Things that a question may name by their slug.
_LISTED = ("Source", "Instrument", "InstrumentGroup", "Actor", "Event")

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class _Described:
    """All that the Turtle files say, by subject and property."""

    def __init__(self, folder: str) -> None:
        self._values: dict[str, dict[str, list[Node]]] = {}
        self._typed: dict[str, list[str]] = {}
        for file in turtle_files(folder):
            for t in parse(file.path):
                values = self._values.setdefault(node(t.subject), {}).setdefault(t.predicate.value, [])
                if t.object not in values:
                    values.append(t.object)
                    if t.predicate.value == _RDF + "type":
                        self._typed.setdefault(node(t.object), []).append(node(t.subject))
        #: The name of the vocabulary from which the shapes let a property take its values.
        self.vocabulary = {
            node(path): node(shape).rpartition("/In-")[2]
            for values in self._values.values()
            for path in values.get(_SH + "path", [])
            for shape in values.get(_SH + "node", [])
        }

    def of(self, subject: str, predicate: str) -> list[Node]:
        return self._values.get(subject, {}).get(predicate, [])

    def text(self, subject: str, predicate: str) -> str:
        """The first value that is English or of no language, or nothing."""
        found = (v for v in self.of(subject, predicate) if isinstance(v, ox.Literal) and v.language in ("en", None))
        return next((v.value for v in found), "")

    def label(self, subject: str) -> str:
        return self.text(subject, _RDFS + "label") or shorten(subject)

    def typed(self, *classes: str) -> list[str]:
        """What is of one of these classes, in the order of the files."""
        return [thing for class_ in classes for thing in self._typed.get(class_, [])]

    def classes(self, property_: str, relation: str) -> list[str]:
        """The classes that are the domain or the range of a property."""

        def value(subject: str, predicate: str) -> Node | None:
            return next(iter(self.of(subject, predicate)), None)

        return [c for found in self.of(property_, _RDFS + relation) for c in union(found, value)]


def pages(folder: str) -> dict[str, str]:
    """The pages of the reference by the name of their file."""
    described = _Described(folder)
    return {
        "terms.md": "\n".join(_terms(described)) + "\n",
        "things.md": "\n".join(_things(described)) + "\n",
    }


def _terms(described: _Described) -> Iterator[str]:
    ours = [c for c in described.typed(_OWL + "Class") if c.startswith(NS)]
    properties = [p for p in described.typed(_OWL + "ObjectProperty", _OWL + "DatatypeProperty") if p.startswith(NS)]
    domains = {p: described.classes(p, "domain") for p in properties}
    yield "# Terms\n"
    yield "Made from `ontology/` by `make format`: every class with the properties that it may have, and every value of"
    yield "the vocabularies. The prefix `foedus:` is `https://w3id.org/foedus/ns/`; that of a vocabulary is its name:"
    yield "`state:concluded` is `https://w3id.org/foedus/ns/state/concluded`. Besides, each thing has `rdfs:label`,"
    yield "many have `skos:altLabel` and `rdfs:comment`; sources and cited works `dcterms:title`, `dcterms:creator` and"
    yield "`dcterms:publisher`.\n"
    yield "## Classes\n"
    for class_ in ours:
        above = [node(p) for p in described.of(class_, _RDFS + "subClassOf") if isinstance(p, ox.NamedNode)]
        yield f"### {shorten(class_)}\n"
        yield described.text(class_, _SKOS + "definition")
        if described.of(class_, _OWL + "equivalentClass"):
            yield "Defined, never stated: it follows from the properties."
        if above:
            yield f"Kind of: {', '.join(map(_code, above))}."
        note = described.text(class_, _SKOS + "scopeNote")
        if note:
            yield note
        yield from _table(described, [p for p in properties if class_ in domains[p]])
        yield ""
    yield "## Properties of more than these classes\n"
    yield from _table(described, [p for p in properties if not domains[p]])
    yield "\n## Vocabularies\n"
    for scheme in described.typed(_SKOS + "ConceptScheme"):
        name = scheme.rpartition("/")[2]
        kinds = name in ("trigger", "response")  # their concepts are of several classes, which queries name
        yield f"### {name}: {described.label(scheme)}\n"
        yield "| value | label | kind | meaning |" if kinds else "| value | label | meaning |"
        yield "|---|---|---|---|" if kinds else "|---|---|---|"
        for concept in described.typed(_SKOS + "Concept"):
            if scheme in map(node, described.of(concept, _SKOS + "inScheme")):
                classes = [_code(node(c)) for c in described.of(concept, _RDF + "type") if node(c).startswith(NS)]
                cells = [_code(concept), described.label(concept), *([", ".join(classes)] if kinds else [])]
                yield f"| {' | '.join(cells)} | {described.text(concept, _SKOS + 'definition')} |"
        yield ""


def _table(described: _Described, properties: Iterable[str]) -> Iterator[str]:
    rows = []
    for p in properties:
        values = [_code(c) for c in described.classes(p, "range")]
        scheme = described.vocabulary.get(p)
        if scheme and not values:
            values = [f"value of {scheme}"]
        meaning = f"{described.text(p, _SKOS + 'definition')} {described.text(p, _SKOS + 'scopeNote')}".strip()
        example = described.text(p, _SKOS + "example")
        rows.append(f"| {_code(p)} | {' or '.join(values) or 'a thing'} | {meaning} | {example} |")
    if rows:
        yield "\n| property | value | meaning | example |\n|---|---|---|---|"
        yield from rows


def _things(described: _Described) -> Iterator[str]:
    yield "# Things\n"
    yield "Made from `data/` by `make format`: what a question may name. `foedus show NAME` tells all of one; the part"
    yield "after the colon, its slug, mostly does too. Its IRI is `https://w3id.org/foedus/id/TYPE/SLUG`.\n"
    for class_ in _LISTED:
        yield f"## {described.label(NS + class_).capitalize()}\n"
        yield "| name | label | kind | also called |\n|---|---|---|---|"
        for thing in sorted(described.typed(NS + class_)):
            kinds = {node(k) for k in described.of(thing, _RDF + "type")} - {NS + class_}
            event = [node(k) for k in described.of(thing, NS + "eventType")]
            kind = ", ".join(sorted(described.label(k) for k in [*kinds, *event]))
            also = sorted({a.value for a in described.of(thing, _SKOS + "altLabel") if isinstance(a, ox.Literal)})
            yield f"| {_code(thing)} | {described.label(thing)} | {kind} | {'; '.join(also)} |"
        yield ""


def _code(iri: str) -> str:
    return f"`{shorten(iri)}`"


def main(arguments: list[str] | None = None) -> int:
    """Write the pages, or name those that are out of date (exit status 1)."""
    parser = argparse.ArgumentParser(prog="python -m foedus.reference", description=__doc__)
    parser.add_argument("folder", metavar="FOLDER", help="folder of the pages")
    parser.add_argument("--write", action="store_true", help="write the pages")
    options = parser.parse_args(arguments)
    status = 0
    try:
        for name, text in pages(home()).items():
            path = os.path.join(options.folder, name)
            if options.write:
                write(text.encode(), path)
            elif not os.path.exists(path) or read_bytes(path) != text.encode():
                print(f"{path}: out of date; --write makes it anew")
                status = 1
    except FoedusError as error:
        print(f"foedus.reference: {error}", file=sys.stderr)
        return error.exit_status
    return status


if __name__ == "__main__":
    sys.exit(main())
