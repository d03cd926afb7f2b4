"""A graph on several servers: shared out by subject, loaded over HTTP, asked as one, measured.

    python bench/scale/federation.py share   FOLDER --members 3 --to DIR N-Quads to load elsewhere
    python bench/scale/federation.py serve   FOLDER --members 3          until Ctrl-C
    python bench/scale/federation.py check   FOLDER --members 3          every saved query, then with a member stopped
    python bench/scale/federation.py measure FOLDER --members 1 2 3 4    load and query times, as a table in Markdown

Each member is an Oxigraph server, a process of its own, and holds all triples of the subjects whose IRI has its
remainder (CRC-32 modulo the number of members), once in their named graphs and once, each triple once, in the default
graph. So no triple stands on two members, and what one subject is asked for is on one of them. The members are asked
through `bench/scale/front.py` (`--engine gather`) or through RDF4J's FedX (`--engine fedx`), as any SPARQL endpoint.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import http.client
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "bench"), str(ROOT / "bench" / "scale")]

import pyoxigraph as ox  # noqa: E402
from front import SHARE, share_of  # noqa: E402
from tests.stores.servers import Server, running  # noqa: E402

import foedus  # noqa: E402
from foedus.catalog import Catalog  # noqa: E402
from foedus.datasets import turtle_files  # noqa: E402
from foedus.turtle import parse  # noqa: E402
from report import machine, table  # noqa: E402

ENGINES = ("gather", "fedx")
LIMIT = 300.0
_TRIPLES = "http://rdfs.org/ns/void#triples"
_FEDX = """\
@prefix fedx: <http://rdf4j.org/config/federation#> .
@prefix rep: <http://www.openrdf.org/config/repository#> .
@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
[] a rep:Repository ; rep:repositoryID "federation" ;
    rep:repositoryImpl [ rep:repositoryType "fedx:FedXRepository" ; fedx:member {members} ] .
"""
_MEMBER = '<{url}> fedx:store "SPARQLEndpoint" ; sd:endpoint <{url}> .\n'


class Federation(NamedTuple):
    """Members that run, and the endpoint that asks them all."""

    members: list[Server]
    endpoint: str
    triples: list[int]
    sharing: float
    loading: float


class Asked(NamedTuple):
    """What one saved query gave: its rows, or a message; and the seconds it took."""

    rows: object
    error: str
    seconds: float


def share(folder: str, of: int, place: Path) -> tuple[list[Path], list[int]]:
    """Write the graph of `folder` as `of` files of N-Quads to `place`; the files, and the triples of each."""
    paths = [place / f"share-{i + 1}-of-{of}.nq" for i in range(of)]
    counts = [0] * of
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(path.open("w", encoding="utf-8")) for path in paths]
        for source in turtle_files(folder):
            for triple in parse(source.path):
                number = share_of(str(triple.subject), of)
                counts[number] += 1
                files[number].write(f"{triple} .\n{triple} <{source.graph}> .\n")
        for i, file in enumerate(files):
            name = SHARE.format(number=i + 1, of=of)
            file.write(f'<{name}> <{_TRIPLES}> "{counts[i]}"^^<{ox.Literal(0).datatype.value}> <{name}> .\n')
    return paths, counts


def load(server: Server, path: Path) -> None:
    """Send a share to its member; raises RuntimeError where it does not take it."""
    parts = urllib.parse.urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=3600)
    with contextlib.closing(connection), path.open("rb") as body:
        headers = {"Content-Type": "application/n-quads", "Content-Length": str(path.stat().st_size)}
        connection.request("POST", "/store?no_transaction", body, headers)
        answer = connection.getresponse()
        if answer.status not in (200, 201, 204):
            raise RuntimeError(f"{server.url} did not take {path.name}: {answer.status} {answer.read()[:300]!r}")


@contextlib.contextmanager
def federation(folder: str, of: int, place: Path, engine: str = "gather") -> Iterator[Federation]:
    """The graph of `folder` on `of` members that are loaded, and an endpoint before them; stopped at the end."""
    start = time.monotonic()
    paths, counts = share(folder, of, place)
    sharing = time.monotonic() - start
    with contextlib.ExitStack() as stack:
        members = [stack.enter_context(running("oxigraph", place / f"member-{i + 1}")) for i in range(of)]
        start = time.monotonic()
        with ThreadPoolExecutor(of) as pool:
            list(pool.map(load, members, paths))
        loading = time.monotonic() - start
        opened = _fedx(members, place) if engine == "fedx" else _front(members)
        yield Federation(members, stack.enter_context(opened), counts, sharing, loading)


@contextlib.contextmanager
def _front(members: Sequence[Server]) -> Iterator[str]:
    from tests.conftest import free_port

    port = free_port()
    program = str(Path(__file__).parent / "front.py")
    command = [sys.executable, program, "--port", str(port), *(member.query for member in members)]
    process = subprocess.Popen(command, start_new_session=True)
    url = f"http://127.0.0.1:{port}/sparql"
    try:
        _await(f"{url}?query=ASK%7B%7D", process)
        yield url
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _fedx(members: Sequence[Server], place: Path) -> Iterator[str]:
    urls = [member.query for member in members]
    config = _FEDX.format(members=" , ".join(f"<{url}>" for url in urls))
    config += "".join(_MEMBER.format(url=url) for url in urls)
    with running("rdf4j", place / "fedx") as server:
        yield server.create_repository(config)


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError as error:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the endpoint before the members did not start") from error
        time.sleep(0.05)


def ask(graph: foedus.Graph, slug: str) -> Asked:
    """One saved query with the default values of its parameters."""
    start = time.monotonic()
    try:
        answer = graph.run(slug)
    except foedus.FoedusError as error:
        return Asked(None, f"{type(error).__name__}: {error.message}", time.monotonic() - start)
    seconds = time.monotonic() - start
    if answer.form == "rows":
        rows: object = (answer.columns, collections.Counter(tuple(row.values()) for row in answer))
    else:
        rows = answer.boolean if answer.form == "boolean" else answer.triples
    return Asked(rows, "", seconds)


def verdict(found: Asked, expected: Asked) -> str:
    """Whether an answer is right or wrong beside that of the embedded store, or an error."""
    if found.error:
        return "error"
    return "right" if not expected.error and found.rows == expected.rows else "wrong"


def check(folder: str, of: int, engine: str, slugs: Sequence[str], limit: float) -> bool:
    """Say of every saved query whether it is answered as by the embedded store, and so with a member stopped."""
    fine = True
    with tempfile.TemporaryDirectory(prefix="foedus-scale-") as place, foedus.open(folder, timeout=limit) as here:
        expected = {slug: ask(here, slug) for slug in slugs}
        with federation(folder, of, Path(place), engine) as found:
            _say(f"{of} members with {', '.join(f'{n:,}' for n in found.triples)} triples")
            lines = []
            answers = {}
            with foedus.open(folder, endpoint=found.endpoint, timeout=limit) as there:
                for slug in slugs:
                    answers[slug] = ask(there, slug)
            found.members[-1].kill()
            with foedus.open(folder, endpoint=found.endpoint, timeout=limit) as there:
                for slug in slugs:
                    without = ask(there, slug)
                    whole = verdict(answers[slug], expected[slug])
                    less = verdict(without, expected[slug])
                    fine &= whole == "right" and less != "wrong"
                    said = answers[slug].error or without.error
                    seconds = f"{answers[slug].seconds:.2f}"
                    lines.append([slug, f"{expected[slug].seconds:.2f}", seconds, whole, less, said[:70]])
            print(table(["query", "embedded, s", "members, s", "answer", "a member stopped", "says"], lines))
            for n, name in ((3, "all members"), (4, "a member stopped")):
                print(f"{name}: {dict(collections.Counter(line[n] for line in lines))}")
    return fine


def measure(folder: str, sizes: Sequence[int], engine: str, slugs: Sequence[str], limit: float) -> bool:
    """Load and query times for each number of members; false where an answer differs from that of one store."""
    times: dict[str, dict[int, Asked]] = {slug: {} for slug in slugs}
    expected: dict[str, Asked] = {}
    loads, wrong = [], []
    with tempfile.TemporaryDirectory(prefix="foedus-scale-") as place:
        for of in dict.fromkeys((1, *sizes)):
            inner = Path(place) / str(of)
            inner.mkdir()
            with federation(folder, of, inner, engine) as found:
                loads.append((of, sum(found.triples), max(found.triples), found.sharing, found.loading))
                _say(f"{of} members: shared in {found.sharing:.1f} s, loaded in {found.loading:.1f} s")
                for endpoint in (found.members[0].query, found.endpoint):
                    _alone(folder, endpoint, "counts", limit)  # so that nothing is asked for the first time below
                for slug in slugs:
                    if of == 1:
                        expected[slug] = _alone(folder, found.members[0].query, slug, limit)
                        _say(f"one store: {slug}: {expected[slug].seconds:.2f} s {expected[slug].error}")
                    asked = times[slug][of] = _alone(folder, found.endpoint, slug, limit)
                    told = verdict(asked, expected[slug])
                    if told == "wrong":
                        wrong.append(f"{slug} on {of}")
                    _say(f"{of} members: {slug}: {asked.seconds:.2f} s {told} {asked.error}")
            shutil.rmtree(inner)
    head = ["members", "triples", "largest share", "sharing out, s", "loading, s", "triples a second"]
    rows = [
        [str(of), f"{all_of:,}", f"{most:,}", f"{out:.0f}", f"{into:.0f}", f"{all_of / (out + into):,.0f}"]
        for of, all_of, most, out, into in loads
    ]
    print(table(head, rows))
    print(table(["query", "one store, s", *(_of(of) for of, *_ in loads)], _times(times, expected)))
    print(f"{len(wrong)} wrong answers {' '.join(wrong)}".rstrip())
    print("\n".join(f"{name}: {value}" for name, value in machine()))
    return not wrong


def _alone(folder: str, endpoint: str, slug: str, limit: float) -> Asked:
    """One saved query, asked by a client of its own, which has asked something before."""
    with foedus.open(folder, endpoint=endpoint, timeout=limit) as graph:
        with contextlib.suppress(foedus.FoedusError):
            graph.sparql("ASK { <https://w3id.org/foedus/ns> a ?kind }")
        return ask(graph, slug)


def _of(size: int) -> str:
    return f"{size} member{'s' * (size > 1)}, s"


def _times(times: dict[str, dict[int, Asked]], expected: dict[str, Asked]) -> list[list[str]]:
    lines = []
    for slug, by_size in times.items():
        lines.append([slug, *map(_shown, (expected[slug], *by_size.values()))])
    columns = list(zip(*((expected[slug], *times[slug].values()) for slug in times), strict=True))
    lines.append(["median", *(f"{statistics.median(a.seconds for a in column):.2f}" for column in columns)])
    lines.append(["sum", *(f"{sum(a.seconds for a in column):.0f}" for column in columns)])
    return lines


def _shown(asked: Asked) -> str:
    return (
        "error"
        if asked.error and "time limit" not in asked.error
        else "over"
        if asked.error
        else f"{asked.seconds:.2f}"
    )


def serve(folder: str, of: int, engine: str) -> None:
    """Say where the endpoint is, and wait for Ctrl-C."""
    with (
        tempfile.TemporaryDirectory(prefix="foedus-scale-") as place,
        federation(folder, of, Path(place), engine) as found,
    ):
        for member, count in zip(found.members, found.triples, strict=True):
            print(f"member  {member.query}  {count:,} triples", flush=True)
        print(f"ask     foedus run counts --endpoint {found.endpoint}\nCtrl-C stops.", flush=True)
        signal.pause()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Do as the arguments say; 1 where an answer is not right."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("share", "serve", "check", "measure"))
    parser.add_argument("folder", nargs="?", default=str(ROOT), help="a Foedus folder (default: this repository)")
    parser.add_argument("--members", type=int, nargs="+", default=[3], metavar="N")
    parser.add_argument("--to", type=Path, default=Path("shares"), metavar="DIR", help="where shares are written")
    parser.add_argument("--engine", choices=ENGINES, default="gather", help="what asks the members")
    parser.add_argument("--query", nargs="+", default=(), metavar="SLUG", help="saved queries (default: all)")
    parser.add_argument("--limit", type=float, default=LIMIT, help=f"seconds for one query (default {LIMIT:g})")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    slugs = options.query or Catalog(options.folder).local()
    try:
        if options.what == "share":
            options.to.mkdir(parents=True, exist_ok=True)
            for path, count in zip(*share(options.folder, options.members[0], options.to), strict=True):
                print(f"{path}  {count:,} triples")
        elif options.what == "serve":
            serve(options.folder, options.members[0], options.engine)
        elif options.what == "check":
            return 0 if check(options.folder, options.members[0], options.engine, slugs, options.limit) else 1
        else:
            return 0 if measure(options.folder, options.members, options.engine, slugs, options.limit) else 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
