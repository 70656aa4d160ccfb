"""The base role of a user in the organization goes back to a lower one and never to a higher, by whatever kind."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from tests.simulation.engine import Engine

if TYPE_CHECKING:
    from tests.simulation.cloud import Cloud
    from tests.simulation.hosts import Bag

GRACE, ALIAS = {"user_id": "user-grace"}, "role-api-organization-"
RAISES = "(a removal never raises a role)"
KEEPS = "keeps the role owner, which the user had before this resource"
STAYS = f"{ALIAS}owner of user user-grace stays assigned: the user had it before, and a base role is not"
KINDS = {
    "OrganizationUser": ("role", KEEPS),
    "OrganizationMember": ("role", KEEPS),
    "UserRole": ("role_id", STAYS),
    "UserRoles": ("role_ids", STAYS),
}


def inputs(kind: str, role: str) -> Bag:
    name, _ = KINDS[kind]
    value = {"role": role, "role_id": ALIAS + role, "role_ids": [ALIAS + role]}[name]
    return {**({"email": "grace@example.com"} if kind == "OrganizationMember" else GRACE), name: value}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("before", "roles", "after", "told"),
    [
        ("reader", ["owner"], "reader", ""),
        ("reader", ["owner", "reader"], "reader", ""),
        ("reader", ["reader"], "reader", ""),
        ("owner", ["reader"], "reader", RAISES),
        ("owner", ["owner"], "owner", "its own"),
    ],
)
def test_a_base_role_goes_back_to_a_lower_one_and_never_to_a_higher(
    cloud: Cloud, kind: str, before: str, roles: list[str], after: str, told: str, is_native: bool
) -> None:
    cloud.reset(1)
    cloud.other("POST", "/organization/users/user-grace", {"role": before})
    engine = Engine(cloud, is_native)
    for role in roles:
        engine.up([{"name": "it", "kind": kind, "inputs": inputs(kind, role)}], {})
        assert cloud.facts["user", "", "user-grace"]["role"] == role
    engine.messages.clear()
    engine.destroy({})
    assert not [operation.errors for operation in engine.operations if operation.errors]
    assert cloud.facts["user", "", "user-grace"]["role"] == after
    _, keeps = KINDS[kind]
    told = keeps if told == "its own" else told
    warned = [message.text for message in engine.messages if message.level == logging.WARNING]
    assert [told in text for text in warned] == [True] * bool(told)
