"""Forward chaining with a trace: what follows by the rules of OWL 2 RL, each conclusion with its rule and premises.

A description-logic reasoner says what follows, and not why. These rules find the same for an ontology like this one,
and remember from what; where they find less than HermiT, `foedus.reasoning.explaining` asks HermiT for the premises.
Source of the rules and of their names: OWL 2 Web Ontology Language Profiles, section 4.3, tables 5 to 9; of the
datatypes: XML Schema Definition Language 1.1, part 2, section 3.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from math import inf
from typing import NamedTuple

import pyoxigraph as ox

from foedus.datasets import NS
from foedus.reasoning.statements import OWL, RDF, RDFS, Statement

#: A triple of terms in the spelling of N-Triples.
Fact = tuple[str, str, str]
_XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = f"<{RDF}type>"
THING, NOTHING = f"<{OWL}Thing>", f"<{OWL}Nothing>"
_NIL = f"<{RDF}nil>"
#: The primitive datatype of each, and for whole numbers the least and the greatest value; different ones exclude one
#: another.
_DATATYPES: dict[str, tuple[str, float, float]] = {
    **{name: (name, -inf, inf) for name in ("decimal", "string", "boolean", "anyURI", "date", "dateTime", "duration")},
    **dict.fromkeys(("token", "normalizedString"), ("string", -inf, inf)),
    **dict.fromkeys(("integer", "long", "int"), ("decimal", -inf, inf)),
    "nonNegativeInteger": ("decimal", 0, inf),
    "positiveInteger": ("decimal", 1, inf),
    "nonPositiveInteger": ("decimal", -inf, 0),
    "negativeInteger": ("decimal", -inf, -1),
}


class Step(NamedTuple):
    """How a fact that is not stated was reached: the rule, the axioms used, and the facts from which it follows."""

    rule: str
    axioms: tuple[Statement, ...] = ()
    facts: tuple[Fact, ...] = ()


class _Axioms:
    """The axioms among statements, as look-ups from what a rule has in hand."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.facts: list[tuple[Fact, Statement]] = []
        self.of: dict[str, Statement] = {}  # the axiom that a blank node is part of
        self._values: dict[str, dict[str, list[str]]] = {}
        stated: list[tuple[Fact, Statement]] = []
        for statement in statements:
            for t in statement.triples:
                fact = (str(t.subject), t.predicate.value, str(t.object))
                stated.append((fact, statement))
                if fact[0].startswith("_:"):
                    self.of[fact[0]] = statement
                    self._values.setdefault(fact[0], {}).setdefault(fact[1], []).append(fact[2])
        #: class -> classes above it, with rule and axiom
        self.above: dict[str, list[tuple[str, str, Statement]]] = {}
        self.intersections: dict[str, list[str]] = {}
        self.in_intersection: dict[str, list[str]] = {}
        self.in_union: dict[str, list[str]] = {}
        #: restrictions by their property and by their filler: node, property, filler
        self.some: dict[str, list[tuple[str, str]]] = {}
        self.some_of: dict[str, list[tuple[str, str]]] = {}
        self.all: dict[str, tuple[str, str]] = {}
        self.has_value: dict[str, tuple[str, str]] = {}
        self.values_of: dict[str, list[tuple[str, str]]] = {}
        self.at_most: dict[str, tuple[str, int]] = {}
        self.complements: dict[str, list[tuple[str, Statement]]] = {}
        self.disjoint: dict[str, list[tuple[str, str, Statement]]] = {}
        self.domain: dict[str, list[tuple[str, Statement]]] = {}
        self.range: dict[str, list[tuple[str, Statement]]] = {}
        self.wider: dict[str, list[tuple[str, Statement]]] = {}
        self.inverse: dict[str, list[tuple[str, Statement]]] = {}
        self.disjoint_properties: dict[str, list[tuple[str, Statement]]] = {}
        self.kinds: dict[str, dict[str, Statement]] = {}
        for (s, p, o), statement in stated:
            self._take(s, p, o, statement)

    def _take(self, s: str, p: str, o: str, statement: Statement) -> None:
        if p == RDF + "type":
            if o.startswith(f"<{OWL}"):
                self._declare(s, o[len(OWL) + 1 : -1], statement)
            else:
                self.facts.append(((s, TYPE, o), statement))
        elif p == RDFS + "subClassOf":
            self.above.setdefault(s, []).append((o, "cax-sco", statement))
        elif p == OWL + "equivalentClass":
            self.above.setdefault(s, []).append((o, "cax-eqc1", statement))
            self.above.setdefault(o, []).append((s, "cax-eqc2", statement))
        elif p == OWL + "disjointWith":
            self.disjoint.setdefault(s, []).append((o, "cax-dw", statement))
            self.disjoint.setdefault(o, []).append((s, "cax-dw", statement))
        elif p == OWL + "complementOf":
            self.complements.setdefault(s, []).append((o, statement))
            self.complements.setdefault(o, []).append((s, statement))
        elif p == OWL + "intersectionOf":
            self.intersections[s] = self.members(o)
            self.of.setdefault(s, statement)
            for member in self.intersections[s]:
                self.in_intersection.setdefault(member, []).append(s)
        elif p in (OWL + "unionOf", OWL + "oneOf"):
            self.of.setdefault(s, statement)
            if p == OWL + "unionOf":
                for member in self.members(o):
                    self.in_union.setdefault(member, []).append(s)
            else:
                for member in self.members(o):
                    self.facts.append(((member, TYPE, s), statement))
        elif p == OWL + "onProperty":
            self._restriction(s, self.property(o))
        elif p == RDFS + "domain":
            self.domain.setdefault(s, []).append((o, statement))
        elif p == RDFS + "range":
            self.range.setdefault(s, []).append((o, statement))
        elif p == RDFS + "subPropertyOf":
            self.wider.setdefault(s, []).append((o, statement))
        elif p == OWL + "equivalentProperty":
            self.wider.setdefault(s, []).append((o, statement))
            self.wider.setdefault(o, []).append((s, statement))
        elif p == OWL + "inverseOf":
            if not s.startswith("_:"):
                self.inverse.setdefault(s, []).append((o, statement))
                self.inverse.setdefault(o, []).append((s, statement))
        elif p == OWL + "propertyDisjointWith":
            self.disjoint_properties.setdefault(s, []).append((o, statement))
            self.disjoint_properties.setdefault(o, []).append((s, statement))
        elif not s.startswith("_:"):
            self.facts.append(((s, f"<{p}>", o), statement))

    def _declare(self, s: str, kind: str, statement: Statement) -> None:
        self.kinds.setdefault(s, {}).setdefault(kind, statement)
        if kind == "AllDisjointClasses":
            members = self.members(self.value(s, OWL + "members"))
            for one in members:
                others = [(other, "cax-adc", statement) for other in members if other != one]
                self.disjoint.setdefault(one, []).extend(others)

    def _restriction(self, node: str, prop: str) -> None:
        some, every, value = (self.value(node, OWL + name) for name in ("someValuesFrom", "allValuesFrom", "hasValue"))
        if some:
            self.some.setdefault(prop, []).append((node, some))
            self.some_of.setdefault(some, []).append((node, prop))
        if every:
            self.all[node] = (prop, every)
        if value:
            self.has_value[node] = (prop, value)
            self.values_of.setdefault(prop, []).append((node, value))
        most = self.value(node, OWL + "maxCardinality")
        if most and most[1:2].isdigit():
            self.at_most[node] = (prop, int(most[1:2]))

    def value(self, node: str, prop: str) -> str:
        """The first value of a property of a blank node, or nothing."""
        return next(iter(self._values.get(node, {}).get(prop, ())), "")

    def members(self, node: str) -> list[str]:
        """The members of an RDF list."""
        found = []
        while node and node != _NIL:
            found.append(self.value(node, RDF + "first"))
            node = self.value(node, RDF + "rest")
        return found

    def property(self, node: str) -> str:
        """A property, or `^` and the property of which a blank node is the inverse."""
        inner = self.value(node, OWL + "inverseOf") if node.startswith("_:") else ""
        return f"^{inner}" if inner else node


class Trace:
    """All that follows from `statements`, and the clashes in it.

    `stated` has the statement of each fact that is stated, `steps` how each other was reached.
    """

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._axioms = _Axioms(statements)
        self.steps: dict[Fact, Step] = {}
        self.stated: dict[Fact, Statement] = {}
        self.clashes: list[Step] = []
        self._agenda: deque[Fact] = deque()
        self._out: dict[tuple[str, str], list[str]] = {}
        self._in: dict[tuple[str, str], list[str]] = {}
        self._classes: dict[str, set[str]] = {}
        for fact, statement in self._axioms.facts:
            if fact not in self.stated:
                self.stated[fact] = statement
                self._keep(fact)
        while self._agenda:
            self._follow(self._agenda.popleft())

    def holds(self, fact: Fact) -> bool:
        """Whether a fact is stated or follows."""
        return fact in self.stated or fact in self.steps

    def classes(self, thing: str) -> set[str]:
        """The classes that a thing has been found to have, named ones and expressions."""
        return self._classes.get(thing, set())

    def premises(self, step: Step) -> dict[Statement, None]:
        """The statements on which a step rests, in the order in which they were used."""
        found: dict[Statement, None] = {}
        seen: set[Fact] = set()
        agenda = [step]
        while agenda:
            current = agenda.pop()
            found.update(dict.fromkeys(current.axioms))
            for fact in current.facts:
                if fact in self.stated:
                    found[self.stated[fact]] = None
                elif fact not in seen:
                    seen.add(fact)
                    agenda.append(self.steps[fact])
        return found

    def _add(self, fact: Fact, step: Step) -> None:
        if not self.holds(fact):
            self.steps[fact] = step
            self._keep(fact)

    def _keep(self, fact: Fact) -> None:
        s, p, o = fact
        if p == TYPE:
            self._classes.setdefault(s, set()).add(o)
        else:
            self._out.setdefault((s, p), []).append(o)
            self._in.setdefault((o, p), []).append(s)
        self._agenda.append(fact)

    def _clash(self, rule: str, axioms: tuple[Statement, ...], *facts: Fact) -> None:
        self.clashes.append(Step(rule, axioms, facts))

    def _follow(self, fact: Fact) -> None:
        if fact[1] == TYPE:
            self._follow_class(fact)
        else:
            self._follow_property(fact)

    def _follow_class(self, fact: Fact) -> None:
        x, _, c = fact
        axioms = self._axioms
        for above, rule, axiom in axioms.above.get(c, ()):
            self._add((x, TYPE, above), Step(rule, (axiom,), (fact,)))
        for whole in axioms.in_intersection.get(c, ()):
            parts = axioms.intersections[whole]
            if all(part in self._classes[x] for part in parts):
                facts = tuple((x, TYPE, part) for part in parts)
                self._add((x, TYPE, whole), Step("cls-int1", (axioms.of[whole],), facts))
        for part in axioms.intersections.get(c, ()):
            self._add((x, TYPE, part), Step("cls-int2", (axioms.of[c],), (fact,)))
        for union in axioms.in_union.get(c, ()):
            self._add((x, TYPE, union), Step("cls-uni", (axioms.of[union],), (fact,)))
        for node, prop in axioms.some_of.get(c, ()):
            for u in self._subjects(prop, x):
                self._add((u, TYPE, node), Step("cls-svf1", (axioms.of[node],), (_edge(u, prop, x), fact)))
        if c in axioms.all:
            prop, filler = axioms.all[c]
            for v in self._objects(prop, x):
                self._add((v, TYPE, filler), Step("cls-avf", (axioms.of[c],), (_edge(x, prop, v), fact)))
        if c in axioms.has_value:
            prop, value = axioms.has_value[c]
            self._add(_edge(x, prop, value), Step("cls-hv1", (axioms.of[c],), (fact,)))
        if c in axioms.at_most:
            self._count(x, *axioms.at_most[c], fact)
        if c == NOTHING:
            self._clash("cls-nothing2", (), fact)
        for other, rule, axiom in axioms.disjoint.get(c, ()):
            if other in self._classes[x]:
                self._clash(rule, (axiom,), fact, (x, TYPE, other))
        for other, axiom in axioms.complements.get(c, ()):
            if other in self._classes[x]:
                self._clash("cls-com", (axiom,), fact, (x, TYPE, other))

    def _follow_property(self, fact: Fact) -> None:
        u, p, v = fact
        axioms = self._axioms
        for class_, axiom in axioms.domain.get(p, ()):
            self._add((u, TYPE, class_), Step("prp-dom", (axiom,), (fact,)))
        for class_, axiom in axioms.range.get(p, ()):
            if not v.startswith('"'):
                self._add((v, TYPE, class_), Step("prp-rng", (axiom,), (fact,)))
            elif _excluded(v, class_):
                self._clash("dt-not-type", (axiom,), fact)
        for wider, axiom in axioms.wider.get(p, ()):
            self._add((u, wider, v), Step("prp-spo1", (axiom,), (fact,)))
        for inverse, axiom in axioms.inverse.get(p, ()):
            self._add((v, inverse, u), Step("prp-inv", (axiom,), (fact,)))
        for prop, subject, value in ((p, u, v), (f"^{p}", v, u)):
            for node, filler in axioms.some.get(prop, ()):
                if filler == THING:
                    self._add((subject, TYPE, node), Step("cls-svf2", (axioms.of[node],), (fact,)))
                elif filler in self.classes(value):
                    facts = (fact, (value, TYPE, filler))
                    self._add((subject, TYPE, node), Step("cls-svf1", (axioms.of[node],), facts))
            for node, wanted in axioms.values_of.get(prop, ()):
                if wanted == value:
                    self._add((subject, TYPE, node), Step("cls-hv2", (axioms.of[node],), (fact,)))
            for node in [c for c in self.classes(subject) if axioms.all.get(c, ("",))[0] == prop]:
                facts = (fact, (subject, TYPE, node))
                self._add((value, TYPE, axioms.all[node][1]), Step("cls-avf", (axioms.of[node],), facts))
        for other, axiom in axioms.disjoint_properties.get(p, ()):
            if self.holds((u, other, v)):
                self._clash("prp-pdw", (axiom,), fact, (u, other, v))
        for kind, axiom in axioms.kinds.get(p, {}).items():
            if kind in _OF_PROPERTY:
                _OF_PROPERTY[kind](self, fact, axiom)

    def _symmetric(self, fact: Fact, axiom: Statement) -> None:
        u, p, v = fact
        self._add((v, p, u), Step("prp-symp", (axiom,), (fact,)))

    def _transitive(self, fact: Fact, axiom: Statement) -> None:
        u, p, v = fact
        for w in list(self._out.get((v, p), ())):
            self._add((u, p, w), Step("prp-trp", (axiom,), (fact, (v, p, w))))
        for t in list(self._in.get((u, p), ())):
            self._add((t, p, v), Step("prp-trp", (axiom,), ((t, p, u), fact)))

    def _irreflexive(self, fact: Fact, axiom: Statement) -> None:
        if fact[0] == fact[2]:
            self._clash("prp-irp", (axiom,), fact)

    def _asymmetric(self, fact: Fact, axiom: Statement) -> None:
        u, p, v = fact
        if self.holds((v, p, u)):
            self._clash("prp-asyp", (axiom,), fact, (v, p, u))

    def _functional(self, fact: Fact, axiom: Statement) -> None:
        """Two values; of a property of ours two things are two, although OWL by itself would make them one."""
        u, p, v = fact
        for other in self._out[u, p]:
            if other != v and v[0] == other[0] and (v[0] == '"' or p.startswith(f"<{NS}")):
                self._clash("prp-fp", (axiom,), fact, (u, p, other))

    def _count(self, x: str, prop: str, most: int, fact: Fact) -> None:
        values = list(self._objects(prop, x))
        if most == 0 and values:
            self._clash("cls-maxc1", (self._axioms.of[fact[2]],), fact, _edge(x, prop, values[0]))

    def _objects(self, prop: str, x: str) -> Iterator[str]:
        yield from list(self._in.get((x, prop[1:]), ()) if prop[0] == "^" else self._out.get((x, prop), ()))

    def _subjects(self, prop: str, x: str) -> Iterator[str]:
        yield from list(self._out.get((x, prop[1:]), ()) if prop[0] == "^" else self._in.get((x, prop), ()))


_OF_PROPERTY: dict[str, Callable[[Trace, Fact, Statement], None]] = {
    "SymmetricProperty": Trace._symmetric,
    "TransitiveProperty": Trace._transitive,
    "IrreflexiveProperty": Trace._irreflexive,
    "AsymmetricProperty": Trace._asymmetric,
    "FunctionalProperty": Trace._functional,
}


def _edge(subject: str, prop: str, value: str) -> Fact:
    """The fact by which `value` is what `prop`, perhaps an inverse, relates `subject` to."""
    return (value, prop[1:], subject) if prop[0] == "^" else (subject, prop, value)


def _excluded(literal: str, class_: str) -> bool:
    """Whether a literal, as N-Triples writes it, cannot be of a datatype."""
    if class_ == f"<{RDF}langString>":
        return "@" not in literal[literal.rindex('"') :]
    if not class_.startswith(f"<{_XSD}"):
        return False
    tail = literal[literal.rindex('"') + 1 :]
    if tail.startswith("@"):
        return True
    own = tail[3 + len(_XSD) : -1] if tail.startswith(f"^^<{_XSD}") else "string" if not tail else ""
    wanted = class_[len(_XSD) + 1 : -1]
    if own not in _DATATYPES or wanted not in _DATATYPES:
        return False
    (base, least, most), is_of = _DATATYPES[wanted], _DATATYPES[own][0]
    if base != is_of:
        return True
    if base != "decimal" or wanted == "decimal":
        return False
    try:
        value = float(literal[1 : literal.rindex('"')])
    except ValueError:
        return False  # ill-typed: the check of literals says so
    return value != int(value) or not least <= value <= most


def term(text: str) -> ox.NamedNode | ox.BlankNode | None:
    """The node that N-Triples spells so, or None for a literal."""
    if text.startswith("<"):
        return ox.NamedNode(text[1:-1])
    return ox.BlankNode(text[2:]) if text.startswith("_:") else None
