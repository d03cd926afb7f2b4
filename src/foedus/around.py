"""One thing and the nodes around it: what each says, in the words in which people read it, and in which sources."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from foedus.answers import Row, Term
from foedus.catalog import is_date
from foedus.datasets import GRAPH, ID, NS, SOURCE
from foedus.names import expand, shorten

#: Properties whose value is in the words of a source.
_QUOTED = {"verbAsWorded", "wording", "quotedWords", "term", "phrase", "searchedFor"}
_QUOTED |= {"dateAsWorded", "countedAs", "countAsWorded"}


class Fact(NamedTuple):
    """One statement about a thing: "out" where the thing is its subject, "in" where it is its object.

    `sources` are the slugs of the graphs that hold it.
    """

    way: str
    property: str
    property_label: str
    other: Term
    other_label: str
    sources: tuple[str, ...]


def facts(rows: Iterable[Row], names: dict[str, str]) -> list[Fact]:
    """The facts in `rows` of `way`, `property`, `other` and `graph`, those that the thing states itself first."""
    found: dict[tuple[str, str, Term], set[str]] = {}
    for row in rows:
        other = row["other"]
        assert other is not None
        held = found.setdefault((str(row["way"]), str(row["property"]), other), set())
        if row["graph"] is not None:
            held.add(str(row["graph"]).removeprefix(GRAPH))

    def label_of(term: Term) -> str:
        return names.get(term.value) or shorten(term.value) if term.kind == "iri" else term.value

    told = [
        Fact(way, prop, names.get(prop) or shorten(prop), other, label_of(other), tuple(sorted(held)))
        for (way, prop, other), held in found.items()
    ]
    return sorted(told, key=lambda f: (f.way != "out", f.property_label, f.other_label, f.other.value))


class Around:
    """The thing and the nodes around it: what each says, and in which sources."""

    def __init__(self, iri: str, names: dict[str, str], facts: Sequence[Fact], rows: Iterable[Row]) -> None:
        self.iri = iri
        self.facts = facts
        self._names = names
        self._slugs = {thing.removeprefix(SOURCE) for thing in names if thing.startswith(SOURCE)}
        self._values: dict[str, dict[str, dict[Term, set[str]]]] = {}
        self._naming: dict[tuple[str, str], set[str]] = {}
        for fact in facts:
            if fact.way == "out":
                self._add(iri, fact.property, fact.other, fact.sources)
        for row in rows:
            other = row["other"]
            assert other is not None
            held = () if row["graph"] is None else (str(row["graph"]).removeprefix(GRAPH),)
            self._add(str(row["node"]), str(row["property"]), other, held)

    def _add(self, node: str, prop: str, value: Term, held: Iterable[str]) -> None:
        self._values.setdefault(node, {}).setdefault(prop, {}).setdefault(value, set()).update(held)
        if value.kind == "iri":
            self._naming.setdefault((value.value, prop), set()).add(node)

    def name(self, iri: str) -> str:
        """What a thing is called."""
        return self._names.get(iri) or shorten(iri)

    def label(self, iri: str) -> str:
        """The name of a thing; where only one source has it, without the name of that source in brackets."""
        label = self.name(iri)
        own = iri.startswith(ID) and iri.rpartition("/")[2].partition(".")[0] in self._slugs
        return re.sub(r" \([^()]*\)$", "", label) if own else label

    def values(self, node: str, prop: str) -> list[tuple[Term, tuple[str, ...]]]:
        """The values of a property of a node, with their sources, in order of what they are called."""
        found = self._values.get(node, {}).get(full(prop), {})

        def key(term: Term) -> tuple[str, ...]:
            shown = self.label(term.value) if term.kind == "iri" else term.value
            return shown, term.value, term.language or "", term.datatype or ""

        return [(term, tuple(sorted(found[term]))) for term in sorted(found, key=key)]

    def nodes(self, node: str, prop: str) -> list[str]:
        """The things to which a property relates a node."""
        return [term.value for term, _ in self.values(node, prop) if term.kind == "iri"]

    def naming(self, node: str, prop: str) -> list[str]:
        """The nodes around the thing that a property relates to `node`, in order of what they are called."""
        return sorted(self._naming.get((node, full(prop)), ()), key=lambda n: (self.label(n), n))

    def has_class(self, node: str, name: str) -> bool:
        """Whether a node is of a class of the ontology."""
        return any(t.value == NS + name for t in self._values.get(node, {}).get(full("rdf:type"), ()))

    def sources(self, node: str) -> tuple[str, ...]:
        """On whose word a node stands: the sources that it names, or the graphs that hold it."""
        named = [iri.removeprefix(SOURCE) for iri in self.nodes(node, "accordingTo")]
        held = {s for _, sources in self.values(node, "rdf:type") for s in sources}
        return tuple(sorted(named or held))

    def text(self, node: str, prop: str, separator: str = ", ") -> str:
        """The values of a property of a node as people read them, English ones where there are any."""
        found = [term for term, _ in self.values(node, prop)]
        english = [t for t in found if t.language == "en"] or found
        return separator.join(said for t in english if (said := self.say(node, prop, t)))

    def say(self, node: str, prop: str, term: Term) -> str:
        """One value of a property of a node as people read it; nothing for what only a machine reads."""
        if term.kind == "blank":
            return self._union(term.value)
        if term.kind == "iri":
            return self._describe(term.value)
        if local(prop) in _QUOTED:
            return f"“{term.value}”"
        if (term.datatype or "").endswith("#date"):
            return _day(term.value, "".join(self.nodes(node, "datePrecision") if local(prop) == "date" else ()))
        if (term.datatype or "").endswith("#duration"):
            return _duration(term.value)
        return term.value

    def _describe(self, iri: str) -> str:
        """A thing by its name; what has no name worth reading by what it says."""
        if self.has_class(iri, "Hedge"):
            return f"{self.text(iri, 'wording')} ({self.text(iri, 'hedgeKind')})"
        if self.has_class(iri, "Condition"):
            return self.text(iri, "wording")
        if self.has_class(iri, "Amount"):
            return f"{_number(self.text(iri, 'amountValue'))} {self.text(iri, 'currency')}".strip()
        if self.has_class(iri, "RoleHolding"):
            title, body = self.text(iri, "roleTitle"), self.text(iri, "roleIn")
            return title if _letters(body) in _letters(title) else f"{title}, {body}"
        return self.label(iri)

    def _union(self, blank: str) -> str:
        """The classes of a union, as a domain or a range has it."""
        found: list[str] = []
        here = next((t.value for t, _ in self.values(blank, "owl:unionOf")), "")
        while first := self.nodes(here, "rdf:first"):
            found += [self.label(iri) for iri in first]
            here = next((t.value for t, _ in self.values(here, "rdf:rest")), "")
        return " or ".join(found)

    def when(self, node: str) -> str:
        """The time of a node: its date, or the words for it, with a derived date marked as such."""
        told = self.text(node, "date") or self.text(node, "dateAsWorded")
        if not told and (day := self.text(node, "asOf")):
            told = f"as of {day}"
        derived = "; ".join(f"derived: {self.bounds(d)}" for d in self.naming(node, "dates"))
        return f"{told} ({derived})" if told and derived else told or derived

    def bounds(self, derived: str) -> str:
        """The day of a derived date, or the days between which it lies."""
        first, last = self.text(derived, "notBefore"), self.text(derived, "notAfter")
        if first == last:
            return first
        return " and ".join(filter(None, (first and f"not before {first}", last and f"not after {last}")))

    def time(self, node: str) -> tuple[str, str]:
        """The key by which nodes come in order of time, those without a date last."""
        dated = [t.value for n in (node, *self.nodes(node, "occasion")) for t, _ in self.values(n, "date")]
        derived = [t.value for d in self.naming(node, "dates") for t, _ in self.values(d, "notBefore")]
        held = [t.value for t, _ in self.values(node, "asOf")]
        return min(dated or derived or held or ["9999"]), self.label(node)

    def place(self, node: str) -> tuple[str, list[int], str]:
        """The key by which nodes come in order of their passages in the text of their source."""
        starts = [start for c in self.nodes(node, "hasCitation") for start in self.numbers(c, "start")]
        return "".join(self.sources(node)), sorted(starts), self.label(node)

    def numbers(self, node: str, prop: str) -> list[int]:
        """The values of a property of a node that are whole numbers."""
        return [int(t.value) for t, _ in self.values(node, prop) if t.value.isdecimal()]


def full(prop: str) -> str:
    """The IRI of a property, which one of the ontology gives by its name alone, and another with its prefix."""
    return expand(prop) or prop if ":" in prop else NS + prop


def local(prop: str) -> str:
    """The last part of the IRI of a property."""
    return re.split("[:/#]", prop)[-1]


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


# What is not written as the ontology asks is told as it is written.


def _day(date: str, precision: str) -> str:
    if not is_date(date):
        return date
    year, month, day = date.split("-")
    if precision.endswith("/year"):
        return year
    name = f"{calendar.month_name[int(month)]} {year}"
    return name if precision.endswith("/month") else f"{int(day)} {name}"


def _duration(lexical: str) -> str:
    match = re.fullmatch(r"P([0-9]+)([YMD])", lexical)
    if not match:
        return lexical
    unit = {"Y": "year", "M": "month", "D": "day"}[match[2]]
    return f"{match[1]} {unit}{'' if match[1] == '1' else 's'}"


def _number(decimal: str) -> str:
    return f"{Decimal(decimal):,}" if re.fullmatch(r"[0-9]+(\.[0-9]+)?", decimal) else decimal
