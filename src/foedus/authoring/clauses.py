"""The clauses of an agreement: a text cut into nested parts, as its headings, numbers, letters and bullets have it.

What a mark means follows from where it stands: a style of mark that is open further up continues its list, a new one
opens a list below the paragraph before it. Nothing is known of any particular agreement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from foedus.authoring.layout import BULLETS, Block, blocks, marked

_UPPER_ROMAN = r"[IVXLІХ]+"
_PART = re.compile(
    rf"(?:part|chapter|section|title|paragraph|частина|розділ|глава|параграф)\s+({_UPPER_ROMAN}|\d+|[A-ZА-Я])\b"
    r"[.:)\s–—-]*(.*)",
    re.I | re.S,
)
_ARTICLE = re.compile(rf"(?:article|art\.|стаття|ст\.)\s*({_UPPER_ROMAN}|\d+)\b[.:)\s–—-]*(.*)", re.I | re.S)
_ANNEX = re.compile(r"(?:annex|appendix|додаток)\b[\s.:]*([IVX\d]*|[A-Z])\b.*", re.I | re.S)
_PREAMBLE = re.compile(r"(?:preamble|introduction|преамбула|вступ)[.:]?", re.I)
_SIGNED = re.compile(
    r"(?:signed|done)\s+(?:in|at|on|by)\b|in witness whereof|(?:підписано|вчинено|учинено|укладено)\b|"
    r"(?:for|on behalf of) (?:the )?[^.]{2,60}:|за [^.]{2,60}:",
    re.I,
)
_SIGNED_ON = re.compile(r"(?:signed|done|підписано|вчинено|учинено|укладено)\b.{0,80}\b20\d\d\b", re.I | re.S)
_NOTE = re.compile(r"\[(\d+)\]\s+(.*)", re.S)
_ROMAN = re.compile(rf"({_UPPER_ROMAN})(?:[.)]\s+|\s\s+)(.*)", re.S)
_NEXT_ROMAN = re.compile(rf"({_UPPER_ROMAN})\s+(.*)", re.S)
_LOOK_ALIKES = str.maketrans("ІХ", "IX")
_NUMBER = re.compile(r"\(?(\d{1,3}(?:\.\d{1,3})*)(?:[.)]\s+|(?<=\.\d)\s+|\.(?=[^\W\d_]))(.*)", re.S)
_CAPITAL = re.compile(r"([A-ZА-Я])[.)]\s+(.*)", re.S)
_SMALL = re.compile(r"\(?([^\W\d_]|[ivxlіх]+)[.)]\s+(.*)", re.S)
_INNER = re.compile(r"\((\d{1,3}|[^\W\d_]|[ivxlіх]+)\)\s+(.*)", re.S | re.I)
_BULLET = re.compile(rf"([{re.escape(BULLETS)}]|o)\s+(.*)", re.S)

_LONGEST_HEADING = 14  # words
_SHORTEST_BODY = 0.6  # of the text: signatures and date stand in its last part
_ROOTS = ("title", "preamble", "signature", "note", "annex")


@dataclass(eq=False)
class Clause:
    """A part of a text: `kind` is a concept of the vocabulary clause-kind, the span counts code points from 0.

    `number` and `heading` are as the text prints them, `mark` is what stands before the words, `words` the block
    without it, and `first` the end of the stretch from `start` on that no page break interrupts. `path` names the
    clause within its text.
    """

    kind: str
    number: str
    heading: str
    mark: str
    words: str
    start: int
    end: int
    first: int
    style: str
    path: str = ""
    parent: Clause | None = None
    parts: list[Clause] = field(default_factory=list)

    @property
    def container(self) -> bool:
        """Whether it is a heading with what stands below it, and not a paragraph."""
        return self.kind in _ROOTS or bool(self.heading) or self.style in ("part", "article")

    def walk(self) -> Iterator[Clause]:
        """The clauses below it, in the order of the text."""
        for part in self.parts:
            yield part
            yield from part.walk()

    @property
    def own_end(self) -> int:
        """Where its own words end and its parts begin."""
        return self.parts[0].start if self.parts else self.end

    @property
    def locator(self) -> str:
        """Its place for a reader: numbers and headings from the outermost to its own, as the text has them."""
        above = f"{self.parent.locator}, " if self.parent and self.parent.parent else ""
        if self.style in ("part", "article"):
            return above + self.mark.rstrip(" .:–—-")
        if self.kind in _ROOTS:
            return f"{self.kind} {self.number}".strip()
        if self.number:
            return above + (f"({self.number})" if self.kind == "item" else self.number)
        if self.heading:
            return above + " ".join(self.heading.split()[:8])
        beside = [part for part in self.parent.parts if part.style == self.style] if self.parent else [self]
        noun = "bullet" if self.kind == "item" else "unnumbered paragraph"
        return f"{above}{noun} {next(i for i, part in enumerate(beside, 1) if part is self)}"

    @property
    def root(self) -> Clause:
        """The outermost clause that it belongs to."""
        return self.parent.root if self.parent and self.parent.parent else self


def cut(text: str) -> Clause:
    """A text cut into clauses: a clause without number or heading that stands for the whole, and below it its parts."""
    whole = Clause("", "", "", "", "", 0, len(text), 0, "")
    found = blocks(text)
    cutter = _Cutter(whole, found)
    i = 0
    while i < len(found):
        if cutter.hides_heading(found[i]):
            found[i : i + 1] = found[i].split()
        cutter.add(i, found[i])
        i += 1
    _close(whole)
    _name(whole)
    return whole


class _Cutter:
    """Puts block after block under the clause to which it belongs; `stack` holds the clauses that are open."""

    def __init__(self, whole: Clause, found: list[Block]) -> None:
        self._found = found
        self._stack = [whole]
        self._size = found[-1].end if found else 0

    def add(self, i: int, block: Block) -> None:
        clause = self._read(i, block)
        if clause is None:
            return
        parent = self._place(i, clause)
        while self._stack[-1] is not parent:
            self._stack.pop()
        clause.parent = parent
        parent.parts.append(clause)
        self._stack.append(clause)

    def hides_heading(self, block: Block) -> bool:
        """Whether a block's first line is the next of a row of numbered headings, with its text joined to it."""
        if len(block.lines) < 2 or not block.lines[1].text[:1].isupper() or not (m := _NUMBER.fullmatch(block.text)):
            return False
        style = "number in brackets heading" if block.text.startswith("(") else "number heading"
        before = self._last(style)
        line = _NUMBER.fullmatch(block.lines[0].text)
        return bool(before and line and _is_next(before.number, m[1]) and _is_heading(line[2]))

    # What a block is

    def _read(self, i: int, block: Block) -> Clause | None:
        """The clause that a block begins, or None where it continues the title, the signatures or an annex's head."""
        top = self._stack[1] if len(self._stack) > 1 else None
        text = block.text
        if top is not None and top.kind == "title" and len(self._stack) == 2 and self._is_title(i, block):
            self._goes_on(top, block)
            return None
        if note := _NOTE.match(text):
            return self._clause("note", note[1], "", note[2], block, "note")
        if (annex := _ANNEX.fullmatch(text)) and _is_heading(text):
            return self._clause("annex", annex[1], text, text, block, "annex")
        if top is not None and top.kind == "signature":
            self._goes_on(top, block)
            return None
        if top is not None and top.kind == "annex" and not top.parts and not block.apart and _is_short(text):
            self._goes_on(top, block)
            return None
        if (_SIGNED.match(text) and block.start > _SHORTEST_BODY * self._size) or _SIGNED_ON.match(text):
            return self._clause("signature", "", "", text, block, "signature")
        if len(self._stack) == 1 and not self._stack[0].parts and self._is_title(i, block):
            return self._clause("title", "", text, text, block, "title")
        return self._headed(i, block) or self._listed(i, block) or self._plain(i, block)

    def _is_title(self, i: int, block: Block) -> bool:
        """Whether a block at the beginning belongs to the title: short, without a mark, before the preamble."""
        after = self._found[i + 1] if i + 1 < len(self._found) else None
        is_preamble = _PREAMBLE.fullmatch(block.text) is not None
        named = _PART.fullmatch(block.text) or _ARTICLE.fullmatch(block.text) or _ROMAN.fullmatch(block.text)
        if i > 0 and (marked(block.text) or (block.apart and after is not None and marked(after.text))):
            return False
        ended = block.text.endswith((",", ";", ":")) or (i > 0 and block.text.endswith("."))
        short = len(block.text.split()) <= 3 * _LONGEST_HEADING and not ended
        return after is not None and short and not is_preamble and not (named and _is_heading(block.text))

    def _headed(self, i: int, block: Block) -> Clause | None:
        """A clause with a heading, numbered or not."""
        text = block.text
        if _PREAMBLE.fullmatch(text) and not any(part.kind != "title" for part in self._stack[0].parts):
            return self._clause("preamble", "", text, text, block, "preamble")
        for pattern, kind in ((_PART, "part"), (_ARTICLE, "article")):
            if (match := pattern.fullmatch(text)) and (not match[2] or _is_heading(match[2])):
                return self._clause(kind, match[1], match[2].strip(), match[2], block, kind)
        if (match := _ROMAN.fullmatch(text)) and _is_heading(match[2]) and self._is_roman(match[1]):
            kind = "preamble" if match[2].lower().startswith(("preamble", "преамбула")) else "part"
            return self._clause(kind, match[1], match[2], match[2], block, "roman")
        if (match := _NEXT_ROMAN.fullmatch(text)) and _is_heading(match[2]) and self._follows_roman(match[1]):
            return self._clause("part", match[1], match[2], match[2], block, "roman")
        if not self._followed(i):
            return None
        for pattern, mark in ((_CAPITAL, "capital"), (_SMALL, "letter"), (_NUMBER, "number")):
            style = mark + (" in brackets" if text.startswith("(") else "")
            if (match := pattern.fullmatch(text)) and not self._lists(i, match[1], style):
                longest = _LONGEST_HEADING if marked(self._found[i + 1].text) else 2 * _LONGEST_HEADING
                if _is_heading(match[2], longest):
                    return self._clause("part", match[1], match[2], match[2], block, f"{style} heading")
        if _is_heading(text) and not marked(text) and not self._found[i - 1].text.endswith((";", " and")):
            return self._clause("part", "", text, text, block, "heading")
        return None

    def _lists(self, i: int, number: str, style: str) -> bool:
        """Whether a short block with a number or letter is an item of a list, not a heading."""
        before, after = self._found[i - 1].text, self._found[i + 1].text
        if before.endswith((";", " and", " or")) or self._found[i].text.endswith(";"):
            return True
        if before.endswith(":") and (marked(after) or not after.endswith(".")):
            return True
        if style == "number" and before.endswith(".") and not marked(after) and after.endswith("."):
            return False
        listed = [part for open in self._stack for part in open.parts if part.style == style]
        return any(_is_next(part.number, number) and part.parent in self._stack[1:] for part in listed) and not any(
            part.container for part in listed
        )

    def _followed(self, i: int) -> bool:
        """Whether a block is followed by something that may stand below a heading."""
        if i + 1 >= len(self._found):
            return False
        after = self._found[i + 1].text
        return not (after[0].islower() and not _SMALL.match(after) and not _BULLET.match(after))

    def _is_roman(self, number: str) -> bool:
        """Whether a capital such as C or D, of which some are Roman numerals, continues Roman ones and no letters."""
        if len(number) > 1 or number in "IVXІХ":
            before = self._last("capital heading")
            return not (before and _is_next(before.number, number))
        return self._last("roman") is not None and self._last("capital heading") is None

    def _follows_roman(self, number: str) -> bool:
        """Whether a Roman numeral without a full stop is the next of a row."""
        before = self._last("roman")
        return before is not None and _value(number) == _value(before.number) + 1

    def _last(self, style: str) -> Clause | None:
        """The last clause of a style that is open or was closed beside an open one."""
        for open in reversed(self._stack):
            for part in reversed(open.parts):
                if part.style == style:
                    return part
        return None

    def _listed(self, i: int, block: Block) -> Clause | None:
        """A numbered paragraph, or an item of a list."""
        text = block.text
        if match := _BULLET.fullmatch(text):
            inner = _INNER.fullmatch(match[2])
            number, words = (inner[1], inner[2]) if inner else ("", match[2])
            return self._clause("item", number, "", words, block, f"bullet {match[1]}")
        if match := _NUMBER.fullmatch(text):
            if inner := _INNER.fullmatch(match[2]):
                return self._clause("item", inner[1], "", inner[2], block, "inner")
            style = "number in brackets" if text.startswith("(") else "number"
            return self._clause("paragraph", match[1], "", match[2], block, style)
        if match := _SMALL.fullmatch(text):
            style = self._letter_style(match[1]) + (" in brackets" if text.startswith("(") else "")
            return self._clause("item", match[1], "", match[2], block, style)
        if (match := _CAPITAL.fullmatch(text)) and len(match[2].split()) > 2:
            return self._clause("item", match[1], "", match[2], block, "capital")
        return None

    def _letter_style(self, letter: str) -> str:
        """Letters or small Roman numerals: i, v and x are letters where they follow h, u or w."""
        if len(letter) > 1:
            return "small roman"
        before = self._last("letter") or self._last("letter in brackets")
        if letter in "ivxіх" and not (before and _is_next(before.number, letter)):
            return "small roman"
        return "letter"

    def _plain(self, i: int, block: Block) -> Clause:
        """A paragraph without a number; the first ones make up the preamble where nothing else does."""
        whole = self._stack[0]
        if all(part.kind == "title" for part in whole.parts):
            preamble = self._clause("preamble", "", "", block.text, block, "preamble")
            preamble.parent = whole
            whole.parts.append(preamble)
            self._stack[1:] = [preamble]
        return self._clause("paragraph", "", "", block.text, block, "plain")

    def _goes_on(self, clause: Clause, block: Block) -> None:
        clause.end = block.end
        clause.words += " " + block.text
        if clause.kind != "signature":
            clause.heading += " " + block.text

    def _clause(self, kind: str, number: str, heading: str, words: str, block: Block, style: str) -> Clause:
        mark = block.text.removesuffix(words).strip()
        return Clause(kind, number, heading, mark, words, block.start, block.end, block.first, style)

    # Where it belongs

    def _place(self, i: int, clause: Clause) -> Clause:
        whole = self._stack[0]
        annex = next((open for open in self._stack if open.kind == "annex"), None)
        if clause.kind in _ROOTS:
            return whole
        containers = [open for open in self._stack if open.container or open is whole]
        if clause.style == "part":
            return annex or whole
        if clause.container:
            containers = [open for open in containers if open.kind not in ("title", "preamble", "signature", "note")]
            same = next((open for open in containers if open.style == clause.style), None)
            return containers[containers.index(same) - 1] if same else containers[-1]
        if clause.style == "number":
            return self._number_place(clause, containers[-1])
        if clause.style == "plain":
            return self._plain_place(containers[-1], i)
        content = self._stack[self._stack.index(containers[-1]) + 1 :]
        for open in reversed([containers[-1], *content]):
            listed = [part.number for part in open.parts if part.style == clause.style]
            if listed and (not clause.number or _is_next(listed[-1], clause.number)):
                return open
        same = next((open for open in content if open.style == clause.style), None)
        if same is not None and same.parent is not None:
            return same.parent
        return content[-1] if content else containers[-1]

    def _number_place(self, clause: Clause, container: Clause) -> Clause:
        number = clause.number
        if "." in number:  # 1.2 stands below 1
            above = number.rsplit(".", 1)[0]
            parents = [open for open in self._stack if open.number.rstrip(".") == above]
            parents += [part for open in self._stack for part in open.parts if part.number == above]
            return parents[-1] if parents else container
        if not container.parts and container.parent is not None:
            return container
        for open in reversed(self._stack):
            numbers = [part.number for part in open.parts if part.style in ("number", "number heading")]
            if numbers and _is_next(numbers[-1], number):
                return open
        top = self._stack[-1]
        if number == "1" and not top.container and top.words.rstrip().endswith(":"):
            return top
        return container

    def _plain_place(self, container: Clause, i: int) -> Clause:
        """Below a numbered paragraph of the container, which it continues; otherwise in the container.

        In the middle of a list it stands beside the items.
        """
        content = self._stack[self._stack.index(container) + 1 :]
        after = _INNER.match(self._found[i + 1].text) if i + 1 < len(self._found) else None
        if content and after and _is_next(content[-1].number, after[1]):
            return content[-1].parent or container
        if content and content[0].style == "number":
            return content[0]
        return container


def _is_heading(text: str, longest: int = _LONGEST_HEADING) -> bool:
    """Whether words look like a heading: few, without a full stop, beginning with a capital or a digit."""
    first = text.lstrip("“\"'‘«( ")[:1]
    return _is_short(text, longest) and (first.isupper() or first.isdigit())


def _is_short(text: str, longest: int = _LONGEST_HEADING) -> bool:
    words = text.split()
    ended = text.rstrip().endswith((".", ";", ":", ",", "!", "?")) or words[-1:] in (["and"], ["or"])
    return 0 < len(words) <= longest and not ended


def _value(numeral: str) -> int:
    """The number that a Roman numeral stands for; Cyrillic letters that look like Latin ones count as these."""
    digits = [{"I": 1, "V": 5, "X": 10, "L": 50}.get(letter, 0) for letter in numeral.translate(_LOOK_ALIKES)]
    return sum(-digit if digit < after else digit for digit, after in zip(digits, [*digits[1:], 0], strict=True))


def _is_next(before: str, number: str) -> bool:
    """Whether a number or letter follows another directly."""
    if before.isdigit() and number.isdigit():
        return int(number) == int(before) + 1
    return len(before) == len(number) == 1 and ord(number) == ord(before) + 1


def _close(clause: Clause) -> None:
    """Let each clause end where the last of its parts does."""
    for part in clause.parts:
        _close(part)
    if clause.parts:
        clause.end = max(clause.end, clause.parts[-1].end)


def _name(clause: Clause) -> None:
    """Give each clause its path: numbers, letters and headings from the outermost to its own."""
    taken: dict[str, int] = {}
    counts: dict[str, int] = {}
    for part in clause.parts:
        if part.number:
            name = _slug(part.number)
        elif part.kind in ("preamble", "title", "signature", "annex"):
            name = part.kind
        elif part.heading:
            name = "-".join(_slug(part.heading).split("-")[:6])
        else:
            letter = "b" if part.style.startswith("bullet") else "p"
            counts[letter] = counts.get(letter, 0) + 1
            name = f"{letter}{counts[letter]}"
        if part.kind == "note":
            name = f"note-{name}"
        if part.kind == "annex" and part.number:
            name = f"annex-{name}"
        taken[name] = taken.get(name, 0) + 1
        if taken[name] > 1:
            name = f"{name}-{taken[name]}"
        part.path = f"{clause.path}.{name}" if clause.path else name
        _name(part)


#: Ukrainian letters in Latin ones, as the Cabinet of Ministers' resolution 55 of 2010 has them inside a word.
_LATIN = {
    **dict(zip("абвгґдезиіклмнопрстуф", "abvhgdezyiklmnoprstuf", strict=True)),
    **{"є": "ie", "ж": "zh", "ї": "i", "й": "i", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"},
    **{"ю": "iu", "я": "ia", "ь": "", "'": "", "’": ""},
}


def _slug(text: str) -> str:
    """A name of small Latin letters, digits and hyphens; Ukrainian is transliterated as passports have it."""
    latin = "".join(_LATIN.get(letter, letter) for letter in text.lower())
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-") or "x"
