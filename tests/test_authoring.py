"""Texts cut into clauses, drafts with their open questions, and what a second run says of a text that has changed."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from foedus.authoring.clauses import Clause, cut
from foedus.authoring.layout import blocks
from foedus.searching import occurrences
from foedus.turtle import parse
from tests.conftest import Cli, assert_one_message

#: As a word processor exports it: one paragraph a line. The states are made up, and so is every word.
EXPORTED = """\ufeffAgreement on lasting support between Ukraine and the Republic of Ruritania

Preamble
Ukraine and Ruritania (hereinafter “the Participants”),
Recalling their friendship of old;
Have agreed as follows:

Part I. Defence
Air and sea
    1. Ruritania will provide Ukraine with patrol boats, where possible.
    2. Through this Agreement Ruritania will:
        • train crews of the navy; and
        • repair, as appropriate, the boats it has given.
    3. The Participants seek to meet once a year.
Industry
    4. Ukraine commits to protecting the plans of the boats.
This is no mere wish of the Participants.
Part II. Future attack
    5. In the event of a future armed attack the Participants shall, at the request of either, consult within 12 hours.
    6. The consultation may cover:
        (a) the needs of Ukraine;
        (b) costs for the attacker.
Part III. Final provisions
Duration
    7. This Agreement lasts for four years from the date of its signature.
Signed in Strelsau on 1 April 2025, in two copies.
For Ukraine: N. N., President
For Ruritania: N. N., Queen
"""

#: As `pdftotext -layout` has it: broken lines, a running head, page numbers, a sentence across a page.
PRINTED = """                AGREEMENT ON SUPPORT
                      BETWEEN
               RURITANIA AND UKRAINE

The Government of Ruritania and Ukraine, hereinafter the Parties, recall with satisfaction their long
and unbroken friendship.

I. Scope
1. This Agreement rests on the friendship of the Parties, which goes back to the days of the old
kingdom, and on nothing else that anybody could name.
2. Ruritania will support Ukraine in every field of its own choosing, such as boats and bridges, and
will continue to do so for the whole of the time that this Agreement is to last between the two
                                                   1
\fAgreement Ruritania Ukraine
Parties and their successors.
3. The Parties are to self-
assess their work:
   a) every spring, by letter;
   b) every autumn, by a meeting in the
   capital of either Party.

II. Final provisions
Language
This Agreement is made in English, and in no other language.
                                                   2
\fAgreement Ruritania Ukraine
III. Entry into force
It takes effect at once.

Done at Strelsau on 1 April 2025.
                                                   3
\fAgreement Ruritania Ukraine
Annex
1. A list of boats.
"""

UKRAINIAN = """Угода про співпрацю між Україною та Руританією

Преамбула
Україна та Руританія, далі – «Учасники»,

Частина I. Оборона

Стаття 1. Човни
1. Руританія надаватиме Україні човни, за можливості.
2. Учасники мають намір:
а) готувати екіпажі;
б) лагодити човни.

Стаття 2. Спори
Спори розв’язуються консультаціями.

Підписано в м. Стрельзау 1 квітня 2025 року.
"""


def outline(text: str) -> list[str]:
    return [part.path for part in cut(text).walk()]


def clause(text: str, path: str) -> Clause:
    return next(part for part in cut(text).walk() if part.path == path)


def test_parts_headings_numbers_bullets_and_letters_are_nested() -> None:
    assert outline(EXPORTED) == [
        "title",
        "preamble",
        "preamble.p1",
        "preamble.p2",
        "preamble.p3",
        "i",
        "i.air-and-sea",
        "i.air-and-sea.1",
        "i.air-and-sea.2",
        "i.air-and-sea.2.b1",
        "i.air-and-sea.2.b2",
        "i.air-and-sea.3",
        "i.industry",
        "i.industry.4",
        "i.industry.4.p1",
        "ii",
        "ii.5",
        "ii.6",
        "ii.6.a",
        "ii.6.b",
        "iii",
        "iii.duration",
        "iii.duration.7",
        "signature",
    ]


def test_spans_hold_the_clause_and_all_its_parts() -> None:
    for part in cut(EXPORTED).walk():
        own = EXPORTED[part.start : part.end]
        assert own == own.strip()
        assert part.words.split()[0] in own
        for below in part.parts:
            assert part.start <= below.start < below.end <= part.end
    assert EXPORTED[clause(EXPORTED, "i.air-and-sea.2.b1").start :].startswith("• train crews")
    assert EXPORTED[: clause(EXPORTED, "signature").end].endswith("Queen")


def test_numbers_headings_and_kinds_are_those_of_the_text() -> None:
    told = {part.path: (part.kind, part.number, part.heading) for part in cut(EXPORTED).walk()}
    assert told["i"] == ("part", "I", "Defence")
    assert told["i.air-and-sea"] == ("part", "", "Air and sea")
    assert told["i.air-and-sea.1"] == ("paragraph", "1", "")
    assert told["i.air-and-sea.2.b2"] == ("item", "", "")
    assert told["ii.6.a"] == ("item", "a", "")
    assert clause(EXPORTED, "ii.6.a").locator == "Part II, 6, (a)"
    assert clause(EXPORTED, "i.air-and-sea.2.b2").locator == "Part I, Air and sea, 2, bullet 2"


def test_page_breaks_page_numbers_and_running_heads_are_left_out() -> None:
    assert outline(PRINTED) == [
        "title",
        "preamble",
        "preamble.p1",
        "i",
        "i.1",
        "i.2",
        "i.3",
        "i.3.a",
        "i.3.b",
        "ii",
        "ii.language",
        "ii.language.p1",
        "iii",
        "iii.p1",
        "signature",
        "annex",
        "annex.1",
    ]
    across = clause(PRINTED, "i.2")
    assert across.words.endswith("between the two Parties and their successors.")
    assert "\f" in PRINTED[across.start : across.end]
    assert "\f" not in PRINTED[across.start : across.first]
    assert all("Agreement Ruritania Ukraine" not in block.text for block in blocks(PRINTED))
    assert not [block.text for block in blocks(PRINTED) if block.text.isdigit()]


def test_a_ukrainian_text_is_cut_alike() -> None:
    assert outline(UKRAINIAN) == [
        "title",
        "preamble",
        "preamble.p1",
        "i",
        "i.1",
        "i.1.1",
        "i.1.2",
        "i.1.2.a",
        "i.1.2.b",
        "i.2",
        "i.2.p1",
        "signature",
    ]
    assert clause(UKRAINIAN, "i.1").kind == "article"
    assert clause(UKRAINIAN, "i.1.2").locator == "Частина I, Стаття 1, 2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Title of it\n\nArticle 1: One\nIt is so.\nArticle 2: Two\n1. First.\n2. Second.\n",
            ["1", "1.p1", "2", "2.1", "2.2"],
        ),
        (
            "T\n\nI. One\n1. First:\n(i) this;\n(ii) that;\n(iii) more.\n2. Second.\n",
            ["i.1.i", "i.1.ii", "i.1.iii", "i.2"],
        ),
        ("T\n\nA. One\n1. First.\nB. Two\n1. Again.\nC. Three\n1. More.\n", ["a", "a.1", "b", "b.1", "c", "c.1"]),
        ("T\n\nI. One\n1.1 First.\n1.2 Second.\n2.1 Third.\n", ["i.1-1", "i.1-2", "i.2-1"]),
        ("T\n\nI. One\n1. First.\nI. Two\n1. Again.\n", ["i", "i.1", "i-2", "i-2.1"]),
        ("T\n\nScope\n1. First.\na) Air\n2. Second.\nb) Sea\n3. Third.\n", ["scope.1", "scope.a.2", "scope.b.3"]),
        (
            "T\n\nPart I. One\nFirst of all.\nSecondly:\n1. this;\n2. that.\nFinally.\n",
            ["i.p1", "i.p2", "i.p2.1", "i.p2.2", "i.p3"],
        ),
    ],
)
def test_what_a_mark_means_follows_from_where_it_stands(text: str, expected: list[str]) -> None:
    found = outline(text)
    assert [path for path in found if path in expected] == expected, found


def test_a_text_without_any_structure_is_paragraphs() -> None:
    assert outline("only this and that, in small letters.\n") == ["preamble", "preamble.p1"]
    assert outline("") == []


# Drafts


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    path = tmp_path / "ruritania.txt"
    path.write_text(EXPORTED, encoding="utf-8")
    return path


def begin(cli: Cli, folder: Path, text: Path, *more: object, slug: str = "text-ruritania") -> str:
    done = cli("new", "agreement", "--text", text, "--slug", slug, *more, env={"FOEDUS_FOLDER": str(folder)})
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return done.stderr


def block(content: str, subject: str) -> str:
    found = re.search(rf"(?ms)^{re.escape(subject)} .*?\.$\n", content)
    assert found, subject
    return found[0]


def test_a_draft_marks_every_question(cli: Cli, folder: Path, exported: Path) -> None:
    told = begin(cli, folder, exported, "--giver", "poland", "--instrument", "ruritania-ukraine")
    path = folder / "data" / "text-ruritania.ttl"
    content = path.read_text(encoding="utf-8")
    assert f"{content.count('foedus:openQuestion')} open questions" in told
    assert hashlib.sha256(exported.read_bytes()).hexdigest() in content
    boats = block(content, "commitment:text-ruritania.i.air-and-sea.1.c1")
    assert 'foedus:verbAsWorded "will provide"' in boats
    assert "foedus:deonticForce force:will" in boats
    assert "hedge:text-ruritania.i.air-and-sea.1.c1.feasibility" in boats
    crews = block(content, "commitment:text-ruritania.i.air-and-sea.2.b1.c1")
    assert 'foedus:verbAsWorded "will … train"' in crews and "force:will" in crews
    assert "citation:text-ruritania.i.air-and-sea.2 " in crews, "the lead-in is cited too"
    assert "force:strives" in block(content, "commitment:text-ruritania.i.air-and-sea.3.c1")
    own = block(content, "commitment:text-ruritania.i.industry.4.c1")
    assert "foedus:committedBy actor:ukraine" in own and "force:commits" in own
    both = block(content, "commitment:text-ruritania.ii.5.c1")
    assert "foedus:committedBy actor:poland , actor:ukraine" in both and "force:shall" in both
    assert not re.search(r"commitment:text-ruritania\.(preamble|title|signature)", content)
    lacking = block(content, "finding:text-ruritania.deported-children")
    assert "verdict:absent" in lacking and '"children"' in lacking and "citation:text-ruritania.whole" in lacking
    seen = block(content, "finding:text-ruritania.termination")
    assert "verdict:absent" in seen
    asked = block(content, "finding:text-ruritania.consultation-request")
    assert "foedus:verdict" not in asked and "clause:text-ruritania.ii.5" in asked
    assert "foedus:openQuestion" in asked


def test_validate_names_what_is_still_open_and_verify_proves_the_rest(cli: Cli, folder: Path, exported: Path) -> None:
    begin(cli, folder, exported, "--giver", "poland", "--instrument", "ruritania-ukraine")
    done = cli("validate", env={"FOEDUS_FOLDER": str(folder)})
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if "text-ruritania" in line]
    content = (folder / "data" / "text-ruritania.ttl").read_text(encoding="utf-8")
    assert sum("still open" in line for line in lines) == content.count("foedus:openQuestion")
    assert all(re.match(r".*text-ruritania\.ttl:\d+: ", line) for line in lines)
    texts = exported.parent / "texts"
    texts.mkdir()
    exported.rename(texts / "ruritania.txt")
    report = cli("verify", texts, env={"FOEDUS_FOLDER": str(folder)}).stdout
    assert "text-ruritania" not in report, "every passage of the draft stands in the text"


def test_the_house_format_needs_no_change(cli: Cli, folder: Path, exported: Path) -> None:
    import subprocess
    import sys

    begin(cli, folder, exported)
    path = folder / "data" / "text-ruritania.ttl"
    before = path.read_bytes()
    formatter = Path(sys.executable).with_name("turtlefmt")
    subprocess.run([formatter, path], check=True, capture_output=True)
    assert path.read_bytes() == before
    assert len(list(parse(str(path)))) > 500


def test_the_other_party_is_the_one_that_the_title_names(cli: Cli, folder: Path, exported: Path) -> None:
    text = exported.with_name("poland.txt")
    text.write_text(EXPORTED.replace("Ruritania", "Poland"), encoding="utf-8")
    assert "The other party is poland" in begin(cli, folder, text, slug="text-poland")
    assert "names no known party" in begin(cli, folder, exported)
    italian = exported.with_name("italy.txt")
    italian.write_text(UKRAINIAN.replace("Руританією", "Італією").replace("Руританія", "Італія"), encoding="utf-8")
    assert "The other party is italy" in begin(cli, folder, italian, slug="text-italy")
    content = (folder / "data" / "text-italy.ttl").read_text(encoding="utf-8")
    boats = block(content, "commitment:text-italy.i.1.1.c1")
    assert "actor:italy" in boats and "force:will" in boats and "feasibility" in boats
    assert "force:intends" in block(content, "commitment:text-italy.i.1.2.a.c1")


# Run again


def test_a_second_run_never_writes_over_the_file(cli: Cli, folder: Path, exported: Path) -> None:
    begin(cli, folder, exported, "--giver", "poland")
    path = folder / "data" / "text-ruritania.ttl"
    mine = path.read_text(encoding="utf-8").replace('rdfs:label "Text of', 'rdfs:label "My own words for')
    path.write_text(mine, encoding="utf-8")
    again = cli("new", "agreement", "--text", exported, "--slug", "text-ruritania", env={"FOEDUS_FOLDER": str(folder)})
    assert again.returncode == 0 and "stays as it is: 0 passages moved, 0 to be looked at" in again.stderr
    assert path.read_text(encoding="utf-8") == mine


def test_what_moved_changed_or_came_is_told(cli: Cli, folder: Path, exported: Path) -> None:
    begin(cli, folder, exported, "--giver", "poland")
    path = folder / "data" / "text-ruritania.ttl"
    before = path.read_text(encoding="utf-8")
    changed = EXPORTED.replace("Recalling their friendship of old;", "Recalling their old and much tested friendship;")
    changed = changed.replace("    3. The Participants seek to meet", "    3. The Participants try to meet")
    changed = changed.replace("Part III. Final", "    7. A new paragraph stands here.\nPart III. Final")
    exported.write_text(changed, encoding="utf-8")
    env = {"FOEDUS_FOLDER": str(folder)}
    told = cli("new", "agreement", "--text", exported, "--slug", "text-ruritania", env=env)
    assert told.returncode == 1
    assert path.read_text(encoding="utf-8") == before, "telling changes nothing"
    lines = told.stdout.splitlines()
    assert any("citation:text-ruritania.ii.5: " in line and " is now " in line for line in lines)
    assert any("citation:text-ruritania.i.air-and-sea.3.c1" in line and "nowhere" in line for line in lines)
    assert any("clause:text-ruritania.ii.7" in line and "does not have" in line for line in lines)
    assert not any("citation:text-ruritania.title:" in line for line in lines)
    moved = cli("new", "agreement", "--text", exported, "--slug", "text-ruritania", "--move", env=env)
    assert moved.returncode == 1, "some are still to be looked at"
    after = path.read_text(encoding="utf-8")
    differing = [(old, new) for old, new in zip(before.splitlines(), after.splitlines(), strict=True) if old != new]
    assert differing
    assert all(re.match(r"\s+foedus:(start|end|sha256) ", new) for _, new in differing)
    boats = block(after, "citation:text-ruritania.ii.5")
    start = int(re.search(r"foedus:start (\d+)", boats)[1])  # type: ignore[index]
    assert changed[start:].startswith("5. In the event")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b" \n\n", "empty"), (b"one\nt\xffwo\n", "not UTF-8"), (None, "No such file")],
)
def test_a_bad_text_is_one_clear_message(
    cli: Cli, folder: Path, tmp_path: Path, content: bytes | None, words: str
) -> None:
    text = tmp_path / "bad.txt"
    if content is not None:
        text.write_bytes(content)
    done = cli("new", "agreement", "--text", text, "--slug", "text-bad", env={"FOEDUS_FOLDER": str(folder)})
    assert_one_message(done, 2, words, "bad.txt")
    assert not (folder / "data" / "text-bad.ttl").exists()


def test_bad_names_and_places_are_told(cli: Cli, folder: Path, exported: Path) -> None:
    env = {"FOEDUS_FOLDER": str(folder)}
    for slug in ("Text Poland", "../x", "-a", ""):
        done = cli("new", "agreement", "--text", exported, f"--slug={slug}", env=env)
        assert_one_message(done, 2, "not a slug")
    out = exported.parent / "missing" / "x.ttl"
    done = cli("new", "agreement", "--text", exported, "--slug", "text-x", "-o", out, env=env)
    assert_one_message(done, 2, "no such folder", "missing")
    done = cli("new", "treaty", "--text", exported, "--slug", "text-x", env=env)
    assert done.returncode == 2 and "treaty" in done.stderr


# Searching


def test_a_search_term_matches_where_a_word_begins() -> None:
    text = "Immediate media\nwork; the MEDIA, multimedia. Учасники працюватимуть."
    assert [text[a:b] for a, b in occurrences(text, "media")] == ["media", "MEDIA"]
    assert [text[a:b] for a, b in occurrences(text, "media work")] == ["media\nwork"]
    assert [text[a:b] for a, b in occurrences(text, "*тимуть")] == ["працюватимуть"]
    assert list(occurrences(text, " ")) == []
    assert list(occurrences("axb a.b", "a.b")) == [(4, 7)], "a full stop is no pattern"
