"""A graph to be copied as a site: small, and written here.

Three instruments, the texts of two, and a source of another day. Its ontology is the real one without the features that
no finding names, its queries are those of the pages and some of each kind.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.conftest import PREFIXES, ROOT

QUERIES = """
    agreements-without-article-5 article-5-equivalent-for-ukraine derived-by-rule disagreements event-coordinates
    foundations givers graph-of-relations precedents profile-of promises-by status-on text-profile timeline
"""
DATA = f"""{PREFIXES}
@prefix group: <https://w3id.org/foedus/id/group/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

actor:ukraine a foedus:State ; rdfs:label "Ukraine"@en , "Україна"@uk .
actor:germany a foedus:State ; rdfs:label "Germany"@en , "Німеччина"@uk ; skos:altLabel "FRG <Bonn> & Berlin"@en .
actor:japan a foedus:State ; rdfs:label "Japan"@en .
"""
SLUGS = {"uk": "uk-ukraine-2024", "germany": "germany-ukraine", "france": "france-ukraine"}
#: Of one source each: an instrument, what the source says of Article 5, and a promise.
SAID = """
source:{source} a foedus:Source ; rdfs:label "Source {name}"@en , "Джерело {name}"@uk ;
  foedus:date "{day}"^^xsd:date ; foedus:datePrecision precision:day .
instrument:{slug} a foedus:Instrument , foedus:BilateralAgreement ;
  rdfs:label "{name} agreement"@en , "Угода {name}"@uk ;
  foedus:beneficiary actor:ukraine ; foedus:party actor:germany , actor:ukraine .
clause:{name}.1 a foedus:Clause ; rdfs:label "{name}, 1"@en ; foedus:creates commitment:{name}.help ;
  foedus:hasCitation citation:{name}.help .
instrument:{slug} foedus:hasClause clause:{name}.1 .
commitment:{name}.help a foedus:Commitment ; rdfs:label "{name}: help"@en ; foedus:committedBy actor:germany ;
  foedus:beneficiary actor:ukraine ; foedus:verbAsWorded "will help"@en ; foedus:deonticForce force:will ;
  foedus:trigger trigger:standing ; foedus:response response:security-assistance ;
  foedus:hasCitation citation:{name}.help .
guarantee:{name} a foedus:Guarantee ; rdfs:label "{name}: guarantee"@en ; foedus:underInstrument instrument:{slug} ;
  foedus:committedBy actor:germany ; foedus:beneficiary actor:ukraine ; foedus:comprises commitment:{name}.help .
finding:{name}.none a foedus:Finding ; rdfs:label "{name}: no Article 5"@en ; foedus:assesses instrument:{slug} ;
  foedus:feature feature:article-5-equivalent ; foedus:verdict verdict:absent ; foedus:basis basis:{basis} ;
  foedus:accordingTo source:{source} ; foedus:hasCitation citation:{name}.none .
citation:{name}.none a foedus:Citation ; rdfs:label "{name}: none"@en ; foedus:source source:{source} ;
  foedus:locator "paragraph 1" ; foedus:phrase "no <clause> & \\"none\\"" ; foedus:start 1 ; foedus:end 20 .
citation:{name}.help a foedus:Citation ; rdfs:label "{name}: help"@en ; foedus:source source:{source} ;
  foedus:locator "paragraph 2" ; foedus:phrase "will help" ; foedus:start 30 ; foedus:end 40 .
"""


def written(place: Path) -> Path:
    """The graph's folder."""
    for name in ("ontology", "queries", "data"):
        (place / name).mkdir(parents=True)
    for path in (ROOT / "ontology").glob("*.ttl"):
        blocks = path.read_text(encoding="utf-8").split("\n\n")
        if path.name == "features.ttl":
            blocks = [b for b in blocks if not b.startswith("feature:") or "inGroup feature-group:article-5" in b]
        (place / "ontology" / path.name).write_text("\n\n".join(blocks), encoding="utf-8")
    for name in (*(f"{slug}.rq" for slug in QUERIES.split()), "columns.yaml"):
        shutil.copy(ROOT / "queries" / name, place / "queries" / name)
    (place / "data" / "actors.ttl").write_text(DATA, encoding="utf-8")
    for name, source, basis, day in (
        ("uk", "text-uk", "text-read", "2024-01-12"),
        ("germany", "text-germany", "text-read", "2024-02-16"),
        ("france", "report", "stated", "2024-06-27"),
    ):
        said = SAID.format(name=name, slug=SLUGS[name], source=source, basis=basis, day=day)
        if source != "report":
            said += f"source:{source} foedus:textOf instrument:{SLUGS[name]} .\n"
        (place / "data" / f"{source}.ttl").write_text(PREFIXES + said, encoding="utf-8")
    return place
