"""Something in a list: a user in a group, a group in a project, a role of a user. POST adds it, DELETE removes it.

A member that was there before is left there on destroy: `create` looks before it adds, and remembers what it found. A
member that was imported belongs to the program, and destroy removes it.
"""

from __future__ import annotations

import logging
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import baseline, creation, documents, restoration
from pulumi_openai_admin.handlers.baseline import BASELINE, Baseline, PriorPresence, Writes
from pulumi_openai_admin.handlers.capabilities import GrantedAccess
from pulumi_openai_admin.handlers.expiry import TemporaryObject, has_ended
from pulumi_openai_admin.handlers.handler import Claim, Observation, Shows, Subject, Traits, ValueComparison
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.paging import Paging
from pulumi_openai_admin.http.parents import describe
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.printable import capitalized

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from typing_extensions import Self

    from pulumi_openai_admin.handlers.audit_events import AuditEvents
    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.handlers.restoration import Unrestored
    from pulumi_openai_admin.http.client import Client, Listing
    from pulumi_openai_admin.schema.fields import Declaration

logger = logging.getLogger(__name__)

THERE = "there"
"""In place of a value, of members that have none."""
MAX_AGE_SECONDS = 10.0
"""How old a list may be that says that a member is not there, when the member is added. Whom another process adds in
this time counts as added by the resource."""
ADDED = "added"
"""In `StepContext.rollback`: this run has added the member."""


@dataclass
class SelectedIds(MemoryPart):
    """By address, the id of the member that it selected and that has another address by now, or is no longer listed."""

    selected: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MemberClaim(Claim):
    """Members of one list that a resource manages."""

    members: frozenset[str] = frozenset()
    """Their names; a person has the id and the address as far as both are known."""
    label: str = "{}"
    """What a member is called: "user {} of group group_1"."""

    @property
    def names(self) -> list[str]:
        """See `Claim`."""
        return sorted(self.members)

    def overlap(self, other: Claim) -> str | None:
        """See `Claim`."""
        if not isinstance(other, MemberClaim) or self.place != other.place:
            return None
        shared = min(self.members & other.members, default=None)
        if shared is not None:
            return self.label.format(shared)
        return self.what if self.is_whole or other.is_whole else None


@dataclass(frozen=True)
class PersonClaim(Claim):
    """A person whose access a resource manages. It conflicts with nothing; see `handler.ANYWHERE`."""

    person: str = ""
    """The id."""

    @property
    def names(self) -> list[str]:
        """See `Claim`."""
        return [self.person]

    def overlap(self, other: Claim) -> str | None:  # noqa: ARG002 - there is none
        """See `Claim`."""
        return None


@dataclass(frozen=True)
class Returned:
    """What became of a member that a resource no longer manages."""

    is_left: bool = False
    """Whether it was left, because it was there before."""
    is_handed_over: bool = False
    """Whether it was left, because another resource of the program manages it now."""
    unrecorded: Sequence[str] = ()
    """Its original values in words, if that other resource does not have them."""
    unrestored: Sequence[Unrestored] = ()
    """The properties that hold something else than before."""


@dataclass(frozen=True)
class Membership(TemporaryObject):
    """The handler.

    Args:
        path: The list of members; one member is at `{path}/{id}`.
        noun: What a member is called, singular: "user".
        id_name: The name of the member's id in the resource's path, and in the body that adds it.
        identity: The name of its id in the list.
        paging: How the list goes on.
        limit: The most members that OpenAI shows on a page.
        is_one_of_many: Whether a set manages the member. The set then looks once for all members that OpenAI refused.
        settable: What POST to one member changes, by dotted name. It follows from the resource's fields.
    """

    audit_events: ClassVar[AuditEvents]
    """The events of the audit log about a member; each kind has its own."""
    traits: ClassVar[Traits] = Traits(
        subject=Subject.PEOPLE,
        manages_existing=True,
        remembers_settings=True,
        shows=Shows.LIST,
        not_shown=(BASELINE,),
    )
    grants: ClassVar[GrantedAccess | None] = GrantedAccess.PLACE

    path: str
    noun: str
    id_name: str
    identity: str = "id"
    paging: Paging = Paging.NEXT
    limit: int = 100
    is_one_of_many: bool = False
    settable: tuple[str, ...] = ()

    def with_fields(self, declaration: Declaration) -> Self:
        """See `Handler.with_fields`."""
        return replace(super().with_fields(declaration), settable=declaration.settable)

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Add the member, or begin to manage one that is there."""
        self.refuse_past(client, remote, wanted)
        remote.id = self.member_id(client, remote, wanted)
        self.begin(client, remote, wanted)

    def begin(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Add a member whose id is known, or begin to manage one that is there."""
        self.acquire(client, remote, wanted)
        with self._turn(client, remote):
            shown = self._shown(client, remote)
            presence = remote.memory[PriorPresence]
            if presence.was_there is None:
                baseline.load(remote, client.handed_over(self.path_of(remote)))
                presence = remote.memory[PriorPresence]
            if shown is None or not self.is_direct(shown):
                self.listing(client, remote).renew(MAX_AGE_SECONDS)  # another process may have added it since
                shown = self._shown(client, remote)
            if shown is None or not self.is_direct(shown):
                # Of a member that is not in the list by itself alone, nobody can tell: destroy leaves it.
                # A set does know that it added the member before.
                is_ours = presence.was_there is False or self.is_new(client, remote)
                presence.was_there = shown is not None and not is_ours
                self._add(client, remote, wanted)
            else:
                presence.was_there = presence.was_there is not False
                self._learn(remote, shown)
                self._settle(client, remote, wanted)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage a member that is there. It belongs to the program from now on: destroy removes it."""
        remote.memory.put(PriorPresence(was_there=False))
        self.create(client, remote, wanted)

    def ids(self, client: Client, remote: Remote) -> list[str]:
        """All that are in the list by themselves."""
        with client.inside(remote.parents):
            rows = self.listing(client, remote).rows()
        return [id_ for id_, row in rows.items() if self.is_own(row)]

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """Whether a listed member is one that a program would add."""
        return self.is_direct(row)

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The member as it is listed.

        Raises:
            errors.NotAdoptableError: It is in the list only because of something else.
        """
        shown = self._require(client, remote)
        if not self.is_direct(shown):
            what = f"{capitalized(self.name(remote))} can't be imported: it is only inherited"
            raise errors.NotAdoptableError(what, "Import the role of the group from which it is inherited.")
        return shown

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the member up to date."""
        if has_ended(remote):
            return
        try:
            self._learn(remote, self._require(client, remote))
        except errors.ResourceGoneError as gone:
            if not self.is_gone_in_time(client, remote, gone):
                raise

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Change what can be changed in place, or remove a member whose time is over."""
        if self.update_until(client, remote, wanted):
            return
        self.acquire(client, remote, wanted)
        with self._turn(client, remote):
            if (remote.pending or remote.due) and self._shown(client, remote) is None:
                self._add(
                    client, remote, wanted
                )  # an earlier run, whose response was lost, did not; or others removed it
                return
            self._learn(remote, self._require(client, remote))
            self._settle(client, remote, wanted)

    def delete(self, client: Client, remote: Remote) -> None:
        """Remove the member, unless it was there before the resource. One line says what is left."""
        if self.delete_until(client, remote):
            return
        self.report(remote, self.give_back(client, remote))

    def end(self, client: Client, remote: Remote) -> bool:
        """Remove the member, whoever added it, unless another resource of the program manages it."""
        remote.memory.put(PriorPresence(was_there=False))
        self.report(remote, self.give_back(client, remote))
        self.forget(remote)
        return True

    def forget(self, remote: Remote) -> None:
        """Remember nothing of a member that was removed. The next addition finds out again what is there."""
        remote.attributes[BASELINE] = {}
        remote.memory.put(PriorPresence())
        remote.memory.put(Writes())

    def look(self, client: Client, remote: Remote) -> None:
        """See `TemporaryAccess.look`."""
        self.rows(client, remote)

    def holder(self, remote: Remote, names: Sequence[str]) -> str:  # noqa: ARG002 - there is one
        """See `TemporaryAccess.holder`."""
        return self.name(remote)

    def report(self, remote: Remote, returned: Returned) -> None:
        """Say what destroy left, or could not restore."""
        name = self.name(remote)
        if returned.is_handed_over and remote.step.is_replaced:
            logger.log(remedies.NOTE, "%s was left unchanged, because the program still manages it.", capitalized(name))
        elif returned.is_handed_over:
            logger.warning(
                "%s was left unchanged, because another resource of the program manages it.%s",
                capitalized(name), restoration.unrecorded(returned.unrecorded),
            )  # fmt: skip
        elif returned.unrestored:
            restoration.warn(name, returned.unrestored)
        elif returned.is_left:
            logger.log(
                remedies.NOTE, ("%s was left unchanged, because it existed before this resource."), capitalized(name)
            )

    def give_back(self, client: Client, remote: Remote) -> Returned:
        """Remove a member; one that was there before is left, with the values from before the first change."""
        with self._turn(client, remote):
            try:
                shown = self._shown(client, remote)
            except errors.ParentEndedError:
                return Returned()
            if self.is_managed_elsewhere(client, remote, shown):
                client.hand_over(self.path_of(remote), self.record(remote))
                return Returned(is_handed_over=True, unrecorded=self._unrecorded(client, remote, shown))
            if shown is None:
                return Returned()
            if self.stays(remote):
                self._learn(remote, shown)
                return Returned(is_left=True, unrestored=self._baseline(client, remote).restore())
            self._remove(client, remote)
            return Returned()

    def _unrecorded(self, client: Client, remote: Remote, shown: Mapping[str, Any] | None) -> list[str]:
        """See `Returned.unrecorded`. A resource that begins later takes the record of the member."""
        names = self.names(remote, remote.memory[Writes].written)
        if shown is None or not any(client.is_owned(name) for name in names):
            return []
        return self.unrecorded(remote, shown)

    def unrecorded(self, remote: Remote, shown: Mapping[str, Any]) -> list[str]:
        """The values from before the resource, in words, where the member has others now.

        Args:
            remote: The member.
            shown: The member as it is listed.
        """
        if not remote.memory[PriorPresence].was_there:
            return []
        found = remote.attributes.get(BASELINE) or {}
        return [f"{name} {value}" for name, value in found.items() if value != documents.get(shown, name)]

    def acquire(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Record in the run that a resource manages the member."""
        for name in self.names(remote, wanted.settings):
            remote.acquire(client, name)

    def is_managed_elsewhere(self, client: Client, remote: Remote, shown: Mapping[str, Any] | None) -> bool:
        """Whether another resource of the program manages the member, or is about to.

        Args:
            client: Knows what resources of the run manage.
            remote: The member.
            shown: The member as it is listed; None if it is not there.
        """
        if any(client.is_owned(name) for name in self.names(remote, remote.memory[Writes].written)):
            return True
        return any(
            remote.step.is_declared_elsewhere(claim) for claim in self.claims_of_member(client, remote, shown or {})
        )

    def names(self, remote: Remote, settings: Collection[str]) -> list[str]:  # noqa: ARG002
        """The names under which a run knows what the resource manages: every kind has the same ones for an object.

        Args:
            remote: The member.
            settings: The properties that the resource manages.
        """
        return [self.path_of(remote)]

    def claims_of_member(self, client: Client, remote: Remote, shown: Mapping[str, Any]) -> list[Claim]:  # noqa: ARG002
        """What a resource would claim that manages the member.

        Args:
            client: Has the lists of the run.
            remote: The member.
            shown: The member as it is listed.
        """
        return [self.claim_of(self._inside(remote), [remote.id])]

    def undo(self, client: Client, remote: Remote) -> bool:
        """Remove what this run added, or write what it found."""
        if remote.step.rollback.get(ADDED):
            self._remove(client, remote)
            return True
        self._learn(remote, self._require(client, remote))
        return self._baseline(client, remote).undo()

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """The member as it is listed.

        Raises:
            errors.NoMatchError: Nothing that could be a member has the id or the name.
            errors.ResourceGoneError: The member in the state is not there.
        """
        if not remote.id:
            self.refuse_past(client, remote, wanted)
        elif self.is_over(client, remote, wanted.options):
            return Observation("")
        is_known = bool(remote.id) and not has_ended(remote) and not remote.due
        remote.id = remote.id or self.member_id(client, remote, wanted)
        shown = self._require(client, remote) if is_known else self._shown(client, remote)
        if shown is None:
            self.require_candidate(client, remote)
        there = shown if shown is not None and self.is_direct(shown) else None
        return Observation(self.name(remote), self._compared(client, remote, wanted, there, is_known=is_known))

    def _compared(
        self, client: Client, remote: Remote, wanted: Wanted, there: Mapping[str, Any] | None, *, is_known: bool
    ) -> list[ValueComparison]:
        """The values of a member; whether it is there, if it has none.

        Args:
            client: Sends.
            remote: The member.
            wanted: What the program sets.
            there: The member as it is listed; None if it is not there.
            is_known: Whether the state has it.
        """
        settings = {name: value for name, value in wanted.settings.items() if value is not None}
        if not settings:
            known, now = (THERE if is_there else None for is_there in (is_known, there is not None))
            return [ValueComparison("", "", known, now, THERE, now == THERE)]
        shown = self._with_settings(client, remote, wanted, there) if there is not None else {}
        return [
            ValueComparison(name, name, remote.get(name), now := documents.get(shown, name), value, now == value)
            for name, value in settings.items()
        ]

    def _with_settings(
        self,
        client: Client,  # noqa: ARG002 - for handlers that have to look them up
        remote: Remote,  # noqa: ARG002
        wanted: Wanted,  # noqa: ARG002
        there: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        """A listed member with what a program sets of it."""
        return there

    def require_candidate(self, client: Client, remote: Remote) -> None:
        """Make sure that OpenAI has what is to become a member, as far as a list shows it.

        Raises:
            errors.NoMatchError: It has not.
        """

    def require_candidates(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """See `NamesOthers.require_candidates`: the member."""
        names = [remote.parents[self.id_name]] if self.id_name in remote.parents else wanted.selection.values()
        for name in names:
            self.require_named(client, str(name))

    def require_named(self, client: Client, name: str) -> None:
        """Make sure that OpenAI has what a program names as a member, whatever it becomes a member of.

        Nothing is required of kinds whose candidates depend on that.

        Args:
            client: Sends.
            name: The member in the program: an id, or what else the kind accepts.

        Raises:
            errors.NoMatchError: It has not.
        """

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:  # noqa: ARG002
        """The member."""
        ids = {name: str(id_) for name, id_ in parents.items()}
        return [self.claim_of(ids, [ids[self.id_name]])] if self.id_name in ids else []

    def claim_of(self, parents: Mapping[str, str], members: Iterable[str], *, is_whole: bool = False) -> Claim:
        """Some members of a list, or all.

        Args:
            parents: The ids in the path.
            members: Their ids.
            is_whole: Whether others are managed, too.
        """
        what = f"the {self.noun}s of {self.place(parents)}"
        label = self._called(parents, "{}")
        names = frozenset(map(self.canonical_id, members))
        return MemberClaim(str(fill(self.path, **parents)), what, is_whole, names, label)

    def further_claims(self, parents: Mapping[str, str], members: Collection[str]) -> Sequence[Claim]:  # noqa: ARG002
        """What members are besides in other places.

        Args:
            parents: The ids in the path.
            members: Their names.
        """
        return []

    def member_id(self, client: Client, remote: Remote, wanted: Wanted) -> str:  # noqa: ARG002
        """The id of the member that the program names."""
        return remote.parents[self.id_name]

    def is_direct(self, shown: Mapping[str, Any]) -> bool:  # noqa: ARG002
        """Whether a member is in the list by itself, and not because of something else."""
        return True

    def is_new(self, client: Client, remote: Remote) -> bool:  # noqa: ARG002
        """Whether this run created what is a member, so that nobody can have added it before."""
        return False

    def stays(self, remote: Remote) -> bool:
        """Whether destroy leaves the member."""
        return bool(remote.memory[PriorPresence].was_there)

    def canonical_id(self, id_: str) -> str:
        """The same text for all ids of a member."""
        return id_

    def label(self, shown: Mapping[str, Any]) -> str:
        """What a set calls a member that the program does not name."""
        return str(shown[self.identity])

    def name_in_set(self, shown: Mapping[str, Any], known: str) -> str:
        """What a set calls a member.

        Args:
            shown: The member as it is listed.
            known: What the state calls it; empty if the state does not have it.
        """
        return known or self.label(shown)

    def ids_of(
        self,
        client: Client,  # noqa: ARG002 - for handlers that have to look them up
        names: Iterable[str],
        shown: Iterable[Mapping[str, Any]],  # noqa: ARG002
        known: Mapping[str, str],  # noqa: ARG002
    ) -> Mapping[str, str]:
        """The ids of members by the names that a set has for them.

        Args:
            client: Sends.
            names: The names, in the program.
            shown: The members that are there.
            known: The ids of members that were there, by name. They count for names that are no longer anybody's.
        """
        return {name: name for name in names}

    def record(self, remote: Remote) -> dict[str, Any]:
        """The record that a set keeps of the member."""
        return baseline.record(remote) if remote.memory[PriorPresence].was_there else {}

    def take_over(self, remote: Remote, records: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep what is remembered of members of the same set that ended when this member was added."""

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
        """Where the member is."""
        return fill(self.path + "/{id}", **remote.parents, id=self.canonical_id(remote.id))

    def name(self, remote: Remote) -> str:
        """What messages call it."""
        return self._called(remote.parents, remote.id)

    def _called(self, parents: Mapping[str, str], member: str) -> str:
        return f"{self.noun} {member} of {self.place(parents)}"

    def place(self, parents: Mapping[str, str]) -> str:
        """What the list is of, in words."""
        return describe({name: id_ for name, id_ in parents.items() if name != self.id_name})

    def is_row_of(self, remote: Remote, row: Mapping[str, Any]) -> bool:
        """Whether a row of the list is the member."""
        return bool(row.get(self.identity) == remote.id)

    def _shown(self, client: Client, remote: Remote) -> Mapping[str, Any] | None:
        """The member as the list shows it; None where it does not."""
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

    def _require(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The member; one list that lacks it is not enough to call it gone.

        Raises:
            errors.ResourceGoneError: It is not there.
        """
        shown = self._shown(client, remote)
        if shown is None:
            with client.inside(self._inside(remote)):
                shown = self.listing(client, remote).find_surely(
                    lambda row: self.is_row_of(remote, row),
                    lambda: client.pause(creation.POLL_DELAYS[1], f"look for {self.name(remote)} again"),
                )
        if shown is None:
            raise errors.ResourceGoneError.absent(self.name(remote), ". The next update adds it again.")
        return shown

    def _add(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """POST, until the list shows the member: adding it twice adds it once."""
        body = documents.nested({self.id_name: remote.id, **wanted.settings})
        call = Call("POST", fill(self.path, **remote.parents), f"add {self.name(remote)}", body=body, idempotent=False)
        lost: errors.AdminError | None = None
        remote.step.rollback[ADDED] = True
        for conflict_wait in (*creation.CONFLICT_WAITS, *[None] * (creation.MAX_TRIES - len(creation.CONFLICT_WAITS))):
            try:
                with nullcontext() if self.is_one_of_many else client.inside(self._inside(remote)):
                    reply = client.send(call)
            except errors.AdminError as error:
                is_refused = isinstance(error, errors.BadRequestError)
                if not (error.may_have_acted or is_refused):
                    raise
                remote.step.has_changed = remote.step.has_changed or error.may_have_acted  # also if the look fails
                shown = self._look_after(client, remote, error, is_unsure=lost is not None)
                lost = lost or (error if error.may_have_acted else None)
                if shown is not None:
                    # Refused without a lost response before: somebody else added it at the same moment.
                    remote.memory[PriorPresence].was_there = remote.memory[PriorPresence].was_there or lost is None
                    if lost is None:
                        del remote.step.rollback[ADDED]
                    self._learn(remote, {**documents.nested(wanted.settings), **shown})
                    self._settle(client, remote, wanted)
                    return
                if isinstance(error, errors.ConflictError) and conflict_wait is not None:
                    client.pause(conflict_wait, call.action)  # something else was being changed
                elif is_refused:
                    raise
            else:
                remote.step.has_changed = True
                self._learn(remote, {**documents.nested(wanted.settings), **self.answered(reply)})
                self.listing(client, remote).learn({**remote.attributes, self.identity: self.listed_id(remote)})
                return
        raise lost or AssertionError

    def _look_after(
        self, client: Client, remote: Remote, error: errors.AdminError, *, is_unsure: bool
    ) -> Mapping[str, Any] | None:
        """The member, if it is there after an addition failed. After a refusal it is read alone: no list changed."""
        if error.may_have_acted or is_unsure:
            return self._look_again(client, remote)
        if self.is_one_of_many:
            return None
        try:
            shown = client.send(Call("GET", self.path_of(remote), f"look for {self.name(remote)}"))
        except errors.AdminError:
            return None  # the refusal says more
        self.listing(client, remote).learn({**shown, self.identity: shown.get(self.identity) or remote.id})
        return shown if self.is_direct(shown) else None

    def _look_again(self, client: Client, remote: Remote) -> Mapping[str, Any] | None:
        for wait in creation.POLL_DELAYS:
            client.pause(wait, f"look for {self.name(remote)}")
            self.listing(client, remote).forget()
            shown = self._shown(client, remote)
            if shown is not None and self.is_direct(shown):
                return shown
        return None

    def _remove(self, client: Client, remote: Remote) -> None:
        try:
            with client.inside(self._inside(remote)):
                path = fill(self.path + "/{id}", **remote.parents, id=self.listed_id(remote))
                client.send(Call("DELETE", path, f"remove {self.name(remote)}"))
        except (errors.NotFoundError, errors.ParentEndedError):
            pass  # it no longer exists, deleted with what it was in or alone
        self.listing(client, remote).drop(self.listed_id(remote))

    def _settle(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        settings = {name: wanted.settings[name] for name in self.settable if name in wanted.settings}
        restoration.warn(self.name(remote), self._baseline(client, remote).settle(settings))
        if not remote.memory[PriorPresence].was_there:
            remote.attributes[BASELINE] = {}  # destroy removes the member, and restores nothing

    def _baseline(self, client: Client, remote: Remote) -> Baseline:
        def write(properties: Mapping[str, Any], action: str) -> None:
            with client.inside(self._inside(remote)):
                reply = client.send(Call("POST", self.path_of(remote), action, body=documents.nested(properties)))
            self._learn(remote, {**documents.nested(properties), **reply})
            self.listing(client, remote).learn({**remote.attributes, self.identity: remote.id})

        return Baseline(remote, self.name(remote), write)

    def _learn(self, remote: Remote, shown: Mapping[str, Any]) -> None:
        """Store what OpenAI shows; what it never shows stays as it was sent."""
        kept = dict(remote.attributes.get(BASELINE, {}))
        remote.attributes = {**remote.attributes, **shown, BASELINE: kept}

    def _turn(self, client: Client, remote: Remote) -> Any:
        return client.exclusively(self.path_of(remote), f"look at {self.name(remote)}")
