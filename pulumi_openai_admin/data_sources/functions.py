"""The functions `get_…` and `list_…` of a kind, and their variants `…_output` for Outputs."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import pulumi

from pulumi_openai_admin import errors
from pulumi_openai_admin.data_sources import documentation, mocked
from pulumi_openai_admin.data_sources.kind import plural
from pulumi_openai_admin.data_sources.look_up import check_id, check_project_key, connection, exactly_one, lifted
from pulumi_openai_admin.data_sources.result import LookUpError
from pulumi_openai_admin.handlers.handler import Shows
from pulumi_openai_admin.program.arguments import ArgumentError, calling_line
from pulumi_openai_admin.program.provider import PUBLIC_MODULE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
        """Whether it returns a list."""

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
    plain = _function(look_up)
    return {plain.__name__: plain, f"{plain.__name__}_output": _output_variant(look_up, plain)}


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


def _function(look_up: LookUp) -> Callable[..., Any]:
    """The function for plain values. Its errors end a program without a traceback."""

    def function(*args: Any, **kwargs: Any) -> Any:
        arguments = _bound(function, args, kwargs)
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

    parameters = [
        inspect.Parameter(name, _KEYWORD, default=default, annotation=type_)
        for name, (type_, default) in look_up.parameters.items()
    ]
    return _with_signature(function, look_up, look_up.name, parameters, look_up.documentation.text)


def _output_variant(look_up: LookUp, plain: Callable[..., Any]) -> Callable[..., Any]:
    """The variant for Outputs."""

    def variant(*args: Any, **kwargs: Any) -> Any:
        arguments = _bound(variant, args, kwargs)
        opts = arguments.pop("opts")
        return lifted(plain, opts, **arguments)

    parameters = [
        inspect.Parameter(name, _KEYWORD, default=default, annotation=f"pulumi.Input[{type_}]")
        for name, (type_, default) in look_up.parameters.items()
    ]
    doc = f"`{look_up.name}` for Outputs. Unknown in a preview if an argument is unknown."
    return _with_signature(variant, look_up, f"{look_up.name}_output", parameters, doc)


def _with_signature(
    function: Callable[..., Any], look_up: LookUp, name: str, parameters: list[inspect.Parameter], doc: str
) -> Callable[..., Any]:
    """Set the name, signature and docstring, for `help()` and the documentation."""
    result = look_up.result
    returns = f"list[{result.__name__}]" if look_up.many else result.__name__
    hint: Any = list[result] if look_up.many else result  # type: ignore[valid-type] # from a declaration
    if name.endswith("_output"):
        returns, hint = f"pulumi.Output[{returns}]", pulumi.Output[hint]
    signature: Any = inspect.Signature([*parameters, _OPTS], return_annotation=returns)
    function.__signature__ = signature  # type: ignore[attr-defined] # read by `inspect`
    function.__name__ = function.__qualname__ = name
    function.__module__ = PUBLIC_MODULE
    function.__doc__ = doc
    function.__annotations__ = {"return": hint}
    return function


def _bound(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
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
