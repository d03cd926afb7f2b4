"""Finding things: by kind, and by words in their names or in the phrases of passages."""

from __future__ import annotations

from typing import NamedTuple

from foedus.answers import Row
from foedus.datasets import ID
from foedus.web.messages import Response
from foedus.web.pages.frame import View
from foedus.web.pages.names import Name, order

#: The kinds of things that have a list, in order, with the class of each.
_KINDS = {
    "instruments": "foedus:Instrument",
    "groups": "foedus:InstrumentGroup",
    "states": "foedus:State",
    "organisations": "foedus:Organisation",
    "people": "foedus:Person",
    "statements": "foedus:Statement",
    "events": "foedus:Event",
    "sources": "foedus:Source",
}
_LIST = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
SELECT DISTINCT ?thing WHERE { ?thing a %s }
"""
_NAMED = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?text WHERE {
  { ?thing rdfs:label ?text } UNION { ?thing skos:altLabel ?text } UNION { ?thing foedus:phrase ?text }
}
"""
_ALIASES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?text WHERE { { ?thing rdfs:label ?text } UNION { ?thing skos:altLabel ?text } }
"""
_MOST = 200
#: Things that rank last among those found: they are about others, whose names theirs hold.
_ABOUT = ("citation", "passage", "finding", "classification", "test-outcome", "link", "derived-date", "designation")


class _Section(NamedTuple):
    id: str
    heading: str
    things: list[tuple[Name, str | None]]


class _Hit(NamedTuple):
    name: Name
    href: str | None
    kind: str
    text: Name | None


def browse(view: View) -> Response:
    """Everything that has a name worth looking for, by its kind."""
    sections = []
    for key, name in _KINDS.items():
        iris = [str(r["thing"]) for r in view.ask(_LIST % name)]
        things = sorted(((view.name(i), view.href(i)) for i in iris if i.startswith(ID)), key=_called)
        if things:
            sections.append(_Section(key, view.words(f"browse.{key}"), things))
    return view.frame.render(view, "browse.html", view.words("browse.title"), sections=sections)


def search(view: View) -> Response:
    """The things in whose names, aliases or phrases all words of `q` stand."""
    asked = " ".join(view.get("q").split())[:200]
    words = asked.casefold().split()
    hits: dict[str, tuple[tuple[bool, bool, int], _Hit]] = {}
    for row in view.ask(_NAMED) if words else ():
        rank = _rank(row, words)
        if rank is not None:
            iri = str(row["thing"])
            if iri not in hits or rank < hits[iri][0]:
                hits[iri] = rank, _hit(view, row)
    found = [hit for _, hit in sorted(hits.values(), key=lambda h: (h[0], h[1].name.text))]
    return view.frame.render(
        view, "search.html", view.words("search.title"), asked=asked, hits=found[:_MOST], number=len(found)
    )


#: Kinds of things that are parts of others, or told with them.
_PARTS = (*_ABOUT, "hedge", "position", "participation", "entry", "instrument-state", "condition", "role", "amount")


def index(view: View) -> list[tuple[str, str, list[str], str]]:
    """What a copy of the site searches: name in English, in Ukrainian, aliases, and the path of the page."""
    aliases: dict[str, list[str]] = {}
    for row in view.ask(_ALIASES):
        aliases.setdefault(str(row["thing"]), []).append(str(row["text"]))
    found = []
    for iri in sorted(aliases):
        names = view.frame.names.all(iri)
        kind = iri.removeprefix(ID).partition("/")[0]
        if iri.startswith(ID) and kind not in _PARTS:
            english = names.get("en") or view.name(iri).text
            others = sorted({*aliases[iri], *names.values()} - {english, names.get("uk", "")})
            found.append((english, names.get("uk", ""), others, f"/id/{iri.removeprefix(ID)}.html"))
    return found


def _rank(row: Row, words: list[str]) -> tuple[bool, bool, int] | None:
    iri, text = str(row["thing"]), str(row["text"]).casefold()
    if not iri.startswith(ID) or not all(word in text for word in words):
        return None
    kind = iri.removeprefix(ID).partition("/")[0]
    return kind in _ABOUT, not text.startswith(words[0]), len(text)


def _hit(view: View, row: Row) -> _Hit:
    iri, text = str(row["thing"]), row["text"]
    assert text is not None
    kind, _, slug = iri.removeprefix(ID).partition("/")
    name, said = view.name(iri), Name(text.value, text.language or "en")
    if not view.frame.names.known(iri):  # a passage, which is called by what it says, with its source
        return _Hit(said, view.href(iri), kind, view.source_name(slug.partition(".")[0]))
    return _Hit(name, view.href(iri), kind, None if said.text == name.text else said)


def _called(found: tuple[Name, str | None]) -> str:
    return order(found[0].text)
