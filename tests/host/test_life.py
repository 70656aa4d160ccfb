"""Every resource lives the one scripted life in a real host process, against the emulator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import requests

import pulumi_openai_admin
from pulumi_openai_admin.dynamic.resource import AdminResource
from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.schema.fields import Role
from tests.host.dynamic_host import UNKNOWN, DynamicHost
from tests.host.lives import LIVES
from tests.host.provider_process import Failure
from tests.host.scripted_life import aged
from tests.warm.server import COVERAGE

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host
    from tests.host.scripted_life import Drift, Life, Step

WORDS = {part for kind in KINDS for operation in kind.operations() for part in operation.path.split("/")}
"""The parts of OpenAI's paths that are no ids."""
pytestmark = pytest.mark.parametrize("life", LIVES, ids=[life.resource.__name__ for life in LIVES])


@pytest.fixture(autouse=True)
def _unmeasured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Coverage is measured in some whole lives only: a process that is measured imports all again, and is slow."""
    if request.function is not test_life or request.getfixturevalue("life") not in LIVES[::7]:
        monkeypatch.delenv(COVERAGE, raising=False)


@pytest.fixture(autouse=True)
def _seed(life: Life, request: pytest.FixtureRequest) -> None:
    if life.seed and "emulator" in request.fixturenames:
        request.getfixturevalue("emulator").control.seed(life.seed)


def test_no_resource_is_left_out(life: Life) -> None:
    public = {getattr(pulumi_openai_admin, name) for name in pulumi_openai_admin.__all__}
    resources = {one for one in public if isinstance(one, type) and issubclass(one, AdminResource)}
    assert resources == {one.resource for one in LIVES}
    assert life.resource in resources


def test_check_refuses_what_is_wrong_and_names_it(life: Life, provider: Host) -> None:
    assert life.bad
    with provider({}) as host:
        for reason, change in life.bad.items():
            inputs = {name: value for name, value in {**life.inputs, **change}.items() if value is not None}
            _, failures = host.check(life.resource, inputs)
            expected = host.spelled(life.resource, reason)
            assert any(expected in failure for failure in failures), (expected, failures)


def test_preview_needs_neither_key_nor_network_and_copes_with_unknowns(life: Life, provider: Host) -> None:
    with provider({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}) as host:
        inputs, failures = host.check(life.resource, dict.fromkeys(life.inputs, UNKNOWN))
        assert not failures
        assert inputs == dict.fromkeys(life.inputs, UNKNOWN)
        state = {**life.outputs, "__managed": {"inputs": sorted(life.inputs)}}
        changes, replaces = host.diff(
            life.resource, life.missing or "organization", state, {**life.inputs, life.replaces: UNKNOWN}
        )
        assert (changes, replaces) == (None, [life.replaces] if life.replaced_by else [])
    assert "Traceback" not in host.stderr


def test_life(life: Life, provider: Host, emulator: EmulatorServer, environ: dict[str, str]) -> None:
    with provider(environ) as host:
        inputs, failures = host.check(life.resource, life.inputs)
        assert not failures
        id_, state = host.create(life.resource, inputs)
        _assert_has(state, life.outputs)
        assert {field.stored for field in life.resource.declaration.fields.values()} | {"__managed"} == set(state), (
            "an absent output is unknown"
        )
        for field in life.resource.declaration.with_role(Role.OUTPUT):
            assert not field.once or life.is_live_secret(emulator, state[field.name])
        _assert_settled(host, life, id_, state, inputs)
    if life.drift:
        state = _drifts_and_is_put_right(life, provider, life.drift, emulator, environ, id_, state)
    for step in life.steps:
        state = _update(life, provider, step, emulator, environ, id_, state)
    with provider(environ) as host:
        if life.replaced_by is not None:
            assert host.diff(life.resource, id_, state, life.replaced_by) == (None, [life.replaces])
        host.delete(life.resource, id_, state)
        state = aged(state)
        host.delete(life.resource, id_, state)  # done is done; of a young one that would not be sure
        found = host.read(life.resource, id_, state)[0]
        assert found == ("" if life.is_gone_after_delete else id_)
    assert not host.stderr
    expected = "is archived, not deleted: OpenAI deletes no project." if life.archives_itself else ""
    assert host.warnings.rpartition(") ")[2] == expected


def _assert_has(state: dict[str, Any], outputs: dict[str, Any]) -> None:
    assert {name: state[name] for name in outputs} == outputs


def _assert_settled(host: DynamicHost, life: Life, id_: str, state: dict[str, Any], inputs: dict[str, Any]) -> None:
    assert host.diff(life.resource, id_, state, inputs) == (False, [])
    assert host.read(life.resource, id_, state) == (id_, state, inputs)


def _drifts_and_is_put_right(
    life: Life,
    provider: Host,
    drift: Drift,
    emulator: EmulatorServer,
    environ: dict[str, str],
    id_: str,
    state: dict[str, Any],
) -> dict[str, Any]:
    _post(emulator, life.path.format(id=id_.rpartition("/")[2]), drift.body)
    with provider(environ) as host:
        _, drifted, live = host.read(life.resource, id_, state)
        assert live == {**life.inputs, drift.property: drift.shows}, "drift shows by name, alone"
        inputs, _ = host.check(life.resource, life.inputs, olds=live)
        assert host.diff(life.resource, id_, drifted, inputs) == (None, [])
        righted = host.update(life.resource, id_, drifted, inputs)
        _assert_has(righted, life.outputs)
        _assert_settled(host, life, id_, righted, inputs)
    return righted


def _update(
    life: Life,
    provider: Host,
    step: Step,
    emulator: EmulatorServer,
    environ: dict[str, str],
    id_: str,
    state: dict[str, Any],
) -> dict[str, Any]:
    emulator.control.clear_requests()
    with provider(environ) as host:
        inputs, failures = host.check(life.resource, step.inputs, olds=state)
        assert not failures
        assert host.diff(life.resource, id_, state, inputs) == (None, [])
        after = host.update(life.resource, id_, state, inputs)
        assert _writes(emulator) == step.writes
        _assert_has(after, step.outputs)
        for name in step.keeps:
            assert after[name] == state[name]
        _assert_settled(host, life, id_, after, inputs)
    assert not host.stderr + host.warnings
    return after


def test_only_not_found_means_gone(
    life: Life, provider: Host, emulator: EmulatorServer, environ: dict[str, str]
) -> None:
    with provider(environ) as host:
        id_, state = host.create(life.resource, life.inputs)
    for fault in (
        {"kind": "status", "status": 401, "times": None},
        {"kind": "status", "status": 403, "times": None},
        {"kind": "status", "status": 500, "times": None},
        {"kind": "not_json", "times": None},
        {"kind": "reset", "times": None},
    ):
        emulator.control.clear_faults()
        emulator.control.fault(method="GET", **fault)
        with provider(environ, {"openai-admin:maxWaitSeconds": "1"}) as host, pytest.raises(Failure) as failure:
            host.read(life.resource, id_, state)
        assert "Traceback" not in failure.value.message, fault
        assert not failure.value.id
    emulator.control.clear_faults()
    with provider(environ) as host:
        assert host.read(life.resource, id_, state)[0] == id_


def test_an_archived_project_is_gone_and_destroys_cleanly(
    life: Life, provider: Host, emulator: EmulatorServer, environ: dict[str, str]
) -> None:
    with provider(environ) as host:
        id_, state = host.create(life.resource, life.inputs)
    archived = id_.partition("/")[0] if life.is_in_project else "proj_demo"
    _post(emulator, f"/organization/projects/{archived}/archive", {})
    with provider(environ) as host:
        assert host.read(life.resource, id_, state)[0] == ("" if life.is_in_project else id_)
        host.delete(life.resource, id_, state)
        if life.is_in_project and not life.archives_itself:
            with pytest.raises(Failure, match=f"Project {archived} is archived"):
                host.create(life.resource, life.inputs)


def test_look_up_reads_and_gone_is_an_error(life: Life, emulator: EmulatorServer, environ: dict[str, str]) -> None:
    with DynamicHost(environ) as host:
        id_, _ = host.create(life.resource, life.inputs)
        emulator.control.clear_requests()
        changed = life.drift.property if life.drift else next(iter(life.inputs))
        found, outputs, _ = host.read(life.resource, id_, {**life.inputs, changed: 1})
        assert found == id_
        assert "__managed" not in outputs
        assert outputs[changed] != 1, "what the program says is not what is there"
        assert not _writes(emulator)
        if life.missing:
            with pytest.raises(Failure, match=r"not at OpenAI any more|does not exist"):
                host.read(life.resource, life.missing, life.inputs)
        if life.malformed:
            with pytest.raises(Failure, match=f"Use {_id_of(life.resource)}"):
                host.read(life.resource, life.malformed, life.inputs)


def _id_of(resource: type[AdminResource]) -> str:
    """The form of a resource's id, as its documentation has it."""
    return re.findall(r"^ *Its id is `([^`]+)`", resource.__doc__ or "", re.MULTILINE)[0]


def _writes(emulator: EmulatorServer) -> list[str]:
    paths = [(one["method"], one["path"].split("/")) for one in emulator.control.requests() if one["method"] != "GET"]
    return [f"{method} {[part for part in path if part in WORDS][-1]}" for method, path in paths]


def _post(emulator: EmulatorServer, path: str, body: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {emulator.admin_key}"}
    requests.post(emulator.base_url + path, json=body, headers=headers, timeout=10).raise_for_status()
