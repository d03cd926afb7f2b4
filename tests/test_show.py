"""One thing: found by slug, label, alias and IRI, with what is said of it, where, and on what passage."""

from __future__ import annotations

import json

import pytest

import foedus
from foedus.things import page
from tests.conftest import Cli, assert_one_message

UK = "https://w3id.org/foedus/id/instrument/uk-ukraine-2024"


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


def test_a_thing_tells_what_is_said_of_it(graph: foedus.Graph) -> None:
    thing = graph.show("uk-ukraine-2024")
    assert "bilateral agreement" in thing.classes
    duration = next(f for f in thing.facts if f.property.endswith("/duration"))
    assert (duration.other.value, duration.sources) == ("P10Y", ("briefing-9837",))
    assert any(f.way == "in" and f.property.endswith("/assesses") for f in thing.facts)
    assert any("had concluded" in p.phrase for p in thing.passages)
    assert {p.source for p in thing.passages} == {"briefing-9837", "dw-article", "landing-page", "nato-bid-article"}


@pytest.mark.parametrize(
    "name", ["zelenskyy", "Volodymyr Zelenskiy", "nato", "dw-article", "vilnius-summit-2023", "foedus:Clause"]
)
def test_every_kind_of_thing_has_a_page_that_fits(graph: foedus.Graph, name: str) -> None:
    for width in (40, 80, 160):
        text = page(graph.show(name), width)
        assert text.count("\n") > 3
        assert all(len(line) <= width or " " not in line.strip() for line in text.splitlines())


def test_an_unknown_thing_gets_a_suggestion(cli: Cli) -> None:
    assert_one_message(cli("show", "zelensky"), 2, "Did you mean", "Zelenskyy")
    assert_one_message(cli("show", "qqqqqqqq"), 2, "Try a slug")
    assert_one_message(cli("show", "https://w3id.org/foedus/id/actor/nobody"), 2, "no thing")


def test_an_ambiguous_name_lists_what_it_may_be(graph: foedus.Graph) -> None:
    with pytest.raises(foedus.UnknownName) as caught:
        graph.show("response")
    assert len(caught.value.suggestions) > 1


def test_json_is_the_default_of_a_pipe(cli: Cli) -> None:
    found = json.loads(cli("show", "g7-declaration").stdout)
    assert found["label"] == "G7 Joint Declaration of Support for Ukraine"
    assert found["passages"]
    text = cli("show", "g7-declaration", "--format", "text").stdout
    assert text.startswith("G7 Joint Declaration of Support for Ukraine\n====")


def test_an_endpoint_shows_the_same(endpoint: str, graph: foedus.Graph) -> None:
    with foedus.open(endpoint=endpoint) as remote:
        assert remote.show("poland-ukraine") == graph.show("poland-ukraine")
