"""A real Chromium, the site served by a process of its own, and what a page does that it should not."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect, sync_playwright

from foedus.web.pages import PAGES
from tests.conftest import ROOT

_PROGRAM = "/usr/bin/chromium"
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PATIENCE = 20_000  # milliseconds
_LEFT = "net::ERR_ABORTED"  # what a page still loads when it is left
SHOTS = ROOT / "build" / "screenshots"
#: Every kind of page, by the name of its picture; paths without that of a language.
PLACES = {path.strip("/") or "home": path for path in PAGES} | {
    "search-found": "/search?q=attack",
    "query-answered": "/query?query=SELECT%20*%20%7B%20%3Fs%20a%20%3Chttps://w3id.org/foedus/ns/Source%3E%20%7D",
    "question": "/queries/promises-by.html?giver=germany",
    "question-yes-or-no": "/queries/article-5-equivalent-for-ukraine.html",
    "question-graph": "/queries/graph-of-relations.html",
    "instrument": "/id/instrument/budapest-memorandum.html",
    "instrument-read": "/id/instrument/germany-ukraine.html",
    "person": "/id/actor/scholz.html",
    "statement": "/id/statement/briefing-9837.sunak-not-substitute.html",
    "source": "/id/source/dw-article.html",
    "passage": "/id/citation/dw-article.not-guarantees.html",
    "as-of": "/?as_of=2024-02-20",
    "no-thing": "/id/actor/nobody.html",
    "no-day": "/matrix?as_of=yesterday",
}
#: What is no page for an answer, by its name, with the status that it has.
PROBLEMS = {"no-thing": 404, "no-day": 400}

Open = Callable[..., "Watched"]


class Watched:
    """A page with what went wrong on it: errors, requests that failed, and requests to anyone but the site."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.wrong: list[str] = []
        self._site = site
        page.on("console", lambda m: self._note("console", m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self._note("error", str(error)))
        page.on("requestfailed", lambda r: self._note("failed", f"{r.url} {r.failure}") if r.failure != _LEFT else None)
        page.on("request", lambda request: self._here(request.url))
        page.on("dialog", self._dismiss)

    def _dismiss(self, dialog: Dialog) -> None:
        self._note("dialog", dialog.message)
        dialog.dismiss()

    def _note(self, kind: str, text: str) -> None:
        self.wrong.append(f"{kind}: {text}")

    def _here(self, url: str) -> None:
        if not url.startswith((f"{self._site}/", "data:", f"blob:{self._site}/")):
            self._note("elsewhere", url)

    def go(self, path: str, status: int = 200) -> Page:
        """Open a page of the site, and wait until nothing more is loaded."""
        answer = self.page.goto(self._site + path, wait_until="networkidle")
        assert answer is not None
        assert answer.status == status, path
        if status >= 400:  # which the browser tells on its console
            self.wrong = [told for told in self.wrong if f"status of {status}" not in told]
        return self.page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, from its package where one may install; in `make browser` it must be here."""
    if not Path(_PROGRAM).exists() and os.geteuid() == 0 and shutil.which("apt-get"):
        command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(command, capture_output=True, env=env, check=False)
    assert Path(_PROGRAM).exists(), "install Debian's package chromium"
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=_PROGRAM, args=_ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The URL of the site, without the source texts."""
    with served(None) as url:
        yield url


@pytest.fixture(scope="session")
def site_with_texts(texts: Path) -> Iterator[str]:
    """The URL of a site that has the source texts."""
    with served(texts) as url:
        yield url


@contextlib.contextmanager
def served(texts: Path | None) -> Iterator[str]:
    """`foedus serve` as a process of its own; at the end it must not have told of a fault."""
    env = {name: value for name, value in os.environ.items() if name != "FOEDUS_TEXTS"}
    env |= {"FOEDUS_TEXTS": str(texts)} if texts else {}
    command = [sys.executable, "-m", "foedus", "serve", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env)
    assert process.stderr is not None
    lines: list[str] = []

    def read() -> None:
        assert process.stderr is not None
        lines.extend(iter(process.stderr.readline, ""))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        end = time.monotonic() + 60
        while not any("is served at" in line for line in lines):
            assert process.poll() is None and time.monotonic() < end, "".join(lines) or "the site did not start"
            time.sleep(0.05)
        yield next(line for line in lines if "is served at" in line).split(" at ")[1].strip().rstrip("/")
    finally:
        process.terminate()
        process.wait(timeout=60)
        reader.join()
        process.stderr.close()
    assert "Traceback" not in "".join(lines), "".join(lines)


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Open]:
    """Opens a page of the site in a context of its own: `open_page("/matrix", language="uk", width=360)`.

    At the end nothing may have gone wrong on any of them.
    """
    contexts: list[BrowserContext] = []
    pages: list[Watched] = []

    def opened(
        path: str | None = None,
        *,
        language: str = "en",
        width: int = 1280,
        status: int = 200,
        where: str = site,
        **options: Any,
    ) -> Watched:
        context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", **options)
        context.set_default_timeout(_PATIENCE)
        contexts.append(context)
        pages.append(Watched(context.new_page(), where))
        if path is not None:
            pages[-1].go(("" if language == "en" else f"/{language}") + path, status)
        return pages[-1]

    yield opened
    for context in contexts:
        context.close()
    assert [told for page in pages for told in page.wrong] == []


def fetched(url: str, accept: str = "*/*") -> bytes:
    """What a program gets."""
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=60) as answer:
        content: bytes = answer.read()
        return content


def parameters(url: str) -> dict[str, str]:
    """The parameters of a URL."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
