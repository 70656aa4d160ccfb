"""The resources of an exported stack: read piece by piece, and kept on disk place by place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import json_stream, recorded
from pulumi_openai_admin.cli.drift.settings import is_explicit
from pulumi_openai_admin.cli.recorded import DYNAMIC_PROVIDER, NATIVE_PROVIDER, is_urn, name_of
from pulumi_openai_admin.cli.stack_export import ADVICE, has_mappings
from pulumi_openai_admin.handlers.memory import part_of
from pulumi_openai_admin.lifecycle.run import Anchor
from pulumi_openai_admin.lifecycle.state import MANAGED, StepRecord
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.program import provider as reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.cli.spool import Spool
    from pulumi_openai_admin.schema.fields import Declaration

_WHAT = "The state"
_VERSIONS = (3, 4)
_KEPT = ("urn", "type", "id", "modified", "external")


@dataclass(frozen=True)
class ResourceGroup:
    """Resources that are read together: their lists are read once, then freed."""

    provider: str
    """The reference to an explicit provider; empty for the default one."""
    project_id: str
    """Empty for resources of the organization."""
    kind: str = ""
    """The kind of resources of the organization; empty for a project."""


@dataclass
class Exported:
    """What memory has of an exported stack."""

    resources: Spool[ResourceGroup]
    providers: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The inputs of the explicit providers, by reference, with secrets as in the file."""
    default: dict[str, Any] = field(default_factory=dict)
    """The settings of the default providers."""
    project_names: dict[str, str] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    """By provider, a project that proves the organization of objects whose own proof is encrypted."""


def read(file: IO[bytes], into: Spool[ResourceGroup]) -> Exported:
    """Keep the resources of this package, and learn the settings of its providers.

    Raises:
        errors.ConfigurationError: It is no exported stack, or has no resources of this package.
    """
    if next(json_stream.items(file, "version", _WHAT, ADVICE), None) not in _VERSIONS:
        what = "The state is not an exported stack, or has a format that this version does not know"
        raise errors.ConfigurationError(what, ADVICE)
    found = Exported(into)
    for record in json_stream.items(file, "deployment.resources.item", _WHAT, ADVICE):
        if isinstance(record, dict) and is_urn(record.get("urn")) and not record.get("delete"):
            if not has_mappings(record):
                raise errors.ConfigurationError(f"The state of {printable(record['urn'])} is not a mapping", ADVICE)
            _learn(found, record)
    if not len(into):
        what = "The stack has no resources of pulumi-openai-admin"
        raise errors.ConfigurationError(what, "Check that it is the right stack: `pulumi stack ls`.")
    return found


def _learn(found: Exported, record: Mapping[str, Any]) -> None:
    type_ = str(record.get("type"))
    if type_ in (DYNAMIC_PROVIDER, NATIVE_PROVIDER):
        inputs = record.get("inputs") or {}
        if is_explicit(record):
            found.providers[f"{record['urn']}::{record.get('id', '')}"] = inputs
        else:
            found.default.update(inputs)
        return
    kind = recorded.kind_of(type_)
    if not kind or not record.get("id"):
        return
    declaration = recorded.resource_of(kind).declaration
    outputs = {name: it for name, it in (record.get("outputs") or {}).items() if name != reference.PROPERTY}
    values = recorded.declared_outputs(declaration, type_, outputs)
    provider = _explicit(found, str(record.get("provider") or ""))
    project_id = recorded.project_of(declaration, kind, str(record["id"]), values)
    _note(found, provider, kind, str(record["id"]), values)
    if project_id:  # a project of the organization, as good as one that a resource records
        found.anchors.setdefault(provider, project_id)
    kept = {name: record[name] for name in _KEPT if name in record}
    kept |= {"outputs": outputs, "inputs": list(record.get("inputs") or {})}
    found.resources.add(ResourceGroup(provider, project_id, "" if project_id else kind), kept)


def _explicit(found: Exported, provider: str) -> str:
    """The reference, if it is to an explicit provider; providers come before the resources that refer to them."""
    return provider if provider in found.providers else ""


def _note(found: Exported, provider: str, kind: str, id_: str, values: Mapping[str, Any]) -> None:
    """Remember what other resources are shown or read with."""
    if kind == "Project" and isinstance(values.get("name"), str):
        found.project_names[id_] = values["name"]
    managed = values.get(MANAGED)
    if isinstance(managed, dict) and (anchor := part_of(managed, Anchor).anchor):
        found.anchors.setdefault(provider, anchor)


@dataclass(frozen=True)
class ExportedResource:
    """A resource of the stack.

    Args:
        state: Its state by the names of the declaration, with `SECRET` in the place of secrets.
        since: When the state was last written, in seconds since 1970; None if it does not say.
        is_native: Whether it is a resource of the native provider.
    """

    urn: str
    kind: str
    id: str
    state: Mapping[str, Any]
    since: float | None
    is_native: bool = False

    @property
    def name(self) -> str:
        """Its name in the program."""
        return name_of(self.urn)

    @classmethod
    def of(cls, kept: Mapping[str, Any], anchor: str = "") -> ExportedResource:
        """A resource that `read` has kept.

        Args:
            kept: The document.
            anchor: A project of its organization, if its own is encrypted.
        """
        kind = recorded.kind_of(kept["type"])
        declaration = recorded.resource_of(kind).declaration
        values = recorded.declared_outputs(declaration, kept["type"], kept["outputs"])
        if recorded.has_secret(values.get(MANAGED)):
            values[MANAGED] = _managed(declaration, kept, anchor)
        if kept.get("external"):
            values.pop(MANAGED, None)
        is_native = recorded.is_native(kept["type"])
        return cls(kept["urn"], kind, kept["id"], values, _seconds(kept.get("modified")), is_native)

    @property
    def readable(self) -> dict[str, Any]:
        """The state for a handler: without the values that are not known."""
        return {name: value for name, value in self.state.items() if not recorded.has_secret(value)}


def _managed(declaration: Declaration, kept: Mapping[str, Any], anchor: str) -> dict[str, Any]:
    """What a read has to know, where the state has it encrypted."""
    names = recorded.input_names(declaration, kept["type"], kept["inputs"])
    return {**StepRecord(sorted(names)).to_state(), **Anchor(anchor).to_state()}


def _seconds(text: object) -> float | None:
    """A time of the engine, which has nanoseconds: `2026-11-26T03:00:35.721311051Z`."""
    try:
        return datetime.fromisoformat(f"{str(text)[:19]}+00:00").timestamp()
    except ValueError:
        return None
