"""`--from-terraform`: the objects that a Terraform state names, and their names there. Pure.

The state only says which objects there are: their values are read from OpenAI. No secret leaves it. There is a table of
counterparts for each Terraform provider for OpenAI, from its documentation:

openai/openai         1.3.0, and commits after it
jianyuan/openai       0.7.0
mkdev-me/openai       2.2.7
cloudopsworks/openai  0.1.1, and commits after it
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.kinds import Chosen, kind_of, with_id
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.validation import normalized

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pulumi_openai_admin.cli.adopt.kinds import AdoptedKind

_PREDEFINED = "role-api-"
"""What the id of a role that OpenAI predefines begins with."""
_ROLE_IN_PROJECT = f"{_PREDEFINED}project-"


@dataclass(frozen=True)
class Counterpart:
    """The kind of object that a resource of Terraform manages.

    Args:
        kind: The kind.
        id: Its id, with the names of Terraform's attributes: `{project_id}/{role_id}`.
        inputs: The inputs whose values Terraform's state has, by the names of its attributes; a dot leads into an
            object. Without those that have the same name.
        not_compared: Attributes with the name of an input that are not compared with it.
        joint: What is between the ids in an attribute of Terraform that contains several.
        when: The attribute that has to be true, or the resource of Terraform does not manage such an object.
        each: The attribute with several objects, a list of ids or a mapping: an id or a key is `{item}` in `id`.
        predefined: Where it concerns a role that OpenAI predefines, the counterpart instead of this one: it is the
            `role` of another kind of resource.
    """

    kind: str
    id: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    not_compared: tuple[str, ...] = ()
    joint: str = "/"
    when: str = ""
    each: str = ""
    predefined: Counterpart | None = None


Row = tuple[Counterpart, ...] | str
"""What a resource of Terraform manages; or why it has no counterpart, and what to do."""

_KEY_NOT_SHOWN = "OpenAI shows an API key only when it is created: declare an AdminApiKey, then revoke the old key"
_WEBHOOK_ENDPOINT = (
    "it is read with an API key of its project, and OpenAI shows its signing secret only once: declare a "
    "WebhookEndpoint, then delete the old endpoint"
)
_KEY_OF_ACCOUNT = (
    "OpenAI shows an API key only when it is created: declare a ProjectServiceAccountApiKey, then revoke the old key"
)
_NOT_ADMINISTRATION = "it belongs to the API for models, not to the administration of the organization"

_USER = Counterpart("OrganizationUser", "{user_id}")
_PROJECT_USER = Counterpart("ProjectUser", "{project_id}/{user_id}")
_PROJECT_GROUP = Counterpart("ProjectGroup", "{project_id}/{group_id}")
_ALERT = {
    "notification_channel_recipients": "recipients",
    "notification_channel_subject_prefix": "subject_prefix",
}
_NESTED_ALERT = {
    "notification_channel.recipients": "recipients",
    "notification_channel.subject_prefix": "subject_prefix",
}
_ROLE_OF_USER = Counterpart("UserRole", "{user_id}/{role_id}", predefined=_USER)
_ROLE_OF_GROUP = Counterpart("GroupRole", "{group_id}/{role_id}")
_ROLE_OF_USER_IN_PROJECT = Counterpart("ProjectUserRole", "{project_id}/{user_id}/{role_id}", predefined=_PROJECT_USER)
_ROLE_OF_GROUP_IN_PROJECT = Counterpart(
    "ProjectGroupRole", "{project_id}/{group_id}/{role_id}", predefined=_PROJECT_GROUP
)
_GROUP_USER = Counterpart("GroupUser", "{group_id}/{user_id}")
_PROJECT_RETENTION = Counterpart("ProjectDataRetention", "{project_id}", {"type": "retention_type"})
_MODELS = Counterpart("ProjectModelPermissions", "{project_id}")
_LIMIT = Counterpart("ProjectRateLimit", "{project_id}/{rate_limit_id}")
_PROJECT = Counterpart("Project", "{id}")
_GROUP = Counterpart("Group", "{id}")
_INVITE = Counterpart("Invite", "{id}", not_compared=("projects",))

OFFICIAL: dict[str, Row] = {
    "openai_certificate": (Counterpart("Certificate", "{certificate_id}", not_compared=("certificate",)),),
    "openai_external_key": (Counterpart("ExternalKey", "{external_key_id}"),),
    "openai_group": (Counterpart("Group", "{group_id}"),),
    "openai_group_role": (_ROLE_OF_GROUP,),
    "openai_group_user": (_GROUP_USER,),
    "openai_invite": (Counterpart("Invite", "{invite_id}", not_compared=("projects",)),),
    "openai_mcp_tunnel": (Counterpart("McpTunnel", "{id}"),),
    "openai_organization_data_retention": (
        Counterpart("OrganizationDataRetention", "organization", {"type": "retention_type"}),
    ),
    "openai_organization_spend_alert": (Counterpart("OrganizationSpendAlert", "{alert_id}", _ALERT),),
    "openai_organization_spend_limit": (Counterpart("OrganizationSpendLimit", "organization"),),
    "openai_organization_user": (_USER,),
    "openai_project": (Counterpart("Project", "{project_id}"),),
    "openai_project_data_retention": (_PROJECT_RETENTION,),
    "openai_project_group": (_PROJECT_GROUP,),
    "openai_project_group_role": (_ROLE_OF_GROUP_IN_PROJECT,),
    "openai_project_hosted_tool_permissions": (
        Counterpart(
            "ProjectHostedToolPermissions",
            "{project_id}",
            {
                "code_interpreter_enabled": "code_interpreter",
                "file_search_enabled": "file_search",
                "image_generation_enabled": "image_generation",
                "mcp_enabled": "mcp",
                "web_search_enabled": "web_search",
            },
        ),
    ),
    "openai_project_model_permissions": (_MODELS,),
    "openai_project_rate_limit": (_LIMIT,),
    "openai_project_role": (Counterpart("ProjectRole", "{project_id}/{role_id}", {"role_name": "name"}),),
    "openai_project_service_account": (Counterpart("ProjectServiceAccount", "{project_id}/{service_account_id}"),),
    "openai_project_spend_alert": (Counterpart("ProjectSpendAlert", "{project_id}/{alert_id}", _ALERT),),
    "openai_project_spend_limit": (Counterpart("ProjectSpendLimit", "{project_id}"),),
    "openai_project_user": (_PROJECT_USER,),
    "openai_project_user_role": (_ROLE_OF_USER_IN_PROJECT,),
    "openai_role": (Counterpart("Role", "{role_id}", {"role_name": "name"}),),
    "openai_user_role": (_ROLE_OF_USER,),
    "openai_webhook_endpoint": _WEBHOOK_ENDPOINT,
    "openai_project_rate_limits": (  # before 1.0.0
        Counterpart("ProjectRateLimit", "{project_id}/rl-{item}", each="rate_limits"),
    ),
}

JIANYUAN: dict[str, Row] = {
    "openai_admin_api_key": _KEY_NOT_SHOWN,
    "openai_data_retention": (Counterpart("OrganizationDataRetention", "organization", {"type": "retention_type"}),),
    "openai_group": (_GROUP,),
    "openai_group_role_assignment": (_ROLE_OF_GROUP,),
    "openai_group_user": (_GROUP_USER,),
    "openai_invite": (_INVITE,),
    "openai_organization_role": (Counterpart("Role", "{id}"),),
    "openai_project": (_PROJECT,),
    "openai_project_group_role_assignment": (_ROLE_OF_GROUP_IN_PROJECT,),
    "openai_project_model_permissions": (_MODELS,),
    "openai_project_rate_limit": (_LIMIT,),
    "openai_project_role": (Counterpart("ProjectRole", "{project_id}/{id}"),),
    "openai_project_service_account": (Counterpart("ProjectServiceAccount", "{project_id}/{id}"),),
    "openai_project_spend_alert": (Counterpart("ProjectSpendAlert", "{project_id}/{id}", _NESTED_ALERT),),
    "openai_project_spend_limit": (Counterpart("ProjectSpendLimit", "{project_id}"),),
    "openai_project_user": (_PROJECT_USER,),
    "openai_project_user_role_assignment": (_ROLE_OF_USER_IN_PROJECT,),
    "openai_spend_alert": (Counterpart("OrganizationSpendAlert", "{id}", _NESTED_ALERT),),
    "openai_spend_limit": (Counterpart("OrganizationSpendLimit", "organization"),),
    "openai_user_role": (_USER,),
    "openai_user_role_assignment": (_ROLE_OF_USER,),
}

MKDEV: dict[str, Row] = {
    "openai_admin_api_key": _KEY_NOT_SHOWN,
    "openai_group": (_GROUP,),
    "openai_group_user": (_GROUP_USER,),
    "openai_invite": (_INVITE,),
    "openai_organization_group_role": (_ROLE_OF_GROUP,),
    "openai_organization_role": (Counterpart("Role", "{id}"),),
    "openai_organization_user": (_USER,),
    "openai_organization_user_role": (_ROLE_OF_USER,),
    "openai_project": (_PROJECT,),
    "openai_project_api_key": _KEY_OF_ACCOUNT,
    "openai_project_group": (
        _PROJECT_GROUP,
        Counterpart("ProjectGroupRole", "{project_id}/{group_id}/{item}", each="role_ids", predefined=_PROJECT_GROUP),
    ),
    "openai_project_role": (Counterpart("ProjectRole", "{id}", joint=":"),),
    "openai_project_service_account": (Counterpart("ProjectServiceAccount", "{project_id}/{service_account_id}"),),
    "openai_project_user": (
        _PROJECT_USER,
        Counterpart("ProjectUserRole", "{project_id}/{user_id}/{item}", each="role_ids", predefined=_PROJECT_USER),
    ),
    "openai_rate_limit": (
        Counterpart(
            "ProjectRateLimit",
            "{project_id}/rl-{model}",  # its `rate_limit_id` is one that OpenAI does not know
            {
                "max_images_per_minute": "max_images_per_1_minute",
                "max_requests_per_minute": "max_requests_per_1_minute",
                "max_tokens_per_minute": "max_tokens_per_1_minute",
            },
        ),
    ),
    **dict.fromkeys(
        (
            *("openai_audio_transcription", "openai_audio_translation", "openai_batch", "openai_chat_completion"),
            *("openai_embedding", "openai_file", "openai_fine_tuning_checkpoint_permission", "openai_fine_tuning_job"),
            *("openai_image_edit", "openai_image_generation", "openai_image_variation", "openai_model"),
            *("openai_moderation", "openai_response", "openai_speech_to_text", "openai_text_to_speech"),
            *("openai_vector_store", "openai_vector_store_file", "openai_vector_store_file_batch"),
        ),
        _NOT_ADMINISTRATION,
    ),
}

CLOUDOPSWORKS: dict[str, Row] = {
    "openai_admin_api_key": _KEY_NOT_SHOWN,
    "openai_organization_certificate": (
        Counterpart("Certificate", "{id}", not_compared=("certificate",)),
        Counterpart("OrganizationCertificateActivation", "{id}", when="active"),
    ),
    "openai_organization_data_retention": (
        Counterpart("OrganizationDataRetention", "organization", {"type": "retention_type"}),
    ),
    "openai_organization_group": (_GROUP,),
    "openai_organization_group_role": (_ROLE_OF_GROUP,),
    "openai_organization_group_user": (_GROUP_USER,),
    "openai_organization_invite": (_INVITE,),
    "openai_organization_role": (Counterpart("Role", "{id}"),),
    "openai_organization_spend_alert": (Counterpart("OrganizationSpendAlert", "{id}", _NESTED_ALERT),),
    "openai_organization_spend_limit": (Counterpart("OrganizationSpendLimit", "organization"),),
    "openai_organization_user_role": (_ROLE_OF_USER,),
    "openai_project": (_PROJECT,),
    "openai_project_api_key": _KEY_OF_ACCOUNT,
    "openai_project_data_retention": (_PROJECT_RETENTION,),
    "openai_project_group": (_PROJECT_GROUP,),
    "openai_project_group_role": (_ROLE_OF_GROUP_IN_PROJECT,),
    "openai_project_hosted_tool_permissions": (Counterpart("ProjectHostedToolPermissions", "{project_id}"),),
    "openai_project_model_permissions": (_MODELS,),
    "openai_project_rate_limit": (Counterpart("ProjectRateLimit", "{project_id}/{id}"),),
    "openai_project_role": (Counterpart("ProjectRole", "{project_id}/{id}"),),
    "openai_project_spend_alert": (Counterpart("ProjectSpendAlert", "{project_id}/{id}", _NESTED_ALERT),),
    "openai_project_spend_limit": (Counterpart("ProjectSpendLimit", "{project_id}"),),
    "openai_project_user": (_PROJECT_USER,),
    "openai_project_user_role": (_ROLE_OF_USER_IN_PROJECT,),
    "openai_service_account": (Counterpart("ProjectServiceAccount", "{project_id}/{id}"),),
}

PROVIDERS = {
    "openai/openai": OFFICIAL,
    "jianyuan/openai": JIANYUAN,
    "mkdev-me/openai": MKDEV,
    "cloudopsworks/openai": CLOUDOPSWORKS,
}
"""The tables, by the end of a provider's address in a state."""

_VERSION = 4
_PULL = "Write the state to a file with `terraform state pull > terraform.tfstate`."
_PROVIDER = re.compile(r'provider\["([^"]+)"\](?:\.([\w-]+))?')
_MODULE = re.compile(r'module\.([\w-]+)(?:\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\])?')
_KEY = re.compile(r"sk-[A-Za-z0-9_-]{8}")
"""What an API key contains."""
_PUBLIC = {"certificate"}
"""Attributes that Terraform does not display, and that are no secret."""
_UNKNOWN = "this version of pulumi-openai-admin does not know it"


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


def read_file(path: Path) -> TerraformState:
    """What the Terraform state in a file names.

    Raises:
        errors.ConfigurationError: It is not JSON; see also `read`.
    """
    try:
        document = json.loads(path.read_bytes())
    except ValueError:
        what = f"{path} is not a Terraform state"
        raise errors.ConfigurationError(what, "Write it with `terraform state pull > terraform.tfstate`.") from None
    return read(document)


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
    if isinstance(row, str):
        found.left_out.append(f"{instance.address} is not moved: {row}")
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
        if counterpart.predefined is not None and role.startswith(_PREDEFINED):
            fits = counterpart.predefined
        try:
            id_ = _id(fits, values)
            kind = kind_of(fits.kind)
            name = f"{instance.name} {item}" if isinstance(items, dict) else instance.name
            yield with_id(kind, id_, name=name, origin=instance.address, known=_known(instance, fits, kind))
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
