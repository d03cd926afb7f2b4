"""SERVICE answered before the query is: each endpoint is asked by us, and its rows stand in the query in its place.

So every engine gives the same answer, an endpoint sees who asks and is left alone when it says so, and what goes wrong
there is told as it is of any endpoint. What SPARQL 1.1 Federated Query (section 4) calls the evaluation of a service
graph pattern is kept: the pattern is evaluated by itself, and its solutions are joined with the others.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from foedus.datasets import Selection
from foedus.errors import QueryError, RemoteError
from foedus.lexer import Token, significant

if TYPE_CHECKING:
    from foedus.engines import Engine, Result

#: Whatever an endpoint answers from by itself.
ITS_OWN = Selection((), ())
_BLANK = "urn:foedus:blank:"  # a blank node of an endpoint is a thing of its own, which nothing here can be

#: The JSON answer of an endpoint (its URL) to a SELECT query.
Ask = Callable[[str, str], bytes]


class Federated:
    """An engine that asks the endpoints which a query names before it answers the rest itself."""

    def __init__(self, engine: Engine, ask: Ask) -> None:
        self._engine, self._ask = engine, ask

    @property
    def warnings(self) -> list[str]:
        """Those of the engine."""
        return self._engine.warnings

    @warnings.setter
    def warnings(self, warnings: list[str]) -> None:
        self._engine.warnings = warnings

    def evaluate(self, query: str, selection: Selection) -> Result:
        """See Engine.evaluate."""
        return self._engine.evaluate(answered(query, self._ask), selection)


class _Service(NamedTuple):
    start: int
    end: int
    silent: bool
    url: str
    pattern: str


def answered(query: str, ask: Ask) -> str:
    """`query` with the solutions of each SERVICE in its place.

    Raises RemoteError where an endpoint fails that is not SILENT; QueryError where a SERVICE names no endpoint.
    """
    if "service" not in query.lower():
        return query
    tokens = significant(query)
    declarations, prefixes = prologue(tokens)
    pieces, last = [], 0
    known: dict[tuple[str, str], str] = {}
    for service in _services(query, tokens, prefixes):
        key = service.url, service.pattern
        if key not in known:
            known[key] = _asked(service, declarations, ask, len(known))
        pieces += [query[last : service.start], known[key]]
        last = service.end
    return "".join([*pieces, query[last:]])


def _asked(service: _Service, declarations: str, ask: Ask, number: int) -> str:
    """The group that stands for a SERVICE: the rows of its endpoint, or nothing where it fails and is SILENT."""
    try:
        return _values(ask(service.url, f"{declarations}SELECT * WHERE {service.pattern}"), number)
    except (RemoteError, QueryError) as error:
        if service.silent:
            return "{}"
        raise RemoteError(f"SERVICE failed: {error.message}", where=error.where, todo=error.todo) from error
    except (KeyError, TypeError, ValueError) as error:  # a term that is none
        raise RemoteError(f"SERVICE failed: the answer is no SPARQL result ({error})", where=service.url) from error


def prologue(tokens: list[Token]) -> tuple[str, dict[str, str]]:
    """The PREFIX and BASE lines before the query form, and the prefixes with their namespaces."""
    lines, prefixes = [], {}
    for i, token in enumerate(tokens):
        word = token.text.upper()
        if word == "PREFIX" and i + 2 < len(tokens):
            lines.append(f"PREFIX {tokens[i + 1].text} {tokens[i + 2].text}\n")
            prefixes[tokens[i + 1].text.removesuffix(":")] = tokens[i + 2].text[1:-1]
        elif word == "BASE" and i + 1 < len(tokens):
            lines.append(f"BASE {tokens[i + 1].text}\n")
        elif word in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"):
            break
    return "".join(lines), prefixes


def _services(query: str, tokens: list[Token], prefixes: dict[str, str]) -> list[_Service]:
    """The outermost SERVICE clauses; one within another is sent along with it."""
    found: list[_Service] = []
    for i, token in enumerate(tokens):
        inside = found and token.start < found[-1].end
        if token.kind != "word" or token.text.upper() != "SERVICE" or inside:
            continue
        silent = tokens[i + 1].text.upper() == "SILENT" if i + 1 < len(tokens) else False
        at = i + 2 if silent else i + 1
        if at + 1 >= len(tokens):
            break
        url = named(tokens[at], prefixes)
        if url is None:
            todo = "Write the IRI of one endpoint after SERVICE."
            raise QueryError(f"SERVICE {tokens[at].text} names no endpoint", todo=todo)
        end = _closing(tokens, at + 1)
        if end is None:
            break  # not SPARQL: the engine says where
        found.append(_Service(token.start, end.end, silent, url, query[tokens[at + 1].start : end.end]))
    return found


def named(token: Token, prefixes: dict[str, str]) -> str | None:
    """The IRI that a token stands for, given the `prologue` prefixes; None for a variable, or an undeclared prefix."""
    if token.kind == "iri":
        return token.text[1:-1]
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        if prefix in prefixes:
            return prefixes[prefix] + local
    return None


def _closing(tokens: list[Token], opening: int) -> Token | None:
    """The brace that closes the one at `opening`; None where there is none."""
    depth = 0
    for token in tokens[opening:]:
        depth += (token.text == "{") - (token.text == "}") if token.kind == "mark" else 0
        if depth == 0:
            return token if token.text == "}" else None
    return None


def _values(body: bytes, number: int) -> str:
    """The rows of a JSON answer as a group that holds nothing else."""
    found = json.loads(body)
    names = found["head"]["vars"]
    rows = (
        "(" + " ".join(_term(row[name], number) if name in row else "UNDEF" for name in names) + ")"
        for row in found["results"]["bindings"]
    )
    return f"{{ VALUES ({' '.join('?' + name for name in names)}) {{ {' '.join(rows)} }} }}"


def _term(term: dict[str, Any], number: int) -> str:
    """A term of an answer as SPARQL writes it. Raises ValueError for what is none."""
    import pyoxigraph as ox

    value = term["value"]
    if term["type"] == "uri":
        return str(ox.NamedNode(value))
    if term["type"] == "bnode":
        return str(ox.NamedNode(f"{_BLANK}{number}:{value}"))
    if term.get("xml:lang"):
        return str(ox.Literal(value, language=term["xml:lang"]))
    return str(
        ox.Literal(value, datatype=ox.NamedNode(term["datatype"])) if term.get("datatype") else ox.Literal(value)
    )
