"""Each check of `ontology/checks` finds the fault it is for, and the shipped ontology has none."""

# ruff: noqa: E501 (one mutation a line)

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from foedus import style
from foedus.checks import Problem, inspection
from foedus.datasets import GRAPH, TurtleFile, turtle_files
from foedus.errors import InputError
from tests.conftest import ROOT

CHECKS = ROOT / "ontology" / "checks"
PREFIXES = """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix feature: <https://w3id.org/foedus/ns/feature/> .
@prefix foedus: <https://w3id.org/foedus/ns/> .
@prefix force: <https://w3id.org/foedus/ns/force/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix scheme: <https://w3id.org/foedus/ns/scheme/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/foedus/ns/shape/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
HEADER = """<{iri}> a owl:Ontology ;
    dcterms:title "{name}"@en , "{name}"@uk ;
    dcterms:description "Made up."@en ;
    dcterms:license <http://www.apache.org/licenses/LICENSE-2.0> ;
    owl:versionIRI <{iri}/0.2.0> ;
    owl:versionInfo "0.2.0" .
dcterms:title a owl:AnnotationProperty .
dcterms:description a owl:AnnotationProperty .
dcterms:license a owl:AnnotationProperty .
skos:definition a owl:AnnotationProperty .
skos:example a owl:AnnotationProperty .
skos:scopeNote a owl:AnnotationProperty .
"""
#: A small ontology without a fault; each mutation below breaks one thing.
GOOD = {
    "core": """
foedus:Commitment a owl:Class ;
    rdfs:label "commitment"@en , "зобов'язання"@uk ;
    skos:definition "Thing that is promised."@en ;
    skos:example "A promise."@en ;
    skos:scopeNote "What is hoped for is none."@en ;
    rdfs:isDefinedBy <https://w3id.org/foedus/ns> .
foedus:Actor a owl:Class ;
    rdfs:label "actor"@en , "актор"@uk ;
    skos:definition "Thing that promises."@en ;
    skos:example "A country."@en ;
    rdfs:isDefinedBy <https://w3id.org/foedus/ns> .
foedus:State a owl:Class ;
    rdfs:label "state"@en , "держава"@uk ;
    skos:definition "Actor that is a country with a government."@en ;
    skos:example "Ukraine."@en ;
    rdfs:subClassOf foedus:Actor ;
    rdfs:isDefinedBy <https://w3id.org/foedus/ns> .
foedus:Person a owl:Class ;
    rdfs:label "person"@en , "особа"@uk ;
    skos:definition "Actor that is a human being."@en ;
    skos:example "A minister."@en ;
    rdfs:subClassOf foedus:Actor ;
    rdfs:isDefinedBy <https://w3id.org/foedus/ns> .
foedus:ActorCommitment a owl:Class ;
    rdfs:label "actor commitment"@en , "зобов'язання актора"@uk ;
    skos:definition "Commitment that somebody makes."@en ;
    skos:example "A promise of a minister."@en ;
    rdfs:subClassOf foedus:Commitment ;
    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( foedus:Commitment [ a owl:Restriction ; owl:onProperty foedus:committedBy ; owl:someValuesFrom foedus:Actor ] ) ] ;
    rdfs:isDefinedBy <https://w3id.org/foedus/ns> .
foedus:StateCommitment a owl:Class ;
    rdfs:label "state commitment"@en , "зобов'язання держави"@uk ;
    skos:definition "Actor commitment that a state makes."@en ;
    skos:example "A promise of Ukraine."@en ;
    rdfs:subClassOf foedus:ActorCommitment ;
    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( foedus:Commitment [ a owl:Restriction ; owl:onProperty foedus:committedBy ; owl:someValuesFrom foedus:State ] ) ] ;
    rdfs:isDefinedBy <https://w3id.org/foedus/ns> .
foedus:committedBy a owl:ObjectProperty ;
    rdfs:label "committed by"@en , "зобов'язаний"@uk ;
    skos:definition "Property that relates a commitment to who makes it."@en ;
    skos:example "By Ukraine."@en ;
    rdfs:domain foedus:Commitment ;
    rdfs:range foedus:Actor ;
    rdfs:isDefinedBy <https://w3id.org/foedus/ns> .
foedus:force a owl:ObjectProperty ;
    rdfs:label "force"@en , "має силу"@uk ;
    skos:definition "Property that relates a commitment to its strength."@en ;
    skos:example "Will."@en ;
    rdfs:domain foedus:Commitment ;
    rdfs:isDefinedBy <https://w3id.org/foedus/ns> .
foedus:position a owl:DatatypeProperty ;
    rdfs:label "position"@en , "порядок"@uk ;
    skos:definition "Property that gives the place of a concept in its scheme."@en ;
    skos:example "1"@en ;
    rdfs:range xsd:integer ;
    rdfs:isDefinedBy <https://w3id.org/foedus/ns> .
[] a owl:AllDisjointClasses ; owl:members ( foedus:Commitment foedus:Actor ) .
[] a owl:AllDisjointClasses ; owl:members ( foedus:State foedus:Person ) .
""",
    "vocabularies": """skos:Concept a owl:Class .
skos:ConceptScheme a owl:Class .
skos:inScheme a owl:ObjectProperty .
skos:notation a owl:AnnotationProperty .
scheme:force a skos:ConceptScheme ;
    rdfs:label "forces"@en , "сили"@uk ;
    skos:definition "Scheme of the strengths of a verb."@en .
force:will a skos:Concept ;
    rdfs:label "will"@en , "буде"@uk ;
    skos:definition "Force of plain conduct."@en ;
    skos:inScheme scheme:force .
force:may a skos:Concept ;
    rdfs:label "may"@en , "може"@uk ;
    skos:definition "Force of a permission."@en ;
    skos:inScheme scheme:force .
force:shall a skos:Concept ;
    rdfs:label "shall"@en , "повинен"@uk ;
    skos:definition "Force of a duty."@en ;
    skos:inScheme scheme:force .
""",
    "features": """skos:Concept a owl:Class .
skos:ConceptScheme a owl:Class .
skos:inScheme a owl:ObjectProperty .
scheme:feature a skos:ConceptScheme ;
    rdfs:label "features"@en , "ознаки"@uk ;
    skos:definition "Scheme of what a text may have."@en .
feature:title a skos:Concept ;
    rdfs:label "title"@en , "назва"@uk ;
    skos:definition "Feature of a text that has a name."@en ;
    foedus:position 1 ;
    skos:inScheme scheme:feature .
feature:annex a skos:Concept ;
    rdfs:label "NATO annex"@en , "додаток"@uk ;
    skos:definition "Feature of a text with something after its end."@en ;
    foedus:position 2 ;
    skos:inScheme scheme:feature .
""",
    "alignments": """skos:closeMatch a owl:AnnotationProperty .
foedus:Commitment skos:closeMatch <https://example.org/Promise> .
""",
    "shapes": """
shape:Commitment a sh:NodeShape ;
    sh:targetClass foedus:Commitment , foedus:ActorCommitment , foedus:StateCommitment ;
    sh:property [ sh:path foedus:force ; sh:node shape:In-force ] ;
    sh:sparql [ sh:select "SELECT $this WHERE { $this foedus:committedBy/a foedus:Person . }" ] .
shape:In-force a sh:NodeShape ;
    sh:property [ sh:path skos:inScheme ; sh:hasValue scheme:force ] .
shape:In-feature a sh:NodeShape ;
    sh:property [ sh:path skos:inScheme ; sh:hasValue scheme:feature ] .
""",
}
IRIS = {name: "https://w3id.org/foedus/ns" + ("" if name == "core" else f"/{name}") for name in GOOD}
QUERY = """#+ summary: Which?

PREFIX foedus: <https://w3id.org/foedus/ns/>

# Not foedus:Commented
SELECT ?x
WHERE {
  ?x a foedus:Actor , foedus:State ; foedus:position "foedus:Quoted" .
}
"""
ACTOR = "rdfs:subClassOf foedus:Actor ;"
COMMITTED = "    rdfs:range foedus:Actor ;"
BY_STATE = (
    "( foedus:Commitment [ a owl:Restriction ; owl:onProperty foedus:committedBy ; owl:someValuesFrom foedus:State ] )"
)
#: Check, file, what is replaced, by what, the term found and words of the message.
MUTATIONS = [
    ("label-missing", "core", ', "держава"@uk', "", "foedus:State", "0 labels in Ukrainian"),
    ("label-missing", "core", '"state"@en', '"state"@en , "land"@en', "foedus:State", "2 labels in English"),
    ("label-missing", "vocabularies", '"forces"@en , ', "", "scheme:force", "0 labels in English"),
    ("label-language", "core", '"держава"@uk', '"держава"@uk , "Staat"@de', "foedus:State", "neither en nor uk"),
    ("label-language", "core", '"держава"@uk', '"дepжава"@uk', "foedus:State", "Latin letters"),
    ("label-language", "vocabularies", '"may"@en', '"mаy"@en', "force:may", "Cyrillic letters"),
    ("label-not-unique", "core", '"person"@en', '"State"@en', "foedus:Person", "names another class"),
    ("label-not-unique", "core", '"force"@en', '"position"@en', "foedus:force", "names another property"),
    ("label-not-unique", "vocabularies", '"може"@uk', '"Буде"@uk', "force:may", "names another force"),
    ("label-malformed", "core", '"committed by"@en', '"Committed by"@en', "foedus:committedBy", "with a capital"),
    ("label-malformed", "core", '"committed by"@en', '"committedBy"@en', "foedus:committedBy", "run together"),
    ("label-malformed", "core", '"committed by"@en', '"committed  by"@en', "foedus:committedBy", "a blank too many"),
    ("label-malformed", "core", '"держава"@uk', '"держава."@uk', "foedus:State", "ends with a full stop"),
    ("label-plural", "core", '"state commitment"@en', '"commitments of a state"@en', "foedus:StateCommitment", "plural"),
    ("definition-missing", "core", '    skos:definition "Thing that promises."@en ;\n', "", "foedus:Actor", "0 def"),
    ("definition-missing", "core", '"Thing that promises."@en', '"Thing that promises."@en , "Thing."@en', "foedus:Actor", "2"),
    ("definition-missing", "features", ' ;\n    skos:definition "Scheme of what a text may have."@en', "", "scheme:feature", "0"),
    ("definition-not-unique", "vocabularies", '"Force of a duty."', '"Force of a Permission."', "force:shall", "same words as force:may"),
    ("definition-malformed", "core", '"Thing that promises."', '"Thing that promises"', "foedus:Actor", "full stop"),
    ("definition-malformed", "core", '"Thing that promises."', '"Thing that promises. It may lie."', "foedus:Actor", "one sentence"),
    ("definition-malformed", "core", '"Thing that promises."', '"Thing that  promises."', "foedus:Actor", "blank"),
    ("definition-malformed", "core", '"Thing that promises."', '"thing that promises."', "foedus:Actor", "capital"),
    ("definition-genus", "core", '"Actor that is a country with', '"Country with', "foedus:State", "“actor”, the class above"),
    ("definition-genus", "core", '"Thing that promises."', '"Who promises."', "foedus:Actor", "“Thing that …”"),
    ("definition-genus", "core", '"Property that relates a commitment to its', '"Its', "foedus:force", "“Property that …”"),
    ("definition-genus", "vocabularies", '"Force of a duty."', '"Duty of somebody."', "force:shall", "“Force”, as most"),
    ("definition-genus", "vocabularies", '"Scheme of the', '"The', "scheme:force", "“Scheme of …”"),
    ("definition-circular", "core", "Actor that is a country with a government.", "Actor that is a state.", "foedus:State", "no more than"),
    ("definition-circular", "core", "Thing that promises.", "Actor that promises.", "foedus:Actor", "no more than"),
    ("example-missing", "core", '    skos:example "By Ukraine."@en ;\n', "", "foedus:committedBy", "has no example"),
    ("defined-by-missing", "core", "ns> .\nfoedus:force", "ns/x> .\nfoedus:force", "foedus:committedBy", "to be defined by <https"),
    ("text-malformed", "core", "hoped for is none.", "hoped for is none", "foedus:Commitment", "scope note “What"),
    ("text-malformed", "core", '"A minister."@en', '"A minister."@en , "Two."', "foedus:Person", "“Two.” has no language"),
    ("undeclared-term", "core", ACTOR, ACTOR + " rdfs:seeAlso foedus:Nothing ;", "foedus:Nothing", "used in core"),
    ("undeclared-term", "shapes", "/a foedus:Person", "/a foedus:Persona", "foedus:Persona", "used in queries"),
    ("undeclared-term", "features", "foedus:position 2", "foedus:place 2", "foedus:place", "used in features"),
    ("foreign-term-undeclared", "features", "skos:inScheme a owl:ObjectProperty .\n", "", "skos:inScheme", "used in features"),
    ("foreign-term-undeclared", "core", ACTOR, ACTOR + " rdfs:subClassOf <urn:A> ;", "urn:A", "used in core"),
    ("foreign-term-described", "features", "skos:Concept a owl:Class", 'skos:Concept a owl:Class ; rdfs:label "x"@en', "skos:Concept", "is given a"),
    ("term-in-wrong-file", "features", "scheme:feature a", "foedus:State rdfs:subClassOf foedus:Actor .\nscheme:feature a", "foedus:State", "described in features and belongs to core"),
    ("term-in-wrong-file", "features", "scheme:feature a", 'force:may rdfs:comment "x"@en .\nscheme:feature a', "force:may", "belongs to vocabularies"),
    ("term-unused", "shapes", ", foedus:StateCommitment", "", "foedus:StateCommitment", "no query, rule or shape"),
    ("scheme-unused", "shapes", "sh:hasValue scheme:force", "sh:hasValue scheme:feature", "scheme:force", "the scheme of no property"),
    ("deprecated-in-use", "core", ACTOR, ACTOR + " owl:deprecated true ;", "foedus:State", "deprecated and used in queries"),
    ("inverse-without-use", "core", COMMITTED, COMMITTED + " owl:inverseOf foedus:commits .\nfoedus:commits a owl:ObjectProperty .\nfoedus:committedBy", "foedus:commits", "inverse of foedus:committedBy"),
    ("cycle", "core", "rdfs:subClassOf foedus:ActorCommitment ;", "rdfs:subClassOf foedus:StateCommitment ;", "foedus:StateCommitment", "a class that stands above itself"),
    ("cycle", "core", COMMITTED, COMMITTED + " rdfs:subPropertyOf foedus:force .\nfoedus:force rdfs:subPropertyOf foedus:committedBy ;", "foedus:committedBy", "a property that"),
    ("cycle", "core", ACTOR, ACTOR + " owl:equivalentClass foedus:Person ;", "foedus:Person", "a class that"),
    ("cycle", "vocabularies", "scheme:force .\nforce:may a skos:Concept ;", "scheme:force ; skos:broader force:may .\nforce:may a skos:Concept ; skos:broader force:will ;", "force:may", "a concept that"),
    ("cycle", "features", "foedus:position 2", "foedus:position 2 ; foedus:hasTest feature:annex", "feature:annex", "a feature that"),
    ("subclass-redundant", "core", "rdfs:subClassOf foedus:ActorCommitment ;", "rdfs:subClassOf foedus:ActorCommitment , foedus:Commitment ;", "foedus:StateCommitment", "follows from foedus:ActorCommitment"),
    ("subclass-unstated", "core", "rdfs:subClassOf foedus:Commitment ;\n", "rdfs:seeAlso foedus:Commitment ;\n", "foedus:ActorCommitment", "defined as a foedus:Commitment"),
    ("subsumption-unstated", "core", "rdfs:subClassOf foedus:ActorCommitment ;", "rdfs:subClassOf foedus:Commitment ;", "foedus:StateCommitment", "by definition a foedus:ActorCommitment"),
    ("definition-incomplete", "core", "someValuesFrom foedus:State ]", "someValuesFrom foedus:Realm ]", "foedus:StateCommitment", "restriction to foedus:Realm, which is declared nowhere"),
    ("definition-incomplete", "core", "onProperty foedus:committedBy ; owl:someValuesFrom foedus:State ]", "onProperty foedus:by ; owl:someValuesFrom foedus:State ]", "foedus:StateCommitment", "foedus:by, which is no property"),
    ("definition-incomplete", "core", "owl:onProperty foedus:committedBy ; owl:someValuesFrom foedus:State ]", "owl:someValuesFrom foedus:State ]", "foedus:StateCommitment", "without a property"),
    ("restriction-misfit", "core", "someValuesFrom foedus:State ]", "someValuesFrom foedus:Commitment ]", "foedus:StateCommitment", "whose range is disjoint with foedus:Commitment"),
    ("restriction-misfit", "core", ACTOR, ACTOR + " rdfs:subClassOf [ a owl:Restriction ; owl:onProperty foedus:committedBy ; owl:someValuesFrom foedus:Person ] ;", "foedus:State", "whose domain is disjoint with foedus:State"),
    ("siblings-overlap", "core", "( foedus:State foedus:Person )", "( foedus:State foedus:Commitment )", "foedus:Person", "and foedus:State, both under foedus:Actor"),
    ("siblings-overlap", "core", "( foedus:Commitment foedus:Actor )", "( foedus:StateCommitment foedus:Actor )", "foedus:Actor", "and foedus:Commitment, both under owl:Thing"),
    ("concept-class-unstated", "vocabularies", "force:may a skos:Concept", "force:may a skos:Concept , foedus:StateCommitment", "force:may", "does not state that it is a foedus:ActorCommitment"),
    ("definition-of-individual", "core", "owl:someValuesFrom foedus:State ]", "owl:hasValue foedus:State ]", "foedus:StateCommitment", "defined over a single thing"),
    ("disjoint-shared", "vocabularies", "force:may a skos:Concept", "force:may a skos:Concept , foedus:State , foedus:Person", "force:may", "foedus:Person and of foedus:State, which are disjoint"),
    ("disjoint-shared", "core", ACTOR, ACTOR + " rdfs:subClassOf foedus:Commitment ;", "foedus:State", "foedus:Actor and of foedus:Commitment"),
    ("domain-range-missing", "core", "    rdfs:range xsd:integer ;\n", "", "foedus:position", "neither domain nor range"),
    ("range-unstated", "core", COMMITTED + "\n", "", "foedus:committedBy", "no shape that says"),
    ("domain-repeated", "core", COMMITTED, "    rdfs:range foedus:Actor , foedus:Person ;", "foedus:committedBy", "two ranges"),
    ("domain-repeated", "core", COMMITTED, "    rdfs:range owl:Thing ;", "foedus:committedBy", "owl:Thing as its range"),
    ("range-misfit", "core", COMMITTED, "    rdfs:range xsd:string ;", "foedus:committedBy", "range is the datatype xsd:string"),
    ("range-misfit", "core", "rdfs:range xsd:integer", "rdfs:range foedus:Actor", "foedus:position", "range is the class foedus:Actor"),
    ("nonsimple-restricted", "core", "committedBy a owl:ObjectProperty", "committedBy a owl:ObjectProperty , owl:TransitiveProperty , owl:FunctionalProperty", "foedus:committedBy", "not simple and is of owl:FunctionalProperty"),
    ("nonsimple-restricted", "core", COMMITTED, COMMITTED + " rdfs:subPropertyOf foedus:force ; a owl:TransitiveProperty .\n[] rdfs:subClassOf foedus:Actor ; a owl:Restriction ; owl:onProperty foedus:force ; owl:maxCardinality 1 .\nfoedus:committedBy", "foedus:force", "owl:maxCardinality"),
    ("nonsimple-restricted", "core", "force a owl:ObjectProperty", "force a owl:ObjectProperty , owl:SymmetricProperty , owl:AsymmetricProperty", "foedus:force", "both symmetric"),
    ("punning", "core", "force a owl:ObjectProperty", "force a owl:ObjectProperty , owl:DatatypeProperty", "foedus:force", "of both"),
    ("punning", "vocabularies", "force:may a skos:Concept", "foedus:State a skos:Concept ; skos:inScheme scheme:force .\nforce:may a skos:Concept", "foedus:State", "of both owl:Class and skos:Concept"),
    ("iri-differs-in-case", "core", "foedus:position a owl", "foedus:Force a owl:DatatypeProperty .\nfoedus:position a owl", "foedus:force", "another property but for case"),
    ("iri-malformed", "core", "foedus:position a owl", "foedus:Place a owl:DatatypeProperty .\nfoedus:position a owl", "foedus:Place", "lowerCamel"),
    ("iri-malformed", "core", "foedus:position a owl", "foedus:nation a owl:Class .\nfoedus:position a owl", "foedus:nation", "UpperCamel"),
    ("iri-malformed", "vocabularies", "force:shall a", "force:Shall a", "force:Shall", "small letters"),
    ("iri-malformed", "vocabularies", "force:shall a", "feature:shall a", "feature:shall", "below another name"),
    ("concept-scheme", "vocabularies", '"Force of a duty."@en ;\n    skos:inScheme scheme:force', '"Force of a duty."@en', "force:shall", "in 0 schemes"),
    ("concept-scheme", "features", "position 2 ;\n    skos:inScheme scheme:feature", "position 2 ;\n    skos:inScheme scheme:feature , scheme:force", "feature:annex", "in 2 schemes"),
    ("concept-scheme", "features", "position 2 ;\n    skos:inScheme scheme:feature", "position 2 ;\n    skos:inScheme scheme:features", "feature:annex", "which is no scheme"),
    ("concept-scheme", "features", "scheme:feature a skos", "scheme:empty a skos:ConceptScheme .\nscheme:feature a skos", "scheme:empty", "without concepts"),
    ("concept-scheme", "features", "feature:annex a skos:Concept", "feature:annex a skos:Notion", "feature:annex", "no skos:Concept"),
    ("order-broken", "features", "foedus:position 2", "foedus:position 1", "feature:annex", "has the place 1, as feature:title has"),
    ("order-broken", "features", "foedus:position 2", "foedus:position 3", "scheme:feature", "2 places and a last one numbered 3"),
    ("order-broken", "vocabularies", 'scheme:force .\nforce:shall a skos:Concept ;', 'scheme:force ; skos:notation "x" .\nforce:shall a skos:Concept ; skos:notation "x" ;', "force:shall", "has the notation x, as force:may has"),
    ("definition-incomplete", "core", "owl:onProperty foedus:committedBy ; owl:someValuesFrom foedus:State ]", "owl:onProperty foedus:committedBy ]", "foedus:StateCommitment", "without a value"),
    ("list-broken", "core", BY_STATE, "( foedus:Commitment )", "foedus:StateCommitment", "fewer than two members"),
    ("list-broken", "core", "( foedus:State foedus:Person )", "( foedus:State foedus:Person foedus:State )", "a blank node", "lists foedus:State twice"),
    ("list-broken", "core", "( foedus:State foedus:Person )", "[ rdf:first foedus:State ; rdf:rest [ rdf:first foedus:Person ] ]", "a blank node", "without exactly one first"),
    ("list-broken", "core", COMMITTED, COMMITTED + " rdfs:seeAlso _:nothing ;", "foedus:committedBy", "not described"),
    ("list-broken", "core", "[] a owl:AllDisjointClasses ; owl:members ( foedus:State", "[] a owl:Class ; owl:unionOf ( foedus:State foedus:Actor ) .\n[] a owl:AllDisjointClasses ; owl:members ( foedus:State", "a blank node", "nothing refers to"),
    ("header-incomplete", "features", ' , "features"@uk', "", "foedus:features", "no title in Ukrainian"),
    ("header-incomplete", "features", "features/0.2.0", "features/0.3.0", "foedus:features", "has the version IRI"),
    ("header-incomplete", "features", "features> a owl:Ontology ;", "features>", "graph:features", "without an ontology header"),
    ("header-incomplete", "features", "scheme:feature a", "foedus:more a owl:Ontology .\nscheme:feature a", "foedus:more", "not the only ontology"),
    ("version-differs", "shapes", 'versionInfo "0.2.0"', 'versionInfo "0.3.0"', "foedus:shapes", "has the version 0.3.0"),
    ("imports-present", "features", 'versionInfo "0.2.0"', 'versionInfo "0.2.0" ; owl:imports <urn:x>', "foedus:features", "imports <urn:x>"),
]  # fmt: skip


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    """A folder with the small ontology, one query, and the checks as they are shipped."""
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "q.rq").write_text(QUERY, encoding="utf-8")
    shutil.copytree(CHECKS, tmp_path / "ontology" / "checks")
    for name, body in GOOD.items():
        text = PREFIXES + HEADER.format(iri=IRIS[name], name=name) + body
        (tmp_path / "ontology" / f"{name}.ttl").write_text(text, encoding="utf-8")
    return tmp_path


def found(folder: Path) -> list[Problem]:
    return list(inspection.check(turtle_files(str(folder)), folder=str(folder)))


def test_the_shipped_ontology_has_no_fault() -> None:
    assert found(ROOT) == []


def test_the_small_ontology_has_no_fault(made_up: Path) -> None:
    assert found(made_up) == []


@pytest.mark.parametrize(
    ("slug", "name", "old", "new", "thing", "words"), MUTATIONS, ids=[f"{m[0]}-{i}" for i, m in enumerate(MUTATIONS)]
)
def test_a_fault_is_found(made_up: Path, slug: str, name: str, old: str, new: str, thing: str, words: str) -> None:
    path = made_up / "ontology" / f"{name}.ttl"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    mine = [p for p in found(made_up) if p.message.endswith(f" ({slug})")]
    told = [p for p in mine if p.thing == thing and words in p.message]
    assert told, mine
    lines = path.read_text(encoding="utf-8").splitlines()
    begins = f"<{IRIS[name]}> " if thing == f"foedus:{name}" else f"{thing} "
    described = [number for number, line in enumerate(lines, 1) if line.startswith(begins)]
    if thing in ("a blank node", "graph:features"):
        assert str(path) in told[0].where
    elif described and slug != "punning":  # that one is told where the class is declared
        assert told[0].where == f"{path}:{described[0]}"


def test_each_check_has_a_fault_that_it_finds() -> None:
    assert {m[0] for m in MUTATIONS} == {path.stem for path in CHECKS.iterdir()}


def test_each_check_says_what_it_asks_and_is_in_the_house_format() -> None:
    for path in sorted(CHECKS.iterdir()):
        text = path.read_text(encoding="utf-8")
        assert re.match(r"#\+ summary: Which .*\?\n#\+ description: >-\n#\+   [A-Z]", text), path
        assert "SELECT" in text
    assert style.main([str(CHECKS)]) == 0


@pytest.mark.parametrize(
    "stated",
    [
        "foedus:Person owl:disjointWith foedus:State .",
        "foedus:State owl:disjointWith foedus:Person .",
        "foedus:Actor owl:disjointUnionOf ( foedus:State foedus:Person ) .",
    ],
)
def test_classes_are_disjoint_in_whatever_way_it_is_stated(made_up: Path, stated: str) -> None:
    path = made_up / "ontology" / "core.ttl"
    text = path.read_text(encoding="utf-8")
    old = "[] a owl:AllDisjointClasses ; owl:members ( foedus:State foedus:Person ) ."
    assert old in text
    path.write_text(text.replace(old, stated), encoding="utf-8")
    assert found(made_up) == []
    path.write_text(text.replace(old, stated + "\nfoedus:x a foedus:State , foedus:Person ."), encoding="utf-8")
    assert [p.message for p in found(made_up) if p.thing == "foedus:x"] == [
        "is of foedus:Person and of foedus:State, which are disjoint (disjoint-shared)"
    ]


def test_a_term_that_only_a_query_names_is_told_with_the_line_of_the_query(made_up: Path) -> None:
    path = made_up / "queries" / "q.rq"
    path.write_text(QUERY.replace("foedus:State ;", "foedus:Stat ;"), encoding="utf-8")
    undeclared = [p for p in found(made_up) if p.thing == "foedus:Stat"]
    assert undeclared == [
        Problem(f"{path}:8", "foedus:Stat", "is used in queries and declared nowhere (undeclared-term)")
    ]


def test_what_the_definition_of_a_used_class_is_made_of_is_used(made_up: Path) -> None:
    (made_up / "queries" / "q.rq").unlink()
    assert {p.thing for p in found(made_up)} == {"foedus:position"}
    shapes = made_up / "ontology" / "shapes.ttl"
    text = shapes.read_text(encoding="utf-8")
    shapes.write_text(text.replace(" , foedus:StateCommitment", ""), encoding="utf-8")
    assert {p.thing for p in found(made_up)} == {"foedus:State", "foedus:StateCommitment", "foedus:position"}


def test_a_rule_uses_a_term_as_a_query_does(made_up: Path) -> None:
    for part in ("rules", "ontology/rules"):
        (made_up / part).mkdir()
        (made_up / "queries" / "q.rq").rename(made_up / part / "q.rq")
        assert found(made_up) == []
        (made_up / part / "q.rq").rename(made_up / "queries" / "q.rq")


def test_terms_in_the_text_of_a_query() -> None:
    text = QUERY + "SELECT ?y WHERE { ?y <https://w3id.org/foedus/ns/state/signed> <urn:x> , foedus:Actor . }"
    assert [term.removeprefix("https://w3id.org/foedus/ns/") for term, _ in inspection.terms_of(text, {})] == [
        "Actor",
        "State",
        "position",
        "state/signed",
    ]


def test_a_mutated_copy_is_inspected_with_the_shipped_checks(tmp_path: Path) -> None:
    copy = tmp_path / "core.ttl"
    text = (ROOT / "ontology" / "core.ttl").read_text(encoding="utf-8")
    copy.write_text(text.replace('rdfs:label "hedge"@en', 'rdfs:label "Hedge."@en', 1), encoding="utf-8")
    files = [f for f in turtle_files(str(ROOT)) if f.graph != GRAPH + "core"]
    changed = set(inspection.check([*files, TurtleFile(str(copy), GRAPH + "core")]))
    (problem,) = [p for p in changed if p.message == "the label “Hedge.” ends with a full stop (label-malformed)"]
    line = text[: text.index("foedus:Hedge a owl:Class")].count("\n") + 1
    assert problem[:2] == (f"{copy}:{line}", "foedus:Hedge")


def test_what_cannot_be_inspected_is_said(made_up: Path) -> None:
    checks = made_up / "ontology" / "checks"
    for text, words in (("SELECT ?x WHERE {}", "?term and ?problem"), ("ASK {}", "?term"), ("SELEC", "not SPARQL")):
        (checks / "a.rq").write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=re.escape(words)) as caught:
            found(made_up)
        assert caught.value.where == str(checks / "a.rq")
    (checks / "a.rq").unlink()
    with pytest.raises(InputError, match="no ontology to inspect"):
        list(inspection.check([], folder=str(made_up)))
    shutil.rmtree(checks)
    with pytest.raises(InputError, match="no checks"):
        found(made_up)
    (made_up / "ontology" / "core.ttl").write_text("x", encoding="utf-8")
    shutil.copytree(CHECKS, checks)
    with pytest.raises(InputError, match="not Turtle"):
        found(made_up)
