"""What the links of the pages lead to in the static copy."""

from __future__ import annotations

import html
import json
import os
import re
import threading
import urllib.parse
from collections.abc import Iterator
from typing import NamedTuple

from foedus.datasets import GRAPH, ID
from foedus.errors import InputError
from foedus.web import places, saved
from foedus.web.messages import Request, Response
from foedus.web.pages import PAGES
from foedus.web.pages.frame import LANGUAGES
from foedus.web.site import STATIC, Site

#: The file with the whole graph.
WHOLE = "foedus.nq.gz"
_FORMATS = ("ttl", "jsonld")
_LINK = re.compile(r'\s(href|src|action|data-(?:dataset|queries|terms|index|pages))="(/[^"]*)"')
_DATA = re.compile(r'(?<=<script type="application/json" class="data">).*?(?=</script>)', re.DOTALL)
_IN_DATA = re.compile(r'"(href|atlas)": ("/(?:[^"\\]|\\.)*")')
_THINGS = """
SELECT DISTINCT ?thing WHERE {{ { ?thing ?p ?o } UNION { ?s ?p ?thing } } FILTER(STRSTARTS(STR(?thing), "%s")) }
"""


class Place(NamedTuple):
    """What a link leads to: a file of the copy, a place in it, and what the site is asked for it."""

    file: str
    fragment: str
    path: str
    query: str
    day: str = ""


class Links:
    """What the links of the pages lead to in the copy of one site. Threads may share it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        #: What the copy does not have, with a page that names it.
        self.dead: dict[str, str] = {}
        self._lock = threading.Lock()
        self._found: dict[str, Place | None] = {}
        named = (str(row["thing"]).removeprefix(ID) for row in site.graph.sparql(_THINGS % ID))
        things = [name for name in named if re.fullmatch(r"[a-z0-9-]+/[A-Za-z0-9._-]+", name)]
        graphs = [graph.removeprefix(GRAPH) for graph in site.graphs]
        queries = site.graph.catalog.all()
        #: Paths of pages, which are there in each language.
        self.pages = {*_shown(site), *(f"/queries/{q.slug}" for q in queries), *(f"/id/{t}.html" for t in things)}
        #: Paths of data that the site answers with.
        self.data = {
            "/queries.json",
            "/sparql/terms.json",
            *(f"/queries/{q.slug}.{ending}" for q in queries for ending in saved.endings(q)),
            *(f"/id/{thing}.{ending}" for thing in things for ending in _FORMATS),
            *(f"/graph/{graph}.{ending}" for graph in graphs for ending in _FORMATS),
            *(f"/ontology/{name}" for name in site.iris.files),
        }
        #: Paths of data that is copied as links ask for it.
        self.tables = {"/matrix.csv", "/matrix.json", "/compare.csv", "/compare.json", "/compare.md"}
        #: Paths of what no process is asked for.
        self.others = {f"/static/{name}" for name in _names(STATIC) if os.path.basename(name) != "digest"}
        self.others |= {f"/terms/{name}" for name in site.iris.names}
        self.others |= {f"/{WHOLE}", "/sparql-examples.ttl", "/search.json"}

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
            path = url.partition("?")[0]
            with self._lock:
                self.dead[path] = min(file, self.dead.get(path, file))
        return place

    def _resolved(self, url: str) -> Place | None:
        parts = urllib.parse.urlsplit(url)
        path = urllib.parse.unquote(parts.path)
        language = next((tag for tag in LANGUAGES if re.match(rf"/{tag}(/|$)", path)), "en")
        if language != "en":
            path = path.removeprefix(f"/{language}") or "/"
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        data = (self.data, self.tables, self.others)
        if path in self.pages or (language == "en" and any(path in known for known in data)):
            return self._place(path, urllib.parse.parse_qsl(parts.query), language, fragment)
        answer = self.site.respond(Request("GET", path, "", {"accept": "text/html"}))
        target = next((value for name, value in answer.headers if name == "Location"), None)
        return self._resolved(target) if target is not None and target != url else None

    def _place(self, path: str, parameters: list[tuple[str, str]], language: str, fragment: str) -> Place:
        kept = places.kept(path, parameters)
        prefix = "" if language == "en" else f"/{language}"
        query, day = urllib.parse.urlencode(kept), dict(kept).get("as_of", "")
        return Place(places.file(path, kept, language), fragment, prefix + path, query, day)


def _shown(site: Site) -> list[str]:
    """The pages of their own that this graph has. Raises InputError where it has no first page."""
    answers = {path: site.respond(Request("GET", path, "", {"accept": "text/html"})) for path in PAGES}
    if answers["/"].status != 200:
        todo = "The first page shows the saved query agreements-without-article-5."
        raise InputError(f"the graph has no first page: {text(answers['/'])}", where=site.settings.folder, todo=todo)
    return [path for path, answer in answers.items() if answer.status == 200]


def text(answer: Response) -> str:
    """What an answer tells in words: plain text, or what its page says of a problem."""
    body = answer.body.decode(errors="replace")
    told = re.search(r'<p class="problem"[^>]*>(.*?)</p>', body, re.DOTALL)
    return html.unescape(told[1] if told else body[:500]).strip()


def _names(folder: str) -> list[str]:
    """The files below a folder, by their paths from there."""
    found = []
    for place, _, files in os.walk(folder):
        found += [os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/") for name in files]
    return sorted(found)
