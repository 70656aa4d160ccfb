"""The example that declares a small company, from `up` to `destroy`, on the real engine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

EXAMPLE = Path(__file__).parents[2] / "examples" / "organization"
PROGRAM = (EXAMPLE / "__main__.py").read_text(encoding="utf-8")
ENDED = {"project", "audit_log"}
"""Kinds of which a destroyed stack leaves something: an archived project, and what happened."""


@pytest.mark.timeout(300)
def test_it_previews_clean_and_leaves_nothing(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.seed(json.loads((EXAMPLE / "emulator.json").read_text(encoding="utf-8")))
    before = exists(emulator)
    for name in ("__main__.py", "mtls.pem"):
        shutil.copy(EXAMPLE / name, stack.folder)
    stack.up()
    stack.assert_clean()
    emulator.control.clear_requests()
    stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert {request["method"] for request in emulator.control.requests()} == {"GET"}
    stack.destroy()
    assert exists(emulator) == before


def exists(emulator: EmulatorServer) -> dict[str, Any]:
    """What there is by kind; not what is in archived projects, where nobody can use or change it."""
    live = emulator.control.live()
    archived = {id_ for id_, project in live["project"].items() if project["archived_at"]}
    reachable = {
        kind: {path: content for path, content in objects.items() if not archived & set(path.split("/"))}
        for kind, objects in live.items()
        if kind not in ENDED
    }
    return {kind: objects for kind, objects in reachable.items() if objects}
