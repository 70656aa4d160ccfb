"""With another organization's key nothing is read or written, even if it finds the object: two emulators, two keys."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests.host.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.host.native_process import Host
    from tests.host.stack import AnyHost, Member

OTHER_KEY = "sk-admin-otherorganization0123456789"
IMPATIENT = {"openai-admin:maxWaitSeconds": "2"}
RENAMED = "UPDATE records SET id = replace(id, 'proj_', 'proj_b_'), parent = replace(parent, 'proj_', 'proj_b_')"
CONTENT = "UPDATE records SET content = replace(content, 'proj_', 'proj_b_')"


@pytest.fixture
def stack(provider: Host, tmp_path: Path, subtests: pytest.Subtests) -> Iterator[Stack]:
    """A resource of each kind whose objects are in no project, and that other organizations may have, too.

    Other organizations do not have the key of a project: `test_not_gone.py` has what is read with one.
    """
    with EmulatorServer(state=tmp_path / "ours.db") as server:
        environ = {"OPENAI_ADMIN_KEY": server.admin_key, "OPENAI_BASE_URL": server.base_url}
        stack = Stack(server, provider, environ, subtests)
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
def other(stack: Stack, tmp_path: Path) -> Iterator[EmulatorServer]:
    """Another organization: it has each object of the first one with the same id, and other projects."""
    stack.server.stop()
    with (
        closing(sqlite3.connect(tmp_path / "ours.db")) as ours,
        closing(sqlite3.connect(tmp_path / "theirs.db")) as theirs,
    ):
        ours.backup(theirs)
        with theirs:
            theirs.execute(RENAMED)
            theirs.execute(CONTENT)
    with EmulatorServer(state=tmp_path / "theirs.db", admin_key=OTHER_KEY) as server:
        yield server


def test_another_organizations_objects_are_neither_read_nor_changed(stack: Stack, other: EmulatorServer) -> None:
    environ = {"OPENAI_ADMIN_KEY": OTHER_KEY, "OPENAI_BASE_URL": other.base_url}
    before = other.control.state()
    other.control.clear_requests()

    def read(host: AnyHost, member: Member) -> None:
        host.read(member.scenario.resource, member.id, member.state)

    def update(host: AnyHost, member: Member) -> None:
        step = member.scenario.steps[0].inputs if member.scenario.steps else member.scenario.inputs
        host.update(member.scenario.resource, member.id, member.state, step)

    def delete(host: AnyHost, member: Member) -> None:
        host.delete(member.scenario.resource, member.id, member.state)

    anchors = {member.state["__managed"]["anchor"] for member in stack.members}
    for step in (read, update, delete):
        with stack.provider(environ, IMPATIENT) as host:
            failures = stack.attempt(step, host)
        for member in stack.members:
            with stack.subtests.test(f"{step.__name__} {member.name}"):
                told = f"another organization: it does not show project {member.state['__managed']['anchor']}"
                assert told in failures[member.name].message
    asked = {entry["path"] for entry in other.control.requests()}
    assert asked == {f"/organization/projects/{anchor}" for anchor in anchors}
    assert other.control.state() == before


def test_with_its_own_key_a_setting_is_restored_as_it_was(stack: Stack) -> None:
    settings = [member for member in stack.members if member.scenario.is_one_of_a_kind]
    with EmulatorServer() as fresh:
        at_first = {setting.name: _shown(fresh, setting.scenario.path) for setting in settings}

    def delete(host: AnyHost, member: Member) -> None:
        stack.server.control.clear_requests()
        host.delete(member.scenario.resource, member.id, member.state)
        assert len([entry for entry in stack.server.control.requests() if entry["method"] != "GET"]) == 1
        assert _shown(stack.server, member.scenario.path) == at_first[member.name]

    stack.run(delete, settings)


def _shown(server: EmulatorServer, path: str) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {server.admin_key}"}
    reply = requests.get(server.base_url + path, headers=headers, timeout=10)
    return reply.status_code, None if reply.status_code == 404 else reply.json()
