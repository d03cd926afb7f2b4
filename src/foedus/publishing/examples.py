"""The saved queries as SIB sparql-examples: RDF that query editors and assistants read.

An example stands at ENDPOINT/.well-known/sparql-examples/SLUG, with its parameters replaced by their defaults, so that
it runs as it stands. All texts are in one language, since the editor lists an example once for each comment. Prefixes
are declared on nodes with IRIs, so that files may be parsed apart and joined.

Source: sib-swiss/sparql-examples (README and examples), sparql-examples-utils (its tests and SHACL shape).
"""

from __future__ import annotations

from foedus.authoring.turtle import block, literal
from foedus.catalog import Catalog, SavedQuery, bind
from foedus.errors import InputError
from foedus.federation import named, prologue
from foedus.guard import check
from foedus.lexer import Token, significant

#: The endpoint that the examples are for, unless another one is named.
ENDPOINT = "https://w3id.org/foedus/sparql"
_FORMS = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
}
_PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "spex": "https://purl.expasy.org/sparql-examples/ontology#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def examples(folder: str, endpoint: str = ENDPOINT) -> str:
    """The saved queries of `folder` as Turtle, for an endpoint: the same text from run to run.

    Raises InputError for an endpoint that is not a URL, for a query that is not SELECT, ASK or CONSTRUCT, and where two
    queries give a prefix different meanings; ParameterError where a parameter has no default.
    """
    if not endpoint.startswith(("http://", "https://")) or set(endpoint) & set(' <>"{}|^`\\'):
        raise InputError("is not the URL of an endpoint", where=endpoint, todo="Give one that begins with https://.")
    base = endpoint.rstrip("/") + "/.well-known/sparql-examples/"
    declared: dict[str, str] = {}
    blocks = []
    for query in Catalog(folder).all():
        for prefix, namespace in prologue(significant(query.text))[1].items():
            if declared.setdefault(prefix, namespace) != namespace:
                raise InputError(f"the prefix {prefix}: stands for something else in another query", where=query.path)
        blocks.append(_example(query, endpoint))
    nodes = [f"<{base}prefixes#{prefix}>" for prefix in sorted(declared)]
    blocks.append(block(f"<{base}prefixes>", [("a", ["owl:Ontology"]), ("sh:declare", nodes)]))
    for node, (prefix, namespace) in zip(nodes, sorted(declared.items()), strict=True):
        told = [("sh:prefix", [literal(prefix)]), ("sh:namespace", [literal(namespace, "^^xsd:anyURI")])]
        blocks.append(block(node, told))
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted({**_PREFIXES, "ex": base}.items()))
    return "\n".join([head, *blocks])


def runnable(query: SavedQuery) -> str:
    """The text of a saved query as it runs anywhere: without its header, parameters replaced by their defaults."""
    lines = bind(query, {}).splitlines()
    return "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"


def services(text: str) -> list[str]:
    """The IRIs of the endpoints that a query names after SERVICE, sorted; one that is a variable is left out."""
    found = significant(text)
    _, declared = prologue(found)
    after = [i + 1 for i, token in enumerate(found) if _is(token, "SERVICE")]
    endpoints = (named(found[i + 1 if _is(found[i], "SILENT") else i], declared) for i in after)
    return sorted({iri for iri in endpoints if iri is not None})


def _is(token: Token, word: str) -> bool:
    return token.kind == "word" and token.text.upper() == word


def _example(query: SavedQuery, endpoint: str) -> str:
    text = runnable(query)
    form = check(text, name=query.path, allow_service=True).form
    if form not in _FORMS:
        raise InputError(f"{form} cannot be an example", where=query.path, todo="Write it as SELECT or CONSTRUCT.")
    class_, property = _FORMS[form]
    return block(
        f"ex:{query.slug}",
        [
            ("a", ["sh:SPARQLExecutable", class_]),
            ("rdfs:comment", [literal(query.question, "@en")]),
            ("dcterms:description", [literal(query.description, "@en")] if query.description else []),
            ("sh:prefixes", ["<" + endpoint.rstrip("/") + "/.well-known/sparql-examples/prefixes>"]),
            (property, [_long(text)]),
            ("schema:keywords", [literal(tag) for tag in query.tags]),
            ("schema:target", [f"<{endpoint}>"]),
            ("spex:federatesWith", [f"<{iri}>" for iri in services(text)]),
        ],
    )


def _long(text: str) -> str:
    """A text of many lines as Turtle; it does not end in a quotation mark."""
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""{escaped}"""'
