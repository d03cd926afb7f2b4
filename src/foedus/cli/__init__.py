"""The command line: arguments and printing, nothing else.

Exit status: 0 done, 1 a check found something, 2 the input or the command is wrong, 3 a remote system failed or the
time limit was reached, 130 interrupted. Only the answer goes to standard output.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from typing import TextIO

    from foedus.worker import Worker

#: Each command is the module of the same name, with `arguments(parser)` and `main(options)`.
COMMANDS = {
    "queries": "list the saved queries with their questions and parameters",
    "run": "run a saved query",
    "sparql": "run a SPARQL query of your own",
    "show": "show all that is known of one thing",
    "compare": "put two or more instruments side by side, aspect by aspect",
    "join": "add the columns of a table of your own to an answer",
    "verify": "prove every citation against the source texts",
    "coverage": "show which passages of the source texts carry facts and which nobody has read",
    "new": "begin the file of an agreement: its text cut into clauses, with what a person has to decide",
    "validate": "check Turtle files against the shapes and the rules of the house",
    "reason": "check that the graph is consistent, and derive what follows from it",
    "why": "tell why something derived holds, down to the passages",
    "links": "check what others call the same things, and find more",
    "load": "load the graph into a triple store, or compare what stands there",
    "serve": "open the explorer and the SPARQL endpoint: the graph for a browser and for programs",
    "site": "write the explorer as files, for any web host",
    "reconcile": "serve the things of the graph, so that a spreadsheet can be matched to them in OpenRefine",
    "export": "write the graph to a file in any RDF syntax",
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command that `arguments` (by default those of the process) name; the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    if _closed_streams():
        return 2
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # where the encoding is not UTF-8
    command = given[0] if given else ""
    try:
        ahead = _ahead(given) if command in _ASKING else None
        return _run(command, given, ahead)
    except KeyboardInterrupt:
        tell("foedus: interrupted")
        return 130


def _closed_streams() -> bool:
    """Whether standard output is closed; what else is closed is opened on nothing, so that no pipe takes its number."""
    closed = []
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
            closed.append(descriptor)
    if 2 in closed:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if 1 in closed:
        tell("foedus: standard output is closed")
    return 1 in closed


#: The commands that put a question to the compiled store.
_ASKING = ("run", "sparql", "show", "compare", "join", "why")


def _ahead(given: list[str]) -> Worker | None:
    """A process that opens the store while this one still reads the arguments; None where another engine is asked."""
    from foedus.datasets import home
    from foedus.engines import Settings
    from foedus.errors import FoedusError
    from foedus.worker import Worker

    if any(a.startswith(("--en", "-h", "--h")) for a in given):
        return None
    try:
        worker = Worker(Settings("oxigraph", home()))
        worker.start()
    except (FoedusError, OSError):
        return None  # said in due course
    return worker


def _run(command: str, given: list[str], ahead: Worker | None) -> int:
    import argparse
    import importlib

    parser = argparse.ArgumentParser(
        prog=f"foedus {command}" if command in COMMANDS else "foedus",
        description="Who has promised Ukraine what, in which clause, on what trigger, and who says so.",
        allow_abbrev=False,
    )
    if command not in COMMANDS:
        return _top(parser, given)
    module = importlib.import_module(f"foedus.cli.{command}")
    parser.description = COMMANDS[command][0].upper() + COMMANDS[command][1:] + "."
    module.arguments(parser)
    try:
        options = parser.parse_args(given[1:])
    except SystemExit as exit:  # argparse has printed its message or the help
        return int(exit.code or 0)
    options.ahead = ahead
    return _guarded(module.main, options)


def _top(parser: argparse.ArgumentParser, given: list[str]) -> int:
    import argparse

    from foedus import __version__

    width = max(map(len, COMMANDS))
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "commands:\n" + "\n".join(f"  {n:{width}}  {h}" for n, h in COMMANDS.items())
    parser.epilog += "\n\n`foedus COMMAND --help` tells more. Start with: foedus run agreements-without-article-5"
    parser.add_argument("--version", action="version", version=f"foedus {__version__}")
    parser.add_argument("command", metavar="COMMAND", nargs="?")
    try:
        options = parser.parse_args(given)
    except SystemExit as exit:
        return int(exit.code or 0)
    if options.command is None:
        parser.print_help(sys.stderr)
        return 2
    from foedus.catalog import near

    close = near(options.command, list(COMMANDS))
    hint = f"Did you mean {' or '.join(close)}?" if close else "`foedus --help` lists the commands."
    tell(f"foedus: no command is called {options.command!r}\n  {hint}")
    return 2


def _guarded(run: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    from foedus.errors import FoedusError

    try:
        status = run(options)
        sys.stdout.flush()
        return status
    except FoedusError as error:
        tell(f"foedus: {error}")
        return error.exit_status
    except BrokenPipeError:  # the reader, such as head, has seen enough
        _drop(sys.stdout)
        return 0
    except OSError as error:
        _drop(sys.stdout)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)  # a disk behind a redirection
        where = error.filename or ("standard output" if full else "")
        tell(": ".join(filter(None, ("foedus", where, error.strerror or str(error)))))
        return 2


def tell(message: str) -> None:
    """Print a message to standard error; where that cannot be written, nobody is told, and the work goes on."""
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:
        _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    """Let nothing more be written, at exit either, to a stream that cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
