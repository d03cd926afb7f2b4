"""What a query may do: read, in this graph, and nothing else unless the caller says so.

The test is made on tokens, not on text: a keyword inside a string, an IRI or a comment is none, and one that is spelled
with codepoint escapes is one (SPARQL 1.1 Query, section 19.2). In SPARQL's grammar a bare word is a keyword or the name
of a built-in function, and no function is called SERVICE, FROM or INSERT, so a word found is a clause found.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from foedus.errors import QueryRefused, QuerySyntaxError
from foedus.lexer import Token, decode_codepoints, position, significant

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}


class CheckedQuery(NamedTuple):
    """A query that may be run: its text with the dataset clauses blanked out, its form, and the graphs they named.

    `default_graphs` and `named_graphs` are None where the query has no dataset clause at all.
    """

    text: str
    form: str
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None


def check(
    query: str, *, name: str = "query", graphs: Collection[str] | None = None, allow_service: bool = False
) -> CheckedQuery:
    """Check that `query` only reads, and only from `graphs` (IRIs; None allows any IRI but never a file).

    Raises QueryRefused for an update, for SERVICE without `allow_service` and for FROM outside `graphs`;
    QuerySyntaxError where no query form is found. Full syntax is left to the engine.
    """
    text = decode_codepoints(query)
    found = significant(text)

    def where(token: Token) -> str:
        line, column = position(text, token.start)
        return f"{name}:{line}:{column}"

    prefixes: dict[str, str] = {}
    form = ""
    dataset: list[tuple[int, int]] = []
    default: list[str] = []
    named: list[str] = []
    for i, token in enumerate(found):
        if token.kind != "word":
            continue
        word = token.text.upper()
        if word == "PREFIX" and i + 2 < len(found) and not form:
            prefixes[found[i + 1].text] = found[i + 2].text[1:-1]
        elif word in _UPDATES:
            raise QueryRefused(
                f"{word} is an update, and Foedus only reads",
                where=where(token),
                todo="Write a SELECT, ASK, CONSTRUCT or DESCRIBE query; the data are changed in their Turtle files.",
            )
        elif word == "SERVICE" and not allow_service:
            raise QueryRefused(
                "SERVICE asks another endpoint, which is not allowed here",
                where=where(token),
                todo="Run it with --allow-service (allow_service=True) if that endpoint may see the query.",
            )
        elif word in FORMS and not form:
            form = word
        elif word == "FROM" and form:
            j = i + 1
            target = default
            if j < len(found) and found[j].text.upper() == "NAMED":
                target = named
                j += 1
            iri = _graph_iri(found[j], prefixes) if j < len(found) else None
            if iri is None:
                raise QuerySyntaxError("FROM needs the IRI of a graph", where=where(token))
            if (graphs is not None and iri not in graphs) or not iri.startswith(("http://", "https://", "urn:")):
                raise QueryRefused(
                    f"FROM <{iri}> is not a graph of Foedus",
                    where=where(token),
                    todo="Name one of the graphs that `foedus run sources` lists.",
                )
            target.append(iri)
            dataset.append((token.start, found[j].end))
    if not form:
        raise QuerySyntaxError(
            "this is no SPARQL query: it has no SELECT, ASK, CONSTRUCT or DESCRIBE",
            where=name,
            todo="`foedus queries` lists the saved queries, to run or to start from.",
        )
    for start, end in dataset:  # same length, so that lines and columns in later messages stay right
        text = text[:start] + "".join("\n" if c == "\n" else " " for c in text[start:end]) + text[end:]
    if not dataset:
        return CheckedQuery(text, form, None, None)
    return CheckedQuery(text, form, tuple(default), tuple(named))


def _graph_iri(token: Token, prefixes: dict[str, str]) -> str | None:
    if token.kind == "iri":
        return token.text[1:-1]
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        return prefixes.get(prefix + ":", "") + local
    return None
