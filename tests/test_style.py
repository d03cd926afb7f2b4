"""The house format of queries, and the tokens beneath it."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus import style
from foedus.lexer import decode_codepoints, position, tokens, unescape
from foedus.turtle import Locator, subjects
from tests.conftest import ROOT

GOOD = """#+ summary: Who?

PREFIX a: <urn:a>
PREFIX b: <urn:b>

SELECT ?x
WHERE {
  ?x a a:C ; b:p "select" .
  FILTER(
    STR(?x) = "a" || BOUND(?x)
  )
}
"""


def test_the_shipped_queries_are_in_the_house_format() -> None:
    assert style.main([str(ROOT / "queries")]) == 0


def test_a_good_query_is_left_alone() -> None:
    assert list(style.faults(GOOD)) == []
    assert style.mended(GOOD) == GOOD


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("SELECT", "select", 6),
        ("STR(", "str(", 10),
        ("PREFIX a: <urn:a>\nPREFIX b: <urn:b>", "PREFIX b: <urn:b>\nPREFIX a: <urn:a>", 3),
        ("PREFIX b: <urn:b>", "PREFIX b: <urn:b>\nPREFIX c: <urn:c>", 5),
        ("?x a a:C", "?x a a:C  ; b:p 1 ;   \n   b:p 2", 8),
        ("  FILTER", "\tFILTER", 9),
        ("  FILTER", "   FILTER", 9),
        ("  )\n", "    )\n", 11),
        ('"select"', '"' + "x" * 120 + '"', 8),
        ("}\n", "}\n\n", 13),
    ],
)
def test_what_is_not_is_found_by_line(old: str, new: str, line: int) -> None:
    found = list(style.faults(GOOD.replace(old, new, 1)))
    assert found
    assert line in [number for number, _ in found] or line - 1 in [number for number, _ in found]


def test_what_needs_no_judgement_is_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "q.rq"
    path.write_text(GOOD.replace("SELECT", "select").replace("PREFIX b", "prefix c: <urn:c>\nPREFIX b") + "\n")
    assert style.main([str(path)]) == 1
    assert str(path) in capsys.readouterr().out
    assert style.main(["--write", str(path)]) == 0
    assert path.read_text() == GOOD


def test_tokens_joined_are_the_text() -> None:
    for path in [*(ROOT / "queries").glob("*.rq"), *(ROOT / "data").glob("*.ttl"), *(ROOT / "ontology").glob("*.ttl")]:
        text = path.read_text(encoding="utf-8")
        found = tokens(text)
        assert "".join(t.text for t in found) == text
        assert [t.text for t in found if t.kind == "other"] == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("?a<?b", ["variable", "mark", "variable"]),
        ("<urn:a>", ["iri"]),
        ("a:b.c.", ["name", "mark"]),
        ("a:", ["name"]),
        (":b", ["name"]),
        ("_:b1", ["blank"]),
        ('"a"@en-gb', ["string", "tag"]),
        ('"""a"b\n"""', ["long_string"]),
        ("'a\\'b'^^x:y", ["string", "mark", "name"]),
        ("1.5e3", ["number"]),
        ("1 .", ["number", "mark"]),
        ("@prefix", ["tag"]),
        ("a:b\\/c", ["name"]),
        ('"open', ["other", "word"]),
    ],
)
def test_terminals(text: str, kinds: list[str]) -> None:
    assert [t.kind for t in tokens(text) if t.kind != "space"] == kinds


def test_codepoints_are_decoded_only_where_they_could_spell_a_word() -> None:
    assert decode_codepoints("\\u0053ELECT") == "SELECT"
    assert decode_codepoints('SELECT * { ?s ?p "\\u0022 }" }') == 'SELECT * { ?s ?p "\\u0022 }" }'
    assert unescape(r'"a\"b\u00e9\n"') == 'a"bé\n'
    assert position("a\nbc", 3) == (2, 2)


def test_the_line_of_a_description_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(
        "@prefix a: <urn:a:> .\nPREFIX b: <urn:b:>\n# a:no\na:x a:p b:y ;\n  a:q [ a:r a:z ] .\n\n<urn:w> a:p a:x .\n"
    )
    assert list(subjects(str(path))) == [("urn:a:x", 4), ("urn:w", 7)]
    locator = Locator([str(path)])
    assert locator.line("urn:w") == f"{path}:7"
    assert locator.line("urn:b:y") is None
