"""What answers a query: the compiled Oxigraph store, rdflib, or a remote endpoint.

An engine is asked with `evaluate` and answers in one of two forms that all three share, so that nothing after it knows
which one it was: SPARQL 1.1 Query Results JSON for SELECT and ASK, sorted N-Triples for CONSTRUCT and DESCRIBE.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from foedus.datasets import Selection


class Result(NamedTuple):
    """`form` is "rows", "boolean" or "graph"; `body` is UTF-8 text in the form above."""

    form: str
    body: bytes


class Engine(Protocol):
    """Something that answers SPARQL 1.1 queries."""

    warnings: list[str]

    def evaluate(self, query: str, selection: Selection) -> Result:
        """Answer `query` over the graphs of `selection`.

        Raises QuerySyntaxError where the query is not SPARQL 1.1, RemoteError where a remote system failed.
        """
        ...


class Settings(NamedTuple):
    """Which engine, over which folder of Turtle or which endpoint.

    Of the names, "remote" is an endpoint that holds this graph, "other" one that holds something else: it is told no
    password or token.
    """

    name: str
    folder: str
    endpoint: str | None = None


def make(settings: Settings) -> Engine:
    """The engine that `settings` describe; only its own package is imported."""
    if settings.name in ("remote", "other"):
        from foedus.engines.remote import RemoteEngine

        assert settings.endpoint is not None
        return RemoteEngine(settings.endpoint, known=settings.name == "remote")
    from foedus.datasets import turtle_files
    from foedus.federation import Federated

    files = turtle_files(settings.folder)
    if settings.name == "rdflib":
        from foedus.engines.in_rdflib import RdflibEngine

        return Federated(RdflibEngine(files), _ask)
    from foedus.engines.embedded import EmbeddedEngine

    return Federated(EmbeddedEngine(files), _ask)


def _ask(url: str, query: str) -> bytes:
    """The answer of the endpoint that a SERVICE names."""
    from foedus.engines.remote import RemoteEngine
    from foedus.federation import ITS_OWN

    return RemoteEngine(url, known=False).evaluate(query, ITS_OWN).body
