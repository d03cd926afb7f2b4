"""What `run`, `sparql` and `compare` share: the options of a question, and the printing of its answer."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from typing import Any

from foedus.answers import Answer
from foedus.cli import tell
from foedus.errors import InputError, TimeLimitReached
from foedus.graph import DEFAULT_TIMEOUT, ENGINES, Graph
from foedus.writers import FORMATS, write

_PIPED_WIDTH = 120  # characters a line where there is no terminal to ask


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of a question."""
    parser.add_argument(
        "--format", choices=FORMATS, help="default: table on a terminal, otherwise csv (turtle for CONSTRUCT)"
    )
    parser.add_argument("--cite", action="store_true", help="add the passages behind each row")
    parser.add_argument("--as-of", metavar="DATE", help="ask only sources published by DATE (YYYY-MM-DD)")
    parser.add_argument(
        "--source", metavar="SLUG", action="append", default=[], help="ask only this source (repeatable)"
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--engine", choices=ENGINES, default=ENGINES[0], help="what evaluates the query here")
    where.add_argument("--endpoint", metavar="URL", help="ask this SPARQL endpoint instead")
    parser.add_argument(
        "--timeout", metavar="SECONDS", type=float, default=DEFAULT_TIMEOUT, help="stop after this time (default: 30)"
    )


def about_a_thing(parser: argparse.ArgumentParser) -> None:
    """Add the options of a command that tells of one thing, after its own arguments."""
    parser.add_argument("--format", choices=("text", "json"), help="default: text on a terminal, otherwise json")
    parser.add_argument("--endpoint", metavar="URL", help="ask this SPARQL endpoint instead")
    parser.add_argument(
        "--timeout", metavar="SECONDS", type=float, default=DEFAULT_TIMEOUT, help="limit of each query (default: 30)"
    )


def wants_json(options: argparse.Namespace) -> bool:
    """Whether such a command is to print JSON."""
    return (options.format or ("text" if sys.stdout.isatty() else "json")) == "json"


def graph(options: argparse.Namespace) -> Graph:
    """The graph that the options ask."""
    return Graph(engine=options.engine, endpoint=options.endpoint, timeout=options.timeout, worker=options.ahead)


def service(parser: argparse.ArgumentParser) -> None:
    """Add the option that lets a query ask other endpoints."""
    parser.add_argument("--allow-service", action="store_true", help="let the query ask other endpoints (SERVICE)")


def choices(options: argparse.Namespace) -> dict[str, Any]:
    """The options that `Graph.run` and `Graph.sparql` take by name."""
    return {
        "as_of": options.as_of,
        "sources": options.source,
        "cite": options.cite,
        "allow_service": options.allow_service,
    }


def put(answer: Answer, options: argparse.Namespace, warnings: list[str]) -> None:
    """Print the warnings, each once, to standard error and the answer to standard output."""
    note(warnings)
    terminal = sys.stdout.isatty()
    piped = "turtle" if answer.form == "graph" else "csv"
    signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, options.timeout)  # writing has the same limit as the query
    text = write(answer, options.format or ("table" if terminal else piped), width())
    signal.setitimer(signal.ITIMER_REAL, 0)
    sys.stdout.write(text)


def note(warnings: list[str]) -> None:
    """Print warnings, each once, to standard error."""
    for warning in dict.fromkeys(warnings):
        tell(f"foedus: note: {warning}")


def _stop(*_: object) -> None:
    raise TimeLimitReached(
        "stopped at the time limit while writing the answer",
        todo="Narrow the query, choose --format csv, or allow more time with --timeout SECONDS.",
    )


def width() -> int:
    """The width of the terminal; COLUMNS, or 120, where the output is piped."""
    import shutil

    if sys.stdout.isatty():
        return shutil.get_terminal_size().columns
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() and 0 < len(columns) < 5 and int(columns) else _PIPED_WIDTH


def pairs(given: list[str], option: str = "-p", example: str = "giver=united-kingdom") -> dict[str, str]:
    """The NAME=VALUE pairs of an option. Raises InputError for one that is none."""
    found = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise InputError(f"{pair!r} is not NAME=VALUE", where=option, todo=f"Write for example {option} {example}.")
        if name in found:
            raise InputError(f"{name!r} is given twice", where=option, todo="Give it once.")
        found[name] = value
    return found
