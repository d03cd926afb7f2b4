"""What CITATION.cff and CHANGELOG.md say of a release: its title, version, day, authors, licences and keywords.

Source: Citation File Format 1.2.0.
"""

from __future__ import annotations

import datetime
import os
import re
from typing import Any, NamedTuple

from foedus.datasets import read_bytes
from foedus.errors import InputError

_SOURCE_DATE_EPOCH = "SOURCE_DATE_EPOCH"


class Citation(NamedTuple):
    """How a release is cited: `authors` as the file has them, `licences` as SPDX identifiers."""

    title: str
    version: str
    authors: tuple[dict[str, Any], ...]
    licences: tuple[str, ...]
    keywords: tuple[str, ...]


def citation(folder: str) -> Citation:
    """What CITATION.cff in `folder` says. Raises InputError where it is missing or is not what CFF 1.2.0 asks."""
    import yaml

    path = os.path.join(folder, "CITATION.cff")
    text = read_bytes(path)
    try:
        told = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes lists, maps and text
    except yaml.YAMLError as error:
        raise InputError(f"not YAML: {getattr(error, 'problem', error)}", where=path) from error
    missing = [k for k in ("title", "version", "authors", "license") if not isinstance(told, dict) or not told.get(k)]
    if missing:
        raise InputError(f"does not state: {', '.join(missing)}", where=path)
    licences = told["license"]
    return Citation(
        told["title"],
        told["version"],
        tuple(told["authors"]),
        (licences,) if isinstance(licences, str) else tuple(licences),
        tuple(told.get("keywords", ())),
    )


def released_on(folder: str, version: str) -> datetime.date:
    """The day of a version: that of SOURCE_DATE_EPOCH where it is set, otherwise the one in CHANGELOG.md in `folder`.

    Raises InputError where there is neither, and for a SOURCE_DATE_EPOCH that is not a number of seconds.
    Source: https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get(_SOURCE_DATE_EPOCH)
    if epoch is not None:
        if not re.fullmatch(r"\d{1,11}", epoch):
            raise InputError("is not a number of seconds", where=f"{_SOURCE_DATE_EPOCH}={epoch}")
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    path = os.path.join(folder, "CHANGELOG.md")
    found = re.search(rf"(?m)^## {re.escape(version)} \((\d{{4}}-\d{{2}}-\d{{2}})\)$", read_bytes(path).decode("utf-8"))
    if not found:
        raise InputError(
            f"has no version {version}",
            where=path,
            todo=f"Name what is under Unreleased `## {version} (YYYY-MM-DD)`, or set {_SOURCE_DATE_EPOCH} to try.",
        )
    return datetime.date.fromisoformat(found[1])
