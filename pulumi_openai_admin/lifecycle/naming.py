"""Names of objects that the program does not name (auto-naming). Pure.

A name is made of the resource's name and of digits that look random. They follow from the URN, and not from chance or
from the engine's `randomSeed`, which differs in each run. So a preview shows the name that the update uses, and an
update after one whose response was lost uses the same name again, so that it finds the object of that name.

A replacement has another name than the object that it replaces: its digits follow from the old name, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from hashlib import shake_256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pulumi_openai_admin.schema.constraints import Length

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.schema.fields import Declaration, Field

AUTONAMING = "__autonaming"
"""An input that the constructor adds if the stack sets `pulumi:autonaming`; `check` removes it. The engine tells
native providers only."""
MAX_NAME_LENGTH = 255
"""The limit of a name, in characters, if its field declares no `Length`. It is that of groups."""

_NAME = "${name}"
_RANDOM = re.compile(r"\$\{(?:(?P<set>hex|alphanum|string|num)\((?P<length>\d+)\)|uuid)\}")
_LETTERS, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
_CHARACTERS = {"hex": _DIGITS + "abcdef", "alphanum": _LETTERS + _DIGITS, "string": _LETTERS, "num": _DIGITS}


class Mode(Enum):
    """How far the provider may choose a name. The values are those of Pulumi's protocol."""

    PROPOSE = "PROPOSE"
    """The provider may change the name that the pattern gives: it shortens one that is too long."""
    ENFORCE = "ENFORCE"
    DISABLE = "DISABLE"
    """The program has to name the object."""


@dataclass(frozen=True)
class Autonaming:
    """How an object is named that the program does not name."""

    mode: Mode = Mode.PROPOSE
    pattern: str = "${name}-${hex(7)}"
    """The name, with Pulumi's expressions for the resource's name and random parts."""

    @classmethod
    def of(cls, setting: Mapping[str, Any] | None) -> Autonaming:
        """From the input of the constructor; see `to_input`."""
        return cls(Mode(setting["mode"]), setting["pattern"]) if setting else cls()

    def to_input(self) -> dict[str, str]:
        """The value of the input `AUTONAMING`."""
        return {"mode": self.mode.value, "pattern": self.pattern}

    def name(self, urn: str, replaced: str, longest: int = MAX_NAME_LENGTH) -> str:
        """The name of an object.

        Args:
            urn: The URN of the resource.
            replaced: The name of the object that it replaces; empty if it replaces none.
            longest: The limit of the name, in characters.
        """
        resource_name = urn.split("::", 3)[-1]
        around = _RANDOM.sub(lambda part: _random(part, f"{urn}\n{replaced}\n{part.start()}"), self.pattern)
        uses = around.count(_NAME)
        if uses and self.mode is Mode.PROPOSE:
            room = longest - len(around.replace(_NAME, ""))
            resource_name = resource_name[: max(room // uses, 0)]
        return around.replace(_NAME, resource_name)


def field_of(declaration: Declaration) -> Field[Any, Any] | None:
    """The field with the name that may be omitted; None if the kind has none."""
    return next((field for field in declaration.inputs if field.auto_named), None)


def longest_of(field: Field[Any, Any]) -> int:
    """The greatest number of characters of a name in a field."""
    return field.bounds.text.most if isinstance(field.bounds.text, Length) else MAX_NAME_LENGTH


def _random(part: re.Match[str], seed: str) -> str:
    """The text of a random part."""
    if part["set"] is None:
        return str(UUID(bytes=shake_256(seed.encode()).digest(16)))
    characters = _CHARACTERS[part["set"]]
    digest = shake_256(seed.encode()).digest(int(part["length"]))
    return "".join(characters[byte % len(characters)] for byte in digest)
