"""Checks of Turtle files: literals, names and terms (hygiene), then the SHACL shapes."""

from __future__ import annotations

from typing import NamedTuple

from foedus.datasets import GRAPH, TurtleFile, graph_of, turtle_files
from foedus.errors import InputError
from foedus.turtle import paths_in


class Problem(NamedTuple):
    """Something wrong: the file and line (or the IRI where no line is known), the thing, and what is wrong with it."""

    where: str
    thing: str
    message: str


def overlay(folder: str, places: list[str]) -> list[TurtleFile]:
    """The files of the graph in `folder`, with the Turtle files at `places` added, or in the place of their namesakes.

    Raises InputError for a place that does not exist or holds no Turtle, and where there are no shapes.
    """
    chosen = [TurtleFile(path, graph_of(path)) for path in paths_in(places)]
    replaced = {file.graph for file in chosen}
    files = [f for f in turtle_files(folder) if f.graph not in replaced] + chosen
    if GRAPH + "shapes" not in {file.graph for file in files}:
        raise InputError("there are no shapes to check against (ontology/shapes.ttl)", where=folder)
    return files
