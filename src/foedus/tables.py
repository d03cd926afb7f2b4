"""The table for a terminal, drawn by rich.

Where the terminal is too narrow for columns, or passages are asked for, rows that begin alike are put under one
heading: what they share once, and below it what each has of its own, with its passages.
"""

from __future__ import annotations

import io
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from foedus.answers import Answer, Row, Term

_NARROWEST = 14  # characters a column needs on average to be worth reading


def table(answer: Answer, width: int) -> str:
    """The rows of `answer` in at most `width` characters a line, with the passages below each row where asked for."""
    if not answer.rows:
        return "no rows\n"
    out = io.StringIO()
    console = Console(file=out, width=max(20, width), highlight=False, emoji=False, markup=False)
    columns = answer.shown_columns
    if answer.cited or width < _NARROWEST * len(columns):
        for _, rows in groupby(answer.rows, key=lambda row: row[columns[0]] if columns else None):
            console.print(_group(list(rows), columns))
            console.print()
    else:
        drawn = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for column in columns:
            drawn.add_column(column, overflow="fold")
        for row in answer:
            drawn.add_row(*(Text(_human(row[c])) for c in columns))
        console.print(drawn)
    count = len(answer.rows)
    console.print(Text(f"{count} row{'' if count == 1 else 's'}"))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _group(rows: list[Row], columns: list[str]) -> Table:
    """What the rows share, name by name, and then each row's own cells on one line, with its passages below."""
    shared = [c for c in columns if len({row[c] for row in rows}) == 1]
    grid = Table.grid(padding=(0, 1))
    grid.add_column(min_width=2, no_wrap=True)
    grid.add_column(overflow="fold")
    for column in shared:
        if text := _human(rows[0][column]):
            grid.add_row(Text(column), Text(text))
    for row in rows:
        own = [text for c in columns if c not in shared and (text := _human(row[c]))]
        if own:
            grid.add_row(Text("•", justify="right"), Text(" · ".join(own)))
        for passage in row.passages:
            grid.add_row(Text(""), Text("  › " + str(passage)))
    return grid


def _human(term: Term | None) -> str:
    return "" if term is None else term.human
