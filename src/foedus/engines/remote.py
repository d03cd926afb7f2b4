"""The remote engine: an endpoint that speaks the SPARQL 1.1 Protocol, asked through SPARQLWrapper."""

from __future__ import annotations

import contextlib
import http.client
import json
import ssl
import time
import urllib.error
import urllib.parse
from typing import Any

import SPARQLWrapper
from SPARQLWrapper import SPARQLExceptions

from foedus import __version__, credentials
from foedus.catalog import XSD
from foedus.datasets import EVERYTHING, GRAPH, MARKER, Selection
from foedus.engines import Result
from foedus.errors import QueryError, QuerySyntaxError, RemoteError
from foedus.guard import check
from foedus.headers import retry_after
from foedus.lexer import significant
from foedus.stores.durations import repaired
from foedus.stores.unions import UNIONS

#: A parameter of the request and its value.
Pair = tuple[str, str]

#: Seconds before a query is asked again, where the endpoint does not say how many.
_WAITS = (0.5, 1.0)
_BUSY = (429, 502, 503, 504)
_LONGEST_WAIT = 60.0
_AGENT = f"foedus/{__version__} (https://w3id.org/foedus)"  # where to turn: Wikimedia asks for it
_ONTOLOGY = "<https://w3id.org/foedus/ns> a <http://www.w3.org/2002/07/owl#Ontology>"
#: Whether a load is going on; whether the default graph holds the graph and none is; whether a named graph does.
_LOADING = f"ASK {{ GRAPH <{MARKER}> {{ ?s ?p ?o }} }}"
_DEFAULT = f"ASK {{ {_ONTOLOGY} FILTER NOT EXISTS {{ GRAPH <{MARKER}> {{ ?s ?p ?o }} }} }}"
_NAMED = f"ASK {{ GRAPH <{GRAPH}core> {{ {_ONTOLOGY} }} }}"
_NAMES = f'SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{GRAPH}")) }}'
_CHECK = "Check the URL and that the server is running."


class RemoteEngine:
    """The endpoint at `url` (http or https); one that is not `known` is told no password or token."""

    def __init__(self, url: str, *, known: bool = True) -> None:
        credentials.check_url(url, "an endpoint")
        self._credentials = credentials.find(url) if known else None
        self._schemes = _schemes(self._credentials)
        self._scheme = self._schemes.pop(0)
        self.warnings: list[str] = []
        self._url = url
        self._everything: tuple[list[Pair], bool] | None = None
        self._named: list[Pair] | None = None

    def evaluate(self, query: str, selection: Selection) -> Result:
        """See Engine.evaluate."""
        form = check(query, allow_service=True).form
        if selection != EVERYTHING:
            return self._ask(query, form, _parameters(selection))
        if self._everything is None:
            self._everything = self._find_everything()
        parameters, hides = self._everything
        if hides and any(t.text.upper() == "GRAPH" for t in significant(query)):
            parameters = parameters + self._names()
        return self._ask(query, form, parameters)

    def _find_everything(self) -> tuple[list[Pair], bool]:
        """The parameters with which the server answers from all graphs, and whether they hide the named graphs.

        None are needed where its default graph holds them. While a load is going on, one that is the union of all
        graphs there holds old and new at once; then the graphs are named.
        """
        if self._holds(_DEFAULT, []) or not self._holds(_NAMED, []):
            return [], False
        if not self._holds(_LOADING, []):
            for union in UNIONS:
                with contextlib.suppress(RemoteError, QueryError):
                    parameters = [(union.parameter, union.value)]
                    if self._holds(_DEFAULT, parameters):
                        return parameters, union.hides
        return [("default-graph-uri", name) for _, name in self._names()], True

    def _names(self) -> list[Pair]:
        """The named graphs of Foedus that stand there, as parameters."""
        if self._named is None:
            found = json.loads(self._ask(_NAMES, "SELECT", []).body)["results"]["bindings"]
            self._named = [("named-graph-uri", name) for name in sorted(row["g"]["value"] for row in found)]
        return self._named

    def _holds(self, question: str, parameters: list[Pair]) -> bool:
        found = json.loads(self._ask(question, "ASK", parameters).body)["boolean"]
        return found is True

    def _ask(self, query: str, form: str, parameters: list[Pair]) -> Result:
        request = SPARQLWrapper.SPARQLWrapper(self._url, agent=_AGENT)
        request.setQuery(query)
        request.queryType = form  # SPARQLWrapper guesses it, and takes words of some comments for the query's
        request.setMethod(SPARQLWrapper.POST)
        request.setOnlyConneg(True)  # the parameters that it would add name formats which some servers do not know
        if form in ("CONSTRUCT", "DESCRIBE"):
            request.setReturnFormat(SPARQLWrapper.N3)
            request.addCustomHttpHeader("Accept", "application/n-triples, text/turtle;q=0.9")
        else:
            request.setReturnFormat(SPARQLWrapper.JSON)
            request.addCustomHttpHeader("Accept", "application/sparql-results+json")
        for name, value in parameters:
            request.addParameter(name, value)
        body, content_type = self._send(request)
        if form in ("CONSTRUCT", "DESCRIBE"):
            return Result("graph", self._triples(body, content_type))
        return self._rows(body, content_type, "boolean" if form == "ASK" else "rows")

    def _send(self, request: Any) -> tuple[bytes, str]:
        try:
            url, body, content_type = self._fetched(request)
            if url.split("?")[0] != self._url.split("?")[0]:
                raise RemoteError(
                    f"the endpoint redirects to {url.split('?')[0]}, and a query is not sent on",
                    where=self._url,
                    todo="Give that URL if you trust it.",
                )
            return body, content_type
        except SPARQLExceptions.QueryBadFormed as error:
            raise QuerySyntaxError(
                f"the endpoint says that the query is malformed: {_said(error)}", where=self._url
            ) from error
        except SPARQLExceptions.EndPointNotFound as error:
            raise RemoteError("there is no endpoint (404)", where=self._url, todo=_CHECK) from error
        except SPARQLExceptions.Unauthorized as error:
            raise RemoteError(
                "the endpoint asks for a password or token (401)"
                if self._credentials is None
                else "the endpoint does not accept the password or token (401)",
                where=self._url,
                todo="Set FOEDUS_USER and FOEDUS_PASSWORD or FOEDUS_TOKEN, or an entry in ~/.netrc.",
            ) from error
        except SPARQLExceptions.SPARQLWrapperException as error:
            raise RemoteError(f"the endpoint failed: {_said(error)}", where=self._url) from error
        except urllib.error.HTTPError as error:
            asked = retry_after(error.headers.get("Retry-After"))
            raise RemoteError(
                f"the endpoint answered {error.code} {error.reason}",
                where=self._url,
                todo=f"It asks to be left alone for {asked:.0f} s: try again then." if asked else None,
            ) from error
        except urllib.error.URLError as error:
            if isinstance(error.reason, ssl.SSLCertVerificationError):
                raise RemoteError(
                    f"its certificate is not to be trusted ({error.reason.verify_message})",
                    where=self._url,
                    todo=credentials.AUTHORITY,
                ) from error
            raise RemoteError(f"no connection: {error.reason}", where=self._url, todo=_CHECK) from error
        except (OSError, ValueError) as error:  # the connection was closed or reset half-way
            raise RemoteError(f"the connection failed: {error}", where=self._url, todo=_CHECK) from error
        except http.client.HTTPException as error:
            raise RemoteError(f"not an HTTP answer: {error!r}", where=self._url, todo=_CHECK) from error

    def _fetched(self, request: Any) -> tuple[str, bytes, str]:
        """URL, body and type of the answer, asked for again where the connection breaks off or the endpoint is busy."""
        for wait in _WAITS:
            try:
                return self._fetched_once(request)
            except urllib.error.HTTPError as error:
                asked = retry_after(error.headers.get("Retry-After"))
                if error.code not in _BUSY or (asked or 0) > _LONGEST_WAIT:
                    raise
                time.sleep(wait if asked is None else asked)
            except (ConnectionError, http.client.IncompleteRead, urllib.error.URLError) as error:
                cause = error.reason if isinstance(error, urllib.error.URLError) else error
                if not isinstance(cause, ConnectionResetError | BrokenPipeError | http.client.IncompleteRead):
                    raise
                time.sleep(wait)
        return self._fetched_once(request)

    def _fetched_once(self, request: Any) -> tuple[str, bytes, str]:
        answer = self._answered(request)
        return answer.response.geturl(), answer.response.read(), answer.info().get("content-type", "")

    def _answered(self, request: Any) -> Any:
        """The answer to a request; a password or token is sent when it is asked for, in one way after the other."""
        while True:
            if self._credentials is not None and self._scheme == "bearer":
                request.addCustomHttpHeader("Authorization", f"Bearer {self._credentials.token}")
            elif self._credentials is not None and self._scheme:
                request.setHTTPAuth(self._scheme)
                request.setCredentials(self._credentials.user, self._credentials.password)
            try:
                return request.query()
            except (SPARQLExceptions.Unauthorized, urllib.error.HTTPError) as error:
                if isinstance(error, urllib.error.HTTPError) and error.code != 401:
                    raise
                if not self._schemes:
                    raise SPARQLExceptions.Unauthorized(b"") from error
                self._scheme = self._schemes.pop(0)

    def _rows(self, body: bytes, content_type: str, form: str) -> Result:
        try:
            found = json.loads(body)
            if form == "boolean":
                found["boolean"]
            else:
                found["head"]["vars"]
                changed = [_repair(term) for row in found["results"]["bindings"] for term in row.values()]
                if any(changed):
                    body = json.dumps(found).encode()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self._not_results(body, content_type) from error
        return Result(form, body)

    def _triples(self, body: bytes, content_type: str) -> bytes:
        import pyoxigraph as ox

        try:
            if "html" in content_type:
                raise SyntaxError
            triples = ox.serialize(
                (q.triple for q in ox.parse(body, format=ox.RdfFormat.TURTLE)), format=ox.RdfFormat.N_TRIPLES
            )
            lines = (triples or b"").splitlines()
        except SyntaxError as error:
            raise self._not_results(body, content_type) from error
        return b"".join(line + b"\n" for line in sorted(set(lines)))

    def _not_results(self, body: bytes, content_type: str) -> RemoteError:
        beginning = body[:60].decode("utf-8", errors="replace").replace("\n", " ")
        return RemoteError(
            f"the answer is not a SPARQL result of the query but {content_type or 'of no stated type'}: {beginning!r}",
            where=self._url,
            todo="Check that the URL is that of the SPARQL endpoint and not of its web page.",
        )


def _schemes(found: credentials.Credentials | None) -> list[str]:
    """The ways in which a request may be made, one after the other: "" is without a password or token."""
    if found is None:
        return [""]
    return ["", "bearer"] if found.token else ["", SPARQLWrapper.BASIC, SPARQLWrapper.DIGEST]


def _parameters(selection: Selection) -> list[Pair]:
    default = [("default-graph-uri", iri) for iri in selection.default or ()]
    return default + [("named-graph-uri", iri) for iri in selection.named or ()]


def _repair(term: dict[str, str]) -> bool:
    """Write a duration as XML Schema has it, where the server did not; whether that was needed."""
    if term.get("datatype") != XSD + "duration":
        return False
    written = term["value"]
    term["value"] = repaired(written)
    return term["value"] != written


def _said(error: Exception) -> str:
    """What the endpoint said, without SPARQLWrapper's own preface, on one line and not too long."""
    text = str(error).rpartition("Response:")[2].strip()
    if text.startswith(("b'", 'b"')):
        text = text[2:-1].encode().decode("unicode_escape", errors="replace")
    return " ".join(text.split())[:300]
