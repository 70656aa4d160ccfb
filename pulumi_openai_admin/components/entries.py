"""The entries of a component's arguments: mappings by name, whose mistakes are reported in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import pulumi

from pulumi_openai_admin.program.arguments import calling_line, nearest
from pulumi_openai_admin.program.errors import DeclarationError
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.shapes import Bounds

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Spelling:
    """How messages spell what a program gives.

    Args:
        name: An argument, or a property.
        key: The entry of a mapping or a list, behind its place.
        inside: The property of an entry, behind its place.
        value: An example.
        kind: The type of a value, in words.
        line: The line of the program, in parentheses; empty if it is not known.
    """

    name: Callable[[str], str]
    key: Callable[[str | int], str]
    inside: Callable[[str], str]
    value: Callable[[object], str]
    kind: Callable[[object], str]
    line: Callable[[], str]


@dataclass(frozen=True)
class Arguments:
    """Checks the arguments of one component.

    Args:
        component: What messages begin with: `TeamProject 'shop': `. Empty if the engine names the component.
        spelling: How they spell what the program gives.
    """

    component: str
    spelling: Spelling

    def name(self, argument: str) -> str:
        """An argument, or a property, in messages."""
        return self.spelling.name(argument)

    def child(self, called: str) -> str:
        """What `former_names` calls a resource: an argument, and the name of an entry behind it."""
        argument, *entry = called.split(".", 1)
        return ".".join([self.name(argument), *entry])

    def quoted(self, name: str) -> str:
        """A property between quotes."""
        return repr(self.name(name))

    def entry(self, place: str, key: str | int) -> str:
        """The place of an entry: `alerts['high']`."""
        return f"{place}{self.spelling.key(key)}"

    def inside(self, place: str, name: str) -> str:
        """The place of a property of an entry: `alerts['high']['recipients']`."""
        return f"{place}{self.spelling.inside(name)}"

    def example(self, value: object) -> str:
        """An example."""
        return self.spelling.value(value)

    def error(self, what: str, advice: str) -> DeclarationError:
        """What is wrong, the line of the program, and what to do."""
        return DeclarationError(f"{self.component}{what}{self.spelling.line()}", advice)

    def refuse(self, what: str, advice: str) -> NoReturn:
        """End the program.

        Raises:
            DeclarationError: See `error`.
        """
        raise self.error(what, advice)

    def mapping(self, place: str, value: object, example: object) -> Mapping[str, Any]:
        """The entries of an argument by their names; none if it is omitted.

        Args:
            place: Where it is.
            value: The argument.
            example: What it could be.

        Raises:
            DeclarationError: It is not a mapping, or a name is not a text or is empty.
        """
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            what = f"{place} is {self.spelling.kind(value)}, not a mapping"
            self.refuse(what, f"Write it as {self.example(example)}.")
        for name in value:
            if not isinstance(name, str) or not name.strip():
                what = f"{place} has the name {_shown(name)}"
                self.refuse(what, f"Name each entry, as in {self.example(example)}.")
        return value

    def properties(self, place: str, value: object, declared: type) -> Mapping[str, Any]:
        """The properties of an entry.

        Args:
            place: Where it is: `service_accounts['web']`.
            value: The entry.
            declared: The TypedDict of its properties.

        Raises:
            DeclarationError: It is not a mapping, has a property that there is not, or lacks one that it needs.
        """
        shape: Any = shapes.of(declared, Bounds())
        names = list(shape.properties)
        spelled = [*map(self.name, names)]
        if not isinstance(value, Mapping):
            what = f"{place} is {self.spelling.kind(value)}, not a mapping"
            self.refuse(what, f"Its properties are {', '.join(spelled)}.")
        for name in value:
            if name not in names:
                self.refuse(f"{place} has no property {name!r}", nearest(str(name), spelled, "properties"))
        missing = [name for name in names if name in shape.required and name not in value]
        if missing:
            self.refuse(f"{place} is missing {' and '.join(map(self.quoted, missing))}", "Add the missing properties.")
        return value

    def flag(self, place: str, value: object) -> bool:
        """An argument that is True or False, and known in the program.

        Raises:
            DeclarationError: It is not.
        """
        if not isinstance(value, bool):
            what = f"{place} is {self.spelling.kind(value)}"
            self.refuse(what, f"Set it to {' or '.join(map(self.example, (True, False)))}.")
        return value


def kind_of(value: object) -> str:
    """The type of a value, in words."""
    return "an Output" if isinstance(value, pulumi.Output) else f"a {type(value).__name__}"


PYTHON = Spelling(
    name=str,
    key=lambda key: f"[{key!r}]",
    inside=lambda name: f"[{name!r}]",
    value=repr,
    kind=kind_of,
    line=calling_line,
)
"""Messages for programs of this package."""


def _shown(name: object) -> str:
    """A name in a message. An Output as a key has no text yet."""
    return "of an Output" if isinstance(name, pulumi.Output) else repr(name)
