"""Every resource lives the one scripted life in a real host process, against the emulator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import requests

import pulumi_openai_admin
from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.fields import FieldRole
from tests.host.dynamic_host import UNKNOWN, DynamicHost
from tests.host.lives import LIVES
from tests.host.provider_process import Failure
from tests.host.scripted_life import aged
from tests.host.stack import AT_A_TIME, Stack
from tests.warm.server import COVERAGE

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host, NativeProcess
    from tests.host.scripted_life import Life, Step
    from tests.host.stack import Member

WORDS = {part for kind in KINDS for operation in kind.operations() for part in operation.path.split("/")}
"""The parts of OpenAI's paths that are no ids."""


@pytest.fixture(autouse=True)
def _unmeasured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Coverage is measured in whole lives only: a process that is measured imports all again, and is slow."""
    if request.function is not test_life:
        monkeypatch.delenv(COVERAGE, raising=False)


@pytest.fixture
def stack(provider: Host, emulator: EmulatorServer, environ: dict[str, str], subtests: pytest.Subtests) -> Stack:
    return Stack(emulator, provider, environ, subtests)


def test_no_resource_is_left_out() -> None:
    public = {getattr(pulumi_openai_admin, name) for name in pulumi_openai_admin.__all__}
    resources = {one for one in public if isinstance(one, type) and issubclass(one, AdminResource)}
    assert resources == {one.resource for one in LIVES}


def test_without_a_key_check_refuses_what_is_wrong_and_a_preview_copes_with_unknowns(
    provider: Host, subtests: pytest.Subtests
) -> None:
    with provider({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}) as host:
        for life in LIVES:
            with subtests.test(f"check {life.resource.__name__}"):
                _check_refuses_what_is_wrong_and_names_it(host, life)
            with subtests.test(f"preview {life.resource.__name__}"):
                _preview_copes_with_unknowns(host, life)
    assert "Traceback" not in host.stderr


def _check_refuses_what_is_wrong_and_names_it(host: DynamicHost | NativeProcess, life: Life) -> None:
    assert life.bad
    for reason, change in life.bad.items():
        inputs = {name: value for name, value in {**life.inputs, **change}.items() if value is not None}
        _, failures = host.check(life.resource, inputs)
        expected = host.spelled(life.resource, reason)
        assert any(expected in failure for failure in failures), (expected, failures)


def _preview_copes_with_unknowns(host: DynamicHost | NativeProcess, life: Life) -> None:
    inputs, failures = host.check(life.resource, dict.fromkeys(life.inputs, UNKNOWN))
    assert not failures
    assert inputs == dict.fromkeys(life.inputs, UNKNOWN)
    state = {**life.outputs, "__managed": {"inputs": sorted(life.inputs)}}
    news = {**life.inputs, life.replaces: UNKNOWN}
    changes, replaces = host.diff(life.resource, life.missing or "organization", state, news)
    assert (changes, replaces) == (None, [life.replaces] if life.replaced_by else [])


def test_life(stack: Stack) -> None:
    """Each of the engine's operations is a process, as each is of which a stack has many resources."""
    emulator = stack.server

    def create(host: DynamicHost | NativeProcess, one: Member) -> None:
        resource = one.life.resource
        one.inputs, failures = host.check(resource, one.life.inputs)
        assert not failures
        one.id, one.state = host.create(resource, one.inputs)
        _assert_has(one.state, one.life.outputs)
        assert {field.stored for field in resource.declaration.fields.values()} | {"__managed"} == set(one.state), (
            "an absent output is unknown"
        )
        for output in resource.declaration.with_role(FieldRole.OUTPUT):
            assert not output.shown_once or one.life.is_live_secret(emulator, one.state[output.name])
        _assert_settled(host, one, one.inputs)

    stack.run(create)
    drifting = {member.name: member.life.drift for member in stack.members if member.life.drift}
    for member in stack.members:
        if member.name in drifting and member.name not in stack.failed:
            post(emulator, member.life.path.format(id=member.id.rpartition("/")[2]), drifting[member.name].body)

    def drift_is_put_right(host: DynamicHost | NativeProcess, one: Member) -> None:
        resource, drift = one.life.resource, drifting[one.name]
        _, drifted, live = host.read(resource, one.id, one.state)
        assert live == {**one.life.inputs, drift.property: drift.shows}, "drift shows by name, alone"
        inputs, _ = host.check(resource, one.life.inputs, olds=live)
        assert host.diff(resource, one.id, drifted, inputs) == (None, [])
        one.state = host.update(resource, one.id, drifted, inputs)
        _assert_has(one.state, one.life.outputs)
        _assert_settled(host, one, inputs)

    stack.run(drift_is_put_right, [member for member in stack.members if member.name in drifting])
    for place in range(max(len(member.life.steps) for member in stack.members)):

        def update(host: DynamicHost | NativeProcess, one: Member, place: int = place) -> None:
            _update(host, one, one.life.steps[place], emulator)

        host = stack.run(update, [member for member in stack.members if place < len(member.life.steps)])
        assert not host.stderr

    def delete(host: DynamicHost | NativeProcess, one: Member) -> None:
        life, before = one.life, len(host.engine.warnings)
        if life.replaced_by is not None:
            assert host.diff(life.resource, one.id, one.state, life.replaced_by) == (None, [life.replaces])
        host.delete(life.resource, one.id, one.state)
        state = aged(one.state)
        host.delete(life.resource, one.id, state)  # done is done; of a young one that would not be sure
        found = host.read(life.resource, one.id, state)[0]
        assert found == ("" if life.is_gone_after_delete else one.id)
        told = "".join(message for _, message in host.engine.warnings[before:])
        archived = "is archived, not deleted: OpenAI deletes no project. That can't be undone."
        assert told.rpartition(") ")[2] == (archived if life.archives_itself else "")

    assert not stack.run(delete).stderr


def _assert_has(state: dict[str, Any], outputs: dict[str, Any]) -> None:
    assert {name: state[name] for name in outputs} == outputs


def _assert_settled(host: DynamicHost | NativeProcess, one: Member, inputs: dict[str, Any]) -> None:
    assert host.diff(one.life.resource, one.id, one.state, inputs) == (False, [])
    assert host.read(one.life.resource, one.id, one.state) == (one.id, one.state, inputs)


def _update(host: DynamicHost | NativeProcess, one: Member, step: Step, emulator: EmulatorServer) -> None:
    resource, before, warnings = one.life.resource, one.state, len(host.engine.warnings)
    emulator.control.clear_requests()
    inputs, failures = host.check(resource, step.inputs, olds=before)
    assert not failures
    assert host.diff(resource, one.id, before, inputs) == (None, [])
    one.state = host.update(resource, one.id, before, inputs)
    assert _writes(emulator) == step.writes
    _assert_has(one.state, step.outputs)
    for name in step.keeps:
        assert one.state[name] == before[name]
    _assert_settled(host, one, inputs)
    assert host.engine.warnings[warnings:] == []


def test_an_archived_project_is_gone_and_destroys_cleanly(stack: Stack) -> None:
    stack.create()
    archived = {one.name: one.state.get("project_id", one.id) for one in stack.members if one.life.ends_with_project}
    others = {project["id"] for one in stack.members for project in one.life.seed["projects"]}
    for project in {*archived.values(), *others}:
        post(stack.server, f"/organization/projects/{project}/archive", {})

    def destroy(host: DynamicHost | NativeProcess, one: Member) -> None:
        life = one.life
        assert host.read(life.resource, one.id, one.state)[0] == ("" if life.ends_with_project else one.id)
        host.delete(life.resource, one.id, one.state)
        if life.is_in_project and not life.archives_itself:
            with pytest.raises(Failure, match=f"Project {archived[one.name]} is archived"):
                host.create(life.resource, life.inputs)

    stack.run(destroy, at_a_time=AT_A_TIME)


def test_look_up_reads_and_gone_is_an_error(
    emulator: EmulatorServer, environ: dict[str, str], subtests: pytest.Subtests
) -> None:
    stack = Stack(emulator, DynamicHost, environ, subtests)
    stack.create()
    emulator.control.clear_requests()

    def look_up(host: DynamicHost | NativeProcess, one: Member) -> None:
        life = one.life
        changed = life.drift.property if life.drift else next(iter(life.inputs))
        found, outputs, _ = host.read(life.resource, one.id, {**life.inputs, changed: 1})
        assert found == one.id
        assert "__managed" not in outputs
        assert outputs[changed] != 1, "what the program says is not what is there"
        if life.missing:
            with pytest.raises(Failure, match=r"There is no|was not found|does not exist"):
                host.read(life.resource, life.missing, life.inputs)
        if life.malformed:
            with pytest.raises(
                Failure, match=f"Its id (is|has the form) '?{host.spelled(life.resource, _id_of(life.resource))}"
            ):
                host.read(life.resource, life.malformed, life.inputs)

    stack.run(look_up, at_a_time=AT_A_TIME)
    assert not _writes(emulator)


def _id_of(resource: type[AdminResource]) -> str:
    """The form of a resource's id, as its documentation has it."""
    return re.findall(r"^ *Its id is `([^`]+)`", resource.__doc__ or "", re.MULTILINE)[0]


def _writes(emulator: EmulatorServer) -> list[str]:
    paths = [(one["method"], one["path"].split("/")) for one in emulator.control.requests() if one["method"] != "GET"]
    return [f"{method} {[part for part in path if part in WORDS][-1]}" for method, path in paths]


def post(emulator: EmulatorServer, path: str, body: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {emulator.admin_key}"}
    requests.post(emulator.base_url + path, json=body, headers=headers, timeout=10).raise_for_status()
