"""The graph in any RDF syntax, as one file or as many with a manifest of their digests; the same bytes from run to run.

Memory is flat in the size of the graph: triples are read as they are written, in the order of their lines, and only
those that hold a blank node are kept.
"""

from __future__ import annotations

import gzip
import io
import json
import math
import os
import shutil
import stat
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from hashlib import file_digest
from itertools import chain, count, islice
from typing import IO, Any, BinaryIO, cast

import pyoxigraph as ox

from foedus import __version__
from foedus.canonical import fingerprint, holds_blank, lines, stream
from foedus.datasets import GRAPH, turtle_files
from foedus.errors import InputError
from foedus.names import PREFIXES

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
_GZIP = ".gz"
_LEVEL = 6  # of compression
_TOGETHER = 1000  # lines that are turned into another syntax at once
_MOST = 9999  # parts, so that the names have one length and sort

#: A graph's IRI, "" for the union of all; and lines of its N-Triples that stay in one file.
_Piece = tuple[str, list[bytes]]


def format_of(path: str) -> str | None:
    """The format that the ending of a file name stands for, before .gz if there is one; or None."""
    return _ENDINGS.get(os.path.splitext(path.removesuffix(_GZIP))[1])


def is_gzip(path: str) -> bool:
    """Whether the name of a file says that it is compressed with gzip."""
    return path.endswith(_GZIP)


def export(folder: str, format: str) -> bytes:
    """The graph in `folder` in one of FORMATS: with its named graphs where the syntax has them, else their union.

    Graphs in the order of their IRIs, triples in that of their lines of N-Triples, with canonical blank node labels
    (RDFC-1.0), so that equal graphs give equal bytes. Raises InputError for a format that does not exist, and for a
    file that is not Turtle.
    """
    out = io.BytesIO()
    _put(_pieces(_Content(folder, _known(format))), FORMATS[format], _Counted(out))
    return out.getvalue()


def export_file(folder: str, format: str, path: str | None, *, compress: bool = False) -> None:
    """Write what `export` gives to the file `path`, whole or not at all, or to standard output (None or "-").

    `compress` is for gzip, without time and name, so that the bytes are the same from run to run. Raises InputError
    as `export` and `write` do.
    """
    content = _Content(folder, _known(format))
    with _whole(path) as file, _packed(file, compress) as out:
        _put(_pieces(content), FORMATS[format], _Counted(out))


def export_parts(folder: str, format: str, place: str, *, size: int | None = None, compress: bool = False) -> None:
    """Write the graph as files in the folder `place`, whole or not at all, with manifest.json and SHA256SUMS.

    One file a named graph, named after it; or, with a `size` in bytes before compression, foedus-0001 and so on, each
    of about that size at most: a triple is never cut, and triples that share a blank node stay together. Blank node
    labels are those of the whole, so that the files may be joined.

    Raises InputError as `export` does, and where the folder cannot be written, is not empty, or would hold too many
    files; nothing is then left there.
    """
    rdf_format = FORMATS[_known(format)]
    ending = next(e for e, name in _ENDINGS.items() if name == format) + (_GZIP if compress else "")
    with whole_folder(place) as aside:
        content = _Content(folder, format, by_graph=size is None)
        files: list[dict[str, Any]] = []
        for name, graph, rest in _parts(content, size):
            path = os.path.join(aside, name + ending)
            told = {"name": name + ending, "mediaType": rdf_format.media_type, **({"graph": graph} if graph else {})}
            files.append(told | _part(path, rdf_format, compress, rest, size or math.inf))
        manifest = _manifest(folder, files, format=format, gzip=compress, split="graph" if size is None else size)
        save(os.path.join(aside, "manifest.json"), json.dumps(manifest, indent=2) + "\n")
        sums = [(file["name"], file["sha256"]) for file in files]
        sums.append(("manifest.json", sha256_of(os.path.join(aside, "manifest.json"))))
        save(os.path.join(aside, "SHA256SUMS"), "".join(f"{sha256}  {name}\n" for name, sha256 in sums))


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
    with _whole(path) as file:
        file.write(content)


class _Content:
    """What is exported: the Turtle files of each graph, and the triples that hold a blank node.

    The graphs are in the order of their IRIs; the union of all, whose IRI is "", stands for them where the syntax has
    no named graphs, unless `by_graph` asks for each.
    """

    def __init__(self, folder: str, format: str, *, by_graph: bool = False) -> None:
        self.paths = _by_graph(folder)
        if not FORMATS[format].supports_datasets and not by_graph:
            self.paths = {"": list(chain.from_iterable(self.paths.values()))}
        self._blank: dict[str, list[ox.Triple]] = defaultdict(list)
        held = ox.Dataset()
        for graph, paths in self.paths.items():
            name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
            for triple in _triples(paths):
                if holds_blank(triple):
                    held.add(ox.Quad(triple.subject, triple.predicate, triple.object, name))
        held.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)  # gives the labels that it would give in the whole
        for quad in held:
            self._blank[getattr(quad.graph_name, "value", "")].append(quad.triple)

    def ground(self, graph: str) -> Iterator[ox.Triple]:
        """The triples of a graph without a blank node."""
        return (triple for triple in _triples(self.paths[graph]) if not holds_blank(triple))

    def blank(self, graph: str) -> list[ox.Triple]:
        """The triples of a graph that hold one, with labels that are canonical for all graphs together."""
        return self._blank[graph]


class _Counted(io.RawIOBase):
    """A file to write to that counts the bytes it is given; `triples` is for who writes them."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.bytes = 0
        self.triples = 0

    def write(self, content: Any) -> int:
        self.bytes += len(content)
        return self._file.write(content)


class _Rest:
    """What is still to be written of some pieces; `next` is the first of it, None at the end."""

    def __init__(self, pieces: Iterator[_Piece]) -> None:
        self._pieces = pieces
        self.next = next(pieces, None)

    def until(self, out: _Counted, size: float) -> Iterator[_Piece]:
        """The pieces, at least one, that fit into `out` until it holds `size` bytes.

        What a serialiser has not yet handed over is taken to be as long as its N-Triples.
        """
        handed, waiting = out.bytes, 0
        while self.next:
            graph, some = self.next
            length = sum(map(len, some)) + (len(graph) + 3) * len(some) * bool(graph)
            if out.bytes != handed:
                handed, waiting = out.bytes, 0
            if out.triples and out.bytes + waiting + length > size:
                return
            waiting += length
            yield self.next
            self.next = next(self._pieces, None)


def _known(format: str) -> str:
    if format not in FORMATS:
        raise InputError(f"no format is called {format!r}", todo=f"Choose one of: {', '.join(FORMATS)}.")
    return format


def _by_graph(folder: str) -> dict[str, list[str]]:
    """The paths of the Turtle files of each graph, in the order of the graphs' IRIs."""
    found: dict[str, list[str]] = {}
    for file in sorted(turtle_files(folder), key=lambda file: file.graph):
        found.setdefault(file.graph, []).append(file.path)
    return found


def _triples(paths: list[str]) -> Iterator[ox.Triple]:
    """The triples of Turtle files; a blank node is another one in each file, whatever its label there."""
    for path in paths:
        own: dict[object, ox.BlankNode] = defaultdict(ox.BlankNode)
        for triple in stream(path):
            if holds_blank(triple):
                s, p, o = triple
                s, o = (own[term] if isinstance(term, ox.BlankNode) else term for term in (s, o))
                yield ox.Triple(s, p, o)
            else:
                yield triple


def _pieces(content: _Content, *graphs: str) -> Iterator[_Piece]:
    """The lines of graphs, by default of all, each graph's sorted."""
    for graph in graphs or content.paths:
        rest = lines(chain(content.ground(graph), content.blank(graph)))
        while some := list(islice(rest, _TOGETHER)):
            yield graph, some


def _loose(content: _Content) -> Iterator[_Piece]:
    """The lines of all graphs, each alone; at a graph's end those that share blank nodes, together."""
    for graph in content.paths:
        for line in lines(content.ground(graph)):
            yield graph, [line]
        for some in sorted(list(lines(triples)) for triples in _connected(content.blank(graph))):
            yield graph, some


def _connected(triples: list[ox.Triple]) -> Iterable[list[ox.Triple]]:
    """Triples that hold blank nodes, those together that are connected through them."""
    parent: dict[object, object] = {}

    def root(node: object) -> object:
        while parent.setdefault(node, node) != node:
            parent[node] = node = parent[parent[node]]
        return node

    ends = [[term for term in (t.subject, t.object) if isinstance(term, ox.BlankNode)] for t in triples]
    for nodes in ends:
        parent[root(nodes[0])] = root(nodes[-1])
    found: dict[object, list[ox.Triple]] = defaultdict(list)
    for triple, nodes in zip(triples, ends, strict=True):
        found[root(nodes[0])].append(triple)
    return found.values()


def _put(pieces: Iterable[_Piece], rdf_format: ox.RdfFormat, out: _Counted) -> None:
    """Write pieces in a syntax; a graph's stand together in them."""
    if rdf_format in (ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES):
        for graph, some in pieces:
            text = b"".join(some)
            if rdf_format == ox.RdfFormat.N_QUADS:
                text = text.replace(b".\n", f"<{graph}> .\n".encode())  # no line holds its end twice
            out.write(text)
            out.triples += len(some)
        return

    def statements() -> Iterator[Any]:
        for graph, some in pieces:
            name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
            for quad in ox.parse(b"".join(some), format=ox.RdfFormat.N_TRIPLES, lenient=True):
                s, p, o = quad.triple
                yield ox.Quad(s, p, o, name) if rdf_format.supports_datasets else quad.triple
            out.triples += len(some)

    ox.serialize(statements(), cast(IO[bytes], out), format=rdf_format, prefixes=PREFIXES)


def _packed(file: BinaryIO, compress: bool) -> AbstractContextManager[BinaryIO]:
    """`file` itself, or what compresses into it."""
    if not compress:
        return nullcontext(file)
    return cast(AbstractContextManager[BinaryIO], gzip.GzipFile("", "wb", _LEVEL, file, mtime=0))


def _parts(content: _Content, size: int | None) -> Iterator[tuple[str, str, _Rest]]:
    """The files of an export: name without ending, IRI of the graph that it holds, or "", and what is to be written."""
    if size is None:
        for graph in content.paths:
            yield graph.removeprefix(GRAPH), graph, _Rest(_pieces(content, graph))
        return
    rest = _Rest(_loose(content))
    for number in count(1):
        if rest.next is None:
            return
        if number > _MOST:
            raise InputError(f"the graph has more than {_MOST} parts of {size} bytes", todo="Name a greater size.")
        yield f"foedus-{number:04}", "", rest


def _part(path: str, rdf_format: ox.RdfFormat, compress: bool, rest: _Rest, size: float) -> dict[str, Any]:
    """Write of `rest` what fits into one file; what the manifest says of it."""
    with open(path, "wb") as file:
        with _packed(file, compress) as packed:
            out = _Counted(packed)
            _put(rest.until(out, size), rdf_format, out)
        _settle(file)
    return {"triples": out.triples, "bytes": os.path.getsize(path), "sha256": sha256_of(path)}


def _manifest(folder: str, files: list[dict[str, Any]], **told: object) -> dict[str, Any]:
    """What the manifest says: how the export was made, its files, and the graphs, each with its fingerprint."""
    graphs = []
    for graph, paths in _by_graph(folder).items():
        found = fingerprint(_triples(paths))
        graphs.append({"graph": graph, "triples": found.triples, "sha256": found.sha256})
    total = {"files": len(files), "triples": sum(f["triples"] for f in files), "bytes": sum(f["bytes"] for f in files)}
    return {"release": f"foedus {__version__}", **told, "total": total, "files": files, "graphs": graphs}


def sha256_of(path: str) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return file_digest(file, "sha256").hexdigest()


def save(path: str, content: str) -> None:
    """Write a file of a folder that is not in its place yet."""
    with open(path, "wb") as file:
        file.write(content.encode())
        _settle(file)


def _settle(file: BinaryIO) -> None:
    """Have the disk hold what was written."""
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def _whole(path: str | None) -> Iterator[BinaryIO]:
    """A file to write to that takes the name `path` when all is written; standard output for None or "-"."""
    if path is None or path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = os.path.realpath(path)
    aside = ""
    try:
        mode = stat.S_IMODE(os.stat(path).st_mode) if os.path.exists(path) else 0o666 & ~_umask()
        if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
            with open(path, "wb") as device:  # a pipe or a device is written into, and never replaced
                yield device
            return
        handle, aside = tempfile.mkstemp(prefix=".foedus-", dir=os.path.dirname(path))
        with os.fdopen(handle, "wb") as file:
            yield file
            _settle(file)
        os.chmod(aside, mode)
        os.replace(aside, path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        if aside and os.path.exists(aside):
            os.unlink(aside)


@contextmanager
def whole_folder(place: str) -> Iterator[str]:
    """A folder to write into that takes the name `place`, which must be free or an empty folder, when all is there.

    Raises InputError where the place is taken or cannot be written; nothing is left there if the work fails.
    """
    path = os.path.realpath(place)
    aside = ""
    try:
        if os.path.lexists(path) and not os.path.isdir(path):
            raise InputError("is not a folder", where=path, todo="Name a new folder, or an empty one.")
        if os.path.isdir(path) and os.listdir(path):
            raise InputError("the folder is not empty", where=path, todo="Remove it, or name another.")
        mode = stat.S_IMODE(os.stat(path).st_mode) if os.path.isdir(path) else 0o777 & ~_umask()
        aside = tempfile.mkdtemp(prefix=".foedus-", dir=os.path.dirname(path))
        yield aside
        os.chmod(aside, mode)
        os.rename(aside, path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        if aside:
            shutil.rmtree(aside, ignore_errors=True)


def _unwritable(path: str, error: OSError) -> InputError:
    todo = "Nothing was changed there. Name a place that you may write to and that has room."
    return InputError(f"cannot be written: {error.strerror or error}", where=path, todo=todo)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
