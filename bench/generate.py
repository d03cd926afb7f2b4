"""Made-up data in the ontology's own terms, to measure how time grows with size.

`python bench/generate.py FOLDER TRIPLES` writes `ontology/` and `queries/` as they are in this repository, and `data/`:
sources about made-up instruments, each a Turtle file of about 2,600 triples with the proportions of the real ones,
until there are TRIPLES of them. The same number gives the same bytes. Nothing in them is true: the few names of real
things that occur are those that the saved queries ask for, so that their answers grow with the data.
"""

from __future__ import annotations

import argparse
import random
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Name of a size to triples in all data files together.
SIZES = {"1x": 50_000, "5x": 250_000, "20x": 1_000_000}

_SEED = 9837
_GOLDEN = 0.618033988749895  # its multiples, modulo 1, fill the interval evenly


def _split(words: str) -> list[str]:
    return words.split()


_NS = "https://w3id.org/foedus/ns/"
_ID = "https://w3id.org/foedus/id/"
_THINGS = _split(
    "actor amount citation clause commitment condition count designation event finding group guarantee hedge "
    "instrument instrument-state participation role source statement work"
)
_WORDS = _split(
    "basis capability capacity event-type feature force hedge-kind legal-force precision response state "
    "statement-kind trigger verdict"
)
_PREFIXES = {
    "foedus": _NS,
    "dcterms": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
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
_ASSISTANCE = _split(
    "security-assistance defence-industry military-equipment training economic-assistance humanitarian-support "
    "capability-expansion technology-access membership-support formalisation cyber-defence intelligence demining "
    "reconstruction political-support costs-on-aggressor refrain-from-force"
)
_CAPABILITIES = _split("air-defence artillery tanks aircraft maritime cybersecurity interoperability combat-air")
_FEATURES = _split("article-5-equivalent attack-on-one duty-to-assist armed-force binding-text")
_SEARCHES = (
    "Article 5", "Article V", "mutual defence", "mutual defense", "collective defence", "attack on one", "armed force",
    "troops", "binding",
)  # fmt: skip
_EVENT_TYPES = _split("summit meeting conclusion announcement negotiations-opened visit decision publication attack")
_KINDS = _split("assessment description criticism welcome demand warning prediction hope assurance position")
_CAPACITIES = _split("party party party negotiating-party negotiating-party attendee signatory offeror adopter")
_STATES = _split("signed signed signed concluded concluded agreed in-force draft-presented")
_HEDGES = _split("domestic-law consent own-judgement readiness vagueness interim")

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


def generate(folder: Path, triples: int) -> int:
    """Write a folder of made-up data of at least `triples` triples; how many the data files hold together."""
    for part in ("ontology", "queries"):
        shutil.copytree(ROOT / part, folder / part, dirs_exist_ok=True)
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    actors, dataset = _Page(), _Page()
    for actor, kind in _KNOWN.items():
        actors.add(actor, [("a", ("foedus:Actor", f"foedus:{kind}")), _label(f"Stand-in for {actor[6:]}")])
    written, number = 0, 0
    while written + actors.triples + dataset.triples < triples:
        written += _Source(number, actors).page.write(data / f"bench-{number}.ttl")
        dataset.add(f"graph:bench-{number}", [("a", "void:Dataset"), ("dcterms:source", f"source:bench-{number}")])
        number += 1
    return written + actors.write(data / "actors.ttl") + dataset.write(data / "dataset.ttl")


class _Source:
    """One made-up source: `page` is its Turtle file."""

    def __init__(self, number: int, actors: _Page) -> None:
        self.page = _Page()
        self._number = number
        self._random = random.Random(_SEED * 1_000_003 + number)
        self._actors = actors
        self._cited = 0
        self._asked: dict[float, int] = {}
        self._citations = [self._name("citation", i) for i in range(55)]
        self.source = f"source:bench-{number}"
        self._write()

    # Small parts

    def _name(self, thing: str, *part: int | str) -> str:
        return f"{thing}:bench-{self._number}" + "".join(f".{p}" for p in part)

    def _cite(self, count: int = 1) -> tuple[str, list[str]]:
        """The next `count` passages, in turn, so that each supports about as many things."""
        start, self._cited = self._cited, self._cited + count
        return "foedus:hasCitation", [self._citations[i % 55] for i in range(start, start + count)]

    def _share(self, share: float) -> bool:
        """True for this share of the calls, as evenly spread as can be, so that all sizes have the same proportions."""
        self._asked[share] = self._asked.get(share, self._number * 41) + 1
        return self._asked[share] * _GOLDEN % 1 < share

    def _says(self) -> tuple[str, str]:
        return "foedus:accordingTo", self.source

    def _title(self, text: str) -> tuple[str, str]:
        return _label(f"{text} (source {self._number})")

    def _date(self) -> list[tuple[str, str]]:
        """A day, a month or a year between 2022 and 2025."""
        precision = self._random.choice(("day", "day", "day", "month", "year"))
        month = 1 if precision == "year" else self._random.randint(1, 12)
        day = self._random.randint(1, 28) if precision == "day" else 1
        date = f"{self._random.randint(2022, 2025)}-{month:02}-{day:02}"
        return [("foedus:date", f'"{date}"^^xsd:date'), ("foedus:datePrecision", f"precision:{precision}")]

    def _when(self) -> list[tuple[str, str]]:
        """A date, or words for one."""
        return self._date() if self._share(0.7) else [("foedus:dateAsWorded", _text("some time ago"))]

    # The parts of a source

    def _write(self) -> None:
        self.page.add(
            self.source,
            [
                ("a", "foedus:Source"),
                _label(f"Made-up source {self._number}"),
                ("dcterms:title", _text(f"Made-up source {self._number}", "en")),
                ("dcterms:creator", _text(f"Author {self._number}")),
                ("foedus:fileName", _text(f"bench-{self._number}.txt")),
                ("foedus:sha256", _text(f"{self._number:064x}")),
                ("foedus:cites", [self._name("work", i) for i in range(8)]),
                *(self._date() if self._number % 4 else [("foedus:notStated", _text("date"))]),
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
                ("foedus:cites", self._name("work", 0)),
            ],
        )
        self._people()
        self._instruments()
        self._promises()
        self._happenings()
        self._words()
        self._findings()
        self._passages()

    def _people(self) -> None:
        kinds = ["State"] * 3 + ["Organ"] * 3 + ["ActorGroup"] * 2 + ["Organisation"] * 2 + ["Person"] * 5
        self._own = [self._name("actor", i) for i in range(len(kinds))]
        for i, (actor, kind) in enumerate(zip(self._own, kinds, strict=True)):
            name = f"{kind} {self._number}.{i}"
            labels = [_text(name, "en"), _text(f"Вигаданий {name}", "uk")]
            self._actors.add(actor, [("a", ("foedus:Actor", f"foedus:{kind}")), ("rdfs:label", labels)])
        ties = {
            self._own[3]: ("foedus:partOf", [self._own[0]]),
            self._own[4]: ("foedus:replaces", [self._own[5]]),
            self._own[6]: ("foedus:member", self._own[:3]),
        }
        for actor in [*self._own, *_KNOWN]:
            self.page.add(actor, [*([ties[actor]] if actor in ties else []), self._cite(2)])
        self._states, self._persons = self._own[:3], [*self._own[10:], "actor:stoltenberg"]
        for i, person in enumerate(self._persons[2:]):
            self.page.add(
                self._name("role", i),
                [
                    ("a", "foedus:RoleHolding"),
                    self._title(f"Role {i}"),
                    ("foedus:holder", person),
                    ("foedus:roleTitle", _text(f"Holder of office {i}", "en")),
                    ("foedus:roleIn", self._own[3 + i % 3]),
                    self._says(),
                    self._cite(2),
                ],
            )

    def _instruments(self) -> None:
        """Seven instruments of its own, two that every source names, and four that other sources have brought up."""
        mine = [(self._number, i) for i in range(7)]
        others = {(self._random.randrange(self._number), self._random.randrange(7)) for _ in range(4) if self._number}
        self._named: dict[str, int] = {_AGREEMENT: 0, _DECLARATION: 4}
        for iri, (name, kinds) in {
            _AGREEMENT: ("Stand-in for the agreement", _CLASSES[0]),
            _DECLARATION: ("Stand-in for the declaration", ("JointDeclaration",)),
        }.items():
            self._instrument(iri, name, kinds, "actor:ukraine", ())
        for number, i in [*mine, *sorted(others)]:
            iri = f"instrument:bench-{number}.{i}"
            kinds = (_TURNS[number % len(_TURNS)],) if i == 5 else _CLASSES[i]
            receiver = f"actor:bench-{number}.2" if i == 6 else "actor:ukraine"
            extra: list[tuple[str, str]] = []
            if number == self._number:
                extra = [
                    ("foedus:formalises" if i < 2 else "foedus:buildsOn", _DECLARATION if i < 2 else _AGREEMENT),
                    ("foedus:duration", '"P10Y"^^xsd:duration'),
                ][: 2 if i < 3 else i == 4]
                if i == 5:
                    extra = [("foedus:establishes", self._own[3]), ("foedus:precedentFor", _DECLARATION)]
                if i == 0:
                    extra.append(("foedus:endCondition", self._name("condition", 0)))
            self._instrument(iri, f"Arrangement {number}.{i}", kinds, receiver, extra)
            self._named[iri] = i
        self._mine = [f"instrument:bench-{self._number}.{i}" for i in range(7)]
        self.page.add(
            self._name("group"),
            [
                ("a", "foedus:InstrumentGroup"),
                _label(f"Group of arrangements {self._number}"),
                ("foedus:beneficiary", "actor:ukraine"),
                ("foedus:member", self._mine[:4]),
                self._cite(3),
            ],
        )
        if self._number % 2:
            amount = self._name("amount")
            self.page.add(self._mine[5], [("foedus:amount", amount)])
            value = f'"{1_000_000 * (self._number + 1)}"^^xsd:decimal'
            pairs = [("a", "foedus:Amount"), self._title("Sum"), ("foedus:amountValue", value)]
            self.page.add(amount, [*pairs, ("foedus:currency", _text("USD")), self._cite()])

    def _instrument(
        self, iri: str, name: str, kinds: Sequence[str], receiver: str, extra: Sequence[tuple[str, str]]
    ) -> None:
        self.page.add(
            iri,
            [
                ("a", ["foedus:Instrument", *(f"foedus:{k}" for k in kinds)]),
                _label(name),
                ("foedus:beneficiary", receiver),
                *extra,
                self._cite(3),
            ],
        )

    def _promises(self) -> None:
        """Clauses, commitments and guarantees of five instruments of its own and of the two that all sources name."""
        for i in range(3):
            self.page.add(
                self._name("hedge", i),
                [
                    ("a", "foedus:Hedge"),
                    self._title(f"Hedge {i}"),
                    ("foedus:hedgeKind", f"hedge-kind:{self._random.choice(_HEDGES)}"),
                    ("foedus:wording", _text(f"as far as words of kind {i} allow")),
                    self._cite(),
                ],
            )
        for i in range(2):
            pairs = [("a", "foedus:Condition"), self._title(f"Condition {i}")]
            words = ("foedus:wording", _text(f"until condition {i} is met"))
            self.page.add(self._name("condition", i), [*pairs, words, self._cite()])
        seven = ["actor:united-kingdom", *(f"actor:bench-0.{i}" for i in range(3)), *self._states]
        for i in (0, 1, 2, 4, 6):
            receiver = self._states[2] if i == 6 else "actor:ukraine"
            givers = self._states if i == 4 else [self._states[i % 2]]
            self._guarantee(i, self._mine[i], givers, receiver, 3)
        self._guarantee(7, _AGREEMENT, ["actor:united-kingdom"], "actor:ukraine", 3)
        self._guarantee(8, _DECLARATION, list(dict.fromkeys(seven)), "actor:ukraine", 4)

    def _guarantee(self, number: int, instrument: str, givers: list[str], receiver: str, promises: int) -> None:
        clauses = [self._name("clause", number, i) for i in range(2)]
        commitments = [self._name("commitment", number, i) for i in range(promises)]
        self.page.add(instrument, [("foedus:hasClause", clauses)])
        for i, clause in enumerate(clauses):
            self.page.add(
                clause,
                [
                    ("a", "foedus:Clause"),
                    self._title(f"Clause {number}.{i}"),
                    ("foedus:summary", _text(f"What clause {number}.{i} says.", "en")),
                    ("foedus:creates", commitments[i::2]),
                    self._cite(),
                ],
            )
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
                self._cite(),
            ],
        )

    def _commitment(self, iri: str, name: str, givers: list[str], receiver: str, *, treaty: bool) -> None:
        trigger, responses = "standing", self._random.sample(_ASSISTANCE, 2)[: 2 if self._share(0.3) else 1]
        if self._share(0.14):
            trigger = self._random.choice(("future-russian-aggression", "future-russian-attack", "any-future-attack"))
            responses = ["consult", responses[0]][: 2 if self._share(0.5) else 1]
        if treaty:
            trigger, responses = "attack-on-one", ["security-assistance", "armed-force"]
        soft: list[tuple[str, str]] = []
        if self._share(0.25):
            soft.append(("foedus:hedge", self._name("hedge", self._random.randrange(3))))
        if self._share(0.03):
            soft.append(("foedus:condition", self._name("condition", 1)))
        if self._share(0.2):
            soft.append(("foedus:capability", f"capability:{self._random.choice(_CAPABILITIES)}"))
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
                ("foedus:deonticForce", f"force:{self._random.choice(('commits', 'will', 'would', 'intends'))}"),
                ("foedus:verbAsWorded", _text(self._random.choice(("will provide", "undertake to", "intend to")))),
                *soft,
                ("foedus:summary", _text(f"{name} of source {self._number}.", "en")),
                self._cite(),
            ],
        )

    def _happenings(self) -> None:
        """Events, participations and the stages of instruments."""
        self._events = [self._name("event", i) for i in range(12)]
        for i, event in enumerate(self._events):
            self.page.add(
                event,
                [
                    ("a", "foedus:Event"),
                    _label(f"Event {self._number}.{i}"),
                    ("foedus:eventType", f"event-type:{self._random.choice(_EVENT_TYPES)}"),
                    *self._when(),
                    ("foedus:involves", ["actor:nato" if i < 3 else "actor:ukraine", self._random.choice(self._own)]),
                    *([("foedus:establishes", self._own[4])] if i == 0 else []),
                    *([("foedus:place", _text(f"Place {i}"))] if i % 5 == 0 else []),
                    *([("foedus:partOf", self._events[i - 1])] if i % 6 == 5 else []),
                    self._cite(2),
                ],
            )
        for i in range(27):
            place = _DECLARATION if i < 3 else (self._mine[i % 7] if i < 18 else self._events[i % 12])
            self.page.add(
                self._name("participation", i),
                [
                    ("a", "foedus:Participation"),
                    self._title(f"Participation {i}"),
                    ("foedus:participationIn", place),
                    ("foedus:participant", self._own[i % 15]),
                    ("foedus:capacity", f"capacity:{self._random.choice(_CAPACITIES)}"),
                    *(self._date() if i % 3 else []),
                    self._cite(),
                ],
            )
        for i in range(11):
            state = "under-negotiation" if i in (3, 10) else self._random.choice(_STATES)
            self.page.add(
                self._name("instrument-state", i),
                [
                    ("a", "foedus:InstrumentState"),
                    self._title(f"Stage {i}"),
                    ("foedus:stateOf", _AGREEMENT if i == 9 else self._mine[i % 7]),
                    ("foedus:state", f"state:{state}"),
                    *self._when(),
                    self._says(),
                    self._cite(2),
                ],
            )

    def _words(self) -> None:
        """Statements, designations, counts and cited works."""
        for i in range(27):
            at = self._random.choice(self._events)
            self.page.add(
                self._name("statement", i),
                [
                    ("a", "foedus:Statement"),
                    self._title(f"Statement {i}"),
                    ("foedus:speaker", "actor:stoltenberg" if i < 2 else self._own[3 + i % 12]),
                    *([("foedus:inRole", self._name("role", 3))] if i < 2 else []),
                    *([("foedus:inRole", self._name("role", i % 3))] if i % 12 in (9, 10, 11) else []),
                    ("foedus:about", [self._random.choice(self._mine), "actor:ukraine"]),
                    ("foedus:statementKind", f"statement-kind:{self._random.choice(_KINDS)}"),
                    *(self._when() if i % 3 == 0 else []),
                    *([("foedus:occasion", at)] if i % 6 == 0 else []),
                    ("foedus:summary", _text(f"Says thing {i} of source {self._number}.", "en")),
                    *([("foedus:quotedWords", _text(f"quoted words {i}"))] if i % 3 == 1 else []),
                    self._says(),
                    self._cite(),
                ],
            )
        for i in range(12):
            self.page.add(
                self._name("designation", i),
                [
                    ("a", "foedus:Designation"),
                    self._title(f"Word {i}"),
                    ("foedus:designates", [_DECLARATION] if i < 3 else [self._random.choice(self._mine)]),
                    ("foedus:term", _text(self._random.choice(("guarantees", "assurances", "commitments", "pact")))),
                    *([("foedus:usedBy", self._own[i])] if i % 3 else []),
                    self._says(),
                    self._cite(),
                ],
            )
        for i in range(2):
            self.page.add(
                self._name("count", i),
                [
                    ("a", "foedus:Count"),
                    self._title(f"Number {i}"),
                    ("foedus:counts", self._mine[4] if i else self._name("group")),
                    ("foedus:countedAs", _text("arrangements")),
                    ("foedus:countValue", str(self._random.randint(1, 40))),
                    *([("foedus:asOf", '"2024-07-11"^^xsd:date')] if i else []),
                    self._says(),
                    self._cite(),
                ],
            )
        for i in range(8):
            self.page.add(
                self._name("work", i),
                [
                    ("a", "foedus:CitedWork"),
                    self._title(f"Note {i}"),
                    ("dcterms:title", _text(f"Made-up work {self._number}.{i}", "en")),
                    ("dcterms:publisher", _text("Made-up publisher")),
                    *self._date(),
                    ("foedus:noteNumber", str(i + 1)),
                    self._cite(),
                ],
            )

    def _findings(self) -> None:
        """For each instrument named, an answer to all five features: mostly silence, and said so.

        By its place in its source an instrument is never spoken of (3 and 5), said to have an Article 5 equivalent
        (6, none of them meant for Ukraine), or said to lack one (all others).
        """
        for iri, place in self._named.items():
            name = iri.partition(":")[2]
            open_features = list(_FEATURES)
            if place not in (3, 5):
                verdict = "present" if place == 6 else "absent"
                basis = self._random.choice(("stated", "implied"))
                voice = [("foedus:attributedTo", self._random.choice(self._persons))] if place == 2 else []
                answered = [open_features.pop(0)]
                if place == 6 or self._share(0.1):
                    answered.append(open_features.pop(0 if place == 6 else -1))
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
                            *voice,
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
                ],
            )
        self.page.add(
            self._name("finding", "group", "silent"),
            [
                ("a", "foedus:Finding"),
                self._title("Silence on the group"),
                ("foedus:assesses", self._name("group")),
                ("foedus:feature", [f"feature:{f}" for f in _FEATURES]),
                ("foedus:verdict", "verdict:silent"),
                ("foedus:basis", "basis:source-read"),
                ("foedus:searchedFor", [_text(words) for words in _SEARCHES]),
                self._says(),
            ],
        )

    def _passages(self) -> None:
        for i, citation in enumerate(self._citations):
            self.page.add(
                citation,
                [
                    ("a", "foedus:Citation"),
                    ("foedus:source", self.source),
                    ("foedus:locator", _text(f"Section {i // 10 + 1}, paragraph {i % 10 + 1}")),
                    ("foedus:start", str(200 * i)),
                    ("foedus:end", str(200 * i + 120)),
                    ("foedus:phrase", _text(f"made-up phrase {i} of source {self._number}")),
                ],
            )


def _text(text: str, language: str = "") -> str:
    return f'"{text}"@{language}' if language else f'"{text}"'


def _label(text: str) -> tuple[str, str]:
    return "rdfs:label", _text(text, "en")


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
