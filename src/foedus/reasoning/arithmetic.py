"""Days and durations: a day plus a duration.

Source: XML Schema Definition Language 1.1, part 2, section E.3.3 (adding durations to dateTimes): months are added
first, the day is then brought within its month, days come last.
"""

from __future__ import annotations

import datetime
import re
from calendar import monthrange

_DURATION = re.compile(r"(-?)P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")


def plus(day: str, duration: str) -> str:
    """The day, as YYYY-MM-DD, that lies an xsd:duration of years, months and days after `day`, or before it.

    Raises ValueError where one of them is of another form, or the day lies outside the years 1 to 9999.

    >>> plus("2024-02-29", "P10Y"), plus("2024-01-31", "P1M"), plus("2023-07-12", "-P1D")
    ('2034-02-28', '2024-02-29', '2023-07-11')
    """
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise ValueError(f"{duration!r} is no duration of years, months and days")
    years, months, days = (int(part or 0) * (-1 if found[1] else 1) for part in found.groups()[1:])
    start = datetime.date.fromisoformat(day)
    year, month = divmod(start.year * 12 + start.month - 1 + years * 12 + months, 12)
    within = datetime.date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    return (within + datetime.timedelta(days=days)).isoformat()
