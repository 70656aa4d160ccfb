"""Access for a limited time, for every kind: what random histories rarely have."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from tests import keyed
from tests.host.scenarios import SCENARIOS
from tests.simulation.engine import Engine

if TYPE_CHECKING:
    from tests.host.scenario import Scenario
    from tests.simulation.cloud import Cloud

DAY = 86_400
WITH_END = [scenario for scenario in SCENARIOS if "until" in scenario.resource.declaration.fields]


def with_end(inputs: dict[str, Any], moment: float) -> dict[str, Any]:
    """The inputs with an end; of a set, for its last member."""
    members = [entry["email"] for entry in inputs.get("members", ())]
    named = [*members, *inputs.get("user_ids", ()), *inputs.get("role_ids", ())]
    return {**inputs, "until": keyed.until({named[-1]: moment}) if named else moment}


@pytest.mark.every_resource
@pytest.mark.parametrize("scenario", WITH_END, ids=lambda scenario: scenario.resource.__name__)
def test_who_has_left_already_has_no_access_to_end(cloud: Cloud, scenario: Scenario, engine: Engine) -> None:
    inputs = with_end(scenario.inputs, int(cloud.time.now()) + 3 * DAY)
    program = [{"name": "it", "kind": scenario.resource.__name__, "inputs": inputs}]
    engine.up(program, {})
    cloud.advance(4 * DAY)
    others = Engine(cloud, engine.is_native, copy.deepcopy(engine.entries))
    others.destroy({})  # as somebody else does
    engine.refresh({})
    assert [entry.name for entry in engine.entries] == ["it"], "the declaration can stay"
    engine.preview(program, {})
    assert engine.operations[-1].steps == []
    assert not [operation.errors for operation in (*engine.operations, *others.operations) if operation.errors]


def test_a_person_may_stay_in_the_organization(cloud: Cloud, engine: Engine) -> None:
    inputs = {"email": "grace@example.com", "projects": keyed.projects({"proj_demo": "member"})}
    until = {"until": int(cloud.time.now()) + 3 * DAY, "remove_after_until": False}
    program = [{"name": "it", "kind": "OrganizationMember", "inputs": {**inputs, **until}}]
    engine.up(program, {})
    assert ("project_user", "proj_demo", "user-grace") in cloud.facts
    cloud.advance(4 * DAY)
    engine.up(program, {})
    assert ("project_user", "proj_demo", "user-grace") not in cloud.facts
    assert ("user", "", "user-grace") in cloud.facts
