"""The types of a Pulumi schema, from the shapes of values. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.hosts.native.properties import camel, token
from pulumi_openai_admin.schema import shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pulumi_openai_admin.schema.constraints import Enumeration
    from pulumi_openai_admin.schema.shapes import Shape

_CODE = re.compile(r"`[^`]+`")
_QUOTED_OR_WORD = re.compile(r'"[^"]*"|\w+')
_VALUES = {"None": "null", "True": "true", "False": "false"}


def native(text: str, names: Collection[str]) -> str:
    """A text in which the code has the names and values of the native provider.

    Args:
        text: A text with code between backticks. A value, or the key of a mapping, that has an underscore is in double
            quotes: `"project_id"`. It keeps its spelling, and loses the quotes.
        names: The names of properties and functions in Python.
    """
    return _CODE.sub(lambda code: _QUOTED_OR_WORD.sub(lambda found: _word(found[0], names), code[0]), text)


def _word(word: str, names: Collection[str]) -> str:
    if word.startswith('"'):
        return word.strip('"')
    return camel(word) if word in names else _VALUES.get(word, word)


ANY = {"$ref": "pulumi.json#/Any"}
TEXT = {"type": "string"}


@dataclass
class Types:
    """The named types of a schema, which are collected while its properties are made.

    Args:
        about: Gives the description of a structure, and of its properties by their names in Python.
    """

    about: Callable[[shapes.Structure], tuple[str, Mapping[str, str]]]
    found: dict[str, Any] = field(default_factory=dict)

    def of(self, shape: Shape, *, is_output: bool = False) -> dict[str, Any]:
        """The type of a value.

        Args:
            shape: The values that are accepted.
            is_output: Whether OpenAI sets it. OpenAI may add values to those of an enumeration, and Pulumi's SDK for
                Python fails on a value that the enumeration of an output does not have.
        """
        if isinstance(shape, shapes.Items):
            return {"type": "array", "items": self._item(shape.item, is_output=is_output)}
        if isinstance(shape, shapes.Entries):
            return {"type": "object", "additionalProperties": self.of(shape.value, is_output=is_output)}
        if isinstance(shape, shapes.Structure):
            return self._structure(shape, is_output=is_output)
        if isinstance(shape, shapes.Alternatives):
            return self._alternatives(shape, is_output=is_output)
        if isinstance(shape, shapes.Text) and shape.enumeration is not None and not is_output:
            return self.one_of(shape.enumeration) if shape.choices else self.relaxed(shape.enumeration)
        return _scalar(shape)

    def add(self, name: str, spec: dict[str, Any]) -> dict[str, Any]:
        """Add a named type, and refer to it."""
        self.found[token(name)] = spec
        return {"$ref": f"#/types/{token(name)}"}

    def one_of(self, enumeration: Enumeration) -> dict[str, Any]:
        """One of several strings. The provider refuses other strings before it sends a request."""
        values = [
            {"name": enumeration.name_of(text), "description": native(about, ()), "value": text}
            for text, about in enumeration.texts.items()
        ]
        return self.add(enumeration.name, {"description": enumeration.about, "type": "string", "enum": values})

    def _item(self, shape: Shape, *, is_output: bool) -> dict[str, Any]:
        if isinstance(shape, shapes.Text) and shape.enumeration is not None and not is_output:
            return self.relaxed(shape.enumeration)
        return self.of(shape, is_output=is_output)

    def relaxed(self, enumeration: Enumeration) -> dict[str, Any]:
        """One of several strings, or another string.

        It is for what OpenAI takes beside the strings that it predefines, and for items of lists: of a list of an
        enumeration, Pulumi's generators write programs in Go that do not compile.
        """
        return {**TEXT, "oneOf": [dict(TEXT), self.one_of(enumeration)]}

    def _structure(self, shape: shapes.Structure, *, is_output: bool) -> dict[str, Any]:
        """A named type. An output has its own if an input accepts only some strings."""
        has_own = is_output and any(isinstance(part, shapes.Text) and part.choices for part in shapes.parts(shape))
        about, texts = self.about(shape)
        properties = {
            camel(name): {"description": texts[name], **self.of(inner, is_output=has_own)}
            for name, inner in shape.properties.items()
        }
        spec = {
            "description": about,
            "type": "object",
            "properties": properties,
            "required": sorted(map(camel, shape.required)),
        }
        return self.add(f"{shape.name}Response" if has_own else shape.name, spec)

    def _alternatives(self, shape: shapes.Alternatives, *, is_output: bool) -> dict[str, Any]:
        """One of several types. Pulumi's SDK for Python fails on a list where the type is a union with a list."""
        if any(isinstance(member, shapes.Items) for member in shape.members):
            return dict(ANY)
        return {"oneOf": [self.of(member, is_output=is_output) for member in shape.members]}


def _scalar(shape: Shape) -> dict[str, Any]:
    """The type of a value that has no parts.

    A whole number is a `number`, which is exact up to 2⁵³: an `integer` has 32 bits in .NET and Java.
    """
    if isinstance(shape, shapes.Number):
        return {"type": "number"}
    if isinstance(shape, shapes.Boolean):
        return {"type": "boolean"}
    return dict(TEXT if isinstance(shape, shapes.Text) else ANY)
