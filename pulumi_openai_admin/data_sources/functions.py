"""The functions `get_…` and `list_…` of a kind, and their variants `…_output` for Outputs."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cached_property, partial
from types import MethodType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import pulumi
from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.data_sources import documentation, mocked
from pulumi_openai_admin.data_sources.kind import plural
from pulumi_openai_admin.data_sources.look_up import check_id, check_project_key, connection, exactly_one, lifted
from pulumi_openai_admin.data_sources.result import LookUpError
from pulumi_openai_admin.handlers.handler import Shows
from pulumi_openai_admin.program.arguments import ArgumentError, calling_line
from pulumi_openai_admin.program.provider import PUBLIC_MODULE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.data_sources.documentation import Documentation
    from pulumi_openai_admin.data_sources.kind import LookUpKind
    from pulumi_openai_admin.data_sources.look_up import Connected
    from pulumi_openai_admin.schema.constraints import Enumeration

_KEYWORD, NO_DEFAULT = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.empty
_OPTS = inspect.Parameter("opts", _KEYWORD, default=None, annotation="pulumi.InvokeOptions | None")


class LookUp(Protocol):
    """A provider function, from which a function and its variant for Outputs derive."""

    @property
    def name(self) -> str:
        """The function's name."""

    @property
    def many(self) -> bool:
        """Return whether it returns a list."""

    @property
    def result(self) -> type[Any]:
        """The class of the result, or of the items of the list."""

    @property
    def parameters(self) -> Mapping[str, tuple[str, object]]:
        """By name: type and default."""

    @property
    def choices(self) -> Mapping[str, Enumeration]:
        """By the name of an argument, the strings that OpenAI takes, if it takes only some."""

    @property
    def documentation(self) -> Documentation:
        """Its documentation."""

    def run(self, connected: Connected, given: dict[str, Any]) -> Any:
        """Read it from OpenAI; `given` has all arguments by name."""


def look_ups(kind: LookUpKind) -> list[LookUp]:
    """The provider functions of a kind."""
    return [_Get(kind), _List(kind)] if kind.is_listed else [_Get(kind)]


def of_kind(kind: LookUpKind) -> dict[str, Any]:
    """All public names of a kind: its result and its functions."""
    public: dict[str, Any] = {kind.result.__name__: kind.result}
    for look_up in look_ups(kind):
        public |= of_look_up(look_up)
    return public


def of_look_up(look_up: LookUp) -> dict[str, Any]:
    """The function of a provider function and its variant for Outputs, by name."""
    plain = Function(look_up)
    variant = OutputVariant(plain)
    return {plain.__name__: plain, variant.__name__: variant}


@dataclass(frozen=True)
class _Get:
    """`get_…`: finds one object."""

    kind: LookUpKind
    many = False
    choices: ClassVar[Mapping[str, Enumeration]] = {}

    @property
    def name(self) -> str:
        return f"get_{self.kind.snake}"

    @property
    def result(self) -> type[Any]:
        return self.kind.result

    @property
    def parameters(self) -> dict[str, tuple[str, object]]:
        """By name: type and default."""
        keys = self.kind.keys
        key = ("str", NO_DEFAULT) if len(keys) == 1 else ("str | None", None)
        options = {name: (option.type, option.default) for name, option in self.kind.options.items() if option.of_get}
        return {**_required(self.kind), **dict.fromkeys(keys, key), **options}

    @property
    def documentation(self) -> Documentation:
        return documentation.of_get(self.kind)

    def run(self, connected: Connected, given: dict[str, Any]) -> Any:
        kind = self.kind
        _check_ids(kind, given)
        connected = _with_key(kind, connected, given)
        if not kind.keys:
            with connected() as client:
                return kind.only(client, **given)
        key, value = exactly_one(**{name: given.pop(name) for name in kind.keys})
        if key != kind.identity or kind.shows is Shows.LIST:
            with connected() as client:
                return kind.find(client, key, value, **given)
        check_id(**{key: value})
        with connected() as client:
            return kind.show(client, value, **given)


@dataclass(frozen=True)
class _List:
    """`list_…`: finds all objects."""

    kind: LookUpKind
    many = True
    choices: ClassVar[Mapping[str, Enumeration]] = {}

    @property
    def name(self) -> str:
        return f"list_{plural(self.kind.snake)}"

    @property
    def result(self) -> type[Any]:
        return self.kind.result

    @property
    def parameters(self) -> dict[str, tuple[str, object]]:
        """By name: type and default."""
        options = {name: (option.type, option.default) for name, option in self.kind.options.items()}
        return {**_required(self.kind), **options}

    @property
    def documentation(self) -> Documentation:
        return documentation.of_list(self.kind)

    def run(self, connected: Connected, given: dict[str, Any]) -> Any:
        _check_ids(self.kind, given)
        with _with_key(self.kind, connected, given)() as client:
            return self.kind.all(client, **given)


def _required(kind: LookUpKind) -> dict[str, tuple[str, object]]:
    """The arguments that say where objects are, and with which key they are read."""
    return dict.fromkeys([*([kind.project_key] if kind.project_key else []), *kind.parents], ("str", NO_DEFAULT))


def _with_key(kind: LookUpKind, connected: Connected, given: dict[str, Any]) -> Connected:
    """Gives the client of a provider function. The API key of a project, if it needs one, is removed of the arguments.

    Raises:
        LookUpError: The value can't be a key.
    """
    return partial(connected, check_project_key(given.pop(kind.project_key))) if kind.project_key else connected


def _check_ids(kind: LookUpKind, given: Mapping[str, Any]) -> None:
    check_id(**{name: given[name] for name in kind.parents})


class Function:  # noqa: D101 - its docstring is that of a function
    # A function for plain values. Its errors end a program without a traceback. Signature and docstring are made when
    # something reads them: most programs call few functions, and `import *` loads all of them.

    def __init__(self, look_up: LookUp) -> None:
        self.look_up = look_up
        self.__name__ = self.__qualname__ = look_up.name
        self.__module__ = PUBLIC_MODULE

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102 - as a function
        look_up, arguments = self.look_up, _bound(self, args, kwargs)
        for name, value in arguments.items():
            if isinstance(value, pulumi.Output):
                advice = f"Use {look_up.name}_output, which takes Outputs."
                raise LookUpError(f"{name} is an Output, and {look_up.name} takes plain values", advice)
        opts = arguments.pop("opts")
        try:
            return look_up.run(partial(connection, opts), dict(arguments))
        except LookUpError:
            raise
        except mocked.MockedProgramError as program:
            test = program
        except errors.AdminError as error:
            raise LookUpError(error.happened, error.guidance) from error
        given = {name: value for name, value in arguments.items() if value is not None}
        return mocked.answer(look_up.name, given, test, look_up.result, many=look_up.many)

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)  # as a function: `help` shows it as one

    def __reduce__(self) -> str:
        return self.__name__  # pickled as a reference

    @property
    def __doc__(self) -> str:  # type: ignore[override] # see above
        return self.look_up.documentation.text

    @cached_property
    def __signature__(self) -> inspect.Signature:
        return self._signature("{}", "{}")

    @property
    def __annotations__(self) -> dict[str, Any]:  # type: ignore[override]
        result = self.look_up.result
        return {"return": list[result] if self.look_up.many else result}  # type: ignore[valid-type] # from a declaration

    def _signature(self, argument: str, result: str) -> inspect.Signature:
        name = self.look_up.result.__name__
        parameters = [
            inspect.Parameter(name, _KEYWORD, default=default, annotation=argument.format(type_))
            for name, (type_, default) in self.look_up.parameters.items()
        ]
        returns: Any = result.format(f"list[{name}]" if self.look_up.many else name)
        return inspect.Signature([*parameters, _OPTS], return_annotation=returns)


class OutputVariant(Function):  # noqa: D101 - see `Function`
    # The variant for Outputs.

    def __init__(self, plain: Function) -> None:
        super().__init__(plain.look_up)
        self._plain = plain
        self.__name__ = self.__qualname__ = f"{plain.__name__}_output"

    @override
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        arguments = _bound(self, args, kwargs)
        opts = arguments.pop("opts")
        return lifted(self._plain, opts, **arguments)

    @property
    @override
    def __doc__(self) -> str:  # type: ignore[override] # see `Function`
        return f"`{self._plain.__name__}` for Outputs. Unknown in a preview if an argument is unknown."

    @cached_property
    @override
    def __signature__(self) -> inspect.Signature:
        return self._signature("pulumi.Input[{}]", "pulumi.Output[{}]")

    @property
    @override
    def __annotations__(self) -> dict[str, Any]:  # type: ignore[override]
        returned: Any = self._plain.__annotations__["return"]
        return {"return": pulumi.Output[returned]}


def _bound(function: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """All arguments by name.

    Raises:
        ArgumentError: The function can't be called with them.
    """
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except TypeError as wrong:
        raise ArgumentError(f"{function.__name__}() {wrong}{calling_line()}") from None
    bound.apply_defaults()
    return bound.arguments
