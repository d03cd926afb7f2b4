"""Whether a store holds the same graphs as we do: counted, then by their canonical form (RDFC-1.0).

A store may write a literal in another way than it was given: "P12M" may come back as "P1Y". Such graphs are compared
once more by the values of their literals, and what is written otherwise is listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import pyoxigraph as ox

from foedus import canonical
from foedus.answers import Row
from foedus.datasets import TurtleFile
from foedus.errors import FoedusError
from foedus.graph import Graph
from foedus.stores.store import Store

_SHOWN = 3  # triples of each kind in a comparison
_PATIENCE = 300.0  # seconds for a saved query on either side


class Rewritten(NamedTuple):
    """A literal that the store gives back in another form: its property, and both forms in N-Triples."""

    property: str
    ours: str
    theirs: str


class Comparison(NamedTuple):
    """A graph here and in the store.

    `verdict` is "same"; "rewritten", where it is the same but for how literals are written; "differs"; or "missing".
    `ours` and `theirs` are numbers of triples; `lacking` and `extra` are some of the triples on one side alone.
    """

    graph: str
    verdict: str
    ours: int
    theirs: int
    rewritten: tuple[Rewritten, ...] = ()
    lacking: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


def compare(file: TurtleFile, store: Store, graph: str | None = None) -> Comparison:
    """The graph of a file and the one called `graph`, or the same name, in the store."""
    graph = graph or file.graph
    ours = canonical.fingerprint(canonical.stream(file.path))
    theirs = store.http.repeat(lambda: canonical.fingerprint(store.read(graph)))
    if ours == theirs:
        return Comparison(file.graph, "same", ours.triples, theirs.triples)
    if not theirs.triples:
        return Comparison(file.graph, "missing", ours.triples, 0)
    if ours.triples == theirs.triples:
        by_value = canonical.fingerprint(_by_value(canonical.stream(file.path), store))
        if by_value == store.http.repeat(lambda: canonical.fingerprint(_by_value(store.read(graph), store))):
            rewritten = tuple(_rewritten(file, store, graph))
            return Comparison(file.graph, "rewritten", ours.triples, theirs.triples, rewritten)
    lacking, extra = store.http.repeat(lambda: _differences(file, store, graph))
    return Comparison(file.graph, "differs", ours.triples, theirs.triples, (), tuple(lacking), tuple(extra))


def answers_that_differ(folder: str, endpoint: str, slugs: Sequence[str] | None = None) -> Iterator[tuple[str, str]]:
    """The saved queries, with their default parameters, that the endpoint answers otherwise, each with how."""
    with Graph(folder, timeout=_PATIENCE) as here, Graph(folder, endpoint=endpoint, timeout=_PATIENCE) as there:
        for slug in slugs if slugs is not None else here.catalog.local():
            difference = differing(here, there, slug)
            if difference:
                yield slug, difference


def differing(here: Graph, there: Graph, slug: str) -> str:
    """How the answers of two graphs to a saved query differ, in a few words, or "" where they do not."""
    ours = here.run(slug)
    try:
        theirs = there.run(slug)
    except FoedusError as error:
        return f"fails: {error.message}"
    if ours.form != theirs.form:
        return f"gives {theirs.form}, not {ours.form}"
    if ours.form == "boolean":
        return "" if ours.boolean == theirs.boolean else f"says {theirs.boolean}"
    mine, others = (
        Counter[object](a.triples.splitlines() if a.form == "graph" else map(_as_written, a)) for a in (ours, theirs)
    )
    less, more = sum((mine - others).values()), sum((others - mine).values())
    return f"{less} rows lacking, {more} rows more" if less or more else ""


def _as_written(row: Row) -> tuple[tuple[str, str, str, str | None], ...]:
    """What a row says, its values as written; a number may be an integer on one side and a decimal on the other."""
    return tuple((name, t.kind, t.value, t.language) for name, t in sorted(row.items()) if t is not None)


def _differences(file: TurtleFile, store: Store, graph: str) -> tuple[list[str], list[str]]:
    """Some lines that stand on one side alone. Blank nodes of graphs that differ have labels that differ, too."""
    ours = canonical.lines(canonical.named(canonical.stream(file.path)))
    theirs = canonical.lines(canonical.named(store.read(graph)))
    lacking: list[str] = []
    extra: list[str] = []
    for line, here in _one_sided(ours, theirs):
        found = lacking if here else extra
        if len(found) < _SHOWN:
            found.append(line.decode().rstrip())
        if len(lacking) == len(extra) == _SHOWN:
            break
    return lacking, extra


def _one_sided(ours: Iterator[bytes], theirs: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The lines of two sorted streams that stand in one alone, and whether that is the first."""
    mine, other = next(ours, None), next(theirs, None)
    while mine is not None or other is not None:
        if other is None or (mine is not None and mine < other):
            assert mine is not None
            yield mine, True
            mine = next(ours, None)
        elif mine is None or other < mine:
            yield other, False
            other = next(theirs, None)
        else:
            mine, other = next(ours, None), next(theirs, None)


def _rewritten(file: TurtleFile, store: Store, graph: str) -> list[Rewritten]:
    ours = Counter(_literals(canonical.stream(file.path)))
    theirs = store.http.repeat(lambda: Counter(_literals(store.read(graph))))
    there: dict[tuple[str, ox.Literal], list[ox.Literal]] = {}
    for property, literal in theirs - ours:
        there.setdefault((property, _value(store.normal(literal))), []).append(literal)
    found = []
    for property, literal in ours - theirs:
        forms = there.get((property, _value(store.normal(literal)))) or [literal]
        found.append(Rewritten(property, str(literal), str(forms[0])))
    return sorted(set(found))


def _literals(triples: Iterable[ox.Triple]) -> Iterator[tuple[str, ox.Literal]]:
    for triple in triples:
        if isinstance(triple.object, ox.Literal):
            yield triple.predicate.value, triple.object


def _by_value(triples: Iterable[ox.Triple], store: Store) -> Iterator[ox.Triple]:
    for triple in triples:
        if isinstance(triple.object, ox.Literal):
            yield ox.Triple(triple.subject, triple.predicate, _value(store.normal(triple.object)))
        else:
            yield triple


@lru_cache(maxsize=10_000)
def _value(literal: ox.Literal) -> ox.Literal:
    """A literal in the form that Oxigraph keeps for its value: of literals of one value the same."""
    store = ox.Store()
    node = ox.NamedNode("https://w3id.org/foedus/")
    store.add(ox.Quad(node, node, literal))
    found = next(iter(store)).object
    assert isinstance(found, ox.Literal)
    return found
