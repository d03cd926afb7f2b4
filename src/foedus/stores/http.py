"""Requests to a triple store over HTTP: authenticated, never redirected, sent again where that may help.

A request that the server was too busy for (429, 502, 503, 504) or whose connection broke is sent again, up to five
times, after the time that the server asks for (Retry-After) or one that doubles. Who sends what must not be sent twice
says so.
"""

from __future__ import annotations

import contextlib
import os
import time
import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

import requests
import requests.auth

from foedus import __version__, credentials
from foedus.errors import RemoteError
from foedus.headers import retry_after

ATTEMPTS = 6
_BUSY = (429, 502, 503, 504)
_FIRST_WAIT = 0.5  # seconds
_LONGEST_WAIT = 60.0
_CONNECT = 10.0

T = TypeVar("T")
#: A body that can be made anew for another attempt.
Body = Callable[[], Iterable[bytes]]


class Transient(RemoteError):
    """What may go through when it is sent again; `wait` is the number of seconds that the server asks for, if it does.

    `sent` tells whether the server may have done what was asked although its answer was lost.
    """

    def __init__(
        self, message: str, *, where: str, todo: str | None = None, wait: float | None = None, sent: bool = True
    ) -> None:
        super().__init__(message, where=where, todo=todo)
        self.wait = wait
        self.sent = sent


class Refused(RemoteError):
    """The server answered, and not as it was asked to; `status` and `headers` are those of HTTP."""

    def __init__(self, response: requests.Response, message: str, *, where: str, todo: str | None = None) -> None:
        super().__init__(message, where=where, todo=todo)
        self.status = response.status_code
        self.headers = response.headers


class Connection:
    """A server, by one of its URLs. `timeout` is the number of seconds for which it may say nothing.

    Raises InputError for what is no http or https URL, or one with a password in it.
    """

    def __init__(self, url: str, *, timeout: float = 300.0, tell: Callable[[str], None] = lambda _: None) -> None:
        credentials.check_url(url, "a server")
        self.tell = tell
        self._timeout = timeout
        self._authorities = os.environ.get("SSL_CERT_FILE") or None  # which Python's own ssl heeds, and requests not
        self._reached = False
        self._repeating = False
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"foedus/{__version__}"
        self._credentials = credentials.find(url)
        self.has_credentials = self._credentials is not None
        self._session.auth = self._authenticate
        self._scheme: requests.auth.AuthBase | None = None
        if self._credentials and credentials.in_the_open(url):
            tell("the password or token goes over the network unencrypted: use https if the server has it")

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._session.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | Body | None = None,
        stream: bool = False,
        again: bool = True,
    ) -> requests.Response:
        """The server's answer, of status 2xx. `again` tells whether the request may be sent more than once.

        Raises Refused for another status, Transient where it stayed unreachable or busy, RemoteError otherwise.
        """

        def once() -> requests.Response:
            return self._once(method, url, params, headers or {}, body, stream)

        return self.repeat(once) if again else once()

    def repeat(self, act: Callable[[], T], *, recover: Callable[[], None] = lambda: None) -> T:
        """What `act` gives, which is done again after `recover` where it raises Transient; the last one is raised.

        Within another call of this method nothing is done again by itself: the outermost decides.
        """
        if self._repeating:
            return act()
        self._repeating = True
        try:
            return self._repeat(act, recover)
        finally:
            self._repeating = False

    def _repeat(self, act: Callable[[], T], recover: Callable[[], None]) -> T:
        wait = _FIRST_WAIT
        for attempt in range(1, ATTEMPTS + 1):
            try:
                if attempt > 1:
                    recover()
                return act()
            except Transient as error:
                never = not self._reached and not error.sent  # a wrong URL, more likely than a moment's trouble
                if attempt == ATTEMPTS or never or (error.wait or 0) > _LONGEST_WAIT:
                    raise
                pause = wait if error.wait is None else error.wait
                self.tell(f"{error.message}; again in {pause:g} s ({attempt} of {ATTEMPTS - 1})")
                time.sleep(pause)
                wait *= 2
        raise AssertionError

    def pieces(self, response: requests.Response) -> Iterator[bytes]:
        """The body of a streamed answer. Raises Transient where it ends early."""
        try:
            yield from response.iter_content(1 << 16)
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError, requests.Timeout) as error:
            where = credentials.without(response.url)
            raise Transient(f"the answer broke off ({_reason(error)})", where=where) from error
        finally:
            response.close()

    def _once(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str],
        body: bytes | Body | None,
        stream: bool,
    ) -> requests.Response:
        where = credentials.without(url)
        # Also how long a piece of the body may wait until the server takes it, which a busy one does late.
        connect = self._timeout if self._reached else _CONNECT
        try:
            response = self._session.request(
                method,
                url,
                params=params,
                headers=headers,
                data=iter(body()) if callable(body) else body,
                stream=stream,
                timeout=(connect, self._timeout),
                allow_redirects=False,
                verify=self._authorities,
            )
        except requests.exceptions.SSLError as error:
            raise RemoteError(
                f"its certificate is not to be trusted ({_reason(error)})",
                where=where,
                todo=credentials.AUTHORITY,
            ) from error
        except requests.ConnectTimeout as error:
            raise Transient(
                f"no connection within {connect:g} s", where=where, todo="Check the URL.", sent=False
            ) from error
        except requests.Timeout as error:
            raise self._silence(where) from error
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
            if _is_silence(error):
                raise self._silence(where) from error
            refused = _is_refusal(error)
            how = "no connection" if refused else "the connection broke"
            raise Transient(
                f"{how} ({_reason(error)})",
                where=where,
                todo="Check the URL and that the server is running.",
                sent=not refused,
            ) from error
        except (OSError, UnicodeError) as error:  # what else requests raises is an OSError
            raise RemoteError(f"the request cannot be made: {error}", where=where) from error
        self._reached = True
        if response.status_code in (401, 403) and self._answer_challenge(response):
            response.close()
            return self._once(method, url, params, headers, body, stream)
        if 200 <= response.status_code < 300:
            return response
        with contextlib.closing(response):
            raise _refusal(response, where)

    def _silence(self, where: str) -> RemoteError:
        return RemoteError(
            f"the server said nothing for {self._timeout:g} s", where=where, todo="Allow more with --timeout."
        )

    def _authenticate(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return self._scheme(request) if self._scheme else request

    def _answer_challenge(self, response: requests.Response) -> bool:
        """Whether there is a password or token that was not sent yet; from now on it is, in the way that is asked for.

        A password that was not asked for is not sent: Virtuoso, for one, then does not say how it wants it.
        """
        if self._scheme is not None or self._credentials is None:
            return False
        user, password, token = self._credentials
        if token:
            self._scheme = _Bearer(token)
        elif "digest" in response.headers.get("WWW-Authenticate", "").lower():
            self._scheme = requests.auth.HTTPDigestAuth(user, password)
        else:
            self._scheme = requests.auth.HTTPBasicAuth(user.encode(), password.encode())
        return True


class _Bearer(requests.auth.AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _refusal(response: requests.Response, where: str) -> RemoteError:
    status = response.status_code
    said = _said(response)
    if status in (301, 302, 303, 307, 308):
        target = credentials.without(urllib.parse.urljoin(response.url, response.headers.get("Location", "")))
        return Refused(
            response,
            f"redirects to {target}, and nothing is sent on",
            where=where,
            todo="Give that URL if you trust it.",
        )
    if status in _BUSY:
        return Transient(
            f"the server answered {status} {response.reason}{said}",
            where=where,
            todo="Try again later.",
            wait=retry_after(response.headers.get("Retry-After")),
            sent=status in (502, 504),  # a gateway that lost the server's own answer
        )
    if status in (401, 403):
        return Refused(
            response,
            f"the server refuses it ({status} {response.reason}){said}",
            where=where,
            todo="Set FOEDUS_USER and FOEDUS_PASSWORD or FOEDUS_TOKEN, or an entry in ~/.netrc, for a user who may.",
        )
    return Refused(response, f"the server answered {status} {response.reason}{said}", where=where)


def _said(response: requests.Response) -> str:
    """What the server said, on one line and not too long; nothing of a web page."""
    try:
        body = next(response.iter_content(2000), b"")
    except requests.RequestException:
        return ""
    if "html" in response.headers.get("Content-Type", ""):
        return ""
    text = " ".join(body.decode("utf-8", errors="replace").split())
    return f": {text[:300]}" if text else ""


def _reason(error: BaseException) -> str:
    """What the operating system, or else the innermost exception of requests and urllib3, says."""
    cause = _cause(error)
    strerror = cause.strerror if isinstance(cause, OSError) else None
    return strerror or str(cause) or type(cause).__name__


def _cause(error: BaseException) -> BaseException:
    seen: BaseException | None = error
    innermost = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.strerror:
            return seen
        innermost = seen
        inner = getattr(seen, "reason", None)
        if not isinstance(inner, BaseException):
            inner = next((a for a in reversed(seen.args) if isinstance(a, BaseException)), None)
        seen = inner or seen.__cause__ or seen.__context__
    return innermost


def _is_silence(error: BaseException) -> bool:
    """Whether it was our own patience that ended, while a body was sent, and not the network's."""
    cause = _cause(error)
    return isinstance(cause, TimeoutError) and cause.errno is None


def _is_refusal(error: BaseException) -> bool:
    """Whether no connection came about, so that nothing was sent."""
    text = repr(error)
    return "NewConnectionError" in text or "NameResolutionError" in text
