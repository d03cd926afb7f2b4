"""The SHACL shapes, applied by pySHACL to a plain rdflib graph, whose SPARQL queries Oxigraph answers.

Where pySHACL looks things up, an Oxigraph store would be thirty times slower; at queries it is five times faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.namespace import RDF, RDFS, SH
from rdflib.query import Result

from foedus.checks import Problem
from foedus.datasets import GRAPH, TurtleFile
from foedus.engines.in_rdflib import to_rdflib
from foedus.errors import InputError
from foedus.names import shorten
from foedus.turtle import Lines, Locator, node, parse

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


class _Data(rdflib.Graph):
    """The data twice: in rdflib for all but queries, and in Oxigraph for those."""

    def __init__(self, triples: list[ox.Triple]) -> None:
        from pyshacl.graph_abstraction import OxigraphDataGraph

        super().__init__()
        for triple in triples:
            self.add(to_rdflib(triple))
        store = ox.Store()
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
        self._in_oxigraph = OxigraphDataGraph(store)

    def query(self, *args: Any, **kwargs: Any) -> Result:
        """As rdflib has it, with the initial bindings as SHACL has those: substituted everywhere in the query."""
        result: Result = self._in_oxigraph.query(*args, **kwargs)
        return result


def _spread(shapes: rdflib.Graph) -> None:
    """Give each property shape the targets of the node shape that it stands in, and take it out of there.

    The results are the same, but pySHACL puts all targets of a shape to it at once, and values to a nested one singly.
    """
    values = set(shapes.objects())
    for outer, property in list(shapes.subject_objects(SH.property)):
        targets = [(kind, target) for kind in _TARGETS for target in shapes.objects(outer, kind)]
        used = outer in values or (outer, RDF.type, RDFS.Class) in shapes or (outer, SH.deactivated, None) in shapes
        if targets and not used:
            shapes.remove((outer, SH.property, property))
            for kind, target in targets:
                shapes.add((property, kind, target))


def check(files: list[TurtleFile]) -> Iterator[Problem]:
    """The violations of the shapes in `files`, which make up a whole graph with its shapes.

    Raises InputError where pySHACL cannot apply them.
    """
    import pyshacl

    rdflib.NORMALIZE_LITERALS = False
    data = _Data([t for file in files if file.graph != GRAPH + "shapes" for t in parse(file.path)])
    shapes = rdflib.Graph()
    for file in files:
        if file.graph == GRAPH + "shapes":
            for triple in parse(file.path):
                shapes.add(to_rdflib(triple))
    _spread(shapes)
    try:
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
    except Exception as error:  # pySHACL stumbles over ill-typed literals, for one, with whatever it meets
        raise InputError(f"the shapes could not be applied ({type(error).__name__}: {error})") from error
    if not isinstance(report, rdflib.Graph):  # pySHACL gives back what it could not do
        raise InputError(f"the shapes could not be applied ({report})")
    locator = Locator([file.path for file in files])
    results = list(report.objects(None, SH.result))  # not the details nested in them
    wanted = {(str(report.value(r, SH.focusNode)), str(report.value(r, SH.resultPath))) for r in results}
    stated = _stated(files, wanted) if results else {}
    found = set()
    for result in results:
        focus = str(report.value(result, SH.focusNode))
        path = report.value(result, SH.resultPath)
        value = report.value(result, SH.value)
        told = [str(m) for m in report.objects(result, SH.resultMessage)]
        message = min(told) if told else "violates a shape"
        if isinstance(path, rdflib.URIRef):
            message = f"{shorten(str(path))}: {message}"
        message = re.sub(r"https://w3id\.org/foedus/[\w./-]*[\w-]", lambda found: shorten(found[0]), message)
        if value is None and len(stated.get((focus, str(path)), ())) > 1:
            message += f" ({'; '.join(stated[focus, str(path)])})"
        if value is not None and str(value) != focus:
            message += f" (found: {shorten(str(value))})"
        found.add(Problem(locator.line(focus) or focus, shorten(focus), message))
    yield from sorted(found)


def _stated(files: list[TurtleFile], wanted: set[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
    """The values of some properties of some things, each with its file and line: several files may state one."""
    found: dict[tuple[str, str], list[str]] = {}
    for file in files:
        lines = None
        for t in parse(file.path):
            key = (node(t.subject), t.predicate.value)
            if key in wanted:
                lines = lines or Lines(file.path)
                found.setdefault(key, []).append(f"{file.path}:{lines.of(t)} {shorten(node(t.object))}")
    return found
