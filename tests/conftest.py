"""What the tests share: the real graph, a copy of it to break, the source texts, a real SPARQL server."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import foedus
from foedus.checks import Problem
from foedus.compiled import load
from foedus.datasets import INFERRED, home, turtle_files
from foedus.reasoning.deriving import derive
from foedus.reasoning.statements import read
from foedus.reasoning.tracing import Trace
from foedus.reasoning.writing import put

#: The tests on servers of several kinds and in a browser have commands of their own, which set these variables.
_OWN = {"stores": "FOEDUS_STORES", "browser": "FOEDUS_CHROMIUM"}
collect_ignore = [folder for folder, variable in _OWN.items() if not os.environ.get(variable)]

ROOT = Path(__file__).resolve().parent.parent
_VOCABULARIES = ("basis", "feature", "force", "legal-force", "precision", "response", "state", "trigger", "verdict")
_THINGS = ("actor", "citation", "clause", "commitment", "finding", "guarantee", "instrument", "source")
PREFIXES = "\n".join(
    [
        "@prefix foedus: <https://w3id.org/foedus/ns/> .",
        *(f"@prefix {name}: <https://w3id.org/foedus/ns/{name}/> ." for name in _VOCABULARIES),
        *(f"@prefix {name}: <https://w3id.org/foedus/id/{name}/> ." for name in _THINGS),
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .",
        "@prefix dcterms: <http://purl.org/dc/terms/> .",
        "",
    ]
)

Cli = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tests compile stores in a cache of their own, which the processes that run them share."""
    place = _shared(tmp_path_factory) / "cache"
    before = os.environ.get("FOEDUS_CACHE")
    os.environ["FOEDUS_CACHE"] = str(place)
    yield place
    if before is None:
        del os.environ["FOEDUS_CACHE"]
    else:
        os.environ["FOEDUS_CACHE"] = before


def _shared(factory: pytest.TempPathFactory) -> Path:
    """The temporary folder that the processes that run the tests share."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[], list[Problem]]) -> list[Problem]:
    """What `make` finds, made by the first of the processes that run the tests and read by the others."""
    place = _shared(factory)
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = place / f"{name}.json"
        if not kept.exists():
            kept.write_text(json.dumps(make()), encoding="utf-8")
        return [Problem(*problem) for problem in json.loads(kept.read_text(encoding="utf-8"))]


@pytest.fixture(scope="session")
def whole() -> Iterator[foedus.Graph]:
    """The shipped graph."""
    with foedus.open() as found:
        yield found


@pytest.fixture(scope="session")
def graph(whole: foedus.Graph) -> foedus.Graph:
    """The graph that a module's tests ask: the shipped one, unless the module has another."""
    return whole


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a graph without the primary texts, to be read only: enough where any graph will do."""
    return without_texts(tmp_path_factory.mktemp("documents") / "graph")


@pytest.fixture(scope="session")
def documents(small: Path) -> Iterator[foedus.Graph]:
    """The graph of the five documents alone, from which the first answers were written by hand: no primary texts."""
    with foedus.open(str(small)) as found:
        yield found


@pytest.fixture(scope="session")
def rdflib_graph() -> Iterator[foedus.Graph]:
    with foedus.open(engine="rdflib", timeout=120) as found:
        yield found


@pytest.fixture(scope="session")
def remote(endpoint: str) -> Iterator[foedus.Graph]:
    with foedus.open(endpoint=endpoint) as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path, small: Path) -> Path:
    """A copy of the graph's folder, to be broken: without the primary texts, which would only take time."""
    shutil.copytree(small, tmp_path / "graph")
    return tmp_path / "graph"


def without_texts(place: Path) -> Path:
    """Copy ontology, data and queries to `place`, without the primary texts, what names them, and what was counted."""
    for name in ("ontology", "data", "queries"):
        shutil.copytree(
            ROOT / name,
            place / name,
            ignore=shutil.ignore_patterns("text-*.ttl", "*-against-texts.ttl", "statistics.ttl"),
        )
    dataset = place / "data" / "dataset.ttl"
    described = dataset.read_text(encoding="utf-8")
    described = re.sub(r"(?ms)^graph:(inferred-)?text-\S+ a .*?\.$\n\n", "", described)
    dataset.write_text(re.sub(r" , graph:(inferred-)?text-[a-z-]+", "", described), encoding="utf-8")
    named = [place / "data" / name for name in ("actors.ttl", "places.ttl")]
    sources = [path.read_text(encoding="utf-8") for path in place.glob("data/*.ttl") if path not in named]
    cited = set(re.findall(r"(?m)^((?:actor|event|instrument):\S+) ", "\n".join(sources)))
    cited |= set(re.findall(r"foedus:location (place:\S+) ", "\n".join(sources)))
    for path in named:
        _keep(path, lambda block: not block.startswith(("actor:", "place:")) or block.split()[0] in cited)
    for path in place.glob("data/links/*.ttl"):
        gone = set(re.findall(r"foedus:linkedThing (\S+) ", path.read_text(encoding="utf-8"))) - cited
        _keep(path, lambda block, gone=gone: not gone & set(block.split()))  # type: ignore[misc]
    derive_anew(place)
    return place


def _keep(path: Path, wanted: Callable[[str], bool]) -> None:
    """Leave out the blocks of a Turtle file that are not wanted."""
    blocks = path.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    path.write_text("\n\n".join(block for block in blocks if wanted(block)) + "\n", encoding="utf-8")


def derive_anew(place: Path) -> None:
    """Keep in a folder what follows from its graph, by the rules alone."""
    files = turtle_files(str(place))
    statements = read(file for file in files if not file.graph.startswith(INFERRED))
    put(derive(files, str(place), statements, Trace(statements)), str(place))


@pytest.fixture(scope="session")
def texts() -> Path:
    """The folder of the source texts, which are not part of the repository."""
    for place in (os.environ.get("FOEDUS_TEXTS"), ROOT.parent / "shared"):
        if place and Path(place).is_dir():
            return Path(place)
    pytest.skip("the source texts are not here: set FOEDUS_TEXTS to their folder")


@pytest.fixture(scope="session")
def cli() -> Cli:
    """The command line as a process of its own: `cli("run", "counts", env={...}, input="...")`."""

    def call(
        *arguments: object, env: dict[str, str] | None = None, **options: object
    ) -> subprocess.CompletedProcess[str]:
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [sys.executable, "-m", "foedus", *map(str, arguments)],
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **options,  # type: ignore[call-overload]
        )
        return done

    return call


def assert_one_message(done: subprocess.CompletedProcess[str], status: int, *words: object) -> None:
    """One clear message with these words on standard error, this exit status, no traceback, nothing on stdout."""
    assert done.returncode == status, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert done.stderr.count("foedus:") == 1, done.stderr
    assert done.stdout == ""
    for word in words:
        assert str(word) in done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real SPARQL server, Oxigraph's, that holds the graph in its default graph and in named graphs."""
    place = tmp_path_factory.mktemp("server")
    load(turtle_files(home())).dump(place / "all.nq", format=ox.RdfFormat.N_QUADS)
    command = [_oxigraph(), "load", "--location", str(place / "db"), "--file", str(place / "all.nq")]
    subprocess.run(command, check=True, capture_output=True)
    with oxigraph_server(place / "db", "serve-read-only") as url:
        yield f"{url}/query"


@contextlib.contextmanager
def oxigraph_server(place: Path, how: str) -> Iterator[str]:
    """The URL of Oxigraph's server over the store in a folder; `how` is "serve" or "serve-read-only"."""
    port = free_port()
    process = subprocess.Popen(
        [_oxigraph(), how, "--location", str(place), "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(f"http://127.0.0.1:{port}/query?query=ASK%7B%7D", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def slices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The endpoints of real servers that hold slices of Wikidata, DBpedia and the EU tables, by name."""
    with contextlib.ExitStack() as stack:
        yield {
            name: stack.enter_context(served(ROOT / "tests" / "data" / "links" / f"{name}.ttl", tmp_path_factory))
            for name in ("wikidata", "dbpedia", "eu")
        }


@contextlib.contextmanager
def served(turtle: Path, factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a real server that holds a Turtle file."""
    place = factory.mktemp("slice") / "db"
    command = [_oxigraph(), "load", "--location", str(place), "--file", str(turtle)]
    subprocess.run(command, check=True, capture_output=True)
    with oxigraph_server(place, "serve-read-only") as url:
        yield f"{url}/query"


def _oxigraph() -> str:
    server = shutil.which("oxigraph", path=os.path.dirname(sys.executable)) or shutil.which("oxigraph")
    assert server, "the server comes with the package oxigraph"
    return server


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert process.poll() is None and time.monotonic() < end, "the server did not start"
            time.sleep(0.02)


def shipped_graphs() -> set[str]:
    return {file.graph for file in turtle_files(home())}
