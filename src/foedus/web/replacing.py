"""A copy of the site that is written aside and takes its place when it is whole."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator

from foedus import __version__
from foedus.errors import InputError

#: The file that tells a copy from any other folder: the release, and then the names of what else stands beside it.
MARK = ".foedus-site"
_MADE_BY = "foedus site"


@contextlib.contextmanager
def in_place(place: str) -> Iterator[str]:
    """A folder to write into that takes the name `place` when all is there.

    That name must be free, or that of an empty folder or of a copy to which nobody added anything, which goes. The
    folder is PLACE.part; one that a killed run left is cleared, and one that a run is writing is locked. Where the
    machine goes down between two names, the old copy stands at PLACE.old, and the next run puts it back. Raises
    InputError where the name is taken or cannot be written.
    """
    path = os.path.realpath(place)
    aside, old = f"{path}.part", f"{path}.old"
    with contextlib.ExitStack() as stack:
        try:
            if not os.path.lexists(path) and _is_copy(old):
                os.rename(old, path)
            _check(path)
            stack.callback(_begun(aside))
            yield aside
            names = sorted(name for name in os.listdir(aside) if name != MARK)
            with open(os.path.join(aside, MARK), "w", encoding="utf-8") as file:
                file.write("\n".join([f"{_MADE_BY} {__version__}", *names, ""]))
            os.sync()  # what the disk does not hold yet must not have the name of what is whole
            _check(path)
            if _is_copy(path):
                shutil.rmtree(old, ignore_errors=True)
                os.rename(path, old)
            os.rename(aside, path)
            shutil.rmtree(old, ignore_errors=True)
        except OSError as error:
            where = path if error.filename is None or str(error.filename).startswith(aside) else str(error.filename)
            todo = "Nothing was changed there. Name a place that you may write to and that has room."
            raise InputError(f"cannot be written: {error.strerror or error}", where=where, todo=todo) from error


def _begun(aside: str) -> Callable[[], None]:
    """Make the folder that is written into, with its mark, and lock it; gives what clears it away."""
    if os.path.lexists(aside):
        if not os.path.isdir(aside) or (os.listdir(aside) and not _is_copy(aside)):
            raise InputError("is in the way of the copy", where=aside, todo="Remove it, or name another place.")
        if os.listdir(aside):
            with open(os.path.join(aside, MARK), "rb") as left:
                _lock(left.fileno(), aside)
                shutil.rmtree(aside)
        else:
            os.rmdir(aside)
    os.mkdir(aside)
    mark = open(os.path.join(aside, MARK), "wb")  # noqa: SIM115 - held as long as the work goes on
    mark.write(f"{_MADE_BY} {__version__}\n".encode())
    mark.flush()
    _lock(mark.fileno(), aside)

    def clear() -> None:
        shutil.rmtree(aside, ignore_errors=True)
        mark.close()

    return clear


def _lock(descriptor: int, aside: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InputError("another run is writing this copy", where=aside, todo="Wait until it has ended.") from None


def _check(path: str) -> None:
    """Raise InputError where the name is that of something that must stay."""
    if not os.path.lexists(path):
        return
    if not os.path.isdir(path):
        raise InputError("is not a folder", where=path, todo="Name a new folder, or one with a copy of the site.")
    names = set(os.listdir(path))
    if names and not _is_copy(path):
        raise InputError(
            "holds something, and is no copy of the site", where=path, todo="Name a new folder, or empty this one."
        )
    if names:
        with open(os.path.join(path, MARK), encoding="utf-8") as file:
            written = {MARK, *file.read().splitlines()[1:]}
        if added := sorted(names - written):
            raise InputError(
                f"holds {', '.join(added[:5])}, which no copy of the site has",
                where=path,
                todo="Move that away, or name a new folder.",
            )


def _is_copy(path: str) -> bool:
    """Whether a folder is a copy of the site, whole or not."""
    try:
        with open(os.path.join(path, MARK), encoding="utf-8") as file:
            return file.readline().startswith(f"{_MADE_BY} ")
    except (OSError, UnicodeDecodeError):
        return False
