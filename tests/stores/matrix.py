"""Every saved query at every store, compared with the embedded engine: which answer alike, and in what time.

    python -m tests.stores.matrix [STORE…]      the table, in Markdown; exit status 1 where a query differs unforeseen
    python -m tests.stores.matrix --write       also into docs/stores.md

A store is a real server, with the shipped graph loaded into it. Beside them stand two engines that are no servers:
rdflib, over the graph with the two shortest texts alone, since its time grows with their square; and the SPARQL engine
of owlready2, which knows a part of SPARQL, over the union of all graphs. What that one refuses is no fault of a query.
Blazegraph has to be named, for some queries take it minutes, and count as failing then.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox

from foedus.answers import Row
from foedus.catalog import bind
from foedus.datasets import home, turtle_files
from foedus.errors import FoedusError
from foedus.graph import Graph
from foedus.stores import connect
from foedus.stores.comparing import differing
from foedus.stores.loading import Progress, load
from foedus.turtle import parse
from tests.conftest import ROOT
from tests.stores.servers import NAMES, Server, Unavailable, running
from tests.test_queries import LEFT_OUT

#: Queries that are known to differ, by store and name, and why.
KNOWN: dict[tuple[str, str], str] = {
    ("owlready2", "contested-words"): "`COALESCE` loses the language",
    ("owlready2", "quotes"): "`COALESCE` loses the language",
    ("owlready2", "earlier-assurances"): "leaves a speaker's name unbound",
}

TITLES = {"fuseki": "Fuseki", "rdf4j": "RDF4J", "virtuoso": "Virtuoso", "oxigraph": "Oxigraph server"}
TITLES |= {"blazegraph": "Blazegraph", "embedded": "embedded (pyoxigraph)", "rdflib": "rdflib"}
TITLES |= {"owlready2": "owlready2"}
SLOW = ("blazegraph",)
PAGE = ROOT / "docs" / "stores.md"
BEGIN, END = "<!-- matrix: made by `python -m tests.stores.matrix --write` -->", "<!-- end of the matrix -->"
_PATIENCE = 60.0  # seconds for a query
_LONG = 1.0  # seconds: what takes longer is not asked a second time
_PATIENCE_OWLREADY2 = 5.0


class Cell(NamedTuple):
    """A query at a store: its time in seconds; how its answer differs, "" where it does not; whether it was refused."""

    seconds: float
    fault: str = ""
    refused: bool = False


class Column(NamedTuple):
    """A store by its short name, its version, and a cell for each query."""

    name: str
    version: str
    cells: dict[str, Cell]


def columns(names: Sequence[str]) -> Iterator[Column]:
    """The columns of the stores and engines that are named, the embedded engine first."""
    with Graph(timeout=_PATIENCE) as here:
        yield Column("embedded", version("pyoxigraph"), {slug: _timed(here, slug) for slug in here.catalog.local()})
        for name in names:
            _tell(name)
            if name == "rdflib":
                yield _rdflib()
            elif name == "owlready2":
                yield _owlready2(here)
            else:
                yield _server(name, here)


def _timed(graph: Graph, slug: str) -> Cell:
    graph.run(slug)
    begun = time.perf_counter()
    graph.run(slug)
    return Cell(time.perf_counter() - begun)


def _compared(here: Graph, there: Graph, slug: str) -> Cell:
    """The time is that of a second run, when caches are warm, unless the first was long."""
    begun = time.perf_counter()
    difference = differing(here, there, slug)
    took = time.perf_counter() - begun
    if difference.startswith("fails") or took > _LONG:
        return Cell(took, difference)
    begun = time.perf_counter()
    try:
        there.run(slug)
    except FoedusError as error:
        difference = f"fails the second time: {error.message}"
    return Cell(time.perf_counter() - begun, difference)


def _server(name: str, here: Graph) -> Column:
    with tempfile.TemporaryDirectory(prefix=f"{name}-") as folder, running(name, Path(folder)) as server:
        with _user(server):
            load(turtle_files(home()), connect(server.url, name), _ignore)
        with Graph(endpoint=server.query, timeout=_PATIENCE) as there:
            return Column(name, server.version, _cells(name, here, there))


def _rdflib() -> Column:
    with tempfile.TemporaryDirectory(prefix="rdflib-") as folder:
        for part in ("ontology", "data", "queries"):
            shutil.copytree(f"{home()}/{part}", f"{folder}/{part}", ignore=shutil.ignore_patterns(*LEFT_OUT))
        with Graph(folder) as here, Graph(folder, engine="rdflib", timeout=_PATIENCE) as there:
            there.run("sources")  # reads the files
            return Column("rdflib", version("rdflib"), _cells("rdflib", here, there))


def _cells(name: str, here: Graph, there: Graph) -> dict[str, Cell]:
    found = {}
    for slug in here.catalog.local():
        found[slug] = _compared(here, there, slug)
        if found[slug].fault:
            _tell(f"{name}: {slug}: {found[slug].fault}")
    return found


@contextlib.contextmanager
def _user(server: Server) -> Iterator[None]:
    """The user and password of a server that has one, where `foedus load` looks for them."""
    given = {"FOEDUS_USER": server.user, "FOEDUS_PASSWORD": server.password}
    os.environ.update({name: value for name, value in given.items() if value})
    try:
        yield
    finally:
        for name in given:
            os.environ.pop(name, None)


def _ignore(_: Progress) -> None:
    pass


# owlready2, whose answers are Python objects: what it has of an answer is compared, with numbers by value.


def _owlready2(here: Graph) -> Column:
    import owlready2

    world = owlready2.World()
    with tempfile.TemporaryFile() as file:
        triples = {triple for source in turtle_files(home()) for triple in parse(source.path)}
        ox.serialize(triples, file, ox.RdfFormat.N_TRIPLES)
        file.seek(0)
        world.get_ontology("https://w3id.org/foedus/all#").load(fileobj=file)
    cells = {}
    for query in here.catalog.all():
        if query.asks_others:
            continue
        ours = here.run(query.slug)
        end = time.monotonic() + _PATIENCE_OWLREADY2
        world.graph.db.set_progress_handler(lambda end=end: time.monotonic() > end, 10_000)
        text = bind(query, {})
        try:
            _rows_of(world, text)
            begun = time.perf_counter()
            theirs = _rows_of(world, text)
        except Exception as error:  # of its lexer, of SQLite and of Python: whatever its translation meets
            cells[query.slug] = Cell(0, _reason(error), refused=True)
            continue
        seconds = time.perf_counter() - begun
        mine = Counter(_as_plain(row) for row in ours)
        less, more = (mine - theirs).total(), (theirs - mine).total()
        cells[query.slug] = Cell(seconds, f"{less} rows lacking, {more} rows more" if less or more else "")
    world.close()
    return Column("owlready2", version("owlready2"), cells)


_Plain = tuple[tuple[str, str, str | Decimal, str], ...]


def _rows_of(world: Any, text: str) -> Counter[_Plain]:
    prepared = world.prepare_sparql(text, False)
    return Counter(_row(world, prepared.column_names, prepared.column_types, row) for row in prepared.execute_raw())


def _row(world: Any, names: Sequence[str], types: Sequence[str], row: Sequence[Any]) -> _Plain:
    """A row of its tables: a resource is one number, or a number and "o"; a literal is its value and its type."""
    found = []
    at = 0
    for name in names:
        value, kind = (row[at], "o") if types[at] == "objs" else (row[at], row[at + 1])
        at += 1 if types[at] == "objs" else 2
        if value is None:
            continue
        if kind == "o":
            iri = world._unabbreviate(value) if isinstance(value, int) else str(value)
            found.append((name.lstrip("?"), "iri", iri, ""))
        else:
            language = kind[1:] if isinstance(kind, str) and kind.startswith("@") else ""
            found.append((name.lstrip("?"), "literal", _plain(value), language))
    return tuple(sorted(found, key=str))


def _as_plain(row: Row) -> _Plain:
    terms = [(name, term) for name, term in row.items() if term is not None]
    found = [(name, t.kind, t.value if t.kind == "iri" else _plain(t.value), t.language or "") for name, t in terms]
    return tuple(sorted(found, key=str))


def _plain(value: object) -> str | Decimal:
    """The value of a literal: what looks like a number as one, so that 60 and 60.0 are the same; true as 1."""
    text = {"true": "1", "false": "0"}.get(str(value).lower(), str(value))
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _reason(error: Exception) -> str:
    if "interrupted" in str(error):
        return f"takes longer than {_PATIENCE_OWLREADY2:g} s"
    return " ".join(f"{type(error).__name__}: {error}".split())[:90].rstrip(" :")


# The table


def table(found: Sequence[Column]) -> str:
    """The columns as Markdown, with what they sum up to, and what owlready2 refuses."""
    slugs = list(found[0].cells)
    lines = [
        _line(["query", *(f"{TITLES[column.name]} {column.version}" for column in found)]),
        _line(["---"] * (len(found) + 1)),
        _line([f"**all {len(slugs)}**", *map(_sum, found)]),
    ]
    lines += [_line([f"`{slug}`", *(_cell(column, slug) for column in found)]) for slug in slugs]
    return "\n".join(lines) + "\n" + "".join(map(_refusals, found))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _sum(column: Column) -> str:
    right = [cell.seconds for cell in column.cells.values() if not cell.fault]
    refused = sum(cell.refused for cell in column.cells.values())
    wrong = len(column.cells) - len(right) - refused
    counts = [f"**{len(right)} ✓**", f"{wrong} ✗" if wrong else "", f"{refused} –" if refused else ""]
    median = f"median {statistics.median(right) * 1000:.0f}" if right else ""
    return ", ".join(filter(None, [*counts, median]))


def _cell(column: Column, slug: str) -> str:
    cell = column.cells[slug]
    if cell.refused:
        return "–"
    if cell.fault:
        return f"✗ {KNOWN.get((column.name, slug), cell.fault)}"
    return f"✓ {cell.seconds * 1000:,.0f}"


def _refusals(column: Column) -> str:
    reasons: dict[str, list[str]] = {}
    for slug, cell in column.cells.items():
        if cell.refused:
            reasons.setdefault(cell.fault, []).append(f"`{slug}`")
    listed = sorted(reasons.items(), key=lambda item: -len(item[1]))
    lines = [f"- `{reason}`: {', '.join(slugs)}\n" for reason, slugs in listed]
    return f"\nWhat {TITLES[column.name]} refuses (–), by what it says:\n\n{''.join(lines)}" if lines else ""


def unforeseen(found: Sequence[Column]) -> list[str]:
    """What differs and is not known to, and what is known to differ and does not; owlready2 is only looked at."""
    lines = []
    for column in found:
        for slug, cell in column.cells.items():
            known = (column.name, slug) in KNOWN
            if column.name != "owlready2" and bool(cell.fault) != known:
                how = cell.fault or "does not differ any more: take it from the known ones"
                lines.append(f"{TITLES[column.name]}: {slug}: {how}")
    return lines


def write(text: str) -> None:
    """Put the table into the page, between its marks."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """The conformance matrix: every saved query at every store, compared with the embedded engine."""
    choices = (*NAMES, "rdflib", "owlready2")
    parser = argparse.ArgumentParser(prog="python -m tests.stores.matrix", description=main.__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="STORE", help=f"of {', '.join(choices)} (default: all that are quick)"
    )
    parser.add_argument("--write", action="store_true", help="put the table into docs/stores.md")
    given = parser.parse_args(arguments)
    for name in given.names:
        if name not in choices:
            parser.error(f"no store is called {name}: there are {', '.join(choices)}")
    if given.write and given.names:
        parser.error("the page holds all stores: leave out their names")
    names = given.names or [name for name in choices if name not in SLOW]
    with tempfile.TemporaryDirectory(prefix="foedus-cache-") as cache:
        os.environ["FOEDUS_CACHE"] = cache
        try:
            found = list(columns(names))
        except (Unavailable, FoedusError) as error:
            _tell(f"matrix: {error}")
            return 1
    day = datetime.date.today()
    text = f"\nOf {day.day} {day:%B %Y}.\n\n{table(found)}\n"
    sys.stdout.write(text)
    if given.write:
        write(text)
    wrong = unforeseen(found)
    for line in wrong:
        _tell(f"differs unforeseen: {line}")
    return 1 if wrong else 0


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    raise SystemExit(main())
