"""Citations against texts: tiny made-up ones, whose faults are known, and the real ones where they are."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest

from foedus.citations import Report, verify
from tests.conftest import PREFIXES, ROOT, Cli, assert_one_message

TEXT = "Перше речення. One ally’s word binds\nno other ally, said the “minister”. The end.\n"
PHRASE = "binds no other ally"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A graph with one source and one citation, and its text in a folder of a folder."""
    texts = tmp_path / "texts" / "deep"
    texts.mkdir(parents=True)
    (texts / "a.txt").write_text(TEXT, encoding="utf-8")
    data = tmp_path / "graph" / "data"
    data.mkdir(parents=True)
    start, end = TEXT.index("One"), TEXT.index(" The end")
    (data / "a.ttl").write_text(
        PREFIXES
        + f"""
source:a a foedus:Source ; rdfs:label "A"@en ; foedus:fileName "a.txt" ;
  foedus:sha256 "{hashlib.sha256(TEXT.encode()).hexdigest()}" .

citation:a.1 a foedus:Citation ; foedus:source source:a ; foedus:locator "paragraph 1" ;
  foedus:start {start} ; foedus:end {end} ; foedus:phrase "{PHRASE}" .
""",
        encoding="utf-8",
    )
    return tmp_path


def edit(tiny: Path, old: str, new: str) -> None:
    path = tiny / "graph" / "data" / "a.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def faults(tiny: Path) -> list[str]:
    report = verify(str(tiny / "graph"), str(tiny / "texts"))
    assert report.proved == report.citations - sum(p.thing.startswith("citation:") for p in report.problems)
    for problem in report.problems:
        assert re.search(r"a\.ttl:\d+$", problem.where)
    return [problem.message for problem in report.problems]


def test_a_citation_that_is_right_is_proved(tiny: Path) -> None:
    """Code points are counted and not bytes, and a phrase may run over the end of a line."""
    assert faults(tiny) == []


def test_a_phrase_that_is_elsewhere_is_said_to_be_there(tiny: Path) -> None:
    edit(tiny, PHRASE, "The end")
    (message,) = faults(tiny)
    at = TEXT.index("The end")
    assert f"{at}–{at + 7}" in message


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (PHRASE, "binds no other allies", "nor anywhere"),
        (PHRASE, "one two three four five six seven eight nine ten eleven twelve thirteen", "more than 12"),
        (PHRASE, " ", "not inside"),
        ("foedus:end ", "foedus:end 1", "not inside the text"),
        ("foedus:start 15", "foedus:start 80", "not inside the text"),
        ("foedus:start 15 ; ", "", "exactly one start"),
        ('foedus:fileName "a.txt"', 'foedus:fileName "b.txt"', "'b.txt'"),
        ("source source:a", "source source:b", "missing"),
    ],
)
def test_what_is_wrong_is_found(tiny: Path, old: str, new: str, says: str) -> None:
    if "fileName" in old:
        (tiny / "graph" / "data" / "c.ttl").write_text(
            PREFIXES
            + f'source:c foedus:fileName "a.txt" ; foedus:sha256 "{hashlib.sha256(TEXT.encode()).hexdigest()}" .'
        )
    edit(tiny, old, new)
    assert any(says in message for message in faults(tiny))


@pytest.fixture
def aside(tiny: Path) -> Path:
    """The same with a passage that was set aside."""
    with open(tiny / "graph" / "data" / "a.ttl", "a", encoding="utf-8") as data:
        data.write("""
<https://w3id.org/foedus/id/passage/a.end> a foedus:SetAsidePassage ; foedus:source source:a ;
  foedus:locator "last line" ; foedus:setAsideAs <https://w3id.org/foedus/ns/set-aside/connective> ;
  foedus:start 73 ; foedus:end 81 ; foedus:phrase "The end" .
""")
    return tiny


def test_a_set_aside_passage_is_proved_like_a_citation(aside: Path) -> None:
    assert TEXT[73:81] == "The end."
    report = verify(str(aside / "graph"), str(aside / "texts"))
    assert (report.citations, report.proved, report.problems) == (2, 2, [])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"The end"', '"The beginning"', "nor anywhere"),
        ("foedus:start 73", "foedus:start 74", "73–80"),
        ("foedus:end 81", "foedus:end 83", "not inside the text"),
        ("foedus:end 81 ; ", "", "exactly one end"),
        ("foedus:start 73", 'foedus:start "²"', "no numbers"),
        ('source:a ;\n  foedus:locator "last', 'source:b ;\n  foedus:locator "last', "missing"),
    ],
)
def test_what_is_wrong_with_a_set_aside_passage_is_found(aside: Path, old: str, new: str, says: str) -> None:
    edit(aside, old, new)
    report = verify(str(aside / "graph"), str(aside / "texts"))
    (problem,) = report.problems
    assert report.proved == 1
    assert "a.end" in problem.thing
    assert says in problem.message


def test_the_text_of_a_set_aside_passage_may_not_change(aside: Path) -> None:
    path = aside / "texts" / "deep" / "a.txt"
    path.write_text(TEXT.replace("Перше", "Друге"), encoding="utf-8")
    (problem,) = verify(str(aside / "graph"), str(aside / "texts")).problems
    assert problem.thing == "source:a"


def test_the_number_of_a_note_is_no_word_of_a_phrase(tiny: Path) -> None:
    text = "one two three four five six seven ¹ eight nine ten eleven twelve.²\n"
    (tiny / "texts" / "deep" / "a.txt").write_text(text, encoding="utf-8")
    edit(tiny, hashlib.sha256(TEXT.encode()).hexdigest(), hashlib.sha256(text.encode()).hexdigest())
    edit(tiny, PHRASE, text.strip())
    edit(tiny, "foedus:start 15 ; foedus:end 72", f"foedus:start 0 ; foedus:end {len(text)}")
    assert faults(tiny) == []


def test_a_text_that_changed_is_found_although_the_phrase_still_stands(tiny: Path) -> None:
    path = tiny / "texts" / "deep" / "a.txt"
    path.write_text(TEXT.replace("The end", "The End"), encoding="utf-8")
    (message,) = faults(tiny)
    assert hashlib.sha256(path.read_bytes()).hexdigest() in message


def test_a_folder_without_the_texts(cli: Cli, tmp_path: Path) -> None:
    assert_one_message(cli("verify", tmp_path), 2, tmp_path, "none of the source texts")
    assert_one_message(cli("verify", tmp_path / "none"), 2, "no such folder")


def test_the_command_reports_and_ends_with_status_1(cli: Cli, tiny: Path) -> None:
    env = {"FOEDUS_FOLDER": str(tiny / "graph")}
    done = cli("verify", tiny / "texts", env=env)
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 of 1 passages" in done.stderr
    edit(tiny, PHRASE, "nobody said so")
    done = cli("verify", tiny / "texts", env=env)
    assert done.returncode == 1
    assert done.stdout.count("\n") == 1
    assert "citation:a.1" in done.stdout


def test_a_named_pipe_is_no_text(cli: Cli, tiny: Path) -> None:
    text = tiny / "texts" / "deep" / "a.txt"
    text.unlink()
    os.mkfifo(text)
    assert_one_message(cli("verify", tiny / "texts", env={"FOEDUS_FOLDER": str(tiny / "graph")}), 2, "none of the")


def test_every_shipped_citation_is_proved(texts: Path) -> None:
    report = verify(str(ROOT), str(texts))
    assert report.problems == []
    assert report.proved == report.citations > 250
    assert report.sources == 11


def test_a_mutated_citation_is_found_in_the_shipped_data(folder: Path, texts: Path) -> None:
    data = folder / "data" / "dw-article.ttl"
    text = data.read_text(encoding="utf-8")
    data.write_text(text.replace('foedus:phrase "none of these agreements', 'foedus:phrase "all of these agreements'))
    report = verify(str(folder), str(texts))
    (problem,) = report.problems
    line = int(problem.where.rpartition(":")[2])
    assert text.splitlines()[line - 1].startswith(problem.thing)


SOUGHT_IN = "One is mentioned: children.\n\nNobody speaks of deport-\nation, only of sport.\n"


def sought(tmp_path: Path, things: str) -> Report:
    """What `verify` says of a graph of the text SOUGHT_IN with its first sentence cited and the things."""
    texts, data = tmp_path / "texts", tmp_path / "graph" / "data"
    texts.mkdir()
    data.mkdir(parents=True)
    (texts / "t.txt").write_text(SOUGHT_IN, encoding="utf-8")
    digest = hashlib.sha256(SOUGHT_IN.encode()).hexdigest()
    source = f"""
source:t a foedus:Source ; foedus:fileName "t.txt" ; foedus:sha256 "{digest}" .
citation:t.one a foedus:Citation ; foedus:source source:t ; foedus:start 0 ; foedus:end 27 ; foedus:phrase "One" ."""
    (data / "t.ttl").write_text(PREFIXES + source + things, encoding="utf-8")
    return verify(str(tmp_path / "graph"), str(texts))


@pytest.mark.parametrize(
    ("searched", "cited", "line"),
    [
        ("children", "whole", 1),
        ("children", "whole , citation:t.one", None),
        ("only of sport", "whole , citation:t.one", 4),
        ("port", "whole", None),  # a term matches where a word begins
        ("Children", "whole", 1),
        ("deported", "whole", None),
    ],
)
def test_absence_is_proved_by_its_search(tmp_path: Path, searched: str, cited: str, line: int | None) -> None:
    report = sought(
        tmp_path,
        f"""
citation:t.whole a foedus:Citation ; foedus:source source:t ; foedus:start 0 ;
  foedus:end {len(SOUGHT_IN)} ; foedus:phrase "One" .
finding:t.lacking a foedus:Finding ; foedus:verdict verdict:absent ; foedus:basis basis:text-read ;
  foedus:searchedFor "{searched}" ; foedus:accordingTo source:t ; foedus:hasCitation citation:t.{cited} .
""",
    )
    if line is None:
        assert report.problems == []
    else:
        assert [p.thing for p in report.problems] == ["finding:t.lacking"]
        assert f"“{searched}” on line {line}," in report.problems[0].message
        assert report.problems[0].where.endswith("t.ttl:27")


@pytest.mark.parametrize(
    ("statement", "cited", "proved"),
    [
        ('foedus:verbAsWorded "is mentioned"', "one", True),
        ('foedus:verbAsWorded "is … children"', "one", True),
        ('foedus:verbAsWorded "is ... children"', "one", True),
        ('foedus:verbAsWorded "children … is"', "one", False),
        ('foedus:wording "is not mentioned"', "one", False),
        ('foedus:wording "Nobody speaks"', "one", False),
        ('foedus:wording "Nobody speaks"', "two", True),
        ('foedus:verbAsWorded "is … speaks"', "one , citation:t.two", True),
    ],
)
def test_what_is_given_as_worded_stands_in_what_is_cited(
    tmp_path: Path, statement: str, cited: str, proved: bool
) -> None:
    report = sought(
        tmp_path,
        f"""
source:t a foedus:PrimaryText ; foedus:textOf instrument:t .
citation:t.two a foedus:Citation ; foedus:source source:t ; foedus:start 29 ; foedus:end 60 ; foedus:phrase "Nobody" .
commitment:t a foedus:Commitment ; {statement} ; foedus:accordingTo source:t ; foedus:hasCitation citation:t.{cited} .
""",
    )
    assert [p.thing for p in report.problems] == ([] if proved else ["commitment:t"])
    assert all("stand in no passage" in p.message for p in report.problems)
