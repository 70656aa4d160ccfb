"""What an update removes, what becomes of a person's base role, and what a removal does, in words. Pure.

A handler says what a removal does from the state, and from what the program still declares
(`StepContext.is_declared_elsewhere`): for `plan`, and for the messages of destroy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pulumi_openai_admin.printable import bounded

STAYS = "stays in the organization"


@dataclass(repr=False)
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
    parts: Mapping[str, Removal] = field(default_factory=dict)
    """Of a resource with several members: what becomes of each, by its name in the program."""

    def in_words(self, names: Mapping[str, str] | None = None) -> str:
        """What happens: "leaves proj_1, stays in the organization".

        Args:
            names: The names of projects, by id.
        """
        left = bounded(", ", ((names or {}).get(project, project) for project in self.projects))
        return f"leaves {left}, {self.end}" if left else self.end


DELETED = Removal("deleted")
ENDED = Removal("removed")
"""Access, or a member of a list."""
REVOKED = Removal("revoked")
RESTORED = Removal("as it was before")
NOTHING = Removal("no longer managed, nothing changes at OpenAI", is_lost=False)


def combined(parts: Mapping[str, Removal]) -> Removal:
    """Return what happens to all members of a resource."""
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
    """Return what happens to an object that another resource of the program declares."""
    return Removal(f"now managed by {manager}", is_lost=False, manager=manager, warning=warning)


_RANKS = {"viewer": 0, "reader": 0, "member": 1, "owner": 2}
"""The base roles of a project and of the organization, lowest first. Both have an owner; no role is in both orders."""
BASE_ROLES = frozenset(_RANKS)
"""Their short names."""
NEVER_RAISED = "a removal never raises a role"
"""Why a base role does not go back to a higher one."""
NO_ROLE = ""
"""In place of a base role: the person had none, as OpenAI's answer about the person said."""


class AccessPlan(NamedTuple):
    """What an update says and does of members that exist, by their ids, in the order of the program or of the list."""

    found: tuple[str, ...] = ()
    """Members that the program declares for the first time, and that exist already: a warning names them."""
    remove: tuple[str, ...] = ()
    """Members to remove. None is removed before all others have got what is declared."""
    unseen: tuple[str, ...] = ()
    """Members that an exclusive set would remove, and that no state has shown yet: a warning names them."""


def plan_access(
    declared: Collection[str],
    recorded: Collection[str],
    live: Collection[str],
    *,
    removable: Collection[str] | None = None,
    is_alternative: Callable[[str], bool] = lambda _: False,
) -> AccessPlan:
    """Compare the members in the program, in the state and at OpenAI, by their ids.

    Args:
        declared: The members in the program.
        recorded: The members that the resource manages.
        live: The members that OpenAI lists and that a program could have added.
        removable: Of an exclusive set, the members in the outputs: a preview has named those that it removes. None if
            the set is not exclusive.
        is_alternative: Return whether a member is one of several of which there is only one at a time, as the base
            roles of a person: adding another one replaces it.
    """
    others = [id_ for id_ in live if removable is not None and id_ not in declared and id_ not in recorded]
    is_replaced = any(map(is_alternative, declared))
    return AccessPlan(
        found=tuple(id_ for id_ in declared if id_ in live and id_ not in recorded),
        remove=(
            *(id_ for id_ in recorded if id_ not in declared and not (is_replaced and is_alternative(id_))),
            *(id_ for id_ in others if id_ in (removable or ())),
        ),
        unseen=tuple(id_ for id_ in others if id_ not in (removable or ())),
    )


def is_base_role(role_id: str) -> bool:
    """Return whether an id is that of a base role, or its alias."""
    return role_id.startswith("role-api-")


def short_name(role: str) -> str:
    """Return the short name of a base role: `owner` of `role-api-project-owner__api-project__proj_1`."""
    return role.partition("__")[0].rpartition("-")[2] if is_base_role(role) else role


def is_lowest(role: str) -> bool:
    """Return whether a base role is the one that everybody in the organization has at least."""
    return short_name(role) == "reader"


FOUND = "the user had it before, and a base role is not deleted"


def base_role_end(role: str, before: str | None) -> tuple[str, str]:
    """Return what becomes of a person's base role when its declaration ends.

    Args:
        before: The role from before the first change; None if the resource changed nothing.

    Returns:
        The role that the person has from then on; `NO_ROLE` if there is none. Then why the role stays, in words; empty
        if it does not, or if it is the lowest one and the person had it before.
    """
    if before is None or short_name(role) == short_name(before):
        return role, "" if is_lowest(role) else FOUND
    reason = why_not_restored(role, before)
    return role if reason else before, reason


def why_not_restored(role: str, before: str) -> str:
    """Return why a base role does not go back to the role from before; empty if it does."""
    now, former = _RANKS.get(short_name(role)), _RANKS.get(short_name(before))
    if before == NO_ROLE:
        return ""
    if now is None or former is None:
        return "the roles can't be compared"
    return "" if former < now else NEVER_RAISED
