"""What all pages share: the language and the sources of a request, names, words, links, and the frame around them."""

from __future__ import annotations

import json
import os
import re
import tomllib
import urllib.parse
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from foedus import __version__
from foedus.answers import Answer, Passage
from foedus.datasets import GRAPH, ID, NS, SOURCE
from foedus.names import shorten
from foedus.notes import Note
from foedus.web import places
from foedus.web.messages import Request, Response
from foedus.web.pages import citing
from foedus.web.pages.names import Name, Names

if TYPE_CHECKING:
    from foedus.graph import Graph

LANGUAGES = ("en", "uk")
#: What a page may load: what stands here, and nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_PERMANENT = "https://w3id.org/foedus/"
_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Words:
    """The words of the interface in one language, by the name of a page and of a place on it."""

    def __init__(self, language: str) -> None:
        with open(os.path.join(_HERE, "words", f"{language}.toml"), "rb") as file:
            self._words: dict[str, dict[str, str]] = tomllib.load(file)

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key, PAGE.PLACE, with values in their places."""
        page, _, place = key.partition(".")
        return self._words[page][place].format(**values)

    def property(self, name: str) -> str | None:
        """The name of a property of another vocabulary; None where it has none."""
        return self._words["property"].get(name)

    def duration(self, value: str) -> str:
        """An xsd:duration in words, such as "10 years"; as it is where it is more than years to hours."""
        match = re.fullmatch(r"P((?:\d+[YMWD])*)(?:T(\d+H))?", value)
        if not match or not (match[1] or match[2]):
            return value
        parts = re.findall(r"(\d+)([YMWDH])", f"{match[1]}{match[2] or ''}")
        return ", ".join(f"{number} {self._counted(int(number), unit)}" for number, unit in parts)

    def _counted(self, number: int, unit: str) -> str:
        """The form of a unit that goes with a number: one and more, or in Ukrainian one, few and many."""
        forms = self._words["duration"][unit].split("|")
        if len(forms) == 2:
            return forms[number != 1]
        if number % 100 in range(11, 15):
            return forms[2]
        return forms[0] if number % 10 == 1 else forms[1] if number % 10 in (2, 3, 4) else forms[2]


class Headings:
    """What `queries/columns.yaml` tells of the columns, the tags and the phrases of the saved queries."""

    def __init__(self, folder: str) -> None:
        import yaml

        try:
            with open(os.path.join(folder, "queries", "columns.yaml"), encoding="utf-8") as file:
                told: dict[str, Any] = yaml.load(file, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506
        except FileNotFoundError:  # a graph of the user's own
            told = {}
        self._columns: dict[str, dict[str, str]] = told.get("columns", {})
        self._tags: dict[str, dict[str, str]] = told.get("tags", {})
        self.phrases: dict[str, str] = told.get("phrases", {})

    def column(self, name: str, language: str) -> str:
        """The heading of a column; its own name where it has none."""
        return self._columns.get(name, {}).get(language, name)

    def tag(self, name: str, language: str) -> str:
        """The name of a group of queries."""
        return self._tags.get(name, {}).get(language, name)


class Link(NamedTuple):
    """A place on the site with what is said for it."""

    text: str
    href: str
    current: bool = False


class Frame:
    """What all pages of a site share; `url` is that of the site, `texts` the folder of the source texts or None.

    `static` is for pages that are written as files: no server reads what a form sends.
    """

    def __init__(self, graph: Graph, folder: str, url: str, texts: str | None, *, static: bool = False) -> None:
        import jinja2

        self.graph = graph
        self.folder = folder
        self.url = url
        self.texts = texts
        self.static = static
        self.words = {language: Words(language) for language in LANGUAGES}
        self.headings = Headings(folder)
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(os.path.join(_HERE, "templates")),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self._environment.filters["json"] = _json

    @cached_property
    def names(self) -> Names:
        """What everything is called."""
        return Names(self.graph, self.headings.phrases)

    @cached_property
    def dates(self) -> dict[str, str]:
        """The day on which each source was published, by its slug, where it states one."""
        return {str(row["source"]).removeprefix(SOURCE): str(row["day"]) for row in self.graph.sparql(_DATES)}

    @cached_property
    def days(self) -> list[str]:
        """The days on which what is asked changes: those on which a source was published, in order."""
        return sorted(set(self.dates.values()))

    def render(self, view: View, template: str, title: str, **context: Any) -> Response:
        """A page: its template with what stands in it, in the frame."""
        page = self._environment.get_template(template)
        cited = {
            "bibtex": _data_uri("application/x-bibtex", citing.bibtex(title, view.permanent)),
            "csl_json": _data_uri("application/vnd.citationstyles.csl+json", citing.csl_json(title, view.permanent)),
        }
        policy = POLICY.partition("; frame-ancestors")[0]  # which an element `meta` cannot say
        context = {"t": view.words, "title": title, "version": __version__, "policy": policy, **cited, **context}
        body = page.render(view=view, **context)
        headers = (
            ("Content-Language", view.language),
            ("Content-Security-Policy", POLICY),
            ("Link", f'<{view.permanent}>; rel="canonical"'),
        )
        return Response(200, "text/html; charset=utf-8", body.encode(), headers)


_DATES = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
SELECT DISTINCT ?source ?day WHERE { ?source a foedus:Source ; foedus:date ?day }
"""


class View:
    """One request for a page: its language, the sources that it asks, and the links that keep both."""

    def __init__(self, frame: Frame, request: Request, language: str) -> None:
        self.frame = frame
        self.language = language
        self.words = frame.words[language]
        self.path = urllib.parse.quote("/" + request.path.lstrip("/"))  # what begins with // is another host
        self.parameters = request.parameters
        self.as_of = self.get("as_of") or None
        frame.graph.warnings.clear()  # those that `notes` gives are of this request
        self.sources = tuple(value for name, value in self.parameters if name == "source" and value)

    def get(self, name: str, default: str = "") -> str:
        """The first value of a parameter of the URL."""
        return next((value for key, value in self.parameters if key == name), default)

    def all(self, name: str) -> list[str]:
        """All values of a parameter of the URL that say something."""
        return [value for key, value in self.parameters if key == name and value]

    def source_name(self, slug: str) -> Name:
        """The name of a source by its slug."""
        return self.name(SOURCE + slug)

    @property
    def static(self) -> bool:
        """Whether the page is written as a file."""
        return self.frame.static

    @property
    def days(self) -> list[str]:
        """The days for which the page is to be had."""
        return self.frame.days if not self.static or places.dated(self.path, self.parameters) else []

    @property
    def path_alone(self) -> str:
        """The same page over all sources."""
        prefix = "" if self.language == "en" else f"/{self.language}"
        given = [(name, value) for name, value in self.parameters if name not in ("as_of", "source")]
        return f"{prefix}{self.path}" + (f"?{urllib.parse.urlencode(given)}" if given else "")

    def on(self, day: str) -> str:
        """The same page over the sources that were published by a day."""
        path, asks, given = self.path_alone.partition("?")
        return f"{path}?{given}{'&' if asks else ''}as_of={day}"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The parameters that every link keeps: which sources are asked."""
        return [*((("as_of", self.as_of),) if self.as_of else ()), *(("source", slug) for slug in self.sources)]

    @property
    def choices(self) -> dict[str, Any]:
        """The options of `Graph.run` that the request chooses."""
        return {"as_of": self.as_of, "sources": self.sources}

    def link(self, path: str, **parameters: str) -> str:
        """The link to a page in this language, with the sources that are asked."""
        return self.link_of(path, list(parameters.items()))

    def link_of(self, path: str, parameters: list[tuple[str, str]]) -> str:
        """The same, of parameters of which one may stand there several times."""
        prefix = "" if self.language == "en" else f"/{self.language}"
        given = [*parameters, *((k, v) for k, v in self.kept if k not in dict(parameters))]
        path, hash, place = path.partition("#")
        return f"{prefix}{path}" + (f"?{urllib.parse.urlencode(given)}" if given else "") + hash + place

    def data(self, path: str, **parameters: str) -> str:
        """The link to data: in no language, with the sources that are asked."""
        return self.data_of(path, list(parameters.items()))

    def data_of(self, path: str, parameters: list[tuple[str, str]]) -> str:
        """The same, of parameters of which one may stand there several times."""
        given = [*parameters, *self.kept]
        return path + (f"?{urllib.parse.urlencode(given)}" if given else "")

    @property
    def others(self) -> list[Link]:
        """The same page in each language."""
        query = urllib.parse.urlencode(self.parameters)
        query = f"?{query}" if query else ""
        found = []
        for tag in LANGUAGES:
            prefix = "" if tag == "en" else f"/{tag}"
            text = self.frame.words[tag]("frame.language")
            found.append(Link(text, f"{prefix}{self.path}{query}", tag == self.language))
        return found

    @property
    def permanent(self) -> str:
        """The link to this page that lasts: of a thing its IRI, otherwise one that names the release."""
        if self.path.startswith("/id/"):
            return _PERMANENT + self.path[1:].removesuffix(".html")
        query = urllib.parse.urlencode(self.parameters)
        prefix = "" if self.language == "en" else f"{self.language}/"
        return f"{_PERMANENT}release/{__version__}/{prefix}{self.path[1:]}" + (f"?{query}" if query else "")

    def href(self, iri: str) -> str | None:
        """The page of a thing or a term on this site; of what others identify, its own IRI."""
        if iri.startswith(ID):
            return self.link(f"/id/{iri[len(ID) :]}.html")
        if iri.startswith(NS):
            return f"/ns/{iri[len(NS) :]}"
        if iri.startswith(GRAPH):
            return f"/graph/{iri[len(GRAPH) :]}"
        return iri if iri.startswith(("http://", "https://")) else None

    def name(self, iri: str) -> Name:
        """What a thing or a term is called."""
        if not self.frame.names.known(iri) and (told := self.words.property(shorten(iri))):
            return Name(told, self.language)
        return self.frame.names.of(iri, self.language)

    def say(self, text: str) -> Name:
        """A text of an answer, in the language where that is known."""
        return self.frame.names.in_language(text, self.language)

    def heading(self, column: str) -> str:
        """The heading of a column."""
        return self.frame.headings.column(column, self.language)

    def run(self, slug: str, values: Mapping[str, str] | None = None, *, cite: bool = True) -> Answer:
        """The answer to a saved query over the sources that are asked, with its passages."""
        return self.frame.graph.run(slug, values or {}, cite=cite, **self.choices)

    def ask(self, query: str, *, cite: bool = False) -> Answer:
        """The answer to a query of our own over the sources that are asked."""
        return self.frame.graph.sparql(query, cite=cite, **self.choices)

    def source(self, passage: Passage) -> Name:
        """The name of the source of a passage."""
        return self.name(SOURCE + passage.source)

    @property
    def notes(self) -> list[Name]:
        """What is to be known of the answers so far: which sources count, and which are left out."""
        return [self._note(note) for note in dict.fromkeys(self.frame.graph.warnings)]

    def _note(self, note: str) -> Name:
        if not isinstance(note, Note):
            return Name(note, "en")
        values = dict(note.values)
        if "slug" in values:
            values["source"] = self.source_name(values["slug"]).text
        if "label" in values:
            values["label"] = self.say(values["label"]).text
        return Name(self.words(f"note.{note.kind}", **values), self.language)


def _data_uri(media_type: str, text: str) -> str:
    return f"data:{media_type};charset=utf-8,{urllib.parse.quote(text)}"


def _json(value: object) -> Any:
    """A value as JSON that may stand in an element `script` of HTML."""
    import markupsafe

    text = json.dumps(value, ensure_ascii=False)
    return markupsafe.Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))  # noqa: S704 - nothing to escape
