"""External storage: buckets of customers, in which OpenAI keeps the data of a project."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from pulumi_openai_admin.emulator.api.external_keys import RoleArn
from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.kind import Body, Name, Request, action
from pulumi_openai_admin.emulator.handlers.paging import LastItem


class Aws(Body):
    """A bucket in S3."""

    type: Literal["aws"]
    bucket: Name
    role_arn: RoleArn


class Azure(Body):
    """A container in Blob Storage."""

    type: Literal["azure"]
    account_name: Name
    container: Name
    resource_group: Name
    subscription_id: Name
    tenant_id: Name


class Gcp(Body):
    """A bucket in Cloud Storage."""

    type: Literal["gcp"]
    bucket: Name
    workload_identity_pool_id: Name
    workload_identity_project_number: Name
    workload_identity_provider_id: Name


class Oci(Body):
    """A bucket in Object Storage."""

    type: Literal["oci"]
    bucket: Name
    region: Name
    tenancy_ocid: Name


class ExternalStorageCreate(Body):
    """The SDK's ExternalStorageCreateParams."""

    project_id: Name
    provider: Annotated[Aws | Azure | Gcp | Oci, Field(discriminator="type")]


class Health(Body):
    """What the next validation finds."""

    status: Literal["validated", "degraded", "unhealthy"]


class ExternalStorage(Collection):
    """Buckets in four clouds. They can't be changed, and a new one is `pending` until it is validated."""

    name = "external_storage"
    path = "/organization/external_storage"
    id_name = "external_storage_id"
    id_prefix = "extstore_"
    references = {"project_id": "project"}
    object = "organization.external_storage"
    verbs = ("list", "create", "retrieve", "delete")
    create_body = seed_body = ExternalStorageCreate
    narrowed_by = {"project_id": str}
    paging = LastItem(has_order=True)
    event_types = {"create": "external_storage.registered", "delete": "external_storage.removed"}
    event_fields = {"geography": "geography", "provider": "provider"}

    def content(self, request: Request) -> dict[str, Any]:
        """Give a new configuration's content, with what OpenAI finds out of the bucket."""
        body = request.body
        PROJECTS.usable(request, body.project_id)
        found, geography = _found(body.provider, body.project_id)
        return {
            "project_id": body.project_id,
            "provider": {**body.provider.model_dump(), **found},
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

    @action("POST", "/_emulator/external_storage/{external_storage_id}/health", body=Health, takes_no_body=False)
    def health(self, request: Request) -> dict[str, Any]:
        """Keep what the next validation finds."""
        record = self.require(request)
        request.store.change(record, _health=request.body.status)
        return self.show(request, record)


def _found(provider: Aws | Azure | Gcp | Oci, project_id: str) -> tuple[dict[str, str], str]:
    """Give what responses show beyond what was sent, and the geography of the region.

    There are no clouds here: where the caller does not name the region of a bucket, it is one in the United States.
    """
    if isinstance(provider, Aws):
        account_id = provider.role_arn.split(":")[4]
        return {"account_id": account_id, "external_id": project_id, "region": "us-east-1"}, "US"
    if isinstance(provider, Azure):
        return {"region": "eastus"}, "US"
    if isinstance(provider, Gcp):
        return {"audience": project_id, "region": "us-central1"}, "US"
    return {}, provider.region.partition("-")[0].upper()


EXTERNAL_STORAGE = ExternalStorage()
