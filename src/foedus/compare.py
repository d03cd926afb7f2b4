"""Instruments side by side: the answers of the saved queries `profile-of` and `text-profile`, one row an aspect.

What no source says of an instrument reads "not said", and never "no". Where the text of one of the instruments was
read, the features for which it was read follow, the topics of each group in one row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from foedus.answers import Answer, Passage, Row, of_texts
from foedus.errors import InputError, UnknownName
from foedus.lookup import labels as names_of
from foedus.lookup import preferred, resolve
from foedus.names import shorten
from foedus.notes import Note

if TYPE_CHECKING:
    from foedus.graph import Graph

#: The aspects that `queries/profile-of.rq` tells of, in the order of the table.
ASPECTS = (
    "kind",
    "parties",
    "counted",
    "stage reached",
    "duration",
    "ends when",
    "foundations",
    "NATO membership",
    "Article 5 equivalent",
    "test: attack on one is on all",
    "test: duty to assist",
    "test: armed force among the means",
    "test: text binds",
    "if attacked: who owes",
    "if attacked: trigger",
    "if attacked: promise",
    "if attacked: time limit",
    "if attacked: hedges",
    "consultation",
    "standing support",
    "capabilities",
    "conditions",
    "hedges otherwise",
    "legal character",
    "words used",
)
_TEXT = "text, "  # begins the name of an aspect that rests on a reading of the text itself
_TEXT_COLUMNS = {"group", "feature", "answer", "force"}
NOT_SAID = "not said"
NOT_READ = "text not read"
_COLUMNS = {"profile-of": {"aspect", "part", "value", "source", "basis"}, "text-profile": _TEXT_COLUMNS}
_KINDS = """
PREFIX foedus: <https://w3id.org/foedus/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?thing ?class WHERE { ?thing a ?class . FILTER(?class IN (foedus:Instrument, foedus:InstrumentGroup)) }
"""


def compare(
    graph: Graph,
    names: Sequence[str],
    *,
    as_of: str | None = None,
    sources: Sequence[str] = (),
    cite: bool = False,
    stacked: bool = False,
    separator: str = "; ",
) -> Answer:
    """The instruments or groups called `names`, side by side: columns `aspect` and one for each, by its label.

    `stacked`, for narrow tables, gives a row for each cell instead, with the columns `aspect`, `instrument` and `says`,
    and so does `cite`, which adds to each row the passages behind its cell. `separator` stands between the values of a
    cell; `as_of` and `sources` are as for `Graph.run`. Raises InputError for fewer than two instruments and for a thing
    that is none, UnknownName, and what `Graph.run` raises.
    """
    if len(names) < 2:
        raise InputError(
            f"a comparison needs two instruments or more, not {len(names) or 'none'}",
            todo="Name them, such as g7-declaration and uk-ukraine-2024; `foedus run instruments` lists them.",
        )
    instruments = _instruments(graph, names)
    if len(instruments) < 2:
        raise InputError("a comparison needs two different instruments", todo="Name another one as well.")
    cells: dict[tuple[str, str], _Cell] = {}
    with_text = []
    for iri, label in instruments.items():
        told: dict[str, Answer] = {}
        for query, columns in _COLUMNS.items():
            told[query] = graph.run(query, {"instrument": iri}, as_of=as_of, sources=sources, cite=cite)
            if not columns.issubset(told[query].columns):
                raise InputError(
                    f"no comparison without the columns {', '.join(sorted(columns))}",
                    where=graph.catalog.text(query)[0],
                    todo="Take the shipped query, or name its columns so.",
                )
        if not told["profile-of"]:
            graph.warnings.append(Note(f"the sources asked do not name {label}", "unnamed", label=label))
        for aspect, rows in _by_aspect(told["profile-of"]).items():
            cells[aspect, label] = _Cell(_cell(rows, separator), _passages(rows))
        cells.update({(aspect, label): cell for aspect, cell in _of_text(told["text-profile"], separator)})
        with_text += [label] * bool(told["text-profile"])
    labels = list(instruments.values())
    reported = [aspect for aspect, _ in cells if not aspect.startswith(_TEXT)]
    read = [aspect for aspect, _ in cells if aspect.startswith(_TEXT)]
    aspects = dict.fromkeys((*ASPECTS, *reported, *read))

    def cell_of(aspect: str, label: str) -> _Cell:
        nothing = NOT_READ if aspect.startswith(_TEXT) and label not in with_text else NOT_SAID
        return cells.get((aspect, label), _Cell(nothing, {}))

    if not (stacked or cite):
        return of_texts(["aspect", *labels], [[a, *(cell_of(a, label).text for label in labels)] for a in aspects])
    keys = [(aspect, label) for aspect in aspects for label in labels]
    answer = of_texts(["aspect", "instrument", "says"], [[*key, cell_of(*key).text] for key in keys])
    answer.cited = True  # a table draws it in blocks, one an aspect, with or without passages
    for key, row in zip(keys, answer, strict=True):
        row.passages = list(cell_of(*key).passages)
    return answer


class _Cell(NamedTuple):
    text: str
    passages: dict[Passage, None]


def _by_aspect(answer: Answer) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in answer:
        found.setdefault(str(row["aspect"]), []).append(row)
    return found


def _of_text(answer: Answer, separator: str) -> Iterator[tuple[str, _Cell]]:
    """The rows that tell how the text of an instrument answers its features, topics of a group together."""
    groups: dict[str, dict[str, list[Row]]] = {}
    for row in answer:
        features = groups.setdefault(str(row["group"]), {})
        features.setdefault(str(row["feature"]), []).append(row)
    for group, features in groups.items():
        told = {
            feature: (_of_feature(rows), {p: None for r in rows for p in r.passages})
            for feature, rows in features.items()
        }
        if not group.endswith("topics"):
            for feature, (text, passages) in told.items():
                yield f"{_TEXT}{group}: {feature}", _Cell(text, passages)
            continue
        present = [f"{f}: {rows[0]['force'] or 'yes'}" for f, rows in features.items() if told[f][0] != "no"]
        absent = [feature for feature, (text, _) in told.items() if text == "no"]
        present += [f"none: {', '.join(absent)}"] if absent else []
        yield f"{_TEXT}{group}", _Cell(separator.join(present), {p: None for _, ps in told.values() for p in ps})


def _of_feature(rows: list[Row]) -> str:
    """The answers of a text to one feature, each with the force of its verb."""
    forces = [f" ({row['force']})" if row["force"] is not None else "" for row in rows]
    return ", ".join(dict.fromkeys(f"{row['answer']}{force}" for row, force in zip(rows, forces, strict=True)))


def _instruments(graph: Graph, names: Sequence[str]) -> dict[str, str]:
    """The instruments called `names`: IRI to label, each once."""
    rows = names_of(graph)
    kinds = {str(r["thing"]) for r in graph.sparql(_KINDS)}
    candidates = [r for r in rows if str(r["thing"]) in kinds]
    called = preferred(rows)
    found = {}
    for name in names:
        try:
            iri = resolve(name, candidates, "instrument")
        except UnknownName as unknown:
            try:
                other = resolve(name, rows)
            except UnknownName:
                raise unknown from None
            raise InputError(
                f"{name!r} is no instrument: it is {called[other]} ({shorten(other)})",
                todo="Compare instruments or groups of instruments; `foedus run instruments` lists them.",
            ) from None
        found[iri] = called[iri]
    times = Counter(found.values())
    return {iri: label if times[label] == 1 else shorten(iri) for iri, label in found.items()}


def _told(rows: Iterable[Row]) -> list[Row]:
    """The rows that say something; those of silence only where there is nothing else."""
    found = list(rows)
    return [r for r in found if str(r["value"]) != NOT_SAID] or found


def _cell(rows: Iterable[Row], separator: str) -> str:
    """The values of one aspect of one instrument: those of the same sources together, each with its sources."""
    told = _told(rows)
    if all(str(r["value"]) == NOT_SAID for r in told):
        return NOT_SAID
    said: dict[tuple[str, str], set[str]] = {}
    for row in told:
        part = "" if row["part"] is None else str(row["part"])
        sources = said.setdefault((part, str(row["value"]).removesuffix(".")), set())
        if row["source"] is not None:
            sources.add(str(row["source"]))
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (part, value), sources in said.items():
        together.setdefault((part, tuple(sorted(sources))), []).append(value)
    by_source = len({held for _, held in together}) > 1
    texts = []
    for (part, held), values in sorted(together.items()):
        text = f"{part}: {', '.join(values)}" if part else ", ".join(values)
        texts.append(f"{text} [{', '.join(held)}]" if held and by_source else text)
    only = next(iter(together))[1]
    if only and not by_source:
        texts[-1] += f" [{', '.join(only)}]"
    answers = {str(r["value"]).partition(",")[0] for r in told if r["basis"] is not None}
    return ("disputed: " if {"yes", "no"} <= answers else "") + separator.join(texts)


def _passages(rows: Iterable[Row]) -> dict[Passage, None]:
    """The passages behind the rows: of a row that names its source those of that source."""
    found: dict[Passage, None] = {}
    for row in _told(rows):
        own = [p for p in row.passages if row["source"] is None or p.source == str(row["source"])]
        found.update(dict.fromkeys(own or row.passages))
    return found
