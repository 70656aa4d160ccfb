"""`adopt --dry-run`: what would be imported, and the keys that can't be, with who made each. Nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.cli import connection, terminal, unmanaged
from pulumi_openai_admin.cli.drift import events
from pulumi_openai_admin.cli.words import counted

if TYPE_CHECKING:
    from pulumi_openai_admin.cli.adopt.objects import Reader
    from pulumi_openai_admin.cli.adopt.options import AdoptOptions
    from pulumi_openai_admin.cli.adopt.organization import AdoptedOrganization
    from pulumi_openai_admin.config import Settings
    from pulumi_openai_admin.http.client import Client


def show(  # noqa: PLR0913 - what was read, and how it is shown
    options: AdoptOptions,
    organization: AdoptedOrganization,
    reader: Reader,
    client: Client,
    settings: Settings,
    *,
    as_json: bool,
) -> None:
    """List what the command would write, and what else is there that it can't.

    Args:
        options: The options of the command.
        organization: What was read.
        reader: Gives the objects.
        client: Reads the lists of keys.
        settings: Those of a client for the audit log.
        as_json: Whether a program reads the list.
    """
    found = unmanaged.Found()
    found.add_all(organization, reader)
    found.name_people(client)
    count = len(found)
    not_read = _add_keys(found, options, organization, client) if organization.choice is None else []
    with terminal.waiting("Reading the audit log"):
        reason = events.read(connection.read_only_client(settings), found.search, client.clock.now())
    if as_json:
        head = {
            "left_out": reader.left_out,
            "managed": reader.managed,
            "not_listed": not_read,
            "audit_log": [reason] if reason else [],
        }
        terminal.show_json_lists(head, {"objects": (object_.document() for object_ in found.all())})
        return
    unmanaged.show(found.all(), {project.project_id: project.name or "" for project in organization.projects})
    for text in reader.left_out:
        terminal.say(f"Omitted: {text}.", "yellow")
    for text in not_read:
        terminal.say(f"warning: Not listed: {text}", "yellow")
    if reason:
        terminal.say(reason)
    others = f" {counted(len(found) - count, 'other')} can't be imported." if len(found) > count else ""
    advice = "Nothing was written. Without --dry-run, the command writes them."
    terminal.say(f"{counted(count, 'object')} to import.{others} {advice if count else 'Nothing was written.'}")


def _add_keys(
    found: unmanaged.Found, options: AdoptOptions, organization: AdoptedOrganization, client: Client
) -> list[str]:
    """Add the keys in the places that were read; returns why some lists could not be read."""
    known = options.into.state.known if options.into else set[str]()
    return found.add_keys(client, organization.projects, known, of_organization=organization.is_whole)
