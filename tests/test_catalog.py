"""Saved queries: headers, and parameter values that cannot become query text."""

from __future__ import annotations

import pytest
import yaml

import foedus
from foedus.catalog import Catalog, bind, near, read
from foedus.datasets import home

QUERY = """#+ summary: Who is called so?
#+ defaults:
#+   - state_iri: https://w3id.org/foedus/id/actor/ukraine
#+   - day_xsd_date: "2024-01-01"
#+   - least_integer: 3
#+ enumerate:
#+   - kind: [a, b]
#+ x-foedus:
#+   parameters:
#+     state:
#+       thing: actor

SELECT ?x WHERE { ?x ?_kind ?_word , ?_state_iri , ?_day_xsd_date , ?_least_integer }
"""


def bound(**values: str) -> str:
    return bind(read("q", "q.rq", QUERY), {"kind": "a", "word": "w", **values}).splitlines()[-1]


def test_values_become_terms() -> None:
    assert bound() == (
        'SELECT ?x WHERE { ?x "a" "w" , <https://w3id.org/foedus/id/actor/ukraine> , '
        '"2024-01-01"^^<http://www.w3.org/2001/XMLSchema#date> , "3"^^<http://www.w3.org/2001/XMLSchema#integer> }'
    )


def test_a_slug_stands_for_the_thing() -> None:
    assert "<https://w3id.org/foedus/id/actor/poland>" in bound(state="poland")
    assert "<http://example.org/x>" in bound(state="http://example.org/x")


@pytest.mark.parametrize(
    "hostile",
    ['UK" . ?x ?y ?z } #', "a\nb", "\\", '"""', "} UNION { ?s ?p ?o", "?x", "\\u0022 } #", "'", "ї", "a\tb\r"],
)
def test_a_hostile_string_stays_one_literal(hostile: str) -> None:
    import pyoxigraph as ox

    text = bind(read("q", "q.rq", "#+ summary: x\nSELECT ?v { BIND(?_word AS ?v) }"), {"word": hostile})
    solution = next(iter(ox.Store().query(text)))  # type: ignore[arg-type]
    assert solution["v"].value == hostile


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("kind", "c", "a, b"),
        ("day", "2024-02-30", "not a date"),
        ("day", "February", "YYYY-MM-DD"),
        ("day", "2024-01-01Z", "not a date"),
        ("least", "3.5", "whole number"),
        ("least", "1) } #", "whole number"),
        ("state", "http://x/> . ?s ?p ?o }", "not an IRI"),
        ("state", "a b", "not an IRI"),
        ("state", "javascript:x", "not an IRI"),
        ("word", "\x00", "control character"),
        ("word", "\ud800", "control character"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(name: str, value: str, says: str) -> None:
    with pytest.raises(foedus.ParameterError) as caught:
        bound(**{name: value})
    assert says in str(caught.value)
    assert name in str(caught.value)


def test_an_unknown_parameter_gets_a_suggestion() -> None:
    with pytest.raises(foedus.ParameterError, match="Did you mean state"):
        bound(sate="x")


def test_a_missing_value_is_asked_for() -> None:
    with pytest.raises(foedus.ParameterError, match="-p word=VALUE"):
        bind(read("q", "q.rq", QUERY), {"kind": "a"})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SELECT * {}", "summary"),
        ("#+ summary: [\n\nSELECT * {}", "YAML"),
        ("#+ summary: a\n#+\ttags: b\nSELECT * {}", "YAML"),
        ("#+ summary: a\n#+ defaults:\n#+   - nobody: b\nSELECT * { ?s ?p ?_x }", "nobody"),
        ("#+ summary: a\nSELECT * { ?s ?p ?_from_date }", "?_NAME_xsd_date"),
        ("#+ summary: a\n#+ tags: b\nSELECT * {}", "tags"),
        ("#+ summary: a\n#+ defaults: 5\nSELECT * {}", "defaults"),
        ("#+ summary: a\n#+ x-foedus: [a]\nSELECT * {}", "x-foedus"),
        ("#+ summary: a\n#+ x-foedus: {parameters: [a]}\nSELECT * {}", "parameters"),
        ("#+ summary: a\n#+ x-foedus: {evidence: 5}\nSELECT * {}", "evidence"),
        ("#+ summary: a\n#+ enumerate:\n#+   - x: 5\nSELECT * { ?s ?p ?_x }", "list"),
        ("#+ summary: a\n#+ enumerate:\n#+   - x: [[5]]\nSELECT * { ?s ?p ?_x }", "x in the header"),
        ("#+ summary: a\n#+ defaults:\n#+   - x: [5]\nSELECT * { ?s ?p ?_x }", "x in the header"),
        ("#+ summary: a\n#+ tags: [[b]]\nSELECT * {}", "tags"),
        ("#+ summary: [a]\nSELECT * {}", "summary"),
        ("#+ summary: a\n#+ x-foedus: {parameters: {x: {thing: [actor]}}}\nSELECT * { ?_x_iri ?p ?o }", "thing"),
    ],
)
def test_a_wrong_header_is_named(text: str, says: str) -> None:
    with pytest.raises(foedus.InputError) as caught:
        read("q", "dir/q.rq", text)
    assert says in str(caught.value)
    assert "dir/q.rq" in str(caught.value)


@pytest.mark.parametrize("written", ["2024-02-30", "no", "010", "1_000", "12:30", "~", "2024-02-20 10:00:00 +99:99"])
def test_what_stands_in_a_header_is_text(written: str) -> None:
    """YAML alone would make of it a date that there is not, False, 8, 1000, 750, nothing, or an error."""
    query = read("q", "q.rq", f"#+ summary: a\n#+ defaults:\n#+   - x: {written}\nSELECT * {{ ?s ?p ?_x }}")
    assert query.parameters[0].default == written
    assert f'?p "{written}"' in bind(query, {})


def test_names_that_differ_in_case_only_are_suggested_once() -> None:
    assert [n.lower() for n in near("agreement", ["Disagreement", "disagreement", "Agreements"])] == [
        "agreements",
        "disagreement",
    ]


def test_a_parameter_is_not_projected() -> None:
    for text in ("SELECT ?_x { ?s ?p ?_x }", "SELECT (1 AS ?_x) { ?s ?p ?o }", "SELECT ?s { BIND(1 AS ?_x) }"):
        with pytest.raises(foedus.InputError, match="projected"):
            bind(read("q", "q.rq", "#+ summary: a\n" + text), {"x": "1"})
    assert '"1"' in bind(read("q", "q.rq", "#+ summary: a\nSELECT (STR(?_x) AS ?y) { }"), {"x": "1"})


@pytest.mark.parametrize("query", Catalog(home()).all(), ids=lambda q: q.slug)
def test_every_header_is_whole_and_reads_in_grlc(query: foedus.SavedQuery) -> None:
    assert query.question.endswith("?")
    assert query.description
    assert query.tags
    header = yaml.safe_load("\n".join(line[3:] for line in query.text.splitlines() if line.startswith("#+ ")))
    assert set(header) <= {"summary", "description", "tags", "defaults", "enumerate", "x-foedus"}
    for default in header.get("defaults", []):
        assert len(default) == 1
    for parameter in query.parameters:
        assert parameter.description
        assert parameter.default is not None  # grlc leaves a free variable in, and no row survives


def test_an_unknown_query_gets_a_suggestion(graph: foedus.Graph) -> None:
    with pytest.raises(foedus.UnknownName, match="agreements-without-article-5"):
        graph.run("agreements-without-article5")
    with pytest.raises(foedus.UnknownName, match="foedus queries"):
        graph.run("../../etc/passwd")
