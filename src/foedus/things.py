"""One thing, and all that the graph says of it: found by slug, label, alias or IRI, and told in sections.

The facts come from a handful of queries, whatever the thing: its own statements and those that name it, and one path
for its kind (`_REACH`) to the nodes around it. A template for its kind puts these into sections; what no template has
told is told by the labels of the ontology, so that a property or a class that is new there still shows.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from foedus.answers import Passage, Row, Term
from foedus.catalog import near
from foedus.datasets import GRAPH, ID, NS, SOURCE
from foedus.errors import UnknownName
from foedus.names import expand, shorten

if TYPE_CHECKING:
    from foedus.graph import Graph

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE = _RDF + "type"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_SHACL = "http://www.w3.org/ns/shacl#"
_TERMS = "http://purl.org/dc/terms/"

_LABELS = """
PREFIX f: <https://w3id.org/foedus/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?label ?rank WHERE {
  { ?thing rdfs:label ?label . BIND(1 AS ?rank) }
  UNION
  { ?thing skos:altLabel ?label . BIND(2 AS ?rank) }
  UNION
  { ?thing f:phrase ?label . BIND(3 AS ?rank) }
}
"""
_ABOUT = """
SELECT DISTINCT ?way ?property ?other ?graph WHERE {
  { <%(iri)s> ?property ?other . BIND("out" AS ?way) OPTIONAL { GRAPH ?graph { <%(iri)s> ?property ?other } } }
  UNION
  { ?other ?property <%(iri)s> . BIND("in" AS ?way) OPTIONAL { GRAPH ?graph { ?other ?property <%(iri)s> } } }
}
"""
_AROUND = """
PREFIX f: <https://w3id.org/foedus/ns/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?node ?property ?other ?graph WHERE {
  <%(iri)s> %(path)s ?node .
  ?node ?property ?other .
  OPTIONAL { GRAPH ?graph { ?node ?property ?other } }
}
"""
_RESTING = """
PREFIX f: <https://w3id.org/foedus/ns/>
SELECT ?class (COUNT(DISTINCT ?node) AS ?number) WHERE {
  ?citation f:source <%(iri)s> . ?node f:hasCitation ?citation ; a ?class
} GROUP BY ?class
"""
_PASSAGES = """
SELECT ?thing WHERE { VALUES ?thing { <%s> } }
"""
_PARTS = "(f:hedge|f:condition|f:endCondition|f:amount)?"
#: From a thing of a class to the nodes around it that its page tells of; the first class that it has counts.
_REACH = {
    ("Instrument", "InstrumentGroup"): f"(f:hasClause*/(f:hasCitation|(f:creates?/{_PARTS})))"
    f"|(^f:underInstrument/(^f:designates|(f:comprises/{_PARTS}))?)|f:endCondition|f:amount"
    "|((^f:stateOf|^f:participationIn|^f:assesses|^f:designates|^f:usedBy|^f:counts|^f:involves)/(^f:dates|f:feature)?)"
    "|(^f:about/(f:inRole|f:occasion|f:hasPosition|^f:dates)?)",
    ("Actor",): "((^f:speaker|^f:about)/(f:inRole|f:occasion|f:hasPosition|^f:dates)?)|^f:holder|^f:roleIn"
    "|(^f:participant/(f:participationIn/(^f:dates)?)?)|(^f:involves/(^f:dates)?)|^f:usedBy|^f:rejectedBy"
    f"|((^f:committedBy|^f:beneficiary)/({_PARTS}|^f:comprises))",
    ("Clause",): f"(f:hasClause*/(f:hasCitation|(f:creates?/{_PARTS})))|^f:hasClause*",
    ("Commitment",): f"{_PARTS}|(^f:creates/^f:hasClause*)",
    ("Guarantee",): f"f:comprises/{_PARTS}",
    ("Statement",): "f:inRole|f:occasion|^f:dates|(^f:about/f:hasPosition?)",
    (
        "Event",
    ): "^f:dates|^f:participationIn|(^f:partOf/(^f:dates)?)|((^f:occasion|^f:about)/(f:inRole|f:hasPosition)?)",
    ("Source",): "f:cites|^f:dates",
    ("Disagreement",): "f:hasPosition",
    ("Citation",): "^f:hasCitation",
    (): "(((rdfs:domain|rdfs:range)/(owl:unionOf/rdf:rest*)?)|(^f:about/f:hasPosition?)|^f:dates)?",
}
#: Properties that stand in the head of the page or in its passages, or that only machines read.
_IN_HEAD = {_RDFS + "label", _SKOS + "altLabel", _TYPE, NS + "hasCitation"}
_UNTOLD = {NS + "datePrecision", _RDFS + "isDefinedBy", _OWL + "equivalentClass"}
#: Properties whose value is in the words of a source.
_QUOTED = {"verbAsWorded", "wording", "quotedWords", "term", "phrase", "searchedFor"}
_QUOTED |= {"dateAsWorded", "countedAs", "countAsWorded"}
_IN_ORDER = """
    definition example scopeNote title creator publisher summary holder roleTitle roleIn speaker inRole eventType
    statementKind assesses feature verdict basis disagreementKind matter date dateAsWorded asOf notStated place occasion
    about quotedWords denies because committedBy beneficiary trigger response verbAsWorded deonticForce legalForce
    timeLimit wording hedge condition duration endCondition capability amount against designates term usedBy rejectedBy
"""
#: The order of facts; others follow by their labels.
_ORDER = _IN_ORDER.split()
#: Things whose slug is often that of what they date or support, which is then meant.
_YIELDING = tuple(f"{ID}{kind}/" for kind in ("citation", "derived-date", "passage"))
#: What properties of other vocabularies, which have no label here, are called.
_FOREIGN = {"creator": "author", "inScheme": "vocabulary", "scopeNote": "note", "subClassOf": "kind of"}
_RELATIONS = ("buildsOn", "formalises", "supplements", "modelFor", "precedentFor")
_LONG = 30  # lines of a section that a page shows; of a tree of clauses twice as many
_ALL = "`--format json` shows them"


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


class Line(NamedTuple):
    """One line of a section, `depth` levels in, with the slugs of the sources that say it."""

    depth: int
    text: str
    sources: tuple[str, ...] = ()


class Section(NamedTuple):
    """What is told under one heading; a page shows so many lines of it, and `more` says where the others are."""

    heading: str
    lines: tuple[Line, ...]
    more: str = _ALL
    shown: int = _LONG


class Thing(NamedTuple):
    """A thing with its names, its classes, what is said of it, in sections too, and the passages that support it."""

    iri: str
    label: str
    aliases: tuple[str, ...]
    classes: tuple[str, ...]
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    sections: tuple[Section, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The thing as plain lists and dictionaries, for JSON."""
        return {
            "iri": self.iri,
            "label": self.label,
            "aliases": list(self.aliases),
            "classes": list(self.classes),
            "facts": [
                {
                    "way": f.way,
                    "property": f.property,
                    "value" if f.way == "out" else "subject": f.other.value,
                    "label": f.other_label,
                    "sources": list(f.sources),
                }
                for f in self.facts
            ],
            "passages": [p._asdict() for p in self.passages],
            "sections": [
                {"heading": s.heading, "lines": [{**n._asdict(), "sources": list(n.sources)} for n in s.lines]}
                for s in self.sections
            ],
        }


def labels(graph: Graph) -> list[Row]:
    """Every name: rows of `thing`, `label` and `rank`: 1 for a label, 2 for an alias, 3 for the phrase of a passage."""
    return [r for r in graph.sparql(_LABELS) if str(r["thing"]).startswith((ID, NS))]


def resolve(name: str, rows: Sequence[Row], kind: str = "thing") -> str:
    """The IRI that `name` stands for among the `rows` of `labels`: by IRI first, then by slug, label and alias.

    Raises UnknownName, with the nearest names, where it stands for none or for more than one.
    """
    known = {str(row["thing"]) for row in rows}
    iri = expand(name)
    if iri in known:
        return str(iri)
    wanted = name.casefold()
    tiers = [{thing for thing in known if thing.rpartition("/")[2].casefold() == wanted}]
    tiers[0] = {thing for thing in tiers[0] if not thing.startswith(_YIELDING)} or tiers[0]
    for rank in ("1", "2", "3"):
        found = {str(r["thing"]) for r in rows if str(r["rank"]) == rank and str(r["label"]).casefold() == wanted}
        tiers.append(found)
    for tier in tiers:
        if len(tier) == 1:
            return tier.pop()
        if tier:
            raise UnknownName(f"one {kind}", name, sorted(shorten(t) for t in tier))
    everything = {thing.rpartition("/")[2] for thing in known} | {
        str(r["label"]) for r in rows if str(r["rank"]) != "3"
    }
    raise UnknownName(kind, name, near(name, sorted(everything)), todo="Try a slug, a label or an IRI.")


def preferred(rows: Iterable[Row]) -> dict[str, str]:
    """The name of each thing for people: its English label, or else another, or else an alias."""
    names: dict[str, str] = {}
    for row in sorted(rows, key=lambda r: (str(r["rank"]), _language(r["label"]) != "en", str(r["label"]))):
        names.setdefault(str(row["thing"]), str(row["label"]))
    return names


def look_up(graph: Graph, name: str) -> Thing:
    """The thing called `name`. Raises UnknownName, with the nearest names, where none or more than one is."""
    rows = labels(graph)
    iri = resolve(name, rows)
    names = preferred(rows)
    facts = _facts(graph.sparql(_ABOUT % {"iri": iri}), names)
    types = [f for f in facts if f.way == "out" and f.property == _TYPE]
    aliases = {f.other.value for f in facts if f.way == "out" and f.property in _IN_HEAD and f.other.kind == "literal"}
    cited = graph.sparql(_PASSAGES % iri, cite=True)
    kinds = {f.other.value.removeprefix(NS) for f in types}
    reach = next(r for r in _REACH if not r or kinds & set(r))
    told = _Page(_Around(iri, names, facts, graph.sparql(_AROUND % {"iri": iri, "path": _REACH[reach]})))
    if reach == ("Source",):
        told.resting = {str(r["class"]): int(str(r["number"])) for r in graph.sparql(_RESTING % {"iri": iri})}
    _TEMPLATES.get(reach, _other)(told)
    told.rest()
    label = names.get(iri, shorten(iri))
    return Thing(
        iri,
        label,
        tuple(sorted(aliases - {label})),
        tuple(sorted(f.other_label for f in types)),
        tuple(f for f in facts if not (f.property in _IN_HEAD and f.way == "out")),
        tuple(p for row in cited for p in row.passages),
        tuple(told.sections),
    )


def _facts(rows: Iterable[Row], names: dict[str, str]) -> list[Fact]:
    found: dict[tuple[str, str, Term], set[str]] = {}
    for row in rows:
        other = row["other"]
        assert other is not None
        held = found.setdefault((str(row["way"]), str(row["property"]), other), set())
        if row["graph"] is not None:
            held.add(str(row["graph"]).removeprefix(GRAPH))

    def label_of(term: Term) -> str:
        return names.get(term.value) or shorten(term.value) if term.kind == "iri" else term.value

    facts = [
        Fact(way, prop, names.get(prop) or shorten(prop), other, label_of(other), tuple(sorted(held)))
        for (way, prop, other), held in found.items()
    ]
    return sorted(facts, key=lambda f: (f.way != "out", f.property_label, f.other_label, f.other.value))


def _language(term: Term | None) -> str:
    return (term.language if term is not None else None) or ""


class _Around:
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
        found = self._values.get(node, {}).get(_full(prop), {})

        def key(term: Term) -> tuple[str, ...]:
            shown = self.label(term.value) if term.kind == "iri" else term.value
            return shown, term.value, term.language or "", term.datatype or ""

        return [(term, tuple(sorted(found[term]))) for term in sorted(found, key=key)]

    def nodes(self, node: str, prop: str) -> list[str]:
        """The things to which a property relates a node."""
        return [term.value for term, _ in self.values(node, prop) if term.kind == "iri"]

    def naming(self, node: str, prop: str) -> list[str]:
        """The nodes around the thing that a property relates to `node`, in order of what they are called."""
        return sorted(self._naming.get((node, _full(prop)), ()), key=lambda n: (self.label(n), n))

    def has_class(self, node: str, name: str) -> bool:
        """Whether a node is of a class of the ontology."""
        return any(t.value == NS + name for t in self._values.get(node, {}).get(_TYPE, ()))

    def sources(self, node: str) -> tuple[str, ...]:
        """On whose word a node stands: the sources that it names, or the graphs that hold it."""
        named = [iri.removeprefix(SOURCE) for iri in self.nodes(node, "accordingTo")]
        held = {s for _, sources in self.values(node, _TYPE) for s in sources}
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
        if _local(prop) in _QUOTED:
            return f"“{term.value}”"
        if (term.datatype or "").endswith("#date"):
            return _day(term.value, "".join(self.nodes(node, "datePrecision") if _local(prop) == "date" else ()))
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
            return f"{int(float(self.text(iri, 'amountValue'))):,} {self.text(iri, 'currency')}"
        if self.has_class(iri, "RoleHolding"):
            title, body = self.text(iri, "roleTitle"), self.text(iri, "roleIn")
            return title if _letters(body) in _letters(title) else f"{title}, {body}"
        return self.label(iri)

    def _union(self, blank: str) -> str:
        """The classes of a union, as a domain or a range has it."""
        found: list[str] = []
        here = next((t.value for t, _ in self.values(blank, _OWL + "unionOf")), "")
        while first := self.nodes(here, _RDF + "first"):
            found += [self.label(iri) for iri in first]
            here = next((t.value for t, _ in self.values(here, _RDF + "rest")), "")
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
        starts = [int(t.value) for c in self.nodes(node, "hasCitation") for t, _ in self.values(c, "start")]
        return "".join(self.sources(node)), sorted(starts), self.label(node)


def _full(prop: str) -> str:
    return prop if ":" in prop else NS + prop


def _local(prop: str) -> str:
    return re.split("[/#]", prop)[-1]


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _day(date: str, precision: str) -> str:
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


class _Page:
    """The sections of one thing in the making, and what of it they have told."""

    def __init__(self, around: _Around) -> None:
        self.around = around
        self.sections: list[Section] = []
        self.resting: dict[str, int] = {}
        self._told: set[tuple[str, str]] = set()  # properties of the thing, and properties and nodes that name it

    def add(self, heading: str, lines: Iterable[Line], more: str = _ALL, shown: int = _LONG) -> None:
        """A section, where there is anything to tell."""
        if told := tuple(lines):
            self.sections.append(Section(heading, told, more, shown))

    def own(self, prop: str) -> list[tuple[str, tuple[str, ...]]]:
        """The things to which the thing is related by a property, with their sources: told from now on."""
        self._told.add((_full(prop), ""))
        return [(t.value, s) for t, s in self.around.values(self.around.iri, prop) if t.kind == "iri"]

    def naming(self, prop: str, name: str = "") -> list[str]:
        """The nodes, of one class where it is named, that a property relates to the thing: told from now on."""
        found = self.around.naming(self.around.iri, prop)
        found = [n for n in found if not name or self.around.has_class(n, name)]
        self._told.update((_full(prop), n) for n in found)
        return found

    def others(self, prop: str, text: str) -> list[Line]:
        """What a property relates to the thing, a line each in the form of `text`: told from now on."""
        found = [f for f in self.around.facts if f.way == "in" and f.property == _full(prop) and f.other.kind == "iri"]
        self._told.update((f.property, f.other.value) for f in found)
        return [Line(0, text.format(other=f.other_label, label=f.property_label), f.sources) for f in found]

    def rest(self) -> None:
        """Put names and what is left of the facts before the sections, and what else names the thing after them."""
        around = self.around
        named = [
            Line(0, term.value, sources)
            for prop in (_RDFS + "label", _SKOS + "altLabel")
            for term, sources in around.values(around.iri, prop)
            if term.value != around.name(around.iri)
        ]
        derived = []
        for node in self.naming("dates"):
            text = f"{around.bounds(node)}, {around.text(node, 'derivedBy')}. {around.text(node, 'summary')}"
            derived.append(Line(0, f"{around.label(NS + 'DerivedDate')}: {text}", around.sources(node)))
        middle, self.sections = self.sections, []
        self.add("Also called", named)
        self.add("Facts", [*self._facts(), *derived])
        self.sections += middle
        left = [f for f in around.facts if f.way == "in" and (f.property, f.other.value) not in self._told]
        left = [f for f in left if f.other.kind == "iri" and not f.property.startswith(_SHACL)]
        self.add("Also named", [Line(0, f"as {_plain(f.property_label)}: {f.other_label}", f.sources) for f in left])

    def _facts(self) -> list[Line]:
        """What the thing says itself and no section has told: a line for a property and those who say it."""
        around = self.around
        names = {f.property: _plain(f.property_label) for f in around.facts if f.way == "out"}
        left = [p for p in names if (p, "") not in self._told and p not in _IN_HEAD | _UNTOLD]
        left.sort(key=lambda p: (_ORDER.index(_local(p)) if _local(p) in _ORDER else len(_ORDER), names[p]))
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
    last = re.split("[:/#]", name)[-1]
    return _FOREIGN.get(last, last)


# Parts of pages


class _Terms(NamedTuple):
    """Who owes a promise, to whom, and upon what."""

    giver: str = ""
    beneficiary: str = ""
    trigger: str = ""


def _terms(around: _Around, node: str) -> _Terms:
    return _Terms(*(around.text(node, p) for p in ("committedBy", "beneficiary", "trigger")))


def _joined(*texts: str) -> str:
    return ": ".join(filter(None, texts))


def _with(text: str, around: _Around, node: str, properties: str) -> str:
    """A text, and after it what some properties of a node say, by their labels."""
    found = [(around.label(NS + p), around.text(node, p)) for p in properties.split()]
    details = "; ".join(f"{name}: {said.removesuffix('.')}" for name, said in found if said)
    return f"{text.removesuffix('.')}; {details}" if details else text


def _promise(around: _Around, node: str, usual: _Terms) -> Line:
    """A commitment: who owes what to whom, in which words, when, and how it is hedged, as far as it is not usual."""
    terms = _terms(around, node)
    text = f"{around.text(node, 'response')}: {around.text(node, 'verbAsWorded')} ({around.text(node, 'deonticForce')})"
    if terms[:2] != usual[:2]:
        text = f"{terms.giver} to {terms.beneficiary}: {text}"
    details = "timeLimit wording hedge condition endCondition capability amount against legalForce attributedTo"
    if terms.trigger != usual.trigger:
        details = f"trigger {details}"
    return Line(0, f"• {_with(text, around, node, f'{details} denies because')}", around.sources(node))


def _deeper(lines: Iterable[Line]) -> list[Line]:
    return [line._replace(depth=line.depth + 1) for line in lines]


def _clause(around: _Around, node: str, usual: _Terms, seen: set[str]) -> list[Line]:
    """A clause, the commitments that it creates, and its own clauses, in order of the text."""
    if node in seen:
        return []
    seen.add(node)
    text = _with(_joined(around.label(node), around.text(node, "summary")), around, node, "denies because")
    below = [_promise(around, promise, usual) for promise in around.nodes(node, "creates")]
    seen.update(around.nodes(node, "creates"))
    for part in sorted(around.nodes(node, "hasClause"), key=around.place):
        below += _clause(around, part, usual, seen)
    return [Line(0, text, around.sources(node)), *_deeper(below)]


def _clauses(page: _Page, slug: str) -> None:
    """The tree of clauses and commitments, source by source."""
    around = page.around
    seen: set[str] = set()
    top = sorted((node for node, _ in page.own("hasClause")), key=around.place)
    guarantees = page.naming("underInstrument")
    for source in sorted({s for node in (*top, *guarantees) for s in around.sources(node)}):
        promises = [n for g in guarantees if source in around.sources(g) for n in around.nodes(g, "comprises")]
        terms = sorted(_terms(around, n) for n in promises)
        usual = max(terms, key=terms.count, default=_Terms())
        lines = []
        if promises:
            text = f"Owed by {usual.giver} to {usual.beneficiary}, {around.label(NS + 'trigger')}: {usual.trigger}"
            lines.append(Line(0, f"{text}, unless a line says otherwise", (source,)))
        for node in top:
            lines += _clause(around, node, usual, seen) if source in around.sources(node) else []
        lines += [_promise(around, n, usual) for n in dict.fromkeys(promises) if n not in seen]
        heading = f"Clauses and promises, according to: {around.label(SOURCE + source)}"
        page.add(heading, lines, f"`foedus run commitments-of -p instrument={slug}`", 2 * _LONG)


def _places(around: _Around, node: str, below: str = "", sources: tuple[str, ...] = ()) -> list[Line]:
    """Each way from an instrument down to a clause."""
    here = f"{around.label(node)}{below}"
    sources = sources or around.sources(node)
    above = around.naming(node, "hasClause")
    found = [place for parent in above for place in _places(around, parent, f" › {here}", sources)]
    return found or [Line(0, here, sources)]


def _promises(page: _Page, heading: str, nodes: Sequence[str], more: str, what: bool) -> None:
    """Promises by instrument: one by one where they are few, otherwise how many, and `what` they promise if asked."""
    around = page.around
    under: dict[str, dict[str, None]] = {}
    for node in nodes:
        for guarantee in around.naming(node, "comprises"):
            for iri in around.nodes(guarantee, "underInstrument"):
                under.setdefault(iri, {})[node] = None
    many = len(nodes) > _LONG
    lines = [Line(0, f"{len(nodes)} in all; {more}")] if many else []
    for iri in sorted(under, key=around.label):
        sources = tuple(sorted({s for n in under[iri] for s in around.sources(n)}))
        if many:
            responses = {r for n in under[iri] for r in around.nodes(n, "response")} if what else ()
            kinds = ", ".join(sorted(around.label(r) for r in responses))
            lines.append(Line(0, _joined(around.label(iri), str(len(under[iri])), kinds), sources))
        else:
            promises = [_promise(around, n, _Terms()) for n in under[iri]]
            lines += [Line(0, around.label(iri), sources), *_deeper(promises)]
    page.add(heading, lines, more)


def _statements(page: _Page, heading: str, nodes: Iterable[str], more: str = _ALL, speaker: bool = True) -> None:
    """Statements in order of time: when, who in which role, what, in which words, on which occasion."""
    around = page.around
    lines = []
    for node in sorted(nodes, key=around.time):
        when = around.when(node) or ", ".join(filter(None, map(around.when, around.nodes(node, "occasion"))))
        role = around.text(node, "inRole")
        who = ", ".join(filter(None, (around.text(node, "speaker") if speaker else "", role)))
        text = _joined(when, who, around.text(node, "summary"))
        if quoted := around.text(node, "quotedWords", " … "):
            text += f" {quoted}"
        lines.append(Line(0, _with(text, around, node, "occasion denies because"), around.sources(node)))
    page.add(heading, lines, more)


def _parties(page: _Page, heading: str) -> None:
    """Who takes part, by capacity."""
    around = page.around
    by: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = {}
    for node in page.naming("participationIn"):
        details = _with("", around, node, "wording attributedTo denies because")
        key = around.text(node, "capacity"), around.when(node), details, around.sources(node)
        by.setdefault(key, []).append(around.text(node, "participant"))
    lines = [
        Line(0, f"{capacity}{f', {when}' if when else ''}: {', '.join(sorted(names))}{details}", sources)
        for (capacity, when, details, sources), names in sorted(by.items())
    ]
    page.add(heading, lines)


def _events(page: _Page, heading: str, capacities: dict[str, str]) -> None:
    """Events in order of time, each with the capacity of the thing in it."""
    around = page.around
    lines = [
        Line(0, f"{_joined(around.when(n), around.label(n))}{capacities[n]}", around.sources(n))
        for n in sorted(capacities, key=around.time)
    ]
    page.add(heading, lines)


def _positions(around: _Around, node: str) -> list[Line]:
    return [Line(0, around.text(n, "summary"), around.sources(n)) for n in around.nodes(node, "hasPosition")]


def _disagreements(page: _Page) -> None:
    """The disagreements about the thing, each with what each source says."""
    around = page.around
    lines = []
    for node in page.naming("about", "Disagreement"):
        title = around.label(node) + ("" if around.label(node).endswith("?") else ".")
        kind = f"{around.text(node, 'disagreementKind')}, {around.text(node, 'matter')}"
        text = f"{title} ({kind}) {around.text(node, 'summary')}"
        lines += [Line(0, text, around.sources(node)), *_deeper(_positions(around, node))]
    page.add("Where the sources disagree", lines, "`foedus run disagreements`")


def _findings(page: _Page) -> None:
    """The answers to each feature, source by source; silence is said as such."""
    around = page.around
    found: dict[str, list[str]] = {}
    for node in page.naming("assesses"):
        for feature in around.nodes(node, "feature"):
            found.setdefault(feature, []).append(node)
    lines = []
    for feature in sorted(found, key=lambda f: (around.text(f, _SKOS + "notation"), f)):
        lines.append(Line(0, around.label(feature)))
        silent = [n for n in found[feature] if NS + "verdict/silent" in around.nodes(n, "verdict")]
        for node in found[feature]:
            if node not in silent:
                text = f"{around.text(node, 'verdict')}, {around.text(node, 'basis')}"
                text = _joined(text, around.text(node, "attributedTo"), around.text(node, "wording"))
                lines.append(Line(1, _with(text, around, node, "denies because"), around.sources(node)))
        if silent:
            sources = tuple(sorted({s for n in silent for s in around.sources(n)}))
            lines.append(Line(1, "does not say", sources))
    page.add("Article 5 equivalent and its four tests", lines)


def _listed(around: _Around, nodes: Iterable[str], properties: str, details: str = "denies because") -> list[Line]:
    """Nodes in order of time: when, then some properties, then others by their labels; what is told alike once."""
    told: dict[str, set[str]] = {}
    for node in sorted(nodes, key=around.time):
        text = _joined(around.when(node), *(around.text(node, p) for p in properties.split()))
        told.setdefault(_with(text, around, node, details), set()).update(around.sources(node))
    return [Line(0, text, tuple(sorted(sources))) for text, sources in told.items()]


# Pages


def _instrument(page: _Page) -> None:
    around, iri = page.around, page.around.iri
    _parties(page, "Parties, by capacity")
    page.add("Stages", _listed(around, page.naming("stateOf"), "state", "summary attributedTo denies because"))
    relations = [
        Line(0, f"{around.label(NS + prop)}: {around.label(other)}", sources)
        for prop in (*_RELATIONS, "establishes")
        for other, sources in page.own(prop)
    ]
    for prop in _RELATIONS:
        relations += page.others(prop, "{other}: {label} this one")
    page.add("Relations to other instruments", [*relations, *page.others("member", "{label} of: {other}")])
    page.add("Its members", [Line(0, around.label(other), sources) for other, sources in page.own("member")])
    guarantees = page.naming("underInstrument")
    _clauses(page, iri.removeprefix(ID + "instrument/") if "/instrument/" in iri else shorten(iri))
    _findings(page)
    _disagreements(page)
    _statements(page, "What is said about it", page.naming("about", "Statement"))
    words = {*page.naming("designates"), *(n for g in guarantees for n in around.naming(g, "designates"))}
    page.add("Words used for it, and by whom", _listed(around, words, "term", "usedBy rejectedBy denies because"))
    page.add("Words it uses", _listed(around, page.naming("usedBy"), "term designates"))
    counts = page.naming("counts")
    page.add("Counts", _listed(around, counts, "countAsWorded countValue countedAs", "attributedTo because"))
    _events(page, "Events", dict.fromkeys(page.naming("involves"), ""))


def _actor(page: _Page) -> None:
    around, slug = page.around, page.around.iri.removeprefix(ID + "actor/")
    page.add("Roles", _listed(around, page.naming("holder"), "roleTitle roleIn"))
    page.add("Who holds a role in it", _listed(around, page.naming("roleIn"), "holder roleTitle"))
    lines = [
        Line(0, f"{around.label(NS + prop)}: {around.label(other)}", sources)
        for prop in ("member", "partOf")
        for other, sources in page.own(prop)
    ]
    lines += [*page.others("member", "{label} of: {other}"), *page.others("partOf", "{other}: {label} it")]
    page.add("Members and bodies", lines)
    for prop in ("committedBy", "beneficiary"):
        page.naming(prop)  # guarantees and instruments as well: their promises tell of them
    made, received = (page.naming(p, "Commitment") for p in ("committedBy", "beneficiary"))
    _promises(page, "Promises it made", made, f"`foedus run promises-by -p giver={slug}`", what=True)
    _promises(page, "Promises made to it", received, "`foedus run commitments-of -p instrument=SLUG`", what=False)
    taken: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    events = dict.fromkeys(page.naming("involves"), "")
    for node in page.naming("participant"):
        for other in around.nodes(node, "participationIn"):
            if around.has_class(other, "Event"):
                events[other] = f" ({around.text(node, 'capacity')})"
            else:
                key = around.text(node, "capacity"), around.sources(node)
                taken.setdefault(key, []).append(around.label(other))
    lines = [
        Line(0, f"{name}: {', '.join(sorted(found))}", sources) for (name, sources), found in sorted(taken.items())
    ]
    page.add("Instruments it takes part in, by capacity", lines)
    _events(page, "Events", events)
    more = f"`foedus run statements-by -p speaker={slug}`"
    _statements(page, "What it said", page.naming("speaker"), more, speaker=False)
    _statements(page, "What is said about it", page.naming("about", "Statement"))
    _disagreements(page)
    page.add("Words it uses", _listed(around, page.naming("usedBy"), "term designates"))
    page.add("Words it rejects", _listed(around, page.naming("rejectedBy"), "term designates"))


def _of_clause(page: _Page) -> None:
    around = page.around
    page.naming("hasClause")
    page.add("Its place", _places(around, around.iri))
    lines = [_promise(around, node, _Terms()) for node, _ in page.own("creates")]
    for part in sorted((node for node, _ in page.own("hasClause")), key=around.place):
        lines += _clause(around, part, _Terms(), set())
    page.add("Its promises and clauses", lines, shown=2 * _LONG)


def _commitment(page: _Page) -> None:
    page.add("Its place", [p for clause in page.naming("creates") for p in _places(page.around, clause)])


def _guarantee(page: _Page) -> None:
    promises = [_promise(page.around, node, _Terms()) for node, _ in page.own("comprises")]
    page.add("The promises that it comprises", promises)


def _event(page: _Page) -> None:
    _parties(page, "Who took part, by capacity")
    _events(page, "Its parts", dict.fromkeys(page.naming("partOf"), ""))
    _statements(page, "What was said at it", page.naming("occasion"))
    _statements(page, "What is said about it", page.naming("about", "Statement"))
    _disagreements(page)


def _source(page: _Page) -> None:
    around = page.around
    for prop in ("source", "accordingTo"):
        page.others(prop, "")  # counted below

    def note(work: str) -> tuple[int, str]:
        return min((int(t.value) for t, _ in around.values(work, "noteNumber")), default=0), around.label(work)

    lines = []
    for work in sorted((node for node, _ in page.own("cites")), key=note):
        title = around.text(work, _TERMS + "title") or around.label(work)
        text = ", ".join(filter(None, (title, around.text(work, _TERMS + "publisher"), around.when(work))))
        number = around.text(work, "noteNumber")
        text = _joined(f"{around.label(NS + 'noteNumber')} {number}" if number else "", text)
        lines.append(Line(0, _with(text, around, work, "citedFor"), around.sources(work)))
    page.add("Works it cites", lines, "`foedus run works-cited`")
    counted = sorted((-number, around.label(c)) for c, number in page.resting.items() if c.startswith(NS))
    page.add("How many things of each kind rest on it", [Line(0, f"{name}: {-number}") for number, name in counted])


def _disagreement(page: _Page) -> None:
    page.own("hasPosition")
    page.add("What each source says", _positions(page.around, page.around.iri))


def _citation(page: _Page) -> None:
    around = page.around
    nodes = page.naming("hasCitation")
    lines = [Line(0, f"{around.text(n, _TYPE)}: {around.label(n)}", around.sources(n)) for n in nodes]
    page.add("What rests on it", lines)


def _other(page: _Page) -> None:
    page.add("Things of this class", page.others(_TYPE, "{other}"))
    _disagreements(page)


_TEMPLATES: dict[tuple[str, ...], Callable[[_Page], None]] = {
    ("Instrument", "InstrumentGroup"): _instrument,
    ("Actor",): _actor,
    ("Clause",): _of_clause,
    ("Commitment",): _commitment,
    ("Guarantee",): _guarantee,
    ("Event",): _event,
    ("Source",): _source,
    ("Disagreement",): _disagreement,
    ("Citation",): _citation,
}


def page(thing: Thing, width: int) -> str:
    """The thing as text of at most `width` characters a line: head, sections cut where they are long, passages."""
    import textwrap

    lines = [thing.label, "=" * min(width, len(thing.label)), f"{', '.join(thing.classes) or 'thing'} · {thing.iri}"]
    for section in thing.sections:
        lines += ["", section.heading]
        for line in section.lines[: section.shown]:
            sources = f"  [{', '.join(line.sources)}]" if line.sources else ""
            lines.append("  " * (line.depth + 1) + line.text + sources)
        if (left := len(section.lines) - section.shown) > 0:
            lines.append(f"  and {left} more: {section.more}")
    if thing.passages:
        lines += ["", "Passages"]
        lines += [f"  {p.title}, {p.locator}: “{p.phrase}”" for p in thing.passages]
    wrapped: list[str] = []
    for text in lines:
        indent = " " * (len(text) - len(text.lstrip()) + 4)
        wrapped += textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False) or [""]
    return "\n".join(wrapped) + "\n"
