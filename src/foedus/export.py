"""The graph as one file in any RDF syntax, the same bytes from run to run."""

from __future__ import annotations

import os
import stat
import sys
import tempfile

import pyoxigraph as ox

from foedus.datasets import turtle_files
from foedus.errors import InputError
from foedus.names import PREFIXES
from foedus.turtle import parse

FORMATS: dict[str, ox.RdfFormat] = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
_ENDINGS = {
    ".nq": "nquads",
    ".trig": "trig",
    ".nt": "ntriples",
    ".ttl": "turtle",
    ".jsonld": "jsonld",
    ".rdf": "rdfxml",
}


def format_of(path: str) -> str | None:
    """The format that the ending of a file name stands for, or None."""
    return _ENDINGS.get(os.path.splitext(path)[1])


def export(folder: str, format: str) -> bytes:
    """The graph in `folder` in one of FORMATS: with its named graphs where the syntax has them, else their union.

    Sorted, with canonical blank node labels (RDFC-1.0), so that equal graphs give equal bytes.
    """
    if format not in FORMATS:
        raise InputError(f"no format is called {format!r}", todo=f"Choose one of: {', '.join(FORMATS)}.")
    rdf_format = FORMATS[format]
    dataset = ox.Dataset()
    for file in turtle_files(folder):
        graph = ox.NamedNode(file.graph) if rdf_format.supports_datasets else ox.DefaultGraph()
        for triple in parse(file.path):
            dataset.add(ox.Quad(triple.subject, triple.predicate, triple.object, graph))
    return canonical(dataset, rdf_format)


def canonical(dataset: ox.Dataset, rdf_format: ox.RdfFormat) -> bytes:
    """A dataset sorted, with canonical blank node labels (RDFC-1.0), in a syntax with named graphs or one without.

    The labels in `dataset` itself become the canonical ones.
    """
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    quads = sorted(dataset, key=lambda q: (str(q.graph_name), str(q.subject), str(q.predicate), str(q.object)))
    if rdf_format.supports_datasets:
        return ox.serialize(quads, format=rdf_format, prefixes=PREFIXES) or b""
    return ox.serialize((q.triple for q in quads), format=rdf_format, prefixes=PREFIXES) or b""


def write(content: bytes, path: str | None) -> None:
    """Write `content` to the file `path`, whole or not at all, or to standard output where it is None or "-".

    Raises InputError where the file cannot be written; what stood there before is then untouched.
    """
    if path in (None, "-"):
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    assert path is not None
    path = os.path.realpath(path)
    aside = ""
    try:
        mode = stat.S_IMODE(os.stat(path).st_mode) if os.path.exists(path) else 0o666 & ~_umask()
        if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
            with open(path, "wb") as device:  # a pipe or a device is written into, and never replaced
                device.write(content)
            return
        handle, aside = tempfile.mkstemp(prefix=".foedus-", dir=os.path.dirname(os.path.abspath(path)))
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(aside, mode)
        os.replace(aside, path)
    except OSError as error:
        if aside and os.path.exists(aside):
            os.unlink(aside)
        raise InputError(
            f"cannot be written: {error.strerror}", where=path, todo="Nothing was changed there."
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
