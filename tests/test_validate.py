"""The shipped graph is clean, and each rule of the house and each shape finds the data that break it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from foedus.checks import Problem, literals, shapes, terms
from foedus.datasets import TurtleFile, turtle_files
from tests.conftest import PREFIXES, ROOT, Cli, assert_one_message, once

EXTRA = """@prefix amount: <https://w3id.org/foedus/id/amount/> .
@prefix bound: <https://w3id.org/foedus/ns/bound/> .
@prefix clause-kind: <https://w3id.org/foedus/ns/clause-kind/> .
@prefix value: <https://w3id.org/foedus/ns/value/> .
@prefix capacity: <https://w3id.org/foedus/ns/capacity/> .
@prefix condition: <https://w3id.org/foedus/id/condition/> .
@prefix count: <https://w3id.org/foedus/id/count/> .
@prefix classification: <https://w3id.org/foedus/id/classification/> .
@prefix outcome: <https://w3id.org/foedus/ns/outcome/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix test-outcome: <https://w3id.org/foedus/id/test-outcome/> .
@prefix derivation-rule: <https://w3id.org/foedus/ns/derivation-rule/> .
@prefix derived-date: <https://w3id.org/foedus/id/derived-date/> .
@prefix designation: <https://w3id.org/foedus/id/designation/> .
@prefix disagreement: <https://w3id.org/foedus/id/disagreement/> .
@prefix disagreement-kind: <https://w3id.org/foedus/ns/disagreement-kind/> .
@prefix authority: <https://w3id.org/foedus/ns/authority/> .
@prefix confidence: <https://w3id.org/foedus/ns/confidence/> .
@prefix entry: <https://w3id.org/foedus/id/entry/> .
@prefix event: <https://w3id.org/foedus/id/event/> .
@prefix event-type: <https://w3id.org/foedus/ns/event-type/> .
@prefix group: <https://w3id.org/foedus/id/group/> .
@prefix hedge: <https://w3id.org/foedus/id/hedge/> .
@prefix hedge-kind: <https://w3id.org/foedus/ns/hedge-kind/> .
@prefix link: <https://w3id.org/foedus/id/link/> .
@prefix match: <https://w3id.org/foedus/ns/match/> .
@prefix matter: <https://w3id.org/foedus/ns/matter/> .
@prefix participation: <https://w3id.org/foedus/id/participation/> .
@prefix passage: <https://w3id.org/foedus/id/passage/> .
@prefix notation: <https://w3id.org/foedus/ns/notation/> .
@prefix place: <https://w3id.org/foedus/id/place/> .
@prefix position: <https://w3id.org/foedus/id/position/> .
@prefix role: <https://w3id.org/foedus/id/role/> .
@prefix set-aside: <https://w3id.org/foedus/ns/set-aside/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix state-of: <https://w3id.org/foedus/id/instrument-state/> .
@prefix statement: <https://w3id.org/foedus/id/statement/> .
@prefix statement-kind: <https://w3id.org/foedus/ns/statement-kind/> .
@prefix work: <https://w3id.org/foedus/id/work/> .
"""
#: One of everything, as it should be; each mutation below breaks one thing.
GOOD = """
source:s a foedus:Source ; rdfs:label "Source s"@en ; dcterms:title "S"@en ; foedus:fileName "s.txt" ; foedus:cites work:s.1 ;
  foedus:sha256 "0000000000000000000000000000000000000000000000000000000000000000" ; foedus:date "2024-05-01"^^xsd:date ;
  foedus:datePrecision precision:month ; foedus:readOn "2024-06-01"^^xsd:date ; foedus:hasCitation citation:s.1 .
source:s.2 a foedus:Source ; rdfs:label "Source s two"@en ; dcterms:title "S2"@en ; foedus:fileName "s2.txt" ;
  foedus:sha256 "0000000000000000000000000000000000000000000000000000000000000000" ;
  foedus:readOn "2024-06-01"^^xsd:date ; foedus:hasCitation citation:s.2 .
work:s.1 a foedus:CitedWork ; rdfs:label "Work one of s"@en ; foedus:noteNumber 1 ; foedus:citedFor "the date"@en ;
  foedus:hasCitation citation:s.1 .
citation:s.1 a foedus:Citation ; foedus:source source:s ; foedus:locator "page 1" ; foedus:start 0 ; foedus:end 9 ;
  foedus:phrase "one two three" .
citation:s.2 a foedus:Citation ; foedus:source source:s.2 ; foedus:locator "page 1" ; foedus:start 0 ; foedus:end 9 ;
  foedus:phrase "one two three" .
passage:s a foedus:SetAsidePassage ; foedus:source source:s ; foedus:locator "page 2" ; foedus:start 10 ; foedus:end 19 ;
  foedus:phrase "Contents" ; foedus:setAsideAs set-aside:heading .
actor:s a foedus:Actor , foedus:State ; rdfs:label "State s"@en , "Держава s"@uk ; foedus:hasCitation citation:s.1 .
instrument:s a foedus:Instrument , foedus:Treaty ; rdfs:label "Treaty s"@en ; foedus:duration "P1Y"^^xsd:duration ;
  foedus:hasClause clause:s ; foedus:hasCitation citation:s.1 .
group:s a foedus:InstrumentGroup ; rdfs:label "Group s"@en ; foedus:hasCitation citation:s.1 .
clause:s a foedus:Clause ; rdfs:label "Clause s"@en ; foedus:accordingTo source:s ; foedus:creates commitment:s ; foedus:hasCitation citation:s.1 .
commitment:s a foedus:Commitment ; rdfs:label "Commitment s"@en ; foedus:accordingTo source:s ; foedus:committedBy actor:s ; foedus:beneficiary actor:s ;
  foedus:trigger trigger:standing ; foedus:response response:training ; foedus:deonticForce force:will ;
  foedus:verbAsWorded "will train" ; foedus:hedge hedge:s ; foedus:condition condition:s ; foedus:amount amount:s ;
  foedus:timeLimit "P1D"^^xsd:duration ; foedus:hasCitation citation:s.1 .
hedge:s a foedus:Hedge ; rdfs:label "Hedge s"@en ; foedus:accordingTo source:s ; foedus:hedgeKind hedge-kind:consent ; foedus:wording "if agreed" ;
  foedus:hasCitation citation:s.1 .
condition:s a foedus:Condition ; rdfs:label "Condition s"@en ; foedus:accordingTo source:s ; foedus:wording "once agreed" ; foedus:hasCitation citation:s.1 .
amount:s a foedus:Amount ; rdfs:label "Amount s"@en ; foedus:accordingTo source:s ; foedus:amountValue 1 ; foedus:currency "EUR" ;
  foedus:hasCitation citation:s.1 .
guarantee:s a foedus:Guarantee ; rdfs:label "Guarantee s"@en ; foedus:accordingTo source:s ; foedus:underInstrument instrument:s ;
  foedus:committedBy actor:s ; foedus:beneficiary actor:s ; foedus:comprises commitment:s ; foedus:hasCitation citation:s.1 .
participation:s a foedus:Participation ; rdfs:label "Participation s"@en ; foedus:accordingTo source:s ; foedus:participationIn instrument:s ;
  foedus:participant actor:s ; foedus:capacity capacity:party ; foedus:hasCitation citation:s.1 .
role:s a foedus:RoleHolding ; rdfs:label "Role s"@en ; foedus:holder actor:tusk ; foedus:roleTitle "head"@en ;
  foedus:accordingTo source:s ; foedus:hasCitation citation:s.1 .
state-of:s a foedus:InstrumentState ; rdfs:label "State of s"@en ; foedus:accordingTo source:s ; foedus:stateOf instrument:s ; foedus:state state:signed ;
  foedus:hasCitation citation:s.1 .
event:s a foedus:Event ; rdfs:label "Event s"@en ; foedus:eventType event-type:summit ; foedus:date "2024-05-02"^^xsd:date ;
  foedus:datePrecision precision:day ; foedus:place "S" ; foedus:location place:s ; foedus:hasCitation citation:s.1 .
statement:s a foedus:Statement ; rdfs:label "Statement s"@en ; foedus:speaker actor:s ; foedus:about instrument:s ;
  foedus:statementKind statement-kind:hope ; foedus:summary "Hopes."@en ; foedus:accordingTo source:s ;
  foedus:hasCitation citation:s.1 .
designation:s a foedus:Designation ; rdfs:label "Designation s"@en ; foedus:designates instrument:s ; foedus:term "pact" ;
  foedus:accordingTo source:s ; foedus:hasCitation citation:s.1 .
count:s a foedus:Count ; rdfs:label "Count s"@en ; foedus:counts instrument:s ; foedus:countedAs "parties" ;
  foedus:countValue 2 ; foedus:accordingTo source:s ; foedus:hasCitation citation:s.1 .
finding:s.1 a foedus:Finding ; rdfs:label "Finding s one"@en ; foedus:assesses instrument:s ;
  foedus:feature feature:article-5-equivalent ; foedus:verdict verdict:absent ; foedus:basis basis:stated ;
  foedus:accordingTo source:s ; foedus:hasCitation citation:s.1 .
finding:s.2 a foedus:Finding ; rdfs:label "Finding s two"@en ; foedus:assesses instrument:s ;
  foedus:feature feature:attack-on-one , feature:duty-to-assist , feature:armed-force , feature:binding-text ;
  foedus:verdict verdict:silent ; foedus:basis basis:source-read ; foedus:accordingTo source:s ; foedus:searchedFor "binding" ;
  foedus:hasCitation citation:s.1 .
disagreement:s a foedus:Disagreement ; rdfs:label "Disagreement s"@en ; foedus:disagreementKind disagreement-kind:conflict ;
  foedus:matter matter:count ; foedus:about instrument:s ; foedus:summary "Two or three."@en ;
  foedus:hasPosition position:s.1 , position:s.2 ; foedus:hasCitation citation:s.1 , citation:s.2 .
position:s.1 a foedus:Position ; rdfs:label "Position s one"@en ; foedus:summary "Two."@en ; foedus:accordingTo source:s ;
  foedus:hasCitation citation:s.1 .
position:s.2 a foedus:Position ; rdfs:label "Position s two"@en ; foedus:summary "Three."@en ;
  foedus:accordingTo source:s.2 ; foedus:hasCitation citation:s.2 .
derived-date:s a foedus:Derivation , foedus:DerivedDate ; rdfs:label "Derived date s"@en ; foedus:dates state-of:s ;
  foedus:notBefore "2024-05-01"^^xsd:date ; foedus:notAfter "2024-05-02"^^xsd:date ;
  foedus:derivedBy derivation-rule:same-event ; foedus:summary "By the event."@en ; prov:wasDerivedFrom event:s ;
  foedus:hasCitation citation:s.1 .
classification:s a foedus:Derivation , foedus:Classification ; rdfs:label "Classification s"@en ; foedus:classifies commitment:s ;
  foedus:asClass foedus:Commitment ; foedus:derivedBy derivation-rule:class-definition ; prov:wasDerivedFrom commitment:s ;
  foedus:hasCitation citation:s.1 .
test-outcome:s a foedus:Derivation , foedus:TestOutcome ; rdfs:label "Outcome s"@en ; foedus:outcomeFor instrument:s ;
  foedus:outcomeOf feature:armed-force ; foedus:outcome outcome:open ; foedus:derivedBy derivation-rule:test-outcome ;
  prov:wasDerivedFrom finding:s.2 ; foedus:hasCitation citation:s.1 .
place:s a foedus:Place ; rdfs:label "Place s"@en ; foedus:hasCitation citation:s.1 .
actor:s skos:exactMatch entry:s ; skos:notation "3180"^^notation:atop .
link:s a foedus:Link ; foedus:linkedThing actor:s ; foedus:linkTarget entry:s ; foedus:matchKind match:exact ;
  foedus:authority authority:atop ; skos:notation "3180"^^notation:atop ; foedus:confidence confidence:one-source ;
  foedus:evidence "a list" ; foedus:checkedOn "2024-05-01"^^xsd:date ; prov:wasAttributedTo <urn:x> .
link:s.2 a foedus:LinkCandidate ; foedus:linkedThing instrument:s ; foedus:linkTarget <urn:c> ; foedus:matchKind match:close ;
  foedus:authority authority:atop ; skos:notation "3190"^^notation:atop ; foedus:confidence confidence:candidate ;
  foedus:targetName "C" ; foedus:evidence "a list" ; skos:note "Half of it."@en ; foedus:checkedOn "2024-05-01"^^xsd:date ;
  prov:wasAttributedTo <urn:x> .
link:s.3 a foedus:LinkSearch ; foedus:linkedThing event:s ; foedus:authority authority:atop ; foedus:searchedName "Event" ;
  foedus:evidence "a list" ; foedus:checkedOn "2024-05-01"^^xsd:date ; prov:wasAttributedTo <urn:x> .
entry:s a foedus:RegisterEntry ; rdfs:label "Entry s"@en ; foedus:authority authority:atop ; skos:notation "3180"^^notation:atop .
"""
#: The subject of a description in GOOD, what is replaced in it, by what, and words of the message.
MUTATIONS = [
    # labels and citations, which every kind of thing needs
    *[
        (subject, f'rdfs:label "{label}"@en ; ', "", "label")
        for subject, label in re.findall(r'(?m)^(\S+) a foedus:\S+.*?rdfs:label "([^"]+)"@en ; ', GOOD)
    ],
    *[
        (subject, "foedus:hasCitation citation:s.1 .", 'rdfs:comment "none" .', "no citation")
        for subject, rest in re.findall(r"(?ms)^(\S+) a foedus:(.*?\.)$", GOOD)
        if "foedus:hasCitation citation:s.1 ." in rest
    ],
    # the chain
    (
        "instrument:s",
        "foedus:Instrument , foedus:Treaty",
        "foedus:Instrument , foedus:Treaty , foedus:Event",
        "kind of instrument",
    ),
    ("instrument:s", '"P1Y"^^xsd:duration', '"P1Y"^^xsd:duration , "P2Y"^^xsd:duration', "more than one duration"),
    ("instrument:s", "foedus:hasClause clause:s ; ", "", "belongs to no instrument"),
    ("instrument:s", "foedus:hasClause clause:s", "foedus:hasClause clause:s ; foedus:amount actor:s", "amount"),
    ("commitment:s", "foedus:committedBy actor:s ; ", "", "nobody owes"),
    ("commitment:s", "foedus:beneficiary actor:s ;", "", "no beneficiary"),
    ("commitment:s", "foedus:trigger trigger:standing ; ", "", "no trigger"),
    ("commitment:s", "foedus:response response:training ; ", "", "no response"),
    ("commitment:s", "foedus:deonticForce force:will ;", "", "deontic force"),
    ("commitment:s", "force:will", "force:will , force:shall", "deontic force"),
    ("commitment:s", "force:will", "state:signed", "force"),
    ("commitment:s", 'foedus:verbAsWorded "will train" ; ', "", "verb"),
    ("commitment:s", '"P1D"^^xsd:duration', '"P1D"^^xsd:duration , "P2D"^^xsd:duration', "time limit"),
    ("commitment:s", "foedus:hedge hedge:s", "foedus:capability state:signed", "capability"),
    ("commitment:s", "a foedus:Commitment", "a foedus:Commitment , foedus:SupportCommitment", "commitment:s"),
    ("clause:s", "foedus:creates commitment:s ; ", "", "no clause creates"),
    ("guarantee:s", "foedus:comprises commitment:s ; ", "", "comprises"),
    ("guarantee:s", "foedus:underInstrument instrument:s ;", "", "exactly one instrument"),
    ("guarantee:s", "foedus:committedBy actor:s ; ", "", "nobody gives"),
    ("guarantee:s", "foedus:beneficiary actor:s ; ", "", "no beneficiary"),
    ("guarantee:s", "a foedus:Guarantee", "a foedus:Guarantee , foedus:SupportGuarantee", "guarantee:s"),
    ("hedge:s", "foedus:hedgeKind hedge-kind:consent ; ", "", "kind"),
    ("hedge:s", "hedge-kind:consent", "state:signed", "vocabulary"),
    ("hedge:s", 'foedus:wording "if agreed" ;', "", "words of the hedge"),
    ("condition:s", 'foedus:wording "once agreed" ; ', "", "words of the condition"),
    ("amount:s", "foedus:amountValue 1 ; ", "", "value"),
    ("amount:s", '"EUR"', '"Euro"', "currency"),
    ("actor:s", "foedus:Actor , foedus:State", "foedus:Actor", "kind of actor"),
    ("actor:s", "foedus:Actor , foedus:State", "foedus:Actor , foedus:State , foedus:Person", "kind of actor"),
    *[
        (f"{subject}:s", " foedus:accordingTo source:s ;", "", "exactly one source")
        for subject in [
            "clause",
            "commitment",
            "guarantee",
            "participation",
            "state-of",
            "hedge",
            "condition",
            "amount",
        ]
    ],
    # what is recorded
    ("participation:s", "foedus:participationIn instrument:s ;", "", "instrument or event"),
    ("participation:s", "foedus:participant actor:s ; ", "", "participant"),
    ("participation:s", "capacity:party", "state:signed", "capacity"),
    ("role:s", "foedus:holder actor:tusk ; ", "", "holder"),
    ("role:s", 'foedus:roleTitle "head"@en ;', "", "title"),
    ("role:s", "foedus:accordingTo source:s ; ", "", "source"),
    ("state-of:s", "foedus:stateOf instrument:s ; ", "", "instrument"),
    ("state-of:s", "state:signed", "force:will", "state"),
    ("event:s", "foedus:eventType event-type:summit ; ", "", "type"),
    ("event:s", '"2024-05-02"^^xsd:date', '"2024-05-02"^^xsd:date , "2024-05-03"^^xsd:date', "more than one date"),
    ("statement:s", "foedus:speaker actor:s ; ", "", "speaker"),
    ("statement:s", "foedus:about instrument:s ;", "", "about nothing"),
    ("statement:s", "statement-kind:hope", "state:signed", "kind"),
    ("statement:s", 'foedus:summary "Hopes."@en ; ', "", "summary"),
    ("statement:s", "foedus:accordingTo source:s ;", "", "source"),
    ("designation:s", "foedus:designates instrument:s ; ", "", "names nothing"),
    ("designation:s", 'foedus:term "pact" ;', "", "term"),
    ("designation:s", "foedus:accordingTo source:s ; ", "", "source"),
    ("count:s", "foedus:counts instrument:s ; ", "", "counted"),
    ("count:s", 'foedus:countedAs "parties" ;', "", "counted"),
    ("count:s", "foedus:countValue 2 ; ", "", "number"),
    ("count:s", "foedus:accordingTo source:s ; ", "", "source"),
    # findings
    ("finding:s.1", "foedus:assesses instrument:s ;", "", "instrument"),
    ("finding:s.1", "foedus:feature feature:article-5-equivalent ; ", "", "feature"),
    ("finding:s.1", "verdict:absent", "state:signed", "verdict"),
    ("finding:s.1", "basis:stated", "state:signed", "basis"),
    ("finding:s.1", "foedus:accordingTo source:s ; ", "", "source"),
    ("finding:s.2", 'foedus:searchedFor "binding"', 'rdfs:comment "none"', "words that were searched for"),
    (
        "finding:s.2",
        "foedus:hasCitation citation:s.1",
        "foedus:hasCitation citation:s.2",
        "cites the passages that name",
    ),
    ("finding:s.2", " , feature:binding-text", "", "no finding answers"),
    ("finding:s.2", "feature:attack-on-one", "feature:article-5-equivalent , feature:attack-on-one", "answered twice"),
    # where the sources differ, and what is worked out
    ("disagreement:s", "position:s.1 , position:s.2", "position:s.1", "at least two positions"),
    ("disagreement:s", "foedus:disagreementKind disagreement-kind:conflict ;", "", "one kind of the vocabulary"),
    ("disagreement:s", "disagreement-kind:conflict", "matter:count", "kind of the vocabulary"),
    ("disagreement:s", "foedus:matter matter:count ; ", "", "one matter of the vocabulary"),
    ("disagreement:s", "matter:count", "disagreement-kind:conflict", "matter of the vocabulary"),
    ("disagreement:s", "foedus:about instrument:s ; ", "", "about nothing"),
    ("disagreement:s", 'foedus:summary "Two or three."@en ;', "", "summary"),
    ("disagreement:s", "citation:s.1 , citation:s.2", "citation:s.1", "its own are not the same"),
    ("disagreement:s", "disagreement-kind:conflict", "disagreement-kind:internal", "internal if, and only if"),
    ("disagreement:s", "foedus:hasCitation citation:s.1 , citation:s.2", 'rdfs:comment "none"', "no citation"),
    ("position:s.2", "foedus:accordingTo source:s.2", "foedus:accordingTo source:s", "not its own"),
    ("position:s.2", "foedus:accordingTo source:s.2 ; ", "", "exactly one source"),
    ("position:s.2", "foedus:hasCitation citation:s.2", 'rdfs:comment "none"', "no citation"),
    ("position:s.1", 'foedus:summary "Two."@en ; ', "", "summary"),
    ("derived-date:s", "foedus:dates state-of:s ;", "", "one thing that it dates"),
    ("derived-date:s", "foedus:derivedBy derivation-rule:same-event ; ", "", "one rule"),
    ("derived-date:s", "derivation-rule:same-event", "matter:count", "rule of the vocabulary"),
    ("derived-date:s", 'foedus:summary "By the event."@en ; ', "", "summary"),
    ("derived-date:s", '"2024-05-01"^^xsd:date', '"2024-05-03"^^xsd:date', "not after the last"),
    ("derived-date:s", '"2024-05-02"^^xsd:date', '"2024-05-02"^^xsd:date , "2024-05-03"^^xsd:date', "one last day"),
    (
        "derived-date:s",
        'foedus:notBefore "2024-05-01"^^xsd:date ; foedus:notAfter "2024-05-02"^^xsd:date ;',
        "",
        "neither a first nor a last day",
    ),
    ("passage:s", "foedus:setAsideAs set-aside:heading", 'rdfs:comment "none"', "one reason"),
    ("passage:s", "set-aside:heading", "matter:count", "reason of the vocabulary"),
    ("passage:s", "foedus:source source:s ; ", "", "exactly one source"),
    ("passage:s", "foedus:start 10", "foedus:start 19", "start"),
    ("passage:s", "foedus:end 19 ;", "", "end"),
    ("passage:s", '"Contents"', '"1 2 3 4 5 6 7 8 9 10 11 12 13"', "twelve words"),
    ("derived-date:s", "prov:wasDerivedFrom event:s ;", "", "no premise"),
    ("derived-date:s", "foedus:Derivation , foedus:DerivedDate", "foedus:Derivation", "one kind of derivation"),
    ("derived-date:s", '"2024-05-01"^^xsd:date', '"2024-05-01"', "one first day"),
    ("derived-date:s", '"2024-05-02"^^xsd:date', '"2024-05-02"', "one last day"),
    ("classification:s", "foedus:classifies commitment:s ;", "", "one thing that it classifies"),
    ("classification:s", "foedus:asClass foedus:Commitment ; ", "", "one class"),
    ("classification:s", "asClass foedus:Commitment", "asClass foedus:Event", "not of the class that it says"),
    ("test-outcome:s", "foedus:outcomeFor instrument:s ;", "", "one instrument or group"),
    ("test-outcome:s", "foedus:outcomeOf feature:armed-force ; ", "", "one feature that was tested"),
    ("test-outcome:s", "foedus:outcomeOf feature:armed-force", "foedus:outcomeOf verdict:absent", "one feature"),
    ("test-outcome:s", "foedus:outcome outcome:open ; ", "", "one outcome of the vocabulary"),
    ("test-outcome:s", "outcome:open", "verdict:silent", "one outcome of the vocabulary"),
    ("commitment:s", '"P1D"^^xsd:duration', '"a day"', "one time limit (xsd:duration) at most"),
    (
        "commitment:s",
        " a foedus:Commitment",
        " a foedus:Commitment , foedus:SupportCommitment",
        "it follows or it does not",
    ),
    ("commitment:s", " a foedus:Commitment", " a foedus:Commitment , foedus:Guarantee", "no kind of commitment"),
    ("guarantee:s", " a foedus:Guarantee", " a foedus:Guarantee , foedus:Commitment", "no kind of guarantee"),
    ("event:s", '"2024-05-02"^^xsd:date', '"2024-05-02"', "no day"),
    (
        "commitment:s",
        "foedus:committedBy actor:s ;",
        "foedus:committedBy actor:s ; foedus:against actor:s ;",
        "is aimed at",
    ),
    (
        "clause:s",
        "foedus:creates commitment:s ;",
        "foedus:creates commitment:s ; foedus:hasClause clause:s ;",
        "part of itself",
    ),
    (
        "commitment:s",
        "trigger:standing ;",
        "trigger:standing ; foedus:topic trigger:standing ;",
        "the topic is no feature",
    ),
    (
        "commitment:s",
        " a foedus:Commitment",
        " a foedus:Commitment , foedus:MutualDefenceCommitment",
        "which passes it",
    ),
    ("source:s.2", 'foedus:readOn "2024-06-01"^^xsd:date', 'foedus:readOn "2024-06-01"', "was read is missing"),
    # sources, citations, dates
    ("source:s", 'foedus:readOn "2024-06-01"^^xsd:date ; ', "", "day on which its text was read"),
    ("work:s.1", 'foedus:citedFor "the date"@en ;', "", "what it is cited for"),
    ("count:s", "foedus:countValue 2", "foedus:countValue 2 , 3", "more than one whole number"),
    ("event:s", "foedus:eventType", 'foedus:denies "rain"@en ; foedus:eventType', "which this is not"),
    ("source:s", 'dcterms:title "S"@en ; ', "", "title"),
    ("source:s", 'foedus:fileName "s.txt" ; ', "", "file name"),
    ("source:s", '"0000', '"ZZZZ', "SHA-256"),
    ("source:s", "foedus:cites work:s.1 ;", "", "cites"),
    ("source:s", '"2024-05-01"^^xsd:date', '"2024-05-02"^^xsd:date', "first day"),
    ("source:s", "foedus:datePrecision precision:month", 'rdfs:comment "none"', "precision"),
    ("source:s", 'foedus:date "2024-05-01"^^xsd:date ;', "", "precision without a date"),
    ("event:s", "precision:day", "precision:year", "first day"),
    ("event:s", "precision:day", "state:signed", "precision"),
    ("citation:s.1", "foedus:source source:s ; ", "", "source"),
    ("citation:s.1", 'foedus:locator "page 1" ; ', "", "place in the text"),
    ("citation:s.1", "foedus:start 0", "foedus:start 9", "start"),
    ("citation:s.1", "foedus:start 0", "foedus:start -1", "start"),
    ("citation:s.1", "foedus:end 9 ;", "", "end"),
    ("citation:s.1", '"one two three"', '"1 2 3 4 5 6 7 8 9 10 11 12 13"', "twelve words"),
    # places and links
    ("event:s", "foedus:location place:s ; ", "", "is the location of no event"),
    ("event:s", "foedus:location place:s", "foedus:location place:s , place:s0", "more than one location"),
    ("event:s", 'foedus:place "S" ; ', "", "that no source names"),
    ("link:s", "foedus:linkedThing actor:s ; ", "", "exactly one thing"),
    ("link:s", "foedus:linkTarget entry:s ; ", "", "exactly one target"),
    ("link:s", "foedus:linkTarget entry:s", "foedus:linkTarget <urn:other>", "no link records it"),
    ("link:s", "foedus:linkTarget entry:s", "foedus:linkTarget <urn:other>", " to the target"),
    ("link:s", "foedus:linkTarget entry:s", "foedus:linkTarget <urn:other>", "is the target of no link"),
    ("link:s", "match:exact", "confidence:candidate", "kind of match"),
    ("link:s", "match:exact", "match:close", "no note says why"),
    ("link:s", "foedus:authority authority:atop", "foedus:authority match:exact", "one authority"),
    ("link:s", 'authority:atop ; skos:notation "3180"^^notation:atop', "authority:wikidata", "needs the code"),
    ("link:s", '"3180"', '"3181"', "does not have the code 3181"),
    ("link:s", '"3180"', '"318"', "the code 318 is of no notation"),
    ("link:s", '"3180"^^notation:atop', '"3180"^^notation:tops', "is of no notation"),
    ("link:s", "confidence:one-source", "match:exact", "one confidence"),
    ("link:s", "confidence:one-source", "confidence:candidate", "is a link and no candidate"),
    ("link:s", '"a list"', '"a list" , "another"', "another confidence"),
    ("link:s", 'foedus:evidence "a list" ; ', "", "has no evidence"),
    (
        "link:s",
        'foedus:checkedOn "2024-05-01"^^xsd:date',
        'foedus:checkedOn "yesterday"',
        "the day on which it was checked",
    ),
    ("link:s", " ; prov:wasAttributedTo <urn:x>", "", "who says so"),
    ("link:s.2", "confidence:candidate", "confidence:one-source", "is a candidate and no link"),
    ("link:s.2", 'foedus:targetName "C"', 'foedus:targetName "C" , "D"', "more than one name of the target"),
    (
        "link:s.2",
        "foedus:linkedThing instrument:s ; foedus:linkTarget <urn:c>",
        "foedus:linkedThing actor:s ; foedus:linkTarget entry:s",
        "the thing is mapped to it",
    ),
    (
        "link:s.2",
        "foedus:LinkCandidate ; foedus:linkedThing instrument:s ; foedus:linkTarget <urn:c> ; foedus:matchKind match:close",
        "foedus:Link ; foedus:linkedThing actor:s ; foedus:linkTarget <urn:c> ; foedus:matchKind match:exact",
        "second exact match of one thing",
    ),
    (
        "link:s.2",
        "foedus:LinkCandidate ; foedus:linkedThing instrument:s ; foedus:linkTarget <urn:c> ; foedus:matchKind match:close",
        "foedus:Link ; foedus:linkedThing instrument:s ; foedus:linkTarget entry:s ; foedus:matchKind match:exact",
        "exactly matches too",
    ),
    ("link:s.3", ' foedus:searchedName "Event" ;', "", "what was searched for"),
    ("link:s.3", "foedus:linkedThing event:s", "foedus:linkedThing actor:s", "found nothing, and there is"),
    ("entry:s", "foedus:authority authority:atop ; ", "", "one authority"),
    ("entry:s", ' ; skos:notation "3180"^^notation:atop', "", "needs a code"),
    # terms
    ("count:s", "foedus:countedAs", "foedus:countedWhat", "described nowhere"),
    ("count:s", "foedus:counts instrument:s", "foedus:counts instrument:nobody", "described nowhere"),
    ("count:s", "a foedus:Count", "a foedus:Tally", "described nowhere"),
    ("count:s", "foedus:countedAs", "dcterms:subject", "not declared"),
    ("count:s", "a foedus:Count", "a foedus:Count , dcterms:Agent", "class is not declared"),
    ("count:s", "foedus:counts instrument:s", "foedus:counts [ a foedus:Actor ]", "blank"),
    ("count:s", "foedus:counts instrument:s", 'foedus:counts "instrument:s"', "a thing and not a literal"),
    ("count:s", 'foedus:countedAs "parties"', "foedus:countedAs actor:s", "a literal and not a thing"),
    ("count:s", 'foedus:countedAs "parties"', 'foedus:countedAs "parties"@en', "of type"),
    ("count:s", "foedus:countedAs", "foedus:verbAsWorded", "which this is not"),
    ("participation:s", "foedus:participant actor:s", "foedus:participant instrument:s", "not one of foedus:Actor"),
    ("instrument:s", "foedus:Instrument , foedus:Treaty", "foedus:Treaty", "superclass"),
    ("count:s", "foedus:countValue 2", "foedus:countValue 2 ; foedus:countValue 2", "stated twice"),
]

#: What a primary text has besides; only a few of the features are answered, and the messages on the rest are left out.
GOOD_TEXT = """
source:s a foedus:Source , foedus:PrimaryText ; rdfs:label "Text s"@en ; dcterms:title "Pact"@en ; foedus:textOf instrument:s ;
  foedus:fileName "s.txt" ; foedus:sha256 "0000000000000000000000000000000000000000000000000000000000000000" ;
  foedus:readOn "2024-06-01"^^xsd:date ; foedus:hasCitation citation:s .
citation:s a foedus:Citation ; foedus:source source:s ; foedus:locator "1" ; foedus:start 0 ; foedus:end 9 ; foedus:phrase "one two" .
instrument:s a foedus:Instrument ; rdfs:label "Pact s"@en ; foedus:hasClause clause:s , clause:s.2 ; foedus:duration "P4Y"^^xsd:duration ; foedus:hasCitation citation:s .
clause:s a foedus:Clause ; rdfs:label "Clause s"@en ; foedus:clauseKind clause-kind:paragraph ; foedus:clauseNumber "1" ;
  foedus:heading "One" ; foedus:position 1 ; foedus:amount amount:s ; foedus:accordingTo source:s ; foedus:hasCitation citation:s .
amount:s a foedus:Amount ; rdfs:label "Amount s"@en ; foedus:amountValue 1 ; foedus:currency "EUR" ;
  foedus:amountBound bound:ceiling ; foedus:amountPeriod "2024" ; foedus:purpose "boats"@en ; foedus:fundedBy actor:poland ;
  foedus:accordingTo source:s ; foedus:hasCitation citation:s .
clause:s.2 a foedus:Clause ; rdfs:label "Clause s two"@en ; foedus:clauseKind clause-kind:paragraph ; foedus:position 2 ;
  foedus:creates commitment:s ; foedus:accordingTo source:s ; foedus:hasCitation citation:s .
actor:s a foedus:Actor , foedus:State ; rdfs:label "State s"@en ; foedus:hasCitation citation:s .
commitment:s a foedus:Commitment ; rdfs:label "Commitment s"@en ; foedus:accordingTo source:s ; foedus:committedBy actor:s ;
  foedus:beneficiary actor:poland ; foedus:trigger trigger:standing ; foedus:response response:training ;
  foedus:deonticForce force:will ; foedus:verbAsWorded "will train" ; foedus:hasCitation citation:s .
guarantee:s a foedus:Guarantee ; rdfs:label "Guarantee s"@en ; foedus:accordingTo source:s ; foedus:underInstrument instrument:s ;
  foedus:committedBy actor:s ; foedus:beneficiary actor:poland ; foedus:comprises commitment:s ; foedus:hasCitation citation:s .
finding:s.7 a foedus:Finding ; rdfs:label "Finding s seven"@en ; foedus:assesses instrument:s ; foedus:feature feature:signing-date ;
  foedus:verdict verdict:present ; foedus:basis basis:text-read ; foedus:literalValue "2024-05-01"^^xsd:date ; foedus:inClause clause:s ;
  foedus:accordingTo source:s ; foedus:hasCitation citation:s .
finding:s.1 a foedus:Finding ; rdfs:label "Finding s one"@en ; foedus:assesses instrument:s ; foedus:feature feature:entry-into-effect ;
  foedus:verdict verdict:present ; foedus:basis basis:text-read ; foedus:value value:on-signature ; foedus:inClause clause:s ;
  foedus:accordingTo source:s ; foedus:hasCitation citation:s .
finding:s.2 a foedus:Finding ; rdfs:label "Finding s two"@en ; foedus:assesses instrument:s ; foedus:feature feature:duration ;
  foedus:verdict verdict:present ; foedus:basis basis:text-read ; foedus:literalValue "P4Y"^^xsd:duration ; foedus:inClause clause:s ;
  foedus:accordingTo source:s ; foedus:hasCitation citation:s .
finding:s.3 a foedus:Finding ; rdfs:label "Finding s three"@en ; foedus:assesses instrument:s ; foedus:feature feature:terrorism ;
  foedus:verdict verdict:absent ; foedus:basis basis:text-read ; foedus:searchedFor "terroris" ;
  foedus:accordingTo source:s ; foedus:hasCitation citation:s .
finding:s.4 a foedus:Finding ; rdfs:label "Finding s four"@en ; foedus:assesses instrument:s ; foedus:feature feature:cyber ;
  foedus:verdict verdict:present ; foedus:basis basis:text-read ; foedus:deonticForce force:will ; foedus:verbAsWorded "will work" ;
  foedus:inClause clause:s ; foedus:accordingTo source:s ; foedus:hasCitation citation:s .
finding:s.5 a foedus:Finding ; rdfs:label "Finding s five"@en ; foedus:assesses instrument:s ; foedus:feature feature:response-hedge ;
  foedus:verdict verdict:present ; foedus:basis basis:text-read ; foedus:wording "as necessary" ; foedus:inClause clause:s ;
  foedus:accordingTo source:s ; foedus:hasCitation citation:s .
finding:s.6 a foedus:Finding ; rdfs:label "Finding s six"@en ; foedus:assesses instrument:s ; foedus:feature feature:multi-year-pledge ;
  foedus:verdict verdict:present ; foedus:basis basis:text-read ; foedus:amount amount:s ; foedus:inClause clause:s ;
  foedus:accordingTo source:s ; foedus:hasCitation citation:s .
"""
TEXT_MUTATIONS = [
    (
        "finding:s.4",
        "feature:cyber",
        "feature:article-5-equivalent",
        "no commitment under the instrument is a mutual defence commitment",
    ),
    (
        "finding:s.3",
        "foedus:feature feature:terrorism",
        "foedus:feature feature:article-5-equivalent",
        "absent in a text none of whose tests is absent",
    ),
    ("finding:s.2", '"P4Y"', '"P5Y"', "the instrument has another duration: P4Y"),
    (
        "source:s",
        " foedus:textOf instrument:s ;",
        ' foedus:textOf instrument:s ; foedus:date "2024-05-02"^^xsd:date ;',
        "day of",
    ),
    ("clause:s.2", "foedus:position 2", "foedus:position 1", "the same place in the order of the text"),
    ("clause:s", "foedus:clauseKind", "foedus:hasClause clause:s.2 ; foedus:clauseKind", "is part of two clauses"),
    (
        "instrument:s",
        "foedus:hasClause clause:s , clause:s.2",
        "foedus:hasClause clause:s",
        "not reached from the instrument",
    ),
    (
        "guarantee:s",
        "foedus:underInstrument instrument:s",
        "foedus:underInstrument instrument:other",
        "of another instrument",
    ),
    ("guarantee:s", "foedus:committedBy actor:s", "foedus:committedBy actor:poland", "none of its givers gives"),
    ("commitment:s", "force:will", "force:shall", "its verb begins with will, and its force is"),
    ("clause:s", "foedus:accordingTo source:s ;", "foedus:accordingTo source:other ;", "is of another source"),
    ("finding:s.4", "feature:cyber", "feature:armed-force", "no commitment in the clause that it names passes it"),
    ("source:s", "foedus:textOf instrument:s ;", "", "instrument whose text it is"),
    ("source:s", '"Pact"@en', '"Pact"', "language of the text"),
    ("clause:s", "clause-kind:paragraph", "state:signed", "kind of the vocabulary"),
    ("clause:s", 'foedus:clauseNumber "1"', 'foedus:clauseNumber "1" , "2"', "more than one number"),
    ("clause:s", '"One"', '"1 2 3 4 5 6 7 8 9 10 11 12 13"', "twelve words"),
    ("clause:s", "foedus:position 1 ; ", "", "place in the order"),
    ("clause:s", "foedus:position 1", "foedus:position 1 , 2", "more than one place"),
    ("amount:s", "bound:ceiling", "state:signed", "bound of the vocabulary"),
    ("amount:s", '"2024"', '"2024" , "2025"', "more than one period"),
    ("amount:s", '"boats"@en', '"boats"@en , "ships"@en', "more than one purpose"),
    ("amount:s", "foedus:fundedBy actor:poland", "foedus:fundedBy clause:s", "funded by something"),
    ("finding:s.1", "foedus:value value:on-signature ; ", "", "not of the kind"),
    ("finding:s.1", "value:on-signature", "value:russia", "does not allow"),
    ("finding:s.1", "foedus:inClause clause:s ;", "", "stands in a clause"),
    ("finding:s.1", "basis:text-read", "basis:stated", "rests on a reading"),
    (
        "finding:s.1",
        "feature:entry-into-effect",
        "feature:entry-into-effect , feature:registration",
        "answers one feature",
    ),
    ("finding:s.2", 'foedus:literalValue "P4Y"^^xsd:duration ; ', "", "not of the kind"),
    ("finding:s.3", '"terroris"', '"bandits"', "not searched for terroris"),
    ("finding:s.4", "foedus:deonticForce force:will ; ", "", "not of the kind"),
    ("finding:s.4", 'foedus:verbAsWorded "will work" ;', "", "not of the kind"),
    ("finding:s.5", 'foedus:wording "as necessary" ; ', "", "not of the kind"),
    ("finding:s.6", "foedus:amount amount:s ; ", "", "not of the kind"),
    ("finding:s.6", "foedus:accordingTo", 'foedus:openQuestion "Is it?"@en ; foedus:accordingTo', "still open: Is it?"),
]


def problems(tmp_path: Path, text: str) -> list[Problem]:
    """The problems of the ontology and the actors with one more file."""
    made_up = tmp_path / "made-up.ttl"
    made_up.write_text(PREFIXES + EXTRA + text, encoding="utf-8")
    shipped = [f for f in turtle_files(str(ROOT)) if "/ontology/" in f.path or f.path.endswith("actors.ttl")]
    files = [*shipped, TurtleFile(str(made_up), "https://w3id.org/foedus/graph/made-up")]
    found = [*literals.check(str(made_up)), *terms.check(files), *shapes.check(files)]
    # Actors are cited by the files of the sources, which are left out here.
    return [p for p in found if not ("/actors.ttl:" in p.where and "no citation" in p.message)]


def copy(number: int, mutation: tuple[str, str, str, str] | None = None, good: str = GOOD) -> str:
    """`good` with its things numbered, so that many copies stand in one graph, and with one thing broken."""
    text = good
    if mutation:
        subject, old, new, _ = mutation
        match = re.search(rf"(?ms)^{re.escape(subject)} a .*?\.$", good)
        assert match, subject
        assert old in match.group(), (subject, old)
        text = good.replace(match.group(), match.group().replace(old, new, 1))
    return re.sub(r"(?<=[a-z]:)s\b", f"s{number}", text)


def assert_caught(found: list[Problem], number: int, words: str) -> None:
    """A problem of a thing of that copy says the words, with file and line."""
    here = [p for p in found if re.search(rf":s{number}(\.\d)?$", p.thing)]
    told = [p for p in here if words.replace(":s", f":s{number}") in f"{p.thing} {p.message}"]
    assert told, here
    assert all(re.search(r"made-up\.ttl:\d+$", p.where) for p in told)


def test_the_shipped_graph_is_clean(cli: Cli) -> None:
    done = cli("validate")
    assert (done.returncode, done.stdout) == (0, "")
    assert ", 0 problems" in done.stderr


def test_one_of_everything_conforms(tmp_path: Path) -> None:
    assert problems(tmp_path, copy(0)) == []


@pytest.fixture(scope="session")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Problem]:
    text = "".join(copy(number, mutation) for number, mutation in enumerate(MUTATIONS))
    return once(tmp_path_factory, "mutations", lambda: problems(tmp_path_factory.mktemp("mutations"), text))


@pytest.mark.parametrize("number", range(len(MUTATIONS)), ids=lambda n: f"{MUTATIONS[n][0]}-{MUTATIONS[n][3]}")
def test_each_mutation_is_caught_with_file_and_line(found: list[Problem], number: int) -> None:
    assert_caught(found, number, MUTATIONS[number][-1])


NOT_READ = "the text was not read for"


def test_a_primary_text_conforms_but_for_the_features_that_it_leaves_out(tmp_path: Path) -> None:
    found = problems(tmp_path, copy(0, good=GOOD_TEXT))
    assert {p.thing for p in found} == {"source:s0"}
    left_out = [p for p in found if NOT_READ in p.message]
    features = (ROOT / "ontology" / "features.ttl").read_text(encoding="utf-8")
    asked = set(re.findall(r"(?m)^feature:(\S+) a foedus:Feature", features))
    answered = set(re.findall(r"feature:(\S+)", GOOD_TEXT))
    assert len(left_out) == len(asked - answered)
    assert all("no finding answers" in p.message or NOT_READ in p.message for p in found)


@pytest.fixture(scope="session")
def found_in_texts(tmp_path_factory: pytest.TempPathFactory) -> list[Problem]:
    text = "".join(copy(number, mutation, GOOD_TEXT) for number, mutation in enumerate(TEXT_MUTATIONS))
    made = once(tmp_path_factory, "of-texts", lambda: problems(tmp_path_factory.mktemp("mutations"), text))
    return [p for p in made if NOT_READ not in p.message]


@pytest.mark.parametrize(
    "number", range(len(TEXT_MUTATIONS)), ids=lambda n: f"{TEXT_MUTATIONS[n][0]}-{TEXT_MUTATIONS[n][3]}"
)
def test_each_mutation_of_a_text_is_caught_with_file_and_line(found_in_texts: list[Problem], number: int) -> None:
    assert_caught(found_in_texts, number, TEXT_MUTATIONS[number][-1])


#: Entries of the vocabularies and terms with one thing wrong, and the message; N stands for the number of the row.
CONCEPT = 'rdfs:label "concept N"@en ; skos:definition "Concept N."@en'
FEATURE = (
    'foedus:inGroup feature-group:cyber ; foedus:answerKind answer-kind:yes-no ; foedus:searchTerm "x"@en ; '
    "foedus:position 999 ; skos:inScheme scheme:feature"
)
ENTRIES = [
    ('citation:vN a foedus:Citation ; foedus:locator "1" .', "supports nothing"),
    (
        'trigger:vN a foedus:Trigger , skos:Concept ; rdfs:label "t"@en ; skos:inScheme scheme:trigger .',
        "needs exactly one definition",
    ),
    (f"trigger:vN a skos:Concept ; {CONCEPT} .", "needs exactly one scheme"),
    (f"foedus:vN {CONCEPT} ; rdfs:isDefinedBy foedus:x .", "needs an example"),
    ('foedus:vN rdfs:label "n"@en ; rdfs:isDefinedBy foedus:x .', "needs exactly one definition"),
    (f"trigger:vN a foedus:Trigger ; {CONCEPT} ; skos:inScheme scheme:force .", "of the vocabulary trigger"),
    (f"response:vN a foedus:Response ; {CONCEPT} ; skos:inScheme scheme:force .", "of the vocabulary response"),
    (f"force:vN a foedus:DeonticForce ; {CONCEPT} ; skos:inScheme scheme:trigger .", "of the vocabulary force"),
    (f"force:vN a foedus:ObligingForce ; {CONCEPT} ; foedus:rank 8 .", "so its rank is 7 at most"),
    (f"force:vN a foedus:ObligingForce ; {CONCEPT} .", "so its rank is 7 at most"),
    (f"force:vN a foedus:DeonticForce ; {CONCEPT} ; foedus:rank 5 .", "is not obliging, so its rank is 8 or more"),
    (f"force:vN a foedus:DeonticForce ; {CONCEPT} ; foedus:rank 10 .", "has the same rank"),
    (f"verdict:vN a foedus:Verdict ; {CONCEPT} ; skos:inScheme scheme:force .", "of the vocabulary verdict"),
    (f"legal-force:vN a foedus:LegalForce ; {CONCEPT} ; skos:inScheme scheme:force .", "of the vocabulary legal-force"),
    (f"legal-force:vN a foedus:LegalForce , foedus:Trigger ; {CONCEPT} .", "no kind of legal force"),
    (f"response:vN a foedus:Response , foedus:Trigger ; {CONCEPT} .", "no kind of response"),
    (f"feature:vN a foedus:Feature , foedus:Trigger ; {CONCEPT} .", "no kind of feature"),
    (
        f"feature:vN a foedus:Feature ; {CONCEPT} ; {FEATURE.replace('scheme:feature', 'scheme:x')} .",
        "vocabulary feature",
    ),
    (
        f"feature:vN a foedus:Feature ; {CONCEPT} ; {FEATURE.replace('feature-group:cyber', 'force:will')} .",
        "one group",
    ),
    (
        f"feature:vN a foedus:Feature ; {CONCEPT} ; {FEATURE.replace('answer-kind:yes-no', 'force:will')} .",
        "kind of answer",
    ),
    (f"feature:vN a foedus:Feature ; {CONCEPT} ; {FEATURE} ; foedus:allows force:will .", "allows what is no value"),
    (
        f"feature:vN a foedus:Feature ; {CONCEPT} ; {FEATURE} ; foedus:allows value:on-signature .",
        "has values if, and only",
    ),
    (f"feature:vN a foedus:Feature ; {CONCEPT} ; {FEATURE.replace('searchTerm', 'wording')} .", "no words to search"),
    (
        f"feature:vN a foedus:Feature ; {CONCEPT} ; {FEATURE.replace('foedus:position 999 ; ', '')} .",
        "one place in the order",
    ),
]


@pytest.fixture(scope="session")
def found_in_vocabularies(tmp_path_factory: pytest.TempPathFactory) -> list[Problem]:
    made_up = tmp_path_factory.mktemp("vocabularies") / "made-up.ttl"
    entries = "\n".join(re.sub(r"\b(v?)N\b", rf"\g<1>{i}", text) for i, (text, _) in enumerate(ENTRIES))
    more = "".join(
        f"@prefix {name}: <https://w3id.org/foedus/ns/{name}/> .\n"
        for name in ("answer-kind", "feature-group", "scheme")
    )
    made_up.write_text(PREFIXES + EXTRA + more + entries, encoding="utf-8")
    shipped = [f for f in turtle_files(str(ROOT)) if Path(f.path).parent.name == "ontology"]
    files = [*shipped, TurtleFile(str(made_up), "https://w3id.org/foedus/graph/made-up")]
    return once(tmp_path_factory, "of-vocabularies", lambda: list(shapes.check(files)))


@pytest.mark.parametrize("number", range(len(ENTRIES)), ids=lambda n: ENTRIES[n][1])
def test_each_wrong_entry_of_a_vocabulary_is_caught(found_in_vocabularies: list[Problem], number: int) -> None:
    told = [p.message for p in found_in_vocabularies if re.search(rf"[:/]v{number}$", p.thing)]
    assert any(ENTRIES[number][1] in message for message in told), told


def test_every_shape_has_data_that_violate_it(
    found: list[Problem], found_in_texts: list[Problem], found_in_vocabularies: list[Problem], tmp_path: Path
) -> None:
    """Each message of the shapes is told of something; those of nested shapes are told by the outer one's."""
    texts = (ROOT / "ontology" / "shapes.ttl").read_text(encoding="utf-8").split("\n\n")
    messages = [
        message
        for text in texts
        if not text.startswith("shape:In-")
        for message in re.findall(r'sh:message "(.*?)"@en', text)
    ]
    assert len(messages) > 120
    told = [p.message for p in (*found, *found_in_texts, *found_in_vocabularies)]
    told.append(NOT_READ)  # left out of the second, and tested above
    for message in messages:
        pattern = re.sub(r"\\\{\\\?\w+\\\}", ".+", re.escape(message))
        pattern = NOT_READ if message.startswith(NOT_READ) else pattern
        assert any(re.search(pattern, one) for one in told), message


@pytest.mark.parametrize(
    ("literal", "says"),
    [
        ('"2024-02-30"^^xsd:date', "calendar date"),
        ('"2024-02-29Z"^^xsd:date', "calendar date"),
        ('"2024"^^xsd:gYear', "not used here"),
        ('"2024-01-01T00:00:00"^^xsd:dateTime', "not used here"),
        ('"P12M"^^xsd:duration', "write P1Y"),
        ('"PT24H"^^xsd:duration', "write P1D"),
        ('"P"^^xsd:duration', "form of xsd:duration"),
        ('"50.00"^^xsd:decimal', "write 50"),
        ("50.00", "write 50"),
        ('"007"^^xsd:integer', "write 7"),
        ("007", "write 7"),
        ("+7", "write 7"),
        ("1e3", "not used here"),
        ('"ten"^^xsd:integer', "form of xsd:integer"),
        ('"yes"^^xsd:boolean', "form of xsd:boolean"),
        ('"x"@EN', "lower case"),
        ('"x"@en-GB', "lower case"),
    ],
)
def test_a_literal_that_a_store_would_rewrite_or_reject_is_found(tmp_path: Path, literal: str, says: str) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(PREFIXES + f"\n\nactor:x rdfs:label {literal} .\n", encoding="utf-8")
    (found,) = literals.check(str(path))
    assert says in found.message
    assert found.where == f"{path}:{PREFIXES.count(chr(10)) + 3}"


@pytest.mark.parametrize(
    "literal",
    [
        '"2024-02-29"^^xsd:date',
        '"P1D"^^xsd:duration',
        "5",
        "-5",
        '"0.5"^^xsd:decimal',
        '"x"@en-gb',
        '"50.00"',
        "true",
        '"%"',
    ],
)
def test_a_literal_that_every_store_keeps_is_let_through(tmp_path: Path, literal: str) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(PREFIXES + f"actor:x rdfs:label {literal} .\n", encoding="utf-8")
    assert list(literals.check(str(path))) == []


def test_a_mutated_copy_takes_the_place_of_the_shipped_file(cli: Cli, folder: Path) -> None:
    data = folder / "data" / "dw-article.ttl"
    text = data.read_text(encoding="utf-8")
    data.write_text(text.replace("foedus:countValue 21", 'foedus:countValue "twenty-one"'), encoding="utf-8")
    line = text[: text.index("foedus:countValue 21")].count("\n") + 1
    done = cli("validate", folder / "data", env={"FOEDUS_FOLDER": str(folder)})
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    lines = done.stdout.splitlines()
    assert lines
    for found in lines:
        place, number, _ = found.split(":", 2)
        assert place == str(data)
        assert 0 <= line - int(number) < 8  # the description of the count begins a few lines above


def test_an_ill_typed_literal_is_told_although_the_shapes_stumble_over_it(cli: Cli, folder: Path) -> None:
    data = folder / "data" / "dw-article.ttl"
    text = data.read_text(encoding="utf-8")
    assert '"2024-07-08"^^xsd:date' in text
    data.write_text(text.replace('"2024-07-08"^^xsd:date', '"2024-02-30"^^xsd:date', 1), encoding="utf-8")
    done = cli("validate", data, env={"FOEDUS_FOLDER": str(folder)})
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    line = text[: text.index('"2024-07-08"^^xsd:date')].count("\n") + 1
    assert f"{data}:{line}: " in done.stdout
    assert "calendar date" in done.stdout


def test_of_two_files_with_one_name_both_are_checked(cli: Cli, folder: Path, tmp_path: Path) -> None:
    text = (ROOT / "data" / "actors.ttl").read_text(encoding="utf-8")
    for name, content in (("a", text.replace('"Japan"@en', '"Japan"@EN')), ("b", text)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "actors.ttl").write_text(content, encoding="utf-8")
    for order in (("a", "b"), ("b", "a")):
        files = [tmp_path / name / "actors.ttl" for name in order]
        done = cli("validate", *files, env={"FOEDUS_FOLDER": str(folder)})
        assert done.returncode == 1
        assert f"{tmp_path / 'a' / 'actors.ttl'}:" in done.stdout


def test_what_holds_nothing_to_check_is_said(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert_one_message(cli("validate", tmp_path / "empty"), 2, "no Turtle files")
    (folder / "ontology" / "shapes.ttl").unlink()
    assert_one_message(cli("validate", env={"FOEDUS_FOLDER": str(folder)}), 2, "shapes")
    (folder / "data" / "a b.ttl").write_text("")
    assert_one_message(cli("run", "counts", env={"FOEDUS_FOLDER": str(folder)}), 2, "a b.ttl")


def test_a_passage_of_another_source_is_no_evidence(folder: Path) -> None:
    data = folder / "data" / "dw-article.ttl"
    text = data.read_text(encoding="utf-8")
    start = text.index("foedus:hasCitation citation:dw-article.")
    data.write_text(text[:start] + "foedus:hasCitation citation:landing-page.uk-first , " + text[start + 19 :])
    found = [p for p in terms.check(turtle_files(str(folder))) if "another source" in p.message]
    assert len(found) == 1


def test_paths_that_are_none(cli: Cli, tmp_path: Path) -> None:
    assert_one_message(cli("validate", tmp_path / "none"), 2, "none")
    (tmp_path / "x.ttl").write_bytes(b"\xff\xfe")
    assert_one_message(cli("validate", tmp_path), 2, "x.ttl")
