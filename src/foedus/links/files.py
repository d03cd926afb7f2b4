"""Files that were downloaded from an authority: what they say of its targets.

Wikidata: entity JSON (Special:EntityData, or a dump with one entity a line). EU tables and DBpedia: any RDF syntax.
GeoNames: its dumps (`allCountries.txt`, `cities15000.txt`) and `countryInfo.txt`. Registers of codes: CSV or
tab-separated tables with a header that names the columns. Each may be compressed with gzip.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, BinaryIO, cast

from foedus.datasets import read_bytes
from foedus.errors import InputError
from foedus.links.authorities import COLUMNS, VOCABULARIES, WD, WDT, WIKIDATA_CODES, WIKIDATA_DATES
from foedus.links.recorded import Code, Link
from foedus.links.records import Record, from_rows

_GEONAMES = "https://sws.geonames.org/"
#: Which codes tell a row of a register's table, the first that the table has.
_KEYS: dict[str, tuple[str, ...]] = {
    "iso3166-1": ("iso3166-1-alpha2", "iso3166-1-alpha3"),
    "un-m49": ("un-m49",),
    "cow": ("cow-code", "cow-abbreviation"),
    "gw": ("gw-code",),
    "loc-countries": ("marc-country",),
}
_LANGUAGES = ("en", "mul", "uk")


def can_read(authority: str) -> bool:
    """Whether files of this authority can be read."""
    return authority in VOCABULARIES or authority in _KEYS or authority == "geonames"


def records(authority: str, path: str, links: Collection[Link]) -> dict[str, Record]:
    """What the file at `path` says of the targets of `links`, by target.

    Raises InputError, with file and line where there is one, for a file that is none of the authority's.
    """
    if not os.path.isfile(path):
        raise InputError("no such file" if not os.path.exists(path) else "is no file", where=path)
    targets = {link.target for link in links}
    if authority == "wikidata":
        return _wikidata(path, targets)
    if authority in VOCABULARIES:
        return _rdf(authority, path, targets)
    if authority == "geonames":
        return _geonames(path, targets)
    return _table(authority, path, links)


def _wikidata(path: str, targets: set[str]) -> dict[str, Record]:
    """From entity JSON: one document with `entities`, a list, or one entity a line."""
    content = _content(path)
    try:
        document = json.loads(content)
        entities = _entities(document)
    except ValueError:
        entities = _lines_of_json(path, content)
    except (AttributeError, TypeError) as error:
        raise _not_wikidata(path) from error
    found = {}
    try:
        for asked, entity in entities:
            for target in {WD + asked, WD + entity["id"]} & targets:
                found[target] = _entity(entity, WD + entity["id"] if entity["id"] != asked else "")
    except (AttributeError, KeyError, TypeError) as error:
        raise _not_wikidata(path) from error
    return found


def _entities(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entities of a document, each with the number under which it was asked for."""
    if isinstance(document, list):
        return iter([(entity["id"], entity) for entity in document])
    if "entities" in document:
        return iter([(asked, e) for asked, e in document["entities"].items() if "missing" not in e])
    return iter([(document["id"], document)])


def _lines_of_json(path: str, content: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(content.splitlines(), 1):
        text = line.strip().rstrip(b",")
        if text in (b"", b"[", b"]"):
            continue
        try:
            entity = json.loads(text)
            yield entity["id"], entity
        except (ValueError, KeyError, TypeError) as error:
            raise _not_wikidata(f"{path}:{number}") from error


def _not_wikidata(where: str) -> InputError:
    return InputError(
        "no entity JSON of Wikidata",
        where=where,
        todo="Download https://www.wikidata.org/wiki/Special:EntityData/Q….json.",
    )


def _entity(entity: dict[str, Any], moved: str) -> Record:
    rows: list[dict[str, str]] = [
        {"property": VOCABULARIES["wikidata"].names[0], "value": name}
        for language in _LANGUAGES
        for name in (
            *([entity["labels"][language]["value"]] if language in entity.get("labels", {}) else []),
            *(alias["value"] for alias in entity.get("aliases", {}).get(language, ())),
        )
    ]
    for number in (*WIKIDATA_CODES, *WIKIDATA_DATES):
        for claim in entity.get("claims", {}).get(number, ()):
            value = claim["mainsnak"].get("datavalue", {}).get("value")
            if value is None or claim.get("rank") == "deprecated":
                continue
            text = value["time"].lstrip("+")[:10] if isinstance(value, dict) else str(value)
            rows.append({"property": WDT + number, "value": text})
    told = from_rows(({"target": "", **row} for row in rows), VOCABULARIES["wikidata"])
    return told.get("", Record())._replace(moved=moved)


def _rdf(authority: str, path: str, targets: set[str]) -> dict[str, Record]:
    import pyoxigraph as ox

    name = path.removesuffix(".gz")
    guessed = ox.RdfFormat.from_extension(os.path.splitext(name)[1].lstrip("."))
    if guessed is None:
        raise InputError(
            "the ending tells no RDF syntax", where=path, todo="Name it .ttl, .nt, .rdf, .jsonld or .trig."
        )
    vocabulary = VOCABULARIES[authority]
    wanted = set(vocabulary.properties)
    rows = []
    try:
        for quad in ox.parse(_content(path), format=guessed, base_iri="https://w3id.org/foedus/"):
            subject, value = getattr(quad.subject, "value", ""), quad.object
            if subject not in targets or quad.predicate.value not in wanted:
                continue
            if isinstance(value, ox.Literal) and value.language and value.language not in _LANGUAGES:
                continue
            row = {"target": subject, "property": quad.predicate.value, "value": str(getattr(value, "value", ""))}
            if isinstance(value, ox.Literal):
                row["value^^"] = value.datatype.value
            rows.append(row)
    except SyntaxError as error:
        where = ":".join(str(part) for part in (path, error.lineno, error.offset) if part)
        raise InputError(f"not the RDF that its name says: {error.msg}", where=where) from error
    return from_rows(rows, vocabulary)


def _geonames(path: str, targets: set[str]) -> dict[str, Record]:
    """From a dump (19 columns, the number first) or from countryInfo.txt (its 17th column is the number)."""
    found = {}
    for number, cells in _rows(path, "\t"):
        if cells[0].startswith("#") or not any(cells):
            continue
        if len(cells) == 19 and cells[0].isdecimal():
            target, names, codes = cells[0], [cells[1], cells[2], *cells[3].split(",")], []
        elif len(cells) in (18, 19) and re.fullmatch(r"[A-Z]{2}", cells[0]) and cells[16].isdecimal():
            target, names = cells[16], [cells[4]]
            codes = [("iso3166-1-alpha2", cells[0]), ("iso3166-1-alpha3", cells[1]), ("un-m49", cells[2].zfill(3))]
        else:
            raise InputError(
                "no row of a GeoNames dump",
                where=f"{path}:{number}",
                todo="Download allCountries.txt or countryInfo.txt.",
            )
        if f"{_GEONAMES}{target}/" in targets:
            found[f"{_GEONAMES}{target}/"] = Record(frozenset(n for n in names if n), frozenset(codes))
    return found


def _table(authority: str, path: str, links: Iterable[Link]) -> dict[str, Record]:
    """From a table with a header. Rows of one code, such as the spells of a state, are taken together."""
    header: list[str] | None = None
    columns: dict[str, list[int]] = {}
    rows: dict[str, dict[str, set[str]]] = {}
    key = ""
    first = io.TextIOWrapper(_opened(path), encoding="utf-8-sig", errors="replace").readline()
    for number, cells in _rows(path, "\t" if "\t" in first else ";" if first.count(";") > first.count(",") else ","):
        if header is None:
            header = cells
            for i, name in enumerate(cells):
                plain = re.sub(r"[^a-z0-9]", "", name.lower())
                for notation, known in COLUMNS.items():
                    if plain in known:
                        columns.setdefault(notation, []).append(i)
            key = next((k for k in _KEYS[authority] if k in columns), "")
            if not key:
                raise InputError(
                    f"no column has codes of {authority}: {', '.join(cells)[:200]}",
                    where=f"{path}:{number}",
                    todo="Name the column " + " or ".join(f"{COLUMNS[k][0]!r}" for k in _KEYS[authority]) + ".",
                )
            continue
        told = {n: {cells[i].strip() for i in places if i < len(cells)} for n, places in columns.items()}
        for code in told[key]:
            row = rows.setdefault(_plain(key, code), {})
            for notation, values in told.items():
                row.setdefault(notation, set()).update(values - {""})
    found = {}
    for link in links:
        code = dict(link.codes).get(key, "")
        if code in rows:
            codes: set[Code] = {(n, _plain(n, v)) for n, values in rows[code].items() if n != "name" for v in values}
            found[link.target] = Record(frozenset(rows[code].get("name", ())), frozenset(codes))
    return found


def _plain(notation: str, code: str) -> str:
    """A code as the notation has it: numbers of M49 in three digits, other numbers without zeros in front or `.0`."""
    number = re.fullmatch(r"0*(\d+)(\.0)?", code)
    if number:
        return number[1].zfill(3) if notation == "un-m49" else number[1]
    return code


def _opened(path: str) -> BinaryIO:
    try:
        return cast(BinaryIO, gzip.open(path)) if path.endswith(".gz") else open(path, "rb")
    except OSError as error:
        raise InputError(error.strerror or str(error), where=path) from error


def _content(path: str) -> bytes:
    content = read_bytes(path)
    if path.endswith(".gz"):
        try:
            return gzip.decompress(content)
        except (OSError, EOFError) as error:
            raise InputError(f"not compressed with gzip: {error}", where=path) from error
    return content


def _rows(path: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table with the number of their line."""
    with _opened(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        plain = csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
        reader = plain if delimiter == "\t" else csv.reader(text, delimiter=delimiter)
        try:
            for cells in reader:
                if cells:
                    yield reader.line_num, cells
        except UnicodeDecodeError as error:
            raise InputError(
                "not UTF-8 text", where=f"{path}:{reader.line_num + 1}", todo="Save it as UTF-8."
            ) from error
        except (csv.Error, OSError, EOFError) as error:
            raise InputError(str(error), where=f"{path}:{reader.line_num + 1}") from error
