"""The base role of a user in the organization goes back to a lower one and never to a higher, by whatever kind."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.simulation.cloud import Cloud
    from tests.simulation.engine import Engine
    from tests.simulation.hosts import Bag

GRACE, ALIAS = {"user_id": "user-grace"}, "role-api-organization-"
RAISES = "(a removal never raises a role)"
KEEPS = "keeps the role owner, which the user had before this resource"
STAYS = f"{ALIAS}owner of user user-grace stays assigned: the user had it before, and a base role is not"
KINDS = {
    "OrganizationUser": ("role", KEEPS),
    "OrganizationUser, at another address each time": ("role", KEEPS),
    "OrganizationMember": ("role", KEEPS),
    "OrganizationMember, at another address each time": ("role", KEEPS),
    "UserRole": ("role_id", STAYS),
    "UserRoles": ("role_ids", STAYS),
}
"""The kinds, with the property of the role and the warning that it stays. Another address or `role_id` replaces a
resource."""


def inputs(kind: str, role: str, email: str) -> Bag:
    name, _ = KINDS[kind]
    value = {"role": role, "role_id": ALIAS + role, "role_ids": [ALIAS + role]}[name]
    return {**({"email": email} if "Member" in kind or "address" in kind else GRACE), name: value}


def change_address(cloud: Cloud, email: str) -> None:
    role = cloud.facts["user", "", "user-grace"]["role"]
    cloud.other("DELETE", "/organization/users/user-grace")
    cloud.seed({"users": [{"id": "user-grace", "email": email, "role": role}]})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("before", "roles", "after", "told"),
    [
        ("reader", ["owner"], "reader", ""),
        ("reader", ["owner", "reader"], "reader", ""),
        ("reader", ["reader"], "reader", ""),
        ("owner", ["reader"], "reader", RAISES),
        ("owner", ["owner"], "owner", "its own"),
        ("owner", ["reader", "owner"], "owner", "its own"),
        ("owner", ["owner", "reader", "owner"], "owner", "its own"),
        ("owner", ["reader", "owner", "reader"], "reader", RAISES),
    ],
)
def test_a_base_role_goes_back_to_a_lower_one_and_never_to_a_higher(
    cloud: Cloud, kind: str, before: str, roles: list[str], after: str, told: str, engine: Engine
) -> None:
    cloud.other("POST", "/organization/users/user-grace", {"role": before})
    email = "grace@example.com"
    for turn, role in enumerate(roles):
        if turn and "address" in kind:
            email = f"grace.{turn}@example.com"
            change_address(cloud, email)
        engine.up([{"name": "it", "kind": kind.partition(",")[0], "inputs": inputs(kind, role, email)}], {})
        assert cloud.facts["user", "", "user-grace"]["role"] == role
    engine.messages.clear()
    engine.destroy({})
    assert not [operation.errors for operation in engine.operations if operation.errors]
    assert cloud.facts["user", "", "user-grace"]["role"] == after
    _, keeps = KINDS[kind]
    told = keeps if told == "its own" else told
    warned = [message.text for message in engine.messages if message.level == logging.WARNING]
    assert [told in text for text in warned] == [True] * bool(told)


@pytest.mark.parametrize(("kind", "name"), [("ProjectUserRole", "role_id"), ("ProjectUserRoles", "role_ids")])
def test_a_base_role_of_a_project_goes_back_to_the_one_before_all_replacements(
    cloud: Cloud, kind: str, name: str, engine: Engine
) -> None:
    cloud.other("POST", "/organization/projects/proj_demo/users", {"user_id": "user-grace", "role": "member"})
    for role in ("role-api-project-viewer", "role-api-project-owner"):
        value = role if name == "role_id" else [role]
        engine.up([{"name": "it", "kind": kind, "inputs": {**GRACE, "project_id": "proj_demo", name: value}}], {})
    engine.destroy({})
    assert not [operation.errors for operation in engine.operations if operation.errors]
    assert cloud.facts["project_user", "proj_demo", "user-grace"]["role"] == "member"


def test_a_role_that_others_have_given_is_the_one_before_a_replacement(cloud: Cloud, engine: Engine) -> None:
    for role, email in (("reader", "grace@example.com"), ("owner", "grace.new@example.com")):
        cloud.other("POST", "/organization/users/user-grace", {"role": role})
        change_address(cloud, email)
        engine.up([{"name": "it", "kind": "OrganizationUser", "inputs": {"email": email, "role": role}}], {})
    engine.destroy({})
    assert not [operation.errors for operation in engine.operations if operation.errors]
    assert cloud.facts["user", "", "user-grace"]["role"] == "owner"
