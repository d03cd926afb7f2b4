"""`foedus export`: the graph as a file, or its codings of the texts as a table."""

from __future__ import annotations

import argparse

from foedus.datasets import home
from foedus.errors import InputError
from foedus.export import FORMATS, export, format_of, write

_ATOP = "atop"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "--format",
        choices=(*FORMATS, _ATOP),
        help="default: by the ending of PATH, otherwise trig; atop is the codings of the texts, as CSV",
    )
    parser.add_argument("-o", "--output", metavar="PATH", help="file to write; - or none: standard output")


def main(options: argparse.Namespace) -> int:
    """Write the graph."""
    path = options.output
    if options.format == _ATOP:
        from foedus import open as open_graph
        from foedus.atop import atop

        with open_graph() as graph:
            write(atop(graph), path)
        return 0
    guessed = format_of(path) if path and path != "-" else "trig"
    if not options.format and not guessed:
        raise InputError(
            "the ending stands for no RDF syntax",
            where=path,
            todo="Use .nq, .trig, .nt, .ttl, .jsonld or .rdf, or name one with --format.",
        )
    write(export(home(), options.format or guessed or "trig"), path)
    return 0
