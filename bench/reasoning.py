"""How the cost of reasoning grows with the data: OWL 2 DL by HermiT, OWL 2 RL by reasonable, each with the rules.

`python bench/reasoning.py [--size N…]` makes data of each number of triples in a temporary folder and reasons over them
in a process of its own; 0 stands for the shipped graph. Times are wall-clock seconds of one run; memory is the largest
resident set of the process and of the Java that it starts.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from generate import generate
from report import ROOT, table

SIZES = (0, 50_000, 250_000, 1_000_000)
PROFILES = ("dl", "rl")
#: Seconds after which a run is given up.
LIMIT = 1800.0
_STEPS = ("reading", "rules of OWL 2 RL", "HermiT", "reasonable", "rules of the graph")


def one(folder: str, profile: str) -> dict[str, float]:
    """The seconds of each step, how many derivations there are, and the memory in MB."""
    from foedus.datasets import turtle_files
    from foedus.reasoning.reasoner import run

    outcome = run(turtle_files(folder), folder, profile, lambda step: None)
    if outcome.derived is None or outcome.clashes:
        raise RuntimeError(f"{folder}: {outcome.clashes[0].message}")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {**outcome.seconds, "derivations": sum(outcome.derived.rules.values()), "MB": sum(used) / 1024}


def measure(sizes: tuple[int, ...], profiles: tuple[str, ...]) -> str:
    """A Markdown table: one row for each size and profile."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="foedus-bench-") as place:
        for size in sizes:
            folder = Path(place) / str(size) if size else ROOT
            triples = generate(folder, size) if size else _shipped()
            for profile in profiles:
                print(f"{triples:,} triples, {profile} …", file=sys.stderr)
                rows.append([f"{triples:,}", profile, *_row(str(folder), profile)])
    return table(["triples", "profile", *_STEPS, "derivations", "MB"], rows)


def _row(folder: str, profile: str) -> list[str]:
    command = [sys.executable, __file__, "--one", folder, profile]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return [f"over {LIMIT:g} s", *[""] * (len(_STEPS) + 1)]
    found = json.loads(done.stdout)
    times = [f"{found[step]:.1f}" if step in found else "" for step in _STEPS]
    return [*times, f"{found['derivations']:,.0f}", f"{found['MB']:,.0f}"]


def _shipped() -> int:
    from foedus.datasets import turtle_files
    from foedus.turtle import parse

    return sum(1 for file in turtle_files(str(ROOT)) for _ in parse(file.path))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", metavar="N", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--profile", choices=PROFILES, nargs="*", default=list(PROFILES))
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(*options.one)))
    else:
        os.environ.setdefault("LC_ALL", "C.UTF-8")
        print(measure(tuple(options.size), tuple(options.profile)))


if __name__ == "__main__":
    main()
