"""The ASGI application before the pool: limits, what was answered before, CORS; and the server that runs it."""

from __future__ import annotations

import asyncio
import re
import urllib.parse
from collections import OrderedDict
from collections.abc import Callable, Iterable, MutableMapping
from hashlib import blake2b
from typing import Any

from foedus.errors import FoedusError
from foedus.listening import listening, run
from foedus.web.messages import Refused, Request, Response, methods, text, told
from foedus.web.pool import Pool
from foedus.web.site import Settings
from foedus.web.sparql import TRUNCATED

_LONGEST_URL = 16_000  # bytes of path and query
_LARGEST_BODY = 1_000_000  # bytes
_PATIENCE = 20.0  # seconds that are waited for a client; less, where the time limit is short
_KEPT = 64_000_000  # bytes of answers that are kept
_LARGEST_KEPT = 4_000_000
_BESIDE = 2_000  # bytes that an answer takes beside its body
_PIECE = 1 << 16  # bytes of an answer that are sent at once: as fast as they are read
#: Headers on which an answer may depend; nothing else of a request reaches what answers it.
_HEADERS = ("accept", "accept-encoding", "accept-language", "content-type", "if-none-match")
_LONGEST_HEADER = 4_000
_LONGEST_HEADERS = 65_536  # bytes of all of them
_OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", f"ETag, Link, Location, Retry-After, {TRUNCATED}".encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
_PREFLIGHT = [
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
]
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")

_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Any]
_Send = Callable[[Any], Any]


class Front:
    """The application for an ASGI server; `tell` is given what the person who runs it should know, once it is ready."""

    def __init__(self, settings: Settings, tell: Callable[[list[str]], None]) -> None:
        self._settings = settings
        self._tell = tell
        self._pool: Pool | None = None
        self._kept: OrderedDict[bytes, Response] = OrderedDict()
        self._size = 0
        self._graph = 0  # from which they are

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        """See the specification of ASGI 3.0."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _live(self, receive: _Receive, send: _Send) -> None:
        await receive()
        self._pool = Pool(self._settings)
        try:
            warnings = await self._pool.open()
        except FoedusError as error:
            await self._pool.close()
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        try:
            await send({"type": "lifespan.startup.complete"})
            self._tell(warnings)
            await receive()
        finally:  # also where the server is told a second time to end
            await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _http(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        if scope["method"] == "OPTIONS":
            allowed = ", ".join(methods(scope["path"])).encode()
            these = [(b"allow", allowed), (b"access-control-allow-methods", allowed)]
            await send({"type": "http.response.start", "status": 204, "headers": [*_OPEN, *_PREFLIGHT, *these]})
            await send({"type": "http.response.body"})
            return
        response = await self._response(scope, receive)
        headers = [*_OPEN, (b"content-type", response.media_type.encode()), *_encoded(response.headers)]
        if response.status != 304:
            headers.append((b"content-length", str(len(response.body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        body = memoryview(b"" if scope["method"] == "HEAD" else response.body)
        while len(body) > _PIECE:
            await send({"type": "http.response.body", "body": body[:_PIECE], "more_body": True})
            body = body[_PIECE:]
        await send({"type": "http.response.body", "body": body})

    async def _response(self, scope: _Scope, receive: _Receive) -> Response:
        assert self._pool is not None
        try:
            request = await _read(scope, receive, _patience(self._settings))
            key = _key(request)
            if self._graph != (graph := self._pool.graph):
                self._graph = graph
                self._kept.clear()
                self._size = 0
            if found := self._kept.get(key):
                self._kept.move_to_end(key)
                return found

            async def gone() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass

            response = await self._pool.answer(request, gone)
        except Refused as error:
            return text(error.status, told(error), headers=error.headers)
        except FoedusError as error:
            return text(503, told(error), headers=(("Retry-After", "5"),), lasting=False)
        if self._pool.graph == graph:
            self._keep(key, response)
        return response

    def _keep(self, key: bytes, response: Response) -> None:
        """Keep an answer for who asks the same, as long as the graph is the same."""
        if not response.lasting or response.status >= 500 or len(response.body) > _LARGEST_KEPT or key in self._kept:
            return
        self._kept[key] = response
        self._size += len(response.body) + _BESIDE
        while self._size > _KEPT:
            _, last = self._kept.popitem(last=False)
            self._size -= len(last.body) + _BESIDE


def _patience(settings: Settings) -> float:
    """Seconds that are waited for a client: no more than half of what its answer may take."""
    return min(_PATIENCE, max(1.0, settings.seconds / 2))


def _key(request: Request) -> bytes:
    """What tells requests apart whose answers may differ: short, however long the request."""
    state = blake2b(digest_size=24)
    method = "GET" if request.method == "HEAD" else request.method
    for part in (method, request.path, request.query, *(request.header(name) for name in _HEADERS)):
        encoded = part.encode(errors="surrogatepass")
        state.update(b"%d:%b" % (len(encoded), encoded))
    state.update(request.body)
    return state.digest()


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Headers as they are sent: control characters, which would end one, become spaces."""
    return [(name.lower().encode(), _CONTROL.sub(" ", value).encode("latin-1", "replace")) for name, value in headers]


async def _read(scope: _Scope, receive: _Receive, patience: float) -> Request:
    """The request, with its body where that matters. Raises Refused where it is too large or too slow."""
    method = scope["method"]
    raw = scope.get("raw_path") or scope["path"].encode()
    if len(raw) + len(scope["query_string"]) > _LONGEST_URL:
        raise Refused(414, f"the URL has more than {_LONGEST_URL:,} bytes", todo="Send a long query by POST.")
    try:
        path = urllib.parse.unquote_to_bytes(raw.partition(b"?")[0]).decode()
        query = scope["query_string"].decode()
    except UnicodeDecodeError:
        raise Refused(400, "the URL is not UTF-8") from None
    headers = _headers(scope["headers"])
    body = await _body(scope["headers"], receive, patience) if method == "POST" else b""
    return Request(method, path, query, headers, body)


def _headers(given: list[tuple[bytes, bytes]]) -> dict[str, str]:
    if sum(len(name) + len(value) + 4 for name, value in given) > _LONGEST_HEADERS:
        raise Refused(431, f"the headers have more than {_LONGEST_HEADERS:,} bytes")
    headers: dict[str, str] = {}
    for name, value in given:
        key = name.decode("latin-1")
        if key in _HEADERS:
            headers[key] = f"{headers[key]}, {value.decode('latin-1')}" if key in headers else value.decode("latin-1")
    if any(len(value) > _LONGEST_HEADER for value in headers.values()):
        raise Refused(431, f"a header has more than {_LONGEST_HEADER:,} bytes")
    return headers


async def _body(headers: list[tuple[bytes, bytes]], receive: _Receive, patience: float) -> bytes:
    too_large = Refused(413, f"the body has more than {_LARGEST_BODY:,} bytes")
    if any(name == b"content-length" and int(value) > _LARGEST_BODY for name, value in headers):
        raise too_large  # before any of it is asked for
    body = bytearray()
    try:
        async with asyncio.timeout(patience):
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refused(400, "the body ends before its end")
                body += message["body"]
                more = message["more_body"]
                if len(body) > _LARGEST_BODY:
                    raise too_large
    except TimeoutError:
        raise Refused(408, "the body did not arrive in time") from None
    return bytes(body)


def serve(settings: Settings, host: str, port: int, tell: Callable[[str, list[str]], None]) -> None:
    """Serve the site until the process is told to end (SIGINT or SIGTERM), which waits for what is being answered.

    `port` 0 is any that is free; the URL of the settings is by default that of host and port, and `tell` is given it
    and warnings. Raises InputError where it cannot listen or the graph cannot be read.
    """
    with listening(host, port) as (socket, url):
        public = settings._replace(url=settings.url or url)
        front = Front(public, lambda warnings: tell(public.url, warnings))
        run(front, socket, settings.seconds + 5, _patience(settings))
