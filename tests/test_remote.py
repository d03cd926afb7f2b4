"""Endpoints that are dead, slow, wrong or not endpoints: one message with the URL, exit status 3, no traceback."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import foedus
from tests.conftest import Cli, assert_one_message, free_port

Reply = tuple[int, str, bytes]


class Server(http.server.ThreadingHTTPServer):
    """A real HTTP server that answers by path; it records the requests' user agents."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.agents: list[str] = []
        self.released = threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = (
            b'{"head": {"vars": []}, "results": {"bindings": []}}'  # what a redirected query must not be answered with
        )
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        server.agents.append(self.headers["User-Agent"])
        self.rfile.read(int(self.headers["Content-Length"]))
        replies: dict[str, Reply] = {
            "/html": (200, "text/html", b"<!doctype html><title>Welcome</title>"),
            "/json": (200, "application/json", b'{"hello": 1}'),
            "/cut": (200, "application/sparql-results+json", b'{"head": {"vars": ["s"]}, "results": {"bin'),
            "/broken": (500, "text/plain", b"out of cheese"),
            "/odd": (
                200,
                "application/sparql-results+json",
                b'{"head": {"vars": ["s"]}, "results": {"bindings": [7]}}',
            ),
            "/other": (
                200,
                "application/sparql-results+json",
                b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "literal", "value": "1"}}]}}',
            ),
            "/busy": (503, "text/plain", b"later"),
            "/secret": (401, "text/plain", b"who are you"),
            "/strict": (400, "text/plain", b"Parse error: line 1"),
        }
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/html")
            self.end_headers()
            return
        if self.path == "/close":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if self.path == "/slow":
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.end_headers()
            while not server.released.wait(0.05):  # a byte now and then, so that no socket ever times out
                try:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                except OSError:
                    return
            return
        status, kind, body = replies.get(self.path, (404, "text/plain", b"nothing here"))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    found = Server()
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield found
    found.released.set()
    found.shutdown()
    found.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("html", ["text/html", "web page"]),
        ("json", ["not a SPARQL result", "application/json"]),
        ("cut", ["not a SPARQL result"]),
        ("odd", ["not a SPARQL result"]),
        ("moved", ["/moved"]),
        ("broken", ["out of cheese"]),
        ("busy", ["503"]),
        ("secret", ["/secret"]),
        ("nowhere", ["404"]),
        ("close", ["/close"]),
    ],
)
def test_what_is_no_endpoint_is_said_to_be_none(cli: Cli, server: Server, path: str, words: list[str]) -> None:
    url = f"http://127.0.0.1:{server.server_address[1]}/{path}"
    assert_one_message(cli("run", "counts", "--endpoint", url), 3, url, *words)


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "nato"),
        ("compare", "g7-declaration", "uk-ukraine-2024"),
        ("run", "counts", "--source", "dw-article"),
        ("run", "counts", "--as-of", "2024-02-20"),
    ],
)
@pytest.mark.parametrize("path", ["odd", "other"])
def test_rows_of_another_answer_are_no_answer(cli: Cli, server: Server, arguments: tuple[str, ...], path: str) -> None:
    url = f"http://127.0.0.1:{server.server_address[1]}/{path}"
    assert_one_message(cli(*arguments, "--endpoint", url), 3, url, "not a SPARQL result of the query")


def test_a_construct_that_gets_html_is_refused(cli: Cli, server: Server) -> None:
    url = f"http://127.0.0.1:{server.server_address[1]}/html"
    assert_one_message(cli("run", "graph-of-relations", "--endpoint", url), 3, url, "text/html")


def test_an_endpoint_that_calls_the_query_malformed_is_quoted(cli: Cli, server: Server) -> None:
    url = f"http://127.0.0.1:{server.server_address[1]}/strict"
    assert_one_message(cli("run", "counts", "--endpoint", url), 2, url, "Parse error: line 1")


def test_a_slow_endpoint_meets_the_time_limit(cli: Cli, server: Server) -> None:
    url = f"http://127.0.0.1:{server.server_address[1]}/slow"
    assert_one_message(cli("run", "counts", "--endpoint", url, "--timeout", "1"), 3, "time limit of 1 s")


def test_a_dead_endpoint(cli: Cli) -> None:
    url = f"http://127.0.0.1:{free_port()}/query"
    assert_one_message(cli("run", "counts", "--endpoint", url), 3, url, "refused")


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "localhost:3030", "ftp://example.org/", "http://", "http://[::1"]
)
def test_what_is_no_url_is_the_users_mistake(cli: Cli, url: str) -> None:
    assert_one_message(cli("run", "counts", "--endpoint", url), 2, url, "http://")


def test_foedus_says_who_it_is(server: Server) -> None:
    url = f"http://127.0.0.1:{server.server_address[1]}/html"
    with foedus.open(endpoint=url) as graph, pytest.raises(foedus.RemoteError):
        graph.run("counts")
    assert server.agents[-1].startswith("foedus/")


def test_service_is_not_sent_to_an_endpoint_either(cli: Cli, endpoint: str) -> None:
    query = "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"
    assert_one_message(cli("sparql", "--endpoint", endpoint, input=query), 2, "SERVICE", "--allow-service")


def test_citations_come_from_the_endpoint_too(endpoint: str, graph: foedus.Graph) -> None:
    with foedus.open(endpoint=endpoint) as remote:
        there = [row.passages for row in remote.run("counts", cite=True)]
    assert there == [row.passages for row in graph.run("counts", cite=True)]
    assert all(there)


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_service_that_fails_is_a_remote_failure(cli: Cli, small: Path, engine: str) -> None:
    query = f"SELECT * {{ SERVICE <http://127.0.0.1:{free_port()}/> {{ ?s ?p ?o }} }}"
    done = cli("sparql", "--allow-service", "--engine", engine, input=query, env={"FOEDUS_FOLDER": str(small)})
    assert_one_message(done, 3, "SERVICE")


def test_words_of_a_comment_are_not_taken_for_an_update(endpoint: str) -> None:
    text = "#+ create the\n#+ create an\n#+ answer\nSELECT (1 AS ?one) {}"
    with foedus.open(endpoint=endpoint) as remote:
        assert [str(row["one"]) for row in remote.sparql(text)] == ["1"]
