"""All that is made from the Turtle files: the pages, the diagram and the context; and the pages as a folder of HTML."""

from __future__ import annotations

import os

import pyoxigraph as ox

from foedus.datasets import NS, read_bytes, turtle_files
from foedus.export import FORMATS, canonical
from foedus.reference import html as site
from foedus.reference import markdown
from foedus.reference.asked import asked
from foedus.reference.blocks import Page
from foedus.reference.context import context
from foedus.reference.diagram import svg
from foedus.reference.index_page import index_page
from foedus.reference.ontology import Ontology
from foedus.reference.questions import questions
from foedus.reference.statements import OWL
from foedus.reference.term_pages import term_pages
from foedus.reference.things_page import things_page
from foedus.reference.vocabulary_pages import vocabulary_pages
from foedus.turtle import parse

_CONTEXT = "ontology/context.jsonld"
#: Endings of the serialisations beside the Turtle files of the ontology.
_SYNTAXES = {"nt": "ntriples", "rdf": "rdfxml", "jsonld": "jsonld", "trig": "trig"}


def pages(ontology: Ontology, endings: tuple[str, ...] = ("ttl",)) -> list[Page]:
    """All pages; the index names the files of the ontology with these endings."""
    shapes, asking = asked(ontology), questions(ontology.folder)
    return [
        index_page(ontology, endings),
        *term_pages(ontology, shapes, asking),
        *vocabulary_pages(ontology, asking),
        things_page(ontology),
    ]


def files(folder: str) -> dict[str, str]:
    """What stands in the repository, by path: the pages as Markdown, the diagram and the context."""
    ontology = Ontology(folder)
    found = {markdown.path(page.name): markdown.markdown(page) for page in pages(ontology)}
    found[markdown.path("core.svg")] = svg(ontology)
    found[_CONTEXT] = context(ontology)
    return found


def html_files(folder: str) -> dict[str, bytes]:
    """What stands in the folder of HTML, by path: pages, diagram, context, saved queries, ontology in all syntaxes."""
    ontology = Ontology(folder)
    version = ontology.said.text(NS.rstrip("/"), OWL + "versionInfo")
    found = {site.path(page.name): site.html(page, version).encode() for page in pages(ontology, ("ttl", *_SYNTAXES))}
    found[site.path("core.svg")] = svg(ontology).encode()
    found[site.path(_CONTEXT)] = context(ontology).encode()
    for question in questions(folder):
        name = f"queries/{question.slug}.rq"
        found[site.path(name)] = read_bytes(os.path.join(folder, name))
    for file in turtle_files(folder):
        place, name = os.path.split(file.path)
        if os.path.basename(place) == "ontology":
            found[name] = read_bytes(file.path)
            for ending, format in _SYNTAXES.items():
                found[f"{name.removesuffix('.ttl')}.{ending}"] = _serialised(file.path, format)
    return found


def _serialised(path: str, format: str) -> bytes:
    """A Turtle file in another syntax, the same bytes from run to run."""
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in parse(path))
    return canonical(dataset, FORMATS[format])
