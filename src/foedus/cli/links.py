"""`foedus links`: what others call the same things; `check` compares with the authorities, `suggest` finds more."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from foedus.answers import of_texts
from foedus.cli import tell
from foedus.cli.asking import pairs, width
from foedus.links.checking import TROUBLES, Report, Trouble
from foedus.names import shorten
from foedus.writers import FORMATS, write

if TYPE_CHECKING:
    from foedus.links.suggesting import Found


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sub-commands."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    check = commands.add_parser(
        "check",
        help="compare the links with what the authorities say",
        description="Compare the links with what the authorities say: at their endpoints, or in files of theirs.",
        epilog="kinds of trouble:\n" + "\n".join(f"  {kind:8} {meaning}" for kind, meaning in TROUBLES.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    check.set_defaults(act=_check)
    check.add_argument(
        "authority",
        metavar="AUTHORITY",
        nargs="*",
        help="wikidata, eu-country, … (default: those of --endpoint and --file, else all with a public endpoint)",
    )
    check.add_argument(
        "--endpoint", metavar="AUTHORITY=URL", action="append", default=[], help="ask this SPARQL endpoint (repeatable)"
    )
    check.add_argument(
        "--file",
        metavar="AUTHORITY=PATH",
        action="append",
        default=[],
        help="read this file of it instead (repeatable): entity JSON, RDF, a GeoNames dump, a table of codes",
    )
    check.add_argument("--format", choices=FORMATS, help="default: table on a terminal, otherwise csv")
    check.add_argument(
        "--timeout", metavar="SECONDS", type=float, default=60.0, help="limit of a request (default: 60)"
    )
    suggest = commands.add_parser(
        "suggest",
        help="find what may be the same thing elsewhere, and record it",
        description="Find what may be the same thing elsewhere, by name and by code, and record what you accept.",
        allow_abbrev=False,
    )
    suggest.set_defaults(act=_suggest)
    suggest.add_argument("thing", metavar="THING", help="slug, label, alias, prefix:slug or IRI")
    suggest.add_argument(
        "--authority",
        metavar="AUTHORITY",
        action="append",
        default=[],
        help="ask this one: wikidata, eu-country, eu-corporate-body or dbpedia (repeatable; default: those that fit)",
    )
    suggest.add_argument(
        "--service", metavar="URL", action="append", default=[], help="ask this reconciliation service (repeatable)"
    )
    suggest.add_argument(
        "--endpoint", metavar="AUTHORITY=URL", action="append", default=[], help="ask an authority at this endpoint"
    )
    suggest.add_argument("--format", choices=FORMATS, help="default: table on a terminal, otherwise csv")
    suggest.add_argument(
        "--timeout", metavar="SECONDS", type=float, default=60.0, help="limit of a request (default: 60)"
    )
    suggest.add_argument("--accept", metavar="ID", default="", help="record that this is the thing: an IRI or a code")
    suggest.add_argument(
        "--as", dest="kind", choices=("exact", "close"), help="how nearly it is the same; you decide (with --accept)"
    )
    suggest.add_argument("--note", metavar="TEXT", default="", help="what is to be known about it (with --accept)")


def main(options: argparse.Namespace) -> int:
    """Run the sub-command."""
    status: int = options.act(options)
    return status


def _check(options: argparse.Namespace) -> int:
    """Print what is wrong with links; exit status 1 where something is."""
    from foedus.graph import Graph
    from foedus.links.checking import check

    with Graph(timeout=options.timeout) as graph:
        report = check(
            graph,
            options.authority,
            urls=pairs(options.endpoint, "--endpoint", "wikidata=http://localhost:7878/query"),
            paths=pairs(options.file, "--file", "cow=states2016.csv"),
            timeout=options.timeout,
            tell=lambda text: tell(f"foedus: {text}"),
        )
    for failure in report.failures:
        tell(f"foedus: {failure}")
    if report.checked:
        _put(report, options.format or ("table" if sys.stdout.isatty() else "csv"))
    if report.failures:
        return report.failures[0].exit_status
    return 1 if report.troubles else 0


def _put(report: Report, format: str) -> None:
    """Print the troubles, and to standard error what was compared."""
    rows = [t._replace(thing=shorten(t.thing), target=shorten(t.target)) for t in report.troubles]
    if rows or format != "table":
        sys.stdout.write(write(of_texts(list(Trouble._fields), rows), format, width()))
    compared = ", ".join(f"{number} of {name}" for name, number in report.checked.items())
    plural = "" if len(rows) == 1 else "s"
    tell(f"{sum(report.checked.values())} links compared ({compared}): {len(rows) or 'no'} trouble{plural}")
    if report.unchecked:
        tell(f"not compared: {', '.join(report.unchecked)}")


def _suggest(options: argparse.Namespace) -> int:
    """Print candidates, or record the one that is accepted; exit status 1 where there is none, 3 where one failed."""
    from foedus.graph import Graph
    from foedus.links.suggesting import suggest

    _check_options(options)
    with Graph(timeout=options.timeout) as graph:
        found = suggest(
            graph,
            options.thing,
            options.authority,
            options.service,
            urls=pairs(options.endpoint, "--endpoint", "wikidata=http://localhost:7878/query"),
            accept=options.accept,
            timeout=options.timeout,
            tell=tell,
        )
        folder = graph.folder
    none = bool(found.failures) and not found.suggestions
    for note in (*found.notes, *map(str, found.failures[none:])):
        tell(f"note: {note}")
    if none:
        raise found.failures[0]
    if options.accept:
        return _accept(options, folder, found)
    return _show(options, found)


def _check_options(options: argparse.Namespace) -> None:
    from foedus.errors import InputError

    if options.accept and not options.kind:
        raise InputError(
            "whether it is the same thing or only close is yours to say",
            where="--accept",
            todo="Add --as exact or --as close.",
        )
    if not options.accept and (options.kind or options.note):
        raise InputError(
            "--as and --note say something of what is accepted", todo="Add --accept ID, or leave them out."
        )


def _show(options: argparse.Namespace, found: Found) -> int:
    format = options.format or ("table" if sys.stdout.isatty() else "csv")
    rows = [
        (
            str(s.score),
            shorten(s.target),
            s.name,
            s.description,
            "; ".join(s.reasons),
            "; ".join(s.against),
            s.state,
            shorten(s.alike),
        )
        for s in found.suggestions
    ]
    columns = ["score", "target", "name", "description", "for", "against", "recorded", "alike"]
    if rows or format != "table":
        sys.stdout.write(write(of_texts(columns, rows), format, width()))
    best = found.suggestions[0] if found.suggestions else None
    if best and best.alike:
        tell(f"two are alike, {shorten(best.target)} and {shorten(best.alike)}: look at both before you accept one")
    if best is None:
        tell(f"nothing was found for {found.thing.label}")
    return 3 if found.failures else 0 if rows else 1


def _accept(options: argparse.Namespace, folder: str, found: Found) -> int:
    import datetime

    from foedus.links.accepting import accept

    suggestion = next((s for s in found.suggestions if s.target == found.wanted), None)
    if suggestion is None and found.failures:
        raise found.failures[0]
    if suggestion is None:
        tell(f"foedus: {found.wanted}: there is no such target, or it was deleted there; nothing was written")
        return 1
    if suggestion.moved:
        tell(f"foedus: {found.wanted}: was merged into {suggestion.moved}; nothing was written")
        tell("  Accept that one if it fits.")
        return 1
    done = accept(
        folder,
        found.targets,
        found.thing.iri,
        suggestion,
        exact=options.kind == "exact",
        note=options.note,
        day=datetime.date.today().isoformat(),
    )
    print(f"{done.where}: {shorten(done.iri)}")
    for record in done.settled:
        tell(f"{record} was taken out, since it is settled")
    return 0
