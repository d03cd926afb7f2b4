"""What Schemathesis is told beside the description: strings of the formats that it does not know."""

from __future__ import annotations

import schemathesis
from hypothesis import strategies

_FORMATS = {
    "sparql-query": [
        "ASK { ?s ?p ?o }",
        "SELECT ?s WHERE { ?s a <https://w3id.org/foedus/ns/Source> } ORDER BY ?s",
        "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }",
        "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c . FILTER(STRENDS(STR(?s), 'ukraine')) }",
        "DESCRIBE <https://w3id.org/foedus/id/actor/ukraine>",
    ],
    "iri": [
        "https://w3id.org/foedus/graph/actors",
        "https://w3id.org/foedus/id/actor/ukraine",
        "urn:x",
        "http://ü.eu/ї",
    ],
    "iri-reference": [
        "germany",
        "germany-ukraine",
        "dw-article",
        "nobody",
        "ü",
        "https://w3id.org/foedus/id/actor/ukraine",
    ],
}

for name, samples in _FORMATS.items():
    schemathesis.openapi.format(name, strategies.sampled_from(samples))
