"""The time limit always ends the work, on every engine, and the next question is answered."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import foedus
from foedus.worker import Worker
from tests.conftest import Cli, assert_one_message

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
#: A regular expression that takes for ever on rdflib, inside Python's own matcher, where no signal handler runs.
CATASTROPHIC = 'SELECT * { BIND(REGEX("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$") AS ?x) }'


@pytest.mark.parametrize(("engine", "query"), [("oxigraph", ENDLESS), ("rdflib", ENDLESS), ("rdflib", CATASTROPHIC)])
def test_a_query_that_never_ends_is_ended(engine: str, query: str) -> None:
    with foedus.open(engine=engine, timeout=0.5) as graph:
        with pytest.raises(foedus.TimeLimitReached, match=r"0\.5 s"):
            graph.sparql(query)
        graph.timeout = 60
        assert graph.sparql("ASK { }").boolean is True


def test_the_command_line_says_so_with_its_own_status(cli: Cli) -> None:
    assert_one_message(cli("sparql", "--timeout", "0.5", input=ENDLESS), 3, "time limit of 0.5 s", "--timeout")


def test_a_graph_works_beside_other_threads() -> None:
    """With threads about, as in a notebook, the process is started afresh and not forked."""
    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    try:
        with foedus.open(timeout=60) as graph:
            assert graph.run("sources")
    finally:
        stop.set()
        other.join()


def test_a_graph_works_beside_native_threads(tmp_path: Path) -> None:
    """RocksDB keeps threads that Python does not count; a forked copy of it would wait for them for ever."""
    import pyoxigraph as ox

    store = ox.Store(str(tmp_path / "store"))
    with foedus.open(timeout=60) as graph:
        assert graph.run("sources")
    del store
    with foedus.open(timeout=60) as graph:
        assert graph.run("sources")


def test_threads_share_a_graph() -> None:
    with foedus.open(timeout=60) as graph:
        slugs = ["sources", "counts", "roles", "money"] * 5
        expected = {slug: len(graph.run(slug)) for slug in set(slugs)}
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(lambda slug: len(graph.run(slug)), slugs)) == [expected[slug] for slug in slugs]


def test_a_forked_process_gets_a_worker_of_its_own() -> None:
    program = """
import os, foedus
graph = foedus.open(timeout=60)
before = len(graph.run("counts"))
child = os.fork()
same = all(len(graph.run("counts")) == before for _ in range(20))
if not child:
    graph.close()
    os._exit(0 if same else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert same and len(graph.run("counts")) == before
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_an_interrupted_question_leaves_no_answer_behind() -> None:
    with foedus.open(timeout=60) as graph:
        assert graph.run("sources")
        alarm = signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        try:
            with pytest.raises(KeyboardInterrupt):
                graph.sparql(ENDLESS)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, alarm)
        assert graph.run("counts").columns[0] == "thingName"


def test_a_worker_that_dies_is_replaced() -> None:
    with foedus.open(timeout=60) as graph:
        assert graph.run("sources")
        assert isinstance(graph._worker, Worker)
        os.kill(graph._worker._pid, signal.SIGKILL)
        with pytest.raises(foedus.FoedusError, match="ended unexpectedly"):
            graph.run("sources")
        assert graph.run("sources")


def test_no_process_is_left_behind_when_the_caller_is_killed() -> None:
    program = """
import foedus, sys
graph = foedus.open(timeout=600)
graph.run("sources")
print(graph._worker._pid, flush=True)
graph.sparql(sys.argv[1])
"""
    caller = subprocess.Popen([sys.executable, "-c", program, ENDLESS], stdout=subprocess.PIPE, text=True)
    assert caller.stdout
    worker = int(caller.stdout.readline())
    caller.kill()
    caller.wait()
    caller.stdout.close()
    end = time.monotonic() + 30
    while _runs(worker) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _runs(worker)


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_reader_of_the_output_does_not_wait_for_the_worker_of_a_caller_that_was_killed() -> None:
    command = [sys.executable, "-m", "foedus", "sparql", "--timeout", "600", "-"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdin
    process.stdin.write(ENDLESS)
    process.stdin.close()
    process.stdin = None
    _wait_until_busy(process.pid)
    process.kill()
    assert process.communicate(timeout=30) == ("", "")


def _interruptible() -> None:
    """A shell's background job inherits that interrupts are ignored; a user's command does not."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_ctrl_c_ends_both_quietly() -> None:
    command = [sys.executable, "-m", "foedus", "sparql", "--timeout", "60", "-"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_interruptible,
    )
    assert process.stdin
    assert process.stderr
    process.stdin.write(ENDLESS)
    process.stdin.close()
    _wait_until_busy(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=30) == 130
    message = process.stderr.read()
    process.stderr.close()
    assert process.stdout
    process.stdout.close()
    assert "Traceback" not in message
    assert "interrupted" in message


def _wait_until_busy(pid: int) -> None:
    """Until the child of `pid` has used half a second of processor time: it is evaluating by then."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
            fields = Path(f"/proc/{child}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            if int(fields[11]) + int(fields[12]) > os.sysconf("SC_CLK_TCK") // 2:
                return
        time.sleep(0.02)


@pytest.mark.parametrize("limit", ["0", "-1", "nan", "inf", "soon"])
def test_a_limit_that_is_none_is_refused(cli: Cli, limit: str) -> None:
    done = cli("run", "counts", "--timeout", limit)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
