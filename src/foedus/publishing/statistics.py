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
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from foedus.authoring.turtle import block
from foedus.canonical import stream
from foedus.datasets import DATASET, GRAPH, ID, INFERRED, STATISTICS, turtle_files
from foedus.names import PREFIXES, shorten

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


class Statistics:
    """The counts of the graph in `folder`. Raises InputError where a file of it cannot be read or is not Turtle."""

    def __init__(self, folder: str) -> None:
        self.graphs: dict[str, set[ox.Triple]] = defaultdict(set)
        stated: set[str] = set()
        for file in turtle_files(folder):
            if file.graph == STATISTICS:
                continue
            triples = set(stream(file.path))
            self.graphs[file.graph] |= triples
            if os.path.basename(os.path.dirname(file.path)) != "ontology" and not file.graph.startswith(INFERRED):
                stated |= {t.object.value for t in triples if _is_type(t) and isinstance(t.object, ox.NamedNode)}
        self.triples = set().union(*self.graphs.values())
        self._types: dict[object, set[str]] = defaultdict(set)
        parents: dict[str, set[str]] = defaultdict(set)
        for t in self.triples:
            if isinstance(t.object, ox.NamedNode):
                if _is_type(t):
                    self._types[t.subject].add(t.object.value)
                elif t.predicate.value == _SUBCLASS and isinstance(t.subject, ox.NamedNode):
                    parents[t.subject.value].add(t.object.value)
        found = Counter(c for classes in self._types.values() for c in classes)
        self.entities = {c: n for c, n in found.items() if not c.startswith(_LANGUAGES)}
        self._above = {c: _above(c, parents) for c in self.entities}
        self.general = {c for c in self.entities if not self._above[c] & self.entities.keys()}
        self.detailed = self.general | (stated & self.entities.keys())

    def within(self) -> dict[str, dict[str, tuple[int, set[str], set[str]]]]:
        """Of each detailed class, and each property of its instances: triples, classes and datatypes of the values."""
        numbers: Counter[tuple[str, str]] = Counter()
        classes: dict[tuple[str, str], set[str]] = defaultdict(set)
        datatypes: dict[tuple[str, str], set[str]] = defaultdict(set)
        for t in self.triples:
            property, value = t.predicate.value, t.object
            if property == _RDF_TYPE:
                continue
            for class_ in self._types.get(t.subject, set()) & self.detailed:
                at = class_, property
                numbers[at] += 1
                if class_ not in self.general:
                    continue
                if isinstance(value, ox.Literal):
                    datatypes[at].add(value.datatype.value)
                else:
                    classes[at] |= self._most_general(value)
        found: dict[str, dict[str, tuple[int, set[str], set[str]]]] = {c: {} for c in self.detailed}
        for (class_, property), number in numbers.items():
            found[class_][property] = number, classes[class_, property], datatypes[class_, property]
        return found

    def properties(self) -> dict[str, tuple[int, int, int]]:
        """Of each property of an instance of one of the classes: triples, distinct subjects, distinct objects."""
        used = {t.predicate.value for t in self.triples if self._types.get(t.subject, set()) & self.entities.keys()}
        subjects: dict[str, set[object]] = defaultdict(set)
        objects: dict[str, set[object]] = defaultdict(set)
        numbers: Counter[str] = Counter()
        for t in self.triples:
            if t.predicate.value in used:
                numbers[t.predicate.value] += 1
                subjects[t.predicate.value].add(t.subject)
                objects[t.predicate.value].add(t.object)
        return {p: (numbers[p], len(subjects[p]), len(objects[p])) for p in used}

    def _most_general(self, value: object) -> set[str]:
        """The classes of a value that have partitions, without their subclasses."""
        found = self._types.get(value, set()) & self.entities.keys()
        return {c for c in found if not self._above[c] & found}


def statistics(folder: str) -> str:
    """The content of data/statistics.ttl for the graph in `folder`; raises InputError as Statistics does."""
    counted = Statistics(folder)
    classes, properties, within = counted.entities, counted.properties(), counted.within()
    entities = {t.subject for t in counted.triples if isinstance(t.subject, ox.NamedNode)}
    blocks = [
        block(
            _graph(DATASET),
            [
                *_totals(counted.triples),
                ("void:distinctObjects", [str(len({t.object for t in counted.triples}))]),
                ("void:entities", [str(sum(e.value.startswith(ID) for e in entities))]),
                ("void:classPartition", sorted(_part(c) for c in classes)),
                ("void:propertyPartition", sorted(_part(p) for p in properties)),
            ],
        )
    ]
    for graph, triples in sorted(counted.graphs.items()):
        if graph != DATASET:
            blocks.append(block(_graph(graph), _totals(triples)))
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


def _totals(triples: Iterable[ox.Triple]) -> list[tuple[str, list[str]]]:
    found = list(triples)
    numbers = {
        "triples": len(found),
        "distinctSubjects": len({t.subject for t in found}),
        "classes": len({t.object for t in found if _is_type(t)}),
        "properties": len({t.predicate for t in found}),
    }
    return [(f"void:{name}", [str(number)]) for name, number in numbers.items()]


def _is_type(t: ox.Triple) -> bool:
    return t.predicate.value == _RDF_TYPE


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
