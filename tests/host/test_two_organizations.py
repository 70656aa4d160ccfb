"""With another organization's key nothing is read or written, even if it finds the object: two emulators, two keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests.host.lives import LIVES
from tests.host.provider_process import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.host.native_process import Host
    from tests.host.scripted_life import Life

OUTSIDE = [life for life in LIVES if not life.has_project and life.resource.__name__ != "Project"]
"""The kinds whose objects are in no project. Each has an object of the same id or address in the other organization, if
the test can choose the id."""
SETTINGS = [life for life in OUTSIDE if life.is_one_of_a_kind]
OTHER_KEY = "sk-admin-otherorganization0123456789"
IMPATIENT = {"openai-admin:maxWaitSeconds": "2"}


def ids(life: Life) -> str:
    return life.resource.__name__


@pytest.fixture(scope="module")
def other() -> Iterator[EmulatorServer]:
    """Another organization, with projects and a key of its own."""
    seed = {"projects": [{"id": "proj_other", "name": "Other"}, {"id": "proj_demo", "name": "Demo"}]}
    server = EmulatorServer(admin_key=OTHER_KEY, seed=seed).start()
    yield server
    server.stop()


def created(life: Life, server: EmulatorServer, provider: Host) -> tuple[str, dict[str, Any]]:
    """Id and state of an object of an organization."""
    server.control.reset()
    server.control.seed(life.seed)
    with provider({"OPENAI_ADMIN_KEY": server.admin_key, "OPENAI_BASE_URL": server.base_url}) as host:
        return host.create(life.resource, life.inputs)


@pytest.mark.parametrize("life", OUTSIDE, ids=ids)
def test_another_organizations_object_is_neither_read_nor_changed(
    life: Life, emulator: EmulatorServer, other: EmulatorServer, provider: Host
) -> None:
    created(life, other, provider)
    id_, state = created(life, emulator, provider)
    anchor, before = state["__managed"]["anchor"], other.control.state()
    other.control.clear_requests()
    with provider({"OPENAI_ADMIN_KEY": OTHER_KEY, "OPENAI_BASE_URL": other.base_url}, IMPATIENT) as host:
        step = life.steps[0].inputs if life.steps else life.inputs
        for verb in (
            lambda: host.read(life.resource, id_, state),
            lambda: host.update(life.resource, id_, state, step),
            lambda: host.delete(life.resource, id_, state),
        ):
            with pytest.raises(Failure, match=f"another organization: it does not show project {anchor}"):
                verb()
    assert {one["path"] for one in other.control.requests()} == {f"/organization/projects/{anchor}"}
    assert other.control.state() == before


def shown(server: EmulatorServer, path: str) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {server.admin_key}"}
    reply = requests.get(server.base_url + path, headers=headers, timeout=10)
    return reply.status_code, None if reply.status_code == 404 else reply.json()


@pytest.mark.parametrize("life", SETTINGS, ids=ids)
def test_with_its_own_key_it_is_restored_as_it_was(
    life: Life, emulator: EmulatorServer, environ: dict[str, str], provider: Host
) -> None:
    known = created(life, emulator, provider)
    emulator.control.clear_requests()
    with provider(environ) as host:
        host.delete(life.resource, *known)
    assert len([one for one in emulator.control.requests() if one["method"] != "GET"]) == 1
    emulator_now = shown(emulator, life.path)
    emulator.control.reset()
    assert emulator_now == shown(emulator, life.path)
