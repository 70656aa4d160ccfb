"""What all look-ups share: the client, arguments told right from wrong, lists, results and errors."""

from __future__ import annotations

import asyncio
import os
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache, partial, wraps
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_type_hints

import pulumi
from pulumi.runtime.config import get_config
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor
from typing_extensions import ParamSpec

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.data_sources import mocked
from pulumi_openai_admin.data_sources.failure import LookUpError
from pulumi_openai_admin.dynamic import host
from pulumi_openai_admin.dynamic.explicit_provider import PACKAGE, Provider
from pulumi_openai_admin.handlers.restoration import bounded
from pulumi_openai_admin.handlers.row import nearest
from pulumi_openai_admin.http.client import connect
from pulumi_openai_admin.http.parents import describe
from pulumi_openai_admin.http.paths import id_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from _typeshed import DataclassInstance

    from pulumi_openai_admin.http.client import Client, Listing

T = TypeVar("T")
P = ParamSpec("P")
_Result = TypeVar("_Result", bound="DataclassInstance")


def look_up(function: Callable[P, T]) -> Callable[P, T]:
    """A function whose arguments are plain values, and whose errors Pulumi shows well."""

    @wraps(function)
    def looked_up(*args: P.args, **kwargs: P.kwargs) -> T:
        for name, value in kwargs.items():
            if isinstance(value, pulumi.Output):
                advice = f"Use {function.__name__}_output, which takes Outputs."
                raise LookUpError(f"{name} is an Output, and {function.__name__} takes plain values", advice)
        try:
            return function(*args, **kwargs)
        except LookUpError:
            raise
        except mocked.MockedProgramError as program:
            test = program
        except errors.AdminError as error:
            raise LookUpError(error.event, error.advice) from error
        return mocked.answer(function, kwargs, test)

    return looked_up


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


def wire(name: str) -> dict[str, str]:
    """Where a field of a result stands in OpenAI's reply, if not under its own name; dotted: `owner.type`."""
    return {"wire": name}


def from_wire(kind: type[_Result], document: Mapping[str, Any], parents: Mapping[str, str]) -> _Result:
    """A result, from an object as OpenAI shows it and the ids in its path.

    Raises:
        errors.InvalidReplyError: The object lacks what the API promises.
    """
    values = {}
    for field in fields(kind):
        at = field.metadata.get("wire", field.name)
        values[field.name] = parents.get(field.name, _at(document, at))
        if values[field.name] is None and field.name not in _optional(kind):
            what = f"OpenAI shows the {document.get('object', 'object')} {document.get('id')} without its {at}"
            raise errors.InvalidReplyError(what, "Run the command again; if it stays so, look for a newer version.")
    return kind(**values)


def _at(document: Mapping[str, Any], dotted: str) -> Any:
    value: Any = document
    for part in dotted.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


@cache
def _optional(kind: type) -> frozenset[str]:
    return frozenset(name for name, hint in get_type_hints(kind).items() if type(None) in get_args(hint))


@dataclass(frozen=True)
class Kind(Generic[_Result]):
    """One kind of object, as it is listed.

    Args:
        result: What one becomes.
        noun: What one is called, singular: "service account".
        place: Where the dashboard shows it.
        listing: The list; must ask as the resources do, to share it.
    """

    result: type[_Result]
    noun: str
    place: str
    listing: Callable[[Client, Mapping[str, str]], Listing]

    def rows(self, client: Client, **parents: str) -> list[dict[str, Any]]:
        """All there are, as OpenAI shows them."""
        with client.inside(parents):
            return list(self.listing(client, parents).rows().values())

    def all(self, client: Client, **parents: str) -> list[_Result]:
        """All there are."""
        return [self.become(row, **parents) for row in self.rows(client, **parents)]

    def find(self, client: Client, key: str, value: str, **parents: str) -> _Result:
        """The only one whose `key` is `value`.

        Raises:
            errors.NoMatchError: There is none; the message names the nearest.
            LookUpError: There are several; the message names all.
        """
        there = self.all(client, **parents)
        if not any(getattr(one, key) == value for one in there):
            self.listing(client, parents).forget()  # this very run may have made it since
            there = self.all(client, **parents)
        found = [one for one in there if getattr(one, key) == value]
        if len(found) == 1:
            return found[0]
        where = describe(parents)
        word = key.replace("_", " ")
        if found:
            identity = self.identity
            ids = bounded(", ", (getattr(one, identity) for one in found))
            what = f"{len(found)} {self.noun}s of {where} have the {word} {value!r}: {ids}"
            raise LookUpError(what, f"Look for one of them by its {identity}.")
        names = {str(getattr(one, key)) for one in there if getattr(one, key) is not None}
        advice = nearest(value, sorted(names), self.place)
        raise errors.NoMatchError(f"{where[0].upper()}{where[1:]} has no {self.noun} of the {word} {value!r}", advice)

    def become(self, document: Mapping[str, Any], **parents: str) -> _Result:
        """The result for one object."""
        return from_wire(self.result, document, parents)

    @property
    def identity(self) -> str:
        """The name of the result's own id."""
        return next(field.name for field in fields(self.result) if field.metadata.get("wire") == "id")
