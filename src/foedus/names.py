"""Prefixes, and IRIs made short for people."""

from __future__ import annotations

from foedus.datasets import GRAPH, ID, NS

_THINGS = [
    "actor",
    "agent",
    "amount",
    "citation",
    "classification",
    "clause",
    "commitment",
    "condition",
    "count",
    "derived-date",
    "designation",
    "disagreement",
    "entry",
    "event",
    "finding",
    "group",
    "guarantee",
    "hedge",
    "instrument",
    "instrument-state",
    "link",
    "participation",
    "passage",
    "place",
    "position",
    "role",
    "source",
    "statement",
    "test-outcome",
    "work",
]
_SCHEMES = [
    "answer-kind",
    "authority",
    "basis",
    "bound",
    "capability",
    "capacity",
    "clause-kind",
    "confidence",
    "derivation-rule",
    "disagreement-kind",
    "event-type",
    "feature",
    "feature-group",
    "force",
    "hedge-kind",
    "legal-force",
    "match",
    "matter",
    "notation",
    "outcome",
    "precision",
    "response",
    "scheme",
    "set-aside",
    "state",
    "statement-kind",
    "trigger",
    "value",
    "verdict",
]

#: Prefix to namespace, sorted by prefix; `state-of` is the prefix of things, since `state` is that of the vocabulary.
PREFIXES: dict[str, str] = dict(
    sorted(
        {
            "dcterms": "http://purl.org/dc/terms/",
            "foedus": NS,
            "graph": GRAPH,
            "prov": "http://www.w3.org/ns/prov#",
            "owl": "http://www.w3.org/2002/07/owl#",
            "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
            **{("state-of" if t == "instrument-state" else t): f"{ID}{t}/" for t in _THINGS},
            **{s: f"{NS}{s}/" for s in (*_SCHEMES, "example")},
        }.items()
    )
)


def shorten(iri: str) -> str:
    """`iri` with the longest prefix that fits, such as `instrument:uk-ukraine-2024`; unchanged where none fits."""
    best = max((p for p, base in PREFIXES.items() if iri.startswith(base)), key=lambda p: len(PREFIXES[p]), default="")
    rest = iri[len(PREFIXES[best]) :] if best else ""
    return f"{best}:{rest}" if rest and "/" not in rest else iri


def expand(name: str) -> str | None:
    """The IRI of a name such as `instrument:uk-ukraine-2024` or of an IRI; None where it is neither."""
    if name.startswith(("http://", "https://")):
        return name
    prefix, colon, rest = name.partition(":")
    return PREFIXES[prefix] + rest if colon and prefix in PREFIXES else None
