"""The objects that a Terraform state names, and their names there. Pure.

The state only says which objects there are: their values are read from OpenAI. No secret leaves it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.chosen import Chosen, with_id
from pulumi_openai_admin.cli.adopt.kinds import all_kinds
from pulumi_openai_admin.cli.adopt.terraform_providers import PREDEFINED, PROVIDERS, Nothing
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.validation import normalized

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_openai_admin.cli.adopt.kinds import AdoptedKind
    from pulumi_openai_admin.cli.adopt.terraform_providers import Counterpart, Row

_VERSION = 4
_PULL = "Write the state to a file with `terraform state pull > terraform.tfstate`."
_PROVIDER = re.compile(r'provider\["([^"]+)"\](?:\.([\w-]+))?')
_MODULE = re.compile(r'module\.([\w-]+)(?:\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\])?')
_KEY = re.compile(r"sk-[A-Za-z0-9_-]{8}")
"""What an API key contains."""
_PUBLIC = {"certificate"}
"""Attributes that Terraform does not display, and that are no secret."""
_UNKNOWN = Nothing("this version of pulumi-openai-admin does not know it")
_ROLE_IN_PROJECT = f"{PREDEFINED}project-"


@dataclass
class TerraformState:
    """What a Terraform state names."""

    objects: list[Chosen] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """What is not moved, with the reasons."""
    with_keys: list[str] = field(default_factory=list)
    """The addresses of what contains API keys or other secrets."""
    aliases: set[str] = field(default_factory=set)
    """The configurations of the provider that are used; an empty one is the default."""
    others: int = 0
    """How many data sources there are, and resources of other providers."""


@dataclass(frozen=True)
class _Instance:
    address: str
    name: str
    type: str
    attributes: Mapping[str, Any]
    secrets: frozenset[str]
    """The attributes that Terraform does not display."""


def read(document: Any) -> TerraformState:
    """What a Terraform state names.

    Args:
        document: The state.

    Raises:
        errors.ConfigurationError: It is no state of version 4, or has no resource of a provider for OpenAI.
    """
    found, first = TerraformState(), dict[tuple[str, str], Chosen]()
    for resource in _resources(document):
        provider, alias = _provider_of(resource)
        table = PROVIDERS.get(provider)
        if resource.get("mode") != "managed" or table is None:
            found.others += 1
            if _KEY.search(str(resource.get("instances"))):
                found.with_keys.append(_address(resource, {}))
            continue
        found.aliases.add(alias)
        for instance in _instances(resource, found):
            for chosen in _counterparts(instance, table, found):
                _add(chosen, found, first)
    if _KEY.search(str(document.get("outputs"))):
        found.with_keys.append("outputs")
    if not (found.objects or found.left_out):
        what = "The Terraform state has no resource of a provider for OpenAI"
        raise errors.ConfigurationError(what, f"The known providers are {', '.join(PROVIDERS)}.")
    return found


def _add(chosen: Chosen, found: TerraformState, first: dict[tuple[str, str], Chosen]) -> None:
    """Add an object, unless another resource of Terraform manages the same."""
    other = first.setdefault((chosen.kind.name, chosen.id), chosen)
    if other is chosen:
        found.objects.append(chosen)
    elif other.origin != chosen.origin:
        found.left_out.append(
            f"{chosen.origin} needs no separate resource, because {other.origin} is the same {chosen.kind.name}"
        )


def _counterparts(instance: _Instance, table: Mapping[str, Row], found: TerraformState) -> Iterator[Chosen]:
    if instance.secrets - _PUBLIC or _KEY.search(str(instance.attributes)):
        found.with_keys.append(instance.address)
    row = table.get(instance.type, _UNKNOWN)
    if isinstance(row, Nothing):
        found.left_out.append(f"{instance.address} is not moved: {row.why}")
        return
    for counterpart in row:
        if counterpart.when and instance.attributes.get(counterpart.when) is not True:
            continue
        yield from _objects(instance, counterpart, found)


def _resources(document: Any) -> list[dict[str, Any]]:
    if isinstance(document, dict) and "encrypted_data" in document:
        raise errors.ConfigurationError("The state is encrypted", f"{_PULL} For OpenTofu: `tofu state pull`.")
    if isinstance(document, dict) and "format_version" in document:
        raise errors.ConfigurationError("The file is the output of `terraform show -json`, not a state", _PULL)
    resources = document.get("resources") if isinstance(document, dict) else None
    if not isinstance(resources, list) or document.get("version") != _VERSION:
        what = f"The file is not a Terraform state of version {_VERSION}"
        raise errors.ConfigurationError(what, f"{_PULL} Terraform 0.12 and later write this version.")
    return [resource for resource in resources if isinstance(resource, dict) and isinstance(resource.get("type"), str)]


def _provider_of(resource: Mapping[str, Any]) -> tuple[str, str]:
    """The end of the provider's address, such as `openai/openai`, and the alias of its configuration."""
    found = _PROVIDER.search(str(resource.get("provider")))
    return ("/".join(found[1].split("/")[-2:]), found[2] or "") if found else ("", "")


def _instances(resource: Mapping[str, Any], state: TerraformState) -> Iterator[_Instance]:
    for instance in filter(_is_mapping, _items(resource.get("instances"))):
        address, attributes = _address(resource, instance), instance.get("attributes")
        if instance.get("deposed"):
            state.left_out.append(f"{address} is not moved: Terraform replaced it and has not destroyed it yet")
        elif not isinstance(attributes, dict):
            state.left_out.append(f"{address} is not moved: the state has no attributes of it")
        else:
            secrets = frozenset(_secrets(_items(instance.get("sensitive_attributes")), attributes))
            yield _Instance(address, _name(resource, instance), resource["type"], attributes, secrets)


def _is_mapping(value: object) -> bool:
    return isinstance(value, dict)


def _items(value: Any) -> list[Any] | dict[Any, Any]:
    """A list or a mapping; an empty list in place of anything else."""
    return value if isinstance(value, list | dict) else []


def _secrets(paths: Iterable[Any], attributes: Mapping[str, Any]) -> Iterator[str]:
    """The attributes with a value that Terraform does not display."""
    for path in paths:
        first = path[0] if isinstance(path, list) and path else None
        name = first.get("value") if isinstance(first, dict) else None
        if isinstance(name, str) and attributes.get(name) not in (None, ""):
            yield name


def _address(resource: Mapping[str, Any], instance: Mapping[str, Any]) -> str:
    """The address in Terraform: `module.team["web"].openai_project.this[0]`."""
    module, key = resource.get("module"), instance.get("index_key")
    index = "" if key is None else f"[{key}]" if isinstance(key, int) else f'["{key}"]'
    parts = [*([str(module)] if module else []), str(resource.get("type")), str(resource.get("name"))]
    return ".".join(parts) + index


def _name(resource: Mapping[str, Any], instance: Mapping[str, Any]) -> str:
    """The words of the address without the type, for the name of a Pulumi resource: `team web this 0`."""
    modules = (word for found in _MODULE.findall(str(resource.get("module") or "")) for word in found if word)
    key = instance.get("index_key")
    return " ".join([*modules, str(resource.get("name")), *([] if key is None else [str(key)])])


def _objects(instance: _Instance, counterpart: Counterpart, state: TerraformState) -> Iterator[Chosen]:
    items = _items(instance.attributes.get(counterpart.each)) if counterpart.each else [None]
    for item in items:
        values = {**instance.attributes, "item": item}
        role = str(item or values.get("role_id") or "")
        fits = counterpart
        if counterpart.predefined is not None and role.startswith(PREDEFINED):
            fits = counterpart.predefined
        try:
            id_ = _id(fits, values)
            kind = _kinds()[fits.kind]
            name = f"{instance.name} {item}" if isinstance(items, dict) else instance.name
            yield with_id(kind, id_, name, instance.address, _known(instance, fits, kind))
        except ValueError:
            state.left_out.append(f"{instance.address} is not moved: the state has no id of it")


def _id(counterpart: Counterpart, values: Mapping[str, Any]) -> str:
    """The Pulumi id.

    Raises:
        ValueError: The state does not have a part of it.
    """
    names = re.findall(r"\{(\w+)\}", counterpart.id)
    if not all(isinstance(values.get(name), str) and values[name] for name in names):
        raise ValueError(counterpart.id)
    return counterpart.id.format(**{name: values[name].replace(counterpart.joint, "/") for name in names})


def _kinds() -> dict[str, AdoptedKind]:
    return {kind.name: kind for kind in all_kinds()}


def _known(instance: _Instance, counterpart: Counterpart, kind: AdoptedKind) -> dict[str, Any]:
    """The values in the state that can be compared, by the names of inputs. No secret is among them."""
    inputs = {
        field.name
        for field in kind.resource.declaration.inputs
        if field.role is FieldRole.ARGUMENT and not field.is_secret
    }
    names = {**{name: name for name in inputs}, **counterpart.inputs}
    found = {}
    for attribute, name in names.items():
        if attribute in counterpart.not_compared or attribute.partition(".")[0] in instance.secrets:
            continue
        value = normalized(documents.get(instance.attributes, attribute))
        if name in inputs and value is not None and not _KEY.search(str(value)):
            found[name] = value.removeprefix(_ROLE_IN_PROJECT) if isinstance(value, str) else value
    return found
