"""Which format an Accept header wants, and which coding (RFC 9110, section 12.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = r"[!#$%&'*+.^_`|~\w-]+"
_RANGE = re.compile(rf"\s*({_WORD}(?:\s*/\s*{_WORD})?)\s*((?:;.*)?)", re.ASCII | re.DOTALL)
_WEIGHT = re.compile(r";\s*q\s*=\s*(\d*\.?\d*)\s*(?:;|$)", re.ASCII | re.IGNORECASE)
_PART = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+', re.DOTALL)


def weights(accepted: str) -> dict[str, float]:
    """The q of each range that a header accepts, in lower case, parameters left out; of one named twice, the last.

    What cannot be read is passed over.
    """
    found = {}
    for part in _PART.findall(accepted):
        if match := _RANGE.fullmatch(part):
            name = re.sub(r"\s+", "", match[1]).lower()
            found["*/*" if name == "*" else name] = _weight(match[2])
    return found


def _weight(parameters: str) -> float:
    found = _WEIGHT.search(parameters)
    return min(1.0, float(found[1])) if found and found[1].strip(".") else 1.0


def choose(accepted: str, offered: Sequence[str]) -> str | None:
    """The media type of `offered` that an Accept header wants most, the first of those that it wants alike, or None.

    A header of which nothing can be read accepts everything, as none does.

    >>> choose("text/csv;q=0.1, text/tab-separated-values;q=0.9", ["text/csv", "text/tab-separated-values"])
    'text/tab-separated-values'
    """
    wanted = weights(accepted) or {"*/*": 1.0}

    def weight(media_type: str) -> float:
        kind = media_type.partition("/")[0]
        return next((wanted[r] for r in (media_type, f"{kind}/*", "*/*") if r in wanted), 0.0)

    best = max(offered, key=weight)
    return best if weight(best) > 0 else None


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header takes gzip; one that is not there does not."""
    wanted = weights(accepted)
    return next((wanted[name] for name in ("gzip", "x-gzip", "*/*") if name in wanted), 0.0) > 0
