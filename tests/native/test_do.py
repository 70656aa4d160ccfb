"""`pulumi do`: one command for one object, without a program. One kind of each shape."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.by_hand import request, writes
from tools.stacks import Stack

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine
    from tools.stacks import Run

PLUGIN = Path(sys.executable).parent / "pulumi-resource-openai-admin"
DEMO = "/projects/proj_demo"
USER = {"user_id": "user-emulator", "role": "member"}
SPEND_LIMIT = {"threshold_amount": 100, "currency": "USD", "interval": "month"}


@pytest.fixture
def stack(pulumi: Engine, environ: dict[str, str], tmp_path: Path) -> Stack:
    return Stack(pulumi, tmp_path, environ)


def do(stack: Stack, kind: str, *arguments: str) -> Run:
    return stack.run("do", "--stateless", "--package", str(PLUGIN), f"openai-admin:index:{kind}", *arguments)


@dataclass(frozen=True)
class Kind:
    """One kind, and an object of it."""

    name: str
    id: str
    of: tuple[str, ...] = ()
    """The inputs of `list`."""
    is_listed: bool = True
    before: tuple[str, Any] | None = None
    """The request that creates the object."""
    change: str = ""
    """The request with which `delete` deletes it; empty if it is refused."""
    reason: str = "it can't be deleted, and no state has the values from before"


PROJECT = ("--project-id", "proj_demo")
KINDS = (
    Kind("Project", "proj_demo", change=f"POST /organization{DEMO}/archive"),
    Kind(
        "ProjectUser",
        "proj_demo/user-emulator",
        PROJECT,
        before=(f"{DEMO}/users", USER),
        change=f"DELETE /organization{DEMO}/users/user-emulator",
    ),
    Kind("ProjectRateLimit", "proj_demo/rl-gpt-4o-mini", PROJECT),
    Kind("ProjectRateLimits", "proj_demo", is_listed=False),
    Kind("ProjectDataRetention", "proj_demo", is_listed=False),
    Kind(
        "ProjectSpendLimit",
        "proj_demo",
        is_listed=False,
        before=(f"{DEMO}/spend_limit", SPEND_LIMIT),
        change=f"DELETE /organization{DEMO}/spend_limit",
    ),
    Kind("OrganizationUser", "user-emulator", reason="because no program sets removeOnDestroy"),
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_object_is_listed_read_and_deleted(stack: Stack, emulator: EmulatorServer, kind: Kind) -> None:
    if kind.before:
        path, body = kind.before
        request(emulator, "POST", f"/organization{path}", body)
    listed = do(stack, kind.name, "list", *kind.of)
    if kind.is_listed:
        assert kind.id in [row["id"] for row in json.loads(listed.text)]
    else:
        assert "Available Commands" in listed.text, "the engine shows its help"
    read = do(stack, kind.name, "read", kind.id)
    assert not read.code
    assert kind.id in read.text
    assert "Destroying" not in read.text

    first = len(emulator.control.requests())
    deleted = do(stack, kind.name, "delete", kind.id, "--yes")
    assert writes(emulator, first) == ([kind.change] if kind.change else [])
    assert bool(deleted.code) is not bool(kind.change)
    assert kind.change or kind.reason in deleted.text


def test_a_missing_parent_is_named(stack: Stack) -> None:
    run = do(stack, "ProjectRateLimit", "list")
    assert run.code
    assert "projectId" in run.text


def test_an_object_is_created_and_changed(stack: Stack, emulator: EmulatorServer) -> None:
    assert not do(stack, "Group", "create", "--name", "readers", "--yes").code
    row = "proj_demo/rl-gpt-4o-mini"
    assert not do(stack, "ProjectRateLimit", "patch", row, "--max-requests-per1-minute", "60", "--yes").code
    bodies = [request["body"] for request in emulator.control.requests() if request["method"] == "POST"]
    assert bodies == [{"name": "readers"}, {"max_requests_per_1_minute": 60}]
