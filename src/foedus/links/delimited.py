"""Other people's tables: text with a delimiter, read row by row and never held as a whole.

Encoding, delimiter and header row are found where that is safe; where it is not, a message says what to tell.
Quotation marks are those of RFC 4180. A row has the line on which it begins, counted from 1.
"""

from __future__ import annotations

import csv
import io
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self, cast

from foedus.errors import InputError

#: The likelier first: a comma stands in numbers and words as well.
DELIMITERS = ("\t", ";", "|", ",")
_SAMPLE = 200  # rows from which delimiter and header are told
_BLOCK = 1 << 20  # bytes
#: How files begin that are no text, with what they are and what to do.
_MAGIC = {
    b"PK\x03\x04": ("a spreadsheet or a zip archive", "Unpack it, or open it and save the sheet as CSV (UTF-8)."),
    b"\xd0\xcf\x11\xe0": ("an old spreadsheet", "Open it and save the sheet as CSV (UTF-8)."),
    b"\x1f\x8b": ("compressed by gzip", "Unpack it first: gunzip -c FILE | foedus join - …"),
    b"BZh": ("compressed by bzip2", "Unpack it first: bunzip2 -c FILE | foedus join - …"),
    b"\xfd7zXZ": ("compressed by xz", "Unpack it first: xz -dc FILE | foedus join - …"),
    b"%PDF": ("a PDF document", "Get the table as CSV."),
    b"PAR1": ("a Parquet file", "Write the table as CSV."),
}
_HTML = re.compile(rb"\s*<(!doctype\s+html|html)\b", re.IGNORECASE)
#: Byte order marks, the longer first.
_MARKS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE)  # how a spreadsheet program names the delimiter


class TableRow(NamedTuple):
    """A row: the line on which it begins and its cells as written, as many as the header has."""

    line: int
    cells: list[str]


class Table:
    """A table with a header; `path` is a file, or "-" for standard input.

    `encoding` is by default that of the byte order mark, or else UTF-8; `delimiter` the one of `DELIMITERS` that fits
    best; `header` (a line) the first row about as full as the rows below it, so that titles and notes above the
    header are passed over. Columns without a name, whose places are `unnamed`, are called such as "column 3".

    Use it as a context manager. Raises InputError, with file and line, for whatever is no such table.
    """

    def __init__(
        self, path: str, *, encoding: str | None = None, delimiter: str | None = None, header: int | None = None
    ) -> None:
        self.name = "standard input" if path == "-" else path
        self.stem = "table" if path == "-" else PurePath(path).stem
        self._file = _opened(path)
        try:
            start = self._file.read(1024)
            self._refuse(start)
            self.encoding = encoding or next((e for mark, e in _MARKS.items() if start.startswith(mark)), "utf-8")
            self._named = encoding is not None
            self.delimiter = delimiter or self._find_delimiter()
            self.unnamed: frozenset[int] = frozenset()
            self.header_line, self.header = self._find_header(header)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def rows(self) -> Iterator[TableRow]:
        """The rows below the header. Raises InputError for a row with too many cells, or too few.

        A row of which only one cell is filled is a heading or a note and may be short.
        """
        width = len(self.header)
        for row in self._records():
            if row.line <= self.header_line or not any(row.cells):
                continue
            cells = row.cells
            if any(cells[width:]) or (len(cells) < width and sum(map(bool, cells)) > 1):
                raise InputError(
                    f"the row has {len(cells)} cells, and the header on line {self.header_line} has {width}",
                    where=f"{self.name}:{row.line}",
                    todo="Mend the row: a cell that holds the delimiter stands in quotation marks. "
                    "Where the header is elsewhere, name its line with --header.",
                )
            yield TableRow(row.line, cells[:width] + [""] * (width - len(cells)))

    def place(self, column: str) -> int:
        """The place of a column, from 0. Raises InputError where there is none of that name, or more than one."""
        found = [i for i, name in enumerate(self.header) if name == column]
        if not found:
            from foedus.catalog import near

            close = near(column, self.header)
            raise InputError(
                f"there is no column {column!r}",
                where=f"{self.name}:{self.header_line}",
                todo=f"Did you mean {' or '.join(close)}?" if close else f"The columns are: {self.shown_header}.",
            )
        if len(found) > 1:
            places = " and ".join(str(i + 1) for i in found)
            raise InputError(
                f"the header has {column!r} more than once: columns {places}",
                where=f"{self.name}:{self.header_line}",
                todo="Give each column a name of its own, or name those that you want with --columns.",
            )
        return found[0]

    @property
    def shown_header(self) -> str:
        """The names of the columns for a message."""
        shown = [repr(name) for name in self.header[:20]]
        return ", ".join(shown) + (f" and {len(self.header) - 20} more" if len(self.header) > 20 else "")

    def _refuse(self, start: bytes) -> None:
        what, todo = next((said for magic, said in _MAGIC.items() if start.startswith(magic)), ("", ""))
        if _HTML.match(start):
            what, todo = "a web page", "Download the table itself."
        if what:
            raise InputError(f"is {what}, not text", where=self.name, todo=todo)
        if not start.strip():
            raise InputError("is empty", where=self.name, todo="Name a table with a header and rows.")

    def _lines(self) -> Iterator[str]:
        """The lines of the text with their ends."""
        self._file.seek(0)
        try:
            text = io.TextIOWrapper(self._file, self.encoding, newline="")
        except (LookupError, ValueError) as error:
            raise InputError(
                f"no encoding is called {self.encoding!r}",
                where="--encoding",
                todo="Name one that Python knows, such as cp1252, cp1251, latin-1 or utf-16.",
            ) from error
        try:
            for number, line in enumerate(text, 1):
                if "\0" in line:
                    raise InputError(
                        "holds a NUL character, which no text does",
                        where=f"{self.name}:{number}",
                        todo="Save it as CSV (UTF-8); if it is UTF-16 without a mark, try --encoding utf-16-le.",
                    )
                yield line.removeprefix("\ufeff") if number == 1 else line
        except UnicodeError as error:
            raise self._undecodable() from error
        finally:
            if not self._file.closed:
                text.detach()

    def _undecodable(self) -> InputError:
        """What to say of a text that is not in its encoding: where the first bad byte stands."""
        import codecs

        decoder = codecs.getincrementaldecoder(self.encoding)()
        self._file.seek(0)
        line, bad = 1, b""
        try:
            while block := self._file.read(_BLOCK):
                line += decoder.decode(block).count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            line += error.object.count(b"\n", 0, error.start)
            bad = error.object[error.start : error.start + 1]
        except UnicodeError:  # UTF-16 that begins without a mark
            line = 1
        encoding = self.encoding.removesuffix("-sig").upper()
        shown = f"the byte 0x{bad[0]:02X} is" if bad else "the text is"
        other = "another encoding" if self._named else "the encoding, such as --encoding cp1252 (or cp1251, Cyrillic)"
        return InputError(
            f"{shown} not {encoding}", where=f"{self.name}:{line}", todo=f"Name {other}, or save the file as UTF-8."
        )

    def _records(self) -> Iterator[TableRow]:
        reader = csv.reader(self._lines(), delimiter=self.delimiter, strict=True, skipinitialspace=True)
        line = 1
        try:
            for cells in reader:
                yield TableRow(line, cells)
                line = reader.line_num + 1
        except csv.Error as error:
            unclosed = "unexpected end" in str(error) or "limit" in str(error)
            what = "a quotation mark that is opened here is not closed" if unclosed else f"is no row of CSV: {error}"
            raise InputError(
                what,
                where=f"{self.name}:{line}",
                todo="Mend the row: a quotation mark inside a cell in quotation marks is doubled.",
            ) from error

    def _find_delimiter(self) -> str:
        """The delimiter by which most rows of the beginning have the same number of cells."""
        lines = list(islice(self._lines(), _SAMPLE))
        if lines and (named := _SEPARATOR_LINE.fullmatch(lines[0].strip())):
            return named[1]
        best, found = (0, 0), ","
        for delimiter in DELIMITERS:
            try:
                widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
            except csv.Error:
                continue
            alike, width = max(((n, w) for w, n in widths.items() if w > 1), default=(0, 0))
            if (alike, width) > best:
                best, found = (alike, width), delimiter
        return found

    def _find_header(self, line: int | None) -> tuple[int, list[str]]:
        records = [row for row in islice(self._records(), max(_SAMPLE, line or 0)) if any(map(str.strip, row.cells))]
        if not records:
            raise InputError("is empty", where=self.name, todo="Name a table with a header and rows.")
        found = records[0]
        if line is not None:
            at = [row for row in records if row.line == line]
            if not at:
                raise InputError(
                    "no row with a cell in it begins on that line",
                    where=f"{self.name}:{line}",
                    todo="Name with --header the line on which the names of the columns stand.",
                )
            found = at[0]
        elif several := [_filled(row) for row in records if _filled(row) > 1]:
            enough = max(2, 0.8 * statistics.median(several))
            found = next(row for row in records if _filled(row) >= enough)
            for row in records[: records.index(found)]:
                if _filled(row) * 2 > _filled(found):
                    raise InputError(
                        f"which row is the header? Line {row.line} has {_filled(row)} cells, line {found.line} has "
                        f"{_filled(found)}",
                        where=self.name,
                        todo="Name its line with --header LINE.",
                    )
        names = [" ".join(cell.split()) for cell in found.cells]
        while names and not names[-1]:
            names.pop()
        self.unnamed = frozenset(i for i, name in enumerate(names) if not name)
        return found.line, [name or f"column {i}" for i, name in enumerate(names, 1)]


def _filled(row: TableRow) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _opened(path: str) -> BinaryIO:
    """The file, from its beginning; what cannot be read twice, such as standard input, is kept in a temporary one."""
    import shutil
    import tempfile

    if path == "-" and sys.stdin is None:
        raise InputError("standard input is closed", todo="Name a file, or pipe the table in.")
    try:
        file = sys.stdin.buffer if path == "-" else open(path, "rb")  # noqa: SIM115
        if path != "-" and file.seekable():
            return file
        kept = tempfile.TemporaryFile()  # noqa: SIM115
        shutil.copyfileobj(file, kept, _BLOCK)
        kept.seek(0)
        if path != "-":
            file.close()
        return cast(BinaryIO, kept)
    except IsADirectoryError as error:
        raise InputError("is a folder", where=path, todo="Name the file of a table.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(reason, where=path, todo="Name the file of a table, or - for standard input.") from error
