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

import asyncio
import json
import re
import urllib.parse
from collections.abc import Callable, MutableMapping
from typing import Any

from foedus.links.protocol import BadRequest, Service, preferred_language
from foedus.listening import listening, run
from foedus.web.messages import Request, Response

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


class Reconciliation:
    """The service as a function of a request, which knows no server."""

    def __init__(self, service: Service) -> None:
        self._answers = _answers(service)

    def respond(self, request: Request) -> Response:
        """The answer; the path of the request is that below the service."""
        try:
            return self._found(request)
        except BadRequest as error:
            return _response(_error(str(error)), status=error.status)

    def _found(self, request: Request) -> Response:
        found = self._answers.get(request.path)
        if found is None:
            raise BadRequest("Not Found", 404)
        methods, answer = found
        if (request.method if request.method != "HEAD" else "GET") not in methods:
            return _response(_error("Method Not Allowed"), status=405, headers=(("Allow", ", ".join(methods)),))
        language = preferred_language(request.header("accept-language"))
        given, callback = _parameters(request)
        if callback is not None and not _CALLBACK.fullmatch(callback):
            raise BadRequest("callback is no name of a JavaScript function")
        content = answer(given, language)
        headers = (("Content-Language", language), ("Vary", "Accept-Language"))
        if isinstance(content, str):
            policy = ("Content-Security-Policy", _PAGES)
            return Response(200, "text/html; charset=utf-8", content.encode(errors="replace"), (*headers, policy))
        return _response(content, callback=callback, headers=headers)


def _answers(service: Service) -> dict[str, tuple[tuple[str, ...], _Answer]]:
    """What answers at each path, and by which methods."""

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

    def proposals(given: dict[str, str], language: str) -> Any:
        return service.properties(_needed(given, "type"), given.get("limit"), language)

    def flyout(given: dict[str, str], language: str) -> Any:
        return service.flyout(_needed(given, "id"), language)

    got: dict[str, _Answer] = {
        **{f"/flyout/{what}": flyout for what in ("entity", "property", "type")},
        "/properties": proposals,
        "/preview": page(service.preview),
        "/view": page(service.view),
        "/features": lambda given, language: service.features(),
        "/draft": lambda given, language: service.manifest_of_draft(language),
        "/draft/preview": page(service.preview),
        "/draft/extend/propose": proposals,
    }
    for below in ("", "/draft"):
        got[f"{below}/suggest/entity"] = suggested(service.suggest_entities)
        got[f"{below}/suggest/property"] = suggested(service.suggest_properties)
        got[f"{below}/suggest/type"] = suggested(service.suggest_types)
    return {
        **{path: (("GET",), answer) for path, answer in got.items()},
        "/": (("GET", "POST"), root),
        "/draft/match": (("POST",), posted(service.match)),
        "/draft/extend": (("POST",), posted(service.extend_of_draft)),
    }


def _parameters(request: Request) -> tuple[dict[str, str], str | None]:
    """The parameters of the URL and of a form, under "" the body of a POST of JSON; and the callback."""
    given = _pairs(request.query, "the parameters are no form", most=1000)
    callback = given.get("callback")
    if request.method != "POST":
        return given, callback
    try:
        body = request.body.decode()
    except UnicodeDecodeError:
        raise BadRequest("the body is not UTF-8") from None
    if request.header("content-type").partition(";")[0].strip().lower() == "application/json":
        return {**given, "": body}, callback
    form = _pairs(body, "the body is no form", most=100)
    if not form.keys() & {"queries", "query", "extend"}:
        raise BadRequest("the body is no form with queries or extend (application/x-www-form-urlencoded), nor JSON")
    return {**given, "": body, **form}, callback


def _pairs(text: str, wrong: str, most: int) -> dict[str, str]:
    try:
        return dict(urllib.parse.parse_qsl(text, keep_blank_values=True, max_num_fields=most))
    except ValueError as error:
        raise BadRequest(f"{wrong}: {error}") from None


def _needed(given: dict[str, str], name: str) -> str:
    if not given.get(name):
        raise BadRequest(f"the parameter {name} is missing")
    return given[name]


def _error(message: str) -> dict[str, str]:
    return {"status": "error", "message": message}


def _response(
    content: Any, *, status: int = 200, callback: str | None = None, headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    text = json.dumps(content, ensure_ascii=callback is not None)
    media_type = "application/json"
    if callback is not None:
        media_type = "application/javascript"
        text = f"/**/{callback}({text});"
    return Response(status, media_type, text.encode(errors="backslashreplace"), headers)  # a lone surrogate


def application(service: Service) -> Callable[[MutableMapping[str, Any], Any, Any], Any]:
    """The service as an application for an ASGI server; every answer may be read from any web page."""
    answers = Reconciliation(service)

    async def answer(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for part in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{part}.complete"})
            return
        status, headers, body = 204, list(_OPEN), b""
        if scope["method"] != "OPTIONS":
            response = await _answered(answers, scope, receive)
            status, body = response.status, response.body
            headers.append((b"content-type", response.media_type.encode()))
            headers += [(name.lower().encode(), value.encode()) for name, value in response.headers]
            headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    return answer


async def _answered(answers: Reconciliation, scope: MutableMapping[str, Any], receive: Any) -> Response:
    body = bytearray()
    more = scope["method"] == "POST"
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > _MOST_BYTES:
            return _response(_error(f"the body has more than {_MOST_BYTES:,} bytes"), status=413)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = scope["query_string"].decode("latin-1")
    request = Request(scope["method"], scope["path"], query, headers, bytes(body))
    return await asyncio.to_thread(answers.respond, request)


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
