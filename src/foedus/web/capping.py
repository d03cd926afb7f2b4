"""A query that gives no more than so many rows.

The number goes into the query as its LIMIT, so that the engine stops there: an answer that is cut only after it was
written has filled the memory by then. Source: SPARQL 1.1 Query, section 19.8 (SolutionModifier, ValuesClause).
"""

from __future__ import annotations

from itertools import pairwise

from foedus.lexer import Token, significant

_DIGITS = 18  # of a number: more of them are more than any number of rows


def capped(query: str, most: int) -> str:
    """`query`, a SELECT, with a LIMIT of at most `most` of its own; those of queries inside it stay as they are.

    >>> capped("SELECT * { ?s ?p ?o } LIMIT 5", 3)
    'SELECT * { ?s ?p ?o } LIMIT 3'
    """
    outside = list(_outside(query))
    for token, number in pairwise(outside):
        if token.text.upper() == "LIMIT" and number.text.isdecimal():
            limit = min(int(number.text.lstrip("0")[:_DIGITS] or "0"), most)
            return f"{query[: number.start]}{limit}{query[number.end :]}"
    values = next((t for t in outside if t.text.upper() == "VALUES"), None)
    at = values.start if values else len(query)
    return f"{query[:at]}\nLIMIT {most}\n{query[at:]}"


def _outside(query: str) -> list[Token]:
    """The tokens that stand in no bracket: after the braces of WHERE, those of the solution modifiers."""
    found, depth = [], 0
    for token in significant(query):
        if token.text in ("{", "("):
            depth += 1
        elif token.text in ("}", ")"):
            depth -= 1
        elif depth == 0:
            found.append(token)
    return found
