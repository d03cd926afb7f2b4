"""Candidates for links: from a real SPARQL server with a slice in Wikidata's terms, from our own service, bad ones."""

from __future__ import annotations

import csv
import functools
import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import foedus
from foedus.datasets import turtle_files
from foedus.errors import InputError
from foedus.links.accepting import accept
from foedus.links.suggesting import Found, Suggestion, suggest
from tests.conftest import Cli, _oxigraph, assert_one_message, free_port, oxigraph_server
from tests.misbehaving import Misbehaving, Reply, misbehaving
from tests.test_reconciliation import served

WD = "http://www.wikidata.org/entity/"
SLICE = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

wd:Q1 rdfs:label "Ukraine"@en , "Україна"@uk ; schema:description "a country"@en ; wdt:P297 "UA" ; wdt:P298 "UKR" .
wd:Q2 rdfs:label "Ukraine"@en ; schema:description "a song"@en .
wd:Q3 rdfs:label "Ukrayina"@en ; wdt:P297 "UA" ; wdt:P298 "XXX" .
wd:Q4 rdfs:label "Land of Ukraine"@en .
wd:Q10 rdfs:label "Volodymyr Zelenskyy"@en , "Володимир Зеленський"@uk ; wdt:P31 wd:Q5 .
wd:Q11 rdfs:label "Somebody else"@en ; skos:altLabel "Volodymyr Zelenskyy"@en ; wdt:P31 wd:Q11424 .
wd:Q12 owl:sameAs wd:Q10 .
wd:Q13 rdfs:label "Володимир Зеленський"@uk ; owl:sameAs wd:Q10 .
wd:Q20 rdfs:label "NATO summit in Vilnius"@en ; wdt:P585 "2023-07-11T00:00:00Z"^^xsd:dateTime .
wd:Q21 rdfs:label "NATO summit in Vilnius"@en ; wdt:P585 "2031-07-11T00:00:00Z"^^xsd:dateTime .
wd:Q30 rdfs:label "Poland"@en ; schema:description "a country"@en .
wd:Q31 rdfs:label "Poland"@en ; schema:description "a village"@en .
"""
HEAD = """@prefix actor: <https://w3id.org/foedus/id/actor/> .
@prefix agent: <https://w3id.org/foedus/id/agent/> .
@prefix authority: <https://w3id.org/foedus/ns/authority/> .
@prefix confidence: <https://w3id.org/foedus/ns/confidence/> .
@prefix foedus: <https://w3id.org/foedus/ns/> .
@prefix link: <https://w3id.org/foedus/id/link/> .
@prefix match: <https://w3id.org/foedus/ns/match/> .
@prefix notation: <https://w3id.org/foedus/ns/notation/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

# Links of a test.

"""
REST = """    foedus:checkedOn "2026-11-29"^^xsd:date ;
    prov:wasAttributedTo agent:foedus-developers .
"""
OF_UKRAINE = f"""actor:ukraine skos:exactMatch wd:Q1 ;
    skos:notation "Q1"^^notation:wikidata .

link:actor.ukraine.wikidata a foedus:Link ;
    foedus:linkedThing actor:ukraine ;
    foedus:linkTarget wd:Q1 ;
    foedus:matchKind match:exact ;
    foedus:authority authority:wikidata ;
    skos:notation "Q1"^^notation:wikidata ;
    foedus:targetName "Land of Ukraine" ;
    foedus:confidence confidence:one-source ;
    foedus:evidence "a test" ;
{REST}"""
CODES = """actor:ukraine skos:notation "UA"^^notation:iso3166-1-alpha2 , "UKR"^^notation:iso3166-1-alpha3 .
"""
A_CANDIDATE = f"""link:actor.zelenskyy.wikidata.candidate a foedus:LinkCandidate ;
    foedus:linkedThing actor:zelenskyy ;
    foedus:linkTarget wd:Q10 ;
    foedus:matchKind match:exact ;
    foedus:authority authority:wikidata ;
    skos:notation "Q10"^^notation:wikidata ;
    foedus:confidence confidence:candidate ;
    foedus:evidence "a test" ;
{REST}
# A remark on the next.

"""
A_SEARCH = f"""link:actor.%s.wikidata.search a foedus:LinkSearch ;
    foedus:linkedThing actor:%s ;
    foedus:authority authority:wikidata ;
    foedus:searchedName "one name" ;
    foedus:evidence "a test" ;
{REST}"""
WRITTEN = """
actor:zelenskyy skos:exactMatch wd:Q10 ;
    skos:notation "Q10"^^notation:wikidata .

link:actor.zelenskyy.wikidata a foedus:Link ;
    foedus:linkedThing actor:zelenskyy ;
    foedus:linkTarget wd:Q10 ;
    foedus:matchKind match:exact ;
    foedus:authority authority:wikidata ;
    skos:notation "Q10"^^notation:wikidata ;
    foedus:confidence confidence:one-source ;
    foedus:evidence "URL: the name “Volodymyr Zelenskyy” is equal; the name “Володимир Зеленський” is equal; WAY" ;
    skos:note "Seen on \\"his\\" page."@en ;
    foedus:checkedOn "DAY"^^xsd:date ;
    prov:wasAttributedTo agent:foedus-developers .
"""
WAY = f"{WD}Q13 was merged into it"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, small: Path) -> Path:
    """The folder of a graph with few links."""
    found = tmp_path_factory.mktemp("suggest") / "graph"
    shutil.copytree(small, found, ignore=shutil.ignore_patterns("links"))
    links = found / "data" / "links"
    links.mkdir()
    for name, text in {
        "wikidata": OF_UKRAINE,
        "iso3166-1": CODES,
        "candidates": A_CANDIDATE + A_CANDIDATE.replace("zelenskyy", "putin").partition("\n\n")[0] + "\n",
        "not-found": A_SEARCH % ("poland", "poland") + "\n" + A_SEARCH % ("zelenskyy", "zelenskyy"),
    }.items():
        (links / f"{name}.ttl").write_text(HEAD + text, encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def few(place: Path) -> Iterator[foedus.Graph]:
    with foedus.open(str(place)) as graph:
        yield graph


@pytest.fixture(scope="module")
def wikidata(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a real server with the slice."""
    folder = tmp_path_factory.mktemp("wikidata")
    (folder / "slice.ttl").write_text(SLICE, encoding="utf-8")
    command = [_oxigraph(), "load", "--location", str(folder / "db"), "--file", str(folder / "slice.ttl")]
    subprocess.run(command, check=True, capture_output=True)
    with oxigraph_server(folder / "db", "serve-read-only") as url:
        yield f"{url}/query"


@functools.cache
def asked(graph: foedus.Graph, url: str, thing: str, accepting: str = "") -> Found:
    found = suggest(graph, thing, urls={"wikidata": url}, accept=accepting, timeout=20)
    assert found.failures == []
    return found


def by_code(found: Found) -> dict[str, Suggestion]:
    return {s.target.removeprefix(WD): s for s in found.suggestions}


def test_candidates_are_found_by_name_and_code_and_say_why(few: foedus.Graph, wikidata: str) -> None:
    found = asked(few, wikidata, "ukraine")
    assert [(s.target.removeprefix(WD), s.score) for s in found.suggestions] == [
        ("Q1", 100),
        ("Q2", 70),
        ("Q4", 70),
        ("Q3", 60),
    ]
    first, song, _, third = found.suggestions
    assert (first.name, first.description, first.state) == ("Ukraine", "a country", "recorded: exact match")
    assert first.reasons == (
        "the name “Ukraine” is equal",
        "the name “Україна” is equal",
        "iso3166-1-alpha2 UA agrees",
        "iso3166-1-alpha3 UKR agrees",
    )
    assert (song.reasons, song.state) == (("the name “Ukraine” is equal",), "")
    assert third.against == ("iso3166-1-alpha3 is XXX there and UKR here",)
    assert found.notes == [f"it is linked to {WD}Q1 already (exact match)"]


def test_a_person_is_told_from_a_film_and_what_was_merged_is_followed(few: foedus.Graph, wikidata: str) -> None:
    found = asked(few, wikidata, "zelenskyy")
    suggestions = by_code(found)
    assert set(suggestions) == {"Q10", "Q11"}
    assert WAY in suggestions["Q10"].reasons
    assert suggestions["Q10"].state == "recorded as a candidate: exact match"
    assert suggestions["Q11"].against == ("it is no person there",)
    assert suggestions["Q10"].score - suggestions["Q11"].score > 40
    assert found.notes == ["wikidata was searched for it on 2026-11-29, in vain: one name"]


def test_a_date_speaks_for_or_against(few: foedus.Graph, wikidata: str) -> None:
    suggestions = by_code(asked(few, wikidata, "vilnius-summit-2023"))
    assert "the date 2023-07-11 agrees" in suggestions["Q20"].reasons
    assert suggestions["Q21"].against == ("the date is 2031-07-11 there and 2023-07 here",)
    assert (suggestions["Q20"].score, suggestions["Q21"].score) == (70, 45)


def test_two_that_are_alike_are_said_to_be(few: foedus.Graph, wikidata: str) -> None:
    suggestions = by_code(asked(few, wikidata, "poland"))
    assert (suggestions["Q30"].alike, suggestions["Q31"].alike) == (f"{WD}Q31", f"{WD}Q30")
    assert not any(s.alike for s in asked(few, wikidata, "ukraine").suggestions[:1])


def test_our_own_service_is_asked_by_the_protocol(
    few: foedus.Graph, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import signal

    monkeypatch.setenv("FOEDUS_FOLDER", str(place))
    with served(signal.SIGTERM) as url:
        found = suggest(few, "ukraine", services=[url], timeout=20)
    assert found.failures == []
    first = found.suggestions[0]
    assert (first.target, first.name, first.score) == ("https://w3id.org/foedus/id/actor/ukraine", "Ukraine", 70)
    assert first.reasons == ("the name “Ukraine” is equal", "the service is certain of it")
    assert first.places == (url,)


def test_what_is_accepted_is_written_and_settles_candidate_and_search(
    cli: Cli, tmp_path: Path, place: Path, wikidata: str
) -> None:
    import datetime

    shutil.copytree(place, tmp_path / "graph")
    links = tmp_path / "graph" / "data" / "links"
    before = {path.name: path.read_text(encoding="utf-8") for path in links.iterdir()}
    command = (
        "links",
        "suggest",
        "zelenskyy",
        "--endpoint",
        f"wikidata={wikidata}",
        "--accept",
        "Q10",
        "--as",
        "exact",
    )
    env = {"FOEDUS_FOLDER": str(tmp_path / "graph")}
    done = cli(*command, "--note", 'Seen on "his"\n page.', env=env)
    assert done.returncode == 0, done.stderr
    line = before["wikidata.ttl"].count("\n") + 5
    assert done.stdout == f"{links / 'wikidata.ttl'}:{line}: link:actor.zelenskyy.wikidata\n"
    assert "link:actor.zelenskyy.wikidata.candidate was taken out" in done.stderr
    today = datetime.date.today().isoformat()
    written = WRITTEN.replace("URL", wikidata).replace("WAY", WAY).replace("DAY", today)
    after = {path.name: path.read_text(encoding="utf-8") for path in links.iterdir()}
    assert after == {
        **before,
        "wikidata.ttl": before["wikidata.ttl"] + written,
        "candidates.ttl": before["candidates.ttl"].replace(A_CANDIDATE.partition("\n\n")[0] + "\n\n", "", 1),
        "not-found.ttl": before["not-found.ttl"].replace("\n" + A_SEARCH % ("zelenskyy", "zelenskyy"), ""),
    }
    formatter = Path(sys.executable).with_name("turtlefmt")
    subprocess.run([formatter, "--check", links], check=True)
    again = cli(*command, env=env)
    assert again.returncode == 2 and f"{links / 'wikidata.ttl'}:{line}: actor:zelenskyy is linked" in again.stderr


@pytest.mark.parametrize(
    ("thing", "code", "exact", "note", "words"),
    [
        ("ukraine", "Q1", True, "x", "actor:ukraine is linked to it already"),
        ("ukraine", "Q2", True, "x", f"has an exact match in wikidata already: {WD}Q1"),
        ("poland", "Q30", True, "", f"as likely as {WD}Q31"),
        ("vilnius-summit-2023", "Q21", True, "", "the date is 2031-07-11 there"),
        ("vilnius-summit-2023", "Q20", False, "", "a close match needs a note"),
        ("vilnius-summit-2023", "Q2", True, "", "neither a name nor a code"),
        ("actor:russia", "Q1", True, "x", "actor:ukraine is linked to it already, and no two things are the same"),
    ],
)
def test_what_is_doubtful_or_taken_is_not_accepted(
    few: foedus.Graph, place: Path, wikidata: str, thing: str, code: str, exact: bool, note: str, words: str
) -> None:
    found = asked(few, wikidata, thing, code)
    before = {file: Path(file.path).read_bytes() for file in turtle_files(str(place))}
    with pytest.raises(InputError) as raised:
        accept(
            str(place), found.targets, found.thing.iri, by_code(found)[code], exact=exact, note=note, day="2026-11-30"
        )
    assert words in str(raised.value)
    assert before == {file: Path(file.path).read_bytes() for file in turtle_files(str(place))}


def test_what_was_merged_or_deleted_there_is_not_accepted(cli: Cli, place: Path, wikidata: str) -> None:
    command = ("links", "suggest", "zelenskyy", "--endpoint", f"wikidata={wikidata}", "--as", "exact", "--accept")
    env = {"FOEDUS_FOLDER": str(place)}
    assert_one_message(cli(*command, "Q12", env=env), 1, f"{WD}Q12: was merged into {WD}Q10", "nothing was written")
    assert_one_message(cli(*command, f"{WD}Q99", env=env), 1, f"{WD}Q99: there is no such target", "deleted")


def test_the_command_prints_candidates_and_what_is_alike(cli: Cli, place: Path, wikidata: str) -> None:
    done = cli("links", "suggest", "poland", "--endpoint", f"wikidata={wikidata}", env={"FOEDUS_FOLDER": str(place)})
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(r["score"], r["target"], r["description"]) for r in rows] == [
        ("70", f"{WD}Q30", "a country"),
        ("70", f"{WD}Q31", "a village"),
    ]
    assert "two are alike" in done.stderr


HTML = {"Content-Type": "text/html; charset=utf-8"}
REPLIES = {
    "/html": [Reply(200, b"<!doctype html><title>Welcome</title>", HTML)],
    "/broken": [Reply(500, b"out of cheese", {})],
    "/limited": [Reply(429, b"", {"Retry-After": "3600"})],
    "/list": [Reply(200, b"[]", {"Content-Type": "application/json"})],
    "/without-space": [Reply(200, b'{"name": "x"}', {"Content-Type": "application/json"})],
    "/newer": [Reply(200, b'{"versions": ["9"], "identifierSpace": "http://x/"}', {})],
    "/no-results": [Reply(200, b'{"identifierSpace": "http://x/"}', {})],
    "/empty": [Reply(200, b'{"head": {"vars": ["target"]}, "results": {"bindings": []}}', {})],
    "/patience": [Reply(429, b"", {"Retry-After": "0"}), Reply(200, b'{"identifierSpace": "http://x/"}', {})],
}


@pytest.fixture(scope="module")
def bad() -> Iterator[Misbehaving]:
    with misbehaving(REPLIES) as server:
        yield server


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/html", "does not answer with an object of JSON, but with text/html: '<!doctype html>"),
        ("/broken", "500"),
        ("/limited", "429"),
        ("/silent", "said nothing for 0.3 s"),
        ("/list", "does not answer with an object of JSON"),
        ("/without-space", "has no identifierSpace"),
        ("/newer", "speaks neither version 0.1 nor 0.2"),
        ("/no-results", "gives no candidates for the query q0"),
    ],
)
def test_a_service_that_fails_is_told_and_nothing_is_made_of_it(
    few: foedus.Graph, bad: Misbehaving, path: str, words: str
) -> None:
    found = suggest(few, "ukraine", services=[bad.url + path], timeout=0.3)
    (failure,) = found.failures
    assert found.suggestions == [] and failure.exit_status == 3
    assert words in str(failure) and bad.url in str(failure)


def test_a_service_is_asked_again_when_it_wants_to_be(few: foedus.Graph, bad: Misbehaving) -> None:
    told: list[str] = []
    found = suggest(few, "ukraine", services=[f"{bad.url}/patience"], timeout=5, tell=told.append)
    assert "gives no candidates" in str(found.failures[0])  # the manifest was read at the second time
    assert any("429" in text and "again in 0 s" in text for text in told)


@pytest.mark.parametrize(
    ("path", "words"), [("/html", "text/html"), ("/broken", "out of cheese"), ("/limited", "429"), ("/silent", "0.3 s")]
)
def test_an_endpoint_that_fails_is_told(few: foedus.Graph, bad: Misbehaving, path: str, words: str) -> None:
    found = suggest(few, "ukraine", urls={"wikidata": bad.url + path}, timeout=0.3)
    (failure,) = found.failures
    assert failure.exit_status == 3 and words in str(failure)


def test_what_one_endpoint_finds_is_printed_though_another_is_dead(cli: Cli, place: Path, wikidata: str) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    env = {"FOEDUS_FOLDER": str(place)}
    command = ("links", "suggest", "ukraine", "--service", dead)
    done = cli(*command, "--endpoint", f"wikidata={wikidata}", env=env)
    assert done.returncode == 3 and f"{WD}Q1" in done.stdout and f"{dead}: no connection" in done.stderr
    assert_one_message(cli(*command, env=env), 3, dead, "Check the URL")


def test_nothing_found_is_exit_status_1(cli: Cli, place: Path, bad: Misbehaving) -> None:
    env = {"FOEDUS_FOLDER": str(place)}
    done = cli("links", "suggest", "france", "--endpoint", f"wikidata={bad.url}/empty", env=env)
    assert done.returncode == 1 and "nothing was found for France" in done.stderr


def test_a_wrong_command_is_explained(cli: Cli) -> None:
    assert_one_message(cli("links", "suggest", "x", "--accept", "Q1"), 2, "--as exact or --as close")
    assert_one_message(cli("links", "suggest", "x", "--as", "exact"), 2, "--accept ID")


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"authorities": ["nothing"]}, "dbpedia, eu-corporate-body, eu-country, wikidata"),
        ({"urls": {"nothing": "http://x"}}, "dbpedia, eu-corporate-body, eu-country, wikidata"),
        ({"accept": "Q1"}, "Give it as an IRI"),
        ({"urls": {"wikidata": "http://x"}, "accept": "Q1> ."}, "no identifier"),
        ({"services": ["file:///etc/passwd"]}, "http:// or https://"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is(
    few: foedus.Graph, choices: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError) as raised:
        suggest(few, "ukraine", **choices)
    assert words in str(raised.value)


def test_what_nobody_identifies_is_refused(few: foedus.Graph) -> None:
    with pytest.raises(InputError, match="nothing that others identify"):
        suggest(few, "value:russia")
