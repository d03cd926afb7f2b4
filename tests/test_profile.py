"""The OWL 2 DL profile: what breaks it is found by kind, place and message, and the shipped ontology keeps to it."""

# ruff: noqa: E501 (one snippet a line)

from __future__ import annotations

import re
from pathlib import Path

import pytest

from foedus.checks import Problem, profile
from foedus.datasets import GRAPH, TurtleFile, turtle_files
from foedus.errors import InputError
from tests.conftest import ROOT

ONTOLOGY = [GRAPH + name for name in ("core", "vocabularies", "features", "alignments")]
HOUSE = ("house-range", "house-literal")
GOOD = """@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
<https://example.org> a owl:Ontology ; owl:versionIRI <https://example.org/1> ; rdfs:label "x"@en .
:A a owl:Class ; rdfs:label "a"@en ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .
:B a owl:Class ; owl:disjointWith :C .
:C a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :A [ a owl:Restriction ; owl:onProperty :n ; owl:minQualifiedCardinality "1"^^xsd:nonNegativeInteger ; owl:onDataRange xsd:integer ] ) ] .
:p a owl:ObjectProperty , owl:FunctionalProperty ; rdfs:domain [ a owl:Class ; owl:unionOf ( :A :B ) ] ; rdfs:range :B ; owl:inverseOf :q .
:q a owl:ObjectProperty , owl:InverseFunctionalProperty ; rdfs:subPropertyOf :r .
:r a owl:ObjectProperty ; owl:propertyChainAxiom ( :r :q ) .
:t a owl:ObjectProperty , owl:TransitiveProperty .
:n a owl:DatatypeProperty ; rdfs:range :Small , [ a rdfs:Datatype ; owl:oneOf ( 1 2 ) ] ; rdfs:domain :A .
:s a owl:DatatypeProperty ; rdfs:range xsd:string , rdf:langString .
:note a owl:AnnotationProperty ; rdfs:range xsd:date ; rdfs:domain :A .
:Small a rdfs:Datatype ; owl:equivalentClass [ a rdfs:Datatype ; owl:onDatatype xsd:integer ; owl:withRestrictions ( [ xsd:maxInclusive 9 ] ) ] .
:a a :A ; :p :b ; :s "x" , "y"@en ; :n 1 ; :note [ rdfs:comment "an anonymous individual" ] ; owl:differentFrom :b .
:b a :B , [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :t ] ; owl:hasValue :a ] ; :note :anything , "x" .
[] a owl:AllDisjointClasses ; owl:members ( :A :B [ a owl:Class ; owl:complementOf :A ] ) .
[] a owl:AllDifferent ; owl:distinctMembers ( :a :b ) .
[] a owl:Axiom ; owl:annotatedSource :a ; owl:annotatedProperty :p ; owl:annotatedTarget :b ; :note "said so" .
[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetIndividual :a .
[ a owl:Class ; owl:oneOf ( :a :b ) ] rdfs:subClassOf :A .
:C owl:hasKey ( :p :n ) ; owl:disjointUnionOf ( :A :B ) .
"""
NEXT = GOOD.count("\n") + 1
#: Kind, snippet that is added on the lines from NEXT on, its thing, words of the message.
ADDED = [
    ("header", "<urn:other> a owl:Ontology .", "urn:other", "is a second ontology header"),
    ("header", "<https://example.org> owl:versionIRI <urn:v2> .", "https://example.org", "more than one version IRI"),
    ("reserved", "<https://example.org> owl:versionIRI owl:mine .", "https://example.org", "cannot be that of an ontology"),
    ("imports", "<https://example.org> owl:imports <urn:other> .", "https://example.org", "imports <urn:other>, which is not among"),
    ("triple", ":a owl:imports <https://example.org> .", "https://example.org/a", "owl:imports belongs to the ontology header"),
    ("triple", ":A owl:onProperty :p .", "https://example.org/A", "owl:onProperty belongs to a blank node"),
    ("triple", ":a rdf:first :b .", "https://example.org/a", "rdf:first belongs to a blank node"),
    ("triple", ":a a owl:Restriction .", "https://example.org/a", "owl:Restriction is the type of blank nodes only"),
    ("triple", ":a rdf:type \"A\" .", "https://example.org/a", "rdf:type has a literal"),
    ("triple", ":A rdfs:subClassOf \"B\" .", "https://example.org/A", "a literal stands where a class belongs"),
    ("triple", ":a owl:sameAs \"b\" .", "https://example.org/a", "a literal stands where an individual belongs"),
    ("triple", ":note rdfs:range [ a owl:Class ; owl:unionOf ( :A :B ) ] .", "https://example.org/note", "of an annotation property is an IRI"),
    ("triple", "[] a owl:ObjectProperty .", "a blank node", "a blank node is declared as object property"),
    ("triple", "owl:topDataProperty rdfs:subPropertyOf :n .", "owl:topDataProperty", "is below no other"),
    ("undeclared", ":a a :D .", "https://example.org/a", "https://example.org/D is used as a class and not declared"),
    ("undeclared", ":a :m :b .", "https://example.org/a", "https://example.org/m is used as a property and not declared"),
    ("undeclared", ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :m ; owl:someValuesFrom :B ] .", "https://example.org/A", "m is used as an object property and not declared"),
    ("undeclared", ":n rdfs:range :D .", "https://example.org/n", "D is used as a datatype and not declared"),
    ("undeclared", ":a :s \"x\"^^:D .", "https://example.org/a", "D is used as a datatype and not declared"),
    ("undeclared", ":p rdfs:subPropertyOf :m .", "https://example.org/p", "m is used as an object property and not declared"),
    ("role", ":p rdfs:range :Small .", "https://example.org/p", "Small is used as a class and declared as datatype"),
    ("role", ":p rdfs:subPropertyOf :n .", "https://example.org/p", "n is used as an object property and declared as data property"),
    ("role", ":a :p \"b\" .", "https://example.org/a", "p, an object property, has a literal"),
    ("role", ":a :n :b .", "https://example.org/a", "n, a data property, has no literal"),
    ("punning", ":n a owl:SymmetricProperty .", "https://example.org/n", "is declared as data property and object property"),
    ("role", ":n a owl:IrreflexiveProperty .", "https://example.org/n", "used as an object property and declared as data property"),
    ("role", ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue 1 ] .", "https://example.org/A", "owl:hasValue of https://example.org/p has a literal"),
    ("role", ":note a owl:FunctionalProperty .", "https://example.org/note", "declared as annotation property"),
    ("punning", ":A a rdfs:Datatype .", "https://example.org/A", "is declared as class and datatype"),
    ("punning", ":p a owl:DatatypeProperty .", "https://example.org/p", "is declared as data property and object property"),
    ("punning", ":note a owl:ObjectProperty .", "https://example.org/note", "is declared as annotation property and object property"),
    ("reserved", "rdfs:label a owl:DatatypeProperty .", "rdfs:label", "a reserved name is declared as data property"),
    ("reserved", ":a owl:onlyOne :b .", "https://example.org/a", "owl:onlyOne is no property of OWL 2"),
    ("reserved", ":a a rdfs:Class .", "https://example.org/a", "rdfs:Class is used as a class and is a reserved name"),
    ("reserved", ":a rdf:value 1 .", "https://example.org/a", "rdf:value is no property of OWL 2"),
    ("datatype", ":n rdfs:range xsd:gYear .", "https://example.org/n", "xsd:gYear is used as a datatype and is not in"),
    ("datatype", ":a :s \"2024\"^^xsd:gYear .", "https://example.org/a", "a literal of xsd:gYear, which is not in"),
    ("datatype", ":Large a rdfs:Datatype .", "https://example.org/Large", "declared as a datatype and not defined"),
    ("datatype", ":Large a rdfs:Datatype ; owl:equivalentClass [ a rdfs:Datatype ; owl:unionOf ( :Small :Large ) ] .", "https://example.org/Large", "by way of itself"),
    ("house-range", ":n rdfs:range xsd:date .", "https://example.org/n", "xsd:date is used as a datatype and is not in"),
    ("house-literal", ":a :s \"P1Y\"^^xsd:duration .", "https://example.org/a", "a literal of xsd:duration, which is not in"),
    ("literal", ":a :n \"one\"^^xsd:integer .", "https://example.org/a", "\"one\" has no form of xsd:integer"),
    ("literal", ":a :s \"2024-01-01\"^^xsd:dateTime .", "https://example.org/a", "no form of xsd:dateTime"),
    ("list", ":A rdfs:subClassOf [ a owl:Class ; owl:unionOf [ rdf:first :B ; rdf:rest [ rdf:first :C ] ] ] .", "https://example.org/A", "exactly one rdf:first and one rdf:rest"),
    ("list", ":A rdfs:subClassOf [ a owl:Class ; owl:unionOf [ rdf:first :B ; rdf:rest :a ] ] .", "https://example.org/A", "does not end in rdf:nil"),
    ("list", ":A rdfs:subClassOf [ a owl:Class ; owl:unionOf _:l ] . _:l rdf:first :B ; rdf:rest _:l .", "https://example.org/A", "a list runs into itself"),
    ("blank-node", ":A rdfs:subClassOf _:c . :B rdfs:subClassOf _:c . _:c a owl:Class ; owl:complementOf :C .", "https://example.org/A", "an expression or a list is used more than once"),
    ("blank-node", "[] a owl:Class ; owl:complementOf :C .", "a blank node", "an expression or a list is used nowhere"),
    ("blank-node", ":A rdfs:subClassOf [ a owl:Class ; owl:complementOf _:none ] .", "https://example.org/A", "used and not described"),
    ("blank-node", ":a :p _:i . :b :p _:i . _:i a :B .", "https://example.org/a", "an anonymous individual is the value of more than one"),
    ("blank-node", "_:i :p _:j . _:j :p _:i .", "a blank node", "anonymous individuals form a cycle"),
    ("blank-node", ":a rdfs:seeAlso [ a owl:AllDifferent ; owl:members ( :a :b ) ] .", "https://example.org/a", "owl:AllDifferent is the value of a triple"),
    ("expression", ":A rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :B ] .", "https://example.org/A", "a restriction is not typed owl:Restriction"),
    ("expression", ":A rdfs:subClassOf [ a owl:Restriction ; owl:someValuesFrom :B ] .", "https://example.org/A", "exactly one owl:onProperty"),
    ("expression", ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p , :q ; owl:someValuesFrom :B ] .", "https://example.org/A", "exactly one owl:onProperty"),
    ("expression", ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ] .", "https://example.org/A", "needs exactly one filler"),
    ("expression", ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ; owl:allValuesFrom :B ] .", "https://example.org/A", "needs exactly one filler"),
    ("expression", ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 1 ] .", "https://example.org/A", "a cardinality is an xsd:nonNegativeInteger"),
    ("expression", ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxQualifiedCardinality \"1\"^^xsd:nonNegativeInteger ] .", "https://example.org/A", "needs one owl:onClass"),
    ("expression", ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality \"1\"^^xsd:nonNegativeInteger ; owl:onClass :B ] .", "https://example.org/A", "and no other has one"),
    ("expression", ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :q ; owl:hasSelf false ] .", "https://example.org/A", "owl:hasSelf takes an object property and the value true"),
    ("expression", ":A rdfs:subClassOf [ rdfs:label \"x\" ] .", "https://example.org/A", "typed neither owl:Class nor owl:Restriction"),
    ("expression", ":n rdfs:range [ a owl:Class ; owl:oneOf ( :a ) ] .", "https://example.org/n", "where a data range belongs is not typed rdfs:Datatype"),
    ("expression", ":A rdfs:subClassOf [ a owl:Class ] .", "https://example.org/A", "exactly one of intersectionOf"),
    ("expression", ":A rdfs:subClassOf [ a owl:Class ; owl:oneOf ( 1 2 ) ] .", "https://example.org/A", "owl:oneOf lists individuals and no literal"),
    ("expression", ":n rdfs:range [ a rdfs:Datatype ; owl:onDatatype xsd:integer ; owl:withRestrictions ( [ rdfs:label 9 ] ) ] .", "https://example.org/n", "something that is no facet"),
    ("expression", "[] a owl:AllDisjointClasses .", "a blank node", "owl:AllDisjointClasses needs exactly one owl:members"),
    ("expression", "[] a owl:Axiom ; owl:annotatedSource :a ; owl:annotatedProperty :p .", "a blank node", "needs exactly one owl:annotatedTarget"),
    ("expression", "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :a ; owl:assertionProperty :p .", "a blank node", "needs one targetIndividual"),
    ("members", "[] a owl:AllDisjointClasses ; owl:members ( :A ) .", "a blank node", "owl:AllDisjointClasses has two members at least"),
    ("members", "[] a owl:AllDisjointClasses ; owl:members ( :A :B :A ) .", "a blank node", "names a member twice"),
    ("members", ":A rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :B ) ] .", "https://example.org/A", "owl:unionOf has too few members"),
    ("members", ":A rdfs:subClassOf [ a owl:Class ; owl:oneOf () ] .", "https://example.org/A", "owl:oneOf has too few members"),
    ("members", ":A owl:hasKey () .", "https://example.org/A", "a key has one property at least"),
    ("members", ":A owl:disjointUnionOf ( :B ) .", "https://example.org/A", "a disjoint union has two members at least"),
    ("members", ":p owl:propertyChainAxiom ( :t ) .", "https://example.org/p", "a property chain has two members at least"),
    ("undeclared", "[] a owl:AllDisjointClasses ; owl:members ( :A :D ) .", "a blank node", "D is used as a class and not declared"),
    ("role", ":p owl:propertyChainAxiom ( :q :n ) .", "https://example.org/p", "n is used as an object property and declared as data"),
    ("simple", ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :t ; owl:maxCardinality \"1\"^^xsd:nonNegativeInteger ] .", "https://example.org/t", "owl:maxCardinality takes a simple property: https://example.org/t is none, it is transitive"),
    ("simple", ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :t ] ; owl:hasSelf true ] .", "https://example.org/t", "owl:hasSelf takes a simple property"),
    ("simple", ":r a owl:FunctionalProperty .", "https://example.org/r", "a chain of properties implies it"),
    ("simple", ":u a owl:ObjectProperty , owl:AsymmetricProperty . :t rdfs:subPropertyOf :u .", "https://example.org/u", "https://example.org/t below it is not simple"),
    ("simple", ":t owl:propertyDisjointWith :p .", "https://example.org/t", "owl:propertyDisjointWith takes a simple property"),
    ("simple", "[] a owl:AllDisjointProperties ; owl:members ( :p :t ) .", "https://example.org/t", "owl:AllDisjointProperties takes a simple property"),
    ("regular", ":q owl:propertyChainAxiom ( :r :t ) .", "https://example.org/q", "the chain is not regular"),
    ("regular", ":t owl:propertyChainAxiom ( :p :t :p ) .", "https://example.org/t", "the chain is not regular"),
]  # fmt: skip


def found(path: Path, text: str, **options: tuple[str, ...]) -> list[Problem]:
    path.write_text(text, encoding="utf-8")
    return list(profile.check([TurtleFile(str(path), GRAPH + path.stem)], **options))


def test_the_shipped_ontology_is_in_the_profile_but_for_the_dates_of_the_house() -> None:
    files = [f for f in turtle_files(str(ROOT)) if f.graph in ONTOLOGY]
    assert len(files) == len(ONTOLOGY)
    assert list(profile.check(files, leave_out=HOUSE)) == []


def test_the_shipped_data_are_in_the_profile_but_for_the_dates_of_the_house() -> None:
    names = {*ONTOLOGY, *(GRAPH + name for name in ("actors", "derived", "vilnius-report"))}
    files = [f for f in turtle_files(str(ROOT)) if f.graph in names]
    data = [p for p in profile.check(files) if f"{ROOT}/data/" in p.where]
    assert data
    assert {p.message for p in data} == {
        "a literal of xsd:date, which is not in the OWL 2 datatype map (house-literal)"
    }


def test_what_the_language_has_is_let_through(tmp_path: Path) -> None:
    assert found(tmp_path / "x.ttl", GOOD) == []


@pytest.mark.parametrize(("kind", "snippet", "thing", "words"), ADDED, ids=[f"{a[0]}-{i}" for i, a in enumerate(ADDED)])
def test_what_breaks_the_profile_is_found(tmp_path: Path, kind: str, snippet: str, thing: str, words: str) -> None:
    path = tmp_path / "x.ttl"
    problems = found(path, GOOD + snippet.replace(" . ", " .\n") + "\n")
    told = [p for p in problems if p.thing == thing and words in p.message and p.message.endswith(f" ({kind})")]
    assert len(told) == 1, problems
    line = int(told[0].where.removeprefix(f"{path}:"))
    if kind not in ("header", "punning", "imports") and "versionIRI" not in snippet:
        assert NEXT <= line <= NEXT + snippet.count(" . ")
    assert not found(path, GOOD + snippet, leave_out=tuple({p.message.rpartition("(")[2][:-1] for p in problems}))


def test_each_kind_of_problem_has_a_snippet() -> None:
    assert {kind for kind, *_ in ADDED} == set(profile.KINDS)


def test_a_file_that_declares_needs_a_header_and_data_do_not(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    headless = "".join(line for line in GOOD.splitlines(keepends=True) if "owl:Ontology" not in line)
    assert found(path, headless) == [Problem(f"{path}:1", str(path), "there is no ontology header (header)")]
    data = tmp_path / "data.ttl"
    data.write_text(GOOD.split("<https://example.org> a")[0] + ":c a :A ; :p :b ; :m 1 .\n", encoding="utf-8")
    path.write_text(GOOD, encoding="utf-8")
    (problem,) = profile.check([TurtleFile(str(path), GRAPH + "x"), TurtleFile(str(data), GRAPH + "data")])
    assert problem.where == f"{data}:6"
    assert "https://example.org/m is used as a property and not declared" in problem.message


def test_what_another_file_declares_counts_only_where_it_is_imported(tmp_path: Path) -> None:
    files = []
    for name, body in (
        ("one", "<urn:one> a owl:Ontology ; owl:imports <urn:two> .\n:a a :A ; :p :b ."),
        ("two", "<urn:two> a owl:Ontology ; owl:imports <urn:three> .\n:A a owl:Class ."),
        ("three", "<urn:three> a owl:Ontology .\n:p a owl:ObjectProperty ."),
        ("four", "<urn:four> a owl:Ontology .\n:c a :A ."),
    ):
        path = tmp_path / f"{name}.ttl"
        path.write_text(GOOD.split("<https://example.org> a")[0] + body, encoding="utf-8")
        files.append(TurtleFile(str(path), GRAPH + name))
    (problem,) = profile.check(files)
    assert problem == Problem(
        f"{tmp_path}/four.ttl:7",
        "https://example.org/c",
        "https://example.org/A is used as a class and not declared in this file or in what it imports (undeclared)",
    )


def test_places_and_names_of_blank_nodes(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(
        "PREFIX : <urn:x/>\n@base <urn:b/> .\n# a comment .\n\n:a :b [ :c 'one . two' ] , ( 1 ) .\n"
        "@prefix : <urn:y/> . :a :b _:n\n.\n_:n :d <e> .\n",
        encoding="utf-8",
    )
    triples = list(profile.placed(str(path)))
    assert {(t.subject, t.where) for t in triples if not t.subject.startswith("_:")} == {
        ("urn:x/a", f"{path}:5"),
        ("urn:y/a", f"{path}:6"),
    }
    last = triples[-1]
    assert (last.predicate, str(last.object), last.where) == ("urn:y/d", "<urn:b/e>", f"{path}:8")
    other = tmp_path / "y.ttl"
    other.write_text("@prefix : <urn:x/> . :a :b _:n .", encoding="utf-8")
    (elsewhere,) = profile.placed(str(other))
    assert last.subject.startswith("_:n")
    assert str(elsewhere.object) != last.subject


def test_what_is_not_turtle_is_said(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    with pytest.raises(InputError, match="not Turtle") as caught:
        found(path, GOOD + ":a :b")
    assert re.match(rf"{re.escape(str(path))}:\d+", str(caught.value.where))
    with pytest.raises(InputError):
        list(profile.check([TurtleFile(str(tmp_path / "none.ttl"), GRAPH + "none")]))
