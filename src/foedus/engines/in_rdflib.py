"""The rdflib engine: slower, pure Python, and an independent second opinion on every answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import rdflib
import rdflib.plugins.sparql
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from foedus.datasets import Selection, TurtleFile
from foedus.engines import Result
from foedus.engines.syntax import explain
from foedus.errors import QueryError
from foedus.lexer import requoted, tokens
from foedus.turtle import parse

if TYPE_CHECKING:
    import pyoxigraph as ox


class RdflibEngine:
    """rdflib over some Turtle files, which Oxigraph's parser reads: it keeps each literal as written."""

    def __init__(self, files: list[TurtleFile]) -> None:
        rdflib.NORMALIZE_LITERALS = False  # P12M stays P12M
        rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False  # FROM reads no file and no network
        self.warnings: list[str] = []
        self._graphs = {file.graph: [to_rdflib(t) for t in parse(file.path)] for file in files}
        self._datasets: dict[Selection, rdflib.Dataset] = {}

    def evaluate(self, query: str, selection: Selection) -> Result:
        """See Engine.evaluate."""
        query = _escaped(query)
        try:
            prepared = translateQuery(parseQuery(query))
        except Exception as error:  # pyparsing's errors, and rdflib's own of several kinds
            raise explain(query, str(error)) from error
        try:
            result = self._dataset(selection).query(prepared)
            if result.type in ("CONSTRUCT", "DESCRIBE"):
                text = result.graph.serialize(format="nt") if result.graph is not None else ""
                lines = sorted({line for line in text.splitlines() if line})
                return Result("graph", "".join(line + "\n" for line in lines).encode())
            body = result.serialize(format="json") or b""
        except Exception as error:  # rdflib raises whatever its evaluation of a function meets
            message = f"rdflib cannot evaluate the query: {type(error).__name__}: {error}"
            raise QueryError(message, todo="Try --engine oxigraph.") from error
        form = "boolean" if result.type == "ASK" else "rows"
        return Result(form, json.dumps(json.loads(body)).encode())

    def _dataset(self, selection: Selection) -> rdflib.Dataset:
        if selection not in self._datasets:
            dataset = rdflib.Dataset(default_union=selection.default is None)
            for name, triples in self._graphs.items():
                if selection.named is None or name in selection.named:
                    graph = dataset.graph(rdflib.URIRef(name))
                    for triple in triples:
                        graph.add(triple)
                if selection.default is not None and name in selection.default:
                    for triple in triples:
                        dataset.default_graph.add(triple)
            self._datasets[selection] = dataset
        return self._datasets[selection]


def _escaped(query: str) -> str:
    """`query` with the escapes in its strings decoded: rdflib would decode them before it finds the strings."""
    if "\\u" not in query and "\\U" not in query:
        return query
    return "".join(requoted(t.text) if t.kind in ("string", "long_string") else t.text for t in tokens(query))


def to_rdflib(triple: ox.Triple) -> tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]:
    """A triple of Oxigraph's as rdflib has it, literals as written."""
    return _term(triple.subject), _term(triple.predicate), _term(triple.object)


def _term(term: object) -> rdflib.term.Node:
    import pyoxigraph as ox

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, ox.Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value == str(rdflib.XSD.string):
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
