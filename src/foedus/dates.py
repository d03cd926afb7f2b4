"""When a source was published: the first and the last day possible, by its own date or by one derived from passages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from foedus.answers import Term
from foedus.datasets import NS


class Time(NamedTuple):
    """The first and the last day possible, as YYYY-MM-DD, None where nothing bounds that side.

    `derived` says that the source states no date of its own.
    """

    first: str | None
    last: str | None
    derived: bool


def published(row: Mapping[str, Term | None]) -> Time:
    """The time of a source from its `date` and `precision`, or else from `notBefore`, `notAfter` and `readOn`.

    A source had been published at the latest on the day on which it was read.
    """
    values = {name: None if term is None else term.value for name, term in row.items()}
    date, precision = values["date"], (values["precision"] or "").removeprefix(NS + "precision/")
    if date is not None:
        return Time(date, _last(date, precision), derived=False)
    return Time(values["notBefore"], values["notAfter"] or values["readOn"], derived=True)


def _last(date: str, precision: str) -> str:
    """The last day of the month or the year that begins with `date`, or the day itself."""
    from calendar import monthrange

    year, month = date[:4], date[5:7]
    if precision == "year":
        return f"{year}-12-31"
    if precision == "month":
        return f"{year}-{month}-{monthrange(int(year), int(month))[1]:02d}"
    return date
