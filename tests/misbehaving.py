"""A real HTTP server that does not do as it should, for the tests of those who ask others."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple


class Reply(NamedTuple):
    """A status with a body and headers."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}


class Misbehaving(http.server.ThreadingHTTPServer):
    """Answers by path: of several replies each comes once, the last for ever; at /silent it says nothing.

    `url` is where it is, and `agents` who asked.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, replies: Mapping[str, Sequence[Reply]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.released = threading.Event()
        self.left = {path: list(found) for path, found in replies.items()}
        self.agents: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Misbehaving)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server.agents.append(self.headers["User-Agent"])
        if self.path == "/silent":
            server.released.wait(60)
            return
        replies = server.left[self.path]
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def misbehaving(replies: Mapping[str, Sequence[Reply]]) -> Iterator[Misbehaving]:
    """Such a server, running."""
    server = Misbehaving(replies)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
