"""The core chain as SVG: which classes are drawn where is said here, what they are called by the ontology.

An arrow is a property: its domain and its range must fit the classes between which it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from foedus.datasets import NS
from foedus.errors import InputError
from foedus.reference.ontology import Ontology

_SIZE = (1200, 620)
_WIDTH = 170


class _Box(NamedTuple):
    """A class by the centre of its box."""

    x: int
    y: int
    height: int = 56


class _Arrow(NamedTuple):
    """A property with the corners of its line, and where its labels stand."""

    start: str
    property: str
    end: str
    line: tuple[tuple[int, int], ...]
    text: tuple[int, int]
    align: str = "middle"


_LEFT, _MIDDLE, _RIGHT, _FAR = 105, 415, 725, 1095
_TOP, _CHAIN, _BELOW, _BOTTOM = 50, 230, 375, 505
_BOXES = {
    "Finding": _Box(_LEFT, _TOP),
    "Citation": _Box(_RIGHT, _TOP),
    "Source": _Box(_FAR, _TOP),
    "Instrument": _Box(_LEFT, _CHAIN),
    "Clause": _Box(_MIDDLE, _CHAIN),
    "Commitment": _Box(_RIGHT, _CHAIN),
    "Guarantee": _Box(_MIDDLE, _BELOW),
    "Derivation": _Box(_MIDDLE, _BOTTOM),
    "Trigger": _Box(_FAR, 155),
    "Response": _Box(_FAR, _CHAIN),
    "DeonticForce": _Box(_FAR, 305),
    "LegalForce": _Box(_FAR, 380),
    "Hedge": _Box(_FAR, 455),
    "Actor": _Box(_FAR, 557, 82),
}
_SIDE, _EDGE = _WIDTH // 2, 28
_TRUNK = _RIGHT + _SIDE + 20


def _branch(property_: str, end: str, y: int) -> _Arrow:
    """An arrow that leaves the trunk on the right of the commitment."""
    return _Arrow("Commitment", property_, end, ((_TRUNK, y), (_FAR - _SIDE, y)), ((_TRUNK + _FAR - _SIDE - 8) // 2, y))


_ARROWS = (
    _Arrow("Instrument", "hasClause", "Clause", ((_LEFT + _SIDE, _CHAIN), (_MIDDLE - _SIDE, _CHAIN)), (255, _CHAIN)),
    _Arrow("Clause", "creates", "Commitment", ((_MIDDLE + _SIDE, _CHAIN), (_RIGHT - _SIDE, _CHAIN)), (565, _CHAIN)),
    _Arrow(
        "Finding",
        "assesses",
        "Instrument",
        ((_LEFT, _TOP + _EDGE), (_LEFT, _CHAIN - _EDGE)),
        (_LEFT + 10, 140),
        "start",
    ),
    _Arrow("Finding", "hasCitation", "Citation", ((_LEFT + _SIDE, _TOP), (_RIGHT - _SIDE, _TOP)), (_MIDDLE, _TOP)),
    _Arrow(
        "Commitment",
        "hasCitation",
        "Citation",
        ((_RIGHT, _CHAIN - _EDGE), (_RIGHT, _TOP + _EDGE)),
        (_RIGHT - 10, 140),
        "end",
    ),
    _Arrow("Citation", "source", "Source", ((_RIGHT + _SIDE, _TOP), (_FAR - _SIDE, _TOP)), (905, _TOP)),
    _Arrow(
        "Guarantee",
        "underInstrument",
        "Instrument",
        ((_MIDDLE - _SIDE, _BELOW), (_LEFT + 40, _BELOW), (_LEFT + 40, _CHAIN + _EDGE)),
        (235, _BELOW),
    ),
    _Arrow(
        "Guarantee",
        "comprises",
        "Commitment",
        ((_MIDDLE + _SIDE, _BELOW), (_RIGHT - 40, _BELOW), (_RIGHT - 40, _CHAIN + _EDGE)),
        (590, _BELOW),
    ),
    _Arrow(
        "Derivation",
        "outcomeFor",
        "Instrument",
        ((_MIDDLE - _SIDE, _BOTTOM), (_LEFT - 40, _BOTTOM), (_LEFT - 40, _CHAIN + _EDGE)),
        (195, _BOTTOM),
    ),
    _Arrow(
        "Derivation",
        "classifies",
        "Commitment",
        ((_MIDDLE + _SIDE, _BOTTOM), (_RIGHT + 40, _BOTTOM), (_RIGHT + 40, _CHAIN + _EDGE)),
        (630, _BOTTOM),
    ),
    _branch("trigger", "Trigger", 155),
    _branch("response", "Response", _CHAIN),
    _branch("deonticForce", "DeonticForce", 305),
    _branch("legalForce", "LegalForce", 380),
    _branch("hedge", "Hedge", 455),
    _branch("committedBy", "Actor", 532),
    _branch("beneficiary", "Actor", 582),
)
_ENDS = [arrow.line[0][1] for arrow in _ARROWS if arrow.line[0][0] == _TRUNK]
_TRUNK_PATH = f"M{_RIGHT + _SIDE} {_CHAIN}H{_TRUNK}M{_TRUNK} {min(_ENDS)}V{max(_ENDS)}"
_STYLE = """
.paper { fill: #ffffff; }
.box { fill: #eef3f9; stroke: #44566c; stroke-width: 1.5; }
.line { fill: none; stroke: #44566c; stroke-width: 1.5; stroke-linecap: square; }
.head { fill: #44566c; }
text { fill: #1c1c1c; font-family: system-ui, "DejaVu Sans", sans-serif; font-size: 13px; text-anchor: middle; }
.name { font-size: 15px; font-weight: bold; }
.start { text-anchor: start; }
.end { text-anchor: end; }
@media (prefers-color-scheme: dark) {
  .paper { fill: #17181a; }
  .box { fill: #26313f; stroke: #9db2c9; }
  .line { stroke: #9db2c9; }
  .head { fill: #9db2c9; }
  text { fill: #e8e6e1; }
}
""".strip()


def words(ontology: Ontology) -> str:
    """What the diagram shows, in words."""
    label = ontology.said.label
    told = (f"{label(NS + a.start)} – {label(NS + a.property)} – {label(NS + a.end)}" for a in _ARROWS)
    return f"The core chain: {'; '.join(told)}."


def svg(ontology: Ontology) -> str:
    """The diagram. Raises InputError where an arrow does not fit the ontology."""
    title = ontology.said.text(NS.rstrip("/"), "http://purl.org/dc/terms/title")
    parts = [*(part for arrow in _ARROWS for part in _arrow(ontology, arrow))]
    parts += [part for name, box in _BOXES.items() for part in _box(ontology, name, box)]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE[0]} {_SIZE[1]}" width="{_SIZE[0]}" '
        f'height="{_SIZE[1]}" role="img" aria-labelledby="core-title core-words" xml:lang="en">',
        f'<title id="core-title">{escape(title)}</title>',
        f'<desc id="core-words">{escape(words(ontology))}</desc>',
        f"<style>\n{_STYLE}\n</style>",
        '<defs><marker id="core-head" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="8" markerHeight="8" '
        'orient="auto"><path class="head" d="M0 0L10 5L0 10z"/></marker></defs>',
        f'<rect class="paper" width="{_SIZE[0]}" height="{_SIZE[1]}"/>',
        f'<path class="line" d="{_TRUNK_PATH}"/>',
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _box(ontology: Ontology, name: str, box: _Box) -> Iterator[str]:
    if NS + name not in ontology.classes:
        raise InputError(f"the diagram draws {name}, which is no class", where="ontology", todo="Mend diagram.py.")
    x, y = box.x - _SIDE, box.y - box.height // 2
    yield f'<rect class="box" x="{x}" y="{y}" width="{_WIDTH}" height="{box.height}" rx="6"/>'
    yield from _labels(ontology, NS + name, (box.x, box.y - 5), (box.x, box.y + 16), "name", "middle")


def _arrow(ontology: Ontology, arrow: _Arrow) -> Iterator[str]:
    property_ = NS + arrow.property
    if not _fits(ontology, ontology.domains.get(property_), NS + arrow.start) or not _fits(
        ontology, ontology.ranges.get(property_), NS + arrow.end
    ):
        raise InputError(
            f"the diagram draws {arrow.property} from {arrow.start} to {arrow.end}, which its domain or range forbids",
            where="ontology",
            todo="Mend diagram.py.",
        )
    path = "L".join(f"{x} {y}" for x, y in arrow.line)
    yield f'<path class="line" d="M{path}" marker-end="url(#core-head)"/>'
    x, y = arrow.text
    yield from _labels(ontology, property_, (x, y - 6), (x, y + 16), "", arrow.align)


def _fits(ontology: Ontology, stated: list[str] | None, drawn: str) -> bool:
    """Whether a class is among those stated or a kind of one, or wider than one; None is no property of ours."""
    line = {drawn, *ontology.above(drawn), *ontology.below(drawn)}
    return stated is not None and (not stated or bool(line.intersection(stated)))


def _labels(
    ontology: Ontology, term: str, english: tuple[int, int], ukrainian: tuple[int, int], mark: str, align: str
) -> Iterator[str]:
    for (x, y), language, extra in ((english, "en", mark), (ukrainian, "uk", "")):
        classes = " ".join(c for c in (extra, "" if align == "middle" else align) if c)
        attribute = f' class="{classes}"' if classes else ""
        text = ontology.said.label(term, language)
        yield f'<text x="{x}" y="{y}" xml:lang="{language}"{attribute}>{escape(text)}</text>'
