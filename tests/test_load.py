"""Loading into a real server, Oxigraph's, behind a proxy that makes the trouble: nothing lost, one clear message."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from foedus import canonical, credentials
from foedus.cli import main
from foedus.datasets import GRAPH, MARKER, STAGING, turtle_files
from foedus.stores.oxigraph import Oxigraph
from tests.conftest import Cli, assert_one_message, free_port, oxigraph_server

#: What a fault does with a request: None lets it through.
Fault = Callable[["Handler", int], "bool | None"]

Load = Callable[..., "subprocess.CompletedProcess[str]"]

CORE = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/foedus/ns> a owl:Ontology ; rdfs:label "Foedus"@en , "Федус"@uk ;
    rdfs:seeAlso [ rdfs:label "one" ] , [ rdfs:label "two" ; rdfs:comment [ ] ] .
"""
ACTORS = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/foedus/id/actor/ukraine> a <https://w3id.org/foedus/ns/State> ;
    rdfs:label "Ukraine"@en ; rdfs:comment %s .
"""


class Proxy(http.server.ThreadingHTTPServer):
    """Passes requests on to a server, but for those that `fault` deals with; counts them and keeps some headers."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = urllib.parse.urlsplit(target)
        self.fault: Fault = lambda request, number: None
        self.before: Callable[[Handler], None] = lambda request: None
        self.requests: list[str] = []
        self.authorizations: list[str | None] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that closes before it has read everything, as ours may."""
        if not isinstance(sys.exception(), ConnectionResetError | BrokenPipeError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def handle_one(self) -> None:
        proxy = self.server
        proxy.before(self)
        self.body = self.read_body()
        what = urllib.parse.unquote_plus(self.body.decode("utf-8", "replace")) if "quads" not in self.kind() else ""
        proxy.requests.append(f"{self.command} {self.path.split('?')[0]} {what}")
        proxy.authorizations.append(self.headers.get("Authorization"))
        if proxy.fault(self, len(proxy.requests)):
            return
        there = http.client.HTTPConnection(proxy.target.hostname or "", proxy.target.port, timeout=60)
        headers = {
            k: v for k, v in self.headers.items() if k.lower() not in ("host", "transfer-encoding", "connection")
        }
        there.request(self.command, self.path, self.body or None, headers)
        answer = there.getresponse()
        content = answer.read()
        there.close()
        own = ("transfer-encoding", "connection", "content-length")
        self.answer(answer.status, [pair for pair in answer.headers.items() if pair[0].lower() not in own], content)

    do_GET = do_POST = do_PUT = do_DELETE = handle_one  # noqa: N815

    def kind(self) -> str:
        return self.headers.get("Content-Type", "")

    def read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline() or b"0", 16):  # nothing more where the client is gone
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def reply(self, status: int, kind: str = "text/plain", body: bytes = b"", **more: str) -> bool:
        named = [(name.replace("_", "-"), value) for name, value in more.items()]
        self.answer(status, [("Server", "Oxigraph/0"), ("Content-Type", kind), *named], body)
        return True

    def answer(self, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def drop(self) -> bool:
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True
        return True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with oxigraph_server(tmp_path_factory.mktemp("writable"), "serve") as url:
        yield url


@contextlib.contextmanager
def proxy_before(url: str) -> Iterator[Proxy]:
    """A proxy before a server, for as long as it is needed."""
    found = Proxy(url)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.shutdown()
        found.server_close()


@pytest.fixture
def proxy(server: str) -> Iterator[Proxy]:
    """A proxy before a server that holds nothing yet."""
    clear = urllib.request.Request(f"{server}/update", b"CLEAR ALL", {"Content-Type": "application/sparql-update"})
    urllib.request.urlopen(clear, timeout=30).close()
    with proxy_before(server) as found:
        yield found


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A graph of two files, one of them with blank nodes."""
    return graph(tmp_path / "tiny")


def graph(place: Path, comment: str = '"first"', more: bool = False) -> Path:
    (place / "ontology").mkdir(parents=True, exist_ok=True)
    (place / "data").mkdir(exist_ok=True)
    (place / "ontology" / "core.ttl").write_text(CORE, encoding="utf-8")
    (place / "data" / "actors.ttl").write_text(ACTORS % comment, encoding="utf-8")
    if more:
        (place / "data" / "more.ttl").write_text(ACTORS % '"more"', encoding="utf-8")
    return place


@pytest.fixture
def load(proxy: Proxy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Load:
    """The command in this process, for its speed; the tests that kill it and those of other files start one."""

    def call(folder: Path, *options: object, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        with monkeypatch.context() as patched:
            for name, value in {"FOEDUS_FOLDER": str(folder), "NETRC": os.devnull, **(env or {})}.items():
                patched.setenv(name, value)
            capsys.readouterr()
            status = main(["load", proxy.url, *map(str, options)])
            return subprocess.CompletedProcess([], status, *capsys.readouterr())

    return call


def holds(url: str) -> dict[str, set[str]]:
    """What the server holds, asked by a client of the test's own: the graphs, each with its canonical lines."""
    with urllib.request.urlopen(
        urllib.request.Request(f"{url}/store", headers={"Accept": "application/n-quads"}), timeout=30
    ) as answer:
        found: dict[str, list[ox.Triple]] = {}
        for quad in ox.parse(answer.read(), format=ox.RdfFormat.N_QUADS):
            found.setdefault(quad.graph_name.value, []).append(quad.triple)
    return {name: {line.decode() for line in canonical.lines(canonical.named(t))} for name, t in found.items()}


def content(folder: Path) -> dict[str, set[str]]:
    return {
        f.graph: {line.decode() for line in canonical.lines(canonical.named(ox_triples(f.path)))}
        for f in turtle_files(str(folder))
    }


def ox_triples(path: str) -> Iterator[ox.Triple]:
    return (quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE))


def test_each_file_fills_its_graph_and_a_second_load_sends_nothing(load: Load, proxy: Proxy, tiny: Path) -> None:
    done = load(tiny)
    assert done.returncode == 0, done.stderr
    assert "added     https://w3id.org/foedus/graph/core  8" in done.stdout
    assert holds(proxy.url) == content(tiny)
    proxy.requests.clear()
    again = load(tiny)
    assert (again.returncode, again.stdout) == (0, "2 graphs were there already\n")
    assert not [r for r in proxy.requests if r.startswith("POST /store")]


def test_what_changed_takes_the_place_of_the_old_and_others_graphs_stay(load: Load, proxy: Proxy, tiny: Path) -> None:
    other = b"INSERT DATA { GRAPH <http://example.org/theirs> { <http://a> <http://b> <http://c> } }"
    request = urllib.request.Request(f"{proxy.url}/update", other, {"Content-Type": "application/sparql-update"})
    urllib.request.urlopen(request, timeout=30).close()
    theirs = holds(proxy.url)
    assert load(graph(tiny, more=True)).returncode == 0
    (tiny / "data" / "more.ttl").unlink()
    graph(tiny, '"second" , "third"')
    planned = load(tiny, "--dry-run")
    assert planned.stdout.split() == ["keep", GRAPH + "core", "replace", GRAPH + "actors", "remove", GRAPH + "more"]
    done = load(tiny)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == [f"replaced  {GRAPH}actors  4", f"removed   {GRAPH}more"]
    assert holds(proxy.url) == {**content(tiny), **theirs}


def test_only_some_graphs(load: Load, proxy: Proxy, tiny: Path) -> None:
    assert load(tiny, "--only", "actors").returncode == 0
    assert set(holds(proxy.url)) == {GRAPH + "actors"}
    assert_one_message(load(tiny, "--only", "actor"), 2, "no graph is called 'actor'", "actors")
    assert load(tiny).returncode == 0
    assert load(tiny, "--remove", "--only", GRAPH + "core").stdout == f"removed   {GRAPH}core  8\n"
    assert set(holds(proxy.url)) == {GRAPH + "actors"}


def test_removing_leaves_nothing(load: Load, proxy: Proxy, tiny: Path) -> None:
    assert load(tiny).returncode == 0
    proxy.fault = lambda request, number: request.reply(500) if "MOVE" in request.server.requests[-1] else None
    assert load(graph(tiny, '"other"')).returncode == 3
    proxy.fault = lambda *_: None
    assert load(tiny, "--remove").returncode == 0
    assert holds(proxy.url) == {}
    assert "nothing to remove" in load(tiny, "--remove").stderr


def test_a_check_tells_what_differs_and_changes_nothing(load: Load, proxy: Proxy, tiny: Path) -> None:
    assert load(tiny).returncode == 0
    assert load(tiny, "--check").returncode == 0
    before = holds(proxy.url)
    done = load(graph(tiny, '"changed"', more=True), "--check")
    assert done.returncode == 1
    assert f"differs   {GRAPH}actors: 3 triples, not 3" in done.stdout
    assert '"changed" .' in done.stdout
    assert '"first" .' in done.stdout
    assert f"missing   {GRAPH}more" in done.stdout
    assert holds(proxy.url) == before


def test_literals_that_the_store_rewrites_are_listed(load: Load, tiny: Path) -> None:
    number = '"7.50"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    (tiny / "queries").mkdir()
    (tiny / "queries" / "said.rq").write_text("SELECT ?said { ?a a <https://w3id.org/foedus/ns/State> ; ?p ?said }")
    (tiny / "queries" / "kinds.rq").write_text("SELECT ?k { <https://w3id.org/foedus/id/actor/ukraine> a ?k }")
    graph(tiny, f"{number} , 'P12M'^^<http://www.w3.org/2001/XMLSchema#duration>")
    done = load(tiny)
    assert f"rewritten {GRAPH}actors: 2 literals" in done.stdout
    assert f'"7.50"^^<{_XSD}decimal> as "7.5"^^<{_XSD}decimal>' in done.stdout
    assert f'"P12M"^^<{_XSD}duration> as "P1Y"^^<{_XSD}duration>' in done.stdout
    # The embedded store is Oxigraph too, and writes them alike: no answer differs.
    assert done.returncode == 0
    assert "no answer depends on it" in done.stderr
    assert "2 graphs were there already" in load(tiny).stdout


_XSD = "http://www.w3.org/2001/XMLSchema#"


def dropping_at(word: str, times: int, *, after: bool = False) -> Fault:
    """Drops the connection at requests that hold `word`, so many times; with `after`, once the server has done it."""
    left = times

    def fault(request: Handler, number: int) -> bool | None:
        nonlocal left
        if word in request.server.requests[-1] and left:
            left -= 1
            if after:
                there = http.client.HTTPConnection(
                    request.server.target.hostname or "", request.server.target.port, timeout=60
                )
                there.request(request.command, request.path, request.body, {"Content-Type": request.kind()})
                there.getresponse().read()
                there.close()
            return request.drop()
        return None

    return fault


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("word", ["POST /store", "MOVE", "COUNT"])
def test_a_connection_that_drops_once_is_got_over(load: Load, proxy: Proxy, tiny: Path, word: str, after: bool) -> None:
    assert load(tiny).returncode == 0
    proxy.fault = dropping_at(word, 1, after=after)
    done = load(graph(tiny, '"second"'))
    assert done.returncode == 0, done.stderr
    assert "again in 0.5 s" in done.stderr
    assert holds(proxy.url) == content(tiny)


def test_a_first_load_whose_answer_is_lost_is_not_carried_out_twice(load: Load, proxy: Proxy, tiny: Path) -> None:
    proxy.fault = dropping_at("POST /store", 1, after=True)
    assert load(tiny).returncode == 0
    assert holds(proxy.url) == content(tiny)


def test_a_proxy_that_drops_every_tenth_request(load: Load, proxy: Proxy, tiny: Path) -> None:
    proxy.fault = lambda request, number: request.drop() if number % 10 == 0 else None
    for comment in ('"one"', '"two"'):
        done = load(graph(tiny, comment))
        assert done.returncode == 0, done.stderr
        assert holds(proxy.url) == content(tiny)


def test_a_question_whose_connection_drops_is_asked_again(proxy: Proxy, cli: Cli) -> None:
    question = "SELECT (1 AS ?one) {}"
    for times, status in ((2, 0), (3, 3)):
        proxy.fault = dropping_at("AS ?one", times)
        done = cli("sparql", "--endpoint", f"{proxy.url}/query", input=question)
        assert done.returncode == status, done.stderr
    assert_one_message(done, 3, "connection failed", "Check the URL")


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("POST /store", "were there still answer"),
        ("MOVE", "Either all graphs are new or all are the old ones"),
    ],
)
def test_a_server_that_fails_half_way_keeps_the_old_state(
    load: Load, proxy: Proxy, tiny: Path, word: str, state: str
) -> None:
    assert load(tiny).returncode == 0
    before = content(tiny)
    proxy.fault = lambda request, number: (
        request.reply(500, body=b"out of cheese") if word in request.server.requests[-1] else None
    )
    done = load(graph(tiny, '"second"'))
    assert_one_message(done, 3, proxy.url, "500", "out of cheese", state, "un it again")
    proxy.fault = lambda *_: None
    there = holds(proxy.url)
    assert {name: there[name] for name in before} == before
    proxy.requests.clear()
    assert load(tiny).returncode == 0
    assert holds(proxy.url) == content(tiny)
    sent = [r for r in proxy.requests if r.startswith("POST /store")]
    assert len(sent) == (1 if word == "POST /store" else 0), "what was sent whole is not sent again"


def too_long(limit: int) -> Fault:
    return lambda request, number: (
        request.reply(400, body=b"no such literal") if len(request.body) > limit and "quads" in request.kind() else None
    )


def test_what_is_refused_in_one_request_is_sent_graph_by_graph(load: Load, proxy: Proxy, tiny: Path) -> None:
    proxy.fault = too_long(1300)  # both graphs together are longer, each is not
    done = load(tiny)
    assert done.returncode == 0, done.stderr
    assert "graph by graph" in done.stderr
    assert holds(proxy.url) == content(tiny)


def test_the_graph_that_is_refused_is_named(load: Load, proxy: Proxy, tiny: Path) -> None:
    proxy.fault = too_long(700)
    done = load(tiny)
    assert done.returncode == 3
    assert f"no such literal (at {GRAPH}core)" in done.stderr
    assert "were there still answer" in done.stderr


def test_a_staged_graph_that_is_not_whole_is_sent_again(load: Load, proxy: Proxy, tiny: Path) -> None:
    assert load(tiny).returncode == 0
    proxy.fault = lambda request, number: request.reply(500) if "MOVE" in request.server.requests[-1] else None
    graph(tiny, '"second"')
    assert load(tiny).returncode == 3
    proxy.fault = lambda *_: None
    staged = next(name for name in holds(proxy.url) if name.startswith(STAGING) and name != MARKER)
    text = f"DELETE WHERE {{ GRAPH <{staged}> {{ ?s a ?o }} }}"
    request = urllib.request.Request(
        f"{proxy.url}/update", text.encode(), {"Content-Type": "application/sparql-update"}
    )
    urllib.request.urlopen(request, timeout=30).close()
    assert load(tiny).returncode == 0
    assert holds(proxy.url) == content(tiny)


def test_a_killed_load_leaves_the_old_state_and_is_finished_by_another(load: Load, proxy: Proxy, tiny: Path) -> None:
    assert load(tiny).returncode == 0
    before = content(tiny)
    graph(tiny, '"second"')
    for word in ("POST /store", "MOVE"):
        reached = threading.Event()

        def fault(request: Handler, number: int, word: str = word, reached: threading.Event = reached) -> bool | None:
            if word not in request.server.requests[-1]:
                return None
            reached.set()
            while not request.server.released.wait(0.05):  # type: ignore[attr-defined]
                pass
            return request.drop()

        proxy.released = threading.Event()  # type: ignore[attr-defined]
        proxy.fault = fault
        environment = {**os.environ, "FOEDUS_FOLDER": str(tiny)}
        process = subprocess.Popen([sys.executable, "-m", "foedus", "load", proxy.url], env=environment)
        assert reached.wait(60)
        process.send_signal(signal.SIGKILL)
        process.wait()
        proxy.released.set()  # type: ignore[attr-defined]
        proxy.fault = lambda *_: None
        there = holds(proxy.url)
        assert {name: there[name] for name in before} == before
    assert load(tiny).returncode == 0
    assert holds(proxy.url) == content(tiny)


def test_a_server_that_takes_what_is_sent_late_is_waited_for(
    load: Load, proxy: Proxy, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than the buffers between the two hold, to a server that does something else first."""
    monkeypatch.setattr("foedus.stores.http._CONNECT", 0.2)
    proxy.before = lambda request: time.sleep(1) if "quads" in request.kind() else None
    graph(tiny, f'"{"long " * 2_500_000}"')
    done = load(tiny)
    assert (done.returncode, done.stderr.count("again in")) == (0, 0), done.stderr
    assert_one_message(load(graph(tiny, f'"{"other " * 2_500_000}"'), "--timeout", 0.3), 3, "said nothing for 0.3 s")


def test_a_busy_server_is_waited_for_as_long_as_it_asks(load: Load, proxy: Proxy, tiny: Path) -> None:
    proxy.fault = lambda request, number: request.reply(429, Retry_After="0") if number in (2, 4, 5) else None
    done = load(tiny)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("429") == 3
    assert "again in 0 s" in done.stderr


def test_a_server_that_asks_for_an_hour_is_not_waited_for(load: Load, proxy: Proxy, tiny: Path) -> None:
    proxy.fault = lambda request, number: request.reply(503, Retry_After="3600")
    assert_one_message(load(tiny), 3, proxy.url, "503", "later")


def asking(challenge: str, sent: str) -> Fault:
    """Asks for a password with `challenge`, until the header for it begins with `sent`."""
    return lambda request, number: (
        None
        if (request.headers.get("Authorization") or "").startswith(sent)
        else request.reply(401, WWW_Authenticate=challenge)
    )


def answering(status: int, kind: str = "text/plain", body: bytes = b"", **headers: str) -> Fault:
    return lambda request, number: request.reply(status, kind, body, **headers)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (answering(200, "text/html", b"<!doctype html><title>Welcome"), ["text/html", "web page"]),
        (answering(302, Location="http://elsewhere.example/"), ["http://elsewhere.example/", "nothing is sent on"]),
        (answering(404), ["404"]),
        (answering(401), ["401", "FOEDUS_USER"]),
        (answering(403), ["403"]),
        (answering(500, body=b"disk full"), ["500", "disk full"]),
    ],
    ids=["html", "redirect", "none", "password", "forbidden", "broken"],
)
def test_what_is_no_store_is_told_and_not_changed(
    load: Load, proxy: Proxy, tiny: Path, fault: Fault, words: list[str]
) -> None:
    proxy.fault = fault
    assert_one_message(load(tiny), 3, proxy.url, *words)
    proxy.fault = lambda *_: None
    assert holds(proxy.url) == {}


def test_a_store_that_is_read_only(cli: Cli, endpoint: str, tiny: Path) -> None:
    url = endpoint.removesuffix("/query")
    done = cli("load", url, env={"FOEDUS_FOLDER": str(tiny)})
    assert_one_message(done, 3, url, "takes no updates", "read-only", "Nothing was changed in the store")


def test_no_server_there(cli: Cli, tiny: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/ds"
    begun = time.monotonic()
    assert_one_message(cli("load", url, env={"FOEDUS_FOLDER": str(tiny)}), 3, url, "Connection refused")
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("url", ["file:///tmp/db", "localhost:3030/ds", "http://", "http://[::1/ds"])
def test_what_is_no_url(cli: Cli, tiny: Path, url: str) -> None:
    assert_one_message(cli("load", url, env={"FOEDUS_FOLDER": str(tiny)}), 2, "http://")


def test_a_password_in_the_url_is_refused_and_not_repeated(cli: Cli, tiny: Path) -> None:
    done = cli("load", "http://me:hunter2@localhost:1/ds", env={"FOEDUS_FOLDER": str(tiny)})
    assert_one_message(done, 2, "FOEDUS_PASSWORD")
    assert "hunter2" not in done.stderr


def test_turtle_with_an_error_is_told_before_anything_is_lost(load: Load, proxy: Proxy, tiny: Path) -> None:
    assert load(tiny).returncode == 0
    before = holds(proxy.url)
    actors = tiny / "data" / "actors.ttl"
    actors.write_text(actors.read_text() + "<a> <b> oops .\n")
    assert_one_message(load(tiny), 2, f"{actors}:5", "not Turtle")
    assert holds(proxy.url) == before
    graph(tiny, more=True)
    (tiny / "data" / "more.ttl").write_text("<a> <b> oops .\n")
    assert_one_message(load(tiny), 2, "more.ttl:1", "not Turtle", "othing was changed")
    there = holds(proxy.url)
    assert {name: there[name] for name in before} == before


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """The file of a certificate for localhost that nobody knows; its key is beside it."""
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl to make a certificate")
    place = tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(tmp_path / "key.pem"), "-out", str(place)]
    subprocess.run(command, check=True, capture_output=True)
    return place


def test_a_certificate_is_verified(cli: Cli, proxy: Proxy, authority: Path, tiny: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, authority.with_name("key.pem"))
    proxy.socket = context.wrap_socket(proxy.socket, server_side=True)
    url = f"https://localhost:{proxy.server_address[1]}"
    for command in (["load", url], ["sparql", "--endpoint", f"{url}/query"]):
        env = {"FOEDUS_FOLDER": str(tiny)}
        unknown = cli(*command, input="SELECT (1 AS ?one) {}", env=env)
        assert_one_message(unknown, 3, url, "certificate is not to be trusted", "SSL_CERT_FILE")
        known = cli(*command, input="SELECT (1 AS ?one) {}", env={**env, "SSL_CERT_FILE": str(authority)})
        assert known.returncode == 0, known.stderr
        other = cli(*command, input="ASK {}", env={**env, "SSL_CERT_FILE": str(tiny / "none.pem")})
        assert_one_message(other, 3, url, "certificate")


@pytest.mark.parametrize(
    ("env", "challenge", "sent"),
    [
        ({"FOEDUS_USER": "me", "FOEDUS_PASSWORD": "hünter2"}, 'Basic realm="x"', "Basic bWU6aMO8bnRlcjI="),
        ({"FOEDUS_TOKEN": "abc.def"}, "Bearer", "Bearer abc.def"),
        ({"FOEDUS_USER": "me", "FOEDUS_PASSWORD": "pw"}, 'Digest realm="x", nonce="n", qop="auth"', "Digest username="),
    ],
    ids=["basic", "bearer", "digest"],
)
def test_who_we_are_is_told_when_it_is_asked_for(
    load: Load, proxy: Proxy, tiny: Path, env: dict[str, str], challenge: str, sent: str
) -> None:
    proxy.fault = asking(challenge, sent)
    assert load(tiny, env=env).returncode == 0
    assert proxy.authorizations[0] is None
    wrong = load(tiny, env={"FOEDUS_USER": "someone", "FOEDUS_PASSWORD": "secret-word"})
    if "Digest" not in challenge:
        assert_one_message(wrong, 3, "401")
    assert "secret-word" not in wrong.stderr + wrong.stdout


@pytest.mark.parametrize(
    ("env", "challenge", "sent"),
    [
        ({"FOEDUS_USER": "me", "FOEDUS_PASSWORD": "pw"}, 'Basic realm="x"', "Basic bWU6cHc="),
        ({"FOEDUS_TOKEN": "abc.def"}, "Bearer", "Bearer abc.def"),
        (
            {"FOEDUS_USER": "me", "FOEDUS_PASSWORD": "pw"},
            'Digest realm="SPARQL", nonce="n", qop="auth"',
            "Digest username=",
        ),
    ],
    ids=["basic", "bearer", "digest"],
)
def test_questions_are_told_who_we_are_too(
    cli: Cli, proxy: Proxy, env: dict[str, str], challenge: str, sent: str
) -> None:
    proxy.fault = asking(challenge, sent)
    question = "SELECT (1 AS ?one) {}"
    url = f"{proxy.url}/query"
    assert cli("sparql", "--endpoint", url, input=question, env=env).stdout == "one\n1\n"
    assert proxy.authorizations[0] is None
    other = {**dict.fromkeys(env, ""), "NETRC": os.devnull}
    assert_one_message(cli("sparql", "--endpoint", url, input=question, env=other), 3, "401", "FOEDUS_TOKEN")


def test_a_store_whose_default_graph_is_empty_is_asked_for_all_its_graphs(
    load: Load, proxy: Proxy, cli: Cli, tiny: Path
) -> None:
    assert load(tiny).returncode == 0
    question = "SELECT ?l { <https://w3id.org/foedus/id/actor/ukraine> ?p ?l FILTER(LANG(?l) = 'en') }"
    url = f"{proxy.url}/query"
    assert cli("sparql", "--endpoint", url, input=question).stdout == "l\nUkraine\n"
    # While a load is going on, the names of the graphs keep what is being loaded out.
    proxy.fault = lambda request, number: request.reply(500) if "MOVE" in request.server.requests[-1] else None
    assert load(graph(tiny, '"half loaded"@en')).returncode == 3
    assert cli("sparql", "--endpoint", url, input=question).stdout == "l\nUkraine\n"
    assert "default-graph-uri" in proxy.requests[-1]


def test_netrc_is_read_for_its_host_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine store.example login me password pw\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("FOEDUS_USER", "FOEDUS_PASSWORD", "FOEDUS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    assert credentials.find("https://store.example/ds") == ("me", "pw", "")
    assert credentials.find("https://other.example/ds") is None
    assert "pw" not in repr(credentials.find("https://store.example/ds"))


@pytest.mark.parametrize("env", [{"FOEDUS_USER": "me"}, {"FOEDUS_PASSWORD": "pw"}, {"FOEDUS_TOKEN": "a b"}])
def test_half_a_password_is_the_users_mistake(load: Load, tiny: Path, env: dict[str, str]) -> None:
    assert_one_message(load(tiny, env={"FOEDUS_USER": "", "FOEDUS_PASSWORD": "", **env}), 2, "FOEDUS_")


def test_more_than_a_transaction_holds_goes_graph_by_graph(
    load: Load, proxy: Proxy, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tiny graph has eight triples and three."""
    monkeypatch.setattr(Oxigraph, "holds", 10)
    assert load(tiny).returncode == 0
    assert len([r for r in proxy.requests if "MOVE" in r]) == 2, "one after another"
    assert holds(proxy.url) == content(tiny)
    proxy.requests.clear()
    assert load(graph(tiny, '"second"')).returncode == 0
    assert [r.count("MOVE") for r in proxy.requests if "MOVE" in r] == [1]
    assert load(tiny, "--remove").returncode == 0
    monkeypatch.setattr(Oxigraph, "holds", 11)
    proxy.requests.clear()
    assert load(graph(tiny, '"first"')).returncode == 0
    assert not [r for r in proxy.requests if "MOVE" in r], "all at once"


def test_a_generic_store_is_written_to_in_sparql_alone(load: Load, proxy: Proxy, tiny: Path) -> None:
    """Every SPARQL 1.1 server will do: the proxy makes one of Oxigraph that takes both kinds at one URL."""

    def fault(request: Handler, number: int) -> bool | None:
        if request.path.startswith("/store"):
            return request.reply(404)
        request.path = "/update" if "update" in request.kind() else "/query"
        return None

    proxy.fault = fault
    for comment in ('"one"', '"two"@en'):
        done = load(graph(tiny, comment), "--store", "generic")
        assert done.returncode == 0, done.stderr
        proxy.fault, kept = (lambda *_: None), proxy.fault
        assert holds(proxy.url) == content(tiny)
        proxy.fault = kept
