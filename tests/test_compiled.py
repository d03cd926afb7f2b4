"""The compiled store: safe when two start at once, when one is killed, when the cache is read-only, full or corrupt."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from foedus.compiled import open_store
from foedus.datasets import home, turtle_files
from tests.conftest import Cli

RUN = ("run", "counts", "--format", "csv")


@pytest.fixture
def place(tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the test's own, for a graph that is compiled fast."""
    place = tmp_path / "cache"
    monkeypatch.setenv("FOEDUS_CACHE", str(place))
    monkeypatch.setenv("FOEDUS_FOLDER", str(small))
    return place


def unprivileged(command: list[str]) -> list[str]:
    """`command` without root's right to write where the permissions say otherwise."""
    if os.getuid():
        return command
    if not shutil.which("setpriv"):
        pytest.skip("there is no setpriv to give up root's right to write anywhere")
    return ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override", *command]


@pytest.fixture(scope="module")
def answer(cli: Cli, small: Path) -> str:
    return cli(*RUN, env={"FOEDUS_FOLDER": str(small)}).stdout


@pytest.fixture(scope="module")
def built(cli: Cli, small: Path, answer: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the store, to be copied."""
    place = tmp_path_factory.mktemp("built") / "cache"
    assert cli(*RUN, env={"FOEDUS_FOLDER": str(small), "FOEDUS_CACHE": str(place)}).stdout == answer
    return place


def stores(place: Path) -> list[str]:
    return sorted(entry.name for entry in place.iterdir())


def test_it_is_built_once_and_opened_afterwards(place: Path, cli: Cli, answer: str) -> None:
    first = cli(*RUN)
    assert (first.stdout, first.stderr) == (answer, "")
    (built,) = stores(place)
    before = (place / built / "store" / "CURRENT").stat().st_mtime_ns
    assert cli(*RUN).stdout == answer
    assert stores(place) == [built]
    assert (place / built / "store" / "CURRENT").stat().st_mtime_ns == before


def test_changed_data_make_another(place: Path, cli: Cli, folder: Path) -> None:
    env = {"FOEDUS_FOLDER": str(folder)}
    assert ",21," in cli(*RUN, env=env).stdout
    data = folder / "data" / "dw-article.ttl"
    data.write_text(data.read_text(encoding="utf-8").replace("foedus:countValue 21", "foedus:countValue 22"))
    changed = cli(*RUN, env=env).stdout
    assert ",22," in changed
    assert ",21," not in changed
    assert len(stores(place)) == 2


def test_two_that_start_at_once_are_both_right(place: Path, answer: str) -> None:
    command = [sys.executable, "-m", "foedus", *RUN]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for process in started:
        out, err = process.communicate(timeout=120)
        assert (process.returncode, out, err) == (0, answer, "")
    assert len(stores(place)) == 1


@pytest.mark.parametrize(
    "moment", ["building-*", "building-*/store/CURRENT", "building-*/store/*.sst", "building-*/sizes.json"]
)
def test_one_that_is_killed_half_way_leaves_nothing_that_is_opened(
    place: Path, cli: Cli, answer: str, moment: str
) -> None:
    """Killed as soon as a file of the build appears; should it be quicker than the kill, its store is whole."""
    command = [sys.executable, "-c", "from foedus.compiled import *; open_store(turtle_files(home()))"]
    command[-1] = "from foedus.datasets import *; " + command[-1]
    process = subprocess.Popen(command)
    while not list(place.glob(moment)) and process.poll() is None:
        pass
    process.kill()
    process.wait()
    done = cli(*RUN)
    assert (done.returncode, done.stdout, done.stderr) == (0, answer, "")
    assert len([name for name in stores(place) if not name.startswith("building-")]) == 1


def test_a_cache_that_cannot_be_written_costs_one_warning(place: Path, cli: Cli, answer: str) -> None:
    place.write_text("a file where the folder should be")
    done = cli(*RUN)
    assert (done.returncode, done.stdout) == (0, answer)
    assert done.stderr.count("foedus: note:") == 1
    assert str(place) in done.stderr


def test_a_read_only_cache_is_read(place: Path, answer: str) -> None:
    command = [sys.executable, "-m", "foedus", *RUN]
    subprocess.run(command, check=True, capture_output=True)
    subprocess.run(["chmod", "-R", "a-w", str(place)], check=True)
    try:
        done = subprocess.run(unprivileged(command), check=False, capture_output=True, text=True)
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(place)], check=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, answer, "")


def test_an_empty_cache_that_is_read_only_costs_one_warning(place: Path, answer: str) -> None:
    place.mkdir(mode=0o555)
    command = [sys.executable, "-m", "foedus", *RUN]
    done = subprocess.run(unprivileged(command), check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, answer)
    assert done.stderr.count("foedus: note:") == 1


def test_a_full_disk_costs_one_warning(place: Path, answer: str) -> None:
    """A limit on the size of files, which a write meets as it would a full disk."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    command = [sys.executable, "-m", "foedus", *RUN]
    done = subprocess.run(command, check=False, capture_output=True, text=True, preexec_fn=limit)
    assert (done.returncode, done.stdout) == (0, answer)
    assert done.stderr.count("foedus: note:") == 1
    assert [n for n in stores(place) if not n.startswith("building-")] == []


@pytest.mark.parametrize("how", ["cut", "gone", "overwritten", "flipped"])
@pytest.mark.parametrize("what", ["000", "MANIFEST", "CURRENT", "sizes"])
def test_a_damaged_store_gives_the_right_answer_all_the_same(
    place: Path, built: Path, cli: Cli, answer: str, what: str, how: str
) -> None:
    shutil.copytree(built, place)
    victims = [p for p in place.rglob("*") if p.is_file() and p.name.startswith(what) and p.stat().st_size > 40]
    victims = victims or [p for p in place.rglob("*") if p.is_file() and p.name.startswith(what)]
    assert victims
    for victim in victims:
        content = victim.read_bytes()
        if how == "cut":
            victim.write_bytes(content[: len(content) // 2])
        elif how == "gone":
            victim.unlink()
        elif how == "overwritten":
            victim.write_bytes(b"\0" * len(content))
        else:
            middle = len(content) // 2
            victim.write_bytes(content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :])
    done = cli(*RUN)
    assert (done.returncode, done.stdout) == (0, answer), done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("foedus: note:") <= 1
    again = cli(*RUN)
    assert (again.returncode, again.stdout) == (0, answer)


COPIED = """
import json, os
import pyoxigraph as ox
from foedus.compiled import copied
from foedus.datasets import home, turtle_files

store, warnings = copied(turtle_files(home()))
threads = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
print(json.dumps({"quads": sorted(map(str, store)), "warnings": warnings, "threads": threads}))
"""


def copy() -> dict[str, Any]:
    """The graph as a process has it in memory that copied it, its warnings, and its threads."""
    done = subprocess.run([sys.executable, "-c", COPIED], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_copy_in_memory_is_the_same_and_leaves_no_thread(place: Path) -> None:
    found = copy()
    assert found == {"quads": sorted(map(str, open_store(turtle_files(home()))[0])), "warnings": [], "threads": 1}


def test_a_copy_of_a_store_that_is_found_damaged_on_the_way_is_whole(place: Path) -> None:
    """In the middle of the large tables, which opening the store does not read."""
    expected = [quad for quad in sorted(map(str, open_store(turtle_files(home()))[0])) if "_:" not in quad]
    large = [table for table in place.rglob("*.sst") if table.stat().st_size > 10_000]
    assert large
    for table in large:
        content = table.read_bytes()
        middle = len(content) // 2
        table.write_bytes(content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :])
    assert [quad for quad in copy()["quads"] if "_:" not in quad] == expected


def test_a_copy_of_what_is_no_turtle_is_refused(tmp_path: Path, place: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "made.ttl").write_text("<x:a> <x:b> .\n", encoding="utf-8")
    code = "from foedus.compiled import *; from foedus.datasets import *; copied(turtle_files(home()))"
    env = {**os.environ, "FOEDUS_FOLDER": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, env=env)
    assert done.returncode == 1
    assert "InputError: " in done.stderr
    assert "made.ttl:1" in done.stderr


def test_stores_that_are_long_unused_are_removed(place: Path) -> None:
    place.mkdir()
    for number in range(8):
        (place / f"{number:032x}").mkdir()
        os.utime(place / f"{number:032x}", (1000 + number, 1000 + number))
    (place / "building-left").mkdir()
    os.utime(place / "building-left", (1000, 1000))
    open_store(turtle_files(home()))
    left = stores(place)
    assert len(left) == 5  # the new one, and the four that were used last
    assert f"{7:032x}" in left
    assert "building-left" not in left
