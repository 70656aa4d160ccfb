"""Forks a Python process for each that is asked for, from a process that has imported Pulumi already.

Those imports are most of the start of a provider and of a program, and the tests start thousands. A process whose
coverage is measured loads this package after the fork, as `python -m pulumi.dynamic` does. The others come from a
second server, which has imported this package too.

A client connects to a Unix socket, and sends its streams and what to run (see `Wanted`). It gets the process id and, at
the end, the exit status. Each byte that it sends later is the number of a signal for the process. The process is killed
when the connection ends.
"""

from __future__ import annotations

import atexit
import gc
import marshal
import os
import runpy
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

STREAMS = 3
COVERAGE = "COVERAGE_PROCESS_CONFIG"
"""The environment variable with which coverage measures a process."""
PACKAGE = "pulumi_openai_admin"
ROOT = Path(__file__).parents[2]


class Wanted(TypedDict):
    """What a process is to run: a module or a script, with its arguments."""

    program: list[str]
    """`-m MODULE ARGUMENT…` or `SCRIPT ARGUMENT…`."""
    environ: dict[str, str]
    folder: str
    parent: int
    """The process that asks for it: the engine, whose command the provider reads."""
    prelude: str
    """Code that runs before the program."""


def serve(path: str) -> None:
    """Fork for each client, until this server's stdin ends."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        woken, wakes = os.pipe()
        os.set_blocking(wakes, False)
        signal.set_wakeup_fd(wakes)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        print("ready", flush=True)  # noqa: T201 -- how the test learns it
        clients: dict[int, tuple[socket.socket, int]] = {}  # by the number of the connection; with the process id
        while True:
            ready, _, _ = select.select([sys.stdin, listener, woken, *clients], [], [])
            if sys.stdin in ready:
                return
            if listener in ready:
                _accept(listener, clients, (woken, wakes))
            for number in [waiting_number for waiting_number in ready if waiting_number in clients]:
                _pass_on(clients, number)
            if woken in ready:
                os.read(woken, 4096)
                _reap(clients)


def _accept(listener: socket.socket, clients: dict[int, tuple[socket.socket, int]], pipe: tuple[int, int]) -> None:
    client, _ = listener.accept()
    client.settimeout(10)
    try:
        head, streams, _, _ = socket.recv_fds(client, 4, STREAMS)
        text = b""
        while len(text) < int.from_bytes(head, "big"):
            if not (piece := client.recv(1 << 16)):
                raise ConnectionError
            text += piece
    except OSError:  # ended before it had asked
        client.close()
        return
    pid = os.fork()
    if not pid:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
        for held in (listener, client, *(other for other, _ in clients.values())):
            held.close()
        for number in pipe:
            os.close(number)
        _become(marshal.loads(text), streams)  # noqa: S302 -- from a test
    for stream in streams:
        os.close(stream)
    clients[client.fileno()] = client, pid
    with suppress(OSError):  # it has ended: `_pass_on` sees that
        client.sendall(pid.to_bytes(4, "big"))


def _pass_on(clients: dict[int, tuple[socket.socket, int]], number: int) -> None:
    """Send the signals of a client to its process; the end of the connection is the end of the process."""
    client, pid = clients[number]
    try:
        signals = client.recv(16)
    except OSError:
        signals = b""
    for signal_ in signals or [signal.SIGKILL]:
        os.kill(pid, signal_)
    if not signals:
        del clients[number]
        client.close()


def _reap(clients: dict[int, tuple[socket.socket, int]]) -> None:
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            for number, (client, pid) in [*clients.items()]:
                if pid == ended[0]:
                    del clients[number]
                    with suppress(OSError), client:
                        client.sendall(os.waitstatus_to_exitcode(ended[1]).to_bytes(4, "big", signed=True))


def _become(wanted: Wanted, streams: list[int]) -> None:
    """Be what `python -u PROGRAM` is."""
    status = 1
    try:
        for place, stream in enumerate(streams):
            os.dup2(stream, place)
            os.close(stream)
        os.chdir(wanted["folder"])
        os.environ.clear()
        os.environ.update(wanted["environ"])
        os.getppid = lambda: wanted["parent"]
        if os.environ.get(COVERAGE):
            coverage.process_startup()
        exec(wanted["prelude"], {})  # noqa: S102 -- the test's own
        _run(wanted["program"])
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:  # noqa: BLE001 -- as Python would
        traceback.print_exc()
    finally:
        _end(status)


def _run(program: list[str]) -> None:
    if program[0] == "-m":
        sys.argv, sys.path[0] = program[1:], str(Path.cwd())
        runpy.run_module(program[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv, sys.path[0] = program, str(Path(program[0]).parent)
        runpy.run_path(program[0], run_name="__main__")


def _end(status: int) -> None:
    """End the process. Python's own end frees, and so copies, all that was imported before the fork: 0.3 s of CPU."""
    if os.environ.get(COVERAGE):
        sys.exit(status)  # coverage writes its file at that end
    atexit._run_exitfuncs()  # files of the process are removed
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    # What a provider, a program and the package import, of others.
    import coverage
    import dill  # noqa: F401
    import pulumi.automation._server
    import pulumi.dynamic  # noqa: F401
    import requests  # noqa: F401
    import tenacity  # noqa: F401

    if PACKAGE in sys.argv[2:]:
        sys.path[0] = str(ROOT)  # not the folder of this file
        # What both providers import when they start, and the resources that pickled references name.
        import pulumi_openai_admin.hosts.dynamic.admin_provider
        import pulumi_openai_admin.hosts.native.server
        import pulumi_openai_admin.resources

        for name in pulumi_openai_admin.resources.ALL:
            getattr(pulumi_openai_admin, name)  # loads its module
    gc.collect()
    gc.freeze()  # a collection in a forked process would copy all of it
    serve(sys.argv[1])
