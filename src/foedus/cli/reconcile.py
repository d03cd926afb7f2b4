"""`foedus reconcile`: the things of the graph as a reconciliation service."""

from __future__ import annotations

import argparse

from foedus.cli import serving, tell


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "It speaks the Reconciliation Service API 0.2 of the W3C community group, and under /draft the draft of 1.0.\n"
        "In OpenRefine: Reconcile, Start reconciling, Add standard service, and the URL that is printed."
    )
    serving.arguments(parser)


def main(options: argparse.Namespace) -> int:
    """Serve until the process is told to end."""
    serving.check(options, ("httptools", "rapidfuzz", "uvicorn"))
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
