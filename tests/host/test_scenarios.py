"""Every resource runs the one scripted scenario in a real host process, against the emulator."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime.rpc import UNKNOWN

from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.lifecycle.state import to_remote
from pulumi_openai_admin.schema.fields import FieldRole
from tests.by_hand import writes
from tests.every_resource import is_chosen
from tests.host.provider_process import DynamicProcess, Failure, NativeProcess
from tests.host.scenario import aged, changed, method_of_change
from tests.host.scenarios import SCENARIOS
from tests.host.stack import AT_A_TIME, Stack
from tests.warm.server import COVERAGE

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.scenario import Scenario
    from tests.host.stack import Member

WORDS = {part for kind in KINDS for operation in kind.operations() for part in operation.path.split("/")}
"""The parts of OpenAI's paths that are no ids."""


@pytest.fixture(autouse=True)
def _unmeasured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Coverage is measured in whole scenarios only: a process that is measured imports all again, and is slow."""
    if not request.node.name.startswith(test_scenario.__name__):
        monkeypatch.delenv(COVERAGE, raising=False)


@pytest.mark.every_resource
def test_without_a_key_check_refuses_what_is_wrong_and_accepts_unknowns(
    provider: type[DynamicProcess], subtests: pytest.Subtests
) -> None:
    with provider({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}) as host:
        for scenario in SCENARIOS:
            if not is_chosen(scenario.resource.__name__):
                continue
            with subtests.test(f"check {scenario.resource.__name__}"):
                for reason, change in scenario.refused.items():
                    _, failures = host.check(scenario.resource, changed(scenario.inputs, change))
                    expected = host.spelled(scenario.resource, reason)
                    assert any(expected in failure for failure in failures), (expected, failures)
            with subtests.test(f"preview {scenario.resource.__name__}"):
                _preview_copes_with_unknowns(host, scenario)
    assert "Traceback" not in host.stderr


def _preview_copes_with_unknowns(host: DynamicProcess, scenario: Scenario) -> None:
    inputs, failures = host.check(scenario.resource, dict.fromkeys(scenario.inputs, UNKNOWN))
    assert not failures
    assert inputs == dict.fromkeys(scenario.inputs, UNKNOWN)
    state = {**scenario.outputs, **scenario.inputs, "__managed": {"inputs": sorted(scenario.inputs)}}
    news = {**scenario.inputs, scenario.replaces: UNKNOWN}
    changes, replaces = host.diff(scenario.resource, scenario.missing or "organization", state, news)
    assert (changes, replaces) == (None, [scenario.replaces] if scenario.replaced_by else [])


@pytest.mark.every_resource
def test_scenario(stack: Stack) -> None:
    _run_scenarios(stack)


@pytest.mark.every_resource
def test_scenario_with_ids_in_a_form_that_nobody_has_seen(
    emulator: EmulatorServer, environ: dict[str, str], subtests: pytest.Subtests
) -> None:
    _run_scenarios(Stack(emulator, NativeProcess, environ, subtests, unseen_ids=True))


def _run_scenarios(stack: Stack) -> None:
    """Each of the engine's operations is a process, as each is of which a stack has many resources."""
    emulator = stack.server

    def create(host: DynamicProcess, member: Member) -> None:
        resource = member.scenario.resource
        member.inputs, failures = host.check(resource, member.scenario.inputs)
        assert not failures
        member.id, member.state = host.create(resource, member.inputs)
        _assert_has_outputs(member)
        assert {field.stored for field in resource.declaration.fields.values()} | {"__managed"} == set(member.state), (
            "an absent output is unknown"
        )
        for output in resource.declaration.with_role(FieldRole.OUTPUT):
            assert not output.shown_once or member.scenario.is_live_secret(emulator, member.state[output.name])
        _assert_settled(host, member, member.inputs)

    stack.run(create)
    drifted = stack.drift()

    def drift_is_put_right(host: DynamicProcess, member: Member) -> None:
        resource, drift = member.scenario.resource, member.scenario.drift
        assert drift
        _, drifted, live = host.read(resource, member.id, member.state)
        assert live == {**member.scenario.inputs, **drift.found}, "drift shows by name, alone"
        inputs, _ = host.check(resource, member.scenario.inputs, olds=live)
        assert host.diff(resource, member.id, drifted, inputs) == (None, [])
        member.state = host.update(resource, member.id, drifted, inputs)
        _assert_has_outputs(member)
        _assert_settled(host, member, inputs)

    stack.run(drift_is_put_right, drifted)
    for place in range(max(len(member.scenario.steps) for member in stack.members)):

        def update(host: DynamicProcess, member: Member, place: int = place) -> None:
            _update(host, member, place, emulator)

        host = stack.run(update, [member for member in stack.members if place < len(member.scenario.steps)])
        assert not host.stderr

    def delete(host: DynamicProcess, member: Member) -> None:
        scenario = member.scenario
        if scenario.replaced_by is not None:
            difference = host.diff(scenario.resource, member.id, member.state, scenario.replaced_by)
            assert difference == (None, [scenario.replaces])
        before, remote = len(host.engine.warnings), to_remote(scenario.resource.declaration, member.id, member.state)
        removal = scenario.resource.handler.removal(remote, time.time())  # what `plan` says of the deletion
        emulator.control.clear_requests()
        host.delete(scenario.resource, member.id, member.state)
        assert bool(_writes(emulator)) is removal.is_lost, (removal, _writes(emulator))
        state = aged(member.state)
        host.delete(scenario.resource, member.id, state)  # done is done; of a young one that would not be sure
        found = host.read(scenario.resource, member.id, state)[0]
        assert found == ("" if scenario.is_gone_after_delete else member.id)
        told = "".join(message for _, message in host.engine.warnings[before:])
        archived = "is archived, not deleted, because OpenAI does not delete projects. This cannot be undone."
        assert told.rpartition(") ")[2] == (archived if scenario.archives_itself else "")

    assert not stack.run(delete).stderr


def _assert_has_outputs(member: Member) -> None:
    outputs = {**member.scenario.inputs, **member.scenario.outputs}
    assert {name: member.state[name] for name in outputs} == outputs


def _assert_settled(host: DynamicProcess, member: Member, inputs: dict[str, Any]) -> None:
    assert host.diff(member.scenario.resource, member.id, member.state, inputs) == (False, [])
    assert host.read(member.scenario.resource, member.id, member.state) == (member.id, member.state, inputs)


def _update(host: DynamicProcess, member: Member, place: int, emulator: EmulatorServer) -> None:
    scenario, before, warnings = member.scenario, member.state, len(host.engine.warnings)
    resource, step = scenario.resource, scenario.steps[place]
    emulator.control.clear_requests()
    inputs, failures = host.check(resource, scenario.programs[place], olds=before)
    assert not failures
    assert host.diff(resource, member.id, before, inputs) == (None, [])
    member.state = host.update(resource, member.id, before, inputs)
    last_word = [part for part in scenario.collection.split("/") if part in WORDS][-1]
    one_change = f"{method_of_change(scenario.path)} {last_word}"
    assert _writes(emulator) == ([one_change] if step.writes is None else [*step.writes])
    expected = {**before, **changed(step.change, {}), **step.outputs, "__managed": member.state["__managed"]}
    assert member.state == expected
    _assert_settled(host, member, inputs)
    told = [text for _, text in host.engine.warnings[warnings:]]
    assert len(told) == bool(step.warns)
    assert all(step.warns in text for text in told)


def test_an_archived_project_is_gone_and_destroys_cleanly(stack: Stack) -> None:
    stack.create()
    ending = [member for member in stack.members if member.scenario.ends_with_project]
    archived = {member.name: member.state.get("project_id", member.id) for member in ending}
    others = {project["id"] for member in stack.members for project in member.scenario.seed["projects"]}
    for project in {*archived.values(), *others}:
        stack.call(f"/organization/projects/{project}/archive", {})

    def destroy(host: DynamicProcess, member: Member) -> None:
        scenario = member.scenario
        if scenario.resource.handler.traits.project_key:  # a key of an archived project is refused
            assert host.read(scenario.resource, member.id, member.state)[0] == member.id
            with pytest.raises(Failure, match="does not accept the API key"):
                host.delete(scenario.resource, member.id, member.state)
            return
        id_, *_ = host.read(scenario.resource, member.id, member.state)
        assert id_ == ("" if scenario.ends_with_project else member.id)
        host.delete(scenario.resource, member.id, member.state)
        if scenario.is_in_project and not scenario.archives_itself:
            with pytest.raises(Failure, match=f"Project {archived[member.name]} is archived"):
                host.create(scenario.resource, scenario.inputs)

    stack.run(destroy, at_a_time=AT_A_TIME)


def test_look_up_reads_and_gone_is_an_error(
    emulator: EmulatorServer, environ: dict[str, str], subtests: pytest.Subtests
) -> None:
    stack = Stack(emulator, DynamicProcess, environ, subtests)
    stack.create()
    emulator.control.clear_requests()

    def look_up(host: DynamicProcess, member: Member) -> None:
        scenario = member.scenario
        wrong = next(iter(scenario.drift.found if scenario.drift else scenario.inputs))
        found, outputs, _ = host.read(scenario.resource, member.id, {**scenario.inputs, wrong: 1})
        assert found == member.id
        assert "__managed" not in outputs
        assert outputs[wrong] != 1, "what the program says is not what is there"
        if scenario.missing:
            with pytest.raises(Failure, match=r"There is no|was not found|does not exist"):
                host.read(scenario.resource, scenario.missing, scenario.inputs)
        if scenario.malformed:
            documented = re.findall(r"^ *The resource ID is `([^`]+)`", scenario.resource.__doc__ or "", re.MULTILINE)
            form = host.spelled(scenario.resource, documented[0])
            with pytest.raises(Failure, match=f"Its id (is|has the form) '?{form}"):
                host.read(scenario.resource, scenario.malformed, scenario.inputs)

    stack.run(look_up, at_a_time=AT_A_TIME)
    assert not _writes(emulator)


def _writes(emulator: EmulatorServer) -> list[str]:
    """The requests that change something: the method, and the last part of the path that is no id."""
    sent = [(request.partition(" ")[0], request.split("/")) for request in writes(emulator)]
    return [f"{method} {[part for part in path if part in WORDS][-1]}" for method, path in sent]
