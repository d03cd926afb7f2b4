"""The choice of sources by day and by name, and the dates that are derived: the same on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import foedus
from foedus.dates import Time, published
from tests.conftest import PREFIXES, assert_one_message

#: Who had concluded a security agreement, as a reader of the briefing and of the DW article would say.
FEBRUARY = {
    "UK–Ukraine Agreement on Security Cooperation",
    "France–Ukraine security agreement",
    "Germany–Ukraine security agreement",
}
JULY = FEBRUARY | {
    "Canada–Ukraine security arrangement",
    "Italy–Ukraine security arrangement",
    "Japan–Ukraine security arrangement",
    "United States–Ukraine security arrangement",
    "EU–Ukraine security commitments",
    "Poland–Ukraine security agreement",
    "Ukraine's security agreements with the Baltic States",
    "Bilateral security agreements signed by July 2024",
}
#: Agreed in November 2020, long before: bilateral, but no security agreement.
EARLIER = {"UK–Ukraine Political, Free Trade and Strategic Partnership Agreement"}


@pytest.fixture(scope="module")
def rdflib_graph(small: Path) -> Iterator[foedus.Graph]:
    """Without the primary texts: rdflib copies the whole graph for every choice of sources."""
    with foedus.open(str(small), engine="rdflib", timeout=120) as found:
        yield found


@pytest.fixture(params=("graph", "rdflib_graph", "remote"))
def engine(request: pytest.FixtureRequest) -> foedus.Graph:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, foedus.Graph)
    return found


def names(answer: foedus.Answer, column: str = "name") -> set[str]:
    return {str(row[column]) for row in answer}


@pytest.mark.parametrize(("day", "expected"), [("2024-02-20", FEBRUARY), ("2024-07-11", JULY)])
def test_who_had_concluded_an_agreement(engine: foedus.Graph, day: str, expected: set[str]) -> None:
    """By the sources of the time, and by all of them, since the later ones date nothing earlier."""
    assert names(engine.run("concluded-by", as_of=day)) == expected | EARLIER
    assert names(engine.run("concluded-by", {"day": day})) == expected | EARLIER


def test_a_day_before_the_first_source_has_no_answer(engine: foedus.Graph) -> None:
    assert len(engine.run("instruments", as_of="2023-07-11")) == 0
    assert "G7 Joint Declaration of Support for Ukraine" in names(engine.run("instruments", as_of="2023-07-12"))


def test_how_far_an_arrangement_had_come(engine: foedus.Graph) -> None:
    def stages(day: str) -> set[str]:
        rows = engine.run("status-on", {"day": day})
        return {str(r["stage"]) for r in rows if str(r["name"]).startswith("Canada")}

    assert stages("2023-07-31") == set()
    assert stages("2023-12-31") == {"under negotiation"}
    assert stages("2024-02-01") == {"draft presented"}
    assert stages("2024-02-20") == {"under discussion"}
    assert stages("2024-07-11") == {"concluded"}


def test_a_derived_date_needs_all_its_sources(engine: foedus.Graph) -> None:
    """The Wednesday of the report is dated by the briefing: without the briefing it is no date."""
    absurd = "Zelenskyy calls NATO's refusal absurd (Vilnius report)"
    assert absurd in names(engine.run("timeline"), "what")
    assert absurd in names(engine.run("timeline", sources=["vilnius-report", "briefing-9837"]), "what")
    assert absurd not in names(engine.run("timeline", sources=["vilnius-report"]), "what")
    assert len(engine.run("derived-dates", sources=["vilnius-report"])) == 0


def test_a_disagreement_needs_all_its_positions(engine: foedus.Graph) -> None:
    def titles(*sources: str) -> set[str]:
        return {str(r["title"]) for r in engine.run("disagreements", sources=sources)}

    counted = "How many countries have signed the declaration: 30 or 32?"
    assert counted in titles("briefing-9837", "landing-page")
    assert counted not in titles("briefing-9837", "dw-article")
    shea = {title for title in titles("dw-article") if title.startswith("Shea: not guarantees")}
    assert len(shea) == 1  # one source differs from itself
    kinds = {str(r["kind"]) for r in engine.run("disagreements", sources=["dw-article"])}
    assert kinds == {"internal"}


def test_undated_sources_are_explained() -> None:
    with foedus.open() as graph:
        graph.run("instruments", as_of="2024-07-11")
        notes = "\n".join(graph.warnings)
        assert "vilnius-report states no date; it is counted by a derived one, 2023-07-12" in notes
        assert "landing-page is left out" in notes
        assert "nato-bid-article is left out" in notes
        graph.warnings.clear()
        graph.run("instruments", as_of="2024-02-19")  # both are later than that day, as derived
        assert "left out" not in "\n".join(graph.warnings)
        graph.warnings.clear()
        graph.run("instruments", as_of="2026-12-31")
        assert "left out" not in "\n".join(graph.warnings)  # all had been read by then


def test_a_source_without_any_date_is_left_out(folder: Path) -> None:
    derived = folder / "data" / "derived.ttl"
    report = folder / "data" / "vilnius-report.ttl"
    derived.unlink()
    text = report.read_text(encoding="utf-8")
    report.write_text(text.replace('    foedus:readOn "2026-11-21"^^xsd:date ;\n', ""), encoding="utf-8")
    with foedus.open(str(folder)) as graph:
        assert len(graph.run("instruments", as_of="2024-01-01")) == 0
        assert any("vilnius-report is left out" in w for w in graph.warnings)


@pytest.mark.parametrize(
    ("row", "time"),
    [
        (
            {"date": "2024-13-01", "precision": "month", "notAfter": "2024-05-01"},
            Time(None, "2024-05-01", derived=True),
        ),
        ({"date": "2024-02-01", "precision": "month"}, Time("2024-02-01", "2024-02-29", derived=False)),
        ({"date": "2023-01-01", "precision": "year"}, Time("2023-01-01", "2023-12-31", derived=False)),
        ({"date": "2024-07-11", "precision": "day"}, Time("2024-07-11", "2024-07-11", derived=False)),
        ({"notBefore": "2024-07-01", "readOn": "2026-11-21"}, Time("2024-07-01", "2026-11-21", derived=True)),
        ({}, Time(None, None, derived=True)),
    ],
)
def test_a_month_is_over_on_its_last_day(row: dict[str, str], time: Time) -> None:
    from foedus.answers import Term

    columns = ("date", "precision", "readOn", "notBefore", "notAfter")
    terms = {c: Term("literal", row[c]) if c in row else None for c in columns}
    if "precision" in row:
        terms["precision"] = Term("iri", "https://w3id.org/foedus/ns/precision/" + row["precision"])
    assert published([terms]) == time


def test_a_wrong_day_is_refused(cli: object) -> None:
    done = cli("run", "instruments", "--as-of", "2024-02-30")  # type: ignore[operator]
    assert_one_message(done, 2, "2024-02-30", "YYYY-MM-DD")
    done = cli("run", "concluded-by", "--as-of", "2024-02-30")  # type: ignore[operator]
    assert_one_message(done, 2, "--as-of: '2024-02-30'", "YYYY-MM-DD")  # and not the parameter, whose default it is


DERIVED = """
@prefix derived-date: <https://w3id.org/foedus/id/derived-date/> .
derived-date:earlier a foedus:DerivedDate ; foedus:dates source:vilnius-report ;
    foedus:notBefore "2023-07-10"^^xsd:date .
derived-date:later a foedus:DerivedDate ; foedus:dates source:vilnius-report ;
    foedus:notAfter "2023-08-01"^^xsd:date .
"""


def test_of_several_derived_dates_the_narrowest_counts(folder: Path) -> None:
    """The shipped one says 12 July 2023, so that neither an earlier first day nor a later last one matters."""
    (folder / "data" / "mine.ttl").write_text(PREFIXES + DERIVED, encoding="utf-8")
    with foedus.open(str(folder)) as graph:
        assert len(graph.run("instruments", as_of="2023-07-12")) > 0
        assert graph.warnings == ["vilnius-report states no date; it is counted by a derived one, 2023-07-12"]


def test_where_no_source_had_been_published_it_is_said(graph: foedus.Graph) -> None:
    for options in ({"as_of": "2023-07-11"}, {"as_of": "2024-02-20", "sources": ["dw-article"]}):
        graph.warnings.clear()
        assert len(graph.run("instruments", **options)) == 0
        assert graph.warnings == [f"no source that is asked had certainly been published by {options['as_of']}"]


def test_a_source_that_states_a_month_has_no_day_before_its_end(folder: Path) -> None:
    briefing = folder / "data" / "briefing-9837.ttl"
    text = briefing.read_text(encoding="utf-8")
    begin = text.index("source:briefing-9837 a ")
    own = text[begin:].replace("precision:day", "precision:month", 1).replace('"2024-02-20"', '"2024-02-01"', 1)
    briefing.write_text(text[:begin] + own, encoding="utf-8")
    with foedus.open(str(folder)) as graph:
        assert len(graph.run("instruments", as_of="2024-02-28", sources=["briefing-9837"])) == 0
        said = "it states no day and may or may not have been published by 2024-02-28 (not before 2024-02-01)"
        assert graph.warnings[0] == f"briefing-9837 is left out: {said}"
        assert len(graph.run("instruments", as_of="2024-02-29", sources=["briefing-9837"])) > 0


def test_from_and_a_choice_of_sources_exclude_each_other(engine: foedus.Graph) -> None:
    query = "ASK FROM <https://w3id.org/foedus/graph/dw-article> { ?s ?p ?o }"
    for options in ({"as_of": "2024-02-20"}, {"sources": ["dw-article"]}):
        with pytest.raises(foedus.InputError) as caught:
            engine.sparql(query, name="mine.rq", **options)
        assert "mine.rq: the query has FROM clauses" in str(caught.value)


def test_a_graph_without_sources_has_none_to_choose(folder: Path) -> None:
    for file in (folder / "data").glob("**/*.ttl"):
        file.unlink()
    with foedus.open(str(folder)) as graph:
        with pytest.raises(foedus.UnknownName, match="Sources: none"):
            graph.run("instruments", sources=["dw-article"])
        assert len(graph.run("instruments", as_of="2024-07-11")) == 0
