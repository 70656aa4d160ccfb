"""What all look-ups share: the client, and arguments told right from wrong."""

from __future__ import annotations

import asyncio
import os
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import pulumi
from pulumi.runtime.config import get_config
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

from pulumi_openai_admin import config
from pulumi_openai_admin.data_sources import mocked
from pulumi_openai_admin.data_sources.failure import LookUpError
from pulumi_openai_admin.dynamic import host
from pulumi_openai_admin.dynamic.explicit_provider import PACKAGE, Provider
from pulumi_openai_admin.http.client import connect
from pulumi_openai_admin.http.paths import id_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pulumi_openai_admin.http.client import Client

T = TypeVar("T")


def lifted(
    function: Callable[..., T], opts: pulumi.InvokeOptions | None, **inputs: pulumi.Input[Any]
) -> pulumi.Output[T]:
    """The function's result once all inputs are known; unknown in a preview where one of them is.

    Requests are made beside the event loop, so the rest of the program goes on meanwhile.
    """

    async def looked_up(values: dict[str, Any]) -> T:
        return await asyncio.to_thread(partial(function, **values, opts=opts))

    known = pulumi.Output.all(**inputs)
    provider = _provider(opts)
    if provider is None:
        return known.apply(looked_up)
    return provider.learned().apply(lambda _: known.apply(looked_up))


@contextmanager
def connection(opts: pulumi.InvokeOptions | None) -> Iterator[Client]:
    """The client of this run of the program, for one look-up's time.

    Raises:
        LookUpError: The options can't be followed.
        mocked.MockedProgramError: The program runs in a unit test, and asks nobody.
    """
    provider, run = _provider(opts), get_monitor()
    if isinstance(run, MockMonitor):
        raise mocked.MockedProgramError(run.mocks, provider.pulumi_resource_name if provider else "")
    host.install()
    settings = config.resolve(os.environ, get_config if provider is None else _configuration(provider).get)
    # A process that runs programs with the Automation API connects each of them, and each of their runs, anew: since
    # the run before, something may have been made. Each run has a monitor of its own.
    client = connect(settings, host.end_if_orphaned) if run is None else connect(settings, host.end_if_orphaned, run)
    with client.operation():
        yield client


def _provider(opts: pulumi.InvokeOptions | None) -> Provider | None:
    """What the program says of how to reach OpenAI; None where it leaves it to the environment and the stack."""
    if opts is None:
        return None
    if getattr(opts, "depends_on", None):
        advice = "Give it an Output of what it has to wait for as an argument."
        raise LookUpError("A look-up can't be given depends_on", advice)
    provider = opts.provider or (opts.parent.get_provider(f"{PACKAGE}::") if opts.parent else None)
    if provider is None or isinstance(provider, Provider):
        return provider
    raise LookUpError(f"The provider {provider.pulumi_resource_name!r} can't be used by a look-up", _NOT_OURS)


_NOT_OURS = "Declare it with `pulumi_openai_admin.Provider`."


def _configuration(provider: Provider) -> Mapping[str, str]:
    configuration = provider.configuration
    if configuration is None:
        what = f"What Provider {provider.pulumi_resource_name!r} says is known after the update only"
        raise LookUpError(what, "Use the function whose name ends in `_output`.")
    return configuration


def check_id(**arguments: object) -> None:
    """Refuse what can't be an id in a path.

    Raises:
        LookUpError: A value is no id.
    """
    for name, value in arguments.items():
        fault = id_fault(value) if isinstance(value, str) else f"must be an id, not {value!r}"
        if fault:
            raise LookUpError(f"{name} {fault}")


def exactly_one(**arguments: object) -> tuple[str, str]:
    """The one argument that is set, and its value.

    Raises:
        LookUpError: None is set, or several are, or it is no text.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    if len(given) != 1:
        which = f"{' and '.join(given)} are set" if given else "none of them is set"
        raise LookUpError(f"Set exactly one of {' and '.join(arguments)}: {which}")
    ((name, value),) = given.items()
    if not isinstance(value, str):
        raise LookUpError(f"{name} must be a text, not {value!r}")
    if not value.strip():
        raise LookUpError(f"{name} is empty")
    return name, value
