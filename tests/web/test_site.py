"""What the site answers from the shipped graph, asked without a server: saved queries, IRIs, pages, citations."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import pyoxigraph as ox
import pytest
import yaml

from foedus import __version__
from foedus.catalog import GROUPS, Catalog, variables
from foedus.datasets import home, turtle_files
from foedus.guard import check
from foedus.web.messages import Request, Response
from foedus.web.pages import PAGES
from foedus.web.pages.frame import Words
from foedus.web.site import Settings, Site
from tests.conftest import Cli
from tests.w3id.test_redirects import HOST, LEADS

Ask = Callable[..., Response]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(Settings(home(), HOST))


@pytest.fixture(scope="module")
def ask(site: Site) -> Ask:
    def asked(target: str, accept: str = "", method: str = "GET") -> Response:
        path, _, query = target.partition("?")
        return site.respond(Request(method, unquote(path), query, {"accept": accept} if accept else {}))

    return asked


@pytest.fixture(scope="module")
def reached() -> dict[str, int]:
    """The status of what links led to so far: every page has the same in its frame."""
    return {}


def header(response: Response, name: str) -> str:
    return next((value for key, value in response.headers if key == name), "")


# Saved queries


def test_an_answer_is_that_of_the_command_line_with_its_passages(ask: Ask, cli: Cli) -> None:
    answer = ask("/queries/concluded-by.csv?day=2024-02-20")
    assert (answer.status, answer.media_type) == (200, "text/csv; charset=utf-8")
    told = cli("run", "concluded-by", "-p", "day=2024-02-20", "--cite", "--format", "csv")
    assert answer.body.decode().replace("\r\n", "\n") == told.stdout


@pytest.mark.parametrize(
    ("target", "accept", "media_type"),
    [
        ("/queries/counts", "", "text/html; charset=utf-8"),
        ("/queries/counts", "application/json", "application/sparql-results+json"),
        ("/queries/counts", "text/csv;q=0.2, text/markdown;q=0.3", "text/markdown; charset=utf-8"),
        ("/queries/counts.md", "text/csv", "text/markdown; charset=utf-8"),
        ("/queries/counts.xml", "", "application/sparql-results+xml"),
        ("/queries/counts.rq", "", "application/sparql-query; charset=utf-8"),
        ("/queries/graph-of-relations", "text/turtle", "text/turtle; charset=utf-8"),
        ("/queries/graph-of-relations.jsonld", "", "application/ld+json"),
    ],
)  # fmt: skip
def test_the_format_is_that_of_the_ending_or_the_one_most_wanted(
    ask: Ask, target: str, accept: str, media_type: str
) -> None:
    answer = ask(target, accept)
    assert (answer.status, answer.media_type) == (200, media_type)
    assert ("Accept" in header(answer, "Vary").split(", ")) == ("." not in target)


def test_as_of_and_sources_choose_what_is_asked(ask: Ask) -> None:
    by_february = ask("/queries/instruments.csv?as_of=2024-02-20").body.decode()
    assert "House of Commons Library briefing 9837" in by_february
    assert "DW article" not in by_february  # of July
    one = list(csv.DictReader(io.StringIO(ask("/queries/instruments.csv?source=vilnius-report").body.decode())))
    assert {row["sourceName"] for row in one} == {"Press report on the Vilnius summit"}


def test_an_answer_names_its_permanent_link_which_answers_the_same(ask: Ask) -> None:
    answer = ask("/queries/promises-by.json?giver=germany&as_of=2024-07-11")
    link = header(answer, "Link")
    permanent = f"https://w3id.org/foedus/release/{__version__}/queries/promises-by.json?giver=germany&as_of=2024-07-11"
    assert link == f'<{permanent}>; rel="cite-as"'
    assert ask(permanent.removeprefix("https://w3id.org/foedus")).body == answer.body
    old = ask("/release/0.1.0/queries/promises-by.json")
    assert old.status == 404
    assert b"0.1.0" in old.body


@pytest.mark.parametrize(
    ("target", "status", "said"),
    [
        ("/queries/no-such-query", 404, "no saved query"),
        ("/queries/promise-by.csv", 404, "promises-by"),  # did you mean
        ("/queries/promises-by.csv?giver=nobody", 404, "nobody"),
        ("/queries/promises-by.csv?taker=ukraine", 400, "no parameter 'taker'"),
        ("/queries/promises-by.csv?giver=a&giver=b", 400, "given twice"),
        ("/queries/concluded-by.csv?day=yesterday", 400, "is not a date"),
        ("/queries/counts.csv?as_of=2024-02-30", 400, "as_of"),
        ("/queries/counts.csv?source=tabloid", 404, "tabloid"),
        ("/queries/counts.docx", 404, ".docx"),
        ("/queries/counts.ttl", 404, ".ttl"),
        ("/queries/populations-of-givers.csv", 403, "SERVICE"),
        ("/queries/counts.csv?giver=%FF", 400, "UTF-8"),
    ],
)
def test_what_cannot_be_answered_is_said_plainly(ask: Ask, target: str, status: int, said: str) -> None:
    answer = ask(target)
    assert (answer.status, answer.media_type) == (status, "text/plain; charset=utf-8")
    assert said in answer.body.decode()
    assert "Traceback" not in answer.body.decode()
    assert "--" not in answer.body.decode()  # no option of the command line


def test_nothing_acceptable_is_406(ask: Ask) -> None:
    assert ask("/queries/counts", "image/png").status == 406


# OpenAPI


def test_openapi_has_one_operation_for_each_query_that_is_answered_here(ask: Ask) -> None:
    told = json.loads(ask("/openapi.json").body)
    assert told["openapi"] == "3.1.0"
    described = {path.removeprefix("/queries/") for path in told["paths"] if path.startswith("/queries/")}
    assert described == set(Catalog(home()).local())
    day = {p["name"]: p for p in told["paths"]["/queries/concluded-by"]["get"]["parameters"]}["day"]
    assert (day["schema"]["format"], day["in"], day["required"]) == ("date", "query", False)
    giver = told["paths"]["/queries/promises-by"]["get"]["parameters"][0]
    assert (giver["name"], giver["example"]) == ("giver", "united-kingdom")


def test_the_list_has_the_queries_as_they_stand(ask: Ask) -> None:
    listed = {query["slug"]: query for query in json.loads(ask("/queries.json").body)}
    assert len(listed) == 97
    assert listed["populations-of-givers"]["asksOthers"] is True
    assert check(listed["counts"]["text"]).form == "SELECT"


# IRIs


@pytest.mark.parametrize(("path", "accept", "location"), LEADS)
def test_an_identifier_leads_where_w3id_sends_it(ask: Ask, path: str, accept: str | None, location: str) -> None:
    if path.startswith(f"release/{__version__}"):
        return  # is here itself: the release that is served
    if path == "" and accept == "text/html":
        assert ask("/", accept).status == 200
        return
    answer = ask(f"/{path}", accept or "")
    if path.startswith("release/"):
        assert answer.status == 404
        return
    assert (answer.status, header(answer, "Location")) == (303, HOST + location)


def test_each_kind_of_iri_answers_with_itself(ask: Ask, site: Site) -> None:
    """A thing of each type, each graph, and terms of each kind: where the redirect leads there is a description."""
    of_type: dict[str, str] = {}
    for row in site.graph.sparql(
        'SELECT DISTINCT ?s { ?s a ?c FILTER(STRSTARTS(STR(?s), "https://w3id.org/foedus/id/")) }'
    ):
        iri = str(row["s"])
        of_type.setdefault(iri.removeprefix("https://w3id.org/foedus/id/").partition("/")[0], iri)
    graphs = [file.graph for file in turtle_files(home())]
    terms = [
        f"https://w3id.org/foedus/ns/{t}" for t in ("Commitment", "committedBy", "verdict/absent", "scheme/verdict")
    ]
    assert len(of_type) > 25
    for iri in (*of_type.values(), *graphs, *terms):
        for accept, format in (("text/turtle", ox.RdfFormat.TURTLE), ("application/ld+json", ox.RdfFormat.JSON_LD)):
            leads = ask(urlsplit(iri).path.removeprefix("/foedus"), accept)
            assert leads.status == 303, iri
            found = ask(header(leads, "Location").removeprefix(HOST))
            assert found.status == 200, iri
            triples = [quad.triple for quad in ox.parse(found.body, format=format)]
            if "/graph/" not in iri:
                assert any(isinstance(t.subject, ox.NamedNode) and t.subject.value == iri for t in triples), iri
        page = ask(urlsplit(iri).path.removeprefix("/foedus"), "text/html")
        target = header(page, "Location").removeprefix(HOST).partition("#")[0]
        assert ask(target, "text/html").status in (200, 303), iri


def test_a_graph_is_all_of_its_file(ask: Ask) -> None:
    for file in turtle_files(home()):
        if file.graph.endswith(("/places", "/names-uk", "/vilnius-report")):
            with open(file.path, "rb") as source:
                there = set(ox.parse(source.read(), format=ox.RdfFormat.TURTLE))
            body = ask(urlsplit(file.graph).path.removeprefix("/foedus") + ".ttl").body
            assert set(ox.parse(body, format=ox.RdfFormat.TURTLE)) == there


def test_what_is_nowhere_is_404(ask: Ask) -> None:
    for path in (
        "/id/actor/nobody.html",
        "/id/actor/nobody.ttl",
        "/graph/nothing.ttl",
        "/terms/nothing.html",
        "/x",
        "/ns/a/b/c",
    ):
        for accept in ("text/html", "text/turtle"):
            answer = ask(path, accept)
            assert answer.status in (303, 404), path
    page = ask("/id/actor/nobody.html", "text/html")
    assert page.media_type == "text/html; charset=utf-8"
    assert b"nobody" in page.body


# Reconciliation


def test_the_things_can_be_reconciled_against_at_the_same_site(site: Site) -> None:
    def asked(path: str, body: str = "") -> dict[str, Any]:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        answer = site.respond(Request("POST" if body else "GET", path, "", headers, body.encode()))
        assert answer.status == 200
        found: dict[str, Any] = json.loads(answer.body)
        return found

    manifest = asked("/reconcile")
    assert manifest["view"]["url"].startswith(f"{HOST}/reconcile/view?id=")
    found = asked("/reconcile", urlencode({"queries": json.dumps({"q0": {"query": "Germany", "type": "State"}})}))
    assert [c["id"] for c in found["q0"]["result"] if c["match"]] == ["actor/germany"]
    assert asked("/reconcile/suggest/entity")["result"]
    assert site.respond(Request("GET", "/reconcile/nothing")).status == 404


# Pages


class _Page(HTMLParser):
    """The links, the ids and the text of a page."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.language = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "html":
            self.language = found.get("lang") or ""
        if tag in ("a", "link", "script", "img"):
            self.links += [link for name in ("href", "src") if (link := found.get(name))]
        if identifier := found.get("id"):
            self.ids.append(identifier)


@pytest.mark.parametrize("path", [*PAGES, "/id/instrument/uk-ukraine-2024.html", "/id/actor/zelenskyy.html",
                                  "/id/source/vilnius-report.html", "/queries/promises-by"])  # fmt: skip
@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_page_answers_and_its_links_lead_somewhere(
    ask: Ask, reached: dict[str, int], path: str, language: str
) -> None:
    answer = ask(path if language == "en" else f"/uk{path}", "text/html")
    assert answer.status == 200
    page = _Page(answer.body.decode())
    assert page.language == language
    assert len(page.ids) == len(set(page.ids))  # no id twice
    inner = {link for link in page.links if link.startswith(("/", "#"))}
    assert all(link[1:] in page.ids for link in inner if link.startswith("#"))
    targets = sorted({link.partition("#")[0] for link in inner} - {""})
    for target in targets[:: max(1, len(targets) // 12)]:  # a dozen of them, spread over the page
        if target not in reached:
            reached[target] = ask(target, BROWSER).status
        assert reached[target] in (200, 303), target


def test_the_first_page_answers_the_question_of_article_5(ask: Ask) -> None:
    """The numbers are those of the expected answer of the query, counted by hand."""
    content = ask("/", "text/html").body.decode()
    assert "Which agreements lack an Article 5 equivalent, and on what evidence?" in content
    tally = re.findall(r'<a href="#(\w+)"><strong>(\d+)</strong>', content)
    assert tally == [("stated", "8"), ("read", "6"), ("silent", "17")]
    assert "Germany–Ukraine security agreement" in content


def test_clauses_stand_below_their_source_the_text_first_in_its_order(ask: Ask) -> None:
    page = ask("/id/instrument/uk-ukraine-2024.html").body.decode()
    clauses = page.partition('aria-labelledby="clauses"')[2].partition("</section>")[0]
    blocks = re.split(r"<h3><a[^>]*>(?:<span[^>]*>)?", clauses)[1:]
    assert [block.partition("<")[0] for block in blocks] == [
        "Text of the UK–Ukraine agreement",
        "Article on Ukraine&#39;s dropped NATO bid",
        "DW article on the security agreements",
        "House of Commons Library briefing 9837",
    ]
    parts = re.findall(
        r"<summary>(?:<span[^>]*>)?UK–Ukraine agreement: Part ([IVX]+)(?:</span>)? <span class=\"count\"", blocks[0]
    )
    assert parts == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
    assert "Pledge of unwavering support" in blocks[2]
    assert "Pledge of unwavering support" not in blocks[0] + blocks[1] + blocks[3]


def test_a_long_page_says_what_is_on_it(ask: Ask) -> None:
    page = ask("/uk/id/instrument/uk-ukraine-2024.html").body.decode()
    contents = page.partition('<nav class="contents"')[2].partition("</nav>")[0]
    targets = re.findall(r'href="#([a-z0-9-]+)"', contents)
    assert "На цій сторінці" in contents and len(targets) > 8
    for target in targets:
        assert f'id="{target}"' in page
    assert '<nav class="contents"' not in ask("/id/clause/briefing-9837.uk-finland-2022.assurance.html").body.decode()


def test_a_day_changes_every_page_and_stays_in_its_links(ask: Ask) -> None:
    for path in PAGES:
        if path in ("/about", "/query", "/queries", "/search"):
            continue
        then, now = (ask(path + day, "text/html").body.decode() for day in ("?as_of=2024-01-12", ""))
        assert then != now, path
        assert "Only sources published by 2024-01-12 are asked." in then
        links = [link for link in _Page(then).links if link.startswith("/id/") and ".html" in link]
        assert all("as_of=2024-01-12" in link for link in links), path
    assert "DW article" not in ask("/timeline?as_of=2024-01-12", "text/html").body.decode()


def test_a_passage_is_shown_with_its_source_and_in_its_context_where_the_texts_are(texts: str) -> None:
    path = "/id/citation/briefing-9837.end.correct.html"
    with_texts = Site(Settings(home(), HOST, texts=texts)).respond(Request("GET", path)).body.decode()
    without = Site(Settings(home(), HOST)).respond(Request("GET", path)).body.decode()
    for content in (with_texts, without):
        assert "House of Commons Library briefing 9837" in content
        assert '<time datetime="2024-02-20">' in content
    assert re.search(r"<mark>[^<]*Every effort is made to ensure[^<]*</mark>", with_texts)
    assert "<mark>" not in without
    assert "Every effort is made to ensure" in without  # the phrase is ours to show, the rest is not


def test_a_page_gives_its_citation(ask: Ask) -> None:
    content = ask("/matrix?group=article-5", "text/html").body.decode()
    permanent = f"https://w3id.org/foedus/release/{__version__}/matrix?group=article-5"
    found = [unquote(link) for link in _Page(content).links if link.startswith("data:")]
    assert len(found) == 2
    assert f"url = {{{permanent}}}" in found[0]
    (item,) = json.loads(found[1].partition(",")[2])
    assert (item["URL"], item["version"], item["title"]) == (permanent, __version__, "Instruments by features")
    assert permanent.replace("&", "&amp;") in content.partition('id="cite-text"')[2]


def test_the_matrix_as_data_has_each_finding(ask: Ask) -> None:
    rows = list(csv.DictReader(io.StringIO(ask("/matrix.csv?group=article-5").body.decode())))
    germany = [r for r in rows if r["name"] == "Germany–Ukraine security agreement" and "equivalent" in r["feature"]]
    assert {r["verdict"] for r in germany} == {"absent"}
    assert ask("/matrix?group=nonsense").status == 404


def test_hostile_values_are_text(ask: Ask) -> None:
    script = "%3Cscript%3Ealert(1)%3C/script%3E%22%27"
    for target in (f"/search?q={script}", f"/compare?with={script}", f"/query?query={script}",
                   f"/matrix?group={script}", f"/queries/promises-by?giver={script}", f"/?as_of={script}",
                   f"/disagreements?matter={script}", f"/id/actor/{script}.html", f"/{script}"):  # fmt: skip
        answer = ask(target, "text/html")
        assert answer.status in (200, 400, 404), target
        assert b"<script>alert" not in answer.body, target
        if answer.media_type.startswith("text/html"):
            assert "script-src 'self'" in header(answer, "Content-Security-Policy")


# Words


def test_both_languages_have_the_same_words() -> None:
    english, ukrainian = (Words(language)._words for language in ("en", "uk"))
    assert {page: set(words) for page, words in english.items()} == {p: set(w) for p, w in ukrainian.items()}
    for page, words in english.items():
        for key, text in words.items():
            if page != "duration":
                places = sorted(re.findall(r"\{\w+\}", text))
                assert sorted(re.findall(r"\{\w+\}", ukrainian[page][key])) == places, f"{page}.{key}"


def test_every_saved_query_is_in_ukrainian_with_its_columns() -> None:
    with open(f"{home()}/queries/columns.yaml", encoding="utf-8") as file:
        told = yaml.safe_load(file)
    assert set(told["tags"]) == set(GROUPS)
    columns = told["columns"]
    for query in Catalog(home()).all():
        assert query.ukrainian is not None, query.slug
        assert query.ukrainian.question.endswith("?"), query.slug
        assert bool(query.ukrainian.description) == bool(query.description), query.slug
        assert set(query.ukrainian.parameters) == {p.name for p in query.parameters}, query.slug
        assert {p.name for p in query.parameters} <= set(columns), query.slug
        assert len(variables(query.text)) == len(query.parameters)
    assert all(set(names) == {"en", "uk"} for names in columns.values())


def test_every_column_has_a_heading(site: Site) -> None:
    with open(f"{home()}/queries/columns.yaml", encoding="utf-8") as file:
        columns = yaml.safe_load(file)["columns"]
    for slug in Catalog(home()).local():
        assert set(site.graph.run(slug).columns) <= set(columns), slug


def test_durations_are_told_in_words() -> None:
    english, ukrainian = Words("en"), Words("uk")
    assert [english.duration(d) for d in ("P10Y", "P1M", "PT24H", "P2Y6M", "P0.5D")] == [
        "10 years", "1 month", "24 hours", "2 years, 6 months", "P0.5D",
    ]  # fmt: skip
    told = [ukrainian.duration(d) for d in ("P1Y", "P3Y", "P10Y", "P11Y", "P21Y", "PT24H")]
    assert told == ["1 рік", "3 роки", "10 років", "11 років", "21 рік", "24 години"]
