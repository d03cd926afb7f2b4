"""Looking for words in a text: a search term matches where a word begins, in any case, across line breaks.

An asterisk in a term stands for any letters, so that `*тимуть` finds a Ukrainian verb of the future.
"""

from __future__ import annotations

import re
from collections.abc import Iterator


def occurrences(text: str, term: str) -> Iterator[tuple[int, int]]:
    """The spans of `term` in `text`, in code points from 0, the end not included."""
    if term.strip():
        for match in pattern(term).finditer(text):
            yield match.span()


def verbatim(words: str) -> str:
    """The regular expression, as text, for words as they stand, wherever a line may break between them."""
    return r"\s+".join(map(re.escape, words.split()))


def pattern(term: str, *, whole: bool = False) -> re.Pattern[str]:
    """The regular expression for a search term; with `whole`, its last word must end there too."""
    words = (r"\w*".join(re.escape(part) for part in word.split("*")) for word in term.split())
    return re.compile(r"(?<!\w)" + r"\s+".join(words) + (r"(?!\w)" if whole else ""), re.IGNORECASE)
