"""`foedus export`: the graph as a file or as many, or its codings of the texts as a table."""

from __future__ import annotations

import argparse
import os
import re

from foedus.datasets import home
from foedus.errors import InputError
from foedus.export import FORMATS, export_file, export_parts, format_of, is_gzip, write

_ATOP = "atop"
_GRAPH = "graph"
_BYTES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "The bytes are the same from run to run, and nothing half-written stands under the final name.\n"
        "With --split the folder also holds manifest.json (triples, bytes and SHA-256 of each file; triples and\n"
        "SHA-256 of the canonical N-Triples of each graph) and SHA256SUMS: check with `sha256sum -c SHA256SUMS`.\n\n"
        "  foedus export -o foedus.nq.gz\n"
        "  foedus export --split graph -o graphs\n"
        "  foedus export --split 50MB --format ntriples --gzip -o parts"
    )
    parser.add_argument(
        "--format",
        choices=(*FORMATS, _ATOP),
        help="default: by the ending of PATH, otherwise nquads with --split and trig without; "
        "atop is the codings of the texts, as CSV",
    )
    parser.add_argument(
        "-o", "--output", metavar="PATH", help="file to write, or folder with --split; - or none: standard output"
    )
    parser.add_argument("--gzip", action="store_true", help="compress; default where PATH ends in .gz")
    parser.add_argument(
        "--split",
        metavar="graph|SIZE",
        help="write many files into the folder PATH, which must be new or empty: one for each named graph, or parts of "
        "at most about SIZE bytes before compression, such as 500kB, 50MB or 2GB",
    )


def main(options: argparse.Namespace) -> int:
    """Write the graph."""
    path = None if options.output == "-" else options.output
    compress = options.gzip or bool(path and is_gzip(path))
    if options.format == _ATOP:
        _atop(path, compress, options.split)
        return 0
    guessed = format_of(path) if path else None
    if options.split is not None:
        size = _size(options.split)
        if not path:
            raise InputError("--split writes many files", todo="Name a folder for them: -o FOLDER.")
        export_parts(home(), options.format or guessed or "nquads", path, size=size, compress=compress)
        return 0
    if path and os.path.isdir(path):
        raise InputError("is a folder", where=path, todo="Name a file, or add --split graph or --split SIZE.")
    if path and not options.format and not guessed:
        raise InputError(
            "the ending stands for no RDF syntax",
            where=path,
            todo="Use .nq, .trig, .nt, .ttl, .jsonld or .rdf, each also with .gz, or name a syntax with --format.",
        )
    export_file(home(), options.format or guessed or "trig", path, compress=compress)
    return 0


def _size(split: str) -> int | None:
    """Bytes of a part; None for one file a graph."""
    if split == _GRAPH:
        return None
    found = re.fullmatch(r"(\d+) ?([kmg]?)b?", split, re.IGNORECASE | re.ASCII)
    size = int(found[1]) * _BYTES[found[2].lower()] if found else 0
    if not size:
        raise InputError(
            f"--split does not take {split!r}", todo="Use --split graph, or a size such as --split 50MB (k, M or G)."
        )
    return size


def _atop(path: str | None, compress: bool, split: str | None) -> None:
    if compress or split is not None:
        raise InputError(
            "the table for ATOP is written as one plain CSV file", todo="Leave out --split, --gzip and the ending .gz."
        )
    from foedus import open as open_graph
    from foedus.atop import atop

    with open_graph() as graph:
        write(atop(graph), path)
