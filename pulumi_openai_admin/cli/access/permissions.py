"""Which permissions follow from the roles that somebody has. Pure.

What OpenAI documents (https://developers.openai.com/api/docs/guides/rbac): a role of the organization counts in the
organization and in all projects, a role of a project counts in that project only, all users of a group have the roles
of the group, and access is the union of all roles. The guide says in which areas base roles (`owner`, `reader`,
`member`, `viewer`) have access, but not which permissions they have. So an owner is taken to have every permission,
and another base role has the permissions that OpenAI's list of roles shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.members_table import OWNER, role_name
from pulumi_openai_admin.handlers.kinds.role_assignment import canonical

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.cli.members_table import Grant

ORGANIZATION = ""
"""In the place of the id of a project: the organization."""
EVERY = "every permission"
NOT_KNOWN = "not known"
"""In the place of permissions: OpenAI does not show those of the role."""
_NONE = "none"
"""The role of a service account without a role: it has no permissions."""
_BASE_ROLES = {True: {OWNER, "reader"}, False: {OWNER, "member", "viewer", _NONE}}
"""The base roles, by whether they are of the organization."""


@dataclass(frozen=True)
class HeldRole:
    """A role that somebody has in a place, directly or by a group."""

    place: str
    """The id of the project, or `ORGANIZATION`."""
    grant: Grant


@dataclass(frozen=True)
class Access:
    """A permission that somebody has in a place."""

    place: str
    """Where the roles are that it comes from: the id of a project, or `ORGANIZATION`."""
    permission: str
    """Its name, `EVERY` or `NOT_KNOWN`."""
    through: Sequence[HeldRole]
    """The roles that it comes from."""


class RolePermissions:
    """The roles of an organization and its projects, with their permissions."""

    def __init__(self) -> None:
        self._custom: dict[tuple[str, str], frozenset[str]] = {}
        self._base: dict[tuple[str, str], frozenset[str]] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._not_listed: set[str] = set()

    def add(self, place: str, role: Mapping[str, Any]) -> None:
        """Add a role as OpenAI shows it. It is found by its name and by its id.

        Args:
            place: Where it is: the id of a project, or `ORGANIZATION`.
            role: OpenAI's object, with `id`, `name`, `permissions` and `predefined_role`.
        """
        permissions, name = frozenset(role.get("permissions") or ()), role_name(role)
        known = self._base if role.get("predefined_role") else self._custom
        for key in (name, canonical(str(role["id"]))):
            if key:
                known[place, key] = permissions
                self._names[place, key] = name or key

    def cannot_list(self, place: str) -> None:
        """Remember that the roles of a place could not be read."""
        self._not_listed.add(place)

    def may_have_custom(self, place: str) -> bool:
        """Whether the place may have custom roles."""
        return place in self._not_listed or any(where == place for where, _ in self._custom)

    def name(self, held: HeldRole) -> str:
        """The name of a role; empty if it is not known."""
        role = held.grant.role or ""
        return self._names.get((held.place, canonical(role)), role)

    def is_base(self, held: HeldRole) -> bool:
        """Whether it is a base role, whose permissions OpenAI does not document."""
        key = held.place, canonical(held.grant.role or "")
        return key in self._base or self.name(held) in _BASE_ROLES[held.place == ORGANIZATION]

    def permissions(self, held: HeldRole) -> frozenset[str]:
        """The permissions of a role: names, `EVERY`, or `NOT_KNOWN`."""
        key = held.place, canonical(held.grant.role or "")
        custom = self._custom.get(key)
        if not self.is_base(held):
            return frozenset({NOT_KNOWN}) if custom is None else custom
        return self._of_base_role(key, self.name(held)) | (custom or frozenset())

    def _of_base_role(self, key: tuple[str, str], name: str) -> frozenset[str]:
        if name == OWNER:
            return frozenset({EVERY})
        if name == _NONE:
            return frozenset()
        return self._base.get(key) or frozenset({NOT_KNOWN})

    def known_permissions(self) -> set[str]:
        """The names of the permissions that any role has."""
        return {name for known in (self._custom, self._base) for names in known.values() for name in names}


def access_of(held: Iterable[HeldRole], roles: RolePermissions) -> list[Access]:
    """What somebody may do, by place: the union of the permissions of all roles.

    Args:
        held: The roles. Places are in the order of their first role.
        roles: Their permissions.

    Returns:
        One entry for each permission in each place where a role gives it, in the order of places, then by name. A role
        of the organization counts in every project, too; see `in_project`.
    """
    known = list(dict.fromkeys(held))
    places = list(dict.fromkeys(item.place for item in known))
    found: dict[tuple[str, str], list[HeldRole]] = {}
    for item in known:
        for permission in roles.permissions(item):
            found.setdefault((item.place, permission), []).append(item)
    order = sorted(found, key=lambda key: (places.index(key[0]), _rank(key[1])))
    return [Access(*key, found[key]) for key in order]


def _rank(permission: str) -> tuple[int, str]:
    return {EVERY: 0, NOT_KNOWN: 2}.get(permission, 1), permission


def matching(access: Iterable[Access], patterns: Collection[str]) -> Iterator[Access]:
    """Select the access that includes one of the permissions.

    Args:
        access: What somebody may do.
        patterns: Names of permissions, or globs; without any, everything matches. `EVERY` and `NOT_KNOWN` match all of
            them.
    """
    for item in access:
        if not patterns or item.permission in (EVERY, NOT_KNOWN) or _matches(item.permission, patterns):
            yield item


def unmatched(names: Iterable[str], patterns: Iterable[str]) -> list[str]:
    """The patterns that match none of some names."""
    known = list(names)
    return [pattern for pattern in patterns if not any(_matches(name, [pattern]) for name in known)]


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def in_project(access: Iterable[Access], project_id: str) -> frozenset[str]:
    """The permissions that somebody has in a project: those from the organization and those from the project.

    Returns:
        Names, `EVERY` and `NOT_KNOWN`. With `EVERY`, nothing else: it has all of them.
    """
    found = frozenset(item.permission for item in access if item.place in (ORGANIZATION, project_id))
    return frozenset({EVERY}) if EVERY in found else found
