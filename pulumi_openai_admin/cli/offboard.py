"""The command `offboard`: everything that a person has in an organization, which resources of stacks manage it, and its
removal.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import typer

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import authors, connection, recorded, terminal
from pulumi_openai_admin.cli.adopt.stack import StackState
from pulumi_openai_admin.cli.authors import by
from pulumi_openai_admin.cli.keys import State, confirmed, deleting, revoke_key
from pulumi_openai_admin.cli.listed_keys import FoundKeys, is_in_project, known_time, managers_in, read_states
from pulumi_openai_admin.cli.memberships import IN_ORGANIZATION, OWNER, MemberReader, group_ids, role_name
from pulumi_openai_admin.cli.options import READ, WRITE, AsJson, MaxWait, Parallel, declare
from pulumi_openai_admin.cli.report import Column, print_table, values_of
from pulumi_openai_admin.cli.steps import End, PlannedStep, Steps, changing
from pulumi_openai_admin.cli.words import describe, event_of, in_words
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.creation import VISIBILITY_LAG_SECONDS
from pulumi_openai_admin.handlers.kinds.roles import canonical
from pulumi_openai_admin.handlers.shapes.collection import delete_if_exists
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.printable import counted
from pulumi_openai_admin.schema.formats import moment_in_words
from pulumi_openai_admin.schema.paths import GROUP, PROJECT, USER, fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.cli.connection import Rows
    from pulumi_openai_admin.cli.listed_keys import ListedKey
    from pulumi_openai_admin.config import Settings

_NOUNS = {
    "Invite": "invite",
    "ProjectApiKey": "API key",
    "AdminApiKey": "Admin API key",
    "UserRole": "role",
    "ProjectUserRole": "role",
    "GroupUser": "group",
    "ProjectUser": "project",
    "OrganizationUser": "user",
    "OrganizationSpendAlert": "spend alert",
    "ProjectSpendAlert": "spend alert",
    "": "declaration",
}
"""What a person can have, by the name of its resource or provider function, in the order in which it is removed: what
is left can't give the person back what is removed. The empty one is what only a resource of a stack has."""
_USER, _PROJECT_USER = "OrganizationUser", "ProjectUser"
_DONE = "removed"
"""What becomes of it."""
_ENDS = {_USER: "user.deleted", "Invite": "invite.deleted"}
"""The events of the audit log that say that somebody is no longer there."""
_SCIM = "identity provider"


@dataclass
class Held(PlannedStep):
    """Something that a person has."""

    resource: str
    """See `_NOUNS`."""
    id: str
    """Its id in the list that it is in."""
    parents: Mapping[str, str]
    """The ids in the path of the list."""
    where: str
    """The place, in words."""
    detail: str
    """What people need to recognize it, such as a role."""
    created_at: int | None = None
    """When it was created, in seconds since 1970; None if that is not known."""
    is_scim_managed: bool = False
    """Whether an identity provider manages it."""
    key: ListedKey | None = None
    """The key, if it is one."""
    managed_by: Sequence[str] = ()
    """The resources of the selected stacks that manage it, each with its line."""

    def __post_init__(self) -> None:
        self.title = self._title()

    @property
    def noun(self) -> str:
        """What it is, in words."""
        return _NOUNS[self.resource]

    @property
    def is_removable(self) -> bool:
        """Whether the command removes such things."""
        return bool(self.resource) and not self.is_alert

    @property
    def is_alert(self) -> bool:
        """Whether it only informs the person."""
        return self.resource in {"OrganizationSpendAlert", "ProjectSpendAlert"}

    @property
    def ended(self) -> str:
        """Who has removed it before, in words; empty if it is there."""
        return f"removed by {by(self.author)}" if self.author else ""

    @property
    def is_membership(self) -> bool:
        """Whether it is the membership in a group or in a project."""
        return self.resource in {_PROJECT_USER, "GroupUser"}

    @property
    def shown_id(self) -> str:
        """The id by which people know it: of a membership, that of the group or project."""
        return next(iter(self.parents.values())) if self.is_membership else self.id

    def _title(self) -> str:
        if self.key is not None:
            return self.key.title
        if self.is_membership:
            return f"membership in {self.noun} {self.where} ({self.shown_id})"
        place = f"in {self.where}" if PROJECT.id_name in self.parents else "of the organization"
        return f"{self.noun} {self.id} {place}"

    @property
    def identity(self) -> tuple[str, ...]:
        """What no other thing has."""
        return self.resource, self.id, *self.parents.values()

    @property
    def address(self) -> str:
        """Where OpenAI has it; of a key, see `revoke_key`."""
        return fill(f"{connection.look_up(self.resource).handler.path}/{{id}}", **self.parents, id=self.id)

    def is_at(self, place: str) -> bool:
        """Return whether the place of a claim that names the person is where this is.

        Who is removed from a project loses the roles there, so what manages one of these manages the membership.
        """
        path, *words = place.split(" ")
        paths = [fill(connection.look_up(self.resource).handler.path, **self.parents)]
        if self.resource == _PROJECT_USER:
            roles = connection.look_up("ProjectUserRole").handler.path
            paths.append(fill(roles, **self.parents, **{USER.id_name: self.id}))
        return path in paths and (self.resource not in {"UserRole", "ProjectUserRole"} or canonical(self.id) in words)


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
        lambda held: ", ".join(filter(None, [held.detail, *[_SCIM] * held.is_scim_managed, held.ended])) or None,
        {"detail": lambda held: held.detail or None, "is_scim_managed": lambda held: held.is_scim_managed},
    ),
    Column[Held](
        "managed by",
        lambda held: ", ".join(held.managed_by) or None,
        {
            "managed_by": lambda held: list(held.managed_by),
            "status": lambda held: held.status(_DONE),
            "why": lambda held: held.why or None,
            "removed_by": lambda held: held.author and held.author.name,
            "removed_at": lambda held: held.author and held.author.at,
        },
    ),
)


@declare(page="offboard.md", scopes=[READ, WRITE])
def offboard(  # noqa: PLR0913 - the options of the command
    email: str,
    *,
    apply: bool = False,
    yes: bool = False,
    state: State = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> int:
    """List everything that a person has, with the resource and the line of the program that grants it, or remove it.

    Without `--apply`, nothing is changed. With it, the person loses invites, keys, roles, groups and projects, and is
    removed from the organization last. A refusal does not keep it from removing the rest, other than the user. It can
    be run again: who is no longer there is looked up in the audit log. While a selected stack manages a part, the last
    step is refused.

    Examples:
    ```console
    pulumi-openai-admin offboard grace@example.com
    pulumi-openai-admin offboard grace@example.com --state prod.json
    pulumi-openai-admin offboard grace@example.com --apply
    ```

    Options:
        email (EMAIL): The email address of the person; of a person whom OpenAI no longer lists, the id of the user.
        apply: Remove what no selected stack manages.
        yes: Do not ask.
    """
    who = email.strip()
    if not who:
        raise typer.BadParameter("It is empty.", param_hint="EMAIL")
    if yes and not apply:
        raise typer.BadParameter("It belongs to --apply.", param_hint="--yes")
    settings = connection.settings(max_wait, parallel)
    found = HeldByPerson(settings, who, read_states(state, is_needed=apply and is_in_project()))
    found.read(with_alerts=not apply)
    if not apply:
        if as_json:
            terminal.show_json(_document(found))
        else:
            _show(found)
        return terminal.warn([*found.not_read, *found.alerts_not_read, *found.odd_times])
    with changing(_DONE, lambda: found.removable, lambda: _document(found), as_json=as_json) as taken:
        if not as_json:
            with taken.output():
                _show(found)
        _apply(settings, found, taken, is_asked=not yes)
    code = taken.code(found.removable)
    return terminal.NOT_READ if code == terminal.DONE and found.alerts_not_read else code


def _show(found: HeldByPerson) -> None:
    print_table(_COLUMNS, found.held)
    is_scim_managed = any(held.is_scim_managed for held in found.held)
    notes = {
        "The person is the last owner of the organization: make somebody else an owner first.": found.is_last_owner,
        f"The person {found.key_ownership} the key that this command uses: use another one.": found.key_ownership,
        f"{_SCIM}: OpenAI may refuse to change what it manages (SCIM).": is_scim_managed,
        "Remove the person from the lines above, and run `pulumi up`: until then, --apply does not remove the person "
        "from the organization.": found.managers,
    }
    for note in (note for note, is_so in notes.items() if is_so):
        terminal.say(note, "yellow")
    unknown = "It is not known what other stacks manage."
    terminal.say(unknown if found.stacks is not None else f"No state was read. {unknown} --state names one.")


def _document(found: HeldByPerson) -> dict[str, Any]:
    return {
        "email": found.who,
        "user_ids": found.user_ids,
        "read_at": int(found.keys.read_at),
        "not_read": list(found.not_read),
        "alerts_not_read": list(found.alerts_not_read),
        "is_last_owner": found.is_last_owner,
        "owns_used_key": {"owns": True, "may own": None}.get(found.key_ownership, False),
        "is_state_known": found.stacks is not None,
        "managers": found.managers,
        "has": [values_of(_COLUMNS, held) for held in found.held],
    }


def _apply(settings: Settings, found: HeldByPerson, taken: Steps, *, is_asked: bool) -> None:
    """Remove everything that no selected stack manages, in order; then say what only informs the person."""
    terminal.warn([*(known := found.not_read), *found.odd_times])
    _refuse_users(found, "Nothing was removed")
    todo = [held for held in found.left if not held.managed_by and held.resource != _USER]
    users = sum(held.resource == _USER for held in found.left)
    removed = len(todo) + (0 if found.managers or known else users)
    effect = f"This removes {counted(removed, 'entry', 'entries')} of {found.who}, and can't be undone."
    if removed and is_asked and not confirmed(f"{effect} Remove? [y/N] ", _DONE):
        taken.refuse()
        return
    taken.is_begun = True
    client = Client(Requestor(settings))
    for held in todo:
        taken.take(held, partial(_remove, client, held))
    new = found.read_again()
    terminal.warn(line for line in found.not_read if line not in known)
    is_agreed = removed or not is_asked
    for held in new if is_agreed else ():
        taken.take(held, partial(_remove, client, held))
    try:
        _refuse_incomplete(found)
    except errors.ConfigurationError:
        _inform(found)
        raise
    last = [held for held in found.left if held.resource == _USER and is_agreed]
    for held in last:
        taken.take(held, partial(_remove, client, held))
    if last and not any(held.is_left for held in last):
        for held in found.left:  # a membership ends with the user
            held.end, held.why = End.DONE, ""
            taken.show(held)
    _inform(found)
    terminal.say("Keys of service accounts that the person could read still work: rotate them.")


def _inform(found: HeldByPerson) -> None:
    """Say which spend alerts name the person. They give no access, so they are read after everything is removed."""
    found.read_alerts()
    terminal.warn(found.alerts_not_read)
    if alerts := [held.title for held in found.held if held.is_alert]:
        terminal.say(f"Not changed, because alerts give no access: {', '.join(alerts)}.")


def _refuse_users(found: HeldByPerson, event: str) -> None:
    """Refuse to remove several people, the last owner, and the owner of the key in use."""
    if len(found.user_ids) > 1:
        ids = ", ".join(found.user_ids)
        what = f"{event}, because {len(found.user_ids)} users of the organization have the address {found.who}: {ids}"
        raise errors.ConfigurationError(what, "Use the id of one of them in place of the address.")
    if found.is_last_owner:
        what = f"{event}, because {found.who} is the last owner of the organization"
        raise errors.ConfigurationError(what, "Make somebody else an owner first.")
    if found.key_ownership:
        what = f"{event}, because {found.who} {found.key_ownership} the key that this command uses"
        advice = "Set OPENAI_ADMIN_KEY to an Admin API key of another owner, and run the command again."
        raise errors.ConfigurationError(what, advice)


def _remove(client: Client, held: Held) -> None:
    """Remove something, or keep it until the user is removed.

    Some organizations keep people in the default project, and owners in all projects. OpenAI keeps accepted invites.
    """
    try:
        _delete(client, held)
    except errors.BadRequestError as refusal:
        if isinstance(refusal, errors.ConflictError) or not (
            held.resource == _PROJECT_USER or _is_accepted(client, held)
        ):
            raise
        held.end, held.why = End.KEPT, f"{event_of(refusal)}. It ends with the removal from the organization."


def _is_accepted(client: Client, held: Held) -> bool:
    """Return whether something is an invite that the person has accepted since it was read."""
    if held.resource != "Invite":
        return False
    with client.operation():
        return client.send(Call("GET", held.address, f"read {held.title}")).get("status") == "accepted"


def _delete(client: Client, held: Held) -> None:
    """Delete something at OpenAI. If the response is lost, ask OpenAI whether it still exists."""
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


def _refuse_incomplete(found: HeldByPerson) -> None:
    """Refuse the last step while a stack would give the person something again, or while something may be left."""
    if found.managers:
        for held in found.left:
            if held.managed_by:
                held.why = f"It is managed by {'; '.join(held.managed_by)}."
        listed = "; ".join(found.managers)
        why = f"resources of the stacks manage a part of it: {listed}"
        advice = "Remove the person from these lines, run `pulumi up`, and run the command again."
        raise errors.ConfigurationError(f"The removal of {found.who} is not complete, because {why}", advice)
    if refused := [held for held in found.left if held.end in {End.REFUSED, End.UNKNOWN}]:
        entries = counted(len(refused), "entry", "entries")
        what = f"The removal of {found.who} is not complete, because {entries} may still give access"
        raise errors.ConfigurationError(what, "Correct what the list says, and run the command again.")
    if found.not_read:
        what = f"The removal of {found.who} is not complete, because it is not known what else the person has"
        raise errors.ConfigurationError(what, "Correct what the warnings say, and run the command again.")
    _refuse_users(found, f"The removal of {found.who} is not complete")


class HeldByPerson:
    """Everything that a person has. Somebody who has left and come back has several ids; addresses are in lower case.

    The constructor reads all API keys and users of the organization, `read` the rest.
    """

    def __init__(self, settings: Settings, who: str, stacks: Sequence[Any] | None) -> None:
        self.who = who
        self.stacks = stacks
        self._settings = settings
        self._managers = managers_in(stacks)
        self._titles = {resource.urn: title for resource, title in recorded.managing(stacks or ())}
        self._states = [*map(StackState, stacks or ())]
        self._not_known = [text for stack in self._states for text in stack.not_known(self._titles)]
        self._ids, self._addresses = {who}, {who.lower()}
        self._places: dict[str, str] = {}
        """The names of projects and groups, by id."""
        self._refused: Sequence[str] = ()
        """What earlier lists refused."""
        self.alerts_not_read: Sequence[str] = ()
        """Which spend alerts could not be read, each as a sentence: they inform, and give no access."""
        self.held: list[Held] = []
        self._read_keys_and_users()

    def _read_keys_and_users(self) -> None:
        self._lists = MemberReader(self._settings)
        self.keys = FoundKeys(self._lists, self._managers)
        self._places |= self.keys.projects
        self._asked: set[str] = set()
        """The ids of users that the list lacks, and that OpenAI was asked for."""
        self._accepted: list[Mapping[str, Any]] = []
        """The invites that the person has accepted moments ago."""
        self._identify()

    @property
    def not_read(self) -> list[str]:
        """What could not be read, and may give access, each as a sentence. An odd time of a key gives none."""
        listed = {str(row.get("email") or "").lower() for row in self.keys.people.values()}
        unseen = [
            f"Not shown: the user who has accepted invite {row['id']}. OpenAI may show the user in a minute."
            for row in self._accepted
            if str(row.get("email") or "").lower() not in listed
        ]
        return [*dict.fromkeys([*self._refused, *self._lists.refused(), *unseen, *self._not_known])]

    @property
    def odd_times(self) -> list[str]:
        """Which times that OpenAI shows are none, each as a sentence."""
        return self._lists.odd_times()

    @property
    def _owners(self) -> set[str]:
        people = self.keys.people.items()
        return {id_ for id_, row in people if row.get("role") == OWNER and not row.get("is_service_account")}

    @property
    def is_last_owner(self) -> bool:
        """Whether the organization has no other owner."""
        return bool(self._owners) and self._owners <= self._ids

    @property
    def key_ownership(self) -> str:
        """Whether the person owns the key that the command uses: `owns`, `may own`, or empty."""
        shown = self.keys.shown_as(self._settings.admin_api_key)
        own = [key for key in shown or self.keys.of_organization if self._has(key.owner_id, key.owner_email)]
        may_own = own or (not shown and self._owners & self._ids)  # only owners create Admin API keys
        return "owns" if shown and own == shown else "may own" if may_own else ""

    @property
    def managers(self) -> list[str]:
        """The resources of the selected stacks that manage a part of it, or would give it again."""
        blocking = [held for held in self.held if held.is_removable or not held.resource]
        return sorted({manager for held in blocking for manager in held.managed_by})

    @property
    def left(self) -> list[Held]:
        """What the person still has."""
        return [held for held in self.removable if held.is_left]

    @property
    def removable(self) -> list[Held]:
        """What the person has, or had before it was removed."""
        return [held for held in self.held if held.is_removable]

    @property
    def user_ids(self) -> list[str]:
        """The ids of the users who are there."""
        return sorted({held.id for held in self.left if held.resource == _USER})

    def read(self, *, with_alerts: bool) -> None:
        """Read all but keys. Who has nothing may have been removed before; if that can't be shown, it is an error."""
        names = -1
        while names != (names := self._identify()):  # rows of groups and projects may name more ids and addresses
            self.held = [*self._of_organization(), *self._of_keys(), *self._of_groups(), *self._of_projects()]
        log = "" if self.held else self._read_removals()
        if with_alerts or not self.held:
            self.read_alerts()
        else:
            self._add_managers()
        if all(held.is_alert for held in self.held):
            what = (
                f"Nobody in the organization, no pending invite and no owner of a key is {self.who!r}. It can't be "
                f"shown that the person was removed, because {log}"
            )
            advice = "Check the address. Of a person who has left, use the id of the user (`user-…`)."
            if not self.held:
                terminal.warn([*self.not_read, *self.alerts_not_read])
                raise errors.NoMatchError(what, advice)
            terminal.warn([f"{what}. {advice}"])

    def _read_removals(self) -> str:
        """Add a person who was removed before; returns why it is not known, if nobody is found."""
        client = self._lists.client
        try:
            ids = self._ids | (authors.ids_of(client, self.who) if "@" in self.who else set())
            for resource, event in _ENDS.items():
                for id_, author in authors.newest_of(client, [event], ids - self.keys.people.keys()).items():
                    if resource != _USER or self._lists.user_or_none(id_) == {}:
                        self.held.append(Held(resource, id_, {}, IN_ORGANIZATION, "", end=End.ALREADY, author=author))
        except errors.AdminError as error:
            return f"the audit log could not be read ({event_of(error)})"
        return "the audit log does not have it"

    def read_alerts(self) -> None:
        """Read the spend alerts that inform the person."""
        lists, found = MemberReader(self._settings), list[Held]()

        def alerts(resource: str, **parents: str) -> list[Held]:
            rows = lists.list(resource, **parents)
            own = (row for row in rows if any(self._has(None, each) for each in _recipients(row)))
            amount = ("threshold_amount",)
            return [self._held(resource, row, parents, in_words(amount, row.get(amount[0]))) for row in own]

        failed: list[str] = []
        try:
            found += alerts("OrganizationSpendAlert")
            of_projects = connection.read_each(
                "Reading spend alerts",
                lambda id_: alerts("ProjectSpendAlert", **{PROJECT.id_name: id_}),
                self.keys.projects,
                lists.client.parallel,
            )
            found += chain.from_iterable(of_projects.values())
        except errors.AdminError as error:
            failed.append(f"Not shown: spend alerts. {describe(error)}")
        self.alerts_not_read = [*lists.refused(), *failed]
        self.held = [*(held for held in self.held if held.resource and not held.is_alert), *found]
        self._add_managers()

    def read_again(self) -> list[Held]:
        """Read keys, users and invites once more; return what the person has since, and what no stack manages of it."""
        known = {held.identity for held in self.held}
        self._refused = [*self._refused, *self._lists.refused()]
        self._read_keys_and_users()
        new = [held for held in [*self._of_organization(), *self._of_keys()] if held.identity not in known]
        self.held = [*(held for held in self.held if held.resource), *new]
        self._add_managers()
        return [held for held in new if held.is_removable and held.resource != _USER and not held.managed_by]

    def _has(self, id_: object, email: object) -> bool:
        """Whether an id or an address is the person's. Who is named by an id has no part in another user's address."""
        people = self.keys.people
        if self.who in people and id_ != self.who and id_ in people:
            return False
        return id_ in self._ids or str(email or "").lower() in self._addresses

    def _learn(self, id_: object, email: object) -> bool:
        """Return whether an id or an address is the person's; then the other one is, too."""
        if is_own := self._has(id_, email):
            self._ids |= {str(id_)} if id_ else set()
            self._addresses |= {str(email).lower()} if email else set()
        return is_own

    def _identify(self) -> int:
        """Learn the ids and addresses of the person, of users and owners of keys; returns how many there are.

        The list of users may lack one, so each id that it lacks is asked for: only a 404 says that there is no user.
        """
        names = -1
        while names != (names := len(self._ids) + len(self._addresses)):
            self._own_users(self.keys.people.values())
            for key in self.keys.keys:
                self._learn(key.owner_id, key.owner_email)
            for id_ in sorted(self._ids - self.keys.people.keys() - self._asked):
                if id_.startswith("user") and "@" not in id_:
                    self._asked.add(id_)
                    if user := self._lists.user_or_none(id_):
                        self.keys.people[id_] = dict(user)
        return names

    def _of_keys(self) -> Iterator[Held]:
        for key in self.keys.keys:
            if self._has(key.owner_id, key.owner_email):
                used = "never used" if key.last_used_at is None else f"last used {moment_in_words(key.last_used_at)}"
                parents = {PROJECT.id_name: key.project_id} if key.project_id else {}
                resource, where = "ProjectApiKey" if parents else "AdminApiKey", key.project or IN_ORGANIZATION
                detail = ", ".join(filter(None, [key.name, used]))
                managed_by = [key.managed_by] if key.managed_by else []
                yield Held(resource, key.key_id, parents, where, detail, key=key, managed_by=managed_by)

    def _of_organization(self) -> Iterator[Held]:
        """What the person has in the organization, but groups."""
        for invite in self._lists.list("Invite"):
            if not self._has(invite.get("id"), invite.get("email")):
                continue
            accepted_at = known_time(invite.get("accepted_at"))
            if accepted_at is not None and self.keys.read_at - accepted_at < VISIBILITY_LAG_SECONDS:
                self._accepted.append(invite)
            if invite.get("status") == "pending":
                until = known_time(invite.get("expires_at"))
                expires = "" if until is None else f", expires {moment_in_words(until)}"
                yield self._held("Invite", invite, {}, f"{invite.get('role')}{expires}")
        for row in self._own_users(self.keys.people.values()):
            user = {USER.id_name: row["id"]}
            yield self._held(_USER, row, {}, row.get("role"))
            yield from self._roles("UserRole", user)

    def _of_groups(self) -> Iterator[Held]:
        groups = {row["id"]: row for row in self._lists.list("Group")}
        self._places |= {id_: str(row.get("name") or id_) for id_, row in groups.items()}
        for group_id, rows in self._lists.each("Reading groups", "GroupUser", GROUP.id_name, groups).items():
            of_group = {"is_scim_managed": groups[group_id].get("is_scim_managed")}
            for row in self._own_users(rows):
                yield self._held("GroupUser", {**row, **of_group}, {GROUP.id_name: group_id}, "")

    def _of_projects(self) -> Iterator[Held]:
        def read(project_id: str) -> list[Held]:
            parents, found = {PROJECT.id_name: project_id}, []
            for row in self._own_users(self._lists.list("ProjectUser", **parents)):
                found.append(self._held("ProjectUser", row, parents, row.get("role")))
                found += self._roles("ProjectUserRole", {**parents, USER.id_name: row["id"]})
            return found

        found = connection.read_each("Reading projects", read, self.keys.projects, self._lists.client.parallel)
        return chain.from_iterable(found.values())

    def _own_users(self, rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        return [row for row in rows if self._learn(row.get("id"), row.get("email"))]

    def _roles(self, resource: str, parents: Mapping[str, str]) -> Iterator[Held]:
        """Custom roles that are assigned directly. A base role ends with the membership: to change it could grant."""
        rows: Rows = self._lists.list(resource, **parents)
        for row in rows:
            if not (row.get("predefined_role") or group_ids(row)):
                yield self._held(resource, row, parents, role_name(row))

    def _held(self, resource: str, row: Mapping[str, Any], parents: Mapping[str, str], detail: object) -> Held:
        place = next(iter(parents.values()), "") if resource != "UserRole" else ""
        where = self._places.get(place, place) or IN_ORGANIZATION
        created_at = known_time(row.get("created_at") or row.get("added_at"))
        is_scim_managed = resource in {_USER, "GroupUser"} and bool(row.get("is_scim_managed"))
        return Held(resource, str(row["id"]), parents, where, str(detail or ""), created_at, is_scim_managed)

    def _add_managers(self) -> None:
        """Add the resources of the stacks to what they manage, and what they would give again to the list."""
        names = self._ids | self._addresses | {held.id for held in self.held if held.resource == "Invite"}
        naming = dict.fromkeys(claim for stack in self._states for claim in stack.claims.naming(names))
        claims = [(place, self._titles.get(urn, urn)) for place, urn in naming]
        matched: set[str] = set()
        for held in self.held:
            if held.key is None:
                own = {title for place, title in claims if held.is_removable and held.is_at(place)}
                alone = (self._managers or {}).get(held.id)
                held.managed_by = sorted(own | ({alone} if alone and not held.is_removable else set()))
                matched |= own
        for place, title in sorted(claims):
            if title not in matched:
                where = next((name for id_, name in self._places.items() if f"/{id_}/" in place), IN_ORGANIZATION)
                self.held.append(Held("", "", {}, where, "the person does not have it now", managed_by=[title]))
                matched.add(title)
        self.held.sort(key=lambda held: [*_NOUNS].index(held.resource))


def _recipients(alert: Mapping[str, Any]) -> Sequence[object]:
    recipients = documents.get(alert, "notification_channel.recipients")
    return recipients if isinstance(recipients, list) else ()
