"""The sections in which a thing is told, and the count of what of it they have told.

What no section has told is told by the labels of the ontology, so that a property or a class that is new there shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from foedus.around import Around, full, local
from foedus.datasets import ID

LONG = 30  # lines of a section that a page shows; of a tree of clauses twice as many
ALL = "`--format json` shows them"  # where the other lines are
#: Properties that stand in the head of the page or in its passages.
IN_HEAD = {full(p) for p in ("rdfs:label", "skos:altLabel", "rdf:type", "hasCitation")}
#: Properties by which a derivation names the thing, and that by which it names a premise.
_DERIVED = {full(p) for p in ("classifies", "outcomeFor", "dates")}
_FROM = "http://www.w3.org/ns/prov#wasDerivedFrom"
#: Properties that only machines read.
_UNTOLD = {full(p) for p in ("datePrecision", "rdfs:isDefinedBy", "owl:equivalentClass")}
_SHACL = "http://www.w3.org/ns/shacl#"
_IN_ORDER = """
    definition example scopeNote title creator publisher summary holder roleTitle roleIn speaker inRole eventType
    statementKind assesses feature verdict basis disagreementKind matter date dateAsWorded asOf notStated place occasion
    about quotedWords denies because committedBy beneficiary trigger response verbAsWorded deonticForce legalForce
    timeLimit wording hedge condition duration endCondition capability amount against designates term usedBy rejectedBy
"""
#: The order of facts; others follow by their labels.
_ORDER = _IN_ORDER.split()
#: What properties of other vocabularies, which have no label here, are called.
_FOREIGN = {"creator": "author", "inScheme": "vocabulary", "scopeNote": "note", "subClassOf": "kind of"}


class Line(NamedTuple):
    """One line of a section, `depth` levels in, with the slugs of the sources that say it."""

    depth: int
    text: str
    sources: tuple[str, ...] = ()


class Section(NamedTuple):
    """What is told under one heading; a page shows so many lines of it, and `more` says where the others are."""

    heading: str
    lines: tuple[Line, ...]
    more: str = ALL
    shown: int = LONG


class Page:
    """The sections of one thing in the making, and what of it they have told.

    `resting` has the number of things that rest on it, by the IRI of their class, where it is a source.
    """

    def __init__(self, around: Around, resting: Mapping[str, int]) -> None:
        self.around = around
        self.resting = resting
        self.sections: list[Section] = []
        self._told: set[tuple[str, str]] = set()  # properties of the thing, and properties and nodes that name it

    def add(self, heading: str, lines: Iterable[Line], more: str = ALL, shown: int = LONG) -> None:
        """A section, where there is anything to tell."""
        if told := tuple(lines):
            self.sections.append(Section(heading, told, more, shown))

    def own(self, prop: str) -> list[tuple[str, tuple[str, ...]]]:
        """The things to which the thing is related by a property, with their sources: told from now on."""
        self._told.add((full(prop), ""))
        return [(t.value, s) for t, s in self.around.values(self.around.iri, prop) if t.kind == "iri"]

    def naming(self, prop: str, name: str = "") -> list[str]:
        """The nodes, of one class where it is named, that a property relates to the thing: told from now on."""
        found = self.around.naming(self.around.iri, prop)
        found = [n for n in found if not name or self.around.has_class(n, name)]
        self._told.update((full(prop), n) for n in found)
        return found

    def others(self, prop: str, text: str) -> list[Line]:
        """What a property relates to the thing, a line each in the form of `text`: told from now on."""
        found = [f for f in self.around.facts if f.way == "in" and f.property == full(prop) and f.other.kind == "iri"]
        self._told.update((f.property, f.other.value) for f in found)
        return [Line(0, text.format(other=f.other_label, label=f.property_label), f.sources) for f in found]

    def rest(self) -> None:
        """Put names and what is left of the facts before the sections, and what else names the thing after them."""
        around = self.around
        named = [
            Line(0, term.value, sources)
            for prop in ("rdfs:label", "skos:altLabel")
            for term, sources in around.values(around.iri, prop)
            if term.value != around.name(around.iri)
        ]
        derived = []
        for node in self.naming("dates"):
            text = f"{around.bounds(node)}, {around.text(node, 'derivedBy')}. {around.text(node, 'summary')}"
            derived.append(Line(0, f"{around.label(full('DerivedDate'))}: {text}", around.sources(node)))
        follows, elsewhere = self._derived(), self._elsewhere()
        middle, self.sections = self.sections, []
        self.add("Also called", named)
        self.add("Facts", [*self._facts(), *derived])
        self.add("Derived (`foedus why` tells why)", follows)
        self.add("Known elsewhere", elsewhere)
        self.sections += middle
        left = [f for f in around.facts if f.way == "in" and (f.property, f.other.value) not in self._told]
        left = [f for f in left if f.other.kind == "iri" and not f.property.startswith(_SHACL)]
        self.add("Also named", [Line(0, f"as {_plain(f.property_label)}: {f.other_label}", f.sources) for f in left])

    def _elsewhere(self) -> list[Line]:
        """What others identify as the thing, or what may be it, and where it was sought in vain; a line each."""
        around = self.around
        lines = []
        for node in self.naming("linkedThing"):
            authority = around.text(node, "authority")
            if around.has_class(node, "LinkSearch"):
                lines.append(Line(0, f"{authority}: sought in vain on {around.text(node, 'checkedOn')}"))
                continue
            target = around.nodes(node, "linkTarget")
            told = [around.text(node, "skos:notation"), *(iri for iri in target if not iri.startswith(ID))]
            text = f"{authority}: {', '.join(told)}"
            if around.has_class(node, "LinkCandidate"):
                text += " (not confirmed)"
            elif "close" in "".join(around.nodes(node, "matchKind")):
                text += f" (close: {around.text(node, 'skos:note')})"
            lines.append(Line(0, text))
        if lines:
            self._told.update((full(p), "") for p in ("skos:exactMatch", "skos:closeMatch", "skos:notation"))
        return lines

    def _derived(self) -> list[Line]:
        """What is derived of the thing, a line each; that something else is derived from it is not told."""
        found = [f for f in self.around.facts if f.way == "in" and f.property in _DERIVED]
        found = [f for f in found if (f.property, f.other.value) not in self._told]
        self._told.update((f.property, f.other.value) for f in self.around.facts if f.property in {*_DERIVED, _FROM})
        label = self.around.name(self.around.iri)
        return [
            Line(
                0,
                f.other_label.removesuffix(" (derived)").removeprefix(f"{label}, ").removeprefix(f"{label}: "),
                f.sources,
            )
            for f in found
        ]

    def _facts(self) -> list[Line]:
        """What the thing says itself and no section has told: a line for a property and those who say it."""
        around = self.around
        names = {f.property: _plain(f.property_label) for f in around.facts if f.way == "out"}
        left = [p for p in names if (p, "") not in self._told and p not in IN_HEAD | _UNTOLD]
        left.sort(key=lambda p: (_ORDER.index(local(p)) if local(p) in _ORDER else len(_ORDER), names[p]))
        lines = []
        for prop in left:
            found = around.values(around.iri, prop)
            said: dict[tuple[str, ...], list[str]] = {}
            for term, sources in [v for v in found if v[0].language == "en"] or found:
                if text := around.say(around.iri, prop, term):
                    said.setdefault(sources, []).append(text)
            lines += [Line(0, f"{names[prop]}: {', '.join(texts)}", sources) for sources, texts in said.items()]
        return lines


def _plain(name: str) -> str:
    """The name of a property; of one without a label the last part of its IRI."""
    last = local(name)
    return _FOREIGN.get(last, last)
