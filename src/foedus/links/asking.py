"""Asking the endpoint of an authority: one query after another, not too fast, each ended at a time limit."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator

from foedus.engines import Settings
from foedus.federation import ITS_OWN
from foedus.worker import Worker

_BATCH = 100  # targets in one query

#: A row of an answer: variable to value, and to its datatype or language under VARIABLE + "^^" and VARIABLE + "@".
Row = dict[str, str]


class Endpoint:
    """The SPARQL endpoint at `url`; `pause` is the time between two requests and `timeout` the limit of each, in s.

    Raises InputError for what is no http or https URL.
    """

    def __init__(
        self,
        url: str,
        *,
        pause: float = 0.0,
        timeout: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._worker = Worker(Settings("other", "", url))
        self._pause, self._timeout = pause, timeout
        self._clock, self._sleep = clock, sleep
        self._last = -pause - 1.0

    def __enter__(self) -> Endpoint:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.close()

    def ask(self, query: str) -> list[Row]:
        """The rows of a SELECT query. Raises RemoteError, TimeLimitReached and QueryError."""
        wait = self._last + self._pause - self._clock()
        if wait > 0:
            self._sleep(wait)
        try:
            result, _ = self._worker.ask(query, ITS_OWN, self._timeout)
        finally:
            self._last = self._clock()
        rows = []
        for binding in json.loads(result.body)["results"]["bindings"]:
            row = {}
            for name, term in binding.items():
                row[name] = term["value"]
                if "datatype" in term:
                    row[name + "^^"] = term["datatype"]
                if "xml:lang" in term:
                    row[name + "@"] = term["xml:lang"]
            rows.append(row)
        return rows

    def about(self, iris: Iterable[str], properties: Iterable[str]) -> Iterator[Row]:
        """Rows of `target`, `property` and `value`: what is said there of `iris` by `properties`.

        Of names in other languages than English, Ukrainian and none, nothing is asked.
        """
        wanted = sorted(set(iris))
        asked = " ".join(f"<{p}>" for p in properties)
        for i in range(0, len(wanted), _BATCH):
            targets = " ".join(f"<{iri}>" for iri in wanted[i : i + _BATCH])
            yield from self.ask(
                "SELECT ?target ?property ?value WHERE { "
                f"VALUES ?target {{ {targets} }} VALUES ?property {{ {asked} }} ?target ?property ?value . "
                'FILTER(!ISLITERAL(?value) || LANG(?value) IN ("", "en", "mul", "uk")) }'
            )
