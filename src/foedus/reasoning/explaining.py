"""What clashes: the smallest sets of statements that cannot all hold, and those from which something follows.

The trace of the rules proposes a set, and HermiT has the last word: it must find the set inconsistent, and every set
that lacks one of its statements consistent. Where the rules find nothing, the set is sought with HermiT alone, by
halves.
Sources: U. Junker, QuickXplain: Preferred explanations and relaxations for over-constrained problems, AAAI 2004;
A. Kalyanpur et al., Finding all justifications of OWL DL entailments, ISWC 2007.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pyoxigraph as ox

from foedus.reasoning import hermit
from foedus.reasoning.statements import OWL, RDF, RDFS, Statement
from foedus.reasoning.tracing import Trace, term

#: Whether a set of statements has no model.
Test = Callable[[Sequence[Statement]], bool]
#: Is told of each step of long work.
Tell = Callable[[str], None]
_KINDS = ("AnnotationProperty", "Class", "DatatypeProperty", "NamedIndividual", "ObjectProperty", "Ontology")
_DECLARES = {OWL + kind for kind in _KINDS}
_FEW = 32  # statements that are not worth grouping
_MOST = 200  # clashes of the trace that are looked at; those of one fault are alike
_TYPE = ox.NamedNode(RDF + "type")
_CLASS = ox.NamedNode(OWL + "Class")


def clashes(statements: Sequence[Statement], tell: Tell, trace: Trace | None = None) -> list[list[Statement]]:
    """Minimal sets of `statements` that clash, smallest first; none if they are consistent.

    The first set is proved minimal by HermiT, unless it rests on a datatype that HermiT leaves unchecked; the others by
    the rules alone. `trace` is that of the statements, where it is there already.
    Raises InputError as `foedus.reasoning.hermit.classify`.
    """
    background = [s for s in statements if declares(s)]
    trace = trace or Trace(statements)
    proposed = sorted((list(trace.premises(step)) for step in trace.clashes[:_MOST]), key=len)
    found: dict[frozenset[Statement], list[Statement]] = {}
    for premises in proposed:
        if not any(set(small) <= set(premises) for small in found.values()):
            small = _shrunk([s for s in premises if not declares(s)], _by_rules(background))
            found.setdefault(frozenset(small), small)
    sets = sorted(found.values(), key=len)
    by_hermit = _by_hermit(background)
    if not sets:
        return _by_halves([s for s in statements if not declares(s)], by_hermit, tell)
    tell(f"proving with HermiT that {len(sets[0])} statements clash, and no fewer")
    return [_shrunk(sets[0], by_hermit), *sets[1:]] if by_hermit(sets[0]) else sets


def no_member(class_: str, statements: Sequence[Statement], tell: Tell) -> list[Statement]:
    """A minimal set of axioms by which nothing can be of a class, spelt as in N-Triples."""
    member = ox.Triple(ox.NamedNode("https://w3id.org/foedus/reasoning/member"), _TYPE, term(class_) or _CLASS)
    return _with(Statement(member, (), ""), [s for s in statements if is_axiom(s)], tell)


def entailed(thing: str, class_: str, statements: Sequence[Statement], tell: Tell) -> list[Statement]:
    """A minimal set of statements from which it follows that a thing is of a class, both spelt as in N-Triples."""
    other = ox.BlankNode()
    denied = Statement(
        ox.Triple(term(thing) or _CLASS, _TYPE, other),
        (ox.Triple(other, _TYPE, _CLASS), ox.Triple(other, ox.NamedNode(OWL + "complementOf"), term(class_) or _CLASS)),
        "",
    )
    return _with(denied, statements, tell)


def _with(assumed: Statement, statements: Sequence[Statement], tell: Tell) -> list[Statement]:
    found = clashes([assumed, *statements], tell)
    return [s for s in found[0] if s is not assumed] if found else []


def declares(statement: Statement) -> bool:
    """Whether a statement only says of what kind a term is; it is kept in every set, since no clash comes of it."""
    value = statement.triple.object
    return (
        statement.triple.predicate == _TYPE
        and statement.ordinal is None
        and isinstance(value, ox.NamedNode)
        and value.value in _DECLARES
    )


def is_axiom(statement: Statement) -> bool:
    """Whether a statement is about classes or properties, and not about a thing."""
    triple = statement.triple
    return triple.predicate.value.startswith((OWL, RDFS)) or str(triple.object).startswith(f"<{OWL}")


def _by_rules(background: list[Statement]) -> Test:
    return lambda statements: bool(Trace([*background, *statements]).clashes)


def _by_hermit(background: list[Statement]) -> Test:
    return lambda statements: not hermit.classify(t for s in (*background, *statements) for t in s.triples).consistent


def _shrunk(statements: list[Statement], clash: Test) -> list[Statement]:
    """A minimal part of `statements` that clashes, found by leaving out one after the other."""
    kept = list(statements)
    for statement in statements:
        rest = [s for s in kept if s is not statement]
        if clash(rest):
            kept = rest
    return kept


def _by_halves(statements: list[Statement], clash: Test, tell: Tell) -> list[list[Statement]]:
    """The minimal set that QuickXplain finds: first among files, then among things, then among statements."""
    tell("seeking what clashes with HermiT alone")
    if not clash(statements):
        return []
    kept = statements
    for name, key in (
        ("files", lambda s: s.path),
        ("things", lambda s: (s.path, str(s.triple.subject))),
        ("statements", id),
    ):
        groups: dict[object, list[Statement]] = {}
        for statement in kept:
            groups.setdefault(key(statement), []).append(statement)
        if key is not id and (len(kept) <= _FEW or len(groups) == 1):
            continue
        tell(f"seeking what clashes among {len(groups)} {name}")
        kept = _joined(_quick([], False, list(groups.values()), clash))
    return [kept]


def _quick(base: list[Statement], grown: bool, groups: list[list[Statement]], clash: Test) -> list[list[Statement]]:
    """QuickXplain: the groups that are needed for a clash with `base`; `grown` says that `base` is new."""
    if grown and clash(base):
        return []
    if len(groups) == 1:
        return groups
    half = len(groups) // 2
    first, second = groups[:half], groups[half:]
    needed = _quick([*base, *_joined(first)], True, second, clash)
    return [*_quick([*base, *_joined(needed)], bool(needed), first, clash), *needed]


def _joined(groups: Iterable[list[Statement]]) -> list[Statement]:
    return [statement for group in groups for statement in group]
