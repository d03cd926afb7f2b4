"""`foedus reason`: consistency, classification and what is derived from the graph."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING

from foedus.checks import overlay
from foedus.cli import tell
from foedus.datasets import home, turtle_files

if TYPE_CHECKING:
    from foedus.reasoning.reasoner import Outcome

_SHOWN = 10  # clashes told in full
_CHANGES = 40


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "path",
        metavar="PATH",
        nargs="*",
        help="Turtle files or folders to reason over in the place of the shipped files of those names, or beside them",
    )
    parser.add_argument(
        "--profile",
        choices=("dl", "rl"),
        default="dl",
        help="dl: OWL 2 DL by HermiT (the default); rl: OWL 2 RL by reasonable, without Java, for large data",
    )
    parser.add_argument("--write", action="store_true", help="keep what is derived in data/inferred/")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def main(options: argparse.Namespace) -> int:
    """Print what clashes, or how much is derived; exit status 1 where something is wrong or not up to date."""
    from foedus.errors import InputError
    from foedus.reasoning import writing
    from foedus.reasoning.reasoner import run

    folder = home()
    if options.write and options.path:
        raise InputError("--write keeps what is derived from the graph itself", todo="Leave out PATH, or --write.")
    files = overlay(folder, options.path) if options.path else turtle_files(folder)
    outcome = run(files, folder, options.profile, _progress)
    more: list[str] = []
    less: list[str] = []
    if outcome.derived is not None:
        more, less = writing.differences(outcome.derived, files)
        if options.write and not outcome.clashes:
            touched = writing.put(outcome.derived, folder)
            for path in touched:
                tell(f"wrote {os.path.relpath(path)}" if os.path.exists(path) else f"removed {os.path.relpath(path)}")
            more, less = [], []
    report = _as_json if options.format == "json" else _as_text
    sys.stdout.write(report(outcome, more, less))
    tell(", ".join(f"{name} {seconds:.1f} s" for name, seconds in outcome.seconds.items()))
    if (more or less) and not options.path:
        tell(
            "foedus: what is kept in data/inferred/ is not what follows\n"
            "  Look at the changes: one of their premises, or a rule in ontology/rules/, is other than it was.\n"
            "  If that is meant, run `foedus reason --write`."
        )
    return 1 if outcome.clashes or ((more or less) and not options.path) else 0


def _progress(step: str) -> None:
    if sys.stderr.isatty():
        tell(f"reason: {step} …")


def _as_text(outcome: Outcome, more: list[str], less: list[str]) -> str:
    lines = ["inconsistent" if outcome.derived is None else "consistent"]
    for clash in outcome.clashes[:_SHOWN]:
        lines += ["", f"{clash.message}:" if clash.statements else clash.message]
        for number, told in enumerate(clash.statements, 1):
            lines.append(f"{number:4}. {told.text}")
            lines += [f"      {told.where}", *(f"      › {passage}" for passage in told.passages)]
    if len(outcome.clashes) > _SHOWN:
        lines += ["", f"and {len(outcome.clashes) - _SHOWN} more: mend these first"]
    rules, classes = (outcome.derived.rules, outcome.derived.classes) if outcome.derived else ({}, {})
    for rule, number in rules.items():
        lines.append(f"{number:8,}  {rule}")
        if rule == "class-definition":
            lines += [f"{members:14,}  {name}" for name, members in classes.items()]
    changed = [f"  + {text}" for text in more] + [f"  - {text}" for text in less]
    lines += changed[:_CHANGES]
    if len(changed) > _CHANGES:
        lines.append(f"  and {len(changed) - _CHANGES} more changes: `--format json` lists them")
    return "\n".join(lines) + "\n"


def _as_json(outcome: Outcome, more: list[str], less: list[str]) -> str:
    clashes = [{"message": c.message, "statements": [s._asdict() for s in c.statements]} for c in outcome.clashes]
    found = {
        "consistent": outcome.derived is not None,
        "clashes": clashes,
        "derived": outcome.derived.rules if outcome.derived else {},
        "classes": outcome.derived.classes if outcome.derived else {},
        "examples": outcome.examples,
        "added": more,
        "removed": less,
        "seconds": {name: round(seconds, 3) for name, seconds in outcome.seconds.items()},
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
