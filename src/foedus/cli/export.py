"""`foedus export`: the graph as a file."""

from __future__ import annotations

import argparse

from foedus.datasets import home
from foedus.errors import InputError
from foedus.export import FORMATS, export, format_of, write


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--format", choices=tuple(FORMATS), help="default: by the ending of PATH, otherwise trig")
    parser.add_argument("-o", "--output", metavar="PATH", help="file to write; - or none: standard output")


def main(options: argparse.Namespace) -> int:
    """Write the graph."""
    path = options.output
    guessed = format_of(path) if path and path != "-" else "trig"
    if not options.format and not guessed:
        raise InputError(
            "the ending stands for no RDF syntax",
            where=path,
            todo="Use .nq, .trig, .nt, .ttl, .jsonld or .rdf, or name one with --format.",
        )
    write(export(home(), options.format or guessed or "trig"), path)
    return 0
