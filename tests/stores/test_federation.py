"""The graph on three servers, each with the subjects that fall to it: every saved query is answered as before.

With one of them stopped, or with another share than its own, no answer is silently short.
"""

from __future__ import annotations

import contextlib
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import foedus
from foedus.catalog import Catalog
from foedus.datasets import home, turtle_files
from foedus.turtle import parse
from tests.conftest import ROOT

if TYPE_CHECKING:
    from federation import Federation

SCALE = str(ROOT / "bench" / "scale")
SLUGS = Catalog(home()).local()
MEMBERS = 3


@pytest.fixture(autouse=True)
def password() -> None:
    """The servers here have none, so the tests are not run for each kind of store."""


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    sys.path.insert(0, SCALE)
    from federation import federation

    with federation(home(), MEMBERS, tmp_path_factory.mktemp("federation")) as found:
        yield found


@pytest.fixture(scope="module")
def across(members: Federation) -> Iterator[foedus.Graph]:
    with foedus.open(endpoint=members.endpoint, timeout=120) as found:
        yield found


def asked(endpoint: str, query: str) -> tuple[int, str]:
    form = urllib.parse.urlencode({"query": query}).encode()
    try:
        with urllib.request.urlopen(endpoint, form, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def rows(graph: foedus.Graph, slug: str) -> object:
    """An answer as it must be the same: terms as written, and each row as often."""
    answer = graph.run(slug)
    if answer.form == "rows":
        return answer.columns, sorted(map(repr, (tuple(row.values()) for row in answer)))
    return answer.boolean, answer.triples


def test_each_subject_is_on_one_member_and_all_have_their_part(tmp_path: Path, small: Path) -> None:
    sys.path.insert(0, SCALE)
    from federation import share

    paths, counts = share(str(small), MEMBERS, tmp_path)
    held = [{line.split(" ", 1)[0] for line in path.read_text(encoding="utf-8").splitlines()} for path in paths]
    assert sum(map(len, held)) == len(set().union(*held))
    assert sum(counts) == sum(1 for file in turtle_files(str(small)) for _ in parse(file.path))
    assert min(counts) > 0.8 * max(counts)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_saved_query_is_answered_as_before(graph: foedus.Graph, across: foedus.Graph, slug: str) -> None:
    assert rows(across, slug) == rows(graph, slug)


def test_one_source_is_answered_as_before(graph: foedus.Graph, across: foedus.Graph) -> None:
    chosen = [str(r["name"]) for r in graph.run("instruments", sources=["landing-page"])]
    assert [str(r["name"]) for r in across.run("instruments", sources=["landing-page"])] == chosen


def test_what_would_gather_everything_is_refused(members: Federation) -> None:
    assert asked(members.endpoint, "SELECT * { ?s ?p ?o }")[0] == 400
    assert asked(members.endpoint, "SELECT * { ?s <urn:p>* ?o }")[0] == 400
    assert asked(members.endpoint, "SELECT * {")[0] == 400


def test_a_subquery_with_a_limit_is_not_narrowed_from_outside(members: Federation) -> None:
    """Its rows are chosen before the join, as the standard has it."""
    text = """
        SELECT ?s { ?s a <https://w3id.org/foedus/ns/Source> .
          { SELECT ?s { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?s LIMIT 1 } }"""
    status, body = asked(members.endpoint, text)
    assert status == 200
    assert '"bindings":[]' in body


EXPRESSIONS = (
    "SELECT ?s (EXISTS { ?s foedus:textOf ?i } AS ?text) { ?s a foedus:Source } ORDER BY ?s",
    "SELECT ?s { ?s a foedus:Source } ORDER BY (EXISTS { ?s foedus:textOf ?i }) ?s",
    "SELECT ?s { ?s a foedus:Source } GROUP BY ?s HAVING (EXISTS { ?s foedus:textOf ?i }) ORDER BY ?s",
    "SELECT (SUM(IF(EXISTS { ?s foedus:textOf ?i }, 1, 0)) AS ?n) { ?s a foedus:Source }",
    "SELECT ?s { ?s a foedus:Source FILTER(IF(EXISTS { ?s foedus:textOf ?i }, false, true)) } ORDER BY ?s",
)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_exists_anywhere_is_right_or_refused(members: Federation, graph: foedus.Graph, text: str) -> None:
    text = f"PREFIX foedus: <https://w3id.org/foedus/ns/> {text}"
    expected = [tuple(row.values()) for row in graph.sparql(text)]
    if asked(members.endpoint, text)[0] == 400:
        return
    with foedus.open(endpoint=members.endpoint) as across:
        assert [tuple(row.values()) for row in across.sparql(text)] == expected


def test_a_member_with_another_share_is_an_error(members: Federation) -> None:
    sys.path.insert(0, SCALE)
    from front import MemberFailed, Members, answer

    urls = [server.query for server in members.members]
    for order in ([urls[1], urls[0], urls[2]], urls[:2]):
        with contextlib.closing(Members(order)) as those, pytest.raises(MemberFailed, match="does not hold its share"):
            answer(those, "ASK { ?s a <https://w3id.org/foedus/ns/Source> }")


def test_with_a_member_stopped_every_answer_is_an_error_that_names_it(members: Federation) -> None:
    """The last of the tests: the member starts again, and the answers are back."""
    stopped = members.members[1]
    stopped.kill()
    try:
        with foedus.open(endpoint=members.endpoint) as graph:
            for slug in SLUGS:
                with pytest.raises(foedus.RemoteError):
                    graph.run(slug)
        status, body = asked(members.endpoint, "ASK { ?s a <https://w3id.org/foedus/ns/Source> }")
        assert status == 503
        assert stopped.query in body
    finally:
        stopped.start()
    with foedus.open(endpoint=members.endpoint) as graph:
        assert graph.run("counts")
