"""`foedus links`: what others call the same things; `check` compares the links with the authorities."""

from __future__ import annotations

import argparse
import sys

from foedus.answers import of_texts
from foedus.cli import tell
from foedus.cli.asking import pairs, width
from foedus.names import shorten
from foedus.writers import FORMATS, write


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sub-commands."""
    from foedus.links.checking import TROUBLES

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


def main(options: argparse.Namespace) -> int:
    """Run the sub-command."""
    status: int = options.act(options)
    return status


def _check(options: argparse.Namespace) -> int:
    """Print what is wrong with links; exit status 1 where something is."""
    from foedus.graph import Graph
    from foedus.links.checking import Trouble, check

    with Graph(timeout=options.timeout) as graph:
        report = check(
            graph,
            options.authority,
            urls=pairs(options.endpoint, "--endpoint", "wikidata=http://localhost:7878/query"),
            paths=pairs(options.file, "--file", "cow=states2016.csv"),
            timeout=options.timeout,
            tell=lambda text: tell(f"foedus: {text}"),
        )
    rows = [t._replace(thing=shorten(t.thing), target=shorten(t.target)) for t in report.troubles]
    answer = of_texts(list(Trouble._fields), rows)
    format = options.format or ("table" if sys.stdout.isatty() else "csv")
    if rows or format != "table":
        sys.stdout.write(write(answer, format, width()))
    compared = ", ".join(f"{number} of {name}" for name, number in report.checked.items())
    tell(f"{sum(report.checked.values())} links compared ({compared}), {len(rows)} troubles")
    if report.unchecked:
        tell(f"not compared: {', '.join(report.unchecked)}")
    return 1 if rows else 0
