"""The barest script in pyoxigraph: parse Turtle files, run one query, print CSV. `QUERY_FILE TURTLE_FILE…`."""

import sys

import pyoxigraph as ox

store = ox.Store()
for path in sys.argv[2:]:
    store.load(path=path, format=ox.RdfFormat.TURTLE)
with open(sys.argv[1], encoding="utf-8") as file:
    solutions = store.query(file.read())
assert isinstance(solutions, ox.QuerySolutions)
sys.stdout.buffer.write(solutions.serialize(format=ox.QueryResultsFormat.CSV) or b"")
