"""What becomes of a person whose declaration ends, in the words of `plan` and of the messages of destroy. Pure."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from pulumi_openai_admin.printable import bounded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STAYS = "stays in the organization"
REMOVED = "is removed from the organization"
WITHDRAWN = "the invite is withdrawn"
NOTHING = "no longer managed, nothing changes at OpenAI"
_NO_NAMES: Mapping[str, str] = MappingProxyType({})


class Departure(NamedTuple):
    """What destroy does to a person."""

    end: str
    """What happens in the organization, in words."""
    projects: Sequence[str] = ()
    """The projects that the person leaves, by id."""

    @property
    def is_lost(self) -> bool:
        """Whether the person, or the invite, is no longer in the organization."""
        return self.end in (REMOVED, WITHDRAWN)

    def in_words(self, names: Mapping[str, str] = _NO_NAMES) -> str:
        """All of it: "leaves proj_1, stays in the organization".

        Args:
            names: The names of projects, by id.
        """
        left = bounded(", ", (names.get(project, project) for project in self.projects))
        return f"leaves {left}, {self.end}" if left else self.end
