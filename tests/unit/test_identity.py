"""What stands in users' state files can't change: pickled providers, type tokens, property names."""

from __future__ import annotations

import base64

import pytest

import pulumi_openai_admin
from pulumi_openai_admin import (
    Group,
    Project,
    ProjectRateLimit,
    ProjectRateLimits,
    ProjectServiceAccount,
    ProjectServiceAccountApiKey,
    ProjectSpendLimit,
    RateLimit,
)
from pulumi_openai_admin.dynamic import reference
from pulumi_openai_admin.dynamic.admin_provider import AdminProvider
from pulumi_openai_admin.dynamic.resource import AdminResource
from pulumi_openai_admin.schema.fields import Role

PINNED = {
    Group: (
        (
            b"\x80\x04\x959\x00\x00\x00\x00\x00\x00\x00\x8c\x13pulumi_openai_admin\x94\x8c\rAdminProvider\x94\x93"
            b"\x94h\x00\x8c\x05Group\x94\x93\x94\x85\x94R\x94."
        ),
        "dynamic/openai-admin:Group",
        ["name", "group_id", "created_at", "is_scim_managed"],
    ),
    ProjectSpendLimit: (
        (
            b"\x80\x04\x95E\x00\x00\x00\x00\x00\x00\x00\x8c\x13pulumi_openai_admin\x94\x8c\rAdminProvider\x94\x93"
            b"\x94h\x00\x8c\x11ProjectSpendLimit\x94\x93\x94\x85\x94R\x94."
        ),
        "dynamic/openai-admin:ProjectSpendLimit",
        ["project_id", "threshold_amount", "currency", "interval", "enforcement_status", "baseline"],
    ),
    Project: (
        (
            b"\x80\x04\x95;\x00\x00\x00\x00\x00\x00\x00\x8c\x13pulumi_openai_admin\x94\x8c\rAdminProvider\x94\x93"
            b"\x94h\x00\x8c\x07Project\x94\x93\x94\x85\x94R\x94."
        ),
        "dynamic/openai-admin:Project",
        ["name", "residency", "external_key_id", "project_id", "status", "created_at", "archived_at"],
    ),
    ProjectServiceAccountApiKey: (
        (
            b"\x80\x04\x95O\x00\x00\x00\x00\x00\x00\x00\x8c\x13pulumi_openai_admin\x94\x8c\rAdminProvider\x94\x93"
            b"\x94h\x00\x8c\x1bProjectServiceAccountApiKey\x94\x93\x94\x85\x94R\x94."
        ),
        "dynamic/openai-admin:ProjectServiceAccountApiKey",
        [
            "project_id",
            "service_account_id",
            "name",
            "scopes",
            "expires_in_seconds",
            "triggers",
            "api_key_id",
            "api_key",
            "created_at",
            "expires_at",
        ],
    ),
    ProjectRateLimit: (
        (
            b"\x80\x04\x95D\x00\x00\x00\x00\x00\x00\x00\x8c\x13pulumi_openai_admin\x94\x8c\rAdminProvider\x94\x93"
            b"\x94h\x00\x8c\x10ProjectRateLimit\x94\x93\x94\x85\x94R\x94."
        ),
        "dynamic/openai-admin:ProjectRateLimit",
        [
            "project_id",
            "model",
            "rate_limit_id",
            "max_requests_per_1_minute",
            "max_tokens_per_1_minute",
            "max_images_per_1_minute",
            "max_audio_megabytes_per_1_minute",
            "max_requests_per_1_day",
            "batch_1_day_max_input_tokens",
            "baseline",
        ],
    ),
    ProjectRateLimits: (
        (
            b"\x80\x04\x95E\x00\x00\x00\x00\x00\x00\x00\x8c\x13pulumi_openai_admin\x94\x8c\rAdminProvider\x94\x93"
            b"\x94h\x00\x8c\x11ProjectRateLimits\x94\x93\x94\x85\x94R\x94."
        ),
        "dynamic/openai-admin:ProjectRateLimits",
        ["project_id", "limits", "others", "rows", "baseline", "skipped"],
    ),
    ProjectServiceAccount: (
        (
            b"\x80\x04\x95I\x00\x00\x00\x00\x00\x00\x00\x8c\x13pulumi_openai_admin\x94\x8c\rAdminProvider\x94\x93"
            b"\x94h\x00\x8c\x15ProjectServiceAccount\x94\x93\x94\x85\x94R\x94."
        ),
        "dynamic/openai-admin:ProjectServiceAccount",
        [
            "project_id",
            "name",
            "role",
            "create_service_account_only",
            "expires_in_seconds",
            "service_account_id",
            "created_at",
            "api_key",
            "api_key_id",
            "api_key_expires_at",
        ],
    ),
}


def test_every_resource_is_pinned() -> None:
    public = [getattr(pulumi_openai_admin, name) for name in pulumi_openai_admin.__all__]
    assert set(PINNED) == {one for one in public if isinstance(one, type) and issubclass(one, AdminResource)}


@pytest.mark.parametrize("resource", PINNED)
def test_bytes_token_and_properties_are_for_ever(resource: type[AdminResource]) -> None:
    pickled, token, properties = PINNED[resource]
    assert base64.b64decode(reference.to(AdminProvider(resource))) == pickled
    assert resource._resource_type_name == token
    assert list(resource.declaration.fields) == properties


def test_a_policy_limits_what_a_single_row_does() -> None:
    arguments = ProjectRateLimit.declaration.with_role(Role.ARGUMENT)
    assert len(arguments) == 6
    assert list(RateLimit.__annotations__) == [one.name for one in arguments]
    assert RateLimit.__total__ is False
    assert RateLimit.__module__ == "pulumi_openai_admin"


@pytest.mark.parametrize("resource", PINNED)
def test_the_bytes_are_the_same_after_work(resource: type[AdminResource]) -> None:
    provider = AdminProvider(resource)
    provider.check({}, {})
    provider._stack_config = {"openai-admin:adminApiKey": "sk-admin-secret"}.get
    assert base64.b64decode(reference.to(provider)) == PINNED[resource][0], "nothing of it ends in the state"
