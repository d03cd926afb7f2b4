"""Stores that are written to in SPARQL Update alone and differ in their paths. None was tried on a server here."""

from __future__ import annotations

from collections.abc import Mapping

from foedus.stores.http import Connection
from foedus.stores.store import Store


class Stardog(Store):
    """Stardog, whose URL is that of a database, such as http://localhost:5820/foedus."""

    name = "stardog"
    title = "Stardog"
    services = ("/query", "/update")
    atomic = True

    @classmethod
    def is_it(cls, url: str, headers: Mapping[str, str], connection: Connection) -> bool:
        """See Store.is_it."""
        return any(name.upper().startswith("SD-") for name in headers) or "stardog" in headers.get("Server", "").lower()

    def urls(self) -> tuple[str, str]:
        """See Store.urls."""
        return f"{self.base}/query", f"{self.base}/update"


class Neptune(Store):
    """Amazon Neptune, such as https://cluster.example:8182, without IAM authentication."""

    name = "neptune"
    title = "Amazon Neptune"
    services = ("/sparql",)
    atomic = True

    @classmethod
    def is_it(cls, url: str, headers: Mapping[str, str], connection: Connection) -> bool:
        """See Store.is_it."""
        return ".neptune.amazonaws.com" in url

    def urls(self) -> tuple[str, str]:
        """See Store.urls."""
        return f"{self.base}/sparql", f"{self.base}/sparql"


class QLever(Store):
    """QLever, whose access token for updates is sent as a bearer token; its default graph is the union."""

    name = "qlever"
    title = "QLever"
    batch = 100_000
