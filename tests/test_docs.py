"""The documentation: every query in it runs and has an answer, and the reference is that of the files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import foedus
from foedus.datasets import home
from foedus.reference import main, pages
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


def test_the_reference_is_up_to_date(tmp_path: Path) -> None:
    for name, text in pages(home()).items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text, "make format writes it"
    assert main([str(tmp_path)]) == 1
    assert main(["--write", str(tmp_path)]) == 0
    assert main([str(tmp_path)]) == 0


def test_the_reference_names_every_term_and_every_instrument() -> None:
    terms, things = (ROOT / "docs" / name for name in ("terms.md", "things.md"))
    core = (ROOT / "ontology" / "core.ttl").read_text(encoding="utf-8")
    declared = set(re.findall(r"^(foedus:\w+) a owl:\w+", core, re.MULTILINE))
    assert declared <= set(re.findall(r"`?(foedus:\w+)`?", terms.read_text(encoding="utf-8")))
    assert "| `instrument:budapest-memorandum` | Budapest Memorandum |" in things.read_text(encoding="utf-8")


def test_what_the_reference_calls_a_thing_can_be_shown(graph: foedus.Graph) -> None:
    names = re.findall(r"^\| `(.+?)` \|", pages(home())["things.md"], re.MULTILINE)
    assert len(names) > 100
    for name in names[::40]:
        assert graph.show(name).iri.endswith("/" + name.replace(":", "/"))


def test_a_page_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--write", str(tmp_path / "none")]) == 2
    assert f"{tmp_path / 'none' / 'terms.md'}: cannot be written" in capsys.readouterr().err


def test_the_readme_names_every_question() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "queries").glob("*.rq"):
        assert f"`{path.stem}`" in readme, path.stem
