"""Real servers for the tests of what is served over HTTP: `foedus serve` as processes, and requests as plain as can be.

The graph is a small one that is written here, so that the answers can be written by hand.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import pytest

GRAPH = "https://w3id.org/foedus/graph/"
RESULTS = "application/sparql-results+json"
QUERY = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"
#: Eight triples in two graphs, of which one stands in both: the union has seven.
TREATY = """
@prefix : <https://example.org/> .
:treaty :name "Treaty"@en , "Договір"@uk ; :party :ukraine , :japan ; :signed "2024-02-16" .
"""
STATES = """
@prefix : <https://example.org/> .
:ukraine :name "Ukraine" .
:japan :name "Japan, \\"Nippon\\"\\nof the East" .
:treaty :party :japan .
"""
#: Takes for ever on these few triples, and no memory; the other two take memory, and a regular expression's time.
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?a{i} ?b{i} ?c{i} .' for i in range(12))} }}"
GREEDY = f"SELECT * {{ {' '.join(f'?a{i} ?b{i} ?c{i} .' for i in range(12))} }} ORDER BY CONCAT(?b1, ?c2)"
PATTERNS = ENDLESS.replace(" }", " FILTER REGEX(CONCAT(STR(?a0), STR(?c11)), '(.*a){20}(.*b){20}z$') }")


_COUNT = itertools.count()


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def type(self) -> str:
        """The media type without parameters."""
        return self.headers.get_content_type()

    @property
    def text(self) -> str:
        return self.body.decode()


class Served(NamedTuple):
    """A server that runs."""

    url: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        found = urlsplit(self.url).port
        assert found
        return found

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] = {}) -> Answer:
        """The answer to a request that has these headers, Host and Content-Length, and no others."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    def query(self, query: str, accept: str | None = RESULTS, *, parameters: str = "", **headers: str) -> Answer:
        """The answer to a query by GET; `parameters` is more for the URL, such as &name=value."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask(
            f"/sparql?query={quote(query)}{parameters}", headers=given | ({"Accept": accept} if accept else {})
        )

    def post(self, body: str | bytes, media_type: str = QUERY, path: str = "/sparql", **headers: str) -> Answer:
        """The answer to a POST."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body.encode() if isinstance(body, str) else body
        return self.ask(path, "POST", content, {"Content-Type": media_type, **given})

    def raw(self, *parts: bytes, timeout: float = 30) -> bytes:
        """All that comes back, until the connection ends, for bytes that may be no request."""
        got = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            with contextlib.suppress(ConnectionError):  # it may hang up before everything is sent
                for part in parts:
                    connection.sendall(part)
            with contextlib.suppress(ConnectionError):
                while piece := connection.recv(65536):
                    got += piece
        return got

    def answers(self) -> None:
        """It still does, and not from what it kept."""
        answer = self.query(f"ASK {{ }} # {next(_COUNT)}")
        assert answer.body == b'{"head":{},"boolean":true}', answer.text


@contextlib.contextmanager
def serving(folder: Path, *arguments: str, how: signal.Signals = signal.SIGTERM) -> Iterator[Served]:
    """`foedus serve` over a folder, at a free port; at the end it is told to end with a signal, and must do so well."""
    process = start(folder, *arguments)
    assert process.stderr
    try:
        yield Served(await_url(process), process)
        process.send_signal(how)
        out, told = process.communicate(timeout=60)
        assert (process.returncode, out, told) == (0, "", "foedus: ended\n")
    finally:
        process.kill()
        process.communicate()


def start(folder: Path, *arguments: str, env: Mapping[str, str] = {}) -> subprocess.Popen[str]:
    """The process alone, which may not get as far as to serve. It is the leader of a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "foedus", "serve", "--port", "0", *arguments],
        env={**os.environ, "FOEDUS_FOLDER": str(folder), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )


def await_url(process: subprocess.Popen[str]) -> str:
    """The URL that the process tells, whatever it has to note before."""
    assert process.stderr
    for line in process.stderr:
        if found := re.search(r"served at (http://\S+)/", line):
            assert "Ctrl-C" in process.stderr.readline()
            return found[1]
    raise AssertionError("it does not serve")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small graph."""
    place = tmp_path_factory.mktemp("made")
    (place / "data").mkdir()
    (place / "data" / "treaty.ttl").write_text(TREATY, encoding="utf-8")
    (place / "data" / "states.ttl").write_text(STATES, encoding="utf-8")
    return place


@pytest.fixture(scope="session")
def server(made: Path) -> Iterator[Served]:
    """A server with the limits that it has by default."""
    with serving(made) as found:
        yield found


@pytest.fixture(scope="session")
def strict(made: Path) -> Iterator[Served]:
    """A server that gives five rows."""
    with serving(made, "--rows", "5") as found:
        yield found


@pytest.fixture(scope="session")
def hasty(made: Path) -> Iterator[Served]:
    """A server that takes two seconds for an answer, and waits one for a client."""
    with serving(made, "--timeout", "2") as found:
        yield found
