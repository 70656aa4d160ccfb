"""What is remembered of an object from one run of the engine to the next.

The state has it in `__managed`, under the names of the fields of parts. A part is a dataclass of the module that needs
it. This module alone reads and writes the names.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

VERSION = 1
"""The version of all parts. A change that an older version of the package would misread increases it."""


@dataclass(eq=False, repr=False)
class MemoryPart:
    """What a module remembers of an object: a dataclass whose fields are names in the state, with defaults.

    The values are what JSON has. A field at its default is not in the state. A name belongs to one part.
    """

    def to_state(self) -> dict[str, Any]:
        """The fields that differ from their defaults."""
        empty = type(self)()
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value != getattr(empty, name)}


AnyPart = TypeVar("AnyPart", bound=MemoryPart)


def part_of(state: Mapping[str, Any], kind: type[AnyPart]) -> AnyPart:
    """One part of what a state has, to read: its values are those of the state, not copies."""
    names: tuple[str, ...] = kind.__match_args__  # `fields` makes a list of them in each call, and a preview asks often
    return kind(**{name: state[name] for name in names if name in state})


class Memory:
    """What is remembered of one object: `memory[CreationTime].made_at`. What no part has read is kept as it is."""

    def __init__(self, state: Mapping[str, Any] | None = None) -> None:
        """Store what a state has; the state is not changed."""
        self._unread = copy.deepcopy(dict(state)) if state else {}
        self._parts: dict[type[MemoryPart], MemoryPart] = {}

    def __getitem__(self, kind: type[AnyPart]) -> AnyPart:
        """One part, to read and to change."""
        part = self._parts.get(kind)
        if not isinstance(part, kind):
            part = self._parts[kind] = part_of(self._unread, kind)
            for field in fields(kind):
                self._unread.pop(field.name, None)
        return part

    def put(self, part: MemoryPart) -> None:
        """Replace a part."""
        self[type(part)]  # what the state has of it is replaced, too
        self._parts[type(part)] = part

    def to_state(self) -> dict[str, Any]:
        """All parts, for the state."""
        state = dict(self._unread)
        for part in self._parts.values():
            state |= part.to_state()
        return state
