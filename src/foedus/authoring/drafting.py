"""A draft of a text's Turtle file: what a program can see, with every question marked that a person has to answer.

The verbs of promise and the words for each feature are those of the vocabularies (`foedus:searchTerm`), in the language
of the text, so that another language needs no change here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from foedus.authoring import turtle
from foedus.authoring.clauses import Clause, cut
from foedus.citations import WHOLE, Described
from foedus.datasets import ID, NS
from foedus.names import shorten
from foedus.searching import pattern

_RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_SKOS_ALT = "http://www.w3.org/2004/02/skos/core#altLabel"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_NO_PROMISES = ("title", "preamble", "signature", "note")
_MOST_PLACES = 5  # clauses that a draft names for a feature
_PARTIES = NS + "feature/name-of-parties"


class Subject(NamedTuple):
    """What a draft is about: slugs of the source, its instrument and the giver (empty where unknown), and the file."""

    source: str
    instrument: str
    giver: str
    file_name: str
    sha256: str
    day: str


class _Sentence(NamedTuple):
    start: int
    end: int
    text: str


class _Verb(NamedTuple):
    start: int
    end: int
    force: str


class Vocabulary:
    """What the graph says of verbs, features and actors, for a text in one language (`en`, `uk`)."""

    def __init__(self, described: Described, language: str) -> None:
        self.language = language
        self._described = described
        self.features = sorted(
            (iri for iri in described if iri.startswith(NS + "feature/")), key=lambda iri: self._number(iri, "position")
        )
        self._verbs = self._searched("force", whole=True)
        self._sought = {scheme: self._searched(scheme) for scheme in ("response", "hedge-kind")}
        self._sought["feature"] = [
            (slug, patterns) for slug, patterns in self._searched("feature") if self._is_topic(f"{NS}feature/{slug}")
        ]

    def terms(self, iri: str) -> list[str]:
        """The search terms of a feature or a force in the language of the text."""
        return [
            value.value for value in self._described[iri].get(NS + "searchTerm", ()) if _tag(value) == self.language
        ]

    def asked(self, feature: str) -> str:
        """How a feature is to be answered: the kind of answer, and the values that it allows."""
        values = self._described[feature]
        kind = next((self.label(value.value) for value in values.get(NS + "answerKind", ())), "")
        allowed = [shorten(value.value) for value in values.get(NS + "allows", ())]
        return f"{kind} ({', '.join(allowed)})" if allowed else kind

    def label(self, iri: str) -> str:
        """The English label of a thing, or its IRI."""
        labels = self._described.get(iri, {}).get(_RDFS_LABEL, [])
        return next((value.value for value in labels if _tag(value) == "en"), iri)

    def mentions(self, actor: str, text: str) -> bool:
        """Whether a text names an actor; Ukrainian names are inflected, so their last letter does not count."""
        values = self._described.get(f"{ID}actor/{actor}", {})
        names = [
            v.value for v in (*values.get(_RDFS_LABEL, ()), *values.get(_SKOS_ALT, ())) if _tag(v) == self.language
        ]
        if self.language == "uk":
            return any(pattern(name[:-1]).search(text) for name in names)
        plain = {name: 0 if name.isupper() else re.IGNORECASE for name in names}  # an abbreviation has capitals
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags) for name, flags in plain.items())

    def parties(self) -> list[str]:
        """The words for all the parties together."""
        return self.terms(_PARTIES)

    def givers(self) -> Iterator[str]:
        """The slugs of the states and organisations that may have given a promise, Ukraine left out."""
        kinds = {NS + "State", NS + "InternationalOrganisation"}
        for iri, values in sorted(self._described.items()):
            slug = iri.removeprefix(ID + "actor/")
            if slug not in (iri, "ukraine") and kinds & {value.value for value in values.get(_TYPE, ())}:
                yield slug

    def is_actor(self, slug: str) -> bool:
        """Whether the graph describes the actor."""
        return f"{ID}actor/{slug}" in self._described

    def verb(self, text: str) -> _Verb | None:
        """The first verb of promise in a text, the longest where several begin together."""
        found = [
            _Verb(match.start(), match.end(), force)
            for force, patterns in self._verbs
            for one in patterns
            if (match := one.search(text))
        ]
        return min(found, key=lambda verb: (verb.start, -verb.end), default=None)

    def named(self, scheme: str, text: str) -> dict[str, tuple[int, int]]:
        """The concepts of a vocabulary whose search terms occur in a text, each with the place of the first."""
        found = {}
        for slug, patterns in self._sought[scheme]:
            places = [match.span() for one in patterns if (match := one.search(text))]
            if places:
                found[slug] = min(places)
        return found

    def _searched(self, scheme: str, *, whole: bool = False) -> list[tuple[str, list[re.Pattern[str]]]]:
        """The concepts of a vocabulary with the patterns of their search terms, as beginnings of words or whole."""
        iris = sorted(iri for iri in self._described if iri.startswith(f"{NS}{scheme}/"))
        return [(iri.rsplit("/", 1)[1], [pattern(t, whole=whole) for t in self.terms(iri)]) for iri in iris]

    def _is_topic(self, feature: str) -> bool:
        groups = [value.value for value in self._described[feature].get(NS + "inGroup", ())]
        return any(group.endswith("-topics") for group in groups)

    def _number(self, iri: str, name: str) -> int:
        return int(next((value.value for value in self._described[iri].get(NS + name, ())), "0"))


def language_of(text: str) -> str:
    """`uk` for a text in Cyrillic letters, otherwise `en`."""
    letters = [letter for letter in text if letter.isalpha()]
    return "uk" if sum("а" <= letter.lower() <= "ї" for letter in letters) > len(letters) / 2 else "en"


def guess_giver(text: str, vocabulary: Vocabulary) -> str:
    """The slug of the only actor but Ukraine that the title names, or nothing."""
    titles = [part.heading for part in cut(text).parts if part.kind == "title"]
    named = {giver for giver in vocabulary.givers() if any(vocabulary.mentions(giver, title) for title in titles)}
    return named.pop() if len(named) == 1 else ""


def draft(text: str, subject: Subject, vocabulary: Vocabulary) -> str:
    """The Turtle file of a text, for a person to finish."""
    return _Drafter(text, subject, vocabulary).write()


class _Drafter:
    def __init__(self, text: str, subject: Subject, vocabulary: Vocabulary) -> None:
        self.text = text
        self.s = subject
        self.v = vocabulary
        self.whole = cut(text)
        self.clauses = list(self.whole.walk())
        self.citations: dict[str, tuple[int, str]] = {}
        self.creates: dict[str, list[str]] = {}
        self.label = self._instrument_label()
        self.sides = [side for side in (subject.giver, "ukraine") if side]

    def write(self) -> str:
        commitments = list(self._commitments())
        findings = [self._finding(feature) for feature in self.v.features]
        for part in self.clauses:
            self._cite(f"{self.s.source}.{part.path}", part, (part.start, part.end), turtle.opening(part, self.text))
        sections = {
            "The source": [self._source()],
            "Actors": list(self._actors()),
            "The instrument": [self._instrument()],
            "Clauses": [
                turtle.clause(part, self.s.source, self.label, i, self.creates.get(part.path, ()))
                for i, part in enumerate(self.clauses, 1)
            ],
            "Commitments": commitments,
            "Guarantees": list(self._guarantees()),
            "Participations": list(self._participations()),
            "Instrument states": [self._signed()],
            "Events": [self._signing()],
            "Findings": findings,
            "Citations": [written for _, written in sorted(self.citations.values())],
        }
        body = "\n".join(f"# {name}\n\n" + "\n".join(blocks) for name, blocks in sections.items() if blocks)
        return turtle.prefixes(body) + "\n" + body

    # The source and the instrument

    def _instrument_label(self) -> str:
        known = self.v.label(f"{ID}instrument/{self.s.instrument}")
        giver = self.v.label(f"{ID}actor/{self.s.giver}")
        new = self.s.instrument if giver.startswith("http") else f"{giver}–Ukraine agreement"
        return new if known.startswith("http") else known

    def _title(self) -> str:
        titles = [part.heading for part in self.whole.parts if part.kind == "title"]
        return titles[0].strip(" .") if titles else self.s.file_name

    def _source(self) -> str:
        opening = turtle.opening(self.clauses[0], self.text) if self.clauses else " ".join(self.text.split()[:8])
        self._cite(f"{self.s.source}.whole", None, (0, len(self.text)), opening)
        return turtle.block(
            f"source:{self.s.source}",
            [
                ("a", ["foedus:Source", "foedus:PrimaryText"]),
                ("rdfs:label", [turtle.literal(f"Text of {self.label}", "@en")]),
                ("dcterms:title", [turtle.literal(self._title(), f"@{self.v.language}")]),
                ("foedus:textOf", [f"instrument:{self.s.instrument}"]),
                ("foedus:fileName", [turtle.literal(self.s.file_name)]),
                ("foedus:sha256", [turtle.literal(self.s.sha256)]),
                ("foedus:readOn", [turtle.literal(self.s.day, "^^xsd:date")]),
                ("foedus:hasCitation", [f"citation:{self.s.source}.whole"]),
                self._open("Where was the text officially published, and on which day was it signed (foedus:date)?"),
            ],
        )

    def _actors(self) -> Iterator[str]:
        for actor in self.sides:
            yield turtle.block(f"actor:{actor}", [("foedus:hasCitation", [f"citation:{self.s.source}.whole"])])

    def _instrument(self) -> str:
        kinds = ["foedus:Instrument", "foedus:BilateralArrangement", "foedus:BilateralAgreement"]
        return turtle.block(
            f"instrument:{self.s.instrument}",
            [
                ("a", kinds),
                ("rdfs:label", [turtle.literal(self.label, "@en")]),
                ("foedus:beneficiary", ["actor:ukraine"]),
                ("foedus:hasClause", [f"clause:{self.s.source}.{part.path}" for part in self.whole.parts]),
                ("foedus:hasCitation", [f"citation:{self.s.source}.whole"]),
                self._open("Are kind and label right? Which instruments does it formalise or build on?"),
            ],
        )

    # Commitments

    def _commitments(self) -> Iterator[str]:
        """A draft for each sentence with a verb of promise, and for each item of a list below one."""
        for part in self.clauses:
            if part.root.kind in _NO_PROMISES:
                continue
            number = 0
            for sentence in self._sentences(part):
                verb = self.v.verb(sentence.text)
                above = None if verb else self._lead_in(part)
                if verb is None and (above is None or number):
                    continue
                number += 1
                yield from self._commitment(part, sentence, verb, above, number)

    def _sentences(self, part: Clause) -> Iterator[_Sentence]:
        """The sentences of a clause's own words; one that leads a list in is left to the items, if it has any."""
        if part.container and part.kind != "annex":
            return
        own = self.text[part.start : part.own_end]
        start = 0
        for match in re.finditer(r"[.;:](?=\s|$)(?!\s*[a-zа-яіїєґ(])|\Z", own):
            words = own[start : match.end()]
            if re.search(r"\w{3}", words) and not (words.rstrip().endswith(":") and part.parts):
                lead = len(words) - len(words.lstrip())
                yield _Sentence(part.start + start + lead, part.start + match.end(), words.strip())
            start = match.end()

    def _lead_in(self, part: Clause) -> tuple[str, _Verb] | None:
        """The words above a list, with their verb."""
        above = part.parent
        while above is not None and not above.container and above.parent is not None:
            words = self.text[above.start : above.own_end].strip()
            verb = self.v.verb(words) if words.endswith(":") else None
            if verb:
                return words, verb
            above = above.parent
        return None

    def _commitment(
        self, part: Clause, sentence: _Sentence, verb: _Verb | None, above: tuple[str, _Verb] | None, number: int
    ) -> Iterator[str]:
        name = f"{self.s.source}.{part.path}.c{number}"
        words, found = (sentence.text, verb) if verb else above or (sentence.text, None)
        givers = self._givers(words[: found.start]) if found else []
        both = len(givers) > 1
        receivers = givers if both else [actor for actor in reversed(self.sides) if actor not in givers][:1]
        phrase = " ".join(sentence.text[verb.start if verb else 0 :].split()[:7]).rstrip(",;:")
        self._cite(name, part, (sentence.start, sentence.end), phrase)
        cited = [f"citation:{name}"]
        if found and not verb and part.parent is not None:
            cited.append(f"citation:{self.s.source}.{part.parent.path}")
        self.creates.setdefault(part.path, []).append(f"commitment:{name}")
        guess = _verb_phrase(words, found) if found else ""
        if found and not verb:  # an item: its first word completes the verb above the list
            guess = f"{guess} … {_first_word(sentence.text)}"
        hedges = self.v.named("hedge-kind", sentence.text)
        yield turtle.block(
            f"commitment:{name}",
            [
                ("a", ["foedus:Commitment"]),
                ("rdfs:label", [turtle.literal(f"{self.label}, {part.locator}: {phrase}", "@en")]),
                ("foedus:committedBy", [f"actor:{giver}" for giver in givers]),
                ("foedus:beneficiary", [f"actor:{receiver}" for receiver in receivers]),
                ("foedus:trigger", ["trigger:standing"]),
                ("foedus:response", [f"response:{slug}" for slug in self.v.named("response", sentence.text)]),
                ("foedus:topic", [f"feature:{slug}" for slug in self.v.named("feature", sentence.text)]),
                ("foedus:verbAsWorded", [turtle.literal(guess)] if guess else []),
                ("foedus:deonticForce", [f"force:{found.force}"] if found else []),
                ("foedus:hedge", [f"hedge:{name}.{kind}" for kind in hedges]),
                ("foedus:accordingTo", [f"source:{self.s.source}"]),
                ("foedus:hasCitation", cited),
                self._open(
                    "Is it a promise, or several? Are giver, beneficiary, trigger, response, verb and hedges right?"
                ),
            ],
        )
        for kind, (start, end) in hedges.items():
            yield turtle.block(
                f"hedge:{name}.{kind}",
                [
                    ("a", ["foedus:Hedge"]),
                    ("rdfs:label", [turtle.literal(f"{self.label}, {part.locator}: {kind.replace('-', ' ')}", "@en")]),
                    ("foedus:hedgeKind", [f"hedge-kind:{kind}"]),
                    ("foedus:wording", [turtle.literal(sentence.text[start:end])]),
                    ("foedus:accordingTo", [f"source:{self.s.source}"]),
                    ("foedus:hasCitation", [f"citation:{name}"]),
                ],
            )

    def _givers(self, before: str) -> list[str]:
        """Who is named before a verb: the giver, Ukraine, or both."""
        if any(pattern(word).search(before) for word in self.v.parties()):
            return self.sides
        return [actor for actor in self.sides if self.v.mentions(actor, before)]

    def _guarantees(self) -> Iterator[str]:
        everything = sorted(name for names in self.creates.values() for name in names)
        if not everything or not self.s.giver:
            return
        for slug, giver, receiver in (("given", self.s.giver, "ukraine"), ("owed-by-ukraine", "ukraine", self.s.giver)):
            yield turtle.block(
                f"guarantee:{self.s.source}.{slug}",
                [
                    ("a", ["foedus:Guarantee"]),
                    (
                        "rdfs:label",
                        [turtle.literal(f"What {self.v.label(f'{ID}actor/{giver}')} promises in {self.label}", "@en")],
                    ),
                    ("foedus:underInstrument", [f"instrument:{self.s.instrument}"]),
                    ("foedus:committedBy", [f"actor:{giver}"]),
                    ("foedus:beneficiary", [f"actor:{receiver}"]),
                    ("foedus:comprises", everything if slug == "given" else everything[:1]),
                    ("foedus:accordingTo", [f"source:{self.s.source}"]),
                    ("foedus:hasCitation", [f"citation:{self.s.source}.whole"]),
                    self._open("Keep the commitments of this giver only; joint ones belong to both."),
                ],
            )

    # Who signed, and when

    def _participations(self) -> Iterator[str]:
        for actor in self.sides:
            name = self.v.label(f"{ID}actor/{actor}")
            yield turtle.block(
                f"participation:{self.s.source}.{actor}",
                [
                    ("a", ["foedus:Participation"]),
                    ("rdfs:label", [turtle.literal(f"{name} as signatory of {self.label}", "@en")]),
                    ("foedus:participationIn", [f"instrument:{self.s.instrument}"]),
                    ("foedus:participant", [f"actor:{actor}"]),
                    ("foedus:capacity", ["capacity:signatory"]),
                    *self._of_signature(),
                ],
            )

    def _signed(self) -> str:
        return turtle.block(
            f"state-of:{self.s.source}.{self.s.instrument}.signed",
            [
                ("a", ["foedus:InstrumentState"]),
                ("rdfs:label", [turtle.literal(f"{self.label} signed", "@en")]),
                ("foedus:stateOf", [f"instrument:{self.s.instrument}"]),
                ("foedus:state", ["state:signed"]),
                *self._of_signature(),
                self._open("Signed on which day (foedus:date, foedus:datePrecision)? In force upon signature?"),
            ],
        )

    def _signing(self) -> str:
        return turtle.block(
            f"event:{self.s.instrument}-conclusion",
            [
                ("a", ["foedus:Event"]),
                ("rdfs:label", [turtle.literal(f"Signing of {self.label}", "@en")]),
                ("foedus:eventType", ["event-type:conclusion"]),
                ("foedus:involves", [f"actor:{actor}" for actor in self.sides]),
                ("foedus:involves", [f"instrument:{self.s.instrument}"]),
                self._of_signature()[1],
                self._open(
                    "On which day and where (foedus:place)? Is the event in the graph already, by another label?"
                ),
            ],
        )

    def _of_signature(self) -> list[tuple[str, list[str]]]:
        signature = [part.path for part in self.whole.parts if part.kind == "signature"]
        cited = f"citation:{self.s.source}.{signature[0] if signature else 'whole'}"
        return [("foedus:accordingTo", [f"source:{self.s.source}"]), ("foedus:hasCitation", [cited])]

    # Findings

    def _finding(self, feature: str) -> str:
        slug = feature.rsplit("/", 1)[1]
        terms = self.v.terms(feature)
        places = self._places(terms)
        absent = not places
        question = (
            "None of the words is there. Read the whole text: is it absent? Search for other words too."
            if absent
            else f"Present or absent? Answer: {self.v.asked(feature)}. Words found in {len(places)} clauses."
        )
        shown = [f"{self.s.source}.{part.path}" for part in list(places)[:_MOST_PLACES]]
        return turtle.block(
            f"finding:{self.s.source}.{slug}",
            [
                ("a", ["foedus:Finding"]),
                ("rdfs:label", [turtle.literal(f"{self.label}: {self.v.label(feature)}", "@en")]),
                ("foedus:assesses", [f"instrument:{self.s.instrument}"]),
                ("foedus:feature", [f"feature:{slug}"]),
                ("foedus:verdict", ["verdict:absent"] if absent else []),
                ("foedus:basis", ["basis:text-read"]),
                ("foedus:searchedFor", [turtle.literal(term) for term in terms]),
                ("foedus:inClause", [f"clause:{name}" for name in shown]),
                ("foedus:accordingTo", [f"source:{self.s.source}"]),
                ("foedus:hasCitation", [f"citation:{name}" for name in shown] or [f"citation:{self.s.source}.whole"]),
                self._open(question),
            ],
        )

    def _places(self, terms: list[str]) -> dict[Clause, int]:
        """The innermost clauses in which a term occurs, the most frequent first."""
        places: dict[Clause, int] = {}
        for term in terms:
            for match in pattern(term).finditer(self.text):
                inside = [part for part in self.clauses if part.start <= match.start() < part.end]
                if inside:
                    places[inside[-1]] = places.get(inside[-1], 0) + 1
        return dict(sorted(places.items(), key=lambda place: (-place[1], place[0].start)))

    # Common

    def _cite(self, name: str, part: Clause | None, span: tuple[int, int], phrase: str) -> None:
        locator = part.locator if part else WHOLE
        self.citations[name] = (span[0], turtle.citation(name, self.s.source, locator, span, phrase))

    @staticmethod
    def _open(question: str) -> tuple[str, list[str]]:
        return "foedus:openQuestion", [turtle.literal(question, "@en")]


def _verb_phrase(words: str, verb: _Verb) -> str:
    """A verb with what it governs up to the last infinitive: `will continue to support`."""
    found, after = words[verb.start : verb.end].split(), words[verb.end :].split()
    found, after = found + after[:1], after[1:]
    while after[:1] == ["to"] and after[1:]:
        found, after = found + after[:2], after[2:]
    return " ".join(found).strip(" ,.;:")


def _first_word(item: str) -> str:
    found = re.search(r"[^\W\d_]{2,}", item)
    return found[0] if found else ""


def _tag(value: object) -> str:
    return getattr(value, "language", None) or ""
