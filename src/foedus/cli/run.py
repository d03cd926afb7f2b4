"""`foedus run`: a saved query."""

from __future__ import annotations

import argparse

from foedus.cli import asking


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("slug", metavar="QUERY", help="name of a saved query; `foedus queries` lists them")
    parser.add_argument("-p", "--param", metavar="NAME=VALUE", action="append", default=[], help="set a parameter")
    asking.arguments(parser)
    asking.service(parser)


def main(options: argparse.Namespace) -> int:
    """Run the query and print its answer."""
    values = asking.pairs(options.param)
    with asking.graph(options) as graph:
        answer = graph.run(options.slug, values, **asking.choices(options))
        asking.put(answer, options, graph.warnings)
    return 0
