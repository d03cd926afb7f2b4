"""What is offered over HTTP, in OpenAPI 3.1: the endpoint, and one operation for each saved query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from foedus import __version__
from foedus.catalog import Parameter, SavedQuery
from foedus.names import shorten
from foedus.web.saved import is_graph
from foedus.web.sparql import GRAPHS, RESULTS, TRUNCATED

_STRING = {"schema": {"type": "string"}}
_ERRORS = {
    "400": "a parameter or the query is wrong",
    "406": "none of the formats asked for is offered, or the answer cannot be written in it",
    "414": "the URL is too long",
    "503": "the time limit was reached, or too much is asked at once",
}
_UNKNOWN = {"404": "nothing has this name"}
_REFUSED = {"403": "an update, SERVICE, or FROM outside the graph"}
_PAGE = {"303": {"description": "a page for people, at another place"}}
_ACCEPT_ROWS = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
    "text/markdown",
    "text/html",
)
_ACCEPT_TRIPLES = ("text/turtle", "application/n-triples", "application/ld+json", "text/html")


def _or_empty(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of what counts for nothing where it is empty."""
    return {"anyOf": [schema, {"const": ""}]}


_CITED = {
    "Link": "with rel=cite-as, the permanent link of the answer",
    "Foedus-Note": "what is to be known of the answer, such as which sources are left out",
}
_CUT = {TRUNCATED: "how many rows or triples are given, where there are more"}
_AS_OF = {
    "name": "as_of",
    "in": "query",
    "description": "ask only sources that had certainly been published by this day; empty for all",
    "schema": _or_empty({"type": "string", "format": "date"}),
}


def document(url: str, queries: Iterable[SavedQuery], sources: list[str]) -> dict[str, Any]:
    """The document for the site at `url`, of the queries that are answered here; `sources` are the slugs of all."""
    source = {
        "name": "source",
        "in": "query",
        "description": "ask only this source (repeatable); empty for all",
        "schema": {"type": "array", "items": {"type": "string", "enum": [*sources, ""]}},
        "style": "form",
        "explode": True,
    }
    paths: dict[str, Any] = {
        "/sparql": {"get": _sparql_get(), "post": _sparql_post()},
        "/store": {"get": _store()},
    }
    for query in queries:
        paths[f"/queries/{query.slug}"] = {"get": _operation(query, [_AS_OF, source])}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Foedus: the security guarantees given to Ukraine",
            "version": __version__,
            "summary": "Saved queries and a SPARQL endpoint, to read from",
            "description": (
                "Each saved query also answers with an ending in place of Accept: .html, .csv, .tsv, .json, .xml, "
                ".md; .ttl, .nt or .jsonld where the answer is a graph; .rq is the query itself. Each row comes with "
                "the passages that support it. The header Link with rel=cite-as has the permanent link of an answer."
            ),
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": url}],
        "paths": paths,
    }


def _operation(query: SavedQuery, common: list[dict[str, Any]]) -> dict[str, Any]:
    offered = _ACCEPT_TRIPLES if is_graph(query) else _ACCEPT_ROWS
    return {
        "operationId": query.slug,
        "summary": query.question,
        "description": query.description,
        "tags": list(query.tags[:1]),
        "parameters": [*map(_parameter, query.parameters), *common],
        "responses": _responses(
            "the answer, with the passages behind each row", offered, _UNKNOWN, pages=True, headers=_CITED
        ),
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    elif parameter.type == "integer":
        schema = {"type": "integer", "minimum": -(10**17), "maximum": 10**17}
    elif parameter.type == "date":
        schema["format"] = "date"
    elif parameter.type == "iri":
        schema["pattern"] = r'^[^\x00-\x20<>"{}|^`\\]+$'
        schema["format"] = "iri-reference" if parameter.thing else "iri"
    if parameter.default is not None:
        schema["default"] = int(parameter.default) if parameter.type == "integer" else parameter.default
    told: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description + (": a slug or an IRI" if parameter.thing else ""),
        "required": parameter.default is None,
        "schema": schema,
    }
    if parameter.thing and parameter.default:
        told["example"] = shorten(parameter.default).rpartition(":")[2]
    return told


def _sparql_get() -> dict[str, Any]:
    return {
        "operationId": "query-by-get",
        "summary": "A SPARQL 1.1 query; without one, the description of the service",
        "tags": ["SPARQL 1.1 Protocol"],
        "parameters": [_text_parameter("query", "the query", format="sparql-query"), *_dataset()],
        "responses": {**_responses("the answer", _all(), _REFUSED, headers=_CUT), **_PAGE},
    }


def _sparql_post() -> dict[str, Any]:
    query = {"type": "string", "format": "sparql-query"}
    form = {"query": query, **{p["name"]: p["schema"] for p in _dataset()}}
    return {
        "operationId": "query-by-post",
        "summary": "A SPARQL 1.1 query",
        "tags": ["SPARQL 1.1 Protocol"],
        "parameters": _dataset(),
        "requestBody": {
            "required": True,
            "content": {
                "application/sparql-query": {"schema": query},
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "properties": form, "required": ["query"]}
                },
            },
        },
        "responses": {
            **_responses(
                "the answer",
                _all(),
                _REFUSED,
                {"408": "the body came too slowly", "413": "the body is too large", "415": "no query is sent so"},
                headers=_CUT,
            ),
        },
    }


def _store() -> dict[str, Any]:
    default = {"name": "default", "in": "query", "allowEmptyValue": True, "schema": {"type": "string"}}
    return {
        "operationId": "read-a-graph",
        "summary": "A named graph, or the union of all",
        "tags": ["SPARQL 1.1 Graph Store HTTP Protocol"],
        "parameters": [_text_parameter("graph", "the IRI of a named graph"), default],
        "responses": _responses("the graph", tuple(GRAPHS), _UNKNOWN),
    }


def _dataset() -> list[dict[str, Any]]:
    schema = {"type": "array", "items": _or_empty({"type": "string", "format": "iri"})}
    names = {"default-graph-uri": "a graph of the default graph", "named-graph-uri": "a graph that GRAPH may name"}
    return [{"name": name, "in": "query", "description": told, "schema": schema} for name, told in names.items()]


def _text_parameter(name: str, description: str, **more: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string", **more}}


def _all() -> tuple[str, ...]:
    return tuple(dict.fromkeys((*RESULTS, *GRAPHS)))


def _responses(
    description: str,
    offered: Iterable[str],
    *errors: Mapping[str, str],
    pages: bool = False,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What is answered: the formats offered, and the errors beside those that all have; in HTML too where `pages`."""
    content: dict[str, Any] = {t: {"schema": {}} if t.endswith("json") else _STRING for t in offered}
    told = dict.fromkeys(("text/plain", "text/html") if pages else ("text/plain",), _STRING)
    answer: dict[str, Any] = {"description": description, "content": content}
    if headers:
        answer["headers"] = {name: {"description": text, **_STRING} for name, text in headers.items()}
    wrong = {status: text for some in (_ERRORS, *errors) for status, text in some.items()}
    return {
        "200": answer,
        **{status: {"description": text, "content": told} for status, text in sorted(wrong.items())},
    }
