"""Where the sources differ from one another, or one from itself: each matter with both sides and their passages."""

from __future__ import annotations

from typing import NamedTuple

from foedus.answers import Passage
from foedus.web.messages import Response
from foedus.web.pages.frame import View
from foedus.web.pages.names import Name

SLUG = "disagreements"


class _Side(NamedTuple):
    source: Name
    says: str
    passages: list[Passage]


class _Matter(NamedTuple):
    title: Name
    href: str | None
    kind: Name
    matter: Name
    why: str
    sides: list[_Side]


def page(view: View) -> Response:
    """The page, of all matters or of those of one kind."""
    answer = view.run(SLUG)
    wanted = view.get("matter")
    matters: dict[str, _Matter] = {}
    kinds: dict[str, int] = {}
    for row in answer:
        iri = str(row["disagreement"])
        kind = str(row["matter"])
        if iri not in matters:
            kinds[kind] = kinds.get(kind, 0) + 1
        if iri not in matters:
            matters[iri] = _Matter(
                view.name(iri),
                view.href(iri),
                view.say(str(row["kind"])),
                view.say(kind),
                str(row["why"]) if row["why"] is not None else "",
                [],
            )
        matters[iri].sides.append(_Side(view.say(str(row["sourceName"])), str(row["says"]), row.passages))
    chosen = view.say(wanted).text if wanted else ""
    found = [m for m in matters.values() if not wanted or m.matter.text == chosen]
    return view.frame.render(
        view,
        "disagreements.html",
        view.words("disagreements.title"),
        matters=found,
        kinds=[(kind, view.say(kind), number, kind == wanted) for kind, number in sorted(kinds.items())],
        number=len(matters),
        slug=SLUG,
    )
