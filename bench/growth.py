"""How the time of each saved query grows with the data, on the embedded store, rdflib and a server store.

`python bench/growth.py [--engine NAME…] [--size 1x 5x 20x] [--query SLUG…]` makes data of each size in a temporary
folder, opens each engine once on it, and runs every saved query with its default parameters. A time is that of the
query alone on an engine that is warm, to the whole answer as bytes, over HTTP for the server: the median of some runs.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from foedus.catalog import Catalog, bind
from foedus.datasets import EVERYTHING, turtle_files
from foedus.engines import Settings, make
from foedus.turtle import parse
from generate import SIZES, generate
from report import ROOT, machine, mark, milliseconds, table

ENGINES = ("oxigraph", "rdflib", "server")
#: What 20 times the data may multiply the time of a query by.
BAR = 25.0
#: Seconds after which a run of a query is given up.
LIMIT = 300.0
#: Runs of a query at each size, after one that warms it up.
RUNS = 9
_ENOUGH = 6.0  # seconds of running one query on one size after which its median is good enough
_OPENING = 1800.0  # seconds within which an engine must have opened its data

#: Median seconds, or None where the limit was reached, by engine, saved query and size.
Times = dict[tuple[str, str, str], float | None]


class Growth(NamedTuple):
    """The times of all queries, the rows of each answer by query and size, and the triples of each size."""

    times: Times
    rows: dict[tuple[str, str], int]
    triples: dict[str, int]

    def ratio(self, engine: str, slug: str) -> float | None:
        """The time at the largest size over that at the smallest; None where either is missing."""
        sizes = list(self.triples)
        small, large = (self.times.get((engine, slug, size)) for size in (sizes[0], sizes[-1]))
        return large / small if small and large else None


def measure(
    engines: Sequence[str] = ENGINES,
    sizes: Sequence[str] = tuple(SIZES),
    slugs: Sequence[str] = (),
    limit: float = LIMIT,
) -> Growth:
    """Time the saved queries `slugs` (by default all), at most `limit` seconds for each run.

    Raises RuntimeError where an engine cannot answer, or two engines differ in the number of rows.
    """
    catalog = Catalog(str(ROOT))
    texts = {slug: bind(catalog.get(slug), {}) for slug in slugs or catalog.local()}
    found = Growth({}, {}, {})
    with tempfile.TemporaryDirectory(prefix="foedus-bench-") as place:
        os.environ["FOEDUS_CACHE"] = os.path.join(place, "cache")
        for size in sizes:
            found.triples[size] = generate(Path(place) / size, SIZES[size])
        for engine in engines:
            with contextlib.ExitStack() as stack:
                children = {}
                for size in sizes:
                    _say(f"{engine}: opening {found.triples[size]:,} triples")
                    settings = stack.enter_context(_opened(engine, Path(place) / size))
                    children[size] = stack.enter_context(contextlib.closing(_Child(settings)))
                for slug, text in texts.items():
                    _time_one(engine, slug, text, children, limit, found)
    return found


def _time_one(engine: str, slug: str, text: str, children: dict[str, _Child], limit: float, found: Growth) -> None:
    """Time one query on all sizes in turn, so that what else the machine does falls on all of them alike.

    The first run on each size only warms it up, unless it alone is long enough.
    """
    times: dict[str, list[float]] = {size: [] for size in children}
    over: set[str] = set()
    for turn in range(RUNS + 1):
        for size, child in children.items():
            if size in over or (turn and sum(times[size]) > _ENOUGH):
                continue
            answer = child.run(text, limit)
            if answer is None:
                over.add(size)
                continue
            seconds, rows = answer
            if found.rows.setdefault((slug, size), rows) != rows:
                raise RuntimeError(f"{slug} at {size}: {rows} rows in {engine}, {found.rows[slug, size]} elsewhere")
            times[size].append(seconds)
    for size, those in times.items():
        found.times[engine, slug, size] = None if size in over else statistics.median(those[1:] or those)
    _say(f"{engine}: {slug}: {', '.join(_shown(found.times[engine, slug, size]) for size in times)} ms")


class _Child:
    """A process that holds one open engine, so that a run over the limit can be ended; it is opened anew after that."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open()

    def _open(self) -> None:
        self._pipe, other = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=_serve, args=(other, self._settings), daemon=True)
        self._process.start()
        other.close()
        self._receive(_OPENING)

    def run(self, text: str, limit: float) -> tuple[float, int] | None:
        """The seconds that a query took and the rows of its answer; None where it took over `limit`."""
        self._pipe.send(text)
        answer = self._receive(limit)
        if answer is None:
            self.close()
            self._open()
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _receive(self, limit: float) -> tuple[float, int] | None:
        if not self._pipe.poll(limit):
            return None
        try:
            answer: tuple[float, int] | Exception = self._pipe.recv()
        except EOFError:
            raise RuntimeError("the process that holds the engine ended unexpectedly") from None
        if isinstance(answer, Exception):
            raise answer
        return answer


def _serve(pipe: Connection, settings: Settings) -> None:
    """The life of a child: open the engine, then answer each query with its seconds and its number of rows."""
    try:
        engine = make(settings)
        engine.evaluate("ASK {}", EVERYTHING)  # some engines open their data only now
        pipe.send((0.0, 0))
        while True:
            text = pipe.recv()
            start = time.perf_counter()
            result = engine.evaluate(text, EVERYTHING)
            seconds = time.perf_counter() - start
            pipe.send((seconds, _rows(result.form, result.body)))
    except EOFError:  # the parent has ended
        pass
    except Exception as error:
        pipe.send(RuntimeError(f"{type(error).__name__}: {error}"))


def _rows(form: str, body: bytes) -> int:
    """The rows of an answer, or its triples, or 1 for a yes and 0 for a no."""
    import json

    if form == "graph":
        return body.count(b"\n")
    answer = json.loads(body)
    return int(answer["boolean"]) if form == "boolean" else len(answer["results"]["bindings"])


@contextlib.contextmanager
def _opened(engine: str, folder: Path) -> Iterator[Settings]:
    """The settings of an engine over `folder`; for the server, while it runs."""
    if engine != "server":
        yield Settings(engine, str(folder))
        return
    program = shutil.which("oxigraph", path=os.path.dirname(sys.executable)) or shutil.which("oxigraph")
    if program is None:
        raise RuntimeError("there is no server: it comes with the package oxigraph")
    everything, store = str(folder / "all.nq"), str(folder / "store")
    ox.serialize(_quads(folder), output=everything, format=ox.RdfFormat.N_QUADS)
    loading = [program, "load", "--location", store, "--file", everything]
    subprocess.run(loading, check=True, capture_output=True)
    subprocess.run([program, "optimize", "--location", store], check=True, capture_output=True)
    port = _free_port()
    serving = [program, "serve-read-only", "--location", store, "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(serving, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}/query"
        _await(url, process)
        yield Settings("remote", str(folder), url)
    finally:
        process.kill()
        process.wait()


def _quads(folder: Path) -> Iterator[ox.Quad]:
    """The triples of each file, in its named graph and once more in the default graph."""
    for file in turtle_files(str(folder)):
        graph = ox.NamedNode(file.graph)
        for triple in parse(file.path):
            yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)
            yield ox.Quad(triple.subject, triple.predicate, triple.object)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers, at most a minute."""
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=5):
                return
        except urllib.error.URLError as error:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the server did not start") from error
            time.sleep(0.05)


def as_table(found: Growth, engine: str) -> str:
    """The times of one engine in milliseconds and their growth, in Markdown."""
    sizes = list(found.triples)
    head = [
        "query",
        f"rows at {sizes[-1]}",
        *(f"{size}, ms" for size in sizes),
        f"{sizes[-1]} ÷ {sizes[0]} (≤ {BAR:g})",
    ]
    lines = []
    for slug in dict.fromkeys(slug for of, slug, _ in found.times if of == engine):
        times = [found.times.get((engine, slug, size)) for size in sizes]
        ratio = found.ratio(engine, slug)
        lines.append(
            [
                slug,
                f"{found.rows.get((slug, sizes[-1]), 0):,}",
                *map(_shown, times),
                "over ✗" if ratio is None else mark(ratio, BAR),
            ]
        )
    return table(head, lines)


def _shown(seconds: float | None) -> str:
    return "over" if seconds is None else milliseconds(seconds)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--engine", nargs="+", choices=ENGINES, default=ENGINES, help="engines to time")
    parser.add_argument("--size", nargs="+", choices=list(SIZES), default=list(SIZES), help="sizes, smallest first")
    parser.add_argument("--query", nargs="+", default=(), metavar="SLUG", help="saved queries to time (default all)")
    parser.add_argument("--limit", type=float, default=LIMIT, help=f"seconds for one run (default {LIMIT:g})")
    options = parser.parse_args()
    found = measure(options.engine, options.size, options.query, options.limit)
    for engine in options.engine:
        print(f"\n{engine}\n\n{as_table(found, engine)}")
    print("\n".join(f"{name}: {value}" for name, value in machine()))


if __name__ == "__main__":
    main()
