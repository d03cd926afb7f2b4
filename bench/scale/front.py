"""A SPARQL endpoint over several stores that hold a share of the subjects each: it gathers what a query can match.

`python bench/scale/front.py --port PORT MEMBER…` with the query URLs of the members, in the order of their shares.

For each triple pattern of a query the members are asked for the triples that match it, narrowed by constants, by
filters that name a value or a language, and by the values that patterns before it have left for its variables while
those are few. What comes back is put into a store in memory, and the query itself is evaluated there, as it stands. So
all that SPARQL 1.1 has (OPTIONAL, MINUS, EXISTS, aggregates, paths of one or more steps) is Oxigraph's, the same as on
one store; a triple is held once, whichever graphs it stands in. A query that would gather everything is refused.

Before each query every member must say that it holds its share, and every request must be answered by all of them:
where one is down, empty or holds another share, the answer is an error (503) that names it, never fewer rows.
"""

from __future__ import annotations

import argparse
import collections
import functools
import http.client
import http.server
import json
import threading
import urllib.parse
import zlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pyoxigraph as ox
import rdflib
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern, translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

#: Names what a member holds: GRAPH <…> { <…> void:triples n }, written when the share is loaded.
SHARE = "https://w3id.org/foedus/share/{number}-of-{of}"
#: Values of a variable up to which they narrow the next request, those in one request of it, and bytes of an answer up
#: to which the values in it are read.
FEW = 50_000
BATCH = 5_000
SMALL = 16_000_000
_TIMEOUT = 600.0
_SIZES = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"

Term = str  # as SPARQL writes it
Pattern = tuple[Any, Any, Any]


def share_of(subject: str, of: int) -> int:
    """The member that holds a subject, written as in SPARQL."""
    return zlib.crc32(subject.encode()) % of


class Refused(Exception):
    """A query that is not gathered: it is not SPARQL 1.1, or would need all triples."""


class MemberFailed(Exception):
    """A member that does not answer, or does not hold its share."""


class Known(NamedTuple):
    """What is known of a variable's values: all that are possible, or the one language that they have."""

    values: frozenset[Term] | None = None
    language: str | None = None

    def narrowed(self, other: Known | None) -> Known:
        """What holds where both hold."""
        if other is None:
            return self
        values = self.values if other.values is None else other.values
        if self.values is not None and other.values is not None:
            values = self.values & other.values
        return Known(values, self.language or other.language)


Bindings = dict[str, Known]


class Members:
    """The stores behind the front, asked all at once; connections are kept."""

    def __init__(self, urls: Sequence[str]) -> None:
        self.urls = list(urls)
        self._sizes: Mapping[str, int] = {}
        self._counting = threading.Lock()
        self._idle: dict[str, collections.deque[http.client.HTTPConnection]] = {
            url: collections.deque() for url in urls
        }
        self._pool = ThreadPoolExecutor(max_workers=8 * len(self.urls))

    def check(self) -> None:
        """Raise MemberFailed unless each holds its share."""
        texts = []
        for i in range(len(self.urls)):
            share = SHARE.format(number=i + 1, of=len(self.urls))
            texts.append(f"ASK {{ GRAPH <{share}> {{ <{share}> ?p ?o }} }}")
        for url, body in zip(self.urls, self._all(texts, "application/sparql-results+json", ()), strict=True):
            if not json.loads(body).get("boolean"):
                raise MemberFailed(f"the member {url} does not hold its share")

    def sizes(self) -> Mapping[str, int]:
        """The triples of each predicate on all members, counted once."""
        with self._counting:
            if not self._sizes:
                counts: collections.Counter[str] = collections.Counter()
                for body in self._all([_SIZES] * len(self.urls), "application/sparql-results+json", ()):
                    for row in json.loads(body)["results"]["bindings"]:
                        counts[row["p"]["value"]] += int(row["n"]["value"])
                self._sizes = counts
            return self._sizes

    def gather(self, queries: Iterable[tuple[int, str]], dataset: Iterable[tuple[str, str]]) -> list[bytes]:
        """What members, by their numbers, answer: N-Triples to a CONSTRUCT, rows in JSON to a SELECT."""
        chosen = list(dataset)
        calls = []
        for number, query in queries:
            accept = "application/n-triples" if query.startswith("CONSTRUCT") else "application/sparql-results+json"
            calls.append(self._pool.submit(self._post, self.urls[number], query, accept, chosen))
        return [call.result() for call in calls]

    def _all(self, queries: Sequence[str], accept: str, dataset: Iterable[tuple[str, str]]) -> list[bytes]:
        chosen = list(dataset)
        calls = [
            self._pool.submit(self._post, url, query, accept, chosen)
            for url, query in zip(self.urls, queries, strict=True)
        ]
        return [call.result() for call in calls]

    def close(self) -> None:
        """Close the connections that are kept."""
        self._pool.shutdown()
        for kept in self._idle.values():
            while kept:
                kept.pop().close()

    def _connection(self, url: str) -> tuple[http.client.HTTPConnection, bool]:
        """A connection, and whether it is a new one."""
        try:
            return self._idle[url].pop(), False
        except IndexError:
            parts = urllib.parse.urlsplit(url)
            return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT), True

    def _post(self, url: str, query: str, accept: str, dataset: list[tuple[str, str]]) -> bytes:
        body = urllib.parse.urlencode([("query", query), *dataset])
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
        path = urllib.parse.urlsplit(url).path
        try:
            while True:
                connection, fresh = self._connection(url)
                try:
                    connection.request("POST", path, body, headers)
                    answer = connection.getresponse()
                    content = answer.read()
                    self._idle[url].append(connection)
                    break
                except (http.client.HTTPException, OSError):
                    connection.close()
                    if fresh:  # one that was kept may have been closed over there
                        raise
        except (http.client.HTTPException, OSError) as error:
            raise MemberFailed(f"the member {url} does not answer: {error}") from error
        if answer.status != 200:
            raise MemberFailed(f"the member {url} answers {answer.status}: {content[:200].decode(errors='replace')}")
        return content


class Gathering:
    """The store in memory for one query, and the walk over its algebra that fills it."""

    def __init__(self, members: Members, dataset: Sequence[tuple[str, str]]) -> None:
        self.store = ox.Store()
        self.gathered = 0
        self._members = members
        self._dataset = dataset
        self._asked: dict[str, bytes] = {}
        self._graph: Any = None  # of the GRAPH that is walked, its name

    def visit(self, node: Any, known: Bindings) -> Bindings:
        """Gather for a node of the algebra; what is then known of the variables that its every solution binds.

        `known` may narrow a pattern wherever a solution with other values would be dropped further out in any case.
        """
        if node is None:
            return {}
        match node.name:
            case "BGP":
                return self._patterns(node.triples, known)
            case "Join":
                first = self.visit(node.p1, known)
                second = self.visit(node.p2, _merged(known, first))
                return _merged(first, second)
            case "LeftJoin":
                first = self.visit(node.p1, known)
                second = self.visit(node.p2, _merged(first, _filtered(node.expr)))
                self._within(node.expr, _merged(first, second))
                return first
            case "Filter":
                found = self.visit(node.p, _merged(known, _filtered(node.expr)))
                self._within(node.expr, found)
                return found
            case "Union":
                return _either(self.visit(node.p1, known), self.visit(node.p2, known))
            case "Minus":
                first = self.visit(node.p1, known)
                self.visit(node.p2, first)
                return first
            case "Graph":
                outside, self._graph = self._graph, node.term
                found = self.visit(node.p, known)
                self._graph = outside
                return found
            case "Extend":
                self._within(node.expr, {})
                return self.visit(node.p, known)
            case "ToMultiSet":
                return self.visit(node.p, known)
            case "values":
                return _given(node.res)
            case "Project":
                shown = {str(v) for v in node.PV}
                found = self.visit(node.p, {v: k for v, k in known.items() if v in shown})
                return {v: k for v, k in found.items() if v in shown}
            case "AggregateJoin":
                return self._aggregate(node, known)
            case "Slice":
                return self.visit(node.p, {})
            case "OrderBy":
                self._within(node.expr, {})
                return self.visit(node.p, known)
            case "Distinct" | "Reduced" | "SelectQuery" | "AskQuery" | "ConstructQuery":
                return self.visit(node.p, known)
            case other:
                raise Refused(f"{other} is not supported over several members")

    def _aggregate(self, node: Any, known: Bindings) -> Bindings:
        keys = {str(e) for e in node.p.expr or () if isinstance(e, rdflib.Variable)}
        self._within([node.A, node.p.expr], {})
        found = self.visit(node.p.p, {v: k for v, k in known.items() if v in keys})
        return {v: k for v, k in found.items() if v in keys}

    def _within(self, expression: Any, known: Bindings) -> None:
        """Gather for the patterns of EXISTS in an expression."""
        for part in _parts(expression):
            if isinstance(part, CompValue) and part.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
                if part.graph.name.startswith("Group"):  # rdflib translates it only when it evaluates it
                    part.graph = _translated_group(part.graph)
                self.visit(part.graph, known)

    def _patterns(self, triples: Iterable[Pattern], known: Bindings) -> Bindings:
        """Gather for patterns that must all match, the most narrowed first."""
        left = [p for triple in triples for p in _steps(triple)]
        found: Bindings = {}
        while left:
            pattern = min(left, key=lambda p: self._width(p, _merged(known, found)))
            left.remove(pattern)
            fixed = [p for p in left if p[0] == pattern[0] and _is_constant(p[2]) and _is_iri(p[1])]
            found = _merged(found, self._one(pattern, fixed, _merged(known, found)))
        return found

    def _width(self, pattern: Pattern, known: Bindings) -> float:
        """About how many triples a request for a pattern will bring."""
        subject, predicate, obj = pattern
        size = self._size(predicate, known)
        if _is_constant(subject):
            return 1
        for term, weight in ((subject, 1.0), (obj, 0.1 * size)):
            values = _values_of(term, known)
            if values is not None:
                size = min(size, len(values) * max(weight, 1.0))
        return size / 10 if _is_constant(obj) else size

    def _size(self, predicate: Any, known: Bindings) -> float:
        """The triples that have a predicate, or one of those that it may be."""
        sizes = self._members.sizes()
        if _is_iri(predicate):
            return sizes.get(str(predicate), 0)
        values = _values_of(predicate, known)
        return sum(sizes.get(v[1:-1], 0) for v in values) if values is not None else sum(sizes.values()) + 1

    def _one(self, pattern: Pattern, fixed: list[Pattern], known: Bindings) -> Bindings:
        subject, predicate, obj = pattern
        if not isinstance(predicate, Path):
            return self._fetch(pattern, fixed, known)
        if isinstance(predicate, AlternativePath):
            return functools.reduce(_either, [self._some((subject, p, obj), known) for p in predicate.args])
        return self._some(pattern, known)

    def _some(self, pattern: Pattern, known: Bindings) -> Bindings:
        """Gather for one of several ways along a path: of its steps, all triples."""
        subject, predicate, obj = pattern
        if isinstance(predicate, InvPath):
            return self._some((obj, predicate.arg, subject), known)
        if not isinstance(predicate, Path):
            return self._fetch(pattern, [], known)
        start, end = rdflib.Variable("start"), rdflib.Variable("end")
        along = [self._fetch((start, one, end), [], {}) for one in _predicates(predicate)]
        if len(along) > 1 or not isinstance(predicate, MulPath) or not _is_iri(predicate.path):
            return {}
        ends = ((subject, start), (obj, end))
        return {
            str(v): along[0][e] for v, e in ends if isinstance(v, (rdflib.Variable, rdflib.BNode)) and e in along[0]
        }

    def _fetch(self, pattern: Pattern, fixed: list[Pattern], known: Bindings) -> Bindings:
        graph = self._graph
        narrowing, batches = self._narrowing(pattern, known)
        if not (any(map(_is_constant, (*pattern, graph))) or narrowing or fixed or batches[0][1]):
            raise Refused("a pattern of variables alone would gather the whole graph")
        text = " ".join(map(_written, pattern))
        where = " ".join([*narrowing, *(" ".join(map(_written, p)) + " ." for p in (pattern, *fixed))])
        queries = []
        for number, values in batches:
            inside = f"{values} {where}"
            if graph is None:
                queries.append((number, f"CONSTRUCT {{ {text} }} WHERE {{ {inside} }}"))
            else:
                queries.append((number, f"SELECT * WHERE {{ GRAPH {_written(graph)} {{ {inside} }} }}"))
        key = "\n".join(query for _, query in queries)
        if key not in self._asked:
            bodies = self._members.gather(queries, self._dataset)
            if graph is not None:
                bodies = [self._named(bodies, pattern, graph)]
            self._asked[key] = body = b"".join(bodies)
            self.store.bulk_load(body, format=ox.RdfFormat.N_QUADS)
            self.gathered += body.count(b"\n")
        return _found(self._asked[key], pattern)

    def _narrowing(self, pattern: Pattern, known: Bindings) -> tuple[list[str], list[tuple[int, str]]]:
        """What narrows all requests for a pattern; and for each request its member and the values it is for.

        Values of the subject go to the members that hold them; those of the object to all.
        """
        subject, predicate, obj = pattern
        of = len(self._members.urls)
        narrowing = []
        language = known.get(str(obj), Known()).language if isinstance(obj, rdflib.Variable) else None
        if language:
            narrowing.append(f'FILTER(LANG({_written(obj)}) = "{language}")')
        names = _values_of(predicate, known)
        if names is not None:
            narrowing.append(f"VALUES {_written(predicate)} {{ {' '.join(sorted(names))} }}")
        size = self._size(predicate, known)
        by_subject, by_object = _values_of(subject, known), _values_of(obj, known)
        if by_subject is not None and 4 * len(by_subject) > size:
            by_subject = None
        if by_object is not None and 10 * len(by_object) > size:
            by_object = None
        if by_subject is not None and (by_object is None or len(by_subject) <= len(by_object)):
            shares: list[list[Term]] = [[] for _ in range(of)]
            for value in sorted(by_subject):
                shares[share_of(value, of)].append(value)
            batches = [(i, b) for i, values in enumerate(shares) for b in _batches(values)]
            written = _written(subject)
        elif by_object is not None:
            batches = [(i, b) for b in _batches(sorted(by_object)) for i in range(of)]
            written = _written(obj)
        elif _is_constant(subject) and self._graph is None:
            return narrowing, [(share_of(_written(subject), of), "")]
        else:
            return narrowing, [(i, "") for i in range(of)]
        requests = [(i, f"VALUES {written} {{ {' '.join(values)} }}") for i, values in batches]
        return narrowing, requests or [(0, f"VALUES {written} {{ }}")]

    def _named(self, bodies: list[bytes], pattern: Pattern, graph: Any) -> bytes:
        """The rows of a GRAPH pattern as N-Quads."""
        lines = []
        for body in bodies:
            for row in json.loads(body)["results"]["bindings"]:
                quad = [_written(t) if _is_constant(t) else _read(row[_written(t)[1:]]) for t in (*pattern, graph)]
                lines.append(" ".join(quad) + " .\n")
        return "".join(lines).encode()


def answer(members: Members, text: str, dataset: Sequence[tuple[str, str]] = ()) -> tuple[str, bytes, int]:
    """Media type and body of the answer to a query, and the triples gathered for it."""
    algebra = _algebra(text)
    if algebra.datasetClause is not None:
        raise Refused("FROM is not supported over several members; use default-graph-uri")
    members.check()
    gathering = Gathering(members, dataset)
    gathering.visit(algebra, {})
    members.check()
    return *_evaluated(gathering.store, text), gathering.gathered


def _evaluated(store: ox.Store, text: str) -> tuple[str, bytes]:
    """Media type and body of the answer of one store."""
    result = store.query(text)
    if isinstance(result, ox.QueryTriples):
        return "application/n-triples", ox.serialize(result, format=ox.RdfFormat.N_TRIPLES) or b""
    return "application/sparql-results+json", result.serialize(format=ox.QueryResultsFormat.JSON) or b""


_parsing = threading.Lock()  # pyparsing is not made for several threads


def _algebra(text: str) -> Any:
    with _parsing:
        return _translated(text)


@functools.lru_cache(256)
def _translated(text: str) -> Any:
    rdflib.NORMALIZE_LITERALS = False  # a literal is asked for as it is written
    try:
        return translateQuery(parseQuery(text)).algebra
    except Exception as error:  # pyparsing's errors, and rdflib's own of several kinds
        raise Refused(f"not SPARQL 1.1: {error}") from error


def _translated_group(group: Any) -> Any:
    try:
        return translateGroupGraphPattern(group)
    except Exception as error:  # its prefixes and paths were not resolved, as in aggregates
        raise Refused("EXISTS is supported in filters alone over several members") from error


# Terms and patterns


def _read(term: Mapping[str, str]) -> Term:
    """A term of SPARQL's results in JSON."""
    if term["type"] == "uri":
        return str(ox.NamedNode(term["value"]))
    kind = term.get("datatype")
    language = term.get("xml:lang")
    if language:
        return str(ox.Literal(term["value"], language=language))
    return str(ox.Literal(term["value"], datatype=ox.NamedNode(kind) if kind else None))


def _is_iri(term: Any) -> bool:
    return isinstance(term, rdflib.URIRef)


def _is_constant(term: Any) -> bool:
    return isinstance(term, (rdflib.URIRef, rdflib.Literal))


def _written(term: Any) -> str:
    return f"?b{term}" if isinstance(term, rdflib.BNode) else str(term.n3())


def _steps(triple: Pattern) -> list[Pattern]:
    """A pattern with a path as patterns of its steps, as far as a path is only a sequence or an inverse."""
    subject, predicate, obj = triple
    if isinstance(predicate, InvPath):
        return _steps((obj, predicate.arg, subject))
    if isinstance(predicate, SequencePath):
        ends = [subject, *(rdflib.BNode() for _ in predicate.args[1:]), obj]
        pairs = zip(ends, predicate.args, ends[1:], strict=False)
        return [step for start, part, end in pairs for step in _steps((start, part, end))]
    return [triple]


def _predicates(path: Any) -> list[Any]:
    """The predicates that a path may take at any of its steps."""
    if _is_iri(path):
        return [path]
    if isinstance(path, MulPath) and path.mod != "+":
        raise Refused("a path of no steps is not supported over several members")
    if isinstance(path, (MulPath, InvPath)):
        return _predicates(path.path if isinstance(path, MulPath) else path.arg)
    if isinstance(path, (AlternativePath, SequencePath)):
        return [one for part in path.args for one in _predicates(part)]
    raise Refused("a negated path is not supported over several members")


def _values_of(term: Any, known: Mapping[str, Known]) -> frozenset[Term] | None:
    """The values that a variable may have, if they are known and few."""
    found = known.get(str(term)) if isinstance(term, (rdflib.Variable, rdflib.BNode)) else None
    return found.values if found is not None and found.values is not None and len(found.values) <= FEW else None


def _batches(values: Sequence[Term]) -> list[Sequence[Term]]:
    return [values[i : i + BATCH] for i in range(0, len(values), BATCH)]


def _found(body: bytes, pattern: Pattern) -> Bindings:
    """The IRIs that triples leave for the variables of a pattern; nothing of many triples."""
    places = [(i, str(t)) for i, t in enumerate(pattern) if isinstance(t, (rdflib.Variable, rdflib.BNode))]
    if len(body) > SMALL:
        return {}
    seen: dict[str, set[Term]] = {name: set() for _, name in places}
    for line in body.splitlines():
        terms = line.decode().split(" ", 2)
        terms[2] = terms[2].split(" ", 1)[0]
        for i, name in places:
            seen[name].add(terms[i])
    return {n: Known(frozenset(v)) for n, v in seen.items() if all(term.startswith("<") for term in v)}


# What is known of variables


def _merged(first: Mapping[str, Known], second: Mapping[str, Known]) -> Bindings:
    return {**second, **{v: k.narrowed(second.get(v)) for v, k in first.items()}}


def _either(first: Bindings, second: Bindings) -> Bindings:
    """What is known where one of two holds."""
    found = {}
    for name in first.keys() & second.keys():
        one, other = first[name], second[name]
        if one.values is not None and other.values is not None:
            found[name] = Known(one.values | other.values)
    return found


def _given(rows: Sequence[Mapping[Any, Any]]) -> Bindings:
    """The values of VALUES, for the variables that every row gives."""
    names = {v for row in rows for v in row}
    always = [v for v in names if all(v in row and _is_constant(row[v]) for row in rows)]
    return {str(v): Known(frozenset(_written(row[v]) for row in rows)) for v in always}


def _filtered(expression: Any) -> Bindings:
    """What a filter says of variables: one value or some, where they are IRIs, or a language."""
    found: Bindings = {}
    for part in _conjuncts(expression):
        if not isinstance(part, CompValue) or part.name != "RelationalExpression" or part.op not in ("=", "IN"):
            continue
        left, right = part.expr, part.other
        if isinstance(right, rdflib.Variable) and _is_iri(left):
            left, right = right, left
        options = right if isinstance(right, list) else [right]
        if isinstance(left, rdflib.Variable) and options and all(map(_is_iri, options)):
            found[str(left)] = Known(frozenset(map(_written, options))).narrowed(found.get(str(left)))
        elif _is_language(left) and part.op == "=" and isinstance(right, rdflib.Literal) and str(right).isalpha():
            found[str(left.arg)] = Known(None, str(right)).narrowed(found.get(str(left.arg)))
    return found


def _is_language(term: Any) -> bool:
    return isinstance(term, CompValue) and term.name == "Builtin_LANG" and isinstance(term.arg, rdflib.Variable)


def _conjuncts(expression: Any) -> list[Any]:
    if isinstance(expression, CompValue) and expression.name == "ConditionalAndExpression":
        return [c for part in (expression.expr, *expression.other) for c in _conjuncts(part)]
    if isinstance(expression, CompValue) and expression.name == "RelationalExpression" and expression.other is None:
        return _conjuncts(expression.expr)
    return [expression]


def _parts(expression: Any) -> Iterable[Any]:
    """An expression and all within it, but nothing within EXISTS."""
    yield expression
    if isinstance(expression, CompValue):
        if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            return
        for value in expression.values():
            yield from _parts(value)
    elif isinstance(expression, (list, tuple)) and not isinstance(expression, str):
        for value in expression:
            yield from _parts(value)


# The endpoint


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, members: Members) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.members = members


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(urllib.parse.urlsplit(self.path).query)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        if "sparql-query" in self.headers.get("Content-Type", ""):
            body = urllib.parse.urlencode({"query": body})
        self._answer(body)

    def _answer(self, form: str) -> None:
        given = urllib.parse.parse_qsl(form)
        text = dict(given).get("query", "")
        dataset = [(k, v) for k, v in given if k in ("default-graph-uri", "named-graph-uri")]
        assert isinstance(self.server, _Server)
        status, kind, gathered = 200, "text/plain; charset=utf-8", 0
        try:
            kind, body, gathered = answer(self.server.members, text, dataset)
        except Refused as error:
            status, body = 400, str(error).encode()
        except MemberFailed as error:
            status, body = 503, str(error).encode()
        except Exception as error:  # whatever else goes wrong must not look like an answer
            status, body = 500, f"{type(error).__name__}: {error}".encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Triples-Gathered", str(gathered))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("members", nargs="+", metavar="MEMBER", help="query URL, in the order of the shares")
    options = parser.parse_args()
    _Server(options.port, Members(options.members)).serve_forever()


if __name__ == "__main__":
    main()
