"""The redirects of w3id.org in a real Apache: `make w3id` has it here, `make test` skips where it is not."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from foedus.datasets import NS, home
from foedus.publishing.published import BASE, listed
from foedus.reference.made import html_files
from tests.conftest import ROOT, free_port

FOLDER = ROOT / "docs" / "w3id" / "foedus"
HOST = "https://foedus.example"
#: What an identifier leads to on the host, by what is accepted.
LEADS = [
    ("", "text/html", "/"),
    ("", "text/turtle", "/graph/dataset.ttl"),
    ("ns", "text/html", "/terms/index.html"),
    ("ns/", "text/turtle", "/terms/core.ttl"),
    ("ns/shapes", "application/rdf+xml", "/terms/shapes.rdf"),
    ("ns/context.jsonld", "text/html", "/terms/context.jsonld"),
    ("ns/Commitment", "text/html", "/terms/classes/Commitment.html"),
    ("ns/committedBy", "text/html", "/terms/properties/committedBy.html"),
    ("ns/committedBy", "application/trig", "/terms/core.trig"),
    ("ns/trigger/standing", "text/html", "/terms/vocabularies/trigger.html#standing"),
    ("ns/trigger/standing", "application/n-triples", "/terms/vocabularies.nt"),
    ("ns/feature/termination", "text/turtle", "/terms/features.ttl"),
    ("ns/scheme/feature", "text/turtle", "/terms/features.ttl"),
    ("ns/scheme/trigger", "text/html", "/terms/vocabularies/trigger.html"),
    ("ns/0.2.0", "text/html", "/release/0.2.0/"),
    ("ns/0.2.0", "text/turtle", "/release/0.2.0/ontology/core.ttl"),
    ("ns/shapes/0.2.0", "text/turtle", "/release/0.2.0/ontology/shapes.ttl"),
    ("release/0.3.0", None, "/release/0.3.0/"),
    ("release/0.3.0/foedus.nq.gz", None, "/release/0.3.0/foedus.nq.gz"),
    ("release/0.3.0/graph/actors.ttl", "text/html", "/release/0.3.0/graph/actors.ttl"),
    ("sparql/.well-known/sparql-examples/counts", None, "/sparql-examples.ttl"),
    ("graph/inferred-dw-article", "text/turtle", "/graph/inferred-dw-article.ttl"),
    ("id/link/actor.ukraine.wikidata", "text/turtle", "/id/link/actor.ukraine.wikidata.ttl"),
]
MODULES = ("mpm_event", "authz_core", "setenvif", "headers", "rewrite", "dir")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


class Reply(NamedTuple):
    """What the server answers: its status, where it sends to ("" for nowhere), and its headers."""

    status: int
    location: str
    headers: dict[str, str]


Ask = Callable[..., Reply]


def apache() -> str | None:
    """The program, from Debian's package where one may install; in `make w3id` it must be here."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
    wanted = "FOEDUS_W3ID" in os.environ
    if wanted and shutil.which("apache2", path=path) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "apache2-bin"]
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(command, capture_output=True, env=env, check=False)
    return shutil.which("apache2", path=path)


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Asks an Apache that serves the folder as /foedus/ for a path below it."""
    program = apache()
    if program is None:
        assert "FOEDUS_W3ID" not in os.environ, "install Debian's package apache2-bin"
        pytest.skip("Apache is not here: `make w3id` tests the redirects")
    with tempfile.TemporaryDirectory() as name:  # not below pytest's folder, into which the server's user cannot look
        place, port = Path(name), free_port()
        place.chmod(0o755)
        shutil.copytree(FOLDER, place / "www" / "foedus")
        (place / "httpd.conf").write_text(_configuration(place, port), encoding="utf-8")
        server = subprocess.Popen([program, "-f", str(place / "httpd.conf"), "-D", "FOREGROUND"])
        try:
            _await(port, server)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

            def call(path: str, accept: str | None = None, *, body: bytes | None = None) -> Reply:
                headers = {} if accept is None else {"Accept": accept}
                connection.request("GET" if body is None else "POST", f"/foedus/{path}", headers=headers, body=body)
                answer = connection.getresponse()
                answer.read()
                told = {name.lower(): value for name, value in answer.getheaders()}
                return Reply(answer.status, told.get("location", ""), told)

            yield call
            connection.close()
        finally:
            server.terminate()
            server.wait(timeout=30)


def _configuration(place: Path, port: int) -> str:
    lines = [f'ServerRoot "{place}"', "ServerName 127.0.0.1", f"Listen 127.0.0.1:{port}", "PidFile pid", "ErrorLog log"]
    lines += [f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in MODULES]
    lines += ["User www-data", "Group www-data"] if os.geteuid() == 0 else []
    lines += [f'DocumentRoot "{place}/www"', f'<Directory "{place}/www">', "AllowOverride All", "Require all granted"]
    return "\n".join([*lines, "</Directory>", ""])


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            assert server.poll() is None and time.monotonic() < end, "Apache did not start"
            time.sleep(0.02)


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        (None, "html"),
        ("*/*", "html"),
        (BROWSER, "html"),
        ("text/html", "html"),
        ("text/turtle", "ttl"),
        ("TEXT/Turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
        ("application/trig", "trig"),
        ("text/turtle, application/rdf+xml;q=0.9, */*;q=0.1", "ttl"),
        ("text/html;q=0.5, text/turtle;q=0.75", "ttl"),
        ("text/turtle;q=0.75, text/html;q=0.8", "html"),
        ("text/html;q=0.8,text/turtle;q=0.80", "html"),
        ("text/html;q=0.9, application/rdf+xml;q=1.0", "rdf"),
        ("text/turtle;q=0, application/trig;q=0.2", "trig"),
        ("text/turtle;q=0.000, */*;q=0.1", "html"),
        ("text/*;q=0.3, application/n-triples;q=0.2", "html"),
        ("text/*, text/html;q=0.1", "ttl"),
        ("application/*", "jsonld"),
        ("application/n-triples ; q=0.4 , text/html ; q=0.3", "nt"),
        ("text/html;q=0, */*", "ttl"),
        ("image/png", "html"),
        ("text/turtlenot", "html"),
        ("text/html;level=1;q=0.2, text/turtle;q=0.3", "ttl"),
        ("garbage;;;,,q=", "html"),
    ],
)
def test_the_format_that_is_wanted_most_is_the_one(ask: Ask, accept: str | None, ending: str) -> None:
    reply = ask("id/actor/ukraine", accept)
    assert (reply.status, reply.location) == (303, f"{HOST}/id/actor/ukraine.{ending}")
    assert reply.headers["vary"].split(", ").count("Accept") == 1
    assert reply.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("ending", ["html", "ttl", "jsonld", "nt", "rdf", "trig"])
def test_an_ending_asks_for_a_format_whatever_is_accepted(ask: Ask, ending: str) -> None:
    other = "text/turtle" if ending == "html" else "text/html"
    assert ask(f"id/actor/ukraine.{ending}", other).location == f"{HOST}/id/actor/ukraine.{ending}"
    assert ask(f"graph/links-wikidata.{ending}", other).location == f"{HOST}/graph/links-wikidata.{ending}"
    assert ask(f"ns/Commitment.{ending}", other).location.endswith(f".{ending}")


@pytest.mark.parametrize(("path", "accept", "location"), LEADS)
def test_an_identifier_leads_to_what_it_names(ask: Ask, path: str, accept: str | None, location: str) -> None:
    reply = ask(path, accept)
    assert (reply.status, reply.location) == (303, HOST + location)


def test_the_endpoint_gets_questions_as_they_were_sent(ask: Ask) -> None:
    reply = ask("sparql?query=ASK%7B%7D&default-graph-uri=x")
    assert (reply.status, reply.location) == (307, f"{HOST}/sparql?query=ASK%7B%7D&default-graph-uri=x")
    assert ask("sparql", body=b"query=ASK{}").status == 307  # 303 would make a GET of it


@pytest.mark.parametrize(
    "path",
    ["nothing", "nothing.ttl", "ns/a/b/c", "ns/Two/Three/", "ns/Commitment.png", "id/actor", "id/actor/",
     "id/actor/a/b", "id/ACTOR/ukraine", "id/actor/a%0d%0aX-Injected:1", "id/actor/%2e%2e%2f%2e%2e", "graph/",
     "graph/a/b", "release/", "release/latest", "release/0.3.0/..%2F..%2Fetc", "sparql/x"],
)  # fmt: skip
def test_what_is_no_identifier_is_not_found(ask: Ask, path: str) -> None:
    reply = ask(path, "text/turtle")
    assert (reply.status, reply.location) == (404, "")


def test_every_term_ever_published_leads_to_a_page_and_a_file_that_there_are(ask: Ask) -> None:
    site = html_files(home())
    terms = [iri for iri in listed(str(ROOT / "tests" / "published" / "iris.txt")) if iri.startswith(NS)]
    terms = [iri for iri in terms if not re.search(r"/\d+\.\d+\.\d+$", iri)]
    assert len(terms) > 600
    for iri in terms:
        path = iri.removeprefix(BASE)
        page, _, anchor = ask(path, "text/html").location.removeprefix(HOST + "/terms/").partition("#")
        assert page in site, iri
        assert not anchor or f'id="{anchor}"'.encode() in site[page], iri
        for accept in ("text/turtle", "application/trig"):
            file = ask(path, accept).location.removeprefix(HOST + "/terms/")
            assert iri.rpartition("/")[2].encode() in site[file], iri


def test_every_thing_and_graph_ever_published_leads_somewhere(ask: Ask) -> None:
    """One of each type of thing, and those whose names are odd."""
    found = [iri.removeprefix(BASE) for iri in listed(str(ROOT / "tests" / "published" / "iris.txt"))]
    by_type: dict[str, str] = {}
    for path in sorted(found):
        odd = re.search(r"[^a-z0-9/-]", path.partition("/")[2])
        by_type.setdefault(f"{path.rpartition('/')[0]}{odd[0] if odd else ''}", path)
    by_type |= {path: path for path in found if path.startswith("graph/")}
    for path in by_type.values():
        assert ask(path, "text/turtle").status == 303, path
    endings = re.compile(r"\.(html|ttl|jsonld|nt|rdf|trig)$")
    assert not [path for path in found if endings.search(path)]  # its ending would be taken for a format


def test_the_host_stands_in_one_place() -> None:
    rules = (FOLDER / ".htaccess").read_text(encoding="utf-8")
    assert rules.count(HOST) == 1
    targets = re.findall(r"(?m)^RewriteRule \S+ (\S+)", rules)
    assert {target.split("/")[0] for target in targets} == {"-", "%{ENV:HOST}", "$1"}
