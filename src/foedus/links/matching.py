"""Which things a query may mean: each candidate with its score, what speaks for it, and whether it is certain.

How a candidate is scored, 0 to 100:

* 100, where the query is the thing's identifier, or a code or identifier of it that needs no naming of its register;
* 99, where a name (our label or alias, the title of the text, the name of an exact match at its authority) is equal to
  the query in its normal form; 96, where the same words stand in another order; 94, where a person's given and family
  name are only transliterated differently;
* 90, where all this holds only of words that a source uses for the thing (a source that says Kyiv may mean Ukraine);
* 88, where the query is a code of it that means something else in another register, or is that of something close;
* otherwise 0.85 of the similarity of the most similar name, as far as that reaches 60; seven tenths of it where the
  query names a state or organisation that the names do not, and they one that it does not (an agreement of others).

Where the query has conditions on properties, three fifths of that score count, and two fifths by the share of the
conditions that is met; without a name the score is the share itself. Where it asks for a type that the thing lacks,
half of the score is left.

A candidate is certain (`match`) where its score before the conditions is 94 or more (or, without a name, a code is
among the conditions), all conditions are met, the type is one that is asked for, and no other such thing is found by an
equal name or code. Never otherwise: what is only close, or one of two that are alike, is left to a person.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from foedus.answers import Term
from foedus.datasets import ID, NS
from foedus.links.entities import Code, Directory, Entity, when
from foedus.links.wording import normal, similarity, spelt, words
from foedus.names import expand

#: Features of a candidate: name and explanation.
FEATURES = {
    "identifier": ("Identifier", "The query is an identifier or a code of the thing that can mean nothing else."),
    "code": ("Code", "The query is a code that also means something else, or a code of what is only close."),
    "name_equal": ("Name equal", "A name of the thing is equal to the query, but for case, accents and punctuation."),
    "words_equal": ("Words equal", "A name of the thing has the same words in another order, small words aside."),
    "spelling_equal": ("Spelling", "The name of the person is equal but for transliteration and order."),
    "word_of_source": ("Word of a source", "What is equal is a word that a source uses for the thing, not its name."),
    "name_similarity": ("Similarity", "How similar the query is to the most similar name, 0 to 100."),
    "other_parties": ("Other parties", "The query names a state or organisation that the names do not, and they one."),
    "type": ("Type", "The thing has a type that was asked for."),
    "properties": ("Properties", "The share of the conditions on properties that the thing meets, 0 to 100."),
    "namesakes": ("Namesakes", "How many other things are found by an equal name or code."),
}
#: Codes that people understand without the name of the register; the others may be read as those of another one.
_PLAIN = {
    "iso3166-1-alpha2": re.compile("[A-Z]{2}"),
    "iso3166-1-alpha3": re.compile("[A-Z]{3}"),
    "wikidata": re.compile("Q[1-9][0-9]*"),
    "": re.compile("https?://.*"),
}
_CERTAIN = 94.0
_EQUAL = 90.0
_LEAST = 60.0  # similarity of a name that is worth proposing
_LONGEST = 500  # characters of a query; nothing has a name as long


class Condition(NamedTuple):
    """What a property of the thing should be: any, all or none of some values, which are text or ids of things."""

    property: str
    values: tuple[str, ...]
    required: bool = False
    quantifier: str = "any"


class Query(NamedTuple):
    """Names or codes of which one is sought, and the names of types that it should, must (`any`) or must all have."""

    texts: tuple[str, ...]
    types: tuple[str, ...] = ()
    strict: str = "should"
    conditions: tuple[Condition, ...] = ()
    limit: int = 10


class Candidate(NamedTuple):
    """A thing that may be meant, the score (0 to 100), whether it is certain, and what was found, by FEATURES."""

    entity: Entity
    score: float
    match: bool
    features: dict[str, float | bool]


class Matcher:
    """Finds the things of a directory. It may be asked from several threads."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._parties = _parties(directory.entities.values())
        self._known = [_Known(entity, self._parties) for entity in directory.entities.values()]

    def candidates(self, query: Query) -> list[Candidate]:
        """The candidates for a query, the best first, as many as it asks for."""
        texts = [text.strip() for text in query.texts]
        asked = [_Asked(text, self._parties) for text in texts if text and len(text) <= _LONGEST]
        if (texts and not asked) or not (asked or query.conditions):
            return []
        found: list[tuple[float, dict[str, float | bool], Entity]] = []
        for known in self._known:
            fits = _fits(known.entity.types, query)
            if not fits and query.types and query.strict != "should":
                continue
            share = self._share(known.entity, query.conditions)
            if share is None or (not asked and not share):
                continue
            compared = [known.compare(one) for one in asked] or [(share, {})]
            base, features = max(compared, key=lambda pair: pair[0])
            if base:
                features |= {"type": fits} if query.types else {}
                features |= {"properties": round(share, 1)} if query.conditions else {}
                found.append((base, features, known.entity))
        equal = [entity for base, features, entity in found if base >= _EQUAL and features.get("type", True)]
        certain = _CERTAIN if asked or any(self._is_code(c.property) for c in query.conditions) else math.inf
        candidates = [
            _candidate(entity, base, features, equal, certain=certain, named=bool(asked))
            for base, features, entity in found
        ]
        candidates.sort(key=lambda c: (-c.score, c.entity.id))
        return candidates[: query.limit]

    def _is_code(self, property: str) -> bool:
        return bool({property, f"notation:{property}"} & {p for p in self.directory.properties if p[:9] == "notation:"})

    def _share(self, entity: Entity, conditions: Sequence[Condition]) -> float | None:
        """The share of the conditions that a thing meets, 0 to 100; None where it lacks a required one."""
        met = 0
        for condition in conditions:
            meets = self._meets(entity, condition)
            if condition.required and not meets:
                return None
            met += meets
        return 100.0 * met / len(conditions) if conditions else 100.0

    def _meets(self, entity: Entity, condition: Condition) -> bool:
        forms = {form for term in self._terms(entity, condition.property) for form in self._forms(entity, term)}
        found = [value in forms or normal(value) in forms for value in condition.values]
        if condition.quantifier == "none":
            return not any(found)
        return all(found) if condition.quantifier == "all" else any(found)

    @staticmethod
    def _terms(entity: Entity, property: str) -> tuple[Term, ...]:
        for name in (property, f"foedus:{property}", f"notation:{property}"):
            if name in entity.values:
                return entity.values[name]
        return ()

    def _forms(self, entity: Entity, term: Term) -> set[str]:
        """How a value may be written: text in its normal form, identifiers and codes as they are."""
        if term.kind != "iri":
            return {normal(term.value), term.value, when(entity, term)}
        labels = self.directory.labels.get(term.value, {}).values()
        other = self.directory.entities.get(term.value.removeprefix(ID))
        names = {normal(name.text) for name in other.names} if other else set()
        last = term.value.rpartition("/")[2]
        return {*(normal(label) for label in labels), *names, term.value, term.value.removeprefix(ID), last}


class _Asked:
    """What is compared of a query."""

    def __init__(self, text: str, parties: Parties) -> None:
        scheme, colon, rest = text.partition(":")
        self.text = text
        self.code_text = re.sub(r"(?<=\b[A-Z])\.", "", text)  # U.S.A.
        self.scheme, self.code = (scheme.strip(), rest.strip()) if colon else ("", "")
        self.iri = expand(text) or ID + text
        self.normal = normal(text)
        self.words = _words(text, parties)
        self.parties = self.words & {party for _, party in parties}
        self.spelt = spelt(text)


class _Known:
    """What is compared of a thing."""

    def __init__(self, entity: Entity, parties: Parties) -> None:
        self.entity = entity
        self._codes = {code.text: [c for c in entity.codes if c.text == code.text] for code in entity.codes}
        own = [] if entity.types & _PARTIES else parties  # or each name of a state would be equal to every other
        self._names = [(name.given, normal(name.text), _words(name.text, own)) for name in entity.names]
        self._named = {party for _, party in own} & {word for *_, name in self._names for word in name}
        self._spelt = [(name.given, spelt(name.text)) for name in entity.names] if "Person" in entity.types else []

    def compare(self, asked: _Asked) -> tuple[float, dict[str, float | bool]]:
        """The score of the thing for what is asked, conditions aside, and the features; 0 where it is no candidate."""
        features: dict[str, float | bool] = {}
        scores = [0.0]

        def equal(feature: str, given: Iterable[bool], score: float) -> None:
            best = max((score if is_given else 90.0 for is_given in given), default=0.0)
            if best > max(scores):
                features[feature] = True
                features["word_of_source"] = best == 90
                scores.append(best)

        if asked.iri == self.entity.iri or any(_decides(code, asked) for code in self._coded(asked)):
            features["identifier"] = True
            scores.append(100.0)
        elif self._coded(asked):
            features["code"] = True
            scores.append(88.0)
        equal("name_equal", (given for given, name, _ in self._names if name == asked.normal), 99.0)
        if max(scores) < _CERTAIN:
            wanted = words(asked.text) if self.entity.types & _PARTIES else asked.words
            equal("words_equal", (given for given, _, name in self._names if name == wanted), 96.0)
        if max(scores) < _CERTAIN and len(asked.spelt) > 1:
            equal("spelling_equal", (given for given, name in self._spelt if name == asked.spelt), 94.0)
        if not features.get("word_of_source", True):
            del features["word_of_source"]
        likeness = max((similarity(name, asked.normal) for _, name, _ in self._names), default=0.0)
        features["name_similarity"] = round(likeness, 1)
        if len(scores) == 1 and asked.parties - self._named and self._named - asked.parties:
            features["other_parties"] = True
            likeness *= 0.7
        return max(*scores, 0.85 * likeness if features["name_similarity"] >= _LEAST else 0.0), features

    def _coded(self, asked: _Asked) -> list[Code]:
        named = [code for code in self._codes.get(asked.code, ()) if code.scheme == asked.scheme]
        return named or self._codes.get(asked.code_text, [])


def _decides(code: Code, asked: _Asked) -> bool:
    plain = _PLAIN.get(code.scheme)
    named = bool(asked.scheme) and (code.scheme, code.text) == (asked.scheme, asked.code)
    return code.exact and (named or (plain is not None and plain.fullmatch(asked.code_text) is not None))


def _candidate(
    entity: Entity,
    base: float,
    features: dict[str, float | bool],
    equal: Sequence[Entity],
    *,
    certain: float,
    named: bool,
) -> Candidate:
    fits = features.get("type", True)
    share = float(features.get("properties", 100.0))
    others = sum(other is not entity for other in equal)
    if base >= _EQUAL:
        features["namesakes"] = others
    score = base * (0.6 + 0.004 * share) if named else base
    match = base >= certain and share == 100 and bool(fits) and not others
    return Candidate(entity, round(score if fits else score / 2, 1), match, features)


def _fits(types: frozenset[str], query: Query) -> bool:
    wanted = {type.removeprefix(NS).removeprefix("foedus:") for type in query.types}
    return wanted <= types if query.strict == "all" else bool(wanted & types)


#: Kinds of things by whose names agreements are called, in one way or another.
_PARTIES = frozenset({"State", "InternationalOrganisation"})
#: The names of such things in their normal form, the longest first, each with what stands for it.
Parties = list[tuple[str, str]]


def _parties(entities: Iterable[Entity]) -> Parties:
    names = {
        normal(name.text): entity.id
        for entity in entities
        if entity.types & _PARTIES
        for name in entity.names
        if name.given
    }
    return sorted(names.items(), key=lambda pair: (-len(pair[0]), pair))


def _words(text: str, parties: Parties) -> frozenset[str]:
    """The words of a text, where a party stands as itself, by whichever of its names it is called."""
    found = set()
    level = f" {normal(text)} "
    for name, party in parties:
        if f" {name} " in level:
            found.add(party)
            level = level.replace(f" {name} ", "  ")
    return words(level) | found
