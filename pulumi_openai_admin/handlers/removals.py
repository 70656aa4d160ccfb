"""What the removal of a resource does at OpenAI, in the words of `plan` and of the messages of destroy. Pure.

A handler says it from the state, and from what the program still declares (`StepContext.is_declared_elsewhere`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from pulumi_openai_admin.printable import bounded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STAYS = "stays in the organization"
_NO_NAMES: Mapping[str, str] = MappingProxyType({})
_NO_PARTS: Mapping[str, Removal] = MappingProxyType({})


@dataclass(frozen=True)
class Removal:
    """What the removal of a resource, or of one of its members, does."""

    end: str
    """What becomes of the object, in words."""
    is_lost: bool = True
    """Whether something ends at OpenAI."""
    manager: str = ""
    """The resource of the program that declares the object from then on, as in "ProjectUser 'ada'"."""
    projects: Sequence[str] = ()
    """The projects that a person leaves, by id."""
    role: str = ""
    """The base role that a person has from then on, if the resource assigns one."""
    warning: str = ""
    """What is lost because another resource manages the object, as one or more sentences; empty if nothing is."""
    parts: Mapping[str, Removal] = field(default_factory=lambda: _NO_PARTS)
    """Of a resource with several members: what becomes of each, by its name in the program."""

    def in_words(self, names: Mapping[str, str] = _NO_NAMES) -> str:
        """What happens: "leaves proj_1, stays in the organization".

        Args:
            names: The names of projects, by id.
        """
        left = bounded(", ", (names.get(project, project) for project in self.projects))
        return f"leaves {left}, {self.end}" if left else self.end


DELETED = Removal("deleted")
ENDED = Removal("removed")
"""Access, or a member of a list."""
REVOKED = Removal("revoked")
RESTORED = Removal("as it was before")
REMOVED = Removal("is removed from the organization")
WITHDRAWN = Removal("the invite is withdrawn")
NOTHING = Removal("no longer managed, nothing changes at OpenAI", is_lost=False)


def combined(parts: Mapping[str, Removal]) -> Removal:
    """Return what happens to all members of a resource.

    Args:
        parts: What becomes of each, by its name in the program.
    """
    ends = {part.end for part in parts.values()}
    warnings = [f"{name}: {part.warning}" for name, part in parts.items() if part.warning]
    return Removal(
        ends.pop() if len(ends) == 1 else bounded("; ", (f"{name}: {part.end}" for name, part in parts.items())),
        is_lost=any(part.is_lost for part in parts.values()),
        manager=bounded(", ", dict.fromkeys(part.manager for part in parts.values() if part.manager)),
        warning=bounded(" ", warnings),
        parts=parts,
    )


def moved(manager: str, warning: str = "") -> Removal:
    """Return what happens to an object that another resource of the program declares.

    Args:
        manager: The other resource: "ProjectUser 'ada'".
        warning: What that resource does not know of the object.
    """
    return Removal(f"now managed by {manager}", is_lost=False, manager=manager, warning=warning)


def forgotten(what: str, before: str) -> str:
    """Return the warning that another resource does not know what a value was before.

    Args:
        what: The value, at the beginning of a sentence.
        before: What it was before the first change.
    """
    return (
        f"{what} is now managed by another resource of the program, which does not know that it was {before} before. "
        "So it stays when that resource is removed."
    )
