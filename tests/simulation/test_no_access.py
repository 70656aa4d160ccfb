"""An endpoint that OpenAI does not serve to the organization: each step says so, and no object is taken for deleted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.handlers.handler import Shows
from pulumi_openai_admin.schema.paths import feature_of
from tests.host.scenarios import SCENARIOS
from tests.simulation.engine import Engine

if TYPE_CHECKING:
    from tests.host.scenario import Scenario
    from tests.simulation.cloud import Cloud

RESTRICTED = [scenario for scenario in SCENARIOS if feature_of(getattr(scenario.resource.handler, "path", ""))]


@pytest.mark.parametrize("scenario", RESTRICTED, ids=lambda scenario: str(scenario.resource.__name__))
def test_every_step_says_that_the_organization_has_no_access(cloud: Cloud, scenario: Scenario, engine: Engine) -> None:
    handler: Any = scenario.resource.handler
    new = Engine(cloud, engine.is_native)
    program = [{"name": "it", "kind": scenario.resource.__name__, "inputs": scenario.inputs}]
    engine.up(program, {})
    path = rf".*{re.sub('{.*?}', '[^/]+', handler.path)}(/.*)?"
    unsupported = {"faults": [{"kind": "unrelated_404", "path_regex": path, "times": None}], "reads": True}
    steps = [new.up(program, unsupported), engine.refresh(unsupported), engine.destroy(unsupported)]
    if handler.traits.shows is not Shows.EACH:  # before a creation, only a list says that there is no access
        steps.append(Engine(cloud, engine.is_native).preview(program, unsupported))
    reason = f"the organization has no access to {feature_of(handler.path)}"
    assert [[error.message.count(reason) for error in step.errors] for step in steps] == [[1]] * len(steps)
    assert not any("Traceback" in error.message for step in steps for error in step.errors)
    assert [entry.name for entry in engine.entries] == ["it"]
