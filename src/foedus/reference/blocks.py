"""What a page is made of, in no syntax.

A target is a web address, the name of a page ("index", "classes/Commitment") with an optional "#anchor", or a file by
its path in the repository ("queries/counts.rq").
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Code(NamedTuple):
    """Text to be read as it is."""

    text: str


class Foreign(NamedTuple):
    """Text in a language other than English."""

    text: str
    language: str


class Link(NamedTuple):
    """Text that leads to a target."""

    shown: str | Code | Foreign
    target: str


class Anchor(NamedTuple):
    """A place that a link may lead to, with its text."""

    name: str
    shown: str | Code


Inline = str | Code | Foreign | Link | Anchor
Inlines = tuple[Inline, ...]


class Heading(NamedTuple):
    """A heading within a page; the page's own is level 1."""

    level: int
    text: str


class Paragraph(NamedTuple):
    """A paragraph."""

    content: Inlines


class Facts(NamedTuple):
    """Names with their values."""

    rows: tuple[tuple[str, Inlines], ...]


class Item(NamedTuple):
    """An item of a list, with the items below it."""

    content: Inlines
    below: tuple[Item, ...] = ()


class Listing(NamedTuple):
    """A list."""

    items: tuple[Item, ...]


class Table(NamedTuple):
    """A table; the first cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[Inlines, ...], ...]


class Lines(NamedTuple):
    """Lines to be kept as they are, of a language such as "turtle"."""

    lines: tuple[Inlines, ...]
    language: str


class Picture(NamedTuple):
    """A picture, and what it shows in words."""

    target: str
    words: str


Block = Heading | Paragraph | Facts | Listing | Table | Lines | Picture


class Page(NamedTuple):
    """A page: its name, its title, the pages above it, and its blocks."""

    name: str
    title: str
    trail: tuple[Link, ...]
    blocks: tuple[Block, ...]


def capital(text: str) -> str:
    """Text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def plain(inline: Inline) -> str:
    """The text of an inline without its form."""
    if isinstance(inline, str):
        return inline
    if isinstance(inline, Link | Anchor):
        return plain(inline.shown)
    return inline.text


def joined(parts: Iterable[Inline], between: str = ", ") -> Inlines:
    """Inlines with text between them."""
    found: list[Inline] = []
    for part in parts:
        found += [between, part] if found else [part]
    return tuple(found)
