"""What others change of what a program manages is neither kept for ever nor restored, and nobody is removed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests import keyed
from tests.host.scenarios.rate_limits import ROW
from tests.host.scenarios.spending import PROJECT_LIMIT

if TYPE_CHECKING:
    from tests.simulation.cloud import Cloud
    from tests.simulation.engine import Engine
    from tests.simulation.hosts import Bag

IN_PROJECT = {"project_id": "proj_demo"}
MEMBER = {"project_id": "proj_demo", "user_id": "user-grace"}
RPM = "max_requests_per_1_minute"
OF_USER, OF_MEMBER = "users/user-grace", "projects/proj_demo/users/user-grace"
OF_MODEL, OF_PROJECT = "projects/proj_demo/rate_limits/rl-gpt-4o", "projects/proj_demo/spend_limit"
AS_FOUND: dict[str, Bag] = {
    OF_USER: {"role": "reader"},
    OF_MEMBER: {"role": "member"},
    OF_MODEL: ROW.sent({RPM: 500}),
    OF_PROJECT: PROJECT_LIMIT.sent({"threshold_amount": 500}),
}
"""What is there before, by path."""
CHANGES: dict[str, list[Bag]] = {
    OF_USER: [{"role": "owner"}] * 2,
    OF_MEMBER: [{"role": "owner"}] * 2,
    OF_MODEL: [ROW.sent({RPM: limit}) for limit in (400, 600)],
    OF_PROJECT: [PROJECT_LIMIT.sent({"threshold_amount": amount}) for amount in (400, 600)],
}
"""What others make of it, one after the other."""
FOUND_AS_WANTED: dict[str, tuple[Bag, list[str]]] = {
    "OrganizationUser": ({"user_id": "user-grace", "role": "reader"}, [OF_USER]),
    "OrganizationMember": (
        {"email": "grace@example.com", "role": "reader", "projects": keyed.projects({"proj_demo": "member"})},
        [OF_USER, OF_MEMBER],
    ),
    "ProjectUser": ({**MEMBER, "role": "member"}, [OF_MEMBER]),
    "ProjectMembers": ({**IN_PROJECT, "members": keyed.members({"user-grace": "member"})}, [OF_MEMBER]),
    "UserRole": ({"user_id": "user-grace", "role_id": "role-api-organization-reader"}, [OF_USER]),
    "ProjectUserRole": ({**MEMBER, "role_id": "role-api-project-member"}, [OF_MEMBER]),
    "ProjectUserRoles": ({**MEMBER, "role_ids": ["role-api-project-member"]}, [OF_MEMBER]),
    "UserRoles": ({"user_id": "user-grace", "role_ids": ["role-api-organization-reader"]}, [OF_USER]),
    "ProjectRateLimit": ({**IN_PROJECT, "model": "gpt-4o", RPM: 500}, [OF_MODEL]),
    "ProjectRateLimits": ({**IN_PROJECT, "limits": {"gpt-4o": {RPM: 500}}}, [OF_MODEL]),
    "ProjectSpendLimit": ({**IN_PROJECT, "threshold_amount": 500}, [OF_PROJECT]),
}
"""Inputs that agree with what is there, and the paths of what they manage."""
MEMBERSHIPS = ("OrganizationMember", "ProjectUser", "ProjectMembers")
"""The kinds whose membership ends with them, whoever made the user a member first."""


def declared(kind: str, inputs: Bag) -> list[dict[str, Any]]:
    return [{"name": "it", "kind": kind, "inputs": inputs}]


def others(cloud: Cloud, path: str, body: Bag | None = None, method: str = "POST") -> None:
    cloud.other(method, f"/organization/{path}", body)


def facts(cloud: Cloud) -> dict[Any, Any]:
    """What there is, without the keys, which show when they were used."""
    return {fact: content for fact, content in cloud.facts.items() if fact[0] != "admin_api_key"}


@pytest.mark.parametrize("kind", FOUND_AS_WANTED)
def test_what_others_change_is_corrected_and_not_restored(cloud: Cloud, kind: str, engine: Engine) -> None:
    """The values from before the resource are restored, although it changed none when it was created."""
    inputs, paths = FOUND_AS_WANTED[kind]
    others(cloud, "projects/proj_demo/users", {"user_id": "user-grace", "role": "member"})
    for path, body in AS_FOUND.items():
        others(cloud, path, body)
    before = facts(cloud)
    engine.up(declared(kind, inputs), {})
    for turn in range(2):
        cloud.advance(3600)
        for path in paths:
            others(cloud, path, CHANGES[path][turn])
        engine.up(declared(kind, inputs), {"refresh": True})
        assert engine.up(declared(kind, inputs), {"refresh": True}).steps == []
    engine.destroy({})
    assert not [operation.errors for operation in engine.operations if operation.errors]
    if kind in MEMBERSHIPS:
        del before["project_user", "proj_demo", "user-grace"]
    assert facts(cloud) == before


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        (
            "OrganizationMember",
            {"role": "owner", "projects": keyed.projects({"proj_demo": "owner"}), "remove_on_destroy": True},
        ),
        ("OrganizationUser", {"role": "owner", "remove_on_destroy": True}),
        ("ProjectUser", {"project_id": "proj_demo", "role": "owner"}),
    ],
    ids=["OrganizationMember", "OrganizationUser", "ProjectUser"],
)
def test_a_new_address_in_the_program_before_a_refresh_removes_nobody(
    cloud: Cloud, kind: str, inputs: Bag, engine: Engine
) -> None:
    before, after = ({**inputs, "email": email} for email in ("grace@example.com", "grace.new@example.com"))
    if kind != "ProjectUser":
        others(cloud, "projects/proj_demo/users", {"user_id": "user-grace", "role": "member"})
    engine.up(declared(kind, before), {})
    others(cloud, "users/user-grace", method="DELETE")
    cloud.seed({"users": [{"id": "user-grace", "email": "grace.new@example.com", "role": "owner"}]})
    cloud.seed({"project_users": [{**MEMBER, "role": "owner"}]})
    count = len(cloud.writes)
    engine.up(declared(kind, after), {})
    assert engine.operations[-1].steps[0][0] == "replace", "only a refresh shows that it is the same user"
    assert not any("another resource" in message.text for message in engine.messages)
    # The role goes back first, so that the new resource does not take the program's own role for the one before.
    roles = [(write.after or {}).get("role") for write in cloud.writes[count:] if write.is_ours]
    assert roles == ([] if kind == "ProjectUser" else ["reader", "owner"])
    engine.destroy({})
    left = {fact[0]: content["role"] for fact, content in cloud.facts.items() if fact[2] == "user-grace"}
    assert left == ({"user": "owner"} if kind == "ProjectUser" else {})
