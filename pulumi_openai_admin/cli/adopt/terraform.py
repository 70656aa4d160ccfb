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
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.kinds import Chosen, kind_of, with_id
from pulumi_openai_admin.data_sources.kind import snake
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.lifecycle.state import WrongIdError
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
    """The kind of object that a resource of Terraform manages."""

    kind: str
    id: str
    """Its id, with the names of Terraform's attributes: `{project_id}/{role_id}`."""
    joint: str = "/"
    """What is between the ids in an attribute of Terraform that contains several."""
    when: str = ""
    """The attribute that has to be true, or the resource of Terraform does not manage such an object."""
    each: str = ""
    """The attribute with several objects, a list of ids or a mapping: an id or a key is `{item}` in `id`."""

    @property
    def predefined(self) -> Counterpart | None:
        """The counterpart of an assignment of a role that OpenAI predefines: it is the `role` of the member."""
        member = _MEMBERS.get(self.kind)
        return replace(self, kind=member, id=self.id.rpartition("/")[0]) if member else None


_MEMBERS = {"UserRole": "OrganizationUser", "ProjectUserRole": "ProjectUser", "ProjectGroupRole": "ProjectGroup"}
"""By the kind of an assignment of a role, the kind whose `role` says which predefined role a member has."""
INPUTS = {
    "type": "retention_type",
    "role_name": "name",
    "notification_channel_recipients": "recipients",
    "notification_channel_subject_prefix": "subject_prefix",
    "notification_channel.recipients": "recipients",
    "notification_channel.subject_prefix": "subject_prefix",
    "code_interpreter_enabled": "code_interpreter",
    "file_search_enabled": "file_search",
    "image_generation_enabled": "image_generation",
    "mcp_enabled": "mcp",
    "web_search_enabled": "web_search",
    "max_images_per_minute": "max_images_per_1_minute",
    "max_requests_per_minute": "max_requests_per_1_minute",
    "max_tokens_per_minute": "max_tokens_per_1_minute",
}
"""The inputs whose values are in attributes of Terraform with another name; a dot leads into an object."""
_NOT_COMPARED = {("Certificate", "certificate"), ("Invite", "projects")}
"""By kind, inputs that are not compared with the attribute of the same name."""

Row = Counterpart | tuple[Counterpart, ...] | str
"""What a resource of Terraform manages; or why it has no counterpart, and what to do."""

_KEY_NOT_SHOWN = "OpenAI shows an API key only when it is created: declare an AdminApiKey, then revoke the old key"
_KEY_OF_ACCOUNT = (
    "OpenAI shows an API key only when it is created: declare a ProjectServiceAccountApiKey, then revoke the old key"
)
_WEBHOOK_ENDPOINT = (
    "it is read with an API key of its project, and OpenAI shows its signing secret only once: declare a "
    "WebhookEndpoint, then delete the old endpoint"
)
_NOT_ADMINISTRATION = "it belongs to the API for models, not to the administration of the organization"


def _by(kind: str, own: str = "") -> Counterpart:
    """The counterpart whose attributes have the names of OpenAI's ids; `own` is another name for the object's id."""
    names = [*kind_of(kind).parents, own or kind_of(kind).identity]
    return Counterpart(kind, "/".join(f"{{{name}}}" for name in names if name) or "organization")


def _table(named: Iterable[str], own: Iterable[str], others: Mapping[str, Row]) -> dict[str, Row]:
    """The counterparts of a provider's resources, sorted by type, beside others.

    `named` are kinds whose types have the same name, and whose attributes have the names of OpenAI's ids; `own` those
    whose own id is the attribute `id`.
    """
    kinds = {**{kind: _by(kind) for kind in named}, **{kind: _by(kind, "id") for kind in own}}
    types = {f"openai_{snake(kind)}": found for kind, found in kinds.items()}
    return dict(sorted({**types, **others}.items()))


_WIDELY_NAMED = (
    *("OrganizationDataRetention", "OrganizationSpendLimit", "ProjectDataRetention", "ProjectGroup"),
    *("ProjectGroupRole", "ProjectHostedToolPermissions", "ProjectModelPermissions", "ProjectSpendLimit"),
    *("ProjectUser", "ProjectUserRole"),
)
"""The kinds that two of the providers have under the same names."""
OFFICIAL = _table(
    (
        *("Certificate", "ExternalKey", "Group", "GroupRole", "GroupUser", "Invite", "OrganizationSpendAlert"),
        *("OrganizationUser", "Project", "ProjectRateLimit", "ProjectRole", "ProjectServiceAccount"),
        *("ProjectSpendAlert", "Role", "UserRole", *_WIDELY_NAMED),
    ),
    ["McpTunnel"],
    {"openai_webhook_endpoint": _WEBHOOK_ENDPOINT},
)
# It is of versions before 1.0.0.
OFFICIAL["openai_project_rate_limits"] = Counterpart("ProjectRateLimit", "{project_id}/rl-{item}", each="rate_limits")
JIANYUAN = _table(
    ("GroupUser", "ProjectModelPermissions", "ProjectRateLimit", "ProjectSpendLimit", "ProjectUser"),
    ("Group", "Invite", "Project", "ProjectRole", "ProjectServiceAccount", "ProjectSpendAlert"),
    {
        "openai_admin_api_key": _KEY_NOT_SHOWN,
        "openai_data_retention": _by("OrganizationDataRetention"),
        "openai_group_role_assignment": _by("GroupRole"),
        "openai_organization_role": _by("Role", "id"),
        "openai_project_group_role_assignment": _by("ProjectGroupRole"),
        "openai_project_user_role_assignment": _by("ProjectUserRole"),
        "openai_spend_alert": _by("OrganizationSpendAlert", "id"),
        "openai_spend_limit": _by("OrganizationSpendLimit"),
        "openai_user_role": _by("OrganizationUser"),
        "openai_user_role_assignment": _by("UserRole"),
    },
)
MKDEV = _table(
    ("GroupUser", "OrganizationUser", "ProjectServiceAccount"),
    ("Group", "Invite", "Project"),
    {
        "openai_admin_api_key": _KEY_NOT_SHOWN,
        "openai_organization_group_role": _by("GroupRole"),
        "openai_organization_role": _by("Role", "id"),
        "openai_organization_user_role": _by("UserRole"),
        "openai_project_api_key": _KEY_OF_ACCOUNT,
        "openai_project_group": (
            _by("ProjectGroup"),
            Counterpart("ProjectGroupRole", "{project_id}/{group_id}/{item}", each="role_ids"),
        ),
        "openai_project_role": Counterpart("ProjectRole", "{id}", joint=":"),
        "openai_project_user": (
            _by("ProjectUser"),
            Counterpart("ProjectUserRole", "{project_id}/{user_id}/{item}", each="role_ids"),
        ),
        "openai_rate_limit": Counterpart("ProjectRateLimit", "{project_id}/rl-{model}"),
    },
)
"""OpenAI does not know the `rate_limit_id` of its `openai_rate_limit`."""
MKDEV |= dict.fromkeys(
    (
        *("openai_audio_transcription", "openai_audio_translation", "openai_batch", "openai_chat_completion"),
        *("openai_embedding", "openai_file", "openai_fine_tuning_checkpoint_permission", "openai_fine_tuning_job"),
        *("openai_image_edit", "openai_image_generation", "openai_image_variation", "openai_model"),
        *("openai_moderation", "openai_response", "openai_speech_to_text", "openai_text_to_speech"),
        *("openai_vector_store", "openai_vector_store_file", "openai_vector_store_file_batch"),
    ),
    _NOT_ADMINISTRATION,
)
CLOUDOPSWORKS = _table(
    _WIDELY_NAMED,
    ("OrganizationSpendAlert", "Project", "ProjectRateLimit", "ProjectRole", "ProjectSpendAlert"),
    {
        "openai_admin_api_key": _KEY_NOT_SHOWN,
        "openai_organization_certificate": (
            _by("Certificate", "id"),
            Counterpart("OrganizationCertificateActivation", "{id}", when="active"),
        ),
        "openai_organization_group": _by("Group", "id"),
        "openai_organization_group_role": _by("GroupRole"),
        "openai_organization_group_user": _by("GroupUser"),
        "openai_organization_invite": _by("Invite", "id"),
        "openai_organization_role": _by("Role", "id"),
        "openai_organization_user_role": _by("UserRole"),
        "openai_project_api_key": _KEY_OF_ACCOUNT,
        "openai_service_account": _by("ProjectServiceAccount", "id"),
    },
)
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


class TerraformState:
    """What a Terraform state names. One of another version, or without a resource for OpenAI, is refused."""

    def __init__(self, document: Any) -> None:
        self.objects: list[Chosen] = []
        self.left_out: list[str] = []
        """What is not moved, with the reasons."""
        self.with_keys: list[str] = []
        """The addresses of what contains API keys or other secrets."""
        self.aliases: set[str] = set()
        """The configurations of the provider that are used; an empty one is the default."""
        self.others = 0
        """How many data sources there are, and resources of other providers."""
        first: dict[tuple[str, str], Chosen] = {}
        for resource in _resources(document):
            # The end of the provider's address, such as `openai/openai`, and the alias of its configuration.
            address = _PROVIDER.search(str(resource.get("provider")))
            table = PROVIDERS.get("/".join(address[1].split("/")[-2:])) if address else None
            if resource.get("mode") != "managed" or address is None or table is None:
                self.others += 1
                if _KEY.search(str(resource.get("instances"))):
                    self.with_keys.append(_address(resource, None))
                continue
            self.aliases.add(address[2] or "")
            for instance in _instances(resource, self):
                for chosen in _chosen(instance, table.get(resource["type"], _UNKNOWN), self):
                    other = first.setdefault((chosen.kind.name, chosen.id), chosen)
                    if other is chosen:
                        self.objects.append(chosen)
                    elif other.origin != chosen.origin:
                        what = f"{chosen.origin} needs no separate resource"
                        self.left_out.append(f"{what}, because {other.origin} is the same {chosen.kind.name}")
        if _KEY.search(str(document.get("outputs"))):
            self.with_keys.append("outputs")
        if not (self.objects or self.left_out):
            what = "The Terraform state has no resource of a provider for OpenAI"
            raise errors.ConfigurationError(what, f"The known providers are {', '.join(PROVIDERS)}.")


def read_file(path: Path) -> TerraformState:
    """What the Terraform state in a file names."""
    try:
        return TerraformState(json.loads(path.read_bytes()))
    except ValueError:
        what = f"{path} is not a Terraform state"
        raise errors.ConfigurationError(what, "Write it with `terraform state pull > terraform.tfstate`.") from None


class _Instance(NamedTuple):
    address: str
    name: str
    attributes: Mapping[str, Any]
    secrets: set[str]
    """The attributes that Terraform does not display."""


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


def _instances(resource: Mapping[str, Any], state: TerraformState) -> Iterator[_Instance]:
    # The words of the address without the type are for the name of a Pulumi resource: `team web this 0`.
    words = [word for found in _MODULE.findall(str(resource.get("module") or "")) for word in found if word]
    words.append(str(resource.get("name")))
    for instance in _items(resource.get("instances")):
        if not isinstance(instance, dict):
            continue
        key, attributes = instance.get("index_key"), instance.get("attributes")
        address = _address(resource, key)
        if instance.get("deposed"):
            state.left_out.append(f"{address} is not moved: Terraform replaced it and has not destroyed it yet")
        elif not isinstance(attributes, dict):
            state.left_out.append(f"{address} is not moved: the state has no attributes of it")
        else:
            secrets = {*_secrets(_items(instance.get("sensitive_attributes")), attributes)}
            yield _Instance(address, " ".join([*words, *([] if key is None else [str(key)])]), attributes, secrets)


def _items(value: Any) -> list[Any] | dict[Any, Any]:
    """A list or a mapping; an empty list in place of anything else."""
    return value if isinstance(value, list | dict) else []


def _secrets(paths: Iterable[Any], attributes: Mapping[str, Any]) -> Iterator[str]:
    for path in paths:
        first = path[0] if isinstance(path, list) and path else None
        name = first.get("value") if isinstance(first, dict) else None
        if isinstance(name, str) and attributes.get(name) not in (None, ""):
            yield name


def _address(resource: Mapping[str, Any], key: Any) -> str:
    """The address in Terraform: `module.team["web"].openai_project.this[0]`."""
    module = resource.get("module")
    index = "" if key is None else f"[{key}]" if isinstance(key, int) else f'["{key}"]'
    parts = [*([str(module)] if module else []), str(resource.get("type")), str(resource.get("name"))]
    return ".".join(parts) + index


def _chosen(instance: _Instance, row: Row, state: TerraformState) -> Iterator[Chosen]:
    if instance.secrets - _PUBLIC or _KEY.search(str(instance.attributes)):
        state.with_keys.append(instance.address)
    if isinstance(row, str):
        state.left_out.append(f"{instance.address} is not moved: {row}")
        return
    for counterpart in row if isinstance(row, tuple) else (row,):
        if counterpart.when and instance.attributes.get(counterpart.when) is not True:
            continue
        items = _items(instance.attributes.get(counterpart.each)) if counterpart.each else [None]
        for item in items:
            values = {**instance.attributes, "item": item}
            is_predefined = str(item or values.get("role_id") or "").startswith(_PREDEFINED)
            fits = (counterpart.predefined if is_predefined else None) or counterpart
            name = f"{instance.name} {item}" if isinstance(items, dict) else instance.name
            try:
                kind, id_ = kind_of(fits.kind), _id(fits, values)
                yield with_id(kind, id_, name=name, origin=instance.address, known=_known(instance, kind))
            except WrongIdError:
                state.left_out.append(f"{instance.address} is not moved: the state has no id of it")


def _id(counterpart: Counterpart, values: Mapping[str, Any]) -> str:
    """The Pulumi id; empty if the state does not have a part of it."""
    names = re.findall(r"\{(\w+)\}", counterpart.id)
    if not all(isinstance(values.get(name), str) and values[name] for name in names):
        return ""
    return counterpart.id.format(**{name: values[name].replace(counterpart.joint, "/") for name in names})


def _known(instance: _Instance, kind: AdoptedKind) -> dict[str, Any]:
    """The values in the state that can be compared, by the names of inputs. No secret is among them."""
    arguments = kind.resource.declaration.with_role(FieldRole.ARGUMENT)
    inputs = {field.name for field in arguments if not field.is_secret}
    found = {}
    for attribute, name in {**{name: name for name in sorted(inputs)}, **INPUTS}.items():
        is_hidden = attribute.partition(".")[0] in instance.secrets or (kind.name, attribute) in _NOT_COMPARED
        value = normalized(documents.get(instance.attributes, attribute))
        if name in inputs and not is_hidden and value is not None and not _KEY.search(str(value)):
            found[name] = value.removeprefix(_ROLE_IN_PROJECT) if isinstance(value, str) else value
    return found
