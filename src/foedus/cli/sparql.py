"""`foedus sparql`: a query of the user's own, from a file or standard input."""

from __future__ import annotations

import argparse
import sys

from foedus.cli import asking, tell
from foedus.datasets import read_bytes
from foedus.errors import InputError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help="file with the query; - or none: standard input"
    )
    asking.arguments(parser)
    asking.service(parser)


def main(options: argparse.Namespace) -> int:
    """Run the query and print its answer."""
    if options.file == "-":
        if sys.stdin is None:
            raise InputError("standard input is closed", todo="Name a file, or pipe the query in.")
        if sys.stdin.isatty():
            tell("foedus: reading the query from the terminal; end it with Ctrl-D")
        content, name = sys.stdin.buffer.read(), "standard input"
    else:
        content, name = read_bytes(options.file), options.file
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("the query is not UTF-8 text", where=name) from error
    with asking.graph(options) as graph:
        answer = graph.sparql(text, name=name, **asking.choices(options))
        asking.put(answer, options, graph.warnings)
    return 0
