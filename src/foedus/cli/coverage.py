"""`foedus coverage`: what of the texts carries facts, what was set aside, and what nobody has read."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap

from foedus.cli import tell
from foedus.cli.asking import width
from foedus.coverage import ReadPassage, SourceCoverage, coverage
from foedus.datasets import home
from foedus.names import shorten

_COLUMNS = ("source", "words", "with facts", "set aside", "unread", "passages", "things")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("folder", metavar="FOLDER", help="folder that holds the source texts, at any depth")
    parser.add_argument(
        "--source", metavar="SLUG", action="append", default=[], help="look only at this source (repeatable)"
    )
    parser.add_argument("--gaps", action="store_true", help="show only what was not read")
    parser.add_argument("--format", choices=("text", "json"), help="default: text on a terminal, otherwise json")


def main(options: argparse.Namespace) -> int:
    """Print the sources with their passages and gaps; exit status 1 where something is unread or cannot be told."""
    found = coverage(home(), options.folder, options.source)
    shown = [source for source in found if not (options.gaps and source.complete)]
    if (options.format or ("text" if sys.stdout.isatty() else "json")) == "json":
        left_out = {"passages"} if options.gaps else set()
        plain = [{name: v for name, v in source.to_dict().items() if name not in left_out} for source in shown]
        print(json.dumps(plain, ensure_ascii=False, indent=1))
    else:
        columns = max(20, width())
        for source in shown:
            print("\n".join(_page(source, columns, gaps_only=options.gaps)), end="\n\n")
        if not options.gaps:
            print("\n".join(_table(found, columns)))
    _sum_up(found)
    return 0 if all(source.complete for source in found) else 1


def _sum_up(found: list[SourceCoverage]) -> None:
    """One line on standard error; what went wrong besides gaps is in it only where it did."""
    line = f"{_number(sum(len(source.gaps) for source in found), 'passage')} unread"
    if unproved := sum(len(source.unproved) for source in found):
        line += f", {_number(unproved, 'passage')} not proved"
    if faults := sum(bool(source.fault) for source in found):
        line += f", {_number(faults, 'text')} not at hand as cited"
    tell(line)


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _page(source: SourceCoverage, columns: int, *, gaps_only: bool) -> list[str]:
    """The head of a source and a line for each of its passages and gaps, in the order of the text."""
    shares = ", ".join(
        f"{_share(words, source.words)} {what}"
        for words, what in ((source.facts, "carry facts"), (source.set_aside, "set aside"), (source.unread, "unread"))
    )
    told = f"cannot be told, since {source.fault}" if source.fault else f"{_number(source.words, 'word')}, {shares}"
    lines = _wrap(f"{source.title} ({source.slug}): {told}", columns)
    for iri, message in source.unproved:
        lines += _wrap(f"not proved, so it covers nothing: {shorten(iri)}: {message}", columns)
    rows = [(gap.start, gap.line, [f"UNREAD · {gap.text}"]) for gap in source.gaps]
    if not gaps_only:
        rows += [(passage.start, passage.line, _wordings(passage)) for passage in source.passages]
    digits = max((len(str(line)) for _, line, _ in rows), default=0)
    room = columns - digits - 2
    for _, line, wordings in sorted(rows, key=lambda row: row[0]):
        flat = [" ".join(wording.split()) for wording in wordings]
        fitting = next((wording for wording in flat if len(wording) <= room), None)
        lines.append(f"{line:>{digits}}  {fitting or flat[-1][: room - 1] + '…'}")
    return lines


def _wordings(passage: ReadPassage) -> list[str]:
    """What the line of a passage says, with the kinds of things and without them."""
    rest = "".join(f" · {part}" for part in (passage.locator, f"“{passage.phrase}”") if part)
    if passage.reason and not passage.things:
        return [f"set aside: {passage.reason}{rest}"]
    things = _number(len(passage.things), "thing")
    kinds = ", ".join(_number(number, kind) for kind, number in passage.kinds)
    return [f"{things} ({kinds}){rest}"] * bool(kinds) + [things + rest]


def _share(words: int, all: int) -> str:
    """The share of `words` in percent; what is not quite nothing or everything does not look like it."""
    percent = 100 * words / max(1, all)
    if 0 < percent < 1:
        return "<1%"
    return ">99%" if 99 < percent < 100 else f"{percent:.0f}%"


def _table(sources: list[SourceCoverage], columns: int) -> list[str]:
    """The numbers of each source and of all together: a table, or sentences where a table is too wide."""
    told = [source for source in sources if not source.fault]
    rows = [_COLUMNS, *(_cells(source.slug, [] if source.fault else [source]) for source in sources)]
    if len(sources) > 1:
        rows.append(_cells("together", told))
    widths = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS))]
    if sum(widths) + 2 * len(widths) - 2 > columns:
        return [
            line
            for name, *cells in rows[1:]
            for line in _wrap(
                f"{name}: " + ", ".join(f"{head} {cell}" for head, cell in zip(_COLUMNS[1:], cells, strict=True)),
                columns,
            )
        ]
    return [
        "  ".join(
            f"{cell:<{w}}" if i == 0 else f"{cell:>{w}}" for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def _cells(name: str, sources: list[SourceCoverage]) -> tuple[str, ...]:
    """The row of the table for these sources; one that cannot be told has no numbers."""
    if not sources:
        return (name, *"–" * (len(_COLUMNS) - 1))
    numbers = [
        sum(s.words for s in sources),
        sum(s.facts for s in sources),
        sum(s.set_aside for s in sources),
        sum(s.unread for s in sources),
        sum(len(s.passages) for s in sources),
        len({thing for s in sources for thing in s.things}),
    ]
    return (name, *map(str, numbers))


def _wrap(text: str, columns: int) -> list[str]:
    return textwrap.wrap(text, columns, subsequent_indent="  ", break_on_hyphens=False)
