"""The OWL 2 DL profile, checked on Turtle: every triple is part of an axiom, and the global restrictions hold.

A file with an ontology header is an ontology of its own: it stands with what it imports of the files given, and with
nothing else. A file without a header that declares nothing is data: it stands with all the files given.

Sources: OWL 2 Structural Specification and Functional-Style Syntax (Second Edition), sections 2.4 (reserved names), 3
(headers, imports), 4 (datatype map), 5.6 (anonymous individuals), 5.8 (declarations; 5.8.1 typing and punning), 6 to 9
(expressions and axioms), 11 (global restrictions); OWL 2 Mapping to RDF Graphs (Second Edition), section 3. What stays
with a reasoner: whether a facet fits its datatype, and whether the ontology is consistent.

rdf:langString is let through: RDF 1.1 put it in the place of the language-tagged part of rdf:PlainLiteral.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

import pyoxigraph as ox

from foedus.checks import Problem
from foedus.datasets import TurtleFile, read_bytes
from foedus.lexer import Token, significant
from foedus.names import shorten
from foedus.turtle import Node, node, parse

#: What each kind of problem is; `check` leaves out the kinds that it is told to.
KINDS = {
    "header": "an ontology has exactly one header, with one version at most (3.1, 3.5)",
    "imports": "what is imported is at hand (3.4)",
    "triple": "every triple is part of a declaration, an axiom or an annotation (Mapping, 3.2.5)",
    "undeclared": "every class, property and datatype that is used is declared (5.8)",
    "role": "a term is used as what it is declared to be (5.8.1)",
    "punning": "no IRI is both class and datatype, or two kinds of property (5.8.1)",
    "reserved": "names of RDF, RDFS, XSD and OWL mean what OWL says (2.4)",
    "datatype": "datatypes are of the OWL 2 datatype map or defined, without a cycle (5.2, 9.4, 11.2)",
    "literal": "a literal has a form that its datatype knows (5.7)",
    "house-range": "xsd:date and xsd:duration, which are not in the map and which the house uses, are no ranges (4)",
    "house-literal": "nor is a literal of one of the two (4)",
    "list": "a list is well formed and used once (Mapping, 3.2.1)",
    "blank-node": "blank nodes form trees (11.2; Mapping, 3.2.5)",
    "expression": "a class expression or data range is complete (6 to 8)",
    "members": "an axiom or expression over several things has two at least (6 to 9)",
    "simple": "cardinality, disjointness and the like take simple properties only (11.2)",
    "regular": "property chains are regular (11.2)",
}

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_RESERVED = (_RDF, _RDFS, _OWL, _XSD)
_TYPE, _FIRST, _REST, _NIL = (_RDF + n for n in ("type", "first", "rest", "nil"))


def _owl(names: str) -> frozenset[str]:
    return frozenset(_OWL + name for name in names.split())


_DECLARES = {
    _OWL + "Class": "class",
    _RDFS + "Datatype": "datatype",
    _OWL + "ObjectProperty": "object property",
    _OWL + "DatatypeProperty": "data property",
    _OWL + "AnnotationProperty": "annotation property",
    _OWL + "NamedIndividual": "individual",
}
_PROPERTIES = {"object property", "data property", "annotation property"}
_NUMBERS = "decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short byte"
_MAP = {_OWL + "real", _OWL + "rational", _RDF + "PlainLiteral", _RDF + "XMLLiteral", _RDF + "langString"} | {
    _XSD + name
    for name in (
        f"{_NUMBERS} unsignedLong unsignedInt unsignedShort unsignedByte double float string normalizedString token "
        "language Name NCName NMTOKEN boolean hexBinary base64Binary anyURI dateTime dateTimeStamp"
    ).split()
}
_HOUSE = {_XSD + "date", _XSD + "duration"}  # every store and rdflib compare them
_BUILT_IN = {
    **dict.fromkeys(_owl("Thing Nothing"), "class"),
    **dict.fromkeys(_owl("topObjectProperty bottomObjectProperty"), "object property"),
    **dict.fromkeys(_owl("topDataProperty bottomDataProperty"), "data property"),
    **dict.fromkeys(
        _owl("deprecated versionInfo priorVersion backwardCompatibleWith incompatibleWith")
        | {_RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy")},
        "annotation property",
    ),
    **dict.fromkeys(_MAP | {_RDFS + "Literal"}, "datatype"),
}
_OF_OBJECTS = _owl(
    "InverseFunctionalProperty TransitiveProperty SymmetricProperty AsymmetricProperty ReflexiveProperty "
    "IrreflexiveProperty"
)
#: Those that make a property an object property where it is not declared.
_IMPLY_OBJECTS = _owl("InverseFunctionalProperty TransitiveProperty SymmetricProperty")
_OF_SIMPLE = _owl("FunctionalProperty InverseFunctionalProperty IrreflexiveProperty AsymmetricProperty")
#: The blank nodes that stand for an axiom: their class, and the properties each needs exactly once.
_AXIOMS = {
    _OWL + "AllDisjointClasses": ("members",),
    _OWL + "AllDisjointProperties": ("members",),
    _OWL + "AllDifferent": ("distinctMembers",),
    _OWL + "NegativePropertyAssertion": ("sourceIndividual", "assertionProperty"),
    _OWL + "Axiom": ("annotatedSource", "annotatedProperty", "annotatedTarget"),
    _OWL + "Annotation": ("annotatedSource", "annotatedProperty", "annotatedTarget"),
}
_AXIOM_PARTS = _owl(
    "members distinctMembers sourceIndividual assertionProperty targetIndividual targetValue annotatedSource "
    "annotatedProperty annotatedTarget"
)
_CARDINALITIES = _owl("minCardinality maxCardinality cardinality")
_QUALIFIED = _owl("minQualifiedCardinality maxQualifiedCardinality qualifiedCardinality")
_FILLERS = _owl("someValuesFrom allValuesFrom hasValue hasSelf") | _CARDINALITIES | _QUALIFIED
_RESTRICTION = _FILLERS | _owl("onProperty onProperties onClass onDataRange")
_CONNECTIVES = _owl("intersectionOf unionOf complementOf oneOf")
_RANGES = _owl("datatypeComplementOf onDatatype")
_EXPRESSION = _RESTRICTION | _CONNECTIVES | _RANGES | {_OWL + "withRestrictions"}
_FACETS = {
    _XSD + name
    for name in (
        "length",
        "minLength",
        "maxLength",
        "pattern",
        "minInclusive",
        "maxInclusive",
        "minExclusive",
        "maxExclusive",
    )
} | {_RDF + "langRange"}
_FORMS = {
    **{_XSD + name: re.compile(r"[+-]?\d+") for name in _NUMBERS.split() if name != "decimal"},
    _XSD + "decimal": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)"),
    _XSD + "boolean": re.compile(r"true|false|0|1"),
    _XSD + "dateTime": re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"),
    _XSD + "nonNegativeInteger": re.compile(r"\+?\d+|-0+"),
    _XSD + "anyURI": re.compile(r"[^\s<>]*"),
}


class Placed(NamedTuple):
    """A triple and the `file:line` on which the statement that holds it begins."""

    subject: str
    predicate: str
    object: Node
    where: str


def placed(path: str) -> Iterator[Placed]:
    """The triples of a Turtle file with their places; blank nodes have names that no other file has.

    Raises InputError with file, line and column where it cannot be read or is not Turtle.
    """
    for _ in parse(path):
        pass
    text = read_bytes(path).decode("utf-8")
    mark = path.encode().hex()
    prefixes: dict[str, str] = {}
    line, counted = 1, 0
    for statement in _statements(significant(text)):
        piece = text[statement[0].start : statement[-1].end]
        word = statement[0].text.lstrip("@").upper()
        if word in ("PREFIX", "BASE"):
            prefixes[statement[1].text if word == "PREFIX" else ""] = piece + "\n"
            continue
        line += text.count("\n", counted, statement[0].start)
        counted = statement[0].start
        used = {"", *(t.text.partition(":")[0] + ":" for t in statement if t.kind == "name")}
        content = "".join(text for name, text in prefixes.items() if name in used) + piece
        for quad in ox.parse(content.encode(), format=ox.RdfFormat.TURTLE, base_iri="https://w3id.org/foedus/"):
            subject, value = quad.subject, quad.object
            if isinstance(value, ox.BlankNode):
                value = ox.BlankNode(f"{value.value}at{mark}")
            name = f"_:{subject.value}at{mark}" if isinstance(subject, ox.BlankNode) else node(subject)
            yield Placed(name, quad.predicate.value, value, f"{path}:{line}")


def _statements(found: list[Token]) -> Iterator[list[Token]]:
    """The tokens of each statement and directive."""
    depth, start = 0, 0
    for i, token in enumerate(found):
        depth += (token.text in ("[", "(")) - (token.text in ("]", ")"))
        sparql = {"PREFIX": 2, "BASE": 1}.get(found[start].text.upper())  # these two have no full stop
        if i - start == sparql or (token.text == "." and not depth and sparql is None):
            yield found[start : i + 1]
            start = i + 1


def check(files: list[TurtleFile], *, leave_out: Collection[str] = ()) -> Iterator[Problem]:
    """What keeps the Turtle in `files` out of OWL 2 DL, without the `KINDS` named in `leave_out`.

    Raises InputError where a file cannot be read or is not Turtle.
    """
    contents = {file.path: list(placed(file.path)) for file in files}
    by_iri: dict[str, list[str]] = {}
    for path, triples in contents.items():
        for header in _headers(triples):
            by_iri.setdefault(header, []).append(path)
    closures: dict[tuple[str, ...], _Closure] = {}
    for path, triples in contents.items():
        alone = _headers(triples) or any(t.predicate == _TYPE and node(t.object) in _DECLARES for t in triples)
        paths = tuple(_imported(path, contents, by_iri) if alone else contents)
        if paths not in closures:
            closures[paths] = _Closure([t for p in paths for t in contents[p]])
        graph = _Graph(path, triples, closures[paths], set(by_iri))
        seen = set()
        for kind, where, thing, message in graph.problems(needs_header=bool(alone)):
            found = Problem(where, "a blank node" if thing.startswith("_:") else shorten(thing), f"{message} ({kind})")
            key = found.message if kind == "undeclared" else found[1:]  # a term that is not declared is told once
            if kind not in leave_out and key not in seen:
                seen.add(key)
                yield found


def _headers(triples: Iterable[Placed]) -> list[str]:
    return list(dict.fromkeys(t.subject for t in triples if t.predicate == _TYPE and _is(t, _OWL + "Ontology")))


def _is(triple: Placed, iri: str) -> bool:
    return isinstance(triple.object, ox.NamedNode) and triple.object.value == iri


def _imported(path: str, contents: dict[str, list[Placed]], by_iri: dict[str, list[str]]) -> list[str]:
    """The file and the files that it imports, directly or not."""
    found = [path]
    for at in found:
        for t in contents[at]:
            if t.predicate == _OWL + "imports":
                found += [p for p in by_iri.get(node(t.object), ()) if p not in found]
    return found


_Found = tuple[str, str, str, str]


class _Closure:
    """What the triples of a file and of those that it imports declare, and the hierarchy of their properties."""

    def __init__(self, triples: list[Placed]) -> None:
        self.kinds: dict[str, set[str]] = {}
        for t in triples:
            if t.predicate == _TYPE and not t.subject.startswith("_:"):
                declared = _DECLARES.get(node(t.object))
                if node(t.object) in _IMPLY_OBJECTS:
                    declared = "object property"
                if declared:
                    self.kinds.setdefault(t.subject, set()).add(declared)
        self.roles = _Roles(triples)


class _Graph:
    """One file as an ontology."""

    def __init__(self, path: str, own: list[Placed], closure: _Closure, at_hand: set[str]) -> None:
        self._path, self._own, self._at_hand = path, own, at_hand
        self._out: dict[str, list[Placed]] = {}
        self._in: dict[str, list[Placed]] = {}
        for t in own:
            self._out.setdefault(t.subject, []).append(t)
            if isinstance(t.object, ox.BlankNode):
                self._in.setdefault(node(t.object), []).append(t)
        self._kinds = closure.kinds
        self._roles = closure.roles

    def problems(self, *, needs_header: bool) -> Iterator[_Found]:
        """Kind, place, thing and message of each problem."""
        if needs_header:
            yield from self._header()
        yield from self._punning()
        for t in self._own:
            for kind, message in self._triple(t):
                yield kind, t.where, self._thing(t), message
        for name, triples in self._out.items():
            if name.startswith("_:"):
                for kind, message in self._blank(name, triples):
                    yield kind, triples[0].where, self._thing(triples[0]), message
        for name, triples in self._in.items():
            if name not in self._out and any(t.predicate not in (_FIRST, _REST) for t in triples):
                if self._is_individual_place(triples[0]):
                    continue
                yield "blank-node", triples[0].where, self._thing(triples[0]), "a blank node is used and not described"
        yield from self._roles.problems({t.where for t in self._own})
        yield from self._datatype_cycles()

    def _is_individual_place(self, t: Placed) -> bool:
        """Whether an object stands where an anonymous individual may."""
        return bool(self._kinds.get(t.predicate, set()) & {"object property", "annotation property"})

    def _thing(self, t: Placed) -> str:
        """The named subject of the statement in which a triple stands, or its own subject."""
        name, seen = t.subject, set()
        while name.startswith("_:") and name not in seen and name in self._in:
            seen.add(name)
            name = self._in[name][0].subject
        return name

    def _objects(self, subject: str, predicate: str) -> list[Node]:
        return [t.object for t in self._out.get(subject, ()) if t.predicate == predicate]

    def _types(self, subject: str) -> set[str]:
        return {node(o) for o in self._objects(subject, _TYPE)}

    # Header, names

    def _header(self) -> Iterator[_Found]:
        headers = _headers(self._own)
        top = f"{self._path}:1"
        if not headers:
            yield "header", top, self._path, "there is no ontology header"
        for name in headers[1:]:
            yield "header", self._out[name][0].where, name, "is a second ontology header in one file"
        for name in headers:
            where = self._out[name][0].where
            versions = self._objects(name, _OWL + "versionIRI")
            if len(versions) > 1:
                yield "header", where, name, "has more than one version IRI"
            if versions and name.startswith("_:"):
                yield "header", where, name, "has a version IRI and no IRI of its own"
            for iri in [name, *(node(v) for v in versions)]:
                if iri.startswith(_RESERVED):
                    yield "reserved", where, name, f"<{iri}>, a reserved name, cannot be that of an ontology"
            for imported in self._objects(name, _OWL + "imports"):
                if node(imported) not in self._at_hand:
                    yield "imports", where, name, f"imports <{node(imported)}>, which is not among the files"

    def _punning(self) -> Iterator[_Found]:
        for name, kinds in self._kinds.items():
            if name not in self._out:
                continue
            where = self._out[name][0].where
            for clash in ({"class", "datatype"} & kinds, _PROPERTIES & kinds):
                if len(clash) > 1:
                    yield "punning", where, name, f"is declared as {' and '.join(sorted(clash))}"
            if name.startswith(_RESERVED) and _BUILT_IN.get(name) not in kinds:
                yield "reserved", where, name, f"a reserved name is declared as {' and '.join(sorted(kinds))}"

    def _kind(self, name: str) -> set[str]:
        built_in = _BUILT_IN.get(name)
        return {built_in} if built_in else self._kinds.get(name, set())

    def _used(self, name: str, *roles: str) -> Iterator[tuple[str, str]]:
        """What is wrong with the use of `name` in one of the roles, such as "class"."""
        kinds = self._kind(name)
        if kinds & set(roles):
            return
        role = ("an " if roles[0][0] in "ao" else "a ") + " or ".join(roles)
        shown = shorten(name)
        if not kinds and name.startswith(_RESERVED):
            if "datatype" in roles:
                kind = "house-range" if name in _HOUSE else "datatype"
                yield kind, f"{shown} is used as a datatype and is not in the OWL 2 datatype map"
            else:
                yield "reserved", f"{shown} is used as {role} and is a reserved name that is none"
        elif not kinds - {"individual"}:
            yield "undeclared", f"{shown} is used as {role} and not declared in this file or in what it imports"
        else:
            yield "role", f"{shown} is used as {role} and declared as {' and '.join(sorted(kinds))}"

    # One triple

    def _triple(self, t: Placed) -> Iterator[tuple[str, str]]:
        if isinstance(t.object, ox.Literal):
            yield from self._literal(t.object)
        p = t.predicate
        if p == _TYPE:
            yield from self._type(t)
        elif p in (_FIRST, _REST) or p in _EXPRESSION or p in _AXIOM_PARTS or p in _FACETS:
            if not t.subject.startswith("_:") and (p not in _CONNECTIVES or "class" not in self._kind(t.subject)):
                yield "triple", f"{shorten(p)} belongs to a blank node and not to a named thing"
        elif p in (_OWL + "imports", _OWL + "versionIRI"):
            if _OWL + "Ontology" not in self._types(t.subject):
                yield "triple", f"{shorten(p)} belongs to the ontology header"
        elif p in _SLOTS:
            yield from self._axiom(t)
        elif p.startswith(_RESERVED) and p not in _BUILT_IN:
            yield "reserved", f"{shorten(p)} is no property of OWL 2"
        else:
            yield from self._fact(t)

    def _literal(self, literal: ox.Literal) -> Iterator[tuple[str, str]]:
        datatype = literal.datatype.value
        if datatype not in _MAP:
            if datatype.startswith(_RESERVED):
                kind = "house-literal" if datatype in _HOUSE else "datatype"
                yield kind, f"a literal of {shorten(datatype)}, which is not in the OWL 2 datatype map"
            else:
                yield from self._used(datatype, "datatype")
        elif datatype in _FORMS and not _FORMS[datatype].fullmatch(literal.value):
            yield "literal", f'"{literal.value}" has no form of {shorten(datatype)}'

    def _type(self, t: Placed) -> Iterator[tuple[str, str]]:
        kind, blank = node(t.object), t.subject.startswith("_:")
        if isinstance(t.object, ox.BlankNode):
            yield from self._class(t.object)
        elif isinstance(t.object, ox.Literal):
            yield "triple", "rdf:type has a literal"
        elif kind == _OWL + "Ontology" or kind in _AXIOMS or kind in _DECLARES or kind == _OWL + "Restriction":
            named_only = kind == _OWL + "Restriction" or kind in _AXIOMS
            if named_only and not blank:
                yield "triple", f"{shorten(kind)} is the type of blank nodes only"
            elif blank and kind in _DECLARES and kind not in (_OWL + "Class", _RDFS + "Datatype"):
                yield "triple", f"a blank node is declared as {_DECLARES[kind]}"
        elif kind in _OF_OBJECTS:
            yield from self._used(t.subject, "object property")
        elif kind == _OWL + "FunctionalProperty":
            yield from self._used(t.subject, "object property", "data property")
        elif kind in _owl("DeprecatedClass DeprecatedProperty") or kind == _RDF + "List":
            pass
        else:
            yield from self._used(kind, "class")

    def _axiom(self, t: Placed) -> Iterator[tuple[str, str]]:
        """An axiom of one triple: subject and object are what its property relates."""
        p = t.predicate
        subject: Node = ox.BlankNode(t.subject[2:]) if t.subject.startswith("_:") else ox.NamedNode(t.subject)
        left, right = _SLOTS[p]
        kinds = self._kind(t.subject)
        if p == _OWL + "equivalentClass" and "datatype" in kinds:
            left, right = "datatype", "range"
        elif p == _RDFS + "range" and "object property" not in kinds:
            right = "range" if "data property" in kinds else "iri"
        elif p == _RDFS + "domain" and "annotation property" in kinds:
            right = "iri"
        elif right == "same":
            right = " or ".join(sorted(kinds & _PROPERTIES)) or "property"
        for slot, term in ((left, subject), (right, t.object)):
            yield from self._slot(slot, term)
        if p == _OWL + "propertyChainAxiom" and len(self._members(t.object)) < 2:
            yield "members", "a property chain has two members at least"
        elif p == _OWL + "disjointUnionOf" and len(self._members(t.object)) < 2:
            yield "members", "a disjoint union has two members at least"
        elif p == _OWL + "hasKey" and not self._members(t.object):
            yield "members", "a key has one property at least"
        elif p == _RDFS + "subPropertyOf" and t.subject == _OWL + "topDataProperty":
            yield "triple", "owl:topDataProperty is below no other property"

    def _slot(self, slot: str, term: Node) -> Iterator[tuple[str, str]]:
        """What is wrong with a term where a class, a range, a property, … belongs."""
        if slot == "class":
            yield from self._class(term)
        elif slot == "range":
            yield from self._range(term)
        elif slot == "individual":
            if isinstance(term, ox.Literal):
                yield "triple", "a literal stands where an individual belongs"
        elif slot == "iri":
            if not isinstance(term, ox.NamedNode):
                yield "triple", "the domain or range of an annotation property is an IRI"
        elif slot.endswith("s of"):
            for member in self._members(term):
                yield from self._slot(slot.removesuffix("s of").replace("propertie", "property"), member)
        elif (
            isinstance(term, ox.BlankNode)
            and "object property" in slot
            and self._objects(node(term), _OWL + "inverseOf")
        ):
            pass
        elif isinstance(term, ox.NamedNode):
            if slot == "property":
                yield from self._used(term.value, *sorted(_PROPERTIES))
            else:
                yield from self._used(term.value, *slot.split(" or "))
        else:
            yield "triple", f"what stands where a {slot} belongs is none"

    def _fact(self, t: Placed) -> Iterator[tuple[str, str]]:
        """An assertion or annotation: the property says which."""
        kinds = self._kind(t.predicate) & _PROPERTIES
        if not kinds:
            yield from self._used(t.predicate, "property")
        elif kinds == {"object property"} and isinstance(t.object, ox.Literal):
            yield "role", f"{shorten(t.predicate)}, an object property, has a literal"
        elif kinds == {"data property"} and not isinstance(t.object, ox.Literal):
            yield "role", f"{shorten(t.predicate)}, a data property, has no literal"

    # Classes, ranges, lists

    def _class(self, term: Node) -> Iterator[tuple[str, str]]:
        if isinstance(term, ox.NamedNode):
            yield from self._used(term.value, "class")
        elif not isinstance(term, ox.BlankNode):
            yield "triple", "a literal stands where a class belongs"
        elif not self._types(node(term)) & _owl("Class Restriction"):
            yield "expression", "a blank node where a class belongs is typed neither owl:Class nor owl:Restriction"

    def _range(self, term: Node) -> Iterator[tuple[str, str]]:
        if isinstance(term, ox.NamedNode):
            yield from self._used(term.value, "datatype")
        elif not isinstance(term, ox.BlankNode):
            yield "triple", "a literal stands where a data range belongs"
        elif _RDFS + "Datatype" not in self._types(node(term)):
            yield "expression", "a blank node where a data range belongs is not typed rdfs:Datatype"

    def _members(self, term: Node) -> list[Node]:
        """The members of a list, as far as it is well formed."""
        found: list[Node] = []
        seen: set[str] = set()
        while node(term) not in seen and node(term) != _NIL:
            seen.add(node(term))
            found += self._objects(node(term), _FIRST)[:1]
            rest = self._objects(node(term), _REST)
            if not rest:
                break
            term = rest[0]
        return found

    def _blank(self, name: str, triples: list[Placed]) -> Iterator[tuple[str, str]]:
        """A blank node: a list, an expression, an axiom, an inverse, a facet or an individual."""
        types, predicates = self._types(name), {t.predicate for t in triples}
        above = self._in.get(name, [])
        if predicates & {_FIRST, _REST}:
            yield from self._list(name, above)
        elif types & set(_AXIOMS):
            yield from self._axiom_node(name, types, above)
        elif predicates & _RESTRICTION or _OWL + "Restriction" in types:
            yield from self._restriction(name, types, predicates)
        elif predicates & (_CONNECTIVES | _RANGES) or types & {_OWL + "Class", _RDFS + "Datatype"}:
            yield from self._connective(name, types, predicates)
        elif _OWL + "inverseOf" in predicates or predicates & _FACETS:
            pass
        else:
            yield from self._individual(name, above)
            return
        if len(above) > 1:
            yield "blank-node", "a blank node that stands for an expression or a list is used more than once"
        heads = _owl("equivalentClass disjointWith") | {_RDFS + "subClassOf"}
        if not above and not types & (set(_AXIOMS) | {_OWL + "Ontology"}) and not predicates & heads:
            yield "blank-node", "a blank node that stands for an expression or a list is used nowhere"

    def _list(self, name: str, above: list[Placed]) -> Iterator[tuple[str, str]]:
        first, rest = self._objects(name, _FIRST), self._objects(name, _REST)
        if len(first) != 1 or len(rest) != 1:
            yield "list", "a list node has not exactly one rdf:first and one rdf:rest"
        for after in rest:
            if node(after) != _NIL and not self._objects(node(after), _REST):
                yield "list", "a list does not end in rdf:nil"
        seen: set[str] = set()
        while name not in seen and self._objects(name, _REST):
            seen.add(name)
            name = node(self._objects(name, _REST)[0])
        if name in seen:
            yield "list", "a list runs into itself"

    def _individual(self, name: str, above: list[Placed]) -> Iterator[tuple[str, str]]:
        if len(above) > 1:
            yield "blank-node", "an anonymous individual is the value of more than one triple"
        seen: set[str] = set()
        at = name
        while at not in seen and self._in.get(at):
            seen.add(at)
            at = self._in[at][0].subject
        if at in seen:
            yield "blank-node", "anonymous individuals form a cycle"

    def _axiom_node(self, name: str, types: set[str], above: list[Placed]) -> Iterator[tuple[str, str]]:
        kind = min(types & set(_AXIOMS))
        needed = [_OWL + n for n in _AXIOMS[kind]]
        if kind == _OWL + "AllDifferent" and self._objects(name, _OWL + "members"):
            needed = [_OWL + "members"]
        for p in needed:
            if len(self._objects(name, p)) != 1:
                yield "expression", f"{shorten(kind)} needs exactly one {shorten(p)}"
        if above and kind not in _owl("Annotation"):
            yield "blank-node", f"{shorten(kind)} is the value of a triple"
        if kind == _OWL + "NegativePropertyAssertion":
            targets = [p for p in _owl("targetIndividual targetValue") if self._objects(name, p)]
            if len(targets) != 1:
                yield "expression", "owl:NegativePropertyAssertion needs one targetIndividual or targetValue"
        slot = {"AllDisjointClasses": "class", "AllDisjointProperties": "object property or data property"}
        for p in _owl("members distinctMembers"):
            for members in self._objects(name, p):
                found = self._members(members)
                if len(found) < 2:
                    yield "members", f"{shorten(kind)} has two members at least"
                if len({node(m) for m in found}) < len(found):
                    yield "members", f"{shorten(kind)} names a member twice"
                for member in found:
                    yield from self._slot(slot.get(kind.removeprefix(_OWL), "individual"), member)

    def _restriction(self, name: str, types: set[str], predicates: set[str]) -> Iterator[tuple[str, str]]:
        if _OWL + "Restriction" not in types:
            yield "expression", "a restriction is not typed owl:Restriction"
        on = self._objects(name, _OWL + "onProperty")
        if len(on) != 1:
            yield "expression", "a restriction needs exactly one owl:onProperty"
            return
        fillers = [t for t in self._out[name] if t.predicate in _FILLERS]
        if len(fillers) != 1:
            yield "expression", "a restriction needs exactly one filler, such as owl:someValuesFrom"
            return
        p, value = fillers[0].predicate, fillers[0].object
        is_data = "data property" in self._kind(node(on[0]))
        if is_data:
            yield from self._used(node(on[0]), "data property")
        else:
            yield from self._slot("object property", on[0])
        if p in _owl("someValuesFrom allValuesFrom"):
            yield from (self._range(value) if is_data else self._class(value))
        elif p == _OWL + "hasValue" and isinstance(value, ox.Literal) is not is_data:
            yield "role", f"owl:hasValue of {shorten(node(on[0]))} has {'no' if is_data else 'a'} literal"
        elif p == _OWL + "hasSelf" and (is_data or node(value) != "true"):
            yield "expression", "owl:hasSelf takes an object property and the value true"
        elif p in _CARDINALITIES | _QUALIFIED:
            if not isinstance(value, ox.Literal) or value.datatype.value != _XSD + "nonNegativeInteger":
                yield "expression", "a cardinality is an xsd:nonNegativeInteger"
            within = _OWL + ("onDataRange" if is_data else "onClass")
            qualified = self._objects(name, within)
            if len(qualified) != (p in _QUALIFIED) or predicates & (_owl("onClass onDataRange") - {within}):
                yield "expression", f"a qualified cardinality needs one {shorten(within)}, and no other has one"
            for term in qualified:
                yield from (self._range(term) if is_data else self._class(term))

    def _connective(self, name: str, types: set[str], predicates: set[str]) -> Iterator[tuple[str, str]]:
        is_range = _RDFS + "Datatype" in types
        if not types & {_OWL + "Class", _RDFS + "Datatype"}:
            yield "expression", "a class expression or data range has no type"
        found = [t for t in self._out[name] if t.predicate in _CONNECTIVES | _RANGES]
        if len(found) != 1 or (is_range and found[0].predicate == _OWL + "complementOf"):
            yield "expression", "an expression needs exactly one of intersectionOf, unionOf, complementOf and oneOf"
            return
        p, value = found[0].predicate, found[0].object
        check = self._range if is_range else self._class
        if p in _owl("complementOf datatypeComplementOf"):
            yield from check(value)
        elif p == _OWL + "onDatatype":
            yield from self._used(node(value), "datatype")
            for facets in self._objects(name, _OWL + "withRestrictions"):
                for facet in self._members(facets):
                    if {t.predicate for t in self._out.get(node(facet), ())} - _FACETS or node(facet) not in self._out:
                        yield "expression", "a datatype is restricted by something that is no facet"
        else:
            members = self._members(value)
            if len(members) < (1 if p == _OWL + "oneOf" else 2):
                yield "members", f"{shorten(p)} has too few members"
            for member in members if p != _OWL + "oneOf" else ():
                yield from check(member)
            if p == _OWL + "oneOf" and any(isinstance(m, ox.Literal) is not is_range for m in members):
                yield "expression", f"owl:oneOf lists {'literals only' if is_range else 'individuals and no literal'}"

    def _datatype_cycles(self) -> Iterator[_Found]:
        """Datatypes that are declared and not defined, or defined by themselves."""
        for name in (n for n, kinds in self._kinds.items() if "datatype" in kinds and n not in _BUILT_IN):
            if name not in self._out:
                continue
            where = self._out[name][0].where
            if not self._objects(name, _OWL + "equivalentClass"):
                yield "datatype", where, name, "is declared as a datatype and not defined"
            found, new = set(), [name]
            while new:
                for t in self._out.get(new.pop(), ()):
                    at = node(t.object)
                    if at not in found and (
                        isinstance(t.object, ox.BlankNode) or "datatype" in self._kinds.get(at, ())
                    ):
                        found.add(at)
                        new.append(at)
            if name in found:
                yield "datatype", where, name, "is a datatype defined by way of itself"


#: The axioms of one triple: what stands on the left and on the right.
_SLOTS = {
    _RDFS + "subClassOf": ("class", "class"),
    _OWL + "equivalentClass": ("class", "class"),
    _OWL + "disjointWith": ("class", "class"),
    _OWL + "disjointUnionOf": ("class", "classs of"),
    _OWL + "hasKey": ("class", "object property or data properties of"),
    _RDFS + "subPropertyOf": ("property", "same"),
    _OWL + "equivalentProperty": ("object property or data property", "same"),
    _OWL + "propertyDisjointWith": ("object property or data property", "same"),
    _OWL + "propertyChainAxiom": ("object property", "object properties of"),
    _OWL + "inverseOf": ("object property or inverse", "object property"),
    _RDFS + "domain": ("property", "class"),
    _RDFS + "range": ("property", "class"),
    _OWL + "sameAs": ("individual", "individual"),
    _OWL + "differentFrom": ("individual", "individual"),
}


#: The properties of triples that ask for a simple property, beside rdf:type.
_NEEDING = _CARDINALITIES | _QUALIFIED | _owl("hasSelf propertyDisjointWith")


class _Roles:
    """The hierarchy of object properties: which are simple, and whether chains are regular."""

    def __init__(self, closure: list[Placed]) -> None:
        self._needing = [t for t in closure if t.predicate in _NEEDING or t.predicate == _TYPE]
        self._out: dict[str, list[Placed]] = {}
        for t in closure:
            self._out.setdefault(t.subject, []).append(t)
        self._above: dict[str, set[str]] = {}
        self._composite: dict[str, str] = {_OWL + "topObjectProperty": "it is owl:topObjectProperty"}
        self._chains: list[tuple[Placed, str, list[str]]] = []
        for t in closure:
            one, two = self._named(t.subject), self._named(node(t.object))
            if t.predicate in (_RDFS + "subPropertyOf", _OWL + "equivalentProperty", _OWL + "inverseOf"):
                self._above.setdefault(one, set()).add(two)
                if t.predicate != _RDFS + "subPropertyOf":
                    self._above.setdefault(two, set()).add(one)
            elif t.predicate == _TYPE and _is(t, _OWL + "TransitiveProperty"):
                self._composite[one] = "it is transitive"
            elif t.predicate == _OWL + "propertyChainAxiom":
                self._composite[one] = "a chain of properties implies it"
                self._chains.append((t, one, [self._named(m) for m in self._list(node(t.object))]))
        for name in list(self._composite):
            for above in self._reached(name) - {name}:
                self._composite.setdefault(above, f"{shorten(name)} below it is not simple")

    def _named(self, name: str) -> str:
        """The property itself, or the one of which a blank node is the inverse."""
        inverse = [t.object for t in self._out.get(name, ()) if t.predicate == _OWL + "inverseOf"]
        return node(inverse[0]) if name.startswith("_:") and inverse else name

    def _list(self, name: str) -> list[str]:
        found: list[str] = []
        seen: set[str] = set()
        while name != _NIL and name not in seen:
            seen.add(name)
            values = {t.predicate: node(t.object) for t in self._out.get(name, ())}
            found += [values[_FIRST]] if _FIRST in values else []
            name = values.get(_REST, _NIL)
        return found

    def _reached(self, name: str) -> set[str]:
        found, new = {name}, [name]
        while new:
            fresh = self._above.get(new.pop(), set()) - found
            found |= fresh
            new += fresh
        return found

    def problems(self, own: set[str]) -> Iterator[_Found]:
        """The problems of statements at the places in `own`."""
        for t in self._needing:
            if t.where not in own:
                continue
            for name, use in self._needs_simple(t):
                why = self._composite.get(self._named(name))
                if why:
                    shown = shorten(self._named(name))
                    yield "simple", t.where, self._named(name), f"{use} takes a simple property: {shown} is none, {why}"
        yield from (found for found in self._irregular() if found[1] in own)

    def _needs_simple(self, t: Placed) -> Iterator[tuple[str, str]]:
        """The properties of a triple that must be simple, and for what."""
        p = t.predicate
        if p in _CARDINALITIES | _QUALIFIED or p == _OWL + "hasSelf":
            for on in self._out.get(t.subject, ()):
                if on.predicate == _OWL + "onProperty":
                    yield node(on.object), shorten(p)
        elif p == _TYPE and node(t.object) in _OF_SIMPLE:
            yield t.subject, shorten(node(t.object))
        elif p == _OWL + "propertyDisjointWith":
            yield from ((name, shorten(p)) for name in (t.subject, node(t.object)))
        elif p == _TYPE and _is(t, _OWL + "AllDisjointProperties"):
            for members in self._out.get(t.subject, ()):
                if members.predicate == _OWL + "members":
                    yield from ((name, "owl:AllDisjointProperties") for name in self._list(node(members.object)))

    def _irregular(self) -> Iterator[_Found]:
        """Chains for which no strict order of the properties exists."""
        below: dict[str, set[str]] = {}
        for _, name, parts in self._chains:
            if parts in ([name, name], []) or name == _OWL + "topObjectProperty":
                continue
            inner = parts[1:] if parts[0] == name else parts[:-1] if parts[-1] == name else parts
            for part in inner:
                below.setdefault(name, set()).add(part)
        for t, name, _ in self._chains:
            found: set[str] = set()
            new = [name]
            while new:
                fresh = below.get(new.pop(), set()) - found
                found |= fresh
                new += fresh
            wrong = sorted(part for part in found if part == name or part in self._reached(name))
            if wrong:
                shown = " and ".join(shorten(part) for part in wrong)
                yield "regular", t.where, name, f"the chain is not regular: it is made of {shown}, which it implies"
