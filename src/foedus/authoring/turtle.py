"""Turtle as the house writes it: one thing a block, one statement a line, values beside each other."""

from __future__ import annotations

from collections.abc import Iterable

from foedus.authoring.clauses import Clause
from foedus.citations import MOST_WORDS
from foedus.names import PREFIXES


def block(subject: str, statements: Iterable[tuple[str, Iterable[str]]]) -> str:
    """One thing with its statements: properties with their values as Turtle; one without values is left out."""
    told = [(property, list(values)) for property, values in statements]
    lines = [f"{property} {' , '.join(values)}" for property, values in told if values]
    return f"{subject} " + " ;\n    ".join(lines) + " .\n"


def literal(text: str, mark: str = "") -> str:
    """A string as Turtle; `mark` is a language tag with its @, or ^^ and a datatype."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"{mark}'


def prefixes(body: str) -> str:
    """The declarations of the prefixes that occur in `body`."""
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items() if f"{name}:" in body)


def citation(name: str, source: str, locator: str, span: tuple[int, int], phrase: str) -> str:
    """A citation of the source: its name after `citation:`, where it stands, and the phrase that shows it."""
    return block(
        f"citation:{name}",
        [
            ("a", ["foedus:Citation"]),
            ("foedus:source", [f"source:{source}"]),
            ("foedus:locator", [literal(locator)]),
            ("foedus:start", [str(span[0])]),
            ("foedus:end", [str(span[1])]),
            ("foedus:phrase", [literal(phrase)]),
        ],
    )


def clause(part: Clause, source: str, label: str, position: int, creates: Iterable[str] = ()) -> str:
    """A clause of the source's instrument, whose label is `label`, with the commitments that it creates."""
    below = [f"clause:{source}.{inner.path}" for inner in part.parts]
    return block(
        f"clause:{source}.{part.path}",
        [
            ("a", ["foedus:Clause"]),
            ("rdfs:label", [literal(f"{label}: {part.locator}", "@en")]),
            ("foedus:clauseKind", [f"clause-kind:{part.kind}"]),
            ("foedus:clauseNumber", [literal(part.number)] if part.number else []),
            ("foedus:heading", [literal(shortened(part.heading))] if part.heading else []),
            ("foedus:position", [str(position)]),
            ("foedus:hasClause", below),
            ("foedus:creates", creates),
            ("foedus:accordingTo", [f"source:{source}"]),
            ("foedus:hasCitation", [f"citation:{source}.{part.path}"]),
        ],
    )


def opening(part: Clause, text: str) -> str:
    """The words with which a clause begins, as the text has them: its heading, or up to eight words."""
    if part.own_end <= part.start:  # it has no words of its own
        return opening(part.parts[0], text)
    most = MOST_WORDS if part.heading else 8
    return " ".join(text[part.start : min(part.first, part.own_end)].split()[:most])


def shortened(words: str) -> str:
    """Words of a source, twelve at most."""
    found = words.split()
    return " ".join(found[:MOST_WORDS]) + (" …" if len(found) > MOST_WORDS else "")
