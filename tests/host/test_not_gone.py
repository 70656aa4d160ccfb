"""What an error, a wrong address or another organization's key hides is not gone: the state alone has the keys.

With another organization's key nothing is read or written, even if it finds the object: two emulators, two keys.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests.host.scenario import aged
from tests.host.stack import Stack
from tools.stacks import environ_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.host.provider_process import DynamicProcess
    from tests.host.stack import Member

pytestmark = [pytest.mark.every_resource, pytest.mark.timeout(600)]  # on a machine that has other work, too
REFUSED: dict[str, dict[str, Any]] = {
    "401": {"kind": "status", "status": 401},
    "403": {"kind": "status", "status": 403},
    "500": {"kind": "status", "status": 500},
    "no JSON": {"kind": "not_json"},
    "a reset": {"kind": "reset"},
}
ADDRESS = "Check OPENAI_BASE_URL"
ELSEWHERE: dict[str, tuple[dict[str, Any] | None, str]] = {
    "OpenAI's 404": (None, ADDRESS),
    "HTML": ({"kind": "status", "status": 404, "body": "<html><h1>404 Not Found</h1></html>"}, ADDRESS),
    "an empty 404": ({"kind": "status", "status": 404, "body": ""}, ADDRESS),
    "an unsupported endpoint": ({"kind": "unrelated_404"}, "Unsupported endpoint"),
}
"""By name, a 404 that is not about the object, and a part of the error."""
OTHER_KEY = "sk-admin-otherorganization0123456789"
IMPATIENT = {"openai-admin:maxWaitSeconds": "2"}
RENAMED = "UPDATE records SET id = replace(id, 'proj_', 'proj_b_'), parent = replace(parent, 'proj_', 'proj_b_')"
CONTENT = "UPDATE records SET content = replace(content, 'proj_', 'proj_b_')"


@pytest.fixture
def stack(stack: Stack) -> Stack:
    stack.create()
    return stack


def read(host: DynamicProcess, member: Member) -> None:
    assert host.read(member.scenario.resource, member.id, member.state)[0] == member.id


def delete(host: DynamicProcess, member: Member) -> None:
    host.delete(member.scenario.resource, member.id, member.state)


def test_only_not_found_means_gone(stack: Stack) -> None:
    for name, fault in REFUSED.items():
        stack.server.control.fault(method="GET", **fault, times=None)
        with stack.provider(stack.environ, {"openai-admin:maxWaitSeconds": "1"}) as host:
            failures = stack.attempt(read, host)
        stack.server.control.clear_faults()
        for member in stack.members:
            with stack.subtests.test(f"{member.name} meets {name}"):
                if (member.name, name) == ("WebhookEndpoint", "401"):
                    assert member.name not in failures, "its key was revoked: the next update has another one"
                    assert "was not read, because OpenAI refuses the API key in the state" in host.warnings
                    continue
                assert member.name in failures, "it was taken for gone"
                assert "Traceback" not in failures[member.name].message
                assert not failures[member.name].id
    stack.run(read)


def test_a_404_of_another_address_is_an_error(stack: Stack) -> None:
    _were_created_long_ago(stack)
    for name, (fault, message) in ELSEWHERE.items():
        environ = dict(stack.environ)
        if fault is None:
            environ["OPENAI_BASE_URL"] = stack.server.base_url.replace("/v1", "/v2")
        else:
            stack.server.control.fault(**fault, times=None)
        with stack.provider(environ, {"openai-admin:maxWaitSeconds": "2"}) as host:
            for verb in (read, delete):
                failures = stack.attempt(verb, host)
                for member in stack.members:
                    with stack.subtests.test(f"{verb.__name__} {member.name} meets {name}"):
                        assert member.name in failures, "it was taken for gone"
                        assert message in failures[member.name].message
        stack.server.control.clear_faults()


@pytest.mark.parametrize("is_refused", [False, True], ids=["not found", "refused"])
def test_another_organizations_project_is_not_gone(stack: Stack, is_refused: bool) -> None:
    _were_created_long_ago(stack)
    stack.server.control.reset()
    for method in ("POST", "DELETE") if is_refused else ():
        stack.server.control.fault(kind="status", status=403, method=method, times=None)
    with stack.provider(stack.environ) as host:
        for verb in (read, delete):
            failures = stack.attempt(verb, host)
            for member in stack.members:
                with stack.subtests.test(f"{verb.__name__} {member.name}"):
                    if (member.name, verb) == ("WebhookEndpoint", read):
                        assert "was not read, because OpenAI refuses the API key in the state" in host.warnings
                        continue
                    assert member.name in failures, "it was taken for gone"
                    assert "another organization" in failures[member.name].message
                    way_out = f"`pulumi state delete '{stack.provider.urn_of(member.scenario.resource)}'`"
                    assert verb is read or way_out in failures[member.name].message


def _were_created_long_ago(stack: Stack) -> None:
    for member in stack.members:
        member.state = aged(member.state)
        if "anchor" in member.state["__managed"]:
            (project, *_) = member.scenario.seed["projects"]  # a reset emulator has the others
            member.state["__managed"]["anchor"] = project["id"]


# Organizations that have objects of the same ids


@pytest.fixture
def ours(provider: type[DynamicProcess], tmp_path: Path, subtests: pytest.Subtests) -> Iterator[Stack]:
    """A resource of each kind whose objects are in no project, and that other organizations may have, too.

    Other organizations do not have the key of a project: the tests above have what is read with one.
    """
    with EmulatorServer(state=tmp_path / "ours.db") as server:
        stack = Stack(server, provider, environ_of(server), subtests)
        stack.members = [
            member
            for member in stack.members
            if not member.scenario.has_project
            and member.scenario.resource.__name__ != "Project"
            and not member.scenario.resource.handler.traits.project_key
        ]
        stack.create()
        yield stack


@pytest.fixture
def other(ours: Stack, tmp_path: Path) -> Iterator[EmulatorServer]:
    """Another organization: it has each object of the first one with the same id, and other projects."""
    ours.server.stop()
    with (
        closing(sqlite3.connect(tmp_path / "ours.db")) as first,
        closing(sqlite3.connect(tmp_path / "theirs.db")) as theirs,
    ):
        first.backup(theirs)
        with theirs:
            theirs.execute(RENAMED)
            theirs.execute(CONTENT)
    with EmulatorServer(state=tmp_path / "theirs.db", admin_key=OTHER_KEY) as server:
        yield server


def test_another_organizations_objects_are_neither_read_nor_changed(ours: Stack, other: EmulatorServer) -> None:
    before = other.control.state()
    other.control.clear_requests()

    def update(host: DynamicProcess, member: Member) -> None:
        (program, *_) = [*member.scenario.programs, member.scenario.inputs]
        host.update(member.scenario.resource, member.id, member.state, program)

    anchors = {member.state["__managed"]["anchor"] for member in ours.members}
    for step in (read, update, delete):
        with ours.provider(environ_of(other), IMPATIENT) as host:
            failures = ours.attempt(step, host)
        for member in ours.members:
            with ours.subtests.test(f"{step.__name__} {member.name}"):
                told = f"another organization: it does not show project {member.state['__managed']['anchor']}"
                assert told in failures[member.name].message
    asked = {entry["path"] for entry in other.control.requests()}
    assert asked == {f"/organization/projects/{anchor}" for anchor in anchors}
    assert other.control.state() == before
