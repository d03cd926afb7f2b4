"""Alignments: every target is a term of the other ontology, of the same kind as ours, and mapped to in one way only.

The terms of each other ontology stand in `ontology/targets/NAME.tsv`: lines of `#` that say whose they are, of which
version and taken from where and when, then one term a line, its kind and its IRI with a tab between.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

import pyoxigraph as ox

from foedus.checks import Problem
from foedus.datasets import GRAPH, NS, TurtleFile, read_bytes
from foedus.errors import InputError
from foedus.names import shorten
from foedus.turtle import Locator, node, parse

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OWL = "http://www.w3.org/2002/07/owl#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"

#: The mapping properties, from the strongest to the weakest.
MATCHES = tuple(_SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"))
_PROPERTIES = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Property")
_KINDS = ("Class", *_PROPERTIES, "Datatype", "Individual")
_HEADER = ("version: ", "taken from: ", "taken on: ", "licence: ")
_TERM = re.compile(rf"({'|'.join(_KINDS)})\t(https?://\S+)")


class Mapping(NamedTuple):
    """One alignment: a term of the core, a SKOS mapping property, a term of another ontology."""

    ours: str
    match: str
    theirs: str


class _Targets(NamedTuple):
    """The terms of the other ontologies: the kind of each, and the lists that cover each namespace."""

    kinds: dict[str, str]
    lists: dict[str, set[str]]


def check(files: Iterable[TurtleFile], folder: str) -> Iterator[Problem]:
    """The problems of the alignments among `files`, by the lists of terms in `folder`; none where there are none.

    Raises InputError for a list of terms that is not of the form above.
    """
    paths = {file.graph: file.path for file in files}
    path = paths.get(GRAPH + "alignments")
    if path is None:
        return
    core, targets = core_kinds(paths[GRAPH + "core"]), _targets(os.path.join(folder, "ontology", "targets"))
    locator = Locator([path])
    seen: dict[tuple[str, str], str] = {}
    for mapping in mappings(path):
        messages = [*_faults(mapping, core, targets)]
        other = seen.setdefault((mapping.ours, mapping.theirs), mapping.match)
        if other != mapping.match:
            messages.append(f"the same target stands in {shorten(other)} too: keep one of them")
        for message in messages:
            shown = f"{shorten(mapping.match)} {shorten(mapping.theirs)}"
            yield Problem(locator.line(mapping.ours) or path, shorten(mapping.ours), f"{shown}: {message}")


def mappings(path: str) -> Iterator[Mapping]:
    """The alignments in a Turtle file."""
    for t in parse(path):
        if t.predicate.value in MATCHES:
            yield Mapping(node(t.subject), t.predicate.value, node(t.object))


def core_kinds(path: str) -> dict[str, str]:
    """The kind of each term that the core, the Turtle file `path`, declares: its own and those it borrows."""
    found: dict[str, str] = {}
    for t in parse(path):
        kind = node(t.object).removeprefix(_OWL)
        if t.predicate.value == _RDF + "type" and kind in _KINDS and isinstance(t.subject, ox.NamedNode):
            found[t.subject.value] = kind
    return found


def _faults(mapping: Mapping, core: dict[str, str], targets: _Targets) -> Iterator[str]:
    """What is wrong with one alignment."""
    ours = core.get(mapping.ours) if mapping.ours.startswith(NS) else None
    theirs = targets.kinds.get(mapping.theirs)
    if ours is None:
        yield "the subject is no term of the core"
    if theirs is None:
        yield _unknown(mapping.theirs, targets)
    elif ours is not None and not _fits(ours, theirs, mapping.match):
        yield f"ours is of the kind {ours} and theirs of the kind {theirs}"


def _fits(ours: str, theirs: str, match: str) -> bool:
    """Whether the kinds allow the match: a property related to another may take things where that takes values."""
    if ours == "Class" or theirs not in _PROPERTIES:
        return ours == theirs
    return theirs in (ours, "Property") or match == _SKOS + "relatedMatch"


def _unknown(iri: str, targets: _Targets) -> str:
    """Why `iri` is no term: the lists of its namespace do not hold it, or there is no such list."""
    lists = targets.lists.get(_namespace(iri))
    if not lists:
        return "no list in ontology/targets/ has terms of this namespace"
    near = get_close_matches(iri, targets.kinds, n=1, cutoff=0.9)
    hint = f"; is {near[0]} meant?" if near else ""
    return f"no such term in ontology/targets/{' or '.join(sorted(lists))}{hint}"


def _targets(folder: str) -> _Targets:
    """The lists of terms in `folder`."""
    found = _Targets({}, {})
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if name.endswith(".tsv"):
            for kind, iri in _terms(os.path.join(folder, name)):
                found.kinds[iri] = kind
                found.lists.setdefault(_namespace(iri), set()).add(name)
    return found


def _terms(path: str) -> Iterator[tuple[str, str]]:
    """The kind and the IRI of each term in a list; InputError says what is wrong with it, and on which line."""
    lines = read_bytes(path).decode("utf-8").splitlines()
    header = [line[1:].strip() for line in lines if line.startswith("#")]
    for start in _HEADER:
        if not any(line.startswith(start) for line in header):
            raise InputError(f"the list of terms has no line `# {start}…`", where=path, todo="Say where it is from.")
    before = ""
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            continue
        match = _TERM.fullmatch(line)
        if match is None or line <= before:
            wrong = "not a kind and an IRI" if match is None else "not in the order of the letters, or twice"
            raise InputError(wrong, where=f"{path}:{number}", todo=f"Write one of {', '.join(_KINDS)}, then the IRI.")
        before = line
        yield match[1], match[2]


def _namespace(iri: str) -> str:
    return re.sub(r"[^/#]*$", "", iri)
