"""The blocks of a plain text: its paragraphs, headings and list items, with the places where they stand.

A text may have one paragraph a line, as word processors export it, or lines broken at a width, as `pdftotext -layout`
does; the second kind is joined, and page numbers and running heads are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

#: Marks at the beginning of a list item that are no number or letter.
BULLETS = "•◦▪●○·‣∙*–—−-"
_ROMAN = "[IVXLІХivxlіх]+"
_MARK = re.compile(
    rf"(?:[{re.escape(BULLETS)}]|o(?=\s)|\(?(?:\d{{1,3}}(?:\.\d{{1,3}})*|{_ROMAN}|[^\W\d_])[.)])(?=\s)|"
    rf"\d{{1,3}}\.(?=[^\W\d_])|\d{{1,3}}(?:\.\d{{1,3}})+(?=\s)|{_ROMAN}(?=\s\s)"
)
_PAGE = re.compile(r"[-–—\s]*(?:(?:page|стор\.?|сторінка)\s*)?\d{1,3}(?:\s*(?:/|of|з|із)\s*\d{1,3})?[-–—\s]*", re.I)
_WIDE = 120  # characters: a text most of whose lines are shorter was broken at a width
_SLACK = 12  # characters that the break of a line in the middle of a sentence may leave unused
_FEW = 40  # lines: a shorter text is not judged by its lines


class _Line(NamedTuple):
    start: int
    text: str  # without white space at either end
    indent: int
    apart: bool  # after a blank line
    new_page: bool


class Block(NamedTuple):
    """A paragraph, heading or list item: its span in code points, its words joined, and whether a blank line precedes.

    `first` is the end of the stretch of the text, from `start` on, that no page break interrupts.
    """

    start: int
    end: int
    first: int
    text: str
    indent: int
    apart: bool
    lines: tuple[_Line, ...]

    def split(self) -> tuple[Block, Block]:
        """Its first line, and the rest."""
        return _block(list(self.lines[:1])), _block(list(self.lines[1:]))


def blocks(text: str) -> list[Block]:
    """The blocks of a text in their order."""
    lines = _lines(text)
    if not lines:
        return []
    lengths = sorted(len(line.text) + line.indent for line in lines)
    width = lengths[int(len(lengths) * 0.9)]
    wrapped = width <= _WIDE and (len(lines) > _FEW or "\f" in text)
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and wrapped and _goes_on(groups[-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_block(group) for group in groups]


def _block(group: list[_Line]) -> Block:
    last = group[-1]
    unbroken = group[next((i for i, line in enumerate(group) if i and line.new_page), len(group)) - 1]
    return Block(
        group[0].start,
        last.start + len(last.text),
        unbroken.start + len(unbroken.text),
        " ".join(line.text for line in group),
        group[0].indent,
        group[0].apart,
        tuple(group),
    )


def marked(text: str) -> bool:
    """Whether a line or block begins with a number, a letter or a bullet of a list."""
    return _MARK.match(text) is not None


def _lines(text: str) -> list[_Line]:
    """The lines that hold something, without page numbers and running heads."""
    found: list[_Line] = []
    heads = _running_heads(text)
    apart, new_page, offset = True, False, 0
    for raw in text.splitlines(keepends=True):
        if "\f" in raw:
            new_page = True
        body = raw.lstrip("\f\ufeff")
        stripped = body.strip()
        start = offset + len(raw) - len(body.lstrip())
        offset += len(raw)
        if not stripped:
            apart = True
            continue
        if "\f" in text and (_PAGE.fullmatch(stripped) or stripped in heads):
            continue
        found.append(_Line(start, stripped, len(body) - len(body.lstrip()), apart, new_page))
        apart = new_page = False
    return found


def _running_heads(text: str) -> set[str]:
    """The lines that stand first on three pages or more."""
    firsts = [page.strip().splitlines()[0].strip() for page in text.split("\f") if page.strip()]
    return {line for line, times in Counter(firsts).items() if times > 2}


def _goes_on(group: list[_Line], line: _Line, width: int) -> bool:
    """Whether a line belongs to the block before it, in a text broken at a width."""
    before = group[-1].text
    ended = re.search(r"[.:;!?…]['\"”’»)]*(?:\s+(?:and|or|та|і|або))?$", before) is not None
    full = len(before) + group[-1].indent > 0.75 * width
    small = line.text[0].islower() or before.endswith(("-", ","))
    room = width - len(before) - group[-1].indent - 1
    if marked(line.text) and (ended or line.apart or not full or len(group) == 1):
        return False
    if ended and ";" in before[-5:] and (not full or group[0].text[0].islower()):
        return False  # the end of an item
    if line.new_page or line.apart:
        return not ended and (small or (line.new_page and full))
    if marked(group[0].text) and line.indent > group[0].indent:
        return True  # under the words of an item, not under its mark
    fits = len(line.text.split()[0]) + (0 if ended else _SLACK) <= room
    return small or (full and not fits)
