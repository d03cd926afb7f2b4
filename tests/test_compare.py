"""Instruments side by side: what each source says, what none says, and how it prints."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import foedus
from foedus.answers import Answer
from foedus.compare import ASPECTS, NOT_READ, NOT_SAID
from tests.conftest import PREFIXES, ROOT, Cli, assert_one_message

G7 = "G7 Joint Declaration of Support for Ukraine"
UK = "UK–Ukraine Agreement on Security Cooperation"
PAIR = ("g7-declaration", "uk-ukraine-2024")


@pytest.fixture(scope="module")
def graph(documents: foedus.Graph) -> foedus.Graph:
    """What is told here was written from the five documents; the primary texts would add to it."""
    return documents


@pytest.fixture(scope="module")
def pair(graph: foedus.Graph) -> Answer:
    return graph.compare(PAIR)


def cell(answer: Answer, aspect: str, instrument: str) -> str:
    return next(str(row[instrument]) for row in answer if str(row["aspect"]) == aspect)


def test_a_column_is_an_instrument_and_a_row_an_aspect(pair: Answer) -> None:
    assert pair.columns == ["aspect", G7, UK]
    assert [str(row["aspect"]) for row in pair] == list(ASPECTS)


def test_the_aspects_are_those_of_the_query(graph: foedus.Graph) -> None:
    text = (ROOT / "queries" / "profile-of.rq").read_text(encoding="utf-8")
    assert [aspect for aspect in ASPECTS if f'"{aspect}"' not in text] == []
    instruments = [str(r["thing"]) for r in graph.sparql(f"{SPARQL} SELECT ?thing {{ ?thing a foedus:Instrument }}")]
    for iri in instruments:
        found = {str(row["aspect"]) for row in graph.run("profile-of", {"instrument": iri})}
        assert found <= set(ASPECTS), iri


SPARQL = "PREFIX foedus: <https://w3id.org/foedus/ns/>"


@pytest.mark.parametrize(
    ("aspect", "g7", "uk"),
    [
        ("duration", NOT_SAID, "10 years [briefing-9837]"),
        (
            "ends when",
            NOT_SAID,
            "as one of: Bilateral arrangements under the G7 Joint Declaration: "
            "ends “once Ukraine achieves NATO membership” [landing-page]",
        ),
        (
            "if attacked: trigger",
            "future aggression by Russia [briefing-9837, landing-page]",
            "future attack by Russia [briefing-9837]",
        ),
        (
            "if attacked: time limit",
            "consult: “within 24 hours” [landing-page]",
            "consult: “within 24 hours” [briefing-9837]",
        ),
        ("test: duty to assist", "yes, by implication [landing-page]", "yes [briefing-9837]"),
        ("test: text binds", NOT_SAID, NOT_SAID),
        ("conditions", "until: “until Russia pays reparations to Ukraine” [briefing-9837]", NOT_SAID),
        ("legal character", NOT_SAID, NOT_SAID),
    ],
)
def test_a_cell_says_what_the_sources_say(pair: Answer, aspect: str, g7: str, uk: str) -> None:
    assert (cell(pair, aspect, G7), cell(pair, aspect, UK)) == (g7, uk)


def test_values_are_told_with_those_who_say_them(pair: Answer) -> None:
    article_5 = set(cell(pair, "Article 5 equivalent", UK).split("; "))
    assert article_5 >= {"Jamie Shea: no [dw-article]", "no [nato-bid-article]"}
    assert NOT_SAID not in cell(pair, "Article 5 equivalent", G7)  # two sources do speak, three are silent
    promises = cell(pair, "if attacked: promise", G7)
    assert "consult: “commit to ... consult” (commits) [landing-page]" in promises
    assert "“will set out the intention ... to consult” (intends) [briefing-9837]" in promises
    parties = cell(pair, "parties", G7).split("; ")
    seven = "Canada, France, Germany, Italy, Japan, United Kingdom, United States"
    assert f"signatory: {seven} [briefing-9837]" in parties
    assert "signatory: European Commission, European Council, G7 [dw-article]" in parties
    assert cell(pair, "stage reached", UK).count("concluded, 2024-01-12 [briefing-9837, landing-page]") == 1
    words = cell(pair, "words used", UK)
    assert "Deutsche Welle: “security agreement” [dw-article]" in words
    assert "[briefing-9837]" in cell(pair, "foundations", UK)


def test_silence_is_never_no(graph: foedus.Graph) -> None:
    """The landing page does not name the arrangement with Canada, and of the British one it says little."""
    answer = graph.compare(["canada-ukraine", "uk-ukraine-2024"], sources=["landing-page"])
    for row in answer:
        assert str(row.get("Canada–Ukraine security arrangement")) == NOT_SAID
    assert cell(answer, "duration", UK) == NOT_SAID
    assert cell(answer, "test: armed force among the means", UK) == NOT_SAID
    assert cell(answer, "Article 5 equivalent", UK).startswith("no")


def test_sources_that_contradict_each_other_are_said_to(folder: Path) -> None:
    (folder / "data" / "other.ttl").write_text(
        PREFIXES
        + """
source:other a foedus:Source ; rdfs:label "Another source"@en .
finding:other.uk-ukraine-2024.armed-force a foedus:Finding ; foedus:assesses instrument:uk-ukraine-2024 ;
    foedus:feature feature:duty-to-assist ; foedus:verdict verdict:absent ; foedus:basis basis:stated ;
    foedus:accordingTo source:other .
""",
        encoding="utf-8",
    )
    with foedus.open(str(folder)) as graph:
        told = cell(graph.compare(PAIR), "test: duty to assist", UK)
    assert told == "disputed: yes [briefing-9837]; no [other]"


def test_with_cite_each_cell_has_the_passages_behind_it(graph: foedus.Graph) -> None:
    answer = graph.compare(PAIR, cite=True)
    assert answer.columns == ["aspect", "instrument", "says"]
    assert len(answer) == 2 * len(ASPECTS)
    for row in answer:
        says = str(row["says"])
        assert bool(row.passages) == (says != NOT_SAID or str(row["aspect"]).startswith("test: "))
        if says != NOT_SAID:
            assert all(p.source in says for p in row.passages), row
    limit = next(r for r in answer if str(r["aspect"]) == "if attacked: time limit" and str(r["instrument"]) == UK)
    assert any("within 24 hours" in p.phrase for p in limit.passages)


def test_groups_and_any_name_can_be_compared(graph: foedus.Graph) -> None:
    answer = graph.compare(
        ["group:g7-bilateral-arrangements", "Budapest Memorandum", "France–Ukraine security agreement"]
    )
    assert len(answer.columns) == 4
    group = answer.columns[1]
    assert cell(answer, "kind", group).startswith("group of instruments [")
    assert cell(answer, "NATO membership", group).startswith("ends “once Ukraine achieves NATO membership” [landing")
    assert cell(answer, "stage reached", "Budapest Memorandum").count("[vilnius-report]") == 1


def test_every_engine_compares_alike(
    whole: foedus.Graph, small: Path, documents: foedus.Graph, remote: foedus.Graph, pair: Answer
) -> None:
    here = whole.compare(PAIR).to("csv")
    assert here != pair.to("csv"), "the texts add something"
    assert remote.compare(PAIR).to("csv") == here
    with foedus.open(str(small), engine="rdflib", timeout=120) as in_rdflib:
        assert in_rdflib.compare(PAIR).to("csv") == documents.compare(PAIR).to("csv")


def test_the_command_prints_every_format(cli: Cli) -> None:
    rows = list(csv.reader(io.StringIO(cli("compare", *PAIR).stdout)))
    assert rows[0] == ["aspect", G7, UK]
    assert ["duration", NOT_SAID, "10 years [briefing-9837, text-united-kingdom]"] in rows
    assert cli("compare", *PAIR, "--format", "markdown").stdout.startswith(f"| aspect | {G7} | {UK} |\n")
    assert "<td>10 years [briefing-9837, text-united-kingdom]</td>" in cli("compare", *PAIR, "--format", "html").stdout
    assert "\t?".join(["?aspect", G7, UK]) in cli("compare", *PAIR, "--format", "tsv").stdout
    found = json.loads(cli("compare", *PAIR, "--format", "json").stdout)
    assert found["results"]["bindings"][4][UK]["value"] == "10 years [briefing-9837, text-united-kingdom]"
    cited = cli("compare", *PAIR, "--cite", "--format", "markdown").stdout
    assert f"| duration | {UK} | 10 years [briefing-9837, text-united-kingdom][^" in cited
    assert_one_message(cli("compare", *PAIR, "--format", "turtle"), 2, "Turtle")


@pytest.mark.parametrize("columns", [20, 40, 70, 100, 160])
def test_a_table_fits_the_terminal(cli: Cli, columns: int) -> None:
    text = cli("compare", *PAIR, "--format", "table", env={"COLUMNS": str(columns)}).stdout
    assert max(map(len, text.splitlines())) <= columns
    if columns < 72:  # a block an aspect, and in it a line for each instrument
        blocks = text.count("\naspect ") + 1
        assert blocks > len(ASPECTS)
        assert " ".join(text.split()).count("• UK–Ukraine Agreement on Security Cooperation") == blocks
    else:
        assert text.splitlines()[0].startswith((" ", "aspect"))
        assert text.count("• ") == 0


def test_sources_and_days_are_chosen_as_in_run(cli: Cli) -> None:
    done = cli("compare", *PAIR, "--as-of", "2024-02-20")
    assert "dw-article" not in done.stdout and "10 years [briefing-9837, text-united-kingdom]" in done.stdout
    assert done.stderr.count("vilnius-report states no date") == 1  # and not once for each instrument
    done = cli("compare", *PAIR, "--source", "vilnius-report")
    assert f"the sources asked do not name {UK}" in done.stderr
    assert "expected" in done.stdout and done.returncode == 0
    assert_one_message(cli("compare", *PAIR, "--source", "nowhere"), 2, "no source is called 'nowhere'")


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), ["two instruments or more, not none"]),
        (("g7-declaration",), ["two instruments or more, not 1"]),
        (("g7-declaration", "G7 Joint Declaration of Support for Ukraine"), ["two different instruments"]),
        (("g7-declaration", "uk-ukraine-204"), ["no instrument is called 'uk-ukraine-204'", "Did you mean uk-ukraine"]),
        (("g7-declaration", "qqqqqq"), ["no instrument is called 'qqqqqq'"]),
        (("g7-declaration", "zelenskyy"), ["'zelenskyy' is no instrument: it is Volodymyr Zelenskyy"]),
        (("g7-declaration", "trigger:standing"), ["is no instrument"]),
    ],
)
def test_what_cannot_be_compared_gets_one_message(cli: Cli, names: tuple[str, ...], words: list[str]) -> None:
    assert_one_message(cli("compare", *names), 2, *words)


def test_an_option_that_does_nothing_is_not_taken(cli: Cli) -> None:
    done = cli("compare", *PAIR, "--allow-service")  # it asks saved queries only
    assert (done.returncode, done.stdout) == (2, "")
    assert "--allow-service" in done.stderr


@pytest.mark.parametrize("body", ["SELECT ?aspect { ?_instrument_iri ?aspect ?o }", "ASK { ?_instrument_iri ?p ?o }"])
def test_a_profile_of_other_columns_is_said(cli: Cli, folder: Path, body: str) -> None:
    path = folder / "queries" / "profile-of.rq"
    path.write_text(f"#+ summary: What is it like?\n{body}\n", encoding="utf-8")
    assert_one_message(cli("compare", *PAIR, env={"FOEDUS_FOLDER": str(folder)}), 2, path, "aspect, basis, part")


def test_what_the_texts_say_follows_feature_by_feature(whole: foedus.Graph) -> None:
    answer = whole.compare(["uk-ukraine-2024", "us-ukraine", "eu-ukraine", "poland-ukraine"])
    names = answer.columns[1:]

    def told(aspect: str) -> list[str]:
        return [cell(answer, f"text, {aspect}", name) for name in names]

    assert told("future attack: hedge of the time limit") == ["no", "“where possible”", "no", NOT_READ]
    assert told("future attack: consultation after an attack") == [
        "“will consult” (will)",
        "“shall … immediately meet” (shall)",
        "“will consult” (will)",
        NOT_READ,
    ]
    assert told("making, life and end: notice period") == ["P6M", "P6M", "no", NOT_READ]
    justice = told("justice and pressure topics")
    assert "deported children and other persons: intends" in justice[1]
    assert "deported children and other persons" in justice[0].partition("none: ")[2]
    assert "will continue to" not in justice[0], "topics are told by the force of their verbs"


def test_the_passages_of_a_text_stand_behind_its_cells(whole: foedus.Graph) -> None:
    answer = whole.compare(["uk-ukraine-2024", "us-ukraine"], cite=True)
    row = next(r for r in answer if str(r["aspect"]).endswith("hedge of the time limit") and str(r["says"]) != "no")
    assert {p.source for p in row.passages} == {"text-united-states"}
    assert any("where possible" in p.phrase for p in row.passages)


def test_without_a_text_nothing_is_said_of_texts(graph: foedus.Graph, pair: Answer) -> None:
    assert not [row for row in pair if str(row["aspect"]).startswith("text, ")]
