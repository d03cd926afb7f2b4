"""`foedus site`: the explorer as files, for any web host."""

from __future__ import annotations

import argparse
import os

from foedus.cli import tell
from foedus.cli.bar import bar
from foedus.datasets import home

_SHOWN = 5  # links that lead nowhere


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "The same pages as `foedus serve` has, in both languages, with the answers of the saved queries and all that\n"
        "the graph holds as data. Links are relative: put the folder anywhere on any host. SPARQL is answered in the\n"
        "browser. The bytes are the same from run to run, and nothing half-written stands under the final name."
    )
    parser.add_argument("folder", metavar="DIR", help="folder to write: new, empty, or a copy, which is replaced")


def main(options: argparse.Namespace) -> int:
    """Write the copy."""
    from foedus.cli.serving import need

    need(("jinja2",))
    from foedus.web.copying import copy
    from foedus.web.site import STATIC

    with bar() as told:
        done = copy(home(), options.folder, told)
    if not os.path.isdir(os.path.join(STATIC, "vendor")):
        tell(
            "foedus: note: the copy draws no pictures and answers no SPARQL, since the browser libraries are not here\n"
            "  With them: python src/browser/hatch_build.py"
        )
    for url, page in done.dead[:_SHOWN]:
        tell(f"foedus: note: {page} names {url}, which leads nowhere: its link was left out")
    if len(done.dead) > _SHOWN:
        tell(f"foedus: note: and {len(done.dead) - _SHOWN} links more")
    tell(f"{options.folder}: {done.files:,} files, {done.bytes / 1e6:,.0f} MB. Start at index.html")
    return 0
