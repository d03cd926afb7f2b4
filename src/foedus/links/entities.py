"""What can be matched: actors, places, instruments, groups, events and sources, with all that tells them apart."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from foedus.answers import Row, Term
from foedus.datasets import GRAPH, ID, INFERRED, NS, SOURCE
from foedus.links.recorded import NOTATION
from foedus.names import shorten

if TYPE_CHECKING:
    from foedus.graph import Graph

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_ALIAS = _SKOS + "altLabel"
_CODE = _SKOS + "notation"
_TITLE = "http://purl.org/dc/terms/title"
#: What tells how the graph is kept rather than what a thing is.
_INTERNAL = frozenset(NS + name for name in ("hasCitation", "hasClause", "fileName", "sha256", "notStated", "cites"))

_THINGS = """
  { SELECT DISTINCT ?thing WHERE {
    VALUES ?kind { f:Actor f:Place f:Instrument f:InstrumentGroup f:Event f:Source }
    ?thing a ?kind
  } }
"""
_STATEMENTS = f"""
PREFIX f: <https://w3id.org/foedus/ns/>
SELECT ?thing ?property ?value ?graph WHERE {{ {_THINGS} GRAPH ?graph {{ ?thing ?property ?value }} }}
"""
#: Labels of the terms, and of whatever the things are related to.
_LABELS = f"""
PREFIX f: <https://w3id.org/foedus/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?node ?label WHERE {{
  {{ ?node rdfs:label ?label FILTER(STRSTARTS(STR(?node), "{NS}")) }}
  UNION {{ {_THINGS} ?thing ?property ?node . ?node rdfs:label ?label }}
  UNION {{ {_THINGS} BIND(?thing AS ?node) ?node rdfs:label ?label }}
}}
"""
_CLASSES = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?class ?broader WHERE {
  ?class a owl:Class FILTER(ISIRI(?class))
  OPTIONAL { ?class rdfs:subClassOf ?broader FILTER(ISIRI(?broader)) }
}
"""
_LINKS = """
PREFIX f: <https://w3id.org/foedus/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?target ?kind ?code ?called WHERE {
  ?link a f:Link ; f:linkedThing ?thing ; f:linkTarget ?target ; f:matchKind ?kind
  OPTIONAL { ?link skos:notation ?code }
  OPTIONAL { { ?link f:targetName ?called } UNION { ?target rdfs:label ?called } }
}
"""


class Name(NamedTuple):
    """A name of a thing. `given` is False for what is merely a word of a source.

    Names are ours, the title of a text, and those by which an authority knows what matches exactly.
    """

    text: str
    language: str
    given: bool


class Code(NamedTuple):
    """A code of a thing in a scheme (`iso3166-1-alpha3`), or an IRI, for which the scheme is "".

    `exact` is False where what the code stands for is only close to the thing.
    """

    scheme: str
    text: str
    exact: bool


class Entity(NamedTuple):
    """A thing that can be matched.

    `id` is its IRI after https://w3id.org/foedus/id/; `labels` are by language; `types` are the names of its classes;
    `values` are by property, whose name is shortened or, for codes, `notation:SCHEME`.
    """

    id: str
    labels: Mapping[str, str]
    names: tuple[Name, ...]
    types: frozenset[str]
    codes: tuple[Code, ...]
    values: Mapping[str, tuple[Term, ...]]

    @property
    def iri(self) -> str:
        """The IRI of the thing."""
        return ID + self.id

    @property
    def label(self) -> str:
        """Its English label, or else another."""
        return self.labels.get("en") or next(iter(self.labels.values()))


class Directory(NamedTuple):
    """All that can be matched, by id, with the labels of classes, properties and all other things by IRI and language.

    `broader` gives the classes right above a class, by name; `properties` gives the IRI or datatype of each.
    """

    entities: Mapping[str, Entity]
    broader: Mapping[str, tuple[str, ...]]
    properties: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]

    def label(self, iri: str, language: str) -> str:
        """The label of anything, in a language or else in English, or else the last part of its IRI."""
        found = self.labels.get(iri, {})
        return found.get(language) or found.get("en") or next(iter(found.values()), _words(iri))

    def narrowest(self, types: Iterable[str]) -> list[str]:
        """Those of some classes that have none of the others below them, sorted."""
        given = set(types)
        return sorted(given - {above for type in given for above in self.above(type)})

    def above(self, type: str) -> set[str]:
        """All classes above a class."""
        found: set[str] = set()
        left = list(self.broader.get(type, ()))
        while left:
            if (one := left.pop()) not in found:
                found.add(one)
                left += self.broader.get(one, ())
        return found

    def description(self, entity: Entity, language: str) -> str:
        """What tells a thing from its namesakes: its narrowest classes, and its day as far as it is known."""
        told = [self.label(NS + type, language) for type in self.narrowest(entity.types)]
        return ", ".join([*told, *(when(entity, term) for term in entity.values.get("foedus:date", ()))])


def when(entity: Entity, date: Term) -> str:
    """A date of a thing, no finer than the thing's sources say: a day, a month or a year."""
    precision = {last(term.value) for term in entity.values.get("foedus:datePrecision", ())}
    return date.value[: 4 if "year" in precision else 7 if "month" in precision else 10]


def read(graph: Graph) -> Directory:
    """The things of a graph that can be matched. What is derived is left out. Raises what `Graph.sparql` raises."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for row in graph.sparql(_LABELS):
        label = row["label"]
        assert label is not None
        labels[str(row["node"])].setdefault(label.language or "", label.value)
    broader: dict[str, list[str]] = defaultdict(list)
    for row in graph.sparql(_CLASSES):
        broader[last(str(row["class"]))] += [last(str(row["broader"]))] if row["broader"] else []
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in graph.sparql(_STATEMENTS):
        if not str(row["graph"]).startswith(INFERRED):
            rows[str(row["thing"])].append(row)
    links: dict[str, list[Row]] = defaultdict(list)
    for row in graph.sparql(_LINKS):
        links[str(row["thing"])].append(row)
    titles: dict[str, list[Term]] = defaultdict(list)
    for said in rows.values():
        for text in _values(said, NS + "textOf"):
            titles[text.value] += _values(said, _TITLE)
    sources = {GRAPH + thing.removeprefix(SOURCE) for thing in rows if thing.startswith(SOURCE)}
    entities = {
        thing.removeprefix(ID): _entity(thing, said, links[thing], titles[thing], sources)
        for thing, said in sorted(rows.items())
        if _values(said, _LABEL)
    }
    told = {_property(row) for said in rows.values() for row in said if str(row["property"]) not in _INTERNAL}
    return Directory(entities, {k: tuple(v) for k, v in broader.items()}, dict(sorted(told)), labels)


def _entity(thing: str, said: list[Row], links: list[Row], titles: list[Term], sources: set[str]) -> Entity:
    values: dict[str, dict[Term, None]] = defaultdict(dict)
    names: dict[tuple[str, str], bool] = {}
    labels: dict[str, str] = {}
    text_of = bool(_values(said, NS + "textOf"))
    for row in said:
        property, value = str(row["property"]), row["value"]
        assert value is not None
        if property not in _INTERNAL:
            values[_property(row)[0]][value] = None
        if property == _LABEL:
            labels.setdefault(value.language or "", value.value)
        if property in (_LABEL, _ALIAS) or (property == _TITLE and not text_of):
            key = (value.value, value.language or "")
            given = property != _ALIAS or str(row["graph"]) not in sources
            names[key] = names.get(key, False) or given
    for title in titles:
        names[title.value, title.language or ""] = True
    codes = {Code(last(str(t.datatype)), t.value, True) for t in _values(said, _CODE)}
    for link in links:
        exact = str(link["kind"]).endswith("/exact")
        codes.add(Code("", str(link["target"]), exact))
        if exact and (called := link["called"]) is not None:
            names[called.value, called.language or ""] = True
        if (code := link["code"]) is not None:
            codes.add(Code(last(str(code.datatype)), code.value, exact))
    return Entity(
        thing.removeprefix(ID),
        labels,
        tuple(Name(text, language, given) for (text, language), given in names.items()),
        frozenset(last(t.value) for t in _values(said, _RDF_TYPE)),
        tuple(sorted(codes)),
        {name: tuple(sorted(terms, key=lambda t: (t.value, t.language or ""))) for name, terms in values.items()},
    )


_short = functools.lru_cache(maxsize=512)(shorten)


def _property(row: Row) -> tuple[str, str]:
    """The name of a statement's property and its IRI; of a code, the name of its datatype and its IRI."""
    value = row["value"]
    iri = str(value.datatype) if str(row["property"]) == _CODE and value is not None else str(row["property"])
    return (f"notation:{last(iri)}" if iri.startswith(NOTATION) else _short(iri)), iri


def _values(said: list[Row], property: str) -> list[Term]:
    return [value for row in said if str(row["property"]) == property and (value := row["value"]) is not None]


def _words(iri: str) -> str:
    """The last part of an IRI as words: `altLabel` as alt label."""
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", last(iri)).lower() if ":" in iri else iri


def last(iri: str) -> str:
    """What stands after the last / or # of an IRI."""
    return iri.rpartition("#")[2].rpartition("/")[2]
