"""The entry of an existing object in a file for `pulumi import`: its state, with the provider that serves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.hosts.common import secrets
from pulumi_openai_admin.program import provider_reference
from pulumi_openai_admin.resources.base import type_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.lifecycle.adopt import Adopted
    from pulumi_openai_admin.resources.base import AdminResource


@dataclass(frozen=True)
class Imported:
    """An existing object that is imported into a stack."""

    type_token: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    """Its whole state, with the data for later steps."""


def imported(resource: type[AdminResource], entry: Adopted) -> Imported:
    """An adopted object with the provider that serves its resource.

    Args:
        resource: The class of the resource.
        entry: The object.
    """
    serialized = {provider_reference.PROPERTY: provider_reference.to(resource)}
    secret = entry.outputs.secret_outputs  # all empty: OpenAI shows no key, and a refresh marks them again
    values = {
        name: secrets.in_import_file(value) if name in secret else value for name, value in entry.outputs.values.items()
    }
    outputs = {**values, **serialized}
    return Imported(type_token(resource), entry.id, {**entry.inputs, **serialized}, outputs)
