"""All measurements, written to `docs/performance.md`: what `make bench` runs. It takes about an hour."""

from __future__ import annotations

import argparse
import datetime

import cold
import growth
import serving
from report import ROOT, machine, table

_NAMES = {
    "oxigraph": "The compiled store (the default engine)",
    "rdflib": "rdflib (`--engine rdflib`)",
    "server": "A server store (Oxigraph over HTTP, `--endpoint URL`)",
}
_TEXT = """# Performance

Three things are measured: how long a question takes from the shell, how its time grows with the data, and how many are
answered over HTTP. The numbers below are those of one run, on {day}; what counts is the ratios, which hold on other
machines too. A cross (✗) marks a ratio that misses its bar.

To repeat it: `make bench`. It takes about an hour, 6 GB of memory and, for Fuseki, Java 17 and Maven; it writes this
file anew, and keeps what it makes in a temporary folder. The parts run by themselves as well:
`.venv/bin/python bench/cold.py`, `.venv/bin/python bench/serving.py` and
`.venv/bin/python bench/growth.py --engine oxigraph --size 1x 20x --query counts`.

{machine}
## One question, cold

From the start of the process to its end, answer printed, on the data that are shipped: `foedus run QUERY --format csv`
with its compiled store present, against the barest script that parses the same Turtle files and runs the same query, in
pyoxigraph (`bench/bare_pyoxigraph.py`) and in rdflib (`bench/bare_rdflib.py`). The three take turns; each time is the
median of {runs} runs. The bars: at most {pyoxigraph} times the script in pyoxigraph, at most {rdflib} times that in
rdflib.

{cold}
## Growth

Every saved query, with the default values of its parameters, on made-up data of {sizes} triples (`bench/generate.py`:
the proportions of the real data, and nothing true in them). A time is that of the query alone on an engine that is
open and warm, to the whole answer as bytes: the median of up to {growth_runs} runs, all sizes in turn; "over" stands
for a run of more than {limit:g} seconds. The bar: {factor:.0f} times the data may take at most {bar:g} times as long.

A query whose work is in step with its rows still takes somewhat more than {factor:.0f} times as long for {factor:.0f}
times the rows: each look-up goes through a deeper index, of which less is in the processor's cache, and putting n rows
in order takes n log n comparisons, each of which fetches two names.

{growth}
## Over HTTP

`foedus serve` against Apache Jena Fuseki {fuseki} (TDB2) and Oxigraph's own server, which hold the same graph: the
union of all files as the default graph, each file as a named graph. The saved queries that ask no other endpoint, with
the default values of their parameters, in one mixed order, by so many clients that keep their connections; medians of
{rounds} turns. Each request ends with a comment of its own, so that no answer is one that was kept. The bars: at least
as many a second as Fuseki; of the ordinary queries at least half as many as Oxigraph; and beside clients whose queries
never end, at least half of what the others get done alone, without an error.

{serving}
## What a query must look like

What these measurements taught, and the saved queries keep to:

- In rdflib a join whose left side holds another join evaluates its right side in full and compares every pair of rows.
  So a query has at most one join between groups; optional parts do not count, and a group of required patterns, with
  its filters, stands in brackets of its own before them.
- rdflib takes the patterns of a group with the most constants first, and equals in the alphabetical order of their
  variables; so a constant that many things share stands in a FILTER, and variables are named in the order in which they
  are to be joined.
- rdflib evaluates an optional or aggregating part once for each row before it, with that row's values; the embedded
  store and the server evaluate it once, for all things. So an optional part names the class of what it is about.
- Aggregates cost by the row: what adds nothing, such as the findings of silence, is left out before.
"""


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=cold.RUNS, help=f"cold runs of each command (default {cold.RUNS})")
    parser.add_argument("--limit", type=float, default=growth.LIMIT, help="seconds for one run of a query")
    options = parser.parse_args()
    times = cold.measure(options.runs)
    print(cold.as_table(times), flush=True)
    found = growth.measure(limit=options.limit)
    asked = serving.measure()
    print(serving.as_tables(asked), flush=True)
    tables = [f"### {_NAMES[engine]}\n\n{growth.as_table(found, engine)}" for engine in growth.ENGINES]
    print("\n".join(tables))
    counts = [f"{count:,}" for count in found.triples.values()]
    text = _TEXT.format(
        day=datetime.date.today().isoformat(),
        machine=table(["machine", ""], machine()),
        runs=options.runs,
        pyoxigraph=cold.BARS["pyoxigraph"],
        rdflib=cold.BARS["rdflib"],
        cold=cold.as_table(times),
        sizes=f"{', '.join(counts[:-1])} and {counts[-1]}",
        growth_runs=growth.RUNS,
        limit=options.limit,
        factor=list(found.triples.values())[-1] / next(iter(found.triples.values())),
        bar=growth.BAR,
        growth="\n".join(tables),
        fuseki=asked.fuseki,
        rounds=serving.ROUNDS,
        serving=serving.as_tables(asked),
    )
    page = ROOT / "docs" / "performance.md"
    page.parent.mkdir(exist_ok=True)
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
