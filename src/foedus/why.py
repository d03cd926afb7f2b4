"""Why something derived holds: the rule, its premises, and theirs, down to the passages of the sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from foedus.answers import Passage, Row, Term
from foedus.catalog import near
from foedus.datasets import NS
from foedus.errors import UnknownName
from foedus.lookup import labels, preferred, resolve
from foedus.names import shorten

if TYPE_CHECKING:
    from foedus.graph import Graph

_PROV = "http://www.w3.org/ns/prov#wasDerivedFrom"
_DEFINITION = "http://www.w3.org/2004/02/skos/core#definition"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_DERIVED = """
PREFIX f: <https://w3id.org/foedus/ns/>
SELECT DISTINCT ?derived WHERE {
  { ?derived f:classifies|f:outcomeFor|f:dates <%(iri)s> }
  UNION
  { ?guarantee f:underInstrument <%(iri)s> . ?derived f:classifies ?guarantee }
  UNION
  { <%(iri)s> a f:Derivation . BIND(<%(iri)s> AS ?derived) }
}
"""
_PREMISES = """
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT DISTINCT ?node WHERE { VALUES ?derived { %s } ?derived prov:wasDerivedFrom* ?node }
"""
_FACTS = """
SELECT DISTINCT ?node ?property ?value ?graph WHERE { VALUES ?node { %s } GRAPH ?graph { ?node ?property ?value } }
"""
_PASSAGES = "SELECT ?node WHERE { VALUES ?node { %s } }"
#: What of a premise tells why, by the kind of derivation, besides how the premises are related to each other.
_TELLING = {
    "Classification": (),
    "TestOutcome": ("verdict", "basis", "wording", "searchedFor", "attributedTo"),
    "DerivedDate": ("state", "date", "dateAsWorded", "duration", "feature", "literalValue", "value", "phrase"),
}
#: What the definitions of classes ask for.
_DEFINING = ("trigger", "response", "deonticForce", "legalForce", "comprises")
_CLASSES = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT DISTINCT ?class WHERE { ?class owl:equivalentClass ?definition . FILTER(ISIRI(?class)) }
"""
_BATCH = 200


class Statement(NamedTuple):
    """A fact that is a premise: what is said of what, in the names of things and with the graphs that hold it."""

    subject: str
    property: str
    value: str
    graphs: tuple[str, ...]


class Reason(NamedTuple):
    """A conclusion with its rule and its premises, or a premise that is asserted: what it says, on which passages."""

    iri: str
    label: str
    rule: str
    definition: str
    facts: tuple[Statement, ...]
    because: tuple[Reason, ...]
    passages: tuple[Passage, ...]

    def to_dict(self) -> dict[str, object]:
        """The reason as plain lists and dictionaries, for JSON."""
        return {
            "iri": self.iri,
            "label": self.label,
            "rule": self.rule or None,
            "definition": self.definition or None,
            "facts": [fact._asdict() for fact in self.facts],
            "because": [reason.to_dict() for reason in self.because],
            "passages": [passage._asdict() for passage in self.passages],
        }


def why(graph: Graph, name: str, aspect: str | None = None) -> list[Reason]:
    """Why what is derived of a thing holds, one reason each; `aspect` names a class, a test, a property or a rule.

    None where nothing is derived of the thing. Where an aspect is asserted and not derived, its reason is the thing
    itself with its passages; where it is a class that does not follow, what of the thing its definition asks for.
    Raises UnknownName where no thing, or nothing of the thing, has the name, and otherwise as `Graph.sparql`.
    """
    rows = labels(graph)
    iri = resolve(name, rows)
    found = sorted(str(row["derived"]) for row in graph.sparql(_DERIVED % {"iri": iri}))
    names = preferred(rows)
    chain = _Chain(graph, names, [iri, *found])
    if aspect is None:
        return [chain.reason(node) for node in found]
    wanted = [node for node in found if _plain(aspect) in {_plain(name) for name in chain.aspects(node)}]
    if wanted:
        return [chain.reason(node) for node in wanted]
    asserted = [name for name in chain.properties(iri) if _plain(name) == _plain(aspect)]
    if asserted:
        return [chain.asserted(iri, asserted[0])]
    missing = [
        iri_ for iri_ in _classes(graph) if _plain(aspect) in (_plain(shorten(iri_)), _plain(names.get(iri_, "")))
    ]
    if missing:
        return [chain.denied(iri, missing[0])]
    known = {name for node in found for name in chain.aspects(node)} | chain.properties(iri)
    raise UnknownName(
        f"aspect of {shorten(iri)}", aspect, near(aspect, known), todo="`foedus why THING` tells all that is derived."
    )


class _Chain:
    """The facts of some things, of all premises of what is derived of them, and the passages behind these."""

    def __init__(self, graph: Graph, names: dict[str, str], nodes: Sequence[str]) -> None:
        self._names = names
        self._values: dict[str, dict[str, dict[Term, list[str]]]] = {}
        reached = sorted({*nodes, *(str(row["node"]) for row in _asked(graph, _PREMISES, nodes))})
        for row in _asked(graph, _FACTS, reached):
            self._add(row)
        spoken = {self._one(node, prop) for node in reached for prop in ("derivedBy", "asClass")}
        for row in _asked(graph, _FACTS, sorted({*spoken, *_classes(graph)} - {""})):
            self._add(row)
        cited = _asked(graph, _PASSAGES, reached, cite=True)
        self._passages = {str(row["node"]): tuple(row.passages) for row in cited}

    def _add(self, row: Row) -> None:
        value = row["value"]
        assert value is not None
        if value.language in (None, "en"):
            held = self._values.setdefault(str(row["node"]), {}).setdefault(str(row["property"]), {})
            held.setdefault(value, []).append(str(row["graph"]).rpartition("/")[2])

    def _all(self, node: str, prop: str) -> dict[Term, list[str]]:
        """The values of a property, named by its IRI or by its name in the ontology, with their graphs."""
        return self._values.get(node, {}).get(prop if ":" in prop else NS + prop, {})

    def _one(self, node: str, prop: str) -> str:
        return min((term.value for term in self._all(node, prop)), default="")

    def _name(self, node: str) -> str:
        return self._names.get(node) or shorten(node)

    def aspects(self, node: str) -> set[str]:
        """What a derivation may be asked for by: its class or test, its kind, its rule."""
        asked = [self._one(node, prop) for prop in ("asClass", "outcomeOf", "derivedBy")]
        kinds = [t.value for t in self._all(node, _TYPE) if t.value != NS + "Derivation"]
        found = [iri for iri in (*asked, *kinds) if iri]
        return {iri.rpartition("/")[2] for iri in found} | {self._name(iri) for iri in found}

    def properties(self, node: str) -> set[str]:
        """The properties that are asserted of a thing."""
        return {iri.removeprefix(NS) for iri in self._values.get(node, {}) if iri.startswith(NS)}

    def reason(self, node: str, of: str = "", beside: Iterable[str] = (), cited: Iterable[str] = ()) -> Reason:
        """Why a derivation holds; or what a premise says, where it is one of a derivation.

        `of` is the kind of that derivation, `beside` its other premises, `cited` the passages that it rests on.
        """
        rule = self._one(node, "derivedBy")
        premises = sorted(term.value for term in self._all(node, _PROV))
        kinds = [t.value.removeprefix(NS) for t in self._all(node, _TYPE)]
        kind = next((k for k in kinds if k in _TELLING), "")
        about = {self._one(node, prop) for prop in ("classifies", "outcomeFor", "dates")}
        classified = {self._one(premise, prop) for premise in premises for prop in ("classifies", "dates")}
        among = {*premises, *about, *classified} - {""}
        resting = {term.value for term in self._all(node, "hasCitation")}
        explained = self._one(node, "asClass") or rule
        return Reason(
            node,
            self._name(node).removesuffix(" (derived)"),
            self._name(rule) if rule else "",
            self._one(explained, _DEFINITION) if explained else "",
            self._facts(node, of, beside),
            tuple(self.reason(premise, kind, among, resting) for premise in premises),
            () if premises else self._cited(node, cited),
        )

    def asserted(self, node: str, aspect: str) -> Reason:
        """What is asserted of a thing by one of its properties."""
        return Reason(node, self._name(node), "", "", self._told(node, aspect), (), self._passages.get(node, ()))

    def _cited(self, node: str, cited: Iterable[str]) -> tuple[Passage, ...]:
        """The passages of a premise on which the derivation rests; a thing that sources share has others too."""
        wanted = set(cited)
        return tuple(p for p in self._passages.get(node, ()) if p.citation in wanted or not wanted)

    def denied(self, node: str, class_: str) -> Reason:
        """That a thing is not of a class by its definition, with what is said of what definitions ask for."""
        facts = tuple(fact for prop in _DEFINING for fact in self._told(node, prop))
        label = f"{self._name(node)}: it does not follow that this is a {self._name(class_)}"
        definition = self._one(class_, _DEFINITION)
        return Reason(node, label, "the definition of the class", definition, facts, (), self._passages.get(node, ()))

    def _facts(self, node: str, of: str, beside: Iterable[str]) -> tuple[Statement, ...]:
        """How a premise is related to the others, of which classes a concept is, and what else of it tells why."""
        if not of:
            return ()
        others = set(beside)
        found = [
            fact
            for prop, values in self._values.get(node, {}).items()
            if prop not in (_PROV, NS + "classifies", NS + "outcomeFor", NS + "dates")
            and any(term.value in others for term in values)
            for fact in self._told(node, prop, others)
        ]
        if node.startswith(NS):
            found += [f for f in self._told(node, _TYPE) if f.value != "skos:Concept"]
        for prop in _TELLING[of]:
            found += [fact for fact in self._told(node, prop) if fact not in found]
        return tuple(found)

    def _told(self, node: str, prop: str, only: Iterable[str] | None = None) -> tuple[Statement, ...]:
        name = shorten(prop if ":" in prop else NS + prop).removeprefix("foedus:").removeprefix("rdf:")
        return tuple(
            Statement(self._name(node), name, self._name(t.value) if t.kind == "iri" else t.value, tuple(graphs))
            for t, graphs in sorted(self._all(node, prop).items())
            if only is None or t.value in only
        )


def _classes(graph: Graph) -> list[str]:
    """The classes that have a definition."""
    return sorted(str(row["class"]) for row in graph.sparql(_CLASSES))


def _asked(graph: Graph, query: str, nodes: Sequence[str], *, cite: bool = False) -> Iterable[Row]:
    """The rows of a query on some things, so many at a time."""
    for i in range(0, len(nodes), _BATCH):
        yield from graph.sparql(query % " ".join(f"<{iri}>" for iri in nodes[i : i + _BATCH]), cite=cite)


def _plain(name: str) -> str:
    """A name without case, hyphens, blanks and prefix, so that slug, label and IRI are alike."""
    return re.sub(r"[\W_]", "", name.rpartition(":")[2]).casefold()
