"""The library as a notebook user meets it."""

from __future__ import annotations

import datetime
import inspect
from decimal import Decimal
from types import ModuleType

import pytest

import foedus
from foedus import errors
from foedus.answers import XSD, Term


def test_the_public_names_are_sorted_and_exist() -> None:
    assert foedus.__all__ == sorted(foedus.__all__)
    for name in foedus.__all__:
        assert getattr(foedus, name)
    with pytest.raises(AttributeError):
        foedus.nothing  # noqa: B018
    public = {n for n, c in vars(errors).items() if inspect.isclass(c) and issubclass(c, Exception)}
    assert public <= set(foedus.__all__)


def test_the_tree_of_exceptions_is_the_one_that_is_drawn() -> None:
    drawn = errors.__doc__ or ""
    for name, class_ in vars(errors).items():
        if inspect.isclass(class_) and issubclass(class_, foedus.FoedusError):
            assert name in drawn
            assert class_.exit_status in (2, 3)


def test_rows_are_mappings_of_terms(graph: foedus.Graph) -> None:
    answer = graph.run("counts", cite=True)
    assert answer.columns[:2] == ["thingName", "number"]
    row = next(r for r in answer if str(r["number"]) == "21")
    number, day = row["number"], row["asOf"]
    assert number is not None
    assert day is not None
    assert (number.python, day.python) == (21, datetime.date(2024, 7, 11))
    assert row.passages[0].source == "dw-article"
    assert "21" in repr(row)
    assert len(answer) == len(answer.rows)
    assert answer
    value = graph.run("money").rows[0]["value"]
    assert value is not None
    assert isinstance(value.python, int)
    assert Term("literal", "1.50", XSD + "decimal").python == Decimal("1.50")


def test_an_answer_is_a_data_frame_where_pandas_is(graph: foedus.Graph) -> None:
    pandas = pytest.importorskip("pandas")
    frame = graph.run("counts").to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == graph.run("counts").columns
    assert 21 in set(frame["number"])


def test_an_answer_is_text_in_any_format(graph: foedus.Graph) -> None:
    answer = graph.run("counts")
    assert answer.to("csv").startswith("thingName,")
    assert answer._repr_html_().startswith("<table>")
    with pytest.raises(foedus.InputError, match="no format"):
        answer.to("pdf")


def test_queries_are_listed_with_their_parameters(graph: foedus.Graph) -> None:
    by_slug = {q.slug: q for q in graph.queries}
    (parameter,) = by_slug["promises-by"].parameters
    assert (parameter.name, parameter.type, parameter.thing) == ("giver", "iri", "actor")


def test_options_that_are_none_are_refused() -> None:
    with pytest.raises(foedus.InputError, match="no engine"):
        foedus.open(engine="virtuoso")
    with pytest.raises(foedus.InputError, match="no time limit"):
        foedus.open(timeout=0)


def test_an_answer_can_be_html_without_harm(graph: foedus.Graph) -> None:
    text = graph.sparql('SELECT ("<script>alert(1)</script>" AS ?x) { }').to("html")
    assert "<script>" not in text
    assert "| --- |" in graph.sparql('SELECT ("a|b" AS ?x) { }').to("markdown")
    assert "a\\|b" in graph.sparql('SELECT ("a|b" AS ?x) { }').to("markdown")


def test_public_things_have_docstrings() -> None:
    for name in foedus.__all__:
        thing = getattr(foedus, name)
        assert not isinstance(thing, ModuleType)
        assert inspect.getdoc(thing)
