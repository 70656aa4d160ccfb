"""An object moves from one kind of resource to another in one update: nothing changes at OpenAI, in either order."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.cli.plan.preview import with_other_names
from pulumi_openai_admin.lifecycle.claims import Claims, claims_of
from pulumi_openai_admin.lifecycle.state import to_remote
from pulumi_openai_admin.resources import class_of
from tests import keyed
from tests.host.scenarios import SCENARIOS
from tests.simulation.engine import Engine, Entry

if TYPE_CHECKING:
    from pulumi_openai_admin.handlers.removals import Removal
    from tests.simulation.cloud import Cloud
    from tests.simulation.hosts import Bag

GRACE, EMAIL = {"user_id": "user-grace"}, "grace@example.com"
PROJECT, GROUP = {"project_id": "proj_demo"}, {"group_id": "group_life"}
MEMBER, OWNER = "role-api-project-member", "role-api-organization-owner"
RPM = {"max_requests_per_1_minute": 60}
SAME_OBJECT: dict[str, dict[str, Bag]] = {
    "a user of the organization": {
        "OrganizationUser": {**GRACE, "role": "owner"},
        "OrganizationMember": {"email": EMAIL, "role": "owner"},
        "UserRole": {**GRACE, "role_id": OWNER},
        "UserRoles": {**GRACE, "role_ids": [OWNER]},
    },
    "an invite": {
        "Invite": {"email": "new@example.com", "role": "reader", "projects": []},
        "OrganizationMember": {"email": "New@example.com", "role": "reader", "projects": []},
    },
    "a user of a project": {
        "ProjectUser": {**PROJECT, "email": EMAIL, "role": "member"},
        "ProjectMembers": {**PROJECT, "members": keyed.members({"user-grace": "member"})},
        "OrganizationMember": {"email": EMAIL, "role": "reader", "projects": keyed.projects({"proj_demo": "member"})},
        "ProjectUserRole": {**PROJECT, **GRACE, "role_id": MEMBER},
        "ProjectUserRoles": {**PROJECT, **GRACE, "role_ids": [MEMBER]},
    },
    "a group of a project": {
        "ProjectGroup": {**PROJECT, **GROUP, "role": "member"},
        "ProjectGroupRole": {**PROJECT, **GROUP, "role_id": MEMBER},
        "ProjectGroupRoles": {**PROJECT, **GROUP, "role_ids": [MEMBER]},
    },
    "a role of a user": {
        "UserRole": {**GRACE, "role_id": "role_life"},
        "UserRoles": {**GRACE, "role_ids": ["role_life"]},
    },
    "a role of a group": {
        "GroupRole": {**GROUP, "role_id": "role_life"},
        "GroupRoles": {**GROUP, "role_ids": ["role_life"]},
    },
    "a user of a group": {
        "GroupUser": {**GROUP, **GRACE},
        "GroupMembers": {**GROUP, "user_ids": ["user-grace"]},
    },
    "a rate limit": {
        "ProjectRateLimit": {**PROJECT, "model": "gpt-4o", **RPM},
        "ProjectRateLimits": {**PROJECT, "limits": {"gpt-4o": RPM}},
    },
}
MOVES = [
    pytest.param(before, after, kinds, id=f"{what}-{before}-{after}")
    for what, kinds in SAME_OBJECT.items()
    for before, after in permutations(kinds, 2)
]


def test_no_kind_is_left_out() -> None:
    """Kinds that claim something in the same place can manage the same object."""
    places: dict[str, set[str]] = {}
    for scenario in SCENARIOS:
        for claim in claims_of(scenario.resource, scenario.inputs):
            ids = {str(value) for value in scenario.inputs.values()}
            place = "/".join("*" if part in ids else part for part in claim.place.split("/"))
            if not scenario.is_one_of_a_kind:
                places.setdefault(place, set()).add(scenario.resource.__name__)
    shared = [kinds for kinds in places.values() if len(kinds) > 1]
    assert [kinds for kinds in shared if not any(kinds <= tested.keys() for tested in SAME_OBJECT.values())] == []


@pytest.mark.parametrize("order", ["created first", "deleted first", "deleted by the next update"])
@pytest.mark.parametrize(("before", "after", "kinds"), MOVES)
def test_an_object_that_moves_to_another_kind_stays_as_it_is(
    cloud: Cloud, before: str, after: str, kinds: dict[str, Bag], order: str, engine: Engine
) -> None:
    if order == "deleted first" and {before, after} & {"Invite", "ProjectRateLimit"}:
        pytest.skip("What is deleted first is a replacement: another invite, or another row of limits.")
    engine.up(_program(it=(before, kinds[before])), {})
    (old,) = engine.entries
    cloud.emulator.log.clear()
    assert engine.is_native or not _foretold(old, after, kinds[after]).is_lost

    def move(call: Any) -> None:
        host, new = call.host, Entry(after, "it", "", {}, {})
        inputs, failures = host.check(after, new.urn, {}, kinds[after])
        assert not failures
        if order == "deleted first":
            host.delete(before, old.urn, old.id, old.outputs)
        (new.id, new.outputs), new.inputs = host.create(after, new.urn, inputs), inputs
        if order == "created first":
            host.delete(before, old.urn, old.id, old.outputs)
        engine.entries = [new, old] if order == "deleted by the next update" else [new]

    engine.run("up", {}, move)
    engine.up(_program(it=(after, kinds[after])), {})
    assert {entry["method"] for entry in cloud.emulator.log.shown()} <= {"GET"}
    engine.refresh({})
    assert [entry.kind for entry in engine.entries] == [after]


def _foretold(old: Entry, after: str, inputs: Bag) -> Removal:
    """What `plan` says of the deletion of the old resource."""
    claims, urn = Claims(), f"urn:pulumi:dev::test::openai-admin:index:{after}::it"
    claims.declared.add(urn)
    claims.add(urn, claims_of(class_of(after), inputs))
    remote = to_remote(class_of(old.kind).declaration, old.id, old.outputs)
    find, names = claims.declared_elsewhere("", is_deleted=True), {GRACE["user_id"]: [EMAIL]}
    remote.step.is_declared_elsewhere = lambda claim: find(with_other_names(claim, names))
    removal: Removal = class_of(old.kind).handler.removal(remote, 0)
    return removal


def _program(**kinds: tuple[str, Bag]) -> list[dict[str, Any]]:
    return [{"name": name, "kind": kind, "inputs": inputs} for name, (kind, inputs) in kinds.items()]


@pytest.mark.parametrize("names", [("one", "all"), ("all", "one")], ids="-".join)
def test_a_limit_that_another_resource_has_since_an_earlier_update_stays(
    cloud: Cloud, names: tuple[str, str], engine: Engine
) -> None:
    """The resource of all limits gives one up, whichever resource is compared first."""
    kinds, other = SAME_OBJECT["a rate limit"], {"limits": {"o3": RPM}}
    engine.up(_program(all=("ProjectRateLimits", {**PROJECT, "limits": {"gpt-4o": RPM, "o3": RPM}})), {})

    def create(call: Any) -> None:  # `pulumi up --target`
        one = Entry("ProjectRateLimit", "one", "", {}, {})
        one.inputs, _ = call.host.check(one.kind, one.urn, {}, kinds[one.kind])
        one.id, one.outputs = call.host.create(one.kind, one.urn, one.inputs)
        engine.entries.append(one)

    engine.run("up", {}, create)
    program = {"one": ("ProjectRateLimit", kinds["ProjectRateLimit"]), "all": ("ProjectRateLimits", PROJECT | other)}
    engine.up(_program(**{name: program[name] for name in names}), {})
    assert cloud.facts["rate_limit", "proj_demo", "rl-gpt-4o"]["limits"] == RPM
    assert not any("changed outside Pulumi" in message.text for message in engine.messages)


USER_MOVED = "role stays at owner instead of reader (another resource manages it now)."
ROLE_MOVED = "does not know that it was role-api-organization-reader before. So it stays when that resource is removed."


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("OrganizationUser", "OrganizationMember", USER_MOVED),
        ("OrganizationMember", "OrganizationUser", USER_MOVED),
        ("UserRole", "OrganizationMember", ROLE_MOVED),
        ("UserRoles", "OrganizationMember", ROLE_MOVED),
    ],
)
def test_a_move_names_the_role_that_stays_when_the_new_resource_is_removed(
    cloud: Cloud, before: str, after: str, told: str
) -> None:
    kinds = SAME_OBJECT["a user of the organization"]
    cloud.reset(1)
    engine = Engine(cloud, is_native=False)
    engine.up(_program(old=(before, kinds[before])), {})
    assert told in _foretold(engine.entries[0], after, kinds[after]).warning
    engine.up(_program(new=(after, kinds[after])), {})
    assert any(told in message.text for message in engine.messages)


@pytest.mark.parametrize(
    ("before", "leaving", "after"),
    [
        ("OrganizationMember", {"projects": []}, "ProjectUser"),
        ("ProjectMembers", {"members": []}, "ProjectUser"),
        ("OrganizationMember", {"projects": []}, "ProjectMembers"),
    ],
)
def test_a_move_to_a_resource_that_needs_the_old_one_says_what_is_lost(
    cloud: Cloud, before: str, leaving: Bag, after: str, engine: Engine
) -> None:
    """The engine checks the new resource after the update of the old one."""
    kinds = SAME_OBJECT["a user of a project"]
    role = ("ProjectUserRole", {**PROJECT, **GRACE, "role_id": "role_life"})
    engine.up(_program(old=(before, kinds[before]), role=role), {})
    cloud.advance(3600)
    engine.up(_program(role=role, old=(before, {**kinds[before], **leaving}), new=(after, kinds[after])), {})
    told = "\n".join(message.text for message in engine.messages)
    assert "was removed and added again by this update" in told
    assert "refresh the state, then update the resources to assign the roles" in told
    engine.refresh({})
    assert [entry.name for entry in engine.entries] == ["old", "new"], "the next update assigns the role"
