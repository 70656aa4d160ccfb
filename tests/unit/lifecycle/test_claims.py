from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime.rpc import UNKNOWN

from pulumi_openai_admin import (
    GroupMembers,
    GroupUser,
    Invite,
    OrganizationMember,
    OrganizationUser,
    ProjectGroup,
    ProjectGroupRole,
    ProjectMembers,
    ProjectSpendLimit,
    ProjectUser,
    ProjectUserRole,
    ProjectUserRoles,
    UserRole,
    UserRoles,
    errors,
)
from pulumi_openai_admin.handlers.handler import ANYWHERE, Claim, Handler, Wanted
from pulumi_openai_admin.handlers.shapes.membership import MemberClaim
from pulumi_openai_admin.handlers.shapes.rate_limit import Policy, PolicyClaim
from pulumi_openai_admin.lifecycle.claims import Claims, claims_of
from pulumi_openai_admin.lifecycle.diff import diff
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.lifecycle.state import Inputs
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit
from pulumi_openai_admin.resources.project_rate_limits import ProjectRateLimits
from tests import keyed
from tests.unit.fakes import MemoryHost, first_claim

if TYPE_CHECKING:
    from collections.abc import Callable

URN = "urn:pulumi:dev::shop::pulumi-python:dynamic/openai-admin:{}::{}"
NESTED = "urn:pulumi:dev::shop::my:Team$pulumi-python:dynamic/openai-admin:{}::{}"
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
        (row(), whole("gpt-4o", place="/elsewhere"), None),
        (whole("gpt-4o"), whole("gpt-4o"), "the whole project"),
        (whole("gpt-4o"), whole("o*"), "the whole project"),
        (whole("gpt-4o", others=True), whole("o*", others=True), "the whole project"),
        (whole("gpt-4o"), whole("gpt-4o", place="/elsewhere"), None),
        (by_id(), by_id(), "rl-gpt-4o"),
        (by_id(), by_id("rl-gpt-5"), None),
        (by_id(), by_id(place="/elsewhere"), None),
        (by_id(), row(), None),  # whose row it is, only the list can tell
        (by_id(), replace(row(), id="rl-gpt-4o"), "rl-gpt-4o"),
        (by_id(), whole("gpt-4o"), None),
        (by_id(), whole("o*", others=True), "rl-gpt-4o"),
        (replace(row(), id="rl-gpt-4o"), row(), "gpt-4o"),
    ],
)
def test_what_two_claims_share(claim: Claim, other: Claim, what: str | None) -> None:
    assert claim.overlap(other) == other.overlap(claim) == what


def test_both_of_a_conflict_are_named(claims: Claims) -> None:
    assert claims.register(URN.format("ProjectRateLimit", "a"), [row()]) is None
    message = claims.register(NESTED.format("ProjectRateLimits", "b::c"), [whole("gpt*")])
    assert (
        message == "ProjectRateLimits 'b::c' and ProjectRateLimit 'a' both manage gpt-4o: remove it from one of them."
    )


def test_a_resource_does_not_conflict_with_itself(claims: Claims) -> None:
    for claim in (row(), row(), row("gpt-5")):
        assert claims.register(URN.format("ProjectRateLimit", "a"), [claim]) is None


def test_what_a_resource_let_go_is_free(claims: Claims) -> None:
    claims.register(URN.format("ProjectRateLimit", "a"), [row()])
    claims.register(URN.format("ProjectRateLimit", "a"), [row("gpt-5")])
    assert claims.register(URN.format("ProjectRateLimit", "b"), [row()]) is None


def test_what_was_refused_is_not_looked_after(claims: Claims) -> None:
    claims.register(URN.format("ProjectRateLimits", "all"), [whole("gpt*")])
    assert claims.register(URN.format("ProjectRateLimit", "a"), [row()])
    assert claims.register(URN.format("ProjectRateLimit", "a"), [row("o3")]) is None


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


def test_a_policy_is_compared_with_the_rows_of_its_project_and_no_others(claims: Claims) -> None:
    for number in range(3):
        claims.register(URN.format("ProjectRateLimit", f"r-{number}"), [row(place=f"/{number}")])
    assert claims.register(URN.format("ProjectRateLimits", "all"), [whole("gpt*", place="/1")])
    assert claims.register(URN.format("ProjectRateLimits", "all"), [whole("gpt*", place="/4")]) is None


def test_the_resource_of_a_stack_that_manages_the_same_is_found() -> None:
    claims = Claims()
    claims.add(URN.format("ProjectRateLimits", "all"), [whole("gpt*")])
    assert claims.overlapping([row("o3"), row()]) == URN.format("ProjectRateLimits", "all")
    assert claims.overlapping([row("o3")]) is None


# What the resources claim


def test_a_single_row_claims_its_model() -> None:
    claim = first_claim(ProjectRateLimit.handler, {"project_id": "proj_1"}, Wanted({"model": "gpt-4o"}, {RPM: 1}), {})
    assert claim == replace(row(), properties=frozenset({RPM}))


@pytest.mark.parametrize("others", [None, {RPM: 0}])
def test_a_policy_claims_what_it_covers_in_the_same_place(others: Any) -> None:
    settings = {"limits": {"gpt*": {RPM: 1}}, **({"others": others} if others else {})}
    claim = first_claim(ProjectRateLimits.handler, {"project_id": "proj_1"}, Wanted({}, settings), {})
    assert claim == whole("gpt*", others=bool(others))


@pytest.mark.parametrize("limits", [None, "an unknown"])
def test_a_policy_that_is_not_known_claims_nothing(limits: Any) -> None:
    claim = first_claim(ProjectRateLimits.handler, {"project_id": "proj_1"}, Wanted({}, {"limits": limits}), {})
    assert claim is None


def test_a_handler_without_the_capability_claims_nothing() -> None:
    class Plain(Handler):
        create = read = update = delete = lambda *_: None  # type: ignore[assignment]

    resource = SimpleNamespace(declaration=ProjectUser.declaration, handler=Plain(), rules=())
    assert claims_of(resource, {"project_id": "proj_1"}) == ()


def test_a_set_and_a_single_resource_on_the_same_member_conflict(claims: Claims) -> None:
    def claimed(name: str, resource: Any, **inputs: Any) -> str | None:
        return claims.conflict(resource, MemoryHost(name, resource.__name__).urn, {"group_id": "group_1", **inputs})

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


def test_an_unknown_entry_claims_nothing_and_the_others_are_claimed(claims: Claims) -> None:
    def claimed(name: str, resource: Any, **inputs: Any) -> str | None:
        return claims.conflict(resource, MemoryHost(name, resource.__name__).urn, inputs)

    members = keyed.members({UNKNOWN: "member", "user-1": UNKNOWN})
    assert claimed("all", ProjectMembers, project_id="proj_1", members=members) is None
    assert claimed("two", ProjectUser, project_id="proj_1", user_id="user-2", role="member") is None
    assert claimed("one", ProjectUser, project_id="proj_1", user_id="user-1", role="member") == (
        "ProjectUser 'one' and ProjectMembers 'all' both manage user user-1 of project proj_1: "
        "remove it from one of them."
    )


def test_a_member_of_the_organization_and_a_user_of_its_project_conflict(claims: Claims) -> None:
    def claimed(name: str, resource: Any, **inputs: Any) -> str | None:
        return claims.conflict(resource, MemoryHost(name, resource.__name__).urn, inputs)

    projects = keyed.projects({"proj_1": "member", "proj_2": "owner"})
    assert claimed("eve", OrganizationMember, email="eve@example.com", role="reader", projects=projects) is None
    assert claimed("one", ProjectUser, project_id="proj_3", email="eve@example.com", role="member") is None
    assert claimed("two", ProjectUser, project_id="proj_2", email="Eve@example.com", role="member") == (
        "ProjectUser 'two' and OrganizationMember 'eve' both manage user eve@example.com of project proj_2: "
        "remove it from one of them."
    )
    assert claimed(
        "all", ProjectMembers, project_id="proj_1", members=keyed.members({"eve@example.com": "member"})
    ) == (
        "ProjectMembers 'all' and OrganizationMember 'eve' both manage user eve@example.com of project proj_1: "
        "remove it from one of them."
    )
    assert claimed("eve", OrganizationMember, email="eve@example.com", role="reader") is None
    assert (
        claimed("all", ProjectMembers, project_id="proj_1", members=keyed.members({"eve@example.com": "member"}))
        is None
    )


def test_two_resources_of_one_role_conflict_whether_by_alias_or_id(claims: Claims) -> None:
    def claimed(name: str, role: str) -> str | None:
        return claims.conflict(UserRole, MemoryHost(name, "UserRole").urn, {"user_id": "user-1", "role_id": role})

    assert claimed("alias", "role-api-organization-owner") is None
    assert claimed("id", "role-api-organization-owner__api-organization__org-1") == (
        "UserRole 'id' and UserRole 'alias' both manage role role-api-organization-owner of user user-1: "
        "remove it from one of them."
    )


def test_two_spend_limits_of_one_project_conflict(claims: Claims) -> None:
    def claimed(name: str, amount: int) -> str | None:
        inputs = {"project_id": "proj_1", "threshold_amount": amount}
        return claims.conflict(ProjectSpendLimit, MemoryHost(name, "ProjectSpendLimit").urn, inputs)

    assert claimed("limit", 1) is None
    assert claimed("other", 2) == (
        "ProjectSpendLimit 'other' and ProjectSpendLimit 'limit' both manage the spend limit of project proj_1: "
        "remove it from one of them."
    )


def test_what_another_resource_names_is_known_by_id_and_by_address(claims: Claims) -> None:
    urn, other = URN.format("ProjectUser", "a"), URN.format("OrganizationMember", "b")
    claim = MemberClaim("/users", "the users", is_whole=False, members=frozenset({"user-1", "ada@example.com"}))
    by_address = replace(claim, members=frozenset({"ada@example.com"}))
    claims.register(other, [by_address])
    assert not claims.declared_elsewhere(urn)(claim), "the last program declared it"
    claims.declare(other)
    assert claims.declared_elsewhere(urn)(claim) == "OrganizationMember 'b'"
    assert claims.declared_elsewhere(urn)(replace(claim, place=ANYWHERE))
    assert not claims.declared_elsewhere(urn)(replace(claim, place="/groups"))
    assert not claims.declared_elsewhere(urn)(replace(claim, members=frozenset({"user-2"})))


def test_a_resource_counts_for_itself_only_if_it_is_replaced(claims: Claims) -> None:
    urn = URN.format("ProjectUser", "a")
    claim = MemberClaim("/users", "the users", is_whole=False, members=frozenset({"user-1"}))
    claims.register(urn, [claim])
    claims.declare(urn)
    assert not claims.declared_elsewhere(urn)(claim)
    assert not claims.declared_elsewhere(urn, is_deleted=True)(claim), "as in a destroy that runs the program"
    claims.replace(urn)
    assert claims.declared_elsewhere(urn, is_deleted=True)(claim)
    assert not claims.declared_elsewhere(urn)(claim)
    value = replace(claim, is_value=True)
    assert not claims.declared_elsewhere(urn, is_deleted=True)(value), "the new resource sets it anew"
    other = URN.format("UserRole", "b")
    claims.add(other, [value])
    claims.declare(other)
    assert claims.declared_elsewhere(urn, is_deleted=True)(value) == "UserRole 'b'"


def test_a_property_of_a_setting_is_declared_by_who_manages_it(claims: Claims) -> None:
    old, other = URN.format("ApiSetting", "old"), URN.format("ApiSetting", "other")
    setting = Claim("/setting", "the setting", properties=frozenset({"mode", "limits"}))
    claims.register(other, [setting])
    claims.declare(other)
    find = claims.declared_elsewhere(old)
    assert find(replace(setting, properties=frozenset({"mode"}))) == "ApiSetting 'other'"
    assert find(replace(setting, properties=frozenset({"owner"}))) == ""
    claims.fail(other)
    assert find(replace(setting, properties=frozenset({"mode"}))) == "", "nobody else manages it: it is restored"


@pytest.mark.parametrize("place", ["/users", ANYWHERE])
def test_a_removal_fails_if_the_only_other_resource_could_not_be_created(claims: Claims, place: str) -> None:
    old, failed, working = (URN.format("ProjectUser", name) for name in ("old", "failed", "working"))
    user = MemberClaim("/users", "the users", is_whole=False, members=frozenset({"user-1"}))
    for urn in (failed, old):
        claims.register(urn, [user] if urn == failed else [])
        claims.declare(urn)
    claims.fail(failed)
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
    claims.declare(working)
    assert find(replace(user, place=place)) == "ProjectUser 'working'"


@pytest.mark.parametrize("order", [("failed", "working"), ("working", "failed")])
def test_one_resource_that_could_be_created_is_enough(claims: Claims, order: tuple[str, ...]) -> None:
    user = MemberClaim("/users", "the users", is_whole=False, members=frozenset({"user-1"}))
    for name in order:
        claims.add(URN.format("ProjectUser", name), [user])
        claims.declare(URN.format("ProjectUser", name))
    claims.fail(URN.format("ProjectUser", "failed"))
    assert claims.declared_elsewhere(URN.format("ProjectUser", "old"))(user) == "ProjectUser 'working'"


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        (GroupUser, {"group_id": "group_1", "user_id": "user-1"}),
        (GroupMembers, {"group_id": "group_1", "user_ids": ["user-1"]}),
        (ProjectUser, {"project_id": "proj_1", "user_id": "user-1", "role": "member"}),
        (ProjectMembers, {"project_id": "proj_1", "members": keyed.members({"user-1": "member"})}),
        (UserRole, {"user_id": "user-1", "role_id": "role_1"}),
        (UserRoles, {"user_id": "user-1", "role_ids": ["role_1"]}),
        (ProjectUserRole, {"project_id": "proj_1", "user_id": "user-1", "role_id": "role_1"}),
        (ProjectUserRoles, {"project_id": "proj_1", "user_id": "user-1", "role_ids": ["role_1"]}),
    ],
)
def test_all_access_of_a_person_counts_where_the_person_would_be_removed(
    claims: Claims, kind: Any, inputs: dict[str, Any]
) -> None:
    urn = MemoryHost("a", kind.__name__).urn
    assert claims.conflict(kind, urn, inputs) is None
    claims.declare(urn)
    user = MemberClaim(ANYWHERE, "the users", is_whole=False, members=frozenset({"user-1"}))
    assert claims.declared_elsewhere(MemoryHost("b", "OrganizationMember").urn)(user)
    assert claims.conflict(kind, urn, inputs) is None, "claimed again"
    assert claims.conflict(kind, urn, None) is None
    assert not claims.declared_elsewhere(MemoryHost("b", "OrganizationMember").urn)(user), "all of it has ended"


@pytest.mark.parametrize("role_ids", [["role_1"], ["role_1", "role_2"]])
def test_roles_of_one_user_do_not_conflict(claims: Claims, role_ids: list[str]) -> None:
    roles = {"user_id": "user-1", "role_ids": role_ids}
    assert claims.conflict(UserRoles, MemoryHost("a", "UserRoles").urn, roles) is None
    role = {"user_id": "user-1", "role_id": "role_9"}
    assert claims.conflict(UserRole, MemoryHost("b", "UserRole").urn, role) is None


OWNER, MEMBER = "role-api-organization-owner", "role-api-project-member"


@pytest.mark.parametrize(
    ("declared", "other", "what"),
    [
        (
            (OrganizationUser, {"user_id": "user-1", "role": "owner"}),
            (UserRole, {"user_id": "user-1", "role_id": OWNER}),
            "the role of user user-1 of the organization",
        ),
        (
            (OrganizationUser, {"user_id": "user-1", "role": "owner"}),
            (UserRoles, {"user_id": "user-1", "role_ids": ["role_1", OWNER]}),
            "the role of user user-1 of the organization",
        ),
        (
            (ProjectMembers, {"project_id": "proj_1", "members": keyed.members({"user-1": "member"})}),
            (ProjectUserRole, {"project_id": "proj_1", "user_id": "user-1", "role_id": MEMBER}),
            "the role of user user-1 of project proj_1",
        ),
        (
            (Invite, {"email": "Eve@example.com", "role": "reader"}),
            (OrganizationMember, {"email": "eve@example.com", "role": "reader"}),
            "the invite of eve@example.com",
        ),
        (
            (ProjectGroup, {"project_id": "proj_1", "group_id": "group_1", "role": "member"}),
            (ProjectGroupRole, {"project_id": "proj_1", "group_id": "group_1", "role_id": MEMBER}),
            f"role {MEMBER} of group group_1 in project proj_1",
        ),
    ],
)
def test_two_kinds_that_undo_each_other_conflict(claims: Claims, declared: Any, other: Any, what: str) -> None:
    (kind, inputs), (other_kind, other_inputs) = declared, other
    assert claims.conflict(kind, MemoryHost("a", kind.__name__).urn, inputs) is None
    assert claims.conflict(other_kind, MemoryHost("b", other_kind.__name__).urn, other_inputs) == (
        f"{other_kind.__name__} 'b' and {kind.__name__} 'a' both manage {what}: remove it from one of them."
    )


@pytest.mark.parametrize(
    ("declared", "other"),
    [
        (
            (OrganizationUser, {"user_id": "user-1", "technical_level": "high"}),
            (UserRole, {"user_id": "user-1", "role_id": OWNER}),
        ),
        (
            (OrganizationUser, {"user_id": "user-1", "role": "owner"}),
            (UserRole, {"user_id": "user-1", "role_id": "role_1"}),
        ),
        (
            (ProjectGroup, {"project_id": "proj_1", "group_id": "group_1", "role": "member"}),
            (ProjectGroupRole, {"project_id": "proj_1", "group_id": "group_1", "role_id": "role_1"}),
        ),
    ],
)
def test_two_kinds_that_manage_different_things_of_one_user_do_not(claims: Claims, declared: Any, other: Any) -> None:
    for name, (kind, inputs) in (("a", declared), ("b", other)):
        assert claims.conflict(kind, MemoryHost(name, kind.__name__).urn, inputs) is None


def test_a_person_by_address_and_by_id_is_known_to_be_one_by_the_state() -> None:
    by_id, by_address = {"user_id": "user-1", "role": "owner"}, {"email": "eve@example.com", "role": "owner"}
    run = Run()
    hosts = [MemoryHost("a", "OrganizationUser", run=run), MemoryHost("b", "OrganizationMember", run=run)]
    assert run.claims.conflict(OrganizationUser, hosts[0].urn, by_id) is None
    assert run.claims.conflict(OrganizationMember, hosts[1].urn, by_address) is None
    run.claims.declare(hosts[1].urn)
    olds = {**by_address, "user_id": "user-1", "status": "member", "__managed": {"inputs": sorted(by_address)}}
    message = "OrganizationMember 'b' and OrganizationUser 'a' both manage user user-1 of the organization"
    with pytest.raises(errors.ConfigurationError, match=message):
        diff(OrganizationMember, hosts[1], "eve@example.com", olds, Inputs(by_address))
