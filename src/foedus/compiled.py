"""The compiled store: an Oxigraph store on disk in the user's cache, made from the Turtle files on first use.

Its folder is named by the digest of the files, so changed data make a new one. A store is built aside and renamed into
place when it is whole: a build that is killed leaves nothing that is ever opened, and of two that run at once one wins
and both are right. It is opened read-only. Whatever is wrong with the cache (read-only, full, corrupt), the graph is
held in memory instead and one warning says why.

The default graph of the store is the union of its named graphs. Oxigraph can also form the union on the fly, but then
a triple that stands in two graphs is answered twice.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import BinaryIO

import pyoxigraph as ox

from foedus.datasets import TurtleFile, digest
from foedus.errors import InputError

# What only a build needs is imported there: opening a store is on the path of every command.
_FORMAT = "2"  # raised when the layout of a compiled store changes
_BUILDING = "building-"
_STALE = 3600  # seconds after which nobody can still be building or opening a store
#: What Oxigraph raises where files of a store are damaged or cannot be written.
DAMAGE = (OSError, RuntimeError, ValueError)
_KEPT = 4  # stores that stay, however long ago they were used


def cache_folder() -> str:
    """Where compiled stores are kept: FOEDUS_CACHE, or `foedus` in the user's cache folder (XDG, or its macOS twin)."""
    chosen = os.environ.get("FOEDUS_CACHE")
    if chosen:
        return chosen
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches/foedus")
    return os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "foedus")


def open_store(files: list[TurtleFile]) -> tuple[ox.Store, list[str]]:
    """The compiled store of `files`, built if need be, and warnings for the user (none or one).

    Raises InputError where a file is not Turtle.
    """
    cache = cache_folder()
    place = _place(files)
    reason = ""
    if os.path.isdir(place):
        try:
            return _open(place), []
        except DAMAGE as error:
            reason = f"the compiled store was damaged ({error}) and has been removed"
            _remove(place)
    quads = list(_quads(files))
    try:
        _build(quads, cache, place)
        store = _open(place)
    except DAMAGE as error:
        reason = f"the compiled store cannot be kept in {cache} ({error})"
    else:
        return store, [reason + "; it was built anew"] if reason else []
    return in_memory(quads), [f"{reason}; the graph is held in memory for this run"]


def copied(files: list[TurtleFile]) -> tuple[ox.Store, list[str]]:
    """A copy of the compiled store of `files` in memory, where queries take half the time, and warnings for the user.

    It is opened, and built if need be, by a process of its own, which is forked: this one then has no threads of
    RocksDB's and may be forked in its turn. It must have one thread. Raises InputError where a file is not Turtle.
    """
    import json

    to_read, to_write = os.pipe()
    if not (child := os.fork()):
        try:
            os.close(to_read)
            with open(to_write, "wb", 1 << 20) as out:
                _give(files, out)
        finally:
            os._exit(0)
    os.close(to_write)
    store = ox.Store()
    with open(to_read, "rb", 1 << 20) as given:
        line = given.readline()
        header = json.loads(line) if line else {}
        if "message" in header:
            os.waitpid(child, 0)
            raise InputError(header["message"], where=header["where"], todo=header["todo"])
        with contextlib.suppress(SyntaxError):  # it was killed
            store.bulk_extend(ox.parse(given, format=ox.RdfFormat.N_QUADS))  # with the names of blank nodes as they are
    os.waitpid(child, 0)
    if len(store) != header.get("size"):
        return load(files), []
    return store, header["warnings"]


def _give(files: list[TurtleFile], out: BinaryIO) -> None:
    """Write what `copied` reads: a line of JSON, and N-Quads."""
    import json

    try:
        store, warnings = open_store(files)
    except InputError as error:
        told = {"message": error.message, "where": error.where, "todo": error.todo}
        out.write(json.dumps(told).encode() + b"\n")
        return
    out.write(json.dumps({"size": len(store), "warnings": warnings}).encode() + b"\n")
    store.dump(out, format=ox.RdfFormat.N_QUADS)


def discard(files: list[TurtleFile]) -> None:
    """Remove the compiled store of `files`, which was found damaged."""
    _remove(_place(files))


def _place(files: list[TurtleFile]) -> str:
    return os.path.join(cache_folder(), digest(files, _FORMAT, ox.__version__))


def in_memory(quads: list[ox.Quad]) -> ox.Store:
    """A store in memory that holds `quads` in their named graphs and once more in the default graph."""
    store = ox.Store()
    store.extend(quads)
    store.extend(_union(quads))
    return store


def load(files: list[TurtleFile]) -> ox.Store:
    """The store of `files` in memory, without the cache."""
    return in_memory(list(_quads(files)))


def _quads(files: list[TurtleFile]) -> Iterator[ox.Quad]:
    from foedus.turtle import parse

    for file in files:
        graph = ox.NamedNode(file.graph)
        for triple in parse(file.path):
            yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _union(quads: list[ox.Quad]) -> list[ox.Quad]:
    return [ox.Quad(q.subject, q.predicate, q.object) for q in quads]


def _build(quads: list[ox.Quad], cache: str, place: str) -> None:
    import json
    import tempfile

    os.makedirs(cache, exist_ok=True)
    aside = tempfile.mkdtemp(prefix=_BUILDING, dir=cache)
    try:
        inner = os.path.join(aside, "store")
        store = ox.Store(inner)
        store.bulk_extend(quads)
        store.bulk_extend(_union(quads))
        store.optimize()  # compacted files are read faster, the more so the larger they are
        store.flush()
        del store
        with open(os.path.join(aside, "sizes.json"), "w", encoding="utf-8") as file:
            json.dump(_sizes(inner), file)
        try:
            os.rename(aside, place)
        except OSError:
            if not os.path.isdir(place):  # not a build that was quicker than this one
                raise
    finally:
        _remove(aside)
        _tidy(cache, keep=place)


def _open(place: str) -> ox.Store:
    import json

    with open(os.path.join(place, "sizes.json"), encoding="utf-8") as file:
        expected = json.load(file)
    inner = os.path.join(place, "store")
    if _sizes(inner) != expected:
        raise OSError("its files are not those that were written")
    store = ox.Store.read_only(inner)
    with contextlib.suppress(OSError):  # a read-only cache is no reason not to read it
        os.utime(place)  # last use, for _tidy
    return store


def _sizes(inner: str) -> dict[str, int]:
    """Sizes of the data files; RocksDB rewrites its own logs and options as it likes."""
    return {
        entry.name: entry.stat().st_size
        for entry in os.scandir(inner)
        if entry.name.endswith(".sst") or entry.name.startswith(("MANIFEST-", "CURRENT"))
    }


def _tidy(cache: str, keep: str) -> None:
    """Remove abandoned builds, and all but the stores used last: each change of the data leaves one behind."""
    import time

    def used(entry: os.DirEntry[str]) -> float:
        return entry.stat(follow_symlinks=False).st_mtime

    folders = [e for e in os.scandir(cache) if e.is_dir(follow_symlinks=False) and e.path != keep]
    stores = sorted((e for e in folders if not e.name.startswith(_BUILDING)), key=used, reverse=True)
    builds = [e for e in folders if e.name.startswith(_BUILDING)]
    for entry in builds + stores[_KEPT:]:
        if time.time() - used(entry) > _STALE:
            _remove(entry.path)


def _remove(folder: str) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
