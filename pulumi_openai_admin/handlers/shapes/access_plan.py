"""What an update does to members of a list, and what happens to a person's base role when its declaration ends. Pure.

Three rules. What the program declares belongs to the program, whoever made it first. Ending a declaration never grants
access. That a list lacks an object proves nothing: who is recorded and no longer declared is removed by the id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_RANKS = {"viewer": 0, "reader": 0, "member": 1, "owner": 2}
"""The base roles of a project and of the organization, lowest first. Both have an owner; no role is in both orders."""
BASE_ROLES = frozenset(_RANKS)
"""Their short names."""
NEVER_RAISED = "a removal never raises a role"
"""Why a base role does not go back to a higher one."""
NO_ROLE = ""
"""In place of a base role: the person had none, as OpenAI's answer about the person said."""


@dataclass(frozen=True)
class AccessPlan:
    """The steps of an update, by the ids of members, each in the order of the program or of the list."""

    add: tuple[str, ...] = ()
    """Members to add."""
    change: tuple[str, ...] = ()
    """Members that exist with another value."""
    found: tuple[str, ...] = ()
    """Members that the program declares for the first time, and that exist already: a warning names them."""
    remove: tuple[str, ...] = ()
    """Members to remove. None is removed before all additions and changes have succeeded."""
    unseen: tuple[str, ...] = ()
    """Members that an exclusive set would remove, and that no state has shown yet: a warning names them."""


def plan_access(
    declared: Mapping[str, Any],
    recorded: Collection[str],
    live: Mapping[str, Any],
    *,
    removable: Collection[str] | None = None,
    is_alternative: Callable[[str], bool] = lambda _: False,
) -> AccessPlan:
    """Compare the members in the program, in the state and at OpenAI.

    Args:
        declared: By id, the value of each member in the program; None if members have no value.
        recorded: The ids of members that the resource manages.
        live: By id, the value of each member that OpenAI lists and that a program could have added.
        removable: Of an exclusive set, the ids of members in the outputs: a preview has named those that it removes.
            None if the set is not exclusive.
        is_alternative: Return whether a member is one of several of which there is only one at a time, as the base
            roles of a person: adding another one replaces it.
    """
    others = [id_ for id_ in live if removable is not None and id_ not in declared and id_ not in recorded]
    is_replaced = any(map(is_alternative, declared))
    return AccessPlan(
        add=tuple(id_ for id_ in declared if id_ not in live),
        change=tuple(
            id_ for id_, value in declared.items() if id_ in live and value is not None and live[id_] != value
        ),
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


class BaseRoleEnd(NamedTuple):
    """What becomes of a person's base role when its declaration ends."""

    role: str
    """The role that the person has from then on; `NO_ROLE` if there is none."""
    reason: str = ""
    """Why the role stays, in words; empty if it does not, or if it is as it was before."""


FOUND = "the user had it before, and a base role is not deleted"


def base_role_end(role: str, before: str | None) -> BaseRoleEnd:
    """Return what becomes of a person's base role when its declaration ends.

    Args:
        role: The role that the person has.
        before: The role from before the first change; None if the resource changed nothing.
    """
    if before is None:
        return BaseRoleEnd(role, "" if is_lowest(role) else FOUND)
    if short_name(role) == short_name(before):
        return BaseRoleEnd(role)
    reason = why_not_restored(role, before)
    return BaseRoleEnd(role, reason) if reason else BaseRoleEnd(before)


def why_not_restored(role: str, before: str) -> str:
    """Return why a base role does not go back to the role from before; empty if it does.

    Args:
        role: The role that the person has.
        before: The role from before the first change.
    """
    now, former = _RANKS.get(short_name(role)), _RANKS.get(short_name(before))
    if before == NO_ROLE:
        return ""
    if now is None or former is None:
        return "the roles can't be compared"
    return "" if former < now else NEVER_RAISED
