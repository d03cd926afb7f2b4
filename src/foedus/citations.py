"""Citations proved against the texts: digest right, span inside the file, phrase inside the span."""

from __future__ import annotations

import hashlib
import os
import re
from typing import NamedTuple

import pyoxigraph as ox

from foedus.checks import Problem
from foedus.datasets import NS, turtle_files
from foedus.errors import InputError
from foedus.names import shorten
from foedus.turtle import Locator, parse

MOST_WORDS = 12
_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")


class Report(NamedTuple):
    """What `verify` found: how many citations of how many sources were proved, and the problems."""

    citations: int
    proved: int
    sources: int
    problems: list[Problem]


class _Text(NamedTuple):
    content: str
    name: str


def verify(folder: str, texts: str) -> Report:
    """Prove every citation of the graph in `folder` against the text files below the folder `texts`.

    Spans count Unicode code points of the file decoded as UTF-8, from 0, the end not included. White space in phrase
    and span may differ, since a text may break a line anywhere.

    Raises InputError where `texts` is no folder or holds none of the texts.
    """
    if not os.path.isdir(texts):
        raise InputError("no such folder", where=texts, todo="Name the folder that holds the source texts.")
    files = turtle_files(folder)
    described: dict[str, dict[str, list[str]]] = {}
    for file in files:
        for triple in parse(file.path):
            if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.Literal | ox.NamedNode):
                values = described.setdefault(triple.subject.value, {})
                values.setdefault(triple.predicate.value, []).append(triple.object.value)
    locator = Locator([file.path for file in files])
    problems: list[Problem] = []

    def report(iri: str, message: str) -> None:
        problems.append(Problem(locator.line(iri) or iri, shorten(iri), message))

    places = {name: os.path.join(at, name) for at, _, names in os.walk(texts) for name in names}
    read: dict[str, _Text] = {}
    sources = [iri for iri, values in sorted(described.items()) if NS + "sha256" in values]
    for iri in sources:
        name = described[iri].get(NS + "fileName", [""])[0]
        if name not in places:
            report(iri, f"its text {name!r} is not in {texts}")
            continue
        try:
            with open(places[name], "rb") as text:
                content = text.read()
            read[iri] = _Text(content.decode("utf-8"), name)
        except (OSError, UnicodeDecodeError) as error:
            report(iri, f"its text {name!r} cannot be read: {error}")
            continue
        digest = hashlib.sha256(content).hexdigest()
        if digest not in described[iri][NS + "sha256"]:
            report(iri, f"its text {name!r} is not the one that was cited: SHA-256 {digest}")
    if sources and not read:
        raise InputError("none of the source texts is here", where=texts, todo="Name the folder that holds them.")

    citations = [iri for iri, values in sorted(described.items()) if NS + "phrase" in values]
    proved = 0
    for iri in citations:
        message = _fault(described[iri], read)
        if message:
            report(iri, message)
        else:
            proved += 1
    return Report(len(citations), proved, len(sources), problems)


def _fault(values: dict[str, list[str]], read: dict[str, _Text]) -> str:
    """What is wrong with a citation, or nothing."""
    for name in ("source", "start", "end", "phrase"):
        if len(values.get(NS + name, [])) != 1:
            return f"it needs exactly one {name}"
    source, first, last, phrase = (values[NS + name][0] for name in ("source", "start", "end", "phrase"))
    if source not in read:
        return f"the text of {shorten(source)} is missing, so nothing is proved"
    if not (first.isdigit() and last.isdigit()):
        return "its start and end are no numbers"
    start, end = int(first), int(last)
    text = read[source].content
    if len(_WORD.findall(phrase)) > MOST_WORDS:
        return f"its phrase has more than {MOST_WORDS} words"
    if not start < end <= len(text):
        return f"its span {start}–{end} is not inside the text, which has {len(text)} characters"
    pattern = r"\s+".join(re.escape(word) for word in phrase.split())
    if not pattern or not re.search(pattern, text[start:end]):
        at = [f"{m.start()}–{m.end()}" for m in re.finditer(pattern, text)] if pattern else []
        found = f"; it stands at {', '.join(at[:3])}" if at else ", nor anywhere in the text"
        return f"its phrase “{phrase}” is not inside the span {start}–{end}{found}"
    return ""
