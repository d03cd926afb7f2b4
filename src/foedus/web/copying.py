"""The static copy: the pages and the data of the site as files, for any web host.

The pages are those that `Site` answers with, asked of several processes at once. Every link to the site that stands in
one is made relative, so that the copy works wherever it stands, and what it leads to is copied as well; a link to what
the copy does not have becomes plain text. `places` says which file each of them is.

The copy is made in a folder beside its place and takes that place when it is whole: see `replacing`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from foedus.datasets import read_bytes
from foedus.errors import InputError
from foedus.export import export_file
from foedus.publishing.examples import examples
from foedus.web import places
from foedus.web.linking import WHOLE, Links, Place, text
from foedus.web.messages import Request, Response
from foedus.web.pages.finding import index
from foedus.web.pages.frame import View
from foedus.web.replacing import in_place
from foedus.web.site import STATIC, Settings, Site

_LONGEST = 600.0  # seconds that a page may take, on whatever machine
_AHEAD = 4  # requests that a process has at once, so that it need not wait for the next


class Progress(NamedTuple):
    """What is told as the work goes on: a stage in words, and how many files are written, of how many so far known."""

    stage: str
    done: int
    total: int


Told = Callable[[Progress], None]


class Copied(NamedTuple):
    """What was done: the number of files and their bytes, and the links that lead nowhere, each with a page."""

    files: int
    bytes: int
    dead: list[tuple[str, str]]


def copy(folder: str, place: str, told: Told) -> Copied:
    """Write the site of the graph in `folder` as files to the folder `place`, whole or not at all.

    Raises InputError where the graph cannot be read, a page of it cannot be made, or the place is taken or cannot be
    written; what stood there is then as it was.
    """
    with in_place(place) as aside:
        settings = Settings(folder, "", seconds=_LONGEST, static=True)
        told(Progress("reading the graph", 0, 0))
        links = Links(Site(settings))
        writer = _Writer(links, aside, told)
        writer.others(folder)
        writer.pages(settings)
        return Copied(writer.files, writer.bytes, sorted(links.dead.items()))


class _Queue:
    """The places that are to be copied, each once. Threads take them, and add what they find, until none is left.

    What is asked of the sources of one day is taken together, for a process keeps the graphs of a few choices alone.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[str, deque[Place]] = {}
        self._left = 0
        self._known: set[str] = set()
        self._taken = 0
        self._failure: BaseException | None = None

    def add(self, found: list[Place]) -> None:
        """Add places, unless their files are known."""
        with self._changed:
            for place in found:
                if place.file not in self._known:
                    self._known.add(place.file)
                    self._waiting.setdefault(place.day, deque()).append(place)
                    self._left += 1
            self._changed.notify_all()

    def take(self, day: str, *, wait: bool) -> Place | None:
        """The next place, of this day if there is one. None where there is none now or, with `wait`, none any more."""
        with self._changed:
            while wait and not self._left and self._taken and self._failure is None:
                self._changed.wait()
            if not self._left or self._failure is not None:
                return None
            self._taken += 1
            self._left -= 1
            if not self._waiting.get(day):
                day = max(self._waiting, key=lambda day: len(self._waiting[day]))
            return self._waiting[day].popleft()

    def done(self) -> None:
        """One of the places that were taken is copied."""
        with self._changed:
            self._taken -= 1
            self._changed.notify_all()

    def fail(self, failure: BaseException) -> None:
        """Let all threads end."""
        with self._changed:
            self._failure = self._failure or failure
            self._changed.notify_all()

    def wait(self, told: Callable[[int, int], None]) -> None:
        """Wait until all is copied, telling how many of how many are. Raises what made a thread fail."""
        with self._changed:
            while (self._left or self._taken) and self._failure is None:
                self._changed.wait(0.2)
                told(len(self._known) - self._left - self._taken, len(self._known))
        if self._failure is not None:
            raise self._failure


class _Writer:
    """Writes the copy into a folder."""

    def __init__(self, links: Links, place: str, told: Told) -> None:
        self.files = self.bytes = 0
        self._links = links
        self._place = place
        self._told = told
        self._queue = _Queue()
        self._lock = threading.Lock()
        self._made: set[str] = set()

    def others(self, folder: str) -> None:
        """Write what stands in files already, or is no answer to a request."""
        self._told(Progress("writing the graph", 0, 0))
        site = self._links.site
        export_file(folder, "nquads", os.path.join(self._place, WHOLE), compress=True)
        self._count(os.path.getsize(os.path.join(self._place, WHOLE)))
        for path in sorted(self._links.others):
            if path.startswith("/static/"):
                self._save(path[1:], read_bytes(os.path.join(STATIC, path.removeprefix("/static/"))))
            elif path.startswith("/terms/"):
                self._save(path[1:], site.respond(Request("GET", path)).body)
        self._save("sparql-examples.ttl", examples(folder).encode())
        view = View(site.frame, Request("GET", "/search"), "en")
        self._save("search.json", _compact([*hit, places.file(path)] for *hit, path in index(view)))
        missing = site.frame.render(view, "missing.html", view.words("missing.title"))
        self._save("404.html", missing.body)
        self._save(".nojekyll", b"")  # GitHub would have Jekyll read every file

    def pages(self, settings: Settings) -> None:
        """Write what the site answers with, as several processes give it."""
        self._queue.add(list(self._links.first()))
        processes = [_Process(settings) for _ in range(os.cpu_count() or 1)]
        threads = [threading.Thread(target=self._work, args=(process,), daemon=True) for process in processes]
        try:
            for thread in threads:
                thread.start()
            self._queue.wait(lambda done, total: self._told(Progress("writing pages and data", done, total)))
        except BaseException as failure:
            self._queue.fail(failure)
            raise
        finally:
            for process in processes:
                process.close()
            for thread in threads:
                thread.join()

    def _work(self, process: _Process) -> None:
        """Have a process answer, and write what it answers, until all is written."""
        asked: deque[Place] = deque()
        day = ""
        try:
            process.open()
            while True:
                while len(asked) < _AHEAD and (place := self._queue.take(day, wait=not asked)) is not None:
                    day = place.day
                    process.ask(place)
                    asked.append(place)
                if not asked:
                    return
                self._write(asked[0], process.answer(asked[0]))
                asked.popleft()
                self._queue.done()
        except BaseException as failure:
            self._queue.fail(failure)

    def _write(self, place: Place, answer: Response) -> None:
        if answer.status != 200:
            asked = place.path + (f"?{place.query}" if place.query else "")
            raise InputError(
                f"the copy cannot have it: {text(answer)}",
                where=asked,
                todo=f"See it with `foedus serve` at {asked}.",
            )
        body = answer.body
        if answer.media_type.startswith("text/html"):
            page, found = self._links.relative(body.decode(), place.file)
            body = page.encode()
            self._queue.add([f for f in found if f.path not in self._links.others])
        self._save(place.file, body)

    def _save(self, name: str, body: bytes) -> None:
        path = os.path.join(self._place, *name.split("/"))
        folder = os.path.dirname(path)
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)
            self._made.add(folder)
        with open(path, "wb") as file:
            file.write(body)
        self._count(len(body))

    def _count(self, size: int) -> None:
        with self._lock:
            self.files += 1
            self.bytes += size


class _Process:
    """A process of the site, as `foedus.web.process` is one: asked several things, it answers in that order."""

    def __init__(self, settings: Settings) -> None:
        arguments = [sys.executable, "-P", "-m", "foedus.web.process", json.dumps(settings)]
        self._process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        assert self._process.stdin and self._process.stdout
        self._in, self._out = self._process.stdin, self._process.stdout

    def open(self) -> None:
        """Wait until it has read the graph. Raises InputError where it cannot."""
        header, _ = self._read()
        if "error" in header:
            raise InputError(str(header["error"]))

    def ask(self, place: Place) -> None:
        """Ask for a page or for data."""
        told = {"method": "GET", "path": place.path, "query": place.query, "headers": {"accept": "text/html"}}
        self._in.write(json.dumps({**told, "size": 0}).encode() + b"\n")
        self._in.flush()

    def answer(self, place: Place) -> Response:
        """The next answer, which is that to the oldest question. Raises InputError where the process has ended."""
        header, body = self._read()
        return Response(header["status"], header["type"], body)

    def _read(self) -> tuple[dict[str, Any], bytes]:
        line = self._out.readline()
        header: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {"size": -1}
        body = self._out.read(header["size"]) if header["size"] > 0 else b""
        if len(body) != header["size"]:
            raise InputError("a process that makes the pages has ended (was it killed, or out of memory?)")
        return header, body

    def close(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        self._process.wait()


def _compact(rows: Iterable[list[object]]) -> bytes:
    """Rows as JSON, a line each."""
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()
