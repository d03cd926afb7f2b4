"""The static copy: what it holds, where its links lead, that it is the same twice, and whole or not there."""

from __future__ import annotations

import gzip
import html
import json
import os
import posixpath
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest

from foedus.compiled import load
from foedus.datasets import turtle_files
from foedus.web import places
from tests.conftest import Cli, assert_one_message
from tests.test_compiled import unprivileged
from tests.web.copied import written

pytestmark = pytest.mark.slow

LINK = re.compile(r'\s(?:href|src|action|data-(?:dataset|queries|terms|index|pages))="([^"]*)"')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("graph") / "graph")


@pytest.fixture(scope="module")
def copy(folder: Path, cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the site, made by the command."""
    place = tmp_path_factory.mktemp("copies") / "copy"
    done = cli("site", place, env={"FOEDUS_FOLDER": str(folder), "PYTHONHASHSEED": "1"})
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert re.search(r"/copy: [\d,]+ files, \d+ MB. Start at index.html\n", done.stderr)
    return place


def files(place: Path) -> dict[str, str]:
    """The digests of all files below a folder, by their names there."""
    return {
        str(path.relative_to(place)): sha256(path.read_bytes()).hexdigest()
        for path in place.rglob("*")
        if path.is_file()
    }


def text(place: Path, name: str) -> str:
    return (place / name).read_text(encoding="utf-8")


def links(page: str) -> Iterator[str]:
    """All links of a page, those in the data of a picture as well."""
    yield from map(html.unescape, LINK.findall(page))
    for data in re.findall(r'<script type="application/json" class="data">(.*?)</script>', page, re.DOTALL):
        yield from (json.loads(link) for link in re.findall(r'"(?:href|atlas)": ("(?:[^"\\]|\\.)*"|null)', data))


def led(name: str, link: str) -> tuple[str, str]:
    """The file and the fragment to which a link on a page leads."""
    path, _, fragment = link.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
    return target, fragment


def test_every_link_leads_to_a_file_and_to_a_place_in_it(copy: Path) -> None:
    there = files(copy)
    followed = set()
    for name in sorted(n for n in there if n.endswith(".html")):
        for link in links(text(copy, name)):
            if re.match(r"(https|http|data):", link):
                continue
            target, fragment = led(name, link)
            if link.endswith("/id/") or link == "id/":  # where the pages of things begin, for the editor
                assert (copy / target).is_dir(), (name, link)
                continue
            assert target in there, (name, link)
            assert not fragment or f' id="{fragment}"' in text(copy, target), (name, link)
            followed.add(target)
    pages = {name for name in there if name.endswith(".html") and not name.startswith("terms/")}
    assert pages - followed == {"404.html"}
    assert len(followed) > 300
    assert len({name.lower() for name in there}) == len(there)


def test_nothing_names_the_machine_or_the_root_of_a_host(copy: Path, folder: Path) -> None:
    for path in copy.rglob("*"):
        if path.suffix in (".html", ".json", ".jsonld", ".ttl", ".csv", ".tsv", ".xml", ".md", ".rq"):
            content = path.read_text(encoding="utf-8")
            assert not re.search(r'localhost|127\.0\.0\.1|(href|src)="None"', content), path
            assert str(folder) not in content and str(copy) not in content, path
            assert not re.search(r'(href|src|action)="/|"/id/', content), path


def test_each_page_is_there_in_both_languages(copy: Path) -> None:
    pages = {n for n in files(copy) if n.endswith(".html") and not n.startswith(("terms/", "uk/"))} - {"404.html"}
    for name in pages:
        english, ukrainian = text(copy, name), text(copy, f"uk/{name}")
        assert '<html lang="en">' in english
        assert '<html lang="uk">' in ukrainian
        up = "../" * name.count("/")
        assert f'<a href="{up}uk/{name}" hreflang="uk" lang="uk">' in english
        assert f'<a href="../{up}{name}" hreflang="en" lang="en">' in ukrainian
    assert {"index.html", "matrix.html", "compare.html", "search.html", "id/actor/japan.html"} <= pages


def test_each_page_has_its_policy_and_no_form_but_the_search(copy: Path) -> None:
    for name in files(copy):
        if name.endswith(".html") and not name.startswith("terms/") and name != "404.html":
            page = text(copy, name)
            assert '<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; script-src' in page
            assert "frame-ancestors" not in page
            forms = re.findall(r"<form[^>]*>", page)
            assert all('role="search"' in form or name.rpartition("/")[2].startswith("query.") for form in forms), name


def test_the_data_are_those_of_the_command_line(copy: Path, folder: Path, cli: Cli) -> None:
    env = {"FOEDUS_FOLDER": str(folder)}
    for name, arguments in {
        "agreements-without-article-5.csv": ("agreements-without-article-5",),
        "promises-by.giver=germany.csv": ("promises-by", "-p", "giver=germany"),
        "agreements-without-article-5.as_of=2024-01-12.csv": ("agreements-without-article-5", "--as-of", "2024-01-12"),
    }.items():
        told = cli("run", *arguments, "--cite", "--format", "csv", env=env)
        assert told.returncode == 0, told.stderr
        assert (copy / "queries" / name).read_text(encoding="utf-8") == told.stdout


def ground(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Quads without blank nodes, whose labels are others in each file."""
    return {q for q in quads if not isinstance(q.subject, ox.BlankNode) and not isinstance(q.object, ox.BlankNode)}


def test_the_graph_is_there_whole_and_in_parts(copy: Path, folder: Path) -> None:
    ours = load(turtle_files(str(folder)))
    quads = set(ox.parse(gzip.decompress((copy / "foedus.nq.gz").read_bytes()), format=ox.RdfFormat.N_QUADS))
    assert ground(quads) == ground(quad for quad in ours if quad.graph_name != ox.DefaultGraph())
    for name, graph in (("graph/actors.ttl", "actors"), ("graph/report.jsonld", "report")):
        format = ox.RdfFormat.from_extension(name.rpartition(".")[2])
        assert format is not None
        triples = {quad.triple for quad in ox.parse((copy / name).read_bytes(), format=format)}
        held = ours.quads_for_pattern(None, None, None, ox.NamedNode(f"https://w3id.org/foedus/graph/{graph}"))
        assert triples == {quad.triple for quad in held}
    turtle, jsonld = (
        {quad.triple for quad in ox.parse((copy / f"id/actor/germany.{ending}").read_bytes(), format=format)}
        for ending, format in (("ttl", ox.RdfFormat.TURTLE), ("jsonld", ox.RdfFormat.JSON_LD))
    )
    assert turtle == jsonld
    assert ox.NamedNode("https://w3id.org/foedus/id/commitment/uk.help") in {triple.subject for triple in turtle}


def test_a_day_has_the_main_pages_and_leads_to_the_things(copy: Path) -> None:
    days = ("2024-01-12", "2024-02-16", "2024-06-27")
    main = ("index", "matrix", "timeline", "map", "network", "compare", "disagreements", "browse", "queries")
    for stem in main:
        page = text(copy, f"{stem}.html")
        for day in days:
            assert f'href="{stem}.as_of={day}.html"' in page
            assert (copy / "uk" / f"{stem}.as_of={day}.html").is_file()
    first, second, last = (text(copy, f"index.as_of={day}.html") for day in days)
    assert "germany agreement" not in first
    assert "germany agreement" in second and "france agreement" not in second
    assert "france agreement" in last
    assert 'href="id/instrument/uk-ukraine-2024.html"' in first
    assert 'href="matrix.as_of=2024-01-12.html"' in first
    assert 'aria-current="true">2024-01-12</a>' in first
    for name in ("about.html", "search.html", "id/actor/japan.html", "queries/givers.html"):
        assert "as_of" not in text(copy, name).replace("?_as_of", ""), name


def test_what_a_form_offers_is_a_list_of_links(copy: Path) -> None:
    question = text(copy, "queries/promises-by.html")
    for slug in ("germany", "japan", "ukraine"):
        assert f'<a href="promises-by.giver={slug}.html"' in question.replace("../queries/", "")
    compared = text(copy, "compare.html")
    assert 'href="compare.with=germany-ukraine.with=uk-ukraine-2024.html">' in compared
    assert "germany agreement and uk agreement" in compared
    pair = text(copy, "compare.with=germany-ukraine.with=uk-ukraine-2024.html")
    assert "france agreement</a></th>" not in pair
    assert 'href="compare.with=germany-ukraine.with=uk-ukraine-2024.csv"' in pair
    assert (copy / "queries" / "derived-by-rule.html").is_file()
    assert "?_day" in text(copy, "query.saved=status-on.html") or "day" in text(copy, "query.saved=status-on.html")


def test_what_the_graph_lacks_is_no_link_and_is_told(folder: Path, copy: Path) -> None:
    assert re.search(r"<a download><code>graph/dataset.ttl|<a><code>graph/dataset.ttl", text(copy, "about.html"))


def test_the_search_knows_the_names_in_both_languages(copy: Path) -> None:
    found = {row[3]: row[:3] for row in json.loads((copy / "search.json").read_bytes())}
    assert found["id/actor/germany.html"] == ["Germany", "Німеччина", ["FRG <Bonn> & Berlin"]]
    assert found["id/actor/japan.html"] == ["Japan", "", []]
    assert not any(page.startswith(("id/citation/", "id/finding/")) for page in found)
    assert all((copy / page).is_file() and (copy / "uk" / page).is_file() for page in found)


def begun(folder: Path, place: Path) -> subprocess.Popen[str]:
    """A run that is in the middle of its work, the leader of a group of processes."""
    aside = place.parent / f"{place.name}.part"
    if aside.exists():
        (aside / "left").touch()
    process = subprocess.Popen(
        [sys.executable, "-m", "foedus", "site", str(place)],
        env={**os.environ, "FOEDUS_FOLDER": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    end = time.monotonic() + 60
    while (aside / "left").exists() or not any(aside.glob("id/*/*.html")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it does not get so far"
        time.sleep(0.01)
    return process


def test_a_copy_is_replaced_by_the_same_bytes(copy: Path, folder: Path, cli: Cli, tmp_path: Path) -> None:
    place = tmp_path / "copy"
    shutil.copytree(copy, place)
    (place / "index.html").write_text("an old page")
    (place / "uk" / "old.html").write_text("an old page")
    again = cli("site", f"{place}/", env={"FOEDUS_FOLDER": str(folder), "PYTHONHASHSEED": "2"})
    assert again.returncode == 0, again.stderr
    assert files(place) == files(copy)
    assert os.listdir(tmp_path) == ["copy"]


def test_a_run_that_is_killed_leaves_what_was_there(copy: Path, folder: Path, cli: Cli, tmp_path: Path) -> None:
    place = tmp_path / "copy"
    shutil.copytree(copy, place)
    (place / "index.html").write_text("an old page")
    process = begun(folder, place)
    other = cli("site", place, env={"FOEDUS_FOLDER": str(folder)})
    assert_one_message(other, 2, f"{place}.part", "another run is writing this copy")
    process.kill()
    process.communicate()
    end = time.monotonic() + 30
    while True:  # its processes end by themselves
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            break
        assert time.monotonic() < end
        time.sleep(0.01)
    assert text(place, "index.html") == "an old page"
    assert sorted(os.listdir(tmp_path)) == ["copy", "copy.part"]
    place.rename(tmp_path / "copy.old")  # as where the machine goes down between two names
    process = begun(folder, place)
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=60)
    assert (process.returncode, out, told) == (130, "", "foedus: interrupted\n")
    assert os.listdir(tmp_path) == ["copy"]
    assert text(place, "index.html") == "an old page"


def test_it_takes_no_place_that_is_taken(copy: Path, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "letter.txt").write_text("mine")
    (tmp_path / "free.part").mkdir()
    (tmp_path / "free.part" / "letter.txt").write_text("mine")
    shutil.copytree(copy, tmp_path / "copy")
    (tmp_path / "copy" / "release").mkdir()
    before = files(tmp_path)
    assert_one_message(cli("site", tmp_path / "file"), 2, tmp_path / "file", "is not a folder")
    assert_one_message(cli("site", tmp_path / "folder"), 2, tmp_path / "folder", "is no copy of the site")
    assert_one_message(cli("site", tmp_path / "free"), 2, tmp_path / "free.part", "is in the way")
    assert_one_message(cli("site", tmp_path / "copy"), 2, tmp_path / "copy", "holds release, which no copy")
    assert_one_message(cli("site", tmp_path / "no" / "where"), 2, tmp_path / "no", "No such file or directory")
    assert files(tmp_path) == before
    assert (tmp_path / "copy" / "release").is_dir()


def test_a_disk_that_cannot_be_written_is_told_in_one_message(folder: Path, tmp_path: Path) -> None:
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    command = [sys.executable, "-m", "foedus", "site", str(tmp_path / "copy")]
    env = {**os.environ, "FOEDUS_FOLDER": str(folder)}
    full = subprocess.run(command, check=False, capture_output=True, text=True, env=env, preexec_fn=limit)
    assert_one_message(full, 2, tmp_path / "copy", "cannot be written: File too large", "Nothing was changed there")
    assert not any(tmp_path.iterdir())
    tmp_path.chmod(0o555)
    closed = subprocess.run(unprivileged(command), check=False, capture_output=True, text=True, env=env)
    tmp_path.chmod(0o755)
    assert_one_message(closed, 2, tmp_path / "copy", "cannot be written: Permission denied")
    assert not any(tmp_path.iterdir())


def test_a_graph_without_a_first_page_is_told_in_one_message(folder: Path, cli: Cli, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "graph")
    (tmp_path / "graph" / "queries" / "agreements-without-article-5.rq").unlink()
    done = cli("site", tmp_path / "copy", env={"FOEDUS_FOLDER": str(tmp_path / "graph")})
    assert_one_message(done, 2, tmp_path / "graph", "the graph has no first page", "agreements-without-article-5")
    assert os.listdir(tmp_path) == ["graph"]


@pytest.mark.parametrize(
    ("path", "query", "language", "name"),
    [
        ("/", "", "en", "index.html"),
        ("/", "as_of=2024-01-12", "uk", "uk/index.as_of=2024-01-12.html"),
        ("/matrix", "group=money&as_of=2024-01-12", "en", "matrix.group=money.html"),
        ("/matrix.csv", "verdict=present&group=money&source=dw", "en", "matrix.group=money.csv"),
        (
            "/queries/views-on.csv",
            "b=2&a=x y&as_of=2024-01-12",
            "en",
            "queries/views-on.a=x_y.as_of=2024-01-12.b=2.csv",
        ),
        ("/compare", "with=b&with=a&verdict=x", "en", "compare.with=b.with=a.html"),
        (
            "/disagreements",
            "matter=a date, “so”=1_2",
            "en",
            "disagreements.matter=a_date~2C_~E2~80~9Cso~E2~80~9D~3D1~5F2.html",
        ),
        (
            "/queries/promises-by",
            "giver=japan&source=report&as_of=2024-01-12",
            "uk",
            "uk/queries/promises-by.giver=japan.html",
        ),
        ("/queries/promises-by.rq", "giver=japan", "en", "queries/promises-by.rq"),
        ("/id/link/actor.ukraine.wikidata.html", "as_of=2024-01-12", "en", "id/link/actor.ukraine.wikidata.html"),
        ("/search", "q=x&as_of=2024-01-12", "en", "search.html"),
        ("/query", "saved=counts&as_of=2024-01-12", "en", "query.saved=counts.html"),
        ("/sparql/terms.json", "", "en", "sparql/terms.json"),
    ],
)
def test_the_parameters_stand_in_the_name_of_a_file(path: str, query: str, language: str, name: str) -> None:
    kept = places.kept(path, [(n, v) for n, _, v in (pair.partition("=") for pair in query.split("&"))])
    assert places.file(path, kept, language) == name


def test_a_name_that_is_too_long_is_made_short() -> None:
    names = {
        places.file("/compare", [("with", f"{letter * 70}") for letter in letters]) for letters in ("abcd", "abdc")
    }
    assert len(names) == 2
    assert all(len(name) < 50 and name.startswith("compare.") and name.endswith(".html") for name in names)
