"""Exported stacks, as `pulumi stack export` writes them, without an engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import resources
from pulumi_openai_admin.config import Settings
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.lifecycle.read import adopt_by_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer

HEAD = "urn:pulumi:dev::test::"
DYNAMIC, NATIVE = "pulumi-python:dynamic/openai-admin:", "openai-admin:index:"
"""The first characters of the types of each provider."""
MODIFIED = "2026-01-01T00:00:00.000000001Z"
MARK = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
ENCRYPTED = {**MARK, "ciphertext": "v1:abc:def"}


def plain(value: Any) -> dict[str, Any]:
    """A secret in an export with `--show-secrets`."""
    return {**MARK, "plaintext": json.dumps(value, separators=(",", ":"))}


def record(kind: str, id_: str, name: str = "one", *, native: bool = False, **others: Any) -> dict[str, Any]:
    """A resource: its kind, or a type of another package."""
    type_ = kind if ":" in kind else f"{NATIVE if native else DYNAMIC}{kind}"
    return {"urn": f"{HEAD}{type_}::{name}", "custom": True, "type": type_, "id": id_, **others}


def provider(name: str, *, native: bool = False, id_: str = "uuid", **inputs: Any) -> dict[str, Any]:
    """A provider that the program declares, and its inputs; of the dynamic one, by their full names."""
    full = inputs if native else {f"openai-admin:{key}": value for key, value in {"provider": name, **inputs}.items()}
    return record(f"pulumi:providers:{'openai-admin' if native else 'pulumi-python'}", id_, name, inputs=full)


def exported(*records: dict[str, Any], **deployment: Any) -> dict[str, Any]:
    return {"version": 3, "deployment": {"resources": list(records), **deployment}}


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
    resources = [_managing(client, kind, id_, is_native=is_native) | more for kind, id_ in objects]
    path.write_text(json.dumps(exported(*resources)), encoding="utf-8")
    return path


def _managing(client: Client, kind: str, id_: str, *, is_native: bool) -> dict[str, Any]:
    resource: Any = resources.class_of(kind)
    adopted = adopt_by_id(resource, client, id_)
    inputs, outputs = dict(adopted.inputs), dict(adopted.outputs.values)
    if is_native:
        inputs = properties.from_inputs(resource.declaration, inputs)
        outputs = properties.from_state(resource.declaration, outputs)
    values = {"modified": MODIFIED, "inputs": inputs, "outputs": outputs}
    return record(kind, adopted.id, id_.rpartition("/")[2], native=is_native, **values)
