"""SPARQL: an editor, and the answer to what was asked, also where there is no JavaScript."""

from __future__ import annotations

from foedus.answers import Answer
from foedus.errors import FoedusError
from foedus.web.messages import Response, told
from foedus.web.pages.frame import View
from foedus.web.pages.tables import table
from foedus.web.saved import without_header

_MOST = 1000  # rows that a page shows
_EXAMPLE = """PREFIX foedus: <https://w3id.org/foedus/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?instrument ?name
WHERE {
  ?instrument a foedus:BilateralAgreement ; rdfs:label ?name .
  FILTER(LANG(?name) = "en")
}
ORDER BY ?name
"""


def page(view: View) -> Response:
    """The editor with the query of the URL or a saved one; with `run`, and its answer."""
    catalog = view.frame.graph.catalog
    query, saved = view.get("query"), view.get("saved")
    if not query:
        query = _bound(view, saved) if saved in catalog.slugs() else _EXAMPLE
    context: dict[str, object] = {"answer": None, "triples": "", "boolean": None, "problem": "", "cut": False}
    status = 200
    if view.get("query"):
        try:
            answer = view.ask(query)
        except FoedusError as error:
            context["problem"] = told(error).strip()
            status = 400
        else:
            context.update(_shown(view, answer))
    found = view.frame.render(view, "query.html", view.words("query.title"), query=query, most=_MOST, **context)
    return found._replace(status=status)


def _bound(view: View, slug: str) -> str:
    """A saved query with its defaults in place of its parameters, without its header."""
    from foedus.catalog import bind

    text = bind(view.frame.graph.catalog.get(slug), {})
    return without_header(text)


def _shown(view: View, answer: Answer) -> dict[str, object]:
    if answer.form == "graph":
        return {"triples": answer.triples}
    if answer.form == "boolean":
        return {"boolean": answer.boolean}
    cut = len(answer.rows) > _MOST
    del answer.rows[_MOST:]
    found = table(view, answer, view.words("query.answer"), "", {})
    return {"answer": found._replace(downloads=()), "cut": cut}
