"""Codings of the texts in the terms of ATOP, the Alliance Treaty Obligations and Provisions data, as a table.

One row an instrument. Every row is a proposal: `status` says so, and no ATOP number is given. Behind each variable
stand two columns more, its clause and the words that show it. The codes are the answer of the saved query
`atop-codings`; where the variables come from and what each means is in docs/atop.md.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from foedus import __version__

if TYPE_CHECKING:
    from foedus.answers import Row
    from foedus.graph import Graph

QUERY = "atop-codings"
_UNIVERSE = "in_atop_universe"
_HEAD = ("instrument", "name", "status", "coder", _UNIVERSE)


def atop(graph: Graph) -> bytes:
    """The table as CSV (RFC 4180, UTF-8), rows by the name of the instrument, variables by name.

    Raises what `Graph.run` raises.
    """
    rows: dict[str, list[Row]] = {}
    for row in graph.run(QUERY, cite=True):
        rows.setdefault(str(row["instrument"]), []).append(row)
    variables = sorted({str(row["variable"]) for coded in rows.values() for row in coded} - {_UNIVERSE})
    columns = [*_HEAD, *(f"{variable}{part}" for variable in variables for part in ("", "_clause", "_quote"))]
    text = io.StringIO()
    table = csv.DictWriter(text, columns, lineterminator="\r\n")
    table.writeheader()
    for instrument, coded in rows.items():
        cells = {"instrument": instrument, "name": str(coded[0]["name"]), "status": "proposed"}
        cells["coder"] = f"Foedus {__version__}"
        for row in coded:
            variable = str(row["variable"])
            cells[variable] = str(row["code"])
            if variable != _UNIVERSE:
                shown = row.passages[0] if row.passages else None
                cells[f"{variable}_clause"] = shown.locator if shown else ""
                cells[f"{variable}_quote"] = shown.phrase if shown else ""
        table.writerow(cells)
    return text.getvalue().encode("utf-8")
