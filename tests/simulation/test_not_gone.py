"""What an error, a wrong address or another organization's key hides is not gone: the state alone has the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.host.scenarios import SCENARIOS

if TYPE_CHECKING:
    from tests.host.scenario import Scenario
    from tests.simulation.cloud import Cloud
    from tests.simulation.engine import Engine

pytestmark = [
    pytest.mark.every_resource,
    pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.resource.__name__),
]
REFUSED: dict[str, dict[str, Any]] = {
    "401": {"kind": "status", "status": 401},
    "403": {"kind": "status", "status": 403},
    "500": {"kind": "status", "status": 500},
    "no JSON": {"kind": "not_json"},
    "a reset": {"kind": "reset"},
}
ADDRESS = "Check OPENAI_BASE_URL"
ELSEWHERE: dict[str, tuple[dict[str, Any], str]] = {
    "HTML": ({"kind": "status", "status": 404, "body": "<html><h1>404 Not Found</h1></html>"}, ADDRESS),
    "an empty 404": ({"kind": "status", "status": 404, "body": ""}, ADDRESS),
    "an unsupported endpoint": ({"kind": "unrelated_404"}, "Unsupported endpoint"),
}
"""By name, a 404 that is not about the object, and a part of the error."""
RENAMED = "UPDATE records SET id = replace(id, 'proj_', 'proj_b_'), parent = replace(parent, 'proj_', 'proj_b_')"
CONTENT = "UPDATE records SET content = replace(content, 'proj_', 'proj_b_')"
"""Another organization has each object of the first one with the same id, but other projects, without its keys."""


def declared(scenario: Scenario, inputs: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"name": "it", "kind": scenario.resource.__name__, "inputs": inputs}]


def test_only_not_found_means_gone(cloud: Cloud, scenario: Scenario, engine: Engine) -> None:
    engine.up(declared(scenario, scenario.inputs), {})
    cloud.advance(3600)
    for name, fault in REFUSED.items():
        errors = engine.refresh({"faults": [{**fault, "method": "GET", "times": None}]}).errors
        # A key that OpenAI refuses was revoked: the next update has another one.
        assert len(errors) == ((scenario.resource.__name__, name) != ("WebhookEndpoint", "401")), name
    for name, (fault, told) in ELSEWHERE.items():
        step = {"faults": [{**fault, "times": None}]}
        errors = [*engine.refresh(step).errors, *engine.destroy(step).errors]
        assert [told in error.message for error in errors] == [True, True], name
    assert [entry.name for entry in engine.entries] == ["it"]
    assert not any("Traceback" in message.text for message in engine.messages)


@pytest.mark.parametrize("is_refused", [False, True], ids=["not found", "refused"])
def test_another_organizations_objects_are_neither_read_nor_changed(
    cloud: Cloud, scenario: Scenario, engine: Engine, is_refused: bool
) -> None:
    engine.up(declared(scenario, scenario.inputs), {})
    cloud.advance(3600)
    with cloud._database as records:
        records.execute(RENAMED)
        records.execute(CONTENT)
        records.execute("DELETE FROM records WHERE kind = 'api_key'")
    count = len(cloud.writes)
    faults = [{"kind": "status", "status": 403, "method": method, "times": None} for method in ("POST", "DELETE")]
    step = {"faults": faults if is_refused else []}
    steps = [engine.destroy(step)]
    if not scenario.resource.handler.traits.project_key:  # with the refused key, no request is sent
        steps.append(engine.refresh(step))
        if scenario.resource.__name__ != "Project":
            steps += [engine.up(declared(scenario, program), step) for program in scenario.programs[:1]]
    said = [[error.message for error in each_step.errors] for each_step in steps]
    assert all("another organization" in message for (message,) in said)
    assert f":{scenario.resource.__name__}::it'`" in said[0][0], "pulumi state delete"
    assert len(cloud.writes) == count
    assert [entry.name for entry in engine.entries] == ["it"]
