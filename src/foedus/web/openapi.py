"""What is offered over HTTP, in OpenAPI 3.1: the endpoint, and one operation for each saved query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from foedus import __version__
from foedus.catalog import Parameter, SavedQuery
from foedus.names import shorten
from foedus.web.saved import is_graph
from foedus.web.sparql import GRAPHS, RESULTS

_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_ERRORS = {
    "400": "a parameter or the query is wrong",
    "404": "nothing has this name",
    "406": "none of the formats asked for is offered",
    "503": "the time limit was reached, or too much is asked at once",
}
_ACCEPT_ROWS = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
    "text/markdown",
    "text/html",
)
_ACCEPT_TRIPLES = ("text/turtle", "application/n-triples", "application/ld+json", "text/html")
_AS_OF = {
    "name": "as_of",
    "in": "query",
    "description": "ask only sources that had certainly been published by this day",
    "schema": {"type": "string", "format": "date"},
}


def document(url: str, queries: Iterable[SavedQuery], sources: list[str]) -> dict[str, Any]:
    """The document for the site at `url`, of the queries that are answered here; `sources` are the slugs of all."""
    source = {
        "name": "source",
        "in": "query",
        "description": "ask only this source (repeatable)",
        "schema": {"type": "array", "items": {"type": "string", "enum": sources}},
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
        "responses": _responses("the answer, with the passages behind each row", offered),
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
        if parameter.thing is None:
            schema["format"] = "iri"
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
        "parameters": [_text_parameter("query", "the query"), *_dataset()],
        "responses": _responses("the answer", _all(), refused=True),
    }


def _sparql_post() -> dict[str, Any]:
    form = {"query": {"type": "string"}, **{p["name"]: p["schema"] for p in _dataset()}}
    return {
        "operationId": "query-by-post",
        "summary": "A SPARQL 1.1 query",
        "tags": ["SPARQL 1.1 Protocol"],
        "parameters": _dataset(),
        "requestBody": {
            "required": True,
            "content": {
                "application/sparql-query": {"schema": {"type": "string"}},
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "properties": form, "required": ["query"]}
                },
            },
        },
        "responses": {
            **_responses("the answer", _all(), refused=True),
            "413": {"description": "the body is too large", "content": _TEXT},
            "415": {"description": "a query is not sent in this format", "content": _TEXT},
        },
    }


def _store() -> dict[str, Any]:
    default = {"name": "default", "in": "query", "allowEmptyValue": True, "schema": {"type": "string"}}
    return {
        "operationId": "read-a-graph",
        "summary": "A named graph, or the union of all",
        "tags": ["SPARQL 1.1 Graph Store HTTP Protocol"],
        "parameters": [_text_parameter("graph", "the IRI of a named graph"), default],
        "responses": _responses("the graph", tuple(GRAPHS)),
    }


def _dataset() -> list[dict[str, Any]]:
    schema = {"type": "array", "items": {"type": "string", "format": "iri"}}
    names = {"default-graph-uri": "a graph of the default graph", "named-graph-uri": "a graph that GRAPH may name"}
    return [{"name": name, "in": "query", "description": told, "schema": schema} for name, told in names.items()]


def _text_parameter(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string"}}


def _all() -> tuple[str, ...]:
    return tuple(dict.fromkeys((*RESULTS, *GRAPHS)))


def _responses(description: str, offered: Iterable[str], *, refused: bool = False) -> dict[str, Any]:
    errors = {**_ERRORS, **({"403": "an update, SERVICE, or FROM outside the graph"} if refused else {})}
    content = {
        media_type: {"schema": {} if media_type.endswith("json") else {"type": "string"}} for media_type in offered
    }
    return {
        "200": {"description": description, "content": content},
        "303": {"description": "a page for people, at another place"},
        **{status: {"description": told, "content": _TEXT} for status, told in sorted(errors.items())},
    }
