"""What stands in users' state files can't change: pickled providers, type tokens, property names."""

from __future__ import annotations

import base64
import json
import pickle
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pulumi_openai_admin
from pulumi_openai_admin.hosts.dynamic.admin_provider import AdminProvider
from pulumi_openai_admin.program.provider import to
from pulumi_openai_admin.resources import ALL

if TYPE_CHECKING:
    from pulumi_openai_admin.resources.base import AdminResource

pytestmark = pytest.mark.every_resource

RECORD = Path(__file__).parents[2] / "docs" / "resources" / "index.md"
"""Has the type token and the property names of each resource. `make generate` only adds to it."""
RESOURCES = [getattr(pulumi_openai_admin, name) for name in ALL]
EXAMPLE = (
    b"\x80\x04\x95E\x00\x00\x00\x00\x00\x00\x00\x8c\x13pulumi_openai_admin\x94\x8c\rAdminProvider\x94\x93"
    b"\x94h\x00\x8c\x11ProjectSpendLimit\x94\x93\x94\x85\x94R\x94."
)
"""What the states of `ProjectSpendLimit` have: protocol 4, and one frame of 69 (`E`) bytes with a name of 17."""


def pinned(name: str) -> bytes:
    """The bytes in the states of a resource: only its name, and the two lengths that follow from it, are its own."""
    before, after = EXAMPLE.split(b"\x11ProjectSpendLimit")
    length = len(name.encode())
    frame = before.replace(b"\x95E\x00", b"\x95" + bytes([ord("E") - 17 + length]) + b"\x00")
    return frame + bytes([length]) + name.encode() + after


STATES = sorted((Path(__file__).parents[1] / "engine" / "recorded").glob("*/dynamic.json"))
"""States that versions recorded: `make record`."""


def recorded() -> dict[str, set[str]]:
    rows = re.findall(r"^\| `(dynamic/[^`]+)` \| (.*) \|$", RECORD.read_text(encoding="utf-8"), re.MULTILINE)
    return {token: set(re.findall(r"`(\w+)`", names)) for token, names in rows}


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_pickled_reference_never_changes(resource: type[AdminResource]) -> None:
    assert base64.b64decode(to(resource.__name__)) == pinned(resource.__name__)


@pytest.mark.parametrize("path", STATES, ids=lambda path: path.parent.name)
def test_the_references_in_recorded_states_load(path: Path) -> None:
    resources = json.loads(path.read_text(encoding="utf-8"))["deployment"]["resources"]
    references = {
        resource["type"].rpartition(":")[2]: resource["outputs"]["__provider"]
        for resource in resources
        if "dynamic/openai-admin:" in resource["type"]
    }
    assert references
    for name, reference in references.items():
        provider = pickle.loads(base64.b64decode(reference))  # noqa: S301 -- it is in this repository
        assert isinstance(provider, AdminProvider)
        assert base64.b64decode(reference) == pinned(name)


def test_recorded_names_are_declared_and_declared_names_are_recorded() -> None:
    declared = {
        resource._resource_type_name: {field.stored for field in resource.declaration.fields.values()}
        for resource in RESOURCES
    }
    known = recorded()
    lost = {token: names - declared.get(token, set()) for token, names in known.items()}
    assert not any(lost.values()), f"Users' states have these names, so they can't be changed or removed: {lost}"
    new = {token: names - known.get(token, set()) for token, names in declared.items()}
    assert not any(new.values()), f"Run `make generate`, which records these names: {new}"


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_bytes_are_the_same_after_work(resource: type[AdminResource]) -> None:
    provider = AdminProvider(resource)
    provider.check({}, {})
    provider._stack_config = {"openai-admin:adminApiKey": "sk-admin-secret"}.get
    assert pickle.dumps(provider, protocol=4) == pinned(resource.__name__), "nothing of it ends in the state"
