"""The static copy in a real Chromium, below a folder of a plain host that knows nothing but files."""

from __future__ import annotations

import functools
import http.server
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.conftest import Cli
from tests.web.copied import written

_RUNNING = re.compile("Loading|Running|^$")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *values: object) -> None:
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("graph") / "graph")


@pytest.fixture(scope="module")
def copy(folder: Path, cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a copy."""
    host = tmp_path_factory.mktemp("host")
    (host / "some").mkdir()
    done = cli("site", host / "some" / "where", env={"FOEDUS_FOLDER": str(folder)})
    assert done.returncode == 0, done.stderr
    handler = functools.partial(_Quiet, directory=str(host))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/some/where"
        server.shutdown()
        thread.join()


def test_from_the_question_to_the_passage(copy: str, open_page: Open) -> None:
    page = open_page("/index.html", where=copy).page
    page.get_by_text("germany agreement", exact=True).click()
    page.get_by_role("link", name=re.compile("no <clause>")).locator("visible=true").click()
    expect(page).to_have_url(f"{copy}/id/citation/germany.none.html")
    expect(page.get_by_role("region", name="The passage")).to_contain_text('“no <clause> & "none"”')
    page.get_by_role("link", name="Українська").click()
    expect(page).to_have_url(f"{copy}/uk/id/citation/germany.none.html")
    expect(page.get_by_role("region", name="Уривок")).to_contain_text("Джерело germany, 2024-02-16")


def test_a_day_is_kept_from_page_to_page(copy: str, open_page: Open) -> None:
    page = open_page("/index.html", where=copy).page
    page.get_by_role("link", name="2024-01-12").click()
    expect(page.get_by_text("germany agreement")).to_have_count(0)
    page.get_by_role("link", name="Matrix").click()
    expect(page).to_have_url(f"{copy}/matrix.as_of=2024-01-12.html")
    expect(page.get_by_role("navigation", name="What was known by")).to_contain_text("2024-01-12")
    expect(page.get_by_role("rowheader")).to_have_text(["uk agreement"])
    page.get_by_role("link", name="today (all sources)").click()
    expect(page.get_by_role("rowheader")).to_have_count(3)


def test_what_is_searched_is_found(copy: str, open_page: Open) -> None:
    page = open_page("/id/actor/japan.html", where=copy).page
    page.get_by_role("searchbox", name="Search").fill("  bonn>  FRG ")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#finder [role=status]")).to_have_text("Found for “bonn> FRG”: 1")
    expect(page.locator(".hits")).to_have_text("Germany FRG <Bonn> & Berlin")
    page = open_page("/uk/search.html?q=німеч", where=copy).page
    page.get_by_role("link", name="Німеччина").click()
    expect(page).to_have_url(f"{copy}/uk/id/actor/germany.html")
    page = open_page("/search.html?q=nothing+of+the+kind", where=copy).page
    expect(page.locator("#finder [role=status]")).to_have_text("Found for “nothing of the kind”: 0")


def test_a_permanent_link_leads_to_the_file_of_its_parameters(copy: str, open_page: Open) -> None:
    watched = open_page(where=copy)
    page = watched.page
    page.goto(f"{copy}/queries/promises-by.html?giver=japan")
    expect(page).to_have_url(f"{copy}/queries/promises-by.giver=japan.html")
    page.goto(f"{copy}/compare.html?with=germany-ukraine&with=uk-ukraine-2024&as_of=2024-01-12")
    expect(page).to_have_url(f"{copy}/compare.with=germany-ukraine.with=uk-ukraine-2024.html")
    watched.wrong = [told for told in watched.wrong if "status of 404" not in told]  # of the day that it tried


def test_a_query_is_answered_in_the_browser(copy: str, folder: Path, cli: Cli, open_page: Open) -> None:
    page = open_page("/query.saved=agreements-without-article-5.html", where=copy).page
    assert _asked(page).startswith("Rows: 3")
    page.get_by_text("Raw", exact=True).click()
    answer = json.loads(page.evaluate("() => document.querySelector('.yasr .CodeMirror').CodeMirror.getValue()"))
    told = cli("run", "agreements-without-article-5", "--format", "json", env={"FOEDUS_FOLDER": str(folder)})
    assert answer["results"]["bindings"] == json.loads(told.stdout)["results"]["bindings"]


def test_every_kind_of_query_is_answered_or_refused(copy: str, open_page: Open) -> None:
    page = open_page("/query.html", where=copy).page
    assert _asked(page, "SELECT (COUNT(*) AS ?n) { ?s <https://w3id.org/foedus/ns/verdict> ?service }").startswith(
        "Rows: 1"
    )
    expect(page.locator(".yasr_results")).to_contain_text('"3"')
    assert _asked(page, "ASK { GRAPH <https://w3id.org/foedus/graph/report> { ?s ?p ?o } }").startswith("Answered")
    expect(page.locator(".yasr_results")).to_contain_text("Yes")
    assert _asked(page, "CONSTRUCT WHERE { ?s a <https://w3id.org/foedus/ns/Source> }").startswith("Rows: 3")
    page.locator(".yasr_results").get_by_role("link", name="source:report").first.click()
    expect(page).to_have_url(f"{copy}/id/source/report.html")
    page.go_back()
    for query, told in {
        "SELECT * { SERVICE SILENT <https://example.org/> { ?s ?p ?o } }": "SERVICE is refused",
        "INSERT DATA { <a:a> <a:a> <a:a> }": "Only queries are answered",
        "SELECT nothing": "error at",
    }.items():
        _asked(page, query)
        expect(page.get_by_role("alert")).to_contain_text(told)


def test_a_query_that_never_ends_is_stopped_and_the_next_is_answered(copy: str, open_page: Open) -> None:
    page = open_page("/query.html", where=copy).page
    endless = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?a{i} ?b{i} ?c{i} .' for i in range(9))} }}"
    _put(page, endless)
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".editor-status")).to_have_text("Running …")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".editor-status")).to_have_text("Stopped.")
    assert _asked(page, "ASK { }").startswith("Answered")
    cut = _asked(page, "SELECT * { ?a ?b ?c . ?d a <https://w3id.org/foedus/ns/Source> }")
    assert re.fullmatch(r"Rows: 10000 \([\d.]+ s\)\. The answer is cut: there is more\.", cut)


def test_the_pages_read_as_files_without_a_host(tmp_path: Path, folder: Path, cli: Cli, open_page: Open) -> None:
    assert cli("site", tmp_path / "copy", env={"FOEDUS_FOLDER": str(folder)}).returncode == 0
    watched = open_page(where="file://")
    page = watched.page
    page.goto(f"file://{tmp_path}/copy/index.html")
    assert page.evaluate("() => getComputedStyle(document.querySelector('header ul')).listStyleType") == "none"
    page.get_by_role("link", name="Matrix").click()
    page.get_by_role("link", name="germany agreement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("germany agreement")
    watched.wrong = []  # browsers load no modules from files


def _put(page: Page, query: str) -> None:
    page.evaluate("query => document.querySelector('.yasqe .CodeMirror').CodeMirror.setValue(query)", query)


def _asked(page: Page, query: str | None = None) -> str:
    """What is said when a query, by default the one that is there, is answered."""
    if query is not None:
        _put(page, query)
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("button", name="Run")).to_be_visible(timeout=60_000)
    return page.locator(".editor-status").inner_text()
