"""The types of a Pulumi schema, from the shapes of values. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.hosts.native import names
from pulumi_openai_admin.schema import shapes

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.schema.shapes import Shape

ANY = {"$ref": "pulumi.json#/Any"}
TEXT = {"type": "string"}
_LARGE = re.compile(r"(?i:tokens|(?<!mega)bytes|characters|amount)|(At|Time|Until)([GL]te?)?$")
"""Names of whole numbers that can be above 2³¹: an `integer` has 32 bits in .NET and Java, and a `number` is exact up
to 2⁵³. Times are among them: a certificate may expire after 2038."""


@dataclass
class Types:
    """The named types of a schema, which are collected while its properties are made.

    Args:
        about: The description of a structure, by its name.
    """

    about: Callable[[str], str]
    found: dict[str, Any] = field(default_factory=dict)

    def of(self, shape: Shape, name: str, *, is_output: bool = False) -> dict[str, Any]:
        """The type of a value.

        Args:
            shape: The values that are accepted.
            name: The name of what has it, in the spelling of classes: `InviteRole`.
            is_output: Whether OpenAI sets it. OpenAI may add values to those of an enumeration.
        """
        if isinstance(shape, shapes.Items):
            return {"type": "array", "items": self.of(shape.item, name, is_output=is_output)}
        if isinstance(shape, shapes.Entries):
            return {"type": "object", "additionalProperties": self._entry(shape.value, name, is_output=is_output)}
        if isinstance(shape, shapes.Structure):
            return self._structure(shape)
        if isinstance(shape, shapes.Alternatives):
            return self._alternatives(shape, name, is_output=is_output)
        if isinstance(shape, shapes.Text) and shape.choices and not is_output:
            return self._choice(shape, name)
        return _scalar(shape, name)

    def add(self, name: str, spec: dict[str, Any]) -> dict[str, Any]:
        """Add a named type, and refer to it."""
        self.found[names.token(name)] = spec
        return {"$ref": f"#/types/{names.token(name)}"}

    def _entry(self, shape: Shape, name: str, *, is_output: bool) -> dict[str, Any]:
        """The type of the values of a mapping. Numbers are limits of any kind, so they can be large."""
        return {"type": "number"} if isinstance(shape, shapes.Number) else self.of(shape, name, is_output=is_output)

    def _choice(self, shape: shapes.Text, name: str) -> dict[str, Any]:
        """One of several texts. The suffix keeps its name apart from resources: there is a `ProjectUserRole`."""
        values = [{"name": pascal(choice.lower()), "value": choice} for choice in shape.choices]
        return self.add(f"{name}Value", {"type": "string", "enum": values})

    def _structure(self, shape: shapes.Structure) -> dict[str, Any]:
        properties = {names.camel(name): self._member(shape, name, inner) for name, inner in shape.properties.items()}
        spec = {
            "description": self.about(shape.name),
            "type": "object",
            "properties": properties,
            "required": sorted(map(names.camel, shape.required)),
        }
        return self.add(shape.name, spec)

    def _member(self, structure: shapes.Structure, name: str, shape: Shape) -> dict[str, Any]:
        if isinstance(shape, shapes.Text) and len(shape.choices) == 1:
            return {**TEXT, "const": shape.choices[0]}
        return self.of(shape, f"{structure.name}{pascal(name)}")

    def _alternatives(self, shape: shapes.Alternatives, name: str, *, is_output: bool) -> dict[str, Any]:
        """One of several types. Pulumi's SDK for Python fails on a list where the type is a union with a list."""
        if any(isinstance(member, shapes.Items) for member in shape.members):
            return dict(ANY)
        members = [
            dict(TEXT)
            if isinstance(member, shapes.Text) and len(member.choices) == 1
            else self.of(member, name, is_output=is_output)
            for member in shape.members
        ]
        told_apart = {
            kind.choices[0]: reference["$ref"]
            for member, reference in zip(shape.members, members, strict=True)
            if isinstance(member, shapes.Structure) and isinstance(kind := member.properties.get("type"), shapes.Text)
        }
        if len(told_apart) < len(members):
            return {"oneOf": members}
        return {"oneOf": members, "discriminator": {"propertyName": "type", "mapping": told_apart}}


def _scalar(shape: Shape, name: str) -> dict[str, Any]:
    """The type of a value that has no parts."""
    if isinstance(shape, shapes.Number):
        return {"type": "integer" if shape.is_whole and not _LARGE.search(name) else "number"}
    if isinstance(shape, shapes.Boolean):
        return {"type": "boolean"}
    return dict(TEXT if isinstance(shape, shapes.Text) else ANY)


def pascal(name: str) -> str:
    """The name of a property in the spelling of classes: `role_id` as `RoleId`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
