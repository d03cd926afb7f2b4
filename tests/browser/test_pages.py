"""Each kind of page in both languages: whole, without an error, accessible, on a phone, in the dark, on paper."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PLACES, PROBLEMS, SHOTS, Open

_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_COLOURS = ("color-contrast", "link-in-text-block")
#: Texts of a page that are not in the language that is told of them: Latin sentences in Ukrainian, Cyrillic in English.
_FOREIGN = """
() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const foreign = { uk: /[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){3,}/, en: /[\\u0400-\\u04ff]/ };
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest("script, style, textarea, code, pre, .CodeMirror, .cite")) continue;
    const told = parent.closest("[lang]").lang;
    const text = walker.currentNode.data.replace(/«[^»]*»/g, "");
    if (foreign[told]?.test(text)) found.push(`${told}: ${text.trim()}`);
  }
  return found;
}
"""


def violations(page: Page, run_only: dict[str, Any], **rules: bool) -> list[str]:
    """What axe finds, a line for each place."""
    options = {
        "resultTypes": ["violations"],
        "runOnly": run_only,
        "rules": {rule.replace("_", "-"): {"enabled": enabled} for rule, enabled in rules.items()},
    }
    page.evaluate(_SOME)
    found = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {node['target']} {node['html'][:120]}" for v in found for node in v["nodes"]]


#: Of what there is many times alike axe looks at some: rows of a table, and what a page lists.
_SOME = """
  const many = "tbody > tr, .matter, .facts li, .evidence li, .tree li, .read li, .hits li";
  document.querySelectorAll(many).forEach((e) => {
    if ([...e.parentElement.children].indexOf(e) >= 30) e.classList.add("more");
  });
  document.querySelectorAll(".more").forEach((e) => e.remove());
"""


def shoot(page: Page, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 1400})
    page.screenshot(path=SHOTS / f"{name}.png", animations="disabled")


def wider(page: Page) -> float:
    """How many pixels of the page itself stand out of the window."""
    found: float = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found


@pytest.mark.parametrize("name", PLACES)
def test_a_page_in_english(open_page: Open, name: str) -> None:
    watched = open_page(PLACES[name], status=PROBLEMS.get(name, 200))
    page = watched.page
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title().endswith(" · Foedus")
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.evaluate(_FOREIGN) == []
    assert watched.wrong == []
    assert violations(page, _RULES) == []
    shoot(page, f"{name}.en.1440", 1440)
    page.emulate_media(color_scheme="dark")
    assert violations(page, {"type": "rule", "values": _COLOURS}) == []
    shoot(page, f"{name}.en.1440.dark", 1440)
    page.emulate_media(color_scheme="light")
    shoot(page, f"{name}.en.800", 800)
    shoot(page, f"{name}.en.360", 360)
    assert violations(page, _RULES, color_contrast=False) == []
    assert wider(page) <= 0
    page.set_viewport_size({"width": 320, "height": 640})
    assert wider(page) <= 0


@pytest.mark.parametrize("name", PLACES)
def test_a_page_in_ukrainian(open_page: Open, name: str) -> None:
    watched = open_page(PLACES[name], language="uk", status=PROBLEMS.get(name, 200))
    page = watched.page
    assert page.locator("html").get_attribute("lang") == "uk"
    assert page.title().endswith(" · Foedus")
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.evaluate(_FOREIGN) == []
    assert watched.wrong == []
    assert violations(page, _RULES, color_contrast=False) == []
    for width in (1440, 800, 360):
        shoot(page, f"{name}.uk.{width}", width)
    assert wider(page) <= 0


@pytest.mark.parametrize("name", ["home", "matrix", "compare", "question", "instrument-read"])
def test_on_paper_the_evidence_is_read_and_what_is_pressed_is_gone(open_page: Open, name: str) -> None:
    page = open_page(PLACES[name]).page
    phrases = page.locator("main details q")
    assert phrases.count() > 10
    seen = "(phrases) => phrases.filter((q) => q.checkVisibility({ visibilityProperty: true })).length"
    assert phrases.evaluate_all(seen) < phrases.count() / 2  # on the screen most are closed
    page.emulate_media(media="print", color_scheme="light")
    assert phrases.evaluate_all(seen) == phrases.count()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("https://w3id.org/foedus/").last).to_be_visible()  # where it is from
    for gone in (".top nav", ".search", ".languages", ".asof", ".downloads", ".parameters", ".actions", ".filter"):
        assert [e for e in page.locator(gone).all() if e.is_visible()] == [], gone


def test_on_paper_the_day_stays_and_colours_are_those_of_paper(open_page: Open) -> None:
    page = open_page("/matrix?as_of=2024-02-20", color_scheme="dark").page
    page.emulate_media(media="print")
    ink = page.locator(".legend .absent").evaluate("(sign) => getComputedStyle(sign).color")
    assert ink == "rgb(157, 42, 31)"  # dark, whatever the screen is
    expect(page.get_by_text("Only sources published by 2024-02-20 are asked.")).to_be_visible()
    expect(page.get_by_role("slider")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "uk"])
def test_what_the_editor_is_answered_is_accessible(open_page: Open, language: str) -> None:
    watched = open_page("/query", language=language)
    page = watched.page
    page.locator(".editor-run").click()
    expect(page.locator(".yasr_results table")).to_be_visible()
    assert watched.wrong == []
    assert violations(page, _RULES) == []
    shoot(page, f"query-run.{language}.1440", 1440)
    page.emulate_media(color_scheme="dark")
    assert violations(page, {"type": "rule", "values": _COLOURS}) == []
    shoot(page, f"query-run.{language}.360.dark", 360)
    assert wider(page) <= 0
