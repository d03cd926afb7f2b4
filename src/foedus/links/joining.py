"""Other people's data joined to an answer: the columns of a table beside the things that its rows are about.

The rows of the table are read once and only those that are wanted are kept. Nothing is guessed: a row joins where its
key is an identifier that the graph has for the thing, exactly or by a link that says it is a close match, or a name
that is equal but for case, diacritics and punctuation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from foedus.answers import Answer, Row, Term
from foedus.engines import Result
from foedus.errors import InputError
from foedus.links.delimited import Table, TableRow
from foedus.links.identifiers import CLOSE, KINDS, Holder, Identifiers, Kind, type_of
from foedus.links.wording import normal
from foedus.names import shorten

if TYPE_CHECKING:
    from foedus.graph import Graph

#: Added to each row of the answer: "exact", "close" or "label"; empty where no row of the table joined.
MATCH = "match"
#: What a finding of the report is about.
JOINED, NO_ROW, NO_IDENTIFIER = "joined", "no row", "no identifier"
ELSEWHERE, UNKNOWN, AMBIGUOUS, PASSED_OVER = "not in the answer", "unknown", "ambiguous", "passed over"
#: Findings on keys of the table, after which only the rows are counted, so that a large table does not fill memory.
MOST_KEYS = 10_000

_LINKABLE = ("actor", "place", "instrument", "group")
_SAMPLE = 10_000  # rows among which the key column is looked for
_MOST_COMPARED = 1_000  # keys that are compared with a name letter by letter, which takes time
_MOST_ROWS = 1_000  # of one thing, kept to tell what distinguishes them


class Finding(NamedTuple):
    """A line of the report: a thing of the answer, or a key of the table, and what became of it.

    `rows` is the number of rows of the table and `line` that of the first, both 0 where there is none; `match` is empty
    unless something joined or could have.
    """

    what: str
    thing: str
    label: str
    key: str
    line: int
    rows: int
    match: str
    note: str


class Report(NamedTuple):
    """What joined and what did not: `column` is that of the answer, `key` that of the table.

    `with_columns` of the `rows` of the answer got the columns; `without_key` rows of the table have an empty key; of
    more than `MOST_KEYS` keys that match nothing, `not_listed` rows are only counted.
    """

    table: str
    header_line: int
    on: str
    key: str
    column: str
    many: bool
    rows: int
    with_columns: int
    table_rows: int
    without_key: int
    not_listed: int
    findings: tuple[Finding, ...]

    def of(self, what: str) -> list[Finding]:
        """The findings of one sort."""
        return [finding for finding in self.findings if finding.what == what]


class Joined(NamedTuple):
    """An answer with the columns of a table, and the report."""

    answer: Answer
    report: Report


class _Candidate(NamedTuple):
    """A row of the table that is about a thing of the answer."""

    row: TableRow
    key: str
    match: str
    note: str


def join(
    graph: Graph,
    answer: Answer,
    table: Table,
    *,
    on: str,
    column: str | None = None,
    key: str | None = None,
    columns: Sequence[str] = (),
    where: Mapping[str, str] | None = None,
    many: bool = False,
) -> Joined:
    """Add `columns` of `table` (all of them by default) to `answer`, by identifiers of the kind `on` (see `KINDS`).

    `column` of the answer holds the things, `key` of the table the identifiers; each is found where it is plain.
    `where` keeps only the rows of the table with these values. With `many` a row of the answer stands once for each row
    of the table that joins it; otherwise a thing has at most one, and rows that are alike in `columns` count as one.
    An exact match goes before a close one. Columns whose name the answer has already are called STEM.NAME, after the
    file; those without a name are left out where they are empty.

    Raises InputError for a table that cannot be used, a column that is not there or not plain, an answer without
    things, and several rows for one thing; and what `Graph.sparql` raises.
    """
    kind = KINDS[on]
    column, known = _things(graph, answer, kind, column)
    wanted = {t.value: None for row in answer if (t := row[column]) is not None and t.kind == "iri"}
    rows = _where(table, where or {})
    sample = list(islice(rows, _SAMPLE))
    if not sample:
        raise InputError(
            "has no rows below its header", where=f"{table.name}:{table.header_line}", todo="Name a table with rows."
        )
    at = table.place(key) if key is not None else _key_column(table, sample, known)
    if known.standing_for(table.header[at]):
        raise InputError(
            f"there is no header: {table.header[at]!r} is the {kind.what} of a thing",
            where=f"{table.name}:{table.header_line}",
            todo="Put the names of the columns on a line above, or name their line with --header.",
        )
    places = [table.place(name) for name in columns or table.header]
    counted = _Counted(wanted, known, None if many else places)
    for row in chain(sample, rows):
        counted.add(row, row.cells[at])
    taken = {thing: _one_match(candidates, many) for thing, candidates in counted.candidates.items()}
    if not many:
        _refuse_several(table, taken, known, places)
    if not columns:
        places = [
            i for i in places if i not in table.unnamed or any(c.row.cells[i] for cs in taken.values() for c in cs)
        ]
    names = _free([table.header[i] for i in places], [*answer.columns, MATCH], table.stem)
    joined = _answer(answer, column, names, places, taken if many else {t: cs[:1] for t, cs in taken.items()})
    findings = (*_of_things(wanted, known, taken, counted), *_of_keys(known, counted))
    report = Report(
        table=table.name,
        header_line=table.header_line,
        on=on,
        key=table.header[at],
        column=column,
        many=many,
        rows=len(answer),
        with_columns=sum(1 for row in answer if (t := row[column]) is not None and t.value in taken),
        table_rows=counted.rows,
        without_key=counted.without_key,
        not_listed=counted.not_listed,
        findings=findings,
    )
    return Joined(joined, report)


def _things(graph: Graph, answer: Answer, kind: Kind, column: str | None) -> tuple[str, Identifiers]:
    """The column of the answer that holds the things, and the identifiers that are known of things of their types."""
    if answer.form != "rows":
        raise InputError("the answer is no table of rows", todo="Ask a SELECT query.")
    types: dict[str, set[str]] = {}
    for name in answer.columns:
        found = {type_of(t.value) for row in answer if (t := row[name]) is not None and t.kind == "iri"} - {""}
        if found:
            types[name] = found
    if column is not None and column not in types:
        there = column in answer.columns
        raise InputError(
            f"the column {column!r} of the answer holds no things" if there else f"the answer has no column {column!r}",
            where="--column",
            todo=f"Columns with things: {', '.join(types) or 'none'}.",
        )
    if column is None:
        types = {name: found for name, found in types.items() if found <= set(_LINKABLE)}
        if not types:
            raise InputError(
                "no column of the answer holds actors, places or instruments",
                todo="Ask a query that gives their IRIs, such as givers, bodies or instruments, or name the column "
                "of other things with --column.",
            )
    known = {name: Identifiers(graph, kind, found) for name, found in types.items() if column in (None, name)}
    with_some = {name: found for name, found in known.items() if found.holders}
    if not with_some:
        held = ", ".join(sorted({t for name in known for t in types[name]}))
        raise InputError(
            f"the graph has no {kind.what} for things of this type: {held}",
            where=f"--on {kind.name}",
            todo="Choose another kind with --on, or with --query a question about other things.",
        )
    if len(with_some) > 1:
        raise InputError(
            f"several columns of the answer hold things: {', '.join(with_some)}",
            todo="Choose one with --column.",
        )
    return next(iter(with_some.items()))


def _where(table: Table, where: Mapping[str, str]) -> Iterator[TableRow]:
    """The rows that have the values asked for, compared as written but for spaces around."""
    wanted = [(name, table.place(name), value.strip()) for name, value in where.items()]
    seen: list[dict[str, None]] = [{} for _ in wanted]
    some = not wanted
    for row in table.rows():
        for (_, at, value), values in zip(wanted, seen, strict=True):
            cell = row.cells[at].strip()
            if cell != value:
                if len(values) < 5:
                    values[cell] = None
                break
        else:
            some = True
            yield row
    if not some:
        name, values = next(
            ((name, values) for (name, _, _), values in zip(wanted, seen, strict=True) if values), (wanted[0][0], {})
        )
        shown = ", ".join(map(repr, values))
        raise InputError(
            f"no row has {', '.join(f'{n}={v}' for n, _, v in wanted)}",
            where=table.name,
            todo=f"{name} has values such as {shown}." if shown else "The table has no rows below its header.",
        )


def _key_column(table: Table, sample: Sequence[TableRow], known: Identifiers) -> int:
    """The column that holds the identifiers: by its name where one is called so, otherwise by what it holds."""
    standing = [_Standing(i, [row.cells[i] for row in sample], known) for i in range(len(table.header))]
    called = [s for s in standing if _plain(table.header[s.at]) in known.kind.columns]
    telling = [s for s in called if s.known] or [s for s in standing if s.tells]
    most = max((s.known for s in telling), default=0)
    found = [s for s in telling if s.known * 2 >= most] or called
    if not found:
        raise InputError(
            f"no column was found with the {known.kind.what} of anything in the graph",
            where=f"{table.name}:{table.header_line}",
            todo=f"Name the column with --key, or another kind with --on. The header has {table.shown_header}; if that "
            "is not the header, name its line with --header, or the --delimiter.",
        )
    if any(s.things != found[0].things for s in found[1:]):
        raise InputError(
            f"several columns may hold the {known.kind.what}: {', '.join(repr(table.header[s.at]) for s in found)}",
            where=f"{table.name}:{table.header_line}",
            todo="Choose one with --key.",
        )
    return found[0].at


class _Standing:
    """What the cells of a column stand for: `known` different values are identifiers, and of which things.

    Where most values are, the column tells by itself that it holds them; where a word or a number is not easily taken
    for an identifier, two values do.
    """

    def __init__(self, at: int, cells: Sequence[str], known: Identifiers) -> None:
        self.at = at
        values = {cell for cell in cells if cell.strip()}
        held = {value: {holder.thing for holder in known.standing_for(value)} for value in values}
        self.known = sum(map(bool, held.values()))
        self.tells = self.known * 2 > len(values) or (self.known > 1 and known.kind.unmistakable)
        self.things = [frozenset(held.get(cell, ())) for cell in cells]


def _plain(name: str) -> str:
    """A name of a column as `Kind.columns` has it."""
    return normal(name).replace(" ", "")


class _Counted:
    """The rows of the table as they are read: those about things of the answer are kept, the others counted by key."""

    def __init__(self, wanted: Iterable[str], known: Identifiers, places: Sequence[int] | None) -> None:
        """`places` are the cells in which the rows of a thing must be alike; None where they need not."""
        self.candidates: dict[str, list[_Candidate]] = {}
        self.rows = self.without_key = self.not_listed = 0
        #: Of each key that joins nothing, in its normal form: the key as first written, its line, the number of rows.
        self.others: dict[str, tuple[str, int, int]] = {}
        self._wanted = set(wanted)
        self._known = known
        self._places = places

    def add(self, row: TableRow, written: str) -> None:
        self.rows += 1
        if not written.strip():
            self.without_key += 1
            return
        held = self._known.standing_for(written)
        mine = [] if ambiguous(held) else [holder for holder in held if holder.thing in self._wanted]
        for holder in mine:
            self._keep(holder.thing, _Candidate(row, written.strip(), holder.match, holder.note))
        if not mine:
            key = self._known.kind.normal(written)
            first, line, rows = self.others.get(key, (written.strip(), row.line, 0))
            if rows or len(self.others) < MOST_KEYS:
                self.others[key] = (first, line, rows + 1)
            else:
                self.not_listed += 1

    def _keep(self, thing: str, candidate: _Candidate) -> None:
        candidates = self.candidates.setdefault(thing, [])
        full = self._places is not None and len(candidates) >= _MOST_ROWS
        if not full or (len(candidates) == _MOST_ROWS and not _alike([candidates[0], candidate], self._places or ())):
            candidates.append(candidate)  # the first that differs is kept beyond the limit


def _alike(candidates: Sequence[_Candidate], places: Sequence[int]) -> bool:
    return len({tuple(c.row.cells[i] for i in places) for c in candidates}) == 1


def ambiguous(held: Sequence[Holder]) -> bool:
    """Whether an identifier stands for two things alike; a close match leads to several by its nature."""
    return sum(holder.match != CLOSE for holder in held) > 1


def _one_match(candidates: list[_Candidate], many: bool) -> list[_Candidate]:
    """The candidates that may join: the exact ones where there are any, unless all are wanted."""
    exact = [c for c in candidates if c.match != CLOSE]
    return candidates if many else exact or candidates


def _refuse_several(
    table: Table, taken: dict[str, list[_Candidate]], known: Identifiers, places: Sequence[int]
) -> None:
    """Refuse several rows for a thing, saying how to choose, unless they are alike in the columns asked for."""
    several = {t: cs for t, cs in taken.items() if not _alike(cs, places)}
    if not several:
        return
    shown = []
    for thing, candidates in list(several.items())[:10]:
        keys = " or ".join(dict.fromkeys(c.key for c in candidates))
        lines = ", ".join(str(c.row.line) for c in candidates[:5])
        more = f" and {len(candidates) - 5} more" if len(candidates) > 5 else ""
        more = " and many more" if len(candidates) > _MOST_ROWS else more
        shown.append(f"{known.names.get(thing, shorten(thing))} ({keys}): lines {lines}{more}")
    if len(several) > 10:
        shown.append(f"and {len(several) - 10} more")
    advice = _telling_apart(table, list(several.values()))
    how = f"such as --where {advice}, which tells them apart" if advice else "with --where COLUMN=VALUE"
    raise InputError(
        f"{len(several)} thing{'s have' if len(several) > 1 else ' has'} more than one row\n    "
        + "\n    ".join(shown),
        where=table.name,
        todo=f"Choose one row for each, {how}, or take every row with --many.",
    )


def _telling_apart(table: Table, several: Sequence[Sequence[_Candidate]]) -> str:
    """COLUMN=VALUE of a column with another value in each row of a thing, and the value that most things have."""
    best, advice = 0, ""
    for i, name in enumerate(table.header):
        groups = [[c.row.cells[i].strip() for c in candidates] for candidates in several]
        if all(all(cells) and len(set(cells)) == len(cells) for cells in groups):
            times = Counter(cell for cells in groups for cell in cells)
            value, number = max(times.items(), key=lambda item: (item[1], item[0]))
            if number > best and number * 2 > len(groups):
                pair = f"{name}={value}"
                best, advice = number, f"'{pair}'" if " " in pair else pair
    return advice


def _free(names: Sequence[str], taken: Sequence[str], stem: str) -> list[str]:
    """The names under which columns are added: those that are taken are called after the file."""
    found: list[str] = []
    for name in names:
        free = f"{stem}.{name}" if name in taken else name
        while free in (*taken, *found):
            free += "_"
        found.append(free)
    return found


def _answer(
    answer: Answer, column: str, names: Sequence[str], places: Sequence[int], taken: Mapping[str, list[_Candidate]]
) -> Answer:
    """The rows of `answer`, each with its match and the cells of the rows of the table that join it."""
    joined = Answer(Result("rows", b'{"head": {"vars": []}, "results": {"bindings": []}}'), lambda: answer.evidence)
    joined.columns = [*answer.columns, MATCH, *names]
    joined.cited = answer.cited
    for row in answer:
        thing = row[column]
        for candidate in taken.get(thing.value, ()) if thing is not None else ():
            cells = [_term(candidate.row.cells[i]) for i in places]
            joined.rows.append(_row(row, [_term(candidate.match), *cells], joined.columns))
        if thing is None or thing.value not in taken:
            joined.rows.append(_row(row, [None] * (len(names) + 1), joined.columns))
    return joined


def _row(row: Row, cells: Sequence[Term | None], columns: Sequence[str]) -> Row:
    made = Row(dict(zip(columns, [*row.values(), *cells], strict=True)))
    made.passages = row.passages
    return made


def _term(text: str) -> Term | None:
    return Term("literal", text) if text else None


def _of_things(
    wanted: Iterable[str], known: Identifiers, taken: Mapping[str, list[_Candidate]], counted: _Counted
) -> Iterator[Finding]:
    """What became of each thing of the answer."""
    for thing in wanted:
        label = known.names.get(thing, shorten(thing))
        if joined := taken.get(thing):
            yield from _by_key(JOINED, thing, label, joined)
            some_left = len(joined) < len(counted.candidates[thing])
            over = [c for c in counted.candidates[thing] if c.match == CLOSE] if some_left else []
            yield from _by_key(PASSED_OVER, thing, label, over)
        elif keys := known.of.get(thing):
            shown = "" if known.kind.name == "label" else ", ".join(keys)
            near = _near(thing, known, counted) if known.kind.name == "label" else ""
            yield Finding(NO_ROW, thing, label, shown, 0, 0, "", near)
        else:
            yield Finding(NO_IDENTIFIER, thing, label, "", 0, 0, "", "")


def _by_key(what: str, thing: str, label: str, candidates: Sequence[_Candidate]) -> Iterator[Finding]:
    by_key: dict[str, list[_Candidate]] = {}
    for candidate in candidates:
        by_key.setdefault(candidate.key, []).append(candidate)
    for key, (first, *others) in by_key.items():
        yield Finding(what, thing, label, key, first.row.line, 1 + len(others), first.match, first.note)


def _of_keys(known: Identifiers, counted: _Counted) -> Iterator[Finding]:
    """What became of each key of the table that joined nothing."""
    for key, (written, line, rows) in counted.others.items():
        held = known.holders.get(key, [])
        names = " or ".join(sorted(known.names.get(h.thing, shorten(h.thing)) for h in held))
        if ambiguous(held):
            things = ", ".join(sorted(shorten(h.thing) for h in held))
            yield Finding(AMBIGUOUS, "", names, written, line, rows, "", f"stands for {things}")
        elif held:
            yield Finding(ELSEWHERE, held[0].thing, names, written, line, rows, "", "")
        else:
            yield Finding(UNKNOWN, "", "", written, line, rows, "", "")


def _near(thing: str, known: Identifiers, counted: _Counted) -> str:
    """The keys of the table that nothing stands for and that are like a name of the thing, offered and never taken."""
    from difflib import get_close_matches

    free = {key: held for key, held in counted.others.items() if key not in known.holders}
    found: dict[str, None] = {}
    for name in known.of[thing]:
        found.update(dict.fromkeys(key for key in free if _shares_words(name, key)))
        if len(free) <= _MOST_COMPARED:
            found.update(dict.fromkeys(get_close_matches(name, free, n=3, cutoff=0.75)))
    offered = [f"{free[key][0]!r} (line {free[key][1]})" for key in list(found)[:3]]
    return f"did you mean {' or '.join(offered)}?" if offered else ""


def _shares_words(name: str, key: str) -> bool:
    """Whether one has all the words of the other, or a name of one word begins like the key, as Czech and Czechia."""
    ours, theirs = name.split(), key.split()
    if not ours or not theirs:
        return False
    if set(ours) <= set(theirs) or set(theirs) <= set(ours):
        return True
    short, long = sorted((name, theirs[0]), key=len)
    return len(ours) == 1 and len(short) > 4 and long.startswith(short)
