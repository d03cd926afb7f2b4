"""Processes that share the requests, so that one that never ends keeps no other waiting.

A request has a lane: there are as many as the machine has cores, so that what is quick stays quick. One that has worked
for a second leaves its lane to the next and goes on at a low priority, until its time limit ends it; where too many do,
the oldest of them is ended early. A process that was killed is replaced, and its request tried once more; not so where
the request itself brought it down.

All are forked of one process that holds the graph. Where the files of the graph are others when one is forked, another
such process is started, and takes the place of the first as soon as it has read them; what is being answered by then
is answered from the graph before.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import signal
import socket
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
_OPENING = 900.0  # seconds that reading the graph may take, which compiles it on first use
_FORKING = 10.0  # seconds that a fork may take, and the message that a process has ended
_PIECE = 1 << 20  # bytes of an answer that are read ahead; a header has fewer


class Busy(FoedusError):
    """More is asked at once than can be answered."""


class _Ended(Exception):
    """The process ended by itself."""


async def _read(reader: asyncio.StreamReader) -> tuple[dict[str, Any], bytes]:
    """A line of JSON and the body that follows it."""
    try:
        header = json.loads(await reader.readuntil(b"\n"))
        return header, await reader.readexactly(header["size"])
    except (asyncio.IncompleteReadError, ConnectionError):
        raise _Ended from None


class _Process:
    """One process, which answers one request at a time."""

    def __init__(self, origin: _Origin, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.origin = origin
        self._reader, self._writer = reader, writer
        self._pid = 0
        self._worked = 0.0  # seconds, as it told last
        self._status: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def opened(self) -> None:
        """Wait until it is ready. Raises _Ended."""
        header, _ = await _read(self._reader)
        self._pid, self._worked = header["pid"], header["worked"]
        self.origin.ends[self._pid] = self._status

    async def ask(self, request: Request) -> Response:
        """The answer. Raises _Ended where the process was killed, and Busy or Refused where the request did it."""
        told = {"method": request.method, "path": request.path, "query": request.query}
        header = {**told, "headers": dict(request.headers), "size": len(request.body)}
        try:
            self._writer.write(json.dumps(header).encode() + b"\n" + request.body)
            await self._writer.drain()
            found, body = await _read(self._reader)
        except (_Ended, ConnectionError):
            raise await self._reason() from None
        self._worked = found["worked"]
        headers = tuple((str(name), str(value)) for name, value in found["headers"])
        return Response(found["status"], found["type"], body, headers, found["lasting"])

    async def _reason(self) -> Exception:
        """Why it ended by itself."""
        await asyncio.wait([self._status], timeout=_FORKING)
        status = self._status.result() if self._status.done() else 0
        if status == -signal.SIGSEGV:
            return Refused(400, "the query is nested too deeply, or has too many parts", todo="Make it simpler.")
        if status in (-signal.SIGABRT, -signal.SIGBUS, -signal.SIGILL, -signal.SIGTRAP):
            return Busy("the answer takes more memory than is allowed", todo="Narrow the query.")
        return _Ended()

    @property
    def alive(self) -> bool:
        """Whether the other end of its socket is open: asyncio learns a moment later that a process has ended."""
        if self._status.done() or self._writer.transport.is_closing():
            return False
        poller = select.poll()
        poller.register(self._writer.get_extra_info("socket"), 0)  # only the hang-up is reported
        return not poller.poll(0)

    def works(self, otherwise: float) -> float:
        """The seconds of a processor that this request took so far; `otherwise`, where the system does not tell."""
        try:
            with open(f"/proc/{self._pid}/stat", encoding="ascii") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            return otherwise
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") - self._worked

    def yield_to_others(self) -> None:
        """Give it a low priority. It is not used again, since an ordinary user cannot take that back."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._pid, _LOW)

    def kill(self) -> None:
        """End it, whatever it is doing."""
        if self._pid and not self._status.done():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
        self._writer.close()


class _Origin:
    """The process that holds the graph, of which the others are forked."""

    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        self._process = process
        self._control = control
        self._listening: asyncio.Task[None] | None = None
        self.ends: dict[int, asyncio.Future[int]] = {}  # of the processes forked of it, by their numbers

    @classmethod
    async def start(cls, settings: Settings) -> tuple[_Origin, list[str]]:
        """Start it, and wait until it has read the graph; its warnings. Raises InputError where it cannot."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                "foedus.web.forking",
                str(theirs.fileno()),
                json.dumps(settings),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                process_group=0,  # Ctrl-C is for the server, which lets its processes finish
            )
        origin = cls(process, ours)
        try:
            reader, writer = await asyncio.open_connection(sock=ours.dup())
            async with asyncio.timeout(_OPENING):
                header, _ = await _read(reader)
            if "error" in header:
                raise InputError(str(header["error"]))
        except BaseException as error:
            await origin.end()
            if isinstance(error, _Ended | TimeoutError):
                raise InputError("the process that reads the graph ended before it was ready") from None
            raise
        origin._listening = asyncio.create_task(origin._listen(reader, writer))
        return origin, [str(warning) for warning in header["warnings"]]

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hear of the ends of the processes."""
        try:
            while True:
                header, _ = await _read(reader)
                self._has_ended(header["pid"], header["status"])
        except _Ended:
            writer.close()
            for pid in list(self.ends):
                self._has_ended(pid, -signal.SIGKILL)

    def _has_ended(self, pid: int, status: int) -> None:
        end = self.ends.pop(pid, None)
        if end is not None and not end.done():
            end.set_result(status)

    async def fork(self) -> _Process:
        """A process that is ready. Raises _Ended where this one has ended."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._control, [b"f"], [theirs.fileno()])
            process = _Process(self, *await asyncio.open_connection(sock=ours, limit=_PIECE))
        except BaseException as error:
            ours.close()
            if isinstance(error, OSError):
                raise _Ended from None
            raise
        try:
            async with asyncio.timeout(_FORKING):
                await process.opened()
        except BaseException as error:
            process.kill()
            if isinstance(error, TimeoutError):
                raise _Ended from None
            raise
        return process

    @property
    def alive(self) -> bool:
        """Whether it is not known to have ended."""
        return self._process.returncode is None

    def retire(self) -> None:
        """Have it end as soon as those that were forked of it have."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_WR)

    async def end(self) -> None:
        """End it, and with it those that were forked of it; wait until it has."""
        self._control.close()
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)  # asyncio's own way takes the exit status from it, at times
        await self._process.wait()
        if self._listening is not None:
            await self._listening


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
        self._patience = min(_PATIENCE, settings.seconds / 4)
        self._lanes = max(2, os.cpu_count() or 1)
        self._free = asyncio.Semaphore(self._lanes)
        self._waiting: set[asyncio.Task[Response]] = set()
        self._idle: list[_Process] = []
        self._slow: dict[asyncio.Task[Response], None] = {}
        self._origin: _Origin | None = None
        self._retired: list[_Origin] = []
        self._renewing: asyncio.Task[None] | None = None
        self._files: object = None
        self.graph = 0  # which one is answered from: another number where the files were others

    async def open(self) -> list[str]:
        """Start the processes; warnings about the graph. Raises InputError where it cannot be read."""
        self._files = _state(self._settings.folder)
        self._origin, warnings = await _Origin.start(self._settings)
        with contextlib.suppress(_Ended):
            self._idle = [await self._origin.fork() for _ in range(self._lanes)]
        return warnings

    async def close(self) -> None:
        """End all processes."""
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.wait([self._renewing])
        for process in self._idle:
            process.kill()
        for origin in filter(None, [self._origin, *self._retired]):
            await origin.end()

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
                process.kill()
                raise
            finally:
                if lane.clock is not None:
                    lane.clock.cancel()
                self._slow.pop(work, None)
            if lane.held and process.origin is self._origin:
                self._idle.append(process)
            else:  # it has a low priority, or another graph
                process.kill()
            return answer
        finally:
            lane.leave()

    def _look_at(self, lane: _Lane, process: _Process, work: asyncio.Task[Response]) -> None:
        """Look after a while whether a request is slow, and let others go before it."""
        loop = asyncio.get_running_loop()
        last = loop.time() + _MOST_BUSY * self._patience

        def look() -> None:
            left = min(self._patience - process.works(self._patience), last - loop.time())
            if left > 0:
                lane.clock = loop.call_later(max(left, _SHORT), look)
                return
            lane.leave()
            process.yield_to_others()
            self._slow[work] = None
            if len(self._slow) > _MOST_SLOW:
                next(iter(self._slow)).cancel()

        lane.clock = loop.call_later(self._patience, look)

    async def _take(self) -> _Process:
        """A process that is ready. Raises Busy where there can be none."""
        while self._idle:
            process = self._idle.pop()
            if process.alive:
                return process
            process.kill()
        for _ in range(2):
            assert self._origin is not None
            self._notice()
            if self._origin.alive:
                with contextlib.suppress(_Ended):
                    return await self._origin.fork()
            await asyncio.wait([self._renewed()])
        raise Busy("no process can be started that answers", todo="Try again later.")

    def _notice(self) -> None:
        """Read the graph anew where its files are others."""
        with contextlib.suppress(InputError):
            if self._files != _state(self._settings.folder):
                self._renewed()

    def _renewed(self) -> asyncio.Task[None]:
        """Read the graph anew, which is done for all at once."""
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew())
        return self._renewing

    async def _renew(self) -> None:
        try:
            self._files = _state(self._settings.folder)
            origin, _ = await _Origin.start(self._settings)
        except InputError as error:  # such as one in a file that has changed: for who runs the server
            sys.stderr.write(f"foedus: {error}\n")
            return
        assert self._origin is not None
        self._retired = [*(before for before in self._retired if before.alive), self._origin]
        self._origin.retire()
        for process in self._idle:
            process.kill()
        self._idle = []
        self._origin = origin
        self.graph += 1


def _state(folder: str) -> object:
    """What is another as soon as a file of the graph is. Raises InputError where there is none."""
    try:
        found = [(file, os.stat(file.path)) for file in turtle_files(folder)]
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", where=error.filename) from None
    return [(file, at.st_size, at.st_mtime_ns, at.st_ino) for file, at in found]


def _too_much() -> Busy:
    return Busy("too much is asked at once", todo="Try again in a moment.")
