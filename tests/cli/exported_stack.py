"""Exported stacks of existing objects, for both providers, without an engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import public_names
from pulumi_openai_admin.config import Settings
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import token
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.lifecycle.read import found
from pulumi_openai_admin.resources.base import type_token

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer

MODIFIED = "2026-01-01T00:00:00.000000001Z"


def write(
    path: Path, emulator: EmulatorServer, objects: Iterable[tuple[str, str]], *, is_native: bool = False, **more: Any
) -> Path:
    """Write the state of a stack that manages existing objects as they are.

    Args:
        path: The file.
        emulator: Has the objects.
        objects: Kinds, and Pulumi ids.
        is_native: For the native provider.
        more: Properties of all resources.
    """
    settings = Settings(emulator.admin_key, "the test", emulator.base_url)
    client = Client(Requestor(settings))
    resources = [record(client, kind, id_, is_native=is_native) | more for kind, id_ in objects]
    document = {"version": 3, "deployment": {"manifest": {}, "resources": resources}}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def record(client: Client, kind: str, id_: str, *, is_native: bool) -> dict[str, Any]:
    """A resource as an exported stack has it."""
    resource: Any = public_names.load(kind)
    adopted = found(resource, client, id_)
    type_ = token(kind) if is_native else type_token(resource)
    inputs, outputs = dict(adopted.inputs), dict(adopted.outputs.values)
    if is_native:
        inputs = properties.from_inputs(resource.declaration, inputs)
        outputs = properties.from_state(resource.declaration, outputs)
    urn = f"urn:pulumi:dev::test::{type_}::{id_.rpartition('/')[2]}"
    return {
        "urn": urn,
        "type": type_,
        "custom": True,
        "id": adopted.id,
        "modified": MODIFIED,
        "inputs": inputs,
        "outputs": outputs,
    }
