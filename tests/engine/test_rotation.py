"""Keys that are rotated on a schedule, on the real engine: the emulator's clock is behind, and catches up.

The engine's processes take the time of this machine. So what is to be old is created in the emulator's past.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Program, Stack

EXAMPLE = Path(__file__).parents[2] / "examples" / "rotation" / "__main__.py"
DAY = 86_400
PROGRAM: Program = {
    "account": (
        "ProjectServiceAccount",
        {"project_id": "proj_demo", "name": "web", "create_service_account_only": True, "role": "member"},
    ),
    "key": (
        "ProjectServiceAccountApiKey",
        {
            "project_id": "proj_demo",
            "service_account_id": "$account.service_account_id",
            "name": "web",
            "rotate_every": "90d",
            "overlap": "24h",
        },
    ),
}


@pytest.fixture
def stack(either: Stack) -> Stack:
    """The example, and the same in YAML."""
    if either.is_native:
        either.declare(PROGRAM, **{name: f"$key.{name}" for name in ("api_key", "api_key_id", "retiring_api_keys")})
    else:
        (either.folder / "__main__.py").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    return either


def past(emulator: EmulatorServer, days: float) -> None:
    """Set the emulator's clock to a time in the past."""
    offset = -int(days * DAY)
    emulator.control.world(clock_offset_seconds=offset, date_offset_seconds=offset)


def states(emulator: EmulatorServer, *keys: str) -> list[str]:
    return [dict(emulator.control.key(key) or {})["state"] for key in keys]


def text_of(run: Any) -> str:
    return re.sub(r"\s+", " ", run.text)


def test_a_due_key_is_replaced_and_the_old_one_revoked_after_the_overlap(
    stack: Stack, emulator: EmulatorServer
) -> None:
    past(emulator, 93)
    stack.up()
    first = stack.outputs()
    preview = stack.preview()
    told = (
        f"API key {first['api_key_id']} was created 93 days ago and is rotated every 90 days; run `pulumi up` to create"
    )
    assert told in text_of(preview)
    assert preview.summary == {"to update": 1, "unchanged": 2}

    past(emulator, 2)
    rotated = stack.up()
    assert f"The old API key {first['api_key_id']} still works. The first update after " in text_of(rotated)
    second = stack.outputs()
    assert second["api_key_id"] != first["api_key_id"]
    (old,) = second["retiring_api_keys"]
    assert first["api_key_id"] in old.values()
    assert states(emulator, first["api_key"], second["api_key"]) == ["live", "live"]

    past(emulator, 0)
    preview = stack.preview()
    assert f"The overlap of the old API key {first['api_key_id']} ended at " in text_of(preview)
    assert preview.summary == {"to update": 1, "unchanged": 2}
    stack.up()
    assert states(emulator, first["api_key"], second["api_key"]) == ["revoked", "live"]
    assert stack.outputs()["api_key"] == second["api_key"]
    stack.refresh()
    stack.assert_clean()
    stack.destroy()
    assert states(emulator, second["api_key"]) == ["revoked"]
