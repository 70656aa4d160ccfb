"""Histories that follow from the kinds of resources: what broke a rule for one kind once is here for all of them."""

from __future__ import annotations

from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.resources import ALL, class_of
from tests.host.scenarios import OF_KINDS
from tests.simulation.history import closed
from tests.simulation.rules import declared
from tests.simulation.values import ACCESS, EMAILS, Draw, end, has_end, inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.simulation.history import History

ROLES = (("owner", "member"), ("member", "owner"))
"""A role, and the one that replaces it."""
CRASHES = (3, 8)
"""Before which request a run is killed; most runs have sent all of theirs before the second one."""
LAGS: dict[str, dict[str, Any]] = {
    "empty": {"how": "empty", "times": None},
    "old": {"how": "as_before", "seconds": 3, "times": 2, "skip": 1},
    "without-new": {"how": "without_new", "seconds": 30, "times": None, "skip": 1},
}
"""Lists that do not show what is there."""
RPM, TPM = "max_requests_per_1_minute", "max_tokens_per_1_minute"
LIMITS = ({RPM: 100, TPM: 900}, {RPM: 200, TPM: 900}, {TPM: 900})
"""Of which the first one leaves the program."""


def histories() -> Iterator[tuple[str, History]]:
    """All of them, with their names."""
    for kind in ACCESS:
        inputs = about(kind, "member")
        ends = {"until": end(inputs, Draw(1))} if has_end(kind) else {"remove_on_destroy": True}
        yield from _of_lists_that_lag(kind, inputs, {"": {}, "-and-ends": ends})
        yield from _of_killed_runs(kind)
    for before, after in product(ACCESS, repeat=2):
        if _facts(before) & _facts(after):
            yield from _of_a_move(before, after)
    for kind in ALL:
        yield from _of_a_late_request(kind)
    for kind, others in (("OrganizationMember", {"projects": []}), ("OrganizationUser", {"technical_level": "high"})):
        first, lost = ({**about(kind, role), **others} for role in ("reader", "owner"))
        yield from _of_a_late_change(kind, first, lost, {name: lost[name] for name in lost if name != "role"})
    place = {"project_id": "proj_demo"}
    for kind, programs in {
        "ProjectRateLimit": [{**place, "model": "gpt-4o", **limits} for limits in LIMITS],
        "ProjectRateLimits": [{**place, "limits": {"gpt-4o": limits}} for limits in LIMITS],
    }.items():
        yield from _of_lists_that_lag(kind, programs[0])
        yield from _of_a_late_change(kind, *programs)


def _of_lists_that_lag(
    kind: str, inputs: dict[str, Any], variants: Mapping[str, dict[str, Any]] = MappingProxyType({"": {}})
) -> Iterator[tuple[str, History]]:
    """The absence of an object in a list is no proof: it is removed or restored, and stays in the state."""
    for (name, more), (lag, how), step in product(variants.items(), LAGS.items(), (_up(), {"op": "refresh"})):
        fault = {"kind": "lagging_list", "method": "GET", **how}
        yield (
            f"list-{lag}-{step['op']}-{kind}{name}",
            _history(_up(kind, {**inputs, **more}), {**step, "faults": [fault]}),
        )


def _of_killed_runs(kind: str) -> Iterator[tuple[str, History]]:
    """What was there before is restored, although the run that changed it was killed."""
    for at, (first, second) in product(CRASHES, ROLES):
        killed = {**_up(kind, about(kind, second)), "faults": [{"kind": "crash", "at": at}]}
        yield f"killed-at-{at}-{kind}-{first}-then-{second}", _history(_up(kind, about(kind, first)), killed)


def _of_a_move(before: str, after: str) -> Iterator[tuple[str, History]]:
    """An access that another resource declares with another role, and then none: removing it grants nothing."""
    for first, second in ROLES:
        moved = _up(before, about(before, first)), _up(after, about(after, second), "b")
        yield f"moved-{before}-{first}-to-{after}-{second}", _history(*moved, _up())


def _of_a_late_request(kind: str) -> Iterator[tuple[str, History]]:
    """A request that acts after the run has given up: the next run finds what it did."""
    program = closed([{"name": "a", "kind": kind, "inputs": inputs_of(kind, Draw(0))}])
    up = {"op": "up", "program": program}
    scenario = OF_KINDS[kind]
    method = scenario.method_of(next(verb for verb in scenario.verbs if verb.name == "create"))
    late = {**up, "faults": [{"kind": "late", "seconds": 15, "method": method, "skip": len(program) - 1}]}
    yield f"late-{kind}", _history(late, up)
    yield f"late-{kind}-and-a-clock-that-is-ahead", _history(late, {**up, "clock_ahead": 86_400})


def _of_a_late_change(
    kind: str, first: dict[str, Any], lost: dict[str, Any], left: dict[str, Any]
) -> Iterator[tuple[str, History]]:
    """A property that leaves the program before OpenAI acts on the request that changed it: the first value stays."""
    late = {**_up(kind, lost), "faults": [{"kind": "late", "seconds": 59, "method": "POST", "skip": 0}]}
    yield f"late-change-{kind}", _history(_up(kind, first), late, _up(kind, left))


def about(kind: str, role: str) -> dict[str, Any]:
    """Inputs of a kind about one person, group and project, with the predefined role that is nearest to `role`."""
    place = "project" if kind.startswith("Project") else "organization"
    short = role if place == "project" or role == "owner" else "reader"
    values: dict[str, Any] = {
        "project_id": "proj_demo",
        "group_id": "group_life",
        "user_id": "user-grace",
        "email": "eve@example.com" if kind == "Invite" else "grace@example.com",
        "role": short,
        "role_id": f"role-api-{place}-{short}",
        "role_ids": [f"role-api-{place}-{short}"],
        "members": [{"user_id": "user-grace", "role": short}],
        "user_ids": ["user-grace"],
        "projects": [{"project_id": "proj_demo", "role": role}],
    }
    names = {field.name for field in class_of(kind).declaration.inputs}
    if "user_id" in names:
        del values["email"]
    return {name: value for name, value in values.items() if name in names}


def _facts(kind: str) -> set[Any]:
    """The access that a kind is about."""
    return {*declared(kind, about(kind, "owner"), EMAILS)}


def _up(kind: str = "", inputs: dict[str, Any] | None = None, name: str = "a") -> dict[str, Any]:
    """An update to a program with one resource, or none."""
    return {"op": "up", "program": [{"name": name, "kind": kind, "inputs": inputs}] if kind else []}


def _history(*steps: dict[str, Any]) -> History:
    return {"seed": 1, "native": False, "steps": [*steps]}
