"""Stands for `python` in the environment of an engine: the programs that it starts often are forked by the server.

It starts in 15 ms, so it imports next to nothing. What it can't ask the server for, Python itself runs.
"""

import os
import sys
from _signal import SIGHUP, SIGINT, SIGTERM, signal
from _socket import AF_UNIX, SCM_RIGHTS, SOL_SOCKET, socket
from marshal import dumps

_PROGRAMS = ("pulumi.dynamic", "pulumi_openai_admin.hosts.native")
_SCRIPT = "language_host.py"
_AT_THE_START = ("PYTHONPATH", "PYTHONHOME", "PYTHONPYCACHEPREFIX", "COVERAGE_PROCESS_CONFIG", "TRACEPARENT")
"""Variables that Python or a package reads when it is imported."""
_REFUSES = "COLD_START"
"""The variable of tests that look at the processes, or end them."""


def _can_fork(program: list[str]) -> bool:
    if any(os.environ.get(name) for name in (*_AT_THE_START, _REFUSES)):
        return False
    return (program[:1] == ["-m"] and program[1] in _PROGRAMS) or program[0].rpartition("/")[2] == _SCRIPT


def _fork(path: str, program: list[str]) -> int:
    """Run a program in a process of the server; its exit code."""
    server = socket(AF_UNIX)
    server.connect(path)
    folder, parent = os.getcwd(), os.getppid()  # noqa: PTH109 -- pathlib takes as long to import as all else
    wanted = dumps({"program": program, "environ": dict(os.environ), "folder": folder, "parent": parent, "prelude": ""})
    streams = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    server.sendmsg([len(wanted).to_bytes(4, "big")], [(SOL_SOCKET, SCM_RIGHTS, streams)])
    server.sendall(wanted)
    for number in (SIGINT, SIGTERM, SIGHUP):
        signal(number, lambda number, _: server.send(bytes([number])))
    server.recv(4)
    for number in (0, 1):
        os.close(number)
    server.settimeout(1)
    while True:
        try:
            status = int.from_bytes(server.recv(4), "big", signed=True)
        except TimeoutError:
            if os.getppid() != parent:
                return 1  # the engine was killed
            continue
        return status


def main() -> None:
    """Fork what can be forked: `client.py SOCKET [-u] PROGRAM…`."""
    _, path, *arguments = sys.argv
    program = arguments[1:] if arguments[:1] == ["-u"] else arguments
    if program and _can_fork(program):
        status = _fork(path, program)
        if status < 0:
            signal(-status, 0)
            os.kill(os.getpid(), -status)
        os._exit(status)
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 -- it is what this stands for


main()
