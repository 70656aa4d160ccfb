"""Which internals of Pulumi's SDK for Python the extensions of its host rely on, and which of them are different here.

They are looked up before the first step, so that a newer SDK is noticed by name, and before anything is written.
"""

from __future__ import annotations

import logging
import sys
from concurrent.futures import ThreadPoolExecutor, thread
from dataclasses import dataclass
from functools import cache
from inspect import signature
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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
    """Whether a module `__main__` is Pulumi's host of dynamic providers, of whatever version."""
    spec = getattr(main, "__spec__", None)
    return spec is not None and spec.name == HOST


def changed(main: Any) -> list[Internal]:
    """The internals that are not as expected in a host."""
    return [internal for internal in INTERNALS if not _holds(internal.is_as_expected, main)]


def _holds(expectation: Callable[[Any], bool], main: Any) -> bool:
    """Whether an expectation holds. Anything may be different in another SDK, and no error of it may end the host."""
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
