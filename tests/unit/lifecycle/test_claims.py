from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime.rpc import UNKNOWN

from pulumi_openai_admin import (
    AdminApiKey,
    GroupMembers,
    GroupUser,
    Invite,
    OrganizationMember,
    OrganizationUser,
    ProjectGroup,
    ProjectGroupRole,
    ProjectMembers,
    ProjectRateLimits,
    ProjectServiceAccountApiKey,
    ProjectUser,
    ProjectUserRole,
    ProjectUserRoles,
    UserRole,
    UserRoles,
    WebhookEndpoint,
    errors,
)
from pulumi_openai_admin.handlers.handler import ANYWHERE, Claim, Wanted
from pulumi_openai_admin.handlers.shapes.membership import MemberClaim
from pulumi_openai_admin.handlers.shapes.rate_limit import Policy, PolicyClaim
from pulumi_openai_admin.lifecycle.run import Run
from tests import keyed
from tests.host.delivery import TO_NOBODY, VAULT
from tests.unit.fakes import MemoryHost, first_claim

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.lifecycle.claims import Claims


URN = "urn:pulumi:dev::shop::pulumi-python:dynamic/openai-admin:{}::{}"
PLACE = "/organization/projects/proj_1/rate_limits"
RPM = "max_requests_per_1_minute"


@pytest.fixture
def claims() -> Claims:
    """The claims of the run of the test."""
    return Run().claims


def row(model: str = "gpt-4o", place: str = PLACE) -> Claim:
    return PolicyClaim(place, policy=Policy({model: {}}))


def by_id(id_: str = "rl-gpt-4o", place: str = PLACE) -> Claim:
    return PolicyClaim(place, id=id_)


def whole(*keys: str, others: bool = False, place: str = PLACE) -> Claim:
    return PolicyClaim(
        place, is_whole=True, policy=Policy({key: {RPM: 1} for key in keys}, {RPM: 0} if others else None)
    )


@pytest.mark.parametrize(
    ("claim", "other", "what"),
    [
        (row(), row(), "gpt-4o"),
        (row(), row("gpt-5"), None),
        (row(), row(place="/elsewhere"), None),
        (row(), whole("gpt-4o"), "gpt-4o"),
        (row(), whole("gpt-*"), "gpt-4o"),
        (row(), whole("o*", others=True), "gpt-4o"),
        (row(), whole("o*", "gpt-5"), None),
        (whole("gpt-4o"), whole("gpt-4o"), "the whole project"),
        (whole("gpt-4o"), whole("o*"), "the whole project"),
        (whole("gpt-4o", others=True), whole("o*", others=True), "the whole project"),
        (by_id(), by_id(), "rl-gpt-4o"),
        (by_id(), by_id("rl-gpt-5"), None),
        (by_id(), row(), None),  # whose row it is, only the list can tell
        (by_id(), replace(row(), id="rl-gpt-4o"), "rl-gpt-4o"),
        (by_id(), whole("gpt-4o"), None),
        (by_id(), whole("o*", others=True), "rl-gpt-4o"),
        (replace(row(), id="rl-gpt-4o"), row(), "gpt-4o"),
    ],
)
def test_what_two_claims_share(claim: Claim, other: Claim, what: str | None) -> None:
    assert claim.overlap(other) == other.overlap(claim) == what


def test_without_a_urn_nothing_can_be_compared(claims: Claims) -> None:
    assert claims.register("", [row()]) is None
    assert claims.register("", [row()]) is None
    assert claims.register(URN.format("ProjectRateLimit", "a"), [row()]) is None


@pytest.mark.parametrize("claim", [row, lambda model: by_id(f"rl-{model}"), lambda model: whole("*", place=model)])
def test_a_claim_is_compared_with_those_alone_that_may_be_the_same(
    claims: Claims, monkeypatch: pytest.MonkeyPatch, claim: Callable[[str], Claim]
) -> None:
    compared: list[Claim] = []
    overlap = PolicyClaim.overlap
    monkeypatch.setattr(PolicyClaim, "overlap", lambda self, other: compared.append(other) or overlap(self, other))
    for number in range(50):
        assert claims.register(URN.format("ProjectRateLimit", f"r-{number}"), [claim(f"model-{number}")]) is None
    assert compared == []


@pytest.mark.parametrize("others", [None, {RPM: 0}])
def test_a_policy_claims_what_it_covers_in_the_same_place(others: Any) -> None:
    settings = {"limits": {"gpt*": {RPM: 1}}, **({"others": others} if others else {})}
    claim = first_claim(ProjectRateLimits.handler, {"project_id": "proj_1"}, Wanted({}, settings), {})
    assert claim == whole("gpt*", others=bool(others))


@pytest.mark.parametrize("limits", [None, "an unknown"])
def test_a_policy_that_is_not_known_claims_nothing(limits: Any) -> None:
    claim = first_claim(ProjectRateLimits.handler, {"project_id": "proj_1"}, Wanted({}, {"limits": limits}), {})
    assert claim is None


def test_a_set_and_a_single_resource_on_the_same_member_conflict(claims: Claims) -> None:
    def claimed(name: str, resource: Any, **inputs: Any) -> str | None:
        return claims.conflict(
            resource, MemoryHost(name=name, kind=resource.__name__).urn, {"group_id": "group_1", **inputs}
        )

    assert claimed("all", GroupMembers, user_ids=["user-1", UNKNOWN, "user-2"]) is None
    assert claimed("eve", GroupUser, user_id="user-3") is None
    assert claimed("ada", GroupUser, user_id="user-2") == (
        "GroupUser 'ada' and GroupMembers 'all' both manage user user-2 of group group_1: remove it from one of them."
    )
    assert claimed("more", GroupMembers, user_ids=[UNKNOWN]) is None, "it is not known who that is"
    assert claimed("these", GroupMembers, user_ids=[], exclusive=True) == (
        "GroupMembers 'these' and GroupMembers 'all' both manage the users of group group_1: "
        "remove it from one of them."
    )


def test_what_the_program_declares_counts_for_the_deletion_of_the_same_resource(claims: Claims) -> None:
    urn = URN.format("ProjectUser", "a")
    claim = MemberClaim("/users", "the users", is_whole=False, members=frozenset({"user-1"}))
    claims.register(urn, [claim])
    assert not claims.declared_elsewhere(urn, is_deleted=True)(claim)
    claims.declared.add(urn)
    assert claims.declared_elsewhere(urn, is_deleted=True)(claim)
    assert not claims.declared_elsewhere(urn)(claim)
    value = replace(claim, is_set_again=True)
    assert not claims.declared_elsewhere(urn, is_deleted=True)(value), "the new resource sets it anew"
    other = URN.format("UserRole", "b")
    claims.add(other, [value])
    claims.declared.add(other)
    assert claims.declared_elsewhere(urn, is_deleted=True)(value) == "UserRole 'b'"


def test_a_property_of_a_setting_is_declared_by_who_manages_it(claims: Claims) -> None:
    old, other = URN.format("ApiSetting", "old"), URN.format("ApiSetting", "other")
    setting = Claim("/setting", "the setting", properties=frozenset({"mode", "limits"}))
    claims.register(other, [setting])
    claims.declared.add(other)
    find = claims.declared_elsewhere(old)
    assert find(replace(setting, properties=frozenset({"mode"}))) == "ApiSetting 'other'"
    assert find(replace(setting, properties=frozenset({"owner"}))) == ""
    claims.failed.add(other)
    assert find(replace(setting, properties=frozenset({"mode"}))) == "", "nobody else manages it: it is restored"


@pytest.mark.parametrize("place", ["/users", ANYWHERE])
def test_a_removal_fails_if_the_only_other_resource_could_not_be_created(claims: Claims, place: str) -> None:
    old, failed, working = (URN.format("ProjectUser", name) for name in ("old", "failed", "working"))
    user = MemberClaim("/users", "the users", is_whole=False, members=frozenset({"user-1"}))
    for urn in (failed, old):
        claims.register(urn, [user] if urn == failed else [])
        claims.declared.add(urn)
    claims.failed.add(failed)
    find = claims.declared_elsewhere(old)
    with pytest.raises(errors.ConfigurationError) as told:
        find(replace(user, place=place))
    assert str(told.value) == (
        "Nothing was removed: ProjectUser 'failed' declares the same, and could not be created in this run. Correct "
        "its error, then run the command again."
    )
    assert find(replace(user, members=frozenset({"user-2"}))) == ""
    claims.add(working, [user])
    with pytest.raises(errors.ConfigurationError):
        find(user)  # a resource of the last program is none of this one
    claims.declared.add(working)
    assert find(replace(user, place=place)) == "ProjectUser 'working'"


USER, PROJECT, GROUP = {"user_id": "user-1"}, {"project_id": "proj_1"}, {"group_id": "group_1"}
IN_PROJECT, GROUP_IN_PROJECT = {**PROJECT, "user_id": "user-1"}, {**PROJECT, **GROUP}
OWNER, MEMBER = "role-api-organization-owner", "role-api-project-member"
IS_OWNER = (OrganizationUser, {**USER, "role": "owner"})
MEMBERS = (ProjectMembers, {**PROJECT, "members": keyed.members({"user-1": "member"})})
IS_IN_PROJECT = (ProjectGroup, {**GROUP_IN_PROJECT, "role": "member"})
TO_VAULT, TO_COMMAND = {"deliver_to": {"vault": VAULT}}, {"deliver_to": TO_NOBODY}
DELIVERED = (ProjectServiceAccountApiKey, {**PROJECT, "service_account_id": "svc_acct_1", **TO_VAULT})


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        (GroupUser, {**GROUP, "user_id": "user-1"}),
        (GroupMembers, {**GROUP, "user_ids": ["user-1"]}),
        (ProjectUser, {**IN_PROJECT, "role": "member"}),
        MEMBERS,
        (UserRole, {**USER, "role_id": "role_1"}),
        (UserRoles, {**USER, "role_ids": ["role_1"]}),
        (ProjectUserRole, {**IN_PROJECT, "role_id": "role_1"}),
        (ProjectUserRoles, {**IN_PROJECT, "role_ids": ["role_1"]}),
    ],
)
def test_all_access_of_a_person_counts_for_the_removal(claims: Claims, kind: Any, inputs: dict[str, Any]) -> None:
    urn = MemoryHost(name="a", kind=kind.__name__).urn
    assert claims.conflict(kind, urn, inputs) is None
    claims.declared.add(urn)
    user = MemberClaim(ANYWHERE, "the users", is_whole=False, members=frozenset({"user-1"}))
    assert claims.declared_elsewhere(MemoryHost(name="b", kind="OrganizationMember").urn)(user)
    assert claims.conflict(kind, urn, inputs) is None, "claimed again"
    assert claims.conflict(kind, urn, None) is None
    assert not claims.declared_elsewhere(MemoryHost(name="b", kind="OrganizationMember").urn)(user), (
        "all of it has ended"
    )


@pytest.mark.parametrize(
    ("declared", "kind", "inputs", "what"),
    [
        (IS_OWNER, UserRole, {**USER, "role_id": OWNER}, "the role of user user-1 of the organization"),
        (IS_OWNER, UserRoles, {**USER, "role_ids": ["x", OWNER]}, "the role of user user-1 of the organization"),
        (MEMBERS, ProjectUserRole, {**IN_PROJECT, "role_id": MEMBER}, "the role of user user-1 of project proj_1"),
        ((Invite, {"email": "Eve@a.b"}), OrganizationMember, {"email": "eve@a.b"}, "the invite of eve@a.b"),
        (
            IS_IN_PROJECT,
            ProjectGroupRole,
            {**GROUP_IN_PROJECT, "role_id": MEMBER},
            f"role {MEMBER} of group group_1 in project proj_1",
        ),
        (DELIVERED, AdminApiKey, TO_VAULT, "the secret that deliver_to names (vault)"),
        (DELIVERED, WebhookEndpoint, TO_VAULT, "the secret that deliver_to names (vault)"),
        (DELIVERED, AdminApiKey, {"deliver_to": {"vault": {**VAULT, "field": "other"}}}, ""),
        (DELIVERED, AdminApiKey, {"deliver_to": {"vault": {**VAULT, "field": UNKNOWN}}}, ""),
        ((AdminApiKey, TO_COMMAND), AdminApiKey, TO_COMMAND, ""),
        ((OrganizationUser, {**USER, "technical_level": "high"}), UserRole, {**USER, "role_id": OWNER}, ""),
        (IS_OWNER, UserRole, {**USER, "role_id": "role_1"}, ""),
        (IS_IN_PROJECT, ProjectGroupRole, {**GROUP_IN_PROJECT, "role_id": "role_1"}, ""),
    ],
)
def test_two_kinds_that_undo_each_other_conflict(
    claims: Claims, declared: Any, kind: Any, inputs: dict[str, Any], what: str
) -> None:
    first = declared[0].__name__
    assert claims.conflict(declared[0], MemoryHost(name="a", kind=first).urn, declared[1]) is None
    both = f"{kind.__name__} 'b' and {first} 'a' both manage {what}: remove it from one of them."
    assert claims.conflict(kind, MemoryHost(name="b", kind=kind.__name__).urn, inputs) == (both if what else None)
