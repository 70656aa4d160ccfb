"""An object moves from one kind of resource to another in one update: nothing changes at OpenAI, in either order."""

from __future__ import annotations

import time
from itertools import permutations
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest

from pulumi_openai_admin import (
    GroupMembers,
    GroupRole,
    GroupRoles,
    GroupUser,
    Invite,
    OrganizationMember,
    OrganizationUser,
    ProjectGroup,
    ProjectGroupRole,
    ProjectGroupRoles,
    ProjectMembers,
    ProjectRateLimit,
    ProjectRateLimits,
    ProjectUser,
    ProjectUserRole,
    ProjectUserRoles,
    UserRole,
    UserRoles,
)
from pulumi_openai_admin.cli.plan.preview import with_other_names
from pulumi_openai_admin.lifecycle.claims import Claims, claims_of
from pulumi_openai_admin.lifecycle.state import to_remote
from tests import keyed
from tests.full import IS_FULL
from tests.host.dynamic_host import DynamicHost
from tests.host.native_process import NativeProcess
from tests.host.principals import GROUPS, ROLE, USERS
from tests.host.scenario import PROJECT, aged
from tests.host.scenarios import SCENARIOS
from tests.seed import seed_of_this_run

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from pulumi_openai_admin.handlers.removals import Removal
    from tests.host.native_process import Host

PROVIDERS: tuple[Host, Host] = (DynamicHost, NativeProcess)
Kinds = dict[type[Any], dict[str, Any]]
GRACE, EMAIL = {"user_id": "user-grace"}, "grace@example.com"
GROUP = {"group_id": "group_life"}
IN_PROJECT = keyed.projects({"proj_demo": "member"})
MEMBER, OWNER = "role-api-project-member", "role-api-organization-owner"
RPM = {"max_requests_per_1_minute": 60}
ROLE_OF_PROJECT = {"id": "role_project", "project_id": "proj_demo", "role_name": "Reviewer", "permissions": []}
ROLE_OF_PROJECT["permissions"] = ["api.model.read"]

SAME_OBJECT: dict[str, Kinds] = {
    "a user of the organization": {
        OrganizationUser: {**GRACE, "role": "owner"},
        OrganizationMember: {"email": EMAIL, "role": "owner"},
        UserRole: {**GRACE, "role_id": OWNER},
        UserRoles: {**GRACE, "role_ids": [OWNER]},
    },
    "an invite": {
        Invite: {"email": "new@example.com", "role": "reader", "projects": []},
        OrganizationMember: {"email": "New@example.com", "role": "reader", "projects": []},
    },
    "a user of a project": {
        ProjectUser: {**PROJECT, "email": EMAIL, "role": "member"},
        ProjectMembers: {**PROJECT, "members": keyed.members({"user-grace": "member"})},
        OrganizationMember: {"email": EMAIL, "role": "reader", "projects": IN_PROJECT},
        ProjectUserRole: {**PROJECT, **GRACE, "role_id": MEMBER},
        ProjectUserRoles: {**PROJECT, **GRACE, "role_ids": [MEMBER]},
    },
    "a group of a project": {
        ProjectGroup: {**PROJECT, **GROUP, "role": "member"},
        ProjectGroupRole: {**PROJECT, **GROUP, "role_id": MEMBER},
        ProjectGroupRoles: {**PROJECT, **GROUP, "role_ids": [MEMBER]},
    },
    "a role of a user": {UserRole: {**GRACE, "role_id": "role_life"}, UserRoles: {**GRACE, "role_ids": ["role_life"]}},
    "a role of a group": {
        GroupRole: {**GROUP, "role_id": "role_life"},
        GroupRoles: {**GROUP, "role_ids": ["role_life"]},
    },
    "a user of a group": {GroupUser: {**GROUP, **GRACE}, GroupMembers: {**GROUP, "user_ids": ["user-grace"]}},
    "a rate limit": {
        ProjectRateLimit: {**PROJECT, "model": "gpt-4o", **RPM},
        ProjectRateLimits: {**PROJECT, "limits": {"gpt-4o": RPM}},
    },
}
USER_MOVED = "role stays at owner instead of reader (another resource manages it now)."
ROLE_MOVED = "does not know that it was role-api-organization-reader before. So it stays when that resource is removed."
MOVES = [
    pytest.param(before, after, kinds, id=f"{what}-{before.__name__}-{after.__name__}")
    for what, kinds in SAME_OBJECT.items()
    for before, after in permutations(kinds, 2)
]


@pytest.mark.every_resource
def test_no_kind_is_left_out() -> None:
    """Kinds that claim something in the same place can manage the same object."""
    places: dict[str, set[str]] = {}
    for scenario in SCENARIOS:
        for claim in claims_of(scenario.resource, scenario.inputs):
            ids = {str(value) for value in scenario.inputs.values()}
            place = "/".join("*" if part in ids else part for part in claim.place.split("/"))
            if not scenario.is_one_of_a_kind:
                places.setdefault(place, set()).add(scenario.resource.__name__)
    tested = [{kind.__name__ for kind in kinds} for kinds in SAME_OBJECT.values()]
    shared = [kinds for kinds in places.values() if len(kinds) > 1]
    assert [kinds for kinds in shared if not any(kinds <= tested_kinds for tested_kinds in tested)] == []


@pytest.fixture(params=range(len(PROVIDERS) if IS_FULL else 1))
def provider(request: pytest.FixtureRequest) -> Host:
    """One provider in `make test`, in turn, and both in `make test-full`."""
    turn = seed_of_this_run() + crc32(request.node.callspec.id.encode()) + request.param
    return PROVIDERS[turn % len(PROVIDERS)]


def _foretold(before: type[Any], id_: str, state: dict[str, Any], after: type[Any], inputs: dict[str, Any]) -> Removal:
    """What `plan` says of the deletion of the old resource."""
    claims, urn = Claims(), f"urn:pulumi:dev::test::openai-admin:index:{after.__name__}::it"
    claims.declared.add(urn)
    claims.add(urn, claims_of(after, inputs))
    remote = to_remote(before.declaration, id_, state)
    find, names = claims.declared_elsewhere("", is_deleted=True), {GRACE["user_id"]: [EMAIL]}
    remote.step.is_declared_elsewhere = lambda claim: find(with_other_names(claim, names))
    removal: Removal = before.handler.removal(remote, time.time())
    return removal


@pytest.mark.parametrize("created_first", [True, False], ids=["created first", "deleted first"])
@pytest.mark.parametrize(("before", "after", "kinds"), MOVES)
def test_an_object_that_moves_to_another_kind_stays_as_it_is(
    emulator: EmulatorServer,
    environ: dict[str, str],
    provider: Host,
    before: type[Any],
    after: type[Any],
    kinds: Kinds,
    created_first: bool,
) -> None:
    if not created_first and {before, after} & {Invite, ProjectRateLimit}:
        pytest.skip("What is deleted first is a replacement: another invite, or another row of limits.")
    emulator.control.reset()
    emulator.control.seed({"users": USERS, "groups": GROUPS, "roles": [ROLE]})
    with provider(environ) as host:
        id_, state = host.create(before, kinds[before])
    emulator.control.clear_requests()
    foretold = _foretold(before, id_, state, after, kinds[after])
    assert not foretold.is_lost
    with provider(environ) as host:
        inputs = host.check(after, kinds[after])[0]
        if created_first:
            new_id, new = host.create(after, inputs)
            host.delete(before, id_, state)
        else:
            host.delete(before, id_, state)
            new_id, new = host.create(after, inputs)
        stderr = host.stderr
    writes = [
        f"{request['method']} {request['path']}"
        for request in emulator.control.requests()
        if request["method"] != "GET"
    ]
    assert writes == [], stderr
    with provider(environ) as host:
        assert host.read(after, new_id, new)[0] == new_id


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (OrganizationUser, OrganizationMember, USER_MOVED),
        (OrganizationMember, OrganizationUser, USER_MOVED),
        (UserRole, OrganizationMember, ROLE_MOVED),
        (UserRoles, OrganizationMember, ROLE_MOVED),
    ],
)
def test_a_move_names_the_role_that_stays_when_the_new_resource_is_removed(
    emulator: EmulatorServer,
    environ: dict[str, str],
    provider: Host,
    before: type[Any],
    after: type[Any],
    told: str,
) -> None:
    kinds = SAME_OBJECT["a user of the organization"]
    emulator.control.seed({"users": USERS})
    with provider(environ) as host:
        id_, state = host.create(before, kinds[before])
    with provider(environ) as host:
        inputs = host.check(after, kinds[after])[0]
        host.create(after, inputs)
        host.delete(before, id_, state)
        assert told in str(host.warnings)
    assert told in _foretold(before, id_, state, after, kinds[after]).warning


@pytest.mark.parametrize(
    ("before", "leaving", "after"),
    [
        (OrganizationMember, {"projects": keyed.projects({})}, ProjectUser),
        (ProjectMembers, {"members": keyed.members({})}, ProjectUser),
        (OrganizationMember, {"projects": keyed.projects({})}, ProjectMembers),
    ],
)
def test_a_move_to_a_resource_that_needs_the_old_one_says_what_is_lost(
    emulator: EmulatorServer,
    environ: dict[str, str],
    provider: Host,
    before: type[Any],
    leaving: dict[str, Any],
    after: type[Any],
) -> None:
    """The engine checks the new resource after the update of the old one."""
    kinds = SAME_OBJECT["a user of a project"]
    role = {"role_id": ROLE_OF_PROJECT["id"], **PROJECT, **GRACE}
    emulator.control.seed({"users": USERS, "project_roles": [ROLE_OF_PROJECT]})
    with provider(environ) as host:
        id_, state = host.create(before, host.check(before, kinds[before])[0])
        role_id, of_role = host.create(ProjectUserRole, role)
    with provider(environ) as host:
        news = host.check(before, {**kinds[before], **leaving}, state)[0]
        host.diff(before, id_, state, news)
        host.update(before, id_, state, news)
        host.create(after, host.check(after, kinds[after])[0])
        assert "was removed and added again by this update" in str(host.warnings)
        assert "run `pulumi refresh`, then `pulumi up` to assign the roles" in str(host.warnings)
    with provider(environ) as host:
        assert host.read(ProjectUserRole, role_id, aged(of_role))[0] == "", (
            "a refresh shows it, and the next update assigns it"
        )
