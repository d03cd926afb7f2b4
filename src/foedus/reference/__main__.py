"""Write the reference, or say where it is out of date: `python -m foedus.reference [--write] [--html DIR] [FOLDER]`."""

from __future__ import annotations

import argparse
import os
import sys

from foedus.datasets import home, read_bytes
from foedus.errors import FoedusError, InputError
from foedus.export import write
from foedus.reference.made import files, html_files


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or name those that are out of date (exit status 1)."""
    parser = argparse.ArgumentParser(prog="python -m foedus.reference", description=__doc__)
    parser.add_argument("folder", metavar="FOLDER", nargs="?", help="folder of the documentation")
    parser.add_argument("--write", action="store_true", help="write the files")
    parser.add_argument("--html", metavar="DIR", help="write the pages as HTML into this folder")
    options = parser.parse_args(arguments)
    if not options.folder and not options.html:
        parser.error("name the folder of the documentation, or --html with one of its own")
    try:
        if options.html:
            for path, content in html_files(home()).items():
                _write(os.path.join(options.html, path), content)
        return _kept(options.folder, options.write) if options.folder else 0
    except FoedusError as error:
        sys.stderr.write(f"foedus.reference: {error}\n")
        return error.exit_status


def _kept(folder: str, anew: bool) -> int:
    """Write the files of the repository, or compare them; a page of a term that is gone goes too."""
    if not os.path.isdir(folder):
        raise InputError("no such folder", where=folder, todo="Name the folder of the documentation.")
    made = {_place(path, folder): text for path, text in files(home()).items()}
    stale = [path for path in _pages_in(os.path.join(folder, "terms")) if path not in made]
    if anew:
        for path, text in made.items():
            _write(path, text.encode())
        for path in stale:
            os.unlink(path)
        return 0
    for path in stale:
        sys.stdout.write(f"{path}: of no term; --write removes it\n")
    old = [path for path, text in made.items() if not os.path.exists(path) or read_bytes(path) != text.encode()]
    for path in old:
        sys.stdout.write(f"{path}: out of date; --write makes it anew\n")
    return 1 if old or stale else 0


def _place(path: str, folder: str) -> str:
    """Where a file of the repository stands: the documentation in `folder`, the rest beside the Turtle files."""
    return os.path.join(folder, path[5:]) if path.startswith("docs/") else os.path.join(home(), path)


def _pages_in(folder: str) -> list[str]:
    """The Markdown files in a folder and below it."""
    return sorted(os.path.join(place, n) for place, _, names in os.walk(folder) for n in names if n.endswith(".md"))


def _write(path: str, content: bytes) -> None:
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    except OSError as error:
        raise InputError(error.strerror or str(error), where=os.path.dirname(path)) from error
    write(content, path)


if __name__ == "__main__":
    sys.exit(main())
