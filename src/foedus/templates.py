"""How the things of each kind are told: a way to the nodes around them, and the sections that tell these in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from foedus.around import Around
from foedus.datasets import ID, NS, SOURCE
from foedus.names import shorten
from foedus.sections import ALL, LONG, Line, Page

_RELATIONS = ("buildsOn", "formalises", "supplements", "modelFor", "precedentFor")
#: What belongs to a commitment.
_PARTS = "(f:hedge|f:condition|f:endCondition|f:amount)?"


class Template(NamedTuple):
    """How a thing of one of these classes, or of any where none is named, is told.

    `path` is the SPARQL path from it to the nodes around it that its page tells of; `tell` puts these into sections.
    """

    classes: tuple[str, ...]
    path: str
    tell: Callable[[Page], None]


# Parts of pages


class _Terms(NamedTuple):
    """Who owes a promise, to whom, and upon what."""

    giver: str = ""
    beneficiary: str = ""
    trigger: str = ""


def _terms(around: Around, node: str) -> _Terms:
    return _Terms(*(around.text(node, p) for p in ("committedBy", "beneficiary", "trigger")))


def _joined(*texts: str) -> str:
    return ": ".join(filter(None, texts))


def _with(text: str, around: Around, node: str, properties: str) -> str:
    """A text, and after it what some properties of a node say, by their labels."""
    found = [(around.label(NS + p), around.text(node, p)) for p in properties.split()]
    details = "; ".join(f"{name}: {said.removesuffix('.')}" for name, said in found if said)
    return f"{text.removesuffix('.')}; {details}" if details else text


def _promise(around: Around, node: str, usual: _Terms) -> Line:
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


def _clause(around: Around, node: str, usual: _Terms, seen: set[str]) -> list[Line]:
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


def _clauses(page: Page, slug: str) -> None:
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
        page.add(heading, lines, f"`foedus run commitments-of -p instrument={slug}`", 2 * LONG)


def _places(around: Around, node: str, below: Sequence[str] = (), sources: tuple[str, ...] = ()) -> list[Line]:
    """Each way from an instrument down to a clause."""
    way = [node, *below]
    sources = sources or around.sources(node)
    above = [parent for parent in around.naming(node, "hasClause") if parent not in way]
    found = [place for parent in above for place in _places(around, parent, way, sources)]
    return found or [Line(0, " › ".join(map(around.label, way)), sources)]


def _promises(page: Page, heading: str, nodes: Sequence[str], more: str, what: bool) -> None:
    """Promises by instrument: one by one where they are few, otherwise how many, and `what` they promise if asked."""
    around = page.around
    under: dict[str, dict[str, None]] = {}
    for node in nodes:
        for guarantee in around.naming(node, "comprises"):
            for iri in around.nodes(guarantee, "underInstrument"):
                under.setdefault(iri, {})[node] = None
    many = len(nodes) > LONG
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


def _statements(page: Page, heading: str, nodes: Iterable[str], more: str = ALL, speaker: bool = True) -> None:
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


def _parties(page: Page, heading: str) -> None:
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


def _events(page: Page, heading: str, capacities: dict[str, str]) -> None:
    """Events in order of time, each with the capacity of the thing in it."""
    around = page.around
    lines = [
        Line(0, f"{_joined(around.when(n), around.label(n))}{capacities[n]}", around.sources(n))
        for n in sorted(capacities, key=around.time)
    ]
    page.add(heading, lines)


def _positions(around: Around, node: str) -> list[Line]:
    return [Line(0, around.text(n, "summary"), around.sources(n)) for n in around.nodes(node, "hasPosition")]


def _disagreements(page: Page) -> None:
    """The disagreements about the thing, each with what each source says."""
    around = page.around
    lines = []
    for node in page.naming("about", "Disagreement"):
        title = around.label(node) + ("" if around.label(node).endswith("?") else ".")
        kind = f"{around.text(node, 'disagreementKind')}, {around.text(node, 'matter')}"
        text = f"{title} ({kind}) {around.text(node, 'summary')}"
        lines += [Line(0, text, around.sources(node)), *_deeper(_positions(around, node))]
    page.add("Where the sources disagree", lines, "`foedus run disagreements`")


def _findings(page: Page) -> None:
    """The answers to each feature, source by source; silence is said as such."""
    around = page.around
    found: dict[str, list[str]] = {}
    for node in page.naming("assesses"):
        for feature in around.nodes(node, "feature"):
            found.setdefault(feature, []).append(node)
    lines = []
    for feature in sorted(found, key=lambda f: (around.text(f, "skos:notation"), f)):
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


def _listed(around: Around, nodes: Iterable[str], properties: str, details: str = "denies because") -> list[Line]:
    """Nodes in order of time: when, then some properties, then others by their labels; what is told alike once."""
    told: dict[str, set[str]] = {}
    for node in sorted(nodes, key=around.time):
        text = _joined(around.when(node), *(around.text(node, p) for p in properties.split()))
        told.setdefault(_with(text, around, node, details), set()).update(around.sources(node))
    return [Line(0, text, tuple(sorted(sources))) for text, sources in told.items()]


# Pages


def _instrument(page: Page) -> None:
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


def _actor(page: Page) -> None:
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


def _of_clause(page: Page) -> None:
    around = page.around
    page.naming("hasClause")
    page.add("Its place", _places(around, around.iri))
    lines = [_promise(around, node, _Terms()) for node, _ in page.own("creates")]
    for part in sorted((node for node, _ in page.own("hasClause")), key=around.place):
        lines += _clause(around, part, _Terms(), set())
    page.add("Its promises and clauses", lines, shown=2 * LONG)


def _commitment(page: Page) -> None:
    page.add("Its place", [p for clause in page.naming("creates") for p in _places(page.around, clause)])


def _guarantee(page: Page) -> None:
    promises = [_promise(page.around, node, _Terms()) for node, _ in page.own("comprises")]
    page.add("The promises that it comprises", promises)


def _event(page: Page) -> None:
    _parties(page, "Who took part, by capacity")
    _events(page, "Its parts", dict.fromkeys(page.naming("partOf"), ""))
    _statements(page, "What was said at it", page.naming("occasion"))
    _statements(page, "What is said about it", page.naming("about", "Statement"))
    _disagreements(page)


def _source(page: Page) -> None:
    around = page.around
    for prop in ("source", "accordingTo"):
        page.others(prop, "")  # counted below

    def note(work: str) -> tuple[int, str]:
        return min(around.numbers(work, "noteNumber"), default=0), around.label(work)

    lines = []
    for work in sorted((node for node, _ in page.own("cites")), key=note):
        title = around.text(work, "dcterms:title") or around.label(work)
        text = ", ".join(filter(None, (title, around.text(work, "dcterms:publisher"), around.when(work))))
        number = around.text(work, "noteNumber")
        text = _joined(f"{around.label(NS + 'noteNumber')} {number}" if number else "", text)
        lines.append(Line(0, _with(text, around, work, "citedFor"), around.sources(work)))
    page.add("Works it cites", lines, "`foedus run works-cited`")
    counted = sorted((-number, around.label(c)) for c, number in page.resting.items() if c.startswith(NS))
    page.add("How many things of each kind rest on it", [Line(0, f"{name}: {-number}") for number, name in counted])


def _disagreement(page: Page) -> None:
    page.own("hasPosition")
    page.add("What each source says", _positions(page.around, page.around.iri))


def _citation(page: Page) -> None:
    around = page.around
    nodes = page.naming("hasCitation")
    lines = [Line(0, f"{around.text(n, 'rdf:type')}: {around.label(n)}", around.sources(n)) for n in nodes]
    page.add("What rests on it", lines)


def _other(page: Page) -> None:
    page.add("Things of this class", page.others("rdf:type", "{other}"))
    _disagreements(page)


_CLAUSES = f"(f:hasClause*/(f:hasCitation|(f:creates?/{_PARTS})))"
#: The first that fits a thing counts.
_TEMPLATES = (
    Template(
        ("Instrument", "InstrumentGroup"),
        f"{_CLAUSES}|(^f:underInstrument/(^f:designates|(f:comprises/{_PARTS}))?)|f:endCondition|f:amount"
        "|((^f:stateOf|^f:participationIn|^f:assesses|^f:designates|^f:usedBy|^f:counts|^f:involves)"
        "/(^f:dates|f:feature)?)|(^f:about/(f:inRole|f:occasion|f:hasPosition|^f:dates)?)",
        _instrument,
    ),
    Template(
        ("Actor",),
        "((^f:speaker|^f:about)/(f:inRole|f:occasion|f:hasPosition|^f:dates)?)|^f:holder|^f:roleIn"
        "|(^f:participant/(f:participationIn/(^f:dates)?)?)|(^f:involves/(^f:dates)?)|^f:usedBy|^f:rejectedBy"
        f"|((^f:committedBy|^f:beneficiary)/({_PARTS}|^f:comprises))",
        _actor,
    ),
    Template(("Clause",), f"{_CLAUSES}|^f:hasClause*", _of_clause),
    Template(("Commitment",), f"{_PARTS}|(^f:creates/^f:hasClause*)", _commitment),
    Template(("Guarantee",), f"f:comprises/{_PARTS}", _guarantee),
    Template(("Statement",), "f:inRole|f:occasion|^f:dates|(^f:about/f:hasPosition?)", _other),
    Template(
        ("Event",),
        "^f:dates|^f:participationIn|(^f:partOf/(^f:dates)?)|((^f:occasion|^f:about)/(f:inRole|f:hasPosition)?)",
        _event,
    ),
    Template(("Source",), "f:cites|^f:dates", _source),
    Template(("Disagreement",), "f:hasPosition", _disagreement),
    Template(("Citation",), "^f:hasCitation", _citation),
    Template((), "(((rdfs:domain|rdfs:range)/(owl:unionOf/rdf:rest*)?)|(^f:about/f:hasPosition?)|^f:dates)?", _other),
)


def template(classes: set[str]) -> Template:
    """The template for a thing of these classes of the ontology."""
    return next(t for t in _TEMPLATES if not t.classes or not classes.isdisjoint(t.classes))
