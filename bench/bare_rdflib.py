"""The barest script in rdflib: parse Turtle files, run one query, print CSV. `QUERY_FILE TURTLE_FILE…`."""

import sys

import rdflib

graph = rdflib.Graph()
for path in sys.argv[2:]:
    graph.parse(path, format="turtle")
with open(sys.argv[1], encoding="utf-8") as file:
    solutions = graph.query(file.read())
sys.stdout.buffer.write(solutions.serialize(format="csv") or b"")
