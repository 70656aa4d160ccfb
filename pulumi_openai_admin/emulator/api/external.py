"""What customers keep in their own clouds: master keys (external keys), and buckets for the data of a project."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.bodies import Name, body, one_of, optional
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.kind import Request, action
from pulumi_openai_admin.emulator.handlers.paging import LastItem
from pulumi_openai_admin.emulator.store.store import Record

RoleArn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$")]
"""A role of AWS, with the number of its account."""
KmsArn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/.+$")]
"""A key of AWS."""
AzureKeyName = Annotated[str, Field(pattern=r"^org-[^-]+--.+$")]
"""A key in Azure: the organization's id, two dashes and a name."""

_PATTERNS = {"kms_arn": KmsArn, "role_arn": RoleArn, "key_name": AzureKeyName}
Purpose = Literal["ekm", "psp_decryption"]

_FIELDS = {
    "aws": ("external_id", "kms_arn", "role_arn"),
    "gcp": (
        *("audience", "kms_key_location", "kms_key_name", "kms_key_ring_name", "kms_project_id"),
        *("workload_identity_pool_id", "workload_identity_project_number", "workload_identity_provider_id"),
    ),
    "azure": ("key_name", "tenant_id", "vault_uri"),
    "oci": ("key_ocid", "region", "vault_ocid"),
}
"""What each cloud needs."""
_VERSION = {"gcp": "kms_key_version", "azure": "key_version", "oci": "key_version_ocid"}
"""What "is required for PSP decryption; not accepted for EKM"."""
_WHO_ASKS = {"aws": "external_id", "gcp": "audience"}
"""What "must be the OpenAI organization ID or an API project ID that belongs to the organization"."""


_OF_CLOUDS = (*(name for fields in _FIELDS.values() for name in fields), *_VERSION.values())
_KEY = body(
    "ExternalKeyCreateParams",
    type=Literal["aws", "gcp", "azure", "oci"],
    name=Name,
    purpose=(Purpose, "ekm"),
    **{name: (_PATTERNS.get(name, Name), "") for name in _OF_CLOUDS},
)
"""Its four forms in one; `type` says which of them is meant."""


_CLOUD_ERROR = body("CloudAnswer", error=optional(Name))


class ExternalKeys(Collection):
    """Keys in four clouds. They can't be changed."""

    name = "external_key"
    path = "/organization/external_keys"
    id_prefix = "extkey_"
    object = "organization.external_key"
    deleted_object = None
    not_found = "No external key found with id '{}'"
    verbs = ("list", "create", "retrieve", "delete")
    create_body = seed_body = _KEY
    narrowed_by = {"purpose": Purpose}
    paging = LastItem(has_order=True)
    event_types = {"create": "external_key.registered", "delete": "external_key.removed"}
    event_fields = {name: name for name in _KEY.model_fields}

    def content(self, request: Request) -> dict[str, Any]:
        """Refuse what the cloud of a new key lacks or does not know."""
        body = request.body
        given = {"purpose": body.purpose, **body.given()}
        version = _VERSION.get(body.type)
        needed = [*_FIELDS[body.type], *([version] if version and body.purpose == "psp_decryption" else [])]
        for name in needed:
            if name not in given:
                message = f"Missing required parameter: '{name}'."
                raise Refused(400, message, code="missing_required_parameter", param=name)
        for name in given:
            if name == version and name not in needed:
                message = f"'{name}' is not accepted for the purpose 'ekm'."
                raise Refused(400, message, code="invalid_value", param=name)
            if name not in (*needed, "type", "name", "purpose"):
                raise Refused(400, f"Unknown parameter: '{name}'.", code="unknown_parameter", param=name)
        who_asks, ours = _WHO_ASKS.get(body.type), request.behavior.organization_id
        value = given[who_asks] if who_asks else ""
        is_other = value.startswith("proj_") or (who_asks is not None and ours is not None and value != ours)
        if is_other and request.store.get("project", value) is None:
            message = f"Invalid '{who_asks}': neither your organization's id nor the id of one of its projects."
            raise Refused(400, message, code="invalid_value", param=who_asks)
        return {**given, "created_at": request.now, "workspace_id": "", "_error": None}

    def check_delete(self, request: Request, record: Record) -> None:
        """Refuse to delete a key with which data of an active project is encrypted."""
        if _projects(request, record):
            message = "This external key is associated with active projects and cannot be deleted."
            raise Refused(400, message, code="external_key_in_use")

    @action("POST", "/{external_key_id}/validate")
    def validate(self, request: Request) -> dict[str, Any]:
        """Ask the cloud for the key: its error, if it has one, is the answer."""
        record = self.require(request)
        if record["_error"] is not None:
            raise Refused(400, record["_error"])
        return {"status": "success"}

    @action("POST", "/_emulator/external_keys/{external_key_id}/access", verb="access", body=_CLOUD_ERROR)
    def set_access(self, request: Request) -> dict[str, Any]:
        """Keep what the customer's cloud says to OpenAI from now on; null where it grants access."""
        record = self.require(request)
        request.store.change(record, _error=request.body.error)
        return self.show(request, record)

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give the SDK's ExternalKey, with the active projects that use it."""
        return {**super().show(request, record), "api_project_ids": _projects(request, record)}


def _projects(request: Request, record: Record) -> list[str]:
    projects = request.store.find("project", "external_key_id", record.id)
    return [project.id for project in projects if project["archived_at"] is None]


EXTERNAL_KEYS = ExternalKeys()


_BUCKET = one_of(
    "type",
    aws={"bucket": Name, "role_arn": RoleArn},
    azure=dict.fromkeys(("account_name", "container", "resource_group", "subscription_id", "tenant_id"), Name),
    gcp=dict.fromkeys(("bucket", *(name for name in _FIELDS["gcp"] if name.startswith("workload_"))), Name),
    oci=dict.fromkeys(("bucket", "region", "tenancy_ocid"), Name),
)
_HEALTH = body("Health", status=Literal["validated", "degraded", "unhealthy"])


class ExternalStorage(Collection):
    """Buckets in four clouds. They can't be changed, and a new one is `pending` until it is validated."""

    name = "external_storage"
    path = "/organization/external_storage"
    id_prefix = "extstore_"
    references = {"project_id": "project"}
    object = "organization.external_storage"
    verbs = ("list", "create", "retrieve", "delete")
    create_body = seed_body = body("ExternalStorageCreateParams", project_id=Name, provider=_BUCKET)
    narrowed_by = {"project_id": str}
    paging = LastItem(has_order=True)
    event_types = {"create": "external_storage.registered", "delete": "external_storage.removed"}
    event_fields = {"geography": "geography", "provider": "provider"}

    def content(self, request: Request) -> dict[str, Any]:
        """Give a new configuration's content, with what OpenAI finds out of the bucket."""
        sent = request.body.model_dump()
        PROJECTS.usable(request, sent["project_id"])
        found, geography = _found(sent["provider"], sent["project_id"])
        return {
            "project_id": sent["project_id"],
            "provider": {**sent["provider"], **found},
            "geography": geography,
            "status": "pending",
            "created_at": request.now,
            "_health": "validated",
        }

    def delete(self, request: Request) -> dict[str, Any]:
        """Disconnect the bucket; what was disconnected already can be disconnected again."""
        record = request.store.get(self.name, request.ids[self.id_name], deleted=True)
        if record is not None and record.deleted_at is not None:
            return self.show_deleted(request, record)
        return super().delete(request)

    @action("POST", "/{external_storage_id}/validate")
    def validate(self, request: Request) -> dict[str, Any]:
        """Try the bucket: its status is what is found."""
        record = self.require(request)
        request.store.change(record, status=record["_health"])
        return self.show(request, record)

    @action("POST", "/_emulator/external_storage/{external_storage_id}/health", body=_HEALTH, takes_no_body=False)
    def health(self, request: Request) -> dict[str, Any]:
        """Keep what the next validation finds."""
        record = self.require(request)
        request.store.change(record, _health=request.body.status)
        return self.show(request, record)


def _found(provider: dict[str, str], project_id: str) -> tuple[dict[str, str], str]:
    """Give what responses show beyond what was sent, and the geography of the region.

    There are no clouds here: where the caller does not name the region of a bucket, it is one in the United States.
    """
    if provider["type"] == "oci":
        return {}, provider["region"].partition("-")[0].upper()
    found = {
        "aws": {"external_id": project_id, "region": "us-east-1"},
        "azure": {"region": "eastus"},
        "gcp": {"audience": project_id, "region": "us-central1"},
    }[provider["type"]]
    account = {"account_id": provider["role_arn"].split(":")[4]} if provider["type"] == "aws" else {}
    return {**account, **found}, "US"


EXTERNAL_STORAGE = ExternalStorage()
