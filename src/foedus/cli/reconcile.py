"""`foedus reconcile`: the things of the graph as a reconciliation service."""

from __future__ import annotations

import argparse
import importlib.util

from foedus.cli import tell
from foedus.errors import InputError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "It speaks the Reconciliation Service API 0.2 of the W3C community group, and under /draft the draft of 1.0.\n"
        "In OpenRefine: Reconcile, Start reconciling, Add standard service, and the URL that is printed."
    )
    parser.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="where to listen (default: 127.0.0.1)")
    parser.add_argument("--port", metavar="NUMBER", type=int, default=8000, help="at which port (default: 8000)")
    parser.add_argument(
        "--url", metavar="URL", help="the URL by which clients reach it, where that is another (behind a proxy)"
    )


def main(options: argparse.Namespace) -> int:
    """Serve until the process is told to end."""
    if not 0 <= options.port < 65536:
        raise InputError("not a port", where=f"--port {options.port}", todo="Give a number from 0 (any) to 65535.")
    if options.url is None and options.host in ("0.0.0.0", "::"):  # noqa: S104 - only compared
        raise InputError(
            "at which of its URLs clients reach it cannot be told",
            where=f"--host {options.host}",
            todo="Add --url URL.",
        )
    if options.url is not None:
        from foedus.credentials import check_url

        check_url(options.url, "a service")
    for package in ("rapidfuzz", "starlette", "uvicorn"):
        if importlib.util.find_spec(package) is None:
            raise InputError(
                f"the Python package {package} is not installed", todo="Install it with: pip install 'foedus[web]'"
            )
    from foedus.graph import Graph
    from foedus.links.entities import read
    from foedus.links.protocol import Service
    from foedus.links.reconciliation import serve

    def service(url: str) -> Service:
        with Graph() as graph:
            return Service(read(graph), url)

    serve(service, options.host, options.port, options.url, _tell)
    tell("foedus: ended")
    return 0


def _tell(url: str) -> None:
    tell(f"Foedus can be reconciled against at {url}")
    tell("  In OpenRefine: Reconcile, Start reconciling…, Add standard service…, and this URL. Ctrl-C ends it.")
