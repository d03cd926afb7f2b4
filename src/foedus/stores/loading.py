"""Loading the graph into a store, so that the old state answers until the new one is whole.

A store that has nothing of Foedus yet, or one with transactions of its own, is given everything in one transaction, if
that is not too much for it. Otherwise what is new goes into graphs of its own beside the old ones, under names made of
their digests, and takes their place at the end in one update. Whatever breaks a load off, running it again looks at
what stands in the store, skips what is right already, and does the rest.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from time import monotonic
from typing import NamedTuple

import pyoxigraph as ox

from foedus import canonical
from foedus.datasets import GRAPH, MARKER, STAGING, TurtleFile
from foedus.errors import FoedusError, InputError, RemoteError
from foedus.stores.comparing import Comparison, compare
from foedus.stores.http import Refused
from foedus.stores.store import Store, batches

_ROUNDS = 3


class Step(NamedTuple):
    """What is to happen to a graph: "keep", "add", "replace" or "remove"; `file` is ours, None where it is removed."""

    action: str
    graph: str
    file: TurtleFile | None = None


class Loaded(NamedTuple):
    """What a load did: its steps, the triples that were sent and the seconds that took, and the comparison after it."""

    steps: list[Step]
    triples: int
    seconds: float
    comparisons: list[Comparison]


class Progress(NamedTuple):
    """What is told of a load as it goes on: a stage in words, and the graph at which it is, of how many."""

    stage: str
    done: int
    total: int


Told = Callable[[Progress], None]


def plan(files: Sequence[TurtleFile], store: Store, told: Told, *, only: bool = False) -> list[Step]:
    """What a load of `files` would do. With `only`, graphs that are not among them stay."""
    counts = store.counts()
    steps = []
    for number, file in enumerate(files):
        told(Progress("looking at what is there", number, len(files)))
        if not counts.get(file.graph):
            steps.append(Step("add", file.graph, file))
        elif compare(file, store).verdict in ("same", "rewritten"):
            steps.append(Step("keep", file.graph, file))
        else:
            steps.append(Step("replace", file.graph, file))
    ours = {file.graph for file in files}
    if not only:
        steps += [Step("remove", graph) for graph in sorted(counts) if graph not in ours and graph.startswith(GRAPH)]
    return steps


def load(files: Sequence[TurtleFile], store: Store, told: Told, *, only: bool = False) -> Loaded:
    """Bring `files` into the store, and compare each graph after it. With `only`, other graphs of Foedus stay.

    Raises InputError where a file is not Turtle, RemoteError where the store fails; both say what state it is in.
    """
    with _state("Nothing was changed in the store."):
        store.may_write()
        steps = plan(files, store, told, only=only)
    begun = monotonic()
    sent = 0
    first = steps
    for _ in range(_ROUNDS):
        sent += _apply(steps, store, told)
        seconds = monotonic() - begun
        with _state("The new graphs are in place, but were not all compared; `foedus load --check` does that."):
            comparisons = check(files, store, told)
            wrong = {c.graph for c in comparisons if c.verdict in ("differs", "missing")}
            if not wrong:
                break
            # A request whose answer was lost may have been carried out twice.
            steps = [s for s in plan(files, store, told, only=only) if s.action != "keep"]
    return Loaded(first, sent, seconds, comparisons)


def check(files: Sequence[TurtleFile], store: Store, told: Told) -> list[Comparison]:
    """Each of `files` compared with the graph of its name in the store."""
    counts = store.counts()
    found = []
    for number, file in enumerate(files):
        told(Progress("comparing", number, len(files)))
        found.append(
            compare(file, store)
            if counts.get(file.graph)
            else Comparison(file.graph, "missing", canonical.fingerprint(canonical.stream(file.path)).triples, 0)
        )
    return found


def remove(store: Store, graphs: Sequence[str] | None = None) -> dict[str, int]:
    """Remove `graphs`, or all graphs of Foedus and what an unfinished load left; the triples that each of them had."""
    with _state("Nothing was changed in the store."):
        store.may_write()
        counts = store.counts()
    chosen = {graph: n for graph, n in counts.items() if graphs is None or graph in graphs}
    with _state("Some graphs may be gone. Run it again."):
        store.drop(chosen)
        left = [graph for graph in store.counts() if graph in chosen]
    if left:
        raise RemoteError(
            f"the store still has <{left[0]}>", where=store.url, todo="Is somebody loading? Run it again."
        )
    return chosen


def _apply(steps: Sequence[Step], store: Store, told: Told) -> int:
    """Carry out `steps`; the number of triples that were sent."""
    files = [step.file for step in steps if step.file is not None and step.action in ("add", "replace")]
    gone = [step.graph for step in steps if step.action == "remove"]
    old = gone + [step.graph for step in steps if step.action == "replace"]
    counts = store.counts()
    staged = {graph: n for graph, n in counts.items() if graph.startswith(STAGING)}
    if not files and not gone:
        if staged:
            store.drop(staged)
        return 0
    with _state("Nothing was changed in the store."):
        whole = store.holds is None or not _are_more(files, store.holds)
    if files and whole and (store.at_once == "always" or (store.at_once == "first" and not old and not staged)):
        try:
            return _at_once(files, old, store, told)
        except Refused as error:
            if error.status in (401, 403):
                raise
            store.http.tell(f"all in one request is refused ({error.message}); graph by graph, then")
    return _beside(files, gone, staged, store, told, whole=whole)


def _are_more(files: Sequence[TurtleFile], limit: int) -> bool:
    """Whether `files` hold more than `limit` triples; no more of them is read than that takes."""
    triples = itertools.chain.from_iterable(canonical.stream(file.path) for file in files)
    return next(itertools.islice(triples, limit, None), None) is not None


def _at_once(files: list[TurtleFile], old: list[str], store: Store, told: Told) -> int:
    sent = 0
    done = False

    def counted(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
        nonlocal sent
        for triple in triples:
            sent += 1
            yield triple

    def graphs() -> Iterator[tuple[str, Iterable[ox.Triple]]]:
        nonlocal sent
        sent = 0
        for number, file in enumerate(files):
            told(Progress(f"sending {file.graph}", number, len(files)))
            yield file.graph, counted(_triples(file))
        told(Progress("waiting for the store to commit", len(files), len(files)))

    def act() -> None:
        if not done:
            store.put_at_once(graphs, old)

    def recover() -> None:
        nonlocal done, old
        if store.at_once == "always":
            old = old + [file.graph for file in files if file.graph not in old]  # a transaction may be there unheard
        else:
            there = store.counts()
            done = all(there.get(file.graph) for file in files)

    with _state(
        "It is one transaction: nothing was changed in the store, unless it committed unheard. Run it again.",
        unread="Nothing was changed in the store.",
    ):
        store.http.repeat(act, recover=recover)
    return sent


def _beside(
    files: list[TurtleFile], gone: list[str], staged: dict[str, int], store: Store, told: Told, *, whole: bool
) -> int:
    """Send `files` to graphs beside the old ones, and swap them: `whole` says whether in one transaction, if it can."""
    sent = 0
    moves = []
    store.update(
        [f"INSERT DATA {{ GRAPH <{MARKER}> {{ <{GRAPH}> <http://purl.org/dc/terms/isReplacedBy> <{STAGING}> }} }}"]
    )
    expected: dict[str, int] = {}
    for number, file in enumerate(files):
        told(Progress(f"sending {file.graph}", number, len(files)))
        ours = canonical.fingerprint(canonical.stream(file.path))
        name = f"{STAGING}{ours.sha256[:16]}/{file.graph.removeprefix(GRAPH)}"
        moves.append((name, file.graph))
        expected[name] = ours.triples
        with _state(
            "The graphs that were there still answer. What was sent so far stands beside them; run it again to go on, "
            "or `foedus load --remove` to be rid of it.",
            file.graph,
        ):
            if staged.get(name) == ours.triples and compare(file, store, name).verdict in ("same", "rewritten"):
                continue
            if name in staged:
                store.drop([name])
            sent += _send(file, name, store)
    told(Progress("putting the new graphs in place", len(files), len(files)))
    with _state("The graphs that were there still answer. Run it again."):
        there = store.counts()
        for name, triples in expected.items():
            if there.get(name, 0) != triples:
                raise RemoteError(
                    f"the store took {there.get(name, 0):,} of {triples:,} triples of {name}", where=store.url
                )
    spare = [graph for graph in staged if graph not in expected] + [MARKER]
    _swap(moves, store.dropping(gone), store.dropping(spare), store, whole=whole and store.atomic)
    return sent


def _send(file: TurtleFile, name: str, store: Store) -> int:
    sent = 0
    for some in batches(_triples(file), store.batch):
        _deliver(some, name, store, first=not sent)
        sent += len(some)
    return sent


def _deliver(triples: list[ox.Triple], name: str, store: Store, *, first: bool) -> None:
    def recover() -> None:
        if first and any(map(canonical.holds_blank, triples)):  # which would be there twice
            store.drop([name])

    store.http.repeat(lambda: store.add(name, triples), recover=recover)


def _swap(moves: list[tuple[str, str]], before: list[str], after: list[str], store: Store, *, whole: bool) -> None:
    """Put the new graphs in the place of the old ones: `whole` in one update, else one after another."""
    if whole:
        _replace(moves, before, after, store)
        return
    for done, move in enumerate(moves):
        with _state(
            f"{done} of {len(moves)} graphs are new, the others still the old ones. Run it again to finish.", move[1]
        ):
            _replace([move], [], [], store)
    with _state("The new graphs are in place. Run it again to remove what is not needed any more."):
        for operation in before + after:
            store.update([operation])


def _replace(moves: list[tuple[str, str]], before: list[str], after: list[str], store: Store) -> None:
    left = moves

    def recover() -> None:
        nonlocal left
        there = store.counts()
        left = [move for move in moves if there.get(move[0])]

    def act() -> None:
        operations = before + store.moving(left) + after
        if operations:
            store.update(operations, again=False)

    with _state("Either all graphs are new or all are the old ones; `foedus load --check` tells which. Run it again."):
        store.http.repeat(act, recover=recover)


def _triples(file: TurtleFile) -> Iterator[ox.Triple]:
    """The triples of a file, with labels of blank nodes that occur in no other file."""
    prefix = "".join(letter for letter in file.graph.removeprefix(GRAPH) if letter.isalnum())
    return canonical.named(canonical.stream(file.path), prefix)


@contextlib.contextmanager
def _state(state: str, graph: str | None = None, *, unread: str = "") -> Iterator[None]:
    """Let what is raised say, if it does not say so yet, at which graph and in what state the store is left.

    `unread` is said in the place of `state` where a file of ours is at fault.
    """
    try:
        yield
    except FoedusError as error:
        if isinstance(error, InputError) and unread:
            state = unread
        if not hasattr(error, "state"):
            error.state = state  # type: ignore[attr-defined]
            error.message = f"{error.message} (at {graph})" if graph else error.message
            error.todo = "\n  ".join(filter(None, (error.todo, state)))
        raise
