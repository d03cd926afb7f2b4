"""What a header of HTTP says (RFC 9110)."""

from __future__ import annotations

import contextlib
import email.utils
import time


def retry_after(value: str | None) -> float | None:
    """The number of seconds that a Retry-After header asks to wait, given in seconds or as a date; None for neither."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    with contextlib.suppress(ValueError, TypeError):
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    return None
