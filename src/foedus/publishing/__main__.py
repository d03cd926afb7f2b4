"""Keep what is published up to date, or say where it is not: `python -m foedus.publishing [--write] LIST`.

LIST is the list of every IRI that was ever published. Besides, the saved queries as SPARQL examples, and a release.
"""

from __future__ import annotations

import argparse
import os
import sys

from foedus.datasets import home, read_bytes
from foedus.errors import FoedusError
from foedus.export import write
from foedus.publishing.crate import release
from foedus.publishing.examples import ENDPOINT, examples
from foedus.publishing.published import enlist, published, unlisted, vanished
from foedus.publishing.statistics import PATH, statistics


def main(arguments: list[str] | None = None) -> int:
    """Do what is asked; exit status 1 where something is out of date or has vanished."""
    parser = argparse.ArgumentParser(
        prog="python -m foedus.publishing",
        description="Check that the statistics and the list of published IRIs are up to date, or do one of the below.",
    )
    parser.add_argument("list", metavar="LIST", nargs="?", help="the list of published IRIs")
    todo = parser.add_mutually_exclusive_group()
    todo.add_argument("--check", action="store_true", help="check, which is what is done unless told otherwise")
    todo.add_argument("--write", action="store_true", help="write the statistics, and add new IRIs to the list")
    todo.add_argument("--examples", metavar="FILE", help="write the saved queries as SPARQL examples (- for stdout)")
    todo.add_argument("--release", metavar="DIR", help="write a release into DIR/foedus-VERSION, with an RO-Crate")
    parser.add_argument("--endpoint", metavar="URL", help=f"the endpoint of the examples (default: {ENDPOINT})")
    parser.add_argument("--packages", metavar="DIR", help="the Python packages to put into the release")
    options = parser.parse_args(arguments)
    if options.endpoint and not options.examples:
        parser.error("--endpoint goes with --examples")
    if options.packages and not options.release:
        parser.error("--packages goes with --release")
    try:
        if options.examples:
            write(examples(home(), options.endpoint or ENDPOINT).encode(), options.examples)
        elif options.release:
            sys.stdout.write(release(home(), options.release, options.packages) + "\n")
        elif options.write:
            _write(options.list)
        else:
            return _check(options.list)
    except FoedusError as error:
        sys.stderr.write(f"foedus.publishing: {error}\n")
        return error.exit_status
    return 0


def _write(path: str | None) -> None:
    write(statistics(home()).encode(), os.path.join(home(), PATH))
    if path:
        enlist(published(home()), path)


def _check(path: str | None) -> int:
    """Name what is out of date, and every IRI that has vanished."""
    faults = []
    kept = os.path.join(home(), PATH)
    if not os.path.isfile(kept) or read_bytes(kept) != statistics(home()).encode():
        faults.append(f"{kept}: out of date; `make format`, or --write, makes it anew")
    if path:
        now = published(home())
        new, gone = unlisted(now, path), vanished(now, path)
        faults += [f"{path}: <{iri}> is not in the list; `make format`, or --write, adds it" for iri in new]
        faults += [f"{path}: <{iri}> has vanished; describe it again, with owl:deprecated" for iri in gone]
    for fault in faults:
        sys.stdout.write(fault + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
