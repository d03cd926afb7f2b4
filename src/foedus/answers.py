"""What a question gives back: rows of terms, each with its citations; or yes or no; or triples."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from foedus.engines import Result
from foedus.names import shorten

if TYPE_CHECKING:
    import pandas

XSD = "http://www.w3.org/2001/XMLSchema#"


class Term(NamedTuple):
    """An RDF term: `kind` is "iri", "literal" or "blank"; `value` is the IRI, the lexical form or the label."""

    kind: str
    value: str
    datatype: str | None = None
    language: str | None = None

    def __str__(self) -> str:
        return self.value

    @property
    def human(self) -> str:
        """The term as people read it: an IRI shortened, a literal as it is."""
        return shorten(self.value) if self.kind == "iri" else self.value

    @property
    def python(self) -> Any:
        """The value as a Python object where XSD has one: int, Decimal, date or bool; otherwise a string."""
        import datetime
        from decimal import Decimal

        if self.datatype == XSD + "date":
            return datetime.date.fromisoformat(self.value)
        if self.datatype in (XSD + "integer", XSD + "nonNegativeInteger"):
            return int(self.value)
        if self.datatype == XSD + "decimal":
            return Decimal(self.value)
        if self.datatype == XSD + "boolean":
            return self.value in ("true", "1")
        return self.value


class Passage(NamedTuple):
    """A passage that supports a row: the source's label and slug, the place, the span (code points) and the phrase."""

    citation: str
    source: str
    title: str
    locator: str
    start: int
    end: int
    phrase: str

    def __str__(self) -> str:
        """The passage on one line, as a note has it."""
        return f"{self.title}, {self.locator}: “{self.phrase}”"


class Row(Mapping[str, "Term | None"]):
    """One row of an answer: a mapping of column name to Term (None where unbound), with its passages."""

    def __init__(self, values: dict[str, Term | None]) -> None:
        self._values = values
        self.passages: list[Passage] = []

    def __getitem__(self, column: str) -> Term | None:
        return self._values[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Row({', '.join(f'{k}={str(v)!r}' for k, v in self.items())})"


class Answer:
    """The answer to a query.

    `form` is "rows", "boolean" or "graph". Iterating gives the rows; `columns` are their names in order; `boolean` is
    the answer of an ASK; `triples` is the N-Triples text of a CONSTRUCT or DESCRIBE. `cited` says whether the
    passages behind the rows were asked for.
    """

    def __init__(self, result: Result, evidence: Callable[[], tuple[str, ...]] = tuple) -> None:
        self._evidence = evidence
        self.form = result.form
        self.columns: list[str] = []
        self.rows: list[Row] = []
        self.boolean: bool | None = None
        self.triples = ""
        self.cited = False
        if result.form == "graph":
            self.triples = result.body.decode()
            return
        found = json.loads(result.body)
        if result.form == "boolean":
            self.boolean = found["boolean"]
            return
        self.columns = found["head"]["vars"]
        for binding in found["results"]["bindings"]:
            self.rows.append(Row({c: _term(binding[c]) if c in binding else None for c in self.columns}))

    @property
    def evidence(self) -> tuple[str, ...]:
        """The columns whose things carry the citations; read from the query's header only when asked for."""
        return self._evidence()

    @property
    def shown_columns(self) -> list[str]:
        """The columns for people: all but those that only carry evidence."""
        return [c for c in self.columns if c not in self.evidence] or self.columns

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return bool(self.boolean or self.rows or self.triples)

    def to(self, format: str) -> str:
        """The answer as text: csv, tsv, json, xml, markdown, html, table or turtle. Raises InputError for another."""
        from foedus.writers import write

        return write(self, format)

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas DataFrame of Python values. Raises ImportError where pandas is not installed."""
        import pandas

        return pandas.DataFrame(
            [[None if t is None else t.python for t in row.values()] for row in self.rows], columns=self.columns
        )

    def _repr_html_(self) -> str:
        return self.to("html")


def _term(json_term: dict[str, str]) -> Term:
    kind = {"uri": "iri", "bnode": "blank"}.get(json_term["type"], "literal")
    language = json_term.get("xml:lang")
    datatype = json_term.get("datatype")
    if datatype == XSD + "string":  # RDF 1.1: the same literal as one without a datatype
        datatype = None
    return Term(kind, json_term["value"], datatype, language)


def of_texts(columns: list[str], rows: Iterable[Sequence[str]]) -> Answer:
    """An answer whose cells are plain texts, one for each of `columns` in each row."""
    bindings = [{c: {"type": "literal", "value": v} for c, v in zip(columns, row, strict=True)} for row in rows]
    return Answer(Result("rows", json.dumps({"head": {"vars": columns}, "results": {"bindings": bindings}}).encode()))
