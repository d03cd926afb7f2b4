"""Which files make up the graph, which named graph each goes into, and which of them a question is put to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import NamedTuple

from foedus.errors import InputError

NS = "https://w3id.org/foedus/ns/"
ID = "https://w3id.org/foedus/id/"
GRAPH = "https://w3id.org/foedus/graph/"
SOURCE = ID + "source/"
#: Graphs of what is derived from the others; the rest of the name is that of the source on which it rests, or `across`.
INFERRED = GRAPH + "inferred-"
#: The graph that describes the dataset and its graphs: DCAT and VoID, written by hand.
DATASET = GRAPH + "dataset"
#: The graph of what was counted in all others: VoID, made from them.
STATISTICS = GRAPH + "statistics"
#: Link sets; the rest of the name is that of an authority, or of what is no match.
LINKS = GRAPH + "links-"
#: On a server, graphs that are being loaded stand under names that begin so, beside those that answer.
STAGING = "https://w3id.org/foedus/staging/"
#: A graph of one triple that stands there while they do.
MARKER = STAGING + "marker"

_NAME = re.compile(r"[A-Za-z0-9._-]+")
#: Folders of Turtle files, in the order in which they are read, and how the names of their graphs begin.
_TURTLE_FOLDERS = {"ontology": "", "data": "", "data/inferred": "inferred-", "data/links": "links-"}


class TurtleFile(NamedTuple):
    """A Turtle file and the IRI of the named graph that it fills."""

    path: str
    graph: str


class Selection(NamedTuple):
    """What a question is put to: the graphs that make up the default graph, and those that GRAPH may name.

    None stands for all graphs.
    """

    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


EVERYTHING = Selection()


def home() -> str:
    """The folder that holds `ontology/`, `data/` and `queries/`.

    FOEDUS_FOLDER names another one; otherwise the installed package's own, or that of the clone it runs from.
    """
    chosen = os.environ.get("FOEDUS_FOLDER")
    if chosen:
        if not os.path.isdir(chosen):
            raise InputError("no such folder", where=f"FOEDUS_FOLDER={chosen}", todo="Unset it, or name a folder.")
        return os.path.abspath(chosen)
    package = os.path.dirname(os.path.abspath(__file__))
    if os.path.isdir(os.path.join(package, "ontology")):
        return package
    return os.path.dirname(os.path.dirname(package))


def turtle_files(folder: str) -> list[TurtleFile]:
    """The Turtle files of the graph in `folder`, sorted, each with its named graph.

    Raises InputError where there are none.
    """
    found = []
    for part, prefix in _TURTLE_FOLDERS.items():
        place = os.path.join(folder, *part.split("/"))
        if not os.path.isdir(place):
            continue
        for name in sorted(os.listdir(place)):
            if name.endswith(".ttl") and os.path.isfile(os.path.join(place, name)):
                if not _NAME.fullmatch(name):
                    raise InputError(
                        "the name of the file cannot be that of a graph",
                        where=os.path.join(place, name),
                        todo="Use letters, digits, hyphens, underscores and full stops.",
                    )
                found.append(TurtleFile(os.path.join(place, name), f"{GRAPH}{prefix}{name[:-4]}"))
    if not found:
        raise InputError(
            "no Turtle files in ontology/ or data/", where=folder, todo="Name the folder of a Foedus graph."
        )
    return found


def graph_of(path: str) -> str:
    """The named graph that a Turtle file fills, by its name and that of the folder that it stands in."""
    folder, name = os.path.split(os.path.abspath(path))
    prefixes = {os.path.basename(part): prefix for part, prefix in _TURTLE_FOLDERS.items() if prefix}
    return GRAPH + prefixes.get(os.path.basename(folder), "") + os.path.splitext(name)[0]


def read_bytes(path: str) -> bytes:
    """The content of a file; InputError says why it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise InputError(error.strerror or str(error), where=path) from error


def digest(files: Iterable[TurtleFile], *salt: str) -> str:
    """A hexadecimal digest of the names and contents of `files` and of `salt`."""
    from hashlib import blake2b

    state = blake2b(digest_size=16)
    for word in salt:
        state.update(word.encode() + b"\0")
    for file in files:
        content = read_bytes(file.path)
        state.update(f"{file.graph}\0{len(content)}\0".encode())
        state.update(content)
    return state.hexdigest()
