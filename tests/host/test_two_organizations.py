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

SETTINGS = [life for life in LIVES if life.is_one_of_a_kind]
Known = tuple[str, dict[str, Any]]
OTHER_KEY = "sk-admin-otherorganization0123456789"
IMPATIENT = {"openai-admin:maxWaitSeconds": "2"}


@pytest.fixture(scope="module")
def other() -> Iterator[EmulatorServer]:
    """Another organization, with projects and a key of its own."""
    seed = {"projects": [{"id": "proj_other", "name": "Other"}]}
    server = EmulatorServer(admin_key=OTHER_KEY, seed=seed).start()
    yield server
    server.stop()


@pytest.fixture
def known(emulator: EmulatorServer, environ: dict[str, str], provider: Host) -> dict[str, Known]:
    """Id and state of each setting of the first organization."""
    assert emulator
    with provider(environ) as host:
        return {life.resource.__name__: host.create(life.resource, life.inputs) for life in SETTINGS}


def shown(server: EmulatorServer, path: str) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {server.admin_key}"}
    reply = requests.get(server.base_url + path, headers=headers, timeout=10)
    return reply.status_code, None if reply.status_code == 404 else reply.json()


@pytest.mark.parametrize("is_set", [False, True], ids=["as at first", "set as ours"])
def test_another_organizations_setting_is_left(
    other: EmulatorServer, provider: Host, known: dict[str, Known], is_set: bool, subtests: pytest.Subtests
) -> None:
    there = {"OPENAI_ADMIN_KEY": OTHER_KEY, "OPENAI_BASE_URL": other.base_url}
    other.control.reset()
    if is_set:
        with provider(there) as host:
            for life in SETTINGS:
                host.create(life.resource, life.inputs)
    before = {life.path: shown(other, life.path) for life in SETTINGS}
    other.control.clear_requests()
    with provider(there, IMPATIENT) as host:
        for life in SETTINGS:
            id_, state = known[life.resource.__name__]
            told = re.escape(f"The key does not show project {state['__managed']['anchor']} either")
            with subtests.test(f"read {life.resource.__name__}"), pytest.raises(Failure, match=told):
                host.read(life.resource, id_, state)
            with subtests.test(f"update {life.resource.__name__}"), pytest.raises(Failure, match=told):
                host.update(life.resource, id_, state, life.steps[0].inputs)
            with subtests.test(f"delete {life.resource.__name__}"), pytest.raises(Failure, match=told):
                host.delete(life.resource, id_, state)
    assert [one["method"] for one in other.control.requests() if one["method"] != "GET"] == []
    assert {life.path: shown(other, life.path) for life in SETTINGS} == before


def test_with_its_own_key_it_is_restored_as_it_was(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host, known: dict[str, Known]
) -> None:
    with provider(environ) as host:
        for life in SETTINGS:
            emulator.control.clear_requests()
            host.delete(life.resource, *known[life.resource.__name__])
            assert len([one for one in emulator.control.requests() if one["method"] != "GET"]) == 1, life.resource
    emulator_now = {life.path: shown(emulator, life.path) for life in SETTINGS}
    emulator.control.reset()
    assert emulator_now == {life.path: shown(emulator, life.path) for life in SETTINGS}
