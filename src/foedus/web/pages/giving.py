"""Who gives: the givers on a map, and the network of actors, instruments and precedents."""

from __future__ import annotations

from typing import Any

from foedus.answers import Answer
from foedus.web.messages import Response
from foedus.web.pages.frame import View
from foedus.web.pages.names import order
from foedus.web.pages.tables import table

_GIVERS = "givers"
_UKRAINE = "https://w3id.org/foedus/id/actor/ukraine"
_COMMITTED_BY = "https://w3id.org/foedus/ns/committedBy"
_NUMBERS = """
PREFIX authority: <https://w3id.org/foedus/ns/authority/>
PREFIX foedus: <https://w3id.org/foedus/ns/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?actor ?code WHERE {
  ?link a foedus:Link ; foedus:authority authority:un-m49 ; foedus:linkedThing ?actor ; skos:notation ?code .
  ?actor a foedus:State .
}
"""
#: Who owes something under an instrument and to whom, and how instruments rest on others.
_RELATIONS = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
SELECT DISTINCT ?subject ?property ?object WHERE {
  {
    ?guarantee foedus:underInstrument ?object ; foedus:committedBy ?subject ; foedus:beneficiary <%s> .
    BIND(foedus:committedBy AS ?property)
  }
  UNION
  {
    VALUES ?property {
      foedus:buildsOn foedus:modelFor foedus:precedentFor foedus:formalises foedus:replaces foedus:supplements
    }
    ?subject ?property ?object .
  }
}
"""


def map_page(view: View) -> Response:
    """The givers on a map, shaded by the number of instruments under which they owe something."""
    answer = view.run(_GIVERS)
    number: dict[str, set[str]] = {}
    for row in answer:
        number.setdefault(str(row["actor"]), set()).add(str(row["instrumentName"]))
    codes = {str(r["actor"]): str(r["code"]).zfill(3) for r in view.ask(_NUMBERS)}
    places = [
        {"id": codes[actor], "label": view.name(actor).text, "href": view.href(actor), "value": len(instruments)}
        for actor, instruments in sorted(number.items())
        if actor in codes and actor != _UKRAINE
    ]
    if _UKRAINE in codes:
        told = {"label": view.name(_UKRAINE).text, "href": view.href(_UKRAINE), "value": 0, "receives": True}
        places.append({"id": codes[_UKRAINE], **told})
    off = sorted({view.name(a).text for a in number if a not in codes}, key=order)
    return _page(view, "map", _GIVERS, answer, {"atlas": "/static/vendor/countries-50m.json", "places": places}, off)


def network_page(view: View) -> Response:
    """Actors, instruments and what these rest on."""
    nodes: dict[str, dict[str, Any]] = {}
    links = []
    for row in view.ask(_RELATIONS % _UKRAINE):
        subject, prop, object = (str(row[c]) for c in ("subject", "property", "object"))
        for iri in (subject, object):
            kind = iri.removeprefix("https://w3id.org/foedus/id/").partition("/")[0]
            told = {"id": iri, "label": view.name(iri).text, "href": view.href(iri), "kind": kind}
            nodes.setdefault(iri, told)
        owes = prop == _COMMITTED_BY  # drawn from the actor to the instrument, which the property is not
        label = view.words("network.owes") if owes else view.name(prop).text
        links.append({"source": subject, "target": object, "label": label})
    kinds = [{"key": key, "label": view.words(f"network.{key}")} for key in sorted({n["kind"] for n in nodes.values()})]
    data = {"nodes": list(nodes.values()), "links": links, "kinds": kinds}
    return _page(view, "network", "foundations", view.run("foundations"), data, [])


def _page(view: View, name: str, slug: str, answer: Answer, data: dict[str, Any], off: list[str]) -> Response:
    caption = view.frame.graph.catalog.get(slug).wording(view.language).question
    tables = [table(view, answer, caption, slug, {})]
    if name == "network":
        for other in ("givers", "precedents"):
            caption = view.frame.graph.catalog.get(other).wording(view.language).question
            tables.append(table(view, view.run(other), caption, other, {}))
    title = view.words(f"{name}.title")
    return view.frame.render(view, "picture.html", title, kind=name, data=data, tables=tables, off=off)
