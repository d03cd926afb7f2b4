"""Which module answers a request: the whole site as one function, which knows no server.

`respond` gives for every request an answer that is finished (ETag, compression), whatever goes wrong. A path that
begins with /uk is that of the Ukrainian page.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from foedus import __version__, engines
from foedus.catalog import GROUPS, SavedQuery
from foedus.datasets import DATASET, SOURCE, STATISTICS, Selection, turtle_files
from foedus.engines.embedded import EmbeddedEngine
from foedus.errors import FoedusError, QueryRefused, RemoteError, TimeLimitReached, UnknownName
from foedus.graph import Graph
from foedus.web import saved, sparql
from foedus.web.description import description
from foedus.web.here import Here
from foedus.web.iris import FORMATS, Iris
from foedus.web.media import choose
from foedus.web.messages import Refused, Request, Response, finish, methods, redirect, text, told

if TYPE_CHECKING:
    from foedus.links.reconciliation import Reconciliation

#: The files that the pages load.
STATIC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "static")
_STATIC_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
}


class Settings(NamedTuple):
    """What a site answers from, and how much: see `foedus.web.front.serve`; `static` is for pages that are copied."""

    folder: str
    url: str
    most: int = 100_000
    seconds: float = 30.0
    texts: str | None = None
    static: bool = False


_ROOT = [media_type for media_type, _ in FORMATS.values()]  # https://w3id.org/foedus/ is the dataset to programs

#: Gives the answer from the request, its language and what the pattern of the path caught.
_Handler = Callable[..., Response]


class Site:
    """The site of one graph, held in memory where that is wanted. Raises InputError where it cannot be read."""

    def __init__(self, settings: Settings, *, in_memory: bool = False) -> None:
        files = turtle_files(settings.folder)
        self.settings = settings
        self.graphs = frozenset(file.graph for file in files)
        self.engine = EmbeddedEngine(files, in_memory=in_memory)
        self.endpoint = sparql.Endpoint(self.engine, self.graphs, f"{settings.url}/sparql", settings.most)
        asked = engines.Settings("oxigraph", os.path.abspath(settings.folder))
        self.graph = Graph(settings.folder, worker=Here(self.engine, asked))
        self.iris = Iris(self.endpoint, settings.folder, self.graphs, settings.url)
        self._queries: dict[str, SavedQuery] = {}
        self._routes = [(re.compile(pattern), handler) for pattern, handler in self._table()]

    def respond(self, request: Request) -> Response:
        """The finished answer to any request."""
        return finish(self._answer(request), request)

    def _table(self) -> list[tuple[str, _Handler]]:
        """The patterns of paths, in the order in which they are tried; `pages` are loaded when one is asked for."""
        iris = self.iris
        paths: list[tuple[str, _Handler]] = [
            (r"/sparql/?", self._sparql),
            (r"/sparql/terms\.json", self._terms),
            (r"/store/?", lambda request, _: self.endpoint.graph(request)),
            (r"/queries\.json", self._list),
            (r"/openapi\.json", self._openapi),
            (r"/queries/([a-z0-9-]+)((?:\.[a-z]+)?)", self._saved),
            (r"/release/([^/]+)((?:/.*)?)", self._release),
            (r"/static/([a-z0-9._/-]+)", self._static),
            (r"/id/([a-z0-9-]+/[A-Za-z0-9._-]+)\.html", self._thing),
            (r"/id/([a-z0-9-]+/[A-Za-z0-9._-]+)\.(ttl|jsonld|nt|rdf|trig)", lambda r, _, *x: iris.thing(r, *x)),
            (r"/graph/([A-Za-z0-9._-]+)\.(ttl|jsonld|nt|rdf|trig)", lambda r, _, *x: iris.graph(r, *x)),
            (r"/graph/([A-Za-z0-9._-]+)\.html", self._of_graph),
            (r"/((?:id/[a-z0-9-]+|graph|ns)/[A-Za-z0-9._/-]+|ns/?)", lambda r, _, *x: iris.leads(r, *x)),
            (r"/ontology/([a-z]+\.ttl)", lambda r, _, *x: iris.ontology(r, *x)),
            (r"/sparql-examples\.ttl", lambda r, _: iris.examples(r)),
            (r"/sparql/\.well-known/sparql-examples(?:/[a-z0-9-]*)?", self._examples),
            (r"/terms/([A-Za-z0-9._/-]*)", lambda r, _, *x: iris.terms(r, *x)),
            (r"/reconcile((?:/.*)?)", self._reconcile),
            (r"/matrix\.(csv|json)", self._matrix),
            (r"/compare\.(csv|json|md)", self._compare),
        ]
        return paths

    def _answer(self, request: Request) -> Response:
        allowed = methods(request.path)
        language = "uk" if re.match(r"/uk(/|$)", request.path) else "en"
        if language == "uk":
            request = request._replace(path=request.path[3:] or "/")
        try:
            if request.method not in allowed:
                raise _not_allowed(request.method, allowed)
            for pattern, handler in self._routes:
                if match := pattern.fullmatch(request.path):
                    return handler(request, language, *match.groups())
            if request.path == "/" and choose(request.header("accept"), _ROOT) != "text/html":
                return self.iris.leads(request, "")
            return self._page(request, language)
        except FoedusError as error:
            return self._failed(error, request, language)

    def _failed(self, error: FoedusError, request: Request, language: str) -> Response:
        """What an error is told as: a page to people, plain text to programs."""
        headers: tuple[tuple[str, str], ...] = ()
        status = 400
        if isinstance(error, Refused):
            status, headers = error.status, error.headers
        elif isinstance(error, UnknownName):
            status = 404
        elif isinstance(error, QueryRefused):
            status = 403
        elif isinstance(error, TimeLimitReached | RemoteError):
            status = 503
        programs = re.match(r"/(sparql|store)\b", request.path)
        if (
            status < 500
            and not programs
            and choose(request.header("accept"), ["text/plain", "text/html"]) == "text/html"
        ):
            from foedus.web.pages.frame import View

            view = View(self.frame, request._replace(query=""), language)
            title = view.words("problem.title")
            page = self.frame.render(view, "problem.html", title, message=told(error).strip())
            return Response(
                status, page.media_type, page.body, (*page.headers, *headers, ("Vary", "Accept")), lasting=False
            )
        return text(status, told(error), headers=headers, lasting=status < 500)

    @cached_property
    def frame(self) -> Any:
        """What the pages share."""
        from foedus.web.pages.frame import Frame

        given = self.settings
        return Frame(self.graph, given.folder, given.url, given.texts, static=given.static)

    def _page(self, request: Request, language: str) -> Response:
        from foedus.web.pages import PAGES
        from foedus.web.pages.frame import View

        page = PAGES.get(request.path)
        if page is None:
            raise Refused(404, f"nothing is at {request.path[:200]}", todo=f"The contents: {self.settings.url}/")
        return page(View(self.frame, request, language))

    def _thing(self, request: Request, language: str, slug: str) -> Response:
        from foedus.web.pages import things
        from foedus.web.pages.frame import View

        return things.page(View(self.frame, request, language), slug)

    def _of_graph(self, request: Request, language: str, slug: str) -> Response:
        """The page for people of a named graph: of a source's that of the source, otherwise its Turtle."""
        self.iris.graph(request, slug, "ttl")
        source = slug.removeprefix("inferred-")
        known = self.graph.sparql(f"ASK {{ <{SOURCE}{source}> a ?class }}").boolean
        return redirect(303, f"{self.settings.url}/" + (f"id/source/{source}.html" if known else f"graph/{slug}.ttl"))

    def _matrix(self, request: Request, language: str, ending: str) -> Response:
        from foedus.web.pages import matrix
        from foedus.web.pages.frame import View

        return matrix.data(View(self.frame, request, "en"), ending)

    def _compare(self, request: Request, language: str, ending: str) -> Response:
        from foedus.web.pages import comparing
        from foedus.web.pages.frame import View

        return comparing.data(View(self.frame, request, "en"), ending)

    def _query(self, slug: str) -> SavedQuery:
        if slug not in self._queries:
            self._queries[slug] = self.graph.catalog.get(slug)
        return self._queries[slug]

    def _saved(self, request: Request, language: str, slug: str, ending: str) -> Response:
        given = saved.asked(self._query(slug), request)

        def page() -> Response:
            from foedus.web.pages import questions
            from foedus.web.pages.frame import View

            return questions.page(View(self.frame, request, language), given)

        return saved.answer(request, self.graph, given, ending, page)

    def _release(self, request: Request, language: str, version: str, path: str) -> Response:
        """What stands under the name of a release: this site's own, as long as it is that release."""
        if version != __version__:
            raise Refused(
                404,
                f"this site has release {__version__}, not {version[:50]}",
                todo=f"Look for that release at {saved.PERMANENT}{version[:50]}/",
            )
        return self._answer(request._replace(path=path or "/"))

    def _static(self, request: Request, language: str, name: str) -> Response:
        path = os.path.join(STATIC, *name.split("/"))
        media_type = _STATIC_TYPES.get(os.path.splitext(name)[1])
        if media_type is None or ".." in name or not os.path.isfile(path):
            raise Refused(404, f"there is no file {name[:200]}")
        with open(path, "rb") as file:
            return Response(200, media_type, file.read())

    def _examples(self, request: Request, language: str) -> Response:
        return redirect(303, f"{self.settings.url}/sparql-examples.ttl")

    def _reconcile(self, request: Request, language: str, path: str) -> Response:
        return self._reconciliation.respond(request._replace(path=path or "/"))

    @cached_property
    def _reconciliation(self) -> Reconciliation:
        from foedus.links.entities import read
        from foedus.links.protocol import Service
        from foedus.links.reconciliation import Reconciliation

        return Reconciliation(Service(read(self.graph), f"{self.settings.url}/reconcile"))

    def _list(self, request: Request, language: str) -> Response:
        headings = self.frame.headings
        found = []
        for query in self.graph.catalog.all():
            group = query.tags[0] if query.tags else "other"
            told = saved.listed(query, {tag: headings.tag(group, tag) for tag in self.frame.words})
            found.append(((*GROUPS, group).index(group), told))
        return _json([told for _, told in sorted(found, key=lambda f: f[0])])

    def _openapi(self, request: Request, language: str) -> Response:
        from foedus.web.openapi import document

        queries = [query for query in self.graph.catalog.all() if not query.asks_others]
        rows = self.graph.sparql("SELECT DISTINCT ?s { ?s a <https://w3id.org/foedus/ns/Source> } ORDER BY ?s")
        sources = [str(row["s"]).removeprefix(SOURCE) for row in rows]
        return _json(document(self.settings.url, queries, sources))

    def _terms(self, request: Request, language: str) -> Response:
        from foedus.web.completion import terms

        return _json(terms(self.graph))

    def _sparql(self, request: Request, language: str) -> Response:
        asked = request.method == "POST" or any(name in ("query", "update") for name, _ in request.parameters)
        if asked:
            return self.endpoint.answer(request)
        offered = [*sparql.GRAPHS, "text/html"]
        media_type = choose(request.header("accept"), offered)
        if media_type == "text/html":
            return redirect(303, f"{self.settings.url}/query", vary="Accept")
        if media_type is None:
            raise Refused(406, "none of the formats asked for is offered", todo=f"Ask for {', '.join(offered)}.")
        body = sparql.serialised(self._described(), sparql.GRAPHS[media_type])
        return Response(200, media_type, body, (("Vary", "Accept"),))

    def _described(self) -> list[ox.Triple]:
        here = tuple(g for g in (DATASET, STATISTICS) if g in self.graphs)
        body = self.endpoint.whole(Selection(here, ()), ox.RdfFormat.N_TRIPLES)
        void = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
        limits = (
            f"Queries only: updates, SERVICE and FROM outside the graph are refused. {self.settings.seconds:g} seconds "
            f"a query; {self.settings.most:,} rows or triples an answer; {sparql.TRUNCATED} tells of one that was cut."
        )
        return description(f"{self.settings.url}/sparql", self.graphs, (quad.triple for quad in void), limits)


def _json(content: object) -> Response:
    return Response(200, "application/json", (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())


def _not_allowed(method: str, allowed: tuple[str, ...]) -> Refused:
    return Refused(
        405,
        f"{method} is not offered here: this site only reads",
        todo=f"Use {', '.join(allowed)}.",
        headers={"Allow": ", ".join(allowed)},
    )
