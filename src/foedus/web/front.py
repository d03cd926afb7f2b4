"""The ASGI application before the pool: limits, what was answered before, CORS; and the server that runs it."""

from __future__ import annotations

import asyncio
import urllib.parse
from collections import OrderedDict
from collections.abc import Callable, MutableMapping
from typing import Any

from foedus.errors import FoedusError
from foedus.listening import listening, run
from foedus.web.messages import Refused, Request, Response, text, told
from foedus.web.pool import Pool
from foedus.web.site import Settings
from foedus.web.sparql import TRUNCATED

_LONGEST_URL = 16_000  # bytes of path and query
_LARGEST_BODY = 1_000_000  # bytes
_PATIENCE = 20.0  # seconds in which a body has to arrive
_KEPT = 64_000_000  # bytes of answers that are kept
_LARGEST_KEPT = 4_000_000
_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
#: Headers on which an answer may depend; nothing else of a request reaches what answers it.
_HEADERS = ("accept", "accept-encoding", "accept-language", "content-type", "if-none-match")
_LONGEST_HEADER = 4_000
_OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", f"ETag, Link, Location, {TRUNCATED}".encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
    (b"allow", b"GET, HEAD, POST, OPTIONS"),
]

_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Any]
_Send = Callable[[Any], Any]


class Front:
    """The application for an ASGI server; `tell` is given what the person who runs it should know, once it is ready."""

    def __init__(self, settings: Settings, tell: Callable[[list[str]], None]) -> None:
        self._settings = settings
        self._tell = tell
        self._pool: Pool | None = None
        self._kept: OrderedDict[object, Response] = OrderedDict()
        self._size = 0

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
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        self._tell(warnings)
        await receive()
        await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _http(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        headers = list(_OPEN)
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": [*headers, *_PREFLIGHT]})
            await send({"type": "http.response.body"})
            return
        response = await self._response(scope, receive)
        headers.append((b"content-type", response.media_type.encode()))
        headers += [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in response.headers]
        if response.status != 304:
            headers.append((b"content-length", str(len(response.body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else response.body})

    async def _response(self, scope: _Scope, receive: _Receive) -> Response:
        assert self._pool is not None
        try:
            request = await _read(scope, receive)
            key = (request.path, request.query, request.body, request.method == "POST", *request.headers.items())
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
        self._keep(key, response)
        return response

    def _keep(self, key: object, response: Response) -> None:
        """Keep an answer for who asks the same: the graph does not change while it is served."""
        if not response.lasting or response.status >= 500 or len(response.body) > _LARGEST_KEPT or key in self._kept:
            return
        self._kept[key] = response
        self._size += len(response.body)
        while self._size > _KEPT or len(self._kept) > _KEPT // 1000:
            _, last = self._kept.popitem(last=False)
            self._size -= len(last.body)


async def _read(scope: _Scope, receive: _Receive) -> Request:
    """The request, with its body. Raises Refused where it is too large, too slow or of another method."""
    method = scope["method"]
    if method not in _METHODS:
        allowed = ", ".join(_METHODS)
        raise Refused(405, f"{method[:20]} is not offered: this site only reads", headers={"Allow": allowed})
    raw = scope.get("raw_path") or scope["path"].encode()
    if len(raw) + len(scope["query_string"]) > _LONGEST_URL:
        raise Refused(414, f"the URL has more than {_LONGEST_URL:,} bytes", todo="Send a long query by POST.")
    try:
        path = urllib.parse.unquote_to_bytes(raw.partition(b"?")[0]).decode()
    except UnicodeDecodeError:
        raise Refused(400, "the path is not UTF-8") from None
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1")
        if key in _HEADERS:
            headers[key] = f"{headers[key]}, {value.decode('latin-1')}" if key in headers else value.decode("latin-1")
    if any(len(value) > _LONGEST_HEADER for value in headers.values()):
        raise Refused(431, f"a header has more than {_LONGEST_HEADER:,} bytes")
    body = bytearray()
    if method == "POST":
        try:
            async with asyncio.timeout(_PATIENCE):
                more = True
                while more:
                    message = await receive()
                    body += message.get("body", b"")
                    more = message.get("more_body", False) and message["type"] == "http.request"
                    if len(body) > _LARGEST_BODY:
                        raise Refused(413, f"the body has more than {_LARGEST_BODY:,} bytes")
        except TimeoutError:
            raise Refused(408, "the body did not arrive in time") from None
    return Request(method, path, scope["query_string"].decode("latin-1"), headers, bytes(body))


def serve(settings: Settings, host: str, port: int, tell: Callable[[str, list[str]], None]) -> None:
    """Serve the site until the process is told to end (SIGINT or SIGTERM), which waits for what is being answered.

    `port` 0 is any that is free; the URL of the settings is by default that of host and port, and `tell` is given it
    and warnings. Raises InputError where it cannot listen or the graph cannot be read.
    """
    with listening(host, port) as (socket, url):
        public = settings._replace(url=settings.url or url)
        front = Front(public, lambda warnings: tell(public.url, warnings))
        run(front, socket, settings.seconds + 5)
