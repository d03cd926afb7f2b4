"""A process that evaluates queries and can be killed: the only time limit that always ends the work.

Oxigraph does not stop at a signal and rdflib may sit in a regular expression, so a query runs in a process of its own
and the caller waits with a clock. The process is forked where the caller has one thread (a fork copies no other, and
RocksDB for one would wait for its own for ever), which costs a millisecond; otherwise a fresh interpreter is started.
Linux and macOS.

Protocol, both ways: one line of JSON, whose "size" tells how many bytes of body follow it.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
import threading
import time
from typing import Any, BinaryIO, Protocol

from foedus import errors
from foedus.datasets import Selection
from foedus.engines import Result, Settings, make

_OPENING = 900.0  # seconds that opening an engine may take, which compiles or reads all data
_GRACE = 1.0  # seconds after the limit at which the worker ends itself, should its caller be gone


class Asker(Protocol):
    """What a graph puts its queries to."""

    settings: Settings

    def ask(self, query: str, selection: Selection, seconds: float) -> tuple[Result, list[str]]:
        """The engine's result and its warnings; `seconds` is the time limit, where there is one."""
        ...

    def close(self) -> None:
        """End what answers."""
        ...


class Worker:
    """One worker process for one engine; started by `start`, replaced after a time limit.

    Threads may share it: they ask one after another. A process that is forked from its owner's gets one of its own.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._owner = 0
        self._pid = 0
        self._in = self._out = -1
        self._buffer = bytearray()
        self._ready = False

    def start(self) -> None:
        """Start the process, which opens its engine at once; nothing happens where it runs already."""
        if self._pid and self._owner == os.getpid():
            return
        self._forget()
        self._owner = os.getpid()
        to_read, self._out = os.pipe()
        self._in, to_write = os.pipe()
        if _single_threaded():
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:  # None where the caller closed it
                    stream.flush()
            self._pid = os.fork()
            if not self._pid:
                os.close(self._out)
                os.close(self._in)
                _run(to_read, to_write, self.settings)
        else:
            self._pid = _spawn(to_read, to_write, self.settings)
        os.close(to_read)
        os.close(to_write)

    def ask(self, query: str, selection: Selection, seconds: float) -> tuple[Result, list[str]]:
        """The engine's result and its warnings.

        Raises what the engine raises, and TimeLimitReached after `seconds`.
        """
        with self._lock:
            return self._ask(query, selection, seconds)

    def _ask(self, query: str, selection: Selection, seconds: float) -> tuple[Result, list[str]]:
        self.start()
        request = {"seconds": seconds, "default": selection.default, "named": selection.named}
        body = query.encode()
        try:
            if not self._ready:  # the limit is for the query: opening the engine may compile the store first
                self._read(time.monotonic() + max(seconds, _OPENING))
                self._ready = True
            deadline = time.monotonic() + seconds
            _write(self._out, {**request, "size": len(body)}, body)
            header, body = self._read(deadline)
        except TimeoutError:
            self.close()
            raise errors.TimeLimitReached(
                f"stopped at the time limit of {seconds:g} s",
                todo="Narrow the query, or allow more time with --timeout SECONDS (timeout=…).",
            ) from None
        except (BrokenPipeError, EOFError):
            self.close()
            raise errors.FoedusError(
                "the process that evaluates queries ended unexpectedly (was it killed, or out of memory?)",
                todo="Run the command again.",
            ) from None
        except KeyboardInterrupt:
            self.close()  # else its answer would be taken for that of the next question
            raise
        if "error" in header:
            raise errors.BY_NAME.get(header["error"], errors.FoedusError)(
                header["message"], where=header["where"], todo=header["todo"]
            )
        return Result(header["form"], body), header["warnings"]

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._pid and self._owner == os.getpid():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._pid, 0)
        self._forget()

    def _forget(self) -> None:
        if self._pid:
            os.close(self._out)
            os.close(self._in)
        self._pid = 0
        self._ready = False
        self._buffer.clear()

    def _read(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        """The next message: its header and its body."""
        while b"\n" not in self._buffer:
            self._fill(deadline)
        line, _, rest = self._buffer.partition(b"\n")
        self._buffer = rest
        header: dict[str, Any] = json.loads(line)
        while len(self._buffer) < header["size"]:
            self._fill(deadline)
        body = bytes(self._buffer[: header["size"]])
        del self._buffer[: header["size"]]
        return header, body

    def _fill(self, deadline: float) -> None:
        ready, _, _ = select.select([self._in], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        data = os.read(self._in, 1 << 20)
        if not data:
            raise EOFError
        self._buffer += data


def serve(incoming: BinaryIO, outgoing: int, settings: Settings) -> None:
    """Answer requests from `incoming` until it ends."""
    engine = None
    failure: errors.FoedusError | None = None
    try:
        engine = make(settings)
    except errors.FoedusError as error:
        failure = error
    except Exception as error:
        failure = errors.FoedusError(f"the graph cannot be opened: {type(error).__name__} {error}")
    _write(outgoing, {"ready": True, "size": 0}, b"")
    while line := incoming.readline():
        request = json.loads(line)
        query = incoming.read(request["size"]).decode()
        signal.setitimer(signal.ITIMER_REAL, request["seconds"] + _GRACE)  # SIGALRM's default action ends the process
        try:
            if engine is None:
                raise failure or errors.FoedusError("no engine")
            result = engine.evaluate(query, Selection(_graphs(request["default"]), _graphs(request["named"])))
        except errors.FoedusError as error:
            reply = {"error": type(error).__name__, "message": error.message, "where": error.where, "todo": error.todo}
            _write(outgoing, {**reply, "size": 0}, b"")
        except Exception as error:  # an engine's own fault, or memory that ran out
            message = f"the query cannot be evaluated: {type(error).__name__} {error}".strip()
            reply = {"error": "QueryError", "message": message, "where": None, "todo": "Narrow or change the query."}
            _write(outgoing, {**reply, "size": 0}, b"")
        else:
            warnings, engine.warnings = engine.warnings, []
            _write(outgoing, {"form": result.form, "warnings": warnings, "size": len(result.body)}, result.body)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _graphs(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


def _write(descriptor: int, header: dict[str, Any], body: bytes) -> None:
    data = memoryview(json.dumps(header).encode() + b"\n" + body)
    while data:
        data = data[os.write(descriptor, data) :]


def _single_threaded() -> bool:
    """Whether a fork is safe: one thread, those of native libraries counted, which Linux alone tells."""
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


def end_with_caller(to_read: int) -> None:
    """End the process as soon as the other end of its pipe is closed: the caller is gone, however it ended."""
    poller = select.poll()
    poller.register(to_read, 0)  # only the hang-up is reported, whatever is there to be read
    poller.poll()
    os._exit(0)


def _run(to_read: int, to_write: int, settings: Settings) -> None:
    """The life of a worker; never returns into the caller's code."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's, who then ends the worker
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)  # a reader of the caller's output must not wait for the worker
        os.dup2(nothing, 2)
        threading.Thread(target=end_with_caller, args=(to_read,), daemon=True).start()
        with open(to_read, "rb") as incoming:
            serve(incoming, to_write, settings)
    except BrokenPipeError:
        pass
    finally:
        os._exit(0)


def _spawn(to_read: int, to_write: int, settings: Settings) -> int:
    import subprocess

    arguments = [sys.executable, "-P", "-m", "foedus.worker", str(to_read), str(to_write), json.dumps(settings)]
    process = subprocess.Popen(  # noqa: S603 - our own module
        arguments, pass_fds=(to_read, to_write), stdin=subprocess.DEVNULL
    )
    process.returncode = 0  # waited for by its pid in Worker.close
    return process.pid


if __name__ == "__main__":
    _run(int(sys.argv[1]), int(sys.argv[2]), Settings(*json.loads(sys.argv[3])))
