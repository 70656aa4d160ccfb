"""Access that ends with its declaration, on the real engine, with both providers: nobody has more than before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pulumi_openai_admin.hosts.native.properties import camel
from tools import languages

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

Program = dict[str, tuple[str, dict[str, str]]]
"""By name, the kind of a resource and its inputs."""

USERS = [{"id": f"user-{name}", "email": f"{name}@example.com", "role": "reader"} for name in ("alan", "eve", "grace")]
GROUPS = [{"id": f"group_{name}", "name": name} for name in ("life", "other")]
IN_DEMO = {"project_id": "proj_demo", "group_id": "group_life"}
IN_STAGING = {"project_id": "proj_staging", "group_id": "group_other"}


def of_group(place: dict[str, str], role: str) -> tuple[str, dict[str, str]]:
    return "ProjectGroupRole", {**place, "role_id": f"role-api-project-{role}"}


def of_user(name: str, role: str) -> tuple[str, dict[str, str]]:
    return "UserRole", {"user_id": f"user-{name}", "role_id": f"role-api-organization-{role}"}


def in_group(group: str) -> tuple[str, dict[str, str]]:
    return "GroupUser", {"group_id": f"group_{group}", "user_id": "user-grace"}


HIGHER: Program = {
    "role-of-group": of_group(IN_DEMO, "owner"),
    "role-of-user": of_user("grace", "owner"),
    "role-that-stays": of_user("alan", "owner"),
    "member": in_group("life"),
    "old-role-of-group": of_group(IN_STAGING, "owner"),
    "old-role-of-user": of_user("eve", "owner"),
    "old-member": in_group("other"),
}
LOWER: Program = {
    "role-of-group": of_group(IN_DEMO, "viewer"),
    "role-of-user": of_user("grace", "reader"),
    "role-that-stays": HIGHER["role-that-stays"],
    "member": HIGHER["member"],
    "new-role-of-group": of_group(IN_STAGING, "viewer"),
    "new-role-of-user": of_user("eve", "reader"),
    "new-member": HIGHER["old-member"],
}
"""Lower roles, of the same resources and of renamed ones without aliases."""


def write_python(stack: Stack, program: Program) -> None:
    declared = [f"{kind}({name!r}, **{inputs!r})" for name, (kind, inputs) in program.items()]
    stack.program("\n".join(["from pulumi_openai_admin import GroupUser, ProjectGroupRole, UserRole", *declared]))


def write_yaml(stack: Stack, program: Program) -> None:
    resources = {
        name: {"type": f"openai-admin:{kind}", "properties": {camel(key): value for key, value in inputs.items()}}
        for name, (kind, inputs) in program.items()
    }
    text = yaml.safe_dump({"name": "test", "runtime": "yaml", "resources": resources})
    (stack.folder / "Pulumi.yaml").write_text(text, encoding="utf-8")


def access(emulator: EmulatorServer) -> dict[str, Any]:
    live = emulator.control.live("user", "group_user", "project_group_role")
    roles = {id_: user["role"] for id_, user in live["user"].items()}
    return {**roles, **live.get("group_user", {}), **live.get("project_group_role", {})}


@pytest.mark.parametrize("write", [write_python, write_yaml], ids=["dynamic", "native"])
def test_access_ends_with_its_declaration(
    stack: Stack, emulator: EmulatorServer, write: Callable[[Stack, Program], None]
) -> None:
    if write is write_yaml:
        stack.engine = languages.with_yaml(stack.engine)
    emulator.control.seed({"users": USERS, "groups": GROUPS})
    before = access(emulator)
    for program in (HIGHER, LOWER):
        write(stack, program)
        stack.up()
        stack.assert_clean()
    assert access(emulator).keys() > before.keys()
    nothing_listed = {"object": "list", "data": [], "has_more": False}
    emulator.control.fault(
        kind="status", method="GET", path_regex=".*/(users|groups|roles)", status=200, body=nothing_listed, times=None
    )
    destroyed = stack.destroy()
    emulator.control.clear_faults()
    assert access(emulator) == before
    assert "of user user-eve stays assigned instead of role-api-organization-owner" in " ".join(destroyed.text.split())
