"""One run of the reasoner over a graph: whether it is consistent, and what follows from it."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pyoxigraph as ox

from foedus.datasets import INFERRED, TurtleFile
from foedus.names import shorten
from foedus.reasoning import examples, explaining, hermit
from foedus.reasoning.deriving import Derived, defined, derive
from foedus.reasoning.explaining import Tell
from foedus.reasoning.statements import RDF, Places, Statement, read
from foedus.reasoning.tracing import TYPE, Trace
from foedus.reasoning.wording import Told
from foedus.reasoning.wording import tell as told

#: The reasoners: OWL 2 DL by HermiT, OWL 2 RL by reasonable.
PROFILES = {"dl": "HermiT", "rl": "reasonable"}


class Clash(NamedTuple):
    """What is wrong, and the statements by which it is so: without any one of them it would not be."""

    message: str
    statements: tuple[Told, ...]


class Outcome(NamedTuple):
    """What a run found: what is wrong, what was derived (None where the graph is inconsistent), the seconds it took.

    `examples` has the classes of each made-up example of the definitions.
    """

    clashes: list[Clash]
    derived: Derived | None
    examples: dict[str, list[str]]
    seconds: dict[str, float]


def run(files: Sequence[TurtleFile], folder: str, profile: str, tell: Tell) -> Outcome:
    """Reason over `files`, the graph of `folder`, and the examples of its definitions.

    `profile` is a key of PROFILES; `tell` is told of each step.
    Raises InputError where a file is not Turtle, a rule is wrong, or the reasoner is not installed or fails.
    """
    clock = _Clock()
    hermit.owlready() if profile == "dl" else _reasonable()
    asked = [file for file in files if not file.graph.startswith(INFERRED)]
    tell(f"reading {len(asked)} files")
    made_up = examples.example_files(folder)
    statements = [*read(asked), *read(made_up)]
    clock.stop("reading")
    tell(f"following the rules of OWL 2 RL from {len(statements)} statements")
    trace = Trace(statements)
    clock.stop("rules of OWL 2 RL")
    name = PROFILES[profile]
    found: list[tuple[str, Sequence[Statement]]] = []
    missed: list[tuple[str, str]] = []
    consistent = not trace.clashes
    if consistent:
        tell(f"{name}, over {len(statements)} statements")
        triples = (t for s in statements for t in s.triples)
        classified = hermit.classify(triples) if profile == "dl" else in_rl(triples)
        clock.stop(name)
        consistent = classified.consistent
        classes = defined(statements)
        missed = [(x, c) for x, c in sorted(classified.types) if c in classes and not trace.holds((x, TYPE, c))]
        for class_ in classified.unsatisfiable:
            reasons = explaining.no_member(class_, statements, tell)
            found.append((f"nothing can be of the class {_short(class_)}", reasons))
    if not consistent:
        alike: dict[frozenset[Statement], list[list[Statement]]] = {}
        for clashing in explaining.clashes(statements, tell, trace):
            alike.setdefault(frozenset(filter(explaining.is_axiom, clashing)), []).append(clashing)
        for first, *others in alike.values():
            more = f", and {len(others)} more sets like them by the same axioms" if others else ""
            found.append((f"{len(first)} statements clash{more}", first))
    derived = None
    if not found:
        surprising = sorted(examples.surprises(statements, trace), key=lambda surprise: len(surprise[2]))
        found += [(message, (said, *premises)) for said, message, premises in surprising]
        for name in examples.without(statements) if made_up else ():
            found.append((f"{name} has no example or no counter-example in ontology/examples/", []))
        for thing, class_ in missed:
            reasons = explaining.entailed(thing, class_, statements, tell) if profile == "dl" else []
            found.append((f"{_short(thing)} is of the class {_short(class_)}, and no derivation says why", reasons))
        tell("applying the rules of ontology/rules/")
        derived = derive(files, folder, statements, trace)
        clock.stop("rules of the graph")
    places = Places()
    clashes = [Clash(message, tuple(told(chosen, statements, places))) for message, chosen in found]
    if clashes:
        clock.stop("explanation")
    return Outcome(clashes, derived, examples.classes(statements, trace), clock.seconds)


def _short(term: str) -> str:
    return shorten(term[1:-1])


def in_rl(triples: Iterable[ox.Triple]) -> hermit.Classified:
    """The classes that `reasonable` finds; it says nothing of consistency, which the trace of the rules does."""
    reasonable = _reasonable()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "asked.ttl")  # it reads files and rdflib graphs, files twenty times as fast
        ox.serialize(triples, path, format=ox.RdfFormat.N_TRIPLES)
        reasoner = reasonable.PyReasoner()
        reasoner.load_file(path)
        found = reasoner.reason()
    pairs = ((s.n3(), o.n3()) for s, p, o in found if str(p) == RDF + "type")
    return hermit.Classified(True, types=frozenset(pairs))


def _reasonable() -> Any:
    try:
        import reasonable
    except ImportError as error:
        raise hermit.not_installed(error) from error
    return reasonable


class _Clock:
    """The seconds between one stop and the next, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.monotonic()

    def stop(self, name: str) -> None:
        now = time.monotonic()
        self.seconds[name] = now - self._since
        self._since = now
