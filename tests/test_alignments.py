"""The alignments: real terms of the other ontologies, and no contradiction, however strongly they are read."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, SKOS, XSD

from foedus.checks import Problem
from foedus.checks.alignments import MATCHES, check, core_kinds, mappings
from foedus.datasets import TurtleFile, turtle_files
from foedus.errors import InputError
from foedus.reasoning import hermit
from foedus.reasoning.statements import Statement, read
from foedus.reasoning.tracing import Trace
from tests.conftest import ROOT

NS = rdflib.Namespace("https://w3id.org/foedus/ns/")
MADE_UP = rdflib.Namespace("https://w3id.org/foedus/id/made-up/")
AXIOMS = ROOT / "tests" / "data" / "alignment-axioms.ttl"
VALUES = {str(XSD.integer): "1", str(XSD.decimal): "1.0", str(XSD.date): "2024-01-12", str(XSD.duration): "P10Y"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the core, the alignments and the lists of terms, to be broken."""
    place = tmp_path / "graph" / "ontology"
    shutil.copytree(ROOT / "ontology" / "targets", place / "targets")
    for name in ("core.ttl", "alignments.ttl"):
        shutil.copy(ROOT / "ontology" / name, place)
    return place.parent


def problems(folder: Path, more: str = "", old: str = "", new: str = "") -> list[Problem]:
    """The problems of the alignments with `old` replaced by `new` and `more` added at the end."""
    path = folder / "ontology" / "alignments.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1) + more, encoding="utf-8")
    return list(check(turtle_files(str(folder)), str(folder)))


def test_every_target_is_a_term_of_the_other_ontology_and_of_the_same_kind() -> None:
    assert list(check(turtle_files(str(ROOT)), str(ROOT))) == []
    found = list(mappings(str(ROOT / "ontology" / "alignments.ttl")))
    assert len(found) > 80
    assert {m.match for m in found} <= set(MATCHES)


def test_every_list_of_terms_is_used_and_says_where_it_is_from() -> None:
    targets = {m.theirs for m in mappings(str(ROOT / "ontology" / "alignments.ttl"))}
    for path in (ROOT / "ontology" / "targets").iterdir():
        lines = path.read_text(encoding="utf-8").splitlines()
        assert [line.partition(":")[0] for line in lines[1:5]] == [
            "# version",
            "# taken from",
            "# taken on",
            "# licence",
        ]
        assert re.fullmatch(r"# taken on: \d{4}-\d\d-\d\d", lines[3])
        assert {line.split()[-1] for line in lines[5:]} & targets, path.name


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("foedus:Count skos:closeMatch gist:Magnitde .", "no such term in ontology/targets/gist.tsv; is https://"),
        ("foedus:Count skos:closeMatch gist:Obligation .", "no such term in ontology/targets/gist.tsv"),
        ("foedus:Count skos:closeMatch ptr:Action .", "no such term in ontology/targets/parliament-treaty.tsv"),
        ("foedus:Count skos:closeMatch <https://example.org/Count> .", "no list in ontology/targets/"),
        ("foedus:Count skos:closeMatch gist:hasMagnitude .", "ours is of the kind Class and theirs of the kind Object"),
        (
            "foedus:counts skos:broadMatch gist:Magnitude .",
            "ours is of the kind ObjectProperty and theirs of the kind C",
        ),
        ("foedus:countValue skos:broadMatch gist:isAbout .", "ours is of the kind DatatypeProperty and theirs of the"),
        ("foedus:Cuont skos:broadMatch gist:Magnitude .", "the subject is no term of the core"),
        ("skos:definition skos:closeMatch dcterms:description .", "the subject is no term of the core"),
        ("foedus:Event skos:broadMatch gist:Event .", "the same target stands in skos:closeMatch too"),
    ],
)
def test_a_wrong_alignment_is_found(folder: Path, more: str, message: str) -> None:
    (problem,) = problems(folder, more + "\n")
    assert message in problem.message
    assert re.fullmatch(r".*alignments\.ttl:\d+", problem.where)


def test_a_misspelt_target_is_found_where_it_stands(folder: Path) -> None:
    (problem,) = problems(folder, old="gist:Event ;", new="gist:Evnt ;")
    text = (folder / "ontology" / "alignments.ttl").read_text(encoding="utf-8")
    line = text[: text.index("foedus:Event ")].count("\n") + 1
    assert problem.where == f"{folder / 'ontology' / 'alignments.ttl'}:{line}"
    assert problem.thing == "foedus:Event"
    assert "is https://w3id.org/semanticarts/ns/ontology/gist/Event meant?" in problem.message


def test_a_list_without_its_source_or_out_of_order_is_refused(folder: Path) -> None:
    path = folder / "ontology" / "targets" / "skos.tsv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# taken from", "# from"), encoding="utf-8")
    with pytest.raises(InputError, match="taken from"):
        list(check(turtle_files(str(folder)), str(folder)))
    path.write_text(text + "Klass\thttp://www.w3.org/2004/02/skos/core#Zebra\n", encoding="utf-8")
    with pytest.raises(InputError, match="not a kind and an IRI"):
        list(check(turtle_files(str(folder)), str(folder)))
    path.write_text(text + "Class\thttp://www.w3.org/2004/02/skos/core#Zebra\n", encoding="utf-8")
    with pytest.raises(InputError, match="not in the order"):
        list(check(turtle_files(str(folder)), str(folder)))


def strongly(alignments: Path) -> rdflib.Graph:
    """The alignments as axioms: close or exact as equivalent, broad as below, narrow as above; related says nothing."""
    core, graph = core_kinds(str(ROOT / "ontology" / "core.ttl")), rdflib.Graph()
    for ours, match, theirs in mappings(str(alignments)):
        kind = core[ours]
        if core.get(theirs) == "AnnotationProperty":
            continue  # a property of annotations means nothing to a reasoner
        below, equal = (RDFS.subPropertyOf, OWL.equivalentProperty)
        if kind == "Class":
            below, equal = (RDFS.subClassOf, OWL.equivalentClass)
        a, b = rdflib.URIRef(ours), rdflib.URIRef(theirs)
        graph.add((b, RDF.type, OWL[kind]))
        if match in (str(SKOS.exactMatch), str(SKOS.closeMatch)):
            graph.add((a, equal, b))
        elif match == str(SKOS.broadMatch):
            graph.add((a, below, b))
        elif match == str(SKOS.narrowMatch):
            graph.add((b, below, a))
    return graph


def is_ours(term: rdflib.term.Node) -> bool:
    return str(term).startswith(NS)


def made_up(core: rdflib.Graph) -> rdflib.Graph:
    """A thing of each class of the core, tied to the others by each property from each class of its domain.

    So a clause has a clause, who owes a commitment also benefits by it, and an event is attributed to an actor.
    """
    graph = rdflib.Graph()
    ours = [c for c in core.subjects(RDF.type, OWL.Class) if isinstance(c, rdflib.URIRef) and is_ours(c)]
    kinds = [c for c in ours if (c, RDFS.subClassOf, None) not in core]

    def things(property: rdflib.term.Node, end: rdflib.URIRef, otherwise: list[rdflib.URIRef]) -> list[rdflib.URIRef]:
        named = core.value(property, end)
        union = core.value(named, OWL.unionOf)
        classes = list(Collection(core, union)) if union else [named] if named else otherwise
        return [MADE_UP[str(class_).removeprefix(NS)] for class_ in classes]

    graph += ((MADE_UP[class_.removeprefix(NS)], RDF.type, class_) for class_ in ours)
    for property in filter(is_ours, core.subjects(RDF.type, OWL.ObjectProperty)):
        if (property, RDF.type, OWL.AsymmetricProperty) in core:
            continue  # there is but one thing of a class, which cannot be before itself
        for value in things(property, RDFS.range, [NS.Event, NS.Organ]):
            graph += ((thing, property, value) for thing in things(property, RDFS.domain, kinds))
    for property in filter(is_ours, core.subjects(RDF.type, OWL.DatatypeProperty)):
        (type_,) = map(str, core.objects(property, RDFS.range))
        plain = rdflib.Literal("x", lang="en" if type_ == str(RDF.langString) else None)
        literal = rdflib.Literal(VALUES[type_], datatype=type_) if type_ in VALUES else plain
        graph += ((thing, property, literal) for thing in things(property, RDFS.domain, kinds))
    return graph


def statements(place: Path, alignments: Path) -> list[Statement]:
    """The core, the alignments as axioms, the axioms of the others and made-up things."""
    core = rdflib.Graph().parse(ROOT / "ontology" / "core.ttl")
    whole = core + rdflib.Graph().parse(AXIOMS) + strongly(alignments) + made_up(core)
    path = place / "x.ttl"
    path.write_text(whole.serialize(format="nt"), encoding="utf-8")
    return read([TurtleFile(str(path), "https://w3id.org/foedus/graph/x")])


def test_nothing_contradicts_when_every_match_is_read_as_strongly_as_it_can_be(tmp_path: Path) -> None:
    found = statements(tmp_path, ROOT / "ontology" / "alignments.ttl")
    assert Trace(found).clashes == []
    classified = hermit.classify(t for s in found for t in s.triples)
    assert classified.consistent
    assert classified.unsatisfiable == ()


@pytest.mark.parametrize(
    "more",
    [
        "foedus:beneficiary skos:closeMatch gist:hasRecipient .",
        "foedus:trigger skos:closeMatch gist:isTriggeredBy .",
        "foedus:Instrument skos:closeMatch eli:LegalResource .",
        "foedus:hasClause skos:closeMatch ctr:hasContractualElement .",
        "foedus:Condition skos:closeMatch ctr:ConditionPrecedent .",
        "foedus:BilateralAgreement skos:broadMatch agr:MultilateralAgreement .",
        "foedus:Event skos:broadMatch prov:Activity , prov:Entity .",
        "foedus:Organ skos:narrowMatch gist:IntergovernmentalOrganization .",
    ],
    ids=lambda more: re.findall(r":(\w+)", more)[0],
)
def test_a_contradictory_alignment_is_found(folder: Path, tmp_path: Path, more: str) -> None:
    """Each of these reads well; each is refuted by an axiom of the other ontology or by what the core holds."""
    path = folder / "ontology" / "alignments.ttl"
    path.write_text(path.read_text(encoding="utf-8") + more + "\n", encoding="utf-8")
    found = statements(tmp_path, path)
    trace = Trace(found)
    if trace.clashes:
        term = ox.NamedNode(NS + re.findall(r"foedus:(\w+)", more)[0])
        assert any(term in t for clash in trace.clashes for s in trace.premises(clash) for t in s.triples)
    else:
        assert not hermit.classify(t for s in found for t in s.triples).consistent
