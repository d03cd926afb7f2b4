"""The command line as a user meets it: help, formats, pipes, and what it says to bad input."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from foedus.cli import COMMANDS
from tests.conftest import Cli, assert_one_message


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(cli: Cli, command: str) -> None:
    done = cli(command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: foedus {command}")
    assert COMMANDS[command][1:] in " ".join(done.stdout.split())


def test_every_command_is_in_the_readme(cli: Cli) -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"foedus {command}" in readme


def test_no_command_at_all_prints_the_commands(cli: Cli) -> None:
    done = cli()
    assert done.returncode == 2
    assert all(command in done.stderr for command in COMMANDS)
    assert cli("--version").stdout.startswith("foedus ")


def test_an_unknown_command_gets_a_suggestion(cli: Cli) -> None:
    assert_one_message(cli("querys"), 2, "Did you mean queries")
    assert_one_message(cli("frobnicate"), 2, "--help")


# Formats


def test_csv_is_the_default_of_a_pipe(cli: Cli) -> None:
    assert cli("run", "counts").stdout == cli("run", "counts", "--format", "csv").stdout


def test_the_formats_hold_the_same_answer(cli: Cli) -> None:
    expected = list(csv.reader(io.StringIO(cli("run", "counts", "--format", "csv").stdout)))
    header, *rows = expected

    found = json.loads(cli("run", "counts", "--format", "json").stdout)
    assert found["head"]["vars"] == header
    assert [[b.get(c, {"value": ""})["value"] for c in header] for b in found["results"]["bindings"]] == rows
    (number,) = {b["number"]["datatype"] for b in found["results"]["bindings"] if "number" in b}
    assert number.endswith("#integer")

    space = {"s": "http://www.w3.org/2005/sparql-results#"}
    root = ET.fromstring(cli("run", "counts", "--format", "xml").stdout)
    assert [v.get("name") for v in root.findall("s:head/s:variable", space)] == header
    for result, row in zip(root.findall("s:results/s:result", space), rows, strict=True):
        cells = {b.get("name"): "".join(b.itertext()).strip() for b in result}
        assert [cells.get(c, "") for c in header] == row

    lines = cli("run", "counts", "--format", "tsv").stdout.splitlines()
    assert lines[0] == "\t".join("?" + c for c in header)
    assert len(lines) == len(expected)
    assert '"21"^^<http://www.w3.org/2001/XMLSchema#integer>' in "\n".join(lines)

    for format, mark in (("markdown", "| --- |"), ("html", "<tbody>")):
        text = cli("run", "counts", "--format", format).stdout
        assert mark in text
        assert all(row[0].replace("'", "&#x27;" if format == "html" else "'") in text for row in rows)


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "xml", "markdown", "html", "table"])
def test_passages_are_in_every_format(cli: Cli, format: str) -> None:
    text = cli("run", "counts", "--cite", "--format", format).stdout
    assert "31-nation alliance" in " ".join(text.split())
    assert "Press report on the Vilnius summit" in " ".join(text.split())


def test_json_holds_the_passages_with_their_spans(cli: Cli) -> None:
    found = json.loads(cli("run", "counts", "--cite", "--format", "json").stdout)
    assert len(found["passages"]) == len(found["results"]["bindings"])
    first = found["passages"][0][0]
    assert set(first) == {"citation", "source", "title", "locator", "start", "end", "phrase"}
    assert first["start"] < first["end"]


def test_triples_are_turtle(cli: Cli) -> None:
    assert "actor:united-kingdom" in cli("run", "graph-of-relations").stdout
    assert_one_message(cli("run", "graph-of-relations", "--format", "csv"), 2, "--format turtle")
    assert_one_message(cli("run", "counts", "--format", "turtle"), 2, "rows")


def test_yes_or_no(cli: Cli) -> None:
    assert cli("run", "article-5-equivalent-for-ukraine").stdout == "false\n"
    document = json.loads(cli("run", "article-5-equivalent-for-ukraine", "--format", "json").stdout)
    assert document == {"head": {}, "boolean": False}


def test_an_answer_without_rows_is_an_answer(cli: Cli) -> None:
    done = cli("run", "promises-by", "-p", "giver=soviet-union")
    assert (done.returncode, done.stdout.strip()) == (0, "instrumentName,promise,verb,force,commitment")
    assert cli("run", "promises-by", "-p", "giver=soviet-union", "--format", "table").stdout == "no rows\n"


def on_a_terminal(columns: int, *arguments: str, env: dict[str, str] | None = None) -> str:
    """What a command prints on a terminal of that width."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "foedus", *arguments],
        stdout=child,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": str(columns), "TERM": "xterm", **(env or {})},
    )
    os.close(child)
    text = b""
    while True:
        try:
            data = os.read(parent, 65536)
        except OSError:
            break
        if not data:
            break
        text += data
    process.wait()
    os.close(parent)
    return text.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [30, 80, 200])
@pytest.mark.parametrize("arguments", [("run", "counts"), ("show", "uk-ukraine-2024"), ("queries",)])
def test_a_terminal_gets_a_table_that_fits(columns: int, arguments: tuple[str, ...]) -> None:
    text = on_a_terminal(columns, *arguments)
    assert text.count("\n") > 5
    assert max(map(len, text.splitlines())) <= columns
    assert "\x1b" not in text  # nothing here needs colour


def test_a_reader_that_stops_reading_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m foedus run instruments | head -1", shell=True, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("name,kind")
    assert done.stderr == ""


@pytest.mark.parametrize(("closed", "status"), [("<&-", 0), (">&-", 2), ("2>&-", 0), ("<&- >&- 2>&-", 2)])
def test_streams_may_be_closed(closed: str, status: int) -> None:
    command = f"{sys.executable} -m foedus run counts {closed}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout.startswith("thingName,") == (status == 0)
    if closed == ">&-":
        assert "standard output is closed" in done.stderr


def test_an_output_that_is_full_is_said(cli: Cli) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "foedus", "run", "counts"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "foedus: standard output: No space left on device\n"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("run", "instruments", "--as-of", "2024-07-11"), 0),  # with notes
        (("run", "nothing"), 2),
        (("verify", "."), 2),
        (("nothing",), 2),
    ],
)
def test_messages_that_nobody_can_read_change_nothing(arguments: tuple[str, ...], status: int) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "foedus", *arguments], stdout=subprocess.PIPE, stderr=full, check=False
        )
    assert done.returncode == status
    assert done.stdout.startswith(b"name,kind") == (status == 0)


def test_files_that_cannot_be_opened_any_more_are_said() -> None:
    command = f"ulimit -n 6; exec {sys.executable} -m foedus run counts"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert_one_message(done, 2, "Too many open files")


# Bad input


def test_an_unknown_query(cli: Cli) -> None:
    assert_one_message(cli("run", "agreements-without-artcle-5"), 2, "Did you mean agreements-without-article-5")


def test_an_unknown_parameter_and_a_value_of_the_wrong_type(cli: Cli) -> None:
    assert_one_message(cli("run", "promises-by", "-p", "gver=x"), 2, "Did you mean giver")
    assert_one_message(cli("run", "counts", "-p", "x=y"), 2, "none")
    assert_one_message(cli("run", "concluded-by", "-p", "day=2024-02-30"), 2, "day", "YYYY-MM-DD")
    assert_one_message(cli("run", "concluded-by", "-p", "day"), 2, "NAME=VALUE")


def test_a_parameter_that_names_nothing_gets_a_suggestion(cli: Cli) -> None:
    assert_one_message(cli("run", "promises-by", "-p", "giver=united-kingdon"), 2, "Did you mean united-kingdom")
    assert_one_message(cli("run", "promises-by", "-p", "giver=actor/poland"), 2, "Did you mean actor:poland")
    group = "g7-bilateral-arrangements"
    assert_one_message(cli("run", "profile-of", "-p", f"instrument={group}"), 2, f"Did you mean group:{group}")
    assert cli("run", "profile-of", "-p", f"instrument=group:{group}").returncode == 0
    assert_one_message(cli("run", "promises-by", "-p", "giver="), 2, "neither an IRI nor a slug")
    assert_one_message(cli("run", "promises-by", "-p", "giver=poland", "-p", "giver=japan"), 2, "given twice")
    assert cli("run", "promises-by", "-p", "giver=actor:poland").stdout.count("\n") > 1
    assert_one_message(cli("run", "instruments", "--as-of", ""), 2, "--as-of")


def test_output_that_cannot_hold_a_letter_is_still_written(cli: Cli) -> None:
    done = cli("show", "uk-ukraine-2024", "--format", "text", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "UK\\u2013Ukraine" in done.stdout


def test_a_column_may_be_called_passages(cli: Cli) -> None:
    query = 'SELECT ("a" AS ?passages) { }'
    assert cli("sparql", input=query).stdout.split() == ["passages", "a"]
    assert cli("sparql", "--cite", input=query).stdout.split() == ["passages,passages_", "a,"]
    assert cli("sparql", "--format", "markdown", input="SELECT * { }").returncode == 0


def test_writing_has_a_time_limit_too(cli: Cli) -> None:
    query = "SELECT ?a ?b ?c { ?a ?b ?c . ?d ?e ?f } LIMIT 60000"
    assert_one_message(cli("sparql", "--format", "table", "--timeout", "1", input=query), 3, "while writing")


def test_an_unknown_source_and_a_day_that_is_none(cli: Cli) -> None:
    assert_one_message(cli("run", "counts", "--source", "dw-artikel"), 2, "Did you mean dw-article")
    assert_one_message(cli("run", "counts", "--as-of", "2024-02-30"), 2, "2024-02-30", "YYYY-MM-DD")


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize(
    ("query", "line", "says"),
    [
        ("SELECT *\nWHERE {\n  ?s ?p )\n}\n", 3, "near"),
        ("SELECT *\nWHERE {\n  ?s ?p ?o .\n  FILTER(?s >)\n}\n", 4, "near 'FILTER'"),
        ("SELECT *\nWHERE {\n  ?s ?p ?o ?x\n}\n", 3, "near '?'"),
        ("SELECT *\nWHERE {\n  ?s nope:x ?o .\n}\n", 3, "prefix nope: is not declared"),
        ('SELECT *\nWHERE {\n  ?s ?p "open\n}\n', 3, "does not end"),
        ("SELECT *\nWHERE {\n  ?s ?p ?o .\n", 4, "end of text"),
    ],
)
def test_a_query_with_an_error_names_file_and_line(
    cli: Cli, tmp_path: Path, small: Path, engine: str, query: str, line: int, says: str
) -> None:
    path = tmp_path / "wrong.rq"
    path.write_text(query)
    done = cli("sparql", path, "--engine", engine, env={"FOEDUS_FOLDER": str(small)})
    assert_one_message(done, 2, f"{path}:{line}", says)


def test_an_update_is_refused(cli: Cli) -> None:
    assert_one_message(cli("sparql", input="DELETE WHERE { ?s ?p ?o }"), 2, "standard input:1:1", "update")


def test_a_query_file_that_is_missing_or_no_text(cli: Cli, tmp_path: Path) -> None:
    assert_one_message(cli("sparql", tmp_path / "none.rq"), 2, "none.rq", "No such file")
    (tmp_path / "bytes.rq").write_bytes(b"\xff\xfe\x00")
    assert_one_message(cli("sparql", tmp_path / "bytes.rq"), 2, "bytes.rq", "UTF-8")
    assert_one_message(cli("sparql", tmp_path), 2, tmp_path)
    assert_one_message(cli("sparql", input=""), 2, "no SPARQL query")


def test_data_that_are_not_turtle_name_file_and_line(cli: Cli, folder: Path) -> None:
    data = folder / "data" / "dw-article.ttl"
    lines = data.read_text(encoding="utf-8").splitlines(keepends=True)
    data.write_text("".join(lines[:60]) + "source:x a nothing:Known .\n" + "".join(lines[60:]))
    env = {"FOEDUS_FOLDER": str(folder)}
    for command in (("run", "counts"), ("validate",), ("export",), ("verify", folder), ("show", "nato")):
        assert_one_message(cli(*command, env=env), 2, f"{data}:61")
    data.write_text("".join(lines[:60]) + 'source:x rdfs:label "open .\n')
    assert_one_message(cli("run", "counts", env=env), 2, f"{data}:61")


def test_a_folder_that_is_no_graph(cli: Cli, tmp_path: Path) -> None:
    assert_one_message(cli("run", "counts", env={"FOEDUS_FOLDER": str(tmp_path / "none")}), 2, "FOEDUS_FOLDER")
    assert_one_message(cli("run", "counts", env={"FOEDUS_FOLDER": str(tmp_path)}), 2, tmp_path)
    assert_one_message(cli("validate", env={"FOEDUS_FOLDER": str(tmp_path)}), 2, tmp_path)


def test_an_option_that_does_not_exist(cli: Cli) -> None:
    done = cli("run", "counts", "--colour")
    assert done.returncode == 2
    assert "--colour" in done.stderr
    assert "Traceback" not in done.stderr
    assert cli("run", "counts", "--engine", "rdflib", "--endpoint", "http://127.0.0.1/").returncode == 2


def test_nothing_heavy_is_imported_to_answer(cli: Cli) -> None:
    """A command pays for its imports, so a saved query in CSV needs none of these."""
    program = """import sys
from foedus.cli import main
main()
heavy = sys.stdin.read().split()
print([name for name in heavy if name in sys.modules])"""
    heavy = "rdflib pyshacl owlready2 SPARQLWrapper rich yaml subprocess http.client tempfile"
    done = subprocess.run(
        [sys.executable, "-c", program, "run", "counts"], input=heavy, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
