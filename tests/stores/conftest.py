"""Real servers, each started once for all tests of a run; `make stores` runs them, `make test` does not.

The tests of one server are a group, which pytest-xdist leaves to one process.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stores.servers import Server, running

NAMES = ("fuseki", "rdf4j", "virtuoso", "oxigraph", "blazegraph")


@pytest.fixture(scope="session", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in NAMES])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


@pytest.fixture(autouse=True)
def password(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password of a server that has one."""
    if server.user and server.password:
        monkeypatch.setenv("FOEDUS_USER", server.user)
        monkeypatch.setenv("FOEDUS_PASSWORD", server.password)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The graph's ontology and two of its sources."""
    return made(tmp_path / "old", "old")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """The same with a statement more in each file, a file less and one that is new."""
    return made(tmp_path / "new", "new")


def made(place: Path, how: str) -> Path:
    root = Path(__file__).resolve().parents[2]
    (place / "ontology").mkdir(parents=True)
    (place / "data").mkdir()
    (place / "queries").mkdir()  # none is asked
    for path in sorted((root / "ontology").glob("*.ttl")):
        _copy(path, place / "ontology" / path.name, how)
    for name in ("dw-article", "vilnius-report", "derived" if how == "old" else "disagreements"):
        _copy(root / "data" / f"{name}.ttl", place / "data" / f"{name}.ttl", how)
    return place


def _copy(path: Path, place: Path, how: str) -> None:
    text = path.read_text(encoding="utf-8")
    added = f'\n<https://w3id.org/foedus/id/made-up> <http://purl.org/dc/terms/title> "{how} {path.stem}" .\n'
    place.write_text(text + added, encoding="utf-8")
