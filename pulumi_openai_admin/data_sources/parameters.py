"""Arguments of provider functions that go into the query of a request. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import Parameter as PythonParameter
from typing import TYPE_CHECKING, Any, get_origin

from pulumi_openai_admin.data_sources.result import LookUpError
from pulumi_openai_admin.schema.shapes import Text
from pulumi_openai_admin.similar import similar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin.schema.constraints import Enumeration

_WORDS = {int: "a whole number", str: "a string", bool: "True or False", list: "a list of strings"}


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

    @property
    def key(self) -> str:
        """Its name in the query. OpenAI's SDK sends lists with brackets."""
        return f"{self.wire or self.name}{'[]' if self._kind is list else ''}"

    @property
    def _kind(self) -> Any:
        return get_origin(self.type) or self.type

    def check(self, value: object) -> None:
        """Refuse a value that can't be meant.

        Raises:
            LookUpError: It is of another type, too small, or a string that OpenAI does not take.
        """
        kind = self._kind
        is_kind = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if kind is list and isinstance(value, tuple):
            is_kind = True
        if kind is list and is_kind:
            is_kind = all(isinstance(item, str) for item in value)  # type: ignore[attr-defined] # a list
        if not is_kind:
            raise LookUpError(f"{self.name} must be {_WORDS[kind]}, not {value!r}")
        self._check_choices(value)
        if isinstance(value, int) and value < self.minimum:
            raise LookUpError(f"{self.name} must be at least {self.minimum}, not {value}")

    def _check_choices(self, value: Any) -> None:
        """Refuse a string that OpenAI does not take."""
        for text in (value if self._kind is list else [value]) if self.choices else ():
            if self.choices and text not in self.choices.texts:
                near = similar(text, self.choices.texts, 1)
                advice = f"Did you mean {near[0]!r}?" if near else ""
                one_of = Text(choices=tuple(self.choices.texts)).words
                raise LookUpError(f"{self.name} must be {one_of}, not {text!r}", advice)

    def sent(self, value: Any) -> str | int | list[str]:
        """The value in a query."""
        if self._kind is bool:
            return "true" if value else "false"
        sent: str | int | list[str] = list(value) if self._kind is list else value
        return sent


def query(parameters: Iterable[Parameter], given: Mapping[str, Any]) -> dict[str, str | int | list[str]]:
    """The query for the arguments that are set.

    Raises:
        LookUpError: A value can't be meant.
    """
    made = {}
    for parameter in parameters:
        value = given.get(parameter.name)
        if value is not None or parameter.is_required or parameter.default is not None:
            parameter.check(value)
            made[parameter.key] = parameter.sent(value)
    return made
