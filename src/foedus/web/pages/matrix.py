"""The matrix: instruments by the features of a group, each cell an assessed answer with its evidence."""

from __future__ import annotations

from typing import NamedTuple

from foedus.answers import Passage, of_texts
from foedus.catalog import near
from foedus.datasets import NS
from foedus.errors import UnknownName
from foedus.web.messages import Response
from foedus.web.pages.frame import View
from foedus.web.pages.names import Name, order

_GROUPS = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?group (COUNT(DISTINCT ?f) AS ?features) WHERE { ?f foedus:inGroup ?group } GROUP BY ?group
"""
#: Every finding on a feature of the group; one that only says that a source is silent counts where no other speaks.
#: The finding alone is given as a thing: its passages are the evidence, and not those of all that it speaks of.
_FINDINGS = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
SELECT DISTINCT (STR(?assessed) AS ?instrument) (STR(?feature) AS ?f) ?place (STR(?verdict) AS ?v)
  (STR(?has) AS ?value) (STR(?how) AS ?force) (STR(?by) AS ?source) ?finding
WHERE {
  ?feature foedus:inGroup <%s> .
  OPTIONAL { ?feature foedus:position ?place }
  ?finding foedus:feature ?feature ; foedus:assesses ?assessed ; foedus:verdict ?verdict ; foedus:accordingTo ?by .
  OPTIONAL { ?finding foedus:value ?has }
  OPTIONAL { ?finding foedus:deonticForce ?how }
}
"""
_FIRST = "article-5"


class _Raw(NamedTuple):
    verdict: str
    source: str
    passages: list[Passage]
    details: list[str]


class _Finding(NamedTuple):
    iri: str
    verdict: str
    detail: str
    source: Name
    href: str | None
    passages: list[Passage]


class _Box(NamedTuple):
    verdict: str
    name: Name
    detail: str
    findings: list[_Finding]


class _Row(NamedTuple):
    iri: str
    name: Name
    href: str | None
    boxes: list[_Box | None]


class _Choice(NamedTuple):
    slug: str
    name: Name
    current: bool


def page(view: View) -> Response:
    """The page, for the group of features that `group` names."""
    found = _found(view)
    wanted = view.get("verdict")
    rows = [
        row for row in found.rows if not wanted or any(box is not None and box.verdict == wanted for box in row.boxes)
    ]
    verdicts = ("present", "absent", "disputed", "silent")
    return view.frame.render(
        view,
        "matrix.html",
        view.words("matrix.title"),
        groups=found.groups,
        group=view.name(found.group),
        slug=found.group.rpartition("/")[2],
        features=[(view.name(f), view.href(f)) for f in found.features],
        rows=rows,
        verdicts=[(v, view.name(f"{NS}verdict/{v}"), v == wanted) for v in verdicts],
    )


def data(view: View, ending: str) -> Response:
    """The matrix as a table of data: a row for each instrument, feature and finding."""
    found = _found(view)
    lines = [
        [row.iri, row.name.text, feature, view.name(feature).text, f.verdict, f.detail, f.source.text, f.iri]
        for row in found.rows
        for feature, box in zip(found.features, row.boxes, strict=True)
        for f in (box.findings if box is not None else ())
    ]
    columns = ["instrument", "name", "feature", "featureName", "verdict", "detail", "sourceName", "finding"]
    answer = of_texts(columns, lines)
    media_type = {"csv": "text/csv; charset=utf-8", "json": "application/sparql-results+json"}[ending]
    return Response(200, media_type, answer.to(ending).encode())


class _Found(NamedTuple):
    groups: list[_Choice]
    group: str
    features: list[str]
    rows: list[_Row]


def _found(view: View) -> _Found:
    """The cells of the group that is asked for."""
    groups = [(str(r["group"]).rpartition("/")[2], str(r["group"])) for r in view.ask(_GROUPS)]
    groups.sort(key=lambda g: (g[0] != _FIRST, view.name(g[1]).text))
    by_slug = dict(groups)
    asked = view.get("group", _FIRST)
    if asked not in by_slug:
        raise UnknownName("group of features", asked[:200], near(asked, by_slug), todo=f"Groups: {', '.join(by_slug)}.")
    iri = by_slug[asked]
    cells: dict[tuple[str, str], dict[str, _Raw]] = {}
    places: dict[str, int] = {}
    for row in view.ask(_FINDINGS % iri, cite=True):
        feature, finding = str(row["f"]), str(row["finding"])
        places[feature] = int(str(row["place"])) if row["place"] is not None else 0
        of_cell = cells.setdefault((str(row["instrument"]), feature), {})
        known = of_cell.get(finding)
        details = [view.name(t.value).text for c in ("value", "force") if (t := row[c]) is not None]
        verdict = str(row["v"]).rpartition("/")[2]
        merged = list(dict.fromkeys([*(known.details if known else ()), *details]))
        of_cell[finding] = _Raw(verdict, str(row["source"]), row.passages, merged)
    features = sorted(places, key=lambda f: (places[f], f))
    instruments = sorted({i for i, _ in cells}, key=lambda i: order(view.name(i).text))
    rows = [
        _Row(i, view.name(i), view.href(i), [_box(view, cells.get((i, f), {})) for f in features]) for i in instruments
    ]
    return _Found([_Choice(slug, view.name(g), g == iri) for slug, g in groups], iri, features, rows)


def _box(view: View, found: dict[str, _Raw]) -> _Box | None:
    """What the findings of one cell amount to: the sources may differ, and silence counts where nobody speaks."""
    if not found:
        return None
    speaking = {i: f for i, f in found.items() if f.verdict != "silent"} or found
    verdicts = {f.verdict for f in speaking.values()}
    verdict = verdicts.pop() if len(verdicts) == 1 else "disputed"
    told = [
        _Finding(iri, f.verdict, ", ".join(f.details), view.name(f.source), view.href(iri), f.passages)
        for iri, f in speaking.items()
    ]
    detail = ", ".join(dict.fromkeys(f.detail for f in told if f.detail))
    return _Box(verdict, view.name(f"{NS}verdict/{verdict}"), detail, told)
