"""The command `offboard`: everything that a person has in an organization, and its removal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, terminal
from pulumi_openai_admin.cli.held import KEPT, REMOVED, Held, Identity, SelectedStacks, keys_of, read
from pulumi_openai_admin.cli.keys import State, confirmed, deleting, revoke_key
from pulumi_openai_admin.cli.listed_keys import FoundKeys, is_in_project, read_states
from pulumi_openai_admin.cli.options import READ, WRITE, AsJson, MaxWait, Parallel, argument, declare, flag
from pulumi_openai_admin.cli.report import Column, ShownTable, values_of
from pulumi_openai_admin.cli.words import counted
from pulumi_openai_admin.handlers.shapes.collection import delete_if_exists
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.printable import bounded
from pulumi_openai_admin.schema.paths import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.cli.held import HeldByPerson
    from pulumi_openai_admin.config import Settings

_SCIM = "identity provider"
_COLUMNS = (
    Column[Held]("what", lambda held: held.noun, {"type": lambda held: held.noun.lower().replace(" ", "_")}),
    Column[Held]("id", lambda held: held.shown_id or None, {"id": lambda held: held.shown_id or None}),
    Column[Held](
        "where",
        lambda held: held.where,
        {"where": lambda held: held.where, "project_id": lambda held: held.parents.get(PROJECT.id_name)},
    ),
    Column[Held](
        "detail",
        lambda held: ", ".join(filter(None, [held.detail, *[_SCIM] * held.is_scim_managed])) or None,
        {"detail": lambda held: held.detail or None, "is_scim_managed": lambda held: held.is_scim_managed},
    ),
    Column[Held](
        "managed by",
        lambda held: ", ".join(held.managed_by) or None,
        {"managed_by": lambda held: list(held.managed_by), "status": lambda held: held.status},
    ),
)


@declare(page="offboard.md", scopes=[READ, WRITE])
def offboard(  # noqa: PLR0913 - the options of the command
    email: Annotated[
        str,
        argument(
            "EMAIL", "The email address of the person; of a person whom OpenAI no longer lists, the id of the user."
        ),
    ],
    *,
    apply: Annotated[bool, flag("--apply", "Remove what no selected stack manages.")] = False,
    yes: Annotated[bool, flag("--yes", "Do not ask.")] = False,
    state: State = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> int:
    """List everything that a person has, with the resource and the line of the program that grants it, or remove it.

    Without `--apply`, nothing is changed. With it, the person loses invites, keys, roles, groups and projects, and is
    removed from the organization last. It ends at the first refusal, and can be run again. While a selected stack
    manages a part, the last step is refused.

    Examples:
    ```console
    pulumi-openai-admin offboard grace@example.com
    pulumi-openai-admin offboard grace@example.com --state prod.json
    pulumi-openai-admin offboard grace@example.com --apply
    ```
    """
    who = email.strip()
    if not who:
        raise typer.BadParameter("It is empty.", param_hint="EMAIL")
    if yes and not apply:
        raise typer.BadParameter("It belongs to --apply.", param_hint="--yes")
    settings = connection.settings(max_wait, parallel)
    stacks = SelectedStacks(read_states(state, is_needed=apply and is_in_project()))
    found = read(settings, who, stacks)
    if not as_json:
        _show(found)
    if not apply:
        if as_json:
            _show_json(found)
        return terminal.warn_of_unread(found.not_read)
    try:
        return _apply(settings, found, stacks, is_asked=not yes, say=terminal.say if as_json else terminal.show_line)
    finally:
        if as_json:
            _show_json(found)


def _show(found: HeldByPerson) -> None:
    ShownTable(_COLUMNS, found.held).print_rows()
    notes = {
        "The person is the last owner of the organization: make somebody else an owner first.": found.is_last_owner,
        f"The person {found.key_ownership} the key that this command uses: use another one.": found.key_ownership,
        f"{_SCIM}: OpenAI may refuse to change what it manages (SCIM).": any(
            held.is_scim_managed for held in found.held
        ),
        "Remove the person from the lines above, and run `pulumi up`: until then, --apply does not remove the person "
        "from the organization.": found.managers,
    }
    for note, is_so in notes.items():
        if is_so:
            terminal.say(note, "yellow")
    unknown = "It is not known what other stacks manage."
    terminal.say(unknown if found.is_state_known else f"No state was read. {unknown} --state names one.")


def _show_json(found: HeldByPerson) -> None:
    head = {
        "email": found.who,
        "user_ids": found.ids,
        "read_at": int(found.read_at),
        "not_read": list(found.not_read),
        "is_last_owner": found.is_last_owner,
        "owns_used_key": {"owns": True, "may own": None}.get(found.key_ownership, False),
        "is_state_known": found.is_state_known,
        "managers": found.managers,
    }
    terminal.show_json_lists(head, {"has": (values_of(_COLUMNS, held) for held in found.held)})


def _apply(
    settings: Settings, found: HeldByPerson, stacks: SelectedStacks, *, is_asked: bool, say: Callable[[str], None]
) -> int:
    """Remove everything that no selected stack manages, in order; returns the exit code.

    Raises:
        errors.AdminError: OpenAI refused something, or something was left.
    """
    terminal.warn_of_unread(found.not_read)
    _refuse_owners(found)
    todo = [held for held in found.left if not held.managed_by and not held.is_user]
    last = [held for held in found.left if held.is_user]
    removed = len(todo) + (0 if found.managers or found.not_read else len(last))
    question = (
        f"This removes {counted(removed, 'entry', 'entries')} of {found.who}, and can't be undone. Remove? [y/N] "
    )
    if removed and is_asked and not confirmed(question, "removed"):
        terminal.say("Nothing was removed.")
        return terminal.FAILED
    client = Client(Requestor(settings))
    try:
        for held in todo:
            _remove(client, held, say)
        _remove_new_keys(settings, client, found, stacks, say)
        _refuse_incomplete(found)
        for held in last:
            _remove(client, held, say)
        for held in found.left if last else ():  # a membership ends with the user
            held.status = REMOVED
        _say_what_remains(found)
    finally:
        if found.left:
            rest = bounded(", ", (held.title for held in found.left))
            terminal.say(f"Not removed, as far as is known: {rest}. Run the command again to continue.", "yellow")
    return terminal.FAILED if found.left else 0


def _say_what_remains(found: HeldByPerson) -> None:
    alerts = [held.title for held in found.held if not held.is_removable]
    if alerts:
        terminal.say(f"Not changed, because alerts give no access: {bounded(', ', alerts)}.")
    terminal.say("Keys of service accounts that the person could read still work: rotate them.")


def _refuse_owners(found: HeldByPerson) -> None:
    if found.is_last_owner:
        what = f"Nothing was removed, because {found.who} is the last owner of the organization"
        raise errors.ConfigurationError(what, "Make somebody else an owner first.")
    if found.key_ownership:
        what = f"Nothing was removed, because {found.who} {found.key_ownership} the key that this command uses"
        advice = "Set OPENAI_ADMIN_KEY to an Admin API key of another owner, and run the command again."
        raise errors.ConfigurationError(what, advice)


def _remove(client: Client, held: Held, say: Callable[[str], None]) -> None:
    """Remove something.

    Some organizations keep people in the default project, and owners in all projects. The membership then ends with the
    removal from the organization.
    """
    try:
        _delete(client, held)
    except errors.BadRequestError as refusal:
        if not held.is_in_project or isinstance(refusal, errors.ConflictError):
            raise
        held.status = KEPT
        terminal.say(f"{refusal.event}. It ends with the removal from the organization.", "yellow")
        return
    held.status = REMOVED
    say(f"removed {held.title}")


def _delete(client: Client, held: Held) -> None:
    """Delete something at OpenAI. If the response is lost, ask OpenAI whether it still exists.

    Raises:
        errors.AdminError: OpenAI refused, or it is not known whether it still exists.
    """
    if held.key is not None:
        revoke_key(client, held.key)
        return
    try:
        with deleting(client, Call("GET", held.address, f"read {held.title}")):
            call = Call("DELETE", held.address, f"remove {held.title}")
            delete_if_exists(client, call, held.created_at, held.parents)
    except (errors.BadRequestError, errors.PermissionDeniedError) as refusal:
        if not held.is_scim_managed:
            raise
        what = f"{refusal.what}: it is managed by your identity provider (SCIM)"
        advice = "Remove the person at the identity provider, and run the command again."
        raise type(refusal)(what, advice, refusal.facts) from None


def _remove_new_keys(
    settings: Settings, client: Client, found: HeldByPerson, stacks: SelectedStacks, say: Callable[[str], None]
) -> None:
    """List the keys once more, and revoke those that the person has created since."""
    keys = FoundKeys.read(settings, stacks.by_id)
    found.not_read = [*dict.fromkeys([*found.not_read, *keys.not_read])]
    known = {held.id for held in found.held if held.key}
    for held in keys_of(Identity.of(found.who, keys), keys):
        if held.id not in known:
            found.held.append(held)
            if not held.managed_by:
                _remove(client, held, say)


def _refuse_incomplete(found: HeldByPerson) -> None:
    """Refuse the last step while a stack would give the person something again, or while something may be left.

    Raises:
        errors.ConfigurationError: It would.
    """
    if found.managers:
        listed = "; ".join(found.managers)
        what = (
            f"The removal of {found.who} is not complete, because resources of the stacks manage a part of it: {listed}"
        )
        advice = "Remove the person from these lines, run `pulumi up`, and run the command again."
        raise errors.ConfigurationError(what, advice)
    if found.not_read:
        what = f"The removal of {found.who} is not complete, because some lists could not be read"
        raise errors.ConfigurationError(what, "Use a key that may read them, and run the command again.")
