"""`offboard` reads the state of a real stack, and a person leaves in three steps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from pulumi_openai_admin.cli.options import app

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Program, Stack

pytestmark = pytest.mark.timeout(300)
WHO = "grace@example.com"
GRACE = {"id": "user-grace", "name": "Grace", "email": WHO, "role": "reader"}


def program(members: list[dict[str, str]], people: dict[str, str]) -> Program:
    return {
        "engineering": ("Group", {"name": "Engineering"}),
        "shop": ("TeamProject", {"name": "Shop", "members": members}),
        **{name: ("OrganizationMember", {"email": email, "role": "reader"}) for name, email in people.items()},
        "staff": ("GroupMembers", {"group_id": "$engineering.group_id", "user_ids": ["user-alan", *people]}),
    }


def test_a_person_leaves_the_program_and_then_the_organization(
    either: Stack, emulator: EmulatorServer, tmp_path: Path
) -> None:
    stack, file = either, tmp_path / "state.json"
    alan = {**GRACE, "id": "user-alan", "name": "Alan", "email": "alan@example.com"}
    lab = {"id": "proj_lab", "name": "Lab", "user_keys": [{"id": "key_grace", "user": GRACE}]}
    emulator.control.seed({"users": [GRACE, alan], "projects": [lab]})
    own, other = ({"email": email, "role": "member"} for email in (WHO, "alan@example.com"))

    def offboard(*options: str) -> Any:
        file.write_text(json.dumps(stack.export()), encoding="utf-8")
        return CliRunner().invoke(app, ["offboard", WHO, "--state", str(file), *options], env=stack.environ)

    stack.declare(program([own, other], {"user-grace": WHO}))
    stack.ok("up", "--yes", "--skip-preview")
    found = json.loads(offboard("--json").stdout)
    managed = {entry["type"]: entry["managed_by"] for entry in found["has"]}
    assert {kind: [resource.split(" (")[0] for resource in resources] for kind, resources in managed.items()} == {
        "api_key": [],
        "group": ["GroupMembers staff"],
        "project": ["ProjectMembers shop"],
        "user": ["OrganizationMember user-grace"],
    }
    if not stack.is_native:  # a program in YAML has no lines in the state
        assert all("(__main__.py:" in resource for resource in found["managers"])
    done = offboard("--apply", "--yes")
    assert (done.exit_code, "removed API key key_grace" in done.stdout) == (1, True)
    stack.declare(program([other], {}))
    stack.ok("up", "--yes", "--skip-preview")
    done = offboard("--apply", "--yes")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "removed user user-grace of the organization")
    assert "user-grace" not in emulator.control.live("user")["user"]
