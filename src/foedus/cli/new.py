"""`foedus new agreement`: a text cut into clauses, as a Turtle file for a person to finish."""

from __future__ import annotations

import argparse
import datetime
import hashlib
import os
import re

from foedus.cli import tell
from foedus.datasets import home, read_bytes, turtle_files
from foedus.errors import InputError

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("what", choices=["agreement"], help="what to begin: the text of an agreement")
    parser.add_argument("--text", metavar="FILE", required=True, help="the text, as UTF-8")
    parser.add_argument("--slug", metavar="NAME", required=True, help="name of the source, as in text-poland")
    parser.add_argument("--instrument", metavar="NAME", help="slug of the instrument (default: GIVER-ukraine)")
    parser.add_argument(
        "--giver", metavar="ACTOR", help="slug of the other party (default: the one that the title names)"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write (default: data/NAME.ttl of the graph)")
    parser.add_argument(
        "--move", action="store_true", help="where the file is there: let its passages follow the text that has changed"
    )


def main(options: argparse.Namespace) -> int:
    """Write the draft, or say what moved since; exit status 1 where something did."""
    if not _SLUG.fullmatch(options.slug):
        raise InputError(
            "not a slug", where=f"--slug {options.slug}", todo="Use small letters, digits and single hyphens between."
        )
    content = read_bytes(options.text)
    text = _text(content, options.text)
    digest = hashlib.sha256(content).hexdigest()
    folder = home()
    path = options.output or os.path.join(folder, "data", f"{options.slug}.ttl")
    if os.path.exists(path):
        return _moved(options, path, text, digest)
    from foedus.authoring.drafting import Subject, Vocabulary, draft, guess_giver, language_of
    from foedus.citations import describe
    from foedus.export import write

    vocabulary = Vocabulary(describe(turtle_files(folder)), language_of(text))
    giver = options.giver or guess_giver(text, vocabulary)
    if options.giver and not vocabulary.is_actor(options.giver):
        tell(f"note: no actor is called {options.giver!r}: describe it in data/actors.ttl")
    subject = Subject(
        options.slug,
        options.instrument or f"{giver or options.slug}-ukraine",
        giver,
        os.path.basename(options.text),
        digest,
        datetime.date.today().isoformat(),
    )
    written = draft(text, subject, vocabulary)
    if not os.path.isdir(os.path.dirname(path) or "."):
        raise InputError("no such folder", where=os.path.dirname(path), todo="Create it, or name another with -o.")
    write(written.encode(), path)
    kinds = ("Clause", "Commitment", "Finding")
    counts = ", ".join(f"{written.count(f' a foedus:{kind} ;')} {kind.lower()}s" for kind in kinds)
    tell(f"{path}: {counts}; {written.count('foedus:openQuestion')} open questions")
    tell(f"  {'The other party is ' + giver if giver else 'The title names no known party: give --giver'}.")
    tell("  Answer each question and take its line out; `foedus validate` names those that are left.")
    return 0


def _text(content: bytes, path: str) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(
            "not UTF-8", where=f"{path}:{line}", todo="Convert it, for instance with: iconv -t UTF-8"
        ) from error
    if not text.strip():
        raise InputError("the text is empty", where=path)
    return text


def _moved(options: argparse.Namespace, path: str, text: str, digest: str) -> int:
    from foedus.authoring.moving import moves, rewrite

    found = moves(path, options.slug, text, digest)
    for move in found:
        print(move)
    moved = sum(move.to is not None for move in found)
    tell(f"{path} is there and stays as it is: {moved} passages moved, {len(found) - moved} to be looked at")
    if options.move and moved:
        rewrite(path, options.slug, [move for move in found if move.to], digest)
        tell(f"  {moved} passages and the digest were brought up to date; nothing else was touched.")
    elif moved:
        tell("  Run it again with --move to let these passages follow the text.")
    return 1 if len(found) > (moved if options.move else 0) else 0
