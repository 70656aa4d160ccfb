"""The command `access`: who has which permission where, and through what, as a table, a page or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, members_terminal, terminal
from pulumi_openai_admin.cli.access.permissions import EVERY, ORGANIZATION, unmatched
from pulumi_openai_admin.cli.access.reading import AccessReader
from pulumi_openai_admin.cli.access.table import NOTES, AccessLine, Holder, Question
from pulumi_openai_admin.cli.members_reading import refuse_unknown, selected
from pulumi_openai_admin.cli.members_table import Selection
from pulumi_openai_admin.cli.memberships import Memberships
from pulumi_openai_admin.cli.organization import refuse_unwritable
from pulumi_openai_admin.cli.people import PeoplePage, PeopleSource
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.schema.constraints import KNOWN
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pulumi_openai_admin.cli.access.permissions import RolePermissions
    from pulumi_openai_admin.cli.members_table import ListedInvite, PeopleEntry

PAGE = PeoplePage(
    "access_page.html.jinja",
    "OpenAI access",
    "person, permission, project, role or group",
    AccessLine._fields,
    ("permission", EVERY),
)


@dataclass(frozen=True)
class AccessOptions:
    """The options of the command."""

    who: Sequence[str] = ()
    """People and service accounts: addresses, ids, names, or globs."""
    permissions: Sequence[str] = ()
    """Names of permissions, or globs."""
    projects: Sequence[str] = ()
    html: Path | None = None
    as_json: bool = False


def access(options: AccessOptions, *, max_wait: float, parallel: int) -> bool:
    """Read who has which roles and what the roles permit, and show the permissions.

    Returns:
        Whether the key could read every list. Lists that it may not read are reported, and the rest is shown.

    Raises:
        errors.NoMatchError: A person, a project or a permission is unknown. The message suggests the nearest names.
        errors.AdminError: Something else could not be read: a table without it would be wrong.
    """
    if options.html is not None:
        refuse_unwritable(options.html)
    settings = connection.settings(max_wait, parallel)
    reader = AccessReader(connection.read_only_client(settings))
    projects = reader.projects(options.projects)
    read_at = datetime.now(UTC)
    with Memberships(projects, only_in_projects=False) as found:  # a role of the organization counts in every project
        reader.people_and_groups(found)
        roles = reader.roles_and_accounts(found, projects)
        _refuse_unknown_permissions(options.permissions, roles)
        selection, invites = Selection(options.who), reader.invites_to(projects)
        if found.lists_people:  # before more lists are read, which may take long
            refuse_unknown(selection, found, invites)
        reader.in_projects(
            found,
            projects,
            lambda project_id, row: (
                roles.may_have_custom(project_id) and selection.has(row["id"], row.get("email"), row.get("name"))
            ),
        )
        chosen = selected(selection, found, invites)
        if roles.may_have_custom(ORGANIZATION):
            reader.roles_in_organization(found)
        view = _AccessView(found, chosen, Question(roles, projects, options.permissions))
        source = PeopleSource(settings.base_url, read_at, reader.refused())
        _show(options, view, source)
    return source.warn()


def _refuse_unknown_permissions(patterns: Sequence[str], roles: RolePermissions) -> None:
    known = {*roles.known_permissions(), *KNOWN}
    for pattern in unmatched(known, patterns):
        raise errors.NoMatchError(
            f"No role of the organization or its projects has a permission {pattern!r}",
            suggestion(pattern, known, "Settings > Organization > People > Roles"),
        )


@dataclass(frozen=True)
class _AccessView:
    """What is shown. Each iteration reads it again, because it may not fit into memory."""

    found: Memberships
    chosen_invites: Sequence[ListedInvite]
    question: Question

    def people(self) -> Iterator[Holder]:
        """People and service accounts, by name."""
        return self._answers(self.question.of_person(person) for person in self.found)

    def invites(self) -> Iterator[Holder]:
        """Invites, by address."""
        return self._answers(self.question.of_invite(invite) for invite in self.chosen_invites)

    def holders(self) -> Iterator[Holder]:
        """Everybody."""
        return chain(self.people(), self.invites())

    def entries(self) -> Iterator[PeopleEntry]:
        """Everybody, for the table and the page."""
        return map(self.question.entry, self.holders())

    def notes(self) -> Sequence[str]:
        """What a reader of the table has to know."""
        return NOTES if any(map(self.question.has_base_role, self.holders())) else NOTES[1:]

    def _answers(self, holders: Iterator[Holder]) -> Iterator[Holder]:
        return (holder for holder in holders if holder.access or not self.question.permissions)


def _show(options: AccessOptions, view: _AccessView, source: PeopleSource) -> None:
    question = view.question
    if options.as_json:
        source.show_json(
            {
                "people": map(question.document, view.people()),
                "invites": map(question.document, view.invites()),
            },
            notes=list(NOTES),
        )
    if options.html is not None:
        asked_for = [printable(pattern) for pattern in question.permissions]
        PAGE.save(options.html, view.entries, source, notes=NOTES, asked_for=asked_for)
    elif not options.as_json:
        _show_table(options, view)


def _show_table(options: AccessOptions, view: _AccessView) -> None:
    if members_terminal.show(view.entries, PAGE.heads, PAGE.owner_cell):
        for note in view.notes():
            terminal.show(terminal.cell(note, "dim"))
    elif options.permissions:
        who = "No matching person" if options.who else "Nobody"
        terminal.say(f"{who} has {' or '.join(options.permissions)}{' in these projects' * bool(options.projects)}.")
    else:
        terminal.say("There are no people to show.")
