"""The timeline: events, negotiations, stages of instruments and statements, as a picture and as a table."""

from __future__ import annotations

from foedus.answers import Row
from foedus.web.messages import Response
from foedus.web.pages.frame import View
from foedus.web.pages.tables import table

SLUG = "timeline"
#: The lane of a thing, by the type in its IRI.
_LANES = {"event": "events", "instrument-state": "instruments", "statement": "statements"}
_STATES = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
SELECT DISTINCT ?node ?state WHERE { ?node a foedus:InstrumentState ; foedus:state ?state }
"""


def page(view: View) -> Response:
    """The page."""
    answer = view.run(SLUG)
    negotiating = {str(r["node"]) for r in view.ask(_STATES) if str(r["state"]).endswith("under-negotiation")}
    items = [_item(view, row, negotiating) for row in answer]
    lanes = [
        {"key": key, "label": view.words(f"timeline.{key}")}
        for key in ("events", "negotiations", "instruments", "statements")
    ]
    caption = view.frame.graph.catalog.get(SLUG).wording(view.language).question
    return view.frame.render(
        view,
        "timeline.html",
        view.words("timeline.title"),
        data={"asOf": view.as_of, "lanes": lanes, "items": items},
        answer=table(view, answer, caption, SLUG, {}),
    )


def _item(view: View, row: Row, negotiating: set[str]) -> dict[str, str | None]:
    node = str(row["node"])
    kind = node.removeprefix("https://w3id.org/foedus/id/").partition("/")[0]
    first, last = row["date"], row["until"]
    precision = str(row["certainty"])
    return {
        "lane": "negotiations" if node in negotiating else _LANES.get(kind, "events"),
        "from": str(first) if first is not None else None,
        "to": str(last) if last is not None else None,
        "precision": precision,
        "certainty": view.say(precision).text,
        "label": view.name(node).text,
        "kind": view.say(str(row["kind"])).text,
        "href": view.href(node),
    }
