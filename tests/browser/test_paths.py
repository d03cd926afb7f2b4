"""What a new user does, by what is to be seen: from the question to the passage in two clicks, and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open

_SHEA = "none of these agreements give an Article 5"


def test_from_the_question_to_the_passage_and_back(open_page: Open) -> None:
    page = open_page("/").page
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Which agreements lack an Article 5 equivalent, and on what evidence?"
    )
    page.get_by_text("Germany–Ukraine security agreement", exact=True).click()
    passage = page.get_by_role("link", name=re.compile(f"{_SHEA}.*2024-07-11")).locator("visible=true")
    expect(passage).to_have_count(1)
    passage.click()
    section = page.get_by_role("region", name="The passage")
    expect(section).to_contain_text(f"“{_SHEA}”")
    expect(section).to_contain_text("DW article on the security agreements, 2024-07-11")
    expect(section).to_contain_text("Each agreement tailored to specific priorities, paragraph 4")
    expect(section).to_contain_text("FOEDUS_TEXTS")
    page.go_back()
    expect(page).to_have_url(re.compile(r":\d+/$"))
    opened = page.get_by_text("Germany–Ukraine security agreement", exact=True)
    expect(opened).to_be_in_viewport()


def test_where_the_texts_are_a_passage_is_shown_in_its_context(open_page: Open, site_with_texts: str) -> None:
    page = open_page("/", where=site_with_texts).page
    page.get_by_text("Germany–Ukraine security agreement", exact=True).click()
    page.get_by_role("link", name=re.compile(f"{_SHEA}.*2024-07-11")).locator("visible=true").click()
    section = page.get_by_role("region", name="The passage")
    marked = section.locator("mark")
    expect(marked).to_contain_text(f"{_SHEA} of the North Atlantic Treaty guarantee")
    expect(section).to_contain_text("these agreements have not generated new assistance to Ukraine")
    expect(section).to_contain_text("bridge the gap during Russia's war on Ukraine")
    expect(section).not_to_contain_text("FOEDUS_TEXTS")


def test_the_same_in_ukrainian(open_page: Open) -> None:
    page = open_page("/").page
    page.get_by_role("link", name="Українська").click()
    page.get_by_text("Безпекова угода між Німеччиною та Україною", exact=True).click()
    page.get_by_role("link", name=re.compile(_SHEA)).locator("visible=true").click()
    section = page.get_by_role("region", name="Уривок")
    expect(section).to_contain_text(f"“{_SHEA}”")
    expect(section).to_contain_text("Стаття DW про безпекові угоди, 2024-07-11")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("region", name="The passage")).to_contain_text(_SHEA)


def _follow(page: Page, first: Locator, passages: Locator) -> None:
    """Two clicks: something that is seen, and the first passage that then is; which is shown with its source."""
    first.first.click()
    link = passages.locator("visible=true").first
    phrase = link.locator("q").first.or_(link.locator("xpath=preceding-sibling::q")).first.inner_text()
    link.click()
    section = page.get_by_role("region", name="The passage")
    expect(section).to_contain_text(phrase.strip("“”"))
    expect(section.get_by_role("link")).not_to_be_empty()


def test_from_a_cell_of_the_matrix(open_page: Open) -> None:
    page = open_page("/matrix").page
    row = page.get_by_role("row", name=re.compile("^Germany–Ukraine security agreement"))
    cell = row.get_by_role("cell").filter(has=page.get_by_text("present", exact=True))
    assert cell.locator("q").all_text_contents() == [  # those of the finding alone
        "Germany affirms that in those circumstances",
        "would provide Ukraine as appropriate, with swift and sustained security assistance",
    ]
    _follow(page, cell.get_by_text("present", exact=True), cell.get_by_role("link", name=re.compile("^Germany aff")))


def test_from_a_cell_of_a_comparison(open_page: Open) -> None:
    page = open_page("/compare").page
    row = page.get_by_role("row", name=re.compile("^duration"))
    _follow(page, row.get_by_text(re.compile("^Passages:")), row.locator(".evidence").get_by_role("link"))


def test_from_a_disagreement(open_page: Open) -> None:
    page = open_page("/disagreements").page
    kinds = page.get_by_role("navigation", name="Matters")
    matter = page.get_by_role("article", name="Are the promises a bridge to NATO, or the price for giving NATO up?")
    _follow(
        page, kinds.get_by_role("link", name="assessment"), matter.get_by_role("link", name=re.compile("^Security"))
    )


def test_from_a_row_of_an_answer(open_page: Open) -> None:
    page = open_page("/queries/duties-on-attack.html").page
    row = page.get_by_role("row", name=re.compile("Germany–Ukraine"))
    _follow(page, row.get_by_text(re.compile("^Passages:")), page.locator(".evidence").get_by_role("link"))


def test_from_a_mark_of_the_timeline(open_page: Open) -> None:
    page = open_page("/timeline").page
    events = page.get_by_role("list", name=re.compile("Events"))
    _follow(
        page,
        events.get_by_role("link", name=re.compile("^NATO summit in V")),
        page.locator(".evidence").get_by_role("link"),
    )


@pytest.mark.parametrize("path", ["/map", "/network"])
def test_from_the_table_of_a_picture(open_page: Open, path: str) -> None:
    page = open_page(path).page
    cells = page.get_by_role("table").first.get_by_text(re.compile("^Passages:"))
    _follow(page, cells, page.locator(".evidence").get_by_role("link"))


def test_from_the_page_of_an_instrument(open_page: Open) -> None:
    page = open_page("/id/instrument/germany-ukraine.html").page
    row = page.get_by_role("row", name=re.compile("^Article 5 equivalent Jamie Shea"))
    _follow(page, row.get_by_text("Passages: 1"), row.get_by_role("link", name=re.compile("DW article.*paragraph 4")))


def test_from_a_search(open_page: Open) -> None:
    page = open_page("/").page
    page.get_by_role("searchbox", name="Search").fill("none of these agreements give")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status").filter(has_text="Found")).to_contain_text("“none of these agreements give”: 2")
    page.get_by_role("main").get_by_role("link", name=re.compile(f"^{_SHEA}")).click()
    expect(page.get_by_role("region", name="The passage")).to_contain_text(_SHEA)


def test_every_page_is_to_be_reached_from_the_first(open_page: Open) -> None:
    page = open_page("/").page
    for name, heading in {
        "Matrix": "Instruments by features",
        "Timeline": "What happened, and when",
        "Map": "Who has promised something",
        "Network": "Actors, instruments and what they rest on",
        "Compare": "Instruments side by side",
        "Disagreements": "Where the sources disagree",
        "Browse": "Everything by kind",
        "Questions": "The saved questions",
        "SPARQL": "Ask in SPARQL",
    }.items():
        link = page.get_by_role("navigation", name="Pages").get_by_role("link", name=name, exact=True)
        link.click()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(link).to_have_attribute("aria-current", "page")
    page.get_by_role("contentinfo").get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("About Foedus")
