"""Many members of one list under one resource: the users of a group, the roles of a user.

Each member is added, changed and removed as `Membership` does it, many at a time, and all with one list. Members may
have a value each, such as a role, which is changed in place. A set that is exclusive
removes members that the program does not name. It removes only those that the state shows: so a preview has named them.
"""

from __future__ import annotations

import copy
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import anchors, parallel, restoration
from pulumi_openai_admin.handlers.handler import Adoptable, Compared, Look, Remote, Wanted
from pulumi_openai_admin.handlers.kept_values import BASELINE
from pulumi_openai_admin.handlers.membership import THERE, WAS_THERE, Membership
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pulumi_openai_admin.handlers.handler import Claim
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

EXCLUSIVE = "exclusive"
"""The option that says whether members that the program does not name are removed."""
# What is remembered from one run to the next (`Remote.private`):
_ADDED = "added"
"""The ids of the members that this resource added."""
_KEPT = "kept"
"""By id, what destroy has to know of a member that this resource changed (`Membership.memory`)."""
# What this run did (`Remote.rollback`):
_CHANGED = "changed"
"""The members that it added or changed, each a `Remote`."""
_REMOVED = "removed"
"""The ids of the members that it removed."""


@dataclass
class _Work:
    """One run over the members."""

    client: Client
    remote: Remote
    shown: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By id, the members that are there."""
    wanted: Mapping[str, Any] = field(default_factory=dict)
    """By id, the values of those that the program names."""
    removes_others: bool = False
    """Whether members are removed that this resource did not add."""
    done: list[str] = field(default_factory=list)
    failed: dict[str, errors.AdminError] = field(default_factory=dict)
    untried: list[str] = field(default_factory=list)
    broke: errors.AdminError | None = None
    """What broke the run: no member after it is tried."""

    def __post_init__(self) -> None:
        self.added = frozenset(self.remote.private.get(_ADDED, ()))


@dataclass(frozen=True)
class _Plan:
    """What is there, and what the program wants."""

    shown: Mapping[str, Mapping[str, Any]]
    """By id, the members that are there."""
    named: Mapping[str, str]
    """By id, the program's names of the members that it names."""
    wanted: Mapping[str, Any]
    """By id, their values; None without values."""
    there: frozenset[str]
    """The ids of those that are there by themselves, with whatever value."""
    is_exclusive: bool


@dataclass(frozen=True)
class MemberSet(Adoptable):
    """The handler.

    Args:
        member: The handler of one member.
        members: The property with the members: a list of ids, or, if each has a value, a mapping of names to values.
        value: The value that each member has, by OpenAI's name (`role`); empty without values.
        ids_output: The output with the ids of members by name, if the program may name members by something else.
    """

    manages_existing: ClassVar[bool] = True
    remembers_settings: ClassVar[bool] = True

    member: Membership
    members: str
    value: str = ""
    ids_output: str = ""

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Add the members that are missing. Nobody is removed, since no preview has shown who is there."""
        remote.id = list(remote.parents.values())[-1]
        remote.attributes[self.members] = self._property({})
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
        """All members that a program would add, with their values."""
        rows = [row for row in self._shown(client, remote).values() if self.member.is_own(row)]
        values = {self.member.label(row): row.get(self.value) for row in rows}
        return {self.members: self._property(values)}

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the members up to date: those that the program names, or all of an exclusive set."""
        shown = self._shown(client, remote)
        is_whole = self.members not in remote.attributes or remote.options.get(EXCLUSIVE)
        known = self._known(remote)
        members = {id_: row for id_, row in shown.items() if id_ in known or (is_whole and self.member.is_given(row))}
        names = {
            # An address may have changed: then it is shown as it is now.
            id_: known[id_] if id_ in known and self.member.one_form(known[id_]) == id_ else self.member.label(row)
            for id_, row in members.items()
        }
        self._learn(remote, names, {id_: row.get(self.value) for id_, row in members.items()})
        self.member.remember_organization(client, remote)

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Add what is missing, and remove what leaves the program or, of an exclusive set, what the state shows."""
        self._settle(client, remote, wanted)

    def delete(self, client: Client, remote: Remote) -> None:
        """Remove the members that this resource added, and restore the values of those that were there.

        What another resource of this run manages is left.
        """
        try:
            shown = self._shown(client, remote)
        except errors.ParentEndedError:
            return
        work = _Work(client, remote, shown)
        self._each(work, [id_ for id_ in self._ours(remote) if id_ in shown], self._remove)
        self._raise_failures(work)

    def undo(self, client: Client, remote: Remote) -> bool:
        """Remove what this run added, and restore the values that it changed. Who was removed stays removed."""
        changed = {sub.id: sub for sub in remote.rollback.get(_CHANGED, ())}
        left: list[str] = []

        def undo(work: _Work, id_: str) -> None:
            if not self.member.undo(work.client, changed[id_]):
                left.append(id_)

        work = _Work(client, remote, {})
        self._each(work, changed, undo)
        return not (left or work.failed or work.untried or remote.rollback.get(_REMOVED))

    def look(self, client: Client, remote: Remote, wanted: Wanted) -> Look:
        """The members that the program names, as they are listed."""
        self.member.remember_organization(client, remote)
        in_state = remote.get(self.members) or {}
        known = {id_: in_state[name] if self.value else THERE for id_, name in self._known(remote).items()}
        what, values = f"the {self.member.noun}s of {self._place(remote)}", list[Compared]()
        if wanted.settings.get(self.members) is None:
            return Look(what)
        plan = self._plan(client, remote, wanted)
        for id_, name in plan.named.items():
            if id_ not in plan.shown:
                self.member.require_candidate(client, self._one(remote, id_))
            shown = plan.shown[id_] if id_ in plan.there else None
            now = None if shown is None else shown.get(self.value) if self.value else THERE
            value = plan.wanted[id_] if self.value else THERE
            values.append(Compared(self.members, name, known.get(id_), now, value, now == value))
        others = [
            self.member.label(row)
            for id_, row in plan.shown.items()
            if plan.is_exclusive and self.member.is_given(row) and id_ not in {*known, *plan.named}
        ]
        return Look(what, values, self._told_others(remote, others))

    def _told_others(self, remote: Remote, others: list[str]) -> str:
        """Who is there, and neither in the state nor in the program; empty if nobody."""
        if not others:
            return ""
        told, place = restoration.bounded(", ", sorted(others)), capitalized(self._place(remote))
        there = f"{place} has {self._count(others)} that neither the program nor the state names: {told}"
        return f"{there}. This update leaves them"

    def change_note(self, remote: Remote, wanted: Wanted) -> str:
        """Which members an update removes, since a preview may show only that the list differs."""
        if not wanted.options.get(EXCLUSIVE) or not isinstance(wanted.settings.get(self.members), list | dict):
            return ""
        ids = self._known_ids(remote.attributes)
        named = {ids.get(name, self.member.one_form(name)) for name in wanted.settings[self.members]}
        leaving = [name for id_, name in self._known(remote).items() if id_ not in named]
        if not leaving:
            return ""
        told = restoration.bounded(", ", leaving)
        return (
            f"{self._count(leaving)} that the program does not name will be removed from {self._place(remote)}: {told}."
        )

    def claim(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Claim | None:
        """The members that the program names; an exclusive set manages all."""
        names = wanted.settings.get(self.members)
        if not isinstance(names, list | dict):
            return None
        ids = self._known_ids(document)
        both = [*names, *(ids[name] for name in names if name in ids)]
        is_whole = bool(wanted.options.get(EXCLUSIVE))
        return self.member.claim_of({name: str(id_) for name, id_ in parents.items()}, both, is_whole=is_whole)

    def existing(self, client: Client, remote: Remote, wanted: Wanted) -> Mapping[str, Any]:
        """The ids of the members that the program names, if it may name them by something else."""
        if not self.ids_output:
            return {}
        names = list(_by_name(wanted.settings[self.members]))
        return {self.ids_output: self.member.ids_of(client, names, self._shown(client, remote).values())}

    def _settle(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        self.member.remember_organization(client, remote)
        plan = self._plan(client, remote, wanted)
        for id_ in plan.there & set(plan.named):
            remote.acquire(client, self.member.path_of(self._one(remote, id_)))
        adding = _Work(client, remote, plan.shown, plan.wanted)
        removing = _Work(client, remote, plan.shown, removes_others=plan.is_exclusive)
        runs = [(adding, self._missing(plan), self._add), (removing, self._leaving(remote, plan), self._remove)]
        if self.member.may_end_others:
            runs.reverse()
        for work, ids, act in runs:
            work.broke = adding.broke or removing.broke
            self._each(work, ids, act)
        self._conclude(remote, plan, adding, removing)
        self._raise_failures(adding, removing)

    def _plan(self, client: Client, remote: Remote, wanted: Wanted) -> _Plan:
        """Compare what is there with what the program wants.

        Raises:
            errors.NoMatchError: Somebody whom the program names by address is not in the organization.
            errors.ConfigurationError: The program names a member twice.
        """
        shown = self._shown(client, remote)
        members = _by_name(wanted.settings[self.members])
        named: dict[str, str] = {}
        for name, listed in self.member.ids_of(client, list(members), shown.values()).items():
            id_ = self.member.one_form(listed)
            if id_ in named:
                what = (
                    f"The program names {self.member.noun} {id_} of {self._place(remote)} twice: {named[id_]}, {name}"
                )
                raise errors.ConfigurationError(what, "Remove one of them.")
            named[id_] = name
        known = self._known(remote)  # not those that it added and a refresh has missed since
        there = frozenset(id_ for id_, row in shown.items() if self.member.is_given(row) or id_ in known)
        wanted_values = {id_: members[name] for id_, name in named.items()}
        return _Plan(shown, named, wanted_values, there, bool(wanted.options.get(EXCLUSIVE)))

    def _missing(self, plan: _Plan) -> list[str]:
        """Whom the program names and who is not there, or has another value."""
        return [
            id_
            for id_ in plan.named
            if id_ not in plan.there or (self.value and plan.shown[id_].get(self.value) != plan.wanted[id_])
        ]

    def _leaving(self, remote: Remote, plan: _Plan) -> list[str]:
        """Whom this resource added or changed and the program no longer names; of an exclusive set, whom it shows."""
        ours = {*self._ours(remote), *(self._known(remote) if plan.is_exclusive else ())}
        return [id_ for id_ in plan.shown if id_ in ours and id_ not in plan.named]

    def _conclude(self, remote: Remote, plan: _Plan, adding: _Work, removing: _Work) -> None:
        """Write down who is there now, and what is to be remembered."""
        now = (plan.there | set(adding.done)) - set(removing.done)
        remembered = now | set(plan.named)
        remote.private[_ADDED] = sorted((set(remote.private.get(_ADDED, ())) - set(removing.done)) & remembered)
        kept = {
            id_: memory
            for id_, memory in remote.private.pop(_KEPT, {}).items()
            if memory and id_ in remembered - set(removing.done)
        }
        if kept:
            remote.private[_KEPT] = kept
        others = {id_: self.member.label(plan.shown[id_]) for id_ in now - set(plan.named)} if plan.is_exclusive else {}
        self._learn(
            remote,
            {**others, **{id_: name for id_, name in plan.named.items() if id_ in now}},
            {
                **{id_: row.get(self.value) for id_, row in plan.shown.items()},
                **{id_: plan.wanted[id_] for id_ in adding.done},
            },
        )
        left = {*removing.failed, *removing.untried}
        self._tell_others(remote, sorted(name for id_, name in others.items() if id_ not in left))

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
        """Add a member, or change its value."""
        sub = self._sub(work, id_)
        wanted = Wanted({"id": id_}, {self.value: work.wanted[id_]} if self.value else {})
        try:
            self.member.create(work.client, sub, wanted)
        except errors.AdminError:
            if sub.has_changed:
                self._note(work.remote, sub)
            else:
                work.client.release(sub.acquired)
            raise
        self._note(work.remote, sub)

    def _note(self, remote: Remote, sub: Remote) -> None:
        """Remember what was done to a member."""
        remote.acquired.extend(sub.acquired)
        if not sub.has_changed:
            return
        remote.has_changed = True
        remote.rollback.setdefault(_CHANGED, []).append(sub)
        if not sub.private.get(WAS_THERE):
            remote.private.setdefault(_ADDED, []).append(sub.id)
        remote.private.setdefault(_KEPT, {})[sub.id] = self.member.memory(sub)

    def _remove(self, work: _Work, id_: str) -> None:
        """Remove a member, or restore the value of one that was there."""
        sub = self._sub(work, id_)
        if work.removes_others:
            sub.private[WAS_THERE] = False
        self.member.delete(work.client, sub)
        work.remote.has_changed = True
        work.remote.rollback.setdefault(_REMOVED, []).append(id_)

    def _sub(self, work: _Work, id_: str) -> Remote:
        """One member, with what is remembered of it."""
        sub = self._one(work.remote, id_)
        memory = copy.deepcopy(work.remote.private.get(_KEPT, {}).get(id_, {}))
        sub.attributes = {BASELINE: memory.pop(BASELINE, {})}
        if id_ in work.shown:
            sub.attributes[self.member.identity] = work.shown[id_][self.member.identity]
        sub.private |= memory
        if id_ in work.added or memory:
            sub.private[WAS_THERE] = id_ not in work.added
        return sub

    def _one(self, remote: Remote, id_: str) -> Remote:
        sub = Remote({**remote.parents, self.member.member: id_}, id_)
        sub.private = dict(anchors.remembered(remote))
        return sub

    def _shown(self, client: Client, remote: Remote) -> dict[str, Mapping[str, Any]]:
        """All members by id."""
        rows = self.member.rows(client, self._one(remote, "members"))
        return {self.member.one_form(id_): row for id_, row in rows.items()}

    def _known(self, remote: Remote) -> dict[str, str]:
        """By id, the names of the members in the state."""
        ids = self._known_ids(remote.attributes)
        return {ids.get(name, self.member.one_form(name)): name for name in remote.get(self.members) or ()}

    def _known_ids(self, document: Mapping[str, Any]) -> Mapping[str, str]:
        """By name, the ids of members, as far as they are other than the names."""
        return dict(document.get(self.ids_output) or {}) if self.ids_output else {}

    @staticmethod
    def _ours(remote: Remote) -> list[str]:
        """The ids of the members that this resource added or changed."""
        return list(dict.fromkeys([*remote.private.get(_ADDED, ()), *remote.private.get(_KEPT, ())]))

    def _learn(self, remote: Remote, names: Mapping[str, str], values: Mapping[str, Any]) -> None:
        """Write down who the members are: by id, their names and values."""
        members = {names[id_]: values[id_] or "" for id_ in names} if self.value else dict.fromkeys(names.values())
        remote.attributes[self.members] = self._property(members)
        if self.ids_output:
            remote.attributes[self.ids_output] = {name: id_ for id_, name in names.items()}

    def _property(self, members: Mapping[str, Any]) -> Any:
        return dict(sorted(members.items())) if self.value else sorted(members)

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
            f"{self._count(failed)} of {self._place(works[0].remote)} could not be {self._changed}: "
            f"{done} changes were made, {untried} were not tried"
        )
        raise errors.PartialUpdateError(
            what,
            Advice(*parallel.causes(failed), "What was done is kept; ", remedies.RUN_AGAIN, " to go on with the rest."),
        )

    @property
    def _changed(self) -> str:
        return "added, changed or removed" if self.value else "added or removed"

    def _count(self, ids: Iterable[str]) -> str:
        count = len(list(ids))
        return f"{count} {self.member.noun}{'' if count == 1 else 's'}"

    def _place(self, remote: Remote) -> str:
        return self.member.place(remote.parents)


def _by_name(members: Any) -> dict[str, Any]:
    """Members by name, each with its value, or None."""
    return dict(members) if isinstance(members, dict) else dict.fromkeys(members)
