"""What `access` reads beside what `members` reads: roles with their permissions, roles of groups, service accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.access.permissions import ORGANIZATION, RolePermissions
from pulumi_openai_admin.cli.members_reading import MemberReader
from pulumi_openai_admin.cli.members_table import role_name
from pulumi_openai_admin.cli.organization import read_each

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.cli.journal import Rows
    from pulumi_openai_admin.cli.memberships import Memberships


class _ProjectParts(NamedTuple):
    roles: Rows | None
    """None if the key may not read them."""
    accounts: Rows


class AccessReader(MemberReader):
    """Reads the lists: one for each kind and parent, and no list whose contents follow from another one."""

    def roles_and_accounts(self, found: Memberships, projects: Mapping[str, str]) -> RolePermissions:
        """Read all roles, the roles of groups in the organization, and the service accounts of projects.

        Args:
            found: Where the accounts, and the roles of groups, are added. It has the users of groups already.
            projects: The names of the projects by id.
        """
        roles = RolePermissions()
        with terminal.waiting("Listing the roles"):
            self._learn(roles, ORGANIZATION, self.list_or_none("Role"))
        for group_id, rows in read_each(
            "Reading roles of groups",
            lambda id_: self.list("GroupRole", group_id=id_),
            found.group_ids(),
            self._client.parallel,
        ):
            for row in rows:
                found.add_group_role(group_id, role_name(row))
        for project_id, parts in read_each(
            "Reading roles and accounts", self._parts, list(projects), self._client.parallel
        ):
            self._learn(roles, project_id, parts.roles)
            found.add_people(({**row, "is_service_account": True} for row in parts.accounts), is_listed=False)
            for row in parts.accounts:
                found.add_project_role(project_id, row["id"], row.get("role"))
        return roles

    def _parts(self, project_id: str) -> _ProjectParts:
        return _ProjectParts(
            self.list_or_none("ProjectRole", project_id=project_id),
            self.list("ProjectServiceAccount", project_id=project_id),
        )

    @staticmethod
    def _learn(roles: RolePermissions, place: str, rows: Rows | None) -> None:
        if rows is None:
            roles.cannot_list(place)
        for row in rows or ():
            roles.add(place, row)
