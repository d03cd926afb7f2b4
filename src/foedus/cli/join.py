"""`foedus join`: an answer with the columns of somebody else's table."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence

from foedus.cli import asking, tell
from foedus.errors import InputError
from foedus.links import joining
from foedus.links.delimited import Table
from foedus.links.identifiers import CLOSE, KINDS
from foedus.links.joining import Finding, Report

_REPORTS = (".csv", ".json")
_MOST_SHOWN = 10  # findings of one sort that are shown


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("file", metavar="FILE", help="a table: CSV, or with semicolons, tabs or bars; - for stdin")
    parser.add_argument("--on", choices=list(KINDS), required=True, help="the kind of identifier to join on")
    parser.add_argument("--key", metavar="COLUMN", help="column of the table that holds it (default: found)")
    parser.add_argument(
        "--columns", metavar="A,B", help="columns of the table to add (default: all); written as a row of CSV"
    )
    parser.add_argument(
        "--where", metavar="COLUMN=VALUE", action="append", default=[], help="only rows of the table with this value"
    )
    parser.add_argument("--many", action="store_true", help="take every row of the table, where a thing has several")
    parser.add_argument("--query", metavar="SLUG", default="givers", help="the saved query (default: givers)")
    parser.add_argument("-p", "--param", metavar="NAME=VALUE", action="append", default=[], help="set a parameter")
    parser.add_argument("--column", metavar="COLUMN", help="column of the answer that holds the things")
    parser.add_argument("--encoding", metavar="NAME", help="encoding of the table (default: UTF-8, or as it is marked)")
    parser.add_argument("--delimiter", metavar="C", help="between its cells: a character, or tab (default: found)")
    parser.add_argument("--header", metavar="LINE", type=int, help="line of its header (default: found)")
    parser.add_argument("--report", metavar="FILE", help="write what joined and what did not to FILE.csv or FILE.json")
    asking.arguments(parser)


def main(options: argparse.Namespace) -> int:
    """Join the table and print the answer; 1 where nothing joined."""
    if options.report is not None:
        _check_report(options.report, options.file)
    parameters = asking.pairs(options.param)
    where = asking.pairs(options.where, "--where", "year=2023")
    with (
        Table(
            options.file, encoding=options.encoding, delimiter=_character(options.delimiter), header=options.header
        ) as table,
        asking.graph(options) as graph,
    ):
        answer = graph.run(options.query, parameters, as_of=options.as_of, sources=options.source, cite=options.cite)
        if answer.form == "rows" and not answer:
            asking.note(graph.warnings)
            tell(f"foedus: {options.query}: the answer has no rows\n  Ask other sources, or another query.")
            return 1
        joined, report = joining.join(
            graph,
            answer,
            table,
            on=options.on,
            column=options.column,
            key=options.key,
            columns=_names(options.columns),
            where=where,
            many=options.many,
        )
        if options.report is not None:
            _write(report, options.report)
        try:
            if report.with_columns:
                asking.put(joined, options, graph.warnings)
                sys.stdout.flush()
        except BrokenPipeError:  # who reads the answer has seen enough, and is told all the same
            _tell(report)
            raise
        _tell(report)
    if not report.with_columns:
        tell(f"foedus: nothing in {table.name} joined, so there is no answer\n  Check --on, --key and --query.")
    return 0 if report.with_columns else 1


def _check_report(path: str, table: str) -> None:
    if os.path.splitext(path)[1].lower() not in _REPORTS:
        raise InputError(f"{path!r} is no .csv or .json", where="--report", todo="Name such a file.")
    if os.path.exists(path) and os.path.exists(table) and os.path.samefile(path, table):
        raise InputError(f"{path!r} is the table itself", where="--report", todo="Name another file.")


def _character(given: str | None) -> str | None:
    """The delimiter that was asked for."""
    named = {"tab": "\t", "\\t": "\t"}.get(given or "", given)
    if named is not None and (len(named) != 1 or named in '"\r\n \0'):
        raise InputError(f"{given!r} is no delimiter", where="--delimiter", todo="Give one character, or tab.")
    return named


def _names(given: str | None) -> list[str]:
    """The names of columns in a row of CSV."""
    import csv

    if given is None:
        return []
    names = [name.strip() for row in csv.reader([given], skipinitialspace=True) for name in row]
    if not all(names) or not names or len(set(names)) < len(names):
        raise InputError(f"{given!r} is no list of names", where="--columns", todo="Write for example: name,gdp.")
    return names


def _tell(report: Report) -> None:
    for line in _told(report):
        tell(line)


def _told(report: Report) -> Iterator[str]:
    """The report in a few lines."""
    joined, no_row, no_identifier = map(report.of, (joining.JOINED, joining.NO_ROW, joining.NO_IDENTIFIER))
    what = KINDS[report.on].what
    number = len({f.thing for f in joined})
    yield f"{report.table}: {what} in the column {report.key!r} (header on line {report.header_line})"
    yield (
        f"joined: {number} of {number + len(no_row) + len(no_identifier)} things in the column {report.column!r}, "
        f"{report.with_columns} of {report.rows} rows of the answer"
    )
    close = [f for f in joined if f.match == CLOSE]
    yield from _listed("close, not exact", close, lambda f: f"{f.label} by {_key(f)}" + _note(f, ": "))
    over = report.of(joining.PASSED_OVER)
    yield from _listed("close and not taken, beside an exact one", over, lambda f: f"{f.label} by {_key(f)}")
    alike = [f for f in joined if f.rows > 1 and not report.many]
    yield from _listed("rows alike, taken as one", alike, lambda f: f"{f.rows:,} of {f.label}")
    no_row.sort(key=lambda f: not f.note)  # what may be meant comes first
    yield from _listed(
        "no row in the table", no_row, lambda f: f.label + (f" ({f.key})" if f.key else "") + _note(f, ", ")
    )
    yield from _listed(f"no {what} known", no_identifier, lambda f: f.label)
    ambiguous = report.of(joining.AMBIGUOUS)
    yield from _listed("ambiguous, not joined", ambiguous, lambda f: f"{_key(f)} {f.note}")
    elsewhere, unknown = report.of(joining.ELSEWHERE), report.of(joining.UNKNOWN)
    yield from _listed(f"{_rows(elsewhere)} of things that the answer does not have", elsewhere, _key)
    yield from _listed(f"{_rows(unknown)} of what the graph does not know", unknown, _key)
    if report.not_listed:
        yield f"{_number(report.not_listed)} that match nothing either and are not listed"
    if report.without_key:
        yield f"{_number(report.without_key)} with an empty {report.key!r}"


def _listed(title: str, findings: Sequence[Finding], shown: Callable[[Finding], str]) -> Iterator[str]:
    """A line for findings of one sort, the first of them; none where there is none."""
    if findings:
        more = len(findings) - _MOST_SHOWN
        rest = f"; and {more:,} more" if more > 0 else ""
        yield f"{title}: {'; '.join(map(shown, findings[:_MOST_SHOWN]))}{rest}"


def _key(finding: Finding) -> str:
    return f"{finding.key!r} (line {finding.line})"


def _note(finding: Finding, before: str) -> str:
    return before + finding.note if finding.note else ""


def _rows(findings: Sequence[Finding]) -> str:
    return _number(sum(f.rows for f in findings))


def _number(rows: int) -> str:
    return f"{rows:,} row{'' if rows == 1 else 's'}"


def _write(report: Report, path: str) -> None:
    """Write the whole report as CSV, one finding a row, or as JSON."""
    import csv
    import io
    import json

    from foedus.export import write

    if path.lower().endswith(".json"):
        document = {**report._asdict(), "findings": [finding._asdict() for finding in report.findings]}
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    else:
        out = io.StringIO()
        rows = csv.writer(out)
        rows.writerow(Finding._fields)
        rows.writerows(report.findings)
        text = out.getvalue()
    write(text.encode(), path)
