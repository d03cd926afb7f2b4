"""Saved queries, `queries/SLUG.rq`: SPARQL 1.1 with the `#+` header that grlc reads; and the binding of parameters.

The header is one YAML map: summary (the question), description, tags, defaults, enumerate. What grlc does not know
stands under `x-foedus`: `parameters` (a map of name to {description, thing}), `evidence` (the variables whose things
carry a row's citations), `pitfall` (what a careless graph would get wrong) and `uk` (summary, description, pitfall and
parameters in Ukrainian).

Parameters follow grlc and BASIL: `?_NAME` in the query, with an optional suffix for the type: `?_NAME_iri`,
`?_NAME_integer`, `?_NAME_xsd_date`. A value never becomes query text as typed: the variable's token is replaced by a
term that was validated and serialised.

Sources: grlc 1.3 (gquery.py), BASIL's parameter convention, SPARQL 1.1 Query section 19.8.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from foedus.datasets import ID, NS, read_bytes
from foedus.errors import InputError, ParameterError, UnknownName
from foedus.guard import asks_others
from foedus.lexer import Token, position, significant, tokens
from foedus.names import expand, shorten

#: The groups of questions, in the order in which they are listed; the first tag of a query is its group.
GROUPS = (
    "inventory",
    "promises",
    "texts",
    "Article 5 and absence",
    "comparison",
    "time and status",
    "sources and dispute",
    "people",
    "precedents",
    "across datasets",
)
XSD = "http://www.w3.org/2001/XMLSchema#"
_BAD_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


class Parameter(NamedTuple):
    """A parameter of a saved query.

    `type` is "iri", "integer", "date" or "string"; `thing` is the type of thing that an "iri" names, so that a bare
    slug can stand for it; `choices` is empty where any value of the type will do.
    """

    name: str
    variable: str
    type: str
    thing: str | None
    default: str | None
    choices: tuple[str, ...]
    description: str


class Wording(NamedTuple):
    """What a saved query is called in one language; `parameters` has the description of each by its name."""

    question: str
    description: str
    pitfall: str
    parameters: Mapping[str, str]


class SavedQuery(NamedTuple):
    """A saved query: where it stands, what it asks, and its text; `ukrainian` is None where it is in English alone."""

    slug: str
    path: str
    text: str
    question: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    evidence: tuple[str, ...]
    pitfall: str
    ukrainian: Wording | None = None

    def wording(self, language: str) -> Wording:
        """What it is called in a language: "uk" where that is known, otherwise in English."""
        if language == "uk" and self.ukrainian is not None:
            return self.ukrainian
        described = {p.name: p.description for p in self.parameters}
        return Wording(self.question, self.description, self.pitfall, described)

    def to_dict(self) -> dict[str, object]:
        """What it is called and takes, in English, as plain lists and dictionaries, for JSON."""
        return {
            "slug": self.slug,
            "question": self.question,
            "description": self.description,
            "pitfall": self.pitfall,
            "tags": list(self.tags),
            "parameters": [p._asdict() for p in self.parameters],
        }

    @property
    def asks_others(self) -> bool:
        """Whether it asks another endpoint (SERVICE), which is done only where that is allowed."""
        return asks_others(self.text)


class Catalog:
    """The saved queries of a folder."""

    def __init__(self, folder: str) -> None:
        self._folder = os.path.join(folder, "queries")

    def slugs(self) -> list[str]:
        """The names of the saved queries, sorted."""
        try:
            names = os.listdir(self._folder)
        except OSError as error:
            raise InputError(
                "no saved queries", where=self._folder, todo="Name the folder of a Foedus graph."
            ) from error
        files = (n for n in names if n.endswith(".rq") and os.path.isfile(os.path.join(self._folder, n)))
        return sorted(name[:-3] for name in files)

    def text(self, slug: str) -> tuple[str, str]:
        """The path and the text of the query `slug`.

        Raises UnknownName, with the nearest names, where there is none.
        """
        path = os.path.join(self._folder, slug + ".rq")
        if not re.fullmatch(r"[a-z0-9-]+", slug) or not os.path.isfile(path):
            raise UnknownName("saved query", slug, near(slug, self.slugs()), todo="`foedus queries` lists them.")
        try:
            return path, read_bytes(path).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError("the query is not UTF-8 text", where=path) from error

    def get(self, slug: str) -> SavedQuery:
        """The query `slug` with its header read. Raises UnknownName; InputError where the header is wrong."""
        path, text = self.text(slug)
        return read(slug, path, text)

    def local(self) -> list[str]:
        """The names of those that ask nobody else, sorted."""
        return [slug for slug in self.slugs() if not asks_others(self.text(slug)[1])]

    def all(self) -> list[SavedQuery]:
        """All saved queries, sorted by slug."""
        return [self.get(slug) for slug in self.slugs()]


def near(name: str, names: Iterable[str]) -> list[str]:
    """The three names most like `name`, best first; of names that differ only in case, one."""
    import difflib

    wanted = name.lower()
    by_lower = {n.lower(): n for n in names}
    found = difflib.get_close_matches(wanted, by_lower, n=3, cutoff=0.6)
    found += [n for n in by_lower if len(name) > 2 and wanted in n]
    return [by_lower[n] for n in dict.fromkeys(found)][:3]


def variables(text: str) -> list[str]:
    """The parameter variables of a query text, without question mark, in order of appearance."""
    found = [t.text[1:] for t in significant(text) if t.kind == "variable" and t.text[1] == "_"]
    return list(dict.fromkeys(found))


def read(slug: str, path: str, text: str) -> SavedQuery:
    """A saved query from its text.

    Raises InputError with file and line where the header is not what the module says.
    """
    header = _header(path, text)
    extra = _part(header, "x-foedus", dict, path)
    details = _part(extra, "parameters", dict, path)
    defaults = _merged(header, "defaults", path)
    choices = _merged(header, "enumerate", path)
    parameters = []
    for variable in variables(text):
        name, kind = _name_and_type(variable, path)
        about = _part(details, name, dict, path)
        default, allowed = (variable[1:] if variable[1:] in found else name for found in (defaults, choices))
        parameters.append(
            Parameter(
                name,
                variable,
                kind,
                _part(about, "thing", str, path) or None,
                _part(defaults, default, str, path) if default in defaults else None,
                _texts(choices, allowed, path),
                _part(about, "description", str, path),
            )
        )
    names = {p.name for p in parameters} | {p.variable[1:] for p in parameters}
    for key in [*defaults, *choices, *details]:
        if key not in names:
            raise InputError(f"the header names a parameter {key!r} that the query does not have", where=path)
    return SavedQuery(
        slug,
        path,
        text,
        " ".join(_part(header, "summary", str, path).split()),
        " ".join(_part(header, "description", str, path).split()),
        _texts(header, "tags", path),
        tuple(parameters),
        _texts(extra, "evidence", path),
        " ".join(_part(extra, "pitfall", str, path).split()),
        _wording(_part(extra, "uk", dict, path), names, path) if "uk" in extra else None,
    )


def _wording(told: dict[str, Any], names: Collection[str], path: str) -> Wording:
    described = _part(told, "parameters", dict, path)
    for name in described:
        if name not in names:
            raise InputError(f"the header names a parameter {name!r} that the query does not have", where=path)
    summary, about, pitfall = (
        " ".join(_part(told, key, str, path).split()) for key in ("summary", "description", "pitfall")
    )
    return Wording(summary, about, pitfall, {name: _part(described, name, str, path) for name in described})


def bind(query: SavedQuery, values: Mapping[str, str]) -> str:
    """The text of `query` with its parameters replaced by terms made from `values` and the defaults.

    Raises ParameterError for a value that is missing, unknown, of the wrong type or not among the choices.
    """
    by_name = {p.name: p for p in query.parameters}
    for name in values:
        if name not in by_name:
            close = near(name, by_name)
            listed = ", ".join(by_name) or "none"
            raise ParameterError(
                f"{query.slug} has no parameter {name!r}",
                todo=f"Did you mean {close[0]}?" if close else f"Its parameters: {listed}.",
            )
    terms = {}
    for parameter in query.parameters:
        value = values.get(parameter.name, parameter.default)
        if value is None:
            raise ParameterError(
                f"{query.slug} needs a value for {parameter.name!r}",
                todo=f"Add -p {parameter.name}=VALUE{_expects(parameter)}.",
            )
        terms[parameter.variable] = serialise(parameter, str(value))
    pieces = []
    projected = _projection(query.text)
    for token in tokens(query.text):
        if token.kind == "variable" and token.text[1:] in terms:
            if token.start in projected:
                line, _ = position(query.text, token.start)
                raise InputError("a parameter cannot be projected", where=f"{query.path}:{line}")
            pieces.append(terms[token.text[1:]])
        else:
            pieces.append(token.text)
    return "".join(pieces)


def serialise(parameter: Parameter, value: str) -> str:
    """The SPARQL term for the value of a parameter. Raises ParameterError where it is not of the parameter's type."""

    def wrong(why: str) -> ParameterError:
        return ParameterError(
            f"{value!r} {why}",
            where=f"parameter {parameter.name}",
            todo=f"Give{_expects(parameter) or ' another value'}.",
        )

    if parameter.choices and value not in parameter.choices:
        raise wrong("is not one of the choices")
    if parameter.type == "iri":
        iri = expand(value) or value
        if value and ":" not in value and parameter.thing:
            iri = f"{base(parameter.thing)}{value}"
        if not re.match(r"(https?|urn):", iri) or _BAD_IRI.search(iri):
            raise wrong("is not an IRI" if ":" in iri else "is neither an IRI nor a slug")
        return f"<{iri}>"
    if parameter.type == "integer":
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", value):
            raise wrong("is not a whole number")
        return f'"{int(value)}"^^<{XSD}integer>'
    if parameter.type == "date":
        if not is_date(value):
            raise wrong("is not a date")
        return f'"{value}"^^<{XSD}date>'
    quoted = "".join(_ESCAPES.get(c, c) for c in value)
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", value):
        raise wrong("holds a control character")
    return f'"{quoted}"'


def base(thing: str) -> str:
    """The IRI before the slug: of a type of thing, or, written `ns/SCHEME`, of a vocabulary."""
    return f"{NS}{thing[3:]}/" if thing.startswith("ns/") else f"{ID}{thing}/"


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def is_date(text: str) -> bool:
    """Whether `text` is a calendar date of the form YYYY-MM-DD (xsd:date without a time zone)."""
    import datetime

    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _expects(parameter: Parameter) -> str:
    if parameter.choices:
        return " one of: " + ", ".join(parameter.choices)
    example = f" such as {shorten(parameter.default).rpartition(':')[2]}," if parameter.default else ""
    return {
        "iri": f" a slug{example} or an IRI" if parameter.thing else f" an IRI such as {parameter.default}",
        "integer": " a whole number",
        "date": " a date of the form YYYY-MM-DD",
    }.get(parameter.type, "")


def _name_and_type(variable: str, path: str) -> tuple[str, str]:
    match = re.fullmatch(r"_([A-Za-z0-9]+)(?:_(iri|integer|xsd_date))?", variable)
    if not match:
        raise InputError(
            f"?{variable} is not a parameter name",
            where=path,
            todo="Use ?_NAME, ?_NAME_iri, ?_NAME_integer or ?_NAME_xsd_date, with letters and digits in NAME.",
        )
    return match[1], {"iri": "iri", "integer": "integer", "xsd_date": "date"}.get(match[2] or "", "string")


def _header(path: str, text: str) -> dict[str, Any]:
    import yaml

    # Every scalar is text as written: the default 2024-02-30 is no date of YAML's, and the default no is not False.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    lines = [line[2:].removeprefix(" ") if line.startswith("#+") else "" for line in text.splitlines()]
    try:
        header = yaml.load("\n".join(lines), Loader=loader)  # noqa: S506 - it makes lists, maps and text
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else path
        raise InputError(
            f"the #+ header is not YAML: {getattr(error, 'problem', error)}",
            where=where,
            todo="Indent with spaces; put quotation marks around a value with a colon.",
        ) from error
    if not isinstance(header, dict) or not header.get("summary"):
        raise InputError("no #+ header with a summary", where=path, todo="Begin the file with `#+ summary: …`.")
    return header


_KINDS: dict[type, str] = {dict: "a map", list: "a list", str: "text"}


def _part(header: dict[str, Any], key: str, kind: type, path: str) -> Any:
    """The value of a key of the header, empty where it has none. Raises InputError where it is not of that kind."""
    value = header.get(key) or kind()
    if not isinstance(value, kind):
        raise InputError(f"{key} in the header is to be {_KINDS[kind]}", where=path)
    return value


def _texts(header: dict[str, Any], key: str, path: str) -> tuple[str, ...]:
    """The list of texts that is the value of a key of the header. Raises InputError where it is none."""
    found = _part(header, key, list, path)
    if not all(isinstance(item, str) for item in found):
        raise InputError(f"{key} in the header is to be a list of texts", where=path)
    return tuple(found)


def _merged(header: dict[str, Any], key: str, path: str) -> dict[str, Any]:
    """Grlc writes defaults and enumerate as a list of maps with one key each."""
    merged: dict[str, Any] = {}
    for item in _part(header, key, list, path):
        if not isinstance(item, dict):
            raise InputError(f"{key} is a list of `- name: value`", where=path)
        merged.update(item)
    return merged


def _projection(text: str) -> set[int]:
    """Offsets of the variables that a SELECT, or AS, makes into columns: there a term cannot stand."""
    found: set[int] = set()
    in_select = False
    depth = 0
    previous: Token | None = None
    for token in significant(text):
        word = token.text.upper() if token.kind == "word" else ""
        if word == "SELECT":
            in_select, depth = True, 0
        elif in_select and (word in ("WHERE", "FROM") or token.text == "{"):
            in_select = False
        elif in_select and token.text in ("(", ")"):
            depth += 1 if token.text == "(" else -1
        if token.kind == "variable" and (
            (in_select and depth == 0) or (previous is not None and previous.text.upper() == "AS")
        ):
            found.add(token.start)
        previous = token
    return found
