"""Reading Turtle, with a message that names file and line when it is not Turtle."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

import pyoxigraph as ox

from foedus.datasets import read_bytes
from foedus.errors import InputError
from foedus.lexer import Token, significant, unescape

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OWL = "http://www.w3.org/2002/07/owl#"

#: What stands in a triple.
Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def parse(path: str) -> Iterator[ox.Triple]:
    """The triples of a Turtle file, literals as written.

    Raises InputError with file, line and column where it cannot be read or is not Turtle.
    """
    content = read_bytes(path)
    try:
        for quad in ox.parse(content, format=ox.RdfFormat.TURTLE, base_iri="https://w3id.org/foedus/"):
            yield quad.triple
    except SyntaxError as error:
        raise syntax_error(path, error) from error


def node(term: object) -> str:
    """A term as text: an IRI or a value as it is, a blank node as `_:label`."""
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else str(getattr(term, "value", term))


def union(term: Node, value: Callable[[str, str], Node | None]) -> list[str]:
    """The class that a term names, or the members of its owl:unionOf; `value` gives that of a node and a property."""
    head = value(node(term), _OWL + "unionOf")
    if head is None:
        return [node(term)]
    return [node(member) for member in members(head, lambda at, prop: value(node(at), prop))]


def members(head: Node | None, value: Callable[[Node, str], Node | None]) -> list[Node]:
    """The members of an RDF list; `value` gives that of a node and a property, or None."""
    found = []
    while head is not None and node(head) != _RDF + "nil":
        member = value(head, _RDF + "first")
        found += [] if member is None else [member]
        head = value(head, _RDF + "rest")
    return found


def syntax_error(path: str, error: SyntaxError) -> InputError:
    """An InputError made from a parser's SyntaxError, with the line and column that it names."""
    message = re.sub(r"^Parser error .*?: ", "", str(error.msg or error))
    where = ":".join(str(part) for part in (path, error.lineno, error.offset) if part)
    return InputError(
        f"not Turtle: {message}", where=where, todo="Correct that line; `foedus validate` checks the rest."
    )


class Locator:
    """Finds the line on which the description of a thing begins in a set of Turtle files."""

    def __init__(self, paths: list[str]) -> None:
        self._paths = paths
        self._lines: dict[str, str] | None = None

    def line(self, iri: str) -> str | None:
        """`file:line` where a statement about `iri` begins, or None."""
        if self._lines is None:
            self._lines = {}
            for path in self._paths:
                for subject, line in subjects(path):
                    self._lines.setdefault(subject, f"{path}:{line}")
        return self._lines.get(iri)


def subjects(path: str) -> Iterator[tuple[str, int]]:
    """The IRI of each subject in a Turtle file with the line on which its description begins."""
    for term, line, role in _roles(path):
        if role == "subject" and term:
            yield term, line


class Lines:
    """Finds the line of a statement of a Turtle file; `anonymous` has those where a description of `[]` begins."""

    def __init__(self, path: str) -> None:
        self._lines: dict[tuple[str, ...], int] = {}
        self.anonymous: list[int] = []
        subject = predicate = ""
        for term, line, role in _roles(path):
            if role == "subject":
                subject = term
                if not term:
                    self.anonymous.append(line)
            elif role == "predicate":
                predicate = term
            for key in ((subject,), (subject, predicate), (subject, predicate, term))[: _DEPTH[role]]:
                self._lines.setdefault(key, line)

    def of(self, triple: ox.Triple) -> int | None:
        """The line of the object, of the predicate or of the subject of a triple, whichever the file tells first."""
        parts = (node(triple.subject), triple.predicate.value, node(triple.object))
        return next((self._lines[parts[:n]] for n in (3, 2, 1) if parts[:n] in self._lines), None)


_DEPTH = {"subject": 1, "predicate": 2, "object": 3}


def _roles(path: str) -> Iterator[tuple[str, int, str]]:
    """The subjects, predicates and objects of a Turtle file in their order, outside brackets: IRI or value, line, role.

    A subject in brackets has no name; what stands within brackets is left out.
    """
    text = read_bytes(path).decode("utf-8", errors="replace")
    prefixes: dict[str, str] = {}
    found = significant(text)
    role = "subject"
    depth = 0
    i = 0
    offset, line = 0, 1
    while i < len(found):
        token = found[i]
        word = token.text.upper()
        if role == "subject" and word in ("PREFIX", "@PREFIX", "BASE", "@BASE") and i + 2 < len(found):
            if word.endswith("PREFIX"):
                prefixes[found[i + 1].text] = found[i + 2].text[1:-1]
            i += (3 if word.endswith("PREFIX") else 2) + word.startswith("@")  # the SPARQL spelling has no full stop
            continue
        line += text.count("\n", offset, token.start)
        offset = token.start
        closes = token.text in ("]", ")")
        depth -= closes
        if depth == 0 and not closes:
            if token.text == ".":
                role = "subject"
            elif token.text == ";":
                role = "predicate"
            elif token.text != "," and token.kind != "tag" and token.text != "^^" and found[i - 1].text != "^^":
                yield _value(token, prefixes), line, role
                role = "object" if role == "predicate" else role
        if token.text in ("[", "("):
            depth += 1
        elif depth == 0 and role == "subject" and token.text != ".":
            role = "predicate"
        i += 1


def _value(token: Token, prefixes: dict[str, str]) -> str:
    if token.text == "a":
        return _RDF + "type"
    if token.kind in ("string", "long_string"):
        return unescape(token.text)
    return expand(token.text, prefixes) or ("" if token.text in ("[", "(") else token.text)


def expand(term: str, prefixes: dict[str, str]) -> str | None:
    """The IRI that an IRI token or a prefixed name stands for, or None."""
    if term.startswith("<"):
        return term[1:-1]
    prefix, colon, local = term.partition(":")
    if colon and prefix + ":" in prefixes:
        return prefixes[prefix + ":"] + re.sub(r"\\(.)", r"\1", local)
    return None


def paths_in(places: list[str]) -> list[str]:
    """The Turtle files among `places` and below the folders among them.

    Raises InputError for a place that does not exist.
    """
    found = []
    for place in places:
        if os.path.isdir(place):
            here = []
            for folder, folders, names in os.walk(place):
                folders.sort()
                here += [os.path.join(folder, n) for n in sorted(names) if n.endswith(".ttl")]
            if not here:
                raise InputError("no Turtle files (*.ttl) in this folder", where=place)
            found += here
        elif os.path.isfile(place):
            found.append(place)
        else:
            raise InputError("no such file or folder", where=place)
    return found
