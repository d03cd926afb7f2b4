"""Literals: well-typed, and written in the form that every store gives back.

Oxigraph's store is the test of the second: a literal that it returns otherwise than it was written is not canonical.
Source of the lexical forms: XML Schema Definition Language 1.1, part 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pyoxigraph as ox

from foedus.catalog import XSD, is_date
from foedus.checks import Problem
from foedus.datasets import NS, read_bytes
from foedus.lexer import position, significant, unescape
from foedus.turtle import expand

_DURATION = re.compile(r"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
_NOTATIONS = NS + "notation/"
_FORMS = {
    "string": re.compile(r"(?s).*"),
    "integer": re.compile(r"[+-]?\d+"),
    "decimal": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)"),
    "boolean": re.compile(r"true|false|0|1"),
    "duration": _DURATION,
    "anyURI": re.compile(r"\S*"),
}


def check(path: str) -> Iterator[Problem]:
    """The problems of the literals in one Turtle file that parses."""
    text = read_bytes(path).decode("utf-8")
    prefixes: dict[str, str] = {}
    found = significant(text)

    def problem(start: int, shown: str, message: str) -> Problem:
        return Problem(f"{path}:{position(text, start)[0]}", shown, message)

    for i, token in enumerate(found):
        after = found[i + 1] if i + 1 < len(found) else None
        if token.text.lstrip("@").upper() == "PREFIX" and i + 2 < len(found):
            prefixes[found[i + 1].text] = found[i + 2].text[1:-1]
        if token.kind == "number":
            datatype = XSD + ("double" if "e" in token.text.lower() else "decimal" if "." in token.text else "integer")
            sign = found[i - 1].text if i and found[i - 1].text in "+-" and found[i - 1].end == token.start else ""
            message = fault(sign + token.text, datatype)
            if message:
                yield problem(token.start, sign + token.text, message)
        if token.kind not in ("string", "long_string"):
            continue
        value = unescape(token.text)
        if after is not None and after.kind == "tag" and after.text != after.text.lower():
            yield problem(token.start, token.text + after.text, "a language tag is written in lower case")
        if after is not None and after.text == "^^":
            datatype = expand(found[i + 2].text, prefixes) or found[i + 2].text
            message = fault(value, datatype)
            if message:
                yield problem(token.start, f"{token.text}^^{found[i + 2].text}", message)


@cache
def fault(value: str, datatype: str) -> str:
    """What is wrong with a literal, or nothing."""
    name = datatype.removeprefix(XSD) if datatype.startswith(XSD) else ""
    if name == "date":
        if not is_date(value):
            return "is not a calendar date of the form YYYY-MM-DD without a time zone"
    elif datatype.startswith(_NOTATIONS):  # the shapes know their forms, as the vocabularies give them
        return ""
    elif name not in _FORMS:
        return f"the datatype <{datatype}> is not used here; dates are xsd:date"
    elif not _FORMS[name].fullmatch(value):
        return f"is not of the form of xsd:{name}"
    if name == "decimal" and float(value).is_integer():
        return f"is whole, which stores write in two ways: write {int(float(value))}, an integer"
    store = ox.Store()
    node = ox.NamedNode("urn:x")
    store.add(ox.Quad(node, node, ox.Literal(value, datatype=ox.NamedNode(datatype))))
    kept = next(iter(store)).object
    if isinstance(kept, ox.Literal) and kept.value != value:
        return f"is not in canonical form: write {kept.value}"
    return ""
