"""Previews that ask OpenAI (`previewReads`), of every resource and with both providers, from the data of the lives."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.host.dynamic_host import DynamicHost
from tests.host.lives import LIVES
from tests.host.native_process import NativeProcess

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.scripted_life import Life

Host = type[DynamicHost] | type[NativeProcess]
ASKING = {"openai-admin:previewReads": "true"}
EVERY = pytest.mark.parametrize("life", LIVES, ids=[life.resource.__name__ for life in LIVES])


@pytest.fixture(params=[DynamicHost, NativeProcess], ids=["dynamic", "native"])
def provider(request: pytest.FixtureRequest) -> Host:
    kind: Host = request.param
    return kind


def sent(emulator: EmulatorServer) -> Counter[str]:
    """The requests, by method and path."""
    return Counter(f"{one['method']} {one['path']}" for one in emulator.control.requests())


def post(emulator: EmulatorServer, path: str, body: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {emulator.admin_key}"}
    requests.post(emulator.base_url + path, json=body, headers=headers, timeout=10).raise_for_status()


@EVERY
def test_a_preview_asks_for_each_kind_and_changes_nothing(
    life: Life, provider: Host, emulator: EmulatorServer, environ: dict[str, str]
) -> None:
    if life.seed:
        emulator.control.seed(life.seed)
    before = emulator.control.live()
    emulator.control.clear_requests()
    with provider(environ, ASKING) as host:
        host.preview_create(life.resource, life.inputs)
        assert {one.partition(" ")[0] for one in sent(emulator)} == {"GET"}
        assert emulator.control.live() == before
    assert not host.stderr
    with provider(environ) as host:
        inputs, _ = host.check(life.resource, life.inputs)
        id_, state = host.create(life.resource, inputs)
    if life.drift is None:
        return
    post(emulator, life.path.format(id=id_.rpartition("/")[2]), life.drift.body)
    emulator.control.clear_requests()
    with provider(environ, ASKING) as host:
        for step in life.steps:
            host.preview_update(life.resource, id_, state, step.inputs)
        assert {one.partition(" ")[0] for one in sent(emulator)} <= {"GET"}
        if any(life.drift.property in step.inputs for step in life.steps):
            is_member = isinstance(life.drift.shows, list) and life.path.endswith(("users", "roles"))
            assert ("at OpenAI now: " in host.notes) if is_member else ("was changed outside Pulumi: " in host.warnings)
    assert not host.stderr
