"""Loading and asking servers: `foedus load` against the server's own best way in, its memory, and queries over HTTP.

`python bench/load.py [STORE …] [--triples N …]` starts each server (tests/stores/servers.py) and loads made-up data of
each size into an empty one, twice: with `foedus load`, and with one request of the exported N-Quads or what the server
takes at best. The rate is that of sending, to the commit; the comparison after it is in a column of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import requests
import requests.auth

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.stores.servers import Server, running

import foedus
import generate
from foedus.datasets import turtle_files
from report import ROOT, table

#: The server's own best way in over HTTP: where N-Quads are posted to. Virtuoso takes a graph at a time.
_WAYS = {"fuseki": "/data", "rdf4j": "/statements", "oxigraph": "store"}
_QUESTIONS = ("agreements-without-article-5", "counts", "instruments", "timeline", "topics")
_BAR = 0.9
#: Prints the kilobytes that a command took; a process of its own, for a new one begins with the peak of its parent.
_MEASURED = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
print(os.wait4(process.pid, 0)[2].ru_maxrss)
"""
_RUNS = 5


class Loaded(NamedTuple):
    """Seconds of `foedus load` for sending and in all, its memory in MB, and the seconds of the server's own way."""

    triples: int
    sending: float
    whole: float
    memory: float
    own: float


def main() -> None:
    """Measure, and print two tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("stores", nargs="*", default=["fuseki", "rdf4j", "oxigraph", "virtuoso"])
    parser.add_argument("--triples", type=int, nargs="+", default=[100_000, 1_000_000])
    options = parser.parse_args()
    rows = []
    questions = []
    with tempfile.TemporaryDirectory() as place:
        for triples in options.triples:
            folder = Path(place) / str(triples)
            generate.generate(folder, triples)
            parts = Path(place) / f"{triples}-parts"
            files = export(folder, parts)
            for store in options.stores:
                found = measure(store, folder, files)
                rows.append(_row(store, found))
                print(rows[-1], file=sys.stderr)
        for store in options.stores:
            questions += ask(store)
    head = ("store", "triples", "foedus load, s", "own way, s", f"rate ÷ own (≥ {_BAR})", "with comparison, s", "MB")
    print(table(head, rows))
    print(table(("store", "question", "foedus, ms", "requests, ms", "÷"), questions))


def export(folder: Path, place: Path) -> dict[str, Path]:
    """The graph of a folder as N-Quads under "", and a file of N-Triples for each named graph."""
    environment = {**os.environ, "FOEDUS_FOLDER": str(folder)}
    command = [sys.executable, "-m", "foedus", "export", "--format"]
    subprocess.run([*command, "nquads", "-o", str(place) + ".nq"], env=environment, check=True)
    subprocess.run([*command, "ntriples", "--split", "graph", "-o", str(place)], env=environment, check=True)
    graphs = {file.graph: place / (file.graph.rsplit("/", 1)[1] + ".nt") for file in turtle_files(str(folder))}
    return {"": Path(str(place) + ".nq"), **graphs}


def measure(store: str, folder: Path, files: dict[str, Path]) -> Loaded:
    """Both ways into an empty server each."""
    with server(store) as empty:
        begun = time.monotonic()
        if store == "virtuoso":
            for graph, path in files.items():
                if graph:
                    _put(empty, graph, path)
        else:
            _post(empty.url + _WAYS[store], files[""])
        own = time.monotonic() - begun
    with server(store) as empty:
        environment = {**os.environ, "FOEDUS_FOLDER": str(folder)}
        if empty.user and empty.password:
            environment |= {"FOEDUS_USER": empty.user, "FOEDUS_PASSWORD": empty.password}
        load = [sys.executable, "-m", "foedus", "load", empty.url, "--timeout", "3600"]
        command = [sys.executable, "-c", _MEASURED, *load]
        begun = time.monotonic()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        whole = time.monotonic() - begun
    found = re.search(r"sent ([\d,]+) triples in ([\d.]+) s", done.stderr)
    if not found:
        raise SystemExit(f"{store}: {done.stderr}")
    return Loaded(int(found[1].replace(",", "")), float(found[2]), whole, float(done.stdout) / 1024, own)


def ask(store: str) -> list[tuple[str, ...]]:
    """Saved queries over the shipped graph: through Foedus, and as bare requests whose JSON is read."""
    from foedus import catalog

    rows: list[tuple[str, ...]] = []
    with server(store) as there:
        environment = {**os.environ, "FOEDUS_FOLDER": str(ROOT)}
        if there.user and there.password:
            environment |= {"FOEDUS_USER": there.user, "FOEDUS_PASSWORD": there.password}
        subprocess.run(
            [sys.executable, "-m", "foedus", "load", there.url], env=environment, check=False, capture_output=True
        )
        extra = {"fuseki": {"default-graph-uri": "urn:x-arq:UnionGraph"}, "oxigraph": {"union-default-graph": "true"}}
        with foedus.open(endpoint=there.query, timeout=300) as graph, requests.Session() as session:
            for slug in _QUESTIONS:
                text = catalog.bind(graph.catalog.get(slug), {})
                form = {"query": text, **extra.get(store, {})}
                accept = {"Accept": "application/sparql-results+json"}
                ours, bare = [], []
                for _ in range(_RUNS + 1):
                    begun = time.perf_counter()
                    graph.run(slug)
                    ours.append(time.perf_counter() - begun)
                    begun = time.perf_counter()
                    json.loads(session.post(there.query, form, headers=accept, timeout=300).content)
                    bare.append(time.perf_counter() - begun)
                one, other = statistics.median(ours[1:]), statistics.median(bare[1:])
                rows.append((store, slug, f"{one * 1000:.0f}", f"{other * 1000:.0f}", f"{one / other:.2f}"))
    return rows


@contextlib.contextmanager
def server(store: str) -> Iterator[Server]:
    """An empty server."""
    with tempfile.TemporaryDirectory() as place, running(store, Path(place)) as found:
        yield found


def _post(url: str, path: Path) -> None:
    with path.open("rb") as body:
        headers = {"Content-Type": "application/n-quads"}
        requests.post(url, data=body, headers=headers, timeout=3600).raise_for_status()


def _put(there: Server, graph: str, path: Path) -> None:
    url = there.query.removesuffix("/sparql") + "/sparql-graph-crud-auth"
    headers = {"Content-Type": "application/n-triples"}
    with requests.Session() as session:
        session.auth = requests.auth.HTTPDigestAuth(there.user or "", there.password or "")
        # For its challenge, which a long body would not meet.
        session.get(url, params={"graph": "urn:none"}, timeout=60)
        session.put(url, path.read_bytes(), params={"graph": graph}, headers=headers, timeout=3600).raise_for_status()


def _row(store: str, found: Loaded) -> tuple[str, ...]:
    ratio = found.own / found.sending
    mark = "" if ratio >= _BAR else " ✗"
    return (
        store,
        f"{found.triples:,}",
        f"{found.sending:.1f}",
        f"{found.own:.1f}",
        f"{ratio:.2f}{mark}",
        f"{found.whole:.1f}",
        f"{found.memory:.0f}",
    )


if __name__ == "__main__":
    main()
