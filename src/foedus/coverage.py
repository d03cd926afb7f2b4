"""Coverage of the texts: which passages carry facts, which were read and set aside, and what nobody has looked at.

A citation counts where it supports something and can be proved, a set-aside passage where it can be proved. What lies
in none of them and holds a letter or a digit is a gap; the raised numbers of notes, punctuation and bullets are none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pyoxigraph as ox

from foedus.catalog import near
from foedus.citations import LETTER, WHOLE, WORD, Described, describe, fault, read_texts
from foedus.datasets import NS, SOURCE, turtle_files
from foedus.errors import UnknownName
from foedus.names import shorten

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_UNREAD, _SET_ASIDE, _FACTS = range(3)


class ReadPassage(NamedTuple):
    """A passage that was read: the things (IRIs) that it supports, or the concept as which it was set aside.

    `line` is counted from 1 and the span in code points from 0; `kinds` has the label of each kind of the things with
    their number, the most frequent first; `reason` is the label of `set_aside_as`.
    """

    iri: str
    line: int
    start: int
    end: int
    locator: str
    phrase: str
    things: tuple[str, ...]
    kinds: tuple[tuple[str, int], ...]
    set_aside_as: str | None
    reason: str

    def to_dict(self) -> dict[str, object]:
        """The passage as plain lists and dictionaries, for JSON."""
        return {
            **{name: value for name, value in self._asdict().items() if name not in ("things", "kinds")},
            "things": list(self.things),
            "kinds": dict(self.kinds),
        }


class Gap(NamedTuple):
    """A stretch of one line that lies in no passage."""

    line: int
    start: int
    end: int
    text: str


class SourceCoverage(NamedTuple):
    """A source with its passages and gaps in the order of the text, and the numbers of its words.

    Where its text is not the one that was cited, or is not at hand, `fault` says so and nothing else is known.
    A passage that cannot be proved is in `unproved`, its IRI with what is wrong, and covers nothing.
    """

    iri: str
    title: str
    fault: str = ""
    facts: int = 0
    set_aside: int = 0
    unread: int = 0
    passages: tuple[ReadPassage, ...] = ()
    gaps: tuple[Gap, ...] = ()
    unproved: tuple[tuple[str, str], ...] = ()

    @property
    def slug(self) -> str:
        """The name of the source."""
        return self.iri.removeprefix(SOURCE)

    @property
    def words(self) -> int:
        """The number of words of the text, each counted once."""
        return self.facts + self.set_aside + self.unread

    @property
    def things(self) -> set[str]:
        """The IRIs of all the things that the passages support."""
        return {thing for passage in self.passages for thing in passage.things}

    @property
    def complete(self) -> bool:
        """Whether the text is the one that was cited, every passage is proved and none was left unread."""
        return not (self.fault or self.gaps or self.unproved)

    def to_dict(self) -> dict[str, object]:
        """The source as plain lists and dictionaries, for JSON."""
        words = {"all": self.words, "facts": self.facts, "set_aside": self.set_aside, "unread": self.unread}
        return {
            "source": self.iri,
            "slug": self.slug,
            "title": self.title,
            "fault": self.fault or None,
            "words": None if self.fault else words,
            "passages": [passage.to_dict() for passage in self.passages],
            "gaps": [gap._asdict() for gap in self.gaps],
            "unproved": [{"iri": iri, "message": message} for iri, message in self.unproved],
        }


def coverage(folder: str, texts: str, sources: Sequence[str] = ()) -> list[SourceCoverage]:
    """How the texts below the folder `texts` are covered by the graph in `folder`: each source, or those named.

    Raises InputError where `texts` is no folder or holds none of the texts, and UnknownName for a slug that is none.
    """
    described = describe(turtle_files(folder))
    read = read_texts(described, texts)
    slugs = [iri.removeprefix(SOURCE) for iri in read.sources]
    for slug in sources:
        if slug not in slugs:
            raise UnknownName("source", slug, near(slug, slugs), todo=f"Sources: {', '.join(slugs) or 'none'}.")
    supported: dict[str, list[str]] = {}
    passages: dict[str, list[str]] = {}
    for iri, values in sorted(described.items()):
        for citation in dict.fromkeys(values.get(NS + "hasCitation", ())):
            supported.setdefault(citation.value, []).append(iri)
        if NS + "phrase" in values:
            for source in values.get(NS + "source", ()):
                passages.setdefault(source.value, []).append(iri)
    found = []
    for iri, slug in zip(read.sources, slugs, strict=True):
        if sources and slug not in sources:
            continue
        title = _label(described, iri)
        if iri in read.faults:
            found.append(SourceCoverage(iri, title, read.faults[iri]))
            continue
        text = read.contents[iri]
        faults = {passage: fault(described[passage], read.contents) for passage in passages.get(iri, ())}
        proved = [_passage(described, p, text, supported.get(p, [])) for p, message in faults.items() if not message]
        proved.sort(key=lambda p: (p.start, -p.end, p.iri))
        marks = _marks(len(text), proved)
        words = _words(text, marks)
        found.append(
            SourceCoverage(
                iri,
                title,
                facts=words[_FACTS],
                set_aside=words[_SET_ASIDE],
                unread=words[_UNREAD],
                passages=tuple(proved),
                gaps=tuple(_gaps(text, marks)),
                unproved=tuple((passage, message) for passage, message in faults.items() if message),
            )
        )
    return found


def _passage(described: Described, iri: str, text: str, things: list[str]) -> ReadPassage:
    values = described[iri]
    start, end = (int(values[NS + name][0].value) for name in ("start", "end"))
    kinds = Counter(_label(described, kind) for thing in things for kind in _kind(described, thing))
    aside = values[NS + "setAsideAs"][0].value if NS + "setAsideAs" in values else None
    return ReadPassage(
        iri,
        text.count("\n", 0, start) + 1,
        start,
        end,
        values[NS + "locator"][0].value if NS + "locator" in values else "",
        values[NS + "phrase"][0].value,
        tuple(things),
        tuple(sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))),
        aside,
        _label(described, aside) if aside else "",
    )


def _kind(described: Described, thing: str) -> list[str]:
    """The most general class of a thing, in a list that is empty where none is stated."""
    classes = _ours(described, thing, _RDF_TYPE)
    return [c for c in classes if not _ours(described, c, _RDFS + "subClassOf")][:1] or classes[:1]


def _ours(described: Described, iri: str, property: str) -> list[str]:
    """The classes of our ontology that are a value of the property."""
    return sorted(c.value for c in described.get(iri, {}).get(property, ()) if c.value.startswith(NS))


def _label(described: Described, iri: str) -> str:
    for label in described.get(iri, {}).get(_RDFS + "label", ()):
        if isinstance(label, ox.Literal) and label.language == "en":
            return label.value
    return shorten(iri)


def _marks(length: int, passages: list[ReadPassage]) -> bytearray:
    """For each character whether it is unread, set aside, or in a passage that carries facts."""
    marks = bytearray(length)
    for passage in sorted(passages, key=lambda p: bool(p.things)):  # a fact inside a set-aside passage is a fact
        if passage.locator != WHOLE and (passage.things or passage.set_aside_as):
            mark = _FACTS if passage.things else _SET_ASIDE
            marks[passage.start : passage.end] = bytes([mark]) * (passage.end - passage.start)
    return marks


def _words(text: str, marks: bytearray) -> Counter[int]:
    """The number of words by mark; a word is as little read as its least read letter."""
    return Counter(
        min(marks[letter.start()] for letter in LETTER.finditer(text, *word.span())) for word in WORD.finditer(text)
    )


def _gaps(text: str, marks: bytearray) -> list[Gap]:
    found = []
    offset = 0
    for number, line in enumerate(text.split("\n"), start=1):
        for stretch in re.finditer(rb"\x00+", marks[offset : offset + len(line)]):
            piece = line[stretch.start() : stretch.end()]
            if LETTER.search(piece):
                shown = piece.strip()
                start = offset + stretch.start() + piece.index(shown)
                found.append(Gap(number, start, start + len(shown), shown))
        offset += len(line) + 1
    return found
