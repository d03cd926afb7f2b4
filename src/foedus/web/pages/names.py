"""What things are called in each language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from foedus.datasets import ID, NS
from foedus.names import shorten

if TYPE_CHECKING:
    from foedus.graph import Graph

_LABELS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?thing ?label WHERE { ?thing rdfs:label ?label }
"""


#: The Ukrainian letters in their order, which is not that of their numbers in Unicode.
_LETTERS = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_PLACES = {ord(letter): 0x400 + place for place, letter in enumerate(_LETTERS)}


def order(text: str) -> str:
    """The key by which names are sorted: by the alphabet of their language.

    >>> sorted(["Японія", "Італія", "Єгипет", "Китай", "Estonia"], key=order)
    ['Estonia', 'Єгипет', 'Італія', 'Китай', 'Японія']
    """
    return text.casefold().translate(_PLACES)


class Name(NamedTuple):
    """A name, and the language that it is in."""

    text: str
    language: str


class Names:
    """The labels of all things of a graph, and the Ukrainian of the texts that its queries give in English.

    `phrases` are texts that the queries make up themselves, with their Ukrainian.
    """

    def __init__(self, graph: Graph, phrases: Mapping[str, str]) -> None:
        self._labels: dict[str, dict[str, str]] = defaultdict(dict)
        self._called: dict[str, list[str]] = defaultdict(list)
        self._plain: dict[str, dict[str, str]] = {}
        for row in graph.sparql(_LABELS):
            label, thing = row["label"], str(row["thing"])
            assert label is not None
            self._labels[thing].setdefault(label.language or "en", label.value)
        ukrainian: dict[str, str | None] = {}
        for thing, labels in self._labels.items():
            english = labels.get("en")
            if english and thing.startswith((ID, NS)):
                self._called[english].append(thing)
                if "uk" in labels:  # what two things of other Ukrainian names are called stays English
                    same = ukrainian.setdefault(english, labels["uk"]) == labels["uk"]
                    ukrainian[english] = labels["uk"] if same else None
        self._ukrainian = {**{text: uk for text, uk in ukrainian.items() if uk}, **phrases}

    def of(self, iri: str, language: str) -> Name:
        """The name of a thing: in the language, or else in English, or else its IRI made short."""
        labels = self._labels.get(iri, {})
        for tag in (language, "en", *labels):
            if tag in labels:
                return Name(labels[tag], tag)
        return Name(shorten(iri), "en")

    def plain(self, language: str) -> dict[str, str]:
        """The name of everything in a language, or else in English."""
        if language not in self._plain:
            self._plain[language] = {iri: self.of(iri, language).text for iri in self._labels}
        return self._plain[language]

    def all(self, iri: str) -> dict[str, str]:
        """The names of a thing by language."""
        return dict(self._labels.get(iri, {}))

    def known(self, iri: str) -> bool:
        """Whether a thing has a name."""
        return iri in self._labels

    def below(self, space: str) -> list[str]:
        """The things that have a name and whose IRIs begin so."""
        return [iri for iri in self._labels if iri.startswith(space)]

    def in_language(self, text: str, language: str) -> Name:
        """A text of an answer in a language: as a label or a phrase has it, whole or between separators."""
        if language == "uk":
            for separator in ("", ", ", "; "):
                parts = text.split(separator) if separator else [text]
                if all(part in self._ukrainian for part in parts):
                    return Name(separator.join(self._ukrainian[part] for part in parts), "uk")
        return Name(text, "en")

    def called(self, text: str) -> list[str]:
        """The things whose English name is a text."""
        return self._called.get(text, [])
