"""How each authority says what is compared: by which properties it names, moves, retires, codes and dates its things.

Sources: the RDF of Wikidata (mediawiki.org, Wikibase/Indexing/RDF Dump Format), of DBpedia (DBpedia ontology) and of
the EU Vocabularies (SKOS-AP-EU, EUVoc ontology).
"""

from __future__ import annotations

from typing import NamedTuple

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_OWL = "http://www.w3.org/2002/07/owl#"
_DCTERMS = "http://purl.org/dc/terms/"
EUVOC = "http://publications.europa.eu/ontology/euvoc#"
_EU = "http://publications.europa.eu/"
_DBO = "http://dbpedia.org/ontology/"
WDT = "http://www.wikidata.org/prop/direct/"
WD = "http://www.wikidata.org/entity/"


class Vocabulary(NamedTuple):
    """The properties of an authority that has RDF.

    `names`, `moved` and `dates` are properties; `codes` maps a property, or the datatype of a skos:notation, to one of
    our notations; `retired` maps a property to the values that say so; `linked` maps the beginning of an IRI to the
    notation of what follows, where `same` relates a thing to what others know; `pause` is the number of seconds to
    leave between two requests.
    """

    names: tuple[str, ...]
    moved: tuple[str, ...]
    dates: tuple[str, ...] = ()
    codes: dict[str, str] = {}  # noqa: RUF012 - a named tuple's default is never changed
    retired: dict[str, tuple[str, ...]] = {}  # noqa: RUF012
    same: str = ""
    linked: dict[str, str] = {}  # noqa: RUF012
    pause: float = 1.0

    @property
    def properties(self) -> tuple[str, ...]:
        """All properties that are asked for."""
        codes = [p for p in self.codes if not p.startswith(EUVOC)] + ([_SKOS + "notation"] if self.retired else [])
        asked = [*self.names, *self.moved, *self.dates, *codes, *self.retired, self.same]
        return tuple(dict.fromkeys(p for p in asked if p))


#: The properties of Wikidata with an identifier, and the notation of ours that they give.
WIKIDATA_CODES = {
    "P297": "iso3166-1-alpha2",
    "P298": "iso3166-1-alpha3",
    "P2082": "un-m49",
    "P1566": "geonames",
    "P214": "viaf",
    "P213": "isni",
    "P244": "lcnaf",
    "P227": "gnd",
    "P6782": "ror",
}
#: Point in time, inception, start time.
WIKIDATA_DATES = ("P585", "P571", "P580")

_EU_TABLE = Vocabulary(
    names=(_SKOS + "prefLabel", _SKOS + "altLabel"),
    moved=(_DCTERMS + "isReplacedBy",),
    codes={EUVOC + "ISO_3166_1_ALPHA_2": "iso3166-1-alpha2", EUVOC + "ISO_3166_1_ALPHA_3": "iso3166-1-alpha3"},
    retired={
        _OWL + "deprecated": ("true", "1"),
        _EU + "ontology/authority/deprecated": ("true", "1"),
        EUVOC + "status": (_EU + "resource/authority/concept-status/RETIRED",),
    },
)
VOCABULARIES: dict[str, Vocabulary] = {
    "wikidata": Vocabulary(
        names=(_RDFS + "label", _SKOS + "altLabel"),
        moved=(_OWL + "sameAs",),
        dates=tuple(WDT + p for p in WIKIDATA_DATES),
        codes={WDT + p: notation for p, notation in WIKIDATA_CODES.items()},
    ),
    "dbpedia": Vocabulary(
        names=(_RDFS + "label",),
        moved=(_DBO + "wikiPageRedirects",),
        same=_OWL + "sameAs",
        linked={WD: "wikidata", "http://sws.geonames.org/": "geonames", "https://sws.geonames.org/": "geonames"},
    ),
    "eu-country": _EU_TABLE,
    "eu-corporate-body": _EU_TABLE,
}

#: The columns of tables that people download, by the notation that they give, or "name"; compared in lower case, and
#: without what is no letter or digit.
COLUMNS: dict[str, tuple[str, ...]] = {
    "iso3166-1-alpha2": ("iso31661alpha2", "alpha2", "alpha2code", "iso2", "isoalpha2code", "iso2c"),
    "iso3166-1-alpha3": ("iso31661alpha3", "alpha3", "alpha3code", "iso3", "isoalpha3code", "iso3c"),
    "un-m49": ("m49", "m49code", "countrycode", "iso31661numeric", "un"),
    "cow-code": ("ccode", "cowcode", "cown"),
    "cow-abbreviation": ("stateabb", "cowc"),
    "gw-code": ("gwcode", "gwn", "gwno", "statenumber"),
    "marc-country": ("marc",),
    "geonames": ("geonameid",),
    "name": (
        "name",
        "country",
        "countryname",
        "countryorarea",
        "statenme",
        "statename",
        "cldrdisplayname",
        "untermenglishshort",
        "untermenglishformal",
        "officialnameen",
        "countrynameen",
        "cowname",
        "gwname",
    ),
}
