"""Exports: the same bytes from run to run, the same graph in every syntax, and nothing half-written."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import foedus
from foedus.datasets import GRAPH, home, turtle_files
from foedus.export import FORMATS, export, export_file, export_parts, format_of
from tests.conftest import Cli, assert_one_message, shipped_graphs

_SIZE = 38_000  # bytes of a part: several of the odd graph; no multiple of what a serialiser has in hand, 8 KiB


@cache
def exported(format: str) -> bytes:
    return export(home(), format)


@pytest.fixture
def little(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph that is exported fast, where it matters only where the bytes go."""
    monkeypatch.setenv("FOEDUS_FOLDER", str(small))


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a graph with what is hard to write: blank nodes, one label in two files, a triple in two graphs."""
    folder = tmp_path / "odd"
    (folder / "ontology").mkdir(parents=True)
    (folder / "data").mkdir()
    chain = " ".join(f"_:n{i} :number {i} ; :next _:n{i + 1} ." for i in range(120))
    texts = {
        "data/a.ttl": " ".join(f":s{i} :p :o{i % 7} ." for i in range(2000)),
        "data/b-b.ttl": '_:n0 :says "two" . :x :in :both ; :list ( 1 _:n0 [ :says "\\r\\n. \\" .\\u0001 é𝄞"@en ] ) .',
        "data/b.ttl": '_:n0 :says "three" . _:n1 :says "four" . :x :in :both .',  # of the graph of ontology/b.ttl
        "data/empty.ttl": "",
        "ontology/b.ttl": f'_:n0 :says "one" . {chain} :x :in :both . :s0 :p :o0 .',
    }
    for name, text in texts.items():
        (folder / name).write_text("@prefix : <http://example.com/> . " + text, encoding="utf-8")
    monkeypatch.setenv("FOEDUS_FOLDER", str(folder))
    return folder


def truth(folder: str | Path, *, named: bool) -> set[ox.Quad]:
    """The graph in a folder as its files say it, read without the code that exports."""
    found = ox.Dataset()
    for file in turtle_files(str(folder)):
        graph = ox.NamedNode(file.graph) if named else ox.DefaultGraph()
        for q in ox.parse(path=file.path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
            found.add(ox.Quad(q.subject, q.predicate, q.object, graph))
    return canonical(found)


def read_back(paths: Iterable[Path], format: str) -> set[ox.Quad]:
    """The graph that exported files make up together; their blank node labels are those of one scope."""
    found = ox.Dataset()
    for path in paths:
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        for quad in ox.parse(content, format=FORMATS[format]):
            found.add(quad)
    return canonical(found)


def parts_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name not in ("manifest.json", "SHA256SUMS"))


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def canonical(dataset: ox.Dataset) -> set[ox.Quad]:
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


@cache
def plain() -> set[ox.Quad]:
    return canonical(ox.Dataset(ox.parse(exported("ntriples"), format=ox.RdfFormat.N_TRIPLES)))


@pytest.mark.parametrize("format", FORMATS)
def test_every_syntax_holds_the_same_graph(format: str) -> None:
    found = ox.Dataset(ox.parse(exported(format), format=FORMATS[format]))
    if FORMATS[format].supports_datasets:
        assert {q.graph_name.value for q in found if isinstance(q.graph_name, ox.NamedNode)} == shipped_graphs()
        found = ox.Dataset(ox.Quad(q.subject, q.predicate, q.object) for q in found)
    assert canonical(found) == plain()


@pytest.mark.parametrize("format", FORMATS)
def test_the_bytes_are_the_same_under_any_hash_seed(format: str) -> None:
    outputs = {  # of this process too, whose seed is another
        subprocess.run(
            [sys.executable, "-m", "foedus", "export", "--format", format],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert outputs == {exported(format)}


@pytest.mark.usefixtures("little")
def test_the_ending_chooses_the_syntax(cli: Cli, tmp_path: Path) -> None:
    for name, format in (("a.nq", "nquads"), ("a.ttl", "turtle"), ("a.jsonld", "jsonld")):
        assert cli("export", "-o", tmp_path / name).returncode == 0
        assert (tmp_path / name).read_bytes() == export(home(), format)
    assert_one_message(cli("export", "-o", tmp_path / "a.xyz"), 2, ".nq", "--format")
    assert not (tmp_path / "a.xyz").exists()


@pytest.mark.usefixtures("little")
def test_a_file_that_cannot_be_written_is_left_as_it_was(cli: Cli, tmp_path: Path) -> None:
    assert_one_message(cli("export", "-o", tmp_path / "none" / "a.nq"), 2, "cannot be written")
    (tmp_path / "a.nq").mkdir()
    assert_one_message(cli("export", "-o", tmp_path / "a.nq"), 2, "a.nq")
    assert list(tmp_path.iterdir()) == [tmp_path / "a.nq"]


@pytest.mark.usefixtures("little")
def test_a_device_is_written_into_and_a_link_and_a_mode_are_kept(cli: Cli, tmp_path: Path) -> None:
    assert cli("export", "--format", "ntriples", "-o", "/dev/null").returncode == 0
    assert not Path("/dev/null").is_file()
    real, link = tmp_path / "real.nq", tmp_path / "link.nq"
    real.touch(mode=0o600)
    link.symlink_to(real)
    assert cli("export", "-o", link).returncode == 0
    assert link.is_symlink()
    assert real.stat().st_size > 1000
    assert real.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("little")
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "a.nq"
    path.write_text("what stood here")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    command = [sys.executable, "-m", "foedus", "export", "-o", str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, preexec_fn=limit)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert path.read_text() == "what stood here"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("format", FORMATS)
def test_blank_nodes_and_triples_of_several_graphs_survive(odd: Path, tmp_path: Path, format: str) -> None:
    expected = truth(odd, named=FORMATS[format].supports_datasets)
    (tmp_path / "whole").write_bytes(export(str(odd), format))
    assert read_back([tmp_path / "whole"], format) == expected
    for name, size in (("graphs", None), ("parts", _SIZE)):
        export_parts(str(odd), format, str(tmp_path / name), size=size, compress=True)
        assert read_back(parts_of(tmp_path / name), format) == expected


@pytest.mark.parametrize("format", FORMATS)
def test_parts_have_the_size_and_share_no_blank_node(odd: Path, tmp_path: Path, format: str) -> None:
    export_parts(str(odd), format, str(tmp_path / "out"), size=_SIZE)
    parts = parts_of(tmp_path / "out")
    assert [path.stem for path in parts] == [f"foedus-{n + 1:04}" for n in range(len(parts))]
    assert {format_of(path.name) for path in parts} == {format}
    sizes = [path.stat().st_size for path in parts]
    slack = {"nquads": 0, "ntriples": 0, "rdfxml": 8_192}.get(format, 2_000)  # what a serialiser adds to lines
    assert max(sizes) <= _SIZE + slack
    assert len(sizes) > 3
    assert len(sizes) <= 2 + sum(sizes) / _SIZE * 1.3
    quads = [list(ox.parse(path=path, format=FORMATS[format])) for path in parts]
    nodes = [{q.subject for q in some if isinstance(q.subject, ox.BlankNode)} for some in quads]
    assert sum(map(len, nodes)) == len(set().union(*nodes)) == 120 + 2 + 5
    assert sum(map(len, quads)) == len(truth(odd, named=FORMATS[format].supports_datasets))  # each triple once


@pytest.mark.parametrize("format", ["nquads", "ntriples", "jsonld"])
def test_a_graph_too_large_to_be_sorted_in_memory(odd: Path, monkeypatch: pytest.MonkeyPatch, format: str) -> None:
    expected = export(str(odd), format)
    monkeypatch.setattr("foedus.canonical._RUN", 100)
    assert export(str(odd), format) == expected


@pytest.mark.parametrize("format", FORMATS)
def test_gzip_holds_the_same_and_neither_time_nor_name(odd: Path, tmp_path: Path, format: str) -> None:
    plain, packed = tmp_path / "a", tmp_path / "a.gz"
    export_file(str(odd), format, str(plain))
    export_file(str(odd), format, str(packed), compress=True)
    content = packed.read_bytes()
    assert content[:3] == b"\x1f\x8b\x08"
    assert content[3:8] == bytes(5)  # no flags, so no name, and no time
    assert gzip.decompress(content) == plain.read_bytes() == export(str(odd), format)


@pytest.mark.usefixtures("odd")
def test_the_ending_or_the_option_compresses(cli: Cli, tmp_path: Path) -> None:
    assert [format_of(f"a.{e}.gz") for e in ("nq", "trig", "nt", "ttl", "jsonld", "rdf")] == list(FORMATS)
    expected = export(home(), "nquads")
    assert cli("export", "-o", tmp_path / "a.nq.gz").returncode == 0
    assert cli("export", "--gzip", "-o", tmp_path / "b.nq").returncode == 0
    assert gzip.decompress((tmp_path / "a.nq.gz").read_bytes()) == expected
    assert (tmp_path / "a.nq.gz").read_bytes() == (tmp_path / "b.nq").read_bytes()
    command = [sys.executable, "-m", "foedus", "export", "--gzip", "--format", "nquads"]
    assert subprocess.run(command, check=True, capture_output=True).stdout == (tmp_path / "b.nq").read_bytes()


def test_one_file_a_graph(odd: Path, tmp_path: Path) -> None:
    export_parts(str(odd), "ntriples", str(tmp_path / "out"))
    assert [path.name for path in parts_of(tmp_path / "out")] == ["a.nt", "b-b.nt", "b.nt", "empty.nt"]
    for slug in ("a", "b-b", "empty"):
        expected = ox.Dataset(ox.parse(path=odd / "data" / f"{slug}.ttl"))
        assert canonical(ox.Dataset(ox.parse(path=tmp_path / "out" / f"{slug}.nt"))) == canonical(expected)


@pytest.mark.parametrize(("size", "compress"), [(None, True), (_SIZE, False)], ids=["graph", "size"])
def test_the_manifest_tells_what_stands_there(odd: Path, tmp_path: Path, size: int | None, compress: bool) -> None:
    out = tmp_path / "out"
    export_parts(str(odd), "nquads", str(out), size=size, compress=compress)
    manifest = manifest_of(out)
    files = {file["name"]: file for file in manifest["files"]}
    for path in parts_of(out):
        told = files.pop(path.name)
        content = path.read_bytes()
        quads = (gzip.decompress(content) if compress else content).splitlines()
        assert (told["triples"], told["bytes"]) == (len(quads), len(content))
        assert told["sha256"] == hashlib.sha256(content).hexdigest()
        assert told["mediaType"] == "application/n-quads"
        if size is None:
            assert told["graph"] == GRAPH + path.name.removesuffix(".nq.gz")
            assert all(quad.endswith(f"<{told['graph']}> .".encode()) for quad in quads)
    assert not files
    assert manifest["release"] == f"foedus {foedus.__version__}"
    assert (manifest["format"], manifest["gzip"], manifest["split"]) == ("nquads", compress, size or "graph")
    parts = manifest["files"]
    total = {"files": len(parts), **{key: sum(part[key] for part in parts) for key in ("triples", "bytes")}}
    assert manifest["total"] == total
    told_graphs = {graph["graph"]: (graph["triples"], graph["sha256"]) for graph in manifest["graphs"]}
    assert list(told_graphs) == [GRAPH + slug for slug in ("a", "b", "b-b", "empty")]
    for graph, told in told_graphs.items():
        here = [q for q in truth(odd, named=True) if q.graph_name == ox.NamedNode(graph)]
        alone = ox.Dataset(ox.Quad(q.subject, q.predicate, q.object) for q in here)
        text = ox.serialize((q.triple for q in canonical(alone)), format=ox.RdfFormat.N_TRIPLES) or b""
        lines = sorted(text.splitlines(keepends=True))
        assert told == (len(lines), hashlib.sha256(b"".join(lines)).hexdigest())
    assert (out / "manifest.json").read_bytes().endswith(b"}\n")


@pytest.mark.usefixtures("odd")
def test_sha256sum_accepts_the_folder_and_finds_what_changed(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert cli("export", "--split", "graph", "--gzip", "-o", out).returncode == 0
    command = ["sha256sum", "-c", "SHA256SUMS"]
    done = subprocess.run(command, cwd=out, check=True, capture_output=True, text=True)
    names = {path.name for path in out.iterdir()} - {"SHA256SUMS"}
    assert {line.split(":")[0] for line in done.stdout.splitlines()} == names == {
        "a.nq.gz", "b-b.nq.gz", "b.nq.gz", "empty.nq.gz", "manifest.json"
    }  # fmt: skip
    (out / "b.nq.gz").write_bytes(b"")
    assert subprocess.run(command, cwd=out, check=False, capture_output=True).returncode != 0


@pytest.mark.usefixtures("odd")
@pytest.mark.parametrize("split", ["graph", "20k"])
def test_the_folder_is_the_same_under_any_hash_seed(cli: Cli, tmp_path: Path, split: str) -> None:
    outputs = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        arguments = ("--split", split, "--format", "trig", "--gzip", "-o", out)
        assert cli("export", *arguments, env={"PYTHONHASHSEED": seed}).returncode == 0
        outputs.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) > 3


@pytest.mark.usefixtures("odd")
def test_a_folder_that_holds_something_is_left_as_it_is(cli: Cli, tmp_path: Path) -> None:
    out, file = tmp_path / "out", tmp_path / "file"
    out.mkdir(mode=0o750)
    assert cli("export", "--split", "graph", "-o", out).returncode == 0  # an empty one is filled, and keeps its mode
    assert out.stat().st_mode & 0o777 == 0o750
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert_one_message(cli("export", "--split", "4k", "-o", out), 2, out, "not empty", "Remove it")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    file.touch()
    assert_one_message(cli("export", "--split", "4k", "-o", file), 2, file, "not a folder")
    assert_one_message(cli("export", "--split", "4k", "-o", tmp_path / "none" / "out"), 2, "none", "cannot be written")
    assert_one_message(cli("export", "-o", out), 2, out, "is a folder", "--split graph")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "odd", "out"]


@pytest.mark.usefixtures("little")
def test_a_full_disk_leaves_no_folder(tmp_path: Path) -> None:
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    command = [sys.executable, "-m", "foedus", "export", "--split", "graph", "-o", str(tmp_path / "out")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, preexec_fn=limit)
    assert_one_message(done, 2, tmp_path / "out", "cannot be written", "Nothing was changed")
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize("ended", [signal.SIGKILL, signal.SIGINT])
def test_a_process_that_is_ended_half_way_leaves_no_folder(tmp_path: Path, ended: signal.Signals) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "foedus", "export", "--split", "2k", "-o", str(out)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + 60
        while not list(tmp_path.glob(".foedus-*/foedus-0002.nq")):  # thousands are to come
            assert process.poll() is None and time.monotonic() < end
        process.send_signal(ended)
    assert process.returncode == (-9 if ended == signal.SIGKILL else 130)
    assert not out.exists()
    left = list(tmp_path.iterdir())
    assert bool(left) == (ended == signal.SIGKILL)  # who is killed cannot tidy up; the name is free all the same
    for path in left:
        shutil.rmtree(path)


@pytest.mark.usefixtures("odd")
def test_more_parts_than_names(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("foedus.export._MOST", 3)
    with pytest.raises(foedus.InputError, match="more than 3 parts of 4000 bytes"):
        export_parts(home(), "nquads", str(tmp_path / "out"), size=4000)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--split", "graph"), ("many files", "-o FOLDER")),
        (("--split", "50MB", "-o", "-"), ("many files", "-o FOLDER")),
        (("--split", "50XB", "-o", "out"), ("'50XB'", "--split graph", "50MB")),
        (("--split", "0", "-o", "out"), ("'0'", "50MB")),
        (("--split", "", "-o", "out"), ("''", "50MB")),
        (("--split", "graph", "--format", "atop", "-o", "out"), ("plain CSV", "Leave out")),
        (("--gzip", "--format", "atop"), ("plain CSV", "Leave out")),
        (("--format", "atop", "-o", "a.csv.gz"), ("plain CSV", ".gz")),
        (("-o", "graph.gz"), (".nq", "--format")),
    ],
)
def test_what_cannot_be_asked_together(
    cli: Cli, odd: Path, tmp_path: Path, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert_one_message(cli("export", *arguments, cwd=tmp_path), 2, *words)
    assert list(tmp_path.iterdir()) == [odd]


def test_sizes_are_in_thousands_and_in_either_case() -> None:
    from foedus.cli.export import _size

    assert [_size(text) for text in ("7", "7B", "7k", "7 kB", "7M", "7mb", "7G", "7GB", "graph")] == [
        7, 7, 7_000, 7_000, 7_000_000, 7_000_000, 7_000_000_000, 7_000_000_000, None
    ]  # fmt: skip
