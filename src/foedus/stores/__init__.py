"""Triple stores on servers: the graph is loaded into one, and what stands there is compared with it.

`connect` finds out what a server is, `loading` brings the graphs there, `comparing` tells whether they are the same.
What is peculiar to one kind of store stands in the file of that store.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foedus.stores.store import Store

#: The kinds by the name that --store takes: module and class.
KINDS = {
    "fuseki": ("fuseki", "Fuseki"),
    "rdf4j": ("rdf4j", "Rdf4j"),
    "graphdb": ("rdf4j", "GraphDb"),
    "virtuoso": ("virtuoso", "Virtuoso"),
    "oxigraph": ("oxigraph", "Oxigraph"),
    "blazegraph": ("blazegraph", "Blazegraph"),
    "stardog": ("others", "Stardog"),
    "neptune": ("others", "Neptune"),
    "qlever": ("others", "QLever"),
    "generic": ("store", "Store"),
}
_ASKED = ("fuseki", "oxigraph", "virtuoso", "graphdb", "stardog", "neptune", "blazegraph", "rdf4j")


def connect(
    url: str, kind: str | None = None, *, timeout: float = 300.0, tell: Callable[[str], None] = lambda _: None
) -> Store:
    """The store at `url`, of the kind called `kind` or else of the one that the server says it is.

    `timeout` is the number of seconds for which the server may say nothing; `tell` is given what a user is to know.
    Raises InputError for what is no URL, RemoteError where no server answers there.
    """
    from foedus.stores.http import Connection, Refused

    connection = Connection(url, timeout=timeout, tell=tell)
    if kind is not None:
        return _kind(kind)(url, connection)
    try:
        with connection.send("GET", url, params={"query": "ASK {}"}, stream=True) as response:
            headers = response.headers
    except Refused as error:
        if error.status in (401, 403) or 300 <= error.status < 400:
            raise
        headers = error.headers
    for name in _ASKED:
        if _kind(name).is_it(url, headers, connection):
            return _kind(name)(url, connection)
    return _kind("generic")(url, connection)


def _kind(name: str) -> type[Store]:
    module, kind = KINDS[name]
    found: type[Store] = getattr(import_module(f"foedus.stores.{module}"), kind)
    return found
