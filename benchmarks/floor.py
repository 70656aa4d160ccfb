"""The floor: a dynamic provider that does nothing, for as long as a call to OpenAI takes.

What the engine, its checkpoints and its four worker threads cost stands in it, and nothing of ours. Its state
holds the pickled provider as a reference, like ours, so this module's and the class's names matter.
"""

from __future__ import annotations

import os
import time
from typing import Any

import pulumi
from pulumi import dynamic

DELAY = "BENCHMARK_DELAY_SECONDS"


class FloorProvider(dynamic.ResourceProvider):
    """Sleeps where ours would POST. Reading takes nothing: the one list for all rows is ours to pay."""

    serialize_as_secret_always = False  # as cheap as ours

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """Leave the comparison to the engine where the limit differs."""
        return dynamic.DiffResult(changes=None if _olds["limit"] != _news["limit"] else False)

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Take one call's time."""
        _call()
        return dynamic.CreateResult(f"{props['project_id']}/{props['model']}", self._outputs(props))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.UpdateResult:
        """Take one call's time."""
        _call()
        return dynamic.UpdateResult(self._outputs(_news))

    def _outputs(self, inputs: dict[str, Any]) -> dict[str, Any]:
        return inputs


class HeavyFloorProvider(FloorProvider):
    """Does nothing either, with outputs as large as a rate limit's: how much of the rest is the size of the state."""

    def _outputs(self, inputs: dict[str, Any]) -> dict[str, Any]:
        return {**inputs, **_BALLAST}


_BALLAST = {
    "limits": dict.fromkeys(("requests_per_minute", "tokens_per_minute", "images_per_minute", "requests_per_day"), 500),
    "baseline": {"max_requests_per_1_minute": 500, "batch_1_day_max_input_tokens": 500},
    "managed": {
        "inputs": ["max_requests_per_1_minute", "model", "project_id"],
        "touched": ["max_requests_per_1_minute"],
        "written": {"max_requests_per_1_minute": 500},
        "rest": "-" * 150,
    },
}


def _call() -> None:
    time.sleep(float(os.environ.get(DELAY, "0")))


class FloorRow(dynamic.Resource, module="benchmarks", name="FloorRow"):
    """Stands for one row."""

    def __init__(self, resource_name: str, project_id: str, model: str, limit: int, *, is_heavy: bool = False) -> None:
        properties = {"project_id": project_id, "model": model, "limit": limit}
        provider = HeavyFloorProvider() if is_heavy else FloorProvider()
        super().__init__(provider, resource_name, properties, pulumi.ResourceOptions())
