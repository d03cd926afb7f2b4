"""Days of the week: what a source dates by one, and a date gives, must be the same."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator

from foedus.catalog import is_date
from foedus.checks import Problem
from foedus.datasets import NS, TurtleFile
from foedus.names import shorten
from foedus.turtle import Locator, node, parse

_NAMES = {name: number for number, name in enumerate(calendar.day_name)}


def check(files: list[TurtleFile]) -> Iterator[Problem]:
    """The things that a source words by a day of the week on which their date, or a derived one, does not fall.

    The date may stand in the file of another source; of a derived one the first and the last day must be the same.
    """
    values: dict[str, dict[str, set[str]]] = {}
    where: dict[str, str] = {}
    for file in files:
        for t in parse(file.path):
            name = t.predicate.value.removeprefix(NS)
            if name in ("date", "dateAsWorded", "dates", "notBefore", "notAfter", "datePrecision"):
                values.setdefault(node(t.subject), {}).setdefault(name, set()).add(node(t.object))
                if name == "date":
                    where[node(t.subject)] = file.path
    dates = {thing: found["date"] for thing, found in values.items() if _exact(found)}
    for derived, found in values.items():
        if "notBefore" in found and found["notBefore"] == found.get("notAfter"):
            for thing in found.get("dates", ()):
                dates.setdefault(thing, found["notBefore"])
                where.setdefault(thing, derived)
    locator = Locator([file.path for file in files])
    for thing, found in sorted(values.items()):
        for word in sorted(found.get("dateAsWorded", set()) & _NAMES.keys()):
            for day in sorted(filter(is_date, dates.get(thing, ()))):
                if datetime.date.fromisoformat(day).weekday() != _NAMES[word]:
                    is_really = calendar.day_name[datetime.date.fromisoformat(day).weekday()]
                    message = f"is dated {word!r} by a source, and {day} by another or a rule, a {is_really}"
                    yield Problem(locator.line(thing) or where[thing], shorten(thing), message)


def _exact(found: dict[str, set[str]]) -> bool:
    return "date" in found and found.get("datePrecision", set()) == {NS + "precision/day"}
