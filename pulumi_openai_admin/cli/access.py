"""The command `access`: who has which permission where, and through what, as a table, a page or JSON.

Which permissions follow from roles is what OpenAI documents (https://developers.openai.com/api/docs/guides/rbac): a
role of the organization counts in the organization and in all projects, a role of a project counts in that project
only, all users of a group have the roles of the group, and access is the union of all roles. The guide says in which
areas base roles (`owner`, `reader`, `member`, `viewer`) have access, but not which permissions they have. So an owner
is taken to have every permission, and another base role has the permissions that OpenAI's list of roles shows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import product
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, report, terminal
from pulumi_openai_admin.cli.members import PeopleEntry, PeopleReport, TableLine
from pulumi_openai_admin.cli.memberships import IN_ORGANIZATION, ORGANIZATION, OWNER, HeldRole, Memberships, role_name
from pulumi_openai_admin.cli.options import READ, AsJson, Html, MaxWait, Parallel, declare
from pulumi_openai_admin.cli.words import ABSENT
from pulumi_openai_admin.handlers.kinds.roles import canonical
from pulumi_openai_admin.schema.constraints import KNOWN
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_openai_admin.cli.connection import Rows
    from pulumi_openai_admin.cli.members import CellOnPage
    from pulumi_openai_admin.cli.memberships import Member


@declare(page="command-line.md#access", scopes=[READ])
def access(  # noqa: PLR0913 - the options of the command
    who: list[str] | None = None,
    *,
    permissions: list[str] | None = None,
    projects: list[str] | None = None,
    html: Html = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> int:
    """List the permissions of people, service accounts and invites, and the role that grants each permission.

    Roles of the organization, roles of projects and roles of groups are combined. OpenAI does not document the
    permissions of base roles, which are marked with `*`. If the key may not read some lists, the command names them,
    shows the other lists, and exits with code 4.

    Examples:
    ```console
    pulumi-openai-admin access ada@example.com
    pulumi-openai-admin access --permission api.responses.write --project Shop
    pulumi-openai-admin access --html access.html
    ```

    Options:
        who (PERSON): Email addresses, ids or names of people and service accounts, or globs such as `*@example.com`.
        permissions (PATTERN): Show only matching permissions, for example `api.*.write`. Repeatable.
        projects (PROJECT): Show only permissions that apply in this project (name or id). Repeatable.
    """
    report.refuse_unusable(html, as_json=as_json)
    settings = connection.settings(max_wait, parallel)
    # of all people: a role of the organization counts in every project
    found = Memberships(settings, projects or (), who or ())
    found.read_people()
    roles = roles_and_accounts(found)
    known = {*roles.known_permissions, *KNOWN}
    for pattern in permissions or ():
        if not any(fnmatchcase(name, pattern) for name in known):
            terminal.warn(found.source.not_read)
            what = f"No role of the organization or its projects has a permission {pattern!r}{found.source.extent}"
            raise errors.NoMatchError(what, suggestion(pattern, known, "Settings > Organization > People > Roles"))
    found.read_projects(roles.may_have_custom)
    if roles.may_have_custom(ORGANIZATION):
        found.read_organization_roles()
    result = AccessReport(found, roles, found.projects, permissions or (), found.source)
    result.show(html, as_json=as_json)
    if not (result.entries or as_json or html):
        if permissions:
            nobody = "No matching person" if who else "Nobody"
            where = f"{' in these projects' * bool(projects)}{result.source.extent}"
            terminal.say(f"{nobody} has {' or '.join(permissions)}{where}.")
        else:
            terminal.say(f"There are no people to show{result.source.extent}.")
    return terminal.warn(result.source.not_read)


EVERY = "every permission"
NOT_KNOWN = "not known"
"""In the place of permissions: OpenAI does not show those of the role."""
_NONE = "none"
"""The role of a service account without a role: it has no permissions."""
_BASE_ROLES = {True: {OWNER, "reader"}, False: {OWNER, "member", "viewer", _NONE}}
"""The base roles, by whether they are of the organization."""


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
        self.known_permissions: set[str] = set()
        """The names of the permissions that any role has."""

    def add(self, place: str, role: Mapping[str, Any]) -> None:
        """Add a role as OpenAI shows it, in a project or in `ORGANIZATION`. It is found by its name and by its id."""
        permissions, name = frozenset(role.get("permissions") or ()), role_name(role)
        known = self._base if role.get("predefined_role") else self._custom
        self.known_permissions |= permissions
        for key in (name, canonical(str(role["id"]))):
            if key:
                known[place, key] = permissions
                self._names[place, key] = name or key

    def add_all(self, place: str, rows: Rows | None) -> None:
        """Add the list of the roles of a place; None if it could not be read."""
        if rows is None:
            self._not_listed.add(place)
        for row in rows or ():
            self.add(place, row)

    def may_have_custom(self, place: str) -> bool:
        """Return whether the place may have custom roles."""
        return place in self._not_listed or any(where == place for where, _ in self._custom)

    def name(self, held: HeldRole) -> str:
        """Return the name of a role; empty if it is not known."""
        role = held.role or ""
        return self._names.get((held.place, canonical(role)), role)

    def is_base(self, held: HeldRole) -> bool:
        """Return whether it is a base role, whose permissions OpenAI does not document."""
        key = held.place, canonical(held.role or "")
        return key in self._base or self.name(held) in _BASE_ROLES[held.place == ORGANIZATION]

    def permissions(self, held: HeldRole) -> frozenset[str]:
        """Return the permissions of a role: names, `EVERY`, or `NOT_KNOWN`."""
        key = held.place, canonical(held.role or "")
        custom, not_known = self._custom.get(key), frozenset({NOT_KNOWN})
        if not self.is_base(held):
            return not_known if custom is None else custom
        of_base_roles = {OWNER: frozenset({EVERY}), _NONE: frozenset[str]()}
        base = of_base_roles.get(self.name(held), self._base.get(key) or not_known)
        return base | (custom or frozenset())


def access_of(held: Iterable[HeldRole], roles: RolePermissions) -> list[Access]:
    """Return what somebody may do, by place: the union of the permissions of all roles.

    A role of the organization counts in every project, too, but has its entry in the organization only. Places are in
    the order of their first role, permissions by name.
    """
    known = list(dict.fromkeys(held))
    places = list(dict.fromkeys(item.place for item in known))
    found: dict[tuple[str, str], list[HeldRole]] = {}
    for item in known:
        for permission in roles.permissions(item):
            found.setdefault((item.place, permission), []).append(item)
    rank = {EVERY: 0, NOT_KNOWN: 2}
    order = sorted(found, key=lambda key: (places.index(key[0]), rank.get(key[1], 1), key[1]))
    return [Access(*key, found[key]) for key in order]


def roles_and_accounts(found: Memberships) -> RolePermissions:
    """Read all roles, the roles of groups in the organization, and the service accounts of projects.

    Accounts and roles of groups are added to what was found, which has the users of groups already.
    """
    roles, reader = RolePermissions(), found.reader

    def parts(project_id: str) -> tuple[Rows | None, Rows]:
        own = {"project_id": project_id}
        return reader.list_or_none("ProjectRole", **own), reader.list("ProjectServiceAccount", **own)

    with terminal.waiting("Listing the roles"):
        roles.add_all(ORGANIZATION, reader.list_or_none("Role"))
    for group_id, rows in reader.each("Reading roles of groups", "GroupRole", "group_id", found.groups).items():
        for row, user_id in product(rows, found.users_of[group_id]):
            found.add_organization_role(user_id, role_name(row), group_id)
    of_projects = connection.read_each("Reading roles and accounts", parts, found.projects, reader.client.parallel)
    for project_id, (listed, accounts) in of_projects.items():
        roles.add_all(project_id, listed)
        found.add_people(({**row, "is_service_account": True} for row in accounts), is_listed=False)
        for row in accounts:
            found.add_project_role(project_id, row["id"], row.get("role"))
    return roles


_ABOUT = ("invite_id", "user_id", "name", "email", "expires_at", "is_service_account")
"""What JSON has of somebody beside the access."""


class AccessReport(PeopleReport):
    """Everybody with their permissions, all or those that were asked for; who has none of these is not shown."""

    template = "access_page.html.jinja"
    what, owner_text = "permission", EVERY
    notes = (
        (
            "* OpenAI does not document which permissions base roles have. An owner is taken to have every permission. "
            "Other base roles have the permissions that OpenAI's list of roles shows; without any, they are not known."
        ),
        (
            "A role of the organization counts in all projects. An API key may have fewer permissions than its owner: "
            "OpenAI does not show the permissions of keys."
        ),
    )
    """What a reader of the result has to know: first of base roles, then of all roles."""

    def __init__(
        self,
        members: Iterable[Member],
        roles: RolePermissions,
        projects: Mapping[str, str],
        permissions: Sequence[str],
        source: report.Source,
    ) -> None:
        self._roles = roles
        self.permissions = permissions
        self._names = projects
        wanted = [*permissions, EVERY, NOT_KNOWN] if permissions else ["*"]
        entries = []
        for member in members:  # what somebody may do, or will be able to do
            named = {held: replace(held, role=roles.name(held) or None) for held in member.held}
            access = [
                replace(item, through=[named[held] for held in item.through])
                for item in access_of(member.held, roles)
                if any(fnmatchcase(item.permission, pattern) for pattern in wanted)
            ]
            if access or not permissions:
                entries.append(self._entry(member, access))
        super().__init__(entries, projects, source)

    def _entry(self, member: Member, access: Sequence[Access]) -> PeopleEntry:
        return PeopleEntry(
            member,
            [*map(self._line, access)] or [(IN_ORGANIZATION, ABSENT, ABSENT)],
            len(access),
            [held for item in access for held in item.through],
            any(item.permission == EVERY for item in access),
            lambda: {
                **{name: value for name, value in member.document(self._names).items() if name in _ABOUT},
                "access": [self._document(item) for item in access],
            },
        )

    def _line(self, access: Access) -> TableLine:
        place = IN_ORGANIZATION if access.place == ORGANIZATION else self._names.get(access.place, access.place)
        through = [f"{held.role or ABSENT}{'*' * self._roles.is_base(held)}, {held.through}" for held in access.through]
        return place, access.permission, "; ".join(through)

    def _document(self, access: Access) -> dict[str, Any]:
        is_base, is_named = self._roles.is_base, access.permission not in (EVERY, NOT_KNOWN)
        return {
            "project_id": access.place or None,
            "project": self._names.get(access.place),
            "permission": access.permission if is_named else None,
            "is_every_permission": access.permission == EVERY,
            "is_documented": not all(map(is_base, access.through)),
            "through": [{**held.document(), "is_base_role": is_base(held)} for held in access.through],
        }

    @override
    def head(self) -> Mapping[str, Any]:
        return {**super().head(), "notes": list(self.notes)}

    @override
    def rows_on_page(self, entry: PeopleEntry) -> Iterable[Sequence[CellOnPage]]:
        """Give the permissions that the same roles give in the same place as one row, which opens."""
        together: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for where, permission, through in entry.rows:
            is_named = permission not in (EVERY, NOT_KNOWN)
            together[where, through, "" if is_named else permission].append(permission)
        for (where, through, _), permissions in together.items():
            shown = permissions if len(permissions) > 1 else permissions[0]
            yield where, shown, through

    @override
    def show_table(self) -> None:
        super().show_table()
        has_base_role = any(map(self._roles.is_base, (held for entry in self.entries for held in entry.held)))
        for note in self.notes[not has_base_role :] if self.entries else ():
            terminal.show(terminal.cell(note, "dim"))
