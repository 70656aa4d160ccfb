"""Users of a project or of the organization, whom a program names by id or by address.

Nobody creates a user of the organization here: POST changes the user, DELETE removes the user. What was found before
the first change is kept. Destroy restores it, a role only if it was lower, and leaves the user in the organization,
unless the program says that the user is to be removed.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import baseline
from pulumi_openai_admin.handlers.audit_events import USER_EVENTS, AuditEvents
from pulumi_openai_admin.handlers.baseline import BASELINE, RestoringHandler, Writes
from pulumi_openai_admin.handlers.handler import ANYWHERE, Shows, Traits
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.removals import (
    NOTHING,
    STAYS,
    Removal,
    is_lowest,
    moved,
    short_name,
    why_not_restored,
)
from pulumi_openai_admin.handlers.shapes.membership import MemberClaim, Membership, SelectedIds
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.remedies import Advice
from pulumi_openai_admin.schema.paths import Paging, fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Wanted
    from pulumi_openai_admin.http.client import Client


logger = logging.getLogger(__name__)

ROLE = "role"
"""The property that has the role of a person."""
REMOVE = "remove_on_destroy"
"""The option that has destroy remove the user from the organization."""


def user_claims(path: str, where: str, names: Iterable[str], *, is_whole: bool = False) -> list[MemberClaim]:
    """Return the claims of users, and of the roles that they have, which another kind of resource may assign.

    Args:
        names: Ids and addresses, all that are known.
    """
    members, label = frozenset(map(spelled, names)), f"user {{}} of {where}"
    user = MemberClaim(path, f"the users of {where}", is_whole, members=members, label=label)
    role = MemberClaim(f"{path} roles", user.what, is_set_again=True, members=members, label=f"the role of {label}")
    return [user, role]


def spelled(name: str) -> str:
    """One spelling of what names a person: an address in lower case, an id as it is."""
    return name.lower() if "@" in name else name


class LeftRoles(dict[str, tuple[str, str]]):
    """By the path of a user, the base role that a removal of this run has left, and the one from before the resource.

    A replacement has no state of the resource that it replaces. It continues with the role from before that one.
    """

    def before(self, path: str, now: str) -> str:
        """Return the role from before a resource that changes a base role for the first time."""
        left, before = self.get(path, (now, now))
        return before if short_name(left) == short_name(now) else now


@dataclass(eq=False, repr=False)
class NamedUsers(Membership):
    """Users, each named by one of two selectors; see `Membership` for the arguments."""

    audit_events: ClassVar[AuditEvents] = USER_EVENTS

    noun: str = "user"
    id_name: str = "user_id"
    paging: Paging = Paging.LAST_ID

    def member_id(self, client: Client, remote: Remote, wanted: Wanted) -> str:
        """The id that the program gives, or the one of the user with the address."""
        ((key, value),) = wanted.selection.items()
        if key == "id":
            return str(value)
        remote.attributes["email"] = str(value).lower()  # lists may show none
        return str(people.by_email(client, str(value))["id"])

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The user, by id: an address may change."""
        return {name: value for name, value in super().declared(client, remote).items() if name != "email"}

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """The user, and the user's role if the resource manages it."""
        if len(wanted.selection) != 1:
            return []  # what the rules refuse
        ((key, value),) = wanted.selection.items()
        if not isinstance(value, str):
            return []
        is_known = str(document.get(key)).lower() == value.lower()
        known = {key: value, **(document if is_known else {})}
        names = [known[name] for name in ("id", "email") if isinstance(known.get(name), str)]
        claims = self.claims_of({name: str(id_) for name, id_ in parents.items()}, names)
        return claims if wanted.settings.get(ROLE) is not None else claims[:1]

    def claims_of(
        self, parents: Mapping[str, str], members: Iterable[str], *, is_whole: bool = False
    ) -> list[MemberClaim]:
        """See `Membership.claims_of`: the users and their roles."""
        return user_claims(fill(self.path, **parents), self.place(parents), members, is_whole=is_whole)

    def claims_of_member(self, remote: Remote, client: Client | None = None) -> list[MemberClaim]:
        """See `Membership.claims_of_member`: the id and all known addresses, since a program may name any of them."""
        names = [remote.id, remote.get("email")]
        if client is not None:
            with suppress(errors.ParentEndedError):  # the removal says it
                names.append((self.listed(client, remote) or {}).get("email"))
        return self.claims_of(self._inside(remote), filter(None, names))

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """See `Membership.is_own`: a person."""
        return not people.is_service_account(row)

    def means_same(self, remote: Remote, name: str, value: Any) -> bool:
        """See `Handler.means_same`: an address that the user had when the program selected the user by it."""
        if super().means_same(remote, name, value):
            return True
        return name == "email" and remote.memory[SelectedIds].selected.get(str(value).lower()) == remote.id

    def end(self, client: Client, remote: Remote) -> None:
        """See `Membership.end`; of a person named by address, who may have come back under another id."""
        super().end(client, self.at_present(client, remote))

    @override
    def has_returned(self, client: Client, remote: Remote) -> bool:
        return self.at_present(client, remote).id != remote.id

    def at_present(self, client: Client, remote: Remote) -> Remote:
        """The user; if the list no longer has the user, who now has the address by which the program names the user."""
        email = remote.get("email")
        if not email or "email" not in remote.step.inputs:
            return remote
        with suppress(errors.ParentEndedError):
            if self.listed(client, remote) is None:
                rows = self.rows(client, remote).items()
                return replace(remote, id=next((id_ for id_, row in rows if people.has_address(row, email)), remote.id))
        return remote

    def existing(self, client: Client, remote: Remote, wanted: Wanted) -> Mapping[str, Any]:
        """The user whom the program names by address, with the id."""
        ((key, value),) = wanted.selection.items()
        return people.by_email(client, str(value)) if key == "email" else {}

    def require_candidate(self, client: Client, parents: Mapping[str, str], name: str) -> None:
        """See `Membership.require_candidate`: a user of the organization, by address or id."""
        if "@" in name:
            people.by_email(client, name)
        else:
            people.require_user(client, name)

    def label(self, shown: Mapping[str, Any], known: str = "") -> str:
        """See `Membership.label`: the address as it is now, since it may have changed; the id where none is shown."""
        is_id = known and "@" not in known
        return str(shown["email"]).lower() if shown.get("email") and not is_id else super().label(shown, known)

    def ids_of(
        self, client: Client, names: Iterable[str], shown: Iterable[Mapping[str, Any]], known: Mapping[str, str]
    ) -> Mapping[str, str]:
        """The ids of users, whom the program names by id or by address."""
        ids = {self.label(row): str(row[self.identity]) for row in shown}
        if any("@" in name and name not in ids for name in names):
            users = people.listing(client).rows().values()
            ids = {**{str(user["email"]).lower(): str(user["id"]) for user in users if user.get("email")}, **ids}
        return {
            name: name
            if "@" not in name
            else ids.get(name) or known.get(name) or str(people.by_email(client, name)["id"])
            for name in names
        }

    def _learn(self, remote: Remote, shown: Mapping[str, Any]) -> None:
        """See `Membership._learn`; the address in lower case, as the declarations have it.

        An address that differs from the known one is another address of the same user.
        """
        known = remote.get("email")
        super()._learn(remote, shown)
        email = str(remote.get("email") or known or "").lower()
        if email:
            remote.attributes["email"] = email
        if known and known != email:
            remote.memory[SelectedIds].selected[known] = remote.id


_ROLE_DECLARED = (
    "is not removed, because another resource of the program assigns the base role of the user there. The user also "
    "stays when that resource is removed."
)


@dataclass(eq=False, repr=False)
class ProjectUsers(NamedUsers):
    """The handler of users of a project, each with one role."""

    def remove(self, client: Client, remote: Remote) -> bool:
        """See `Membership.remove`; a user whose base role another resource declares stays, which a warning says."""
        user, role = (remote.step.is_declared_elsewhere(claim) for claim in self.claims_of_member(remote, client))
        if role and not user:
            logger.warning("%s %s", capitalized(self.name(remote)), _ROLE_DECLARED)
            return False
        return super().remove(client, remote)

    @override
    def _handed_over(self, remote: Remote, manager: str) -> Removal:
        user, _ = self.claims_of_member(remote)
        if remote.step.is_declared_elsewhere(user):
            return super()._handed_over(remote, manager)
        return Removal(_ROLE_DECLARED.removesuffix("."), is_lost=False)

    def _add(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """See `Membership._add`. Who leaves a project loses all roles there, and gets only the base role back."""
        with people.explained_user(client, remote.id):
            super()._add(client, remote, wanted)
        if remote.step.was_removed(self._all_roles(remote)):
            logger.warning(
                "%s was removed and added again by this update, because this resource depends on the resource that "
                "managed the user before. Other roles of the user in the project are no longer assigned; %s to assign "
                "the roles that the program declares.",
                capitalized(self.name(remote)), remedies.REFRESH_THEN_RUN,
            )  # fmt: skip

    def _remove(self, client: Client, remote: Remote) -> None:
        roles = self._all_roles(remote)
        assigning = remote.step.is_declared_elsewhere(roles)
        super()._remove(client, remote)
        remote.step.record_removed(roles)
        if assigning:
            logger.warning(
                "%s was removed, and has lost the role that %s assigns there; %s to assign it again.",
                roles.what, assigning, remedies.REFRESH_THEN_RUN,
            )  # fmt: skip

    def _all_roles(self, remote: Remote) -> MemberClaim:
        """Return the claim of all roles of the user in the project, which a removal ends."""
        path = fill("/projects/{project_id}/users/{user_id}/roles", **{**remote.parents, "user_id": remote.id})
        what = capitalized(self.name(remote))
        return MemberClaim(f"{path}{ANYWHERE}", what, members=frozenset({remote.id}))


def _naming(remote: Remote, claims: Iterable[MemberClaim]) -> str:
    anywhere = (replace(claim, place=ANYWHERE) for claim in claims)
    return next(filter(None, map(remote.step.is_declared_elsewhere, anywhere)), "")


@dataclass(eq=False, repr=False)
class OrganizationUsers(NamedUsers, RestoringHandler):
    """The handler of users of the organization; see `Membership` for its arguments."""

    traits: ClassVar[Traits] = replace(NamedUsers.traits, shows=Shows.LIST_AND_EACH, not_shown=(BASELINE,))

    @override
    def stays(self, parents: Mapping[str, str], id_: str) -> bool:
        return True

    def remove(self, client: Client, remote: Remote) -> bool:
        """Remove the user from the organization if the program says so, or restore the values from before."""
        with self._turn(client, remote):
            user, role = self.claims_of_member(remote, client)
            is_left = bool(remote.step.is_declared_elsewhere(user))
            if is_left or not remote.options.get(REMOVE):  # another resource decides whether the user is removed
                # A replacement of this resource sets the values again: they go back first.
                manager = remote.step.is_declared_elsewhere(replace(user, is_set_again=True))
                self._restore(client, remote, role, manager)
                return not is_left
            if other := _naming(remote, (user, role)):
                what = f"{capitalized(self.name(remote))} was not removed, because {other} names the user"
                advice = "Remove the user from that resource, or do not set remove_on_destroy or until. Then "
                raise errors.ConfigurationError(what, Advice(advice, remedies.RUN_AGAIN, "."))
            self._remove(client, remote)
            return True

    @override
    def delete_found(self, client: Client, remote: Remote) -> None:
        what = f"{capitalized(self.name(remote))} was not removed, because no program sets remove_on_destroy"
        raise errors.ConfigurationError(what, "Declare the user in a program with remove_on_destroy, then destroy it.")

    @override
    def removal(self, remote: Remote, now: float) -> Removal:
        claims = self.claims_of_member(remote)
        manager, role_manager = map(remote.step.is_declared_elsewhere, claims)
        if manager or not remote.options.get(REMOVE):  # another resource decides whether the user is removed
            return self._staying(remote, manager, role_manager)
        if other := _naming(remote, claims):
            return Removal(f"the update fails: the user was not removed, because {other} names the user")
        return Removal("is removed from the organization")

    def _staying(self, remote: Remote, manager: str, role_manager: str) -> Removal:
        """Return what becomes of the role and the other values of a user who stays."""
        restored, unrestored = self.plan_restoration(remote, remote.memory[Writes].names, manager=manager)
        lost = [value for value in unrestored if value.reason == baseline.MANAGED_ELSEWHERE]
        warning, role = baseline.lost_originals(lost), str(restored.get(ROLE) or remote.get(ROLE) or "")
        if manager:
            return replace(moved(manager, warning), role=role)
        ends = [f"{name} goes back to {value}" for name, value in restored.items()]
        ends += [str(value) for value in unrestored if value not in lost]
        if role_manager:
            ends.append(f"role is {moved(role_manager).end}")
        elif kept := self._kept(remote):
            ends.append(kept)
        if not ends:
            return replace(NOTHING, role=role)
        return Removal(bounded(", ", [*ends, STAYS]), is_lost=False, role=role, warning=warning)

    @staticmethod
    def _kept(remote: Remote) -> str:
        """Which role the user keeps after the removal of the resource, although it is not the lowest one; or empty."""
        role, writes = remote.get(ROLE), remote.memory[Writes]
        found = (remote.get(BASELINE) or {}).get(ROLE)
        is_kept = ROLE in writes.written and (ROLE not in writes.touched or found == role)
        if not is_kept or is_lowest(str(role)):
            return ""
        is_found = writes.written[ROLE] == role
        why = "the user had before this resource" if is_found else "was assigned in no update that the state knows"
        return f"keeps the role {role}, which {why}"

    def _restore(self, client: Client, remote: Remote, role: MemberClaim, manager: str) -> None:
        shown = self.current(client, remote)  # a list may show values from before
        if shown is None:
            return
        self._learn(remote, shown)
        if not (manager or remote.step.is_declared_elsewhere(role)) and (kept := self._kept(remote)):
            logger.warning("%s %s.", capitalized(self.name(remote)), kept)
        found = (remote.get(BASELINE) or {}).get(ROLE) if ROLE in remote.memory[Writes].touched else None
        unrestored = self.restore_values(client, remote, manager=manager)
        if found:
            client.shared(LeftRoles)[self.path_of(remote)] = str(remote.get(ROLE)), found
        baseline.warn(remote, self.name(remote), unrestored)

    def is_direct(self, shown: Mapping[str, Any]) -> bool:
        """See `Membership.is_direct`; a service account, which is a user of the organization, too, is refused."""
        if people.is_service_account(shown):
            what = f"User {shown.get('id')} is a service account"
            raise errors.ConfigurationError(what, people.SERVICE_ACCOUNT_ADVICE)
        return True

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The user."""
        try:
            return super().declared(client, remote)
        except errors.ConfigurationError as refusal:
            what = f"{refusal.what}: it can't be imported as a user"
            raise errors.NotAdoptableError(what, refusal.guidance) from None

    def _remove(self, client: Client, remote: Remote) -> None:
        try:
            super()._remove(client, remote)
        except errors.BadRequestError as refusal:
            advice = (
                "If the user is the last owner of the organization, make another user an owner first. Then try again."
            )
            raise type(refusal)(refusal.what, advice, refusal.facts) from refusal

    def _add(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage a user whom the list does not show yet. Nobody is added: a person comes by an invite."""
        shown = self.find(client, remote)
        if shown is None or not self.is_direct(shown):
            raise people.not_in_organization(f"user {remote.id}")
        self._learn(remote, shown)
        self._set_differing(client, remote, wanted)

    def _set_differing(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        writes = remote.memory[Writes]
        if ROLE not in writes.touched:
            writes.written.pop(ROLE, None)  # what counts is the role from before the first change, whoever set it
            now = str(remote.get(ROLE))
            before = client.shared(LeftRoles).before(self.path_of(remote), now)
            if before != now:
                remote.attributes[BASELINE] = {**(remote.get(BASELINE) or {}), ROLE: before}
                writes.touched.append(ROLE)
        settings = {name: wanted.settings[name] for name in self.settable if name in wanted.settings}
        baseline.warn(remote, self.name(remote), self.set_values(client, remote, settings))

    @override
    def manager_of(self, remote: Remote, name: str, client: Client | None = None) -> str:
        return remote.step.is_declared_elsewhere(self.claims_of_member(remote, client)[1]) if name == ROLE else ""

    @override
    def why_kept(self, name: str, live: Any, found: Any) -> str:
        return why_not_restored(str(live), str(found)) if name == ROLE else ""
