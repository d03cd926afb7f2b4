"""Any set of instruments side by side, clause against clause."""

from __future__ import annotations

import re
from itertools import combinations
from typing import NamedTuple

from foedus.answers import Passage
from foedus.compare import NOT_READ, NOT_SAID
from foedus.datasets import ID, SOURCE
from foedus.errors import FoedusError
from foedus.web.messages import Response, told
from foedus.web.pages.frame import Link, View
from foedus.web.pages.names import Name, order

_CANDIDATES = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
SELECT DISTINCT ?thing WHERE {
  ?thing a ?class .
  FILTER(?class IN (foedus:Instrument, foedus:InstrumentGroup))
  ?finding foedus:assesses ?thing .
}
"""
#: The instruments whose texts were read.
_READ = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
SELECT DISTINCT ?thing WHERE { ?source foedus:textOf ?thing }
"""
_FIRST = ("uk-ukraine-2024", "germany-ukraine", "france-ukraine")


class _Part(NamedTuple):
    name: Name
    sources: list[tuple[Name, str | None]]


class _Says(NamedTuple):
    parts: list[_Part]
    silent: bool
    passages: list[Passage]


class _Aspect(NamedTuple):
    name: Name
    says: list[_Says]
    differs: bool


def page(view: View) -> Response:
    """The page, for the instruments that `with` names, by slug, label or IRI."""
    chosen = view.all("with") or list(_FIRST)
    candidates = [str(r["thing"]) for r in view.frame.graph.sparql(_CANDIDATES)]
    listed = sorted(((_slug(iri), view.name(iri)) for iri in candidates), key=lambda c: order(c[1].text))
    aspects: list[_Aspect] = []
    columns: list[tuple[Name, str | None]] = []
    problem, status = "", 200
    try:
        answer = view.frame.graph.compare(_names(chosen), cite=True, separator="\n", **view.choices)
    except FoedusError as error:
        problem, status = told(error).strip(), 400
    else:
        labels = list(dict.fromkeys(str(row["instrument"]) for row in answer))
        for label in labels:
            iris = [i for i in view.frame.names.called(label) if i in candidates]
            columns.append((view.say(label), view.href(iris[0]) if len(iris) == 1 else None))
        by_aspect: dict[str, list[_Says]] = {}
        for row in answer:
            text = str(row["says"])
            silent = text in (NOT_SAID, NOT_READ)
            parts = [_part(view, part) for part in text.split("\n")]
            by_aspect.setdefault(str(row["aspect"]), []).append(_Says(parts, silent, row.passages))
        for aspect, says in by_aspect.items():
            if not all(s.silent for s in says):
                differs = len({tuple(p.name.text for p in s.parts) for s in says}) > 1
                aspects.append(_Aspect(view.say(aspect), says, differs))
    found = view.frame.render(
        view,
        "compare.html",
        view.words("compare.title"),
        downloads=[(e, view.data_of("/compare." + e, [("with", c) for c in chosen])) for e in ("csv", "json", "md")],
        candidates=[(slug, name, slug in chosen) for slug, name in listed],
        offered=_offered(view, chosen) if view.static and not view.as_of else [],
        columns=columns,
        aspects=aspects,
        problem=problem,
    )
    return found._replace(status=status)


def _offered(view: View, chosen: list[str]) -> list[Link]:
    """What a copy has: the first comparison, that of all texts together, and each pair of them."""
    names = {_slug(str(row["thing"])): view.name(str(row["thing"])).text for row in view.frame.graph.sparql(_READ)}
    slugs = sorted(names)
    first = ", ".join(view.name(iri).text for iri in _names([f"instrument/{slug}" for slug in _FIRST]))
    found = [Link(first, view.link("/compare"), chosen == list(_FIRST))]
    if len(slugs) > 2:
        found.append(_link(view, view.words("compare.texts", number=len(slugs)), slugs, chosen))
    return found + [
        _link(view, view.words("compare.pair", one=names[a], other=names[b]), [a, b], chosen)
        for a, b in combinations(slugs, 2)
    ]


def _link(view: View, text: str, slugs: list[str], chosen: list[str]) -> Link:
    return Link(text, view.link_of("/compare", [("with", slug) for slug in slugs]), slugs == chosen)


def data(view: View, ending: str) -> Response:
    """The comparison as a table of data, with the passages behind each cell."""
    names = _names(view.all("with") or list(_FIRST))
    answer = view.frame.graph.compare(names, cite=True, **view.choices)
    media_type, format = {
        "csv": ("text/csv; charset=utf-8", "csv"),
        "json": ("application/sparql-results+json", "json"),
        "md": ("text/markdown; charset=utf-8", "markdown"),
    }[ending]
    return Response(200, media_type, answer.to(format).encode())


def _part(view: View, text: str) -> _Part:
    """A part of a cell: what it says, and the sources whose slugs stand after it in brackets."""
    match = re.fullmatch(r"(.*) \[([a-z0-9-]+(?:, [a-z0-9-]+)*)\]", text, re.DOTALL)
    slugs = match[2].split(", ") if match else []
    if not match or not all(view.frame.names.known(SOURCE + slug) for slug in slugs):
        return _Part(view.say(text), [])
    return _Part(view.say(match[1]), [(view.source_name(slug), view.href(SOURCE + slug)) for slug in slugs])


def _names(chosen: list[str]) -> list[str]:
    return [ID + name if "/" in name and ":" not in name else name for name in chosen]


def _slug(iri: str) -> str:
    """How an instrument is named in a link: by its slug, a group with its type."""
    short = iri.removeprefix(ID)
    return short.removeprefix("instrument/")
