"""`foedus load`: the graph into a triple store, out of it, or compared with what stands there."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from foedus.cli import tell
from foedus.cli.bar import bar
from foedus.datasets import GRAPH, TurtleFile, home, turtle_files
from foedus.errors import InputError, UnknownName
from foedus.stores import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.stores.comparing import Comparison
    from foedus.stores.loading import Told
    from foedus.stores.store import Store

_SHOWN = 10  # rewritten literals of a graph that are told
_TIMEOUT = 300.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "A password or token is taken from FOEDUS_USER and FOEDUS_PASSWORD, from FOEDUS_TOKEN, or from ~/.netrc.\n"
        "Each file of the graph fills a named graph of its own; other graphs of the store are left alone.\n"
        "A load that was broken off is finished by running it again."
    )
    parser.add_argument(
        "url",
        metavar="URL",
        help="the dataset, repository or endpoint: http://localhost:3030/ds (Fuseki), "
        "http://localhost:8080/rdf4j-server/repositories/NAME (RDF4J), http://localhost:7878 (Oxigraph), "
        "http://localhost:8890/sparql (Virtuoso)",
    )
    parser.add_argument("--store", choices=KINDS, help="what the server is; by default what it says of itself")
    parser.add_argument(
        "--only", metavar="GRAPH", nargs="+", action="extend", help="these graphs alone, by name (`core`) or IRI"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="only compare what stands there with what would be loaded")
    what.add_argument("--dry-run", action="store_true", help="only say what would be done")
    what.add_argument("--remove", action="store_true", help="remove the graphs from the store")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=float,
        default=_TIMEOUT,
        help="give up when the server says nothing for so long (default: 300)",
    )


def main(options: argparse.Namespace) -> int:
    """Load, compare or remove; exit status 1 where a comparison finds a difference."""
    from foedus import stores

    if not 0 < options.timeout < 1e7:
        raise InputError(f"{options.timeout:g} is no time limit", todo="Give a number of seconds above 0.")
    folder = home()
    files = _chosen(turtle_files(folder), options.only)
    store = stores.connect(options.url, options.store, timeout=options.timeout, tell=_note)
    tell(f"{options.url} is {store.title}")
    with bar() as told:
        if options.remove:
            return _remove(store, files if options.only else None)
        if options.check:
            return _check(store, files, folder, told)
        if options.dry_run:
            return _plan(store, files, told, only=bool(options.only))
        return _load(store, files, folder, told, only=bool(options.only))


def _chosen(files: list[TurtleFile], only: Sequence[str] | None) -> list[TurtleFile]:
    if not only:
        return files
    from foedus.catalog import near

    by_name = {file.graph.removeprefix(GRAPH): file for file in files}
    names = [name.removeprefix(GRAPH).removesuffix(".ttl") for name in only]
    for name in names:
        if name not in by_name:
            raise UnknownName("graph", name, near(name, by_name), todo=f"The graphs: {', '.join(sorted(by_name))}.")
    return [file for name, file in by_name.items() if name in names]


def _load(store: Store, files: list[TurtleFile], folder: str, told: Told, *, only: bool) -> int:
    from foedus.stores.loading import load

    try:
        done = load(files, store, told, only=only)
    except KeyboardInterrupt:
        tell("foedus: the graphs that were there answer until a load is complete; run it again to go on")
        raise
    numbers = {c.graph: c.ours for c in done.comparisons}
    for step in done.steps:
        if step.action != "keep":
            print(f"{_DONE[step.action]:9} {step.graph}" + (f"  {numbers[step.graph]:,}" if step.file else ""))
    kept = sum(step.action == "keep" for step in done.steps)
    if kept:
        print(f"{kept} graphs were there already")
    if done.triples:
        rate = f" ({done.triples / done.seconds:,.0f} a second)" if done.seconds > 1 else ""
        tell(f"sent {done.triples:,} triples in {done.seconds:.1f} s{rate}")
    return 3 if _report(done.comparisons, store, folder) else 0


def _plan(store: Store, files: list[TurtleFile], told: Told, *, only: bool) -> int:
    from foedus.stores.loading import plan

    steps = plan(files, store, told, only=only)
    for step in steps:
        print(f"{step.action:9} {step.graph}")
    tell("nothing was changed" if any(s.action != "keep" for s in steps) else "there is nothing to do")
    return 0


def _check(store: Store, files: list[TurtleFile], folder: str, told: Told) -> int:
    from foedus.stores.loading import check

    return 1 if _report(check(files, store, told), store, folder) else 0


def _remove(store: Store, files: list[TurtleFile] | None) -> int:
    from foedus.stores.loading import remove

    gone = remove(store, None if files is None else [file.graph for file in files])
    for graph, triples in sorted(gone.items()):
        print(f"removed   {graph}  {triples:,}")
    if not gone:
        tell("there was nothing to remove")
    return 0


def _report(comparisons: list[Comparison], store: Store, folder: str) -> bool:
    """Print what a comparison found; whether anything is wrong."""
    wrong = [c for c in comparisons if c.verdict in ("differs", "missing")]
    for c in wrong:
        if c.verdict == "missing":
            print(f"missing   {c.graph}: {c.ours:,} triples")
            continue
        print(f"differs   {c.graph}: {c.theirs:,} triples, not {c.ours:,}")
        for line in [f"- {triple}" for triple in c.lacking] + [f"+ {triple}" for triple in c.extra]:
            print(f"          {line}")
    rewritten = [c for c in comparisons if c.verdict == "rewritten"]
    for c in rewritten:
        print(f"rewritten {c.graph}: {len(c.rewritten)} literals")
        for r in c.rewritten[:_SHOWN]:
            print(f"          {r.ours} as {r.theirs} (of {r.property})")
    otherwise = bool(rewritten) and not wrong and _answers(store, folder)
    same = len(comparisons) - len(wrong)
    triples = sum(c.ours for c in comparisons if c not in wrong)
    tell(f"{same} of {len(comparisons)} graphs are the same there, {triples:,} triples")
    return bool(wrong) or otherwise


def _answers(store: Store, folder: str) -> bool:
    """Tell which answers depend on how literals are written; whether any does."""
    from foedus.stores.comparing import answers_that_differ

    tell("asking all saved queries here and there, since the store writes some literals in another way …")
    found = False
    for slug, how in answers_that_differ(folder, store.query_url):
        found = True
        print(f"answer    {slug}: {how}")
    if not found:
        tell("no answer depends on it")
    return found


_DONE = {"add": "added", "replace": "replaced", "remove": "removed"}


def _note(text: str) -> None:
    tell(f"foedus: note: {text}")
