"""Durations that Virtuoso gives back as numbers: "P1Y" as "12", of months, and "P1D" as "86400.0", of seconds.

No store but Virtuoso writes an xsd:duration so, which is not one by XML Schema, and no duration is lost by it.
"""

from __future__ import annotations

import re

_MONTHS = re.compile(r"-?\d+")
_SECONDS = re.compile(r"-?\d+(\.\d+(e[+-]?\d+)?|e[+-]?\d+)", re.IGNORECASE)


def repaired(text: str) -> str:
    """The canonical form of the duration that `text` stands for; other text as it is.

    >>> repaired("12"), repaired("86400.0"), repaired("5.184e+06"), repaired("P6M")
    ('P1Y', 'P1D', 'P60D', 'P6M')
    """
    if _MONTHS.fullmatch(text):
        return _written(text, (("Y", 12), ("M", 1)), (), "P0M")
    if _SECONDS.fullmatch(text) and float(text).is_integer():
        return _written(str(int(float(text))), (("D", 86400),), (("H", 3600), ("M", 60), ("S", 1)), "PT0S")
    return text


def _written(number: str, dates: tuple[tuple[str, int], ...], times: tuple[tuple[str, int], ...], nothing: str) -> str:
    left = abs(int(number))
    if not left:
        return nothing
    parts = []
    for letter, size in (*dates, ("T", 0), *times):
        if not size:
            parts.append("T")
            continue
        count, left = divmod(left, size)
        parts += [f"{count}{letter}"] if count else []
    return ("-" if number.startswith("-") else "") + "P" + "".join(parts).removesuffix("T")
