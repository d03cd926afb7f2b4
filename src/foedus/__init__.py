"""Foedus: who has promised Ukraine what, in which clause, on what trigger, and who says so.

>>> import foedus
>>> graph = foedus.open()
>>> for row in graph.run("agreements-without-article-5", cite=True):  # doctest: +SKIP
...     print(row["instrument"], row["verdict"], row.passages)

`open` is the one door; the exceptions are drawn as a tree in `foedus.errors`. Nothing heavy is imported before it is
needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.3.0"

if TYPE_CHECKING:
    from foedus.answers import Answer, Passage, Row, Term
    from foedus.catalog import Parameter, SavedQuery
    from foedus.errors import (
        FoedusError,
        InputError,
        ParameterError,
        QueryError,
        QueryRefused,
        QuerySyntaxError,
        RemoteError,
        TimeLimitReached,
        UnknownName,
    )
    from foedus.graph import Graph

_HOMES = {
    "foedus.answers": ("Answer", "Passage", "Row", "Term"),
    "foedus.catalog": ("Parameter", "SavedQuery"),
    "foedus.errors": (
        "FoedusError",
        "InputError",
        "ParameterError",
        "QueryError",
        "QueryRefused",
        "QuerySyntaxError",
        "RemoteError",
        "TimeLimitReached",
        "UnknownName",
    ),
    "foedus.graph": ("Graph",),
}
__all__ = [
    "Answer",
    "FoedusError",
    "Graph",
    "InputError",
    "Parameter",
    "ParameterError",
    "Passage",
    "QueryError",
    "QueryRefused",
    "QuerySyntaxError",
    "RemoteError",
    "Row",
    "SavedQuery",
    "Term",
    "TimeLimitReached",
    "UnknownName",
    "open",
]


def open(folder: str | None = None, **options: Any) -> Graph:
    """The graph, ready for questions; `folder` and `options` as for `foedus.Graph`."""
    from foedus.graph import Graph

    return Graph(folder, **options)


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            import importlib

            return getattr(importlib.import_module(module), name)
    raise AttributeError(f"module 'foedus' has no attribute {name!r}")
