"""The engine that started this process: its log, and whether it still runs."""

from __future__ import annotations

import logging
import os
import socket
import sys
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.engine.wording import PULUMI
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.remedies import NOTE, Formatter, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.lifecycle.run import Host

logger = logging.getLogger("pulumi_openai_admin")  # the parent of those of all modules


@dataclass(repr=False)
class Engine:
    """An engine on your machine, by its address."""

    host: str
    port: int

    @classmethod
    def at(cls, address: str) -> Engine | None:
        """The engine at an address such as `127.0.0.1:41234`; None if it is not one of your machine."""
        host, _, port = address.rpartition(":")
        return cls(host, int(port)) if host == "127.0.0.1" and port.isdigit() else None

    @property
    def address(self) -> str:
        """Its address."""
        return f"{self.host}:{self.port}"

    @cached_property
    def _stub(self) -> Any:
        import grpc  # type: ignore[import-untyped]  # noqa: PLC0415 - loaded already in a host
        from pulumi.runtime.proto import engine_pb2_grpc  # noqa: PLC0415

        # The engine is on your machine. With `http_proxy` set, gRPC would send the messages to the proxy.
        channel = grpc.insecure_channel(self.address, options=[("grpc.enable_http_proxy", 0)])
        return engine_pb2_grpc.EngineStub(channel)

    def report(self, message: str, urn: str, *, is_warning: bool) -> bool:
        """Show a warning or a note for a resource. Returns whether the engine got it."""
        import grpc  # noqa: PLC0415
        from pulumi.runtime.proto import engine_pb2  # noqa: PLC0415

        severity = engine_pb2.WARNING if is_warning else engine_pb2.INFO
        try:
            self._stub.Log(engine_pb2.LogRequest(severity=severity, message=message, urn=urn), timeout=5)
        except grpc.RpcError:
            return False
        return True

    @property
    def has_ended(self) -> bool:
        """Return whether nothing listens at its address; False if that can't be found out."""
        try:
            socket.create_connection((self.host, self.port), timeout=5).close()
        except ConnectionRefusedError:
            return True
        except OSError:  # for example no free sockets
            return False
        return False

    def end_if_orphaned(self) -> None:
        """Exit if the engine has ended: nothing would record the effects of the next request.

        After `kill -9` of the engine its providers continue to run. So before each request that changes something, the
        provider connects to the engine's port.
        """
        if not self.has_ended:
            return
        with suppress(OSError):  # stderr may be closed
            print("error: The Pulumi engine has ended, so no more requests are sent.", file=sys.stderr, flush=True)  # noqa: T201
        os._exit(1)


current: ContextVar[Host | None] = ContextVar("current", default=None)
"""The call that this thread, and threads that copy its context, serve."""


class EngineHandler(logging.Handler):
    """Sends log records to the engine, which shows them for their resource; without an engine, to stderr.

    The engine shows what a native provider writes to stderr only with `--debug`.

    Args:
        words: The remedies in the words of Pulumi.
        engine: Gives the engine; None if there is none, or its address is not known yet.
    """

    def __init__(self, words: Words, engine: Callable[[], Engine | None]) -> None:
        super().__init__()
        self.setFormatter(Formatter(words))
        self._engine = engine

    def emit(self, record: logging.LogRecord) -> None:
        """Show a log record."""
        host, message = current.get(), printable(self.format(record))
        message, urn = (host.respell(message), host.urn) if host else (message, "")
        engine = self._engine()
        if engine is None or not engine.report(message, urn, is_warning=record.levelno >= logging.WARNING):
            level = "note" if record.levelno == NOTE else record.levelname.lower()
            print(f"{level}: {message}", file=sys.stderr, flush=True)  # noqa: T201


@lru_cache(maxsize=1)
def of_this_process() -> Engine | None:
    """The engine that started Pulumi's host of dynamic providers; None if this process is not one."""
    is_host = hasattr(sys.modules["__main__"], "_abort_with_traceback")
    return Engine.at(sys.argv[1]) if is_host and len(sys.argv) > 1 else None


def end_if_orphaned() -> None:
    """See `Engine.end_if_orphaned`. Does nothing outside a host of dynamic providers."""
    engine = of_this_process()
    if engine is not None:
        engine.end_if_orphaned()


def show_messages() -> None:
    """Show warnings and notes of this package to the user: by the engine of this process, otherwise on stderr."""
    if not any(isinstance(handler, EngineHandler) for handler in logger.handlers):
        send_messages(EngineHandler(PULUMI, lambda: of_this_process()))  # noqa: PLW0108 - tests replace it


def show_messages_of_program() -> None:
    """Show them in the user's own process.

    A program that has set up logging, such as one of the Automation API, gets the records, and shows them itself.
    Logging may be set up after the first call, or for this package only.
    """
    if logger.handlers or logger.level or _handlers_of_program():
        return
    show_messages()
    logger.handlers[0].addFilter(lambda _: not _handlers_of_program())
    logger.propagate = True


def _handlers_of_program() -> list[logging.Handler]:
    own = [handler for handler in logger.handlers if not isinstance(handler, EngineHandler)]
    return [*logging.getLogger().handlers, *own]


def send_messages(handler: EngineHandler) -> None:
    """Send this package's warnings and notes to a handler alone, and its log of requests (`OPENAI_LOG`)."""
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(NOTE)
    log_requests()


def log_requests() -> None:
    """Log each request (method, path, status, time, request id) at the level of `OPENAI_LOG`; no headers or bodies."""
    levels = {"info": logging.INFO, "debug": logging.DEBUG}
    if level := levels.get(os.environ.get("OPENAI_LOG", "").strip().lower()):
        logger.setLevel(level)
