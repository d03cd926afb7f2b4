"""What is sent to do harm: no script of it runs, nothing of it becomes markup, and the answer says what is wrong."""

from __future__ import annotations

import http.client
import urllib.parse

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open

_SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}</textarea></script>"
_QUOTED = urllib.parse.quote(_SCRIPT, safe="")
_SPARQL = urllib.parse.quote(f'SELECT * {{ BIND("{_SCRIPT.replace(chr(34), "")}" AS ?x) }}', safe="")


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        (f"/search?q={_QUOTED}", 200, "Found for"),
        (f"/uk/search?q={_QUOTED}", 200, "Знайдено за"),
        (f"/matrix?group={_QUOTED}", 404, "no group of features is called"),
        (f"/matrix?verdict={_QUOTED}", 200, "Nothing answers to this"),
        (f"/compare?with={_QUOTED}&with=germany-ukraine", 400, "<script>alert(1)"),
        (f"/disagreements?matter={_QUOTED}", 200, "Nothing answers to this"),
        (f"/?as_of={_QUOTED}", 400, "is not a date"),
        (f"/map?source={_QUOTED}", 404, "no source is called"),
        (f"/queries/promises-by.html?giver={_QUOTED}", 400, "is not an IRI"),
        (f"/queries/promises-by.html?{_QUOTED}=1", 400, "has no parameter"),
        (f"/queries/promises-by.html?source={_QUOTED}", 404, "no source is called"),
        (f"/query?query={_QUOTED}", 400, "cannot stand here"),
        (f"/query?query={_SPARQL}", 200, "<script>alert(1)</script>"),
        (f"/query?query={_SPARQL}&as_of=2024-02-20", 200, "<script>alert(1)</script>"),
        (f"/query?saved={_QUOTED}", 200, "Ask in SPARQL"),
        (f"/{_QUOTED}", 404, "nothing is at"),
        (f"/uk/{_QUOTED}", 404, "nothing is at"),
        (f"/id/actor/{_QUOTED}.html", 404, "nothing is at"),
        ("/id/actor/nobody.html", 404, "no thing is called 'actor/nobody'"),
        ("/nothing%00here", 404, "nothing is at"),
        ("/nothing?x=%FF", 404, "nothing is at"),
        ("/search?q=%00", 200, "Found for"),
        (f"/search?q={'attack ' * 1500}", 200, "Found for"),
        (f"/matrix?group={'x' * 10_000}", 404, "no group of features is called"),
        (f"/?x=1&{_QUOTED}={_QUOTED}", 200, "Which agreements lack"),
        ("/?as_of=2024-02-20&as_of=2024-07-11", 200, "published by 2024-02-20"),
    ],
)
def test_no_script_runs_and_what_is_wrong_is_told(open_page: Open, path: str, status: int, told: str) -> None:
    watched = open_page(path, status=status)  # a dialog would count as wrong, and so would what the policy stops
    page = watched.page
    expect(page.get_by_role("main")).to_contain_text(told)
    assert page.locator("img").count() == 0
    assert page.locator("script:not([src]):not([type='application/json'])").count() == 0
    assert "49" not in page.get_by_role("main").inner_text()[:300]
    assert page.get_by_role("banner").get_by_role("link", name="English").count() == 1


def test_a_path_leads_to_no_other_host(open_page: Open) -> None:
    watched = open_page("//example.org/x", status=404)
    for link in (*watched.page.locator(".languages a").all(), *watched.page.locator("link").all()):
        href = link.get_attribute("href") or ""
        assert not href.startswith("//"), href
    watched = open_page("/uk//example.org/x", status=404)
    watched.page.get_by_role("link", name="English").click()
    assert watched.page.url.endswith("/example.org/x")
    watched.wrong.clear()  # the browser tells of the 404


def _asked(site: str, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    place = urllib.parse.urlsplit(site)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    connection.putrequest("GET", path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Language": "uk;q=nan, <script>, \xff"},
        {"Accept-Language": "x" * 3_000},
        {"Accept": "text/html;q=" + "9" * 400},
        {"Accept": "text/html, " * 300},
        {"Accept": "\xff\xfe;;;,,,\"'"},
        {"If-None-Match": '"' * 1_000},
        {"Accept-Encoding": "gzip;q=0, *;q=" + "0" * 500, "Accept": "text/html"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "javascript", "Accept": "text/html"},
        {"Host": "evil.example", "Accept": "text/html"},
    ],
)
def test_no_header_breaks_a_page(site: str, headers: dict[str, str]) -> None:
    for path in ("/", "/matrix", "/queries/counts", "/id/actor/germany"):
        status, told, body = _asked(site, path, {"Host": "127.0.0.1", **headers})
        assert status in (200, 303, 406), (path, status)
        assert b"evil.example" not in body
        assert "evil" not in "".join(told.values())


@pytest.mark.parametrize(
    "path",
    [
        "/%E2%80%AE/", "/%2e%2e/%2e%2e/etc/passwd", "/static/%2e%2e/site.py", "/static/..%2fsite.py", "/static/vendor/",
        "/id/actor/ukraine%0d%0aX-Injected:%201", "/id/actor/ukraine.html%00", "/id/actor/%75kraine%2Ehtml%2f",
        "/nothing%3E;%20rel=preload,%20%3Chttp://evil.example/%3E", "/graph/..%2f..%2fx.ttl", "/%00", "/queries/%00",
        "/queries/counts.html?%00=%00", "/queries/counts.exe", "/release/9.9.9/%3Cscript%3E", "/terms/%2e%2e/x",
        "/ns/%3Cscript%3E", "/?" + "&".join(f"a{i}=1" for i in range(1001)),
    ],
)  # fmt: skip
def test_no_path_reaches_what_is_not_there(site: str, path: str) -> None:
    for accept in ("text/html", "*/*"):
        status, told, body = _asked(site, path, {"Host": "127.0.0.1", "Accept": accept})
        assert status in (400, 404), (path, status, body[:200])
        assert "x-injected" not in told
        assert "<http://evil" not in told.get("link", "")
        assert b"<script>" not in body or told["content-type"].startswith("text/plain")
        assert len(body) > 20  # it says why
