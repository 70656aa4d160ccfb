"""One person of the organization: invited first, a user once the invite is accepted.

The address selects the person until `invite_id` or `user_id` is known. If OpenAI's answer about the id says that it no
longer has what the state knows, the address selects again (`_follow_address`): the person may have come back under
another id. A refresh manages no invite that somebody else has sent since. A user's role in the organization and in each
project is managed as an `OrganizationUser` and a `ProjectUser` do it, and an invite as an `Invite` does. No invite can
be changed, so one of this resource that differs is withdrawn, and another one sent. An open invite that somebody else
sent belongs to the program if it has the wanted content.
"""

from __future__ import annotations

import logging
import math
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import lost_changes
from pulumi_openai_admin.handlers.audit_events import USER_EVENTS
from pulumi_openai_admin.handlers.baseline import ObjectRecords
from pulumi_openai_admin.handlers.batch import Batch
from pulumi_openai_admin.handlers.expiry import TemporaryObject, deadlines, has_ended
from pulumi_openai_admin.handlers.handler import (
    GrantedAccess,
    Observation,
    PendingAction,
    Remote,
    Subject,
    Traits,
    ValueComparison,
    Wanted,
)
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.kinds.users import REMOVE
from pulumi_openai_admin.handlers.removals import NOTHING, STAYS, Removal, plan_access
from pulumi_openai_admin.handlers.shapes.collection import CreationTime
from pulumi_openai_admin.handlers.shapes.membership import existing_note
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.remedies import Advice
from pulumi_openai_admin.schema.paths import PROJECT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pulumi_openai_admin.handlers.audit_events import AuditEvents
    from pulumi_openai_admin.handlers.creation import Creations
    from pulumi_openai_admin.handlers.handler import Claim
    from pulumi_openai_admin.handlers.kinds.users import OrganizationUsers, ProjectUsers
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

_ORGANIZATION = "organization"
"""In the records of a user, beside the projects by their ids: the role in the organization."""
_REMOVE_AFTER_UNTIL = "remove_after_until"
"""The option that says whether the user leaves the organization, too, after the time of `until`."""
_ENDED = "ended"
"""The status of a person whose access has ended because its time was over."""
_UNKNOWN = "unknown"
"""The status after an update that withdrew the invite, or sent one, and failed before it knew the new invite."""
_ROLE_OF_INVITE = "reader"
"""The role in the organization of a person who is invited, if the program names none."""


@dataclass(eq=False, repr=False)
class OrganizationMembers(TemporaryObject):
    """The handler. Those of a user, of a user of a project, and of an invite do what it needs of them."""

    audit_events: ClassVar[AuditEvents] = USER_EVENTS | people.Invites.audit_events
    traits: ClassVar[Traits] = Traits(subject=Subject.PEOPLE, manages_existing=True, remembers_settings=True)
    grants: ClassVar[GrantedAccess | None] = GrantedAccess.PLACE

    user: OrganizationUsers
    project_user: ProjectUsers
    invite: people.Invites

    def end(self, client: Client, remote: Remote) -> None:
        """Withdraw all open invites, and remove the user from the organization, whoever invited the person.

        An invite that another resource of the program manages stays. If the program says that the user stays in the
        organization, end what the resource declares.

        Raises:
            errors.ConfigurationError: Another resource of the program names the person.
        """
        ending = replace(remote, options={**remote.options, REMOVE: _is_removed_in_time(remote)})
        self._end_declared(client, ending)
        for row in people.open_invites(client, _email(remote)) if _is_removed_in_time(remote) else ():
            invite = _of_invite(remote, row)
            if self.invite.is_elsewhere(client, invite):
                continue
            if self.invite.withdraw(client, invite) is people.InviteEnd.ACCEPTED:
                ending.attributes = {**ending.attributes, "user_id": None}  # the person is a user again
                self._end_declared(client, ending)
        remote.memory.put(ObjectRecords())
        kept = ("role", "projects", "user_id", "invite_id")
        remote.attributes = {name: remote.get(name) for name in kept} | {"status": _ENDED}

    def has_returned(self, client: Client, remote: Remote) -> bool:
        """See `TemporaryObject.has_returned`: the person is invited by somebody else. `refresh` finds a user."""
        return bool(people.open_invites(client, _email(remote)))

    @override
    def read_list(self, client: Client, remote: Remote) -> None:
        self._find(client, remote)

    @override
    def holder(self, remote: Remote, names: Sequence[str]) -> str:
        return _name(remote)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage a person who is there or invited."""
        remote.id = _email(remote)
        self.grant(client, remote, wanted)

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The role of a user; the role and the projects of a person who is invited."""
        user, invite = self._find(client, remote)
        if user is not None:
            return {"role": user.get("role")}
        if invite is None or invite.get("status") != "pending":
            raise errors.ResourceGoneError.absent(_name(remote), ". The next update invites the person again.")
        _learn_invite(remote, invite)
        return remote.attributes

    @override
    def read(self, client: Client, remote: Remote) -> None:
        super().read(client, remote)
        remote.pending_actions = []
        if has_ended(remote):
            remote.attributes["status"] = _ENDED
        elif remote.get("status") == "expired" and not self.over(client, remote, remote.options):
            at = remote.get("expires_at")
            when = f" on {datetime.fromtimestamp(at, UTC):%Y-%m-%d}" if at else ""
            remote.pending_actions.append(
                PendingAction(f"The invite for {_email(remote)} expired{when}", "send a new one")
            )

    @override
    def refresh(self, client: Client, remote: Remote) -> None:
        user, invite = self._find(client, remote)
        if user is not None or invite is not None:
            self._follow_address(remote, user, invite)
        if user is not None:  # who has accepted an invite
            self._learn_user(client, remote, user)
        elif invite is not None and remote.get("status") != _UNKNOWN:
            _learn_invite(remote, invite)
        else:
            raise errors.ResourceGoneError.absent(_name(remote), ". The next update invites the person again.")

    def existing(self, client: Client, remote: Remote, wanted: Wanted) -> Mapping[str, Any]:
        """The id of a user who has the address."""
        user = people.find(client, _email(remote))
        return {} if user is None else {"user_id": user["id"]}

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """The roles of a user, or of a person who is invited; whether the person is invited, if neither is there."""
        if not remote.id:
            self.refuse_past(client, remote, wanted)
        elif self.over(client, remote, wanted.options):
            return Observation("")
        projects = wanted.settings.get("projects") or {}
        for project in projects:
            client.require_parent({PROJECT.id_name: project})
        known, user_before = dict(remote.attributes), remote.get("user_id")
        self._follow_address(remote, *self._find(client, remote))
        user, invite = self._find(client, remote)
        found = user if user is not None else invite
        if found is None:
            return Observation(
                _name(remote), [ValueComparison("email", "", known.get("status"), None, "invited", is_same=False)]
            )
        there = self._roles(client, user, projects) if user is not None else people.projects_of(found)
        values = _compared(known, {"role": found.get("role"), "projects": there}, wanted)
        if user is not None:
            has_accepted = known.get("status") == "invited" and not user_before
            existing = _existing_access(remote, there.keys() - self._projects(remote))
            note = f"{_email(remote)} has accepted the invite" if has_accepted else existing
            return Observation(_name(remote), values, note)
        says_wanted = found.get("status") == "pending" and self._keeps(remote, wanted, found)
        if says_wanted or wanted.settings.get("role") is None:
            is_news = says_wanted and not remote.id
            note = existing_note(f"The invite of {_email(remote)}", count=1) if is_news else ""
        else:
            self._refuse_invite_of_others(remote, found)
            note = f"This update withdraws invite {found['id']} of {_email(remote)} and sends a new one"
        return Observation(f"the invite of {_email(remote)}", values, note)

    def change_note(self, remote: Remote, wanted: Wanted) -> str:
        """The projects from which an update removes a user, as far as this run knows who else names the user there."""
        projects = wanted.settings.get("projects") or {}
        if remote.get("status") != "member" or not isinstance(projects, dict):
            return ""
        leaving: list[str] = []
        with suppress(errors.ConfigurationError):  # the update says it
            parts = self._removals(remote, [project for project in self._projects(remote) if project not in projects])
            there = remote.get("projects") or {}  # nobody is in a project that is archived
            leaving = [project for project, part in parts.items() if part.is_lost and project in there]
        what = (
            f"{_email(remote)} will be removed from projects that this resource no longer names, unless another "
            "resource of the program names the user there"
        )
        return f"{what}: {bounded(', ', leaving)}." if leaving else ""

    @override
    def remove(self, client: Client, remote: Remote) -> None:
        self._end_declared(client, remote)
        for invite in people.open_invites(client, _email(remote)):  # the person can still join
            if not self.invite.is_elsewhere(client, _of_invite(remote, invite)):
                logger.warning(
                    "Invite %s of %s was left unchanged, because this resource did not send it.",
                    invite["id"], _email(remote),
                )  # fmt: skip

    def replacement_note(self, remote: Remote) -> str:
        """See `Handler.replacement_note`: another address is another person."""
        if not remote.options.get(REMOVE):
            return ""
        return (
            f"This change removes {_email(remote)} from the organization, because remove_on_destroy is set, and "
            "invites the new address."
        )

    def removal(self, remote: Remote, now: float) -> Removal:
        """See `Handler.removal`: an invite is withdrawn; a user leaves the projects. By project, what becomes of it."""
        if has_ended(remote):
            return NOTHING
        user_id = str(remote.get("user_id") or "")
        if not user_id:
            return self.invite.removal(_of_invite(remote), now)
        parts = self._removals(remote, self._projects(remote))
        user, of_user = self._part(remote, _ORGANIZATION, user_id)
        of_user.attributes["role"] = remote.get("role")
        is_over = deadlines(remote.options, until=now)
        of_user.options = {**remote.options, REMOVE: _is_removed_in_time(remote)} if is_over else remote.options
        end = user.removal(of_user, now)
        if of_user.options.get(REMOVE):
            return replace(end, parts=parts)
        left = [project for project, part in parts.items() if part.is_lost]
        return replace(end, end=STAYS if end.end == NOTHING.end else end.end, projects=left, parts=parts)

    def _removals(self, remote: Remote, projects: Iterable[str]) -> dict[str, Removal]:
        """Return what becomes of a user in projects when the resource no longer manages them."""
        removals, there = dict[str, Removal](), remote.get("projects") or {}
        for project in projects:
            handler, sub = self._part(remote, project, str(remote.get("user_id")))
            sub.attributes["role"] = there.get(project)
            removals[project] = handler.removal(sub, 0)  # a user of a project has no deadline here
        return removals

    def _end_declared(self, client: Client, remote: Remote) -> None:
        """End what the resource declares, by the known ids, or of who has the address if the user no longer exists."""
        with _turn(client, remote):
            lost_changes.wait(client, remote, f"remove {_name(remote)}")
            for lost in self.creations(client, remote):  # before an invite is called somebody else's
                lost.resolve(math.inf)
            if remote.get("user_id"):
                self._follow_address(remote, *self._find(client, remote))
            id_ = self._end_invite(client, remote)
            if not id_:
                return
            ended: list[str] = []

            def end(project: str) -> None:
                handler, sub = self._part(remote, project, id_)
                if handler.remove(client, sub):
                    ended.append(project)

            batch = Batch(client, parents_differ=True)
            batch.run(self._projects(remote), end)
            batch.raise_failures(f"projects of {_name(remote)}")
            user, of_user = self._part(remote, _ORGANIZATION, id_)
            of_user.options = remote.options
            is_removed = user.remove(client, of_user)
            if remote.options.get(REMOVE):
                if is_removed and id_ != remote.get("user_id"):
                    logger.warning("%s has joined as user %s, and was removed.", capitalized(_name(remote)), id_)
            else:
                logger.log(
                    remedies.NOTE,
                    "%s %s. To remove people with their resource, set remove_on_destroy.",
                    capitalized(_name(remote)),
                    Removal(STAYS, projects=sorted(ended)).in_words(),
                )

    def _end_invite(self, client: Client, remote: Remote) -> str:
        """Withdraw the invite, unless another resource of the program declares it.

        Return the id of the user: the known one, or that of who has the address, however the person has joined.
        """
        email, invite, id_ = _email(remote), _of_invite(remote), str(remote.get("user_id") or "")
        shown = (self.invite.find(client, invite) if invite.id else None) or {}
        end = people.InviteEnd.GONE
        if invite.id and (shown.get("status") == "pending" or not id_):
            if self.invite.is_elsewhere(client, invite):
                return id_
            invite.attributes |= shown  # has the time of its creation
            end = self.invite.withdraw(client, invite)
        if id_:
            return id_
        user = (people.find if end is people.InviteEnd.WITHDRAWN else people.find_now)(client, email)
        if user is not None:
            return str(user["id"])
        if end is not people.InviteEnd.ACCEPTED:
            return ""
        what = (
            f"Invite {invite.id} of {email} was accepted, and no user has this address, so it is not known whom to "
            "remove"
        )
        advice = Advice(
            "If the person has another address in the organization, remove the person in OpenAI's dashboard. Then ",
            remedies.Remedy(remedies.RemedyKind.REMOVE_FROM_STATE, urn="<urn>"),
            ".",
        )
        raise errors.ConfigurationError(what, advice)

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Collection[Claim]:
        """The person as a user, with the role; the invite; and the person as a user of each project."""
        named = Wanted({"email": parents["email"]}, {"role": wanted.settings.get("role")})
        known = {"id": document.get("user_id"), "email": parents["email"]}
        invites = people.invite_claims(str(parents["email"]), document.get("invite_id"))
        claims = [*self.user.claims({}, named, known), *invites]
        projects = wanted.settings.get("projects")
        for project in projects if isinstance(projects, dict) else ():
            claims += self.project_user.claims({PROJECT.id_name: project}, named, known)
        return claims

    @override
    def grant(self, client: Client, remote: Remote, wanted: Wanted, *, is_new: bool = False) -> None:
        if is_new:  # the ids are of access that has ended
            remote.attributes = {**remote.attributes, "user_id": None, "invite_id": None}
        with _turn(client, remote):
            self._follow_address(remote, *self._find(client, remote))
            if not (remote.get("user_id") or remote.get("invite_id")):
                for lost in self.creations(client, remote):
                    lost.resolve(math.inf)
            user, invite = self._find(client, remote)
            if user is not None:
                self._grant_to_user(client, remote, wanted, user)
            else:
                self._grant_by_invite(client, remote, wanted, invite, is_new=is_new)

    def _grant_to_user(self, client: Client, remote: Remote, wanted: Wanted, user: Mapping[str, Any]) -> None:
        """Bring a user's roles to what is wanted. Nobody is removed from a project after an addition failed."""
        remote.id = _email(remote)
        id_, projects = str(user["id"]), dict(wanted.settings.get("projects") or {})
        remote.attributes["user_id"] = id_
        plan = plan_access(projects, self._projects(remote), self._roles(client, user, projects))

        def give(name: str) -> None:
            handler, sub = self._part(remote, name, id_)
            role = wanted.settings.get("role") if name == _ORGANIZATION else projects[name]
            try:
                handler.give(client, remote, name, sub, Wanted({"id": id_}, {} if role is None else {"role": role}))
            except errors.ProjectArchivedError as ended:
                logger.warning("%s was not added: %s.", capitalized(_name(remote)), ended.event)

        def take(project: str) -> None:
            handler, sub = self._part(remote, project, id_)
            handler.take(client, remote, project, sub)

        if note := _existing_access(remote, plan.found):
            logger.warning("%s.", note)
        batch = Batch(client, parents_differ=True)
        batch.run(sorted(projects), give)
        batch.run([_ORGANIZATION], give)
        batch.remove(plan.remove, take, f"remove {_name(remote)} from projects")
        self._learn_user(client, remote, people.listing(client).find(id_) or user)
        batch.raise_failures(f"roles of {_name(remote)}")

    def _learn_user(self, client: Client, remote: Remote, user: Mapping[str, Any]) -> None:
        remote.attributes = {
            "status": "member",
            "role": user.get("role"),
            "user_id": user["id"],
            "invite_id": remote.get("invite_id"),
            "projects": self._roles(client, user, self._projects(remote)),
        }

    def _roles(self, client: Client, user: Mapping[str, Any], projects: Collection[str]) -> dict[str, str]:
        """Return the roles of a user in projects; nobody has one in a project that is archived."""
        roles: dict[str, str] = {}
        for project in projects:
            with suppress(errors.ProjectArchivedError):
                if shown := self.project_user.listed(client, Remote({PROJECT.id_name: project}, str(user["id"]))):
                    roles[project] = str(shown.get("role") or "")
        return roles

    def _grant_by_invite(
        self, client: Client, remote: Remote, wanted: Wanted, invite: Mapping[str, Any] | None, *, is_new: bool
    ) -> None:
        """Keep an invite that says what is wanted; otherwise withdraw it and send another one."""
        projects = wanted.settings.get("projects")
        if invite is not None and invite.get("status") == "pending":
            if self._keeps(remote, wanted, invite):
                if is_new and not _is_ours(remote, invite):
                    logger.warning("%s.", existing_note(f"The invite of {_email(remote)}", count=1))
                self._manage_invite(client, remote, invite, projects)
                return
            self._refuse_invite_of_others(remote, invite)
            for project in sorted(set(projects or ()) - set(people.projects_of(invite))):
                client.require_parent({PROJECT.id_name: project})  # before the invite is withdrawn
        if invite is not None and self.invite.withdraw(client, _of_invite(remote, invite)) is people.InviteEnd.ACCEPTED:
            what = f"{_email(remote)} accepted the invite during this operation"
            raise errors.ConfigurationError(what, Advice(remedies.REFRESH_THEN_RUN, "."))
        try:
            self._send(client, remote, _role_of_invite(wanted, invite), projects)
        except errors.AdminError as error:
            if invite is not None and not error.may_have_acted:
                self._send_former(client, remote, invite)
            raise

    def creations(self, client: Client, remote: Remote) -> list[Creations]:
        """See `Handler.creations`: invites. One that was accepted is the resource's: it has made the person a user."""

        def withdraw(id_: str, row: Mapping[str, Any]) -> bool:
            is_accepted = self.invite.withdraw_own(client, _of_invite(remote, row)) is people.InviteEnd.ACCEPTED
            if is_accepted:
                remote.attributes["invite_id"] = id_
            return not is_accepted

        return [replace(made, delete=withdraw) for made in self.invite.creations(client, _of_invite(remote))]

    def _send(self, client: Client, remote: Remote, role: str, projects: Mapping[str, str] | None) -> None:
        remote.attributes = {"status": _UNKNOWN, "role": role, "projects": projects}
        remote.memory.put(ObjectRecords({project: {} for project in projects or ()}))
        remote.memory.put(CreationTime.of_request(client))
        sent = _of_invite(remote)
        self.invite.create(client, sent, Wanted({}, _body(remote, role, projects)))
        self._manage_invite(client, remote, sent.attributes, projects)

    def _manage_invite(
        self, client: Client, remote: Remote, invite: Mapping[str, Any], projects: Mapping[str, str] | None
    ) -> None:
        """Record an invite that the resource manages from now on."""
        remote.id = _email(remote)
        _learn_invite(remote, invite)
        remote.memory.put(ObjectRecords({project: {} for project in projects or ()}))
        remote.acquire(client, self.invite.path_of(_of_invite(remote)))

    def _send_former(self, client: Client, remote: Remote, former: Mapping[str, Any]) -> None:
        """After a refusal, send again what the withdrawn invite said, so that the person is still invited."""
        email, id_ = _email(remote), former["id"]
        with suppress(errors.AdminError):  # the first refusal is raised, and the warning says that nothing is open
            if former.get("status") == "pending":
                self._send(client, remote, str(former["role"]), people.projects_of(former))
        if remote.get("invite_id"):
            logger.warning(
                "OpenAI refused the new invite of %s. Invite %s was already withdrawn, so invite %s was sent with the "
                "same role and projects as before.",
                email, id_, remote.get("invite_id"),
            )  # fmt: skip
        else:
            logger.warning("Invite %s of %s was withdrawn, and OpenAI confirmed no new invite.", id_, email)

    @staticmethod
    def _refuse_invite_of_others(remote: Remote, invite: Mapping[str, Any]) -> None:
        """Refuse to withdraw an open invite that this resource neither sent nor manages."""
        if invite.get("status") != "pending" or _is_ours(remote, invite):
            return
        projects = bounded(", ", (f"{project} {role}" for project, role in sorted(people.projects_of(invite).items())))
        what = (
            f"{_email(remote)} has an open invite that this resource did not send: {invite['id']}, "
            f"role {invite.get('role')}, projects: {projects or 'none'}"
        )
        advice = (
            "To use that invite, declare the same role and projects. Otherwise delete it in OpenAI's dashboard or in "
            "the program that sent it, then "
        )
        raise errors.ConfigurationError(what, Advice(advice, remedies.RUN_AGAIN, "."))

    @staticmethod
    def _keeps(remote: Remote, wanted: Wanted, invite: Mapping[str, Any]) -> bool:
        """Return whether an invite says what is wanted; one to projects that the program no longer names does not."""
        projects = wanted.settings.get("projects")
        if not people.says(invite, _body(remote, _role_of_invite(wanted, invite), projects)):
            return False
        return projects is not None or not ("projects" in remote.step.inputs and _is_ours(remote, invite))

    def _part(self, remote: Remote, name: str, user_id: str) -> tuple[OrganizationUsers | ProjectUsers, Remote]:
        """Return the person in a project or in the organization, with what is remembered of that, and the handler."""
        handler = self.user if name == _ORGANIZATION else self.project_user
        sub = handler.part_of(remote, name, {} if name == _ORGANIZATION else {PROJECT.id_name: name}, user_id)
        sub.attributes["email"] = _email(remote)
        return handler, sub

    @staticmethod
    def _projects(remote: Remote) -> list[str]:
        return sorted(set(remote.memory[ObjectRecords].objects) - {_ORGANIZATION})

    def _find(self, client: Client, remote: Remote) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
        """Return the user, or else the invite. An id in the state decides; OpenAI is asked about one that no list has.

        Without an id, or if the user no longer exists, the address selects the user. If no id is known, it also selects
        the newest invite that is open or else has expired.
        """
        email, user_id, invite_id = _email(remote), remote.get("user_id"), remote.get("invite_id")
        if user_id and (user := self.user.find(client, Remote({}, str(user_id)))):
            return user, None
        user = people.find(client, email)
        if user is not None and invite_id:  # the list may be older than the invite
            user = self.user.current(client, Remote({}, str(user["id"])))
        if user is not None:
            return user, None
        if not invite_id:
            return None, None if user_id else people.newest_invite(client, email)
        invite = self.invite.find(client, _of_invite(remote))
        if invite is not None and invite.get("status") != "accepted":
            return None, invite
        return people.find_now(client, email), None

    def _follow_address(self, remote: Remote, user: Mapping[str, Any] | None, invite: Mapping[str, Any] | None) -> None:
        """Forget a user or an invite that OpenAI no longer has. The address selects who may be there under another id.

        The projects that the program names stay known.

        Args:
            user: The user who is there; see `_find`.
            invite: The invite.
        """
        user_id = remote.get("user_id")
        is_known_there = (user or {}).get("id") == user_id if user_id else bool(user or invite)
        if is_known_there:
            return
        invite_id = remote.get("invite_id") if user or invite else None
        remote.attributes = {**remote.attributes, "user_id": None, "invite_id": invite_id}
        remote.memory.put(ObjectRecords({project: {} for project in self._projects(remote)}))


def _compared(known: Mapping[str, Any], now: Mapping[str, Any], wanted: Wanted) -> list[ValueComparison]:
    """Return the roles in the organization and in the projects that the program names."""
    values: list[ValueComparison] = []
    if (role := wanted.settings.get("role")) is not None:
        values.append(ValueComparison("role", "role", known.get("role"), now["role"], role, now["role"] == role))
    in_state = (known.get("projects") or {}) if known.get("status") else {}
    for project, role in sorted((wanted.settings.get("projects") or {}).items()):
        there, label = now["projects"].get(project), f"project {project}"
        values.append(ValueComparison("projects", label, in_state.get(project), there, role, there == role))
    return values


def _existing_access(remote: Remote, projects: Collection[str]) -> str:
    names = bounded(", ", sorted(projects))
    return existing_note(f"Access of {_email(remote)} to projects ({names})", count=1) if projects else ""


def _role_of_invite(wanted: Wanted, invite: Mapping[str, Any] | None) -> str:
    """The role of an invite; without one in the program, that of the invite that is there."""
    return str(wanted.settings.get("role") or (invite or {}).get("role") or _ROLE_OF_INVITE)


def _is_removed_in_time(remote: Remote) -> bool:
    return remote.options.get(_REMOVE_AFTER_UNTIL) is not False


def _email(remote: Remote) -> str:
    return remote.parents["email"]


def _name(remote: Remote) -> str:
    return f"member {_email(remote)}"


def _turn(client: Client, remote: Remote) -> Any:
    return client.exclusively(f"{people.USERS}/{_email(remote).lower()}", f"look for {_name(remote)}")


def _of_invite(remote: Remote, invite: Mapping[str, Any] | None = None) -> Remote:
    """Return an invite of the person: one that is shown, or else the one in the state."""
    body = _body(remote, str(remote.get("role")), remote.get("projects"))
    known = {**body, "id": remote.get("invite_id"), "status": "pending", "expires_at": remote.get("expires_at")}
    attributes = dict(invite or known)
    return Remote({}, str(attributes["id"] or ""), attributes, remote.memory, step=remote.step)


def _body(remote: Remote, role: str, projects: Mapping[str, str] | None) -> dict[str, Any]:
    body: dict[str, Any] = {"email": _email(remote), "role": role}
    if projects is not None:
        body["projects"] = [{"id": project, "role": its_role} for project, its_role in sorted(projects.items())]
    return body


def _is_ours(remote: Remote, invite: Mapping[str, Any]) -> bool:
    return bool(invite["id"] == remote.get("invite_id"))


def _learn_invite(remote: Remote, invite: Mapping[str, Any]) -> None:
    remote.attributes = {
        "status": "expired" if invite.get("status") == "expired" else "invited",
        "role": invite.get("role"),
        "invite_id": invite["id"],
        "projects": people.projects_of(invite),
        "expires_at": invite.get("expires_at"),
    }
