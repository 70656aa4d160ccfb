"""However many members a set has, each list is read once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import (
    GroupMembers,
    GroupRoles,
    ProjectGroupRoles,
    ProjectMembers,
    ProjectUserRoles,
    UserRoles,
)
from tests import keyed
from tests.host.dynamic_host import DynamicHost
from tests.host.role_assignments import GROUPS
from tests.host.scenario import PROJECT
from tests.host.scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer

SIZES = (1, 10, 100)
GROUP, USER = {"group_id": "group_life"}, {"user_id": "user-0"}


def users(count: int) -> list[str]:
    return [f"user-{number}" for number in range(count)]


def roles(kind: str) -> Callable[[int], dict[str, Any]]:
    return lambda count: {"role_ids": [f"role_{kind}_{number}" for number in range(count)]}


SETS: dict[type[Any], tuple[dict[str, str], Callable[[int], dict[str, Any]]]] = {
    GroupMembers: (GROUP, lambda count: {"user_ids": users(count)}),
    ProjectMembers: (
        PROJECT,
        lambda count: {"members": keyed.members({f"{id_}@example.com": "member" for id_ in users(count)})},
    ),
    UserRoles: (USER, roles("organization")),
    GroupRoles: (GROUP, roles("organization")),
    ProjectUserRoles: ({**PROJECT, **USER}, roles("project")),
    ProjectGroupRoles: ({**PROJECT, **GROUP}, roles("project")),
}


def seed(emulator: EmulatorServer) -> None:
    """People and roles for the largest set."""
    permissions = {"permissions": ["api.groups.read"]}
    numbers = range(max(SIZES))
    people = [{"id": id_, "email": f"{id_}@example.com", "role": "reader"} for id_ in users(max(SIZES))]
    of_organization = [{"id": f"role_organization_{n}", "role_name": f"O {n}", **permissions} for n in numbers]
    of_project = [
        {"id": f"role_project_{n}", "role_name": f"P {n}", **PROJECT, "permissions": ["api.model.read"]}
        for n in numbers
    ]
    emulator.control.seed({"users": people, "groups": GROUPS, "roles": of_organization})
    emulator.control.seed({"project_roles": of_project})


def lists(emulator: EmulatorServer) -> Counter[str]:
    """By path, how often a list was begun: further pages have a cursor."""
    found = [
        request
        for request in emulator.control.requests()
        if request["method"] == "GET" and "after" not in str(request.get("query"))
    ]
    emulator.control.clear_requests()
    return Counter(request["path"] for request in found)


def test_no_set_is_left_out() -> None:
    assert {scenario.resource for scenario in SCENARIOS if getattr(scenario.resource.handler, "members", "")} == {*SETS}


@pytest.mark.parametrize("resource", SETS, ids=lambda kind: kind.__name__)
def test_lists_stay_constant(emulator: EmulatorServer, environ: dict[str, str], resource: type[Any]) -> None:
    parents, members = SETS[resource]
    read: dict[str, list[Counter[str]]] = {"create": [], "update": [], "delete": []}
    for size in SIZES:
        emulator.control.reset()
        seed(emulator)
        emulator.control.clear_requests()
        inputs, half = ({**parents, **members(count)} for count in (size, size // 2))
        with DynamicHost(environ) as host:
            id_, state = host.create(resource, inputs)
        read["create"].append(lists(emulator))
        with DynamicHost(environ) as host:
            state = host.update(resource, id_, state, half)
        read["update"].append(lists(emulator))
        with DynamicHost(environ) as host:
            host.delete(resource, id_, state)
        read["delete"].append(lists(emulator))
    for verb, of_sizes in read.items():
        assert of_sizes[0] == of_sizes[1] == of_sizes[2], verb
        assert max(of_sizes[0].values()) == 1, (verb, of_sizes[0])
