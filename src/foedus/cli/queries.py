"""`foedus queries`: the list of saved queries."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap

from foedus.catalog import Catalog, Parameter, SavedQuery
from foedus.cli.asking import width
from foedus.datasets import home
from foedus.names import shorten


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--format", choices=("table", "json"), help="default: table on a terminal, otherwise json")


def main(options: argparse.Namespace) -> int:
    """Print the list."""
    found = Catalog(home()).all()
    if (options.format or ("table" if sys.stdout.isatty() else "json")) == "json":
        print(json.dumps([_plain(query) for query in found], ensure_ascii=False, indent=1))
        return 0
    columns = max(20, width())
    for query in found:
        print(textwrap.fill(query.slug, columns))
        lines = [query.question, "tags: " + ", ".join(query.tags)]
        lines += [f"-p {p.name}={_value(p)}: {p.description}" for p in query.parameters]
        for line in lines:
            print(textwrap.fill(line, columns, initial_indent="  ", subsequent_indent="      "))
        print()
    print(textwrap.fill(f"{len(found)} queries. Run one with: foedus run NAME", columns))
    return 0


def _value(parameter: Parameter) -> str:
    default = "" if parameter.default is None else shorten(parameter.default).rpartition(":")[2]
    if parameter.choices:
        return f"{default or 'CHOICE'} ({' | '.join(shorten(c).rpartition(':')[2] for c in parameter.choices)})"
    return default or parameter.type.upper()


def _plain(query: SavedQuery) -> dict[str, object]:
    return {
        "slug": query.slug,
        "question": query.question,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": [p._asdict() for p in query.parameters],
    }
