"""Which thing a name stands for: a slug, a label, an alias, the phrase of a passage, or an IRI."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from foedus.answers import Row, Term
from foedus.catalog import near
from foedus.datasets import ID, NS
from foedus.errors import UnknownName
from foedus.names import expand, shorten

if TYPE_CHECKING:
    from foedus.graph import Graph

_LABELS = """
PREFIX f: <https://w3id.org/foedus/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?label ?rank WHERE {
  { ?thing rdfs:label ?label . BIND(1 AS ?rank) }
  UNION
  { ?thing skos:altLabel ?label . BIND(2 AS ?rank) }
  UNION
  { ?thing f:phrase ?label . BIND(3 AS ?rank) }
}
"""
#: Things whose slug is often that of what they date or support, which is then meant.
_YIELDING = tuple(f"{ID}{kind}/" for kind in ("citation", "classification", "derived-date", "passage", "test-outcome"))


def labels(graph: Graph) -> list[Row]:
    """Every name: rows of `thing`, `label` and `rank`: 1 for a label, 2 for an alias, 3 for the phrase of a passage."""
    return [r for r in graph.sparql(_LABELS) if str(r["thing"]).startswith((ID, NS))]


def resolve(name: str, rows: Sequence[Row], kind: str = "thing") -> str:
    """The IRI that `name` stands for among the `rows` of `labels`: by IRI first, then by slug, label and alias.

    Raises UnknownName, with the nearest names, where it stands for none or for more than one.
    """
    known = {str(row["thing"]) for row in rows}
    iri = expand(name)
    if iri in known:
        return str(iri)
    wanted = name.casefold()
    tiers = [{thing for thing in known if thing.rpartition("/")[2].casefold() == wanted}]
    tiers[0] = {thing for thing in tiers[0] if not thing.startswith(_YIELDING)} or tiers[0]
    for rank in ("1", "2", "3"):
        found = {str(r["thing"]) for r in rows if str(r["rank"]) == rank and str(r["label"]).casefold() == wanted}
        tiers.append(found)
    for tier in tiers:
        if len(tier) == 1:
            return tier.pop()
        if tier:
            raise UnknownName(f"one {kind}", name, sorted(shorten(t) for t in tier))
    everything = {thing.rpartition("/")[2] for thing in known} | {
        str(r["label"]) for r in rows if str(r["rank"]) != "3"
    }
    raise UnknownName(kind, name, near(name, sorted(everything)), todo="Try a slug, a label or an IRI.")


def preferred(rows: Iterable[Row]) -> dict[str, str]:
    """The name of each thing for people: its English label, or else another, or else an alias."""
    names: dict[str, str] = {}
    for row in sorted(rows, key=lambda r: (str(r["rank"]), _language(r["label"]) != "en", str(r["label"]))):
        names.setdefault(str(row["thing"]), str(row["label"]))
    return names


def _language(term: Term | None) -> str:
    return (term.language if term is not None else None) or ""
