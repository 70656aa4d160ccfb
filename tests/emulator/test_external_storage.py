from __future__ import annotations

from typing import TYPE_CHECKING

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
