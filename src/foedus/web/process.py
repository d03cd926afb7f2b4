"""A process that answers requests one after another, and can be killed: the only time limit that always ends the work.

Protocol over a pair of pipes or a socket, both ways: one line of JSON, whose "size" tells how many bytes of body
follow. The first line that it writes says that it is ready, or what is wrong; each tells how many seconds it has
"worked".
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from typing import Any

from foedus.errors import FoedusError
from foedus.web.messages import Request, Response, text
from foedus.web.site import Settings, Site
from foedus.worker import end_with_caller

_SHARE = 16  # of the machine's memory one part is what an answer may take, within these bounds:
_LEAST, _MOST = 128 << 20, 2 << 30  # bytes
_LARGEST = 128 << 20  # bytes of an answer, which the server has to hold until it is fetched
_GRACE = 5.0  # seconds after the time limit at which the process ends itself, should the server be gone
_LONG = 1 << 16  # bytes that are not copied to be written in one go


def main() -> None:
    """Answer what comes in by standard input until it ends."""
    settle()
    incoming, outgoing = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    try:
        site = Site(Settings(*json.loads(sys.argv[1])))
    except FoedusError as error:
        write(outgoing, {"error": str(error)})
        return
    answer_all(site, incoming, outgoing, site.engine.warnings)


def settle() -> None:
    """What holds for the process from its start: no signals but the server's own, and no noise."""
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_IGN)  # that is the server's, which lets its processes finish
    sys.stderr = open(os.dup(2), "w", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: SIM115
    os.dup2(os.open(os.devnull, os.O_RDWR), 2)  # Oxigraph writes there when it is out of memory, which is no fault
    end_with_server()


def end_with_server() -> None:
    """Have the system end this process with its parent where it can: no thread can while Oxigraph keeps them out.

    Source: prctl(2), PR_SET_PDEATHSIG.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)


def answer_all(site: Site, incoming: int, outgoing: int, warnings: list[str]) -> None:
    """Answer what comes in until the other end is closed."""
    threading.Thread(target=end_with_caller, args=(incoming,), daemon=True).start()
    _limit_memory()
    write(outgoing, {"warnings": warnings, "pid": os.getpid(), "worked": time.process_time()})
    given = os.fdopen(incoming, "rb")
    while line := given.readline():
        found = json.loads(line)
        body = given.read(found["size"])
        signal.setitimer(signal.ITIMER_REAL, site.settings.seconds + _GRACE)  # its default action ends the process
        response = _respond(site, Request(found["method"], found["path"], found["query"], found["headers"], body))
        signal.setitimer(signal.ITIMER_REAL, 0)
        told = {"status": response.status, "type": response.media_type, "headers": response.headers}
        write(outgoing, {**told, "lasting": response.lasting, "worked": time.process_time()}, response.body)


def _respond(site: Site, request: Request) -> Response:
    try:
        response = site.respond(request)
    except MemoryError:
        return text(503, "the answer takes more memory than is allowed\nNarrow the query.\n", lasting=False)
    except BaseException:  # a fault of ours or a panic of Oxigraph's: told to who runs the server, not to who asks
        import traceback

        sys.stderr.write(f"foedus: {request.method} {request.path!r}\n{traceback.format_exc()}")
        return text(500, "this cannot be answered: the fault is the server's, and is in its log\n", lasting=False)
    if len(response.body) > _LARGEST:
        return text(503, f"the answer has more than {_LARGEST:,} bytes\nNarrow the query.\n", lasting=False)
    return response


def _limit_memory() -> None:
    """Let an answer take so much memory and no more, beside what the graph takes: told on Linux alone."""
    import resource

    try:
        with open("/proc/self/status", encoding="ascii") as file:
            taken = next(int(line.split()[1]) << 10 for line in file if line.startswith("VmData:"))
    except OSError:
        return
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    allowed = taken + min(_MOST, max(_LEAST, machine // _SHARE))
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or hard > allowed:
        resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))


def write(descriptor: int, header: dict[str, Any], body: bytes = b"") -> None:
    """Write a line and a body."""
    head = json.dumps({**header, "size": len(body)}).encode() + b"\n"
    for part in (head, body) if len(body) > _LONG else (head + body,):
        data = memoryview(part)
        while data:
            data = data[os.write(descriptor, data) :]


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        pass
    finally:
        os._exit(0)
