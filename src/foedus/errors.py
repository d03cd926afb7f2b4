"""The exceptions of Foedus, in one tree.

FoedusError                 anything that Foedus itself has to say
├── InputError              a file or a folder cannot be used                exit status 2
├── QueryError              a query cannot be run as it is written           exit status 2
│   ├── QuerySyntaxError    it is not SPARQL 1.1
│   └── QueryRefused        it does what it is not allowed to do
├── ParameterError          a parameter is missing, unknown or ill-typed     exit status 2
├── UnknownName             no query, thing or source has that name          exit status 2
├── TimeLimitReached        the work was ended at its time limit             exit status 3
└── RemoteError             an endpoint did not answer as SPARQL 1.1 asks    exit status 3

Each carries what a message needs: `message` says what is wrong, `where` the file and line, the parameter or the URL,
and `todo` what to do about it. `str(error)` joins the three.
"""

from __future__ import annotations


class FoedusError(Exception):
    """Anything that Foedus itself has to say; `exit_status` is what a command ends with."""

    exit_status = 2

    def __init__(self, message: str, *, where: str | None = None, todo: str | None = None) -> None:
        super().__init__(message, where, todo)
        self.message = message
        self.where = where
        self.todo = todo

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\n  {self.todo}" if self.todo else text


class InputError(FoedusError):
    """A file or a folder cannot be used as it is."""


class QueryError(FoedusError):
    """A query cannot be run as it is written."""


class QuerySyntaxError(QueryError):
    """A query is not SPARQL 1.1."""


class QueryRefused(QueryError):
    """A query does what it is not allowed to do: an update, SERVICE, or FROM outside the graph."""


class ParameterError(FoedusError):
    """A parameter of a saved query is missing, unknown or has a value of the wrong type."""


class UnknownName(FoedusError):
    """No query, thing or source has the name; `suggestions` are the nearest ones that exist."""

    def __init__(self, kind: str, name: str, suggestions: list[str], *, todo: str | None = None) -> None:
        hint = f"Did you mean {' or '.join(suggestions)}?" if suggestions else todo
        super().__init__(f"no {kind} is called {name!r}", todo=hint)
        self.suggestions = suggestions


class TimeLimitReached(FoedusError):
    """The work was ended when its time limit was reached."""

    exit_status = 3


class RemoteError(FoedusError):
    """A remote system did not answer, or not as the SPARQL 1.1 Protocol asks."""

    exit_status = 3


#: The classes by name, for errors that come back from a worker process.
BY_NAME: dict[str, type[FoedusError]] = {
    c.__name__: c for c in (InputError, QueryError, QuerySyntaxError, QueryRefused, TimeLimitReached, RemoteError)
}
