"""The saved queries: all of them as a list, and each as a form with its answer."""

from __future__ import annotations

from typing import NamedTuple

from foedus.catalog import GROUPS, Parameter, SavedQuery, base
from foedus.datasets import SOURCE
from foedus.errors import FoedusError
from foedus.names import shorten
from foedus.web import places
from foedus.web.messages import Response, told
from foedus.web.pages.frame import Link, View
from foedus.web.pages.names import order
from foedus.web.pages.tables import table
from foedus.web.saved import Asked, is_graph, run

_MOST_CHOICES = 400


class _Question(NamedTuple):
    slug: str
    question: str
    translated: bool
    others: bool


class _Group(NamedTuple):
    id: str
    name: str
    queries: list[_Question]


class _Field(NamedTuple):
    name: str
    heading: str
    description: str
    type: str
    value: str
    choices: list[tuple[str, str]]
    links: list[Link]


def listing(view: View) -> Response:
    """All questions, by their groups."""
    groups: dict[str, list[_Question]] = {group: [] for group in GROUPS}
    queries = view.frame.graph.catalog.all()
    for query in queries:
        group = query.tags[0] if query.tags else "other"
        translated = view.language == "en" or query.ukrainian is not None
        told = _Question(query.slug, query.wording(view.language).question, translated, query.asks_others)
        groups.setdefault(group, []).append(told)
    found = [
        _Group(group.lower().replace(" ", "-"), view.frame.headings.tag(group, view.language), members)
        for group, members in groups.items()
        if members
    ]
    title = view.words("questions.title")
    return view.frame.render(view, "questions.html", title, groups=found, number=len(queries))


def page(view: View, given: Asked) -> Response:
    """One question: its parameters as a form, and its answer where all of them are given."""
    query = given.query
    wording = query.wording(view.language)
    context: dict[str, object] = {"answer": None, "boolean": None, "triples": "", "problem": "", "permanent": ""}
    endings: tuple[str, ...] = ("ttl", "nt", "jsonld") if is_graph(query) else ("csv", "tsv", "json", "xml", "md")
    status = 200
    if query.asks_others:
        context["problem"] = view.words("questions.elsewhere", slug=query.slug)
        endings = ()
    else:
        try:
            answer, _ = run(view.frame.graph, given)
        except FoedusError as error:
            context["problem"] = told(error).strip()
            status = getattr(error, "status", 404 if type(error).__name__ == "UnknownName" else 400)
            endings = ()
        else:
            context["permanent"] = given.permanent()
            if answer.form == "rows":
                context["answer"] = table(view, answer, wording.question, query.slug, dict(given.values))
                endings = ()
            elif answer.form == "boolean":
                context["boolean"] = answer.boolean
            else:
                context["triples"] = answer.triples
    downloads = [(e, view.data(f"/queries/{query.slug}.{e}", **given.values)) for e in endings]
    fields = [_field(view, query, parameter, given) for parameter in query.parameters]
    found = view.frame.render(
        view,
        "question.html",
        wording.question,
        query=query,
        wording=wording,
        parameters=fields,
        sources=[] if view.static else _sources(view),
        downloads=downloads,
        **context,
    )
    return found._replace(status=status)


def _field(view: View, query: SavedQuery, parameter: Parameter, given: Asked) -> _Field:
    value = given.values.get(parameter.name, parameter.default or "")
    if parameter.type == "date" and given.as_of and parameter.name not in given.values:
        value = given.as_of
    described = query.wording(view.language).parameters.get(parameter.name, parameter.description)
    choices = [(choice, view.say(choice).text) for choice in parameter.choices]
    if parameter.type == "iri" and parameter.thing:
        choices = _things(view, parameter.thing)
        value = _short(parameter, value)
        if value and value not in dict(choices):
            choices.insert(0, (value, shorten(value)))
    kind = {"date": "date", "integer": "number"}.get(parameter.type, "text")
    links = []
    if view.static and len(choices) <= places.MOST_CHOICES:
        path, name = f"/queries/{query.slug}", parameter.name
        first = _short(parameter, parameter.default or "")
        for choice, text in choices:
            href = view.link(path) if choice == first else view.link(path, **{name: choice})
            links.append(Link(text, href, choice == value))
    return _Field(parameter.name, view.heading(parameter.name), described, kind, value, choices, links)


def _short(parameter: Parameter, value: str) -> str:
    """A value as a link gives it: of a thing of a known kind its slug."""
    return value.removeprefix(base(parameter.thing)) if parameter.type == "iri" and parameter.thing else value


def _things(view: View, thing: str) -> list[tuple[str, str]]:
    """The things that a parameter may name, by slug; none where they are too many to choose from."""
    space = base(thing)
    found = [(iri.removeprefix(space), view.name(iri).text) for iri in view.frame.names.below(space)]
    return sorted(found, key=lambda f: (order(f[1]), f[0])) if len(found) <= _MOST_CHOICES else []


def _sources(view: View) -> list[tuple[str, str]]:
    rows = view.frame.graph.sparql(_SOURCES)
    return [(str(r["source"]).removeprefix(SOURCE), view.name(str(r["source"])).text) for r in rows]


_SOURCES = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
SELECT DISTINCT ?source WHERE { ?source a foedus:Source } ORDER BY ?source
"""
