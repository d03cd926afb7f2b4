"""The index of terms: classes as a tree, properties by where they start, vocabularies, features by group, files."""

from __future__ import annotations

import os
from collections.abc import Iterator

from foedus.datasets import turtle_files
from foedus.reference.blocks import (
    Block,
    Code,
    Foreign,
    Heading,
    Inline,
    Inlines,
    Item,
    Link,
    Listing,
    Page,
    Paragraph,
    Picture,
    Table,
    capital,
    joined,
)
from foedus.reference.diagram import words
from foedus.reference.ontology import Ontology, scheme_name
from foedus.reference.statements import OWL, SKOS, Statements
from foedus.reference.vocabulary_pages import by_group

_TITLE = "http://purl.org/dc/terms/title"


def index_page(ontology: Ontology, endings: tuple[str, ...]) -> Page:
    """The index; `endings` are those of the files in which the ontology stands beside it."""
    return Page("index", "Terms", (), tuple(_blocks(ontology, endings)))


def _blocks(ontology: Ontology, endings: tuple[str, ...]) -> Iterator[Block]:
    yield Paragraph(
        (
            "Made from ",
            Code("ontology/"),
            ": a page for every class, every property and every vocabulary. The prefix ",
            Code("foedus:"),
            " is ",
            Code("https://w3id.org/foedus/ns/"),
            "; that of a vocabulary is its name: ",
            Code("state:concluded"),
            " is ",
            Code("https://w3id.org/foedus/ns/state/concluded"),
            ". Besides, each thing has ",
            Code("rdfs:label"),
            ", many have ",
            Code("skos:altLabel"),
            " and ",
            Code("rdfs:comment"),
            "; sources and cited works ",
            Code("dcterms:title"),
            ", ",
            Code("dcterms:creator"),
            " and ",
            Code("dcterms:publisher"),
            ". The instruments, actors, sources and events that a question may name are in ",
            Link("Things", "things"),
            ".",
        )
    )
    yield Heading(2, "The core chain")
    yield Picture("core.svg", words(ontology))
    yield Heading(2, "Classes")
    yield Paragraph(
        ("A kind stands below its class. A derived class follows from its definition and is never stated.",)
    )
    yield Listing(tuple(_tree(ontology, c) for c in ontology.classes if not ontology.parents(c)))
    yield Heading(2, "Properties by the class they start from")
    groups: dict[tuple[str, ...], list[str]] = {}
    annotations = [p for p in ontology.properties if ontology.is_annotation(p)]
    for p in ontology.properties:
        if p not in annotations:
            groups.setdefault(tuple(ontology.domains[p]), []).append(p)
    for domain in sorted(groups, key=lambda d: (not d, ontology.classes.index(d[0]) if d else 0, len(d))):
        yield Heading(3, _names(ontology, domain) or "Any thing")
        yield Listing(tuple(Item(_line(ontology, p)) for p in groups[domain]))
    yield Heading(3, "Annotations")
    yield Listing(tuple(Item(_line(ontology, p)) for p in annotations))
    yield Heading(2, "Vocabularies")
    yield Listing(tuple(Item(_vocabulary(ontology, scheme)) for scheme in ontology.schemes))
    yield Heading(2, "Features by group")
    for group, features in by_group(ontology):
        yield Heading(3, capital(ontology.said.label(group)))
        yield Listing(tuple(Item(_line(ontology, f)) for f in features))
    yield Heading(2, "Files")
    yield _files(ontology, endings)
    yield Paragraph(("For JSON-LD: ", Link("context.jsonld", "ontology/context.jsonld"), "."))


def _tree(ontology: Ontology, class_: str) -> Item:
    return Item(_line(ontology, class_), tuple(_tree(ontology, c) for c in ontology.children(class_)))


def _names(ontology: Ontology, terms: tuple[str, ...]) -> str:
    """The labels of several terms as one heading."""
    return capital(", ".join(ontology.said.label(t) for t in terms))


def _line(ontology: Ontology, term: str) -> Inlines:
    """A term with its labels and its definition."""
    derived = (" (derived)",) if ontology.is_derived(term) else ()
    definition = ontology.said.text(term, SKOS + "definition")
    return (ontology.link(term), " ", *ontology.labels(term), *derived, f": {definition}")


def _vocabulary(ontology: Ontology, scheme: str) -> Inlines:
    name = scheme_name(scheme)
    takers = joined([ontology.link(p) for p in ontology.takers(scheme)])
    of: Inlines = (", values of ", *takers) if takers else ()
    return (
        Link(name, f"vocabularies/{name}"),
        " ",
        *ontology.labels(scheme),
        f": {len(ontology.concepts(scheme))}",
        *of,
    )


def _files(ontology: Ontology, endings: tuple[str, ...]) -> Table:
    """The files of the ontology with their titles and versions."""
    rows: list[tuple[Inlines, ...]] = []
    for file in turtle_files(ontology.folder):
        folder, name = os.path.split(file.path)
        if os.path.basename(folder) != "ontology":
            continue
        said = Statements([file.path])
        for header in said.typed(OWL + "Ontology"):
            version: Inline = said.text(header, OWL + "versionInfo")
            for iri in said.named(header, OWL + "versionIRI"):
                version = Link(str(version), iri)
            stem = name.removesuffix(".ttl")
            links: list[Inline] = [Link(f"{stem}.{e}", f"ontology/{stem}.{e}") for e in endings]
            uk = said.text(header, _TITLE, "uk")
            rows.append((joined(links), (said.text(header, _TITLE),), (Foreign(uk, "uk"),), (version,)))
    return Table(("file", "title", "in Ukrainian", "version"), tuple(rows))
