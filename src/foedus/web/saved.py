"""The saved queries over HTTP: the same answers as `foedus run`, with the passages behind each row.

    /queries/SLUG            in the format that Accept wants most
    /queries/SLUG.EXT        in one format: html, csv, tsv, json, xml, md; ttl, nt or jsonld where the answer is a graph
    /queries/SLUG.rq         the query itself
    /release/VERSION/queries/SLUG.EXT    the same under a name that lasts, as long as this release is served

Parameters of the query stand in the URL by their names; beside them `as_of` (a day) and `source` (repeatable) choose
the sources that are asked.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from foedus import __version__
from foedus.answers import Answer
from foedus.catalog import SavedQuery, bind
from foedus.errors import InputError
from foedus.graph import Graph
from foedus.web.media import choose
from foedus.web.messages import Refused, Request, Response
from foedus.web.sparql import GRAPHS, serialised
from foedus.writers import write

#: Endings, with the media type that is sent, the names under which it is asked for, and the writer's name of it.
_ROWS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "html": ("text/html; charset=utf-8", ("text/html",), "html"),
    "json": ("application/sparql-results+json", ("application/sparql-results+json", "application/json"), "json"),
    "csv": ("text/csv; charset=utf-8", ("text/csv",), "csv"),
    "tsv": ("text/tab-separated-values; charset=utf-8", ("text/tab-separated-values",), "tsv"),
    "xml": ("application/sparql-results+xml", ("application/sparql-results+xml", "application/xml", "text/xml"), "xml"),
    "md": ("text/markdown; charset=utf-8", ("text/markdown",), "markdown"),
}
_TRIPLES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "html": _ROWS["html"],
    "ttl": ("text/turtle; charset=utf-8", ("text/turtle",), "text/turtle"),
    "nt": ("application/n-triples", ("application/n-triples",), "application/n-triples"),
    "jsonld": ("application/ld+json", ("application/ld+json",), "application/ld+json"),
}
QUERY = "application/sparql-query"
#: Where a permanent link leads through.
PERMANENT = "https://w3id.org/foedus/release/"


class Asked(NamedTuple):
    """A saved query as it was asked: with the values given, and the sources that are asked."""

    query: SavedQuery
    values: Mapping[str, str]
    as_of: str | None
    sources: Sequence[str]

    def link(self, ending: str = "") -> str:
        """Its path with its parameters."""
        given = [*sorted(self.values.items()), *((("as_of", self.as_of),) if self.as_of else ())]
        given += [("source", slug) for slug in self.sources]
        path = f"queries/{self.query.slug}{ending}"
        return f"{path}?{urllib.parse.urlencode(given)}" if given else path

    def permanent(self, ending: str = "") -> str:
        """A link that names the release, so that it gives the same answer however long it is kept."""
        return f"{PERMANENT}{__version__}/{self.link(ending)}"


def asked(query: SavedQuery, request: Request) -> Asked:
    """What a request asks of a saved query. Raises Refused for a parameter that is given twice."""
    values: dict[str, str] = {}
    sources = []
    for name, value in request.parameters:
        if name == "source":
            sources += [value] * bool(value)
        elif name in values:
            raise Refused(400, f"the parameter {name} is given twice", todo="Give it once.")
        else:
            values[name] = value
    as_of = values.pop("as_of", "") or None
    return Asked(query, values, as_of, sources)


def run(graph: Graph, given: Asked) -> tuple[Answer, list[str]]:
    """The answer, with its passages, and what is to be known of it. Raises what `Graph.run` raises."""
    graph.warnings.clear()
    try:
        answer = graph.run(given.query.slug, given.values, as_of=given.as_of, sources=given.sources, cite=True)
    except InputError as error:
        if error.where == "--as-of":
            raise Refused(400, f"as_of: {error.message}", todo=error.todo) from None
        raise
    return answer, list(dict.fromkeys(graph.warnings))


def answer(request: Request, graph: Graph, given: Asked, ending: str, page: Callable[[], Response]) -> Response:
    """The answer in the format that the ending names, or Accept; `page` gives that for people.

    Raises Refused where none of the formats is wanted or the ending is unknown.
    """
    formats = _formats(given.query)
    if ending == ".rq":
        return Response(200, f"{QUERY}; charset=utf-8", given.query.text.encode())
    if ending:
        chosen = ending[1:]
        if chosen not in formats:
            raise Refused(404, f"no format has the ending {ending}", todo=f"Endings: {', '.join(formats)}, rq.")
        vary: tuple[tuple[str, str], ...] = ()
    else:
        by_type = {name: key for key, (_, names, _) in formats.items() for name in names}
        media_type = choose(request.header("accept"), list(by_type))
        if media_type is None:
            raise Refused(406, "none of the formats asked for is offered", todo=f"Ask for {', '.join(by_type)}.")
        chosen = by_type[media_type]
        vary = (("Vary", "Accept"),)
    cite_as = ("Link", f'<{given.permanent("." + chosen)}>; rel="cite-as"')  # RFC 8574
    if chosen == "html":
        found = page()
        return found._replace(headers=(*found.headers, *vary, cite_as))
    result, notes = run(graph, given)
    told = [("Foedus-Note", note.encode("ascii", "replace").decode()) for note in notes]
    sent, _, name = formats[chosen]
    return Response(200, sent, written(result, name), (*vary, cite_as, *told))


def written(result: Answer, format: str) -> bytes:
    """An answer in one of the formats of the writers, or a graph in a format by its media type."""
    if result.form != "graph":
        return write(result, format).encode()
    quads = ox.parse(result.triples.encode(), format=ox.RdfFormat.N_TRIPLES)
    return serialised([quad.triple for quad in quads], GRAPHS[format])


def _formats(query: SavedQuery) -> dict[str, tuple[str, tuple[str, ...], str]]:
    return _TRIPLES if is_graph(query) else _ROWS


def endings(query: SavedQuery) -> list[str]:
    """The endings of its answer as data, where it is answered here, and of the query itself."""
    return ["rq", *(ending for ending in _formats(query) if ending != "html" and not query.asks_others)]


def is_graph(query: SavedQuery) -> bool:
    """Whether the answer of a saved query is a graph and no table."""
    from foedus.lexer import significant

    words = (t.text.upper() for t in significant(query.text) if t.kind == "word")
    return next((w for w in words if w in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")), "") in ("CONSTRUCT", "DESCRIBE")


def listed(query: SavedQuery, group: Mapping[str, str]) -> dict[str, object]:
    """A saved query as plain lists and dictionaries, for JSON: that of `foedus queries`, with its group by language.

    Its text has the defaults in place of the parameters, so that it can be asked as it is.
    """
    runs = all(p.default is not None for p in query.parameters)
    return {
        **query.to_dict(),
        "asksOthers": query.asks_others,
        "group": dict(group),
        "uk": query.ukrainian._asdict() if query.ukrainian else None,
        "text": without_header(bind(query, {}) if runs else query.text),
    }


def without_header(text: str) -> str:
    """The text of a query without the header that describes it."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip() + "\n"
