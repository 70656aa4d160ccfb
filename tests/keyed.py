"""Lists of entries with keys, from mappings. In the order of the mapping: a state has that of the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def members(roles: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`members` of `ProjectMembers`, from roles by address or id."""
    return [{_person(who): who, "role": role} for who, role in roles.items()]


def projects(roles: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`projects` of `OrganizationMember`, from roles by project."""
    return [{"project_id": project, "role": role} for project, role in roles.items()]


def until(ends: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`until` of a set, from moments by address or id."""
    return [{"role_id" if who.startswith("role") else _person(who): who, "ends_at": end} for who, end in ends.items()]


def users(ids: Mapping[str, str]) -> list[dict[str, str]]:
    """`users` of `ProjectMembers`, from ids by address or id."""
    return [{"user_id": id_} if who == id_ else {"email": who, "user_id": id_} for who, id_ in ids.items()]


def _person(who: str) -> str:
    return "email" if "@" in who else "user_id"
