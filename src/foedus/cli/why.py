"""`foedus why`: the chain of a derived fact, down to the passages."""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Iterator

from foedus.cli import tell
from foedus.cli.asking import about_a_thing, note, wants_json, width
from foedus.graph import Graph
from foedus.why import Reason


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("thing", metavar="THING", help="slug, label, alias, prefix:slug or IRI")
    parser.add_argument(
        "property",
        metavar="PROPERTY",
        nargs="?",
        help="what of it: a class (consultation-commitment), a test (armed-force), a rule, or a property (duration)",
    )
    about_a_thing(parser)


def main(options: argparse.Namespace) -> int:
    """Print the reasons."""
    with Graph(endpoint=options.endpoint, timeout=options.timeout, worker=options.ahead) as graph:
        found = graph.why(options.thing, options.property)
        note(graph.warnings)
    if not found:
        tell("foedus: nothing is derived of this; what is said of it is asserted: `foedus show` tells by whom")
    if wants_json(options):
        print(json.dumps([reason.to_dict() for reason in found], ensure_ascii=False, indent=1))
    elif found:
        print("\n\n".join(page(reason, max(20, width())) for reason in found))
    return 0


def page(reason: Reason, width: int) -> str:
    """One reason with its premises, in lines of at most `width` characters, a level deeper for each step."""
    wrapped: list[str] = []
    for depth, text in _lines(reason, 0):
        indent = "  " * min(depth, width // 6)
        wrapped += textwrap.wrap(
            text, width, initial_indent=indent, subsequent_indent=indent + "    ", break_on_hyphens=False
        )
    return "\n".join(wrapped)


def _lines(reason: Reason, depth: int) -> Iterator[tuple[int, str]]:
    yield depth, reason.label
    if reason.rule:
        yield depth + 1, f"by {reason.rule}: {reason.definition}" if reason.definition else f"by {reason.rule}"
    for fact in reason.facts:
        where = f"  [{', '.join(sorted(set(fact.graphs)))}]" if fact.graphs else ""
        yield depth + 1, f"· {fact.property}: {fact.value}{where}"
    for passage in reason.passages:
        yield depth + 1, f"› {passage}"
    if reason.because:
        yield depth + 1, "because"
        for premise in reason.because:
            yield from _lines(premise, depth + 2)
