"""What is taken home: tables, pictures and citations."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from foedus import __version__
from tests.browser.conftest import PLACES, PROBLEMS, Open, fetched
from tests.conftest import Cli

_SVG = "{http://www.w3.org/2000/svg}"


def _taken(page: Page, link: Locator) -> tuple[str, bytes]:
    """The name and the content of what a link or a button has the browser save."""
    with page.expect_download() as waiting:
        link.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/", ("agreements-without-article-5",)),
        ("/disagreements?as_of=2024-02-20", ("disagreements", "--as-of", "2024-02-20")),
        (
            "/queries/promises-by.html?giver=germany&source=dw-article",
            ("promises-by", "-p", "giver=germany", "--source", "dw-article"),
        ),
        ("/uk/timeline", ("timeline",)),
        ("/map", ("givers",)),
    ],
)
def test_a_table_is_what_the_command_line_gives(
    open_page: Open, cli: Cli, path: str, arguments: tuple[str, ...]
) -> None:
    page = open_page(path).page
    name, content = _taken(page, page.get_by_role("main").get_by_role("link", name=re.compile("^CSV")).first)
    assert name == f"{arguments[0]}.csv"
    assert content.decode().replace("\r\n", "\n") == cli("run", *arguments, "--cite", "--format", "csv").stdout
    assert len(list(csv.reader(io.StringIO(content.decode())))) > 1


def test_the_matrix_and_a_comparison_as_tables(open_page: Open) -> None:
    page = open_page("/matrix?group=money").page
    name, content = _taken(page, page.get_by_role("link", name="CSV"))
    assert name == "matrix.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    shown = page.get_by_role("table").locator("tbody .said > li").count()
    assert len(rows) == shown
    sums = [row for row in rows if row["featureName"] == "kind of that sum" and "EU–Ukraine" in row["name"]]
    assert [(row["verdict"], row["detail"]) for row in sums] == [("present", "exact sum")]
    page = open_page("/compare?with=germany-ukraine&with=japan-ukraine").page
    name, content = _taken(page, page.get_by_role("link", name="CSV"))
    assert {row["instrument"] for row in csv.DictReader(io.StringIO(content.decode()))} == {
        "Germany–Ukraine security agreement",
        "Japan–Ukraine security arrangement",
    }


def test_whatever_is_offered_is_there(site: str) -> None:
    offered: set[str] = set()
    for name, path in PLACES.items():
        if name not in PROBLEMS:
            text = fetched(site + path, "text/html").decode()
            offered |= {html.unescape(href) for href in re.findall(r'<a href="(/[^"]*)" download', text)}
    assert len(offered) > 60
    for href in offered:
        assert fetched(site + href), href


@pytest.mark.parametrize("picture", ["timeline", "map", "network"])
@pytest.mark.parametrize("dark", [False, True])
def test_a_picture_as_svg_and_as_png(open_page: Open, picture: str, dark: bool) -> None:
    page = open_page(f"/{picture}", color_scheme="dark" if dark else "light").page
    figure = page.locator("figure.picture")
    name, content = _taken(page, figure.get_by_role("button", name="SVG"))
    assert name.endswith(".svg")
    root = ET.fromstring(content)
    assert root.tag == f"{_SVG}svg"
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    texts = " ".join(text for element in root.iter(f"{_SVG}text") for text in element.itertext())
    assert {"timeline": "NATO summit", "map": "Germany", "network": "NATO allies"}[picture] in texts
    assert not list(root.iter(f"{_SVG}script"))
    assert b"var(--" not in content or b"--pen" in content  # the colours are in the file
    name, content = _taken(page, figure.get_by_role("button", name="PNG"))
    assert name.endswith(".png")
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    across, down = struct.unpack(">II", content[16:24])
    assert across >= width
    assert across / down == pytest.approx(width / height, rel=0.02)
    assert len(content) > 20_000  # there is something on it


def test_a_page_as_a_citation(open_page: Open) -> None:
    page = open_page("/matrix?group=money&as_of=2024-06-13").page
    link = f"https://w3id.org/foedus/release/{__version__}/matrix?group=money&as_of=2024-06-13"
    name, content = _taken(page, page.get_by_role("link", name="BibTeX"))
    assert name == "foedus.bib"
    entry = re.fullmatch(r"@misc\{([a-z0-9-]+),\n(.*)\n\}\n", content.decode(), re.DOTALL)
    assert entry
    fields = dict(re.findall(r"^  (\w+) = \{(.*)\},?$", entry[2], re.MULTILINE))
    assert fields["title"] == "Instruments by features"
    assert (fields["version"], fields["url"]) == (__version__, link)
    name, content = _taken(page, page.get_by_role("link", name="CSL-JSON"))
    assert name == "foedus.json"
    (item,) = json.loads(content)
    assert (item["title"], item["version"], item["URL"]) == ("Instruments by features", __version__, link)


def test_the_page_of_a_thing_is_cited_by_its_iri(open_page: Open) -> None:
    page = open_page("/id/actor/germany.html", language="uk").page
    _, content = _taken(page, page.get_by_role("link", name="CSL-JSON"))
    (item,) = json.loads(content)
    assert (item["title"], item["URL"]) == ("Німеччина", "https://w3id.org/foedus/id/actor/germany")
    assert item["version"] == __version__


def test_the_note_is_copied(open_page: Open) -> None:
    page = open_page("/timeline", permissions=["clipboard-read", "clipboard-write"]).page
    page.get_by_role("button", name="Copy the note").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == (
        f"Foedus developers, “What happened, and when”, Foedus {__version__}, "
        f"https://w3id.org/foedus/release/{__version__}/timeline."
    )
