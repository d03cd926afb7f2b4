"""A process that answers requests one after another, and can be killed: the only time limit that always ends the work.

Protocol over standard input and output, both ways: one line of JSON, whose "size" tells how many bytes of body follow.
The first line that it writes says that it is ready, or what is wrong.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from typing import Any

from foedus.errors import FoedusError
from foedus.web.messages import Request, Response, text
from foedus.web.site import Settings, Site
from foedus.worker import end_with_caller

_MEMORY = 3 << 30  # bytes that an answer may take


def main() -> None:
    """Answer what comes in until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's, which lets its processes finish
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    threading.Thread(target=end_with_caller, args=(incoming.fileno(),), daemon=True).start()
    _limit_memory()
    try:
        site = Site(Settings(*json.loads(sys.argv[1])))
    except FoedusError as error:
        _write(outgoing, {"error": str(error)}, b"")
        return
    _write(outgoing, {"ready": True, "warnings": site.engine.warnings}, b"")
    while line := incoming.readline():
        found = json.loads(line)
        body = incoming.read(found["size"])
        response = _respond(site, Request(found["method"], found["path"], found["query"], found["headers"], body))
        told = {"status": response.status, "type": response.media_type, "headers": response.headers}
        _write(outgoing, {**told, "lasting": response.lasting}, response.body)


def _respond(site: Site, request: Request) -> Response:
    try:
        return site.respond(request)
    except MemoryError:
        return text(503, "the answer takes more memory than is allowed\nNarrow the query.\n", lasting=False)
    except Exception:  # a fault of ours: told to who runs the server, not to who asks
        import traceback

        sys.stderr.write(f"foedus: {request.method} {request.path}\n{traceback.format_exc()}")
        return text(500, "this cannot be answered: the fault is the server's, and is in its log\n", lasting=False)


def _limit_memory() -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or hard > _MEMORY:
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, hard))


def _write(descriptor: int, header: dict[str, Any], body: bytes) -> None:
    data = memoryview(json.dumps({**header, "size": len(body)}).encode() + b"\n" + body)
    while data:
        data = data[os.write(descriptor, data) :]


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        pass
    finally:
        os._exit(0)
