"""Who we are to a server: from the environment or the user's netrc file, never from the command line or a URL.

FOEDUS_TOKEN is sent as a bearer token (RFC 6750); FOEDUS_USER and FOEDUS_PASSWORD answer a basic or digest challenge
(RFC 7616, 7617); otherwise the entry of the server's host in ~/.netrc, or the file that NETRC names, is used.
"""

from __future__ import annotations

import os
import urllib.parse
from typing import NamedTuple

from foedus.errors import InputError

#: What to do where a server's certificate is not trusted.
AUTHORITY = "If its authority is your own, name the authority's file in SSL_CERT_FILE."
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Credentials(NamedTuple):
    """Either a token, or a user with a password. Its text tells neither the token nor the password."""

    user: str
    password: str
    token: str

    def __repr__(self) -> str:
        return f"Credentials(user={self.user!r})"


def find(url: str) -> Credentials | None:
    """The credentials for the server at `url`, or None.

    Raises InputError where only half of them is set, or the netrc file is not one.
    """
    token = os.environ.get("FOEDUS_TOKEN", "")
    user = os.environ.get("FOEDUS_USER", "")
    password = os.environ.get("FOEDUS_PASSWORD", "")
    if token:
        if any(not "!" <= letter <= "~" for letter in token):
            raise InputError(
                "holds what cannot stand in a token", where="FOEDUS_TOKEN", todo="Check what it is set to."
            )
        return Credentials("", "", token)
    if user or password:
        if not (user and password):
            missing = "FOEDUS_PASSWORD" if user else "FOEDUS_USER"
            raise InputError("is not set, though the other is", where=missing, todo=f"Set {missing}, or unset both.")
        return Credentials(user, password, "")
    return _netrc(urllib.parse.urlsplit(url).hostname or "")


def check_url(url: str, what: str) -> None:
    """Raise InputError where `url` is no http or https URL, said to be that of `what`, or has a password in it."""
    try:
        parts = urllib.parse.urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise InputError(f"not the URL of {what}", where=url, todo="Give an http:// or https:// URL.")
    if parts.username or parts.password:
        raise InputError(
            "a password does not belong into a URL",
            where=without(url),
            todo="Set FOEDUS_USER and FOEDUS_PASSWORD, or write them into ~/.netrc.",
        )


def without(url: str) -> str:
    """`url` without user, password and query string: what may stand in a message."""
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def in_the_open(url: str) -> bool:
    """Whether what is sent to `url` can be read on its way: it is not https, nor on this machine."""
    parts = urllib.parse.urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in _LOOPBACK


def _netrc(host: str) -> Credentials | None:
    import netrc

    path = os.environ.get("NETRC") or os.path.expanduser("~/.netrc")
    if not os.path.isfile(path):
        return None
    try:
        entry = netrc.netrc(path).authenticators(host)
    except netrc.NetrcParseError as error:
        raise InputError(f"not a netrc file: {error.msg}", where=f"{path}:{error.lineno}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", where=path) from error
    return Credentials(entry[0] or "", entry[2] or "", "") if entry else None
