"""What an authority says of a target, however it was learnt: from its endpoint or from a file of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from foedus.links.authorities import Vocabulary
from foedus.links.recorded import Code

_NOTATION = "http://www.w3.org/2004/02/skos/core#notation"


class Record(NamedTuple):
    """What is said of one target.

    `moved` is what it redirects to or was replaced by, `retired` whether the authority has given it up; dates are as
    the authority writes them, from the year on.
    """

    names: frozenset[str] = frozenset()
    codes: frozenset[Code] = frozenset()
    dates: frozenset[str] = frozenset()
    moved: str = ""
    retired: bool = False


def from_rows(rows: Iterable[Mapping[str, str]], vocabulary: Vocabulary) -> dict[str, Record]:
    """The records in rows of target, property and value, by target; what is not there has none."""
    gathered: dict[str, dict[str, set[tuple[str, ...]]]] = {}
    for row in rows:
        kinds = gathered.setdefault(row["target"], {})
        for kind, found in _told(row["property"], row["value"], row.get("value^^", ""), vocabulary):
            kinds.setdefault(kind, set()).add(found)
    return {
        target: Record(
            frozenset(v for (v,) in kinds.get("name", ())),
            frozenset((notation, v) for notation, v in kinds.get("code", ())),
            frozenset(v for (v,) in kinds.get("date", ())),
            min((v for (v,) in kinds.get("moved", ())), default=""),
            bool(kinds.get("retired")),
        )
        for target, kinds in gathered.items()
    }


def _told(property: str, value: str, datatype: str, vocabulary: Vocabulary) -> Iterable[tuple[str, tuple[str, ...]]]:
    """What one statement tells: names, codes, dates, a move or a retirement."""
    if property in vocabulary.names:
        yield "name", (value,)
    elif property in vocabulary.moved:
        yield "moved", (value,)
    elif property in vocabulary.dates:
        yield "date", (value[:10],)
    elif property in vocabulary.retired:
        if value in vocabulary.retired[property]:
            yield "retired", (value,)
    elif property == vocabulary.same:
        for beginning, notation in vocabulary.linked.items():
            if value.startswith(beginning):
                yield "code", (notation, value.removeprefix(beginning).strip("/"))
    else:
        notation = vocabulary.codes.get(datatype if property == _NOTATION else property, "")
        if notation:
            yield "code", (notation, value)
