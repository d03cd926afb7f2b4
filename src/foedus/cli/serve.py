"""`foedus serve`: the endpoint and the explorer."""

from __future__ import annotations

import argparse
import os

from foedus.cli import serving, tell
from foedus.cli.asking import note
from foedus.errors import InputError
from foedus.graph import DEFAULT_TIMEOUT


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "Pages at /, a SPARQL endpoint at /sparql, every IRI of the graph, and the saved queries with /openapi.json.\n"
        "It only reads. Ctrl-C ends it, after what it answers. With FOEDUS_TEXTS naming the folder of the source\n"
        "texts, passages are shown in their context."
    )
    serving.arguments(parser)
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=float,
        default=DEFAULT_TIMEOUT,
        help="end an answer after this time (default: 30)",
    )
    parser.add_argument(
        "--rows", metavar="NUMBER", type=int, default=100_000, help="most rows of an answer (default: 100000)"
    )


def main(options: argparse.Namespace) -> int:
    """Serve until the process is told to end."""
    serving.check(options, ("httptools", "jinja2", "uvicorn"))
    if not 0 < options.timeout < 1e7:
        raise InputError(f"{options.timeout:g} is no time limit", todo="Give a number of seconds above 0.")
    if options.rows < 1:
        raise InputError("not a number of rows", where=f"--rows {options.rows}", todo="Give a number from 1.")
    from foedus.datasets import home
    from foedus.web.front import serve
    from foedus.web.site import Settings

    texts = os.environ.get("FOEDUS_TEXTS")
    if texts and not os.path.isdir(texts):
        raise InputError("no such folder", where=f"FOEDUS_TEXTS={texts}", todo="Unset it, or name a folder.")
    url = (options.url or "").rstrip("/")
    serve(Settings(home(), url, options.rows, options.timeout, texts), options.host, options.port, _tell)
    tell("foedus: ended")
    return 0


def _tell(url: str, warnings: list[str]) -> None:
    note(warnings)
    tell(f"Foedus is served at {url}/")
    tell(f"  The SPARQL endpoint is {url}/sparql. Ctrl-C ends it.")
