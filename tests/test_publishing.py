"""What is published: statistics that are those of the files, examples that run, IRIs that stay, whole releases."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import SH

import foedus
from foedus import __version__
from foedus.catalog import Catalog, bind
from foedus.datasets import DATASET, GRAPH, NS, STATISTICS, home, turtle_files
from foedus.errors import InputError
from foedus.export import FORMATS
from foedus.lexer import significant
from foedus.publishing.__main__ import main
from foedus.publishing.citing import released_on
from foedus.publishing.crate import release
from foedus.publishing.examples import examples, services
from foedus.publishing.published import BASE, listed
from foedus.publishing.statistics import PART, statistics
from foedus.reference.statements import Statements
from tests.conftest import ROOT, shipped_graphs

LIST = str(ROOT / "tests" / "published" / "iris.txt")
VOID = "http://rdfs.org/ns/void#"
OWL = "http://www.w3.org/2002/07/owl#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
DCAT = "http://www.w3.org/ns/dcat#"
SHACL = "http://www.w3.org/ns/shacl#"
DCTERMS = "http://purl.org/dc/terms/"
PREFIXES = f"""
PREFIX dcat: <{DCAT}>
PREFIX foedus: <{NS}>
PREFIX rdfs: <{RDFS}>
PREFIX sh: <{SHACL}>
PREFIX void: <{VOID}>
PREFIX void-ext: <http://ldf.fi/void-ext#>
"""
EPOCH = "1796000000"  # 2026-11-30

MADE_UP = {
    "ontology/core.ttl": """
        @prefix : <https://w3id.org/foedus/ns/> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        <https://w3id.org/foedus/ns> a owl:Ontology ; owl:versionIRI <https://w3id.org/foedus/ns/9.9.9> .
        :State a owl:Class ; rdfs:subClassOf :Actor .
        :Actor a owl:Class .
        :Promise a owl:Class .
        :Firm a owl:Class ; rdfs:subClassOf :Promise .
        :Verdict a owl:Class .
        :v a :Verdict ; :label "present"@en .""",
    "data/a.ttl": """
        @prefix : <https://w3id.org/foedus/ns/> .
        @prefix id: <https://w3id.org/foedus/id/x/> .
        id:fr a :Actor , :State ; :label "France"@en , "Франція"@uk .
        id:eu a :Actor ; :label "EU"@en .
        id:p1 a :Promise ; :by id:fr , id:eu ; :day "2024-02-16"^^<http://www.w3.org/2001/XMLSchema#date> .
        id:p2 a :Promise ; :by id:fr ; :see <http://example.com/> .""",
    "data/inferred/a.ttl": """
        @prefix : <https://w3id.org/foedus/ns/> .
        <https://w3id.org/foedus/id/x/p1> a :Firm .
        <https://w3id.org/foedus/id/x/p2> a :Promise .""",  # the second is told twice, and counts once
}


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a made-up graph, small enough to count by hand, with what a release needs."""
    folder = tmp_path / "tiny"
    for name, text in MADE_UP.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "data" / "dataset.ttl").write_text(
        f'<{DATASET}> <{DCAT}version> "{__version__}" ; <{DCTERMS}description> "Made up."@en .',
        encoding="utf-8",
    )
    (folder / "queries").mkdir()
    for name in ("counts.rq", "on-topic.rq"):
        shutil.copy(ROOT / "queries" / name, folder / "queries")
    shutil.copy(ROOT / "data" / "LICENSE", folder / "data")
    for name in ("CITATION.cff", "LICENSE", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder)
    monkeypatch.setenv("FOEDUS_FOLDER", str(folder))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    assert main(["--write"]) == 0
    return folder


def loaded(text: str) -> ox.Store:
    store = ox.Store()
    store.load(text.encode(), format=ox.RdfFormat.TURTLE)
    return store


def asked(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    """The rows of a question to all graphs of a store, sorted; nothing for what is not bound."""
    found = store.query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return sorted(tuple(getattr(value, "value", "") for value in row) for row in found)


# Statistics


def test_what_is_made_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check", LIST]) == 0, capsys.readouterr().out


def test_statistics_of_a_made_up_graph_are_those_counted_by_hand(tiny: Path) -> None:
    store = loaded((tiny / "data" / "statistics.ttl").read_text(encoding="utf-8"))
    totals = """SELECT ?g ?t ?s ?c ?p WHERE {
        ?g void:triples ?t ; void:distinctSubjects ?s ; void:classes ?c ; void:properties ?p }"""
    by_graph = {row[0].removeprefix(GRAPH): row[1:] for row in asked(store, totals)}
    assert by_graph == {
        "dataset": ("27", "12", "7", "9"),
        "core": ("11", "7", "3", "4"),
        "a": ("13", "4", "3", "5"),
        "inferred-a": ("2", "2", "2", "1"),
    }
    entities = "SELECT ?c ?n WHERE { [] void:triples ?t ; void:classPartition [ void:class ?c ; void:entities ?n ] }"
    assert {(c.removeprefix(NS), n) for c, n in asked(store, entities)} == {
        ("Actor", "2"), ("State", "1"), ("Promise", "2"), ("Firm", "1"), ("Verdict", "1"),
    }  # fmt: skip
    used = """SELECT ?p ?t ?s ?o WHERE {
        [] void:propertyPartition ?part .
        ?part void:property ?p ; void:triples ?t ; void:distinctSubjects ?s ; void:distinctObjects ?o }"""
    found = {p.removeprefix(NS): (t, s, o) for p, t, s, o in asked(store, used) if p.startswith(NS)}
    assert found == {"label": ("4", "3", "4"), "by": ("3", "2", "2"), "day": ("1", "1", "1"), "see": ("1", "1", "1")}


def test_an_editor_reads_what_the_instances_of_a_class_have(tiny: Path) -> None:
    """The question follows that of sib-swiss/sparql-editor: classes, their properties, and what these lead to."""
    store = loaded((tiny / "data" / "statistics.ttl").read_text(encoding="utf-8"))
    question = """SELECT ?class ?property ?number ?to ?kind WHERE {
        ?part void:class ?class ; void:propertyPartition ?inner .
        ?inner void:property ?property ; void:triples ?number .
        OPTIONAL { ?inner void:classPartition / void:class ?to }
        OPTIONAL { ?inner void-ext:datatypePartition / void-ext:datatype ?kind } }"""
    found = {tuple(re.split(r"[/#]", value)[-1] for value in row) for row in asked(store, question)}
    assert found == {
        ("Actor", "label", "3", "", "langString"),
        ("State", "label", "2", "", ""),  # stated in a source's file; what it leads to is told of Actor
        ("Promise", "by", "3", "Actor", ""),  # and not State, which is below it
        ("Promise", "day", "1", "", "date"),
        ("Promise", "see", "1", "", ""),
        ("Verdict", "label", "1", "", "langString"),
    }  # nothing of Firm, which only follows and has no properties but those of Promise


def test_statistics_agree_with_what_a_store_counts() -> None:
    counted = loaded((ROOT / "data" / "statistics.ttl").read_text(encoding="utf-8"))
    store = ox.Store()
    for file in turtle_files(home()):
        if file.graph != STATISTICS:
            store.load(path=file.path, format=ox.RdfFormat.TURTLE)
    told = (
        f"SELECT ?n ?s ?o WHERE {{ <{DATASET}> void:triples ?n ; void:distinctSubjects ?s ; void:distinctObjects ?o }}"
    )
    true = "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?a) AS ?s) (COUNT(DISTINCT ?b) AS ?o) WHERE { ?a ?p ?b }"
    assert asked(counted, told) == asked(store, true)
    kinds = asked(counted, "SELECT ?c ?n WHERE { ?part void:class ?c ; void:entities ?n }")
    stored = asked(store, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c } GROUP BY ?c")
    assert kinds == [row for row in stored if not row[0].startswith((OWL, RDFS, SHACL, VOID, DCAT))]
    pairs = "SELECT ?c ?p ?n WHERE { ?a void:class ?c ; void:propertyPartition [ void:property ?p ; void:triples ?n ] }"
    found = asked(counted, pairs)
    stored = asked(store, "SELECT ?c ?p (COUNT(*) AS ?n) WHERE { ?s a ?c ; ?p ?o } GROUP BY ?c ?p")
    assert len(found) > 300 and set(found) <= set(stored)
    for class_ in ("Commitment", "Instrument", "State", "Citation"):
        of_it = [row for row in stored if row[0] == NS + class_ and not row[1].endswith("#type")]
        assert [row for row in found if row[0] == NS + class_] == of_it


def test_every_property_of_a_saved_query_is_in_the_statistics() -> None:
    """So tests SIB its examples; a property that stands in a query and nowhere in the data can have no answer."""
    counted = loaded((ROOT / "data" / "statistics.ttl").read_text(encoding="utf-8"))
    known = {row[0] for row in asked(counted, "SELECT DISTINCT ?p WHERE { [] void:property ?p }")}
    core = Statements([str(ROOT / "ontology" / "core.ttl")])
    properties = set(core.typed(*(OWL + kind for kind in ("ObjectProperty", "DatatypeProperty"))))
    for query in Catalog(home()).all():
        assert {NS + name for name in re.findall(r"\bfoedus:(\w+)", query.text)} & properties <= known, query.slug


def test_stale_statistics_are_named(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0
    (tiny / "data" / "b.ttl").write_text("<https://w3id.org/foedus/id/x/z> a <https://w3id.org/foedus/ns/State> .")
    assert main(["--check"]) == 1
    said = capsys.readouterr().out
    assert "statistics.ttl: out of date" in said and "make format" in said
    assert main(["--write"]) == 0 and main([]) == 0


def test_statistics_do_not_count_themselves(tiny: Path) -> None:
    once = statistics(str(tiny))
    assert (tiny / "data" / "statistics.ttl").read_text(encoding="utf-8") == once == statistics(str(tiny))
    assert STATISTICS not in {row[0] for row in asked(loaded(once), "SELECT ?g WHERE { ?g void:triples ?n }")}
    assert PART + "Actor" in {row[0] for row in asked(loaded(once), "SELECT ?part WHERE { ?part void:class ?c }")}


# The description


def test_the_description_names_every_graph_and_every_format() -> None:
    said = Statements([str(ROOT / "data" / "dataset.ttl")])
    assert set(said.named(DATASET, VOID + "subset")) == shipped_graphs() - {DATASET}
    for graph in shipped_graphs():
        assert said.text(graph, DCTERMS + "title"), graph
    urls = {u for d in said.named(DATASET, DCAT + "distribution") for u in said.named(d, DCAT + "downloadURL")}
    assert urls == {f"{BASE}release/{__version__}/foedus.{f.file_extension}.gz" for f in FORMATS.values()}
    for thing in (*said.named(DATASET, VOID + "exampleResource"), *said.named(DATASET, VOID + "rootResource")):
        assert thing in listed(LIST)


def test_the_time_that_the_description_gives_is_that_of_the_facts(whole: foedus.Graph) -> None:
    question = """SELECT (MIN(?day) AS ?first) (MAX(?day) AS ?last) ?start ?end WHERE {
        ?thing foedus:date ?day . ?period dcat:startDate ?start ; dcat:endDate ?end } GROUP BY ?start ?end"""
    (row,) = whole.sparql(PREFIXES + question)
    first, last, start, end = (term.value for _, term in row.items() if term)
    assert (first, last) == (start, end)


# IRIs


def test_an_iri_that_vanishes_and_one_that_is_new_are_named(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "iris.txt"
    kept.write_text("# a list\nid/x/fr\nid/x/gone\nns/9.9.8\nns/shapes/0.1.0\n", encoding="utf-8")
    assert main(["--check", str(kept)]) == 1
    said = capsys.readouterr().out
    assert f"<{BASE}id/x/gone> has vanished" in said and f"<{BASE}id/x/eu> is not in the list" in said
    assert "9.9.8" not in said and "0.1.0" not in said  # versions are kept by their releases
    assert main(["--write", str(kept)]) == 0
    assert kept.read_text(encoding="utf-8").splitlines()[1:] == [
        "graph/a", "graph/core", "graph/dataset", "graph/inferred-a", "graph/statistics", "id/x/eu", "id/x/fr",
        "id/x/gone", "id/x/p1", "id/x/p2", "ns", "ns/9.9.8", "ns/9.9.9", "ns/Actor", "ns/Firm", "ns/Promise",
        "ns/State", "ns/Verdict", "ns/shapes/0.1.0", "ns/v",
    ]  # fmt: skip
    assert main(["--check", str(kept)]) == 1  # what has vanished stays in the list until it is described again
    with (tiny / "data" / "a.ttl").open("a", encoding="utf-8") as file:
        file.write(f"<{BASE}id/x/gone> <{OWL}deprecated> true .")
    assert main(["--write", str(kept)]) == 0 and main(["--check", str(kept)]) == 0


def test_what_was_given_up_says_what_to_use_instead() -> None:
    said = Statements(
        str(path) for path in [ROOT / "data" / "dataset.ttl", *(ROOT / "data" / "inferred").glob("*.ttl")]
    )
    given_up = said.having(OWL + "deprecated")
    assert f"{BASE}id/derived-date/zelenskyy-absurd" in given_up  # of 0.1.0
    for iri in given_up:
        (instead,) = said.named(iri, DCTERMS + "isReplacedBy")
        assert said.named(instead, NS + "dates"), iri


def test_every_version_of_the_change_log_has_its_iris() -> None:
    versions = re.findall(r"(?m)^## (\d+\.\d+\.\d+) ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert len(versions) > 1
    assert {f"{NS}{version}" for version in versions} <= listed(LIST)


# Examples


@pytest.fixture(scope="module")
def published() -> str:
    return examples(home())


def test_examples_conform_to_what_sib_asks(published: str) -> None:
    import pyshacl

    shape = rdflib.Graph().parse(ROOT / "tests" / "data" / "sparql-examples-shape.ttl")

    def faults(graph: rdflib.Graph) -> set[str]:
        _, report, _ = pyshacl.validate(graph, shacl_graph=shape, inplace=True)
        assert isinstance(report, rdflib.Graph)
        return {str(message) for message in report.objects(None, SH.resultMessage)}

    graph = rdflib.Graph().parse(data=published, format="turtle")
    assert len(list(graph.subjects(rdflib.RDF.type, SH.SPARQLExecutable))) == len(Catalog(home()).slugs())
    assert not [node for triple in graph for node in triple if isinstance(node, rdflib.BNode)]
    assert faults(graph) == set()
    spex = rdflib.Namespace("https://purl.expasy.org/sparql-examples/ontology#")
    abroad = {str(iri).rpartition("/")[2] for iri in graph.subjects(spex.federatesWith)}
    assert abroad == {query.slug for query in Catalog(home()).all() if "SERVICE" in query.text}
    one = rdflib.URIRef("https://w3id.org/foedus/sparql/.well-known/sparql-examples/counts")
    schema = rdflib.Namespace("https://schema.org/")
    graph.remove((one, schema.target, None))
    graph.add((one, schema.keywords, rdflib.Literal("edge ")))
    graph.add((one, rdflib.RDFS.comment, rdflib.Literal("Скільки?", lang="uk")))
    graph.add((one, SH.ask, rdflib.Literal("ASK {}")))
    assert faults(graph) == {
        "an endpoint", "keywords without blanks at their ends", "one comment, in a language", "one query",
    }  # fmt: skip


def test_every_example_gives_the_answer_of_the_saved_query(published: str, whole: foedus.Graph) -> None:
    found = asked(loaded(published), "SELECT ?example ?query WHERE { ?example sh:select|sh:ask|sh:construct ?query }")
    slugs = [iri.rpartition("/")[2] for iri, _ in found]
    assert slugs == Catalog(home()).slugs()
    for slug, (_, text) in zip(slugs, found, strict=True):
        bound = bind(whole.catalog.get(slug), {})
        assert [t.text for t in significant(text)] == [t.text for t in significant(bound)], slug
        assert "#+" not in text, slug
    here = [(slug, text) for slug, (_, text) in zip(slugs, found, strict=True) if not services(text)]
    for slug, text in here[::9]:  # the same text has the same answer
        example, saved = whole.sparql(text), whole.run(slug)
        assert (example.rows or example.triples) and example.triples == saved.triples, slug
        assert [list(row.items()) for row in example] == [list(row.items()) for row in saved], slug


def test_an_example_names_the_endpoints_that_it_asks(tiny: Path) -> None:
    (tiny / "queries" / "abroad.rq").write_text(
        "#+ summary: Who is it there?\n#+ tags:\n#+   - people\n"
        "PREFIX w: <https://query.example/>\n"
        "SELECT ?s WHERE {\n  SERVICE <https://sparql.example/one> { ?s ?p 'SERVICE <https://not.example/>' }\n"
        '  SERVICE SILENT w:sparql { ?s ?p """a "quoted" \\\\ word""" } # SERVICE <https://neither.example/>\n}\n',
        encoding="utf-8",
    )
    graph = rdflib.Graph().parse(data=examples(str(tiny), "https://store.example/sparql/"), format="turtle")
    base = "https://store.example/sparql/.well-known/sparql-examples/"
    spex = rdflib.Namespace("https://purl.expasy.org/sparql-examples/ontology#")
    one = rdflib.URIRef(base + "abroad")
    assert {str(o) for o in graph.objects(one, spex.federatesWith)} == {
        "https://sparql.example/one",
        "https://query.example/sparql",
    }
    assert list(graph.subject_objects(spex.federatesWith)) and not list(
        graph.objects(rdflib.URIRef(base + "counts"), spex.federatesWith)
    )
    text = str(graph.value(one, SH.select))
    assert text.endswith("}\n") and '"""a "quoted" \\\\ word"""' in text
    assert {str(t) for t in graph.objects(None, rdflib.URIRef("https://schema.org/target"))} == {
        "https://store.example/sparql/"
    }
    assert services("SELECT * { SERVICE ?where { ?s ?p ?o } }") == []


@pytest.mark.parametrize(
    "endpoint", ["store.example", "file:///etc/passwd", "https://a.example/> . <x", "https://a b/"]
)
def test_an_endpoint_that_is_none_is_refused(tiny: Path, endpoint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--examples", str(tiny / "out.ttl"), "--endpoint", endpoint]) == 2
    assert endpoint in capsys.readouterr().err and not (tiny / "out.ttl").exists()


def test_a_prefix_with_two_meanings_is_refused(tiny: Path) -> None:
    path = tiny / "queries" / "counts.rq"
    path.write_text(
        path.read_text(encoding="utf-8").replace(f"PREFIX rdfs: <{RDFS}>", "PREFIX rdfs: <http://example.com/>"),
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"rdfs: stands for something else"):
        examples(str(tiny))


# Releases


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_release_is_the_same_wherever_it_is_made(tiny: Path, tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    (packages / f"foedus-{__version__}-py3-none-any.whl").write_bytes(b"wheel")
    one, other = (Path(release(str(tiny), str(tmp_path / name), str(packages))) for name in ("one", "other/deep"))
    assert one.name == other.name == f"foedus-{__version__}"
    found = content(one)
    assert found == content(other)
    assert {"graph/a.ttl", "graph/manifest.json", "ontology/core.ttl", "queries/counts.rq", "LICENSE-DATA"} <= set(
        found
    )
    assert found["queries/counts.rq"] == (tiny / "queries" / "counts.rq").read_bytes()
    assert found["sparql-examples.ttl"] == examples(str(tiny)).encode()
    quads = list(ox.parse(gzip.decompress(found["foedus.nq.gz"]), format=ox.RdfFormat.N_QUADS))
    assert len(quads) == sum(
        len(list(ox.parse(path=f.path, format=ox.RdfFormat.TURTLE))) for f in turtle_files(str(tiny))
    )


def test_a_release_tells_of_each_file_what_it_is(tiny: Path, tmp_path: Path) -> None:
    from rocrate.rocrate import ROCrate

    place = Path(release(str(tiny), str(tmp_path / "build")))
    crate = ROCrate(str(place))
    assert (crate.version, crate.name) == (
        "1.2",
        f"Foedus: a knowledge graph of the security guarantees given to Ukraine, version {__version__}",
    )
    entities: dict[str, Any] = {entity.id: entity.properties() for entity in crate.data_entities}
    files = content(place)
    assert set(entities) == set(files) - {"ro-crate-metadata.json"}
    for name, told in entities.items():
        assert told["sha256"] == hashlib.sha256(files[name]).hexdigest(), name
        assert told["contentSize"] == str(len(files[name])), name
        assert told["name"] and told["encodingFormat"] and told["license"]["@id"].startswith("https://spdx.org/"), name
    assert entities["foedus.nq.gz"]["encodingFormat"][:2] == ["application/gzip", "application/n-quads"]
    assert entities["graph/a.ttl"]["license"]["@id"].endswith("/CC-BY-4.0")
    assert entities["ontology/core.ttl"]["license"]["@id"].endswith("/Apache-2.0")
    assert entities["sparql-examples.ttl"]["conformsTo"]["@id"] == "https://purl.expasy.org/sparql-examples/ontology"
    metadata = json.loads(files["ro-crate-metadata.json"])
    by_id = {entity["@id"]: entity for entity in metadata["@graph"]}
    assert by_id["./"]["datePublished"] == "2026-11-30"
    assert by_id["./"]["author"] == {"@id": "#the-foedus-developers"}
    assert by_id["#the-foedus-developers"]["name"] == "The Foedus developers"

    def named(value: object) -> set[str]:
        """All that an entity points to."""
        if isinstance(value, dict):
            return {value["@id"]} if set(value) == {"@id"} else set().union(*map(named, value.values()))
        return set().union(*map(named, value)) if isinstance(value, list) else set()

    assert named(metadata["@graph"]) <= set(by_id) | {"https://w3id.org/ro/crate/1.2"}


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("LICENSE", "LICENSE: No such file"),
        ("CITATION.cff", "CITATION.cff: No such file"),
        ("data/statistics.ttl", "statistics.ttl: out of date"),
        ("data/dataset.ttl", "dataset.ttl: No such file"),
    ],
)
def test_a_release_is_whole_or_not_there(
    tiny: Path, tmp_path: Path, broken: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny / broken).unlink()
    assert main(["--release", str(tmp_path / "build")]) == 2
    assert words in capsys.readouterr().err
    assert not any((tmp_path / "build").glob("*")) and not any((tmp_path / "build").glob(".*"))


def test_a_release_replaces_none(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--release", str(tmp_path)]) == 0
    place = Path(capsys.readouterr().out.strip())
    before = content(place)
    assert main(["--release", str(tmp_path)]) == 2
    assert "not empty" in capsys.readouterr().err and content(place) == before


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("CITATION.cff", f"version: {__version__}", "version: 0.0.1", "is of version 0.0.1"),
        ("CITATION.cff", "authors:", "writers:", "does not state: authors"),
        ("CITATION.cff", "title: ", "title: : [", "not YAML"),
        ("data/dataset.ttl", f'"{__version__}"', '"0.0.1"', "is of version 0.0.1"),
    ],
)
def test_a_release_is_of_one_version(
    tiny: Path, tmp_path: Path, name: str, old: str, new: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (tiny / name).read_text(encoding="utf-8")
    assert old in text
    (tiny / name).write_text(text.replace(old, new), encoding="utf-8")
    assert main(["--release", str(tmp_path / "build")]) == 2
    assert words in capsys.readouterr().err


def test_the_day_of_a_release_is_that_of_the_change_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changes\n\n## 1.2.3 (2027-01-02)\n\n## 0.1.0 (2026-11-21)\n", encoding="utf-8"
    )
    assert released_on(str(tmp_path), "1.2.3").isoformat() == "2027-01-02"
    with pytest.raises(InputError, match=r"has no version 1\.2\.4"):
        released_on(str(tmp_path), "1.2.4")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    assert released_on(str(tmp_path), "1.2.4").isoformat() == "2026-11-30"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    with pytest.raises(InputError, match="not a number of seconds"):
        released_on(str(tmp_path), "1.2.4")


def test_the_command_as_a_process(tiny: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "foedus.publishing"]
    done = subprocess.run([*command, "--examples", "-"], capture_output=True, text=True, check=True)
    assert done.stdout == examples(str(tiny)) and done.stderr == ""
    env = {**os.environ, "FOEDUS_FOLDER": str(tmp_path / "nowhere")}
    done = subprocess.run([*command, "--check"], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 2 and done.stderr.count("foedus.publishing:") == 1 and "Traceback" not in done.stderr
    done = subprocess.run([*command, "--endpoint", "https://a.example/"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "--endpoint goes with --examples" in done.stderr
