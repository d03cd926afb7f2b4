"""What a query may do: read, in this graph, and nothing else unless the caller says so.

The test is made on tokens, not on text: a keyword inside a string, an IRI or a comment is none. Engines cut text into
tokens otherwise than SPARQL's grammar says (Oxigraph reads `SERVICE:x` as a keyword and a name, rdflib decodes escapes
before it looks for strings), so what any of them might read as a keyword counts: every bare word must be one of
SPARQL's, a prefix that holds SERVICE is refused with it, and the query is looked at with its escapes decoded as well.

Source of the words: SPARQL 1.1 Query, section 19.8; of the escapes: section 19.2.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from foedus.errors import QueryRefused, QuerySyntaxError
from foedus.lexer import Token, decode_all, decode_codepoints, position, significant

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
_KEYWORDS_AND_FUNCTIONS = """
    A ABS AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONSTRUCT CONTAINS COUNT DATATYPE DAY DESC
    DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HAVING HOURS IF IN IRI
    ISBLANK ISIRI ISLITERAL ISNUMERIC ISURI LANG LANGMATCHES LCASE LIMIT MAX MD5 MIN MINUS MINUTES MONTH NAMED NOT
    NOW OFFSET OPTIONAL ORDER PREFIX RAND REDUCED REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SELECT SEPARATOR
    SERVICE SHA1 SHA256 SHA384 SHA512 SILENT STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS STRUUID
    SUBSTR SUM TIMEZONE TRUE TZ UCASE UNDEF UNION URI UUID VALUES WHERE YEAR
"""
_WORDS = _UPDATES | set(_KEYWORDS_AND_FUNCTIONS.split())
_TODO_SERVICE = "Run it with --allow-service (allow_service=True) if that endpoint may see the query."


class CheckedQuery(NamedTuple):
    """A query that may be run: its text with the dataset clauses blanked out, its form, and the graphs they named.

    `default_graphs` and `named_graphs` are None where the query has no dataset clause at all.
    """

    text: str
    form: str
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None


def asks_others(query: str) -> bool:
    """Whether a query asks another endpoint."""
    return any(t.kind == "word" and t.text.upper() == "SERVICE" for t in significant(query))


def check(
    query: str, *, name: str = "query", graphs: Collection[str] | None = None, allow_service: bool = False
) -> CheckedQuery:
    """Check that `query` only reads, and only from `graphs` (IRIs; None allows any IRI but never a file).

    Raises QueryRefused for an update, for SERVICE without `allow_service` and for FROM outside `graphs`;
    QuerySyntaxError where no query form is found. Full syntax is left to the engine.
    """
    text = decode_codepoints(query.removeprefix("\ufeff"))
    checked = _check(text, name, graphs, allow_service)
    decoded = decode_all(text)
    if decoded != text:
        _check(decoded, name, graphs, allow_service, strict=False)
    return checked


def _check(
    text: str, name: str, graphs: Collection[str] | None, allow_service: bool, *, strict: bool = True
) -> CheckedQuery:
    """One reading of a query; where it is not `strict`, only what is refused counts, and not its syntax."""
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
        if token.kind == "name" and "SERVICE" in token.text.partition(":")[0].upper() and not allow_service:
            raise QueryRefused(
                f"the prefix of {token.text} may be read as SERVICE, which is not allowed here",
                where=where(token),
                todo="Choose another prefix.",
            )
        if token.kind != "word":
            continue
        word = token.text.upper()
        if word not in _WORDS:
            if "SERVICE" in word and not allow_service:
                raise QueryRefused(
                    f"{token.text} may be read as SERVICE, which is not allowed here", where=where(token)
                )
            broken = next((t for t in found if t.kind == "other"), None)
            if strict and broken is not None:
                raise QuerySyntaxError(
                    f"{broken.text!r} cannot stand here, or begins a string that does not end", where=where(broken)
                )
            if strict:
                raise QuerySyntaxError(
                    f"SPARQL has no word {token.text!r}",
                    where=where(token),
                    todo="`foedus queries` lists the saved queries, to run or to start from.",
                )
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
                "SERVICE asks another endpoint, which is not allowed here", where=where(token), todo=_TODO_SERVICE
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
    if not form and strict:
        raise QuerySyntaxError(
            "this is no SPARQL query: it has no SELECT, ASK, CONSTRUCT or DESCRIBE",
            where=name,
            todo="`foedus queries` lists the saved queries, to run or to start from.",
        )
    if not dataset:
        return CheckedQuery(text, form, None, None)
    return CheckedQuery(_blanked(text, dataset), form, tuple(default), tuple(named))


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with spaces in place of what stands in `spans`: the same length and lines, for later messages."""
    pieces, last = [], 0
    for start, end in spans:
        pieces += [text[last:start], "".join("\n" if c == "\n" else " " for c in text[start:end])]
        last = end
    return "".join([*pieces, text[last:]])


def _graph_iri(token: Token, prefixes: dict[str, str]) -> str | None:
    if token.kind == "iri":
        return token.text[1:-1]
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        return prefixes.get(prefix + ":", "") + local
    return None
