"""An existing Pulumi project: its language, and what its stack manages already, from the exported state."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import recorded
from pulumi_openai_admin.cli.adopt.kinds import all_kinds
from pulumi_openai_admin.cli.recorded import RecordedResource, has_secret, kind_of, name_of
from pulumi_openai_admin.handlers.documents import leaves
from pulumi_openai_admin.handlers.handler import Claim
from pulumi_openai_admin.handlers.shapes.member_set import EXCLUSIVE
from pulumi_openai_admin.hosts.native.properties import DEFAULT_PROVIDER
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.lifecycle.claims import Claims, claims_of
from pulumi_openai_admin.printable import bounded, printable
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.similar import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_openai_admin.resources.base import AdminResource

    Record = Mapping[str, Any]
    """A resource as an exported stack has it."""


class StackState:
    """What an exported stack manages. It is refused if an operation of it was interrupted.

    `is_included` says whether a resource counts, such as one of a certain provider.
    """

    def __init__(self, document: Any, is_included: Callable[[Record], bool] = lambda _: True) -> None:
        records, deployment = recorded.records_of(document), document["deployment"]
        pending = [operation.get("resource") or {} for operation in deployment.get("pending_operations") or ()]
        if ours := [name_of(record["urn"]) for record in pending if kind_of(record.get("type", ""))]:
            names = printable(bounded(", ", ours))
            what = f"An operation was interrupted, and its result is not in the stack: {names}"
            advice = "Run `pulumi refresh` and `pulumi up`, then run the same command again."
            raise errors.ConfigurationError(what, advice)
        self.names: dict[str, set[str]] = defaultdict(set)
        """The names of its resources, by kind."""
        self.providers = {
            name_of(record["urn"]): record["urn"] for record in records if recorded.is_explicit_provider(record)
        }
        """The URNs of the providers that its program declares, by name."""
        self.used: set[str] = set()
        """The names of those that its resources use; the default one is empty."""
        self.is_native: set[bool] = set()
        """Whether its resources are of the native provider, or of the dynamic one."""
        self.project_ids: set[str] = set()
        """The projects that it manages, or in which it manages something."""
        self.manages_organization = False
        """Whether it manages something that belongs to no project."""
        self.known: set[str] = set()
        """The strings in its resources: the id of an object that a resource knows without being it, such as its key."""
        self._managers: dict[tuple[str, str], str] = {}
        """The URN of the resource that manages an object, by its kind and its id."""
        self.claims = Claims()
        """The lists in which its resources manage something, and the names of what they manage."""
        self._hidden: list[str] = []
        """The URNs of the resources whose claims are not known, because inputs are encrypted."""
        for record in records:
            if (kind := kind_of(record["type"])) and is_included(record):
                plain: dict[str, Any] = {
                    name: recorded.revealed(record[name]) for name in ("inputs", "outputs") if name in record
                }
                self._add(RecordedResource(kind, {**record, **plain}))

    def not_known(self, titles: Mapping[str, str] = MappingProxyType({})) -> list[str]:
        """What is not known of the stack, as a sentence; by URN, what messages call its resources."""
        names = [titles.get(urn, f"{recorded.kind_in(urn)} {printable(name_of(urn))}") for urn in self._hidden]
        text = "It is not known what these resources manage, because inputs are encrypted in the state: "
        advice = "Use --state with a file of `pulumi stack export --show-secrets`, and delete it afterwards."
        return [f"{text}{bounded(', ', names)}. {advice}"] if names else []

    def manager(self, kind: str, id_: str) -> str | None:
        """The URN of the resource that manages an object; None if the stack has none."""
        return self._managers.get((kind, id_))

    def unmanaged_part(
        self, resource: type[AdminResource], inputs: Mapping[str, Any]
    ) -> tuple[Mapping[str, Any] | None, str | None]:
        """The inputs of a new resource without what other resources of the stack manage; None if nothing is left.

        Beside them, the URN of one of the resources that manage the rest, if any.
        """

        def overlap(part: Mapping[str, Any]) -> tuple[str, str] | None:
            return self.claims.overlap(claims_of(resource, part))

        found, name = overlap(inputs), collection(resource)
        if found is None:
            return inputs, None
        urn, _ = found
        if not name:
            return None, urn
        items = inputs[name]
        if isinstance(items, dict):
            kept: Any = {key: item for key, item in items.items() if not overlap({**inputs, name: {key: item}})}
        else:
            kept = [item for item in items if not overlap({**inputs, name: [item]})]
        return ({**inputs, name: kept} if kept else None), urn

    def provider(self, name: str) -> str:
        """The name of the provider for new resources; empty: the default one.

        It is the one that the user names, which must exist, or else the only one that the stack uses.
        """
        if name == DEFAULT_PROVIDER:
            return ""
        if name and name not in self.providers:
            listed = printable(bounded(", ", [*sorted(self.providers), DEFAULT_PROVIDER]))
            otherwise = f"It has {listed}." if self.providers else "Its program declares none: omit --provider."
            advice = did_you_mean(name, [*self.providers, DEFAULT_PROVIDER], otherwise)
            raise errors.NoMatchError(f"The stack has no provider {name!r} for OpenAI", advice)
        used = {name} if name else self.used or set(self.providers) or {""}
        if len(used) > 1:
            names = bounded(", ", (name_ or DEFAULT_PROVIDER for name_ in sorted(used)))
            what = f"The resources of the stack use several providers: {printable(names)}"
            raise errors.ConfigurationError(what, "Say which one the new resources have with --provider NAME.")
        return next(iter(used))

    def _add(self, known: RecordedResource) -> None:
        urn, kind, resource = known.urn, known.kind, known.resource_class
        self.names[kind].add(name_of(urn))
        if known.record.get("external") or not known.id:
            return  # read by its id, or not made yet
        self.is_native.add(known.is_native)
        provider = str(known.record.get("provider") or "").rpartition("::")[0]
        self.used.add(next((name for name, declared in self.providers.items() if declared == provider), ""))
        inputs, outputs = (
            {name: value for name, value in values.items() if not has_secret(value)}
            for values in (known.inputs, known.outputs)
        )
        left: Mapping[str, Any] | None = inputs
        if resource.handler.does("without_ended") and resource.handler.is_scheduled(inputs):
            with suppress(state.WrongIdError):
                remote = state.to_remote(resource.declaration, known.id, outputs)
                left = state.without_ended(resource.declaration, resource.handler, remote, inputs)
        if left is None:
            return  # access that has ended (`until`) is no longer managed
        self._managers.setdefault((kind, known.id), urn)
        for other in all_kinds():
            name, is_alone = str(other.identity), not (other.parents or other.is_member)
            field_, id_ = resource.declaration.fields.get(name), outputs.get(name)
            is_output = field_ is not None and field_.role is FieldRole.OUTPUT
            if other.name != kind and is_alone and is_output and isinstance(id_, str) and id_:
                self._managers.setdefault((other.name, id_), urn)
        self._add_claims(known, left, outputs)

    def _add_claims(self, known: RecordedResource, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> None:
        """What the resource manages beside the object with its id."""
        declaration = known.declaration
        try:
            ids, _ = state.split_id(declaration, known.id)
        except state.WrongIdError:
            return  # of another program
        project_id = recorded.project_of(declaration, known.kind, known.id, {**outputs, **inputs})
        self.project_ids |= {project_id} if project_id else set()
        self.manages_organization |= not project_id
        self.known.update(text for text in leaves([known.id, outputs]) if isinstance(text, str))
        paths = {field.name: ids[field.wire] for field in declaration.with_role(FieldRole.PATH) if field.wire in ids}
        given, document = {**inputs, **paths}, state.to_document(declaration, outputs)
        claims = claims_of(known.resource_class, given, document)
        self.claims.add(known.urn, claims)
        values = [*declaration.with_role(FieldRole.ARGUMENT), *declaration.with_role(FieldRole.SELECTOR)]
        names = [*(field.name for field in values), EXCLUSIVE]
        is_hidden = any(has_secret(known.inputs.get(name)) for name in names)
        is_setting = bool(claims) and all(type(claim) is Claim for claim in claims)  # the same with all values
        if is_hidden and not is_setting and known.resource_class.handler.does("claims"):
            self._hidden.append(known.urn)


def collection(resource: type[AdminResource]) -> str:
    """The input with what one resource manages together; empty if it manages one object."""
    if not resource.handler.path_of_each:
        return ""
    return next(field.name for field in resource.declaration.with_role(FieldRole.ARGUMENT) if field.required)


class ProjectFolder:
    """The Pulumi project in a folder. A folder without one is refused."""

    def __init__(self, path: Path) -> None:
        file = next((path / name for name in recorded.SETTINGS if (path / name).is_file()), None)
        if file is None:
            what = f"{path} has no {recorded.SETTINGS[0]}, so it is not the folder of a Pulumi project"
            raise errors.ConfigurationError(what, "For a new program, use --out DIR instead of --into.")
        settings = _mapping(_parsed(file))
        runtime = settings.get("runtime")
        name = _mapping(runtime).get("name") if isinstance(runtime, dict) else runtime
        self.runtime = str(name or "")
        """The name of the language: `python`, `yaml`, …"""
        main = Path(str(settings.get("main") or ""))
        self.program = main if (path / main).is_dir() else main.parent
        """The folder of the program, from the one of the Pulumi project."""
        declared = _mapping(_parsed(path / "Main.yaml")) if (path / "Main.yaml").is_file() else settings
        resources = _mapping(declared.get("resources"))
        named = ((str(key), _mapping(resource).get("name")) for key, resource in reversed(resources.items()))
        self.keys = {name: key for key, name in named if isinstance(name, str)}
        """In a YAML program, the keys of resources with another name, by name."""
        taken = [*resources, *_mapping(declared.get("variables")), *_mapping(settings.get("config"))]
        self.names = frozenset(map(str, taken))
        """In a YAML program, the keys that a resource can't have."""


def _parsed(file: Path) -> Any:
    try:
        return yaml.safe_load(file.read_bytes())
    except yaml.YAMLError:
        raise errors.ConfigurationError(f"{file} is not valid YAML", "Correct it first.") from None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
