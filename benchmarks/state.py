"""How large a resource stands in the state."""

from __future__ import annotations

import base64
import json
from typing import Any

from benchmarks.measure import Figure
from benchmarks.stack import NotMeasuredError

LARGEST_PICKLE = 200
LARGEST_STATE = 2048
_THE_ENGINES_OWN = ("stackTrace", "sourcePosition")


def sizes(resources: list[dict[str, Any]], name: str) -> list[Figure]:
    """The pickled provider and the whole state of the one resource of a type."""
    resource = _only(resources, name)
    pickled = len(base64.b64decode(resource["outputs"]["__provider"]))
    return [
        Figure(f"{name}: pickled provider", pickled, "bytes", LARGEST_PICKLE),
        Figure(f"{name}: state of one resource", state_bytes(resources, name), "bytes", LARGEST_STATE),
    ]


def state_bytes(resources: list[dict[str, Any]], name: str) -> int:
    """The size of the one resource of a type, without what the engine records of every resource."""
    ours = {key: value for key, value in _only(resources, name).items() if key not in _THE_ENGINES_OWN}
    return len(json.dumps(ours, separators=(",", ":")))


def _only(resources: list[dict[str, Any]], name: str) -> dict[str, Any]:
    found = [each_resource for each_resource in resources if each_resource["type"].endswith(f":{name}")]
    if not found:
        raise NotMeasuredError(f"the state holds no {name}")
    (resource,) = found
    return resource
