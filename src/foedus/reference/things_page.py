"""The list of things that a question may name."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from foedus.datasets import NS
from foedus.reference.blocks import Block, Code, Heading, Inlines, Page, Paragraph, Table, capital
from foedus.reference.ontology import Ontology
from foedus.reference.statements import RDF, SKOS
from foedus.reference.term_pages import INDEX
from foedus.turtle import node

#: Things that a question may name by their slug.
_LISTED = ("Source", "Instrument", "InstrumentGroup", "Actor", "Event")


def things_page(ontology: Ontology) -> Page:
    """The list of things."""
    return Page("things", "Things", (INDEX,), tuple(_blocks(ontology)))


def _blocks(ontology: Ontology) -> Iterator[Block]:
    said = ontology.said
    yield Paragraph(
        (
            "Made from ",
            Code("data/"),
            ": what a question may name. ",
            Code("foedus show NAME"),
            " tells all of one; the part after the colon, its slug, mostly does too. Its IRI is ",
            Code("https://w3id.org/foedus/id/TYPE/SLUG"),
            ".",
        )
    )
    for class_ in _LISTED:
        yield Heading(2, capital(said.label(NS + class_)))
        rows: list[tuple[Inlines, ...]] = []
        for thing in sorted(said.typed(NS + class_)):
            kinds = [k for k in said.named(thing, RDF + "type") if k != NS + class_ and not ontology.is_derived(k)]
            event = [node(k) for k in said.of(thing, NS + "eventType")]
            kind = ", ".join(sorted(said.label(k) for k in [*kinds, *event]))
            also = sorted({a.value for a in said.of(thing, SKOS + "altLabel") if isinstance(a, ox.Literal)})
            rows.append(((Code(ontology.short(thing)),), (said.label(thing),), (kind,), ("; ".join(also),)))
        yield Table(("name", "label", "kind", "also called"), tuple(rows))
