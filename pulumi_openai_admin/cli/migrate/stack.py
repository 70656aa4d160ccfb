"""All resources of an exported stack, as the native provider has them. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import public_names, resources
from pulumi_openai_admin.cli.migrate.properties import Properties, described
from pulumi_openai_admin.cli.migrate.urns import (
    DYNAMIC_PROVIDER,
    NATIVE_PROVIDER,
    Urns,
    is_urn,
    kind_of,
    name_of,
    native_type,
)
from pulumi_openai_admin.cli.stack_export import has_mappings
from pulumi_openai_admin.config import NAMESPACE, OF_PROVIDER, SETTINGS
from pulumi_openai_admin.errors import ConfigurationError
from pulumi_openai_admin.hosts.native.names import DEFAULT_PROVIDER, MODULE, camel, is_default_provider, token
from pulumi_openai_admin.printable import bounded, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pulumi_openai_admin.schema.fields import Declaration

    Record = dict[str, Any]
    """A resource, provider or component as an exported stack has it."""

_COMPONENT = token("TeamProject")
"""The type of the component, which is the same in both providers: only its outputs have other names."""
_VERSIONS = (3, 4)
"""The versions of the format of exported stacks; 4 is 3 with the names of features that not every engine has."""
_VALUES = ("inputs", "outputs")
_BY_NAME = "propertyDependencies"
_NAMES = ("additionalSecretOutputs",)
_PATHS = ("ignoreChanges", "replaceOnChanges", "hideDiff")


@dataclass(frozen=True)
class Migrated:
    """A stack of the native provider.

    Args:
        document: What `pulumi stack import` takes.
        counts: How many resources were migrated, by kind.
        providers: The names of the providers that the program declares.
    """

    document: Mapping[str, Any]
    counts: Counter[str]
    providers: tuple[str, ...] = ()


def migrate(document: Any, new_id: Callable[[], str]) -> Migrated:
    """A stack of the native provider, from one of the dynamic provider.

    Args:
        document: The exported stack.
        new_id: Gives the id of a new provider.

    Raises:
        ConfigurationError: It is no exported stack, has nothing to migrate, or has something that can't be migrated.
    """
    records = records_of(document)
    _refuse(document["deployment"], records)
    moved = _Moved.of(records, new_id)
    deployment = {**document["deployment"], "resources": moved.records(records)}
    _refuse_namesakes(deployment["resources"])
    _refuse_dangling(records, deployment["resources"])
    if "pending_operations" in deployment:  # of other packages
        deployment["pending_operations"] = moved.urns.everywhere(deployment["pending_operations"])
    counts = Counter(kind for record in records if (kind := kind_of(record["type"])))
    return Migrated({**document, "deployment": deployment}, counts, tuple(map(name_of, sorted(moved.urns.providers))))


def declaration_of(kind: str) -> Declaration:
    """The fields of a resource, by its public name."""
    resource: Any = public_names.load(kind)
    declaration: Declaration = resource.declaration
    return declaration


def records_of(document: Any) -> list[Record]:
    """The resources of an exported stack.

    Raises:
        ConfigurationError: It is no exported stack.
    """
    deployment = document.get("deployment") if isinstance(document, dict) else None
    found = (deployment.get("resources") or []) if isinstance(deployment, dict) else None
    if not isinstance(found, list) or not all(map(_is_record, found)) or document.get("version") not in _VERSIONS:
        what = "The input is not an exported stack, or has a format that this version does not know"
        raise ConfigurationError(what, "Export the stack with `pulumi stack export --file FILE`.")
    return found


def _is_record(value: Any) -> bool:
    is_resource = isinstance(value, dict) and is_urn(value.get("urn")) and isinstance(value.get("type"), str)
    return is_resource and has_mappings(value)


def _refuse(deployment: Mapping[str, Any], records: Iterable[Record]) -> None:
    """Refuse a stack without resources of the dynamic provider, or with some that can't be migrated."""
    types = [record["type"] for record in records]
    if not any(map(kind_of, types)):
        if any(type_.startswith(f"{MODULE}:") for type_ in types):
            raise ConfigurationError("The stack already uses the native provider", "There is nothing to migrate.")
        what = "The stack has no resources of pulumi-openai-admin"
        raise ConfigurationError(what, "Check that it is the right stack: `pulumi stack ls`.")
    unknown = sorted({kind for type_ in types if (kind := kind_of(type_)) and kind not in resources.ALL})
    if unknown:
        what = f"This version of pulumi-openai-admin does not have {bounded(', ', unknown)}"
        raise ConfigurationError(what, "Use the newest version.")
    names = [name_of(record["urn"]) for record in records if _is_declared(record)]
    taken = sorted(filter(is_default_provider, names))
    if taken:
        what = f"Provider {printable(taken[0])!r} has a name that the engine reserves for its default providers"
        advice = (
            "Give it another name in the program, with an alias for the old one, run `pulumi up`, and export again."
        )
        raise ConfigurationError(what, advice)
    pending = [operation.get("resource") or {} for operation in deployment.get("pending_operations") or ()]
    ours = [
        described(kind, name_of(operation["urn"]))
        for operation in pending
        if (kind := kind_of(operation.get("type", "")))
    ]
    if ours:
        what = f"An operation was interrupted, and its result is not in the stack: {bounded(', ', ours)}"
        raise ConfigurationError(
            what, "Run `pulumi refresh` and `pulumi up` with the present program, then export the stack again."
        )


def _is_declared(record: Record) -> bool:
    """Whether a record is a provider of the dynamic package that the program declares."""
    return record["type"] == DYNAMIC_PROVIDER and OF_PROVIDER in (record.get("inputs") or {})


def _refuse_namesakes(records: Iterable[Record]) -> None:
    """Refuse a stack that has a resource of both providers with one name."""
    found = Counter(record["urn"] for record in records if not record.get("delete"))
    twice = [
        described(urn.split("::")[2].rpartition(":")[2], name_of(urn)) for urn, count in found.items() if count > 1
    ]
    if twice:
        what = f"The stack has resources of both providers with the same name: {bounded(', ', twice)}"
        raise ConfigurationError(
            what, "Rename those of the native provider in the program, run `pulumi up`, and export the stack again."
        )


def _refuse_dangling(olds: Iterable[Record], news: Iterable[Record]) -> None:
    """Refuse a stack that the engine would refuse, because a resource would refer to another one by its old name."""
    missing = sorted(_dangling(news) - _dangling(olds))
    if missing:
        what = f"The new stack would refer to a resource that it does not contain: {printable(name_of(missing[0]))}"
        advice = "Give that resource no parent of pulumi-openai-admin, run `pulumi up`, and export the stack again."
        raise ConfigurationError(what, advice)


def _dangling(records: Iterable[Record]) -> set[str]:
    """The parents and providers that resources refer to, and that are not among them."""
    records = list(records)
    there = {"", *(record["urn"] for record in records), *map(_reference, records)}
    return {str(record.get(key) or "") for record in records for key in ("parent", "provider")} - there


@dataclass
class _Moved:
    """What changes in a stack."""

    urns: Urns
    references: dict[str, str]
    """The new references to providers, by the old ones."""
    default: Record | None = None
    """The provider for resources that name none."""
    replaced: Record | None = None
    """The first one that it replaces: it has to be in the stack before the resources that refer to it."""
    kept: frozenset[str] = frozenset()
    """References to providers of the dynamic package that other resources still need."""

    @classmethod
    def of(cls, records: list[Record], new_id: Callable[[], str]) -> _Moved:
        """What changes in a stack with these resources."""
        needed = {record.get("provider", "") for record in records if kind_of(record["type"])}
        kept = frozenset(record.get("provider", "") for record in records if not kind_of(record["type"]))
        providers = [record for record in records if record["type"] == DYNAMIC_PROVIDER]
        declared = [provider for provider in providers if _is_declared(provider)]
        urns = Urns.of(provider["urn"] for provider in declared)
        references = {
            _reference(provider): _reference({**provider, "urn": urns.native(provider["urn"])}) for provider in declared
        }
        others = [provider for provider in providers if provider not in declared and _reference(provider) in needed]
        default, replaced = None, others[0] if others else None
        if others:
            default = _existing_default(records) or _new_default(others, new_id())
            references |= {_reference(provider): _reference(default) for provider in others}
        missing = sorted(needed - {*references, ""})
        if missing:
            what = f"The stack refers to a provider that it does not contain: {printable(name_of(missing[0]))}"
            raise ConfigurationError(what, "Run `pulumi state repair`, then export the stack again.")
        return cls(urns, references, default, replaced, kept)

    def records(self, records: list[Record]) -> list[Record]:
        """The resources of the new stack."""
        found: list[Record] = []
        for record in records:
            if record is self.replaced and self.default is not None and self.default not in found:
                found.append(self.default)
            if record["type"] == DYNAMIC_PROVIDER:
                found += self._providers(record)
            elif record is not self.default or record not in found:
                found.append(self._moved(record))
        return found

    def _moved(self, record: Record) -> Record:
        """What is no provider."""
        if kind_of(record["type"]):
            return self._native(record)
        new = self._other(record)
        if record["type"] == _COMPONENT and record.get("outputs"):
            new["outputs"] = {camel(name): value for name, value in new["outputs"].items()}
        return new

    def _providers(self, record: Record) -> list[Record]:
        """What takes the place of a provider of the dynamic package."""
        native = [self._provider(record)] if record["urn"] in self.urns.providers else []
        is_needed = _reference(record) not in self.references or _reference(record) in self.kept
        return [*native, *([record] if is_needed else [])]

    def _native(self, record: Record) -> Record:
        """A resource of the package."""
        kind = kind_of(record["type"])
        properties = Properties(described(kind, name_of(record["urn"])), declaration_of(kind))
        new = self._other(record) | {"type": native_type(record["type"])}
        if "provider" in record:
            new["provider"] = self.references[record["provider"]]
        if "inputs" in record:
            new["inputs"] = properties.inputs(record["inputs"] or {})
        if "outputs" in record:
            new["outputs"] = properties.state(record["outputs"] or {})
        if _BY_NAME in record:
            new[_BY_NAME] = {name: urns for old, urns in new[_BY_NAME].items() for name in properties.names([old])}
        new |= {key: properties.names(record[key]) for key in _NAMES if key in record}
        return new | {key: [*map(properties.path, record[key])] for key in _PATHS if record.get(key)}

    def _other(self, record: Record) -> Record:
        """A resource of another package: only its references to resources of this one change."""
        return {
            key: self.urns.in_references(value)
            if key in _VALUES
            else value
            if key in ("type", "id")
            else self.urns.everywhere(value)
            for key, value in record.items()
        }

    def _provider(self, record: Record) -> Record:
        """A provider that the program declares."""
        new = self._other(record) | {"type": NATIVE_PROVIDER}
        return new | {key: _settings(new[key]) for key in (*_VALUES, _BY_NAME) if new.get(key)}


def _reference(provider: Record) -> str:
    return f"{provider['urn']}::{provider.get('id', '')}"


def _settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings among the values of a provider, as the native provider names them."""
    full = {f"{NAMESPACE}:{name}": name for name in SETTINGS}
    return {full[key]: value for key, value in values.items() if key in full}


def _existing_default(records: Iterable[Record]) -> Record | None:
    """The native provider for resources that name none, in a stack that already has native resources."""
    providers = [record for record in records if record["type"] == NATIVE_PROVIDER and not record.get("delete")]
    return next((provider for provider in providers if is_default_provider(name_of(provider["urn"]))), None)


def _new_default(others: list[Record], id_: str) -> Record:
    """The native provider for resources that name none, with the stack configuration.

    It has no version, so every installed version serves it.
    """
    head, project, *_ = others[0]["urn"].split("::", 3)
    urn = f"{head}::{project}::{NATIVE_PROVIDER}::{DEFAULT_PROVIDER}"
    new = {"urn": urn, "custom": True, "id": id_, "type": NATIVE_PROVIDER}
    for key in _VALUES:
        settings = {name: value for provider in others for name, value in _settings(provider.get(key) or {}).items()}
        new |= {key: settings} if settings else {}
    return new | {key: others[0][key] for key in ("created", "modified") if key in others[0]}
