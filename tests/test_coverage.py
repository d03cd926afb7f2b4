"""Coverage of made-up texts, counted by hand, and of the real ones where they are."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from foedus.coverage import SourceCoverage, coverage
from foedus.errors import InputError, UnknownName
from tests.conftest import PREFIXES, ROOT, Cli, assert_one_message
from tests.test_cli import on_a_terminal

TEXT = """Обіцянка

Arcadia promised help.¹ Ruritania said so on Monday.² Nobody replied.
 •
• Arcadia and Ruritania met twice – or so.
Read\ton
and subscribe!
¹²
"""
#: Name, span and, where it is a citation, the things that cite it; otherwise the reason why it was set aside.
PASSAGES = {
    "a.heading": ("Обіцянка", "set-aside:heading"),
    "a.inner": ("Ruritania said so on Monday", "event:monday"),
    "a.outer": (
        "Arcadia promised help.¹ Ruritania said so on Monday.",
        "statement:a.promise , statement:a.told , event:monday",
    ),
    "a.met": ("Arcadia and Ruritania met twice – or so.", "event:monday , event:talks"),
}
REST = {
    "a.reply": ("Nobody replied.", "statement:a.told"),
    "a.footer": ("Read\ton\nand subscribe!", "set-aside:furniture"),
}
THINGS = """
@prefix event: <https://w3id.org/foedus/id/event/> .
@prefix passage: <https://w3id.org/foedus/id/passage/> .
@prefix set-aside: <https://w3id.org/foedus/ns/set-aside/> .
@prefix statement: <https://w3id.org/foedus/id/statement/> .
statement:a.promise a foedus:Statement . statement:a.told a foedus:Statement .
event:monday a foedus:Event . event:talks a foedus:Event .
"""
THING = "https://w3id.org/foedus/id/"


def write(place: Path, slug: str, text: str, passages: dict[str, tuple[str, str]]) -> None:
    """A source with its text, and its passages, each of which stands where its span first stands in the text."""
    (place / "texts").mkdir(exist_ok=True)
    (place / "texts" / f"{slug}.txt").write_text(text, encoding="utf-8")
    turtle = [PREFIXES, THINGS]
    turtle.append(
        f'source:{slug} a foedus:Source ; rdfs:label "Джерело"@uk , "The {slug} paper"@en ; '
        f'foedus:fileName "{slug}.txt" ; foedus:sha256 "{hashlib.sha256(text.encode()).hexdigest()}" .'
    )
    for name, (span, use) in passages.items():
        aside = use.startswith("set-aside:")
        iri = ("passage:" if aside else "citation:") + name
        start = text.index(span)
        turtle.append(
            f"{iri} a foedus:{'SetAsidePassage' if aside else 'Citation'} ; foedus:source source:{slug} ; "
            f'foedus:locator "place of {name}" ; foedus:start {start} ; foedus:end {start + len(span)} ; '
            f'foedus:phrase "{" ".join(span.split()[:5])}" .'
        )
        if aside:
            turtle.append(f"{iri} foedus:setAsideAs {use} .")
        else:
            turtle += [f"{thing} foedus:hasCitation {iri} ." for thing in use.split(" , ") if thing]
    (place / "graph" / "data" / f"{slug}.ttl").write_text("\n".join(turtle), encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The ontology without the shipped data, ready for sources that are made up."""
    shutil.copytree(ROOT / "ontology", tmp_path / "graph" / "ontology")
    (tmp_path / "graph" / "data").mkdir()
    return tmp_path


@pytest.fixture
def paper(place: Path) -> Path:
    write(place, "a", TEXT, PASSAGES)
    return place


def look(place: Path, *slugs: str) -> list[SourceCoverage]:
    return coverage(str(place / "graph"), str(place / "texts"), slugs)


def words(source: SourceCoverage) -> tuple[int, int, int, int]:
    return source.words, source.facts, source.set_aside, source.unread


def env(place: Path, columns: int = 120) -> dict[str, str]:
    return {"FOEDUS_FOLDER": str(place / "graph"), "COLUMNS": str(columns)}


# Words and gaps


def test_words_are_counted_once_and_are_read_set_aside_or_unread(paper: Path) -> None:
    """Read: 8 of a promise, 5 of them in two passages, and 7 of a meeting; set aside: a heading; unread: 2, 2 and 2."""
    (source,) = look(paper)
    assert words(source) == (22, 15, 1, 6)
    assert (source.slug, source.title, source.fault) == ("a", "The a paper", "")


def test_what_lies_in_no_passage_is_a_gap_that_ends_with_its_line(paper: Path) -> None:
    (source,) = look(paper)
    assert [(gap.line, gap.text) for gap in source.gaps] == [
        (3, "² Nobody replied."),
        (6, "Read\ton"),
        (7, "and subscribe!"),
    ]
    for gap in source.gaps:
        assert TEXT[gap.start : gap.end] == gap.text


def test_nothing_is_left_when_the_rest_is_read_too(place: Path) -> None:
    write(place, "a", TEXT, PASSAGES | REST)
    (source,) = look(place)
    assert words(source) == (22, 17, 5, 0)
    assert source.gaps == ()
    assert source.complete


@pytest.mark.parametrize("rest", ["¹²", "⁴ ", "•", " - ", "…", "](#)", "\t", "—\n\n* *\n", "_"])
def test_note_numbers_bullets_and_marks_are_no_gap(place: Path, rest: str) -> None:
    write(place, "a", f"Read{rest}", {"a.read": ("Read", "event:talks")})
    (source,) = look(place)
    assert (source.gaps, words(source)) == ((), (1, 1, 0, 0))


@pytest.mark.parametrize("rest", ["1", " 1.", "я", "• No", "x²", "½"])
def test_a_letter_or_a_digit_is_a_gap(place: Path, rest: str) -> None:
    text = f"Read.{rest}"
    write(place, "a", text, {"a.read": ("Read.", "event:talks")})
    (source,) = look(place)
    (gap,) = source.gaps
    assert gap.text == text[gap.start : gap.end] == rest.strip()
    assert source.unread == 1


def test_a_word_of_which_a_letter_is_unread_is_unread(place: Path) -> None:
    write(place, "a", "Non-binding", {"a.half": ("Non-bindin", "event:talks")})
    (source,) = look(place)
    assert words(source) == (1, 0, 0, 1)
    assert [gap.text for gap in source.gaps] == ["g"]


@pytest.mark.parametrize("aside", ["Draft agreed Monday", "Draft agreed", "agreed Monday", "agreed"])
def test_words_of_a_fact_that_are_set_aside_too_are_of_the_fact(place: Path, aside: str) -> None:
    write(place, "a", aside, {"a.1": ("agreed", "event:talks"), "a.2": (aside, "set-aside:heading")})
    (source,) = look(place)
    assert words(source) == (len(aside.split()), 1, len(aside.split()) - 1, 0)


def test_words_that_a_set_aside_passage_only_begins_with_are_of_the_fact(place: Path) -> None:
    passages = {"a.1": ("Draft agreed", "event:talks"), "a.2": ("agreed Monday", "set-aside:heading")}
    write(place, "a", "Draft agreed Monday", passages)
    (source,) = look(place)
    assert words(source) == (3, 2, 1, 0)


# Passages


def test_each_passage_is_there_in_the_order_of_the_text_and_the_outer_one_first(paper: Path) -> None:
    (source,) = look(paper)
    seen = [(p.iri.removeprefix(THING), p.line, p.reason, p.kinds) for p in source.passages]
    assert seen == [
        ("passage/a.heading", 1, "heading", ()),
        ("citation/a.outer", 3, "", (("statement", 2), ("event", 1))),
        ("citation/a.inner", 3, "", (("event", 1),)),
        ("citation/a.met", 5, "", (("event", 2),)),
    ]
    assert source.passages[1].things == tuple(
        THING + name for name in ("event/monday", "statement/a.promise", "statement/a.told")
    )
    assert [p.phrase for p in source.passages][1:3] == [
        "Arcadia promised help.¹ Ruritania said",
        "Ruritania said so on Monday",
    ]


def test_of_two_passages_that_begin_together_the_longer_one_is_first(place: Path) -> None:
    write(place, "a", "Long story", {"a.a": ("Long", "event:talks"), "a.b": ("Long story", "event:talks")})
    (source,) = look(place)
    assert [p.locator for p in source.passages] == ["place of a.b", "place of a.a"]


def test_the_kind_is_the_most_general_class(place: Path) -> None:
    write(place, "a", "Pact", {"a.1": ("Pact", "instrument:pact")})
    with open(place / "graph" / "data" / "a.ttl", "a", encoding="utf-8") as data:
        data.write("\ninstrument:pact a foedus:Instrument , foedus:BilateralAgreement , foedus:BilateralArrangement .")
    (source,) = look(place)
    assert source.passages[0].kinds == (("instrument", 1),)


def test_what_two_files_say_counts_once(paper: Path) -> None:
    data = paper / "graph" / "data"
    text = (data / "a.ttl").read_text(encoding="utf-8")
    said = [line for line in text.splitlines() if line.startswith("@prefix") or "hasCitation" in line]
    (data / "again.ttl").write_text("\n".join(said), encoding="utf-8")
    (source,) = look(paper)
    assert source.passages[1].kinds == (("statement", 2), ("event", 1))


def test_labels_are_those_of_ontology_and_vocabulary(paper: Path) -> None:
    for name, old, new in (
        ("core", '"statement"@en', '"say-so"@en'),
        ("vocabularies", '"heading"@en', '"headline"@en'),
    ):
        path = paper / "graph" / "ontology" / f"{name}.ttl"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    (source,) = look(paper)
    assert source.passages[0].reason == "headline"
    assert source.passages[1].kinds == (("say-so", 2), ("event", 1))


# What covers nothing


def test_a_citation_that_supports_nothing_covers_nothing(place: Path) -> None:
    write(place, "a", "Nobody says so.", {"a.idle": ("Nobody says so.", "")})
    (source,) = look(place)
    assert [gap.text for gap in source.gaps] == ["Nobody says so."]
    assert [(p.iri, p.things) for p in source.passages] == [(THING + "citation/a.idle", ())]


@pytest.mark.parametrize("name", ["citation:a.inner", "passage:a.heading"])
def test_a_passage_that_cannot_be_proved_covers_nothing(paper: Path, cli: Cli, name: str) -> None:
    """Where another passage holds its words nothing is unread, and yet not all is well."""
    write(paper, "a", TEXT, PASSAGES | REST)
    data = paper / "graph" / "data" / "a.ttl"
    before, found, after = data.read_text(encoding="utf-8").partition(f"\n{name} a ")
    assert found
    data.write_text(before + found + after.replace("foedus:phrase ", "foedus:phrase 'Never said' ; foedus:x ", 1))
    (source,) = look(paper)
    assert [iri.rpartition("/")[2] for iri, _ in source.unproved] == [name.partition(":")[2]]
    assert [gap.text for gap in source.gaps] == ([] if name == "citation:a.inner" else ["Обіцянка"])
    done = cli("coverage", paper / "texts", "--format", "text", env=env(paper))
    assert done.returncode == 1
    assert "1 passage not proved" in done.stderr
    assert "covers nothing" in done.stdout
    assert "Never said" in done.stdout


def test_a_text_that_changed_cannot_be_told(paper: Path, cli: Cli) -> None:
    write(paper, "b", "All read.", {"b.all": ("All read.", "event:monday")})
    changed = TEXT.replace("twice", "thrice")
    (paper / "texts" / "a.txt").write_text(changed, encoding="utf-8")
    done = cli("coverage", paper / "texts", env=env(paper))
    assert done.returncode == 1
    assert done.stderr == "0 passages unread, 1 text not at hand as cited\n"
    a, b = json.loads(done.stdout)
    assert hashlib.sha256(changed.encode()).hexdigest() in a["fault"]
    assert (a["words"], a["passages"], a["gaps"]) == (None, [], [])
    assert (b["fault"], b["words"]["facts"]) == (None, 2)

    text = cli("coverage", paper / "texts", "--format", "text", env=env(paper)).stdout
    assert "The a paper (a): cannot be told" in text
    rows = [line.split() for line in text.splitlines()[-3:]]
    assert rows == [["a", *"––––––"], ["b", *"220011"], ["together", *"220011"]]
    assert cli("coverage", paper / "texts", "--source", "b", env=env(paper)).returncode == 0
    assert [s["slug"] for s in json.loads(cli("coverage", paper / "texts", "--gaps", env=env(paper)).stdout)] == ["a"]


def test_a_text_that_is_missing_cannot_be_told(paper: Path) -> None:
    write(paper, "b", "All read.", {"b.all": ("All read.", "event:monday")})
    (paper / "texts" / "a.txt").unlink()
    a, b = look(paper)
    assert "'a.txt' is not in" in a.fault
    assert (a.complete, b.complete) == (False, True)


# The command


def test_the_page(paper: Path, cli: Cli) -> None:
    done = cli("coverage", paper / "texts", "--format", "text", env=env(paper))
    assert done.returncode == 1
    assert done.stderr == "3 passages unread\n"
    assert done.stdout.splitlines() == [
        "The a paper (a): 22 words, 68% carry facts, 5% set aside, 27% unread",
        "1  set aside: heading · place of a.heading · “Обіцянка”",
        "3  3 things (2 statements, 1 event) · place of a.outer · “Arcadia promised help.¹ Ruritania said”",
        "3  1 thing (1 event) · place of a.inner · “Ruritania said so on Monday”",
        "3  UNREAD · ² Nobody replied.",
        "5  2 things (2 events) · place of a.met · “Arcadia and Ruritania met twice”",
        "6  UNREAD · Read on",
        "7  UNREAD · and subscribe!",
        "",
        "source  words  with facts  set aside  unread  passages  things",
        "a          22          15          1       6         4       4",
    ]


def test_the_kinds_go_first_where_there_is_no_room(paper: Path, cli: Cli) -> None:
    full = "3  3 things (2 statements, 1 event) · place of a.outer · “Arcadia promised help.¹ Ruritania said”"
    less = "3  3 things · place of a.outer · “Arcadia promised help.¹ Ruritania said”"
    for room, line in (
        (len(full), full),
        (len(full) - 1, less),
        (len(less), less),
        (len(less) - 1, less[:-2] + "…"),
    ):
        done = cli("coverage", paper / "texts", "--format", "text", env=env(paper, room))
        assert line in done.stdout.splitlines()


def test_a_share_that_is_not_quite_nothing_or_all_does_not_look_like_it(place: Path, cli: Cli) -> None:
    text = "word " * 300
    write(place, "a", text + "end", {"a.1": (text, "event:talks")})
    head = cli("coverage", place / "texts", "--format", "text", env=env(place)).stdout.splitlines()[0]
    assert head == "The a paper (a): 301 words, >99% carry facts, 0% set aside, <1% unread"


def test_only_the_gaps(paper: Path, cli: Cli) -> None:
    write(paper, "b", "All read.", {"b.all": ("All read.", "event:monday")})
    done = cli("coverage", paper / "texts", "--gaps", "--format", "text", env=env(paper))
    assert done.returncode == 1
    assert [line.partition("  ")[2] for line in done.stdout.splitlines()[1:]] == [
        "UNREAD · ² Nobody replied.",
        "UNREAD · Read on",
        "UNREAD · and subscribe!",
        "",
    ]
    (a,) = json.loads(cli("coverage", paper / "texts", "--gaps", env=env(paper)).stdout)
    assert "passages" not in a
    assert [gap["line"] for gap in a["gaps"]] == [3, 6, 7]


def test_json_is_the_default_of_a_pipe(paper: Path, cli: Cli) -> None:
    done = cli("coverage", paper / "texts", env=env(paper))
    (source,) = json.loads(done.stdout)
    assert (source["source"], source["slug"], source["title"]) == (THING + "source/a", "a", "The a paper")
    assert source["words"] == {"all": 22, "facts": 15, "set_aside": 1, "unread": 6}
    heading, outer, *_ = source["passages"]
    assert heading == {
        "iri": THING + "passage/a.heading",
        "line": 1,
        "start": 0,
        "end": 8,
        "locator": "place of a.heading",
        "phrase": "Обіцянка",
        "set_aside_as": "https://w3id.org/foedus/ns/set-aside/heading",
        "reason": "heading",
        "things": [],
        "kinds": {},
    }
    assert outer["things"] == [THING + name for name in ("event/monday", "statement/a.promise", "statement/a.told")]
    assert outer["kinds"] == {"statement": 2, "event": 1}
    at = TEXT.index("Read\ton")
    assert source["gaps"][1] == {"line": 6, "start": at, "end": at + 7, "text": "Read\ton"}


def test_a_summary_that_nobody_can_read_is_no_gap(paper: Path) -> None:
    write(paper, "a", TEXT, PASSAGES | REST)
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "foedus", "coverage", str(paper / "texts")],
            env={**os.environ, **env(paper)},
            stdout=subprocess.PIPE,
            stderr=full,
            check=False,
        )
    assert (done.returncode, len(json.loads(done.stdout))) == (0, 1)


def test_all_read_is_status_0(paper: Path, cli: Cli) -> None:
    write(paper, "a", TEXT, PASSAGES | REST)
    done = cli("coverage", paper / "texts", "--gaps", "--format", "text", env=env(paper))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "0 passages unread\n")


def test_sources_can_be_chosen(paper: Path, cli: Cli) -> None:
    for slug in ("b", "c"):
        write(paper, slug, "All read.", {f"{slug}.all": ("All read.", "event:monday")})
    assert [source.slug for source in look(paper)] == ["a", "b", "c"]
    done = cli("coverage", paper / "texts", "--source", "c", "--source", "b", "--format", "text", env=env(paper))
    assert (done.returncode, done.stderr) == (0, "0 passages unread\n")
    rows = [line.split() for line in done.stdout.splitlines()[-3:]]
    assert rows == [["b", *"220011"], ["c", *"220011"], ["together", *"440021"]]  # they support the same event


@pytest.mark.parametrize("columns", [20, 33, 61, 62, 200])
def test_a_terminal_gets_a_page_that_fits(paper: Path, columns: int) -> None:
    text = on_a_terminal(columns, "coverage", str(paper / "texts"), env=env(paper, columns))
    lines = text.splitlines()
    assert max(map(len, lines)) <= columns
    assert "\x1b" not in text
    assert [line[0] for line in lines if line[:1].isdigit()] == list("1333567")
    assert any(line.startswith("7  UNREAD · and") for line in lines)
    assert " ".join(text.split()).endswith("passages 4, things 4" if columns < 62 else "22 15 1 6 4 4")


def test_wrong_input(paper: Path, cli: Cli, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        coverage(str(paper / "graph"), str(tmp_path / "none"))
    with pytest.raises(UnknownName) as caught:
        look(paper, "b")
    assert caught.value.todo == "Sources: a."
    (tmp_path / "empty").mkdir()
    assert_one_message(cli("coverage", tmp_path / "none", env=env(paper)), 2, "no such folder")
    assert_one_message(cli("coverage", tmp_path / "empty", env=env(paper)), 2, "none of the source texts")
    assert_one_message(cli("coverage", paper / "texts", "--source", "dw", env=env(paper)), 2, "'dw'", "Sources: a")
    (paper / "graph" / "data" / "a.ttl").unlink()
    assert_one_message(cli("coverage", paper / "texts", "--source", "a", env=env(paper)), 2, "Sources: none")
    (paper / "graph" / "data" / "b.ttl").write_text("nothing\n")
    assert_one_message(cli("coverage", paper / "texts", env=env(paper)), 2, "b.ttl:1")


def test_nothing_heavy_is_imported(paper: Path) -> None:
    program = """import sys
from foedus.cli import main
main()
print([name for name in ("rdflib", "rich", "yaml", "pyshacl") if name in sys.modules])"""
    done = subprocess.run(
        [sys.executable, "-c", program, "coverage", str(paper / "texts")],
        env={**os.environ, **env(paper)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


# The shipped data


def test_no_sentence_of_the_source_texts_is_unread(texts: Path) -> None:
    found = coverage(str(ROOT), str(texts))
    assert len(found) == 11
    assert [(s.slug, gap.line, gap.text) for s in found for gap in s.gaps] == []
    assert all(source.complete for source in found)


def test_a_passage_taken_away_leaves_its_gap_in_the_shipped_data(folder: Path, texts: Path) -> None:
    (before,) = coverage(str(folder), str(texts), ["dw-article"])
    data = folder / "data" / "dw-article.ttl"
    text = data.read_text(encoding="utf-8")
    phrase = "This article was originally written in Ukrainian"
    assert phrase in text
    data.write_text(text.replace(phrase, "This article was never written"), encoding="utf-8")
    (after,) = coverage(str(folder), str(texts), ["dw-article"])
    (gap,) = set(after.gaps) - set(before.gaps)
    assert (gap.line, gap.text) == (45, phrase + ".")
    assert after.unread == before.unread + 7
