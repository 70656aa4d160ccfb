"""What others change of what a program manages is neither kept for ever nor restored, and nobody is removed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import (
    OrganizationMember,
    OrganizationUser,
    ProjectMembers,
    ProjectRateLimit,
    ProjectRateLimits,
    ProjectSpendLimit,
    ProjectUser,
    ProjectUserRole,
    ProjectUserRoles,
    UserRole,
    UserRoles,
)
from tests import keyed
from tests.by_hand import request
from tests.host.principals import USERS
from tests.host.scenario import aged

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host

IN_PROJECT = {"project_id": "proj_demo"}
MEMBER = {"project_id": "proj_demo", "user_id": "user-grace"}
RPM = "max_requests_per_1_minute"
OF_USER, OF_MEMBER = "users/user-grace", "projects/proj_demo/users/user-grace"
OF_MODEL, OF_PROJECT = "projects/proj_demo/rate_limits/rl-gpt-4o", "projects/proj_demo/spend_limit"
AS_FOUND: dict[str, dict[str, Any]] = {
    OF_USER: {"role": "reader"},
    OF_MEMBER: {"role": "member"},
    OF_MODEL: {RPM: 500},
    OF_PROJECT: {"threshold_amount": 500, "currency": "USD", "interval": "month"},
}
"""What is there before, by path."""
CHANGES: dict[str, list[dict[str, Any]]] = {
    OF_USER: [{"role": "owner"}] * 2,
    OF_MEMBER: [{"role": "owner"}] * 2,
    OF_MODEL: [{RPM: 400}, {RPM: 600}],
    OF_PROJECT: [{**AS_FOUND[OF_PROJECT], "threshold_amount": amount} for amount in (400, 600)],
}
"""What others make of it, one after the other."""
ROLE_IN_PROJECT = keyed.projects({"proj_demo": "member"})
FOUND_AS_WANTED: list[tuple[type[Any], dict[str, Any], list[str], bool]] = [
    (OrganizationUser, {"user_id": "user-grace", "role": "reader"}, [OF_USER], False),
    (
        OrganizationMember,
        {"email": "grace@example.com", "role": "reader", "projects": ROLE_IN_PROJECT},
        [OF_USER, OF_MEMBER],
        True,
    ),
    (ProjectUser, {**MEMBER, "role": "member"}, [OF_MEMBER], True),
    (ProjectMembers, {**IN_PROJECT, "members": keyed.members({"user-grace": "member"})}, [OF_MEMBER], True),
    (UserRole, {"user_id": "user-grace", "role_id": "role-api-organization-reader"}, [OF_USER], False),
    (ProjectUserRole, {**MEMBER, "role_id": "role-api-project-member"}, [OF_MEMBER], False),
    (ProjectUserRoles, {**MEMBER, "role_ids": ["role-api-project-member"]}, [OF_MEMBER], False),
    (UserRoles, {"user_id": "user-grace", "role_ids": ["role-api-organization-reader"]}, [OF_USER], False),
    (ProjectRateLimit, {**IN_PROJECT, "model": "gpt-4o", RPM: 500}, [OF_MODEL], False),
    (ProjectRateLimits, {**IN_PROJECT, "limits": {"gpt-4o": {RPM: 500}}}, [OF_MODEL], False),
    (ProjectSpendLimit, {**IN_PROJECT, "threshold_amount": 500}, [OF_PROJECT], False),
]
"""Inputs that agree with what is there, the paths of what they manage, and whether the membership ends with them."""


def call(emulator: EmulatorServer, method: str, path: str, body: dict[str, Any] | None = None) -> None:
    """Change something as another client of the organization."""
    request(emulator, method, f"/organization/{path}", body)


@pytest.mark.parametrize(
    ("resource", "inputs", "paths", "is_member"), FOUND_AS_WANTED, ids=lambda value: getattr(value, "__name__", "")
)
def test_what_others_change_is_corrected_and_not_restored(
    provider: Host,
    emulator: EmulatorServer,
    environ: dict[str, str],
    resource: type[Any],
    inputs: dict[str, Any],
    paths: list[str],
    is_member: bool,
) -> None:
    """The values from before the resource are restored, although it changed none when it was created."""
    emulator.control.seed({"users": USERS, "project_users": [{**MEMBER, "role": "member"}]})
    for path, body in AS_FOUND.items():
        call(emulator, "POST", path, body)
    before = emulator.control.live()
    with provider(environ) as host:
        id_, state = host.create(resource, inputs)
    for turn in range(2):
        for path in paths:
            call(emulator, "POST", path, CHANGES[path][turn])
        with provider(environ) as host:  # a refresh and an update
            state = host.update(resource, id_, host.read(resource, id_, aged(state))[1], inputs)
    with provider(environ) as host:
        host.delete(resource, id_, state)
    if is_member:  # whoever made the user a member first
        del before["project_user"]
    assert emulator.control.live() == before


def roles(emulator: EmulatorServer, email: str) -> dict[str, str]:
    """The roles of a user, in the organization and by project; empty where there is none."""
    live = emulator.control.live("user", "project_user")
    id_ = next((id_ for id_, user in live["user"].items() if user["email"] == email), None)
    if id_ is None:
        return {}
    projects = {
        path.split("/")[0]: membership["role"]
        for path, membership in live.get("project_user", {}).items()
        if id_ in path
    }
    return {"": live["user"][id_]["role"], **projects}


@pytest.mark.parametrize(
    ("resource", "inputs"),
    [
        (
            OrganizationMember,
            {"role": "owner", "projects": keyed.projects({"proj_demo": "owner"}), "remove_on_destroy": True},
        ),
        (OrganizationUser, {"role": "owner", "remove_on_destroy": True}),
        (ProjectUser, {"project_id": "proj_demo", "role": "owner"}),
    ],
)
def test_a_new_address_in_the_program_before_a_refresh_removes_nobody(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host, resource: Any, inputs: dict[str, Any]
) -> None:
    before, after = ({**inputs, "email": email} for email in ("eve@example.com", "eve.new@example.com"))
    member = {"project_id": "proj_demo", "user_id": "user-eve"}
    emulator.control.seed({"users": [{"id": "user-eve", "email": "eve@example.com", "role": "reader"}]})
    if resource is not ProjectUser:
        emulator.control.seed({"project_users": [{**member, "role": "member"}]})
    with provider(environ) as host:
        id_, state = host.create(resource, before)
    call(emulator, "DELETE", "users/user-eve")
    emulator.control.seed({"users": [{"id": "user-eve", "email": "eve.new@example.com", "role": "owner"}]})
    emulator.control.seed({"project_users": [{**member, "role": "owner"}]})
    emulator.control.clear_requests()
    with provider(environ) as host:
        news = host.check(resource, after, before)[0]
        assert host.diff(resource, id_, state, news)[1] == ["email"], "only a refresh shows that it is the same user"
        host.check(resource, after)
        host.delete(resource, id_, state)
        assert "another resource" not in host.warnings
        new_id, new = host.create(resource, news)
    writes = [request for request in emulator.control.requests() if request["method"] != "GET"]
    # The role goes back first, so that the new resource does not take the program's own role for the one before.
    roles_written = [] if resource is ProjectUser else ["reader", "owner"]
    assert [(request["method"], request["body"]["role"]) for request in writes] == [
        ("POST", role) for role in roles_written
    ]
    with provider(environ) as host:
        host.delete(resource, new_id, new)
    left = roles(emulator, "eve.new@example.com")
    assert left == ({"": "owner"} if resource is ProjectUser else {})
