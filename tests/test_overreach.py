"""Domains and ranges conclude nothing wrong: of our own data without their classes, and of other people's data."""

from __future__ import annotations

import pyoxigraph as ox

from foedus.datasets import GRAPH, ID, INFERRED, NS, TurtleFile, turtle_files
from foedus.names import shorten
from foedus.reasoning.statements import Statement, read
from foedus.reasoning.tracing import TYPE, Trace
from tests.conftest import ROOT

FOREIGN = ROOT / "tests" / "data" / "foreign.ttl"


def split() -> tuple[list[Statement], list[Statement]]:
    """The statements of the ontology and of the data."""
    files = [f for f in turtle_files(str(ROOT)) if not f.graph.startswith(INFERRED)]
    return read(f for f in files if "/ontology/" in f.path), read(f for f in files if "/ontology/" not in f.path)


def inferred(trace: Trace, start: str) -> dict[str, set[str]]:
    """The named classes of ours that follow for the things whose IRI begins so."""
    found: dict[str, set[str]] = {}
    for thing, prop, class_ in trace.steps:
        if prop == TYPE and class_.startswith(f"<{NS}") and thing.startswith(f"<{start}"):
            found.setdefault(thing, set()).add(class_)
    return found


def test_what_properties_say_of_our_own_things_is_what_these_are() -> None:
    """Each class that follows from a domain or a range alone was stated too."""
    ontology, data = split()
    stated = Trace([*ontology, *data])
    bare = [s for s in data if not (s.triple.predicate.value.endswith("#type") and "/ns/" in str(s.triple.object))]
    assert len(data) - len(bare) > 5_000
    trace = Trace([*ontology, *bare])
    assert trace.clashes == []
    found = inferred(trace, ID)
    assert len(found) > 5_000
    wrong = {
        (shorten(x[1:-1]), shorten(c[1:-1]))
        for x, classes in found.items()
        for c in classes
        if not stated.holds((x, TYPE, c))
    }
    assert wrong == set()


def test_other_peoples_data_are_left_what_they_are() -> None:
    ontology, _ = split()
    trace = Trace([*ontology, *read([TurtleFile(str(FOREIGN), GRAPH + "foreign")])])
    assert trace.clashes == []
    found = {
        x[1:-1].rpartition("/")[2]: {shorten(c[1:-1]) for c in classes}
        for x, classes in inferred(trace, "https://example.org/").items()
    }
    # A passage, a source and a cited work are what these properties are for; of nothing else anything follows.
    assert found == {"page-7": {"foedus:Citation"}, "ledger": {"foedus:Source"}, "catalogue": {"foedus:CitedWork"}}


def test_terms_of_others_gain_nothing_by_ours() -> None:
    """The alignments are notes: no axiom of ours is about a term of others but its declaration."""
    ontology, _ = split()
    declared = "http://www.w3.org/2002/07/owl#"
    for s in ontology:
        subject = s.triple.subject
        if isinstance(subject, ox.NamedNode) and not subject.value.startswith((NS, NS[:-1])):
            assert s.triple.predicate.value.endswith("#type"), subject
            assert str(s.triple.object).startswith(f"<{declared}"), subject
