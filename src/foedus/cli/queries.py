"""`foedus queries`: the list of saved queries, grouped by their first tag."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap

from foedus.catalog import GROUPS, Catalog, Parameter, SavedQuery
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
        print(json.dumps([query.to_dict() for query in found], ensure_ascii=False, indent=1))
        return 0
    columns = max(20, width())
    groups: dict[str, list[SavedQuery]] = {group: [] for group in GROUPS}
    for query in found:
        groups.setdefault(query.tags[0] if query.tags else "other", []).append(query)
    for group, members in groups.items():
        if members:
            print(textwrap.fill(group, columns), "=" * min(len(group), columns), "", sep="\n")
        for query in members:
            _print(query, columns)
    print(textwrap.fill(f"{len(found)} queries. Run one with: foedus run NAME", columns))
    return 0


def _print(query: SavedQuery, columns: int) -> None:
    print(textwrap.fill(query.slug, columns))
    lines = [query.question]
    if query.tags[1:]:
        lines.append("also: " + ", ".join(query.tags[1:]))
    lines += [f"-p {p.name}={_value(p)}: {p.description}" for p in query.parameters]
    for line in lines:
        print(textwrap.fill(line, columns, initial_indent="  ", subsequent_indent="      "))
    print()


def _value(parameter: Parameter) -> str:
    default = "" if parameter.default is None else shorten(parameter.default).rpartition(":")[2]
    if parameter.choices:
        return f"{default or 'CHOICE'} ({' | '.join(shorten(c).rpartition(':')[2] for c in parameter.choices)})"
    return default or parameter.type.upper()
