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
    from collections.abc import Mapping

    from tests.host.scenario import Scenario
    from tests.simulation.cloud import Cloud

NEW = "_in_2027"
"""What all new names of OpenAI end with."""
RENAMED = [
    scenario
    for scenario in SCENARIOS
    if {"wire_names", "row"} & {*dir(scenario.resource.handler)} and scenario.resource is not AdminApiKey
]
"""All but keys and members, whose handlers name the properties."""
LOST = {"kind": "reset", "when": "after", "method": "POST", "times": 1}


def renamed(resource: Any) -> tuple[Declaration, Any]:
    """A declaration whose arguments all have new names at OpenAI, and its handler."""
    own = resource.declaration.fields
    declaration = Declaration({name: copy.copy(field) for name, field in own.items()}, resource.declaration.kind)
    for field in declaration.with_role(FieldRole.ARGUMENT):
        field.wire += NEW
    handler, names = resource.handler, declaration.wire_names
    sent_as = {name: sent for name, sent in handler.sent_as.items() if sent != own[name].wire}
    return declaration, replace(handler, wire_names=names, sent_as={**names, **sent_as})


def history(cloud: Cloud, scenario: Scenario) -> list[Any]:
    """What happens if a resource is created, whose response is lost, changed, refreshed and destroyed."""
    cloud.reset(1)
    engine, seen = Engine(cloud, is_native=False), list[Any]()
    for inputs in [scenario.inputs, *scenario.programs]:
        program = [{"name": "it", "kind": scenario.resource.__name__, "inputs": inputs}]
        for step in ({"faults": [LOST]}, {}, {"refresh": True}):
            engine.up(program, step)
            cloud.advance(3600)
            seen.append([(entry.id, copy.deepcopy(entry.outputs)) for entry in engine.entries])
    engine.destroy({})
    errors = [[str(error) for error in operation.errors] for operation in engine.operations]
    return [*seen, errors, [operation.steps for operation in engine.operations], cloud.writes]


def moved(document: Any, names: Mapping[str, str]) -> Any:
    """An object, or a list of them, with other names of properties."""
    if isinstance(document, dict) and "data" in document:
        return {**document, "data": [moved(row, names) for row in document["data"]]}
    document = copy.deepcopy(document)
    for name, new in names.items():
        around, _, last = name.rpartition(".")
        holder = documents.get(document, around) if around else document
        if isinstance(holder, dict) and last in holder:
            holder[new.rpartition(".")[2]] = holder.pop(last)
    return document


@pytest.mark.parametrize("scenario", RENAMED, ids=lambda scenario: scenario.resource.__name__)
def test_what_openai_names_in_another_way_is_the_same(
    monkeypatch: pytest.MonkeyPatch, cloud: Cloud, scenario: Scenario
) -> None:
    before, exchange, resource = history(cloud, scenario), SimulatedWire.exchange, scenario.resource
    of_rows = resource is ProjectRateLimits
    declaration, handler = renamed(ProjectRateLimit if of_rows else resource)
    names = {wire.removesuffix(NEW): wire for wire in declaration.wire_names.values()}
    own = {new: old for old, new in names.items() if new in handler.sent_as.values()}
    place = re.compile(re.sub(r"{\w+}", "[^/]+", handler.path) + "(/[^/]+)?")

    def exchanged(self: SimulatedWire, call: Any, *more: Any) -> tuple[int, Any, bytes]:
        if not place.fullmatch(call.path):
            return exchange(self, call, *more)
        assert not [old for old in own.values() if call.body and documents.get(call.body, old) is not None], call
        status, headers, body = exchange(self, replace(call, body=moved(call.body, own)), *more)
        return status, headers, json.dumps(moved(json.loads(body), names)).encode()

    monkeypatch.setattr(SimulatedWire, "exchange", exchanged)
    monkeypatch.setattr(resource, "declaration", resource.declaration if of_rows else declaration)
    monkeypatch.setattr(resource, "handler", replace(resource.handler, row=handler) if of_rows else handler)
    assert history(cloud, scenario) == before
