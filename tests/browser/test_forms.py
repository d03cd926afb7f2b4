"""The forms, the slider of days, what tables can do, and the keyboard; and all of it without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PLACES, Open, parameters

_LAST = "2024-07-11"  # the last day on which a source was published, and the one before
_BEFORE = "2024-06-27"


def _names(page: Page) -> list[str]:
    """The first cells of the rows that are shown."""
    return page.get_by_role("table").first.locator("tbody tr:visible > :first-child").all_inner_texts()


def test_a_question_is_asked_about_another_actor_and_of_one_source(open_page: Open) -> None:
    page = open_page("/queries/promises-by.html").page
    form = page.locator("form.parameters")
    expect(form.get_by_label("Giver")).to_have_value("united-kingdom")
    form.get_by_label("Giver").select_option("Poland")
    form.get_by_role("button", name="Show").click()
    assert set(_names(page)) == {"Poland–Ukraine security agreement"}
    form.get_by_label("Source").select_option("DW article on the security agreements")
    form.get_by_role("button", name="Show").click()
    assert parameters(page.url) == {"giver": "poland", "source": "dw-article"}
    expect(form.get_by_label("Giver")).to_have_value("poland")
    expect(page.get_by_text("DW article on the security agreements Ask all sources")).to_be_visible()


def test_what_is_not_answered_is_said_to_be_silence(open_page: Open) -> None:
    page = open_page("/queries/promises-by.html?giver=poland&source=briefing-9837").page
    expect(page.get_by_text("That is silence, not a no.")).to_be_visible()


def test_the_matrix_of_another_group_and_of_one_verdict(open_page: Open) -> None:
    page = open_page("/matrix").page
    page.get_by_label("Features of").select_option("money")
    page.get_by_role("button", name="Show").last.click()
    expect(page.get_by_role("columnheader", name="civil aid, in sums")).to_be_visible()
    page.get_by_label("Features of").select_option("Article 5")
    page.get_by_label("Only instruments with an answer").select_option("present")
    page.get_by_role("button", name="Show").last.click()
    assert parameters(page.url) == {"group": "article-5", "verdict": "present"}
    shown = _names(page)
    assert "Germany–Ukraine security agreement" in shown
    assert "Annual National Programme" not in shown  # of which nothing is said


def test_instruments_are_chosen_to_be_compared(open_page: Open) -> None:
    page = open_page("/compare").page
    page.get_by_text("Choose instruments").click()
    page.get_by_label("UK–Ukraine Agreement on Security Cooperation").uncheck()
    page.get_by_label("Germany–Ukraine security agreement").uncheck()
    page.get_by_label("Japan–Ukraine security arrangement").check()
    page.get_by_role("button", name="Compare").click()
    heads = page.get_by_role("table").get_by_role("columnheader")
    expect(heads).to_have_text(["Aspect", "France–Ukraine security agreement", "Japan–Ukraine security arrangement"])
    row = page.get_by_role("row", name=re.compile("^consultation"))
    expect(row.first).to_contain_text("24 hours")


def test_comparing_one_alone_is_answered_with_what_to_do(open_page: Open) -> None:
    watched = open_page("/compare?with=germany-ukraine&with=nothing", status=400)
    expect(watched.page.get_by_role("alert")).to_contain_text("nothing")
    expect(watched.page.get_by_label("Germany–Ukraine security agreement")).to_be_checked()


def test_a_table_is_sorted_both_ways(open_page: Open) -> None:
    page = open_page("/queries/counts.html").page
    before = _names(page)
    for column, way in (("Number", "ascending"), ("Number", "descending"), ("Source", "ascending")):
        head = page.get_by_role("columnheader", name=column, exact=True)
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", way)
        expect(page.locator("[aria-sort]")).to_have_count(1)
        place = page.get_by_role("columnheader").all_text_contents().index(column)
        cells = [c.locator("td, th").nth(place).inner_text() for c in page.locator("tbody tr").all()]
        if column == "Number":
            numbers = [int(cell) for cell in cells if cell]
            assert numbers == sorted(numbers, reverse=way == "descending")
            assert len(set(numbers)) > 3
            assert cells[len(numbers) :] == [""] * (len(cells) - len(numbers))  # what has none is last
        else:
            assert cells == sorted(cells, key=str.casefold)
    assert sorted(_names(page)) == sorted(before)


def test_the_rows_of_a_table_are_filtered_and_their_number_is_announced(open_page: Open) -> None:
    page = open_page("/queries/promises-by.html?giver=germany").page
    box = page.locator(".table").first
    total = len(_names(page))
    box.get_by_label("Filter the rows").fill("demining")
    shown = len(_names(page))
    assert 0 < shown < total
    expect(box.get_by_role("status")).to_have_text(f"Rows shown: {shown}")
    box.get_by_label("Filter the rows").fill("nothing has these words")
    expect(box.get_by_role("status")).to_have_text("Rows shown: 0")
    box.get_by_label("Filter the rows").fill("")
    assert len(_names(page)) == total
    expect(box.get_by_role("status")).to_have_text("")


def test_searching_finds_names_and_tells_of_nothing(open_page: Open) -> None:
    page = open_page("/").page
    for asked, found in (("budapest", "Budapest Memorandum"), ("Зеленськ", "Volodymyr Zelenskyy")):
        page.get_by_role("searchbox").fill(asked)
        page.get_by_role("searchbox").press("Enter")
        expect(page.get_by_role("main").get_by_role("link", name=found).first).to_be_visible()
        expect(page.get_by_role("searchbox")).to_have_value(asked)
    page.get_by_role("searchbox").fill("qqqq")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("main").get_by_role("status")).to_have_text("Found for “qqqq”: 0")


def test_the_slider_goes_to_a_day_by_keys_and_every_link_keeps_it(open_page: Open) -> None:
    page = open_page("/").page
    slider = page.get_by_role("slider", name="What was known by")
    expect(slider).to_have_attribute("aria-valuetext", "today (all sources)")
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", _LAST)
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", _BEFORE)
    assert parameters(page.url) == {}  # nothing happens before it is asked for
    slider.press("Enter")
    page.wait_for_url(re.compile("as_of"))
    assert parameters(page.url) == {"as_of": _BEFORE}
    expect(page.get_by_text(f"Only sources published by {_BEFORE} are asked.")).to_be_visible()
    expect(page.get_by_role("heading", name="absent: a source says so")).to_be_visible()
    assert page.get_by_role("link", name=re.compile("none of these agreements")).count() == 0  # DW said so later
    links = page.locator("main a:not([href^='#']), .top nav a, .brand a, .languages a, footer p a")
    own = [href for href in _hrefs(links) if not re.match(r"https?:|data:|/(ns|terms|openapi\.json|sparql)\b", href)]
    assert len(own) > 60
    assert [href for href in own if parameters(href).get("as_of") != _BEFORE] == []
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Matrix").click()
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", _BEFORE)
    page.get_by_label("Features of").select_option("money")
    page.get_by_role("main").get_by_role("button", name="Show").click()
    assert parameters(page.url)["as_of"] == _BEFORE
    page.get_by_role("searchbox", name="Search").fill("attack")
    page.get_by_role("button", name="Search").click()
    assert parameters(page.url)["as_of"] == _BEFORE
    page.get_by_role("link", name="Ask all sources").click()
    assert parameters(page.url) == {"q": "attack"}
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "today (all sources)")


def test_the_slider_goes_to_a_day_by_pointer_and_back(open_page: Open) -> None:
    page = open_page("/matrix?group=article-5").page
    slider = page.get_by_role("slider")
    box = slider.bounding_box()
    assert box is not None
    slider.click(position={"x": 3, "y": box["height"] / 2})
    page.wait_for_url(re.compile("as_of"))
    assert parameters(page.url) == {"group": "article-5", "as_of": "2024-01-12"}
    slider.click(position={"x": box["width"] - 3, "y": box["height"] / 2})
    page.wait_for_url(lambda url: "as_of" not in url)
    assert parameters(page.url) == {"group": "article-5"}
    page.go_back()
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "2024-01-12")


def _hrefs(links: Locator) -> list[str]:
    found: list[str] = links.evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    return found


def _focused(page: Page) -> str:
    told: str = page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()")
    return told


def test_by_the_keyboard_alone(open_page: Open) -> None:
    page = open_page("/").page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the contents")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    order = []
    for _ in range(17):
        page.keyboard.press("Tab")
        order.append(_focused(page))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", order
    assert order == [
        *("Foedus", "English", "Українська", "Search", "Search"),
        *("Matrix", "Timeline", "Map", "Network", "Compare", "Disagreements", "Browse", "Questions", "SPARQL"),
        *("What was known by", "Show"),
        "8 absent: a source says so",
    ]
    skip.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.keyboard.press("Tab")
    assert _focused(page) == "8 absent: a source says so"
    summary = page.locator("summary", has_text="Canada–Ukraine security arrangement")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="All about Canada–Ukraine security arrangement")).to_be_visible()
    page.keyboard.press("Tab")
    assert "signed agreements to fund arms" in _focused(page)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("link", name="All about Canada–Ukraine security arrangement")).to_be_hidden()


def test_a_wide_table_is_scrolled_by_keys_in_its_own_region(open_page: Open) -> None:
    page = open_page("/matrix", width=360).page
    region = page.get_by_role("region", name=re.compile("^Article 5"))
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(200)
    assert page.evaluate("document.querySelector('.wide').scrollLeft") > 0
    assert page.evaluate("document.documentElement.scrollLeft") == 0


def test_the_editor_can_be_entered_used_and_left(open_page: Open) -> None:
    page = open_page("/query").page
    editor = page.get_by_role("textbox", name="Query")
    expect(editor).to_have_attribute("aria-multiline", "true")
    question = "Which numbers do the sources give, of what, and as of which day?"
    page.get_by_label("Start from a saved question").select_option(question)
    expect(page.locator(".CodeMirror")).to_contain_text("foedus:")
    assert page.locator("#editor-choose optgroup").first.get_attribute("label") == "Inventory"
    editor.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("ASK { <https://w3id.org/foedus/id/actor/ukraine> ?p ?o }")
    page.keyboard.press("Tab")
    expect(editor).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Results")).to_contain_text("Yes")
    expect(page.get_by_role("status").filter(has_text="Answered")).to_be_visible()


def test_a_new_answer_takes_the_place_of_the_one_that_came_with_the_page(open_page: Open) -> None:
    page = open_page(PLACES["query-answered"]).page
    results = page.get_by_role("region", name="Results")
    expect(results).to_be_hidden()
    expect(page.get_by_role("region", name=re.compile("^Answer"))).to_contain_text(
        "DW article on the security agreements"
    )
    page.get_by_role("button", name="Run").click()
    expect(results).to_contain_text("source:dw-article")
    expect(page.get_by_role("region", name=re.compile("^Answer"))).to_be_hidden()


def test_the_editor_in_ukrainian_links_to_the_pages(open_page: Open) -> None:
    page = open_page("/query", language="uk").page
    expect(page.get_by_role("textbox", name="Запит")).to_be_visible()
    assert page.locator("#editor-choose optgroup").first.get_attribute("label") == "Перелік"
    page.get_by_role("button", name="Виконати").click()
    results = page.get_by_role("region", name="Результати")
    results.get_by_role("link", name=re.compile("germany-ukraine")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Безпекова угода між Німеччиною та Україною")


def test_where_a_day_is_chosen_the_plain_form_asks_in_place_of_the_editor(open_page: Open) -> None:
    page = open_page("/query?as_of=2024-01-12").page
    page.get_by_label("Query").fill(
        "PREFIX foedus: <https://w3id.org/foedus/ns/> SELECT ?by { ?finding a foedus:Finding ; foedus:accordingTo ?by }"
    )
    page.get_by_role("main").get_by_role("button", name="Show").click()
    assert set(_names(page)) == {"Press report on the Vilnius summit", "Text of the UK–Ukraine agreement"}


@pytest.mark.parametrize("language", ["en", "uk"])
def test_without_javascript(open_page: Open, language: str) -> None:
    watched = open_page("/", language=language, java_script_enabled=False)
    page = watched.page
    page.locator("summary", has_text={"en": "Germany–Ukraine", "uk": "Німеччиною"}[language]).click()
    expect(page.get_by_role("link", name=re.compile("none of these agr")).locator("visible=true")).to_have_count(1)
    page.locator("form.asof select").select_option(_BEFORE)
    page.locator("form.asof button").click()
    assert parameters(page.url) == {"as_of": _BEFORE}
    prefix = "" if language == "en" else "/uk"
    watched.go(f"{prefix}/matrix")
    page.locator("#group").select_option("money")
    page.locator("form.parameters button").click()
    assert parameters(page.url)["group"] == "money"
    assert len(_names(page)) == 6
    watched.go(f"{prefix}/queries/promises-by.html")
    page.locator("#p-giver").select_option("poland")
    page.locator("form.parameters button").click()
    assert len(set(_names(page))) == 1
    watched.go(f"{prefix}/compare?with=germany-ukraine&with=japan-ukraine")
    expect(page.get_by_role("table").get_by_role("columnheader")).to_have_count(3)
    page.locator("#search").fill("budapest")
    page.locator("form.search button").click()
    assert page.get_by_role("main").get_by_role("link").count() > 0
    watched.go(f"{prefix}/query")
    page.locator("#query").fill("ASK { ?s ?p ?o }")
    page.locator("#editor button").click()
    expect(page.locator(".boolean")).to_have_text({"en": "Yes", "uk": "Так"}[language])
    for picture in ("timeline", "map", "network"):
        watched.go(f"{prefix}/{picture}")
        expect(page.locator("figure.picture")).to_be_hidden()
        expect(page.get_by_role("table").first).to_be_visible()
