"""Other people's tables joined to an answer: what joins, what does not, and what is said of tables that cannot be used.

The tables are made up, in the shape of those that scholars use.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

import foedus
from foedus.answers import Answer
from foedus.datasets import ID
from foedus.errors import InputError
from foedus.links.delimited import Table
from foedus.links.identifiers import KINDS, Identifiers
from foedus.links.joining import MOST_KEYS, Joined, Report, join
from foedus.links.wording import normal
from tests.conftest import Cli, assert_one_message

STATES = """\
#+ summary: Some states and bodies
#+ tags:
#+   - inventory
PREFIX actor: <https://w3id.org/foedus/id/actor/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name ?actor WHERE {
  VALUES ?actor { actor:eu actor:czechia actor:germany actor:russia actor:soviet-union actor:united-states }
  ?actor rdfs:label ?name .
  FILTER(LANG(?name) = "en")
}
ORDER BY ?name
"""
LINKS = """\
@prefix actor: <https://w3id.org/foedus/id/actor/> .
@prefix authority: <https://w3id.org/foedus/ns/authority/> .
@prefix confidence: <https://w3id.org/foedus/ns/confidence/> .
@prefix entry: <https://w3id.org/foedus/id/entry/> .
@prefix foedus: <https://w3id.org/foedus/ns/> .
@prefix link: <https://w3id.org/foedus/id/link/> .
@prefix match: <https://w3id.org/foedus/ns/match/> .
@prefix notation: <https://w3id.org/foedus/ns/notation/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .

actor:czechia skos:notation "CZ"^^notation:iso3166-1-alpha2 , "CZE"^^notation:iso3166-1-alpha3 ,
        "316"^^notation:cow-code , "CZR"^^notation:cow-abbreviation , "Q213"^^notation:wikidata .
actor:germany skos:notation "DE"^^notation:iso3166-1-alpha2 , "DEU"^^notation:iso3166-1-alpha3 ,
        "255"^^notation:cow-code , "GMY"^^notation:cow-abbreviation , "Q183"^^notation:wikidata ;
    skos:closeMatch entry:cow.260 .
actor:united-states skos:exactMatch entry:cow.2 ;
    skos:notation "US"^^notation:iso3166-1-alpha2 , "USA"^^notation:iso3166-1-alpha3 , "2"^^notation:cow-code ,
        "USA"^^notation:cow-abbreviation , "2"^^notation:gw-code , "Q30"^^notation:wikidata .
actor:eu skos:notation "Q458"^^notation:wikidata .
actor:poland skos:notation "PL"^^notation:iso3166-1-alpha2 , "POL"^^notation:iso3166-1-alpha3 ,
        "290"^^notation:cow-code .
actor:russia skos:closeMatch entry:cow.365 ; skos:notation "RUS"^^notation:iso3166-1-alpha3 .
actor:soviet-union skos:closeMatch entry:cow.365 .
actor:czechia skos:altLabel "Bohemia"@en .
actor:poland skos:altLabel "Bohemia"@en .

link:actor.united-states.cow a foedus:Link ; foedus:linkedThing actor:united-states ; foedus:linkTarget entry:cow.2 ;
    foedus:matchKind match:exact ; skos:notation "2"^^notation:cow-code , "USA"^^notation:cow-abbreviation .
link:actor.russia.cow a foedus:Link ; foedus:linkedThing actor:russia ; foedus:linkTarget entry:cow.365 ;
    foedus:matchKind match:close ; skos:notation "365"^^notation:cow-code , "RUS"^^notation:cow-abbreviation ;
    skos:note "One number for both."@en .
link:actor.soviet-union.cow a foedus:Link ; foedus:linkedThing actor:soviet-union ; foedus:linkTarget entry:cow.365 ;
    foedus:matchKind match:close ; skos:notation "365"^^notation:cow-code , "RUS"^^notation:cow-abbreviation ;
    skos:note "One number for both."@en .
actor:germany skos:exactMatch wd:Q183 .
link:actor.germany.wikidata a foedus:Link ; foedus:linkedThing actor:germany ; foedus:linkTarget wd:Q183 ;
    foedus:matchKind match:exact ; foedus:targetName "Teutonia" ; skos:notation "Q183"^^notation:wikidata .
link:actor.germany.cow a foedus:Link ; foedus:linkedThing actor:germany ; foedus:linkTarget entry:cow.260 ;
    foedus:matchKind match:close ; skos:notation "260"^^notation:cow-code , "255"^^notation:cow-code ;
    skos:note "Until 1990."@en .
link:actor.eu.cow a foedus:LinkCandidate ; foedus:linkedThing actor:eu ; foedus:linkTarget entry:cow.999 ;
    foedus:matchKind match:exact ; foedus:confidence confidence:candidate ; skos:notation "999"^^notation:cow-code .

entry:cow.2 a foedus:RegisterEntry ; foedus:authority authority:cow ; rdfs:label "United States of America"@en ;
    skos:notation "2"^^notation:cow-code , "USA"^^notation:cow-abbreviation .
entry:cow.365 a foedus:RegisterEntry ; foedus:authority authority:cow ; rdfs:label "Muscovy"@en ;
    skos:notation "365"^^notation:cow-code , "RUS"^^notation:cow-abbreviation .
"""
Join = Callable[..., Joined]
Known = Callable[[str], Identifiers]
EU, CZ, DE, RU, SU, US = "European Union", "Czechia", "Germany", "Russia", "Soviet Union", "United States"


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory, small: Path) -> Path:
    """A graph with a few links of its own and a query for six actors."""
    place = tmp_path_factory.mktemp("linked") / "graph"
    shutil.copytree(small, place, ignore=shutil.ignore_patterns("links"))
    (place / "data" / "links").mkdir()
    (place / "data" / "links" / "some.ttl").write_text(LINKS, encoding="utf-8")
    (place / "queries" / "states.rq").write_text(STATES, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def graph(linked: Path) -> Iterator[foedus.Graph]:
    with foedus.open(str(linked)) as found:
        yield found


@pytest.fixture(scope="module")
def states(graph: foedus.Graph) -> Answer:
    answer = graph.run("states")
    assert [str(row["name"]) for row in answer] == [CZ, EU, DE, RU, SU, US]
    return answer


@pytest.fixture(scope="module")
def known(graph: foedus.Graph) -> Known:
    """What the graph knows of actors, by the kind of identifier."""
    return cache(lambda on: Identifiers(graph, KINDS[on], {"actor"}))


@pytest.fixture
def joined(graph: foedus.Graph, states: Answer, tmp_path: Path) -> Join:
    """Join a table given as text, or bytes, to the six actors."""

    def call(text: str | bytes, on: str, name: str = "table.csv", **options: object) -> Joined:
        reading = {n: options.pop(n) for n in ("encoding", "delimiter", "header") if n in options}
        (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
        with Table(str(tmp_path / name), **reading) as table:  # type: ignore[arg-type]
            return join(graph, states, table, on=on, **options)  # type: ignore[arg-type]

    return call


def cells(found: Joined, column: str, *, name: str = "name") -> dict[str, str | None]:
    """The cells of a column by the name of the actor, those that are filled."""
    return {str(row[name]): str(row[column]) for row in found.answer if row[column] is not None}


def said(report: Report, what: str) -> list[tuple[str, str]]:
    return [(f.label, f.key) for f in report.of(what)]


# What the tables of others look like

KIEL = """\
Ukraine Support Tracker,,,,
Country Summary,,,,
,,,,
,,Allocations,,
Country,EU member,Financial allocations,Military allocations,Total
,,€ billion,€ billion,€ billion
Czech Republic,1,0.1,0.90,1.00
EU (Commission and Council),1,50,0.0,50
Germany,1,1.5,12.10,13.60
Poland,1,1,3,4
United States,0,46.6,64.60,111.20
Total,,99,80,179
"""
ATOP = """\
atopid,member,yrent,moent,yrexit,phase
1005,2,1949,4,0,1
3740,255,1975,8,1990,1
3740,365,1975,8,1990,2
4000,020,1975,8,0,1
"""
SIPRI = """\
Military expenditure by country,,,,
"Figures in blue are estimates, in red uncertain.",,,,
,,,,
Country,Notes,1990.0,2023.0,2024.0
Europe,,,,
Eastern Europe,,,,
Russia,†,xxx,109000.5,149000
USSR,,200,xxx,xxx
Central Europe,,,,
Czechia,‡,. .,5100.10,6500
North America,,,,
United States of America,,325000,916014.7,997000
"""
WORLD_BANK = """\
\ufeff"Data Source","World Development Indicators",

"Last Updated Date","2025-01-28",

"Country Name","Country Code","Indicator Name","Indicator Code","2022","2023",
"Czechia","CZE","GDP (current US$)","NY.GDP.MKTP.CD","290","330.10",
"Germany","DEU","GDP (current US$)","NY.GDP.MKTP.CD","4080","",
"Poland","POL","GDP (current US$)","NY.GDP.MKTP.CD","690","",
"World","WLD","GDP (current US$)","NY.GDP.MKTP.CD","101000","105000",
"""


def test_the_kiel_tracker_joins_by_name_and_offers_what_is_near(joined: Join) -> None:
    found = joined(KIEL, "label", "kiel.csv")
    assert found.answer.columns == [
        *("name", "actor", "match"),
        *("Country", "EU member", "Financial allocations", "Military allocations", "Total"),
    ]
    assert cells(found, "Total") == {DE: "13.60", US: "111.20"}
    assert cells(found, "match") == {DE: "label", US: "label"}
    report = found.report
    assert (report.key, report.header_line, report.column) == ("Country", 5, "actor")
    assert (report.rows, report.with_columns, report.table_rows, report.without_key) == (6, 2, 7, 1)
    notes = {f.label: f.note for f in report.of("no row")}
    assert notes == {
        CZ: "did you mean 'Czech Republic' (line 7)?",
        EU: "did you mean 'EU (Commission and Council)' (line 8)?",
        RU: "",
        SU: "",
    }
    assert said(report, "not in the answer") == [("Poland", "Poland")]
    assert [(f.key, f.line) for f in report.of("unknown")] == [
        ("Czech Republic", 7),
        ("EU (Commission and Council)", 8),
        ("Total", 12),
    ]


def test_atop_joins_by_number_and_says_which_matches_are_close(joined: Join) -> None:
    found = joined(ATOP, "cow")
    assert found.report.key == "member"
    assert cells(found, "match") == {DE: "exact", RU: "close", SU: "close", US: "exact"}
    assert cells(found, "atopid") == {DE: "3740", RU: "3740", SU: "3740", US: "1005"}
    close = [(f.label, f.key, f.line, f.note) for f in found.report.of("joined") if f.match == "close"]
    assert close == [(RU, "365", 4, "One number for both."), (SU, "365", 4, "One number for both.")]
    assert said(found.report, "no identifier") == [(EU, "")]  # a candidate is no identifier
    assert said(found.report, "no row") == [(CZ, "316, CZR")]
    assert said(found.report, "unknown") == [("", "020")]


def test_sipri_joins_below_its_notes_with_the_numbers_as_written(joined: Join) -> None:
    found = joined(SIPRI, "label", columns=["2023.0"])
    assert found.answer.columns == ["name", "actor", "match", "2023.0"]
    assert cells(found, "2023.0") == {CZ: "5100.10", RU: "109000.5", US: "916014.7"}  # by the name in the register
    assert ("", "Europe") in said(found.report, "unknown")


def test_the_world_bank_joins_below_its_preamble(joined: Join) -> None:
    found = joined(WORLD_BANK, "iso3")
    assert (found.report.header_line, found.report.key) == (5, "Country Code")
    assert cells(found, "2023") == {CZ: "330.10"}  # an empty cell is no value
    assert cells(found, "Country Name") == {CZ: "Czechia", DE: "Germany"}
    assert cells(joined(WORLD_BANK, "label"), "2022") == {CZ: "290", DE: "4080"}


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("Land;BIP;Anmerkung\nDE;4,1;größer\nUS;25,0;\n", {}),
        ("Land;BIP;Anmerkung\nDE;4,1;größer\nUS;25,0;\n".encode("utf-8-sig"), {}),
        ("Land;BIP;Anmerkung\r\nDE;4,1;größer\r\nUS;25,0;\r\n".encode("cp1252"), {"encoding": "cp1252"}),
        ("Land\tBIP\tAnmerkung\nDE\t4,1\tgrößer\nUS\t25,0\t\n".encode("utf-16"), {}),
        ("Land\tBIP\tAnmerkung\nDE\t4,1\tgrößer\nUS\t25,0\t\n".encode("utf-16-le"), {"encoding": "utf-16-le"}),
        ("\ufeffLand\tBIP\tAnmerkung\nDE\t4,1\tgrößer\nUS\t25,0\t\n".encode("utf-16-le"), {"encoding": "utf-16-le"}),
        ('Land|BIP|Anmerkung\rDE|4,1|"größer"\rUS|25,0|\r', {}),
        ("sep=:\nLand:BIP:Anmerkung\nDE:4,1:größer\nUS:25,0:\n", {}),
        ('Land,BIP,Anmerkung\nDE,"4,1",größer\nUS, "25,0",\n', {}),
        ("Land:BIP:Anmerkung\nDE:4,1:größer\nUS:25,0:\n", {"delimiter": ":"}),
        ("Quelle: eigene; Stand; 2024\nLand;BIP;Anmerkung\nDE;4,1;größer\nUS;25,0;\n", {"header": 2}),
    ],
)
def test_a_table_of_ones_own(joined: Join, text: str | bytes, options: dict[str, object]) -> None:
    found = joined(text, "iso2", **options)
    assert found.report.key == "Land"  # by what it holds
    assert cells(found, "BIP") == {DE: "4,1", US: "25,0"}
    assert cells(found, "Anmerkung") == {DE: "größer"}


def test_a_comma_in_every_row_is_not_the_delimiter(joined: Join) -> None:
    assert cells(joined("iso3;GDP, bn\nDEU;4,1\nUSA;25,0\n", "iso3"), "GDP, bn") == {DE: "4,1", US: "25,0"}


# Identifiers and names


@pytest.mark.parametrize(
    ("on", "written"),
    [
        ("iso2", "de"),
        ("iso3", " Deu "),
        ("cow", "255"),
        ("cow", "0255"),
        ("cow", "255.0"),
        ("cow", "gmy"),
        ("wikidata", "Q183"),
        ("wikidata", "q183"),
        ("wikidata", "wd:Q183"),
        ("wikidata", "http://www.wikidata.org/entity/Q183"),
        ("wikidata", "<http://www.wikidata.org/entity/Q183>"),
        ("wikidata", "https://www.wikidata.org/wiki/Q183#sitelinks"),
        ("wikidata", "https://www.wikidata.org/wiki/Special:EntityPage/Q183"),
        ("label", "  GERMANY"),
        ("label", "Federal  Republic of Germany."),
        ("label", "Teutonia"),  # as the target of an exact link is called
        ("label", "німеччина"),
    ],
)
def test_an_identifier_may_be_written_in_many_ways(known: Known, on: str, written: str) -> None:
    assert [holder.thing for holder in known(on).standing_for(written)] == [f"{ID}actor/germany"]


@pytest.mark.parametrize(
    ("on", "written"),
    [
        ("iso2", "DEU"),
        ("cow", "255.5"),
        ("cow", "-255"),
        ("cow", "2550"),
        ("wikidata", "https://example.org/Q183"),
        ("wikidata", "P183"),
        ("label", "German"),
        ("label", "Muscovy"),  # of an entry that is only a close match
        ("label", "East Germany"),
        ("label", "EU (Commission and Council)"),
    ],
)
def test_what_is_no_identifier_stands_for_nothing(known: Known, on: str, written: str) -> None:
    assert known(on).standing_for(written) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Türkiye", "turkiye"),
        ("Côte d’Ivoire", "Cote d'Ivoire"),
        ("U.S.", "US"),
        ("Bosnia & Herzegovina", "Bosnia and  Herzegovina"),
        ("Korea, South", "KOREA (South)"),
        ("В’єтнам", "Вʼєтнам"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert normal(one) == normal(other) != ""


def test_a_name_of_two_things_does_not_join(joined: Join) -> None:
    found = joined("country,x\nBohemia,1\nGermany,2\n", "label")
    assert cells(found, "x") == {DE: "2"}
    assert [(f.key, f.line, f.note) for f in found.report.of("ambiguous")] == [
        ("Bohemia", 2, "stands for actor:czechia, actor:poland")
    ]


def test_an_exact_match_goes_before_a_close_one(joined: Join) -> None:
    both = "ccode,x\n260,old\n255,new\n"
    found = joined(both, "cow")
    assert cells(found, "x") == {DE: "new"}
    assert [(f.key, f.line, f.match, f.note) for f in found.report.of("passed over")] == [
        ("260", 2, "close", "Until 1990.")
    ]
    assert cells(joined("ccode,x\n260,old\n", "cow"), "match") == {DE: "close"}
    every = joined(both, "cow", many=True)
    assert [(str(r["match"]), str(r["x"])) for r in every.answer if str(r["name"]) == DE] == [
        ("close", "old"),
        ("exact", "new"),
    ]


# Columns


def test_columns_that_the_answer_has_are_called_after_the_file(joined: Join) -> None:
    found = joined("name,iso3,match,own.name\na,DEU,b,c\n", "iso3", "own.csv")
    assert found.answer.columns == ["name", "actor", "match", "own.name", "iso3", "own.match", "own.name_"]
    assert [cells(found, c)[DE] for c in ("own.name", "own.match", "own.name_")] == ["a", "b", "c"]


def test_columns_without_a_name(joined: Join) -> None:
    found = joined(",iso3,,x,y,,\n,DEU,a,b,,,\n,USA,,,,,\n", "iso3")
    assert found.answer.columns == ["name", "actor", "match", "iso3", "column 3", "x", "y"]
    assert cells(found, "column 3") == {DE: "a"}


@pytest.mark.parametrize(
    ("header", "on", "key"),
    [
        ("x,ISO_A3", "iso3", "ISO_A3"),
        ("x,stateabb", "cow", "stateabb"),
        ("ccode,stateabb", "cow", "ccode"),  # both say the same: no doubt
        ("x,something", "iso3", "something"),
        ("day,cowc", "cow", "cowc"),
        ("Country Name,donor", "label", "donor"),  # of two that are called so, the one that is known
    ],
)
def test_the_key_is_found(joined: Join, header: str, on: str, key: str) -> None:
    rows = {"iso3": "1,DEU\n2,USA\n", "cow": "255,GMY\n2,USA\n", "label": "Xanadu,Germany\nUtopia,Czechia\n"}
    assert joined(f"{header}\n{rows[on]}", on).report.key == key


def test_a_long_table_with_a_choice_or_with_every_row(joined: Join) -> None:
    panel = "iso3,year,x\n" + "".join(f"{c},{y},{c}{y}\n" for c in ("DEU", "USA") for y in range(2020, 2024))
    assert cells(joined(panel, "iso3", where={"year": "2022"}), "x") == {DE: "DEU2022", US: "USA2022"}
    every = joined(panel, "iso3", many=True).answer
    assert [str(r["year"]) for r in every if str(r["name"]) == DE] == ["2020", "2021", "2022", "2023"]
    assert len(every) == 4 + 8
    with pytest.raises(InputError) as refused:
        joined(panel, "iso3")
    assert "Germany (DEU): lines 2, 3, 4, 5\n    United States (USA): lines 6, 7, 8, 9" in str(refused.value)
    assert "--where year=2023" in str(refused.value)


def test_rows_that_are_alike_in_the_columns_asked_for_are_one(joined: Join) -> None:
    twice = "ccode,stateabb,from\n255,GMY,1816\n255,GMY,1990\n"
    found = joined(twice, "cow", columns=["stateabb"])
    assert cells(found, "stateabb") == {DE: "GMY"}
    assert len(found.answer) == 6
    assert [(f.label, f.rows) for f in found.report.of("joined")] == [(DE, 2)]
    late = "ccode,x\n" + "255,same\n" * 1500 + "255,other\n"  # after more rows than are kept
    with pytest.raises(InputError, match="lines 2, 3, 4, 5, 6 and many more"):
        joined(late, "cow")


def test_keys_that_match_nothing_are_listed_up_to_a_limit(joined: Join) -> None:
    many = "".join(f"X{i},1\n" for i in range(MOST_KEYS + 5))
    report = joined(f"iso3,x\n{many}X0,1\nDEU,2\n", "iso3", key="iso3").report
    assert (len(report.of("unknown")), report.not_listed, report.table_rows) == (MOST_KEYS, 5, MOST_KEYS + 7)
    assert report.of("unknown")[0].rows == 2


def test_the_shipped_links_join(whole: foedus.Graph, tmp_path: Path) -> None:
    """Their codes are those of ISO 3166-1, of the Correlates of War list of states and of Wikidata."""
    (tmp_path / "t.csv").write_text(
        "iso2,iso3,ccode,stateabb,gwno,qid\nGB,GBR,200,UKG,200,Q145\nRU,RUS,365,RUS,365,Q159\nUA,UKR,369,UKR,369,Q212\n",
        encoding="utf-8",
    )
    answer = whole.sparql(f"""
        SELECT ?x {{ VALUES ?x {{ <{ID}actor/united-kingdom> <{ID}actor/soviet-union> <{ID}actor/ukraine> }} }}
    """)
    for on, soviet in {"iso2": None, "iso3": None, "cow": "close", "gw": "close", "wikidata": None}.items():
        with Table(str(tmp_path / "t.csv")) as table:
            found = join(whole, answer, table, on=on)
        matches = {str(row["x"]).rpartition("/")[2]: row["match"] and str(row["match"]) for row in found.answer}
        assert matches == {"united-kingdom": "exact", "soviet-union": soviet, "ukraine": "exact"}, on
        assert {str(row["iso3"]) for row in found.answer if row["match"]} == {"GBR", "UKR"} | (
            {"RUS"} if soviet else set()
        )


# The command


def test_the_command_prints_the_answer_and_tells_the_rest(cli: Cli, linked: Path, tmp_path: Path) -> None:
    (tmp_path / "kiel.csv").write_text(KIEL, encoding="utf-8")
    report = tmp_path / "report.json"
    arguments = ("join", "-", "--on", "label", "--query", "states", "--report", report, "--columns", "Total,EU member")
    env = {"FOEDUS_FOLDER": str(linked)}
    done = cli(*arguments, "--format", "markdown", env=env, input=KIEL)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "| name | actor | match | Total | EU member |",
        "| --- | --- | --- | --- | --- |",
        "| Czechia | actor:czechia |  |  |  |",
        "| European Union | actor:eu |  |  |  |",
        "| Germany | actor:germany | label | 13.60 | 1 |",
        "| Russia | actor:russia |  |  |  |",
        "| Soviet Union | actor:soviet-union |  |  |  |",
        "| United States | actor:united-states | label | 111.20 | 0 |",
    ]
    assert done.stderr.splitlines() == [
        "standard input: name in the column 'Country' (header on line 5)",
        "joined: 2 of 6 things in the column 'actor', 2 of 6 rows of the answer",
        "no row in the table: Czechia, did you mean 'Czech Republic' (line 7)?; European Union, did you mean "
        "'EU (Commission and Council)' (line 8)?; Russia; Soviet Union",
        "1 row of things that the answer does not have: 'Poland' (line 10)",
        "3 rows of what the graph does not know: 'Czech Republic' (line 7); 'EU (Commission and Council)' (line 8); "
        "'Total' (line 12)",
        "1 row with an empty 'Country'",
    ]
    told = json.loads(report.read_text(encoding="utf-8"))
    assert (told["key"], told["with_columns"], told["without_key"]) == ("Country", 2, 1)
    germany = next(f for f in told["findings"] if f["label"] == DE)
    assert germany == {
        **{"what": "joined", "thing": "https://w3id.org/foedus/id/actor/germany", "label": DE, "key": DE},
        **{"line": 9, "rows": 1, "match": "label", "note": ""},
    }


def test_passages_stay_with_their_rows(cli: Cli, linked: Path, graph: foedus.Graph, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("iso3,x\nDEU,1\n", encoding="utf-8")
    arguments = ("--cite", "--source", "dw-article", "--report", tmp_path / "report.csv")
    env = {"FOEDUS_FOLDER": str(linked)}
    done = cli("join", tmp_path / "own.csv", "--on", "iso3", *arguments, env=env)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    cited = graph.run("givers", cite=True, sources=["dw-article"])
    assert [r["passages"] for r in rows] == ["; ".join(map(str, row.passages)) for row in cited]
    assert all(r["passages"] for r in rows)
    assert {r["giver"] for r in rows if r["x"]} == {DE}
    found = list(csv.DictReader(io.StringIO((tmp_path / "report.csv").read_text(encoding="utf-8"))))
    assert {f["what"] for f in found} >= {"no identifier"}


def test_where_nothing_joins_there_is_no_answer(cli: Cli, linked: Path, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("country,x\nUnited Stats,1\n", encoding="utf-8")
    done = cli("join", tmp_path / "own.csv", "--on", "label", "--query", "states", env={"FOEDUS_FOLDER": str(linked)})
    assert_one_message(done, 1, "nothing in", "own.csv joined", "joined: 0 of 6 things")
    assert "no row in the table: United States, did you mean 'United Stats' (line 2)?; Czechia; " in done.stderr


def test_an_answer_without_rows_is_said_to_have_none(cli: Cli, linked: Path, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("iso3,x\nDEU,1\n", encoding="utf-8")
    arguments = ("--query", "bodies", "--source", "dw-article")
    done = cli("join", tmp_path / "own.csv", "--on", "iso3", *arguments, env={"FOEDUS_FOLDER": str(linked)})
    assert_one_message(done, 1, "bodies: the answer has no rows")


# Tables that cannot be used

DUPLICATES = "iso3,year,x\nDEU,2022,1\nUSA,2022,1\nDEU,2023,2\n"


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        (None, [], ["No such file"]),
        ("folder", [], ["is a folder"]),
        (b"", [], ["is empty"]),
        (b"iso3,x\n", [], ["own.csv:1: has no rows below its header"]),
        (b"PK\x03\x04....", [], ["is a spreadsheet or a zip archive", "save the sheet as CSV"]),
        (gzip.compress(b"iso3,x\nDEU,1\n", mtime=0), [], ["compressed by gzip", "gunzip"]),
        (b"<!DOCTYPE html><html></html>", [], ["is a web page"]),
        ("iso3,x\nUSA,1\nDEU,größer\n".encode("cp1252"), [], ["own.csv:3: the byte 0xF6 is not UTF-8", "cp1252"]),
        (b"iso3,x\nDEU,1\n", ["--encoding", "klingon"], ["--encoding: no encoding is called 'klingon'"]),
        ("iso3,x\nDEU,1\n".encode("utf-16-le"), [], ["own.csv:1: holds a NUL", "--encoding utf-16-le"]),
        (b"iso3,x\nDEU,1\nUSA,2,000\n", [], ["own.csv:3: the row has 3 cells, and the header on line 1 has 2"]),
        (b'iso3,x\nDEU,1\nUSA,"2\nPOL,3\n', [], ["own.csv:3: a quotation mark that is opened here is not closed"]),
        (b"iso3,x,x\nDEU,1,2\n", [], ["own.csv:1: the header has 'x' more than once: columns 2 and 3"]),
        (b"a,b,c\nDEU,1,2,z\nUSA,1,2,z\n", [], ["which row is the header? Line 1 has 3 cells, line 2 has 4"]),
        (b"DEU,1\nUSA,2\n", [], ["own.csv:1: there is no header: 'DEU' is the ISO 3166-1 alpha-3 code of a thing"]),
        (b"iso3,x\nDEU,1\n", ["--format", "turtle"], ["which Turtle cannot hold"]),
        (b"iso3,x\nDEU,1\n", ["--columns", "x,,"], ["--columns: 'x,,' is no list of names"]),
        (b"a,b\nDEU,USA\nUSA,DEU\n", [], ["several columns may hold", "'a', 'b'", "--key"]),
        (b"day,x\n2,1\n3,2\n255,4\n4,3\n", ["--on", "cow"], ["no column was found with the Correlates of War code"]),
        (b"a,b\nx,1\ny,2\n", [], ["no column was found with the ISO 3166-1 alpha-3 code", "'a', 'b'"]),
        (DUPLICATES.encode(), [], ["1 thing has more than one row", "Germany (DEU): lines 2, 4", "--where year=2023"]),
        (DUPLICATES.encode(), ["--where", "year=1990"], ["no row has year=1990", "'2022', '2023'"]),
        (DUPLICATES.encode(), ["--where", "year"], ["--where: 'year' is not NAME=VALUE"]),
        (b"iso3,x\nDEU,1\n", ["--delimiter", ";;"], ["--delimiter: ';;' is no delimiter"]),
        (b"iso3,x\nDEU,1\n", ["--report", "report.txt"], ["--report: 'report.txt' is no .csv or .json"]),
        (b"iso3,x\nDEU,1\n", ["--report", "own.csv"], ["--report: 'own.csv' is the table itself"]),
        (b"iso3,x\nDEU,1\n", ["--report", "/no/such/folder/report.csv"], ["report.csv: cannot be written"]),
        (b"iso3,x\nDEU,1\n", ["--query", "statse"], ["no saved query", "states"]),
        (b"iso3,x\nDEU,1\n", ["--query", "money"], ["no column of the answer holds actors"]),
        (b"iso3,x\nDEU,1\n", ["--query", "instruments"], ["no ISO 3166-1 alpha-3 code for things of this type"]),
    ],
)
def test_what_cannot_be_used_is_said_once(
    cli: Cli, linked: Path, tmp_path: Path, content: bytes | str | None, arguments: list[str], words: list[str]
) -> None:
    file = tmp_path / "own.csv"
    if content == "folder":
        file.mkdir()
    elif isinstance(content, bytes):
        file.write_bytes(content)
    query = [] if "--query" in arguments else ["--query", "states"]
    env = {"FOEDUS_FOLDER": str(linked)}
    assert_one_message(cli("join", file, "--on", "iso3", *query, *arguments, env=env, cwd=tmp_path), 2, *words)
    assert [path.name for path in tmp_path.iterdir()] == ["own.csv"] * (content is not None)


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (b"\xef\xbb\xbf\r\n \r\n", {}, ["is empty"]),
        (b"iso3,x\nDEU,1\n", {"encoding": "utf-16"}, ["is not UTF-16"]),
        (b"iso3,x,y\nDEU,1,2\nUSA,2\n", {}, ["own.csv:3: the row has 2 cells"]),
        (b'iso3,x\nDEU,"1"2\n', {}, ["own.csv:2: is no row of CSV"]),
        (b"iso3,x\nDEU,1\n", {"header": 7}, ["own.csv:7: no row with a cell"]),
        (b"iso3,x\nDEU,1\n", {"key": "iso"}, ["no column 'iso'", "Did you mean iso3?"]),
        (b"iso3,x\nDEU,1\n", {"columns": ["y"]}, ["no column 'y'"]),
        (b"iso3,ISO\nDEU,USA\nUSA,DEU\n", {}, ["several columns may hold", "'iso3', 'ISO'", "--key"]),
        (DUPLICATES.encode(), {"where": {"yr": "1990"}}, ["no column 'yr'"]),
        (b"iso3,x\nDEU,1\n", {"column": "name"}, ["the column 'name' of the answer holds no things", "actor"]),
        (b"iso3,x\nDEU,1\n", {"column": "state"}, ["the answer has no column 'state'"]),
    ],
)
def test_what_else_cannot_be_used(joined: Join, content: bytes, options: dict[str, object], words: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        joined(content, "iso3", "own.csv", **options)
    assert [word for word in words if word not in str(refused.value)] == []
