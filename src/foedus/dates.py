"""When a source was published: the first and the last day possible, by its own date or by one derived from passages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from foedus.answers import Term
from foedus.catalog import is_date
from foedus.datasets import NS


class Time(NamedTuple):
    """The first and the last day possible, as YYYY-MM-DD, None where nothing bounds that side.

    `derived` says that the source states no date of its own.
    """

    first: str | None
    last: str | None
    derived: bool


def published(rows: Iterable[Mapping[str, Term | None]]) -> Time:
    """The time of a source from all rows of `date` and `precision`, `notBefore`, `notAfter` and `readOn` that it has.

    A source had been published at the latest on the day on which it was read. What is no date counts for nothing.
    """
    found = [{name: "" if term is None else term.value for name, term in row.items()} for row in rows]
    dated = [row for row in found if is_date(row["date"])]
    if dated:
        last = max(last_day(row["date"], row["precision"].removeprefix(NS + "precision/")) for row in dated)
        return Time(min(row["date"] for row in dated), last, derived=False)

    def days(name: str) -> list[str]:
        return [row[name] for row in found if is_date(row[name])]

    first = max(days("notBefore"), default=None)
    return Time(first, min(days("notAfter") or days("readOn"), default=None), derived=True)


def last_day(date: str, precision: str) -> str:
    """The last day of the month or the year that begins with `date`, or the day itself."""
    from calendar import monthrange

    year, month = date[:4], date[5:7]
    if precision == "year":
        return f"{year}-12-31"
    if precision == "month":
        return f"{year}-{month}-{monthrange(int(year), int(month))[1]:02d}"
    return date
