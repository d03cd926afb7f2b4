"""Every IRI that was ever published: a plain list, one a line without what all begin with, of which none may vanish.

Published is what the Turtle files describe, the named graphs, and the versions of the ontology. An IRI that is given up
stays described, with `owl:deprecated`. The IRI of a version is kept by the release of that version and no longer stands
in the files once there is a newer one. An IRI with a fragment is a part of a document and is not listed, nor are
candidates for links and searches for them: they go once a link settles them.
"""

from __future__ import annotations

import re

import pyoxigraph as ox

from foedus.canonical import stream
from foedus.datasets import LINKS, read_bytes, turtle_files
from foedus.export import write
from foedus.names import PREFIXES

#: What all begin with.
BASE = "https://w3id.org/foedus/"
_UNSETTLED = (LINKS + "candidates", LINKS + "not-found")
_VERSION = re.compile(rf"{BASE}ns/([a-z]+/)?\d+\.\d+\.\d+")


def published(folder: str) -> set[str]:
    """The IRIs that the graph in `folder` publishes. Raises InputError for a file that is not Turtle."""
    found = set()
    for file in turtle_files(folder):
        found.add(file.graph)
        if file.graph in _UNSETTLED:
            continue
        for t in stream(file.path):
            for term in (t.subject, t.object if t.predicate.value == PREFIXES["owl"] + "versionIRI" else None):
                if isinstance(term, ox.NamedNode) and term.value.startswith(BASE) and "#" not in term.value:
                    found.add(term.value)
    return found


def listed(path: str) -> set[str]:
    """The IRIs of a list. Raises InputError where it cannot be read."""
    lines = read_bytes(path).decode("utf-8").splitlines()
    return {BASE + line for line in lines if line and not line.startswith("#")}


def vanished(now: set[str], path: str) -> list[str]:
    """What the list has and is not published now, but for versions: sorted."""
    return sorted(iri for iri in listed(path) - now if not _VERSION.fullmatch(iri))


def unlisted(now: set[str], path: str) -> list[str]:
    """What is published now and the list does not have: sorted."""
    return sorted(now - listed(path))


def enlist(iris: set[str], path: str) -> None:
    """Add IRIs to a list; none is ever removed. Raises InputError where it cannot be read or written."""
    lines = sorted(iri.removeprefix(BASE) for iri in iris | listed(path))
    head = f"# Every IRI below {BASE} that was ever published. `make format` adds new ones; none may be removed.\n"
    write((head + "".join(f"{line}\n" for line in lines)).encode(), path)
