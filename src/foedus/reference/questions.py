"""The saved queries as competency questions: which terms each of them uses."""

from __future__ import annotations

from typing import NamedTuple

from foedus.catalog import Catalog, SavedQuery
from foedus.lexer import significant
from foedus.names import expand as expand_ours
from foedus.turtle import expand


class Question(NamedTuple):
    """A saved query and the IRIs that it names."""

    slug: str
    question: str
    group: str
    terms: frozenset[str]


def questions(folder: str) -> list[Question]:
    """The saved queries of a folder, sorted by slug."""
    return [Question(q.slug, q.question, (q.tags or ("",))[0], terms(q)) for q in Catalog(folder).all()]


def terms(query: SavedQuery) -> frozenset[str]:
    """The IRIs that a query names in its text, or as the default of a parameter."""
    prefixes: dict[str, str] = {}
    found = {expand_ours(p.default) for p in query.parameters if p.type == "iri" and p.default}
    parts = significant(query.text)
    for i, token in enumerate(parts):
        if token.text.upper() == "PREFIX" and i + 2 < len(parts):
            prefixes[parts[i + 1].text] = parts[i + 2].text[1:-1]
        elif token.kind in ("name", "iri") and (i < 2 or "PREFIX" not in (p.text.upper() for p in parts[i - 2 : i])):
            found.add(expand(token.text, prefixes))
    return frozenset(iri for iri in found if iri)
