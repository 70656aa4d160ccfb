"""External keys of the organization."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict, final

import pulumi  # noqa: TC002 - annotations are read at run time

from pulumi_openai_admin.handlers.kinds.organization_objects import ExternalKeys
from pulumi_openai_admin.program.fields import Field, WhenRemoved, argument, output
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import Enumeration
from pulumi_openai_admin.schema.paths import Path
from pulumi_openai_admin.schema.rules import ExactlyOneProperty
from pulumi_openai_admin.schema.shapes import Tagged


class AwsKey(TypedDict):
    """A key of AWS KMS."""

    external_id: pulumi.Input[str]
    """The id of the organization at OpenAI or of one of its projects."""
    kms_arn: pulumi.Input[str]
    """The ARN of the key."""
    role_arn: pulumi.Input[str]
    """The ARN of the role that OpenAI assumes."""


class GcpKey(TypedDict):
    """A key of Google Cloud KMS."""

    audience: pulumi.Input[str]
    """The id of the organization at OpenAI or of one of its projects."""
    kms_key_location: pulumi.Input[str]
    """The location of the key ring."""
    kms_key_name: pulumi.Input[str]
    """The name of the key."""
    kms_key_ring_name: pulumi.Input[str]
    """The name of the key ring."""
    kms_project_id: pulumi.Input[str]
    """The project of the key."""
    workload_identity_pool_id: pulumi.Input[str]
    """The workload identity pool that trusts OpenAI."""
    workload_identity_project_number: pulumi.Input[str]
    """The number of the project of the pool."""
    workload_identity_provider_id: pulumi.Input[str]
    """The provider in the pool."""
    kms_key_version: NotRequired[pulumi.Input[str]]
    """The version of the key."""


class AzureKey(TypedDict):
    """A key of Azure Key Vault."""

    key_name: pulumi.Input[str]
    """The name of the key."""
    tenant_id: pulumi.Input[str]
    """The tenant of the vault."""
    vault_uri: pulumi.Input[str]
    """The URI of the vault."""
    key_version: NotRequired[pulumi.Input[str]]
    """The version of the key."""


class OciKey(TypedDict):
    """A key of Oracle Cloud."""

    key_ocid: pulumi.Input[str]
    """The OCID of the key."""
    region: pulumi.Input[str]
    """The region of the vault."""
    vault_ocid: pulumi.Input[str]
    """The OCID of the vault."""
    key_version_ocid: NotRequired[pulumi.Input[str]]
    """The OCID of the version of the key."""


class ExternalKeyProvider(TypedDict, total=False):
    """Which key of which cloud. Exactly one property is set."""

    aws: pulumi.Input[AwsKey]
    """A key of AWS KMS."""
    gcp: pulumi.Input[GcpKey]
    """A key of Google Cloud KMS."""
    azure: pulumi.Input[AzureKey]
    """A key of Azure Key Vault."""
    oci: pulumi.Input[OciKey]
    """A key of Oracle Cloud."""


_CLOUDS = (AwsKey, GcpKey, AzureKey, OciKey)


@final
class ExternalKey(AdminResource):
    """A key in your own cloud, with which OpenAI encrypts the data of projects.

    OpenAI can't change an external key, so every change replaces the resource. After the creation, OpenAI tests the
    key. If OpenAI cannot use it, the resource is kept, and the next `pulumi up` makes OpenAI test it again.

    The resource ID is `<external_key_id>`.

    Raises:
        ConfigurationError: OpenAI can't use the key. The message contains the cloud's response.
        BadRequestError: OpenAI does not accept a value, or the key encrypts data of an active project.
        NoAccessError: OpenAI offers external keys to some organizations only, and this organization has no access.
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The key stays in the state.

    Also sends: POST /organization/external_keys/{external_key_id}/validate.
    """

    handler = ExternalKeys(
        Path("/organization/external_keys", "external keys"),
        noun="external key",
        recognized_by=("name", "provider"),
        of_the_cloud=frozenset({"type", *(name for shape in _CLOUDS for name in shape.__annotations__)}),
    )

    rules = (ExactlyOneProperty("provider"),)

    name: Field[str, str | None] = argument(default=None, auto_named=True, replaces=True)
    """The name in the dashboard."""
    provider: Field[dict[str, dict[str, str]], ExternalKeyProvider] = argument(replaces=True, wire_form=Tagged())
    """The key in your cloud: exactly one of `aws`, `gcp`, `azure` and `oci`, with its properties. The purpose
    `"psp_decryption"` requires the version of the key, and OpenAI rejects a version for `ekm`."""
    purpose: Field[str | None, Literal["ekm", "psp_decryption"] | None] = argument(
        default=None,
        choices=Enumeration(
            "ExternalKeyPurpose",
            "The purpose for which OpenAI uses an external key.",
            {"ekm": "Enterprise key management.", "psp_decryption": "PSP decryption."},
        ),
        replaces=True,
        when_removed=WhenRemoved.REPLACES,
    )
    """The purpose for which OpenAI uses the key. If omitted, OpenAI uses `ekm`."""
    external_key_id: Field[str] = output(wire="id", identity=True)
    """The key's id (`extkey_…`)."""
    api_project_ids: Field[list[str]] = output()
    """The projects whose data it encrypts."""
    validation_status: Field[str] = output()
    """The result of OpenAI's attempt to use the key: `success` or `failed`."""
    created_at: Field[int] = output()
    """When it was created, in seconds since 1970 (UTC)."""
