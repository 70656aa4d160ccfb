"""The command `members`: who is where with which role, and through what, as a table, a page or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from pulumi_openai_admin.cli import connection, members_terminal, terminal
from pulumi_openai_admin.cli.members_reading import MemberReader, refuse_unknown, selected, texts_of
from pulumi_openai_admin.cli.members_table import (
    ListedInvite,
    Selection,
    TableLine,
    entry_of_invite,
    entry_of_person,
    only_owned,
    only_owned_invite,
)
from pulumi_openai_admin.cli.memberships import Memberships
from pulumi_openai_admin.cli.organization import refuse_unwritable
from pulumi_openai_admin.cli.people import PeoplePage, PeopleSource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pulumi_openai_admin.cli.members_table import PeopleEntry, Person

PAGE = PeoplePage(
    "members_page.html.jinja",
    "OpenAI members",
    "person, project, role or group",
    TableLine._fields,
    members_terminal.OWNER_CELL,
)


@dataclass(frozen=True)
class MembersOptions:
    """The options of the command."""

    projects: Sequence[str] = ()
    users: Sequence[str] = ()
    """Addresses, ids, names, or globs."""
    owners: bool = False
    all_roles: bool = False
    html: Path | None = None
    as_json: bool = False


def members(options: MembersOptions, *, max_wait: float, parallel: int) -> bool:
    """Read who is where, and show it.

    Lists are kept in a file and shown person by person, because an organization may be larger than memory.

    Returns:
        Whether the key could read every list. Lists that it may not read are reported, and the rest is shown.

    Raises:
        errors.AdminError: Something else could not be read: a table without it would be wrong.
    """
    if options.html is not None:
        refuse_unwritable(options.html)
    settings = connection.settings(max_wait, parallel)
    reader = MemberReader(connection.read_only_client(settings))
    projects = reader.projects(options.projects)
    read_at = datetime.now(UTC)
    with Memberships(projects, only_in_projects=bool(options.projects)) as found:
        reader.people_and_groups(found)
        invites = [invite for invite in reader.invites_to(projects) if invite.projects or not options.projects]
        selection = Selection(options.users)
        if found.lists_people:  # before the projects are read, which may take long
            refuse_unknown(selection, found, invites)
        reader.in_projects(found, projects, lambda _, row: options.all_roles and selection.has(*texts_of(row)))
        view = _View(found, selected(selection, found, invites), owners=options.owners)
        reader.roles_in_organization(found)
        source = PeopleSource(settings.base_url, read_at, reader.refused())
        _show(options, view, source)
    return source.warn()


@dataclass(frozen=True)
class _View:
    """What is shown."""

    found: Memberships
    all_invites: Sequence[ListedInvite]
    owners: bool

    def people(self) -> Iterator[Person]:
        """The people, by name."""
        for person in self.found:
            shown = only_owned(person) if self.owners else person
            if shown is not None:
                yield shown

    def invites(self) -> Iterator[ListedInvite]:
        """The invites, by address."""
        for invite in self.all_invites:
            shown = only_owned_invite(invite) if self.owners else invite
            if shown is not None:
                yield shown

    def entries(self) -> Iterator[PeopleEntry]:
        """Everybody. Each call reads them again, because they may not fit into memory."""
        return chain(map(entry_of_person, self.people()), map(entry_of_invite, self.invites()))


def _show(options: MembersOptions, view: _View, source: PeopleSource) -> None:
    if options.as_json:
        source.show_json(
            {
                "people": (person.document() for person in view.people()),
                "invites": (invite.document() for invite in view.invites()),
            }
        )
    if options.html is not None:
        PAGE.save(options.html, view.entries, source)
    elif not options.as_json and not members_terminal.show(view.entries):
        terminal.say(_why_nobody(options))


def _why_nobody(options: MembersOptions) -> str:
    if options.owners:
        return "No matching person is an owner."
    where = " in these projects" if options.projects else ""
    return f"There are no people to show{where}."
