from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest

if TYPE_CHECKING:
    from openai.resources.admin.organization import Organization

    from pulumi_openai_admin.emulator import Control

AWS = {"type": "aws", "bucket": "b", "role_arn": "arn:aws:iam::123456789012:role/openai"}
PROJECT = "proj_demo"


def test_a_bucket_that_fails_is_found_by_the_next_validation(organization: Organization, control: Control) -> None:
    made = organization.external_storage.create(project_id=PROJECT, provider=AWS)
    for status in ("unhealthy", "degraded", "validated"):
        before = organization.external_storage.retrieve(made.id).status
        control.call("POST", f"external_storage/{made.id}/health", {"status": status})
        assert organization.external_storage.retrieve(made.id).status == before
        assert organization.external_storage.validate(made.id).status == status


AZURE = {
    "type": "azure",
    "account_name": "a",
    "container": "c",
    "resource_group": "g",
    "subscription_id": "s",
    "tenant_id": "t",
}


GCP = {
    "type": "gcp",
    "bucket": "b",
    "workload_identity_pool_id": "pool",
    "workload_identity_project_number": "123456789012",
    "workload_identity_provider_id": "provider",
}


OCI = {"type": "oci", "bucket": "b", "region": "eu-frankfurt-1", "tenancy_ocid": "ocid1.tenancy"}


@pytest.mark.parametrize(
    ("provider", "geography", "found"),
    [
        (AWS, "US", {"account_id": "123456789012", "external_id": PROJECT, "region": "us-east-1"}),
        (AZURE, "US", {"region": "eastus"}),
        (GCP, "US", {"audience": PROJECT, "region": "us-central1"}),
        (OCI, "EU", {}),
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
    assert storage.validate(made.id).status == storage.retrieve(made.id).status == "validated"
    for _ in range(2):  # "repeating a deletion also completes any interrupted retention update"
        assert storage.delete(made.id).deleted
    with pytest.raises(openai.NotFoundError):
        storage.retrieve(made.id)
    assert control.live() == before
    removed, registered = organization.audit_logs.list()
    assert removed.external_storage_removed.id == made.id
    assert registered.external_storage_registered.data.provider == made.provider
