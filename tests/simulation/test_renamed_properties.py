"""A property that OpenAI renames: its declaration says so, and nothing else changes."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import AdminApiKey, ProjectRateLimit, ProjectRateLimits
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.schema.fields import Declaration, FieldRole
from tests.host.scenarios import SCENARIOS
from tests.simulation.cloud import SimulatedWire
from tests.simulation.engine import Engine

if TYPE_CHECKING:
    from tests.host.scenario import Scenario
    from tests.simulation.cloud import Cloud

RENAMED = [
    scenario
    for scenario in SCENARIOS
    if {"wire_names", "row"} & {*dir(scenario.resource.handler)} and scenario.resource is not AdminApiKey
]
"""All but keys and members, whose handlers name the properties."""
LOST = {"kind": "reset", "when": "after", "method": "POST", "times": 1}


def history(cloud: Cloud, scenario: Scenario) -> list[Any]:
    """What happens if a resource is created, changed, refreshed and destroyed, and responses are lost."""
    cloud.reset(1)
    engine, seen = Engine(cloud, is_native=False), list[Any]()
    for inputs in [scenario.inputs, *scenario.programs]:
        program = [{"name": "it", "kind": scenario.resource.__name__, "inputs": inputs}]
        for step in ({"faults": [LOST]}, {}, {"refresh": True}):
            engine.up(program, step)
            cloud.advance(3600)
            seen += [copy.deepcopy(entry.outputs) for entry in engine.entries]
    engine.destroy({})
    return [seen, cloud.writes, [(it.steps, [str(error) for error in it.errors]) for it in engine.operations]]


@pytest.mark.parametrize("scenario", RENAMED, ids=lambda scenario: scenario.resource.__name__)
def test_what_openai_names_in_another_way_is_the_same(
    monkeypatch: pytest.MonkeyPatch, cloud: Cloud, scenario: Scenario
) -> None:
    before, exchange, resource = history(cloud, scenario), SimulatedWire.exchange, scenario.resource
    kind: Any = ProjectRateLimit if resource is ProjectRateLimits else resource
    declaration = Declaration({name: copy.copy(field) for name, field in kind.declaration.fields.items()})
    shown_as, sent_as = dict[str, str](), dict[str, str]()
    for field in declaration.with_role(FieldRole.ARGUMENT):
        shown_as[f"{field.name}_in_2027"] = field.wire
        sent_as[f"{field.name}_in_2027"] = kind.handler.sent_as.get(field.name, field.wire)
        field.wire = f"{field.name}_in_2027"
    handler = replace(kind.handler, wire_names=declaration.wire_names, sent_as=declaration.wire_names)
    place = re.compile(re.sub(r"{\w+}", "[^/]+", handler.path) + "(/[^/]+)?")

    def shown(document: dict[str, Any]) -> dict[str, Any]:
        if "data" in document:
            return {**document, "data": [*map(shown, document["data"])]}
        former = {name.partition(".")[0] for name in shown_as.values()}
        return {name: it for name, it in documents.renamed(document, shown_as).items() if name not in former}

    def exchanged(self: SimulatedWire, call: Any, *more: Any) -> tuple[int, Any, bytes]:
        if not place.fullmatch(call.path):
            return exchange(self, call, *more)
        assert {*sent_as.values()}.isdisjoint(call.body or ()), call
        body = call.body and documents.nested(call.body, sent_as)
        status, headers, content = exchange(self, replace(call, body=body), *more)
        return status, headers, json.dumps(shown(json.loads(content))).encode()

    monkeypatch.setattr(SimulatedWire, "exchange", exchanged)
    monkeypatch.setattr(kind, "declaration", declaration)
    monkeypatch.setattr(resource, "handler", handler if kind is resource else replace(resource.handler, row=handler))
    assert history(cloud, scenario) == before
