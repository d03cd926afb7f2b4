"""What an editor completes: prefixes, and the classes and properties that are in use, as VoID counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.names import PREFIXES

if TYPE_CHECKING:
    from foedus.graph import Graph

_USED = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX void: <http://rdfs.org/ns/void#>
SELECT ?kind ?term (MAX(?n) AS ?count) (SAMPLE(?name) AS ?label) WHERE {
  {
    <https://w3id.org/foedus/graph/dataset> void:classPartition ?part .
    ?part void:class ?term ; void:entities ?n .
    BIND("classes" AS ?kind)
  }
  UNION
  {
    <https://w3id.org/foedus/graph/dataset> void:propertyPartition ?part .
    ?part void:property ?term ; void:triples ?n .
    BIND("properties" AS ?kind)
  }
  OPTIONAL { ?term rdfs:label ?name . FILTER(LANG(?name) = "en") }
}
GROUP BY ?kind ?term
ORDER BY ?kind DESC(?count) ?term
"""


def terms(graph: Graph) -> dict[str, object]:
    """The terms: `prefixes` by name, `classes` and `properties` with label and number of uses, the commonest first."""
    found: dict[str, list[dict[str, object]]] = {"classes": [], "properties": []}
    for row in graph.sparql(_USED):
        told = {"iri": str(row["term"]), "label": str(row["label"] or ""), "count": int(str(row["count"]))}
        found[str(row["kind"])].append(told)
    return {"prefixes": PREFIXES, **found}
