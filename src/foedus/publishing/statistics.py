"""What is in the graph, counted: data/statistics.ttl, in VoID.

Counted is the union of all named graphs but the statistics themselves, and each graph alone. Classes of OWL, SHACL,
VoID and DCAT, in which ontology, shapes and description are written, count in the totals and have no partition.

    graph:dataset   void:classPartition  C            C   void:class, void:entities
    C               void:propertyPartition  C.p       C.p void:property, void:triples
    C.p             void:classPartition, void-ext:datatypePartition: the classes and datatypes of the values
    graph:dataset   void:propertyPartition  p         p   void:property, void:triples, distinct subjects and objects

This is the shape in which the SPARQL editor of the SIB Swiss Institute of Bioinformatics reads it for completion. To
keep it small, C.p is given for the most general classes and for those that a source's file states; its values for the
most general classes alone, and their classes are the most general ones too.

Sources: Describing Linked Datasets with the VoID Vocabulary (W3C Interest Group Note 2011), sections 4.5 and 4.6;
sib-swiss/sparql-editor (its query for VoID); JervenBolleman/void-generator (void-ext).
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator

import pyoxigraph as ox

from foedus.authoring.turtle import block
from foedus.canonical import stream
from foedus.datasets import DATASET, GRAPH, ID, INFERRED, STATISTICS, turtle_files
from foedus.names import PREFIXES, shorten
from foedus.turtle import Node, node

#: Where the file stands below the folder of the graph.
PATH = "data/statistics.ttl"
#: The partitions are named after what they hold, as parts of the document that the graph is.
PART = STATISTICS + "#"
VOID = "http://rdfs.org/ns/void#"
VOID_EXT = "http://ldf.fi/void-ext#"
_RDF_TYPE = PREFIXES["rdf"] + "type"
_SUBCLASS = PREFIXES["rdfs"] + "subClassOf"
#: Whose classes have no partition.
_LANGUAGES = (PREFIXES["owl"], PREFIXES["rdfs"], "http://www.w3.org/ns/shacl#", VOID, "http://www.w3.org/ns/dcat#")
_HEAD = "# Made by `python -m foedus.publishing --write` from all other files. Not to be edited.\n"


#: A triple: numbers for subject and object, the same for the same term, and the IRI of the property.
_Fact = tuple[int, str, int]


class Statistics:
    """The counts of the graph in `folder`. Raises InputError where a file of it cannot be read or is not Turtle."""

    def __init__(self, folder: str) -> None:
        self._numbers: dict[Node, int] = {}
        self.graphs: dict[str, set[_Fact]] = defaultdict(set)
        asserted: set[int] = set()
        for file in turtle_files(folder):
            if file.graph == STATISTICS:
                continue
            facts = {(self._number(s), p.value, self._number(o)) for s, p, o in stream(file.path)}
            self.graphs[file.graph] |= facts
            if os.path.basename(os.path.dirname(file.path)) != "ontology" and not file.graph.startswith(INFERRED):
                asserted |= {o for _, p, o in facts if p == _RDF_TYPE}
        self.facts: set[_Fact] = set().union(*self.graphs.values())
        self._terms = list(self._numbers)
        self._types: dict[int, set[str]] = defaultdict(set)
        parents: dict[str, set[str]] = defaultdict(set)
        for s, p, o in self.facts:
            if p in (_RDF_TYPE, _SUBCLASS) and isinstance(self._terms[o], ox.NamedNode):
                (self._types[s] if p == _RDF_TYPE else parents[node(self._terms[s])]).add(node(self._terms[o]))
        found = Counter(c for classes in self._types.values() for c in classes)
        self.entities = {c: n for c, n in found.items() if not c.startswith(_LANGUAGES)}
        self._above = {c: _above(c, parents) for c in self.entities}
        self.general = {c for c in self.entities if not self._above[c] & self.entities.keys()}
        self.detailed = self.general | ({node(self._terms[o]) for o in asserted} & self.entities.keys())

    def _number(self, term: Node) -> int:
        return self._numbers.setdefault(term, len(self._numbers))

    def things(self) -> int:
        """How many things of the data are described."""
        subjects = {s for s, _, _ in self.facts}
        return sum(isinstance(self._terms[s], ox.NamedNode) and node(self._terms[s]).startswith(ID) for s in subjects)

    def within(self) -> dict[str, dict[str, tuple[int, set[str], set[str]]]]:
        """Of each detailed class, and each property of its instances: triples, classes and datatypes of the values."""
        numbers: Counter[tuple[str, str]] = Counter()
        classes: dict[tuple[str, str], set[str]] = defaultdict(set)
        datatypes: dict[tuple[str, str], set[str]] = defaultdict(set)
        for s, property, o in self.facts:
            if property == _RDF_TYPE:
                continue
            for class_ in self._types.get(s, set()) & self.detailed:
                at = class_, property
                numbers[at] += 1
                if class_ not in self.general:
                    continue
                value = self._terms[o]
                if isinstance(value, ox.Literal):
                    datatypes[at].add(value.datatype.value)
                else:
                    classes[at] |= self._most_general(o)
        found: dict[str, dict[str, tuple[int, set[str], set[str]]]] = {c: {} for c in self.detailed}
        for (class_, property), number in numbers.items():
            found[class_][property] = number, classes[class_, property], datatypes[class_, property]
        return found

    def properties(self) -> dict[str, tuple[int, int, int]]:
        """Of each property of an instance of one of the classes: triples, distinct subjects, distinct objects."""
        used = {p for s, p, _ in self.facts if self._types.get(s, set()) & self.entities.keys()}
        subjects: dict[str, set[int]] = defaultdict(set)
        objects: dict[str, set[int]] = defaultdict(set)
        for s, p, o in self.facts:
            subjects[p].add(s)
            objects[p].add(o)
        numbers = Counter(p for _, p, _ in self.facts)
        return {p: (numbers[p], len(subjects[p]), len(objects[p])) for p in used}

    def _most_general(self, value: int) -> set[str]:
        """The classes of a value that have partitions, without their subclasses."""
        found = self._types.get(value, set()) & self.entities.keys()
        return {c for c in found if not self._above[c] & found}


def statistics(folder: str) -> str:
    """The content of data/statistics.ttl for the graph in `folder`; raises InputError as Statistics does."""
    counted = Statistics(folder)
    classes, properties, within = counted.entities, counted.properties(), counted.within()
    blocks = [
        block(
            _graph(DATASET),
            [
                *_totals(counted.facts),
                ("void:distinctObjects", [str(len({o for _, _, o in counted.facts}))]),
                ("void:entities", [str(counted.things())]),
                ("void:classPartition", sorted(_part(c) for c in classes)),
                ("void:propertyPartition", sorted(_part(p) for p in properties)),
            ],
        )
    ]
    for graph, facts in sorted(counted.graphs.items()):
        if graph != DATASET:
            blocks.append(block(_graph(graph), _totals(facts)))
    for class_, number in classes.items():
        inner = [_part(class_, p) for p in within.get(class_, ())]
        told = [("void:class", [_term(class_)]), ("void:entities", [str(number)])]
        blocks.append(block(_part(class_), [*told, ("void:propertyPartition", sorted(inner))]))
    for property, (number, subjects, objects) in properties.items():
        told = [("void:property", [_term(property)]), ("void:triples", [str(number)])]
        told += [("void:distinctSubjects", [str(subjects)]), ("void:distinctObjects", [str(objects)])]
        blocks.append(block(_part(property), told))
    for class_, found in within.items():
        for property, (number, values, datatypes) in found.items():
            blocks += _class_property(class_, property, number, values, datatypes)
    body = "\n".join(sorted(blocks))
    declared = {**PREFIXES, "part": PART, "void": VOID, "void-ext": VOID_EXT}
    used = {p: iri for p, iri in sorted(declared.items()) if re.search(rf"(?m)(^| ){p}:", body)}
    return "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in used.items()) + f"\n{_HEAD}\n{body}"


def _class_property(class_: str, property: str, number: int, values: set[str], datatypes: set[str]) -> Iterator[str]:
    """The partition of a property of the instances of a class, and those of its values."""
    told = [("void:property", [_term(property)]), ("void:triples", [str(number)])]
    told.append(("void:classPartition", sorted(_part(class_, property, v) for v in values)))
    told.append(("void-ext:datatypePartition", sorted(_part(class_, property, d) for d in datatypes)))
    yield block(_part(class_, property), told)
    for value in values:
        yield block(_part(class_, property, value), [("void:class", [_term(value)])])
    for datatype in datatypes:
        yield block(_part(class_, property, datatype), [("void-ext:datatype", [_term(datatype)])])


def _totals(facts: set[_Fact]) -> list[tuple[str, list[str]]]:
    found = {
        "triples": len(facts),
        "distinctSubjects": len({s for s, _, _ in facts}),
        "classes": len({o for _, p, o in facts if p == _RDF_TYPE}),
        "properties": len({p for _, p, _ in facts}),
    }
    return [(f"void:{name}", [str(number)]) for name, number in found.items()]


def _above(class_: str, parents: dict[str, set[str]]) -> set[str]:
    """All superclasses that are stated of a class."""
    found, new = set[str](), {class_}
    while new:
        new = {p for c in new for p in parents.get(c, ())} - found
        found |= new
    return found - {class_}


def _graph(iri: str) -> str:
    return f"graph:{iri.removeprefix(GRAPH)}"


def _part(*terms: str) -> str:
    """The name of a partition: those of class, property and value with full stops between; our terms without prefix."""
    return "part:" + ".".join(_local(term) for term in terms)


def _local(term: str) -> str:
    short = shorten(term)
    if short == term:  # of a vocabulary without a prefix here
        return re.sub(r"\W+", "-", term)
    return short.removeprefix("foedus:").replace(":", ".")


def _term(iri: str) -> str:
    short = shorten(iri)
    return f"<{iri}>" if short == iri else short
