"""Many members of one list under one resource: the users of a group.

Each member is added and removed as `Membership` does it, many at a time, and all with one list. A set that is exclusive
removes members that the program does not name. It removes only those that the state shows: so a preview has named them.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import anchors, parallel, restoration
from pulumi_openai_admin.handlers.handler import Adoptable, Remote, Wanted
from pulumi_openai_admin.handlers.membership import ADDED, WAS_THERE, Membership
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pulumi_openai_admin.handlers.handler import Claim
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

EXCLUSIVE = "exclusive"
"""The option that says whether members that the program does not name are removed."""
_ADDED = "added"
"""In `Remote.private`, the ids of the members that this resource added; in `Remote.rollback`, those of this run."""
_REMOVED = "removed"
"""In `Remote.rollback`: the ids of the members that this run removed."""
_NOTHING = Wanted({}, {})


@dataclass
class _Work:
    """One run over the members."""

    client: Client
    remote: Remote
    done: list[str] = field(default_factory=list)
    failed: dict[str, errors.AdminError] = field(default_factory=dict)
    untried: list[str] = field(default_factory=list)
    broke: errors.AdminError | None = None
    """What broke the run: no member after it is tried."""


@dataclass(frozen=True)
class MemberSet(Adoptable):
    """The handler.

    Args:
        member: The handler of one member.
        members: The property that lists the ids of the members.
    """

    manages_existing: ClassVar[bool] = True
    remembers_settings: ClassVar[bool] = True

    member: Membership
    members: str

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Add the members that are missing. Nobody is removed, since no preview has shown who is there."""
        remote.id = list(remote.parents.values())[-1]
        remote.attributes[self.members] = []
        self._settle(client, remote, wanted)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage members that are there: destroy leaves them."""
        self.create(client, remote, wanted)

    @property
    def path_of_each(self) -> str:
        """See `Adoptable.path_of_each`."""
        return self.member.path

    def ids(self, client: Client, remote: Remote) -> list[str]:
        """The set, unless it is empty."""
        return [""] if self.member.ids(client, remote) else []

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """All members."""
        return {self.members: sorted(self._live(client, remote))}

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the members up to date: those that the program names, or all of an exclusive set."""
        live = self._live(client, remote)
        is_looked_up = self.members not in remote.attributes
        is_whole = is_looked_up or remote.options.get(EXCLUSIVE)
        remote.attributes[self.members] = sorted(live if is_whole else live & set(remote.attributes[self.members]))
        self.member.remember_organization(client, remote)

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Add what is missing, and remove what leaves the program or, of an exclusive set, what the state shows."""
        self._settle(client, remote, wanted)

    def delete(self, client: Client, remote: Remote) -> None:
        """Remove the members that this resource added, unless another resource of this run manages them."""
        try:
            live = self._live(client, remote)
        except errors.ParentEndedError:
            return
        work = _Work(client, remote)
        added = [id_ for id_ in self._added(remote) if id_ in live]
        self._each(work, added, self._remove)
        self._raise_failures(work)

    def undo(self, client: Client, remote: Remote) -> bool:
        """Remove what this run added. Who was removed stays removed."""
        work = _Work(client, remote)
        self._each(work, list(remote.rollback.get(_ADDED, ())), self._undo_one)
        return not (work.failed or work.untried or remote.rollback.get(_REMOVED))

    def change_note(self, remote: Remote, wanted: Wanted) -> str:
        """Which members an update removes, since a preview may show only that the list differs."""
        if not wanted.options.get(EXCLUSIVE) or not isinstance(wanted.settings.get(self.members), list):
            return ""
        leaving = [id_ for id_ in remote.get(self.members) or () if id_ not in wanted.settings[self.members]]
        if not leaving:
            return ""
        told = restoration.bounded(", ", leaving)
        return (
            f"{self._count(leaving)} that the program does not name will be removed from {self._place(remote)}: {told}."
        )

    def claim(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Claim | None:  # noqa: ARG002
        """The members that the program names; an exclusive set manages all."""
        ids = wanted.settings.get(self.members)
        if not isinstance(ids, list):
            return None
        is_whole = bool(wanted.options.get(EXCLUSIVE))
        return self.member.claim_of({name: str(id_) for name, id_ in parents.items()}, ids, is_whole=is_whole)

    def _settle(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        self.member.remember_organization(client, remote)
        live = self._live(client, remote)
        named = list(wanted.settings[self.members])
        is_exclusive = bool(wanted.options.get(EXCLUSIVE))
        is_ours = {*self._added(remote), *(remote.attributes.get(self.members, ()) if is_exclusive else ())}
        leaving = [id_ for id_ in live if id_ in is_ours - set(named)]
        for id_ in live & set(named):
            remote.acquire(client, self.member.path_of(self._sub(remote, id_)))
        adding, removing = _Work(client, remote), _Work(client, remote)
        self._each(adding, [id_ for id_ in named if id_ not in live], self._add)
        removing.broke = adding.broke
        self._each(removing, leaving, self._remove)
        now = (live | set(adding.done)) - set(removing.done)
        remote.attributes[self.members] = sorted(now if is_exclusive else now & set(named))
        remote.private[_ADDED] = sorted((set(self._added(remote)) - set(removing.done)) & (now | set(named)))
        if is_exclusive:
            self._tell_others(remote, sorted(now - set(named) - set(leaving)))
        self._raise_failures(adding, removing)

    def _tell_others(self, remote: Remote, others: list[str]) -> None:
        place, told = self._place(remote), restoration.bounded(", ", others)
        if others:
            logger.warning(
                "%s has %s that the program does not name, and that no preview has shown: %s. They are still there; "
                "%s to remove them.",
                capitalized(place), self._count(others), told, remedies.RUN_AGAIN,
            )  # fmt: skip

    def _each(self, work: _Work, ids: Iterable[str], act: Callable[[_Work, str], None]) -> None:
        """Do it for each member, many at a time."""
        parallel.each(work.client, list(ids), lambda id_: self._try(work, id_, act))

    @staticmethod
    def _try(work: _Work, id_: str, act: Callable[[_Work, str], None]) -> None:
        with work.client.in_flight:
            if work.broke:
                work.untried.append(id_)
                return
            work.client.progress()  # the time of this member does not begin while others are in flight
            try:
                act(work, id_)
            except errors.AdminError as error:
                work.failed[id_] = error
                if not isinstance(error, errors.BadRequestError | errors.NotFoundError | errors.NoMatchError):
                    work.broke = error
            else:
                work.done.append(id_)
                work.client.progress()

    def _add(self, work: _Work, id_: str) -> None:
        sub = self._sub(work.remote, id_)
        try:
            self.member.create(work.client, sub, _NOTHING)
        except errors.AdminError:
            if not sub.has_changed:
                work.client.release(sub.acquired)
                raise
            self._note_added(work.remote, sub)
            raise
        self._note_added(work.remote, sub)

    @staticmethod
    def _note_added(remote: Remote, sub: Remote) -> None:
        remote.acquired.extend(sub.acquired)
        if sub.has_changed and not sub.private.get(WAS_THERE):
            remote.has_changed = True
            remote.private.setdefault(_ADDED, []).append(sub.id)
            remote.rollback.setdefault(_ADDED, []).append(sub.id)

    def _remove(self, work: _Work, id_: str) -> None:
        self.member.delete(work.client, self._sub(work.remote, id_))
        work.remote.has_changed = True
        if id_ not in work.remote.rollback.get(_ADDED, ()):
            work.remote.rollback.setdefault(_REMOVED, []).append(id_)

    def _undo_one(self, work: _Work, id_: str) -> None:
        sub = self._sub(work.remote, id_)
        sub.rollback[ADDED] = True
        self.member.undo(work.client, sub)

    def _sub(self, remote: Remote, id_: str) -> Remote:
        """One member. It is removed if this resource says so, whoever added it."""
        sub = Remote({**remote.parents, self.member.member: id_}, id_)
        sub.private = {WAS_THERE: False, **anchors.remembered(remote)}
        return sub

    def _live(self, client: Client, remote: Remote) -> set[str]:
        """The ids of all members."""
        return set(self.member.rows(client, self._sub(remote, "members")))

    @staticmethod
    def _added(remote: Remote) -> list[str]:
        return list(remote.private.get(_ADDED, ()))

    def _raise_failures(self, *works: _Work) -> None:
        failed = {id_: error for work in works for id_, error in work.failed.items()}
        done, untried = (
            sum(len(part) for part in parts) for parts in zip(*((w.done, w.untried) for w in works), strict=True)
        )
        if not failed:
            return
        if len(failed) == 1 and not done and not untried:
            raise next(iter(failed.values()))
        what = (
            f"{self._count(failed)} of {self._place(works[0].remote)} could not be added or removed: "
            f"{done} changes were made, {untried} were not tried"
        )
        raise errors.PartialUpdateError(
            what,
            Advice(*parallel.causes(failed), "What was done is kept; ", remedies.RUN_AGAIN, " to go on with the rest."),
        )

    def _count(self, ids: Iterable[str]) -> str:
        count = len(list(ids))
        return f"{count} {self.member.noun}{'' if count == 1 else 's'}"

    def _place(self, remote: Remote) -> str:
        return self.member.place(remote.parents)
