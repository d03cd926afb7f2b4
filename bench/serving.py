"""Saved queries over HTTP: `foedus serve` against Apache Jena Fuseki and Oxigraph's own server, on one machine.

`python bench/serving.py [--rounds N]` starts the three with the shipped graph: the union of all its files as the
default graph, and each file as a named graph. All saved queries that ask no other endpoint, with the default values of
their parameters, are asked in one and the same mixed order by 1, 2 and 8 clients that keep their connections; the
servers take turns. Each request ends with a comment of its own, so that no answer is one that was kept.

Then fifty clients ask `foedus serve`, of which every tenth asks for what never ends: how many of the others are still
answered.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import itertools
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pyoxigraph as ox
import requests
from tests.stores.servers import running

from foedus.catalog import Catalog, bind
from foedus.compiled import load
from foedus.datasets import turtle_files
from report import ROOT, machine, table

OURS, FUSEKI, OXIGRAPH = "foedus serve", "Fuseki", "Oxigraph"
CLIENTS = (1, 2, 8)
#: At least so many of ours to one of theirs: all queries for Fuseki, the ordinary ones for Oxigraph.
BARS = {FUSEKI: 1.0, OXIGRAPH: 0.5}
ROUNDS = 5
_ORDINARY = 0.05  # seconds on Oxigraph under which a query is ordinary
_ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_CROWD, _TENTH = 50, 10
_CROWDED = 40.0  # seconds
_ACCEPT = "application/sparql-results+json, text/turtle;q=0.9"
_COUNT = itertools.count()


class Driven(NamedTuple):
    """What some clients got done: answers a second, the share of a processor that they took, and what went wrong."""

    rate: float
    share: float
    errors: int


class Measured(NamedTuple):
    """Medians by server and number of clients, of all queries and of the ordinary ones; and Fuseki's version."""

    fuseki: str
    queries: int
    ordinary: list[str]
    all: dict[tuple[str, int], Driven]
    some: dict[tuple[str, int], Driven]
    kept: dict[int, Driven]
    alone: Driven
    beside: Driven


def measure(rounds: int = ROUNDS) -> Measured:
    """Measure everything; raises RuntimeError where the servers do not answer alike."""
    catalog = Catalog(str(ROOT))
    queries = {slug: bind(catalog.get(slug), {}) for slug in catalog.local()}
    with tempfile.TemporaryDirectory(prefix="foedus-bench-") as place, contextlib.ExitStack() as stack:
        servers, version = started(Path(place), stack)
        check(servers, queries)
        for _ in range(3):  # above all for Java, whose compiler takes its time
            for url in servers.values():
                drive(url, mixed(queries, 2), 2)
        ordinary = [slug for slug, seconds in alone(servers[OXIGRAPH], queries).items() if seconds < _ORDINARY]
        some = {slug: queries[slug] for slug in ordinary}
        every = turns(servers, queries, rounds)
        ordinarily = turns(servers, some, 3 * rounds)
        kept = {n: drive(servers[OURS], mixed(queries, 20, anew=False), n) for n in (1, *CLIENTS)}
        before, beside, after = (crowd(servers[OURS], queries, hostile) for hostile in (0, _CROWD // _TENTH, 0))
        return Measured(version, len(queries), ordinary, every, ordinarily, kept, _median([before, after]), beside)


def started(place: Path, stack: contextlib.ExitStack) -> tuple[dict[str, str], str]:
    """The URLs at which the three servers take queries, with the graph in them; and the version of Fuseki."""
    union = place / "union.nq"
    load(turtle_files(str(ROOT))).dump(union, format=ox.RdfFormat.N_QUADS)
    oxigraph = str(Path(sys.executable).parent / "oxigraph")
    db = place / "oxigraph" / "db"
    db.parent.mkdir()
    for command in (["load", "--location", str(db), "--file", str(union)], ["optimize", "--location", str(db)]):
        subprocess.run([oxigraph, *command], check=True, capture_output=True)
    fuseki = stack.enter_context(running("fuseki", place / "fuseki", full_speed=True))
    with union.open("rb") as body:
        headers = {"Content-Type": "application/n-quads"}
        requests.post(f"{fuseki.url}/data", data=body, headers=headers, timeout=600).raise_for_status()
    urls = {
        OURS: stack.enter_context(served(place)),
        FUSEKI: fuseki.query,
        OXIGRAPH: stack.enter_context(running("oxigraph", place / "oxigraph", read_only=True)).query,
    }
    return urls, fuseki.version


@contextlib.contextmanager
def served(place: Path) -> Iterator[str]:
    """The URL of the endpoint of `foedus serve`."""
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "foedus"), "serve", "--port", "0"],
        env={**os.environ, "FOEDUS_CACHE": str(place / "cache"), "FOEDUS_FOLDER": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    try:
        found = re.search(r"served at (\S+)/", process.stderr.readline())
        if found is None:
            raise RuntimeError(f"foedus serve did not start: {process.stderr.read()}")
        yield f"{found[1]}/sparql"
    finally:
        process.terminate()
        process.communicate(timeout=60)


def check(servers: Mapping[str, str], queries: Mapping[str, str]) -> None:
    """All servers give the same number of rows, or of triples that are not blank, for each query."""
    for slug, query in queries.items():
        found = {}
        for name, url in servers.items():
            headers = {"Content-Type": "application/sparql-query", "Accept": _ACCEPT}
            answer = requests.post(url, query.encode(), headers=headers, timeout=300)
            answer.raise_for_status()
            if "json" in answer.headers["Content-Type"]:
                results = json.loads(answer.content)
                found[name] = len(results["results"]["bindings"]) if "results" in results else int(results["boolean"])
            else:
                found[name] = len({q.triple for q in ox.parse(answer.content, format=ox.RdfFormat.TURTLE)})
        if len(set(found.values())) > 1:
            raise RuntimeError(f"{slug}: not the same number of rows: {found}")


def mixed(queries: Mapping[str, str], rounds: int, *, anew: bool = True) -> Iterator[str]:
    """All queries so many times, in an order that is always the same one, each with a comment of its own."""
    texts = [query for _ in range(rounds) for query in queries.values()]
    random.Random(7).shuffle(texts)
    for text in texts:
        yield f"{text}\n# {next(_COUNT)}\n" if anew else text


class _Client:
    """A client that keeps its connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=300)
        self._path = parts.path

    def ask(self, query: str) -> bool:
        """Whether it was answered."""
        headers = {"Content-Type": "application/sparql-query", "Accept": _ACCEPT}
        self._connection.request("POST", self._path, query.encode(), headers)
        answer = self._connection.getresponse()
        answer.read()
        return answer.status == 200

    def close(self) -> None:
        self._connection.close()


def drive(url: str, queries: Iterator[str], clients: int) -> Driven:
    """Let some clients share queries until none is left."""
    lock = threading.Lock()
    done = [0, 0]

    def go() -> None:
        with contextlib.closing(_Client(url)) as client:
            while True:
                with lock:
                    query = next(queries, None)
                if query is None:
                    return
                done[client.ask(query)] += 1

    return _timed([threading.Thread(target=go) for _ in range(clients)], done)


def _timed(threads: Sequence[threading.Thread], done: list[int]) -> Driven:
    began, processor = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    return Driven(done[1] / seconds, (time.process_time() - processor) / seconds, done[0])


def alone(url: str, queries: Mapping[str, str]) -> dict[str, float]:
    """The time of each query for a single client, in seconds: the median of five."""
    found = {}
    with contextlib.closing(_Client(url)) as client:
        for slug, query in queries.items():
            times = []
            for _ in range(5):
                began = time.perf_counter()
                client.ask(f"{query}\n# {next(_COUNT)}\n")
                times.append(time.perf_counter() - began)
            found[slug] = statistics.median(times)
    return found


def turns(servers: Mapping[str, str], queries: Mapping[str, str], rounds: int) -> dict[tuple[str, int], Driven]:
    """The medians of some rounds, in each of which every server is asked by every number of clients."""
    found: dict[tuple[str, int], list[Driven]] = {}
    for _ in range(rounds):
        for clients in CLIENTS:
            for name, url in servers.items():
                found.setdefault((name, clients), []).append(drive(url, mixed(queries, 1), clients))
    return {key: _median(some) for key, some in found.items()}


def _median(found: Sequence[Driven]) -> Driven:
    rate, share = (statistics.median(values) for values in list(zip(*found, strict=True))[:2])
    return Driven(rate, share, sum(one.errors for one in found))


def crowd(url: str, queries: Mapping[str, str], hostile: int) -> Driven:
    """What 45 clients get done in a while, beside some that ask for what never ends, and ask again when refused."""
    end = time.monotonic() + _CROWDED
    done = [0, 0]

    def ordinary(number: int) -> None:
        texts = list(queries.values())
        random.Random(number).shuffle(texts)
        with contextlib.closing(_Client(url)) as client:
            for text in itertools.cycle(texts):
                if time.monotonic() > end:
                    return
                done[client.ask(f"{text}\n# {next(_COUNT)}\n")] += 1

    def endless() -> None:
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(_Client(url)) as client:
            while time.monotonic() < end:
                client.ask(f"{_ENDLESS}\n# {next(_COUNT)}\n")

    others = [threading.Thread(target=endless, daemon=True) for _ in range(hostile)]
    for thread in others:
        thread.start()
    found = _timed([threading.Thread(target=ordinary, args=(n,)) for n in range(_CROWD - _CROWD // _TENTH)], done)
    for thread in others:
        thread.join()
    return found


def as_tables(found: Measured) -> str:
    """The rates and the ratios beside their bars, in Markdown."""
    return "\n".join(
        [
            f"All {found.queries} queries:\n",
            _rates(found.all, {FUSEKI: BARS[FUSEKI]}),
            f"The {len(found.ordinary)} that take Oxigraph less than {_ORDINARY * 1000:.0f} ms:\n",
            _rates(found.some, {OXIGRAPH: BARS[OXIGRAPH]}),
            "Answers of `foedus serve` that it kept:\n",
            table(
                ["clients", "a second", "client's processor"],
                [[str(n), f"{one.rate:,.0f}", f"{one.share:.0%}"] for n, one in found.kept.items()],
            ),
            f"{_CROWD - _CROWD // _TENTH} clients, alone and beside {_CROWD // _TENTH} whose queries never end:\n",
            table(
                ["alone, a second", "beside, a second", "÷ alone (≥ 0.5)", "errors"],
                [
                    [
                        f"{found.alone.rate:.1f}",
                        f"{found.beside.rate:.1f}",
                        _mark(found.beside.rate / found.alone.rate, 0.5),
                        str(found.alone.errors + found.beside.errors),
                    ]
                ],
            ),
        ]
    )


def _rates(found: Mapping[tuple[str, int], Driven], bars: Mapping[str, float]) -> str:
    names = (OURS, FUSEKI, OXIGRAPH)
    head = ["clients", *(f"{name}, a second" for name in names)]
    head += [f"÷ {name}" + (f" (≥ {bars[name]:g})" if name in bars else "") for name in (FUSEKI, OXIGRAPH)]
    rows = []
    for n in CLIENTS:
        rates = {name: found[name, n].rate for name in names}
        ratios = [_mark(rates[OURS] / rates[name], bars.get(name, 0.0)) for name in (FUSEKI, OXIGRAPH)]
        rows.append([str(n), *(f"{rates[name]:,.0f}" for name in names), *ratios])
    return table([*head, "client's processor", "errors"], [[*r, *_beside(found, int(r[0]))] for r in rows])


def _beside(found: Mapping[tuple[str, int], Driven], clients: int) -> tuple[str, str]:
    """The greatest share of a processor that the clients took, which must not be what is measured; and errors."""
    of = [one for (_, n), one in found.items() if n == clients]
    return f"{max(one.share for one in of):.0%}", str(sum(one.errors for one in of))


def _mark(ratio: float, bar: float) -> str:
    return f"{ratio:.2f}" + (" ✗" if ratio < bar else "")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"turns of each server (default {ROUNDS})")
    print(as_tables(measure(parser.parse_args().rounds)))
    print("\n".join(f"{name}: {value}" for name, value in machine()))


if __name__ == "__main__":
    main()
