"""The documentation: every query in it runs and has an answer, and the reference is that of the files."""

from __future__ import annotations

import re

import pytest

import foedus
from foedus.datasets import home
from foedus.reference.__main__ import main
from foedus.reference.made import files
from tests.conftest import ROOT

BLOCKS = [
    pytest.param(text, id=f"{path.stem}-{number}")
    for path in sorted((ROOT / "docs").glob("*.md"))
    for number, text in enumerate(re.findall(r"```sparql\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL), 1)
]


def test_there_are_examples() -> None:
    assert len(BLOCKS) > 12


@pytest.mark.parametrize("text", BLOCKS)
def test_an_example_runs_and_has_an_answer(graph: foedus.Graph, text: str) -> None:
    answer = graph.sparql(text)
    assert len(answer) > 0
    for column in answer.columns:  # no column that is always empty: the pattern would be wrong
        assert any(row[column] is not None for row in answer), column


def test_the_reference_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(ROOT / "docs")]) == 0, f"make format writes it:\n{capsys.readouterr().out}"


def test_the_reference_names_every_instrument() -> None:
    things = (ROOT / "docs" / "things.md").read_text(encoding="utf-8")
    assert "| `instrument:budapest-memorandum` | Budapest Memorandum |" in things


def test_what_the_reference_calls_a_thing_can_be_shown(graph: foedus.Graph) -> None:
    names = re.findall(r"^\| `(.+?)` \|", files(home())["docs/things.md"], re.MULTILINE)
    assert len(names) > 100
    for name in names[::40]:
        assert graph.show(name).iri.endswith("/" + name.replace(":", "/"))


def test_the_readme_names_every_question() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "queries").glob("*.rq"):
        assert f"`{path.stem}`" in readme, path.stem
