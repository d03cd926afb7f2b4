"""A client of reconciliation services: the protocol of the W3C community group, versions 0.1 and 0.2."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from foedus.errors import RemoteError
from foedus.stores.http import Connection

_BATCH = 10  # queries in a request, where the service does not say how many it takes
_LIMIT = 5  # candidates of a query


class Proposed(NamedTuple):
    """A candidate of a service: its IRI, names, description, and whether the service is certain of it."""

    iri: str
    name: str
    description: str
    certain: bool


class RemoteService:
    """The reconciliation service at `url`; `timeout` is the number of seconds for which it may say nothing.

    Raises InputError for what is no http or https URL.
    """

    def __init__(self, url: str, *, timeout: float, tell: Callable[[str], None] = lambda _: None) -> None:
        self._url = url
        self._connection = Connection(url, timeout=timeout, tell=tell)

    def candidates(self, names: Sequence[str]) -> list[Proposed]:
        """What the service proposes for some names. Raises RemoteError."""
        manifest = self._answer("GET")
        versions = manifest.get("versions", ["0.1"])
        if not isinstance(versions, list) or not {"0.1", "0.2"} & {str(version) for version in versions}:
            raise self._wrong(f"speaks neither version 0.1 nor 0.2 of the protocol, but {versions!r}")
        space = manifest.get("identifierSpace")
        if not isinstance(space, str) or not space:
            raise self._wrong("has no identifierSpace, so that nobody can tell what its identifiers are")
        size = manifest.get("batchSize")
        batch = min(_BATCH, size) if isinstance(size, int) and size > 0 else _BATCH
        found: dict[str, Proposed] = {}
        for i in range(0, len(names), batch):
            queries = {f"q{n}": {"query": name, "limit": _LIMIT} for n, name in enumerate(names[i : i + batch])}
            answer = self._answer("POST", urllib.parse.urlencode({"queries": json.dumps(queries)}).encode())
            for proposed in self._proposed(answer, queries, space):
                before = found.get(proposed.iri)
                certain = proposed.certain or bool(before and before.certain)
                found[proposed.iri] = (before or proposed)._replace(certain=certain)
        return list(found.values())

    def _proposed(self, answer: dict[str, Any], queries: dict[str, Any], space: str) -> list[Proposed]:
        found = []
        for key in queries:
            try:
                for candidate in answer[key]["result"]:
                    id, name = candidate["id"], candidate["name"]
                    if not (isinstance(id, str) and id and isinstance(name, str)):
                        raise TypeError("an id or a name is no text")
                    iri = id if id.startswith(("http://", "https://")) else space + id
                    description = str(candidate.get("description") or "")
                    found.append(Proposed(iri, name, description, candidate.get("match") is True))
            except (KeyError, TypeError, AttributeError) as error:
                raise self._wrong(f"gives no candidates for the query {key}: {error!r}") from error
        return found

    def _answer(self, method: str, body: bytes | None = None) -> dict[str, Any]:
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        response = self._connection.send(method, self._url, headers=headers, body=body)
        try:
            answer = response.json()
            if isinstance(answer, dict):
                return answer
        except (ValueError, RecursionError):
            pass
        kind = response.headers.get("Content-Type", "no stated type").partition(";")[0]
        beginning = " ".join(response.text[:200].split())[:60]
        raise self._wrong(f"does not answer with an object of JSON, but with {kind}: {beginning!r}")

    def _wrong(self, message: str) -> RemoteError:
        return RemoteError(
            f"the service {message}", where=self._url, todo="Check that the URL is that of a reconciliation service."
        )

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
