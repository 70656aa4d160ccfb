from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest

if TYPE_CHECKING:
    from conftest import Http
    from openai.resources.admin.organization import Organization

    from pulumi_openai_admin.emulator import Control


AWS = {
    "type": "aws",
    "name": "AWS",
    "external_id": "proj_demo",
    "kms_arn": "arn:aws:kms:us-east-1:123456789012:key/1234abcd",
    "role_arn": "arn:aws:iam::123456789012:role/openai",
}
GCP = {
    "type": "gcp",
    "name": "GCP",
    "audience": "org-example",
    "kms_key_location": "us-east1",
    "kms_key_name": "key",
    "kms_key_ring_name": "ring",
    "kms_project_id": "adjective-noun-12345",
    "workload_identity_pool_id": "pool",
    "workload_identity_project_number": "123456789012",
    "workload_identity_provider_id": "provider",
}
AZURE = {
    "type": "azure",
    "name": "Azure",
    "key_name": "org-example--key",
    "tenant_id": "00000000-0000-0000-0000-000000000000",
    "vault_uri": "https://example.vault.azure.net/",
}
OCI = {"type": "oci", "name": "OCI", "key_ocid": "ocid1.key", "region": "us-ashburn-1", "vault_ocid": "ocid1.vault"}
PATH = "/organization/external_keys"


def test_a_key_to_which_access_was_taken_is_not_valid(organization: Organization, control: Control) -> None:
    made = organization.external_keys.create(**AWS)
    control.call("POST", f"external_keys/{made.id}/access", {"error": "AccessDenied: the role cannot be assumed."})
    with pytest.raises(openai.BadRequestError, match="AccessDenied"):
        organization.external_keys.validate(made.id)
    control.call("POST", f"external_keys/{made.id}/access", {"error": None})
    assert organization.external_keys.validate(made.id).status == "success"


def test_a_version_is_for_decryption_only(organization: Organization, api: Http) -> None:
    for fields, name in ((GCP, "kms_key_version"), (AZURE, "key_version"), (OCI, "key_version_ocid")):
        assert api.refusal("POST", PATH, {**fields, name: "1"})[:2] == (400, "invalid_value")
        body = {**fields, "purpose": "psp_decryption"}
        assert api.refusal("POST", PATH, body)[:2] == (400, "missing_required_parameter")
        made = organization.external_keys.create(**body, **{name: "1"})
        assert getattr(made, name) == "1"
    organization.external_keys.create(**AWS)
    types = [key.type for key in organization.external_keys.list(purpose="psp_decryption", limit=1)]
    assert types == ["gcp", "azure", "oci"]
    assert [key.type for key in organization.external_keys.list(order="desc", limit=2)] == ["aws", *types[::-1]]
    assert set(api("GET", PATH).json()) == {"object", "data", "has_more"}


def test_the_organizations_own_id_is_the_only_one(api: Http, control: Control) -> None:
    control.world(organization_id="org-ours")
    assert api.refusal("POST", PATH, GCP)[:2] == (400, "invalid_value")
    assert api("POST", PATH, {**GCP, "audience": "org-ours"}).status_code == 200
    assert api.refusal("POST", PATH, {**AZURE, "key_name": "key"})[:2] == (400, "invalid_value")


def test_a_key_stays_while_an_active_project_uses_it(organization: Organization) -> None:
    made = organization.external_keys.create(**AWS)
    project = organization.projects.create(name="Encrypted", external_key_id=made.id)
    assert organization.external_keys.retrieve(made.id).api_project_ids == [project.id]
    with pytest.raises(openai.BadRequestError, match="This external key is associated with active projects"):
        organization.external_keys.delete(made.id)
    organization.projects.archive(project.id)
    assert organization.external_keys.delete(made.id).api_project_ids == []


AWS_BUCKET = {"type": "aws", "bucket": "b", "role_arn": "arn:aws:iam::123456789012:role/openai"}
PROJECT = "proj_demo"


AZURE_CONTAINER = {
    "type": "azure",
    "account_name": "a",
    "container": "c",
    "resource_group": "g",
    "subscription_id": "s",
    "tenant_id": "t",
}


GCP_BUCKET = {
    "type": "gcp",
    "bucket": "b",
    "workload_identity_pool_id": "pool",
    "workload_identity_project_number": "123456789012",
    "workload_identity_provider_id": "provider",
}


OCI_BUCKET = {"type": "oci", "bucket": "b", "region": "eu-frankfurt-1", "tenancy_ocid": "ocid1.tenancy"}


@pytest.mark.parametrize(
    ("provider", "geography", "found"),
    [
        (AWS_BUCKET, "US", {"account_id": "123456789012", "external_id": PROJECT, "region": "us-east-1"}),
        (AZURE_CONTAINER, "US", {"region": "eastus"}),
        (GCP_BUCKET, "US", {"audience": PROJECT, "region": "us-central1"}),
        (OCI_BUCKET, "EU", {}),
    ],
    ids=["aws", "azure", "gcp", "oci"],
)
def test_storage_of_each_cloud_is_connected_validated_and_disconnected(
    organization: Organization, control: Control, provider: dict[str, str], geography: str, found: dict[str, str]
) -> None:
    before = control.live()
    storage = organization.external_storage
    made = storage.create(project_id=PROJECT, provider=provider)
    assert (made.status, made.geography, made.project_id) == ("pending", geography, PROJECT)
    assert made.provider.model_dump() == {**provider, **found}
    assert storage.retrieve(made.id).status == "pending"
    for status in ("unhealthy", "degraded", "validated"):
        control.call("POST", f"external_storage/{made.id}/health", {"status": status})
        assert storage.retrieve(made.id).status != status, "only a validation finds it"
        assert storage.validate(made.id).status == storage.retrieve(made.id).status == status
    for _ in range(2):  # "repeating a deletion also completes any interrupted retention update"
        assert storage.delete(made.id).deleted
    with pytest.raises(openai.NotFoundError):
        storage.retrieve(made.id)
    assert control.live() == before
    removed, registered = organization.audit_logs.list()
    assert removed.external_storage_removed.id == made.id
    assert registered.external_storage_registered.data.provider == made.provider
