"""The Reconciliation Service API of the W3C Entity Reconciliation Community Group: what is asked, and the answers.

Two versions are spoken: 0.2 (Final Community Group Report, 10 April 2023), whose requests of 0.1 are the same; and the
draft of 1.0, as the group had it in 2025, where queries are conditions and names are in camel case. Nothing here knows
HTTP. What is not as it should be raises BadRequest.
"""

from __future__ import annotations

import html
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from foedus import __version__
from foedus.answers import XSD, Term
from foedus.datasets import ID, NS
from foedus.errors import InputError
from foedus.links.entities import Directory, Entity, when
from foedus.links.matching import FEATURES, Candidate, Condition, Matcher, Query
from foedus.links.wording import normal

DRAFT = "1.0-draft"
BATCH = 50  # queries, or things to extend, in a request
PAGE = 20  # suggestions in an answer
WIDTH, HEIGHT = 430, 300  # of a preview, in pixels
_MOST = 100  # candidates of a query

Json = dict[str, Any]


class BadRequest(InputError):
    """A request is not as the protocol has it; `status` is that of HTTP."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class Service:
    """The answers of the protocol from a directory, for a service whose public URL is `url` (no slash at its end)."""

    def __init__(self, directory: Directory, url: str) -> None:
        self.url = url
        self._directory = directory
        self._matcher = Matcher(directory)
        self._types = sorted({type for entity in directory.entities.values() for type in entity.types})

    def manifest(self, language: str) -> Json:
        """What the service is and offers, as version 0.2 has it."""
        suggest = {
            what: {
                "service_url": self.url,
                "service_path": f"/suggest/{what}",
                "flyout_service_url": self.url,
                "flyout_service_path": f"/flyout/{what}?id=${{id}}",
            }
            for what in ("entity", "property", "type")
        }
        return {
            "versions": ["0.1", "0.2"],
            **self._described(language),
            "identifierSpace": ID,
            "schemaSpace": NS,
            "view": {"url": f"{self.url}/view?id={{{{id}}}}"},
            "feature_view": {"url": f"{self.url}/features#{{{{id}}}}"},
            "suggest": suggest,
            "preview": {"url": f"{self.url}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
            "extend": {
                "propose_properties": {"service_url": self.url, "service_path": "/properties"},
                "property_settings": [{**setting, "name": name} for name, setting in _SETTINGS.items()],
            },
        }

    def manifest_of_draft(self, language: str) -> Json:
        """What the service is and offers, as the draft of 1.0 has it."""
        settings = [
            {
                {"label": "name", "help_text": "helpText"}.get(key, key): value
                for key, value in {**setting, "id": name}.items()
            }
            for name, setting in _SETTINGS.items()
        ]
        return {
            "versions": [DRAFT],
            **self._described(language),
            "view": {"url": f"{self.url}/view?id={{id}}"},
            "featureView": {"url": f"{self.url}/features#{{id}}"},
            "suggest": {"entity": True, "property": True, "type": True},
            "preview": {"width": WIDTH, "height": HEIGHT},
            "extend": {"proposeProperties": True, "propertySettings": settings},
            "lang": language,
            "standardizedScore": True,
        }

    def _described(self, language: str) -> Json:
        return {
            "name": "Foedus",
            "serviceVersion": __version__,
            "defaultTypes": [self._type(type, language) for type in self._types if not self._directory.above(type)],
            "batchSize": BATCH,
        }

    def queries(self, text: str, language: str) -> Json:
        """The results of a batch of queries (0.2): JSON text of an object of queries by name."""
        batch = _object(_parsed(text, "queries"), "queries")
        _check_size(batch, "queries")
        asked = {name: _query(query, f"queries.{name}") for name, query in batch.items()}
        return {name: {"result": self._results(query, language)} for name, query in asked.items()}

    def query(self, text: str, language: str) -> Json:
        """The results of one query as 0.1 has it: an object as JSON text, or the name that is sought."""
        given = _parsed(text, "query") if text.lstrip().startswith("{") else {"query": text}
        return {"result": self._results(_query(given, "query"), language)}

    def match(self, text: str, language: str) -> Json:
        """The results of a batch of queries of the draft: JSON text of an object with a list of queries."""
        batch = _list(_object(_parsed(text, "the body"), "the body").get("queries"), "queries")
        _check_size(batch, "queries")
        asked = [_query_of_draft(query, f"queries[{i}]") for i, query in enumerate(batch)]
        return {"results": [{"candidates": self._results(query, language, named=True)} for query in asked]}

    def _results(self, query: Query, language: str, *, named: bool = False) -> list[Json]:
        return [self._candidate(c, language, named=named) for c in self._matcher.candidates(query)]

    def _candidate(self, candidate: Candidate, language: str, *, named: bool) -> Json:
        features = [
            {"id": id, **({"name": FEATURES[id][0]} if named else {}), "value": value}
            for id, value in candidate.features.items()
        ]
        return {
            **self._told(candidate.entity, language),
            "type": self._shown_types(candidate.entity, language),
            "score": candidate.score,
            "match": candidate.match,
            "features": features,
        }

    def suggest_entities(self, prefix: str, cursor: str, language: str) -> Json:
        """The things one of whose names, or a word of it, begins with a text; or whose identifier or code it is."""
        found = self._matcher.candidates(Query((prefix,), limit=_MOST))
        certain = [c.entity for c in found if "identifier" in c.features or "name_equal" in c.features]
        beginning = _beginning(
            prefix, ((entity, (n.text for n in entity.names)) for entity in self._directory.entities.values())
        )
        things = list({entity.id: entity for entity in (*certain, *beginning)}.values())
        return _page([{**self._told(e, language), "notable": self._shown_types(e, language)} for e in things], cursor)

    def suggest_types(self, prefix: str, cursor: str, language: str) -> Json:
        """The types whose name begins with a text, or a word of it."""
        named = ((t, (t, *self._directory.labels.get(NS + t, {}).values())) for t in self._types)
        return _page([self._type(t, language) for t in _beginning(prefix, named)], cursor)

    def suggest_properties(self, prefix: str, cursor: str, language: str) -> Json:
        """The properties whose name begins with a text, or a word of it."""
        labels = self._directory.labels
        named = ((p, (p, *labels.get(iri, {}).values())) for p, iri in self._directory.properties.items())
        return _page([self._property(p, language) for p in _beginning(prefix, named)], cursor)

    def properties(self, type: str, limit: str | None, language: str) -> Json:
        """The properties that things of a type have, the most common first."""
        name = _type_name(type)
        counts: dict[str, int] = {}
        for entity in self._directory.entities.values():
            if name in entity.types:
                for property in entity.values:
                    counts[property] = counts.get(property, 0) + 1
        ordered = sorted(counts, key=lambda p: (-counts[p], p))
        most = _number(limit, "limit", 1) if limit is not None else len(ordered)
        found = [self._property(p, language) for p in ordered[:most]]
        return {"type": type, **({"limit": most} if limit is not None else {}), "properties": found}

    def extend(self, text: str, language: str) -> Json:
        """The values of properties of things (0.2): JSON text of an object with `ids` and `properties`."""
        ids, wanted = _extension(text)
        rows = {id: {name: self._cells(id, name, settings, language) for name, settings in wanted} for id in ids}
        return {"meta": self._meta(wanted, language), "rows": rows}

    def extend_of_draft(self, text: str, language: str) -> Json:
        """The same as the draft has it."""
        ids, wanted = _extension(text)
        rows = [
            {
                "id": id,
                "properties": [
                    {"id": name, "values": self._cells(id, name, settings, language)} for name, settings in wanted
                ],
            }
            for id in ids
        ]
        return {"meta": self._meta(wanted, language), "rows": rows}

    def _meta(self, wanted: Sequence[tuple[str, Json]], language: str) -> list[Json]:
        return [self._property(name, language) for name, _ in wanted]

    def _cells(self, id: str, property: str, settings: Json, language: str) -> list[Json]:
        entity = self.entity(id)
        terms = entity.values.get(property, ()) if entity else ()
        only = settings["language"]
        shown = [t for t in terms if only == "all" or not t.language or t.language == only]
        assert entity is not None or not shown
        cells = [self._cell(entity, property, term, language) for term in shown if entity]
        return cells[: settings["limit"] or None]

    def _cell(self, entity: Entity, property: str, term: Term, language: str) -> Json:
        if term.kind == "iri":
            if other := self._directory.entities.get(term.value.removeprefix(ID)):
                return {"id": other.id, "name": self._name(other, language)}
            return {"str": self._directory.label(term.value, language) if term.value.startswith(NS) else term.value}
        if term.datatype == XSD + "date":
            date = when(entity, term) if property == "foedus:date" else term.value
            return {"date": f"{date}T00:00:00"} if len(date) == len("2024-01-12") else {"str": date}
        if term.datatype in (XSD + "integer", XSD + "nonNegativeInteger"):
            return {"int": int(term.value)}
        if term.datatype in (XSD + "decimal", XSD + "double"):
            return {"float": float(term.value)}
        return {"str": term.value}

    def entity(self, id: str) -> Entity | None:
        """The thing with an identifier, or with an IRI; None where there is none."""
        return self._directory.entities.get(id.removeprefix(ID))

    def preview(self, entity: Entity, language: str) -> str:
        """A thing as a small page of HTML."""
        return self._page(entity, language, ("skos:altLabel", "foedus:summary"))

    def view(self, entity: Entity, language: str) -> str:
        """A thing as a page of HTML, with all that can be fetched of it."""
        return self._page(entity, language, tuple(entity.values))

    def flyout(self, id: str, language: str) -> Json:
        """A thing, a type or a property as a bit of HTML. Raises BadRequest (404) where there is none."""
        if entity := self.entity(id):
            about = self._directory.description(entity, language)
            name = self._name(entity, language)
        elif (type := _type_name(id)) in self._types:
            name, about = self._directory.label(NS + type, language), NS + type
        elif id in self._directory.properties:
            name, about = self._property(id, language)["name"], self._directory.properties[id]
        else:
            raise BadRequest(f"nothing has the id {_short(id)}", 404)
        return {"id": id, "html": f"<p><strong>{html.escape(name)}</strong><br>{html.escape(about)}</p>"}

    def features(self) -> str:
        """The features of candidates, explained on a page of HTML."""
        told = "".join(
            f'<dt id="{id}">{html.escape(name)} ({id})</dt><dd>{html.escape(text)}</dd>'
            for id, (name, text) in FEATURES.items()
        )
        return _html("Features of candidates", f"<dl>{told}</dl>", "en")

    def _page(self, entity: Entity, language: str, shown: Iterable[str]) -> str:
        rows = []
        for name in sorted(set(shown) - {"rdf:type", "rdfs:label"}):
            cells = self._cells(entity.id, name, {"language": "all", "limit": 0}, language)
            texts = [str(cell.get("name") or cell.get("date", "")[:10] or next(iter(cell.values()))) for cell in cells]
            if texts:
                label = self._property(name, language)["name"]
                rows.append(f"<dt>{html.escape(label)}</dt><dd>{html.escape('; '.join(texts))}</dd>")
        others = [text for tag, text in sorted(entity.labels.items()) if text != self._name(entity, language)]
        about = "<br>".join(html.escape(t) for t in (*others, self._directory.description(entity, language)))
        body = f"<p>{about}</p><dl>{''.join(rows)}</dl><p><code>{html.escape(entity.iri)}</code></p>"
        return _html(self._name(entity, language), body, language)

    def _told(self, entity: Entity, language: str) -> Json:
        description = self._directory.description(entity, language)
        return {"id": entity.id, "name": self._name(entity, language), "description": description}

    def _name(self, entity: Entity, language: str) -> str:
        return self._directory.label(entity.iri, language)

    def _shown_types(self, entity: Entity, language: str) -> list[Json]:
        """All types of a thing, the narrowest first."""
        narrowest = self._directory.narrowest(entity.types)
        ordered = (*narrowest, *sorted(entity.types - set(narrowest)))
        return [{"id": t, "name": self._directory.label(NS + t, language)} for t in ordered]

    def _type(self, type: str, language: str) -> Json:
        broader = [{"id": b, "name": self._directory.label(NS + b, language)} for b in self._directory.broader[type]]
        told: Json = {"id": type, "name": self._directory.label(NS + type, language)}
        return {**told, "broader": broader} if broader else told

    def _property(self, property: str, language: str) -> Json:
        iri = self._directory.properties.get(property, property)
        return {"id": property, "name": self._directory.label(iri, language)}


_SETTINGS: dict[str, Json] = {
    "limit": {
        "label": "Most values",
        "type": "number",
        "default": 0,
        "help_text": "How many values of a thing to fetch at most; 0 for all.",
    },
    "language": {
        "label": "Language",
        "type": "select",
        "default": "all",
        "help_text": "In which language to fetch texts.",
        "choices": [
            {"value": "all", "name": "all"},
            {"value": "en", "name": "English"},
            {"value": "uk", "name": "Ukrainian"},
        ],
    },
}


def preferred_language(header: str) -> str:
    """Which of "en" and "uk" an Accept-Language header (RFC 9110, section 12.5.4) prefers; "en" where it is silent."""
    weights = {"en": 0.0, "uk": 0.0}
    for part in header.split(","):
        tag, _, parameter = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        name, _, weight = parameter.partition("=")
        try:
            given = float(weight) if name.strip() == "q" else 1.0
        except ValueError:
            given = 0.0
        if language in weights:
            weights[language] = max(weights[language], given)
    return "uk" if weights["uk"] > weights["en"] else "en"


def _beginning(prefix: str, named: Iterable[tuple[Any, Iterable[str]]]) -> list[Any]:
    """What has a name that begins with `prefix`, then what has a word that does; each in the order of those names."""
    wanted = normal(prefix)
    found: list[tuple[bool, str, Any]] = []
    for thing, names in named:
        levels = sorted((not n.startswith(wanted), n) for n in map(normal, names) if f" {wanted}" in f" {n}")
        if levels:
            found.append((*levels[0], thing))
    return [thing for *_, thing in sorted(found, key=lambda f: f[:2])]


def _page(items: list[Json], cursor: str) -> Json:
    start = _number(cursor, "cursor", 0)
    return {"result": items[start : start + PAGE]}


def _query(given: Any, where: str) -> Query:
    query = _object(given, where)
    text, types = query.get("query", ""), query.get("type", [])
    if not isinstance(text, str):
        raise BadRequest(f"{where}.query is no text")
    if "query" not in query and not query.get("properties"):
        raise BadRequest(f"{where} has neither query nor properties")
    strict = query.get("type_strict", "should")
    if strict not in ("should", "any", "all"):
        raise BadRequest(f'{where}.type_strict is none of "should", "any" and "all"')
    conditions = []
    for i, condition in enumerate(_list(query.get("properties", []), f"{where}.properties")):
        place = f"{where}.properties[{i}]"
        values = _object(condition, place)
        conditions.append(Condition(_text(values, "pid", place), _values(values.get("v"), f"{place}.v")))
    return Query(
        (text,) if "query" in query else (),
        _types(types, f"{where}.type"),
        strict,
        tuple(conditions),
        _limit(query, where),
    )


def _query_of_draft(given: Any, where: str) -> Query:
    query = _object(given, where)
    texts: list[str] = []
    conditions = []
    listed = _list(query.get("conditions"), f"{where}.conditions")
    if not listed:
        raise BadRequest(f"{where}.conditions is empty")
    for i, given_condition in enumerate(listed):
        place = f"{where}.conditions[{i}]"
        condition = _object(given_condition, place)
        key = "propertyValue" if "propertyValue" in condition else "v"  # as older texts of the draft call it
        values = _values(condition.get(key), f"{place}.{key}")
        quantifier, required = condition.get("matchQuantifier", "any"), condition.get("required", False)
        if quantifier not in ("any", "all", "none"):
            raise BadRequest(f'{place}.matchQuantifier is none of "any", "all" and "none"')
        if not isinstance(required, bool):
            raise BadRequest(f"{place}.required is neither true nor false")
        if "matchQualifier" in condition:
            raise BadRequest(f"{place}.matchQualifier: no qualifiers are offered")
        if condition.get("matchType") == "name":
            if quantifier != "any":
                raise BadRequest(f'{place}.matchQuantifier: names are matched with "any" only')
            texts += values
        elif condition.get("matchType") == "property":
            key = "propertyId" if "propertyId" in condition else "pid"
            conditions.append(Condition(_text(condition, key, place), values, required, quantifier))
        else:
            raise BadRequest(f'{place}.matchType is neither "name" nor "property"')
    types = _types(query.get("type", []), f"{where}.type")
    return Query(tuple(texts), types, "should", tuple(conditions), _limit(query, where))


def _extension(text: str) -> tuple[list[str], list[tuple[str, Json]]]:
    """The ids, and the properties with all their settings, of a query for data extension."""
    query = _object(_parsed(text, "extend"), "extend")
    ids = _list(query.get("ids"), "extend.ids")
    _check_size(ids, "extend.ids", 20 * BATCH)
    if not all(isinstance(id, str) for id in ids):
        raise BadRequest("extend.ids holds what is no text")
    wanted = []
    for i, given in enumerate(_list(query.get("properties"), "extend.properties")):
        where = f"extend.properties[{i}]"
        property = _object(given, where)
        settings = _object(property.get("settings", {}), f"{where}.settings")
        language = settings.get("language", "all")
        if language not in ("all", "en", "uk"):
            raise BadRequest(f'{where}.settings.language is none of "all", "en" and "uk"')
        limit = _number(settings.get("limit", 0), f"{where}.settings.limit", 0)
        wanted.append((_text(property, "id", where), {"language": language, "limit": limit}))
    _check_size(wanted, "extend.properties")
    return ids, wanted


def _limit(query: Json, where: str) -> int:
    return min(_MOST, _number(query.get("limit", 10), f"{where}.limit", 1))


def _types(given: Any, where: str) -> tuple[str, ...]:
    """The names of types, which are given by id or as objects with one, alone or in a list."""
    ids = [
        type.get("id") if isinstance(type, dict) else type for type in (given if isinstance(given, list) else [given])
    ]
    if not all(isinstance(id, str) for id in ids):
        raise BadRequest(f"{where} is neither the id of a type nor a list of such")
    return tuple(_type_name(id) for id in ids if id)


def _type_name(id: str) -> str:
    return id.removeprefix(NS).removeprefix("foedus:")


def _values(given: Any, where: str) -> tuple[str, ...]:
    """The values of a condition as text: texts, numbers, booleans or things with an id, alone or in a list."""
    listed = given if isinstance(given, list) else [given]
    found = []
    for value in listed:
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            found.append(value["id"])
        elif isinstance(value, bool):
            found.append(str(value).lower())
        elif isinstance(value, str | int | float):
            found.append(str(value))
        else:
            raise BadRequest(f"{where} is no value: give a text, a number, true, false or an object with an id")
    _check_size(found, where)
    return tuple(found)


def _parsed(text: str, what: str) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no number of JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{what} is not JSON: {error}") from None


def _object(value: Any, where: str) -> Json:
    if not isinstance(value, dict):
        raise BadRequest(f"{where} is no object")
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise BadRequest(f"{where} is no list")
    return value


def _text(given: Json, key: str, where: str) -> str:
    value = given.get(key)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{where}.{key} is no text")
    return value


def _number(value: Any, where: str, least: int) -> int:
    """A whole number, also as text; 0 for nothing."""
    try:
        number = float(value or 0) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not (least <= number < 1e9 and number == int(number)):
        raise BadRequest(f"{where} is no whole number from {least} up")
    return int(number)


def _check_size(given: Sequence[Any] | Mapping[str, Any], where: str, most: int = BATCH) -> None:
    if len(given) > most:
        raise BadRequest(f"{where} has {len(given)} entries, and {most} are allowed", 413)


def _short(text: str) -> str:
    return repr(text if len(text) < 100 else text[:100] + "…")


def _html(title: str, body: str, language: str) -> str:
    style = "body{font:14px/1.4 sans-serif;margin:1em}h1{font-size:1.2em}dt{font-weight:bold}dd{margin:0 0 .5em}"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{style}</style></head><body><h1>{html.escape(title)}</h1>{body}</body></html>\n"
    )
