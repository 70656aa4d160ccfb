"""Extensions of Pulumi's host of dynamic providers: messages, partial results, warnings, parallel steps.

The host (`python -m pulumi.dynamic`) turns every exception into a traceback, discards the results of a failed step,
shows output of a provider for the stack instead of the resource, and runs four steps at a time. This module changes
that. With a host whose internals are different, only these extensions are missing, and `sdk_internals` says which.
"""

from __future__ import annotations

import logging
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor, thread
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from inspect import signature
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.engine.outputs import send_partial_failure, wrap
from pulumi_openai_admin.engine.process import end_if_orphaned, show_messages
from pulumi_openai_admin.engine.wording import PULUMI
from pulumi_openai_admin.errors import AdminError
from pulumi_openai_admin.http.clock import Clock
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.remedies import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import FrameType

    from pulumi_openai_admin.lifecycle.state import Outputs

logger = logging.getLogger(__name__)
HOST = "pulumi.dynamic.__main__"
"""What the engine runs as `__main__` for dynamic providers."""


@dataclass(frozen=True)
class Internal:
    """One internal."""

    name: str
    effect: str
    """What is missing without it, as the end of "Without them, …"."""
    is_as_expected: Callable[[Any], bool]
    """Says so, from the host's module."""


def is_host(main: Any) -> bool:
    """Return whether a module `__main__` is Pulumi's host of dynamic providers, of whatever version."""
    spec = getattr(main, "__spec__", None)
    return spec is not None and spec.name == HOST


def changed(main: Any) -> list[Internal]:
    """The internals that are not as expected in a host."""
    return [internal for internal in INTERNALS if not _holds(internal.is_as_expected, main)]


def _holds(expectation: Callable[[Any], bool], main: Any) -> bool:
    """Return whether an expectation holds. Another SDK may differ in anything, and no error of it may end the host."""
    try:
        return expectation(main)
    except Exception:  # noqa: BLE001 - see above
        return False


@cache
def warn() -> None:
    """Warn once in this process, if it is a host with other internals."""
    main = sys.modules["__main__"]
    different = changed(main) if is_host(main) else []
    if not different:
        return
    from importlib.metadata import version  # noqa: PLC0415 - needed for the warning only

    names = ", ".join(internal.name for internal in different)
    effects = " and ".join(dict.fromkeys(internal.effect for internal in different))
    logger.warning(
        "Version %s of Pulumi's SDK for Python differs from those that pulumi-openai-admin %s knows: %s. "
        "Without them, %s. Install a newer pulumi-openai-admin, or an older pulumi.",
        version("pulumi"),
        version("pulumi-openai-admin"),
        names,
        effects,
    )


def _has_fields(message: str, names: Iterable[str]) -> bool:
    from pulumi.runtime.proto import provider_pb2  # noqa: PLC0415 - a host has it

    return set(names) <= set(getattr(provider_pb2, message).DESCRIPTOR.fields_by_name)


def _has_workers(_main: Any) -> bool:
    worker = thread._worker  # noqa: SLF001 - the frame in which the executor is found
    names = ThreadPoolExecutor.__init__.__code__.co_names
    return "_max_workers" in names and "executor_reference" in worker.__code__.co_varnames


_TEXTS = "errors are shown with a traceback"
_STEPS = "warnings are not shown at their resource, and a failed step does not record its completed changes"
_PARALLEL = "four steps run at a time"
INTERNALS = (
    Internal(
        "the parameters request and context of its _abort_with_traceback",
        _STEPS,
        lambda main: {"request", "context"} <= set(signature(main._abort_with_traceback(lambda: None)).parameters),  # noqa: SLF001
    ),
    Internal("its module traceback", _TEXTS, lambda main: callable(main.traceback.format_exc)),
    Internal("CreateRequest", _STEPS, lambda _: _has_fields("CreateRequest", ("urn", "properties", "timeout"))),
    Internal("UpdateRequest", _STEPS, lambda _: _has_fields("UpdateRequest", ("urn", "news", "timeout"))),
    Internal(
        "ErrorResourceInitFailed",
        _STEPS,
        lambda _: _has_fields("ErrorResourceInitFailed", ("id", "properties", "reasons")),
    ),
    Internal("Python's ThreadPoolExecutor", _PARALLEL, _has_workers),
)


@dataclass(frozen=True)
class DynamicHost:
    """Implements `lifecycle.run.Host` for one provider."""

    setting: Callable[[str], object]
    """A setting of the stack configuration."""
    run: Run
    clock: Clock
    """Pulumi's host does not pass a cancellation on."""
    urn: str
    timeout: float

    def guard(self) -> None:
        """End this process if the engine has ended."""
        end_if_orphaned()

    def serve_in_parallel(self, operations: int) -> None:
        """Add threads to the host's pool."""
        set_parallel_steps(operations)

    def describe(self, error: Exception) -> str:
        """The text of an error, with the commands of the Pulumi CLI."""
        return describe(error, PULUMI)

    def keep_partial(self, id_: str, outputs: Outputs, error: Exception) -> bool:
        """Send the state to the engine with the error."""
        return keep_partial(id_, marked(outputs), self.describe(error))


def marked(outputs: Outputs) -> dict[str, Any]:
    """The state with its secrets marked, because a program's transformation may drop `additional_secret_outputs`.

    The engine marks secret inputs itself.
    """
    return {name: wrap(value) if name in outputs.secret_outputs else value for name, value in outputs.values.items()}


@dataclass(frozen=True)
class HostCall:
    """The engine's current call."""

    request: Any
    context: Any


@dataclass(frozen=True)
class Process:
    """What all calls to this process have in common: the engine starts it for one operation."""

    run: Run = field(default_factory=Run)
    clock: Clock = field(default_factory=Clock)
    previewed: dict[str, bool] = field(default_factory=dict)
    """By URN, whether the engine previews the resource: each check comes before the comparison."""

    def note_preview(self, *, is_preview: bool) -> None:
        """Record whether the engine previews the current resource, which only the program knows."""
        self.previewed[urn()] = is_preview

    @property
    def is_preview(self) -> bool:
        """Return whether the engine previews the current resource; False if that is not known."""
        return self.previewed.get(urn(), False)


_current: ContextVar[HostCall | None] = ContextVar("current", default=None)


def install() -> Process:
    """Install the extensions, if this process is a host.

    The host configures one provider for each type of resource, all of them for the same operation. The first makes the
    `Process`, which the host's module then holds, beside the providers.

    Returns:
        What the calls to all providers of this process have in common.
    """
    main = sys.modules["__main__"]
    if hasattr(main, "_abort_with_traceback") and getattr(main, "traceback", None) is traceback:
        main.traceback = _Messages()  # type: ignore[attr-defined]
    show_messages(urn)
    warn()
    process: Process = vars(main).setdefault("_pulumi_openai_admin_process", Process())
    return process


class _Messages:
    """Replaces the host's `traceback`: this package's errors become their message, others keep their traceback."""

    def __getattr__(self, name: str) -> Any:
        return getattr(traceback, name)

    def format_exc(self, *args: Any, **kwargs: Any) -> str:
        error = sys.exc_info()[1]
        return error.in_words(PULUMI) if isinstance(error, AdminError) else traceback.format_exc(*args, **kwargs)


@contextmanager
def serving(setting: Callable[[str], object], process: Process) -> Iterator[DynamicHost]:
    """Store the engine's call while a step runs, for this thread and threads that copy its context."""
    call = _find_call()
    token = _current.set(call)
    timeout = float(getattr(call.request, "timeout", 0)) if call else 0  # `custom_timeouts`, in seconds
    try:
        yield DynamicHost(setting, process.run, process.clock, urn(), timeout)
    finally:
        _current.reset(token)


def urn() -> str:
    """The URN of the current resource; empty if it is not known."""
    call = _current.get()
    return str(getattr(call.request, "urn", "")) if call else ""


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
    """Let the engine record what a step did before it failed: see `send_partial_failure`."""
    call = _current.get()
    main = sys.modules["__main__"]
    if call is None or not isinstance(getattr(main, "traceback", None), _Messages):
        return False
    sent = call.request.news if hasattr(call.request, "news") else call.request.properties
    state = {name: value for name, value in outputs.items() if value is not None}
    return send_partial_failure(call.context, id_, lambda: {**state, "__provider": sent["__provider"]}, reason)
