"""The SHACL shapes, applied by pySHACL to a plain rdflib graph, whose SPARQL queries Oxigraph answers.

Where pySHACL looks things up, an Oxigraph store would be thirty times slower; at queries it is five times faster.
"""

from __future__ import annotations

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
from foedus.turtle import Locator, parse

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
    for node, property in list(shapes.subject_objects(SH.property)):
        targets = [(kind, target) for kind in _TARGETS for target in shapes.objects(node, kind)]
        other_uses = node in values or (node, RDF.type, RDFS.Class) in shapes or (node, SH.deactivated, None) in shapes
        if targets and not other_uses:
            shapes.remove((node, SH.property, property))
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
    assert isinstance(report, rdflib.Graph)
    locator = Locator([file.path for file in files])
    found = set()
    for result in report.objects(None, SH.result):  # not the details nested in them
        focus = str(report.value(result, SH.focusNode))
        path = report.value(result, SH.resultPath)
        value = report.value(result, SH.value)
        told = [str(m) for m in report.objects(result, SH.resultMessage)]
        message = min(told) if told else "violates a shape"
        if isinstance(path, rdflib.URIRef):
            message = f"{shorten(str(path))}: {message}"
        if value is not None and str(value) != focus:
            message += f" (found: {shorten(str(value))})"
        found.add(Problem(locator.line(focus) or focus, shorten(focus), message))
    yield from sorted(found)
