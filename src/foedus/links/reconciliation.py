"""The reconciliation service over HTTP: where each answer of the protocol is found, and what goes around it.

    /                    the manifest; with `queries` or `extend`, by GET or POST, the answers (0.2 and 0.1)
    /suggest/entity      and /suggest/property, /suggest/type, with `prefix` and `cursor`; /flyout/… with `id`
    /properties          what may be fetched of things of a `type`
    /preview, /view      a thing with an `id`, as a small page and as a whole one; /features explains the features
    /draft               the manifest of the draft of 1.0; below it /match, /suggest/…, /preview, /extend and
                         /extend/propose

Every answer may be read from any web page (CORS); where a GET has `callback`, it is JavaScript that calls it (JSONP).
A request that is not as it should be is answered with a status of 4xx and an object {"status": "error", "message": …}.
"""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from foedus.links.protocol import BadRequest, Service, preferred_language
from foedus.listening import listening, run

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

_MOST_BYTES = 4_000_000  # of a request's body
_CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,99}", re.ASCII)
_OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (b"access-control-allow-headers", b"*"),
    (b"x-content-type-options", b"nosniff"),
]
_PAGES = "default-src 'none'; style-src 'unsafe-inline'"  # what the pages may load

#: Gives the body of an answer from the parameters of the request and the language.
_Answer = Callable[[dict[str, str], str], Any]


def application(service: Service) -> Starlette:
    """The service as an application for an ASGI server."""
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.exceptions import HTTPException
    from starlette.middleware import Middleware
    from starlette.responses import HTMLResponse
    from starlette.routing import Route

    def route(path: str, answer: _Answer, *, methods: tuple[str, ...] = ("GET",)) -> Route:
        async def endpoint(request: Request) -> Response:
            language = preferred_language(request.headers.get("accept-language", ""))
            given = await _parameters(request)
            callback = request.query_params.get("callback")
            if callback is not None and not _CALLBACK.fullmatch(callback):
                raise BadRequest("callback is no name of a JavaScript function")
            found = await run_in_threadpool(answer, given, language)
            headers = {"Content-Language": language, "Vary": "Accept-Language"}
            if isinstance(found, str):
                return HTMLResponse(found, headers={**headers, "Content-Security-Policy": _PAGES})
            return _response(found, callback=callback, headers=headers)

        return Route(path, endpoint, methods=list(methods))

    def root(given: dict[str, str], language: str) -> Any:
        for name, answer in (("queries", service.queries), ("extend", service.extend), ("query", service.query)):
            if name in given:
                return answer(given[name], language)
        return service.manifest(language)

    def posted(answer: Callable[[str, str], Any]) -> _Answer:
        return lambda given, language: answer(given[""], language)

    def page(answer: Callable[[Any, str], str]) -> _Answer:
        def found(given: dict[str, str], language: str) -> str:
            entity = service.entity(_needed(given, "id"))
            if entity is None:
                raise BadRequest("nothing has this id", 404)
            return answer(entity, language)

        return found

    def suggested(answer: Callable[[str, str, str], Any]) -> _Answer:
        return lambda given, language: answer(given.get("prefix", ""), given.get("cursor", ""), language)

    def suggestions(below: str) -> list[Route]:
        return [
            route(f"{below}/suggest/entity", suggested(service.suggest_entities)),
            route(f"{below}/suggest/property", suggested(service.suggest_properties)),
            route(f"{below}/suggest/type", suggested(service.suggest_types)),
        ]

    def proposals(given: dict[str, str], language: str) -> Any:
        return service.properties(_needed(given, "type"), given.get("limit"), language)

    def flyout(given: dict[str, str], language: str) -> Any:
        return service.flyout(_needed(given, "id"), language)

    async def refused(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            return _response(_error(error.detail), status=error.status_code, headers=dict(error.headers or {}))
        assert isinstance(error, BadRequest)
        return _response(_error(str(error)), status=error.status)

    return Starlette(
        routes=[
            route("/", root, methods=("GET", "POST")),
            *suggestions(""),
            *(route(f"/flyout/{what}", flyout) for what in ("entity", "property", "type")),
            route("/properties", proposals),
            route("/preview", page(service.preview)),
            route("/view", page(service.view)),
            route("/features", lambda given, language: service.features()),
            route("/draft", lambda given, language: service.manifest_of_draft(language)),
            route("/draft/match", posted(service.match), methods=("POST",)),
            *suggestions("/draft"),
            route("/draft/preview", page(service.preview)),
            route("/draft/extend", posted(service.extend_of_draft), methods=("POST",)),
            route("/draft/extend/propose", proposals),
        ],
        middleware=[Middleware(_Open)],
        exception_handlers={BadRequest: refused, HTTPException: refused},
    )


class _Open:
    """Lets every answer be read from any web page, and answers the question whether it may be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def opened(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_OPEN]
            await send(message)

        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            await opened({"type": "http.response.start", "status": 204})
            await send({"type": "http.response.body"})
        else:
            await self._app(scope, receive, opened)


async def _parameters(request: Request) -> dict[str, str]:
    """The parameters of the URL and of a form; under "" the body of a POST of JSON."""
    given = dict(request.query_params)
    if request.method != "POST":
        return given
    try:
        body = (await _body(request)).decode()
    except UnicodeDecodeError:
        raise BadRequest("the body is not UTF-8") from None
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        return {**given, "": body}
    try:
        form = dict(urllib.parse.parse_qsl(body, keep_blank_values=True, max_num_fields=100))
    except ValueError as error:
        raise BadRequest(f"the body is no form: {error}") from None
    if not form.keys() & {"queries", "query", "extend"}:
        raise BadRequest("the body is no form with queries or extend (application/x-www-form-urlencoded), nor JSON")
    return {**given, "": body, **form}


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise BadRequest(f"the body has more than {_MOST_BYTES:,} bytes", 413)
    return bytes(body)


def _needed(given: dict[str, str], name: str) -> str:
    if not given.get(name):
        raise BadRequest(f"the parameter {name} is missing")
    return given[name]


def _error(message: str) -> dict[str, str]:
    return {"status": "error", "message": message}


def _response(
    content: Any, *, status: int = 200, callback: str | None = None, headers: dict[str, str] | None = None
) -> Response:
    from starlette.responses import Response

    text = json.dumps(content, ensure_ascii=callback is not None)
    media_type = "application/json"
    if callback is not None:
        media_type = "application/javascript"
        text = f"/**/{callback}({text});"
    return Response(text.encode(errors="backslashreplace"), status, headers, media_type)  # a lone surrogate


def serve(
    service_at: Callable[[str], Service], host: str, port: int, url: str | None, tell: Callable[[str], None]
) -> None:
    """Serve until the process is told to end (SIGINT or SIGTERM), what `service_at` gives for a public URL.

    `port` 0 is any that is free; `url` is by default that of host and port. Raises InputError where it cannot listen.
    """
    with listening(host, port) as (found, own):
        public = (url or own).rstrip("/")
        app = application(service_at(public))
        run(app, found, grace=3, ready=lambda: tell(public))
