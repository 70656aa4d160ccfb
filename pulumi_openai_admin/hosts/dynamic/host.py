"""Extensions of Pulumi's host of dynamic providers: messages, partial results, warnings, parallel steps.

The host (`python -m pulumi.dynamic`) turns every exception into a traceback, discards the results of a failed step,
shows output of a provider for the stack instead of the resource, and runs four steps at a time. This module changes
that. With a host whose internals are different, only these extensions are missing (`INTERNALS`), and a warning says
which.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor, thread
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from inspect import signature
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pulumi_openai_admin.engine.outputs import send_partial_failure, wrap
from pulumi_openai_admin.engine.process import current, end_if_orphaned, show_messages
from pulumi_openai_admin.engine.wording import PULUMI
from pulumi_openai_admin.errors import AdminError
from pulumi_openai_admin.lifecycle.run import Host, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import FrameType

    from pulumi_openai_admin.lifecycle.state import Outputs
    from pulumi_openai_admin.remedies import Words

logger = logging.getLogger(__name__)
HOST = "pulumi.dynamic.__main__"
"""What the engine runs as `__main__` for dynamic providers."""


class Internal(NamedTuple):
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
    return {"_max_workers", "_threads"} <= {*names} and "executor_reference" in worker.__code__.co_varnames


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


@dataclass(eq=False, repr=False)
class DynamicHost(Host):
    """One call of the engine to Pulumi's host of dynamic providers, which does not pass a cancellation on."""

    call: Mapping[str, Any] | None = None
    """The request and the context; None if they were not found."""
    words: ClassVar[Words] = PULUMI

    def guard(self) -> None:
        """End this process if the engine has ended."""
        end_if_orphaned()

    def serve_in_parallel(self, operations: int) -> None:
        """Add threads to the host's pool."""
        set_parallel_steps(operations)

    def keep_partial(self, id_: str, outputs: Outputs, error: Exception) -> bool:
        """Send the state to the engine with the error; see `send_partial_failure`."""
        main = sys.modules["__main__"]
        if self.call is None or not isinstance(getattr(main, "traceback", None), _Messages):
            return False
        request = self.call["request"]
        sent = request.news if hasattr(request, "news") else request.properties
        state = {name: value for name, value in marked(outputs).items() if value is not None}
        return send_partial_failure(
            self.call["context"], id_, lambda: {**state, "__provider": sent["__provider"]}, self.describe(error)
        )


def marked(outputs: Outputs) -> dict[str, Any]:
    """The state with its secrets marked, because a program's transformation may drop `additional_secret_outputs`.

    The engine marks secret inputs itself.
    """
    return {name: wrap(value) if name in outputs.secret_outputs else value for name, value in outputs.values.items()}


def install() -> Run:
    """Install the extensions, if this process is a host.

    The host configures one provider for each type of resource, all of them for the same operation. The first makes the
    `Run`, which the host's module then holds, beside the providers.

    Returns:
        What the calls to all providers of this process have in common: the engine starts it for one operation.
    """
    main = sys.modules["__main__"]
    if hasattr(main, "_abort_with_traceback") and getattr(main, "traceback", None) is traceback:
        main.traceback = _Messages()  # type: ignore[attr-defined]
    show_messages()
    warn()
    run: Run = vars(main).setdefault("_pulumi_openai_admin_run", Run())
    return run


class _Messages:
    """Replaces the host's `traceback`: this package's errors become their message, others keep their traceback."""

    def __getattr__(self, name: str) -> Any:
        return getattr(traceback, name)

    def format_exc(self, *args: Any, **kwargs: Any) -> str:
        error = sys.exc_info()[1]
        return error.in_words(PULUMI) if isinstance(error, AdminError) else traceback.format_exc(*args, **kwargs)


@contextmanager
def serving(setting: Callable[[str], object], run: Run) -> Iterator[DynamicHost]:
    """Find the engine's call while a step runs, for this thread and threads that copy its context.

    It is in the frame of the host's wrapper, which passes neither request nor context on.
    """
    names = {"request", "context"}
    wrappers = (frame.f_locals for frame in _frames() if "_abort_with_traceback" in frame.f_globals)
    call = next(({name: found[name] for name in names} for found in wrappers if names <= found.keys()), None)
    request = call["request"] if call else None
    timeout = float(getattr(request, "timeout", 0))  # `custom_timeouts`, in seconds
    served = DynamicHost(run, str(getattr(request, "urn", "")), timeout, setting, call)
    token = current.set(served)
    try:
        yield served
    finally:
        current.reset(token)


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
    if not hasattr(sys.modules["__main__"], "_abort_with_traceback"):
        return
    of_pool = (frame for frame in _frames() if frame.f_globals.get("__name__") == ThreadPoolExecutor.__module__)
    references = (frame.f_locals["executor_reference"] for frame in of_pool if "executor_reference" in frame.f_locals)
    executor = next((reference() for reference in references), None)
    workers = getattr(executor, "_max_workers", None)
    if not isinstance(executor, ThreadPoolExecutor) or not isinstance(workers, int) or workers >= steps:
        return
    executor._max_workers = steps  # noqa: SLF001 - the host calls the constructor
    # Threads are started only when work is submitted, and not for each: a thread that had work waiting counts as idle.
    have_started = threading.Event()
    while len(executor._threads) < steps:  # noqa: SLF001 - the same
        executor.submit(have_started.wait)
    have_started.set()
