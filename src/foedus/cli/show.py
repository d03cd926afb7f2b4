"""`foedus show`: one thing."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap

from foedus.cli.asking import about_a_thing, note, wants_json, width
from foedus.graph import Graph
from foedus.things import Thing


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("thing", metavar="THING", help="slug, label, alias, prefix:slug or IRI")
    about_a_thing(parser)


def main(options: argparse.Namespace) -> int:
    """Print the thing."""
    with Graph(endpoint=options.endpoint, timeout=options.timeout, worker=options.ahead) as graph:
        thing = graph.show(options.thing)
        note(graph.warnings)
    if wants_json(options):
        print(json.dumps(thing.to_dict(), ensure_ascii=False, indent=1))
    else:
        sys.stdout.write(page(thing, max(20, width())))
    return 0


def page(thing: Thing, width: int) -> str:
    """The thing as text of at most `width` characters a line: head, sections cut where they are long, passages."""
    lines = [thing.label, "=" * min(width, len(thing.label)), f"{', '.join(thing.classes) or 'thing'} · {thing.iri}"]
    for section in thing.sections:
        lines += ["", section.heading]
        for line in section.lines[: section.shown]:
            sources = f"  [{', '.join(line.sources)}]" if line.sources else ""
            lines.append("  " * (line.depth + 1) + line.text + sources)
        if (left := len(section.lines) - section.shown) > 0:
            lines.append(f"  and {left} more: {section.more}")
    if thing.passages:
        lines += ["", "Passages"]
        lines += [f"  {p.title}, {p.locator}: “{p.phrase}”" for p in thing.passages]
    wrapped: list[str] = []
    for text in lines:
        indent = " " * (len(text) - len(text.lstrip()) + 4)
        wrapped += textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False) or [""]
    return "\n".join(wrapped) + "\n"
