"""`foedus compare`: instruments side by side."""

from __future__ import annotations

import argparse
import sys

from foedus.cli import asking

_NARROWEST = 24  # characters that a column of the table needs to be readable


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "thing", metavar="INSTRUMENT", nargs="*", help="two or more instruments or groups: slug, label, alias or IRI"
    )
    asking.arguments(parser)


def main(options: argparse.Namespace) -> int:
    """Compare the instruments and print the table."""
    table = (options.format or ("table" if sys.stdout.isatty() else "csv")) == "table"
    narrow = asking.width() < _NARROWEST * (len(options.thing) + 1)
    with asking.graph(options) as graph:
        answer = graph.compare(
            options.thing,
            as_of=options.as_of,
            sources=options.source,
            cite=options.cite,
            stacked=table and narrow,
            separator="\n" if table and not narrow and not options.cite else "; ",
        )
        asking.put(answer, options, graph.warnings)
    return 0
