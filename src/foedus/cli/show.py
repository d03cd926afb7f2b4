"""`foedus show`: one thing."""

from __future__ import annotations

import argparse
import json
import sys

from foedus.cli.asking import width
from foedus.graph import DEFAULT_TIMEOUT, Graph
from foedus.things import page


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("thing", metavar="THING", help="slug, label, alias, prefix:slug or IRI")
    parser.add_argument("--format", choices=("text", "json"), help="default: text on a terminal, otherwise json")
    parser.add_argument("--endpoint", metavar="URL", help="ask this SPARQL endpoint instead")
    parser.add_argument(
        "--timeout", metavar="SECONDS", type=float, default=DEFAULT_TIMEOUT, help="limit of each query (default: 30)"
    )


def main(options: argparse.Namespace) -> int:
    """Print the thing."""
    with Graph(endpoint=options.endpoint, timeout=options.timeout, worker=options.ahead) as graph:
        thing = graph.show(options.thing)
        for warning in graph.warnings:
            print(f"foedus: note: {warning}", file=sys.stderr)
    if (options.format or ("text" if sys.stdout.isatty() else "json")) == "json":
        print(json.dumps(thing.to_dict(), ensure_ascii=False, indent=1))
    else:
        sys.stdout.write(page(thing, max(20, width())))
    return 0
