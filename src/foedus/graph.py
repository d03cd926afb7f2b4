"""The graph as a Python object: run a saved query, ask in SPARQL, look at a thing."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from foedus import catalog
from foedus.answers import Answer, Passage, Row, Term
from foedus.catalog import Catalog, SavedQuery
from foedus.datasets import EVERYTHING, GRAPH, INFERRED, SOURCE, Selection, home, turtle_files
from foedus.dates import Time, published
from foedus.engines import Settings
from foedus.errors import InputError, QuerySyntaxError, RemoteError, UnknownName
from foedus.guard import check
from foedus.names import shorten
from foedus.notes import Note
from foedus.worker import Asker, Worker

if TYPE_CHECKING:
    from foedus.things import Thing
    from foedus.why import Reason

ENGINES = ("oxigraph", "rdflib")
DEFAULT_TIMEOUT = 30.0

_SOURCES = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
SELECT DISTINCT ?source ?date ?precision ?readOn ?derived ?notBefore ?notAfter WHERE {
  ?source a foedus:Source .
  OPTIONAL { ?source foedus:date ?date ; foedus:datePrecision ?precision . }
  OPTIONAL { ?source foedus:readOn ?readOn . }
  OPTIONAL {
    ?derived foedus:dates ?source .
    OPTIONAL { ?derived foedus:notBefore ?notBefore . }
    OPTIONAL { ?derived foedus:notAfter ?notAfter . }
  }
}
"""
_PASSAGES = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?node ?citation ?source ?title ?locator ?start ?end ?phrase WHERE {
  VALUES ?node { %s }
  { ?node foedus:hasCitation ?citation } UNION { ?node foedus:phrase ?p . BIND(?node AS ?citation) }
  ?citation foedus:source ?source ; foedus:locator ?locator ; foedus:phrase ?phrase ;
    foedus:start ?start ; foedus:end ?end .
  ?source rdfs:label ?title .
  FILTER(LANG(?title) IN ("en", ""))
}
ORDER BY ?source ?start ?citation
"""
_BATCH = 500  # things in one query for passages


class Graph:
    """The security guarantees to Ukraine, ready for questions.

    `folder` holds `ontology/`, `data/` and `queries/` (by default the shipped ones); `engine` is "oxigraph" or
    "rdflib"; with `endpoint` (a URL) a remote store is asked instead; `timeout` is the limit of each query in seconds;
    `worker` is a process that was started ahead, used if it is of the right kind.
    Queries run in a process of their own. Use it as a context manager, or call `close`.

    Raises InputError for a folder that holds no graph or a limit that is none.
    """

    def __init__(
        self,
        folder: str | None = None,
        *,
        engine: str = "oxigraph",
        endpoint: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        worker: Asker | None = None,
    ) -> None:
        if engine not in ENGINES:
            raise InputError(f"no engine is called {engine!r}", todo=f"Choose one of: {', '.join(ENGINES)}.")
        if not 0 < timeout < 1e7:
            raise InputError(f"{timeout:g} is no time limit", todo="Give a number of seconds above 0.")
        self.folder = os.path.abspath(folder) if folder else home()
        self.timeout = timeout
        self.catalog = Catalog(self.folder)
        self.warnings: list[str] = []
        self._remote = endpoint is not None
        if not self._remote:
            turtle_files(self.folder)  # said now, not at the first question, where there are none
        settings = Settings("remote" if self._remote else engine, self.folder, endpoint)
        if worker is not None and worker.settings != settings:
            worker.close()
            worker = None
        self._worker: Asker = worker or Worker(settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        worker = getattr(self, "_worker", None)
        if worker is not None:
            worker.close()

    def close(self) -> None:
        """End the process that evaluates queries."""
        self._worker.close()

    @property
    def queries(self) -> list[SavedQuery]:
        """The saved queries, sorted by name."""
        return self.catalog.all()

    def run(
        self,
        slug: str,
        values: Mapping[str, str] | None = None,
        *,
        as_of: str | None = None,
        sources: Sequence[str] = (),
        cite: bool = False,
        allow_service: bool = False,
    ) -> Answer:
        """The answer to the saved query `slug` with parameter `values`.

        `as_of` (YYYY-MM-DD) and `sources` (slugs) choose the sources that are asked, and `as_of` is also the default
        of a parameter that is a day; `cite` adds the passages behind each row.
        Raises UnknownName, ParameterError, InputError, TimeLimitReached, RemoteError and QueryError.
        """
        path, text = self.catalog.text(slug)
        header = text
        query = None
        _check_day(as_of)
        if values or catalog.variables(text):
            query = catalog.read(slug, path, text)
            days = {p.name: as_of for p in query.parameters if p.type == "date"} if as_of else {}
            text = catalog.bind(query, {**days, **(values or {})})
        with self._whoever_answers():
            answer = self._answer(
                text,
                path,
                as_of,
                sources,
                cite=cite,
                allow_service=allow_service,
                evidence=lambda: catalog.read(slug, path, header).evidence,
            )
            if query is not None and not answer:
                self._explain_nothing(query, values or {})
        return answer

    def _explain_nothing(self, query: SavedQuery, values: Mapping[str, str]) -> None:
        """Raise UnknownName where an empty answer comes from a parameter that names a thing which does not exist."""
        for parameter in query.parameters:
            value = values.get(parameter.name)
            if value is None or parameter.type != "iri" or not parameter.thing:
                continue
            if self._ask(f"ASK {{ {catalog.serialise(parameter, value)} a ?kind }}").boolean:
                continue
            base = catalog.base(parameter.thing)
            things = sorted(str(r["thing"]) for r in self._ask("SELECT DISTINCT ?thing WHERE { ?thing a ?kind }"))
            elsewhere = [shorten(t) for t in things if t.endswith(f"/{value}")]  # such as a group, with its prefix
            near = catalog.near(value, [t.removeprefix(base) for t in things if t.startswith(base)])
            raise UnknownName(parameter.thing, value, (elsewhere + near)[:3], todo="`foedus show` finds things.")

    def sparql(
        self,
        text: str,
        *,
        name: str = "query",
        as_of: str | None = None,
        sources: Sequence[str] = (),
        cite: bool = False,
        allow_service: bool = False,
    ) -> Answer:
        """The answer to a SPARQL 1.1 query of the caller's own, called `name` in messages. Otherwise as `run`."""
        _check_day(as_of)
        with self._whoever_answers():
            return self._answer(text, name, as_of, sources, cite=cite, allow_service=allow_service, evidence=tuple)

    def show(self, name: str) -> Thing:
        """All that is known of the thing with this slug, label, alias or IRI.

        Raises UnknownName, InputError, TimeLimitReached and RemoteError.
        """
        from foedus.things import look_up

        with self._whoever_answers():
            return look_up(self, name)

    def why(self, name: str, aspect: str | None = None) -> list[Reason]:
        """Why what is derived of the thing called `name` holds; `aspect` names a class, a test, a property or a rule.

        Raises UnknownName, InputError, TimeLimitReached and RemoteError.
        """
        from foedus.why import why

        with self._whoever_answers():
            return why(self, name, aspect)

    def compare(
        self,
        names: Sequence[str],
        *,
        as_of: str | None = None,
        sources: Sequence[str] = (),
        cite: bool = False,
        stacked: bool = False,
        separator: str = "; ",
    ) -> Answer:
        """The instruments or groups called `names`, side by side; options and columns as in `foedus.compare.compare`.

        Raises InputError where they are fewer than two or one is something else, and otherwise as `run`.
        """
        from foedus.compare import compare

        with self._whoever_answers():
            return compare(self, names, as_of=as_of, sources=sources, cite=cite, stacked=stacked, separator=separator)

    @contextlib.contextmanager
    def _whoever_answers(self) -> Iterator[None]:
        """An endpoint may answer something else than was asked: whatever breaks on that is a RemoteError."""
        try:
            yield
        except (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            if not self._remote:
                raise
            raise RemoteError(
                f"the answer is not a SPARQL result of the query: {error!r}",
                where=self._worker.settings.endpoint,
                todo="Check that the URL is that of a SPARQL endpoint.",
            ) from error

    def _answer(
        self,
        text: str,
        name: str,
        as_of: str | None,
        sources: Sequence[str],
        *,
        cite: bool,
        allow_service: bool,
        evidence: Callable[[], tuple[str, ...]],
    ) -> Answer:
        graphs = None if self._remote else {file.graph for file in turtle_files(self.folder)}
        checked = check(text, name=name, graphs=graphs, allow_service=allow_service)
        selection, cited = Selection(checked.default_graphs, checked.named_graphs), EVERYTHING
        if as_of is not None or sources:
            if checked.default_graphs is not None:
                raise InputError(
                    "the query has FROM clauses, so its sources cannot be chosen as well",
                    where=name,
                    todo="Leave out --as-of and --source, or the FROM clauses.",
                )
            selection = cited = self._chosen(as_of, sources)
        try:
            answer = self._ask(checked.text, selection, evidence)
        except QuerySyntaxError as error:
            at = f"{name}:{error.where}" if error.where and error.where[0].isdigit() else error.where or name
            raise QuerySyntaxError(
                error.message, where=at, todo=error.todo or "Correct the query and run it again."
            ) from None
        if cite:
            self._cite(answer, cited)
        return answer

    def _ask(
        self, text: str, selection: Selection = EVERYTHING, evidence: Callable[[], tuple[str, ...]] = tuple
    ) -> Answer:
        result, warnings = self._worker.ask(text, selection, self.timeout)
        self.warnings += warnings
        return Answer(result, evidence)

    def _chosen(self, as_of: str | None, sources: Sequence[str]) -> Selection:
        """The graphs of the chosen sources and all shared ones."""
        rows: dict[str, list[Row]] = {}
        for row in self._ask(_SOURCES):
            rows.setdefault(str(row["source"]).removeprefix(SOURCE), []).append(row)
        for slug in sources:
            if slug not in rows:
                raise UnknownName(
                    "source", slug, catalog.near(slug, rows), todo=f"Sources: {', '.join(sorted(rows)) or 'none'}."
                )
        chosen = set(sources or rows)
        if as_of is not None:
            chosen = self._published_by(as_of, {slug: published(rows[slug]) for slug in chosen})
        by_source = {GRAPH + slug for slug in rows} | {INFERRED + slug for slug in rows}
        shared = [f.graph for f in turtle_files(self.folder) if f.graph not in by_source]
        graphs = (*shared, *(base + slug for slug in sorted(chosen) for base in (GRAPH, INFERRED)))
        return Selection(graphs, graphs)

    def _published_by(self, as_of: str, times: Mapping[str, Time]) -> set[str]:
        """The sources that had certainly been published by a day; warnings say what is derived and what is open."""
        certain = {slug for slug, time in times.items() if time.last is not None and time.last <= as_of}
        for slug, time in sorted(times.items()):
            if slug in certain and time.derived and time.first is not None:
                text = f"{slug} states no date; it is counted by a derived one, {time.first}"
                self.warnings.append(Note(text, "counted", slug=slug, day=time.first))
            elif slug not in certain and (time.first is None or time.first <= as_of):
                states, how = ("date", ", as derived") if time.derived else ("day", "")
                text = f"{slug} is left out: it states no {states} and may or may not have been published by {as_of}"
                text += f" (not before {time.first}{how})" if time.first else ""
                self.warnings.append(Note(text, "left-out", slug=slug, day=as_of))
        if not certain:
            text = f"no source that is asked had certainly been published by {as_of}"
            self.warnings.append(Note(text, "none", day=as_of))
        return certain

    def _cite(self, answer: Answer, selection: Selection) -> None:
        """Add to each row the passages of the things in its evidence columns, or in any column where none is named."""
        answer.cited = answer.form == "rows"
        columns = answer.evidence or tuple(answer.columns)
        things = sorted({t.value for r in answer for t in _iris(r, columns)})
        passages: dict[str, list[Passage]] = {}
        for i in range(0, len(things), _BATCH):
            nodes = " ".join(f"<{iri}>" for iri in things[i : i + _BATCH])
            for row in self._ask(_PASSAGES % nodes, selection):
                passages.setdefault(str(row["node"]), []).append(_passage(row))
        for row in answer:
            found = (p for t in _iris(row, columns) for p in passages.get(t.value, ()))
            row.passages = list(dict.fromkeys(found))


def _iris(row: Row, columns: Iterable[str]) -> list[Term]:
    """The IRIs in some columns of a row."""
    return [t for c in columns if (t := row.get(c)) is not None and t.kind == "iri"]


def _check_day(as_of: str | None) -> None:
    if as_of is not None and not catalog.is_date(as_of):
        raise InputError(f"{as_of!r} is not a date", where="--as-of", todo="Give a date of the form YYYY-MM-DD.")


def _passage(row: Row) -> Passage:
    citation, source, title, locator, start, end, phrase = (str(row[name]) for name in Passage._fields)
    if not (start.isdecimal() and end.isdecimal()):
        raise InputError(
            f"the start and end of {shorten(citation)} are no numbers", todo="`foedus validate` says in which file."
        )
    return Passage(citation, source.removeprefix(SOURCE), title, locator, int(start), int(end), phrase)
