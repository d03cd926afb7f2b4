"""The process that holds the graph in memory, and of which those that answer are forked.

A fork takes a millisecond or two and shares the memory, so that a process that is killed is soon replaced, and all
answer from one graph. This one has a single thread: a fork copies no other.

Protocol over a socket: each byte that comes in brings a socket along, for a process of its own. One line of JSON tells
that it is ready, or what is wrong; then one for each process that has ended, with its exit status. Where the other end
is closed, this one ends with the last of them.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys

from foedus.errors import FoedusError
from foedus.web.process import answer_all, end_with_server, settle, write
from foedus.web.site import Settings, Site


def main() -> None:
    """Fork processes until the other end is closed, and outlive them."""
    settle()
    control = socket.socket(fileno=int(sys.argv[1]))
    try:
        site = Site(Settings(*json.loads(sys.argv[2])), in_memory=True)
    except FoedusError as error:
        write(control.fileno(), {"error": str(error)})
        return
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    write(control.fileno(), {"warnings": site.engine.warnings})
    awaited = [control.fileno(), ended]
    while True:
        ready, _, _ = select.select(awaited, [], [])
        if ended in ready:
            os.read(ended, 4096)
            if not _bury(control) and control.fileno() not in awaited:
                return
        if control.fileno() not in ready:
            continue
        asked, given, _, _ = socket.recv_fds(control, 1, 1)
        if not asked:
            if not _bury(control):
                return
            awaited = [ended]
            continue
        (descriptor,) = given
        if not os.fork():
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for unneeded in (control.fileno(), ended, wake):
                os.close(unneeded)
            end_with_server()
            answer_all(site, descriptor, os.dup(descriptor), [])
            return
        os.close(descriptor)


def _bury(control: socket.socket) -> bool:
    """Tell of the processes that have ended; whether there are others."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if not pid:
            return True
        write(control.fileno(), {"pid": pid, "status": os.waitstatus_to_exitcode(status)})


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, ConnectionResetError):
        pass
    finally:
        os._exit(0)
