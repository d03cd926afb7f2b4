"""Processes that share the requests, so that one that never ends keeps no other waiting.

A request has a lane: there are as many as the machine has cores, so that what is quick stays quick. One that has not
ended after a second leaves its lane to the next and goes on at the lowest priority, until its time limit ends it; where
too many do, the oldest of them is ended early. A process that ends by itself (killed, out of memory) is replaced, and
its request tried once more.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from foedus.errors import FoedusError, InputError, TimeLimitReached
from foedus.web.messages import Request, Response
from foedus.web.site import Settings

_PATIENCE = 1.0  # seconds after which a request is slow
_MOST_SLOW = 8  # of these at once
_OPENING = 900.0  # seconds that opening the graph may take, which compiles it on first use
_LARGEST = 1 << 31  # bytes of one line between processes


class Busy(FoedusError):
    """More is asked at once than can be answered."""


class _Ended(Exception):
    """The process ended by itself."""


class _Process:
    """One process, which answers one request at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def opened(self) -> list[str]:
        """Wait until it is ready; its warnings. Raises InputError where it cannot be."""
        try:
            header, _ = await asyncio.wait_for(self._read(), _OPENING)
        except (_Ended, TimeoutError):
            self.kill()
            raise InputError("a process that answers requests did not start") from None
        if "error" in header:
            raise InputError(str(header["error"]))
        return [str(warning) for warning in header["warnings"]]

    async def ask(self, request: Request) -> Response:
        assert self._process.stdin is not None
        told = {"method": request.method, "path": request.path, "query": request.query}
        header = {**told, "headers": dict(request.headers), "size": len(request.body)}
        try:
            self._process.stdin.write(json.dumps(header).encode() + b"\n" + request.body)
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise _Ended from None
        found, body = await self._read()
        headers = tuple((str(name), str(value)) for name, value in found["headers"])
        return Response(found["status"], found["type"], body, headers, found["lasting"])

    async def _read(self) -> tuple[dict[str, Any], bytes]:
        assert self._process.stdout is not None
        try:
            line = await self._process.stdout.readuntil(b"\n")
            header = json.loads(line)
            return header, await self._process.stdout.readexactly(header["size"])
        except (asyncio.IncompleteReadError, ConnectionResetError):
            raise _Ended from None

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    def yield_to_others(self) -> None:
        """Give it the lowest priority, which an ordinary user cannot take back: it is not used again."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, 19)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()


class Pool:
    """The processes of one server. `seconds` of its settings is the time limit of a request."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lanes = max(2, os.cpu_count() or 1)
        self._free = asyncio.Semaphore(self._lanes)
        self._idle: list[_Process] = []
        self._slow: OrderedDict[asyncio.Task[Response], None] = OrderedDict()
        self._evicted: set[asyncio.Task[Response]] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._closed = False

    async def open(self) -> list[str]:
        """Start the processes; warnings about the graph. Raises InputError where it cannot be read."""
        first, warnings = await self._start()  # alone, since it may have to compile the store
        self._idle.append(first)
        for _ in range(1, self._lanes):
            self._replace()
        return warnings

    async def close(self) -> None:
        """End all processes."""
        self._closed = True
        await asyncio.gather(*self._starting, return_exceptions=True)
        for process in self._idle:
            process.kill()

    async def answer(self, request: Request, gone: Callable[[], Awaitable[None]]) -> Response:
        """The answer to a request, unless `gone`, which returns when the asker has gone, does first.

        Raises TimeLimitReached, and Busy where too much is asked at once.
        """
        try:
            return await self._try(request, gone)
        except _Ended:
            pass
        try:
            return await self._try(request, gone)
        except _Ended:
            raise Busy(
                "the process that answers ended unexpectedly (out of memory?)", todo="Narrow the query, or try again."
            ) from None

    async def _try(self, request: Request, gone: Callable[[], Awaitable[None]]) -> Response:
        try:
            await asyncio.wait_for(self._free.acquire(), self._settings.seconds)
        except TimeoutError:
            raise Busy("too much is asked at once", todo="Try again in a moment.") from None
        in_lane = True
        process = None
        work: asyncio.Task[Response] | None = None
        watch: asyncio.Task[None] | None = None
        answered = False
        try:
            process = await self._take()
            work = asyncio.create_task(process.ask(request))
            done, _ = await asyncio.wait([work], timeout=min(_PATIENCE, self._settings.seconds))
            if not done:
                in_lane = False
                self._free.release()
                process.yield_to_others()
                self._replace()
                self._make_room(work)
                watch = asyncio.ensure_future(gone())
                left = self._settings.seconds - _PATIENCE
                await asyncio.wait([work, watch], timeout=max(0, left), return_when=asyncio.FIRST_COMPLETED)
                if work.cancelled() or work in self._evicted:
                    raise Busy("ended early, to make room for others", todo="Narrow the query, or try again later.")
                if not work.done():
                    raise TimeLimitReached(
                        f"stopped at the time limit of {self._settings.seconds:g} s", todo="Narrow the query."
                    )
            answer = work.result()
            answered = in_lane
            return answer
        finally:
            if watch is not None:
                watch.cancel()
            if work is not None:
                self._slow.pop(work, None)
                self._evicted.discard(work)
                work.cancel()
            if process is not None:
                if answered and not self._closed:
                    self._idle.append(process)
                else:
                    process.kill()
                    if in_lane:
                        self._replace()
            if in_lane:
                self._free.release()

    async def _take(self) -> _Process:
        """A process that is ready."""
        while True:
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    return process
                self._replace()
            if self._starting:
                await asyncio.wait(self._starting, return_when=asyncio.FIRST_COMPLETED)
            else:
                process, _ = await self._start()
                return process

    def _make_room(self, work: asyncio.Task[Response]) -> None:
        self._slow[work] = None
        if len(self._slow) > _MOST_SLOW:
            oldest, _ = self._slow.popitem(last=False)
            self._evicted.add(oldest)
            oldest.cancel()

    def _replace(self) -> None:
        """Start another process, without waiting for it."""
        if self._closed:
            return

        async def start() -> None:
            with contextlib.suppress(FoedusError):
                process, _ = await self._start()
                if self._closed:
                    process.kill()
                else:
                    self._idle.append(process)

        task = asyncio.create_task(start())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _start(self) -> tuple[_Process, list[str]]:
        process = _Process(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                "foedus.web.process",
                json.dumps(self._settings),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=_LARGEST,
            )
        )
        return process, await process.opened()
