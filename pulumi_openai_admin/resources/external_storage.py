"""External storage of projects."""

from __future__ import annotations

from typing import TypedDict, final

import pulumi  # noqa: TC002 - annotations are read at run time

from pulumi_openai_admin.handlers.kinds.organization_objects import ExternalStorages
from pulumi_openai_admin.program.fields import Field, argument, output
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.rules import ExactlyOneProperty
from pulumi_openai_admin.schema.shapes import Tagged


class AwsBucket(TypedDict):
    """A bucket in Amazon S3."""

    bucket: pulumi.Input[str]
    """The name of the bucket."""
    role_arn: pulumi.Input[str]
    """The ARN of the role that OpenAI assumes."""


class AzureContainer(TypedDict):
    """A container in Azure Blob Storage."""

    account_name: pulumi.Input[str]
    """The storage account."""
    container: pulumi.Input[str]
    """The name of the container."""
    resource_group: pulumi.Input[str]
    """The resource group of the account."""
    subscription_id: pulumi.Input[str]
    """The subscription of the account."""
    tenant_id: pulumi.Input[str]
    """The tenant of the account."""


class GcpBucket(TypedDict):
    """A bucket in Google Cloud Storage."""

    bucket: pulumi.Input[str]
    """The name of the bucket."""
    workload_identity_pool_id: pulumi.Input[str]
    """The workload identity pool that trusts OpenAI."""
    workload_identity_project_number: pulumi.Input[str]
    """The number of the project of the pool."""
    workload_identity_provider_id: pulumi.Input[str]
    """The provider in the pool."""


class OciBucket(TypedDict):
    """A bucket in Oracle Cloud Object Storage."""

    bucket: pulumi.Input[str]
    """The name of the bucket."""
    region: pulumi.Input[str]
    """The region of the bucket."""
    tenancy_ocid: pulumi.Input[str]
    """The OCID of the tenancy."""


class ExternalStorageProvider(TypedDict, total=False):
    """Which bucket of which cloud. Exactly one property is set."""

    aws: pulumi.Input[AwsBucket]
    """A bucket in Amazon S3."""
    azure: pulumi.Input[AzureContainer]
    """A container in Azure Blob Storage."""
    gcp: pulumi.Input[GcpBucket]
    """A bucket in Google Cloud Storage."""
    oci: pulumi.Input[OciBucket]
    """A bucket in Oracle Cloud Object Storage."""


_CLOUDS = {"aws": AwsBucket, "azure": AzureContainer, "gcp": GcpBucket, "oci": OciBucket}


@final
class ExternalStorage(AdminResource):
    """A bucket in your own cloud, in which OpenAI keeps the data of a project.

    OpenAI can't change the storage, so every change replaces the resource. After the creation, OpenAI tests access to
    the bucket, and `status` is the result. If OpenAI could not use the bucket, run `pulumi refresh` and then `pulumi
    up`: OpenAI tests it again.

    The resource ID is `<external_storage_id>`.

    Raises:
        BadRequestError: OpenAI does not accept a value.
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The storage stays in the state.

    Also sends: POST /organization/external_storage/{external_storage_id}/validate.
    """

    handler = ExternalStorages(
        "/organization/external_storage",
        noun="external storage",
        recognized_by=("project_id", "provider"),
        given={name: ("type", *shape.__annotations__) for name, shape in _CLOUDS.items()},
    )

    rules = (ExactlyOneProperty("provider"),)

    project_id: Field[str] = argument(replaces=True)
    """The project (`proj_…`) whose data it keeps."""
    provider: Field[dict[str, dict[str, str]], ExternalStorageProvider] = argument(replaces=True, wire_form=Tagged())
    """The bucket in your cloud: exactly one of `aws`, `azure`, `gcp` and `oci`, with its properties."""
    external_storage_id: Field[str] = output(wire="id", identity=True)
    """The storage's id (`extstore_…`)."""
    status: Field[str] = output()
    """Whether OpenAI can use it: `pending`, `validated`, `degraded` or `unhealthy`."""
    geography: Field[str] = output()
    """Where the bucket is."""
    found: Field[dict[str, str] | None] = output()
    """More values that OpenAI shows, such as `"account_id"` and `"external_id"`. `None` if
    there are none."""
    created_at: Field[int] = output()
    """When it was created, in seconds since 1970 (UTC)."""
