"""What has to hold in the fault matrix for each shape of endpoint; a rule for one resource is in its scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.program.key_delivery import RETIRING_API_KEYS
from tests.host.scenario import Rule, is_open

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.host.scenario import Case, Outcome


def assert_made_once(there: set[str], identity: str, outcome: Outcome) -> None:
    """What is there is in the state; or an error names it, by its id or as that which may exist."""
    known = known_ids(identity, outcome)
    if not (outcome.error or is_open(outcome)):
        assert there == known, outcome
    may_exist = "may have been created" in outcome.told or is_open(outcome)
    assert all(id_ in outcome.told or may_exist for id_ in there - known), outcome


def known_ids(identity: str, outcome: Outcome) -> set[str]:
    """The ids in the state: that of the object, and of the old keys that still work."""
    state = outcome.state or {}
    old = RETIRING_API_KEYS.mapping(state.get("retiring_api_keys") or [])
    return {state[identity], *old} if state.get(identity) else set()


def _is_there(_content: dict[str, Any]) -> bool:
    return True


@dataclass(frozen=True)
class CreatedOnce(Rule):
    """An object that a POST creates: exactly one exists, and it is in the state, or an error names what may exist.

    The verbs of a resource outside projects need a value of `by` that no other verb of it has.
    """

    kind: str
    """The emulator's name for it: `Kind.name`."""
    by: str = "name"
    """The dotted name of the input that says which objects are the case's."""
    kept_as: str = ""
    """What the emulator calls it, if that does not follow from the input."""
    is_live: Callable[[dict[str, Any]], bool] = _is_there
    """Whether an object still exists, by its content in the emulator."""

    def orphans(self, case: Case) -> set[str]:
        inputs = case.verb.after or case.verb.before or {}
        known = known_ids(str(case.scenario.resource.declaration.identity), case.outcome)
        return self._there(case, {documents.get(inputs, self.by)}) - known

    def check(self, case: Case) -> None:
        values = {documents.get(inputs, self.by) for inputs in (case.verb.before, case.verb.after) if inputs}
        assert_made_once(self._there(case, values), str(case.scenario.resource.declaration.identity), case.outcome)

    def _there(self, case: Case, values: set[Any]) -> set[str]:
        found = case.server.control.live(self.kind).get(self.kind, {})
        there = {tuple(path.split("/")): content for path, content in found.items()}
        return {
            path[-1]
            for path, content in there.items()
            if content[self.kept_as or case.scenario.name_sent(self.by)] in values
            and self.is_live(content)
            and (not case.scenario.has_project or case.project in {*path, content.get("project_id")})
        }


@dataclass(frozen=True)
class Setting(Rule):
    """A setting: it is what the program sets, or the state says what it was before."""

    kind: str
    """The emulator's name for it: `Kind.name`."""
    originals: Mapping[str, Any]
    """By input, what the emulator has at first; None of one that is absent then."""
    inside: str = ""
    """The input that has all of them, if one has."""

    def check(self, case: Case) -> None:
        ids = {*case.further.values(), *([case.project] if case.scenario.has_project else [])}
        found = case.server.control.live(self.kind).get(self.kind, {})
        content = next((shown for path, shown in found.items() if ids <= {*path.split("/")}), {})
        given = case.verb.after or {}
        wanted = given.get(self.inside, {}) if self.inside else given
        for name, original in self.originals.items():
            shown = documents.get(content, case.scenario.name_sent(name))
            now = original if shown is None else shown
            if not case.outcome.error:
                assert now == wanted.get(name, original), case.outcome
            elif now != original:
                assert case.outcome.state, case.outcome
                assert case.outcome.state["baseline"].get(name) == original, case.outcome


@dataclass(frozen=True)
class Member(Rule):
    """A member that is added to a list of its own: it is there, or the state says that it may have to be removed."""

    kind: str
    """The emulator's name for it: `Kind.name`."""
    field: str = ""
    """An input that OpenAI keeps of a member, if there is one."""
    list_ids: int | None = 1
    """How many ids of the resource's path say which list is the case's; None where the member's own is needed, too."""

    def check(self, case: Case) -> None:
        found = case.server.control.live(self.kind).get(self.kind, {})
        ids = case.parent_ids[: self.list_ids]
        there = [content for path, content in found.items() if set(ids) <= set(path.split("/"))]
        if not case.outcome.error:
            assert len(there) == (1 if case.outcome.state else 0), case.outcome
            if there and self.field:
                assert there[0][self.field] == (case.verb.after or {})[self.field], case.outcome
        elif there:
            assert case.outcome.state, case.outcome


@dataclass(frozen=True)
class Members(Rule):
    """A set of members: those are there that the program names, or the state knows of all whom it added."""

    kind: str
    """The emulator's name for a member: `Kind.name`."""
    property: str
    """The input that names them."""
    value: str = ""
    """What the emulator keeps of a member, if the input has a value for each."""
    only_named: bool = False
    """Whether the parent has members that are none of the case's: then those count that the case ever names."""

    def check(self, case: Case) -> None:
        found = case.server.control.live(self.kind).get(self.kind, {})
        paths = {tuple(path.split("/")): content for path, content in found.items()}
        there = {path[-1]: content for path, content in paths.items() if set(case.parent_ids) <= set(path)}
        if self.only_named:
            there = {id_: content for id_, content in there.items() if id_ in case.further[self.property]}
        state = case.outcome.state or {}
        ids = {user["email"]: user["user_id"] for user in state.get("__users", ()) if "email" in user}
        if not case.outcome.error:
            wanted = self._values(case.inputs(case.verb.after)) if state and case.verb.after is not None else {}
            assert set(there) == {ids.get(name, name) for name in wanted}, case.outcome
            for name in wanted if self.value else ():
                assert there[ids.get(name, name)][self.value] == wanted[name], case.outcome
        elif there:
            assert state, case.outcome
            known = {ids.get(name, name) for name in self._values(state)}
            assert set(there) <= {*known, *state["__managed"].get("objects", ())}, case.outcome

    def _values(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The values of the members by name, or None for each without values."""
        members = inputs[self.property]
        if not self.value:
            return dict.fromkeys(members)
        return {entry.get("email", entry.get("user_id")): entry[self.value] for entry in members}
