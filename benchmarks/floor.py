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
    """Does nothing either, with the outputs of a rate limit: how much of the rest is the size of the state."""

    def _outputs(self, inputs: dict[str, Any]) -> dict[str, Any]:
        return {**inputs, **_BALLAST, **_MANAGED}


_BALLAST = {
    "rate_limit_id": "rl-gpt-4o-2024-05-13",
    "max_requests_per_1_day": "",
    "max_tokens_per_1_minute": 2_000_000,
    "max_images_per_1_minute": 50_000,
    "max_audio_megabytes_per_1_minute": "",
    "batch_1_day_max_input_tokens": 200_000_000,
    "baseline": {"max_requests_per_1_minute": 10_000},
}
_MANAGED = {
    "__managed": {
        "inputs": ["max_requests_per_1_minute", "model", "project_id"],
        "touched": ["max_requests_per_1_minute"],
        "written": {"max_requests_per_1_minute": 500},
    }
}


def _call() -> None:
    time.sleep(float(os.environ.get(DELAY, "0")))


class FloorRow(dynamic.Resource, module="benchmarks", name="FloorRow"):
    """Stands for one row."""

    def __init__(self, resource_name: str, project_id: str, model: str, limit: int, *, is_heavy: bool = False) -> None:
        properties = {"project_id": project_id, "model": model, "limit": limit}
        provider = HeavyFloorProvider() if is_heavy else FloorProvider()
        outputs = dict.fromkeys(_BALLAST) if is_heavy else {}  # a program can read what has an entry
        super().__init__(provider, resource_name, {**outputs, **properties}, pulumi.ResourceOptions())
