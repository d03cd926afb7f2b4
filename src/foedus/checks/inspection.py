"""Inspection of the ontology: each `ontology/checks/SLUG.rq` is a question whose every answer is a fault.

A check selects `?term`, `?problem` and, where the fault is not in the file that describes the term, the `?graph` that
it is in. Its default graph is the union of core, vocabularies, features and alignments; each of these files is a named
graph too, as are shapes, rules and notations, and `graph:queries`, in which a query that names a term of ours
`dcterms:references` it. After ROBOT's `verify` and the hygiene tests of FIBO.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from foedus.checks import Problem
from foedus.checks.profile import placed
from foedus.datasets import GRAPH, NS, TurtleFile, home, read_bytes
from foedus.errors import InputError
from foedus.lexer import position, significant
from foedus.names import PREFIXES, shorten
from foedus.turtle import expand, node

#: The files that are asked together, and those that can only be named.
TOGETHER = tuple(GRAPH + name for name in ("core", "vocabularies", "features", "alignments"))
BESIDE = tuple(GRAPH + name for name in ("shapes", "rules", "notations"))
QUERIES = GRAPH + "queries"
_SPARQL = {f"http://www.w3.org/ns/shacl#{name}" for name in ("select", "ask", "construct")}
_IRI = re.compile(r"<([^<>\s]+)>")
_REFERENCES = ox.NamedNode("http://purl.org/dc/terms/references")
_FOLDERS = ("queries", "rules", os.path.join("ontology", "rules"))


def check(files: list[TurtleFile], *, folder: str | None = None) -> Iterator[Problem]:
    """The faults of the ontology files among `files`, each with the name of its check, sorted by place.

    Checks and queries are those of `folder`, by default the folder of the graph. Raises InputError where a file cannot
    be read, or a check is no query for ?term and ?problem.
    """
    folder = folder or home()
    ontology = _Ontology(files, folder)
    found = {
        Problem(*ontology.place(term, graph), f"{_short(problem)} ({slug})")
        for slug, path in checks(folder)
        for term, problem, graph in ontology.ask(path)
    }
    yield from sorted(found, key=lambda problem: (_order(problem.where), problem))


def _short(problem: str) -> str:
    """A problem with the IRIs in it made short, where a prefix fits."""
    return _IRI.sub(lambda m: shorten(m[1]) if shorten(m[1]) != m[1] else m[0], problem)


def _order(where: str) -> tuple[str, int]:
    path, _, line = where.rpartition(":")
    return (path, int(line)) if line.isdigit() else (where, 0)


def checks(folder: str) -> list[tuple[str, str]]:
    """Name and path of each check of a folder, sorted. Raises InputError where there are none."""
    place = os.path.join(folder, "ontology", "checks")
    names = sorted(n for n in os.listdir(place) if n.endswith(".rq")) if os.path.isdir(place) else []
    if not names:
        raise InputError("there are no checks to apply", where=place, todo="Name the folder of a Foedus graph.")
    return [(name[:-3], os.path.join(place, name)) for name in names]


def named(folder: str) -> Iterator[tuple[str, str, str]]:
    """Each term of ours that a query or rule of a folder names: the query's name, the term, and `file:line`."""
    for part in _FOLDERS:
        place = os.path.join(folder, part)
        for name in sorted(os.listdir(place)) if os.path.isdir(place) else ():
            if name.endswith(".rq"):
                path = os.path.join(place, name)
                text = read_bytes(path).decode("utf-8", errors="replace")
                for iri, offset in terms_of(text, {}):
                    yield f"{part.replace(os.sep, '/')}/{name}", iri, f"{path}:{position(text, offset)[0]}"


def terms_of(query: str, prefixes: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The terms of ours in the text of a query, each once, with the offset at which it is first named.

    `prefixes` are those that hold besides what the query declares.
    """
    known = {f"{prefix}:": base for prefix, base in prefixes.items()}
    seen = set()
    found = significant(query)
    for i, token in enumerate(found):
        before = [t.text.upper() for t in found[max(i - 2, 0) : i]]
        if before[-1:] == ["PREFIX"] and i + 1 < len(found):
            known[token.text] = found[i + 1].text[1:-1]
        elif token.kind in ("name", "iri") and before[:1] != ["PREFIX"]:
            iri = expand(token.text, known) or ""
            if iri.startswith(NS) and iri != NS and iri not in seen:
                seen.add(iri)
                yield iri, token.start


class _Ontology:
    """The files in a store, with the places of what they describe."""

    def __init__(self, files: Iterable[TurtleFile], folder: str) -> None:
        self._store = ox.Store()
        self._described: dict[tuple[str, str], str] = {}  # by graph and term; the graph "" is any
        self._mentioned: dict[tuple[str, str], str] = {}
        self._owner: dict[str, str] = {}
        order = (*TOGETHER, *BESIDE)
        chosen = sorted((f for f in files if f.graph in order), key=lambda f: order.index(f.graph))
        if not {f.graph for f in chosen} & set(TOGETHER):
            raise InputError("there is no ontology to inspect", where=folder)
        for file in chosen:
            self._load(file)
        for query, term, where in named(folder):
            self._refer(query, term, where)

    def _load(self, file: TurtleFile) -> None:
        graphs: list[ox.NamedNode | ox.DefaultGraph] = [ox.NamedNode(file.graph)]
        graphs += [ox.DefaultGraph()] if file.graph in TOGETHER else []
        self._described.setdefault(("", file.graph), file.path)
        quads = []
        for t in placed(file.path):
            subject = ox.BlankNode(t.subject[2:]) if t.subject.startswith("_:") else ox.NamedNode(t.subject)
            quads += [ox.Quad(subject, ox.NamedNode(t.predicate), t.object, graph) for graph in graphs]
            for graph in ("", file.graph):
                self._described.setdefault((graph, t.subject), t.where)
                self._mentioned.setdefault((graph, t.predicate), t.where)
                if not isinstance(t.object, ox.Literal):
                    self._mentioned.setdefault((graph, node(t.object)), t.where)
            if isinstance(t.object, ox.BlankNode):
                self._owner.setdefault(node(t.object), t.subject)
            elif isinstance(t.object, ox.Literal) and t.predicate in _SPARQL:
                for term, _ in terms_of(t.object.value, PREFIXES):
                    self._refer("shapes", term, t.where)
        self._store.extend(quads)

    def _refer(self, query: str, term: str, where: str) -> None:
        for graph in ("", QUERIES):
            self._mentioned.setdefault((graph, term), where)
        query_iri = ox.NamedNode(f"https://w3id.org/foedus/{query}")
        self._store.add(ox.Quad(query_iri, _REFERENCES, ox.NamedNode(term), ox.NamedNode(QUERIES)))

    def place(self, term: str, graph: str) -> tuple[str, str]:
        """Where a term is described, or else first named, and its name; for a blank node, of what it is part of.

        `graph` is the one to look in, "" any.
        """
        seen: set[str] = set()
        where = self._described.get((graph, term)) or self._mentioned.get((graph, term)) or term
        while term in self._owner and term not in seen:
            seen.add(term)
            term = self._owner[term]
        return where, "a blank node" if term.startswith("_:") else shorten(term)

    def ask(self, path: str) -> Iterator[tuple[str, str, str]]:
        """The answers to a check: term, problem and graph, "" where it does not say."""
        text = read_bytes(path).decode("utf-8", errors="replace")
        try:
            rows = self._store.query(text)
        except (SyntaxError, ValueError) as error:
            raise InputError(f"the check is not SPARQL: {error}", where=path) from error
        names = {v.value for v in rows.variables} if isinstance(rows, ox.QuerySolutions) else set()
        if names - {"graph"} != {"term", "problem"} or not isinstance(rows, ox.QuerySolutions):
            raise InputError("the check does not select ?term and ?problem", where=path)
        for row in rows:
            yield node(row["term"]), node(row["problem"]), node(row["graph"]) if "graph" in names else ""
