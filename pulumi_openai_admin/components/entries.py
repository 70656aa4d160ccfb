"""The entries of a component's arguments: mappings by name, whose mistakes are reported in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import pulumi

from pulumi_openai_admin.program.arguments import calling_line, nearest
from pulumi_openai_admin.program.errors import DeclarationError
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.shapes import Bounds


@dataclass(frozen=True)
class Arguments:
    """Checks the arguments of one component.

    Args:
        component: What messages call it: `TeamProject 'shop'`.
    """

    component: str

    def error(self, what: str, advice: str) -> DeclarationError:
        """What is wrong, the line of the program, and what to do."""
        return DeclarationError(f"{self.component}: {what}{calling_line()}", advice)

    def refuse(self, what: str, advice: str) -> NoReturn:
        """End the program.

        Raises:
            DeclarationError: See `error`.
        """
        raise self.error(what, advice)

    def mapping(self, argument: str, value: object, example: str) -> Mapping[str, Any]:
        """The entries of an argument by their names; none if it is left out.

        Raises:
            DeclarationError: It is not a mapping, or a name is not a text or is empty.
        """
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.refuse(f"{argument} is {kind_of(value)}, not a mapping", f"Write it as {example}.")
        for name in value:
            if not isinstance(name, str) or not name.strip():
                self.refuse(f"{argument} has the name {_shown(name)}", f"Name each entry, as in {example}.")
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
        if not isinstance(value, Mapping):
            self.refuse(f"{place} is {kind_of(value)}, not a mapping", f"Its properties are {', '.join(names)}.")
        for name in value:
            if name not in names:
                self.refuse(f"{place} has no property {name!r}", nearest(str(name), names, "properties"))
        missing = [name for name in names if name in shape.required and name not in value]
        if missing:
            self.refuse(f"{place} is missing {' and '.join(map(repr, missing))}", "Add what is missing.")
        return value


def kind_of(value: object) -> str:
    """The type of a value, in words."""
    return "an Output" if isinstance(value, pulumi.Output) else f"a {type(value).__name__}"


def _shown(name: object) -> str:
    """A name in a message. An Output as a key has no text yet."""
    return "of an Output" if isinstance(name, pulumi.Output) else repr(name)
