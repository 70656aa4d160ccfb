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
    found = [one for one in resources if one["type"].endswith(f":{name}")]
    if not found:
        raise NotMeasuredError(f"the state holds no {name}")
    (resource,) = found
    pickled = len(base64.b64decode(resource["outputs"]["__provider"]))
    ours = {key: value for key, value in resource.items() if key not in _THE_ENGINES_OWN}
    state = len(json.dumps(ours, separators=(",", ":")))
    return [
        Figure(f"{name}: pickled provider", pickled, "bytes", LARGEST_PICKLE),
        Figure(f"{name}: state of one resource", state, "bytes", LARGEST_STATE),
    ]
