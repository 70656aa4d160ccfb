"""Many members of one list under one resource: the users of a group, the roles of a user.

Each member is added, changed and removed as `Membership` does it, many at a time, and all with one list. Members may
have a value each, such as a role, which is changed in place. Candidates are checked first; an update in which an
addition failed removes nobody. Who leaves the program is removed by the id, whoever added the member. A set that is
exclusive removes others, too, but only those that the state shows: so a preview has named them.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.baseline import ObjectRecords
from pulumi_openai_admin.handlers.batch import Batch
from pulumi_openai_admin.handlers.creation import VISIBILITY_LAG_SECONDS
from pulumi_openai_admin.handlers.expiry import EndedAccess, TemporaryAccess
from pulumi_openai_admin.handlers.handler import Observation, Remote, Subject, Traits, ValueComparison, Wanted
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.handlers.removals import ENDED, NOTHING, AccessPlan, Removal, combined, plan_access
from pulumi_openai_admin.handlers.shapes.membership import THERE, Membership, SelectedIds, existing_note
from pulumi_openai_admin.printable import bounded, capitalized, counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pulumi_openai_admin.handlers.audit_events import AuditEvents
    from pulumi_openai_admin.handlers.handler import Claim, GrantedAccess
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

EXCLUSIVE = "exclusive"
"""The option that says whether members that the program does not name are removed."""
_WARNED = 0
"""In `RemovedMembers`, in place of the time: a warning has said that OpenAI still lists the member."""


@dataclass(eq=False, repr=False)
class RemovedMembers(MemoryPart):
    """By id, when this set removed a member that OpenAI may still list, in seconds since 1970 by OpenAI's clock."""

    removed: dict[str, int] = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class _Plan:
    """What is there, and what the program wants."""

    there: Mapping[str, Mapping[str, Any]]
    """By id, the members that are there by themselves, with whatever value."""
    named: Mapping[str, str]
    """By id, the program's names of the members that it names."""
    wanted: Mapping[str, Any]
    """By id, their values; None without values."""
    access: AccessPlan
    """The steps."""


@dataclass(eq=False, repr=False)
class MemberSet(TemporaryAccess):
    """The handler.

    Args:
        member: The handler of one member.
        members: The property with the members: a list of ids, or, if each has a value, a mapping of names to values.
        value: The value that each member has, by OpenAI's name (`role`); empty without values.
        ids_output: The output with the ids of members by name, if the program may name members by something else.
    """

    traits: ClassVar[Traits] = Traits(subject=Subject.PEOPLE, manages_existing=True, remembers_settings=True)

    member: Membership
    members: str
    value: str = ""
    ids_output: str = ""

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Add the members that are missing. Nobody is removed, since no preview has shown who is there."""
        self.refuse_past(client, remote, wanted)
        remote.id = list(remote.parents.values())[-1]
        remote.attributes[self.members] = self._property({})
        self._apply(client, remote, wanted)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage members that are there."""
        remote.id = list(remote.parents.values())[-1]
        self._apply(client, remote, wanted, is_adopted=True)

    @property
    def audit_events(self) -> AuditEvents:
        """The events about each member."""
        return self.member.audit_events

    @property
    @override
    def grants(self) -> GrantedAccess | None:
        return self.member.grants

    @property
    @override
    def path_of_each(self) -> str:
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
        """Bring the members up to date: those that the program names, or all that an exclusive set manages."""
        if self._has_ended_with_its_parent(client, remote):
            return
        known, records = self._known(remote), self._records(remote)
        shown = self._with_unlisted(client, remote, {*known, *records})
        over = self.over(client, remote, remote.options)
        self._follow_addresses(remote, shown, over)
        removed = self._removed(client, remote, shown)
        is_looked_up, is_exclusive = self.members not in remote.attributes, remote.options.get(EXCLUSIVE)
        members = {
            id_: row
            for id_, row in shown.items()
            if (id_ in known and id_ not in removed)
            or (id_ in records and self.member.is_direct(row))
            or (is_looked_up and self.member.is_direct(row))
            or (is_exclusive and self.member.is_own(row) and id_ not in removed)
        }
        names = {id_: self.member.label(row, known.get(id_, "")) for id_, row in members.items()}
        # The next update has to know whom an address named that is another one now, or that OpenAI no longer shows.
        others = {name: id_ for id_, name in known.items() if names.get(id_) != name != id_}
        selected = {**others, **remote.memory[SelectedIds].selected} if self.ids_output else {}
        followed = {*names, *(records.keys() - shown.keys())}
        self._learn(remote, names, members)
        remote.memory.put(SelectedIds({name: id_ for name, id_ in selected.items() if id_ in followed}))
        # Whom somebody else has removed has no access to end.
        remote.memory.put(EndedAccess(sorted(over.keys() - self.existing_access(remote, over))))

    def _with_unlisted(self, client: Client, remote: Remote, ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
        """Return all listed members by id, and those of some ids that the list lacks and that OpenAI's answer shows."""
        shown, known = self._shown(client, remote), self._known(remote)
        found: dict[str, Mapping[str, Any]] = {}

        def find(id_: str) -> None:
            if row := self.member.find(client, self._part(remote, id_, shown, known)):
                found[id_] = row

        batch = Batch(client)
        batch.check([id_ for id_ in sorted(ids) if id_ not in shown], find)
        batch.raise_failures(self._objects(remote))
        return {**shown, **found}

    def _removed(self, client: Client, remote: Remote, shown: Mapping[str, Mapping[str, Any]]) -> set[str]:
        """Return the ids of members that this set removed, and that the list still shows. A warning names them once.

        Whom somebody has added again since counts as any other member.
        """
        removed, now = remote.memory[RemovedMembers].removed, client.clock.now_or_local()
        added_since = {id_ for id_, at in removed.items() if at and (shown.get(id_, {}).get("added_at") or 0) > at}
        young = {id_ for id_, at in removed.items() if at and now - at <= VISIBILITY_LAG_SECONDS}
        kept = {id_: at for id_, at in removed.items() if id_ not in added_since and (id_ in shown or id_ in young)}
        left = {id_: at for id_, at in kept.items() if id_ in shown}
        late = sorted(id_ for id_, at in left.items() if at and id_ not in young)
        if late:
            logger.warning(
                "OpenAI still lists %s of %s that this resource removed: %s. Owners of the organization may be "
                "implicit members. If they are not, remove them in OpenAI's dashboard.",
                self._count(late), self._place(remote), bounded(", ", (self.member.label(shown[id_]) for id_ in late)),
            )  # fmt: skip
        remote.memory.put(RemovedMembers({**kept, **dict.fromkeys(late, _WARNED)}))
        return set(left)

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Add what is missing, and remove what leaves the program or, of an exclusive set, what the state shows."""
        if not self._has_ended_with_its_parent(client, remote, wanted.settings.get(self.members)):
            self._apply(client, remote, wanted)

    def _has_ended_with_its_parent(self, client: Client, remote: Remote, members: Any = None) -> bool:
        """Return whether the time of all members is over, and the user or group that had them no longer exists.

        Then nobody is left to remove, and the state remembers that.
        """
        over, names = self.over(client, remote, remote.options), _by_name(members or remote.get(self.members) or ())
        if not over or not names.keys() <= over.keys():
            return False
        try:
            self._shown(client, remote)
        except errors.ParentEndedError:
            remote.memory.put(ObjectRecords())
            remote.memory.put(EndedAccess(sorted(over)))
            self._learn(remote, {}, {})
            return True
        return False

    @override
    def read_list(self, client: Client, remote: Remote) -> None:
        self._shown(client, remote)

    @override
    def holder(self, remote: Remote, names: Sequence[str]) -> str:
        what = f"{self.member.noun} {names[0]}" if len(names) == 1 else self._count(names)
        return f"{what} of {self._place(remote)}"

    @property
    @override
    def access_noun(self) -> str:
        return self.member.access_noun

    def existing_access(self, remote: Remote, entries: Mapping[str, Any]) -> dict[str, Any]:
        """See `TemporaryAccess.existing_access`: the members that the state has, whatever it calls them."""
        known, ids = self._known(remote), self._ids_in_state(remote, entries)
        return {name: value for name, value in entries.items() if ids[name] in known}

    def without_ended(
        self, remote: Remote, inputs: Mapping[str, Any], now: float | None = None
    ) -> Mapping[str, Any] | None:
        """See `Handler.without_ended`: the members that are left."""
        members, ended = inputs.get(self.members), self.ended(remote, inputs, now)
        if isinstance(members, dict):
            return {**inputs, self.members: {name: members[name] for name in members if name not in ended}}
        if isinstance(members, list):
            return {**inputs, self.members: [member for member in members if member not in ended]}
        return inputs

    def _without_ended(self, client: Client, remote: Remote, wanted: Wanted) -> dict[str, Any]:
        """Return the members that the program wants, by name, and without those whose time is over."""
        over, members = self.over(client, remote, wanted.options), _by_name(wanted.settings[self.members])
        self._follow_addresses(remote, self._shown(client, remote), over)
        remote.memory.put(EndedAccess(sorted(name for name in over if name in members)))
        return {name: value for name, value in members.items() if name not in over}

    def _follow_addresses(
        self, remote: Remote, shown: Mapping[str, Mapping[str, Any]], over: Mapping[str, Any]
    ) -> None:
        """Manage whoever has come back under another id, and whose time is over, so that this access ends, too."""
        ids, records = self._ids_in_state(remote, over), self._records(remote)
        labels = {self.member.label(row): id_ for id_, row in shown.items()}
        for name in self.existing_access(remote, over):
            if ids[name] not in shown and name in labels:
                records.pop(ids[name], None)
                records.setdefault(labels[name], {})

    def delete(self, client: Client, remote: Remote) -> None:
        """Remove the members that the program named. What another resource of the program declares is left."""
        try:
            shown = self._shown(client, remote)  # has the ids by which OpenAI knows the members
        except errors.ParentEndedError:
            return
        batch, known = Batch(client), self._known(remote)

        def remove(id_: str) -> None:
            self.member.remove(client, self._part(remote, id_, shown, known))

        batch.run(list(self._records(remote)), remove)
        batch.raise_failures(self._objects(remote))

    def removal(self, remote: Remote, now: float) -> Removal:
        """See `Handler.removal`: by the names of the members, what becomes of each."""
        known, records = self._known(remote), self._records(remote)
        ended = {*remote.memory[EndedAccess].ended}
        if not records and not ended:
            return ENDED  # the state does not say it
        removal = self.member.removal
        parts = {known.get(id_, id_): removal(self._part(remote, id_, {}, known), now) for id_ in sorted(records)}
        others = {*known.values(), *ended} - {*parts}
        return combined({**parts, **dict.fromkeys(sorted(others), NOTHING)})

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """The members that the program names, as they are listed."""
        in_state = remote.get(self.members) or {}
        known = {id_: in_state[name] if self.value else THERE for id_, name in self._known(remote).items()}
        what, values = f"the {self.member.noun}s of {self._place(remote)}", list[ValueComparison]()
        if wanted.settings.get(self.members) is None:
            return Observation(what)
        if not remote.id:
            self.refuse_past(client, remote, wanted)
        plan = self._plan(client, remote, wanted)
        gone = self._check(client, remote, plan)
        for id_, name in plan.named.items():
            if id_ in gone:
                continue
            shown = plan.there.get(id_)
            now = None if shown is None else shown.get(self.value) if self.value else THERE
            value = plan.wanted[id_] if self.value else THERE
            values.append(ValueComparison(self.members, name, known.get(id_), now, value, now == value))
        others = [self.member.label(plan.there[id_]) for id_ in plan.access.unseen]
        place = capitalized(self._place(remote))
        unseen = (
            f"{place} has {self._count(others)} in neither the program nor the state: {bounded(', ', sorted(others))}. "
            "This update does not remove them"
        )
        texts = (self._gone_in_words(remote, gone), self._found_in_words(remote, plan), unseen if others else "")
        return Observation(what, values, ". ".join(text for text in texts if text))

    def require_candidates(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """See `Handler.require_candidates`: all members that the program names."""
        batch, names = Batch(client), _by_name(wanted.settings.get(self.members) or ())
        batch.check(names, lambda name: self.member.require_candidate(client, remote.parents, name))
        batch.raise_failures(f"{self.member.noun}s")

    def change_note(self, remote: Remote, wanted: Wanted) -> str:
        """Which members an update removes, as far as this run knows who else names them: a preview shows a list."""
        names = wanted.settings.get(self.members)
        if not isinstance(names, list | dict):
            return ""
        named, known = set(self._ids_in_state(remote, names).values()), self._known(remote)
        is_exclusive, records = wanted.options.get(EXCLUSIVE), self._records(remote)
        unnamed = [id_ for id_ in known if id_ not in named and (is_exclusive or id_ in records)]
        removal = self.member.removal
        leaving = [known[id_] for id_ in unnamed if removal(self._part(remote, id_, {}, known), 0).is_lost]
        if not leaving:
            return ""
        what = (
            f"{self._count(leaving)} that this resource does not name will be removed from {self._place(remote)}, "
            "unless another resource of the program names them"
        )
        return f"{what}: {bounded(', ', leaving)}."

    def means_same(self, remote: Remote, name: str, value: Any) -> bool:
        """See `Handler.means_same`: the same members, whatever the program and the state call them."""
        if super().means_same(remote, name, value):
            return True
        known = remote.get(self.members)
        if name != self.members or not isinstance(value, list | dict) or known is None:
            return False

        ended = remote.memory[EndedAccess].ended

        def by_id(members: Any) -> dict[str, Any]:
            values = {key: item for key, item in _by_name(members).items() if key in known or key not in ended}
            return {id_: values[name] for name, id_ in self._ids_in_state(remote, values).items()}

        return by_id(known) == by_id(value)

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """The members that the program names; an exclusive set manages all. Also what they are in other places."""
        names = wanted.settings.get(self.members)
        if not isinstance(names, list | dict):
            return []
        ids = dict(document.get(self.ids_output) or {}) if self.ids_output else {}
        both = [*names, *(ids[name] for name in names if name in ids)]
        is_whole = bool(wanted.options.get(EXCLUSIVE))
        places = {name: str(id_) for name, id_ in parents.items()}
        return self.member.claims_of(places, both, is_whole=is_whole)

    def existing(self, client: Client, remote: Remote, wanted: Wanted) -> Mapping[str, Any]:
        """The ids of the members that the program names, if it may name them by something else."""
        if not self.ids_output:
            return {}
        names = list(_by_name(wanted.settings[self.members]))
        return {self.ids_output: self.member.ids_of(client, names, self._shown(client, remote).values(), {})}

    def _apply(self, client: Client, remote: Remote, wanted: Wanted, *, is_adopted: bool = False) -> None:
        """Bring the members to what is wanted. If they are imported, they are known to be there."""
        plan = self._plan(client, remote, wanted)
        records = self._records(remote)
        for id_ in plan.there.keys() & plan.named.keys():
            records.setdefault(id_, {})
        if (found := self._found_in_words(remote, plan)) and not is_adopted:
            logger.warning("%s.", found)
        gone = self._check(client, remote, plan)
        batch, known = Batch(client), self._known(remote)

        def give(id_: str) -> None:
            wanted = Wanted({"id": id_}, {self.value: plan.wanted[id_]} if self.value else {})
            self.member.give(client, remote, id_, self._part(remote, id_, plan.there, known), wanted)
            remote.memory[RemovedMembers].removed.pop(id_, None)

        there = {id_: row.get(self.value) for id_, row in plan.there.items()}
        differing = [id_ for id_, value in plan.wanted.items() if id_ not in there or value not in (None, there[id_])]
        batch.run([id_ for id_ in differing if id_ not in gone], give)
        gone |= self._take_gone(remote, plan, batch)  # no list shows whether a service account exists

        def remove(id_: str) -> None:
            if self.member.take(client, remote, id_, self._part(remote, id_, plan.there, known)):
                remote.memory[RemovedMembers].removed[id_] = int(client.clock.now_or_local())

        batch.remove(plan.access.remove, remove, f"remove {self._objects(remote)}")
        self._conclude(client, remote, plan, gone, {*batch.failed, *batch.untried} & {*plan.access.remove})
        batch.raise_failures(self._objects(remote))

    def _found_in_words(self, remote: Remote, plan: _Plan) -> str:
        found = [plan.named[id_] for id_ in plan.access.found if not self.member.stays(remote.parents, id_)]
        what = f"{self._count(found)} of {self._place(remote)} ({bounded(', ', found)})"
        return existing_note(what, count=len(found)) if found else ""

    def _plan(self, client: Client, remote: Remote, wanted: Wanted) -> _Plan:
        """Compare what is there with what the program wants."""
        members = self._without_ended(client, remote, wanted)
        shown, known = self._shown(client, remote), self._known(remote)
        named = self._ids_in_program(client, remote, members, shown)
        there = {id_: row for id_, row in shown.items() if self.member.is_direct(row) or id_ in known}
        removed = self._removed(client, remote, shown)
        added = {id_ for id_, row in there.items() if self.member.is_own(row) and id_ not in removed}
        access = plan_access(
            named,
            self._records(remote),
            [id_ for id_ in there if id_ in added or id_ in named],
            removable=known if wanted.options.get(EXCLUSIVE) else None,
            is_alternative=lambda id_: self.member.is_alternative(remote.parents, id_),
        )
        return _Plan(there, named, {id_: members[name] for id_, name in named.items()}, access)

    def _ids_in_program(
        self, client: Client, remote: Remote, names: Collection[str], shown: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, str]:
        """Return by id the names of the program. It may name nobody twice, and nobody who does not exist.

        An id in the state decides while its member is listed. Otherwise the name selects, and if nobody has it, an id
        that this set has managed.
        """
        in_state, records = self._named_ids(remote), self._records(remote)
        listed = {name: id_ for name, id_ in in_state.items() if id_ in shown}
        managed = {name: id_ for name, id_ in in_state.items() if id_ in records}
        selecting = [name for name in names if name not in listed]
        ids = {**self.member.ids_of(client, selecting, shown.values(), managed), **listed}
        named: dict[str, str] = {}
        for name in names:
            id_ = self.member.canonical_id(ids[name])
            if id_ in named:
                both = f"{named[id_]}, {name}"
                what = f"The program names {self.member.noun} {id_} of {self._place(remote)} twice: {both}"
                raise errors.ConfigurationError(what, "Remove one of them.")
            named[id_] = name
        return named

    def _check(self, client: Client, remote: Remote, plan: _Plan) -> dict[str, str]:
        """Make sure that all candidates exist, before anything is changed; see `_take_gone`."""
        batch = Batch(client)
        candidates = [id_ for id_ in plan.named if id_ not in plan.there]
        batch.check(candidates, lambda id_: self.member.require_candidate(client, remote.parents, id_))
        gone = self._take_gone(remote, plan, batch)
        batch.raise_failures(self._objects(remote))
        return gone

    def _take_gone(self, remote: Remote, plan: _Plan, batch: Batch) -> dict[str, str]:
        """Take members that the state knows and that no longer exist from the failures. Return their names by id."""
        missing = [id_ for id_, error in batch.failed.items() if isinstance(error, errors.NoMatchError)]
        gone = {id_: plan.named[id_] for id_ in missing if id_ in self._records(remote)}
        for id_ in gone:
            del batch.failed[id_]
        return gone

    def _gone_in_words(self, remote: Remote, gone: Mapping[str, str]) -> str:
        """Which members no longer exist, and what to do; empty if all do."""
        if not gone:
            return ""
        names = bounded(", ", (name if name == id_ else f"{name} ({id_})" for id_, name in gone.items()))
        return (
            f"{self._count(gone)} of {self._place(remote)} no longer exist{'s' if len(gone) == 1 else ''} at OpenAI: "
            f"{names}. Remove {'it' if len(gone) == 1 else 'them'} from the program"
        )

    def _conclude(
        self, client: Client, remote: Remote, plan: _Plan, gone: Mapping[str, str], kept: Collection[str]
    ) -> None:
        """Write down who is there now, and what is to be remembered.

        A member that no longer exists stays known while the program names it, so that the next update tells it again.
        """
        if gone:
            logger.warning("%s.", self._gone_in_words(remote, gone))
        shown, records, known = self._shown(client, remote), self._records(remote), self._known(remote)
        for id_ in [id_ for id_ in records if id_ not in {*plan.named, *plan.access.remove}]:
            del records[id_]  # another base role of the same set has replaced it
        unseen = [id_ for id_ in plan.access.unseen if id_ in shown]
        others = {id_: self.member.label(plan.there[id_]) for id_ in unseen}
        others |= {id_: known[id_] for id_ in sorted(kept) if id_ in known and id_ in shown}
        managed = [id_ for id_ in records if id_ in shown]
        named = {id_: plan.named.get(id_) or known.get(id_) or self.member.label(shown[id_]) for id_ in managed}
        self._learn(remote, {**others, **named}, shown)
        remote.memory.put(SelectedIds({name: id_ for id_, name in gone.items() if self.ids_output and name != id_}))
        if unseen:
            logger.warning(
                "%s has %s that the program does not name, and that no preview has shown: %s. They are not removed "
                "yet; %s to remove them.",
                capitalized(self._place(remote)), self._count(unseen),
                bounded(", ", sorted(others[id_] for id_ in unseen)), remedies.RUN_AGAIN,
            )  # fmt: skip

    def _part(
        self, remote: Remote, id_: str, shown: Mapping[str, Mapping[str, Any]], known: Mapping[str, str]
    ) -> Remote:
        sub = self.member.part_of(remote, id_, {**remote.parents, self.member.id_name: id_}, id_)
        name = known.get(id_, id_)
        sub.attributes["email"] = name if "@" in name else None
        if self.value:
            sub.attributes[self.value] = (remote.get(self.members) or {}).get(name)
        if id_ in shown:
            sub.attributes[self.member.identity] = shown[id_][self.member.identity]
        return sub

    def _shown(self, client: Client, remote: Remote) -> dict[str, Mapping[str, Any]]:
        rows = self.member.rows(client, remote)
        return {self.member.canonical_id(id_): row for id_, row in rows.items()}

    def _known(self, remote: Remote) -> dict[str, str]:
        """By id, the names of the members in the state."""
        return {id_: name for name, id_ in self._ids_in_state(remote, remote.get(self.members) or ()).items()}

    def _ids_in_state(self, remote: Remote, names: Iterable[str]) -> dict[str, str]:
        """By name, the ids of members; the name itself where the state does not know the id."""
        ids = self._named_ids(remote)
        return {name: self.member.canonical_id(ids.get(name, name)) for name in names}

    def _named_ids(self, remote: Remote) -> dict[str, str]:
        """By name, the ids of members that are known by something else than their ids."""
        selected = remote.memory[SelectedIds].selected
        return {**selected, **(remote.get(self.ids_output) or {})} if self.ids_output else {}

    @staticmethod
    def _records(remote: Remote) -> dict[str, Any]:
        return remote.memory[ObjectRecords].objects

    def _learn(self, remote: Remote, names: Mapping[str, str], shown: Mapping[str, Mapping[str, Any]]) -> None:
        members = {name: shown[id_].get(self.value) or "" for id_, name in names.items()}
        remote.attributes[self.members] = self._property(members)
        if self.ids_output:
            remote.attributes[self.ids_output] = {name: id_ for id_, name in names.items()}

    def _property(self, members: Mapping[str, Any]) -> Any:
        return dict(sorted(members.items())) if self.value else sorted(members)

    def _objects(self, remote: Remote) -> str:
        return f"{self.member.noun}s of {self._place(remote)}"

    def _count(self, ids: Iterable[str]) -> str:
        return counted(len(list(ids)), self.member.noun)

    def _place(self, remote: Remote) -> str:
        return self.member.place(remote.parents)


def _by_name(members: Any) -> dict[str, Any]:
    return dict(members) if isinstance(members, dict) else dict.fromkeys(members)
