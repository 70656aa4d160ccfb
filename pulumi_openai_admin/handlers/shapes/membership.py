"""Something in a list: a user in a group, a group in a project, a role of a user. POST adds it, DELETE removes it.

Users of the organization come by an invite: nothing adds them.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import baseline, documents, lost_changes
from pulumi_openai_admin.handlers.expiry import TemporaryObject, has_ended
from pulumi_openai_admin.handlers.handler import (
    Claim,
    GrantedAccess,
    Observation,
    Remote,
    Shows,
    Subject,
    Traits,
    Wanted,
)
from pulumi_openai_admin.handlers.lost_changes import LostChanges
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.handlers.removals import ENDED, NOTHING, Removal, moved
from pulumi_openai_admin.handlers.shapes.collection import CreationTime, delete_if_exists, show
from pulumi_openai_admin.http.call import Call, Method
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.schema.paths import Paging, describe, fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_openai_admin.handlers.audit_events import AuditEvents
    from pulumi_openai_admin.http.client import Client, Listing
    from pulumi_openai_admin.schema.fields import Declaration

logger = logging.getLogger(__name__)

THERE = "there"
"""In place of a value, of members that have none."""


@dataclass(eq=False, repr=False)
class SelectedIds(MemoryPart):
    """By address, the id of the member that it selected and that has another address by now, or is no longer listed."""

    selected: dict[str, str] = field(default_factory=dict)


@dataclass(repr=False)
class MemberClaim(Claim):
    """Members of one list that a resource manages."""

    is_whole: bool = False
    members: frozenset[str] = frozenset()
    """Their names; a person has the id and the address as far as both are known."""
    label: str = "{}"
    """What a member is called: "user {} of group group_1"."""

    @property
    @override
    def names(self) -> list[str]:
        return sorted(self.members)

    @override
    def overlap(self, other: Claim) -> str | None:
        if not isinstance(other, MemberClaim) or self.place != other.place:
            return None
        shared = min(self.members & other.members, default=None)
        if shared is not None:
            return self.label.format(shared)
        return self.what if self.is_whole or other.is_whole else None


@dataclass(eq=False, repr=False)
class Membership(TemporaryObject):
    """The handler; see `Collection` for the arguments that both have.

    Args:
        path: The list of members; one member is at `{path}/{id}`.
        id_name: The name of the member's id in the resource's path, and in the body that adds it.
        identity: The name of its id in the list.
        limit: The most members that OpenAI shows on a page.
        settable: What a change of one member contains, by dotted name. It follows from the resource's fields.
    """

    audit_events: ClassVar[AuditEvents]
    """The events of the audit log about a member; each kind has its own."""
    traits: ClassVar[Traits] = Traits(
        subject=Subject.PEOPLE, manages_existing=True, remembers_settings=True, shows=Shows.LIST
    )
    grants: ClassVar[GrantedAccess | None] = GrantedAccess.PLACE
    shared_memory: ClassVar[tuple[type[MemoryPart], ...]] = ()
    """The parts of the memory that all members of a resource share."""

    path: str
    noun: str
    id_name: str
    identity: str = "id"
    paging: Paging = Paging.NEXT
    limit: int = 100
    changes_with: Method = "POST"
    settable: tuple[str, ...] = ()

    @override
    def with_fields(self, declaration: Declaration) -> Self:
        return replace(super().with_fields(declaration), settable=declaration.settable)

    @override
    def grant(self, client: Client, remote: Remote, wanted: Wanted, *, is_new: bool = False) -> None:
        remote.id = remote.id or self.member_id(client, remote, wanted)
        if self.ensure(client, remote, wanted) and is_new and not self.stays(remote.parents, remote.id):
            logger.warning("%s.", existing_note(capitalized(self.name(remote)), count=1))

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage a member that exists."""
        remote.id = self.member_id(client, remote, wanted)
        self.grant(client, remote, wanted)

    def ensure(self, client: Client, remote: Remote, wanted: Wanted) -> bool:
        """Add a member whose id is known, or give it the values that it lacks. Return whether it existed."""
        with self._turn(client, remote):
            shown = self.listed(client, remote)
            if shown is None or not self.is_direct(shown):
                self._add(client, remote, wanted)
                return False
            self._learn(remote, shown)
            self._set_differing(client, remote, wanted)
            return True

    def ids(self, client: Client, remote: Remote) -> list[str]:
        """All that are in the list by themselves."""
        return [id_ for id_, row in self.rows(client, remote).items() if self.is_own(row)]

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """Return whether a listed member is one that a program would add."""
        return self.is_direct(row)

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The member as it is listed."""
        shown = self.require(client, remote)
        if not self.is_direct(shown):
            what = f"{capitalized(self.name(remote))} can't be imported: it is only inherited"
            raise errors.NotAdoptableError(what, "Import the role of the group from which it is inherited.")
        return shown

    @override
    def refresh(self, client: Client, remote: Remote) -> None:
        self._learn(remote, self.require(client, remote))

    @override
    def end(self, client: Client, remote: Remote) -> None:
        self.remove(client, remote)
        remote.memory.put(CreationTime())

    @override
    def remove(self, client: Client, remote: Remote) -> bool:
        """Remove a member by its id. Return False if it was left, because another resource declares it."""
        with self._turn(client, remote):
            lost_changes.wait(client, remote, f"remove {self.name(remote)}")
            if any(map(remote.step.is_declared_elsewhere, self.claims_of_member(remote, client))):
                return False
            self._remove(client, remote)
            return True

    def part_of(self, remote: Remote, key: str, parents: Mapping[str, str], id_: str) -> Remote:
        """See `baseline.part_of`, of one of the members that a resource manages."""
        sub = baseline.part_of(remote, key, parents, id_)
        for part in self.shared_memory:
            sub.memory.put(remote.memory[part])
        return sub

    def give(self, client: Client, remote: Remote, key: str, sub: Remote, wanted: Wanted) -> None:
        """See `ensure`, of one of the members that a resource manages (`part_of`), which is recorded at once.

        A change that failed is recorded if it may have been made.
        """
        is_done = False
        try:
            self.ensure(client, sub, wanted)
            is_done = True
        finally:
            if is_done or sub.step.has_changed:
                sub.memory[LostChanges].lost_at = None
                for part in self.shared_memory:
                    sub.memory.put(part())
                sub.memory.put(baseline.RecordedBaseline(baseline.recorded_baseline(sub)))
                remote.memory[baseline.ObjectRecords].objects[key] = sub.memory.to_state()
            remote.step.has_changed = remote.step.has_changed or sub.step.has_changed

    def take(self, client: Client, remote: Remote, key: str, sub: Remote) -> bool:
        """See `remove`, of one of the members that a resource manages, whose record ends at once."""
        is_removed = self.remove(client, sub)
        remote.step.has_changed = remote.step.has_changed or is_removed
        remote.memory[baseline.ObjectRecords].objects.pop(key, None)
        return is_removed

    @override
    def read_list(self, client: Client, remote: Remote) -> None:
        self.rows(client, remote)

    @override
    def holder(self, remote: Remote, names: Sequence[str]) -> str:
        return self.name(remote)

    def claims_of_member(self, remote: Remote, client: Client | None = None) -> list[MemberClaim]:
        """Return what another resource would claim that manages the member.

        Args:
            client: Reads lists that show more names of the member than the state has; none if nothing is read.
        """
        return self.claims_of(self._inside(remote), [remote.id])

    def removal(self, remote: Remote, now: float) -> Removal:
        """See `Handler.removal`: access that has ended, or that another resource declares, is left."""
        if has_ended(remote):
            return NOTHING
        manager = next(filter(None, map(remote.step.is_declared_elsewhere, self.claims_of_member(remote))), "")
        return self._handed_over(remote, manager) if manager else self._ending(remote)

    def _ending(self, remote: Remote) -> Removal:
        return ENDED

    def _handed_over(self, remote: Remote, manager: str) -> Removal:
        return moved(manager)

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """The member as it is listed.

        Raises:
            errors.NoMatchError: Nothing that could be a member has the id or the name.
        """
        if not remote.id:
            self.refuse_past(client, remote, wanted)
        elif self.over(client, remote, wanted.options):
            return Observation("")
        is_known = bool(remote.id) and not has_ended(remote) and not remote.pending_actions
        remote.id = remote.id or self.member_id(client, remote, wanted)
        shown = self.find(client, remote) if is_known else self.listed(client, remote)
        if shown is None:
            self.require_candidate(client, remote.parents, remote.id)
        there = shown if shown is not None and self.is_direct(shown) else None
        settings = {name: value for name, value in wanted.settings.items() if value is not None}
        if settings:
            now = {} if there is None else self.with_settings(client, remote, wanted, there)
            values = remote.compared(remote.attributes, now, settings)
        else:
            known, now = ({"": THERE} if is_there else {} for is_there in (is_known, there is not None))
            values = remote.compared(known, now, {"": THERE})
        is_found = not is_known and there is not None and not self.stays(remote.parents, remote.id)
        others = existing_note(capitalized(self.name(remote)), count=1) if is_found else ""
        return Observation(self.name(remote), values, others)

    def with_settings(
        self, client: Client, remote: Remote, wanted: Wanted, there: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return a listed member with what a program sets of it."""
        return there

    def require_candidates(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """See `Handler.require_candidates`: the member."""
        names = [remote.parents[self.id_name]] if self.id_name in remote.parents else wanted.selection.values()
        for name in names:
            self.require_candidate(client, remote.parents, str(name))

    def require_candidate(self, client: Client, parents: Mapping[str, str], name: str) -> None:
        """Make sure that OpenAI has what is to become a member, as far as a list shows it.

        Args:
            parents: The ids in the path that are known.
            name: The member in the program: an id, or what else the kind accepts.
        """

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """The member."""
        ids = {name: str(id_) for name, id_ in parents.items()}
        return self.claims_of(ids, [ids[self.id_name]]) if self.id_name in ids else []

    def claims_of(
        self, parents: Mapping[str, str], members: Iterable[str], *, is_whole: bool = False
    ) -> list[MemberClaim]:
        """Return the claims of members of a list, also in other places."""
        what = f"the {self.noun}s of {self.place(parents)}"
        names = frozenset(map(self.canonical_id, members))
        label = self._called(parents, "{}")
        return [MemberClaim(str(fill(self.path, **parents)), what, is_whole, members=names, label=label)]

    def member_id(self, client: Client, remote: Remote, wanted: Wanted) -> str:
        """The id of the member that the program names."""
        return remote.parents[self.id_name]

    def is_direct(self, shown: Mapping[str, Any]) -> bool:
        """Whether a member is in the list by itself, and not because of something else."""
        return True

    def is_alternative(self, parents: Mapping[str, str], id_: str) -> bool:
        """Whether the member is one of several of which there is only one at a time; see `plan_access`."""
        return False

    def stays(self, parents: Mapping[str, str], id_: str) -> bool:
        """Return whether a member that exists before it is declared stays when its declaration ends."""
        return self.is_alternative(parents, id_)

    def canonical_id(self, id_: str) -> str:
        """The same text for all ids of a member."""
        return id_

    def label(self, shown: Mapping[str, Any], known: str = "") -> str:
        """What a set calls a member.

        Args:
            known: What the program or the state calls it; empty if neither has it.
        """
        return known or str(shown[self.identity])

    def ids_of(
        self, client: Client, names: Iterable[str], shown: Iterable[Mapping[str, Any]], known: Mapping[str, str]
    ) -> Mapping[str, str]:
        """The ids of members by the names that a set has for them.

        Args:
            names: The names, in the program.
            shown: The members that are there.
            known: The ids of members that were there, by name. They count for names that are no longer anybody's.
        """
        return {name: name for name in names}

    def answered(self, reply: Mapping[str, Any]) -> Mapping[str, Any]:
        """The member as the response to the POST that adds it shows it."""
        return reply

    def listed_id(self, remote: Remote) -> str:
        """The id under which OpenAI lists a member that is known."""
        return remote.id

    def listing(self, client: Client, remote: Remote) -> Listing:
        """All members, shared by all resources of the run."""
        action = f"list the {self.noun}s of {self.place(remote.parents)}"
        return client.listing(
            fill(self.path, **remote.parents), action, {"limit": self.limit}, self.paging, self.identity
        )

    def path_of(self, remote: Remote) -> str:
        """Return the path of the member, with the id by which OpenAI lists it if that is known."""
        return fill(self.path + "/{id}", **remote.parents, id=self.listed_id(remote))

    def name(self, remote: Remote) -> str:
        """What messages call it."""
        return self._called(remote.parents, remote.id)

    def _called(self, parents: Mapping[str, str], member: str) -> str:
        return f"{self.noun} {member} of {self.place(parents)}"

    def place(self, parents: Mapping[str, str]) -> str:
        """What the list is of, in words."""
        return describe({name: id_ for name, id_ in parents.items() if name != self.id_name})

    def listed(self, client: Client, remote: Remote) -> Mapping[str, Any] | None:
        """Return the member as the list shows it; None if it does not, which proves nothing."""
        with client.inside(self._inside(remote)):
            return self.listing(client, remote).find(remote.id)

    def rows(self, client: Client, remote: Remote) -> Mapping[str, dict[str, Any]]:
        """All members by id, of the list that a member is in.

        Raises:
            errors.ParentEndedError: What the list is of no longer exists at OpenAI.
        """
        with client.inside(self._inside(remote)):
            return self.listing(client, remote).rows()

    def _inside(self, remote: Remote) -> Mapping[str, str]:
        """What the list is of: the member itself is none of it."""
        return {name: id_ for name, id_ in remote.parents.items() if f"{{{name}}}" in self.path}

    def is_place_known(self, parents: Mapping[str, str]) -> bool:
        """Return whether it is known what the list is of: the same update may create it."""
        return len(self._inside(Remote(parents))) == self.path.count("{")

    def find(self, client: Client, remote: Remote) -> Mapping[str, Any] | None:
        """Return the member as the list shows it, or else as OpenAI's answer about it says; None if it is not there."""
        return self.listed(client, remote) or self.current(client, remote)

    def current(self, client: Client, remote: Remote) -> Mapping[str, Any] | None:
        """Return the member as OpenAI's answer about it says; None if it is not there.

        One that was added moments ago may not be shown yet: it is as the state has it.
        """
        call, made_at = Call("GET", self.path_of(remote), f"read {self.name(remote)}"), self._made_at(remote)
        try:
            shown = show(client, call, made_at, self._inside(remote), self.name(remote))
        except errors.NotFoundError:
            return None
        shown = shown or {name: value for name, value in remote.attributes.items() if name != baseline.BASELINE}
        shown = {**shown, self.identity: shown.get(self.identity) or remote.id}
        self.listing(client, remote).learn(shown)
        return shown

    def require(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """Return the member; see `find`.

        Raises:
            errors.ResourceGoneError: It is not there, as OpenAI's answer about it says.
        """
        shown = self.find(client, remote)
        if shown is None:
            raise errors.ResourceGoneError.absent(self.name(remote), ". The next update adds it again.")
        return shown

    def _add(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """POST. Adding twice adds once, so the request is repeated if its response is lost.

        A refusal may mean that the member exists: an earlier attempt, or somebody else, has just added it.
        """
        body = documents.nested({self.id_name: remote.id, **wanted.settings})
        call = Call("POST", fill(self.path, **remote.parents), f"add {self.name(remote)}", body=body)
        remote.memory.put(CreationTime.of_request(client))
        try:
            with client.inside(self._inside(remote)):
                shown = self.answered(client.send(call))
        except errors.AdminError as error:
            remote.step.has_changed = remote.step.has_changed or error.may_have_acted
            if not (error.may_have_acted or isinstance(error, errors.BadRequestError)):
                raise
            shown = self._shown_after(client, remote, error)
        remote.step.has_changed = True
        self._learn(remote, {**documents.nested(wanted.settings), **shown})
        self.listing(client, remote).learn({**remote.attributes, self.identity: self.listed_id(remote)})
        Membership._set_differing(self, client, remote, wanted)

    def _shown_after(self, client: Client, remote: Remote, error: errors.AdminError) -> Mapping[str, Any]:
        """Return the member after an addition failed, as OpenAI's answer about it says."""
        try:
            shown = client.send(Call("GET", self.path_of(remote), f"look for {self.name(remote)}"))
        except errors.AdminError:
            raise error from None
        if not self.is_direct(shown):
            raise error
        return shown

    def _remove(self, client: Client, remote: Remote) -> None:
        """DELETE. Its answer, or that of what the list is of, decides; one added moments ago may not be found yet."""
        call = Call("DELETE", self.path_of(remote), f"remove {self.name(remote)}")
        delete_if_exists(client, call, self._made_at(remote), self._inside(remote))
        self.listing(client, remote).drop(self.listed_id(remote))

    @staticmethod
    def _made_at(remote: Remote) -> int | None:
        """Return when this resource may have added the member, in seconds since 1970; None if it did not."""
        times = remote.memory[CreationTime].made_at, remote.memory[LostChanges].lost_at
        return max((at for at in times if at is not None), default=None)

    def _set_differing(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        settings = {name: wanted.settings[name] for name in self.settable if name in wanted.settings}
        differing = {name: value for name, value in settings.items() if not lost_changes.is_known(remote, name, value)}
        if differing:
            with lost_changes.tracking(client, remote, differing):
                self.write(client, remote, differing, f"set {', '.join(differing)} of {self.name(remote)}")

    def write(self, client: Client, remote: Remote, properties: Mapping[str, Any], action: str) -> Mapping[str, Any]:
        """Send properties of a member, learn the response, and return it."""
        with client.inside(self._inside(remote)):
            call = Call(self.changes_with, self.path_of(remote), action, body=documents.nested(properties))
            reply = client.send(call)
        self._learn(remote, {**documents.nested(properties), **reply})
        self.listing(client, remote).learn({**remote.attributes, self.identity: remote.id})
        wrong = {
            name: (str(remote.get(name)), str(value))
            for name, value in properties.items()
            if not remote.are_equal(name, remote.get(name), value)
        }
        if wrong:
            raise baseline.not_applied(self.name(remote), wrong)
        return reply

    def _learn(self, remote: Remote, shown: Mapping[str, Any]) -> None:
        """Store what OpenAI shows; what it never shows stays as it was sent."""
        remote.attributes = {**remote.attributes, **shown}

    def _turn(self, client: Client, remote: Remote) -> Any:
        path = fill(self.path + "/{id}", **remote.parents, id=self.canonical_id(remote.id))
        return client.exclusively(path, f"look at {self.name(remote)}")


def existing_note(what: str, *, count: int) -> str:
    """Return what to say of access that exists when the program first declares it, without a full stop."""
    exists, it = ("exists", "it") if count == 1 else ("exist", "them")
    return (
        f"{what} {exists} already, and this resource now manages {it}: removing the resource removes {it}, unless the "
        f"option retainOnDelete (retain_on_delete) is set. If another stack or tool manages {it}, let only one of them "
        f"do so. If this stack manages {it} under another name, this is a move"
    )
