"""Exports: the same bytes from run to run, the same graph in every syntax, and nothing half-written."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from foedus.datasets import home
from foedus.export import FORMATS, export
from tests.conftest import Cli, assert_one_message, shipped_graphs


@cache
def exported(format: str) -> bytes:
    return export(home(), format)


@pytest.fixture
def little(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph that is exported fast, where it matters only where the bytes go."""
    monkeypatch.setenv("FOEDUS_FOLDER", str(small))


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
