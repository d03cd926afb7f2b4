"""Which pages and data the static copy has, and which file each of them is.

A copy has no server that could read parameters, so that they stand in the name of a file: /matrix?group=money is
matrix.group=money.html. What a copy does not have of a page (one source alone, a day of a thing) is left out of the
links to it. `static/copied.js` knows the names too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b

#: Choices that a parameter of a saved query may have, for each to have its answer in the copy.
MOST_CHOICES = 150
#: The parameters of the pages, without those of the saved queries, which all stand in the copy.
_PARAMETERS = {"/matrix": ("group",), "/compare": ("with",), "/disagreements": ("matter",), "/query": ("saved",)}
#: What is there for each day: these pages, as they are first, and the data that links on them lead to.
_DATED = ("/", "/matrix", "/timeline", "/map", "/network", "/compare", "/disagreements", "/browse", "/queries")
_DATA = re.compile(r"/(queries/.+|matrix|compare)\.(csv|json|md|tsv|xml|nt|ttl|jsonld)")
#: Parameters with which a page is there for all sources alone.
_TIMELESS = ("group", "with")
_LONGEST = 200  # bytes of a name, of which file systems take 255


def dated(path: str, parameters: Iterable[tuple[str, str]]) -> bool:
    """Whether what is at a path, that of a language left out, is there for each day as well."""
    return bool(_DATA.fullmatch(path)) or (path in _DATED and not any(name in _TIMELESS for name, _ in parameters))


def kept(path: str, parameters: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The parameters of a link that lead to something else in the copy, in the order of their names."""
    parameters = [(name, value) for name, value in parameters if value]
    page = re.sub(r"\.[a-z]+$", "", path) if path.startswith(("/matrix", "/compare")) else path
    known = _PARAMETERS.get(page, ())
    asks = path.startswith("/queries/") and not path.endswith(".rq")
    found = [
        (name, value)
        for name, value in parameters
        if (dated(path, parameters) if name == "as_of" else name in known or (asks and name != "source"))
    ]
    return sorted(found, key=lambda pair: pair[0])


def file(path: str, parameters: Iterable[tuple[str, str]] = (), language: str = "en") -> str:
    """The file of a page or of data, below the folder of the copy, for the parameters that are kept."""
    path = "/index" if path == "/" else path
    stem, dot, ending = path.rpartition(".") if re.search(r"\.[a-z]+$", path) else (path, ".", "html")
    name = "".join(f".{name}={_safe(value)}" for name, value in parameters)
    if len(stem.rpartition("/")[2]) + len(name) > _LONGEST:
        name = f".{blake2b(name.encode(), digest_size=12).hexdigest()}"
    return ("" if language == "en" else f"{language}/") + stem[1:] + name + dot + ending


def _safe(value: str) -> str:
    """A value as part of a name: a space is _, and what is no letter, digit, dot or hyphen is ~ and its bytes."""
    return re.sub(r"[^A-Za-z0-9.-]", lambda m: "_" if m[0] == " " else _bytes(m[0]), value)


def _bytes(character: str) -> str:
    return "".join(f"~{byte:02X}" for byte in character.encode())
