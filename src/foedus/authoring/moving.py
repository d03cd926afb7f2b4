"""What moved in a text since its file was written: passages found elsewhere, changed or gone, and clauses new or gone.

Nothing is written over but the spans of passages that are found again, and only where that is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from foedus.authoring.clauses import Clause, cut
from foedus.citations import Described, describe
from foedus.datasets import GRAPH, ID, NS, SOURCE, TurtleFile, read_bytes
from foedus.export import write
from foedus.names import shorten
from foedus.searching import verbatim
from foedus.turtle import Locator, subjects


class Move(NamedTuple):
    """A passage or clause that is not where the file says: `to` is its new span, None where a person has to look."""

    iri: str
    where: str
    message: str
    to: tuple[int, int] | None

    def __str__(self) -> str:
        return f"{self.where}: {shorten(self.iri)}: {self.message}"


def moves(path: str, source: str, text: str, sha256: str) -> list[Move]:
    """What in the file at `path` no longer fits the text of the source, whose digest is `sha256`.

    Nothing, where it is the text that the file was made from: what a person mended in it holds.
    """
    described = describe([TurtleFile(path, GRAPH + source)])
    if [value.value for value in described.get(SOURCE + source, {}).get(NS + "sha256", ())] == [sha256]:
        return []
    locator = Locator([path])
    parts = {f"{ID}clause/{source}.{part.path}": part for part in cut(text).walk()}
    found: list[Move] = []
    for iri, values in described.items():
        if [value.value for value in values.get(NS + "source", ())] == [SOURCE + source] and NS + "phrase" in values:
            move = _passage(iri, described, parts, text)
            if move:
                found.append(Move(iri, locator.line(iri) or path, *move))
    there = {iri for iri in described if iri.startswith(f"{ID}clause/{source}.")}
    for iri in sorted(there - set(parts)):
        found.append(Move(iri, locator.line(iri) or path, "the text has no such clause now", None))
    for iri, part in parts.items():
        if iri not in there:
            found.append(Move(iri, path, f"a clause that the file does not have: {part.locator}", None))
    return found


def _passage(
    iri: str, described: Described, parts: dict[str, Clause], text: str
) -> tuple[str, tuple[int, int] | None] | None:
    """What happened to a passage, and its new span; nothing where it is as it was."""
    values = described[iri]
    first, last, phrase = (values[NS + name][0].value for name in ("start", "end", "phrase"))
    start, end = int(first), int(last)
    sought = re.compile(verbatim(phrase))
    part = parts.get(iri.replace(f"{ID}citation/", f"{ID}clause/"))
    if part is not None and sought.match(text, part.start):
        span = (part.start, part.end)
        return None if span == (start, end) else (f"{start}–{end} is now {span[0]}–{span[1]}", span)
    if iri.endswith(".whole") and sought.search(text):
        return None if end == len(text) else (f"the text ends at {len(text)} now", (0, len(text)))
    places = [match.start() for match in sought.finditer(text)]
    if any(start <= place < end for place in places) and end <= len(text):
        return None
    if len(places) != 1:
        seen = "stands nowhere in the text now" if not places else f"stands in {len(places)} places"
        return f"“{phrase}” {seen}", None
    inside = [part for part in parts.values() if part.start <= places[0] < part.end]
    span = _sentence(text, places[0], inside[-1] if inside else None)
    return f"{start}–{end} is now {span[0]}–{span[1]}", span


def _sentence(text: str, place: int, part: Clause | None) -> tuple[int, int]:
    """The span of the sentence at a place, within its clause."""
    low, high = (part.start, part.own_end) if part else (0, len(text))
    before = [match.end() for match in re.finditer(r"[.;:]\s+", text[low:place])]
    after = re.search(r"[.;](?=\s|$)", text[place:high])
    return low + before[-1] if before else low, place + after.end() if after else high


def rewrite(path: str, source: str, moved: Sequence[Move], sha256: str) -> None:
    """Put the new spans and the text's digest into the file, and touch nothing else.

    Raises InputError where the file cannot be written; it is then as it was.
    """
    lines = read_bytes(path).decode("utf-8").splitlines(keepends=True)
    begins = {iri: line - 1 for iri, line in subjects(path)}
    ends = sorted([*begins.values(), len(lines)])

    def put(iri: str, property: str, value: str) -> None:
        begin = begins[iri]
        for i in range(begin, ends[ends.index(begin) + 1]):
            lines[i] = re.sub(rf'(foedus:{property}\s+)("[^"]*"|\d+)', lambda match: match[1] + value, lines[i])

    for move in moved:
        if move.to is not None:
            put(move.iri, "start", str(move.to[0]))
            put(move.iri, "end", str(move.to[1]))
    if SOURCE + source in begins:
        put(SOURCE + source, "sha256", f'"{sha256}"')
    write("".join(lines).encode(), path)
