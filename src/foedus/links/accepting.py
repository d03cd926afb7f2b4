"""Writing a link that a person accepts into the Turtle file of its authority, and taking out what it settles.

The rest of each file stays byte for byte. All is composed and read again before anything is written.
"""

from __future__ import annotations

import os
import re
from itertools import chain, count
from typing import NamedTuple

import pyoxigraph as ox

from foedus.authoring.turtle import block, literal
from foedus.datasets import ID, LINKS, TurtleFile, read_bytes, turtle_files
from foedus.errors import InputError
from foedus.export import write
from foedus.links.suggesting import IRI, Suggestion, Targets
from foedus.names import PREFIXES, shorten
from foedus.turtle import Locator, node, subjects, syntax_error

_DECLARED = re.compile(r"^@prefix (\S*): <([^>]*)> \.\n", re.MULTILINE)
_LOCAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")


class Accepted(NamedTuple):
    """The IRI of a link that was written, where it stands (file:line), and the records that were taken out."""

    iri: str
    where: str
    settled: list[str]


def accept(
    folder: str, targets: Targets, thing: str, suggestion: Suggestion, *, exact: bool, note: str, day: str
) -> Accepted:
    """Write a link of the thing (an IRI) to the target of a suggestion, on a `day` (YYYY-MM-DD).

    A candidate that says the same, and a search that had found nothing, are taken out of their files.

    Raises InputError where the thing or the target is linked already, where no authority of the graph has such
    targets, where a close link or a doubtful one has no note, and where a file cannot be written.
    """
    note = " ".join(note.split())
    authority = targets.authority(suggestion.target)
    files = [file for file in turtle_files(folder) if file.graph.startswith(LINKS)]
    _refuse(targets, thing, suggestion, files, exact=exact, note=note)
    path = os.path.join(folder, "data", "links", f"{authority}.ttl")
    iri = _unused(f"{ID}link/{thing.removeprefix(ID).replace('/', '.')}.{authority}", targets)
    settled = [
        record
        for record in targets.records
        if record.thing == thing
        and (
            (record.type == "LinkSearch" and record.authority == authority)
            or (record.type == "LinkCandidate" and record.target == suggestion.target)
        )
    ]
    before = read_bytes(path).decode() if os.path.exists(path) else ""
    link = _link(before, iri, thing, suggestion, targets, exact=exact, note=note, day=day)
    texts = {path: _declared(before, link, authority) + link}
    for record in settled:
        place = next(file.path for file in files if record.iri in dict(subjects(file.path)))
        texts[place] = _without(texts.get(place) or read_bytes(place).decode(), record.iri)
    gone = {record.iri for record in settled}
    for place, text in texts.items():
        _check(before if place == path else read_bytes(place).decode(), text, place, gone)
    _write(texts)
    return Accepted(iri, Locator([path]).line(iri) or path, [shorten(record.iri) for record in settled])


def _refuse(
    targets: Targets, thing: str, suggestion: Suggestion, files: list[TurtleFile], *, exact: bool, note: str
) -> None:
    target = suggestion.target
    authority = targets.authority(target)
    if not authority or not IRI.fullmatch(target):
        raise InputError(
            "no authority of the graph has targets there",
            where=target,
            todo="Describe it in ontology/vocabularies.ttl and, with its void:uriSpace, in data/dataset.ttl.",
        )
    locator = Locator([file.path for file in files])
    for record in targets.records:
        if record.type != "Link":
            continue
        where = locator.line(record.iri)
        same_target, same_thing = record.target == target, record.thing == thing
        if same_thing and same_target:
            raise InputError(f"{shorten(thing)} is linked to it already", where=where)
        if same_thing and record.authority == authority and exact and record.kind == "exact":
            raise InputError(
                f"{shorten(thing)} has an exact match in {authority} already: {record.target}",
                where=where,
                todo="Take that link out first if it is wrong, or accept this one with --as close.",
            )
        if same_target and exact and record.kind == "exact":
            raise InputError(
                f"{shorten(record.thing)} is linked to it already, and no two things are the same",
                where=where,
                todo="Take that link out first if it is wrong, or accept this one with --as close.",
            )
    doubts = (
        "a close match needs a note that says why it is not exact" if not exact else "",
        f"it is as likely as {suggestion.alike}" if suggestion.alike else "",
        f"something speaks against it ({'; '.join(suggestion.against)})" if suggestion.against else "",
        "neither a name nor a code of it is equal" if not suggestion.agreed else "",
    )
    if (doubt := next(filter(None, doubts), "")) and not note:
        raise InputError(doubt, where=target, todo="Say with --note what decides it; the note is kept with the link.")


def _link(
    before: str, iri: str, thing: str, suggestion: Suggestion, targets: Targets, *, exact: bool, note: str, day: str
) -> str:
    """The mapping and its record, as blocks of a file that begins with what was there `before`."""
    authority = targets.authority(suggestion.target)
    code = literal(targets.code(suggestion.target), f"^^notation:{targets.scheme(authority)}")
    target = _written(suggestion.target, {iri: name for name, iri in _DECLARED.findall(before)})
    found = "; ".join(suggestion.reasons) or "given by its identifier"
    doubts = f"; but {'; '.join(suggestion.against)}" if suggestion.against else ""
    mapping = [(f"skos:{'exact' if exact else 'close'}Match", [target]), ("skos:notation", [code] if exact else [])]
    record = [
        ("a", ["foedus:Link"]),
        ("foedus:linkedThing", [shorten(thing)]),
        ("foedus:linkTarget", [target]),
        ("foedus:matchKind", [f"match:{'exact' if exact else 'close'}"]),
        ("foedus:authority", [f"authority:{authority}"]),
        ("skos:notation", [code]),
        ("foedus:confidence", ["confidence:one-source"]),
        ("foedus:evidence", [literal(f"{' and '.join(suggestion.places)}: {found}{doubts}")]),
        ("skos:note", [literal(note, "@en")] if note else []),
        ("foedus:checkedOn", [literal(day, "^^xsd:date")]),
        ("prov:wasAttributedTo", ["agent:foedus-developers"]),
    ]
    return f"\n{block(shorten(thing), mapping)}\n{block(shorten(iri), record)}"


def _declared(text: str, link: str, authority: str) -> str:
    """The text of a file, with the prefixes that a link needs declared too, each in its place."""
    lines = text.splitlines(keepends=True) or ["\n", f"# Links to {authority}.\n"]
    if lines[-1:] and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    used = {name for name in PREFIXES if re.search(rf"(?<![\w<]){name}:", _outside(link))}
    for name in sorted(used - {name for name, _ in _DECLARED.findall(text)}):
        at = sum(line.startswith("@prefix ") and line.split()[1] < f"{name}:" for line in lines)
        lines.insert(at, f"@prefix {name}: <{PREFIXES[name]}> .\n")
    return "".join(lines)


def _outside(turtle: str) -> str:
    """Turtle without its strings and IRIs."""
    return re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>', "", turtle)


def _written(iri: str, declared: dict[str, str]) -> str:
    """An IRI with a prefix that the file declares, where one fits."""
    for space, prefix in declared.items():
        if iri.startswith(space) and _LOCAL.fullmatch(iri.removeprefix(space)):
            return f"{prefix}:{iri.removeprefix(space)}"
    return f"<{iri}>"


def _without(text: str, iri: str) -> str:
    """The text of a file without the block of a thing, which begins with its name and ends before an empty line."""
    lines = text.splitlines(keepends=True)
    begin = next(i for i, line in enumerate(lines) if line.startswith(f"{shorten(iri)} "))
    end = next((i + 1 for i in range(begin, len(lines)) if not lines[i].strip()), len(lines))
    left = lines[:begin] + lines[end:]
    while left and not left[-1].strip():
        left.pop()
    return "".join(left)


def _check(before: str, after: str, path: str, gone: set[str]) -> None:
    """Raise InputError where a file would lose anything but what is told of the things in `gone`."""

    def read(text: str) -> set[ox.Triple]:
        try:
            return {quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)}
        except SyntaxError as error:
            raise syntax_error(path, error) from error

    lost = {triple for triple in read(before) - read(after) if node(triple.subject) not in gone}
    if lost or any(node(triple.subject) in gone for triple in read(after)):
        raise InputError(
            "is not written as the house writes Turtle, so that nothing can be put in safely",
            where=path,
            todo="`make format` mends it; then accept again.",
        )


def _write(texts: dict[str, str]) -> None:
    """Write all files or none."""
    before = {path: read_bytes(path) if os.path.exists(path) else None for path in texts}
    done: list[str] = []
    try:
        for path, text in texts.items():
            write(text.encode(), path)
            done.append(path)
    except InputError:
        for path in done:
            content = before[path]
            if content is None:
                os.remove(path)
            else:
                write(content, path)
        raise


def _unused(iri: str, targets: Targets) -> str:
    """`iri`, or with a number after it where a link has it already."""
    taken = {record.iri for record in targets.records}
    return next(one for one in chain([iri], (f"{iri}.{n}" for n in count(2))) if one not in taken)
