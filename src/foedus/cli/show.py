"""`foedus show`: one thing."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap

from foedus.cli.asking import note, width
from foedus.graph import DEFAULT_TIMEOUT, Graph
from foedus.things import Thing


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
        note(graph.warnings)
    if (options.format or ("text" if sys.stdout.isatty() else "json")) == "json":
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
