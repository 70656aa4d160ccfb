"""The functions `get_…` and `list_…` of a kind, their variants `…_output` for Outputs, and their documentation."""

from __future__ import annotations

import inspect
import textwrap
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property, partial
from types import MethodType
from typing import TYPE_CHECKING, Any

import pulumi
from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.data_sources.kind import first_sentence, plural
from pulumi_openai_admin.data_sources.look_up import (
    MockedProgramError,
    answer,
    check_id,
    check_project_key,
    connection,
    exactly_one,
    lifted,
)
from pulumi_openai_admin.data_sources.result import LookUpError
from pulumi_openai_admin.handlers.handler import Shows
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.program.arguments import ArgumentError, calling_line
from pulumi_openai_admin.program.provider import PUBLIC_MODULE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_openai_admin.data_sources.kind import LookUpKind
    from pulumi_openai_admin.data_sources.look_up import Connected
    from pulumi_openai_admin.schema.constraints import Enumeration

_WIDTH = 116
_ONCE = "Results are cached for one run. Later calls reuse the first list and send no request."
ABOUT_OPTS = "Pulumi's options. `provider` or `parent` selects an organization if the program uses several."
ALWAYS = "there is no admin key, or the request failed."

PROJECT_KEY_TEXT = "An API key of the project, with which the request is sent. Secret."


@dataclass(frozen=True)
class Documentation:
    """The documentation of a provider function."""

    paragraphs: Sequence[str]
    """What it gives."""
    arguments: Mapping[str, str]
    """The description of each argument, by name."""
    raises: str
    """Why it may fail."""
    paths: Iterable[str]
    """What it reads from OpenAI."""

    @property
    def text(self) -> str:
        """The docstring, in Google's style."""
        entries = "\n".join(_entry(name, text) for name, text in {**self.arguments, "opts": ABOUT_OPTS}.items())
        source = "Source: " + " and ".join(f"GET {path}" for path in self.paths) + "."
        return "\n\n".join(
            [
                *(textwrap.fill(paragraph, _WIDTH, break_on_hyphens=False) for paragraph in self.paragraphs),
                f"Args:\n{entries}",
                f"Raises:\n{_entry('LookUpError', capitalized(self.raises))}",
                textwrap.fill(source, _WIDTH, break_on_hyphens=False, break_long_words=False),
            ]
        )


def of_list(kind: LookUpKind) -> Documentation:
    """The documentation of `list_…`."""
    summary = kind.about_list or f"All {plural(kind.noun)} of {kind.inside}."
    arguments = {**_parents(kind), **_options(kind)}
    return Documentation([summary, _ONCE], arguments, f"{_refused_parent(kind)}{ALWAYS}", [kind.handler.path])


def of_get(kind: LookUpKind) -> Documentation:
    """The documentation of `get_…`."""
    arguments = {**_parents(kind), **_keys(kind), **_options(kind)}
    path = kind.handler.path
    if kind.is_setting:
        summary = f"The {kind.noun} of {kind.inside}."
        names = " and ".join(f"`{name}`" for name in kind.parents)
        absent = f"If there is none, all fields{f' except {names}' if names else ''} are `None`."
        paragraphs = [summary, absent] if kind.shows is Shows.ONE_OR_NONE else [summary]
        return Documentation(paragraphs, arguments, f"{_refused_parent(kind)}{ALWAYS}", [path])
    *others, last = (f"its {_word(kind, name)}" for name in kind.keys)
    ways = f"{', '.join(others)} or {last}" if others else last
    summary = f"One {kind.noun} of {kind.inside}, by {ways}."
    paths = [path] if kind.is_listed else []
    paths += [] if kind.shows is Shows.LIST else [f"{path}/{{{kind.identity}}}"]
    return Documentation([summary], arguments, _misses(kind), paths if len(kind.keys) > 1 else paths[-1:])


def _parents(kind: LookUpKind) -> dict[str, str]:
    key = {kind.project_key: PROJECT_KEY_TEXT} if kind.project_key else {}
    return {**key, **{name: kind.texts[name] for name in kind.parents}}


def _options(kind: LookUpKind) -> dict[str, str]:
    return {name: option.prose for name, option in kind.options.items()}


def _keys(kind: LookUpKind) -> dict[str, str]:
    """Describes each key; exactly one has to be set."""
    texts = {}
    for name in kind.keys:
        others = " or ".join(f"`{other}`" for other in kind.keys if other != name)
        text = first_sentence(kind.texts[name]).partition("; `None`")[0].rstrip(".")
        exact = "" if name == kind.identity else "The match is exact."
        sentences = (text and f"{text}.", exact, others and f"Set this or {others}.")
        texts[name] = " ".join(sentence for sentence in sentences if sentence)
    return texts


def _word(kind: LookUpKind, name: str) -> str:
    return "id" if name == kind.identity else _WORDS.get(name, name)


_WORDS = {"project_id": "project", "url": "URL"}
"""What a description calls a field by which an object is found, if that is not the name of the field."""


def _misses(kind: LookUpKind) -> str:
    names = [name for name in kind.keys if name != kind.identity]
    nearest = " (the message gives the nearest names)" if names else ""
    several = (
        f", several have the same {' or '.join(_word(kind, name) for name in names)} (it gives all ids)"
        if names
        else ""
    )
    more = f", {kind.refusals}" if kind.refusals else ""
    return f"There is no such {kind.noun}{nearest}{several}{more}, or the request failed."


def _refused_parent(kind: LookUpKind) -> str:
    """Errors of the parent: the beginning of a sentence."""
    if not kind.parents:
        return ""
    noun = kind.parent_noun
    archived = " or is archived" if noun == "project" else ""
    return f"The {noun} does not exist{archived}, an id is not valid, "


def _entry(name: str, text: str) -> str:
    return textwrap.fill(
        f"{name}: {text}", _WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 8, break_on_hyphens=False
    )


_KEYWORD, NO_DEFAULT = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.empty
_OPTS = inspect.Parameter("opts", _KEYWORD, default=None, annotation="pulumi.InvokeOptions | None")


class LookUp(ABC):
    """A provider function, from which a function and its variant for Outputs derive."""

    name: str
    """The function's name."""
    many: bool = True
    """Whether it returns a list."""

    @property
    @abstractmethod
    def result(self) -> type[Any]:
        """The class of the result, or of the items of the list."""

    @property
    @abstractmethod
    def parameters(self) -> Mapping[str, tuple[str, object]]:
        """By name: type and default."""

    @property
    @abstractmethod
    def documentation(self) -> Documentation:
        """Its documentation."""

    @property
    def choices(self) -> Mapping[str, Enumeration]:
        """By the name of an argument, the strings that OpenAI takes, if it takes only some."""
        return {}

    @property
    def types(self) -> tuple[type[Any], ...]:
        """The classes of what it gives."""
        return (self.result,)

    @abstractmethod
    def run(self, connected: Connected, given: dict[str, Any]) -> Any:
        """Read it from OpenAI; `given` has all arguments by name."""


def look_ups(kind: LookUpKind) -> list[LookUp]:
    """The provider functions of a kind."""
    return [_Get(kind), _List(kind)] if kind.is_listed else [_Get(kind)]


def public(look_up: LookUp) -> dict[str, Any]:
    """By name: the classes of what a provider function gives, its function, and the variant for Outputs."""
    plain = Function(look_up)
    public: list[Any] = [*look_up.types, plain, OutputVariant(plain)]
    return {each.__name__: each for each in public}


class _OfKind(LookUp):
    """A provider function of a kind."""

    def __init__(self, kind: LookUpKind) -> None:
        self.kind = kind

    @property
    @override
    def result(self) -> type[Any]:
        return self.kind.result


class _Get(_OfKind):
    """`get_…`: finds one object."""

    many = False

    def __init__(self, kind: LookUpKind) -> None:
        super().__init__(kind)
        self.name = f"get_{kind.snake}"

    @property
    @override
    def parameters(self) -> dict[str, tuple[str, object]]:
        keys = self.kind.keys
        key = ("str", NO_DEFAULT) if len(keys) == 1 else ("str | None", None)
        return {**_required(self.kind), **dict.fromkeys(keys, key), **_optional(self.kind)}

    @property
    @override
    def documentation(self) -> Documentation:
        return of_get(self.kind)

    @override
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


class _List(_OfKind):
    """`list_…`: finds all objects."""

    def __init__(self, kind: LookUpKind) -> None:
        super().__init__(kind)
        self.name = f"list_{plural(kind.snake)}"

    @property
    @override
    def parameters(self) -> dict[str, tuple[str, object]]:
        return {**_required(self.kind), **_optional(self.kind)}

    @property
    @override
    def documentation(self) -> Documentation:
        return of_list(self.kind)

    @override
    def run(self, connected: Connected, given: dict[str, Any]) -> Any:
        _check_ids(self.kind, given)
        with _with_key(self.kind, connected, given)() as client:
            return self.kind.all(client, **given)


def _required(kind: LookUpKind) -> dict[str, tuple[str, object]]:
    """The arguments that say where objects are, and with which key they are read."""
    return dict.fromkeys([*([kind.project_key] if kind.project_key else []), *kind.parents], ("str", NO_DEFAULT))


def _optional(kind: LookUpKind) -> dict[str, tuple[str, object]]:
    return {name: (option.type, option.default) for name, option in kind.options.items()}


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
        except MockedProgramError as program:
            test = program
        except errors.AdminError as error:
            raise LookUpError(error.happened, error.guidance) from error
        given = {name: value for name, value in arguments.items() if value is not None}
        return answer(look_up.name, given, test, look_up.result, many=look_up.many)

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
