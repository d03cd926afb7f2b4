"""Loading into each real server: whole or not at all whatever happens, and read back by other people's clients."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import rdflib
import requests
from rdflib.compare import isomorphic
from SPARQLWrapper import JSON, SPARQLWrapper

from foedus import stores
from foedus.datasets import GRAPH, STAGING, TurtleFile, turtle_files
from foedus.errors import RemoteError
from foedus.stores.comparing import compare
from foedus.stores.loading import check, load, remove
from foedus.stores.store import Store
from tests.stores.servers import Server
from tests.test_load import proxy_before

#: Times that a load is killed on each server.
KILLS = int(os.environ.get("FOEDUS_KILLS", "6"))


def into(server: Server, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "foedus", "load", server.url, *options]
    environment = {**os.environ, "FOEDUS_FOLDER": str(folder)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def quietly(_: object) -> None:
    """Tell nobody."""


def store_of(server: Server) -> Store:
    return stores.connect(server.url)


def verdicts(server: Server, folder: Path) -> set[str]:
    return {c.verdict for c in check(turtle_files(str(folder)), store_of(server), quietly)}


def test_the_server_says_what_it_is(server: Server) -> None:
    assert store_of(server).name == server.name


def test_all_is_there_and_a_second_load_sends_nothing(server: Server, old: Path) -> None:
    remove(store_of(server))
    done = load(turtle_files(str(old)), store_of(server), quietly)
    assert {c.verdict for c in done.comparisons} <= {"same", "rewritten"}
    again = load(turtle_files(str(old)), store_of(server), quietly)
    assert {step.action for step in again.steps} == {"keep"}
    assert again.triples == 0


def test_only_virtuoso_writes_literals_of_ours_in_another_way(server: Server, old: Path) -> None:
    load(turtle_files(str(old)), store_of(server), quietly)
    rewritten = {c.graph for c in check(turtle_files(str(old)), store_of(server), quietly) if c.verdict == "rewritten"}
    assert bool(rewritten) == (server.name == "virtuoso")


def test_what_changed_is_replaced_and_what_is_gone_is_removed(server: Server, old: Path, new: Path) -> None:
    load(turtle_files(str(old)), store_of(server), quietly)
    load(turtle_files(str(new)), store_of(server), quietly)
    assert verdicts(server, new) <= {"same", "rewritten"}
    assert set(store_of(server).counts()) == {file.graph for file in turtle_files(str(new))}


def test_other_peoples_clients_read_what_was_loaded(server: Server, old: Path) -> None:
    load(turtle_files(str(old)), store_of(server), quietly)
    name, path = GRAPH + "core", old / "ontology" / "core.ttl"
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
    answer = requests.post(server.query, {"query": query}, headers={"Accept": "application/rdf+xml"}, timeout=60)
    found = rdflib.Graph().parse(data=answer.content, format="xml")
    assert isomorphic(found, rdflib.Graph().parse(path))
    counting: Any = SPARQLWrapper(server.query)
    counting.setQuery(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}")
    counting.setReturnFormat(JSON)
    assert counting.query().convert()["results"]["bindings"][0]["n"]["value"] == str(len(found))


def test_graphs_of_others_are_left_alone(server: Server, old: Path, new: Path) -> None:
    theirs = "http://example.org/theirs"
    store = store_of(server)
    store.update([f"INSERT DATA {{ GRAPH <{theirs}> {{ <http://a> <http://b> <http://c> }} }}"])
    load(turtle_files(str(old)), store, quietly)
    load(turtle_files(str(new)), store, quietly)
    remove(store)
    assert store.select(f"SELECT * WHERE {{ GRAPH <{theirs}> {{ ?s ?p ?o }} }}")[0]["o"] == "http://c"
    assert store.counts() == {}


def test_a_graph_is_not_lost_where_what_was_to_take_its_place_is_gone(server: Server, old: Path) -> None:
    """As when two loads go on at once, or an update whose answer was lost is sent again."""
    load(turtle_files(str(old)), store_of(server), quietly)
    with contextlib.suppress(RemoteError):  # it may be told, or not
        store_of(server).update(store_of(server).moving([(STAGING + "gone", GRAPH + "core")]), again=False)
    assert verdicts(server, old) <= {"same", "rewritten"}


def test_replacing_loses_nothing_however_often(server: Server, old: Path, new: Path) -> None:
    """Jena's MOVE does, now and then, of a graph or two among several."""
    remove(store_of(server))
    for folder in (old, new, old, new):
        done = load(turtle_files(str(folder)), store_of(server), quietly)
        assert {step.action for step in done.steps} & {"add", "replace"}
        assert done.triples == sum(c.ours for c in done.comparisons), "sent in one round"


def test_a_proxy_that_drops_every_tenth_request(server: Server, old: Path, new: Path) -> None:
    parts = urlsplit(server.url)
    remove(store_of(server))
    with proxy_before(f"{parts.scheme}://{parts.netloc}") as proxy:
        proxy.fault = lambda request, number: request.drop() if number % 10 == 0 else None
        for folder in (old, new):
            store = stores.connect(f"{proxy.url}{parts.path}")
            done = load(turtle_files(str(folder)), store, quietly)
            assert {c.verdict for c in done.comparisons} <= {"same", "rewritten"}
        assert len(proxy.requests) >= 10


@pytest.mark.parametrize("first", [True, False], ids=["first load", "later load"])
def test_killed_at_any_moment_it_leaves_the_old_or_the_new_state(
    server: Server, old: Path, new: Path, first: bool
) -> None:
    """Virtuoso has no transaction over several graphs: there each graph is the old one or the new one."""
    store = store_of(server)
    before = [] if first else turtle_files(str(old))
    after = turtle_files(str(new))
    moments = random.Random(7)
    environment = {**os.environ, "FOEDUS_FOLDER": str(new)}
    command = [sys.executable, "-m", "foedus", "load", server.url]
    begun = time.monotonic()
    remove(store)
    if before:
        load(before, store, quietly)
    assert into(server, new).returncode == 0
    whole = time.monotonic() - begun
    reached = set()
    for _ in range(KILLS // 2):
        remove(store)
        if before:
            load(before, store, quietly)
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0, whole))
        process.kill()
        process.wait()
        reached.add(state(store, before, after, server))
        done = into(server, new)
        assert done.returncode == 0, done.stdout + done.stderr
        assert {c.verdict for c in check(after, store, quietly)} <= {"same", "rewritten"}
        assert set(store.counts()) == {file.graph for file in after}


def state(store: Store, before: list[TurtleFile], after: list[TurtleFile], server: Server) -> str:
    """ "old" or "new"; fails where the store holds neither."""
    old, new = (_holds(store, files) for files in (before, after))
    if server.name == "virtuoso":
        return "old" if old else "new" if new else "between"
    deadline = time.monotonic() + 60
    while not (old or new) and time.monotonic() < deadline:  # the server may be at its commit still
        old, new = (_holds(store, files) for files in (before, after))
    assert old or new, store.counts()
    return "old" if old else "new"


def _holds(store: Store, files: list[TurtleFile]) -> bool:
    counts = {name: n for name, n in store.counts().items() if name.startswith(GRAPH)}
    names = {file.graph for file in files}
    if set(counts) != names:
        return False
    return all(compare(file, store).verdict in ("same", "rewritten") for file in files)


def test_a_server_that_is_killed_meanwhile_has_the_old_state_and_gets_the_rest_later(
    server: Server, old: Path, new: Path
) -> None:
    remove(store_of(server))
    load(turtle_files(str(old)), store_of(server), quietly)
    environment = {**os.environ, "FOEDUS_FOLDER": str(new)}
    process = subprocess.Popen(
        [sys.executable, "-m", "foedus", "load", server.url], env=environment, stderr=subprocess.PIPE, text=True
    )
    time.sleep(0.8)
    server.kill()
    told = process.communicate(timeout=300)[1]
    server.restart()
    if process.returncode:
        assert process.returncode == 3
        assert "Traceback" not in told
        assert told.count("foedus: http") == 1
    assert into(server, new).returncode == 0
    assert verdicts(server, new) <= {"same", "rewritten"}
