"""The table in the terms of ATOP: a row a text, each code with its clause, proposed, and never an ATOP number."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

import foedus
from foedus.atop import QUERY, atop
from tests.conftest import ROOT, Cli, assert_one_message


@pytest.fixture(scope="module")
def table(graph: foedus.Graph) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in csv.DictReader(io.StringIO(atop(graph).decode()))}


US = "United States–Ukraine security arrangement"
EU = "EU–Ukraine security commitments"


def test_a_row_for_each_text(graph: foedus.Graph, table: dict[str, dict[str, str]]) -> None:
    texts = {str(r["name"]) for r in graph.run("feature-across")}
    assert set(table) == texts
    assert {row["status"] for row in table.values()} == {"proposed"}
    assert {row["coder"] for row in table.values()} == {f"Foedus {foedus.__version__}"}


def test_the_agreement_of_the_united_states(table: dict[str, dict[str, str]]) -> None:
    """On attack or threat, at either party's request, in accordance with their laws; ten years, six months' notice."""
    codes = {"consul": "1", "concoreq": "1", "defense": "0", "length": "120", "renounce": "1", "begyr": "2024"}
    assert {name: table[US][name] for name in codes} == codes
    assert table[US]["consul_clause"].startswith("Article II")
    assert table[US]["consul_quote"].startswith("the Parties shall")


def test_a_code_has_its_clause_and_words_and_no_atop_number_is_given(table: dict[str, dict[str, str]]) -> None:
    for row in table.values():
        variables = [name for name in row if f"{name}_clause" in row]
        assert len(variables) >= 25
        for name in variables:
            assert bool(row[name]) == bool(row[f"{name}_clause"]) == bool(row[f"{name}_quote"]), name
        assert not any("atopid" in name.lower() for name in row)


def test_a_text_of_a_union_is_outside_the_universe(table: dict[str, dict[str, str]]) -> None:
    assert table[EU]["in_atop_universe"] == "false"
    assert {row["in_atop_universe"] for name, row in table.items() if name != EU} == {"true"}


def test_the_codebook_tells_every_variable(graph: foedus.Graph) -> None:
    codebook = (ROOT / "docs" / "atop.md").read_text(encoding="utf-8")
    for row in graph.run(QUERY):
        assert f"`{row['variable']}`" in codebook


def test_the_command_writes_it(cli: Cli, graph: foedus.Graph, tmp_path: Path) -> None:
    assert cli("export", "--format", "atop", "-o", tmp_path / "a.csv").returncode == 0
    assert (tmp_path / "a.csv").read_bytes() == atop(graph)
    assert_one_message(cli("export", "--format", "atop", "-o", tmp_path / "no" / "a.csv"), 2, "a.csv", "Nothing")
