"""One thing, and all that the graph says of it: found by slug, label, alias or IRI."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from foedus.answers import Passage, Row, Term
from foedus.catalog import near
from foedus.datasets import GRAPH, ID, NS
from foedus.errors import UnknownName
from foedus.names import expand, shorten

if TYPE_CHECKING:
    from foedus.graph import Graph

_LABELS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?label ?rank WHERE {
  { ?thing rdfs:label ?label . BIND(1 AS ?rank) } UNION { ?thing skos:altLabel ?label . BIND(2 AS ?rank) }
}
"""
_ABOUT = """
SELECT DISTINCT ?way ?property ?other ?graph WHERE {
  { <%(iri)s> ?property ?other . BIND("out" AS ?way) OPTIONAL { GRAPH ?graph { <%(iri)s> ?property ?other } } }
  UNION
  { ?other ?property <%(iri)s> . BIND("in" AS ?way) OPTIONAL { GRAPH ?graph { ?other ?property <%(iri)s> } } }
}
"""
_PASSAGES = """
SELECT ?thing WHERE { VALUES ?thing { <%s> } }
"""
#: Properties that stand in the head of the page, or are shown as passages.
_IN_HEAD = {
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#altLabel",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    NS + "hasCitation",
}


class Fact(NamedTuple):
    """One statement about a thing: "out" where the thing is its subject, "in" where it is its object.

    `sources` are the slugs of the graphs that hold it.
    """

    way: str
    property: str
    property_label: str
    other: Term
    other_label: str
    sources: tuple[str, ...]


class Thing(NamedTuple):
    """A thing with its names, its classes, what is said of it and the passages that support it."""

    iri: str
    label: str
    aliases: tuple[str, ...]
    classes: tuple[str, ...]
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]

    def to_dict(self) -> dict[str, object]:
        """The thing as plain lists and dictionaries, for JSON."""
        return {
            "iri": self.iri,
            "label": self.label,
            "aliases": list(self.aliases),
            "classes": list(self.classes),
            "facts": [
                {
                    "way": f.way,
                    "property": f.property,
                    "value" if f.way == "out" else "subject": f.other.value,
                    "label": f.other_label,
                    "sources": list(f.sources),
                }
                for f in self.facts
            ],
            "passages": [p._asdict() for p in self.passages],
        }


def look_up(graph: Graph, name: str) -> Thing:
    """The thing called `name`. Raises UnknownName, with the nearest names, where none or more than one is."""
    rows = [r for r in graph.sparql(_LABELS) if str(r["thing"]).startswith((ID, NS))]
    iri = _resolve(name, rows)
    names: dict[str, str] = {}
    for row in sorted(rows, key=lambda r: (str(r["rank"]), _language(r["label"]) != "en")):
        names.setdefault(str(row["thing"]), str(row["label"]))

    found: dict[tuple[str, str, Term], set[str]] = {}
    for row in graph.sparql(_ABOUT % {"iri": iri}):
        other = row["other"]
        assert other is not None
        held = found.setdefault((str(row["way"]), str(row["property"]), other), set())
        if row["graph"] is not None:
            held.add(str(row["graph"]).removeprefix(GRAPH))

    def label_of(term: Term) -> str:
        return names.get(term.value, shorten(term.value)) if term.kind == "iri" else term.value

    facts = [
        Fact(way, prop, names.get(prop, shorten(prop)), other, label_of(other), tuple(sorted(held)))
        for (way, prop, other), held in found.items()
    ]
    facts.sort(key=lambda f: (f.way != "out", f.property_label, f.other_label, f.other.value))
    classes = sorted(label_of(f.other) for f in facts if f.way == "out" and f.property.endswith("#type"))
    aliases = sorted(
        {f.other.value for f in facts if f.way == "out" and f.property in _IN_HEAD and f.other.kind == "literal"}
        - {names.get(iri, "")}
    )
    cited = graph.sparql(_PASSAGES % iri, cite=True)
    passages = tuple(p for row in cited for p in row.passages)
    body = tuple(f for f in facts if not (f.property in _IN_HEAD and f.way == "out"))
    return Thing(iri, names.get(iri, shorten(iri)), tuple(aliases), tuple(classes), body, passages)


def _language(term: Term | None) -> str:
    return (term.language if term is not None else None) or ""


def _resolve(name: str, rows: list[Row]) -> str:
    """The IRI that `name` stands for: by IRI first, then by slug, label and alias."""
    known = {str(row["thing"]) for row in rows}
    iri = expand(name)
    if iri in known:
        return str(iri)
    wanted = name.casefold()
    by_slug = {thing for thing in known if thing.rpartition("/")[2].casefold() == wanted}
    by_label = {str(r["thing"]) for r in rows if str(r["rank"]) == "1" and str(r["label"]).casefold() == wanted}
    by_alias = {str(r["thing"]) for r in rows if str(r["label"]).casefold() == wanted}
    for tier in (by_slug, by_label, by_alias):
        if len(tier) == 1:
            return tier.pop()
        if tier:
            raise UnknownName("one thing", name, sorted(shorten(t) for t in tier))
    everything = [str(r["label"]) for r in rows] + [thing.rpartition("/")[2] for thing in known]
    raise UnknownName("thing", name, near(name, sorted(set(everything))), todo="Try a slug, a label or an IRI.")


def page(thing: Thing, width: int) -> str:
    """The thing as text of at most `width` characters a line: head, what is said, what refers to it, passages."""
    import textwrap

    lines = [thing.label, "=" * min(width, len(thing.label)), f"{', '.join(thing.classes) or 'thing'} · {thing.iri}"]
    if thing.aliases:
        lines.append("also: " + "; ".join(thing.aliases))
    for way, heading in (("out", ""), ("in", "Referred to by")):
        facts = [f for f in thing.facts if f.way == way]
        if facts:
            lines += ["", heading] if heading else [""]
        last = ""
        for fact in facts:
            if fact.property_label != last:
                lines.append(f"  {fact.property_label}")
                last = fact.property_label
            where = f"  [{', '.join(fact.sources)}]" if fact.sources else ""
            shown = fact.other_label
            if fact.other.kind == "iri" and shown != shorten(fact.other.value):
                shown += f" ({shorten(fact.other.value)})"
            lines.append(f"    {shown}{where}")
    if thing.passages:
        lines += ["", "Passages"]
        lines += [f"  {p.title}, {p.locator}: “{p.phrase}”" for p in thing.passages]
    wrapped: list[str] = []
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        wrapped += textwrap.wrap(line, width, subsequent_indent=indent, break_on_hyphens=False) or [""]
    return "\n".join(wrapped) + "\n"
