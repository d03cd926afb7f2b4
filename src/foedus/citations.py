"""Citations proved against the texts: digest right, span inside the file, phrase inside the span; absence searched.

A set-aside passage has span and phrase like a citation and is proved like one.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from typing import NamedTuple

import pyoxigraph as ox

from foedus.checks import Problem
from foedus.datasets import NS, TurtleFile, turtle_files
from foedus.errors import InputError
from foedus.names import shorten
from foedus.searching import occurrences, verbatim
from foedus.turtle import Locator, parse

MOST_WORDS = 12
#: The locator of a passage that is a text as a whole, on which a finding of absence rests; it covers no part of it.
WHOLE = "whole text"
_LETTER = r"[^\W_⁰¹²³⁴-⁹]"
#: A letter or a digit, except the raised digits, which number notes.
LETTER = re.compile(_LETTER)
WORD = re.compile(rf"{_LETTER}+(?:['’.,-]{_LETTER}+)*")

#: What the graph says of each thing: its IRI to property to values.
Described = dict[str, dict[str, list[ox.NamedNode | ox.Literal]]]


class Report(NamedTuple):
    """What `verify` found: how many passages of how many sources were proved, and the problems."""

    citations: int
    proved: int
    sources: int
    problems: list[Problem]


class Texts(NamedTuple):
    """The texts of `sources` (IRIs, sorted): what they hold, and what is wrong with them, by source."""

    sources: list[str]
    contents: dict[str, str]
    faults: dict[str, str]


def verify(folder: str, texts: str) -> Report:
    """Prove every citation and set-aside passage of the graph in `folder` against the texts below the folder `texts`.

    What is found absent in a primary text is proved by its search, and what is given as worded there by its passages:
    see `overlooked` and `misworded`.

    Spans count Unicode code points of the file decoded as UTF-8, from 0, the end not included. White space in phrase
    and span may differ, since a text may break a line anywhere.

    Raises InputError where `texts` is no folder or holds none of the texts.
    """
    files = turtle_files(folder)
    described = describe(files)
    read = read_texts(described, texts)
    locator = Locator([file.path for file in files])
    problems: list[Problem] = []

    def report(iri: str, message: str) -> None:
        problems.append(Problem(locator.line(iri) or iri, shorten(iri), message))

    for iri, message in read.faults.items():
        report(iri, message)
    citations = [iri for iri, values in sorted(described.items()) if NS + "phrase" in values]
    proved = 0
    for iri in citations:
        message = fault(described[iri], read.contents)
        if message:
            report(iri, message)
        else:
            proved += 1
    for find in (overlooked, misworded):
        for iri, message in find(described, read.contents):
            report(iri, message)
    return Report(len(citations), proved, len(read.sources), problems)


def overlooked(described: Described, contents: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The findings of absence in a primary text whose search the text does not bear out, each with a message.

    Wherever the text has a word that was searched for, the finding must cite the passage, as one that was read and does
    not count; the passage that is the whole text does not do.
    """
    for iri, values in sorted(described.items()):
        given = {name: [value.value for value in values.get(NS + name, ())] for name in _OF_ABSENCE}
        if given["verdict"] != [NS + "verdict/absent"] or given["basis"] != [NS + "basis/text-read"]:
            continue
        text = contents.get("".join(given["accordingTo"]), "")
        spans = [span for cited in given["hasCitation"] if (span := _span(described, cited)) != (0, len(text))]
        for term in given["searchedFor"]:
            for start, end in occurrences(text, term):
                if not any(first <= start and end <= last for first, last in spans):
                    line = text.count("\n", 0, start) + 1
                    yield iri, f"absent, but the text has “{term}” on line {line}, in no passage that the finding cites"
                    break


def misworded(described: Described, contents: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What is given as worded in a primary text, and stands in none of the passages cited for it, each with a message.

    The verb of an item of a list may stand partly in the words that lead the list in, if both are cited; three dots
    stand for what is left out.
    """
    for iri, values in sorted(described.items()):
        source = "".join(value.value for value in values.get(NS + "accordingTo", ()))
        if NS + "textOf" not in described.get(source, {}) or source not in contents:
            continue
        spans = sorted(_span(described, value.value) for value in values.get(NS + "hasCitation", ()))
        cited = "\n".join(contents[source][start:end] for start, end in spans)
        for name in ("wording", "verbAsWorded"):
            for value in values.get(NS + name, ()):
                parts = filter(None, map(verbatim, re.split(r"…|\.\.\.", value.value)))
                if not re.search(".*?".join(parts), cited, re.IGNORECASE | re.DOTALL):
                    yield iri, f"its words “{value.value}” stand in no passage that it cites"


_OF_ABSENCE = ("verdict", "basis", "accordingTo", "hasCitation", "searchedFor")


def _span(described: Described, citation: str) -> tuple[int, int]:
    """The span of a citation; an empty one where it has none."""
    values = [described.get(citation, {}).get(NS + name, []) for name in ("start", "end")]
    numbers = [int(value[0].value) for value in values if value and value[0].value.isdecimal()]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (-1, -1)


def describe(files: list[TurtleFile]) -> Described:
    """What the Turtle files say of things that have an IRI. Raises InputError for one that is not Turtle."""
    described: Described = {}
    for file in files:
        for triple in parse(file.path):
            if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.Literal | ox.NamedNode):
                values = described.setdefault(triple.subject.value, {})
                values.setdefault(triple.predicate.value, []).append(triple.object)
    return described


def read_texts(described: Described, folder: str) -> Texts:
    """The texts of the described sources, from the files of their names at any depth below `folder`.

    Raises InputError where `folder` is none or holds none of the texts.
    """
    if not os.path.isdir(folder):
        raise InputError("no such folder", where=folder, todo="Name the folder that holds the source texts.")
    below = ((name, os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names)
    places = {name: path for name, path in below if os.path.isfile(path)}  # reading a named pipe would never end
    found = Texts([iri for iri, values in sorted(described.items()) if NS + "sha256" in values], {}, {})
    for iri in found.sources:
        name = described[iri][NS + "fileName"][0].value if NS + "fileName" in described[iri] else ""
        if name not in places:
            found.faults[iri] = f"its text {name!r} is not in {folder}"
            continue
        try:
            with open(places[name], "rb") as text:
                content = text.read()
            found.contents[iri] = content.decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            found.faults[iri] = f"its text {name!r} cannot be read: {error}"
            continue
        digest = hashlib.sha256(content).hexdigest()
        if digest not in [value.value for value in described[iri][NS + "sha256"]]:
            found.faults[iri] = f"its text {name!r} is not the one that was cited: SHA-256 {digest}"
    if found.sources and not found.contents:
        raise InputError("none of the source texts is here", where=folder, todo="Name the folder that holds them.")
    return found


def fault(values: dict[str, list[ox.NamedNode | ox.Literal]], contents: dict[str, str]) -> str:
    """What is wrong with a citation or a set-aside passage, or nothing; `contents` are the texts by source."""
    for name in ("source", "start", "end", "phrase"):
        if len(values.get(NS + name, [])) != 1:
            return f"it needs exactly one {name}"
    source, first, last, phrase = (values[NS + name][0].value for name in ("source", "start", "end", "phrase"))
    if source not in contents:
        return f"the text of {shorten(source)} is missing, so nothing is proved"
    if not (first.isdecimal() and last.isdecimal()):
        return "its start and end are no numbers"
    start, end = int(first), int(last)
    text = contents[source]
    if len(WORD.findall(phrase)) > MOST_WORDS:
        return f"its phrase has more than {MOST_WORDS} words"
    if not start < end <= len(text):
        return f"its span {start}–{end} is not inside the text, which has {len(text)} characters"
    pattern = verbatim(phrase)
    if not pattern or not re.search(pattern, text[start:end]):
        at = [f"{m.start()}–{m.end()}" for m in re.finditer(pattern, text)] if pattern else []
        found = f"; it stands at {', '.join(at[:3])}" if at else ", nor anywhere in the text"
        return f"its phrase “{phrase}” is not inside the span {start}–{end}{found}"
    return ""
