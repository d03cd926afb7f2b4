"""The page of one thing: what is said of it, by which source, in which passage, and what saved queries tell of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from foedus.answers import Passage, Term
from foedus.around import Fact, facts, full
from foedus.datasets import ID, NS, SOURCE
from foedus.errors import UnknownName
from foedus.web.messages import Response
from foedus.web.pages import texts
from foedus.web.pages.frame import View
from foedus.web.pages.names import Name
from foedus.web.pages.tables import Table, sign, table

_ABOUT = """
SELECT DISTINCT ?way ?property ?other ?graph WHERE {
  { <%(iri)s> ?property ?other . BIND("out" AS ?way) OPTIONAL { GRAPH ?graph { <%(iri)s> ?property ?other } } }
  UNION
  { ?other ?property <%(iri)s> . BIND("in" AS ?way) OPTIONAL { GRAPH ?graph { ?other ?property <%(iri)s> } } }
}
"""
_SAID = "SELECT ?property ?other WHERE { <%(iri)s> ?property ?other }"
_PASSAGES = "SELECT ?thing WHERE { VALUES ?thing { <%s> } }"
_CLAUSES = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
SELECT ?parent ?node ?way ?source ?text (MIN(?start) AS ?at) WHERE {
  <%s> foedus:hasClause* ?parent .
  { ?parent foedus:hasClause ?node . BIND("clause" AS ?way) }
  UNION
  { ?parent foedus:creates ?node . BIND("promise" AS ?way) }
  ?node foedus:hasCitation ?citation .
  ?citation foedus:source ?source ; foedus:start ?start .
  BIND(EXISTS { ?source foedus:textOf ?instrument } AS ?text)
}
GROUP BY ?parent ?node ?way ?source ?text
"""
_READ = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?passage ?start ?end ?locator ?phrase ?as (COUNT(DISTINCT ?node) AS ?facts) WHERE {
  ?passage foedus:source <%s> ; foedus:start ?start ; foedus:end ?end ; foedus:locator ?locator ;
    foedus:phrase ?phrase .
  OPTIONAL { ?passage foedus:setAsideAs ?as }
  OPTIONAL { ?node foedus:hasCitation ?passage }
}
GROUP BY ?passage ?start ?end ?locator ?phrase ?as
ORDER BY ?start ?end ?passage
"""
#: The saved queries that tell of a thing of a class, with the parameter that is the thing.
_TOLD = {
    "Instrument": (
        ("profile-of", "instrument"),
        ("commitments-of", "instrument"),
        ("text-profile", "instrument"),
        ("views-on", "instrument"),
        ("words-for", "instrument"),
        ("parties-of", "instrument"),
    ),
    "Actor": (("promises-by", "giver"), ("statements-by", "speaker"), ("aimed-at", "actor")),
    "Source": (("works-cited", "citing"),),
}
_TOLD["InstrumentGroup"] = _TOLD["Instrument"]
_KINDS = {"instrument": "Instrument", "group": "InstrumentGroup", "actor": "Actor", "source": "Source"}
#: What only machines read, and what other parts of the page tell.
_UNTOLD = {full(p) for p in ("datePrecision", "rdfs:isDefinedBy", "owl:equivalentClass", "start", "end", "hasClause")}
_FIRST = """
    dcterms:title summary date dcterms:creator dcterms:publisher holder speaker inRole statementKind quotedWords denies
    because committedBy beneficiary trigger response verbAsWorded deonticForce legalForce timeLimit hedge wording
    condition duration endCondition capability amount assesses feature verdict value basis accordingTo
"""
_ORDER = [full(p) for p in _FIRST.split()]
_IN_HEAD = {full(p) for p in ("rdfs:label", "skos:altLabel", "rdf:type", "hasCitation")}
_QUOTED = {full(p) for p in ("verbAsWorded", "wording", "quotedWords", "term", "phrase", "searchedFor", "dateAsWorded")}
_MOST = 60  # things that name it, of one property


class _Value(NamedTuple):
    name: Name
    href: str | None
    quoted: bool
    sign: str
    sources: list[tuple[Name, str | None]]


class _Property(NamedTuple):
    name: Name
    href: str | None
    values: list[_Value]
    more: int


class _Node(NamedTuple):
    name: Name
    href: str | None
    promise: bool
    below: list[_Node]


class _Clauses(NamedTuple):
    """What a source has of the clauses of a thing."""

    source: Name
    href: str | None
    nodes: list[_Node]


class _Read(NamedTuple):
    href: str | None
    locator: str
    phrase: str
    facts: int
    aside: Name | None
    left: float
    width: float


def page(view: View, slug: str) -> Response:
    """The page of the thing `TYPE/SLUG`. Raises UnknownName where there is none."""
    iri = ID + slug
    said = facts(view.ask(_ABOUT % _safe(iri)), view.frame.names.plain(view.language))
    if not said and not (view.kept and view.frame.names.known(iri)):
        raise UnknownName("thing", slug[:200], [], todo=f"Look for it: {view.frame.url}/search")
    kind = slug.partition("/")[0]
    out = [f for f in said if f.way == "out"]
    classes = [f.other.value for f in out if f.property == full("rdf:type") and f.other.kind == "iri"]
    aliases = [f.other for f in out if f.property == full("skos:altLabel")]
    passages = [p for row in view.ask(_PASSAGES % iri, cite=True) for p in row.passages]
    name = view.name(iri)
    context: dict[str, object] = {
        "iri": iri,
        "name": name,
        "others": {tag: text for tag, text in view.frame.names.all(iri).items() if tag != name.language},
        "classes": [(view.name(c), view.href(c)) for c in sorted(classes)],
        "aliases": aliases,
        "known": bool(said),
        "facts": _properties(view, (f for f in out if f.property not in _IN_HEAD | _UNTOLD)),
        "naming": _properties(view, (f for f in said if f.way == "in")),
        "passages": passages,
        "tables": list(_tables(view, kind, slug.partition("/")[2])),
        "clauses": _clauses(view, iri) if kind in ("instrument", "clause", "group") else [],
        "read": _read(view, iri, out) if kind == "source" else [],
        "context": None,
        "of_source": None,
    }
    title = name.text
    if kind in ("citation", "passage"):
        context.update(_passage(view, out))
        if isinstance(of := context["of_source"], dict) and of["at"].locator:  # it has no name of its own
            context["name"] = of["name"]
            title = f"{of['name'].text}, {of['at'].locator}"
    return view.frame.render(view, "thing.html", title, **context)


def _safe(iri: str) -> dict[str, str]:
    """The IRI for a query. Raises UnknownName for what could not stand in one."""
    if set(iri) & set('<>"{}|^`\\ \n\t'):
        raise UnknownName("thing", iri[:200], [])
    return {"iri": iri}


def _properties(view: View, found: Iterable[Fact]) -> list[_Property]:
    """The facts by their properties, each value with the sources that say it."""
    by_property: dict[str, list[Fact]] = {}
    for fact in found:
        by_property.setdefault(fact.property, []).append(fact)
    told = []
    order = {prop: place for place, prop in enumerate(_ORDER)}
    for prop, members in sorted(by_property.items(), key=lambda p: (order.get(p[0], len(order)), view.name(p[0]).text)):
        own = [f for f in members if f.other.language in (None, view.language)]
        kept = own or members
        values = [_value(view, prop, f) for f in kept[:_MOST]]
        told.append(_Property(view.name(prop), view.href(prop), values, max(0, len(kept) - _MOST)))
    return told


def _value(view: View, prop: str, fact: Fact) -> _Value:
    term = fact.other
    sources = [
        (view.name(SOURCE + s), view.href(SOURCE + s)) for s in fact.sources if view.frame.names.known(SOURCE + s)
    ]
    if term.kind == "iri":
        kind = sign(view.frame.names.of(term.value, "en").text) if term.value.startswith(NS + "verdict/") else ""
        return _Value(view.name(term.value), view.href(term.value), False, kind, sources)
    if (term.datatype or "").endswith("#duration"):
        return _Value(Name(view.words.duration(term.value), view.language), None, False, "", sources)
    return _Value(_literal(view, term), None, prop in _QUOTED, "", sources)


def _literal(view: View, term: Term) -> Name:
    """A literal with its language: what has a datatype reads alike in all."""
    texts_of_sources = term.datatype is None
    return Name(term.value, term.language or ("en" if texts_of_sources else view.language))


def _tables(view: View, kind: str, slug: str) -> Iterable[Table]:
    known = set(view.frame.graph.catalog.slugs())
    for query, parameter in _TOLD.get(_KINDS.get(kind, ""), ()):
        if query in known:
            answer = view.run(query, {parameter: ID + f"{kind}/{slug}"})
            if answer:
                wording = view.frame.graph.catalog.get(query).wording(view.language)
                named = slug if kind != "group" else f"{kind}:{slug}"  # which is no slug of an instrument
                yield table(view, answer, wording.question, query, {parameter: named})


def _clauses(view: View, iri: str) -> list[_Clauses]:
    """The clauses below a thing and the promises that they create, by source, the text itself first, in its order."""
    below: dict[str, dict[str, set[tuple[int, str, bool]]]] = {}
    texts_themselves = set()
    for row in view.ask(_CLAUSES % iri):
        source = str(row["source"])
        found = int(str(row["at"])), str(row["node"]), str(row["way"]) == "promise"
        below.setdefault(source, {}).setdefault(str(row["parent"]), set()).add(found)
        if str(row["text"]) == "true":
            texts_themselves.add(source)

    def nodes(source: str, parent: str, seen: frozenset[str]) -> list[_Node]:
        found = sorted(below[source].get(parent, ())) if parent not in seen else []
        return [_Node(view.name(i), view.href(i), p, nodes(source, i, seen | {parent})) for _, i, p in found]

    order = sorted(below, key=lambda source: (source not in texts_themselves, view.name(source).text))
    told = [_Clauses(view.name(source), view.href(source), nodes(source, iri, frozenset())) for source in order]
    return [one for one in told if one.nodes]


def _read(view: View, iri: str, out: list[Fact]) -> list[_Read]:
    """The passages of a source that were read, in order of the text, with the number of facts that rest on each."""
    rows = [r for r in view.frame.graph.sparql(_READ % iri) if str(r["locator"]) != "whole text"]
    content = _content(view, {f.property: f.other.value for f in out})
    whole = len(content) if content else max((int(str(r["end"])) for r in rows), default=1)
    return [
        _Read(
            view.href(str(r["passage"])),
            str(r["locator"]),
            str(r["phrase"]),
            int(str(r["facts"])),
            view.name(str(r["as"])) if r["as"] is not None else None,
            100 * int(str(r["start"])) / whole,
            100 * (int(str(r["end"])) - int(str(r["start"]))) / whole,
        )
        for r in rows
    ]


def _content(view: View, values: Mapping[str, str]) -> str | None:
    """The text of a source, of which this is said, where it is configured."""
    name, digest = values.get(full("fileName")), values.get(full("sha256"))
    return texts.text(view.frame.texts, name, digest) if view.frame.texts and name and digest else None


def _passage(view: View, out: list[Fact]) -> dict[str, object]:
    """A passage: its source, with its date, and its context where the texts are configured."""
    values = {f.property: f.other.value for f in out}
    source = values.get(full("source"), "")
    said = (
        {str(r["property"]): str(r["other"]) for r in view.frame.graph.sparql(_SAID % _safe(source))} if source else {}
    )
    start, end = (values.get(full(p), "") for p in ("start", "end"))
    content = _content(view, said)
    found = texts.context(content, int(start), int(end)) if content and start.isdecimal() and end.isdecimal() else None
    passage = Passage("", source, "", values.get(full("locator"), ""), 0, 0, values.get(full("phrase"), ""))
    told = {"name": view.name(source), "href": view.href(source), "date": said.get(full("date")), "at": passage}
    return {"context": found, "of_source": told, "span": (start, end)}
