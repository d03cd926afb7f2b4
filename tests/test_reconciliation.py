"""The reconciliation service, as a process, by the protocol as we read it, and with a client that others wrote."""

from __future__ import annotations

import contextlib
import html.parser
import json
import random
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest
import requests

import foedus
from foedus.links.entities import Directory, read
from foedus.links.matching import Matcher, Query
from foedus.links.protocol import preferred_language
from tests.conftest import Cli, assert_one_message, free_port

SPACE = "https://w3id.org/foedus/id/"
OPTIONAL = "?"  # at the end of a key: what may be missing
TYPE = {"id": str, "name": str, "broader?": [{"id": str, "name": str}]}
PROPERTY = {"id": str, "name": str}
CANDIDATE = {
    "id": str,
    "name": str,
    "description": str,
    "type": [{"id": str, "name": str}],
    "score": float,
    "match": bool,
}
FEATURE = {"id": str, "value": (bool, int, float)}
SUGGEST = {"service_url": str, "service_path": str, "flyout_service_url": str, "flyout_service_path": str}
SETTING = {"type": str, "default": (int, str), "choices?": [{"value": str, "name": str}]}
MANIFEST = {
    "versions": [str],
    "name": str,
    "identifierSpace": str,
    "schemaSpace": str,
    "serviceVersion": str,
    "batchSize": int,
    "defaultTypes": [TYPE],
    "view": {"url": str},
    "feature_view": {"url": str},
    "preview": {"url": str, "width": int, "height": int},
    "suggest": {"entity": SUGGEST, "property": SUGGEST, "type": SUGGEST},
    "extend": {
        "propose_properties": {"service_url": str, "service_path": str},
        "property_settings": [{**SETTING, "name": str, "label": str, "help_text": str}],
    },
}
MANIFEST_OF_DRAFT = {
    "versions": [str],
    "name": str,
    "serviceVersion": str,
    "batchSize": int,
    "defaultTypes": [TYPE],
    "view": {"url": str},
    "featureView": {"url": str},
    "preview": {"width": int, "height": int},
    "suggest": {"entity": bool, "property": bool, "type": bool},
    "extend": {"proposeProperties": bool, "propertySettings": [{**SETTING, "id": str, "name": str, "helpText": str}]},
    "lang": str,
    "standardizedScore": bool,
}


def assert_fits(value: Any, shape: Any, where: str = "answer") -> None:
    """The value has the types, keys and items of the shape, and no keys besides."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), where
        needed = {key for key in shape if not key.endswith(OPTIONAL)}
        assert needed <= value.keys() <= {key.rstrip(OPTIONAL) for key in shape}, (where, sorted(value))
        for key, inner in shape.items():
            if key.rstrip(OPTIONAL) in value:
                assert_fits(value[key.rstrip(OPTIONAL)], inner, f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for i, item in enumerate(value):
            assert_fits(item, shape[0], f"{where}[{i}]")
    else:
        kinds = shape if isinstance(shape, tuple) else (shape,)
        assert isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool)), (where, value)


@contextlib.contextmanager
def served(how: signal.Signals, *arguments: str) -> Iterator[str]:
    """The URL of the service as a process, which is ended with a signal and must then end well."""
    process = subprocess.Popen(
        [sys.executable, "-m", "foedus", "reconcile", "--port", "0", *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    try:
        line = process.stderr.readline()
        assert "http" in line, line + process.stderr.read()
        assert "OpenRefine" in process.stderr.readline()
        yield line.split()[-1]
        process.send_signal(how)
        out, told = process.communicate(timeout=30)
        assert (process.returncode, out, told) == (0, "", "foedus: ended\n")
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(signal.SIGTERM) as found:
        yield found


@pytest.fixture(scope="module")
def directory(whole: foedus.Graph) -> Directory:
    return read(whole)


def ask(url: str, query: Any, **headers: str) -> list[dict[str, Any]]:
    """The candidates for one query."""
    answer = requests.post(url, data={"queries": json.dumps({"q": query})}, headers=headers, timeout=10)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["q"]["result"]
    return found


def get(url: str, path: str, **parameters: str) -> Any:
    answer = requests.get(url + path, params=parameters, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_manifest_has_all_that_version_0_2_names(url: str) -> None:
    manifest = get(url, "/")
    assert_fits(manifest, MANIFEST)
    assert manifest["versions"] == ["0.1", "0.2"]
    assert (manifest["identifierSpace"], manifest["schemaSpace"]) == (SPACE, "https://w3id.org/foedus/ns/")
    assert {"id": "Actor", "name": "actor"} in manifest["defaultTypes"]
    for pattern in (manifest["view"]["url"], manifest["preview"]["url"], manifest["feature_view"]["url"]):
        assert pattern.startswith(url) and "{{id}}" in pattern
    assert all("${id}" in one["flyout_service_path"] for one in manifest["suggest"].values())


def test_the_manifest_of_the_draft(url: str) -> None:
    manifest = get(url, "/draft")
    assert_fits(manifest, MANIFEST_OF_DRAFT)
    assert manifest["versions"] == ["1.0-draft"] and manifest["standardizedScore"]
    assert manifest["view"]["url"].startswith(url) and "{id}" in manifest["view"]["url"]


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # in the client
def test_a_client_of_others_matches_a_column_of_countries(url: str) -> None:
    import pandas
    from reconciler import reconcile

    column = pandas.Series(["UK", "Federal Republic of Germany", "U.S.", "Україна", "Great Britain"])
    frame = reconcile(column, type_id="State", reconciliation_endpoint=url)
    rows = {row["input_value"]: (row["id"], row["match"], row["type_id"]) for _, row in frame.iterrows()}
    assert rows == {
        "UK": ("actor/united-kingdom", True, "State"),
        "Federal Republic of Germany": ("actor/germany", True, "State"),
        "U.S.": ("actor/united-states", True, "State"),
        "Україна": ("actor/ukraine", True, "State"),
        "Great Britain": ("actor/united-kingdom", False, "State"),
    }


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("ukraine", "actor/ukraine"),
        ("  The United Kingdom ", "actor/united-kingdom"),
        ("Russian Federation", "actor/russia"),
        ("Japón", ""),
        ("UK-Ukraine agreement on security cooperation", "instrument/uk-ukraine-2024"),
        ("Agreement on Security Co-operation between Ukraine and the UK", "instrument/uk-ukraine-2024"),
        (
            "AGREEMENT ON SECURITY COOPERATION AND LONG-TERM SUPPORT BETWEEN UKRAINE AND GERMANY",
            "instrument/germany-ukraine",
        ),
        ("Budapest memorandum", "instrument/budapest-memorandum"),
        ("Volodymyr Zelensky", "actor/zelenskyy"),
        ("Zelenskiy, Volodymyr", "actor/zelenskyy"),
        ("Зеленський Володимир", "actor/zelenskyy"),
        ("Fumio Kishida", "actor/kishida"),
        ("UKR", "actor/ukraine"),
        ("U.S.A.", "actor/united-states"),
        ("RUS", "actor/russia"),
        ("Q212", "actor/ukraine"),
        ("http://www.wikidata.org/entity/Q212", "actor/ukraine"),
        ("cow-code:369", "actor/ukraine"),
        ("actor/ukraine", "actor/ukraine"),
        ("instrument:budapest-memorandum", "instrument/budapest-memorandum"),
        ("https://w3id.org/foedus/id/actor/nato", "actor/nato"),
    ],
)
def test_what_people_write_is_matched_where_it_can_mean_one_thing_only(
    directory: Directory, text: str, id: str
) -> None:
    matched = [c.entity.id for c in Matcher(directory).candidates(Query((text,))) if c.match]
    assert matched == ([id] if id else [])


@pytest.mark.parametrize(
    ("text", "first", "feature"),
    [
        ("Great Britain", "actor/united-kingdom", "name_similarity"),  # only close
        ("Zelensky", "actor/zelenskyy", "name_similarity"),  # a family has more than one member
        ("Joint Declaration", "instrument/g7-declaration", "word_of_source"),  # there are many
        ("Moscow", "actor/russia", "word_of_source"),  # the city is not the state
        ("Kyiv", "place/kyiv", "namesakes"),  # a place, and what a source calls the state
        ("369", "actor/ukraine", "code"),  # of the Correlates of War; in another list it may be another
        ("cow-code:365", "actor/russia", "code"),  # of Russia and the Soviet Union alike
        ("Agreement on Security Cooperation between Germany and Ukraine", "instrument/germany-ukraine", ""),
    ],
)
def test_what_is_only_close_or_alike_is_proposed_and_not_matched(
    directory: Directory, text: str, first: str, feature: str
) -> None:
    candidates = Matcher(directory).candidates(Query((text,)))
    assert candidates[0].entity.id == first
    assert not any(c.match for c in candidates)
    assert not feature or candidates[0].features[feature]


def test_every_name_of_ours_finds_its_thing_first_and_nothing_else_is_certain(directory: Directory) -> None:
    matcher = Matcher(directory)
    for entity in directory.entities.values():
        for name in entity.names:
            if name.given:
                candidates = matcher.candidates(Query((name.text,)))
                assert candidates[0].entity is entity, (name, candidates[0])
                assert [c.entity for c in candidates if c.match] in ([entity], []), name


def test_a_type_that_is_asked_for_tells_the_city_from_the_state(url: str) -> None:
    (place, *_) = ask(url, {"query": "Kyiv", "type": "Place", "type_strict": "should"})
    assert (place["id"], place["match"]) == ("place/kyiv", True)
    strict = ask(url, {"query": "Kyiv", "type": ["State"], "type_strict": "any"})
    assert [(c["id"], c["match"]) for c in strict] == [("actor/ukraine", False)]
    assert ask(url, {"query": "Kyiv", "type": ["State", "Place"], "type_strict": "all"}) == []
    by_iri = ask(url, {"query": "Ukraine", "type": ["https://w3id.org/foedus/ns/State"]})
    assert by_iri[0]["match"] and not by_iri[-1]["match"]


def test_candidates_come_best_first_within_the_limit_with_what_was_found(url: str) -> None:
    found = ask(url, {"query": "Ukraine", "limit": 3})
    for candidate in found:
        features = candidate.pop("features")
        assert_fits(candidate, CANDIDATE)
        assert_fits(features, [FEATURE])
        assert len({f["id"] for f in features}) == len(features)
    assert len(found) == 3
    assert [c["score"] for c in found] == sorted((c["score"] for c in found), reverse=True)
    assert all(0 <= c["score"] <= 100 for c in found)
    assert found[0]["type"][0] == {"id": "State", "name": "state"}
    assert found[0]["score"] == 99


def test_a_batch_is_answered_query_by_query_and_the_same_by_get(url: str) -> None:
    batch = {"a": {"query": "Ukraine"}, "b": {"query": ""}, "c": {"query": "x" * 5000}, "ключ": {"query": "France"}}
    posted = requests.post(url, data={"queries": json.dumps(batch)}, timeout=10).json()
    assert posted == get(url, "/", queries=json.dumps(batch))
    assert list(posted) == list(batch)
    assert posted["a"]["result"] == ask(url, {"query": "Ukraine"})
    assert posted["b"]["result"] == posted["c"]["result"] == []
    assert posted["ключ"]["result"][0]["id"] == "actor/france"


def test_one_query_in_the_manner_of_version_0_1(url: str) -> None:
    assert get(url, "/", query="Ukraine")["result"][0]["id"] == "actor/ukraine"
    assert get(url, "/", query='{"query": "Ukraine", "limit": 1}')["result"][0]["id"] == "actor/ukraine"


def test_conditions_on_properties_decide_between_candidates(url: str) -> None:
    right = {"pid": "foedus:date", "v": "2024-01-12"}
    (first, *_) = ask(url, {"query": "Conclusion of the UK–Ukraine agreement", "properties": [right]})
    assert first["match"] and {"id": "properties", "value": 100.0} in first["features"]
    wrong = {"pid": "date", "v": ["2024-01-13"]}
    (first, *_) = ask(url, {"query": "Conclusion of the UK–Ukraine agreement", "properties": [wrong]})
    assert first["id"] == "event/uk-ukraine-2024-conclusion" and not first["match"]
    by_code = ask(url, {"properties": [{"pid": "iso3166-1-alpha3", "v": "UKR"}]})
    assert [(c["id"], c["match"]) for c in by_code] == [("actor/ukraine", True)]
    by_thing = ask(url, {"properties": [{"pid": "foedus:beneficiary", "v": {"id": "actor/israel"}}]})
    assert by_thing and not any(c["match"] for c in by_thing)


def test_the_draft_matches_by_conditions(url: str) -> None:
    conditions = [
        {"matchType": "name", "propertyValue": ["Ukraine", "UKR"]},
        {"matchType": "property", "propertyId": "rdf:type", "propertyValue": "State", "required": True},
    ]
    older = [{"matchType": "property", "pid": "wikidata", "v": "Q212", "matchQuantifier": "none", "required": True}]
    queries = [{"type": "State", "conditions": conditions, "limit": 2}, {"conditions": conditions + older}]
    answer = requests.post(f"{url}/draft/match", json={"queries": queries}, timeout=10)
    (first, second) = answer.json()["results"]
    assert [c["id"] for c in first["candidates"] if c["match"]] == ["actor/ukraine"]
    for candidate in first["candidates"]:
        features = candidate.pop("features")
        assert_fits(candidate, CANDIDATE)
        assert_fits(features, [{**FEATURE, "name": str}])
    assert "actor/ukraine" not in [c["id"] for c in second["candidates"]]


def test_answers_are_in_the_language_that_is_preferred(url: str) -> None:
    (first, *_) = ask(url, {"query": "Ukraine"}, **{"Accept-Language": "uk, en;q=0.8"})
    assert (first["name"], first["type"][0]["name"]) == ("Україна", "держава")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("uk", "uk"),
        ("uk-UA,uk;q=0.9,en;q=0.8", "uk"),
        ("en;q=0.9, uk;q=0.2", "en"),
        ("de", "en"),
        ("uk;q=x", "en"),
        ("uk;q=0", "en"),
    ],
)
def test_the_header_tells_the_language(header: str, language: str) -> None:
    assert preferred_language(header) == language


def test_things_are_suggested_by_the_beginning_of_a_name(url: str) -> None:
    found = get(url, "/suggest/entity", prefix="zel")["result"]
    assert_fits(found, [{"id": str, "name": str, "description": str, "notable": [{"id": str, "name": str}]}])
    assert found[0]["id"] == "actor/zelenskyy"
    assert get(url, "/suggest/entity", prefix="actor/ukraine")["result"][0]["name"] == "Ukraine"
    everything = get(url, "/suggest/entity", prefix="")["result"]
    assert get(url, "/draft/suggest/entity", prefix="", cursor="5")["result"][:10] == everything[5:15]


def test_types_and_properties_are_suggested_too(url: str) -> None:
    state = {"id": "State", "name": "state", "broader": [{"id": "Actor", "name": "actor"}]}
    assert get(url, "/suggest/type", prefix="sta")["result"] == [state]
    found = get(url, "/suggest/property", prefix="alpha")["result"]
    assert_fits(found, [PROPERTY])
    assert "notation:iso3166-1-alpha3" in [p["id"] for p in found]


def test_pages_and_flyouts_tell_of_a_thing(url: str) -> None:
    for path in ("/preview", "/view", "/draft/preview"):
        answer = requests.get(url + path, params={"id": "instrument/budapest-memorandum"}, timeout=10)
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "<h1>Budapest Memorandum</h1>" in answer.text and "memorandum" in answer.text
        assert "script" not in answer.text and "default-src 'none'" in answer.headers["Content-Security-Policy"]
        html.parser.HTMLParser().feed(answer.text)
    quoted = requests.get(f"{url}/preview?id=actor/democratic-initiatives", timeout=10).text
    assert "&quot;Democratic Initiatives&quot;" in quoted
    assert get(url, "/flyout/entity", id="actor/ukraine")["id"] == "actor/ukraine"
    assert "<strong>state</strong>" in get(url, "/flyout/type", id="State")["html"]
    assert 'id="name_equal"' in requests.get(f"{url}/features", timeout=10).text
    assert requests.get(f"{url}/preview?id=actor/nobody", timeout=10).status_code == 404


def test_values_are_fetched_no_finer_than_they_are_known(url: str) -> None:
    wanted: list[dict[str, Any]] = [
        {"id": "foedus:date"},
        {"id": "notation:iso3166-1-alpha2"},
        {"id": "rdfs:label", "settings": {"language": "uk"}},
        {"id": "foedus:involves", "settings": {"limit": 1}},
        {"id": "foedus:eventType"},
        {"id": "nothing"},
    ]
    query: dict[str, Any] = {
        "ids": ["event/nato-founding", "event/uk-ukraine-2024-conclusion", "actor/ukraine", "no"],
        "properties": wanted,
    }
    answer = requests.post(url, data={"extend": json.dumps(query)}, timeout=10).json()
    assert [m["id"] for m in answer["meta"]] == [w["id"] for w in wanted]
    assert answer["meta"][0]["name"] == "date"
    rows = answer["rows"]
    assert rows["event/nato-founding"]["foedus:date"] == [{"str": "1949"}]
    assert rows["event/uk-ukraine-2024-conclusion"]["foedus:date"] == [{"date": "2024-01-12T00:00:00"}]
    assert rows["event/nato-founding"]["foedus:involves"] == [{"id": "actor/nato", "name": "NATO"}]
    assert rows["event/nato-founding"]["foedus:eventType"] == [{"str": "founding"}]
    assert rows["actor/ukraine"]["notation:iso3166-1-alpha2"] == [{"str": "UA"}]
    assert rows["actor/ukraine"]["rdfs:label"] == [{"str": "Україна"}]
    assert rows["no"] == {w["id"]: [] for w in wanted}
    draft = requests.post(f"{url}/draft/extend", json=query, timeout=10).json()
    assert [row["id"] for row in draft["rows"]] == query["ids"]
    assert draft["rows"][0]["properties"][0] == {"id": "foedus:date", "values": [{"str": "1949"}]}


def test_properties_are_proposed_for_a_type(url: str) -> None:
    for path in ("/properties", "/draft/extend/propose"):
        found = get(url, path, type="State", limit="40")
        assert_fits(found, {"type": str, "limit": int, "properties": [PROPERTY]})
        assert {"id": "notation:cow-code", "name": "COW code"} in found["properties"]
    assert len(get(url, "/properties", type="State", limit="2")["properties"]) == 2
    assert get(url, "/properties", type="Nothing")["properties"] == []


def test_any_web_page_may_read_the_answers(url: str) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    answers = [
        requests.get(url, timeout=10),
        requests.get(f"{url}/nothing", timeout=10),
        requests.post(url, data={"queries": "{"}, timeout=10),
        requests.options(f"{url}/draft/match", headers=asked, timeout=10),
    ]
    assert [a.status_code for a in answers] == [200, 404, 400, 204]
    assert {a.headers["Access-Control-Allow-Origin"] for a in answers} == {"*"}
    assert answers[3].headers["Access-Control-Allow-Headers"] == "*"


def test_a_callback_makes_javascript_and_nothing_else_gets_in(url: str) -> None:
    answer = requests.get(url, params={"callback": "jQuery.back_1"}, timeout=10)
    assert answer.headers["Content-Type"].startswith("application/javascript")
    assert answer.text.startswith("/**/jQuery.back_1({") and answer.text.endswith("});")
    refused = requests.get(url, params={"callback": "alert(1);x"}, timeout=10)
    assert refused.status_code == 400 and "alert" not in refused.text


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/", {"queries": "{"}, 400, "queries is not JSON"),
        ("/", {"queries": "[" * 100_000}, 400, "queries is not JSON"),
        ("/", {"queries": "[]"}, 400, "queries is no object"),
        ("/", {"queries": '{"a": 1}'}, 400, "queries.a is no object"),
        ("/", {"queries": '{"a": {}}'}, 400, "queries.a has neither query nor properties"),
        ("/", {"queries": '{"a": {"query": 1}}'}, 400, "queries.a.query is no text"),
        ("/", {"queries": '{"a": {"query": "x", "limit": 0}}'}, 400, "queries.a.limit is no whole number from 1"),
        ("/", {"queries": '{"a": {"query": "x", "limit": "x"}}'}, 400, "queries.a.limit is no whole number from 1"),
        ("/", {"queries": '{"a": {"query": "x", "limit": 1e999}}'}, 400, "queries.a.limit is no whole number from 1"),
        ("/", {"queries": '{"a": {"query": "x", "limit": NaN}}'}, 400, "NaN is no number of JSON"),
        ("/", {"queries": '{"a": {"query": "x", "type": [1]}}'}, 400, "queries.a.type is neither"),
        ("/", {"queries": '{"a": {"query": "x", "type_strict": "no"}}'}, 400, "queries.a.type_strict is none of"),
        ("/", {"queries": '{"a": {"properties": [{"pid": 1, "v": "x"}]}}'}, 400, "queries.a.properties[0].pid is no"),
        ("/", {"queries": '{"a": {"properties": [{"pid": "x"}]}}'}, 400, "queries.a.properties[0].v is no value"),
        ("/", {"queries": json.dumps({str(i): {"query": "x"} for i in range(51)})}, 413, "51 entries, and 50 are"),
        ("/", {"extend": '{"ids": "x", "properties": []}'}, 400, "extend.ids is no list"),
        ("/", {"extend": '{"ids": [], "properties": [{}]}'}, 400, "extend.properties[0].id is no text"),
        ("/", {"nothing": "x"}, 400, "no form with queries or extend"),
        ("/", b"\xff", 400, "not UTF-8"),
        ("/", b"x" * 4_000_001, 413, "more than 4,000,000 bytes"),
        ("/draft/match", b"[]", 400, "the body is no object"),
        ("/draft/match", b'{"queries": [{"conditions": []}]}', 400, "queries[0].conditions is empty"),
        ("/draft/match", b'{"queries": [{"conditions": [{"matchType": "x", "v": 1}]}]}', 400, "matchType is neither"),
        ("/draft/extend", b"{}", 400, "extend.ids is no list"),
        ("/preview", b"{}", 405, "Method Not Allowed"),
    ],
)
def test_what_is_no_request_is_refused_with_a_message(url: str, path: str, body: Any, status: int, words: str) -> None:
    headers = {"Content-Type": "application/json"} if path != "/" else {}
    answer = requests.post(url + path, data=body, headers=headers, timeout=10)
    assert answer.status_code == status
    assert_fits(answer.json(), {"status": str, "message": str})
    assert words in answer.json()["message"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["/preview", "/flyout/entity", "/properties", "/suggest/entity?cursor=-1"])
def test_parameters_that_are_missing_or_wrong_are_named(url: str, path: str) -> None:
    answer = requests.get(url + path, timeout=10)
    assert answer.status_code == 400 and answer.json()["message"]


def test_nothing_makes_the_service_stumble(url: str) -> None:
    chance = random.Random(20240112)
    pieces: list[Any] = [
        None,
        True,
        -1,
        1e308,
        "",
        "Україна",
        "\ud800",
        "a\x00b",
        "<script>",
        "عرب",
        [],
        {},
        "cow-code:",
    ]

    def anything(depth: int) -> Any:
        kind = chance.random()
        if depth and kind < 0.3:
            return [anything(depth - 1) for _ in range(chance.randrange(3))]
        if depth and kind < 0.7:
            keys = ["query", "type", "limit", "properties", "pid", "v", "ids", "id", "settings", "conditions", "\udfff"]
            return {chance.choice(keys): anything(depth - 1) for _ in range(chance.randrange(4))}
        return chance.choice(pieces)

    with requests.Session() as session:
        for _ in range(150):
            name = chance.choice(["queries", "extend"])
            batch = (
                {"q": anything(3), "ids": anything(1), "properties": anything(2)}
                if name == "extend"
                else {"q": anything(3)}
            )
            answer = session.post(url, data={name: json.dumps(batch)}, timeout=10)
            assert answer.status_code in (200, 400), (batch, answer.text)
            answer.json()


def test_half_a_character_comes_back_as_it_came(url: str) -> None:
    extend = '{"ids": [], "properties": [{"id": "\\ud800"}]}'
    assert requests.post(url, data={"extend": extend}, timeout=10).json()["meta"][0]["id"] == "\ud800"


def test_a_public_url_is_told_to_clients_and_an_interrupt_ends_well() -> None:
    with served(signal.SIGINT, "--url", "https://example.org/foedus/") as told:
        assert told == "https://example.org/foedus"


def test_what_cannot_be_served_is_said(cli: Cli, url: str) -> None:
    port = str(urllib.parse.urlsplit(url).port)
    assert_one_message(cli("reconcile", "--port", port), 2, f"127.0.0.1:{port}", "in use", "--port")
    assert_one_message(cli("reconcile", "--port", "70000"), 2, "not a port")
    assert_one_message(cli("reconcile", "--url", "ftp://x"), 2, "not the URL of a service")
    assert_one_message(cli("reconcile", "--host", "0.0.0.0"), 2, "--url URL")
    assert_one_message(cli("reconcile", "--host", "256.0.0.1", "--port", str(free_port())), 2, "--host 256.0.0.1")
