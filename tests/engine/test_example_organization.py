"""The example that declares a small company: every kind of resource, from `up` to `destroy`, on the real engine."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from pulumi_openai_admin.resources import ALL

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

EXAMPLE = Path(__file__).parents[2] / "examples" / "organization"
PROGRAM = (EXAMPLE / "__main__.py").read_text(encoding="utf-8")
ENDED = {"project", "audit_log"}
"""Kinds of which a destroyed stack leaves something: an archived project, and what happened."""


def test_it_declares_every_kind() -> None:
    declared = set(re.findall(r"openai\.(\w+)\(", PROGRAM))
    assert set(ALL) - declared == set()


def test_it_comes_previews_clean_and_leaves_nothing(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.seed(json.loads((EXAMPLE / "emulator.json").read_text(encoding="utf-8")))
    before = _exists(emulator)
    (stack.folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    stack.up()
    stack.assert_clean()
    stack.refresh()
    stack.assert_clean()

    limit = next(iter(emulator.control.live("project_spend_limit")["project_spend_limit"]))
    requests.post(
        f"{emulator.base_url}/organization/projects/{limit.split('/')[0]}/spend_limit",
        json={"threshold_amount": 77, "currency": "USD", "interval": "month"},
        headers={"Authorization": f"Bearer {emulator.admin_key}"},
        timeout=10,
    ).raise_for_status()
    assert re.search(r"threshold_amount *: 77 => 100000", stack.run("preview", "--diff", "--refresh").text)

    stack.destroy()
    assert _exists(emulator) == before


def _exists(emulator: EmulatorServer) -> dict[str, Any]:
    """What there is by kind; not what is in archived projects, where nobody can use or change it."""
    live = emulator.control.live()
    archived = {id_ for id_, project in live["project"].items() if project["archived_at"]}
    reachable = {
        kind: {path: content for path, content in objects.items() if not archived & set(path.split("/"))}
        for kind, objects in live.items()
        if kind not in ENDED
    }
    return {kind: objects for kind, objects in reachable.items() if objects}
