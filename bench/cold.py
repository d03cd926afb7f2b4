"""The first bar: `foedus run` as a cold process against the barest scripts that answer the same question.

`python bench/cold.py` runs each saved query below as three commands, in turn: `foedus run SLUG --format csv` with the
compiled store present; a script that parses the same Turtle files with pyoxigraph and runs the query; the same in
rdflib. A time is wall-clock, from the start of the process to its end, printed answer included.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from foedus.catalog import Catalog, bind
from foedus.datasets import turtle_files
from report import ROOT, machine, mark, milliseconds, table

#: Saved query and values of its parameters.
QUERIES: tuple[tuple[str, dict[str, str]], ...] = (
    ("agreements-without-article-5", {}),
    ("instruments", {}),
    ("counts", {}),
    ("commitments-of", {"instrument": "g7-declaration"}),
)
#: Contender to the ratio that `foedus run` may take of its time.
BARS = {"pyoxigraph": 1.5, "rdflib": 0.2}
RUNS = 15


class Times(NamedTuple):
    """Medians in seconds of one query."""

    query: str
    rows: int
    foedus: float
    pyoxigraph: float
    rdflib: float

    def ratio(self, contender: str) -> float:
        """The time of `foedus run` over that of a contender in BARS."""
        other: float = getattr(self, contender)
        return self.foedus / other


def measure(runs: int) -> list[Times]:
    """Time every query of QUERIES `runs` times on every contender.

    Raises RuntimeError where a command fails or the answers differ in their number of rows.
    """
    with tempfile.TemporaryDirectory(prefix="foedus-bench-") as place:
        environment = {**os.environ, "FOEDUS_CACHE": str(Path(place) / "cache"), "FOEDUS_FOLDER": str(ROOT)}
        return [_one(slug, values, runs, Path(place), environment) for slug, values in QUERIES]


def _one(slug: str, values: dict[str, str], runs: int, place: Path, environment: dict[str, str]) -> Times:
    bare = place / f"{slug}.rq"
    bare.write_text(bind(Catalog(str(ROOT)).get(slug), values), encoding="utf-8")
    files = [file.path for file in turtle_files(str(ROOT))]
    given = [word for name, value in values.items() for word in ("-p", f"{name}={value}")]
    here = Path(__file__).parent
    commands = {
        "foedus": [str(Path(sys.executable).parent / "foedus"), "run", slug, "--format", "csv", *given],
        "pyoxigraph": [sys.executable, str(here / "bare_pyoxigraph.py"), str(bare), *files],
        "rdflib": [sys.executable, str(here / "bare_rdflib.py"), str(bare), *files],
    }
    rows = {}
    for name, command in commands.items():  # the first run compiles the store, and shows that all answer alike
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{slug} failed in {name}: {done.stderr}")
        rows[name] = len(list(csv.reader(done.stdout.splitlines()))) - 1
    if len(set(rows.values())) > 1:
        raise RuntimeError(f"{slug}: not the same number of rows: {rows}")
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
            times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(found) for name, found in times.items()}
    words = f"{slug} {' '.join(f'{n}={v}' for n, v in values.items())}".strip()
    return Times(words, rows["foedus"], **medians)


def as_table(found: list[Times]) -> str:
    """The times in milliseconds and the ratios beside their bars, in Markdown."""
    head = ["query", "rows", "`foedus run`, ms", "pyoxigraph, ms", "rdflib, ms"]
    head += [f"÷ {name} (≤ {bar})" for name, bar in BARS.items()]
    return table(
        head,
        [
            [
                t.query,
                str(t.rows),
                *map(milliseconds, (t.foedus, t.pyoxigraph, t.rdflib)),
                *(mark(t.ratio(name), bar) for name, bar in BARS.items()),
            ]
            for t in found
        ],
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=RUNS, help=f"runs of each command (default {RUNS})")
    print(as_table(measure(parser.parse_args().runs)))
    print("\n".join(f"{name}: {value}" for name, value in machine()))


if __name__ == "__main__":
    main()
