"""The client of provider functions, checks of their arguments, and results in unit tests: with
`pulumi.runtime.set_mocks`, the mocks give them.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import partial
from inspect import Parameter as PythonParameter
from typing import TYPE_CHECKING, Any, TypeVar, get_origin

import pulumi
from pulumi.runtime.config import get_config
from pulumi.runtime.mocks import MockCallArgs, MockMonitor
from pulumi.runtime.settings import get_monitor

from pulumi_openai_admin import config
from pulumi_openai_admin.data_sources.result import LookUpError, declared
from pulumi_openai_admin.engine import process
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.program.provider import PACKAGE, Provider
from pulumi_openai_admin.schema.constraints import PROJECT_API_KEY
from pulumi_openai_admin.schema.ids import has_key
from pulumi_openai_admin.schema.paths import id_failure
from pulumi_openai_admin.schema.shapes import Text
from pulumi_openai_admin.similar import similar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from pulumi.runtime import Mocks

    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.schema.constraints import Enumeration

    Connected = Callable[..., AbstractContextManager[Client]]
    """Gives a client for one provider function. It takes the API key of a project, if the provider function sends its
    requests with one."""

T = TypeVar("T")


def lifted(
    function: Callable[..., T], opts: pulumi.InvokeOptions | None, **inputs: pulumi.Input[Any]
) -> pulumi.Output[T]:
    """The function's result as soon as all inputs are known; unknown in a preview if one of them is.

    Requests are sent from another thread, so the event loop can run the rest of the program.
    """

    async def looked_up(values: dict[str, Any]) -> T:
        return await asyncio.to_thread(partial(function, **values, opts=opts))

    known = pulumi.Output.all(**inputs)
    provider = _provider(opts)
    if provider is None:
        return known.apply(looked_up)
    return provider.learned().apply(lambda _: known.apply(looked_up))


@contextmanager
def connection(opts: pulumi.InvokeOptions | None, project_key: str = "") -> Iterator[Client]:
    """The client of this run of the program, for one provider function; `MockedProgramError` in a unit test with mocks.

    Requests are sent with the API key of a project, or, if that is empty, with the admin key.
    """
    provider, monitor = _provider(opts), get_monitor()
    if isinstance(monitor, MockMonitor):
        raise MockedProgramError(monitor.mocks, provider.pulumi_resource_name if provider else "")
    process.show_messages_of_program()
    configured = get_config if provider is None else _configuration(provider).get
    environ = os.environ if provider is None else provider.environ
    settings = config.resolve(environ, configured, project_key)
    # A run lasts as long as the monitor of the program, which holds it: a process that uses the Automation API has
    # several. Without an engine each call is a separate run: a script or a daemon sees changes since its last call.
    run = Run() if monitor is None else vars(monitor).setdefault("_pulumi_openai_admin_run", Run())
    client = run.client(settings, process.end_if_orphaned)
    with client.operation():
        yield client


def _provider(opts: pulumi.InvokeOptions | None) -> Provider | None:
    """The provider in the options; None if the settings of the environment and the stack apply."""
    if opts is None:
        return None
    if getattr(opts, "depends_on", None):
        advice = "Pass an Output of the resource as an argument instead."
        raise LookUpError("A provider function does not support depends_on", advice)
    provider = opts.provider or (opts.parent.get_provider(f"{PACKAGE}::") if opts.parent else None)
    if provider is None or isinstance(provider, Provider):
        return provider
    what = f"The provider {provider.pulumi_resource_name!r} can't be used by a provider function"
    raise LookUpError(what, "Declare a `pulumi_openai_admin.Provider`.")


def _configuration(provider: Provider) -> Mapping[str, str]:
    configuration = provider.configuration
    if configuration is None:
        what = f"The settings of Provider {provider.pulumi_resource_name!r} are known only after the update"
        raise LookUpError(what, "Use the function whose name ends in `_output`.")
    return configuration


_TYPES_IN_WORDS = {int: "a whole number", str: "a string", bool: "True or False", list: "a list of strings"}


@dataclass(frozen=True)
class Parameter:
    """One argument.

    Args:
        name: Its name in the function.
        type: `int`, `str`, `bool` or `list[str]`.
        prose: What it is, in words.
        default: Its value if a program omits it; `None`: it is then not sent.
        is_required: Whether a program has to give it.
        wire: Its name in the query, where it is another one.
        minimum: The least value of a number.
        choices: The strings that OpenAI takes, as a value or in a list.
    """

    name: str
    type: Any
    prose: str
    default: object = None
    is_required: bool = False
    wire: str = ""
    minimum: int = 0
    choices: Enumeration | None = None

    @property
    def signature(self) -> tuple[str, object]:
        """Its type as text, and its default."""
        text = str(self.type) if get_origin(self.type) else self.type.__name__
        if self.choices:
            text = text.replace(str.__name__, f"Literal[{', '.join(map(repr, self.choices.texts))}]")
        if self.is_required:
            return text, PythonParameter.empty
        return (f"{text} | None" if self.default is None else text), self.default

    def in_query(self, value: Any) -> tuple[str, str | int | list[str]]:
        """The name and the value in a query. OpenAI's SDK sends lists with brackets.

        A value of another type, a smaller one, or a string that OpenAI does not take is refused.
        """
        kind = get_origin(self.type) or self.type
        is_kind = isinstance(value, list | tuple if kind is list else kind)
        if kind is list:
            is_kind = is_kind and all(isinstance(item, str) for item in value)
        if not is_kind or (isinstance(value, bool) and kind is not bool):
            raise LookUpError(f"{self.name} must be {_TYPES_IN_WORDS[kind]}, not {value!r}")
        if isinstance(value, int) and value < self.minimum:
            raise LookUpError(f"{self.name} must be at least {self.minimum}, not {value}")
        choices = self.choices.texts if self.choices else {}
        for text in (value if kind is list else [value]) if choices else ():
            if text not in choices:
                near = similar(text, choices, 1)
                advice = f"Did you mean {near[0]!r}?" if near else ""
                raise LookUpError(f"{self.name} must be {Text(choices=tuple(choices)).words}, not {text!r}", advice)
        name = self.wire or self.name
        if kind is list:
            return f"{name}[]", list(value)
        return name, ("true" if value else "false") if kind is bool else value


def query(parameters: Iterable[Parameter], given: Mapping[str, Any]) -> dict[str, str | int | list[str]]:
    """The query for the arguments that are set; see `Parameter.in_query`."""
    return dict(
        parameter.in_query(given.get(parameter.name))
        for parameter in parameters
        if given.get(parameter.name) is not None or parameter.is_required or parameter.default is not None
    )


def check_id(**arguments: object) -> None:
    """Refuse values that are no ids in a path."""
    for name, value in arguments.items():
        failure = id_failure(value) if isinstance(value, str) else f"must be an id, not {value!r}"
        if isinstance(value, str) and has_key(value):
            failure = "must be an id, not an API key"
        if failure:
            raise LookUpError(f"{name} {failure}")


def check_project_key(key: object) -> str:
    """The API key of a project, with which a provider function sends its requests. No message shows another value."""
    if not isinstance(key, str) or not PROJECT_API_KEY.is_met(key):
        raise LookUpError(f"{config.PROJECT_KEY} must be {PROJECT_API_KEY.words}")
    return key


PROJECT_KEY_PARAMETER = Parameter(
    config.PROJECT_KEY, str, "An API key of the project, with which the request is sent. Secret.", is_required=True
)


def exactly_one(**arguments: object) -> tuple[str, str]:
    """The name and value of the only argument that is set. None, several, or one that is not a text are refused."""
    given = {name: value for name, value in arguments.items() if value is not None}
    if len(given) != 1:
        which = f"{' and '.join(given)} are set" if given else "none of them is set"
        raise LookUpError(f"Set exactly one of {' and '.join(arguments)}: {which}")
    ((name, value),) = given.items()
    if not isinstance(value, str):
        raise LookUpError(f"{name} must be a string, not {value!r}")
    if not value.strip():
        raise LookUpError(f"{name} is empty")
    return name, value


ITEMS = "items"
"""The key of the list in the mapping that a mock returns for `list_…`."""


class MockedProgramError(Exception):
    """A provider function needs a connection in a program whose engine is mocked."""

    def __init__(self, mocks: Mocks, provider: str) -> None:
        super().__init__()
        self.mocks = mocks
        self.provider = provider


def answer(name: str, given: Mapping[str, Any], test: MockedProgramError, result: type[T], *, many: bool) -> Any:
    """The result of a provider function, from the mocks of a test, which get the arguments that are set."""
    token = token_of(name)
    reply: Any = test.mocks.call(MockCallArgs(token, dict(given), test.provider))
    if isinstance(reply, tuple):
        reply, failures = reply
        for failure in failures or ():
            raise LookUpError(f"{token}: {failure[1]}")
    if not isinstance(reply, dict) or not reply or (many and not isinstance(reply.get(ITEMS), list)):
        form = f"{{{ITEMS!r}: [{{…}}, …]}}, each" if many else "a mapping"
        raise LookUpError(
            f"The mocks have no result for {token}", f"Let `call` return {form} with the fields of {result.__name__}."
        )
    return [_result(result, item) for item in reply[ITEMS]] if many else _result(result, reply)


def token_of(name: str) -> str:
    """The token of a provider function for mocks: `get_project` is `openai-admin:index:getProject`."""
    first, *others = name.split("_")
    return f"{config.NAMESPACE}:index:{first}{''.join(map(str.capitalize, others))}"


def _result(kind: type[Any], values: Mapping[str, Any]) -> Any:
    """A result, with the results in it; fields that the mock omits are None."""
    names = [field.name for field in fields(kind)]
    for name in values:
        if name not in names:
            raise LookUpError(f"{kind.__name__} has no field {name!r}", f"Its fields are {', '.join(names)}.")
    found = {}
    for field in fields(kind):
        value, item = values.get(field.name), declared(field).item
        found[field.name] = [_result(item, each) for each in value] if item and value else value
    return kind(**found)
