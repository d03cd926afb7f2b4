"""A bar on standard error while long work goes on."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Protocol


class At(Protocol):
    """How far the work is: a stage in words, and how much of how much is done (of 0 where that is not known)."""

    @property
    def stage(self) -> str: ...  # noqa: D102

    @property
    def done(self) -> int: ...  # noqa: D102

    @property
    def total(self) -> int: ...  # noqa: D102


@contextlib.contextmanager
def bar() -> Iterator[Callable[[At], None]]:
    """The function that moves the bar; where standard error is no terminal, nothing is shown."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(20), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda at: shown.update(task, description=at.stage, completed=at.done, total=at.total or None)
