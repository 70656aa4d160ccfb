"""Extensions of Pulumi's host of dynamic providers: messages, partial results, warnings, parallel steps.

The host (`python -m pulumi.dynamic`) turns every exception into a traceback, discards the results of a failed step,
shows output of a provider for the stack instead of the resource, and runs four steps at a time. This module changes
that. It checks that the host's internals are as expected: with a different host, only these extensions are missing.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.dynamic import words
from pulumi_openai_admin.dynamic.engine import Engine, EngineHandler
from pulumi_openai_admin.errors import AdminError
from pulumi_openai_admin.remedies import NOTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

logger = logging.getLogger("pulumi_openai_admin")  # the parent of those of all modules

_UNKNOWN = 2
"""gRPC's status code for exceptions, which the host uses for all failures."""


@dataclass(frozen=True)
class HostCall:
    """The engine's current call."""

    request: Any
    context: Any

    @property
    def urn(self) -> str:
        """The resource's URN."""
        return str(getattr(self.request, "urn", ""))

    @property
    def timeout(self) -> float:
        """The `custom_timeouts` of the step in seconds; 0 if there are none."""
        return float(getattr(self.request, "timeout", 0))


_previewed: dict[str, bool] = {}
"""By URN: a process serves one operation of the engine, and each check comes before the comparison."""
_current: ContextVar[HostCall | None] = ContextVar("current", default=None)


def install() -> None:
    """Install the extensions, if this process is a host."""
    main = sys.modules["__main__"]
    if hasattr(main, "_abort_with_traceback") and getattr(main, "traceback", None) is traceback:
        main.traceback = _Messages()  # type: ignore[attr-defined]
    if not any(isinstance(handler, EngineHandler) for handler in logger.handlers):
        logger.addHandler(EngineHandler(words.WORDS, lambda: _engine(), urn))  # noqa: PLW0108 - tests replace it
        logger.propagate = False
        logger.setLevel(NOTE)
        log_requests(os.environ.get("OPENAI_LOG", ""))


def log_requests(level: str) -> None:
    """Log each request (method, path, status, time, request id) at the level of `OPENAI_LOG`; no headers or bodies."""
    levels = {"info": logging.INFO, "debug": logging.DEBUG}
    if level.strip().lower() in levels:
        logger.setLevel(levels[level.strip().lower()])


class _Messages:
    """Replaces the host's `traceback`: this package's errors become their message, others keep their traceback."""

    def __getattr__(self, name: str) -> Any:
        return getattr(traceback, name)

    def format_exc(self, *args: Any, **kwargs: Any) -> str:
        error = sys.exc_info()[1]
        return words.describe(error) if isinstance(error, AdminError) else traceback.format_exc(*args, **kwargs)


@lru_cache(maxsize=1)
def _engine() -> Engine | None:
    """The engine that started this process; None outside a host."""
    is_host = hasattr(sys.modules["__main__"], "_abort_with_traceback")
    return Engine.at(sys.argv[1]) if is_host and len(sys.argv) > 1 else None


def end_if_orphaned() -> None:
    """See `Engine.end_if_orphaned`. Does nothing outside a host."""
    engine = _engine()
    if engine is not None:
        engine.end_if_orphaned()


@contextmanager
def serving() -> Iterator[None]:
    """Store the engine's call while a step runs, for this thread and threads that copy its context."""
    token = _current.set(_find_call())
    try:
        yield
    finally:
        _current.reset(token)


def urn() -> str:
    """The URN of the current resource; empty if it is not known."""
    call = _current.get()
    return call.urn if call else ""


def note_preview(*, is_preview: bool) -> None:
    """Record whether the engine previews the current resource, which only the program knows; see `is_preview`."""
    _previewed[urn()] = is_preview


def is_preview() -> bool:
    """Whether the engine previews the current resource; False if that is not known."""
    return _previewed.get(urn(), False)


def timeout() -> float:
    """The time limit of the step in seconds; 0 if there is none or it is not known."""
    call = _current.get()
    return call.timeout if call else 0


def _find_call() -> HostCall | None:
    """The call, from the frame of the host's wrapper, which passes neither request nor context on."""
    for frame in _frames():
        if "_abort_with_traceback" in frame.f_globals and {"request", "context"} <= set(frame.f_locals):
            return HostCall(frame.f_locals["request"], frame.f_locals["context"])
    return None


def _frames() -> Iterator[FrameType]:
    """The frames of this thread, innermost first."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - there is no public function
    while frame is not None:
        yield frame
        frame = frame.f_back


def set_parallel_steps(steps: int) -> None:
    """Set the number of steps that the host runs at a time, if it is higher than the current one (four).

    The host's executor is taken from the frame of the current worker.
    """
    executor = _find_executor()
    workers = getattr(executor, "_max_workers", None)
    if executor is None or not isinstance(workers, int) or workers >= steps:
        return
    executor._max_workers = steps  # noqa: SLF001 - the host calls the constructor
    for _ in range(steps - workers):
        executor.submit(int)  # threads are started only when work is submitted, and steps may be waiting


def _find_executor() -> ThreadPoolExecutor | None:
    if not hasattr(sys.modules["__main__"], "_abort_with_traceback"):
        return None
    for frame in _frames():
        if frame.f_globals.get("__name__") == ThreadPoolExecutor.__module__ and "executor_reference" in frame.f_locals:
            executor = frame.f_locals["executor_reference"]()
            return executor if isinstance(executor, ThreadPoolExecutor) else None
    return None


def keep_partial(id_: str, outputs: Mapping[str, Any], reason: str) -> bool:
    """Let the engine record what a step did before it failed: the step's error will contain it.

    The next `pulumi up` then calls `update`, which continues.

    Args:
        id_: The object's Pulumi id.
        outputs: Its state.
        reason: The error message.

    Returns:
        Whether the engine will record it. If not, the caller has to handle the partial result.
    """
    call = _current.get()
    main = sys.modules["__main__"]
    if call is None or not isinstance(getattr(main, "traceback", None), _Messages):
        return False
    return send_partial_failure(call.context, id_, lambda: _properties(call, outputs), reason)


def _properties(call: HostCall, outputs: Mapping[str, Any]) -> Any:
    """A state as the host sends it to the engine."""
    from pulumi.runtime import rpc  # noqa: PLC0415

    sent = call.request.news if hasattr(call.request, "news") else call.request.properties
    state = {**outputs, "__provider": sent["__provider"]}
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(rpc.serialize_properties(state, {}))
    finally:
        loop.close()


def send_partial_failure(context: Any, id_: str, properties: Callable[[], Any], reason: str) -> bool:
    """Add the state of a failed step to the error of its call, so that the engine records the state.

    Args:
        context: The gRPC context of the call.
        id_: The object's Pulumi id.
        properties: Gives its state as a `Struct`, with secrets in wire format.
        reason: The error message.

    Returns:
        Whether the engine will record it. If the state can't be sent, the caller has to handle the partial result.
    """
    try:
        details = partial_failure(id_, properties(), reason)
    except Exception as error:  # noqa: BLE001 - whatever it is must not hide the step's own error, or lose its result
        logger.debug("The state of the failed operation could not be sent: %s", type(error).__name__)
        return False
    context.set_trailing_metadata((("grpc-status-details-bin", details),))
    return True


def partial_failure(id_: str, properties: Any, reason: str) -> bytes:
    """The metadata `grpc-status-details-bin` with which the engine records the state of a failed step.

    It is a serialized `google.rpc.Status`, with code, message and details as its fields 1 to 3. The generated class of
    that message is both in Pulumi's package and in Google's, and a process can import only one of them. Programs have
    their own dynamic providers in this process, with imports that are not known here, so neither is used.
    """
    from google.protobuf import any_pb2  # noqa: PLC0415
    from pulumi.runtime.proto import provider_pb2  # noqa: PLC0415

    detail = any_pb2.Any()
    detail.Pack(provider_pb2.ErrorResourceInitFailed(id=id_, properties=properties, reasons=[reason]))
    code = bytes([1 << 3, _UNKNOWN])
    return code + _bytes_field(2, reason.encode()) + _bytes_field(3, detail.SerializeToString())


def _bytes_field(number: int, value: bytes) -> bytes:
    """A field of a protobuf message: its number and type (2), the length in groups of seven bits, and the value."""
    length, rest = bytearray(), len(value)
    while rest > 0x7F:  # noqa: PLR2004 - the largest value of seven bits
        length.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes([number << 3 | 2, *length, rest]) + value
