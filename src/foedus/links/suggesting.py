"""What may be the same thing elsewhere: candidates found by name and by code, each with what speaks for and against it.

How a candidate is scored, 0 to 100: 90 for a code that agrees and 5 for each further one; 70 for an equal name (in its
normal form, or but for the order of its words), 85 for two or more that differ; 5 more where both agree; otherwise 0.6
of the similarity of the names. A code that differs takes 30 away, a date 25, a person that is none (or the other way
round) 40, a target that another thing is linked to 30. It orders what a person looks at; it decides nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from foedus.answers import Row
from foedus.authoring.turtle import literal
from foedus.datasets import ID, NS
from foedus.errors import FoedusError, InputError
from foedus.links.asking import Endpoint
from foedus.links.authorities import EUVOC, VOCABULARIES, WD, WDT, Vocabulary
from foedus.links.checking import agree
from foedus.links.entities import Directory, Entity, last, read, when
from foedus.links.recorded import AUTHORITY, endpoints
from foedus.links.records import Record, from_rows
from foedus.links.services import RemoteService
from foedus.links.wording import normal, similarity, words
from foedus.lookup import labels, resolve
from foedus.names import shorten

if TYPE_CHECKING:
    from collections.abc import Callable

    from foedus.graph import Graph

_RECORDED = """
PREFIX f: <https://w3id.org/foedus/ns/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?record ?class ?thing ?authority ?target ?kind ?code ?day ?name WHERE {
  VALUES ?class { f:Link f:LinkCandidate f:LinkSearch }
  ?record a ?class ; f:linkedThing ?thing ; f:authority ?authority ; f:checkedOn ?day
  OPTIONAL { ?record f:linkTarget ?target }
  OPTIONAL { ?record f:matchKind ?kind }
  OPTIONAL { ?record skos:notation ?code }
  OPTIONAL { ?record f:searchedName ?name }
}
"""
_AUTHORITIES = """
PREFIX f: <https://w3id.org/foedus/ns/>
PREFIX void: <http://rdfs.org/ns/void#>
SELECT DISTINCT ?authority ?space ?class WHERE {
  ?authority void:uriSpace ?space FILTER(STRSTARTS(STR(?authority), "https://w3id.org/foedus/ns/authority/"))
  OPTIONAL { ?authority f:covers ?class }
}
"""
#: Authorities that have entries for things of every kind.
_OF_ALL = ("dbpedia", "wikidata")
#: The property by which an authority says what a thing is, and what it says of a person.
_PERSON = {
    "wikidata": (WDT + "P31", WD + "Q5"),
    "dbpedia": ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://dbpedia.org/ontology/Person"),
}
_DESCRIPTION = {
    "wikidata": "http://schema.org/description",
    "dbpedia": "http://www.w3.org/2000/01/rdf-schema#comment",
    "eu-country": "http://www.w3.org/2004/02/skos/core#definition",
    "eu-corporate-body": "http://www.w3.org/2004/02/skos/core#definition",
}
#: What can stand in Turtle and SPARQL as an IRI.
IRI = re.compile(r"""https?://[^\s<>"{}|\\^`]+""")
_MOST = 50  # targets that a search gives
_ALIKE = 10  # scores that are less apart are alike
_WORTH = 60  # a score from which one may be taken for the thing


class Recorded(NamedTuple):
    """A record of the graph about a link: the IRI of the record, its class, thing, authority, target, and the rest.

    `kind` is "exact", "close" or "" and `names` are those that were searched for in vain.
    """

    iri: str
    type: str
    thing: str
    authority: str
    target: str
    kind: str
    schemes: tuple[str, ...]
    day: str
    names: tuple[str, ...]


class Suggestion(NamedTuple):
    """A target with its names, what speaks for and against it, what is recorded of it, and where it was found.

    `agreed` tells whether a name or code is equal, `moved` is what it was merged into, and `alike` the
    candidate from which its score does not tell it.
    """

    target: str
    name: str
    description: str
    authority: str
    score: int
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    state: str
    places: tuple[str, ...]
    agreed: bool
    moved: str
    alike: str


class Targets:
    """What the graph knows of links: the records, and the IRI space of each authority."""

    def __init__(self, graph: Graph) -> None:
        self.records = list(_recorded(graph.sparql(_RECORDED)))
        self.spaces: dict[str, str] = {}
        self.covers: dict[str, set[str]] = defaultdict(set)
        for row in graph.sparql(_AUTHORITIES):
            name = str(row["authority"]).removeprefix(AUTHORITY)
            self.spaces[name] = str(row["space"])
            self.covers[name].add(str(row["class"] or "").removeprefix(NS))

    def authority(self, iri: str) -> str:
        """The authority in whose space an IRI is, or ""."""
        fitting = [name for name, space in self.spaces.items() if iri.startswith(space) and iri != space]
        return max(fitting, key=lambda name: len(self.spaces[name]), default="")

    def code(self, iri: str) -> str:
        """What follows the space of its authority in an IRI."""
        return iri.removeprefix(self.spaces[self.authority(iri)]).strip("/")

    def scheme(self, authority: str) -> str:
        """The notation of an authority's codes: that of its other links, or the one that has its name."""
        used = {scheme for r in self.records if r.authority == authority for scheme in r.schemes}
        return authority if authority in used or len(used) != 1 else used.pop()

    def state(self, thing: str, target: str) -> tuple[str, str]:
        """What is recorded of a target for the thing, and what for another thing; "" each where nothing is."""
        mine = other = ""
        for record in self.records:
            if record.target == target and record.thing == thing:
                mine = mine if record.type == "LinkCandidate" and mine else _STATES[record.type] % record.kind
            elif record.target == target and record.type == "Link":
                other = f"{shorten(record.thing)} is linked to it ({record.kind})"
        return mine, other


class Found(NamedTuple):
    """The suggestions for a thing, best first; what is to be told beside them; and what failed.

    `targets` is what the graph knows of links, and `wanted` the IRI that is to be accepted, if one is.
    """

    thing: Entity
    suggestions: list[Suggestion]
    notes: list[str]
    failures: list[FoedusError]
    targets: Targets
    wanted: str


_STATES = {"Link": "recorded: %s match", "LinkCandidate": "recorded as a candidate: %s match", "LinkSearch": "%s"}


def suggest(
    graph: Graph,
    name: str,
    authorities: Iterable[str] = (),
    services: Iterable[str] = (),
    *,
    urls: Mapping[str, str] | None = None,
    accept: str = "",
    timeout: float = 60.0,
    tell: Callable[[str], None] = lambda _: None,
) -> Found:
    """What may be the thing called `name` elsewhere; among it what `accept`, an IRI or a code, means, if it is there.

    Asked are the named `authorities` and the reconciliation `services` (URLs); where neither is given, the authorities
    of `urls` (their endpoints, in place of the public ones), or else all that have a public endpoint and things of
    this kind. `timeout` is the limit of each request in seconds.

    Raises UnknownName and InputError; what is remote and fails is among the failures.
    """
    directory, targets = read(graph), Targets(graph)
    thing = _thing(directory, graph, name)
    urls = dict(urls or {})
    services = list(dict.fromkeys(services))
    asked = _asked(targets, thing, [*authorities], services, urls)
    public = endpoints(graph)
    wanted = _meant(targets, accept, asked) if accept else ""
    gathered: dict[str, _Gathered] = {}
    failures: list[FoedusError] = []
    for authority in asked:
        url = urls.get(authority) or public[authority]
        try:
            tell(f"asking {url}")
            pause = VOCABULARIES[authority].pause if url == public.get(authority) else 0.0
            with Endpoint(url, pause=pause, timeout=timeout) as endpoint:
                extra = wanted if targets.authority(wanted) == authority else ""
                for one in _at_endpoint(endpoint, authority, targets.spaces[authority], thing, extra):
                    one.places.append(url)
                    gathered[one.target] = one
        except FoedusError as error:
            if isinstance(error, InputError):
                raise
            failures.append(error)
    for url in services:
        service = RemoteService(url, timeout=timeout, tell=tell)
        try:
            tell(f"asking {url}")
            for proposed in service.candidates(list(dict.fromkeys(n.text for n in thing.names if n.given))):
                one = gathered.setdefault(proposed.iri, _Gathered(proposed.iri, proposed.name, proposed.description))
                one.names.add(proposed.name)
                one.certain |= proposed.certain
                one.places.append(url)
        except FoedusError as error:
            failures.append(error)
        finally:
            service.close()
    dates = _dates(directory, thing)
    suggestions = sorted(
        (_weighed(one, thing, dates, targets) for one in gathered.values()), key=lambda s: (-s.score, s.target)
    )
    concerned = {*asked, *(suggestion.authority for suggestion in suggestions)}
    notes = [
        f"it is linked to {record.target} already ({record.kind} match)"
        for record in targets.records
        if record.thing == thing.iri and record.type == "Link" and record.authority in concerned
    ]
    notes += [
        f"{record.authority} was searched for it on {record.day}, in vain: {', '.join(record.names)}"
        for record in targets.records
        if record.thing == thing.iri and record.type == "LinkSearch" and record.authority in concerned
    ]
    worth = [s for s in suggestions if s.score or s.target == wanted]
    return Found(thing, _with_alike(worth), notes, failures, targets, wanted)


class _Gathered:
    """What was learnt of a target so far."""

    def __init__(self, target: str, name: str, description: str, record: Record | None = None) -> None:
        self.target, self.name, self.description = target, name, description
        self.record = record or Record()
        self.names = set(self.record.names)
        self.person: bool | None = None
        self.certain = False
        self.by_way_of: list[str] = []
        self.places: list[str] = []


def _thing(directory: Directory, graph: Graph, name: str) -> Entity:
    iri = resolve(name, labels(graph))
    thing = directory.entities.get(iri.removeprefix(ID))
    if thing is None:
        raise InputError(
            f"{shorten(iri)} is nothing that others identify",
            todo="Name an actor, a place, an instrument, a group, an event or a source.",
        )
    return thing


def _asked(
    targets: Targets, thing: Entity, authorities: list[str], services: list[str], urls: Mapping[str, str]
) -> list[str]:
    known = [name for name in sorted(VOCABULARIES) if name in targets.spaces]
    for name in (*authorities, *urls):
        if name not in known:
            raise InputError(
                f"no authority that can be asked is called {name!r}", todo=f"There are: {', '.join(known)}."
            )
    if authorities or services or urls:
        return list(dict.fromkeys([*authorities, *urls]))
    return [name for name in known if name in _OF_ALL or targets.covers[name] & thing.types]


def _meant(targets: Targets, id: str, asked: Sequence[str]) -> str:
    """The IRI that an identifier stands for: itself, or one in the space of the one authority that is asked."""
    if not IRI.fullmatch(f"http://{id}"):
        raise InputError(f"{id!r} is no identifier", where="--accept", todo="Give one that `suggest` shows.")
    if id.startswith(("http://", "https://")):
        return id
    if len(asked) != 1:
        raise InputError(f"of which authority {id!r} is cannot be told", where="--accept", todo="Give it as an IRI.")
    return targets.spaces[asked[0]] + id


def _at_endpoint(endpoint: Endpoint, authority: str, space: str, thing: Entity, extra: str) -> Iterator[_Gathered]:
    """The targets that an endpoint has by a name or code of the thing, and `extra`, if it has that."""
    vocabulary = VOCABULARIES[authority]
    person, human = _PERSON.get(authority, ("", ""))
    description = _DESCRIPTION[authority]
    asked = list(filter(None, (*vocabulary.properties, person, description)))
    found = [row["target"] for row in endpoint.ask(_search(vocabulary, thing, space))]
    rows = list(endpoint.about(filter(None, (*found, extra)), asked))
    records = from_rows(rows, vocabulary)
    moved = {r.moved: target for target, r in records.items() if r.moved.startswith(space)}
    if new := sorted(moved.keys() - records.keys()):
        more = list(endpoint.about(new, asked))
        rows += more
        records |= from_rows(more, vocabulary)
    for target, record in records.items():
        said = [row for row in rows if row["target"] == target]
        if record.moved and target != extra:
            continue
        one = _Gathered(
            target,
            _shown(said, vocabulary.names) or target.removeprefix(space),
            _shown(said, (description,))[:100],
            record,
        )
        kinds = {row["value"] for row in said if row["property"] == person}
        one.person = human in kinds if kinds else None
        one.by_way_of = [old for new, old in moved.items() if new == target]
        yield one


def _search(vocabulary: Vocabulary, thing: Entity, space: str) -> str:
    """A query for what has a name or code of the thing."""
    texts = {name.text: name.language for name in thing.names if name.given}
    texts |= {text.replace("–", "-"): language for text, language in texts.items()}
    written = [literal(text, tag) for text, language in texts.items() for tag in (f"@{language or 'en'}", "@mul", "")]
    parts = [f"?target <{property}> {name} ." for property in vocabulary.names for name in written]
    for property, notation in vocabulary.codes.items():
        for code in (c.text for c in thing.codes if c.exact and c.scheme == notation):
            if property.startswith(EUVOC):
                mark = f"^^<{property}>"
                parts.append(f"?target <http://www.w3.org/2004/02/skos/core#notation> {literal(code, mark)} .")
            else:
                parts.append(f"?target <{property}> {literal(code)} .")
    for beginning, notation in vocabulary.linked.items():
        for code in (c.text for c in thing.codes if c.exact and c.scheme == notation):
            parts.append(f"?target <{vocabulary.same}> <{beginning}{code}> .")
    union = " UNION ".join(f"{{ {part} }}" for part in parts)
    return f'SELECT DISTINCT ?target WHERE {{ {union} FILTER(STRSTARTS(STR(?target), "{space}")) }} LIMIT {_MOST}'


def _shown(said: Sequence[Mapping[str, str]], properties: Sequence[str]) -> str:
    """The first value of the first of some properties that has one: in English, or else in another language."""
    order = ("en", "mul", "", "uk")
    values = [
        (properties.index(row["property"]), order.index(row.get("value@", "")), row["value"])
        for row in said
        if row["property"] in properties and row.get("value@", "") in order
    ]
    return min(values, default=(0, 0, ""))[2]


def _dates(directory: Directory, thing: Entity) -> list[str]:
    """The dates of a thing: of an instrument, those of its signing."""
    signings = [
        event
        for event in directory.entities.values()
        if any(term.value.endswith("/conclusion") for term in event.values.get("foedus:eventType", ()))
        and any(term.value == thing.iri for term in event.values.get("foedus:involves", ()))
    ]
    those = signings if "Instrument" in thing.types else [thing]
    return sorted({when(one, date) for one in those for date in one.values.get("foedus:date", ())})


def _weighed(one: _Gathered, thing: Entity, dates: Sequence[str], targets: Targets) -> Suggestion:
    authority = targets.authority(one.target)
    reasons: list[str] = []
    against: list[str] = []
    given = {name.text for name in thing.names if name.given}
    equal = sorted({ours for ours in given for theirs in one.names if _is_equal(ours, theirs)})
    likeness = max((similarity(normal(a), normal(b)) for a in given for b in one.names), default=0.0)
    levels = {normal(name) for name in equal}
    score = 85.0 if len(levels) > 1 else 70.0 if levels else 0.6 * likeness if likeness >= _WORTH else 0.0
    reasons += [f"the name “{name}” is equal" for name in equal]
    codes: dict[str, set[str]] = defaultdict(set)
    for notation, code in one.record.codes:
        codes[notation].add(code.replace(" ", ""))
    ours = [(c.scheme, c.text) for c in thing.codes if c.exact and c.scheme in codes]
    agreeing = sorted((scheme, code) for scheme, code in ours if code in codes[scheme])
    differing = sorted({scheme for scheme, _ in ours} - {scheme for scheme, _ in agreeing})
    if agreeing:
        score = max(score, 85.0 + 5 * len(agreeing)) + (5 if levels else 0)
        reasons += [f"{scheme} {code} agrees" for scheme, code in agreeing]
    if not reasons and score:
        reasons.append(f"the most similar name is “{one.name}” ({likeness:.0f} of 100)")
    if one.certain:
        reasons.append("the service is certain of it")
    for scheme in differing:
        mine = ", ".join(code for s, code in ours if s == scheme)
        against.append(f"{scheme} is {', '.join(sorted(codes[scheme]))} there and {mine} here")
        score -= 30
    if dates and one.record.dates:
        there = ", ".join(sorted(one.record.dates))
        if any(agree(a, b) for a in dates for b in one.record.dates):
            reasons.append(f"the date {there} agrees")
        else:
            against.append(f"the date is {there} there and {', '.join(dates)} here")
            score -= 25
    if one.person is not None and one.person != ("Person" in thing.types):
        against.append("it is a person there" if one.person else "it is no person there")
        score -= 40
    if one.record.retired:
        against.append("the authority has given it up")
        score -= 30
    state, other = targets.state(thing.iri, one.target)
    if other:
        against.append(other)
        score -= 30
    reasons += [f"{shorten(old)} was merged into it" for old in one.by_way_of]
    return Suggestion(
        one.target,
        one.name,
        one.description,
        authority,
        round(min(100.0, max(0.0, score))),
        tuple(reasons),
        tuple(against),
        state,
        tuple(one.places),
        bool(equal or agreeing),
        one.record.moved,
        "",
    )


def _is_equal(one: str, other: str) -> bool:
    return normal(one) == normal(other) or (len(words(one)) > 1 and words(one) == words(other))


def _with_alike(suggestions: list[Suggestion]) -> list[Suggestion]:
    """The suggestions of which some are alike: worth a look, of the same authority, and nearly of one score."""

    def twin(one: Suggestion) -> str:
        for other in suggestions:
            near = abs(other.score - one.score) < _ALIKE and min(other.score, one.score) >= _WORTH
            if near and other.target != one.target and other.authority == one.authority:
                return other.target
        return ""

    return [one._replace(alike=twin(one)) for one in suggestions]


def _recorded(rows: Iterable[Row]) -> Iterator[Recorded]:
    """The records, of which a row gives each a code and a searched name."""
    gathered: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        gathered[str(row["record"])].append(row)
    for iri, same in sorted(gathered.items()):
        first = same[0]
        codes = {last(str(code.datatype)) for row in same if (code := row["code"]) is not None}
        names = {str(name) for row in same if (name := row["name"]) is not None}
        yield Recorded(
            iri,
            last(str(first["class"])),
            str(first["thing"]),
            last(str(first["authority"])),
            str(first["target"] or ""),
            last(str(first["kind"] or "")),
            tuple(sorted(codes)),
            str(first["day"]),
            tuple(sorted(names)),
        )
