"""What follows from the graph: classes by their definitions, then the rules of `ontology/rules/`, in that order.

Each conclusion is a `foedus:Derivation` with its rule and its premises (PROV). A rule is a file `N-NAME.rq`: those of
one number are applied until nothing new comes of them, then those of the next. A CONSTRUCT is a rule in full; a SELECT
gives the operands of a date, and `foedus.reasoning.arithmetic` adds. The concept `derivation-rule:NAME` says what a
rule is.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import pyoxigraph as ox

from foedus.compiled import in_memory
from foedus.datasets import ID, INFERRED, NS, SOURCE, TurtleFile, read_bytes
from foedus.dates import last_day
from foedus.errors import InputError
from foedus.reasoning.arithmetic import plus
from foedus.reasoning.statements import OWL, RDF, RDFS, Statement
from foedus.reasoning.tracing import TYPE, Fact, Trace
from foedus.turtle import parse

#: The name of the graph that holds what rests on several sources.
ACROSS = "across"
_A = ox.NamedNode(RDF + "type")
_LABEL = ox.NamedNode(RDFS + "label")
_FROM = ox.NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
_CITES = ox.NamedNode(NS + "hasCitation")
_DATE = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")
#: What the rows of one date differ in.
_MANY = ("premise", "passage")
Term = Any  # of an answer: a node or a literal
_LARGEST = 12  # rounds of the rules of one number; those of the graph take three


class Derived(NamedTuple):
    """The triples derived, by the name of the graph that each belongs to.

    `rules` tells how many derivations each rule made, `classes` how many things are of each class by its definition.
    """

    graphs: dict[str, list[ox.Triple]]
    rules: dict[str, int]
    classes: dict[str, int]


def derive(files: Sequence[TurtleFile], folder: str, statements: Sequence[Statement], trace: Trace) -> Derived:
    """All that follows from `files`, which `statements` and their `trace` are of, and by the rules in `folder`.

    Raises InputError where a rule is no SPARQL, gives no date, or has no concept that says what it is.
    """
    stated = [file for file in files if not file.graph.startswith(INFERRED)]
    store = in_memory(
        [ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(f.graph)) for f in stated for t in parse(f.path)]
    )
    found: dict[ox.Triple, None] = {}

    def add(triples: Iterable[ox.Triple]) -> bool:
        new = [t for t in dict.fromkeys(triples) if t not in found]
        found.update(dict.fromkeys(new))
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in new)
        return bool(new)

    add(_classifications(trace, defined(statements), store))
    for rules in _rules(folder):
        for _ in range(_LARGEST):
            found_more = [add(_apply(path, store)) for path in rules]
            if not any(found_more):
                break
    add(_passages(found, store))
    return Derived(_by_source(found, store), _counted(found, "derivedBy"), _counted(found, "asClass"))


def defined(statements: Iterable[Statement]) -> set[str]:
    """The named classes that have a definition (owl:equivalentClass), spelt as in N-Triples: asserted of nothing."""
    found = (s.triple for s in statements if s.triple.predicate.value == OWL + "equivalentClass")
    return {str(t.subject) for t in found if isinstance(t.object, ox.BlankNode)}


def _classifications(trace: Trace, classes: set[str], store: ox.Store) -> Iterator[ox.Triple]:
    """Each thing of ours that meets the definition of a class, with what made it so."""
    found = [f for f in trace.steps if f[1] == TYPE and f[2] in classes and f[0].startswith(f"<{ID}")]
    wanted = {fact: _node(fact) for fact in sorted(found)}
    for fact, node in wanted.items():
        thing, class_ = (ox.NamedNode(term[1:-1]) for term in (fact[0], fact[2]))
        yield ox.Triple(thing, _A, class_)
        yield ox.Triple(node, _A, _ns("Derivation"))
        yield ox.Triple(node, _A, _ns("Classification"))
        yield ox.Triple(node, _LABEL, _text(f"{_label(thing, store)}: {_label(class_, store)} (derived)"))
        yield ox.Triple(node, _ns("classifies"), thing)
        yield ox.Triple(node, _ns("asClass"), class_)
        yield ox.Triple(node, _ns("derivedBy"), _ns("derivation-rule/class-definition"))
        for premise in _premises(fact, trace, wanted):
            yield ox.Triple(node, _FROM, premise)


def _premises(fact: Fact, trace: Trace, derived: dict[Fact, ox.NamedNode]) -> list[ox.NamedNode]:
    """The things whose statements make a fact so, and the derivations on which it rests."""
    found: set[ox.NamedNode] = set()
    seen = {fact}
    agenda = list(trace.steps[fact].facts)
    while agenda:
        premise = agenda.pop()
        if premise in seen:
            continue
        seen.add(premise)
        if premise in derived:
            found.add(derived[premise])
        elif premise in trace.stated:
            found.add(ox.NamedNode(premise[0][1:-1]))
        else:
            agenda += trace.steps[premise].facts
    return sorted(found, key=lambda node: node.value)


def _node(fact: Fact) -> ox.NamedNode:
    """The IRI of the classification that says a fact."""
    thing, class_ = (term[1:-1].removeprefix(ID).removeprefix(NS).replace("/", ".") for term in (fact[0], fact[2]))
    return ox.NamedNode(f"{ID}classification/{thing}.{class_}")


def _rules(folder: str) -> list[list[str]]:
    """The paths of the rules, those of one number together."""
    place = os.path.join(folder, "ontology", "rules")
    names = sorted(os.listdir(place)) if os.path.isdir(place) else []
    found: dict[str, list[str]] = {}
    for name in names:
        if match := re.fullmatch(r"(\d)-([a-z0-9-]+)\.rq", name):
            found.setdefault(match[1], []).append(os.path.join(place, name))
    return list(found.values())


def _apply(path: str, store: ox.Store) -> list[ox.Triple]:
    rule = os.path.basename(path)[2:-3]
    if not any(store.quads_for_pattern(_ns(f"derivation-rule/{rule}"), _A, None)):
        raise InputError(
            f"no concept derivation-rule:{rule} says what this rule is", where=path, todo="Add it to the vocabularies."
        )
    try:
        answer = store.query(read_bytes(path).decode("utf-8"))
    except SyntaxError as error:
        raise InputError(f"the rule is no SPARQL: {error}", where=path) from error
    if isinstance(answer, ox.QueryTriples):
        return list(answer)
    if not isinstance(answer, ox.QuerySolutions):
        raise InputError("a rule is a CONSTRUCT or a SELECT", where=path)
    return [triple for operands, rows in _grouped(answer) for triple in _dated(operands, rows, path)]


def _grouped(answer: ox.QuerySolutions) -> Iterator[tuple[dict[str, Term], list[dict[str, Term]]]]:
    """The rows of each date: its operands, and the rows that give its premises and passages."""
    names = [variable.value for variable in answer.variables]
    found: dict[tuple[Term | None, ...], list[dict[str, Term]]] = {}
    for solution in answer:
        row = {name: value for name in names if (value := solution[name]) is not None}
        found.setdefault(tuple(row.get(name) for name in names if name not in _MANY), []).append(row)
    for rows in found.values():
        yield rows[0], rows


def _dated(operands: dict[str, Term], rows: list[dict[str, Term]], path: str) -> Iterator[ox.Triple]:
    """A derived date from its operands: a day, its precision, and the duration to add."""
    try:
        dated, rule, class_ = (operands[name] for name in ("dated", "rule", "class"))
        first, precision = (operands[name].value for name in ("from", "precision"))
        duration = operands["plus"].value if "plus" in operands else "P0D"
        days = (plus(first, duration), plus(last_day(first, precision.rpartition("/")[2]), duration))
    except (KeyError, ValueError) as error:
        raise InputError(f"the operands of a date are wrong: {error}", where=path) from error
    by = f".by.{operands['scope'].value}" if "scope" in operands else ""
    node = ox.NamedNode(f"{ID}derived-date/{dated.value.removeprefix(ID).replace('/', '.')}{by}")
    classes = ("Derivation", "DerivedDate", class_.value.removeprefix(NS))
    yield from (ox.Triple(node, _A, _ns(name)) for name in dict.fromkeys(classes))
    told = days[0] if days[0] == days[1] else f"{days[0]} to {days[1]}"
    yield ox.Triple(node, _LABEL, _text(f"{operands['label'].value}: {told} (derived)"))
    yield ox.Triple(node, _ns("dates"), dated)
    for name, day in zip(("notBefore", "notAfter"), days, strict=True):
        yield ox.Triple(node, _ns(name), ox.Literal(day, datatype=_DATE))
    yield ox.Triple(node, _ns("derivedBy"), rule)
    yield ox.Triple(node, _ns("summary"), operands["working"])
    for row in rows:
        yield ox.Triple(node, _FROM, row["premise"])
        yield ox.Triple(node, _FROM, dated)
        yield ox.Triple(node, _ns("hasCitation"), row["passage"])


def _passages(found: Iterable[ox.Triple], store: ox.Store) -> Iterator[ox.Triple]:
    """The passages of each derivation that has none of its own: those of its premises, and of theirs."""
    premises: dict[Term, list[Term]] = {}
    for triple in found:
        if triple.predicate == _FROM:
            premises.setdefault(triple.subject, []).append(triple.object)
    own = {t.subject for t in found if t.predicate == _CITES}
    for node in premises:
        if node not in own:
            for passage in sorted(set(_reached(node, premises, store)), key=str):
                yield ox.Triple(node, _CITES, passage)


def _reached(node: Term, premises: dict[Term, list[Term]], store: ox.Store) -> Iterator[Term]:
    """The passages of the premises that one source makes; those of what sources share only where there is no other."""
    own = [p for p in premises[node] if p in premises or any(_values(p, _ns("accordingTo"), store))]
    for premise in own or premises[node]:
        if premise in premises:
            yield from _reached(premise, premises, store)
        else:
            yield from _values(premise, _CITES, store)


def _values(node: Term, prop: ox.NamedNode, store: ox.Store) -> Iterator[Term]:
    return (quad.object for quad in store.quads_for_pattern(node, prop, None, ox.DefaultGraph()))


def _by_source(found: Iterable[ox.Triple], store: ox.Store) -> dict[str, list[ox.Triple]]:
    """The triples by the one source that all passages of their derivation are of, or under `across`."""
    triples = list(found)
    sources: dict[Term, set[str]] = {}
    classified: dict[tuple[Term, Term], Term] = {}
    about: dict[Term, Term] = {}
    for t in triples:
        if t.predicate == _CITES:
            cited = _values(t.object, _ns("source"), store)
            sources.setdefault(t.subject, set()).update(source.value.removeprefix(SOURCE) for source in cited)
        elif t.predicate == _ns("classifies"):
            about[t.subject] = t.object
    for t in triples:
        if t.predicate == _ns("asClass"):
            classified[about[t.subject], t.object] = t.subject
    graphs: dict[str, list[ox.Triple]] = {}
    for t in triples:
        node = classified.get((t.subject, t.object), t.subject) if t.predicate == _A else t.subject
        of = sources.get(node, set())
        graphs.setdefault(next(iter(of)) if len(of) == 1 else ACROSS, []).append(t)
    return graphs


def _counted(found: Iterable[ox.Triple], prop: str) -> dict[str, int]:
    """How many derivations have each value of a property, by its slug."""
    values = [str(t.object)[1:-1].rpartition("/")[2] for t in found if t.predicate == _ns(prop)]
    return dict(sorted(Counter(values).items()))


def _label(node: ox.NamedNode, store: ox.Store) -> str:
    return next((str(v.value) for v in _values(node, _LABEL, store) if v.language == "en"), node.value)


def _text(words: str) -> ox.Literal:
    return ox.Literal(words, language="en")


def _ns(name: str) -> ox.NamedNode:
    return ox.NamedNode(NS + name)
