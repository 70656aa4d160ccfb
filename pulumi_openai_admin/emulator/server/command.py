"""The command line, and the server: it listens on your machine, and says so on standard output once it is up."""

from __future__ import annotations

import argparse
import errno
import json
import os
import signal
import socket
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from pydantic import ValidationError

from pulumi_openai_admin.emulator import defaults
from pulumi_openai_admin.emulator.control import seed as seeds
from pulumi_openai_admin.emulator.control.emulator import Emulator, open_store
from pulumi_openai_admin.emulator.defaults import BASE_PATH, PAGE, READY
from pulumi_openai_admin.emulator.server.gateway import Gateway, Protocol, is_loopback
from pulumi_openai_admin.emulator.store.store import UnusableStateError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType


_BACKLOG = 512
_TAKEN = (errno.EADDRINUSE, errno.EACCES)
"""Another program has the port, or the system keeps it for others: Windows reserves ranges of ports."""
_INTERRUPTED = 130
"""The exit code after Ctrl-C, as a shell has it."""


class UnusableError(Exception):
    """The address or the seed file cannot be used, with a sentence that says why."""


def listen(host: str, port: int) -> socket.socket:
    """Listen on a loopback address, and on nothing else."""
    if not is_loopback(host):
        raise UnusableError(f"{host} is not a loopback address; the emulator serves your machine only")
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
        raise UnusableError(f"cannot listen on {host}:{port}: {reason}{advice}") from error
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, and run the emulator until it is stopped; the exit code."""
    return start(**vars(_parser().parse_args(arguments)))


def start(  # noqa: PLR0913 - the options of the command
    *, host: str, port: int, state: Path | None, seed: Path | None, admin_key: str, until_stdin_closes: bool = False
) -> int:
    """Run the emulator until it is stopped; the exit code."""
    try:
        with ExitStack() as held:
            first = _read_seed(seed)
            listener = held.enter_context(listen(host, port))
            store = open_store(state)
            held.callback(store.close)
            serve(Emulator(store, first, admin_key), listener, until_stdin_closes=until_stdin_closes)
    except (UnusableStateError, UnusableError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - this is how a command says it
        return 1
    return 0


def _read_seed(path: Path | None) -> seeds.Seed:
    if path is None:
        return seeds.empty()
    try:
        return seeds.read(json.loads(path.read_bytes()))
    except OSError as error:
        raise UnusableError(f"cannot read the seed file {path}: {error.strerror}") from error
    except ValidationError as error:
        raise UnusableError(f"cannot use the seed file {path}: {seeds.describe(error)}") from error
    except ValueError as error:
        raise UnusableError(f"the seed file {path} is not JSON: {error}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pulumi_openai_admin.emulator",
        description="OpenAI's Administration API on your machine, for tests and demonstrations.",
    )
    for option in defaults.OPTIONS:
        if option.default is False:
            parser.add_argument(option.flag, action="store_true", help=option.help)
            continue
        kind = Path if option.default is None else type(option.default)
        parser.add_argument(option.flag, default=option.default, type=kind, metavar=option.metavar, help=option.help)
    return parser
