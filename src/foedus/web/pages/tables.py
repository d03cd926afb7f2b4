"""An answer as a table for people: cells with links to what they name, and the passages behind each row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from foedus.answers import Answer, Passage, Row, Term
from foedus.datasets import ID, SOURCE
from foedus.web.pages.frame import View


class Cell(NamedTuple):
    """What stands in a cell: a text with its language, a link, and how it is to be drawn and sorted."""

    text: str
    language: str = "en"
    href: str | None = None
    sign: str = ""
    order: str = ""


class Line(NamedTuple):
    """A row: its cells and the passages that support it."""

    cells: tuple[Cell, ...]
    passages: tuple[Passage, ...]


class Table(NamedTuple):
    """A table: its columns with their headings, its rows, and where its data are to be had."""

    caption: str
    columns: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    downloads: tuple[tuple[str, str], ...]
    cited: bool


#: How an outcome is drawn, by the English text that the queries give it.
_SIGNS = {
    "yes": "present",
    "present": "present",
    "no": "absent",
    "absent": "absent",
    "disputed": "disputed",
    "open": "silent",
    "not said": "silent",
    "silent": "silent",
    "the documents do not say": "silent",
}


def sign(text: str) -> str:
    """The class of the sign of an outcome; empty for a text that is none."""
    head = text.removesuffix(", by implication")
    return _SIGNS.get(head) or ("absent" if text.startswith("absent:") else "")


def table(
    view: View, answer: Answer, caption: str, slug: str, values: dict[str, str], hidden: Sequence[str] = ()
) -> Table:
    """An answer of the saved query `slug` as a table; columns that only name what another one links to are left out."""
    evidence = [c for c in answer.evidence if c not in ("instrument", "thing", "source", "group", "member")]
    shown = [c for c in answer.columns if c not in hidden and c not in evidence]
    linking = {c: _linked(view, answer, c, shown) for c in answer.columns if _names_things(answer, c)}
    gone = {c for c, told in linking.items() if told is not None}
    columns = [c for c in shown if c not in gone and any(row[c] is not None for row in answer)]
    lines = []
    for row in answer:
        links = {told: row[c] for c, told in linking.items() if told is not None}
        lines.append(Line(tuple(_cell(view, row, c, links.get(c)) for c in columns), tuple(row.passages)))
    downloads = tuple((e, view.data(f"/queries/{slug}.{e}", **values)) for e in ("csv", "json"))
    headings = tuple((c, view.heading(c)) for c in columns)
    return Table(caption, headings, tuple(lines), downloads, answer.cited)


def _names_things(answer: Answer, column: str) -> bool:
    found = [t for row in answer if (t := row[column]) is not None]
    return bool(found) and all(t.kind == "iri" and t.value.startswith(ID) for t in found)


def _linked(view: View, answer: Answer, column: str, shown: Iterable[str]) -> str | None:
    """The column whose texts are the names of the things in another one, row by row."""
    for other in shown:
        if other != column and all(_is_name(view, row, column, other) for row in answer):
            return other
    return None


def _is_name(view: View, row: Row, column: str, other: str) -> bool:
    thing, text = row[column], row[other]
    if thing is None or text is None:
        return thing is None
    return text.kind == "literal" and view.frame.names.all(thing.value).get("en") == text.value


def _cell(view: View, row: Row, column: str, thing: Term | None) -> Cell:
    term = row[column]
    if term is None:
        return Cell("")
    if term.kind == "iri":
        name = view.name(term.value)
        return Cell(name.text, name.language, view.href(term.value))
    if (term.datatype or "").endswith("#duration"):
        return Cell(view.words.duration(term.value), view.language, order=term.value)
    if column == "source" and view.frame.names.known(SOURCE + term.value):
        return Cell(*view.source_name(term.value), view.href(SOURCE + term.value))
    said = view.say(term.value)
    language = (term.language if said.text == term.value else None) or said.language
    href = view.href(thing.value) if thing is not None else _only(view, term.value)
    number = (term.datatype or "").rpartition("#")[2] in ("integer", "decimal", "nonNegativeInteger")
    return Cell(said.text, language, href, sign(term.value), term.value.zfill(20) if number else "")


def _only(view: View, text: str) -> str | None:
    """The page of the one thing that has a text as its name."""
    things = [t for t in view.frame.names.called(text) if t.startswith(ID)]
    return view.href(things[0]) if len(things) == 1 and len(text) > 3 else None
