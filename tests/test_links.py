"""`foedus links check` against real servers that hold slices of the authorities, and against files of theirs."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import foedus
from foedus.links.asking import Endpoint
from foedus.links.checking import check, plain
from foedus.links.recorded import known, links
from tests.conftest import ROOT, Cli, assert_one_message, free_port, served
from tests.misbehaving import Reply, misbehaving

SLICES = ROOT / "tests" / "data" / "links"
#: The slice in which an authority stands.
SLICE = {"wikidata": "wikidata", "dbpedia": "dbpedia", "eu-country": "eu", "eu-corporate-body": "eu"}
WD = "http://www.wikidata.org/entity/"


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory, small: Path) -> Path:
    """The folder of a graph that links to no other targets of these authorities than those in the slices."""
    place = tmp_path_factory.mktemp("linked") / "graph"
    shutil.copytree(small, place)
    for authority, name in SLICE.items():
        slice = (SLICES / f"{name}.ttl").read_text(encoding="utf-8")
        prefixes = dict(re.findall(r"@prefix (\S+): <([^>]*)>", slice))
        there = {prefixes[p] + local for p, local in re.findall(r"(?m)^(\w+):(\S+) ", slice) if p in prefixes}
        path = place / "data" / "links" / f"{authority}.ttl"
        blocks = path.read_text(encoding="utf-8").split("\n\n")
        ours = dict(re.findall(r"@prefix (\S+): <([^>]*)>", blocks[0]))
        kept = [block for block in blocks if not _target(block, ours) or _target(block, ours) in there]
        path.write_text("\n\n".join(kept), encoding="utf-8")
    return place


def _target(block: str, prefixes: dict[str, str]) -> str:
    found = re.search(r"(?:Match|linkTarget) (?:<([^>]*)>|(\w+):(\S+))", block)
    return "" if not found else found[1] or prefixes[found[2]] + found[3]


@pytest.fixture(scope="module")
def linked(trimmed: Path) -> Iterator[foedus.Graph]:
    with foedus.open(str(trimmed)) as graph:
        yield graph


@pytest.fixture
def changed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, object]]:
    """Checks the links of a graph against a slice in which some text stands in the place of other text."""

    def run(graph: foedus.Graph, authority: str, before: str, after: str) -> list[tuple[str, str, str, str]]:
        turtle = (SLICES / f"{SLICE[authority]}.ttl").read_text(encoding="utf-8")
        assert before in turtle
        path = tmp_path_factory.mktemp("changed") / "slice.ttl"
        path.write_text(turtle.replace(before, after), encoding="utf-8")
        with served(path, tmp_path_factory) as url:
            report = check(graph, urls={authority: url})
        return [(t.kind, t.thing.rpartition("/id/")[2], t.here, t.there) for t in report.troubles]

    return run  # type: ignore[return-value]


def test_what_agrees_is_no_trouble(linked: foedus.Graph, slices: dict[str, str]) -> None:
    report = check(linked, urls={name: slices[slice] for name, slice in SLICE.items() if name != "eu-country"})
    assert report.troubles == []
    assert report.checked["wikidata"] > 15
    assert "cow" in report.unchecked


JAPAN = ("code", "actor/japan", "iso3166-1-alpha3 JPN", "iso3166-1-alpha3 JAP")  # wrong in the slice on purpose


@pytest.mark.parametrize(
    ("authority", "before", "after", "trouble"),
    [
        (
            "wikidata",
            "wd:Q30 rdfs:label",
            "wd:Q30 owl:sameAs wd:Q1 . wd:Q1 rdfs:label",
            ("moved", "actor/united-states", "", WD + "Q1"),
        ),
        ("wikidata", "wd:Q30 rdfs:label", "wd:Q1 rdfs:label", ("missing", "actor/united-states", "", "")),
        (
            "wikidata",
            'wd:Q159 rdfs:label "Russia"@en , "Росія"@uk',
            'wd:Q159 rdfs:label "Prussia"@en , "Пруссія"@uk',
            ("name", "actor/russia", "Moscow; Russia; Russian Federation; Росія", "Prussia; Пруссія"),
        ),
        ("wikidata", '"UKR"', '"UKN"', ("code", "actor/ukraine", "iso3166-1-alpha3 UKR", "iso3166-1-alpha3 UKN")),
        ("wikidata", '"690791"', '"690792"', ("code", "actor/ukraine", "geonames 690791", "geonames 690792")),
        ("wikidata", "2014-03-18T", "2013-03-18T", ("date", "event/crimea-annexation-2014", "2014", "2013-03-18")),
        (
            "dbpedia",
            "dbr:Ukraine a dbo:Country",
            "dbr:Ukraine dbo:wikiPageRedirects dbr:Ruthenia ; a dbo:Country",
            ("moved", "actor/ukraine", "", "http://dbpedia.org/resource/Ruthenia"),
        ),
        ("dbpedia", "wd:Q142", "wd:Q143", ("code", "actor/france", "wikidata Q142", "wikidata Q143")),
        (
            "eu-country",
            "country:CAN a skos:Concept ;",
            "country:CAN a skos:Concept ; dcterms:isReplacedBy country:CND ;",
            ("moved", "actor/canada", "", "http://publications.europa.eu/resource/authority/country/CND"),
        ),
        (
            "eu-corporate-body",
            "status:CURRENT .\n\nbody:COM",
            "status:RETIRED .\n\nbody:COM",
            ("retired", "actor/nato", "", ""),
        ),
    ],
)
def test_each_kind_of_trouble_is_found(
    linked: foedus.Graph,
    changed: Callable[..., list[tuple[str, str, str, str]]],
    authority: str,
    before: str,
    after: str,
    trouble: tuple[str, str, str, str],
) -> None:
    found = changed(linked, authority, before, after)
    assert found == sorted([trouble, *([JAPAN] if authority == "eu-country" else [])], reverse=True)


def test_the_command_reports_with_file_and_line(cli: Cli, trimmed: Path, slices: dict[str, str]) -> None:
    done = cli("links", "check", "--endpoint", f"eu-country={slices['eu']}", env={"FOEDUS_FOLDER": str(trimmed)})
    assert done.returncode == 1
    header, row = done.stdout.splitlines()
    assert header == "kind,thing,target,authority,here,there,where"
    assert row.startswith("code,actor:japan,http://publications.europa.eu/resource/authority/country/JPN,eu-country,")
    file, line = row.rpartition(",")[2].rsplit(":", 1)
    assert "link:actor.japan.eu-country" in Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert "7 of eu-country): 1 trouble\n" in done.stderr
    told = cli(
        *("links", "check", "--endpoint", f"eu-country={slices['eu']}", "--format", "json"),
        env={"FOEDUS_FOLDER": str(trimmed)},
    )
    (binding,) = json.loads(told.stdout)["results"]["bindings"]
    assert binding["there"]["value"] == "iso3166-1-alpha3 JAP"


def test_nothing_wrong_is_status_0(cli: Cli, trimmed: Path, slices: dict[str, str]) -> None:
    done = cli("links", "check", "--endpoint", f"wikidata={slices['wikidata']}", env={"FOEDUS_FOLDER": str(trimmed)})
    assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stdout + done.stderr


def test_one_dead_endpoint_keeps_no_other_from_being_asked(cli: Cli, trimmed: Path, slices: dict[str, str]) -> None:
    dead = f"http://127.0.0.1:{free_port()}/sparql"
    done = cli(
        *("links", "check", "--endpoint", f"wikidata={dead}", "--endpoint", f"dbpedia={slices['dbpedia']}"),
        env={"FOEDUS_FOLDER": str(trimmed)},
    )
    assert done.returncode == 3
    assert f"{dead}: no connection" in done.stderr
    assert "7 of dbpedia): no troubles" in done.stderr


# Files of the authorities


def test_the_shipped_links_agree_with_the_list_of_states(cli: Cli) -> None:
    done = cli("links", "check", "--file", f"cow={SLICES / 'states.csv'}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "18 of cow" in done.stderr


def checked(graph: foedus.Graph, authority: str, path: Path) -> set[tuple[str, str, str]]:
    report = check(graph, paths={authority: str(path)})
    return {(t.kind, t.thing.rpartition("/")[2], t.there) for t in report.troubles if t.kind != "missing"}


def test_a_table_of_states_that_says_otherwise(whole: foedus.Graph, tmp_path: Path) -> None:
    path = tmp_path / "states.csv"
    text = (SLICES / "states.csv").read_text(encoding="utf-8")
    path.write_text(text.replace("UKG,200,United Kingdom", "UKR,200,United Kingdom").replace("FIN,375", "FIN,376"))
    report = check(whole, paths={"cow": str(path)})
    assert {(t.kind, t.thing.rpartition("/")[2], t.there) for t in report.troubles} == {
        ("missing", "finland", ""),
        ("code", "united-kingdom", "cow-abbreviation UKR"),
    }


@pytest.mark.parametrize("name", ["Q.json", "Q.json.gz", "dump.json"])
def test_entity_json_of_wikidata(whole: foedus.Graph, tmp_path: Path, name: str) -> None:
    def statement(number: str, value: object, rank: str = "normal") -> dict[str, object]:
        return {"mainsnak": {"datavalue": {"value": value}, "property": number}, "rank": rank}

    def entity(number: str, label: str, **claims: list[dict[str, object]]) -> dict[str, object]:
        labels = {"en": {"language": "en", "value": label}, "fr": {"language": "fr", "value": "autre"}}
        return {"id": number, "labels": labels, "aliases": {}, "claims": claims}

    ukraine = entity("Q212", "Ukraine", P297=[statement("P297", "UA")], P298=[statement("P298", "UKN")])
    crimea = entity("Q15920546", "annexation of Crimea by the Russian Federation")
    crimea["claims"] = {"P585": [statement("P585", {"time": "+2013-03-18T00:00:00Z", "precision": 11})]}
    france = entity("Q142", "France", P298=[statement("P298", "FRX", "deprecated"), statement("P298", "FRA")])
    entities = [ukraine, crimea, france, entity("Q1", "United States")]
    if name == "dump.json":
        text = "[\n" + ",\n".join(json.dumps(e) for e in entities) + "\n]\n"
        expected_move = set()
    else:
        by_number = {str(e["id"]): e for e in entities[:3]} | {"Q30": entities[3], "Q38": {"id": "Q38", "missing": ""}}
        text = json.dumps({"entities": by_number})
        expected_move = {("moved", "united-states", WD + "Q1")}
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    assert checked(whole, "wikidata", path) == expected_move | {
        ("code", "ukraine", "iso3166-1-alpha3 UKN"),
        ("date", "crimea-annexation-2014", "2013-03-18"),
    }


def test_a_table_of_the_publications_office_in_rdf(whole: foedus.Graph) -> None:
    assert checked(whole, "eu-country", SLICES / "eu.ttl") == {("code", "japan", "iso3166-1-alpha3 JAP")}


def test_dumps_of_geonames(whole: foedus.Graph, tmp_path: Path) -> None:
    cities = tmp_path / "cities15000.txt"
    row = ["593116", "Vilnius", "Vilnius", 'Vilna,"Wilno', *[""] * 15]
    other = ["756135", "Krakow", "Krakow", "Cracovia", *[""] * 15]
    cities.write_text("\t".join(row) + "\n" + "\t".join(other) + "\n", encoding="utf-8")
    assert checked(whole, "geonames", cities) == {("name", "warsaw", "Cracovia; Krakow")}
    info = tmp_path / "countryInfo.txt"
    told = ["UA", "UKN", "804", "UP", "Ukraine", *[""] * 11, "690791", "", ""]
    info.write_text("#ISO\tISO3\n" + "\t".join(told) + "\n", encoding="utf-8")
    assert checked(whole, "geonames", info) == {("code", "ukraine", "iso3166-1-alpha3 UKN")}


@pytest.mark.parametrize(
    ("authority", "table", "expected"),
    [
        (
            "iso3166-1",
            'name,alpha-2,alpha-3,country-code\nUkraine,UA,UKR,804\n"Côte d’Ivoire",JP,JPN,392\n',
            {("name", "japan", "Côte d’Ivoire")},
        ),
        (
            "un-m49",
            "M49 Code;ISO-alpha2 Code;ISO-alpha3 Code;Country or Area\n804;UA;UKN;Ukraine\n392;JP;JPN;Japan\n",
            {("code", "ukraine", "iso3166-1-alpha3 UKN")},
        ),
        ("gw", "gwn\tgw.name\n369\tUkraine\n260.0\tAustria\n", {("name", "germany", "Austria")}),
    ],
)
def test_tables_of_codes(
    whole: foedus.Graph, tmp_path: Path, authority: str, table: str, expected: set[tuple[str, str, str]]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(table, encoding="utf-8")
    assert checked(whole, authority, path) == expected


@pytest.mark.parametrize(
    ("authority", "name", "content", "words"),
    [
        ("cow", "t.csv", b"a,b\n1,2\n", ("t.csv:1", "no column has codes of cow", "'ccode'")),
        ("cow", "t.csv", b"ccode,statenme\n2,Caf\xe9\n", ("t.csv:2", "not UTF-8")),
        ("eu-country", "t.ttl", b"<urn:a> <urn:b> .\n", ("t.ttl:1",)),
        ("eu-country", "t.html", b"<html>", ("t.html", "no RDF syntax")),
        ("wikidata", "t.json", b"<html>\n", ("t.json:1", "no entity JSON")),
        ("wikidata", "t.json", b'{"error": {"code": "no-such-entity"}}', ("t.json", "no entity JSON")),
        ("wikidata", "t.json.gz", b"not gzip", ("t.json.gz", "not compressed with gzip")),
        ("geonames", "t.txt", b"a\tb\n", ("t.txt:1", "no row of a GeoNames dump")),
        ("viaf", "t.txt", b"", ("files of viaf cannot be read",)),
        ("nowhere", "t.txt", b"", ("no authority is called 'nowhere'", "wikidata")),
    ],
)
def test_a_file_that_is_none_of_the_authority(
    cli: Cli, tmp_path: Path, authority: str, name: str, content: bytes, words: tuple[str, ...]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert_one_message(cli("links", "check", "--file", f"{authority}={path}"), 2, *words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--file", "cow=nowhere.csv"), ("nowhere.csv", "no such file")),
        (("--file", "cow"), ("--file", "'cow' is not NAME=VALUE", "cow=states2016.csv")),
        (("cow",), ("cow has no public endpoint", "--file cow=PATH")),
        (("--endpoint", "cow=http://localhost/"), ("cow has no RDF", "--file cow=PATH")),
        (("--endpoint", "wikidata=ftp://x/"), ("not the URL of an endpoint",)),
        (("--timeout", "0", "wikidata"), ("0 is no time limit",)),
    ],
)
def test_a_command_that_cannot_be_done(cli: Cli, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    assert_one_message(cli("links", "check", *arguments), 2, *words)


# Endpoints that misbehave


JSON = {"Content-Type": "application/sparql-results+json"}
NOTHING = Reply(200, b'{"head": {"vars": ["target"]}, "results": {"bindings": []}}', JSON)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Reply(200, b"<html>Sign in</html>", {"Content-Type": "text/html"}), ("not a SPARQL result", "text/html")),
        (Reply(200, b'{"head": {"vars"', JSON), ("not a SPARQL result",)),
        (Reply(429, headers={"Retry-After": "7200"}), ("429", "left alone for 7200 s")),
        (Reply(500, b"out of memory"), ("failed: out of memory",)),
    ],
)
def test_what_an_endpoint_does_wrong_is_said_once(cli: Cli, answer: Reply, words: tuple[str, ...]) -> None:
    with misbehaving({"/sparql": [answer]}) as server:
        done = cli("links", "check", "--endpoint", f"wikidata={server.url}/sparql")
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_an_endpoint_that_is_busy_is_asked_again_when_it_says() -> None:
    replies = [Reply(429, headers={"Retry-After": "0"}), Reply(503, headers={"Retry-After": "0"}), NOTHING]
    with misbehaving({"/sparql": replies}) as server, Endpoint(f"{server.url}/sparql") as endpoint:
        assert endpoint.ask("SELECT * { ?s ?p ?o }") == []
    assert len(server.agents) == 3
    assert all(re.fullmatch(r"foedus/\d+\.\d+\.\d+ \(https://\S+\)", agent) for agent in server.agents)


def test_an_endpoint_that_says_nothing_is_given_up(cli: Cli) -> None:
    with misbehaving({}) as server:
        done = cli("links", "check", "--endpoint", f"wikidata={server.url}/silent", "--timeout", "0.5")
    assert done.returncode == 3
    assert "stopped at the time limit of 0.5 s" in done.stderr


def test_requests_keep_their_distance() -> None:
    now, waits = [100.0], []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    with (
        misbehaving({"/sparql": [NOTHING]}) as server,
        Endpoint(f"{server.url}/sparql", pause=2.0, clock=lambda: now[0], sleep=sleep) as endpoint,
    ):
        list(endpoint.about((f"urn:x:{n}" for n in range(250)), ["urn:p"]))
    assert waits == [2.0, 2.0]
    assert len(server.agents) == 3


# What is recorded


def test_russia_and_the_soviet_union_share_an_entry_that_is_neither(whole: foedus.Graph) -> None:
    shared = [link for link in links(whole) if link.target.endswith("/entry/cow.365")]
    assert [(link.thing.rpartition("/")[2], link.exact) for link in shared] == [
        ("russia", False),
        ("soviet-union", False),
    ]
    codes = known(whole, {link.thing for link in shared})
    assert not any(notation == "cow-code" for told in codes.values() for notation, _ in told.codes)


def test_nothing_is_said_to_be_the_same_as_what_others_have() -> None:
    for path in (ROOT / "data").rglob("*.ttl"):
        assert "owl:sameAs" not in path.read_text(encoding="utf-8"), path


def test_names_are_compared_as_people_read_them() -> None:
    assert plain("Kishida Fumio") == plain("Fumio KISHIDA")
    assert plain("Côte d'Ivoire") == plain("cote d’ivoire")
    assert plain("Czechia") != plain("Czech Republic")
