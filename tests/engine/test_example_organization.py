"""The example that declares a small company, from `up` to `destroy`, on the real engine.

Kinds of resources that the example leaves out run beside it, as the programs of their pages.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin.resources import ALL
from tests.engine.drifts import Change, change_of
from tests.engine.pages import DOCS, Page

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

EXAMPLE = Path(__file__).parents[2] / "examples" / "organization"
PROGRAM = (EXAMPLE / "__main__.py").read_text(encoding="utf-8")
ENDED = {"project", "audit_log"}
"""Kinds of which a destroyed stack leaves something: an archived project, and what happened."""
LEFT_OUT = [Page(DOCS / "resources" / f"{kind}.md") for kind in ALL if f"openai.{kind}(" not in PROGRAM]


@pytest.mark.timeout(300)
def test_it_previews_clean_shows_all_drift_and_leaves_nothing(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.seed(json.loads((EXAMPLE / "emulator.json").read_text(encoding="utf-8")))
    before = exists(emulator)
    for name in ("__main__.py", "mtls.pem"):
        shutil.copy(EXAMPLE / name, stack.folder)
    for page in LEFT_OUT:
        (stack.folder / f"{page.module}.py").write_text(page.program, encoding="utf-8")
    imports = "".join(f"import {page.module}\n" for page in LEFT_OUT)
    (stack.folder / "__main__.py").write_text(PROGRAM + imports, encoding="utf-8")
    stack.up()
    stack.assert_clean()

    emulator.control.advance_clock(61)  # of what is younger, a reply 404 does not say that it was deleted
    changes = _change_each_kind(emulator, stack)
    steps = _steps(stack.ok("preview", "--diff", "--refresh").text)
    assert {urn: _shown(steps, urn, change) for urn, change in changes.items()} == {
        urn: ["update", "refresh"] if change.property else ["create"] for urn, change in changes.items()
    }
    assert {urn for operation, urn in steps if operation in {"create", "update"}} == set(changes)

    stack.ok("up", "--yes", "--skip-preview", "--refresh")
    stack.ok("preview", "--refresh", "--expect-no-changes", "--diff")

    stack.destroy()
    assert exists(emulator) == before


def _change_each_kind(emulator: EmulatorServer, stack: Stack) -> dict[str, Change]:
    """Change one resource of each kind outside Pulumi; the changes by URN."""
    found = {resource["type"].rpartition(":")[2]: resource for resource in stack.export()["deployment"]["resources"]}
    keys = _keys(stack)
    changes = {}
    for kind in reversed(ALL):  # a group's roles in a project before the group, which loses them with the project
        change = changes[found[kind]["urn"]] = change_of(kind, found[kind]["id"], found[kind]["outputs"])
        requests.request(
            change.method,
            f"{emulator.base_url}{change.path}",
            json=change.body or None,
            headers={"Authorization": f"Bearer {keys.get(found[kind]['urn'], emulator.admin_key)}"},
            timeout=10,
        ).raise_for_status()
    return changes


def _keys(stack: Stack) -> dict[str, str]:
    """By URN, the API keys of projects with which resources send their requests."""
    resources = stack.export("--show-secrets")["deployment"]["resources"]
    keys = {resource["urn"]: (resource.get("inputs") or {}).get("api_key") for resource in resources}
    return {urn: json.loads(key["plaintext"]) for urn, key in keys.items() if key}


def _steps(preview: str) -> dict[tuple[str, str], str]:
    """What a preview shows: the properties, by operation and URN."""
    head = re.compile(r"^ *\S? *\S+: \((\w+)\)\n(?: +\[id=.*\]\n)? +\[urn=(.*)\]\n", re.MULTILINE)
    _, *found = head.split(preview)
    return {(found[at], found[at + 1]): found[at + 2] for at in range(0, len(found), 3)}


def _shown(steps: dict[tuple[str, str], str], urn: str, change: Change) -> list[str]:
    """The operations by which a preview shows a change, and names the property if it is one of a property."""
    line = re.compile(rf"^ +[~+-] {change.property} *:", re.MULTILINE)
    return [
        operation
        for operation in ("create", "update", "refresh")
        if (operation, urn) in steps and (operation == "create" or (line.search(steps[operation, urn])))
    ]


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
