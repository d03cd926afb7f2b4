"""The embedded engine: Oxigraph over the compiled store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pyoxigraph as ox

from foedus import compiled
from foedus.datasets import EVERYTHING, Selection, TurtleFile
from foedus.engines import Result
from foedus.errors import QueryError, RemoteError

#: What Oxigraph gives for a query: solutions, a boolean or triples.
Solved = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Written = TypeVar("Written")
_KEPT = 3  # selections of graphs, each a store in memory


class EmbeddedEngine:
    """Oxigraph over the compiled store of some Turtle files, or over a copy of it in memory (see `compiled.copied`)."""

    def __init__(self, files: list[TurtleFile], *, in_memory: bool = False) -> None:
        self._files = files
        self._in_memory = in_memory
        self._chosen: dict[Selection, ox.Store] = {}
        self._store, self.warnings = (compiled.copied if in_memory else compiled.open_store)(files)

    def evaluate(self, query: str, selection: Selection) -> Result:
        """See Engine.evaluate."""
        return self.answer(query, selection, _written)

    def answer(
        self, query: str, selection: Selection, write: Callable[[Solved], Written], base: str | None = None
    ) -> Written:
        """What `write` makes of the answer to `query`, whose relative IRIs are resolved against `base`.

        Raises QuerySyntaxError where the query is not SPARQL 1.1.
        """
        try:
            return write(self._select(selection).query(query, base_iri=base))
        except SyntaxError as error:
            from foedus.engines.syntax import explain

            raise explain(query, str(error)) from error
        except compiled.DAMAGE as error:
            if "SERVICE" in query.upper():  # allowed by the caller, and it failed
                raise RemoteError(f"SERVICE failed: {error}") from error
            if self._in_memory:
                raise QueryError(f"the query cannot be evaluated: {error}") from error
            self._in_memory = True  # a block of the compiled store fails its checksum
            compiled.discard(self._files)
            self._store, self._chosen = compiled.load(self._files), {}
            self.warnings.append(f"the compiled store could not be read ({error}); the graph is held in memory")
            return self.answer(query, selection, write, base)

    def _select(self, selection: Selection) -> ox.Store:
        """The store itself, or one in memory that holds just the graphs of `selection`, each triple once.

        The last of these are kept: what follows is mostly asked of the same graphs.
        """
        if selection == EVERYTHING:
            return self._store
        store = self._chosen.pop(selection, None) or self._copy(selection)
        self._chosen[selection] = store
        if len(self._chosen) > _KEPT:
            del self._chosen[next(iter(self._chosen))]
        return store

    def _copy(self, selection: Selection) -> ox.Store:
        default: list[ox.NamedNode | ox.DefaultGraph] = [ox.DefaultGraph()]
        if selection.default is not None:
            default = [ox.NamedNode(iri) for iri in selection.default]
        named = list(self._store.named_graphs())
        if selection.named is not None:
            named = [ox.NamedNode(iri) for iri in selection.named]
        chosen = ox.Store()
        for graph in default:
            quads = self._store.quads_for_pattern(None, None, None, graph)
            chosen.extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
        for name in named:
            chosen.extend(self._store.quads_for_pattern(None, None, None, name))
        return chosen


def _written(result: Solved) -> Result:
    if isinstance(result, ox.QueryTriples):
        lines = (ox.serialize(result, format=ox.RdfFormat.N_TRIPLES) or b"").splitlines()
        return Result("graph", b"".join(line + b"\n" for line in sorted(set(lines))))
    body = result.serialize(format=ox.QueryResultsFormat.JSON) or b""
    return Result("boolean" if isinstance(result, ox.QueryBoolean) else "rows", body)
