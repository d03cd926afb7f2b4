"""A server for an ASGI application: where it listens, whom it waits for, and how it ends.

uvicorn waits for ever for a client that does not go on with its request or does not read its answer, and keeps headers
of any length and requests in any number. So its protocol is extended here: a client that keeps us waiting is hung up
on, and so is one that sends too much before the body, or too many requests before it reads an answer.
"""

from __future__ import annotations

import contextlib
import errno
import resource
import signal
import socket
import struct
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from foedus.errors import InputError

_PATIENCE = 20.0  # seconds that are waited for a client
_LONGEST_HEAD = 65_536  # bytes of a request before its body
_MOST_AHEAD = 100  # requests of one client that have come before those before them are answered
_CONNECTIONS = 1000  # at once; more are answered with 503
_TOO_LONG = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"access-control-allow-origin: *\r\nconnection: close\r\ncontent-length: 25\r\n\r\nthe headers are too long\n"
)


def run(
    application: Any,
    listening: socket.socket,
    grace: float,
    patience: float = _PATIENCE,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until the process is told to end (SIGINT or SIGTERM), and finish within `grace` seconds what is answered.

    `ready` is called when a signal ends it well, for an application that does not say so itself.
    Raises InputError with the message of an application that does not start.
    """
    import uvicorn

    failed: list[str] = []

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        async def sent(message: Any) -> None:
            if message["type"] == "lifespan.startup.failed":
                failed.append(message["message"])
            await send(message)

        await application(scope, receive, sent if scope["type"] == "lifespan" else send)

    async def hang_up() -> None:
        for connection in list(server.server_state.connections):
            connection.hang_up(patience)  # type: ignore[union-attr]

    config = uvicorn.Config(
        watched,
        loop="asyncio",
        http=_protocol(),
        ws="none",
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_connections(),
        timeout_graceful_shutdown=int(grace),
        callback_notify=hang_up,
        timeout_notify=0,  # once a second
    )
    server = uvicorn.Server(config)

    def end(*_: object) -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)  # uvicorn has its own while it runs, and raises them again when it has ended
    ready()
    with contextlib.suppress(SystemExit):
        server.run(sockets=[listening])
    if failed:
        raise InputError(failed[0])


def _connections() -> int:
    """How many connections there may be at once: each takes a file, of which a process may have only so many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * _CONNECTIONS
    if 0 <= soft < wanted:  # infinity is -1
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return min(_CONNECTIONS, soft // 2) if soft >= 0 else _CONNECTIONS


@cache
def _protocol() -> type[Any]:
    """The protocol of one connection; a class inside a function, so that uvicorn is imported where it is used."""
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

    class Protocol(HttpToolsProtocol):
        """Knows since when it waits for its client: to send the rest of a request, or to read an answer."""

        _since = 0.0  # of what is to be sent to us
        _unread = 0.0  # since when what we sent fills the buffer
        _head = 0  # bytes of a head that has not ended

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._since = self.loop.time()

        def data_received(self, data: bytes) -> None:
            self._head += len(data)
            super().data_received(data)
            if len(self.pipeline) > _MOST_AHEAD:
                self.transport.abort()
            if self._head > _LONGEST_HEAD and not self.transport.is_closing():
                if not self._answering():
                    self.transport.write(_TOO_LONG)
                self.transport.close()

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._since = self.loop.time()

        def on_headers_complete(self) -> None:
            super().on_headers_complete()
            self._head = 0

        def on_body(self, body: bytes) -> None:
            super().on_body(body)
            self._head = 0

        def on_message_complete(self) -> None:
            super().on_message_complete()
            self._head = 0

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._since = self.loop.time()

        def pause_writing(self) -> None:
            super().pause_writing()
            self._unread = self.loop.time()

        def hang_up(self, patience: float) -> None:
            """End the connection where its client has kept us waiting for so many seconds."""
            if self._answering() and not self.flow.write_paused:  # it waits for us
                return
            since = self._unread if self.flow.write_paused else self._since
            if self.loop.time() - since > patience:
                at_once = struct.pack("ii", 1, 0)  # else the system keeps what was not read, and tries to send it
                self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
                self.transport.abort()

        def _answering(self) -> bool:
            return self.cycle is not None and not self.cycle.response_complete

    return Protocol


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[tuple[socket.socket, str]]:
    """A socket that listens, and its URL; `port` 0 is any that is free. Raises InputError where there is none."""
    with _socket(host, port) as found:
        name = f"[{host}]" if ":" in host else host
        yield found, f"http://{name}:{found.getsockname()[1]}"


def _socket(host: str, port: int) -> socket.socket:
    todo = "Name another with --port, or end what listens there."
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind, protocol)
    except OSError as error:
        raise InputError(f"no address to listen at: {error.strerror}", where=f"--host {host}") from error
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(512)
    except OSError as error:
        found.close()
        used = error.errno == errno.EADDRINUSE
        message = "the port is in use" if used else f"cannot listen there: {error.strerror}"
        raise InputError(message, where=f"{host}:{port}", todo=todo if used else None) from error
    return found
