"""What ro-crate-metadata.json says of a release: its title, day, authors, licences, and of each file what it is.

Source: RO-Crate Metadata Specification 1.2, structure, root data entity, data entities, contextual entities.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from foedus.export import sha256_of
from foedus.publishing.citing import Citation
from foedus.publishing.published import BASE

SPECIFICATION = "https://w3id.org/ro/crate/1.2"
METADATA = "ro-crate-metadata.json"
CODE, DATA = "Apache-2.0", "CC-BY-4.0"
OWL = "https://www.w3.org/TR/owl2-overview/"
SHACL = "https://www.w3.org/TR/shacl/"
VOID = "https://www.w3.org/TR/void/"
DCAT = "https://www.w3.org/TR/vocab-dcat-3/"
SPEX = "https://purl.expasy.org/sparql-examples/ontology"
_NAMES = {
    CODE: "Apache License 2.0",
    DATA: "Creative Commons Attribution 4.0 International",
    OWL: "OWL 2 Web Ontology Language",
    SHACL: "Shapes Constraint Language (SHACL)",
    VOID: "Vocabulary of Interlinked Datasets (VoID)",
    DCAT: "Data Catalog Vocabulary (DCAT) 3",
    SPEX: "SIB SPARQL examples",
}


class Described(NamedTuple):
    """A file of a release: its path in it, what it is, the SPDX identifier of its licence, and what it conforms to."""

    path: str
    what: str
    licence: str
    conforms: tuple[str, ...] = ()


class _Format(NamedTuple):
    """A format of files: its media type, its name, and its IRI where it has one."""

    media: str
    name: str
    iri: str | None = None


_FORMATS = {
    ".cff": _Format("application/yaml", "Citation File Format"),
    ".gz": _Format("application/gzip", "gzip"),
    ".json": _Format("application/json", "JSON"),
    ".jsonld": _Format("application/ld+json", "JSON-LD", "http://www.w3.org/ns/formats/JSON-LD"),
    ".md": _Format("text/markdown", "Markdown"),
    ".nq": _Format("application/n-quads", "N-Quads", "http://www.w3.org/ns/formats/N-Quads"),
    ".nt": _Format("application/n-triples", "N-Triples", "http://www.w3.org/ns/formats/N-Triples"),
    ".rdf": _Format("application/rdf+xml", "RDF/XML", "http://www.w3.org/ns/formats/RDF_XML"),
    ".rq": _Format("application/sparql-query", "SPARQL 1.1 Query", "https://www.w3.org/TR/sparql11-query/"),
    ".tar": _Format("application/x-tar", "tar"),
    ".trig": _Format("application/trig", "TriG", "http://www.w3.org/ns/formats/TriG"),
    ".ttl": _Format("text/turtle", "Turtle", "http://www.w3.org/ns/formats/Turtle"),
    ".whl": _Format("application/zip", "Python wheel"),
}
_PLAIN = _Format("text/plain", "plain text")


def metadata(
    cited: Citation, day: datetime.date, description: str, files: Iterable[Described], folder: str
) -> dict[str, Any]:
    """The content of ro-crate-metadata.json for the files of a release, which stand in `folder`."""
    told = list(files)
    entities = [_file(file, os.path.join(folder, file.path)) for file in told]
    authors = [_author(author) for author in cited.authors]
    address = f"{BASE}release/{cited.version}/"
    identifier = {"@id": address, "@type": "PropertyValue", "name": "w3id.org", "value": address}
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{cited.title}, version {cited.version}",
        "description": description,
        "datePublished": day.isoformat(),
        "version": cited.version,
        "identifier": {"@id": identifier["@id"]},
        "url": BASE,
        "license": _one([{"@id": _licence(licence)} for licence in cited.licences]),
        "author": _ids(authors),
        "publisher": _ids(authors),
        "keywords": list(cited.keywords),
        "inLanguage": ["en", "uk"],
        "hasPart": _ids(entities),
    }
    descriptor = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "name": "What is in this release",
        "about": {"@id": "./"},
        "conformsTo": {"@id": SPECIFICATION},
        "license": {"@id": _licence(DATA)},
    }
    licences = [
        {
            "@id": _licence(spdx),
            "@type": "CreativeWork",
            "name": _NAMES.get(spdx, spdx),
            "description": f"{spdx} in the list of SPDX",
        }
        for spdx in cited.licences
    ]
    graph = [descriptor, root, *entities, *authors, identifier, *licences, *_standards(told, cited.version)]
    return {"@context": f"{SPECIFICATION}/context", "@graph": graph}


def _file(file: Described, path: str) -> dict[str, Any]:
    found = formats(file.path)
    types: list[Any] = [format.media for format in found] + [{"@id": format.iri} for format in found if format.iri]
    entity = {
        "@id": file.path,
        "@type": "File",
        "name": file.what,
        "encodingFormat": _one(types),
        "contentSize": str(os.path.getsize(path)),
        "sha256": sha256_of(path),
        "license": {"@id": _licence(file.licence)},
    }
    if file.conforms:
        entity["conformsTo"] = _one([{"@id": iri} for iri in file.conforms])
    return entity


def formats(path: str) -> list[_Format]:
    """The formats of a file by the endings of its name, the outermost first."""
    found = []
    while (ending := os.path.splitext(path)[1]) in _FORMATS:
        found.append(_FORMATS[ending])
        path = path.removesuffix(ending)
    return found or [_PLAIN]


def _standards(files: list[Described], version: str) -> list[dict[str, Any]]:
    """The formats and specifications that the files name."""
    used = {format.iri: format.name for file in files for format in formats(file.path) if format.iri}
    found = [{"@id": iri, "@type": "WebPage", "name": name} for iri, name in sorted(used.items())]
    for iri in sorted({iri for file in files for iri in file.conforms}):
        name = _NAMES.get(iri) or f"Foedus {'shapes' if '/shapes/' in iri else 'ontology'}, version {version}"
        found.append({"@id": iri, "@type": "CreativeWork", "name": name})
    return found


def _ids(entities: list[dict[str, Any]]) -> Any:
    return _one([{"@id": entity["@id"]} for entity in entities])


def _one(values: list[Any]) -> Any:
    """A list, or its only value."""
    return values[0] if len(values) == 1 else values


def _licence(spdx: str) -> str:
    """The IRI of a licence, by its identifier in the SPDX list."""
    return f"https://spdx.org/licenses/{spdx}"


def _author(author: dict[str, Any]) -> dict[str, Any]:
    """An author of CITATION.cff: a person, or an organisation, which has a name alone."""
    if "name" in author:
        kind, name = "Organization", author["name"]
    else:
        parts = ("given-names", "name-particle", "family-names", "name-suffix")
        kind, name = "Person", " ".join(author[part] for part in parts if part in author)
    iri = author.get("orcid") or "#" + re.sub(r"\W+", "-", name.lower())
    return {"@id": iri, "@type": kind, "name": name, "url": author.get("website") or BASE}
