"""What `serve` and `reconcile` share: where to listen, and which packages that takes."""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Iterable

from foedus.errors import InputError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where to listen."""
    parser.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="where to listen (default: 127.0.0.1)")
    parser.add_argument("--port", metavar="NUMBER", type=int, default=8000, help="at which port (default: 8000)")
    parser.add_argument(
        "--url", metavar="URL", help="the URL by which clients reach it, where that is another (behind a proxy)"
    )


def check(options: argparse.Namespace, packages: Iterable[str]) -> None:
    """Raise InputError where the options cannot be used or a package is missing."""
    if not 0 <= options.port < 65536:
        raise InputError("not a port", where=f"--port {options.port}", todo="Give a number from 0 (any) to 65535.")
    if options.url is None and options.host in ("0.0.0.0", "::"):  # noqa: S104 - only compared
        raise InputError(
            "at which of its URLs clients reach it cannot be told",
            where=f"--host {options.host}",
            todo="Add --url URL.",
        )
    if options.url is not None:
        from foedus.credentials import check_url

        check_url(options.url, "a service")
    need(packages)


def need(packages: Iterable[str]) -> None:
    """Raise InputError where a package is missing."""
    for package in packages:
        if importlib.util.find_spec(package) is None:
            raise InputError(
                f"the Python package {package} is not installed", todo="Install it with: pip install 'foedus[web]'"
            )
