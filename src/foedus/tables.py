"""The table for a terminal, drawn by rich; where the terminal is too narrow for columns, one record after another."""

from __future__ import annotations

import io

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from foedus.answers import Answer
from foedus.writers import human, passage_text, shown_columns

_NARROWEST = 14  # characters a column needs on average to be worth reading


def table(answer: Answer, width: int) -> str:
    """The rows of `answer` in at most `width` characters a line, with the passages below each row where asked for."""
    out = io.StringIO()
    console = Console(file=out, width=max(20, width), highlight=False, emoji=False, markup=False)
    if not answer.rows:
        return "no rows\n"
    columns = shown_columns(answer)
    narrow = width < _NARROWEST * len(columns)
    if answer.cited or narrow:
        for row in answer:
            console.print(_record([(c, human(row[c])) for c in columns], [passage_text(p) for p in row.passages]))
    else:
        drawn = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for column in columns:
            drawn.add_column(column, overflow="fold")
        for row in answer:
            drawn.add_row(*(Text(human(row[c])) for c in columns))
        console.print(drawn)
    count = len(answer.rows)
    console.print(Text(f"{count} row{'' if count == 1 else 's'}"))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _record(cells: list[tuple[str, str]], passages: list[str]) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(min_width=10, no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in cells:
        if value:
            grid.add_row(Text(name), Text(value))
    for passage in passages:
        grid.add_row(Text(""), Text("› " + passage))
    return Group(Padding(grid, (0, 0, 1, 0)))
