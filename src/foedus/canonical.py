"""The canonical form of a graph (RDFC-1.0): its blank nodes named alike wherever it is read, its N-Triples sorted.

Memory is flat in the size of a graph: blank nodes get their names from the triples that hold one, which are few, and
lines are sorted in runs that are kept on disk where there are many.

Source: RDF Dataset Canonicalization (W3C Recommendation 2024), sections 4 and 5; canonical N-Quads of RDF 1.2.
"""

from __future__ import annotations

import heapq
import itertools
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from typing import NamedTuple

import pyoxigraph as ox

from foedus.errors import InputError
from foedus.turtle import syntax_error

_RUN = 25_000  # lines that are sorted in memory
_BASE = "https://w3id.org/foedus/"


class Fingerprint(NamedTuple):
    """What tells whether two graphs are the same.

    `triples` is their number; `sha256`, in hexadecimal, is that of the graph's canonical N-Triples.
    """

    triples: int
    sha256: str


def stream(path: str) -> Iterator[ox.Triple]:
    """The triples of a Turtle file, literals as written, read as they are asked for.

    Raises InputError with file, line and column where it cannot be read or is not Turtle.
    """
    try:
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=_BASE):
            yield quad.triple
    except SyntaxError as error:
        raise syntax_error(path, error) from error
    except OSError as error:
        raise InputError(error.strerror or str(error), where=path) from error


def named(triples: Iterable[ox.Triple], prefix: str = "") -> Iterator[ox.Triple]:
    """`triples` with canonical blank node labels after `prefix`: first those without a blank node, then the others."""
    others = ox.Dataset()
    for triple in triples:
        if holds_blank(triple):
            others.add(ox.Quad(triple.subject, triple.predicate, triple.object))
        else:
            yield triple
    others.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    for quad in others:
        yield ox.Triple(_prefixed(quad.subject, prefix), quad.predicate, _prefixed(quad.object, prefix))


def _prefixed(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, prefix: str) -> ox.NamedNode | ox.BlankNode:
    return ox.BlankNode(prefix + term.value) if isinstance(term, ox.BlankNode) else term  # type: ignore[return-value]


def holds_blank(triple: ox.Triple) -> bool:
    """Whether a blank node stands in a triple."""
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


def lines(triples: Iterable[ox.Triple]) -> Iterator[bytes]:
    """`triples` as sorted lines of canonical N-Triples, each once. Blank nodes keep their labels: see `named`.

    Raises InputError where the folder for temporary files is full.
    """
    with ExitStack() as stack:
        runs: list[Iterable[bytes]] = []
        for run in _runs(triples):
            if not runs:
                runs.append(run)  # the first stays in memory
                continue
            try:
                file = stack.enter_context(tempfile.TemporaryFile())
                file.writelines(run)
                file.seek(0)
            except OSError as error:
                where = tempfile.gettempdir()
                raise InputError(
                    f"no room to sort a large graph: {error.strerror}", where=where, todo="Name another in TMPDIR."
                ) from error
            runs.append(file)
        previous = b""
        for line in heapq.merge(*runs) if len(runs) > 1 else itertools.chain(*runs):
            if line != previous:
                yield line
            previous = line


def fingerprint(triples: Iterable[ox.Triple]) -> Fingerprint:
    """That of the graph that `triples` make up, whatever their order and the labels of their blank nodes."""
    state = sha256()
    number = 0
    for line in lines(named(triples)):
        state.update(line)
        number += 1
    return Fingerprint(number, state.hexdigest())


def _runs(triples: Iterable[ox.Triple]) -> Iterator[list[bytes]]:
    rest = iter(triples)
    while some := list(itertools.islice(rest, _RUN)):
        text = ox.serialize(some, format=ox.RdfFormat.N_TRIPLES) or b""
        yield sorted(set(text.splitlines(keepends=True)))
