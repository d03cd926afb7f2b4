"""Made-up data in the ontology's own terms, to measure how time grows with size.

`python bench/generate.py FOLDER TRIPLES` writes `ontology/` and `queries/` as they are in this repository, and `data/`:
sources about made-up instruments, each a Turtle file of about 3,200 triples with the proportions of the real ones,
and where they differ and what follows from several of them, until there are TRIPLES of them. The same number gives the
same bytes. Nothing in them is true: the few names of real things that occur are those that the saved queries ask for,
so that their answers grow with the data.
"""

from __future__ import annotations

import argparse
import math
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

ROOT = Path(__file__).resolve().parent.parent
#: Name of a size to triples in all data files together.
SIZES = {"1x": 50_000, "5x": 250_000, "20x": 1_000_000}

_T = TypeVar("_T")


def _split(words: str) -> list[str]:
    return words.split()


_NS = "https://w3id.org/foedus/ns/"
_ID = "https://w3id.org/foedus/id/"
_THINGS = _split(
    "actor amount citation clause commitment condition count derived-date designation disagreement event finding group "
    "guarantee hedge instrument instrument-state participation passage position role source statement work"
)
_WORDS = _split(
    "basis capability capacity derivation-rule disagreement-kind event-type feature force hedge-kind legal-force "
    "matter precision response set-aside state statement-kind trigger verdict"
)
_PREFIXES = {
    "foedus": _NS,
    "dcterms": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "graph": "https://w3id.org/foedus/graph/",
    **{thing: f"{_ID}{thing}/" for thing in _THINGS},
    **{word: f"{_NS}{word}/" for word in _WORDS},
}
#: What the saved queries name, or take as the default of a parameter.
_KNOWN = {
    "actor:ukraine": "State",
    "actor:united-kingdom": "State",
    "actor:russia": "State",
    "actor:nato": "InternationalOrganisation",
    "actor:nato-allies": "ActorGroup",
    "actor:stoltenberg": "Person",
}
_AGREEMENT, _DECLARATION = "instrument:uk-ukraine-2024", "instrument:g7-declaration"
#: Instruments of which each source names one in turn, with their class and for whom they are.
_IN_TURN = (
    ("instrument:north-atlantic-treaty", "Treaty", "actor:nato-allies"),
    ("instrument:budapest-memorandum", "Memorandum", ()),
    ("instrument:crag-2010", "Act", ()),
)
_BRIEFING = "source:briefing-9837"
#: Classes of the seven instruments of a source; the sixth takes turns, the last is not meant for Ukraine.
_CLASSES = (
    ("BilateralArrangement", "BilateralAgreement"),
    ("BilateralArrangement", "BilateralAgreement"),
    ("BilateralArrangement", "BilateralAgreement"),
    ("BilateralArrangement",),
    ("SummitOutcome", "SummitCommunique"),
    ("Programme",),
    ("Treaty",),
)
_TURNS = ("Programme", "SupportPackage", "ProposedArrangement", "Memorandum", "Charter", "Act", "JointDeclaration")
_ACTORS = ["State"] * 3 + ["Organ"] * 3 + ["ActorGroup"] * 4 + ["Organisation"] * 2 + ["Person"] * 4
_YEARS = (2008, 2016, 2020, *[2022] * 5, *[2023] * 15, *[2024] * 9)
_PRECISIONS = _split("day " * 5 + "month " * 4 + "year")
_AGGRESSION = "future-russian-aggression"
_TRIGGERS = (_AGGRESSION, _AGGRESSION, "future-russian-attack", "any-future-attack", "agreement-and-conditions")
_ASSISTANCE = _split(
    "security-assistance defence-industry military-equipment training economic-assistance humanitarian-support "
    "capability-expansion technology-access membership-support formalisation cyber-defence intelligence demining "
    "reconstruction political-support costs-on-aggressor refrain-from-force"
)
_CAPABILITIES = _split("air-defence artillery tanks aircraft maritime cybersecurity interoperability combat-air")
_FEATURES = _split("article-5-equivalent attack-on-one duty-to-assist armed-force binding-text")
_SEARCHES = (
    "Article 5", "Article V", "mutual defence", "mutual defense", "collective defence", "attack on one", "armed force",
    "troops", "binding", "obligation",
)  # fmt: skip
_EVENT_TYPES = _split("meeting " * 3 + "conclusion " * 2 + "negotiations-opened " * 2 + "visit")
_KINDS = _split(
    "description " * 5 + "assessment " * 5 + "position " * 4 + "prediction " * 2
    + "demand criticism warning announcement welcome hope"
)  # fmt: skip
_CAPACITIES = _split("party " * 4 + "signatory " * 3 + "negotiating-party " * 2 + "offeror")
_AT_EVENTS = _split("attendee " * 3 + "announcer visitor invitee attacked applicant")
_STATES = _split(
    "signed " * 5 + "concluded " * 4 + "under-negotiation " * 3 + "agreed " * 2
    + "expected in-preparation proposed debated in-force under-discussion draft-presented"
)  # fmt: skip
_HEDGES = _split("vagueness " * 3 + "readiness consent domestic-law interim own-judgement")
_DISAGREEMENTS = _split("framing " * 3 + "internal " * 2 + "temporal")
_MATTERS = _split("status label scope assessment position participants date name count cause order legal-character")
_RULES = _split("reported-by " * 2 + "same-event day-before state-since-changed told-as-past")
_ASIDE = _split("heading " * 5 + "furniture question")
_PASSAGES = 59

Pairs = Sequence[tuple[str, str | Iterable[str]]]


class _Page:
    """One Turtle file in the making; `triples` counts what stands in it."""

    def __init__(self) -> None:
        self.triples = 0
        self._parts = [f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(_PREFIXES.items())]

    def add(self, subject: str, pairs: Pairs) -> str:
        """Describe `subject`; pairs without an object are left out. Returns `subject`."""
        lines = []
        for predicate, objects in pairs:
            listed = (objects,) if isinstance(objects, str) else tuple(dict.fromkeys(objects))
            if listed:
                lines.append(f"{predicate} {' , '.join(listed)}")
                self.triples += len(listed)
        self._parts.append(f"\n{subject} " + " ;\n    ".join(lines) + " .\n")
        return subject

    def write(self, path: Path) -> int:
        """Write the file; the number of its triples."""
        path.write_text("".join(self._parts), encoding="utf-8")
        return self.triples


class _Evenly:
    """Choices that are spread as evenly as can be, so that all sizes have the same proportions.

    For each `what` they are the multiples, modulo 1, of the root of another prime, so that choices of different things
    do not go together.
    """

    def __init__(self) -> None:
        self._asked: dict[object, tuple[float, int]] = {}
        self._primes = (n for n in range(2, 10_000) if all(n % d for d in range(2, math.isqrt(n) + 1)))

    def _next(self, what: object) -> float:
        step, turn = self._asked.get(what) or (math.sqrt(next(self._primes)), 0)
        self._asked[what] = step, turn + 1
        return (turn + 1) * step % 1

    def share(self, what: object, share: float) -> bool:
        """True for this share of the calls."""
        return self._next((what, share)) < share

    def pick(self, what: object, options: Sequence[_T]) -> _T:
        """One of the options, each as often as the others."""
        return options[int(self._next(what) * len(options))]


class _Shared(NamedTuple):
    """What the sources have in common: three files and the even spread of choices."""

    actors: _Page
    disagreements: _Page
    derived: _Page
    evenly: _Evenly


def generate(folder: Path, triples: int) -> int:
    """Write a folder of made-up data of at least `triples` triples; how many the data files hold together."""
    for part in ("ontology", "queries"):
        shutil.copytree(ROOT / part, folder / part, dirs_exist_ok=True)
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    shared = _Shared(_Page(), _Page(), _Page(), _Evenly())
    pages = {"actors": shared.actors, "disagreements": shared.disagreements, "derived": shared.derived}
    pages["dataset"] = dataset = _Page()
    for actor, kind in _KNOWN.items():
        shared.actors.add(actor, [("a", ("foedus:Actor", f"foedus:{kind}")), _label(f"Stand-in for {actor[6:]}")])
    for name in ("actors", "disagreements", "derived"):
        dataset.add(f"graph:{name}", [("a", "void:Dataset")])
    written, number = 0, 0
    while written + sum(page.triples for page in pages.values()) < triples:
        written += _Source(number, shared).page.write(data / f"bench-{number}.ttl")
        dataset.add(f"graph:bench-{number}", [("a", "void:Dataset"), ("dcterms:source", f"source:bench-{number}")])
        number += 1
    return written + sum(page.write(data / f"{name}.ttl") for name, page in pages.items())


class _Source:
    """One made-up source: `page` is its Turtle file."""

    def __init__(self, number: int, shared: _Shared) -> None:
        self.page = _Page()
        self._number = number
        self._shared = shared
        self._share, self._pick = shared.evenly.share, shared.evenly.pick
        self._cited = 0
        self._names: list[tuple[str, str]] = []
        self.source = f"source:bench-{number}"
        self._write()

    # Small parts

    def _name(self, thing: str, *part: int | str) -> str:
        return f"{thing}:bench-{self._number}" + "".join(f".{p}" for p in part)

    def _cite(self, count: int = 1) -> tuple[str, list[str]]:
        """The next `count` passages, in turn, so that each supports about as many things."""
        start, self._cited = self._cited, self._cited + count
        return _citing(self._name("citation", i % _PASSAGES) for i in range(start, start + count))

    def _also_named(self, thing: str, name: str = "") -> tuple[str, str]:
        """Another name of a thing, which a designation will give as well; without a `name` it is a new one."""
        name = name or f"Other name {self._number}.{len(self._names)}"
        self._names.append((thing, name))
        return "skos:altLabel", _text(name, "en")

    def _some(self, predicate: str, share: float, value: str | Iterable[str]) -> list[tuple[str, str | Iterable[str]]]:
        """The predicate with its value for this share of the calls, and otherwise nothing."""
        return [(predicate, value)] if self._share(predicate, share) else []

    def _says(self) -> tuple[str, str]:
        return "foedus:accordingTo", self.source

    def _title(self, text: str) -> tuple[str, str]:
        return _label(f"{text} (source {self._number})")

    def _voiced(self, share: float) -> list[tuple[str, str | Iterable[str]]]:
        """Somebody whose words the source reports, for this share of the calls."""
        return self._some("foedus:attributedTo", share, self._pick("voice", self._persons))

    def _denies(self, share: float) -> list[tuple[str, str | Iterable[str]]]:
        """What is not so, for this share of the calls; in each source another thing."""
        what = _text(f"thing {self._pick('denied', range(10))} of source {self._number}", "en")
        return self._some("foedus:denies", share, what)

    def _because(self, share: float) -> list[tuple[str, str | Iterable[str]]]:
        """A reason, for this share of the calls."""
        why = _text(f"reason {self._pick('reason', range(10))} of source {self._number}", "en")
        return self._some("foedus:because", share, why)

    def _remark(self) -> list[tuple[str, str | Iterable[str]]]:
        return self._some("rdfs:comment", 0.35, _text("How this was read.", "en"))

    def _day(self, precision: str) -> str:
        """The first day of a year, of a month or of itself, between 2008 and 2024."""
        month = 1 if precision == "year" else self._pick("month", range(1, 13))
        day = self._pick("day", range(1, 29)) if precision == "day" else 1
        return f'"{self._pick("year", _YEARS)}-{month:02}-{day:02}"^^xsd:date'

    def _date(self) -> list[tuple[str, str]]:
        precision = self._pick("precision", _PRECISIONS)
        return [("foedus:date", self._day(precision)), ("foedus:datePrecision", f"precision:{precision}")]

    def _when(self, dated: float, worded: float) -> list[tuple[str, str]]:
        """A date for a share of the calls, words for one for a share of the others, or else nothing."""
        if self._share("dated", dated):
            return self._date()
        return [("foedus:dateAsWorded", _text("some time ago"))] if self._share("worded", worded) else []

    # The parts of a source

    def _write(self) -> None:
        dated = self._share("source dated", 0.4)
        self.page.add(
            self.source,
            [
                ("a", "foedus:Source"),
                _label(f"Made-up source {self._number}"),
                ("dcterms:title", _text(f"Made-up source {self._number}", "en")),
                ("dcterms:creator", _text(f"Author {self._number}")),
                ("foedus:fileName", _text(f"bench-{self._number}.txt")),
                ("foedus:sha256", _text(f"{self._number:064x}")),
                ("foedus:readOn", '"2026-11-21"^^xsd:date'),
                ("foedus:summary", _text("A made-up text.", "en")),
                ("foedus:cites", [self._name("work", i) for i in range(14)]),
                *(self._date() if dated else [("foedus:notStated", _text("date"))]),
                self._cite(4),
            ],
        )
        # A stand-in for the one source whose notes a query lists by default: every file knows one note more.
        self.page.add(
            _BRIEFING,
            [
                ("a", "foedus:Source"),
                _label("Stand-in for the briefing"),
                ("dcterms:title", _text("Stand-in for the briefing", "en")),
                ("foedus:fileName", _text("bench.txt")),
                ("foedus:sha256", _text("0" * 64)),
                ("foedus:readOn", '"2026-11-21"^^xsd:date'),
                ("foedus:cites", self._name("work", 0)),
                self._cite(),
            ],
        )
        self._people()
        self._instruments()
        self._promises()
        self._happenings()
        self._words()
        self._findings()
        self._passages()
        self._differences()
        self._derived([] if dated else [self.source])

    def _people(self) -> None:
        self._own = [self._name("actor", i) for i in range(len(_ACTORS))]
        for i, (actor, kind) in enumerate(zip(self._own, _ACTORS, strict=True)):
            name = f"{kind} {self._number}.{i}"
            labels = [_text(name, "en"), _text(f"Вигаданий {name}", "uk")]
            self._shared.actors.add(actor, [("a", ("foedus:Actor", f"foedus:{kind}")), ("rdfs:label", labels)])
        of = {kind: [a for a, k in zip(self._own, _ACTORS, strict=True) if k == kind] for kind in _ACTORS}
        self._states, self._organs, self._groups_of_actors = of["State"], of["Organ"], of["ActorGroup"]
        self._persons = [*of["Person"], "actor:stoltenberg"]
        ties = {
            self._organs[0]: ("foedus:partOf", [self._states[0]]),
            self._organs[1]: ("foedus:replaces", [self._organs[2]]),
            self._groups_of_actors[0]: ("foedus:member", self._states),
        }
        for i, actor in enumerate([*self._own, *_KNOWN]):
            # What all sources name has the same other name in all of them.
            named = [] if i % 2 else [self._also_named(actor, f"Other name {i}" if actor in _KNOWN else "")]
            self.page.add(actor, [*([ties[actor]] if actor in ties else []), *named, self._cite(2)])
        within = [self._states[0], self._states[1], of["Organisation"][0], self._organs[0], "actor:nato"]
        for i, (person, body) in enumerate(zip(self._persons, within, strict=True)):
            self.page.add(
                self._name("role", i),
                [
                    ("a", "foedus:RoleHolding"),
                    self._title(f"Role {i}"),
                    ("foedus:holder", person),
                    ("foedus:roleTitle", _text(f"Holder of office {i}", "en")),
                    ("foedus:roleIn", body),
                    self._says(),
                    self._cite(),
                ],
            )

    def _instruments(self) -> None:
        """Seven instruments of its own, three that many sources name, and three that others have brought up."""
        mine = [(self._number, i) for i in range(7)]
        earlier = range(self._number)
        others = {(self._pick("other", earlier), self._pick("which", range(7))) for _ in range(3) if earlier}
        self._groups = [self._name("group", i) for i in range(2)]
        self._named: dict[str, int] = {}
        self._naming: dict[str, tuple[str, list[str]]] = {}
        self._turn, kind, receiver = _IN_TURN[self._number % len(_IN_TURN)]
        for place, iri, name, kinds, given_to in (
            (0, _AGREEMENT, "Stand-in for the agreement", _CLASSES[0], "actor:ukraine"),
            (4, _DECLARATION, "Stand-in for the declaration", ("JointDeclaration",), "actor:ukraine"),
            (6 if kind == "Treaty" else 3, self._turn, f"Stand-in for {self._turn[11:]}", (kind,), receiver),
        ):
            self._instrument(iri, name, kinds, given_to, (), place)
        for number, i in [*mine, *sorted(others)]:
            iri = f"instrument:bench-{number}.{i}"
            kinds = (_TURNS[number % len(_TURNS)],) if i == 5 else _CLASSES[i]
            extra: list[tuple[str, str]] = []
            if number == self._number:
                extra = [
                    ("foedus:formalises" if i < 2 else "foedus:buildsOn", _DECLARATION if i < 2 else _AGREEMENT),
                    ("foedus:duration", '"P10Y"^^xsd:duration'),
                ][: 2 if i < 1 else i in (1, 4)]
                if i < 5:
                    extra.append(self._also_named(iri))
                if i == 2:
                    extra.append(("foedus:modelFor", self._groups[0]))
                if i == 5:
                    extra += [("foedus:establishes", self._organs[0]), ("foedus:precedentFor", _DECLARATION)]
            given_to = f"actor:bench-{number}.2" if i == 6 else "actor:ukraine"
            self._instrument(iri, f"Arrangement {number}.{i}", kinds, given_to, extra, i)
        self._mine = [f"instrument:bench-{self._number}.{i}" for i in range(7)]
        for i, group in enumerate(self._groups):
            self._naming[group] = self._cite(3)
            self.page.add(
                group,
                [
                    ("a", "foedus:InstrumentGroup"),
                    _label(f"Group {i} of arrangements {self._number}"),
                    ("foedus:beneficiary", self._states[2] if i else "actor:ukraine"),
                    ("foedus:member", [] if i else [*self._mine[:4], _DECLARATION]),
                    ("foedus:formalises", [] if i else _DECLARATION),
                    ("foedus:endCondition", self._name("condition", 0) if i == self._number % 2 == 0 else []),
                    self._also_named(group),
                    self._naming[group],
                ],
            )
        if self._number % 2:
            amount = self._name("amount")
            self.page.add(self._mine[5], [("foedus:amount", amount)])
            value = f"{1_000_000 * (self._number + 1)}"
            pairs = [("a", "foedus:Amount"), self._title("Sum"), ("foedus:amountValue", value)]
            self.page.add(amount, [*pairs, ("foedus:currency", _text("USD")), self._says(), self._cite()])

    def _instrument(
        self, iri: str, name: str, kinds: Sequence[str], receiver: str | Iterable[str], extra: Pairs, place: int
    ) -> None:
        self._named[iri] = place
        self._naming[iri] = self._cite(2)
        self.page.add(
            iri,
            [
                ("a", ["foedus:Instrument", *(f"foedus:{k}" for k in kinds)]),
                _label(name),
                ("foedus:beneficiary", receiver),
                *extra,
                self._naming[iri],
            ],
        )

    def _promises(self) -> None:
        """Clauses, commitments and guarantees of four instruments of its own, of a group and of two that all name."""
        for i in range(3):
            self.page.add(
                self._name("hedge", i),
                [
                    ("a", "foedus:Hedge"),
                    self._title(f"Hedge {i}"),
                    ("foedus:hedgeKind", f"hedge-kind:{self._pick('hedge kind', _HEDGES)}"),
                    ("foedus:wording", _text(f"as far as words of kind {i} allow")),
                    *self._denies(0.06),
                    self._says(),
                    self._cite(),
                ],
            )
        for i in range(2):
            pairs = [("a", "foedus:Condition"), self._title(f"Condition {i}")]
            words = ("foedus:wording", _text(f"until Ukraine joins NATO or condition {i} is met"))
            self.page.add(self._name("condition", i), [*pairs, words, *self._voiced(0.5), self._says(), self._cite()])
        seven = ["actor:united-kingdom", *(f"actor:bench-0.{i}" for i in range(3)), *self._states]
        for i in (0, 1, 4, 6):
            givers = self._states if i == 4 else [self._states[i % 2]]
            if i == 6 and self._number % 3 == 0:
                givers = [*givers, "actor:ukraine"]
            self._guarantee(i, self._mine[i], givers, self._states[2] if i == 6 else "actor:ukraine", 3)
        self._guarantee(7, _AGREEMENT, ["actor:united-kingdom"], "actor:ukraine", 3)
        self._guarantee(8, _DECLARATION, list(dict.fromkeys(seven)), "actor:ukraine", 4)
        self._guarantee(9, self._groups[0], [self._groups_of_actors[0]], "actor:ukraine", 2)
        if self._turn == _IN_TURN[0][0]:
            self._clause(self._turn, self._name("clause", "turn"), "Clause of the treaty", [], [])

    def _guarantee(self, number: int, instrument: str, givers: list[str], receiver: str, promises: int) -> None:
        """Two clauses, of which the first has one within it and that one another; two of the four create promises."""
        top, within, deepest, last = (self._name("clause", number, i) for i in range(4))
        commitments = [self._name("commitment", number, i) for i in range(promises)]
        self._clause(instrument, top, f"Clause {number}.0", [within], [])
        self._clause(top, within, f"Clause {number}.1", [deepest], commitments[::2])
        self._clause(within, deepest, f"Clause {number}.2", [], [])
        self._clause(instrument, last, f"Clause {number}.3", [], commitments[1::2])
        for i, commitment in enumerate(commitments):
            self._commitment(commitment, f"Promise {number}.{i}", givers, receiver, treaty=number == 6)
        self.page.add(
            self._name("guarantee", number),
            [
                ("a", "foedus:Guarantee"),
                self._title(f"Guarantee {number}"),
                ("foedus:underInstrument", instrument),
                ("foedus:committedBy", givers),
                ("foedus:beneficiary", receiver),
                ("foedus:comprises", commitments),
                *self._denies(0.03),
                *self._remark(),
                self._says(),
                self._cite(2),
            ],
        )

    def _clause(self, whole: str, clause: str, name: str, parts: list[str], creates: list[str]) -> None:
        if not whole.startswith("clause:"):
            self.page.add(whole, [("foedus:hasClause", clause)])
        self.page.add(
            clause,
            [
                ("a", "foedus:Clause"),
                self._title(name),
                ("foedus:summary", _text(f"What {name} says.", "en")),
                ("foedus:hasClause", parts),
                ("foedus:creates", creates),
                *self._voiced(0.1),
                *self._denies(0.07),
                *self._because(0.05),
                *self._remark(),
                self._says(),
                self._cite(),
            ],
        )

    def _commitment(self, iri: str, name: str, givers: list[str], receiver: str, *, treaty: bool) -> None:
        trigger = "standing"
        responses = [self._pick("help", _ASSISTANCE), self._pick("more help", _ASSISTANCE)]
        responses = responses[: 2 if self._share("two helps", 0.3) else 1]
        if self._share("trigger", 0.15):
            trigger = self._pick("trigger", _TRIGGERS)
            responses = ["consult", responses[0]][: 2 if self._share("consult and help", 0.5) else 1]
        if treaty:
            trigger, responses = "attack-on-one", ["security-assistance", "armed-force"]
        soft: list[tuple[str, str | Iterable[str]]] = [
            *self._some("foedus:hedge", 0.25, self._name("hedge", self._pick("hedge", range(3)))),
            *self._some("foedus:condition", 0.03, self._name("condition", 1)),
            *self._some("foedus:endCondition", 0.02, self._name("condition", 0)),
            *self._some("foedus:capability", 0.2, f"capability:{self._pick('capability', _CAPABILITIES)}"),
        ]
        if "consult" in responses:
            soft += [("foedus:timeLimit", '"P1D"^^xsd:duration'), ("foedus:wording", _text("within a day"))]
        if trigger.startswith("future-russian"):
            soft.append(("foedus:against", "actor:russia"))
        if treaty:
            soft.append(("foedus:legalForce", "legal-force:legally-binding"))
        self.page.add(
            iri,
            [
                ("a", "foedus:Commitment"),
                self._title(name),
                ("foedus:committedBy", givers),
                ("foedus:beneficiary", receiver),
                ("foedus:trigger", f"trigger:{trigger}"),
                ("foedus:response", [f"response:{r}" for r in responses]),
                ("foedus:deonticForce", f"force:{self._pick('force', ('commits', 'will', 'would', 'intends'))}"),
                ("foedus:verbAsWorded", _text(self._pick("verb", ("will provide", "undertake to", "intend to")))),
                *soft,
                ("foedus:summary", _text(f"{name} of source {self._number}.", "en")),
                *self._voiced(0.25),
                *self._denies(0.07),
                *self._because(0.03),
                *self._remark(),
                self._says(),
                self._cite(),
            ],
        )

    def _happenings(self) -> None:
        """Events, of which the first is a summit; participations, and the stages of instruments."""
        self._events = [self._name("event", i) for i in range(13)]
        for i, event in enumerate(self._events):
            kind = {0: "summit", 1: "decision"}.get(i) or self._pick("event type", _EVENT_TYPES)
            there = ["actor:nato" if i < 3 else "actor:ukraine", self._pick("there", self._own)]
            text = [self._mine[4] if i == 0 else self._pick("text", self._mine)] if i % 3 == 0 else []
            self.page.add(
                event,
                [
                    ("a", "foedus:Event"),
                    _label(f"Event {self._number}.{i}"),
                    ("foedus:eventType", f"event-type:{kind}"),
                    ("foedus:involves", [*there, *text]),
                    ("foedus:establishes", self._organs[1] if i == 0 else []),
                    ("foedus:supplements", self._mine[3] if i == 0 else []),
                    ("foedus:place", _text(f"Place {i}") if i % 5 == 0 else []),
                    ("foedus:partOf", self._events[i - 1] if i % 5 == 1 else []),
                    ("foedus:summary", _text(f"What happened at {i}.", "en") if i % 3 else []),
                    *([("foedus:dateAsWorded", _text("on Wednesday"))] if i == 2 else self._when(0.6, 1)),
                    *([self._also_named(event)] if i == 0 else []),
                    *self._voiced(0.05),
                    *self._remark(),
                    self._cite(2),
                ],
            )
        for i in range(31):
            place = _DECLARATION if i < 3 else self._mine[i % 7] if i < 18 else self._groups[i % 2]
            if i > 22:
                place = self._events[i % 13]
            capacity = self._pick("capacity", _CAPACITIES) if i < 23 else self._pick("presence", _AT_EVENTS)
            self.page.add(
                self._name("participation", i),
                [
                    ("a", "foedus:Participation"),
                    self._title(f"Participation {i}"),
                    ("foedus:participationIn", place),
                    ("foedus:participant", self._own[i % len(self._own)]),
                    ("foedus:capacity", f"capacity:{capacity}"),
                    *self._when(0.3, 0.1),
                    *self._voiced(0.06),
                    *self._denies(0.01),
                    *self._because(0.02),
                    *self._remark(),
                    self._says(),
                    self._cite(),
                ],
            )
        self._stages = [self._name("instrument-state", i) for i in range(12)]
        for i, stage in enumerate(self._stages):
            # The first two are dated by no source, but derived.
            self.page.add(
                stage,
                [
                    ("a", "foedus:InstrumentState"),
                    self._title(f"Stage {i}"),
                    ("foedus:stateOf", {8: _DECLARATION, 9: _AGREEMENT, 10: self._groups[0]}.get(i, self._mine[i % 7])),
                    ("foedus:state", f"state:{self._pick('state', _STATES)}"),
                    *(self._when(0.5, 0.5) if i > 1 else []),
                    *(self._some("foedus:asOf", 0.2, self._day("day")) if i > 1 else []),
                    *self._some("foedus:summary", 0.3, _text(f"How far it came at {i}.", "en")),
                    *self._voiced(0.03),
                    *self._denies(0.05),
                    *self._because(0.07),
                    *self._remark(),
                    self._says(),
                    self._cite(2),
                ],
            )

    def _words(self) -> None:
        """Statements, designations, counts and cited works."""
        topics = [*self._mine, *self._mine, *[_DECLARATION] * 8, *self._groups, *self._events[:4], *self._own[:8]]
        speakers = [*self._persons[:-1] * 3, *self._organs, *self._own[6:12]]
        self._statements = [self._name("statement", i) for i in range(41)]
        for i, statement in enumerate(self._statements):
            speaker = "actor:stoltenberg" if i < 2 else self._pick("speaker", speakers)
            roles = [self._name("role", self._persons.index(speaker))] if speaker in self._persons else []
            about = [self._pick("topic", topics), self._pick("of whom", ("actor:ukraine", "actor:nato", *self._own))]
            about = {2: [self._mine[5], _DECLARATION], 3: [self._turn, self._mine[0]]}.get(i, about)
            joins = " on the way to NATO membership" if self._share("membership", 0.2) else ""
            # The last is dated by no source, but derived.
            self.page.add(
                statement,
                [
                    ("a", "foedus:Statement"),
                    self._title(f"Statement {i}"),
                    ("foedus:speaker", speaker),
                    ("foedus:inRole", roles if self._share("in role", 0.65) else []),
                    ("foedus:about", about),
                    ("foedus:statementKind", f"statement-kind:{self._pick('statement kind', _KINDS)}"),
                    *(self._when(0.12, 0.15) if i != 40 else []),
                    *self._some("foedus:occasion", 0.11, self._pick("occasion", self._events)),
                    ("foedus:summary", _text(f"Says thing {i} of source {self._number}{joins}.", "en")),
                    *self._some("foedus:quotedWords", 1 if i == 40 else 0.22, _text(f"quoted words {i}")),
                    *self._denies(1 if i == 3 else 0.22),
                    *self._because(0.1),
                    *self._remark(),
                    self._says(),
                    self._cite(),
                ],
            )
        for i in range(18):
            named = self._pick("named", (*self._mine, self._groups[0], self._events[0], self._own[0]))
            named = {3: self._name("guarantee", 8), 4: self._name("clause", 0, 0), 5: self._turn}.get(i, named)
            term = self._pick("term", ("guarantees", "assurances", "commitments", "pact"))
            self.page.add(
                self._name("designation", i),
                [
                    ("a", "foedus:Designation"),
                    self._title(f"Word {i}"),
                    ("foedus:designates", [_DECLARATION] if i < 3 else [named]),
                    # Three use a word that is the source's own, and the fourth rejects it.
                    ("foedus:term", _text(f"word {self._number}" if i > 13 else term)),
                    ("foedus:rejectedBy", self._persons[0] if i == 17 else []),
                    *self._some("foedus:usedBy", 0.75, self._pick("user", self._own)),
                    *self._because(0.01),
                    *self._remark(),
                    self._says(),
                    self._cite(),
                ],
            )
        for i, (thing, other) in enumerate(self._names):
            self.page.add(
                self._name("designation", "name", i),
                [
                    ("a", "foedus:Designation"),
                    self._title(f"Other name {i}"),
                    ("foedus:designates", thing),
                    ("foedus:term", _text(other)),
                    self._says(),
                    self._cite(),
                ],
            )
        counted = (self._groups[0], _DECLARATION, self._groups_of_actors[0])
        for i, thing in enumerate(counted):
            number = ("foedus:countValue", str(self._pick("number", range(1, 40))))
            self.page.add(
                self._name("count", i),
                [
                    ("a", "foedus:Count"),
                    self._title(f"Number {i}"),
                    ("foedus:counts", thing),
                    ("foedus:countedAs", _text("arrangements")),
                    ("foedus:countAsWorded", _text("several")) if i == 2 and self._number % 2 else number,
                    ("foedus:asOf", '"2024-07-11"^^xsd:date' if i == 1 else []),
                    self._says(),
                    self._cite(),
                ],
            )
        for i in range(14):
            self.page.add(
                self._name("work", i),
                [
                    ("a", "foedus:CitedWork"),
                    self._title(f"Note {i}"),
                    *self._some("dcterms:title", 0.6, _text(f"Made-up work {self._number}.{i}", "en")),
                    *self._some("dcterms:publisher", 0.45, _text("Made-up publisher")),
                    *self._when(0.5, 0.1),
                    *self._some("foedus:noteNumber", 0.55, str(i + 1)),
                    ("foedus:citedFor", _text(f"what is said of thing {i}", "en")),
                    *self._remark(),
                    self._cite(2),
                ],
            )

    def _findings(self) -> None:
        """For each instrument and group named, an answer to all five features: mostly silence, and said so.

        By its place in its source an instrument is never spoken of (3 and 5), said to have an Article 5 equivalent
        (6, none of them meant for Ukraine), or said to lack one (all others). Of the groups one lacks it.
        """
        for iri, place in {**self._named, self._groups[0]: 2, self._groups[1]: 3}.items():
            name = iri.replace(":", "-")
            open_features = list(_FEATURES)
            answered = []
            if place not in (3, 5):
                answered.append(open_features.pop(0))
            if place == 6 or (answered and self._share("test answered", 0.1)):
                answered.append(open_features.pop(0 if place == 6 else -1))
            verdict = "present" if place == 6 else "absent"
            basis = self._pick("basis", ("stated", "stated", "implied"))
            for feature in answered:
                self.page.add(
                    self._name("finding", name, feature),
                    [
                        ("a", "foedus:Finding"),
                        self._title(f"Finding on {name}"),
                        ("foedus:assesses", iri),
                        ("foedus:feature", f"feature:{feature}"),
                        ("foedus:verdict", f"verdict:{verdict}"),
                        ("foedus:basis", f"basis:{basis}"),
                        *(self._voiced(1) if place == 2 else []),
                        *self._denies(0.8 if verdict == "absent" else 0),
                        *self._remark(),
                        self._says(),
                        ("foedus:wording", _text("the arrangements")),
                        ("foedus:summary", _text(f"Speaks of {name}.", "en")),
                        self._cite(2),
                    ],
                )
            self.page.add(
                self._name("finding", name, "silent"),
                [
                    ("a", "foedus:Finding"),
                    self._title(f"Silence on {name}"),
                    ("foedus:assesses", iri),
                    ("foedus:feature", [f"feature:{f}" for f in open_features]),
                    ("foedus:verdict", "verdict:silent"),
                    ("foedus:basis", "basis:source-read"),
                    ("foedus:searchedFor", [_text(words) for words in _SEARCHES]),
                    self._says(),
                    self._naming[iri],
                ],
            )

    def _passages(self) -> None:
        """The passages cited, and between them some that carry no fact."""
        for i in range(_PASSAGES):
            self.page.add(
                self._name("citation", i),
                [
                    ("a", "foedus:Citation"),
                    ("foedus:source", self.source),
                    ("foedus:locator", _text(f"Section {i // 10 + 1}, paragraph {i % 10 + 1}")),
                    ("foedus:start", str(200 * i)),
                    ("foedus:end", str(200 * i + 120)),
                    ("foedus:phrase", _text(f"made-up phrase {i} of source {self._number}")),
                    *self._some("foedus:cites", 0.45, self._name("work", i % 14)),
                ],
            )
        for i in range(10):
            self.page.add(
                self._name("passage", i),
                [
                    ("a", "foedus:SetAsidePassage"),
                    ("foedus:source", self.source),
                    ("foedus:locator", _text(f"Section {i + 1}, heading")),
                    ("foedus:setAsideAs", f"set-aside:{self._pick('aside', _ASIDE)}"),
                    ("foedus:start", str(1200 * i + 150)),
                    ("foedus:end", str(1200 * i + 180)),
                    ("foedus:phrase", _text(f"Made-up heading {i}")),
                ],
            )

    def _passage_of(self, number: int) -> str:
        """A passage of this source or of another."""
        return f"citation:bench-{number}.{self._pick('passage', range(_PASSAGES))}"

    def _differences(self) -> None:
        """Where this source differs from earlier ones, or from itself."""
        for i in range(17):
            kind = self._pick("disagreement kind", _DISAGREEMENTS) if self._number else "internal"
            sides = self._pick("sides", (2, 2, 2, 3, 3, 4, 5))
            sources = [self._number]
            for _ in range(1, sides):
                sources.append(self._number if kind == "internal" else self._pick("side", range(self._number)))
            positions = [(self._name("position", i, j), n, self._passage_of(n)) for j, n in enumerate(sources)]
            self._shared.disagreements.add(
                self._name("disagreement", i),
                [
                    ("a", "foedus:Disagreement"),
                    self._title(f"Difference {i}"),
                    ("foedus:disagreementKind", f"disagreement-kind:{kind}"),
                    ("foedus:matter", f"matter:{self._pick('matter', _MATTERS)}"),
                    ("foedus:about", [self._pick("disputed", (*self._mine, _DECLARATION)), self._groups[0]]),
                    ("foedus:summary", _text(f"Why {i} of source {self._number} differ.", "en")),
                    ("foedus:hasPosition", [position for position, _, _ in positions]),
                    _citing(passage for _, _, passage in positions),
                ],
            )
            for j, (position, number, passage) in enumerate(positions):
                self._shared.disagreements.add(
                    position,
                    [
                        ("a", "foedus:Position"),
                        self._title(f"Side {j} of difference {i}"),
                        ("foedus:summary", _text(f"Side {j} of difference {i} of source {self._number}.", "en")),
                        ("foedus:accordingTo", f"source:bench-{number}"),
                        _citing([passage]),
                    ],
                )

    def _derived(self, more: list[str]) -> None:
        """What is dated only by passages taken together, mostly with those of an earlier source."""
        for i, thing in enumerate([*self._stages[:2], self._events[2], self._statements[-1], *more]):
            day = self._day("day")
            first, last = self._pick("bounds", ((day, day), (day, day), (day, day), (day, ()), ((), day)))
            other = self._pick("premise", range(self._number)) if self._number and i % 3 else self._number
            self._shared.derived.add(
                self._name("derived-date", i),
                [
                    ("a", "foedus:Derivation , foedus:DerivedDate"),
                    self._title(f"Derived date {i}"),
                    ("foedus:dates", thing),
                    ("foedus:notBefore", first),
                    ("foedus:notAfter", last),
                    ("foedus:derivedBy", f"derivation-rule:{self._pick('rule', _RULES)}"),
                    ("foedus:summary", _text(f"How date {i} of source {self._number} follows.", "en")),
                    *self._remark(),
                    _citing([self._passage_of(self._number), self._passage_of(self._number), self._passage_of(other)]),
                ],
            )


def _text(text: str, language: str = "") -> str:
    return f'"{text}"@{language}' if language else f'"{text}"'


def _label(text: str) -> tuple[str, str]:
    return "rdfs:label", _text(text, "en")


def _citing(passages: Iterable[str]) -> tuple[str, list[str]]:
    return "foedus:hasCitation", list(passages)


def main() -> None:
    """Write made-up data as the arguments say."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("triples", help="a number of triples, or one of: " + ", ".join(SIZES))
    options = parser.parse_args()
    wanted = SIZES.get(options.triples) or int(options.triples)
    print(f"{generate(options.folder, wanted):,} triples")


if __name__ == "__main__":
    main()
