"""The home page: the question of Article 5 and its answer first."""

from __future__ import annotations

from typing import NamedTuple

from foedus.answers import Passage, Row
from foedus.web.messages import Response
from foedus.web.pages.frame import Link, View
from foedus.web.pages.names import Name
from foedus.web.pages.tables import sign

SLUG = "agreements-without-article-5"
#: The verdicts of the query in the order of the page, each with the name of its section.
_VERDICTS = {
    "absent: a source says so": "stated",
    "absent: its text was read through": "read",
    "absent: it follows from a source": "implied",
    "disputed": "disputed",
    "present": "present",
    "the documents do not say": "silent",
}
_TESTS = ("attackOnOne", "dutyToAssist", "armedForce", "binding")
_OTHERS = (
    "consultation-terms",
    "duties-on-attack",
    "kinds-of-guarantee",
    "legal-status",
    "lapses",
    "disagreements",
    "reports-against-texts",
    "words-for",
)


class _Evidence(NamedTuple):
    by: Name
    basis: Name
    scope: str
    passages: list[Passage]


class _Test(NamedTuple):
    heading: str
    name: Name
    sign: str


class _Instrument(NamedTuple):
    name: Name
    href: str | None
    gives: Name | None
    tests: list[_Test]
    evidence: list[_Evidence]


class _Verdict(NamedTuple):
    id: str
    name: Name
    sign: str
    number: int
    instruments: list[_Instrument]


def page(view: View) -> Response:
    """The page."""
    answer = view.run(SLUG)
    under: dict[str, dict[str, list[Row]]] = {verdict: {} for verdict in _VERDICTS}
    for row in answer:
        under.setdefault(str(row["verdict"]), {}).setdefault(str(row["instrument"]), []).append(row)
    tally = []
    for verdict, found in under.items():
        if found:
            told = [_instrument(view, iri, rows) for iri, rows in found.items()]
            name = view.say(verdict)
            tally.append(_Verdict(_VERDICTS.get(verdict, "silent"), name, sign(verdict), len(told), told))
    catalog = view.frame.graph.catalog
    known = set(catalog.slugs())
    others = [
        Link(catalog.get(slug).wording(view.language).question, view.link(f"/queries/{slug}"))
        for slug in _OTHERS
        if slug in known
    ]
    question = catalog.get(SLUG).wording(view.language).question
    return view.frame.render(
        view,
        "home.html",
        question,
        question=question,
        slug=SLUG,
        tally=tally,
        instruments=[i for verdict in tally for i in verdict.instruments],
        others=others,
    )


def _instrument(view: View, iri: str, rows: list[Row]) -> _Instrument:
    first = rows[0]
    tests = [_Test(view.heading(c), view.say(str(first[c])), sign(str(first[c]))) for c in _TESTS]
    evidence = [
        _Evidence(
            view.say(str(row["saidBy"])),
            view.say(str(row["basis"])),
            str(row["scope"]) if row["scope"] is not None else "",
            row.passages,
        )
        for row in rows
    ]
    gives = str(first["gives"])
    told = None if gives == "none reported" else view.say(gives)
    return _Instrument(view.name(iri), view.href(iri), told, tests, evidence)
