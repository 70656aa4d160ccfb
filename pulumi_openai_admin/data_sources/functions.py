"""The functions `get_…` and `list_…` of a kind, their variants `…_output` for Outputs, and their documentation."""

from __future__ import annotations

import inspect
import textwrap
from abc import ABC, abstractmethod
from functools import cached_property, partial
from types import MethodType
from typing import TYPE_CHECKING, Any

import pulumi
from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.data_sources import look_up
from pulumi_openai_admin.data_sources.kind import first_sentence, plural, snake
from pulumi_openai_admin.data_sources.look_up import Parameter
from pulumi_openai_admin.data_sources.result import LookUpError
from pulumi_openai_admin.handlers.handler import Shows
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.program.arguments import ArgumentError, calling_line
from pulumi_openai_admin.program.provider import PUBLIC_MODULE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_openai_admin.data_sources.kind import LookUpKind
    from pulumi_openai_admin.data_sources.look_up import Connected

_WIDTH = 116
_ONCE = "Results are cached for one run. Later calls reuse the first list and send no request."
ABOUT_OPTS = "Pulumi's options. `provider` or `parent` selects an organization if the program uses several."
ALWAYS = "there is no admin key, or the request failed."
INVALID = f"An argument is not valid, {ALWAYS}"
_KEYWORD = inspect.Parameter.KEYWORD_ONLY
_OPTS = inspect.Parameter("opts", _KEYWORD, default=None, annotation="pulumi.InvokeOptions | None")
_WORDS = {"project_id": "project", "url": "URL"}
"""What a description calls a field by which an object is found, if that is not the name of the field."""


class LookUp(ABC):
    """A provider function, from which a function and its variant for Outputs derive."""

    name: str
    """The function's name."""
    many: bool = True
    """Whether it returns a list."""

    result: type[Any]
    """The class of the result, or of the items of the list."""
    group: Any = None
    """The class of the items inside a result, if there are any."""
    about: Sequence[str]
    """What it gives, in paragraphs."""
    raises: str
    """Why it may fail."""
    paths: Sequence[str]
    """What it reads from OpenAI."""

    @property
    @abstractmethod
    def asked(self) -> Sequence[Parameter]:
        """The arguments."""

    @property
    def docstring(self) -> str:
        """The docstring, in Google's style."""
        texts = {**{parameter.name: parameter.prose for parameter in self.asked}, "opts": ABOUT_OPTS}
        entries = "\n".join(_entry(name, text) for name, text in texts.items())
        source = "Source: " + " and ".join(f"GET {path}" for path in self.paths) + "."
        return "\n\n".join(
            [
                *(textwrap.fill(paragraph, _WIDTH, break_on_hyphens=False) for paragraph in self.about),
                f"Args:\n{entries}",
                f"Raises:\n{_entry('LookUpError', capitalized(self.raises))}",
                textwrap.fill(source, _WIDTH, break_on_hyphens=False, break_long_words=False),
            ]
        )

    def public(self) -> dict[str, Any]:
        """By name: the classes of what it gives, its function, and the variant for Outputs."""
        plain = Function(self)
        public: list[Any] = [self.group, self.result, plain, OutputVariant(plain)]
        return {each.__name__: each for each in public if each}

    @abstractmethod
    def run(self, connected: Connected, given: dict[str, Any]) -> Any:
        """Read it from OpenAI; `given` has all arguments by name."""


def _entry(name: str, text: str) -> str:
    return textwrap.fill(
        f"{name}: {text}", _WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 8, break_on_hyphens=False
    )


def look_ups(kind: LookUpKind) -> list[LookUp]:
    """The provider functions of a kind."""
    return [_OfKind(kind, many=many) for many in ((False, True) if kind.is_listed else (False,))]


class _OfKind(LookUp):
    """`get_…` of a kind, which finds one object, or `list_…`, which finds all."""

    def __init__(self, kind: LookUpKind, *, many: bool) -> None:
        self.kind = kind
        self.many = many
        self.name = f"list_{plural(snake(kind.name))}" if many else f"get_{snake(kind.name)}"
        self.result = kind.result
        self._keys = [] if many else kind.keys
        self.about, self.raises, self.paths = self._about(), self._raises(), self._paths()

    @cached_property
    @override
    def asked(self) -> Sequence[Parameter]:
        kind, keys = self.kind, self._keys
        return [
            *([look_up.PROJECT_KEY_PARAMETER] if kind.project_key else []),
            *(Parameter(name, str, kind.texts[name], is_required=True) for name in kind.parents),
            *(Parameter(name, str, self._about_key(name), is_required=len(keys) == 1) for name in keys),
            *kind.options,
        ]

    def _about(self) -> Sequence[str]:
        kind = self.kind
        if self.many:
            return [kind.about_list or f"All {plural(kind.noun)} of {kind.inside}.", _ONCE]
        if self._keys:
            *others, last = (f"its {self._word(name)}" for name in self._keys)
            ways = f"{', '.join(others)} or {last}" if others else last
            return [f"One {kind.noun} of {kind.inside}, by {ways}."]
        names = " and ".join(f"`{name}`" for name in kind.parents)
        absent = f"If there is none, all fields{f' except {names}' if names else ''} are `None`."
        return [f"The {kind.noun} of {kind.inside}.", *([absent] if kind.shows is Shows.ONE_OR_NONE else [])]

    def _raises(self) -> str:
        kind = self.kind
        if not self._keys:
            archived = " or is archived" if kind.parent_noun == "project" else ""
            parent = f"The {kind.parent_noun} does not exist{archived}, an id is not valid, " if kind.parents else ""
            return f"{parent}{ALWAYS}"
        words = " or ".join(self._word(name) for name in self._keys if name != kind.identity)
        nearest = " (the message gives the nearest names)" if words else ""
        several = f", several have the same {words} (it gives all ids)" if words else ""
        more = f", {kind.refusals}" if kind.refusals else ""
        return f"There is no such {kind.noun}{nearest}{several}{more}, or the request failed."

    def _paths(self) -> Sequence[str]:
        path = self.kind.handler.path
        if not self._keys:
            return [path]
        paths = [path] if self.kind.is_listed else []
        paths += [] if self.kind.shows is Shows.LIST else [f"{path}/{{{self.kind.identity}}}"]
        return paths if len(self._keys) > 1 else paths[-1:]

    def _about_key(self, name: str) -> str:
        """Describe a key; exactly one has to be set."""
        others = " or ".join(f"`{other}`" for other in self._keys if other != name)
        text = first_sentence(self.kind.texts[name]).partition("; `None`")[0].rstrip(".")
        exact = "" if name == self.kind.identity else "The match is exact."
        sentences = (text and f"{text}.", exact, others and f"Set this or {others}.")
        return " ".join(sentence for sentence in sentences if sentence)

    def _word(self, name: str) -> str:
        return "id" if name == self.kind.identity else _WORDS.get(name, name)

    @override
    def run(self, connected: Connected, given: dict[str, Any]) -> Any:
        kind = self.kind
        look_up.check_id(**{name: given[name] for name in kind.parents})
        if kind.project_key:
            connected = partial(connected, look_up.check_project_key(given.pop(kind.project_key)))
        keys = {name: given.pop(name) for name in self._keys}
        key, value = look_up.exactly_one(**keys) if keys else ("", "")
        is_shown = bool(keys) and key == kind.identity and kind.shows is not Shows.LIST
        if is_shown:
            look_up.check_id(**{key: value})
        with connected() as client:
            if self.many:
                return kind.all(client, **given)
            if not keys:
                return kind.only(client, **given)
            return kind.show(client, value, **given) if is_shown else kind.find(client, key, value, **given)


class Function:  # noqa: D101 - its docstring is that of a function
    # A function for plain values. Its errors end a program without a traceback. Signature and docstring are made when
    # something reads them: most programs call few functions, and `import *` loads all of them.

    argument = returned = "{}"
    """The annotations, in which the braces stand for the type."""

    def __init__(self, look_up: LookUp) -> None:
        self.look_up = look_up
        self.__name__ = self.__qualname__ = look_up.name
        self.__module__ = PUBLIC_MODULE

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102 - as a function
        called, arguments = self.look_up, _bound(self, args, kwargs)
        for name, value in arguments.items():
            if isinstance(value, pulumi.Output):
                advice = f"Use {called.name}_output, which takes Outputs."
                raise LookUpError(f"{name} is an Output, and {called.name} takes plain values", advice)
        opts = arguments.pop("opts")
        try:
            return called.run(partial(look_up.connection, opts), dict(arguments))
        except LookUpError:
            raise
        except look_up.MockedProgramError as program:
            test = program
        except errors.AdminError as error:
            raise LookUpError(error.happened, error.guidance) from error
        given = {name: value for name, value in arguments.items() if value is not None}
        return look_up.answer(called.name, given, test, called.result, many=called.many)

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)  # as a function: `help` shows it as one

    def __reduce__(self) -> str:
        return self.__name__  # pickled as a reference

    @property
    def __doc__(self) -> str:  # type: ignore[override] # see above
        return self.look_up.docstring

    @cached_property
    def __signature__(self) -> inspect.Signature:
        name = self.look_up.result.__name__
        parameters = [
            inspect.Parameter(asked.name, _KEYWORD, default=default, annotation=self.argument.format(type_))
            for asked in self.look_up.asked
            for type_, default in [asked.signature]
        ]
        returns: Any = self.returned.format(f"list[{name}]" if self.look_up.many else name)
        return inspect.Signature([*parameters, _OPTS], return_annotation=returns)

    @property
    def __annotations__(self) -> dict[str, Any]:  # type: ignore[override]
        result = self.look_up.result
        return {"return": list[result] if self.look_up.many else result}  # type: ignore[valid-type] # from a declaration


class OutputVariant(Function):  # noqa: D101 - see `Function`
    # The variant for Outputs.

    argument, returned = "pulumi.Input[{}]", "pulumi.Output[{}]"

    def __init__(self, plain: Function) -> None:
        super().__init__(plain.look_up)
        self._plain = plain
        self.__name__ = self.__qualname__ = f"{plain.__name__}_output"

    @override
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        arguments = _bound(self, args, kwargs)
        opts = arguments.pop("opts")
        return look_up.lifted(self._plain, opts, **arguments)

    @property
    @override
    def __doc__(self) -> str:  # type: ignore[override] # see `Function`
        return f"`{self._plain.__name__}` for Outputs. Unknown in a preview if an argument is unknown."

    @property
    @override
    def __annotations__(self) -> dict[str, Any]:  # type: ignore[override]
        returned: Any = self._plain.__annotations__["return"]
        return {"return": pulumi.Output[returned]}


def _bound(function: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """All arguments by name, or an `ArgumentError` if the function can't be called with them."""
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except TypeError as wrong:
        raise ArgumentError(f"{function.__name__}() {wrong}{calling_line()}") from None
    bound.apply_defaults()
    return bound.arguments
