"""Who is where, in a temporary file on disk: lists are by project, and people are shown one after the other.

Service accounts are among the people if they are in a group.
"""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.members_table import Grant, ListedGroup, Person, RolesInProject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType
    from typing import Self

_TABLES = """
CREATE TABLE people (
    user_id TEXT PRIMARY KEY, name TEXT, email TEXT, role TEXT, is_listed INTEGER, is_selected INTEGER, sort TEXT,
    is_account INTEGER
) WITHOUT ROWID;
CREATE TABLE group_users (user_id TEXT, group_id TEXT, PRIMARY KEY (user_id, group_id)) WITHOUT ROWID;
CREATE TABLE organization_roles (user_id TEXT, role TEXT, group_id TEXT);
CREATE UNIQUE INDEX organization_roles_of ON organization_roles (user_id, role, group_id);
CREATE TABLE project_roles (principal TEXT, project INTEGER, role TEXT);
CREATE INDEX project_roles_of ON project_roles (principal, project);
"""
_IN_A_PROJECT = """
AND (
    EXISTS (SELECT 1 FROM project_roles WHERE principal = people.user_id)
    OR EXISTS (
        SELECT 1 FROM group_users JOIN project_roles ON principal = group_id WHERE group_users.user_id = people.user_id
    )
)
"""


class Memberships:
    """The people of an organization. Only the names of projects and groups are in memory.

    Args:
        projects: The names of the projects that are read, by id, in the order in which they are shown.
        only_in_projects: Whether to show only people who are in one of these projects.
    """

    def __init__(self, projects: Mapping[str, str], *, only_in_projects: bool) -> None:
        self._projects = list(projects.items())
        self._numbers = {id_: number for number, id_ in enumerate(projects)}
        self._only = _IN_A_PROJECT if only_in_projects else ""
        self._groups: dict[str, ListedGroup] = {}
        self.lists_people = False
        """Whether the users of the organization could be listed."""
        self._database = sqlite3.connect("")  # a file that SQLite deletes itself
        self._database.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()
        if isinstance(error, sqlite3.Error):
            what = f"The temporary file for the members can't be used: {error}"
            raise errors.ConfigurationError(what, "Free space in the folder for temporary files (TMPDIR).") from error

    def add_people(self, rows: Iterable[Mapping[str, Any]], *, is_listed: bool) -> None:
        """Add people whom a list shows; people who are known stay as they are.

        Args:
            rows: Each with `id`, and where OpenAI shows them `name`, `email`, `role` and `is_service_account`.
            is_listed: Whether it is the list of the organization, whose roles are those of the organization.
        """
        self._database.executemany(
            "INSERT OR IGNORE INTO people VALUES (?, ?, ?, ?, ?, 1, ?, ?)",
            (
                (
                    row["id"],
                    *_about(row),
                    row.get("role") if is_listed else None,
                    is_listed,
                    _sort(row),
                    bool(row.get("is_service_account")),
                )
                for row in rows
            ),
        )

    def add_groups(self, groups: Iterable[ListedGroup]) -> None:
        """Add groups of the organization."""
        self._groups.update((group.group_id, group) for group in groups)

    def add_group_users(self, group_id: str, users: Iterable[Mapping[str, Any]]) -> None:
        """Add the users of a group."""
        known = list(users)
        self.add_people(known, is_listed=False)
        self._database.executemany(
            "INSERT OR IGNORE INTO group_users VALUES (?, ?)", ((user["id"], group_id) for user in known)
        )

    def add_organization_role(self, user_id: str, role: str | None, group_id: str | None) -> None:
        """Add a role of the organization that is assigned to a person; `group_id` if it is inherited."""
        self._database.execute("INSERT OR IGNORE INTO organization_roles VALUES (?, ?, ?)", (user_id, role, group_id))

    def add_group_role(self, group_id: str, role: str | None) -> None:
        """Add a role of the organization that all users and service accounts of a group have."""
        self._database.execute(
            "INSERT OR IGNORE INTO organization_roles SELECT user_id, ?, group_id FROM group_users WHERE group_id = ?",
            (role, group_id),
        )

    def add_project_role(self, project_id: str, principal: str, role: str | None) -> None:
        """Add a role that a person or a group has in a project."""
        number = self._numbers[project_id]
        self._database.execute("INSERT INTO project_roles VALUES (?, ?, ?)", (principal, number, role))

    def group_ids(self) -> list[str]:
        """The ids of the groups that are listed."""
        return list(self._groups)

    def texts(self) -> Iterator[tuple[str, str | None, str | None]]:
        """The id, address and name of everybody."""
        yield from self._database.execute("SELECT user_id, email, name FROM people ORDER BY sort, user_id")

    def select(self, user_ids: Iterable[str]) -> None:
        """Show only these people."""
        self._database.execute("UPDATE people SET is_selected = 0")
        self._database.executemany(
            "UPDATE people SET is_selected = 1 WHERE user_id = ?", ((user_id,) for user_id in user_ids)
        )

    def shown(self) -> Iterator[str]:
        """The ids of the people and service accounts to show, by name."""
        query = f"SELECT user_id FROM people WHERE is_selected {self._only} ORDER BY sort, user_id"  # noqa: S608 - constants
        for (user_id,) in self._database.execute(query):
            yield user_id

    def may_have_roles(self) -> Iterator[str]:
        """The ids of those to show who may have roles of the organization: users that it lists."""
        for user_id in self.shown():
            is_listed, is_account = self._database.execute(
                "SELECT is_listed, is_account FROM people WHERE user_id = ?", (user_id,)
            ).fetchone()
            if is_listed or not (self.lists_people or is_account):
                yield user_id

    def role_of(self, user_id: str) -> str | None:
        """The `role` of a person in the organization."""
        found = self._database.execute("SELECT role FROM people WHERE user_id = ?", (user_id,)).fetchone()
        return None if found is None else found[0]

    def __iter__(self) -> Iterator[Person]:
        """The people to show, by name. Each iteration reads them again."""
        for user_id in self.shown():
            yield self._person(user_id)

    def group(self, group_id: str) -> ListedGroup:
        """A group; without its name if the key may not list groups."""
        return self._groups.get(group_id) or ListedGroup(group_id, group_id, is_scim_managed=False)

    def _person(self, user_id: str) -> Person:
        name, email, role, is_listed, is_account = self._database.execute(
            "SELECT name, email, role, is_listed, is_account FROM people WHERE user_id = ?", (user_id,)
        ).fetchone()
        roles = self._database.execute(
            "SELECT role, group_id FROM organization_roles WHERE user_id = ? ORDER BY rowid", (user_id,)
        )
        grants = [self._grant(*row) for row in roles]
        ids = self._database.execute("SELECT group_id FROM group_users WHERE user_id = ?", (user_id,))
        groups = sorted((self.group(row[0]) for row in ids), key=lambda group: (group.name.casefold(), group.group_id))
        return Person(
            user_id,
            name,
            email,
            is_in_organization=bool(is_listed) if self.lists_people else None,
            role=role,
            organization_roles=grants,
            groups=groups,
            projects=list(self._in_projects(user_id, groups)),
            is_service_account=bool(is_account),
        )

    def _in_projects(self, user_id: str, groups: Iterable[ListedGroup]) -> Iterator[RolesInProject]:
        principals = json.dumps([user_id, *(group.group_id for group in groups)])
        rows = self._database.execute(
            "SELECT project, principal, role FROM project_roles WHERE principal IN (SELECT value FROM json_each(?)) "
            "ORDER BY project, principal <> ?, rowid",
            (principals, user_id),
        )
        roles: dict[int, list[Grant]] = {}
        for project, principal, role in rows:
            found = self._grant(role, None if principal == user_id else principal)
            roles.setdefault(project, []).append(found)
        for project, found_roles in roles.items():
            yield RolesInProject(*self._projects[project], found_roles)

    def _grant(self, role: str | None, group_id: str | None) -> Grant:
        return Grant(role, group_id, None if group_id is None else self.group(group_id).name)


def _about(row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    return row.get("name"), row.get("email")


def _sort(row: Mapping[str, Any]) -> str:
    """By name, case-insensitive; people without a name are last."""
    name, email = _about(row)
    return f"0{name.casefold()}" if name else f"1{(email or '').casefold()}"
