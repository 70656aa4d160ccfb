"""The server: a listening socket on your machine, and a line on standard output once it accepts connections."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING

import uvicorn

from pulumi_openai_admin.emulator.defaults import BASE_PATH, PAGE, READY
from pulumi_openai_admin.emulator.server.gateway import Gateway, Protocol, is_loopback

if TYPE_CHECKING:
    from types import FrameType

    from pulumi_openai_admin.emulator.control.emulator import Emulator

_BACKLOG = 512
_TAKEN = (errno.EADDRINUSE, errno.EACCES)
"""Another program has the port, or the system keeps it for others: Windows reserves ranges of ports."""
_INTERRUPTED = 130
"""The exit code after Ctrl-C, as a shell has it."""


class UnusableAddressError(Exception):
    """The address cannot be listened on, with a sentence that says why."""


def listen(host: str, port: int) -> socket.socket:
    """Listen on a loopback address, and on nothing else."""
    if not is_loopback(host):
        raise UnusableAddressError(f"{host} is not a loopback address; the emulator serves your machine only")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # with the protocol named: no Nagle
    # On Windows, SO_REUSEADDR would let two servers listen on one port, and its opposite exists only there.
    exclusive: int | None = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR if exclusive is None else exclusive, 1)
    try:
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = error.strerror if isinstance(error, OSError) else error
        is_taken = getattr(error, "errno", None) in _TAKEN
        advice = "; --port 0 takes any free port" if is_taken else ""
        raise UnusableAddressError(f"cannot listen on {host}:{port}: {reason}{advice}") from error
    return listener


class _Server(uvicorn.Server):
    """Uvicorn's server, which says when it is up."""

    address: str = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        page = f"{self.address.removesuffix(BASE_PATH)}/"
        print(f"{READY}{self.address}\n{PAGE}{page}", flush=True)  # noqa: T201 - what the command is for


def serve(emulator: Emulator, listener: socket.socket, *, until_stdin_closes: bool) -> None:
    """Serve until a signal stops the process."""
    host, port = listener.getsockname()[:2]
    config = uvicorn.Config(
        Gateway(emulator),
        http=Protocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        log_level="critical",
        proxy_headers=False,
        server_header=False,
        date_header=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    server.address = f"http://{f'[{host}]' if ':' in host else host}:{port}{BASE_PATH}"
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    if until_stdin_closes:
        threading.Thread(target=_watch_stdin, daemon=True).start()
    server.run(sockets=[listener])


def _leave(number: int, _frame: FrameType | None) -> None:
    """Take the signal that uvicorn raises again once it has stopped."""
    sys.exit(_INTERRUPTED if number == signal.SIGINT else 0)


def _watch_stdin() -> None:
    """Stop when the process that started this one has ended."""
    while os.read(0, 1024):
        pass
    signal.raise_signal(signal.SIGTERM)  # not `os.kill`, which on Windows ends the process at once
