"""`foedus validate`: Turtle files against the rules of the house, the ontology itself, and the SHACL shapes."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterator

from foedus.checks import Problem, overlay
from foedus.checks.terms import ONTOLOGY
from foedus.cli import tell
from foedus.datasets import GRAPH, TurtleFile, home
from foedus.errors import InputError

_ALIKE = 200  # problems of one message in one file that are told


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "path",
        metavar="PATH",
        nargs="*",
        help="Turtle files or folders to check in the place of the shipped files of the same names, or beside them",
    )


def main(options: argparse.Namespace) -> int:
    """Print each problem with file and line; exit status 1 where there is one."""
    from foedus.checks import alignments, days, inspection, literals, profile, terms
    from foedus.turtle import parse

    files = overlay(home(), options.path)
    triples = sum(1 for file in files for _ in parse(file.path))  # stops at the first file that is not Turtle
    problems: list[Problem] = []
    _progress(f"{triples} triples in {len(files)} files; literals, names and terms …")
    for file in files:
        problems += literals.check(file.path)
    problems += terms.check(files)
    problems += days.check(files)
    _progress("ontology …")
    problems += inspection.check(files)
    problems += profile.check(_ontology(files), leave_out=("house-literal",))
    problems += alignments.check(files, home())
    _progress("shapes …")
    from foedus.checks import shapes

    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # it logs ill-typed literals, which are told above
    try:
        problems += shapes.check(files)
    except InputError as error:
        if not problems:
            raise
        tell(f"foedus: note: {error.message}; mend what is listed, and validate again")
    for line in _told(list(dict.fromkeys(problems)), {file.path for file in files if file.graph in ONTOLOGY}):
        print(line)
    tell(f"{triples} triples in {len(files)} files, {len(set(problems))} problems")
    return 1 if problems else 0


def _told(problems: list[Problem], ontology: set[str]) -> Iterator[str]:
    """A line a problem, those of the ontology first; of many with one message in one file, the first ones."""
    alike: dict[tuple[str, str], int] = {}
    for problem in sorted(problems, key=lambda p: p.where.rpartition(":")[0] not in ontology):
        key = (problem.where.rpartition(":")[0], problem.message)
        alike[key] = alike.get(key, 0) + 1
        if alike[key] <= _ALIKE:
            yield f"{problem.where}: {problem.thing}: {problem.message}"
    for (path, message), number in alike.items():
        if number > _ALIKE:
            yield f"{path}: {number - _ALIKE} things more: {message}"


def _ontology(files: list[TurtleFile]) -> list[TurtleFile]:
    """The files that are to be in OWL 2 DL; the lists of SHACL are in no axiom."""
    return [file for file in files if file.graph in ONTOLOGY - {GRAPH + "shapes"}]


def _progress(step: str) -> None:
    if sys.stderr.isatty():
        tell(f"validate: {step}")
