"""Processes that share the requests, so that one that never ends keeps no other waiting.

A request has a lane: there are as many as the machine has cores, so that what is quick stays quick. One that has worked
for a second leaves its lane to the next and goes on at a low priority, until its time limit ends it; where too many do,
the oldest of them is ended early. A process that was killed is replaced, and its request tried once more;
not so where the request itself brought it down. Where the files of the graph are others by then, all processes are
replaced, so that all answer from one graph.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from foedus.datasets import turtle_files
from foedus.errors import FoedusError, InputError, TimeLimitReached
from foedus.web.messages import Refused, Request, Response
from foedus.web.site import Settings

_PATIENCE = 1.0  # seconds of work after which a request is slow; less, where the time limit is short
_LOW = 10  # priority of those, of 19 that are lower than others: they still get on where the machine is busy
_MOST_BUSY = 4  # times as long as it works a request may take before it is slow, on a machine that is busy with others
_SHORT = 0.05  # seconds between two looks at what a request has worked
_MOST_SLOW = 8  # of these at once
_MOST_WAITING = 200  # requests without a lane
_OPENING = 900.0  # seconds that opening the graph may take, which compiles it on first use
_PIECE = 1 << 20  # bytes of an answer that are read ahead; a header has fewer


class Busy(FoedusError):
    """More is asked at once than can be answered."""


class _Ended(Exception):
    """The process ended by itself."""


class _Process:
    """One process, which answers one request at a time, from the graph as it is when it starts."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.graph = 0
        self._worked = 0.0  # seconds, as it told last

    async def opened(self) -> list[str]:
        """Wait until it is ready; its warnings. Raises InputError where it cannot be, and _Ended."""
        try:
            async with asyncio.timeout(_OPENING):
                header, _ = await self._read()
        except TimeoutError:
            raise InputError("a process that answers requests did not start in time") from None
        if "error" in header:
            raise InputError(str(header["error"]))
        self._worked = header["worked"]
        return [str(warning) for warning in header["warnings"]]

    async def ask(self, request: Request) -> Response:
        """The answer. Raises _Ended where the process was killed, and Busy or Refused where the request did it."""
        assert self._process.stdin is not None
        told = {"method": request.method, "path": request.path, "query": request.query}
        header = {**told, "headers": dict(request.headers), "size": len(request.body)}
        try:
            self._process.stdin.write(json.dumps(header).encode() + b"\n" + request.body)
            await self._process.stdin.drain()
            found, body = await self._read()
        except (_Ended, BrokenPipeError, ConnectionResetError):
            raise _reason(await self._process.wait()) from None
        self._worked = found["worked"]
        headers = tuple((str(name), str(value)) for name, value in found["headers"])
        return Response(found["status"], found["type"], body, headers, found["lasting"])

    async def _read(self) -> tuple[dict[str, Any], bytes]:
        assert self._process.stdout is not None
        try:
            header = json.loads(await self._process.stdout.readuntil(b"\n"))
            return header, await self._process.stdout.readexactly(header["size"])
        except asyncio.IncompleteReadError:
            raise _Ended from None

    @property
    def alive(self) -> bool:
        """Whether the other end of its pipe is open: asyncio learns a moment later that a process has ended."""
        assert self._process.stdin is not None
        transport = self._process.stdin.transport
        if transport.is_closing():
            return False
        poller = select.poll()
        poller.register(transport.get_extra_info("pipe"), 0)  # only the hang-up is reported
        return not poller.poll(0)

    def works(self, otherwise: float) -> float:
        """The seconds of a processor that this request took so far; `otherwise`, where the system does not tell."""
        try:
            with open(f"/proc/{self._process.pid}/stat", encoding="ascii") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            return otherwise
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") - self._worked

    def yield_to_others(self) -> None:
        """Give it a low priority. It is not used again, since an ordinary user cannot take that back."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _LOW)

    def kill(self) -> None:
        """End it, whatever it is doing."""
        if not self.ended:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)  # asyncio's own way takes the exit status from it, at times

    async def end(self) -> None:
        """End it, and wait until it has."""
        self.kill()
        await self._process.wait()

    @property
    def ended(self) -> bool:
        """Whether it is known to have ended."""
        return self._process.returncode is not None


class _Lane:
    """Leave to answer, for as long as it is `held`."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free = free
        self.held = True
        self.clock: asyncio.TimerHandle | None = None

    def leave(self) -> None:
        """Give it to the next."""
        if self.held:
            self.held = False
            self._free.release()


class Pool:
    """The processes of one server. `seconds` of its settings is the time limit of a request, waiting included."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._files: object = None
        self._newest = self._started = 0  # the number of the process that knows them, and of the last one
        self.graph = 0  # which one is answered from: another number where the files are others
        self._patience = min(_PATIENCE, settings.seconds / 4)
        self._lanes = max(2, os.cpu_count() or 1)
        self._free = asyncio.Semaphore(self._lanes)
        self._waiting: set[asyncio.Task[Response]] = set()
        self._all: list[_Process] = []  # that may still run
        self._idle: list[_Process] = []
        self._slow: dict[asyncio.Task[Response], None] = {}
        self._starting: set[asyncio.Task[bool]] = set()
        self._closed = False

    async def open(self) -> list[str]:
        """Start the processes; warnings about the graph. Raises InputError where it cannot be read."""
        try:
            first, warnings = await self._start()  # alone, since it may have to compile the store
        except _Ended:
            raise InputError("a process that answers requests ended before it was ready") from None
        self._idle.append(first)
        for _ in range(1, self._lanes):
            self._prepare()
        return warnings

    async def close(self) -> None:
        """End all processes."""
        self._closed = True
        for starting in self._starting:
            starting.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*(process.end() for process in self._all))

    async def answer(self, request: Request, gone: Callable[[], Awaitable[None]]) -> Response:
        """The answer to a request, unless `gone`, which returns when the asker has gone, does first.

        Raises TimeLimitReached, Busy where too much is asked at once, and Refused where no process survives it.
        """
        if len(self._waiting) >= _MOST_WAITING:
            raise _too_much()
        seconds = self._settings.seconds
        work = asyncio.create_task(self._twice(request))
        watch = None
        try:
            await asyncio.wait([work], timeout=self._patience)
            if not work.done():
                watch = asyncio.ensure_future(gone())
                left = seconds - self._patience
                await asyncio.wait([work, watch], timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if work.cancelled():
                raise Busy("ended early, to make room for others", todo="Narrow the query, or try again later.")
            if work.done():
                return work.result()
            if work in self._waiting:
                raise _too_much()
            raise TimeLimitReached(f"stopped at the time limit of {seconds:g} s", todo="Narrow the query.")
        finally:
            work.cancel()
            if watch is not None:
                watch.cancel()

    async def _twice(self, request: Request) -> Response:
        try:
            return await self._once(request)
        except _Ended:
            pass
        try:
            return await self._once(request)
        except _Ended:
            raise Busy("the process that answers was ended from outside, twice", todo="Try again later.") from None

    async def _once(self, request: Request) -> Response:
        work: asyncio.Task[Response] | None = asyncio.current_task()
        assert work is not None
        self._waiting.add(work)
        try:
            await self._free.acquire()
        finally:
            self._waiting.discard(work)
        lane = _Lane(self._free)
        try:
            process = await self._take()
            self._look_at(lane, process, work)
            try:
                answer = await process.ask(request)
            except BaseException:
                self._done(lane, process, usable=False)
                raise
            finally:
                if lane.clock is not None:
                    lane.clock.cancel()
                self._slow.pop(work, None)
            self._done(lane, process, usable=True)
            return answer
        finally:
            lane.leave()

    def _look_at(self, lane: _Lane, process: _Process, work: asyncio.Task[Response]) -> None:
        """Look after a while whether a request is slow, and let others go before it, on a process of their own."""
        loop = asyncio.get_running_loop()
        last = loop.time() + _MOST_BUSY * self._patience

        def look() -> None:
            left = min(self._patience - process.works(self._patience), last - loop.time())
            if left > 0:
                lane.clock = loop.call_later(max(left, _SHORT), look)
                return
            lane.leave()
            process.yield_to_others()
            self._prepare()
            self._slow[work] = None
            if len(self._slow) > _MOST_SLOW:
                next(iter(self._slow)).cancel()

        lane.clock = loop.call_later(self._patience, look)

    def _done(self, lane: _Lane, process: _Process, *, usable: bool) -> None:
        """Keep a process for the next request, or end it: one that was slow has the lowest priority."""
        if usable and lane.held and process.graph == self.graph and not self._closed:
            self._idle.append(process)
        else:
            process.kill()

    async def _take(self) -> _Process:
        """A process that is ready. Raises Busy where none can be started, tried twice."""
        failed = 0
        while True:
            while self._idle:
                process = self._idle.pop()
                if process.alive and process.graph == self.graph:
                    return process
                process.kill()
            if not self._starting:
                self._prepare()
            started, _ = await asyncio.wait(self._starting, return_when=asyncio.FIRST_COMPLETED)
            failed += sum(not one.result() for one in started)
            if failed > 1 and not self._idle:
                raise Busy("no process can be started that answers", todo="Try again later.")

    def _prepare(self) -> None:
        """Start a process, without waiting for it."""

        async def start() -> bool:
            try:
                process, _ = await self._start()
            except _Ended:
                return False
            except InputError as error:  # such as one in a file that has changed: for who runs the server
                sys.stderr.write(f"foedus: {error}\n")
                return False
            self._idle.append(process)
            return True

        if not self._closed:
            task = asyncio.create_task(start())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def _start(self) -> tuple[_Process, list[str]]:
        """A process that is ready, and its warnings. Raises InputError where it cannot be, and _Ended."""
        self._all = [process for process in self._all if not process.ended]
        self._started += 1
        number, files = self._started, _state(self._settings.folder)
        try:
            process = _Process(
                await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-P",
                    "-m",
                    "foedus.web.process",
                    json.dumps(self._settings),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    limit=_PIECE,
                    process_group=0,  # Ctrl-C is for the server, which lets its processes finish
                )
            )
        except OSError as error:
            raise InputError(f"a process that answers requests did not start: {error.strerror}") from None
        self._all.append(process)
        try:
            warnings = await process.opened()
        except BaseException:
            process.kill()
            raise
        if files != self._files and number > self._newest:
            self._files = files
            self.graph += 1
        if files == self._files:
            self._newest = max(self._newest, number)
            process.graph = self.graph
        return process, warnings


def _state(folder: str) -> object:
    """What is another as soon as a file of the graph is. Raises InputError where there is none."""
    try:
        found = [(file, os.stat(file.path)) for file in turtle_files(folder)]
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", where=error.filename) from None
    return [(file, at.st_size, at.st_mtime_ns, at.st_ino) for file, at in found]


def _reason(status: int) -> Exception:
    """Why a process ended by itself, from its exit status."""
    if status == -signal.SIGSEGV:
        return Refused(400, "the query is nested too deeply, or has too many parts", todo="Make it simpler.")
    if status in (-signal.SIGABRT, -signal.SIGBUS, -signal.SIGILL, -signal.SIGTRAP):
        return Busy("the answer takes more memory than is allowed", todo="Narrow the query.")
    return _Ended()


def _too_much() -> Busy:
    return Busy("too much is asked at once", todo="Try again in a moment.")
