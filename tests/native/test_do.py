"""`pulumi do`: one command for one object, without a program. One kind of each shape."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.by_hand import request, writes
from tests.company import spend_limit
from tests.host.scenarios.rate_limits import ROW
from tools.stacks import Stack

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine
    from tools.stacks import Run

PLUGIN = Path(sys.executable).parent / "pulumi-resource-openai-admin"
DEMO = "/projects/proj_demo"
USER = {"user_id": "user-emulator", "role": "member"}


@pytest.fixture
def stack(pulumi: Engine, environ: dict[str, str], tmp_path: Path) -> Stack:
    return Stack(pulumi, tmp_path, environ)


def do(stack: Stack, kind: str, *arguments: str) -> Run:
    return stack.run("do", "--stateless", "--package", str(PLUGIN), f"openai-admin:index:{kind}", *arguments)


PROJECT = ("--project-id", "proj_demo")
KINDS = {
    "Project": ("proj_demo", (), f"POST /organization{DEMO}/archive"),
    "ProjectUser": ("proj_demo/user-emulator", PROJECT, f"DELETE /organization{DEMO}/users/user-emulator"),
    "ProjectRateLimit": ("proj_demo/rl-gpt-4o-mini", PROJECT, "can't be deleted, and no state has the values from"),
    "ProjectSpendLimit": ("proj_demo", None, f"DELETE /organization{DEMO}/spend_limit"),
    "OrganizationUser": ("user-emulator", (), "because no program sets removeOnDestroy"),
}
"""By kind: the id of an object; the inputs of `list`, if it has one; the request of `delete`, or why it is refused."""


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_is_listed_read_and_deleted(stack: Stack, emulator: EmulatorServer, kind: str) -> None:
    for path, body in (("users", USER), ("spend_limit", spend_limit(100))):
        request(emulator, "POST", f"/organization{DEMO}/{path}", body)
    id_, of, outcome = KINDS[kind]
    listed = do(stack, kind, "list", *(of or ()))
    if of is None:
        assert "Available Commands" in listed.text, "the engine shows its help"
    else:
        assert id_ in [row["id"] for row in json.loads(listed.text)]
    read = do(stack, kind, "read", id_)
    assert not read.code
    assert id_ in read.text
    assert "Destroying" not in read.text

    first = len(emulator.control.requests())
    deleted = do(stack, kind, "delete", id_, "--yes")
    sent = writes(emulator, first)
    assert outcome in (deleted.text if deleted.code else sent)
    assert not (deleted.code and sent)


def test_a_missing_parent_is_named(stack: Stack) -> None:
    run = do(stack, "ProjectRateLimit", "list")
    assert run.code
    assert "projectId" in run.text


def test_an_object_is_created_and_changed(stack: Stack, emulator: EmulatorServer) -> None:
    assert not do(stack, "Group", "create", "--name", "readers", "--yes").code
    row = "proj_demo/rl-gpt-4o-mini"
    assert not do(stack, "ProjectRateLimit", "patch", row, "--max-requests-per1-minute", "60", "--yes").code
    bodies = [request["body"] for request in emulator.control.requests() if request["method"] == "POST"]
    assert bodies == [{"name": "readers"}, ROW.sent({"max_requests_per_1_minute": 60})]
