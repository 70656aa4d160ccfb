"""The command `members`: who is where with which role, and through what, as a table, a page or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from pulumi_openai_admin.cli import connection, members_page, members_terminal, terminal
from pulumi_openai_admin.cli.members_reading import MemberReader, refuse_unknown, selected, texts_of
from pulumi_openai_admin.cli.members_table import (
    ListedInvite,
    Selection,
    TableLine,
    lines_of_invite,
    lines_of_person,
    only_owned,
    only_owned_invite,
)
from pulumi_openai_admin.cli.memberships import Memberships
from pulumi_openai_admin.cli.organization import refuse_unwritable
from pulumi_openai_admin.cli.whole_file import named, whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pulumi_openai_admin.cli.members_table import Person
    from pulumi_openai_admin.cli.members_terminal import Block


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
    read_at = datetime.now(timezone.utc)
    with Memberships(projects, only_in_projects=bool(options.projects)) as found:
        reader.people_and_groups(found)
        invites = [invite for invite in reader.invites_to(projects) if invite.projects or not options.projects]
        selection = Selection(options.users)
        if found.lists_people:  # before the projects are read, which may take long
            refuse_unknown(selection, found, invites)
        reader.in_projects(found, projects, lambda _, row: options.all_roles and selection.has(*texts_of(row)))
        view = _View(found, selected(selection, found, invites), owners=options.owners)
        reader.roles_in_organization(found)
        _show(options, view, _Source(settings.base_url, read_at, reader.refused()))
    for line in reader.refused():
        terminal.say(f"warning: {line}", "yellow")
    return not reader.refused()


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


@dataclass(frozen=True)
class _Source:
    """Where and when it was read, and what could not be read."""

    address: str
    read_at: datetime
    not_read: Sequence[str]


@dataclass(frozen=True)
class _Blocks:
    """The rows of the table, person by person. Each iteration reads them again."""

    view: _View

    def __iter__(self) -> Iterator[Block[TableLine]]:
        for person in self.view.people():
            yield person.titles, lines_of_person(person)
        for invite in self.view.invites():
            yield [invite.email or invite.invite_id], lines_of_invite(invite)


def _show(options: MembersOptions, view: _View, source: _Source) -> None:
    if options.as_json:
        terminal.show_json_lists(
            {"read_at": source.read_at.strftime("%Y-%m-%dT%H:%M:%SZ"), "not_read": list(source.not_read)},
            {
                "people": (person.document() for person in view.people()),
                "invites": (invite.document() for invite in view.invites()),
            },
        )
    if options.html is not None:
        with whole_file(options.html) as file:
            count = members_page.write(
                file, view.people, view.invites, source.read_at, source.address, not_read=source.not_read
            )
        terminal.say(f"Wrote {named(options.html)} (people and invites: {count:,}).")
    elif not options.as_json and not members_terminal.show(_Blocks(view)):
        terminal.say(_why_nobody(options))


def _why_nobody(options: MembersOptions) -> str:
    if options.owners:
        return "No matching person is an owner."
    where = " in these projects" if options.projects else ""
    return f"There are no people to show{where}."
