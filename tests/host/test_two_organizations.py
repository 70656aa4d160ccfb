"""A setting that every organization has is never written with another organization's key: two emulators, two keys."""

from __future__ import annotations

import re
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

SETTINGS = [life for life in LIVES if life.is_one_of_a_kind]
OTHER_KEY = "sk-admin-otherorganization0123456789"
IMPATIENT = {"openai-admin:maxWaitSeconds": "2"}


@pytest.fixture(scope="module")
def other() -> Iterator[EmulatorServer]:
    """Another organization, with projects and a key of its own."""
    seed = {"projects": [{"id": "proj_other", "name": "Other"}]}
    server = EmulatorServer(admin_key=OTHER_KEY, seed=seed).start()
    yield server
    server.stop()


@pytest.fixture(params=SETTINGS, ids=lambda life: life.resource.__name__)
def life(request: pytest.FixtureRequest, other: EmulatorServer) -> Life:
    other.control.reset()
    return request.param


@pytest.fixture
def known(life: Life, environ: dict[str, str], provider: Host) -> tuple[str, dict[str, Any]]:
    """Id and state of the setting of the first organization."""
    with provider(environ) as host:
        return host.create(life.resource, life.inputs)


def shown(server: EmulatorServer, path: str) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {server.admin_key}"}
    reply = requests.get(server.base_url + path, headers=headers, timeout=10)
    return reply.status_code, None if reply.status_code == 404 else reply.json()


@pytest.mark.parametrize("is_set", [False, True], ids=["as at first", "set as ours"])
@pytest.mark.parametrize("verb", ["read", "update", "delete"])
def test_another_organizations_setting_is_left(
    life: Life, other: EmulatorServer, provider: Host, known: tuple[str, dict[str, Any]], verb: str, is_set: bool
) -> None:
    there = {"OPENAI_ADMIN_KEY": OTHER_KEY, "OPENAI_BASE_URL": other.base_url}
    if is_set:
        with provider(there) as host:
            host.create(life.resource, life.inputs)
    before = shown(other, life.path)
    other.control.clear_requests()
    id_, state = known
    step = life.steps[0].inputs
    with provider(there, IMPATIENT) as host:
        calls = {
            "read": lambda: host.read(life.resource, id_, state),
            "update": lambda: host.update(life.resource, id_, state, step),
            "delete": lambda: host.delete(life.resource, id_, state),
        }
        told = f"The key does not show project {state['__managed']['anchor']} either"
        with pytest.raises(Failure, match=re.escape(told)):
            calls[verb]()
    assert [one["method"] for one in other.control.requests() if one["method"] != "GET"] == []
    assert shown(other, life.path) == before


def test_with_its_own_key_it_is_restored_as_it_was(
    life: Life, emulator: EmulatorServer, environ: dict[str, str], provider: Host, known: tuple[str, dict[str, Any]]
) -> None:
    emulator.control.clear_requests()
    with provider(environ) as host:
        host.delete(life.resource, *known)
    assert len([one for one in emulator.control.requests() if one["method"] != "GET"]) == 1
    emulator_now = shown(emulator, life.path)
    emulator.control.reset()
    assert emulator_now == shown(emulator, life.path)
