"""The static copy: the pages and the data of the site as files, for any web host.

The pages are those that `Site` answers with, asked of several processes at once. Every link to the site that stands in
one is made relative, so that the copy works wherever it stands, and what it leads to is copied as well; a link to what
the copy does not have becomes plain text. `places` says which file each of them is.

The copy is made in a folder beside its place and takes that place when it is whole: see `_in_place`.
"""

from __future__ import annotations

import contextlib
import fcntl
import html
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.parse
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from foedus import __version__
from foedus.datasets import GRAPH, ID, read_bytes
from foedus.errors import InputError
from foedus.export import export_file
from foedus.publishing.examples import examples
from foedus.web import places, saved
from foedus.web.messages import Request, Response
from foedus.web.pages import PAGES
from foedus.web.pages.finding import index
from foedus.web.pages.frame import LANGUAGES, View
from foedus.web.site import STATIC, Settings, Site

#: The file that tells a copy from any other folder: the release, and then the names of what else stands beside it.
MARK = ".foedus-site"
_MADE_BY = "foedus site"
_WHOLE = "foedus.nq.gz"
_FORMATS = ("ttl", "jsonld")
_AHEAD = 4  # requests that a process has at once, so that it need not wait for the next
_LINK = re.compile(r'\s(href|src|action|data-(?:dataset|queries|terms|index|pages))="(/[^"]*)"')
_DATA = re.compile(r'(?<=<script type="application/json" class="data">).*?(?=</script>)', re.DOTALL)
_IN_DATA = re.compile(r'"(href|atlas)": ("/(?:[^"\\]|\\.)*")')
_THINGS = """
SELECT DISTINCT ?thing WHERE {{ { ?thing ?p ?o } UNION { ?s ?p ?thing } } FILTER(STRSTARTS(STR(?thing), "%s")) }
"""


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


class Place(NamedTuple):
    """What a link leads to: a file of the copy, a place in it, and what the site is asked for it."""

    file: str
    fragment: str
    path: str
    query: str
    day: str = ""


def copy(folder: str, place: str, told: Told) -> Copied:
    """Write the site of the graph in `folder` as files to the folder `place`, whole or not at all.

    Raises InputError where the graph cannot be read, a page of it cannot be made, or the place is taken or cannot be
    written; what stood there is then as it was.
    """
    with _in_place(place) as aside:
        settings = Settings(folder, "", static=True)
        told(Progress("reading the graph", 0, 0))
        links = Links(Site(settings))
        writer = _Writer(links, aside, told)
        writer.others(folder)
        writer.pages(settings)
        return Copied(writer.files, writer.bytes, sorted(links.dead.items()))


class Links:
    """What the links of the pages lead to in the copy of one site. Threads may share it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.dead: dict[str, str] = {}
        self._lock = threading.Lock()
        self._found: dict[str, Place | None] = {}
        named = (str(row["thing"]).removeprefix(ID) for row in site.graph.sparql(_THINGS % ID))
        things = [name for name in named if re.fullmatch(r"[a-z0-9-]+/[A-Za-z0-9._-]+", name)]
        graphs = [graph.removeprefix(GRAPH) for graph in site.graphs]
        queries = site.graph.catalog.all()
        #: Paths of pages, which are there in each language.
        self.pages = {*PAGES, *(f"/queries/{q.slug}" for q in queries), *(f"/id/{t}.html" for t in things)}
        #: Paths of data that the site answers with.
        self.data = {
            "/queries.json",
            "/sparql/terms.json",
            *(f"/matrix.{ending}" for ending in ("csv", "json")),
            *(f"/compare.{ending}" for ending in ("csv", "json", "md")),
            *(f"/queries/{q.slug}.{ending}" for q in queries for ending in saved.endings(q)),
            *(f"/id/{thing}.{ending}" for thing in things for ending in _FORMATS),
            *(f"/graph/{graph}.{ending}" for graph in graphs for ending in _FORMATS),
            *(f"/terms/{name}" for name in site.iris.names),
            *(f"/ontology/{name}" for name in site.iris.files),
        }
        #: Paths of the files that are written in another way.
        self.others = {f"/static/{name}" for name in _names(STATIC) if os.path.basename(name) != "digest"}
        self.others |= {f"/{_WHOLE}", "/sparql-examples.ttl", "/search.json"}

    def first(self) -> Iterator[Place]:
        """What is copied whether or not a link leads there: first what tells soonest that something is wrong."""
        for path in sorted(self.pages, key=lambda path: (path not in PAGES, path.startswith("/id/"), path)):
            for language in LANGUAGES:
                yield self._place(path, [], language, "")
        for path in sorted(self.data):
            yield self._place(path, [], "en", "")

    def relative(self, page: str, file: str) -> tuple[str, list[Place]]:
        """A page that is the file `file`, with the links in it made relative, and what these lead to."""
        up = "../" * file.count("/")
        found: list[Place] = []

        def to(url: str) -> str | None:
            place = self._leads(url, file)
            if place is None:
                return None
            found.append(place)
            return up + place.file + place.fragment

        def attribute(match: re.Match[str]) -> str:
            name, url = match[1], html.unescape(match[2])
            if name == "data-pages":  # where pages begin
                return f' {name}="{up}{match[2][1:]}"'
            link = to(url)
            return "" if link is None else f' {name}="{html.escape(link)}"'

        def member(match: re.Match[str]) -> str:
            link = to(json.loads(match[2]))
            return f'"{match[1]}": {json.dumps(link, ensure_ascii=False)}'

        page = _LINK.sub(attribute, page)
        return _DATA.sub(lambda data: _IN_DATA.sub(member, data[0]), page), found

    def _leads(self, url: str, file: str) -> Place | None:
        if url not in self._found:
            with self._lock:  # the site answers one at a time
                self._found[url] = self._resolved(url)
        place = self._found[url]
        if place is None:
            self.dead[url] = min(file, self.dead.get(url, file))
        return place

    def _resolved(self, url: str) -> Place | None:
        parts = urllib.parse.urlsplit(url)
        path = urllib.parse.unquote(parts.path)
        language = next((tag for tag in LANGUAGES if re.match(rf"/{tag}(/|$)", path)), "en")
        if language != "en":
            path = path.removeprefix(f"/{language}") or "/"
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        if path in self.pages or (language == "en" and path in self.data | self.others):
            return self._place(path, urllib.parse.parse_qsl(parts.query), language, fragment)
        answer = self.site.respond(Request("GET", path, "", {"accept": "text/html"}))
        target = next((value for name, value in answer.headers if name == "Location"), None)
        return self._resolved(target) if target is not None and target != url else None

    def _place(self, path: str, parameters: list[tuple[str, str]], language: str, fragment: str) -> Place:
        kept = places.kept(path, parameters)
        prefix = "" if language == "en" else f"/{language}"
        query, day = urllib.parse.urlencode(kept), dict(kept).get("as_of", "")
        return Place(places.file(path, kept, language), fragment, prefix + path, query, day)


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
        """Write what no request answers with."""
        self._told(Progress("writing the graph", 0, 0))
        site = self._links.site
        export_file(folder, "nquads", os.path.join(self._place, _WHOLE), compress=True)
        self._count(os.path.getsize(os.path.join(self._place, _WHOLE)))
        for path in sorted(self._links.others):
            if path.startswith("/static/"):
                self._save(path[1:], read_bytes(os.path.join(STATIC, path.removeprefix("/static/"))))
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
                f"the copy cannot have it: {_text(answer)}",
                where=asked,
                todo=f"See it with `foedus serve` at {asked}.",
            )
        body = answer.body
        if answer.media_type.startswith("text/html") and not place.path.startswith("/terms/"):
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


@contextlib.contextmanager
def _in_place(place: str) -> Iterator[str]:
    """A folder to write into that takes the name `place` when all is there.

    That name must be free, or that of an empty folder or of a copy to which nobody added anything, which goes. The
    folder is PLACE.part; one that a killed run left is cleared, and one that a run is writing is locked. Where the
    machine goes down between two names, the old copy stands at PLACE.old, and the next run puts it back. Raises
    InputError where the name is taken or cannot be written.
    """
    path = os.path.realpath(place)
    aside, old = f"{path}.part", f"{path}.old"
    with contextlib.ExitStack() as stack:
        try:
            if not os.path.lexists(path) and _is_copy(old):
                os.rename(old, path)
            _check(path)
            stack.callback(_begun(aside))
            yield aside
            names = sorted(name for name in os.listdir(aside) if name != MARK)
            with open(os.path.join(aside, MARK), "w", encoding="utf-8") as file:
                file.write("\n".join([f"{_MADE_BY} {__version__}", *names, ""]))
            os.sync()  # what the disk does not hold yet must not have the name of what is whole
            _check(path)
            if _is_copy(path):
                shutil.rmtree(old, ignore_errors=True)
                os.rename(path, old)
            os.rename(aside, path)
            shutil.rmtree(old, ignore_errors=True)
        except OSError as error:
            where = path if error.filename is None or str(error.filename).startswith(aside) else str(error.filename)
            todo = "Nothing was changed there. Name a place that you may write to and that has room."
            raise InputError(f"cannot be written: {error.strerror or error}", where=where, todo=todo) from error


def _begun(aside: str) -> Callable[[], None]:
    """Make the folder that is written into, with its mark, and lock it; gives what clears it away."""
    if os.path.lexists(aside):
        if not os.path.isdir(aside) or (os.listdir(aside) and not _is_copy(aside)):
            raise InputError("is in the way of the copy", where=aside, todo="Remove it, or name another place.")
        if os.listdir(aside):
            with open(os.path.join(aside, MARK), "rb") as left:
                _lock(left.fileno(), aside)
                shutil.rmtree(aside)
        else:
            os.rmdir(aside)
    os.mkdir(aside)
    mark = open(os.path.join(aside, MARK), "wb")  # noqa: SIM115 - held as long as the work goes on
    mark.write(f"{_MADE_BY} {__version__}\n".encode())
    mark.flush()
    _lock(mark.fileno(), aside)

    def clear() -> None:
        shutil.rmtree(aside, ignore_errors=True)
        mark.close()

    return clear


def _lock(descriptor: int, aside: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InputError("another run is writing this copy", where=aside, todo="Wait until it has ended.") from None


def _check(path: str) -> None:
    """Raise InputError where the name is that of something that must stay."""
    if not os.path.lexists(path):
        return
    if not os.path.isdir(path):
        raise InputError("is not a folder", where=path, todo="Name a new folder, or one with a copy of the site.")
    names = set(os.listdir(path))
    if names and not _is_copy(path):
        raise InputError(
            "holds something, and is no copy of the site", where=path, todo="Name a new folder, or empty this one."
        )
    if names:
        with open(os.path.join(path, MARK), encoding="utf-8") as file:
            written = {MARK, *file.read().splitlines()[1:]}
        if added := sorted(names - written):
            raise InputError(
                f"holds {', '.join(added[:5])}, which no copy of the site has",
                where=path,
                todo="Move that away, or name a new folder.",
            )


def _is_copy(path: str) -> bool:
    """Whether a folder is a copy of the site, whole or not."""
    try:
        with open(os.path.join(path, MARK), encoding="utf-8") as file:
            return file.readline().startswith(f"{_MADE_BY} ")
    except (OSError, UnicodeDecodeError):
        return False


def _names(folder: str) -> list[str]:
    """The files below a folder, by their paths from there."""
    found = []
    for place, _, files in os.walk(folder):
        found += [os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/") for name in files]
    return sorted(found)


def _text(answer: Response) -> str:
    """What an answer tells in words: plain text, or what its page says of a problem."""
    body = answer.body.decode(errors="replace")
    told = re.search(r'<p class="problem"[^>]*>(.*?)</p>', body, re.DOTALL)
    return html.unescape(told[1] if told else body[:500]).strip()


def _compact(rows: Iterator[list[object]] | Any) -> bytes:
    """Rows as JSON, a line each."""
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()
