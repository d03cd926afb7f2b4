"""What is to be known of an answer, beside it: a text in English that keeps what it is made of."""

from __future__ import annotations

from typing import Self


class Note(str):
    """A warning; `kind` and `values` are for who tells it in another language."""

    kind: str
    values: dict[str, str]

    def __new__(cls, text: str, kind: str, **values: str) -> Self:
        """The text, of a kind, with the values that stand in it."""
        note = super().__new__(cls, text)
        note.kind = kind
        note.values = values
        return note
