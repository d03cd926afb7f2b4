"""The source texts, where the person who serves the site has them: a passage in its context."""

from __future__ import annotations

import os
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

_AROUND = 400  # characters before and after a passage


class Context(NamedTuple):
    """A passage in its text: what stands before it, it itself, and what stands after it."""

    before: str
    passage: str
    after: str


@lru_cache(maxsize=64)
def text(folder: str, name: str, digest: str) -> str | None:
    """The text of a source: the file of its name at any depth below `folder` that has its SHA-256; None for none."""
    for place, _, files in os.walk(folder):
        if name in files:
            try:
                with open(os.path.join(place, name), "rb") as file:
                    content = file.read()
            except OSError:
                continue
            if sha256(content).hexdigest() == digest:
                return content.decode()
    return None


def context(content: str, start: int, end: int) -> Context:
    """The passage from `start` to `end` (code points) of a text, with whole words around it."""
    first, last = max(0, start - _AROUND), min(len(content), end + _AROUND)
    before, after = content[first:start], content[end:last]
    if first:
        before = "…" + before.partition(" ")[2]
    if last < len(content):
        after = after.rpartition(" ")[0] + "…"
    return Context(before, content[start:end], after)
