"""Where a query stops being SPARQL: the engines' own messages name the place badly, or not at all."""

from __future__ import annotations

import re

from foedus.errors import QuerySyntaxError
from foedus.lexer import Token, position, significant


def explain(query: str, said: str) -> QuerySyntaxError:
    """The error of a query that an engine rejects with the message `said`; `where` is LINE:COLUMN if it can be told."""
    found = significant(query)
    undeclared = _undeclared(found)
    if undeclared is not None:
        prefix = undeclared.text.partition(":")[0] + ":"
        return QuerySyntaxError(
            f"the prefix {prefix} is not declared", where=_at(query, undeclared), todo=f"Add PREFIX {prefix} <…>."
        )
    broken = next((t for t in found if t.kind == "other"), None)
    if broken is not None:
        what = "a string begins here and does not end" if broken.text in "\"'" else f"{broken.text!r} cannot stand here"
        return QuerySyntaxError(what, where=_at(query, broken))
    return _parsed(query) or QuerySyntaxError(f"not SPARQL 1.1: {' '.join(said.split())[:200]}")


def _undeclared(found: list[Token]) -> Token | None:
    declared = {found[i + 1].text for i, t in enumerate(found[:-1]) if t.text.upper() == "PREFIX"}
    names = (t for i, t in enumerate(found) if t.kind == "name" and found[i - 1].text.upper() != "PREFIX")
    return next((t for t in names if t.text.partition(":")[0] + ":" not in declared), None)


def _at(query: str, token: Token) -> str:
    line, column = position(query, token.start)
    return f"{line}:{column}"


def _parsed(query: str) -> QuerySyntaxError | None:
    """The place at which rdflib's parser gives up, which is near the fault more often than Oxigraph's."""
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        translateQuery(parseQuery(query))
    except Exception as error:  # pyparsing's errors, and rdflib's own of several kinds
        at = re.search(r"\(line:(\d+), col:(\d+)\)", str(error))
        unexpected = re.search(r"found (.*?)\s*\(at char", str(error), re.DOTALL)
        if unexpected:
            message = f"not SPARQL 1.1 near {unexpected[1]}"
        else:
            message = re.sub(r"\s*\(at char.*", "", str(error), flags=re.DOTALL) or type(error).__name__
        return QuerySyntaxError(message, where=f"{at[1]}:{at[2]}" if at else None)
    return None
