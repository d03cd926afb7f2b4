"""The house format of saved queries: `python -m foedus.style [--write] PATH…` (Turtle files have turtlefmt).

Prefixes sorted, declared once and used; keywords and functions in capitals; two spaces a level, a closing bracket under
the line that opened it; no tab, no space at a line's end, no line over 120 characters, one line feed at the end.
`--write` mends what can be mended without judgement: prefixes, capitals, spaces at the end of lines and of the file.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator

from foedus.datasets import read_bytes
from foedus.errors import FoedusError
from foedus.lexer import position, significant, tokens

WIDTH = 120
_LOWER = {"a", "true", "false"}
_PREFIX = re.compile(r"^PREFIX\s+([\w.-]*:)\s*<[^>]*>[ \t]*\n", re.IGNORECASE | re.MULTILINE)


def mended(text: str) -> str:
    """`text` with all mended that needs no judgement."""
    pieces = []
    for token in tokens(text):
        word = token.kind == "word" and token.text not in _LOWER
        pieces.append(token.text.upper() if word else token.text)
    text = "".join(pieces)
    found = list(_PREFIX.finditer(text))
    if found:
        rest = text[: found[0].start()] + _PREFIX.sub("", text[found[0].start() :])
        used = {t.text.partition(":")[0] + ":" for t in significant(rest) if t.kind == "name"}
        lines = {m[1]: m[0].rstrip() + "\n" for m in found if m[1] in used}
        text = rest[: found[0].start()] + "".join(lines[p] for p in sorted(lines)) + rest[found[0].start() :]
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip() + "\n"


def faults(text: str) -> Iterator[tuple[int, str]]:
    """Line and message of everything in `text` that is not in the house format."""
    for number, (is_now, should_be) in enumerate(zip(text.split("\n"), mended(text).split("\n"), strict=False), 1):
        if is_now != should_be:
            yield number, "not in the house format (prefixes, capitals or spaces); --write mends it"
            break
    else:
        if text != mended(text):
            yield text.count("\n"), "the file ends in other than one line feed, or has prefixes it does not use"
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            yield number, "has a tab"
        if len(line) > WIDTH:
            yield number, f"has {len(line)} characters, more than {WIDTH}"
        if not line.startswith("#") and (len(line) - len(line.lstrip())) % 2:
            yield number, "is not indented by a multiple of two spaces"
    yield from _brackets(text)


def _brackets(text: str) -> Iterator[tuple[int, str]]:
    """A bracket that closes at the beginning of a line stands under the line that opened it."""
    opened: list[int] = []
    lines = text.split("\n")
    for token in significant(text):
        if token.text in ("{", "(", "["):
            opened.append(position(text, token.start)[0])
        elif token.text in ("}", ")", "]") and opened:
            began = opened.pop()
            number, column = position(text, token.start)
            before = lines[began - 1]
            if not lines[number - 1][: column - 1].strip() and column - 1 != len(before) - len(before.lstrip()):
                yield number, f"its bracket does not stand under line {began}, which opened it"


def main(arguments: list[str] | None = None) -> int:
    """Check the queries at the paths given, or mend them; exit status 1 where a fault is left."""
    parser = argparse.ArgumentParser(prog="python -m foedus.style", description="Check the house format of queries.")
    parser.add_argument("--write", action="store_true", help="mend the files first")
    parser.add_argument("path", nargs="+", help="files ending in .rq, or folders of them")
    options = parser.parse_args(arguments)
    status = 0
    for path in _queries(options.path):
        text = read_bytes(path).decode("utf-8")
        if options.write and mended(text) != text:
            text = mended(text)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        for line, message in faults(text):
            print(f"{path}:{line}: {message}")
            status = 1
    return status


def _queries(places: list[str]) -> Iterator[str]:
    for place in places:
        if os.path.isdir(place):
            yield from sorted(os.path.join(place, name) for name in os.listdir(place) if name.endswith(".rq"))
        else:
            yield place


if __name__ == "__main__":
    try:
        sys.exit(main())
    except FoedusError as error:
        sys.exit(f"foedus: {error}")
