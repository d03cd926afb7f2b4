"""Tokens of SPARQL 1.1 and Turtle, which share their terminals.

Source: SPARQL 1.1 Query Language, section 19.8 (grammar) and 19.2 (codepoint escapes); RDF 1.1 Turtle, section 6.5.

A token knows where it stands, so that a message can name a line and a replacement can be exact. What stands inside a
string, an IRI or a comment is one token, so a word found here is a word of the language and nothing else.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Letters and digits are Python's \w, which compiles ten times faster than the grammar's ranges and differs from them
# only in marks and symbols that no name of ours has; a name that holds one falls into two tokens, its text kept.
_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_PREFIX = r"(?:[^\W\d_](?:[\w.\-]{0,62}[\w\-])?)?"  # bounded, or a long run of letters and hyphens costs its square
_LOCAL = rf"(?:[\w:]|{_ESCAPE})(?:(?:[\w.:\-]|{_ESCAPE})*(?:[\w:\-]|{_ESCAPE}))?"

_TOKEN = re.compile(
    "|".join(
        f"(?P<{kind}>{pattern})"
        for kind, pattern in (
            ("space", r"[ \t\r\n]+"),
            ("comment", r"#[^\r\n]*"),
            ("iri", r'<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>'),
            ("long_string", r'"""(?:"{0,2}(?:[^"\\]|\\.))*"""|' + r"'''(?:'{0,2}(?:[^'\\]|\\.))*'''"),
            ("string", r'"(?:[^"\\\r\n]|\\.)*"|' + r"'(?:[^'\\\r\n]|\\.)*'"),
            ("variable", r"[?$]\w+"),
            ("blank", r"_:\w(?:[\w.\-]*[\w\-])?"),
            ("name", f"{_PREFIX}:(?:{_LOCAL})?"),
            ("tag", r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*"),
            ("number", r"(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+"),
            ("word", r"[A-Za-z][A-Za-z0-9_]*"),
            ("mark", r"\^\^|&&|\|\||!=|<=|>=|[{}()\[\].;,|/^*+?!<>=\-&:]"),
            ("other", r"."),
        )
    ),
    re.DOTALL,
)
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


class Token(NamedTuple):
    """One token: its kind, its text as written, and the offsets of its first character and of the one after it."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """All tokens of `text`, white space and comments included, so that their texts joined give `text` again."""
    return [Token(m.lastgroup or "other", m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def significant(text: str) -> list[Token]:
    """The tokens of `text` without white space and comments."""
    return [t for t in tokens(text) if t.kind not in ("space", "comment")]


def decode_codepoints(query: str) -> str:
    r"""Replace `\uXXXX` and `\UXXXXXXXX` as SPARQL 1.1 section 19.2 asks: before the grammar is applied.

    Escapes inside strings and IRIs are left to the engine, which reads them there; anywhere else one could spell a
    keyword, so it is decoded here and the guard sees what an engine might see.
    """
    if "\\u" not in query and "\\U" not in query:
        return query
    outside = "".join(t.text for t in tokens(query) if t.kind not in ("string", "long_string", "iri", "comment"))
    if not re.search(r"\\[uU]", outside):
        return query
    return _CODEPOINT.sub(lambda m: _character(m.group(1) or m.group(2)), query)


def decode_all(query: str) -> str:
    """Every codepoint escape decoded, inside strings too, and again until none is left."""
    for _ in range(10):
        decoded = _CODEPOINT.sub(lambda m: _character(m.group(1) or m.group(2)), query)
        if decoded == query:
            break
        query = decoded
    return query


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if code < 0x110000 else "\ufffd"


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of `offset`, both counted from 1."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1


def unescape(text: str) -> str:
    """The value of a string token: without its quotation marks, its escapes read."""
    quotes = 3 if text[:3] in ('"""', "'''") else 1
    simple = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}

    def replace(match: re.Match[str]) -> str:
        if match.group(1) or match.group(2):
            return _character(match.group(1) or match.group(2))
        return simple.get(match.group(3), match.group())

    return re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)", replace, text[quotes:-quotes], flags=re.DOTALL)


def requoted(text: str) -> str:
    """A string token with the same value, in double quotation marks and without codepoint escapes."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(escapes.get(c, c) for c in unescape(text)) + '"'
