"""A request and its answer, and what is done to every answer."""

from __future__ import annotations

import gzip
import re
import urllib.parse
from collections.abc import Mapping
from hashlib import blake2b
from typing import NamedTuple

from foedus.errors import FoedusError
from foedus.web.media import takes_gzip

_POSTED = re.compile(r"(?:/uk)?/(?:sparql/?|reconcile(?:/.*)?)|\*")  # "*" is the whole server
_SMALL = 1000  # bytes that are not worth compressing
_COMPRESSED = ("image/png", "font/", "application/wasm")  # begins what is compressed already, or once for all


class Request(NamedTuple):
    """A request: `path` is decoded, `query` is what stands after the question mark, `headers` have small letters."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = {}
    body: bytes = b""

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The parameters of the URL, in order. Raises Refused where they are not UTF-8 or too many."""
        return pairs(self.query)

    def header(self, name: str) -> str:
        """A header, empty where it is not there."""
        return self.headers.get(name, "")


def methods(path: str) -> tuple[str, ...]:
    """The methods that a path takes: all are for reading, and where a question may be long it may be posted."""
    return ("GET", "HEAD", "POST", "OPTIONS") if _POSTED.fullmatch(path) else ("GET", "HEAD", "OPTIONS")


class Response(NamedTuple):
    """An answer; `lasting` says whether the same request gets the same one as long as the graph does not change."""

    status: int
    media_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    lasting: bool = True


class Refused(FoedusError):
    """A request that cannot be answered: the status says why to programs, the message to people."""

    def __init__(self, status: int, message: str, *, todo: str | None = None, headers: Mapping[str, str] = {}) -> None:
        super().__init__(message, todo=todo)
        self.status = status
        self.headers = tuple(headers.items())


def pairs(text: str) -> list[tuple[str, str]]:
    """The pairs of a query string or of a form, each decoded once. Raises Refused where they are not UTF-8."""
    try:
        return urllib.parse.parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError:
        raise Refused(400, "the parameters are not UTF-8") from None
    except ValueError as error:
        raise Refused(400, f"the parameters cannot be read: {error}") from None


def text(status: int, content: str, *, headers: tuple[tuple[str, str], ...] = (), lasting: bool = True) -> Response:
    """An answer of plain text."""
    return Response(status, "text/plain; charset=utf-8", content.encode(errors="replace"), headers, lasting)


#: What shows that advice is for the command line.
_OPTIONS = re.compile(r"(?:^| )-{1,2}[a-z]|`foedus")


def told(error: FoedusError) -> str:
    """An error as the body of an answer: what and where, and what to do, unless that is for the command line."""
    where = (error.where or "").rpartition("/")[2] if (error.where or "").startswith("/") else error.where
    where = {"--as-of": "as_of"}.get(where or "", where)
    what = f"{where}: {error.message}" if where else error.message
    todo = error.todo if error.todo and not _OPTIONS.search(error.todo) else None
    return "\n".join(line for line in (what, todo) if line) + "\n"


def redirect(status: int, target: str, *, vary: str = "") -> Response:
    """An answer that leads elsewhere, to a URL whose unusual characters are encoded here."""
    target = urllib.parse.quote(target, safe="%/:?#[]@!$&'()*+,;=~", errors="replace")
    headers = (("Location", target), *((("Vary", vary),) if vary else ()))
    return text(status, f"{target}\n", headers=headers)


def finish(response: Response, request: Request) -> Response:
    """`response` with its ETag, compressed where that is asked for and worth it, or 304 where the asker has it.

    The tag is that of the bytes before compression, with a suffix after it (RFC 9110, section 8.8.3.3).
    """
    headers = [*response.headers]
    body = response.body
    if response.status == 200:
        tag = blake2b(body, digest_size=12, key=response.media_type.encode()[:64]).hexdigest()
        worth = len(body) > _SMALL and not response.media_type.startswith(_COMPRESSED)
        if worth:
            headers = _varying(headers, "Accept-Encoding")
            if takes_gzip(request.header("accept-encoding")):
                body = gzip.compress(body, 5, mtime=0)
                headers.append(("Content-Encoding", "gzip"))
                tag += "-gzip"
        headers.append(("ETag", f'"{tag}"'))
        if not any(name == "Cache-Control" for name, _ in headers):
            headers.append(("Cache-Control", "no-cache" if response.lasting else "no-store"))
        if request.method in ("GET", "HEAD") and _has(request.header("if-none-match"), tag):
            kept = [h for h in headers if h[0] not in ("Content-Encoding", "Content-Disposition")]
            return Response(304, response.media_type, b"", tuple(kept), response.lasting)
    return response._replace(body=body, headers=tuple(headers))


def _varying(headers: list[tuple[str, str]], name: str) -> list[tuple[str, str]]:
    varied = [value for key, value in headers if key == "Vary"]
    return [*(h for h in headers if h[0] != "Vary"), ("Vary", ", ".join([*varied, name]))]


def _has(given: str, tag: str) -> bool:
    """Whether an If-None-Match names the tag (compared weakly: section 13.1.2)."""
    return given.strip() == "*" or f'"{tag}"' in [t.strip().removeprefix("W/") for t in given.split(",")]
