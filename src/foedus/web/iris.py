"""What each IRI of the graph leads to, as the redirects of w3id.org send it: a page, or a file in an RDF syntax.

    /id/TYPE/SLUG       303 to /id/TYPE/SLUG.EXT: all that is said of a thing
    /graph/SLUG         303 to /graph/SLUG.EXT: a named graph
    /ns/TERM            303 to the page of the term below /terms/, or to the file of the ontology that describes it
    /terms/…            the pages and files of the ontology, as `make docs` writes them

The format is what Accept wants most; HTML, then Turtle, where several are wanted alike.
"""

from __future__ import annotations

import os
import re
from functools import cached_property

import pyoxigraph as ox

from foedus.datasets import GRAPH, ID, Selection, read_bytes
from foedus.errors import UnknownName
from foedus.web.media import choose
from foedus.web.messages import Refused, Request, Response, redirect
from foedus.web.sparql import Endpoint, serialised

#: Endings of the formats, in order of preference: media type, and what Oxigraph calls it.
FORMATS: dict[str, tuple[str, ox.RdfFormat | None]] = {
    "html": ("text/html", None),
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    "trig": ("application/trig", ox.RdfFormat.TRIG),
}
_MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "rq": "application/sparql-query; charset=utf-8",
    "svg": "image/svg+xml",
    "json": "application/json",
}
_FILES = "vocabularies|features|notations|shapes|alignments"
_FEATURES = ("feature", "feature-group", "answer-kind", "value")
#: Facts of the nodes that tell of a thing, which have no sense without it.
_ABOUT = """
CONSTRUCT { ?s ?p ?o } WHERE {
  { VALUES ?s { <%(iri)s> } ?s ?p ?o }
  UNION
  { ?s ?q <%(iri)s> ; ?p ?o . FILTER(?q != <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>) }
}
"""


class Iris:
    """What the IRIs of one graph lead to, on the site at `url`."""

    def __init__(self, endpoint: Endpoint, folder: str, graphs: frozenset[str], url: str) -> None:
        self._endpoint = endpoint
        self._folder = folder
        self._graphs = graphs
        self._url = url

    @cached_property
    def _terms(self) -> dict[str, bytes]:
        from foedus.reference.made import html_files

        return html_files(self._folder)

    @property
    def names(self) -> list[str]:
        """The pages and files of the ontology, below /terms/."""
        return sorted(self._terms)

    @property
    def files(self) -> list[str]:
        """The files of the ontology, below /ontology/."""
        place = os.path.join(self._folder, "ontology")
        return sorted(n for n in os.listdir(place) if re.fullmatch(r"[a-z]+\.ttl", n)) if os.path.isdir(place) else []

    def leads(self, request: Request, path: str) -> Response:
        """303 to the page or the file of an IRI; `path` is what stands after https://w3id.org/foedus/.

        Raises Refused for a path that is none of an IRI.
        """
        wanted = choose(request.header("accept"), [media_type for media_type, _ in FORMATS.values()]) or "text/html"
        format = next(ending for ending, (media_type, _) in FORMATS.items() if media_type == wanted)
        if path != "ns/context.jsonld" and (
            ending := re.fullmatch(rf"((?:ns|id|graph)/.+)\.({'|'.join(FORMATS)})", path)
        ):
            path, format = ending[1], ending[2]
        return redirect(303, f"{self._url}{self._target(path, format)}", vary="Accept")

    def _target(self, path: str, format: str) -> str:
        if re.fullmatch(r"(id/[a-z0-9-]+/[A-Za-z0-9._-]+|graph/[A-Za-z0-9._-]+)", path):
            return f"/{path}.{format}"
        if not path:
            return "/" if format == "html" else f"/graph/dataset.{format}"
        if path == "ns/context.jsonld":
            return "/terms/context.jsonld"
        if version := re.fullmatch(rf"ns/(?:({_FILES})/)?(\d+\.\d+\.\d+)", path):
            of_release = f"/release/{version[2]}/"
            return of_release if format == "html" else f"{of_release}ontology/{version[1] or 'core'}.ttl"
        if not re.fullmatch(r"ns/?|ns/[A-Za-z0-9-]+(/[A-Za-z0-9.-]+)?", path):
            raise Refused(404, f"{path[:200]} is no name of a thing, a graph or a term")
        term = path.removeprefix("ns").strip("/")
        return "/terms/" + (self._page(term) if format == "html" else f"{_file(term)}.{format}")

    def ontology(self, request: Request, name: str) -> Response:
        """A file of the ontology, as it is in the repository."""
        path = os.path.join(self._folder, "ontology", name)
        if not os.path.isfile(path):
            raise UnknownName("file of the ontology", name, [])
        return Response(200, _MEDIA_TYPES["ttl"], read_bytes(path))

    def examples(self, request: Request) -> Response:
        """The saved queries as SPARQL examples, for the endpoint of this site."""
        from foedus.publishing.examples import examples

        return Response(200, _MEDIA_TYPES["ttl"], examples(self._folder, f"{self._url}/sparql").encode())

    def _page(self, term: str) -> str:
        if re.fullmatch(r"[A-Z][A-Za-z0-9]*", term):
            return f"classes/{term}.html"
        if re.fullmatch(rf"(?:{_FILES})?", term) or re.fullmatch(r"(?:notation|shape)/.+", term):
            return "index.html"
        if re.fullmatch(r"[a-z][A-Za-z0-9]*", term):
            return f"properties/{term}.html"
        scheme, _, concept = term.partition("/")
        return f"vocabularies/{concept}.html" if scheme == "scheme" else f"vocabularies/{scheme}.html#{concept}"

    def terms(self, request: Request, path: str) -> Response:
        """A page or a file of the ontology."""
        name = path or "index.html"
        if name not in self._terms:
            raise UnknownName(
                "page of the ontology", name[:200], [], todo=f"The contents: {self._url}/terms/index.html"
            )
        return Response(200, _MEDIA_TYPES[name.rpartition(".")[2]], self._terms[name])

    def graph(self, request: Request, slug: str, ending: str) -> Response:
        """A named graph, as a file."""
        iri = GRAPH + slug
        if iri not in self._graphs:
            raise UnknownName("graph", slug[:200], [], todo=f"{self._url}/sparql lists the graphs.")
        return self._sent(self._endpoint.whole(Selection((iri,), ()), ox.RdfFormat.N_TRIPLES), ending)

    def thing(self, request: Request, name: str, ending: str) -> Response:
        """All statements about a thing and about the nodes that name it, as a file."""
        body = self._endpoint.construct(_ABOUT % {"iri": ID + name})
        if not body:
            raise UnknownName("thing", name[:200], [], todo=f"Look for it at {self._url}/")
        return self._sent(body, ending)

    def _sent(self, triples: bytes, ending: str) -> Response:
        format = FORMATS[ending][1]
        if format is None:
            raise Refused(404, f"there is no {ending} here")
        found = [quad.triple for quad in ox.parse(triples, format=ox.RdfFormat.N_TRIPLES)]
        return Response(200, _MEDIA_TYPES[ending], serialised(found, format))


def _file(term: str) -> str:
    """The file of the ontology that describes a term."""
    if re.fullmatch(_FILES, term):
        return term
    scheme = term.removeprefix("scheme/").partition("/")[0] if "/" in term else ""
    if scheme in ("notation", "shape"):
        return f"{scheme}s"
    if scheme in _FEATURES:
        return "features"
    return "vocabularies" if scheme else "core"
