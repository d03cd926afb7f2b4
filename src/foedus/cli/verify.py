"""`foedus verify`: every citation against the texts."""

from __future__ import annotations

import argparse

from foedus.citations import verify
from foedus.cli import tell
from foedus.datasets import home


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("folder", metavar="FOLDER", help="folder that holds the source texts, at any depth")


def main(options: argparse.Namespace) -> int:
    """Print each citation that cannot be proved; exit status 1 where there is one."""
    report = verify(home(), options.folder)
    for problem in report.problems:
        print(f"{problem.where}: {problem.thing}: {problem.message}")
    tell(
        f"{report.proved} of {report.citations} passages in {report.sources} sources proved, "
        f"{len(report.problems)} problems"
    )
    return 1 if report.problems else 0
