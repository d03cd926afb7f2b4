"""What things are called outside: the identifiers of one kind that the graph knows, and how each may be written.

Identifiers are typed notations (`skos:notation`): on the thing itself where the match is exact, and on the confirmed
`foedus:Link`. Candidates count for nothing here. Names are the labels and other labels, in any language, and those by
which an authority knows what matches exactly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, NamedTuple

from foedus.datasets import ID
from foedus.links.authorities import COLUMNS
from foedus.links.recorded import NOTATION
from foedus.links.wording import normal
from foedus.lookup import labels, preferred

if TYPE_CHECKING:
    from foedus.graph import Graph

EXACT, CLOSE, BY_LABEL = "exact", "close", "label"
_IDENTIFIERS = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?relation ?notation ?label ?called ?note WHERE {
  { ?thing skos:notation ?notation . BIND(skos:exactMatch AS ?relation) }
  UNION
  {
    ?link foedus:linkedThing ?thing ; foedus:linkTarget ?target .
    ?thing ?relation ?target .
    FILTER(?relation = skos:exactMatch || ?relation = skos:closeMatch)
    OPTIONAL { ?link skos:notation ?notation }
    OPTIONAL { ?target rdfs:label ?label }
    OPTIONAL { ?link foedus:targetName ?called }
    OPTIONAL { ?link skos:note ?note }
  }
}
"""


def _upper(text: str) -> str:
    return text.strip().upper()


def state_number(text: str) -> str:
    """A number without zeros before it or decimals after it; an abbreviation in capitals."""
    number = re.fullmatch(r"0*(\d+)(?:\.0*|,0{1,2})?", text.strip())
    return number[1] if number else text.strip().upper()


def _wikidata(text: str) -> str:
    """The item, such as Q212, of a bare identifier, a prefixed name or the address of an entity or its page."""
    item = re.fullmatch(
        r"<?(?:wd:|(?:https?://)?(?:www\.|m\.)?wikidata\.org/(?:entity/|wiki/(?:Special:EntityPage/)?))?(Q\d+)(?:#\S*)?>?",
        text.strip(),
        re.IGNORECASE,
    )
    return item[1].upper() if item else text.strip()


class Kind(NamedTuple):
    """A kind of identifier: what it is, and the notations that hold it.

    `normal` gives the form in which two values are compared; `unmistakable` ones are unlike the numbers and short words
    of other columns; `columns` are names, letters and digits only, that columns with it have in other people's tables.
    """

    name: str
    what: str
    notations: tuple[str, ...]
    normal: Callable[[str], str]
    unmistakable: bool
    columns: frozenset[str]


def _kind(
    name: str, what: str, notations: str, normal: Callable[[str], str], more: str, *, unmistakable: bool = False
) -> Kind:
    """A kind with the columns of its notations, or of names, and `more` of them."""
    columns = [column for notation in notations.split() or ["name"] for column in COLUMNS.get(notation, ())]
    return Kind(name, what, tuple(notations.split()), normal, unmistakable, frozenset([*columns, *more.split()]))


KINDS = {
    kind.name: kind
    for kind in (
        _kind(
            "iso2",
            "ISO 3166-1 alpha-2 code",
            "iso3166-1-alpha2",
            _upper,
            "iso2code isoa2 isoalpha2 iso countrycode geo",
        ),
        _kind(
            "iso3",
            "ISO 3166-1 alpha-3 code",
            "iso3166-1-alpha3",
            _upper,
            "iso3code isoa3 isoalpha3 iso isocode countrycode code",
            unmistakable=True,
        ),
        _kind(
            "cow",
            "Correlates of War code",
            "cow-code cow-abbreviation",
            state_number,
            "cow cowid stateno statenumber member",
        ),
        _kind("gw", "Gleditsch and Ward number", "gw-code", state_number, "gw gwc gwid"),
        _kind(
            "wikidata",
            "Wikidata item",
            "wikidata",
            _wikidata,
            "wikidata wikidataid wikidataqid wikidataitem wikidatauri qid item",
            unmistakable=True,
        ),
        _kind(
            "label",
            "name",
            "",
            normal,
            "countries entity state donor donorcountry actor label giver",
            unmistakable=True,
        ),
    )
}


class Holder(NamedTuple):
    """A thing that has an identifier: by which match, with what the link says of it."""

    thing: str
    match: str
    note: str


class Identifiers:
    """The identifiers of one kind of the things of some types.

    `holders` has the things of each identifier in its normal form, `of` the identifiers of each thing in the same form,
    `names` what to call a thing.
    """

    def __init__(self, graph: Graph, kind: Kind, types: Collection[str]) -> None:
        """Ask for the identifiers; `types` are those of the IRIs, such as "actor". Raises what `Graph.sparql` does."""
        self.kind = kind
        self.holders: dict[str, list[Holder]] = {}
        self.of: dict[str, dict[str, None]] = {}
        named = labels(graph)
        self.names = preferred(named)
        for row in sorted(graph.sparql(_IDENTIFIERS), key=lambda row: [str(cell) for cell in row.values()]):
            thing = str(row["thing"])
            exact = str(row["relation"]).endswith("#exactMatch")
            if type_of(thing) not in types:
                continue
            if kind.name == "label":
                for name in (row["label"], row["called"]) if exact else ():
                    if name is not None:
                        self._add(str(name), Holder(thing, BY_LABEL, ""))
            elif (code := row["notation"]) is not None and code.datatype in {NOTATION + n for n in kind.notations}:
                note = "" if exact or row["note"] is None else str(row["note"])
                self._add(str(code), Holder(thing, EXACT if exact else CLOSE, note))
        if kind.name == "label":
            for row in named:
                if str(row["rank"]) != "3" and type_of(str(row["thing"])) in types:
                    self._add(str(row["label"]), Holder(str(row["thing"]), BY_LABEL, ""))

    def _add(self, written: str, holder: Holder) -> None:
        key = self.kind.normal(written)
        held = self.holders.setdefault(key, [])
        if not any(other.thing == holder.thing and other.match in (EXACT, holder.match) for other in held):
            held[:] = [other for other in held if other.thing != holder.thing] + [holder]
        self.of.setdefault(holder.thing, {})[key] = None

    def standing_for(self, written: str) -> list[Holder]:
        """The things that a value of a table stands for; none where it is no identifier that the graph knows."""
        return self.holders.get(self.kind.normal(written), [])


def type_of(iri: str) -> str:
    """The type in the IRI of a thing of ours, such as "actor"; "" where it is none."""
    if not iri.startswith(ID):
        return ""
    kind, slash, slug = iri.removeprefix(ID).partition("/")
    return kind if slash and slug else ""
