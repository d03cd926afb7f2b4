"""`foedus serve` as a process: how it starts, how it ends, and what becomes of its own processes."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import Cli, assert_one_message, free_port
from tests.web.conftest import ENDLESS, Answer, Served, await_url, serving, start

pytestmark = pytest.mark.slow

#: Takes its time and comes to an end: a few million pairs.
LONG = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?a{i} ?b{i} ?c{i} .' for i in range(8))} }}"
PAIRS = 7**8


def children(pid: int) -> list[int]:
    """The processes that a process started, and has not yet buried."""
    try:
        return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except FileNotFoundError:
        return []


def origins(pid: int) -> list[int]:
    """The processes of a server that hold the graph: one, unless it is being read anew."""
    return children(pid)


def workers(pid: int) -> list[int]:
    """The processes of a server that answer: those that are forked of these."""
    return [worker for origin in children(pid) for worker in children(origin)]


def state(pid: int) -> str:
    """A letter, Z for one that has ended; "" where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def runs(pid: int) -> bool:
    """Whether it does: one that has ended and has no parent is buried by the system, when it comes to it."""
    return state(pid) not in ("", "Z")


def seconds(pid: int) -> float:
    """Of processor time that a process has used."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def until(holds: Callable[[], object]) -> None:
    """Wait until something holds, for a minute at most."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.01)


def at_work(served: Served) -> list[int]:
    """The processes that have done something since they were ready."""
    return [c for c in workers(served.process.pid) if seconds(c) > 0.3]


@contextmanager
def asked(served: Served, query: str) -> Iterator[list[Answer]]:
    """A query that is being evaluated, in a thread, and after the block its answer."""
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(served.post(query)))
    thread.start()
    until(lambda: at_work(served))
    yield answers
    thread.join()


def pairs(answer: Answer) -> int:
    assert answer.status == 200, answer.text
    return int(json.loads(answer.body)["results"]["bindings"][0]["n"]["value"])


def end(process: subprocess.Popen[str], how: Callable[[], None]) -> None:
    """End a server, which must do so well and leave no process behind."""
    had = [*origins(process.pid), *workers(process.pid)]
    assert len(had) >= 3
    how()
    out, told = process.communicate(timeout=60)
    assert (process.returncode, out, told) == (0, "", "foedus: ended\n")
    until(lambda: not any(map(runs, had)))


def told(process: subprocess.Popen[str]) -> dict[str, Callable[[], None]]:
    """How a server is told to end: by a signal, by a terminal to its group, by a system to all its processes."""

    def all_of_them() -> None:
        for pid in (*workers(process.pid), *origins(process.pid), process.pid):
            os.kill(pid, signal.SIGTERM)

    return {
        "SIGTERM": process.terminate,
        "SIGINT": lambda: process.send_signal(signal.SIGINT),
        "Ctrl-C": lambda: os.killpg(process.pid, signal.SIGINT),
        "the system": all_of_them,
    }


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT", "Ctrl-C", "the system"])
def test_a_stop_finishes_what_is_answered(made: Path, how: str) -> None:
    """And takes no more requests."""
    process = start(made)
    try:
        served = Served(await_url(process), process)
        with asked(served, LONG) as answers:
            ending = threading.Thread(target=end, args=(process, told(process)[how]))
            ending.start()
            until(lambda: not listens(served.port))
        ending.join()
        assert pairs(answers[0]) == PAIRS
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_second_ctrl_c_ends_it_at_once(made: Path) -> None:
    process = start(made, "--timeout", "600")
    try:
        served = Served(await_url(process), process)
        thread = threading.Thread(target=broken_off, args=(served,))
        thread.start()
        until(lambda: at_work(served))
        had = [*origins(process.pid), *workers(process.pid)]
        process.send_signal(signal.SIGINT)
        until(lambda: not listens(served.port))
        process.send_signal(signal.SIGINT)
        out, told = process.communicate(timeout=60)
        assert (process.returncode, out, told) == (0, "", "foedus: ended\n")
        until(lambda: not any(map(runs, had)))
        thread.join()
    finally:
        process.kill()
        process.communicate()


def broken_off(served: Served) -> None:
    """A client whose query is not answered."""
    request = f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n"
    served.raw(request.encode(), timeout=120)


def test_no_process_is_left_behind_when_the_server_is_killed(made: Path) -> None:
    process = start(made, "--timeout", "600")
    served = Served(await_url(process), process)
    thread = threading.Thread(target=broken_off, args=(served,))
    thread.start()
    until(lambda: at_work(served))
    had = [*origins(process.pid), *workers(process.pid)]
    assert len(had) >= 3
    process.kill()
    process.communicate()
    until(lambda: not any(map(runs, had)))
    thread.join()


@pytest.fixture(scope="module")
def served(made: Path) -> Iterator[Served]:
    with serving(made, "--timeout", "600") as found:
        yield found


def test_a_process_that_is_killed_at_work_is_replaced_and_its_query_answered(served: Served) -> None:
    with asked(served, LONG + "# killed") as answers:
        (busy,) = at_work(served)
        os.kill(busy, signal.SIGKILL)
    assert pairs(answers[0]) == PAIRS
    served.answers()
    until(lambda: not state(busy))


def test_processes_that_are_killed_while_they_wait_are_replaced(served: Served) -> None:
    for _ in range(3):
        served.answers()
        had = workers(served.process.pid)
        for child in had:
            os.kill(child, signal.SIGKILL)
        assert pairs(served.post(f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} # {had}")) == 7
        until(lambda had=had: not any(map(state, had)))  # type: ignore[misc]


def test_a_query_whose_processes_are_killed_again_and_again_is_given_up(served: Served) -> None:
    had: list[int] = []
    with asked(served, ENDLESS) as answers:
        while not answers:
            busy = at_work(served)
            for child in busy:
                os.kill(child, signal.SIGKILL)
            had += busy
            time.sleep(0.01)
    assert (answers[0].status, answers[0].type) == (503, "text/plain")
    assert "twice" in answers[0].text
    served.answers()


def test_what_a_client_leaves_is_not_gone_on_with(served: Served) -> None:
    connection = socket.create_connection(("127.0.0.1", served.port))
    connection.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    until(lambda: at_work(served))
    busy = at_work(served)
    connection.close()
    until(lambda: not any(map(state, busy)))
    served.answers()


def test_the_process_that_holds_the_graph_is_killed_and_replaced(served: Served) -> None:
    """With it go those that are forked of it."""
    with asked(served, LONG + "# without origin") as answers:
        had = [*origins(served.process.pid), *workers(served.process.pid)]
        os.kill(had[0], signal.SIGKILL)
    assert pairs(answers[0]) == PAIRS
    until(lambda: not any(map(runs, had)))
    served.answers()
    assert len(origins(served.process.pid)) == 1


def test_there_is_one_thread_where_processes_are_forked(served: Served) -> None:
    (origin,) = origins(served.process.pid)
    assert os.listdir(f"/proc/{origin}/task") == [str(origin)]


COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def test_another_graph_is_taken_up_by_all(made: Path, tmp_path: Path) -> None:
    """When the next process is needed; what was answered from the one before is forgotten."""
    shutil.copytree(made / "data", tmp_path / "data")
    with serving(tmp_path) as served:
        assert pairs(served.post(COUNT)) == 7
        (tmp_path / "data" / "more.ttl").write_text("<x:a> <x:b> <x:c> .", encoding="utf-8")
        assert pairs(served.post(COUNT)) == 7
        with asked(served, LONG) as answers:
            for worker in set(workers(served.process.pid)) - set(at_work(served)):
                os.kill(worker, signal.SIGKILL)
            numbers = itertools.count()
            until(lambda: pairs(served.post(f"{COUNT} # {next(numbers)}")) == 8)
        assert pairs(answers[0]) == PAIRS
        assert [pairs(served.post(f"{COUNT} # {next(numbers)}")) for _ in range(5)] == [8] * 5
        assert pairs(served.post(COUNT)) == 8
        until(lambda: len(origins(served.process.pid)) == 1)


def test_a_graph_that_cannot_be_read_is_not_taken_up(made: Path, tmp_path: Path) -> None:
    """As long as there is a process that holds the one before; the reason is for who runs the server."""
    shutil.copytree(made / "data", tmp_path / "data")
    process = start(tmp_path)
    try:
        served = Served(await_url(process), process)
        assert process.stderr
        (tmp_path / "data" / "more.ttl").write_text("<x:a> <x:b> 'c .\n", encoding="utf-8")
        for worker in workers(process.pid):
            os.kill(worker, signal.SIGKILL)
        assert pairs(served.post(COUNT)) == 7
        assert "more.ttl:1" in process.stderr.readline()
        assert pairs(served.post(COUNT + "#")) == 7
        had = [*origins(process.pid), *workers(process.pid)]
        os.kill(had[0], signal.SIGKILL)
        until(lambda: not any(map(runs, had)))
        answer = served.query("ASK { }")
        assert (answer.status, answer.text) == (503, "no process can be started that answers\nTry again later.\n")
        (tmp_path / "data" / "more.ttl").write_text("<x:a> <x:b> 'c' .\n", encoding="utf-8")
        assert pairs(served.post(COUNT + "##")) == 8
        process.terminate()
        _, told = process.communicate(timeout=60)
        assert process.returncode == 0 and "Traceback" not in told
    finally:
        process.kill()
        process.communicate()


def test_it_listens_to_this_machine_alone(served: Served) -> None:
    found = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    listening = [line.split()[1] for line in found if line.split()[3] == "0A"]
    assert [a for a in listening if a.endswith(f":{served.port:04X}")] == [f"0100007F:{served.port:04X}"]


# What it says where it cannot


def test_a_port_that_is_in_use(made: Path, cli: Cli, served: Served) -> None:
    done = cli("serve", "--port", served.port, env={"FOEDUS_FOLDER": str(made)})
    assert_one_message(done, 2, f"127.0.0.1:{served.port}", "in use", "--port")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--port", "70000"), ("--port 70000", "0 (any) to 65535")),
        (("--port", "-1"), ("--port -1",)),
        (("--host", "no.such.host.invalid"), ("--host no.such.host.invalid",)),
        (("--host", "192.0.2.1", "--port", "0"), ("192.0.2.1",)),
        (("--host", "0.0.0.0"), ("--url",)),
        (("--rows", "0"), ("--rows 0", "from 1")),
        (("--rows", "-5"), ("--rows -5",)),
        (("--timeout", "0"), ("0 is no time limit", "above 0")),
        (("--timeout", "nan"), ("nan",)),
        (("--timeout", "inf"), ("inf",)),
        (("--url", "ftp://x/"), ("ftp://x/",)),
    ],
)
def test_options_that_cannot_be_used(made: Path, cli: Cli, options: tuple[str, ...], words: tuple[str, ...]) -> None:
    assert_one_message(cli("serve", *options, env={"FOEDUS_FOLDER": str(made)}), 2, *words)


@pytest.mark.parametrize("options", [("--port", "x"), ("--rows", "many"), ("--timeout", "soon"), ("--nothing",)])
def test_options_that_are_none(made: Path, cli: Cli, options: tuple[str, ...]) -> None:
    done = cli("serve", *options, env={"FOEDUS_FOLDER": str(made)})
    assert done.returncode == 2 and "Traceback" not in done.stderr and "usage: foedus serve" in done.stderr


def test_a_folder_of_texts_that_is_not_there(made: Path, cli: Cli) -> None:
    done = cli("serve", env={"FOEDUS_FOLDER": str(made), "FOEDUS_TEXTS": "/nowhere/texts"})
    assert_one_message(done, 2, "FOEDUS_TEXTS=/nowhere/texts", "no such folder")


def test_a_folder_that_holds_no_graph(tmp_path: Path, cli: Cli) -> None:
    done = cli("serve", "--port", "0", env={"FOEDUS_FOLDER": str(tmp_path)})
    assert_one_message(done, 2, tmp_path, "no Turtle files")
    done = cli("serve", "--port", "0", env={"FOEDUS_FOLDER": str(tmp_path / "nowhere")})
    assert_one_message(done, 2, tmp_path / "nowhere", "no such folder")


def test_turtle_that_is_malformed(made: Path, tmp_path: Path, cli: Cli) -> None:
    shutil.copytree(made / "data", tmp_path / "data")
    (tmp_path / "data" / "broken.ttl").write_text("@prefix : <https://example.org/> .\n:a :b 'c .\n", encoding="utf-8")
    done = cli("serve", "--port", "0", env={"FOEDUS_FOLDER": str(tmp_path)})
    assert_one_message(done, 2, "broken.ttl:2")


def test_a_cache_that_cannot_be_written(made: Path, tmp_path: Path) -> None:
    """A file where the folder should be: root may write into folders that others may not."""
    cache = tmp_path / "cache"
    cache.touch()
    process = start(made, env={"FOEDUS_CACHE": str(cache)})
    try:
        assert process.stderr
        note = process.stderr.readline()
        assert note.startswith("foedus: note: ") and str(cache) in note and "in memory" in note
        served = Served(await_url(process), process)
        served.answers()
        assert pairs(served.post("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")) == 7
        end(process, process.terminate)
    finally:
        process.kill()
        process.communicate()


def test_the_url_that_clients_know(made: Path) -> None:
    port = free_port()
    process = start(made, "--port", str(port), "--url", "https://graph.example.org/foedus/")
    try:
        assert process.stderr
        assert process.stderr.readline() == "Foedus is served at https://graph.example.org/foedus/\n"
        assert "https://graph.example.org/foedus/sparql" in process.stderr.readline()
        served = Served(f"http://127.0.0.1:{port}", process)
        (row,) = json.loads(served.query("SELECT (IRI('x') AS ?x) { }").body)["results"]["bindings"]
        assert row["x"]["value"] == "https://graph.example.org/foedus/x"
        assert "<https://graph.example.org/foedus/sparql>" in served.ask("/sparql").text
        end(process, process.terminate)
    finally:
        process.kill()
        process.communicate()
