"""The page of a class or of a property."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from foedus.datasets import NS
from foedus.reference.asked import Asked
from foedus.reference.blocks import (
    Block,
    Code,
    Facts,
    Foreign,
    Heading,
    Inline,
    Inlines,
    Lines,
    Link,
    Page,
    Paragraph,
    Table,
    joined,
)
from foedus.reference.examples import COUNTER_EXAMPLE_OF, EXAMPLE_OF, block
from foedus.reference.manchester import lines
from foedus.reference.ontology import PROPERTY_KINDS, Ontology, scheme_name
from foedus.reference.questions import Question
from foedus.reference.statements import OWL, RDF, RDFS, SKOS

#: What each mapping says, ours first.
_MATCHES = {
    "exactMatch": "the same as",
    "closeMatch": "nearly the same as",
    "broadMatch": "a kind of",
    "narrowMatch": "wider than",
    "relatedMatch": "near, but neither the same nor a kind of",
}
_PROPERTY_KINDS = ("object property: it leads to a thing", "datatype property: it leads to a value", "annotation")
INDEX = Link("Terms", "index")


def term_pages(ontology: Ontology, shapes: list[Asked], asking: list[Question]) -> Iterator[Page]:
    """A page for each class and each property."""
    for term, folder in (
        *((c, "classes") for c in ontology.classes),
        *((p, "properties") for p in ontology.properties),
    ):
        blocks = [Facts(tuple(_facts(ontology, term)))]
        told = _of_class(ontology, term) if folder == "classes" else ()
        yield Page(
            f"{folder}/{term[len(NS) :]}",
            ontology.short(term),
            (INDEX,),
            (
                *blocks,
                *told,
                *_asked(ontology, term, shapes),
                *_matches(ontology, term),
                *_questions(ontology, term, asking),
            ),
        )


def _facts(ontology: Ontology, term: str) -> Iterator[tuple[str, Inlines]]:
    said = ontology.said
    yield "IRI", (Link(term, term),)
    yield "Label", (said.label(term),)
    if said.label(term, "uk"):
        yield "Label in Ukrainian", (Foreign(said.label(term, "uk"), "uk"),)
    yield "Kind", (_kind(ontology, term),)
    for name, predicate in (("Definition", "definition"), ("Scope note", "scopeNote"), ("Example", "example")):
        text = said.text(term, SKOS + predicate)
        if text:
            yield name, (text,)
    if term in ontology.classes:
        yield from _class_facts(ontology, term)
    else:
        yield from _property_facts(ontology, term)
    if said.text(term, OWL + "versionInfo"):
        yield "Since version", (said.text(term, OWL + "versionInfo"),)
    if said.text(term, OWL + "deprecated") == "true":
        yield "Deprecated", ("no longer to be used",)


def _kind(ontology: Ontology, term: str) -> str:
    if term in ontology.classes:
        return (
            "derived class: it follows from its definition and is never stated"
            if ontology.is_derived(term)
            else "class"
        )
    kinds = ontology.said.named(term, RDF + "type")
    return next(word for kind, word in zip(PROPERTY_KINDS, _PROPERTY_KINDS, strict=True) if OWL + kind in kinds)


def _links(ontology: Ontology, terms: Iterable[str]) -> Inlines:
    return joined([ontology.link(t) for t in terms])


def _class_facts(ontology: Ontology, class_: str) -> Iterator[tuple[str, Inlines]]:
    above = ontology.above(class_)
    scheme = ontology.vocabulary(class_)
    disjoint = ontology.disjoint(class_)
    if above:
        yield "Superclasses", _links(ontology, above)
    if ontology.children(class_):
        yield "Subclasses", _links(ontology, ontology.children(class_))
    if disjoint:
        yield "Disjoint with", _links(ontology, disjoint)
    heirs = [c for c in above if ontology.disjoint(c)]
    if heirs:
        yield "Disjoint too with" if disjoint else "Disjoint with", ("what is disjoint with ", *_links(ontology, heirs))
    if scheme:
        number = len(ontology.concepts(scheme))
        yield "Concepts", (f"all {number} of the vocabulary ", _vocabulary(scheme))
    elif ontology.concepts_of(class_):
        yield "Concepts", _links(ontology, ontology.concepts_of(class_))


def _property_facts(ontology: Ontology, property_: str) -> Iterator[tuple[str, Inlines]]:
    scheme = ontology.vocabulary(property_)
    for name, predicate in (("Kind of", "subPropertyOf"), ("Inverse of", "inverseOf")):
        terms = ontology.said.named(property_, (RDFS if predicate == "subPropertyOf" else OWL) + predicate)
        if terms:
            yield name, _links(ontology, terms)
    yield "Starts from", _domain(ontology, property_)
    yield "Leads to", value_of(ontology, property_)
    if scheme:
        yield "Vocabulary", (_vocabulary(scheme), f", {len(ontology.concepts(scheme))} concepts")


def _vocabulary(scheme: str) -> Link:
    return Link(scheme_name(scheme), f"vocabularies/{scheme_name(scheme)}")


def _domain(ontology: Ontology, property_: str) -> Inlines:
    """What may have a property."""
    return joined([ontology.link(c) for c in ontology.domains[property_]], " or ") or ("any thing",)


def value_of(ontology: Ontology, property_: str) -> Inlines:
    """What the values of a property are."""
    scheme = ontology.vocabulary(property_)
    ranges = [ontology.link(c) for c in ontology.ranges[property_]]
    if not ranges and scheme:
        return ("concept of ", _vocabulary(scheme))
    return joined(ranges, " or ") or ("any thing",)


def _of_class(ontology: Ontology, class_: str) -> Iterator[Block]:
    for expression in ontology.said.of(class_, OWL + "equivalentClass"):
        yield Heading(2, "Definition in logic")
        yield Paragraph(("Whatever fits this, and nothing else, is of the class (OWL 2, Manchester syntax):",))
        yield Lines(tuple(lines(ontology, expression)), "text")
    line = (class_, *ontology.above(class_))
    own: list[tuple[Inlines, ...]] = [
        ((ontology.link(p),), value_of(ontology, p), (ontology.said.text(p, SKOS + "definition"),), (ontology.link(c),))
        for c in line
        for p in ontology.starting(c)
    ]
    yield Heading(2, "Properties it may have")
    if own:
        yield Table(("property", "value", "definition", "through"), tuple(own))
    anywhere = [p for p in ontology.properties if not ontology.domains[p] and not ontology.is_annotation(p)]
    yield Paragraph(("Any thing may have ", *_links(ontology, anywhere), "."))
    leading: list[tuple[Inlines, ...]] = [
        ((ontology.link(p),), _domain(ontology, p), (ontology.link(c),)) for c in line for p in ontology.leading(c)
    ]
    if leading:
        yield Heading(2, "Properties that lead to it")
        yield Table(("property", "from", "through"), tuple(leading))
    for heading, predicate in (("Examples", EXAMPLE_OF), ("Counter-examples", COUNTER_EXAMPLE_OF)):
        found = ontology.examples.with_value(predicate, class_)
        if found:
            yield Heading(2, heading)
        for thing in found:
            comment = ontology.examples.text(thing, RDFS + "comment")
            yield Paragraph((f"{ontology.examples.label(thing)}. {comment}".strip(),))
            yield block(ontology, thing)


def _asked(ontology: Ontology, term: str, shapes: list[Asked]) -> Iterator[Block]:
    """What the shapes ask of a class, as inherited, or of what a property leads to."""
    line = {term, *ontology.above(term)}
    rows: list[tuple[Inlines, ...]] = []
    for asked in shapes:
        if line.intersection(asked.classes):
            rows.append((asked.path, (asked.number,), (asked.message,)))
        elif term in asked.terms or term in asked.having:
            of: list[Inline] = [ontology.link(c) for c in asked.classes]
            of += [Code(f"what has {ontology.short(p)}") for p in asked.having]
            rows.append((joined(of), asked.path, (asked.number,), (asked.message,)))
    if rows:
        yield Heading(2, "What the shapes ask")
        head = ("of its", "how many", "message where it is not so")
        yield Table(head if len(rows[0]) == 3 else ("of", *head), tuple(rows))


def _matches(ontology: Ontology, term: str) -> Iterator[Block]:
    rows: list[tuple[Inlines, ...]] = [
        ((words,), (Code("skos:" + match),), (ontology.link(other),))
        for match, words in _MATCHES.items()
        for other in ontology.said.named(term, SKOS + match)
    ]
    if rows:
        yield Heading(2, "In other ontologies")
        yield Table(("it is", "mapping", "term"), tuple(rows))


def _questions(ontology: Ontology, term: str, asking: list[Question]) -> Iterator[Block]:
    """The saved queries that use a term, by itself or by a concept."""
    scheme = ontology.vocabulary(term)
    concepts = set(ontology.concepts_of(term)) if term in ontology.classes else set(ontology.concepts(scheme or ""))
    rows: list[tuple[Inlines, ...]] = []
    for question in asking:
        used = sorted(concepts & question.terms)
        if term in question.terms or used:
            by: Inlines = ("directly",) if term in question.terms else _links(ontology, used)
            rows.append(((question.question,), (Link(Code(question.slug), f"queries/{question.slug}.rq"),), by))
    yield Heading(2, "Questions that use it")
    if rows:
        yield Table(("question", "saved query", "by"), tuple(rows))
    else:
        yield Paragraph(("No saved query uses it.",))
