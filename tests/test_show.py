"""One thing: found by slug, label, alias and IRI, with what is said of it, where, and on what passage."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import foedus
from foedus.answers import Answer
from foedus.cli.show import page
from foedus.sections import Section
from tests.conftest import PREFIXES, Cli, assert_one_message

UK = "https://w3id.org/foedus/id/instrument/uk-ukraine-2024"
BRIEFING = "[briefing-9837]"


@pytest.fixture(scope="module")
def graph(documents: foedus.Graph) -> foedus.Graph:
    """What is told here was written from the five documents; the primary texts would add to it."""
    return documents


def section(graph: foedus.Graph, name: str, heading: str) -> Section:
    """The section of a thing whose heading begins so."""
    return next(s for s in graph.show(name).sections if s.heading.startswith(heading))


def told(graph: foedus.Graph, name: str, heading: str) -> list[str]:
    """The lines of a section as the page has them, each with its sources."""
    lines = section(graph, name, heading).lines
    return ["  " * n.depth + n.text + (f" [{', '.join(n.sources)}]" if n.sources else "") for n in lines]


@pytest.mark.parametrize(
    "name",
    [
        "uk-ukraine-2024",
        "UK-Ukraine-2024",
        "instrument:uk-ukraine-2024",
        UK,
        "UK–Ukraine Agreement on Security Cooperation",
        "uk–ukraine agreement on security cooperation",
        "Agreement on Security Cooperation between the United Kingdom and Ukraine",
    ],
)
def test_a_thing_is_found_by_any_of_its_names(graph: foedus.Graph, name: str) -> None:
    assert graph.show(name).iri == UK


def test_a_passage_is_found_by_its_phrase(graph: foedus.Graph) -> None:
    thing = graph.show("To date, 30 countries have signed the Joint Declaration")
    assert thing.classes == ("citation",)
    assert [p.phrase for p in thing.passages] == ["To date, 30 countries have signed the Joint Declaration"]
    rests = told(graph, thing.iri, "What rests on it")
    assert any(line.startswith("count: ") and line.endswith(BRIEFING) for line in rests)


def test_a_slug_means_the_source_and_not_what_dates_it(graph: foedus.Graph) -> None:
    assert graph.show("vilnius-report").iri == "https://w3id.org/foedus/id/source/vilnius-report"
    assert graph.show("derived-date:vilnius-report").classes == ("derivation", "derived date")


def test_a_thing_tells_what_is_said_of_it(graph: foedus.Graph) -> None:
    thing = graph.show("uk-ukraine-2024")
    assert "bilateral agreement" in thing.classes
    duration = next(f for f in thing.facts if f.property.endswith("/duration"))
    assert (duration.other.value, duration.sources) == ("P10Y", ("briefing-9837",))
    assert any(f.way == "in" and f.property.endswith("/assesses") for f in thing.facts)
    assert any("had concluded" in p.phrase for p in thing.passages)
    assert {p.source for p in thing.passages} == {"briefing-9837", "dw-article", "landing-page", "nato-bid-article"}


def test_the_page_of_an_instrument(graph: foedus.Graph) -> None:
    def lines(heading: str) -> list[str]:
        return told(graph, "uk-ukraine-2024", heading)

    name = "Agreement on Security Cooperation between the United Kingdom and Ukraine"
    assert f"{name} {BRIEFING}" in lines("Also called")
    assert f"duration: 10 years {BRIEFING}" in lines("Facts")
    assert "signatory: United Kingdom [nato-bid-article]" in lines("Parties")
    stages = lines("Stages")
    assert f"12 January 2024: concluded {BRIEFING}" in stages
    assert any(line.startswith("January 2024: concluded") and line.endswith("[dw-article]") for line in stages)
    assert any(re.match("“upon signature”.*: in force", line) and line.endswith(BRIEFING) for line in stages)
    assert {
        f"builds on: UK–Ukraine Memorandum of Understanding on defence cooperation {BRIEFING}",
        "formalises: G7 Joint Declaration of Support for Ukraine [briefing-9837, landing-page]",
        "model for: Bilateral security agreements signed by July 2024 [dw-article]",
    } <= set(lines("Relations"))
    assert any("Rishi Sunak, Prime Minister, United Kingdom: " in line for line in lines("What is said about it"))
    assert "“security agreement”; used by: Deutsche Welle [dw-article]" in lines("Words used for it")
    assert f"2: “main objectives” {BRIEFING}" in lines("Counts")
    assert any(line.startswith("12 January 2024: Conclusion") for line in lines("Events"))


def test_clauses_stand_in_a_tree_with_what_they_promise(graph: foedus.Graph) -> None:
    lines = section(graph, "uk-ukraine-2024", "Clauses and promises, according to: House").lines
    assert lines[0].text.startswith("Owed by United Kingdom to Ukraine, trigger: standing, unless")
    part = next(i for i, n in enumerate(lines) if n.text.startswith("UK–Ukraine agreement, part VIII: consultation"))
    promise = lines[part + 1]
    assert promise.depth == lines[part].depth + 1 > 1
    assert promise.text == (
        "• consult: “commits the UK to consult” (commits); trigger: future attack by Russia; time limit: 1 day; "
        "wording: “within 24 hours”; against: Russia"
    )
    assert promise.sources == ("briefing-9837",)
    texts = [n.text for n in section(graph, "g7-declaration", "Clauses and promises, according to: House").lines]
    order = ["creation of guarantees", "first objective: sustainable", "first objective: intelligence"]
    order += ["first objective: training", "first objective: defence", "immediate consultation", "accountability of"]
    found = [next(i for i, text in enumerate(texts) if word in text) for word in order]
    assert found == sorted(found), "in order of the text"
    assert any("hedge: “in accordance with the legal and constitutional" in text for text in texts)
    assert any("end condition: “until Russia pays reparations to Ukraine”" in text for text in texts)
    assert any("capability: " in text and "air defence" in text and "artillery" in text for text in texts)


def test_findings_say_who_says_so_and_who_does_not_say(graph: foedus.Graph) -> None:
    lines = told(graph, "uk-ukraine-2024", "Article 5")
    assert lines[0] == "Article 5 equivalent"
    tests = [line for line in lines if not line.startswith(" ")]
    assert tests[2:] == ["duty to assist", "armed force among the means", "text binds"]
    assert any(line.startswith("  absent, stated by a source: Jamie Shea: “none of these") for line in lines)
    duty = lines.index("duty to assist")
    assert lines[duty + 1].startswith("  present, stated by a source: “commits the UK”")
    assert lines[duty + 2] == "  does not say [dw-article, landing-page, nato-bid-article]"
    assert lines[-1] == "  does not say [briefing-9837, dw-article, landing-page, nato-bid-article]"
    assert not any("silent" in line for line in lines)


def test_disagreements_stand_with_what_each_source_says(graph: foedus.Graph) -> None:
    lines = told(graph, "g7-declaration", "Where the sources disagree")
    here = next(i for i, line in enumerate(lines) if "30 or 32" in line)
    assert "(temporal, count)" in lines[here]
    for positions in (
        lines[here + 1 : here + 3],
        told(graph, "disagreement:signatories-30-32", "What each source says"),
    ):
        assert re.fullmatch(r" *30 countries have signed .*\[briefing-9837\]", positions[0])
        assert re.fullmatch(r" *32 nations have signed .*\[landing-page\]", positions[1])


ADDED = """
@prefix derived-date: <https://w3id.org/foedus/id/derived-date/> .
@prefix derivation-rule: <https://w3id.org/foedus/ns/derivation-rule/> .
@prefix disagreement: <https://w3id.org/foedus/id/disagreement/> .
@prefix disagreement-kind: <https://w3id.org/foedus/ns/disagreement-kind/> .
@prefix event: <https://w3id.org/foedus/id/event/> .
@prefix matter: <https://w3id.org/foedus/ns/matter/> .
@prefix position: <https://w3id.org/foedus/id/position/> .

derived-date:day a foedus:DerivedDate ; rdfs:label "Day of the report"@en ; foedus:dates source:vilnius-report ;
    foedus:notBefore "2023-07-12"^^xsd:date ; foedus:notAfter "2023-07-12"^^xsd:date ;
    foedus:derivedBy derivation-rule:same-event ; foedus:summary "Worked out."@en .
derived-date:span a foedus:DerivedDate ; rdfs:label "Time of the announcement"@en ;
    foedus:dates event:security-guarantees-announcement ; foedus:notBefore "2023-07-12"^^xsd:date ;
    foedus:summary "Worked out too."@en ; foedus:derivedBy derivation-rule:same-event .
disagreement:made-up a foedus:Disagreement ; rdfs:label "One or two"@en ; foedus:summary "They differ."@en ;
    foedus:about instrument:g7-declaration ; foedus:disagreementKind disagreement-kind:conflict ;
    foedus:matter matter:count ; foedus:hasPosition position:made-up.1 , position:made-up.2 .
position:made-up.1 a foedus:Position ; foedus:summary "One."@en ; foedus:accordingTo source:dw-article .
position:made-up.2 a foedus:Position ; foedus:summary "Two."@en ; foedus:accordingTo source:landing-page .
"""


def test_disagreements_and_derived_dates_show_where_there_are_any(folder: Path) -> None:
    for name in ("derived.ttl", "disagreements.ttl"):
        (folder / "data" / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "data" / "inferred")
    with foedus.open(str(folder)) as graph:
        assert not any(s.heading == "Where the sources disagree" for s in graph.show("g7-declaration").sections)
        assert not any("derived" in line for line in told(graph, "vilnius-report", "Facts"))
        assert not any("derived" in line for line in told(graph, "ukraine", "Events"))
    (folder / "data" / "mine.ttl").write_text(PREFIXES + ADDED, encoding="utf-8")
    with foedus.open(str(folder)) as graph:
        assert told(graph, "g7-declaration", "Where the sources disagree") == [
            "One or two. (conflict, count) They differ. [mine]",
            "  One. [dw-article]",
            "  Two. [landing-page]",
        ]
        day = told(graph, "vilnius-report", "Facts")[-1]
        assert re.fullmatch(r"derived date: 12 July 2023, .*\. Worked out\. \[mine\]", day)
        events = told(graph, "ukraine", "Events")
        assert any("“Wednesday” (derived: not before 12 July 2023): " in line for line in events)


def test_the_page_of_a_person(graph: foedus.Graph) -> None:
    assert "Volodymyr Zelenskiy [vilnius-report]" in told(graph, "zelenskyy", "Also called")
    president = "President: Ukraine [briefing-9837, landing-page, nato-bid-article, vilnius-report]"
    assert told(graph, "zelenskyy", "Roles") == [president, "Ukrainian President: Ukraine [dw-article]"]
    said = told(graph, "zelenskyy", "What it said")
    best = next(i for i, line in enumerate(said) if "“the best guarantee for Ukraine is to be in NATO”" in line)
    assert said[best].startswith("12 July 2023: President, Ukraine: ")
    assert said[best].endswith(f"occasion: Joint press conference of 12 July 2023 {BRIEFING}")
    absurd = next(i for i, line in enumerate(said) if "“absurd”" in line)
    ideal = next(i for i, line in enumerate(said) if "they would be ideal" in line)
    assert absurd < best < ideal, "in order of time, the undated last"
    assert any(
        "8 July 2024: Zelenskyy's visit to Warsaw (visitor)" in line for line in told(graph, "zelenskyy", "Events")
    )


def test_the_page_of_a_country_and_of_a_body(graph: foedus.Graph) -> None:
    made = told(graph, "united-kingdom", "Promises it made")
    assert made[0].endswith("`foedus run promises-by -p giver=united-kingdom`")
    assert any(re.match(r"G7 Joint Declaration of Support for Ukraine: \d+: .*consult", line) for line in made)
    received = section(graph, "ukraine", "Promises made to it")
    assert re.fullmatch(r"\d\d+ in all; `foedus run commitments-of .*`", received.lines[0].text)
    assert any(n.text.startswith("UK–Ukraine Agreement on Security Cooperation: ") for n in received.lines)
    sweden = told(graph, "sweden", "Promises made to it")
    at = sweden.index(f"UK–Sweden Political Declaration of Solidarity {BRIEFING}")
    assert "United Kingdom to Sweden: " in sweden[at + 1] and "legal force: non-binding" in sweden[at + 1]
    parts = told(graph, "france", "Instruments it takes part in")
    assert any(line.startswith("signatory: G7 Joint Declaration") and line.endswith(BRIEFING) for line in parts)
    assert any(line.startswith("member of: G7") for line in told(graph, "france", "Members"))
    assert any(line.startswith("Jens Stoltenberg: ") for line in told(graph, "nato", "Who holds a role in it"))


def test_the_page_of_a_clause_and_of_a_commitment(graph: foedus.Graph) -> None:
    place = "UK–Ukraine Agreement on Security Cooperation › UK–Ukraine agreement, part VIII"
    assert f"{place} {BRIEFING}" in told(graph, "briefing-9837.uk-ukraine-2024.part-8", "Its place")
    below = told(graph, "briefing-9837.uk-ukraine-2024.part-8", "Its promises and clauses")
    assert any("United Kingdom to Ukraine: consult: “commits the UK to consult” (commits)" in line for line in below)
    slug = "commitment:briefing-9837.uk-ukraine-2024.consult"
    assert told(graph, slug, "Its place")[0].startswith(place)
    assert {
        f"committed by: United Kingdom {BRIEFING}",
        f"beneficiary: Ukraine {BRIEFING}",
        f"trigger: future attack by Russia {BRIEFING}",
        f"verb as worded: “commits the UK to consult” {BRIEFING}",
        f"time limit: 1 day {BRIEFING}",
        f"wording: “within 24 hours” {BRIEFING}",
    } <= set(told(graph, slug, "Facts"))


def test_the_page_of_an_event(graph: foedus.Graph) -> None:
    facts = told(graph, "nuc-inaugural-meeting", "Facts")
    assert f"date: 12 July 2023 {BRIEFING}" in facts
    assert "date as worded: “Wednesday” [vilnius-report]" in facts
    assert any("Zelenskyy" in line for line in told(graph, "vilnius-summit-2023", "Who took part"))


def test_the_page_of_a_source(graph: foedus.Graph) -> None:
    facts = told(graph, "briefing-9837", "Facts")
    assert {f"author: Claire Mills {BRIEFING}", f"date: 20 February 2024 {BRIEFING}"} <= set(facts)
    assert any(line.startswith("not stated: author, date") for line in told(graph, "vilnius-report", "Facts"))
    works = told(graph, "briefing-9837", "Works it cites")
    notes = [int(found[1]) for line in works if (found := re.match(r"note number (\d+): ", line))]
    assert notes == sorted(notes) and {1, 6, 31} <= set(notes)
    note = next(line for line in works if line.startswith("note number 6: "))
    assert "Geopolitical Monitor, 10 January 2024; cited for: that 30 countries have signed" in note
    assert any(re.match(r"commitment: \d+", line) for line in told(graph, "briefing-9837", "How many"))


def test_the_page_of_a_term(graph: foedus.Graph) -> None:
    facts = told(graph, "foedus:assesses", "Facts")
    assert "range: instrument or group of instruments [core]" in facts
    assert any(line.startswith("definition: ") for line in facts)
    assert told(graph, "trigger:attack-on-one", "Facts")[-1] == "vocabulary: triggers [vocabularies]"
    assert any("shape" in f.other.value for f in graph.show("foedus:Clause").facts)  # for machines, and told nowhere:
    assert not any("shape" in n.text for s in graph.show("foedus:Clause").sections for n in s.lines)


@pytest.mark.parametrize(
    "name",
    [
        "zelenskyy",
        "Volodymyr Zelenskiy",
        "nato",
        "dw-article",
        "vilnius-summit-2023",
        "foedus:Clause",
        "g7-declaration",
        "g7-bilateral-arrangements",
        "ukraine",
        "count:briefing-9837.uk-ukraine-objectives",
        "guarantee:dw-article.uk-ukraine-2024",
        "citation:landing-page.expire",
        "work:briefing-9837.note-6",
        "statement:dw-article.shea-bridge-gap",
        "verdict:silent",
    ],
)
def test_every_kind_of_thing_has_a_page_that_fits(graph: foedus.Graph, name: str) -> None:
    thing = graph.show(name)
    assert thing.sections
    for width in (20, 40, 80, 160):
        text = page(thing, width)
        assert text.count("\n") > 3
        assert all(len(line) <= width or " " not in line.strip() for line in text.splitlines())


@pytest.mark.parametrize("name", ["uk-ukraine-2024", "zelenskyy", "ukraine", "vilnius-summit-2023", "verdict:silent"])
def test_every_node_that_refers_to_a_thing_is_told_or_counted(graph: foedus.Graph, name: str) -> None:
    """The page may fold several facts into a line, but none of the properties is passed over."""
    thing = graph.show(name)
    text = " ".join(n.text for s in thing.sections for n in s.lines)
    summaries: dict[str, list[str]] = {}
    for row in graph.sparql("SELECT ?node ?summary { ?node <https://w3id.org/foedus/ns/summary> ?summary }"):
        summaries.setdefault(str(row["node"]), []).append(str(row["summary"]))
    for fact in thing.facts:
        if fact.way == "in" and fact.property.endswith(("/speaker", "/about")):
            assert any(s.removesuffix(".") in text for s in summaries[fact.other.value]), fact.other_label


def test_a_long_list_is_cut_on_the_page_and_whole_in_json(cli: Cli, graph: foedus.Graph) -> None:
    said = section(graph, "ukraine", "What is said about it")
    assert len(said.lines) > 30
    text = page(graph.show("ukraine"), 120)
    assert f"  and {len(said.lines) - 30} more: `--format json` shows them\n" in text
    assert said.lines[29].text[:60] in text and said.lines[30].text[:60] not in text
    found = json.loads(cli("show", "ukraine").stdout)
    listed = next(s for s in found["sections"] if s["heading"] == said.heading)["lines"]
    assert listed == [{"depth": n.depth, "text": n.text, "sources": list(n.sources)} for n in said.lines]


ODD = """
@prefix amount: <https://w3id.org/foedus/id/amount/> .
@prefix event: <https://w3id.org/foedus/id/event/> .
@prefix work: <https://w3id.org/foedus/id/work/> .
event:zoned a foedus:Event ; rdfs:label "Zoned"@en ; foedus:date "2024-01-01Z"^^xsd:date .
event:soon a foedus:Event ; rdfs:label "Soon"@en ; foedus:date "soon"^^xsd:date .
event:never a foedus:Event ; rdfs:label "Never"@en ; foedus:date "2024-13-01"^^xsd:date .
source:odd a foedus:Source ; rdfs:label "Odd source"@en ; foedus:cites work:odd , work:even .
work:odd a foedus:CitedWork ; rdfs:label "Odd work"@en ; foedus:noteNumber "one" .
work:even a foedus:CitedWork ; rdfs:label "Even work"@en ; foedus:noteNumber 2 .
commitment:odd a foedus:Commitment ; rdfs:label "Odd promise"@en ; foedus:amount amount:odd , amount:half , amount:no .
amount:odd a foedus:Amount ; rdfs:label "Odd"@en ; foedus:amountValue "many" ; foedus:currency "EUR" .
amount:half a foedus:Amount ; rdfs:label "Half"@en ; foedus:amountValue 1234.5 ; foedus:currency "EUR" .
amount:no a foedus:Amount ; rdfs:label "No"@en ; foedus:currency "EUR" .
clause:egg a foedus:Clause ; rdfs:label "Egg"@en ; foedus:hasClause clause:hen ; foedus:hasCitation citation:odd .
clause:hen a foedus:Clause ; rdfs:label "Hen"@en ; foedus:hasClause clause:egg , clause:hen .
citation:odd a foedus:Citation ; foedus:source source:odd ; foedus:locator "somewhere" ; foedus:phrase "odd words" ;
    foedus:start "zero" ; foedus:end "one" .
"""


def test_what_is_not_as_the_ontology_asks_is_told_as_it_is_written(folder: Path) -> None:
    (folder / "data" / "odd.ttl").write_text(PREFIXES + ODD, encoding="utf-8")
    with foedus.open(str(folder)) as graph:
        assert told(graph, "event:zoned", "Facts") == ["date: 2024-01-01Z [odd]"]
        assert told(graph, "event:soon", "Facts") == ["date: soon [odd]"]
        assert told(graph, "event:never", "Facts") == ["date: 2024-13-01 [odd]"]
        assert told(graph, "source:odd", "Works") == [
            "note number one: Odd work [odd]",
            "note number 2: Even work [odd]",
        ]
        assert told(graph, "commitment:odd", "Facts") == ["amount: 1,234.5 EUR, EUR, many EUR [odd]"]
        assert told(graph, "clause:hen", "Its place") == ["Egg › Hen [odd]"]


def test_a_passage_whose_place_is_no_number_is_said(folder: Path, cli: Cli) -> None:
    (folder / "data" / "odd.ttl").write_text(PREFIXES + ODD, encoding="utf-8")
    env = {"FOEDUS_FOLDER": str(folder)}
    assert_one_message(cli("show", "clause:egg", env=env), 2, "citation:odd", "foedus validate")
    query = "SELECT ?s { ?s a <https://w3id.org/foedus/ns/Clause> }"
    assert_one_message(cli("sparql", "--cite", env=env, input=query), 2, "citation:odd", "foedus validate")


def test_an_unknown_thing_gets_a_suggestion(cli: Cli) -> None:
    assert_one_message(cli("show", "zelensky"), 2, "Did you mean zelenskyy or ")
    assert_one_message(cli("show", "qqqqqqqq"), 2, "Try a slug")
    assert_one_message(cli("show", "https://w3id.org/foedus/id/actor/nobody"), 2, "no thing")


def test_an_ambiguous_name_lists_what_it_may_be(graph: foedus.Graph) -> None:
    with pytest.raises(foedus.UnknownName) as caught:
        graph.show("response")
    assert set(caught.value.suggestions) >= {"foedus:Response", "foedus:response"}


def test_json_is_the_default_of_a_pipe(cli: Cli) -> None:
    found = json.loads(cli("show", "g7-declaration").stdout)
    assert list(found)[:6] == ["iri", "label", "aliases", "classes", "facts", "passages"]
    assert found["label"] == "G7 Joint Declaration of Support for Ukraine"
    assert found["passages"]
    text = cli("show", "g7-declaration", "--format", "text").stdout
    assert text.startswith("G7 Joint Declaration of Support for Ukraine\n====")


def test_an_endpoint_shows_the_same(remote: foedus.Graph, whole: foedus.Graph) -> None:
    for name in ("poland-ukraine", "zelenskyy"):
        assert remote.show(name) == whole.show(name)


def test_rdflib_shows_the_same(small: Path, documents: foedus.Graph) -> None:
    with foedus.open(str(small), engine="rdflib", timeout=120) as in_rdflib:
        assert in_rdflib.show("uk-ukraine-2024") == documents.show("uk-ukraine-2024")


class Counting(foedus.Graph):
    """A graph that counts the questions put to it."""

    asked = 0

    def sparql(self, text: str, **options: Any) -> Answer:
        self.asked += 1
        return super().sparql(text, **options)


@pytest.mark.parametrize("name", ["g7-declaration", "ukraine", "briefing-9837"])
def test_a_page_takes_a_handful_of_queries_however_much_it_tells(name: str) -> None:
    with Counting() as graph:
        assert len(graph.show(name).facts) > 40
        assert graph.asked <= 5
