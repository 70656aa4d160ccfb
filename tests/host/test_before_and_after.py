"""Settings from before a resource are restored after it, and steps that OpenAI or the program does not allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import (
    OrganizationMember,
    OrganizationUser,
    ProjectMembers,
    ProjectRateLimit,
    ProjectRateLimits,
    ProjectServiceAccountApiKey,
    ProjectSpendLimit,
    ProjectUser,
    ProjectUserRole,
    ProjectUserRoles,
    UserRole,
    UserRoles,
)
from tests import keyed
from tests.host.dynamic_host import DynamicHost
from tests.host.principals import USERS
from tests.host.provider_process import Failure
from tests.host.scenario import aged

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host

LIMIT = {"project_id": "proj_demo", "threshold_amount": 10_000}
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
ASSET = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "path": "Pulumi.yaml"}
"""A file, as the engine sends it."""


@pytest.mark.parametrize("before", [None, 500], ids=["absent", "there"])
def test_a_spend_limit_is_put_back(
    provider: Host, emulator: EmulatorServer, environ: dict[str, str], before: int | None
) -> None:
    if before is not None:
        body = {"threshold_amount": before, "currency": "USD", "interval": "month"}
        url = f"{emulator.base_url}/organization/projects/proj_demo/spend_limit"
        headers = {"Authorization": f"Bearer {emulator.admin_key}"}
        requests.post(url, json=body, headers=headers, timeout=10).raise_for_status()
    with provider(environ) as host:
        id_, state = host.create(ProjectSpendLimit, LIMIT)
        assert state["baseline"] == ({} if before is None else {"threshold_amount": before})
        changed = {**LIMIT, "threshold_amount": 20_000}
        state = host.update(ProjectSpendLimit, id_, state, changed)
        assert host.diff(ProjectSpendLimit, id_, state, changed) == (False, [])
    with provider(environ) as host:
        host.delete(ProjectSpendLimit, id_, state)
    limits = emulator.control.live("project_spend_limit").get("project_spend_limit", {})
    assert [limit["threshold_amount"] for limit in limits.values()] == ([] if before is None else [before])


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

    def write(path: str, body: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {emulator.admin_key}"}
        url = f"{emulator.base_url}/organization/{path}"
        requests.post(url, json=body, headers=headers, timeout=10).raise_for_status()

    emulator.control.seed({"users": USERS, "project_users": [{**MEMBER, "role": "member"}]})
    for path, body in AS_FOUND.items():
        write(path, body)
    before = emulator.control.live()
    with provider(environ) as host:
        id_, state = host.create(resource, inputs)
    for turn in range(2):
        for path in paths:
            write(path, CHANGES[path][turn])
        with provider(environ) as host:  # a refresh and an update
            state = host.update(resource, id_, host.read(resource, id_, aged(state))[1], inputs)
    with provider(environ) as host:
        host.delete(resource, id_, state)
    if is_member:  # whoever made the user a member first
        del before["project_user"]
    assert emulator.control.live() == before


def test_a_model_that_does_not_exist_names_the_nearest(provider: Host, environ: dict[str, str]) -> None:
    inputs = {"project_id": "proj_demo", "model": "gpt-4oo", "max_requests_per_1_minute": 60}
    with provider(environ) as host, pytest.raises(Failure, match="Did you mean gpt-4o ") as failure:
        host.create(ProjectRateLimit, inputs)
    assert not failure.value.id


def test_an_asset_in_triggers_is_refused() -> None:
    inputs: dict[str, Any] = {"project_id": "proj_demo", "service_account_id": "svc_acct_demo"}
    with DynamicHost({}) as host:
        _, failures = host.check(ProjectServiceAccountApiKey, {**inputs, "triggers": ["a", ASSET, "b"]})
    (told,) = failures
    assert "triggers[1] is an asset, which no provider of this package can keep: use a hash of the file" in told
