"""The process of the native provider."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2_grpc

from pulumi_openai_admin import config
from pulumi_openai_admin.engine.process import Engine, EngineHandler, send_messages
from pulumi_openai_admin.engine.wording import NATIVE
from pulumi_openai_admin.hosts.native.servicer import EarlyCancellation, Servicer

_USAGE = "Pulumi starts this program: run `pulumi up`. Its argument is the address of the engine.\n"
_CHECK_SECONDS = 5.0
"""How often to look whether the engine still runs: after `kill -9` nobody ends its providers."""
_COMPONENTS = 1000
_THREADS = config.MAX_PARALLEL + 8 + _COMPONENTS
"""More than the operations at a time, so that checks and comparisons never wait for them. A component waits in a thread
for its resources. Threads are started when they are needed."""
_UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def serve(arguments: Sequence[str]) -> int:
    """Serve until a signal arrives or the engine has ended.

    After a signal no operation begins. Those that run end and answer first: a service manager, or a CI job that is
    cancelled, sends the signal to the engine too, which waits for them and records what they return. Without that, a
    key that is being created would be known to nobody.

    Args:
        arguments: The engine's address, as the engine gives it; none if the engine attaches later. With `--logflow` or
            `--tracing` the engine puts options before it, which concern plugins in Go.

    Returns:
        The exit status.
    """
    engine = Engine.at(arguments[-1]) if arguments else None
    if arguments and engine is None:
        sys.stderr.write(_USAGE)
        return 2
    servicer = Servicer(engine)
    clock = servicer.run.clock
    send_messages(EngineHandler(NATIVE, lambda: servicer.engine))
    server = grpc.server(ThreadPoolExecutor(_THREADS), interceptors=[EarlyCancellation(clock)], options=_UNLIMITED)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    # The engine ends its providers with this signal, and waits five seconds for one that stays. From a terminal it is
    # Ctrl-C: then the engine says what ends (`Cancel`).
    signal.signal(signal.SIGINT, lambda *_: None if _is_in_foreground() else ended.set())
    print(port, flush=True)  # noqa: T201 - how the engine learns it
    _wait(ended, servicer)
    clock.cancel()
    _wait(server.stop(grace=threading.TIMEOUT_MAX), servicer)
    server.stop(grace=None)
    return 0


def _wait(event: threading.Event, servicer: Servicer) -> None:
    """Wait for an event, or until the engine has ended: then nothing records what an operation returns."""
    while not event.wait(_CHECK_SECONDS):
        if servicer.engine is not None and servicer.engine.has_ended:
            return


def _is_in_foreground() -> bool:
    """Return whether Ctrl-C in a terminal reaches this process. The engine starts providers in the background."""
    try:
        with Path("/dev/tty").open("rb", buffering=0) as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False  # there is no terminal
